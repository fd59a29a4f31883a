"""Module math on reals: every function on ordinary, special and wrong arguments."""
import math


def show(name, function, *args):
    try:
        print(name, *args, repr(function(*args)))
    except Exception as e:
        print(name, *args, type(e).__name__, e)


inf, nan = math.inf, math.nan
ONE = [("acos", math.acos), ("acosh", math.acosh), ("asin", math.asin), ("asinh", math.asinh), ("atan", math.atan),
    ("atanh", math.atanh), ("cbrt", math.cbrt), ("ceil", math.ceil),
       ("cos", math.cos), ("cosh", math.cosh), ("degrees", math.degrees), ("erf", math.erf), ("erfc", math.erfc),
       ("exp", math.exp), ("exp2", math.exp2), ("expm1", math.expm1),
       ("fabs", math.fabs), ("floor", math.floor), ("frexp", math.frexp), ("gamma", math.gamma), ("isfinite",
       math.isfinite), ("isinf", math.isinf), ("isnan", math.isnan),
       ("lgamma", math.lgamma), ("log", math.log), ("log10", math.log10), ("log1p", math.log1p), ("log2", math.log2),
       ("modf", math.modf), ("radians", math.radians), ("sin", math.sin),
       ("sinh", math.sinh), ("sqrt", math.sqrt), ("tan", math.tan), ("tanh", math.tanh), ("trunc", math.trunc), ("ulp",
       math.ulp)]
TWO = [("atan2", math.atan2), ("copysign", math.copysign), ("fmod", math.fmod), ("ldexp", math.ldexp), ("nextafter",
    math.nextafter), ("pow", math.pow), ("remainder", math.remainder),
       ("isclose", math.isclose), ("log", math.log), ("hypot", math.hypot)]


class Half:
    def __float__(self):
        return 0.5


class Broken:
    def __float__(self):
        return "x"


class Index:
    def __index__(self):
        return 3


class Rounding:
    def __floor__(self):
        return "floor"

    def __ceil__(self):
        return "ceil"

    def __trunc__(self):
        return "trunc"


NUMBERS = [0, 0.0, -0.0, 1, -1, 0.5, -0.5, 2, 3.0, 5.5, -5.5, 10, 22, 23.0, 24, 171.5, 172.0, 1e-10, 1e10, 1e300,
    -1e300, 1e-310, 5e-324, 1000, -1000.5, 2**53 + 1, 10**30, True, inf, -inf, nan]
for name, f in ONE:
    for x in NUMBERS:
        show(name, f, x)
    for x in (10**400, -(10**400), 2**2000 - 1):
        try:
            r = f(x)
            print(name, r if isinstance(r, float) else r == x)
        except Exception as e:
            print(name, type(e).__name__, e)
    for x in ("1", None, [], 1 .__class__):
        show(name, f, x)
    for x in (Half(), Broken(), Index(), Rounding()):
        try:
            print(name, type(x).__name__, f(x))
        except Exception as e:
            print(name, type(x).__name__, type(e).__name__, e)
PAIRS = [0.0, -0.0, 1, -1.0, 2.5, -3, 1e300, 1e-310, inf, -inf, nan, 0.5, 7, "a", None]
for name, f in TWO:
    for x in PAIRS:
        for y in PAIRS:
            show(name, f, x, y)
for x, n in [(1.0, 1023), (1.0, 1024), (1.0, -1074), (1.0, -1075), (0.75, -1074), (-1.5, 2000), (-1.5, -2000), (0.0,
        10**30), (1.0, 10**30), (-1.0, -(10**30)), (inf, 5), (3, True)]:
    show("ldexp", math.ldexp, x, n)
for x, base in [(8, 2), (1000, 10), (10**400, 10), (10**400, 2**100), (2**1000, 2), (2, 1), (2, 0), (0, 2), (2, -1),
        (100, 10**400), (2.0**1000, 3)]:
    try:
        print("log", math.log(x, base))
    except Exception as e:
        print("log", type(e).__name__, e)
for bits in (1024, 1025, 1100, 5000, 20000):
    for d in (-1, 0, 1):
        print(math.log(2**bits + d), math.log2(2**bits + d), math.log10(3**bits + d))
print(math.pi, math.e, math.tau, math.inf, -math.inf, math.nan, math.nan is math.nan, math.nan in [math.nan])
print(math.isclose(1, 1 + 1e-9), math.isclose(1, 1 + 1e-8), math.isclose(1, 1.1, rel_tol=0.1), math.isclose(0, 1e-12),
    math.isclose(0, 1e-12, abs_tol=1e-11), math.isclose(inf, inf), math.isclose(a=1, b=2))
show("isclose", lambda: math.isclose(1, 2, rel_tol=-1))
show("isclose", lambda: math.isclose(1, 2, abs_tol=-1))
show("isclose", lambda: math.isclose(1, 2, 3))
show("isclose", lambda: math.isclose(1))
show("isclose", lambda: math.isclose(1, 2, foo=3))
show("sqrt", lambda: math.sqrt())
show("sqrt", lambda: math.sqrt(1, 2))
show("sqrt", lambda: math.sqrt(x=1))
show("atan2", lambda: math.atan2(1))
show("pow", lambda: math.pow(1, 2, 3))
show("log", lambda: math.log())
show("log", lambda: math.log(1, 2, 3))
show("floor", lambda: math.floor())
x = 0.1
for i in range(120):
    x = x * 1.37 + 0.01 * i
    print(math.sin(x), math.cos(x / 3), math.tan(x), math.exp(-x % 5), math.log(x), math.gamma(x % 30 + 0.25),
        math.lgamma(x), math.erf(x % 4 - 2), math.sqrt(x), math.atan2(x, i - 60), math.cbrt(x), math.hypot(x, i),
        math.sinh(x % 9))
