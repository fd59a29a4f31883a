"""The two dispatch tables of the compiler and the ways to ask for a value.

`INTO[type](f, node, dest)` leaves the value of an expression in register `dest`; `STATEMENTS[type](f, node)` compiles
a statement. Both restore `f.top`. The modules expressions, calls, comprehensions, functions, statements, blocks fill
the tables when they are imported.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from minivm.frontend.walk import constant_key

from .emitter import Emitter

INTO: dict[type, Callable[[Emitter, Any, int], None]] = {}
STATEMENTS: dict[type, Callable[[Emitter, Any], None]] = {}

_Name = ast.Name
_Constant = ast.Constant


def into(f: Emitter, node: Any, dest: int) -> None:
    INTO[node.__class__](f, node, dest)


def operand(f: Emitter, node: Any) -> int:
    """A register that holds the value: a local's own, or a new temporary."""
    if node.__class__ is _Name:
        name = node.id
        register = f.registers.get(name)
        if register is not None:
            if not f.state >> register & 1:
                f.check_local(register, name, node)
            return register
    elif node.__class__ is _Constant and f.constant_registers:
        register = f.constant_registers.get(constant_key(node.value))
        if register is not None:
            f.constants_used[register] = node.value
            return register
    register = f.top
    f.top = register + 1
    if register >= f.high:
        f.high = register + 1
    INTO[node.__class__](f, node, register)
    return register


def held_operand(f: Emitter, node: Any, *later: Any) -> int:
    """As `operand`, for a value that is needed after `later` have been evaluated: they must not rebind it."""
    if f.walrus and node.__class__ is _Name and node.id in f.registers:
        for other in later:
            if other is not None and other.__class__ is not _Name and other.__class__ is not _Constant:
                register = f.temp()
                INTO[_Name](f, node, register)
                return register
    return operand(f, node)


def body(f: Emitter, statements: list[Any]) -> None:
    for node in statements:
        if not f.reachable:
            return
        STATEMENTS[node.__class__](f, node)


def attribute_position(node: Any, at: Any) -> Any:
    """Where CPython says `at` (the attribute `node` itself or a call of it) happens: on the line of the attribute's
    name."""
    if node.lineno == node.end_lineno and at.lineno == node.end_lineno:
        return at
    line = node.end_lineno
    if at.lineno == line:
        return at
    col = node.end_col_offset - len(node.attr)
    if col < 0:
        return (line, at.end_lineno, 0, 0)
    return (line, at.end_lineno, col + 1, at.end_col_offset + 1)
