"""Tier 1: one pass over the bytecode of a function, a template for each instruction.

    [exact entry] bound entry, hot code | cold code, ways out for exceptions, ways in for the runtime

Sizes of templates do not depend on what fills their holes, so that the first pass lays everything out and the second one
fills it in. Called by service.compile; depends on nothing but the request.
"""
from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import minivm.baseline.arithmetic  # noqa: F401  registers templates
from minivm.asm import COLD, HOT, Template, TemplateHole, nops
from minivm.baseline import calls
from minivm.baseline.caches import STRATEGIES
from minivm.baseline.forms import Form
from minivm.baseline.templates import TEMPLATES, Writer
from minivm.spec.native import CLASS_NUMBER, EXACT_LIMIT, GRANULE
from minivm.spec.opcodes import CODE_FLAGS, OPCODES, POLL

NO_SIMPLE_CALL = 0xFFFFFFFF

# How a hole gets its value: an expression over w, x (the words), pc (index behind the instruction), at (hot places by word
# index), error (tails by word index). Operands are fields of the words.
_VALUES = {
    "a": "(w >> 16 & 0xFFFF)", "b": "(w >> 32 & 0xFFFF)", "c": "(w >> 48)", "bc": "(w >> 32)",
    "imm_b": "((w >> 32 & 0xFFFF ^ 0x8000) - 0x8000)", "imm_c": "((w >> 48 ^ 0x8000) - 0x8000)", "imm_bc": "((w >> 32 ^ 0x80000000) - 0x80000000)",
    "site": "(x & 0xFFFFFFFF)", "next": "pc", "violation": "violation",
    "nargs": "(w >> 32 & 0xFFFF)", "nargs_self": "((w >> 32 & 0xFFFF) + 1)",
    "entry_class": f"((w >> 32 & 0xFFFF) + {CLASS_NUMBER['EXACT_0']})", "entry_class_self": f"((w >> 32 & 0xFFFF) + {CLASS_NUMBER['EXACT_0'] + 1})",
    "error": "error[pc - 1]", "again": "again[pc - 1]",
    "target": "at[t]", "target_next": "(t + 1)", "target_error": "error[t]",
}
_USES_TARGET = {"target", "target_next", "target_error"}


class Request(NamedTuple):
    """What the compiler knows of a function: see service.messages for its encoding."""

    words: array[int]                       # of unsigned 64-bit numbers
    flags: int
    registers: int
    simple_count: int
    exceptions: tuple[tuple[int, int, int], ...]   # start, end, handler, in order of precedence


class Entry(NamedTuple):
    offset: int
    entry_class: int


class Unit(NamedTuple):
    """A compiled function: offsets are from the start of `code`."""

    code: bytes
    entries: tuple[Entry, ...]
    exact: int                              # -1: none
    bound: int
    resumes: tuple[tuple[int, int], ...]    # word index, offset
    chunks: list[str]                       # kinds of the chunks that the code consists of, in order: see Compiler.kinds


class Kind(NamedTuple):
    """A kind of chunk: code with zeros in the holes, and the holes. What the code checker is told."""

    code: bytes
    holes: tuple[TemplateHole, ...]


@dataclass(frozen=True)
class Row:
    """A template made ready: sizes and the functions that fill it."""

    name: str
    words: int
    hot: int
    cold: int
    make: Callable[..., tuple[bytes, bytes]]
    template: Template
    hot_kind: str
    cold_kind: str


