"""Measures how far hostile programs overrun their limits: time past the limit, and memory past it.

Run by hand and by releases. Each case runs in a process of its own, through the public API, with the limits that its
row shows. It must end within the time limit + 50 ms + the longest pause of the collector, by one of the errors that
the row allows, or by itself; the memory of the process must not grow by more than the memory limit + 16 MiB (stacks,
tables of the compiler, what Python needs); and the VM must run another program afterwards. A busy machine delays the
clock, so the best of several runs counts; it stops at the first good
bad one that is repeated shows. Sources that are hostile to the front end have no VM's limit: they must end within 0.5 s.
Exit status: 0; 1 when a case exceeded its bound, ended by another error or broke the VM.
"""
from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from measure import BenchError, Progress, main_of, table

SLACK_MS = 50.0
SLACK_MIB = 16.0
TIME, MEMORY = "TimeLimit", "MemoryLimit"
MIB = 1 << 20


@dataclass(frozen=True)
class Case:
    """A hostile program. `ends`: the errors that may end it; "": it may end by itself."""

    name: str
    source: str
    ends: tuple[str, ...]
    time_limit: float = 0.5
    memory_limit: int = 256 * MIB


DEEP = "x = None\nfor i in range(10 ** 6): x = [x]\ny = None\nfor i in range(10 ** 6): y = [y]\n"
FLOOD = "table = {}\nfor i in range(10 ** 7): table[i * (2 ** 61 - 1)] = i"

CASES: tuple[Case, ...] = (
    Case("while True: pass", "while True: pass", (TIME,)),
    Case("'a' * 10**10", "'a' * 10 ** 10", (MEMORY,)),
    Case("growing list", "x = []\nwhile True: x.append((len(x),))", (MEMORY,), 5.0),
    Case("growing list of ints", "x = []\nwhile True: x.append(1)", (MEMORY,), 5.0),
    Case("growing dict", "x = {}\nwhile True: x[len(x)] = str(len(x))", (MEMORY,), 5.0),
    Case("growing str", "x = 'a'\nwhile True: x += x", (MEMORY,), 5.0),
    Case("def f(): f()", "def f(): f()\nf()", ("RecursionError",), 5.0),
    Case("deep f, limit lifted", "import sys\nsys.setrecursionlimit(2 ** 31 - 1)\ndef f(): f()\nf()", ("RecursionError", MEMORY), 5.0),
    Case("9**9**9", "9 ** 9 ** 9", (TIME, MEMORY)),
    Case("'%*d' % (10**9, 1)", "'%*d' % (10 ** 9, 1)", (MEMORY,)),
    Case("int to text", "import sys\nsys.set_int_max_str_digits(0)\nx = 7 ** 5000000\nwhile True: str(x)", (TIME,)),
    Case("source '(' * 100000", "(" * 100_000, ("SyntaxProblem", "Refused")),
    Case("4 MB list literal", "x = [" + "1," * 2_000_000 + "]", ("Refused",)),
    Case("1+1+...+1, 10^5 times", "+".join(["1"] * 100_000), ("Refused", "")),
    Case("except BaseException: retry", "while True:\n    try:\n        while True: pass\n    except BaseException: pass", (TIME,)),
    Case("retry after MemoryError", "x = []\nwhile True:\n    try:\n        while True: x.append('a' * 1000 + str(len(x)))\n"
         "    except BaseException: pass", (MEMORY,), 5.0),
    Case("deep list, built and freed", DEEP + "x = y = None\nz = [[] for i in range(10 ** 5)]", ("",), 5.0),
    Case("deep list, printed", DEEP + "print(x)", ("RecursionError",), 5.0),
    Case("deep list, compared", DEEP + "x == y", ("RecursionError",), 5.0),
    Case("deep list, while time ends", DEEP + "while True: pass", (TIME,), 1.0),
    Case("sort key that never ends", "def key(x):\n    while True: pass\nsorted([2, 1], key=key)", (TIME,)),
    Case("sort of many", "x = list(range(10 ** 6))\nwhile True: x.sort(key=lambda i: -i)", (TIME,)),
    Case("sort by strings", "x = [str(i * 7919 % 10 ** 6) for i in range(10 ** 6)]\nwhile True: sorted(x)", (TIME,), 1.0),
    Case("int-hash flooding", FLOOD, (TIME, MEMORY)),
    Case("set of hash flooding", FLOOD.replace("{}", "set()").replace("table[i * (2 ** 61 - 1)] = i", "table.add(i * (2 ** 61 - 1))"),
         (TIME, MEMORY)),
    Case("host callback that calls back", "def f(n):\n    return back(n + 1)\nf(0)", ("RecursionError", TIME, "ScriptError"), 1.0),
    Case("host callback in a loop", "def f(n):\n    return n\nwhile True: back(0)", (TIME,)),
    Case("repr of many", "x = list(range(10 ** 6))\nwhile True: repr(x)", (TIME,)),
    Case("join of many", "x = ['ab'] * 10 ** 6\nwhile True: ''.join(x)", (TIME,)),
    Case("compare of many", "x = [0] * 10 ** 6\ny = [0] * 10 ** 6\nwhile True: x == y", (TIME,)),
    Case("search", "x = 'a' * 10 ** 6\nwhile True: x.find('a' * 1000 + 'b')", (TIME,)),
    Case("copies of many", "x = list(range(10 ** 6))\nwhile True: x[:]", (TIME,)),
    Case("dict copies", "x = dict.fromkeys(range(10 ** 6))\nwhile True: dict(x)", (TIME,)),
    Case("set union", "x = set(range(10 ** 6))\nwhile True: x | x", (TIME,)),
    Case("live heap, collected", "x = [(i,) for i in range(10 ** 6)]\nwhile True: y = [(i,) for i in range(10 ** 5)]", (TIME,), 1.0),
    Case("replace", "x = 'ab' * 10 ** 6\nwhile True: x.replace('a', 'cd')", (TIME,)),
    Case("generator", "def g():\n    while True: yield 1\nsum(g())", (TIME,)),
    Case("sleep", "import time\ntime.sleep(1000)", (TIME,)),
)


