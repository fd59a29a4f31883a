"""Random programs of Mini, for bench/fuzz_programs.py: `program(seed, number)` is the text of one of them.

Called by tests/fuzz/running.py, which puts many programs in one file behind PRELUDE. Program N is the function `pN`,
the globals that it uses (their names begin with `gN`), and its call. expressions.py owns the expressions and the
invariants of these files, classes.py the classes; here are statements, functions and generators.
"""
from __future__ import annotations

import changes
import pairs
from calls import Calls
from classes import Classes
from expressions import ARITHMETIC, BINARY, COMPARE, ERRORS, FLOATS, INTS, STRS
from modules import Modules
from odd import Odd

PRELUDE = '''\
def clip(v):
    if isinstance(v, int):
        if v > 1 << 200 or v < -(1 << 200):
            return v % 1000003
    elif isinstance(v, (str, list, tuple)):
        if len(v) > 12:
            return v[:5]
    elif isinstance(v, (set, dict)):
        if len(v) > 12:
            v.clear()
    return v


def fail(n, e):
    print("!", n, type(e).__name__, e)


def depth():
    import sys
    try:
        sys.setrecursionlimit(1)
    except RecursionError as e:
        return int(str(e).split('depth ')[1].split(':')[0])


class Note(Exception):
    def __init__(self, *args, code=0):
        super().__init__(*args)
        self.code = code


class Odd(Note, LookupError):
    pass


'''

MIXED = (
    *INTS, *INTS, *FLOATS, *FLOATS, *STRS, "True", "False", "None", "[1, 2]", "['a']", "[]", "(1, 2)", "('a',)", "()",
    "{1, 2}", "{'a'}", "set()", "frozenset({1, 3})", "{1: 2}", "{'a': 'b'}", "range(3)", "range(1, 9, 3)",
    "{1: 2}.keys()", "{'a': 1}.items()", "Ellipsis", "NotImplemented", "int", "slice(1, 2)",
    "float('nan')",
)
SMALL = ("0", "1", "2", "3", "-1", "True", "False", "None", "'a'", "2.0", "[]", "5", "10", "64", "(1,)", "{1}")

STR_CALLS = (
    "split()", "partition('b')", "rsplit(None, 1)", "splitlines(True)", "find('b', 1)", "rfind('')", "index('c')",
    "count('')", "startswith('a', -3)", "endswith(('c', 'd'))", "isdigit()", "isalnum()", "isidentifier()", "isspace()",
    "istitle()", "isupper()", "split('')", "replace('a', '', 1)", "translate({97: 'Q', 98: None})", "rpartition(' ')",
)


