"""The expressions of the random programs: `Expressions` is the base of the writer in generator.py.

INV-gen-1  A text depends on the seed and the number only.
INV-gen-2  A program ends by construction: loops have bounds, functions call only those before them, and values that a
           loop makes grow pass through `clip`.
INV-gen-3  What it prints does not depend on addresses: None, functions and types never become elements of sets, and the
           runner hides `at 0x...`.
INV-gen-4  It uses nothing that Mini refuses, and nothing whose result would be complex.

Expressions are made by the kind of value that they should have (the letters of KINDS), and now and then by another one:
most programs get far, and all kinds of errors occur. Statements that may raise are guarded and print what was raised.
"""
from __future__ import annotations

import random
from collections.abc import Callable

# I int, F float, S str, B bool, L list, T tuple, D dict, E set, R range, O object of a generated class, N None
KINDS = "IFSBLTDERON"
INTS = (
    "0", "1", "2", "3", "5", "7", "10", "-1", "-2", "-3", "255", "256", "-5", "100", "1000", "65535", "-65536",
    "2147483647", "-2147483648", "4294967296", "1073741824", "70368744177663", "70368744177664", "140737488355327",
    "140737488355328", "-140737488355328", "-140737488355329", "281474976710656", "1125899906842623",
    "2251799813685247", "-2251799813685248", "9007199254740993", "4503599627370496", "4611686018427387904",
    "2305843009213693951", "2305843009213693952", "-2305843009213693952", "-2305843009213693953", "1152921504606846976",
    "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551615",
    "18446744073709551616", "-18446744073709551617", "340282366920938463463374607431768211456",
    "123456789012345678901234567890", "-98765432109876543210987654321098765432109876543210",
)
FLOATS = (
    "0.0", "-0.0", "1.0", "-1.0", "0.5", "2.5", "-2.5", "3.0", "0.1", "1e16", "1e22", "-1e-7", "1e308", "5e-324", "1.5",
    "123456.789", "9007199254740992.0", "1e100", "float('inf')", "float('-inf')", "2.0", "-7.25",
    "100.0",
)
STRS = (
    "''", "'a'", "'b'", "'abc'", "'Hello World'", "'x y z'", "'12'", "'-3.5'", "'äöü'", "'日本語'", "'\\U0001f600z'",
    "'a\\nb'", "'it\\'s'", "'%d'", "'{}'", "'tab\\t'", "'ABC'", "'aXbXc'", "'  pad '", "'\\x00'", "'ß'", "'zzz'",
)
BINARY = ("+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^")
COMPARE = ("<", "<=", "==", "!=", ">", ">=")
ARITHMETIC = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "&": "and", "|": "or", "^": "xor",
    "<<": "lshift", ">>": "rshift", "@": "matmul", "**": "pow",
}
ORDER = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
ERRORS = ("ValueError", "TypeError", "KeyError", "IndexError", "ZeroDivisionError", "LookupError", "ArithmeticError",
          "AttributeError", "RuntimeError", "StopIteration", "Note", "Odd", "OSError", "OverflowError")
STR_METHODS_S = (
    "upper()", "lower()", "title()", "strip()", "lstrip()", "rstrip()", "capitalize()", "swapcase()", "casefold()",
    "replace('a', 'bb')", "replace('', '-', 2)", "center(9)", "ljust(7, '.')", "rjust(6)", "zfill(5)", "expandtabs(4)",
    "join(['x', 'y'])", "removeprefix('a')", "removesuffix('c')",
)
STR_METHODS_X = (
    "split()", "split('b')", "rsplit(None, 1)", "splitlines()", "partition('b')", "rpartition(' ')", "find('b')",
    "rfind('a')", "index('c')", "count('a')", "startswith('a')", "endswith(('c', 'd'))", "isdigit()", "isalpha()",
    "isidentifier()", "isspace()", "islower()", "istitle()", "encode", "isprintable()", "isnumeric()",
)
SPECS_I = ("", "d", "5", "<6", ">+8d", "x", "#x", "#b", "o", ",", "_", "08d", "^9", "e", ".3f", "c", "n", "+,.2f", "s",
    "*^12,")
