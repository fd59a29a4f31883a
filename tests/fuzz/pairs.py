"""Each opcode with each pair of operand types: programs made by count, not by chance.

`program(number, index)` is the one for row `index` of ROWS; generator.py writes every eighth program here, so that all
rows come within ROW_COUNT * 8 programs. A row is a form (a line of FORMS, which compiles to the opcode that it is named
after) with one type on the left; its program takes every type on the right, by one shared instruction first (so that its
inline cache meets all of them), then some pairs by instructions of their own, three times each (so that their caches
meet one pair only). Forms with one operand take all types in one program. What stands here twice is meant: `ADD=` is the
augmented form of ADD.

INV-pairs-1  Each form's text compiles to its opcode (tests/test_fuzz_pairs.py).
"""
from __future__ import annotations

import random

from changes import FIRST

BINARY = {"ADD": "+", "SUB": "-", "MUL": "*", "TRUEDIV": "/", "FLOORDIV": "//", "MOD": "%", "POW": "**", "MATMUL": "@",
    "LSHIFT": "<<",
          "RSHIFT": ">>", "AND": "&", "OR": "|", "XOR": "^"}
COMPARE = {"LT": "<", "LE": "<=", "EQ": "==", "NE": "!=", "GT": ">", "GE": ">="}
METHODS = {"ADD": "add", "SUB": "sub", "MUL": "mul", "TRUEDIV": "truediv", "FLOORDIV": "floordiv", "MOD": "mod", "POW": "pow",
    "MATMUL": "matmul",
           "LSHIFT": "lshift", "RSHIFT": "rshift", "AND": "and", "OR": "or", "XOR": "xor"}


def _special() -> str:
    """A class with all special methods, and one that refuses by NotImplemented."""
    lines = ["class Full:", "    v = 5", "    def __init__(self, v=1): self.v = v",
        "    def __repr__(self): return f'Full({self.v!r})'"]
    for name in METHODS.values():
        for prefix in ("", "r", "i") if name != "matmul" else ("", "r"):
            lines.append(f"    def __{prefix}{name}__(self, o): return ('{prefix}{name}', type(o).__name__)")
    for name in ("lt", "le", "gt", "ge", "eq", "ne"):
        lines.append(f"    def __{name}__(self, o): return ('{name}', type(o).__name__)")
    lines += [
        "    def __hash__(self): return 11", "    def __neg__(self): return 'neg'",
        "    def __pos__(self): return 'pos'",
        "    def __invert__(self): return 'invert'", "    def __bool__(self): return False",
        "    def __len__(self): return 2",
        "    def __contains__(self, o): return type(o) is int",
        "    def __getitem__(self, i): return ('item', type(i).__name__)",
        "    def __setitem__(self, i, x): print('set', type(i).__name__, x)",
        "    def __delitem__(self, i): print('del', type(i).__name__)",
        "    def __iter__(self): return iter((1, 2))", "    def __call__(self, *a, **k): return ('call', a, k)",
        "    def __enter__(self): return 'entered'", "    def __exit__(self, *a): return True",
        "    def __index__(self): return 1",
        "    def __format__(self, s): return f'<{s}>'", "    def keys(self): return ['a', 'b']",
        "    def __getattr__(self, n):", "        if n[0] == '_': raise AttributeError(n)",
        "        return ('attr', n)",
        "class No:", "    def __repr__(self): return 'No()'",
    ]
    for name in METHODS.values():
        lines.append(f"    def __{name}__(self, o): return NotImplemented")
        lines.append(f"    def __r{name}__(self, o): return NotImplemented")
    for name in ("lt", "le", "gt", "ge", "eq"):
        lines.append(f"    def __{name}__(self, o): return NotImplemented")
    lines += [
        "    def __hash__(self): return 12", "class Plain: pass", "class Int(int): pass", "class Float(float): pass",
        "class Str(str): pass",
        "class List(list): pass", "class Tuple(tuple): pass", "class Dict(dict):",
        "    def __missing__(self, k): return ('missing', type(k).__name__)",
        "class Set(set): pass", "class Own(int):", "    def __add__(self, o): return 'own add'",
        "    def __radd__(self, o): return 'own radd'",
        "    def __rsub__(self, o): return 'own rsub'", "    def __rmul__(self, o): return 'own rmul'",
        "    def __lt__(self, o): return 'own lt'", "    def __gt__(self, o): return 'own gt'",
        "    def __eq__(self, o): return 'own eq'", "    def __hash__(self): return 1",
        "class Problem(Exception): pass",
        "def count(): yield from (1, 2)",
    ]
    return "\n".join(lines) + "\n"


