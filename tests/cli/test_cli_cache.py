"""The bytecode cache: used when it is good, redone in silence when it is not."""
from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import MINIVM, PYTHON, Run
from minivm.options import CACHE_FOLDER
from minivm.runtime import cache

HELLO = "print('hello')\n"
# Runs the command line in a Python that then says whether the compiler had to be imported.
PROBE = "import sys; from minivm.cli import main; s = main(sys.argv[1:]); print('minivm.bytecode' in sys.modules)"


@pytest.fixture
def compiled(run: Run) -> object:
    """Whether running a program needs the compiler; the output before that answer must be `hello`."""

    def probe(*words: str, **more: object) -> bool:
        done = run(PYTHON, "-c", PROBE, *words, **more)
        assert done.stderr == ""
        first, answer = done.stdout.splitlines()
        assert first == "hello"
        return answer == "True"

    return probe


def cache_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.minic*"))


def test_the_second_run_does_not_compile(compiled, tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text(HELLO)
    assert compiled("hello.py")
    assert cache_files(tmp_path) == [tmp_path / CACHE_FOLDER / "hello.py.minic"]
    assert not compiled("hello.py")


def test_a_changed_source_is_compiled_again(compiled, tmp_path: Path) -> None:
    program = tmp_path / "hello.py"
    program.write_text(HELLO)
    compiled("hello.py")
    facts = program.stat()
    program.write_text("print('HELLO'.lower())\n")
    os.utime(program, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert compiled("hello.py")
    assert not compiled("hello.py")


def test_a_changed_import_is_compiled_again(compiled, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import part\nprint(part.text)\n")
    (tmp_path / "part.py").write_text("text = 'hello'\n")
    assert compiled("main.py")
    assert not compiled("main.py")
    (tmp_path / "part.py").write_text("text = 'hel' + 'lo'\n")
    assert compiled("main.py")
    assert not compiled("main.py")


def test_a_new_local_module_is_seen(run: Run, compiled, tmp_path: Path) -> None:
    """A local module wins over one of Mini's own, even if it appears after the program was cached."""
    (tmp_path / "main.py").write_text("import math\nprint(getattr(math, 'text', 'hello'))\n")
    assert compiled("main.py")
    assert not compiled("main.py")
    (tmp_path / "math.py").write_text("text = 'local'\n")
    assert run(MINIVM, "main.py").stdout == "local\n"
    (tmp_path / "math.py").unlink()
    assert run(MINIVM, "main.py").stdout == "hello\n"


@pytest.mark.parametrize("damage", ["empty", "cut", "longer", "first", "header", "middle", "last", "text", "folder"])
def test_a_damaged_cache_is_redone(damage: str, compiled, tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text(HELLO)
    compiled("hello.py")
    path = tmp_path / CACHE_FOLDER / "hello.py.minic"
    good = path.read_bytes()
    positions = {"first": 0, "header": 60, "middle": len(good) // 2, "last": len(good) - 1}
    if damage == "folder":
        path.unlink()
        path.mkdir()
    elif damage in positions:
        at = positions[damage]
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x55]) + good[at + 1:])
    else:
        path.write_bytes({"empty": b"", "cut": good[:-7], "longer": good + b"x", "text": b"hello\n"}[damage])
    assert compiled("hello.py")
    assert not compiled("hello.py")


def test_no_place_beside_the_program(compiled, tmp_path: Path, environment: dict[str, str]) -> None:
    """The user's cache folder serves where the program's cannot be written (here: its name is taken)."""
    (tmp_path / "hello.py").write_text(HELLO)
    (tmp_path / CACHE_FOLDER).write_text("in the way")
    assert compiled("hello.py")
    assert not compiled("hello.py")
    assert len(cache_files(Path(environment["HOME"]) / ".cache" / "minivm")) == 1


def test_no_place_at_all(compiled, tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text(HELLO)
    (tmp_path / CACHE_FOLDER).write_text("in the way")
    for home in ("/dev/null/nowhere", "relative", ""):
        assert compiled("hello.py", env={"HOME": home, "XDG_CACHE_HOME": "/dev/null/nowhere"})


def test_a_folder_of_choice(compiled, tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text(HELLO)
    folder = tmp_path / "elsewhere"
    assert compiled("hello.py", env={"MINIVM_CACHE_DIR": str(folder)})
    assert not compiled("hello.py", env={"MINIVM_CACHE_DIR": str(folder)})
    assert len(cache_files(folder)) == 1
    assert not (tmp_path / CACHE_FOLDER).exists()


def test_no_cache(compiled, tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text(HELLO)
    assert compiled("--no-cache", "hello.py")
    assert cache_files(tmp_path) == []
    compiled("hello.py")
    assert compiled("--no-cache", "hello.py")


def test_a_moved_program_shows_its_new_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "program.py").write_text("print(__file__)\n1 / 0\n")
    run(MINIVM, "old/program.py")
    shutil.move(tmp_path / "old", tmp_path / "new")
    done = run(MINIVM, "new/program.py")
    assert done.stdout == f"{tmp_path}/new/program.py\n"
    assert f'File "{tmp_path}/new/program.py", line 2' in done.stderr


def test_files_of_strangers_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINIVM_CACHE_DIR", str(tmp_path / "cache"))
    name = str(tmp_path / "hello.py")
    cache.store(name, b"image", {name: b"text"}, [])
    owner = os.stat(tmp_path).st_uid
    assert cache.load(name, b"text", owner) == b"image"
    assert cache.load(name, b"other", owner) is None
    real = os.fstat

    def stranger(fd: int) -> os.stat_result:
        return os.stat_result([*real(fd)[:4], 4711, *real(fd)[5:]])

    monkeypatch.setattr(cache.os, "fstat", stranger)
    assert cache.load(name, b"text", owner) is None
    assert cache.load(name, b"text", 4711) == b"image"


def test_many_at_once(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "hello.py").write_text(HELLO)
    processes = [
        subprocess.Popen([MINIVM, "hello.py"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=tmp_path,
                         env=environment)
        for _ in range(8)
    ]
    assert [process.communicate(timeout=120)[0] for process in processes] == [b"hello\n"] * 8
    assert cache_files(tmp_path) == [tmp_path / CACHE_FOLDER / "hello.py.minic"]
