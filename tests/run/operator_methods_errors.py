# Exceptions that leave methods of operators in hot code: tracebacks, handlers, depth of recursion.
import sys


class Failing:
    def __init__(self, left):
        self.left = left

    def step(self):
        self.left -= 1
        if self.left < 0:
            raise ValueError("used up")
        return self.left

    def __add__(self, other):
        return self.step() + other

    def __lt__(self, other):
        return self.step() > other

    def __eq__(self, other):
        return self.step() == other

    def __getitem__(self, i):
        return self.step() + i

    def __setitem__(self, i, value):
        self.step()

    @property
    def size(self):
        return self.step()


def add(a):
    while True:
        a + 1


def less(a):
    while True:
        a < 1000000


def jump(a):
    n = 0
    while True:
        if a < 1000000:
            n += 1


def jump_back(a):
    while not a < -5:
        pass
    return "out"


def equal(a):
    while True:
        a == -1


def item(a):
    while True:
        a[3]


def store(a):
    while True:
        a[3] = 4


def prop(a):
    while True:
        a.size


def lines_of(error):
    lines = []
    tb = error.__traceback__
    while tb is not None:
        lines.append(tb.tb_lineno)
        tb = tb.tb_next
    return lines


for f in (add, less, jump, jump_back, equal, item, store, prop):
    for left in (0, 1, 500):
        try:
            print(f.__name__, f(Failing(left)))
        except ValueError as error:
            print(f.__name__, left, error, lines_of(error))


# Handlers around the operation, in a loop.
def caught(a, n):
    count = 0
    for i in range(n):
        try:
            a + i
            a < i
            a[i] = a[i]
            a.size
        except ValueError as error:
            count += 1
            a.left = 7
        finally:
            count += 1000
    return count


print(caught(Failing(20), 400))


# Depth: each method calls itself by its operator.
class Deep:
    depth = 0

    def __add__(self, n):
        return n if n == 0 else self + (n - 1)

    def __lt__(self, n):
        return True if n == 0 else self < (n - 1)

    def __eq__(self, n):
        if n == 0:
            return True
        if self == n - 1:
            return True
        return False

    def __getitem__(self, n):
        return n if n == 0 else self[n - 1]

    def __setitem__(self, n, value):
        if n:
            self[n - 1] = value

    @property
    def endless(self):
        Deep.depth += 1
        return self.endless

    def __sub__(self, n):
        Deep.depth += 1
        return self - (n + 1)

    def __gt__(self, n):
        Deep.depth += 1
        return self > n + 1

    def __ge__(self, n):
        Deep.depth += 1
        if self >= n + 1:
            return True

    def __mul__(self, n):
        Deep.depth += 1
        return NotImplemented

    def __rmul__(self, n):
        return Deep() * n


def deep(d):
    d[150] = 1
    return d + 150, d < 150, d == 150, d[150]


for _ in range(20):
    found = deep(Deep())
print(found)


def subtract(d):
    return d - 0


def greater(d):
    return d > 0


def at_least(d):
    return d >= 0


def endless(d):
    return d.endless


def reflect(d):
    return d * Deep()


sys.setrecursionlimit(300)
for f in (subtract, greater, at_least, endless):
    for _ in range(30):
        Deep.depth = 0
        try:
            f(Deep())
        except RecursionError as error:
            found = Deep.depth, str(error)
    print(f.__name__, found)
try:
    reflect(Deep())
except TypeError as error:
    print(error)


# All of the stack is given back: the same depth after hundreds of failures.
def probe(n):
    return 0 if n == 0 else probe(n - 1)


for _ in range(300):
    for f in (greater, at_least):
        try:
            f(Deep())
        except RecursionError:
            pass
    try:
        Failing(0) < 3
    except ValueError:
        pass
    try:
        if Failing(0) == 3:
            pass
    except ValueError:
        pass
print(probe(280))
sys.setrecursionlimit(1000)


# The traceback that CPython prints.
def last(a, n):
    for i in range(n):
        if a + i < a[i]:
            a[i] = a.size


last(Failing(2500), 1000000)
