"""Inline caches of native code that branches through its records: what an attacker who writes them gets, and that a transition is
a store and no more: no system call that changes mappings or synchronises code."""
from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
import system_calls
from attacked import attacked

SCRIPTS = Path(sys.executable).parent
SITES = ("attr", "store_attr", "method", "call", "global", "store_global", "binary", "compare", "index", "store_index")
ITEMS = ("key", "store_key", "several", "store_several")
ANSWERS = {"call": "7 7 0", "binary": "14 7 0", "compare": "False 7 0", "attr": "7 7 0", "store_attr": "7 5 0", "method": "14 7 0", "global": "7 7 0",
           "store_global": "7 7 6", "index": "7 7 0", "store_index": "7 5 0", "key": "7 7 0", "store_key": "7 7 0", "several": "14 7 0",
           "store_several": "6 6 0"}
attack = partial(attacked, "attack_records.py")


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("what", ["libc", "middle", "unlisted", "class"])
def test_a_target_that_is_no_entry_of_the_class_ends_the_process(site: str, what: str) -> None:
    done = attack(site, what)
    assert done.returncode == 86, done.stderr
    violation = json.loads(done.stderr.splitlines()[-1])
    assert violation["layer"] == "guest-list" and done.stdout == ""


@pytest.mark.parametrize("site", SITES + ITEMS)
def test_a_stub_of_the_class_for_another_kind_misses(site: str) -> None:
    """The answer stays right, and the site stays with the wrong stub: only a transition sets the target."""
    done = attack(site, "kind")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert set(lines[:-1]) == {ANSWERS[site]} and len(lines[:-1]) >= 2
    assert int(lines[-1].split()[1]) >= 1


@pytest.mark.parametrize("site", ["attr", "call", "index", "store_index"])
@pytest.mark.parametrize("what", ["libc", "class"])
def test_without_the_guest_list_the_branch_is_taken(site: str, what: str) -> None:
    """The control: what the check stops does happen without it."""
    done = attack(site, what, "digest,checker", may_fault=True)
    assert done.returncode != 86 and "guest-list" not in done.stderr
    assert done.returncode < 0 or set(done.stdout.splitlines()[:-1]) != {ANSWERS[site]}, done.stdout


@pytest.mark.parametrize("site", ["call", "binary", "compare", "index", "store_index"])
@pytest.mark.parametrize("strategy", ["data", "pointer"])
def test_the_entry_of_a_method_is_checked(site: str, strategy: str) -> None:
    done = attack(site, "exact", "digest,guests,checker", strategy)
    assert done.returncode == 86 and done.stdout == "", done.stderr
    assert json.loads(done.stderr.splitlines()[-1])["layer"] == "guest-list"
    control = attack(site, "exact", "digest,checker", strategy, may_fault=True)
    assert control.returncode != 86 and control.stdout.splitlines()[:1] != [ANSWERS[site]]


@pytest.mark.parametrize("site", ["binary", "compare"])
@pytest.mark.parametrize("strategy", ["data", "pointer"])
def test_a_number_that_no_handler_has_calls_nothing(site: str, strategy: str) -> None:
    """The operands are asked."""
    done = attack(site, "handler", "digest,guests,checker", strategy)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:-1] == 3 * [ANSWERS[site]]


STATES = """calls_dead operate
field attr field plain
overflow attr overflow apart
value attr value apart
owner attr owner apart
store store_attr field plain
put_over store_attr overflow apart
H.__init__ store_attr add apart
method method method plain
held method field apart
two attr poly none field:plain field:plain none:none none:none
two_methods method poly none method:plain method:plain none:none none:none
two_kinds method poly none method:plain field:plain none:none none:none
many attr mega none
never attr none none
reset method none none
calls_none call none none
calls_builtin call builtin plain
calls_class call construct plain
calls_instance call operate plain
calls_bound call operate plain
calls_binding call operate plain
calls_several call poly none builtin:plain construct:plain operate:plain operate:plain
calls_many call mega none
calls_reset call none none
calls_dead call none none
item_list index none none
item index operate plain
item_key index handler apart
item_equal index handler apart
item_number index none none
item_slice index handler apart
item_missing index handler apart
item_several index poly none operate:plain operate:plain handler:plain handler:plain
item_many index mega none
item_reset index none none
put store_index operate plain
put_key store_index handler apart
put_many store_index mega none
operate binary operate plain
operate_less compare operate plain
augmented binary operate plain
reflected binary operate plain
handler binary handler apart
handler_equal compare handler apart
two_operands binary poly none operate:plain handler:plain none:none none:none
right_operands binary poly none operate:plain operate:plain operate:plain none:none
many_operands binary mega none
reset_operator binary none none
reset_by_subclass binary none none
relearned compare operate plain
kept binary operate plain
died binary none none
""".splitlines()     # calls_dead: its class died since


