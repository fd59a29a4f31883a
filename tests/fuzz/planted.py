"""Bugs planted on purpose, and the check that the fuzzer finds each of them.

Called by `bench/fuzz_programs.py --planted [NAME...]`. Each bug is a change of one text in runtime_c or in the compiler:
(name, file, old text, new text); the old text stands in its file exactly once, so that a change of the source shows here
at once. The tree is copied, and the runtime is built with one bug at a time: the files that it is in are compiled, the
objects of all others are setup.py's. A bug is found when a program differs that does not differ without it.
"""
from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["-std=gnu11", "-O1", "-DNDEBUG", "-fPIC", "-pthread", "-fno-strict-aliasing", "-fvisibility=hidden", "-w",
         '-DMV_VARIANT="planted"']
CHUNK = 100  # programs between two looks
ENOUGH = 4  # differences of one look


@dataclass(frozen=True)
class Bug:
    """A change of one text. `configuration`: the one that the bug is for."""

    name: str
    file: str
    old: str
    new: str
    configuration: str = "normal"


BUGS: tuple[Bug, ...] = (
    Bug("floordiv-rounding", "runtime_c/interp_arithmetic.inc", "q -= (n % d) < 0;", "q -= (n % d) < -1;"),
    Bug("big-floordiv-rounding", "runtime_c/int_ops.c", "bool adjust = differ && !exact;",
    "bool adjust = differ && exact;"),
    Bug("big-divmod-smaller", "runtime_c/int_ops.c", "mv_from_fixnum(adjust ? -1 : 0)", "mv_from_fixnum(0)"),
    Bug("add-overflow", "runtime_c/int_ops.c", "!__builtin_add_overflow((int64_t)a, (int64_t)b, &sum)",
        "(__builtin_add_overflow((int64_t)a, (int64_t)b, &sum), 1)"),
    Bug("add-int-overflow", "runtime_c/interp_arithmetic.inc",
        "!__builtin_add_overflow((int64_t)x, (int64_t)IMM_C * 4, &sum)",
        "(__builtin_add_overflow((int64_t)x, (int64_t)IMM_C * 4, &sum), 1)"),
    Bug("mul-overflow", "runtime_c/interp_arithmetic.inc",
        "!__builtin_mul_overflow((int64_t)x, mv_to_fixnum(y), &product)",
        "(__builtin_mul_overflow((int64_t)x, mv_to_fixnum(y), &product), 1)"),
    Bug("big-product-sign", "runtime_c/int_ops.c",
        "    bool negative = a->negative != b->negative;\n    if (a->count < b->count) {",
        "    bool negative = a->negative;\n    if (a->count < b->count) {"),
    Bug("slice-stop", "runtime_c/slice.c", "return i >= length ? length - backwards : i;",
        "return i >= length ? length - 1 : i;"),
    Bug("slice-count", "runtime_c/slice.c", "(*start - *stop - 1) / -step + 1", "(*start - *stop) / -step + 1"),
    Bug("slice-negative-start", "runtime_c/slice.c", "return i < 0 ? -(int64_t)backwards : i;",
    "return i < 0 ? 0 : i;"),
    Bug("reflected-comparison", "runtime_c/operators.c",
        "bool reflected_first = ca != cb && !mv_class_is_builtin(cb) && mv_is_subclass(cb, ca);",
        "bool reflected_first = false;"),
    Bug("reflected-operator", "runtime_c/operators.c", "special_binary(vm, cb, MV_SP_RADD + op, b, a);",
        "special_binary(vm, cb, MV_SP_RADD + op, a, b);"),
    Bug("not-equal-inverse", "runtime_c/operators.c", "return truth < 0 ? MV_EXC : mv_bool(!truth);",
        "return truth < 0 ? MV_EXC : mv_bool(truth);"),
    Bug("bool-after-len", "runtime_c/abstract.c",
        "    if (mv_special(vm, cls, MV_SP_LEN) == MV_UNASSIGNED)\n        return 1;", "    return 1;"),
    Bug("float-mod-sign", "runtime_c/float.c",
        "rest = copysign(0.0, b); /* the remainder", "rest = copysign(0.0, a); /* the remainder"),
    Bug("float-floordiv", "runtime_c/float.c", "        whole -= 1.0;", "        whole -= 0.0;"),
    Bug("ic-not-reset", "runtime_c/ic.c",
    "if (code->records[s].kind && (code->records[s].kind == MV_IC_GLOBAL) == globals)",
        "if (code->records[s].kind == MV_IC_MEGA)"),
    Bug("specials-not-reset", "runtime_c/class.c", "|| cls->special_epoch != vm->class_epoch", "|| false"),
    Bug("write-barrier", "runtime_c/alloc.h",
        "if (MV_UNLIKELY(object->gc & MV_GC_OLD_CLEAN))\n        mv_heap_log(vm, object);",
        "if (MV_UNLIKELY(object->gc & MV_GC_OLD_CLEAN) && object->kind == 255)\n        mv_heap_log(vm, object);",
        "gc-stress"),
    Bug("short-circuit", "vm/minivm/bytecode/conditions.py", "at = jump_if(f, value, end, not sense, at)",
        "at = jump_if(f, value, end, sense, at)"),
)


