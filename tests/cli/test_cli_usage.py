"""Arguments, MINIVM_* variables, help, colour."""
from __future__ import annotations

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from conftest import MINIVM, PYTHON, Run
from minivm import __version__, options


def test_help_is_derived_from_the_table(minivm: Run) -> None:
    for word in ("-h", "--help"):
        done = minivm(word)
        assert done.returncode == 0
        assert done.stderr == ""
        for option in options.OPTIONS:
            assert option.flag in done.stdout
            assert option.help in done.stdout
            assert option.env in done.stdout
        for usage, _ in options.COMMANDS:
            assert usage in done.stdout


def test_version(minivm: Run) -> None:
    for word in ("-V", "--version"):
        done = minivm(word)
        assert done.returncode == 0
        assert done.stdout.startswith(f"minivm {__version__} (Mini, a subset of Python 3.11")


@pytest.mark.parametrize("words", [
    ("--nope", "-c", "print(1)"),
    ("-x",),
    ("-c",),
    ("--memory-limit", "lots", "-c", "print(1)"),
    ("--memory-limit=", "-c", "print(1)"),
    ("--memory-limit=-5", "-c", "print(1)"),
    ("--time-limit=never", "-c", "print(1)"),
    ("--time-limit=nan", "-c", "print(1)"),
    ("--fuel=1.5", "-c", "print(1)"),
    ("--ic=maybe", "-c", "print(1)"),
    ("--jit=never", "-c", "print(1)"),
    ("--dump=nothing", "-c", "print(1)"),
    ("--trace=call,nothing", "-c", "print(1)"),
    ("--no-files=yes", "-c", "print(1)"),
    ("--fuel",),
    ("check",),
    ("compile",),
    ("compile", "a.py", "b.py"),
    ("compile", "-o"),
    ("dis",),
    ("dis", "--bundle", "a.py"),
    ("check", "gone.py"),
])
def test_wrong_usage(words: tuple[str, ...], minivm: Run) -> None:
    done = minivm(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("minivm: ")
    assert len(done.stderr.splitlines()) == 1


def test_both_forms_of_an_option(minivm: Run) -> None:
    loop = "while True:\n    pass\n"
    assert minivm("--fuel=1000", "-c", loop).returncode == 124
    assert minivm("--fuel", "1000", "-c", loop).returncode == 124


def test_options_after_the_program_are_the_programs(minivm: Run, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("import sys\nprint(sys.argv[1:])\n")
    assert minivm("program.py", "--fuel=1", "-V").stdout == "['--fuel=1', '-V']\n"


def test_environment(minivm: Run) -> None:
    loop = "while True:\n    pass\n"
    assert minivm("-c", loop, env={"MINIVM_FUEL": "1000"}).returncode == 124
    assert minivm("--fuel=1000", "-c", loop, env={"MINIVM_FUEL": "0"}).returncode == 124
    assert minivm("-c", "open('x', 'w')", env={"MINIVM_NO_FILES": "1"}).returncode == 1
    assert minivm("-c", "print(1)", env={"MINIVM_NO_FILES": "0", "MINIVM_FUEL": ""}).stdout == "1\n"


@pytest.mark.parametrize("name, value", [
    ("MINIVM_FUEL", "plenty"), ("MINIVM_NO_FILES", "yes"), ("MINIVM_MEMORY_LIMT", "5"), ("MINIVM_IC", "sometimes"),
])
def test_environment_is_checked(name: str, value: str, minivm: Run) -> None:
    done = minivm("-c", "print(1)", env={name: value})
    assert (done.returncode, done.stdout) == (2, "")
    assert name in done.stderr


def test_sizes() -> None:
    row = options.BY_FLAG["--memory-limit"]
    texts = {"1": 1, "64K": 65536, "64k": 65536, "3M": 3 << 20, "2G": 2 << 30, "0": 0}
    assert {text: options.parse_value(row, text) for text in texts} == texts


def test_colour_only_where_it_is_wanted(minivm: Run, tmp_path: Path) -> None:
    (tmp_path / "refused.py").write_text("async def f():\n    pass\n")
    plain = minivm("refused.py").stderr
    assert "\x1b" not in plain
    coloured = minivm("refused.py", env={"FORCE_COLOR": "1"}).stderr
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert "\x1b" not in minivm("refused.py", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stderr
    assert "\x1b" not in minivm("-c", "print('x')\n1 / 0", env={"FORCE_COLOR": "1"}).stdout


@pytest.mark.parametrize("extra, colour", [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colour_on_a_terminal(
    extra: dict[str, str], colour: bool, tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "refused.py").write_text("async def f():\n    pass\n")
    leader, follower = pty.openpty()
    subprocess.run([MINIVM, "refused.py"], stdin=follower, stdout=follower, stderr=follower, cwd=tmp_path,
                   env={**environment, **extra}, timeout=60)
    os.close(follower)
    text = os.read(leader, 65536).decode()
    os.close(leader)
    assert "is not in Mini" in text
    assert ("\x1b[" in text) == colour


def test_an_internal_error_is_one_line(run: Run) -> None:
    code = "import sys, minivm.cli as c; c._main = lambda a, last: 1 / 0; sys.exit(c.main([]))"
    done = run(PYTHON, "-c", code)
    assert done.returncode == options.STATUS_INTERNAL
    assert done.stderr.startswith("minivm: internal error: ZeroDivisionError")
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" in run(PYTHON, "-c", code, env={"MINIVM_TRACEBACK": "1"}).stderr


def test_other_systems(run: Run) -> None:
    """Without the runtime: one sentence that says what works there, and those parts do work."""
    fake = "import sys, os; sys.platform = 'darwin'; sys.modules['minivm._native'] = None; import minivm.cli as c; "
    done = run(PYTHON, "-c", fake + "sys.exit(c.main(['-c', 'print(1)']))")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Linux x86-64" in done.stderr and "minivm check" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert run(PYTHON, "-c", fake + "sys.exit(c.main(['check', '-']))", input="x = 1\n").returncode == 0
    assert run(PYTHON, "-c", fake + "sys.exit(c.main(['dis', '-']))", input="x = 1\n").returncode == 0