SPECIAL = _special()
# The types, each with texts of values; a text makes a new value each time.
TYPES: dict[str, tuple[str, ...]] = {
    "int": ("3", "0", "-2", "1"), "bigint": ("(1 << 70)", "-(1 << 65)", "(1 << 61)"), "bool": ("True", "False"),
    "float": ("2.5", "-0.0", "1.0"), "NoneType": ("None",), "str": ("'ab'", "''", "'é'"), "list": ("[1, 2]", "[]"),
    "tuple": ("(1, 2)", "()"),
    "dict": ("{'a': 1}", "{}"), "set": ("{1, 2}", "set()"), "frozenset": ("frozenset((1, 5))",), "range": (
    "range(3)",), "slice": ("slice(0, 2)",),
    "ellipsis": ("...",), "NotImplementedType": ("NotImplemented",), "function": ("(lambda *a, **k: (a, k))",),
    "builtin": ("len", "[].append"),
    "method": ("Full().keys",), "type": ("int", "Plain", "Problem"), "module": ("sys",), "generator": ("count()",),
    "exception": ("Problem(1)",),
    "list_iterator": ("iter([1, 2])",), "enumerate": ("enumerate('a')",), "zip": ("zip([1], [2])",), "map": (
    "map(abs, [1])",),
    "dict_keys": ("{'a': 1}.keys()",), "dict_values": ("{'a': 1}.values()",), "dict_items": ("{'a': 1}.items()",),
    "property": ("property()",),
    "staticmethod": ("staticmethod(len)",), "classmethod": ("classmethod(len)",), "super": ("super(Int, Int(4))",),
    "mappingproxy": ("vars(Plain)",),
    "object": ("object()",), "Plain": ("Plain()",), "Full": ("Full(2)",), "No": ("No()",), "Int": ("Int(4)",), "Own": (
    "Own(3)",),
    "Float": ("Float(1.5)",), "Str": ("Str('b')",), "List": ("List([1, 2])",), "Tuple": ("Tuple((1, 2))",), "Dict": (
    "Dict(a=1)",),
    "Set": ("Set([1])",),
}
# Forms with two operands: opcode (with a mark) -> statements that set r.
TWO: dict[str, str] = {}
for _name, _symbol in BINARY.items():
    TWO[_name] = f"r = x {_symbol} y"
    TWO[_name + "="] = f"r = x\nr {_symbol}= y"
for _name, _symbol in COMPARE.items():
    TWO[_name] = f"r = x {_symbol} y"
    TWO[f"JUMP_IF_NOT_{_name}"] = f"r = 'no'\nif x {_symbol} y: r = 'yes'"
    TWO[f"JUMP_IF_{_name}"] = f"r = 'no'\nif x {_symbol} y or r == 'yes': r = 'yes'"
