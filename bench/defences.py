"""What the defences of native code cost: the 14 programs with all of them and with each left out, in turn.

Run by hand and by releases. Steady iterations by the programs' own clock (CPU time), after warm-up, as in programs.py --steady. A
row for each program: the time with everything on, and how much of it each column saves. Exit status: 1 when a program failed, or
when all defences together cost more than --limit in the geometric mean.
"""
from __future__ import annotations

import argparse
import math

from measure import BenchError, main_of, run, select, table, vm_command

ALL = "digest,guests,checker,permanent"
COLUMNS = {     # name: options
    "all": f"--code-layers={ALL}",
    "no guests": "--code-layers=digest,permanent",
    "no digest": "--code-layers=guests,checker,permanent",
    "flip": f"--code-memory=flip --code-layers={ALL}",
    "none": "--code-memory=flip --code-layers=none",
}


def steady(command: list[str], timeout: float) -> float:
    """Seconds of the best iteration of the second half."""
    result = run(command, timeout)
    times = result.steady_times()
    if result.status != 0 or not times:
        raise BenchError(f"{' '.join(command)}: {result.complaint()}")
    return min(times[len(times) // 2:])


def main() -> int:
    parser = argparse.ArgumentParser(description="What the defences of native code cost.")
    parser.add_argument("-n", "--runs", type=int, default=3, help="runs of each, in turn; the best counts (default: 3)")
    parser.add_argument("--iterations", type=int, default=12, help="iterations of a run (default: 12)")
    parser.add_argument("--only", default="", help="programs whose names match this expression")
    parser.add_argument("--vm", default="minivm", help="the command (default: minivm)")
    parser.add_argument("--timeout", type=float, default=120, help="seconds for a run (default: 120)")
    parser.add_argument("--limit", type=float, default=0, help="fail if all defences cost more than this share, as 0.05")
    options = parser.parse_args()
    vm = vm_command(options.vm, "")
    rows, logs = [], dict.fromkeys(COLUMNS, 0.0)
    programs = select("awfy", options.only)
    for program in programs:
        best = dict.fromkeys(COLUMNS, math.inf)
        for _ in range(options.runs):
            for name, words in COLUMNS.items():
                arguments = program.arguments(options.iterations, program.size(False, 0.2), True)
                best[name] = min(best[name], steady([*vm, "--jit=on", *words.split(), *arguments], options.timeout))
        for name, seconds in best.items():
            logs[name] += math.log(seconds / best["all"])
        rows.append([program.name, f"{best['all'] * 1e3:.2f}", *(f"{best[name] / best['all'] - 1:+.1%}" for name in COLUMNS if name != "all")])
    means = {name: math.exp(value / len(programs)) - 1 for name, value in logs.items()}
    rows.append(["geometric mean", "", *(f"{means[name]:+.1%}" for name in COLUMNS if name != "all")])
    print(table(["program", "all, ms", *(name for name in COLUMNS if name != "all")], rows))
    cost = 1 / (1 + means["none"]) - 1
    print(f"all defences cost {cost:.1%} over none of them")
    return 1 if 0 < options.limit < cost else 0


if __name__ == "__main__":
    main_of(main)
