"""Random programs whose classes change while loops run over their instances, for the inline caches and native code.

`program(seed, number)`: some classes, one derived from another, with a random choice of special methods; a function
with one site of each of some forms, called over and over with changing operands; and between the calls methods are
set, replaced, deleted, on the class or its base, made static, class methods, properties, raising, or shadowed in the
instance. The programs from number FIRST on are these (generator.py), which bench/fuzz_programs.py --changes runs. Each
one ends: loops are bounded, iterators end, results are clipped.
"""
from __future__ import annotations

import random
from collections.abc import Sequence

FIRST = 1_000_000_000
BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "and", "or", "xor", "matmul")
SIGNS = dict(zip(BINARY, ("+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@")))
COMPARISONS = {"lt": "<", "le": "<=", "eq": "==", "ne": "!=", "gt": ">", "ge": ">="}
UNARY = {"neg": "-x", "pos": "+x", "invert": "~x", "abs": "abs(x)", "len": "len(x)", "bool": "not x", "int": "int(x)", "float": "float(x)",
         "index": "[7, 8, 9][x]", "repr": "repr(x)", "str": "str(x)", "hash": "type(hash(x))", "iter": "list(x)", "next": "next(x)",
         "round": "round(x)", "format": "f'{x:>4}'", "reversed": "list(reversed(x))"}
VALUES = ("1", "2.5", "'ab'", "True", "None", "[1, 2]", "(1,)", "{1: 2}", "{3}", "-7", "1 << 70", "range(3)", "0.0")


