"""Generators that a `for` loop of the interpreter resumes run in native code as soon as there is some.

The loop goes round three times only, so that its own code stays in the interpreter, while the generator has much to do
between two yields. What the stress mode counts as left was in native code before.
"""
from __future__ import annotations

from pathlib import Path

import pytest
from conftest import MINIVM, Run

LOOP = """
def steps(rounds, size):
    for number in range(rounds):
        total = 0
        for i in range(size):
            total += i & 3
        if number == rounds - 1:
            raise ValueError(total)
        yield total
try:
    for value in steps(4, 5000):
        print(value)
except ValueError as error:
    print("raised", error, error.__traceback__.tb_next.tb_lineno)
"""
RESUMED = """
def steps(size):
    t = 0
    for i in range(size):       # makes it hot, all in the first round
        t += i & 3
    yield t
    yield len(str(t))
    try:
        yield [t]
    finally:
        print("last")
    return 5
for value in steps(5000):
    print(value)
"""


def left(run: Run, path: Path, threshold: int) -> tuple[int, str]:
    """How often native code was left, and what was printed."""
    words = ["--jit=on", "--compile=inline", f"--jit-threshold={threshold}", "--jit-stress=5", "--stats"]
    done = run(MINIVM, *words, str(path))
    assert done.returncode == 0, done.stderr
    counts = [int(line.split()[1]) for line in done.stderr.splitlines() if line.startswith("code.left ")]
    return counts[0] if counts else 0, done.stdout


@pytest.mark.parametrize(("name", "source", "least"), [("loop", LOOP, 500), ("resumed", RESUMED, 100)])
def test_frames_enter(name: str, source: str, least: int, run: Run, cpython: Run, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.py"
    path.write_text(source, encoding="utf-8")
    wanted = cpython(str(path)).stdout
    count, printed = left(run, path, 100)
    assert printed == wanted
    assert count > least
    control, printed = left(run, path, 1_000_000)   # never hot: all of it stays in the interpreter
    assert printed == wanted
    assert control == 0
