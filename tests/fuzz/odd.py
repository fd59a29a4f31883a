"""Seldom-met parts of the language, as templates: generators that delegate, functions and classes changed through their
attributes, views as sets, containers that change while they are looked at. `Odd` is a part of the writer.

A template's fields: {n} a fresh number, {i} an int, {a} any value, {e} an exception. Each prints what it makes.
"""
from __future__ import annotations

import re

import odd_calls
import odd_types
from expressions import COMPARE, Expressions

TEMPLATES = (
    # generators that delegate
    "def in{n}():\n    try:\n        got = yield {i}\n        print('got', got)\n        yield {a}\n"
    "    except {e} as e:\n        print('inner', e); {r}\n    finally:\n        print('fin')\n    return {i}\n"
    "def out{n}():\n    try:\n        r = yield from in{n}()\n        print('r', r)\n"
    "    except Exception as e: print('outer', repr(e)); {r}\n    yield 'last'\ng = out{n}()\n"
    "print(next(g), g.gi_yieldfrom is not None, g.gi_running)\nfor step in ({s}, {s}, {s}):\n"
    "    try: print(step(g))\n    except BaseException as e: print(type(e).__name__, e, repr(e.__context__))",
    "class It{n}:\n    def __init__(self): self.n = 0\n    def __iter__(self): return self\n"
    "    def __next__(self):\n        self.n += 1\n        if self.n > 3: raise StopIteration('done')\n"
    "        return self.n\n    {m}\ndef d{n}():\n    r = yield from It{n}()\n    print('r', r)\n    return r\n"
    "g = d{n}()\nprint(next(g))\n"
    "for step in ({s}, {s}, {s}, {s}):\n    try: print(step(g))\n"
    "    except BaseException as e: print(type(e).__name__, e)",
    "def g{n}():\n    try: yield 1\n    finally: {r}\ng = g{n}()\nnext(g)\nfor step in ({s}, {s}):\n"
    "    try: print(step(g))\n    except BaseException as e: print(type(e).__name__, e)",
    "def g{n}():\n    yield next(h)\nh = g{n}()\ntry: next(h)\nexcept ValueError as e: print(e)",
    "def g{n}():\n    while True:\n        try: yield 1\n        except GeneratorExit: yield 2\ng = g{n}()\n"
    "print(next(g))\ntry: g.close()\nexcept RuntimeError as e: print(e)",
    "g = (u for u in [1, 2])\ng.__name__ = {q}\ng.__qualname__ = {q}\n"
    "print(g.__name__, g.__qualname__, g.gi_running, g.gi_yieldfrom, g.gi_suspended)",
    "def g{n}():\n    try: yield 1\n    except Exception as e: raise StopIteration({i}) from e\ng = g{n}()\n"
    "next(g)\ng.throw(KeyError, {q})",
    "def g{n}():\n    yield 1\ng = g{n}()\nprint([f() for f in (lambda: g.throw(ValueError, ValueError(3), None),)])",
    "g = (u for u in 'ab')\ng.throw({t})", "g = (u for u in 'ab')\nnext(g)\ng.throw({t}, {a})",
    "g = (u for u in 'ab')\ng.send({i})",
    "def g{n}():\n    return {i}\n    yield\ntry: next(g{n}())\nexcept StopIteration as e: print(e.value, e.args)",
    "def g{n}():\n    x = yield\n    while x: x = yield x * 2\ng = g{n}()\n"
    "print(g.send(None), g.send({i}), g.send(2.5))\nprint(list(g))",
    "def r{n}(d):\n    if d: yield d; yield from r{n}(d - 1)\nprint(list(r{n}(6)))",
    # functions
    "def f{n}(a, b=1, *c, d=2, **e): return a, b, c, d, e\nf{n}.__defaults__ = {v}\nf{n}.__kwdefaults__ = {w}\n"
    "print(f{n}.__defaults__, f{n}.__kwdefaults__)\nprint(f{n}({i}))",
    "def f{n}(a: int, b: 'x' = 2) -> str: 'doc'\nprint(f{n}.__annotations__, f{n}.__doc__)\nf{n}.__doc__ = {a}\n"
    "f{n}.__module__ = {q}\nf{n}.__annotations__ = {w}\n"
    "print(f{n}.__doc__, f{n}.__module__, f{n}.__annotations__)",
    "def f{n}(): pass\nf{n}.x = {a}\nprint(f{n}.x, f{n}.__dict__, hasattr(f{n}, 'y'))\ndel f{n}.x\ndel f{n}.x",
    "def f{n}(a, /, b, *, c):\n    z = a\n    return lambda: (z, b)\nk = f{n}.__code__\n"
    "print(k.co_name, k.co_qualname, k.co_argcount, k.co_posonlyargcount, k.co_kwonlyargcount, k.co_freevars, "
    "k.co_firstlineno > 0)\nprint(f{n}(1, 2, c=3).__closure__[0].cell_contents, f{n}(1, 2, "
    "c=3).__code__.co_freevars)",
    "def f{n}():\n    def g(): return x\n    c = g.__closure__[0]\n    try: print(c.cell_contents)\n"
    "    except ValueError as e: print(e)\n    x = {i}\n    print(c.cell_contents, g())\n"
    "    c.cell_contents = {i}\n    print(x)\nf{n}()",
    "x = [1]\nprint(x.append == x.append, x.append == [1].append, x.append.__self__ is x, x.append.__name__, "
    "hash(x.append) == hash(x.append))",
    "print(Note(1).add_note == Note(1).add_note)\ne = Note(1)\n"
    "print(e.add_note == e.add_note, e.__init__ == e.__init__, e.__init__.__func__ is Note.__init__, e.__init__ "
    "!= 5, hash(e.__init__) == hash(e.__init__))\ne.__init__.x = 3",
    "m = type(Note(1).__init__)\nprint(m(lambda s: s, {i})())\nm({a}, None)",
    "f = {t}\nprint(callable(f), f.__class__.__name__ if hasattr(f, '__class__') else 0)",
    "print((lambda *a, k=1, **b: (a, k, b))(*{l}, *{l}, x=1, **{{'y': 2}}))",
    "print((lambda *a, k=1, **b: (a, k, b))(*{l}, **{{'k': 2, 'k2': 3}}, **{{'z': 1}}))",
    "(lambda **k: k)(**{{'a': 1}}, **{{'a': 2}})", "(lambda a: a)(1, a=2)",
    "def f{n}(a, b, c=3, *, d, e=5): pass\nf{n}({x})", "def f{n}(*, d, e): pass\nf{n}({x})",
    "def f{n}(a, b, c, d): pass\nf{n}({x})", "def f{n}(a, /): pass\nf{n}({x})", "def f{n}(): pass\nf{n}({x})",
    "class C{n}:\n    def m(self, a): pass\nC{n}().m({x})", "class C{n}:\n    def __init__(self, a): pass\nC{n}({x})",
    # classes
    "class A{n}: pass\nclass B{n}(A{n}): pass\n"
    "print(A{n}.__base__, B{n}.__bases__, B{n}.mro()[:2], A{n}.__subclasses__(), type.mro(B{n})[1], "
    "B{n}.__base__ is A{n})\nprint(A{n}.__instancecheck__(B{n}()), A{n}.__subclasscheck__(B{n}), "
    "type.__instancecheck__(int, 5))\nA{n}.__subclasscheck__(5)",
    "class A{n}:\n    x: int = {i}\n    y: str\nprint(A{n}.__annotations__)\nA{n}.__annotations__ = {w}\n"
    "print(A{n}.__annotations__)\nclass B{n}(A{n}): pass\nprint(B{n}.__annotations__, int.__annotations__)",
    "class A{n}: 'doc'\nprint(A{n}.__doc__, A{n}().__doc__)\nA{n}.__doc__ = {a}\nA{n}.__name__ = {q}\n"
    "A{n}.__qualname__ = {q}\nA{n}.__module__ = {q}\n"
    "print(A{n}.__doc__, A{n}.__name__, A{n}.__qualname__, A{n}, A{n}())", "class A{n}: pass\nA{n}.__name__ = {a}",
    "class A{n}: pass\ndel A{n}.__name__", "class A{n}: pass\nA{n}().__class__ = {a}", "int.x = {i}", "del int.real",
    "class A{n}:\n    __slots__ = {z}\nx = A{n}()\nx.a = {a}\nprint(x.a)\ndel x.a\ntry: x.a\n"
    "except AttributeError as e: print(e)\nx.q = 1",
    "class A{n}:\n    def __set_name__(self, o, name): print('named', name, o.__name__)\n"
    "    def __get__(self, i, o=None): return ('get', i is None, o.__name__)\n"
    "    def __set__(self, i, v): print('set', v)\n    def __delete__(self, i): print('delete')\nclass B{n}:\n"
    "    x = A{n}()\nb = B{n}()\nprint(b.x, B{n}.x)\nb.x = {i}\ndel b.x\nB{n}.x = 5\nprint(b.x)",
    "class A{n}:\n    def __init_subclass__(cls, k=1, **kw): print('sub', cls.__name__, k, kw)\n"
    "class B{n}(A{n}): pass\nclass C{n}(A{n}, k={i}): pass\nclass D{n}(A{n}, z=3): pass\n"
    "class E{n}(object, z=3): pass",
    "class A{n}:\n    def __class_getitem__(cls, k): return (cls.__name__, k)\nprint(A{n}[{i}])\n"
    "class B{n}: pass\nB{n}[1]",
    "class A{n}:\n    def __new__(cls, *a):\n        print('new', a)\n        return {o}\n"
    "    def __init__(self, *a): print('init', a)\nprint(type(A{n}({i})).__name__)",
    "class A{n}(int):\n    def __new__(cls, v): return super().__new__(cls, v + 1)\n"
    "print(A{n}({i}) + 1, repr(A{n}(2)), A{n}(3) == 4, hash(A{n}(4)))",
    "class A{n}(tuple):\n    def __new__(cls, *a): return super().__new__(cls, a)\nx = A{n}(1, 2)\n"
    "print(x, x[0], len(x), x + (3,), x == (1, 2), isinstance(x, tuple), x * 2)",
    "class A{n}(str): pass\nx = A{n}('ab')\n"
    "print(x.upper(), type(x + 'c').__name__, x == 'ab', {{x: 1}}['ab'], x[0], f'{{x:>5}}', '%s' % x)\nx.y = 1\n"
    "print(x.y)",
    "class A{n}(list):\n    def __getitem__(self, i): return ('got', i)\n    def __len__(self): return 7\n"
    "x = A{n}([1, 2])\nprint(x[0], x[1:], len(x), list(x), x == [1, 2], bool(A{n}()), sorted(x), [*x], x + [3])",
    "class A{n}(dict):\n    def __missing__(self, k): return self.setdefault(k, [])\nx = A{n}()\n"
    "x[{i}].append(1)\nprint(x, x.get(99), 99 in x, dict(x), x | {{1: 2}}, type(x.copy()).__name__)",
    "class A{n}(set): pass\nx = A{n}([1, 2])\n"
    "print(x | {{3}}, type(x & {{1}}).__name__, x == {{1, 2}}, type(x.copy()).__name__)",
    "class A{n}(Exception):\n    def __str__(self): return 'text'\n    def __reduce__(self): return 5\n"
    "try: raise A{n}(1, 2)\nexcept A{n} as e: print(e, repr(e), e.args, e.with_traceback(None) is e)",
    "class A{n}:\n    x = property(lambda s: s.v, lambda s, v: setattr(s, 'v', v), lambda s: print('gone'), "
    "'doc')\na = A{n}()\na.x = {i}\nprint(a.x, A{n}.x.__doc__, A{n}.x.fget is not None)\ndel a.x\n"
    "A{n}.x.getter(lambda s: 9)\nclass B{n}(A{n}):\n    y = property(lambda s: 1)\nB{n}().y = 2",
    "class A{n}:\n    def __getattribute__(self, n):\n        if n == 'z': raise AttributeError('no z')\n"
    "        return ('attr', n)\n    def __getattr__(self, n): return ('fallback', n)\n"
    "    def __setattr__(self, n, v): print('set', n, v)\n    def __delattr__(self, n): print('del', n)\n"
    "a = A{n}()\nprint(a.x, a.z, a.__class__)\na.q = 1\ndel a.q", "class A{n}(A, B): pass",
    "class A{n}(int, object): pass\nclass B{n}(object, A{n}): pass", "class A{n}(bool): pass",
    "class A{n}(type(None)): pass", "class A{n}(int, str): pass", "class A{n}:\n    __slots__ = ('a', 'a', 5)",
    "class A{n}:\n    def f(self): return super().f()\nA{n}().f()",
    "class A{n}:\n    def f(self): return super({i}, self).x\nA{n}().f()",
    "class A{n}:\n    @staticmethod\n    def s(a): return a\n    @classmethod\n"
    "    def c(cls, a): return cls.__name__, a\n    @property\n    def p(self): return 5\n"
    "print(A{n}.s({i}), A{n}().s(2), A{n}.c(3), A{n}().c(4), A{n}.__dict__['s'].__func__(1), "
    "A{n}.__dict__['c'].__func__(A{n}, 1), A{n}.__dict__['s'](9), A{n}.c.__self__ is A{n}, A{n}().p)\n"
    "print(A{n}.__dict__['c'].__isabstractmethod__, A{n}.__dict__['s'].__wrapped__(3))",
    "import abc\nclass A{n}(abc.ABC):\n    @abc.abstractmethod\n    def f(self): pass\n    @property\n"
    "    @abc.abstractmethod\n    def g(self): pass\nprint(sorted(A{n}.__abstractmethods__))\nclass B{n}(A{n}):\n"
    "    def f(self): return 1\n    g = 2\nprint(B{n}().f(), isinstance(B{n}(), A{n}))\n"
    "A{n}.register(int) if 0 else None\nA{n}()",
    # views, sets, containers
    "a, b = {d}, {d}\nprint(a.keys() {c} b.keys(), a.items() {c} b.items(), a.keys() {c} {{1, 2}}, {{1, 'a'}} "
    "{c} b.keys())",
    "a, b = {d}, {d}\nprint(sorted(map(repr, a.keys() {u} b.keys())), sorted(map(repr, a.items() {u} "
    "b.items())), sorted(map(repr, a.keys() {u} [1, 'a'])), sorted(map(repr, {{1}} {u} b.keys())), "
    "sorted(map(repr, a.items() {u} {{(1, 2)}})))",
    "a = {d}\nprint(a.keys().isdisjoint({l}), a.items().isdisjoint({d}.items()), a.keys().mapping, "
    "list(reversed(a.keys())), list(reversed(a.values())), list(reversed(a.items())), len(a.items()), "
    "repr(a.values()))\na.keys().mapping[1] = 2",
    "a = {d}\nprint((1, 2) in a.items(), 5 in a.items(), (1,) in a.items(), 1 in a.keys(), [] in a.values())\n"
    "print([] in a.keys())", "a = {{}}\na['v'] = a.values()\na['k'] = a.items()\nprint(a)",
    "a = [1]\na.append((a, {{1: a}}))\nprint(a, repr(a))",
    "a = {d}\nfor k in a: a[str(k) * 2 + 'x'] = 1", "a = {{1, 2, 3}}\nfor k in a: a.add(k + 10)",
    "a = {d}\nfor k in a: a.pop(k); a['z'] = 1",
    "a = [1, 2, 3]\nfor k in a:\n    if len(a) < 6: a.append(k)\n    else: a.clear()\nprint(a)",
    "a = {d}\nit = iter(a.items())\nprint(next(it, 0))\na.clear()\nprint(next(it, 'end'))",
    "a = list(range(9))\na[{i}:{i}:2] = {l}\nprint(a)", "a = list(range(9))\na[::{i}] = 'xyz'\nprint(a)",
    "a = list(range(20))\ndel a[::3], a[-1:2:-2], a[5:1]\nprint(a)",
    "a = {l}\na[1:1] = a\na[:0] = (u for u in 'ab')\na[:] = a[::-1]\nprint(a)\na[0:1] = 5",
    "print(set({l}) {c} set({l}), set({l}) {c} frozenset({l}), frozenset({l}) {c} {d}.keys())",
    "a = set({l})\na {u}= set({l})\na {u}= {d}.keys()\nprint(sorted(map(repr, a)))\na {u}= {l}",
    "a = set(range({b}))\na.difference_update(range(0, {b}, 2), [1])\n"
    "a.intersection_update(range({b} // 2), range(99))\na.symmetric_difference_update([1, 2, 'q'])\n"
    "print(len(a), sorted(map(repr, a))[:9], a.pop() is not None)",
    "a = {{i: i for i in range({b})}}\nfor i in range(0, {b}, 2): del a[i]\n"
    "print(len(a), list(a)[:5], a.popitem() if a else 0, list(reversed(a))[:3])\n"
    "a.update((i, 0) for i in range(5))\nprint(list(a.items())[-3:])",
    "a = dict.fromkeys('abc', 0)\nprint(a.setdefault('a', 5), a.setdefault('z'), a.pop('a'), a.pop('q', 7), a | "
    "{d}, {d} | a)\na |= [('x', 1)]\nprint(a, dict(a, y=2), dict([('k', 1)], **a))\na.pop('nothing')",
    "a = dict({l})", "a = dict([(1, 2), (3,)])", "a = {{}}\na.update({l})", "a = {{}}\na.update(5)", "{{[]: 1}}",
    "{{{{}}}}",
    "class H{n}:\n    def __hash__(self): return {i}\n    def __eq__(self, o): {r}; return True\n"
    "d = {{H{n}(): 1}}\nprint(len(d), H{n}() in d)\nd[H{n}()] = 2\nprint(len(d))",
    "a = tuple({l})\nprint(a * 2 == a + a, a.count(1), a[::-1], a < a + (1,), hash(a) == hash(tuple({l})))\n"
    "a.index('nothing')",
    "print(range({i}) == range({i}), range(0, 9, 2) == range(0, 10, 2), range({i})[1:], 5 in range(0, 10, 3), "
    "5.0 in range(9), range(10).index(3), range(5).count(2), hash(range(3)) == hash(range(3)), range(10)[-1], "
    "range(3, 0, -1)[::-1])\nrange(3).index({a})",
    "print(slice({i}, None, 2).indices(9), slice(1, 2) == slice(1, 2), slice(3) < slice(4), slice(1).start, "
    "repr(slice('a')))\nhash(slice(1))",
    "print(list(zip({l}, range(3), strict=True)))",
    "print(list(map(lambda *a: a, {l}, 'ab')), list(filter(lambda v: v, {l})), list(enumerate({l}, {i})))",
    "it = iter([1, 2, 3])\nprint(it.__length_hint__(), next(it), it.__length_hint__(), list(it), "
    "it.__length_hint__(), next(it, None))\nit.__setstate__(0)",
    "print(max({l}, key=lambda v: str(v), default=0), min({l}, default='none'), sum({l}), any({l}), all({l}), "
    "sorted({l}, key=repr))",
    # names
    "def f{n}():\n    print(x{n})\n    x{n} = 1\nf{n}()", "def f{n}():\n    x = 1\n    del x\n    print(x)\nf{n}()",
    "def f{n}():\n    def g(): return x\n    if {i} > 10 ** 9: x = 1\n    return g()\nf{n}()",
    "def f{n}():\n    def g():\n        nonlocal x\n        del x\n    x = 1\n    g()\n    g()\nf{n}()",
    "def f{n}():\n    global gl{n}\n    gl{n} = {i}\n    del gl{n}\n    print(gl{n})\nf{n}()",
    "class A{n}:\n    x = 1\n    y = [x for _ in range(2)] if 0 else 3\n    def f(self): return x\nA{n}().f()",
    "class A{n}:\n    len = len\n    print(len('abc'))\n    del len\n    print(len('ab'))",
    "def f{n}():\n    x = 1\n    class K:\n        print(x)\n        x = 2\n        print(x)\n        del x\n"
    "        print(x)\n    return K\nf{n}()",
    "def f{n}():\n    e = 5\n    try: 1 / 0\n    except ZeroDivisionError as e: pass\n    print(e)\nf{n}()",
    "[y := {i}, y ** 2 if abs(y) < 99 else y]\nprint(y)", "print([z{n} := u for u in range(3)], z{n})",
    "for u in range(2): pass\nelse: print('else', u)",
    "while True:\n    try: break\n    finally: print('f')\nelse: print('no')",
    "for u in range(3):\n    try: continue\n    finally: print(u)",
    "def f{n}():\n    for u in range(3):\n        try: return u\n        finally: continue\n    return 'end'\n"
    "print(f{n}())", "def f{n}():\n    try: return 1\n    finally: return 2\nprint(f{n}())",
    "def f{n}():\n    with Ctx() as c, Ctx(): raise KeyError({i})\n    return 3\nclass Ctx:\n"
    "    def __enter__(self): print('in'); return self\n"
    "    def __exit__(self, t, v, tb): print('out', t, v); return {bo}\nprint(f{n}())",
    "class Ctx:\n    def __enter__(self): {r}\n    def __exit__(self, *a): {r}\nwith Ctx(): print('body')",
    "class Ctx:\n    __enter__ = 5\nwith Ctx(): pass", "assert {a}, {a}",
    "a = b = c = {a}\na, (b, *c), *d = 1, (2, 3, 4), 5\nprint(a, b, c, d)", "a, b = {a}",
    "[a, *b, c] = {l}\nprint(a, b, c)", "(a), [b] = 1, 'x'\nprint(a, b)",
    "x = [0, 1]\ni = 0\ni, x[i] = 1, 5\nprint(i, x)",
    "try:\n    try: raise KeyError(1)\n    except KeyError as e: raise ValueError(2) from {f}\n"
    "except Exception as e: print(repr(e), repr(e.__cause__), repr(e.__context__), e.__suppress_context__)",
    "e = ValueError(1)\ne.__cause__ = {f}\ne.__context__ = {f}\ne.__suppress_context__ = {bo}\n"
    "e.__traceback__ = None\nprint(repr(e.__cause__), e.__suppress_context__)",
    "try: raise {a}\nexcept TypeError as e: print(e)",
    "try: raise ValueError from {a}\nexcept (TypeError, ValueError) as e: print(repr(e))",
    "try: 1 / 0\nexcept {a}: print('caught')", "try: 1 / 0\nexcept (ValueError, {t}): print('caught')",
    "import typing\nprint(typing.List[int], typing.Optional[str], typing.Union[int, str, int], typing.Dict[str, "
    "typing.Any], typing.cast(int, 'x'))\nT = typing.TypeVar('T')\nclass G{n}(typing.Generic[T]): pass\n"
    "print(G{n}[int], G{n}.__orig_bases__ if hasattr(G{n}, '__orig_bases__') else 0)",
    "print(list[int], dict[str, int], tuple[int, ...], list[int].__origin__, list[int].__args__, list[int] == "
    "list[int], list[int]([1]), type[int], set['x'], hash(list[int]) == hash(list[int]))\nlist[int].foo",
    "isinstance(1, list[int])", "class A{n}(list[int]): pass\nprint(A{n}([1]), A{n}.__mro__[1])",
    "print(list[int][str])",
    # unions and generic aliases
    "print(int | str, int | None, (int | str) == (str | int), isinstance({i}, int | str), issubclass(bool, int | None), "
    "hash(int | str) == hash(str | int), (int | str).__args__, int | int, (int | str) | None, (int | str) != int)\n"
    "print(repr(list[int] | None), None | list[int], (int | None).__parameters__)\n(int | str)[int]",
    "import typing\nT = typing.TypeVar('T')\nU = typing.TypeVar('U')\nx = dict[T, list[U]]\n"
    "print(x, x.__parameters__, x[int, str], x[int, U], list[T][int], (list[T] | None)[int], dict[T, T][{a}])\nx[int]",
    "isinstance({i}, list[int] | int)", "isinstance(2.5, int | list[int])", "issubclass({a}, int | str)",
    "print(list[int] | {a})", "print({a} | list[int])", "x = list[int]\nx.__origin__ = 5", "int | 'x'",
    "print(tuple[()], tuple[int, ...], dict[str, {a}], list[{a}], type[int] == type[int], list[int] != list[str])",
    # sizes, attributes of many names, large sorts, large products
    "import sys\nprint([sys.getsizeof(v) > 0 for v in ({i}, {a}, 2.5, 'é', [], (), {{}}, {{1}}, frozenset(), range(3), "
    "len, print, int, sys, (u for u in ''), ValueError(), slice(1), 1 << 200, {d}, object(), [].append, lambda: 1)])\n"
    "class A{n}:\n    def __sizeof__(self):\n        {r}\n        return {a}\n"
    "print(sys.getsizeof(A{n}(), 9) > 0)\nprint(sys.getsizeof(A{n}()) > 0)",
    "x = [({i} + v * 7919) % 10007 for v in range(5000)]\nx.sort()\nprint(x[:5], x[-5:])\n"
    "y = [v * 0.5 - 100 for v in x[::-1]]\ny.sort(key=lambda v: -v)\nprint(y[:3], hash(tuple(y)))\n"
    "z = ['%05d' % (v * 31 % 5003) for v in x]\nz.sort(reverse={bo})\nprint(z[:3], z[-3:])",
    "w = sorted([(v * 97 % 4999) - 2000 for v in range(6000)], reverse={bo})\nprint(w[:4], hash(tuple(w)))\n"
    "w = sorted([(v * 97 % 4999) / 3 for v in range(6000)], reverse={bo})\nprint(w[:4], hash(tuple(w)))\n"
    "w = sorted([str(v * 97 % 4999) for v in range(6000)])\nprint(w[:4], hash(tuple(w)))\n"
    "w = sorted(range(6000), key=lambda v: v * 97 % 499, reverse={bo})\nprint(w[:4], hash(tuple(w)))",
    "a, b = 3 ** (20000 + {b}), 7 ** (9000 + {b})\n"
    "print(a * b % 1000003, a * a % 10007, (a * b) // a == b, a % b % 99991, (a * a * a) % 10007)",
    "a = 3 ** (150000 + {b})\nprint(a * a % 1000003, (a * (a >> 7)) % 10007, a * a // a == a)",
    "class A{n}: pass\na = A{n}()\nfor i in range({b}): setattr(a, 'at%d' % i, i)\n"
    "print(len(vars(a)), getattr(a, 'at2', 0))\nfor i in range(0, {b}, 2): delattr(a, 'at%d' % i)\n"
    "print(len(vars(a)), sorted(vars(a))[:3])\ndel a.nothing",
    "class A{n}(tuple): pass\na = A{n}((1, 2))\nfor i in range({b}): setattr(a, 'x%d' % i, i)\n"
    "print(a, len(vars(a)))\ndel a.x1\nprint(sorted(vars(a))[:9], a.x2, a)",
    "class A{n}(list):\n    __slots__ = ('p', 'q')\na = A{n}([1])\na.p = {i}\nprint(a, a.p, hasattr(a, 'q'))\n"
    "a.r = 1",
    "class A{n}:\n    __slots__ = ('p',)\nclass B{n}(A{n}):\n    p = {i}\nb = B{n}()\nprint(b.p)\nb.p = 5\n"
    "print(b.p, vars(b), A{n}.p)\nA{n}.p.__set__(b, 6)\nprint(A{n}.p.__get__(b), b.p)\ndel A{n}.p\nA{n}().p = 1",
)
STEPS = ("lambda g: next(g)", "lambda g: g.send({i})", "lambda g: g.throw({t}({q}))", "lambda g: g.throw({t})",
    "lambda g: g.close()", "lambda g: list(g)", "lambda g: g.throw(GeneratorExit)",
    "lambda g: g.throw(StopIteration({i}))")


