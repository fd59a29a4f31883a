"""Contexts, causes, and what is being handled where."""
import sys


def chain(e):
    seen = []
    while e is not None and len(seen) < 10:
        seen.append(f"{type(e).__name__}({e})")
        e = e.__cause__ or (None if e.__suppress_context__ else e.__context__)
    return " <- ".join(seen)


def run(f):
    try:
        f()
    except BaseException as e:
        print(f.__name__, chain(e), e.__cause__, repr(e.__context__), e.__suppress_context__)


def implicit():
    try:
        1 / 0
    except ZeroDivisionError:
        [][3]


def explicit():
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise KeyError("k") from e


def suppressed():
    try:
        1 / 0
    except ZeroDivisionError:
        raise KeyError("k") from None


def from_class():
    raise KeyError("k") from ValueError


def from_wrong():
    raise KeyError("k") from 3


def raise_wrong():
    raise 3


def raise_class_wrong():
    raise int


def in_finally():
    try:
        raise ValueError("a")
    finally:
        {}["x"]


def three():
    try:
        try:
            try:
                raise ValueError(1)
            except ValueError:
                raise TypeError(2)
        except TypeError:
            raise KeyError(3)
    except KeyError:
        raise IndexError(4)


def same_again():
    try:
        raise ValueError("v")
    except ValueError as e:
        raise e


def no_cycle():
    a = ValueError("a")
    try:
        raise a
    except ValueError:
        try:
            raise TypeError("t")
        except TypeError:
            raise a


def bare():
    try:
        raise ValueError("v")
    except ValueError:
        raise


def nothing_active():
    raise


def generator():
    try:
        yield 1
    except ValueError:
        yield sys.exc_info()[0].__name__
        raise KeyError("in generator")


def thrown():
    g = generator()
    next(g)
    try:
        raise TypeError("outer")
    except TypeError:
        print(g.throw(ValueError("v")), sys.exc_info()[0].__name__)
        next(g)


def handler_of_caller():
    def inner():
        raise IndexError("inner")
    try:
        raise ValueError("outer")
    except ValueError:
        inner()


def cleared():
    try:
        raise ValueError
    except ValueError as e:
        pass
    print(sys.exc_info())
    try:
        e
    except NameError as problem:
        print(type(problem).__name__, problem)


for f in (implicit, explicit, suppressed, from_class, from_wrong, raise_wrong, raise_class_wrong, in_finally, three, same_again, no_cycle,
          bare, nothing_active, thrown, handler_of_caller, cleared):
    run(f)

e = ValueError("e")
e.__cause__ = KeyError("c")
print(e.__suppress_context__, e.__cause__, e.__context__)
e.__suppress_context__ = False
e.__cause__ = None
print(e.__suppress_context__, e.__cause__)
try:
    raise e.with_traceback(None)
except ValueError as again:
    print(again is e, again.__traceback__ is not None, again.__traceback__.tb_lineno > 0, again.__traceback__.tb_next)
