"""Classes made in odd ways: slots, lay-out conflicts, hooks of creation, super() out of place, attributes of classes."""
def t(label, f):
    try:
        r = f()
        print(label, r if type(r) in (int, str, bool, tuple, list, type(None), dict) else type(r).__name__)
    except BaseException as e:
        print(label, type(e).__name__, str(e)[:200])


class K2(str):
    pass


class O:
    pass


def a2():
    o = O()
    for n in ("a b", "", "1", "class", "\ud800", "é", "x" * 1000): setattr(o, n, len(n))
    return sorted(len(k) for k in vars(o))


t("odd names", a2)
for s in ("x", ("x", "x"), ("x", "1"), (1,), None, 5, {"a": 1}, iter(["p", "q"]), [K2("z")], ("__dict__",), ("__dict__", "__dict__"), ("__weakref__",), ("__weakref__", "__weakref__"), ("__class__",), ("__slots__",), ("__init__",), ("__qualname__",), ("__doc__",), ("__module__",), ("__name",), "__dict__", (), ["a" * 300], ("m",)):
    for base in (object, list, int, tuple, str, dict, Exception, O, type("".join)):
        def mk():
            class A(base):
                __slots__ = s
                def m2(self):
                    return 1
            a = A()
            for n in ("x", "p", "a", "z", "_A__name", "other", "__doc__"):
                try:
                    setattr(a, n, 7)
                except Exception as e:
                    print("   ", n, type(e).__name__, e)
            return sorted(n for n in ("x", "p", "a", "z", "_A__name", "other") if hasattr(a, n)) + [hasattr(a, "__dict__"), hasattr(a, "__weakref__")]
        t(("slots", str(s)[:20] if not hasattr(s, "__next__") else "iter", base.__name__), mk)


def b1():
    class A:
        __slots__ = ("x",)
    class B(A):
        __slots__ = ("x",)
    b = B()
    b.x = 1
    A.x.__set__(b, 2)
    return b.x, A.x.__get__(b)


t("same slot", b1)


def b2():
    class A:
        __slots__ = ("x",)
    class B:
        __slots__ = ("y",)
    class C(A, B):
        pass


t("conflict", b2)


def b3():
    class A:
        __slots__ = ()
    class B:
        __slots__ = ("y",)
    class C(A, B):
        __slots__ = ("z",)
    c = C()
    c.y = c.z = 1
    return hasattr(c, "__dict__")


t("noconflict", b3)


def b4():
    class A(list):
        __slots__ = ("q",)
    class B(list):
        __slots__ = ("r",)
    class C(A, B):
        pass


t("conflict2", b4)


def b5():
    class A(int):
        pass
    class B(str):
        pass
    class C(A, B):
        pass


t("conflict3", b5)
for bs in ((OSError, ValueError), (OSError, SyntaxError), (KeyError, AttributeError), (StopIteration, OSError), (Exception, dict), (ImportError, NameError), (UnicodeDecodeError, ValueError), (KeyError, IndexError), (SystemExit, KeyError), (OSError, StopIteration), (bool,), (type(None),), (range,), (slice,), (type(len),), (type(O.__dict__),), (property, classmethod), (O, object), (object, O), (O, O), (int, bool)):
    def mk2():
        class C(*bs):
            pass
        return C.__mro__[1].__name__, C.__base__.__name__
    t(("bases", [b.__name__ for b in bs]), mk2)


class N:
    def __init__(self, act):
        self.act = act
    def __set_name__(self, owner, name):
        self.act(owner, name)


def c1():
    log = []
    class A:
        ns = locals()
        x = N(lambda o, n: (log.append(n), setattr(o, "later", N(lambda o2, n2: log.append(("late", n2))))))
        y = N(lambda o, n: (log.append(n), delattr(o, "z") if "z" in o.__dict__ else None))
        z = N(lambda o, n: log.append(n))
    return log, sorted(k for k in A.__dict__ if k[0] != "_")


t("setname", c1)


def c2():
    class A:
        x = N(lambda o, n: 1 / 0)


t("setname raises", c2)


def c3():
    class A:
        def __init_subclass__(cls, **kw):
            kw.pop("a", None)
            super().__init_subclass__(**kw)
    class B(A, a=1):
        pass
    class C(A, b=1):
        pass


t("initsub", c3)


def c4():
    class A:
        def __init_subclass__(cls):
            cls.x = 1
            A.y = cls
            del cls.m
    class B(A):
        m = 5
    return B.x, hasattr(B, "m"), A.y is B


t("initsub2", c4)


class ME:
    def __init__(self, r):
        self.r = r
    def __mro_entries__(self, bases):
        return self.r


for r in ((), (O,), (O, list), [O], 5, (5,), (O, O), (ME(()),)):
    def mk3():
        class A(ME(r)):
            pass
        return [c.__name__ for c in A.__mro__], len(A.__orig_bases__)
    t(("mro_entries", str(r)[:12]), mk3)
    def mk4():
        class A(ME(r), O):
            pass
        return [c.__name__ for c in A.__mro__]
    t(("mro_entries2", str(r)[:12]), mk4)


def d1():
    class A:
        def f(self):
            del self
            return super().f()
    A().f()


t("super del", d1)


def d2():
    class A:
        def f(*args):
            return super().f()
    A().f()


t("super args", d2)


def d3():
    class A:
        def f(self):
            self = 5
            return super().__repr__()
    return A().f()


t("super re", d3)


def d4():
    class A:
        def f(self):
            def g():
                return super().__repr__()
            return g()
    return A().f()


t("super nested", d4)


def d5():
    class A:
        x = [super for i in range(1)]
        def f(self):
            return [super().__init__ for i in range(1)]
    return A().f()


t("super comp", d5)


def d6():
    class A:
        def f(self):
            return __class__
        g = f
    A2 = A
    A = 5
    return A2().f().__name__


t("class cell", d6)


def d7():
    class A:
        def f(self):
            return super().g()
    class B:
        def g(self):
            return "B.g"
    B.f = A.f
    return B().f()


t("super foreign", d7)


def d8():
    class A:
        nonlocal_ = 1
        def f(self):
            return __class__
        r = None
        try:
            r = f(None)
        except NameError as e:
            r = str(e)
    return A.r


t("class cell early", d8)


def d9():
    class A:
        def f(self):
            return super().f
        try:
            r = f(5)
        except RuntimeError as e:
            r = str(e)
    return A.r


t("super early", d9)


def e1():
    class A:
        pass
    a = A()
    A.__name__ = "Z\0"


t("name null", e1)


def e2():
    class A:
        pass
    A.__name__ = K2("Q"); A.__qualname__ = "W"; A.__module__ = 5; A.__doc__ = 7
    return A.__name__, A.__qualname__, A.__module__, A.__doc__, repr(A)


t("names", e2)
for n in ("__bases__", "__mro__", "__dict__", "__base__", "__class__", "__name__", "__qualname__", "__module__", "__doc__", "__abstractmethods__", "__annotations__", "__subclasses__", "mro", "__weakref__", "__init__", "__new__", "__slots__"):
    for v in (5, (), (O,), "s", None):
        class X:
            pass
        if n in ("__bases__",) and v == (O,): continue
        t(("clsset", n, str(v)[:3]), lambda: setattr(X, n, v))
        t(("clsget", n), lambda: getattr(X, n) if n not in ("__weakref__", "__dict__") else 0)
        t(("make", n), lambda: X())
    class Y:
        pass
    t(("clsdel", n), lambda: delattr(Y, n))
    t(("intset", n), lambda: setattr(int, n, 5))
