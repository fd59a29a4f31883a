"""What code objects tell of names, cells and flags."""


def show(k):
    print(k.co_name, k.co_varnames, k.co_cellvars, k.co_freevars, k.co_nlocals, k.co_flags, k.co_argcount, k.co_posonlyargcount, k.co_kwonlyargcount)


def f(a, /, b, *c, d=1, **e):
    x: int
    z, y = 1, [a + q for q in b for w in z]

    def g(u):
        return y, u

    l = lambda: z + d
    for z in (v := [locals, 5]):
        pass
    try:
        import math as m, sys
    except ImportError as err:
        del err
    with a as (i, *j):
        pass
    if 0:
        dead = 1
    return 1

    class K:
        late = z


def outer(p):
    def inner(n):
        nonlocal p
        p = n
        return [p + k for k in range(n)] and (p for _ in range(n))
    return inner


show(f.__code__)
show(outer.__code__)
show(outer(1).__code__)
show(outer(1)(2).gi_code)
show((u for u in 'a').gi_code)


class A:
    show((u for u in 'a').gi_code)
    try:
        1 / 0
    except Exception as e:
        k = e.__traceback__.tb_frame.f_code

    def f(self):
        return super(), (yield)

    def g(self):
        return [lambda: x for x in self]

    h = [lambda a: a for x in 'a'][0]
    i = [lambda a: x for x in 'a'][0]
    j = [(lambda a: lambda: x for q in x) for x in 'a'][0]


for k in (A.k, A.f.__code__, A.g.__code__, A.h.__code__, A.i.__code__, A.j.gi_code, [lambda: 1 for _ in 'a'][0].__code__):
    show(k)
try:
    1 / 0
except Exception as e:
    show(e.__traceback__.tb_frame.f_code)


def visible(a, b):
    c = 1
    d = [c for e in a]
    return sorted(locals())


show(visible.__code__)
print(visible([1], 2))

# annotations of locals are not evaluated: what they mention has no place among the names
x = 5


def parenthesized(b):
    (x): int
    return x


def annotated(b):
    x: y = 5
    z: (w, [q for q in v])
    z.a.c: k
    w = 1
    y = 2
    u: lambda: y
    t: [b for _ in t]
    return z


def declared(b):
    k: [b for _ in t]

    def i():
        k: b
        return k
    return i


for function in (parenthesized, annotated, declared, declared(1)):
    show(function.__code__)
print(parenthesized(1))


def shadowed():
    len: int
    return len('a')


def missing():
    captured = 1
    [captured for _ in 'a']
    return captures


def near():
    return [x0 for y in (1,)]


def unmentioned():
    abd: int
    return abx


for function in (shadowed, missing, near, unmentioned):
    try:
        function()
    except Exception as e:
        print(type(e).__name__, e)
print(type(f.__code__).co_varnames.__class__, type(f.__code__).co_flags.__class__, type(f.__code__).co_nlocals, type(f.__code__).co_cellvars)
for name in ('co_varnames', 'co_flags', 'co_nlocals', 'co_cellvars'):
    try:
        setattr(f.__code__, name, 1)
    except Exception as e:
        print(type(e).__name__, e)
near()
