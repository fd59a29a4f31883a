"""Tier 1: one pass over the bytecode of a function, a template for each instruction.

    [exact entry] bound entry, hot code | cold code, ways out for exceptions, ways in for the runtime

Sizes of templates do not depend on what fills their holes, so that the first pass lays everything out and the second one
fills it in. Called by service.compiler; depends on nothing but the request and the rows (rows.py). On the way to the first
native code of a program: imports little.
"""
from __future__ import annotations

from array import array

from minivm.spec.native import CLASS_NUMBER, EXACT_LIMIT, GRANULE, INTRINSIC_NAMES
from minivm.spec.opcodes import CODE_FLAGS, OPCODES, POLL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    # Words, hot and cold size, what fills the template, names of both chunks.
    Row = tuple[int, int, int, Callable[..., tuple[bytes, bytes]], str, str]
    # What fills the template, hot place, cold place within the cold code, first and last word, index behind it.
    Item = tuple[Callable[..., tuple[bytes, bytes]], int, int, int, int, int]
    Part = tuple[int, int, Callable[..., tuple[bytes, bytes]], dict[str, int]]


class Request:
    """What the compiler knows of a function; service.messages has its encoding.

    words are unsigned 64-bit numbers, exceptions (start, end, handler) in order of precedence, simple_count the number of
    positional arguments that need no binding (a huge number: none does).
    """

    __slots__ = ("words", "flags", "registers", "simple_count", "exceptions")

    def __init__(self, words: array[int], flags: int, registers: int, simple_count: int, exceptions: tuple[tuple[int, int, int], ...]) -> None:
        self.words = words
        self.flags = flags
        self.registers = registers
        self.simple_count = simple_count
        self.exceptions = exceptions


class Unit:
    """A compiled function. Offsets are from the start of `code`; entries are (offset, class), resumes (word index, offset);
    exact is -1 where there is no such entry. `chunks` names the kinds of chunks that the code consists of, in order: hints
    for the code checker (kinds: rows.kinds)."""

    __slots__ = ("code", "entries", "exact", "bound", "resumes", "rows", "items", "cold", "chunks")

    def __init__(self, code: bytes, entries: list[tuple[int, int]], exact: int, bound: int, resumes: list[tuple[int, int]],
                 rows: list[Row], items: list[Item], cold: int, chunks: list[str]) -> None:
        self.code = code
        self.entries = entries
        self.exact = exact
        self.bound = bound
        self.resumes = resumes
        self.rows = rows
        self.items = items
        self.cold = cold
        self.chunks = chunks

    @property
    def places(self) -> list[tuple[int, int, int, Row]]:
        """(word index, hot offset, cold offset, row) of each instruction, for listings."""
        return [(pc - row[0], place, self.cold + aside, row) for row, (_, place, aside, _, _, pc) in zip(self.rows, self.items)]


