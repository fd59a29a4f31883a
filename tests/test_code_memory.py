"""Code memory in the whole VM: what mappings a program's process has while native code comes and goes, which system
calls it makes, and what happens where executable memory is refused."""
from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent / "c"))
import maps_sampler
import system_calls
from conftest import without_handlers

SCRIPTS = Path(sys.executable).parent
PROGRAM = """
import sys
def make(n):
    class C:
        def get(self):
            return self.x + n
    return C
def work(count):
    total = 0
    for i in range(count):
        total += i % 7
    return total
classes = [make(n) for n in range(40)]
def poll(objects):
    total = 0
    for o in objects:
        total += o.get()
    return total
objects = []
for c in classes:
    o = c()
    o.x = 1
    objects.append(o)
for round in range(int(sys.argv[1])):
    work(200)
    poll(objects)
print(work(10), poll(objects))
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("code_memory") / "program.py"
    path.write_text(PROGRAM)
    return path


def minivm(*arguments: object) -> list[str]:
    return [str(SCRIPTS / "minivm"), "--no-cache", *map(str, arguments)]


def stats_of(text: str) -> dict[str, str]:
    return dict(line.split(maxsplit=1) for line in text.splitlines())


@pytest.mark.parametrize("memory", ["sealed", "flip"])
def test_no_mapping_is_writable_and_executable(program: Path, memory: str) -> None:
    command = minivm("--jit=eager", "--compile=inline", "--stats", f"--code-memory={memory}", program, 2000)
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with maps_sampler.Sampler(child.pid) as sampler:
        sampler.before = set()
        out, err = child.communicate()
    assert child.returncode == 0 and out == "24 820\n"
    assert sampler.samples >= 3 and not sampler.found
    stats = stats_of(err)
    assert int(stats["code.published"]) >= 3 and stats["code.units.listed"] == stats["code.units.verified"]


def test_the_sampler_sees_an_unsafe_mapping(tmp_path: Path) -> None:
    text = "import mmap, time; m = mmap.mmap(-1, 4096, prot=7); print(flush=True); time.sleep(0.5)"
    command = [sys.executable, "-c", text, "minivm", maps_sampler.CONTROL]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    child.stdout.readline()
    with maps_sampler.Sampler(child.pid) as sampler, maps_sampler.FamilySampler(controls=True) as family:
        sampler.before = set()
        child.communicate()
    assert sampler.found and any(maps_sampler.CONTROL in line for line in family.found)


def test_system_calls_of_code_memory(program: Path) -> None:
    """`sealed` never calls mprotect but for two probes of the machine, `flip` once a batch; nothing is called for code
    once it is compiled, however long the program runs."""
    def calls(memory: str, rounds: int) -> tuple[dict[str, str], list[str]]:
        command = minivm("--jit=eager", "--compile=inline", "--stats", f"--code-memory={memory}", program, rounds)
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        lines = system_calls.traced(command, system_calls.CODE_MEMORY)
        if lines is None:
            pytest.skip("no strace here")
        return stats_of(done.stderr), lines

    for memory in ("sealed", "flip"):
        (stats, short), (_, long) = calls(memory, 3), calls(memory, 300)
        batches, counted = int(stats["code.batches"]), {name: int(stats[f"code.calls.{name}"]) for name in (
            "mprotect", "memfd", "pwrite", "membarrier")}
        assert batches >= 3
        flips = [line for line in short if line.startswith("mprotect") and line.endswith("PROT_READ|PROT_EXEC) = 0")]
        assert len(flips) == counted["mprotect"] == 1 + (batches if memory == "flip" else 0)
        assert counted["memfd"] == 3 + (batches if memory == "sealed" else 0)
        for name in ("mprotect(", "membarrier(", "memfd_create(", "pwrite64("):
            assert sum(line.startswith(name) for line in short) == sum(line.startswith(name) for line in long), name
        assert not any("PROT_WRITE|PROT_EXEC" in line for line in long)


def run_with(prepare: Callable[[], None], *arguments: object) -> subprocess.CompletedProcess[str]:
    command = minivm("--jit=eager", "--compile=inline", "--stats", *arguments)
    return subprocess.run(command, capture_output=True, text=True, preexec_fn=prepare)


def deny_exec_gain() -> None:
    if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) != 0:  # PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN
        os._exit(77)


def test_where_writable_memory_may_not_become_executable(program: Path) -> None:
    """Under PR_SET_MDWE `sealed` compiles as ever; `flip` says why it cannot, and the interpreter goes on."""
    sealed = run_with(deny_exec_gain, "--code-memory=sealed", program, 3)
    if sealed.returncode == 77:
        pytest.skip("this kernel has no PR_SET_MDWE")
    assert (sealed.returncode, sealed.stdout) == (0, "24 820\n")
    assert int(stats_of(sealed.stderr)["code.published"]) >= 3 and "code.disabled" not in stats_of(sealed.stderr)
    flip = run_with(deny_exec_gain, "--code-memory=flip", program, 3)
    stats = stats_of(flip.stderr)
    assert (flip.returncode, flip.stdout) == (0, "24 820\n") and stats["code.published"] == "0"
    assert stats["code.disabled"] == "--code-memory=flip: no written page can be made executable " \
        "(mprotect: Permission denied)"


FILTERED = """
import ctypes, hashlib, importlib, pkgutil, struct, sys
import minivm
for module in pkgutil.walk_packages(minivm.__path__, "minivm."):  # what they load must be there before the filter
    if not module.name.endswith("__main__") and ".stdlib" not in module.name:
        try:
            importlib.import_module(module.name)
        except ImportError:
            pass
