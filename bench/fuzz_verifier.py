"""Fuzzes the loader and the bytecode verifier with mutants of compiled programs, and runs those that are accepted.

    python bench/fuzz_verifier.py [--count 1000000] [--seed 1] [--jobs 2] [--variant asan] [--keep FOLDER]

Compiles the seed programs below, builds the runtime in the given variant (ASan and UBSan) with tests/c/fuzz_verifier.c,
and starts one process a job. The mutants are made there: they change fields where the structure is known, and get a
right digest, so that they pass the container. A crash, a sanitizer report or a hang (20 s without a new mutant) is
saved as FOLDER/INDEX.minic with its report; the job goes on behind it. Exit status 1 if there was one.

Printed at the end: mutants made, refused by the container, refused by the verifier, accepted and run, and how those
ended. The opcodes that the seeds lack are named.
"""
from __future__ import annotations

import argparse
import mmap
import os
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "vm"))

from minivm.bytecode import compile_source  # noqa: E402
from minivm.bytecode.dis import codes, decode  # noqa: E402
from minivm.bytecode.image import load  # noqa: E402
from minivm.spec.opcodes import OPCODES  # noqa: E402

HANG = 20.0  # seconds
STATUS = ("index", "phase", "done", "container", "verifier", "accepted", "ended", "raised", "limited", "opcodes_run")
STATUS_SIZE = 8 * len(STATUS)
ENVIRONMENT = {
    **os.environ,
    "ASAN_OPTIONS": "detect_leaks=0:exitcode=99:allocator_may_return_null=1:detect_stack_use_after_return=0",
    "UBSAN_OPTIONS": "exitcode=99:print_stacktrace=1",
}

