"""What the fuzzer leaves out as CPython's own affair, and that it leaves out nothing else."""
from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent / "fuzz"))

from running import Sides, only_moved  # noqa: E402


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


def test_how_a_recursion_ends_in_c_is_left_out(sides: Sides) -> None:
    text = "maximum recursion depth exceeded"
    assert sides.cpython(f"print('{text} while calling a Python object')\n") == sides.cpython(f"print('{text}')\n")
    assert sides.cpython(f"print('{text} in comparison')\n") != sides.cpython(f"print('{text}')\n")


def test_a_hash_that_is_an_address_is_left_out(sides: Sides) -> None:
    source = "print(hash(float('nan')), 5)\n"
    wanted = sides.cpython(source)
    assert sides.wavers(source, wanted, "-2883429661423960064 5\n")
    assert not sides.wavers(source, wanted, "-2883429661423960064 6\n")
    assert not sides.wavers("print(hash(2.5e300), 5)\n", sides.cpython("print(hash(2.5e300), 5)\n"), "-2883429661423960064 5\n")


def test_a_number_of_lines_that_wavers_cannot_be_compared() -> None:
    assert only_moved("a\n", "a\nb\n", lambda salt: "a\n" * (1 + salt % 2))
    assert not only_moved("a\n", "a\nb\n", lambda salt: "a\n")


def test_cpython_breaking_is_no_finding() -> None:
    broken = "SystemError <built-in method write of _io.TextIOWrapper object at 0x> returned a result with an exception set\n"
    assert Sides.is_lost(broken, "1\n")
    assert not Sides.is_lost("1\n", broken) and not Sides.is_lost("SystemError\n", "1\n")
