"""Brings the compiler's templates and the code checker together: templates in the checker's words, and what is made of them at build time.

Neither of the two knows the other. Imports the assembler and all of the checker: run when minivm is built (setup.py calls
`write`), by tools and by tests; by the service only where what was built does not fit.
"""
from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from minivm.baseline import rows
from minivm.baseline.caches import STRATEGIES
from minivm.baseline.unit import NOPS, Compiler
from minivm.codecheck import proofs
from minivm.codecheck.check import check
from minivm.codecheck.demands import fingerprint
from minivm.codecheck.policy import FIRST, SECOND, Catalogue, ChunkSpec, Hints, HoleSpec, Policy
from minivm.service.judging import kinds_of
from minivm.spec import codepolicy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from minivm.baseline.rows import Kind
    from minivm.baseline.unit import Request, Unit


def specs_of(kinds: Mapping[str, Kind]) -> dict[str, ChunkSpec]:
    """The compiler's kinds of chunks as the checker wants them."""
    def role(name: str) -> int:
        return SECOND if name.endswith(" cold") else FIRST if kinds.get(name + " cold", (b"",))[0] else 0

    return {name: ChunkSpec(len(code), tuple(HoleSpec(*hole) for hole in holes), role(name)) for name, (code, holes) in kinds.items()}


def catalogue_of(kinds: Mapping[str, Kind]) -> Catalogue:
    """All chunks that the compiler can make."""
    catalogue = Catalogue()
    for code, holes in kinds.values():
        if code:
            catalogue.add(code, (HoleSpec(*hole) for hole in holes))
    return catalogue


class Judge:
    """Holds units of one compiler against the policy alone, without regard to their bytecode. `strict`: they have to consist of the
    compiler's templates."""

    def __init__(self, kinds: Mapping[str, Kind], layout: Mapping[str, int], strict: bool = True) -> None:
        self.kinds = specs_of(kinds)
        self.policy = Policy(constants_at=layout["code.constants"], records_at=layout["code.records"], base_at=layout["vm.base"],
                             catalogue=catalogue_of(kinds) if strict else None)
        self.record_size = layout["record.size"]

    def policy_for(self, request: Request) -> Policy:
        return self.policy.for_unit(request.registers, request.constants, request.sites, self.record_size, len(request.words))

    def check(self, unit: Unit, request: Request) -> None:
        """Raises CodeRefused unless the unit keeps to the policy."""
        check(unit.code, unit.entries, Hints(unit.chunks, self.kinds), self.policy_for(request))

    def check_stubs(self, unit: Unit) -> None:
        """The same for the unit of stubs, which alone may have entries for the sites of inline caches."""
        policy = self.policy.for_unit(0, 0, 0, self.record_size, 0)
        check(unit.code, unit.entries, Hints(unit.chunks, self.kinds), policy.replace(entry_classes=policy.entry_classes | codepolicy.STUB_CLASSES))


def judge_for(layout: str, strict: bool = True) -> Judge:
    """A judge of units for a runtime of this layout (bridge.jit_layout)."""
    return Judge(kinds_of(layout), rows.layout_of(layout), strict)


def generate(layout: str) -> str:
    """The source of what judging.demands_for wants. Raises CodeRefused for templates or stubs that the policy forbids."""
    kinds, numbers = rows.kinds(layout), rows.layout_of(layout)
    judge = Judge(kinds, numbers)
    specs = {name: (kinds[name][0], spec) for name, spec in judge.kinds.items()}
    module: dict[str, Any] = {}
    exec(rows.generate(layout), module)
    stubs = {}
    for strategy in STRATEGIES:
        unit = Compiler(SimpleNamespace(**module), strategy).stubs()
        judge.check_stubs(unit)
        stubs[strategy] = unit.code, unit.entries
    return proofs.generate(layout, specs, rows.marks(layout), NOPS, stubs, judge.policy, fingerprint())


def write(package: str, layout: str) -> None:
    """Writes the modules of a runtime of this layout into the package; unchanged ones keep their date."""
    rows.write(str(Path(package) / "baseline"), layout)
    rows.update(Path(package) / "codecheck" / "_proved.py", generate(layout))
