# dict_keys, dict_values, dict_items: set operations, comparisons, membership, order of results.


def check(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


d = {"a": 1, "b": 2, "c": 3}
k, v, i = d.keys(), d.values(), d.items()
print(k, v, i, len(k), len(v), len(i))
d["d"] = 4
print(k, v, i, len(k))
print("a" in k, 2 in v, ("a", 1) in i, ("a", 2) in i, ["a", 1] in i, ("a",) in i, "z" in k, 9 in v)
print(list(k), sorted(v), list(i)[0], list(reversed(k)), list(reversed(v)), list(reversed(i)))
n = {x: x for x in range(6)}
m = {x: x if x != 5 else 0 for x in range(4, 12)}
print(n.keys() & m.keys(), n.keys() | m.keys(), n.keys() - m.keys(), n.keys() ^ m.keys())
print(n.items() & m.items(), sorted(n.items() | m.items()), sorted(n.items() - m.items()), sorted(n.items() ^ m.items()))
print(n.keys() & [1, 2, 99], n.keys() | [50, 1], n.keys() - {0, 1}, n.keys() ^ range(3, 8), n.keys() & {2: 1})
print([1, 20] & n.keys(), [1, 20] | n.keys(), range(8) - n.keys(), (1, 100) ^ n.keys(), {1, 9} & n.keys(), {1, 9} - n.keys())
print({1, 9} | n.keys(), {1, 9} ^ n.keys(), frozenset([1, 77]) & n.keys(), type(frozenset([1]) | n.keys()).__name__)
print(n.keys() == set(range(6)), n.keys() == frozenset(range(6)), n.keys() == list(range(6)), n.keys() == n.keys(), n.keys() != m.keys())
print(n.keys() < set(range(7)), n.keys() <= set(range(6)), n.keys() > {1}, n.keys() >= {0, 99}, {1} < n.keys(), set(range(6)) == n.keys())
print(n.items() == {(x, x) for x in range(6)}, n.items() >= {(0, 0)}, n.items() > m.items(), {}.items() == set(), {}.keys() == {}.items())
print(n.values() == n.values(), n.keys().isdisjoint([7, 8]), n.keys().isdisjoint(m), n.items().isdisjoint({(0, 1)}), n.keys().isdisjoint(n.keys()))
print({}.keys().isdisjoint({}.keys()), n.items().isdisjoint(m.items()), n.keys().isdisjoint(set(range(100, 200))))
print(k.mapping, type(k.mapping).__name__, k.mapping["a"], len(v.mapping))
print(repr({}.keys()), repr({}.values()), repr({}.items()), {1: {2: 3}.items()})
r = {}
r["v"] = r.values()
r["i"] = r.items()
print(r)
print(set(n.keys()), set(m.items()), tuple(n.values()), dict(n.items()) == n, max(n.keys()), sum(m.values()))
x = n.keys()
x &= {1, 2, 3}
print(x, type(x).__name__)
y = n.items()
y -= {(0, 0)}
print(sorted(y))


class Sub(dict):
    def __iter__(self):
        print("iter")
        return super().__iter__()


s = Sub({1: 2, 3: 4})
print(s.keys() | {5}, s.items() & {(1, 2)}, list(s.keys()), dict(s), {**s}, set(s))
check(lambda: {1: []}.items() | set())
check(lambda: {1: []}.items() & {(1, 2)})
check(lambda: {1: []}.items() ^ {1: []}.items())
check(lambda: {1: []}.items() ^ {2: []}.items())
check(lambda: {1: 2}.values() | {3})
check(lambda: {1: 2}.values() < {3})
check(lambda: {1: 2}.keys() < 5)
check(lambda: {1: 2}.keys() < [1])
check(lambda: {1: 2}.keys() | 5)
check(lambda: {1: 2}.keys() & 5)
check(lambda: {1: 2}.keys() - 5)
check(lambda: 5 - {1: 2}.keys())
check(lambda: {1: 2}.keys() + {1})
check(lambda: {1: 2}.keys() & [[]])
check(lambda: {1: 2}.keys().isdisjoint(5))
check(lambda: {1: 2}.keys().isdisjoint())
check(lambda: hash({1: 2}.keys()))
check(lambda: hash({1: 2}.items()))
check(lambda: [] in {1: 2}.keys())
check(lambda: ([], 1) in {1: 2}.items())
check(lambda: {1: 2}.keys()[0])
check(lambda: {1: 2}.keys(5))
check(lambda: type({}.keys())())


class Attributed(dict):
    pass


attributed = Attributed()
attributed.field = 1
mapping = attributed.items().mapping
attributed["foo"] = "bar"
print(mapping, mapping == attributed, mapping["foo"], "field" in mapping, vars(attributed), attributed.__dict__ == {"field": 1})
