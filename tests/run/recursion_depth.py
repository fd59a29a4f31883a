"""What counts against the recursion limit: the depth that sys.setrecursionlimit names, in all kinds of calls, from places that are not warm."""
import sys


def d():
    try:
        sys.setrecursionlimit(1)
    except RecursionError as e:
        return int(str(e).split('depth ')[1].split(':')[0])


def gen():
    while True:
        got = yield d()


def show(name, v):
    print(name, v)


show('module', d())
def f(): return d()
show('function', f())
show('lambda', (lambda: d())())
g = gen()
show('next', next(g))
show('next2', next(g))
show('send', g.send(1))
show('send', g.send(1))
show('method next', g.__next__())
for v in gen():
    show('for', v)
    break
def yf():
    yield from gen()
g = yf()
show('next yf', next(g))
show('send yf', g.send(1))
for v in yf():
    show('for yf', v)
    break
show('genexp next', next(d() for _ in 'a'))
show('list genexp', list(d() for _ in 'a'))
show('tuple genexp', tuple(d() for _ in 'a'))
show('set genexp', set(d() for _ in 'a'))
show('dict genexp', dict((d(), 1) for _ in 'a'))
show('frozenset genexp', frozenset(d() for _ in 'a'))
show('sum genexp', sum(d() for _ in 'a'))
show('max genexp', max(d() for _ in 'a'))
show('any', any(print('any', d()) for _ in 'a'))
show('all', all(print('all', d()) for _ in 'a'))
show('sorted genexp', sorted(d() for _ in 'a'))
show('listcomp', [d() for _ in 'a'])
show('setcomp', {d() for _ in 'a'})
show('dictcomp', {d(): 1 for _ in 'a'})
show('star list', [*(d() for _ in 'a')])
show('star set', {*(d() for _ in 'a')})
show('star call', (lambda *a: a)(*(d() for _ in 'a')))
show('star call dd', (lambda *a: (a, d()))(*(d() for _ in 'a')))
show('kw call dd', (lambda **a: (a, d()))(**{'a': 1}))
show('kwname call dd', (lambda **a: (a, d()))(a=1))
show('kwname call dd', (lambda a: (a, d()))(a=1))
a, = (d() for _ in 'a')
show('unpack', a)
a, *b = (d() for _ in 'ab')
show('unpack star', (a, b))
show('in', (3 in (print('in', d()) for _ in 'a')))
show('join', ''.join(str(d()) for _ in 'a'))
show('str.join', str.join('', (str(d()) for _ in 'a')))
x = []
x.extend(d() for _ in 'a')
show('extend', x)
x += (d() for _ in 'a')
show('iadd', x)
x[:0] = (d() for _ in 'a')
show('slice', x)
s = set()
s.update(d() for _ in 'a')
show('set update', s)
s |= set(d() for _ in 'a')
show('zip', list(zip(d() for _ in 'a')))
show('enumerate', list(enumerate(d() for _ in 'a')))
show('next zip', next(zip(d() for _ in 'a')))
show('next enum', next(enumerate(d() for _ in 'a')))
show('map', list(map(lambda _: d(), 'a')))
show('next map', next(map(lambda _: d(), 'a')))
for v in map(lambda _: d(), 'a'):
    show('for map', v)
for v in filter(lambda _: print('filt', d()), 'a'): pass
show('list filter', list(filter(lambda _: print('filt', d()), 'a')))
show('next filter', next(filter(lambda _: print('filt', d()) or 1, 'a')))
show('sorted key', sorted('a', key=lambda _: print('key', d())))
['a'].sort(key=lambda _: print('sort key', d()))
show('min key', min('ab', key=lambda _: d()))
show('max key', max('ab', key=lambda _: print('maxkey', d()) or 1))
show('min args key', min('a', 'b', key=lambda _: print('minkey', d()) or 1))
show('iter call', list(iter(lambda: print('icall', d()), None)))
show('iter call next', next(iter(lambda: d(), None)))
for v in iter(lambda: d(), None):
    show('iter call for', v)
    break
g = gen()
def cg():
    try:
        yield 1
    except GeneratorExit:
        print('close', d())
g = cg(); next(g); g.close()
def tg():
    while 1:
        try:
            yield 1
        except ValueError:
            yield d()
g = tg(); next(g)
show('throw', g.throw(ValueError))
def ty():
    yield from tg()
g = ty(); next(g)
show('throw yf', g.throw(ValueError))
def cy():
    yield from cg()
g = cy(); next(g); g.close()


