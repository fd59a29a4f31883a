"""Dependencies (runtime_c/depend.c): what ends an assumption sets the units' bytes, once, and nothing else does.

tests/c/depend.c registers the assumptions and calls this program's functions, which end them.
"""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import MINIVM, Run
from minivm.runtime.bridge import VARIANT

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = """\
constant = 1
deleted = 2
living = 3

class Base:
    plain = 1
    kept = 2
    def method(self): return 1
    def look(self): return 1

class Derived(Base):
    pass

class Other:
    def look(self): return 1

class Point:
    def __init__(self):
        self.x = 1
        self.y = 2

Point()

def read_all():
    for turn in range(20):
        constant + deleted + Base.plain + Derived().plain + Derived.kept + Base().method()
        Point().x

def rewrite_constant():
    global constant
    for turn in range(3):
        constant = constant + 1

def delete_global():
    global deleted
    del deleted

def rewrite_plain():
    for turn in range(3):
        Base.plain = Base.plain + 1

def delete_plain(): del Base.plain
def shadow_kept(): Derived.kept = 5
def rewrite_kept(): Base.kept = 6
def rewrite_method(): Base.method = lambda self: 2
def shadow_look(): Derived.look = lambda self: 2
def rewrite_look(): Base.look = lambda self: 3
def rewrite_other_look(): Other.look = lambda self: 3
def add_none(): Base.none = 1
def make_point(): Point()

def make_new():
    global brand_new
    brand_new = 1

def hide_len():
    global len
    len = lambda items: 5
    assert len([]) == 5

def extend_point():
    point = Point()
    point.z = 3

def derive_other():
    class More(Other): pass

def derive_point():
    class More(Point): pass

class Lonely:
    pass

class Crowded: pass
def derive_crowd():
    for turn in range(500):
        class More(Crowded): pass

def collect():
    for turn in range(60):
        [[turn] * 1000 for i in range(1000)]

def rewrite_living():
    global living
    living = 4
    Base.living = 4

def make_even():
    global even
    even = 1

def make_odd():
    global odd
    odd = 1
"""


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """tests/c/depend.c with the objects of the variant that is tested, brought up to date."""
    objects_of = ROOT / "build" / "obj" / VARIANT
    folder = tmp_path_factory.mktemp("depend")
    command = [sys.executable, "setup.py", "-q", "build_ext", "--build-lib", str(folder / "lib")]
    subprocess.run([*command, "--build-temp", str(folder / "temp")], cwd=ROOT, check=True,
                   env={**os.environ, "MINIVM_VARIANT": VARIANT})
    objects = sorted(objects_of.rglob("*.c.o"))
    objects = [path for path in objects if path.name not in ("exec_main.c.o", "_native.c.o")
               and (ROOT / "runtime_c" / path.relative_to(objects_of).with_suffix("")).exists()]
    target = folder / "depend"
    command = ["gcc", "-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter"]
    command += ["-fsanitize=address,undefined", "-static-libubsan"] if VARIANT == "asan" else []
    command += ["-I", str(ROOT / "runtime_c"), "-o", str(target), str(ROOT / "tests" / "c" / "depend.c")]
    subprocess.run([*command, *map(str, objects), "-lm", "-pthread"], check=True)
    return target


def test_dependencies(driver: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    assert run(MINIVM, "compile", "-o", "program.minic", "program.py").returncode == 0
    done = run(str(driver), "program.minic")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.endswith("checks, 0 failed\n") and int(done.stdout.split()[0]) > 5000
