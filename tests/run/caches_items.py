"""Sites of items in every state of their caches: methods of classes, subscripts that builtin classes do, keys of dicts at known places; one, a few, many;
classes, dicts and tables that change between."""


class Items:
    def __init__(self, n):
        self.n = n
        self.log = []

    def __getitem__(self, i):
        return (self.n, i)

    def __setitem__(self, i, v):
        self.log.append((i, v))


class Derived(Items):
    pass


class Other(Items):
    def __getitem__(self, i):
        return ("other", i)


class Generating:
    def __getitem__(self, i):
        yield i


class Defaults:
    def __getitem__(self, i, more=5):
        return (i, more)

    def __setitem__(self, i, v, more=6):
        print("set", i, v, more)


class Missing(dict):
    def __missing__(self, key):
        return ("missing", key)


class PlainDict(dict):
    pass


class OwnDict(dict):
    def __getitem__(self, key):
        return ("own", dict.__getitem__(self, key))


class L(list):
    pass


class T(tuple):
    pass


class S(str):
    pass


class Static:
    @staticmethod
    def __getitem__(i):
        return ("static", i)


class Class:
    def __class_getitem__(cls, i):
        return (cls.__name__, i)


class Nothing:
    pass


class Instance:
    __getitem__ = Items(3).__getitem__
    __setitem__ = None


class K:
    def __hash__(self):
        return hash("abc")

    def __eq__(self, other):
        self.asked = True           # how often depends on the hash
        return NotImplemented


def load(a, i):
    return a[i]


def store(a, i, v):
    a[i] = v


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as error:
        print(type(error).__name__, error)


def one(a, i):
    return a[i]


def put(a, i, v):
    a[i] = v


def mono():
    a = Items(1)
    for i in range(4):
        print(one(a, i), end=" ")
        put(a, i, -i)
    print(a.log)
    Items.__getitem__ = lambda self, i: ("new", i)
    Items.__setitem__ = lambda self, i, v: self.log.append("new")
    print(one(a, 1), one(Derived(2), "x"))
    put(a, 1, 2)
    print(a.log)
    a.__getitem__ = None
    print(one(a, 1))
    del Items.__getitem__, Items.__setitem__
    attempt(one, a, 1)
    attempt(put, a, 1, 2)
    Items.__getitem__ = lambda self, i: (self.n, i)
    Items.__setitem__ = lambda self, i, v: self.log.append((i, v))
    print(one(a, 1))


def poly():
    some = [Items(1), Derived(2), Other(3)]
    for i in range(3):
        for a in some:
            print(load(a, i), end=" ")
            store(a, i, i)
    print(some[0].log, some[1].log)
    some += [Missing(a=1), PlainDict({1: 2}), OwnDict({1: 3}), L([5, 6, 7]), T((7, 8, 9)), S("xyz"), [1, 2, 3], (4, 5, 6), "uvw",
             range(3, 9), {1: "one", "k": "v", -1: "minus"}, Defaults(), Static(), Nothing(), Instance(), None, 5, 2.5, list, Class, len, Items(4)]
    for i in (1, -1, 0, "k", slice(0, 2), None, 1.5, True, 99, 1 << 70):
        for a in some:
            try:
                print(load(a, i))
            except Exception as error:
                print(type(error).__name__, error)
            try:
                store(a, i, 7)
            except Exception as error:
                print(type(error).__name__, error)
    print([list(load(Generating(), i)) for i in range(3)])


def keyed(d):
    return d["abc"]


def keyed_store(d, v):
    d["abc"] = v


def numbered(d):
    return d[7]


