"""Tier 1: one pass over the bytecode of a function, a template for each instruction.

    [exact entry] bound entry, hot code | cold code, ways out for exceptions, ways in for the runtime

Sizes of templates do not depend on what fills their holes, so that the first pass lays everything out and the second one
fills it in. Called by service.compiler; depends on nothing but the request and the rows (rows.py). On the way to the first
native code of a program: imports little.
"""
from __future__ import annotations

from struct import Struct

from minivm.spec.native import CLASS_NUMBER, EXACT_LIMIT, GRANULE, INTRINSIC_NAMES
from minivm.spec.opcodes import CODE_FLAGS, OPCODES, POLL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable
    from typing import Any

    # Words, hot and cold size, what fills the template, names of both chunks.
    Row = tuple[int, int, int, Callable[..., tuple[bytes, bytes]], str, str]
    Word = tuple[int, ...]
    # What fills the template, hot place, cold place within the cold code, first and last word, index behind it.
    Item = tuple[Callable[..., tuple[bytes, bytes]], int, int, Word, Word, int]
    Place = tuple[int, int, int, Row]
    Part = tuple[int, int, Callable[..., tuple[bytes, bytes]], dict[str, int]]


class Request:
    """What the compiler knows of a function; service.messages has its encoding.

    words are unsigned 64-bit numbers, exceptions (start, end, handler) in order of precedence, simple_count the number of
    positional arguments that need no binding (a huge number: none does); constants and sites are how many of them there are.
    """

    __slots__ = ("words", "flags", "registers", "simple_count", "exceptions", "constants", "sites")

    def __init__(self, words: array[int] | memoryview, flags: int, registers: int, simple_count: int, exceptions: tuple[tuple[int, int, int], ...],
                 constants: int, sites: int) -> None:
        self.words = words
        self.flags = flags
        self.registers = registers
        self.simple_count = simple_count
        self.exceptions = exceptions
        self.constants = constants
        self.sites = sites


class Unit:
    """A compiled function. Offsets are from the start of `code`; entries are (offset, class), resumes (word index, offset);
    exact is -1 where there is no such entry; `slack` is the padding around hot code and behind cold code."""

    __slots__ = ("code", "entries", "exact", "bound", "resumes", "slack", "_parts")

    def __init__(self, code: bytes, entries: list[tuple[int, int]], exact: int, bound: int, resumes: list[tuple[int, int]], slack: int,
                 parts: Callable[[], tuple[list[Place], list[str]]]) -> None:
        self.code = code
        self.entries = entries
        self.exact = exact
        self.bound = bound
        self.resumes = resumes
        self.slack = slack
        self._parts = parts

    @property
    def places(self) -> list[Place]:
        """(word index, hot offset, cold offset, row) of each instruction, for listings."""
        return self._parts()[0]

    @property
    def chunks(self) -> list[str]:
        """The kinds of chunks that the code consists of, in order (rows.kinds), for tools and tests."""
        return self._parts()[1]


