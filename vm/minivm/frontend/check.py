"""A checked, scoped tree from a source, or the refusal of it.

`analyse` is the front end's one entry: it parses, walks, resolves names and decides on what needs them resolved
(builtins that Mini lacks, names of modules). What depends on the files around the program is asked of `modules`,
which `bytecode/modules.py` implements.
"""

from __future__ import annotations

import ast
from typing import Any, Protocol

from minivm.errors import Refused
from minivm.spec.modules import COMMON, MODULES

from . import scopes
from .parse import parse, read
from .source import Source
from .walk import walk


class Modules(Protocol):
    """What the front end asks about other modules; names are absolute."""

    def status(self, name: str) -> str:
        """`local` (found beside the program), `ours`, `refused` (CPython has it, Mini lacks it) or `missing`."""

    def exports(self, name: str) -> frozenset[str]:
        """The names that a module of ours has."""

    def star_names(self, name: str, level: int) -> frozenset[str] | None:
        """What `from name import *` may bind; None if that is unknown."""


class NoModules:
    """For a source on its own: no module is local."""

    def status(self, name: str) -> str:
        import sys

        top = name.partition(".")[0]
        if name in MODULES:
            return "ours"
        return "refused" if top in sys.stdlib_module_names else "missing"

    def exports(self, name: str) -> frozenset[str]:
        return MODULES.get(name, frozenset())

    def star_names(self, name: str, level: int) -> frozenset[str] | None:
        return MODULES.get(name, frozenset()) if not level else frozenset()


def analyse(
    source: Source,
    modules: Modules,
    *,
    private: bool = False,
    mode: str = "exec",
    defined: frozenset[str] = frozenset(),
    flags: int = 0,
) -> scopes.Unit:
    """The unit of `source`; raises SyntaxProblem or (the first of the) Refused. `defined`: names that a session has
    bound before."""
    unit, refusals = examine(source, modules, private=private, mode=mode, defined=defined, flags=flags)
    if refusals:
        raise refusals[0]
    return unit


def examine(
    source: Source,
    modules: Modules,
    *,
    private: bool = False,
    mode: str = "exec",
    defined: frozenset[str] = frozenset(),
    flags: int = 0,
) -> tuple[scopes.Unit, list[Refused]]:
    """As `analyse`, with all refusals in the order of the source."""
    tree = parse(source, mode, flags)
    unit = scopes.Unit(source.filename, source.text, private=private)
    unit.interactive = mode == "single"
    unit.future_annotations = bool(flags & _FUTURE_ANNOTATIONS)
    try:
        walk(unit, tree)
        scopes.resolve(unit)
    except RecursionError:
        raise Refused("code nested this deeply is not in Mini", source.filename, 1, 1) from None
    if unit.suspects or unit.module_attributes or unit.imports:
        _check_names(unit, modules, defined)
    return unit, [source.refusal(what, line, col) for line, col, what in sorted(unit.refusals)]


_FUTURE_ANNOTATIONS = 0x1000000


def _check_names(unit: scopes.Unit, modules: Modules, defined: frozenset[str]) -> None:
    refusals = unit.refusals
    stars: frozenset[str] | None = None
    for scope, node, name, what in unit.suspects:
        if unit.private or name in defined or name in unit.module.names and unit.module.names[name] & scopes.LOCAL:
            if scopes.holder(name, scope) is None:
                continue
        if (
            scope.kind != scopes.MODULE
            and scope.names.get(name, 0) & scopes.LOCAL
            or scopes.holder(name, scope) is not None
        ):
            continue
        if unit.module.star_imports:
            if stars is None:
                stars = _star_names(unit, modules)
            if stars is None or name in stars:
                continue
        refusals.append((node.lineno, node.col_offset, what))  # type: ignore[attr-defined]
    for scope, attribute in unit.module_attributes:
        name = attribute.value.id  # type: ignore[attr-defined]
        where = scopes.holder(name, scope) or unit.module
        if where.names.get(name, 0) & (scopes.LOCAL | scopes.DELETED) != scopes.IMPORTED:
            continue
        module = where.aliases[name]
        if (
            module in MODULES
            and attribute.attr not in COMMON
            and attribute.ctx.__class__ is ast.Load
            and modules.status(module) == "ours"
            and attribute.attr not in modules.exports(module)
        ):
            refusals.append((attribute.lineno, attribute.col_offset, f"{module}.{attribute.attr}"))
    statement: Any
    for statement, _ in unit.imports:
        if statement.__class__ is ast.Import:
            for alias in statement.names:
                if modules.status(alias.name) == "refused":
                    refusals.append((alias.lineno, alias.col_offset, f"module {alias.name}"))
        elif not statement.level:
            module = statement.module
            status = modules.status(module)
            if status == "refused":
                refusals.append((statement.lineno, statement.col_offset, f"module {module}"))
            elif status == "ours" and not unit.private:
                for alias in statement.names:
                    if alias.name != "*" and alias.name not in COMMON and alias.name not in modules.exports(module):
                        refusals.append((alias.lineno, alias.col_offset, f"{module}.{alias.name}"))


def _star_names(unit: scopes.Unit, modules: Modules) -> frozenset[str] | None:
    names: set[str] = set()
    for module, level in unit.module.star_imports:
        found = modules.star_names(module, level)
        if found is None:
            return None
        names |= found
    return frozenset(names)


__all__ = ["Modules", "NoModules", "Source", "analyse", "examine", "read"]
