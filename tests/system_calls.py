"""Counts the system calls of a command and its threads with strace, where that is installed and allowed.

    calls = count(["minivm", "program.py"], "mmap,mprotect")      # Counter by name; None: cannot trace here

`traced` gives the lines, for tests that look at arguments.
"""
from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

CODE_MEMORY = "mmap,mprotect,munmap,mremap,madvise,membarrier,mseal,memfd_create,pwrite64"


@functools.cache
def can_trace() -> bool:
    if not shutil.which("strace"):
        return False
    return subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True).returncode == 0


def traced(command: Sequence[str], names: str, env: Mapping[str, str] | None = None) -> list[str] | None:
    """A line per call, `name(arguments) = result`; a call that another thread interrupts is joined."""
    if not can_trace():
        return None
    known = [name for name in names.split(",") if name != "mseal" or _knows_mseal()]
    with tempfile.TemporaryDirectory() as directory:
        output = Path(directory) / "trace"
        options = ["-f", "-qq", "-o", str(output), "-e", "signal=none", "-e", "trace=" + ",".join(known)]
        done = subprocess.run(["strace", *options, *command], capture_output=True, text=True, env=env)
        assert done.returncode == 0, done.stderr
        lines = [re.sub(r"^\d+ +", "", row) for row in output.read_text(errors="replace").splitlines()]
    return [row for row in lines if not row.startswith("<... ") and "(" in row]


@functools.cache
def _knows_mseal() -> bool:
    command = ["strace", "-o", os.devnull, "-e", "trace=mseal", "true"]
    return subprocess.run(command, capture_output=True).returncode == 0


def count(command: Sequence[str], names: str, env: Mapping[str, str] | None = None) -> Counter[str] | None:
    lines = traced(command, names, env)
    return None if lines is None else Counter(line.split("(", 1)[0] for line in lines)