SEEDS = {
    "operators": """
def f(a, b, c=3, *, d=4):
    x = a + b - c * d
    x += 1
    x -= a
    y = (a << 2) >> 1 | b & 7 ^ c
    z = a / 3 + b // 2 + (a % 5) ** 2 - -a + +b + ~c
    print(a == b, a != b, a < b, a <= b, a > b, a >= b)
    return x, y, z, not a, a is b, a is not c, a in (1, 2), b not in [3, 4]
class M:
    def __matmul__(self, o): return 5
    def __imatmul__(self, o): return self
m = M()
m @= m
for i in range(4):
    f(i, i + 1, d=i)
    try: f(i * 1.5, 2.5)
    except TypeError as e: print(e)
print(m @ m, 'a' + 'b', [1] * 3, 7 - 3)
""",
    "conditions": """
def g(a, b):
    n = 0
    while n < 20:
        n += 1
        if a < b and b <= n or a == n: a += 1
        if not a > b: b -= 1
        if a >= 5 or not b != 7: a = 0
        if a is b or n is None: n += 2
        if a is not None and a is not b: n += 1
        if n > 3 and n < 9 and n >= 4 and n <= 8 and n != 5 and n == 6: continue
        if not n > 30 and not n < 0 and not n >= 40 and not n <= -1 and not n == 99: b += 1
        if not (n != 5): break
        if a <= b <= n: a, b = b, a
    c = b
    while a is not c:
        if a < b or b > c or a == b: c = a
        if a != b or a >= b or a <= b: c = a
        if a == b and a != c: break
        if a >= b and a > c and a < b and a <= c: break
        if not (a == b or a < c): break
        if (a > b) is (a < b) or a is c: n += 1
        if a < 3 or a > 99 or a == 4 or a >= 98 or a <= -5 or a != 7: n += 1
    return a if a else b
print(g(1, 9), g(2.5, 3), g(4, 4))
""",
    "loops": """
t = 0
for a in [1, 2, 3]:
    for b, c in [(1, 2), (3, 4)]:
        if b == a: continue
        t += b * c
    else:
        t += 1
for k, v in {'a': 1, 'b': 2}.items(): t += v
for i, x in enumerate('abc'): t += i
for x, y in zip([1, 2], (3, 4)): t += x * y
def gen(n):
    for i in range(n):
        got = yield i
        if got: t = got
    return 7
def outer():
    r = yield from gen(3)
    s = yield from [1, 2]
    return r
print(list(outer()), sum(x * x for x in gen(5)), {a: b for a, b in [(1, 2)]})
print([a + b for a in range(3) if a for b in 'x' and (4, 5)])
print({x for x in 'hello'}, sorted(x for x in {3, 1}))
it = gen(3)
next(it); it.send(5)
for w in it: pass
while t: t = 0
""",
    "displays": """
a = [1, 2, 3]
b = [*a, 4, *(5, 6)]
c = (*a, 7)
d = {**{'x': 1}, 'y': 2}
e = {*a, 9}
first, *mid, last = b
(x, y), z = (1, 2), 3
print(f'{x!r:>5}{y!s}{z!a} {x + y:0{3}d}', b[1:3], b[::2], c, d, e, mid)
b[0] = 5
b[1:2] = [7]
del b[0], d['x']
def f(*args, **kw): return args, kw
print(f(*a, **d), f(1, *a, k=2, **d), f(1, k=2), max(*a), f(*'ab'))
big = [[i, (i,), {i}, {i: i}] for i in range(3)]
print(big, 1.5, 1 << 70, ..., None, True, 'a\\u1234')
""",
    "closures": """
def outer(n):
    total = 0
    def add(k):
        nonlocal total, n
        total += k
        n = n - 1
        def deeper():
            return total + n + k
        return deeper
    def drop():
        nonlocal n
        del n
    r = add(3)()
    drop()
    try:
        add(1)
    except NameError as e:
        r += len(str(e))
    cell = 5
    see = lambda: cell
    del cell
    fs = [lambda: i for i in range(3)]
    return r, [f() for f in fs]
print(outer(4))
def local(a):
    if a: b = 1
    try:
        return b
    except UnboundLocalError as e:
        return str(e)
    finally:
        a = None
print(local(0), local(1))
def show(p):
    q = p
    return locals()
print(sorted(show(1).items()))
def kw(a, /, b=2, *c, d, e=5, **f) -> int: return a, b, c, d, e, f
print(kw(1, d=4), kw(1, 2, 3, d=4, z=5))
""",
    "classes": """
class A:
    x: int = 1
    y = [x for x in range(2)]
    def __init__(self, v=1):
        self.v = v
        self.w = v + 1
    def m(self): return self.v + self.x
    @property
    def p(self): return self.v
    @staticmethod
    def s(a): return a
    @classmethod
    def c(cls, a): return cls.__name__, a
    def __add__(self, o): return A(self.v + o)
    def __getitem__(self, k): return k
    def __eq__(self, o): return self.v == o.v
    def __len__(self): return 3
class B(A):
    def __init__(self, v):
        super().__init__(v)
        self.z = __class__
    def m(self): return super().m() * 2
    def q(self): return super().p
    for n in 'ab': pass
    del n
a, b = A(2), B(3)
print(a.m(), b.m(), b.p, b.q(), B.s(1), b.c(2), (a + 1).v, a[5], a == b, len(a))
a.v += 5
del a.v
def make(base):
    class C(base):
        y = base
        def me(self): return C
    return C
print(make(A)().me().__name__, make(B)(1).v)
try:
    a.v
except AttributeError as e:
    print(e)
""",
    "exceptions": """
class E(Exception): pass
def f(n):
    try:
        try:
            if n == 0: raise E('x')
            if n == 1: raise ValueError(1) from E('c')
            if n == 2: return [1][5]
            if n == 3: assert n != 3, 'no'
            for i in range(3):
                try:
                    if i == 1: continue
                    if i == 2: break
                finally:
                    n += 10
        except (E, IndexError) as e:
            return type(e).__name__, e.args
        except ValueError as e:
            try:
                raise
            except ValueError as again:
                return again is e, repr(e.__cause__)
        else:
            n += 100
        finally:
            n = str(n)
    except AssertionError as e:
        return 'assert', e.args
    return n
print([f(i) for i in range(6)])
class CM:
    def __enter__(self): return self
    def __exit__(self, t, v, tb): return t is E
def w(n):
    with CM() as a, CM():
        if n: raise E(n)
        return 'out'
    return 'swallowed'
print(w(0), w(1))
try:
    with CM(): raise KeyError(3)
except KeyError as e: print(repr(e))
try: raise
except RuntimeError as e: print(e)
def h(): return super().x
try: h()
except RuntimeError as e: print(e)
def gclose():
    try: yield 1
    finally: print('closed')
g = gclose(); next(g); g.close()
""",
    "modules": """
import sys
import math as m
from math import sqrt, pi
import enum
from enum import *
global_name = 5
def use():
    global global_name, other
    global_name += 1
    other = 2
    del other
    return m.floor(sqrt(17) + pi)
print(use(), global_name, sys.maxsize, enum.Enum)
del global_name
try: global_name
except NameError as e: print(e)
class Colour(Enum):
    RED = 1
    BLUE = 2
print(Colour.RED, Colour(2), [c.name for c in Colour])
class K:
    __slots__ = ('a',)
    def __missing__(self, k): return k
""",
}


