"""Simple statements, if, imports, and the compilation of a whole module. Loops, try and with stand in blocks.py."""

from __future__ import annotations

import ast
from typing import Any

from minivm.frontend.scopes import Unit
from minivm.spec.opcodes import CODE_FLAGS, WINDOW_ARGS

from . import blocks, calls, functions
from .conditions import jump_if
from .dispatch import INTO, STATEMENTS, body, operand
from .emitter import NO_NAME, Emitter, Label
from .expressions import store_name
from .functions import docstring
from .ops import (
    BUILD_DICT,
    CALL,
    IMPORT,
    IMPORT_FROM,
    IMPORT_STAR,
    IMPORT_TOP,
    LOAD_BUILD_ERROR,
    LOAD_GLOBAL,
    RAISE,
    RAISE_CURRENT,
    RAISE_FROM,
    SITE_ATTR,
    SITE_CALL,
    SITE_GLOBAL,
    SITE_STORE_GLOBAL,
    STORE_GLOBAL,
)


def _expression(f: Emitter, node: ast.Expr) -> None:
    value = node.value
    cls = value.__class__
    if f.unit.interactive and f.scope.parent is None:
        _display(f, node)
        return
    if cls is ast.Constant:
        return
    mark = f.top
    if cls is ast.Name:
        operand(f, value)
    else:
        INTO[cls](f, value, f.temp())
    f.top = mark


def _display(f: Emitter, node: ast.Expr) -> None:
    mark = f.top
    window = f.run(WINDOW_ARGS + 1)
    f.emit_site(LOAD_GLOBAL, window, 0, 0, SITE_GLOBAL, f.string("__display__"), node)
    INTO[node.value.__class__](f, node.value, window + WINDOW_ARGS)
    f.emit_site(CALL, window, 1, window, SITE_CALL, NO_NAME, node)
    f.top = mark


def _if(f: Emitter, node: ast.If) -> None:
    end = Label()
    while True:
        other = Label()
        orelse = node.orelse
        leaving = node.body[0].__class__
        if (leaving is ast.Continue or leaving is ast.Break) and f.blocks[-1].__class__ is blocks.Loop:
            loop = f.blocks[-1]
            jump_if(f, node.test, loop.continue_ if leaving is ast.Continue else loop.break_, True, node)
            if not f.reachable or not orelse:
                break
            if len(orelse) == 1 and orelse[0].__class__ is ast.If:
                node = orelse[0]
                continue
            body(f, orelse)
            break
        jump_if(f, node.test, other, False, node)
        body(f, node.body)
        if not orelse:
            f.place(other)
            break
        if f.reachable:
            f.jump(end)
        f.place(other)
        if not f.reachable:
            break
        if len(orelse) == 1 and orelse[0].__class__ is ast.If:
            node = orelse[0]
            continue
        body(f, orelse)
        break
    f.place(end)


def _raise(f: Emitter, node: ast.Raise) -> None:
    mark = f.top
    if node.exc is None:
        f.emit(RAISE_CURRENT, 0, 0, 0, node)
    else:
        source = operand(f, node.exc)
        if node.cause is not None:
            f.emit(RAISE_FROM, source, operand(f, node.cause), 0, node)
        else:
            f.emit(RAISE, source, 0, 0, node)
    f.reachable = False
    f.top = mark


def _assert(f: Emitter, node: ast.Assert) -> None:
    end = Label()
    at = jump_if(f, node.test, end, True, node)
    if f.reachable:
        mark = f.top
        window = f.run(WINDOW_ARGS)
        f.plain(LOAD_BUILD_ERROR, window)
        if node.msg is not None:
            INTO[node.msg.__class__](f, node.msg, f.temp())
            f.emit_site(CALL, window, 1, window, SITE_CALL, NO_NAME, at)
        f.emit(RAISE, window, 0, 0, at)
        f.reachable = False
        f.top = mark
    f.place(end)


