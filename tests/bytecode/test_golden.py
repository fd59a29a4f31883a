"""The bytecode of small functions, as text. MINIVM_BLESS=1 writes the expected texts anew; read the difference before committing it."""
from __future__ import annotations

import difflib
import os
from pathlib import Path

import pytest
from compiling import compile_alone

from minivm.bytecode.dis import text

GOLDEN = Path(__file__).with_name("golden")


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.py")), ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    made = text(compile_alone(path.read_bytes(), path.name, package="pack"), show_positions=False)
    expected = path.with_suffix(".txt")
    if os.environ.get("MINIVM_BLESS"):
        expected.write_text(made, encoding="utf-8")
    old = expected.read_text(encoding="utf-8")
    difference = "\n".join(difflib.unified_diff(old.splitlines(), made.splitlines(), "expected", "made", lineterm="", n=1))
    assert made == old, f"MINIVM_BLESS=1 accepts this:\n{difference}"
