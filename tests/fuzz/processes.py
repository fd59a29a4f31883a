"""Programs that are whole processes: uncaught errors with their reports, exits, input, arguments, modules beside them.

`process(seed, number)` makes a Case; running.py runs it alone, and compares standard output, standard error and exit
status. A case with options (a limit) has no CPython counterpart for its end: there the output up to the end must be the
beginning of CPython's, and the status that of the limit or CPython's own.
"""
from __future__ import annotations

from dataclasses import dataclass, field

from generator import PRELUDE, Writer


@dataclass
class Case:
    """A program with what surrounds it. `options`: of minivm-exec; `status`: its exit statuses besides CPython's."""

    number: int
    text: str
    files: dict[str, str] = field(default_factory=dict)
    stdin: str = ""
    arguments: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    status: tuple[int, ...] = ()
    loose: bool = False  # how deep a recursion got is not compared


DEFECTS = (
    "1 / 0", "missing_name", "[1, 2][5]", "{'a': 1}['b']", "'a' + 1", "None.x", "len(5)", "int('x')", "clip()",
    "clip(1, 2)", "clip(w=1)", "Note(1).codde", "math.sqqrt(2)", "prnt(1)", "[].appendd(1)",
    "(1).foo.bar", "5()", "5[0]", "'abc'[\n    1.5\n]", "sum(\n    [1, 'a'],\n    2)", "[1, 2, 3][\n    0\n].upper()",
    "{**5}", "print(*5)", "f(1)(2)", "a.b.c.d", "(lambda: 1 / 0)()", "[1 / v for v in (1, 0)]",
    "{v: 1 // v for v in (2, 0)}", "sorted([1, 'a'])", "max([])", "next(iter(()))", "open('no/such')", "raise_it()",
    "'%d' % 'a'", "'{}'.format()", "f'{1:x}{\"a\":d}'", "chr(-1)", "range(1, 2, 0)", "list(map(int, 'ab'))",
    "a, b = 1, 2, 3", "a, *b = ()", "assert 0", "assert False, ('msg', 1)", "raise ValueError",
    "raise ValueError('x') from KeyError('y')", "raise Note('n', code=3)", "raise 5", "raise Odd", "del missing",
    "x = y = z", "import nothing_here", "from math import nothing_here", "raise SystemExit", "raise SystemExit(3)",
    "raise SystemExit('bye é')", "raise SystemExit((1, 2))", "import sys; sys.exit(300)", "import sys; sys.exit(-1)",
    "raise KeyboardInterrupt",
    "raise StopIteration(3)", "raise RecursionError('deep')", "global_fn()", "1 if missing else 2", "not missing",
    "-'a'", "~2.5", "'a' < 1", "1 in 5", "5 in 'a'", "x[1:2] = 3", "with 5: pass", "with open('none') as f: pass",
    "for i in 5: pass",
    "yield_it()", "super().x", "class K(5): pass", "class K(int, str): pass", "class K(Note, Exception, Note): pass",
    "Note.missing", "object().x", "object().x = 1", "int.x = 1", "raise OSError(2, 'No such file', 'nöpe')",
    "raise SyntaxError('s', ('f.py', 1, 2, 'abc', 1, 3))",
    "raise UnicodeEncodeError('ascii', 'é', 0, 1, 'no')", "raise Exception('two\\nlines')", "raise Note(*range(3))",
    "raise type('X', (), {})" if False else "raise Exception",
    "e = ValueError('n'); e.add_note('note 1'); e.add_note('line\\nline'); raise e",
    "raise Exception(Exception('inner'))", "raise BrokenStr('x')", "print(undefined.attr[0] + 1)", "some.value = 1",
    "foo = bar(1,\n          2 + None,\n          3)", "x = (1 +\n     2 * 'a' *\n     None)", "é = 'ü' + 1",
    "日本 = ['x'] + 1; print('日本語', 日本)", "'ü日' .foo + 'ä'[9]",
    "print(1); print('a'\n      'b' % 5)", "2 ** 'a' ** 3", "(1).real()()", "str.join(',', [1])", "dict(1)",
    "dict([1])", "dict([(1, 2, 3)])", "set([[]])", "{[]: 1}", "hash([])", "isinstance(1, 5)", "issubclass(1, int)",
    "iter(5)", "reversed(5)", "zip(5)", "enumerate()", "abs('a')", "round('a')", "pow(2, -1, 4)",
    "10 ** 5000 and str(10 ** 5000)", "float('x')", "ord('ab')", "getattr(1, 'x')", "setattr(1, 'x', 2)",
    "print(1, foo=2)", "'a'.join(5)", "'a'.split(1)", "[1].index(2)", "[1].remove(2)", "[].pop()", "{}.popitem()",
    "set().pop()", "(1).bit_length(2)", "input(1, 2)", "1 << -1", "1 % 0", "1.0 // 0", "divmod(1, 0.0)", "0 ** -1",
    "1e308 ** 2",
)
FRAMES = (
    "def {n}(v=None):\n    {d}\n",
    "def {n}(v=None):\n    try:\n        {d}\n    finally:\n        print('finally {n}')\n",
    "def {n}(v=None):\n    try:\n        {d}\n    except Exception as e:\n        raise Note('again') from e\n",
    "def {n}(v=None):\n    try:\n        {d}\n    except Exception:\n        raise KeyError('second')\n",
    "def {n}(v=None):\n    try:\n        {d}\n    except Exception as e:\n"
    "        raise RuntimeError('hidden') from None\n",
    "def {n}(v=None):\n    for i in range(3):\n        if i == 2:\n            {d}\n",
    "def {n}(v=None):\n    with Manager():\n        {d}\n",
    "class C{n}:\n    def __init__(self): self.go()\n    def go(self):\n        {d}\n{n} = C{n}\n",
    "class C{n}:\n    @property\n    def value(self):\n        {d}\n    @staticmethod\n"
    "    def make(): return C{n}().value\n{n} = C{n}.make\n",
    "def {n}(v=None):\n    def inner():\n        {d}\n    return [inner() for _ in 'a']\n",
    "def {n}(v=None):\n    def inner():\n        yield 1\n        {d}\n    for u in inner(): print(u)\n",
    "def {n}(v=None):\n    def inner():\n        {d}\n        yield\n    yield_from = (u for u in inner())\n"
    "    return list(yield_from)\n",
    "def {n}(v=None):\n    class Local:\n        {d}\n",
    "def {n}(v=None):\n    def key(x):\n        {d}\n    return sorted([2, 1], key=key)\n",
    "class C{n}:\n    def __add__(self, o):\n        {d}\n    __call__ = __getitem__ = __len__ = __add__\n"
    "def {n}(v=None):\n    return C{n}() + \\\n        1\n",
    "def deco{n}(f):\n    def wrapped(*a, **k):\n        return f(*a, **k)\n    return wrapped\n@deco{n}\n"
    "def {n}(v=None):\n    {d}\n",
    "def {n}(v=None):\n    try:\n        1 / 0\n    except ZeroDivisionError:\n        try:\n            [][1]\n"
    "        except IndexError:\n            {d}\n",
    "def {n}(v=None):\n    while True:\n        {d}\n        break\n",
    "def {n}(depth=3):\n    if depth > 0: return {n}(depth - 1)\n    {d}\n",
    "def {n}(depth=40):\n    if depth > 0:\n        return {n}(depth - 1)\n    {d}\n",
)
CALLS = ("{n}()", "{n}(\n)", "x = [{n}()]", "print({n}(), 'end')", "({n})()", "{n}(*[])", "(lambda: {n}())()",
    "if {n}(): pass", "for _ in [0]: {n}()", "y = {n}() + 1 if 1 else 2", "assert {n}()", "z = {{'k': {n}()}}",
    "f'{{{n}()}}'", "list(map(lambda q: {n}(), [1]))")