class Writer:
    """Writes one program."""

    def __init__(self, seed: int, number: int) -> None:
        self.rng = random.Random(f"{seed} {number} changes")
        self.number = number
        self.lines: list[str] = []
        self.count = 0

    def pick(self, choices: Sequence[str]) -> str:
        return self.rng.choice(choices)

    def result(self, name: str) -> str:
        """What a method returns: something that shows which one ran."""
        self.count += 1
        tag = self.count
        if name in ("len", "hash", "index", "int", "length_hint"):
            return self.pick((str(tag % 3), str(tag % 3), "True", "-1", "'no'", "1 / 0"))
        if name == "bool":
            return self.pick(("True", "False", "False", "1", "1 / 0"))
        if name in ("repr", "str", "format"):
            return self.pick((f"'t{tag}'", f"'t{tag}'", f"{tag}", "1 / 0"))
        if name == "float":
            return self.pick((f"{tag}.5", f"{tag}", "1 / 0"))
        if name in ("iter", "reversed"):
            return self.pick((f"iter([{tag}, 2])", f"(v for v in ({tag}, 1 // {self.pick('10')}))", "self", "[1]", "1 / 0"))
        if name == "next":
            return self.pick(("next(iter(()))", "[][0]", "next(iter(()))", "{}[5]"))
        if name in ("getitem", "missing"):  # iteration by them ends
            return self.pick((f"{tag} if a[0] < 3 else [][0]", f"a[0] if a[0] < 2 else [][{tag}]", "[][0]", "next(iter(()))"))
        return self.pick((f"('t{tag}', clip(a))", f"{tag}", f"'t{tag}'", "NotImplemented", "NotImplemented", "self", "1 / 0", f"[{tag}]",
                          "super().__init__()", "a[0]", f"next(iter(()), {tag})"))

    def function(self, name: str) -> list[str]:
        return [f"def {name}(self, *a):", f"    return {self.result(name.strip('_'))}"]

    def special(self) -> str:
        name = self.pick((self.pick(BINARY), self.pick(BINARY), "r" + self.pick(BINARY), "i" + self.pick(BINARY), self.pick(tuple(COMPARISONS)),
                          self.pick(tuple(UNARY)), self.pick(("getitem", "setitem", "delitem", "contains", "call", "getattr", "setattr", "enter",
                                                              "exit", "divmod", "rdivmod", "missing", "len", "bool", "iter", "next", "eq", "call"))))
        return f"__{name}__"

    def member(self) -> str:
        return self.special() if self.rng.random() < 0.7 else self.pick(("go", "value", "made", "place"))

    def define(self, index: int) -> None:
        base = self.pick((f"(K{self.number}_{self.rng.randrange(index)})",) * 2 + ("",)) if index else self.pick(("", "", "(dict)", "(list)", "(int)"))
        self.lines.append(f"class K{self.number}_{index}{base}:")
        for _ in range(self.rng.randint(1, 6)):
            name = self.member()
            if self.rng.random() < 0.12:
                self.lines.append(f"    @{self.pick(('property', 'staticmethod', 'classmethod'))}")
            self.lines += ["    " + line for line in self.function(name)]
        self.lines.append(f"    tag = {index}")

    def site(self) -> str:
        """A statement on x and y that leaves its outcome in r."""
        roll = self.rng.random()
        if roll < 0.28:
            name = self.pick(BINARY)
            if name in ("pow", "lshift"):
                return f"r = x {SIGNS[name]} small(y)"
            return f"r = x {SIGNS[name]} y"
        if roll < 0.42:
            name = self.pick(("add", "sub", "or", "and", "mod", "xor", "floordiv", "matmul", "truediv"))
            return self.pick((f"r = x; r {SIGNS[name]}= y", f"b.v = x; b.v {SIGNS[name]}= y; r = b.v",
                              f"c = [x]; c[0] {SIGNS[name]}= y; r = c"))
        if roll < 0.54:
            sign = self.pick(tuple(COMPARISONS.values()))
            return self.pick((f"r = x {sign} y", f"r = 'yes' if x {sign} y else 'no'", f"r = 1 < 2 {sign} x {sign} y", "r = x in [y]", "r = [y, x].index(x)"))
        if roll < 0.68:
            return f"r = {self.pick(tuple(UNARY.values()))}"
        if roll < 0.8:
            return self.pick(("r = x[y]", "x[y] = 1; r = 'set'", "del x[y]; r = 'gone'", "r = y in x", "r = x[1:2]", "r = [*x]", "r = {x: 1}", "r = divmod(x, y)",
                              "r = [v for v in x]", "r = 'true' if x else 'false'", "a, b1 = x; r = a", "r = x or y", "r = max(x, y)", "r = sorted([x, y])"))
        return self.pick(("r = x()", "r = x(y)", "r = x(*[y])", "r = x.go()", "r = x.go(y)", "r = x.value", "x.value = y; r = x.value", "del x.value; r = 'gone'",
                          "r = type(x).made(x)", "r = x.made(y)", "r = x.place", "f = x.go; r = f(y)", "with x as w: r = w", "r = list(map(x, [y]))",
                          "x.go = lambda *a: ('own', len(a)); r = x.go(1)", "r = getattr(x, 'place', 'none')", "r = hasattr(x, 'value')", "r = x.tag",
                          "r = list(gen(x, y))", "g = gen(x, y); r = next(g); g.close()", "g = gen(x, y); next(g); r = g.throw(KeyError(1))",
                          "r = vars(x).get('go', 0) == 5", "r = isinstance(x, type(y))"))

    def change(self) -> str:
        cls = f"K{self.number}_{self.rng.randrange(self.classes)}"
        name = self.member()
        self.count += 1
        value = self.result(name.strip("_"))
        roll = self.rng.random()
        if roll < 0.45:
            wrap = self.pick(("{}", "{}", "{}", "property({})", "staticmethod({})", "classmethod({})"))
            text = f"lambda self, *a: {value}".replace("super().__init__()", "None")
            return f"{cls}.{name} = {wrap.format(text)}"
        if roll < 0.7:
            return f"del {cls}.{name}"
        if roll < 0.78:
            return f"{cls}.{name} = {self.pick(('None', '5', 'len', 'abs', 'str.upper', 'NotImplemented') if name not in ('__getitem__', '__next__') else ('None', '5'))}"
        if roll < 0.86:
            return f"values[{self.rng.randrange(self.values)}].{self.pick(('go', 'value', 'made', 'place', '__add__', '__call__'))} = lambda *a: ('own', len(a))"
        if roll < 0.92:
            return f"{cls}.tag = {self.count}"
        return f"values[{self.rng.randrange(self.values)}] = {cls}()"

    def write(self) -> str:
        self.classes = self.rng.randint(1, 3)
        for index in range(self.classes):
            self.define(index)
        values = [f"K{self.number}_{self.rng.randrange(self.classes)}()" for _ in range(self.rng.randint(1, 4))]
        values += [self.pick(VALUES) for _ in range(self.rng.randint(1, 3))]
        self.rng.shuffle(values)
        self.values = len(values)
        name = f"p{self.number}"
        put = self.lines.append
        put("class Box: pass")
        put("def small(y): return y % 5 if type(y) is int else y")
        put("def gen(x, y):")
        put("    try:")
        put(f"        yield {self.pick(('x', 'y', '1', 'x + y', 'not x'))}")
        put(f"        {self.pick(('yield 2', 'yield from x', 'for v in x: yield v', 'return x + y'))}")
        put(f"    except KeyError as e: {self.pick(('yield e', 'raise', 'return', 'yield x + y'))}")
        put(f"    finally: {self.pick(('pass', 'y + x', '[7]', 'x.place'))}")
        sites = [self.site() for _ in range(self.rng.randint(2, 6))]
        for index, site in enumerate(sites):
            put(f"def s{index}(x, y):")
            put("    b = Box()")
            put("    if isinstance(x, list) and len(x) > 9: x.clear()")
            self.lines += ["    " + line for line in ([site] if site.startswith("with") else site.split("; "))]
            put("    return r")
        put(f"def {name}():")
        put(f"    values = [{', '.join(values)}]")
        put(f"    for i in range({self.rng.randint(3, 9)}):")
        for index in range(len(sites)):
            put(f"        for x in values{self.pick(('', '', '[:2]', '[::-1]'))}:")
            put(f"            for y in values{self.pick(('', '[:1]', '[1:]'))}:")
            put(f"                try: print({index}, clip(s{index}(x, y)))")
            put("                except Exception as e: print(type(e).__name__, e)")
        for _ in range(self.rng.randint(1, 5)):
            when = self.pick(("", f"if i == {self.rng.randint(0, 5)}: ", f"if i % 2 == {self.rng.randint(0, 1)}: "))
            put(f"        try:\n            {when}{self.change()}")
            put("        except Exception as e: print(type(e).__name__, e)")
        put(f"try: {name}()")
        put("except Exception as e: fail(0, e)")
        return "\n".join(self.lines) + "\n"


def program(seed: int, number: int) -> str:
    """The text of one program."""
    return Writer(seed, number).write()
