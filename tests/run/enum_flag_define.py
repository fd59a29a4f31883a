"""Flag: definitions, boundaries, verify."""
import enum
from enum import Enum, IntEnum, StrEnum, Flag, IntFlag, ReprEnum, auto, unique, member, nonmember, EnumType, EnumMeta, FlagBoundary, STRICT, CONFORM, EJECT, KEEP, verify, UNIQUE, CONTINUOUS, NAMED_FLAGS
try:
    class F(Flag,boundary=CONFORM):
      A=1
      B=2
    print(F(7),repr(F(7)),F(-1),repr(F(4)))
    print("ok", 'class F(Flag,boundary=CONFORM):')
except BaseException as e: print('class F(Flag,boundary=CONFORM):\n  A=1\n  B=2\nprint(F(7),repr(F(7)),F(-1),repr(F(4)))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class F(Flag,boundary=EJECT):
      A=1
      B=2
    print(F(7),repr(F(7)),type(F(7)),repr(~F.A))
    print("ok", 'class F(Flag,boundary=EJECT):')
except BaseException as e: print('class F(Flag,boundary=EJECT):\n  A=1\n  B=2\nprint(F(7),repr(F(7)),type(F(7)),repr(~F.A))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class F(Flag,boundary=KEEP):
      A=1
      B=2
    print(F(7),repr(F(7)),repr(F(8)),list(F(7)),repr(~F.A),repr(F(-1)))
    print("ok", 'class F(Flag,boundary=KEEP):')
except BaseException as e: print('class F(Flag,boundary=KEEP):\n  A=1\n  B=2\nprint(F(7),repr(F(7)),repr(F(8)),list(F(7)),repr(~F.A),repr(F(-1)))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class F(Flag,boundary=STRICT):
      A=1
      B=4
    print(repr(F(5)))
    F(2)
    print("ok", 'class F(Flag,boundary=STRICT):')
except BaseException as e: print('class F(Flag,boundary=STRICT):\n  A=1\n  B=4\nprint(repr(F(5)))\nF(2)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class F(IntFlag,boundary=STRICT):
      A=1
      B=4
    F(2)
    print("ok", 'class F(IntFlag,boundary=STRICT):')
except BaseException as e: print('class F(IntFlag,boundary=STRICT):\n  A=1\n  B=4\nF(2)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class F(Flag):
      A='a'
    print("ok", 'class F(Flag):')
except BaseException as e: print("class F(Flag):\n  A='a'", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class F(Flag):
      A=auto()
      B='x'
      C=auto()
    print("ok", 'class F(Flag):')
except BaseException as e: print("class F(Flag):\n  A=auto()\n  B='x'\n  C=auto()", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class F(Flag):
      A=3
      B=auto()
      C=1
    print(list(F),F.A,F.B,repr(F(3)),F.__members__)
    print("ok", 'class F(Flag):')
except BaseException as e: print('class F(Flag):\n  A=3\n  B=auto()\n  C=1\nprint(list(F),F.A,F.B,repr(F(3)),F.__members__)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class F(Flag):
      A=1
      B=1
    print(list(F),F.B,F.A is F.B)
    print("ok", 'class F(Flag):')
except BaseException as e: print('class F(Flag):\n  A=1\n  B=1\nprint(list(F),F.B,F.A is F.B)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class F(Flag):
      A=1.5
    print("ok", 'class F(Flag):')
except BaseException as e: print('class F(Flag):\n  A=1.5', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class F(Flag):
      A=-1
    print(list(F))
    print("ok", 'class F(Flag):')
except BaseException as e: print('class F(Flag):\n  A=-1\nprint(list(F))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class F(Flag):
      A=1
      B=A|2
    print(list(F),repr(F.B))
    print("ok", 'class F(Flag):')
except BaseException as e: print('class F(Flag):\n  A=1\n  B=A|2\nprint(list(F),repr(F.B))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class F(Flag):
      A=1
      def f(self): return self.value*2
      @property
      def p(self): return 'p'
    print(F.A.f(),F.A.p)
    print("ok", 'class F(Flag):')
except BaseException as e: print("class F(Flag):\n  A=1\n  def f(self): return self.value*2\n  @property\n  def p(self): return 'p'\nprint(F.A.f(),F.A.p)", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class F(IntFlag):
      A=auto()
      B=auto()
    print(F.A|F.B, repr(F.A|F.B), F.A.value, F(3)&~F.A, repr(F(3)&~F.A))
    print("ok", 'class F(IntFlag):')
except BaseException as e: print('class F(IntFlag):\n  A=auto()\n  B=auto()\nprint(F.A|F.B, repr(F.A|F.B), F.A.value, F(3)&~F.A, repr(F(3)&~F.A))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    @verify(UNIQUE)
    class F(Enum):
      A=1
      B=1
    print("ok", '@verify(UNIQUE)')
except BaseException as e: print('@verify(UNIQUE)\nclass F(Enum):\n  A=1\n  B=1', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    @verify(CONTINUOUS)
    class F(IntEnum):
      A=1
      B=3
    print("ok", '@verify(CONTINUOUS)')
except BaseException as e: print('@verify(CONTINUOUS)\nclass F(IntEnum):\n  A=1\n  B=3', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    @verify(NAMED_FLAGS)
    class F(Flag):
      A=1
      B=6
    print("ok", '@verify(NAMED_FLAGS)')
except BaseException as e: print('@verify(NAMED_FLAGS)\nclass F(Flag):\n  A=1\n  B=6', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    @verify(UNIQUE,CONTINUOUS)
    class F(IntEnum):
      A=1
      B=2
    print(F)
    print("ok", '@verify(UNIQUE,CONTINUOUS)')
except BaseException as e: print('@verify(UNIQUE,CONTINUOUS)\nclass F(IntEnum):\n  A=1\n  B=2\nprint(F)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class Q(Flag):
      A=1
      B=2
      C=A|B|4
    print(list(Q),Q.C,repr(Q(4)))
    print("ok", 'class Q(Flag):')
except BaseException as e: print('class Q(Flag):\n  A=1\n  B=2\n  C=A|B|4\nprint(list(Q),Q.C,repr(Q(4)))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class W(Enum):
      A=property(lambda s:3)
    print(list(W))
    print("ok", 'class W(Enum):')
except BaseException as e: print('class W(Enum):\n  A=property(lambda s:3)\nprint(list(W))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class W(Enum):
      A=len
    print(list(W))
    print("ok", 'class W(Enum):')
except BaseException as e: print('class W(Enum):\n  A=len\nprint(list(W))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class W(Enum):
      A=auto()
      B='b'
      def _generate_next_value_(n,s,c,l): return n.lower()
    print(list(W))
    print("ok", 'class W(Enum):')
except BaseException as e: print("class W(Enum):\n  A=auto()\n  B='b'\n  def _generate_next_value_(n,s,c,l): return n.lower()\nprint(list(W))", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class W(Enum):
      def _generate_next_value_(n,s,c,l): return (n.lower(),s,c,l)
      A=auto()
      B=auto()
    print(list(W))
    print("ok", 'class W(Enum):')
except BaseException as e: print('class W(Enum):\n  def _generate_next_value_(n,s,c,l): return (n.lower(),s,c,l)\n  A=auto()\n  B=auto()\nprint(list(W))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class W(Enum):
      @staticmethod
      def _generate_next_value_(n,s,c,l): return n.lower()
      A=auto()
      B=auto()
    print(list(W))
    print("ok", 'class W(Enum):')
except BaseException as e: print('class W(Enum):\n  @staticmethod\n  def _generate_next_value_(n,s,c,l): return n.lower()\n  A=auto()\n  B=auto()\nprint(list(W))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class BaseE(str,Enum):
      def _generate_next_value_(n,s,c,l): return n.lower()
    class W(BaseE):
      A=auto()
      B=auto()
    print(list(W),W.A=='a')
    print("ok", 'class BaseE(str,Enum):')
except BaseException as e: print("class BaseE(str,Enum):\n  def _generate_next_value_(n,s,c,l): return n.lower()\nclass W(BaseE):\n  A=auto()\n  B=auto()\nprint(list(W),W.A=='a')", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
