"""Sites of calls in every state of their caches: builtins, constructors, instances with __call__, bound methods, functions that need binding; one, a few,
many of them, mixed, and classes that change between."""


class Adder:
    def __init__(self, n):
        self.n = n

    def __call__(self, x):
        return self.n + x

    def add(self, x):
        return 100 * self.n + x

    def defaults(self, x, y=5):
        return (self.n, x, y)


class Doubler(Adder):
    def __call__(self, x):
        return self.n * x * 2


class Triple(Adder):
    pass


class Late:
    pass


class Unusual:
    __call__ = len


class Static:
    @staticmethod
    def __call__(x):
        return ("static", x)


class Generating:
    def __call__(self, x):
        yield x
        yield x + 1


class Wrapped(int):
    def __call__(self, x):
        return int(self) + x


class CallIsAnInstance:
    __call__ = Adder(1000)


def plain(x):
    return ("plain", x)


def defaults(x, y=2, *rest, **named):
    return (x, y, rest, named)


def call(f, x):
    return f(x)


def one(f, x):
    return f(x)


class Holder:
    def __init__(self, f):
        self.f = f

    def go(self, x):
        return self.f(x)


def show(f, x):
    try:
        result = f(x)
        if hasattr(result, "__next__"):
            result = list(result)
        print(result)
    except Exception as error:
        print(type(error).__name__, error)


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as error:
        print(type(error).__name__, error)


def mono():
    a = Adder(1)
    for i in range(4):
        print(one(a, i))
    Adder.__call__ = lambda self, x: ("new", self.n, x)
    print(one(a, 1))
    del Adder.__call__
    attempt(one, a, 1)
    Adder.__call__ = lambda self, x, y=7: ("again", self.n, x, y)
    print(one(a, 1), one(a, 2))
    Adder.__call__ = plain
    attempt(one, a, 1)
    Adder.__call__ = None
    attempt(one, a, 1)
    Adder.__call__ = lambda self, x: self.n + x


def bound(f, x):
    return f(x)


def bound_methods():
    a, b = Adder(1), Adder(2)
    f, g = a.add, b.add
    for i in range(3):
        print(bound(f, i), bound(g, i), bound(a.add, i))
    Adder.add = lambda self, x: ("other", x)
    print(bound(f, 1), bound(a.add, 1))
    print(bound(a.defaults, 1), bound(a.defaults, 2))
    attempt(bound, a.__init__, "x")
    print(a.n)
    attempt(bound, a.go if hasattr(a, "go") else a.__eq__, a)
    attempt(bound, [].append, 1)
    attempt(bound, "abc".index, "c")
    attempt(bound, {"k": 1}.get, "k")
    attempt(bound, classmethod(lambda cls, x: (cls.__name__, x)).__get__(a), 3)


def poly():
    callees = [Adder(1), Doubler(2), Triple(3)]
    for i in range(3):
        for f in callees:
            print(call(f, i), end=" ")
    print()
    callees += [Adder(4).add, plain, abs, defaults, Adder, Wrapped(5), Generating(), Static(), Unusual(), CallIsAnInstance(), print, str, Late, Late(), 5, 1.5, None,
                "text", [], lambda x: -x, len]
    for i in (3, 4, -2):
        for f in callees:
            try:
                result = call(f, i)
                print(type(result).__name__, result if not isinstance(result, (Adder, Late)) and not hasattr(result, "send") else "")
            except Exception as error:
                print(type(error).__name__, error)


def holder():
    a, b = Adder(1), Doubler(5)
    h = Holder(a)
    print(h.go(1), h.go(2))
    h.f = Triple(3)
    print(h.go(1))
    h.f = b
    print(h.go(1))
    h.f = b.add
    print(h.go(1))
    h.f = abs
    print(h.go(-1))
    h.f = Adder
    print(h.go(9).n)
    a.__call__ = lambda x: "never"
    print(a(1))


def builtin(f, *args):
    return f(*args)


def builtins():
    def upper(s):
        return s.upper()

    class S(str):
        def upper(self):
            return "mine"

    class T(str):
        pass

    for s in "a", "b", S("c"), T("d"):
        print(upper(s))
    f = str.upper
    for s in "a", T("e"), 5:
        attempt(lambda: f(s))
    attempt(lambda: f())
    attempt(lambda: f("a", "b"))
    appended = []
    add = appended.append
    for i in range(5):
        add(i)
    attempt(lambda: add())
    attempt(lambda: add(1, 2))
    print(appended)
    for f in abs, len, repr, sorted, callable, chr, bin, list, tuple:
        for x in 65, [2, 1], "ab":
            attempt(lambda: f(x))
    for a, b in ((7, 2), (7.5, 2), ("x", 2), (7, 0)):
        attempt(lambda: divmod(a, b))
    print(max([3, 5]), max(3, 5, 4), max("a", "b", key=ord))


def collected():
    def site(f):
        return f(1)

    for round in range(3):
        for i in range(6):
            class Temporary:
                def __call__(self, x):
                    return (i, x)

                def m(self, x):
                    return (-i, x)

            t = Temporary()
            print(site(t), site(t.m), end=" ")
            del t, Temporary
            garbage = [[0] * 50000 for j in range(5)]
        print()


def closures():
    def site(f, x):
        return f(x)

    for i in range(8):
        def f(x, y=i):
            return x * y
        print(site(f, i), end=" ")
    print()
    for i in range(8):
        print(call_kw(defaults, i), end=" ")
    print()


def call_kw(f, x):
    return f(x, y=x + 1, z=3)


def deep(n):
    class Deep:
        def __call__(self, n):
            return 0 if n == 0 else self(n - 1) + 1

        def m(self, n):
            f = self.m
            return 0 if n == 0 else f(n - 1) + 1

    print(Deep()(n), Deep().m(n))
    for f in Deep(), Deep().m:
        try:
            f(10 ** 6)
        except RecursionError as error:
            print(str(error)[:32])


class Raises:
    def __call__(self, x):
        raise ValueError(x)


class Returns:
    def __init__(self, x):
        return x


def construct(cls, x):
    return cls(x)


def constructors():
    class P:
        def __init__(self, x):
            self.x = x

    class Q:
        def __init__(self, x):
            self.y = self.x = x

    class R(P):
        pass

    class V(int):
        pass

    for i in range(3):
        for cls in P, Q, R:
            print(construct(cls, i).x, end=" ")
    print()
    for cls in V, Adder, Returns, Late, object:
        for x in 1, None:
            try:
                print(type(construct(cls, x)).__name__)
            except Exception as error:
                print(type(error).__name__, error)
    P.__init__ = lambda self, x: setattr(self, "x", ("changed", x))
    print(construct(P, 1).x, construct(R, 2).x, construct(Q, 3).x)
    h = Holder(P)
    for i in range(3):
        print(h.go(i).x)
    h.f = Returns
    for x in None, 5:
        try:
            print(type(h.go(x)).__name__)
        except TypeError as error:
            print(error)


def errors():
    for i in range(3):
        try:
            call(Raises(), i)
        except ValueError as error:
            print("caught", error)
    attempt(one, Adder(1))
    a = Adder(1)
    attempt(lambda: a())
    attempt(lambda: a(1, 2))
    attempt(lambda: a.add())
    f = a.add
    attempt(lambda: f(1, 2, 3))


mono()
bound_methods()
poly()
holder()
builtins()
collected()
closures()
deep(50)
constructors()
errors()
