"""Every program in tests/run prints the same under CPython and under minivm in each configuration.

The configurations: normal; inline caches off; inline caches megamorphic from the start; the compiled image under
minivm-exec; a collection at every allocation, with freed memory poisoned, in the interpreter and in native code; and a
pairwise cover of what native code can be (FACTORS): each two choices of two factors meet in some configuration. A program
is compiled once; each configuration is one process. CPython runs each program once a session. Standard output, standard
error (where the reports of uncaught exceptions are) and the exit status are
compared; warnings, which minivm has none of, are off.

In the configurations with collections, the programs of STRESS_SLOW collect at every STRIDE allocations. The first command collects at every allocation in
these, too, if it is not told a stride (each some minutes at most); the second one takes all combinations of FACTORS (ten minutes), and says how far it is:

    python tests/test_run_matrix.py [--variant VARIANT] [--configuration NAME] [--seconds S | --limit S] [--stride N] [--jobs N] [PROGRAM...]
    python tests/test_run_matrix.py --cross [PROGRAM...]

With a variant (debug, asan, cov), it is built first, in a folder of its own, so that what is installed stays as it is:
minivm-exec, or for a configuration with native code the module that `minivm` loads (asan: with its library loaded before
Python). So `--variant asan --configuration jit-eager` and `jit-stress` run native code under the sanitizers. A report of ASan or UBSan ends the program with a status of its own, and is printed. With --seconds, the slow
programs are left out of gc-stress, what has not ended by then is left out, too (how many have is said), and the order
is by the programs' digests, so that it is no one's choice. `.ci/run` calls it so. Without, the slow programs come last, and what has
not ended within its --limit is a failure of its own kind, named at the end.
"""
from __future__ import annotations

import argparse
import difflib
import hashlib
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from conftest import MINIVM, MINIVM_EXEC, PYTHON, clean_environment

FOLDER = Path(__file__).resolve().parent / "run"
PROGRAMS = sorted(path.stem for path in FOLDER.glob("*.py"))
CONFIGURATIONS: dict[str, list[str]] = {
    "normal": [MINIVM],
    "ic-off": [MINIVM, "--ic=off"],
    "ic-mega": [MINIVM, "--ic=mega"],
    "exec": [MINIVM_EXEC],
    "gc-stress": [MINIVM_EXEC, "--gc-stress"],
    "jit-gc-stress": [MINIVM, "--gc-stress", "--jit=eager", "--compile=inline"],
}
# What native code can be. A stress of 3 leaves it at every third poll, call and step.
FACTORS: tuple[tuple[str, ...], ...] = (
    ("--ic=data", "--ic=pointer", "--ic=off", "--ic=mega"),
    ("--jit=eager", "--jit=on --jit-threshold=20"),
    ("--compile=inline", "--compile=thread"),
    ("--code-memory=sealed", "--code-memory=flip"),
    ("--jit-stress=0", "--jit-stress=3"),
)