class A:
    def m(self): return d()
    @property
    def p(self): return d()
    @p.setter
    def p(self, v): print('setter', d())
    @p.deleter
    def p(self): print('deleter', d())
    @classmethod
    def c(cls): return d()
    @staticmethod
    def s(): return d()
    def __getattr__(self, n): return d()
    def __add__(self, o): return d()
    def __radd__(self, o): return d()
    def __iadd__(self, o): print('iadd', d()); return self
    def __neg__(self): return d()
    def __eq__(self, o): print('eq', d()); return True
    def __lt__(self, o): print('lt', d()); return True
    def __gt__(self, o): print('gt', d()); return True
    def __ge__(self, o): print('ge', d()); return True
    def __le__(self, o): print('le', d()); return True
    def __hash__(self): print('hash', d()); return 1
    def __iter__(self): print('iter', d()); return self
    def __next__(self):
        print('next', d())
        raise StopIteration
    def __len__(self): print('len', d()); return 1
    def __bool__(self): print('bool', d()); return True
    def __str__(self): return 'str ' + str(d())
    def __repr__(self): return 'repr ' + str(d())
    def __format__(self, f): return 'format ' + str(d())
    def __contains__(self, o): print('contains', d()); return True
    def __call__(self, *a): return d()
    def __getitem__(self, i): return d()
    def __setitem__(self, i, v): print('setitem', d())
    def __delitem__(self, i): print('delitem', d())
    def __setattr__(self, i, v): print('setattr', d())
    def __delattr__(self, i): print('delattr', d())
    def __index__(self): print('index', d()); return 1
    def __int__(self): print('int', d()); return 1
    def __float__(self): print('float', d()); return 1.0
    def __abs__(self): return d()
    def __round__(self, n=None): return d()
    def __reversed__(self): return d()
    def __divmod__(self, o): return d()
    def __pow__(self, o, m=None): return d()
    def __enter__(self): print('enter', d())
    def __exit__(self, *a): print('exit', d()); return True
    def __dir__(self): print('dir', d()); return []
    def __trunc__(self): return d()
    def __ceil__(self): return d()
    def __instancecheck__(self, o): print('instancecheck', d()); return True
    def __subclasscheck__(self, o): print('subclasscheck', d()); return True


a = A()
show('m', a.m())
show('A.m', A.m(a))
show('p', a.p)
a.p = 1
del a.p
show('c', a.c())
show('s', a.s())
show('getattr()', getattr(a, 'p'))
show('getattr() xx', getattr(a, 'xx'))
show('getattr() xx', getattr(a, 'xx', 1))
show('hasattr() xx', hasattr(a, 'xx'))
setattr(a, 'p', 1)
delattr(a, 'p')
show('getattr', a.xx)
show('add', a + 1)
show('radd', 1 + a)
show('radd', [] + a)
show('add call', a.__add__(1))
show('add call', A.__add__(a, 1))
show('sum', sum([a]))
b = a
b += 1
show('neg', -a)
a == 1
1 == a
1 != a
a != 1
a < 1
1 > a
[a] == [1]
(a,) == (1,)
{1: a} == {1: 1}
[a] < [1]
1 in [a]
[a].index(1)
[a].count(1)
[a].remove(1)
[1].remove(a)
(a,).index(1)
hash(a)
{a: 1}
{a}
hash((a,))
x = {}
x[a] = 1
x[a]
x.get(a)
a in x
x.setdefault(a, 1)
x.pop(a)
set([a])
frozenset([a])
s = set()
s.add(a)
s.discard(a)
sorted([a, 1])
sorted([1, a])
max(a, 1)
min([a, 1])
for _ in a: pass
list(a)
iter(a)
next(a, 1)
[*a]
tuple(a)
() in a
not a
bool(a)
if a: pass
len(a)
while a: break
a and 1
filter(None, [a])
list(filter(None, [a]))
any([a])
all([a])
show('str', str(a))
show('repr', repr(a))
show('format', format(a))
show('f', f'{a} {a!s} {a!r} {a:5}')
show('%', '%s %r' % (a, a))
show('%', '%s' % a)
show('str.format', '{} {!r} {!s}'.format(a, a, a))
show('str.format', '{0.p} {0[1]}'.format(a))
show('[]', str([a]))
show('[]', repr([a]))
show('[[]]', repr([[a]]))
show('()', repr((a,)))
show('{}', repr({1: a}))
show('{}', repr({1: [a]}))
show('{}', str({1: [a]}))
show('{}.values', repr({1: a}.values()))
show('{}.items', repr({1: a}.items()))
show('{}.keys', repr({a: 1}.keys()))
show('set', repr({a}))
show('slice', repr(slice(a, 1)))
show('ascii', ascii(a))
print(a)
print([a])
print('%s' % [a])
print('%r' % ([a],))
print(f'{[a]}')
print(f'{[a]!r}')
print(str.__str__('a'))
print(A.__repr__(a), a.__repr__(), a.__str__(), object.__format__(a, ''))
print(ValueError(a))
print(repr(ValueError(a)))
print(str(ValueError(a, 1)))
1 in a
show('getitem', a[1])
a[1] = 1
del a[1]
a[1:2] = 1
a.x = 1
del a.x
[1, 2][a]
'ab'[a]
[1, 2][a:]
range(a)
int(a)
float(a)
abs(a)
show('round', round(a))
show('round', round(a, 1))
show('reversed', reversed(a))
show('divmod', divmod(a, 1))
show('pow', pow(a, 1))
show('pow', pow(a, 1, 2))
show('**', a ** 1)
'a' * a
[1] * a
hex(a)
chr(a)
with a: pass
with a: 1 / 0
dir(a)
import math
show('ceil', math.ceil(a))
math.sqrt(a)
show('trunc', math.trunc(a))
isinstance(1, a)
issubclass(int, a)
isinstance(1, (a, a))
isinstance(1, ((a, a),))


