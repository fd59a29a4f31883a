"""Names that programs make, use as attributes, keywords and globals, and drop: the table of names is weak.

The collections lie between making a name and meeting its text again: shapes, classes, caches, namespaces must not take
the new str for the old one, nor miss what was set under the old one.
"""
import sys


class Plain:
    pass


class Falls:
    def __getattr__(self, name):
        return 'no ' + name


class Slots:
    __slots__ = ('a', '__dict__')


def collect():
    """Few objects, large enough that full collections come."""
    kept = []
    for _ in range(6):
        kept = [kept, [0] * 150000]


def texts(tag, n):
    return ['%s_%d' % (tag, i) for i in range(n)]


def attributes():
    a, c, s = Plain(), Falls(), Slots()
    for name in texts('attr', 40):
        setattr(a, name, name.upper())
        setattr(s, name, 1)
    for name in texts('cls', 40):
        setattr(Plain, name, name + '!')
    for _ in range(3):
        collect()
        for name in texts('attr', 40):
            assert getattr(a, name) == name.upper() and hasattr(s, name)
        for name in texts('cls', 40):
            assert getattr(a, name) == name + '!' == getattr(Plain, name)
        for name in texts('none', 40):
            assert getattr(a, name, None) is None and getattr(c, name) == 'no ' + name
    print(sorted(vars(a))[:3], len(vars(a)), a.attr_7, Plain.cls_9, s.attr_3)
    for name in texts('cls', 40):
        delattr(Plain, name)
    collect()
    print([name for name in dir(Plain) if name[:3] == 'cls'], hasattr(a, 'cls_3'))
    for name in texts('cls', 5):
        setattr(Plain, name, 'again')
    print(a.cls_4, getattr(a, 'cls_' + '4'), hasattr(a, 'cls_' + '5'))


def absent_then_there():
    """A look-up that found nothing, of a name that went, and came with a class that has it."""
    a = Plain()
    for round in range(4):
        for name in texts('late', 20):
            print(end='' if getattr(a, name, None) is None else 'found ' + name)
        collect()
        for name in texts('late', 20):
            setattr(Plain, name, round)
        print(sum(getattr(a, name) for name in texts('late', 20)))
        collect()
        for name in texts('late', 20):
            delattr(Plain, name)


def many_shapes():
    """Objects of many names: each its own shape, then dicts."""
    total = 0
    for i in range(300):
        a = Plain()
        setattr(a, 'own_%d' % i, i)
        setattr(a, 'own_%d' % (i + 1), i)
        total += getattr(a, 'own_%d' % i) + len(vars(a))
    collect()
    a = Plain()
    for i in range(200):
        setattr(a, 'wide_%d' % i, i)
    collect()
    for i in range(0, 200, 2):
        delattr(a, 'wide_%d' % i)
    collect()
    print(total, sum(getattr(a, 'wide_%d' % i, 1000) for i in range(200)), list(vars(a))[:2])


def calls():
    def f(**k):
        return sorted(k)[:2], len(k)

    def g(first, *, named=0):
        return first, named
    for _ in range(3):
        print(f(**{name: 1 for name in texts('kw', 30)}))
        print(g(**{''.join(['fir', 'st']): 1, ''.join(['nam', 'ed']): 2}))
        collect()
        try:
            g(**{'unknown_%d' % 3: 1, 'first': 2})
        except TypeError as e:
            print(e)


def namespaces():
    module = sys.modules['__main__']
    for name in texts('glob', 30):
        setattr(module, name, name)
    collect()
    print(glob_3, globals()['glob_' + str(4)], 'glob_5' in vars(module))
    for name in texts('glob', 30):
        delattr(module, name)
    collect()
    try:
        print(glob_3)
    except NameError as e:
        print(e)
    setattr(module, 'glob_' + '3', 'back')
    print(glob_3)


def interned():
    kept = sys.intern('kept %d' % 1)
    text = 'x'.join(['dropped', '1'])
    sys.intern(text)
    del text
    collect()
    print(sys.intern(''.join(['kept', ' 1'])) is kept, sys.intern('dropped' + 'x1') == 'droppedx1')
    a = sys.intern(''.join(['droppe', 'dx1']))
    collect()
    print(sys.intern('dropped' + 'x' + str(1)) is a, {a: 1}['drop' + 'pedx1'])


def made():
    """Classes and functions made in loops, with names of their own, die with them."""
    results = []
    for i in range(30):
        class Made:
            pass
        Made.__name__ = 'Made%d' % i
        setattr(Made, 'field_%d' % i, i)
        one = Made()
        setattr(one, 'slot_%d' % i, i)
        results.append((getattr(one, 'field_%d' % i), getattr(one, 'slot_%d' % i), Made.__name__) if i % 7 == 0 else Made)
        if i % 10 == 0:
            collect()
    print([r if isinstance(r, tuple) else r.__name__ for r in results][:9])
    print(getattr(results[11], 'field_' + '11'), hasattr(results[12], 'field_11'))


def sites():
    """One site, ever new names and the same again."""
    a = Plain()
    out = 0
    for i in range(2000):
        name = 'site_%d' % (i % 251 if i < 1500 else i)
        setattr(a, name, i)
        out += getattr(a, name)
        delattr(a, name)
        out += hasattr(a, name)
        if i % 500 == 0:
            collect()
    print(out)


for function in (attributes, absent_then_there, many_shapes, calls, namespaces, interned, made, sites) * 2:
    function()
