"""Making, sharing and ending VMs: threads, forks, signals, costs."""
from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from minivm import VM, TimeLimit, VMError

COUNT = "def work(n):\n    x = 0\n    for i in range(n): x += i\n    return x\n"


def test_a_context_manager_closes() -> None:
    with VM() as vm:
        vm.run("def f(): return 1\nclass C: pass")
        handle = vm.get("C")
    for action in (lambda: vm.run("x = 1"), lambda: vm.call("f"), lambda: vm.get("f"), lambda: vm.expose("g", print),
                   vm.stats, handle, lambda: handle.get("x"), lambda: str(handle)):
        with pytest.raises(VMError, match="closed"):
            action()
    assert repr(handle) == "<minivm.Handle>"
    vm.close()
    vm.interrupt()


def test_stats() -> None:
    vm = VM()
    vm.run(COUNT + "x = [[i] for i in range(100000)]")
    stats = vm.stats()
    assert all(isinstance(value, (int, float)) and value >= 0 for value in stats.values())
    assert "gc.pause_median_us" in stats and "gc.pause_max_us" in stats


def resident() -> int:
    """Resident memory in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


# ASan keeps freed memory back.
@pytest.mark.release
def test_vms_are_freed() -> None:
    def use(close: bool) -> None:
        vm = VM()
        vm.run("x = [i * 1.5 for i in range(10000)]\nclass C: pass\n")
        vm.expose("f", lambda: vm.get("x"))
        vm.get("C")
        if close:
            vm.close()

    for _ in range(20):
        use(True)
        use(False)
    gc.collect()
    before = resident()
    for _ in range(150):
        use(True)
        use(False)
    gc.collect()
    assert resident() - before < 30 << 20


def test_many_vms_live_together() -> None:
    vms = [VM() for _ in range(50)]
    for number, vm in enumerate(vms):
        vm.run(f"x = {number}\ndef f(): return x")
    assert [vm.call("f") for vm in vms] == list(range(50))


def test_vms_on_threads() -> None:
    """Each thread has its own VM; the results do not mix."""
    results: dict[int, object] = {}

    def work(number: int) -> None:
        vm = VM(time_limit=60.0)
        vm.expose("host", lambda x: x + number)
        vm.run(f"import math\nx = [host(i) for i in range(2000)]\nprint(sum(x))\n{COUNT}")
        results[number] = (vm.take_output(), sum(vm.get("x")), vm.call("work", 50000))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: row[1:] for number, row in results.items()} == {  # type: ignore[index]
        number: (sum(range(2000)) + 2000 * number, sum(range(50000))) for number in range(8)
    }


@pytest.mark.alone
def test_python_goes_on_while_mini_runs() -> None:
    """The GIL is released: this thread counts while another one runs a loop in a VM."""
    vm = VM(time_limit=1.0)
    thread = threading.Thread(target=lambda: pytest.raises(TimeLimit, vm.run, "while True: pass"))
    thread.start()
    time.sleep(0.3)
    longest, previous = 0.0, time.perf_counter()
    while thread.is_alive():
        time.sleep(0.001)
        now = time.perf_counter()
        longest, previous = max(longest, now - previous), now
    assert longest < 0.5


def test_a_vm_may_change_threads() -> None:
    vm = VM()
    vm.run(COUNT)
    results = []
    for _ in range(3):
        thread = threading.Thread(target=lambda: results.append(vm.call("work", 1000)))
        thread.start()
        thread.join()
    assert results == [499500] * 3


def test_a_forked_child_must_make_its_own() -> None:
    vm = VM()
    vm.run("def f(): return 5\nclass C: pass")
    handle = vm.get("C")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        answers = []
        for action in (lambda: vm.call("f"), lambda: vm.run("x = 1"), lambda: vm.get("f"), handle, vm.stats):
            try:
                action()
                answers.append("worked")
            except VMError as problem:
                answers.append("refused" if "forked child" in str(problem) else str(problem))
        vm.close()
        vm.interrupt()
        answers.append(VM().run("print('own')").stdout.strip())
        os.write(write, " ".join(answers).encode())
        os._exit(0)
    os.close(write)
    with open(read) as file:
        assert file.read() == "refused " * 5 + "own"
    assert os.waitpid(child, 0)[1] == 0
    assert vm.call("f") == 5


@pytest.mark.alone
def test_ctrl_c_ends_a_run() -> None:
    """In the main thread, with Python's own handler, KeyboardInterrupt comes out of run as out of any Python code."""
    vm = VM(time_limit=None)
    timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    started = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        vm.run("try:\n    while True: pass\nexcept BaseException:\n    print('caught')")
    timer.join()
    assert time.perf_counter() - started < 3
    assert vm.take_output() == ""
    assert vm.run("print(1)").stdout == "1\n"


