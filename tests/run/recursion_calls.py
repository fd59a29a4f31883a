"""Calls of classes and of instances with __call__ count a level beside that of the method: how deep they are, from cold and warm places, that every kind
of end gives the levels back, and where recursions through them end."""
import sys


def d():
    try:
        sys.setrecursionlimit(1)
    except RecursionError as e:
        return int(str(e).split('depth ')[1].split(':')[0])


seen = []


def note(*_):
    seen.append(d())


class Bare: pass
class Init:
    def __init__(self, *a, **k): note()
class Plain:
    def __init__(self): note()
class One:
    def __init__(self, x): note(); self.x = x
class Two:
    def __init__(self, x, y=2, *, z=3): note(); self.x = x
class Inherited(One): pass
class New:
    def __new__(cls, *a): note(); return super().__new__(cls)
class NewInit:
    def __new__(cls, *a): note(); return object.__new__(cls)
    def __init__(self, *a): note()
class NewOther:
    def __new__(cls, *a): note(); return 1
class Super(One):
    def __init__(self, x): note(); super().__init__(x); note()
class Deep(Super):
    def __init__(self, x): super().__init__(x); note(); self.y = One(x)
class Slots:
    __slots__ = ('x',)
    def __init__(self, x): note(); self.x = x
class L(list): pass
class LI(list):
    def __init__(self, x): note(); super().__init__(x); note()
class D(dict):
    def __init__(self, x): note(); super().__init__(x)
class E(Exception): pass
class EI(Exception):
    def __init__(self, x): note(); super().__init__(x)
class I(int):
    def __new__(cls, x): note(); return super().__new__(cls, x)
class S(str):
    def __new__(cls, x): note(); return str.__new__(cls, x)
class T(tuple):
    def __new__(cls, x): note(); return tuple.__new__(cls, x)
class StaticInit:
    @staticmethod
    def __init__(): note()
class ClassInit:
    @classmethod
    def __init__(cls): note()
class Called:
    def __call__(self, *a, **k): note(); return self
class Called1:
    def __call__(self, x): note(); return x
class CalledInherited(Called1): pass
class CalledStatic:
    @staticmethod
    def __call__(x): note(); return x
class CalledClass:
    @classmethod
    def __call__(cls, x): note(); return x
class CalledGen:
    def __call__(self, x): note(); yield d(); note()
class CalledBy:
    __call__ = Called1()
class InitBy:
    __init__ = Called()
class CalledLen:
    __call__ = len
class InitCall:
    def __init__(self): note(); self.f = Called1(); self.f(1); note()
class Maker:
    def again(self): note(); return type(self)()
    @classmethod
    def make(cls): note(); return cls()
    @staticmethod
    def one(x): note(); return One(x)
    def __init__(self): note()
    @property
    def p(self): return One(1)
    def __getattr__(self, name): return One(name)
    def __getitem__(self, i): return One(i)
    def __add__(self, o): return One(o)
    def __eq__(self, o): return bool(One(o))
    def __lt__(self, o): return bool(One(o))
    def __iter__(self): return iter([One(1)])
    def __len__(self): One(1); return 1
    def __repr__(self): One(1); return 'Maker'
    def __hash__(self): One(1); return 1
    def __bool__(self): One(1); return True
    def __contains__(self, x): return bool(One(1))
    def __enter__(self): One(1)
    def __exit__(self, *a): One(1)
class Source:
    def __init__(self): note()
    def __iter__(self): note(); return self
    def __next__(self): note(); raise StopIteration
class Key:
    def __init__(self, x): note(); self.x = x
    def __lt__(self, o): note(); return self.x < o.x


def gen(x):
    note()
    yield One(x)
    note()
    yield called1(x)


def f(): return One(1)


class Bound:
    def m(self, x): note(); return One(x)


