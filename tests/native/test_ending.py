"""The end of a program does not wait for its compiler, and nothing that the program wrote is lost."""
from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import clean_environment

SLOW = """
import sys, time
import minivm.service.compiler as compiler
compiler.compile = lambda *rest: time.sleep(9)
from minivm.cli import entry
entry()
"""
PROGRAM = """
import sys
file = open(sys.argv[1], "w")
file.write("kept")
def work(n):
    t = 0
    for i in range(n):
        t += i & 3
    return t
print(work(300000))
sys.exit(7)
"""


# Builds for sanitizers end as Python does, which waits for the thread (entry in cli.py).
@pytest.mark.release
@pytest.mark.parametrize("where", ["thread", "inline"])
def test_the_end_waits_for_nobody(where: str, tmp_path: Path) -> None:
    program, written = tmp_path / "program.py", tmp_path / "written"
    program.write_text(PROGRAM)
    words = [sys.executable, "-c", SLOW, "--jit=on", "--jit-threshold=100", f"--compile={where}", str(program), str(written)]
    began = time.monotonic()
    done = subprocess.run(words, capture_output=True, text=True, timeout=100, env=clean_environment())
    took = time.monotonic() - began
    assert (done.returncode, done.stdout, written.read_text()) == (7, "450000\n", "kept"), done.stderr
    assert took < 8 if where == "thread" else took >= 9     # inline is the control: there the program waits for its compiler
