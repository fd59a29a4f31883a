"""Limits of embedded VMs: each ends its program in time, with a typed error, and leaves the VM usable."""
from __future__ import annotations

import inspect
import threading
import time

import pytest

from minivm import (
    VM,
    CompileError,
    FuelLimit,
    Interrupted,
    LimitExceeded,
    MemoryLimit,
    OutputLimit,
    ScriptError,
    TimeLimit,
)

LOOP = "while True: pass"


def usable(vm: VM) -> bool:
    return vm.run("def f(n): return n * 2\nprint(f(21))").stdout == "42\n" and vm.call("f", 5) == 10


def test_defaults_are_finite() -> None:
    defaults = {name: row.default for name, row in inspect.signature(VM).parameters.items()}
    assert (defaults["memory_limit"], defaults["time_limit"], defaults["recursion_limit"]) == (256 << 20, 10.0, 1000)
    assert defaults["output_limit"] > 0 and defaults["files"] is False and defaults["fuel"] is None


HOSTILE = {
    "loop": LOOP,
    "retry": "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n    finally: pass",
    "big power": "9 ** 9 ** 9",
    "big shift": "x = 1 << 200000000\nwhile True: x = x * x",
    "big text": "x = 3 ** 3000000\nimport sys\nsys.set_int_max_str_digits(0)\nwhile True: str(x)",
    "percent": "while True: '%*d' % (10 ** 8, 1)",
    "sort": "class K:\n    def __lt__(self, other):\n        while True: pass\nsorted([K(), K()])",
    "sort of many": "x = list(range(10 ** 6))\nwhile True: x.sort(key=lambda i: -i)",
    "generator": "def g():\n    while True: yield 1\nsum(g())",
    "repr": "x = list(range(10 ** 6))\nwhile True: repr(x)",
    "join": "x = ['ab'] * 10 ** 6\nwhile True: ''.join(x)",
    "compare": "x = [0] * 10 ** 6\ny = [0] * 10 ** 6\nwhile True: x == y",
    "search": "x = 'a' * 10 ** 6\nwhile True: x.find('a' * 1000 + 'b')",
    "sum": "sum(range(10 ** 12))",
    "contains": "10 ** 11 in iter(range(10 ** 12))",
    "list of a range": "max(range(10 ** 12), key=lambda i: 0)",
    "sleep": "import time\ntime.sleep(1000)",
    "hash flooding": "x = {}\nfor i in range(10 ** 7): x[i * (2 ** 61 - 1)] = i",
    "recursion": "def f():\n    try:\n        f()\n    finally:\n        f()\nf()",
    "method": "class C:\n    def __eq__(self, other):\n        while True: pass\n[C()] == [C()]",
    "del": "x = [[]]\nfor i in range(10 ** 9): x = [x]",
}


@pytest.mark.alone
@pytest.mark.parametrize("name", HOSTILE)
def test_time(name: str) -> None:
    """Within the limit and 50 ms and the longest pause; some room more for a busy machine."""
    vm = VM(time_limit=0.5, memory_limit=512 << 20)
    started = time.perf_counter()
    with pytest.raises((TimeLimit, MemoryLimit)):
        vm.run(HOSTILE[name])
    spent = time.perf_counter() - started
    assert spent < 1.5, spent
    assert usable(vm)


@pytest.mark.alone
def test_time_counts_for_each_entry() -> None:
    vm = VM(time_limit=0.6)
    vm.run("import time\ndef wait(s): time.sleep(s)\n")
    for _ in range(4):
        vm.call("wait", 0.3)
    with pytest.raises(TimeLimit):
        vm.call("wait", 5)
    vm.call("wait", 0.1)


def test_the_frames_of_a_limit() -> None:
    vm = VM(time_limit=0.3)
    with pytest.raises(TimeLimit) as caught:
        vm.run("def spin():\n    while True:\n        pass\nprint('before')\nspin()\n", "program.py")
    problem = caught.value
    assert problem.kind == "time"
    assert [frame.function for frame in problem.frames] == ["<module>", "spin"]
    assert problem.traceback.startswith("Traceback (most recent call last):\n")
    assert problem.stdout == "before\n"


