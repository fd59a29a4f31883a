"""Containers that change inside the hooks of their elements while builtin operations run over them: every operation, with
each of the changes at each of its first calls of a hook; a stride of all combinations."""


class State:
    calls = 0
    at = 0
    act = None


S = State


def hook():
    S.calls += 1
    if S.calls == S.at:
        S.act()


class E:
    def __init__(self, n):
        self.n = n

    def __eq__(self, o):
        hook()
        return isinstance(o, E) and self.n == o.n

    def __lt__(self, o):
        hook()
        return self.n < o.n

    def __gt__(self, o):
        hook()
        return self.n > o.n

    def __le__(self, o):
        hook()
        return self.n <= o.n

    def __hash__(self):
        hook()
        return 1 if self.n < 50 else 9

    def __index__(self):
        hook()
        return self.n

    def __bool__(self):
        hook()
        return self.n != 0

    def __repr__(self):
        hook()
        return "E%d" % self.n

    def __format__(self, spec):
        hook()
        return "F%d%s" % (self.n, spec)

    def __add__(self, o):
        hook()
        return E(self.n + (o.n if isinstance(o, E) else 0))

    __radd__ = __add__

    def __iter__(self):
        hook()
        return It(self.n)

    def __len__(self):
        hook()
        return self.n

    def __getitem__(self, i):
        hook()
        if i == "k" or i == "j":
            return self.n
        if i >= self.n:
            raise IndexError
        return E(i)

    def keys(self):
        hook()
        return It(self.n)

    def __contains__(self, x):
        hook()
        return False

    def __call__(self, *a):
        hook()
        return E(len(a) + self.n)

    def __length_hint__(self):
        hook()
        return 7


class It:
    def __init__(self, n):
        self.n = n
        self.i = 0

    def __iter__(self):
        hook()
        return self

    def __next__(self):
        hook()
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return E(self.i)

    def __length_hint__(self):
        hook()
        return 3


class LS(list):
    pass


class DS(dict):
    def __missing__(self, k):
        hook()
        return 7


class SS(set):
    pass


def show(x, depth=0):
    t = type(x)
    if t is E:
        return "e%d" % x.n
    if depth > 3:
        return "..."
    if t in (list, tuple, LS):
        return "%s(%s)" % (t.__name__, " ".join([show(i, depth + 1) for i in x]))
    if t in (dict, DS):
        pairs = [show(k, depth + 1) + "=" + show(v, depth + 1) for k, v in dict.items(x)]
        return "%s(%s)" % (t.__name__, " ".join(sorted(pairs)))
    if t in (set, frozenset, SS):
        return "%s(%s)" % (t.__name__, " ".join(sorted([show(k, depth + 1) for k in x])))
    if t in (int, float, str, bool, type(None)):
        return repr(x)
    return t.__name__


def fresh():
    global L, D, T, X, Y, M, FS
    S.at = 0
    L = [E(1), E(2), E(3), E(4)]
    M = LS([E(2), E(60), E(2)])
    D = {E(1): 10, E(2): E(20), E(60): 30}
    T = DS({E(1): E(1), "k": 1})
    X = {E(1), E(2), E(61)}
    Y = SS([E(2), E(3), E(61)])
    FS = frozenset([E(1), E(5)])
    S.calls = 0


def grow():
    L.extend(range(40))
    M.extend(range(40))
    for i in range(40):
        D[i] = i
        X.add(i)
        Y.add(i)
        T[i] = i


def shrink():
    del L[1:]
    del M[1:]
    D.clear()
    T.clear()
    X.clear()
    Y.clear()


def swap():
    L[:] = [E(9)] * 3
    M[:] = [E(9)] * 3
    D.clear()
    D[E(1)] = 5
    T.clear()
    T[E(1)] = 5
    X.clear()
    X.add(E(1))
    Y.clear()
    Y.add(E(2))


def pops():
    for container in (L, M, X, Y):
        if container:
            container.pop()
    for container in (D, T):
        if container:
            container.popitem()


def more():
    L.append(E(77))
    M.append(E(77))
    D[E(77)] = 1
    T[E(77)] = 1
    X.add(E(77))
    Y.add(E(77))


def values():
    for container in (D, T):
        for k in list(container):
            dict.__setitem__(container, k, E(0))
    for i in range(len(L)):
        L[i] = E(8)


def resort():
    L.sort()
    M.reverse()


def boom():
    raise KeyError("boom")


ACTIONS = (grow, shrink, swap, pops, more, values, resort, boom)


def set_item(c, k, v):
    c[k] = v
    return c


