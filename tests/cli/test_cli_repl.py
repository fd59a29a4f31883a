"""The interactive session, on a pseudo-terminal and on a pipe."""
from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import MINIVM, Run


class Terminal:
    """A process on a terminal of its own."""

    def __init__(self, words: list[str], folder: Path, environment: dict[str, str]) -> None:
        self.leader, follower = pty.openpty()
        settings = termios.tcgetattr(follower)
        settings[3] &= ~termios.ECHO
        termios.tcsetattr(follower, termios.TCSANOW, settings)

        def take_terminal() -> None:
            os.setsid()
            import fcntl

            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen([MINIVM, *words], stdin=follower, stdout=follower, stderr=follower, cwd=folder,
                                        env=environment, preexec_fn=take_terminal)
        os.close(follower)

    def send(self, text: str) -> None:
        os.write(self.leader, text.encode())

    def until(self, end: str, timeout: float = 20.0) -> str:
        """What the process writes up to `end`, without control sequences."""
        text = ""
        limit = time.monotonic() + timeout
        while time.monotonic() < limit:
            ready, _, _ = select.select([self.leader], [], [], 0.1)
            if ready:
                try:
                    data = os.read(self.leader, 65536)
                except OSError:
                    break
                text = clean(text + data.decode("utf-8", "replace"))
                if text.endswith(end):
                    return text
        raise AssertionError(f"waited for {end!r}, got {text!r}")

    def enter(self, line: str, prompt: str = ">>> ") -> str:
        """What a line prints: everything between its echo and the next prompt."""
        self.send(line + "\n")
        text = self.until(prompt)
        return text.removesuffix(prompt).removeprefix(line).lstrip("\n")

    def close(self) -> int:
        try:
            return self.process.wait(timeout=20)
        finally:
            self.process.kill()
            self.process.wait()
            os.close(self.leader)


