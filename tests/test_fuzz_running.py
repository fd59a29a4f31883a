"""What the fuzzer leaves out as CPython's own affair, and that it leaves out nothing else."""
from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent / "fuzz"))

import running  # noqa: E402
from running import Sides  # noqa: E402
from wavering import only_moved  # noqa: E402


@pytest.fixture
def sides(tmp_path: Path) -> Sides:
    return Sides("", tmp_path)


SETS = {
    "None": "{None, 18 / 1000, 'a', 0}",
    "classes": "{int, str, 'a', 0, 1}",
    "functions": "{print, len, abs, 'a', 0, 1}",
    "nan": "{float('nan'), 'a', 0, 1}",
    "objects": "{object(), 'a', 0, 1}",
}


def swapped(text: str) -> str:
    """The display of a set with its first two members in the other order."""
    first, second, *others = text[1:-1].split(", ")
    return "{" + ", ".join([second, first, *others]) + "}"


@pytest.mark.parametrize("shown", SETS.values(), ids=SETS)
def test_places_that_follow_from_addresses_are_left_out(shown: str, sides: Sides) -> None:
    source = f"print({shown})\nprint('end')\n"
    wanted = sides.cpython(source)
    assert sides.wavers(source, wanted, swapped(wanted.splitlines()[0]) + "\nend\n")


@pytest.mark.parametrize("shown", ["{18 / 1000, 'a', 0}", "{1.5, 'a', 0, (), frozenset()}", "{(1, 'a'): None, 2: len}"])
def test_places_that_follow_from_values_are_not(shown: str, sides: Sides) -> None:
    source = f"print({shown})\n"
    wanted = sides.cpython(source)
    assert not sides.wavers(source, wanted, swapped(wanted.splitlines()[0]) + "\n")


def test_a_difference_beside_a_wavering_line_is_not(sides: Sides) -> None:
    source = f"print({SETS['None']})\nprint('end')\n"
    wanted = sides.cpython(source)
    line = wanted.splitlines()[0]
    assert not sides.wavers(source, wanted, swapped(line) + "\nwrong\n")
    assert not sides.wavers(source, wanted, swapped(line) + "\n")
    assert not sides.wavers(source, wanted, swapped(line) + "\nend\nmore\n")


def test_a_difference_in_a_wavering_line_is_not(sides: Sides) -> None:
    source = f"print({SETS['None']})\n"
    wanted = sides.cpython(source)
    assert not sides.wavers(source, wanted, swapped(wanted.splitlines()[0]).replace("'a'", "'b'") + "\n")


def test_what_is_done_in_an_order_that_wavers_is_left_out(sides: Sides) -> None:
    source = "try:\n    ''.join({None, ()})\nexcept TypeError as e:\n    print(e)\n"
    texts = [f"sequence item 0: expected str instance, {name} found\n" for name in ("NoneType", "tuple")]
    wanted = sides.cpython(source)
    assert wanted in texts
    assert sides.wavers(source, wanted, texts[1 - texts.index(wanted)])
    assert not sides.wavers(source, wanted, wanted.replace("found", "there"))


def test_an_address_taken_apart_is_left_out(sides: Sides) -> None:
    source = "print('-'.join(repr(object())))\n"
    wanted = sides.cpython(source)
    for digits in ("a-b-c", "1-2-3"):
        assert sides.wavers(source, wanted, re.sub(r"(?<=-7-f-).-.-.", digits, wanted))
    assert not sides.wavers(source, wanted, wanted.replace("o-b", "a-b"))
    assert not sides.wavers("print('0xabcdef')\n", "0xabcdef\n", "0xabcdee\n")


def test_what_is_done_to_the_digits_of_an_address_is_left_out(sides: Sides) -> None:
    """The last digit but one is the same whenever CPython's own allocator gives a block of 256 bytes."""
    source = "def f(n):\n    a = b = c = d = e = g = h = i = j = k = l = m = n\n    yield a\nprint(repr(f(1))[:20:-2].replace('a', '', 1))\n"
    wanted = sides.cpython(source)
    for digits in ("e948b", "fffff", "00000"):
        got = f">{digits}{wanted[6:]}"
        assert sides.wavers(source, wanted, got)
        assert not sides.wavers(source, wanted, got.replace("70 a", "70 b").replace("0t", "0s"))
        assert not sides.wavers(source, wanted, got.replace(">", "."))


def test_how_a_recursion_ends_in_c_is_left_out(sides: Sides) -> None:
    text = "maximum recursion depth exceeded"
    assert sides.cpython(f"print('{text} while calling a Python object')\n") == sides.cpython(f"print('{text}')\n")
    assert sides.cpython(f"print('{text} in comparison')\n") != sides.cpython(f"print('{text}')\n")


