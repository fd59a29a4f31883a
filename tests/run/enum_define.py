"""Enum: definitions, right and wrong."""
import enum
from enum import Enum, IntEnum, StrEnum, Flag, IntFlag, ReprEnum, auto, unique, member, nonmember, EnumType, EnumMeta, FlagBoundary, STRICT, CONFORM, EJECT, KEEP, verify, UNIQUE, CONTINUOUS, NAMED_FLAGS


class C(Enum):
    R = 1
    G = 2
    B = 3
    A = 1


try:
    class D(C): pass
    print("ok", 'class D(C): pass')
except BaseException as e: print('class D(C): pass', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      A=1
      A=2
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  A=1\n  A=2', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      mro=1
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  mro=1', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      _foo_=1
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  _foo_=1', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      A=1
      def A(self): pass
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  A=1\n  def A(self): pass', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      A=auto()
      def _generate_next_value_(name,s,c,l): return name
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  A=auto()\n  def _generate_next_value_(name,s,c,l): return name', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      _order_='A B'
      B=1
      A=2
    print("ok", 'class D(Enum):')
except BaseException as e: print("class D(Enum):\n  _order_='A B'\n  B=1\n  A=2", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    @unique
    class D(Enum):
      B=1
      A=1
      C=1
    print("ok", '@unique')
except BaseException as e: print('@unique\nclass D(Enum):\n  B=1\n  A=1\n  C=1', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(IntEnum):
      A='x'
    print("ok", 'class D(IntEnum):')
except BaseException as e: print("class D(IntEnum):\n  A='x'", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(StrEnum):
      A=1
    print("ok", 'class D(StrEnum):')
except BaseException as e: print('class D(StrEnum):\n  A=1', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(StrEnum):
      A=auto()
      B='q'
    print(list(D),D.A,D.B,repr(D.A),D.A=='a',D.A.upper(),f'{D.A:>4}')
    print("ok", 'class D(StrEnum):')
except BaseException as e: print("class D(StrEnum):\n  A=auto()\n  B='q'\nprint(list(D),D.A,D.B,repr(D.A),D.A=='a',D.A.upper(),f'{D.A:>4}')", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(IntEnum):
      A=1
      B=auto()
    print(list(D),D.A,repr(D.A),D.A==1,D.A+1,f'{D.A}',f'{D.A:03}','%d'%D.A,'%s'%D.A,str(D.A),D(2),D.A<D.B,max(D),sorted(D),D.A|D.B,[10,20][D.A],hash(D.A)==1)
    print("ok", 'class D(IntEnum):')
except BaseException as e: print("class D(IntEnum):\n  A=1\n  B=auto()\nprint(list(D),D.A,repr(D.A),D.A==1,D.A+1,f'{D.A}',f'{D.A:03}','%d'%D.A,'%s'%D.A,str(D.A),D(2),D.A<D.B,max(D),sorted(D),D.A|D.B,[10,20][D.A],hash(D.A)==1)", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(int,Enum):
      A=1
    print(D.A,repr(D.A),f'{D.A}',str(D.A),'%s'%D.A,'%d'%D.A, format(D.A,'d'),format(D.A))
    print("ok", 'class D(int,Enum):')
except BaseException as e: print("class D(int,Enum):\n  A=1\nprint(D.A,repr(D.A),f'{D.A}',str(D.A),'%s'%D.A,'%d'%D.A, format(D.A,'d'),format(D.A))", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(str,Enum):
      A='a'
    print(D.A,repr(D.A),f'{D.A}',str(D.A),'%s'%D.A, D.A=='a', D.A+'x', format(D.A))
    print("ok", 'class D(str,Enum):')
except BaseException as e: print("class D(str,Enum):\n  A='a'\nprint(D.A,repr(D.A),f'{D.A}',str(D.A),'%s'%D.A, D.A=='a', D.A+'x', format(D.A))", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(float,Enum):
      A=1.5
    print(D.A,repr(D.A),f'{D.A}',D.A*2)
    print("ok", 'class D(float,Enum):')
except BaseException as e: print("class D(float,Enum):\n  A=1.5\nprint(D.A,repr(D.A),f'{D.A}',D.A*2)", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(tuple,Enum):
      A=(1,2)
    print(D.A,repr(D.A),D.A[0],D.A.value)
    print("ok", 'class D(tuple,Enum):')
except BaseException as e: print('class D(tuple,Enum):\n  A=(1,2)\nprint(D.A,repr(D.A),D.A[0],D.A.value)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      A=(1,2)
      B=(3,4)
      def __init__(self,a,b): self.a=a; self.b=b
      @property
      def s(self): return self.a+self.b
    print(D.A,repr(D.A),D.A.a,D.A.s,D.A.value,D((1,2)))
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  A=(1,2)\n  B=(3,4)\n  def __init__(self,a,b): self.a=a; self.b=b\n  @property\n  def s(self): return self.a+self.b\nprint(D.A,repr(D.A),D.A.a,D.A.s,D.A.value,D((1,2)))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      A=(1,2)
      def __init__(self,a): pass
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  A=(1,2)\n  def __init__(self,a): pass', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class D(Enum):
      A=1
      def __new__(cls,v):
        o=object.__new__(cls); o._value_=v*10; o.x=v; return o
    print(D.A,repr(D.A),D.A.x,D(10))
    try: D(1)
    except ValueError as e: print(e)
    print("ok", 'class D(Enum):')
except BaseException as e: print('class D(Enum):\n  A=1\n  def __new__(cls,v):\n    o=object.__new__(cls); o._value_=v*10; o.x=v; return o\nprint(D.A,repr(D.A),D.A.x,D(10))\ntry: D(1)\nexcept ValueError as e: print(e)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