SUPPORT = '''\
import math


class Manager:
    def __enter__(self): return self
    def __exit__(self, *a): print("exit", a[0] and a[0].__name__)


class BrokenStr(Exception):
    def __str__(self): raise ValueError("no text")


def raise_it(): raise Odd("raised", code=2)
def yield_it(): return next(v / 0 for v in [1])


'''


class Process(Writer):
    """Writes the parts of a case."""

    def report(self) -> Case:
        """Functions that call each other, the innermost one fails."""
        defect = self.pick(DEFECTS)
        parts, call = [], ""
        depth = self.rng.randint(0, 4)
        for level in range(depth):
            name = f"step{level}"
            body = call.format(n=f"step{level - 1}") if level else defect
            frame = self.pick(FRAMES)
            at = frame.index("{d}") - (frame.rfind("\n", 0, frame.index("{d}")) + 1)
            lines = body.split("\n")
            body = ("\n" + " " * at).join(lines)
            parts.append(frame.replace("{n}", name).replace("{d}", body))
            call = self.pick(CALLS)
        last = call.format(n=f"step{depth - 1}") if depth else defect
        text = PRELUDE + SUPPORT + "\n\n".join(parts) + "\n" + last + "\n"
        if self.chance(0.1):
            text = text.replace("\n", "\r\n")
        if self.chance(0.05):
            text = text.rstrip("\n")
        return Case(self.number, text)

    def recursion(self) -> Case:
        limit = self.pick((None, 60, 200, 333))
        body = self.pick((
            "def f(n): return f(n + 1)\nf(0)", "def f(n):\n    return g(n)\ndef g(n):\n    return f(n)\nf(0)",
            "class C:\n    def __getattr__(self, n): return self.missing\nC().x",
            "class C:\n    def __eq__(self, o): return self == o\nC() == 1",
            "def f(n):\n    try: return f(n + 1)\n    except RecursionError: return n\nprint(f(0) > 10)",
            "a = []\na.append(a)\nprint(a, a == a)\nb = [b2 := []]\nb2.append(b)\na == b", "f = lambda n: f(n)\nf(1)",
            "def f(): yield from f()\nlist(f())",
            "class C:\n    def __add__(self, o): return o + self\n    __radd__ = __add__\nC() + C()",
            "class D(dict):\n    def __missing__(self, k): return self[k]\nD()[1]",
            "def f(n):\n    if n: f(n - 1)\n    else: raise KeyError(n)\nf(50)",
            "x = []\nfor i in range(100000): x = [x]\ntry: print(x)\nexcept RecursionError as e: print(e)",
            "x = ()\nfor i in range(3000): x = (x, 1)\ny = ()\nfor i in range(3000): y = (y, 1)\n"
            "try: print(x == y)\nexcept RecursionError as e: print(e)",
            "def f(n): return sorted([2, 1], key=lambda v: f(n))\ntry: f(0)\nexcept RecursionError: print('deep')",
            "def f(n): return max([n], key=f)\ntry: f(0)\nexcept RecursionError: print('deep')",
            "class C:\n    def __str__(self): return str(self)\ntry: str(C())\n"
            "except RecursionError as e: print('deep')",
        ))
        head = f"import sys\nsys.setrecursionlimit({limit})\n" if limit else ""
        return Case(self.number, head + body + "\n", loose=True)

    def interaction(self) -> Case:
        lines = [self.pick(("one", "2", "", "é€", "three four", "x" * 9000, "tab\t", "5\r")) for _ in range(self.rng.randint(
            0, 6))]
        stdin = "\n".join(lines) + self.pick(("\n", "", "\n\n"))
        words = [self.pick(("a", "-x", "--long=1", "é", "", "two words", "5")) for _ in range(self.rng.randint(0, 3))]
        steps = [self.pick((
            "print(repr(input()))", "print(repr(input('prompt> ')))", "print(sys.stdin.readline())",
            "print(len(sys.stdin.read()))", "print(sys.stdin.read(3))",
            "for line in sys.stdin: print(repr(line[:30]))", "print([int(v) for v in input().split()])",
            "print(sys.argv[1:], len(sys.argv))", "sys.stderr.write('err\\n')",
            "print('e', file=sys.stderr, flush=True)", "sys.stdout.write('no newline')",
            "print(sys.stdin.readlines()[:2])", "try: input()\nexcept EOFError as e: print('eof', e)",
            "print(*sys.argv[1:], sep='|')", "sys.stdout.flush()", "print(open(0).readline()) if 0 else None",
            "print(sys.stdin.closed, sys.stdin)", "print(next(sys.stdin, 'end'))",
            "sys.stdout.writelines(['a\\n', 'b\\n'])", "print('x' * 20000)", "print('\\udc80')", "print('é€😀')",
            "sys.exit(int(input()))", "raise SystemExit(input())", "sys.stdin.close(); print(sys.stdin.closed)",
            "sys.stdout.close()" if False else "print(sys.stdout.closed)", "print(end='')",
            "sys.displayhook(5)", "print(sys.path[0] == '', __name__, __file__[-3:])", "sys.stderr.write(5)",
            "print(__doc__, __name__)", "sys.setrecursionlimit(50)", "print(input.__name__, open.__name__)",
            "input(1 / 0)",
        )) for _ in range(self.rng.randint(1, 7))]
        return Case(self.number, "import sys\n" + "\n".join(steps) + "\n", stdin=stdin, arguments=words)

    def modules(self) -> Case:
        """Local modules and packages, imported in all ways; some fail."""
        body = self.pick(("value = 5\n", "value = 1 / 0\n", "print('loading', __name__, __package__)\nvalue = [1]\n",
            "from math import *\nvalue = pi\n", "import main_missing\n",
            "__all__ = ['value', 'f']\nvalue = 2\nhidden = 3\ndef f(): return value\n",
            "value = 1\ndef f():\n    global value\n    value += 1\n    return 1 // 0\n",
            "import other\nvalue = other.value\n",
                          "class C:\n    def __repr__(self): return 'C of ' + __name__\nvalue = C()\n",
                          "from other import value\n", "__all__ = ['nothing']\nvalue = 1\n", "raise SystemExit(4)\n",
                          "_private = 1\nvalue = 2\n", "'''Doc.'''\nvalue = __doc__\n",
                          "def __getattr__(name): return 'dynamic ' + name\nvalue = 0\n", "value = 1\nvalue = = 2\n" if
                          self.chance(0.2) else "value = 3\n"))
        files = {"helper.py": body, "other.py": self.pick(("value = 'other'\n",
            "import helper\nvalue = helper.__name__\n", "from helper import value\n",
            "value = __name__\nraise ValueError('in other')\n")),
                 "pack/__init__.py": self.pick(("", "from . import inner\n", "from .inner import thing\n",
                 "print('pack', __name__)\n", "__all__ = ['inner']\n", "import pack.inner\n")),
                 "pack/inner.py": self.pick(("thing = 1\n", "from . import sibling\nthing = sibling.s\n",
                 "from .. import helper\nthing = 2\n", "from .sibling import s as thing\n", "thing = 1 / 0\n",
                 "from . import missing\n")), "pack/sibling.py": "s = __name__, __package__\n"}
        steps = [self.pick((
            "import helper\nprint(helper.value)", "from helper import value\nprint(value)",
            "from helper import *\nprint(sorted(k for k in globals() if k in ('value', 'hidden', 'f', "
            "'_private', 'pi')))", "import helper as h, other\nprint(h.value, other.value)",
            "import pack.inner\nprint(pack.inner.thing)", "from pack import inner\nprint(inner.thing)",
            "from pack.inner import thing\nprint(thing)",
            "from pack import *\nprint('inner' in globals())", "from pack import missing_too", "import pack.missing",
            "import pack\nprint(pack.__name__, pack.__file__[-11:], hasattr(pack, 'inner'))",
            "try:\n    import helper\nexcept Exception as e:\n    print(type(e).__name__, e)\nimport helper",
            "import helper\nprint(helper, helper.missing)", "from helper import missing",
            "import helper\nhelper.value = 9\nimport helper\nprint(helper.value, helper.f())",
            "import sys, helper\nprint('helper' in sys.modules, sys.modules['helper'] is helper)",
            "def f():\n    import helper, pack.sibling\n    return helper.value, pack.sibling.s\nprint(f())",
            "import nothing_at_all", "try: import nothing_at_all\nexcept ImportError as e: print(e.name, e.path, e)",
            "from . import helper", "import helper\ndel helper.value\nprint(helper.value)",
            "import helper\nprint(sorted(k for k in vars(helper) if k[0] != '_'))",
            "from other import value as v, value as w\nprint(v is w)", "import helper.sub",
        )) for _ in range(self.rng.randint(1, 3))]
        return Case(self.number, "\n".join(steps) + "\nprint('end')\n", files=files)

    def limited(self) -> Case:
        """An ordinary program that a limit may end."""
        base = Writer(self.rng.randint(1, 10 ** 6), self.number)
        text = PRELUDE + base.write() + base_loop(self)
        kind = self.pick(("fuel", "memory", "time"))
        option, status = {"fuel": (f"--fuel={self.pick((10, 1000, 20000, 200000))}", (124,)), "memory": (
            f"--memory-limit={self.pick(('3M', '6M', '20M'))}", (125, 1)), "time": (
            f"--time-limit={self.pick(('0.01', '0.2', '3'))}", (124,))}[kind]
        return Case(self.number, text, options=[option], status=status)

    def case(self) -> Case:
        return self.pick((self.report, self.report, self.report, self.report, self.recursion, self.interaction, self.interaction,
            self.modules, self.modules, self.limited))()  # type: ignore[no-any-return]


