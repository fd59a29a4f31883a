"""Brings the compiler and the code checker together: what the compiler says of a unit, in the checker's words.

Neither of the two knows the other. Hints go to the checker as they are: it trusts none of them.
"""
from __future__ import annotations

from collections.abc import Mapping

from minivm.baseline.unit import Compiler, Kind, Unit
from minivm.codecheck import Catalogue, ChunkSpec, Hints, HoleSpec, Policy, check


class Kinds(Mapping[int | str, ChunkSpec]):
    """The compiler's kinds of chunks as the checker wants them; a kind is converted when the checker first asks."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.kinds = kinds

    def __getitem__(self, name: int | str) -> ChunkSpec:
        kind = self.kinds[str(name)]
        return ChunkSpec(len(kind.code), holes_of(kind))

    def __len__(self) -> int:
        return len(self.kinds)

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.kinds)


def holes_of(kind: Kind) -> tuple[HoleSpec, ...]:
    """The holes as the checker wants them; names are of no use to it."""
    return tuple(HoleSpec(hole.offset, hole.size, hole.scale, hole.addend, hole.signed) for hole in kind.holes)


class Judge:
    """Checks the units of one compiler."""

    def __init__(self, compiler: Compiler) -> None:
        self.kinds = Kinds(compiler.kinds)
        self.policy = Policy(constants_at=compiler.layout["code.constants"], records_at=compiler.layout["code.records"])
        self.record_size = compiler.layout["record.size"]

    def check(self, unit: Unit, registers: int, constants: int | None = None, sites: int | None = None) -> None:
        """Raises CodeRefused unless the unit keeps to the policy. Counts that are not known bound nothing."""
        check(unit.code, unit.entries, Hints(unit.chunks, self.kinds), self.policy.for_unit(registers, constants, sites, self.record_size))


def catalogue_of(compiler: Compiler) -> Catalogue:
    """All chunks that the compiler can make so far."""
    catalogue = Catalogue()
    for kind in compiler.kinds.values():
        if kind.code:
            catalogue.add(kind.code, holes_of(kind))
    return catalogue
