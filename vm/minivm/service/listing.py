"""The annotated listing of a function's native code: `minivm asm` and `--dump=asm`.

The unit is compiled again from its request, as the compiler is a pure function; capstone prints the instructions, and
what they refer to through pinned registers is named here: registers of the frame, constants, inline caches, fields of the
VM, helpers, entry classes.
"""
from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence

from minivm.baseline.forms import CALLER, CODE, FUNCTION, MODE, PC
from minivm.baseline.unit import Request
from minivm.bytecode.dis import FIELD, decode, instruction_text
from minivm.service.compiler import service_for, unit_for
from minivm.service.judging import kinds_of
from minivm.service.messages import read_request, write_request
from minivm.spec import builtins
from minivm.spec.codeformat import SITE_BYTES
from minivm.spec.native import CLASSES, GUEST_LIST, HELPERS, INTRINSIC_NAMES, INTRINSICS, VALUES, VALUES_AT
from minivm.spec.opcodes import CODE_FLAGS, OPCODES

CALLS = ("CALL", "CALL_METHOD")
_BUILTINS = frozenset((*builtins.FUNCTIONS, *builtins.CLASSES, *builtins.EXCEPTIONS))

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from minivm.baseline.unit import Unit


class NoDisassembler(Exception):
    """capstone is not installed."""

    def __init__(self) -> None:
        super().__init__("native code is printed by capstone, which is not installed: pip install 'minivm[disasm]'")


class Piece:
    """A chunk of a unit: a template's hot or cold part, or what surrounds them (then `word` is -1)."""

    __slots__ = ("title", "word", "cold", "at", "size")

    def __init__(self, title: str, word: int, cold: bool, at: int, size: int) -> None:
        self.title = title
        self.word = word
        self.cold = cold
        self.at = at
        self.size = size


def pieces(settings: str, unit: Unit) -> Iterator[Piece]:
    """The unit's chunks in order; ValueError if they do not add up to it."""
    kinds = kinds_of(service_for(settings).layout)
    hot = {(at, row[4]): word for word, at, _, row in unit.places}
    cold = {(at, row[5]): word for word, _, at, row in unit.places}
    at = 0
    for name in unit.chunks:
        size = len(kinds[name][0])
        if (at, name) in hot:
            yield Piece(name, hot[at, name], False, at, size)
        elif (at, name) in cold:
            yield Piece(name.removesuffix(" cold"), cold[at, name], True, at, size)
        else:
            yield Piece(name, -1, name.endswith(" cold"), at, size)
        at += size
    if at != len(unit.code):
        raise ValueError("the unit is not what its chunks say")


def guess(code: Sequence[Any]) -> array[int]:
    """The instructions of a code object, with the builtins that the runtime would guess at its calls from names alone
    (runtime_c/native_intrinsics.c); classes of the program only a running VM knows."""
    words, sites = array("Q", code[FIELD["instructions"]]), array("I", code[FIELD["sites"]])
    callees: dict[int, tuple[bool, str]] = {}
    for instruction in decode(words.tobytes()):
        name, word = instruction.row.name, words[instruction.at]
        register = word >> 16 & 0xFFFF
        if name in ("LOAD_GLOBAL", "LOAD_METHOD"):
            callees[register] = (name == "LOAD_METHOD", str(code[FIELD["constants"]][sites[2 * instruction.site + 1]]))
            continue
        if name in CALLS:
            words[instruction.at + 1] |= _intrinsic(callees.get(register, (False, "")), name == "CALL_METHOD", word >> 32 & 0xFFFF) << 32
            callees.pop(word >> 48, None)
        callees.pop(register, None)
    return words


def _texts(words: Sequence[int], *operands: Any) -> dict[int, str]:
    """The instructions of a request by word, calls with what they are expected to meet; `operands` as of instruction_text."""
    plain, expected = array("Q", words), {}
    at = 0
    while at < len(plain):
        row = OPCODES[plain[at] & 0xFFFF]
        if row.name in CALLS:
            expected[at] = plain[at + 1] >> 32
            plain[at + 1] &= 0xFFFFFFFF
        at += row.words
    return {instruction.at: instruction_text(instruction, *operands) + (f" ({INTRINSIC_NAMES[expected[instruction.at]]})" if expected.get(instruction.at) else "")
            for instruction in decode(plain.tobytes())}


def _intrinsic(callee: tuple[bool, str], method: bool, count: int) -> int:
    found_on_object, name = callee
    for number, row in enumerate(INTRINSICS, len(INTRINSIC_NAMES) - len(INTRINSICS)):
        if row.attribute == name and bool(row.owner) == method == found_on_object and row.least <= count <= row.most:
            return number
    known = any(row.attribute == name and row.owner for row in INTRINSICS) if found_on_object else name in _BUILTINS
    return INTRINSIC_NAMES.index("BUILTIN") if known else 0