def dicts():
    d = {"x": 0, "abc": 1, "y": 2}
    for i in range(3):
        print(keyed(d), end=" ")
        keyed_store(d, i)
    del d["x"]
    print(keyed(d), end=" ")
    del d["abc"]
    attempt(keyed, d)
    keyed_store(d, "again")
    print(keyed(d), d)
    d.clear()
    attempt(keyed, d)
    for n in range(8):
        e = {str(j): j for j in range(n)}
        keyed_store(e, n)
        print(keyed(e), end=" ")
    print()
    for n in range(40):                 # many more layouts than a record follows
        e = {str(j): j for j in range(n)}
        e["abc"] = n
        if keyed(e) != n:
            print("wrong", n)
    other = "".join(["a", "bc"])
    e = {other: "equal"}
    print(keyed(e), keyed(e), keyed({S("abc"): "of a subclass"}))
    for key in 7, 7.0, True, "7":
        f = {1: 1, key: key}
        attempt(numbered, f)
        attempt(numbered, f)
    print(numbered({7: [7]}), numbered([0, 1, 2, 3, 4, 5, 6, 77]), numbered("abcdefgh"), numbered(Items(9)), numbered(Missing()))
    k = K()
    g = {k: "k", "abc": "str"}
    for i in range(3):
        k.asked = False
        print(keyed(g), k.asked, end=" ")
        k.asked = False
        keyed_store(g, i)
        print(k.asked)
    big = {str(i): i for i in range(1100)}
    for i in ("0", "7", "1023", "1024", "1099"):
        print(load(big, i), big["1099"], big["1023"], big["1024"], end=" ")
    print()
    for i in range(300):
        big["abc"] = [i]
        if i % 50 == 0:
            big["-%d" % i] = i
        if i == 200:
            big[0] = 0                  # no table of strs any more
        if keyed(big) != [i]:
            print("wrong", i)
    global abc
    for i in range(6):                  # a view of names that change
        abc = i
        print(keyed(globals()), end=" ")
    print()


def instances():
    class P:
        pass

    p = P()
    for i in range(4):
        p.abc = i
        print(keyed(p.__dict__), end=" ")
    print()


def numbers():
    d = {7: 1, 8: 2}

    def put(i, v):
        d[7] = v

    for v in (1, 2.5, None, [1], "s", 10 ** 30, 1e300):
        put(7, v)
        garbage = [[0] * 50000 for j in range(2)]
        print(d[7], numbered(d), end=" ")
    print(d)


def many(d, k):
    return d[k]


def many_keys():
    d = {str(i): i for i in range(50)}
    keys = list(d)
    print(sum(many(d, k) for k in keys), sum(many(d, k) for k in keys[:4]), sum(d[k] for k in d))
    counts = {}
    for word in "a b c a b a".split():
        counts[word] = counts.get(word, 0) + 1
    print(counts)


def raises():
    class R:
        def __getitem__(self, i):
            raise LookupError(i)

        def __setitem__(self, i, v):
            raise LookupError(i, v)

    for i in range(3):
        attempt(load, R(), i)
        attempt(store, R(), i, 5)
    for cls in Missing, PlainDict:
        for i in range(3):
            attempt(one, cls(), i)
    PlainDict.__missing__ = lambda self, key: ("late", key)
    attempt(one, PlainDict(), 1)
    Missing.__getitem__ = lambda self, key: ("hidden", key)
    attempt(one, Missing(), 1)
    del Missing.__getitem__
    attempt(one, Missing(), 1)
    L.__getitem__ = lambda self, i: "list"
    attempt(load, L([1]), 0)
    del L.__getitem__
    attempt(load, L([1]), 0)


def deep(n):
    class Deep:
        def __getitem__(self, n):
            return 0 if n == 0 else self[n - 1] + 1

        def __setitem__(self, n, v):
            if n:
                self[n - 1] = v

    class DeepMissing(dict):
        def __missing__(self, n):
            return 0 if n == 0 else self[n - 1] + 1

    print(Deep()[40], DeepMissing()[40])
    Deep()[40] = 1
    for f in Deep(), DeepMissing():
        try:
            f[10 ** 6]
        except RecursionError as error:
            print(str(error)[:32])
    try:
        Deep()[10 ** 6] = 1
    except RecursionError as error:
        print(str(error)[:32])


mono()
poly()
dicts()
instances()
numbers()
many_keys()
raises()
deep(50)
