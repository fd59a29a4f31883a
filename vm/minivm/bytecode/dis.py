"""The readable form of bytecode: one line an instruction, operands named by their kinds.

`text(image)` prints a whole image; `function_text(code)` one code object. Used by `minivm dis`, `--dump=bytecode` and
golden tests; the format is for people and may change.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Any

from minivm.spec.codeformat import CODE_FIELDS
from minivm.spec.opcodes import CODE_FLAGS, IC_SITE_KINDS, NO_REGISTER, OPCODES, Op

from .image import load

FIELD = {name: index for index, (name, _) in enumerate(CODE_FIELDS)}
NO_NAME = 0xFFFFFFFF


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value


class Instruction:
    """A decoded instruction. `at`: its first word; `operands`: (field, kind, value); `target`: the word that a jump
    goes to."""

    __slots__ = ("at", "row", "operands", "site", "target")

    def __init__(self, at: int, row: Op, operands: list[tuple[str, str, int]], site: int, target: int) -> None:
        self.at = at
        self.row = row
        self.operands = operands
        self.site = site
        self.target = target

    def __getitem__(self, field: str) -> int:
        for name, _, value in self.operands:
            if name == field:
                return value
        raise KeyError(field)


def decode(words: bytes) -> Iterator[Instruction]:
    count = len(words) // 8
    values = struct.unpack(f"<{count}Q", words)
    at = 0
    while at < count:
        word = values[at]
        number = word & 0xFFFF
        if number >= len(OPCODES):
            raise ValueError(f"word {at}: no opcode {number}")
        row = OPCODES[number]
        after = at + row.words
        operands = []
        target = -1
        fields = [("a", row.a, word >> 16 & 0xFFFF, 16)]
        if row.bc:
            fields.append(("bc", row.bc, word >> 32, 32))
        else:
            fields += [("b", row.b, word >> 32 & 0xFFFF, 16), ("c", row.c, word >> 48, 16)]
        site = -1
        if row.words == 2:
            if at + 1 >= count:
                raise ValueError(f"word {at}: cut off")
            second = values[at + 1]
            site = second & 0xFFFFFFFF
            if row.de:
                fields.append(("de", row.de, second >> 32, 32))
            else:
                fields += [("d", row.d, second >> 32 & 0xFFFF, 16), ("e", row.e, second >> 48, 16)]
        for field, kind, value, bits in fields:
            if kind == "-":
                if value:
                    raise ValueError(f"word {at}: {row.name} has {value} in its unused field {field}")
                continue
            if kind in ("imm", "jump"):
                value = _signed(value, bits)
            if kind == "jump":
                target = after + value
            operands.append((field, kind, value))
        yield Instruction(at, row, operands, site, target)
        at = after


def positions(code: list[Any]) -> list[tuple[int, int, int, int]]:
    """For each word: line, end line, column + 1, end column + 1 (0: none)."""
    data: bytes = code[FIELD["positions"]]
    out: list[tuple[int, int, int, int]] = []
    line = code[FIELD["first_line"]]
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def zigzag() -> int:
        value = varint()
        return -(value + 1 >> 1) if value & 1 else value >> 1

    while at < len(data):
        count = varint()
        line += zigzag()
        end = line + zigzag()
        col = zigzag()
        out += [(line, end, col, zigzag())] * count
    return out


def function_text(code: list[Any], *, show_positions: bool = False) -> str:
    """The text of one code object, without those among its constants."""
    flags = " ".join(name for name, bit in CODE_FLAGS.items() if code[FIELD["flags"]] & bit)
    lines = [
        f"function {code[FIELD['qualname']]} line {code[FIELD['first_line']]} registers {code[FIELD['registers']]}"
        + (f" [{flags}]" if flags else "")
    ]
    names = code[FIELD["parameter_names"]]
    if names:
        counts = f"{code[FIELD['positional_only']]}/{code[FIELD['positional']]}/{code[FIELD['keyword_only']]}"
        lines.append(f"  parameters {' '.join(names)} ({counts})")
    for name, source in code[FIELD["free_variables"]]:
        lines.append(f"  free {name} from {f'closure {source & 0x7FFF}' if source & 0x8000 else f'r{source}'}")
    constants = code[FIELD["constants"]]
    sites = struct.unpack(f"<{len(code[FIELD['sites']]) // 4}I", code[FIELD["sites"]])
    instructions = list(decode(code[FIELD["instructions"]]))
    targets = {instruction.target for instruction in instructions if instruction.target >= 0}
    ranges = struct.unpack(f"<{len(code[FIELD['exceptions']]) // 4}I", code[FIELD["exceptions"]])
    targets.update(ranges[2::4])
    where = positions(code) if show_positions else []
    for instruction in instructions:
        mark = ">" if instruction.at in targets else " "
        line = f" {mark}{instruction.at:4} {instruction_text(instruction, constants, sites)}"
        if where:
            start, end, col, end_col = where[instruction.at]
            line = f"{line:<70} ; {start}:{col - 1}-{end}:{end_col - 1}"
        lines.append(line)
    for index in range(0, len(ranges), 4):
        start, end, handler, register = ranges[index : index + 4]
        lines.append(f"  range {start}-{end} handler {handler} in r{register}")
    for start, end, name, line in code[FIELD["inlined"]]:
        lines.append(f"  inlined {name} {start}-{end} line {line}")
    return "\n".join(lines)


def instruction_text(
    instruction: Instruction, constants: list[Any] | None = None, sites: Sequence[int] | None = None
) -> str:
    """An instruction with its operands; without the function's constants and sites, these are numbered."""
    parts = []
    for field, kind, value in instruction.operands:
        unnamed = kind == "const" and constants is None
        parts.append(f"constant {value}" if unnamed else _operand(instruction, field, kind, value, constants or []))
    if instruction.row.site not in ("", "none"):
        if sites is None or constants is None:
            parts.append(f"[site {instruction.site}]")
        else:
            kind, name = IC_SITE_KINDS[sites[2 * instruction.site]], sites[2 * instruction.site + 1]
            parts.append(f"[{kind}]" if name == NO_NAME else f"[{kind} {_constant(constants[name])}]")
    return f"{instruction.row.name:<18} {', '.join(parts)}".rstrip()