def request_of(code: Sequence[Any], number: int = 0) -> bytes:
    """What the runtime would ask for a code object of an image, before it ran."""
    flags = code[FIELD["flags"]]
    if code[FIELD["local_names"]]:
        flags |= CODE_FLAGS["LOCALS_VISIBLE"]
    binds = CODE_FLAGS["LOCALS_VISIBLE"] | CODE_FLAGS["VARARGS"] | CODE_FLAGS["VARKEYWORDS"] | CODE_FLAGS["GENERATOR"]
    simple = 1 if flags & CODE_FLAGS["CLASS_BODY"] else 0xFFFFFFFF if flags & binds or code[FIELD["keyword_only"]] else code[FIELD["positional"]]
    ranges = array("I", code[FIELD["exceptions"]])
    rows = tuple(zip(ranges[0::4], ranges[1::4], ranges[2::4], strict=True))
    return write_request(number, code[FIELD["qualname"]], Request(guess(code), flags, code[FIELD["registers"]], simple, rows,
                                                                  len(code[FIELD["constants"]]), len(code[FIELD["sites"]]) // SITE_BYTES))


def listing(settings: str, request: bytes, *, title: str = "", code: bytes | None = None, function: Sequence[Any] | None = None) -> str:
    """The text for a request. `function` is the code object, for names in it; `code` what the request gave (AssertionError
    if it does not again). Raises NoDisassembler."""
    try:
        import capstone
    except ImportError:
        raise NoDisassembler from None
    _, name, task = read_request(request)
    unit = unit_for(settings, request)
    assert code is None or code == unit.code, "the compiler gave other code than before"
    annotate = Annotations(settings, unit, function)
    words = _texts(task.words, *annotate.operands)
    classes: dict[int, list[str]] = {}
    for at, number in unit.entries:
        classes.setdefault(at, []).append(CLASSES_BY_NUMBER[number])
    targets = {at: word for word, at in unit.resumes}
    lines = [f"function {title or name}: {len(unit.code)} bytes of native code for {len(task.words)} words of bytecode, "
             f"{len(unit.entries)} entries"]
    machine = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    part = ""
    for piece in annotate.pieces:
        if not piece.size or piece.title.startswith("pad "):
            continue
        now = "hot" if piece.word >= 0 and not piece.cold else "cold" if piece.cold else part if piece.word >= 0 else "around"
        if now != part:
            part = now
            lines.append({"hot": "-- hot --", "cold": "-- cold --", "around": "-- around --"}[part])
        head = f"{piece.word:5} {words[piece.word]:<46} <{piece.title}>" if piece.word >= 0 else f"      <{piece.title}>"
        for entry in classes.get(piece.at, ()):
            head += f"  entry {entry}" + (f" at word {targets[piece.at]}" if piece.at in targets else "")
        lines.append(head)
        for instruction in machine.disasm(unit.code[piece.at:piece.at + piece.size], piece.at):
            text = f"{instruction.mnemonic} {instruction.op_str}".strip()
            note = annotate.note(instruction.mnemonic, instruction.op_str)
            lines.append(f"        {instruction.address:05x}  {text:<44} {'; ' + note if note else ''}".rstrip())
    return "\n".join(lines)


CLASSES_BY_NUMBER = {row.number: row.name for row in CLASSES}
_MEMORY = re.compile(r"\[(\w+)(?: \+ (r[a-z0-9]+)(?:\*\d)?)?(?: ([+-]) (0x[0-9a-f]+|\d+))?\]")
_HEADER = {FUNCTION: "frame.function", CODE: "frame.code", CALLER: "frame.caller", PC: "frame.pc", MODE: "frame.mode"}


class Annotations:
    def __init__(self, settings: str, unit: Unit, function: Sequence[Any] | None) -> None:
        layout = dict(line.split("=", 1) for line in service_for(settings).layout.splitlines())
        self.record_size = int(layout["record.size"])
        self.vm = {int(number): name for name, number in layout.items() if name.startswith("vm.")}
        self.record = {int(number): name.partition(".")[2] for name, number in layout.items() if name.startswith("record.") and name not in ("record.size", "record.key")}
        self.pieces = list(pieces(settings, unit))
        self.starts = {piece.at: piece for piece in reversed(self.pieces) if piece.size}
        self.operands: tuple[Any, Any] = (None, None)
        if function is not None:
            self.operands = (function[FIELD["constants"]], array("I", function[FIELD["sites"]]))

    def note(self, mnemonic: str, operands: str) -> str:
        """What an instruction refers to, or nothing."""
        found = _MEMORY.search(operands)
        if found:
            base, index, sign, digits = found.groups()
            offset = int(digits or "0", 0) * (-1 if sign == "-" else 1)
            if base == "r15" and index and offset == GUEST_LIST:
                number = int(operands.rpartition(",")[2].strip(), 0)
                return f"check: the target must be listed as {CLASSES_BY_NUMBER.get(number & 0xFF, number)}"
            return "" if index else self._memory(base, offset)
        if mnemonic in ("call", "jmp") and operands == "rcx":
            return "the checked branch"
        if mnemonic.startswith("j") and operands.startswith("0x"):
            return self._place(int(operands, 0))
        return ""

    def _memory(self, base: str, offset: int) -> str:
        if base == "r15":
            if offset < 8 * len(HELPERS):
                return f"helper {HELPERS[offset // 8].name}"
            return VALUES[(offset - VALUES_AT) // 8] if 0 <= offset - VALUES_AT < 8 * len(VALUES) else ""
        if base == "r12":
            return self.vm.get(offset, "")
        if base == "rbx":
            return _HEADER.get(offset, "") if offset < 0 else f"r{offset // 8}"
        if base == "r13":
            return f"constant {offset // 8}"
        if base == "r14":
            return f"site {offset // self.record_size} {self.record.get(offset % self.record_size, '')}".rstrip()
        return ""

    def _place(self, target: int) -> str:
        piece = self.starts.get(target)
        if piece is None:
            piece = next((row for row in self.pieces if row.at <= target < row.at + row.size), None)
            if piece is None:
                return ""
        where = f"-> {piece.word} {piece.title}" if piece.word >= 0 else f"-> {piece.title}"
        return where + (" cold" if piece.cold and piece.word >= 0 else "") + (f"+{target - piece.at}" if target != piece.at else "")
