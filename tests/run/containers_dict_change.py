# Dicts that change: during iteration, inside __eq__ and __hash__, while being updated or printed.


def check(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def walk(d, action, view=None):
    seen = []
    try:
        for k in view(d) if view else d:
            seen.append(k)
            action(d, k)
    except RuntimeError as e:
        print(seen[:12], len(seen), e)
    else:
        print(seen[:12], len(seen))


walk({1: 1, 2: 2}, lambda d, k: d.update({k + 10: 0}))
walk({1: 1, 2: 2}, lambda d, k: d.pop(k))
walk({1: 1, 2: 2, 3: 3}, lambda d, k: d.__setitem__(k, 0))
walk({1: 1, 2: 2, 3: 3}, lambda d, k: d.clear())
for size in (1, 2, 3, 4, 5, 6, 9, 10, 11, 20, 21, 22, 42, 43, 85, 100, 170, 171, 400):
    walk({i: i for i in range(size)}, lambda d, k: (d.pop(k), d.__setitem__(k + 1000, 0)))
    walk(dict.fromkeys(range(size)), lambda d, k: (d.pop(k), d.__setitem__(-k - 1, 0)), lambda d: d.keys())
    copied = dict({str(i): i for i in range(size)})
    walk(copied, lambda d, k: (d.pop(k), d.__setitem__(k + "x", 0)))
    walk({str(i): i for i in range(size)}.copy(), lambda d, k: (d.popitem(), d.__setitem__(k + "y", 0)))
    walk({i: i for i in range(size)}, lambda d, k: (d.pop(k), d.__setitem__(k, 1)))
    walk({i: i for i in range(size)}, lambda d, k: (d.popitem(), d.__setitem__(k * 3 + 7, 1)), reversed)

it = iter({1: 1, 2: 2})
print(next(it), it.__length_hint__(), next(it), it.__length_hint__())
check(lambda: next(it))
d = {1: 1, 2: 2, 3: 3}
it = iter(d.items())
print(next(it))
d[4] = 4
check(lambda: next(it))
del d[4]
check(lambda: next(it))
print(list(it.__iter__() is it for _ in "a"))


class Key:
    action = None
    log = []

    def __init__(self, n, h=0):
        self.n, self.h = n, h

    def __hash__(self):
        return self.h

    def __eq__(self, other):
        Key.log.append((self.n, other.n if isinstance(other, Key) else other))
        action, Key.action = Key.action, None
        if action:
            action()
        return isinstance(other, Key) and self.n == other.n

    def __repr__(self):
        return f"K{self.n}"


d = {Key(i): i for i in range(5)}
print(d, Key.log)
Key.log.clear()
print(d[Key(3)], Key(9) in d, Key.log)
Key.log.clear()
del d[Key(1)]
d[Key(7)] = 7
print(d, Key.log)
Key.log.clear()


def reset():
    d.clear()
    d[Key(100)] = "new"


Key.action = reset
check(lambda: d[Key(3)])
print(d, Key.log)
d = {Key(i): i for i in range(5)}
Key.log.clear()
Key.action = lambda: d.pop(next(iter(d)))
print(d.get(Key(4)), d, Key.log)
Key.log.clear()
Key.action = lambda: d.update({Key(50 + i, i): i for i in range(30)})
d[Key(3)] = "set"
print(len(d), Key.log[:6])
Key.log.clear()
s = {1: Key(1)}
t = {1: Key(1)}
Key.action = lambda: t.clear()
print(s == t, Key.log)
source = {Key(i): i for i in range(4)}
target = {Key(3): 0}
Key.action = lambda: source.update({"x": 1, "y": 2, "z": 3, "u": 4, "v": 5})
check(lambda: target.update(source))


class Changing:
    def __repr__(self):
        grow.clear()
        return "changed"


grow = {1: Changing(), 2: 3}
print(grow, grow)


class Unhashable:
    def __hash__(self):
        raise ValueError("no hash")


class Unequal:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        raise ValueError("no eq")


check(lambda: {Unhashable(): 1})
check(lambda: {1: 1}[Unequal()])
check(lambda: {1: 1}.get(Unequal()))
check(lambda: {1: 1}.pop(Unequal(), 0))
check(lambda: {1: 1, Unequal(): 2})
check(lambda: Unequal() in {1: 1})
check(lambda: {1: 1}.setdefault(Unequal(), 2))
check(lambda: {2: 1}.get(Unequal(), "absent"))
