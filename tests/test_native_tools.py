"""Tools around native code, through real processes: dumped requests and their replay, listings, perf maps, symbols for GDB,
`minivm audit`."""
from __future__ import annotations

import re
import shutil
import subprocess
import sys
from array import array
from pathlib import Path

import msgpack
import pytest
from conftest import MINIVM, Run, clean_environment

from minivm.bytecode import compile_source
from minivm.bytecode.dis import FIELD, codes
from minivm.bytecode.image import load
from minivm.runtime.bridge import compiler_settings
from minivm.service import compiler, elf, messages, replay
from minivm.service.listing import listing, pieces, request_of
from minivm.spec.native import INTRINSIC_NAMES

ROOT = Path(__file__).resolve().parents[1]
EAGER = ("--no-cache", "--jit=eager", "--compile=inline")
PROGRAM = '''
class Pöint:
    def __init__(self, x):
        self.x = x

    def get(self, more=3):
        return self.x + more


def add(a, b):
    return a + b


def gen(n, *rest):
    try:
        for i in range(n):
            yield i
    finally:
        add(1, 2)


def work(n):
    total = 0
    p = Pöint(2)
    for i in range(n):
        total = add(total, p.get())
    return total + sum(gen(4))


print(work(300))
'''


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    return path


# -- requests --


def test_dumped_requests_give_the_same_bytes_again(minivm: Run, program: Path, tmp_path: Path) -> None:
    done = minivm(*EAGER, "--dump=request", str(program))
    files = sorted(path.name for path in tmp_path.glob("*.request"))
    assert (done.returncode, done.stdout) == (0, "1506\n") and len(files) == done.stderr.count("dump: ") == 7, done.stderr
    assert any("Pöint.get" in name for name in files)
    again = minivm("replay", *files)
    assert (again.returncode, again.stdout.count(": same ("), again.stderr) == (0, 7, "")


def test_one_function_is_dumped(minivm: Run, program: Path, tmp_path: Path) -> None:
    minivm(*EAGER, "--dump=request:get", str(program))
    assert [path.name.partition("-")[2] for path in tmp_path.glob("*.request")] == ["Pöint.get.request"]


def dumped(tmp_path: Path, minivm: Run, program: Path) -> tuple[str, bytes, bytes]:
    minivm(*EAGER, "--dump=request:work", str(program))
    return replay.read_dump(next(tmp_path.glob("*work.request")).read_bytes())


def changed(tmp_path: Path, settings: str, request: bytes, response: list[object]) -> str:
    body = (replay.MAGIC, replay.VERSION, settings, request, msgpack.packb(response))
    (tmp_path / "changed.request").write_bytes(msgpack.packb((*body, replay._digest(body))))
    return "changed.request"


def test_replay_shows_the_first_difference(minivm: Run, program: Path, tmp_path: Path) -> None:
    settings, request, response = dumped(tmp_path, minivm, program)
    fields = msgpack.unpackb(response)
    code = bytearray(fields[3])
    code[0x60] ^= 1
    done = minivm("replay", changed(tmp_path, settings, request, [*fields[:3], bytes(code), *fields[4:]]))
    assert done.returncode == 1 and "work: code differs at 0x60: was " in done.stdout and "of word" in done.stdout
    done = minivm("replay", changed(tmp_path, settings, request, [*fields[:6], fields[6] + 16, *fields[7:]]))
    assert done.returncode == 1 and "bound differs: was " in done.stdout


def test_replay_refuses_what_is_no_dump(minivm: Run, program: Path, tmp_path: Path) -> None:
    dumped(tmp_path, minivm, program)
    path = next(tmp_path.glob("*work.request"))
    data = bytearray(path.read_bytes())
    data[-60] ^= 1
    path.write_bytes(data)
    (tmp_path / "empty.request").write_bytes(b"")
    for name, text in ((path.name, "damaged"), ("empty.request", "no dumped request"), ("program.py", "no dumped request")):
        done = minivm("replay", name)
        assert (done.returncode, done.stdout) == (2, "") and text in done.stderr, name
    assert minivm("replay", "missing").returncode == minivm("replay").returncode == 2


