# Tuples, ranges and slice objects: subscripts, operators, hashes, big values, messages.


def check(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class T(tuple):
    def __new__(cls, *items):
        return super().__new__(cls, items)

    @property
    def first(self):
        return self[0]


t = (1, 2, 3, 4, 5)
print(t[1], t[-1], t[1:3], t[::-1], t[::2], t[5:], t[:], t[:] is t, t + (6,), t * 2, 2 * (0,), (1,) * 0, () + t is t, t * 1 is t)
print(t.index(3), t.index(3, 1), t.index(3, -4, 10), t.count(3), 3 in t, 3.0 in t, "a" in t, len(t), (), (1,), ((),), (1, (2, (3,))))
print((1, 2) < (1, 3), (1,) < (1, 2), () < (1,), (1, 2) == (1.0, 2), (1, 2) != (1, 2), (2,) > (1, 9), (1, "a") < (2, 1))
print(tuple(), tuple("ab"), tuple([1]), tuple({1: 2}), tuple(x for x in range(3)), tuple(t) is t, tuple(range(4)))
print(hash(()), hash((1,)), hash((1, 2, 3)), hash((1, (2, 3), -1, 2.5, None.__class__ is None)), hash((0.0, False)), hash(tuple(range(100))))
u = T(1, 2)
u.extra = 7
print(u, u.first, u.extra, u == (1, 2), type(u[:]).__name__, type(u + (3,)).__name__, type(u * 2).__name__, hash(u) == hash((1, 2)), isinstance(u, tuple))
print({(1, 2): "x"}[(1, 2)], {u: 1}[(1, 2)], len(T()), T(*range(1000))[999], sorted([(2, "b"), (1, "z"), (1, "a")]))
r = [1]
s = (r, 5)
r.append(s)
print(s, r)
check(lambda: t[9])
check(lambda: t["a"])
check(lambda: t[2**70])
check(lambda: t.index(9))
check(lambda: t.index(1, "a"))
check(lambda: t + [1])
check(lambda: t * "a")
check(lambda: t * 2**70)
check(lambda: (1, 2) * 2**61)
check(lambda: tuple(5))
check(lambda: tuple(a=1))
check(lambda: tuple(1, 2))
check(lambda: hash(([],)))
check(lambda: t < [1])
check(lambda: (1, "a") < (1, 2))
check(lambda: t.__setitem__(0, 1))
check(lambda: t.append(1))

print(range(5), range(1, 5), range(1, 10, 2), range(5, 0, -1), range(0), range(True, 5), list(range(5, 0, -2)))
print(len(range(10, 0, -3)), len(range(0, -5)), range(5)[2], range(5)[-1], range(10)[2:8:2], range(10)[::-1], range(10)[5:2], range(0, 20, 3)[1:-1])
print(3 in range(5), 3.0 in range(5), 5 in range(5), "a" in range(3), 4 in range(0, 10, 3), True in range(3), -1 in range(5, -5, -2))
print(range(3) == range(0, 3, 1), range(0) == range(5, 5), range(0, 3, 2) == range(0, 4, 2), range(3) != range(4), range(3) == [0, 1, 2])
print(hash(range(5)) == hash(range(0, 5, 1)), hash(range(0)) == hash(range(9, 9)), hash(range(5)), hash(range(0, 10, 3)))
print(range(5).index(3), range(5).count(3), range(5).count(9), range(0, 10, 2).index(4), range(3).index(1.0), range(3).count(1.0), range(3).count("x"))
print(range(5).start, range(5).stop, range(5).step, bool(range(0)), bool(range(1)), bool(range(2**80)))
b = range(2**70, 2**70 + 10, 3)
print(b, len(b), list(b), b[-1], b[1:3], 2**70 + 3 in b, 2**70 + 4 in b, b.index(2**70 + 9), list(reversed(b)), b[::-1])
print(range(2**61 - 2, 2**61 + 2)[3], list(range(2**61 - 2, 2**61 + 2)), list(range(-2**61 + 1, -2**61 - 2, -1)), range(-2**62, 2**62)[2**62])
print(range(10)[:: 10**30], range(10**30)[10**29 :: 10**28][2], range(2**64).index(2**63), list(range(0, 2**65, 2**63)), hash(range(2**70)))
print([x for x in range(3, -3, -1)], sum(range(1000)), list(zip(range(3), range(9, 0, -3))), max(range(-5, 5)), sorted(range(5), reverse=True))
check(lambda: range())
check(lambda: range(1, 2, 3, 4))
check(lambda: range(1.0))
check(lambda: range("a"))
check(lambda: range(1, 2, 0))
check(lambda: range(a=1))
check(lambda: range(5)[9])
check(lambda: range(5)["a"])
check(lambda: range(5)[1.0])
check(lambda: range(5)[::0])
check(lambda: range(5)["a":])
check(lambda: range(5).index(9))
check(lambda: range(5).index("a"))
check(lambda: len(range(2**70)))
check(lambda: range(5) < range(6))
check(lambda: range(5) + range(5))
check(lambda: setattr(range(5), "start", 1))

s = slice(1, 10, 2)
print(s, slice(5), slice(None, None), slice("a", [1]), s.start, s.stop, s.step, s.indices(5), slice(None, None, -1).indices(5))
print(slice(-3, None).indices(10), slice(0, 10**30).indices(10**20), slice(10**30, None, -1).indices(7), slice(None, -100).indices(5))
print(slice(5, 1).indices(3), slice(None, None, 10**25).indices(9), slice(-(10**20), 10**20, -3).indices(4))
print(s == slice(1, 10, 2), s != slice(1), s == 5, slice(1, 2) < slice(1, 3), slice(1) <= slice(1), slice(2) > slice(1), s == s, s < s, s >= s)
print([10, 20, 30][slice(1, None)], "abc"[slice(None, None, -1)], (1, 2, 3)[slice(-2, None)])
check(lambda: slice())
check(lambda: slice(1, 2, 3, 4))
check(lambda: slice(a=1))
check(lambda: hash(s))
check(lambda: s.indices())
check(lambda: s.indices("a"))
check(lambda: s.indices(-1))
check(lambda: slice(1, 2, 0).indices(1))
check(lambda: slice("a").indices(1))
check(lambda: slice(1) < 5)
check(lambda: slice(1) < slice("a"))
check(lambda: [1][slice("a")])
