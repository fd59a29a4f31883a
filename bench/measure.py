"""What the benchmarks share: the list of programs, running a command and charging it, medians and ratios, and tables.

The scripts of this directory call it; it calls nothing of minivm. A command's cost is the user and system CPU time of
its whole process, and of the processes that it waited for, as wait4(2) reports it: on a machine with other load this
is steadier than elapsed time. A program's standard output is the same under every engine, but for the lines that
`steady` adds; those are taken out before it is compared.
"""
from __future__ import annotations

import ast
import math
import os
import re
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "programs"

STEADY_LINE = re.compile(r"^[\w ]+: iteration \d+ (\d+) ns$")


class BenchError(Exception):
    """A benchmark cannot go on; the message is one line for the user."""


def by_factor(inner: int, factor: float) -> int:
    return max(1, round(inner * factor))


def by_even(inner: int, factor: float) -> int:
    return max(2, 2 * round(inner * factor / 2))


def by_root(inner: int, factor: float) -> int:
    return max(1, round(inner * math.sqrt(factor)))


def by_base(base: float) -> Callable[[int, float], int]:
    return lambda inner, factor: max(1, inner + round(math.log(factor, base)))


@dataclass(frozen=True)
class Program:
    """A program of programs/. `full` is its inner count at full size; `scale` changes a count so that the time changes
    by a factor."""

    name: str
    full: int
    scale: Callable[[int, float], int] = by_factor
    variant: str = ""

    @property
    def label(self) -> str:
        return f"{self.name}:{self.variant}" if self.variant else self.name

    @property
    def path(self) -> Path:
        return PROGRAMS / f"{self.name}.py"

    def default_inner(self) -> int:
        """The count that the program takes by itself: its constant DEFAULT_INNER."""
        try:
            tree = ast.parse(self.path.read_text(encoding="utf-8"))
        except OSError as error:
            raise BenchError(f"programs/{self.name}.py: {error.strerror}") from error
        for node in tree.body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DEFAULT_INNER":
                return int(ast.literal_eval(node.value))
        raise BenchError(f"programs/{self.name}.py: has no DEFAULT_INNER")

    def size(self, full: bool, factor: float = 1.0) -> int:
        return self.scale(self.full if full else self.default_inner(), factor)

    def arguments(self, iterations: int, inner: int, steady: bool) -> list[str]:
        arguments = [str(self.path), str(iterations), str(inner), "steady" if steady else "whole"]
        return arguments + [self.variant] if self.variant else arguments


AWFY: tuple[Program, ...] = (
    Program("bounce", 1500),
    Program("list", 1500),
    Program("mandelbrot", 500, by_root),
    Program("nbody", 250000),
    Program("permute", 1000),
    Program("queens", 1000),
    Program("sieve", 3000),
    Program("storage", 1000),
    Program("towers", 600),
    Program("cd", 250, by_even),
    Program("deltablue", 12000),
    Program("havlak", 1500),
    Program("json", 100),
    Program("richards", 100),
)

MICRO: tuple[Program, ...] = (
    Program("micro/fib", 32, by_base((1 + math.sqrt(5)) / 2)),
    Program("micro/lcg", 10_000_000),
    Program("micro/sieve_micro", 5_000_000),
    Program("micro/append_join", 1_000_000),
    Program("micro/concat", 1_000_000, by_factor, "sole"),
    # Quadratic under CPython, which takes minutes for the million of the other variant.
    Program("micro/concat", 300_000, by_root, "shared"),
    Program("micro/dict_int", 1_000_000),
    Program("micro/dict_str", 1_000_000),
    Program("micro/method_calls", 10_000_000, by_factor, "1"),
    Program("micro/method_calls", 10_000_000, by_factor, "2"),
    Program("micro/method_calls", 10_000_000, by_factor, "4"),
    Program("micro/method_calls", 10_000_000, by_factor, "8"),
    Program("micro/sort", 300_000),
    Program("micro/binary_trees", 16, by_base(2)),
)

# One operation on a container of a million items; --steady measures it without what prepares it.
CONTAINERS: tuple[Program, ...] = tuple(
    Program("micro/containers", 1_000_000, by_factor, variant)
    for variant in ("int_in", "int_out", "dense", "str_in", "str_out", "drop", "add", "append", "grow", "sort", "sort_str")
)

SETS: dict[str, tuple[Program, ...]] = {
    "awfy": AWFY, "micro": MICRO, "containers": CONTAINERS, "all": AWFY + MICRO + CONTAINERS,
}


def select(set_name: str | None, only: str | None) -> list[Program]:
    """The programs of a set whose label matches a pattern. Without a set: awfy, or all when there is a pattern."""
    programs = SETS[set_name or ("all" if only else "awfy")]
    try:
        pattern = re.compile(only or "")
    except re.error as error:
        raise BenchError(f"--only {only}: {error}") from error
    chosen = [program for program in programs if pattern.search(program.label)]
    if not chosen:
        raise BenchError(f"--only {only}: no program of this name")
    return chosen


