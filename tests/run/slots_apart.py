class A:
    __slots__=('v','w')
class B(A):
    v = 5
b=B()
print(b.v)
b.v=7
print(b.v, b.__dict__)
try: print(A.v.__get__(b))
except AttributeError as e: print(e)
class C(A):
    __slots__=()
    v=5
c=C()
print(c.v)
try: c.v=7
except AttributeError as e: print(e)
A.v.__set__(c, 9)
print(c.v, A.v.__get__(c))
class D(A):
    __slots__=('v',)
d=D(); d.v=1
A.v.__set__(d,2)
print(d.v, A.v.__get__(d))


# Slots that the class replaces or deletes, slots of another class, names that are mangled.
class P:
    __slots__ = ("v", "__w")

    def __init__(self, v):
        self.v = v
        self.__w = v

    def get(self):
        return self.v, self.__w


p = P(1)
kept = P.v
print(sorted(k for k in vars(P) if "w" in k), p.get())
for i in range(3):
    try:
        print(p.get(), p.v)
        p.v = i
    except AttributeError as e:
        print(e)
    P.v = "class"
del P.v
for i in range(2):
    try:
        print(p.v)
    except AttributeError as e:
        print(e)
    try:
        p.v = 1
    except AttributeError as e:
        print(e)
print(kept.__get__(p), kept)
P.other = kept
p.other = 8
print(p.other, kept.__get__(p))


class Q:
    __slots__ = ("v",)
    w = kept


q = Q()
for i in range(2):
    try:
        q.w = 1
    except TypeError as e:
        print(e)
    try:
        q.w
    except TypeError as e:
        print(e)
q.v = 3
print(q.v)


class R(Q):
    pass


r = R()
for i in range(40):
    setattr(r, f"a{i}", i)
r.v = 5
print(r.v, len(r.__dict__), "v" in r.__dict__, sorted(r.__dict__)[:2])
del r.v
print(hasattr(r, "v"))
