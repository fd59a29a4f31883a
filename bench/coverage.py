"""Measures which lines of runtime_c are executed: by the random programs, by tests/run, by the other fuzzers.

    python bench/coverage.py [--by fuzz,run,verifier,api] [--count 2000] [--seed 1] [--first 0] [--mutants 20000]
                             [--files 30] [--missed FILE...] [--at-least 85]

Builds the variant `cov` (objects in build/obj/cov, the Python package in build/coverage/lib; what is installed stays as
it is), runs each of the parts and asks gcov. Printed: a line a part with the share of the lines that it executes, then a
table of the files with the most missed lines: missed by the first part, and by all parts together. `--missed FILE`
prints the lines of that file that the first part misses. The files of APART are also taken out of a second figure. Generated tables (gen/unicode_tables.c) are not counted; lines
of headers count once, whoever includes them. Exit status 1 if this second
figure of the first part stays below `--at-least` per cent.

fuzz      the programs of bench/fuzz_programs.py, in its interpreted configurations in turn, without a comparison
run       tests/run under minivm-exec
verifier  mutants of bench/fuzz_verifier.py
api       tests/api and tests/cli: the library and the commands
"""
from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "vm"), str(ROOT / "tests" / "fuzz")]

from running import Sides, cover_batch  # noqa: E402

OBJECTS = ROOT / "build" / "obj" / "cov"
LIBRARY = ROOT / "build" / "coverage" / "lib"
EXEC = OBJECTS / "minivm-exec"
LEFT_OUT = ("runtime_c/gen/", "build/")
# What programs under minivm-exec do not reach by their nature, counted apart: the library's entries, the native tier.
APART = ("api", "code", "native", "guestlist", "fault.c", "depend.c")
# Of running.CONFIGURATIONS, in turn, a batch each; those with a collection at every allocation run fewer programs.
INTERPRETED = ("normal", "ic-off", "ic-mega", "normal", "ic-mega", "trace", "gc-stress")
NATIVE = ("api", "jit-eager", "api", "jit-on", "jit-leave", "api", "jit-flip", "jit-pointer", "jit-mega", "jit-process", "jit-trace", "jit-gc-stress")
PARTS = ("fuzz", "run", "verifier", "api")

Lines = dict[tuple[str, int], bool]  # (file, line): was it executed?


def build() -> None:
    """The runtime and a package around it, apart from what is installed."""
    environment = {**os.environ, "MINIVM_VARIANT": "cov"}
    subprocess.run(
        [sys.executable, "setup.py", "-q", "build_ext", "--build-lib", str(LIBRARY), "--build-temp",
         str(LIBRARY.parent / "temp")], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL,
    )
    for path in (ROOT / "vm" / "minivm").iterdir():
        link = LIBRARY / "minivm" / path.name
        if path.suffix != ".so" and path.name != "__pycache__" and not link.is_symlink():
            link.symlink_to(path)
    for name, what in (("python", ""), ("minivm", "-m minivm ")):  # beside minivm-exec, as where minivm is installed
        script = OBJECTS / name
        script.write_text(f'#!/bin/sh\nPYTHONPATH={LIBRARY} exec {sys.executable} {what}"$@"\n', encoding="utf-8")
        script.chmod(0o755)


def forget() -> None:
    """Sets all counts to 0."""
    for path in OBJECTS.rglob("*.gcda"):
        path.unlink()


def executed() -> Lines:
    """What gcov knows of all objects."""
    lines: Lines = {}
    notes = sorted(path for path in OBJECTS.rglob("*.gcno") if path.name != "_native.c.gcno")
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["gcov", "--json-format", "--stdout", *map(str, notes)], cwd=folder, capture_output=True, check=True,
        )
    for text in done.stdout.splitlines():
        if not text.startswith(b"{"):
            continue
        for file in json.loads(text)["files"]:
            name = os.path.normpath(file["file"]).removeprefix(f"{ROOT}/")
            if not name.startswith("runtime_c/") or name.startswith(LEFT_OUT):
                continue
            for line in file["lines"]:
                key = name, line["line_number"]
                lines[key] = lines.get(key, False) or line["count"] > 0
    return lines


def run_fuzz(arguments: argparse.Namespace) -> None:
    configurations = [name for pair in zip(INTERPRETED * len(NATIVE), NATIVE * len(INTERPRETED)) for name in pair]
    if arguments.interpreted:
        configurations = [*INTERPRETED]
    numbers = range(arguments.first, arguments.first + arguments.count)
    for index, start in enumerate(range(0, len(numbers), 50)):
        part = list(numbers[start : start + 50])
        configuration = configurations[index % len(configurations)]
        if configuration.endswith("gc-stress"):
            part = part[:8]
        cover_batch(str(EXEC), arguments.seed, part, configuration)