def _operand(instruction: Instruction, field: str, kind: str, value: int, constants: list[Any]) -> str:
    if kind == "jump":
        return f"-> {instruction.target}"
    if kind == "const":
        return _constant(constants[value])
    if kind in ("imm", "n"):
        return f"#{value}"
    if kind == "flags":
        return f"flags={value}"
    if kind == "free":
        return f"free{value}"
    if kind == "window":
        return f"w{value}"
    if value == NO_REGISTER:
        return "none"
    return f"r{value}"


def _constant(value: Any) -> str:
    if isinstance(value, list):
        tag = value[0]
        if tag == "c":
            return f"<code {value[1][FIELD['qualname']]}>"
        if tag == "t":
            return "(" + ", ".join(map(_constant, value[1:])) + ("," if len(value) == 2 else "") + ")"
        if tag == "f":
            return "frozenset{" + ", ".join(map(_constant, value[1:])) + "}"
        if tag == "i":
            return str(value[1] * int.from_bytes(value[2], "little"))
        if tag == "s":
            return ascii(value[1].decode("utf-8", "surrogatepass"))
        return "..."
    return repr(value)


def codes(code: list[Any]) -> Iterator[list[Any]]:
    """A code object and all inside it, outer ones first."""
    stack = [code]
    while stack:
        current = stack.pop()
        yield current
        inner = [value[1] for value in current[FIELD["constants"]] if isinstance(value, list) and value[0] == "c"]
        stack.extend(reversed(inner))


def text(image: bytes, *, function: str = "", show_positions: bool = False) -> str:
    """All functions of all modules, or those called `function`."""
    parts = []
    for module in load(image)["modules"]:
        if not function:
            parts.append(f"module {module['name']} file {module['file']}" + (" package" if module["package"] else ""))
        for code in codes(module["code"]):
            if not function or function in (code[FIELD["name"]], code[FIELD["qualname"]]):
                parts.append(function_text(code, show_positions=show_positions))
    return "\n\n".join(parts) + "\n"
