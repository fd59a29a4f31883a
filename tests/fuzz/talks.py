"""Random conversations between a host and a program: what crosses the embedding API, both ways.

`talk(seed, number)` makes a Talk: a program, the settings of its VM, and the host's steps. Both are text, so that
embedded.py carries them out twice: with minivm.VM, and with a model of it that is CPython's exec. A step is an
expression over `vm` (the VM), `kept` (what the program handed over, or a step kept) and the host functions of
embedded.py; its value, or how it failed, is printed. A step that starts with `!` has no counterpart in CPython (a limit, an
interrupt, a damaged image): before the `!` stands what is then printed.
"""
from __future__ import annotations

from dataclasses import dataclass, field

from generator import PRELUDE, Writer, program
import pairs

# What the host hands over: every kind of plain data, near the limits of its encodings.
DATA = (
    "None", "True", "False", "0", "-1", "5", "(1 << 31)", "(1 << 61)", "-(1 << 61)", "(1 << 62)", "(1 << 63) - 1", "-(1 << 63)",
    "1 << 63", "-(1 << 63) - 1", "10 ** 60", "-(1 << 700)", "0.0", "-0.0", "1.5", "float('inf')", "5e-324", "''", "'a'", "'é€'",
    "'\\U0001f600\\0'", "'\\ud800'", "'xy' * 5000", "[]", "[1, 'a', None]", "()", "(1,)", "(1, (2, [3]))", "{}", "{'a': 1, 2: [3]}",
    "{(1, 2): {3}, frozenset((1,)): 2.5}", "set()", "{1, 2, 3}", "{'a', 1.5}", "frozenset()", "frozenset((1, 'b'))",
    "list(range(100))", "[v * 0.5 for v in range(40)]", "[1 << 62] * 20", "[1 << 70] * 20", "[1.5] * 19 + [1]", "[True] * 20",
    "['x', 'ä'] * 300", "[[]] * 30", "(1,) * 400", "{v: str(v) for v in range(200)}", "tuple(range(20))", "[-(1 << 63)] * 17",
    "[float(v) for v in range(-9, 9)]", "[None] * 50", "[[1, 2.5, 'é'], {'k': (1 << 64, None)}] * 3", "nested(40)", "nested(199)",
    "{1: {2: {3: {4: ()}}}}", "b'bytes'", "object()", "nested(200)", "[1j]", "range(3)", "{'a': object()}", "Level.LOW", "Row(1, [2])",
    "Sorted(b=1, a=2)", "Text('own')",
)
ARGUMENTS = ("{d}", "{d}, {d}", "", "5", "1, 2, 3", "1, 2, 3, 4", "1, 2, 3, 4, 5", "-1, (1 << 63) - 1", "a={d}", "{d}, b={d}", "*range(300)",
             "1, -(1 << 63), 1 << 62", "x=1, y=2", "**{{'a b': 1}}", "{h}", "{h}, {d}", "[{h}, ({h}, 1)]", "{{'k': {h}}}")
