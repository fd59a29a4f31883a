"""Scopes: which code object owns each name, what is captured, and the registers of locals.

Filled by `walk.py` (the names that each scope mentions), resolved here by `resolve`, read by the bytecode compiler.
The rules are CPython's (symtable.c); errors in the use of `global` and `nonlocal` have been reported before, by
`parse.py`. Invariants after `resolve`: a name of a scope is in at most one of `registers`, `cells` and `frees`;
a comprehension with `inline` set has no code object of its own and none of its variables is captured.
"""

from __future__ import annotations

import ast

MODULE, CLASS, FUNCTION, COMPREHENSION, GENERATOR_EXPRESSION = range(5)

# Flags of a name in a scope
USED = 1
BOUND = 2
PARAMETER = 4
GLOBAL = 8
NONLOCAL = 16
IMPORTED = 32
DELETED = 64
LOCAL = BOUND | PARAMETER | IMPORTED


_NONE: set[str] = set()


class Scope:
    """One block of names: a module, class, function, lambda, comprehension or generator expression."""

    __slots__ = (
        "kind",
        "node",
        "name",
        "parent",
        "unit",
        "names",
        "private",
        "generator",
        "walrus",
        "depth",
        "loop_constants",
        "deleted",
        "locals_visible",
        "inline",
        "cells",
        "frees",
        "registers",
        "register_count",
        "parameters",
        "captured",
        "uncompiled",
        "aliases",
        "annotated",
        "star_imports",
    )

    def __init__(
        self, kind: int, node: ast.AST, name: str, parent: Scope | None, unit: Unit, private: str | None
    ) -> None:
        self.kind = kind
        self.node = node
        self.name = name
        self.parent = parent
        self.unit = unit
        self.names: dict[str, int] = {}  # in the order in which code generation first meets them
        self.private = private  # the class whose name mangles __names
        self.generator = False
        self.walrus = False  # an assignment expression binds a name of this code object
        self.depth = 0  # of loops around the node being visited
        self.loop_constants: dict[object, int] = {}  # constants that operators inside loops read -> how often, roughly
        self.deleted: set[str] = set()  # names that lose their value: del, except ... as
        self.locals_visible = False  # locals(), vars() or dir() is mentioned: registers must be nameable
        self.inline = kind == COMPREHENSION
        self.cells: dict[str, int] = {}  # name -> register that holds the cell
        self.frees: dict[str, int] = {}  # name -> index in the closure
        self.registers: dict[str, int] = {}  # name -> register
        self.register_count = 0
        self.parameters: list[str] = []
        self.captured: set[str] = _NONE  # what scopes inside mention: CPython's cells, inlined comprehensions counted
        self.uncompiled: set[str] = _NONE  # in names, but mentioned where no code comes from alone (set_aside)
        self.aliases: dict[str, str] = {}  # name bound by `import m`: the module
        self.annotated = False  # the body holds an annotated assignment (modules and classes)
        self.star_imports: list[tuple[str, int]] = []
        unit.scopes.append(self)


class Unit:
    """What the walk of one module collects."""

    __slots__ = (
        "filename",
        "lines",
        "text",
        "private",
        "future_annotations",
        "scopes",
        "refusals",
        "suspects",
        "module_attributes",
        "alias_names",
        "imports",
        "interactive",
        "module",
        "tree",
        "copied",
        "aside",
    )

    def __init__(self, filename: str, text: str, *, private: bool = False) -> None:
        self.filename = filename
        self.text = text
        self.private = private  # one of our own library modules: may do what programs may not
        self.future_annotations = False
        self.scopes: list[Scope] = []
        self.refusals: list[tuple[int, int, str]] = []  # line, column (UTF-8 bytes), what
        self.suspects: list[
            tuple[Scope, ast.AST, str, str]
        ] = []  # scope, node, name, what: refused if the name is the builtin
        self.module_attributes: list[tuple[Scope, ast.Attribute]] = []
        self.alias_names: set[str] = set()
        self.imports: list[tuple[ast.Import | ast.ImportFrom, Scope]] = []
        self.interactive = False
        self.aside: list[tuple[Scope, str, int]] = []
        self.copied = 0  # words of copies of finally clauses, for their limit
        self.module: Scope
        self.tree: ast.AST


