"""__classcell__ in class bodies, and what dir() and hasattr() tell of generators, generic aliases and code objects."""


def attempt(function):
    try:
        print(function())
    except Exception as error:
        print(type(error).__name__, error)


class Base:
    def __init_subclass__(cls, **keywords):
        print("made", cls.__name__, keywords)


def number():
    class C(Base):
        __classcell__ = 5


def with_class():
    class C(Base):
        __classcell__ = None

        def f(self):
            return __class__

    return C().f() is C, "__classcell__" in vars(C)


def with_super():
    class C(Base):
        __classcell__ = 5

        def f(self):
            return super().__repr__()[:2]

    return C().f()


def none():
    class C(Base):
        __classcell__ = None


def deleted():
    class C(Base):
        __classcell__ = "x"
        del __classcell__

    return "ok"


def a_dict():
    class C(Base, flag=1):
        __classcell__ = vars(Base())


def a_class():
    class C:
        __classcell__ = Base


def other_cell():
    x = 1

    def inner():
        return x

    class C(Base):
        __classcell__ = inner.__closure__[0]

    return x is C, inner() is C


def a_slot():
    class C:
        __slots__ = ("a",)
        __classcell__ = 1.5


for function in number, with_class, with_super, none, deleted, a_dict, a_class, other_cell, a_slot:
    attempt(function)


def generator():
    yield 1


g = generator()
print("__del__" in dir(g), hasattr(g, "__del__"), "__del__" in vars(type(g)), hasattr(5, "__del__"), hasattr(Base(), "__del__"))
print(repr(type(g).__del__), hasattr((x for x in ()), "__del__"))

own = {"__copy__", "__deepcopy__", "__typing_unpacked_tuple_args__", "__args__", "__origin__", "__parameters__", "__mro_entries__", "__unpacked__"}


class Generic:
    shared = 1

    def __class_getitem__(cls, item):
        return dict[cls, item]

    def method(self):
        pass


class Derived(dict):
    extra = 1


for alias in list[int], dict[str, int], tuple[int, ...], Derived[int, str]:
    names = dir(alias)
    print(own <= set(names), sorted(set(names) - own) == sorted(set(dir(alias.__origin__)) - own), sorted(names) == names, len(names) == len(set(names)))
    print([name for name in names if not hasattr(alias, name)], alias.__typing_unpacked_tuple_args__, "__call__" in names, "__or__" in names)
attempt(lambda: list[int].__copy__)
attempt(lambda: list[int].__deepcopy__)
attempt(lambda: list[int].nothing)
print("extra" in dir(Derived[int, int]), "method" in dir(Generic[int]))


def f(a, b, /, c=1, *rest, d, **more):
    return a


code = f.__code__
print([name for name in ("co_flags", "co_varnames", "co_nlocals", "co_names", "co_consts", "co_cellvars", "co_code", "co_stacksize", "co_lines", "replace") if name not in dir(code)])
print(code.co_name, code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_freevars)
