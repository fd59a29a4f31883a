# A special method that is a property which raises: iter() then tries __getitem__, a comparison says NotImplemented, repr() shows
# the default, hash() says unhashable; the others raise what the property raised.
class Refuses:
    def __set_name__(self, owner, name): self.name = name
    def __get__(self, instance, owner):
        if instance is None: return self
        raise ZeroDivisionError(self.name)


def show(what):
    try:
        result = what()
        print(result if "object at" not in str(result) else "default")
    except Exception as e:
        print(type(e).__name__, e)


def check(x):
    y = 3
    for what in (lambda: list(x), lambda: [*x], lambda: [v for v in x], lambda: sum(x), lambda: tuple(x), lambda: 3 in x, lambda: x == y, lambda: x != y, lambda: y == x,
                 lambda: x < y, lambda: y < x, lambda: x >= y, lambda: x == x, lambda: x != x, lambda: [x] == [y], lambda: x in [y], lambda: {x: 1} and "hashed",
                 lambda: {x} and "hashed", lambda: hash(x) and "hashed", lambda: repr(x), lambda: str(x), lambda: f"{x}", lambda: f"{x!r}", lambda: bool(x), lambda: len(x),
                 lambda: x(), lambda: x[0], lambda: x + 1, lambda: 1 + x, lambda: -x, lambda: next(x), lambda: [1, 2][x], lambda: reversed(x),
                 lambda: max(x, 2), lambda: sorted([x, 1]), lambda: dict(x), lambda: enumerate(x) and "enumerated", lambda: zip(x) and "zipped", lambda: iter(x) and "iterator",
                 lambda: [].extend(x), lambda: set(x), lambda: "".join(x), lambda: print(*x), lambda: map(abs, x) and "mapped"):
        show(what)
    try:
        a, b = x
        print(a, b)
    except Exception as e:
        print(type(e).__name__, e)
    try:
        for v in x: print(v)
    except Exception as e:
        print(type(e).__name__, e)

    def walk():
        yield from x
    show(lambda: list(walk()))


class All:
    __iter__ = __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __hash__ = __repr__ = __str__ = __bool__ = __len__ = __call__ = Refuses()
    __getitem__ = __add__ = __radd__ = __neg__ = __next__ = __int__ = __index__ = __reversed__ = __contains__ = Refuses()


class Some:
    __iter__ = __eq__ = __repr__ = __hash__ = Refuses()
    def __getitem__(self, i): return (7, 8)[i]


class Listed(list):
    __iter__ = __eq__ = __repr__ = __hash__ = Refuses()


class Text(str):
    __iter__ = __eq__ = __repr__ = __hash__ = __lt__ = Refuses()


class Number(int):
    __iter__ = __eq__ = __repr__ = __hash__ = __lt__ = Refuses()


for x in All(), Some(), Listed([1, 2]), Text("ab"), Number(3):
    for _ in range(3):
        check(x)
