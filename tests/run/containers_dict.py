# Dicts: methods, operators, constructors, subclasses, messages.


def check(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


d = {"a": 1, 2: "b", (1, 2): [3], None: None, 1.5: 2}
print(d, len(d), d["a"], d[2.0], d[(1, 2)], d.get("zz"), d.get("zz", 5), d.get(None, 7))
d[True] = "one"
d[1] = "uno"
d[1.0] += "!"
print(d, list(d), list(d.values()), list(d.items()))
print(d.pop("a"), d.pop("a", "gone"), d.setdefault("n", []), d.setdefault("n", 5), d.setdefault("m"))
print(d.popitem(), d.popitem(), d)
del d[None]
print(d, "n" in d, 2 in d, None in d, 1 in d)
d["n"] = 1
d.update({"x": 1}, y=2)
d.update([("z", 3), ["w", 4], "ab"])
d.update(d)
d.update(k for k in [("q", 1)])
d.update(self=1, other=2)
print(d)
e = d.copy()
e["new"] = 1
print(len(d), len(e), d == e, e != d, {1: 2} == {1.0: 2.0}, {} == {}, {1: 2} == {1: 3}, {1: [nan := float("nan")]} == {1: [nan]})
e.clear()
print(e, bool(e), bool(d))
print(dict(), dict(a=1), dict({1: 2}, b=3), dict([(1, 2)]), dict(zip("abc", range(3))), dict({1: 2}.items()))
print(dict.fromkeys("abc"), dict.fromkeys([1, 2], 0), dict.fromkeys({3, 4}, 1), dict.fromkeys({5: 6}), dict.fromkeys(range(3), []))
print({1: 2, 3: 4} | {3: 5, 6: 7}, {**{1: 2}, 1: 3, **{4: 5}})
f = {1: 2}
g = f
f |= [(5, 6)]
f |= {1: 9}
print(f, f is g)
print(list(reversed({1: 2, 3: 4})), list(reversed({1: 2, 3: 4}.items())), list(reversed({1: 2, 3: 4}.values())))
r = {}
r["self"] = r
r["list"] = [r]
print(r, {1: {}, 2: {"a": []}})
print({x: x * x for x in range(5)}, {k: v for k, v in zip("ab", "cd")})


class Default(dict):
    def __missing__(self, key):
        self[key] = value = [key]
        return value


m = Default(a=1)
print(m["a"], m["b"], m, m.get("c"), "c" in m, type(m.copy()).__name__, type(m | {}).__name__, isinstance(m, dict))
print(m == {"a": 1, "b": ["b"]}, Default.fromkeys("x"), type(Default.fromkeys("x")).__name__, repr(Default()))
m.attribute = 5
print(m.attribute, len(m), dict(m), {**m})


class Loud(dict):
    def __setitem__(self, key, value):
        print("set", key, value)
        super().__setitem__(key, value)

    def __getitem__(self, key):
        print("get", key)
        return super().__getitem__(key)

    def __delitem__(self, key):
        print("del", key)
        super().__delitem__(key)

    def __contains__(self, key):
        print("in", key)
        return dict.__contains__(self, key)


loud = Loud({1: 2})
loud[3] = 4
print(loud[3], 3 in loud, loud.get(1), loud.pop(1), loud.setdefault(5, 6))
del loud[3]
print(loud, Loud.fromkeys("ab", 1))


class Mapping:
    def keys(self):
        return iter(["k1", "k2"])

    def __getitem__(self, key):
        return key.upper()


print(dict(Mapping()), dict(Mapping(), z=1), {**Mapping()}, {} | dict(Mapping()))
big = {i: str(i) for i in range(1000)}
for i in range(0, 1000, 3):
    del big[i]
for i in range(500):
    big[-i] = i
print(len(big), sum(big), sum(len(str(v)) for v in big.values()), list(big)[:10], list(big)[-5:])
while len(big) > 990:
    print(big.popitem(), end=" ")
print()
check(lambda: {}[5])
check(lambda: {}["a"])
check(lambda: {}[(1, 2)])
check(lambda: {}.pop(1))
check(lambda: {}.pop())
check(lambda: {}.pop(1, 2, 3))
check(lambda: {}.popitem())
check(lambda: {}.get())
check(lambda: {}.get([]))
check(lambda: {}.pop([]))
check(lambda: {1: 1}.pop([]))
check(lambda: {[]: 1})
check(lambda: {{}: 1})
check(lambda: {}.setdefault())
check(lambda: {}.update(5))
check(lambda: {}.update([5]))
check(lambda: {}.update([(1, 2, 3)]))
check(lambda: {}.update([(1, 2), (1,)]))
check(lambda: {}.update(1, 2))
check(lambda: {}.update([([], 1)]))
check(lambda: dict(5))
check(lambda: dict(1, 2))
check(lambda: dict.fromkeys())
check(lambda: dict.fromkeys(5))
check(lambda: dict.fromkeys([[]]))
check(lambda: {} | 5)
check(lambda: {} | [(1, 2)])
check(lambda: {}.__ior__(5))
check(lambda: {} < {})
check(lambda: {} + {})
check(lambda: hash({}))
check(lambda: {}.__delitem__(1))
check(lambda: {}.copy(1))
