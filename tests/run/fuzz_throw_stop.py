"""StopIteration thrown into a generator that has not started becomes a RuntimeError."""


def f():
    yield 1


try:
    f().throw(StopIteration(3))
except Exception as e:
    print(type(e).__name__, e)
