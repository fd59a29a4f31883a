"""bool: construction, operators, text, and what it inherits from int."""


def show(name, function, *args):
    try:
        r = function(*args)
        print(name, args, repr(r), type(r).__name__)
    except Exception as e:
        print(name, args, type(e).__name__, e)


class Yes:
    def __bool__(self):
        return True


class Bad:
    def __bool__(self):
        return 1


class Sized:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


for value in (0, 1, -1, 0.0, -0.0, 0.5, float("nan"), "", "a", [], [0], (), (0,), {}, {1: 2}, None, 2**70, range(0),
        range(1), set(), {0}, Ellipsis):
    print(repr(value), bool(value), not value)
show("bool", bool)
show("bool", bool, 1, 2)
show("bool", lambda: bool(x=1))
print(bool(Yes()), bool(Sized(0)), bool(Sized(3)))
show("Bad", lambda: bool(Bad()))
show("Sized", lambda: bool(Sized(-1)))
show("Sized", lambda: bool(Sized("a")))
for a in (True, False):
    for b in (True, False, 0, 1, 3, 2**70, 1.5):
        for name, f in [("&", lambda x, y: x & y), ("|", lambda x, y: x | y), ("^", lambda x, y: x ^ y), ("+", lambda x,
                y: x + y), ("-", lambda x, y: x - y),
                        ("*", lambda x, y: x * y), ("/", lambda x, y: x / y), ("//", lambda x, y: x // y), ("%",
                        lambda x, y: x % y), ("**", lambda x, y: x**y),
                        ("<<", lambda x, y: x << y if y < 9 else 0), (">>", lambda x, y: x >> y), ("==", lambda x,
                        y: x == y), ("<", lambda x, y: x < y),
                        ("is", lambda x, y: x is y), ("divmod", divmod)]:
            show(name, f, a, b)
            show(name, f, b, a) if name != "<<" else None
    print(-a, +a, ~a, abs(a), int(a), float(a), str(a), repr(a), hash(a), a.real, a.imag, a.numerator, a.bit_length(),
        round(a), a.__and__(1), a.__index__(),
          a.__class__, type(a), isinstance(a, int), a.conjugate(), format(a), format(a, "d"), format(a, ">6"),
          f"{a:5}|{a!r:>7}|{a:x}", "%s %d %r" % (a, a, a))
print(issubclass(bool, int), bool.__mro__, bool.__bases__, {True: 1, 1: 2, 1.0: 3}, [True, 0].index(False), sum([True,
    True, 3]), True + True, "ab"[True], [1, 2][False])
print(True == 1.0, True is True, True in [1], max(True, 2), sorted([True, False, 2, -1]), str(True).lower(),
    True if 1 else False)
try:
    class Sub(bool):
        pass
except TypeError as e:
    print(type(e).__name__, e)
