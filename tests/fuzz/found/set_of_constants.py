"""A set display of three or more constants is a constant frozenset, which CPython's compiler builds twice: the second
time from the first one in the order of its table. Items that collide change places."""
print({15, 1, 7, 4503599627370496})
print({15, 7, 23}, {15, 7, 23, 31}, {-15, 7, 23})
print([x for x in {15, 7, 23, 31}])


def f():
    return {15, True, 7, 0}


print(f())
