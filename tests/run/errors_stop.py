"""Ends of iterations, exits, assertions, recursion, and classes of exceptions in except clauses."""
import sys


def gen():
    yield 1
    return "value"


g = gen()
next(g)
try:
    next(g)
except StopIteration as e:
    print(e.value, e.args, repr(e))
try:
    next(g)
except StopIteration as e:
    print(e.value, e.args)
print(next(g, "default"))


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration("done", self.n)
        self.n -= 1
        return self.n


c = Countdown(2)
print(list(c), next(c, None))
try:
    next(c)
except StopIteration as e:
    print(e.args, e.value)


def leaks():
    yield next(iter([]))


try:
    list(leaks())
except RuntimeError as e:
    print(e, repr(e.__cause__), repr(e.__context__), e.__suppress_context__)

for code in ((), (None,), (3,), ("text",), ((1, 2),), (SystemExit(5),)):
    try:
        sys.exit(*code)
    except SystemExit as e:
        print(e.code, e.args)

try:
    assert 1 == 2
except AssertionError as e:
    print(repr(e), e.args)
try:
    assert 1 == 2, ("a", 1)
except AssertionError as e:
    print(repr(e), e.args)


def deep(n):
    return deep(n + 1)


for limit in (50, 200):
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    try:
        deep(0)
    except RecursionError as e:
        print(type(e).__name__, e)
    finally:
        sys.setrecursionlimit(before)
for bad in (0, -1, "a", 1.5, 10 ** 20, 2):
    try:
        print(sys.setrecursionlimit(bad))
    except (ValueError, TypeError, OverflowError, RecursionError) as e:
        print(type(e).__name__, e)
print(sys.getrecursionlimit())


class Base(Exception):
    pass


class Left(Base):
    pass


class Both(Left, KeyError):
    def __str__(self):
        return "both " + super().__str__()


for cls in (Base, Left, Both, KeyError, ValueError):
    try:
        raise cls("k")
    except (Left, IndexError) as e:
        print("left", type(e).__name__, e)
    except LookupError as e:
        print("lookup", type(e).__name__, e)
    except Base as e:
        print("base", type(e).__name__, e)
    except Exception as e:
        print("other", type(e).__name__, e)
try:
    try:
        raise ValueError
    except 3:
        pass
except TypeError as e:
    print(e, repr(e.__context__))
try:
    try:
        raise ValueError
    except (KeyError, "x"):
        pass
except TypeError as e:
    print(e)
