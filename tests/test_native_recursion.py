"""Recursion in C without a Mini frame in it, where CPython mostly crashes: it ends in RecursionError, or in a result.

The program nests builtin objects and ties builtin methods into knots, each 100,000 levels deep: far more than the native
stack has room for. The control shows that the levels are there: at 50 levels all of it has results.
"""
from __future__ import annotations

import subprocess
from pathlib import Path

from conftest import MINIVM, clean_environment

PROGRAM = '''
import sys
LEVELS = int(sys.argv[1])


def nest(f, x):
    for i in range(LEVELS):
        x = f(x)
    return x


def outcome(f):
    try:
        return f() and "a result"
    except RecursionError:
        return "RecursionError"
    except StopIteration:
        return "a result"


def error():
    e = ValueError("x")
    for i in range(LEVELS):
        e = ValueError(e)
    return e


def generator():
    yield 1


def delegate(g):
    yield from g


class A:
    pass


def hash_knot():
    a = A()
    A.__hash__ = (a,).__hash__
    return hash(a)


class B:
    def __iter__(self):
        return self

    def __next__(self):
        return 1


def next_knot():
    m = map(int, B())
    B.__next__ = m.__next__
    return next(m)


class C:
    pass


def new_knot():
    C.__new__ = type.__call__
    return C()


class D:
    pass


def call_knot():
    d = D()
    D.__call__ = d
    return d()


class E:
    pass


def length_of_map():
    e = E()
    E.__len__ = map(len, [e] * LEVELS).__next__
    return len(e)


def close(g):
    try:
        next(g)
    except RecursionError:
        pass
    g.close()
    return 1


ENDS = [1, 2]
for f in (
    lambda: hash(nest(lambda x: (x,), 1)), lambda: hash(nest(lambda x: frozenset((x,)), 1)),
    lambda: repr(nest(lambda x: (x,), 1)), lambda: repr(nest(lambda x: [x], 1)), lambda: repr(nest(lambda x: {1: x}, 1)),
    lambda: repr(nest(lambda x: frozenset((x,)), 1)), lambda: repr(nest(slice, 1)),
    lambda: repr(nest(lambda x: list[x], int)), lambda: hash(nest(lambda x: list[x], int)),
    lambda: nest(lambda x: list[x], int) == nest(lambda x: list[x], int),
    lambda: nest(lambda x: [x], 1) == nest(lambda x: [x], 1), lambda: nest(lambda x: {1: x}, 1) == nest(lambda x: {1: x}, 1),
    lambda: (nest(lambda x: (x,), 1) < nest(lambda x: (x,), 2)), lambda: nest(slice, 1) == nest(slice, 1),
    lambda: next(nest(lambda x: map(int, x), iter(ENDS))), lambda: next(nest(lambda x: filter(None, x), iter(ENDS))),
    lambda: next(nest(zip, ENDS)), lambda: next(nest(enumerate, ENDS)), lambda: sum(nest(lambda x: map(int, x), ENDS)),
    lambda: [x for x in nest(lambda x: map(int, x), ENDS)], lambda: nest(staticmethod, len)(ENDS),
    lambda: nest(classmethod, print).__get__(1)() is None, lambda: str(error()), lambda: repr(error()),
    lambda: isinstance(1, nest(lambda x: (x,), int)), lambda: issubclass(int, nest(lambda x: (x,), int)),
    lambda: next(nest(delegate, generator())), lambda: next(nest(lambda x: (y for y in x), ENDS)),
    lambda: close(nest(delegate, generator())), length_of_map, hash_knot, next_knot, new_knot, call_knot,
):
    print(outcome(f))
'''
KNOTS = 4


def outcomes(levels: int, folder: Path) -> list[str]:
    path = folder / "program.py"
    path.write_text(PROGRAM)
    done = subprocess.run([MINIVM, str(path), str(levels)], capture_output=True, text=True, timeout=300,
                          env=clean_environment())
    assert (done.returncode, done.stderr) == (0, ""), (done.returncode, done.stderr[-500:])
    return [line for line in done.stdout.splitlines() if not line.startswith("<class")]


def test_deep(tmp_path: Path) -> None:
    found = outcomes(100_000, tmp_path)
    assert set(found) <= {"RecursionError", "a result"}
    assert found.count("RecursionError") > len(found) // 2


def test_shallow_control(tmp_path: Path) -> None:
    found = outcomes(50, tmp_path)
    assert set(found[:-KNOTS]) == {"a result"} and set(found[-KNOTS:]) == {"RecursionError"}
