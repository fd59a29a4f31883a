"""Every code object that the compiler makes obeys spec/opcodes.py: programs of ours, and what Mini accepts of
CPython's library and tests.
"""

from __future__ import annotations

import glob
import os
import warnings

import pytest
from compiling import compile_alone
from positions import strange
from structure import check_image

from minivm.errors import CompileError

LIBRARY = os.path.dirname(os.__file__)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OURS = sorted(glob.glob(os.path.join(ROOT, "programs", "*.py")) + glob.glob(os.path.join(ROOT, "tests", "run", "*.py")))
GROUPS = (
    "[a-d]*.py",
    "[e-p]*.py",
    "[q-z_]*.py",
    "test/test_[a-c]*.py",
    "test/test_[d-k]*.py",
    "test/test_[l-r]*.py",
    "test/test_[s-z]*.py",
)


def accepted(pattern: str) -> list[tuple[str, bytes, bytes]]:
    out = []
    for name in sorted(glob.glob(os.path.join(LIBRARY, pattern))):
        with open(name, "rb") as file:
            source = file.read()
        if len(source) > 40_000:  # the checker here is slow; the C verifier sees the long ones
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                out.append((name, source, compile_alone(source, name)))
        except CompileError:
            continue
    return out


@pytest.mark.parametrize("name", OURS, ids=os.path.basename)
def test_our_programs(name: str) -> None:
    with open(name, "rb") as file:
        check_image(compile_alone(file.read(), name))


@pytest.mark.parametrize("pattern", GROUPS)
def test_library(pattern: str) -> None:
    files = accepted(pattern)
    assert len(files) >= 5
    for name, source, image in files:
        try:
            check_image(image)
        except Exception as problem:
            raise AssertionError(f"{name}: {problem}") from problem
        odd = [text for text in strange(source) if not any(kind in text for kind in EXEMPT)]
        assert not odd, f"{name}: {odd[0]}"


# BUILD_TUPLE: CPython optimises some away; JUMP_BACK raises only what interrupts a program.
EXEMPT = (": BUILD_TUPLE ", ": JUMP_BACK ")
