"""Hand-made bytecode for the tests of the loader and the verifier: instructions by name, the rest field by field.

Nothing is checked here: the tests need code that is wrong in one place. Operands are the fields of spec/opcodes.py; a
two-word instruction gets a site of its row's kind unless `site=` numbers one.
"""
from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

from minivm.bytecode.image import pack
from minivm.spec.codeformat import CODE_FIELDS
from minivm.spec.opcodes import BY_NAME, CODE_FLAGS, IC_SITE_KINDS, NUMBER

NO_NAME = 0xFFFFFFFF
NAMED = {"attr", "store_attr", "method", "global", "store_global", "super"}
FIELDS = [name for name, _ in CODE_FIELDS]


@dataclass(frozen=True)
class I:  # noqa: E742
    """An instruction. bc and de take signed numbers; `name` is the constant of the site that is made for it."""

    op: str
    a: int = 0
    b: int = 0
    c: int = 0
    bc: int | None = None
    d: int = 0
    e: int = 0
    de: int | None = None
    name: int = 1
    site: int | None = None


@dataclass
class Code:
    """The fields of a code object; `lines` are assembled. Constant 0 is the docstring, 1 a name."""

    lines: tuple[I, ...]
    name: str = "f"
    flags: tuple[str, ...] = ()
    positional_only: int = 0
    positional: int = 0
    keyword_only: int = 0
    registers: int = 16
    parameters: tuple[str, ...] | None = None
    locals: tuple[Any, ...] = ()
    free: tuple[Any, ...] = ()
    constants: tuple[Any, ...] = (None, "name")
    more_constants: tuple[Any, ...] = ()
    ranges: tuple[tuple[int, int, int, int], ...] = ()
    positions: bytes = b""
    inlined: tuple[Any, ...] = ()
    changes: dict[str, Any] = field(default_factory=dict)

    def fields(self) -> list[Any]:
        words, sites = [], []
        for line in self.lines:
            row = BY_NAME[line.op]
            first = NUMBER[line.op] | line.a << 16
            first |= (line.bc & 0xFFFFFFFF) << 32 if line.bc is not None else line.b << 32 | line.c << 48
            words.append(first)
            if row.words == 2:
                site = line.site
                if site is None:
                    site = len(sites)
                    named = row.site in NAMED or line.op == "CALL_KW"
                    sites.append((IC_SITE_KINDS.index(row.site), line.name if named else NO_NAME))
                rest = (line.de & 0xFFFFFFFF) << 32 if line.de is not None else line.d << 32 | line.e << 48
                words.append(site | rest)
        count = self.positional + self.keyword_only + ("VARARGS" in self.flags) + ("VARKEYWORDS" in self.flags)
        names = [f"p{i}" for i in range(count)] if self.parameters is None else list(self.parameters)
        values = {
            "name": self.name, "qualname": self.name, "first_line": 1,
            "flags": sum(CODE_FLAGS[flag] for flag in self.flags),
            "positional_only": self.positional_only, "positional": self.positional, "keyword_only": self.keyword_only,
            "registers": self.registers, "parameter_names": names, "local_names": [list(row) for row in self.locals],
            "free_variables": [list(row) for row in self.free],
            "instructions": b"".join(struct.pack("<Q", word) for word in words),
            "constants": [*self.constants, *self.more_constants],
            "sites": b"".join(struct.pack("<II", *site) for site in sites),
            "exceptions": b"".join(struct.pack("<4I", *row) for row in self.ranges), "positions": self.positions,
            "inlined": [list(row) for row in self.inlined], "variables": [], "captured": [],
        }
        values.update(self.changes)
        return [values[name] for name in FIELDS]


def inner(code: Code) -> list[Any]:
    """The constant that holds a code object."""
    return ["c", code.fields()]


def module_code(*lines: I, **fields: Any) -> Code:
    return Code(lines or (I("RETURN_NONE"),), name="<module>", flags=("MODULE",), **fields)


def image(code: Code, **module: Any) -> bytes:
    """An image whose main module has this code, or makes a function of it if it is no module's."""
    if "MODULE" not in code.flags:
        lines = I("MAKE_FUNCTION", a=0, b=1, d=2), I("RETURN_NONE")
        code = module_code(*lines, more_constants=(inner(code),), registers=4)
    fields = {"name": "__main__", "file": "t.py", "package": False, "builtin": False, "source": None}
    return pack([{**fields, "code": code.fields(), **module}], 0)