def test_requests_made_without_a_vm_are_the_vms(minivm: Run, program: Path, tmp_path: Path) -> None:
    minivm(*EAGER, "--dump=request", str(program))
    asked = {}
    for path in tmp_path.glob("*.request"):
        _, request, _ = replay.read_dump(path.read_bytes())
        number, name, task = messages.read_request(request)
        asked[name] = (number, request)
    image = compile_source(program.read_bytes(), str(program))
    made = {code[FIELD["qualname"]]: code for module in load(image)["modules"] for code in codes(module["code"])}
    assert {"work", "gen", "Pöint.__init__"} <= set(asked)
    for name, (number, request) in asked.items():
        rows = [messages.read_request(text)[2] for text in (request, request_of(made[name], number))]
        for row in rows:            # what classes of the program are, names alone do not tell
            row.words = array("Q", [word if word >> 32 != INTRINSIC_NAMES.index("CONSTRUCT") else word & 0xFFFFFFFF for word in row.words])
        assert len({(row.words.tobytes(), row.flags, row.registers, row.simple_count, row.exceptions, row.constants, row.sites) for row in rows}) == 1, name


SITES_OF_BUILTINS = '''
def work(x, n):
    for i in range(n):
        x.append(len(x))
        x.copy()
        mine(abs(i), max(i, 2), print)
        x.insert(0, max(1, 2, 3))
        if len(x) > 5:
            x.pop(0)
            x.pop()
        ord("a"), {}.get(1), {1}.add(2), isinstance(x, list), int(i), Own().append(i)


def mine(a, b, c):
    return a + b


class Own:
    def append(self, value):
        return value


def ord(x):
    return x


print(work([], 60), len("after"))
'''


@pytest.mark.parametrize("mode", ["eager", "on"])
def test_calls_of_builtins_have_templates_of_their_own(minivm: Run, tmp_path: Path, mode: str) -> None:
    """What the runtime guesses from records (in eager mode, which has none yet, from names), and that the unit consists of that; the
    control: calls of Mini functions, of a name that the module has, of a class's own method, have the template of all calls."""
    (tmp_path / "program.py").write_text(SITES_OF_BUILTINS, encoding="utf-8")
    options = EAGER if mode == "eager" else ("--no-cache", "--jit=on", "--jit-threshold=20", "--compile=inline")
    done = minivm(*options, "--dump=request:work", "program.py")
    assert done.returncode == 0, done.stderr
    settings, request, _ = replay.read_dump(next(tmp_path.glob("*work.request")).read_bytes())
    unit = compiler.unit_for(settings, request)
    calls = [chunk.partition(":")[2] for chunk in unit.chunks if chunk.startswith("CALL") and not chunk.endswith(" cold")]
    own = "APPEND" if mode == "eager" else ""          # of Own().append
    expected = ["RANGE", "LEN", "APPEND", "BUILTIN", "ABS", "MAX", "", "BUILTIN", "BUILTIN", "LEN", "BUILTIN", "POP", "", "GET", "ADD", "ISINSTANCE", "INT", "", own]
    if mode == "eager":
        expected[3] = expected[8] = ""                 # x.copy(), x.insert(): not in the table
        expected[17] = "CONSTRUCT"         # Own(), of which the record says that it has no __init__
    assert calls[:19] == expected, calls


# -- listings --


def test_the_listing_names_what_code_refers_to(minivm: Run, program: Path) -> None:
    done = minivm("asm", str(program), "work")
    assert (done.returncode, done.stderr) == (0, "")
    for text in ("entry EXACT_1", "entry RESUME at word", "-- hot --", "-- cold --", "[global 'Pöint']", "LOAD_METHOD", "helper CALL", "helper CATCH",
                 "check: the target must be listed as EXACT_2", "the checked branch", "frame.pc", "site 0 kind", "vm.depth"):
        assert text in done.stdout or text.replace("ö", "\\xf6") in done.stdout, text
    assert not re.search(r"call qword ptr \[r15 \+ 0x[0-9a-f]+\]\s*$", done.stdout, re.M)
    assert minivm("asm", str(program), "none").returncode == 1 and minivm("asm", str(program)).returncode == 2


