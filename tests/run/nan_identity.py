# Each NaN that is made is another object: containers tell them apart, in every tier.
import math

inf = float("inf")


def made(a, b):
    return [a, b, a + 1, 1 + a, a - 1, a * b, 2 * a, a / 2, 2.0 / a, a // 2, a % 2, a ** 2, -a, abs(a), inf - inf, inf * 0, inf % 2, inf / inf]


def kept(a, b):
    return [+a, float(a), min(a, b), min(a, 1.0), max(a, 1), a.real, a.conjugate(), [a][0], (a,)[0], {1: a}[1]]


def look(n):
    for _ in range(n):
        a = inf - inf
        b = inf - inf
        new = made(a, b)
        old = kept(a, b)
        answers = (
            [i for i, x in enumerate(new) for y in new if x is y],
            [x in [a] for x in new], [x in [a] for x in old], [x is a for x in old],
            len(set(new)), len(set(old)), len({x: 1 for x in new}),
            [a] == [a], [a] == [b], (a,) == (a,), (a,) == (b,), a == a, a != a, [a].index(a), [a, b].count(b),
            [sum([a])] == [a], [math.fabs(a)] == [a], [math.nan] == [math.nan], [round(a, 2)] == [a], [float("nan")] == [float("nan")],
            [x is a for x in divmod(a, 2)], [math.copysign(1, x) for x in new],
        )
    return answers


class Derived(float):
    pass


print(look(1))
print(look(300) == look(1))
print(look(300))

n = Derived("nan")
m = n
print([n] == [m], [float(n)] == [n], [n + 0] == [n], n.real is n, [n.real] == [n.real], [-n] == [n])

z = 0.0 * inf
print({z: 1}.get(z), {z: 1}.get(0.0 * inf), z in {z}, -z in (z,))

# Zeros, infinities and what needs an object of the heap go the same way as NaNs at first.
total = []
for x in (0.0, -0.0, 1e-320, -1e-320, 1e-100, 1e200, 1e308, inf, -inf, 2.0 ** -255, 2.0 ** 256, 3.0):
    for y in (0.0, 1.0, -1.0, 1e-200, 1e200, inf, 0.5):
        for _ in range(12):
            row = (x + y, x - y, x * y, x / y if y else None, x + 1, -x, abs(x))
        total.append(row)
print(total)
a = 1e400-1e400; b = 1e400-1e400; print([a]==[b], [a]==[a])
def f(): return 1e400-1e400
def g(): return 1e400*0
print([f()]==[f()], [f()]==[g()], [f()]==[a], {f():1}.get(f()))
def h(): return (1e400-1e400, 1), (1e400-1e400, 1)
x=h(); y=h(); print(x==y, x[0]==x[1])
