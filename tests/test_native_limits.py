"""Limits, interrupts and deep recursion in native code: the same ends, at the same lines, as in the interpreter.

Each program runs in both tiers: native code from the first call on, compiled while the program waits.
"""
from __future__ import annotations

import threading
from pathlib import Path

import pytest
from conftest import MINIVM, Run

from minivm import VM
from minivm.errors import FuelLimit, Interrupted, LimitExceeded, MemoryLimit, ScriptError, TimeLimit

FOLDER = Path(__file__).resolve().parent / "run"
TIERS = ("off", "eager")
FIBONACCI = "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nprint(fib(15))\n"

# Programs that do not end, and the functions and lines where they may be.
ENDLESS: dict[str, tuple[str, set[tuple[str, int]]]] = {
    "loop": ("n = 0\nwhile True:\n    n += 1\n", {("<module>", 3)}),
    "function": ("def f():\n    n = 0\n    while True:\n        n += 1\nf()\n", {("f", 4)}),
    "recursion": ("def f(n):\n    return 0 if n == 0 else f(n - 1) + f(n - 1)\nf(60)\n", {("f", 2)}),
    "mutual": ("def a(n):\n    return b(n - 1) + b(n - 1) if n else 0\ndef b(n):\n    return a(n - 1) + a(n - 1) if n else 0\na(60)\n",
               {("a", 2), ("b", 4)}),
    "generator": ("def g():\n    while True:\n        yield 1\nfor x in g():\n    pass\n", {("<module>", 4), ("<module>", 5), ("g", 1), ("g", 2), ("g", 3)}),
    "method": ("class A:\n    def m(self, n):\n        return self.m(n - 1) + self.m(n - 1) if n else 0\nA().m(60)\n", {("m", 3)}),
    "class body": ("class A:\n    x = 0\n    while True:\n        x += 1\n", {("A", 4)}),
    "handlers": ("while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass\n    finally:\n        pass\n",
                 {("<module>", 3), ("<module>", 4)}),
}


def machine(jit: str, **limits: object) -> VM:
    return VM(jit=jit, compile="inline", **limits)  # type: ignore[arg-type]


def ended(vm: VM, source: str, kind: type[LimitExceeded]) -> LimitExceeded:
    with pytest.raises(kind) as caught:
        vm.run(source)
    return caught.value


@pytest.mark.parametrize("jit", TIERS)
@pytest.mark.parametrize("name", ENDLESS)
def test_ends_where_it_is(name: str, jit: str) -> None:
    """By time, by fuel and by an interrupt; the VM is as good as new afterwards."""
    source, places = ENDLESS[name]
    assert machine(jit, time_limit=None).run(FIBONACCI).stdout == "610\n"     # the compiler is loaded: that takes no time any more
    vm = machine(jit, time_limit=0.4)
    last = ended(vm, source, TimeLimit).frames[-1]
    assert (last.function, last.lineno) in places
    last = ended(machine(jit, time_limit=None, fuel=5000), source, FuelLimit).frames[-1]
    assert (last.function, last.lineno) in places
    vm = machine(jit, time_limit=20)
    timer = threading.Timer(0.05, vm.interrupt)
    timer.start()
    ended(vm, source, Interrupted)
    timer.join()
    assert vm.run(FIBONACCI).stdout == "610\n"


@pytest.mark.parametrize("jit", TIERS)
@pytest.mark.parametrize("source", [
    "a = []\nwhile True:\n    a.append([1, 2])\n",
    "class A:\n    def __init__(self, n):\n        self.n = n\ndef f():\n    a = None\n    while True:\n        a = A(a)\nf()\n",
    "import sys\nsys.setrecursionlimit(10 ** 8)\ndef f(n):\n    x = [n] * 10\n    return f(n + 1) + len(x)\nf(0)\n",
], ids=["list", "objects", "recursion"])
def test_memory_ends(source: str, jit: str) -> None:
    vm = machine(jit, memory_limit=16 << 20)
    assert ended(vm, source, MemoryLimit).frames
    assert vm.run(FIBONACCI).stdout == "610\n"


@pytest.mark.parametrize("jit", TIERS)
def test_memory_errors_can_be_caught(jit: str) -> None:
    source = "a = []\nn = 0\nwhile n < 3:\n    try:\n        while True:\n            a.append([1] * 1000)\n    except MemoryError:\n        a.clear()\n        n += 1\nprint(n)\n"
    assert machine(jit, memory_limit=16 << 20).run(source).stdout == "3\n"


