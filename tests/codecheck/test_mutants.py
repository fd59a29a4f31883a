"""Mutants of what tier 1 makes of programs (bench/mutate_code.py has the kinds and more of them), and that checking alters nothing."""
from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))

import mutate_code
import native_units
import pytest

PROGRAMS = [path for path in native_units.sources() if path.stem in ("richards", "json", "storage")]


@pytest.mark.parametrize("strategy", ["data", "pointer"])
def test_mutants_are_noticed(strategy: str) -> None:
    """Parts of checks removed: by the policy alone. Another order of instructions: by the catalogue. All: by the bytecode."""
    status, text = mutate_code.run(400, 11, list(mutate_code.KINDS), PROGRAMS, strategy=strategy)
    assert status == 0, text
    assert re.search(r"uncheck +\d+ +0 +100.00 % +100.00 % +100.00 % +100.00 %", text), text
    assert re.search(r"\nswap +\d+ +\d+ +\d+.\d\d % +100.00 %", text), text
    assert re.search(r"\nall +\d+ +\d+ +\d+.\d\d % +\d\d.\d\d % +100.00 %", text), text


def test_the_count_of_survivors_is_not_vacuous() -> None:
    """Holes filled with other small values do survive policy and catalogue: the command says so, by class."""
    _, text = mutate_code.run(300, 12, ["hole", "bit", "misread"], PROGRAMS, policy_alone=False)
    assert "survives the catalogue" in text
    assert re.search(r"\nmisread +\d+ +\d+ +- +\d?\d.\d\d % +100.00 %", text), text
