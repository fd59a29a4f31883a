"""Every row of the table of encodings, with many operands, against GNU as, objdump and capstone; mutants of rows must be seen."""
from __future__ import annotations

import random
from dataclasses import replace

import pytest
import x86_judges as judges

from minivm.asm import AssemblerError, Hole, Mem, nops
from minivm.asm.encode import Operand, Row, encode, encode_row, parse_row, select
from minivm.asm.encodings import NOPS, REGISTERS_8, REGISTERS_16, REGISTERS_32, REGISTERS_64, REGISTERS_XMM, ROWS

BRANCHES = ("cb", "cd")
REGISTERS = {"r8": REGISTERS_8, "r16": REGISTERS_16, "r32": REGISTERS_32, "r64": REGISTERS_64, "n32": REGISTERS_32, "n64": REGISTERS_64,
             "x": REGISTERS_XMM, "xn": REGISTERS_XMM, "cl": ("cl",)}
REGISTERS |= {"rm8": REGISTERS_8, "rm16": REGISTERS_16, "rm32": REGISTERS_32, "rm64": REGISTERS_64, "xm64": REGISTERS_XMM}
IMMEDIATES = {"ib": (0, 1, -1, 127, -128), "ibu": (0, 2, 31, 63, 200, 255), "iw": (0, 300, -300, 32767, -32768), "id": (0, 128, -129, (1 << 31) - 1, -1 << 31),
              "id32": (0, 128, -129, (1 << 31) - 1, -1 << 31, 0x9000_0000), "iq": (1 << 33, 1 << 40, -1 << 63, (1 << 63) - 1)}
ALL_ROWS = [parse_row(*row) for row in ROWS if not set(row[1].split()) & set(BRANCHES)]


def memory(choose: random.Random) -> Mem:
    base = choose.choice(REGISTERS_64)
    disp = choose.choice((0, 8, -8, 127, -128, 128, -129, 1 << 20, -1 << 31, (1 << 31) - 1))
    if choose.random() < 0.5:
        return Mem(base, disp)
    return Mem(base, disp, choose.choice([name for name in REGISTERS_64 if name != "rsp"]), choose.choice((1, 2, 4, 8)))