def pairwise(factors: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    """Combinations in which each two choices of two factors meet: greedily, the one with most new pairs next."""
    rows, covered = list(itertools.product(*factors)), set[tuple[str, str]]()
    wanted = {pair for row in rows for pair in itertools.combinations(row, 2)}
    cover = []
    while covered != wanted:
        best = max(rows, key=lambda row: len(set(itertools.combinations(row, 2)) - covered))
        covered.update(itertools.combinations(best, 2))
        cover.append(best)
    return cover


def name_of(row: tuple[str, ...]) -> str:
    """jit-eager-inline-sealed-data-0 and the like."""
    ic, jit, *others = (word.split()[0].partition("=")[2] for word in row)
    return "-".join(("jit", jit, *others[:-1], ic, others[-1]))


CONFIGURATIONS.update((name_of(row), [MINIVM, *" ".join(row).split()]) for row in pairwise(FACTORS))
# Further ones for the command line, where native code runs in a variant: at the first call; left at every other poll, call and step.
NATIVE = {
    "jit-eager": [MINIVM, "--jit=eager", "--compile=inline"],
    "jit-stress": [MINIVM, "--jit=eager", "--compile=inline", "--jit-stress=2"],
}
# More than ten seconds of CPU time with a collection at every allocation, in a release build.
STRESS_SLOW = frozenset(
    "containers_deep containers_hooks containers_numbers containers_set_order fuzz_every_call fuzz_file_operations native_floats native_loops recursion_ends "
    "str_case_unicode".split())
STRIDE = 61         # allocations between collections in these: a prime, so that loops are met everywhere
TIMEOUT = 300.0     # seconds, for machines that are busy with other things: no row needs more than 13 alone
TIMEOUT_SLOW = 1800.0


@dataclass(frozen=True)
class Outcome:
    """How a process ended."""

    status: int
    stdout: str
    stderr: str


def execute(*words: str, home: Path, timeout: float = TIMEOUT) -> Outcome:
    """Runs a command in an empty folder below `home`."""
    with tempfile.TemporaryDirectory(dir=home) as folder:
        environment = {**clean_environment(), "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
        environment["PYTHONIOENCODING"] = "utf-8:strict"  # what minivm uses in every locale
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="surrogateescape",
            timeout=timeout, cwd=folder, env=environment,
        )
    return Outcome(done.returncode, done.stdout, done.stderr)


@lru_cache(maxsize=None)
def expected(program: str, home: Path) -> Outcome:
    return execute(PYTHON, "-W", "ignore", str(FOLDER / f"{program}.py"), home=home)


@lru_cache(maxsize=None)
def compiled(program: str, home: Path) -> str:
    """The path of the program's image, or of its source where it has none (a syntax error)."""
    source = FOLDER / f"{program}.py"
    image = home / f"{program}.minic"
    done = execute(MINIVM, "compile", "-o", str(image), str(source), home=home)
    return str(image) if done.status == 0 else str(source)


def strided(command: list[str], stride: int) -> list[str]:
    """The command, with collections at every so many allocations."""
    return [f"--gc-stress={stride}" if word == "--gc-stress" else word for word in command]


def difference(program: str, configuration: str, home: Path, timeout: float = TIMEOUT, stride: int = 1) -> str:
    """What differs from CPython, as text for people; empty if nothing does."""
    wanted = expected(program, home)
    target = compiled(program, home)
    command = strided(CONFIGURATIONS[configuration], stride)
    if command[0] == MINIVM_EXEC and target.endswith(".py"):
        command = [MINIVM]
    got = execute(*command, target, home=home, timeout=timeout)
    parts = []
    if wanted.status != got.status:
        parts.append(f"exit status: CPython {wanted.status}, minivm {got.status}")
    for name in ("stdout", "stderr"):
        before, after = getattr(wanted, name), getattr(got, name)
        if before != after:
            lines = difflib.unified_diff(
                before.splitlines(), after.splitlines(), f"CPython {name}", f"minivm {name}", lineterm=""
            )
            parts.append("\n".join(lines) or f"{name}: only the line ends differ")
    return "\n".join(parts)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("matrix")


# All of a program's together: each worker of pytest-xdist has CPython run and the compiler compile about half of the programs.
CASES = [(configuration, program) for program in PROGRAMS for configuration in CONFIGURATIONS]


def test_cover() -> None:
    """The choice of configurations is what it says, and much less than all of them."""
    cover = pairwise(FACTORS)
    met = {pair for row in cover for pair in itertools.combinations(row, 2)}
    assert all((a, b) in met for left, right in itertools.combinations(FACTORS, 2) for a in left for b in right)
    assert len(cover) <= 9 and len(set(map(name_of, cover))) == len(cover)


def test_stress_collects(tmp_path: Path) -> None:
    """--gc-stress collects at each allocation, full ones among them, and so many times less often as it is told."""
    source = tmp_path / "lists.py"
    source.write_text("for i in range(5000):\n    [i]\n")

    def collections(*words: str) -> tuple[int, int]:
        done = subprocess.run([MINIVM, "--no-cache", "--jit=off", "--stats", *words, str(source)], capture_output=True, text=True, check=True)
        stats = dict(line.split() for line in done.stderr.splitlines())
        return int(stats["gc.young_count"]), int(stats["gc.full_count"])

    young, full = collections("--gc-stress")
    assert young + full >= 5000 and (young + full) // 32 < full < young
    seldom = sum(collections(f"--gc-stress={STRIDE}"))
    assert (young + full) // (STRIDE + 1) <= seldom <= (young + full) // STRIDE
    assert sum(collections()) == 0


@pytest.mark.parametrize(("configuration", "program"), CASES, ids=[f"{program}-{name}" for name, program in CASES])
def test_program(configuration: str, program: str, home: Path) -> None:
    found = difference(program, configuration, home, stride=STRIDE if program in STRESS_SLOW else 1)
    assert not found, f"{program}.py, {configuration}:\n{found}"


# `minivm` with the runtime of another folder, which must be what it is taken for.
WITH_RUNTIME = """
import sys
import minivm
minivm.__path__.insert(0, sys.argv.pop(1))
from minivm.runtime.bridge import VARIANT
assert VARIANT == sys.argv.pop(1)
from minivm.cli import entry
entry()
"""


def variant_command(variant: str, native: bool) -> list[str]:
    """minivm-exec of another variant, brought up to date; or (native) `minivm` with the module of that variant."""
    root = FOLDER.parents[1]
    place = root / "build" / "variant" / variant
    command = [sys.executable, "setup.py", "-q", "build_ext", "--build-lib", str(place / "lib")]
    subprocess.run([*command, "--build-temp", str(place / "temp")], cwd=root, check=True,
                   env={**os.environ, "MINIVM_VARIANT": variant})
    if not native:
        return [str(root / "build" / "obj" / variant / "minivm-exec")]
    before = []
    if variant == "asan":
        found = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True)
        before = ["env", f"LD_PRELOAD={found.stdout.strip()}"]
    return [*before, PYTHON, "-P", "-c", WITH_RUNTIME, str(place / "lib" / "minivm"), variant]


