"""`minivm compile`, `check`, `dis`, .minic files, minivm-exec, and the dumps."""
from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from conftest import MINIVM_EXEC, Run

PROGRAM = "import sys\ndef f(x):\n    return x / 0\nprint(__name__, __file__, sys.argv)\ninput()\nf(1)\n"


@pytest.fixture
def image(minivm: Run, tmp_path: Path) -> Path:
    (tmp_path / "program.py").write_text(PROGRAM)
    done = minivm("compile", "program.py")
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    return tmp_path / "program.minic"


def test_a_compiled_program_runs_as_its_source_does(image: Path, minivm: Run, cpython: Run) -> None:
    """The traceback has its source lines even when the source is gone."""
    expected = cpython("program.py", "a", input="x\n")
    (image.parent / "program.py").unlink()
    found = minivm("program.minic", "a", input="x\n")
    assert found.returncode == expected.returncode == 1
    assert found.stdout == expected.stdout.replace("['program.py'", "['program.minic'")
    assert found.stderr == expected.stderr


def test_the_program_without_python(image: Path, run: Run, minivm: Run) -> None:
    for extra in ((), ("a", "--b")):
        expected = minivm("program.minic", *extra, input="x\n")
        found = run(MINIVM_EXEC, "program.minic", *extra, input="x\n")
        assert (found.stdout, found.stderr, found.returncode) == (expected.stdout, expected.stderr, expected.returncode)


def test_a_suffix_is_not_needed(image: Path, minivm: Run) -> None:
    image.rename(image.with_name("other.name"))
    assert minivm("other.name", input="x\n").returncode == 1