def test_text_that_cpython_drops_at_the_recursion_limit_is_left_out(sides: Sides) -> None:
    source = """def f():
    try:
        f()
    except RecursionError as e:
        print(type(e).__name__)
    for i in range(200):
        print('x' * 60)
f()
"""
    wanted, kept = sides.cpython(source), sides.cpython("__import__('sys').stdout._CHUNK_SIZE = 1 << 30\n" + source)
    assert wanted.count("x") < kept.count("x") and sides.drops(source, wanted, kept)
    assert not sides.drops(source, wanted, kept + "x")
    assert not sides.drops("print('RecursionError')", "RecursionError\n", "x\n")


def test_a_hash_that_is_an_address_is_left_out(sides: Sides) -> None:
    source = "print(hash(float('nan')), 5)\n"
    wanted = sides.cpython(source)
    assert sides.wavers(source, wanted, "-2883429661423960064 5\n")
    assert not sides.wavers(source, wanted, "-2883429661423960064 6\n")
    assert not sides.wavers("print(hash(2.5e300), 5)\n", sides.cpython("print(hash(2.5e300), 5)\n"), "-2883429661423960064 5\n")


def test_a_number_of_lines_that_wavers_cannot_be_compared() -> None:
    assert only_moved("a\n", "a\nb\n", lambda salt: "a\n" * (1 + salt % 2))
    assert not only_moved("a\n", "a\nb\n", lambda salt: "a\n")


MEMORY_LINE, REFUSAL = "! 1 MemoryError ", "! 1 NotImplementedError the encoding 'cp037' is not in Mini"
CUTS = {  # what CPython prints, what the VM does, the lines that are compared, why no more
    "refused": ("a\nb\nc\n", f"a\n{REFUSAL}\nd\n", 1, running.RAN_REFUSED),
    "memory of the VM": ("a\nb\nc\n", f"a\n{MEMORY_LINE}\n", 1, running.OWN_MEMORY),
    "memory of CPython": (f"a\n{MEMORY_LINE}\n", "a\nb\nc\n", 1, running.MEMORY_OUT),
    "ended by memory": ("a\nb\nc\n", "a\nb\n\nstatus 125", 2, running.OWN_MEMORY),
    "ended in a line": ("a\nbcd\nc\n", "a\nbc\nstatus 125", 1, running.OWN_MEMORY),
    "CPython takes too long": ("a\nb\n\ntimeout", "a\nb\nc\n", 2, running.TIME),
    "both take too long": ("a\nb\n\ntimeout", "a\nb\nc\n\ntimeout", 2, running.TIME),
    "output past the bound": (f"a\nb\n\n{running.PAST}\nstatus -25\n", "a\nb\nc\n", 2, running.OUTPUT_PAST),
    "CPython breaks": (f"a\nSystemError <built-in method write> {running.BROKEN}\n", "a\nb\n", 1, "CPython broke"),
}


@pytest.mark.parametrize("case", CUTS.values(), ids=CUTS)
def test_outputs_are_compared_up_to_where_one_stops(case: tuple[str, str, int, str]) -> None:
    wanted, got, count, reason = case
    assert running.lost(wanted, got) == (count, reason)


@pytest.mark.parametrize("texts", [
    ("a\nb\n", "a\nc\n"), ("a\nb\n", "a\nb\n\nstatus 1"), ("a\nb\n", "a\nb\n\nstatus -11\n"),
    ("a\nb\n", "a\n\ntimeout"),  # the VM alone takes too long
    (f"{MEMORY_LINE}\nb\n", f"{MEMORY_LINE}\nc\n"),  # the same on both sides is no end
    (f"{REFUSAL}\n", "a\n"), ("a\n", f"{running.BROKEN}\n"), ("SystemError\n", "a\n"),
])
def test_a_difference_stops_nothing(texts: tuple[str, str]) -> None:
    assert running.lost(*texts) is None


class TwoTexts(Sides):
    """What CPython prints with all and with little memory, and what the VM prints."""

    def __init__(self, folder: Path, wanted: str, got: str, small: str = "") -> None:
        super().__init__("", folder)
        self.texts = wanted, got, small

    def cpython(self, source: str, memory: int = running.MEMORY) -> str:
        return self.texts[2 if memory == running.SMALL else 0]

    def minivm(self, image: bytes, configuration: str) -> str:
        return self.texts[1]


