"""Holds a piece of code against the policy once, and says what is left to test for every piece that differs only in holes.

``analyse`` decodes all of a chunk (a template's hot or cold part, or a whole unit) and applies every rule that can be decided
inside it. What is left depends on the place and on the holes: each hole of a Shape has a Limit, branches that leave the
chunk and checked branches are listed; ``check.py`` tests them for a whole unit at once. Holes come from hints: each must
coincide with a displacement, immediate or branch distance as decoded here, so that a hint can hide nothing.
"""
from __future__ import annotations

import struct
from collections import namedtuple

from minivm.codecheck.decode import NUMBER, RBP, RSP, Field, Instruction, Memory, Register, decode
from minivm.codecheck.instructions import ENDS
from minivm.codecheck.policy import HoleSpec, Pattern, Policy, masked
from minivm.codecheck.verdict import CodeRefused
from minivm.spec import codepolicy
from minivm.spec.native import FROZEN_BYTES, HELPER_NUMBER, PINNED, SCRATCH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

# Where an instruction stands: outside the unit's frame or inside; DEFAULT: as its first instruction suggests.
DEFAULT, OUTSIDE, INSIDE = 0, 1, 2

_PINNED = frozenset(NUMBER[name] for name in PINNED)
_SCRATCH = frozenset(NUMBER[name] for name in SCRATCH)
_RULES = {NUMBER[name]: rule for name, rule in codepolicy.MEMORY.items()}
_CHECK = [Pattern(text) for text in codepolicy.CHECK]
_REFUSED = [Pattern(text) for text in codepolicy.REFUSED]
_BASE_MOVES = [Pattern(text) for text in codepolicy.BASE_MOVES]
_STACK_TESTS = [Pattern(text) for text in codepolicy.STACK_TESTS]
_HELPER_CALL = Pattern(codepolicy.HELPER_CALL)
_RELOAD_FROM = Pattern(codepolicy.RELOAD_FROM)
_RELOAD = {scratch: [Pattern(text, scratch) for text in codepolicy.RELOAD] for scratch in SCRATCH}
_NUMBERS = [(Pattern(text), bound) for text, bound in codepolicy.NUMBERS]
_NEVER_RETURNS = frozenset(8 * HELPER_NUMBER[name] for name in codepolicy.NEVER_RETURNS)
_TRAPS = ("ud2", "int3")
_FORMATS = {(1, True): "b", (1, False): "B", (2, True): "h", (2, False): "H", (4, True): "i", (4, False): "I", (8, True): "q", (8, False): "Q"}
_REGION = NUMBER["r15"]
_BASE = NUMBER["rbx"]


# What is to be tested of a hole's value: below a bound of the unit; a place inside the frame; within the frame either way;
# a class that call sites may name; a certain place in the other chunk of the template; the offset of a branch (NAMED).
FREE, FRAME, CONSTANTS, RECORDS, WORDS, BRANCH, WINDOW, CLASS, OWN, NAMED = range(10)
_BOUNDED = {"frame": FRAME, "constants": CONSTANTS, "records": RECORDS, "words": WORDS}


class Number(namedtuple("Number", "hole value")):
    """A number of an instance: the value of a hole, or the same in all instances."""

    __slots__ = ()

    hole: int               # -1: none
    value: int              # added to the hole's


class Tested(namedtuple("Tested", "kind at end target state")):
    """A hole that is tested: what for, where it lies, where its instruction ends; of kind OWN its target and the state there."""

    __slots__ = ()

    kind: int
    at: int
    end: int
    target: int
    state: int


class Site(namedtuple("Site", "at refusals goal")):
    """A checked branch: where, and where its two refusals go; `goal`: (in the other chunk?, offset) if that is the same and known."""

    __slots__ = ()

    at: int
    refusals: tuple[Number, Number]
    goal: tuple[bool, int] | None


class Refusal(namedtuple("Refusal", "at branch tail named to", defaults=(-1, -1,))):
    """`mov esi, branch` and a jump to the tail; `named` and `to`: which tested holes these are, -1: none."""

    __slots__ = ()

    at: int
    branch: Number
    tail: Number
    named: int
    to: int


class Need(namedtuple("Need", "bound least at reason")):
    """A bound that a unit must have for numbers that are no holes."""

    __slots__ = ()

    bound: str
    least: int
    at: int
    reason: str


