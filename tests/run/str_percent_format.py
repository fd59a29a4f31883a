# The % operator: conversions, flags, widths, precisions, keys and errors.
class Both:
    def __index__(self):
        return 77

    def __repr__(self):
        return "Both(é)"


class Int:
    def __int__(self):
        return 78

    def __repr__(self):
        return "Int()"


class Float:
    def __float__(self):
        return 1.5

    def __repr__(self):
        return "Float()"


class Get:
    def __getitem__(self, key):
        return key.upper()

    def __str__(self):
        return "Get!"


class Bad:
    def __index__(self):
        raise ValueError("bad index")

    def __repr__(self):
        return "Bad()"

    def __str__(self):
        raise KeyError("bad str")


class MyInt(int):
    def __str__(self):
        return "MYINT"

    __repr__ = __str__


class MyStr(str):
    def __str__(self):
        return "MYSTR"


class MyTuple(tuple):
    pass


def attempt(format, args):
    try:
        print(ascii(format), ascii(format % args))
    except Exception as e:
        print(ascii(format), type(e).__name__, e)


VALUES = [0, 1, -1, 255, -255, 10**20, -(10**20), 2**61, -(2**61), 2**64, True, 1.5, -1.5, 0.0, -0.0, 1e100, 1e-7,
          123456789.123456789, float("inf"),
          float("-inf"), float("nan"), "a", "é", "ab", "😀", None, [], (), Both(), Int(), Float(), Bad(), MyInt(5),
          MyStr("s"), 0x20AC, 0x1F600, 0x110000]
for flags in ("", "-", "+", " ", "#", "0", "+ ", "-0", "#0", "+0", "- #+0"):
    for size in ("", "5", "12", ".0", ".1", ".3", "12.3", "012.7", ".25"):
        for code in "diuoxXeEfFgGcrsa%":
            for value in VALUES[:: 3 if flags and size else 1]:
                if len(flags) < 2 or code in "dxfs":
                    attempt("%" + flags + size + code, (value,))
for args in (1, (1,), (1, 2), [1], {}, {"a": 1}, "s", (), None, range(3), Get(), MyTuple((1,)), {1}, int, ((),)):
    for format in ("abc", "%s", "%s %s", "%(a)s", "%(a)s %(b)s", "%%", "%d%%", "%(a)d %s", "%s %(a)s", "%(a", "%(a)",
                   "%(a(b)c)r", "%()s", "%", "%5", "%.", "%5.", "%-", "%*d",
                   "%.*f", "%*.*f", "%5%", "%(a)%", "%(a)*d"):
        attempt(format, args)
for width in (5, -5, True, 10**30, -(10**30), "a", 5.0, None, Both()):
    attempt("%*d|", (width, 42))
    attempt("%.*d|", (width, 42))
    attempt("%.*f|", (width, 42))
for format in ("%99999999999999999999d", "%.99999999999d", "%.2147483648f", "%ld", "%hd", "%Ld", "%lld", "%hhd", "%y",
               "%é", "%\x01", "%~", "%n", "%b", "%D", "%\n"):
    attempt(format, 5)
attempt("%s %r %a %c %d %i %u %o %x %X %e %f %g", ("é", "é", "é", "é", 1, 2, 3, 8, 255, 255, 1.5, 2.5, 3.5))
attempt("%(x)s %(y)5.2f %(x)r", {"x": "é", "y": 3.14159})
attempt("€%s😀%s", ("a", "é"))
attempt("%-10s|%10s|%.2s|%5.1s|", ("ab", "cd", "efg", "hij"))
print(type(MyStr("abc") % ()).__name__, type(MyStr("%s") % 1).__name__, MyStr("%s") % 1,
      "%s%s" % (MyStr("q"), MyInt(3)), "%d" % MyInt(3))
print("%.300f" % 0.1, "%.1200e" % 1e-300, "%.50g" % 0.1, "%#.30g" % 0.5, "%.1100f" % 5e-324, len("%.5000f" % 1.0),
      len("%#.3000g" % 1.5), len("%.2000d" % 7))
print(("%s, " * 50) % tuple(range(50)))
