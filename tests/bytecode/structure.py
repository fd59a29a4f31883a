"""A checker of code objects in Python: what the top of spec/opcodes.py promises, by the same dataflow as the C
verifier.

Used by the tests only. `check_image` raises BadCode for the first violation. States of a register: VALUE, MAYBE,
CELL, the three words of an ITER, or NONE (nothing may read it). Instructions that no path reaches are decoded but not
judged.
"""

from __future__ import annotations

import struct
from typing import Any

from minivm.bytecode.dis import FIELD, Instruction, codes, decode, positions
from minivm.bytecode.image import load
from minivm.spec.opcodes import CODE_FLAGS, IC_SITE_KINDS, NO_REGISTER, POLL

NONE, VALUE, MAYBE, CELL, ITER0, ITER1, ITER2 = range(7)
NAMES = ("NONE", "VALUE", "MAYBE", "CELL", "ITER", "ITER+1", "ITER+2")
CALLS = {"CALL", "CALL_METHOD", "CALL_KW", "CALL_EX"}
FORWARD_ONLY = {"JUMP", "JUMP_IF_TRUE", "JUMP_IF_FALSE", "JUMP_IF_NONE", "JUMP_IF_NOT_NONE"}


class BadCode(Exception):
    pass


def _meet(one: int, two: int) -> int:
    if one == two:
        return one
    if {one, two} == {VALUE, MAYBE}:
        return MAYBE
    return NONE


