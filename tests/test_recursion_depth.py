"""When code becomes warm (calling.h): after how many turns of a loop, calls and resumptions a call of a function in C no longer counts against the recursion limit.

The interpreter and minivm-exec alone: native code that is made before code is warm, as the rows of test_run_matrix.py have it, does not count turns. What
holds in all rows is in tests/run/recursion_*.py.
"""
from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from conftest import MINIVM, MINIVM_EXEC, PYTHON, clean_environment

PROGRAM = '''
import sys


def d():
    try:
        sys.setrecursionlimit(1)
    except RecursionError as e:
        return int(str(e).split('depth ')[1].split(':')[0])


def gen():
    while True:
        yield d()


g = gen()


def loop():
    line = []
    for i in range(20):
        line.append(next(g))
    print('for', line)


loop()


def loop3():
    line = []
    i = 0
    while True:
        line.append(next(g))
        i += 1
        if i > 20: break
    print('while', line)


loop3()


def loop4():
    line = [next(g) for i in range(20)]
    print('comp', line, [next(g) for i in range(20)])
    line = list(next(g) for i in range(20))
    print('genexp', line)


loop4()


def rec(n):
    if n:
        return rec(n - 1)
    return next(g)


print(rec(3), rec(7), rec(8), rec(9), rec(10))


def through(n):
    def inner():
        yield through(n - 1) if n else d()
    return next(inner())


print([through(n) for n in range(30)])


def sort(n):
    return sorted([1], key=lambda _: sort(n - 1) if n else print(d()))


for i in range(6): sort(i)
for i in range(6): sort(i)
for i in range(20):
    class B:
        x = d()
    print(B.x, end=' ')
print()
def yy():
    for i in range(20):
        yield next(g)
print([*yy()])
def yf():
    yield from yy()
print([*yf()])
'''


def output(path: Path, *command: str) -> str:
    done = subprocess.run([*command, str(path)], env=clean_environment(), capture_output=True, text=True, timeout=60)
    assert not done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("depth") / "program.py"
    path.write_text(PROGRAM)
    return path


@pytest.mark.parametrize("command", ((MINIVM, "--jit=off"), (MINIVM,), (MINIVM_EXEC,)))
def test_warming_up(program: Path, command: tuple[str, ...]) -> None:
    if command == (MINIVM_EXEC,):
        image = program.with_suffix(".minic")
        subprocess.run([MINIVM, "compile", str(program), "-o", str(image)], env=clean_environment(), check=True)
        assert output(image, MINIVM_EXEC) == output(program, PYTHON)
    else:
        assert output(program, *command) == output(program, PYTHON)


def test_turns_are_seen(program: Path) -> None:
    """The control: CPython's depths do change while the loops run."""
    first = output(program, PYTHON).splitlines()[0]
    assert first.startswith("for [") and first.count("6") == 7 and first.count("5") == 13
