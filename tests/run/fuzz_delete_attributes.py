"""Deleting an attribute that a class, or a slot that an object, does not have."""


class A:
    __slots__ = ("v",)


for f in (lambda: delattr(A, "kind"), lambda: delattr(A(), "v")):
    try:
        f()
    except AttributeError as e:
        print(type(e).__name__, e)
