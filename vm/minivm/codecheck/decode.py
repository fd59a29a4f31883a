"""Decodes one instruction of the whitelist in ``instructions.py``, or says why it is none.

The only decoder that the checker trusts; capstone is its judge in the tests. It accepts one encoding of each prefix: at most
one of 66, F2, F3, which the row must name, then at most one REX, whose bits must all mean something. So nothing that
two decoders could read differently gets through (doubled or reordered prefixes, a REX that is overridden, ...).
"""
from __future__ import annotations

from collections import namedtuple

from minivm.codecheck.instructions import ROWS, WHOLE
from minivm.codecheck.verdict import CodeRefused

_NAMES = {
    8: ("rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", *(f"r{n}" for n in range(8, 16))),
    4: ("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", *(f"r{n}d" for n in range(8, 16))),
    2: ("ax", "cx", "dx", "bx", "sp", "bp", "si", "di", *(f"r{n}w" for n in range(8, 16))),
    1: ("al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", *(f"r{n}b" for n in range(8, 16))),
}
NUMBER = {name: number for number, name in enumerate(_NAMES[8])}
RSP, RBP = NUMBER["rsp"], NUMBER["rbp"]
_SIZE_WORDS = {1: "byte", 2: "word", 4: "dword", 8: "qword"}


class Field(namedtuple("Field", "at size kind signed value")):
    """A number inside the code: where it lies, how it is read, its value."""

    __slots__ = ()

    at: int
    size: int
    kind: str               # disp, imm, rel
    signed: bool
    value: int


class Register(namedtuple("Register", "number size access xmm", defaults=(False,))):
    """A register operand."""

    __slots__ = ()

    number: int
    size: int
    access: str
    xmm: bool


class Memory:
    """A memory operand. index -1: none. disp None: no displacement."""

    __slots__ = ("base", "index", "scale", "disp", "size", "access")

    def __init__(self, base: int, index: int, scale: int, disp: Field | None, size: int, access: str) -> None:
        self.base = base
        self.index = index
        self.scale = scale
        self.disp = disp
        self.size = size
        self.access = access


Operand = Register | Memory | Field


class Instruction:
    """A decoded instruction."""

    __slots__ = ("at", "size", "name", "operands", "end")

    def __init__(self, at: int, size: int, name: str, operands: tuple[Operand, ...]) -> None:
        self.at = at
        self.size = size
        self.name = name
        self.operands = operands
        self.end = at + size

    def fields(self) -> list[Field]:
        """The numbers in it."""
        found = [operand for operand in self.operands if isinstance(operand, Field)]
        return found + [operand.disp for operand in self.operands if isinstance(operand, Memory) and operand.disp is not None]

    def text(self, holes: frozenset[int] | set[int] = frozenset()) -> str:
        """One line, for patterns and messages; numbers at the offsets in `holes` are printed as `?`, targets as `@offset`."""
        parts = []
        for operand in self.operands:
            if isinstance(operand, Register):
                parts.append(f"xmm{operand.number}" if operand.xmm else _NAMES[operand.size][operand.number])
            elif isinstance(operand, Field):
                if operand.at in holes:
                    parts.append("?")
                else:
                    parts.append(f"@{self.end + operand.value}" if operand.kind == "rel" else str(operand.value))
            else:
                inner = _NAMES[8][operand.base]
                if operand.index >= 0:
                    inner += f"+{_NAMES[8][operand.index]}" + (f"*{operand.scale}" if operand.scale > 1 else "")
                if operand.disp is not None:
                    inner += "+?" if operand.disp.at in holes else f"{operand.disp.value:+d}" if operand.disp.value else ""
                parts.append(f"{_SIZE_WORDS[operand.size]} [{inner}]" if operand.access != "a" else f"[{inner}]")
        return f"{self.name} {', '.join(parts)}".rstrip()


class _Form:
    """A row of the table, taken apart. wide: REX.W, -1 either; sized: REX.W means something; operands: kind, size (0: by REX.W), access."""

    __slots__ = ("name", "wide", "modrm", "operands", "sized")

    def __init__(self, name: str, wide: int, modrm: bool, operands: tuple[tuple[str, int, str], ...], sized: bool) -> None:
        self.name = name
        self.wide = wide
        self.modrm = modrm
        self.operands = operands
        self.sized = sized


class _Table:
    """Forms by (prefix, opcode bytes, digit); digit -1 where the reg field is an operand. Whole instructions by their first byte."""

    def __init__(self) -> None:
        self.forms: dict[tuple[int, bytes, int], list[_Form]] = {}
        self.whole: dict[int, list[tuple[bytes, str]]] = {}


_SUFFIXES = {"8": 1, "16": 2, "32": 4, "64": 8}
_IMMEDIATES = {"i8": (1, "imm", True), "u8": (1, "imm", False), "i16": (2, "imm", True), "i32": (4, "imm", True), "i64": (8, "imm", True),
               "rel8": (1, "rel", True), "rel32": (4, "rel", True)}


