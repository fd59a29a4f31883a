"""Fuzzes minivm with random programs of Mini: what CPython prints, minivm prints.

    python bench/fuzz_programs.py [--count 50000] [--seed 1] [--config normal,ic-off,ic-mega] [--jobs 2]
                                  [--vm minivm-exec] [--keep FOLDER] [--census SHARE] [--seconds S]
    python bench/fuzz_programs.py --rows --count 600 --census 1     each operator with each pair of operand types once
    python bench/fuzz_programs.py --changes            classes that change while loops run over their instances
    python bench/fuzz_programs.py --show NUMBER        prints a program
    python bench/fuzz_programs.py --reduce FILE        makes a differing program (without prelude) smaller
    python bench/fuzz_programs.py --planted [NAME...]  checks that bugs planted on purpose are found

Programs are made by tests/fuzz/generator.py, by seed and number alone; batches of them are run in one process on each
side. What differs is written at once to FOLDER/fuzz_SEED_NUMBER.py (with the prelude, ready for tests/run) with both
outputs beside it, and made smaller at the end. Printed at the end (also of a run that is interrupted): the commit with
all counts in one line, programs a second, what was left out and why, what the compiler refused, the opcodes that the
images lack, and how many pairs of operand types each operator met (both from a share of the batches). Exit status 1 if there was a
difference, with `--rows` if a row was left out, with `--census 1` if an opcode was not met. Run it by the Python in whose environment minivm is installed.
"""
from __future__ import annotations

import argparse
import re
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "vm"), str(ROOT / "tests" / "fuzz")]

import changes  # noqa: E402
import pairs  # noqa: E402
from generator import PRELUDE, program  # noqa: E402
import running as running_module  # noqa: E402
from running import CONFIGURATIONS, Finding, Report, Sides, case_text, is_alone, process, run_batch  # noqa: E402
from shrinking import shrink  # noqa: E402

from minivm.spec.opcodes import OPCODES  # noqa: E402

BATCH = 50
MINIVM_EXEC = str(Path(sys.executable).parent / "minivm-exec")


def batches(arguments: argparse.Namespace) -> list[tuple[list[int], bool]]:
    numbers = list(range(arguments.first, arguments.first + arguments.count))
    if arguments.rows:  # the first number from there on of each row, and as many others as are asked for
        start = -(-arguments.first // pairs.EVERY)
        rows = [number * pairs.EVERY + pairs.REST for number in range(start, start + pairs.ROW_COUNT)]
        numbers = rows + [number for number in numbers if not pairs.is_row(number)]
    size = BATCH if "gc-stress" not in arguments.config else 10  # each collection looks at all code of the batch
    parts = [numbers[start:start + size] for start in range(0, len(numbers), size)]
    every = max(1, round(1 / arguments.census)) if arguments.census > 0 else len(parts) + 1
    return [(part, index % every == 0 and arguments.census > 0) for index, part in enumerate(parts)]


def fuzz(arguments: argparse.Namespace, total: Report) -> None:
    """Runs all batches, adds what they give to `total`; progress on stderr."""
    started = shown = time.monotonic()
    waiting = batches(arguments)
    waiting.reverse()
    with ProcessPoolExecutor(arguments.jobs) as pool:
        running: set[Future[Report]] = set()
        while waiting or running:
            late = arguments.seconds and time.monotonic() - started > arguments.seconds
            enough = len(total.findings) >= arguments.enough
            if late or enough:
                waiting.clear()
            while waiting and len(running) < 2 * arguments.jobs:
                numbers, census = waiting.pop()
                configurations = arguments.config.split(",")
                task = arguments.vm, arguments.seed, numbers, configurations, census, arguments.mask, arguments.enough
                running.add(pool.submit(run_batch, *task))
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                report = future.result()
                total.add(report)
                for finding in report.findings if not arguments.list else []:
                    write(finding, finding.text, finding.wanted, finding.got, arguments)
                    print(f"different: {finding.number} ({finding.configuration})", file=sys.stderr)
            now = time.monotonic()
            total.seconds = now - started
            if now - shown > 10 and not arguments.quiet:
                shown = now
                print(progress(total, arguments), file=sys.stderr)


def progress(total: Report, arguments: argparse.Namespace) -> str:
    rate = total.programs / max(total.seconds, 1e-9)
    tried = total.programs + sum(total.refused.values())
    return (f"{tried} of {arguments.count} programs, {rate:.0f}/s, {len(total.findings)} different, "
            f"{len(total.left_out)} left out, {max(arguments.count - tried, 0) / max(rate, 0.1) / 60:.0f} min to go")


def commit() -> str:
    """What is run: the commit of the work tree, with a + if something is changed in it."""
    def ask(*words: str) -> str:
        return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True).stdout.strip()

    return (ask("rev-parse", "--short", "HEAD") or "no commit") + ("+" if ask("status", "--porcelain", "-uno") else "")


