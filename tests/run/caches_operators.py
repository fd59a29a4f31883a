"""One site for each operator, fed by classes whose special methods change, come and go, while the site is hot."""


class V:
    def __init__(self, x):
        self.x = x

    def __add__(self, other):
        return ("V+", self.x, show(other))

    def __lt__(self, other):
        return ("V<", self.x, show(other))

    def __eq__(self, other):
        return ("V==", self.x, show(other))


class W(V):
    pass


class Plain:
    pass


class Refuses:
    def __add__(self, other):
        return NotImplemented

    def __lt__(self, other):
        return NotImplemented

    def __eq__(self, other):
        return NotImplemented


class Right:
    def __radd__(self, other):
        return ("+R", show(other))

    def __gt__(self, other):
        return ("R>", show(other))


class Answer:
    def __init__(self, truth):
        self.truth = truth

    def __bool__(self):
        return self.truth


def show(value):
    return getattr(value, "x", value) if isinstance(value, (int, str, float, V)) else type(value).__name__


def attempt(function, *args):
    try:
        result = function(*args)
    except (TypeError, AttributeError, ZeroDivisionError) as error:
        return type(error).__name__ + ": " + str(error)
    return result if isinstance(result, (int, str, float, tuple, list)) else show(result)


def add(a, b):
    return a + b


def add_one(a):
    return a + 1


def less_one(a):
    return a - 1


def add_to(a, b):
    a += b
    return a


def less(a, b):
    return a < b


def same(a, b):
    return a == b


def differ(a, b):
    return a != b


def branch(a, b):
    if a < b:
        return "then"
    return "else"


def branch_same(a, b):
    return "then" if a == b else "else"


OPERATIONS = add, add_to, less, same, differ, branch, branch_same


def all_of(*pairs):
    for function in OPERATIONS:
        for a, b in pairs:
            print(function.__name__, show(a), show(b), attempt(function, a, b))


def rounds(a, b):
    """What every operation says in a loop, so that its site has learned."""
    for function in OPERATIONS:
        said = {str(attempt(function, a, b)) for _ in range(5)}
        print(function.__name__, sorted(said))


v, w, plain, other = V(1), W(2), Plain(), Plain()
print("-- one shape")
rounds(v, V(3))
print("-- a subclass inherits")
rounds(v, w)
rounds(w, v)
print("-- the subclass gets a reflected method, then loses it")
W.__radd__ = lambda self, o: ("W.radd", self.x, show(o))
W.__gt__ = lambda self, o: ("W.gt", self.x, show(o))
rounds(v, w)
del W.__radd__
del W.__gt__
rounds(v, w)
print("-- a method changes")
V.__add__ = lambda self, o: ("new V+", show(o))
V.__lt__ = lambda self, o: Answer(False)
V.__eq__ = lambda self, o: Answer(True)
rounds(v, w)
rounds(v, v)
print("-- augmented")
V.__iadd__ = lambda self, o: ("V+=", show(o))
rounds(v, w)
V.__iadd__ = lambda self, o: NotImplemented
rounds(v, w)
del V.__iadd__
rounds(v, w)
print("-- no method that declines is the last word")
for left in Refuses(), v, plain, 1, "a", 1.5, None:
    for right in Refuses(), Right(), plain, 2, "b", [1]:
        all_of((left, right))
print("-- identity, until there is __eq__")
rounds(plain, other)
rounds(plain, plain)
Plain.__eq__ = lambda self, o: "equal"
rounds(plain, other)
rounds(other, plain)
del Plain.__eq__
rounds(plain, other)
Plain.__ne__ = lambda self, o: "unequal"
rounds(plain, other)
del Plain.__ne__
print("-- builtin operands")
STRINGS = "", "a", "ab", "a" * 70, "a" * 69 + "b"
for a in STRINGS:
    for b in STRINGS:
        print(add(a, b) == a + b, less(a, b), same(a, b), same(a, b + ""), differ(a, b), branch(a, b), branch_same(a, b))
rounds("x", "y" + "z")
rounds([1], [2])
rounds((1, 2), (1, 3))
rounds(1 << 70, 1)
rounds(1, 1 << 70)
rounds(True, 2.5)
rounds(2.5, 1 << 70)
rounds({1, 2}, {1})
rounds({1: 2}, {1: 2})
rounds(range(2), range(2))
print("-- constants")
for value in 1, 2.5, True, 1 << 70, "a", v, plain, Refuses(), Right():
    for _ in range(3):
        one = attempt(add_one, value)
    print(one, attempt(less_one, value))
V.__sub__ = lambda self, o: ("V-", o)
print(attempt(less_one, v), attempt(add_one, v))
print("-- many shapes at a site, then changes")
KINDS = []
for number in range(7):
    class Kind(V):
        def __add__(self, other, number=number):
            return (number, show(other))
    KINDS.append(Kind)
