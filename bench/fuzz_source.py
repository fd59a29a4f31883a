"""Fuzzes the front end with mutants of programs: what CPython says against a source, minivm says, in the same words.

    python bench/fuzz_source.py [--count 2000] [--seed 1] [--first 0] [--keep FOLDER] [--live 200] [--quiet]
    python bench/fuzz_source.py --show NUMBER      prints a mutant as a Python bytes literal
    python bench/fuzz_source.py --ask FILE         compares one file

A mutant is a piece of a seed (programs/, tests/run, and the snippets of syntax below) with tokens, lines, characters,
indentation or the encoding changed; its number and the seed make it. The oracle is the parser and compiler behind
`python3.11 FILE`, called through ctypes in a process of its own, where an audit hook keeps the program from running;
one mutant in `--live` that is no Python is also given to a real `python3.11 FILE`. A finding is a text on stderr that
differs, a verdict that differs, an exception that is no CompileError, more than SLOW seconds, or an image that the
runtime's verifier refuses. Refusals are only allowed where CPython accepts the source, or when they name a limit.
Findings are made smaller and written to FOLDER (default: build/fuzz_source). Exit status 1 if there was one.

Run it by the Python (3.11) in whose environment minivm is installed.
"""
from __future__ import annotations

import argparse
import base64
import random
import re
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "vm"))

from minivm import VM  # noqa: E402
from minivm.bytecode import compile_source  # noqa: E402
from minivm.errors import BadImage, CompileError, Refused  # noqa: E402

SLOW = 10.0  # seconds that a mutant may take
LIMITS = re.compile(r"nested this deeply|this deeply is not|tokens is not|bytes is not|many fields")
NAME = "mutant.py"

# -- the oracle --

ORACLE = r'''
import base64, ctypes, io, os, sys, warnings
warnings.simplefilter("ignore")
class Compiled(BaseException): pass
armed, name = False, os.path.abspath("mutant.py").encode()
def hook(event, args):
    global armed
    if armed and event == "exec" and args[0].co_filename == name.decode():
        armed = False
        raise Compiled
sys.addaudithook(hook)
libc, api = ctypes.CDLL(None), ctypes.pythonapi
libc.fopen.restype = ctypes.c_void_p
libc.fopen.argtypes = ctypes.c_char_p, ctypes.c_char_p
run = api.PyRun_FileExFlags
run.restype = ctypes.py_object
run.argtypes = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.py_object, ctypes.py_object, ctypes.c_int, ctypes.c_void_p
for line in sys.stdin.buffer:
    with open("mutant.py", "wb") as file:
        file.write(base64.b64decode(line))
    space = {"__builtins__": __builtins__}
    text = ""
    try:
        armed = True
        run(libc.fopen(name, b"rb"), name, 257, space, space, 1, None)
    except Compiled:
        pass
    except BaseException as problem:
        armed = False
        out, sys.stderr = sys.stderr, io.StringIO()
        sys.__excepthook__(type(problem), problem.with_traceback(None), None)
        text, sys.stderr = sys.stderr.getvalue(), out
    armed = False
    sys.stdout.buffer.write(base64.b64encode(text.encode("utf-8", "backslashreplace")) + b"\n")
    sys.stdout.buffer.flush()
'''


