"""Native code in embedded VMs: limits and interrupts in native loops, life, forks, threads, many VMs, what a VM costs."""
from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest
from conftest import clean_environment

import minivm

PROGRAM = """
def add(a, b):
    return a + b
def work(n):
    total = 0
    for i in range(n):
        total = add(total, i)
    return total
def spin():
    while True:
        pass
def calls():
    while True:
        add(1, 2)
def generate():
    while True:
        yield 1
def drain():
    for x in generate():
        pass
"""
IMAGE = minivm.compile_program(PROGRAM)
WHERE = ("inline", "thread", "process")


def warm(where: str, **limits: object) -> minivm.VM:
    """A VM whose functions are native. Loading the compiler is not part of what its limits count."""
    minivm.VM(jit="eager", compile=where, time_limit=None).run(IMAGE)
    vm = minivm.VM(jit="eager", compile=where, **limits)
    vm.run(IMAGE)
    assert vm.call("work", 100) == 4950
    end = time.monotonic() + 20
    while vm.stats().get("code.published", 0) < 3 and time.monotonic() < end:
        assert vm.call("work", 100) == 4950
        time.sleep(0.01)
    assert vm.stats()["code.published"] >= 3
    return vm


@pytest.mark.alone
@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("loop", ["spin", "calls", "drain"])
def test_limits_hold_in_native_loops(where: str, loop: str) -> None:
    with warm(where, time_limit=0.4) as vm:
        for _ in range(2):      # the second time the loop is native in every mode
            began = time.monotonic()
            with pytest.raises(minivm.TimeLimit):
                vm.call(loop)
            assert time.monotonic() - began < 1.5
        timer = threading.Timer(0.1, vm.interrupt)
        timer.start()
        with pytest.raises(minivm.Interrupted):
            vm.call(loop)
        timer.join()
        assert vm.call("work", 10) == 45
    with warm(where, fuel=20_000, time_limit=None) as vm:
        with pytest.raises(minivm.FuelLimit):
            vm.call(loop)
        assert vm.call("work", 10) == 45


def test_wrong_settings() -> None:
    for wrong in ({"jit": "yes"}, {"compile": "elsewhere"}, {"code_limit": 0}):
        with pytest.raises(ValueError):
            minivm.VM(**wrong)


def test_a_full_code_space_leaves_the_interpreter() -> None:
    with minivm.VM(jit="eager", compile="inline", code_limit=1) as vm:
        vm.run(IMAGE)
        assert vm.call("work", 1000) == 499500
        assert vm.stats()["code.full"] > 0 and vm.stats()["code.published"] == 0


def test_code_that_comes_while_the_vm_is_idle_is_published() -> None:
    with minivm.VM(jit="eager") as vm:
        vm.run(IMAGE)
        vm.call("work", 10)
        end = time.monotonic() + 60
        while vm.stats()["code.units.listed"] < 3 and time.monotonic() < end:
            time.sleep(0.01)
        assert vm.stats()["code.units.listed"] >= 3
        vm.call("work", 10)
        assert vm.stats()["code.published"] >= 2


def test_two_vms_in_two_threads() -> None:
    vms = [warm("thread", time_limit=None) for _ in range(2)]
    results: list[int] = []
    threads = [threading.Thread(target=lambda vm=vm: results.extend(vm.call("work", 200_000) for _ in range(5))) for vm in vms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200_000 * 199_999 // 2] * 10
    for vm in vms:
        vm.close()


@pytest.mark.parametrize("where", WHERE)
def test_a_forked_child_makes_its_own(where: str) -> None:
    text = f"""import os, sys, minivm
program = {PROGRAM!r}
vm = minivm.VM(jit="eager", compile={where!r})
vm.run(program)
vm.call("work", 1000)
child = os.fork()
if child == 0:
    try:
        vm.call("work", 10)
    except minivm.VMError:
        mine = minivm.VM(jit="eager", compile={where!r})
        mine.run(program)
        status = 7 if mine.call("work", 1000) == 499500 else 8
        mine.close()
        os._exit(status)
    os._exit(9)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
assert vm.call("work", 1000) == 499500
"""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60, env=clean_environment())
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("where", WHERE)
def test_python_ends_with_vms_open(where: str) -> None:
    text = f"import minivm\nvm = minivm.VM(jit='eager', compile={where!r})\nvm.run({PROGRAM!r})\nprint(vm.call('work', 1000))"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=20, env=clean_environment())
    assert (done.returncode, done.stdout, done.stderr) == (0, "499500\n", "")


def test_inline_caches_by_strategy() -> None:
    found = {}
    for ic in ("data", "pointer", "off", "mega"):
        with minivm.VM(jit="eager", compile="inline", ic=ic) as vm:
            vm.run("class T:\n    def __init__(self): self.x = 1\ndef work(t, n):\n    s = 0\n    for i in range(n): s += t.x\n    return s\nthing = T()")
            assert vm.call("work", vm.get("thing"), 100) == 100
            found[ic] = vm.stats()
    assert found["data"]["ic.transitions.field"] == found["pointer"]["ic.transitions.field"] == 1
    assert found["data"]["code.unit_bytes"] > found["pointer"]["code.unit_bytes"]       # the rest is in stubs
    assert found["data"]["code.code_bytes"] < found["pointer"]["code.code_bytes"]
    assert found["off"]["ic.transitions"] == 0 and found["off"]["ic.misses"] > 100 > found["data"]["ic.misses"]
    assert found["mega"]["ic.transitions.mega"] >= 1 and found["mega"]["ic.transitions.field"] == 0
    with pytest.raises(ValueError, match="ic must be one of data"):
        minivm.VM(ic="fast")


def usage() -> tuple[int, int, int, int]:
    """Pages of memory, pages of addresses, mappings, descriptors."""
    with open("/proc/self/statm") as file:
        size, resident = map(int, file.read().split()[:2])
    with open("/proc/self/maps") as file:
        return resident, size, len(file.readlines()), len(os.listdir("/proc/self/fd"))


# ASan keeps freed memory back.
@pytest.mark.release
def test_a_thousand_vms_leave_nothing_behind() -> None:
    def one() -> None:
        with minivm.VM(jit="eager", compile="inline") as vm:
            vm.run(IMAGE)
            assert vm.call("work", 10) == 45 and vm.stats()["code.published"] >= 2

    for _ in range(20):
        one()
    before = usage()
    for _ in range(1000):
        one()
    after = usage()
    assert after[0] - before[0] < 2048 and after[1] - before[1] < 16384, (before, after)    # 8 and 64 MiB
    assert after[2] - before[2] < 20 and after[3] - before[3] < 20  # what other tests left comes and goes meanwhile


def test_many_vms_at_once() -> None:
    vms = [minivm.VM(jit="eager", compile="inline") for _ in range(100)]
    before = usage()
    for vm in vms:
        vm.run(IMAGE)
        assert vm.call("work", 10) == 45
    assert usage()[0] - before[0] < 100 * 256       # a MiB each
    for vm in vms:
        vm.close()


@pytest.mark.alone
def test_a_vm_with_native_code_is_made_within_a_millisecond() -> None:
    minivm.VM(jit="on").close()
    spent = []
    for _ in range(50):
        before = time.process_time_ns()
        minivm.VM(jit="on").close()
        spent.append(time.process_time_ns() - before)
    assert sorted(spent)[25] < 1_000_000
