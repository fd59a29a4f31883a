"""A comprehension that reads a variable of its function before it has a value: a free variable there."""


def f():
    try:
        print([late for i in range(1)])
    except NameError as e:
        print(type(e).__name__, e)
    late = 1


def g():
    try:
        print({i: late for i in range(1)})
    except NameError as e:
        print(type(e).__name__, e)
    late = 1


f()
g()
