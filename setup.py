"""Builds the native parts of minivm: the cffi module `minivm._native` and the program `minivm-exec`.

Run by `pip install .` and `pip install -e .` (users), and by `python setup.py build_ext --inplace` (the developer's
loop). Every C file is compiled here, in parallel, with flags chosen here alone: setuptools would recompile all of them
each time, one after the other, with the flags of the Python at hand. setuptools only links the extension.

    MINIVM_VARIANT  release (default) | debug (asserts, MV_DEBUG) | asan (ASan and UBSan) | cov (gcov)
    MINIVM_CFLAGS   further compiler flags, after all others
    CC              the compiler, gcc by default

INV-build-1  An object is rebuilt when its command line, its compiler or a file that it includes changed, else never.
INV-build-2  Objects live in build/obj/<variant>/, so that variants do not disturb each other.
INV-build-3  Linking is never skipped: an older library, of another variant, would stay in place.
"""
from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.errors import CompileError

from distutils.command.build_scripts import build_scripts  # setuptools' own copy, once setuptools is imported

ROOT = Path(__file__).resolve().parent
SOURCES = ROOT / "runtime_c"
SUPPORTED = sys.platform == "linux" and platform.machine() == "x86_64"

# Slots and builtins have fixed signatures, and few of them need every parameter.
WARNINGS = ["-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror=implicit-function-declaration"]
COMMON = ["-std=gnu11", "-fPIC", "-pthread", "-fno-strict-aliasing", "-fvisibility=hidden", f"-I{SOURCES}"]
COMMON += [f"-ffile-prefix-map={ROOT}=."]
HARDENED_LINK = ["-Wl,-z,relro,-z,now", "-Wl,-z,noexecstack", "-pthread"]
LIBRARIES = ["m"]
# gcc merges the dispatch jumps of the interpreter loop into one, unless it is told not to.
FILE_FLAGS = {"interp": ["-fno-gcse", "-fno-crossjumping", "-fno-tree-tail-merge", "-fno-tree-slp-vectorize"]}
VARIANTS = {
    "release": (["-O2", "-g", "-DNDEBUG"], []),
    "debug": (["-O1", "-g", "-DMV_DEBUG=1"], []),
    "asan": (
        ["-O1", "-g", "-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"],
        # UBSan's library in each file, hidden: a shared one would hand the path of its reports to ASan's library, and print them.
        ["-fsanitize=address,undefined", "-static-libubsan", "-Wl,--exclude-libs,libubsan.a"],
    ),
    "cov": (["-O1", "-g", "--coverage", "-fprofile-update=atomic"], ["--coverage"]),
}
COMMAND_SCRIPT = """\
#!python
from minivm.cli import entry

if __name__ == "__main__":
    entry()
"""


def variant_name() -> str:
    name = os.environ.get("MINIVM_VARIANT") or "release"
    if name not in VARIANTS:
        raise SystemExit(f"MINIVM_VARIANT={name}: expected one of {', '.join(VARIANTS)}")
    return name


def marked(text: str, name: str) -> str:
    """The part of mv_api.h between `/* name: begin */` and `/* name: end */`."""
    return text.split(f"/* {name}: begin */")[1].split(f"/* {name}: end */")[0]


def emit_cffi_source(path: Path) -> None:
    """Writes the C source of `minivm._native` from mv_api.h; an unchanged file keeps its date."""
    from cffi import FFI

    header = (SOURCES / "mv_api.h").read_text(encoding="utf-8")
    builder = FFI()
    builder.cdef(marked(header, "cdef"))
    builder.cdef('extern "Python+C" {' + marked(header, "host") + "}")
    builder.set_source("minivm._native", '#include "mv_api.h"\n')
    builder.emit_c_code(str(path))