SPECS_F = ("", ".2f", "e", "g", "%", "+.3e", "010.1f", ",.2f", ".0f", "#.3g", "<9", ">9.4", "n", "d", "_.1f", "G", " f")
SPECS_S = ("", "s", "10", "<5", ">8", "^9", ".2", "*^7.1", "d", "=5", "05", "-<4s")


class Expressions:
    """Makes expressions of one program. `names`: the variables in reach, each with its kind; the innermost scope is last."""

    def __init__(self, seed: int, number: int) -> None:
        self.rng = random.Random(seed * 1_000_003 + number)
        self.number = number
        self.lines: list[str] = []
        self.indent = 1
        self.names: list[dict[str, str]] = [{}]
        self.functions: list[tuple[str, str, str]] = []  # name, kinds of the parameters, how it is called
        self.classes: list[str] = []
        self.counter = 0
        self.tags = 0
        self.loops = 0
        self.budget = self.rng.choice((3, 5, 8, 14))
        self.in_function = False
        self.generator = False

    # -- small tools --

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def pick(self, options):  # type: ignore[no-untyped-def]
        return options[int(self.rng.random() * len(options))]

    def fresh(self, stem: str = "v") -> str:
        self.counter += 1
        return f"{stem}{self.counter}"

    def tag(self) -> int:
        self.tags += 1
        return self.tags

    def put(self, line: str) -> None:
        self.lines.append("    " * self.indent + line)

    def known(self, kind: str) -> list[str]:
        return [name for scope in self.names for name, its in scope.items() if its == kind]

    def bind(self, name: str, kind: str) -> None:
        self.names[-1][name] = kind

    def guarded(self, body: Callable[[], None], share: float = 1.0) -> None:
        """Statements in a try that prints what was raised."""
        if not self.chance(share):
            body()
            return
        self.put("try:")
        self.indent += 1
        body()
        self.indent -= 1
        self.put("except Exception as e:")
        self.put(f"    fail({self.tag()}, e)")

    # -- expressions --

    def kind(self) -> str:
        return self.pick("IIIIFFSSSBLLTDERONI")

    def expr(self, kind: str, depth: int = 2) -> str:
        if self.chance(0.03):
            kind = self.kind()
        if depth <= 0 or self.chance(0.25):
            return self.leaf(kind)
        return getattr(self, "expr_" + kind)(depth - 1)  # type: ignore[no-any-return]

    def leaf(self, kind: str) -> str:
        names = self.known(kind)
        if names and self.chance(0.75):
            return self.pick(names)  # type: ignore[no-any-return]
        if kind == "I":
            return self.pick(INTS) if self.chance(0.5) else str(self.rng.randint(-9, 20))
        if kind == "F":
            return self.pick(FLOATS)  # type: ignore[no-any-return]
        if kind == "S":
            return self.pick(STRS)  # type: ignore[no-any-return]
        if kind == "B":
            return self.pick(("True", "False"))  # type: ignore[no-any-return]
        if kind == "N":
            return "None"
        if kind == "R":
            return self.pick(("range(3)", "range(1, 8, 2)", "range(5, 0, -2)", "range(0)",
                "range(4)"))  # type: ignore[no-any-return]
        if kind == "O":
            if self.classes:
                return f"{self.pick(self.classes)}({self.leaf(self.pick('IIIS'))})"
            return self.leaf("I")
        items = [self.atom(0) for _ in range(self.rng.randint(0, 4))]
        if kind == "L":
            return "[" + ", ".join(items) + "]"
        if kind == "T":
            return "(" + ", ".join(items) + ("," if len(items) == 1 else "") + ")"
        if kind == "E":
            return self.set_display(items) if items else "set()"
        return "{" + ", ".join(f"{self.key()}: {item}" for item in items) + "}"

    @staticmethod
    def set_display(items: list[str]) -> str:
        """Without strings in a display of three or more constants: tests/fuzz/found/README.md."""
        text = "{" + ", ".join(items) + "}"
        return f"set([{text[1:-1]}])" if len(items) > 2 and ("'" in text or '"' in text) else text

    def key(self) -> str:
        return self.pick(("0", "1", "'a'", "'b'", "'k'", "2.0", "True", "(1, 2)", "'x'",
            "5"))  # type: ignore[no-any-return]

    def atom(self, depth: int = 1) -> str:
        """A hashable value whose hash is the same everywhere."""
        return self.expr(self.pick("IIFSSB"), depth) if depth else self.atom_leaf(self.pick("IIIFSSBT"))

    def atom_leaf(self, kind: str) -> str:
        text = "(1, 'a')" if kind == "T" else self.leaf(kind)
        return "1.25" if "nan" in text else text  # the hash of a NaN is its address

    def any(self, depth: int = 1) -> str:
        return self.expr(self.kind(), depth)

    def common(self, kind: str, depth: int) -> str | None:
        """Forms that every kind has."""
        roll = self.rng.random()
        if roll < 0.05:
            return f"({self.expr(kind, depth)} if {self.expr('B', depth)} else {self.expr(kind, depth)})"
        if roll < 0.09:
            return f"({self.expr(kind, depth)} {self.pick(('and', 'or'))} {self.expr(kind, depth)})"
        if roll < 0.11 and not self.generator:
            name = self.fresh("w")
            return f"({name} := {self.expr(kind, depth)})"
        if roll < 0.13:
            return f"(lambda q, *r: {self.pick(('q', 'q', 'r'))})({self.expr(kind, depth)}, {self.any(0)})"
        if roll < 0.17:
            items = self.known("L") + self.known("T")
            if items:
                return f"{self.pick(items)}[{self.index(depth)}]"
        if roll < 0.20:
            items = self.known("D")
            if items:
                name = self.pick(items)
                return self.pick(
                    (f"{name}[{self.key()}]",
                    f"{name}.get({self.key()}, {self.leaf(kind)})"))  # type: ignore[no-any-return]
        if roll < 0.25 and self.functions:
            return self.call(depth)
        if roll < 0.29 and self.known("O"):
            name = self.pick(self.known("O"))
            return self.pick((f"{name}.v", f"{name}.kind", f"{name}.m0({self.expr('I', 0)})", f"{name}.half",
                f"{name}()", f"{name}[{self.leaf('I')}]"))  # type: ignore[no-any-return]
        return None

    def call(self, depth: int) -> str:
        name, params, style = self.pick(self.functions)
        args = [self.expr(kind, depth) for kind in params]
        if self.chance(0.06) and args:
            args.pop()
        if self.chance(0.05):
            args.append(self.any(0))
        roll = self.rng.random()
        if style == "k" and args and roll < 0.4:
            args[-1] = f"p{len(args) - 1}={args[-1]}"
            if len(args) > 2 and self.chance(0.5):
                args[-2] = f"p{len(args) - 2}={args[-2]}"
        elif roll < 0.12:
            return f"{name}(*[{', '.join(args)}])"
        elif roll < 0.17 and args:
            return f"{name}({', '.join([*args[:-1], ''])}**{{'p{len(args) - 1}': {args[-1]}}})"
        elif roll < 0.20:
            return f"{name}(*{self.leaf('T')}, **{{}})"
        if style == "*" and self.chance(0.5):
            args += [self.any(0), f"extra={self.any(0)}"]
        return f"{name}({', '.join(args)})"

    def index(self, depth: int) -> str:
        return self.expr("I", depth) if self.chance(0.15) else str(self.rng.randint(-3, 3))

    def slice(self) -> str:
        def part() -> str:
            return self.pick(("", "", "1", "2", "-1", "-2", "0", "5", "-7", "None", "100",
                "9223372036854775808"))  # type: ignore[no-any-return]

        if self.chance(0.4):
            return f"{part()}:{part()}:{self.pick(('1', '2', '-1', '-2', '3', '-3', '', '0', '-100'))}"
        return f"{part()}:{part()}"

    def expr_I(self, depth: int) -> str:
        made = self.common("I", depth)
        if made:
            return made
        roll = self.rng.random()
        if roll < 0.42:
            op = self.pick(("+", "-", "+", "-", "*", "//", "%", "&", "|", "^"))
            if op == "*":
                return f"({self.leaf('I')} * {self.leaf('I')})"
            return f"({self.expr('I', depth)} {op} {self.expr(self.pick('IIIIIIB'), depth)})"
        if roll < 0.50:
            op = self.pick(("<<", ">>"))
            return f"({self.expr('I', depth)} {op} {self.pick(('0', '1', '3', '31', '47', '63', '64', '100', '-1'))})"
        if roll < 0.54:
            return f"({self.leaf('I')} ** {self.pick(('0', '1', '2', '3', '5', '-1', '10'))})"
        if roll < 0.60:
            return f"{self.pick(('-', '~', '+'))}{self.expr('I', depth)}"
        if roll < 0.67:
            return f"len({self.expr(self.pick('SLTDER'), depth)})"
        if roll < 0.72:
            name = self.pick(("abs", "int", "hash", "round", "ord", "sum"))
            return f"{name}({'str(' + self.leaf('I') + ')' if name == 'hash' else self.expr(self.pick('IIFSLB'), depth)})"
        if roll < 0.77:
            return f"{self.pick(('max', 'min'))}({self.expr('I', depth)}, {self.expr('I', depth)})"
        if roll < 0.81:
            return f"sum({self.comprehension('(', ')', depth)})"
        if roll < 0.85:
            return f"divmod({self.expr('I', depth)}, {self.expr('I', depth)})[{self.rng.randint(0, 1)}]"
        if roll < 0.89:
            return f"pow({self.leaf('I')}, {self.rng.randint(-1, 30)}, {self.pick(('7', '1', '-5', '97', '0', '18446744073709551629'))})"
        if roll < 0.93:
            return f"({self.expr('I', depth)}).{self.pick(('bit_length()', 'bit_count()', 'real', 'numerator', '__index__()'))}"
        if roll < 0.97:
            return f"({self.expr(self.pick('LTS'), depth)}).{self.pick(('count', 'index'))}({self.atom(0)})"
        return f"int({self.pick(STRS)}, {self.pick(('10', '16', '0', '2', '36', '1'))})"

    def expr_F(self, depth: int) -> str:
        made = self.common("F", depth)
        if made:
            return made
        roll = self.rng.random()
        if roll < 0.5:
            op = self.pick(("+", "-", "*", "/", "//", "%"))
            left, right = self.pick(("FF", "FI", "IF", "FF", "FB"))
            return f"({self.expr(left, depth)} {op} {self.expr(right, depth)})"
        if roll < 0.62:
            return f"({self.expr('I', depth)} / {self.expr('I', depth)})"
        if roll < 0.68:
            return f"({self.leaf('F')} ** {self.pick(('2', '3', '-1', '0', '2.0', '-2'))})"
        if roll < 0.76:
            return f"{self.pick(('-', '+'))}{self.expr('F', depth)}"
        if roll < 0.82:
            return f"float({self.expr(self.pick('IIFSB'), depth)})"
        if roll < 0.88:
            return f"abs({self.expr('F', depth)})"
        if roll < 0.94:
            return f"round({self.expr('F', depth)}, {self.pick(('0', '1', '2', '-1', 'None', '20', '-400'))})"
        return f"divmod({self.expr('F', depth)}, {self.expr('F', depth)})[{self.rng.randint(0, 1)}]"

    def expr_S(self, depth: int) -> str:
        made = self.common("S", depth)
        if made:
            return made
        roll = self.rng.random()
        if roll < 0.15:
            return f"({self.expr('S', depth)} + {self.expr('S', depth)})"
        if roll < 0.22:
            return f"({self.leaf('S')} * {self.rng.randint(-1, 4)})"
        if roll < 0.32:
            return f"{self.expr('S', depth)}[{self.slice()}]"
        if roll < 0.38:
            return f"{self.expr('S', depth)}[{self.index(depth)}]"
        if roll < 0.50:
            return f"({self.expr('S', depth)}).{self.pick(STR_METHODS_S)}"
        if roll < 0.62:
            return f"{self.pick(('str', 'repr', 'ascii'))}({self.any(depth)})"
        if roll < 0.80:
            return self.fstring(depth)
        if roll < 0.86:
            specs = ("%d", "%5d", "%s", "%r", "%-6s|", "%x", "%e", "%.2f", "%g", "%c", "%05d", "%+i", "%%%s", "%o",
                "%a")
            many = self.rng.randint(1, 2)
            return f"({' '.join(self.pick(specs) for _ in range(many))!r} % ({', '.join(self.any(depth) for _ in range(many))},))"
        if roll < 0.92:
            form = self.pick(("{}", "{0!r} {0}", "{:>8}", "{0[0]}", "{:{}}", "{a}", "{} {}", "{!s:^9}", "{0.real}"))
            return f"{form!r}.format({self.any(depth)}, {self.leaf(self.pick('IS'))}, a={self.any(0)})"
        if roll < 0.96:
            return f"{self.pick(('bin', 'hex', 'oct', 'chr'))}({self.expr('I', depth)})"
        return f"{self.pick(STRS)}.join({self.expr(self.pick('LTSE'), depth)})"

    def fstring(self, depth: int) -> str:
        parts = []
        for _ in range(self.rng.randint(1, 3)):
            kind = self.pick("IIFSSL")
            text = self.leaf(kind) if self.chance(0.6) else self.expr(kind, depth)
            if "'" in text or "\\" in text or "{" in text or ":=" in text or "lambda" in text or '"' in text:
                text = self.pick(INTS) if kind == "I" else "3.75"
            if text.startswith("{"):
                text = f" {text}"
            form = self.pick({"I": SPECS_I, "F": SPECS_F}.get(kind, SPECS_S))
            extra = self.pick(("", "", "!r", "!s", "!a"))
            if self.chance(0.1):
                form = f"{{{self.rng.randint(0, 12)}}}"
            parts.append(
                f"{{{text}{'=' if self.chance(0.1) else ''}{extra}{':' + form if form else ''}}}{self.pick(('', ' ', '-', '{{'))}")
        return 'f"' + "".join(parts) + '"'

    def expr_B(self, depth: int) -> str:
        made = self.common("B", depth)
        if made:
            return made
        roll = self.rng.random()
        if roll < 0.35:
            pair = self.pick(("II", "II", "FF", "IF", "SS", "LL", "TT", "EE", "DD", "BI", "RR", "OO", "OI"))
            return f"({self.expr(pair[0], depth)} {self.pick(COMPARE)} {self.expr(pair[1], depth)})"
        if roll < 0.45:
            return f"({self.any(depth)} {self.pick(COMPARE)} {self.any(depth)})"
        if roll < 0.55:
            return f"({self.expr('I', depth)} {self.pick(COMPARE)} {self.expr('I', depth)} {self.pick(COMPARE)} {self.expr('I', depth)})"
        if roll < 0.70:
            return f"({self.atom()} {self.pick(('in', 'not in'))} {self.expr(self.pick('SLTDER'), depth)})"
        if roll < 0.78:
            return f"(not {self.any(depth)})"
        if roll < 0.83:
            return f"bool({self.any(depth)})"
        if roll < 0.88:
            return f"({self.any(depth)} {self.pick(('is', 'is not'))} None)"
        if roll < 0.94:
            return f"isinstance({self.any(depth)}, {self.pick(('int', 'str', '(int, float)', 'list', '(dict, set)', 'float', 'bool', 'object'))})"
        return f"{self.pick(('any', 'all'))}({self.comprehension('[', ']', depth)})"

    def comprehension(self, start: str, end: str, depth: int) -> str:
        name = self.fresh("i")
        kind, source = self.source(depth)
        self.names.append({name: kind})
        hidden, self.generator = self.generator, True  # no walrus in here
        element = self.expr(self.pick("IIIS") if start != "(" else "I", depth)
        condition = f" if {self.expr('B', depth)}" if self.chance(0.3) else ""
        if start == "{" and self.chance(0.5):
            element = f"{name}: {element}" if kind in "ISFB" else f"{self.key()}: {element}"
        more = ""
        if self.chance(0.15):
            other = self.fresh("i")
            more = f" for {other} in {self.leaf('R')}"
        self.generator = hidden
        self.names.pop()
        return f"{start}{element} for {name} in {source}{condition}{more}{end}"

    def source(self, depth: int) -> tuple[str, str]:
        """The kind of the items, and something to iterate over."""
        roll = self.rng.random()
        if roll < 0.45:
            return "I", f"range({self.rng.randint(0, 5)})"
        if roll < 0.55:
            return "S", self.leaf("S")
        if roll < 0.70:
            return "I", f"[{', '.join(self.leaf('I') for _ in range(self.rng.randint(0, 4)))}]"
        if roll < 0.80:
            return self.pick("IFS"), self.expr("L", 0)
        if roll < 0.86:
            return "T", f"enumerate({self.leaf(self.pick('LST'))}, {self.rng.randint(0, 3)})"
        if roll < 0.92:
            return "T", f"zip({self.leaf('L')}, {self.leaf('R')})"
        if roll < 0.96:
            return "T", f"{self.leaf('D')}.items()"
        return "I", f"{self.pick(('reversed', 'sorted', 'iter', 'list'))}({self.leaf(self.pick('RRLT'))})"

    def expr_L(self, depth: int) -> str:
        made = self.common("L", depth)
        if made:
            return made
        roll = self.rng.random()
        if roll < 0.2:
            return f"({self.expr('L', depth)} + {self.expr('L', depth)})"
        if roll < 0.27:
            return f"({self.expr('L', depth)} * {self.rng.randint(-1, 3)})"
        if roll < 0.42:
            return f"{self.expr('L', depth)}[{self.slice()}]"
        if roll < 0.62:
            return self.comprehension("[", "]", depth)
        if roll < 0.70:
            return f"[*{self.expr(self.pick('LTSRE'), depth)}, {self.any(depth)}]"
        if roll < 0.78:
            return f"list({self.expr(self.pick('LTSRDE'), depth)})"
        if roll < 0.86:
            extra = self.pick(("", ", reverse=True", ", key=str", ", key=lambda k: -k", ", key=len"))
            return f"sorted({self.expr(self.pick('LTSRE'), depth)}{extra})"
        if roll < 0.92:
            return f"list({self.pick(('map', 'filter'))}(lambda u: {self.pick(('u + 1', 'u', 'str(u)', 'u * 2', 'not u', '-u'))}, {self.expr(self.pick('LTR'), depth)}))"
        if roll < 0.96:
            return f"({self.expr('S', depth)}).{self.pick(STR_METHODS_X[:4])}"
        return "[" + ", ".join(self.any(depth) for _ in range(self.rng.randint(1, 4))) + "]"

    def expr_T(self, depth: int) -> str:
        made = self.common("T", depth)
        if made:
            return made
        roll = self.rng.random()
        if roll < 0.25:
            return f"({self.expr('T', depth)} + {self.expr('T', depth)})"
        if roll < 0.4:
            return f"{self.expr('T', depth)}[{self.slice()}]"
        if roll < 0.5:
            return f"tuple({self.expr(self.pick('LSRDE'), depth)})"
        if roll < 0.6:
            return f"({self.expr('T', depth)} * {self.rng.randint(0, 2)})"
        if roll < 0.7:
            return f"(*{self.expr(self.pick('LTSR'), depth)}, {self.any(depth)})"
        if roll < 0.75:
            return f"divmod({self.expr('I', depth)}, {self.expr('I', depth)})"
        return "(" + "".join(self.any(depth) + ", " for _ in range(self.rng.randint(1, 3))) + ")"

    def expr_D(self, depth: int) -> str:
        made = self.common("D", depth)
        if made:
            return made
        roll = self.rng.random()
        if roll < 0.25:
            return f"{{**{self.expr('D', depth)}, {self.key()}: {self.any(depth)}}}"
        if roll < 0.4:
            return f"({self.expr('D', depth)} | {self.expr('D', depth)})"
        if roll < 0.6:
            return f"{{{(name := self.fresh('i'))}: {self.expr('I', depth)} for {name} in {self.source(0)[1]}}}"
        if roll < 0.7:
            return f"dict({self.pick(('a', 'b', 'key'))}={self.any(depth)})"
        if roll < 0.78:
            return f"dict(zip({self.leaf(self.pick('ST'))}, {self.expr(self.pick('LR'), depth)}))"
        if roll < 0.84:
            return f"dict.fromkeys({self.leaf(self.pick('SRT'))}, {self.any(0)})"
        return "{" + ", ".join(f"{self.atom(depth)}: {self.any(depth)}" for _ in range(self.rng.randint(1, 4))) + "}"

    def expr_E(self, depth: int) -> str:
        made = self.common("E", depth)
        if made:
            return made
        roll = self.rng.random()
        if roll < 0.4:
            return f"({self.expr('E', depth)} {self.pick('|&-^')} {self.expr('E', depth)})"
        if roll < 0.6:
            return f"{self.pick(('set', 'frozenset', 'set'))}({self.leaf(self.pick('SRE'))})"
        if roll < 0.75:
            return f"{{{(name := self.fresh('i'))} for {name} in {self.leaf(self.pick('SRE'))}}}"
        if roll < 0.85:
            return f"{self.leaf('E')}.{self.pick(('union', 'intersection', 'difference', 'symmetric_difference'))}({self.leaf(self.pick('ESR'))})"
        return self.set_display([self.atom(depth) for _ in range(self.rng.randint(1, 4))])

    def expr_R(self, depth: int) -> str:
        if self.chance(0.3):
            return f"{self.leaf('R')}[{self.slice()}]"
        return f"range({self.rng.randint(-2, 4)}, {self.rng.randint(0, 9)}, {self.pick(('1', '2', '-1', '3', '0'))})"

    def expr_O(self, depth: int) -> str:
        if not self.classes:
            return self.expr("I", depth)
        roll = self.rng.random()
        if roll < 0.5:
            op = self.pick(tuple(ARITHMETIC))
            if self.chance(0.7):
                return f"({self.expr('O', depth)} {op} {self.leaf(self.pick('OI'))})"
            return f"({self.leaf(self.pick('IFSL') if op not in ('*', '**', '<<') else 'B')} {op} {self.expr('O', depth)})"
        if roll < 0.6:
            return f"{self.pick('-~+')}{self.expr('O', depth)}"
        if roll < 0.7:
            return f"abs({self.expr('O', depth)})"
        return f"{self.pick(self.classes)}({self.expr(self.pick('IIFS'), depth)})"

    def expr_N(self, depth: int) -> str:
        return "None"