def del_item(c, k):
    del c[k]
    return c


def iadd(a, b):
    a += b
    return a


def imul(a, b):
    a *= b
    return a


def ior(a, b):
    a |= b
    return a


def iand(a, b):
    a &= b
    return a


def isub(a, b):
    a -= b
    return a


def ixor(a, b):
    a ^= b
    return a


def unpack3(x):
    a, b, c = x
    return [a, b, c]


def unpack_star(x):
    a, *b = x
    return [a, b]


def loop(x):
    out = []
    for i in x:
        hook()
        out.append(i)
        if len(out) > 100:
            break
    return out


def f(*a, **k):
    return [len(a), len(k)]


class W:
    def write(self, s):
        hook()

    def flush(self):
        hook()


OPS = {
    "remove": lambda: L.remove(E(3)),
    "index": lambda: L.index(E(3)),
    "count": lambda: L.count(E(3)),
    "in": lambda: E(3) in L,
    "index2": lambda: L.index(E(3), E(1), E(3)),
    "eq": lambda: L == [E(1), E(2), E(3), E(4)],
    "lt": lambda: L < [E(1), E(2), E(3), E(5)],
    "sort": lambda: L.sort(),
    "sortkey": lambda: L.sort(key=lambda e: e),
    "sortkey2": lambda: L.sort(key=lambda e: (hook(), e.n)[1]),
    "sortrev": lambda: L.sort(reverse=True),
    "sorted": lambda: sorted(L),
    "sortedM": lambda: sorted(M, key=E(1)),
    "min": lambda: min(L),
    "max": lambda: max(L, key=E(3)),
    "sum": lambda: sum(L, E(0)),
    "any": lambda: any(L),
    "all": lambda: all(L),
    "extend": lambda: L.extend(It(5)),
    "extend self": lambda: L.extend(L),
    "extendE": lambda: L.extend(E(3)),
    "extendM": lambda: L.extend(M),
    "slice=": lambda: set_item(L, slice(1, 3), It(3)),
    "slice=E": lambda: set_item(L, slice(E(1), E(3)), It(3)),
    "slice= step": lambda: set_item(L, slice(E(0), E(4), E(2)), It(2)),
    "del slice": lambda: del_item(L, slice(E(1), E(3))),
    "del step": lambda: del_item(L, slice(E(0), E(4), E(2))),
    "get slice": lambda: L[E(1):E(3)],
    "get": lambda: L[E(3)],
    "set": lambda: set_item(L, E(3), 1),
    "del": lambda: del_item(L, E(3)),
    "insert": lambda: L.insert(E(3), 1),
    "pop": lambda: L.pop(E(3)),
    "mul": lambda: L * E(2),
    "imul": lambda: imul(L, E(3)),
    "iadd": lambda: iadd(L, It(3)),
    "iaddE": lambda: iadd(L, E(2)),
    "add": lambda: L + M,
    "list": lambda: list(L),
    "listE": lambda: list(E(3)),
    "tuple": lambda: tuple(It(5)),
    "tupleL": lambda: tuple(E(4)),
    "set()": lambda: set(L),
    "frozenset": lambda: frozenset(L),
    "setE": lambda: set(It(4)),
    "dict": lambda: dict(E(0)),
    "dictpairs": lambda: dict([(E(1), 1), (E(2), 2), E(2)]),
    "repr": lambda: repr(L),
    "reprD": lambda: repr(D),
    "reprX": lambda: len(repr(X)),
    "reprT": lambda: repr(T),
    "str tuple": lambda: str((E(1), L, D)),
    "format": lambda: "{} {:x} {!r}".format(E(1), E(2), L),
    "fstring": lambda: f"{E(1)}{L}{E(2):{E(3)}}",
    "percent": lambda: "%s %r %d" % (E(1), L, E(3)),
    "percentmap": lambda: "%(k)s %(j)s" % E(4),
    "percentmapT": lambda: "%(k)s %(j)s" % T,
    "format_map": lambda: "{k} {j}".format_map(T),
    "join": lambda: "".join(It(2)),
    "joinL": lambda: ",".join([str(e) for e in L]),
    "reversed": lambda: loop(reversed(L)),
    "iter": lambda: loop(L),
    "iterM": lambda: loop(M),
    "iterD": lambda: loop(D),
    "itemsD": lambda: loop(D.items()),
    "valuesD": lambda: loop(D.values()),
    "iterX": lambda: len(loop(X)),
    "revD": lambda: loop(reversed(D)),
    "iterT": lambda: loop(T),
    "enumerate": lambda: loop(enumerate(L)),
    "zip": lambda: loop(zip(L, M, It(3))),
    "map": lambda: loop(map(E(2), L)),
    "map2": lambda: loop(map(E(2), L, It(9))),
    "filter": lambda: loop(filter(None, L)),
    "filterE": lambda: loop(filter(E(1), L)),
    "dget": lambda: D[E(60)],
    "dget2": lambda: D.get(E(3)),
    "dset": lambda: set_item(D, E(60), 1),
    "dset2": lambda: set_item(D, E(3), 1),
    "ddel": lambda: del_item(D, E(60)),
    "din": lambda: E(60) in D,
    "dpop": lambda: D.pop(E(60)),
    "dpop2": lambda: D.pop(E(5), 1),
    "dsetdefault": lambda: D.setdefault(E(5), 1),
    "dsetdefault2": lambda: D.setdefault(E(2), 1),
    "dupdate": lambda: D.update(T),
    "dupdate2": lambda: D.update({E(5): 1, E(60): 2, E(1): 3}),
    "dupdateE": lambda: D.update(E(4)),
    "dupdate self": lambda: D.update(D),
    "dupdate pairs": lambda: D.update([(E(1), 1), E(2), (E(60), 3)]),
    "dor": lambda: D | T,
    "dior": lambda: ior(D, T),
    "diorE": lambda: ior(D, E(3)),
    "deq": lambda: D == {E(1): 10, E(2): E(20), E(60): 30},
    "deqT": lambda: D == T,
    "dcopy": lambda: D.copy(),
    "dfromkeys": lambda: dict.fromkeys(It(4), 1),
    "dfromkeysX": lambda: dict.fromkeys(X),
    "dpopitem": lambda: D.popitem(),
    "dfromkeysD": lambda: DS.fromkeys(D, 2),
    "tget": lambda: T[E(60)],
    "tset": lambda: set_item(T, E(60), 1),
    "keys&": lambda: D.keys() & X,
    "keys-": lambda: D.keys() - It(3),
    "keys|": lambda: D.keys() | L,
    "keys^": lambda: D.keys() ^ T.keys(),
    "items&": lambda: len(D.items() & T.items()),
    "keys==": lambda: D.keys() == T.keys(),
    "keys<=": lambda: T.keys() <= D.keys(),
    "items==": lambda: D.items() == {E(1): 10, E(2): E(20), E(60): 30}.items(),
    "items in": lambda: (E(2), E(20)) in D.items(),
    "values in": lambda: E(20) in D.values(),
    "disjoint": lambda: D.keys().isdisjoint(L),
    "xadd": lambda: X.add(E(5)),
    "xadd2": lambda: X.add(E(2)),
    "xdiscard": lambda: X.discard(E(2)),
    "xremove": lambda: X.remove(E(61)),
    "xin": lambda: E(5) in X,
    "xpop": lambda: type(X.pop()) is E,
    "x&": lambda: X & Y,
    "x|": lambda: X | Y,
    "x-": lambda: X - Y,
    "x^": lambda: X ^ Y,
    "x&=": lambda: iand(X, Y),
    "x|=": lambda: ior(X, Y),
    "x-=": lambda: isub(X, Y),
    "x^=": lambda: ixor(X, Y),
    "x<=": lambda: X <= Y,
    "x==": lambda: X == Y,
    "x<": lambda: X < Y,
    "xdisjoint": lambda: X.isdisjoint(Y),
    "xdisjointL": lambda: X.isdisjoint(L),
    "xupdate": lambda: X.update(L, It(2)),
    "xinter": lambda: X.intersection(L, Y),
    "xinteru": lambda: X.intersection_update(L),
    "xdiff": lambda: X.difference(L),
    "xdiffu": lambda: X.difference_update(L),
    "xsym": lambda: X.symmetric_difference(L),
    "xsymu": lambda: X.symmetric_difference_update(L),
    "xself": lambda: X.difference_update(X),
    "xself2": lambda: X.symmetric_difference_update(X),
    "xself3": lambda: X.update(X),
    "xcopy": lambda: X.copy(),
    "x-dict": lambda: X.difference(D),
    "x&dict": lambda: X.intersection(D),
    "xsup": lambda: X.issuperset(L),
    "xsub": lambda: X.issubset(L),
    "fs hash": lambda: hash(FS) == 0,
    "fs|": lambda: FS | X,
    "fs&": lambda: FS & X,
    "fsin": lambda: X in {FS},
    "setin": lambda: {E(1)} in {frozenset([E(1)])},
    "tuple==": lambda: tuple(L) == (E(1), E(2), E(3)),
    "tuple in": lambda: E(9) in (E(1), E(9)),
    "tuple index": lambda: (E(1), E(9)).index(E(9)),
    "range": lambda: list(range(E(1), E(9), E(3))),
    "range in": lambda: E(3) in range(5),
    "range index": lambda: range(5).index(3),
    "range count": lambda: range(5).count(E(3)),
    "slice indices": lambda: slice(E(1), E(7), E(2)).indices(E(5)),
    "str[]": lambda: "abcdef"[E(1):E(4)],
    "strmul": lambda: "ab" * E(3),
    "center": lambda: "ab".center(E(9)),
    "find": lambda: "abcabc".find("c", E(3), E(6)),
    "split": lambda: "a b c".split(" ", E(1)),
    "replace": lambda: "aaa".replace("a", "b", E(2)),
    "round": lambda: round(2.567, E(1)),
    "pow": lambda: pow(2, 3, 5),
    "chr": lambda: chr(E(65)),
    "hex": lambda: hex(E(65)),
    "int": lambda: int("11", E(2)),
    "intE": lambda: int(E(5)),
    "bool": lambda: bool(E(0)),
    "len": lambda: len(E(5)),
    "call*": lambda: f(*L, *It(3)),
    "call*E": lambda: f(*E(4)),
    "call**T": lambda: f(**{"k": 1}),
    "display*": lambda: [*L, *It(2), *M],
    "displayset": lambda: {*L, *It(2)},
    "displaydict": lambda: {**D, **T},
    "unpack3": lambda: unpack3(It(3)),
    "unpack4": lambda: unpack3(L),
    "unpack*": lambda: unpack_star(L),
    "unpack*I": lambda: unpack_star(It(3)),
    "comp": lambda: [e for e in L if e],
    "dictcomp": lambda: {e: 1 for e in L},
    "setcomp": lambda: {e for e in M},
    "isinst": lambda: isinstance(1, (str, (int,))),
    "print": lambda: print(L, E(1), sep="", end="", file=W()),
    "next": lambda: next(It(0), 5),
    "iter2": lambda: loop(iter(E(3), E(4))),
    "cmp chain": lambda: E(1) < E(2) < E(3),
    "max2": lambda: max(E(1), E(2), E(0)),
    "sum list": lambda: sum([[1], [2]], L),
    "divmod": lambda: divmod(7, 2),
    "hash tuple": lambda: hash((E(1), E(2))) == 0,
    "assert": lambda: E(0) or E(1),
    "list eq self": lambda: [L] == [L],
    "nested eq": lambda: [[E(1)], L] == [[E(1)], L[:]],
    "tuple lt": lambda: (E(1), E(2)) < (E(1), E(3)),
    "sort tuples": lambda: sorted([(E(3), 1), (E(1), 2), (E(2), 0)]) and 1,
    "enumerate start": lambda: list(enumerate("ab", E(3))),
    "insert neg": lambda: L.insert(E(-1), 0),
    "dict get E": lambda: {1: 2}.get(E(1)),
    "any gen": lambda: any(e for e in L),
    "str.join gen": lambda: ",".join(repr(e) for e in L),
    "copy": lambda: M.copy(),
    "LS+": lambda: M + L,
    "LS*": lambda: M * 2,
    "LS==": lambda: M == M[:],
    "LS sort": lambda: M.sort(),
    "LS in": lambda: E(60) in M,
    "clear": lambda: L.clear(),
    "reverse": lambda: L.reverse(),
}


STRIDE = 5
# There CPython 3.11 writes behind the list, and puts a key into a table for str keys.
CPYTHON_ERRS = (("slice= step", shrink), ("dupdate pairs", shrink))


def main():
    number = 0
    for name in OPS:
        op = OPS[name]
        fresh()
        try:
            op()
        except Exception:
            pass
        hooks = min(S.calls, 12)
        for at in range(1, hooks + 1):
            for action in ACTIONS:
                number += 1
                if number % STRIDE or (name, action) in CPYTHON_ERRS:
                    continue
                fresh()
                S.at = at
                S.act = action
                try:
                    r = op()
                    S.at = 0
                    r = show(r)
                except Exception as e:
                    S.at = 0
                    r = type(e).__name__ + " " + str(e)[:100]
                print(number, name, at, action.__name__, r[:300])
                print("   ", show(L)[:200], show(M)[:100], show(D)[:100], show(T)[:100], show(X)[:100], show(Y)[:100])


main()
