"""Runs generated programs under CPython and minivm-exec and compares what they print.

Called by bench/fuzz_programs.py. A batch is one file: the prelude, then many programs, a marker line before each one's
output. Each side runs a batch in one process; what differs is run again on its own, so that a crash or a hang costs no
other program. The cases of processes.py are run alone from the start, and their standard error is compared, too. Not
compared: addresses, and what a program prints from the line on at which memory or time ran out or at which it met what
is not in Mini; up to there it must print the same. It is a difference, too, if CPython ends in time and the VM does not,
or if CPython does with a quarter of the memory in which the VM does not (`lost`).
"""
from __future__ import annotations

import ast
import functools
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import embedded
import pairs
from changes import FIRST
from generator import PRELUDE, program
from processes import Case, process
from talks import Talk, talk
from wavering import moved, only_moved

from minivm.bytecode import compile_source
from minivm.bytecode.dis import FIELD, codes, decode
from minivm.bytecode.image import load
from minivm.errors import CompileError

warnings.simplefilter("ignore", SyntaxWarning)  # of the programs that are compiled here
MARK = "\x01#"
ADDRESS = re.compile(r" at 0x[0-9a-f]+", re.IGNORECASE)  # programs change the case of texts
# How a recursion through functions in C ends depends in CPython on its depth and on what ran before (docs/language.md).
ENDING = "maximum recursion depth exceeded", " while calling a Python object"
MODULE = re.compile(r"<module [^<>]*>")  # says where its file lies, or that it has none
TIMEOUT = 10.0
ALONE = 10  # of this many programs, one is a process of its own


def is_alone(number: int) -> bool:
    """Whether the program of a number is a case of processes.py; the rows of pairs.py are left alone."""
    return number % ALONE == 3 and not pairs.is_row(number) and number < FIRST


MEMORY = 2 << 30
SMALL = 1 << 28  # a quarter of what the VM has, for CPython with all its mappings
OUTPUT = 16 << 20  # bytes; a batch prints some hundred KiB
PAST = "output past the bound"
TIME, OUTPUT_PAST, MEMORY_OUT, OWN_MEMORY = "time", "output", "CPython's memory", "memory"  # why there is nothing more to compare
RAN_REFUSED, MOVED, DROPPED = "refused as it ran", "addresses", "text that CPython dropped"
CONFIGURATIONS = {
    "normal": [], "ic-off": ["--ic=off"], "ic-mega": ["--ic=mega"], "gc-stress": ["--gc-stress"],
    "jit-eager": ["--jit=eager", "--compile=inline"], "jit-on": ["--jit=on", "--jit-threshold=3"],
    "jit-leave": ["--jit=eager", "--compile=inline", "--jit-stress=5"],
    "jit-flip": ["--jit=eager", "--compile=inline", "--code-memory=flip"],
    "jit-pointer": ["--jit=eager", "--compile=inline", "--ic=pointer"], "jit-mega": ["--jit=eager", "--ic=mega"],
    "jit-process": ["--jit=eager", "--compile=process", "--code-layers=digest,guests,checker,faults"],
    "jit-gc-stress": ["--jit=eager", "--compile=inline", "--gc-stress"],
    "trace": ["--trace=call,exception,gc,ic,load", "--stats"],
    "jit-trace": ["--jit=eager", "--compile=inline", "--gdb", "--stats", "--trace=call,exception,gc,ic,load"],
    "api": [],  # the conversations of talks.py
    "asan": [], "jit-asan": ["--jit=eager", "--compile=inline"],  # of that variant, which tests/sanitize.py --install has built
}
NOISY = ("trace", "jit-trace")  # write much to standard error: processes of their own are left out


ASAN = Path(__file__).resolve().parents[2] / "build" / "sanitize" / "venv" / "bin"


@functools.cache
def asan_library() -> str:
    """What must be loaded before Python, for the module of that variant."""
    return subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True).stdout.strip()


