"""The verdict on a unit of machine code: None, or CodeRefused with the offset, the rule and what is wrong.

Holds a unit against the policy alone, whatever it was made from: the unit of stubs, when minivm is built, and mutants; what is made
from bytecode is judged by demands.py. A unit is judged in chunks, as the hints cut it: the shape of each chunk is analysed
once per policy and remembered; an instance costs a comparison and the tests of its holes. Whatever does not fit the hints
is decoded as one chunk from the first byte to the last. Both ways decode every byte and apply the same rules; the hints
only say where remembered work may be used.
"""
from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, compress

from minivm.codecheck.chunk import DEFAULT, INSIDE, OUTSIDE, Shape, analyse
from minivm.codecheck.forbidden import refuse_forbidden
from minivm.codecheck.instances import judgement, reaches
from minivm.codecheck.policy import FIRST, SECOND, Hints, Memo, Policy
from minivm.codecheck.verdict import CodeRefused
from minivm.spec.native import GRANULE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from minivm.codecheck.instances import Judgement
    from minivm.codecheck.policy import Row


def check(unit: bytes, entries: Iterable[tuple[int, int]], hints: Hints | None, policy: Policy) -> None:
    """Raises CodeRefused unless the unit keeps to the policy. `entries`: offset and class of each."""
    if type(unit) is not bytes:
        raise TypeError("a unit is bytes: what is checked must not change")
    by_offset = dict(entries)
    _check_entries(unit, by_offset, policy)
    refuse_forbidden(unit)
    if hints is not None and hints.chunks:
        try:
            _by_chunks(unit, by_offset, hints, policy)
        except CodeRefused:
            if policy.catalogue is not None:
                raise
        else:
            return
    elif policy.catalogue is not None:
        raise CodeRefused(0, "catalogue", "no hints say of which templates the unit consists")
    shape = analyse(unit, (), DEFAULT, policy, frozenset(by_offset))
    _judge(unit, by_offset, [_single(Memo(), shape)], policy)


def _check_entries(unit: bytes, entries: Mapping[int, int], policy: Policy) -> None:
    if not entries:
        raise CodeRefused(0, "entry", "a unit without entries")
    for at, entry_class in entries.items():
        if at % GRANULE or not 0 <= at < len(unit):
            raise CodeRefused(at, "entry", "an entry that is not at a granule of the unit")
        if entry_class not in policy.entry_classes:
            raise CodeRefused(at, "entry", f"class {entry_class} is none of a unit's entries")


def _by_chunks(unit: bytes, entries: Mapping[int, int], hints: Hints, policy: Policy) -> None:
    memo = policy.memo
    rows = memo.rows
    try:
        _judge(unit, entries, [rows[kind] for kind in hints.chunks], policy)
    except (KeyError, CodeRefused):
        _judge(unit, entries, _learn(unit, entries, hints, policy), policy)     # something is new or not as it was the last time


def _row(shape: Shape, pair: int, judge: Judgement | None, covered: bool, reached: int = 0) -> Row:
    """What is needed of every chunk, in the order of _judge: the states are those of its start and its end (0: nothing falls out), then
    flags: first of a pair, second, single with something to test, odd."""
    after = reached or (shape.end_state if shape.falls else 0)
    odd = shape.odd or (not covered and bool(shape.sites or shape.refusals))
    states = bytes((shape.begins, after, shape.role == FIRST, shape.role == SECOND, shape.role == 0 and bool(shape.fields), odd))
    return shape.length, shape.mask, shape.code, states, pair, judge, shape


def _single(memo: Memo, shape: Shape) -> Row:
    found = memo.singles.get(id(shape))
    if found is None:
        judge, covered = judgement(shape, None)
        found = memo.singles[id(shape)] = _row(shape, -1, judge, covered), shape        # which keeps the identity alive
    return found[0]


def _pair(memo: Memo, first: Shape, second: Shape) -> tuple[Row, Row]:
    found = memo.pairs.get((id(first), id(second)))
    if found is None:
        reached = reaches(first, second)
        judge, covered = judgement(first, second)
        rows = _row(first, len(memo.pairs), judge, covered, reached), _row(second, len(memo.pairs), None, covered)
        found = memo.pairs[id(first), id(second)] = rows, first, second
    return found[0]


