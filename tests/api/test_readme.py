"""The README's claims: its examples print what it says, and its commands are the ones that CI runs."""
from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from conftest import MINIVM, Run

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """The fenced blocks of a kind."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [text for name, text in fenced if name == kind]


def test_the_session(tmp_path: Path, environment: dict[str, str]) -> None:
    """Each `$` line is run in a shell where the README stands, and must print what follows it."""
    session = blocks("console")[0]
    text = session.split("$ cat fib.py\n")[1].split("$ ")[0]
    (tmp_path / "fib.py").write_text(text)
    environment = {**environment, "PATH": f"{Path(MINIVM).parent}:{environment['PATH']}"}
    for step in session.split("$ ")[1:]:
        command, _, expected = step.partition("\n")
        done = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              cwd=tmp_path, env=environment, timeout=60)
        assert done.stdout.replace(str(tmp_path), "/tmp") == expected


def test_the_embedding_example(run: Run, tmp_path: Path) -> None:
    (tmp_path / "example.py").write_text(blocks("python")[0])
    done = run(sys.executable, "example.py")
    assert (done.stdout, done.stderr) == (blocks("")[0], "")


def test_the_commands_are_what_ci_runs() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    for line in blocks("sh"):
        for command in line.strip().split(" && "):
            if "minivm " not in command and command != "pip install .":
                words = command.split()
                assert any(all(word in row.split() for word in words) for row in script.splitlines()), command


def test_the_tour(run: Run) -> None:
    tour = str(ROOT / "programs" / "tour.mini")
    ours, theirs = run(MINIVM, tour), run(sys.executable, tour)
    assert (ours.stdout, ours.stderr, ours.returncode) == (theirs.stdout, theirs.stderr, theirs.returncode)
    assert ours.stdout
