# The order of sets: after insertions, removals, pops, copies, merges and every operation, in many sizes.


def numbers(count, seed, modulus):
    out = []
    for _ in range(count):
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
        out.append((seed >> 33) % modulus)
    return out


def digest(values):
    h = 0
    for v in values:
        h = (h * 1000003 ^ (hash(v) & 0xFFFFFFFF)) % 2**61
    return h


for size in (0, 1, 4, 5, 6, 12, 13, 19, 20, 21, 50, 76, 77, 100, 300, 1000, 40000):
    for modulus in (40, 1000, 10**9, 2**60):
        if size == 40000 and modulus != 10**9:
            continue
        xs = numbers(size, size + 1, modulus)
        ys = numbers(size // 2 + 3, size + 7, modulus)
        s, t = set(xs), set(ys)
        out = [s, t, s | t, s & t, s - t, t - s, s ^ t, s.copy(), set(list(s)), frozenset(t), set(dict.fromkeys(xs))]
        out += [s.union(ys, xs), s.intersection(ys), s.difference(ys), s.difference(dict.fromkeys(ys)), s.symmetric_difference(ys)]
        for i, x in enumerate(xs):
            if i % 3:
                s.discard(x)
        out += [list(s), s | t, s.copy(), set(s), s - t]
        for y in ys:
            s.add(y)
        out.append(list(s))
        popped = [s.pop() for _ in range(len(s) // 2)]
        out += [popped, list(s)]
        s.update(xs)
        out.append(list(s))
        s &= set(xs[::2])
        out.append(list(s))
        s -= t
        s ^= set(ys[::3])
        s |= t
        out.append(list(s))
        s.difference_update(xs)
        out.append(list(s))
        u = set(xs)
        for x in sorted(u)[: len(u) * 3 // 4]:
            u.remove(x)
        u -= {1, 2}
        out += [list(u), list(u | {3}), list(u & set(xs)), {*u, *ys}]
        print(size, modulus, [len(o) for o in out][:6], [digest(o) % 10**6 for o in out])

print({3, 1, 2}, {10, 20, 30, 40, 50}, set(range(20, 0, -1)), {100, 8, 16, 24}, {-1, -2, -3}, {0.5, 1.5, 2.25}, {2**40, 2**41, 5})
print({"a", "b", "c"}, set("the quick brown fox"), {"x": 1}.keys() | {"y"}, {(1, 2), (2, 1)}, {None: 1}.keys() | set())
print({1, "a", 2.5, (3,), frozenset([4])} - {"a"}, {frozenset([i]) for i in range(5)}, {str(i) for i in range(12)})
s = set(range(10))
it = iter(s)
print(next(it), it.__length_hint__())
s.add(100)
try:
    next(it)
except RuntimeError as e:
    print(e)
s.discard(100)
try:
    next(it)
except RuntimeError as e:
    print(e)
seen = []
s = {1, 2, 3}
for x in s:
    s.discard(x)
    s.add(x + 1000)
    seen.append(x)
    if len(seen) > 40:
        break
print(seen[:10], len(seen), len(s))
