"""Stores to attributes of classes and modules that inline caches remember, and all that makes them wrong."""
import sys


class Plain:
    count = 0
    text = "a"


class Derived(Plain):
    pass


def bump(cls, n):
    for _ in range(n):
        cls.count = cls.count + 1
    return cls.count


print(bump(Plain, 50), Derived.count, Plain().count)
print(bump(Derived, 50), Plain.count, Derived().count, Derived.__dict__["count"])
print(bump(Plain, 50), Derived.count)


def put(cls, value):
    cls.text = value


for value in ("x", 1, 2.5, None, [1], (), True, "y"):
    put(Plain, value)
    print(Plain.text, Derived.text, Plain().text)


# A value that is no plain one, through the same site.
def method(self):
    return "method of", type(self).__name__


for value in (1, method, 2, property(lambda self: "property"), 3, staticmethod(lambda: "static"), 4):
    put(Plain, value)
    got = Plain().text
    print(got() if callable(got) else got)

# Deleted, and set again.
put(Plain, 5)
put(Plain, 6)
del Plain.text
try:
    print(Plain.text)
except AttributeError as problem:
    print(problem)
put(Plain, 7)
print(Plain.text, Derived.text)


# A class whose instances become descriptors while one of them is a class attribute.
class Late:
    def __init__(self, name):
        self.name = name


class Holder:
    late = Late("first")


def read(holder):
    value = holder.late
    return value if isinstance(value, str) else value.name


holder = Holder()
print([read(holder) for _ in range(3)], [read(Holder) for _ in range(3)])
Late.__get__ = lambda self, instance, owner: "got " + self.name
print([read(holder) for _ in range(3)], [read(Holder) for _ in range(3)])
del Late.__get__
print([read(holder) for _ in range(3)], [read(Holder) for _ in range(3)])


def store(holder, value):
    holder.late = value


store(holder, Late("own"))
store(holder, Late("own"))
print(read(holder))
Late.__set__ = lambda self, instance, value: print("set on", self.name, value)
store(holder, 3)
store(holder, 4)
del Late.__set__
store(holder, Late("again"))
print(read(holder))


# Special methods replaced by plain values and back.
class Callable:
    def __init__(self, result):
        self.result = result

    def __call__(self, *args):
        return self.result


class Sized:
    __len__ = Callable(3)
    __hash__ = None


sized = Sized()
print(len(sized), len(sized))
Sized.__len__ = Callable(4)
print(len(sized))
Sized.__len__ = Callable(5)
print(len(sized))
try:
    hash(sized)
except TypeError as problem:
    print(problem)
Sized.__hash__ = Callable(42)
print(hash(sized))


# Modules.
here = sys.modules[__name__]
number = 0


def count_up(n):
    for _ in range(n):
        here.number = here.number + 1
    return number


print(count_up(20), number)
del number
try:
    count_up(1)
except AttributeError as problem:
    print(str(problem).replace(here.__name__, "M"))
here.number = 5
print(count_up(3))


# Many classes and shapes through the same sites.
classes = [Plain, Derived]
for i in range(14):
    class Many:
        value = i

        def __init__(self):
            self.index = i
            self.other = -i

        def get(self):
            return self.index * 100 + self.value
    classes.append(Many)
total = 0
for turn in range(5):
    for cls in classes[2:]:
        one = cls()
        one.index += turn
        cls.value = turn
        total += one.get() + one.other
print(total)


class Root:
    def name(self):
        return "root"


class Left(Root):
    def name(self):
        return "left " + super().name()


class Right(Root):
    def name(self):
        return "right " + super().name()


class Both(Left, Right):
    def name(self):
        return "both " + super().name()


print([cls().name() for cls in (Left, Right, Both) * 3])
Right.name = lambda self: "changed"
print([cls().name() for cls in (Left, Right, Both) * 2])
