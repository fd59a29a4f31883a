"""Reads the mappings of a process over and over and keeps every line that is writable and executable and was not there
from the first.

Used by tests that run code in this process or in a child:
    with Sampler(pid) as sampler: ...
    assert sampler.samples and not sampler.found
"""
from __future__ import annotations

import os
import threading
from types import TracebackType


class Sampler:
    """Samples from entering to leaving the `with`, once at least; a process that ended ends the sampling."""

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
        while self.sample() and not self._stop.wait(self.pause):
            pass

    def __enter__(self) -> Sampler:
        self.before = self.unsafe() or set()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()