called, called1 = Called(), Called1()
maker = Maker()
bound = Bound().m
nested = lambda: [One(called1(x)) for x in range(2)]
cases = [
    ('Bare', lambda: Bare()), ('Init', lambda: Init()), ('Init 1', lambda: Init(1)), ('Init k', lambda: Init(x=1)), ('Init *', lambda: Init(*[1, 2])),
    ('Init **', lambda: Init(**{'a': 1})), ('Plain', lambda: Plain()), ('One', lambda: One(1)), ('One x=', lambda: One(x=1)), ('One *', lambda: One(*[1])),
    ('One **', lambda: One(**{'x': 1})), ('Two', lambda: Two(1)), ('Two y', lambda: Two(1, 2)), ('Two z', lambda: Two(1, z=3)), ('Inherited', lambda: Inherited(1)),
    ('New', lambda: New()), ('New 1', lambda: New(1)), ('NewInit', lambda: NewInit()), ('NewInit 1', lambda: NewInit(1)), ('NewOther', lambda: NewOther()),
    ('Super', lambda: Super(1)), ('Deep', lambda: Deep(1)), ('Slots', lambda: Slots(1)), ('L', lambda: L(x for x in [note()])), ('LI', lambda: LI(x for x in [note()])),
    ('LI gen', lambda: LI(gen(1))), ('L gen', lambda: L(gen(1))), ('list gen', lambda: list(gen(1))), ('D', lambda: D({})), ('E', lambda: E(note())), ('EI', lambda: EI(1)),
    ('I', lambda: I(1)), ('S', lambda: S('a')), ('T', lambda: T([1])), ('T gen', lambda: T(gen(1))), ('StaticInit', lambda: StaticInit()), ('ClassInit', lambda: ClassInit()),
    ('called', lambda: called()), ('called 1', lambda: called(1)), ('called k', lambda: called(a=1)), ('called *', lambda: called(*[1])), ('called **', lambda: called(**{'a': 1})),
    ('called1', lambda: called1(1)), ('called1 k', lambda: called1(x=1)), ('CalledInherited', lambda: CalledInherited()(1)), ('CalledStatic', lambda: CalledStatic()(1)),
    ('CalledClass', lambda: CalledClass()(1)), ('CalledGen', lambda: list(CalledGen()(1))), ('CalledGen for', lambda: [x for x in CalledGen()(1)]),
    ('CalledBy', lambda: CalledBy()(1)), ('InitBy', lambda: InitBy()), ('CalledLen', lambda: CalledLen()([])), ('InitCall', lambda: InitCall()),
    ('__call__', lambda: called1.__call__(1)), ('type.__call__', lambda: type.__call__(One, 1)), ('One.__call__', lambda: One.__call__(1)), ('Called1.__call__', lambda: Called1.__call__(called1, 1)),
    ('__init__', lambda: One(1).__init__(2)), ('One.__init__', lambda: One.__init__(One(1), 2)), ('again', lambda: maker.again()), ('make', lambda: Maker.make()),
    ('make i', lambda: maker.make()), ('one', lambda: Maker.one(1)), ('p', lambda: maker.p), ('getattr', lambda: maker.q), ('[]', lambda: maker[1]), ('+', lambda: maker + 1),
    ('==', lambda: maker == 1), ('<', lambda: maker < 1), ('if ==', lambda: 1 if maker == 1 else 0), ('if <', lambda: 1 if maker < 1 else 0), ('iter', lambda: [x for x in maker]),
    ('len', lambda: len(maker)), ('repr', lambda: repr(maker)), ('f', lambda: f'{maker}'), ('hash', lambda: hash(maker)), ('bool', lambda: not maker), ('in', lambda: 1 in maker),
    ('gen', lambda: list(gen(1))), ('gen for', lambda: [x for x in gen(1)]), ('gen next', lambda: next(gen(1))), ('map One', lambda: list(map(One, [1, 2]))),
    ('map called1', lambda: list(map(called1, [1, 2]))), ('map bound', lambda: list(map(bound, [1]))), ('for map', lambda: [x for x in map(One, [1])]),
    ('filter', lambda: list(filter(called1, [1]))), ('sorted key', lambda: sorted([2, 1], key=Key)), ('sorted called', lambda: sorted([2, 1], key=called1)),
    ('max called', lambda: max([2, 1], key=called1)), ('min args', lambda: min(2, 1, key=Key)), ('iter called', lambda: next(iter(called, 1))), ('f()', lambda: f()), ('bound', lambda: bound(1)),
    ('list Source', lambda: list(Source())), ('for Source', lambda: [x for x in Source()]), ('nested', nested), ('dict comp', lambda: {x: One(x) for x in 'ab'}),
    ('genexp', lambda: list(One(x) for x in 'ab')), ('sum', lambda: sum(called1(x) for x in (1, 2))), ('One in One', lambda: One(One(1))), ('One of called', lambda: One(called1(One(1)))),
    ('f-string', lambda: f'{called1(1)}{One(1).x}'), ('isinstance', lambda: isinstance(One(1), One)), ('type()', lambda: type(One(1))(2)), ('__class__', lambda: maker.__class__()),
    ('object', lambda: object()), ('lambda call', lambda: (lambda c: c(1))(One)), ('One or', lambda: One(1) or 2), ('hasattr', lambda: hasattr(maker, 'zz')),
]
for name, case in cases:
    for attempt in range(20):
        seen.clear()
        try:
            got = case()
        except Exception as e:
            got = e
        if attempt in (0, 1, 6, 7, 8, 9, 19):
            print(name, attempt, type(got).__name__, seen, d())


# ---- ends of all kinds: the depth afterwards ----

class Raises:
    def __init__(self, x=None): raise ValueError(x)
