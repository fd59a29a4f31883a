"""The random programs reach what they are for: each form of pairs.py compiles to its opcode, and both sides accept it."""
from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent / "fuzz"))

import changes  # noqa: E402
import pairs  # noqa: E402
from generator import PRELUDE, program  # noqa: E402
from running import is_alone, opcodes_of  # noqa: E402

from minivm.bytecode import compile_source  # noqa: E402
from minivm.spec.opcodes import BY_NAME  # noqa: E402


def opcodes(text: str) -> Counter[str]:
    counter: Counter[str] = Counter()
    opcodes_of(compile_source(text, "x.py"), counter)
    return counter


@pytest.mark.parametrize("form", list(pairs.FORMS))
def test_a_form_compiles_to_its_opcode(form: str) -> None:
    head = "def op(x, y):\n    r = 0\n"
    with_form = opcodes(head + pairs._indented(pairs.FORMS[form], 1) + "    return r\n")
    name = pairs.opcode(form)
    assert name in BY_NAME
    assert with_form[name] > (opcodes(head + "    return r\n")[name] if name != "RETURN" else 0)


def test_rows_take_every_pair_of_types() -> None:
    assert len(pairs.ROWS) == len(pairs.TWO) * len(pairs.TYPES) + len(pairs.ONE)
    text = pairs.program(8, pairs.ROWS.index(("ADD", "int")))
    assert text.count("    take(") == len(pairs.TYPES)


def test_programs_depend_on_their_number_alone() -> None:
    for number in range(40):
        assert program(3, number) == program(3, number)
        compile(PRELUDE + program(3, number), "program", "exec")


def test_programs_whose_classes_change() -> None:
    """They are Mini, whatever their numbers, and no rows of pairs."""
    for number in range(changes.FIRST, changes.FIRST + 2 * pairs.EVERY):
        assert not pairs.is_row(number) and not is_alone(number)
        text = program(3, number)
        assert text == program(3, number) and f"class K{number}_0" in text
        compile_source(PRELUDE + text, "x.py")