class Oracle:
    """CPython's parser for files in a process that is started again when a mutant kills it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, source: bytes) -> str | None:
        """What CPython prints on stderr, "" for a program that compiles, None if CPython itself died."""
        if self.process is None:
            command = [sys.executable, "-I", "-W", "ignore", "-c", ORACLE]
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self.folder)
        pipe_in, pipe_out = self.process.stdin, self.process.stdout
        assert pipe_in is not None and pipe_out is not None
        try:
            pipe_in.write(base64.b64encode(source) + b"\n")
            pipe_in.flush()
            answer = pipe_out.readline()
        except BrokenPipeError:
            answer = b""
        if not answer:
            self.close()
            return None
        return base64.b64decode(answer).decode("utf-8").replace(f"{self.folder}/", "").rstrip("\n")

    def live(self, source: bytes) -> str:
        """The same from `python3.11 FILE`; only for a source that does not compile."""
        (self.folder / NAME).write_bytes(source)
        command = [sys.executable, "-W", "ignore", str(self.folder / NAME)]
        ran = subprocess.run(command, capture_output=True, cwd=self.folder, timeout=60)
        return ran.stderr.decode("utf-8", "backslashreplace").replace(f"{self.folder}/", "").rstrip("\n")

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


# -- our side --


def ours(source: bytes, load: bool) -> tuple[str, str]:
    """(kind, text): `accepted`, `refused`, `wrong` (no Python), `broken` (an exception of ours), `slow`."""
    started = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = compile_source(source, NAME)
        kind, text = "accepted", ""
        if load:
            with VM(memory_limit=None, time_limit=None) as vm:
                vm._bridge.load(image)
    except Refused as problem:
        kind, text = "refused", problem.message
    except CompileError as problem:
        kind, text = "wrong", str(problem)
    except BadImage as problem:
        kind, text = "broken", f"the verifier refuses the image: {problem}"
    except Exception as problem:
        kind, text = "broken", f"{type(problem).__name__}: {problem}"
    spent = time.process_time() - started
    return ("slow", f"{spent:.1f} s") if spent > SLOW else (kind, text)


def difference(theirs: str | None, kind: str, text: str) -> str:
    """What is wrong, as one word for the shrinker to keep; "" if nothing is."""
    if kind in ("broken", "slow"):
        return kind
    if theirs is None or theirs.endswith(("MemoryError", "RecursionError: maximum recursion depth exceeded during compilation")):
        return "" if kind == "refused" else "deep"
    if not theirs:
        return "rejected" if kind == "wrong" else ""
    if kind == "refused" and LIMITS.search(text):
        return ""
    if kind != "wrong":
        return "accepted"
    if theirs != text and text.endswith("null bytes") and re.search("expected (an indented|'except')", theirs):
        return ""  # the one difference that frontend/parse.py leaves
    return "" if text == theirs else "text"


# -- mutants --

SNIPPETS = (
    "async def f(x):\n    async with a as b, c:\n        await d\n    async for i in e:\n        yield i\n    return [j async for j in k if await m]\n",
    "match a:\n    case 1 | 2: pass\n    case [x, *y] if z: pass\n    case {'k': v, **r}: pass\n    case A(b=c) as d: pass\n    case _: pass\n",
    "def f(a, b=1, /, c: int = 2, *d, e, g=3, **h) -> None:\n    global i\n    nonlocal_ = lambda x, *y, z=1, **w: (yield)\n    return a, *d\n",
    "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x += 1\n        return (y := x)\n    del x\n    return g\n",
    "@a.b(c)\n@d\nclass E(F, *G, metaclass=H, **I):\n    '''doc'''\n    j: int = 1\n    k: str\n    def l(self): return super().l, __class__\n",
    "try:\n    a\nexcept (B, C) as d:\n    raise E from d\nexcept F: raise\nexcept:\n    pass\nelse:\n    g\nfinally:\n    h\n",
    "try:\n    a\nexcept* B as c:\n    pass\n",
    "with (a as b, c() as (d, *e),): pass\nwith a, b as c.d, e as f[0]: pass\n",
    "x = f'a{b!r:>{c}}{{d}}{e=}{f(g)[h]:%Y-%m}' rf'\\d{i}' f\"\"\"{\nj}\n\"\"\"\ny = '\\N{DIGIT ONE}\\x41\\u0041\\U00000041\\101\\\n' b'c' r'\\' + u'd'\n",
    "f'{a:{b}{c}}' f'{d!s}' F'{lambda_: 1}' f'{ {1: 2}[1] }' f'{(lambda: 1)()}' f'{a,}' f'{*a, b}' f'{yield_ }'\n",
    "for a, (b, *c) in d, *e:\n    if a: continue\n    elif b: break\n    else: pass\nelse:\n    while x: y\n    else: z\n",
    "a = b = c, *d = [*e, 1], {**f, 'g': 1}, {*h, 2}, (), [], {}, (1,), ...\na[1:2, ::3, ...] = b[:] = c[x:=1]\n",
    "a if b else c; not a and b or c; a < b <= c != d is not e not in f in g is h\n-a ** -b // ~c @ d % e << f >> g & h ^ i | j\n",
    "[a for b in c if d if e for f in g]; {a: b for c, d in e}; {a for b in c}; (a for b in c); f(a for b in c)\n",
    "f(a, *b, c=d, **e, g=h)\nf(a)(b)[c].d(e := 1)\nprint(*a, sep='')\n",
    "import a.b.c as d, e\nfrom . import f\nfrom ..g.h import (i as j, k,)\nfrom l import *\nfrom __future__ import annotations\n",
    "def f():\n    x: int\n    x.y: int = 1\n    x[0]: 'str' = yield\n    (x): int = 3\n    x += yield\n",
    "0x_ff 0b1_0 0o17 1_000 1e10 1.5E-3 .5 5. 1j 1.e1j 0_0\n".replace(" ", "; "),
    "if 1:\n\tif 2:\n\t\ta\n        # c\n\telse:\n\t\tb\n\\\nc = (1 +\n  2)  # d\n\x0c\ne\n",
    "é = 'ü' + \"\"\"日本\n語\"\"\"; ß(ñ, 'ö', x)\nπ = lambda ω: ω ** 2\n",
    "class A:\n    __x = 1\n    def __f(self, __y): return self.__x + __y\n    class __B: pass\n    for __i in (): pass\n",
    "assert a, b\nassert (a, b)\ndel a, (b, c), d[e], f.g\ndef h():\n    global a\n    x = yield from y\n    yield\n    raise\n",
    "# -*- coding: latin-1 -*-\nx = 'y'\n",
    "#!/usr/bin/env python\n# vim: set fileencoding=utf-8 :\ndef f(): return 'ä'\n",
)

WORDS = (
    *"False None True and as assert async await break class continue def del elif else except finally for from global "
    "if import in is lambda nonlocal not or pass raise return try while with yield match case _ type print __debug__ "
    "__class__ super x f rb u 0 1 1.5 2j 0777 0x 1_ 1e 9 'a' \"b\" ''' \"\"\" f'{ f'{a}' f'{a!r:b}' } {{ b'x' r'\\' '\\N{x} '\\x "
    "\\ $ ? ! é ² € \u00a0 \u200b \x0c \t \r \x00 \x01 \x7f \ud7ff \ufeff".split(" "),
    *"( ) [ ] { } , ; : . ... -> := = == != <> < > <= >= << >> + - * / // % @ & | ^ ~ ** += -= *= /= //= %= @= &= |= ^= "
    ">>= <<= **= \n \n\n \\\n #".split(" "),
    "\n    ", "\n  ", "\n\t", "\r\n", "# type: int", "# coding: latin-1\n", "*", "**", "not in", "is not", "await x",
)
TOKEN = re.compile(
    r"""[rRbBfFuU]{0,2}(?:'''.*?'''|\"\"\".*?\"\"\"|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|#[^\n]*|\n[ \t]*|"""
    r"""\w+|[-+*/%@&|^=<>!:]=|\*\*=?|//=?|<<=?|>>=?|->|\.\.\.|[ \t]+|.""",
    re.DOTALL,
)


