for e in (ValueError(1), OSError(2,'x'), KeyError(1)):
    print(type(e).__setattr__, type(e).__delattr__, type(e).__getattribute__, e.__setattr__('q', 3), e.q, e.__getattribute__('q'))
    e.__delattr__('q')
    try: type(e).__setattr__(5, 'a', 1)
    except TypeError as x: print(x)
    try: object.__setattr__(e, 'z', 1); print(e.z)
    except TypeError as x: print(x)
class E(Exception):
    def __setattr__(self, n, v):
        print('set', n); super().__setattr__(n, v)
    def __getattribute__(self, n):
        return super().__getattribute__(n)
e=E(1); e.x=5; print(e.x, e.args)
print((5).__rpow__(2,7), (5).__rpow__(2), (2.5).__rpow__(True, None), (5).__rpow__('a'))
class A(list):
    def __radd__(self,o): return 'radd'
a=A([1]); a+=[2]; print(type(a), a)
class A(list):
    def __rmul__(self,o): return 'rmul'
a=A([1]); a*=2; print(type(a), a); a += [3]; print(type(a))
try: NotImplemented.__bool__; print(NotImplemented.__bool__())
except Exception as x: print(x)
print([hasattr(x,'__bool__') for x in ('',[],(),{},set(),None,5,2.5,True,range(3),...,object(),len, print, iter([]), slice(1), {}.keys(), {}.items(), {}.values(), ValueError(), int, property(), vars(A), (i for i in ''), super(A,a))])
try: int.__lt__('a', 1, 2)
except Exception as x: print(x)
try: str.__add__(1, 1, 2)
except Exception as x: print(x)
try: list.append(1, 1, 2)
except Exception as x: print(x)
try: list.append([], 1, 2)
except Exception as x: print(x)
s={1}
for f in ["s.union(**{'a':1})","s.union(a=1)","s.add(**{'a':1})","'a'.find(**{'a':1})","'a'.find(a=1)","{}.get(**{'a':1})","'a'.join(**{'a':1})"]:
    pass
try: s.union(**{'a':1})
except Exception as x: print(x)
try: s.union(a=1)
except Exception as x: print(x)
try: 'a'.find(**{'a':1})
except Exception as x: print(x)
u='a'.find
try: u(a=1)
except Exception as x: print(x)
u='a'.join
try: u(a=1)
except Exception as x: print(x)
m=vars(A)
try: m.__ior__(1)
except Exception as x: print(x)
try: m.__ior__()
except Exception as x: print(x)
try: m.update()
except Exception as x: print(x)
try: m |= {}
except Exception as x: print(x)
e=UnicodeEncodeError('ascii','aé',1,2,'why')
print(e)
try: e.__init__(1)
except Exception as x: print(x)
print(str(e), e.start)
try: print(e.object)
except Exception as x: print(x)
try: print(e.encoding, e.reason)
except Exception as x: print(x)
