"""A starred assignment from a generator that ends too early, with a return value."""


def f():
    yield 0
    yield 1
    return "end"


try:
    a, b, *c, d = f()
except Exception as e:
    print(type(e).__name__, e)
