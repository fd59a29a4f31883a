"""Unions made with |, and generic aliases of builtin classes: what annotations evaluate to."""
from typing import Any, Callable, List, Optional, TypeVar, Union, get_args, get_origin

T = TypeVar("T")
S = TypeVar("S")


def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def annotated(x: int | None = None, *rest: "str | int", key: list[int] | None = None) -> dict[str, int] | str | None:
    return x


class Node:
    value: int | str
    next: "Node | None" = None
    children: list["Node"] | None


class Odd:
    __module__ = "some.where"


class Meta:
    def __or__(self, other):
        return "or"

    def __ror__(self, other):
        return "ror"


class Numbers(list):
    pass


print(annotated.__annotations__)
print(Node.__annotations__)
pair = int | str
for f in (
    lambda: pair, lambda: int | None, lambda: None | int, lambda: int | int, lambda: None | None, lambda: int | None | int,
    lambda: int | 3, lambda: 3 | int, lambda: pair | "x", lambda: "x" | pair, lambda: pair | Meta(), lambda: Meta() | int,
    lambda: bool | pair | float, lambda: pair | pair, lambda: Odd | None, lambda: pair | (str | float) | None,
    lambda: list[int] | list[int], lambda: list[int] | list[str] | list[int], lambda: type | None,
    lambda: pair == (str | int), lambda: pair != (str | int), lambda: pair == (int | float), lambda: pair == Union[int, str],
    lambda: pair != 3, lambda: pair < pair, lambda: hash(pair) == hash(str | int),
    lambda: len({pair, str | int, int | None, None | int}),
    lambda: pair.__args__, lambda: (int | None).__args__, lambda: pair.__parameters__, lambda: pair.__module__,
    lambda: pair.__name__, lambda: pair.nothing, lambda: pair.__class__, lambda: type(pair), lambda: type(pair)(),
    lambda: pair(), lambda: iter(pair), lambda: len(pair), lambda: bool(pair), lambda: pair[int], lambda: str(pair), lambda: f"{pair!s:>12}",
    lambda: isinstance(1, pair), lambda: isinstance("a", pair), lambda: isinstance(1.5, pair), lambda: isinstance(None, int | None),
    lambda: isinstance(True, str | int), lambda: isinstance(1.5, (pair, float)), lambda: isinstance(1, (3, pair)),
    lambda: isinstance(1, int | list[int]), lambda: isinstance(1, list[int] | int), lambda: isinstance([], pair | list[int]),
    lambda: issubclass(bool, pair), lambda: issubclass(float, pair), lambda: issubclass(type(None), int | None),
    lambda: issubclass(3, pair), lambda: issubclass(float, pair | list[int]), lambda: issubclass(int, (float, pair)),
    lambda: isinstance([], list[int]), lambda: issubclass(list, list[int]), lambda: isinstance(3, (str, list[int])),
    lambda: list[T] | int, lambda: (list[T] | int)[str], lambda: (list[T] | int)[str, int], lambda: (list[T] | int).__parameters__,
    lambda: (list[T] | dict[S, T] | None)[int, str], lambda: (list[T] | list[int])[int], lambda: (list[T] | dict[int, T])[S].__parameters__,
    lambda: list[T], lambda: list[T][int], lambda: list[int][int], lambda: list[T][int, str], lambda: dict[T, S][int],
    lambda: dict[T, list[T]][str], lambda: dict[T, S][int, str], lambda: dict[S, list[T]].__parameters__, lambda: list[T][S][int],
    lambda: tuple[T, ...][int], lambda: tuple[()], lambda: list["x", 3], lambda: type[int], lambda: list[list[T]][int],
    lambda: list[List[T]][int], lambda: List[list[T]][int], lambda: list[Optional[T]][int], lambda: Optional[list[T]][int],
    lambda: list[annotated], lambda: list[None], lambda: list[...], lambda: list[pair], lambda: list[Odd], lambda: list[len],
    lambda: list[int].__origin__, lambda: list[int].__args__, lambda: list[int].__unpacked__, lambda: list[int].__parameters__,
    lambda: list[int].__module__, lambda: list[int].__name__, lambda: list[int].nothing, lambda: list[int].__class__,
    lambda: list[int].append([], 3), lambda: type(list[int]), lambda: type(list[int])(), lambda: type(list[int])(list, int),
    lambda: type(list[int])(dict, (int, T))[str], lambda: list[int]((1, 2)), lambda: Numbers[int]([1]), lambda: Numbers[int]([1]).__orig_class__,
    lambda: list[int] == list[int], lambda: list[int] == list[str], lambda: list[int] == List[int], lambda: hash(list[int]) == hash(list[int]),
    lambda: list[int] + 1, lambda: list[int][0], lambda: int[int], lambda: list[int].__mro_entries__(()),
    lambda: int | T, lambda: T | int, lambda: int | Any, lambda: Any | int, lambda: Optional[int] | str, lambda: str | Optional[int],
    lambda: Union[pair, None], lambda: Optional[pair], lambda: Union[int, int | None], lambda: List[pair], lambda: List[int] | None,
    lambda: None | List[int], lambda: Callable[[int | None], str | int], lambda: pair | Callable, lambda: get_args(pair), lambda: get_origin(pair),
    lambda: get_origin(list[int]), lambda: get_args(dict[str, int]), lambda: get_origin(int), lambda: get_args(int),
):
    show(f)


def change(thing, name):
    setattr(thing, name, 3)


def remove(thing, name):
    delattr(thing, name)


for thing in (pair, list[int]):
    for name in ("__args__", "__origin__", "__parameters__", "new"):
        show(lambda: change(thing, name))
        show(lambda: remove(thing, name))


class Stack(list[T]):
    pass


print(Stack.__bases__, Stack.__orig_bases__, Stack[int], isinstance(Stack(), list))
