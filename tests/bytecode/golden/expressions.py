def names(a, b):
    c = a + b
    d = c
    return d - 1 + c * 2


def conditions(a, b, n):
    if a < b and a is not None or not n:
        return a if a > 3 else b
    x = a and b or n
    y = 0 <= a < n <= 10
    return x in (1, 2), y, a not in {1, "b"}


def items(a, i):
    a[i] += a[i + 1]
    a.b -= a.c[1:i]
    del a[0], a.d
    return a[::2]


def displays(*a, **k):
    return [1, 2, 3], [a, 1], (1, a), {1: a, **k}, {*a, 2}, (*a, 1), f"{a!r:>{k}} {a}", [1, (2, 3), "x" * 3, -5]


def calls(f, a, *b, **k):
    f(a, 1)
    f.m(a, x=1)
    f(*b)
    f.m(a, *b, x=1, **k)
    return f(f(a), f.g().h())


def swap(a, b, c):
    a, b = b, a
    a, b, c = c, a + b, c
    a, (b, *c) = c
    x = y = a
    return x, y