class Compiler:
    """Rows of one runtime and strategy of inline caches. `module` has ROWS, IC and PARTS (see rows.generate)."""

    def __init__(self, module: Any, strategy: str) -> None:
        self.rows: dict[str, Row] = {**module.ROWS, **module.IC[strategy]}
        self.parts: dict[str, Part] = module.PARTS
        self.ic_stubs: tuple[tuple[int, int, str, bool], ...] = module.STUBS[strategy]
        # Rows by opcode; None where the choice needs more than the opcode.
        plain = [None if row.name in _SEVERAL else self.rows.get(row.name) for row in OPCODES]
        self.plain = plain
        self.in_generators = [None if OPCODES[number].name + ":generator" in self.rows else row for number, row in enumerate(plain)]

    def choose(self, opcode: int, word: int, second: int, generator: bool) -> Row:
        """The row of an instruction whose opcode has several."""
        name = OPCODES[opcode].name
        if name == "LOAD_INT":
            value = (word >> 32 ^ 0x80000000) - 0x80000000
            return self.rows[name if -(1 << 29) <= value < 1 << 29 else name + ":wide"]
        if name in ("CALL", "CALL_METHOD"):
            row = self.rows.get(f"{name}:{INTRINSIC_NAMES[second >> 32]}") if 0 < second >> 32 < len(INTRINSIC_NAMES) else None
            if row is not None:
                return row
            return self.rows[name if (word >> 32 & 0xFFFF) + 1 < EXACT_LIMIT else name + ":many"]
        if name + ":back" in self.rows:
            return self.rows[name + ":back" if second >> 63 else name]
        return self.rows[name + ":generator" if generator else name]

    def compile(self, request: Request, slack: int = 0) -> Unit:
        """`slack` bytes of padding (below 16) before hot code, behind it and behind cold code move everything else: the same unit with
        other displacements and offsets, for one whose displacements happen to hold bytes that are allowed nowhere."""
        words, generator = request.words, bool(request.flags & CODE_FLAGS["GENERATOR"])
        exact = 0 if request.simple_count < EXACT_LIMIT and not generator else -1
        exact_hot, exact_cold, enter_exactly, _ = self.parts["enter_exactly"]
        bound_hot, _, enter_bound, _ = self.parts["enter_bound"]
        bound = _aligned(exact_hot) if exact == 0 else 0
        at = array("q", bytes(8 * (len(words) + 1)))
        rows, items, hot_end, cold_size = self._lay_out(words, generator, at, bound + bound_hot + slack)
        cold = hot_end + slack
        hot_parts: list[bytes] = []
        cold_parts: list[bytes] = []
        chunks: list[str] = []
        if exact == 0:
            head, aside = enter_exactly(0, cold, request.registers)
            hot_parts += (head, NOPS[bound - exact_hot])
            cold_parts.append(aside)
            chunks += ["enter_exactly", *_pad_kind(bound - exact_hot)]
            cold += exact_cold
        hot_parts += (enter_bound(bound, 0)[0], NOPS[slack])
        chunks += ["enter_bound", *_pad_kind(slack), *[row[4] for row in rows], *_pad_kind(slack)]
        if exact == 0:
            chunks.append("enter_exactly cold")
        chunks += [*[row[5] for row in rows if row[2]], *_pad_kind(slack)]
        error, again, violation, tails, tail_end = self._lay_out_tails(request, cold + cold_size + slack, chunks)
        resumes, pads, end = self._ways_in(words, items, at, tail_end, generator, chunks)

        append, append_cold = hot_parts.append, cold_parts.append
        for make, place, aside, w, x, pc in items:
            hot_code, cold_code = make(place, cold + aside, w, x, pc, at, error, again, violation)
            append(hot_code)
            append_cold(cold_code)
        append(NOPS[slack])
        append_cold(NOPS[slack])
        for place, make, handler in tails:
            append_cold((make(place, 0) if handler < 0 else make(place, 0, at[handler]))[0])
        code = b"".join((*hot_parts, *cold_parts, *pads))
        assert len(code) == end
        entries = [(bound, CLASS_NUMBER["BOUND"])]
        if exact == 0:
            entries.append((0, CLASS_NUMBER[f"EXACT_{request.simple_count}"]))
        entries += [(offset, CLASS_NUMBER["RESUME"]) for _, offset in resumes]
        return Unit(code, entries, exact, bound, resumes, rows, items, cold, chunks)

    def _lay_out(self, words: array[int], generator: bool, at: array[int], place: int) -> tuple[list[Row], list[Item], int, int]:
        """Places of hot code by word index into `at`, from `place` on; rows and items by instruction; where hot code ends, the size
        of cold code."""
        rows: list[Row] = []
        items: list[Item] = []
        append_row, append_item = rows.append, items.append
        cold = pc = 0
        end = len(words)
        by_opcode = self.in_generators if generator else self.plain
        while pc < end:
            word = words[pc]
            row = by_opcode[word & 0xFFFF]
            if row is None:
                opcode = word & 0xFFFF
                row = self.choose(opcode, word, words[pc + 1] if OPCODES[opcode].words == 2 else 0, generator)
            at[pc] = place
            count, hot_size, cold_size, make, _, _ = row
            pc += count
            append_row(row)
            append_item((make, place, cold, word, words[pc - 1], pc))
            place += hot_size
            cold += cold_size
        return rows, items, place, cold

    def _lay_out_tails(self, request: Request, start: int, chunks: list[str],
                       ) -> tuple[array[int], array[int], int, list[tuple[int, Callable[..., tuple[bytes, bytes]], int]], int]:
        """Ways out for exceptions: one for each range, one where none covers the place; their offsets by word index."""
        count = len(request.words) + 1
        hot, _, make, marks = self.parts["catch_nothing"]
        chunks.append("catch_nothing")
        tails: list[tuple[int, Callable[..., tuple[bytes, bytes]], int]] = [(start, make, -1)]
        error = array("q", (start + marks["error"],)) * count
        again = array("q", (start + marks["again"],)) * count
        place = start + hot
        hot, _, make, marks = self.parts["catch"]
        for first, last, handler in reversed(request.exceptions):      # the first range that covers a word counts
            length = min(last, count) - first
            error[first:first + length] = array("q", (place + marks["error"],)) * length
            again[first:first + length] = array("q", (place + marks["again"],)) * length
            tails.append((place, make, handler))
            chunks.append("catch")
            place += hot
        hot, _, make, _ = self.parts["violate"]
        tails.append((place, make, -1))
        chunks.append("violate")
        return error, again, place, tails, place + hot

    def _ways_in(self, words: array[int], items: list[Item], at: array[int], start: int, generator: bool, chunks: list[str],
                 ) -> tuple[list[tuple[int, int]], list[bytes], int]:
        """Loop heads, behind yields, at delegations; in generators also the first instruction."""
        points = {0} if generator else set()
        for _, _, _, word, second, pc in items:
            opcode = word & 0xFFFF
            if opcode in _JUMPS_BACK:
                if second >> 63:
                    points.add(pc + (second >> 32) - (1 << 32))
            elif opcode == _YIELD:
                points.add(pc)
            elif opcode == _YIELD_FROM:
                points.add(pc - 1)
        if not points:
            return [], [], start
        hot, _, resume, _ = self.parts["resume"]
        pads: list[bytes] = []
        resumes = []
        place = start
        for point in sorted(points):
            aligned = _aligned(place)
            pads.append(NOPS[aligned - place])
            pads.append(resume(aligned, 0, at[point])[0])
            resumes.append((point, aligned))
            chunks += [*_pad_kind(aligned - place), "resume"]
            place = aligned + hot
        return resumes, pads, place

    def stubs(self) -> Unit:
        """The unit of the stubs for functions that have none of their own: entries EXACT_0.., 16 bytes apart; then those of inline
        caches, told by `resumes`: (number of site and record kind, offset)."""
        jump_size, _, stub, _ = self.parts["stub"]
        interpret = self.parts["interpret"][2]
        body = EXACT_LIMIT * GRANULE
        code = [stub(number * GRANULE, 0, body)[0] + NOPS[GRANULE - jump_size] for number in range(EXACT_LIMIT)]
        entries = [(number * GRANULE, CLASS_NUMBER[f"EXACT_{number}"]) for number in range(EXACT_LIMIT)]
        chunks = [*EXACT_LIMIT * ["stub", *_pad_kind(GRANULE - jump_size)], "interpret"]
        code.append(interpret(body, 0)[0])
        resumes = []
        place, miss = body + len(code[-1]), 0
        for entry_class, number, name, misses in self.ic_stubs:
            size, _, make, _ = self.parts[name]
            at = _aligned(place)
            if number % 16 == 0:
                miss = at
            code += (NOPS[at - place], make(at, 0, miss)[0] if misses else make(at, 0)[0])
            chunks += [*_pad_kind(at - place), name]
            entries.append((at, entry_class))
            resumes.append((number, at))
            place = at + size
        return Unit(b"".join(code), entries, 0, -1, resumes, [], [], 0, chunks)