def test_the_listing_shows_the_strategy_of_inline_caches(minivm: Run, program: Path) -> None:
    text = {ic: minivm("asm", *ic.split(), str(program), "get").stdout for ic in ("", "--ic=data", "--ic pointer", "--ic=off")}
    assert text[""] == text["--ic=data"] == text["--ic=off"] != text["--ic pointer"]    # without records the code is the same
    assert "<LOAD_ATTR@data>" in text[""] and "listed as IC_ATTR" not in text[""]
    assert "<LOAD_ATTR@pointer>" in text["--ic pointer"] and "listed as IC_ATTR" in text["--ic pointer"]
    wrong = minivm("asm", "--ic=fast", str(program), "get")
    assert wrong.returncode == 2 and "--ic=fast" in wrong.stderr
    assert minivm("dis", "--ic=data", str(program)).returncode == 2


def test_the_listing_covers_every_byte_of_the_programs(run: Run) -> None:
    settings = compiler_settings()
    count = 0
    for path in sorted((ROOT / "programs").glob("*.py")):
        for module in load(compile_source(path.read_bytes(), str(path)))["modules"]:
            for code in codes(module["code"]):
                request = request_of(code)
                unit = compiler.unit_for(settings, request)
                words = array("Q", code[FIELD["instructions"]])
                parts = list(pieces(settings, unit))    # raises unless they add up
                assert {piece.word for piece in parts} >= {word for word, *_ in unit.places} and len(words) >= len(unit.places)
                if count % 40 == 0:
                    text = listing(settings, request, function=code)
                    assert sum(1 for line in text.splitlines() if re.match(r" {8}[0-9a-f]{5}  ", line)) > len(unit.places)
                count += 1
    assert count > 200


def test_asm_as_it_is_made(minivm: Run, program: Path) -> None:
    done = minivm(*EAGER, "--dump=asm:get", str(program))
    assert done.stdout == "1506\n" and done.stderr.startswith("function Pöint.get: ") and done.stderr.count("function ") == 1


def test_without_capstone_one_line_says_so(minivm: Run, program: Path, tmp_path: Path) -> None:
    (tmp_path / "capstone.py").write_text("raise ImportError('planted')\n")
    planted = {"PYTHONPATH": str(tmp_path)}
    for words in (("asm", str(program), "work"), (*EAGER, "--dump=asm", str(program))):
        done = minivm(*words, env=planted)
        assert done.stderr.count("\n") == 1 and "capstone, which is not installed: pip install" in done.stderr, done.stderr
        assert done.returncode == (1 if words[0] == "asm" else 0)


# -- names for perf and gdb --

LOOK = PROGRAM + '''
with open("/proc/self/status") as file:
    pid = [line for line in file if line.startswith("Pid:")][0].split()[1]
with open("/tmp/perf-" + pid + ".map") as file:
    print(file.read())
print("MAPS")
with open("/proc/self/maps") as file:
    print(file.read())
'''


def test_perf_map(minivm: Run, tmp_path: Path) -> None:
    (tmp_path / "look.py").write_text(LOOK, encoding="utf-8")
    done = minivm(*EAGER, "--perf-map", "look.py")
    named, _, maps = done.stdout.partition("MAPS\n")
    rows = [line.split(" ", 2) for line in named.splitlines()[1:] if line]
    executable = [tuple(int(word, 16) for word in line.split()[0].split("-")) for line in maps.splitlines() if " r-xs " in line or " r-xp " in line]
    assert {"mini:work", "mini:Pöint.get", "mini:add", "mini:(stubs)"} <= {name for _, _, name in rows}, done.stderr
    places = sorted((int(start, 16), int(start, 16) + int(size, 16)) for start, size, _ in rows)
    for start, end in places:
        assert any(low <= start < end <= high for low, high in executable)
    assert all(first[1] <= second[0] for first, second in zip(places, places[1:]))


