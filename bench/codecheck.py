"""Measures the code checker: microseconds of CPU time a bytecode instruction, on what tier 1 makes of programs.

Run by hand and by releases. `hinted` is how the service calls it, each unit after its kinds of chunks were seen; `first` is a
checker that has seen nothing; `whole` decodes every unit without hints; `emit` compiles the units, for a ratio in the same run. A
figure is the best of several passes over all units, in CPU time. Units with forbidden bytes are compiled anew with other
displacements, as the service does. Exit status: 1 if a unit is refused for another reason, or if `hinted` is above --limit.
"""
from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from frontend import best_time
from measure import BenchError, main_of, table
from native_units import make_compiler, make_judge, samples, sources


def main() -> int:
    parser = argparse.ArgumentParser(description="The code checker's time a bytecode instruction.")
    parser.add_argument("-n", "--passes", type=int, default=10, help="passes, of which the best counts (default: 10)")
    parser.add_argument("--tests", action="store_true", help="the programs of tests/run too")
    parser.add_argument("--limit", type=float, default=0, help="fail if `hinted` is above this many microseconds")
    parser.add_argument("files", nargs="*", type=Path, help="programs instead of those of programs/")
    options = parser.parse_args()

    from minivm.codecheck import CodeRefused, check
    from minivm.service.compiler import TRIES

    compiler = make_compiler()
    found = list(samples(compiler, options.files or sources(("programs", "tests/run") if options.tests else ("programs",))))
    if not found:
        raise BenchError("no functions")
    judge, lenient = make_judge(), make_judge(strict=False).policy
    refused: Counter[str] = Counter()
    units = []
    moved = 0
    for sample in found:
        for slack in range(TRIES):
            unit = compiler.compile(sample.request, slack) if slack else sample.unit
            try:
                judge.check(unit, sample.request.registers, sample.constants, sample.sites, len(sample.request.words))
                units.append(sample._replace(unit=unit))
                moved += slack > 0
                break
            except CodeRefused as problem:
                if problem.rule != "bytes":
                    print(f"{sample.name}: {problem}")
                if problem.rule != "bytes" or slack == TRIES - 1:
                    refused[problem.rule] += 1
                    break
    count = sum(sample.instructions for sample in units)

    def hinted() -> None:
        for sample in units:
            judge.check(sample.unit, sample.request.registers, sample.constants, sample.sites, len(sample.request.words))

    def first() -> None:
        fresh = make_judge()
        for sample in units:
            fresh.check(sample.unit, sample.request.registers, sample.constants, sample.sites, len(sample.request.words))

    def whole() -> None:
        for sample in units:
            check(sample.unit.code, sample.unit.entries, None, lenient.for_unit(sample.request.registers, sample.constants, sample.sites, judge.record_size, len(sample.request.words)))

    def emit() -> None:
        for sample in units:
            compiler.compile(sample.request)

    rows = []
    figures = {}
    for action, passes in ((hinted, options.passes), (emit, options.passes), (first, 2), (whole, 1)):
        figures[action.__name__] = best_time(passes, action) * 1e6 / count
        rows.append([action.__name__, f"{figures[action.__name__]:.2f}"])
    print(table(["way", "us a bytecode"], rows))
    size = sum(len(sample.unit.code) for sample in units)
    chunks = sum(len(sample.unit.chunks) for sample in units)
    print(f"{len(units)} units, {count} instructions of bytecode, {size} bytes, {chunks} chunks of {len(judge.policy.memo.rows)} kinds")
    print(f"refused: {dict(refused) or 'none'} of {len(found)}; {moved} passed with displacements moved")
    return 1 if set(refused) - {"bytes"} or 0 < options.limit < figures["hinted"] else 0


if __name__ == "__main__":
    main_of(main)
