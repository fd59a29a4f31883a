"""Turns the templates into Python source: for each a function that fills its holes by one struct.pack for each chunk.

Run when minivm is built (setup.py calls `write`), so that a program that needs native code neither imports the
assembler nor assembles templates; and in memory where what was built does not fit the runtime (`Compiler` decides). The
source depends on the layout of the runtime alone.

    def ADD(hot_at, cold_at, w, x, pc, at, error, again, violation): return hot chunk, cold chunk
    ROWS = {"ADD": (words, hot size, cold size, ADD), ...}; IC = {strategy: rows that it replaces}
    PARTS = {"catch": (hot size, cold size, function, marks), ...}      the parameters of these are their holes

w and x are the first and last word of the instruction, each as four 16-bit numbers, pc the index behind it, `at` the places of hot code by word index,
`error` and `again` the ways out for exceptions by word index.
"""
from __future__ import annotations

from collections import Counter
from pathlib import Path

import minivm.baseline.arithmetic  # noqa: F401  registers templates
import minivm.baseline.intrinsics  # noqa: F401  registers templates
from minivm.asm import COLD, HOT, Template
from minivm.asm.assembler import START, TemplateHole
from minivm.baseline import calls
from minivm.baseline.caches import STRATEGIES
from minivm.baseline.forms import Form
from minivm.baseline.pointer import STUBS
from minivm.baseline.templates import TEMPLATES, Writer
from minivm.baseline.unit import NOPS
from minivm.spec.native import CLASS_NUMBER
from minivm.spec.opcodes import BY_NAME, IC_SITE_KINDS

# A chunk's code with zeros in its holes; of each hole the offset, size, scale, addend, signedness, whether it is a branch to
# the template's other chunk, and its name.
Kind = tuple[bytes, tuple[tuple[int, int, int, int, bool, bool, str], ...]]

VERSION = 1
PARTS: dict[str, Writer] = {
    **{name: getattr(calls, name) for name in ("enter_exactly", "enter_bound", "resume", "catch", "catch_nothing", "violate", "interpret", "stub")},
    **{f"stub_{site}_{kind}": writer for site, (_, stubs) in STUBS.items() for kind, writer in stubs.items()},
}

# How a hole gets its value. Locals of the generated function where several holes share the work.
_VALUES = {
    "a": "w[1]", "b": "w[2]", "c": "w[3]", "bc": "(w[2] + w[3] * 65536)",
    "imm_b": "((w[2] ^ 32768) - 32768)", "imm_c": "((w[3] ^ 32768) - 32768)", "imm_bc": "(w[2] + (w[3] ^ 32768) * 65536 - 2147483648)",
    "site": "(x[0] + x[1] * 65536)", "next": "pc", "violation": "violation",
    "nargs": "w[2]", "nargs_self": "(w[2] + 1)",
    "entry_class": f"(w[2] + {CLASS_NUMBER['EXACT_0']})", "entry_class_self": f"(w[2] + {CLASS_NUMBER['EXACT_0'] + 1})",
    "error": "error[pc - 1]", "again": "again[pc - 1]", "target": "at[t]", "target_next": "(t + 1)", "target_error": "error[t]",
}
_TARGETS = frozenset(("target", "target_next", "target_error"))
_FORMATS = {(1, True): "b", (1, False): "B", (2, True): "h", (2, False): "H", (4, True): "i", (4, False): "I", (8, True): "q", (8, False): "Q"}


def assemble(layout: dict[str, int], writer: Writer, guests: bool = True) -> Template:
    form = Form(layout, guests)
    writer(form)
    return form.finish()


def layout_of(text: str) -> dict[str, int]:
    """Of lines `name=number`; raises ValueError."""
    return {name: int(value) for name, value in (line.split("=", 1) for line in text.splitlines())}