def mask(line: str) -> str:
    return re.sub(r"\d+", "0", re.sub(r"'[^']*'", "''", line))[:60]


def signature(wanted: str, got: str) -> tuple[str, str]:
    """Both first lines that differ, without numbers and quoted texts: differences with the same one are probably the same."""
    before, after = wanted.splitlines(), got.splitlines()
    for index in range(max(len(before), len(after))):
        one = before[index] if index < len(before) else "(end)"
        two = after[index] if index < len(after) else "(end)"
        if one != two:
            return mask(one), mask(two)
    return "", ""


def reduce(finding: Finding, arguments: argparse.Namespace) -> tuple[str, str, str]:
    """The smaller program with both outputs."""
    with tempfile.TemporaryDirectory() as folder:
        sides = Sides(arguments.vm, Path(folder), 5.0)
        mark = signature(finding.wanted, finding.got)

        def keeps(text: str) -> bool:
            pair = sides.differs(text, finding.configuration)
            return pair is not None and signature(*pair) == mark

        text = shrink(finding.text, keeps, arguments.shrink_seconds) if keeps(finding.text) else finding.text
        return text, *(sides.differs(text, finding.configuration) or ("", ""))


def with_prelude(text: str) -> str:
    """The program with what it uses of the prelude."""
    parts = [part for part in PRELUDE.strip().split("\n\n\n")]
    names = [part.split("(")[0].split()[-1] for part in parts]
    needed = [part for part, name in zip(parts, names) if name in text or name == "Note" and "Odd" in text]
    return "\n\n\n".join([*needed, text])


def write(finding: Finding, text: str, wanted: str, got: str, arguments: argparse.Namespace) -> Path:
    """Keeps a program that differs, with both outputs."""
    arguments.keep.mkdir(parents=True, exist_ok=True)
    path: Path = arguments.keep / f"fuzz_{arguments.seed}_{finding.number}.py"
    whole = text if is_whole(finding) else with_prelude(text)
    path.write_text(whole, encoding="utf-8", errors="surrogateescape")
    path.with_suffix(".expected").write_text(wanted, encoding="utf-8", errors="replace")
    path.with_suffix(".got").write_text(got, encoding="utf-8", errors="replace")
    return path


def is_whole(finding: Finding) -> bool:
    """Whether it is a process of its own or a conversation: not reduced."""
    return is_alone(finding.number) or finding.configuration == "api"


def write_findings(findings: list[Finding], arguments: argparse.Namespace) -> None:
    seen: set[tuple[str, str]] = set()
    for finding in sorted(findings, key=lambda finding: len(finding.text)):
        first = signature(finding.wanted, finding.got)
        if first in seen:
            continue
        seen.add(first)
        text, wanted, got = (finding.text, finding.wanted, finding.got) if is_whole(finding) else reduce(finding, arguments)
        path = write(finding, text, wanted, got, arguments)
        print(f"== {path.name} ({finding.configuration})\n{text}-- CPython\n{wanted}\n-- minivm\n{got}", flush=True)


