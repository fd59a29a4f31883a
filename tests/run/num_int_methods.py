"""Methods and attributes of int, round, pow with a modulus, divmod and number constructors that ask objects."""


def show(name, function, *args):
    try:
        r = function(*args)
        print(name, args, repr(r), type(r).__name__)
    except Exception as e:
        print(name, args, type(e).__name__, e)


NUMBERS = [0, 1, -1, 5, -7, True, False, 255, 2**61, -(2**61), 2**64, 10**30, -(10**30) - 1]
for n in NUMBERS:
    print(n.bit_length(), n.bit_count(), n.conjugate(), n.real, n.imag, n.numerator, n.denominator,
        n.as_integer_ratio(), n.__trunc__(),
          n.__floor__(), n.__ceil__(), n.__round__(), n.__getnewargs__(), n.__index__(), n.__int__(), n.__float__(),
          n.__bool__(), n.__hash__())
    print(type(n.real), type(n.conjugate()), type(+n), n.__add__(1), n.__add__(1.5), n.__radd__(2), n.__eq__(n),
        n.__lt__("a"), n.__neg__(), n.__invert__(),
          n.__divmod__(3), n.__rfloordiv__(100) if n else "-", n.__pow__(2), n.__pow__(2, 7),
          n.__rpow__(2) if 0 <= n < 300 else "-", n.__repr__())
    for digits in (0, 1, -1, -2, -5, -20, -30, -31, -100, 10**30, None, True):
        show("round", round, n, digits)
    for digits in (1.0, "1"):
        show("round", round, n, digits)
for n in (4, 5, 6, 14, 15, 16, 24, 25, 26, 35, -4, -5, -6, -15, -25, 250, 350, 1249, 1250, 1251, 10**20 + 5,
        10**20 + 15, 5 * 10**29, 15 * 10**29):
    print(n, round(n, -1), round(n, -2), round(n, -3), round(n, -30))

for a, b, m in [(2, 3, 5), (2, 3, -5), (-2, 3, 5), (2, 0, 1), (0, 0, 1), (2, 10, 1), (3, -1, 7), (3, -1, -7), (2, -1,
        4), (0, -1, 5), (2, -1, 1), (5, -3, 2**89 - 1),
                (2, 3, 0), (7, 2**100, 10**20 + 39), (7**90, 3**70, 2**200 + 1), (7**90, 3**70, 2**200), (-(7**90),
                3**71, 2**130 - 5), (3, 10**6, 2**64),
                (True, True, 2), (10, 0, 7), (2**64, 2**64, 2**64 - 59), (5, 1, 2**61), (123456789, 987654321,
                998244353), (4, -2, 15)]:
    show("pow", pow, a, b, m)
show("pow", pow, 2, 3.0, 5)
show("pow", pow, 2.0, 3, 5)
show("pow", pow, 2, 3, 5.0)
show("pow", pow, 2, "3", 5)
show("pow", pow, "2", 3, 5)
show("pow", pow, 2, 3, None)
for a, b in [(0, 0), (0, 5), (0, -1), (1, -5), (-1, -5), (-1, 10**30), (-1, 10**30 + 1), (2, -1), (2, -1074), (2,
        -1075), (10, -400), (-3, 3), (-2, 61), (-2, 62), (2, 61), (3, 40),
             (7, 100), (2**40, 2), (-(2**61), 2), (10, 30), (2, 200), (-12, 25), (6, 100), (2**70, 3), (True, 5),
             (False, 0), (2**64, 5), (1, 10**100), (0, 10**100)]:
    show("**", lambda x, y: x**y, a, b)


class Int:
    def __init__(self, value):
        self.value = value

    def __int__(self):
        return self.value


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class Trunc:
    def __init__(self, value):
        self.value = value

    def __trunc__(self):
        return self.value


class Both:
    def __int__(self):
        return 1

    def __index__(self):
        return 2

    def __trunc__(self):
        return 3


class Float:
    def __init__(self, value):
        self.value = value

    def __float__(self):
        return self.value


for value in (5, 2**70, 1.5, "1", None):
    for cls in (Int, Index, Trunc, Float):
        try:
            print(cls.__name__, repr(value), int(cls(value)))
        except Exception as e:
            print(cls.__name__, repr(value), type(e).__name__, e)
        try:
            print(cls.__name__, repr(value), float(cls(value)))
        except Exception as e:
            print(cls.__name__, repr(value), type(e).__name__, e)
print(int(Both()), float(Both()), [10, 20, 30][Both()], hex(Index(255)), int("11", Index(3)), round(12345, Index(-2)),
    pow(2, 5, 7))
show("bit_length", int.bit_length, 5)
show("bit_length", int.bit_length, "a")
show("bit_length", (5).bit_length, 1)
show("conjugate", (5).conjugate, 1)
show("__round__", (5).__round__, 1, 2)
show("__add__", int.__add__, 1)
show("__add__", int.__add__, "a", 1)
print([hash(n) for n in (0, -1, -2, 2**61 - 2, 2**61 - 1, 2**61, -(2**61) + 1, -(2**61), 2**64, 10**50, -(10**50), True,
    2**122 - 1)])
