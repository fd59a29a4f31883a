"""One code object under construction: words, labels, registers, constants, sites, positions.

Used by every module of the compiler; knows no syntax. Invariants:
- `top` is the first free register; who takes temporaries gives them back by restoring `top`. Registers below
  `first_temp` are locals and written only by the last instruction of an expression; those from `first_temp` up may be
  written early.
- `state` has a bit for each register that surely holds a value here; labels carry the meet of the states of their
  jumps.
- `reachable` is False after an instruction that ends control until a label is placed; nothing is emitted then.
- Words are Python ints, op in bits 0-15, then a, b, c; a jump's offset lies in bits 32-63 of the word that holds it.
"""

from __future__ import annotations

import ast
from array import array
from sys import byteorder
from typing import Any

from minivm.frontend.scopes import CLASS, Scope, Unit
from minivm.frontend.walk import constant_key

from .ops import (
    CHECK_LOCAL,
    JUMP,
    LOAD_CONST,
    LOAD_INT,
    LOAD_NONE,
    LOAD_UNASSIGNED,
    MAKE_CELL,
    MOVE,
    RAISE_SUPER_ERROR,
    RETURN_NONE,
)

NO_NAME = 0xFFFFFFFF
NO_REGISTER = 0xFFFF
MAX_REGISTERS = 60_000
MAX_CONSTANT_REGISTERS = 8
MAX_WORDS = 16_000_000


class TooLarge(Exception):
    """A function beyond the format's limits: which one, and the node to blame. The caller turns it into a refusal."""

    def __init__(self, what: str, node: Any = None) -> None:
        super().__init__(what)
        self.node = node


class Label:
    """A place that jumps name before it is known. `state`: the meet over the jumps so far, None before the first."""

    __slots__ = ("refs", "state")

    def __init__(self) -> None:
        self.refs: list[int] = []
        self.state: int | None = None