# Statements of functions of the program that use the host.
BODIES = (
    "return host_same({e})", "return host_same({e}, {e})", "return host_log({e}, {e}, key={e})", "host_log(*{l}); return {e}",
    "return host_value({n})", "return [host_value(k) for k in range({n}, {n} + 3)]", "return host_keep({v})",
    "return host_kept({n})", "return host_call({f}, {e})", "return host_call(lambda *a: a, {e}, {e})",
    "return host_call(host_same, {e})", "return host_call(Thing, {e}).x", "return host_get({g!r})",
    "try: host_raise({x!r}, {e})\n    except Exception as e: return type(e).__name__, str(e), e.args",
    "return host_raise({x!r}, {e})", "try: return host_raise({x!r})\n    finally: print('finally')",
    "return host_call(fail_by, {e})", "try: return host_call(fail_by, {e})\n    except Exception as e: return repr(e)",
    "return host_attribute(Thing({e}), {k!r})", "return host_text(Thing({e}))", "return host_type({v})",
    "return [*map(host_same, {l})]", "return sorted({l}, key=host_key)", "return [host_same(u) for u in {l}]",
    "return host_call(gen, {n})", "return host_next(gen({n}))", "for u in range({n}): print(u, host_same(u)); host_log(u)\n    return u",
    "return host_run('print(1)')", "return host_nothing()", "return host_nothing(1)", "return host_same()", "return host_log.__name__, host_log.__qualname__",
    "return host_expose({n})", "return host_late({e})", "return host_say({g!r}, {e})", "return host_deep({n}, lambda k: host_deep(k - 1, lambda j: j) if k else {e})",
    "def inner(): yield host_same({e}); yield host_value({n})\n    return list(inner())", "return {v}", "return {e}", "return {e}, {v}",
    "return [{e} for u in range({n})]", "print({e}); return {v}", "x = []\n    for u in range({n} * 30): x = [x]\n    return x",
    "x = []; x.append(x); return x", "x = {{}}; x[1] = (x,); return x", "return [Thing({e}), {{'a': Thing}}, {v}]", "raise SystemExit({e})",
    "raise Note({e}, code=1)", "1 / 0", "return host_close()", "return host_stats()", "raise BadText", "return range({n}), {v}",
    "return [u * 0.5 for u in range({n} * 9)]", "return [u << 58 for u in range({n} * 9)]", "return 'ä' * {n} + 'x' * 3000", "return -(1 << {n} * 30)",
    "return {{u: str(u) for u in range({n} * 20)}}", "return host_same({{(1, 2): {e}}}, {{Thing(1).x}})", "return frozenset((1, {n})), {{{n}}}",
    "return host_release()", "return host_kept({n}) is host_kept({n})", "return input(), {e}", "import sys; return sys.stdin.readline()",
    "import sys; sys.stderr.write('err {n}\\n'); return host_log('after')", "import sys; sys.stdout.write('no newline'); return host_log({e})",
)
VALUES = ("Thing({e})", "Thing", "len", "gen(3)", "gen", "lambda *a: a", "range(3)", "Whole(5)", "Text('t')", "...", "Thing(2).shift", "iter([1, 2])",
          "{{}}.keys()", "ValueError({e})", "Note({e})", "slice(1)", "object()", "NotImplemented", "int", "Color.RED", "Whole(1 << 80)",
          "Pair((1, 2))", "Table(a=1)", "math", "math.pi", "Some({e})", "BadText()")
EXCEPTIONS = ("ValueError", "KeyError", "TypeError", "OSError", "FileNotFoundError", "ZeroDivisionError", "StopIteration", "AssertionError",
              "Exception", "Special", "UnicodeDecodeError", "SyntaxError", "RuntimeError", "IndexError", "AttributeError", "ImportError",
              "MemoryError", "RecursionError", "NotImplementedError", "NameError", "ConnectionError", "EOFError", "Warning", "LookupError")
