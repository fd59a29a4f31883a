# Keywords that are given twice, or by what is no mapping: when they are looked at, and what is said of them.
def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, type(e.__context__).__name__)


def twice():
    return (lambda **k: k)(**{"a": 1}, **{"a": 2})


def number_twice():
    return dict(**{1: 1}, **{1: 2})


def late(x):
    print("late")
    return x


class Mapping:
    def __init__(self, keys, error=None):
        self.names = keys
        self.error = error

    def keys(self):
        print("keys")
        if self.error == "keys":
            raise AttributeError("keys")
        return self.names

    def __getitem__(self, key):
        print("item", key)
        if self.error:
            raise self.error
        return key


class Odd(dict):
    def __iter__(self):
        print("iter")
        return super().__iter__()

    def keys(self):
        print("odd keys")
        return ["x", "y"]

    def __getitem__(self, key):
        return "odd" + key


class Even(dict):
    def keys(self):
        print("even keys")
        return ["x", "y"]


show(twice)
show(number_twice)
show(lambda: dict(**{1: 2}, **late({})))
show(lambda: dict(**{"b": 0}, **Mapping(["a", "b", "c"])))
show(lambda: dict(**Mapping(["a", "b"])))
show(lambda: dict(**Mapping(["a"], AttributeError("within"))))
show(lambda: dict(**Mapping(["a"], ValueError("within"))))
show(lambda: dict(**Mapping(["a"], "keys")))
show(lambda: dict(**Mapping(5)))
show(lambda: dict(**Odd(a=1)))
show(lambda: dict(**Even(a=1)))
show(lambda: dict(**5))
show(lambda: dict(a=1, **[("a", 2)]))
for f in (twice, number_twice):
    try:
        try:
            raise ValueError("first")
        except ValueError:
            f()
    except Exception as e:
        print(type(e).__name__, e, repr(e.__context__))
    try:
        raise IndexError
    except IndexError:
        show(f)


def generator():
    yield 1
    show(twice)


try:
    g = generator()
    next(g)
    raise IndexError
except IndexError:
    next(g, None)
    show(twice)
show(twice)
