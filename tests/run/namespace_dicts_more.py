"""Namespaces in the operations of dicts: operators with subclasses, messages, consumers of mappings, instances of all kinds."""
import sys, time, typing, enum
def attempt(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
class C:
    def __init__(self): self.a=1; self.b=2
c=C()
own=vars(c)
class Meta: pass
class D(dict):
    def __missing__(self,k): return k
    def __eq__(self,o): return "D"
    def __ror__(self,o): return "ror"
attempt(lambda: own == D())
attempt(lambda: D() == own)
attempt(lambda: own | D())
attempt(lambda: D(own))
attempt(lambda: own.__eq__(D(a=1,b=2)))
attempt(lambda: dict.update(D(), own))
attempt(lambda: list(map(type, [own, vars(C), globals(), sys.modules, typing.__dict__])))
attempt(lambda: sorted([own], key=len))
attempt(lambda: [own, {}].count({"a":1,"b":2}))
attempt(lambda: own in [{"a":1,"b":2}])
attempt(lambda: type(own)(x=1))
attempt(lambda: type(own)(own))
attempt(lambda: own.__class__.__name__)
attempt(lambda: isinstance(own, typing.Mapping) if False else 1)
attempt(lambda: own.__sizeof__() > 0)
attempt(lambda: str(own.keys()) + str(own.values()) + str(own.items()))
attempt(lambda: next(iter(own.items())))
attempt(lambda: type(iter(own)).__name__ + type(iter(own.items())).__name__ + type(reversed(own)).__name__)
attempt(lambda: type(iter(own)) is type(iter({})))
attempt(lambda: type(own.keys()) is type({}.keys()))
attempt(lambda: "%s %r" % (own, own))
attempt(lambda: "%(a)s %(b)s" % vars(c))
attempt(lambda: "%s" % own)
attempt(lambda: "%(z)s" % own)
attempt(lambda: "x".translate(own))
attempt(lambda: sum(own.values()))
attempt(lambda: sum(own))
attempt(lambda: print(*own, **{"sep": "-"}))
attempt(lambda: time.struct_time((1,)*9, own).tm_zone)
attempt(lambda: super(dict, own).__len__)
attempt(lambda: object.__repr__(own)[:8])
attempt(lambda: object.__eq__(own, own))
attempt(lambda: object.__hash__(own) != 0)
attempt(lambda: dict.__new__(type(own)))
attempt(lambda: raise_it(own))
def raise_it(x): raise x
attempt(lambda: own[0:1])
attempt(lambda: own @ own)
attempt(lambda: own.a)
attempt(lambda: abs(own))
attempt(lambda: [1][own])
attempt(lambda: round(own))
attempt(lambda: chr(own))
attempt(lambda: own >> 1)
attempt(lambda: range(own))
attempt(lambda: own.__setattr__("q", 1))
attempt(lambda: dict.nope)
attempt(lambda: c.__dict__.items() == {"a":1,"b":2}.items())
attempt(lambda: c.__dict__.items() >= {("a",1)})
attempt(lambda: {("a",1)} <= c.__dict__.items())
attempt(lambda: c.__dict__.keys() ^ {"q"} == {"a","b","q"})
attempt(lambda: sorted(c.__dict__.keys() ^ {"q"}))
attempt(lambda: {"a"} | own.keys() == {"a","b"})
attempt(lambda: {"a","b","c"} - own.keys())
attempt(lambda: {"a","b","c"}.intersection(own) == {"a","b"})
attempt(lambda: set("ab") == own.keys())
attempt(lambda: own.keys() <= {"a":1,"b":1,"c":3}.keys())
attempt(lambda: dict.fromkeys(own.keys()))
attempt(lambda: dict(own.items()))
attempt(lambda: dict(zip(own, own)))
attempt(lambda: max(own, key=own.get))
attempt(lambda: sorted(own, key=own.get, reverse=True))
attempt(lambda: list(map(own.get, "abc")))
attempt(lambda: list(filter(own.__contains__, "abc")))
attempt(lambda: {v: k for k, v in own.items()})
attempt(lambda: globals()["c"] is c)
attempt(lambda: vars()["c"] is c and vars() is globals())
attempt(lambda: type(vars(sys)) is dict and "path" in vars(sys))
class E(enum.Enum): A=1
attempt(lambda: type(E.A.__dict__))
attempt(lambda: time.struct_time((1,)*9))
attempt(lambda: time.struct_time((1,)*9, {}).tm_zone)
attempt(lambda: time.struct_time(range(9), vars(c)).tm_zone)
attempt(lambda: E.A.__dict__["_name_"])
class P:
    __slots__=("x",)
attempt(lambda: vars(P()))
attempt(lambda: P().__dict__)
class Q(P): pass
q=Q(); q.x=1; q.y=2
attempt(lambda: vars(q))
attempt(lambda: list(vars(q).items()))
attempt(lambda: [k for k in vars(q)])
class I(int): pass
i=I(5); i.tag=1
attempt(lambda: vars(i))
class T(tuple): pass
t=T((1,2)); t.tag=1; u=vars(t); t.more=2
attempt(lambda: (u, vars(t) is u))
class L(list): pass
l=L(); l.x=l
attempt(lambda: vars(l))
p=property(lambda s: 1)
attempt(lambda: staticmethod(raise_it).__dict__)
attempt(lambda: isinstance(staticmethod(raise_it).__dict__, dict))
attempt(lambda: p.__dict__)
attempt(lambda: type(lambda: 0).__dict__.__class__.__name__)
attempt(lambda: (lambda: 0).__dict__ == {})
attempt(lambda: type((lambda: 0).__annotations__))
def local():
    a = 1
    return vars(), locals(), vars() == locals(), type(vars())
attempt(local)
class W:
    def __init__(self, **k):
        for n, v in k.items(): setattr(self, n, v)
    def __getattr__(self, n): return self.__dict__.get("_" + n, "none")
attempt(lambda: W(_x=1).x + W(_x=2).x)
attempt(lambda: W().q)
class Big: pass
b=Big()
for n in range(200): setattr(b, "k%d" % n, n)
attempt(lambda: sum(vars(b).values()))
r=[]
try:
    for k in vars(b):
        r.append(k)
        if len(r)==3: b.new=1
except RuntimeError as e: print(e, len(r))
attempt(lambda: len([k for k, v in b.__dict__.items() if v]))
x = vars(b)
for n in range(200): delattr(b, "k%d" % n)
attempt(lambda: (x, x is vars(b)))
