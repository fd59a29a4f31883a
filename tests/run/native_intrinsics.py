"""Builtin functions whose calls native code does itself: each site meets what was expected, then what was not."""
import math
from abc import ABC


def attempt(function, *arguments):
    """The result, or what was raised and where in the source."""
    try:
        return function(*arguments)
    except Exception as e:
        line = e.__traceback__
        while line.tb_next:
            line = line.tb_next
        return type(e).__name__, str(e), line.tb_frame.f_code.co_name, line.tb_lineno


class Sized:
    def __init__(self, size):
        self.size = size

    def __len__(self):
        return self.size

    def __abs__(self):
        return "abs of " + str(self.size)

    def __index__(self):
        return 1000

    def __lt__(self, other):
        return True

    def __gt__(self, other):
        return True

    def __repr__(self):
        return "Sized(%r)" % self.size

    def __int__(self):
        return 77

    def __float__(self):
        return 7.5

    def __str__(self):
        return "sized"


class LongList(list):
    def __len__(self):
        return 99


class Text(str):
    def __len__(self):
        return 98

    def __str__(self):
        return "text!"


class Number(int):
    def __abs__(self):
        return "a number"


class W(ABC):
    """Whose metaclass has a say."""


def measure(x):
    return len(x)


def code(x):
    return ord(x)


def char(x):
    return chr(x)


def magnitude(x):
    return abs(x)


def least(x, y):
    return min(x, y)


def greatest(x, y):
    return max(x, y)


def is_one(x, cls):
    return isinstance(x, cls)


def numbers(a, b):
    return list(range(a, b))


def first_numbers(a):
    return list(range(a))


def whole(x):
    return int(x)


def real(x):
    return float(x)


def text(x):
    return str(x)


class Base:
    pass


class Derived(Base):
    pass


class Claims:
    @property
    def __class__(self):
        return Base


class Asked:
    asked = 0

    def __getattribute__(self, name):
        Asked.asked += 1
        return Base if name == "__class__" else object.__getattribute__(self, name)


W.register(Number)
W.register(float)
for i in range(60):
    measure([1] * i), measure((1, 2)), measure("abc"), measure({i: 1}), measure({1, i})
    code("a"), char(65 + i % 20), magnitude(-i), magnitude(-i - 0.5), least(i, 30), greatest(i, 30), least(i + 0.5, 30.0), greatest(i + 0.5, 30.0)
    is_one(Derived(), Base), is_one(i, int), numbers(i, 30), first_numbers(i), whole(i + 0.7), whole(i), real(i), real(i + 0.5), text(i), text("x"), text(i + 0.5)

for x in ([], [1, 2], (), (1,), "", "abc", "ü€😀", {}, {1: 2}, set(), {1}, frozenset({1, 2}), range(7), range(10 ** 30), LongList([1]), Text("q"), Sized(5), Sized(-1),
          Sized("no"), Sized(2 ** 70), Sized(True), Sized(Sized(3)), 3, 2.5, None, Sized, {1: 2}.keys(), LongList, 2 ** 80, iter([]), "x"):
    print("len", attempt(measure, x))
for x in ("a", "ÿ", "Ā", "😀", "", "ab", Text("z"), Text("zz"), 5, None, 2.5, ["a"]):
    print("ord", attempt(code, x))
for x in (0, 65, 127, 128, 255, 256, 0x20ac, 0x1F600, 0x10FFFF, 0x110000, -1, -2 ** 61, 2 ** 61 - 1, 2 ** 70, -2 ** 70, 2.0, "a", None, True, Sized(1), Number(66)):
    print("chr", attempt(char, x))
for x in (0, -1, 5, -2 ** 61, 2 ** 61 - 1, -2 ** 61 + 1, -2 ** 61 - 1, 2 ** 90, -2 ** 90, 0.0, -0.0, -1.5, 1e300, -1e300, -1e-300, 5e-324, -5e-324, math.inf, -math.inf,
          math.nan, True, False, Sized(4), Number(-6), "x", None, [1]):
    print("abs", attempt(magnitude, x))
values = (0, 1, -1, 2 ** 61 - 1, -2 ** 61, 2 ** 61, 1.0, 0.0, -0.0, 1.5, -1e300, 1e-300, math.inf, math.nan, True, "a", "b", None, [1], [0, 2], Sized(1), Number(3), 2 ** 80)
for x in values:
    for y in values:
        print("min, max", attempt(least, x, y), attempt(greatest, x, y))
