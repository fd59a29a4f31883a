"""What the compiled code means: small programs under the reference interpreter and under CPython, without the C runtime."""
from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from pathlib import Path

import pytest
from reference import run_image
from structure import check_image

from minivm.bytecode import compile_source

PROGRAMS = sorted(Path(__file__).with_name("meaning").glob("*.py"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_meaning(path: Path) -> None:
    image = compile_source(path.read_bytes(), str(path), search_path=str(path.parent))
    check_image(image)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        run_image(image)
    expected = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True).stdout
    assert out.getvalue() == expected
