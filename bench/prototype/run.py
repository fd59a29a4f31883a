"""Times the prototype of optimized code against CPython: what the layout of values, objects and frames allows.

Run by hand, when a decision about the layout is in question. It compiles the C files beside it against the headers of
../../runtime_c with `gcc -O2`, has them check their own results, and runs them and programs/*.py under CPython in turn.
A row of the table is one way of building: as the optimizing compiler would, and with one thing changed. Exit status:
0; 1 when the layout misses GOAL times CPython's speed in a program; 2 when nothing could be measured.
"""
from __future__ import annotations

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from measure import PROGRAMS, ROOT, BenchError, Progress, Ratio, command_of, main_of, run, table  # noqa: E402

HERE = Path(__file__).resolve().parent
SOURCES = ("main.c", "richards.c", "nbody.c")
FLAGS = ["-std=gnu11", "-O2", "-fno-strict-aliasing", "-fno-stack-protector", "-Wall", "-Wextra"]
FLAGS += [f"-I{ROOT / 'runtime_c'}"]
GOAL = 25.0
ROOTS = 5_000_000


@dataclass(frozen=True)
class Timed:
    """A program: its inner counts in C and in Python (NBody knows the energy of few counts), and iterations of each."""

    name: str
    inner: int
    python_inner: int


TIMED = (Timed("richards", 250, 10), Timed("nbody", 200_000, 200_000))


@dataclass(frozen=True)
class Variant:
    label: str
    programs: tuple[str, ...]
    flags: tuple[str, ...] = ()


BASE = Variant("as emitted", ("richards", "nbody"))
WAYS = (
    Variant("`** 0.5` always by pow", ("nbody",), ("-DMVP_POW",)),
    Variant("`** 0.5` always by sqrt", ("nbody",), ("-DMVP_SQRT",)),
    Variant("each float access by itself", ("nbody",), ("-DMVP_SEPARATE",)),
)
ELEMENTS = (
    Variant("without float words", ("nbody",), ("-DMVP_NO_FLOAT_WORDS",)),
    Variant("without shape guards", ("richards", "nbody"), ("-DMVP_NO_SHAPES",)),
    Variant("without polls", ("richards", "nbody"), ("-DMVP_NO_POLLS",)),
    Variant("without the barrier", ("richards",), ("-DMVP_NO_BARRIER",)),
    Variant("without int tags and overflow", ("richards",), ("-DMVP_NO_INT_CHECKS",)),
    Variant("without stack and depth limits", ("richards",), ("-DMVP_NO_LIMITS",)),
    Variant("without frame headers", ("richards",), ("-DMVP_NO_HEADERS",)),
    Variant("without the guest list", ("richards",), ("-DMVP_NO_GUEST_LIST",)),
)


def build(variant: Variant, directory: Path) -> Path:
    """Compile the prototype, without position-independent code: native code reaches its data from pinned registers."""
    program = directory / f"prototype-{len(list(directory.iterdir()))}"
    compiler = shlex.split(os.environ.get("CC", "gcc"))
    command = [*compiler, *FLAGS, "-no-pie", "-fno-pie", *variant.flags, *(str(HERE / name) for name in SOURCES),
               "-o", str(program), "-lm"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise BenchError(f"{command[0]}: cannot be run: {error.strerror}") from error
    if result.returncode != 0:
        raise BenchError(f"the prototype does not compile: {result.stderr.strip()}")
    return program


def seconds(command: list[str], inner: int) -> float:
    """CPU seconds of one inner round: the median of the iterations behind the first, which warms up."""
    result = run(command)
    times = result.steady_times()
    if result.status != 0 or len(times) < 2:
        raise BenchError(f"{Path(command[0]).name} {command[1]}: {result.complaint()}")
    return statistics.median(times[1:]) / inner


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=5, metavar="RUNS", help="runs of each (default: 5)")
    parser.add_argument("--elements", action="store_true", help="leave out each element of the layout in turn, too")
    parser.add_argument("--python", default="python3", metavar="CMD", help="the oracle (default: python3)")
    options = parser.parse_args()
    python = command_of(options.python, "--python")
    variants = (BASE, *WAYS, *(ELEMENTS if options.elements else ()))
    progress = Progress()
    rows, missed = [], []
    with tempfile.TemporaryDirectory() as name:
        built = {}
        for variant in variants:
            progress.step("compiling", variant.label)
            built[variant] = build(variant, Path(name))
        progress.step("comparing roots")
        roots = run([str(built[BASE]), "roots", str(ROOTS)])
        if roots.status != 0:
            raise BenchError(f"{roots.output.strip()} {roots.complaint()}")
        for timed in TIMED:
            chosen = [variant for variant in variants if timed.name in variant.programs]
            theirs: list[float] = []
            ours: dict[Variant, list[float]] = {variant: [] for variant in chosen}
            for number in range(options.n):
                progress.step(timed.name, f"run {number + 1} of {options.n}")
                command = [*python, str(PROGRAMS / f"{timed.name}.py"), "2", str(timed.python_inner), "steady"]
                theirs.append(seconds(command, timed.python_inner))
                for variant in chosen:
                    ours[variant].append(seconds([str(built[variant]), timed.name, "4", str(timed.inner)], timed.inner))
            for variant in chosen:
                # Scaled, for Ratio takes less than a tenth of a millisecond for that.
                ratio = Ratio.of([t * 1e3 for t in theirs], [t * 1e3 for t in ours[variant]])
                rows.append([f"{timed.name}: {variant.label}", f"{statistics.median(theirs) * 1e6:.2f}",
                             f"{statistics.median(ours[variant]) * 1e6:.3f}", f"{ratio.value:.1f}",
                             f"{ratio.least:.1f} .. {ratio.greatest:.1f}"])
                if variant is BASE and ratio.value < GOAL:
                    missed.append(f"{timed.name} reaches {ratio.value:.1f} times CPython's speed, not {GOAL:.0f}")
    progress.done()
    print(table(["program", "CPython us", "prototype us", "speed-up", "range"], rows))
    print(roots.output.strip())
    for line in missed:
        print(line)
    return 1 if missed else 0


if __name__ == "__main__":
    main_of(main)
