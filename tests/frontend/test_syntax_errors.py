"""Wrong programs are reported as CPython reports them: the text on stderr and the exit status of the same file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from wrong_programs import WRONG

from minivm.bytecode import compile_source
from minivm.errors import CompileError, Refused, SyntaxProblem

EXPECTED = Path(__file__).with_name("wrong_programs.json")
LIVE = 12  # every so many programs CPython is asked again; MINIVM_BLESS=1 asks it for all and writes the file anew


def encoded(given: str | bytes) -> bytes:
    return given if isinstance(given, bytes) else given.encode("utf-8", "surrogatepass")


def ask(number: int, folder: Path) -> str:
    """What CPython says about a program in `folder`, which the text leaves out."""
    path = folder / f"w{number}.py"
    path.write_bytes(encoded(WRONG[number]))
    ran = subprocess.run([sys.executable, "-W", "ignore", str(path)], capture_output=True, cwd=folder)
    assert ran.returncode == 1, WRONG[number]
    return ran.stderr.decode("utf-8", "backslashreplace").rstrip("\n").replace(f"{folder}/", "")


def test_reports(tmp_path: Path) -> None:
    if os.environ.get("MINIVM_BLESS"):
        EXPECTED.write_text(
            json.dumps([ask(number, tmp_path) for number in range(len(WRONG))], indent=0, ensure_ascii=False),
            encoding="utf-8",
        )
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    assert len(expected) == len(WRONG)
    different = []
    for number, (given, text) in enumerate(zip(WRONG, expected)):
        if number % LIVE == 0:
            assert ask(number, tmp_path) == text
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile_source(encoded(given), f"w{number}.py")
        except SyntaxProblem as problem:
            assert problem.exit_status == 1
            if str(problem) != text:
                different.append((given, text, str(problem)))
        except Refused as problem:
            different.append((given, text, str(problem)))
        else:
            different.append((given, text, "accepted"))
    for given, text, ours in different[:10]:
        print(f"--- {given[:200]!r}\nCPython:\n{text[-400:]}\nours:\n{ours[-400:]}")
    assert not different, f"{len(different)} of {len(expected)} differ"


def test_string_sources_count_characters() -> None:
    with pytest.raises(CompileError) as caught:
        compile_source("é = 1 2", "<string>")
    assert str(caught.value).endswith("\n    é = 1 2\n          ^\nSyntaxError: invalid syntax")


def test_null_bytes_in_strings() -> None:
    with pytest.raises(SyntaxProblem):
        compile_source("a\0b", "<string>")


def test_surrogates_in_strings() -> None:
    with pytest.raises(SyntaxProblem):
        compile_source("a = '\ud800'", "<string>")


def test_warnings_are_those_of_cpython(tmp_path: Path) -> None:
    path = tmp_path / "w.py"
    path.write_text("x = 1\nx is 1\nassert (x, 2)\n")
    theirs = subprocess.run([sys.executable, str(path)], capture_output=True, text=True)
    code = (
        f"from minivm.bytecode import compile_source\ncompile_source(open({str(path)!r}, 'rb').read(), {str(path)!r})"
    )
    ours = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ours.stderr == theirs.stderr != ""
