# Equal constants of a module are one object, those inside tuples, too.
def f(): return (1, 2)
def g(): return (1, 2)
print(f() is g())
def h():
    x, y = (1, 2), (1, 2)
    return x is y
print(h())
def k():
    x = ((1, 2), (1, 2)); return x[0] is x[1]
print(k())
def m():
    x = ((1, 2), 3); y = (1, 2)
    return x[0] is y
print(m())
def a(): return 'hello world!'
def b(): return 'hello world!'
pair = ('hello world!', 1)
print(a() is b(), a() is pair[0])
def a(): return 1 << 100
def b(): return 1267650600228229401496703205376
print(a() is b())
def a(): return 1.5, 'x y'
def b(): return 1.5
print(a()[0] is b())
class A:
    t = (1, 2)
    s = 'q w'
    f = 2.5
print(A.t is f(), A.s is (lambda: 'q w')(), A.f is (lambda: 2.5)())
def s(): return x in {1, 2}, x in {1, 2}
def fz(): 
    for q in ((1.0, 'a b'), (1.0, 'a b')): yield q
l = list(fz())
print(l[0] is l[1], l[0][0] is l[1][0], l[0][1] is l[1][1])
