"""Judges all templates of a compiler by the policy, and writes for each a function that makes its instances (see demands.py).

Run when minivm is built, and in memory where what was built is for another runtime or policy. A template is analysed as
every other piece of code (``chunk.py``). What the analysis leaves to test for an instance is then held against what the template's
holes are said to hold (``spec/templates.py``): most of it is proved here, once for all instances; the rest becomes a test
in the function. Whatever is neither proved nor tested ends the build: CodeRefused, rule "proof".

    def ADD(h, c, w, x, pc, at, error, again, violation, frame, constants, records): tests; return hot chunk, cold chunk

h and c are where the chunks lie; w, x the first and the last word of the instruction as four 16-bit numbers each, pc the index behind it; at, error and again are
places by word index; the last three are bounds in bytes. Only numbers, and bytes of templates, get into the source.
"""
from __future__ import annotations

from minivm.codecheck.chunk import (
    BRANCH,
    CLASS,
    CONSTANTS,
    DEFAULT,
    FRAME,
    INSIDE,
    NAMED,
    OUTSIDE,
    OWN,
    RECORDS,
    WINDOW,
    WORDS,
    Shape,
    analyse,
)
from minivm.codecheck.instances import named_refusals, reaches
from minivm.codecheck.policy import ChunkSpec, HoleSpec, Policy
from minivm.codecheck.verdict import CodeRefused
from minivm.spec import templates
from minivm.spec.native import GRANULE
from minivm.spec.opcodes import BY_NAME, OPCODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Kind = tuple[bytes, ChunkSpec]
    # Code, entries
    StubUnit = tuple[bytes, list[tuple[int, int]]]

_FORMATS = {(1, True): "b", (1, False): "B", (2, True): "h", (2, False): "H", (4, True): "i", (4, False): "I", (8, True): "q", (8, False): "Q"}
_BOUNDS = {FRAME: ("frame", "memory"), CONSTANTS: ("constants", "memory"), RECORDS: ("records", "memory")}
_INSTRUCTION = "h, c, w, x, pc, at, error, again, violation, frame, constants, records"
_NONE = ChunkSpec(0)


class Value:
    """What a hole holds: `local` (a name in the function, or "") times 1 or -1, plus addend; lowest and highest value, None: not known."""

    __slots__ = ("local", "sign", "addend", "low", "high")

    def __init__(self, local: str, addend: int, low: int | None = None, high: int | None = None, sign: int = 1) -> None:
        self.local = local
        self.sign = sign
        self.addend = addend
        self.low = low
        self.high = high

    def text(self) -> str:
        if self.sign < 0:
            return f"{self.addend} - {self.local}"
        return self.local + (f" {'-' if self.addend < 0 else '+'} {abs(self.addend)}" if self.addend else "")


