"""Native code of programs that come and go in one VM: what dies is taken off the list, limits hold, results stay right."""
from __future__ import annotations

import itertools
import threading
import time

import pytest

from minivm import VM, compile_program, options

SOURCE = """
def make(n):
    def inner(x):
        t = 0
        for i in range(x):
            t += i * FACTOR
        return t
    class C:
        def m(self, k):
            return inner(k) + n
    return C().m(5)
def g(n):
    for i in range(n):
        yield make(i)
total = 0
for r in range(3):
    for v in g(10):
        total += v
    junk = [[i] for i in range(3000)]
print(total)
"""


def image(factor: int) -> bytes:
    return compile_program(SOURCE.replace("FACTOR", str(factor)))


def printed(factor: int) -> str:
    return f"{3 * sum(10 * factor + n for n in range(10))}\n"


def counters(vm: VM) -> dict[str, int]:
    return {name: int(value) for name, value in vm._bridge.stats().items() if name.startswith("code.") and str(value).isdigit()}


def mappings() -> int:
    with open("/proc/self/maps", encoding="utf-8") as file:
        return sum(1 for _ in file)


def test_many_programs_in_one_vm() -> None:
    """The units of programs before are off the list and buried; their pages stay counted against the code limit."""
    vm = VM(jit="eager", compile="inline")
    images = [image(factor) for factor in range(10)]
    before = mappings()
    for number in range(150):
        assert vm.run(images[number % 10]).stdout == printed(number % 10)
    found = counters(vm)
    assert found["code.published"] >= 600
    alive = found["code.units.published"] - found["code.units.unpublished"]
    assert found["code.units.quarantined"] == found["code.units.unpublished"] > 400 and alive < 200
    assert mappings() - before < 3 * found["code.batches"] + 300


def test_a_full_code_space_is_no_end() -> None:
    """Past the limit programs go on in the interpreter, and nobody compiles for nothing."""
    vm = VM(jit="eager", compile="inline", code_limit=64 << 10)
    images = [image(factor) for factor in range(10)]
    for number in range(40):
        assert vm.run(images[number % 10]).stdout == printed(number % 10)
    found = counters(vm)
    assert found["code.full"] == 1 and found["code.requests"] == found["code.published"] + 1
    assert 0 < found["code.page_bytes"] <= 64 << 10


def test_code_dies_while_it_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The compiler's thread answers requests of code that the collector has swept meanwhile; two VMs at once."""
    monkeypatch.setattr(options, "JIT_THRESHOLD", 2)
    monkeypatch.setattr(options, "JIT_START", 0.0)
    images = [image(factor) for factor in range(10)]
    wrong: list[tuple[int, str]] = []
    published: list[int] = []

    def work() -> None:
        vm = VM(jit="on", compile="thread")
        started = time.monotonic()
        for number in itertools.count():
            found = vm.run(images[number % 10]).stdout
            if found != printed(number % 10):
                wrong.append((number, found))
            if number >= 120 and (counters(vm)["code.published"] > 20 or time.monotonic() - started > 100):   # on a busy machine the compiler gets little time
                break
        published.append(counters(vm)["code.published"])

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and len(published) == 2 and min(published) > 20