class RaisesNew:
    def __new__(cls, x=None): raise ValueError(x)
class NotNone:
    def __init__(self, x=None): return 5
class GenInit:
    def __init__(self, x=None): yield 1
class CallRaises:
    def __call__(self, x=None): raise KeyError(x)
class NoCall: pass
class Nest:
    def __init__(self, n):
        if n: Nest(n - 1)
        else: raise IndexError
class NestCall:
    def __call__(self, n):
        if n: self(n - 1)
        else: raise IndexError
class Finally:
    def __init__(self, n):
        try:
            if n: Finally(n - 1)
            else: raise IndexError
        finally:
            note()
class Catches:
    def __init__(self, n):
        try:
            if n: Catches(n - 1)
            Raises(n)
        except ValueError:
            note()
class InitThrows:
    def __init__(self):
        g = thrown()
        next(g)
        g.throw(KeyError)
class InitLeaves:
    def __init__(self):
        for x in gen(1):
            return
class Iterates:
    def __init__(self): self.n = 2
    def __iter__(self): return self
    def __next__(self):
        self.n -= 1
        if self.n < 0: raise StopIteration(One(1))
        return called1(One(self.n))
class With:
    def __init__(self, x): self.x = x
    def __enter__(self): return One(1)
    def __exit__(self, *a): One(2); return True
class Loop:
    def __init__(self, end):
        for i in range(300):
            Bare()
            if i == end: raise ValueError
class LoopCall:
    def __call__(self, end):
        i = 0
        while i < 300:
            i += 1
            Bare()
            if i == end: raise ValueError
        return i
class LoopEq:
    def __eq__(self, end):
        for i in range(300):
            Bare()
            if i == end: raise ValueError
        return i
class Descr:
    def __get__(self, o, t): raise ValueError
class InitDescr:
    __init__ = Descr()
class CallDescr:
    __call__ = Descr()


def thrown():
    try:
        yield One(1)
    except ZeroDivisionError:
        yield called1(1)


def delegating():
    yield from gen(One(1))
    return called1(1)


def through():
    return (yield from delegating())


def close():
    g = through()
    next(g)
    g.close()


def with_raising():
    with With(1) as w:
        Raises(w)


def for_break():
    for x in through():
        One(x)
        break


def loops():
    total = 0
    for i in range(30):
        total += called1(One(i).x)
    while total > 400:
        total -= One(1).x
    return total


raises = CallRaises()
nest_call = NestCall()
loop_call = LoopCall()
ends = [
    lambda: Raises(), lambda: Raises(1), lambda: Raises(x=1), lambda: Raises(*[1]), lambda: Raises(1, 2), lambda: Raises(y=1), lambda: RaisesNew(), lambda: RaisesNew(1),
    lambda: NotNone(), lambda: NotNone(1), lambda: NotNone(x=1), lambda: NotNone(1, 2), lambda: GenInit(), lambda: GenInit(1), lambda: raises(), lambda: raises(1), lambda: raises(1, 2),
    lambda: raises(x=1), lambda: NoCall()(), lambda: Bare(1), lambda: Bare(x=1), lambda: One(), lambda: One(1, 2), lambda: called1(), lambda: called1(1, 2), lambda: Nest(5),
    lambda: nest_call(5), lambda: Finally(5), lambda: Catches(5), lambda: InitThrows(), lambda: InitLeaves(), lambda: list(Iterates()), lambda: [x for x in Iterates()], lambda: with_raising(),
    lambda: close(), lambda: for_break(), lambda: list(through()), lambda: loops(), lambda: InitDescr(), lambda: CallDescr()(), lambda: [Raises(x) for x in 'ab'],
    lambda: list(Raises(x) for x in 'ab'), lambda: sorted([1, 2], key=Raises), lambda: list(map(raises, [1])), lambda: max([1], key=NotNone), lambda: One(Raises()), lambda: called1(raises(1)),
    lambda: Loop(299), lambda: Loop(300), lambda: loop_call(300), lambda: loop_call(301), lambda: LoopEq() == 299, lambda: LoopEq() == 300, lambda: 1 if LoopEq() == 299 else 2,
    lambda: NewOther(1), lambda: T(5), lambda: LI(5), lambda: I('x'), lambda: EI(), lambda: {Raises(1): 1}, lambda: f'{Raises(1)}', lambda: maker.again(1), lambda: type.__call__(Raises, 1),
]
for number, end in enumerate(ends):
    for attempt in range(12):
        seen.clear()
        try:
            got = end()
            got = got if isinstance(got, int) else type(got).__name__
        except Exception as e:
            got = f'{type(e).__name__}: {e}'
        if attempt in (0, 11):
            print('end', number, got, seen, d())


