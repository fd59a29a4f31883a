"""Measures for how long minivm's collector stops a program: the median and the longest pause, from `minivm --stats`.

Run by hand and by releases; measure.py does the running. The programs are those that keep the collector busiest:
Havlak and CD with many small objects that live for a while, binary trees with short-lived and long-lived ones. The VM
reports on standard error; a report is recognised by its key names, whatever stands between a name and its number.
Exit status: 0; 1 when a program failed or reported no pauses; 2 when nothing could be measured.
"""
from __future__ import annotations

import argparse
import re
import statistics

from measure import BenchError, Progress, main_of, run, select, table, vm_command

PROGRAMS = r"^(havlak|cd|micro/binary_trees)$"
MEDIAN_KEY = "gc.pause_median_us"
MAX_KEY = "gc.pause_max_us"


def stat(report: str, key: str) -> float | None:
    """The number that follows a key in the report of --stats."""
    match = re.search(rf"(?<![\w.]){re.escape(key)}\b[\s\"'|:=]*(\d+(?:\.\d+)?)", report)
    return float(match[1]) if match else None


def main() -> int:
    parser = argparse.ArgumentParser(description="The collector's pauses in Havlak, CD and binary trees.")
    parser.add_argument("--vm", default="minivm", metavar="CMD", help="the VM's command (default: minivm)")
    parser.add_argument("--vm-args", default="", metavar="ARGS", help="options for the VM, besides --stats")
    parser.add_argument("--only", default=PROGRAMS, metavar="REGEX", help="other programs, by name")
    parser.add_argument("-n", "--runs", type=int, default=3, help="processes for a program (default: 3)")
    parser.add_argument("--full", action="store_true", help="the full size of each program, not its default size")
    parser.add_argument("--timeout", type=float, default=600, metavar="S", help="seconds for a process (default: 600)")
    options = parser.parse_args()
    if options.runs < 1:
        raise BenchError("-n must be positive")
    vm = [*vm_command(options.vm, options.vm_args), "--stats"]

    progress = Progress()
    rows = []
    failed = False
    chosen = select("all", options.only)
    for i, program in enumerate(chosen):
        inner = program.size(options.full)
        medians: list[float] = []
        longest: list[float] = []
        cpu: list[float] = []
        memory: list[float] = []
        complaint = ""
        for number in range(options.runs):
            progress.step(f"[{i + 1}/{len(chosen)}] {program.label}", f"run {number + 1}/{options.runs}")
            result = run([*vm, *program.arguments(1, inner, steady=False)], options.timeout)
            median, maximum = stat(result.errors, MEDIAN_KEY), stat(result.errors, MAX_KEY)
            if result.status != 0:
                complaint = result.complaint()
            elif median is None or maximum is None:
                complaint = f"reported no {MEDIAN_KEY if median is None else MAX_KEY}"
            else:
                medians.append(median)
                longest.append(maximum)
                cpu.append(result.cpu * 1000)
                memory.append(result.memory)
                continue
            break
        if complaint:
            progress.note(f"{program.label}: {complaint}")
            rows.append([program.label, str(inner), "FAILED", *["-"] * 4])
            failed = True
            continue
        middle = [statistics.median(series) for series in (medians, longest, cpu)]
        numbers = [*middle[:2], max(longest), middle[2], max(memory)]
        rows.append([program.label, str(inner), *(f"{number:.0f}" for number in numbers)])
    progress.done()
    print(f"Pauses of the collector; {options.runs} runs")
    print(table(["program", "inner", "median us", "longest us", "worst run us", "CPU ms", "peak MiB"], rows))
    return 1 if failed else 0


if __name__ == "__main__":
    main_of(main)
