"""For each pair of chunks of a template (or a single one) a function that tests the holes of one instance.

What is tested is known from the shapes. Used where the bytecode is not known (check.py); functions that make the instance
from its bytecode are written by proofs.py.
"""
from __future__ import annotations

from minivm.codecheck.chunk import BRANCH, CLASS, CONSTANTS, FRAME, OWN, RECORDS, WINDOW, WORDS, Refusal, Shape
from minivm.codecheck.verdict import CodeRefused
from minivm.spec import codepolicy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    # unit, places of the chunks, the bounds of the unit; the targets of branches inside the frame and of refusals are appended
    Judgement = Callable[[bytes, int, int, int, int, int, int, list[int], list[int]], None]


def judgement(first: Shape, second: Shape | None) -> tuple[Judgement, bool]:
    """The function, and whether it covers the checked branches of these chunks."""
    named = named_refusals(first, second)

    def judge(unit: bytes, h: int, c: int, frame: int, constants: int, records: int, words: int, inside: list[int], tails: list[int]) -> None:
        x, y = first.tested(unit, h), second.tested(unit, c) if second else ()
        fault = _fault(first, second, unit, h, c, (frame, constants, records, words))
        if fault:
            raise fault
        for shape, at, values in ((first, h, x), (second, c, y)):
            inside += [at + found.end + value for found, value in zip(shape.fields, values, strict=True) if found.kind == BRANCH] if shape else ()
        for (base, at), (refusal_base, refusal, letter) in named or ():
            shape, values = (first, x) if letter == "x" else (second, y)
            assert shape is not None
            if values[refusal.named] != (h if base == "h" else c) + at:
                raise CodeRefused(h, "refusal", "a refused branch is not reported under its own offset")
            tails.append((h if refusal_base == "h" else c) + shape.fields[refusal.to].end + values[refusal.to])

    refusals = sum(len(shape.refusals) for shape in (first, second) if shape)
    return judge, named is not None and len({(place, refusal.at) for _, (place, refusal, _) in named}) == refusals


def named_refusals(first: Shape, second: Shape | None) -> list[tuple[tuple[str, int], tuple[str, Refusal, str]]] | None:
    """Each checked branch (base, offset) with its refusal, if all of them lie in these chunks and are of the usual form."""
    found = []
    chunks = {"h": first, "c": second}
    for base, other in (("h", "c"), ("c", "h")):
        shape = chunks[base]
        for site in shape.sites if shape else ():
            if site.goal is None:
                return None
            elsewhere, offset = site.goal
            target = other if elsewhere else base
            goal = chunks[target]
            refusal = next((refusal for refusal in goal.refusals if refusal.at == offset), None) if goal else None
            if refusal is None or refusal.named < 0 or refusal.to < 0:
                return None
            found.append(((base, site.at), (target, refusal, "x" if target == "h" else "y")))
    return found


def _fault(first: Shape, second: Shape | None, unit: bytes, h: int, c: int, bounds: tuple[int, int, int, int]) -> CodeRefused | None:
    """The first hole of the instance that holds what it must not."""
    limits = dict(zip((FRAME, CONSTANTS, RECORDS, WORDS), bounds, strict=True))
    frame = bounds[0]
    for shape, at, way in ((first, h, c - h), (second, c, h - c)):
        for found, value in zip(shape.fields, shape.tested(unit, at), strict=True) if shape else ():
            where = at + found.at
            if found.kind in limits and value >= limits[found.kind]:
                return CodeRefused(where, "number" if found.kind == WORDS else "memory", f"{value} is beyond what the unit has ({limits[found.kind]})")
            if found.kind == WINDOW and abs(value) > frame:
                return CodeRefused(where, "pinned", f"the base moves by {value}, the frame has {frame} bytes")
            if found.kind == CLASS and value not in codepolicy.SITE_CLASSES:
                return CodeRefused(where, "class", f"class {value} is none that a call may name")
            if found.kind == OWN and value != way + found.target - found.end:
                return CodeRefused(where, "target", "a branch to the other chunk of its template misses it")
    return None


def reaches(first: Shape, second: Shape) -> int:
    """Are the branches of these two to each other in order? The state in which the second reaches the end of the first, or 0."""
    ends = {found.state for found in second.fields if found.kind == OWN and found.target == first.length}
    for shape, other in ((first, second), (second, first)):
        for found in shape.fields:
            if found.kind == OWN and not (found.target in other.at_state(found.state) or (shape is second and found.target == first.length)):
                raise CodeRefused(0, "target", "a branch to the other chunk of a template goes where it must not")
    if len(ends | ({first.end_state} if first.falls else set())) > 1:
        raise CodeRefused(0, "stack", "control reaches the end of a chunk inside the frame and outside")
    return max(ends, default=0)


__all__ = ["judgement", "named_refusals", "reaches"]