def base_loop(writer: Process) -> str:
    """Work of a kind that polls in native code, of bounded length."""
    return "def work():\n    " + writer.pick((
        "x = [i for i in range(30000)]\n    x.sort(key=lambda v: -v)\n    return len(x)",
        "s = ''\n    for i in range(30000): s += str(i)\n    return len(s)",
        "x = []\n    for i in range(3000): x.append([i] * 20)\n    return sum(map(len, x))",
        "return len(str(7 ** 5000)) + len('ab' * 200000)", "d = {i: str(i) for i in range(20000)}\n    return len(d)",
        "for i in range(200): print('line', i, 'x' * 50)\n    return 1",
        "n = 0\n    while n < 50000: n += 1\n    return n",
        "return len([*range(100000)]) + len(repr(list(range(20000))))",
        "return sorted('abc' * 9000)[5] + max('xyz' * 9000)", "def g(n): return n and g(n - 1)\n    return g(300)",
        "return len(' '.join(['ab'] * 50000).split())",
        "try:\n        while 1: n = [0] * 100000; n2 = n * 50; break\n    finally: print('finally')\n    return 3",
        "x = {i for i in range(30000)}\n    return len(x | {-5})", "return sum(i * i for i in range(40000))",
        "class C: pass\n    return len([C() for i in range(20000)])",
    )) + "\nprint(work())\n"


def process(seed: int, number: int) -> Case:
    """The case of a number."""
    return Process(seed, number).case()