def cross(programs: list[str]) -> int:
    """All combinations of FACTORS."""
    rows = list(itertools.product(*FACTORS))
    failures, started = 0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for number, row in enumerate(rows, 1):
            CONFIGURATIONS["command"] = [MINIVM, *" ".join(row).split()]
            for program in programs:
                found = difference(program, "command", Path(folder), TIMEOUT_SLOW)
                if found:
                    failures += 1
                    print(f"{program}, {name_of(row)}: DIFFERENT\n{found}", flush=True)
            print(f"{number} of {len(rows)}: {name_of(row)} ({time.monotonic() - started:.0f} s)", flush=True)
    print(f"{len(rows) * len(programs)} runs, {failures} different", flush=True)
    return 1 if failures else 0


def main() -> int:
    """Programs in one configuration, by default all of them with a collection at every allocation."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("programs", nargs="*", metavar="PROGRAM", default=PROGRAMS)
    parser.add_argument("--variant", choices=("release", "debug", "asan", "cov"))
    parser.add_argument("--configuration", choices=[name for name in CONFIGURATIONS if name != "exec"] + [*NATIVE], default="gc-stress")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--limit", type=float, default=TIMEOUT_SLOW, help="seconds for each program, without --seconds (%(default).0f)")
    parser.add_argument("--stride", type=int, default=1, help="allocations between collections in programs that are slow (%(default)s)")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--cross", action="store_true", help="all combinations of what native code can be")
    asked = parser.parse_args()
    if asked.cross:
        return cross(list(asked.programs))
    first, *words = {**CONFIGURATIONS, **NATIVE}[asked.configuration]
    native = "jit" in asked.configuration
    command = variant_command(asked.variant, native) if asked.variant else [first if native else MINIVM_EXEC]
    CONFIGURATIONS["command"] = [*command, *words]
    os.environ.setdefault("ASAN_OPTIONS", "detect_leaks=0:exitcode=99:detect_stack_use_after_return=0")
    os.environ.setdefault("UBSAN_OPTIONS", "exitcode=99:print_stacktrace=1")
    programs = list(asked.programs)
    if asked.seconds is not None:
        if "gc-stress" in asked.configuration:
            programs = [name for name in programs if name not in STRESS_SLOW]
        programs.sort(key=lambda name: hashlib.sha256((FOLDER / f"{name}.py").read_bytes()).digest())
    else:
        programs.sort(key=STRESS_SLOW.__contains__)
    started = time.monotonic()

    def look(program: str) -> str | None:
        """What is to be said of a program; None: left out."""
        began = time.monotonic()
        room = asked.limit if asked.seconds is None else started + asked.seconds - began
        if room <= 0:
            return None
        try:
            found = difference(program, "command", Path(folder), room, asked.stride if program in STRESS_SLOW else 1)
        except subprocess.TimeoutExpired:
            return f"no end within {room:.0f} s" if asked.seconds is None else None
        return f"{'same' if not found else 'DIFFERENT'} ({time.monotonic() - began:.1f} s)" + ("\n" + found if found else "")

    counts, endless = Counter[str](), list[str]()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(asked.jobs) as pool:
        for program, said in zip(programs, pool.map(look, programs)):
            if said is not None:
                print(f"{program}: {said}", flush=True)
                counts[said.partition(" ")[0]] += 1
            if said is not None and said.startswith("no end"):
                endless.append(program)
    done = counts["same"] + counts["DIFFERENT"]
    print(f"{done} of {len(programs)} programs, {counts['DIFFERENT']} different, {time.monotonic() - started:.0f} s", flush=True)
    if endless:
        print(f"no end within {asked.limit:.0f} s: {' '.join(endless)}", flush=True)
    return 1 if counts["DIFFERENT"] or endless or not done else 0


if __name__ == "__main__":
    sys.exit(main())
