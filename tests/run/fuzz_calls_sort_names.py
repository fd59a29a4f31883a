u = ValueError(1).with_traceback
print(u.__qualname__, [].append.__qualname__, len.__qualname__, dict.fromkeys.__qualname__, (5).__add__.__qualname__, str.upper.__qualname__, 'a'.upper.__qualname__)
import math
print(math.sqrt.__qualname__, type(len).__module__, type(lambda: 1).__module__, (lambda: 1).__module__, type.__module__, int.__module__)
class L(list): pass
print(L().append.__qualname__, L.append.__qualname__)
class C:
    def __init__(self, v): self.v = v
    def __lt__(self, o): print('lt', self.v, o.v); return NotImplemented
try: sorted([C(1), C(2)])
except TypeError as e: print(e)
try: sorted([C(1), C(2), 3])
except TypeError as e: print(e)
class D(C):
    def __gt__(self, o): print('gt'); return self.v > o.v
print([x.v for x in sorted([D(1), D(2), D(0)])])
def f():
    x = 1
    if 0: y = 1
    def g(): return x, y
    try: print([y for _ in 'a'])
    except NameError as e: print(type(e), e)
    try: print([v for v in y])
    except NameError as e: print(type(e), e)
    try: print(y)
    except NameError as e: print(type(e), e)
f()
class K:
    class Inner: pass
    Inner.__module__ = None
    print(Inner, "object" in repr(Inner()))
    Inner.__module__ = "builtins"
    Inner.__qualname__ = "Q"
    print(Inner)
    Inner.__module__ = "mod"
    print(Inner)