def command(vm: str, configuration: str) -> list[str]:
    """How the VM is called in a configuration. Native code needs the compiler: `minivm`, which lies beside minivm-exec."""
    if configuration == "asan":
        return [str(ASAN / "minivm-exec")]
    if configuration == "jit-asan":
        return ["env", f"LD_PRELOAD={asan_library()}", str(ASAN / "minivm"), *CONFIGURATIONS[configuration]]
    if configuration.startswith("jit"):
        vm = str(Path(vm).with_name("minivm"))
    return [vm, *CONFIGURATIONS[configuration]]


REPORTED = 99  # exit status at a report of a sanitizer (UBSan's default is 1, which a program may have, too)


def address_space(configuration: str) -> int:
    """The bound of the VM's: ASan reserves all there is."""
    return 0 if configuration.endswith("asan") else MEMORY


def patience(configuration: str) -> int:
    """How many times as long as CPython the VM may take."""
    return 8 if configuration.endswith(("gc-stress", "asan")) else 1 if configuration in ("normal", "ic-off", "ic-mega") else 4


ENVIRONMENT = {
    "PYTHONHASHSEED": "0", "PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONIOENCODING": "utf-8:strict", "TZ": "UTC",
    "ASAN_OPTIONS": "detect_leaks=0:exitcode=99:allocator_may_return_null=1:detect_stack_use_after_return=0",
    "UBSAN_OPTIONS": "exitcode=99:print_stacktrace=1",
}
REFUSED = "is not in Mini"
BROKEN = "returned a result with an exception set"  # CPython's own fault: a UnicodeError whose object is no str, printed

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
    left_out: list[int] = field(default_factory=list)  # numbers
    reasons: Counter[str] = field(default_factory=Counter)  # of those left out
    findings: list[Finding] = field(default_factory=list)
    opcodes: Counter[str] = field(default_factory=Counter)
    slow: list[int] = field(default_factory=list)  # numbers of those that a collection at every allocation makes too slow
    pairs: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    rows: set[int] = field(default_factory=set)  # of pairs.py, without a difference
    refused_pairs: int = 0  # of these rows, pairs that are not in Mini
    seconds: float = 0.0

    def add(self, other: Report) -> None:
        self.programs += other.programs
        self.left_out += other.left_out
        self.reasons += other.reasons
        self.slow += other.slow
        self.refused += other.refused
        self.findings += other.findings
        self.opcodes += other.opcodes
        self.pairs += other.pairs
        self.rows |= other.rows
        self.refused_pairs += other.refused_pairs

    def leave_out(self, number: int, reason: str) -> None:
        self.left_out.append(number)
        self.reasons[reason] += 1


def _limit(memory: int) -> None:
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))


