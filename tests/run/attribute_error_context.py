# name and obj of AttributeErrors that getters, hooks and descriptors raise: at first and when the access is cached.
class A:
    blue = 1
    @property
    def p(self):
        raise AttributeError("hand")
    @property
    def bleu(self):
        raise AttributeError("hand")
    def __getattr__(self, n):
        raise AttributeError("ga")
class B:
    black = 1
    @property
    def blakc(self):
        raise AttributeError("hand")
    @property
    def inner(self):
        return self.blac
class D:
    def __get__(self, o, t): raise AttributeError("desc")
class C:
    black = 1
    blakc = D()
class G:
    black = 1
    def __getattribute__(self, n):
        raise AttributeError("gab")
class H:
    black = 1
    def __getattr__(self, n):
        raise AttributeError("gat")
def name_of(e):
    try: n = e.name
    except Exception as x: n = x
    return n, type(e.obj).__name__
def show(f, *a):
    for i in range(5):
        try: f(*a)
        except AttributeError as e:
            print(i, e, name_of(e))
show(lambda: A().bleu)
b = B()
show(lambda: b.blakc)
show(lambda: b.blakc())
show(lambda: b.inner)
show(lambda: C().blakc)
show(lambda: C.blakc)
show(lambda: G().blakc)
show(lambda: H().blakc)
show(lambda: H().blakc())
show(lambda: getattr(b, 'blakc'))
show(lambda: hasattr(b, 'blakc'))
show(lambda: getattr(b, 'blakc', 3))
show(lambda: B.blakc.__get__(b))
show(lambda: B.blakc.fget(b))
class E(B):
    def m(self):
        return super().blakc
show(lambda: E().m())
def st(o): o.blakc = 3
class S:
    black = 1
    @property
    def blakc(self): return 1
    @blakc.setter
    def blakc(self, v): raise AttributeError("setter")
    @blakc.deleter
    def blakc(self): raise AttributeError("deleter")
s = S()
show(st, s)
def de(o): del o.blakc
show(de, s)
show(lambda: setattr(s, 'blakc', 2))
class K:
    def __setattr__(self, n, v): raise AttributeError("sa")
    def __delattr__(self, n): raise AttributeError("da")
show(st, K()); show(de, K())
e0 = AttributeError("same")
class R:
    @property
    def x(self): raise e0
    @property
    def y(self): raise e0
r = R()
show(lambda: r.x)
show(lambda: r.y)
class P:
    @property
    def q(self):
        return self.r
    @property
    def r(self):
        raise AttributeError("deep")
p = P()
show(lambda: p.q)
class I:
    @property
    def z(self):
        raise AttributeError("n", name="given")
show(lambda: I().z)
class SubE(AttributeError): pass
class J:
    @property
    def z(self):
        raise SubE("n")
show(lambda: J().z)
def gen(o):
    try:
        yield o.z
    except AttributeError as e:
        yield name_of(e)
print(list(gen(J())))
class L:
    def __call__(self, *a): raise AttributeError("init")
    def __init__(self): pass
    @staticmethod
    def sm(): raise AttributeError("sm")
    @classmethod
    def cm(cls): raise AttributeError("cm")
l = L()
show(lambda: l.sm()); show(lambda: l.cm()); show(l)
class Caught:
    @property
    def a(self):
        try:
            return self.b
        except AttributeError as e:
            print('in', name_of(e))
            raise
    @property
    def b(self):
        try:
            raise AttributeError("caught")
        except AttributeError as e:
            print('in b', name_of(e))
            raise
show(lambda: Caught().a)
show(lambda: C().blakc())
show(lambda: C.blakc())
show(lambda: G().blakc())
class N(E):
    def call(self): return super().blakc()
    @classmethod
    def c(cls): return super().nothing
    def n(self): return super().missing
    def d(self): return super().missing()
show(lambda: N().call()); show(N.c); show(lambda: N().n()); show(lambda: N().d())
def gen2(self):
    yield 1
    raise AttributeError("in gen")
class Q:
    @property
    def g(self):
        return list(gen2(self))
    def __add__(self, o): raise AttributeError("add")
    def __getitem__(self, i): raise AttributeError("item")
    def __eq__(self, o): raise AttributeError("eq")
    def __lt__(self, o): raise AttributeError("lt")
show(lambda: Q().g); show(lambda: Q() + 1); show(lambda: Q()[0]); show(lambda: Q() == 1); show(lambda: Q() < 1)
def many(o): return o.blakc
class V1(B): pass
class V2(B): pass
class V3(B): pass
class V4(B): pass
class V5(B): pass
for c in (V1, V2, V3, V4, V5, V1, V2, H, C, G): show(many, c())
class Deep:
    @property
    def a(self): return self.b
    @property
    def b(self): return self.c
    @property
    def c(self): raise AttributeError("bottom")
show(lambda: Deep().a)
class Default:
    @property
    def a(self, x=3): raise AttributeError("d")
show(lambda: Default().a)
def hot():
    d = Deep()
    n = 0
    for i in range(300):
        try:
            d.a
        except AttributeError as e:
            n += e.name == "c" and e.obj is d
    return n
print(hot())
many(V1())