def clean(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r|\x07", "", text)


@pytest.fixture
def terminal(tmp_path: Path, environment: dict[str, str]) -> Iterator[Terminal]:
    process = Terminal([], tmp_path, environment)
    banner = process.until(">>> ")
    assert banner.startswith("minivm ")
    yield process
    if process.process.poll() is None:
        process.process.kill()
    process.process.wait()


def test_values_and_statements(terminal: Terminal) -> None:
    assert terminal.enter("1 + 2") == "3\n"
    assert terminal.enter("x = [1, 'a']") == ""
    assert terminal.enter("x") == "[1, 'a']\n"
    assert terminal.enter("None") == ""
    assert terminal.enter("print('p')") == "p\n"
    assert terminal.enter("'a'; 2; x[0]") == "'a'\n2\n1\n"


def test_the_last_value(terminal: Terminal) -> None:
    assert terminal.enter("6 * 7") == "42\n"
    assert terminal.enter("_ + 1") == "43\n"
    assert terminal.enter("None") == ""
    assert terminal.enter("_") == "43\n"
    assert terminal.enter("_ = 5") == ""
    assert terminal.enter("6 * 7") == "42\n"
    assert terminal.enter("_") == "5\n"


def test_several_lines(terminal: Terminal) -> None:
    assert terminal.enter("def f(n):", "... ") == ""
    assert terminal.enter("    if n:", "... ") == ""
    assert terminal.enter("        return n * 2", "... ") == ""
    assert terminal.enter("", ">>> ") == ""
    assert terminal.enter("f(21)") == "42\n"
    assert terminal.enter("text = '''a", "... ") == ""
    assert terminal.enter("b'''") == ""
    assert terminal.enter("text") == "'a\\nb'\n"
    assert terminal.enter("(1,", "... ") == ""
    assert terminal.enter("2)") == "(1, 2)\n"


def test_errors_keep_the_state(terminal: Terminal) -> None:
    terminal.enter("x = 5")
    assert terminal.enter("x / 0").splitlines() == [
        "Traceback (most recent call last):", '  File "<stdin>", line 1, in <module>',
        "ZeroDivisionError: division by zero",
    ]
    assert terminal.enter("x +") == '  File "<stdin>", line 1\n    x +\n       ^\nSyntaxError: invalid syntax\n'
    assert "is not in Mini" in terminal.enter("import socket")
    assert terminal.enter("nothing").endswith("NameError: name 'nothing' is not defined\n")
    assert terminal.enter("x") == "5\n"


def test_ctrl_c_in_a_program_keeps_the_state(terminal: Terminal) -> None:
    terminal.enter("x = 5")
    terminal.send("while True: x += 1\n\n")
    time.sleep(1.0)
    terminal.send("\x03")
    assert terminal.until(">>> ").endswith("KeyboardInterrupt\n>>> ")
    assert int(terminal.enter("x")) > 5


def test_ctrl_c_at_the_prompt_drops_the_statement(terminal: Terminal) -> None:
    terminal.enter("x = 5")
    terminal.enter("def f():", "... ")
    time.sleep(0.3)  # CPython's readline waits on after a signal that comes while it writes the prompt
    terminal.send("\x03")
    assert "KeyboardInterrupt" in terminal.until(">>> ")
    assert terminal.enter("x") == "5\n"
    assert "NameError" in terminal.enter("f")


def test_ctrl_d_leaves(terminal: Terminal) -> None:
    terminal.send("\x04")
    assert terminal.close() == 0


@pytest.mark.parametrize("words, status", [
    ("exit()", 0), ("quit", 0), ("import sys; sys.exit(3)", 3), ("raise SystemExit", 0),
])
def test_leaving(words: str, status: int, terminal: Terminal) -> None:
    terminal.send(words + "\n")
    assert terminal.close() == status


def test_input_in_a_session(terminal: Terminal) -> None:
    terminal.send("name = input('name? ')\n")
    terminal.until("name? ")
    terminal.enter("mini")
    assert terminal.enter("name") == "'mini'\n"


def test_a_limit_ends_the_statement_only(tmp_path: Path, environment: dict[str, str]) -> None:
    terminal = Terminal(["--time-limit=0.5"], tmp_path, environment)
    terminal.until(">>> ")
    terminal.enter("x = 5")
    assert "time limit" in terminal.enter("while True: pass\n")
    assert terminal.enter("x") == "5\n"
    terminal.send("\x04")
    assert terminal.close() == 0


def test_history_survives(tmp_path: Path, environment: dict[str, str]) -> None:
    for answer in ("a1", "a2"):
        terminal = Terminal([], tmp_path, environment)
        terminal.until(">>> ")
        if answer == "a1":
            assert terminal.enter("print('a' + '1')") == "a1\n"
        else:
            terminal.send("\x1b[A\x7f\x7f\x7f")
            time.sleep(0.3)
            terminal.send("2')\n")
            assert "a2\n" in terminal.until(">>> ")
        terminal.send("\x04")
        assert terminal.close() == 0
    history = Path(environment["HOME"]) / ".local" / "state" / "minivm" / "history"
    assert history.read_text().splitlines() == ["print('a' + '1')", "print('a' + '2')"]


def test_a_session_after_a_program(tmp_path: Path, environment: dict[str, str]) -> None:
    text = "import sys\ndef double(n):\n    return 2 * n\nargs = sys.argv\nprint('ran')\n"
    (tmp_path / "program.py").write_text(text)
    terminal = Terminal(["-i", "program.py", "a"], tmp_path, environment)
    assert terminal.until(">>> ") == "ran\n>>> "
    assert terminal.enter("double(21), args") == "(42, ['program.py', 'a'])\n"
    terminal.send("\x04")
    assert terminal.close() == 0


def test_a_session_after_a_program_that_fails(minivm: Run) -> None:
    done = minivm("-i", "-c", "x = 7\n1 / 0", input="x\n")
    assert done.stdout == "7\n"
    assert "ZeroDivisionError" in done.stderr
    assert done.returncode == 0


def test_a_session_on_a_pipe(minivm: Run) -> None:
    text = "x = 3\nfor i in range(x):\n    print(i)\n\n1 / 0\nx\nimport sys\nsys.exit(9)\nprint('never')\n"
    done = minivm("-i", input=text)
    assert done.stdout == "0\n1\n2\n3\n"
    assert "ZeroDivisionError" in done.stderr
    assert done.returncode == 9


def test_names_of_a_session_win_over_what_mini_lacks(minivm: Run) -> None:
    done = minivm("-i", input="eval('1')\ndef eval(text): return text\n\neval('2')\n")
    assert done.stdout == "'2'\n"
    assert "is not in Mini" in done.stderr


def test_an_interrupted_session_is_not_left(tmp_path: Path, environment: dict[str, str]) -> None:
    """Ctrl-C while the session waits for its next line from a pipe."""
    process = subprocess.Popen([MINIVM, "-i"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, cwd=tmp_path, env=environment, start_new_session=True)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("print('one', flush=True)\n")
    process.stdin.flush()
    assert process.stdout.readline() == "one\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    output, _ = process.communicate("print('two')\n", timeout=20)
    assert (output, process.returncode) == ("two\n", 0)
