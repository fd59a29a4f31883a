"""A bounded run of bench/fuzz_source.py, and proof that it would notice: with planted differences it has findings."""
from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

import fuzz_source  # noqa: E402

COUNT = 600


def test_mutants() -> None:
    findings, counts = fuzz_source.fuzz(COUNT, seed=7, first=0, live=60, keep=None, quiet=True)
    assert findings == 0
    assert counts["compiles"] > COUNT // 10 and counts["SyntaxError"] > COUNT // 4 and counts["asked live"] >= 3


def test_a_seed_and_a_number_make_a_mutant() -> None:
    assert fuzz_source.Mutants(7).make(3) == fuzz_source.Mutants(7).make(3) != fuzz_source.Mutants(8).make(3)


@pytest.mark.parametrize("planted", ["text", "accepted", "rejected", "broken"])
def test_it_notices(planted: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    honest = fuzz_source.ours

    def ours(source: bytes, load: bool) -> tuple[str, str]:
        kind, text = honest(source, False)
        if planted == "text" and kind == "wrong" and "^" in text:
            return kind, text.replace("^", " ^", 1)
        if planted == "accepted" and kind == "wrong":
            return "accepted", ""
        if planted == "rejected" and kind == "accepted":
            return "wrong", "SyntaxError: no"
        if planted == "broken" and b"for" in source:
            return "broken", "KeyError: 'for'"
        return kind, text

    monkeypatch.setattr(fuzz_source, "ours", ours)
    monkeypatch.setattr(fuzz_source, "shrink", lambda source, still: source)
    findings, _ = fuzz_source.fuzz(30, seed=7, first=0, live=0, keep=None, quiet=True)
    assert findings > 0
    assert f": {planted}\n" in capsys.readouterr().out


def test_shrinking() -> None:
    with tempfile.TemporaryDirectory() as name:
        oracle = fuzz_source.Oracle(Path(name))
        source = b"x = 1\ny = (2 3)\nz = 4\n"
        smaller = fuzz_source.shrink(source, lambda text: "Perhaps you forgot a comma" in (oracle.ask(text) or ""))
        oracle.close()
    assert len(smaller) < 8
