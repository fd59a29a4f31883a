"""Brings the compiler and the code checker together: what the compiler says of a unit, in the checker's words.

Neither of the two knows the other. Hints go to the checker as they are: it trusts none of them.
"""
from __future__ import annotations

from minivm.codecheck import FIRST, SECOND, Catalogue, ChunkSpec, Hints, HoleSpec, Policy, check
from minivm.spec import codepolicy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from minivm.baseline.rows import Kind
    from minivm.baseline.unit import Unit


_NO_CODE = (b"", ())


class Kinds(dict[str, ChunkSpec]):
    """The compiler's kinds of chunks as the checker wants them; a kind is converted when the checker first asks."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        super().__init__()
        self.kinds = kinds

    def get(self, name: str) -> ChunkSpec | None:  # type: ignore[override]
        spec = super().get(name)
        if spec is None and name in self.kinds:
            role = SECOND if name.endswith(" cold") else FIRST if self.kinds.get(name + " cold", _NO_CODE)[0] else 0
            spec = self[name] = spec_of(self.kinds[name], role)
        return spec


def spec_of(kind: Kind, role: int) -> ChunkSpec:
    code, holes = kind
    return ChunkSpec(len(code), tuple(HoleSpec(*hole) for hole in holes), role)


class Judge:
    """Checks the units of one compiler. `layout` is the runtime's; `strict`: units have to consist of the compiler's templates."""

    def __init__(self, kinds: Mapping[str, Kind], layout: Mapping[str, int], strict: bool = True) -> None:
        self.kinds = Kinds(kinds)
        self.policy = Policy(constants_at=layout["code.constants"], records_at=layout["code.records"], catalogue=catalogue_of(kinds) if strict else None)
        self.record_size = layout["record.size"]

    def check(self, unit: Unit, registers: int, constants: int | None = None, sites: int | None = None,
              words: int | None = None, stubs: bool = False) -> None:
        """Raises CodeRefused unless the unit keeps to the policy. Counts that are not known bound nothing. Only the unit of stubs may
        have entries for the sites of inline caches."""
        policy = self.policy.for_unit(registers, constants, sites, self.record_size, words)
        if stubs:
            policy = policy.replace(entry_classes=policy.entry_classes | codepolicy.STUB_CLASSES)
        check(unit.code, unit.entries, Hints(unit.chunks, self.kinds), policy)


def kinds_of(layout: str) -> Mapping[str, Kind]:
    """The kinds of chunks of a runtime of this layout: those made when minivm was built, or made now."""
    try:
        from minivm.baseline import _kinds as built
    except ImportError:
        built = None
    if built is not None and built.LAYOUT == layout:
        return built.KINDS  # type: ignore[no-any-return]
    from minivm.baseline.rows import kinds

    return kinds(layout)


def judge_for(layout: str, strict: bool = True) -> Judge:
    """A judge of units for a runtime of this layout (bridge.jit_layout)."""
    return Judge(kinds_of(layout), {name: int(value) for name, value in (line.split("=", 1) for line in layout.splitlines())}, strict)


def catalogue_of(kinds: Mapping[str, Kind]) -> Catalogue:
    """All chunks that the compiler can make."""
    catalogue = Catalogue()
    for code, holes in kinds.values():
        if code:
            catalogue.add(code, (HoleSpec(*hole) for hole in holes))
    return catalogue
