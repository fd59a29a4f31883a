"""Limits, signals and closed pipes, through real processes."""
from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from conftest import MINIVM, Run

LOOP = "while True:\n    pass\n"
GROW = "x = []\nwhile True:\n    x.append('a' * 1000 + str(len(x)))\n"
GROW_ON = """
x = []
while True:
    try:
        x.append('a' * 1000 + str(len(x)))
    except BaseException:
        pass
"""
DEPTH = """
deepest = 0
def go(n):
    global deepest
    deepest = n
    go(n + 1)
class C:
    def go(self, n):
        global deepest
        deepest = n
        [self.go(n + 1) for i in range(1)]
for start in (go, C().go):
    try:
        start(0)
    except RecursionError as e:
        print(deepest, str(e)[:32])
"""


@pytest.mark.alone
def test_time(minivm: Run) -> None:
    started = time.monotonic()
    done = minivm("--time-limit=0.3", "-c", LOOP)
    assert done.returncode == 124
    assert "time limit" in done.stderr.splitlines()[-1]
    assert 0.3 <= time.monotonic() - started < 5


def test_time_cannot_be_caught(minivm: Run) -> None:
    text = "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass\n"
    assert minivm("--time-limit=0.3", "-c", text).returncode == 124


@pytest.mark.alone
def test_time_ends_a_sleep(minivm: Run) -> None:
    started = time.monotonic()
    assert minivm("--time-limit=0.3", "-c", "import time\ntime.sleep(30)\n").returncode == 124
    assert time.monotonic() - started < 5


def test_what_was_printed_before_a_limit_appears(minivm: Run) -> None:
    assert minivm("--time-limit=0.3", "-c", "print('before')\n" + LOOP).stdout == "before\n"


def test_fuel(minivm: Run) -> None:
    assert minivm("--fuel=100000", "-c", LOOP).returncode == 124
    assert minivm("--fuel=100000", "-c", "for i in range(1000):\n    pass\n").returncode == 0


def test_hashing_a_long_str_polls(minivm: Run) -> None:
    text = "s = 'a' * 10**8\n"
    assert minivm("--fuel=35", "-c", text).returncode == 0
    assert minivm("--fuel=35", "-c", text + "hash(s)\n").returncode == 124
    assert minivm("--fuel=35", "-c", text + "{s: 1}\n").returncode == 124
    assert minivm("--fuel=100", "-c", text + "hash(s)\n").returncode == 0


@pytest.mark.parametrize("text", [GROW, GROW_ON, "x = 'a' * 10 ** 10\n", "x = [0] * 10 ** 9\n"])
def test_memory(text: str, minivm: Run) -> None:
    started = time.monotonic()
    done = minivm("--memory-limit=64M", "-c", text, timeout=120)
    assert done.returncode == 125
    assert "memory" in done.stderr.splitlines()[-1]
    assert time.monotonic() - started < 60


def test_a_memory_error_can_be_caught(minivm: Run) -> None:
    text = "try:\n    x = 'a' * 10 ** 10\nexcept MemoryError:\n    print('caught')\n"
    done = minivm("--memory-limit=64M", "-c", text)
    assert (done.stdout, done.stderr, done.returncode) == ("caught\n", "", 0)


def test_a_memory_error_of_the_programs_own(minivm: Run) -> None:
    assert minivm("-c", "raise MemoryError('mine')").returncode == 1


def test_recursion(minivm: Run, cpython: Run) -> None:
    assert minivm("-c", DEPTH).stdout == cpython("-c", DEPTH).stdout


