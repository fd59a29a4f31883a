# pow() with three arguments: which class's slot is asked, and in which order.
class Plain:
    pass


class Left:
    def __pow__(self, other, modulus=None):
        print("pow", type(other).__name__, type(modulus).__name__)
        return NotImplemented if modulus == 7 else "left"


class Right:
    def __rpow__(self, other, modulus=None):
        return "right"


class Both(Left, Right):
    pass


class Int(int):
    pass


class OwnInt(int):
    def __pow__(self, other, modulus=None):
        print("own", type(other).__name__, type(modulus).__name__)
        return NotImplemented if modulus == 7 else "own"


class Float(float):
    pass


class OwnFloat(float):
    def __pow__(self, other, modulus=None):
        return NotImplemented


values = [3, True, 7, 2.5, "a", None, Plain(), Left(), Right(), Both(), Int(3), OwnInt(2), Float(2), OwnFloat(2), []]
for a in values:
    for b in values:
        for c in values:
            if type(a) is float and c is None and b is not None:
                continue
            try:
                print(type(a).__name__, type(b).__name__, type(c).__name__, pow(a, b, c))
            except Exception as e:
                print(type(a).__name__, type(b).__name__, type(c).__name__, type(e).__name__, e)
for args, keywords in [((0,), {"base": 1}), ((0, 1), {"base": 1}), ((0, 1), {"exp": 1, "base": 2}), ((0, 1), {"x": 1, "base": 2}), ((0,), {"x": 1}),
                       ((0, 1), {"x": 1}), ((0, 1), {"y": 1, "x": 1})]:
    try:
        print(pow(*args, **keywords))
    except TypeError as e:
        print(e)
for f, args, keywords in [(sum, ([],), {"start": 1, "x": 1}), (int, ("1",), {"x": 1}), (round, (1,), {"number": 2}), (enumerate, ([],), {"iterable": []}),
                          (str, (1,), {"object": 2}), ("a".split, ("b",), {"sep": "c"}), (sorted, ([],), {"iterable": []}), (print, (), {"x": 1})]:
    try:
        print(f(*args, **keywords))
    except TypeError as e:
        print(e)