class _Template:
    """Both chunks of a template, or one."""

    def __init__(self, name: str, hot: Kind, cold: Kind | None, policy: Policy, start: int, marks: Mapping[str, int]) -> None:
        self.name = name
        self.codes = [hot[0], cold[0] if cold else b""]
        self.holes: list[list[HoleSpec]] = [sorted(hot[1].holes), sorted(cold[1].holes) if cold else []]
        self.around = name in templates.AROUND
        self.lines: dict[str, None] = {}        # locals, in order
        self.tests: dict[tuple[str, str, str], int] = {}
        self.plain_tests: dict[str, None] = {}
        try:
            self.hot = analyse(_instance(hot), hot[1].holes, start, policy, role=hot[1].role)
            self.cold = analyse(_instance(cold), cold[1].holes, DEFAULT, policy, role=cold[1].role) if cold else None
            reached = reaches(self.hot, self.cold) if self.cold else 0
        except CodeRefused as refused:
            raise CodeRefused(refused.offset, refused.rule, f"template {name}: {refused.text}") from None
        self.after = reached or (self.hot.end_state if self.hot.falls else 0)
        for mark, offset in marks.items():
            self.want(offset in self.hot.inside, f"the mark {mark} is no place to branch to")
        self.prove()

    def want(self, true: object, text: str) -> None:
        if not true:
            raise CodeRefused(0, "proof", f"template {self.name}: {text}")

    # -- proofs --
    def prove(self) -> None:
        for number, shape in enumerate((self.hot, self.cold)):
            if shape is None:
                continue
            self.want(shape.length > 0 and shape.known, "empty, or not in the catalogue")
            self.want(not (shape.leaves or shape.calls or shape.exits), "leaves its chunk by other ways than branches of holes inside the frame")
            self.want(not shape.tails or self.name == "violate", "calls a helper that does not return")
            for need in shape.needs:
                self.test(need.bound, Value("", need.least - 1), need.reason.partition(":")[0])
            fields = {found.at: found for found in shape.fields}
            for hole in self.holes[number]:
                found = fields.get(hole.offset)
                kind = found.kind if found else -1
                value = self.value(hole, number, found.end if found and kind in (BRANCH, OWN) else -1)
                if kind in (BRANCH, OWN, NAMED):
                    self.want(_bits(shape, hole)[0] in (0, abs(hole.scale) - 1), f"{hole.name}: bits of a place are fixed")
                else:
                    self.prove_bits(shape, hole, value, kind)
                if kind in _BOUNDS:
                    self.test(_BOUNDS[kind][0], value, _BOUNDS[kind][1])
                elif kind == WORDS and hole.name not in templates.INDICES:
                    self.plain(f"not 0 <= {value.text()} < len(error)", "number")
                elif kind == WINDOW:
                    text = value.text() if value.sign > 0 else Value(value.local, -value.addend).text()
                    self.plain(f"not -frame <= {text} <= frame", "pinned")
                elif kind == CLASS:
                    self.plain(f"{value.text()} not in CLASSES", "class")
                elif kind == BRANCH:
                    self.want(hole.name in templates.PLACES and hole.scale == 1 and hole.addend == 0, f"{hole.name}: no place to branch to")
                elif kind == OWN:
                    self.want(templates.OWN.get(hole.name) == ("cold", "hot")[number] and hole.scale == 1, f"{hole.name}: not the other chunk")
        self.prove_refusals()

    def prove_bits(self, shape: Shape, hole: HoleSpec, value: Value, kind: int) -> None:
        """Bits of a hole that must be so in all instances: low ones, by the scale; high ones, which must be zero, by the range."""
        bits, wanted = _bits(shape, hole)
        if not bits:
            return
        width = 8 * hole.size
        low = 0
        while low < width and bits >> low & 1:
            low += 1
        step = abs(hole.scale) * (1 if value.local else 1 << width)
        self.want(step % (1 << low) == 0 and value.addend & (1 << low) - 1 == wanted & (1 << low) - 1, f"{hole.name}: not a multiple")
        high = bits >> low
        if high:
            free = (high & -high).bit_length() - 1 + low        # bits from here on are fixed
            self.want(bits >> free == (1 << width - free) - 1 and wanted >> free == 0, f"{hole.name}: bits in the middle are fixed")
            if kind in _BOUNDS or (kind == WORDS and hole.name in templates.INDICES) or (value.low is not None and value.high is not None and 0 <= value.low and value.high < 1 << free):
                return          # bounds of units are below 1 << free: demands.unit sees to that
            self.plain(f"not 0 <= {value.text()} < {1 << free}", "memory")

    def prove_refusals(self) -> None:
        """Each checked branch is reported under its own offset, by a jump to the chunk `violate`."""
        refusals = sum(len(shape.refusals) for shape in (self.hot, self.cold) if shape)
        named = named_refusals(self.hot, self.cold)
        self.want(named is not None and len({(place, refusal.at) for _, (place, refusal, _) in named}) == refusals, "a checked branch without its refusal")
        for (base, at), (_, refusal, letter) in named or ():
            shape, holes = (self.hot, self.holes[0]) if letter == "x" else (self.cold, self.holes[1])
            assert shape is not None
            where, to = shape.fields[refusal.named], shape.fields[refusal.to]
            own = next(hole for hole in holes if hole.offset == where.at)
            tail = next(hole for hole in holes if hole.offset == to.at)
            self.want(templates.OWN.get(own.name) == {"h": "hot", "c": "cold"}[base] and (own.scale, own.addend) == (1, at), "a refusal under another offset")
            self.want(tail.name == "violation", "a refusal that goes elsewhere")

    # -- values and tests --
    def value(self, hole: HoleSpec, number: int, end: int) -> Value:
        """`end`: of the instruction, if the hole is a distance."""
        name, here = hole.name, ("h", "c")[number]
        if name in templates.OWN:
            if end < 0:
                return Value(templates.OWN[name][0], hole.addend)
            self.lines["way = c - h"] = None
            return Value("way", hole.addend - end, sign=1 if number == 0 else -1)
        if name in templates.PLACES and (not self.around or name in templates.AROUND[self.name]):
            self.want(end >= 0, f"{name}: a place that is no branch's")
            return Value(f"{self.place(name)} - {here}", hole.addend - end)
        if self.around:
            self.want(name in templates.AROUND[self.name] and end < 0 and hole.scale > 0, f"{name}: an unknown hole")
            return Value(f"{name} * {hole.scale}", hole.addend)
        if name in templates.INDICES:
            self.want((hole.scale, hole.addend) == (1, 0), f"{name}: is taken as it is")
            self.place("target") if name == "target_next" else None
            return Value("pc", 0, 0) if name == "next" else Value("t", 1, 0)
        self.want(name in templates.OPERANDS and hole.scale and end < 0, f"{name}: an unknown hole")
        operand = templates.OPERANDS[name]
        scale = abs(hole.scale)
        local = f"{'x' if operand.last else 'w'}{operand.shift}_{operand.bits}{'s' if operand.signed else ''}_{scale}"
        self.lines[f"{local} = {_extract(operand, scale)}"] = None
        least = -(1 << operand.bits - 1) if operand.signed else 0
        ends = sorted(((least + operand.plus) * hole.scale + hole.addend, (least + (1 << operand.bits) - 1 + operand.plus) * hole.scale + hole.addend))
        return Value(local, operand.plus * hole.scale + hole.addend, ends[0], ends[1], sign=1 if hole.scale > 0 else -1)

    def place(self, name: str) -> str:
        """An expression for a place of the unit."""
        if self.around or name == "violation":
            return name
        if name in ("target", "target_error"):
            self.lines[f"t = pc + {_extract(templates.JUMP, 1)}"] = None
            self.lines["target = at[t]"] = None         # there is an instruction: t is no negative index
        return {"target": "target", "target_error": "error[t]", "error": "error[pc - 1]", "again": "again[pc - 1]"}[name]

    def test(self, bound: str, value: Value, rule: str) -> None:
        """The value is below the bound."""
        if value.low is not None and value.low < 0 or value.sign < 0:
            self.plain(f"not 0 <= {value.text()} < {bound}", rule)
        else:
            key = value.local, bound, rule
            self.tests[key] = max(value.addend, self.tests.get(key, value.addend))

    def plain(self, condition: str, rule: str) -> None:
        self.plain_tests[f"if {condition}: refuse(h, {rule!r}, {self.name!r})"] = None

    # -- source --
    def source(self, function: str, packers: dict[str, str]) -> list[str]:
        parameters = f"h, c{''.join(', ' + name for name in templates.AROUND[self.name])}" if self.around else _INSTRUCTION
        returned = ", ".join(self.chunk(number, packers) for number in (0, 1))
        lines = [f"def {function}({parameters}):", *(f"    {line}" for line in self.lines)]
        for (local, bound, rule), addend in self.tests.items():
            lines.append(f"    if {Value(local, addend).text() if local else addend} >= {bound}: refuse(h, {rule!r}, {self.name!r})")
        return [*lines, *(f"    {line}" for line in self.plain_tests), f"    return {returned}"]

    def chunk(self, number: int, packers: dict[str, str]) -> str:
        """An expression for the bytes of a chunk."""
        code, holes = self.codes[number], self.holes[number]
        if not holes:
            return repr(code)
        shape = (self.hot, self.cold)[number]
        assert shape is not None
        ends = {found.at: found.end for found in shape.fields if found.kind in (BRANCH, OWN)}
        layout, arguments, at = "<", [], 0
        for hole in holes:
            if hole.offset > at:
                layout += f"{hole.offset - at}s"
                arguments.append(repr(code[at:hole.offset]))
            layout += _FORMATS[hole.size, hole.signed]
            arguments.append(self.value(hole, number, ends.get(hole.offset, -1)).text())
            at = hole.offset + hole.size
        if at < len(code):
            layout += f"{len(code) - at}s"
            arguments.append(repr(code[at:]))
        return f"{packers.setdefault(layout, f'P{len(packers)}')}({', '.join(arguments)})"