class Compiler:
    """Rows of one runtime and strategy of inline caches. `module` has ROWS, IC and PARTS (see rows.generate)."""

    def __init__(self, module: Any, strategy: str) -> None:
        self.rows: dict[str, Row] = {**module.ROWS, **module.IC[strategy]}
        self.parts: dict[str, Part] = module.PARTS
        self.ic_stubs: tuple[tuple[int, int, str, bool], ...] = module.STUBS[strategy]
        # Rows by opcode; None where the choice needs more than the opcode.
        plain = [None if row.name in _SPECIAL else self.rows.get(row.name) for row in OPCODES]
        self.plain = plain
        self.in_generators = [None if OPCODES[number].name + ":generator" in self.rows else row for number, row in enumerate(plain)]

    def choose(self, w: Word, x: Word, generator: bool) -> Row:
        """The row of an instruction whose opcode has several."""
        name = OPCODES[w[0]].name
        if name == "LOAD_INT":
            return self.rows[name if (w[3] + (1 << 13) & 0xFFFF) < 1 << 14 else name + ":wide"]
        if name in _CALLS:
            guess = x[2] | x[3] << 16
            row = self.rows.get(f"{name}:{INTRINSIC_NAMES[guess]}") if 0 < guess < len(INTRINSIC_NAMES) else None
            if row is not None:
                return row
            return self.rows[name if w[2] + 1 < EXACT_LIMIT else name + ":many"]
        if generator and name + ":generator" in self.rows:
            return self.rows[name + ":generator"]
        return self.rows[name + ":back" if x[3] >> 15 and name + ":back" in self.rows else name]

    def compile(self, request: Request, slack: int = 0) -> Unit:
        """`slack` bytes of padding (below 16) before hot code, behind it and behind cold code move everything else: the same unit with
        other displacements and offsets, for one whose displacements happen to hold bytes that are allowed nowhere."""
        words, generator = request.words, bool(request.flags & _GENERATOR)
        exact = 0 if request.simple_count < EXACT_LIMIT and not generator else -1
        exact_hot, exact_cold, enter_exactly, _ = self.parts["enter_exactly"]
        bound_hot, _, enter_bound, _ = self.parts["enter_bound"]
        bound = _aligned(exact_hot) if exact == 0 else 0
        at = [0] * (len(words) + 1)
        items, points, hot_end, cold_size = self._lay_out(words, generator, at, bound + bound_hot + slack)
        cold = hot_end + slack + (exact_cold if exact == 0 else 0)
        error, again, violation, tails, tail_end = self._lay_out_tails(request, cold + cold_size + slack)
        resumes, pads, end = self._lay_out_ways(points, at, tail_end)
        hot_parts, cold_parts = zip(*[make(place, cold + aside, w, x, pc, at, error, again, violation) for make, place, aside, w, x, pc in items])
        head, head_aside = enter_bound(bound, 0)[0], b""
        if exact == 0:
            start, head_aside = enter_exactly(0, hot_end + slack, request.registers)
            head = start + NOPS[bound - exact_hot] + head
        tail_parts = [(make(place, 0) if handler < 0 else make(place, 0, at[handler]))[0] for place, make, handler in tails]
        code = b"".join((head, NOPS[slack], *hot_parts, NOPS[slack], head_aside, *cold_parts, NOPS[slack], *tail_parts, *pads))
        assert len(code) == end
        entries = [(bound, CLASS_NUMBER["BOUND"])]
        if exact == 0:
            entries.append((0, CLASS_NUMBER[f"EXACT_{request.simple_count}"]))
        entries += [(offset, CLASS_NUMBER["GENERATOR" if generator else "RESUME"]) for _, offset in resumes]
        return Unit(code, entries, exact, bound, resumes, slack, lambda: self._describe(request, slack))

    def _lay_out(self, words: array[int] | memoryview, generator: bool, at: list[int], place: int) -> tuple[list[Item], set[int], int, int]:
        """Places of hot code by word index into `at`, from `place` on; items by instruction; points where the runtime may enter (in
        generators the first instruction too); where hot code ends, the size of cold code."""
        items: list[Item] = []
        points = {0} if generator else set()
        append = items.append
        cold = pc = 0
        by_opcode = self.in_generators if generator else self.plain
        following = _FIELDS(words)
        for w in following:
            row = by_opcode[w[0]]
            at[pc] = place
            if row is None:
                x = next(following) if OPCODES[w[0]].words == 2 else w
                count, hot_size, cold_size, make, _, _ = self.choose(w, x, generator)
                pc += count
                if w[0] in _WAYS_IN:
                    self._ways_in(w, x, pc, points)
            else:
                count, hot_size, cold_size, make, _, _ = row
                x = next(following) if count == 2 else w
                pc += count
            append((make, place, cold, w, x, pc))
            place += hot_size
            cold += cold_size
        return items, points, place, cold

    def _lay_out_tails(self, request: Request, start: int) -> tuple[list[int], list[int], int, list[tuple[int, Callable[..., tuple[bytes, bytes]], int]], int]:
        """Ways out for exceptions: one for each range, one where none covers the place; their offsets by word index."""
        count = len(request.words) + 1
        hot, _, make, marks = self.parts["catch_nothing"]
        tails: list[tuple[int, Callable[..., tuple[bytes, bytes]], int]] = [(start, make, -1)]
        error = [start + marks["error"]] * count
        again = [start + marks["again"]] * count
        place = start + hot
        hot, _, make, marks = self.parts["catch"]
        for first, last, handler in reversed(request.exceptions):      # the first range that covers a word counts
            length = min(last, count) - first
            error[first:first + length] = [place + marks["error"]] * length
            again[first:first + length] = [place + marks["again"]] * length
            tails.append((place, make, handler))
            place += hot
        hot, _, make, _ = self.parts["violate"]
        tails.append((place, make, -1))
        return error, again, place, tails, place + hot

    def _ways_in(self, w: Word, x: Word, pc: int, points: set[int]) -> None:
        """Loop heads, behind yields, at delegations."""
        if w[0] == _YIELD:
            points.add(pc)
        elif w[0] == _YIELD_FROM:
            points.add(pc - 1)
        elif x[3] >> 15:
            points.add(pc + (x[2] | x[3] << 16) - (1 << 32))

    def _lay_out_ways(self, points: set[int], at: list[int], start: int) -> tuple[list[tuple[int, int]], list[bytes], int]:
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
            place = aligned + hot
        return resumes, pads, place

    def _describe(self, request: Request, slack: int) -> tuple[list[Place], list[str]]:
        """Places and kinds of chunks of the unit that compile gives."""
        generator = bool(request.flags & _GENERATOR)
        exact = request.simple_count < EXACT_LIMIT and not generator
        exact_hot, exact_cold, _, _ = self.parts["enter_exactly"]
        start = (_aligned(exact_hot) if exact else 0) + self.parts["enter_bound"][0] + slack
        at = [0] * (len(request.words) + 1)
        items, points, hot_end, cold_size = self._lay_out(request.words, generator, at, start)
        cold = hot_end + slack + (exact_cold if exact else 0)
        by_opcode = self.in_generators if generator else self.plain
        rows = [by_opcode[w[0]] or self.choose(w, x, generator) for _, _, _, w, x, _ in items]
        tail_end = self._lay_out_tails(request, cold + cold_size + slack)[4]
        chunks = [*(("enter_exactly", *_pad_kind(_aligned(exact_hot) - exact_hot)) if exact else ()), "enter_bound", *_pad_kind(slack), *[row[4] for row in rows], *_pad_kind(slack)]
        chunks += [*(("enter_exactly cold",) if exact else ()), *[row[5] for row in rows if row[2]], *_pad_kind(slack)]
        chunks += ["catch_nothing", *len(request.exceptions) * ["catch"], "violate"]
        place = tail_end
        for _, offset in self._lay_out_ways(points, at, tail_end)[0]:
            chunks += [*_pad_kind(offset - place), "resume"]
            place = offset + self.parts["resume"][0]
        return [(pc - row[0], hot, cold + aside, row) for row, (_, hot, aside, _, _, pc) in zip(rows, items, strict=True)], chunks

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
        return Unit(b"".join(code), entries, 0, -1, resumes, 0, lambda: ([], chunks))


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
_WAYS_IN = frozenset((_YIELD, _YIELD_FROM, *(number for number, row in enumerate(OPCODES) if POLL in row.flags)))
_CALLS = ("CALL", "CALL_METHOD")
# Opcodes of which more has to be looked at than the number.
_SPECIAL = frozenset(("LOAD_INT", *_CALLS, *(OPCODES[number].name for number in _WAYS_IN)))
_GENERATOR = CODE_FLAGS["GENERATOR"]
_FIELDS = Struct("<4H").iter_unpack
