"""Random lives of many batches and units in one code space, against a model in Python: after each step the states, the
whole guest list and the mappings of the region are what the model says."""
from __future__ import annotations

import ctypes
import random
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "c"))
import codespace_binding as cs
from codespace_binding import FULL, OK, ORDER, PAGE, Space, returning, units

FORWARD = cs.STEPS
BACKWARD = ("publish", "unpublished", "unlist", "quiesce", "quarantine")
AFTER = dict(zip(BACKWARD, ("PUBLISHED", "UNPUBLISHED", "UNLISTED", "QUIESCENT", "QUARANTINED")))


@pytest.fixture(scope="module")
def lib(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return cs.load(tmp_path_factory.mktemp("codespace"))


@dataclass
class Unit:
    number: int
    at: int
    entries: dict[int, int]
    value: int
    state: str = ""


@dataclass
class Batch:
    pointer: ctypes.c_void_p
    places: object
    at: int
    pages: int
    units: list[Unit] = field(default_factory=list)
    done: int = 0             # forward steps
    dead: bool = False        # its addresses may be given again


class Life:
    def __init__(self, space: Space, recycle: bool, seed: int) -> None:
        self.space, self.recycle = space, recycle
        self.chance = random.Random(seed)
        self.batches: list[Batch] = []
        self.listed: dict[int, int] = {}
        self.taken_over = 0

    def begin(self) -> None:
        chance, codes = self.chance, []
        for _ in range(chance.randrange(1, 6)):
            value = chance.randrange(1 << 20)
            code = returning(value) + b"\x90" * chance.choice((0, 5, 10, 11, 300, 5000))
            entries = {0: chance.randrange(1, 40)}
            entries |= {at: chance.randrange(1, 40) for at in range(16, len(code), 16) if chance.random() < 0.1}
            codes.append((code, entries, value))
        places = units(*((code, entries) for code, entries, _ in codes))
        result, pointer = self.space.begin(places)
        if result == FULL:
            return
        assert result == OK
        used = sum(-(-len(code) // 16) * 16 for code, _, _ in codes)
        batch = Batch(pointer, places, places[0].at, -(-used // PAGE))
        for old in self.batches:
            if old.at == batch.at and old.units[0].state != "RECYCLED":
                assert self.recycle and old.dead and old.pages == batch.pages
                old.dead, self.taken_over = False, self.taken_over + 1
                for unit in old.units:
                    unit.state = "RECYCLED"
        for place, (_, entries, value) in zip(places, codes):
            batch.units.append(Unit(place.unit, place.at, entries, value))
        self.batches.append(batch)

    def forward(self, batch: Batch) -> None:
        step = FORWARD[batch.done] if self.chance.random() < 0.6 else self.chance.choice(FORWARD)
        right = batch.done < len(FORWARD) and step == FORWARD[batch.done]
        assert self.space(step, batch.pointer) == (OK if right else ORDER)
        if right:
            batch.done += 1
            if step == "list":
                for unit in batch.units:
                    unit.state = "LISTED"
                    self.listed |= {unit.at + at: entry_class for at, entry_class in unit.entries.items()}

    def abandon(self, batch: Batch) -> None:
        self.space("abandon", batch.pointer)
        batch.done, batch.dead = -1, True
        for unit in batch.units:
            unit.state = "QUARANTINED"

    def backward(self, batch: Batch, unit: Unit) -> None:
        states = ["LISTED", *AFTER.values()]
        next_step = BACKWARD[min(states.index(unit.state), len(BACKWARD) - 1)]
        step = next_step if self.chance.random() < 0.6 else self.chance.choice(BACKWARD)
        right = unit.state == states[BACKWARD.index(step)] or (step, unit.state) == ("unpublished", "LISTED")
        frame = self.space.base + unit.at if step == "quiesce" and self.chance.random() < 0.3 else 0
        result = self.space.quiesce(unit.number, frame) if step == "quiesce" else self.space(step, unit.number)
        if right and frame:
            assert result == cs.BUSY
            return
        assert result == (OK if right else ORDER), (step, unit)
        if right:
            unit.state = AFTER[step]
            if step == "unlist":
                for at in unit.entries:
                    del self.listed[unit.at + at]
            batch.dead = all(unit.state == "QUARANTINED" for unit in batch.units)

    def check(self) -> None:
        space = self.space
        table = ctypes.string_at(space.base + (1 << 20) + cs.CODE_START // 16, 8 << 16)
        found = {cs.CODE_START + 16 * hit.start(): hit[0][0] for hit in re.finditer(rb"[^\0]", table)}
        assert found == self.listed
        for batch in self.batches:
            for unit in batch.units:
                state = unit.state or cs.STATES[batch.done]
                assert space("state", unit.number) == cs.STATES.index(state), (unit, state)
                if unit.state in ("LISTED", "PUBLISHED"):
                    assert space.call(unit.at) == unit.value


@pytest.mark.parametrize("memory", ["sealed", "flip"])
@pytest.mark.parametrize("recycle", [False, True])
def test_random_lives(lib: ctypes.CDLL, memory: str, recycle: bool) -> None:
    taken_over = retired = 0
    for seed in range(3):
        space = Space(lib, {"sealed": cs.SEALED, "flip": cs.FLIP}[memory], recycle=recycle, code_limit=60 * PAGE)
        life = Life(space, recycle, seed)
        for number in range(1000):
            alive = [batch for batch in life.batches if 0 <= batch.done < len(FORWARD)]
            listed = [(batch, unit) for batch in life.batches for unit in batch.units
                      if unit.state not in ("", "RECYCLED", "QUARANTINED")]
            draw = life.chance.random()
            if draw < 0.06:
                life.begin()
            elif draw < 0.07 and alive:
                life.abandon(life.chance.choice(alive))
            elif draw < 0.5 and alive:
                life.forward(life.chance.choice(alive))
            elif listed:
                life.backward(*life.chance.choice(listed))
            if number % 5 == 0:
                life.check()
        life.check()
        taken_over += life.taken_over
        retired += space.stats().state("QUARANTINED")
        space.close()
    assert retired > 20 and (taken_over > 0) == recycle
