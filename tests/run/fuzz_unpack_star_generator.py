"""A starred assignment from a generator that ends too early, with a return value."""


def f():
    for i in range(2):
        got = yield i
    return "end"


try:
    a, b, *c, d = f()
except Exception as e:
    print(type(e).__name__, e)
