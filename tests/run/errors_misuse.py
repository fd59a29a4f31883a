"""Exceptions raised, chained and changed in ways that nobody should; __new__ and __init__ of exceptions apart."""


def t(label, f):
    try:
        print(label, f())
    except BaseException as e:
        print(label, type(e).__name__, str(e)[:150], type(e.__context__).__name__, type(e.__cause__).__name__)


# 3. exceptions
class E2(Exception):
    def __init__(self):
        pass
def r(x, y=None):
    if y is None:
        raise x
    raise x from y
for x in (E2, 5, int, None, "s", ValueError, ValueError(1), type, E2(), (ValueError,), object()):
    t(("raise", str(type(x))), lambda: r(x))
    for y in (ValueError, 5, KeyError(1)):
        t(("from", type(x).__name__, type(y).__name__), lambda: r(x, y))
def cyc():
    a = ValueError("a")
    b = KeyError("b")
    a.__context__ = b
    b.__context__ = a
    try:
        raise a
    except ValueError:
        raise b
t("cycle", cyc)
def cyc2():
    a = ValueError("a")
    a.__cause__ = a
    a.__context__ = a
    raise a
t("cycle2", cyc2)
e = ValueError(1, 2)
for n in ("args", "__cause__", "__context__", "__traceback__", "__suppress_context__", "__notes__", "x"):
    for v in (5, None, "s", (1,), [1, 2], e, True, {}):
        t(("eset", n, v if v is not e else "e"), lambda: setattr(e, n, v))
        t(("eget", n), lambda: getattr(e, n) if getattr(e, n) is not e else "e")
    t(("edel", n), lambda: delattr(e, n))
    t(("eget", n), lambda: getattr(e, n, "none"))
e.__notes__ = 5
t("note", lambda: e.add_note("x"))
e.__notes__ = ["a", 5]
t("note", lambda: e.add_note("x"))
t("note", lambda: e.add_note(5))
t("notes", lambda: e.__notes__)
for c in (StopIteration, KeyError, OSError, SystemExit, ImportError, NameError, AttributeError, SyntaxError, UnicodeError, UnicodeDecodeError, UnicodeEncodeError):
    for a in ((), (1,), (1, 2), (1, 2, 3), (1, "b", "c", 4, 5), ("utf8", "x", 0, 1, "r")):
        t((c.__name__, a), lambda: (str(c(*a)), repr(c(*a)), c(*a).args))
        o = c.__new__(c)
        t((c.__name__, "new"), lambda: (str(o), repr(o), o.args))
        t((c.__name__, "init"), lambda: (o.__init__(*a), str(o), repr(o), o.args))
        t((c.__name__, "init"), lambda: (o.__init__(), str(o), repr(o), o.args))