# ---- recursions to their ends ----

n = 0


class R:
    def __init__(self): tick(); R()
class R1:
    def __init__(self, x): tick(); self.next = R1(x)
class RK:
    def __init__(self, *, x): tick(); RK(x=x)
class RS:
    def __init__(self, *x): tick(); RS(*x)
class RD:
    def __init__(self, x, y=1): tick(); RD(x)
class RN:
    def __new__(cls): tick(); return RN()
class RNI:
    def __new__(cls): tick(); return super().__new__(cls)
    def __init__(self): RNI()
class RSuper(R1):
    def __init__(self, x): tick(); super().__init__(x)
class RType:
    def __init__(self): tick(); type(self)()
class RMake:
    @classmethod
    def make(cls): tick(); return cls()
    def __init__(self): self.make()
class RC:
    def __call__(self): tick(); return self()
class RC1:
    def __call__(self, x): tick(); return self(x)
class RCK:
    def __call__(self, *, x): tick(); return self(x=x)
class RCS:
    def __call__(self, *x): tick(); return self(*x)
class RCG:
    def __call__(self): tick(); yield from self()
class RCB:
    def __call__(self): tick(); return (self.__call__)()
class RBoth:
    def __init__(self): tick(); RC2(self)()
class RC2:
    def __init__(self, o): self.o = o
    def __call__(self): tick(); return RBoth()
class RList(list):
    def __init__(self, x=()): tick(); super().__init__(RList() for _ in 'a')
class RE(Exception):
    def __init__(self):
        tick()
        raise RE
class RProp:
    @property
    def p(self): tick(); return RProp().p
class RAdd:
    def __init__(self, x): self.x = x
    def __add__(self, o): tick(); return RAdd(self + o)
class REq:
    def __init__(self): tick(); self == 1
    def __eq__(self, o): return REq()
class RIter:
    def __init__(self): tick(); [x for x in self]
    def __iter__(self): tick(); return RIter()
class RMap:
    def __init__(self, x=0): tick(); list(map(RMap, [1]))
class RKey:
    def __call__(self, x): tick(); return sorted([1], key=self)
class RGen:
    def __init__(self):
        tick()
        for x in self.g(): pass
    def g(self): yield RGen()
class RBare:
    def m(self): tick(); return RBare().m()
class RInt(int):
    def __new__(cls, x): tick(); return cls(x)
class RGet:
    def __getattr__(self, n): tick(); return getattr(RGet(), n)
class RLeft:
    def __init__(self, n): tick(); self.left, self.right = RLeft(n), None
class RMany:
    def __init__(self, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, ab, ac, ad, ae, af, ag):
        tick(); RMany(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, ab, ac, ad, ae, af, ag)


def tick():
    global n
    n += 1


def rfunc(x=None): tick(); return Init2(x)
class Init2:
    def __init__(self, x): rfunc(x)
def rcatch(c):
    tick()
    try:
        return c(1)
    except RecursionError:
        return None
class RCatch:
    def __init__(self, x): rcatch(RCatch)


recursions = [
    ('R', lambda: R()), ('R1', lambda: R1(1)), ('RK', lambda: RK(x=1)), ('RS', lambda: RS(1)), ('RD', lambda: RD(1)), ('RN', lambda: RN()), ('RNI', lambda: RNI()), ('RSuper', lambda: RSuper(1)),
    ('RType', lambda: RType()), ('RMake', lambda: RMake()), ('RC', lambda: RC()()), ('RC1', lambda: RC1()(1)), ('RCK', lambda: RCK()(x=1)), ('RCS', lambda: RCS()(1)),
    ('RCG', lambda: list(RCG()())), ('RCB', lambda: RCB()()), ('RBoth', lambda: RBoth()), ('RList', lambda: RList()), ('RE', lambda: RE()), ('RProp', lambda: RProp().p),
    ('RAdd', lambda: RAdd(1) + 1), ('REq', lambda: REq()), ('RIter', lambda: RIter()), ('RMap', lambda: RMap()), ('RKey', lambda: RKey()(1)), ('RGen', lambda: RGen()),
    ('RBare', lambda: RBare().m()), ('RInt', lambda: RInt(1)), ('RGet', lambda: RGet().x), ('RLeft', lambda: RLeft(1)), ('RMany', lambda: RMany(*range(33))), ('rfunc', lambda: rfunc()),
    ('rcatch', lambda: rcatch(RCatch)),
]
for limit in (97, 98, 99, 100, 1000):
    sys.setrecursionlimit(limit)
    for name, recursion in recursions if limit < 1000 else recursions[:3]:
        for attempt in range(2):
            n = 0
            try:
                recursion()
                end = 'ended'
            except RecursionError as e:
                end = str(e)
            print(limit, name, n, end, d())