class Compiler:
    """Templates of one layout and strategy. Rows are made when first needed."""

    def __init__(self, layout: dict[str, int], strategy: str = "data") -> None:
        self.layout = layout
        self.templates = {**TEMPLATES, **STRATEGIES[strategy]}
        self.rows: dict[str, Row] = {}
        self.kinds: dict[str, Kind] = {}
        self.by_opcode: list[Row | None] = [None] * len(OPCODES)

    def assemble(self, writer: Writer) -> Template:
        form = Form(self.layout)
        writer(form)
        return form.finish()

    def row(self, name: str) -> Row:
        row = self.rows.get(name)
        if row is None:
            template = self.assemble(self.templates[name])
            words = OPCODES_BY_NAME[name.partition(":")[0]].words
            row = self.rows[name] = Row(name, words, template.hot, template.cold, _filler(template), template, name, name + " cold")
            self._name_kinds(name, template)
        return row

    @cache
    def part(self, name: str) -> tuple[Template, Callable[..., bytes], Callable[..., bytes], tuple[str, ...]]:
        """A template of calls.py that stands around units: itself, what fills its chunks, its holes in order."""
        template = self.assemble(getattr(calls, name))
        self._name_kinds(name, template)
        holes = tuple(sorted({hole.name for hole in template.holes if not hole.name.startswith("@")}))
        return template, *template.bind(holes), holes

    def _name_kinds(self, name: str, template: Template) -> None:
        self.kinds[name] = Kind(template.hot_code, tuple(hole for hole in template.holes if hole.chunk == HOT))
        self.kinds[name + " cold"] = Kind(template.cold_code, tuple(hole for hole in template.holes if hole.chunk == COLD))

    def pad(self, start: int, end: int) -> list[str]:
        """The kind of the padding between these places, if there is any."""
        if start == end:
            return []
        name = f"pad {end - start}"
        self.kinds[name] = Kind(nops_to(start, end), ())
        return [name]

    def choose(self, opcode: int, word: int, second: int, generator: bool) -> Row:
        """The row of an instruction whose opcode has several."""
        name = OPCODES[opcode].name
        if name == "LOAD_INT":
            value = (word >> 32 ^ 0x80000000) - 0x80000000
            return self.row(name if -(1 << 29) <= value < 1 << 29 else name + ":wide")
        if name in ("CALL", "CALL_METHOD"):
            return self.row(name if (word >> 32 & 0xFFFF) + 1 < EXACT_LIMIT else name + ":many")
        if name + ":back" in self.templates:
            return self.row(name + ":back" if second >> 63 else name)
        return self.row(name + ":generator" if generator else name)

    def compile(self, request: Request) -> Unit:
        words, generator = request.words, bool(request.flags & CODE_FLAGS["GENERATOR"])
        rows, places, size = self._lay_out(words, generator)
        exact = -1
        head: list[bytes] = []
        chunks: list[str] = []
        at_start = 0
        cold_parts: list[bytes] = []
        if request.simple_count < EXACT_LIMIT and not generator:
            exact = 0
            template, hot, cold, _ = self.part("enter_exactly")
            at_start = _aligned(template.hot)
        bound = at_start
        bound_template, bound_hot, _, _ = self.part("enter_bound")
        base = bound + bound_template.hot
        cold_at = base + size
        if exact == 0:
            head.append(hot(0, cold_at, request.registers))
            head.append(nops_to(template.hot, at_start))
            chunks += ["enter_exactly", *self.pad(template.hot, at_start)]
            cold_parts.append(cold(0, cold_at, request.registers))
            cold_at += template.cold
        head.append(bound_hot(bound, 0))
        chunks.append("enter_bound")
        chunks += [row.hot_kind for row in rows]
        if exact == 0:
            chunks.append("enter_exactly cold")
        chunks += [row.cold_kind for row in rows if row.cold]

        at = array("q", bytes(8 * (len(words) + 1)))
        colds = []
        place = base
        for word, row in zip(places, rows, strict=True):
            at[word] = place
            place += row.hot
            colds.append(cold_at)
            cold_at += row.cold
        error, again, violation, tails, tail_end = self._lay_out_tails(request, cold_at, chunks)
        resumes, pads, end = self._resumes(request, rows, places, at, tail_end, generator, chunks)

        hot_parts = head
        append, append_cold = hot_parts.append, cold_parts.append
        for word, row, cold_place in zip(places, rows, colds, strict=True):
            w = words[word]
            pc = word + row.words
            x = words[pc - 1]
            hot_code, cold_code = row.make(at[word], cold_place, w, x, pc, at, error, again, violation)
            append(hot_code)
            if cold_code:
                append_cold(cold_code)
        code = b"".join((*hot_parts, *cold_parts, *(make(at) for make in tails), *pads))
        assert len(code) == end
        entries = [Entry(bound, CLASS_NUMBER["BOUND"])]
        if exact == 0:
            entries.append(Entry(0, CLASS_NUMBER[f"EXACT_{request.simple_count}"]))
        entries += [Entry(offset, CLASS_NUMBER["RESUME"]) for _, offset in resumes]
        return Unit(code, tuple(entries), exact, bound, tuple(resumes), chunks)

    def _lay_out(self, words: array[int], generator: bool) -> tuple[list[Row], list[int], int]:
        rows: list[Row] = []
        places: list[int] = []
        size, pc, end = 0, 0, len(words)
        by_opcode, several = self.by_opcode, _several(generator)
        while pc < end:
            word = words[pc]
            opcode = word & 0xFFFF
            row = by_opcode[opcode]
            if row is None or opcode in several:
                if opcode in several:
                    second = words[pc + 1] if OPCODES[opcode].words == 2 else 0
                    row = self.choose(opcode, word, second, generator and opcode in _BY_GENERATOR)
                else:
                    row = by_opcode[opcode] = self.row(OPCODES[opcode].name)
            rows.append(row)
            places.append(pc)
            size += row.hot
            pc += row.words
        return rows, places, size

    def _lay_out_tails(self, request: Request, start: int, chunks: list[str],
                       ) -> tuple[array[int], array[int], int, list[Callable[..., bytes]], int]:
        """Ways out for exceptions: one for each range that covers something, one where none does; places by word index."""
        count = len(request.words) + 1
        ranges = [-1] * count
        for number in range(len(request.exceptions) - 1, -1, -1):      # the first range that covers a word counts
            first, last, _ = request.exceptions[number]
            ranges[first:last] = [number] * (last - first)
        makers: list[Callable[..., bytes]] = []
        errors: dict[int, int] = {}
        agains: dict[int, int] = {}
        place = start
        for number in sorted(set(ranges)):
            chunks.append("catch_nothing" if number < 0 else "catch")
            template, hot, _, _ = self.part(chunks[-1])
            errors[number] = place + template.marks["error"][1]
            agains[number] = place + template.marks["again"][1]
            if number < 0:
                makers.append(lambda at, hot=hot, place=place: hot(place, 0))
            else:
                handler = request.exceptions[number][2]
                makers.append(lambda at, hot=hot, place=place, handler=handler: hot(place, 0, at[handler]))
            place += template.hot
        chunks.append("violate")
        template, hot, _, _ = self.part("violate")
        makers.append(lambda at, hot=hot, place=place: hot(place, 0))
        violation = place
        place += template.hot
        return array("q", map(errors.__getitem__, ranges)), array("q", map(agains.__getitem__, ranges)), violation, makers, place

    def _resumes(self, request: Request, rows: list[Row], places: list[int], at: array[int], start: int, generator: bool,
                 chunks: list[str]) -> tuple[list[tuple[int, int]], list[bytes], int]:
        """Ways in: loop heads, behind yields, at delegations; in generators also the first instruction."""
        words = request.words
        points = {0} if generator else set()
        for word, row in zip(places, rows, strict=True):
            opcode = words[word] & 0xFFFF
            if opcode in _JUMPS_BACK:
                second = words[word + 1]
                if second >> 63:
                    points.add(word + 2 + (second >> 32) - (1 << 32))
            elif opcode == _YIELD:
                points.add(word + 1)
            elif opcode == _YIELD_FROM:
                points.add(word)
        template, hot, _, _ = self.part("resume")
        pads: list[bytes] = []
        resumes = []
        place = start
        for point in sorted(points):
            aligned = _aligned(place)
            pads.append(nops_to(place, aligned))
            pads.append(hot(aligned, 0, at[point]))
            chunks += [*self.pad(place, aligned), "resume"]
            resumes.append((point, aligned))
            place = aligned + template.hot
        return resumes, pads, place

    def stubs(self) -> Unit:
        """The unit of the stubs for functions that have none of their own: entries EXACT_0.., 16 bytes apart."""
        template, hot, _, _ = self.part("interpret")
        body = _aligned(EXACT_LIMIT * GRANULE)
        parts = []
        chunks: list[str] = []
        for number in range(EXACT_LIMIT):
            jump, jump_hot, _, _ = self.part("stub")
            parts += [jump_hot(number * GRANULE, 0, body), nops_to(jump.hot, GRANULE)]
            chunks += ["stub", *self.pad(jump.hot, GRANULE)]
        parts.append(hot(body, 0))
        chunks.append("interpret")
        entries = tuple(Entry(number * GRANULE, CLASS_NUMBER[f"EXACT_{number}"]) for number in range(EXACT_LIMIT))
        return Unit(b"".join(parts), entries, 0, -1, (), chunks)


