"""sys: functions and constants that do not depend on the machine."""
import sys


def show(text, f):
    try:
        print(text, "->", f())
    except BaseException as e:
        print(text, "->", type(e).__name__, "|", e, e.args)


show("exit 2", lambda: sys.exit(1, 2))
show("exit", lambda: sys.exit())
show("exit None", lambda: sys.exit(None))
show("exit tuple", lambda: sys.exit((1, 2)))
show("exit str", lambda: sys.exit("a"))
show("exit exception", lambda: sys.exit(ValueError(3)))
show("exit exit", lambda: sys.exit(SystemExit(3)))
show("limit", lambda: sys.getrecursionlimit())
show("intern int", lambda: sys.intern(1))
show("intern", lambda: sys.intern("a" + "bc") is sys.intern("abc"))
show("digits 3", lambda: sys.set_int_max_str_digits(3))
show("digits a", lambda: sys.set_int_max_str_digits("a"))
show("digits -1", lambda: sys.set_int_max_str_digits(-1))
show("digits default", lambda: sys.get_int_max_str_digits())
show("digits 0", lambda: sys.set_int_max_str_digits(maxdigits=0))
show("digits now", lambda: sys.get_int_max_str_digits())
show("long", lambda: len(str(10 ** 5000)))
show("digits 700", lambda: sys.set_int_max_str_digits(700))
show("too long", lambda: str(10 ** 800))
show("sizes", lambda: [sys.getsizeof(v) for v in (0, 1, 2 ** 30, 2 ** 100, -(2 ** 60), "", "abc", "é", "€", "\U00010000", [], (), (1,), {}, {1: 2},
                                                   {"a": 1}, set(), 1.5, True, None, range(3), frozenset(), object(), len)])
show("dicts", lambda: [sys.getsizeof({i: i for i in range(n)}) for n in (5, 6, 11, 100, 1000)])
show("size default", lambda: sys.getsizeof(3, 4))
show("size none", lambda: sys.getsizeof())


class Sized:
    def __sizeof__(self):
        return 1000


class Wrong:
    def __sizeof__(self):
        return -1


show("size negative", lambda: sys.getsizeof(Wrong()))
show("exc_info", lambda: sys.exc_info())
show("encoding", lambda: sys.getdefaultencoding())
show("display None", lambda: sys.displayhook(None))
show("display", lambda: sys.displayhook("a"))
show("types", lambda: (type(sys.flags), type(sys.version_info), type(sys.float_info)))
show("version", lambda: (sys.version_info[:2], sys.version_info >= (3, 8), sys.version_info.major, sys.version_info.releaselevel))
show("version fields", lambda: (sys.version_info.n_fields, sys.version_info.n_sequence_fields, len(sys.version_info)))
show("version text", lambda: (sys.version[:4], sys.hexversion >> 16 == 0x030B))
show("version unpack", lambda: [*sys.version_info][:2])
show("version set", lambda: setattr(sys.version_info, "major", 3))
show("version call", lambda: type(sys.version_info)((1, 2, 3, 4, 5)))
show("float_info", lambda: sys.float_info)
show("int_info", lambda: sys.int_info)
show("hash_info", lambda: sys.hash_info)
show("flags", lambda: (sys.flags.optimize, sys.flags.debug, sys.flags.interactive))
show("constants", lambda: (sys.maxsize, sys.maxunicode, sys.byteorder, sys.platform, sys.float_repr_style))
show("modules", lambda: (sys.modules["sys"] is sys, "sys" in sys.modules, "nothing" in sys.modules, sys.modules.get("nothing")))
show("path", lambda: (type(sys.path).__name__, len(sys.path) > 0, type(sys.argv).__name__, len(sys.argv)))
show("streams", lambda: (sys.stdin, sys.stdout, sys.stderr))
show("module", lambda: (sys.__name__, sys, type(sys), sys.exit.__name__, sys.exit.__module__, sys.exit))
try:
    1 / 0
except ZeroDivisionError:
    print(sys.exc_info()[:2], type(sys.exc_info()[2]).__name__)
    try:
        [][1]
    except IndexError:
        print(sys.exc_info()[1])
    print(sys.exc_info()[1])
print(sys.exc_info())