PROT_EXEC, ALLOW, ERRNO_EACCES = 4, 0x7fff0000, 0x00050000 | 13
def op(code, k, yes=0, no=0):
    return struct.pack("<HBBI", code, yes, no, k)
# Refuses mmap (9) and mprotect (10) with PROT_EXEC in their third argument.
program = b"".join((op(0x20, 0), op(0x15, 9, 1, 0), op(0x15, 10, 0, 2), op(0x20, 32), op(0x45, PROT_EXEC, 1, 0),
                    op(0x06, ALLOW), op(0x06, ERRNO_EACCES)))
text = ctypes.create_string_buffer(program)
class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("text", ctypes.c_void_p)]
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(Filter(len(program) // 8, ctypes.addressof(text))), 0, 0) == 0, "PR_SET_SECCOMP"
sys.argv[0:1] = []
from minivm.cli import entry
entry()
"""


@pytest.mark.parametrize("memory", ["sealed", "flip"])
def test_where_a_filter_refuses_executable_memory(program: Path, memory: str) -> None:
    options = ["--no-cache", "--jit=eager", "--compile=inline", "--stats", f"--code-memory={memory}"]
    command = [sys.executable, "-c", FILTERED, "minivm", *options, str(program), "3"]
    done = subprocess.run(command, capture_output=True, text=True)
    if "PR_SET_SECCOMP" in done.stderr:
        pytest.skip("no seccomp here")
    assert (done.returncode, done.stdout) == (0, "24 820\n"), done.stderr
    stats = stats_of(done.stderr)
    assert stats["code.published"] == "0" and stats["code.disabled"].startswith(f"--code-memory={memory}: no ")
    assert "Permission denied" in stats["code.disabled"]


def test_a_full_code_space_is_no_failure(program: Path) -> None:
    done = subprocess.run(minivm("--jit=eager", "--compile=inline", "--stats", "--code-limit=8K", program, 30),
                          capture_output=True, text=True)
    stats = stats_of(done.stderr)
    assert (done.returncode, done.stdout) == (0, "24 820\n")
    assert int(stats["code.full"]) > 0 and int(stats["code.page_bytes"]) <= 8192


CAUGHT = """
def f(n):
    return n + 1
for i in range(9):
    f(i)
for line in open("/proc/self/status"):
    if line.startswith("SigCgt"):
        print(int(line.split()[1], 16) >> 10 & 1)
"""


@pytest.mark.parametrize("layers, mseal, caught", [
    (None, True, "0"), ("digest,permanent", True, "0"), ("digest", False, "0"), ("none", False, "0"),
    ("digest,faults", False, "1")])
def test_layers(tmp_path: Path, layers: str | None, mseal: bool, caught: str) -> None:
    (tmp_path / "caught.py").write_text(CAUGHT)
    options = [f"--code-layers={layers}"] if layers else []
    done = subprocess.run(minivm("--jit=eager", "--compile=inline", "--stats", *options, tmp_path / "caught.py"),
                          capture_output=True, text=True, env=without_handlers())
    assert (done.returncode, done.stdout) == (0, caught + "\n"), done.stderr
    stats = stats_of(done.stderr)
    sealed = 1 + int(stats["code.batches"]) if mseal and stats["code.has.mseal"] == "1" else 0
    assert int(stats["code.calls.mseal"]) == sealed and int(stats["code.published"]) > 0


def test_code_that_dies_is_retired(tmp_path: Path) -> None:
    """Statements of a session are code objects of their own: their units leave the list, and the pages of a batch that
    is dead as a whole lose all access."""
    (tmp_path / "first.py").write_text("x = 1\n")
    lines = [f"for i in range(20): x = x + {n} * i" for n in range(40)] + ["class A: pass", "", "y = None"]
    lines += ["y = [A() for i in range(300000)]", "y = None"] * 3 + ["print('x is', x)"]
    command = minivm("--jit=eager", "--compile=inline", "--code-layers=digest", "--stats", "-i", tmp_path / "first.py")
    done = subprocess.run(command, input="\n\n".join(lines) + "\n", capture_output=True, text=True)
    assert done.returncode == 0 and f"x is {1 + 190 * sum(range(40))}\n" in done.stdout, done.stderr
    stats = stats_of("\n".join(line for line in done.stderr.splitlines() if line.startswith("code.")))
    assert int(stats["code.units.quarantined"]) >= 40
    assert stats["code.units.quarantined"] == stats["code.units.unlisted"] == stats["code.units.unpublished"]
