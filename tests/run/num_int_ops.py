"""Every binary operator on pairs of ints of all sizes and signs, bools among them, with the errors."""


def show(name, function, a, b):
    try:
        print(name, a, b, repr(function(a, b)))
    except Exception as e:
        print(name, a, b, type(e).__name__, e)


OPERATORS = [
    ("+", lambda a, b: a + b), ("-", lambda a, b: a - b), ("*", lambda a, b: a * b), ("/", lambda a, b: a / b),
    ("//", lambda a, b: a // b), ("%", lambda a, b: a % b), ("divmod", divmod), ("&", lambda a, b: a & b),
    ("|", lambda a, b: a | b), ("^", lambda a, b: a ^ b), ("<", lambda a, b: a < b), ("<=", lambda a, b: a <= b),
    ("==", lambda a, b: a == b), ("!=", lambda a, b: a != b), (">", lambda a, b: a > b), (">=", lambda a, b: a >= b),
]
NUMBERS = [0, 1, -1, 2, -3, 10, True, False, 2**31, 2**53 + 1, 2**61 - 1, 2**61, -(2**61), -(2**61) - 1, -(2**63),
    2**64, 3**50, -(3**80), 2**127 - 1]

for a in NUMBERS:
    for b in NUMBERS:
        for name, function in OPERATORS:
            show(name, function, a, b)

SHIFTS = [0, 1, 5, 31, 59, 60, 61, 62, 63, 64, 65, 128, True]
for a in NUMBERS:
    for n in SHIFTS:
        show("<<", lambda x, y: x << y, a, n)
        show(">>", lambda x, y: x >> y, a, n)
    print(-a, +a, ~a, abs(a), bool(a), not a, hash(a), int(a), float(a))

for a, b in [(1, -1), (-5, -1), (0, -1), (1, -(2**70)), (2**70, -3)]:
    show("<<", lambda x, y: x << y, a, b)
    show(">>", lambda x, y: x >> y, a, b)
for a in (0, 1, -1, 2**70, -(2**70)):
    show(">>", lambda x, y: x >> y, a, 2**70)
show("<<", lambda x, y: x << y, 0, 2**70)
show("<<", lambda x, y: x << y, 1, 2**70)
show("<<", lambda x, y: x << y, -1, 2**200)

OTHERS = ["a", None, [], (1,), {}, 1.5]
for other in OTHERS:
    for name, function in OPERATORS[:12]:
        if name != "*" or other is None or other == {}:
            show(name, function, 5, other)
            show(name, function, other, 5)
            show(name, function, 2**70, other)
            show(name, function, True, other)
for name, function in [("<<", lambda a, b: a << b), (">>", lambda a, b: a >> b)]:
    show(name, function, 1, 1.5)
    show(name, function, 1.5, 1)
    show(name, function, "a", 1)


def inplace(a, b):
    results = []
    x = a
    x += b
    results.append(x)
    x -= 3
    results.append(x)
    x *= b
    results.append(x)
    x //= 7
    results.append(x)
    x %= 1000003
    results.append(x)
    x <<= 5
    results.append(x)
    x >>= 2
    results.append(x)
    x |= 8
    x &= 0xFFFFFFFFFFFFFFFFFFFF
    x ^= b
    results.append(x)
    x **= 2
    results.append(x)
    return results


for a, b in [(5, 6), (2**61, 2**61), (-(2**64), 3), (10**30, -(10**20)), (True, False)]:
    print(inplace(a, b))
