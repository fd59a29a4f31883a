"""Calls: the window at the top of the temporaries, keywords, stars, methods, zero-argument super().

A window's arguments are evaluated straight into their registers. A method call prepares the window with LOAD_METHOD,
so that no bound method is made; `super().name(...)` prepares it with LOAD_SUPER_METHOD, so that no super object is
made.
"""

from __future__ import annotations

import ast
from typing import Any

from minivm.frontend.scopes import CLASS, COMPREHENSION, FUNCTION, LOCAL, MODULE, holder
from minivm.spec.opcodes import WINDOW_ARGS

from . import expressions
from .dispatch import INTO, attribute_position, operand
from .emitter import NO_NAME, Emitter, Label
from .expressions import CHUNK, load_name, sequence_into_list
from .ops import (
    BUILD_DICT,
    CALL,
    CALL_EX,
    CALL_KW,
    CALL_METHOD,
    DICT_MERGE,
    DICT_SET,
    LOAD_METHOD,
    LOAD_NONE,
    LOAD_SUPER_ATTR,
    LOAD_SUPER_METHOD,
    RAISE_SUPER_ERROR,
    SITE_CALL,
    SITE_METHOD,
    SITE_SUPER,
)

MAX_WINDOW = 250  # arguments in one window; calls with more go through a list and a dict

_Name = ast.Name
_Attribute = ast.Attribute
_Starred = ast.Starred


def _call(f: Emitter, node: ast.Call, dest: int) -> None:
    function = node.func
    arguments = node.args
    keywords = node.keywords
    simple = True
    for value in arguments:
        if value.__class__ is _Starred:
            simple = False
    if keywords:
        for keyword in keywords:
            if keyword.arg is None:
                simple = False
    if not simple or len(arguments) + len(keywords) > MAX_WINDOW:
        _call_extended(f, node, dest)
        return
    mark = top = f.top
    if dest == mark - 1 and dest >= f.first_temp:
        mark = dest  # the result's own temporary serves as the callee's place
    if function.__class__ is _Attribute:
        at: Any = node if node.lineno == function.end_lineno else attribute_position(function, node)
        prepare_method(f, function, mark)
        op, method = CALL_METHOD, 1
    else:
        at = node
        if function.__class__ is _Name and function.id == "super" and not arguments and is_super_call(f, node):
            _super_value(f, node, dest)
            return
        f.top = mark + 1
        INTO[function.__class__](f, function, mark)
        op, method = CALL, 0
    register = mark + WINDOW_ARGS
    for value in arguments:
        f.top = register + 1
        if register >= f.high:
            f.high = register + 1
        INTO[value.__class__](f, value, register)
        register += 1
    if keywords:
        for keyword in keywords:
            f.top = register + 1
            if register >= f.high:
                f.high = register + 1
            value = keyword.value
            INTO[value.__class__](f, value, register)
            register += 1
        names = f.constant(tuple([keyword.arg for keyword in keywords]))
        f.top = top
        f.emit_site(CALL_KW, mark, register - mark - WINDOW_ARGS, dest, SITE_CALL, names, at, method)
        return
    if register > f.high:
        f.high = register
    f.top = top
    f.emit_site(op, mark, register - mark - WINDOW_ARGS, dest, SITE_CALL, NO_NAME, at)


def prepare_method(f: Emitter, function: ast.Attribute, window: int) -> None:
    """LOAD_METHOD into `window`, which is `f.top`; afterwards `f.top` may lie anywhere in the window."""
    value = function.value
    f.top = window + 1
    if window + WINDOW_ARGS > f.high:
        f.high = window + WINDOW_ARGS
    if value.__class__ is ast.Call and is_super_call(f, value):
        first = _super_operands(f, value, window)
        if first is not None:
            f.emit_site(
                LOAD_SUPER_METHOD,
                window,
                first,
                2,
                SITE_SUPER,
                f.string(function.attr),
                attribute_position(function, function),
            )
        else:
            f.reachable = True
        return
    if value.__class__ is _Name and value.id in f.registers:
        base = operand(f, value)
    else:
        INTO[value.__class__](f, value, window)
        base = window
    at = function if function.lineno == function.end_lineno else attribute_position(function, function)
    f.emit_site(LOAD_METHOD, window, base, 0, SITE_METHOD, f.string(function.attr), at)


def _call_extended(f: Emitter, node: ast.Call, dest: int) -> None:
    mark = f.top
    window = f.run(WINDOW_ARGS + 2)
    function = node.func
    arguments = node.args
    at: Any = node
    f.top = window + 1
    INTO[function.__class__](f, function, window)
    positional, named = window + WINDOW_ARGS, window + WINDOW_ARGS + 1
    f.top = positional + 1
    if len(arguments) == 1 and arguments[0].__class__ is _Starred:
        value = arguments[0].value
        INTO[value.__class__](f, value, positional)
    else:
        sequence_into_list(f, arguments, positional, node)
    f.top = named + 1
    if node.keywords:
        keyword_dict(f, node.keywords, named, window, node)
    else:
        f.plain(LOAD_NONE, named)
    f.top = mark
    f.emit_site(CALL_EX, window, 0, dest, SITE_CALL, NO_NAME, at)


