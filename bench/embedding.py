"""Measures what embedding costs: making a VM, calling into it, and being called back, as CPU microseconds.

    python bench/embedding.py [-n ROUNDS]

Run by the Python that minivm is installed in. Each row is the time of one operation: the median and the least of the
rounds, of which each times many operations at once, in turn with the others; a loop's own cost (an empty one of the
same kind) is taken off. Callbacks are measured from inside a program: its loop with the call less its loop without.
Goals (issue: Mini runs): a VM 1 ms, call in and callback 2 us. Exit status: 0; 1 when a median is above its goal and
`--check` is given; 2 when nothing could be measured.
"""
from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable

from measure import BenchError, Progress, main_of, table

PROGRAM = """
class Thing:
    pass
def nothing(): pass
def one(x): return x
def three(a, b, c): return a
def empty(n):
    for i in range(n): i
def back_none(n):
    for i in range(n): host_none()
def back_int(n):
    for i in range(n): host_int(i)
def back_text(n):
    for i in range(n): host_text("some text")
def back_list(n):
    items = [1, 2.5, "x"]
    for i in range(n): host_list(items)
thing = Thing()
"""
VMS, CALLS = 20, 20_000


def timed(action: Callable[[], object]) -> float:
    """CPU seconds of this thread and of those that the VM may start."""
    before = time.process_time_ns()
    action()
    return (time.process_time_ns() - before) / 1e9


def main() -> int:
    parser = argparse.ArgumentParser(description="What making a VM, calling in and calling back cost.")
    parser.add_argument("-n", "--rounds", type=int, default=15, help="rounds (default: 15)")
    parser.add_argument("--check", action="store_true", help="status 1 when a median is above its goal")
    options = parser.parse_args()
    if options.rounds < 1:
        raise BenchError("-n must be positive")
    try:
        import minivm
    except ImportError as problem:
        raise BenchError(f"minivm cannot be imported: {problem}") from None

    def make() -> None:
        for _ in range(VMS):
            minivm.VM().close()

    def first_run() -> None:
        for _ in range(VMS):
            with minivm.VM() as fresh:
                fresh.run(image)

    image = minivm.compile_program(PROGRAM)
    vm = minivm.VM(time_limit=None, fuel=None)
    vm.expose("host_none", lambda: None)
    vm.expose("host_int", lambda x: x)
    vm.expose("host_text", lambda x: x)
    vm.expose("host_list", lambda x: None)
    vm.run(image)
    handle = vm.get("thing")
    items = [1, 2.5, "x"]

    def calls(name: str, *args: object) -> Callable[[], None]:
        def loop() -> None:
            call = vm.call
            for _ in range(CALLS):
                call(name, *args)

        return loop

    def empty() -> None:
        call = int
        for _ in range(CALLS):
            call()

    def inside(name: str) -> Callable[[], object]:
        return lambda: vm.call(name, CALLS)

    rows: dict[str, tuple[Callable[[], object], int, str, float | None]] = {
        # name: action, operations in it, the row to take off, goal in us
        "(empty loop here)": (empty, CALLS, "", None),
        "(empty loop inside)": (inside("empty"), CALLS, "", None),
        "VM()": (make, VMS, "", 1000.0),
        "VM() and a first run": (first_run, VMS, "", None),
        "call f()": (calls("nothing"), CALLS, "(empty loop here)", 2.0),
        "call f(1)": (calls("one", 1), CALLS, "(empty loop here)", 2.0),
        "call f(1, 2.5, 'x')": (calls("three", 1, 2.5, "x"), CALLS, "(empty loop here)", 2.0),
        "call f(a list of 3)": (calls("one", items), CALLS, "(empty loop here)", None),
        "call f(a handle)": (calls("one", handle), CALLS, "(empty loop here)", None),
        "callback h()": (inside("back_none"), CALLS, "(empty loop inside)", 2.0),
        "callback h(i) -> int": (inside("back_int"), CALLS, "(empty loop inside)", 2.0),
        "callback h(text) -> text": (inside("back_text"), CALLS, "(empty loop inside)", 2.0),
        "callback h(a list of 3)": (inside("back_list"), CALLS, "(empty loop inside)", None),
    }
    progress = Progress()
    samples: dict[str, list[float]] = {name: [] for name in rows}
    for number in range(options.rounds + 1):
        progress.step("[embedding]", f"round {number}/{options.rounds}")
        for name, (action, count, _, _) in rows.items():
            spent = timed(action) / count * 1e6
            if number:
                samples[name].append(spent)
    progress.done()
    vm.close()

    lines, late = [], []
    for name, (_, _, less, goal) in rows.items():
        off = statistics.median(samples[less]) if less else 0.0
        median, best = statistics.median(samples[name]) - off, min(samples[name]) - off
        lines.append([name, f"{median:.2f}", f"{best:.2f}", "-" if goal is None else f"{goal:.0f}"])
        if goal is not None and median > goal:
            late.append(name)
    print(f"CPU time of one operation; {options.rounds} rounds of {CALLS} operations ({VMS} VMs)")
    print(table(["operation", "median us", "best us", "goal us"], lines))
    if late:
        sys.stderr.write(f"above the goal: {', '.join(late)}\n")
    return 1 if late and options.check else 0


if __name__ == "__main__":
    main_of(main)