PACKAGE = {
    "main.py": "import pack.part\nimport pack.part as p\nfrom pack import other, value\n"
               "print(pack.part.f(2), p.f(3), other.x, value)\n",
    "pack/__init__.py": "value = 5\n",
    "pack/part.py": "def f(n):\n    return n + 1\n",
    "pack/other.py": "from . import part\nx = part.f(1)\n",
}


def package_image() -> bytes:
    with tempfile.TemporaryDirectory() as name:
        for path, text in PACKAGE.items():
            (Path(name) / path).parent.mkdir(exist_ok=True)
            (Path(name) / path).write_text(text)
        return compile_source(PACKAGE["main.py"], "main.py", search_path=[name])


def seed_images() -> dict[str, bytes]:
    images = {name: compile_source(text, f"{name}.py") for name, text in SEEDS.items()}
    images["package"] = package_image()
    for path in sorted((ROOT / "tests" / "run").glob("*.py")):
        if path.stat().st_size < 2500:
            try:
                images[path.stem] = compile_source(path.read_bytes(), path.name)
            except Exception:  # noqa: BLE001 - not every program is a seed
                continue
    return images


def missing_opcodes(images: dict[str, bytes]) -> list[str]:
    used = set()
    for image in images.values():
        for module in load(image)["modules"]:
            for code in codes(module["code"]):
                used |= {instruction.row.name for instruction in decode(code[FIELD_INSTRUCTIONS])}
    return [row.name for row in OPCODES if row.name not in used]


FIELD_INSTRUCTIONS = 11


def build(variant: str, folder: Path) -> Path:
    """The driver, linked with the runtime of that variant."""
    environment = {**os.environ, "MINIVM_VARIANT": variant}
    command = [sys.executable, "setup.py", "-q", "build_ext", "--build-lib", str(folder / "lib")]
    subprocess.run([*command, "--build-temp", str(folder / "temp")], cwd=ROOT, env=environment, check=True)
    objects = sorted((ROOT / "build" / "obj" / variant).rglob("*.c.o"))
    objects = [path for path in objects if path.name not in ("exec_main.c.o", "_native.c.o")]
    sanitize = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"] if variant == "asan" else []
    driver = folder / "fuzz_verifier"
    command = ["gcc", "-std=gnu11", "-O1", "-g", *sanitize, "-I", str(ROOT / "runtime_c"), "-o", str(driver)]
    command += [str(ROOT / "tests" / "c" / "fuzz_verifier.c"), *map(str, objects), "-lm", "-pthread"]
    subprocess.run(command, check=True)
    return driver