class Mutants:
    """The mutants of a seed number, by their own numbers."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        paths = sorted([*(ROOT / "programs").glob("*.py"), *(ROOT / "tests" / "run").glob("*.py")])
        self.sources = [path.read_text(encoding="utf-8") for path in paths]

    def make(self, number: int) -> bytes:
        rng = random.Random(f"{self.seed}:{number}")
        tokens = TOKEN.findall(self._piece(rng))
        for _ in range(rng.choice((0, 0, 1, 1, 1, 1, 1, 2, 2, 3, 6))):
            if tokens:
                rng.choice(_CHANGES)(rng, tokens)
        text = "".join(tokens)
        if rng.random() < 0.3:
            text = _edit_lines(rng, text)
        if rng.random() < 0.15:
            text = text[: rng.randrange(len(text) + 1)]
        data = text.encode("utf-8", "surrogatepass")
        return _edit_bytes(rng, data) if rng.random() < 0.15 else data

    def _piece(self, rng: random.Random) -> str:
        kind = rng.random()
        if kind < 0.45:
            return "".join(rng.choice(SNIPPETS) for _ in range(rng.randint(1, 2)))
        lines = rng.choice(self.sources).splitlines(keepends=True)
        start = rng.randrange(len(lines))
        count = rng.choice((2, 5, 12, 30))
        if kind < 0.9:  # whole statements
            while start and lines[start][0] in " \n)":
                start -= 1
            while start + count < len(lines) and lines[start + count][0] in " \n)":
                count += 1
        return "".join(lines[start : start + count])


def _delete(rng: random.Random, tokens: list[str]) -> None:
    start = rng.randrange(len(tokens))
    del tokens[start : start + rng.choice((1, 1, 1, 2, 4))]


def _duplicate(rng: random.Random, tokens: list[str]) -> None:
    start = rng.randrange(len(tokens))
    part = tokens[start : start + rng.choice((1, 1, 2, 5))]
    at = start if rng.random() < 0.5 else rng.randrange(len(tokens))
    tokens[at:at] = part * rng.choice((1, 1, 1, 3))


def _swap(rng: random.Random, tokens: list[str]) -> None:
    one, two = rng.randrange(len(tokens)), rng.randrange(len(tokens))
    tokens[one], tokens[two] = tokens[two], tokens[one]


def _insert(rng: random.Random, tokens: list[str]) -> None:
    tokens.insert(rng.randrange(len(tokens) + 1), rng.choice(WORDS) + rng.choice(("", "", " ")))


def _replace(rng: random.Random, tokens: list[str]) -> None:
    tokens[rng.randrange(len(tokens))] = rng.choice(WORDS)


def _inside(rng: random.Random, tokens: list[str]) -> None:
    """A character in a token (a string's quote, a digit, a letter) changed or put in."""
    at = rng.randrange(len(tokens))
    token = tokens[at]
    where = rng.randrange(len(token) + 1)
    tokens[at] = token[:where] + rng.choice("'\"\\{}!:=_0xejé\n #()[]") + token[where + rng.randrange(2) :]


_CHANGES: tuple[Callable[[random.Random, list[str]], None], ...] = (
    _delete, _delete, _duplicate, _swap, _insert, _insert, _replace, _replace, _inside,
)


def _edit_lines(rng: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = rng.randrange(len(lines))
    match rng.randrange(7):
        case 0:
            lines[at] = rng.choice((" ", "  ", "\t", "    ", "\x0c")) + lines[at]
        case 1:
            lines[at] = lines[at].lstrip(" ") if rng.random() < 0.5 else lines[at][1:]
        case 2:
            del lines[at]
        case 3:
            lines[at] = lines[at].rstrip("\n") + rng.choice(("\\\n", "\\", " \\ \n", "\r\n", "\r", "\x0c\n", ":\n"))
        case 4:
            lines.insert(at, rng.choice(("else:\n", "finally:\n", "except A:\n", "    pass\n", "if x:\n", "\n", "return\n", "@d\n")))
        case 5:
            lines = [line.replace("    ", "\t", rng.randrange(3)) for line in lines]
        case _:
            lines[at:at] = [lines[rng.randrange(len(lines))]]
    return "".join(lines)


def _edit_bytes(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    match rng.randrange(9):
        case 0:
            return b"\xef\xbb\xbf" + data
        case 1:
            return data[:at] + rng.choice((b"\0", b"\xff", b"\xc3", b"\xe9", b"\xed\xa0\x80", b"\xf0\x9f", b"\x80")) + data[at:]
        case 2:
            return data.replace(b"\n", b"\r\n")
        case 3:
            return data.replace(b"\n", b"\r")
        case 4:
            return data.rstrip(b"\n")
        case 5:
            name = rng.choice((b"utf-8", b"latin-1", b"ascii", b"cp1252", b"utf-16", b"nope", b"UTF_8", b"iso-8859-15", b"utf-8-sig", b"shift_jis"))
            return rng.choice((b"# coding: ", b"#\n# -*- coding:", b"x = 1 # coding=", b"\x0c # coding=")) + name + b"\n" + data
        case 6:
            return b"#coding: latin-1\n" + data.decode("utf-8", "surrogatepass").encode("latin-1", "replace")
        case 7:
            return data[:at] + b"\n" * rng.choice((1, 3)) + data[at:]
        case _:
            return data + rng.choice((b"\\", b"\n\\", b"\n    ", b"#", b"\n\n\n", b"\x1a", b"\n\t", b"\x0c", b"(", b"'''"))


# -- shrinking --


def _smaller(source: bytes) -> Iterator[bytes]:
    for pieces in (source.splitlines(keepends=True), re.findall(rb"\w+|\s+|.", source, re.DOTALL), [bytes([byte]) for byte in source]):
        size = len(pieces) // 2
        while size:
            for start in range(0, len(pieces), size):
                yield b"".join(pieces[:start] + pieces[start + size :])
            size //= 2


def shrink(source: bytes, still: Callable[[bytes], bool]) -> bytes:
    tries = 0
    changed = True
    while changed and tries < 1500:
        changed = False
        for candidate in _smaller(source):
            tries += 1
            if tries > 1500:
                break
            if still(candidate):
                source, changed = candidate, True
                break
    return source


# -- the command --


def compare(oracle: Oracle, source: bytes, load: bool = True) -> tuple[str, str, str]:
    """(what differs or "", CPython's text, our text)."""
    theirs = oracle.ask(source)
    kind, text = ours(source, load)
    return difference(theirs, kind, text), theirs if theirs is not None else "(died)", text or kind


def fuzz(count: int, seed: int, first: int, live: int, keep: Path | None, quiet: bool) -> tuple[int, dict[str, int]]:
    """(findings, how many mutants had which verdict)."""
    mutants = Mutants(seed)
    counts: dict[str, int] = {}
    findings = 0
    seen: set[tuple[str, str]] = set()
    with tempfile.TemporaryDirectory() as name:
        oracle = Oracle(Path(name))
        started = shown = time.monotonic()
        for number in range(first, first + count):
            source = mutants.make(number)
            what, theirs, text = compare(oracle, source)
            verdict = theirs.rpartition("\n")[2].partition(":")[0] or "compiles"
            counts[verdict] = counts.get(verdict, 0) + 1
            if verdict.endswith("Error") and live and number % live == 0:
                counts["asked live"] = counts.get("asked live", 0) + 1
                assert oracle.live(source) == theirs, f"the oracle is not `python3.11 FILE` for mutant {number}"
            if what:
                findings += 1
                signature = what, re.sub(r"\d+|'[^']*'", "", text.rpartition("\n")[2])[:40]
                if signature not in seen:
                    seen.add(signature)
                    source = shrink(source, lambda candidate: compare(oracle, candidate)[0] == what)
                _, theirs, text = compare(oracle, source)
                report(number, what, source, theirs, text, keep)
            if not quiet and time.monotonic() - shown > 10:
                shown = time.monotonic()
                rate = (number + 1 - first) / (shown - started)
                print(f"{number + 1 - first} mutants, {rate:.0f}/s, {findings} findings", file=sys.stderr)
        oracle.close()
    return findings, counts


def report(number: int, what: str, source: bytes, theirs: str, text: str, keep: Path | None) -> None:
    print(f"--- mutant {number}: {what}\n{source[:600]!r}\nCPython:\n{theirs[-600:]}\nminivm:\n{text[-600:]}", flush=True)
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"mutant_{number}.py").write_bytes(source)


def main() -> int:
    parser = argparse.ArgumentParser(description="The front end against CPython's on mutants of programs.")
    parser.add_argument("--count", type=int, default=2000, help="mutants (default: 2000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the first mutant's number (default: 0)")
    parser.add_argument("--live", type=int, default=200, help="one in so many is asked of a real process too (0: none)")
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "fuzz_source", metavar="FOLDER")
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--show", type=int, metavar="NUMBER")
    parser.add_argument("--ask", type=Path, metavar="FILE")
    options = parser.parse_args()
    if sys.version_info[:2] != (3, 11):
        parser.error("the oracle is Python 3.11")
    if options.show is not None:
        print(Mutants(options.seed).make(options.show))
        return 0
    if options.ask is not None:
        with tempfile.TemporaryDirectory() as name:
            oracle = Oracle(Path(name))
            what, theirs, text = compare(oracle, options.ask.read_bytes())
            oracle.close()
        print(f"{what or 'the same'}\nCPython:\n{theirs}\nminivm:\n{text}")
        return 1 if what else 0
    started = time.monotonic()
    findings, counts = fuzz(options.count, options.seed, options.first, options.live, options.keep, options.quiet)
    seconds = time.monotonic() - started
    print(f"{options.count} mutants in {seconds:.0f} s, {findings} findings; {counts}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
