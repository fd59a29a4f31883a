"""What loops over namespaces cost; what they give is compared with CPython in tests/run/namespace_loops.py."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys, time

def loop(view):
    best = 1e9
    for _ in range(3):
        began = time.process_time()
        for pair in view.items():
            pass
        best = min(best, time.process_time() - began)
    return best

class Thing: pass
target = {target}
for i in range(4000):
    setattr(target, "n%d" % i, i)
few = loop({view})
for i in range(16000):
    setattr(target, "m%d" % i, i)
print(loop({view}) / few)
"""


@pytest.mark.alone
@pytest.mark.parametrize("target, view", [("sys.modules['__main__']", "globals()"), ("Thing()", "vars(target)"), ("Thing", "vars(Thing)")])
def test_a_loop_takes_time_by_the_names(target: str, view: str, tmp_path: Path) -> None:
    """Five times the names: 25 times the time, if each step walked them all."""
    source = tmp_path / "program.py"
    source.write_text(PROGRAM.format(target=target, view=view))
    done = subprocess.run([Path(sys.executable).with_name("minivm"), source], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 14, done.stdout