@pytest.mark.alone
def test_time_inside_a_host_call() -> None:
    """Nested entries share the outer one's time."""
    vm = VM(time_limit=0.5)
    vm.expose("again", lambda: vm.call("loop"))
    started = time.perf_counter()
    with pytest.raises(TimeLimit):
        vm.run("def loop():\n    while True: pass\nagain()")
    assert time.perf_counter() - started < 1.5
    assert usable(vm)


def test_fuel() -> None:
    vm = VM(fuel=100_000)
    with pytest.raises(FuelLimit) as caught:
        vm.run(LOOP)
    assert caught.value.kind == "fuel"
    assert usable(vm)
    with pytest.raises(FuelLimit):
        vm.run("def f(n):\n    return 0 if n == 0 else f(n - 1)\nfor i in range(10000): f(100)")
    with pytest.raises(FuelLimit):
        vm.run("try:\n    while True: pass\nexcept BaseException:\n    print('caught')")
    assert usable(vm)


def test_fuel_is_deterministic() -> None:
    counts = set()
    for _ in range(3):
        vm = VM(fuel=50_000)
        with pytest.raises(FuelLimit):
            vm.run("n = 0\nwhile True:\n    n += 1\n")
        counts.add(vm.get("n"))
    assert len(counts) == 1


@pytest.mark.parametrize("text", [
    "x = []\nwhile True: x.append('a' * 1000 + str(len(x)))",
    "x = []\nwhile True: x.append(x[:])",
    "x = 'a'\nwhile True: x += x",
    "'a' * 10 ** 10",
    "[0] * 10 ** 10",
    "x = 1 << 10 ** 10",
    "'%*d' % (10 ** 9, 1)",
    "'{:>{}}'.format(1, 10 ** 9)",
    "x = {}\nwhile True: x[len(x)] = len(x)",
    "x = set()\nwhile True: x.add(len(x) * 1.5)",
    "list(range(10 ** 9))",
    "x = ()\nwhile True: x = (x, x)",
    "def g(): yield\nx = []\nwhile True: x.append(g())",
    "class C: pass\nx = []\nwhile True: x.append(C())",
    "def f():\n    def g(): return f\n    return g\nx = []\nwhile True: x.append(f())",
    "x = []\nwhile True:\n    try: x.append('a' * 1000 + str(len(x)))\n    except BaseException: pass",
    "','.join(['a' * 1000000] * 1000)",
    "('a' * 100000).replace('a', 'b' * 100000)",
    "x = None\nwhile True: x = [x]",
])
def test_memory(text: str) -> None:
    vm = VM(memory_limit=32 << 20, time_limit=20.0)
    with pytest.raises(MemoryLimit) as caught:
        vm.run(text)
    assert caught.value.kind == "memory"
    assert usable(vm)


def test_a_memory_error_can_be_caught() -> None:
    vm = VM(memory_limit=32 << 20)
    result = vm.run("try:\n    'a' * 10 ** 9\nexcept MemoryError as e:\n    print('caught', repr(str(e)))")
    assert result.stdout == "caught ''\n"
    with pytest.raises(ScriptError, match="MemoryError: mine"):
        vm.run("raise MemoryError('mine')")


def test_memory_of_what_crosses() -> None:
    vm = VM(memory_limit=32 << 20)
    vm.run("def f(x): return 0\ndef g(): return ['x' * 10 ** 6] * 1000")
    with pytest.raises(MemoryLimit):
        vm.call("f", "x" * (64 << 20))
    with pytest.raises(MemoryLimit):
        vm.call("f", [0] * (16 << 20))
    with pytest.raises(MemoryLimit):
        vm.call("g")
    assert usable(vm)