def operands_of(row: Row, count: int, choose: random.Random) -> list[tuple[Operand, ...]]:
    """Operands for this row: every register of each place at least once, then at random."""
    found = []
    for number in range(max(count, 16 if row.operands else 1)):
        operands: list[Operand] = []
        for place, kind in enumerate(row.operands):
            if kind in IMMEDIATES:
                operands.append(choose.choice(IMMEDIATES[kind]))
            elif kind.startswith("m") or (kind[:2] in ("rm", "xm") and choose.random() < 0.5):
                operands.append(memory(choose))
            else:
                names = REGISTERS[kind]
                operands.append(names[number % len(names)] if place == number // 16 % 2 else choose.choice(names))
        found.append(tuple(operands))
    return found


def wrong(cases: list[tuple[Row, Row, tuple[Operand, ...]]]) -> list[str]:
    """Judges (row as declared, row as encoded, operands): which come out as another instruction."""
    texts = [judges.text_of(declared, operands) for declared, _, operands in cases]
    ours = judges.slots([encode_row(encoded, operands)[0] for _, encoded, operands in cases])
    theirs = b"".join(judges.assemble(texts))
    objdump = zip(judges.objdump(ours), judges.objdump(theirs), strict=True)
    capstone = zip(judges.capstone_text(ours), judges.capstone_text(theirs), strict=True)
    return [f"{text}: {one} {two}" for text, one, two in zip(texts, objdump, capstone, strict=True)
            if judges.meaning(one[0]) != judges.meaning(one[1]) or judges.meaning(two[0]) != judges.meaning(two[1])
            or judges.length(one[0]) != judges.length(two[0])]


def test_every_row_encodes_what_it_says() -> None:
    choose = random.Random(1)
    cases = [(row, row, operands) for row in ALL_ROWS for operands in operands_of(row, 40, choose)]
    assert len(cases) > 8000
    assert wrong(cases) == []


def test_every_address_form() -> None:
    row = parse_row("mov", "r64 rm64", "W 8B /r")
    cases: list[tuple[Row, Row, tuple[Operand, ...]]] = []
    for base in REGISTERS_64:
        for disp in (0, 5, -128, 127, 4096, -4096):
            cases.append((row, row, ("r9", Mem(base, disp))))
            for index in REGISTERS_64:
                if index != "rsp":
                    cases += [(row, row, ("rcx", Mem(base, disp, index, scale))) for scale in (1, 2, 4, 8)]
    assert wrong(cases) == []


def test_select_gives_the_instruction_asked_for() -> None:
    """Through the front door: the row is chosen by operands, as the compilers do it."""
    choose = random.Random(2)
    cases = []
    for row in ALL_ROWS:
        for operands in operands_of(row, 20, choose):
            sizes = {"rm8": 1, "rm16": 2, "rm32": 4, "rm64": 8, "xm64": 8, "m64": 8}
            sized = tuple(replace(operand, size=sizes.get(kind, 0)) if isinstance(operand, Mem) else operand
                          for kind, operand in zip(row.operands, operands, strict=True))
            cases.append((row, select(row.mnemonic, sized), sized))
    assert wrong(cases) == []


def mutants(row: Row) -> list[Row]:
    """The row with one mistake in it."""
    found = [replace(row, wide=not row.wide)]
    found += [replace(row, opcode=row.opcode[:at] + bytes((row.opcode[at] ^ 1 << bit,)) + row.opcode[at + 1:]) for at in range(len(row.opcode)) for bit in range(8)]
    if 0 <= row.modrm < 8:
        found += [replace(row, modrm=digit) for digit in range(8) if digit != row.modrm]
    found += [replace(row, prefix=prefix) for prefix in (b"", b"\x66", b"\xf2", b"\xf3") if prefix != row.prefix]
    return found


def test_a_mistake_in_a_row_is_noticed() -> None:
    """The control of the tests above. Only mistakes that encode the same instruction otherwise may pass."""
    choose = random.Random(3)
    cases = [(row, mutant, operands) for row in ALL_ROWS for mutant in mutants(row) for operands in operands_of(row, 1, choose)[:2]]
    noticed = len(wrong(cases))
    # Known to mean the same: W on instructions that ignore it (setcc, byte forms), opposite directions of r,r forms, ...
    print(f"{noticed} of {len(cases)} noticed")
    assert noticed > 0.96 * len(cases)


def test_padding() -> None:
    assert [len(nop) for nop in NOPS] == list(range(10))
    code = judges.slots(NOPS[1:])
    assert [judges.length(text) for text in judges.capstone_text(code)] == list(range(1, 10))
    assert all(judges.meaning(text).startswith("nop") for text in judges.capstone_text(code))
    assert [len(nops(count)) for count in range(40)] == list(range(40))


def test_refusals() -> None:
    for mnemonic, *operands in (
        ("mov", "rax", "ecx"), ("mov", "rax", "ah"), ("mov", Mem("rax"), 5), ("frob", "rax"), ("mov", "rax", 1 << 64), ("add", "rax", 1 << 31),
        ("shl", "rax", "dl"), ("mov", "rax", Mem("rbx", 1 << 31)), ("mov", "rax", Mem("rbx", 0, "rsp", 1)), ("mov", "rax", Mem("rbx", 0, "rcx", 3)),
        ("mov", "rax", Mem("ebx")), ("mov", "rax", Mem("rip")), ("mov", "rax", Mem("rbx", Hole("x", size=2))), ("movsd", "xmm0", "xmm1"),
        ("add", "rax", Hole("x", size=8)), ("jmp", Mem("rax")), ("inc", Mem("rax")), ("movzx", "eax", Mem("rbx")), ("call", "eax"),
    ):
        with pytest.raises(AssemblerError):
            encode(mnemonic, *operands)
