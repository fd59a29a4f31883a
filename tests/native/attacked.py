"""Runs one of the scripts attack_*.py of this folder, which write to a VM's memory what an attacker would, in a process of its own: the
attack shall end it."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def attacked(script: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(Path(__file__).with_name(script)), *words], capture_output=True, text=True, timeout=60)
