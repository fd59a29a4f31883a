"""How the native unit of a function follows from its bytecode: what the holes of templates hold, which template an instruction has.

The checker (``codecheck/demands.py``) derives from here what a unit must be. The compiler does not read it: it says the
same in its own words (``baseline/rows.py``, ``baseline/unit.py``), so that a fault of either is a difference between the two.

A template has a hot chunk and maybe a cold one (its name with ` cold` behind). Order of a unit's chunks:

    enter_exactly, padding          where the function takes few positional arguments and needs no binding
    enter_bound, padding below 16 bytes, as long as the compiler says
    the hot chunks of all instructions, the same padding again
    enter_exactly cold, the cold chunks of all instructions that have one, the same padding again
    catch_nothing; a catch for each exception range, the last range first; violate
    resume, each on a granule, for every point where the runtime may enter, in order
"""
from __future__ import annotations

from minivm.spec.native import CLASS_NUMBER, EXACT_LIMIT, INTRINSIC_NAMES


class Operand:
    """A hole that holds part of the instruction: `bits` (16 or 32) of them from bit `shift` (a multiple of 16) of its first or last word,
    plus `plus`."""

    __slots__ = ("last", "shift", "bits", "signed", "plus")

    def __init__(self, last: bool, shift: int, bits: int, signed: bool = False, plus: int = 0) -> None:
        self.last = last
        self.shift = shift
        self.bits = bits
        self.signed = signed
        self.plus = plus

    def value(self, first: tuple[int, ...], last: tuple[int, ...]) -> int:
        """Of the instruction with these words, each as four 16-bit numbers."""
        word, number = last if self.last else first, self.shift >> 4
        found = word[number] if self.bits == 16 else word[number] | word[number + 1] << 16
        return (found - (1 << self.bits) if self.signed and found >> self.bits - 1 else found) + self.plus


OPERANDS: dict[str, Operand] = {
    "a": Operand(False, 16, 16), "b": Operand(False, 32, 16), "c": Operand(False, 48, 16), "bc": Operand(False, 32, 32),
    "imm_b": Operand(False, 32, 16, True), "imm_c": Operand(False, 48, 16, True), "imm_bc": Operand(False, 32, 32, True),
    "site": Operand(True, 0, 32), "nargs": Operand(False, 32, 16), "nargs_self": Operand(False, 32, 16, plus=1),
    "entry_class": Operand(False, 32, 16, plus=CLASS_NUMBER["EXACT_0"]), "entry_class_self": Operand(False, 32, 16, plus=CLASS_NUMBER["EXACT_0"] + 1),
}
JUMP = Operand(True, 32, 32, True)      # how many words behind the instruction its target is, where it has one

# Indices of words that helpers take: behind the instruction, behind its target.
INDICES = ("next", "target_next")

# Places in the unit: the hot chunk of the jump's target; where exceptions go from the instruction and from the target (the
# mark `error` or `again` of the catch of the first range that covers the last word); the chunk `violate`.
PLACES = ("target", "error", "again", "target_error", "violation")
MARKS = {"error": "error", "again": "again", "target_error": "error"}

# Where a chunk of the template itself starts.
OWN = {"@hot": "hot", "@cold": "cold"}

# Holes of the chunks around the instructions.
AROUND: dict[str, tuple[str, ...]] = {
    "enter_exactly": ("registers",), "enter_bound": (), "catch_nothing": (), "catch": ("target",), "violate": (), "resume": ("target",),
}


class Variant:
    """A template of its own (`NAME:variant`, where there is one) for instructions whose operand is not in [low, high)."""

    __slots__ = ("operand", "low", "high")

    def __init__(self, operand: Operand, low: int, high: int) -> None:
        self.operand = operand
        self.low = low
        self.high = high


VARIANTS: dict[str, Variant] = {
    "wide": Variant(OPERANDS["imm_bc"], -(1 << 29), 1 << 29),
    "many": Variant(OPERANDS["nargs"], 0, EXACT_LIMIT - 1),
    "back": Variant(JUMP, 0, 1 << 31),
}
IN_GENERATORS = "generator"     # the variant for functions that are generators

# Variants for calls that are expected to meet one of the builtins, by the number that stands in the instruction (before all others).
GUESS = Operand(True, 32, 32)
GUESSES: dict[int, str] = {number: name for number, name in enumerate(INTRINSIC_NAMES) if name}
GUESSING = ("CALL", "CALL_METHOD")