class Shape:
    """A chunk that keeps to the policy, whatever the holes hold within their limits. Targets count from the chunk's start."""

    length: int
    code: bytes                     # an instance is right where (instance & mask) == code: the mask has ones outside of holes,
    mask: bytes                     # and in holes where bits must be as they are: low bits of multiples, high bits of offsets
    tested: Callable[[bytes, int], tuple[int, ...]]     # the values of the holes that are not FREE, of the instance at an offset of the unit
    fields: tuple[Tested, ...]      # one a value
    numbers: Callable[[bytes, int], tuple[int, ...]]    # the values of the holes that calls, sites, refusals and exits refer to
    role: int                       # as in ChunkSpec
    exits: tuple[Number, ...]       # targets of branches outside the frame that leave the chunk
    leaves: tuple[tuple[int, int], ...]     # targets beyond the chunk that are no holes, with their state
    inside: frozenset[int]          # offsets that may be branched to from inside a frame
    outside: frozenset[int]         # ... from outside
    falls: bool                     # control can reach the end
    end_state: int
    begins: int                     # the state of the first instruction
    only_nops: bool
    known: bool                     # in the catalogue, if there is one
    needs: tuple[Need, ...]
    calls: tuple[tuple[int, Number], ...]   # direct: where, target
    sites: tuple[Site, ...]
    refusals: tuple[Refusal, ...]
    tails: tuple[int, ...]          # what leads to the helper VIOLATION and nowhere else
    odd: bool                       # needs more than its holes and checked branches tested
    numbered: bool                  # has calls, sites, refusals, exits

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)

    def at_state(self, state: int) -> frozenset[int]:
        """Offsets that may be branched to in this state."""
        return self.inside if state == INSIDE else self.outside


