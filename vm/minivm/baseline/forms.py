"""What the templates of tier 1 are written in: an assembler that knows frames, helpers, tags and the check template.

Used by the modules that hold templates. A template sees an instruction of bytecode through holes of these names:
    a b c d e     operands; `reg("a")` is the register's word in the frame
    imm_b imm_c   operands read as signed 16-bit numbers, bc and imm_bc both as one of 32 bits
    site          the record of the inline cache, `record(FIELD)`
    next          index of the word behind the instruction, which helpers take
    target        where the instruction jumps, in the unit
    target_next   what a poll on the way there takes as `next`
    error again   where an exception goes from here; `target_error` from the jump's target
    violation     the unit's tail for refused branches
    entry_class   class of the callee's entry; `nargs` what it has to take
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from minivm.asm import Assembler, Hole, Label, Mem, Position, Template
from minivm.spec import native
from minivm.spec.native import (
    BASE,
    CONSTANTS,
    GRANULES,
    GUEST_LIST,
    HELPER_NUMBER,
    RECORDS,
    REGION,
    VALUES,
    VALUES_AT,
    VM,
)
from minivm.spec.opcodes import FRAME_HEADER_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Tags of the value word (value.h); the words that are no values.
TAG_MASK, TAG_POINTER, FLOAT_BIT = 3, 2, 1
EXCEPTION, UNASSIGNED = 0x02, 0x12
FLOAT_BIAS = 3 << 60

# Frame header, in bytes below the base (frame.h).
FUNCTION, CODE, CALLER, PC, MODE = (8 * (number - FRAME_HEADER_WORDS) for number in range(FRAME_HEADER_WORDS))
MODE_ENTRY, MODE_OPERATOR, MODE_CALLED = 4, 16, 36


class Form(Assembler):
    """An assembler for templates of tier 1. `layout` has the offsets and numbers of C (runtime_c/native_layout.c); without
    `guests` indirect branches go unchecked, to measure what the checks cost and to show what they stop."""

    def __init__(self, layout: Mapping[str, int], guests: bool = True) -> None:
        super().__init__()
        self.layout = layout
        self.guests = guests
        self._asides: list[Callable[[], None]] = []

    def aside(self, write: Callable[[], None]) -> None:
        """What `write` assembles goes to the end of the cold chunk, wherever it is called."""
        self._asides.append(write)

    def finish(self) -> Template:
        while self._asides:
            with self.cold_section():
                self._asides.pop(0)()
        return super().finish()

    # -- operands --
    def reg(self, operand: str, words: int = 0) -> Mem:
        """The register that the operand numbers, or the one `words` behind it."""
        return Mem(BASE, Hole(operand, scale=8, addend=8 * words), size=8)

    def record(self, field: str, size: int = 8) -> Mem:
        """A field of the instruction's record."""
        return Mem(RECORDS, Hole("site", scale=self.layout["record.size"], addend=self.layout[f"record.{field}"]), size=size)

    def vm(self, field: str, size: int = 8) -> Mem:
        """A field of the VM."""
        return Mem(VM, self.layout[f"vm.{field}"], size=size)

    def of(self, register: str, field: str, size: int = 8) -> Mem:
        """A field of the object to which a register points by a tagged word."""
        return Mem(register, self.layout[field] - TAG_POINTER, size=size)

    def raw(self, register: str, field: str, size: int = 8) -> Mem:
        """A field of the structure to which a register points by an address."""
        return Mem(register, self.layout[field], size=size)

    def constant(self, name: str) -> Mem:
        """An immortal value: NONE, FALSE, TRUE."""
        return Mem(REGION, VALUES_AT + 8 * VALUES.index(name), size=8)

    # -- helpers --
    def helper(self, name: str) -> None:
        """Calls helper(vm, base, next); one that branches itself gets the record."""
        self.mov("edx", Hole("next"))
        if name in native.BRANCHING_STEPS:
            self.lea("rax", self.record("shape"))
            self.call(Mem(REGION, 8 * HELPER_NUMBER[name], size=8))
        else:
            self.leave(name)

    def leave(self, name: str) -> None:
        """Calls helper(vm, base)."""
        self.mov("rdi", VM)
        self.mov("rsi", BASE)
        self.call(Mem(REGION, 8 * HELPER_NUMBER[name], size=8))

    def step(self, name: str) -> None:
        """Calls a helper that raises or has done the instruction."""
        self.helper(name)
        self.test("eax", "eax")
        self.jcc("e", Hole("error"))

    def branch(self, name: str, jump: Label | Hole) -> None:
        """Calls a helper that raises, goes on or jumps."""
        self.step(name)
        self.cmp("eax", native.STEP_JUMP)
        self.jcc("e", jump)

    # -- tags --
    def unless_pointer(self, register: str, away: Label | Hole, scratch: str = "ecx") -> None:
        """Goes away if the value is an int or a float."""
        self.lea(scratch, Mem(_WIDE.get(register, register), -TAG_POINTER))
        self.test(LOW[scratch], TAG_MASK)
        self.jcc("ne", away)

    def unless_ints(self, left: str, right: str, away: Label, scratch: str = "edx") -> None:
        """Goes away unless both are small ints."""
        self.mov(scratch, NARROW[left])
        self.or_(scratch, NARROW[right])
        self.test(LOW[scratch], TAG_MASK)
        self.jcc("ne", away)

    def unless_floats(self, left: str, right: str, away: Label) -> None:
        """Goes away unless both are immediate floats."""
        self.test(LOW[NARROW[left]], FLOAT_BIT)
        self.jcc("e", away)
        self.test(LOW[NARROW[right]], FLOAT_BIT)
        self.jcc("e", away)

    def decode_float(self, word: str) -> None:
        """Turns the word of an immediate float into its bits. r11 holds the bias afterwards."""
        self.mov("r11", FLOAT_BIAS)
        self.ror(word, 3)
        self.sub(word, "r11")

    def encode_word(self, word: str, away: Label) -> None:
        """Turns bits back into a word; goes away if it needs an object of the heap. r11 holds the bias."""
        self.add(word, "r11")
        self.rol(word, 3)
        self.test(LOW[NARROW[word]], FLOAT_BIT)
        self.jcc("e", away)

    def decode_floats(self, *pairs: tuple[str, str]) -> None:
        """Turns words of immediate floats into doubles: (general register, xmm register). r11 holds the bias afterwards."""
        self.mov("r11", FLOAT_BIAS)
        for word, double in pairs:
            self.decode_with_bias(word, double)

    def decode_with_bias(self, word: str, double: str) -> None:
        """The same for one, r11 holding the bias."""
        self.ror(word, 3)
        self.sub(word, "r11")
        self.movq(double, word)

    def unless_nan(self, double: str, away: Label) -> None:
        """Goes away if the double is a NaN: each one made is another object."""
        self.emit("ucomisd", double, double)
        self.jcc("p", away)

    def encode_float(self, double: str, word: str, away: Label) -> None:
        """Turns a double into its word; goes away if it is a NaN, or needs an object of the heap. r11 holds the bias."""
        unusual, usual = Label("unusual"), Label("usual")
        self.movq(word, double)
        self.add(word, "r11")
        self.rol(word, 3)
        self.lea("ecx", Mem(word, 1))
        self.test("cl", TAG_MASK)
        self.jcc("ne", unusual)             # zeros, infinities, NaNs, and what is an object
        self.bind(usual)

        def look_closer() -> None:
            self.bind(unusual)
            self.test(LOW[NARROW[word]], FLOAT_BIT)
            self.jcc("e", away)
            self.unless_nan(double, away)
            self.jmp(usual)

        self.aside(look_closer)

    # -- stores --
    def barrier(self, value: str, header: Mem, done: Label, scratch: str = "esi") -> None:
        """After a store of `value` into the object with this header: in the cold part, logs it where that is due."""
        log = Label("log")
        self.lea(scratch, Mem(value, -TAG_POINTER))
        self.test(LOW[scratch], TAG_MASK)
        self.jcc("ne", done)
        assert isinstance(header.disp, int)
        self.test(Mem(header.base, header.disp + self.layout["object.gc"], size=1), self.layout["gc.old_clean"])
        self.jcc("ne", log)

        def write() -> None:
            self.bind(log)
            self.lea("rsi", header)
            self.mov("rdi", VM)
            self.call(Mem(REGION, 8 * HELPER_NUMBER["LOG"], size=8))
            self.jmp(done)

        self.aside(write)

    # -- branches --
    def poll(self) -> None:
        """On the way back to a loop's head: is something due? Then jumps there."""
        due = Label("due")
        self.cmp(self.vm("poll", 4), 0)
        self.jcc("ne", due)
        self.jmp(Hole("target"))

        def write() -> None:
            self.bind(due)
            self.mov("edx", Hole("target_next"))
            self.leave("POLL")
            self.test("eax", "eax")
            self.jcc("e", Hole("target_error"))
            self.jmp(Hole("target"))

        self.aside(write)

    def checked_call(self, entry_class: int | Hole) -> None:
        """The check template of spec/native.py for the target in rcx, and the call."""
        if not self.guests:
            self.call("rcx")
            return
        refused, branch = Label("refused"), Label("branch")
        self.mov("rdx", "rcx")
        self.sub("rdx", REGION)
        self.ror("rdx", 4)
        self.cmp("rdx", GRANULES)
        self.jcc("ae", refused)
        self.cmp(Mem(REGION, GUEST_LIST, index="rdx", size=1), entry_class)
        self.jcc("ne", refused)
        self.bind(branch)
        self.call("rcx")

        def write() -> None:
            self.bind(refused)
            self.mov("esi", Position(branch))
            self.jmp(Hole("violation"))

        self.aside(write)

    def reload(self, scratch: str = "rcx") -> None:
        """Constants and records of the function that runs, from its frame."""
        self.mov(scratch, Mem(BASE, CODE))
        self.mov(CONSTANTS, self.raw(scratch, "code.constants"))
        self.mov(RECORDS, self.raw(scratch, "code.records"))


NARROW = {"rax": "eax", "rcx": "ecx", "rdx": "edx", "rsi": "esi", "rdi": "edi", "r8": "r8d", "r9": "r9d", "r10": "r10d", "r11": "r11d"}
_WIDE = {narrow: wide for wide, narrow in NARROW.items()}
LOW = {"eax": "al", "ecx": "cl", "edx": "dl", "esi": "sil", "edi": "dil", "r8d": "r8b", "r9d": "r9b", "r10d": "r10b", "r11d": "r11b"}
