"""Loops that become hot while they run: at module level, in class bodies, in handlers, nested and with ways out."""
total = 0
for i in range(5000):
    total += i
    if i % 1000 == 999:
        try:
            total += [][i]
        except IndexError as e:
            total -= len(str(e))
        finally:
            total += 1
else:
    total += 0.5
print(total, i)

n = 0
while True:
    n += 1
    if n % 3:
        continue
    if n > 4000:
        break
print(n)


class Table:
    rows = []
    for i in range(3000):
        square = i * i
        if square % 7 == 1:
            continue
        rows.append(square)
    size = len(rows)
    del i, square
    lookup = {}
    for key in rows:
        lookup[key] = size
    best = max(rows)

    def method(self):
        return __class__.size + self.best


print(Table.size, Table.best, len(Table.lookup), sorted(k for k in vars(Table) if k[0] != "_"), Table().method())


def nested(n):
    found = []
    for a in range(n):
        for b in range(a, n):
            for c in range(b, n):
                if a * a + b * b == c * c and a:
                    found.append((a, b, c))
                    break
                elif a + b < c:
                    break
            else:
                continue
    return found


print(nested(40))


def search(n):
    hits = misses = 0
    d = {i: i for i in range(0, n, 3)}
    for i in range(n):
        try:
            hits += d[i] is not None
        except KeyError:
            misses += 1
            try:
                d.missing
            except AttributeError:
                continue
            finally:
                misses += 1
        else:
            hits += 1
    return hits, misses


print(search(10), search(3000))


def leave(n, how):
    for i in range(n):
        try:
            if i == n - 1:
                if how == "return":
                    return i
                if how == "break":
                    break
                if how == "raise":
                    raise LookupError(i)
                1 // (how != "divide")
        except ZeroDivisionError:
            return "divided"
        finally:
            if how == "replace":
                if i == n - 1:
                    return "replaced"
    return "end"


for how in ("return", "break", "divide", "replace", "none"):
    print(how, leave(3, how), leave(2500, how))
try:
    leave(2600, "raise")
except LookupError as e:
    print(e.args)


def unbound(n):
    for i in range(n):
        if i == n - 1:
            del x
        try:
            x += i
        except UnboundLocalError as e:
            if i:
                return str(e)
            x = 0


print(unbound(2000))


def mutate(n):
    items = list(range(10))
    seen = 0
    for x in items:
        seen += 1
        if len(items) < n:
            items.append(x)
    words = []
    d = dict.fromkeys(range(5))
    try:
        for k in d:
            d[k + 100] = None
            words.append(k)
    except RuntimeError as e:
        words.append(str(e))
    return seen, words


print(mutate(3000))


def kinds(n):
    """One site, many kinds of operands: the templates' parts one after the other."""
    values = [1, 2.5, 1 << 61, -(1 << 61), 3.0e300, True, 1 << 70, -0.0, float("inf")]
    out = []
    for i in range(n):
        a, b = values[i % 9], values[(i // 9) % 9]
        out.append((a + b, a - b, a * b, a < b, a <= b, a == b, a != b, a > b, a >= b, -a, not a, a is b))
        if a < b:
            out.append(1)
        if not a < b:
            out.append(2)
        while a == b:
            break
        if isinstance(a, int) and isinstance(b, int):
            out.append((a & b, a | b, a ^ b, a >> 3, a << 5, a // 7, a % 7, a // -7, a % -7))
        if b:
            try:
                out.append((a / b, a // b, a % b))
            except OverflowError as e:
                out.append(str(e))
    return out


print(len(kinds(3000)), repr(kinds(81)))


def shift(n):
    out = 0
    for i in range(n):
        out ^= (1 << (i % 70)) >> (i % 9)
        try:
            out ^= 1 << (5 - i % 7)
        except ValueError as e:
            out ^= len(str(e))
        out &= (1 << 61) - 1
    return out


print(shift(100), shift(2000))


def iterate(n):
    total = 0
    for source in (range(n), list(range(n)), tuple(range(n)), set(range(n)), dict.fromkeys(range(n)), "x" * n, bytes_like(n),
                   {i: i for i in range(n)}.items(), enumerate(range(n)), zip(range(n), range(n)), reversed(range(n)), map(abs, range(n)),
                   range(0), range(n, 0, -2), []):
        for x in source:
            total += 1 if x else 2
    return total


def bytes_like(n):
    return (i for i in range(n))


print(iterate(5), iterate(1000))


def with_locals(n):
    for i in range(n):
        j = i * 2
        seen = sorted(locals().items())
    del j
    return seen[:2], sorted(locals())


print(with_locals(1500))


def global_loop(n):
    global counted
    counted = 0
    for i in range(n):
        counted += 1
        if i == n - 1:
            del counted
    try:
        return counted
    except NameError as e:
        return str(e)


print(global_loop(1500))


def deep(n):
    a = [0]
    for i in range(n):
        a = [a]
    return a


x = deep(50000)
count = 0
while x[0]:
    x = x[0]
    count += 1
print(count)
for i in range(3000):
    if i == 2999:
        undefined_name
