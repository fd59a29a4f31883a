"""Templates for odd.py, third part: what sites of calls, operators, attributes and delegation do when the plain case ends.

The loops are for inline caches and native code: a site sees the plain case first, then what it does not know. The fields are odd.py's.
"""
from __future__ import annotations

TEMPLATES = (
    # generators that delegate to generators
    "def in{n}(k):\n    for v in range(k):\n        got = yield v\n        if got: print('got', got)\n    if k == 2: {r}\n    return k\n"
    "def out{n}(k):\n    for j in range(3):\n        r = yield from in{n}(k + j)\n        yield ('r', r)\n    return 'end'\n"
    "def top{n}(k): return (yield from out{n}(k))\n"
    "for k in range(4):\n    try: print([v for v in top{n}(k)], sum(1 for v in out{n}(k)))\n    except (KeyError, ZeroDivisionError, RuntimeError) as e: print(type(e).__name__, e)\n"
    "g = top{n}(1)\nprint(next(g))\nfor step in ({s}, {s}):\n    try: print(step(g))\n    except BaseException as e: print(type(e).__name__, e)",
    "def walk{n}(t):\n    if isinstance(t, list):\n        for u in t: yield from walk{n}(u)\n    else: yield t\nfor k in range(5): print(list(walk{n}([1, [2, [k, []], {a}], [[[{i}]]]])))\n"
    "def each{n}(v):\n    try: yield from v\n    except TypeError as e: yield str(e)\n    finally: print('left')\nfor v in ([1], 'ab', each{n}([2]), (u for u in (3,)), {l}, {a}, range(2)): print(list(each{n}(v)))",
    # operators whose method declines, after it did not
    "class A{n}:\n    def __init__(self, v): self.v = v\n    def __add__(self, o): return NotImplemented if self.v > 3 else ('add', self.v)\n"
    "    def __radd__(self, o): return NotImplemented if self.v % 2 else ('radd', self.v)\n    def __iadd__(self, o): return NotImplemented if self.v == 2 else self\n"
    "    def __isub__(self, o): return NotImplemented\n    def __sub__(self, o): return ('sub', self.v)\n    def __lt__(self, o): return NotImplemented if self.v > 2 else self.v < 2\n"
    "def f(x, y):\n    out = []\n    for g in (lambda: x + 1, lambda: x + y, lambda: 1 + x, lambda: x - 1, lambda: x < y, lambda: x < 1, lambda: 2.5 + x):\n"
    "        try: out.append(g())\n        except TypeError as e: out.append(str(e))\n    z = x\n    try:\n        z += 1\n        z += y\n    except TypeError as e: out.append(str(e))\n"
    "    w = x\n    w -= y\n    return out, w, z is x\nfor k in range(6): print(f(A{n}(k), A{n}({i} % 5)), f(A{n}(k), {a})[0][1])",
    "class A{n}:\n    def __add__(self, o): yield ('add', o)\n    def __lt__(self, o): yield 1\n    def __getitem__(self, k): yield k\n    def __neg__(self): yield 'neg'\n    def __call__(self, *a): yield a\n"
    "def f(x, y): return [type(v).__name__ for v in (x + y, x < y, x[y], -x, x(y), x(*[y]))], list(x + y), 'yes' if x < y else 'no', next(x(1, 2))\nfor k in range(3): print(f(A{n}(), k))",
    "class B{n}({z2}): pass\ndef own(self, *a): return 'own'\ndef f(x):\n    out = []\n    for g in (lambda: x + x, lambda: x * 2, lambda: x * 'a', lambda: 2 * x, lambda: 'a' * x, lambda: x + 5, lambda: [1] * x):\n"
    "        try: out.append(g())\n        except TypeError as e: out.append(str(e))\n    return out\nfor name in ('__mul__', '__add__', '__rmul__', '__imul__'):\n    print(f(B{n}()))\n    setattr(B{n}, name, own)\n    print(f(B{n}()))\n    delattr(B{n}, name)\n"
    "print(f(B{n}()))",
    "class D{n}:\n    def __get__(self, o, c): {r}; return lambda *a: ('bound', a == ())\nclass A{n}:\n    __eq__ = __lt__ = __add__ = __call__ = D{n}()\n"
    "x = A{n}()\nfor g in (lambda: x == 1, lambda: x < 1, lambda: x != 1, lambda: x + 1, lambda: x(), lambda: [x].index(5), lambda: 1 > x):\n    try: print(g())\n    except Exception as e: print(type(e).__name__, e)",
    "class P{n}:\n    def __pow__(self, *a): return ('pow', a)\nclass Q{n}:\n    def __rpow__(self, *a): return ('rpow', a)\nclass R{n}(int):\n    def __pow__(self, *a): return ('int', a)\nclass S{n}(P{n}):\n    def __rpow__(self, o): return 'sub'\n"
    "vs = (P{n}(), Q{n}(), R{n}(3), 2, 2.5, {a}, S{n}())\nfor u in vs:\n    for v in vs:\n        for m in (None, 5, 1.5, P{n}(), Q{n}()):\n            try: print(str(pow(u, v, m))[:4], end=' ')\n            except (TypeError, ValueError, AttributeError) as e: print(str(e).split(' object at')[0][:60], end=' ')\nx = P{n}()\nx **= 2\nprint(x[0])",
    # constructors
    "class A{n}:\n    def __init__(self, k):\n        self.k = k\n        if k == 5: return k\nclass G{n}:\n    def __init__(self): yield 1\nclass B{n}(A{n}):\n    def __init__(self, k, *r, q=1): super().__init__(k); self.r = r, q\n"
    "def make(c, *a): return c(*a)\nfor k in range(7):\n    try: print(A{n}(k).k, B{n}(k, 2).r, make(A{n}, k).k)\n    except TypeError as e: print(e)\nfor f in (lambda: G{n}(), lambda: make(G{n}), lambda: A{n}(), lambda: A{n}(1, 2), lambda: B{n}(q=1), lambda: B{n}(1, q=2, z=3)):\n    try: print(type(f()).__name__)\n    except TypeError as e: print(e)",
    "class W{n}: pass\ndef fill(o, k):\n    o.a, o.b, o.c, o.d, o.e, o.f, o.g, o.h, o.i, o.j, o.k, o.l, o.m, o.n = range(k, k + 14)\n    o.m += o.n\n    return o.a, o.j, o.m\nx = [W{n}() for _ in range(5)]\nfor r in range(3): print([fill(o, r) for o in x][r])\n"
    "x[0].z = 1\nprint(fill(x[0], 5), vars(x[0])['m'], len(vars(x[1])))",
    "def rec(k): return rec(k + 1)\nclass A{n}:\n    def m(self, k): return self.m(k + 1)\n    def __add__(self, o): return self + o\n    def __call__(self): return self()\n    def __getattr__(self, n): return getattr(self, n + 'x') if len(n) < 9 else 5\n    @property\n    def p(self): return self.p\n"
    "    def __init__(self, deep=0):\n        if deep: A{n}(deep)\ndef gen(): yield from gen()\nfor f in (lambda: rec(0), lambda: A{n}().m(0), lambda: A{n}() + 1, lambda: A{n}()(), lambda: A{n}().q, lambda: A{n}(1), lambda: list(gen())):\n    try: print(f())\n    except RecursionError: print('RecursionError')",
    # dicts at one site
    "def get(d, k): return d[k]\nd = {d}\ne = dict.fromkeys([*d, 'w'], {i})\nks = [*d, 'w', 'nothing', {i}]\nfor r in range(4):\n    for k in ks:\n        for x in (d, e):\n            try: print(get(x, k), end=' ')\n            except (KeyError, TypeError) as v: print(type(v).__name__, v, end=' ')\n"
    "    if r == 1: d['w'] = r; e.pop('w')\n    if r == 2: d.clear(); e['w'] = 5; d[{a} if {a}.__hash__ else 0] = 1\nprint(len(d), len(e))",
    # classes that cannot be
    "for k, f in enumerate((lambda: None,) * 9):\n    try:\n        if k == 0:\n            class A: __slots__ = (5,)\n        elif k == 1:\n            class A: __slots__ = ('a b',)\n        elif k == 2:\n            class A:\n                __slots__ = ('x',)\n                x = 1\n        elif k == 3:\n            class B: pass\n"
    "            class A(B): __slots__ = ('__dict__',)\n        elif k == 4:\n            class A: __slots__ = ('__weakref__', '__weakref__')\n        elif k == 5:\n            class A(int): __slots__ = ('x',)\n        elif k == 6:\n            class A: __qualname__ = {q}\n        elif k == 7:\n            class A(tuple, list): pass\n        else:\n            class A(*[int, int]): pass\n        print(k, A.__qualname__)\n"
    "    except TypeError as e: print(k, e)\n    except ValueError as e: print(k, e)",
    "class S{n}:\n    def __set_name__(self, o, name): {r}\n    def __repr__(self): return 'S'\ntry:\n    class A{n}: x = S{n}()\n    print('made')\nexcept Exception as e: print(type(e).__name__, e, repr(e.__cause__))\n"
    "for k in range(2):\n    try:\n        class N:\n            if k: del nothing{n}\n            print(nothing{n})\n    except NameError as e: print(e, e.name)\nclass M{n}:\n    __private = {i}\n    def get(self): return self.__private, self.__class__.__name__\n    __slots__ = ('__hidden', 'y')\nprint(M{n}().get(), [v for v in dir(M{n}) if 'hidden' in v])",
    # notes and what the report of an exception shows
    "import sys\nfor v in ({a}, ['one\\ntwo', {a}], ('a', 5), 'text', {l}):\n    e = ValueError({a})\n    e.add_note('first\\nsecond')\n    e.__notes__ = v\n    sys.excepthook(type(e), e, None)\n    print(e.__notes__ is v)\n"
    "class B{n}(Exception):\n    def __str__(self): 1 / 0\nB{n}.__module__ = {q}\nsys.excepthook(B{n}, B{n}(1), None)",
    "class F{n}:\n    def __float__(self): return {a}\n    def __index__(self): return {i}\nimport math\nfor f in (float, math.sqrt, math.floor, int, lambda v: '%f' % v, lambda v: round(v), lambda v: 1.5 + v, lambda v: math.isqrt(v), lambda v: [1] * v):\n"
    "    for v in (F{n}(), 10 ** 400, -(10 ** 400)):\n        if f.__class__.__name__ == 'function' and abs(getattr(v, 'k', 0)) : continue\n        try: print(str(f(v) if type(v).__name__[0] == 'F' or f in (float, math.sqrt) else 0)[:40])\n        except (TypeError, ValueError, OverflowError) as e: print(type(e).__name__, e)",
)