class Odd(Expressions):
    """Writes templates, each in a function of its own."""

    def oddity(self) -> None:
        self.counter += 1
        roll = self.rng.random()
        text = self.pick(TEMPLATES if roll < 0.5 else odd_types.TEMPLATES if roll < 0.82 else odd_calls.TEMPLATES)

        def part(field: str) -> str:
            return {  # type: ignore[no-any-return]
                "n": lambda: f"{self.number}x{self.counter}", "i": lambda: str(self.rng.randint(-4, 12)), "a": lambda: self.pick(
                ("None", "5", "'ab'", "[1]", "(1, 2)", "2.5", "{'k': 1}", "int", "ValueError(9)", "{1}", "True")),
                "e": lambda: self.pick(("ValueError", "KeyError", "Exception", "GeneratorExit")), "t": lambda: self.pick(
                ("ValueError", "KeyError", "Note", "RuntimeError", "StopIteration", "int", "5")), "r": lambda: self.pick(
                ("raise", "pass", "raise KeyError(7)", "print('here')", "1 / 0", "raise StopIteration", "pass")),
                "s": lambda: self.pick(STEPS).replace("{i}", str(self.rng.randint(0, 9))).replace("{t}", self.pick((
                "ValueError", "KeyError", "Note"))).replace("{q}", "'q'"), "q": lambda: self.pick(("'new'", "'x y'",
                "5", "'é'", "None", "'name'")),
                "m": lambda: self.pick(("pass", "def send(self, v): print('send', v); return v",
                "def throw(self, *a): print('throw', len(a)); return 'thrown'", "def close(self): print('close')",
                "def throw(self, *a): raise StopIteration('by throw')", "throw = 5",
                "def close(self): raise KeyError('close')")),
                "v": lambda: self.pick(("None", "(5,)", "(5, 6)", "()", "[1]", "5")), "w": lambda: self.pick((
                "{'d': 7}", "None", "{}", "5", "{'a': 1}")), "l": lambda: self.pick(("[1, 2]", "'ab'", "(3, 1, 2)",
                "[]", "{5: 6}", "range(4)", "[1, 'a']", "[(1, 2), (3, 4)]", "iter([7])", "None")),
                "x": lambda: self.pick(("", "1", "1, 2", "1, 2, 3", "1, 2, 3, 4, 5", "a=1", "1, b=2", "1, 2, d=4",
                "1, 2, d=4, e=5, f=6", "d=1", "b=1, c=2", "*[1, 2], d=3", "**{'a': 1, 'b': 2, 'd': 3}", "1, a=1",
                "x=1, y=2", "1, 2, 3, 4, d=1")),
                "z": lambda: self.pick(("('a', 'b')", "['a']", "'a'", "()", "('a', '__dict__')", "('x y',)", "5")),
                "z2": lambda: self.pick(("list", "tuple", "str")),
                "o": lambda: self.pick(("super().__new__(cls)", "5", "None", "object.__new__(cls)",
                "super().__new__(cls, 1)")), "d": lambda: self.pick(("{1: 2, 'a': 3}", "{}", "{1: 2}",
                "{'a': 1, 'b': 2, 'c': 3}", "{(1, 2): 3, 1: 'x'}")),
                "c": lambda: self.pick(COMPARE), "u": lambda: self.pick("|&-^"), "b": lambda: str(self.pick((0, 3, 9,
                40, 300))), "bo": lambda: self.pick(("True", "False")), "f": lambda: self.pick(("None", "KeyError(8)",
                "KeyError", "e", "5")),
            }[field]()

        number = part("n")

        def filled(match: re.Match[str]) -> str:
            field = match[1]
            return match[0][0] if not field else number if field == "n" else part(field)

        out = re.sub(r"\{\{|\}\}|\{(\w+)\}", filled, text)
        self.put("try:")
        self.put(f"    def odd{self.counter}():")
        for line in out.split("\n"):
            self.put("        " + line)
        self.put(f"    odd{self.counter}()")
        self.put("except Exception as e:")
        self.put(f"    fail({self.tag()}, e)")
