# Methods of classes that do operators, comparisons, items and properties in hot code: the order of questions, results, errors, changes of classes.


class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y) if isinstance(other, Vector) else NotImplemented

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y)

    def __mul__(self, k):
        return Vector(self.x * k, self.y * k) if isinstance(k, (int, float)) else NotImplemented

    def __rmul__(self, k):
        return ("rmul", k, self.x)

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y if isinstance(other, Vector) else NotImplemented

    def __lt__(self, other):
        return self.x < other.x if isinstance(other, Vector) else NotImplemented

    def __le__(self, other):
        return [1] if self.x <= other.x else []

    def __getitem__(self, i):
        if i == 0:
            return self.x
        if i == 1:
            return self.y
        raise IndexError("vector index " + str(i))

    def __setitem__(self, i, value):
        if i > 1:
            raise IndexError("vector assignment index " + str(i))
        if i:
            self.y = value
        else:
            self.x = value
        return "not seen"

    @property
    def norm(self):
        return abs(self.x) + abs(self.y)

    @property
    def odd(self):
        return NotImplemented

    def __repr__(self):
        return f"V({self.x}, {self.y})"


class Sub(Vector):
    def __radd__(self, other):
        return "Sub.__radd__"

    def __gt__(self, other):
        return "Sub.__gt__"

    def __rsub__(self, other):
        return NotImplemented


class Plain:
    def __radd__(self, other):
        return "Plain.__radd__"

    def __gt__(self, other):
        return "Plain.__gt__"


def operators(a, b, n):
    total = a
    for i in range(n):
        total = total + b
        total = total - b
        total[0] = total[0] + i
        total[1] = total[1] - total.norm
    return total


print(operators(Vector(1, 2), Vector(3, 4), 300))


def ask(what, a, b):
    if what == 0:
        return a + b
    if what == 1:
        return a - b
    if what == 2:
        return a * b
    if what == 3:
        return a == b
    if what == 4:
        return a != b
    if what == 5:
        return a < b
    if what == 6:
        return a <= b
    if what == 7:
        return a > b
    if what == 8:
        return a[b]
    if what == 9:
        return a.odd
    if what == 10:
        return "less" if a < b else "not less"
    if what == 11:
        return "not le" if not a <= b else "le"
    if what == 12:
        return "eq" if a == 1 else "ne"
    if what == 13:
        return a + 1
    if what == 14:
        return a - 7
    if what == 15:
        return a * 2
    a[b] = what
    return a


def outcome(what, a, b):
    try:
        return str(ask(what, a, b))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def table(rounds):
    lines = []
    values = [Vector(1, 2), Vector(1, 2), Sub(0, 1), Plain(), 3, 2.5, "s", None, [1]]
    for _ in range(rounds):
        lines = []
        for what in range(17):
            for a in values[:4]:
                for b in values:
                    if not (what in (3, 4) and isinstance(a, Plain)):
                        lines.append(f"{what} {type(a).__name__} {type(b).__name__} {outcome(what, a, b)}".split(" object at")[0])
    return lines


for line in table(30):
    print(line)


# The class changes while the code is hot.
def sums(a, b, n):
    seen = []
    for i in range(n):
        if i == n // 2:
            Vector.__add__ = lambda self, other: "another"
        if i == n // 2 + 5:
            del Vector.__add__
            Vector.__radd__ = lambda self, other: "reflected, same class"
        try:
            found = a + b
        except TypeError as error:
            found = str(error)
        if not seen or seen[-1] != str(found):
            seen.append(str(found))
    return seen


print(sums(Vector(1, 1), Vector(2, 2), 400))
print(sums.__name__, outcome(0, Vector(1, 1), Plain()))


def changing(a, n):
    seen = []
    for i in range(n):
        if i == 200:
            Vector.__getitem__ = lambda self, i: "other item"
            Vector.norm = property(lambda self: "other norm")
        if i == 210:
            Vector.__eq__ = lambda self, other: "other eq"
            Vector.norm = "no property"
        if i == 220:
            a = Sub(7, 8)
            Sub.__getitem__ = lambda self, i: "item of Sub"
        found = (a[0], a.norm, a == a, a != a)
        if not seen or seen[-1] != found:
            seen.append(found)
    return seen


print(changing(Vector(5, 6), 300))


# Generators, other kinds of methods, wrong numbers of parameters.
class Odd:
    def __getitem__(self, i):
        yield i
        yield i + 1

    def __lt__(self, other):
        yield other

    def __setitem__(self, i, value):
        print("never runs")
        yield value

    def __add__(self, other, third=7):
        return (other, third)

    def __sub__(self, *rest):
        return rest

    def __mul__(self):
        return "too few"

    __or__ = staticmethod(lambda other: ("static", other))
    __and__ = classmethod(lambda cls, other: (cls.__name__, other))
    __xor__ = len

    @property
    def late(self):
        yield 1
        yield 2


def odd(a, n):
    for i in range(n):
        a[i] = i
        got = [list(a[i]), a + i, a - i, list(a.late), a | i, a & i, list(a < i), a < i is not None]
        try:
            a * i
        except TypeError as error:
            got.append(str(error))
        try:
            a ^ i
        except TypeError as error:
            got.append(str(error))
    got.pop(7)
    return got


print(odd(Odd(), 50))


# Truth of results that are no bools, and errors in it.
class Truth:
    def __init__(self, value):
        self.value = value

    def __bool__(self):
        if self.value is None:
            raise ValueError("no truth")
        return self.value


class Answers:
    def __init__(self, answer):
        self.answer = answer

    def __lt__(self, other):
        return self.answer

    def __eq__(self, other):
        return self.answer


def judged(values, n):
    for _ in range(n):
        got = []
        for v in values:
            try:
                got.append("yes" if v < 0 else "no")
                got.append("no" if not v == v else "yes")
                while v < 3:
                    got.append("loop")
                    break
                k = 0
                while k < 3 and v == 5:
                    k += 1
                got.append(k)
            except ValueError as error:
                got.append(str(error))
    return got


print(judged([Answers(x) for x in (True, False, None, 0, 1, "", "x", [], Truth(True), Truth(False), Truth(None))], 40))


def loop_by_comparison(a, limit):
    count = 0
    while a < limit:
        a.answer = count < 500
        count += 1
    return count


print(loop_by_comparison(Answers(True), 3))
