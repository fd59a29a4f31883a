# Large containers of numbers that come to hold other things, while garbage is made: nothing gets lost.


def churn():
    for i in range(30):
        [[str(j), (j, j)] for j in range(300)]


def filled(make, put, get, count):
    c = make()
    for i in range(count):
        put(c, i, i)
    churn()
    for step in range(5):
        for i in range(step, count, 97):
            put(c, i, (i, str(i), [step]))
        churn()
        for i in range(count // 2, count // 2 + 10):
            put(c, count + i + step * 100, "new" + str(i))
        churn()
    return c


def list_put(c, i, v):
    if i < len(c):
        c[i] = v
    else:
        c.append(v)


lists = [filled(list, list_put, None, n) for n in (100, 1500, 5000)]
for c in lists:
    print(len(c), sum(x for x in c if isinstance(x, int)), [x for x in c if not isinstance(x, int)][:4], c[-3:])
    copy, part, doubled = c[:], c[10:], c + c
    churn()
    print(copy == c, part == c[10:], doubled[len(c):] == c, list(c) == c, [*c] == c, sorted(c, key=str)[:3])

dicts = [filled(dict, dict.__setitem__, None, n) for n in (100, 1500, 5000)]
for d in dicts:
    print(len(d), sum(x for x in d.values() if isinstance(x, int)), [x for x in d.values() if not isinstance(x, int)][:4])
    copy, merged = d.copy(), {**d, "k": 1}
    churn()
    print(copy == d, len(merged), {k: v for k, v in d.items()} == d, list(d)[-2:])
    for i in range(3000, 9000):
        d[i] = i * 0.5
    d["last"] = ["x"]
    churn()
    print(len(d), d["last"], d[8999], list(d.values())[-1])

numbers = list(range(4000))
numbers.extend(str(x) for x in range(5))
churn()
print(numbers[-5:], numbers[3999])
numbers = list(range(4000))
numbers[100:200] = [str(x) for x in range(100)]
churn()
print(numbers[100:103], numbers[198:202])
numbers = list(range(4000))
numbers.insert(2000, [1, 2])
numbers += ("a", "b")
numbers *= 2
churn()
print(numbers[2000], numbers[-2:], len(numbers), numbers.count("a"))
numbers = sorted(range(4000, 0, -1))
numbers[0] = {"zero": 0}
numbers.reverse()
churn()
print(numbers[-1], numbers[0])
numbers.sort(key=str)
churn()
print(numbers[:2], numbers[-1])

for n in (100, 1500, 5000):
    s = set()
    for i in range(n):
        s.add(i * 3)
    churn()
    for i in range(50):
        s.add("s" + str(i))
        s.add((i, str(i)))
    churn()
    t = s | {("t", str(n))}
    u = set(s)
    for i in range(n, n * 2):
        s.add(i * 3)
    s.add(frozenset([str(n)]))
    churn()
    print(len(s), ("s7" in s, (3, "3") in s, frozenset([str(n)]) in s), len(t), u <= s, len([x for x in t if isinstance(x, tuple)]))
    f = frozenset(range(n)) ^ {str(n)}
    churn()
    print(str(n) in f, len(f), sum(x for x in f if isinstance(x, int)))