def test_a_planted_link_is_no_perf_map(tmp_path: Path) -> None:
    text = f"""import os, sys
os.symlink({str(tmp_path / "victim")!r}, f"/tmp/perf-{{os.getpid()}}.map")
from minivm.cli import main
status = main(["--no-cache", "--jit=eager", "--compile=inline", "--perf-map", "-c", "def f(): pass\\nf()\\nf()"])
os.unlink(f"/tmp/perf-{{os.getpid()}}.map")
sys.exit(status)
"""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, env=clean_environment())
    assert done.returncode == 0 and "can't write '/tmp/perf-" in done.stderr and not (tmp_path / "victim").exists()


def test_symbol_files_are_what_binutils_reads(tmp_path: Path) -> None:
    path = tmp_path / "unit.o"
    path.write_bytes(elf.symbol_file("mini:Point.get", 0x201000010, 0x123))
    for words, texts in ((["readelf", "-SsW", str(path)], ("0000000201000010", "291 FUNC    GLOBAL DEFAULT    1 mini:Point.get", ".strtab")),
                         (["nm", str(path)], ("mini:Point.get",))):
        done = subprocess.run(words, capture_output=True, text=True, env=clean_environment())
        assert done.returncode == 0 and not done.stderr and all(text in done.stdout for text in texts), done.stdout + done.stderr


DESCRIPTOR = """
import ctypes, os, subprocess, sys
import minivm
from minivm import _native
from minivm.runtime.bridge import Bridge, hash_settings, jit_settings
from minivm.runtime.watch import GdbSymbols
image = minivm.compile_program(open(sys.argv[1], encoding="utf-8").read())
nm = subprocess.run(["nm", _native.__file__], capture_output=True, text=True).stdout
at = next(int(line.split()[0], 16) for line in nm.splitlines() if line.endswith(" __jit_debug_descriptor"))
base = next(int(line.split("-")[0], 16) for line in open("/proc/self/maps") if line.rstrip().endswith(os.path.realpath(_native.__file__)))
word = lambda address: ctypes.c_uint64.from_address(address).value
def files():
    entry, found, before = word(base + at + 16), [], 0
    while entry:
        assert word(entry + 8) == before
        found.append(ctypes.string_at(word(entry + 16), word(entry + 24)))
        entry, before = word(entry), entry
    return found
settings = {"stdout_fd": 1, "stderr_fd": 2, "recursion_limit": 1000, **jit_settings("eager", "inline", "sealed", 0), **hash_settings()}
bridges = [Bridge(settings, watchers=(GdbSymbols,)) for _ in range(2)]
for bridge in bridges:
    bridge.load(image)
    bridge.run_main()
names = [data for data in files()]
assert len(names) == 16 and all(data.startswith(b"\\x7fELF") for data in names), len(names)
assert sum(b"mini:work\\0" in data for data in names) == 2
bridges[0].close()
assert len(files()) == 8
bridges[1].close()
assert not files() and word(base + at) & 0xFFFFFFFF == 1
print("fine")
"""


def test_the_list_that_gdb_reads(program: Path) -> None:
    done = subprocess.run([sys.executable, "-c", DESCRIPTOR, str(program)], capture_output=True, text=True, env=clean_environment())
    assert done.stdout == "1506\n1506\nfine\n", done.stderr


@pytest.mark.parametrize("with_option", [True, False])
def test_gdb_names_native_functions(program: Path, with_option: bool) -> None:
    if not shutil.which("gdb"):
        return      # test_the_list_that_gdb_reads has looked at what gdb would read
    words = [sys.executable, MINIVM, *EAGER, *(["--gdb"] if with_option else []), str(program)]
    environment = clean_environment()
    preloaded = environment.pop("LD_PRELOAD", "")   # by the program, not by gdb, which hangs with ASan
    done = subprocess.run(["gdb", "-nx", "-batch", "-ex", "set debuginfod enabled off", "-ex", "set breakpoint pending on",
                           "-ex", "set startup-with-shell off", "-ex", f"set environment LD_PRELOAD {preloaded}",
                           "-ex", "catch syscall write", "-ex", "condition 1 $rdi == 1",     # what the program printed, at its end
                           "-ex", "run", "-ex", "info functions mini:", "-ex", "delete", "-ex", "continue", "--args", *words],
                          capture_output=True, text=True, timeout=120, env=environment)
    assert "1506" in done.stdout, done.stdout + done.stderr
    assert ("mini:work" in done.stdout) is with_option, done.stdout + done.stderr


