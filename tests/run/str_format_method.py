# str.format and str.format_map: fields, attributes, subscripts, conversions, nesting, numbering and errors.
class Thing:
    x = [1, 2]
    name = "thing"
    table = {"k": "v", "1": "text", 1: "number", "a b": 3, "}": 4, "{": 5, "[": 6}

    def __format__(self, spec):
        return "<" + spec + ">"

    def __repr__(self):
        return "Thing(é)"


class Missing(dict):
    def __missing__(self, key):
        return "<" + key + ">"


class Bad:
    def __format__(self, spec):
        return 5

    def __repr__(self):
        return 6

    __str__ = __repr__


def attempt(format, /, *args, **kwargs):
    try:
        print(ascii(format), ascii(format.format(*args, **kwargs)))
    except Exception as e:
        print(ascii(format), type(e).__name__, e)


FORMATS = """{ } {{}} {{{}}} { } } {} {0} {1} {0}{1} {1}{0} {}{0} {0}{} {a} {b} {a}{} {}{a}{} {0.x} {0.name} {0.nope}
{0.x[0]} {0.x[1]} {0.x[2]} {0.x[a]} {0.x[-1]} {0.table[k]} {0.table[1]} {0.table[}]} {0.table[{]}
{0.table[[]} {0.x[]} {0.} {0..x} {.} {.x} {[0]} {[} {[]} {0[} {0[0} {0.x[0} {0.x[0]a} {0.x[0]]} {0]}
{0!r} {!r} {!s} {!a} {!} {! {!r {!x} {!rr} {!r:>12} {!r!s} {!é} {0!r:{1}} {:{}} {:{}{}} {:{:{}}} {:{ {:{}
{:>{w}} {a{b}} {a {0 {0: {0:d {99999999999999999999} {0[99999999999999999999]} {:{{}}} {:}} {:x}}}
{0:{1}{2}} {a.b} {a!s:{b}} {:abc} {-1} {+1} {1_0} {٠} {0:٥} {0.x[٠]} {a[0]} {a[b]} {a.real} {0:{0}}
{0:{}} {a:{}} {0}{{}}{1} {0}}{ }{ {{0} {0}} {0}{ }0{ {{}}{} {:!} {0!r:!<20} {a:*^{w}} {a:{w}.{b}}
{0:{1.x}} {:{0}} {0.x.y.z} {0.table[k][0]} {0.table[a} {!r:} {: } {:<} {:5} {0:5}""".split()
for format in FORMATS:
    attempt(format)
    attempt(format, Thing(), 4, 5, a=1, b=">4", w=6)
    attempt(format, "txt", "*>6", "7", a="é", b=3, w="9")
attempt("{0.table[a b]} {0.table[k]!r:>5}", Thing())
attempt("{ a} {a b}", **{" a": 1, "a b": 2})
attempt("{}", Bad())
attempt("{!r}", Bad())
attempt("{!s}", Bad())
attempt("{0} {0:d} {0:x} {0:,}", 123456789)
attempt("{0:.2f} {0:e} {0!s} {0!r:>20}", 1234.5)
attempt("€{}é{}😀{}", 1, "ï", "x")
attempt("{}" * 20, *range(20))
attempt("{19}{0}", *range(20))
attempt("{self} {format}", self=1, format=2)
attempt("{0}{1}{2}", *"abc", **{"0": "kw"})
for mapping in ({"a": 1}, {}, Missing(a=1), 5, None, "abc", [1], {"": 5, "0": 6}):
    for format in ("{a}", "{b}", "{a}{b!r:>8}", "{}", "{0}", "x", "{a.real}", "{a[0]}", "{a:{b}}", "{", "{a!r}"):
        try:
            print(ascii(format.format_map(mapping)))
        except Exception as e:
            print(type(e).__name__, e)
for call in (lambda: "a".format_map(), lambda: "a".format_map(1, 2), lambda: str.format(), lambda: str.format(5),
             lambda: str.format("{}", 5), lambda: str.format("{x}", x=5),
             lambda: "{}".format(**{"a": 1}), lambda: "{a}".format_map(a=1)):
    try:
        print(ascii(call()))
    except Exception as e:
        print(type(e).__name__, e)
