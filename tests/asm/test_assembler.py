"""Templates: labels, chunks, holes, instantiation."""
from __future__ import annotations

import struct

import capstone
import pytest

from minivm.asm import Assembler, AssemblerError, Hole, HoleOverflow, Label, Mem, Position
from minivm.asm.encodings import CONDITIONS

DECODER = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)


def listing(code: bytes, at: int = 0) -> list[str]:
    rows = list(DECODER.disasm_lite(code, at))
    assert sum(row[1] for row in rows) == len(code)
    return [f"{row[0]:x} {row[2]} {row[3]}".strip() for row in rows]


def test_holes_take_values() -> None:
    a = Assembler()
    a.mov("rax", Mem("rbx", Hole("b", scale=8)))
    a.add("rax", Mem("rbx", Hole("c", size=1, scale=8)))
    a.cmp("rax", Hole("x", scale=4, addend=1))
    a.mov("ecx", Hole("n", signed=False))
    a.mov("rdx", Hole("wide", size=8))
    a.shl("rax", Hole("shift", size=1))
    a.cmp(Mem("r15", 1 << 20, "rdx", size=1), Hole("class", size=1, signed=False))
    a.mov(Mem("rbx", Hole("b", scale=8)), "rax")
    pack, cold = a.finish().bind(("b", "c", "x", "n", "wide", "shift", "class"))
    assert listing(pack(0, 0, 100, -3, 7, 0xFFFFFFFF, 1 << 40, 5, 200)) == [
        "0 mov rax, qword ptr [rbx + 0x320]", "7 add rax, qword ptr [rbx - 0x18]", "b cmp rax, 0x1d", "12 mov ecx, 0xffffffff",
        "17 movabs rdx, 0x10000000000", "21 shl rax, 5", "25 cmp byte ptr [r15 + rdx + 0x100000], 0xc8",
        "2e mov qword ptr [rbx + 0x320], rax"]
    assert cold(0, 0, 100, -3, 7, 0, 0, 0, 0) == b""


