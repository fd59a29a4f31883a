"""Floats, ints and both in every operator that native code does itself: values at the borders of each representation."""
import math

LIMIT = 2 ** 61
NUMBERS = (0, 1, -1, 2, -3, 7, 10, 2 ** 31, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 1, -2 ** 53 - 1, -2 ** 53, 2 ** 54 + 2, 2 ** 60 + 1, LIMIT - 1, -LIMIT, LIMIT, -LIMIT - 1, 2 ** 80, 3 ** 60,
           0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0, 1e-300, -1e-300, 5e-324, 1e300, -1e300, 1.7976931348623157e308, 2.0 ** 53, 2.0 ** 53 + 2, 2.0 ** 61, 1e15 + 0.3, math.inf, -math.inf,
           math.nan, 0.1, 2.2250738585072014e-308, 1e-77, 8.6e-78, 3.45e-77, 2.3e77, 1.2e77, True, False, None)


class Real(float):
    pass


class Whole(int):
    pass


def arithmetic(x, y):
    out = []
    for function in (lambda: x + y, lambda: x - y, lambda: x * y, lambda: x / y):
        try:
            value = function()
            out.append(repr(value) if not isinstance(value, float) else value.hex() if value == value else "nan")
        except Exception as e:
            out.append(type(e).__name__ + ": " + str(e))
    return out


def augmented(x, y):
    a = b = c = d = x
    try:
        a += y
        b -= y
        c *= y
        d /= y
    except Exception as e:
        return str(e), repr(a), repr(b), repr(c)
    return repr((a, b, c, d))


def constants(x):
    out = []
    for function in (lambda: x + 1, lambda: x - 1, lambda: x + 32767, lambda: x - 30000, lambda: 2 * x, lambda: x * 0.5, lambda: x / 3, lambda: 1 / x, lambda: -x, lambda: abs(x),
                     lambda: x ** 2, lambda: x ** 0.5 if not x < 0 else "", lambda: x // 2, lambda: x % 7, lambda: x // 0.5, lambda: x % 2.5):
        try:
            out.append(repr(function()))
        except Exception as e:
            out.append(type(e).__name__ + ": " + str(e))
    return out


def comparisons(x, y):
    try:
        out = [x < y, x <= y, x > y, x >= y, x == y, x != y]
    except TypeError as e:
        out = [x == y, x != y, str(e)]
    for test in (1, 0):
        try:
            if x < y: out.append("<")
            if x <= y: out.append("<=")
            if x > y: out.append(">")
            if x >= y: out.append(">=")
            if not x < y: out.append("not <")
            if not x >= y: out.append("not >=")
        except TypeError:
            pass
        if x == y: out.append("==")
        if x != y: out.append("!=")
        if not x == y: out.append("not ==")
    return out


def with_constants(x):
    out = []
    try:
        if x < 0: out.append("<0")
        if x <= 0: out.append("<=0")
        if x > 0: out.append(">0")
        if x >= 0: out.append(">=0")
        if x < 30000: out.append("<30000")
        if x >= -5: out.append(">=-5")
        if not x < 1: out.append("not <1")
        if not x <= 2: out.append("not <=2")
        if not x > 1: out.append("not >1")
        if not x >= 2: out.append("not >=2")
    except TypeError as e:
        out.append(str(e))
    if x == 1: out.append("==1")
    if x != 1: out.append("!=1")
    if not x == 0: out.append("not ==0")
    if not x != 3: out.append("not !=3")
    return out


def loops(x, end):
    """Jumps back that compare."""
    steps = 0
    while x < end:
        x += 0.75
        steps += 1
    while not x <= 0:
        x = x - 1
        steps += 1
    while x != 1 and steps < 200:
        x = x + 0.25
        steps += 1
    return x, steps


for i in range(60):
    arithmetic(i, i + 1), augmented(i, 2), constants(i + 1), comparisons(i, 5), with_constants(i), loops(i, 9)
values = (*NUMBERS, Real(1.5), Whole(3))
for x in values:
    print(repr(x), constants(x), with_constants(x))
    for y in values:
        print(repr(x), repr(y), arithmetic(x, y), augmented(x, y), comparisons(x, y))
for x in (0, 0.0, -3.5, 2, 7.25):
    print(loops(x, 12), loops(x, 5.5))

# Roots: pow() and the square root round differently now and then; here as pow() does.
state, differ, total = 12345, 0, 0
for i in range(60000):
    state = (state * 6364136223846793005 + 1442695040888963407) % 2 ** 64
    x = (1.0 + (state >> 12) / 2 ** 52) * 2.0 ** (state % 600 - 300)
    root = x ** 0.5
    if root != math.sqrt(x):
        differ += 1
        if differ < 20:
            print(x.hex(), root.hex())
    total = (total * 31 + hash(root)) % (2 ** 61 - 1)
print(differ > 0, differ, total)
for x in (4.0, 1.0, 2.0, 0.25, 9.0, 2.0 ** 100, 2.0 ** -100, 1.0000000000000002, 0.9999999999999999, 3.9999999999999996, 4.000000000000001, 1e300, 5e-324, 1e-310, math.inf, math.nan, 0.0):
    print(x ** 0.5, pow(x, 0.5), x ** 0.25)
