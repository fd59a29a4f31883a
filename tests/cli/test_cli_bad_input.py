"""Input that nobody should give: always a defined exit status and a short message, never a traceback of minivm's own."""
from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from conftest import MINIVM, MINIVM_EXEC, PYTHON, Run
from minivm.options import CACHE_FOLDER
from minivm.runtime import cache

LONG = "9" * 100_000
# Prints, for each file of a folder, the exit status and the lines on stderr of `minivm dis FILE`, all in one process.
DISASSEMBLE = """
import os, sys
from minivm import cli
from minivm.runtime import launch, tasks
lines = []
for module in (cli, launch, tasks):
    module.put = lambda fd, text: lines.append(text) if fd == 2 else None
for name in sorted(os.listdir(sys.argv[1])):
    lines.clear()
    print(cli.main(["dis", sys.argv[1] + "/" + name]), "".join(lines).count("\\n"), "".join(lines)[:60].strip())
"""


def one_line(done: subprocess.CompletedProcess[str], status: int = 2) -> bool:
    return (
        done.returncode == status and done.stdout == "" and done.stderr.startswith("minivm")
        and done.stderr.count("\n") == 1 and len(done.stderr) < 500
    )


@pytest.mark.parametrize("name", [
    "gone", "folder", "loop", "gone/inside", "program.py/inside", "/proc/self/mem", "x" * 300, "a\nb",
])
def test_what_cannot_be_read(name: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "program.py").write_text("print(1)\n")
    for words in ([MINIVM], [MINIVM, "check"], [MINIVM, "dis"], [MINIVM, "compile"], [MINIVM_EXEC], [MINIVM, "-i"]):
        assert one_line(run(*words, name)), words


BYTES = {
    "binary": bytes(range(256)) * 8,
    "program": Path("/bin/true").read_bytes(),
    "utf_16": "print(1)\n".encode("utf-16"),
    "not_utf_8": b"x = 1\nprint('\xff')\n",
    "nul": b"x = 1\0\nprint(x)\n",
    "nul_first": b"\0" * 100,
    "unknown_encoding": b"# -*- coding: nothing -*-\nprint(1)\n",
    "wrong_encoding": b"# -*- coding: ascii -*-\nprint('\xc3\xa9')\n",
    "half_a_character": b"print('\xe2\x82",
    "surrogate": b"print('\xed\xa0\x80')\n",
    "bom_twice": b"\xef\xbb\xbf\xef\xbb\xbfprint(1)\n",
    "other_line_ends": b"x = 1\rif x:\r  print(x)\r",
    "form_feeds": b"\f\fprint(1)\n\x1a",
    "no_last_line_end": b"if 1:\n    print(1)",
    "empty": b"",
}


@pytest.mark.parametrize("name", BYTES)
def test_sources_that_are_no_text(name: str, run: Run, tmp_path: Path) -> None:
    """As CPython ends: the same exit status and the same last line."""
    (tmp_path / "program.py").write_bytes(BYTES[name])
    expected = run(PYTHON, "program.py")
    found = run(MINIVM, "program.py")
    assert (found.stdout, found.returncode) == (expected.stdout, expected.returncode)
    assert found.stderr.splitlines()[-1:] == expected.stderr.splitlines()[-1:]
    for command in ("check", "dis", "compile"):
        assert run(MINIVM, command, "program.py").returncode == expected.returncode


@pytest.fixture
def image(minivm: Run, tmp_path: Path) -> bytes:
    text = "import math\nclass A:\n    def f(self, *a):\n        return [x for x in a]\nprint('ran')\n"
    (tmp_path / "program.py").write_text(text)
    minivm("compile", "program.py")
    return (tmp_path / "program.minic").read_bytes()


def damaged(good: bytes) -> list[bytes]:
    """Cut at each 64th byte; a bit changed in each 64th; other versions; good ones with something behind."""
    cuts = [good[:end] for end in range(8, len(good), 64)]
    flips = [good[:at] + bytes([good[at] ^ 1 << at % 8]) + good[at + 1:] for at in range(8, len(good), 61)]
    return [*cuts, *flips, good + b"\0", good + good, good[:8] + b"\xff" * 40, good[:8] + bytes(len(good))]


def test_damaged_images(image: bytes, run: Run, tmp_path: Path) -> None:
    cases = damaged(image)
    assert len(cases) > 25
    assert run(MINIVM_EXEC, "program.minic").stdout == "ran\n"
    (tmp_path / "many").mkdir()
    for number, data in enumerate(cases):
        path = tmp_path / "many" / f"{number:03}.minic"
        path.write_bytes(data)
        assert one_line(run(MINIVM_EXEC, str(path))), number
        if number % 8 == 0:
            assert one_line(run(MINIVM, str(path))), number
    done = run(PYTHON, "-c", DISASSEMBLE, "many")
    assert done.stderr == ""
    answers = done.stdout.splitlines()
    assert len(answers) == len(cases)
    for answer in answers:
        assert answer.startswith("2 1 minivm: "), answer


