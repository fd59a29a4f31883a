"""Looks for forbidden byte sequences at every offset of a unit, aligned with instructions or not."""
from __future__ import annotations

from minivm.codecheck.verdict import CodeRefused
from minivm.spec import codepolicy


def _forbidden() -> tuple[tuple[bytes, int, str], ...]:
    """Bytes, what must not follow (-1: whatever follows), name."""
    found = []
    for text, name in codepolicy.FORBIDDEN:
        words = text.split()
        but = int(words.pop()[3:], 16) if words[-1].startswith("..") else -1
        found.append((bytes.fromhex("".join(words)), but, name))
    return tuple(found)


_FORBIDDEN = _forbidden()
_APART = 2


def _quick() -> bytes:
    """A table for bytes.translate that gives the first bytes of forbidden sequences a low bit, and their second bytes the same bit two
    places higher: all others are 0."""
    firsts = sorted({sequence[0] for sequence, _, _ in _FORBIDDEN})
    bits = bytearray(256)
    for sequence, _, _ in _FORBIDDEN:
        bit = 1 << firsts.index(sequence[0])
        bits[sequence[0]] |= bit
        bits[sequence[1]] |= bit << _APART
    assert len(firsts) <= _APART and 2 * _APART < 8, "more bits than a byte has room for"
    return bytes(bits)


_BITS = _quick()


def census(code: bytes) -> list[tuple[int, str]]:
    """Forbidden byte sequences at any offset."""
    found = []
    for sequence, but, name in _FORBIDDEN:
        at = code.find(sequence)
        while at >= 0:
            if but < 0 or code[at + len(sequence):at + len(sequence) + 1] != bytes((but,)):
                found.append((at, name))
            at = code.find(sequence, at + 1)
    return sorted(found)


def refuse_forbidden(unit: bytes) -> None:
    """Raises CodeRefused if the unit holds a forbidden sequence."""
    # A few passes of C, without importing `re`: as one number, shifted so that each byte's first bits meet the next one's second bits.
    marks = int.from_bytes(unit.translate(_BITS), "little")
    if marks & marks >> 8 + _APART:
        for at, name in census(unit):
            raise CodeRefused(at, "bytes", f"the bytes of {name}")
