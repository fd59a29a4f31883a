"""runtime_c/unicode_tables.h against CPython 3.11: all code points, and the recipes in its head on random strings."""
from __future__ import annotations

import ctypes
import random
import subprocess
import sys
import unicodedata
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "c"))
import leaf_build

pytestmark = pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the oracle is CPython 3.11")

CODE_POINTS = 0x110000
ALL = [chr(c) for c in range(CODE_POINTS)]
SIGMA, FINAL_SIGMA = "\u03a3", "\u03c2"


def internal(name: str) -> Callable[[str], bool]:
    """A predicate of CPython's that no str method shows by itself."""
    function = getattr(ctypes.pythonapi, name)
    function.argtypes, function.restype = [ctypes.c_uint32], ctypes.c_int
    return lambda c: bool(function(ord(c)))


# ORDER of leaf_classes in c/leaf_unicode.c.
FUNCTIONS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("alpha", str.isalpha), ("decimal", str.isdecimal), ("digit", str.isdigit), ("numeric", str.isnumeric),
    ("alnum", str.isalnum), ("lower", str.islower), ("upper", str.isupper),
    ("title", internal("_PyUnicode_IsTitlecase")), ("space", str.isspace), ("printable", str.isprintable),
    ("xid_start", str.isidentifier),
    ("xid_continue", lambda c: ("a" + c).isidentifier()), ("cased", internal("_PyUnicode_IsCased")),
    ("case_ignorable", internal("_PyUnicode_IsCaseIgnorable")),
    ("line_break", lambda c: len((c + "a").splitlines()) == 2),
)


@pytest.fixture(scope="module")
def lib(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    sources = ["runtime_c/gen/unicode_tables.c", "tests/c/leaf_unicode.c"]
    flags = ["-fsanitize=undefined", "-fno-sanitize-recover=all"]
    return leaf_build.build(tmp_path_factory.mktemp("unicode"), "unicode", sources, flags)


@pytest.fixture(scope="module")
def classes(lib: ctypes.CDLL) -> dict[str, list[int]]:
    out = (ctypes.c_uint16 * CODE_POINTS)()
    lib.leaf_classes(out)
    words = array("H", bytes(out))
    return {name: [bits >> at & 1 for bits in words] for at, (name, _) in enumerate(FUNCTIONS)}


@dataclass(frozen=True)
class Mapping:
    """What all code points map to, one after the other, and where each one's part begins."""

    text: str
    starts: array[int]

    def __getitem__(self, c: int) -> str:
        return self.text[self.starts[c]:self.starts[c + 1]]


@pytest.fixture(scope="module")
def full(lib: ctypes.CDLL) -> dict[str, Mapping]:
    return {kind: full_mapping(lib, kind) for kind in "lutfs"}


def full_mapping(lib: ctypes.CDLL, kind: str) -> Mapping:
    counts, out = (ctypes.c_uint8 * CODE_POINTS)(), (ctypes.c_uint32 * (3 * CODE_POINTS))()
    total = lib.leaf_full(ctypes.c_char(kind.encode()), counts, out)
    text = bytes(out)[:4 * total].decode("utf-32-le", "surrogatepass")
    return Mapping(text, array("L", accumulate(bytes(counts), initial=0)))


def test_generated_tables_are_current() -> None:
    command = [sys.executable, "-m", "minivm.spec.unicode", "--check"]
    subprocess.run(command, cwd=leaf_build.ROOT / "vm", check=True)


@pytest.mark.parametrize("name, oracle", FUNCTIONS)
def test_classes(classes: dict[str, list[int]], name: str, oracle: Callable[[str], bool]) -> None:
    assert classes[name] == [oracle(c) for c in ALL]


@pytest.mark.parametrize("kind, oracle", [("l", str.lower), ("u", str.upper), ("t", str.title), ("f", str.casefold),
                                          ("s", str.swapcase), ("t", str.capitalize)])
def test_full_mappings(full: dict[str, Mapping], kind: str, oracle: Callable[[str], str]) -> None:
    expected = [oracle(c) for c in ALL]
    assert full[kind].text == "".join(expected)
    assert full[kind].starts == array("L", accumulate(map(len, expected), initial=0))


@pytest.mark.parametrize("kind, name", [("l", "_PyUnicode_ToLowercase"), ("u", "_PyUnicode_ToUppercase"),
                                        ("t", "_PyUnicode_ToTitlecase")])
def test_simple_mappings(lib: ctypes.CDLL, kind: str, name: str) -> None:
    out = (ctypes.c_uint32 * CODE_POINTS)()
    lib.leaf_simple(ctypes.c_char(kind.encode()), out)
    oracle = getattr(ctypes.pythonapi, name)
    oracle.argtypes, oracle.restype = [ctypes.c_uint32], ctypes.c_uint32
    assert list(out) == [oracle(c) for c in range(CODE_POINTS)]


def test_values(lib: ctypes.CDLL) -> None:
    decimals, digits = (ctypes.c_int8 * CODE_POINTS)(), (ctypes.c_int8 * CODE_POINTS)()
    numerics, none = (ctypes.c_double * CODE_POINTS)(), -1e9
    lib.leaf_values(decimals, digits, numerics, ctypes.c_double(none))
    assert list(decimals) == [unicodedata.decimal(c, -1) for c in ALL]
    assert list(digits) == [unicodedata.digit(c, -1) for c in ALL]
    assert list(numerics) == [unicodedata.numeric(c, none) for c in ALL]


def test_recipes(classes: dict[str, list[int]], full: dict[str, Mapping]) -> None:
    """The methods that look at neighbours, built from the tables as the header says."""
    cased, ignorable = classes["cased"], classes["case_ignorable"]

    def lower_at(text: str, at: int) -> str:
        if text[at] != SIGMA:
            return full["l"][ord(text[at])]
        before, after = at - 1, at + 1
        while before >= 0 and ignorable[ord(text[before])]:
            before -= 1
        while after < len(text) and ignorable[ord(text[after])]:
            after += 1
        final = before >= 0 and cased[ord(text[before])] and not (after < len(text) and cased[ord(text[after])])
        return FINAL_SIGMA if final else full["l"][ord(SIGMA)]

    def title(text: str) -> str:
        out, previous = [], False
        for at, c in enumerate(text):
            out.append(lower_at(text, at) if previous else full["t"][ord(c)])
            previous = cased[ord(c)]
        return "".join(out)

    rng = random.Random(1)
    special = [c for c in ALL if len(full["u"][ord(c)]) > 1 or cased[ord(c)] != (c.islower() or c.isupper())]
    ignored = [c for c in ALL if ignorable[ord(c)]]
    for _ in range(20_000):
        text = "".join(rng.choice((SIGMA, SIGMA, "a", "B", " ", ".", "\u01c5", "\u0345", rng.choice(special),
                                   rng.choice(ignored), chr(rng.randrange(0x600)))) for _ in range(rng.randrange(8)))
        lower = "".join(lower_at(text, at) for at in range(len(text)))
        assert text.lower() == lower
        assert text.title() == title(text)
        first = full["t"][ord(text[0])] if text else ""
        assert text.capitalize() == first + "".join(lower_at(text, at) for at in range(1, len(text)))
        swapped = (lower_at(text, at) if c == SIGMA else full["s"][ord(c)] for at, c in enumerate(text))
        assert text.swapcase() == "".join(swapped)
        assert text.upper() == "".join(full["u"][ord(c)] for c in text)
        assert text.casefold() == "".join(full["f"][ord(c)] for c in text)