def test_what_differs_before_a_refusal_is_a_finding(tmp_path: Path) -> None:
    wanted = "a\nb\nc\n"
    assert TwoTexts(tmp_path, wanted, f"a\n{REFUSAL}\n").judge("print()\n", "normal") == running.RAN_REFUSED
    other = f"x\n{REFUSAL}\n"
    assert TwoTexts(tmp_path, wanted, other).judge("print()\n", "normal") == (wanted, other)
    assert TwoTexts(tmp_path, wanted, wanted).judge("print()\n", "normal") is None


def test_memory_that_cpython_does_not_need_is_a_finding(tmp_path: Path) -> None:
    wanted, got = "a\nb\n", f"a\n{MEMORY_LINE}\n"
    assert TwoTexts(tmp_path, wanted, got, f"a\n{MEMORY_LINE}\n").judge("print()\n", "normal") == running.OWN_MEMORY
    assert TwoTexts(tmp_path, wanted, got, wanted).judge("print()\n", "normal") == (wanted, got)


def test_cpython_runs_within_little_memory(sides: Sides) -> None:
    assert sides.cpython("print(len('a' * 10 ** 7))\n", running.SMALL) == "10000000\n"
    text = "try: x = 'a' * (3 << 28)\nexcept MemoryError: print('out')\nelse: print('in')\n"
    assert (sides.cpython(text), sides.cpython(text, running.SMALL)) == ("in\n", "out\n")


def outcome(out: str, errors: str = "", status: int = 0) -> running.Outcome:
    return running.Outcome(status, out, errors)


def test_a_process_is_compared_up_to_where_it_stops() -> None:
    whole = outcome("a\nb\n")
    uncaught = outcome("a\n", f"Traceback\n{REFUSAL[4:]}\n", 1)
    assert running.lost_case(whole, uncaught) == (1, running.RAN_REFUSED)
    assert running.lost_case(whole, outcome("a\n", "MemoryError: no more", 125)) == (1, running.OWN_MEMORY)
    assert running.lost_case(outcome("a\n", "timeout", -1000), outcome("a\nb\n")) == (1, running.TIME)
    assert running.lost_case(whole, outcome("a\n", "timeout", -1000)) is None
    assert running.lost_case(whole, outcome("a\nb\n", "", 1)) is None
    assert running.lost_case(uncaught, whole) is None


def test_findings_are_kept_and_counted(tmp_path: Path) -> None:
    """By a VM that is wrong about everything: one ordinary program, and one that is a process of its own."""
    vm = tmp_path / "minivm-exec"
    vm.write_text("#!/bin/sh\necho wrong\n")
    vm.chmod(0o755)
    root = Path(__file__).resolve().parents[1]
    words = ["--seed", "1", "--first", "2", "--count", "2", "--jobs", "1", "--census", "0", "--shrink-seconds", "0"]
    done = subprocess.run([sys.executable, str(root / "bench" / "fuzz_programs.py"), "--vm", str(vm), "--keep", str(tmp_path), *words],
                          capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert re.match(r"commit [0-9a-z ]+\+?, seed 1, 2 to 3, normal: 2 programs in .* 2 different, 0 left out, 0 not accepted\n", done.stdout)
    assert done.stderr.count("different: ") == 2
    for number in (2, 3):
        path = tmp_path / f"fuzz_1_{number}.py"
        assert path.exists() and path.with_suffix(".expected").exists()
        assert "wrong" in path.with_suffix(".got").read_text()


def test_a_report_of_a_sanitizer_is_a_finding(tmp_path: Path) -> None:
    text = running._run(["sh", "-c", f"echo a; echo 'runtime error: null' >&2; exit {running.REPORTED}"], 10.0, tmp_path)
    assert text == f"a\n\nstatus {running.REPORTED}\nruntime error: null\n"
    assert running.lost("a\n", text) is None
    assert running.address_space("normal") == running.MEMORY and running.address_space("asan") == running.address_space("jit-asan") == 0


@pytest.mark.parametrize("sanitizer, fault", [("undefined", "return argc + 0x7fffffff;"), ("address", "return ((char *)malloc(argc))[argc];")])
def test_a_sanitizer_ends_a_process_with_that_status(tmp_path: Path, sanitizer: str, fault: str) -> None:
    (tmp_path / "fault.c").write_text(f"#include <stdlib.h>\nint main(int argc, char **argv) {{ {fault} }}\n")
    flags = [f"-fsanitize={sanitizer}", "-fno-sanitize-recover=undefined"]
    subprocess.run(["gcc", *flags, "-o", str(tmp_path / "fault"), str(tmp_path / "fault.c")], check=True)
    text = running._run([str(tmp_path / "fault")], 10.0, tmp_path, memory=running.address_space("asan"))
    assert f"\nstatus {running.REPORTED}\n" in text, text