class Tree:
    """A copy of the sources with its objects."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "runtime_c", folder / "runtime_c")
        self.sound = folder / "sound"  # the tools and the compiler once more: nothing is planted in these
        left_out = shutil.ignore_patterns("__pycache__", "found", "*.so", "prototype")
        for name in ("bench", "tests/fuzz", "vm"):
            for target in (folder, self.sound):
                shutil.copytree(ROOT / name, target / name, ignore=left_out)
        self.compiler = shlex.split(os.environ.get("CC") or "gcc")
        self.sources = sorted((folder / "runtime_c").rglob("*.c"))

    def compile(self, source: Path, target: Path) -> bool:
        line = [*self.compiler, *FLAGS, f"-I{self.folder / 'runtime_c'}", "-c", str(source), "-o", str(target)]
        return subprocess.run(line).returncode == 0

    def release(self) -> None:
        """The sound program: setup.py's objects of the tree as it is, which most bugs are linked with, too."""
        line = [sys.executable, "setup.py", "-q", "build_ext", "--build-lib", str(self.folder / "lib"), "--build-temp",
                str(self.folder / "temp")]
        environment = {**os.environ, "MINIVM_VARIANT": "release"}
        if subprocess.run(line, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL).returncode != 0:
            raise SystemExit("the build failed")
        objects = ROOT / "build" / "obj" / "release"
        for source in self.sources:
            name = f"{source.relative_to(self.folder / 'runtime_c')}.o"
            shutil.copy2(objects / name, source.with_suffix(".o"))
            shutil.copy2((objects / name).with_suffix(".d"), source.with_suffix(".d"))

    def includers(self, header: Path) -> list[Path]:
        """The sources that a header, or a part of a source, goes into."""
        name = f"/runtime_c/{header.relative_to(self.folder / 'runtime_c')}"
        return [source for source in self.sources
                if any(word.endswith(name) for word in source.with_suffix(".d").read_text().split())]

    def build(self, changed: Path | None, jobs: int) -> Path:
        """minivm-exec with the sources as they are; `changed`: the one file that is not as it was."""
        objects = {source: source.with_suffix(".o") for source in self.sources}
        if changed is None:
            self.release()
        else:
            stale = [changed] if changed.suffix == ".c" else self.includers(changed)
            objects |= {source: source.with_suffix(".bug.o") for source in stale}
            with ThreadPoolExecutor(jobs) as pool:
                if not all(pool.map(lambda source: self.compile(source, objects[source]), stale)):
                    raise SystemExit("gcc failed")
        program = self.folder / ("minivm-exec" if changed is None else "minivm-exec-bug")
        line = [*self.compiler, "-pie", "-pthread", "-o", str(program), *map(str, objects.values()), "-lm"]
        if subprocess.run(line).returncode != 0:
            raise SystemExit("gcc failed to link")
        return program


def differing(tools: Path, program: Path, first: int, count: int, bug: Bug, arguments: argparse.Namespace) -> list[int]:
    """The numbers of the programs that differ, with the compiler beside `tools`."""
    line = [sys.executable, "-W", "ignore", str(tools / "bench" / "fuzz_programs.py"), "--list", "--vm", str(program),
            "--first", str(first), "--count", str(count), "--seed", str(arguments.seed), "--jobs", str(arguments.jobs),
            "--config", bug.configuration, "--enough", str(ENOUGH)]
    done = subprocess.run(line, capture_output=True, text=True)
    return sorted(map(int, done.stdout.split()))


def hunt(bug: Bug, tree: Tree, program: Path, sound: Path, arguments: argparse.Namespace) -> int | None:
    """The number of a program that differs because of the bug, of the first `arguments.within` ones."""
    for first in range(0, arguments.within, CHUNK):
        for number in differing(tree.folder, program, first, CHUNK, bug, arguments):
            if not differing(tree.sound, sound, number, 1, bug, arguments):
                return number
    return None


def check(names: list[str], arguments: argparse.Namespace) -> int:
    """Plants each bug (or those named) and fuzzes until a program differs; prints a line each. 1 if one was missed."""
    bugs = [bug for bug in BUGS if not names or bug.name in names]
    missed = 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        tree = Tree(Path(name))
        sound = tree.build(None, arguments.jobs)
        for bug in bugs:
            began = time.monotonic()
            path = tree.folder / bug.file
            text = path.read_text(encoding="utf-8")
            if text.count(bug.old) != 1:
                raise SystemExit(f"{bug.name}: its old text stands {text.count(bug.old)} times in {bug.file}")
            path.write_text(text.replace(bug.old, bug.new), encoding="utf-8")
            program = sound if path.suffix == ".py" else tree.build(path, arguments.jobs)
            number = hunt(bug, tree, program, sound, arguments)
            path.write_text(text, encoding="utf-8")
            missed += number is None
            verdict = "MISSED" if number is None else f"found by program {number}"
            print(f"{bug.name:24} {bug.configuration:10} {verdict:26} {time.monotonic() - began:6.0f} s", flush=True)
    print(f"{len(bugs) - missed} of {len(bugs)} found in {time.monotonic() - started:.0f} s", flush=True)
    return 1 if missed else 0
