"""How recursions end: how deep they got, and with which text. n counts."""
import sys


def run(name, f):
    n[0] = 0
    try:
        f()
        print(name, 'ended')
    except RecursionError as e:
        print(name, n[0], e)
    except BaseException as e:
        print(name, n[0], type(e).__name__, e)


n = [0]


def tick(): n[0] += 1


class A:
    def __init__(self): pass
    def __repr__(self): n[0] += 1; return f'{self!r}'
a = A()
run('repr f', lambda: repr(a))
run('repr f2', lambda: f'{a!r}')
run('print', lambda: print(a))
run('print [a]', lambda: print([a]))
run('str', lambda: str(a))
run('%', lambda: '%s' % a)
class B:
    def __repr__(self): n[0] += 1; return repr(self)
b = B()
run('repr call', lambda: repr(b))
run('repr call', lambda: f'{b}')
class C:
    def __repr__(self): n[0] += 1; return repr([self])
run('repr list', lambda: repr(C()))
class D:
    def __str__(self): n[0] += 1; return str(self)
run('str str', lambda: str(D()))
run('str print', lambda: print(D()))
class E_:
    def __str__(self): n[0] += 1; return f'{self}'
run('fstr', lambda: str(E_()))
run('fstr2', lambda: f'{E_()}')
class F:
    def __str__(self): n[0] += 1; return '%s' % self
run('%s', lambda: str(F()))
class G:
    def __str__(self): n[0] += 1; return '{}'.format(self)
run('format', lambda: str(G()))
class H:
    def __format__(self, s): n[0] += 1; return format(self, s)
run('format()', lambda: format(H()))
class I:
    def __eq__(self, o): n[0] += 1; return self == o
run('eq', lambda: I() == 1)
class J:
    def __eq__(self, o): n[0] += 1; return [self] == [o]
run('eq list', lambda: J() == 1)
class K:
    def __lt__(self, o): n[0] += 1; return self < o
run('lt', lambda: K() < 1)
class L:
    def __hash__(self): n[0] += 1; return hash(self)
run('hash', lambda: hash(L()))
class M:
    def __hash__(self): n[0] += 1; return hash((self,))
run('hash tuple', lambda: hash(M()))
class N:
    def __getattr__(self, x): n[0] += 1; return getattr(self, x)
run('getattr()', lambda: N().x)
class O:
    def __getattr__(self, x): n[0] += 1; return self.y
run('getattr', lambda: O().x)
class P:
    @property
    def x(self): n[0] += 1; return self.x
run('property', lambda: P().x)
class Q:
    def __len__(self): n[0] += 1; return len(self)
run('len', lambda: len(Q()))
run('len bool', lambda: bool(Q()))
class R:
    def __bool__(self): n[0] += 1; return bool(self)
run('bool', lambda: bool(R()))
class S:
    def __bool__(self): n[0] += 1; return not self
run('not', lambda: not S())
class T:
    def __iter__(self): n[0] += 1; return iter(self)
run('iter', lambda: iter(T()))
class U:
    def __iter__(self): n[0] += 1; yield from self
run('yield from', lambda: list(U()))
class V:
    def __iter__(self):
        n[0] += 1
        for x in self: yield x
run('for', lambda: list(V()))
class W:
    def __next__(self): n[0] += 1; return next(self)
run('next', lambda: next(W()))
class X:
    def __add__(self, o): n[0] += 1; return self + o
run('add', lambda: X() + 1)
class Y:
    def __int__(self): n[0] += 1; return int(self)
run('int', lambda: int(Y()))
class Z:
    def __float__(self): n[0] += 1; return float(self)
run('float', lambda: float(Z()))
class A2:
    def __index__(self): n[0] += 1; return [1][self]
run('index', lambda: [1][A2()])
class B2:
    def __contains__(self, o): n[0] += 1; return o in self
run('in', lambda: 1 in B2())
class C2:
    def __getitem__(self, o): n[0] += 1; return self[o]
run('getitem', lambda: C2()[1])
class D2:
    def __setattr__(self, k, v): n[0] += 1; setattr(self, k, v)
def f(): D2().x = 1
run('setattr()', f)
class E2:
    def __setattr__(self, k, v): n[0] += 1; self.k = v
def f(): E2().x = 1
run('setattr', f)
class F2(dict):
    def __missing__(self, k): n[0] += 1; return self[k]
run('missing', lambda: F2()[1])
class G2:
    def __instancecheck__(self, k): n[0] += 1; return isinstance(k, self)
run('isinstance', lambda: isinstance(1, G2()))
class H2:
    def __instancecheck__(self, k): n[0] += 1; return isinstance(k, (self,))
run('isinstance()', lambda: isinstance(1, H2()))
class I2:
    def __subclasscheck__(self, k): n[0] += 1; return issubclass(k, self)
