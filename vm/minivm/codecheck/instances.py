"""For each pair of chunks of a template (or a single one) a function that tests the holes of one instance.

What is tested is known from the shapes; it is written out as Python source, because a test of a local variable costs a
fortieth of a microsecond and anything that interprets a description ten times that. Nothing but numbers goes into
the source. ``explain`` does the same tests slowly and says what is wrong.
"""
from __future__ import annotations

from minivm.codecheck.chunk import BRANCH, CLASS, CONSTANTS, FRAME, OWN, RECORDS, WINDOW, WORDS, Refusal, Shape
from minivm.codecheck.decode import CodeRefused
from minivm.spec import codepolicy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    # unit, places of the chunks, the bounds of the unit; the targets of branches inside the frame and of refusals are appended
    Judgement = Callable[[bytes, int, int, int, int, int, int, list[int], list[int]], None]

_BOUNDED = {FRAME: "frame", CONSTANTS: "constants", RECORDS: "records", WORDS: "words"}


SLOW_USES = 12          # before a function is compiled: that takes as long as a few dozen slow uses


def judgement(first: Shape, second: Shape | None, worn: list[tuple[Shape, Shape | None]]) -> tuple[Judgement, bool]:
    """The function, and whether it covers the checked branches of these chunks. It is a slow one, which reports in `worn` that it
    was used so often that `compiled` should replace it."""
    named = _named(first, second)
    uses = 0

    def judge(unit: bytes, h: int, c: int, frame: int, constants: int, records: int, words: int, inside: list[int], tails: list[int]) -> None:
        nonlocal uses
        uses += 1
        if uses == SLOW_USES:
            worn.append((first, second))
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


def compiled(first: Shape, second: Shape | None) -> Judgement:
    """The function that does the same fast."""
    reads, tests, branches, tails = [], [], [], []
    scope: dict[str, Any] = {"CLASSES": codepolicy.SITE_CLASSES, "explain": explain, "first": first, "second": second}
    for shape, base, letter in ((first, "h", "x"), (second, "c", "y")):
        if shape is None or not shape.fields:
            continue
        scope[f"read_{letter}"] = shape.tested
        reads.append(f"{', '.join(f'{letter}{number}' for number in range(len(shape.fields)))}, = read_{letter}(unit, {base})")
        for number, found in enumerate(shape.fields):
            value = f"{letter}{number}"
            if found.kind in _BOUNDED:
                tests.append(f"{value} < {_BOUNDED[found.kind]}")
            elif found.kind == WINDOW:
                tests.append(f"-frame <= {value} <= frame")
            elif found.kind == CLASS:
                tests.append(f"{value} in CLASSES")
            elif found.kind == OWN:
                tests.append(f"{value} == {int(found.target - found.end)} {'+' if letter == 'x' else '-'} way")
            elif found.kind == BRANCH:
                branches.append(f"{base} + {int(found.end)} + {value}")
    named = _named(first, second)
    for (base, at), (refusal_base, refusal, letter) in named or ():
        shape = first if letter == "x" else second
        assert shape is not None
        tests.append(f"{letter}{refusal.named} == {base} + {int(at)}")
        tails.append(f"{refusal_base} + {int(shape.fields[refusal.to].end)} + {letter}{refusal.to}")
    lines = ["way = c - h", *reads]
    if tests:
        lines.append(f"if not ({' and '.join(tests)}): explain(first, second, unit, h, c, (frame, constants, records, words))")
    if branches:
        lines.append(f"inside += ({', '.join(branches)},)")
    if tails:
        lines.append(f"tails += ({', '.join(tails)},)")
    source = "def judge(unit, h, c, frame, constants, records, words, inside, tails):\n" + "".join(f"    {line}\n" for line in lines)
    exec(source, scope)
    made: Judgement = scope["judge"]
    return made


def _named(first: Shape, second: Shape | None) -> list[tuple[tuple[str, int], tuple[str, Refusal, str]]] | None:
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


def explain(first: Shape, second: Shape | None, unit: bytes, h: int, c: int, bounds: tuple[int, int, int, int]) -> None:
    """Raises with what is wrong with this instance."""
    raise _fault(first, second, unit, h, c, bounds) or CodeRefused(h, "refusal", "a refused branch is not reported under its own offset")


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


__all__ = ["compiled", "explain", "judgement", "reaches"]
