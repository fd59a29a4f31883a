"""Turns of tests that several workers run (conftest.py): those that run alone exclude all others, those that do not, nobody."""
from __future__ import annotations

import threading
from pathlib import Path

from conftest import turn


class Runner(threading.Thread):
    """Runs one test: says when it is inside, and stays there until it is told to leave."""

    def __init__(self, folder: Path, alone: bool) -> None:
        super().__init__(daemon=True)
        self.folder, self.alone = folder, alone
        self.inside, self.leave = threading.Event(), threading.Event()
        self.start()

    def run(self) -> None:
        with turn(self.folder, self.alone):
            self.inside.set()
            self.leave.wait()

    def done(self) -> None:
        self.leave.set()
        self.join()


def test_others_run_side_by_side(tmp_path: Path) -> None:
    runners = [Runner(tmp_path, False) for _ in range(3)]
    assert all(runner.inside.wait(30) for runner in runners)
    for runner in runners:
        runner.done()


def test_nobody_runs_beside_one_that_runs_alone(tmp_path: Path) -> None:
    first = Runner(tmp_path, True)
    assert first.inside.wait(30)
    others = [Runner(tmp_path, False), Runner(tmp_path, True)]
    assert not any(other.inside.wait(0.2) for other in others)
    first.done()
    for other in others:
        other.leave.set()
    assert all(other.inside.wait(30) for other in others)


def test_nobody_passes_one_that_waits_to_run_alone(tmp_path: Path) -> None:
    running = Runner(tmp_path, False)
    assert running.inside.wait(30)
    waiting = Runner(tmp_path, True)
    assert not waiting.inside.wait(0.2)
    late = Runner(tmp_path, False)
    assert not late.inside.wait(0.2)
    running.done()
    assert waiting.inside.wait(30) and not late.inside.wait(0.2)
    waiting.done()
    assert late.inside.wait(30)
    late.done()
