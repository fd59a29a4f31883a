# Sets and frozensets: operators, methods, subclasses, hashing, messages.


def check(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class S(set):
    pass


class F(frozenset):
    pass


a, b = {1, 2, 3, 4}, {3, 4, 5}
print(a | b, a & b, a - b, b - a, a ^ b, a == b, a != b, a < b, {3} < a, a >= {1}, a > a, a <= a, len(a))
print(a.union(b, [9], "x"[:0]), a.intersection([1, 3], (3,)), a.difference([1], {2: 0}), a.symmetric_difference([1, 50]))
print(a.union(), a.intersection(), a.difference(), a.issubset(range(10)), a.issuperset([1, 2]), a.isdisjoint([7]), a.isdisjoint(b))
c = set(a)
c.add(10)
c.discard(1)
c.discard(99)
c.remove(2)
c.update([7], {8: 1}, "z")
print(sorted(c, key=str), len(c))
c.difference_update([7], ["z"])
c.intersection_update(range(9), range(5))
c.symmetric_difference_update([3, 77])
print(c)
c |= {1}
c &= {1, 4, 77}
c -= {77}
c ^= {4, 6}
print(c)
c.clear()
print(c, set(), frozenset(), {None}, frozenset([2, 1]))
print(S([1, 2]), F("a"), S(), F(), type(S([1]) | {2}).__name__, type(F([1]) & F([1])).__name__, type(S().copy()).__name__)
print(type({1} | frozenset([2])).__name__, type(frozenset([2]) | {1}).__name__, type(S([1]).union([2])).__name__)
print({1, 2} == frozenset([2, 1]), S([1]) == {1}, hash(frozenset([1, 2, 3])), hash(frozenset()), hash(frozenset(range(50))))
print(hash(frozenset([(1, 2), frozenset([3])])), frozenset([1]) in {frozenset([1])}, {1} in {frozenset([1])}, {frozenset([1]): 2}[frozenset([1])])
nested = {frozenset([1]), frozenset([2])}
nested.remove({1})
nested.discard({5})
print(nested, {2} in nested, set([]) in nested)
print(0 in {0}, False in {0}, 0.0 in {0}, -1 in {-1}, -2 in {-1}, "" in {""}, () in {()}, {0, False, 0.0})
print({True, 1, 1.0}, {1.0, 1, True}, {2**70, 2.0**70}, {2**61 - 1, 0}, {-1, -2})
fz = frozenset([1, 2])
print(frozenset(fz) is fz, fz.copy() is fz, fz | {3}, fz - {1}, fz & {1}, fz.union([5]))
s = {5, 6, 7}
print(s.pop() in (5, 6, 7), len(s), sorted(set("hello")), {x % 3 for x in range(10)}, set(range(3)), set((1, 1)), set({4: 5}))
s = set([1])
t = s
s |= {2}
s.update(s)
s ^= s
print(s, s is t)
s = {1, 2}
s -= s
print(s, {1, 2}.difference({1, 2}), {1} - {1}, {1} & set())
r = {1}


class Holder:
    def __repr__(self):
        return f"H{r_set}"


r_set = {Holder()}
print(r_set, list(r_set))


class Hooked(set):
    def __contains__(self, x):
        return True

    def add(self, x):
        print("add", x)
        super().add(x)

    def __or__(self, other):
        return "or"

    def __ror__(self, other):
        return "ror"


h = Hooked([1])
h.add(2)
print(99 in h, h | {1}, {1} | h, len(h), h.union([3]), h == {1, 2})
h.note = "n"
print(h.note)
check(lambda: {1} | [1])
check(lambda: {1} - 5)
check(lambda: {1} & "a")
check(lambda: {1} ^ None)
check(lambda: {1} + {2})
check(lambda: {1} < [1])
check(lambda: {1}.__or__([1]))
check(lambda: {[]})
check(lambda: {1, {}})
check(lambda: set([[1]]))
check(lambda: {1}.add([]))
check(lambda: {1}.remove(5))
check(lambda: {1}.remove("k"))
check(lambda: {1}.remove([]))
check(lambda: {1}.remove({1}))
check(lambda: {1}.discard([]))
check(lambda: [] in {1})
check(lambda: {1} in {1})
check(lambda: set().pop())
check(lambda: set(5))
check(lambda: set(1, 2))
check(lambda: set(a=1))
check(lambda: frozenset(a=1))
check(lambda: S(1, 2))
check(lambda: F(a=1))
check(lambda: {1}.union(5))
check(lambda: {1}.union([[]]))
check(lambda: {1}.intersection(5))
check(lambda: {1}.difference([[]]))
check(lambda: {1}.symmetric_difference())
check(lambda: {1}.symmetric_difference(1, 2))
check(lambda: {1}.issubset())
check(lambda: {1}.issuperset(5))
check(lambda: {1}.isdisjoint(5))
check(lambda: {1}.update([1], 5))
check(lambda: hash({1}))
check(lambda: frozenset().add(1))
check(lambda: {1}[0])
check(lambda: set.add({1}))