# -- audit --


def test_audit(minivm: Run, program: Path) -> None:
    done = minivm("--no-cache", "audit", "--jit=eager", "--compile=inline", str(program))
    assert (done.returncode, done.stdout) == (0, "1506\n")
    for text in ("writable and executable at once: never", "sealed: memory file sealed", "ns a checked branch", "us a batch", "us a word of bytecode", "RESIDUAL",
                 "mseal", "guest list", "7 units, 0 refused"):
        assert text in done.stderr, text + "\n" + done.stderr
    assert int(re.search(r"(\d+) samples", done.stderr)[1]) >= 2
    assert int(re.search(r"(\d+) of them native code's", done.stderr)[1]) >= 1


def test_audit_without_native_code(minivm: Run, program: Path) -> None:
    done = minivm("--no-cache", "audit", "--jit=off", str(program))
    assert (done.returncode, done.stdout) == (0, "1506\n") and "off (--jit=off)" in done.stderr
    assert minivm("audit").returncode == 2 and minivm("audit", "-i", str(program)).returncode == 2
    assert minivm("audit", "-c", "import sys; sys.exit(3)").returncode == 3


def test_audit_sees_a_writable_and_executable_mapping(program: Path) -> None:
    planted = "import mmap, sys; m = mmap.mmap(-1, 4096, prot=7); from minivm.cli import main; sys.exit(main(['--no-cache', 'audit', sys.argv[1]]))"
    done = subprocess.run([sys.executable, "-c", planted, str(program)], capture_output=True, text=True, env=clean_environment())
    assert done.returncode == 1 and done.stdout == "1506\n"
    assert re.search(r"at once: 1\n    SEEN [0-9a-f-]+ rwx", done.stderr), done.stderr


def test_audit_says_why_native_code_is_refused(minivm: Run, program: Path) -> None:
    text = "import ctypes, sys; assert ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) == 0, 'no MDWE'; from minivm.cli import main; sys.exit(main(sys.argv[1:]))"
    words = [sys.executable, "-c", text, "--no-cache", "audit", "--jit=eager", "--compile=inline", "--code-memory=flip", str(program)]
    done = subprocess.run(words, capture_output=True, text=True, env=clean_environment())
    if "no MDWE" in done.stderr:
        pytest.skip("this kernel has no PR_SET_MDWE")
    assert (done.returncode, done.stdout) == (0, "1506\n") and "refused" in done.stderr and "Permission denied" in done.stderr, done.stderr


# -- counters --


def test_stats_of_compilers(minivm: Run, program: Path) -> None:
    done = minivm(*EAGER, "--stats", str(program))
    stats = dict(line.split(maxsplit=1) for line in done.stderr.splitlines())
    assert int(stats["compile.compiled"]) == int(stats["code.published"]) == 7
    assert int(stats["compile.words"]) * 8 == int(stats["code.word_bytes"])
    assert float(stats["compile.emit_cpu_us"]) > 0 and float(stats["compile.check_cpu_us"]) > 0
    assert 0 < int(stats["code.meta_bytes"]) < int(stats["code.unit_bytes"]) <= int(stats["code.code_bytes"])


@pytest.mark.parametrize("limit", ["4096", "1", "99999999999G", "8G"])
def test_odd_code_limits(minivm: Run, program: Path, limit: str) -> None:
    done = minivm(*EAGER, "--stats", f"--code-limit={limit}", str(program))
    if limit.startswith("99"):
        assert done.returncode == 2 and "expected a number of bytes" in done.stderr
        return
    assert (done.returncode, done.stdout) == (0, "1506\n")
    full = int(re.search(r"code\.full +(\d+)", done.stderr)[1])
    assert (full > 0) is (limit != "8G")
