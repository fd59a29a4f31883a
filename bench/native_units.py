"""Units of native code to measure and to mutate: what tier 1 makes of programs, outside any VM.

Used by codecheck.py and mutate_code.py. Every function of the programs is compiled, as if it were hot, with the layout of the
built runtime.
"""
from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from measure import ROOT, BenchError

sys.path.append(str(ROOT / "vm"))

from minivm.baseline.unit import Compiler, Request, Unit  # noqa: E402
from minivm.codecheck.demands import Demands  # noqa: E402
from minivm.service.listing import guess  # noqa: E402
from minivm.service.proving import Judge  # noqa: E402
from minivm.spec.codeformat import CODE_FIELDS, SITE_BYTES  # noqa: E402
from minivm.spec.opcodes import CODE_FLAGS, OPCODES  # noqa: E402

_FIELDS = [name for name, _ in CODE_FIELDS]


class Sample(NamedTuple):
    """A unit and what is known of its function."""

    name: str
    unit: Unit
    request: Request
    instructions: int


def make_compiler(strategy: str = "data") -> Compiler:
    from minivm.runtime.bridge import jit_layout
    from minivm.service.compiler import service_for

    return service_for(f"ic={strategy} guests=on checker=off\n{jit_layout()}").compiler


def make_judge(strict: bool = True) -> Judge:
    from minivm.runtime.bridge import jit_layout
    from minivm.service.proving import judge_for

    return judge_for(jit_layout(), strict)


def make_demands(strategy: str = "data") -> Demands:
    from minivm.runtime.bridge import jit_layout
    from minivm.service.judging import demands_for

    return demands_for(jit_layout(), strategy)


def sources(folders: Sequence[str] = ("programs",)) -> list[Path]:
    """The programs in these folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).glob("*.py"))


def samples(compiler: Compiler, paths: Sequence[Path]) -> Iterator[Sample]:
    """Every function of the programs, compiled."""
    import msgpack
    from minivm.bytecode import compile_source

    for path in paths:
        try:
            image = compile_source(path.read_bytes(), str(path), search_path=str(path.parent))
        except Exception as problem:
            raise BenchError(f"{path}: {problem}") from problem
        body = msgpack.unpackb(msgpack.unpackb(image)[3], strict_map_key=False)
        for module in body["modules"]:
            for code in _codes(module["code"]):
                yield _sample(compiler, code)


def _codes(fields: list[Any]) -> Iterator[dict[str, Any]]:
    code = dict(zip(_FIELDS, fields, strict=False))
    yield code
    for constant in code["constants"]:
        if isinstance(constant, list) and constant and constant[0] == "c":
            yield from _codes(constant[1])


def _sample(compiler: Compiler, code: dict[str, Any]) -> Sample:
    words = guess(tuple(code.values()))
    ranges = array("I", code["exceptions"])
    plain = not code["keyword_only"] and not code["flags"] & (CODE_FLAGS["VARARGS"] | CODE_FLAGS["VARKEYWORDS"] | CODE_FLAGS["GENERATOR"])
    request = Request(words, code["flags"], code["registers"], code["positional"] if plain else 0xFFFFFFFF,
                      tuple(zip(ranges[0::4], ranges[1::4], ranges[2::4], strict=True)),
                      len(code["constants"]), len(code["sites"]) // SITE_BYTES)
    count = at = 0
    while at < len(words):
        at += OPCODES[words[at] & 0xFFFF].words
        count += 1
    return Sample(code["qualname"], compiler.compile(request), request, count)
