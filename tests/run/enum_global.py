"""Enum members as names of their module; the forms of typing that stand for classes of other modules."""
import enum
from enum import *
@global_enum
class Color(Enum):
    RED = 1
    BLUE = 2
    CRIMSON = 1
@global_enum
class Perm(IntFlag):
    R = 1
    W = 2
    X = 4
@enum.global_enum
class I(IntEnum):
    A = 1
print(RED, repr(RED), CRIMSON, [BLUE, R|W], str(R|X), R, A, [A], str(A), Color.RED)
print(repr(Perm(0)), ~R, Perm(7))
def f(c): return global_enum(c, update_str=True)
@f
class J(IntEnum):
    B = 3
print(B, [B], f"{B}")
from typing import *
print(IO, IO[str], TextIO, Optional[IO[str]], OrderedDict[str, int], Counter[str], ContextManager[int], ChainMap, AbstractSet[int])
class CM:
    def __enter__(self): pass
    def __exit__(self, *a): pass
print(isinstance(CM(), ContextManager), isinstance(3, ContextManager), issubclass(CM, ContextManager))
def f(x: IO[str] | None, y: TextIO) -> "IO[Any]": ...
print(f.__annotations__)
