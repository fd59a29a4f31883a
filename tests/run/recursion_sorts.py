"""What comparisons of sorting count against the recursion limit, and whom they ask how often: by kinds of keys."""
import sys
def d():
    try:
        sys.setrecursionlimit(1)
    except RecursionError as e:
        return int(str(e).split('depth ')[1].split(':')[0])
seen = []
class E:
    def __init__(self, x): self.x = x
    def __eq__(self, o): seen.append(('eq', self.x, o.x, d())); return self.x == o.x
    def __lt__(self, o): seen.append(('lt', self.x, o.x, d())); return self.x < o.x
class F(E): pass
class N:
    def __init__(self, x): self.x = x
    def __lt__(self, o): seen.append(('nlt', self.x, d())); return NotImplemented
    def __gt__(self, o): seen.append(('ngt', self.x, d())); return self.x > o.x
class M(N):
    def __lt__(self, o): seen.append(('mlt', self.x, d())); return NotImplemented
class LL(list): pass
class TT(tuple): pass
class SS(set): pass
class II(int): pass
class IL(int):
    def __lt__(self, o): seen.append(('ilt', int(self), d())); return int(self) < int(o)
def keys(make, *xs): return [make(x) for x in xs]
sets = [
    [(E(2), 1), (E(1), 2), (E(2), 0)], [(1, E(2)), (1, E(1))], [(E(2),), (F(1),)], [(1, E(2)), (1.0, E(1))], [(E(2),), ()], [(), (E(2),), (E(1),)], [(), ()],
    [[E(2)], [E(1)]], [[E(2)], [E(2)]], [LL([E(2)]), LL([E(1)])], [TT([E(2)]), TT([E(1)])], [((E(2),),), ((E(1),),)], [([E(2)],), ([E(1)],)], [(E(2), 1), [E(1)]],
    [N(2), N(1), N(3)], [(N(2),), (N(1),)], [(N(2), 1), (M(1), 2)], [N(2), M(1)], [E(2), E(1)], [E(2), F(1)], [(1 << 70, E(2)), (1 << 70, E(1))], [(float('nan'), E(2)), (float('nan'), E(1))],
    [(II(2), 1), (II(1), 2)], [IL(3), IL(2)], [(IL(3), 1), (IL(2), 2)], [('a', E(2)), ('a', E(1)), ('b', E(0))], [('é', E(2)), ('é', E(1)), ('b', E(0))],
    [(None, E(2)), (None, E(1))], [(None, 2), (None, 1)], [(None,), (1,)], [(1, None), (1, 2)], [(object(),), (object(),)], [{1}, {1, 2}], [SS([1]), SS([1, 2])], [(True, E(1)), (False, E(2)), (True, E(0))],
    [(E(1), E(2), E(3)), (E(1), E(2), E(2)), (E(1), E(2))], [range(2), range(3)], [{}, {}], [slice(1, E(2)), slice(1, E(1))], [(slice(E(2)),), (slice(E(1)),)],
    [[1, E(2)], [1, E(1)], []], [[1, [E(2)]], [1, [E(1)]]], [(1, (1, E(2))), (1, (1, E(1)))],
]
for number, values in enumerate(sets):
    order = range(len(values))
    for how in (lambda v: sorted(v), lambda v: v.sort(), lambda v: sorted(v, reverse=True), lambda v: sorted(order, key=v.__getitem__), lambda v: min(v), lambda v: max(v)):
        for attempt in range(20):
            seen.clear()
            try:
                got = type(how(list(values))).__name__
            except Exception as e:
                got = f'{type(e).__name__}: {e}'
            if attempt in (0, 19):
                print(number, got, seen)


class R:
    def __init__(self, make): self.make = make
    def __lt__(self, o):
        global n
        n += 1
        return bool(sorted([self.make(self), self.make(self)]))
    def __eq__(self, o): return False


class Eq(R):
    def __eq__(self, o): return bool(sorted([self.make(self), self.make(self)]))



def end(kind, make):
    global n
    n = 0
    try:
        sorted([make(kind(make)), make(kind(make))])
    except RecursionError as e:
        return n, str(e)


for kind in (R, Eq):
    for which, make in enumerate((lambda x: (x,), lambda x: (x, 1), lambda x: [x], lambda x: x, lambda x: ((x,),), lambda x: ([x],), lambda x: LL([x]), lambda x: TT([x]), lambda x: [1, x], lambda x: (1, x))):
        sys.setrecursionlimit(99)
        for _ in range(20): end(kind, make)
        for limit in (100, 101, 102, 103, 1000):
            sys.setrecursionlimit(limit)
            print(kind.__name__, which, limit, end(kind, make))
