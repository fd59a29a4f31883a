"""Times the programs of programs/ under minivm and under CPython, in turn: A B A B.

Run by hand and by releases; measure.py does the running. It prints a row for each program: the median CPU time of
each engine (caches of bytecode are warm), the speed-up (CPython's time divided by minivm's) by these medians and its range over the pairs, and at
the end the geometric mean of the speed-ups. `--whole` (the default) charges whole processes, start-up and compilation
included; `--steady` takes the programs' own clock, for the iterations after the warm-up. Exit status: 0; 1 when some
program failed or printed something else than CPython; 2 when nothing could be measured.
"""
from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from measure import (
    SETS, BenchError, Program, Progress, Ratio, Run, command_of, geometric_mean, main_of, run, select, table, vm_command,
)

ENGINES = ("vm", "python")


@dataclass(frozen=True)
class Plan:
    """The options that say how to run one program."""

    commands: dict[str, list[str]]
    runs: int
    steady: bool
    iterations: int
    warmup: int
    timeout: float


@dataclass
class Measured:
    """A program's samples by engine, in seconds of CPU: a run's whole cost, or the median of its steady iterations."""

    label: str
    inner: int
    error: str = ""
    cpu: dict[str, list[float]] = field(default_factory=lambda: {engine: [] for engine in ENGINES})
    best: dict[str, float] = field(default_factory=dict)
    memory: dict[str, list[float]] = field(default_factory=lambda: {engine: [] for engine in ENGINES})

    def ratio(self) -> Ratio:
        return Ratio.of(self.cpu["python"], self.cpu["vm"])


def check_run(engine: str, result: Run, reference: Run | None) -> str:
    """What is wrong with a run, or nothing: its status, its own check, or a difference from CPython's output."""
    if result.status != 0:
        return f"{engine} failed, {result.complaint()}"
    lines = result.result().splitlines()
    if not lines or not lines[-1].endswith(": ok"):
        return f"{engine} printed no `ok`: {lines[-1] if lines else 'nothing'}"
    if reference is not None and result.result() != reference.result():
        return f"{engine} printed {result.result()!r}, CPython {reference.result()!r}"
    return ""


def measure_program(program: Program, inner: int, plan: Plan, progress: Progress, heading: str) -> Measured:
    measured = Measured(program.label, inner)
    arguments = program.arguments(plan.iterations if plan.steady else 1, inner, plan.steady)
    for engine in ENGINES:  # once before, so that the caches of bytecode are warm
        progress.step(heading, f"warming up {engine}")
        run([*plan.commands[engine], *program.arguments(1, 1, False)], plan.timeout)
    for number in range(plan.runs):
        results: dict[str, Run] = {}
        # CPython first: its output is the reference for the VM.
        for engine in reversed(ENGINES):
            progress.step(heading, f"run {number + 1}/{plan.runs} {engine}")
            result = run([*plan.commands[engine], *arguments], plan.timeout)
            measured.error = check_run(engine, result, results.get("python"))
            if measured.error:
                return measured
            results[engine] = result
            measured.memory[engine].append(result.memory)
            if not plan.steady:
                measured.cpu[engine].append(result.cpu)
                continue
            times = result.steady_times()[plan.warmup:]
            if not times:
                measured.error = f"{engine} printed no iteration times"
                return measured
            measured.cpu[engine].append(statistics.median(times))
            measured.best[engine] = min(times + [measured.best[engine]] if engine in measured.best else times)
    return measured


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


def report(measured: Sequence[Measured], steady: bool, memory: bool) -> str:
    head = ["program", "inner", "vm ms", "python ms"]
    head += ["vm best", "python best"] if steady else []
    head += ["speed-up", "range"]
    head += ["vm MiB", "python MiB"] if memory else []
    rows: list[list[str]] = []
    for one in measured:
        if one.error:
            rows.append([one.label, str(one.inner), "FAILED", *["-"] * (len(head) - 3)])
            continue
        ratio = one.ratio()
        row = [one.label, str(one.inner), *(milliseconds(statistics.median(one.cpu[engine])) for engine in ENGINES)]
        if steady:
            row += [milliseconds(one.best[engine]) for engine in ENGINES]
        row += [f"{ratio.value:.2f}x", f"{ratio.least:.2f}..{ratio.greatest:.2f}"]
        if memory:
            row += [f"{max(one.memory[engine]):.1f}" for engine in ENGINES]
        rows.append(row)
    good = [one.ratio().value for one in measured if not one.error]
    text = table(head, rows)
    if good:
        left_out = "" if len(good) == len(measured) else f" (without the {len(measured) - len(good)} that failed)"
        text += f"\nspeed-up over CPython, geometric mean of {len(good)}: {geometric_mean(good):.2f}x{left_out}"
    for one in measured:
        if one.error:
            text += f"\n{one.label}: {one.error}"
    return text