@pytest.mark.parametrize("fuel", [50, 700, 9001])
def test_fuel_is_the_same(fuel: int, run: Run) -> None:
    """A poll and a call cost as much in both tiers: the programs end at the same place."""
    seen = []
    for mode in (["--jit=off"], ["--jit=eager", "--compile=inline"], ["--jit=eager", "--compile=inline", "--jit-stress=2"]):
        done = [run(MINIVM, *mode, f"--fuel={fuel}", str(FOLDER / f"native_{name}.py")) for name in ("loops", "calls", "generators")]
        assert all(one.returncode == 124 for one in done)
        seen.append([(one.stdout, one.stderr) for one in done])
    assert seen[0] == seen[1] == seen[2]


DEEP = """import sys
sys.setrecursionlimit(10 ** 6)
def down(n):
    return 0 if n == 0 else 1 + down(n - 1)
class Deep:
    def __init__(self, n):
        self.inner = Deep(n - 1) if n else None
    def count(self):
        return 1 + self.inner.count() if self.inner else 0
    def __add__(self, other):
        return 1 + (self.inner + other) if self.inner else other
    @property
    def all(self):
        return 1 + self.inner.all if self.inner else 0
    def named(self, *, k=1):
        return k + self.inner.named(k=k) if self.inner else 0
print(down(100000))
d = Deep(10000)
print(d.count(), d + 5, d.all, d.named(k=2))
def endless(n):
    return endless(n + 1)
try:
    endless(0)
except RecursionError as e:
    print(e)
"""


@pytest.mark.parametrize("jit", TIERS)
@pytest.mark.parametrize("stack", [256 << 10, 8 << 20])
def test_recursion_needs_no_native_stack(stack: int, jit: str) -> None:
    """Native frames are left for the interpreter where the stack is used up."""
    printed: list[str] = []
    before = threading.stack_size(stack)
    try:
        thread = threading.Thread(target=lambda: printed.append(machine(jit, memory_limit=None, time_limit=60).run(DEEP).stdout))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert printed == ["100000\n10000 10005 10000 20000\nmaximum recursion depth exceeded\n"]


def test_recursion_in_c_is_bounded() -> None:
    """The control: what recurs through C is refused where the stack ends, in native code, too."""
    source = "import sys\nsys.setrecursionlimit(10 ** 6)\ndef f(n):\n    return sorted([1, 2], key=lambda x: f(n + 1))\nf(0)\n"
    for jit in TIERS:
        with pytest.raises(ScriptError, match="RecursionError: maximum recursion depth exceeded"):
            machine(jit).run(source)


@pytest.mark.parametrize("jit", TIERS)
def test_calls_of_the_host_from_native_frames(jit: str) -> None:
    """Host functions call back in, raise and stop the program from within native frames."""
    vm = machine(jit)
    calls = []

    def back(n: int) -> int:
        calls.append(n)
        if n == 0:
            raise KeyError("from the host")
        return vm.call("double", n)

    vm.expose("back", back)
    vm.run("def double(n):\n    total = 0\n    for i in range(3):\n        total += back(n - 1)\n    return total + n\n"
           "def caught(n):\n    try:\n        return double(n)\n    except KeyError as e:\n        return str(e)\n")
    assert vm.call("caught", 1) == "'from the host'"
    assert "from the host" in vm.call("caught", 4)
    assert calls == [0, 3, 2, 1, 0]
    with pytest.raises(ScriptError):
        vm.call("double", 2)
    vm.expose("back", lambda n: n)
    assert vm.call("double", 5) == 17


@pytest.mark.parametrize("name", ["loops", "calls", "generators"])
def test_stress_leaves_and_takes_back(name: str, run: Run) -> None:
    """The stress mode does what the matrix relies on; without it nothing is left, except where the native stack ends."""
    program = str(FOLDER / f"native_{name}.py")
    counters = {}
    for stress in (0, 1):
        done = run(MINIVM, "--jit=eager", "--compile=inline", f"--jit-stress={stress}", "--stats", program)
        rows = (line.split() for line in done.stderr.splitlines() if line.startswith("code."))
        counters[stress] = {row[0]: int(row[1]) for row in rows if len(row) == 2}
    assert counters[0]["code.left"] <= 2 and counters[0]["code.taken_back"] == 0
    assert counters[1]["code.left"] > 1000
    if name == "calls":
        return      # its loops' first occasion is a call, never a poll: only polls take back
    assert counters[1]["code.taken_back"] > 10 and counters[1]["code.units.quarantined"] > 10
    assert counters[1]["code.units.published"] > counters[0]["code.units.published"]
