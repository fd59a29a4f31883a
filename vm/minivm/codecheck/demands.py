"""What a unit must be, given the bytecode that it is made from: byte for byte.

Called by the service for every unit, after the digest was taken over the same bytes. ``Demands`` puts the unit together
once more, by ``spec/templates.py``, from templates that were judged by the policy when minivm was built (``proofs.py``, which
writes the functions that are used here). A unit passes if it is the same. So nothing of what the compiler says of a unit
is trusted, but for the number of bytes of padding that it was free to choose. What a template alone does not show is tested
for each instance by its function: numbers of registers, constants and sites against what the function has.

The bytecode was verified before anything was asked of the compiler; here it is used as if it were not: whatever it says, a
unit that passes keeps to the policy. On the way to the first native code of a program: imports neither decoder nor analysis.
"""
from __future__ import annotations

from struct import Struct
from struct import error as StructError  # noqa: N812

from minivm.codecheck.forbidden import refuse_forbidden
from minivm.codecheck.verdict import CodeRefused
from minivm.spec import codepolicy, templates
from minivm.spec.native import CLASS_NUMBER, EXACT_LIMIT, GRANULE
from minivm.spec.opcodes import CODE_FLAGS, OPCODES, POLL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, Protocol

    Fill = Callable[..., tuple[bytes, bytes]]
    Word = tuple[int, ...]
    # What makes the chunks, where the hot one lies, where the cold one within cold code; first and last word, index behind it.
    Item = tuple[Fill, int, int, Word, Word, int]
    # Words, length of the hot and the cold chunk, what makes both, whether control reaches the end of the hot one.
    Row = tuple[int, int, int, Fill, bool]

    class Task(Protocol):
        """What is asked: bytecode that was verified and what is known of its function (baseline.unit.Request has the meanings)."""

        words: array[int] | memoryview
        flags: int
        registers: int
        simple_count: int
        exceptions: tuple[tuple[int, int, int], ...]
        constants: int
        sites: int

    class Unit(Protocol):
        """What is judged. `slack` is the padding around hot code and behind cold code."""

        code: bytes
        entries: list[tuple[int, int]]
        exact: int
        bound: int
        resumes: list[tuple[int, int]]
        slack: int

_GENERATOR = CODE_FLAGS["GENERATOR"]
_BOUND, _RESUME, _GENERATES, _EXACT = (CLASS_NUMBER[name] for name in ("BOUND", "RESUME", "GENERATOR", "EXACT_0"))
_WIDEST = codepolicy.WIDEST
_JUMP, _GUESS = templates.JUMP, templates.GUESS
_LOOPS, _BEHIND, _ITSELF = 1, 2, 3        # where the runtime may enter: at the target of a jump back, behind the instruction, at it
_FIELDS = Struct("<4H").iter_unpack


