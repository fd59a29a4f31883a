"""Methods of builtin containers whose calls native code does itself: each site meets what was expected, then what was not."""


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as e:
        line = e.__traceback__
        while line.tb_next:
            line = line.tb_next
        return type(e).__name__, str(e), line.tb_frame.f_code.co_name, line.tb_lineno


def add_to(x, value):
    return x.append(value)


def take_from(x):
    return x.pop()


def take_at(x, i):
    return x.pop(i)


def find(x, key):
    return x.get(key)


def find_or(x, key, default):
    return x.get(key, default)


def put(x, value):
    return x.add(value)


class Loud(list):
    def append(self, value):
        super().append(("loud", value))
        return "appended"

    def pop(self):
        return "popped", super().pop()


class Quiet(list):
    pass


class Default(dict):
    def get(self, key, default=None):
        return "default", key, default

    def __missing__(self, key):
        return "missing"


class Plain(dict):
    def __missing__(self, key):
        return "missing"


class Sets(set):
    def add(self, value):
        super().add((value, value))


class Other:
    """Methods of these names that have nothing to do with containers, and borrowed ones."""
    def __init__(self):
        self.seen = []

    def append(self, value):
        self.seen.append(value)
        return self

    def pop(self):
        return self.seen

    def get(self, *keys):
        return keys

    def add(self, value):
        return value, value

    def __repr__(self):
        return "Other"


class Borrowed:
    append = list.append
    pop = list.pop
    get = dict.get
    add = set.add


class Key:
    def __init__(self, value):
        self.value = value

    def __hash__(self):
        return 7

    def __eq__(self, other):
        if self.value == "raise":
            raise ValueError("eq of a key")
        return self.value == getattr(other, "value", None)


for i in range(60):
    xs = []
    for k in range(20):
        add_to(xs, k if i % 2 else str(k))
    for k in range(10):
        take_from(xs), take_at(xs, 0) if k % 3 == 0 else None
    find({1: 2, "a": 3}, i % 3), find_or({1: 2}, i, "no"), put({1}, i)

items = [], [1], list(range(5)), Loud(), Loud([1]), Quiet([1, 2]), Other(), Borrowed(), {1}, {1: 2}, "text", 3, None, (1,), 2.5
for x in items:
    print("append", attempt(add_to, x, "v"), x if not isinstance(x, Borrowed) else "")
for x in items:
    print("pop", attempt(take_from, x), attempt(take_at, x, 0), x if not isinstance(x, Borrowed) else "")
for x in ({}, {1: 2}, {"k": None}, Default({1: 2}), Plain({1: 2}), Other(), Borrowed(), [], "text", 3, None):
    for key in (1, "k", (1, 2), [1], {}, None, 1.0, True, Key(1), Key("raise")):
        print("get", attempt(find, x, key) if not isinstance(key, Key) else attempt(find, x, key) is None, attempt(find_or, x, key, "d") if not isinstance(key, Key) else "")
for x in (set(), {1}, Sets(), Other(), Borrowed(), frozenset({1}), [], None):
    print("add", attempt(put, x, 5), attempt(put, x, [1])[:2] if attempt(put, x, [1]) else "", sorted(x, key=str) if isinstance(x, (set, list)) else "")
table = {Key(1): "one", Key("raise"): "never"}
print(attempt(find, {Key("raise"): 1}, Key(2)), attempt(put, {Key("raise")}, Key(2)))

# Far growth and shrinking, strings and ints mixed: stores that are all numbers get their first pointer, and old ones young values.
big = []
for i in range(3000):
    add_to(big, i)
add_to(big, "pointer")
for i in range(3000):
    add_to(big, [i] if i % 7 == 0 else i)
print(len(big), big[3000], big[3001], big[-1], sum(1 for v in big if isinstance(v, list)))
total = 0
while len(big) > 1:
    value = take_from(big)
    total += value if isinstance(value, int) else len(value)
print(total, big, take_from(big), attempt(take_from, big))
for i in range(100):
    add_to(big, str(i))
print(big[::17])


# Changes while the list is being sorted are noticed.
def key(x):
    log.append(attempt(add_to, xs, x))
    return -x


xs, log = [3, 1, 2], []
print(attempt(xs.sort), attempt(lambda: xs.sort(key=key)), xs, log)
xs = [3, 1, 2]


def key(x):
    log.append(attempt(take_from, xs))
    return x


print(attempt(lambda: xs.sort(key=key)), xs, log[-3:])

# Called through the class, with other numbers of arguments, with bound methods in variables.
for i in range(40):
    ys = []
    list.append(ys, i)
    list.pop(ys)
print(attempt(lambda: list.append([])), attempt(lambda: list.append([], 1, 2)), attempt(lambda: list.append(3, 1)), attempt(lambda: dict.get({})), attempt(lambda: [].append()),
      attempt(lambda: [].append(1, 2)), attempt(lambda: [1].pop(1, 2)), attempt(lambda: {}.get()), attempt(lambda: {}.get(1, 2, 3)), attempt(lambda: set().add()),
      attempt(lambda: [1, 2].pop("x")), attempt(lambda: [1, 2].pop(5)), attempt(lambda: [1, 2].pop(-1)), attempt(lambda: list.append(x=1)))


def bound(n):
    out = []
    append, pop = out.append, out.pop
    for i in range(n):
        append(i)
        if i % 3 == 0:
            pop()
    return out


for i in range(30):
    bound(5)
print(bound(12))


# A class whose method changes under a site that is compiled.
class Changing:
    def append(self, value):
        return "first", value


thing = Changing()
for i in range(60):
    if i == 30:
        Changing.append = list.append
    if i == 40:
        Changing.append = lambda self, value: ("second", value)
    if i == 50:
        thing.append = lambda value: ("own", value)
    if i % 10 in (0, 9):
        print(i, attempt(add_to, thing, i))
    else:
        attempt(add_to, thing, i)
    add_to([], i)


def fill(n):
    """In a generator, and with results used."""
    out = []
    for i in range(n):
        yield out.append(i), out.pop(), len(out), {}.get(i, i)


for i in range(20):
    list(fill(4))
print(list(fill(3)))
take_from([])
