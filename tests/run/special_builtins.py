"""Builtins under special names: of other names, of other classes, bound to other objects. What a class inherits is
short-cut by the runtime; what the program puts there is called."""
import abc

VALUES = {
    "len": len, "bound eq": (5).__eq__, "upper": str.title, "bound len": [1, 2].__len__, "bound repr": (5).__repr__,
    "object eq": object.__eq__, "type call": type.__call__, "list iter": list.__iter__, "bound iter": [7].__iter__,
    "bound str": "abc".__str__, "get": {}.get, "int": int, "None": None, "type get": type.__getattribute__,
    "object set": object.__setattr__, "object delete": object.__delattr__, "list init": list.__init__, "five": 5,
    "float float": float.__float__, "int index": int.__index__, "float int": float.__int__,
}
USES = {
    "__repr__": (repr, str), "__str__": (str, "{}".format), "__hash__": (lambda a: hash(a) == 5, lambda a: {a: 1}[a]),
    "__bool__": (bool,), "__len__": (len, bool), "__iter__": (iter, lambda a: [*a]), "__next__": (next,),
    "__call__": (lambda a: a(), lambda a: a(1)), "__eq__": (lambda a: a == 5, lambda a: 5 == a, lambda a: a != 5),
    "__ne__": (lambda a: a != 5,), "__lt__": (lambda a: a < 5, lambda a: sorted([a, a]) == 0),
    "__add__": (lambda a: a + 1,), "__radd__": (lambda a: 1 + a,), "__getitem__": (lambda a: a[0],),
    "__contains__": (lambda a: 3 in a,), "__int__": (int,), "__float__": (float,), "__format__": (lambda a: f"{a:5}",),
    "__index__": (lambda a: [1, 2, 3][a], lambda a: range(a)), "__dir__": (lambda a: len(dir(a)) > 3,),
    "__getattribute__": (lambda a: a.zork,), "__getattr__": (lambda a: a.zork,),
    "__setattr__": (lambda a: setattr(a, "q", 1), lambda a: a.q), "__delattr__": (lambda a: delattr(a, "q"),),
    "__round__": (round,), "__abs__": (abs,), "__neg__": (lambda a: -a,), "__reversed__": (reversed,),
    "__pow__": (lambda a: a ** 2,), "__divmod__": (lambda a: divmod(a, 2),), "__sizeof__": (),
    "__instancecheck__": (lambda a: isinstance(5, a),), "__set_name__": (lambda a: type("x"),),
    "__init__": (lambda a: type(a)(1),), "__new__": (lambda a: type(a)(), lambda a: type(a)(1)),
    "__init_subclass__": (lambda a: derive(type(a)),), "__class_getitem__": (lambda a: type(a)[0],),
}


def derive(base):
    class Derived(base):
        pass
    return Derived


def outcome(f, *args):
    try:
        result = f(*args)
    except Exception as error:
        text = str(error)
        loose = any(word in text for word in ("descriptor", "expected", "title"))    # CPython's wording depends on the way
        return type(error).__name__ + ("" if loose else ": " + text)
    return repr(result) if type(result) in (int, bool, float, type(None)) else type(result).__name__


for base in (object, list, str, int):
    for special, uses in USES.items():
        for name, value in VALUES.items():
            class A(base):
                pass
            a = A()
            setattr(A, special, value)
            print(base.__name__, special, name, *(outcome(use, a) for use in uses), sep=" | ")


def made(cls, *args):
    result = cls(*args)
    return type(result).__name__, isinstance(result, cls), len(result) if hasattr(result, "__len__") else None


def classes(base, **names):
    class A(base):
        locals()
    for name, value in names.items():
        setattr(A, name, value)
    return A


class Maker:
    def __new__(cls, *args):
        return object.__new__(cls)


class Lister(list):
    def __new__(cls, *args):
        return list.__new__(cls)


NEWS = (object, list, dict, str, int, tuple, set, frozenset, float, Exception, LookupError, property)
for base in (object, list, str, int, tuple, dict, set, float, Exception, KeyError, OSError, Maker, Lister):
    for other in NEWS:
        for args in ((), ("5",)):
            A = classes(base, __new__=other.__new__)
            B = classes(base, __init__=other.__init__)
            print(base.__name__, other.__name__, args, outcome(made, A, *args), outcome(made, B, *args))

for base in (object, list, str, int, tuple, dict, set, frozenset, float, Exception, KeyError, property):
    class Abstract(base, metaclass=abc.ABCMeta):
        @abc.abstractmethod
        def f(self):
            pass
    print(base.__name__, outcome(Abstract))      # only object.__new__ refuses

try:
    class Wrong(Maker):
        __init_subclass__ = len
    class Worse(Wrong):
        pass
except TypeError as error:
    print(error)


class Number:
    def __repr__(self):
        return 5


class Long(str):
    def __len__(self):
        return self.length


class Odd:
    __dict__ = 5


class Even:
    @property
    def __dict__(self):
        return {"zork": 1}


for f in (repr, str, format, ascii, "{}".format, "%s".__mod__, "%r".__mod__, print):
    print(outcome(f, Number()))
for start in ("", "x"):
    text = Long(start)
    for text.length in (0, 1):
        print(bool(text), len(text))
print("zork" in dir(Odd()), "zork" in dir(Even()))
for cls in (int, bool, float, str, list, dict, tuple, set, frozenset, range, type(None), type({}.keys()), type({}.items())):
    print(cls.__name__, hasattr(cls, "__bool__"))


def names():
    return [name for name in dir() if name]


class Parts:
    def method(self):
        return names


for thing, name in ((names, "__globals__"), (names, "__closure__"), (Parts, "__mro__"), (Parts, "__base__"), (Parts().method, "__func__"),
                    (Parts().method, "__self__"), (super(Parts, Parts()), "__thisclass__"), (staticmethod(names), "__func__"), ([].append, "__self__"), (Parts().method, "other"), (Parts().method, "__call__")):
    print(name, outcome(setattr, thing, name, 1), outcome(delattr, thing, name))
object.__setattr__(names, "extra", 5)
print(names.extra, object.__getattribute__(names, "extra"), object.__delattr__(names, "extra"), hasattr(names, "extra"))
for value in ([], {}, 5, Parts(), Parts, ValueError()):
    print(type(value).__name__, outcome(object.__init__, value, 5))


def derive_from(*bases):
    class Z(*bases):
        print("body")
    return Z


for bases in ((5,), (5, "x"), (Parts(),), (Parts(), Parts()), (Parts, 5), ([], []), (None,), (int, None)):
    print(outcome(derive_from, *bases))