def _filler(template: Template) -> Callable[..., tuple[bytes, bytes]]:
    """make(hot_at, cold_at, w, x, pc, at, error, again, violation) -> both chunks."""
    holes = tuple(sorted({hole.name for hole in template.holes if not hole.name.startswith("@")}))
    hot, cold = template.bind(holes)
    arguments = "".join(f", {_VALUES[hole]}" for hole in holes)
    body = "    t = pc + ((x >> 32 ^ 0x80000000) - 0x80000000)\n" if _USES_TARGET & set(holes) else ""
    if template.cold:
        result = f"hot(hot_at, cold_at{arguments}), cold(hot_at, cold_at{arguments})"
    else:
        result = f"hot(hot_at, cold_at{arguments}), b''"
    scope: dict[str, Callable[..., tuple[bytes, bytes]]] = {"hot": hot, "cold": cold}  # type: ignore[dict-item]
    exec(f"def make(hot_at, cold_at, w, x, pc, at, error, again, violation):\n{body}    return {result}\n", scope)
    return scope["make"]


def _aligned(offset: int) -> int:
    return -(-offset // GRANULE) * GRANULE


@cache
def nops_to(start: int, end: int) -> bytes:
    return nops(end - start) if end > start else b""


OPCODES_BY_NAME = {row.name: row for row in OPCODES}
_NUMBER = {row.name: number for number, row in enumerate(OPCODES)}
_YIELD, _YIELD_FROM = _NUMBER["YIELD"], _NUMBER["YIELD_FROM"]
_JUMPS_BACK = frozenset(number for number, row in enumerate(OPCODES) if POLL in row.flags)
_BY_GENERATOR = frozenset(_NUMBER[name] for name in ("LOAD_FREE", "RETURN", "RETURN_NONE"))


@cache
def _several(generator: bool) -> frozenset[int]:
    """Opcodes whose template depends on more than the opcode."""
    names = {"LOAD_INT", "CALL", "CALL_METHOD"} | {name.partition(":")[0] for name in TEMPLATES if name.endswith(":back")}
    return frozenset(_NUMBER[name] for name in names) | (_BY_GENERATOR if generator else frozenset())
