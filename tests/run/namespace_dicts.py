"""`__dict__` of instances, functions and modules, vars() and globals() are dicts; those of classes are mappingproxies."""


class C:
    x = 5

    def __init__(self):
        self.a = 1
        self.b = 2


class D(dict):
    pass


class Slots:
    __slots__ = ("p", "__dict__")


def f():
    pass


def attempt(function, *args):
    try:
        print(function(*args))
    except Exception as error:
        print(type(error).__name__, error)


c = C()
f.note = 3
own = c.__dict__
print(type(own), type(vars(c)), type(globals()), type(f.__dict__), type(C.__dict__), own.__class__)
print(type(own) is dict, isinstance(own, dict), own.__class__ is dict, isinstance(own, (int, dict)), isinstance(own, object), isinstance(own, D), isinstance(own, list))
print(isinstance(C.__dict__, dict), type(C.__dict__) is dict, isinstance(own, dict | int), dict.__instancecheck__(own), isinstance(f.__dict__, dict), isinstance(globals(), dict))
print(c.__dict__ is c.__dict__, vars(c) is c.__dict__, globals() is globals(), f.__dict__ is f.__dict__, C.__dict__ is C.__dict__, own is C().__dict__)
print(id(own) == id(vars(c)), [own].index(c.__dict__))
print(own, repr(own), str(own), f"{own}", own.copy(), dict(own), {**own}, own | {}, {} | own, own | own, own | D(z=1), D(z=1) | own)
print(type(own.copy()), type(own | {}), type({} | own), type(D() | own), type(own | D()))
print("a" in own, "z" in own, 5 in own, own["a"], own.get("b"), own.get("z"), own.get("z", 7), len(own), bool(own), list(own), tuple(own), sorted(own), [*own], {*own} == {"a", "b"})
print(list(own.keys()), list(own.values()), list(own.items()), list(reversed(own)), list(reversed(own.items())), list(reversed(own.values())))
print(own == {"a": 1, "b": 2}, {"a": 1, "b": 2} == own, own != {"a": 1}, own == own.copy(), own == D(a=1, b=2), own == 5, own == C().__dict__, own != vars(c))
print(own.keys() & {"a"}, {"a"} & own.keys(), own.keys() == {"a", "b"}, own.keys() - {"a"}, own.items() & {("b", 2)}, own.keys().isdisjoint(["z"]), own.keys() | set() == {"a", "b"}, own.keys().mapping, own.items() ^ own.items(), own.keys() <= own.keys())
print("%(a)s-%(b)d" % own, "{a}-{b}".format_map(own), "{a}".format(**own), "{0[a]}".format(own))
attempt(lambda: own < own)
attempt(lambda: own < {})
attempt(lambda: {} >= own)
attempt(lambda: own + {})
attempt(lambda: own())
attempt(lambda: hash(own))
attempt(lambda: {own: 1})
attempt(lambda: own["z"])
attempt(lambda: own[[]])
attempt(lambda: own.nothing)
attempt(lambda: -own)
attempt(lambda: len(own, own))
attempt(lambda: own.keys(1))
attempt(lambda: own.get())
attempt(lambda: own.pop())
attempt(lambda: own.popitem(1))
attempt(lambda: next(own))
attempt(lambda: int(own))
attempt(lambda: "".join(own))
attempt(lambda: "".join([own]))
attempt(lambda: [] + own)
attempt(lambda: setattr(own, "q", 1))
attempt(lambda: delattr(own, "q"))
attempt(lambda: own.__dict__)
attempt(lambda: issubclass(type(own), dict))
attempt(lambda: dict.get(own, "a"))
attempt(lambda: dict.get(own, "z", 9))
attempt(lambda: list(dict.keys(own)))
attempt(lambda: list(dict.items(own)))
attempt(lambda: dict.copy(own))
attempt(lambda: dict.__len__(own))
attempt(lambda: dict.__contains__(own, "a"))
attempt(lambda: dict.__getitem__(own, "a"))
attempt(lambda: dict.__eq__(own, {"a": 1, "b": 2}))
attempt(lambda: dict.__or__(own, {}))
attempt(lambda: dict.__ror__(own, {}))
attempt(lambda: dict.__repr__(own))
attempt(lambda: list(dict.__iter__(own)))
attempt(lambda: list(dict.__reversed__(own)))
attempt(lambda: dict.get.__get__(own)("a"))
attempt(lambda: dict.__len__.__get__(own)())
attempt(lambda: list(map(dict.values, [own]))[0])
attempt(lambda: dict.__lt__(own, own))
attempt(lambda: dict.__hash__)
attempt(lambda: own.__len__())
attempt(lambda: own.__or__({"q": 1}))
attempt(lambda: own.__eq__(5))
attempt(lambda: own.__hash__)
attempt(lambda: own.fromkeys("ab", 1))
attempt(lambda: own.__class_getitem__(int))
attempt(lambda: own.__contains__("a"))
attempt(lambda: own.__getitem__("a"))
attempt(lambda: own.__init__())
attempt(lambda: own.__format__(""))
attempt(lambda: format(own, "5"))
attempt(lambda: dict.fromkeys(own, 0))
attempt(lambda: D.fromkeys(own, 0))
attempt(lambda: str.maketrans({"q": "r"}) == str.maketrans(Only().__dict__))
attempt(lambda: set(own) == {"a", "b"})
attempt(lambda: {"a", "z"} - set(own))
attempt(lambda: {"a", "z"}.difference(own))
attempt(lambda: {"a", "z"}.symmetric_difference(own) == {"z", "b"})
attempt(lambda: {"a"}.issubset(own))
attempt(lambda: frozenset(own) == {"a", "b"})
attempt(lambda: max(own) + min(own))
attempt(lambda: list(zip(own, own.values())))
attempt(lambda: list(enumerate(own)))
attempt(lambda: any(own) and all(own.values()))
attempt(lambda: (lambda **k: k)(**own))
attempt(lambda: (lambda **k: k)(**own, a=4))
attempt(lambda: (lambda *k: k)(*own))
attempt(lambda: (lambda a: a)(**own))
attempt(lambda: super(dict, own).__repr__()[:5])
attempt(lambda: super(D, own).keys())
print(dir(own) == dir({}), [name for name in dir({}) if not hasattr(own, name)], [name for name in ("__str__", "__dict__", "__next__") if name in vars(type(own))])
print(repr(own.get)[:27], repr(own.__len__)[:33], own.get.__self__ is own, own.get.__name__, own.get.__qualname__)