def _pad_kind(count: int) -> list[str]:
    """The kind of so much padding, if it is any."""
    return [f"pad {count}"] if count else []


def _aligned(offset: int) -> int:
    return -(-offset // GRANULE) * GRANULE


# Padding between parts: the longest nops first (Intel's recommended forms).
_NOP = (b"", b"\x90", b"\x66\x90", b"\x0f\x1f\x00", b"\x0f\x1f\x40\x00", b"\x0f\x1f\x44\x00\x00", b"\x66\x0f\x1f\x44\x00\x00",
        b"\x0f\x1f\x80\x00\x00\x00\x00", b"\x0f\x1f\x84\x00\x00\x00\x00\x00", b"\x66\x0f\x1f\x84\x00\x00\x00\x00\x00")
NOPS = tuple(_NOP[9] * (count // 9) + _NOP[count % 9] for count in range(GRANULE))
_NUMBER = {row.name: number for number, row in enumerate(OPCODES)}
_YIELD, _YIELD_FROM = _NUMBER["YIELD"], _NUMBER["YIELD_FROM"]
_JUMPS_BACK = frozenset(number for number, row in enumerate(OPCODES) if POLL in row.flags)
_SEVERAL = frozenset(("LOAD_INT", "CALL", "CALL_METHOD", *(row.name for row in OPCODES if POLL in row.flags and not row.name.startswith("FOR_")
                                                          and row.name != "JUMP_BACK")))