def run_run(arguments: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sides = Sides(str(EXEC), Path(folder), 120.0)
        for path in sorted((ROOT / "tests" / "run").glob("*.py")):
            sides.minivm(sides.compile(path.read_text(encoding="utf-8")), "normal")


def run_verifier(arguments: argparse.Namespace) -> None:
    subprocess.run(
        [sys.executable, str(ROOT / "bench" / "fuzz_verifier.py"), "--variant", "cov", "--jobs", "1", "--count",
         str(arguments.mutants), "--keep", str(LIBRARY.parent / "found")], check=False, stdout=subprocess.DEVNULL,
    )


def run_api(arguments: argparse.Namespace) -> None:
    environment = {**os.environ, "PYTHONPATH": str(LIBRARY), "MINIVM_COVERAGE": "1"}
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/api", "tests/cli"], cwd=ROOT,
        env=environment, check=False, stdout=subprocess.DEVNULL,
    )


def of_programs(lines: Lines) -> Lines:
    """Without the files of APART (but for code_positions.c, which serves tracebacks)."""
    def apart(name: str) -> bool:
        return name.startswith(APART) and name != "code_positions.c"

    return {key: hit for key, hit in lines.items() if not apart(key[0].removeprefix("runtime_c/"))}


def share(lines: Lines) -> float:
    return 100.0 * sum(lines.values()) / max(len(lines), 1)


def table(first: Lines, union: Lines, files: int) -> None:
    names = sorted({name for name, _ in union})
    rows = []
    for name in names:
        all_lines = [key for key in union if key[0] == name]
        missed = sum(not first.get(key, False) for key in all_lines)
        rows.append((missed, name, len(all_lines), sum(not union[key] for key in all_lines)))
    rows.sort(key=lambda row: (-row[0], row[1]))
    print(f"\n{'file':34} {'lines':>6} {'missed':>7} {'%':>6} {'by all':>7}")
    for missed, name, count, by_all in rows[:files]:
        print(f"{name.removeprefix('runtime_c/'):34} {count:6} {missed:7} {100 * (count - missed) / count:6.1f} {by_all:7}")
    rest = rows[files:]
    if rest:
        count, missed = sum(row[2] for row in rest), sum(row[0] for row in rest)
        print(f"{f'{len(rest)} other files':34} {count:6} {missed:7} {100 * (count - missed) / count:6.1f} "
              f"{sum(row[3] for row in rest):7}")


def show_missed(name: str, lines: Lines) -> None:
    path = ROOT / "runtime_c" / name
    wanted = {line for (file, line), hit in lines.items() if file == f"runtime_c/{name}" and not hit}
    print(f"\n== {name}: {len(wanted)} missed")
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if number in wanted:
            print(f"{number:5} {text}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--by", default="fuzz", help="parts, comma-separated: " + ", ".join(PARTS))
    parser.add_argument("--count", type=int, default=2000, help="random programs")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mutants", type=int, default=20_000)
    parser.add_argument("--interpreted", action="store_true", help="random programs under minivm-exec alone")
    parser.add_argument("--files", type=int, default=200, help="rows of the table")
    parser.add_argument("--missed", nargs="*", default=[], metavar="FILE")
    parser.add_argument("--at-least", type=float, default=0.0, metavar="PERCENT")
    arguments = parser.parse_args()
    build()
    parts: dict[str, Lines] = {}
    for name in arguments.by.split(","):
        forget()
        globals()[f"run_{name}"](arguments)
        parts[name] = executed()
    union: Lines = {}
    for lines in parts.values():
        for key, hit in lines.items():
            union[key] = union.get(key, False) or hit
    for name, lines in parts.items():
        print(f"{name:10} {sum(lines.values())} of {len(lines)} lines, {share(lines):.1f} %; "
              f"without api*.c and the native tier {share(of_programs(lines)):.1f} %")
    if len(parts) > 1:
        print(f"{'all':10} {sum(union.values())} of {len(union)} lines, {share(union):.1f} %; "
              f"without api*.c and the native tier {share(of_programs(union)):.1f} %")
    first = next(iter(parts.values()))
    table(first, union, arguments.files)
    for name in arguments.missed:
        show_missed(name, first)
    return 1 if share(of_programs(first)) < arguments.at_least else 0


if __name__ == "__main__":
    sys.exit(main())