@pytest.mark.parametrize("name", [
    "MINIVM_FUEL", "MINIVM_MEMORY_LIMIT", "MINIVM_TIME_LIMIT", "MINIVM_IC", "MINIVM_DUMP", "MINIVM_TRACE",
    "MINIVM_NO_FILES", "MINIVM_STATS", "MINIVM_" + "X" * 1000,
])
def test_huge_settings(name: str, run: Run) -> None:
    assert one_line(run(MINIVM, "-c", "print(1)", env={name: LONG}))
    assert one_line(run(MINIVM, "-c", "print(1)", env={name: "a\nb\x1b[31m"}))


@pytest.mark.parametrize("name", [
    "MINIVM_CACHE_DIR", "MINIVM_HISTORY", "HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "TERM", "NO_COLOR",
])
def test_huge_paths_do_not_matter(name: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("print(1)\n")
    for words in (("program.py",), ("-i",)):
        done = run(MINIVM, *words, env={name: LONG}, input="print(1)\n")
        assert (done.stdout, done.returncode) == ("1\n", 0)
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("option", [
    f"--fuel={LONG}", f"--memory-limit={LONG}G", "--fuel=\u0663", "--fuel=+3", "--fuel=1_0", "--fuel= 3",
    "--memory-limit=1KB", "--memory-limit=K", "--memory-limit=1.5G", "--time-limit=inf", "--time-limit=1_0",
    "--time-limit= 3", "--time-limit=1e10", "--time-limit=", "--fuel=", "--trace=", "--trace=call,", "--dump=",
    "--dump=:f", "--stats=1", "--" + "x" * 5000, "--\n", "-u", "-m", "-ii",
])
def test_wrong_options(option: str, minivm: Run) -> None:
    assert one_line(minivm(option, "-c", "print(1)"))


@pytest.mark.parametrize("option, status", [
    ("--fuel=1", 124), ("--time-limit=1e-9", 0), ("--memory-limit=1", 125), ("--memory-limit=1K", 125),
])
def test_limits_that_leave_no_room(option: str, status: int, minivm: Run) -> None:
    """A limit below what starting takes ends cleanly, too. (So short a time may pass unnoticed, or strike in the program,
    whose own line is then shown.)"""
    done = minivm(option, "-c", "for i in range(10): pass")
    assert done.returncode in (status, 124)
    told = done.stderr.splitlines()
    if told[:-1]:
        assert told[:-1] == ["Traceback (most recent call last):", '  File "<string>", line 1, in <module>']
    assert not told or told[-1].startswith("minivm: ")


def test_a_cached_image_that_is_not_ours_is_redone(run: Run, tmp_path: Path) -> None:
    """The cache's digest is right, the image is not: the program runs, nothing is said, and the file is replaced."""
    (tmp_path / "program.py").write_text("print('ran')\n")
    run(MINIVM, "program.py")
    path = tmp_path / CACHE_FOLDER / "program.py.minic"
    good = path.read_bytes()
    start = len(cache.MAGIC) + cache.DIGEST
    for at in (len(good) - 1, len(good) - 200, len(good) - 400):
        body = bytearray(good[start:])
        body[at - start] ^= 0x41
        path.write_bytes(cache.MAGIC + cache._digest(bytes(body)) + bytes(body))
        done = run(MINIVM, "program.py")
        assert (done.stdout, done.stderr, done.returncode) == ("ran\n", "", 0)
        assert path.read_bytes() == good


def test_arguments_that_are_no_text(tmp_path: Path, environment: dict[str, str]) -> None:
    """Bytes of arguments and names that are not UTF-8 reach the program as CPython gives them."""
    (tmp_path / "program.py").write_text("import sys\nprint(ascii(sys.argv))\n")
    outputs = [
        subprocess.run([command, "program.py", b"\xff\xfe", b"\n"], capture_output=True, cwd=tmp_path, env=environment)
        for command in (MINIVM, PYTHON)
    ]
    assert outputs[0].stdout == outputs[1].stdout
    assert outputs[0].returncode == 0
    odd = os.path.join(os.fsencode(tmp_path), b"\xff.py")
    with open(odd, "w") as file:
        file.write("1 / 0\n")
    outputs = [subprocess.run([command, odd], capture_output=True, env=environment) for command in (MINIVM, PYTHON)]
    assert outputs[0].stderr == outputs[1].stderr
    gone = subprocess.run([MINIVM, b"\xfe"], capture_output=True, cwd=tmp_path, env=environment)
    assert (gone.returncode, gone.stderr.count(b"\n")) == (2, 1)