def test_the_output_file(minivm: Run, run: Run, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("print('made')\n")
    assert minivm("compile", "-o", "made.minic", "program.py").returncode == 0
    assert minivm("made.minic").stdout == "made\n"
    assert minivm("compile", "program.py", "-o", "gone/made.minic").returncode == 1
    assert minivm("compile", "-", input="print(1)\n").returncode == 2
    assert minivm("compile", "-", "-o", "stdin.minic", input="print(1)\n").returncode == 0
    assert run(MINIVM_EXEC, "stdin.minic").stdout == "1\n"


def test_local_imports_must_be_asked_for(minivm: Run, run: Run, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import part\nprint(part.text)\n")
    (tmp_path / "part.py").write_text("text = 'part'\n")
    done = minivm("compile", "main.py")
    assert done.returncode == 2
    assert "part" in done.stderr and "--bundle" in done.stderr
    assert not (tmp_path / "main.minic").exists()
    assert minivm("compile", "--bundle", "main.py").returncode == 0
    (tmp_path / "part.py").unlink()
    assert minivm("main.minic").stdout == "part\n"
    assert run(MINIVM_EXEC, "main.minic").stdout == "part\n"


def test_compiling_twice_gives_the_same_bytes(image: Path, minivm: Run) -> None:
    first = image.read_bytes()
    minivm("compile", "program.py")
    assert image.read_bytes() == first


@pytest.mark.parametrize("command", ["compile", "dis", "check"])
def test_what_cannot_be_compiled(command: str, minivm: Run, cpython: Run, tmp_path: Path) -> None:
    (tmp_path / "refused.py").write_text("async def f():\n    pass\n")
    done = minivm(command, "refused.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("refused.py:1:1: ")
    (tmp_path / "wrong.py").write_text("x = (\n")
    done = minivm(command, "wrong.py")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == cpython("wrong.py").stderr


def test_check(minivm: Run, tmp_path: Path) -> None:
    """Everything that is not in Mini is named, in each file; what is fine is not mentioned; nothing runs."""
    (tmp_path / "fine.py").write_text("print('never')\n")
    (tmp_path / "two.py").write_text("async def f():\n    pass\nprint('never')\nimport socket\n")
    done = minivm("check", "fine.py")
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    done = minivm("check", "fine.py", "two.py")
    assert (done.stdout, done.returncode) == ("", 2)
    heads = [line for line in done.stderr.splitlines() if line.startswith("two.py:")]
    assert [head.split(": ")[0] for head in heads] == ["two.py:1:1", "two.py:4:8"]
    assert all(head.endswith("is not in Mini") for head in heads)


def test_dis(image: Path, minivm: Run) -> None:
    from_source = minivm("dis", "program.py")
    assert (from_source.returncode, from_source.stderr) == (0, "")
    assert "f" in from_source.stdout and "RETURN" in from_source.stdout
    assert minivm("dis", "program.minic").stdout == from_source.stdout


def test_dump_bytecode(minivm: Run, tmp_path: Path) -> None:
    text = "def one():\n    return 111111\n\ndef two():\n    return 222222\n\nprint('ran')\n"
    (tmp_path / "program.py").write_text(text)
    done = minivm("--dump=bytecode", "program.py")
    assert (done.stdout, done.returncode) == ("ran\n", 0)
    assert done.stderr == minivm("dis", "program.py").stdout
    only = minivm("--dump=bytecode:two", "program.py")
    assert only.stdout == "ran\n"
    assert "222222" in only.stderr and "111111" not in only.stderr


def test_dump_ast(minivm: Run) -> None:
    done = minivm("--dump=ast", "-c", "def one(): return 111\ndef two(): return 222\nprint('ran')")
    assert done.stdout == "ran\n"
    assert done.stderr.startswith("Module(") and "111" in done.stderr and "222" in done.stderr
    only = minivm("--dump=ast:two", "-c", "def one(): return 111\ndef two(): return 222\nprint('ran')")
    assert only.stderr.startswith("FunctionDef(") and "111" not in only.stderr and "222" in only.stderr


def test_stats(minivm: Run) -> None:
    done = minivm("--stats", "-c", "print('ran')")
    assert (done.stdout, done.returncode) == ("ran\n", 0)
    rows = dict(line.split() for line in done.stderr.splitlines())
    assert "gc.pause_median_us" in rows
    assert all(float(value) >= 0 for value in rows.values())
    assert "gc.pause_median_us" in minivm("--stats", "-c", "1 / 0").stderr


def test_trace(minivm: Run) -> None:
    text = "def f():\n    return 1\nf()\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    pass\nprint('ran')\n"
    done = minivm("--trace=call,exception", "-c", text)
    assert (done.stdout, done.returncode) == ("ran\n", 0)
    assert "f" in done.stderr and "ZeroDivisionError" in done.stderr
    assert minivm("-c", text).stderr == ""


CACHES = """\
class A:
    total = 0
    def __init__(self, x): self.x = x
class B(A): pass
def get(a):
    return a.x
def add():
    A.total = A.total + 1
for i in range(4):
    get(A(i)), get(B(i)), add()
for i in range(12):
    class C: pass
    c = C()
    c.x = 1
    get(c)
A.__init__ = lambda self, x: None
print('ran')
"""


def test_trace_of_inline_caches(minivm: Run) -> None:
    """A line for each change of a record: place, function, site, what for, from which state to which, class and shape."""
    done = minivm("--trace=ic", "-c", CACHES)
    assert (done.stdout, done.returncode) == ("ran\n", 0)
    line = re.compile(r"trace ic: (\S+):(\d+) (\S+) site \d+ ([a-z_]+) (\w+): (\w+) -> (\w+), (\S+) shape (\d+)")
    rows = [found.groups() for text in done.stderr.splitlines() if (found := line.fullmatch(text))]
    assert len(rows) == len(done.stderr.splitlines()) - done.stderr.count("trace ic: reset of all records of attributes\n")
    loads = [row[5:8] for row in rows if row[2:5] == ("get", "attr", "x")]
    assert loads[:3] == [("none", "field", "A"), ("field", "poly", "B"), ("poly", "poly", "C")]
    assert loads[-1][:2] == ("poly", "mega") and len(loads) == 5    # four shapes are told apart
    assert {row[1] for row in rows if row[2] == "get"} == {"6"}
    assert ("store_attr", "total", "none", "owner", "type") in [row[3:8] for row in rows if row[2] == "add"]
    assert ("call", "A", "none", "construct", "A") in [row[3:8] for row in rows]
    assert done.stderr.count("reset of all records of attributes") >= 1
    assert minivm("--trace=ic", "--ic=off", "-c", CACHES.replace("A.__init__", "unused")).stderr == ""


def test_stats_of_inline_caches(minivm: Run) -> None:
    def rows(*options: str) -> dict[str, int]:
        lines = (line.split() for line in minivm(*options, "--stats", "-c", CACHES).stderr.splitlines())
        return {key: int(value) for key, value in lines if key.startswith("ic.")}

    on, off, mega = rows(), rows("--ic=off"), rows("--ic=mega")
    for counted in (on, off, mega):
        for what in ("misses", "transitions"):
            assert counted[f"ic.{what}"] == sum(n for key, n in counted.items() if key.startswith(f"ic.{what}."))
    assert on["ic.transitions.mega"] >= 1 and on["ic.transitions.owner"] == 2 and on["ic.transitions.construct"] >= 2
    assert on["ic.misses.field"] == 1 and on["ic.misses.poly"] >= 3 and on["ic.misses"] < off["ic.misses"]
    assert off["ic.transitions"] == 0 and mega["ic.transitions.field"] == 0 and mega["ic.transitions.mega"] > 2


def test_misses_are_the_same_in_each_run(minivm: Run) -> None:
    def misses(seed: str) -> str:
        done = minivm("--ic=mega", "--stats", "-c", CACHES, env={"PYTHONHASHSEED": seed})
        return "".join(line for line in done.stderr.splitlines(True) if line.startswith("ic."))

    assert misses("1") == misses("2") == misses("3")


@pytest.mark.parametrize("mode", ["on", "off", "mega"])
def test_modes_do_not_change_what_a_program_does(mode: str, minivm: Run) -> None:
    text = "class A:\n    def __init__(self, x): self.x = x\nprint(sum(A(i).x for i in range(100)))\n"
    assert minivm(f"--ic={mode}", "-c", text).stdout == "4950\n"
    assert minivm("--gc-stress", f"--ic={mode}", "--jit=off", "-c", text).stdout == "4950\n"


def test_damaged_images_are_refused(image: Path, minivm: Run, run: Run) -> None:
    """Never a crash, never a Python traceback: status 2 and one line."""
    good = image.read_bytes()
    chance = random.Random(1)
    cases = [good[:size] for size in (8, 20, len(good) // 2, len(good) - 1)] + [good + b"x"]
    for _ in range(12):
        at = chance.randrange(8, len(good))
        cases.append(good[:at] + bytes([good[at] ^ (1 << chance.randrange(8))]) + good[at + 1:])
    for data in cases:
        image.write_bytes(data)
        for done in (minivm("program.minic", input="x\n"), run(MINIVM_EXEC, "program.minic", input="x\n")):
            assert (done.returncode, done.stdout) == (2, ""), data
            assert len(done.stderr.splitlines()) == 1
    image.write_bytes(good[:30])
    assert minivm("dis", "program.minic").returncode == 2


def test_exec_usage(run: Run, tmp_path: Path) -> None:
    assert run(MINIVM_EXEC).returncode == 2
    assert run(MINIVM_EXEC, "gone.minic").returncode == 2
    (tmp_path / "source.py").write_text("print(1)\n")
    done = run(MINIVM_EXEC, "source.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr
