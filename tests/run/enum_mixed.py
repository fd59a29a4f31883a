"""Enum: data types, own __new__ and __init__, members of all kinds."""
import enum
from enum import Enum, IntEnum, StrEnum, Flag, IntFlag, ReprEnum, auto, unique, member, nonmember, EnumType, EnumMeta, FlagBoundary, STRICT, CONFORM, EJECT, KEEP, verify, UNIQUE, CONTINUOUS, NAMED_FLAGS


class C(Enum):
    R = 1
    G = 2
    B = 3
    A = 1


try:
    class D(int,Enum):
      A=1
      def __new__(cls,v):
        o=int.__new__(cls,v*2); return o
    print(repr(D.A),D.A+0, D.A.value)
    print("ok", 'class D(int,Enum):')
except BaseException as e: print('class D(int,Enum):\n  A=1\n  def __new__(cls,v):\n    o=int.__new__(cls,v*2); return o\nprint(repr(D.A),D.A+0, D.A.value)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      A=1
      @classmethod
      def _missing_(cls,v):
        if v=='one': return cls.A
        if v=='bad': return 3
        if v=='err': raise KeyError('x')
        return None
    print(D('one'))
    print("ok", 'class D(Enum):')
except BaseException as e: print("class D(Enum):\n  A=1\n  @classmethod\n  def _missing_(cls,v):\n    if v=='one': return cls.A\n    if v=='bad': return 3\n    if v=='err': raise KeyError('x')\n    return None\nprint(D('one'))", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      A=1
      def __str__(self): return 'S'
      def f(self): return self.value
      @classmethod
      def g(cls): return cls.A
      @staticmethod
      def h(): return 3
      X=lambda self: 1
    print(D.A,repr(D.A),f'{D.A}',D.A.f(),D.g(),D.h(),list(D),D.A.X())
    print("ok", 'class D(Enum):')
except BaseException as e: print("class D(Enum):\n  A=1\n  def __str__(self): return 'S'\n  def f(self): return self.value\n  @classmethod\n  def g(cls): return cls.A\n  @staticmethod\n  def h(): return 3\n  X=lambda self: 1\nprint(D.A,repr(D.A),f'{D.A}',D.A.f(),D.g(),D.h(),list(D),D.A.X())", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      A=1
      def __repr__(self): return 'R'
      def __format__(self,s): return 'F'+s
    print(D.A,repr(D.A),f'{D.A:x}')
    print("ok", 'class D(Enum):')
except BaseException as e: print("class D(Enum):\n  A=1\n  def __repr__(self): return 'R'\n  def __format__(self,s): return 'F'+s\nprint(D.A,repr(D.A),f'{D.A:x}')", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      A=[1]
      B={}
      C=[1]
    print(list(D),D([1]),D.C is D.A)
    try: D([2])
    except ValueError as e: print(e)
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  A=[1]\n  B={}\n  C=[1]\nprint(list(D),D([1]),D.C is D.A)\ntry: D([2])\nexcept ValueError as e: print(e)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      _ignore_='x y'
      x=3
      y=4
      A=x
    print(list(D),hasattr(D,'x'))
    print("ok", 'class D(Enum):')
except BaseException as e: print("class D(Enum):\n  _ignore_='x y'\n  x=3\n  y=4\n  A=x\nprint(list(D),hasattr(D,'x'))", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      A=nonmember(1)
      B=member(2)
      C=3
    print(list(D),D.A,D.B)
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  A=nonmember(1)\n  B=member(2)\n  C=3\nprint(list(D),D.A,D.B)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      __priv=1
      A=2
    print(list(D))
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  __priv=1\n  A=2\nprint(list(D))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class Base(Enum):
      def hi(self): return 'hi '+self.name
    class D(Base):
      A=1
    print(D.A.hi(),D.__mro__)
    print("ok", 'class Base(Enum):')
except BaseException as e: print("class Base(Enum):\n  def hi(self): return 'hi '+self.name\nclass D(Base):\n  A=1\nprint(D.A.hi(),D.__mro__)", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      name=1
      value=2
    print(list(D),D.name,D.value,D.name.name,D.name.value)
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  name=1\n  value=2\nprint(list(D),D.name,D.value,D.name.name,D.name.value)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    import enum
    class D(Enum):
      A=auto()
      B=auto()
      AB=(A,B)
    print(list(D))
    print("ok", 'import enum')
except BaseException as e: print('import enum\nclass D(Enum):\n  A=auto()\n  B=auto()\n  AB=(A,B)\nprint(list(D))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      def __eq__(self,o): return True
      A=1
    print(D.A==3)
    print(hash(D.A))
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  def __eq__(self,o): return True\n  A=1\nprint(D.A==3)\nprint(hash(D.A))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      A=1
      B=2
      def __lt__(self,o): return self.value<o.value
    print(sorted([D.B,D.A]),D.A<D.B)
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  A=1\n  B=2\n  def __lt__(self,o): return self.value<o.value\nprint(sorted([D.B,D.A]),D.A<D.B)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      pass
    print(list(D),D)
    D(1)
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  pass\nprint(list(D),D)\nD(1)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      A:int=1
      B:str
    print(list(D),D.__annotations__)
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  A:int=1\n  B:str\nprint(list(D),D.__annotations__)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class M:
      def m(self): return 'm'+str(self.value)
    class D(M,Enum):
      A=1
    print(D.A.m(),repr(D.A))
    print("ok", 'class M:')
except BaseException as e: print("class M:\n  def m(self): return 'm'+str(self.value)\nclass D(M,Enum):\n  A=1\nprint(D.A.m(),repr(D.A))", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(int,str,Enum): A=1
    print("ok", 'class D(int,str,Enum): A=1')
except BaseException as e: print('class D(int,str,Enum): A=1', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum,int): A=1
    print("ok", 'class D(Enum,int): A=1')
except BaseException as e: print('class D(Enum,int): A=1', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum, foo=1): A=1
    print("ok", 'class D(Enum, foo=1): A=1')
except BaseException as e: print('class D(Enum, foo=1): A=1', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class E2(Enum):
      def __init_subclass__(cls,**k): super().__init_subclass__(); print('IS',cls,list(cls),k)
    class D(E2,z=1):
      A=1
    print("ok", 'class E2(Enum):')
except BaseException as e: print("class E2(Enum):\n  def __init_subclass__(cls,**k): super().__init_subclass__(); print('IS',cls,list(cls),k)\nclass D(E2,z=1):\n  A=1", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