class Writer(Classes, Calls, Modules, Odd):
    """Writes one program."""

    def write(self) -> str:
        self.global_name = f"g{self.number}"
        name = f"p{self.number}"
        self.indent = 0
        if self.chance(0.01):
            self.put("from abc import *")
        with_global = self.chance(0.35)
        if with_global:
            self.put(f"{self.global_name} = {self.leaf(self.pick('IIFSL'))}")
        self.put(f"def {name}():")
        self.indent = 1
        if with_global:
            self.put(f"global {self.global_name}")
            self.bind(self.global_name, "I")
        for _ in range(self.pick((0, 0, 0, 1, 1, 2, 2, 3))):
            self.define_class()
        for _ in range(self.pick((0, 1, 1, 2))):
            self.define_function()
        for _ in range(self.rng.randint(1, 4)):
            kind = self.kind()
            self.assign(kind)
        while self.budget > 0:
            self.guarded(self.statement)
        shown = [name for name in self.names[-1] if name != self.global_name]
        for variable in shown[:8]:
            self.guarded(lambda: self.put(f"print({variable!r}, {variable})"))  # noqa: B023
        self.indent = 0
        self.put("try:")
        self.put(f"    {name}()")
        self.put("except Exception as e:")
        self.put("    fail(0, e)")
        return "\n".join(self.lines) + "\n"

    # -- blocks --

    def block(self, count: int = 2, loop: bool = False) -> None:
        """An indented block of statements; names bound in it stay visible (they may be unbound: that is tested, too)."""
        self.indent += 1
        before = len(self.lines)
        self.loops += loop
        for _ in range(self.rng.randint(1, count)):
            self.guarded(self.statement, 0.3)
        self.loops -= loop
        if len(self.lines) == before:
            self.put("pass")
        self.indent -= 1

    def statement(self) -> None:
        self.budget -= 1
        if self.indent > 5 or self.budget < -30:
            self.show()
            return
        if self.chance(0.01):
            self.put("print('depth', depth())")
            return
        roll = self.rng.random() * self.TOTAL
        for share, make in self.TABLE:
            roll -= share
            if roll < 0:
                make(self)
                return
        self.show()

    def show(self) -> None:
        kind = self.kind()
        if self.chance(0.3):
            names = [name for scope in self.names for name in scope]
            if names:
                self.put(f"print({self.pick(names)}, {self.expr(kind)})")
                return
        self.put(f"print({self.expr(kind, 3)})")

    def assign(self, kind: str | None = None) -> None:
        kind = kind or self.kind()
        known = self.known(kind)
        name = self.pick(known) if known and self.chance(0.4) else self.fresh()
        value = self.expr(kind)
        roll = self.rng.random()
        if roll < 0.08:
            other = self.fresh()
            self.put(f"{name} = {other} = {value}")
            self.bind(other, kind)
        elif roll < 0.14:
            self.put(f"{name}: {self.pick(('int', 'str', 'object'))} = {value}")
            if name == self.global_name:
                self.lines[-1] = self.lines[-1].replace(self.lines[-1].split("=")[0].strip(), name, 1)
        else:
            self.put(f"{name} = {value}")
        if name not in self.names[-1] and kind != "N":
            self.bind(name, kind)
        if self.loops:
            self.put(f"{name} = clip({name})")

    def local(self, kind: str) -> str | None:
        """A variable of the innermost scope."""
        names = [name for name, its in self.names[-1].items() if its == kind]
        return self.pick(names) if names else None

    def augmented(self) -> None:
        kind = self.pick("IIIFFSLLEDOT")
        name = self.local(kind)
        if name is None:
            self.assign(kind)
            return
        other, op = {
            "I": (self.pick("IIIIB"), self.pick(("+=", "-=", "*=", "//=", "%=", "&=", "|=", "^=", "+=", "-="))),
            "F": (self.pick("FFI"), self.pick(("+=", "-=", "*=", "/=", "//=", "%="))),
            "S": ("S", "+="), "L": (self.pick("LLTSR"), "+="), "T": ("T", "+="), "E": (
            "E", self.pick(("|=", "&=", "-=", "^="))),
            "D": ("D", "|="), "O": (self.pick("OI"), self.pick(tuple(ARITHMETIC)) + "="),
        }[kind]
        roll = self.rng.random()
        if kind == "I" and roll < 0.3:
            self.put(f"{name} {self.pick(('+=', '-='))} {self.rng.randint(0, 300)}")
        elif kind == "I" and roll < 0.4:
            self.put(f"{name} {self.pick(('<<=', '>>='))} {self.rng.randint(0, 65)}")
        elif kind == "L" and roll < 0.15:
            self.put(f"{name}[{self.index(0)}] {self.pick(('+=', '-=', '|='))} {self.leaf('I')}")
        elif kind == "D" and roll < 0.3:
            self.put(f"{name}[{self.key()}] {self.pick(('+=', '-='))} {self.leaf('I')}")
        elif kind == "O" and roll < 0.4:
            self.put(f"{name}.{self.pick(('v', 'kind', 'extra'))} {self.pick(('+=', '-='))} {self.leaf('I')}")
        else:
            self.put(f"{name} {op} {self.expr(other)}")
        self.put(f"{name} = clip({name})")

    def unpack(self) -> None:
        names = [self.fresh() for _ in range(self.rng.randint(2, 4))]
        starred = self.rng.randrange(len(names)) if self.chance(0.35) else -1
        targets = [("*" if index == starred else "") + name for index, name in enumerate(names)]
        if self.chance(0.15):
            targets[0] = f"({self.fresh()}, {targets[0]})" if starred != 0 else targets[0]
        if self.chance(0.5):
            value = ", ".join(self.any() for _ in names)
        else:
            value = self.expr(self.pick("LTSRDE"))
        self.put(f"{', '.join(targets)} = {value}")
        for index, name in enumerate(names):
            self.bind(name, "L" if index == starred else "I")

    def item(self) -> None:
        kind = self.pick("LLLDDS")
        name = self.local(kind) or self.leaf(kind)
        if kind == "D":
            self.put(self.pick((f"{name}[{self.key()}] = {self.any()}", f"del {name}[{self.key()}]",
                                f"print({name}.pop({self.key()}, {self.leaf('I')}), {name})",
                                f"print({name}.setdefault({self.key()}, {self.leaf('I')}), {name}, "
                                f"list({name}.values()))",
                                f"{name}.update({self.expr('D', 1)}, z={self.leaf('S')})", f"print({name}.popitem())")))
            return
        self.put(self.pick((
            f"{name}[{self.index(1)}] = {self.any()}", f"{name}[{self.slice()}] = {self.expr(self.pick('LLTSR'))}",
            f"del {name}[{self.slice()}]", f"del {name}[{self.index(0)}]", f"print({name}[{self.slice()}])",
            f"{name}.append({self.any()})", f"print({name}.pop({self.index(0)}), {name})",
            f"{name}.insert({self.index(0)}, {self.any()})",
            f"{name}.extend({self.expr(self.pick('LTSR'))})", f"{name}.sort()", f"{name}.reverse()",
            f"{name}.remove({self.atom()})",
            f"{name}.sort(key=str, reverse={self.leaf('B')})", f"print({name}.copy(), {name}.count({self.atom()}))",
        )))
        if self.loops and name.isidentifier():
            self.put(f"{name} = clip({name})")  # a loop over it ends
        self.put(f"print({name})")

    def method(self) -> None:
        roll = self.rng.random()
        if roll < 0.6:
            self.put(f"print(({self.expr('S')}).{self.pick(STR_CALLS)})")
        else:
            name = self.local("E") or self.leaf("E")
            self.put(
                f"print({name}."
                f"{self.pick(('isdisjoint', 'issubset', 'issuperset', 'union', 'add', 'discard', 'remove', 'update'))}"
                f"({self.leaf(self.pick('ERI'))}), {name})")

    def sweep(self) -> None:
        """One operator on many pairs of values: each pair of types comes by the same instruction."""
        left, right, name = self.fresh("x"), self.fresh("y"), self.fresh("z")
        roll = self.rng.random()
        mixed = [self.pick(MIXED) for _ in range(self.rng.randint(2, 7))]
        if self.known("O") and self.chance(0.5):
            mixed.insert(self.rng.randint(0, 2), self.pick(self.known("O")))
        if self.chance(0.4):
            mixed = mixed + mixed[:2] + mixed[:1] * 3
        others = [self.pick(MIXED) for _ in range(self.rng.randint(1, 4))]
        if roll < 0.45:
            op = self.pick((*BINARY, "+", "-", "%", "@"))
            if op in ("*", "**", "<<", ">>"):
                others = [self.pick(SMALL) for _ in others]
            if op in "+-*//%&|^" and self.chance(0.3):
                mixed = [self.pick(INTS) for _ in range(self.rng.randint(2, 7))]
                others = [self.pick(INTS) for _ in range(self.rng.randint(1, 5))]
            elif op == "*":  # no sequence times a huge number
                others = [other if other[0] not in "'[({" else "3" for other in others]
            text = f"{left} {op} {right}"
        elif roll < 0.8:
            text = f"{left} {self.pick((*COMPARE, *COMPARE, 'in', 'not in', 'is'))} {right}"
            if " is " in text:
                others = ["None", "True", "Ellipsis"]
        elif roll < 0.9:
            op = self.pick(("+", "-", "|", "&", "^", "//", "%", "/"))
            text = ""
        else:
            text = self.pick((f"{left}[{right}]", f"divmod({left}, {right})", f"-{left}", f"~{left}", f"not {left}",
                              f"{left}[{right}:]", f"len({left})", f"hash({left}) == hash({right})",
                              f"({left} or {right})", f"round({left})",
                              f"{left} < {right} < 3", f"isinstance({left}, int) and {left} + 1", f"{left} + 1",
                              f"{left} - 1", f"5 - {left}", f"{left} == 1", f"{left} < 7",
                              f"bool({left})", f"str({left}) + repr({right})", f"float({left})", f"int({left})",
                              f"f'{{{left}}}'", f"list({left})", f"abs({left})", f"[*{left}]"))
        self.put(f"for {left} in [{', '.join(mixed)}]:")
        self.put(f"    for {right} in [{', '.join(others)}]:")
        self.indent += 2
        self.put("try:")
        if text:
            if self.chance(0.3) and " " in text:
                self.put(f"    if {text}:")
                self.put("        print('yes')")
                self.put("    else:")
                self.put("        print('no')")
            else:
                self.put(f"    print({text})")
        else:
            self.put(f"    {name} = {left}")
            self.put(f"    {name} {op}= {right}")
            self.put(f"    print({name})")
        self.put("except Exception as e:")
        self.put("    print(type(e).__name__, e)")
        self.indent -= 2

    # -- control flow --

    def if_statement(self) -> None:
        self.put(f"if {self.expr(self.pick('BBBBILS'))}:")
        self.block()
        if self.chance(0.25):
            self.put(f"elif {self.expr('B')}:")
            self.block()
        if self.chance(0.5):
            self.put("else:")
            self.block()

    def for_loop(self) -> None:
        if self.loops >= 2:
            self.show()
            return
        kind, source = self.source(1)
        if self.chance(0.2) and self.in_reach_generators():
            kind, source = "I", f"{self.pick(self.in_reach_generators())}({self.rng.randint(0, 4)})"
        name = self.fresh("i")
        target = name
        if kind == "T" and self.chance(0.8):
            target = f"{name}, {self.fresh('i')}"
            kind = "I"
        self.put(f"for {target} in {source}:")
        self.bind(name, kind)
        self.body_of_loop()
        if self.chance(0.2):
            self.put("else:")
            self.block(1)

    def body_of_loop(self) -> None:
        self.block(3, loop=True)
        if self.chance(0.35):
            self.indent += 1
            word = self.pick(("break", "continue"))
            self.put(f"if {self.expr('B')}:")
            self.put(f"    {word}")
            if self.chance(0.5):
                self.loops += 1
                self.guarded(self.statement, 0.3)
                self.loops -= 1
            self.indent -= 1

    def while_loop(self) -> None:
        if self.loops >= 2:
            self.show()
            return
        name = self.fresh("n")
        self.put(f"{name} = {self.rng.randint(0, 6)}")
        more = f" and {self.expr('B', 1)}" if self.chance(0.3) else ""
        self.put(f"while {name} > 0{more}:")
        self.put(f"    {name} -= {self.rng.randint(1, 2)}")
        self.body_of_loop()
        if self.chance(0.25):
            self.put("else:")
            self.block(1)

    def try_statement(self) -> None:
        self.put("try:")
        self.block()
        if self.loops and self.chance(0.15):
            self.put(f"    {self.pick(('break', 'continue'))}")
        elif self.in_function and self.chance(0.1):
            self.put(f"    return {self.any()}")
        elif self.chance(0.3):
            self.put(f"    raise {self.exception()}")
        only_finally = self.chance(0.15)
        if not only_finally:
            for _ in range(self.rng.randint(1, 2)):
                names = self.pick(ERRORS) if self.chance(0.6) else f"({self.pick(ERRORS)}, {self.pick(ERRORS)})"
                self.put(f"except {names} as e:")
                self.put("    print('caught', type(e).__name__, e.args, e.__cause__, repr(e.__context__))")
                if self.chance(0.4):
                    self.block(1)
                if self.chance(0.2):
                    self.put(self.pick((
                        "    raise", f"    raise {self.exception()}", f"    raise {self.exception()} from e",
                        f"    raise {self.exception()} from None",
                    )))
            if self.chance(0.3):
                self.put("else:")
                self.block(1)
        if only_finally or self.chance(0.35):
            self.put("finally:")
            self.block(1)
            if self.in_function and self.chance(0.1):
                self.put(f"    return {self.any()}")
            elif self.loops and self.chance(0.08):
                self.put("    break")

    def exception(self) -> str:
        name = self.pick(ERRORS)
        if name in ("Note", "Odd") and self.chance(0.4):
            return f"{name}({self.leaf('I')}, code={self.leaf('I')})"
        return name if self.chance(0.15) else f"{name}({self.pick((self.leaf('S'), self.leaf('I'), ''))})"

    def with_statement(self) -> None:
        if not self.classes:
            self.try_statement()
            return
        name = self.fresh()
        two = f", {self.pick(self.classes)}({self.leaf('I')})" if self.chance(0.2) else ""
        self.put(f"with {self.pick(self.classes)}({self.leaf('I')}) as {name}{two}:")
        self.bind(name, "O")
        self.block()
        if self.chance(0.4):
            self.put(f"    raise {self.exception()}")

    def delete(self) -> None:
        names = [name for name in self.names[-1] if name.startswith("v")]
        if not names or not self.chance(0.5):
            self.item()
            return
        self.put(f"del {self.pick(names)}")

    def assert_or_raise(self) -> None:
        if self.chance(0.6):
            self.put(f"assert {self.expr('B')}, {self.any()}")
        else:
            self.put(f"raise {self.exception()}")

    def global_step(self) -> None:
        name = self.global_name
        if name not in self.names[0]:
            self.augmented()
            return
        if len(self.names) > 1:
            self.show()
            return
        self.put(self.pick((f"{name} = {self.any()}", f"{name} = clip({self.expr('I')})", f"print({name})",
            f"del {name}", f"{name} += {self.leaf('I')}")))

    # -- functions --

    def in_reach_generators(self) -> list[str]:
        return [name for name, _, style in self.functions if style == "g"]

    def define_function(self) -> None:
        name = self.fresh("f")
        params = "".join(self.pick("IIISLFO") for _ in range(self.rng.randint(0, 3)))
        texts, scope = [], {}
        defaults = False
        for index, kind in enumerate(params):
            defaults = defaults or self.chance(0.25)
            texts.append(f"p{index}" + (f"={self.leaf(kind)}" if defaults else ""))
            scope[f"p{index}"] = kind
        style = self.pick("pkkg*")
        if style == "g":
            params = "I"
            texts, scope = ["p0=3"], {"p0": "I"}
        if style == "p" and texts and self.chance(0.3):
            texts.append("/")
        if style == "*":
            texts += ["*rest", "extra=None", "**more"]
            scope["rest"] = "T"
            scope["more"] = "D"
        self.put(f"def {name}({', '.join(texts)}):")
        outer_flags = self.in_function, self.generator, self.loops
        self.in_function, self.loops = True, 0
        self.names.append(scope)
        self.indent += 1
        outer = [known for known in self.names[-2] if known.startswith("v")]
        nonlocal_name = self.pick(outer) if outer and len(self.names) > 1 and self.chance(0.3) else None
        if nonlocal_name:
            self.put(f"nonlocal {nonlocal_name}")
            scope[nonlocal_name] = self.names[-2][nonlocal_name]
        for _ in range(self.rng.randint(0, 3)):
            self.guarded(self.statement, 0.3)
        if style == "g":
            item = self.fresh("i")
            self.put(f"for {item} in range(p0 if isinstance(p0, int) and p0 < 9 else 2):")
            self.put(
                self.pick(
                (f"    got = yield {item}", f"    got = yield ({item}, got) if {item} > 1 else {self.leaf('I')}",
                f"    got = yield from [{item}, {self.any(1)}]")))
            if self.chance(0.4):
                self.put(f"    if got: print('got', got); raise {self.exception()}")
            if self.chance(0.3):
                self.put(f"return {self.any()}")
        elif self.chance(0.9):
            self.put(f"return {self.expr(self.pick('IIIFSL'))}")
        elif self.lines[-1].strip().startswith(("def", "nonlocal")):
            self.put("pass")
        self.indent -= 1
        self.names.pop()
        self.in_function, self.generator, self.loops = outer_flags
        self.functions.append((name, params, style))

    def closure(self) -> None:
        """Functions made in a loop, sharing or not sharing a variable."""
        if len(self.names) > 1:
            self.show()
            return
        many, item, count = self.fresh("h"), self.fresh("i"), self.fresh("c")
        self.put(f"{count} = {self.leaf('I')}")
        self.put(f"{many} = []")
        self.put(f"for {item} in range({self.rng.randint(1, 4)}):")
        self.put(f"    def step(n={item}):")
        self.put(f"        nonlocal {count}")
        self.put(f"        {count} {self.pick(('+=', '-=', '^=', '*='))} n")
        self.put(f"        return {count}, {item}, {self.expr('I', 1)}")
        self.put(f"    {many}.append(step)")
        self.put(f"print([h() for h in {many}], [h({self.leaf('I')}) for h in {many}], {count})")

    def drive(self) -> None:
        """A generator driven by hand."""
        names = self.in_reach_generators()
        if not names:
            self.closure()
            return
        name = self.fresh("t")
        self.put(f"{name} = {self.pick(names)}({self.rng.randint(0, 4)})")
        for _ in range(self.rng.randint(1, 4)):
            step = self.pick((f"next({name})", f"next({name}, 'end')", f"{name}.send({self.leaf('I')})",
                f"{name}.throw({self.exception()})",
                              f"{name}.close()", f"list({name})", f"{name}.send(None)"))
            self.guarded(lambda: self.put(f"print({step})"), 0.8)  # noqa: B023

    def between(self) -> None:
        """One operator between objects of related classes, and numbers: whose method is asked first."""
        objects = self.known("O")
        if not objects or not self.classes:
            self.edges()
            return
        left, right = self.fresh("x"), self.fresh("y")
        values = [f"{name}({self.rng.randint(0, 3)})" for name in self.classes] + [
            self.pick(objects), self.pick(("1", "2.5"))]
        op = self.pick((*COMPARE, *COMPARE, *ARITHMETIC))
        self.put(f"for {left} in [{', '.join(values)}]:")
        self.put(f"    for {right} in [{', '.join(values)}]:")
        self.put(f"        try: print({left} {op} {right})")
        self.put("        except Exception as e: print(type(e).__name__, e)")

    def edges(self) -> None:
        """Variables near the limits of the representations of ints, and one operator on them, often with a constant."""
        name, other = self.fresh("m"), self.fresh("m")
        last = self.pick(("2305843009213693951", "-2305843009213693952"))  # of the ints that are no objects
        self.put(f"for {name} in ({last}, {', '.join(self.pick(INTS) for _ in range(self.rng.randint(2, 6)))}):")
        op = self.pick(("+", "-", "+", "-", "*", "//", "%", "&", "|", "^"))
        if self.chance(0.4):
            self.put(f"    {other} = {name} {op} {self.rng.randint(1, 3)}")
        elif self.chance(0.3):
            self.put(f"    {other} = {self.rng.randint(1, 3)} {op} ({name} or 1)")
        else:
            self.put(f"    {other} = {name}")
            self.put(f"    {other} {op}= {self.pick((name, str(self.rng.randint(1, 300)), '-1', '-3'))} or 7")
        self.put(
            f"    print({other}, -{name}, abs({name}), {name} {self.pick(COMPARE)} {other}, {name} {op} ({other} "
            f"or 3))")

    def rare(self) -> None:
        """Forms that the other statements seldom make: identity, conditions of all kinds, imports, class bodies."""
        name = self.fresh("k")
        roll = self.rng.random()
        left, other = self.any(0), self.any(0)
        if roll < 0.45:
            number = self.rng.randint(-3, 12)
            test = self.pick((
                f"{left} is not {self.leaf('N')}", f"{left} is None", f"({name} := {left}) is {name}",
                f"None is not {left}",
                f"{self.leaf('I')} {self.pick(COMPARE)} {number}",
                f"not {self.leaf('I')} {self.pick(COMPARE)} {number}",
                f"{left} {self.pick(COMPARE)} {other}", f"not ({left} {self.pick(COMPARE)} {other})",
                f"{self.leaf('F')} {self.pick(COMPARE)} {self.leaf('F')}",
                f"{self.leaf('F')} {self.pick(COMPARE)} {number}",
                f"{self.atom(0)} not in {self.leaf('L')}", f"not {self.atom(0)} in {self.leaf('T')}",
                f"{name} is not {name}",
                f"{self.leaf('I')} < {self.leaf('I')} <= {number} or {left}", f"{left} and not {other}",
            ))
            if "is not" in test and test.startswith(name):
                self.put(f"{name} = {left}")
            if self.chance(0.4):
                self.put(f"print('is', {test})")
            elif self.chance(0.3) and self.loops < 2:
                count = self.fresh("n")
                self.put(f"{count} = 3")
                self.put(f"while {test}:")
                self.put(f"    {count} -= 1")
                self.put(f"    if {count} < 0: break")
                self.put(f"print({count})")
            else:
                self.put(f"if {test}: print('then')")
                self.put("else: print('else')")
        elif roll < 0.6:
            self.put(self.pick((
                "import math; print(math.floor(2.5), math.isqrt(99))",
                "from math import gcd, inf as top; print(gcd(12, 18), top)",
                f"import math as m; print(m.fsum({self.leaf('L')}))",
                f"import math; print(math.trunc({self.leaf('F')}))",
                f"import math; print(math.isclose({self.leaf('F')}, {self.leaf('F')}), math.prod({self.leaf('L')}))",
                "import enum, abc; print(enum.__name__, abc.ABC.__name__)",
            )))
        elif roll < 0.8:
            self.put(f"{name} = {left}")
            self.put(f"class K{name}:")
            self.put(f"    {name} = {name} if {self.leaf('B')} else {other}")
            self.put(f"    first, *rest = {self.leaf('L')} + [{other}]")
            self.put(
                f"    {self.pick(('del first', 'del missing', 'first += 1', 'pass', 'x = [first for u in range(2)]'))}")
            self.put(f"    if {self.leaf('B')}: second = {name}")
            self.put(f"    print({self.pick((name, 'rest', 'second', 'sorted(vars())'))})")
            self.put(f"print(sorted(k for k in vars(K{name}) if k[0] != '_'))")
        else:
            self.put("def again(): raise")
            self.put("try:")
            self.put(f"    try: raise {self.exception()}")
            self.put(
                f"    {self.pick(('except Exception: again()', 'finally: again()', 'except LookupError: again()'))}")
            self.put("except Exception as e:")
            self.put("    print('again', type(e).__name__, e, repr(e.__context__))")

    TABLE = (
        (5, rare), (9, show), (12, assign), (13, augmented), (4, unpack), (9, item), (4, method), (14, sweep), (
        6, if_statement), (7, for_loop),
        (3, while_loop), (5, try_statement), (2, with_statement), (1.5, delete), (2, assert_or_raise), (2, global_step),
        (1.5, closure), (2.5, drive), (5, Classes.change_class), (6, Classes.attribute), (1, define_function),
        (5, edges), (3, between),
        (4, Modules.files), (2.5, Modules.times), (2.5, Modules.system), (2.5, Modules.big), (3, Modules.signs),
        (2.5, Modules.sorting), (1.5, Modules.enumeration), (4, Modules.texts), (4, Modules.numerals),
        (4, Modules.reflection), (14, Odd.oddity), (10, Calls.call_method), (5, Calls.call_builtin),
        (3, Calls.call_math), (3, Calls.raise_builtin),
    )
    TOTAL = sum(share for share, _ in TABLE)


def program(seed: int, number: int) -> str:
    """The text of one program. Every eighth is a row of pairs.py; from changes.FIRST on all are those of changes.py."""
    if number >= changes.FIRST:
        return changes.program(seed, number)
    if pairs.is_row(number):
        return pairs.program(number, pairs.row_of(number))
    return Writer(seed, number).write()