class Source:
    """The module being written. Equal formats share their packers."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.packers: dict[str, str] = {}

    def packer(self, layout: str) -> str:
        return self.packers.setdefault(layout, f"P{len(self.packers)}")

    def chunk(self, template: Template, chunk: str, locals_: dict[tuple[str, int], str]) -> str:
        """An expression for the bytes of a chunk."""
        code = template.hot_code if chunk == HOT else template.cold_code
        holes = sorted(hole for hole in template.holes if hole.chunk == chunk)
        if not holes:
            return repr(code)
        layout, arguments, at = "<", [], 0
        for hole in holes:
            if hole.offset > at:
                layout += f"{hole.offset - at}s"
                arguments.append(repr(code[at:hole.offset]))
            layout += _FORMATS[hole.size, hole.signed]
            arguments.append(_value(hole, locals_[hole.name, hole.scale]))
            at = hole.offset + hole.size
        if at < len(code):
            layout += f"{len(code) - at}s"
            arguments.append(repr(code[at:]))
        return f"{self.packer(layout)}({', '.join(arguments)})"

    def function(self, name: str, parameters: str, template: Template, values: dict[str, str]) -> None:
        self.lines.append(f"def {name}({parameters}):")
        uses = Counter((hole.name, hole.scale) for hole in template.holes)
        if _TARGETS & {hole for hole, _ in uses} and "pc" in parameters:
            self.lines.append("    t = pc + x[2] + (x[3] ^ 32768) * 65536 - 2147483648")
        if any(hole.kind == "rel" and hole.name in START.values() for hole in template.holes):
            self.lines.append("    way = cold_at - hot_at")
        locals_ = {}
        for (hole, scale), count in uses.items():
            value = {START[HOT]: "hot_at", START[COLD]: "cold_at"}.get(hole) or values[hole]
            if scale != 1:
                value += f" * {scale}"
            if count > 1 and not value.isidentifier():
                local = f"{hole}_{scale}".replace("-", "m")
                self.lines.append(f"    {local} = {value}")
                value = local
            locals_[hole, scale] = value
        self.lines.append(f"    return {self.chunk(template, HOT, locals_)}, {self.chunk(template, COLD, locals_)}")

    def row(self, name: str, template: Template, table: list[str], suffix: str = "") -> None:
        function = name.replace(":", "_") + suffix
        self.function(function, "hot_at, cold_at, w, x, pc, at, error, again, violation", template, _VALUES)
        kind = name + ("@" + suffix[1:] if suffix else "")
        table.append(f"{name!r}: ({BY_NAME[name.partition(':')[0]].words}, {template.hot}, {template.cold}, {function}, {kind!r}, {kind + ' cold'!r}),")

    def text(self, layout: str, tables: list[str]) -> str:
        head = [f'"""Templates of tier 1 for one build of the runtime. Made by minivm.baseline.rows."""\nfrom struct import Struct\n\nVERSION = {VERSION}',
                f"LAYOUT = {layout!r}"]
        packers = [f"{name} = Struct({text!r}).pack" for text, name in self.packers.items()]
        return "\n".join([*head, *packers, *self.lines, *tables, ""])


def _value(hole: TemplateHole, value: str) -> str:
    addend = hole.addend
    if hole.kind == "rel":
        addend -= hole.offset + hole.size
        if hole.name == START[HOT if hole.chunk == COLD else COLD]:
            return f"{addend} - way" if hole.chunk == COLD else f"way {'-' if addend < 0 else '+'} {abs(addend)}"
        value += f" - {'hot_at' if hole.chunk == HOT else 'cold_at'}"
    return value + (f" {'-' if addend < 0 else '+'} {abs(addend)}" if addend else "")


def generate(layout_text: str, guests: bool = True) -> str:
    """The source of the module for a runtime of this layout (see bridge.jit_layout), with or without checks of branches."""
    layout, source = layout_of(layout_text), Source()
    tables = ["ROWS = {"]
    replaced = {name for rows in STRATEGIES.values() for name in rows}
    for name, writer in TEMPLATES.items():
        if name not in replaced:
            source.row(name, assemble(layout, writer, guests), tables)
    tables.append("}\nIC = {")
    for strategy, rows in STRATEGIES.items():
        tables.append(f"{strategy!r}: {{")
        for name, writer in rows.items():
            source.row(name, assemble(layout, writer, guests), tables, "_" + strategy)
        tables.append("},")
    tables.append("}\nPARTS = {")
    holes_of: dict[str, list[str]] = {}
    for name, writer in PARTS.items():
        template = assemble(layout, writer, guests)
        holes = sorted({hole.name for hole in template.holes if not hole.name.startswith("@")})
        holes_of[name] = holes
        source.function(name, ", ".join(("hot_at", "cold_at", *holes)), template, {hole: hole for hole in holes})
        marks = {mark: offset for mark, (_, offset) in template.marks.items()}
        tables.append(f"{name!r}: ({template.hot}, {template.cold}, {name}, {marks!r}),")
    tables.append("}\nSTUBS = {")   # by strategy: entry class, number of site and record kind (unit.stubs), part, whether it leads to the site's first one
    for strategy in STRATEGIES:
        tables.append(f"{strategy!r}: (")
        if strategy == "pointer":
            tables += [f"({CLASS_NUMBER[entry_class]}, {_stub_index(layout, site, kind)}, 'stub_{site}_{kind}', {'miss' in holes_of[f'stub_{site}_{kind}']}),"
                       for site, (entry_class, stubs) in STUBS.items() for kind in stubs]
        tables.append("),")
    tables.append("}")
    return source.text(layout_text, tables)


def _stub_index(layout: dict[str, int], site: str, kind: str) -> int:
    return IC_SITE_KINDS.index(site) * 16 + layout[f"ic.{kind}"]


def kinds(layout_text: str) -> dict[str, Kind]:
    """The kinds of chunks that units consist of, by the names in Unit.chunks: what the code checker is told."""
    layout = layout_of(layout_text)
    replaced = {name for rows in STRATEGIES.values() for name in rows}
    templates = {name: writer for name, writer in TEMPLATES.items() if name not in replaced}
    templates.update((f"{name}@{strategy}", writer) for strategy, rows in STRATEGIES.items() for name, writer in rows.items())
    templates.update(PARTS)
    found: dict[str, Kind] = {f"pad {count}": (pad, ()) for count, pad in enumerate(NOPS) if count}
    for name, writer in templates.items():
        template = assemble(layout, writer)
        for suffix, chunk, code in (("", HOT, template.hot_code), (" cold", COLD, template.cold_code)):
            found[name + suffix] = (code, tuple((hole.offset, hole.size, hole.scale, hole.addend, hole.signed, hole.kind == "rel" and hole.name in START.values(), hole.name)
                                                for hole in template.holes if hole.chunk == chunk))
    return found


def marks(layout_text: str) -> dict[str, dict[str, int]]:
    """Named places in the hot chunks of what surrounds the instructions."""
    layout = layout_of(layout_text)
    return {name: {mark: offset for mark, (_, offset) in assemble(layout, writer).marks.items()} for name, writer in PARTS.items()}


def write(folder: str, layout: str) -> None:
    """Writes the modules of a runtime of this layout into a folder; unchanged ones keep their date."""
    table = ",\n".join(f"{name!r}: {kind!r}" for name, kind in kinds(layout).items())
    text = f'"""Kinds of chunks of tier 1 for one build of the runtime. Made by minivm.baseline.rows."""\nLAYOUT = {layout!r}\nKINDS = {{\n{table},\n}}\n'
    update(Path(folder) / "_rows.py", generate(layout))
    update(Path(folder) / "_kinds.py", text)


def update(path: Path, content: str) -> None:
    """Writes a generated module; an unchanged one keeps its date."""
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        path.write_text(content, encoding="utf-8")