for x in (1, True, "a", 2.5, None, [], Base(), Derived(), Claims(), Asked(), Sized(1), Number(1), LongList(), Base, 2 ** 80, 3):
    for cls in (int, bool, str, float, type(None), list, object, Base, Derived, type, W, Sized, (int, str), (), (Base, (float, (list,))), int | None,
                3, "no", (1,), None, list[int], Number):
        print("isinstance", attempt(is_one, x, cls))
print(Asked.asked > 0)
for a, b in ((0, 3), (3, 0), (-2, 2), (2 ** 61 - 2, 2 ** 61 + 1), (-2 ** 62, -2 ** 62 + 2), (True, 4), (Sized(1), 1003), (1.5, 2), ("a", 2), (2, None), (0, Number(2))):
    print("range", attempt(numbers, a, b), attempt(first_numbers, b) if not isinstance(b, int) or b < 2000 else "")
for x in (0, 5, -3, 2.9, -2.9, 0.0, -0.0, 1e18, 1e19, 1e300, 4.6e18, -4.7e18, math.inf, math.nan, True, "12", " -7_0 ", "x", "", Sized(1), Number(4), None, [1], Text("31"), 5e-324):
    print("int", attempt(whole, x))
    print("float", attempt(real, x), math.copysign(1, attempt(real, x)) if isinstance(attempt(real, x), float) else "")
    print("str", attempt(text, x))
for x in (2 ** 61 - 1, -2 ** 61, 2 ** 53 + 1, 2 ** 80, 2 ** 2000, -2 ** 61 + 1):
    print("float", attempt(real, x), attempt(text, x) if x < 2 ** 100 else "", attempt(whole, x) == x)

# The name means something else from some moment on, in the module and among the builtins, and again what it meant.
shadowed = len
for round in range(3):
    for i in range(40):
        if i == 25:
            if round == 0:
                def len(x): return "my len"
            elif round == 1:
                len = shadowed
            else:
                len = ord
        if i in (24, 25, 39):
            print(round, i, attempt(measure, "a"), attempt(measure, [1]))
        else:
            attempt(measure, "a")
del len
print(measure("abc"))


class Len:
    def __init__(self, *x):
        self.x = x

    def __repr__(self):
        return "Len(%r)" % (self.x,)


for int, min, abs, isinstance in ((Len, max, Len, Len), (float, lambda a, b: "least", math.floor, lambda a, b: (b, a))):
    print(whole("5"), least(3, 4), magnitude(-2.5), is_one(1, 2))
del int, min, abs, isinstance
print(whole("5"), least(3, 4), magnitude(-2.5), is_one(1, str))

# Wrong numbers of arguments go the way of all calls.
for function in (lambda: len(), lambda: len(1, 2), lambda: ord(), lambda: chr(1, 2), lambda: abs(), lambda: min(), lambda: max(3), lambda: min(1, 2, 0), lambda: max([4, 9, 2]),
                 lambda: min(3, 4, key=lambda v: -v), lambda: isinstance(1), lambda: range(), lambda: range(1, 2, 3, 4), lambda: list(range(9, 1, -3)), lambda: range(1, 2, 0),
                 lambda: int(), lambda: int("ff", 16), lambda: int(3, 4), lambda: float(), lambda: str(), lambda: len(x=1), lambda: float(1, 2)):
    for i in range(30):
        result = attempt(function)
    print(result)


# Within generators, class bodies, and frames that an exception leaves.
def sizes(rows):
    for row in rows:
        yield len(row), max(len(row), 2), isinstance(row, list)


for i in range(30):
    every = list(sizes([[1], "ab", (1, 2, 3)]))
print(every)
print(attempt(list, sizes([[], 3])))
for i in range(30):
    class Body:
        size = len("four")
        code = ord("x") + abs(-1)
print(Body.size, Body.code)


def deep(x, n):
    return len(x) if n == 0 else deep(x, n - 1) + abs(-1)


for i in range(30):
    deep("abc", 5)
print(deep("abc", 50), attempt(deep, 5, 7))


class Recursive:
    def __len__(self):
        return len(self)

    def __abs__(self):
        return abs(self)


print(attempt(measure, Recursive())[:2], attempt(magnitude, Recursive())[:2])
measure(None)