class _Analysis:
    def __init__(self, code: bytes, holes: Sequence[HoleSpec], start: int, policy: Policy, entries: frozenset[int], role: int) -> None:
        self.role = role
        self.code, self.holes, self.policy, self.entries = code, sorted(holes), policy, entries
        self.instructions: list[Instruction] = []
        at = 0
        while at < len(code):
            instruction = decode(code, at)
            self.instructions.append(instruction)
            at = instruction.end
        self.hole_at = {hole.offset: number for number, hole in enumerate(self.holes)}
        self._match_holes()
        hole_offsets = set(self.hole_at)
        self.texts = [instruction.text(hole_offsets) for instruction in self.instructions]
        self.state_at: dict[int, int] = {}
        self.inner: set[int] = set()                                # never branched to
        self.targets: list[tuple[Instruction, Field, int]] = []     # branches of this chunk with the state that they need
        self.kinds = bytearray(len(self.holes))
        self.fixed: dict[int, tuple[int, int]] = {}                 # by hole: bits that must be so, and how
        self.branch_states: dict[int, int] = {}                     # by hole
        self.exits: list[Number] = []
        self.needs: list[Need] = []
        self.calls: list[tuple[int, Number]] = []
        self.sites: list[Site] = []
        self.refusals: list[Refusal] = []
        self.tails: list[int] = []
        self.state = start
        self.falls = True

    # -- holes and numbers --
    def _match_holes(self) -> None:
        found = {number.at: number for instruction in self.instructions for number in instruction.fields()}
        if len(self.hole_at) != len(self.holes):
            raise CodeRefused(0, "hint", "two holes at one place")
        for hole in self.holes:
            if not all(type(part) is int for part in hole[:4]) or type(hole.signed) is not bool or type(hole.own) is not bool:
                raise CodeRefused(0, "hint", "a hole that is none")
            number = found.get(hole.offset)
            if number is None or number.size != hole.size or (number.kind != "imm" and not hole.signed):
                raise CodeRefused(hole.offset, "hint", f"no number of {hole.size} bytes lies there")

    def number(self, field: Field) -> Number:
        """The number in the code, as it is in an instance."""
        hole = self.hole_at.get(field.at, -1)
        return Number(hole, 0 if hole >= 0 else field.value)

    def target(self, instruction: Instruction, field: Field) -> Number:
        """Where a branch goes, counted from the chunk's start."""
        number = self.number(field)
        return number._replace(value=number.value + instruction.end)

    def limit(self, field: Field | None, low: int | str, high: int | str, align: int, at: int, rule: str, text: str) -> None:
        """low <= number < high, a multiple of align. Bounds that are names are those of the unit; -frame and frame are both included."""
        if field is not None and field.at in self.hole_at:
            hole = self.hole_at[field.at]
            if low == "-frame":
                self.kinds[hole] = WINDOW
                self.fix(hole, align - 1, 0, at, rule, text)
            elif high == FROZEN_BYTES:
                raise CodeRefused(at, rule, f"{text}: a hole")
            else:               # a hole is no negative offset: its high bits are zero
                widest = codepolicy.WIDEST[high] if isinstance(high, str) else high
                bits = 8 * self.holes[hole].size
                self.fix(hole, (1 << bits) - (1 << (widest - 1).bit_length()) | align - 1, 0, at, rule, text)
                self.kinds[hole] = _BOUNDED[high] if isinstance(high, str) else FREE
            return
        value = field.value if field else 0
        if value % align or (isinstance(low, int) and value < low) or (isinstance(high, int) and value >= high):
            raise CodeRefused(at, rule, text)
        if isinstance(high, str):
            least = abs(value) if isinstance(low, str) else value + 1
            if least > 0:
                self.needs.append(Need(high, least, at, f"{rule}: {text}"))

    def fix(self, hole: int, bits: int, wanted: int, at: int, rule: str, text: str) -> None:
        """These bits of the hole must be as wanted, in this instance and all others."""
        where = self.holes[hole]
        bits &= (1 << 8 * where.size) - 1
        value = int.from_bytes(self.code[where.offset:where.offset + where.size], "little")
        if value & bits != wanted:
            raise CodeRefused(at, rule, text)
        before = self.fixed.get(hole, (0, 0))
        self.fixed[hole] = before[0] | bits, before[1] | wanted

    # -- the sweep --
    def run(self) -> Shape:
        index = 0
        begins = 0
        ended = True                # nothing falls into the first instruction unless the caller said so
        while index < len(self.instructions):
            instruction = self.instructions[index]
            if (ended and (index or self.state == DEFAULT)):
                self.state = self._state_after_end(index)
            if index == 0:
                begins = self.state
            self.state_at[instruction.at] = self.state
            step = self._sequence(index)
            last = self.instructions[index + step - 1]
            for inner in self.instructions[index + 1:index + step]:
                self.inner.add(inner.at)
            ended = last.name in ENDS or (last.name == "call" and self._never_returns(index + step - 1))
            index += step
        self.falls = not ended
        leaves = self._branches()
        self._scales()
        legal = {at: state for at, state in self.state_at.items() if at not in self.inner}
        mask, code = bytearray(b"\xff" * len(self.code)), bytearray(self.code)
        for number, hole in enumerate(self.holes):
            end = hole.offset + hole.size
            bits, wanted = self.fixed.get(number, (0, 0))
            mask[hole.offset:end], code[hole.offset:end] = bits.to_bytes(hole.size, "little"), wanted.to_bytes(hole.size, "little")
        tested = [number for number, kind in enumerate(self.kinds) if kind != FREE]
        place = {hole: index for index, hole in enumerate(tested)}
        ends = {self.hole_at[number.at]: instruction.end for instruction in self.instructions for number in instruction.fields() if number.at in self.hole_at}
        fields = tuple(Tested(self.kinds[hole], self.holes[hole].offset, ends[hole], self.holes[hole].addend, self.branch_states.get(hole, 0)) for hole in tested)
        self.refusals = [refusal._replace(named=place.get(refusal.branch.hole, -1) if refusal.branch.value == 0 else -1,
                                          to=place.get(refusal.tail.hole, -1) if self.kinds[refusal.tail.hole] == BRANCH else -1) if self.holes else refusal
                         for refusal in self.refusals]
        known = self.policy.catalogue is None or (masked(self.code, self.holes), tuple(self.holes)) in self.policy.catalogue
        only_nops = all(instruction.name == "nop" for instruction in self.instructions)
        numbers = self._numbers()
        numbered = bool(self.calls or self.sites or self.refusals or self.exits)
        odd = bool(not known or self.needs or leaves or self.tails or self.calls or self.exits)
        return Shape(
            length=len(self.code), code=bytes(code), mask=bytes(mask), tested=_reader([self.holes[hole] for hole in tested]),
            fields=fields, numbers=_reader(numbers), role=self.role, exits=tuple(self.exits), leaves=leaves,
            inside=frozenset(at for at, state in legal.items() if state == INSIDE),
            outside=frozenset(at for at, state in legal.items() if state == OUTSIDE), falls=self.falls, end_state=self.state, begins=begins,
            only_nops=only_nops, known=known, needs=tuple(self.needs), calls=tuple(self.calls), sites=tuple(self.sites),
            refusals=tuple(self.refusals), tails=tuple(self.tails), odd=odd, numbered=numbered)

    def _state_after_end(self, index: int) -> int:
        """Nothing falls in here: outside if what comes (behind padding) is an entry or a prologue, else inside."""
        while index < len(self.instructions):
            instruction = self.instructions[index]
            if instruction.at in self.entries or self.texts[index] == codepolicy.PROLOGUE[0]:
                return OUTSIDE
            if instruction.name != "nop":
                return INSIDE
            index += 1
        return OUTSIDE if len(self.code) in self.entries else INSIDE

    def _never_returns(self, index: int) -> bool:
        operand = self.instructions[index].operands[0]
        return isinstance(operand, Memory) and operand.base == _REGION and (operand.disp.value if operand.disp else 0) in _NEVER_RETURNS

    def _sequence(self, index: int) -> int:
        """Judges what starts at this instruction; returns how many instructions that are."""
        instruction, text = self.instructions[index], self.texts[index]
        name = instruction.name
        if instruction.at in self.entries and self.state != OUTSIDE:
            raise CodeRefused(instruction.at, "stack", "an entry inside a frame")
        if name == "push":
            if text != codepolicy.PROLOGUE[0] or self.texts[index + 1:index + 2] != [codepolicy.PROLOGUE[1]] or self.state != OUTSIDE:
                raise CodeRefused(instruction.at, "stack", f"{text} is no prologue")
            self.state = INSIDE
            return 2
        if name == "pop":
            if text != codepolicy.LEAVE or self.state != INSIDE:
                raise CodeRefused(instruction.at, "stack", f"{text} does not leave the frame")
            self.state = OUTSIDE
            return 1
        if name == "ret":
            if self.state != OUTSIDE:
                raise CodeRefused(instruction.at, "stack", "ret inside the frame")
            return 1
        if text == codepolicy.CHECK[0] and self._is_check(index):
            return self._check(index)
        if name == "call" or name[0] == "j":
            self._branch(index)
            return 1
        reloads, scratch = _RELOAD_FROM.match(text)
        if reloads:
            return 1 + self._reload(index + 1, scratch)
        if _REFUSED[0].match(text)[0] and index + 1 < len(self.instructions) and _REFUSED[1].match(self.texts[index + 1])[0]:
            jump = self.instructions[index + 1]
            where, to = instruction.operands[1], jump.operands[0]
            assert isinstance(where, Field) and isinstance(to, Field)
            self.refusals.append(Refusal(instruction.at, self.number(where), self.target(jump, to)))
            if where.at in self.hole_at:
                self.kinds[self.hole_at[where.at]] = NAMED
        self._plain(index)
        return 1

    # -- sequences --
    def _is_check(self, index: int) -> bool:
        texts = self.texts[index:index + len(_CHECK) + 1]
        return (len(texts) == len(_CHECK) + 1 and texts[-1] in (codepolicy.CHECKED_CALL, codepolicy.CHECKED_JUMP)
                and all(rule.match(text)[0] for rule, text in zip(_CHECK, texts, strict=False)))

    def _check(self, index: int) -> int:
        """The check template up to its branch."""
        sequence = self.instructions[index:index + len(_CHECK) + 1]
        branch = sequence[-1]
        if self.state != (INSIDE if branch.name == "call" else OUTSIDE):
            raise CodeRefused(branch.at, "stack", f"{branch.name} {'outside' if branch.name == 'call' else 'inside'} the frame")
        entry_class = sequence[5].operands[1]
        assert isinstance(entry_class, Field)
        reason = sequence[5].at, "class", "a branch to a class that is none for calls"
        if entry_class.at in self.hole_at:
            self.kinds[self.hole_at[entry_class.at]] = CLASS
        elif entry_class.value & 255 not in codepolicy.SITE_CLASSES:
            raise CodeRefused(*reason)
        refusals = []
        for jump in (sequence[4], sequence[6]):
            to = jump.operands[0]
            assert isinstance(to, Field)
            self.targets.append((jump, to, self.state))
            refusals.append(self.target(jump, to))
        goals = {self._goal(refusal) for refusal in refusals}
        self.sites.append(Site(branch.at, (refusals[0], refusals[1]), goals.pop() if len(goals) == 1 else None))
        for instruction in sequence[1:]:
            self.state_at[instruction.at] = self.state
        return len(sequence)

    def _goal(self, target: Number) -> tuple[bool, int] | None:
        """Where a refusal goes: in this chunk, or by its hole in the other one."""
        if target.hole < 0:
            return (False, target.value)
        hole = self.holes[target.hole]
        return (True, hole.addend) if self.role and hole.own else None

    def _reload(self, index: int, scratch: str) -> int:
        """r13 and r14 from the code object in `scratch`, which was just loaded; returns the number of instructions."""
        wanted = {0: self.policy.constants_at, 1: self.policy.records_at}
        count = 0
        while index + count < len(self.texts) and wanted:
            instruction, text = self.instructions[index + count], self.texts[index + count]
            number = next((number for number in wanted if _RELOAD[scratch][number].match(text)[0]), None)
            if number is None:
                break
            offset = wanted.pop(number)
            memory = instruction.operands[1]
            assert isinstance(memory, Memory)
            self._memory(instruction, memory, text)
            if memory.disp is not None and memory.disp.at in self.hole_at:
                raise CodeRefused(instruction.at, "pinned", f"{text}: a hole")
            if offset is not None and (memory.disp.value if memory.disp else 0) != offset:
                raise CodeRefused(instruction.at, "pinned", f"{text}: the offset is {offset}")
            count += 1
        return count

    def _branch(self, index: int) -> None:
        """Branches but checked ones."""
        instruction, text = self.instructions[index], self.texts[index]
        operand = instruction.operands[0]
        if isinstance(operand, Field):
            if instruction.name == "call":
                if self.state != INSIDE:
                    raise CodeRefused(instruction.at, "stack", "call outside the frame")
                self.calls.append((instruction.at, self.target(instruction, operand)))
            else:
                self.targets.append((instruction, operand, self.state))
            return
        if not isinstance(operand, Memory) or not _HELPER_CALL.match(text)[0]:
            raise CodeRefused(instruction.at, "indirect", f"{text}: neither checked nor a helper call")
        if self.state != INSIDE:
            raise CodeRefused(instruction.at, "stack", "call outside the frame")
        if operand.disp is not None and operand.disp.at in self.hole_at:
            raise CodeRefused(instruction.at, "indirect", f"{text}: the helper is a hole")
        helper = operand.disp.value if operand.disp else 0
        if helper < 0 or helper % 8 or helper // 8 >= self.policy.helper_count:
            raise CodeRefused(instruction.at, "indirect", f"{text}: no such helper")
        if self._never_returns(index):
            if index + 1 >= len(self.instructions) or self.instructions[index + 1].name not in _TRAPS:
                raise CodeRefused(instruction.at, "flow", "no trap behind a helper that does not return")
            first = index
            while first and self.instructions[first - 1].name == "mov" and all(
                    isinstance(operand, (Register, Field)) for operand in self.instructions[first - 1].operands):
                first -= 1
            self.tails += [before.at for before in self.instructions[first:index + 1]]

    def _plain(self, index: int) -> None:
        """Any other instruction: what it writes, what its memory operand names."""
        instruction, text = self.instructions[index], self.texts[index]
        for operand in instruction.operands:
            if isinstance(operand, Register) and not operand.xmm:
                if "w" in operand.access and operand.number in _PINNED:
                    self._base_move(instruction, text)
                if operand.number in (RSP, RBP) and not any(rule.match(text)[0] for rule in _STACK_TESTS):
                    raise CodeRefused(instruction.at, "pinned", f"{text}: rsp and rbp are no operands")
            elif isinstance(operand, Memory):
                self._memory(instruction, operand, text)
        if instruction.name == "mov" and isinstance(instruction.operands[1], Field):
            for rule, bound in _NUMBERS:
                if rule.match(text)[0]:
                    self.limit(instruction.operands[1], 0, bound, 1, instruction.at, "number", f"{text}: no word of the unit's")

    def _base_move(self, instruction: Instruction, text: str) -> None:
        number = next((number for number, rule in enumerate(_BASE_MOVES) if rule.match(text)[0]), None)
        if number is None:
            raise CodeRefused(instruction.at, "pinned", f"{text}: writes a pinned register")
        operand = instruction.operands[1]
        if number < 3:
            window = operand.disp if isinstance(operand, Memory) else operand
            assert window is None or isinstance(window, Field)
            self.limit(window, "-frame", "frame", 8, instruction.at, "pinned", f"{text}: beyond the frame's window")
        elif isinstance(operand, Memory) and operand.base != _BASE:
            if operand.disp is not None and operand.disp.at in self.hole_at:
                raise CodeRefused(instruction.at, "pinned", f"{text}: a hole")
            if self.policy.base_at is not None and (operand.disp.value if operand.disp else 0) != self.policy.base_at:
                raise CodeRefused(instruction.at, "pinned", f"{text}: the offset is {self.policy.base_at}")

    def _memory(self, instruction: Instruction, memory: Memory, text: str) -> None:
        at = instruction.at
        if memory.base in (RSP, RBP) or memory.index in (RSP, RBP):
            raise CodeRefused(at, "memory", f"{text}: addresses the native stack")
        if memory.access == "a":
            return
        rule = _RULES.get(memory.base, codepolicy.OBJECT)
        store = "w" in memory.access
        if store and not rule.store:
            raise CodeRefused(at, "store", f"{text}: not writable")
        if memory.index >= 0:
            if not rule.index or memory.index not in _SCRATCH:
                raise CodeRefused(at, "memory", f"{text}: no index there")
            if store and memory.scale not in codepolicy.STORE_SCALES:
                raise CodeRefused(at, "store", f"{text}: scale of a store")
        self.limit(memory.disp, rule.low, rule.high, rule.align, at, "store" if store else "memory", f"{text}: displacement")

    def _numbers(self) -> list[HoleSpec]:
        """The holes that are looked at in each instance; what refers to them counts them anew. -1: no hole."""
        places: dict[int, int] = {-1: -1}
        used: list[HoleSpec] = []

        def renumbered(number: Number) -> Number:
            return number._replace(hole=places[number.hole])

        everything = [target for _, target in self.calls] + [target for site in self.sites for target in site.refusals]
        everything += [number for refusal in self.refusals for number in (refusal.branch, refusal.tail)] + self.exits
        for hole in sorted({number.hole for number in everything} - {-1}):
            places[hole] = len(used)
            used.append(self.holes[hole])
        self.calls = [(at, renumbered(target)) for at, target in self.calls]
        self.sites = [site._replace(refusals=(renumbered(site.refusals[0]), renumbered(site.refusals[1]))) for site in self.sites]
        self.refusals = [refusal._replace(branch=renumbered(refusal.branch), tail=renumbered(refusal.tail)) for refusal in self.refusals]
        self.exits = [renumbered(number) for number in self.exits]
        return used

    # -- branches and scales --
    def _branches(self) -> tuple[tuple[int, int], ...]:
        """Targets inside the chunk are judged here, once; holes in each instance. Returns the other targets beyond the chunk, with their state."""
        leaves = []
        for instruction, field, state in self.targets:
            hole = self.hole_at.get(field.at)
            if hole is not None:
                self.branch_states[hole] = state
                if self.role and self.holes[hole].own:
                    self.kinds[hole] = OWN
                elif state == INSIDE:
                    self.kinds[hole] = BRANCH
                else:
                    self.exits.append(self.target(instruction, field))
                continue
            target = instruction.end + field.value
            if target == len(self.code) and (state == self.state or not self.falls):
                self.falls, self.state = True, state        # as if it fell there
            elif not 0 <= target < len(self.code):
                leaves.append((target, state))
            elif self.state_at.get(target) != state or target in self.inner:
                raise CodeRefused(instruction.at, "target", f"{instruction.text()}: no place to branch to from here")
        return tuple(leaves)

    def _scales(self) -> None:
        """Limits that the hints give themselves: values are multiples of the scale. They can only forbid more."""
        for index, hole in enumerate(self.holes):
            scale = abs(hole.scale)
            if scale > 1 and scale & (scale - 1) == 0:
                self.fix(index, scale - 1, hole.addend & (scale - 1), hole.offset, "hint", "not a multiple of the scale")


def _reader(holes: Sequence[HoleSpec]) -> Callable[[bytes, int], tuple[int, ...]]:
    layout, at = "<", 0
    for hole in holes:
        layout += (f"{hole.offset - at}x" if hole.offset > at else "") + _FORMATS[hole.size, hole.signed]
        at = hole.offset + hole.size
    return struct.Struct(layout).unpack_from


def analyse(code: bytes, holes: Sequence[HoleSpec], start: int, policy: Policy, entries: frozenset[int] = frozenset(), role: int = 0) -> Shape:
    """Decodes and judges a chunk; offsets in refusals count from its start. `start`: the state in which control falls in."""
    return _Analysis(code, holes, start, policy, entries, role).run()