TWO |= {
    "CONTAINS": "r = x in y", "NOT_CONTAINS": "r = x not in y", "IS": "r = x is y", "IS_NOT": "r = x is not y",
    "JUMP_IF_NOT_IS": "r = 'no'\nif x is y: r = 'yes'", "JUMP_IF_IS": "r = 'no'\nif x is y or r == 'yes': r = 'yes'",
    "GET_ITEM": "r = x[y]", "SET_ITEM": "x[y] = 7\nr = x", "DELETE_ITEM": "del x[y]\nr = x", "BUILD_SLICE": "r = x[y:]",
    "SET_ITEM+": "x[y] += 1\nr = x", "SET_ITEM:": "x[:1] = y\nr = x", "CALL": "r = x(y)", "CALL_EX": "r = x(*y)",
    "CALL_EX*": "r = x(**y)", "CALL_KW": "r = x(k=y)",
    "FORMAT": "r = f'{x:{y}}'", "RAISE_FROM": "try:\n    raise x from y\nexcept Problem as e:\n    r = (e, repr(e.__cause__))",
    "MATCH_EXCEPTION": "try:\n    raise x\nexcept y as e:\n    r = repr(e)", "DICT_MERGE": "r = (lambda **k: k)(**x, **y)",
    "DICT_UPDATE": "r = {**x, **y}",
    "LIST_EXTEND": "r = [*x, *y]", "SET_UPDATE": "r = sorted(map(str, {*x, *y}))", "DICT_SET": "r = {k: v for k, v in [(x, y)]}",
    "BUILD_DICT": "r = {x: y, y: x}", "STORE_ATTR": "x.v = y\nr = x.v", "BUILD_SET": "r = len({x, y})",
    "FOR_NEXT_PAIR": "r = [(a, b) for a, b in (x, y)]",
}
ONE: dict[str, str] = {
    "ADD_INT": "r = x + 7", "ADD_INT-": "r = x - 7", "ADD_INT=": "r = x\nr += 7", "ADD_INT-=": "r = x\nr -= 7", "NEG": "r = -x",
    "POS": "r = +x",
    "INVERT": "r = ~x", "NOT": "r = not x", "JUMP_IF_FALSE": "r = 'no'\nif x: r = 'yes'", "JUMP_IF_TRUE": "r = x or 'other'",
    "JUMP_IF_NONE": "r = 'no'\nif x is not None: r = 'yes'", "JUMP_IF_NOT_NONE": "r = 'no'\nif x is None: r = 'yes'",
    "GET_ITER": "r = (u for u in x)\nr = list(r)",
    "FOR_NEXT": "r = []\nfor u in x: r.append(u)", "UNPACK": "a, b = x\nr = (a, b)", "UNPACK_STAR": "a, *b = x\nr = (a, b)",
    "CONVERT": "r = f'{x!r}{x!s}{x!a}'",
    "FORMAT.": "r = f'{x}'", "BUILD_STRING": "r = f'{x}-{x!r}'", "LIST_TO_TUPLE": "r = (*x, 1)", "LOAD_ATTR": "r = x.v",
    "LOAD_ATTR.": "r = x.real",
    "DELETE_ATTR": "del x.v\nr = x", "LOAD_METHOD": "r = x.keys()", "RAISE": "try:\n    raise x\nexcept Problem as e:\n    r = repr(e)",
    "WITH_SETUP": "with x as r: pass", "BUILD_CLASS": "class K(x): pass\nr = K.__mro__[1:]", "YIELD_FROM": "def g(): yield from x\nr = list(g())",
    "YIELD": "def g(): r = yield x; yield r\nh = g()\nr = (next(h), h.send(x))", "LIST_APPEND": "r = [x for u in (1, 2)]",
    "SET_ADD": "r = len({x for u in (1, 2)})",
    "IMPORT_FROM": "from math import pi\nr = (x, pi)", "EXCEPTION_TRIPLE": "with Full(): raise x\nr = 'left'",
    "BUILD_TUPLE": "r = (x, x)", "CALL_METHOD": "r = x.keys()",
    "CALL_KW.": "r = x(1, k=2)", "STORE_CELL": "def g(): return x\nx = x\nr = g()", "RETURN": "r = (lambda: x)()",
    "STORE_ATTR.": "x.v = 5\nr = x.v", "STORE_ATTR+": "x.v += 5\nr = x.v",
    "LOAD_CELL": "def g(): return x\nr = (g(), x)", "DELETE_CELL": "def g(): return x\nr = g()\ndel x\nr = (r, g())",
    "LOAD_FREE": "def g(): return x, x\nr = g()", "STORE_FREE": "def g():\n    nonlocal x\n    x = (x, 1)\ng()\nr = x",
    "DELETE_FREE": "def g():\n    nonlocal x\n    del x\nr = x\ng()\ng()", "LOAD_NAME_FREE": "class K:\n    y = x\nr = K.y",
    "STORE_NAME": "class K:\n    y = x\n    z = y\nr = K.z", "LOAD_NAME": "class K:\n    y = x\n    z = (y, len)\nr = K.z",
    "DELETE_NAME": "class K:\n    y = x\n    del y\nr = hasattr(K, 'y')", "STORE_GLOBAL": "def g():\n    global gx\n    gx = x\ng()\nr = gx",
    "LOAD_GLOBAL": "def g():\n    global gx\n    gx = x\ng()\nr = (gx, len)", "DELETE_GLOBAL": "def g():\n    global gx\n    gx = x\n    del gx\nr = x\ng()\ngx",
    "JUMP_BACK": "r = 0\nwhile True:\n    r += 1\n    if r > 2 or x: break", "JUMP": "if x: r = 'yes'\nelse: r = 'no'\nr = (r, 1 if x else 2)",
    "LOAD_BUILD_ERROR": "assert x, (1, x)\nr = 'true'", "LOAD_SUPER_ATTR": "class K(list):\n    def add(self, v):\n"
    "        f = super().append\n        f(v)\nr = K()\nr.add(x)", "LOAD_SUPER_METHOD": "class K(list):\n"
    "    def append(self, v): super().append(v); super().insert(0, (v,))\nr = K()\nr.append(x)",
    "RAISE_CURRENT": "r = 'none'\ntry:\n    try: x.nothing\n    except AttributeError: raise\nexcept AttributeError as e: r = str(e)",
    "RERAISE": "r = 0\ntry:\n    try: x + None\n    except ValueError: r = 1\n    finally: r = (r, x)\nexcept TypeError: pass",
    "YIELD_FROM_ITER": "def g():\n    q = yield from iter(x)\n    return q\nr = [*g(), *g()]", "BUILD_LIST": "r = [x, [x]]",
    "MAKE_FUNCTION": "def g(a=x, *, b: x = x): return a, b\nr = (g(), g.__defaults__, g.__kwdefaults__)",
    "FOR_PREP": "r = [*(u for u in x)]\nr = [u for u in x]", "RETURN_NONE": "def g(): pass\nr = (x, g())",
    "RAISE_SUPER_ERROR": "r = 'none'\ndef g(): return super().x\ntry: g()\nexcept RuntimeError as e: r = (x, str(e))",
    "LOAD_CONST": "r = (x, 'constant', 2.5, 1 << 70)", "LOAD_INT": "r = (x, 5, -3)", "LOAD_NONE": "r = (x, None)", "MOVE": "q = x\nr = (q, x)",
    "CHECK_LOCAL": "if x: q = x\nr = q", "MAKE_CELL": "r = [(lambda: u)() for u in (x, 1)]", "IMPORT": "import math\nr = (x, math.floor(2.5))",
    "LOAD_UNASSIGNED": "for q in ():\n    z = x\nr = x\nz", "RETURN_CELL": "class K:\n    def f(self): return __class__, x\nr = K().f()[1]",
    "ENTER_HANDLER": "try: 1 / 0\nexcept ZeroDivisionError as e: r = (x, str(e))", "LEAVE_HANDLER": "try: raise KeyError(1)\n"
    "except KeyError:\n    try: 1 / 0\n    except ZeroDivisionError: r = x", "MOVE_MAYBE": "with Full() as q: r = (x, q)",
}
for _name, _symbol in COMPARE.items():
    ONE[f"JUMP_IF_NOT_{_name}_INT"] = f"r = 'no'\nif x {_symbol} 3: r = 'yes'"
    ONE[f"JUMP_IF_{_name}_INT"] = f"r = 'no'\nif x {_symbol} 3 or r == 'yes': r = 'yes'"
