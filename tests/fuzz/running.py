"""Runs batches of generated programs under CPython and minivm-exec and compares what they print.

Called by bench/fuzz_programs.py. A batch is one file: the prelude, then many programs, a marker line before each one's
output. Each side runs a batch in one process; what differs is run again on its own, so that a crash or a hang costs no
other program. Not compared: addresses, and programs in which memory or time ran out on either side.
"""
from __future__ import annotations

import ast
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from generator import PRELUDE, program

from minivm.bytecode import compile_source
from minivm.bytecode.dis import FIELD, codes, decode
from minivm.bytecode.image import load
from minivm.errors import CompileError

MARK = "\x01#"
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
TIMEOUT = 20.0
MEMORY = 2 << 30
CONFIGURATIONS = {
    "normal": [], "ic-off": ["--ic=off"], "ic-mega": ["--ic=mega"], "gc-stress": ["--gc-stress"],
}
ENVIRONMENT = {"PYTHONHASHSEED": "0", "PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
LOST = ("MemoryError", "status 125", "is not in Mini")

# Open findings (tests/fuzz/found/README.md) that --mask makes equal, so that others behind them can be seen.
KNOWN: tuple[tuple[re.Pattern[str], str], ...] = ()
masked = False


@dataclass
class Finding:
    """A program that printed something else."""

    number: int
    text: str
    wanted: str
    got: str
    configuration: str


@dataclass
class Report:
    """What one batch gave; reports are added up."""

    programs: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    left_out: int = 0
    findings: list[Finding] = field(default_factory=list)
    opcodes: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, other: Report) -> None:
        self.programs += other.programs
        self.left_out += other.left_out
        self.refused += other.refused
        self.findings += other.findings
        self.opcodes += other.opcodes
        self.pairs += other.pairs


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _run(command: list[str], timeout: float) -> str:
    """What a command printed, with a last line that says how it ended."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace", timeout=timeout,
            env=ENVIRONMENT, preexec_fn=_limit,
        )
    except subprocess.TimeoutExpired as problem:
        return (problem.stdout or b"").decode("utf-8", "replace") + "\ntimeout"
    end = "" if done.returncode == 0 else f"\nstatus {done.returncode}"
    if end and done.returncode < 0:
        end += "\n" + done.stderr[-400:]
    output = ADDRESS.sub(" at 0x", done.stdout)
    for pattern, replacement in KNOWN if masked else ():
        output = pattern.sub(replacement, output)
    return output + end


def joined(texts: list[tuple[int, str]]) -> str:
    return PRELUDE + "".join(f"print({MARK!r}, {number})\n{text}" for number, text in texts)


class Sides:
    """The two commands, and a folder to work in."""

    def __init__(self, vm: str, folder: Path, timeout: float = TIMEOUT) -> None:
        self.vm = vm
        self.folder = folder
        self.timeout = timeout

    def cpython(self, source: str) -> str:
        path = self.folder / "batch.py"
        path.write_text(source, encoding="utf-8")
        return _run([sys.executable, "-S", "-W", "ignore", str(path)], self.timeout)

    def minivm(self, image: bytes, configuration: str) -> str:
        path = self.folder / "batch.minic"
        path.write_bytes(image)
        factor = 4 if configuration == "gc-stress" else 1
        return _run([self.vm, "--memory-limit=1G", *CONFIGURATIONS[configuration], str(path)], self.timeout * factor)

    def compile(self, source: str) -> bytes:
        return compile_source(source, str(self.folder / "batch.py"))

    def differs(self, text: str, configuration: str) -> tuple[str, str] | None:
        """Both outputs of one program, if they differ; None also for what is no program of Mini."""
        source = PRELUDE + text
        try:
            image = self.compile(source)
        except CompileError:
            return None
        wanted = self.cpython(source)
        got = self.minivm(image, configuration)
        if wanted == got or self.is_lost(wanted, got):
            return None
        return wanted, got

    @staticmethod
    def is_lost(wanted: str, got: str) -> bool:
        """Whether memory or time ran out (where, is each side's own affair), or what is not in Mini was met as it ran."""
        return any(word in wanted or word in got for word in LOST) or wanted.endswith("\ntimeout")

    def judge(self, text: str, configuration: str) -> tuple[str, str] | bool:
        """As `differs`; True if both sides print the same, False if memory or time ran out."""
        source = PRELUDE + text
        wanted = self.cpython(source)
        got = self.minivm(self.compile(source), configuration)
        return True if wanted == got else False if self.is_lost(wanted, got) else (wanted, got)


def opcodes_of(image: bytes, counter: Counter[str]) -> None:
    for module in load(image)["modules"]:
        for code in codes(module["code"]):
            counter.update(instruction.row.name for instruction in decode(code[FIELD["instructions"]]))


def run_batch(vm: str, seed: int, numbers: list[int], configurations: list[str], census: bool,
              mask: bool) -> Report:
    """Generates, runs and compares programs; with `census`, counts opcodes and pairs of operand types, too."""
    global masked
    masked = mask
    report = Report()
    texts: list[tuple[int, str]] = []
    for number in numbers:
        text = program(seed, number)
        texts.append((number, text))
    with tempfile.TemporaryDirectory() as name:
        sides = Sides(vm, Path(name))
        image = None
        while texts and image is None:
            try:
                image = sides.compile(joined(texts))
            except CompileError:
                kept = []
                for number, text in texts:
                    try:
                        sides.compile(PRELUDE + text)
                        kept.append((number, text))
                    except CompileError as problem:
                        report.refused[str(getattr(problem, "message", problem))[:60]] += 1
                if len(kept) == len(texts):
                    break
                texts = kept
        if image is None:
            return report
        report.programs = len(texts)
        wanted = _split(sides.cpython(joined(texts)))
        for configuration in configurations:
            got = _split(sides.minivm(image, configuration))
            for number, text in texts:
                if number in wanted and wanted[number] == got.get(number):
                    continue
                verdict = sides.judge(text, configuration)
                if verdict is False:
                    report.left_out += 1
                elif verdict is not True:
                    report.findings.append(Finding(number, text, *verdict, configuration))
        if census:
            opcodes_of(image, report.opcodes)
            report.pairs = operand_types(joined(texts))
    return report


def _split(output: str) -> dict[int, str]:
    parts = output.split(MARK + " ")
    result = {}
    for part in parts[1:]:
        number, _, text = part.partition("\n")
        result[int(number)] = text
    return result


class _Recorder(ast.NodeTransformer):
    """Wraps the operands of each binary and compare operator, so that their types are counted when it runs."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        call = ast.Call(ast.Name("_binary", ast.Load()), [ast.Constant(type(node.op).__name__), node.left, node.right],
            [])
        return ast.copy_location(call, node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if len(node.ops) > 1:
            return node
        name = ast.Constant(type(node.ops[0]).__name__)
        call = ast.Call(ast.Name("_binary", ast.Load()), [name, node.left, *node.comparators], [])
        return ast.copy_location(call, node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.target, ast.Name):
            return node
        left = ast.Name(node.target.id, ast.Load())
        value = ast.Call(ast.Name("_augmented", ast.Load()), [ast.Constant(type(node.op).__name__), left, node.value],
            [])
        return ast.copy_location(ast.AugAssign(node.target, node.op, value), node)


_HEAD = '''\
import operator as _o, collections as _c, sys as _s, io as _io
_pairs = _c.Counter()
_ops = dict(Add=_o.add, Sub=_o.sub, Mult=_o.mul, Div=_o.truediv, FloorDiv=_o.floordiv, Mod=_o.mod, Pow=_o.pow,
            MatMult=_o.matmul, LShift=_o.lshift, RShift=_o.rshift, BitAnd=_o.and_, BitOr=_o.or_, BitXor=_o.xor,
            Lt=_o.lt, LtE=_o.le, Eq=_o.eq, NotEq=_o.ne, Gt=_o.gt, GtE=_o.ge, Is=_o.is_, IsNot=_o.is_not,
            In=lambda a, b: a in b, NotIn=lambda a, b: a not in b)
def _kind(v):
    t = type(v)
    if t is int: return "int" if -2**47 <= v < 2**47 else "bigint"
    return t.__name__ if t.__module__ == "builtins" else "object"
def _binary(op, a, b):
    _pairs[op, _kind(a), _kind(b)] += 1
    return _ops[op](a, b)
def _augmented(op, a, b):
    _pairs[op, _kind(a), _kind(b)] += 1
    return b
import atexit as _a, pickle as _p
_a.register(lambda: open(_s.argv[1], "wb").write(_p.dumps(_pairs)))
'''


def operand_types(source: str) -> Counter[tuple[str, str, str]]:
    """How often each operator met each pair of types, by CPython."""
    import pickle

    tree = ast.fix_missing_locations(_Recorder().visit(ast.parse(source)))
    with tempfile.TemporaryDirectory() as name:
        path, target = Path(name, "census.py"), Path(name, "pairs")
        path.write_text(_HEAD + ast.unparse(tree), encoding="utf-8")
        _run([sys.executable, "-W", "ignore", str(path), str(target)], 60.0)
        try:
            return pickle.loads(target.read_bytes())  # type: ignore[no-any-return]
        except OSError:
            return Counter()
