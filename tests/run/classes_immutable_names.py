"""What is said of names when attributes of builtin classes, and of others, are set and deleted: which of the two mistakes is named first."""


class M:
    pass


def attempt(f, *arguments):
    try:
        print(f(*arguments))
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)


for o in (object, int, str, M, 3):
    for name in (-1, None, "x'y", 'x"y', "abc", 1.5, ()):
        for owner in (type(o), object):
            attempt(owner.__delattr__, o, name)
            attempt(owner.__setattr__, o, name, 1)
        attempt(setattr, o, name, 1)
        attempt(delattr, o, name)
        attempt(type(o).__getattribute__, o, name)
        attempt(getattr, o, name)