def summary(report: Report, arguments: argparse.Namespace) -> None:
    last = arguments.first + arguments.count - 1
    print(f"commit {commit()}, seed {arguments.seed}, {arguments.first} to {last}, {arguments.config}: {report.programs} programs in "
          f"{report.seconds:.0f} s ({report.programs / max(report.seconds, 1e-9):.1f}/s), {len(report.findings)} different, "
          f"{len(report.left_out)} left out, {sum(report.refused.values())} not accepted", flush=True)
    if report.reasons:
        print("    left out: " + ", ".join(f"{count} {reason}" for reason, count in report.reasons.most_common()))
    for what, count in report.refused.most_common(8):
        print(f"    {count} {what}")
    if report.slow:
        print(f"    {len(report.slow)} too slow with a collection at every allocation: {' '.join(map(str, sorted(report.slow)))}")
    if report.left_out:
        print(f"    of these: {' '.join(map(str, sorted(set(report.left_out))[:40]))}")
    if report.opcodes:
        missing = [row.name for row in OPCODES if row.name not in report.opcodes]
        print(f"{len(OPCODES) - len(missing)} of {len(OPCODES)} opcodes; not reached: {' '.join(missing) or 'none'}")
    print(f"operand pairs: {len(report.rows)} of {pairs.ROW_COUNT} rows of {len(pairs.TYPES)} types each without a difference "
          f"({len(pairs.TWO)} forms with two operands, {len(pairs.ONE)} with one; {report.refused_pairs} pairs in them are refused)")
    operators: dict[str, set[tuple[str, str]]] = {}
    for operator, left, right in report.pairs:
        operators.setdefault(operator, set()).add((left, right))
    types = {name for pairs in operators.values() for pair in pairs for name in pair}
    if operators:
        print(f"pairs of operand types (of {len(types)} types: {', '.join(sorted(types))}):")
        print("    " + ", ".join(f"{name} {len(pairs)}" for name, pairs in sorted(operators.items())))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first program")
    parser.add_argument("--rows", action="store_true", help="each row of operand pairs once, besides")
    parser.add_argument("--changes", action="store_true", help="the programs of tests/fuzz/changes.py")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--config", default="normal", help="comma-separated: " + ", ".join(CONFIGURATIONS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--vm", default=MINIVM_EXEC)
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "fuzz")
    parser.add_argument("--census", type=float, default=0.02,
        help="share of the batches in which opcodes and types are counted")
    parser.add_argument("--seconds", type=float, default=0, help="start no batch after this time")
    parser.add_argument("--shrink-seconds", type=float, default=60)
    parser.add_argument("--enough", type=int, default=1000, help="stop after this many differences")
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--show", type=int)
    parser.add_argument("--reduce", type=Path)
    parser.add_argument("--mask", action="store_true", help="make open findings equal (running.KNOWN)")
    parser.add_argument("--list", action="store_true", help="print nothing but the numbers of the programs that differ")
    parser.add_argument("--within", type=int, default=3000, help="programs that may be needed to find a planted bug")
    parser.add_argument("--planted", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    running_module.masked = arguments.mask
    arguments.first += changes.FIRST if arguments.changes else 0
    if arguments.show is not None:
        alone = is_alone(arguments.show)
        print(case_text(process(arguments.seed, arguments.show)) if alone else PRELUDE + program(arguments.seed, arguments.show), end="")
        return 0
    if arguments.planted is not None:
        from planted import check

        return check(arguments.planted, arguments)
    if arguments.reduce:
        text = arguments.reduce.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            pair = Sides(arguments.vm, Path(folder)).differs(text, arguments.config)
        if pair is None:
            print("no difference")
            return 0
        print(*reduce(Finding(0, text, *pair, arguments.config), arguments), sep="\n--\n")
        return 1
    if arguments.list:
        arguments.quiet, arguments.census = True, 0
        report = Report()
        fuzz(arguments, report)
        print(*sorted({finding.number for finding in report.findings}))
        return 0
    report, stopped = Report(), True
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        fuzz(arguments, report)
        stopped = False
    finally:
        summary(report, arguments)
        if stopped:
            print("stopped before the end")
    write_findings(report.findings, arguments)
    missing = arguments.census == 1 and any(row.name not in report.opcodes for row in OPCODES)
    missing_rows = arguments.rows and len(report.rows) < pairs.ROW_COUNT
    return 1 if report.findings or missing or missing_rows else 0


if __name__ == "__main__":
    sys.exit(main())
