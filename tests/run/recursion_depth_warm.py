"""The same for functions that run more than eight times: CPython calls some functions in C directly then, without counting the call."""
import sys


def d():
    try:
        sys.setrecursionlimit(1)
    except RecursionError as e:
        return int(str(e).split('depth ')[1].split(':')[0])


def gen():
    while True:
        yield d()


class A:
    def __len__(self): seen.append(d()); return 1
    def __repr__(self): seen.append(d()); return 'a'
    def __str__(self): seen.append(d()); return 'a'
    def __hash__(self): seen.append(d()); return 1
    def __eq__(self, o): seen.append(d()); return True
    def __int__(self): seen.append(d()); return 1
    def __iter__(self): seen.append(d()); return iter(())
    def __getattr__(self, n): seen.append(d()); return 1
    def __round__(self, n=None): seen.append(d()); return 1
    def __abs__(self): seen.append(d()); return 1
    def __divmod__(self, o): seen.append(d()); return 1
    def __pow__(self, o, m=None): seen.append(d()); return 1
    def __format__(self, o): seen.append(d()); return ''
    def __bool__(self): seen.append(d()); return True
    def __index__(self): seen.append(d()); return 0


seen = []
a = A()
g = gen()
di = {a: 1}
cases = [
    lambda: next(g), lambda: g.send(None), lambda: g.__next__(), lambda: len(a), lambda: repr(a), lambda: str(a), lambda: hash(a), lambda: int(a), lambda: iter(a),
    lambda: getattr(a, 'x'), lambda: getattr(a, 'x', 1), lambda: hasattr(a, 'x'), lambda: round(a), lambda: round(a, 1), lambda: abs(a), lambda: divmod(a, 1),
    lambda: pow(a, 1), lambda: format(a), lambda: f'{a}', lambda: f'{a!r}', lambda: '%s' % a, lambda: '{}'.format(a), lambda: sorted([1], key=lambda x: seen.append(d()) or 1),
    lambda: [1].sort(key=lambda x: seen.append(d()) or 1), lambda: max([1], key=lambda x: seen.append(d()) or 1), lambda: sum(d() for _ in 'a'), lambda: list(a), lambda: tuple(a),
    lambda: di.get(a), lambda: di.setdefault(a, 1), lambda: {a: 1}.pop(a), lambda: [a].index(1), lambda: [a].count(1), lambda: [a].remove(1), lambda: isinstance(1, (a.__class__,)),
    lambda: bool(a), lambda: print(end=format(a)), lambda: print(a, end='|'), lambda: 'a'.replace('a', str(a)), lambda: [1, 2].pop(a), lambda: [1].insert(a, 1),
    lambda: 'a'.center(a), lambda: 'a'.join(d() or x for x in 'a'), lambda: 'a'.split(None, a), lambda: dict.fromkeys([a]), lambda: a.__len__(), lambda: A.__len__(a),
    lambda: any(d() and seen.append(d()) for _ in 'a'), lambda: set([a]), lambda: {a}, lambda: {1}.union([a]), lambda: set().add(a), lambda: 'abc'.find('a', a), lambda: chr(a), lambda: hex(a),
    lambda: sum([1], a.__len__()), lambda: enumerate(a), lambda: zip(a), lambda: reversed([a]), lambda: map(len, a), lambda: list(map(len, [a])), lambda: list(map(str, [a])), lambda: list(map(repr, [a])),
    lambda: list(map(a.__class__.__len__, [a])), lambda: len(*[a]), lambda: next(*[g]), lambda: next(g, *()), lambda: sorted([a, a], key=hash), lambda: sorted([a], key=len), lambda: min(a, a, key=len),
    lambda: print('', sep=str(a), end=''), lambda: print(end='', *[a]), lambda: type(a)().__len__(), lambda: setattr(a, 'y', d()), lambda: isinstance(a, int), lambda: vars(a), lambda: [*a], lambda: not a,
]
for n, case in enumerate(cases):
    line = []
    for _ in range(20):
        seen.clear()
        try:
            got = case()
        except Exception as e:
            got = type(e).__name__
        line.append((got if type(got) is int else 0, *seen))
    print(n, line)


def through(n):
    def inner():
        yield through(n - 1) if n else d()
    return next(inner())


print(through(0), through(5))


def deeper(n):
    return next(iter([deeper(n - 1)])) if n else d()


print([deeper(n) for n in range(3)])
