"""A star display of what is not iterable."""
for v in (1, 1.5, None):
    for f in (lambda: [*v], lambda: (*v,), lambda: {*v}, lambda: [*v, 1], lambda: [1, *v], lambda: (1, *v)):
        try:
            print(f())
        except TypeError as e:
            print(e)
