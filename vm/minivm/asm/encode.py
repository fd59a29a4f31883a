"""Turns one instruction into bytes: picks the row of ``encodings.py`` that fits the operands and lays it out.

Called by the assembler, once for each instruction of a template, never while code is emitted. Operands: register names,
``Mem``, ints, ``Hole``. A hole leaves a field of zeros and a note of what belongs there (``Field``).

Not offered, because the code checker refuses it: absolute and rip-relative addresses, segment overrides, high byte registers.
"""
from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from minivm.asm.encodings import REGISTERS_8, REGISTERS_16, REGISTERS_32, REGISTERS_64, REGISTERS_XMM, ROWS


class AssemblerError(ValueError):
    """An instruction that the table does not have, or a value that does not fit where it is put."""


@dataclass(frozen=True)
class Hole:
    """A value that is known when the template is instantiated. Stored: value * scale + addend, in `size` bytes."""

    name: str
    size: int = 4
    scale: int = 1
    addend: int = 0
    signed: bool = True


@dataclass(frozen=True)
class Mem:
    """[base + index * scale + disp]; `size` in bytes where neither register nor instruction tells it."""

    base: str
    disp: int | Hole = 0
    index: str = ""
    scale: int = 1
    size: int = 0


@dataclass(frozen=True)
class Field:
    """Where a hole lies in an instruction."""

    offset: int
    size: int
    kind: str               # disp, imm
    hole: Hole


Operand = str | int | Mem | Hole

_REGISTERS: dict[str, tuple[str, int]] = {
    name: (kind, number)
    for kind, names in (("r64", REGISTERS_64), ("r32", REGISTERS_32), ("r16", REGISTERS_16), ("r8", REGISTERS_8), ("x", REGISTERS_XMM))
    for number, name in enumerate(names)
}
_NEEDS_REX = frozenset(("spl", "bpl", "sil", "dil"))
_SCALES = {1: 0x00, 2: 0x40, 4: 0x80, 8: 0xC0}

# Kinds of operands: what they accept (register kind, or m for memory, or i for an immediate), the size of memory.
_ACCEPTS: dict[str, tuple[str, ...]] = {
    "r8": ("r8",), "r16": ("r16",), "r32": ("r32",), "r64": ("r64",), "x": ("x",), "cl": ("r8",),
    "rm8": ("r8", "m"), "rm16": ("r16", "m"), "rm32": ("r32", "m"), "rm64": ("r64", "m"), "xm64": ("x", "m"),
    "n32": ("r32",), "n64": ("r64",), "xn": ("x",), "m": ("m",), "m64": ("m",),
    "ib": ("i",), "ibu": ("i",), "iw": ("i",), "id": ("i",), "id32": ("i",), "iq": ("i",), "cb": ("i",), "cd": ("i",),
}
_REG_FIELD = frozenset(("r8", "r16", "r32", "r64", "x"))      # the other registers go into the r/m field
_MEMORY_SIZE = {"rm8": 1, "rm16": 2, "rm32": 4, "rm64": 8, "xm64": 8, "m64": 8, "m": 0}
_IMMEDIATES = {  # size, least, greatest
    "ib": (1, -1 << 7, (1 << 7) - 1), "ibu": (1, 0, (1 << 8) - 1), "iw": (2, -1 << 15, (1 << 16) - 1),
    "id": (4, -1 << 31, (1 << 31) - 1), "id32": (4, -1 << 31, (1 << 32) - 1), "iq": (8, -1 << 63, (1 << 64) - 1),
    "cb": (1, -1 << 7, (1 << 7) - 1), "cd": (4, -1 << 31, (1 << 31) - 1),
}


@dataclass(frozen=True)
class Row:
    """A row of the table, taken apart."""

    mnemonic: str
    operands: tuple[str, ...]
    prefix: bytes
    wide: bool
    opcode: bytes
    plus: bool              # the register is in the low bits of the opcode
    modrm: int              # 0..7: /digit, 8: /r, -1: none


def parse_row(mnemonic: str, operands: str, encoding: str) -> Row:
    """One row of ROWS, taken apart."""
    prefix, opcode, wide, plus, modrm = b"", b"", False, False, -1
    for word in encoding.split():
        if word == "W":
            wide = True
        elif word == "/r":
            modrm = 8
        elif word[0] == "/":
            modrm = int(word[1:])
        elif word.endswith("+r"):
            opcode, plus = opcode + bytes.fromhex(word[:-2]), True
        elif not opcode and word in ("66", "F2", "F3"):
            prefix += bytes.fromhex(word)
        else:
            opcode += bytes.fromhex(word)
    return Row(mnemonic, tuple(operands.split()), prefix, wide, opcode, plus, modrm)


@cache
def _rows() -> dict[tuple[str, tuple[str, ...]], tuple[Row, ...]]:
    """Rows by mnemonic and kinds of operands as given."""
    index: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
    for text in ROWS:
        row = parse_row(*text)
        keys: list[tuple[str, ...]] = [()]
        for operand in row.operands:
            keys = [(*key, kind) for key in keys for kind in _ACCEPTS[operand]]
        for key in keys:
            index.setdefault((row.mnemonic, key), []).append(row)
    return {key: tuple(rows) for key, rows in index.items()}


