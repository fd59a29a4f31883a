"""The fuzzer's conversations with an embedded VM: the model agrees with the VM, and a difference is seen."""
from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent / "fuzz"))

from embedded import outcome  # noqa: E402
from running import MARK, Report, run_talks  # noqa: E402
from talks import Talk, talk  # noqa: E402

VM = str(Path(sys.executable).with_name("minivm-exec"))


def printed(its: Talk) -> list[str]:
    return [outcome(sys.executable, side, [its]) for side in ("model", "minivm")]


def test_talks_agree() -> None:
    report = Report()
    run_talks(VM, 3, list(range(40)), report)
    assert report.programs >= 30
    assert not [(finding.number, finding.wanted, finding.got) for finding in report.findings]


def test_talks_depend_on_their_number_alone() -> None:
    assert [talk(2, number) for number in range(20)] == [talk(2, number) for number in range(20)]


@pytest.mark.parametrize("its", [
    Talk(1, "def f(v): return v\nwhile f(5) < 3: pass\nprint(f(1))\n", [], {"fuel": 1}),           # a limit that the model has not
    Talk(1, "x = 5\n", ["FuelLimit!limited('print(1)', False)"]),                                  # an end that is another
])
def test_a_difference_is_seen(its: Talk) -> None:
    model, real = printed(its)
    assert MARK in model and MARK in real
    assert model != real