def test_deep_data_is_printed_compared_and_freed() -> None:
    vm = VM(time_limit=20.0)
    text = """
def deep(n):
    x = []
    for i in range(n): x = [x]
    return x
a, b = deep(10 ** 6), deep(10 ** 6)
for action in (lambda: repr(a), lambda: a == b):
    try:
        action()
    except RecursionError as e:
        print(type(e).__name__)
a = b = None
print('freed')
"""
    assert vm.run(text).stdout == "RecursionError\nRecursionError\nfreed\n"


@pytest.mark.parametrize("limit", [50, 1000, 100000])
def test_recursion(limit: int) -> None:
    vm = VM(recursion_limit=limit)
    with pytest.raises(ScriptError) as caught:
        vm.run("def f(): f()\nf()")
    assert caught.value.type_name == "RecursionError"
    assert caught.value.message == "maximum recursion depth exceeded"
    assert usable(vm)


def test_a_recursion_limit_as_high_as_the_program_likes() -> None:
    vm = VM()
    with pytest.raises((ScriptError, MemoryLimit)) as caught:
        vm.run("import sys\nsys.setrecursionlimit(2 ** 31 - 1)\ndef f(n): return f(n + 1)\nf(0)")
    assert isinstance(caught.value, MemoryLimit) or caught.value.type_name == "RecursionError"
    assert usable(vm)


def test_output() -> None:
    vm = VM(output_limit=1000)
    with pytest.raises(OutputLimit) as caught:
        vm.run("while True:\n    try:\n        print('y' * 100)\n    except BaseException:\n        pass")
    assert caught.value.kind == "output"
    assert len(caught.value.stdout) <= 1000
    assert usable(vm)
    with pytest.raises(OutputLimit):
        vm.run("import sys\nwhile True: sys.stderr.write('y' * 100)")
    with pytest.raises(OutputLimit):
        vm.run("print('y' * 10 ** 6)")
    assert usable(vm)
    assert vm.run("print('y' * 500)").stdout == "y" * 500 + "\n"


def test_collected_output_is_bounded_over_many_calls() -> None:
    vm = VM(output_limit=1000)
    vm.run("def f(): print('y' * 499)")
    vm.call("f")
    vm.call("f")
    with pytest.raises(OutputLimit):
        vm.call("f")
    vm.call("f")
    assert vm.take_output() == "y" * 499 + "\n"


@pytest.mark.alone
@pytest.mark.parametrize("text", [
    LOOP, "import time\ntime.sleep(100)", "9 ** 9 ** 9",
    "try:\n    while True: pass\nexcept BaseException:\n    print('caught')",
])
def test_interrupt_from_another_thread(text: str) -> None:
    vm = VM(time_limit=None, memory_limit=None)
    timer = threading.Timer(0.3, vm.interrupt)
    timer.start()
    started = time.perf_counter()
    with pytest.raises(Interrupted) as caught:
        vm.run(text)
    timer.join()
    assert 0.2 < time.perf_counter() - started < 1.5
    assert caught.value.kind == "interrupted"
    assert caught.value.stdout == ""
    assert usable(vm)


def test_interrupting_an_idle_vm_does_nothing() -> None:
    vm = VM()
    vm.interrupt()
    assert usable(vm)
    vm.interrupt()
    assert vm.call("f", 1) == 2
    vm.close()
    vm.interrupt()


def test_every_limit_is_a_limit() -> None:
    for kind in (TimeLimit, FuelLimit, MemoryLimit, OutputLimit, Interrupted):
        assert issubclass(kind, LimitExceeded)
    assert len({kind.kind for kind in (TimeLimit, FuelLimit, MemoryLimit, OutputLimit, Interrupted)}) == 5


@pytest.mark.parametrize("source", [
    "(" * 100000, "x = [" + "1," * 2_000_000 + "]", "+".join(["1"] * 100_000), "x" * (5 << 20),
], ids=["parentheses", "list", "sum", "name"])
def test_hostile_sources(source: str) -> None:
    """They end soon, with an error of the compiler's or with a result."""
    vm = VM()
    started = time.perf_counter()
    try:
        vm.run(source)
    except (CompileError, ScriptError, LimitExceeded):
        pass
    assert time.perf_counter() - started < 10
    assert usable(vm)
