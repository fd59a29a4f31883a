"""Measures the code checker: microseconds of CPU time a bytecode instruction, on what tier 1 makes of programs.

Run by hand and by releases. `emit` compiles the units, `check` judges them as the service does, by their bytecode; `policy` holds them
against the policy and the catalogue of templates, where the bytecode is not known; `whole` decodes every byte of them. A
figure is the best of several passes over all units, in CPU time; passes of `emit` and `check` alternate. Units with forbidden bytes are compiled
anew with other displacements, as the service does. Exit status: 1 if a unit is refused for another reason, or if a figure is
above its limit.
"""
from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from frontend import best_time
from measure import BenchError, main_of, table
from native_units import make_compiler, make_demands, make_judge, samples, sources


def main() -> int:
    parser = argparse.ArgumentParser(description="The code checker's time a bytecode instruction.")
    parser.add_argument("-n", "--passes", type=int, default=10, help="passes, of which the best counts (default: 10)")
    parser.add_argument("--tests", action="store_true", help="the programs of tests/run too")
    parser.add_argument("--limit", type=float, nargs=2, default=(0, 0), metavar=("EMIT", "CHECK"), help="fail if `emit` or `check` is above so many microseconds (0: any)")
    parser.add_argument("files", nargs="*", type=Path, help="programs instead of those of programs/")
    options = parser.parse_args()

    from minivm.codecheck.check import check
    from minivm.codecheck.verdict import CodeRefused
    from minivm.service.compiler import TRIES

    compiler = make_compiler()
    found = list(samples(compiler, options.files or sources(("programs", "tests/run") if options.tests else ("programs",))))
    if not found:
        raise BenchError("no functions")
    demands, judge, lenient = make_demands(), make_judge(), make_judge(strict=False)
    refused: Counter[str] = Counter()
    units = []
    moved = 0
    for sample in found:
        for slack in range(TRIES):
            unit = compiler.compile(sample.request, slack) if slack else sample.unit
            try:
                demands.check(unit, sample.request)
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

    def emit_all() -> None:
        for sample in units:
            compiler.compile(sample.request, sample.unit.slack)

    def check_all() -> None:
        for sample in units:
            demands.check(sample.unit, sample.request)

    def policy() -> None:
        for sample in units:
            judge.check(sample.unit, sample.request)

    def whole() -> None:
        for sample in units:
            check(sample.unit.code, sample.unit.entries, None, lenient.policy_for(sample.request))

    emit = checked = float("inf")
    for _ in range(options.passes):
        emit = min(emit, best_time(1, emit_all) * 1e6 / count)
        checked = min(checked, best_time(1, check_all) * 1e6 / count)
    rows = [["emit", f"{emit:.2f}"], ["check", f"{checked:.2f}"]]
    rows += [[action.__name__, f"{best_time(passes, action) * 1e6 / count:.2f}"] for action, passes in ((policy, 2), (whole, 1))]
    print(table(["way", "us a bytecode"], rows))
    size = sum(len(sample.unit.code) for sample in units)
    chunks = sum(len(sample.unit.chunks) for sample in units)
    print(f"{len(units)} units, {count} instructions of bytecode, {size} bytes, {chunks} chunks of {len({kind for sample in units for kind in sample.unit.chunks})} kinds")
    print(f"native code: {size / sum(8 * len(sample.request.words) for sample in units):.1f} times the bytes of the bytecode")
    print(f"refused: {dict(refused) or 'none'} of {len(found)}; {moved} passed with displacements moved")
    return 1 if set(refused) - {"bytes"} or any(0 < limit < figure for limit, figure in zip(options.limit, (emit, checked), strict=True)) else 0


if __name__ == "__main__":
    main_of(main)
