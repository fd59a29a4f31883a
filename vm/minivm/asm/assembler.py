"""Templates: machine code with holes, assembled once, instantiated for each instruction of bytecode by one struct.pack.

Used by the compilers. A template has two chunks: hot code, laid out in the order of the bytecode, and cold code, which the
compiler places behind all hot code of the unit. Chunks know each other's place only at instantiation, so that jumps between
them are holes (rel32) that this module fills itself. Jumps inside a chunk take their short form where they can.

Nothing here depends on anything but its arguments: the same calls give the same bytes.
"""
from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from minivm.asm.encode import AssemblerError, Field, Hole, Operand, encode
from minivm.asm.encodings import CONDITIONS, ROWS, nops

HOT, COLD = "hot", "cold"
START = {HOT: "@hot", COLD: "@cold"}     # names of holes whose value is where the chunk starts in the unit

Pack = Callable[..., bytes]
_JUMPS = frozenset(("jmp", "call", *(f"j{condition}" for condition in CONDITIONS)))
_FORMATS = {(1, True): "b", (1, False): "B", (2, True): "h", (2, False): "H", (4, True): "i", (4, False): "I", (8, True): "q", (8, False): "Q"}


class HoleOverflow(OverflowError):
    """A value does not fit into the hole that it is for."""


class Label:
    """A place in one of the template's chunks."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.chunk = ""
        self.item = -1          # index of the item of the chunk before which it lies
        self.offset = -1        # in the chunk, once the template is finished


@dataclass(frozen=True)
class Position:
    """As an immediate: where the label lies in the unit (its offset from the unit's start)."""

    label: Label
    size: int = 4


class TemplateHole(NamedTuple):
    """A field of a template that instantiation fills: value * scale + addend; for `rel` minus the end of the field."""

    chunk: str
    offset: int
    size: int
    name: str
    kind: str               # disp, imm, rel
    scale: int
    addend: int
    signed: bool


@dataclass
class _Item:
    """An instruction, or padding: its bytes (zeros in the holes), or a jump to a label, which has no bytes yet."""

    code: bytes
    fields: tuple[Field, ...] = ()
    positions: tuple[tuple[str, Position], ...] = ()     # names of holes that stand for positions
    mnemonic: str = ""
    label: Label | None = None
    near: bool = False          # a jump that needs its long form


@dataclass
class _Chunk:
    items: list[_Item] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)     # of items; one more for the end


@dataclass(frozen=True)
class Template:
    """A finished template. `hot` and `cold` are lengths; the code has zeros where the holes are."""

    hot: int
    cold: int
    hot_code: bytes
    cold_code: bytes
    holes: tuple[TemplateHole, ...]
    hot_starts: tuple[int, ...]                 # where instructions start
    cold_starts: tuple[int, ...]
    marks: dict[str, tuple[str, int]]           # named labels: chunk, offset

    def bind(self, order: tuple[str, ...] = ()) -> tuple[Pack, Pack]:
        """Two functions (hot_at, cold_at, *values) -> bytes, for the hot chunk and the cold one; values come in this order."""
        missing = {hole.name for hole in self.holes} - set(order) - set(START.values())
        if missing:
            raise AssemblerError(f"holes without a value: {', '.join(sorted(missing))}")
        if len(set(order)) != len(order):
            raise AssemblerError(f"a hole is named twice: {', '.join(order)}")
        return self._bind(HOT, self.hot_code, order), self._bind(COLD, self.cold_code, order)

    def _bind(self, chunk: str, code: bytes, order: tuple[str, ...]) -> Pack:
        """Generates the function: literal runs and holes are the arguments of one struct.pack."""
        names = {START[HOT]: "hot_at", START[COLD]: "cold_at", **{name: f"v{number}" for number, name in enumerate(order)}}
        parameters = ", ".join(("hot_at", "cold_at", *(f"v{number}" for number in range(len(order)))))
        holes = sorted(hole for hole in self.holes if hole.chunk == chunk)
        if not holes:
            return _define(parameters, "code", {"code": code})
        layout, arguments, values, at = "<", [], [], 0
        for hole in holes:
            if hole.offset > at:
                layout += f"{hole.offset - at}s"
                arguments.append(repr(code[at:hole.offset]))
            value = names[hole.name] + (f" * {hole.scale}" if hole.scale != 1 else "")
            addend = hole.addend
            if hole.kind == "rel":
                value += f" - {chunk}_at"
                addend -= hole.offset + hole.size
                if hole.name == START[chunk]:
                    raise AssertionError("a jump inside a chunk is no hole")
            value += f" {'-' if addend < 0 else '+'} {abs(addend)}" if addend else ""
            layout += _FORMATS[hole.size, hole.signed]
            arguments.append(value)
            values.append((hole, value))
            at = hole.offset + hole.size
        if at < len(code):
            layout += f"{len(code) - at}s"
            arguments.append(repr(code[at:]))
        return _define(parameters, f"pack({', '.join(arguments)})", {"pack": struct.Struct(layout).pack}, values)


