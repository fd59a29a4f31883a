"""Operators and methods of float on ordinary and special values, mixed with ints of all sizes."""


def show(name, function, *args):
    try:
        print(name, *args, repr(function(*args)))
    except Exception as e:
        print(name, *args, type(e).__name__, e)


inf, nan = float("inf"), float("nan")
OPERATORS = [
    ("+", lambda a, b: a + b), ("-", lambda a, b: a - b), ("*", lambda a, b: a * b), ("/", lambda a, b: a / b), ("//",
    lambda a, b: a // b),
    ("%", lambda a, b: a % b), ("divmod", divmod), ("<", lambda a, b: a < b), ("<=", lambda a, b: a <= b), ("==",
    lambda a, b: a == b),
    ("!=", lambda a, b: a != b), (">", lambda a, b: a > b), (">=", lambda a, b: a >= b),
]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 1e16, 9007199254740993.0, 1e-300, 5e-324, -1.7976931348623157e308,
    2.0**61, -(2.0**64), inf, -inf, nan]
INTS = [0, 1, -1, 3, True, 2**53 + 1, 2**61, -(2**64) - 1, 10**25]
for a in FLOATS:
    for b in FLOATS + INTS:
        for name, f in OPERATORS:
            show(name, f, a, b)
            if b in INTS:
                show(name, f, b, a)
    print(-a, +a, abs(a), bool(a), a.is_integer(), a.hex(), a.real, a.imag, a.conjugate(), a.__getnewargs__(),
        hash(a) if a == a else "nan")
    for name, f in [("int", int), ("ratio", lambda v: v.as_integer_ratio()), ("round", round), ("trunc",
            lambda v: v.__trunc__()), ("floor", lambda v: v.__floor__()),
                    ("ceil", lambda v: v.__ceil__()), ("~", lambda v: ~v), ("&", lambda v: v & 1), ("<<",
                    lambda v: v << 1), ("|", lambda v: 1 | v),
                    ("index", lambda v: [1][v]), ("range", range)]:
        show(name, f, a)
    for b in (10**400, -(10**400)):
        print(a < b, a <= b, a == b, a != b, a > b, a >= b, b < a, b == a)
        for name, f in OPERATORS[:7]:
            try:
                print(name, f(a, b))
            except Exception as e:
                print(name, type(e).__name__, e)

POWERS = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0, inf, -inf, nan, 1e300, -1e300, 4, 0, -3]
for a in POWERS:
    for b in POWERS:
        if not (a < 0 and b != b // 1 and abs(b) < inf) and not (isinstance(a, int) and isinstance(b, int)):
            show("**", lambda x, y: x**y, a, b)
for a, b in [(2.0, 1023), (2.0, 1024), (2.0, -1074), (2.0, -1075), (-2.0, 1023), (-2.0, 1025), (10.0, 308), (10.0, 309),
        (1.0000001, 10**9), (0.0, -1), (-0.0, -3), (-0.0, 3), (-0.0, 2)]:
    show("**", lambda x, y: x**y, a, b)
for other in ("a", None, [], ()):
    for name, f in OPERATORS + [("**", lambda a, b: a**b)]:
        show(name, f, 1.5, other)
        show(name, f, other, 1.5)

print(1 == 1.0, hash(1) == hash(1.0), {1: "a"}[1.0], 2**53 == 2.0**53, 2**53 + 1 == 2.0**53 + 1, 2**53 + 1 > 2.0**53,
    10**22 == 1e22, 10**23 == 1e23, 10**23 > 1e23)
print([hash(x) for x in (0.5, -0.5, 1.5, 1e300, -1e300, 5e-324, 0.1, 2.0**61, 2.0**61 - 2.0**8, -1.0, inf, -inf)])
n1, n2 = float("nan"), float("nan")
print(n1 == n1, n1 is n1, n1 is n2, n1 in [n1], n1 in [n2], [n1] == [n1], [n1] == [n2], len({n1, n2, n1}),
    [n1].index(n1), [n2, n1].count(n1), (n1,) == (n1,), {n1: 1} == {n1: 1}, n1 != n1)
print(sorted([3.5, 1, 2.25, -1.0, 0]), max(1, 1.0), min(1.0, 1), sum([0.1] * 10), 0.1 + 0.2, 1e16 + 1, 1 / 3, 2 / 3,
    100 * 1.1, -7 // 2.0, -7 % 2.5, 7.5 // -2, 5 % -3.0, 1e308 * 10, -1e308 * 10)
x = 0.0
for i in range(1, 2000):
    x += 1 / i
    x *= 1.0000001
print(x, x.hex(), int(x * 1e15), x // 0.001, x % 0.001)