SUPPORT = '''\
import math
from enum import Enum
class Thing:
    kind = "thing"
    def __init__(self, x=0): self.x = x
    def __str__(self): return f"Thing of {self.x!r}"
    def shift(self, by=1): return Thing((self.x, by))
    def __call__(self, *a, **k): return a, k
    @property
    def twice(self): return self.x * 2
    @property
    def broken(self): raise KeyError("broken")
    def __next__(self): return 1 / 0
class Whole(int): pass
class Text(str): pass
class Pair(tuple): pass
class Table(dict): pass
class Some(list):
    def __init__(self, v): self.append(v)
class BadText(Exception):
    def __str__(self): raise KeyError("no text")
class Color(Enum):
    RED = 1
def gen(n):
    for u in range(n if isinstance(n, int) and n < 9 else 2):
        yield u
def fail_by(v=None): raise LookupError("by the program", v)
def echo(*a, **k): return (a, k) if k or len(a) != 1 else a[0]
def kind(v): return type(v).__name__
def shown(v): return repr(v)[:300]
def same(a, b): return a is b
'''
STEPS = (
    "vm.call({f!r}{a})", "vm.call({f!r}{a})", "vm.call({f!r})", "vm.call({f!r})", "vm.call('echo'{a})", "vm.call('kind'{a})", "vm.call('shown', {d})",
    "vm.call('echo', {d})", "vm.get({g!r})", "vm.get({g!r})", "vm.get('nothing')", "vm.get('Thing')", "vm.get('math').get('pi')",
    "vm.get('')", "vm.get('len')", "vm.call('len', {d})", "vm.call('nothing')", "vm.call('x y', 1)", "vm.call('Thing', {d}).get('x')",
    "vm.call('Thing', {d}).get({k!r})", "str(vm.call('Thing', {d}))", "repr(vm.call('Thing', {d}))", "vm.call('Thing').type_name",
    "vm.call('Thing', {d}).get('shift')({d}).get('x')", "vm.call('Thing', {d})({a2})", "keep(vm.call('Thing', {d}))", "keep(vm.get({g!r}))",
    "keep(vm.call('gen', 3))", "kept[-1]", "str(kept[-1])", "kept[-1].get({k!r})", "kept[-1]({a2})", "vm.call('same', kept[-1], kept[-1])",
    "vm.call('same', kept[0], kept[-1])", "vm.call('echo', [kept[-1], {{'a': kept[0]}}])", "kept[-1].get('__next__')()", "kept.pop()",
    "vm.call('print', {d}, {d}, sep='-')", "vm.take_output()", "vm.take_output('stderr')", "vm.call('isinstance', kept[-1], vm.get('Thing'))",
    "vm.expose('host_late', host_same)", "vm.expose('abs', lambda v: -1)", "vm.call('host_same', {d})", "vm.call('host_log'{a})",
    "vm.call('sorted', [3, 1, 2], key=vm.get('shown'))", "vm.call('map', vm.get('echo'), {d})", "vm.call('getattr', kept[-1], {k!r}, {d})",
    "vm.run('print(5)\\n')", "vm.run('x = 1 / 0')", "vm.run('def f(): raise KeyError(1)\\nf()', 'other.py')", "vm.run('import sys; sys.exit({i})')",
    "vm.run('import sys; sys.exit([1])')", "vm.run('x = = 1')", "vm.run('')", "vm.run('print(host_same({i}))')", "vm.run(text)", "vm.expose('no name', len)",
    "vm.expose('name', 5)", "len(vm.stats()) > 9", "vm.get('__name__')", "vm.run('import nothing_at_all')", "vm.call('sum', {d})", "vm.call('math')",
    "vm.call('echo', other.get('object'))", "vm.interrupt()", "vm.call('max', {d}, default=3)", "vm.call('fail_by')", "vm.call('fail_by', {d})",
    "vm.call('host_raise', {x!r}, {d})", "vm.call('int', {d})", "vm.call('host_call', kept[-1])", "vm.call('list', vm.call('gen', {i}))",
)
# What has no counterpart in CPython. `{B}`: an endless program.
ENDLESS = (
    "while True: pass", "while True:\\n try:\\n  while True: pass\\n except BaseException: pass", "def f():\\n while True: yield 1\\nfor x in f(): pass",
    "while True: host_same(1)", "while True: host_same([1])", "x = 0\\nwhile True: x = x + 1.5", "def f(): return 1\\nwhile True: f()",
    "class C:\\n def f(self): return self\\nc = C()\\nwhile True: c.f().f()", "while 1:\\n try: 1 / 0\\n except ZeroDivisionError: pass",
    "while True: sorted(range(50), key=lambda v: -v)", "x = {{}}\\ni = 0\\nwhile True:\\n x[i % 50] = i\\n i += 1", "while True: 'ab' * 50 + 'c'",
    "for i in iter(int, 1): pass", "while True: [u for u in range(9)]", "while True:\\n try: pass\\n finally: continue", "while True: print('')" , "f = lambda v: v\\nwhile True: host_call(f, 2)",
)
LIMITS = (
    ("FuelLimit", "fuel={n}", "{B}"), ("TimeLimit", "time_limit=0.0{m}", "{B}"), ("Interrupted", "", "!{B}"),
    ("MemoryLimit or MemoryError", "memory_limit={m} << 20", "x = []\\nwhile True: x.append([1] * 50)"),
    ("MemoryLimit or MemoryError", "memory_limit={m} << 20", "x = ''\\nwhile True: x += 'abc' * 500"),
    ("MemoryLimit or MemoryError", "memory_limit={m} << 20", "class C: pass\\nx = None\\nwhile True:\\n y = C()\\n y.a = x\\n x = y"),
    ("MemoryLimit or MemoryError", "memory_limit={m} << 20", "x = {{}}\\nwhile True: x[len(x)] = host_same('a' * 900)"),
    ("MemoryLimit or MemoryError", "memory_limit={m} << 20", "host_same(['a' * 1000] * 30000)"),
    ("MemoryLimit or MemoryError", "memory_limit={m} << 20", "x = [host_value(k) for k in range(10 ** 9)]"),
    ("OutputLimit", "output_limit={n}", "while True: print('line', 5)"), ("OutputLimit", "output_limit={n}", "print('x' * 10 ** 6)"),
    ("OutputLimit", "output_limit={n}", "import sys\\nwhile True: sys.stderr.write('error')"),
)
DAMAGE = ("image[:{n}]", "image[:-{m}]", "b'MINIC' + image", "b''", "b'x' * {n}", "image[:{n}] + b'\\0' + image[{n} + 1:]", "image + b'\\0'")