def test_ctrl_c_is_the_hosts_once_vms_are_gone(tmp_path: Path) -> None:
    code = """
import os, signal, minivm
with minivm.VM() as vm:
    vm.run("x = 1")
del vm
try:
    os.kill(os.getpid(), signal.SIGINT)
    while True: pass
except KeyboardInterrupt:
    print("interrupted")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("interrupted\n", "")


def test_a_handler_of_the_hosts_is_left_alone(tmp_path: Path) -> None:
    code = """
import os, signal, minivm
signal.signal(signal.SIGINT, lambda number, frame: print("handler"))
vm = minivm.VM()
vm.expose("kill", lambda: os.kill(os.getpid(), signal.SIGINT))
print(vm.run("kill()\\nprint('on')").stdout, end="")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("handler\non\n", "")


# ASan's shadow takes 20 TB of addresses.
@pytest.mark.release
def test_a_small_address_space(tmp_path: Path) -> None:
    code = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (1000000 * 1024, 1000000 * 1024))
import minivm
vm = minivm.VM()
print(vm.run("print(sum(range(1000)))").stdout, end="")
try:
    minivm.VM(memory_limit=None, time_limit=100).run("x = []\\nwhile True: x.append('a' * 1000 + str(len(x)))")
except minivm.LimitExceeded as problem:
    print(problem.kind)
print(vm.run("print('on')").stdout, end="")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("499500\nmemory\non\n", "")


def test_a_vm_left_open_at_exit(tmp_path: Path) -> None:
    code = "import minivm; vm = minivm.VM(); vm.run('class C: pass'); c = vm.get('C'); vm.expose('f', lambda: vm)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, cwd=tmp_path)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def best(action: Callable[[], object], repeats: int, times: int) -> float:
    """CPU seconds of one action: the smallest mean over several groups, so that a busy machine does not count."""
    shortest = float("inf")
    for _ in range(repeats):
        started = time.thread_time()
        for _ in range(times):
            action()
        shortest = min(shortest, (time.thread_time() - started) / times)
    return shortest


@pytest.mark.alone
def test_what_a_vm_costs() -> None:
    def make() -> None:
        VM().close()

    make()
    assert best(make, 10, 20) < 1e-3


@pytest.mark.alone
@pytest.mark.release    # ASan's checks take as long as the call
def test_what_a_call_costs() -> None:
    vm = VM()
    vm.run("def add(a, b): return a + b\n")
    assert vm.call("add", 1, 2) == 3
    assert best(lambda: vm.call("add", 1, 2), 20, 5000) < 2e-6


@pytest.mark.alone
def test_what_a_callback_costs() -> None:
    vm = VM(time_limit=60.0)
    vm.expose("host", lambda a, b: a)
    vm.run("def many(n):\n    for i in range(n): host(i, 2)\ndef none(n):\n    for i in range(n): pass\n")
    calls = 50000
    spent = best(lambda: vm.call("many", calls), 10, 1) - best(lambda: vm.call("none", calls), 10, 1)
    assert spent / calls < 2e-6


def test_dead_classes_are_freed() -> None:
    """A long-lived VM that makes classes in functions: their shapes, their methods and their places in __subclasses__
    go with them. Each of these classes takes some 3 KB."""
    vm = VM(memory_limit=32 << 20, time_limit=60.0)
    vm.run("""
class Base:
    pass
def make(i):
    class Point(Base):
        kind = i
        def __init__(self, x, y):
            self.x, self.y = x, y
        def total(self):
            return self.x + self.y
    return Point(i, 1)
kept = [make(i) for i in range(10)]
def many(n):
    return sum(make(i).total() for i in range(n))
def found():
    return len([c for c in Base.__subclasses__() if c in [type(p) for p in kept]]), sum(p.total() for p in kept)
""")
    assert vm.call("many", 1000) == 1000 * 999 // 2 + 1000
    early = vm.stats()["heap.external_bytes"]
    for _ in range(3):
        assert vm.call("many", 20000) == 20000 * 19999 // 2 + 20000
    assert vm.stats()["heap.external_bytes"] < early + (8 << 20), "ids take 8 bytes a shape"
    assert vm.call("found") == (10, 55)
