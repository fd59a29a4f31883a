# What argument clinic says of an argument of a wrong type: None, not NoneType.
def show(f, *args, **keywords):
    try:
        print(f(*args, **keywords))
    except Exception as e:
        print(type(e).__name__, e)


for f, args in [("a".replace, (None, "a")), ("a".replace, ("a", None)), ("a".replace, ("a", 5)), ("a".removeprefix, (None,)), ("a".removesuffix, (None,)),
                (str.maketrans, ("a", None)), (str.maketrans, ("a", "b", None)), (str.maketrans, (None,)), ("a".find, (None,)), ("a".partition, (None,)),
                ("a".split, (5,)), (str, ("a", None)), ("a".encode, (None,)), (int.__format__, (1, None)), (str.__format__, ("", None)),
                (float.__format__, (1.0, None)), (object.__format__, (1, None)), (float.__getformat__, (None,)), (format, (1, None)), (super, (None,)),
                (super, (None, 1)), (open, ("x", None)), (open, ("x", "r", -1, 5)), (UnicodeEncodeError, (None, 1, 1, 1, 1))]:
    show(f, *args)
show(str, "a", errors=None)


class C:
    __slots__ = ("field",)


for descriptor in (BaseException.__context__, BaseException.args, C.field, OSError.errno, type.__mro__, property.fget):
    print(descriptor.__qualname__)
    show(lambda: descriptor(*5))
    show(lambda: descriptor(**5))
for method in (str.upper, dict.get, int.__add__, dict.__dict__["fromkeys"]):
    print(method.__ne__.__objclass__ if hasattr(method.__ne__, "__objclass__") else method.__ne__, type(method).__hash__, type(method).__eq__)
    print(method == method, method.__eq__(method), method.__eq__(len), hash(method) == method.__hash__())
print(str.upper == str.lower, str.upper == str.upper, "".upper == "".upper, {str.upper: 1}[str.upper])
for iterator in (iter({}), iter({}.values()), reversed({}), iter(set()), iter([]), reversed([]), iter(range(3)), iter("")):
    print(type(iterator).__name__, hasattr(iterator, "__setstate__"), hasattr(iterator, "__length_hint__"), "__getattribute__" in vars(type(iterator)))
