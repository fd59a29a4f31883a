"""Module text."""
from __future__ import annotations

import a.b
from .c import d as e


def outer(x, y=1, *, z=2):
    def inner(w: int = x) -> str:
        "doc"
        nonlocal y
        y += w
        return lambda: (x, y)

    return inner


@e
class A(e, x=1):
    n: int = 3

    def __init__(self):
        super().__init__()
        self.__p = super().x

    def m(self):
        return __class__


def comprehensions(x):
    a = [i * 2 for i in x if i]
    b = {i: j for i, k in x for j in k}
    c = [lambda: i for i in x]
    return sum(i for i in x), a, b, c


def generator(x):
    y = yield x
    z = yield from y
    return z
