"""Names: closures, classes, comprehensions, walrus, private names, unassigned variables."""


def counter():
    n = 0

    def up(by=1):
        nonlocal n
        n += by
        return n

    def read():
        return n

    return up, read


up, read = counter()
print(up(), up(5), read())
x = "global"


class A:
    x = "class"
    y = [x for _ in range(1)]
    z = [i for i in x]
    w = (lambda: x)()

    def method(self):
        return x, __class__.__name__

    def __private(self):
        return "private"

    def call(self):
        self.__attribute = 3
        return self.__private(), self.__attribute, [name for name in dir(self) if "A__" in name or "_A" in name]


print(A.y, A.z, A.w, A().method(), A().call())


def nested():
    x = "function"

    class B:
        x = x if False else "class"
        y = x

        def get(self):
            return x

    class C:
        y = x

        def set(self):
            nonlocal x
            x = "changed"

    C().set()
    return B.y, B().get(), C.y, x


print(nested())


def comprehensions(data):
    total = [last := i for i in data if (seen := i)]
    functions = [lambda: i for i in data]
    more = [lambda i=i: i for i in data]
    matrix = [[i * j for j in data] for i in data]
    captured = [[lambda: (i, j) for j in data][0]() for i in data]
    sets = {i % 2 for i in data}
    dicts = {k: v for k, v in zip(data, "abc")}
    generators = list(i + k for i in data for k in data if i != k)
    return total, last, seen, [f() for f in functions], [f() for f in more], matrix, captured, sets, dicts, generators


print(comprehensions([1, 2, 3]))


def unassigned(which):
    if which == 0:
        y = 1
    try:
        return y
    except UnboundLocalError as e:
        return str(e)
    finally:
        if which:
            y = 2
            del y


print(unassigned(0), unassigned(1))


def free():
    def inner():
        return late

    try:
        inner()
    except NameError as e:
        print(e)
    late = 1
    print(inner())
    del late
    try:
        inner()
    except NameError as e:
        print(e)


free()
try:
    print(undefined_name)
except NameError as e:
    print(e)


def walrus(a):
    y = a + (a := a + 1) + a
    z = (a, a := 10, a)
    return y, z, a, a if (a := a - 10) else "zero"


print(walrus(1))


def swap(a, b, c):
    a, b = b, a
    a, b, c = c, a, b
    a, b = b, a + b
    (a, b), c = (c, a), b
    return a, b, c


print(swap(1, 2, 3))


def parameters(a, /, b, c=3, *args, d, e=5, **kwargs):
    return a, b, c, args, d, e, kwargs


print(parameters(1, 2, d=4), parameters(1, 2, 3, 4, 5, d=6, f=7), parameters(1, b=2, d=3, **{"a": 4}))


def captured_parameters(a, *args, b, **kwargs):
    def inner():
        return a, args, b, kwargs

    a += 1
    return inner()


print(captured_parameters(1, 2, b=3, c=4))


class Base:
    def who(self):
        return "base"

    @classmethod
    def make(cls):
        return cls.__name__


class Derived(Base):
    def who(self):
        return "derived " + super().who() + [super(Derived, self).who() for _ in [0]][0]

    def later(self):
        return (lambda: super(Derived, self).who())() + self.inner()

    def inner(self):
        return (lambda self: super().who())(self)

    @classmethod
    def make(cls):
        return "made " + super().make()


print(Derived().who(), Derived().later(), Derived.make())


def no_super():
    super().x


for attempt in (no_super, lambda *a: super(), lambda x: super()):
    try:
        attempt(1) if attempt is not no_super else attempt()
    except RuntimeError as e:
        print(e)


def globals_in_functions():
    global made
    made = 1

    def inner():
        global made
        made += 1

    class G:
        global in_class
        in_class = made

    inner()
    return made


print(globals_in_functions(), made, in_class)