def as_json(measured: Sequence[Measured], plan: Plan) -> dict[str, Any]:
    rows = []
    for one in measured:
        row: dict[str, Any] = {"program": one.label, "inner": one.inner}
        if one.error:
            row["error"] = one.error
        else:
            row |= {"cpu_s": one.cpu, "best_s": one.best, "peak_mib": one.memory, "speed_up": asdict(one.ratio())}
        rows.append(row)
    good = [one.ratio().value for one in measured if not one.error]
    return {
        "mode": "steady" if plan.steady else "whole",
        "commands": plan.commands,
        "runs": plan.runs,
        "programs": rows,
        "geometric_mean": geometric_mean(good) if good else None,
    }


def plot(series: dict[str, list[Measured]], target: Path) -> None:
    """A bar for each program and mode, on a logarithmic axis: how many times CPython's speed."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    labels = [one.label for one in next(iter(series.values()))]
    figure, axes = pyplot.subplots(figsize=(max(6.0, 0.6 * len(labels)), 4.0))
    width = 0.8 / len(series)
    for i, (mode, measured) in enumerate(series.items()):
        places = [j + (i - (len(series) - 1) / 2) * width for j, one in enumerate(measured) if not one.error]
        ratios = [one.ratio() for one in measured if not one.error]
        spread = [[max(0.0, r.value - r.least) for r in ratios], [max(0.0, r.greatest - r.value) for r in ratios]]
        axes.bar(places, [r.value for r in ratios], width, yerr=spread, capsize=2, label=mode)
    axes.set_yscale("log")
    axes.axhline(1.0, color="black", linewidth=0.8)
    axes.set_xticks(range(len(labels)), labels, rotation=45, ha="right")
    axes.set_ylabel("speed-up over CPython")
    axes.legend()
    figure.tight_layout()
    figure.savefig(target)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time the programs under minivm and CPython, in turn.")
    parser.add_argument("--vm", default="minivm", metavar="CMD", help="the VM's command (default: minivm)")
    parser.add_argument("--vm-args", default="", metavar="ARGS", help="options for the VM, before the program's path")
    parser.add_argument("--python", default="python3", metavar="CMD", help="CPython's command (default: python3)")
    parser.add_argument("--set", choices=list(SETS), help="which ones (default: awfy; all with --only)")
    parser.add_argument("--only", metavar="REGEX", help="only the programs whose name matches")
    parser.add_argument("-n", "--runs", type=int, default=5, help="processes of each engine for a program (default: 5)")
    parser.add_argument("--whole", action="store_true", help="CPU time of whole processes (the default)")
    parser.add_argument("--steady", action="store_true", help="CPU time of an iteration after warm-up")
    parser.add_argument("--iterations", type=int, default=8, help="iterations in a process with --steady (default: 8)")
    parser.add_argument("--warmup", type=int, default=3, help="iterations left out at the start (default: 3)")
    parser.add_argument("--full", action="store_true", help="the full size of each program, not its default")
    parser.add_argument("--inner-scale", type=float, default=1.0, metavar="F", help="sizes that take F times as long")
    parser.add_argument("--memory", action="store_true", help="show the peak memory of both engines, in MiB")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all samples to FILE")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the speed-ups to FILE (needs matplotlib)")
    parser.add_argument("--timeout", type=float, default=600, metavar="S", help="seconds for a process (default: 600)")
    return parser.parse_args()


def main() -> int:
    options = parse_options()
    if options.runs < 1 or options.inner_scale <= 0:
        raise BenchError("-n and --inner-scale must be positive")
    if not 0 <= options.warmup < options.iterations:
        raise BenchError("--warmup must leave some of the --iterations")
    if options.plot and importlib.util.find_spec("matplotlib") is None:
        raise BenchError("--plot needs matplotlib, which is not installed")
    programs = select(options.set, options.only)
    commands = {"vm": vm_command(options.vm, options.vm_args), "python": command_of(options.python, "--python")}
    sizes = [program.size(options.full, options.inner_scale) for program in programs]

    modes = [mode for mode in ("whole", "steady") if getattr(options, mode)] or ["whole"]
    progress = Progress()
    series: dict[str, list[Measured]] = {}
    written: list[dict[str, Any]] = []
    for mode in modes:
        plan = Plan(commands, options.runs, mode == "steady", options.iterations, options.warmup, options.timeout)
        series[mode] = []
        for i, (program, inner) in enumerate(zip(programs, sizes)):
            one = measure_program(program, inner, plan, progress, f"[{mode} {i + 1}/{len(programs)}] {program.label}")
            if one.error:
                progress.note(f"{one.label}: {one.error}")
            series[mode].append(one)
        progress.done()
        title = "whole processes" if mode == "whole" else f"an iteration, after {plan.warmup} of {plan.iterations}"
        print(f"CPU time of {title}; medians of {plan.runs} runs")
        print(report(series[mode], plan.steady, options.memory), flush=True)
        written.append(as_json(series[mode], plan))

    try:
        if options.json:
            options.json.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
        if options.plot:
            plot(series, options.plot)
    except OSError as error:
        raise BenchError(f"{error.filename}: {error.strerror}") from error
    return 1 if any(one.error for measured in series.values() for one in measured) else 0


if __name__ == "__main__":
    main_of(main)
