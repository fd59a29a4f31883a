def f(x): raise StopIteration(3)
class It:
    def __iter__(self): return self
    def __next__(self): raise StopIteration(4)
def attempt(g):
    try: print(g())
    except BaseException as e: print(type(e).__name__, e)
for g in (lambda: list(map(f, [1])), lambda: list(map(lambda q: f(q), [1])), lambda: list(filter(f, [1])), lambda: [v for v in map(f, [1])], lambda: tuple(map(f, [1])), lambda: sum(map(f, [1])), lambda: max(map(f, [1]), default=0), lambda: dict(map(f, [1])), lambda: set(map(f, [1])), lambda: next(map(f, [1]), 'd'), lambda: next(map(f, [1])), lambda: list(zip(map(f, [1]))), lambda: list(enumerate(map(f, [1]))), lambda: sorted(map(f, [1])), lambda: ''.join(map(f, [1])), lambda: [*map(f, [1])], lambda: (lambda *a: a)(*map(f, [1])), lambda: list(iter(lambda: f(1), 0)), lambda: any(map(f, [1])), lambda: list(map(str, It())), lambda: sorted([2, 1], key=f), lambda: list(map(lambda q: sorted([2, 1], key=f), [1])), lambda: list(map(lambda q: f'{sorted([2, 1], key=f)}', [1])), lambda: [].extend(map(f, [1])), lambda: 1 in map(f, [1]), lambda: {}.update(map(f, [1])), lambda: list(range(3))[0:1].__iadd__(map(f, [1]))):
    attempt(g)
for x in map(f, [1]): print('no')
a, *b = map(lambda q: f(q) if q > 1 else q, [1, 2, 3])
print(a, b)
def g():
    r = yield from map(f, [1])
    print('r', r)
attempt(lambda: list(g()))
attempt(lambda: list(v for v in map(f, [1])))
attempt(lambda: next(v for v in map(f, [1])))
attempt(lambda: list(zip([1, 2], map(f, [1]), strict=True)))
attempt(lambda: list(filter(None, map(f, [1]))))