def _learn(unit: bytes, entries: Mapping[int, int], hints: Hints, policy: Policy) -> list[Row]:
    """The rows of the unit's chunks; those that are new or not as remembered are analysed."""
    memo = policy.memo
    shapes, places = [], []
    at = 0
    for kind in hints.chunks:
        if at in entries:       # what starts there may be no sense from inside a frame: stubs have none
            shape = _remembered(memo.outside, unit, at, kind, OUTSIDE, hints, policy)
        else:
            shape = _remembered(memo.shapes, unit, at, kind, DEFAULT, hints, policy)
        shapes.append(shape)
        places.append(at)
        at += shape.length
    if at != len(unit):
        raise CodeRefused(0, "hint", "the hints do not cover the unit")
    _outside(unit, entries, hints, places, shapes, policy)
    found: dict[int, Row] = {}
    firsts, seconds = ([number for number, shape in enumerate(shapes) if shape.role == role] for role in (FIRST, SECOND))
    for first, second in zip(firsts, seconds, strict=False):
        found[first], found[second] = _pair(memo, shapes[first], shapes[second])
    rows = [found[number] if number in found else _single(memo, shape) for number, shape in enumerate(shapes)]
    memo.rows.update(zip(hints.chunks, rows, strict=True))
    return rows


def _remembered(known: dict[int | str, Shape], unit: bytes, at: int, kind: int | str, start: int, hints: Hints, policy: Policy) -> Shape:
    shape = known.get(kind)
    if shape is not None:
        found = int.from_bytes(unit[at:at + shape.length], "little") & int.from_bytes(shape.mask, "little")
        if found == int.from_bytes(shape.code, "little"):
            return shape
    spec = hints.kinds.get(kind)
    if spec is None or spec.length <= 0 or at + spec.length > len(unit):
        raise CodeRefused(at, "hint", f"no such chunk: {kind}")
    try:
        shape = known[kind] = analyse(unit[at:at + spec.length], spec.holes, start, policy, role=spec.role)
    except CodeRefused as refused:
        raise CodeRefused(at + refused.offset, refused.rule, refused.text) from None
    return shape


def _outside(unit: bytes, entries: Mapping[int, int], hints: Hints, places: Sequence[int], shapes: list[Shape], policy: Policy) -> None:
    """Entries are outside the frame; so is what starts with a prologue, padding in front of it that nothing falls into, and what it falls into."""
    starts = [number for number, at in enumerate(places) if at in entries or shapes[number].begins == OUTSIDE]
    for number in starts:               # an entry elsewhere is judged like any other place of its chunk
        first = number
        while first and shapes[first - 1].only_nops:
            first -= 1
        if first and shapes[first - 1].falls:
            first = number
        while first < len(shapes) and (first <= number or (shapes[first - 1].falls and shapes[first - 1].end_state == OUTSIDE)):
            if shapes[first].begins != OUTSIDE:
                shapes[first] = _remembered(policy.memo.outside, unit, places[first], hints.chunks[first], OUTSIDE, hints, policy)
            first += 1


_STARTS_OUTSIDE = bytes(state == OUTSIDE for state in range(256))


