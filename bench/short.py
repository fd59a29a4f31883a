"""What native code costs or gives short programs: whole runs with --jit=on against --jit=off, in turn.

Run by hand and by releases; measure.py does the running. The programs of programs/short take the interpreter 20 to 200 ms:
about as long as a compiler takes to start, so that what it costs is seen best. For each the median CPU time (user and
system, of all threads) and wall time of both, and the ratios on/off; at the end their geometric means and the worst. Exit status: 0; 1 when the mean
or a program is past its goal, or one failed or printed something else than CPython; 2 when nothing could be measured.
"""
from __future__ import annotations

import argparse
import os
import statistics
import sys
import time

from measure import PROGRAMS, BenchError, Progress, Ratio, Run, command_of, geometric_mean, main_of, run, table, vm_command

GOAL = 1.1    # 10 % more than in the interpreter: CPU time of each program, and the means of CPU and wall time
MODES = ("off", "on")


def timed(command: list[str]) -> tuple[Run, float]:
    started = time.perf_counter()
    result = run(command, timeout=60.0)
    return result, time.perf_counter() - started


def main() -> int:
    parser = argparse.ArgumentParser(description="Whole runs of short programs with native code against the interpreter alone.")
    parser.add_argument("--vm", default="minivm", metavar="CMD", help="the VM's command (default: minivm)")
    parser.add_argument("--vm-args", default="", metavar="ARGS", help="options for the VM, before --jit and the program's path")
    parser.add_argument("--python", default="python3", metavar="CMD", help="CPython's command (default: python3)")
    parser.add_argument("--only", default="", metavar="NAME", help="programs whose name contains this")
    parser.add_argument("-n", "--runs", type=int, default=15, help="runs of each program in each mode (default: 15)")
    options = parser.parse_args()
    if options.runs < 1:
        raise BenchError("-n must be positive")
    vm = vm_command(options.vm, options.vm_args)
    python = command_of(options.python, "--python")
    paths = [path for path in sorted((PROGRAMS / "short").glob("*.py")) if options.only in path.stem]
    if not paths:
        raise BenchError(f"--only {options.only}: no program of this name")

    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)     # an installed minivm has its own modules compiled
    progress = Progress()
    rows, failed = [], []
    cpu_ratios, wall_ratios = {}, {}
    for path in paths:
        progress.step(f"[{path.stem}]")
        wanted = run([*python, str(path)], timeout=60.0).output
        commands = {mode: [*vm, f"--jit={mode}", str(path)] for mode in MODES}
        cpu: dict[str, list[float]] = {mode: [] for mode in MODES}
        wall: dict[str, list[float]] = {mode: [] for mode in MODES}
        for number in range(options.runs + 1):          # the first one warms the caches
            for mode in MODES if number % 2 else MODES[::-1]:
                result, seconds = timed(commands[mode])
                if result.status or result.output != wanted:
                    failed.append(f"{path.stem}, --jit={mode}: " + (result.complaint() if result.status else "printed something else than CPython"))
                    break
                if number:
                    cpu[mode].append(result.cpu)
                    wall[mode].append(seconds)
        if len(wall["on"]) < options.runs or len(wall["off"]) < options.runs:
            continue
        cpu_ratios[path.stem], wall_ratios[path.stem] = Ratio.of(cpu["on"], cpu["off"]), Ratio.of(wall["on"], wall["off"])
        times = [f"{statistics.median(series[mode]) * 1000:.1f}" for series in (cpu, wall) for mode in MODES]
        rows.append([path.stem, *times[:2], f"{cpu_ratios[path.stem].value:.2f}", *times[2:], f"{wall_ratios[path.stem].value:.2f}"])
    progress.done()
    if rows:
        print(table(["program", "CPU off ms", "on", "on/off", "wall off ms", "on", "on/off"], rows))
    for text in failed:
        print(text)
    if not rows:
        return 1
    missed = bool(failed)
    for what, ratios in (("CPU time", cpu_ratios), ("wall time", wall_ratios)):
        mean = geometric_mean([ratio.value for ratio in ratios.values()])
        worst = max(ratios, key=lambda name: ratios[name].value)
        late = [name for name, ratio in ratios.items() if ratio.value > GOAL and ratios is cpu_ratios]
        print(f"{what}, on/off: {mean:.3f} in the geometric mean (goal {GOAL}), worst {ratios[worst].value:.2f} {worst}"
              + (f"; past the goal: {', '.join(late)}" if late else ""))
        missed = missed or mean > GOAL or bool(late)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main_of(main))