def keyword_dict(f: Emitter, keywords: list[ast.keyword], built: int, callee: int, node: Any) -> None:
    """The dict of a call's keywords in register `built`; `callee` is named when a key comes twice."""
    top = f.top
    started = False
    group: list[ast.keyword] = []
    for keyword in [*keywords, None]:
        if keyword is not None and keyword.arg is not None:
            group.append(keyword)
            continue
        if group:
            target = f.temp() if started else built
            start = f.top
            f.emit(BUILD_DICT, target, start, 0, node) if len(group) * 2 > CHUNK else None
            if len(group) * 2 > CHUNK:
                for part in group:
                    key = f.temp()
                    f.load_constant(key, part.arg)
                    f.emit(DICT_SET, target, key, operand(f, part.value), node)
                    f.top = start
            else:
                for part in group:
                    f.load_constant(f.temp(), part.arg)
                    INTO[part.value.__class__](f, part.value, f.temp())
                f.top = start
                f.emit(BUILD_DICT, target, start, len(group) * 2, node)
            if started:
                f.emit(DICT_MERGE, built, target, callee, node)
            started = True
            group = []
            f.top = top
        if keyword is not None:
            if not started:
                f.emit(BUILD_DICT, built, top, 0, node)
                started = True
            f.emit(DICT_MERGE, built, operand(f, keyword.value), callee, node)
            f.top = top


# -- zero-argument super() --


def is_super_call(f: Emitter, node: ast.Call) -> bool:
    """Whether `node` is `super()` with the builtin of that name, in a function."""
    function = node.func
    if function.__class__ is not _Name or function.id != "super" or node.args or node.keywords:
        return False
    scope = f.scope
    if scope.kind < FUNCTION:
        return False
    return holder("super", scope) is None and not f.unit.module.names.get("super", 0) & LOCAL


def _super_operands(f: Emitter, node: ast.Call, spare: int) -> int | None:
    """Two registers with the class and the first argument; None where super() cannot work and the code raises."""
    scope = f.scope
    problem = None
    arguments: Any = getattr(scope.node, "args", None)
    if scope.kind == FUNCTION and not (arguments.posonlyargs or arguments.args):
        problem = "no arguments"
    elif "__class__" not in f.frees:
        problem = "__class__ cell not found"
    if problem is not None:
        f.emit_bc(RAISE_SUPER_ERROR, 0, f.string(problem), node)
        f.reachable = True  # what follows is dead, but the window's registers must still look written to the verifier
        return None
    first = f.run(2)
    start = f.here()
    load_name(f, "__class__", first, node)
    _on_failure(f, start, "empty __class__ cell", node)
    name = scope.parameters[0]
    start = f.here()
    if name in f.registers:
        INTO[_Name](f, ast.copy_location(ast.Name(name, ast.Load()), node), first + 1)
    else:
        load_name(f, name, first + 1, node)
    if name in scope.deleted:
        _on_failure(f, start, "arg[0] deleted", node)
    return first


def _on_failure(f: Emitter, start: int, problem: str, node: Any) -> None:
    """What the words from `start` raise is replaced by RuntimeError('super(): ' + problem)."""
    end = f.here()
    register = f.temp()
    if any(block.__class__.__name__ != "Loop" for block in f.blocks):
        after = Label()
        f.jump(after)
        f.ranges.append((start, end, f.here(), register))
        f.emit_bc(RAISE_SUPER_ERROR, 0, f.string(problem), node)
        f.place(after)
    else:
        f.tails.append((start, end, register, problem, node))


def _super_value(f: Emitter, node: ast.Call, dest: int) -> None:
    mark = f.top
    window = f.run(WINDOW_ARGS + 2)
    INTO[_Name](f, node.func, window)
    f.top = window + WINDOW_ARGS
    if _super_operands(f, node, window) is not None:
        f.emit_site(CALL, window, 2, dest, SITE_CALL, NO_NAME, node)
    else:
        f.load_constant(dest, None)
    f.top = mark


def super_attribute(f: Emitter, node: ast.Attribute, dest: int) -> None:
    mark = f.top
    first = _super_operands(f, node.value, mark)  # type: ignore[arg-type]
    if first is not None:
        f.emit_site(LOAD_SUPER_ATTR, dest, first, 2, SITE_SUPER, f.string(node.attr), attribute_position(node, node))
    else:
        f.load_constant(dest, None)
    f.top = mark


expressions.is_super_call = is_super_call  # type: ignore[assignment]
expressions.super_attribute = super_attribute
INTO[ast.Call] = _call

__all__ = ["CLASS", "COMPREHENSION", "MODULE", "keyword_dict", "prepare_method"]
