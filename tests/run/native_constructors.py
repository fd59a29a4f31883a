"""Instances made in line by native code: what __init__ returns or raises, what it does to self, nesting, and many of them."""
class A:
    def __init__(self, x, y=None):
        self.x = x
        self = None
class B:
    def __init__(self): return 5
class C:
    def __init__(self, n):
        self.n = n
        if n: self.c = C(n - 1)
class D:
    def __init__(self, x):
        self.x = 1 // x
class E:
    def __init__(self, x):
        yield x
def make(cls, *a):
    return cls(*a)
def a(x): return A(x, x)
def b():
    try: return B()
    except TypeError as e: return str(e)
def c(n): return C(n)
def d(x):
    r = "old"
    try:
        r = D(x)
    except ZeroDivisionError as e:
        return r
    return r.x
def e():
    try: return E(1)
    except TypeError as e: return str(e)
for i in range(50):
    assert a(i).x == i
    print(b(), d(i % 3), e())
def depth(o):
    n = 0
    while o.n:
        o = o.c; n += 1
    return n
for i in range(30): print(depth(c(i)))
keep = [a(i) for i in range(20000)]
print(sum(k.x for k in keep))
