"""Reads the mappings of a process over and over and keeps every line that is writable and executable and was not there
from the first.

Used by tests that run code in this process or in a child:
    with Sampler(pid) as sampler: ...
    assert sampler.samples and not sampler.found
and by `pytest --watch-maps`, which watches every process of minivm that the tests start.
"""
from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType


class Sampler:
    """Samples from entering to leaving the `with`, once at least."""

    def __init__(self, pid: int | None = None, pause: float = 0.002) -> None:
        self.path = f"/proc/{pid or os.getpid()}/maps"
        self.pause = pause
        self.samples = 0
        self.found: set[str] = set()
        self.before: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def unsafe(self) -> set[str] | None:
        """The lines that are writable and executable now; None if the process is gone."""
        try:
            with open(self.path, encoding="utf-8", errors="replace") as file:
                lines = file.read().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            return None
        permissions = [(line, line.split(maxsplit=2)[1]) for line in lines]
        return {line for line, letters in permissions if "w" in letters and "x" in letters}

    def sample(self) -> bool:
        lines = self.unsafe()
        if lines is None:
            return False
        self.found |= lines - self.before
        self.samples += 1
        return True

    def _run(self) -> None:
        self.sample()
        while not self._stop.wait(self.pause):  # (a process has no mappings for a moment as it starts a program)
            self.sample()

    def __enter__(self) -> Sampler:
        self.before = self.unsafe() or set()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()


CONTROL = "unsafe-control"  # in the command of a process that is unsafe on purpose


class FamilySampler(Sampler):
    """The descendants of this process that run minivm, whatever they are when a sample is taken; not this process."""

    def __init__(self, pause: float = 0.03, controls: bool = False) -> None:
        super().__init__(pause=pause)
        self.processes: set[int] = set()
        self.controls = controls

    def family(self) -> list[int]:
        found, rest = [], [os.getpid()]
        while rest:
            try:
                tasks = os.listdir(f"/proc/{rest[-1]}/task")
                children = [Path(f"/proc/{rest[-1]}/task/{task}/children").read_text().split() for task in tasks]
            except OSError:
                children = []
            rest.pop()
            new = [int(child) for row in children for child in row]
            found += new
            rest += new
        return found

    def sample(self) -> bool:
        for pid in self.family():
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                continue
            words = command.decode(errors="replace").split("\0")
            if not any(Path(word).name in ("minivm", "minivm-exec") for word in words):
                continue
            if CONTROL in words and not self.controls:
                continue
            self.path = f"/proc/{pid}/maps"
            lines = self.unsafe()
            if lines is not None:
                self.samples += 1
                self.processes.add(pid)
                self.found |= {f"{line} ({' '.join(words).strip()})" for line in lines}
        return True
