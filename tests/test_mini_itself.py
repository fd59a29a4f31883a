"""How far the compiler is from being a Mini program: what `minivm check` refuses in its packages, by reason.

One day minivm compiles its own compiler. The ceilings may only fall: whoever adds a refused construct to these packages
has to find another way, or a reason that belongs in this table.
"""
from __future__ import annotations

import warnings
from collections import Counter
from pathlib import Path

from minivm.bytecode import check_source
from minivm.errors import Refused

PACKAGE = Path(__file__).resolve().parents[1] / "vm" / "minivm"
PACKAGES = ("spec", "frontend", "bytecode")

# what is refused: (how often at most, why)
CEILING = {
    "module ast": (15, "the tree is CPython's own; a parser in Mini would replace it"),
    "a bytes literal": (25, "source files and images are bytes"),
    "bytes()": (3, "images"),
    "bytearray()": (1, "positions of an image"),
    "compile()": (3, "CPython's diagnosis of wrong programs"),
    "complex()": (1, "the constants that Mini refuses are named by their types"),
    "module collections.abc": (5, "annotations only"),
    "module re": (3, "encoding cookies, messages, f-strings"),
    "module codecs": (1, "encodings of sources"),
    "module os": (2, "finding modules"),
    "sys.stdlib_module_names": (2, "naming modules that CPython has and Mini lacks"),
    "module hashlib": (1, "digests of images"),
    "module array": (1, "packing words"),
    "module struct": (1, "the disassembler"),
    "module operator": (1, "constant folding"),
    "typing.NamedTuple": (1, "generators of headers"),
    "module dataclasses": (3, "tables of spec"),
    "module pathlib": (4, "generators of headers, run by developers"),
    "module unicodedata": (2, "generators of headers"),
}


def refusals() -> Counter[str]:
    counts: Counter[str] = Counter()
    for package in PACKAGES:
        for path in sorted((PACKAGE / package).glob("*.py")):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for problem in check_source(path.read_bytes(), str(path), search_path=str(path.parent)):
                    assert isinstance(problem, Refused), problem
                    counts[problem.message.removesuffix(" is not in Mini")] += 1
    return counts


def test_what_mini_lacks_for_its_compiler() -> None:
    counts = refusals()
    assert sum(counts.values()) > 0
    over = {what: count for what, count in counts.items() if count > CEILING.get(what, (0, ""))[0]}
    assert not over, f"refused more often than tests/test_mini_itself.py allows: {over}"


def test_the_table_has_no_dead_rows() -> None:
    assert sorted(CEILING.keys() - refusals().keys()) == []
