"""typing: protocols, deriving, decorators, annotations."""
from typing import Any, Optional, Union, List, Dict, Set, FrozenSet, Tuple, Callable, Iterable, Iterator, Sequence, Mapping, MutableMapping, TypeVar, Generic, ClassVar, Final, Literal, Protocol, runtime_checkable, NewType, cast, overload, TYPE_CHECKING, NoReturn, Never, Type, Annotated, Generator, Collection, Container, Hashable, Sized, Reversible, Self, TypeAlias, AnyStr, Text, DefaultDict, Deque, KeysView, ValuesView, ItemsView, MutableSequence, MutableSet, SupportsInt, SupportsFloat, SupportsAbs, SupportsIndex, SupportsRound, ForwardRef, final, no_type_check, assert_never, assert_type
import typing
T = TypeVar('T')
K = TypeVar('K')
V = TypeVar('V')


class A:
    pass


UserId = NewType('UserId', int)


class Stack(Generic[T]):

    def __init__(self):
        self.items = []

    def push(self, x: T) -> None:
        self.items.append(x)


class Pair(Generic[K, V]):
    pass


class PI(Pair[int, V]):
    pass


try:
    class P(Protocol):
      def f(self)->int: ...
    class Q:
      def f(self): return 1
    print(P,P.__mro__)
    P()
    print("ok", 'class P(Protocol):')
except BaseException as e: print('class P(Protocol):\n  def f(self)->int: ...\nclass Q:\n  def f(self): return 1\nprint(P,P.__mro__)\nP()', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    isinstance(Q(),P)
    print("ok", 'isinstance(Q(),P)')
except BaseException as e: print('isinstance(Q(),P)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    @runtime_checkable
    class P(Protocol):
      def f(self)->int: ...
    print(isinstance(Q(),P),isinstance(3,P),issubclass(Q,P),issubclass(int,P))
    print("ok", '@runtime_checkable')
except BaseException as e: print('@runtime_checkable\nclass P(Protocol):\n  def f(self)->int: ...\nprint(isinstance(Q(),P),isinstance(3,P),issubclass(Q,P),issubclass(int,P))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    @runtime_checkable
    class P(Protocol):
      x:int
      def g(self): ...
    class W:
      x=1
      def g(self): pass
    print(isinstance(W(),P),isinstance(Q(),P))
    issubclass(W,P)
    print("ok", '@runtime_checkable')
except BaseException as e: print('@runtime_checkable\nclass P(Protocol):\n  x:int\n  def g(self): ...\nclass W:\n  x=1\n  def g(self): pass\nprint(isinstance(W(),P),isinstance(Q(),P))\nissubclass(W,P)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class R(P):
      def g(self): return 5
    print(R().g(),isinstance(R(),P))
    print("ok", 'class R(P):')
except BaseException as e: print('class R(P):\n  def g(self): return 5\nprint(R().g(),isinstance(R(),P))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class PG(Protocol[T]):
      def h(self)->T: ...
    print(PG[int],PG.__parameters__)
    print("ok", 'class PG(Protocol[T]):')
except BaseException as e: print('class PG(Protocol[T]):\n  def h(self)->T: ...\nprint(PG[int],PG.__parameters__)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    @runtime_checkable
    class A: pass
    print("ok", '@runtime_checkable')
except BaseException as e: print('@runtime_checkable\nclass A: pass', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class B(List[int]): pass
    print(B([1,2]),B.__mro__,B.__bases__,B.__orig_bases__)
    print("ok", 'class B(List[int]): pass')
except BaseException as e: print('class B(List[int]): pass\nprint(B([1,2]),B.__mro__,B.__bases__,B.__orig_bases__)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class B(Dict[str,int]):
      pass
    print(B(a=1),isinstance(B(),dict))
    print("ok", 'class B(Dict[str,int]):')
except BaseException as e: print('class B(Dict[str,int]):\n  pass\nprint(B(a=1),isinstance(B(),dict))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class B(Stack[int]): pass
    b=B(); b.push(3); print(b.items,B.__mro__,B.__orig_bases__)
    print("ok", 'class B(Stack[int]): pass')
except BaseException as e: print('class B(Stack[int]): pass\nb=B(); b.push(3); print(b.items,B.__mro__,B.__orig_bases__)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class B(Generic[T],List[T]): pass
    print(B.__mro__,B[int])
    print("ok", 'class B(Generic[T],List[T]): pass')
except BaseException as e: print('class B(Generic[T],List[T]): pass\nprint(B.__mro__,B[int])', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class B(int,Generic[T]): pass
    print(B(3)+1,B[int])
    print("ok", 'class B(int,Generic[T]): pass')
except BaseException as e: print('class B(int,Generic[T]): pass\nprint(B(3)+1,B[int])', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class B(Optional[int]): pass
    print("ok", 'class B(Optional[int]): pass')
except BaseException as e: print('class B(Optional[int]): pass', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class B(Union[int,str]): pass
    print("ok", 'class B(Union[int,str]): pass')
except BaseException as e: print('class B(Union[int,str]): pass', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class B(Generic): pass
    print("ok", 'class B(Generic): pass')
except BaseException as e: print('class B(Generic): pass', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class B(Iterable[int]):
      def __iter__(self): return iter([1])
    print(list(B()))
    print("ok", 'class B(Iterable[int]):')
except BaseException as e: print('class B(Iterable[int]):\n  def __iter__(self): return iter([1])\nprint(list(B()))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    @overload
    def f(x:int)->int: ...
    @overload
    def f(x:str)->str: ...
    def f(x): return x
    print(f(3))
    print("ok", '@overload')
except BaseException as e: print('@overload\ndef f(x:int)->int: ...\n@overload\ndef f(x:str)->str: ...\ndef f(x): return x\nprint(f(3))', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    @overload
    def f(x:int)->int: ...
    f(3)
    print("ok", '@overload')
except BaseException as e: print('@overload\ndef f(x:int)->int: ...\nf(3)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    @final
    class F: pass
    print(F.__final__)
    print("ok", '@final')
except BaseException as e: print('@final\nclass F: pass\nprint(F.__final__)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    def g(a:Optional[int]=None,*b:List[int])->Dict[str,int]: pass
    print(g.__annotations__)
    print("ok", 'def g(a:Optional[int]=None,*b:List[int])->Dict[str,int]: pass')
except BaseException as e: print('def g(a:Optional[int]=None,*b:List[int])->Dict[str,int]: pass\nprint(g.__annotations__)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    @no_type_check
    def g(a:'x'): pass
    print(g.__no_type_check__)
    print("ok", '@no_type_check')
except BaseException as e: print("@no_type_check\ndef g(a:'x'): pass\nprint(g.__no_type_check__)", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    class C:
      x: ClassVar[int]=1
      y: Final=2
    print(C.__annotations__)
    print("ok", 'class C:')
except BaseException as e: print('class C:\n  x: ClassVar[int]=1\n  y: Final=2\nprint(C.__annotations__)', "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
try:
    x: List[int] = [1]
    print(__annotations__['x'])
    print("ok", 'x: List[int] = [1]')
except BaseException as e: print("x: List[int] = [1]\nprint(__annotations__['x'])", "->", type(e).__name__, "|", e, "|", repr(e.__context__), repr(e.__cause__))
