"""What starting costs: which modules a warm start imports, and how much CPU hello world takes."""
from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from conftest import MINIVM, PYTHON, Run

# A warm start may import these of minivm's own modules and nothing else of weight.
PROBE = "import sys; before = set(sys.modules); from minivm.cli import main; main(['hello.py']); \
print(*sorted(set(sys.modules) - before))"
ALLOWED = {
    "__future__", "_blake2", "_cffi_backend", "_signal", "_struct", "itertools", "minivm", "minivm._native",
    "minivm._native.lib",
    "minivm.cli", "minivm.errors", "minivm.options", "minivm.runtime", "minivm.runtime.bridge", "minivm.runtime.cache",
    "minivm.runtime.launch", "minivm.runtime.wire", "struct",
}


def test_what_a_warm_start_imports(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text("print('hello')\n")
    run(MINIVM, "hello.py")
    output, modules = run(PYTHON, "-c", PROBE).stdout.splitlines()
    assert output == "hello"
    assert {name for name in modules.split() if not name.startswith("_cffi")} - ALLOWED == set()


def test_importing_the_package_loads_nothing(run: Run) -> None:
    text = "import sys, minivm; print([name for name in sys.modules if name.startswith('minivm')])"
    assert run(PYTHON, "-c", text).stdout == "['minivm']\n"


def cpu_seconds(command: list[str], folder: Path, environment: dict[str, str]) -> float:
    """User and system time of one process."""
    before = os.times()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=folder, env=environment)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


@pytest.mark.alone
def test_hello_world_costs_little_more_than_starting_python(tmp_path: Path, environment: dict[str, str]) -> None:
    """45 ms where `python3 -c pass` takes 18 (issue: the command line). os.times counts in 10 ms, hence the sums."""
    (tmp_path / "hello.py").write_text("print('hello')\n")
    ours = [MINIVM, "hello.py"]
    bare = [PYTHON, "-c", "pass"]
    for command in (ours, bare):
        cpu_seconds(command, tmp_path, environment)
    spent = reference = 0.0
    for _ in range(30):
        spent += cpu_seconds(ours, tmp_path, environment)
        reference += cpu_seconds(bare, tmp_path, environment)
    assert spent <= 2.5 * reference