def _define(parameters: str, expression: str, names: dict[str, Any], values: list[tuple[TemplateHole, str]] | None = None) -> Pack:
    """A function with these parameters that returns this expression; a value out of range is reported with its hole."""
    if not values:
        return eval(f"lambda {parameters}: {expression}", names)  # type: ignore[no-any-return]

    def overflow(*arguments: Any) -> bytes:
        stored = eval(f"lambda {parameters}: ({', '.join(value for _, value in values)},)")(*arguments)
        for (hole, _), value in zip(values, stored, strict=True):
            bits = 8 * hole.size
            least, greatest = (-1 << bits - 1, (1 << bits - 1) - 1) if hole.signed else (0, (1 << bits) - 1)
            if not least <= value <= greatest:
                raise HoleOverflow(f"{value} does not fit the {hole.size}-byte hole {hole.name} ({hole.kind}) at {hole.chunk}+{hole.offset}")
        raise AssertionError("no hole overflows")

    source = (f"def instantiate({parameters}):\n    try:\n        return {expression}\n"
              f"    except error:\n        return overflow({parameters})\n")
    scope = {**names, "error": struct.error, "overflow": overflow}
    exec(source, scope)
    return scope["instantiate"]  # type: ignore[no-any-return]


class Assembler:
    """Collects the instructions of one template: a method for each mnemonic (`and_`, `or_`, `not_` with an underscore)."""

    def __init__(self) -> None:
        self._chunks = {HOT: _Chunk(), COLD: _Chunk()}
        self._current = HOT
        self._marks: dict[str, Label] = {}
        self.cold = Label("cold")       # start of the cold chunk
        self._place(self.cold, COLD)

    if TYPE_CHECKING:
        def __getattr__(self, name: str) -> Callable[..., None]: ...

    # -- places --
    def bind(self, label: Label) -> None:
        """The label lies here."""
        if label.chunk:
            raise AssemblerError(f"label {label.name!r} is bound twice")
        self._place(label, self._current)

    def _place(self, label: Label, chunk: str) -> None:
        label.chunk, label.item = chunk, len(self._chunks[chunk].items)
        self._chunks[chunk].labels.append(label)

    def mark(self, name: str) -> None:
        """Give this place a name in the finished template's `marks`."""
        self._marks[name] = label = Label(name)
        self.bind(label)

    @contextmanager
    def cold_section(self) -> Iterator[None]:
        """What is assembled inside goes behind the unit's hot code; several sections of a template follow each other."""
        before, self._current = self._current, COLD
        try:
            yield
        finally:
            self._current = before

    # -- instructions --
    def emit(self, mnemonic: str, *operands: Operand | Label | Position) -> None:
        """One instruction."""
        items = self._chunks[self._current].items
        if mnemonic in _JUMPS and len(operands) == 1 and isinstance(operands[0], (Label, Hole)):
            target = operands[0]
            if isinstance(target, Label):
                items.append(_Item(b"", mnemonic=mnemonic, label=target, near=mnemonic == "call"))
            else:
                if target.size != 4:
                    raise AssemblerError(f"the target {target.name} of a jump has 4 bytes")
                code, fields = encode(mnemonic, Hole(target.name))
                items.append(_Item(code, (Field(fields[0].offset, 4, "rel", target),)))
            return
        positions: list[tuple[str, Position]] = []
        plain: list[Operand] = []
        for operand in operands:
            if isinstance(operand, Position):
                name = f"@position{len(positions)}"
                positions.append((name, operand))
                plain.append(Hole(name, size=operand.size))
            elif isinstance(operand, Label):
                raise AssemblerError(f"{mnemonic} takes no label")
            else:
                plain.append(operand)
        code, found = encode(mnemonic, *plain)
        items.append(_Item(code, found, tuple(positions)))

    def jcc(self, condition: str, target: Label | Hole) -> None:
        """Conditional jump."""
        self.emit(f"j{condition}", target)

    def setcc(self, condition: str, target: Operand) -> None:
        """A byte that is 1 if the condition holds, else 0."""
        self.emit(f"set{condition}", target)

    def cmovcc(self, condition: str, target: Operand, source: Operand) -> None:
        """Move if the condition holds."""
        self.emit(f"cmov{condition}", target, source)

    def nop(self, count: int = 1) -> None:
        """`count` bytes that do nothing."""
        while count:
            size = min(count, 9)
            self._chunks[self._current].items.append(_Item(nops(size)))
            count -= size

    # -- finishing --
    def finish(self) -> Template:
        """The template; the assembler is used up."""
        for name, chunk in self._chunks.items():
            for item in chunk.items:
                if item.label is not None:
                    if not item.label.chunk:
                        raise AssemblerError(f"label {item.label.name!r} is not bound")
                    item.near = item.near or item.label.chunk != name
            _relax(chunk)
            for label in chunk.labels:
                label.offset = chunk.offsets[label.item]
        holes: list[TemplateHole] = []
        code = {name: self._join(name, chunk, holes) for name, chunk in self._chunks.items()}
        starts = {name: tuple(chunk.offsets[:-1]) for name, chunk in self._chunks.items()}
        marks = {name: (label.chunk, label.offset) for name, label in self._marks.items()}
        return Template(len(code[HOT]), len(code[COLD]), code[HOT], code[COLD], tuple(holes), starts[HOT], starts[COLD], marks)

    def _join(self, name: str, chunk: _Chunk, holes: list[TemplateHole]) -> bytes:
        parts = []
        for item, start, end in zip(chunk.items, chunk.offsets, chunk.offsets[1:], strict=False):
            if item.label is not None:
                if item.label.chunk == name:
                    parts.append(encode(item.mnemonic, item.label.offset - end)[0] if not item.near else _long(item.mnemonic, item.label.offset - end))
                else:
                    parts.append(_long(item.mnemonic, 0))
                    holes.append(TemplateHole(name, end - 4, 4, START[item.label.chunk], "rel", 1, item.label.offset, True))
                continue
            parts.append(item.code)
            positions = dict(item.positions)
            for found in item.fields:
                at, hole = start + found.offset, found.hole
                if hole.name in positions:
                    label = positions[hole.name].label
                    if not label.chunk:
                        raise AssemblerError(f"label {label.name!r} is not bound")
                    holes.append(TemplateHole(name, at, found.size, START[label.chunk], "imm", 1, label.offset, True))
                else:
                    holes.append(TemplateHole(name, at, found.size, hole.name, found.kind, hole.scale, hole.addend, hole.signed))
        return b"".join(parts)


