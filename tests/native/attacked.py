"""Runs one of the scripts attack_*.py of this folder, which write to a VM's memory what an attacker would, in a process of its own: the
attack shall end it. With the layer off it succeeds, and what it does then may be a fault."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from conftest import without_handlers


def attacked(script: str, *words: str, may_fault: bool = False) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(Path(__file__).with_name(script)), *words], capture_output=True, text=True, timeout=60,
                          env=without_handlers() if may_fault else None)
