# list.sort and sorted: stability, keys, reverse, which comparisons are made, errors, changes while sorting.


def check(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def numbers(count, seed=1, modulus=1000):
    out = []
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) % 2147483648
        out.append(seed // 65536 % modulus)
    return out


class Item:
    log = 0

    def __init__(self, key, tag):
        self.key, self.tag = key, tag

    def __lt__(self, other):
        Item.log = (Item.log * 31 + self.key * 7 + other.key + self.tag) % 1000000007
        return self.key < other.key

    def __repr__(self):
        return f"{self.key}.{self.tag}"


def ordered(values):
    return all(not values[i + 1] < values[i] for i in range(len(values) - 1))


for n in (0, 1, 2, 3, 10, 63, 64, 65, 100, 511, 512, 513, 1000, 3000):
    plain = numbers(n)
    print(n, ordered(sorted(plain)), sum(sorted(plain)) == sum(plain), sorted(plain, reverse=True) == sorted(plain)[::-1], end=" ")
    floats = [x / 8 - 30 for x in plain]
    print(ordered(sorted(floats)), sorted(floats, reverse=True) == sorted(floats)[::-1], end=" ")
    pairs = sorted([(x % 10, i) for i, x in enumerate(plain)], key=lambda p: p[0])
    print(all(pairs[i] <= pairs[i + 1] for i in range(n - 1)), end=" ")
    down = sorted([(x % 10, i) for i, x in enumerate(plain)], key=lambda p: p[0], reverse=True)
    print(all(a[0] > b[0] or (a[0] == b[0] and a[1] < b[1]) for a, b in zip(down, down[1:])), end=" ")
    words = [str(x) for x in plain]
    print(ordered(sorted(words)), ordered(sorted(words + ["\u1234x"])), ordered(sorted(pairs)), ordered(sorted(plain + [1.5, True])))

for n in (5, 40, 70, 200, 1000):
    for kind in range(6):
        Item.log = 0
        base = numbers(n, seed=n)
        if kind == 1:
            base.sort()
        elif kind == 2:
            base.sort(reverse=True)
        elif kind == 3:
            base = list(range(n // 2)) + list(range(n // 2, 0, -1)) + base[: n // 4]
        elif kind == 4:
            base = [x % 3 for x in base]
        elif kind == 5:
            base = sorted(base) + base[:3]
        items = [Item(x, i) for i, x in enumerate(base)]
        items.sort(reverse=kind == 4)
        print(n, kind, Item.log, items[:3], items[-2:])

print(sorted([0.0, -0.0, 0.0, -1.0]), sorted([1, 1.0, True, 0, False, 0.0]), sorted([1e300, 5e-324, -1e300, 2**80, -2**80, 0]))
nan = float("nan")
mixed = [3.0, nan, 1.0, 2.0, nan, 0.5, -1.0]
print(sorted(mixed), sorted(mixed, reverse=True))
print(sorted("hello world"), sorted({"b": 1, "a": 2}), sorted({3, 1, 2}), sorted(range(5), key=lambda x: -x))
print(sorted(["b", "B", "a", "é", "z", "Z", ""]), sorted(["ab", "a", "abc", "", "b"], key=len))
print(sorted([(1, "b"), (1, "a"), (0, "z"), ("a",)[1:], (1,)]), sorted([[2], [1, 5], [1]]))
print(sorted([(2, 1), (1, 2)], key=lambda p: p[1]), sorted("bca", reverse=True), sorted([3, 1, 2], key=None, reverse=False))
print(sorted([0.5, -0.0, 0.0, float("inf"), -float("inf"), -2.5] * 120)[::100])
print(sorted([(i * 7919) % 1009 - 500 for i in range(1200)])[::97], sorted(((i * 7919) % 1009 for i in range(1200)), key=lambda x: x % 50)[:12])

check(lambda: [1, "a"].sort())
check(lambda: [1, None, 2].sort())
check(lambda: [1, 2].sort(key=5))
check(lambda: [].sort(key=5))
check(lambda: [1].sort(key=5))
check(lambda: [1].sort(1))
check(lambda: [1].sort(reverse="a"))
check(lambda: [1].sort(reverse=None))
check(lambda: [1].sort(foo=1))
check(lambda: sorted())
check(lambda: sorted(5))
check(lambda: sorted([1], 2))
check(lambda: sorted([object(), object()]))


class Bad:
    count = 0

    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        Bad.count += 1
        if Bad.count == 60:
            raise RuntimeError("stop")
        return self.n < other.n


bad = [Bad(x) for x in numbers(100)]
check(lambda: bad.sort())
print(len(bad), sorted(b.n for b in bad) == sorted(numbers(100)))
values = [3, 1, 2]
seen = []


def spy(x):
    seen.append((list(values), len(values)))
    return x


values.sort(key=spy)
print(values, seen)
check(lambda: values.sort(key=lambda x: values.append(x)))
print(values)
check(lambda: values.sort(key=lambda x: values.clear() or x))
print(values)
check(lambda: values.sort(key=lambda x: 1 // (x - 2)))
print(values)
odd = [1, 2, 3]
check(lambda: odd.sort(key=lambda x: odd.sort() or -x))
print(odd)
for number in 2 ** 31, -2 ** 31 - 1, 2 ** 63 - 1, -2 ** 63, 2 ** 100, -2 ** 100:
    check(lambda: [2, 1].sort(reverse=number))
    check(lambda: [2, 1].sort(key=str, reverse=number))
    check(lambda: sorted([2, 1], reverse=number))
