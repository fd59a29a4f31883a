"""Compiles leaf libraries of runtime_c with a driver from this directory into one shared object for ctypes.

Used by tests/test_leaf_*.py. Everything goes to a temporary directory of the caller's; nothing is installed.
LEAF_CFLAGS adds flags: those of the sanitizers (tests/sanitize.py).
"""
from __future__ import annotations

import ctypes
import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ("-std=gnu11", "-O2", "-g", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared")


def build(directory: Path, name: str, sources: Sequence[str], flags: Sequence[str] = ()) -> ctypes.CDLL:
    """sources are paths below the root of the tree; flags come after the common ones."""
    target = directory / f"{name}.so"
    extra = shlex.split(os.environ.get("LEAF_CFLAGS", ""))
    command = [os.environ.get("CC", "gcc"), *FLAGS, *flags, *extra, "-I", str(ROOT / "runtime_c"), "-o", str(target)]
    command += [str(ROOT / source) for source in sources]
    done = subprocess.run([*command, "-lm"], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"cannot compile {name}:\n{done.stderr}")
    return ctypes.CDLL(str(target))