class B:
    show('body', d())
    class C:
        show('body in body', d())
    show('comp in body', [d() for _ in 'a'])


class Desc:
    def __get__(self, o, t): return d()
    def __set__(self, o, v): print('set', d())
    def __delete__(self, o): print('delete', d())
    def __set_name__(self, o, n): print('set_name', d())


class E:
    x = Desc()
    def __init_subclass__(cls, **k): print('init_subclass', d())
    def __class_getitem__(cls, i): return d()
    def __getattribute__(self, n): print('getattribute', d()); return object.__getattribute__(self, n)


e = E()
e.x
e.x = 1
del e.x
E.x
E[1]


class F(E): pass
class G(E, k=1): pass


def deco(f):
    print('deco', d())
    return f


@deco
def h(): pass


@deco
class H: pass


def deco2(x):
    return deco


@deco2(1)
def h(): pass


def dflt(a=d(), *, b: d() = d()): return a, b
show('default', dflt())
try:
    raise ValueError
except ValueError:
    show('except', d())
finally:
    show('finally', d())


class Missing(dict):
    def __missing__(self, k): return d()


show('missing', Missing()[1])
show('missing', Missing().__getitem__(1))
show('missing', '%(a)s' % Missing())
show('missing', '{a}'.format_map(Missing()))


class L(list):
    def __getitem__(self, i): return d()
    def append(self, x): super().append(d())
    def __len__(self): return super().__len__() + d()


l = L()
show('L', l[0])
l.append(1)
show('L', list.__getitem__(l, 0))
show('L', len(l))


class Ex(Exception):
    def __str__(self): return str(d())


try:
    raise Ex
except Ex as e:
    print(e)
try:
    raise Ex(1)
except Ex as e:
    print(e)
type('a')
class Len:
    def __len__(self): print('len only', d()); return 1
    def __getitem__(self, i):
        print('getitem', d())
        if i > 0: raise IndexError
        return 1
bool(Len())
not Len()
for _ in Len(): pass
list(Len())
1 in Len()
reversed(Len())
list(reversed(Len()))
a, = Len()
[*Len()]
show('map two', list(map(lambda a, b: d(), 'a', 'b')))
show('map map', list(map(lambda a: d(), map(lambda b: d(), 'a'))))
show('zip map', list(zip(map(lambda b: d(), 'a'))))
class M:
    @property
    def x(self): return self.y
    @property
    def y(self): return d()
    def z(self): return self.x
show('xx', M().x)
show('xz', M().z())
show('bound', list(map(M().z.__call__ if False else M().z, ())))
mm = M().z
show('bound', mm())
show('meth __call__', mm.__call__())
show('f __call__', f.__call__())
show('mapped bound', list(map(lambda a: mm(), 'a')))


class Asked:
    def __bool__(self):
        print('in a comprehension', d())
        return True


asked = Asked()
print([1 for _ in 'ab' if asked], [[1 for _ in 'a' if asked] for _ in 'b'], {1 for _ in 'a' if not asked})


class Itself:
    def __repr__(self):
        return f'{self.v!r}'


def shows(turns):
    itself = Itself()
    itself.v = itself
    _ = [turn for turn in range(turns)]
    while turns:
        turns -= 1
    try:
        print('itself', itself)
    except RecursionError as e:
        print(e)


shows(0)
shows(20)