def _bounded(
    command: list[str], timeout: float, work: Path, folder: Path, stdin: bytes = b"", memory: int = MEMORY
) -> tuple[int | None, bytes, bytes]:
    """How a command ended (None: it did not) and what it printed, which goes to files: a program that prints without
    end would else fill the memory of this process. Past OUTPUT bytes it is as if memory had run out."""
    paths = folder / "stdin", folder / "stdout", folder / "stderr"
    paths[0].write_bytes(stdin)
    with open(paths[0], "rb") as source, open(paths[1], "wb") as out, open(paths[2], "wb") as errors:
        try:
            status = subprocess.run(
                command, stdin=source, stdout=out, stderr=errors, timeout=timeout, env=ENVIRONMENT, cwd=work,
                preexec_fn=lambda: _limit(memory),
            ).returncode
        except subprocess.TimeoutExpired:
            status = None
    printed = [path.read_bytes() for path in paths[1:]]
    if len(printed[0]) >= OUTPUT or len(printed[1]) >= OUTPUT:
        return status, printed[0][: OUTPUT // 4] + b"\n" + PAST.encode(), b""
    return status, printed[0], printed[1]


def _comparable(text: str) -> str:
    return ADDRESS.sub(" at 0x", text).replace("".join(ENDING), ENDING[0])


def _run(command: list[str], timeout: float, folder: Path, memory: int = MEMORY) -> str:
    """What a command printed, with a last line that says how it ended. It runs in a new, empty folder."""
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    status, out, errors = _bounded(command, timeout, work, folder, memory=memory)
    if status is None:
        return out.decode("utf-8", "replace") + "\ntimeout"
    end = "" if status == 0 else f"\nstatus {status}"
    if end and (status < 0 or status == REPORTED):
        end += "\n" + errors.decode("utf-8", "replace")[-400:]
    output = _comparable(out.decode("utf-8", "replace"))
    for pattern, replacement in KNOWN if masked else ():
        output = pattern.sub(replacement, output)
    return output + end


def refusal(problem: CompileError) -> str:
    """What the front end says, without the place."""
    return str(getattr(problem, "message", problem)).strip().split("\n")[-1][:60]


def joined(texts: list[tuple[int, str]]) -> str:
    return PRELUDE + "".join(f"print({MARK!r}, {number})\n{text}" for number, text in texts)


class Sides:
    """The two commands, and a folder to work in."""

    def __init__(self, vm: str, folder: Path, timeout: float = TIMEOUT) -> None:
        self.vm = vm
        self.folder = folder
        self.timeout = timeout

    def cpython(self, source: str, memory: int = MEMORY) -> str:
        path = self.folder / "batch.py"
        path.write_text(source, encoding="utf-8")
        return _run([sys.executable, "-S", "-W", "ignore", str(path)], self.timeout, self.folder, memory)

    def minivm(self, image: bytes, configuration: str) -> str:
        path = self.folder / "batch.minic"
        path.write_bytes(image)
        timeout = self.timeout * (2 if configuration.endswith("gc-stress") else patience(configuration))
        return _run([*command(self.vm, configuration), "--memory-limit=1G", str(path)], timeout, self.folder, address_space(configuration))

    def compile(self, source: str) -> bytes:
        return compile_source(source, str(self.folder / "batch.py"))

    def differs(self, text: str, configuration: str) -> tuple[str, str] | None:
        """Both outputs of one program, if they differ; None also for what is no program of Mini."""
        source = PRELUDE + text
        try:
            image = self.compile(source)
        except CompileError:
            return None
        verdict = self._verdict(source, image, configuration)
        return verdict if isinstance(verdict, tuple) else None

    def judge(self, text: str, configuration: str) -> tuple[str, str] | str | None:
        """As `differs`; None if both sides print the same, a text if there is nothing more to compare, which says why."""
        source = PRELUDE + text
        return self._verdict(source, self.compile(source), configuration, "def take(x" in text)

    def _verdict(self, source: str, image: bytes, configuration: str, row: bool = False) -> tuple[str, str] | str | None:
        wanted = self.cpython(source)
        got = self.minivm(image, configuration)
        if wanted == got:
            return None
        if row and refused_pairs(wanted, got) is not None:
            return wanted, got
        if self.wavers(source, wanted, got):
            return MOVED
        if self.drops(source, wanted, got):
            return DROPPED
        where = lost(wanted, got)
        if where is None:
            return wanted, got
        count, reason = where
        one, two = (head(text, count) for text in (wanted, got))
        if one != two and not self.wavers(source, one, two, count):
            return wanted, got
        if reason == OWN_MEMORY and self.cpython(source, SMALL) == wanted:
            return wanted, got
        return reason

    def drops(self, source: str, wanted: str, got: str) -> bool:
        """Whether CPython lost text: it hands its buffer of 8 KB on by a call, and where that is one too many for the recursion limit,
        the text is gone. With a larger buffer it prints what the VM does."""
        return "RecursionError" in wanted and self.cpython(f"__import__('sys').stdout._CHUNK_SIZE = {OUTPUT * 2}\n{source}") == got

    def wavers(self, source: str, wanted: str, got: str, count: int | None = None) -> bool:
        """Whether both differ only where what CPython prints follows from addresses (moved.py), in the first `count` lines."""
        path = self.folder / "batch.py"
        path.write_text(source, encoding="utf-8")
        return only_moved(wanted, got, lambda salt: head(_run(moved(salt, path), self.timeout, self.folder), count))


def head(text: str, count: int | None) -> str:
    """The first lines of a text, without the end of the last one."""
    return text if count is None else "\n".join(text.split("\n")[:count])


def _stop(text: str) -> tuple[int, str] | None:
    """Where the output of a process ends that was stopped, in whole lines, and why."""
    for reason, ending in ((TIME, "\ntimeout"), (OWN_MEMORY, "\nstatus 125")):
        if text.endswith(ending):
            return text.count("\n") - 1, reason
    at = text.find("\n" + PAST)
    return (text.count("\n", 0, at), OUTPUT_PAST) if at >= 0 else None


def lost(wanted: str, got: str) -> tuple[int, str] | None:
    """The number of lines up to which both can be compared, and why: memory or time ran out on a side (where, is each
    side's own affair), what is not in Mini was met as it ran, or CPython broke. That the VM alone ran out of time is
    none of these."""
    ends = [_stop(text) for text in (wanted, got)]
    if ends[1] and ends[1][1] == TIME and not (ends[0] and ends[0][1] == TIME):
        return None
    stops = [end for end in ends if end]
    texts = [text.split("\n") for text in (wanted, got)]
    for index, (one, two) in enumerate(zip(*texts)):
        if one == two:
            continue
        for sign, line, reason in ((REFUSED, two, RAN_REFUSED), ("MemoryError", one, MEMORY_OUT), ("MemoryError", two, OWN_MEMORY),
                                   (BROKEN, one, "CPython broke")):
            if sign in line:
                stops.append((index, reason))
    return min(stops) if stops else None


@dataclass(frozen=True)
class Outcome:
    """How a process ended."""

    status: int
    out: str
    errors: str

    def __str__(self) -> str:
        return f"{self.out}\n-- standard error\n{self.errors}\n-- status {self.status}"


def _execute(command: list[str], case: Case, folder: Path, timeout: float, memory: int = MEMORY) -> Outcome:
    with tempfile.TemporaryDirectory() as streams:
        stdin = case.stdin.encode("utf-8", "surrogateescape")
        status, *printed = _bounded(command, timeout, folder, Path(streams), stdin, memory)
    out, errors = (_comparable(text.decode("utf-8", "surrogateescape")) for text in printed)
    if status is None:
        return Outcome(-1000, out, "timeout")
    return Outcome(130 if status == -signal.SIGINT else status, out, errors)  # as a shell shows it


def _agree(case: Case, wanted: Outcome, got: Outcome) -> bool:
    """Whether a limit's case went as it may: what was printed is the beginning of what CPython prints."""
    if wanted == got:
        return True
    if case.loose:
        return (wanted.out, wanted.status) == (got.out, got.status)
    return bool(case.options) and got.status in case.status and wanted.out.startswith(got.out)


class Left(str):
    """Why there is nothing more to compare."""


def lost_case(wanted: Outcome, got: Outcome) -> tuple[int, str] | None:
    """As `lost`, for processes of their own: what ends one may be in its standard error."""
    texts = [wanted.out, got.out]
    for index, outcome in enumerate((wanted, got)):
        if outcome.errors == "timeout":
            texts[index] += "\ntimeout"
    where = lost(*texts)
    if where is None and "timeout" not in (wanted.errors, got.errors):
        signs = (REFUSED, got, RAN_REFUSED), ("MemoryError", got, OWN_MEMORY), ("MemoryError", wanted, MEMORY_OUT), (BROKEN, wanted, "CPython broke")
        for sign, outcome, reason in signs:
            if sign in outcome.errors or reason == OWN_MEMORY and outcome.status == 125:
                return outcome.out.count("\n"), reason
    return where


def run_case(vm: str, case: Case, configuration: str, timeout: float = TIMEOUT,
             opcodes: Counter[str] | None = None) -> tuple[Outcome, Outcome] | Left | str | None:
    """Both outcomes if they differ, None if they do not; a text says what was refused, a Left why nothing is left to compare."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in {**case.files, "main.py": case.text}.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8", newline="")
        main = folder / "main.py"
        try:
            image = compile_source(main.read_bytes(), str(main), search_path=name)
        except CompileError as problem:
            return refusal(problem)
        if opcodes is not None:
            opcodes_of(image, opcodes)
        (folder / "main.minic").write_bytes(image)
        wanted = _execute([sys.executable, "-S", "-W", "ignore", str(main), *case.arguments], case, folder, timeout)
        options = ["--memory-limit=1G"] if not any("memory" in word for word in case.options) else []
        line = [*command(vm, configuration), *options, *case.options, str(folder / "main.minic"), *case.arguments]
        got = _execute(line, case, folder, timeout * patience(configuration), address_space(configuration))
        if _agree(case, wanted, got):
            return None
        if configuration.endswith("gc-stress") and got.errors == "timeout":
            return Left(TIME)

        def again(salt: int) -> str:
            return _execute([*moved(salt, main), *case.arguments], case, folder, timeout).out

        def is_same(count: int) -> bool:
            one, two = head(wanted.out, count), head(got.out, count)
            return one == two or only_moved(one, two, lambda salt: head(again(salt), count))

        if wanted.errors == got.errors and wanted.status == got.status and only_moved(wanted.out, got.out, again):
            return Left(MOVED)
        if case.options and got.status in case.status and is_same(got.out.count("\n")):  # what was printed before a limit
            return Left("limit")
        where = lost_case(wanted, got)
        if where is None or not is_same(where[0]):
            return wanted, got
        if where[1] == OWN_MEMORY and not any("memory" in word for word in case.options):
            command_line = [sys.executable, "-S", "-W", "ignore", str(main), *case.arguments]
            if _execute(command_line, case, folder, timeout, SMALL) == wanted:
                return wanted, got
        return Left(where[1])


def case_text(case: Case) -> str:
    """A case as one text, for reports."""
    head = f"# arguments {case.arguments} options {case.options} stdin {case.stdin!r}\n"
    return head + "".join(f"# -- {name}\n{text}" for name, text in case.files.items()) + f"# -- main.py\n{case.text}"


def opcodes_of(image: bytes, counter: Counter[str]) -> None:
    for module in load(image)["modules"]:
        for code in codes(module["code"]):
            counter.update(instruction.row.name for instruction in decode(code[FIELD["instructions"]]))


def run_batch(vm: str, seed: int, numbers: list[int], configurations: list[str], census: bool,
              mask: bool, enough: int = 1000) -> Report:
    """Generates, runs and compares programs; with `census`, counts opcodes and pairs of operand types, too. After
    `enough` differences the rest is not looked at."""
    global masked
    masked = mask
    report = Report()
    if "api" in configurations:
        run_talks(vm, seed, numbers, report)
        configurations = [name for name in configurations if name != "api"]
        if not configurations:
            return report
    texts: list[tuple[int, str]] = []
    for number in numbers:
        if is_alone(number):
            run_alone(vm, process(seed, number), configurations, report, census)
        else:
            texts.append((number, program(seed, number)))
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
                        report.refused[refusal(problem)] += 1
                if len(kept) == len(texts):
                    break
                texts = kept
        if image is None:
            return report
        report.programs += len(texts)
        wanted = _split(sides.cpython(joined(texts)))
        for configuration in configurations:
            got = _split(sides.minivm(image, configuration))
            for number, text in texts:
                if len(report.findings) >= enough:
                    break
                if number in wanted and wanted[number] == got.get(number):
                    if pairs.is_row(number):
                        report.rows.add(pairs.row_of(number))
                    continue
                if pairs.is_row(number) and number in wanted:
                    count = refused_pairs(wanted[number], got.get(number, ""))
                    if count is not None:
                        report.refused_pairs += count
                        report.rows.add(pairs.row_of(number))
                        continue
                if configuration.endswith("gc-stress") and got.get(number, "\ntimeout").endswith("\ntimeout"):
                    report.slow.append(number)
                    continue
                verdict = sides.judge(text, configuration)
                if pairs.is_row(number) and isinstance(verdict, tuple) and refused_pairs(*verdict) is not None:
                    report.refused_pairs += refused_pairs(*verdict) or 0
                    verdict = None
                if isinstance(verdict, str):
                    report.leave_out(number, verdict)
                elif verdict is not None:
                    report.findings.append(Finding(number, text, *verdict, configuration))
                elif pairs.is_row(number):
                    report.rows.add(pairs.row_of(number))
        if census:
            opcodes_of(image, report.opcodes)
            report.pairs = operand_types(joined(texts))
    return report


def refused_pairs(wanted: str, got: str) -> int | None:
    """How many pairs of a row are not in Mini, if the row is the same otherwise. A pair prints a line; None: another difference."""
    lines = list(zip(wanted.split("\n"), got.split("\n"))) if wanted.count("\n") == got.count("\n") else [("", "-")]
    differing = [its for want, its in lines if want != its]
    return len(differing) if all(line.startswith("NotImplementedError ") and line.endswith(" is not in Mini") for line in differing) else None


def run_alone(vm: str, case: Case, configurations: list[str], report: Report, census: bool) -> None:
    for configuration in configurations:
        if configuration in NOISY:
            continue
        verdict = run_case(vm, case, configuration, opcodes=report.opcodes if census else None)
        if isinstance(verdict, Left):
            report.leave_out(case.number, str(verdict))
        elif isinstance(verdict, str):
            report.refused[verdict] += 1
            return
        elif verdict is not None:
            report.findings.append(Finding(case.number, case_text(case), str(verdict[0]), str(verdict[1]),
                configuration))
    report.programs += 1


def _same_talk(wanted: str, got: str) -> bool:
    """Whether both are the same, but for the places in sets of what is hashed by its address."""
    pairs_of_lines = list(zip(wanted.split("\n"), got.split("\n")))
    return wanted.count("\n") == got.count("\n") and all(
        one == two or " at 0x" in one and sorted(one) == sorted(two) for one, two in pairs_of_lines)


def run_talks(vm: str, seed: int, numbers: list[int], report: Report) -> None:
    """The conversations of these numbers, with the VM and with its model. What differs is tried again alone."""
    talks = {number: talk(seed, number) for number in numbers if not pairs.is_row(number)}
    python = str(Path(vm).with_name("python"))

    def printed(chosen: list[Talk]) -> list[dict[int, str]]:
        outcomes = [embedded.outcome(python, side, chosen) for side in ("model", "minivm")]
        return [_split(MODULE.sub("<module>", ADDRESS.sub(" at 0x", text))) for text in outcomes]

    wanted, got = printed(list(talks.values()))
    for number, its in talks.items():
        if number in wanted and wanted[number] == got.get(number):
            continue
        alone = [part.get(number, "") for part in printed([its])]
        if not _same_talk(*alone):
            report.findings.append(Finding(number, f"{its.text}\n# steps: {its.steps}\n# {its.settings} {its.sink} {its.lines!r}\n", *alone, "api"))
    report.programs += len(talks)


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
        _run([sys.executable, "-W", "ignore", str(path), str(target)], 60.0, Path(name))
        try:
            return pickle.loads(target.read_bytes())  # type: ignore[no-any-return]
        except OSError:
            return Counter()


def cover_batch(vm: str, seed: int, numbers: list[int], configuration: str) -> None:
    """Runs programs for nothing but their effect on the counts of a `cov` build."""
    if configuration == "api":
        talks = [talk(seed, number) for number in numbers if not pairs.is_row(number)]
        embedded.outcome(str(Path(vm).with_name("python")), "minivm", talks, 600.0)
        return
    with tempfile.TemporaryDirectory() as name:
        sides = Sides(vm, Path(name), 120.0)
        for number in numbers:
            if is_alone(number):
                run_case(vm, process(seed, number), configuration)
        texts = [(number, program(seed, number)) for number in numbers if not is_alone(number)]
        stress = configuration.endswith("gc-stress")  # alone: what is stopped leaves no counts
        sides.timeout = 5.0 if stress else sides.timeout
        try:
            if stress:
                raise CompileError("one by one")
            sides.minivm(sides.compile(joined(texts)), configuration)
        except CompileError:
            for number, text in texts:
                try:
                    sides.minivm(sides.compile(joined([(number, text)])), configuration)
                except CompileError:
                    continue