FORMS = {**TWO, **ONE}
NAMES = tuple(TYPES)
ROWS: tuple[tuple[str, str], ...] = (*((form, left) for form in TWO for left in NAMES), *((form, "") for form in ONE))
ROW_COUNT = len(ROWS)


EVERY, REST = 8, 5  # the numbers with this rest are rows


def is_row(number: int) -> bool:
    return number % EVERY == REST and number < FIRST


def row_of(number: int) -> int:
    return number // EVERY % ROW_COUNT


def opcode(form: str) -> str:
    """The opcode that a form is for."""
    return form.rstrip("=+-.:*")


def _texts(form: str, name: str, right: bool) -> tuple[str, ...]:
    """Values of a type; none that would take memory or time without end."""
    if right and name == "bigint" and "IS" in opcode(form).split("_"):
        return ("(1 << 66)",)  # whether equal constants are one object is the compilers' own affair
    if opcode(form) == "POW" and (right and name == "Float" or not right and name in ("int", "bigint", "bool")):
        return ("Float(2.0)",) if right else TYPES[name]  # a negative base to a broken power is complex: not in Mini
    if opcode(form) == "POW" and right and name == "float":
        return ("-0.0", "1.0")
    if right and name == "bigint" and opcode(form) in ("POW", "LSHIFT"):
        return ("-(1 << 65)",)
    if name == "bigint" and opcode(form) == "MUL":
        return ("(1 << 70)", "-(1 << 65)")
    if name == "bigint" and opcode(form) == "RSHIFT" and right:
        return ("(1 << 70)", "-(1 << 65)")
    return TYPES[name]


