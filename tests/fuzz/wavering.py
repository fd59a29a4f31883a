"""Tells what follows from addresses in CPython (orders, hashes, digits) from what follows from values, by running it with others (moved.py)."""
from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

MOVES = 24  # runs with other addresses; a set of two has each order in half of them, one in a given eighth of a table in all but 4 %
LOOKS = 6, MOVES + 1  # after as many it is seen whether they are enough

DIGIT = re.compile("[0-9a-f]")
ENOUGH = 4  # of one form
HEXADECIMAL = frozenset("0123456789abcdef")
LONG = re.compile(r"-?(?:\d{9,}|\d+\.\d{4,}(?:e[+-]?\d+)?)")


def moved(salt: int, path: Path) -> list[str]:
    """CPython with other addresses (moved.py); every second time by another allocator, as its own aligns each size of blocks."""
    return ["env", f"PYTHONMALLOC={'malloc' if salt % 2 else 'pymalloc'}", sys.executable, "-S", "-W", "ignore", str(Path(__file__).with_name("moved.py")), str(salt), str(path)]


def only_moved(wanted: str, got: str, run: Callable[[int], str]) -> bool:
    """Whether each line that differs also differs among CPython's own runs with moved addresses, and `got` has it as one
    of them has it, or with the same characters in another order, but for long numbers (hashes), or but for digits that
    differ among them (an address, taken apart). Where addresses decide how many lines there are, none can be compared."""
    others: list[list[str]] = []
    for salt in range(MOVES + 1):
        others.append(run(salt).splitlines())
        if len(others) in LOOKS and _explained(wanted.splitlines(), got.splitlines(), others):
            return True
    return False


def _explained(wanted: list[str], got: list[str], others: list[list[str]]) -> bool:
    if len({len(lines) for lines in others}) > 1:
        return True
    if not len(wanted) == len(got) == len(others[0]):
        return False
    for one, two, *moves in zip(wanted, got, *others):
        if one == two:
            continue
        same = two in moves or sorted(one) == sorted(two) or LONG.sub("#", one) == LONG.sub("#", two) or _only_waver(two, (one, *moves))
        if not same or len(set(moves)) == 1:
            return False
    return True


def _only_waver(line: str, lines: Sequence[str]) -> bool:
    """Whether it differs from the others of its form, which are enough, in nothing but hexadecimal digits at places
    where those differ, too. (Not all have one form where something was done to the digits: one removed, say.)"""
    lines = [other for other in lines if DIGIT.sub("0", other) == DIGIT.sub("0", line)]
    return len(lines) >= ENOUGH and all(
        set(column) == {character} or (len(set(column)) > 1 and {character, *column} <= HEXADECIMAL)
        for character, column in zip(line, zip(*lines)))