def look(*words: str) -> list[str]:
    done = subprocess.run([sys.executable, str(Path(__file__).with_name("look_at_records.py")), *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("jit", ["off", "eager"])
@pytest.mark.parametrize("strategy", ["data", "pointer"])
def test_a_guard_is_plain_for_the_kind_that_the_site_does_in_line(jit: str, strategy: str) -> None:
    """Native code takes a plain guard that fits for that kind, whatever the record says else."""
    *states, answer, published = look(jit, strategy)
    assert states == STATES and answer == "True"
    assert (int(published.split()[1]) > 0) == (jit == "eager")


def test_a_plain_guard_of_another_kind_would_be_taken_for_a_field() -> None:
    """The control: with the bit taken off, `data` and the interpreter read at the offset; stubs of other kinds want it."""
    assert look("eager", "data", "take")[-2] == "False"
    assert look("eager", "pointer", "take")[-2] == "True"
    assert look("off", "data", "take")[-2] == "False"


# The window is between two lines that the program writes. In it, sites of all kinds change: shapes are new at sites, and
# classes change so that all records are reset and filled again.
PROGRAM = """
import sys
class A:
    k = 1
    def __init__(self): self.x = 1
    def get(self): return self.x
    def __add__(self, other): return other.x
    def __lt__(self, other): return True
class B(A): pass
class C(A): pass
class D(A): pass
class E(A): pass
def sites(o):
    o.x = o.x + 1
    return o.get() + o.k + A.k + (o + o) * (o < objects[0])
def late(o):
    return o.x
objects = [A(), B(), C(), D(), E()]
for i in range(3):
    for o in objects:
        sites(o)
    if sys.argv[1] == "control":
        pass
    else:
        late(objects[0])
sys.stdout.write("begin\\n")
sys.stdout.flush()
total = 0
for round in range(int(sys.argv[2])):
    A.get = A.get           # resets every record of a look-up
    for o in objects:
        total += sites(o)
total += late(objects[0])
sys.stdout.write("end\\n")
sys.stdout.flush()
"""
CALLS = "write,mmap,mprotect,munmap,membarrier,pwrite64,memfd_create"


def window(strategy: str, mode: str, path: Path) -> list[str] | None:
    """The calls between both lines."""
    command = [str(SCRIPTS / "minivm"), "--no-cache", "--jit=eager", "--compile=inline", f"--ic={strategy}", str(path), mode, "200"]
    lines = system_calls.traced(command, CALLS)
    if lines is None:
        return None
    (begin,) = (number for number, line in enumerate(lines) if line.startswith("write(1") and "begin" in line)
    (end,) = (number for number, line in enumerate(lines) if line.startswith("write(1") and "end" in line)
    return [line for line in lines[begin + 1:end] if not line.startswith("write(")]


# ASan's allocator maps memory as it likes.
@pytest.mark.release
@pytest.mark.parametrize("strategy", ["data", "pointer"])
def test_transitions_make_no_system_calls(strategy: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    found = window(strategy, "quiet", path)
    if found is None:
        pytest.skip("strace does not work here")
    assert found == []
    control = window(strategy, "control", path)     # compiles `late` in the window
    assert control is not None
    assert any(line.startswith("mmap(") and "PROT_EXEC" in line for line in control)


@pytest.mark.parametrize("strategy", ["data", "pointer"])
def test_there_are_transitions_of_all_states_in_the_window(strategy: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)

    def counts(rounds: int) -> dict[str, int]:
        command = [str(SCRIPTS / "minivm"), "--no-cache", "--jit=eager", "--compile=inline", f"--ic={strategy}", "--stats", str(path), "quiet", str(rounds)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return {key: int(value) for key, value in (line.split() for line in done.stderr.splitlines()) if key.startswith(("ic.", "code.pub"))}

    few, many = counts(10), counts(210)
    assert many["code.published"] == few["code.published"] > 0
    assert many["ic.resets"] - few["ic.resets"] == 200
    for kind in ("field", "method", "poly", "mega", "owner", "operate"):
        assert many[f"ic.transitions.{kind}"] - few[f"ic.transitions.{kind}"] >= 200, kind


def test_native_code_changes_records_as_the_interpreter_does(tmp_path: Path) -> None:
    """The trace of transitions is the same: both tiers share the records."""
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)

    def trace(*options: str) -> list[str]:
        done = subprocess.run([str(SCRIPTS / "minivm"), "--no-cache", *options, "--trace=ic", str(path), "quiet", "3"], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0
        return done.stderr.splitlines()

    plain = trace("--jit=off")
    assert any(": poly -> mega," in line for line in plain) and any(": none -> field," in line for line in plain)
    for strategy in ("data", "pointer"):
        assert trace("--jit=eager", "--compile=inline", f"--ic={strategy}") == plain