def _shape(operand: Operand) -> str:
    if isinstance(operand, str):
        if operand not in _REGISTERS:
            raise AssemblerError(f"no register {operand!r}")
        return _REGISTERS[operand][0]
    return "m" if isinstance(operand, Mem) else "i"


def _fits(row: Row, operands: tuple[Operand, ...]) -> bool:
    for kind, operand in zip(row.operands, operands, strict=True):
        if isinstance(operand, Mem):
            if operand.size and _MEMORY_SIZE[kind] not in (0, operand.size):
                return False
        elif isinstance(operand, Hole):
            if _IMMEDIATES[kind][0] != operand.size or (kind == "ib" and not operand.signed):
                return False
        elif isinstance(operand, int):
            _, least, greatest = _IMMEDIATES[kind]
            if not least <= operand <= greatest:
                return False
        elif kind == "cl" and operand != "cl":
            return False
    return True


def select(mnemonic: str, operands: tuple[Operand, ...]) -> Row:
    """The row that encodes this instruction: the first that fits; one of several sizes of memory must have been named."""
    rows = [row for row in _rows().get((mnemonic, tuple(map(_shape, operands))), ()) if _fits(row, operands)]
    text = f"{mnemonic} {', '.join(map(str, operands))}"
    if not rows:
        raise AssemblerError(f"no encoding for {text}")
    for position, operand in enumerate(operands):
        if isinstance(operand, Mem) and not operand.size and len({_MEMORY_SIZE[row.operands[position]] for row in rows}) > 1:
            raise AssemblerError(f"size of memory not given: {text}")
    return rows[0]


@cache
def encode(mnemonic: str, *operands: Operand) -> tuple[bytes, tuple[Field, ...]]:
    """Bytes of one instruction, and the holes in them."""
    return encode_row(select(mnemonic, operands), operands)


def encode_row(row: Row, operands: tuple[Operand, ...]) -> tuple[bytes, tuple[Field, ...]]:
    """Bytes of one instruction by this row. Operands must fit the row."""
    rex = 8 if row.wide else 0
    force_rex = False
    reg_field = row.modrm if 0 <= row.modrm < 8 else 0
    low_bits = 0
    rm: str | Mem | None = None
    immediates: list[tuple[str, int | Hole]] = []
    for kind, operand in zip(row.operands, operands, strict=True):
        if isinstance(operand, Mem):
            rm = operand
        elif not isinstance(operand, str):
            immediates.append((kind, operand))
        elif kind == "cl":
            pass
        else:
            force_rex = force_rex or operand in _NEEDS_REX
            number = _REGISTERS[operand][1]
            if row.plus:
                low_bits = number & 7
                rex |= number >> 3
            elif kind in _REG_FIELD:
                reg_field = number & 7
                rex |= number >> 3 << 2
            else:
                rm = operand
    tail = b""
    fields: list[Field] = []
    if row.modrm >= 0:
        assert rm is not None
        if isinstance(rm, str):
            number = _REGISTERS[rm][1]
            rex |= number >> 3
            tail = bytes((0xC0 | reg_field << 3 | number & 7,))
        else:
            tail, memory_rex = _memory(rm, reg_field, fields)
            rex |= memory_rex
    opcode = row.opcode[:-1] + bytes((row.opcode[-1] | low_bits,))
    head = row.prefix + (bytes((0x40 | rex,)) if rex or force_rex else b"") + opcode
    fields = [Field(field.offset + len(head), field.size, field.kind, field.hole) for field in fields]
    code = head + tail
    for kind, value in immediates:
        size = _IMMEDIATES[kind][0]
        if isinstance(value, Hole):
            fields.append(Field(len(code), size, "imm", value))
            value = 0
        code += (value & ((1 << 8 * size) - 1)).to_bytes(size, "little")
    return code, tuple(fields)


def _memory(mem: Mem, reg_field: int, fields: list[Field]) -> tuple[bytes, int]:
    """ModRM, SIB and displacement, and the REX bits. Offsets of fields count from ModRM."""
    if mem.base not in REGISTERS_64 or (mem.index and (mem.index not in REGISTERS_64 or mem.index == "rsp")) or mem.scale not in _SCALES:
        raise AssemblerError(f"not an address: {mem}")
    base = _REGISTERS[mem.base][1]
    rex = base >> 3
    disp = mem.disp
    if isinstance(disp, Hole):
        if disp.size not in (1, 4):
            raise AssemblerError(f"a displacement has 1 or 4 bytes: {mem}")
        size = disp.size
    elif disp == 0 and base & 7 != 5:
        size = 0
    elif -128 <= disp <= 127:
        size = 1
    elif -1 << 31 <= disp < 1 << 31:
        size = 4
    else:
        raise AssemblerError(f"displacement does not fit: {mem}")
    mode = {0: 0x00, 1: 0x40, 4: 0x80}[size] | reg_field << 3
    if mem.index:
        index = _REGISTERS[mem.index][1]
        rex |= index >> 3 << 1
        code = bytes((mode | 4, _SCALES[mem.scale] | (index & 7) << 3 | base & 7))
    elif base & 7 == 4:
        code = bytes((mode | 4, 0x24))
    else:
        code = bytes((mode | base & 7,))
    if isinstance(disp, Hole):
        fields.append(Field(len(code), size, "disp", disp))
        return code + bytes(size), rex
    return code + (disp & ((1 << 8 * size) - 1)).to_bytes(size, "little"), rex