class Demands:
    """What the units of one runtime and strategy of inline caches must be. `proved` is a module that proofs.generate wrote."""

    def __init__(self, proved: Any, strategy: str, record_size: int) -> None:
        rows: Mapping[str, Row] = proved.ROWS[strategy]
        self.parts: Mapping[str, tuple[int, int, Fill]] = proved.PARTS
        self.marks: Mapping[str, Mapping[str, int]] = proved.MARKS
        self.pads: Sequence[bytes] = proved.PADS
        self.stub_unit: tuple[bytes, list[tuple[int, int]]] = proved.STUBS[strategy]
        self.record_size = record_size
        # Rows by opcode, for functions and for generators; None where there is more to look at than the opcode.
        self.plain: list[Row | None] = []
        self.in_generators: list[Row | None] = []
        self.several: dict[int, tuple[tuple[tuple[Callable[[Word, Word], bool], Row], ...], Row, Row, int, Mapping[int, Row]]] = {}
        for number, opcode in enumerate(OPCODES):
            row = rows.get(opcode.name)
            inside = rows.get(f"{opcode.name}:{templates.IN_GENERATORS}", row)
            variants = tuple([(pick, rows[f"{opcode.name}:{name}"]) for name, pick in proved.PICKS.items() if f"{opcode.name}:{name}" in rows])
            point = _LOOPS if POLL in opcode.flags else {"YIELD": _BEHIND, "YIELD_FROM": _ITSELF}.get(opcode.name, 0)
            guesses = {guess: rows[f"{opcode.name}:{name}"] for guess, name in templates.GUESSES.items() if f"{opcode.name}:{name}" in rows} if opcode.name in templates.GUESSING else {}
            if row is not None and inside is not None:
                self.several[number] = variants, row, inside, point, guesses
            special = variants or guesses or point
            self.plain.append(None if special else row)
            self.in_generators.append(None if special else inside)

    def check_stubs(self, unit: Unit) -> None:
        """The unit of stubs must be the one that was judged when minivm was built."""
        if type(unit.code) is not bytes or (unit.code, unit.entries) != self.stub_unit:
            raise CodeRefused(0, "bytecode", "not the unit of stubs")

    def check(self, unit: Unit, task: Task) -> None:
        """Raises CodeRefused unless the unit is what the bytecode demands and keeps to the policy."""
        code = unit.code
        if type(code) is not bytes:
            raise TypeError("a unit is bytes: what is checked must not change")
        refuse_forbidden(code)
        try:
            hot, cold, around, entries, resumes, exact, bound = self.unit(task, unit.slack)
        except (LookupError, StructError, StopIteration, ValueError, TypeError) as problem:
            raise CodeRefused(0, "bytecode", f"no unit can be made of this bytecode: {type(problem).__name__}: {problem}") from None
        if b"".join((*hot, *cold, *around)) != code:
            raise _difference(code, hot, cold, around)
        if entries != unit.entries or resumes != unit.resumes or exact != unit.exact or bound != unit.bound:
            raise CodeRefused(0, "entry", "not the entries and ways in that the bytecode demands")

    def unit(self, task: Task, slack: int) -> tuple[Sequence[bytes], Sequence[bytes], list[bytes], list[tuple[int, int]], list[tuple[int, int]], int, int]:
        """Hot chunks, cold chunks, those behind them, entries, resumes, the exact and the bound entry."""
        words, generator, registers = task.words, bool(task.flags & _GENERATOR), task.registers
        frame, constants, records = 8 * registers, 8 * task.constants, self.record_size * task.sites
        if frame > _WIDEST["frame"] or constants > _WIDEST["constants"] or records > _WIDEST["records"] or len(words) >= _WIDEST["words"]:
            raise ValueError("more registers, constants, sites or words than the policy knows bounds for")
        parts, pads = self.parts, self.pads
        pad = pads[slack]
        first_hot, first_cold, enter_exactly = parts["enter_exactly"]
        bound_length, _, enter_bound = parts["enter_bound"]
        exact = 0 if task.simple_count < EXACT_LIMIT and not generator else -1
        bound = -(-first_hot // GRANULE) * GRANULE if exact == 0 else 0

        items, at, points, hot_end, cold_size = self._lay_out(words, generator, bound + bound_length + slack)
        cold_start = hot_end + slack + (first_cold if exact == 0 else 0)
        tails = cold_start + cold_size + slack

        behind: list[bytes] = [pad]
        error, again, place = self._catches(task.exceptions, len(words), tails, at, behind)
        violate_length, _, violate = parts["violate"]
        behind.append(violate(place, 0)[0])
        violation, place = place, place + violate_length
        resumes = []
        if generator:
            points.add(0)
        if points:
            length, _, resume = parts["resume"]
            for point in sorted(points):
                aligned = -(-place // GRANULE) * GRANULE
                behind.append(pads[aligned - place])
                behind.append(resume(aligned, 0, at[point])[0])
                resumes.append((point, aligned))
                place = aligned + length

        hot, cold = zip(*[fill(h, c + cold_start, w, x, pc, at, error, again, violation, frame, constants, records) for fill, h, c, w, x, pc in items], strict=True)
        entries = [(bound, _BOUND)]
        head, aside = enter_bound(bound, 0)[0], b""
        if exact == 0:
            entries.append((0, _EXACT + task.simple_count))
            start, aside = enter_exactly(0, hot_end + slack, registers)
            head = start + pads[bound - first_hot] + head
        entries += [(place, _GENERATES if generator else _RESUME) for _, place in resumes]
        return (head, pad, *hot, pad), (aside, *cold), behind, entries, resumes, exact, bound

    def _lay_out(self, words: array[int] | memoryview, generator: bool, place: int) -> tuple[list[Item], dict[int, int], set[int], int, int]:
        """From `place` on: the instructions, their places by word index, the points where the runtime may enter, where hot code ends,
        the size of cold code."""
        plain = self.in_generators if generator else self.plain
        items: list[Item] = []
        at: dict[int, int] = {}
        points: set[int] = set()
        add = items.append
        pc = cold_place = 0
        falls = True
        following = _FIELDS(words)
        for w in following:
            row = plain[w[0]]
            at[pc] = place
            if row is not None:
                count, hot, cold, fill, falls = row
                x = w if count == 1 else next(following)
                pc += count
            else:
                variants, outside, inside, point, guesses = self.several[w[0]]
                row = inside if generator else outside
                x = w if row[0] == 1 else next(following)
                for pick, other in variants:
                    if pick(w, x):
                        row = other
                if guesses:
                    row = guesses.get(_GUESS.value(w, x), row)
                count, hot, cold, fill, falls = row
                pc += count
                if point == _LOOPS:
                    jump = _JUMP.value(w, x)
                    if jump < 0:
                        points.add(pc + jump)
                elif point:
                    points.add(pc if point == _BEHIND else pc - count)
            add((fill, place, cold_place, w, x, pc))
            place += hot
            cold_place += cold
        if falls:
            raise CodeRefused(0, "flow", "control runs over the end of the bytecode")
        return items, at, points, place, cold_place

    def _catches(self, exceptions: tuple[tuple[int, int, int], ...], count: int, place: int, at: Mapping[int, int], behind: list[bytes]) -> tuple[list[int], list[int], int]:
        """Where exceptions go by word index, and where the code of that ends."""
        length, _, fill = self.parts["catch_nothing"]
        marks = self.marks["catch_nothing"]
        error, again = [place + marks["error"]] * (count + 1), [place + marks["again"]] * (count + 1)
        behind.append(fill(place, 0)[0])
        place += length
        if exceptions:
            length, _, fill = self.parts["catch"]
            marks = self.marks["catch"]
            for first, last, handler in reversed(exceptions):       # of ranges that overlap the first one counts
                last = max(first, min(last, count + 1))
                error[first:last] = [place + marks["error"]] * (last - first)
                again[first:last] = [place + marks["again"]] * (last - first)
                behind.append(fill(place, 0, at[handler])[0])
                place += length
        return error, again, place


def _difference(code: bytes, hot: Sequence[bytes], cold: Sequence[bytes], around: Sequence[bytes]) -> CodeRefused:
    """Where the unit first differs from what it must be."""
    at = 0
    for name, chunks in (("hot", hot), ("cold", cold), ("last", around)):
        for number, chunk in enumerate(chunks):
            if code[at:at + len(chunk)] != chunk:
                where = next((number for number, byte in enumerate(chunk) if code[at + number:at + number + 1] != bytes((byte,))), 0)
                return CodeRefused(at + where, "bytecode", f"not what the bytecode demands, in {name} chunk {number} at {where}")
            at += len(chunk)
    return CodeRefused(at, "bytecode", "the unit is longer than its bytecode demands")


def refuse(at: int, rule: str, text: str) -> None:
    """For the functions that proofs.generate writes."""
    raise CodeRefused(at, rule, text)


def fingerprint() -> str:
    """Of what the proofs rest on: the policy as data and the table of what holes hold."""
    try:
        from _blake2 import blake2b  # hashlib would load OpenSSL besides
    except ImportError:
        from hashlib import blake2b

    names = [(module, name) for module in (codepolicy, templates) for name in sorted(vars(module)) if name.isupper()]
    return blake2b(repr([(name, _described(getattr(module, name))) for module, name in names]).encode(), digest_size=16).hexdigest()


def _described(value: Any) -> object:
    kind = type(value)
    if kind is str or kind is int:
        return value
    if kind is dict:
        return [(key, _described(item)) for key, item in sorted(value.items())]
    if kind is tuple:
        return [_described(item) for item in value]
    if kind is frozenset:
        return sorted(value)
    slots = getattr(kind, "__slots__", ())
    return [_described(getattr(value, name)) for name in slots] if slots else value