@dataclass(frozen=True)
class Run:
    """What one process cost and said. Time in seconds of CPU, peak memory in MiB."""

    cpu: float
    memory: float
    status: int
    output: str
    errors: str
    timed_out: bool = False

    def complaint(self) -> str:
        """One line about a run that failed: the last of its standard error."""
        if self.timed_out:
            return "it took too long and was ended"
        lines = self.errors.strip().splitlines()
        ending = f"killed by signal {-self.status}" if self.status < 0 else f"exit status {self.status}"
        return f"{ending}: {lines[-1].strip()}" if lines else ending

    def steady_times(self) -> list[float]:
        """The CPU seconds of the iterations, as the program printed them."""
        matches = [STEADY_LINE.match(line) for line in self.output.splitlines()]
        return [int(match[1]) / 1e9 for match in matches if match]

    def result(self) -> str:
        """The output without the times."""
        return "\n".join(line for line in self.output.splitlines() if not STEADY_LINE.match(line))


class MemoryWatch(threading.Thread):
    """Samples the peak memory of a process that Linux keeps in /proc, until it ends.

    rusage is exact, but it charges a process with the size of its parent at the start, so that it says nothing about a
    process that stays smaller than this one. Then the last sample stands: the peak up to a few ms before the end.
    """

    PERIOD = 0.004  # seconds; each sample costs some 20 us of this process, not of the one that is measured

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.status = Path(f"/proc/{pid}/status")
        self.floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.peak = 0
        self.ended = threading.Event()
        self.start()

    def run(self) -> None:
        while True:
            try:
                match = re.search(r"^VmHWM:\s+(\d+) kB", self.status.read_text(), re.MULTILINE)
            except OSError:
                return
            if match:
                self.peak = int(match[1])
            if self.ended.wait(self.PERIOD):
                return

    def peak_of(self, usage: resource.struct_rusage) -> float:
        """The peak in MiB of the process, which has ended and whose rusage is known."""
        self.ended.set()
        self.join()
        by_sample = usage.ru_maxrss <= self.floor and self.peak > 0
        return (self.peak if by_sample else usage.ru_maxrss) / 1024


def run(command: Sequence[str], timeout: float = 600.0) -> Run:
    """Run a command to its end. PYTHONHASHSEED is 0, so that two engines print a set of strings in one order."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                                       env={**os.environ, "PYTHONHASHSEED": "0"})
        except OSError as error:
            raise BenchError(f"{command[0]}: cannot be run: {error.strerror}") from error
        watch = MemoryWatch(process.pid)
        overdue = threading.Event()

        def end() -> None:
            overdue.set()
            process.kill()

        timer = threading.Timer(timeout, end)
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        except BaseException:
            process.kill()
            raise
        finally:
            timer.cancel()
        output.seek(0)
        errors.seek(0)
        return Run(
            cpu=usage.ru_utime + usage.ru_stime,
            memory=watch.peak_of(usage),
            status=process.returncode,
            output=output.read().decode("utf-8", "replace"),
            errors=errors.read().decode("utf-8", "replace"),
            timed_out=overdue.is_set(),
        )


def command_of(text: str, option: str) -> list[str]:
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise BenchError(f"{option}: {error}") from error
    if not words:
        raise BenchError(f"{option}: a command is needed")
    if shutil.which(words[0]) is None:
        raise BenchError(f"{words[0]}: not found; name the command with {option}")
    return words


def vm_command(vm: str, arguments: str) -> list[str]:
    try:
        return command_of(vm, "--vm") + shlex.split(arguments)
    except ValueError as error:
        raise BenchError(f"--vm-args: {error}") from error


@dataclass(frozen=True)
class Ratio:
    """How many times one series is another: by the medians, and the extremes of the pairs that ran in turn."""

    value: float
    least: float
    greatest: float

    @classmethod
    def of(cls, above: Sequence[float], below: Sequence[float]) -> Ratio:
        # A process may cost less than the clock's resolution; a tenth of a millisecond stands for it.
        pairs = [max(a, 1e-4) / max(b, 1e-4) for a, b in zip(above, below)]
        medians = max(statistics.median(above), 1e-4) / max(statistics.median(below), 1e-4)
        return cls(medians, min(pairs), max(pairs))


def geometric_mean(values: Sequence[float]) -> float:
    return math.exp(sum(math.log(value) for value in values) / len(values))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns of text: the first to the left, the others to the right."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        padded = [cell.rjust(width) for cell, width in zip(cells, widths)]
        return "  ".join([cells[0].ljust(widths[0]), *padded[1:]]).rstrip()

    return "\n".join([line(head), "  ".join("-" * width for width in widths), *map(line, rows)])


class Progress:
    """One line on standard error that says what runs now; on a terminal it overwrites itself."""

    def __init__(self) -> None:
        self.terminal = sys.stderr.isatty()
        self.shown = ""

    def step(self, heading: str, detail: str = "") -> None:
        if self.terminal:
            sys.stderr.write(f"\r\033[K{heading} {detail}".rstrip())
        elif heading != self.shown:
            sys.stderr.write(heading + "\n")
        self.shown = heading
        sys.stderr.flush()

    def note(self, text: str) -> None:
        sys.stderr.write(("\r\033[K" if self.terminal else "") + text + "\n")
        sys.stderr.flush()

    def done(self) -> None:
        if self.terminal:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def main_of(function: Callable[[], int]) -> None:
    """Run a script's main function: a BenchError is one line and exit status 2."""
    script = Path(sys.argv[0]).name
    try:
        status = function()
    except BenchError as error:
        sys.stderr.write(f"{script}: error: {error}\n")
        status = 2
    except KeyboardInterrupt:
        sys.stderr.write(f"\n{script}: interrupted\n")
        status = 130
    sys.exit(status)