def _indented(text: str, by: int) -> str:
    return "\n".join("    " * by + line for line in text.split("\n")) + "\n"


def program(number: int, index: int) -> str:
    """The program of a row. Which of the values of a type it takes depends on the number."""
    form, left = ROWS[index % ROW_COUNT]
    rng = random.Random(number)
    text = FORMS[form]
    out = [f"import sys\ndef p{number}():\n", _indented(SPECIAL.rstrip("\n"), 1)]
    if left:
        out.append("    def op(x, y):\n" + _indented(text, 2) + "        return r\n")
        out.append("    def take(x, y):\n        try: r = op(x, y); print(type(r).__name__, r)\n")
        out.append("        except Exception as e: print(type(e).__name__, e)\n")
        lefts = _texts(form, left, False)
        for name in NAMES:
            out.append(f"    take({rng.choice(lefts)}, {rng.choice(_texts(form, name, True))})\n")
        pairs = [(rng.choice(lefts), rng.choice(_texts(form, name, True))) for name in rng.sample(NAMES, 4)]
    else:
        out.append("    def op(x):\n" + _indented(text, 2) + "        return r\n")
        out.append(
            "    def take(x):\n        try: r = op(x); print(type(r).__name__, r)\n"
            "        except Exception as e: print(type(e).__name__, e)\n")
        for name in NAMES:
            for value in TYPES[name]:
                out.append(f"    take({value})\n")
        pairs = [(rng.choice(TYPES[name]), "None") for name in rng.sample(NAMES, 4)]
    for x, y in pairs:
        out.append("    for i in range(3):\n        try:\n")
        out.append(f"            x, y = {x}, {y}\n" + _indented(text, 3) + "            print(type(r).__name__, r)\n")
        out.append("        except Exception as e: print(type(e).__name__, e)\n")
    out.append(f"try:\n    p{number}()\nexcept Exception as e:\n    fail(0, e)\n")
    return "".join(out)
