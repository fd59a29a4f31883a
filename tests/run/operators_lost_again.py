"""Subclasses of sequences whose + and * were defined anew and lost again: CPython keeps the slot of numbers."""


class R:
    def __add__(self, o):
        return 'R+'

    def __radd__(self, o):
        return 'R radd ' + type(o).__name__

    def __rmul__(self, o):
        return 'R rmul ' + type(o).__name__

    def __mul__(self, o):
        return 'R*'


class D:
    def __radd__(self, o):
        return NotImplemented

    def __index__(self):
        return 2


def show(title, x):
    print('--', title, type(x).__mro__[1].__name__)
    others = (R(), D(), 2, 2.5, 'a', [1], (1,), None, x, True)
    for name, function in (('x+o', lambda o: x + o), ('o+x', lambda o: o + x), ('x*o', lambda o: x * o), ('o*x', lambda o: o * x)):
        for o in others:
            try:
                r = function(o)
                print(name, type(o).__name__, type(r).__name__, r)
            except Exception as e:
                print(name, type(o).__name__, type(e).__name__, e)
    for o in others:
        y = type(x)(x)
        try:
            y += o
            print('+=', type(o).__name__, type(y).__name__, y)
        except Exception as e:
            print('+=', type(o).__name__, type(e).__name__, e)
        y = type(x)(x)
        try:
            y *= o
            print('*=', type(o).__name__, type(y).__name__, y)
        except Exception as e:
            print('*=', type(o).__name__, type(e).__name__, e)


def own(self, *o):
    return 'own'


VALUES = {list: [1], tuple: (1,), str: 'x'}
NAMES = ('__add__', '__radd__', '__mul__', '__rmul__', '__imul__', '__iadd__')
for base, value in VALUES.items():
    class Plain(base):
        pass
    show('never', Plain(value))
    for name in NAMES:
        class K(base):
            pass

        class Before(K):
            pass
        setattr(K, name, own)
        show('has ' + name, K(value))
        delattr(K, name)
        show('lost ' + name, K(value))
        show('lost by a base ' + name, Before(value))

        class After(K):
            pass
        show('made after ' + name, After(value))
        setattr(K, name, None)
        delattr(K, name)
        show('lost None ' + name, Before(value))

    class Body(base):
        __add__ = __mul__ = own
    del Body.__add__, Body.__mul__
    show('lost of the body', Body(value))

    class Mixin:
        __add__ = __rmul__ = own

    class Behind(base, Mixin):
        pass

    class First(Mixin, base):
        pass
    show('mixin behind', Behind(value))
    show('mixin first', First(value))
    del Mixin.__add__, Mixin.__rmul__
    show('mixin behind, lost', Behind(value))
    show('mixin first, lost', First(value))

    class Late:
        pass

    class Derived(base, Late):
        pass
    Late.__add__ = own
    show('mixin got it later', Derived(value))

    class Same(base):
        __add__ = base.__add__
        __mul__ = base.__mul__
    show('the same', Same(value))
    del Same.__add__, Same.__mul__
    show('the same, lost', Same(value))

    class Other(base):
        __mul__ = base.__rmul__
    show('another of the sequence', Other(value))
    del Other.__mul__
    show('another of the sequence, lost', Other(value))