def _start(tmp_path: Path, environment: dict[str, str], text: str) -> subprocess.Popen[str]:
    """A process that has printed its first line."""
    (tmp_path / "program.py").write_text(text)
    process = subprocess.Popen([MINIVM, "program.py"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               cwd=tmp_path, env=environment, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


READY = "print('ready', flush=True)\n"


@pytest.mark.alone
@pytest.mark.parametrize("body", [LOOP, "import time\ntime.sleep(60)\n", "x = 3 ** 50000000\n", "input()\n"])
def test_ctrl_c(body: str, tmp_path: Path, environment: dict[str, str]) -> None:
    read, write = os.pipe()
    (tmp_path / "program.py").write_text(READY + body)
    process = subprocess.Popen([MINIVM, "program.py"], stdin=read, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, cwd=tmp_path, env=environment, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.2)
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    os.close(read)
    os.close(write)
    assert process.returncode == 130
    assert errors.startswith("Traceback (most recent call last):\n")
    assert errors.endswith("KeyboardInterrupt\n")
    assert "minivm" not in errors
    assert time.monotonic() - started < 5


def test_ctrl_c_can_be_caught(tmp_path: Path, environment: dict[str, str]) -> None:
    text = READY + "try:\n    while True:\n        pass\nexcept KeyboardInterrupt:\n    print('caught')\nprint('on')\n"
    process = _start(tmp_path, environment, text)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert (output, errors, process.returncode) == ("caught\non\n", "", 0)


def test_ctrl_c_twice(tmp_path: Path, environment: dict[str, str]) -> None:
    text = READY + "for i in range(2):\n    try:\n        while True:\n            pass\n"
    text += "    except KeyboardInterrupt:\n        print('caught', i, flush=True)\n"
    process = _start(tmp_path, environment, text)
    assert process.stdout is not None
    for i in range(2):
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == f"caught {i}\n"
    assert process.wait(timeout=30) == 0


def test_termination(tmp_path: Path, environment: dict[str, str]) -> None:
    process = _start(tmp_path, environment, READY + LOOP)
    process.terminate()
    assert process.wait(timeout=30) == -signal.SIGTERM


@pytest.mark.parametrize("text", [
    "while True:\n    print('y' * 100)\n",
    "for i in range(100000):\n    print(i)\n",
    "import sys\nprint('y' * 10 ** 6)\nsys.stdout.flush()\nprint('more')\n",
])
def test_a_closed_pipe_is_quiet(text: str, tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "program.py").write_text(text)
    process = subprocess.Popen([MINIVM, "program.py"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path,
                               env=environment)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=30) == 141


def test_a_pipe_that_closes_before_the_last_flush(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "program.py").write_text("import sys\ninput()\nprint('late')\n")
    process = subprocess.Popen([MINIVM, "program.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, cwd=tmp_path, env=environment)
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, errors = process.communicate(b"go\n", timeout=30)
    assert errors == b""
    assert process.returncode == 141


def test_help_into_a_closed_pipe(tmp_path: Path, environment: dict[str, str]) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([MINIVM, "-h"], stdout=write, stderr=subprocess.PIPE, env=environment)
    os.close(write)
    assert (done.stderr, done.returncode) == (b"", 141)


def test_closed_standard_streams(run: Run, tmp_path: Path) -> None:
    """A program that prints into a closed stdout runs to its end, as under CPython."""
    text = "import sys\nprint('x')\nsys.exit(3)\n"
    (tmp_path / "program.py").write_text(text)
    assert run("sh", "-c", f"'{MINIVM}' program.py >&-").returncode == 3
    assert run("sh", "-c", f"'{MINIVM}' program.py 2>&-").stdout == "x\n"
    assert run("sh", "-c", f"'{MINIVM}' -c 'print(1)' <&-").stdout == "1\n"


# ASan's shadow takes 20 TB of addresses: here and in the next.
@pytest.mark.release
def test_a_small_address_space(run: Run) -> None:
    done = run("sh", "-c", f"ulimit -v 1000000; '{MINIVM}' -c 'print(sum(range(10)))'")
    assert (done.stdout, done.stderr, done.returncode) == ("45\n", "", 0)


@pytest.mark.release
@pytest.mark.parametrize(("text", "printed", "status"), [
    ("x = []\nwhile True: x.append((len(x),))", "", 125),
    ("x = [[] for i in range(10 ** 6)]\nwhile True: x += x", "", 125),
    ("x = []\ntry:\n    while True: x.append('a' * 1000 + str(len(x)))\nexcept MemoryError:\n    print(len(x) > 10 ** 5)\n"
     "    x = None\n    print(sum(len(str(i)) for i in range(10 ** 5)))", "True\n488890\n", 0),
])
def test_the_systems_own_limit(text: str, printed: str, status: int, run: Run, tmp_path: Path) -> None:
    """The system refuses memory long before the VM's own limit: MemoryError all the same, and the collector goes on."""
    (tmp_path / "program.py").write_text(text)
    done = run("sh", "-c", f"ulimit -v 300000; '{MINIVM}' program.py")
    assert (done.stdout, done.returncode) == (printed, status), done.stderr[-500:]
