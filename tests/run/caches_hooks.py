"""Hooks that a class gets, and loses, after sites have cached its attributes."""


def hook(self, n, v):
    print("hook", n, v)
    object.__setattr__(self, n, v)


def ghook(self, n):
    print("ghook", n)
    return object.__getattribute__(self, n)


def s(o, v):
    o.y = v


def g(o):
    return o.y


class A:
    pass


class B(A):
    pass


for c in A, B:
    a = c()
    for i in range(4):
        s(a, i)
        g(a)
    A.__setattr__ = hook
    s(a, 4)
    A.__getattribute__ = ghook
    print(g(a))
    del A.__setattr__, A.__getattribute__
    s(a, 5)
    print(g(a))


class S(A):
    __slots__ = ("q",)


class P(B):
    pass


for c in (S, P):
    for k in (A, B, c):
        if not issubclass(c, k):
            continue
        a = c()
        for i in range(4):
            s(a, i)
            g(a)
        k.__setattr__ = hook
        s(a, 4)
        k.__getattribute__ = ghook
        print(g(a))
        del k.__setattr__, k.__getattribute__
        s(a, 5)
        print(g(a))


class Getter:
    def __get__(self, instance, cls):
        return "Getter.__get__"


class Deleter(Getter):
    def __delete__(self, instance):
        print("Deleter.__delete__")


class Setter:
    def __set__(self, instance, value):
        print("Setter.__set__")


for descriptor in (Getter(), Deleter(), Setter()):
    class X:
        pass
    x = X()
    x.y = 5
    for i in range(3):
        print(g(x))
    X.y = descriptor
    for i in range(3):
        print(type(g(x)).__name__)
    try:
        s(x, 6)
    except AttributeError as error:
        print(error)
    print(vars(x))


class Slotted:
    __slots__ = ("y", "z")


x = Slotted()
s(x, 1)
print(g(x))
Slotted.y = "of the class"
print(g(x))
del Slotted.y
try:
    print(g(x))
except AttributeError as error:
    print(error)
