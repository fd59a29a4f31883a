# Nested and recursive containers: repr, comparison and hash of deep and cyclic structures, and reentrancy of lists.


def check(f):
    try:
        print(f())
    except RecursionError as e:
        print(type(e).__name__, e)
    except Exception as e:
        print(type(e).__name__, e)


def nest(kind, depth):
    x = kind()
    for _ in range(depth):
        x = kind([x]) if kind is not dict else {1: x}
    return x


for kind in (list, tuple, dict, frozenset):
    x, y = nest(kind, 50), nest(kind, 50)
    print(len(repr(x)), x == y, x != y, repr(x)[:30])
deep, other = nest(list, 100000), nest(list, 100000)
check(lambda: repr(deep))
check(lambda: deep == other)
check(lambda: deep < other)
check(lambda: repr(nest(tuple, 5000)))
check(lambda: repr(nest(dict, 5000)))
check(lambda: nest(dict, 5000) == nest(dict, 5000))
print(hash(nest(tuple, 5000)) == hash(nest(tuple, 5000)))
print(hash(nest(frozenset, 300)) == hash(nest(frozenset, 300)))
a = []
a.append(a)
b = []
b.append(b)
print(a, a == a, [a] == [a])
check(lambda: a == b)
d = {}
d["d"] = d
print(d, [d], {1: a}, (a, d))
check(lambda: d == {"d": {"d": d}} or True)


class Bad:
    def __repr__(self):
        raise ValueError("no repr")


check(lambda: repr([1, Bad()]))
check(lambda: repr({1: [Bad()]}))
check(lambda: repr({Bad(): 1}))
check(lambda: repr((Bad(),)))
check(lambda: repr({Bad()}))
check(lambda: repr(slice(1, Bad())))
g = [1]
g.append(g)
print(g, repr([g, g]))


class Shrink:
    def __init__(self, target, n=2):
        self.target, self.n = target, n

    def __eq__(self, other):
        del self.target[self.n:]
        return False

    def __repr__(self):
        del self.target[self.n:]
        return "S"


for op in (lambda l: 99 in l, lambda l: l.count(99), lambda l: l == [0, 1, 2, 3, 4, 5], lambda l: l < [0, 1, 2, 3, 4, 5], repr, lambda l: l.index(5), lambda l: l.remove(9)):
    l = [0]
    l += [Shrink(l), 2, 3, 4, 5]
    check(lambda: op(l))
    print(len(l))


class Grow:
    def __init__(self, target):
        self.target = target

    def __eq__(self, other):
        if len(self.target) < 8:
            self.target.append(Grow(self.target))
        return False


l = []
l.append(Grow(l))
print(5 in l, len(l), l.count(3))


class Clears:
    def __init__(self, target):
        self.target = target

    def __iter__(self):
        self.target.clear()
        return iter([7, 8])

    def __index__(self):
        self.target.clear()
        return 1

    def __lt__(self, other):
        self.target.clear()
        return True


l = [1, 2, 3, 4]
l[1:3] = Clears(l)
print(l)
l = [1, 2, 3, 4]
check(lambda: l[Clears(l)])
l = [1, 2, 3, 4]
print(l[Clears(l):], l)
l = [1, 2, 3, 4]
l.insert(Clears(l), 9)
print(l)
l = [1, 2]
check(lambda: l.pop(Clears(l)))
l = [1, 2, 3]
l.extend(Clears(l))
print(l)
l = [3, 1, Clears([])]
l[2].target = l
check(lambda: l.sort())
print(len(l))