class Objects:
    """The object files of one variant."""

    def __init__(self, variant: str) -> None:
        self.variant = variant
        self.folder = ROOT / "build" / "obj" / variant
        self.folder.mkdir(parents=True, exist_ok=True)
        self.compiler = shlex.split(os.environ.get("CC") or "gcc")
        flags, self.link_flags = VARIANTS[variant]
        extra = shlex.split(os.environ.get("MINIVM_CFLAGS", ""))
        self.flags = [*COMMON, *WARNINGS, *flags, f'-DMV_VARIANT="{variant}"', *extra]
        try:
            found = subprocess.run([*self.compiler, "-dumpfullversion"], capture_output=True, text=True)
        except OSError as problem:
            raise CompileError(f"minivm needs a C compiler (gcc): {problem}") from None
        self.version = found.stdout.strip()

    def command(self, source: Path) -> tuple[Path, list[str]]:
        target = self.folder / source.relative_to(SOURCES if SOURCES in source.parents else self.folder)
        target = target.with_name(target.name + ".o")
        if source.name == "_native.c":
            # cffi's text: its unused parameters are no news, a prototype that differs from the header's is.
            includes = dict.fromkeys([sysconfig.get_path("include"), sysconfig.get_path("platinclude")])
            special = ["-Wno-extra", "-Wno-unused-parameter", "-Werror=incompatible-pointer-types"]
            special += [f"-I{path}" for path in includes]
        else:
            special = next((flags for stem, flags in FILE_FLAGS.items() if source.stem.startswith(stem)), [])
        depfile = target.with_suffix(".d")
        line = [*self.compiler, *self.flags, *special, "-MMD", "-MP", "-MF", str(depfile), "-c", str(source)]
        return target, [*line, "-o", str(target)]

    def record(self, command: list[str]) -> str:
        return f"{self.version}\n{shlex.join(command)}\n"

    def is_stale(self, target: Path, command: list[str]) -> bool:
        try:
            built = target.stat().st_mtime_ns
            if target.with_suffix(".cmd").read_text(encoding="utf-8") != self.record(command):
                return True
            rule = target.with_suffix(".d").read_text(encoding="utf-8").replace("\\\n", " ")
            inputs = rule.split("\n", 1)[0].split(": ", 1)[1]
            return any(os.stat(path).st_mtime_ns > built for path in shlex.split(inputs))
        except (OSError, IndexError):
            return True

    def compile_one(self, target: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.with_suffix(".cmd").unlink(missing_ok=True)
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == 0:
            target.with_suffix(".cmd").write_text(self.record(command), encoding="utf-8")
        return done

    def build(self, sources: list[Path]) -> list[Path]:
        """Brings the objects of these sources up to date; in their order."""
        jobs = [self.command(source) for source in sources]
        stale = [(target, line) for target, line in jobs if self.is_stale(target, line)]
        started = time.perf_counter()
        failed = []
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            running = [(target, pool.submit(self.compile_one, target, line)) for target, line in stale]
            for count, (target, future) in enumerate(running, 1):
                done = future.result()
                print(f"[{count}/{len(stale)}] {target.relative_to(self.folder).with_suffix('')}", flush=True)
                if done.stderr:
                    print(done.stderr, end="", file=sys.stderr, flush=True)
                if done.returncode != 0:
                    failed.append(target.stem)
        if failed:
            raise CompileError(f"gcc failed on {', '.join(failed)}")
        spent = time.perf_counter() - started
        print(f"runtime_c ({self.variant}): {len(stale)} of {len(jobs)} compiled in {spent:.1f} s", flush=True)
        return [target for target, _ in jobs]


class BuildNative(build_ext):
    """Compiles the runtime, lets setuptools link the extension, and links minivm-exec from the same objects."""

    program: Path | None = None  # minivm-exec, once linked
    developing = False           # --inplace (setuptools turns its own flag off while it builds)

    def run(self) -> None:
        if not SUPPORTED:
            print("minivm runs programs on Linux x86-64 only: the runtime is left out; check, compile and dis work.")
            self.extensions = []
            return
        self.developing = bool(self.inplace)
        super().run()
        # An editable installation builds nothing but the extension, elsewhere; it is copied to the sources afterwards.
        library = ROOT / "vm" if self.developing else Path(self.build_lib)
        installing = (library / "minivm" / "__init__.py").exists()
        self.make_rows(library, library if installing else ROOT / "vm")

    def build_extension(self, ext: Extension) -> None:
        objects = Objects(variant_name())
        generated = objects.folder / "_native.c"
        emit_cffi_source(generated)
        sources = sorted(path for path in SOURCES.rglob("*.c") if path.name != "exec_main.c")
        glue, *runtime = objects.build([generated, *sources])

        exports = objects.folder / "exports.map"
        exports.write_text("{ global: PyInit__native; local: *; };\n", encoding="utf-8")
        ext.extra_objects = [str(glue), *map(str, runtime)]
        ext.extra_link_args = [*HARDENED_LINK, *objects.link_flags, f"-Wl,--version-script={exports}"]
        ext.libraries = LIBRARIES
        self.force = self.compiler.force = True
        super().build_extension(ext)

        main = SOURCES / "exec_main.c"
        if main.exists():
            self.link_executable(objects, [*objects.build([main]), *runtime])

    def make_rows(self, library: Path, root: Path) -> None:
        """Templates of the baseline compiler, judged by the code checker, for the layout of the runtime just built. Where that runtime cannot be loaded
        here, the compiler assembles its templates when it starts. `library` has the runtime, `root` the package."""
        # Not by PYTHONPATH: pip's build environment takes out what an earlier editable installation points to.
        make = "import sys; sys.path.insert(0, sys.argv[3]); import minivm; minivm.__path__.insert(0, sys.argv[2]); from minivm.runtime.bridge import jit_layout; from minivm.service.proving import write; write(sys.argv[1], jit_layout())"
        line = [sys.executable, "-c", make, str(root / "minivm"), str(library / "minivm"), str(root)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(root), *sys.path))}
        if variant_name() == "asan":    # its library must be the first
            found = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True)
            environment |= {"LD_PRELOAD": found.stdout.strip(), "ASAN_OPTIONS": "detect_leaks=0"}
        done = subprocess.run(line, env=environment, capture_output=True, text=True)
        if done.returncode != 0 and variant_name() == "release":
            raise CompileError(f"the templates of the baseline compiler cannot be made: {done.stderr.strip()}")

    def link_executable(self, objects: Objects, files: list[Path]) -> None:
        program = objects.folder / "minivm-exec"
        line = [*objects.compiler, "-pie", "-o", str(program), *map(str, files), *HARDENED_LINK, *objects.link_flags]
        line += [f"-l{name}" for name in LIBRARIES]
        if subprocess.run(line).returncode != 0:
            raise CompileError("gcc failed to link minivm-exec")
        self.program = program
        installed = Path(sysconfig.get_path("scripts")) / "minivm-exec"
        if self.developing and sys.prefix != sys.base_prefix and installed.exists():
            # The developer's loop: the program that `pip install -e .` put there must not stay behind the library.
            fresh = installed.with_name("minivm-exec.new")
            shutil.copy2(program, fresh)
            fresh.replace(installed)


class BuildCommand(build_scripts):
    """Makes the `minivm` script, which pip gives the right first line at installation, and adds minivm-exec to it. Both
    are products: `scripts` names no file. (An editable installation takes scripts along, but no data files.)"""

    def get_source_files(self) -> list[str]:
        return []

    def run(self) -> None:
        folder = Path(self.build_dir)
        folder.mkdir(parents=True, exist_ok=True)
        script = folder / "minivm"
        script.write_text(COMMAND_SCRIPT, encoding="utf-8")
        script.chmod(0o755)
        program = self.get_finalized_command("build_ext").program
        if program is not None:
            shutil.copy2(program, folder / program.name)


setup(
    ext_modules=[Extension("minivm._native", sources=[], py_limited_api=True)],
    scripts=["minivm"],
    cmdclass={"build_ext": BuildNative, "build_scripts": BuildCommand},
)
