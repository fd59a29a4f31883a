"""Comparisons of every pair of values, as values, as conditions and against constants, at the edges of the exact cases."""
numbers = [0, 1, -1, 2, 2**53, 2**53 + 1, -2**53 - 1, 2**60, 2**61 - 1, -2**61, 2**61, 10**30, True, False,
           0.0, -0.0, 0.5, 1.0, -1.0, 2.0**53, 2.0**53 + 2, 2.0**60, 2.0**61, -2.0**61, 1e30, 1e-310, float("inf"), float("-inf"),
           float("nan"), 1e308, 1e-308]
texts = ["", "a", "b", "ab", "é", "z", "\u0100", "\U00010000", "a" * 2000, "a" * 2000 + "b", "a" * 1999 + "b", "b" * 5000]
others = [None, (), (1,), [1], "1", 1]


TESTS = (lambda x, y: x < y, lambda x, y: x <= y, lambda x, y: x == y, lambda x, y: x != y, lambda x, y: x > y, lambda x, y: x >= y)


def truths(x, y):
    found = ""
    for test in TESTS:
        try:
            found += "01"[test(x, y)]
        except TypeError:
            found += "E"
    return found


def jumps(x, y):
    found = ""
    try:
        if x < y:
            found += "<"
        if x <= y:
            found += "<="
        if not x > y:
            found += "!>"
        if not x >= y:
            found += "!>="
    except TypeError as problem:
        found += str(problem)
    if x == y:
        found += "=="
    if not x != y:
        found += "!!="
    return found


def constants(x):
    found = ""
    if x < 1:
        found += "<"
    if x <= 1:
        found += "<="
    if x == 1:
        found += "=="
    if x != 1:
        found += "!="
    if not x > -2:
        found += "!>"
    if not x >= 1:
        found += "!>="
    while x > 5:
        found += "w"
        break
    return found


for group in (numbers, texts, others):
    for x in group:
        row = [truths(x, y) + jumps(x, y) for y in group]
        print(str(x)[:20], len("".join(row)))
        print(len(set(row)), "".join(row)[:300])
for x in numbers:
    print(x, constants(x))
    print([x in [y] for y in numbers], numbers.index(x) if x == x else "nan")
print([len(text) for text in sorted(texts)], max(texts)[:3], min(texts))


class Text(str):
    def __eq__(self, other):
        return "own"

    def __lt__(self, other):
        return []

    __hash__ = str.__hash__


print(Text("a") == "a", "a" == Text("a"), Text("a") < "b", "b" > Text("a"), bool("a" < Text("b")))
print([1 if Text("a") == "x" else 0, 1 if Text("a") < "x" else 0])


class Number(int):
    def __lt__(self, other):
        return "less"


print(Number(3) < 2, 2 > Number(3), 2.5 > Number(3), [1 if Number(3) < 2 else 0])