for _ in range(3):
    print([add(kind(1), 5) for kind in KINDS], [add(kind(1), 0.5) for kind in KINDS])
    print([attempt(add, 5, kind(1)) for kind in KINDS])
KINDS[3].__add__ = lambda self, o: "changed"
print([add(kind(1), 5) for kind in KINDS])
del KINDS[3].__add__
print([add(kind(1), 5) for kind in KINDS])


def hot(n):
    """The class changes in the middle of the loop that runs the operator."""
    a, b, seen = V(1), V(2), []
    for i in range(n):
        seen.append(a + b)
        seen.append(a < b)
        if i == n // 2:
            V.__add__ = lambda self, o: "later +"
            V.__lt__ = lambda self, o: "later <"
    return seen[0], str(type(seen[1])), seen[-2:], len(seen)


print(hot(200))


class Changes:
    """Its method changes the class that the site remembers, while it runs."""

    def __add__(self, other):
        Changes.__add__ = lambda self, other: "second"
        return "first"

    def __eq__(self, other):
        Changes.__eq__ = lambda self, other: "second"
        return NotImplemented


print([add(Changes(), 1) for _ in range(3)], [same(Changes(), 1) for _ in range(3)])
print("-- errors come from the operator's line")


class Raises:
    def __add__(self, other):
        raise ValueError("add")

    def __lt__(self, other):
        raise ValueError("less")


for _ in range(4):
    for function in add, less, branch, add_to:
        try:
            function(Raises(), 1)
        except ValueError as error:
            print(error, end=" ")
print()
print("-- the right operand's method, which may decline; augmented assignments that decline")


class Scaled:
    """Its reflected methods come and go."""

    def __init__(self, x):
        self.x = x

    def __rmul__(self, other):
        return ("*S", show(other), self.x)

    def __rsub__(self, other):
        return NotImplemented


class NoMethods:
    pass


def times(a, b):
    return a * b


def minus(a, b):
    return a - b


def times_to(a, b):
    a *= b
    return a


def minus_to(a, b):
    a -= b
    return a


def plus_one(a):
    a += 1
    return a


def minus_one(a):
    a -= 1
    return a


s = Scaled(7)
for _ in range(3):
    for left in 2, 2.5, True, 1 << 70, "ab", [1], None, NoMethods():
        for function in times, minus, times_to, minus_to:
            print(function.__name__, attempt(function, left, s), end="; ")
    print()
    Scaled.__rmul__ = lambda self, o: NotImplemented
del Scaled.__rmul__
print(attempt(times, 2, s), attempt(times_to, 2, s))
NoMethods.__mul__ = lambda self, o: "left after all"
Scaled.__rmul__ = lambda self, o: "right"
print(attempt(times, NoMethods(), s), attempt(times_to, NoMethods(), s), attempt(times, 2, s))


class Counter:
    def __init__(self, n):
        self.n = n

    def __iadd__(self, other):
        self.n += other
        return self

    def __isub__(self, other):
        return NotImplemented

    def __sub__(self, other):
        return ("-", other)


counter = Counter(0)
for i in range(10):
    counter = plus_one(counter)
    counter += i
print(counter.n, minus_one(counter), minus_to(counter, 5))
del Counter.__sub__
print(attempt(minus_one, counter), attempt(minus_to, counter, 5), attempt(minus_to, counter, s))
Counter.__rsub__ = lambda self, o: "never asked"
Scaled.__rsub__ = lambda self, o: "asked"
print(attempt(minus_to, counter, s), attempt(minus_to, counter, counter))
Counter.__iadd__ = lambda self, o: "replaced"
print(plus_one(Counter(1)))
del Counter.__iadd__
print(attempt(plus_one, Counter(1)))
Counter.__add__ = lambda self, o: ("plus", o)
print(attempt(plus_one, Counter(1)), attempt(add_to, Counter(1), [2]), attempt(add_to, Counter(1), "x"))
Counter.__iadd__ = lambda self, o: NotImplemented
print(attempt(plus_one, Counter(1)), attempt(add_to, Counter(1), [2]), attempt(add_to, Counter(1), "x"))


class ListLike(list):
    def __iadd__(self, other):
        return ("list+=", other)


for value in ListLike([1]), [1], (1,), "a", 1, 2.5, {1}, ListLike([2]):
    for other in [3], (4,), "b", 5, {6}:
        print(attempt(add_to, value[:] if isinstance(value, list) and type(value) is list else value, other), end="; ")
print()


def yields(self, other):
    yield other


class Makes:
    __add__ = yields
    __iadd__ = lambda self, other, default=3: (other, default)
    __lt__ = lambda self, *others: others


for _ in range(3):
    print(list(add(Makes(), 4)), add_to(Makes(), 5), less(Makes(), 6), branch(Makes(), 7))