run('issubclass', lambda: issubclass(int, I2()))
def f(): n[0] += 1; f()
run('f', f)
def f(x=1): n[0] += 1; len(()); f()
run('f len', f)
def f(x=1): n[0] += 1; repr(1); f()
run('f repr', f)
def f(x=1): n[0] += 1; 1 == '2'; f()
run('f ==', f)
def f(x=1): n[0] += 1; x in {2: 1}; f()
run('f in dict', f)
def f(x=1): n[0] += 1; [].append(1); f()
run('f append', f)
def f(x=1): n[0] += 1; [1].pop(); f()
run('f pop', f)
def f(x=1): n[0] += 1; {}.get(1); f()
run('f get', f)
def f(x=1): n[0] += 1; {}.keys(); f()
run('f keys', f)
def f(x=1): n[0] += 1; 'a'.upper(); f()
run('f upper', f)
def f(x=1): n[0] += 1; 'a'.split(); f()
run('f split', f)
def f(x=1): n[0] += 1; ','.join(['a']); f()
run('f join', f)
def f(x=1): n[0] += 1; 'a'.find('a'); f()
run('f find', f)
def f(x=1): n[0] += 1; sum([1]); f()
run('f sum', f)
def f(x=1): n[0] += 1; int(3); f()
run('f int', f)
def f(x=1): n[0] += 1; int('3'); f()
run('f int str', f)
def f(x=1): n[0] += 1; float(3); f()
run('f float', f)
def f(x=1): n[0] += 1; isinstance(3, int); f()
run('f isinstance', f)
def f(x=1): n[0] += 1; f'{x}'; f()
run('f f-string', f)
def f(x=1): n[0] += 1; f'{x:5}'; f()
run('f f-string 5', f)
def f(x=1): n[0] += 1; f'{x!r}'; f()
run('f f-string r', f)
def f(x=1): n[0] += 1; f'{"a"}'; f()
run('f f-string s', f)
def f(x=1): n[0] += 1; '%s' % x; f()
run('f %', f)
def f(x=1): n[0] += 1; '%d' % x; f()
run('f %d', f)
def f(x=1): n[0] += 1; '{}'.format(x); f()
run('f format', f)
def f(x=1): n[0] += 1; [y for y in 'ab']; f()
run('f comp', f)
def f(x=1): n[0] += 1; list(y for y in 'ab'); f()
run('f genexp', f)
def f(x=1): n[0] += 1; ValueError(1); f()
run('f ValueError', f)
def f(x=1):
    n[0] += 1
    try: raise ValueError
    except ValueError: pass
    f()
run('f raise', f)
def f(x=1): n[0] += 1; sorted([2, 1]); f()
run('f sorted', f)
def f(x=1): n[0] += 1; [2, 1].sort(); f()
run('f sort', f)
def f(x=1): n[0] += 1; [2, 1].sort(key=None); f()
run('f sort key', f)
def f(x=1): n[0] += 1; type(x); f()
run('f type', f)
def f(x=1): n[0] += 1; super; f()
run('f super', f)
def f(x=1): n[0] += 1; globals(); f()
run('f globals', f)
def f(x=1):
    n[0] += 1
    class Q: pass
    f()
run('f class', f)
def f(x=1):
    n[0] += 1
    import sys
    f()
run('f import', f)
def f(x=1):
    n[0] += 1
    with a3: f()
class A3:
    def __enter__(self): pass
    def __exit__(self, *a): pass
a3 = A3()
run('f with', f)
run('key', lambda: [max([1], key=g) for g in [lambda x: max([1], key=g)]])
def f(x=1): n[0] += 1; max([1], key=f)
run('f max', f)
def f(x=1): n[0] += 1; sorted([1], key=f)
run('f sorted', f)
def f(x=1): n[0] += 1; [1].sort(key=f)
run('f sort', f)
def f(x=1): n[0] += 1; list(map(f, [1]))
run('f map', f)
def f(x=1): n[0] += 1; next(map(f, [1]))
run('f next map', f)
def f(x=1): n[0] += 1; next(filter(f, [1]))
run('f filter', f)
def f(x=1): n[0] += 1; [*map(f, [1])]
run('f *map', f)
def f(x=1): n[0] += 1; f(*[x])
run('f *', f)
def f(x=1): n[0] += 1; f(**{'x': x})
run('f **', f)
def f(x=1): n[0] += 1; next(f(y) for y in 'a')
run('f gen', f)
def f(x=1): n[0] += 1; any(f(y) for y in 'a')
run('f any', f)
def f(x=1): n[0] += 1; ''.join(f(y) for y in 'a')
run('f join', f)
def f(x=1): n[0] += 1; [f(y) for y in 'a']
run('f comp', f)
def f(x=1): n[0] += 1; {f(y) for y in 'a'}
run('f comp', f)
def f(x=1): n[0] += 1; (lambda: f())()
run('f lambda', f)
def f(x=1):
    n[0] += 1
    class Q: x = f()
run('f class', f)
def f(x=1):
    n[0] += 1
    try: f()
    finally: n[0] += 1
run('f finally', f)
def f(x=1):
    n[0] += 1
    try: f()
    except RecursionError as e: raise
run('f except', f)
x = []
for i in range(3000): x = [x]
run('nested', lambda: repr(x))
run('nested', lambda: str(x))
run('nested', lambda: print(x))
run('nested', lambda: f'{x}')
run('nested', lambda: f'{x!r}')
run('nested', lambda: '%s' % x)
y = []
for i in range(3000): y = [y]
run('nested ==', lambda: x == y)
run('nested <', lambda: x < y)
run('nested in', lambda: x in [y])
x = ()
for i in range(3000): x = (x,)
run('nested', lambda: repr(x))
run('nested hash', lambda: isinstance(1, x))
run('nested hash', lambda: issubclass(int, x))
x = {}
for i in range(3000): x = {1: x}
run('nested', lambda: repr(x))
run('nested', lambda: repr(x.values()))
y = {}
for i in range(3000): y = {1: y}
run('nested', lambda: x == y)
x = frozenset()
for i in range(3000): x = frozenset([x])
run('nested', lambda: repr(x))
x = ValueError(1)
for i in range(3000): x = ValueError(x)
run('nested', lambda: repr(x))
run('nested', lambda: str(x))