@dataclass
class Talk:
    """A conversation."""

    number: int
    text: str
    steps: list[str]
    settings: dict[str, object] = field(default_factory=dict)
    sink: str = "collected"  # where the program's output goes
    lines: str = ""          # what input() reads


class Talker(Writer):
    """Writes one."""

    def talk(self) -> Talk:
        self.indent = 0
        text = self.program_text()
        steps = [self.filled(self.pick(STEPS)) for _ in range(self.rng.randint(4, 14))]
        for _ in range(self.pick((0, 0, 1, 1, 2))):
            steps.insert(self.rng.randint(0, len(steps)), self.limited())
        if self.chance(0.1):
            steps += ["vm.close()", self.filled(self.pick(STEPS)), "kept[-1]", "str(kept[-1])", "vm.close()", "vm.run('1')"]
        jit = self.pick(("off", "on", "eager"))
        settings: dict[str, object] = {"jit": jit, "compile": "inline" if jit == "eager" else self.pick(("inline", "thread"))}
        if self.chance(0.1):
            settings["recursion_limit"] = self.rng.randint(150, 400)
        lines = "\n".join(self.pick(("one", "é", "", "x" * 3000, "5")) for _ in range(self.rng.randint(0, 4)))
        return Talk(self.number, text, steps, settings, self.pick(("collected", "collected", "function", "file", "broken", "full")), lines)

    def program_text(self) -> str:
        base = next((text for number in range(self.number * 7, self.number * 7 + 400) if not pairs.is_row(number)
                     for text in [program(self.rng.randint(1, 999), number)]
                     if not any(word in text for word in ("sys", "open(", "input(", "stdin", "import", "print(*", "exit"))), "")
        self.lines = []
        for index in range(self.rng.randint(1, 5)):
            kind = self.pick("IIFSBLTDERN")
            self.guarded(lambda: self.put(f"w{index} = {self.expr(kind) if self.chance(0.6) else self.value()}"))  # noqa: B023
            if kind != "N":
                self.bind(f"w{index}", "I")
        for index in range(self.rng.randint(1, 5)):
            self.put(f"def h{index}(*a, **k):")
            self.put("    " + self.filled(self.pick(BODIES)))
        if self.chance(0.4):
            self.put(f"print(h0({self.any(0)}))")
        return PRELUDE + SUPPORT + (base if self.chance(0.5) else "") + "\n".join(self.lines) + "\n"

    def value(self) -> str:
        return self.pick(VALUES).format(e=self.expr(self.kind(), 1))  # type: ignore[no-any-return]

    def filled(self, text: str) -> str:
        held = "kept[-1]" if self.chance(0.6) else "vm.get('Thing')"
        arguments = self.pick(ARGUMENTS).format(d=self.pick(DATA), h=held)
        return text.format(  # type: ignore[no-any-return]
            e=self.expr(self.kind(), 1), l=self.leaf(self.pick("LLTRE")), n=self.rng.randint(0, 12), k=self.pick(("x", "shift", "twice", "broken", "missing", "__class__", "kind", "__name__", "real", "args", "é")),
            v=self.value(), f=self.pick(("h0", "h1", "h2", "h3", "h4", "echo", "gen", "Thing")), g=f"w{self.rng.randint(0, 4)}", x=self.pick(EXCEPTIONS),
            a=", " + arguments if arguments else "", a2=arguments, d=self.pick(DATA), i=self.rng.randint(-3, 300),
        )

    def limited(self) -> str:
        if self.chance(0.3):
            damage = self.pick(DAMAGE).format(n=self.rng.randint(0, 60), m=self.rng.randint(1, 60))
            return f"BadImage!vm.run({damage})"
        wanted, settings, text = self.pick(LIMITS)
        text = text.replace("{B}", self.pick(ENDLESS)).replace("{{}}", "{}").replace("\\n", "\n")
        settings = settings.format(n=self.rng.randint(1, 3000), m=self.rng.randint(3, 9))
        late = text.startswith("!")
        return f"{wanted}!limited({text.lstrip('!')!r}, {late}{', ' + settings if settings else ''})"


def talk(seed: int, number: int) -> Talk:
    """The conversation of a number."""
    return Talker(seed, number).talk()
