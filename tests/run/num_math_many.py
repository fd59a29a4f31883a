"""Module math on ints and on many values: factorial, comb, perm, gcd, lcm, isqrt, fsum, prod, dist, hypot."""
import math


def show(name, function, *args, **keywords):
    try:
        print(name, *args, repr(function(*args, **keywords)))
    except Exception as e:
        print(name, *args, type(e).__name__, e)


class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n

    def __repr__(self):
        return "Index(%r)" % self.n


class Float:
    def __float__(self):
        return 2.5

    def __repr__(self):
        return "Float()"


inf, nan = math.inf, math.nan
for n in list(range(25)) + [30, 50, 100, 171, True, -1, -(2**70), 2**70, 5.0, "5", None, Index(5)]:
    show("factorial", math.factorial, n)
print(math.factorial(2000) % (10**9 + 7), math.factorial(5000) % (2**61 - 1), math.factorial(1500).bit_length())
for n in range(0, 70, 3):
    print([math.comb(n, k) for k in range(n + 2)], [math.perm(n, k) for k in range(8)])
for n, k in [(100, 50), (200, 100), (1000, 3), (1000, 500), (2**61, 2), (2**64, 3), (2**100, 5), (2**100, 2**100 - 2),
        (10**6, 10**6 - 1), (5, 2**70), (2**70, 2**70), (2**100, 2**70), (-1, 2), (5, -1), (-1, -1),
             (5.0, 1), (5, 1.0), ("a", 1), (5, None), (Index(10), Index(4)), (True, True), (0, 0), (128, 64), (67, 33),
             (68, 34), (130, 65), (129, 20)]:
    show("comb", math.comb, n, k)
    if k is None or not isinstance(k, int) or k < 1000:
        show("perm", math.perm, n, k)
show("perm", math.perm, 5)
show("perm", math.perm, -5)
show("perm", math.perm, 2**100, 2**70)
show("perm", math.perm)
show("comb", math.comb, 1)
show("comb", math.comb, 1, 2, 3)
for args in [(), (0,), (-5,), (12, 18), (-12, 18), (0, 7), (7, 0), (2**70, 2**40 * 3), (2**64 * 9, -(2**65) * 6), (5,
        5.0), (2.0,), ("a", 1), (12, 18, 27), (Index(12), 8), (True, 4), (3**200, 6**150), (1, None)]:
    show("gcd", math.gcd, *args)
    show("lcm", math.lcm, *args)
show("lcm", math.lcm, 0, 5.0)
print(math.gcd(*range(60, 600, 12)), math.lcm(*range(1, 40)))
for n in [0, 1, 2, 3, 4, 8, 9, 15, 16, 24, 25, 10**18, 10**18 - 1, 2**62, 2**62 - 1, 2**63 - 1, 2**64 - 1, 2**64,
        (2**32 - 1) ** 2, (2**32) ** 2, 10**40, 10**40 - 1, (10**50 + 7) ** 2, (10**50 + 7) ** 2 - 1, -1, -(2**70), 2.0,
        "4", True, Index(17)]:
    show("isqrt", math.isqrt, n)

SUMS = [[], [0.1] * 10, [1e16, 1.0, -1e16], [1e308, 1e308, -1e308], [inf, -inf], [inf, nan], [inf, 1e308], [-inf, 5],
    [nan], [1, 2, 3], [True, 2.5], [10**400], ["a"], [1e-320, 1e-320], [2.0**53, 1, 2.0**-60],
        [2.0**53, 1.0, 2.0**-52], [1e100, 1.0, -1e100, 1e-100, 1e50, -1.0, -1e50], [-0.0], [-0.0, -0.0], [Float()],
        [0.5**i for i in range(60)], [1.7976931348623157e308, 9.9e291], [1 / n for n in range(1, 200)]]
for values in SUMS:
    try:
        print("fsum", math.fsum(values))
    except Exception as e:
        print("fsum", type(e).__name__, e)
show("fsum", math.fsum, 5)
show("fsum", math.fsum, "ab")
show("fsum", math.fsum)
print(math.fsum(i * 0.1 for i in range(100)), math.fsum({1.5, 2.5}), math.fsum({1: 2}))
for values in ([], [2, 3], [2.5, 4], [1, 2, 3.0, 4], [10**20, 10**20], [2**61, 2, 2.0], ["a", 3], [3, "ab"], [2.0, "a"],
        [[1], 2], [True, False], (5,), range(1, 25), [0, inf], [1e200, 1e200], [None], [Float()]):
    show("prod", math.prod, values)
    show("prod start", math.prod, values, start=2)
    show("prod start", math.prod, values, start=1.5)
show("prod", math.prod, [1], start="a")
show("prod", math.prod, [2, 3], 5)
show("prod", math.prod)
show("prod", math.prod, 5)
show("prod", math.prod, [1], foo=1)
print(math.prod(i for i in range(1, 30)), math.prod([0.5] * 20))
for args in [(), (3,), (-3, 4), (1, 2, 3), (inf, nan), (nan, 1), (1e200, 1e200), (5e-324, 5e-324), (1e-320, 2e-320,
        3e-320), (True, 2), ("a",), (10**400,), (Float(), 1), (0, 0.0), (1e308,) * 4, (0.1,) * 40, (3, 4, 12, 84)]:
    show("hypot", math.hypot, *args) if args != (10**400,) else None
for p, q in [((1, 2), (4, 6)), ([1, 2], [4, 6]), (range(3), (3, 2, 1)), ((), ()), ((1,), (1, 2)), ((inf,), (inf,)), ((1,
        "a"), (1, 2)), (1, (2,)), ("ab", "ab"), ((0.1,) * 5, (0.2,) * 5), ((5e-324,), (0,)), ((x for x in (1, 2)), [3,
        4])]:
    try:
        print("dist", math.dist(p, q))
    except Exception as e:
        print("dist", type(e).__name__, e)
show("dist", math.dist, (1,))
x = 0.37
for i in range(60):
    x = (x * 1.9 + 0.123 * i) % 50
    print(math.hypot(x, i, x * i), math.dist((x, i, 1), (i, x, 0.5)), math.fsum([x, -i, x / 3, 1e-17, i / 7]),
        math.prod([x, i + 1, 0.1]))
