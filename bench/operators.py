"""What an operator, a call or an item of Mini methods costs (operands that are no small ints or floats): by operands, in the interpreter and in native
code of both strategies of inline caches.

    python3 bench/operators.py [--vm CMD] [ROW...]

Nanoseconds of CPU time an operation, the loop included, the least of five runs; `mega` is native code whose records are all megamorphic.
"""
from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = """
import sys, time
class V:
    def __init__(self, x): self.x = x
    def __add__(self, o): return o
    def __lt__(self, o): return True
    def __eq__(self, o): return True
    def __iadd__(self, o): return self
    def __rmul__(self, o): return self
    def __call__(self, o): return o
    def __getitem__(self, i): return i
    def __setitem__(self, i, o): pass
    def method(self, o): return o
class P: pass
class Two:
    def __init__(self, a, b):
        self.a = a
        self.b = b
v, w, p, q = V(1), V(2), P(), P()
a, b = {operands}
def run(a, b):
    for i in range({count}):
        {statement}; {statement}; {statement}; {statement}
best = 1e9
for i in range(5):
    start = time.process_time()
    run(a, b)
    best = min(best, time.process_time() - start)
print(best / {count} / 4 * 1e9)
"""
COUNT = 200_000
ROWS = {
    "V + V": ("a + b", "v, w"), "V + int": ("a + b", "v, 1"), "V < V": ("a < b", "v, w"), "V == V": ("a == b", "v, w"), "V += V": ("a += b", "v, w"),
    "2 * V": ("a * b", "2, v"), "P == P": ("a == b", "p, q"), "str + str": ("a + b", "'abc', 'de'"), "str == str": ("a == b", "'abc' + str(1), 'abc' + str(2)"),
    "tuple == tuple": ("a == b", "(1,), (2,)"), "big + big": ("a + b", "1 << 70, 1 << 71"), "int + int": ("a + b", "1, 2"),
    "V(x)": ("a(b)", "v, 1"), "v.method": ("a(b)", "v.method, 1"), "V[i]": ("a[b]", "v, 1"), "V[i] = x": ("a[b] = b", "v, 1"), "d['abc']": ("a[b]", "{'abc': 1}, 'abc'"),
    "Two(a, b)": ("Two(a, b)", "1, 2"), "P()": ("P()", "1, 2"),
}
NATIVE = ("--jit=eager", "--compile=inline")
CONFIGURATIONS = {"interpreter": ("--jit=off",), "data": NATIVE, "pointer": (*NATIVE, "--ic=pointer"), "mega": (*NATIVE, "--ic=mega")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--vm", default=f"{sys.executable} -m minivm")
    parser.add_argument("rows", nargs="*", metavar="ROW")
    words = parser.parse_args()
    print(f"{'':16}" + "".join(f"{name:>13}" for name in CONFIGURATIONS))
    for name in words.rows or ROWS:
        statement, operands = ROWS[name]
        with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
            file.write(PROGRAM.format(operands=operands, statement=statement, count=COUNT))
            file.flush()
            cells = []
            for options in CONFIGURATIONS.values():
                done = subprocess.run([*shlex.split(words.vm), *options, str(Path(file.name))], capture_output=True, text=True)
                if done.returncode:
                    print(done.stderr, file=sys.stderr)
                    return 1
                cells.append(float(done.stdout))
        print(f"{name:16}" + "".join(f"{cell:13.1f}" for cell in cells), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