class Only:
    def __init__(self):
        self.q = "r"


print(str.maketrans(vars(Only())))
target = {}
target.update(own)
target |= own
target.update(own, z=3)
print(target, dict(own, z=4), dict(vars(c), **vars(Only())))
first, second = own
print(first, second)
(one, two), *_ = own.items()
print(one, two)
s = Slots()
s.p = 1
s.q = 2
print(s.__dict__, type(s.__dict__), s.__dict__ is vars(s))
e = ValueError(1)
e.note = 1
print(e.__dict__, type(e.__dict__) is dict, e.__dict__ is vars(e))
d = D(k=1)
d.attribute = 2
print(vars(d), type(vars(d)), d == {"k": 1}, vars(d) == {"attribute": 2}, isinstance(vars(d), D), dict.keys(vars(d)))
print(f.__dict__, type(f.__dict__), f.__dict__ == {"note": 3}, f.__globals__ is globals(), f.__globals__["c"] is c)


def walk(x, depth=0):
    if isinstance(x, dict):
        return "{" + ", ".join(f"{k}: {walk(v, depth + 1)}" for k, v in x.items()) + "}"
    if type(x) is list:
        return "[" + ", ".join(walk(v, depth + 1) for v in x) + "]"
    if hasattr(x, "__dict__"):
        return walk(vars(x), depth + 1)
    return repr(x)


c.inner = [C(), {"k": Only()}]
print(walk(c))
c.me = c.__dict__
print(repr(c.me)[:12], "{...}" in repr(c.__dict__), c.me is c.__dict__, c.__dict__["me"]["me"] is own)
del c.me, c.inner


class Node:
    def __init__(self, **fields):
        self.__dict__ == fields
        for name, value in fields.items():
            setattr(self, name, value)

    def __eq__(self, other):
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __repr__(self):
        return f"Node({', '.join(f'{k}={v!r}' for k, v in self.__dict__.items())})"


print(Node(a=1, b=[2]) == Node(b=[2], a=1), Node(a=1) == Node(a=2), Node(a=Node(b=1)))
for i in range(3000):  # hot: compiled
    own = c.__dict__
    if type(own) is not dict or not isinstance(own, dict) or own.get("a") != 1 or own is not vars(c) or "b" not in own or own["b"] != 2:
        print("wrong")
        break