def _nothing(f: Emitter, node: ast.AST) -> None:
    pass


# -- imports --


def absolute_name(module: str | None, level: int, package: str) -> str | None:
    """The absolute name of a relative import; None if it leaves the top-level package, "" outside of any package."""
    if not level:
        return module
    if not package:
        return ""
    parts = package.split(".")
    if level > len(parts):
        return None
    base = ".".join(parts[: len(parts) - level + 1])
    return f"{base}.{module}" if module else base


def _import(f: Emitter, node: ast.Import) -> None:
    mark = f.top
    target = f.temp()
    for alias in node.names:
        name = f.string(alias.name)
        f.emit_bc(IMPORT if alias.asname is not None or "." not in alias.name else IMPORT_TOP, target, name, node)
        store_name(f, alias.bound, target, node)  # type: ignore[attr-defined]
    f.top = mark


def _import_from(f: Emitter, node: ast.ImportFrom) -> None:
    mark = f.top
    name = absolute_name(node.module, node.level, f.package)
    if not name:
        _raise_import_error(
            f,
            node,
            "attempted relative import with no known parent package"
            if name == ""
            else "attempted relative import beyond top-level package",
        )
        return
    module, value = f.temp(), f.temp()
    f.emit_bc(IMPORT, module, f.string(name), node)
    for alias in node.names:
        if alias.name == "*":
            f.emit(IMPORT_STAR, module, 0, 0, node)
            continue
        f.emit_site(IMPORT_FROM, value, module, 0, SITE_ATTR, f.string(alias.name), node)
        store_name(f, alias.bound, value, node)  # type: ignore[attr-defined]
    f.top = mark


def _raise_import_error(f: Emitter, node: ast.AST, message: str) -> None:
    mark = f.top
    window = f.run(WINDOW_ARGS + 1)
    f.emit_site(LOAD_GLOBAL, window, 0, 0, SITE_GLOBAL, f.string("ImportError"), node)
    f.load_constant(window + WINDOW_ARGS, message)
    f.emit_site(CALL, window, 1, window, SITE_CALL, NO_NAME, node)
    f.emit(RAISE, window, 0, 0, node)
    f.reachable = False
    f.top = mark


STATEMENTS.update(
    {
        ast.Expr: _expression,
        ast.If: _if,
        ast.Raise: _raise,
        ast.Assert: _assert,
        ast.Import: _import,
        ast.ImportFrom: _import_from,
        ast.Pass: _nothing,
        ast.Global: _nothing,
        ast.Nonlocal: _nothing,
    }
)


def compile_module(unit: Unit, name: str, package: str) -> list[Any]:
    """The code object of a module. `package`: what relative imports start from ("" outside of packages)."""
    tree: Any = unit.tree
    flags = CODE_FLAGS["MODULE"] | (CODE_FLAGS["FUTURE_ANNOTATIONS"] if unit.future_annotations else 0)
    f = Emitter(unit, unit.module, "<module>", "<module>", tree, 1, flags)
    f.module_name = name
    f.package = package
    statements = tree.body
    value = f.top
    f.high = max(f.high, value + 1)
    doc = docstring(statements) if not unit.interactive else None
    if unit.module.annotated:
        if unit.interactive:
            body(f, ast.parse("try: __annotations__ = __annotations__\nexcept NameError: __annotations__ = {}").body)
        else:
            f.emit(BUILD_DICT, value, value, 0, statements[0])
            f.emit_site(STORE_GLOBAL, value, 0, 0, SITE_STORE_GLOBAL, f.string("__annotations__"), statements[0])
    if doc is not None:
        f.load_constant(value, doc)
        f.emit_site(STORE_GLOBAL, value, 0, 0, SITE_STORE_GLOBAL, f.string("__doc__"), statements[0])
    body(f, statements)
    return f.finish()


__all__ = ["blocks", "calls", "compile_module", "functions"]