def _instance(kind: Kind) -> bytes:
    """The chunk with zeros for what its holes hold, times the scale, plus the addend: the analysis wants an instance."""
    code = bytearray(kind[0])
    for hole in kind[1].holes:
        code[hole.offset:hole.offset + hole.size] = (hole.addend & (1 << 8 * hole.size) - 1).to_bytes(hole.size, "little")
    return bytes(code)


def _extract(operand: templates.Operand, scale: int) -> str:
    """An expression for the operand, without `plus`, times the scale."""
    word, number = "x" if operand.last else "w", operand.shift // 16
    text = f"{word}[{number}]" if operand.bits == 16 else f"({word}[{number}] | {word}[{number + 1}] << 16)"
    if operand.signed:
        text = f"({text} ^ {1 << operand.bits - 1}) - {1 << operand.bits - 1}"
        return text if scale == 1 else f"({text}) * {scale}"
    return text if scale == 1 else f"{text} * {scale}"


def _bits(shape: Shape, hole: HoleSpec) -> tuple[int, int]:
    """Bits of the hole that are the same in all instances, and what they are."""
    mask, code = (int.from_bytes(data[hole.offset:hole.offset + hole.size], "little") for data in (shape.mask, shape.code))
    return mask, code & mask


def generate(layout: str, kinds: Mapping[str, Kind], marks: Mapping[str, Mapping[str, int]], pads: Sequence[bytes], stubs: Mapping[str, StubUnit],
             policy: Policy, fingerprint: str) -> str:
    """The source of a module for demands.Demands. Raises CodeRefused for what the policy forbids or cannot be proved. The units of stubs
    (by strategy) were judged before."""
    lines: list[str] = []
    packers: dict[str, str] = {}

    def made(name: str, kind: str, start: int) -> tuple[_Template, str]:
        template = _Template(name, kinds[kind], kinds.get(kind + " cold", (b"", _NONE))[0] and kinds[kind + " cold"] or None, policy, start, marks.get(name, {}))
        function = "f_" + kind.replace(":", "_").replace("@", "_")
        lines.extend(template.source(function, packers))
        return template, function

    for count, pad in enumerate(pads):
        if len(pad) != count or (pad and not analyse(pad, (), DEFAULT, policy).only_nops):
            raise CodeRefused(0, "proof", f"{count} bytes of padding are none")
    if len(pads) != GRANULE:
        raise CodeRefused(0, "proof", "padding below a granule is missing")
    parts = []
    for name, (begins, after) in {"enter_exactly": (OUTSIDE, OUTSIDE), "enter_bound": (OUTSIDE, INSIDE), "catch_nothing": (INSIDE, 0), "catch": (INSIDE, 0),
                                  "violate": (INSIDE, 0), "resume": (OUTSIDE, 0)}.items():
        template, function = made(name, name, OUTSIDE if begins == OUTSIDE else DEFAULT)
        template.want((template.hot.begins, template.after) == (begins, after), "begins or ends on the wrong side of the frame")
        template.want(name == "enter_exactly" or template.cold is None, "has a cold chunk")
        template.want(not (template.cold and template.cold.falls), "its cold chunk falls through")
        template.want(name != "violate" or 0 in template.hot.tails, "does not lead to the helper VIOLATION")
        parts.append(f"{name!r}: ({len(template.codes[0])}, {len(template.codes[1])}, {function}),")
    shared: dict[str, str] = {}     # kinds that all strategies have
    tables = []
    for strategy in stubs:
        rows = []
        for opcode in OPCODES:
            guesses = templates.GUESSES.values() if opcode.name in templates.GUESSING else ()
            for variant in ("", *templates.VARIANTS, templates.IN_GENERATORS, *guesses):
                name = f"{opcode.name}:{variant}" if variant else opcode.name
                kind = next((kind for kind in (f"{name}@{strategy}", name) if kind in kinds), "")
                if not kind:
                    continue
                if kind not in shared:
                    template, function = made(name, kind, DEFAULT)
                    template.want(template.hot.begins == INSIDE and template.after in (0, INSIDE), "begins or ends outside the frame")
                    template.want(not (template.cold and template.cold.falls), "its cold chunk falls through")
                    shared[kind] = f"({opcode.words}, {len(template.codes[0])}, {len(template.codes[1])}, {function}, {template.after != 0})"
                rows.append(f"{name!r}: {shared[kind]},")
        tables.append(f"{strategy!r}: {{" + "\n".join(rows) + "},")
    for name in kinds:
        if name.partition(":")[0].partition("@")[0] in BY_NAME and not name.endswith(" cold") and name not in shared:
            raise CodeRefused(0, "proof", f"template {name}: nothing says which instructions have it")
    picks = [f"{name!r}: lambda w, x: not {variant.low} <= {_extract(variant.operand, 1)} < {variant.high}," for name, variant in templates.VARIANTS.items()]
    head = ['"""What the units of tier 1 must be, for one build of the runtime. Made by minivm.codecheck.proofs."""', "from struct import Struct",
            "from minivm.codecheck.demands import refuse", "from minivm.spec.codepolicy import SITE_CLASSES as CLASSES",
            f"LAYOUT = {layout!r}", f"FINGERPRINT = {fingerprint!r}", f"MARKS = {({name: dict(found) for name, found in marks.items()})!r}",
            f"PADS = {tuple(pads)!r}", f"STUBS = {dict(stubs)!r}"]
    return "\n".join([*head, *(f"{name} = Struct({text!r}).pack" for text, name in packers.items()), *lines, "PICKS = {", *picks, "}", "PARTS = {", *parts, "}", "ROWS = {", *tables, "}", ""])