def _long(mnemonic: str, distance: int) -> bytes:
    """A jump in its long form."""
    code, fields = encode(mnemonic, Hole("distance"))
    return code[:fields[0].offset] + struct.pack("<i", distance)


def _relax(chunk: _Chunk) -> None:
    """Offsets of the chunk's items: jumps start short and grow until every one reaches its label."""
    grown = True
    while grown:
        grown, at, chunk.offsets = False, 0, []
        for item in chunk.items:
            chunk.offsets.append(at)
            if item.label is None:
                at += len(item.code)
            elif not item.near:
                at += 2
            else:
                at += 5 if item.mnemonic in ("jmp", "call") else 6
        chunk.offsets.append(at)
        for position, item in enumerate(chunk.items):
            if item.label is not None and not item.near:
                distance = chunk.offsets[item.label.item] - chunk.offsets[position + 1]
                if not -128 <= distance <= 127:
                    item.near = grown = True


def _method(mnemonic: str) -> Callable[..., None]:
    def method(self: Assembler, *operands: Operand | Label | Position) -> None:
        self.emit(mnemonic, *operands)

    method.__name__ = mnemonic
    return method


for _mnemonic in {row[0] for row in ROWS}:
    setattr(Assembler, _mnemonic + "_" * (_mnemonic in ("and", "or", "not")), _method(_mnemonic))
