"""Evasion: whatever the checker's decoder accepts, capstone reads as the same instruction of the same length; tricks are refused."""
from __future__ import annotations

import random
import sys
from pathlib import Path

import capstone
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "asm"))

from test_encodings import ALL_ROWS, operands_of

from minivm.asm import Mem
from minivm.asm.encode import encode_row
from minivm.asm.encodings import CONDITIONS
from minivm.codecheck.decode import Field, Instruction, Memory, Register, decode
from minivm.codecheck.verdict import CodeRefused

JUDGE = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
JUDGE.detail = True
ALIASES = {"movabs": "mov", "cdq": "cqo", "cqo": "cqo"}


def accepted(code: bytes) -> Instruction | None:
    try:
        return decode(code, 0)
    except CodeRefused:
        return None


def operands_by_capstone(row: capstone.CsInsn) -> list[tuple[object, ...]]:
    """As `operands_of_ours`, by the independent decoder."""
    found: list[tuple[object, ...]] = []
    for operand in row.operands:
        if operand.type == capstone.x86.X86_OP_REG:
            found.append(("r", row.reg_name(operand.reg)))
        elif operand.type == capstone.x86.X86_OP_IMM:
            found.append(("i", operand.imm & 0xFF if row.mnemonic == "bt" else operand.imm))
        else:
            memory = operand.mem
            assert not memory.segment
            found.append(("m", row.reg_name(memory.base), row.reg_name(memory.index) if memory.index else "", memory.scale if memory.index else 1, memory.disp,
                          operand.size if row.mnemonic != "lea" else 0))
    return found


def operands_of_ours(instruction: Instruction) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    names = instruction.text().partition(" ")[2].split(", ")
    for operand, name in zip(instruction.operands, names, strict=False):
        if isinstance(operand, Register):
            found.append(("r", name))
        elif isinstance(operand, Field):
            found.append(("i", instruction.end + operand.value if operand.kind == "rel" else operand.value))
        else:
            assert isinstance(operand, Memory)
            base, _, rest = name[name.index("[") + 1:-1].partition("+")
            base = base.partition("-")[0]
            index = rest.partition("*")[0].partition("+")[0].partition("-")[0] if operand.index >= 0 else ""
            found.append(("m", base, index, operand.scale if operand.index >= 0 else 1, operand.disp.value if operand.disp else 0, operand.size if operand.access != "a" else 0))
    return found


def widened(operands: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Immediates as 64-bit numbers: decoders differ in how wide they show them."""
    return [("i", operand[1] & 0xFF if isinstance(operand[1], int) else 0) if operand[0] == "i" else operand for operand in operands]


def compare(code: bytes) -> bool:
    """Is it accepted? Then capstone has to agree."""
    ours = accepted(code)
    if ours is None:
        return False
    theirs = next(JUDGE.disasm(code, 0, 1), None)
    assert theirs is not None, code.hex(" ")
    assert theirs.size == ours.size, (code.hex(" "), ours.text(), theirs.mnemonic)
    mnemonic = ALIASES.get(theirs.mnemonic, theirs.mnemonic)
    assert mnemonic == ours.name, (code.hex(" "), ours.text(), theirs.mnemonic)
    if ours.name not in ("nop", "cqo"):
        assert widened(operands_of_ours(ours)) == widened(operands_by_capstone(theirs)), (code.hex(" "), ours.text(), theirs.op_str)
    return True


def test_every_row_of_the_assembler_is_read_as_it_is_written() -> None:
    """What the assembler can make and the checker does not allow is listed here."""
    choose = random.Random(5)
    refused = set()
    count = 0
    for row in ALL_ROWS:
        for operands in operands_of(row, 30, choose):
            count += 1
            if not compare(encode_row(row, operands)[0]):
                where = "memory" if any(isinstance(operand, Mem) for operand in operands) else "registers"
                refused.add((row.mnemonic, "16" if any(kind.endswith("16") for kind in row.operands) else where))
    assert count > 5000
    arithmetic = {"add", "or", "adc", "sbb", "and", "sub", "xor", "mov"}
    assert refused == {("pause", "registers"), ("bt", "memory"), *((f"set{condition}", "memory") for condition in CONDITIONS), *((name, "16") for name in arithmetic)}


@pytest.mark.parametrize("seed", range(4))
def test_random_bytes(seed: int) -> None:
    choose = random.Random(seed)
    hits = sum(compare(choose.randbytes(16)) for _ in range(15_000))
    assert hits > 1000


@pytest.mark.parametrize("seed", range(4))
def test_random_bytes_with_likely_beginnings(seed: int) -> None:
    choose = random.Random(100 + seed)
    beginnings = [b"\x0f", b"\x66\x0f", b"\xf2\x0f", b"\xf3\x0f", b"\x48\x0f", b"\x66\x48\x0f", b"\xf2\x48\x0f", b"\x66", b"\x48", b"\x40", b"\x4f", b"\x44\x0f", b"\xf2\x4d\x0f"]
    hits = sum(compare(choose.choice(beginnings) + choose.randbytes(15)) for _ in range(15_000))
    assert hits > 500


def test_every_first_two_bytes() -> None:
    choose = random.Random(9)
    for first in range(256):
        for second in range(256):
            compare(bytes((first, second)) + choose.randbytes(14))


def test_flipped_instructions() -> None:
    """Bits of valid instructions flipped: near misses."""
    choose = random.Random(7)
    for row in ALL_ROWS:
        code = encode_row(row, operands_of(row, 1, choose)[0])[0].ljust(16, b"\x90")
        for bit in range(8 * 8):
            changed = bytearray(code)
            changed[bit // 8] ^= 1 << bit % 8
            compare(bytes(changed))


@pytest.mark.parametrize("prefix", ["66", "f2", "f3", "67", "f0", "2e", "3e", "26", "64", "65", "36", "48 48", "40", "41", "42", "44", "66 66", "f2 f2", "48 66", "f2 66", "66 f2"])
def test_prefixes_that_mean_nothing_are_refused(prefix: str) -> None:
    """In front of instructions that are allowed without."""
    for code in ("48 89 c8", "89 c8", "e9 00 00 00 00", "74 05", "c3", "0f 85 00 00 00 00", "ff d1", "41 ff 57 08", "5d", "cc", "90", "f2 0f 58 c1", "66 0f 2e c1", "b8 01 00 00 00",
                 "41 50", "e8 00 00 00 00", "eb fe", "0f 94 c0"):
        raw = bytes.fromhex(prefix) + bytes.fromhex(code)
        ours = accepted(raw.ljust(16, b"\x90"))
        if ours is not None:        # some make another allowed instruction: then of that length, and with all of the prefix used
            theirs = next(JUDGE.disasm(raw.ljust(16, b"\x90"), 0, 1))
            assert theirs.size == ours.size == len(raw)
            assert prefix in ("66", "f2", "40", "41", "42", "44"), (prefix, code)
            assert theirs.bytes.hex() not in ("", code)


def test_fifteen_bytes_are_never_needed() -> None:
    assert accepted(b"\x66" * 14 + b"\x90") is None
    assert accepted(b"\xf3" * 14 + b"\xc3") is None


def test_high_byte_registers_are_refused() -> None:
    for code in ("88 e0", "8a c4", "0f b6 c4", "80 fc 01", "84 e4", "0f 94 c4", "b4 01", "38 e0"):
        assert accepted(bytes.fromhex(code).ljust(16, b"\x90")) is None
