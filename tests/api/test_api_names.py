"""The table of interned names is weak: what a program names and drops does not stay."""
from __future__ import annotations

import pytest

import minivm

USES = {
    "absent": "getattr(a, name, None)",
    "set and deleted": "setattr(a, name, 1); delattr(a, name)",
    "of fresh objects": "setattr(A(), name, 1)",
    "of a class": "setattr(A, name, 1); delattr(A, name)",
    "keywords": "f(**{name: 1})",
    "globals": "globals().get(name); setattr(main, name, 1); delattr(main, name)",
    "interned": "sys.intern(name)",
}
LOOP = """
import sys
main = sys.modules['__main__']
class A: pass
def f(**k): return k
def use(n):
    a, kept = A(), []
    for i in range(n):
        name = 'name%d' % i
        {use}
        {keep}
    return len(kept)
"""


@pytest.mark.parametrize("use", USES)
def test_dropped_names_go(use: str) -> None:
    with minivm.VM(memory_limit=40 << 20, time_limit=60.0) as vm:
        vm.run(LOOP.format(use=USES[use], keep="pass"))
        vm.call("use", 400_000)  # 50 MB of strs, if they stayed
        stats = vm.stats()
    assert stats["heap.names_freed"] > 300_000
    assert stats["heap.names"] < 120_000


def test_kept_names_stay() -> None:
    source = """
import sys
held = []
for i in range(50000): held.append(sys.intern('held%d' % i))
for i in range(9): junk = [[0] * 1000000, [0] * 1000000]
same = all(sys.intern(''.join(['he', 'ld', str(i)])) is held[i] for i in range(50000))
"""
    with minivm.VM(time_limit=60.0) as vm:
        vm.run(source)
        assert vm.get("same") is True
        stats = vm.stats()
    assert stats["gc.full_count"] > 0
    assert stats["heap.names"] >= 50_000


def test_names_that_stay_meet_the_limit() -> None:
    """The control: names that are kept do count."""
    with minivm.VM(memory_limit=40 << 20, time_limit=60.0) as vm:
        vm.run(LOOP.format(use="pass", keep="kept.append(sys.intern(name))"))
        with pytest.raises((minivm.ScriptError, minivm.LimitExceeded)):
            vm.call("use", 2_000_000)
