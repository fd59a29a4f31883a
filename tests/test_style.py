"""The Python side agrees with its annotations and has no unused names: mypy and ruff, set up in pyproject.toml, find nothing."""
from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CLEAN = {"mypy": "Success: no issues found", "ruff": "All checks passed!"}
PLANTED = "\nimport os\n\ndef planted(number: int) -> str:\n    return number\n"
FOUND = {"mypy": "Incompatible return value type", "ruff": "F401"}


def look(tool: str, root: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    options = {"mypy": ["--cache-dir", str(cache)], "ruff": ["check", "--no-cache"]}[tool]
    return subprocess.run([sys.executable, "-m", tool, *options], cwd=root, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("tool", CLEAN)
def test_all_is_clean(tool: str, tmp_path: Path) -> None:
    done = look(tool, ROOT, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert CLEAN[tool] in done.stdout


@pytest.mark.parametrize("tool", FOUND)
def test_what_is_wrong_is_found(tool: str, tmp_path: Path) -> None:
    """The control, on a copy."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "vm", tmp_path / "vm", ignore=shutil.ignore_patterns("*.so", "__pycache__", "stdlib", "*.egg-info"))
    with open(tmp_path / "vm" / "minivm" / "options.py", "a", encoding="utf-8") as file:
        file.write(PLANTED)
    done = look(tool, tmp_path, tmp_path / "cache")
    assert done.returncode == 1 and FOUND[tool] in done.stdout, done.stdout + done.stderr