def set_aside(scope: Scope, known: int) -> None:
    """The names of a function that came after the first `known` ones are in an annotation of a local variable, which is
    not evaluated, or name a variable without a value: they have a meaning, but no place in the order of names."""
    for name in list(scope.names)[known:]:
        scope.unit.aside.append((scope, name, scope.names.pop(name)))


def put_back(unit: Unit) -> None:
    for scope, name, flags in unit.aside:
        if name not in scope.names:
            scope.uncompiled = scope.uncompiled | {name}
        scope.names[name] = scope.names.get(name, 0) | flags


def owner(name: str, scope: Scope) -> Scope | None:
    """The scope around `scope` whose variable `name` is; None for a global."""
    outer = scope.parent
    while outer is not None and outer.kind != MODULE:
        if outer.kind != CLASS:
            flags = outer.names.get(name)
            if flags is not None:
                if flags & GLOBAL:
                    return None
                if flags & LOCAL and not flags & NONLOCAL:
                    return outer
        elif name == "__class__":
            return outer
        outer = outer.parent
    return None


def holder(name: str, scope: Scope) -> Scope | None:
    """The scope that binds `name` as `scope` sees it; None for a global (or builtin)."""
    flags = scope.names.get(name, 0)
    if scope.kind != MODULE and flags & LOCAL and not flags & (GLOBAL | NONLOCAL):
        return scope
    if flags & GLOBAL:
        return None
    return owner(name, scope)


def resolve(unit: Unit) -> None:
    captures: list[tuple[Scope, str, Scope]] = []
    for scope in unit.scopes:
        outer = scope.parent
        if outer is None or outer.kind == MODULE:
            continue
        if outer.kind == CLASS and outer.parent.kind == MODULE:  # type: ignore[union-attr]
            if "__class__" in scope.names and not (scope.names["__class__"] & (LOCAL | GLOBAL)):
                captures.append((scope, "__class__", outer))
            continue
        for name, flags in scope.names.items():
            if not flags & (LOCAL | GLOBAL) or flags & NONLOCAL:
                found = owner(name, scope)
                if found is not None:
                    captures.append((scope, name, found))
    if captures:
        _place(captures)
    for scope in reversed(unit.scopes):
        if scope.kind == COMPREHENSION and scope.inline and scope.loop_constants:
            weights = scope.parent.loop_constants  # type: ignore[union-attr]
            for key, weight in scope.loop_constants.items():
                weights[key] = weights.get(key, 0) + weight
    for scope in unit.scopes:
        if scope.kind != MODULE and not (scope.kind == COMPREHENSION and scope.inline):
            _number(scope)


def _place(captures: list[tuple[Scope, str, Scope]]) -> None:
    changed = True
    while changed:
        changed = False
        for user, _, found in captures:
            if found.kind == COMPREHENSION and found.inline:
                scope: Scope = user
                while scope is not found:
                    if not (scope.kind == COMPREHENSION and scope.inline):
                        found.inline = False
                        changed = True
                        break
                    scope = scope.parent  # type: ignore[assignment]
    for user, name, found in captures:
        if found.captured is _NONE:
            found.captured = set()
        found.captured.add(name)
        scope = user
        while scope is not found:
            if not (scope.kind == COMPREHENSION and scope.inline):
                scope.frees[name] = 0
                found.cells[name] = 0
            scope = scope.parent  # type: ignore[assignment]


def _number(scope: Scope) -> None:
    """Registers: parameters, then the other locals in order of first mention, then cells."""
    if scope.frees:
        scope.frees = {name: index for index, name in enumerate(sorted(scope.frees))}
    cells = scope.cells
    if scope.kind == CLASS:
        scope.register_count = 1  # the namespace
        if cells:
            cells["__class__"] = 1
            scope.register_count = 2
        return
    registers = scope.registers
    count = 0
    for name in scope.parameters:
        if name in cells:
            cells[name] = count
        else:
            registers[name] = count
        count += 1
    for name, flags in scope.names.items():
        if flags & 34 and not flags & 28 and name not in cells:  # BOUND or IMPORTED; not PARAMETER, GLOBAL, NONLOCAL
            registers[name] = count
            count += 1
    if cells:
        parameters = scope.parameters
        for name in sorted(cells):
            if name not in parameters:
                cells[name] = count
                count += 1
    scope.register_count = count
