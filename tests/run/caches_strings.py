# Sites of operators and comparisons that meet strs: of every length and width, before and after other operands, as megamorphic ones; builtins
# called through names and variables, right and wrong.


def all_of(a, b):
    return a == b, a != b, a < b, a <= b, a > b, a >= b


def jumps(a, b):
    text = ""
    if a == b:
        text += "e"
    if a != b:
        text += "n"
    if a < b:
        text += "l"
    if not a <= b:
        text += "L"
    if a > b:
        text += "g"
    if not a >= b:
        text += "G"
    return text


def joined(a, b):
    c = a
    c += b
    return a + b, c


def truths(a, b):
    try:
        return all_of(a, b), jumps(a, b)
    except TypeError as error:
        return a == b, str(error)


PATTERN = "the quick brown fox jumps over the lazy dog"
for length in range(42):
    left = PATTERN[:length]
    same = "".join(list(left))
    assert truths(left, same) == truths(same, left), length
    print(length, truths(left, same), joined(left, same) == (left * 2, left * 2))
    for place in range(length):
        for other in "\0", "~", "\xff", "\u1234", "\U0001f600":
            changed = left[:place] + other + left[place + 1:]
            assert all_of(left, changed) == (False, True, left < changed, left < changed, left > changed, left > changed)
            assert (left < changed) is (ord(left[place]) < ord(other)), (length, place, other)
            assert jumps(left, changed) == ("nlG" if left < changed else "nLg")
            assert joined(left, changed) == ("".join([left, changed]),) * 2


class Text(str):
    def __eq__(self, other): return "eq"
    def __lt__(self, other): return "lt"
    def __radd__(self, other): return "radd"
    __hash__ = str.__hash__


class Plain(str):
    pass


class Number:
    def __init__(self, n): self.n = n
    def __add__(self, other): return self.n + other.n
    def __lt__(self, other): return self.n < other.n
    def __le__(self, other): return self.n <= other.n
    def __gt__(self, other): return self.n > other.n
    def __ge__(self, other): return self.n >= other.n
    def __eq__(self, other): return self.n == other.n


PAIRS = [("a", "b"), ("b", "a"), (1, 2), ("a", "a"), (1.5, 0.5), ("a", Text("a")), (Text("a"), "a"), (Plain("a"), "a"), ("a", Plain("a")),
         ([1], [1]), ("x", "y"), (Number(1), Number(2)), ((1,), (2,)), (True, False), ("\xe9", "e"), ("", ""), ("", "a"), (1 << 70, 1 << 71)]
for round_ in range(3):
    for a, b in PAIRS:
        print(truths(a, b), end=" ")
        try:
            print(joined(a, b)[0] if isinstance(a, str) else joined(a, b)[0] == joined(a, b)[1])
        except TypeError as error:
            print(error)


def first(a, b): return a + b
def second(a, b):
    a += b
    return a
def less(a, b): return a < b
def equal(a, b):
    if a == b:
        return 1
    return 0


for f in first, second, less, equal:        # strs before and after what they do not go with
    for a, b in [("a", "b"), ("a", "b"), ("a", 1), ("a", "b"), (1, "a"), ("a", None), ("b", "a")]:
        try:
            print(f(a, b), end=" ")
        except TypeError as error:
            print(error, end="; ")
    print()

shared = ""
for i in range(300):
    shared += chr(97 + i % 26)
    shared += "" if i % 3 else "\xe9"
print(len(shared), shared[-20:])


# -- builtins --
def call(f, *arguments):
    try:
        if len(arguments) == 0:
            return f()
        if len(arguments) == 1:
            return f(arguments[0])
        return f(arguments[0], arguments[1])
    except Exception as error:
        return type(error).__name__, str(error)


def bound(f, x):
    return f(x)


import math
for round_ in range(2):
    for f in len, abs, math.sqrt, hash, ord, max, min, str, isinstance, print, [].append, "abc".count, "".join, math.floor, math.gcd, divmod, getattr, sorted:
        for arguments in (), ("abc",), ([1, 2],), (3, 4), ("abc", "b"):
            if f is hash and arguments and arguments[0] == "abc":
                continue
            print(f.__name__, call(f, *arguments))
for f, x in (len, "abc"), (len, [1]), (ord, "x"), (len, {}), (abs, -3), (abs, -2.5), (len, ()), (len, 3):
    try:
        print(bound(f, x), end=" ")
    except TypeError as error:
        print(error)
for x in "a", "b", "ab":
    try:
        print(ord(x), len(x), end=" ")
    except TypeError as error:
        print(error)

table = {1: "one", 2: "two", "k": 3}
numbers = {i: i * i for i in range(5)}
for keys in (1, 2, "k", 1), (0, 3, 4, 9):
    for d in table, numbers:
        for key in keys:
            try:
                print(d[key], end=" ")
            except KeyError as error:
                print(repr(error), end=" ")
print()
