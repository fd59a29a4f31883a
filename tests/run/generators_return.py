# Generators that return values, seen through every consumer, and uncaught at the end: the report goes to stderr.
def inner():
    yield 1
    return 7


def outer():
    x = yield from inner()
    print("inner returned", x)
    return [x]


print(list(outer()), tuple(outer()), sum(inner()), sorted(inner()), dict.fromkeys(inner()), set(inner()))
for item in outer():
    print("item", item)
print([v for v in outer()], {v: 1 for v in inner()}, max(inner()), list(map(str, inner())), list(zip(inner(), outer())))
a, = inner()
print(a, [*inner(), *inner()], (lambda *args: args)(*outer()))
g = inner()
print(next(g))
try:
    next(g)
except StopIteration as e:
    print("value", e.value, e.args)
print(next(g, "default"))
g = inner()
g.__next__()
try:
    g.__next__()
except StopIteration as e:
    print("value", e.value)
raise NameError("abc")