def _judge(unit: bytes, entries: Mapping[int, int], rows: Sequence[Row], policy: Policy) -> None:
    """Is the unit made of these chunks, and does it keep to what only the whole unit shows?"""
    lengths, masks, codes, state_rows, pairs, judges, shapes = zip(*rows, strict=True)
    places = list(accumulate(lengths, initial=0))
    if places.pop() != len(unit):
        raise CodeRefused(0, "hint", "the hints do not cover the unit")
    number = int.from_bytes
    if number(unit, "little") & number(b"".join(masks), "little") != number(b"".join(codes), "little"):
        raise CodeRefused(0, "hint", "not the chunks of the hints")
    states = b"".join(state_rows)
    begins, after, first, second, single, odd = (states[column::6] for column in range(6))
    # The states are bits. What falls (after: not 0) must fall into a chunk that begins in that state.
    if after[-1]:
        raise CodeRefused(len(unit), "flow", "control runs over the end")
    if number(after, "little") & ~number(begins[1:] + b"\0", "little"):
        raise CodeRefused(0, "stack", "control falls from inside a frame to outside, or back")
    # The n-th first chunk belongs to the n-th second one.
    first_pairs = list(compress(pairs, first))
    if first_pairs != list(compress(pairs, second)) or -1 in first_pairs:
        raise CodeRefused(0, "hint", "the chunks of templates are no pairs")
    frame, constants, records, words = policy.bounds
    targets: list[int] = []
    tails: list[int] = []
    for judge, here, there in zip(compress(judges, first), compress(places, first), compress(places, second), strict=True):
        judge(unit, here, there, frame, constants, records, words, targets, tails)
    for judge, here in zip(compress(judges, single), compress(places, single), strict=True):
        judge(unit, here, here, frame, constants, records, words, targets, tails)
    inside, outside = set(targets), set(entries)
    starts_outside = set(compress(places, begins.translate(_STARTS_OUTSIDE)))
    _judge_odd(unit, entries, compress(places, odd), compress(shapes, odd), inside, outside, tails, policy)
    for target in inside.difference(places) | inside & starts_outside:
        at, shape = _locate(target, places, shapes, unit)
        if target - at not in shape.inside:
            raise CodeRefused(target, "target", "a branch from inside a frame goes where it must not")
    for target in outside - starts_outside:
        at, shape = _locate(target, places, shapes, unit)
        if target - at not in shape.outside:
            raise CodeRefused(target, "entry" if target in entries else "target", "a branch from outside a frame, or an entry, where there must be none")


def _judge_odd(unit: bytes, entries: Mapping[int, int], places: Iterable[int], shapes: Iterable[Shape], inside: set[int], outside: set[int],
               wanted: Sequence[int], policy: Policy) -> None:
    """Chunks that have more than holes with limits. `wanted`: the tails that refusals lead to."""
    sites: list[tuple[int, int, int]] = []
    refusals: dict[int, tuple[int, int]] = {}
    tails: set[int] = set()
    for at, shape in zip(places, shapes, strict=True):
        if not shape.known:
            raise CodeRefused(at, "catalogue", "no template of the compiler")
        if shape.needs:
            _judge_needs(at, shape, policy)
        if shape.leaves:
            for target, state in shape.leaves:
                (inside if state == INSIDE else outside).add(at + target)
        if shape.tails:
            tails.update([at + tail for tail in shape.tails])
        if not shape.numbered:
            continue
        values = (*shape.numbers(unit, at), 0)      # the number of no hole is -1
        for where, (hole, value), (to_hole, to), _, _ in shape.refusals:
            refusals[at + where] = values[hole] + value, at + values[to_hole] + to
        for where, (one, other), _ in shape.sites:
            sites.append((at + where, at + values[one.hole] + one.value, at + values[other.hole] + other.value))
        if shape.exits:
            outside.update([at + values[hole] + value for hole, value in shape.exits])
        for where, (hole, value) in shape.calls:
            if at + values[hole] + value not in entries:
                raise CodeRefused(at + where, "target", "a direct call of what is no entry")
    if not tails.issuperset(wanted):
        raise CodeRefused(min(set(wanted) - tails), "refusal", "a refused branch does not lead to the helper VIOLATION")
    for branch, first, second in sites:
        if first != second or refusals.get(first, (-1, 0))[0] != branch:
            raise CodeRefused(branch, "refusal", "a refused branch is not reported under its own offset")
        if refusals[first][1] not in tails:
            raise CodeRefused(branch, "refusal", "a refused branch does not lead to the helper VIOLATION")


def _judge_needs(at: int, shape: Shape, policy: Policy) -> None:
    for need in shape.needs:
        if getattr(policy.bounds, need.bound) < need.least:
            rule, _, text = need.reason.partition(": ")
            raise CodeRefused(at + need.at, rule, text)


def _locate(target: int, places: Sequence[int], shapes: Sequence[Shape], unit: bytes) -> tuple[int, Shape]:
    if not 0 <= target < len(unit):
        raise CodeRefused(target, "target", "a branch out of the unit")
    number = bisect_right(places, target) - 1
    return places[number], shapes[number]