@pytest.mark.parametrize(("size", "scale", "addend", "signed"), [(1, 1, 0, True), (1, 8, 3, True), (4, 1, 0, True), (4, 8, -5, True), (4, 1, 0, False), (8, 1, 0, True)])
def test_a_value_out_of_range_is_refused(size: int, scale: int, addend: int, signed: bool) -> None:
    a = Assembler()
    a.nop(3)
    a.mov("eax" if not signed else "rax", Hole("v", size, scale, addend, signed)) if size > 1 else a.cmp("rax", Hole("v", size, scale, addend))
    template = a.finish()
    hole, = template.holes
    pack, _ = template.bind(("v",))
    bits = 8 * size
    least, greatest = (-1 << bits - 1, (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    for value in range((least - addend) // scale - 1, (least - addend) // scale + 3):
        check(pack, hole.offset, size, value, value * scale + addend, least, greatest)
    for value in range((greatest - addend) // scale - 2, (greatest - addend) // scale + 3):
        check(pack, hole.offset, size, value, value * scale + addend, least, greatest)


def check(pack, offset: int, size: int, value: int, stored: int, least: int, greatest: int) -> None:  # type: ignore[no-untyped-def]
    if least <= stored <= greatest:
        assert int.from_bytes(pack(0, 0, value)[offset:offset + size], "little") == stored & ((1 << 8 * size) - 1)
    else:
        with pytest.raises(HoleOverflow, match=f"{stored} does not fit the {size}-byte hole v"):
            pack(0, 0, value)


def test_jumps_within_and_between_chunks() -> None:
    a = Assembler()
    again, back = Label(), Label()
    a.bind(again)
    a.jcc("e", a.cold)
    a.jcc("ne", again)
    a.jmp(back)
    a.nop(2)
    a.bind(back)
    a.mov("esi", Position(back))
    with a.cold_section():
        a.mov("eax", Position(a.cold))
        a.jmp(back)
    a.jmp(Hole("target"))
    with a.cold_section():
        a.jcc("l", Hole("target"))
        a.call(again)
    template = a.finish()
    hot, cold = template.bind(("target",))
    code = hot(0x100, 0x1000, 0x40)
    assert len(code) == template.hot
    assert listing(code, 0x100) == ["100 je 0x1000", "106 jne 0x100", "108 jmp 0x10c", "10a nop", "10c mov esi, 0x10c", "111 jmp 0x40"]
    assert template.hot_starts == (0, 6, 8, 10, 12, 17)
    code = cold(0x100, 0x1000, 0x40)
    assert len(code) == template.cold
    assert listing(code, 0x1000) == ["1000 mov eax, 0x1000", "1005 jmp 0x10c", "100a jl 0x40", "1010 call 0x100"]
    assert template.cold_starts == (0, 5, 10, 16)
    with pytest.raises(HoleOverflow, match="target"):
        hot(0x100, 0x1000, 1 << 32)
    with pytest.raises(HoleOverflow, match="@cold"):
        hot(0x100, 1 << 33, 0x40)


@pytest.mark.parametrize("distance", [0, 1, 120, 125, 126, 127, 128, 129, 130, 300])
@pytest.mark.parametrize("backward", [False, True])
def test_jumps_take_the_short_form_where_they_can(distance: int, backward: bool) -> None:
    a = Assembler()
    label = Label()
    if backward:
        a.bind(label)
        a.nop(distance)
    a.jmp(label)
    a.jcc("g", label)
    if not backward:
        a.nop(distance)
        a.bind(label)
    code = a.finish().hot_code
    jumps = [row for row in DECODER.disasm(code, 0) if row.mnemonic != "nop"]
    target = 0 if backward else len(code)
    assert [int(row.op_str, 16) for row in jumps] == [target, target]
    assert jumps[0].size == (2 if -128 <= target - jumps[0].address - 2 <= 127 else 5)
    assert jumps[1].size == (2 if -128 <= target - jumps[1].address - 2 <= 127 else 6)


def test_chains_of_jumps_grow_together() -> None:
    """Each jump is short only if all the others are; one long one pushes the rest."""
    a = Assembler()
    labels = [Label() for _ in range(40)]
    for label in labels:
        a.jmp(label)
    a.nop(60)
    for label in labels:
        a.bind(label)
        a.nop(3)
    code = a.finish().hot_code
    rows = list(DECODER.disasm(code, 0))
    jumps = [row for row in rows if row.mnemonic == "jmp"]
    first = len(code) - 40 * 3
    assert [int(row.op_str, 16) for row in jumps] == [first + 3 * number for number in range(40)]
    assert all((row.size == 2) == (-128 <= int(row.op_str, 16) - row.address - 2 <= 127) for row in jumps)


def test_conditions() -> None:
    for condition in CONDITIONS:
        a = Assembler()
        label = Label()
        a.bind(label)
        a.jcc(condition, label)
        a.setcc(condition, "sil")
        a.cmovcc(condition, "rax", "r9")
        short, byte, move = list(DECODER.disasm(a.finish().hot_code, 0))
        same = {"c": "b", "nc": "ae", "z": "e", "nz": "ne"}.get(condition, condition)
        assert (short.mnemonic, byte.mnemonic, move.mnemonic) == (f"j{same}", f"set{same}", f"cmov{same}")


def test_marks() -> None:
    a = Assembler()
    a.nop(4)
    a.mark("resume")
    a.ret()
    with a.cold_section():
        a.int3()
        a.mark("out")
        a.ud2()
    assert a.finish().marks == {"resume": ("hot", 4), "out": ("cold", 1)}


def test_mistakes_are_refused() -> None:
    a = Assembler()
    a.jmp(Label("nowhere"))
    with pytest.raises(AssemblerError, match="nowhere"):
        a.finish()
    a = Assembler()
    label = Label("twice")
    a.bind(label)
    with pytest.raises(AssemblerError, match="twice"):
        a.bind(label)
    a = Assembler()
    a.mov("eax", Hole("x"))
    template = a.finish()
    with pytest.raises(AssemblerError, match="x"):
        template.bind(())
    with pytest.raises(AssemblerError, match="twice"):
        template.bind(("x", "x"))
    with pytest.raises(AssemblerError):
        a.jmp(Hole("t", size=1))


def test_the_same_calls_give_the_same_template() -> None:
    def build() -> object:
        a = Assembler()
        a.mov("rax", Mem("rbx", Hole("b", scale=8)))
        a.jcc("ne", a.cold)
        with a.cold_section():
            a.xor("eax", "eax")
        return a.finish()

    assert build() == build()


def test_long_literal_runs_survive() -> None:
    """Code between holes is packed as it is, zeros at its end included."""
    a = Assembler()
    a.mov("rax", 0)
    a.mov("eax", Hole("x"))
    a.mov("rcx", 0)
    template = a.finish()
    pack, _ = template.bind(("x",))
    assert pack(0, 0, -2) == template.hot_code[:8] + struct.pack("<i", -2) + template.hot_code[12:]