class Job:
    """A stretch of mutants: one process after the other, each going on behind the crash of the one before."""

    def __init__(self, driver: Path, folder: Path, keep: Path, number: int, seed: int, first: int, end: int) -> None:
        self.driver, self.folder, self.keep = driver, folder, keep
        self.seed, self.first, self.end = seed, first, end
        self.status_path = folder / f"status{number}"
        self.status_path.write_bytes(bytes(STATUS_SIZE))
        with self.status_path.open("r+b") as file:
            self.memory = mmap.mmap(file.fileno(), STATUS_SIZE)
        self.failures: list[str] = []
        self.start()

    def start(self) -> None:
        self.report = self.folder / f"{self.status_path.name}.report"
        words = [self.driver, self.folder / "seeds", self.status_path, self.seed, self.first, self.end - self.first]
        with self.report.open("wb") as file:
            self.process = subprocess.Popen(list(map(str, words)), stderr=file, stdout=file, env=ENVIRONMENT)
        self.seen, self.seen_at = -1, time.monotonic()

    def counts(self) -> dict[str, int]:
        return dict(zip(STATUS, struct.unpack(f"<{len(STATUS)}Q", self.memory[:]), strict=True))

    def poll(self) -> bool:
        """Whether the job still has work."""
        status = self.process.poll()
        counts = self.counts()
        if counts["done"] != self.seen:
            self.seen, self.seen_at = counts["done"], time.monotonic()
        if status is None and time.monotonic() - self.seen_at < HANG:
            return True
        if status == 0:
            return False
        if status is None:
            self.process.kill()
            self.process.wait()
        index = counts["index"]
        name = self.keep / f"{index}.minic"
        self.keep.mkdir(parents=True, exist_ok=True)
        words = [self.driver, self.folder / "seeds", "-", self.seed, index, "emit", name]
        subprocess.run(list(map(str, words)), check=True, env=ENVIRONMENT)
        text = self.report.read_text(errors="replace")
        name.with_suffix(".txt").write_text("hang\n" if status is None else f"exit status {status}\n{text}")
        self.failures.append(f"{name}: {'hang' if status is None else headline(text) or f'exit status {status}'}")
        self.first = index + 1
        if self.first >= self.end:
            return False
        self.start()
        return True


def headline(report: str) -> str:
    return next((line.strip() for line in report.splitlines() if "ERROR:" in line or "runtime error:" in line), "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--variant", default="asan")
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "fuzz")
    options = parser.parse_args()
    images = seed_images()
    if missing := missing_opcodes(images):
        print("opcodes that no seed has:", ", ".join(missing))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "seeds").write_bytes(b"".join(struct.pack("<I", len(image)) + image for image in images.values()))
        driver = build(options.variant, folder)
        started = time.monotonic()
        share = -(-options.count // options.jobs)
        cuts = [options.first + min(i * share, options.count) for i in range(options.jobs + 1)]
        stretches = list(zip(cuts, cuts[1:]))
        jobs = [Job(driver, folder, options.keep, i, options.seed, *stretch) for i, stretch in enumerate(stretches)]
        active = list(jobs)
        shown = 0.0
        while active:
            time.sleep(0.2)
            active = [job for job in active if job.poll()]
            if time.monotonic() - shown > 30:
                shown = time.monotonic()
                done, failed = sum(job.counts()["done"] for job in jobs), sum(len(job.failures) for job in jobs)
                print(f"{done} done, {failed} failures", flush=True)
        total = {key: sum(job.counts()[key] for job in jobs) for key in STATUS[2:]}
        spent = time.monotonic() - started
    failures = [failure for job in jobs for failure in job.failures]
    made = total["done"] + len(failures)
    reached = total["verifier"] + total["accepted"]
    print(f"{made} mutants of {len(images)} programs in {spent:.0f} s ({options.variant}): "
          f"{total['container']} refused by the container, {reached} ({reached / made:.1%}) reached the verifier, "
          f"{total['accepted']} ({total['accepted'] / made:.1%}) accepted and run: {total['ended']} ended, "
          f"{total['raised']} raised, {total['limited']} met a limit; {len(failures)} failures")
    for failure in failures:
        print(failure)
    return 1 if failures or reached < 0.3 * made else 0  # mutants that the container refuses try nothing


if __name__ == "__main__":
    sys.exit(main())
