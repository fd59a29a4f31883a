"""The compiler process: what it answers, how it starts and ends, what happens when it dies, hangs or talks nonsense, and that
the runtime refuses responses that are none."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import MINIVM, Run, clean_environment

import minivm
from minivm import options
from minivm.runtime.bridge import compiler_settings
from minivm.service import compiler, remote
from minivm.service.spent import Spent

KEY = bytes(range(32))
PROGRAM = """
def add(a, b):
    return a + b
def work(n):
    total = 0
    for i in range(n):
        total = add(total, i)
    return total
"""


def answer(server: remote.Remote) -> bytes:
    return server.compile(compiler_settings(), None, KEY, Spent())


def alive(pid: int) -> bool:
    """Neither gone nor a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition: object, seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def server() -> remote.Remote:
    made = remote.Remote()
    yield made
    made.close()


def test_the_process_answers_as_the_compiler_here(server: remote.Remote) -> None:
    assert answer(server) == compiler.stubs(compiler_settings(), KEY)
    assert answer(server) and server.starts == 1


def test_it_inherits_nothing_but_its_pipes(server: remote.Remote, tmp_path: Path) -> None:
    with open(tmp_path / "secret", "w") as file:
        os.set_inheritable(file.fileno(), True)
        answer(server)
        held = {int(name): os.readlink(f"/proc/{server.pid}/fd/{name}") for name in os.listdir(f"/proc/{server.pid}/fd")}
    assert set(held) == {0, 1, 2} and held[0].startswith("pipe:") and held[1].startswith("pipe:") and held[2] == "/dev/null"
    assert os.getpgid(server.pid) != os.getpgid(0)
    variables = Path(f"/proc/{server.pid}/environ").read_bytes().split(b"\0")
    assert {row.partition(b"=")[0] for row in variables} - {b""} == {b"PYTHONPATH", b"MINIVM_PARENT"}


def test_after_a_crash_another_one_starts(server: remote.Remote) -> None:
    answer(server)
    first = server.pid
    os.kill(first, signal.SIGKILL)
    with pytest.raises(remote.RemoteGone):
        answer(server)
    assert not Path(f"/proc/{first}").exists()      # waited for: no zombie
    assert answer(server) and server.starts == 2 and server.pid != first


@pytest.mark.parametrize("text, reason", [
    ("import sys; sys.exit(3)", "ended|Broken pipe"),
    ("import os; os.read(0, 1 << 20); os.write(1, b'\\xff' * 64)", "an answer of"),
    ("import os; os.read(0, 1 << 20); os.write(1, b'\\4\\0\\0\\0abcd')", "compiler process|no question"),
    ("import os, msgpack; os.read(0, 1 << 20); m = msgpack.packb((9, b'x', '', '', 0, 0, 0)); os.write(1, len(m).to_bytes(4, 'little') + m)", "no question"),
    ("import os, msgpack; os.read(0, 1 << 20); m = msgpack.packb((1, 'x', '', '', 0, 0, 0)); os.write(1, len(m).to_bytes(4, 'little') + m)", "no question"),
    ("import time; time.sleep(60)", "no answer"),
])
def test_a_process_that_misbehaves_is_ended_and_given_up(text: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "COMPILER_PATIENCE", 0.7)
    server = remote.Remote(("-c", text))
    for _ in range(options.COMPILER_FAILURES):
        with pytest.raises(remote.RemoteGone, match=reason):
            answer(server)
        assert not server.pid
    with pytest.raises(remote.RemoteGone, match="too often"):
        answer(server)
    assert server.starts == options.COMPILER_FAILURES


def test_a_refusal_comes_back_with_its_text(server: remote.Remote) -> None:
    with pytest.raises(remote.RemoteRefused, match="BadMessage"):
        server.compile(compiler_settings(), b"\x93\1\2\3", KEY, Spent())
    assert answer(server) and server.starts == 1


CHILD = """
import os, sys, time
from minivm.runtime.bridge import compiler_settings
from minivm.service.spent import Spent
from minivm.service import remote
server = remote.shared()
server.compile(compiler_settings(), None, bytes(32), Spent())
if sys.argv[1] == "fork":
    if os.fork() == 0:
        time.sleep(3)       # holds the pipe's end
        os._exit(0)
print(server.pid, flush=True)
if sys.argv[1] != "exit":
    os._exit(0)
"""


@pytest.mark.parametrize("how", ["exit", "_exit", "fork"])
def test_it_ends_with_its_parent(how: str) -> None:
    parent = subprocess.Popen([sys.executable, "-c", CHILD, how], stdout=subprocess.PIPE, text=True, env=clean_environment())
    pid = int(parent.stdout.readline())
    assert parent.wait() == 0
    assert wait_until(lambda: not alive(pid), 2.5 if how != "fork" else 2.9)
    parent.stdout.close()


def test_a_forked_child_starts_its_own() -> None:
    text = CHILD.partition("if sys")[0] + """
child = os.fork()
if child == 0:
    mine = remote.shared()
    assert mine is not server and mine.pid == 0
    assert mine.compile(compiler_settings(), None, bytes(32), Spent()) and mine.pid != server.pid
    mine.close()
    os._exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
assert server.compile(compiler_settings(), None, bytes(32), Spent()) and server.starts == 1
print("fine")
"""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, env=clean_environment())
    assert done.stdout == "fine\n", done.stderr


def test_programs_run_the_same(minivm: Run, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM + "print(work(30_000_000))\n")
    done = minivm("--no-cache", "--jit=eager", "--compile=process", "--stats", "program.py")
    stats = dict(line.split(maxsplit=1) for line in done.stderr.splitlines())
    assert (done.returncode, done.stdout) == (0, "449999985000000\n") and stats["compile.process_starts"] == "1"
    assert int(stats["code.published"]) == int(stats["compile.compiled"]) >= 2


def test_vms_share_it_and_go_on_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    remote.shared().close()
    starts = remote.shared().starts
    vms = [minivm.VM(jit="eager", compile="process") for _ in range(2)]
    for vm in vms:
        vm.run(PROGRAM)
        assert wait_until(lambda vm=vm: vm.call("work", 1000) == 499500 and vm.stats().get("code.published", 0) >= 2)
    assert remote.shared().starts == starts + 1
    os.kill(remote.shared().pid, signal.SIGKILL)
    other = PROGRAM.replace("work", "more")
    vms[0].run(other)
    assert wait_until(lambda: vms[0].call("more", 1000) == 499500 and vms[0].stats()["compile.refused"] >= 1)
    assert vms[0].stats()["compile.refused.RemoteGone"] >= 1 and vms[1].call("work", 10) == 45
    for vm in vms:
        vm.close()


def test_ctrl_c_is_not_the_compilers(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM + "print(work(3_000_000), flush=True)\nwhile True: work(1000)\n")
    child = subprocess.Popen([MINIVM, "--no-cache", "--jit=eager", "--compile=process", str(tmp_path / "program.py")], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, env=clean_environment(), start_new_session=True)
    assert child.stdout.readline() == "4499998500000\n"
    os.killpg(child.pid, signal.SIGINT)
    _, err = child.communicate(timeout=20)
    assert child.returncode == 130 and err.rstrip().endswith("KeyboardInterrupt") and err.count("Traceback") == 1
