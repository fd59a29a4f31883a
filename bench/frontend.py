"""Measures the front end in lines of source a second: ast.parse alone, all of compile_source(), and what
compile_source() adds to parsing.

Run by hand and by releases. It compiles the programs of programs/ and, as one bigger source, all of them one after
the other. The front end runs in this process, after one unmeasured pass; a figure is the best of several passes, in
CPU time, for the machine may be busy. Exit status: 0; 1 when a source could not be compiled; 2 when there is no front
end to measure.
"""
from __future__ import annotations

import argparse
import ast
import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path

from measure import ROOT, BenchError, Progress, main_of, select, table


def load_front_end() -> Callable[[str, str], bytes]:
    """compile_source() of the installed package, or else of the source tree."""
    sys.path.append(str(ROOT / "vm"))
    try:
        from minivm.bytecode import compile_source
    except ImportError as error:
        raise BenchError(f"minivm.bytecode.compile_source cannot be imported: {error}") from error
    return compile_source


def best_time(passes: int, action: Callable[[], object]) -> float:
    """The least CPU seconds of some passes, with the collector off, as timeit does it."""
    action()
    best = float("inf")
    enabled = gc.isenabled()
    try:
        for _ in range(passes):
            gc.collect()
            gc.disable()
            start = time.process_time_ns()
            action()
            best = min(best, (time.process_time_ns() - start) / 1e9)
            gc.enable()
    finally:
        if not enabled:
            gc.disable()
    return best


def rate(lines: int, seconds: float) -> str:
    return f"{lines / seconds:,.0f}" if seconds > 0 else "-"


def main() -> int:
    parser = argparse.ArgumentParser(description="The front end's speed in lines a second.")
    parser.add_argument("--only", metavar="REGEX", help="only the programs whose name matches")
    parser.add_argument("-n", "--passes", type=int, default=5, help="passes, of which the best counts (default: 5)")
    parser.add_argument("files", nargs="*", type=Path, help="sources to compile instead of the programs")
    options = parser.parse_args()
    if options.passes < 1:
        raise BenchError("-n must be positive")
    compile_source = load_front_end()
    paths = options.files or [program.path for program in select("awfy", options.only)]
    sources: dict[str, str] = {}
    for path in paths:
        try:
            sources[path.name] = path.read_text(encoding="utf-8")
        except OSError as error:
            raise BenchError(f"{path}: {error.strerror}") from error
    if not options.files and len(sources) > 1:
        sources["all together"] = "\n\n".join(sources.values())

    progress = Progress()
    rows = []
    failed = False
    for i, (name, source) in enumerate(sources.items()):
        progress.step(f"[{i + 1}/{len(sources)}] {name}")
        lines = source.count("\n")
        try:
            parsing = best_time(options.passes, lambda: ast.parse(source, name, feature_version=(3, 11)))
            compiling = best_time(options.passes, lambda: compile_source(source, name))
        except Exception as error:
            progress.note(f"{name}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}")
            rows.append([name, str(lines), "FAILED", "-", "-", "-"])
            failed = True
            continue
        rows.append([name, str(lines), rate(lines, parsing), rate(lines, compiling), rate(lines, compiling - parsing),
                     f"{compiling / parsing:.1f}x"])
    progress.done()
    print(f"Lines a second of CPU time; best of {options.passes} passes")
    print(table(["source", "lines", "ast.parse", "compile_source", "beyond parsing", "cost to parsing"], rows))
    return 1 if failed else 0


if __name__ == "__main__":
    main_of(main)