def _parse() -> _Table:
    table = _Table()
    for encoding, name, operand_text in ROWS:
        prefix, wide, opcode, digit, plus = 0, -1, b"", -1, False
        for number, word in enumerate(encoding.split()):
            if number == 0 and word in ("66", "F2", "F3"):
                prefix = int(word, 16)
            elif word[0] == "W":
                wide = int(word[1])
            elif word[0] == "/":
                digit = int(word[1])
            elif word == "+r":
                plus = True
            else:
                opcode += bytes.fromhex(word)
        operands = []
        modrm = digit >= 0
        for word in operand_text.split():
            kind, _, access = word.partition(":")
            if kind in _IMMEDIATES or kind == "cl":
                operands.append((kind, 0, ""))
                continue
            base = kind.rstrip("0123456789")
            size = _SUFFIXES.get(kind[len(base):], 0)
            modrm = modrm or base != "op"
            operands.append((base, size or (8 if base[0] == "x" else 0), access))
        sized = name == "cqo" or any(kind in ("reg", "rm", "gpr", "op") and not size for kind, size, _ in operands)
        form = _Form(name, wide, modrm, tuple(operands), sized)
        for low in range(8) if plus else (0,):
            table.forms.setdefault((prefix, opcode[:-1] + bytes((opcode[-1] + low,)), digit), []).append(form)
    for code, name in WHOLE:
        table.whole.setdefault(code[0], []).append((code, name))
    for rows in table.whole.values():
        rows.sort(key=lambda row: -len(row[0]))
    return table


_TABLE = _parse()


def decode(code: bytes, at: int) -> Instruction:
    """The instruction at this offset; raises CodeRefused if there is none that is allowed."""
    try:
        return _decode(code, at)
    except IndexError:
        raise CodeRefused(at, "decode", "the code ends inside an instruction") from None


def _decode(code: bytes, at: int) -> Instruction:
    first = code[at]
    for whole, name in _TABLE.whole.get(first, ()):
        if code.startswith(whole, at):
            return Instruction(at, len(whole), name, ())
    where = at
    prefix = 0
    if first in (0x66, 0xF2, 0xF3):
        prefix = first
        where += 1
    rex = 0
    if code[where] & 0xF0 == 0x40:
        rex = code[where]
        where += 1
    opcode = code[where:where + 2] if code[where] == 0x0F else code[where:where + 1]
    where += len(opcode)
    forms = _TABLE.forms.get((prefix, opcode, -1))
    if forms is None:
        forms = _TABLE.forms.get((prefix, opcode, code[where] >> 3 & 7), [])
    wide = rex >> 3 & 1
    for form in forms:
        if form.wide in (-1, wide):
            break
    else:
        raise CodeRefused(at, "decode", f"not an allowed instruction: {code[at:at + 8].hex(' ')}")
    return _operands(code, at, where, form, rex, opcode[-1] & 7)


def _operands(code: bytes, at: int, where: int, form: _Form, rex: int, low: int) -> Instruction:
    used = 8 if form.sized or form.wide == 1 else 0      # the bits of REX that mean something here
    width = 8 if rex & 8 else 4
    reg = rm = 0
    memory: tuple[int, int, int, Field | None] | None = None
    if form.modrm:
        modrm = code[where]
        where += 1
        reg = modrm >> 3 & 7 | (rex & 4) << 1
        rm = modrm & 7 | (rex & 1) << 3
        used |= 1
        if modrm < 0xC0:
            memory, where, index_bit = _memory(code, at, where, modrm, rex)
            used |= index_bit
    operands: list[Operand] = []
    high = False
    for kind, size, access in form.operands:
        size = size or width
        if kind in ("reg", "xreg"):
            used |= 4
            operands.append(Register(reg, size, access, kind == "xreg"))
            high = high or (size == 1 and 4 <= reg < 8)
        elif kind == "op":
            used |= 1
            operands.append(Register(low | (rex & 1) << 3, size, access))
        elif kind == "cl":
            operands.append(Register(1, 1, "r"))
        elif kind in _IMMEDIATES:
            length, meaning, signed = _IMMEDIATES[kind]
            if where + length > len(code):
                raise IndexError
            operands.append(Field(where, length, meaning, signed, int.from_bytes(code[where:where + length], "little", signed=signed)))
            where += length
        elif memory is not None:
            if kind.endswith("gpr"):
                raise CodeRefused(at, "decode", f"{form.name} with memory is not allowed")
            operands.append(Memory(*memory, size, access))
        else:
            if kind == "mem":
                raise CodeRefused(at, "decode", f"{form.name} with a register there is not allowed")
            operands.append(Register(rm, size, access, kind[0] == "x"))
            high = high or (size == 1 and kind[0] != "x" and 4 <= rm < 8)
    if rex == 0x40 and not high or rex & 15 & ~used:
        raise CodeRefused(at, "decode", f"a REX prefix that means nothing: {code[at:where].hex(' ')}")
    if high and not rex:
        raise CodeRefused(at, "decode", f"high byte register: {code[at:where].hex(' ')}")
    return Instruction(at, where - at, form.name, tuple(operands))


def _memory(code: bytes, at: int, where: int, modrm: int, rex: int) -> tuple[tuple[int, int, int, Field | None], int, int]:
    """(base, index, scale, disp), where it ends, and the REX bit of the index if that means something."""
    mode, base, index, scale, index_bit = modrm >> 6, modrm & 7, -1, 1, 0
    if base == 4:
        sib = code[where]
        where += 1
        base = sib & 7
        index = sib >> 3 & 7 | (rex & 2) << 2
        scale = 1 << (sib >> 6)
        index_bit = 2
        if index == 4:
            index = -1
            if base == 5 and mode == 0:
                raise CodeRefused(at, "absolute", "an address without a base register")
            if base != 4 or scale != 1:
                raise CodeRefused(at, "decode", "a SIB byte that means nothing")
    if mode == 0 and base == 5:
        raise CodeRefused(at, "absolute", "an address without a base register")
    disp = None
    if mode:
        length = 1 if mode == 1 else 4
        if where + length > len(code):
            raise IndexError
        disp = Field(where, length, "disp", True, int.from_bytes(code[where:where + length], "little", signed=True))
        where += length
    return (base | (rex & 1) << 3, index, scale, disp), where, index_bit
