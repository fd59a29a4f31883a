"""Classes that derive from int and float: construction, attributes, what operators return, overridden methods."""


def show(name, function, *args):
    try:
        r = function(*args)
        print(name, repr(r), type(r).__name__)
    except Exception as e:
        print(name, type(e).__name__, e)


class Plain(int):
    pass


class Named(int):
    def __new__(cls, value, name="none"):
        self = super().__new__(cls, value)
        self.name = name
        return self

    def __repr__(self):
        return "Named(%d, %s)" % (self, self.name)

    def __add__(self, other):
        return Named(int(self) + int(other), "sum")

    def __radd__(self, other):
        return Named(int(other) + int(self), "rsum")


class Odd(int):
    def __int__(self):
        return 99

    def __index__(self):
        return 77

    def __float__(self):
        return 55.5

    def __hash__(self):
        return 3

    def __eq__(self, other):
        return "eq"

    def __bool__(self):
        return False

    def __str__(self):
        return "odd"

    def __trunc__(self):
        return 11

    def __round__(self, n=None):
        return ("round", n)


class Slotted(int):
    __slots__ = ()


class Degrees(float):
    def __repr__(self):
        return "%s deg" % float.__repr__(self)

    def turn(self):
        return Degrees(self % 360)


class Strange(float):
    def __float__(self):
        return 1.25

    def __int__(self):
        return 8

    def __eq__(self, other):
        return NotImplemented


for value in (0, 5, -7, 2**61, -(2**64), 10**30):
    p = Plain(value)
    print(p, repr(p), type(p).__name__, p == value, value == p, hash(p) == hash(value), p < value + 1, {value: 1}[p],
        isinstance(p, int), p is value)
    for name, f in [("+", lambda: p + 1), ("-", lambda: -p), ("+p", lambda: +p), ("abs", lambda: abs(p)), ("~",
            lambda: ~p), ("*", lambda: p * p), ("r*", lambda: 3 * p), ("//", lambda: p // 3), ("<<", lambda: p << 0),
                    ("**", lambda: p**1), ("&", lambda: p & p), ("real", lambda: p.real), ("num", lambda: p.numerator),
                    ("conj", lambda: p.conjugate()), ("int", lambda: int(p)), ("idx", lambda: p.__index__()),
                    ("round", lambda: round(p)), ("round", lambda: round(p, -1)), ("ratio",
                    lambda: p.as_integer_ratio()), ("/", lambda: p / 4), ("divmod", lambda: divmod(p, 4)), ("float",
                    lambda: float(p)),
                    ("str", lambda: str(p)), ("format", lambda: f"{p:,}"), ("hex", lambda: hex(p)), ("pow",
                    lambda: pow(p, 2, 7)), ("bits", lambda: p.bit_length()), ("bool", lambda: bool(p)), ("max",
                    lambda: max(p, p)),
                    ("args", lambda: p.__getnewargs__()), ("*seq", lambda: "ab" * p if 0 <= p < 10 else None), ("1.5",
                    lambda: p + 1.5), ("trunc", lambda: p.__trunc__())]:
        show(name, f)
    p.extra = [value]
    p.other = "x"
    print(p.extra, p.other, p.__dict__)
    del p.extra
    show("attr", lambda: p.extra)
n = Named(5, name="five")
print(n, n.name, n + 1, 1 + n, n + n, sum([n, n]), n * 2, type(n * 2).__name__, [n], "%s %r %d" % (n, n, n), n.__dict__)
o = Odd(4)
print(o, repr(o), int(o), float(o), o == 4, 4 == o, o != 4, hash(o), bool(o), o + 1, o * 2, [0] * 3 + [o + 0], f"{o}",
    f"{o:d}", "%d" % o, str(o), o.__index__(), list(range(6))[o], round(o), round(o, 2), -o)
show("hex", lambda: hex(o))
show("range", lambda: range(o))
show("slots", lambda: setattr(Slotted(3), "x", 1))
show("from str", lambda: Plain("0x1f", 16) + Plain())
show("bad", lambda: Plain("z"))
show("bad", lambda: Plain(None))
show("new", lambda: int.__new__(Plain, "12"))
show("new", lambda: int.__new__(str))
show("new", lambda: int.__new__())
show("new", lambda: int.__new__(5))
show("new", lambda: int.__new__(bool))
show("new", lambda: bool.__new__(int))
show("new", lambda: float.__new__(int))
d = Degrees(400.5)
print(d, d.turn(), type(d.turn()).__name__, d + 1, type(d + 1).__name__, -d, abs(d), d == 400.5, hash(d) == hash(400.5),
    d.real, type(d.real).__name__, float(d), int(d), round(d), round(d, 0), d.is_integer(), d.hex(), f"{d:.1f}", str(d),
    d // 7, d % 7, {400.5: "k"}[d])
d.unit = "deg"
print(d.unit, d.__dict__, Degrees.fromhex("0x1.8p1"), type(Degrees.fromhex("0x1p1")).__name__, Degrees("1e3"),
    Degrees(), Degrees(2**60), d.__getnewargs__(), d.conjugate(), type(d.conjugate()).__name__)
s = Strange(2.5)
print(s, float(s), int(s), s + 1, s == 2.5, 2.5 == s, s != 2.5, s < 3, s.as_integer_ratio(), [s], s.__trunc__())
import math
print(math.sqrt(s), math.floor(s), math.ceil(d), math.trunc(o), math.gcd(o, 6), math.sqrt(o), math.fsum([s, s]),
    math.factorial(Plain(5)), math.log(Plain(10**400)), math.ldexp(1.5, Plain(3)), math.isqrt(Plain(50)))
