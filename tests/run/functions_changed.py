"""Attributes of functions that change: defaults, names, what cannot be set; odd keywords."""


def t(label, f):
    try:
        print(label, f())
    except BaseException as e:
        print(label, type(e).__name__, str(e)[:150], type(e.__context__).__name__, type(e.__cause__).__name__)


# 2. functions changed
def f(a, b=2, *c, d=4, **e):
    return a, b, c, d, e
def ch(g): 
    g()
    t("f(1)", lambda: f(1))
    t("f()", lambda: f())
    t("f(1,d=9)", lambda: f(1, d=9))
    t("f(a=1)", lambda: f(a=1, x=2))
    t("f*", lambda: f(*(1, 2, 3), **{"d": 1}))
def s1():
    f.__defaults__ = None
def s2():
    f.__defaults__ = (7, 8)
def s3():
    f.__defaults__ = (6, 7, 8)
def s4():
    f.__defaults__ = (9,)
def s5():
    f.__kwdefaults__ = None
def s6():
    f.__kwdefaults__ = {"d": 10, "zz": 1, 5: 6}
def s7():
    f.__kwdefaults__ = {}
def s8():
    class T(tuple):
        pass
    f.__defaults__ = T((3,))
def s9():
    class D(dict):
        def __getitem__(self, k):
            return "no"
        def get(self, k, d=None):
            return "no"
    f.__kwdefaults__ = D(d=11)
def s10():
    del f.__defaults__
def s11():
    del f.__kwdefaults__
def s12():
    f.__kwdefaults__ = d = {"d": 1}
    d.clear()
    d["d"] = 5
for s in (s1, s2, s4, s5, s6, s7, s8, s9, s10, s11, s12):
    print(s.__name__)
    ch(s)
for n in ("__defaults__", "__kwdefaults__", "__name__", "__qualname__", "__doc__", "__annotations__", "__module__", "__closure__", "__globals__", "extra", "__class__"):
    for v in (5, None, "s", (1,), {"a": 1}, [1]):
        t(("set", n, v), lambda: setattr(f, n, v))
    t(("del", n), lambda: delattr(f, n))
    if n not in ("__globals__", "__closure__", "__class__", "__dict__"): t(("get", n), lambda: getattr(f, n))
class S(str):
    pass
t("kw sub", lambda: f(**{S("a"): 1, S("q"): 2}))
t("kw int", lambda: f(**{1: 1}))
t("kw none", lambda: f(**{None: 1}))
class K(str):
    def __hash__(self):
        return 1
    def __eq__(self, o):
        return True
t("kw k2", lambda: f(1, **{"a": 2}))
class M:
    def keys(self):
        return ["a", "a"]
    def __getitem__(self, k):
        return 1
class M2:
    def keys(self):
        return [1]
    def __getitem__(self, k):
        return 1
t("kw m2", lambda: f(**M2()))