class Checker:
    def __init__(self, code: list[Any], outer: list[Any] | None) -> None:
        self.code = code
        self.name = code[FIELD["qualname"]]
        self.count = code[FIELD["registers"]]
        self.constants = code[FIELD["constants"]]
        self.flags = code[FIELD["flags"]]
        self.instructions = {instruction.at: instruction for instruction in decode(code[FIELD["instructions"]])}
        self.end = len(code[FIELD["instructions"]]) // 8
        data = code[FIELD["exceptions"]]
        self.ranges = list(struct.iter_unpack("<4I", data))
        self.sites = list(struct.iter_unpack("<2I", code[FIELD["sites"]]))

    def fail(self, at: int, text: str) -> None:
        raise BadCode(f"{self.name}, word {at}: {text}")

    def run(self) -> dict[int, list[int]]:
        self.shape()
        parameters = len(self.code[FIELD["parameter_names"]])
        entry = [VALUE] * parameters + [NONE] * (self.count - parameters)
        if self.flags & CODE_FLAGS["CLASS_BODY"]:
            entry[0] = VALUE
        states: dict[int, list[int]] = {0: entry}
        work = [0]
        while work:
            at = work.pop()
            instruction = self.instructions.get(at)
            if instruction is None:
                self.fail(at, "control reaches no instruction")
                return states
            state = states[at]
            for start, end, handler, register in self.ranges:
                if start <= at < end:
                    if "RAISES" in instruction.row.flags:
                        raised = state.copy()
                        raised[register] = VALUE
                        self.flow(states, work, handler, raised)
                    break
            after = self.step(instruction, state.copy())
            if instruction.target >= 0:
                taken = after
                if instruction.row.name.startswith("FOR_NEXT"):
                    after = state.copy()
                self.flow(states, work, instruction.target, taken)
            if "ENDS" not in instruction.row.flags:
                self.flow(states, work, at + instruction.row.words, after)
        return states

    def flow(self, states: dict[int, list[int]], work: list[int], at: int, state: list[int]) -> None:
        old = states.get(at)
        if old is None:
            states[at] = state.copy()
            work.append(at)
            return
        new = [a if a == b else _meet(a, b) for a, b in zip(old, state)]
        if new != old:
            states[at] = new
            work.append(at)

    def shape(self) -> None:
        """What holds without following control."""
        for at, instruction in self.instructions.items():
            row = instruction.row
            if instruction.target >= 0 or any(kind == "jump" for _, kind, _ in instruction.operands):
                if instruction.target not in self.instructions:
                    self.fail(at, f"jump to {instruction.target}, which is no instruction")
                if instruction.target <= at and POLL not in row.flags:
                    self.fail(at, "backward jump without poll")
            if row.site:
                if row.site == "none":
                    pass
                if not 0 <= instruction.site < len(self.sites):
                    self.fail(at, "site out of range")
                kind, name = self.sites[instruction.site]
                if IC_SITE_KINDS[kind] != row.site:
                    self.fail(at, f"site of kind {IC_SITE_KINDS[kind]}")
                if name != 0xFFFFFFFF and name >= len(self.constants):
                    self.fail(at, "site name out of range")
                if row.name in (
                    "LOAD_ATTR",
                    "STORE_ATTR",
                    "LOAD_METHOD",
                    "LOAD_GLOBAL",
                    "STORE_GLOBAL",
                    "LOAD_NAME",
                    "STORE_NAME",
                    "LOAD_NAME_FREE",
                    "LOAD_SUPER_ATTR",
                    "LOAD_SUPER_METHOD",
                    "IMPORT_FROM",
                ) and not isinstance(self.constants[name], (str, list)):
                    self.fail(at, "site without a name")
            for _, kind, value in instruction.operands:
                if kind == "const" and not 0 <= value < len(self.constants):
                    self.fail(at, "constant out of range")
                if kind == "free" and not 0 <= value < len(self.code[FIELD["free_variables"]]):
                    self.fail(at, "closure cell out of range")
        for start, end, handler, register in self.ranges:
            if not (
                start in self.instructions
                and (end in self.instructions or end == self.end)
                and handler in self.instructions
                and start < end
            ):
                self.fail(start, "exception range off the instructions")
            if register >= self.count:
                self.fail(start, "exception register out of range")
        if len(positions(self.code)) != self.end:
            self.fail(0, f"positions for {len(positions(self.code))} of {self.end} words")
        for start, end, _, _ in self.code[FIELD["inlined"]]:
            if not (start in self.instructions and (end in self.instructions or end == self.end)):
                self.fail(start, "inlined range off the instructions")
        if self.count > 60_000:
            self.fail(0, "too many registers")

    def step(self, instruction: Instruction, state: list[int]) -> list[int]:
        at, row = instruction.at, instruction.row
        operands = {field: (kind, value) for field, kind, value in instruction.operands}

        def need(register: int, allowed: tuple[int, ...]) -> None:
            if register >= self.count:
                self.fail(at, f"{row.name}: register {register} out of range")
            if state[register] not in allowed:
                self.fail(at, f"{row.name}: r{register} is {NAMES[state[register]]}")

        def write(register: int, what: int) -> None:
            if register >= self.count:
                self.fail(at, f"{row.name}: register {register} out of range")
            state[register] = what

        count = next((value for kind, value in operands.values() if kind == "n"), 0)
        reads = [(kind, value) for kind, value in operands.values()]
        for kind, value in reads:
            if kind in ("r", "rw"):
                need(value, (VALUE,))
            elif kind == "m":
                need(value, (VALUE, MAYBE))
            elif kind == "r?":
                if value != NO_REGISTER:
                    need(value, (VALUE,))
            elif kind == "cell":
                need(value, (CELL,))
            elif kind == "wcell":
                need(value, (VALUE, MAYBE))
            elif kind == "iter":
                for offset in range(3):
                    need(value + offset, (ITER0 + offset,))
            elif kind == "rr":
                size = count
                if row.name == "MAKE_FUNCTION":
                    size = bin(instruction["c"]).count("1")
                for offset in range(size):
                    need(value + offset, (VALUE,))
        if "window" in (kind for kind, _ in reads):
            self.window(instruction, state, need, write)
        for kind, value in reads:
            if kind in ("w", "rw"):
                write(value, VALUE)
                if row.name == "WITH_SETUP":
                    write(value + 1, MAYBE)
            elif kind == "wm":
                source = state[instruction["b"]] if row.name == "MOVE_MAYBE" else MAYBE
                write(value, source)
            elif kind == "wcell":
                write(value, CELL)
            elif kind == "witer":
                for offset in range(3):
                    write(value + offset, ITER0 + offset)
            elif kind == "ww":
                size = count
                if row.name == "UNPACK_STAR":
                    size = (instruction["c"] & 255) + 1 + (instruction["c"] >> 8)
                for offset in range(size):
                    write(value + offset, VALUE)
        if row.name == "CHECK_LOCAL":
            write(instruction["a"], VALUE)
        if row.name in ("YIELD", "YIELD_FROM") and not self.flags & CODE_FLAGS["GENERATOR"]:
            self.fail(at, "yield outside of generator code")
        if row.name == "RETURN_CELL" and not self.flags & CODE_FLAGS["CLASS_BODY"]:
            self.fail(at, "RETURN_CELL outside of a class body")
        if row.name == "MAKE_FUNCTION":
            inner = self.constants[instruction["d"] | instruction["e"] << 16]
            if not isinstance(inner, list) or inner[0] != "c":
                self.fail(at, "MAKE_FUNCTION of no code")
            for name, source in inner[1][FIELD["free_variables"]]:
                if source & 0x8000:
                    if (
                        source & 0x7FFF >= len(self.code[FIELD["free_variables"]])
                        or self.code[FIELD["free_variables"]][source & 0x7FFF][0] != name
                    ):
                        self.fail(at, f"closure cell {name} from nowhere")
                else:
                    need(source, (CELL,))
        return state

    def window(self, instruction: Instruction, state: list[int], need: Any, write: Any) -> None:
        name = instruction.row.name
        window = instruction["a"]
        if name in CALLS:
            size = 2 if name == "CALL_EX" else instruction["b"]
            if window + 6 + size > self.count:
                self.fail(instruction.at, "window beyond the registers")
            need(window, (VALUE,))
            for register in range(window + 6, window + 6 + size):
                need(register, (VALUE,))
            if name == "CALL_METHOD" or name == "CALL_KW" and instruction["d"]:
                need(window + 5, (VALUE, MAYBE))
            for register in range(window, self.count):
                state[register] = NONE
        else:
            if window + 6 > self.count:
                self.fail(instruction.at, "window beyond the registers")
            write(window, VALUE)
            for register in range(window + 1, window + 5):
                write(register, NONE)
            write(window + 5, MAYBE)


def check_code(code: list[Any]) -> None:
    for part in codes(code):
        states = Checker(part, None).run()
        if part[FIELD["flags"]] & CODE_FLAGS["LOCALS_VISIBLE"]:
            first = next(iter(states))
            assert first == 0


def check_image(image: bytes) -> None:
    for module in load(image)["modules"]:
        check_code(module["code"])
