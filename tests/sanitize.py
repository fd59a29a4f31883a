"""All tests under ASan and UBSan, by one command: a report of any process that a test starts is a failure.

    python tests/sanitize.py [--jobs N] [--reports FOLDER] [argument of pytest...]
    python tests/sanitize.py --install      # and no more, for bench/fuzz_programs.py --config asan,jit-asan

Installs the asan build and what the tests need in an environment of its own, build/sanitize/venv, and has it run the tests
but those marked `release` (which ask for what the sanitizers change), of tests/test_run_matrix.py a sample. That takes
twenty minutes of one core. Arguments for pytest choose others. Before, three planted faults must be seen.

INV-sanitize-1  Every process writes its reports to the folder, in files named for the test (conftest.py); whatever is left
                there at the end is a failure, of processes that outlived their test, too.
INV-sanitize-2  A report ends its process with status 99. UBSan's own default is 1, which a test may expect of a program.
INV-sanitize-3  A process that is to die of a fault says so (conftest.without_handlers); no report is ever sorted out here.
"""
from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "build" / "sanitize"
BIN = PLACE / "venv" / "bin"
# capstone asks for RTLD_DEEPBIND, if Python has the name. With it, a library's malloc is not ASan's, so ASan refuses that. Nothing
# of capstone's needs it: it is to keep other libraries of the name apart.
NO_DEEPBIND = "import os; os.__dict__.pop('RTLD_DEEPBIND', None)\n"
# detect_leaks: CPython frees little at its end. PYTHONMALLOC (below): ASan watches malloc's blocks, not parts of Python's arenas.
ASAN = "detect_leaks=0:exitcode=99:handle_sigill=1"
UBSAN = "exitcode=99:print_stacktrace=1"
# For what tests/c/leaf_build.py compiles, as setup.py does.
LEAF = "-fsanitize=address,undefined -fno-sanitize-recover=all -static-libubsan -Wl,--exclude-libs,libubsan.a"
SAMPLE = "(cover or native_ or caches_) and not gc-stress"     # of the programs of tests/run, each in all configurations but these
FAULTS = {
    "heap-buffer-overflow": "lib.mv_vm_release(native, ffi.from_buffer('uint64_t[]', bytearray(8 * 8)), 9000)",
    "misaligned address": "lib.mv_vm_release(native, ffi.cast('uint64_t *', 1 + int(ffi.cast('uintptr_t', ffi.new('uint64_t[8]')))), 2)",
    "SEGV on unknown address": "import ctypes; ctypes.string_at(4096)",
}


def install() -> None:
    if not (BIN / "python").exists():
        venv.create(PLACE / "venv", with_pip=True, symlinks=True)
    (library,) = (PLACE / "venv" / "lib").glob("python3*/site-packages")
    (library / "no_deepbind.pth").write_text(NO_DEEPBIND)
    command = [str(BIN / "pip"), "install", "--disable-pip-version-check", "--quiet", ".[test]"]
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "MINIVM_VARIANT": "asan"})


def environment(reports: Path) -> dict[str, str]:
    found = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MINIVM_", "PYTHON"))}
    path = f"log_path={reports / 'session'}"
    return {**kept, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}", "LD_PRELOAD": found.stdout.strip(), "PYTHONMALLOC": "malloc",
            "ASAN_OPTIONS": f"{ASAN}:{path}", "UBSAN_OPTIONS": f"{UBSAN}:{path}", "LEAF_CFLAGS": LEAF}


def blind_to(reports: Path) -> list[str]:
    """The planted faults that leave no report, or not status 99."""
    missed = []
    for text, fault in FAULTS.items():
        code = f"import minivm; from minivm.runtime.bridge import VARIANT, ffi, lib; vm = minivm.VM(); native = vm._bridge.native; assert VARIANT == 'asan'; {fault}"
        done = subprocess.run([str(BIN / "python"), "-P", "-c", code], capture_output=True, text=True, env=environment(reports))
        files = list(reports.glob("session.*"))
        if done.returncode != 99 or len(files) != 1 or text not in files[0].read_text(errors="replace"):
            missed.append(f"{text}: status {done.returncode}, {[file.read_text(errors='replace') for file in files]}\n{done.stderr}")
        for file in files:
            file.unlink()
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="workers of pytest-xdist (%(default)s)")
    parser.add_argument("--reports", type=Path, default=PLACE / "reports", help="folder for the reports, emptied first (%(default)s)")
    parser.add_argument("--install", action="store_true", help="run no tests")
    asked, words = parser.parse_known_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)    # in the background of a script it is ignored, and tests send it
    reports = asked.reports.absolute()
    started = time.monotonic()
    install()
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir(parents=True)
    print(f"built and installed, {time.monotonic() - started:.0f} s", flush=True)
    if missed := blind_to(reports):
        print("planted faults that are not seen:", *missed, sep="\n", flush=True)
        return 1
    if asked.install:
        return 0
    command = [str(BIN / "pytest"), "-q", "-n", str(asked.jobs), "--dist=worksteal", "--reports", str(reports), "-m", "not release"]
    rounds = [words] if words else [["tests", "--ignore=tests/test_run_matrix.py"], ["tests/test_run_matrix.py", "-k", SAMPLE]]
    status = max(subprocess.run([*command, *chosen], cwd=ROOT, env=environment(reports)).returncode for chosen in rounds)
    found = sorted(reports.iterdir())
    for file in found:
        lines = file.read_text(errors="replace").splitlines()
        print(f"{file}: {next((line for line in lines if 'ERROR' in line or 'runtime error' in line), '')}")
    print(f"{len(found)} reports, status {status} of pytest, {time.monotonic() - started:.0f} s", flush=True)
    return 1 if found or status else 0


if __name__ == "__main__":
    sys.exit(main())