def resident() -> float:
    """The peak memory of this process so far, in MiB."""
    match = re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(match[1]) / 1024 if match else 0.0


def measure(case: Case) -> dict[str, object]:
    """Runs the case in this process."""
    import minivm

    with minivm.VM(time_limit=case.time_limit, memory_limit=case.memory_limit) as vm:
        vm.expose("back", lambda n: vm.call("f", n))
        vm.run("def f(n): return n * 2\nprint(f(21))")  # loads what running takes
        before = resident()
        problem = ""
        started = time.perf_counter()
        try:
            vm.run(case.source)
        except Exception as error:
            name = type(error).__name__
            problem = getattr(error, "type_name", name) if name == "ScriptError" else name
        spent = time.perf_counter() - started
        grown = resident() - before
        pause = vm.stats()["gc.pause_max_us"] / 1000
        usable = vm.run("def f(n): return n * 2\nprint(f(21))").stdout == "42\n" and vm.call("f", 4) == 8
        return {"problem": problem, "spent": spent, "pause": pause, "grown": grown, "usable": usable}


def in_process(index: int, timeout: float) -> dict[str, object]:
    command = [sys.executable, __file__, "--case", str(index)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        return {"error": "did not end"}
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return {"error": f"exit status {done.returncode}: {lines[-1] if lines else ''}"}
    return json.loads(done.stdout)


def over(case: Case, one: dict[str, object]) -> float:
    """Milliseconds past the limit and the longest pause."""
    return (float(one["spent"]) - case.time_limit) * 1000 - float(one["pause"])  # type: ignore[arg-type]


def verdict(case: Case, one: dict[str, object]) -> str:
    if "error" in one:
        return str(one["error"])
    if one["problem"] not in case.ends:
        return f"ended by {one['problem'] or 'itself'}"
    if not one["usable"]:
        return "the VM is not usable afterwards"
    if over(case, one) > SLACK_MS:
        return "too late"
    if float(one["grown"]) > case.memory_limit / MIB + SLACK_MIB:  # type: ignore[arg-type]
        return "too much memory"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description="How far hostile programs overrun their limits.")
    parser.add_argument("--only", default="", metavar="REGEX", help="only the cases whose name matches")
    parser.add_argument("-n", "--runs", type=int, default=3, help="runs of a case; the best counts (default: 3)")
    parser.add_argument("--case", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case is not None:
        threading.stack_size(1 << 20)
        print(json.dumps(measure(CASES[options.case])))
        return 0
    try:
        chosen = [i for i, case in enumerate(CASES) if re.search(options.only, case.name)]
    except re.error as error:
        raise BenchError(f"--only {options.only}: {error}") from error
    if not chosen or options.runs < 1:
        raise BenchError("nothing to run")

    progress = Progress()
    rows = []
    failed = False
    for number, i in enumerate(chosen):
        case = CASES[i]
        progress.step(f"[{number + 1}/{len(chosen)}] {case.name}")
        results = []
        for _ in range(options.runs):
            results.append(in_process(i, case.time_limit + 20))
            if not verdict(case, results[-1]):
                break
        best = results[-1]
        complaint = verdict(case, best)
        failed |= bool(complaint)
        if "error" in best:
            rows.append([case.name, *["-"] * 7, complaint])
            continue
        late = max(0.0, (float(best["spent"]) - case.time_limit) * 1000)
        rows.append([
            case.name, f"{case.time_limit * 1000:.0f}", f"{best['spent'] * 1000:.0f}", f"{late:.1f}", f"{best['pause']:.1f}",
            f"{case.memory_limit / MIB:.0f}", f"{best['grown']:.0f}", str(best["problem"] or "-"), complaint or "ok",
        ])
    progress.done()
    print("Overruns of limits: time in ms, memory in MiB; `pause` is the collector's longest")
    print(table(["case", "limit", "actual", "late", "pause", "memory", "grown", "ended by", "verdict"], rows))
    return 1 if failed else 0


if __name__ == "__main__":
    main_of(main)