class Emitter:
    """A code object in the making."""

    __slots__ = (
        "unit",
        "scope",
        "name",
        "qualname",
        "node",
        "first_line",
        "flags",
        "words",
        "runs",
        "at",
        "constants",
        "constant_index",
        "strings",
        "sites",
        "ranges",
        "inlined",
        "inlining",
        "registers",
        "cells",
        "frees",
        "class_body",
        "prefix",
        "first_temp",
        "top",
        "high",
        "state",
        "reachable",
        "deleted_mask",
        "unassigned",
        "blocks",
        "walrus",
        "entry",
        "placed_at",
        "jumps",
        "arrivals",
        "arrivals_at",
        "falls",
        "functions",
        "frozen",
        "module_name",
        "package",
        "scope_names",
        "tails",
        "constant_registers",
        "constants_used",
    )

    def __init__(
        self, unit: Unit, scope: Scope, name: str, qualname: str, node: ast.AST, first_line: int, flags: int
    ) -> None:
        self.unit = unit
        self.scope = scope
        self.name = name
        self.qualname = qualname
        self.node = node
        self.first_line = first_line
        self.flags = flags
        self.words: list[int] = []
        self.runs: list[tuple[int, Any]] = []  # (first word, node or position tuple)
        self.at: Any = None
        self.constants: list[Any] = []
        self.constant_index: dict[Any, int] = {}
        self.strings: dict[str, int] = {}
        self.sites: list[int] = []
        self.ranges: list[tuple[int, int, int, int]] = []
        self.inlined: list[tuple[int, int, str, int, list[str]]] = []
        self.registers: dict[str, int] = scope.registers
        self.cells: dict[str, int] = scope.cells
        self.frees: dict[str, int] = scope.frees
        self.scope_names = scope.names
        self.class_body = False  # names are looked up in the namespace in register 0
        self.module_name = ""
        self.package = ""  # what relative imports start from
        self.inlining = 0  # 1 in a comprehension that is part of this code
        self.prefix = ""  # set by the compiler: what the qualified names of inner functions begin with
        # Constants that loops read get registers of their own, loaded at the function's start where one is used.
        self.constant_registers: dict[object, int] = {}
        self.constants_used: dict[int, Any] = {}
        base = scope.register_count
        if scope.loop_constants and scope.kind != CLASS:
            weights = scope.loop_constants
            for key in sorted(weights, key=weights.__getitem__, reverse=True)[:MAX_CONSTANT_REGISTERS]:
                self.constant_registers[key] = base
                base += 1
        self.first_temp = self.top = self.high = base
        self.state = 0
        self.reachable = True
        self.deleted_mask = 0
        self.unassigned: set[int] = set()
        self.blocks: list[Any] = []
        self.walrus = scope.walrus
        self.entry = 0
        self.placed_at = -1
        self.jumps: set[int] = set()  # words that are a JUMP; a second word may look like one
        self.arrivals: list[int] = []  # the jumps to the labels placed at word `arrivals_at`
        self.arrivals_at = -1
        self.falls = False  # control also falls through to `arrivals_at`
        self.functions: dict[
            int, int
        ] = {}  # id of a function's node -> its constant (finally bodies are compiled twice)
        self.frozen = 0
        self.tails: list[tuple[int, int, int, str, Any]] = []  # rare handlers, put after the end: see calls.py

    # -- registers --

    def temp(self) -> int:
        register = self.top
        self.top = register + 1
        if register >= self.high:
            self.high = register + 1
        return register

    def run(self, count: int) -> int:
        register = self.top
        self.top = register + count
        if self.top > self.high:
            self.high = self.top
        return register

    # -- constants --

    def string(self, text: str) -> int:
        index = self.strings.get(text)
        if index is None:
            index = self.strings[text] = len(self.constants)
            self.constants.append(text)
        return index

    def constant(self, value: Any) -> int:
        if value.__class__ is str:
            return self.string(value)
        key = constant_key(value) if value.__class__ in _BY_REPR else (value.__class__, value)
        index = self.constant_index.get(key)
        if index is None:
            index = self.constant_index[key] = len(self.constants)
            self.constants.append(value)
        return index

    def add_constant(self, value: Any) -> int:
        self.constants.append(value)
        return len(self.constants) - 1

    # -- instructions --

    def emit(self, op: int, a: int, b: int, c: int, node: Any) -> None:
        words = self.words
        if node is not self.at:
            self.at = node
            self.runs.append((len(words), node))
        words.append(op | a << 16 | b << 32 | c << 48)

    def emit_bc(self, op: int, a: int, bc: int, node: Any) -> None:
        words = self.words
        if node is not self.at:
            self.at = node
            self.runs.append((len(words), node))
        words.append(op | a << 16 | (bc & 0xFFFFFFFF) << 32)

    def emit_site(self, op: int, a: int, b: int, c: int, kind: int, name: int, node: Any, de: int = 0) -> None:
        words = self.words
        if node is not self.at:
            self.at = node
            self.runs.append((len(words), node))
        words.append(op | a << 16 | b << 32 | c << 48)
        sites = self.sites
        words.append(len(sites) | de << 32)
        sites.append(kind | name << 32)

    def move(self, to: int, source: int) -> None:
        if to != source:
            self.words.append(MOVE | to << 16 | source << 32)

    def plain(self, op: int, a: int = 0, b: int = 0, c: int = 0) -> None:
        """An instruction that cannot raise: it needs no position."""
        self.words.append(op | a << 16 | b << 32 | c << 48)

    def load_constant(self, to: int, value: Any) -> None:
        cls = value.__class__
        if value is None:
            self.words.append(LOAD_NONE | to << 16)
        elif cls is int and -0x80000000 <= value <= 0x7FFFFFFF:
            self.words.append(LOAD_INT | to << 16 | (value & 0xFFFFFFFF) << 32)
        else:
            index = self.string(value) if cls is str else self.constant(value)
            self.words.append(LOAD_CONST | to << 16 | index << 32)

    def check_local(self, register: int, name: str, node: Any) -> None:
        self.emit_bc(CHECK_LOCAL, register, self.string(name), node)
        self.state |= 1 << register
        self.unassigned.add(register)

    # -- control flow --

    def jump(self, label: Label) -> None:
        words = self.words
        state = label.state
        label.state = self.state if state is None else state & self.state
        if self.arrivals_at == len(words) and self.frozen != len(words):
            arrivals = self.arrivals  # what jumps here goes on at once
            for at in arrivals:
                words[at] &= 0xFFFFFFFF
            label.refs += arrivals
            self.arrivals = []
            self.reachable = self.falls
        if self.reachable:
            label.refs.append(len(words))
            self.jumps.add(len(words))
            words.append(JUMP)
            self.reachable = False

    def end(self, op: int, a: int = 0) -> None:
        """An instruction that ends the frame; the jumps to it become copies of it."""
        words = self.words
        word = op | a << 16
        needed = True
        if self.arrivals_at == len(words):
            needed = self.falls or self.frozen == len(words)
            for at in self.arrivals:
                if at in self.jumps:
                    words[at] = word
                else:
                    needed = True
        if needed:
            words.append(word)
        self.reachable = False

    def jump_bc(self, op: int, a: int, label: Label, node: Any) -> None:
        words = self.words
        if node is not self.at:
            self.at = node
            self.runs.append((len(words), node))
        label.refs.append(len(words))
        words.append(op | a << 16)
        state = label.state
        label.state = self.state if state is None else state & self.state

    def jump_de(self, op: int, a: int, b: int, kind: int, label: Label, node: Any) -> None:
        words = self.words
        if node is not self.at:
            self.at = node
            self.runs.append((len(words), node))
        words.append(op | a << 16 | b << 32)
        sites = self.sites
        label.refs.append(len(words))
        words.append(len(sites))
        sites.append(kind | NO_NAME << 32)
        state = label.state
        label.state = self.state if state is None else state & self.state

    def place(self, label: Label) -> None:
        refs = label.refs
        if not refs:
            return
        words = self.words
        here = len(words)
        if refs[-1] == here - 1 and refs[-1] in self.jumps and self.placed_at != here and self.frozen != here:
            words.pop()  # a jump to the next instruction
            refs.pop()
            here -= 1
            self.jumps.remove(here)
            self.reachable = True
        for at in refs:
            words[at] |= (here - at - 1) << 32
        label.refs = []
        if self.arrivals_at == here:
            self.arrivals += refs
        else:
            self.arrivals = refs
            self.arrivals_at = here
            self.falls = self.reachable
        state = label.state
        self.state = state & self.state if self.reachable else state  # type: ignore[operator, assignment]
        self.reachable = True
        self.placed_at = here

    def backward(self, target: int) -> int:
        """The offset, as a 32-bit field, of a jump back to `target` in the second of the two words about to be
        emitted."""
        return target - len(self.words) - 2 & 0xFFFFFFFF

    def here(self) -> int:
        """The position of the next word, which something outside the code will name: it does not move any more."""
        self.frozen = len(self.words)
        return self.frozen

    # -- the end --

    def finish(self) -> list[Any]:
        """The fields of spec.codeformat.CODE_FIELDS. The code object cannot be added to afterwards."""
        if self.reachable:
            self.end(RETURN_NONE)
        for start, end, register, problem, node in self.tails:
            self.ranges.append((start, end, len(self.words), register))
            self.emit_bc(RAISE_SUPER_ERROR, 0, self.string(problem), node)
        words, scope = self.words, self.scope
        if self.high > MAX_REGISTERS:
            raise TooLarge(f"{self.name} that needs {self.high} registers", self.node)
        if len(words) > MAX_WORDS:
            raise TooLarge(f"{self.name} of this size", self.node)
        parameters = len(scope.parameters)
        if scope.locals_visible:
            self.unassigned.update(scope.registers.values())
        prologue = [LOAD_UNASSIGNED | register << 16 for register in sorted(self.unassigned) if register >= parameters]
        for register in sorted(self.cells.values()):
            if register >= parameters:
                prologue.append(LOAD_UNASSIGNED | register << 16)
            prologue.append(MAKE_CELL | register << 16)
        for register, value in self.constants_used.items():
            self.load_constant(register, value)
            prologue.append(words.pop())
        shift = len(prologue)
        if shift:
            words[:0] = prologue
            self.ranges = [
                (start + shift, end + shift, handler + shift, register) for start, end, handler, register in self.ranges
            ]
            self.inlined = [
                (start + shift, end + shift, name, line, names) for start, end, name, line, names in self.inlined
            ]
        free_variables: list[Any] = []
        for name in self.frees:
            outer: Any = scope.parent
            while outer.inline:
                outer = outer.parent
            source = outer.cells.get(name)
            free_variables.append([name, source if source is not None else 0x8000 | outer.frees[name]])
        arguments = getattr(scope.node, "args", None)
        if arguments is not None and scope.kind < 3:
            only, keywords = len(arguments.posonlyargs), len(arguments.kwonlyargs)
            positional = only + len(arguments.args)
        else:
            only = keywords = 0
            positional = parameters
        return [
            self.name,
            self.qualname,
            self.first_line,
            self.flags,
            only,
            positional,
            keywords,
            self.high,
            scope.parameters,
            self._local_names(),
            free_variables,
            _pack(words),
            [pack_constant(value) for value in self.constants],
            _pack(self.sites),
            b"".join([array("I", entry).tobytes() for entry in self.ranges]),
            self._positions(shift),
            [list(entry[:4]) for entry in self.inlined],
            self._variables(),
            self._captured(),
        ]

    def _variables(self) -> list[list[str]]:
        scope = self.scope
        own: list[str] = []
        if scope.kind >= 2:
            hidden = scope.captured.union(scope.parameters, scope.uncompiled)
            own = [name for name in scope.registers if name not in hidden]
        groups = [own, *(entry[4] for entry in self.inlined)]
        return groups if any(groups) else []

    def _captured(self) -> list[str]:
        scope = self.scope
        if not scope.captured:
            return []
        parameters = [name for name in scope.parameters if name in scope.captured]
        return parameters + sorted(scope.captured.difference(parameters))

    def _local_names(self) -> list[Any]:
        scope = self.scope
        if not scope.locals_visible or scope.kind < 2:
            return []
        names: list[Any] = []
        for name in scope.parameters:
            cell = name in scope.cells
            names.append([name, scope.cells[name] if cell else scope.registers[name], cell])
        names += [[name, register, False] for name, register in scope.registers.items() if name not in scope.parameters]
        names += [[name, register, True] for name, register in scope.cells.items() if name not in scope.parameters]
        names += [[name, 0x8000 | index, True] for name, index in scope.frees.items()]
        return names

    def _positions(self, shift: int) -> bytes:
        """The run-length list of positions. `shift` words of prologue belong to the definition's line."""
        out = bytearray()
        line = self.first_line
        runs = self.runs
        total = len(self.words)
        count = len(runs)
        previous: Any = None
        start = 0
        for index in range(count + 1):
            if index < count:
                at, node = runs[index]
                at += shift
            else:
                at, node = total, None
            length = at - start
            if length > 0:
                # the run [start, at) has the position `previous`
                if previous is None:
                    new, end, col, end_col = self.first_line, self.first_line, 0, 0
                elif previous.__class__ is tuple:
                    new, end, col, end_col = previous
                else:
                    new, end = previous.lineno, previous.end_lineno
                    col, end_col = previous.col_offset + 1, previous.end_col_offset + 1
                delta = new - line
                end -= new
                line = new
                if length < 128 and -64 <= delta < 64 and 0 <= end < 64 and col < 64 and end_col < 64:
                    out += bytes(
                        (
                            length,
                            delta + delta if delta >= 0 else -delta - delta - 1,
                            end + end,
                            col + col,
                            end_col + end_col,
                        )
                    )
                else:
                    _varint(out, length)
                    for value in (delta, end, col, end_col):
                        _varint(out, value << 1 if value >= 0 else (-value << 1) - 1)
                start = at
            previous = node
        return bytes(out)


def _varint(out: bytearray, value: int) -> None:
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)


def _pack(words: list[int]) -> bytes:
    packed = array("Q", words)
    if byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


class FrozenConstant(tuple[Any, ...]):
    """The items of a constant frozenset, in source order."""

    __slots__ = ()


_BY_REPR = frozenset((float, tuple, FrozenConstant))


class CodeConstant:
    """A code object among the constants."""

    __slots__ = ("fields",)

    def __init__(self, fields: list[Any]) -> None:
        self.fields = fields


def pack_constant(value: Any) -> Any:
    cls = value.__class__
    if cls is str:
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            return ["s", value.encode("utf-8", "surrogatepass")]
        return value
    if cls is int:
        if -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
            return value
        size = abs(value)
        return ["i", 1 if value > 0 else -1, size.to_bytes((size.bit_length() + 7) // 8, "little")]
    if cls is CodeConstant:
        return ["c", value.fields]
    if cls is tuple:
        return ["t", *map(pack_constant, value)]
    if cls is FrozenConstant:
        return ["f", *map(pack_constant, value)]
    if value is ...:
        return ["..."]
    return value
