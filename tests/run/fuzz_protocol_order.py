"""What the random programs found: which slot of a class is asked, and what it says."""


class OnlyDelete:
    def __delitem__(self, k): print("delete", k)


class OnlySet:
    def __setitem__(self, k, v): print("set", k, v)


class BadIter:
    def __iter__(self): return 3


class A:
    __slots__ = ("a",)


class B:
    __slots__ = ("b",)


class C(A):
    __slots__ = ("c",)


class D(A):
    pass


class Empty:
    __slots__ = ()


class Floats(list):
    pass


class Word(str):
    pass


class Reflected:
    def __radd__(self, o): return ("radd", o)
    def __rmul__(self, o): return ("rmul", o)
    def __iter__(self): return iter([1])


class Twice(int):
    def __rmul__(self, o): return ("own", o)


class Missing(dict):
    def __missing__(self, k): return self[k]


def add(a, b):
    a += b
    return a


def multiply(a, b):
    a *= b
    return a


TESTS = {
    "set": lambda: OnlyDelete().__class__.__setitem__ if hasattr(OnlyDelete, "__setitem__") else exec_set(OnlyDelete()),
    "delete": lambda: exec_delete(OnlySet()), "contains": lambda: 1 in BadIter(), "conflict": lambda: make(A, B), "conflict 2": lambda: make(C, B),
    "fits": lambda: make(C, A).__name__, "fits 2": lambda: make(D, C).__mro__[1:3], "fits 3": lambda: make(Empty, B).__name__,
    "list += object": lambda: add([1], Reflected()), "list * object": lambda: [1] * Reflected(), "list * int": lambda: [1] * Twice(2),
    "subclass * float": lambda: multiply(Floats([1]), 2.5), "subclass * object": lambda: multiply(Floats([1]), Reflected()),
    "dict *= str": lambda: multiply({}, "ab"), "float * word": lambda: 2.5 * Word("a"), "int *= word": lambda: multiply(3, Word("a")),
    "str of mapping": lambda: str(vars(Empty))[:1], "proxy < dict": lambda: vars(Empty) < {}, "3 < proxy": lambda: 3 < vars(Empty),
    "proxy |": lambda: len(vars(Empty) | {"x": 1}) > 1, "proxy |=": lambda: add_or(vars(Empty), {}), "list | proxy": lambda: [] | vars(Empty),
    "proxy + 1": lambda: vars(Empty) + 1, "proxy set": lambda: exec_set(vars(Empty)), "sort": lambda: [].sort(1, 2, 3), "pow": lambda: pow(1, 2, exp=3, mod=5),
    "int": lambda: int(**{"a": 1, "b": 2, "c": 3}), "iterator init": lambda: iter([]).__init__(5), "object init": lambda: object().__init__(5),
    "setattr": lambda: object().__setattr__(1, 2, 3), "lt": lambda: (5).__lt__(1, 2), "subclass": lambda: sub_with_keyword(),
    "missing": lambda: Missing()[1],
}


def exec_set(v): v[0] = 1
def exec_delete(v): del v[0]


def add_or(a, b):
    a |= b
    return a


def make(*bases):
    if len(bases) == 2:
        class Made(bases[0], bases[1]):
            pass
    return Made


def sub_with_keyword():
    class Sub(object, key=3):
        pass


for name, test in TESTS.items():
    try:
        print(name, "->", test())
    except Exception as e:
        print(name, "->", type(e).__name__, e)
