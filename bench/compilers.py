"""What a compiler beside the program costs the host: a thread of the process against a process of its own.

    python bench/compilers.py [-n ROUNDS] [--programs NAME ...]

Run by the Python that minivm is installed in. Two tables, by where the compiler runs:
  - latency of calls into an embedded VM, and of its callbacks into Python, while many functions are compiled: median, 99th
    percentile and longest, in microseconds of wall time. Each round is a new VM with 200 functions that get hot one after
    the other; `off` is the same without native code. Goal: 99th percentile below 200 us.
  - wall and CPU time of whole programs (the compiler process's included), and the bytes of code and of what is kept about it
    as a multiple of their bytecode. Exit status 1 if a program is past SIZE_LIMIT.
"""
from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from measure import ROOT, Progress, main_of, table

FUNCTIONS = 200
SIZE_LIMIT = 20
MODES = (("off", "thread"), ("eager", "thread"), ("eager", "process"))
BODY = """
def f{0}(n):
    total = {0}
    items = [1, 2, 3]
    for i in range(n):
        if i % 3 == 0:
            total += items[i % 3] * i
        else:
            total = total - i
        total = abs(total) % 1000
    return total
"""
PROGRAM = "".join(BODY.format(number) for number in range(FUNCTIONS)) + """
def back(n):
    for i in range(n):
        host(i)
"""


def latencies(jit: str, where: str, image: bytes) -> tuple[list[float], list[float], int]:
    """Seconds of each call in and of each callback; units that were published."""
    import minivm

    calls, backs = [], []
    clock = time.perf_counter
    with minivm.VM(jit=jit, compile=where, time_limit=None) as vm:
        last = 0.0

        def host(i: int) -> None:
            nonlocal last
            now = clock()
            if i:
                backs.append(now - last)
            last = now

        vm.expose("host", host)
        vm.run(image)
        names = [f"f{number}" for number in range(FUNCTIONS)]
        for _ in range(150):
            for name in names:
                began = clock()
                vm.call(name, 100)
                calls.append(clock() - began)
            vm.call("back", 50)
        published = int(vm.stats().get("code.published", 0))
    return calls, backs, published


def row(name: str, samples: list[float]) -> list[str]:
    ordered = sorted(samples)
    return [name, *(f"{value * 1e6:.1f}" for value in (statistics.median(ordered), ordered[len(ordered) * 99 // 100], ordered[-1])), str(len(ordered))]


def run_program(words: list[str]) -> tuple[float, float, dict[str, str]]:
    """Wall and CPU seconds, counters. The compiler process has no output that waits for it: it is waited for here, as a
    subreaper's child."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)
    wall = time.perf_counter() - began
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    stats = dict(line.split(maxsplit=1) for line in done.stderr.splitlines() if line.count(" ") and not line.startswith(" "))
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, stats


def main() -> int:
    parser = argparse.ArgumentParser(description="The compiler's thread against the compiler process.")
    parser.add_argument("-n", "--rounds", type=int, default=5, help="rounds (default: 5)")
    parser.add_argument("--programs", nargs="*", help="names in programs/ (default: all)")
    options = parser.parse_args()
    import ctypes

    import minivm

    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)     # PR_SET_CHILD_SUBREAPER
    image = minivm.compile_program(PROGRAM)
    progress = Progress()
    calls: dict[tuple[str, str], list[float]] = {mode: [] for mode in MODES}
    backs: dict[tuple[str, str], list[float]] = {mode: [] for mode in MODES}
    published: dict[tuple[str, str], int] = {}
    for number in range(options.rounds):
        progress.step("[latencies]", f"round {number + 1}/{options.rounds}")
        for mode in MODES:
            into, out, published[mode] = latencies(*mode, image)
            calls[mode] += into
            backs[mode] += out
    names = dict(zip(MODES, ("off", "thread", "process")))
    lines = [row(f"call in, {names[mode]}", calls[mode]) for mode in MODES] + [row(f"callback, {names[mode]}", backs[mode]) for mode in MODES]
    progress.done()
    print(f"latency while {FUNCTIONS} functions are compiled ({', '.join(f'{names[mode]}: {published[mode]} published' for mode in MODES)})")
    print(table(["operation", "median us", "99th us", "longest us", "count"], lines))

    from minivm.service.remote import shared

    shared().close()        # what is waited for from here on are the programs' alone
    command = str(Path(sys.executable).parent / "minivm")
    found = options.programs if options.programs is not None else sorted(path.stem for path in (ROOT / "programs").glob("*.py"))
    lines, large = [], []
    for name in found:
        times: dict[str, list[tuple[float, float]]] = {"thread": [], "process": []}
        for number in range(options.rounds):
            progress.step(f"[{name}]", f"round {number + 1}/{options.rounds}")
            for where in times:
                wall, cpu, stats = run_program([command, "--jit=on", f"--compile={where}", "--stats", f"programs/{name}.py"])
                times[where].append((wall, cpu))
        words = int(stats.get("code.word_bytes", 0)) or 1
        size = (int(stats.get("code.unit_bytes", 0)) + int(stats.get("code.meta_bytes", 0))) / words
        pages = int(stats.get("code.page_bytes", 0)) / words
        if size > SIZE_LIMIT:
            large.append(f"{name} {size:.1f}")
        lines.append([name, *(f"{min(pair[at] for pair in times[where]):.3f}" for at in (0, 1) for where in times), stats.get("code.published", "-"),
                      f"{size:.1f}", f"{pages:.1f}"])
    progress.done()
    if lines:
        print(f"programs, best of {options.rounds}: seconds; bytes of code and its metadata, and whole pages, over bytes of bytecode")
        print(table(["program", "wall thread", "wall process", "CPU thread", "CPU process", "units", "size x", "pages x"], lines))
    if large:
        print(f"more than {SIZE_LIMIT} times the bytecode: {', '.join(large)}")
    return 1 if large else 0


if __name__ == "__main__":
    main_of(main)
