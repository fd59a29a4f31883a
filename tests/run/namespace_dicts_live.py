"""A `__dict__` is one object, and what looks at it sees each change: iterators, dict views, and the dict itself."""
import sys


class C:
    pass


def loop(change, make=iter):
    c = C()
    c.a, c.b, c.c = 1, 2, 3
    seen = []
    try:
        for item in make(c.__dict__):
            seen.append(item)
            if len(seen) < 9:
                change(c, len(seen))
    except RuntimeError as error:
        seen.append(str(error))
    print(seen, vars(c))


def grow(c, n):
    setattr(c, "x%d" % n, n)


def shrink(c, n):
    del c.b


def once(c, n):
    if n == 1:
        del c.b
        c.b = 9


def swap(c, n):
    if n == 1:
        del c.a
        c.z = 0


def swap_later(c, n):
    if n == 2:
        del c.c
        c.z = 0


def change_values(c, n):
    c.a, c.b, c.c = n * 10, n * 20, n * 30


def last(c, n):
    if n == 3:
        c.more = 1


for change in grow, shrink, once, swap, swap_later, change_values, last:
    for make in iter, lambda d: d.items(), lambda d: d.values(), lambda d: d.keys(), reversed, lambda d: reversed(d.items()), lambda d: enumerate(d):
        loop(change, make)

c = C()
c.a = 1
own, keys, values, items = vars(c), vars(c).keys(), vars(c).values(), vars(c).items()
iterator = iter(own)
print(own, keys, list(values), items, len(keys), iterator.__length_hint__())
c.b = [2]
print(own, keys, list(values), items, len(keys), iterator.__length_hint__(), "b" in keys, ("a", 1) in items, "b" in own)
del c.a
print(own, keys, list(values), items, len(own), keys & {"a", "b"}, keys == {"b"}, keys.isdisjoint({"a"}), items == {}.items(), "a" in own, own.get("a"))
c.a = 4
print(own, keys, values, items, list(reversed(own)), keys.mapping, keys.mapping["a"], own == {"b": [2], "a": 4}, sorted(keys | {"z"}))
mapping = keys.mapping
c.a = 5
print(mapping, type(mapping).__name__, mapping["a"], dict(mapping), len(mapping))
for i in range(100):
    setattr(c, "n%d" % i, i)
print(len(own), len(keys), sum(values, 0) if not c.__dict__.get("b") else sum(v for v in values if v != [2]), own["n99"], list(own)[-1])
for i in range(0, 100, 3):
    delattr(c, "n%d" % i)
print(len(own), "n0" in own, "n1" in own, list(items)[2:5], own is c.__dict__)
for i in range(100):
    if hasattr(c, "n%d" % i):
        delattr(c, "n%d" % i)
print(own, len(keys))

space = globals()
before = len(space)
new_global = 1
print(len(space) - before, space["new_global"], "new_global" in space, list(space)[-1])
new_global = 2
print(space["new_global"], space.get("new_global"))
del new_global
print("new_global" in space, space is globals(), sys.modules["__main__"].__dict__ is space, type(sys.modules) is dict, sys.modules is sys.modules)
seen = []
try:
    for name in globals():
        seen.append(name)
        fresh = 1
except RuntimeError as error:
    print(error)


def f():
    pass


attributes = f.__dict__
f.a = 1
print(attributes, attributes is f.__dict__)
f.b = 2
print(attributes)


class Error(Exception):
    pass


e = Error()
state = e.__dict__
e.x = 1
print(state, state is e.__dict__)


class Printer:
    """The repr of an attribute changes the namespace that is being printed."""

    def __repr__(self):
        holder.other = 1
        return "P"


holder = C()
holder.p = Printer()
print(repr(vars(holder)), vars(holder).keys())


class Equal:
    def __eq__(self, other):
        left.late = 1
        return True


left, right = C(), C()
left.e = Equal()
right.e = 5
print(vars(left) == vars(right), vars(left).keys())
views = [vars(C()) for i in range(200)]
print(len({id(view) for view in views}), all(view == {} for view in views))
many = [C() for i in range(1000)]
for n, each in enumerate(many):
    each.n = n
firsts = [vars(each) for each in many]
junk = [[i] for i in range(20000)]
print(all(vars(each) is view and view["n"] == n for n, (each, view) in enumerate(zip(many, firsts))))
