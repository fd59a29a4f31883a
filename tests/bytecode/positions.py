"""Positions of our instructions against those of CPython's own code objects, for the same source.

`strange(source)` yields the instructions that may raise and whose position CPython gives to nothing in the function
of the same name and line.
"""

from __future__ import annotations

import types
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from compiling import compile_alone, main_code

from minivm.bytecode.dis import FIELD, codes, decode, positions

COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>")


def _reference(code: types.CodeType, out: dict[tuple[str, int], set[Any]], key: tuple[str, int]) -> None:
    found = out[key]
    for line, end, col, end_col in code.co_positions():
        if line is not None:
            found.add((line, end, -1 if col is None else col, -1 if end_col is None else end_col))
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            name = constant.co_name
            qualname = ".".join(part for part in constant.co_qualname.split(".") if part not in COMPREHENSIONS)
            _reference(constant, out, key if name in COMPREHENSIONS else (qualname, constant.co_firstlineno))
            if name in COMPREHENSIONS:
                out[constant.co_qualname, constant.co_firstlineno] = found


def strange(source: str | bytes) -> Iterator[str]:
    reference: dict[tuple[str, int], set[Any]] = defaultdict(set)
    _reference(compile(source, "test.py", "exec", dont_inherit=True), reference, ("<module>", 1))
    for code in codes(main_code(compile_alone(source))):
        qualname = code[FIELD["qualname"]]
        key = (".".join(part for part in qualname.split(".") if part not in COMPREHENSIONS), code[FIELD["first_line"]])
        found = reference.get(key) or reference.get((qualname, code[FIELD["first_line"]]), set())
        where = positions(code)
        for instruction in decode(code[FIELD["instructions"]]):
            if "RAISES" not in instruction.row.flags:
                continue
            line, end, col, end_col = where[instruction.at]
            if (line, end, col - 1, end_col - 1) not in found:
                yield f"{key[0]} line {line}: {instruction.row.name} at {line}:{col - 1}-{end}:{end_col - 1}"
