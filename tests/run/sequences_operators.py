"""+ and * of classes that derive from sequences: which operand is asked, in which order, and who complains."""



class L(list):
    def __add__(self, o):
        return NotImplemented


class S(str):
    def __add__(self, o):
        return NotImplemented
    def __mul__(self, o):
        return NotImplemented


class T(tuple):
    def __mul__(self, o):
        return NotImplemented
    def __iadd__(self, o):
        return NotImplemented


class M(list):
    def __iadd__(self, o):
        return NotImplemented
    def __imul__(self, o):
        return NotImplemented


class P(list):
    pass


class R:
    def __radd__(self, o):
        return NotImplemented
    def __rmul__(self, o):
        return NotImplemented


def t(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def iadd(a, b):
    a += b
    return a


def imul(a, b):
    a *= b
    return a


for a in (L(), S("x"), T((1,)), M(), P(), [1], "s", (2,), R(), 5, 2.5, {}, {1}, None):
    for b in (L(), S("x"), T((1,)), M(), P(), [1], "s", (2,), R(), 5, 2.5, {}, {1}, None):
        for f in (lambda: a + b, lambda: a * b, lambda: iadd(a, b), lambda: imul(a, b)):
            print(type(a).__name__, type(b).__name__, end=" ")
            t(f)


class Q(list):
    def __radd__(self, o):
        return "Q.__radd__"

    def __rmul__(self, o):
        return "Q.__rmul__"


class I(int):
    def __radd__(self, o):
        return "I.__radd__"

    def __rmul__(self, o):
        return "I.__rmul__"


class J:
    def __index__(self):
        return 2

    def __iter__(self):
        return iter("ab")


for a in (P([1]), Q([2]), [1], "s", (2,), I(2), J(), L([3])):
    for b in (P([1]), Q([2]), [1], "s", (2,), I(2), J(), L([3])):
        for f in (lambda: a + b, lambda: a * b, lambda: iadd(a, b), lambda: imul(a, b)):
            print(type(a).__name__, type(b).__name__, end=" ")
            t(f)
