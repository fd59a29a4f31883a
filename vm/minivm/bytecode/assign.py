"""Assignment to targets of every form, unpacking, augmented and annotated assignment, deletion.

`assign(f, target, source)` stores register `source`. Targets are evaluated and stored from left to right, after the
value. Parallel assignment (`a, b = b, a`) builds no tuple.
"""

from __future__ import annotations

import ast
from typing import Any

from minivm.frontend.scopes import CLASS, GLOBAL, MODULE

from . import ops
from .dispatch import INTO, STATEMENTS, attribute_position, held_operand, operand
from .emitter import NO_NAME, Emitter
from .expressions import BINARY, CHUNK, load_name, store_name
from .ops import (
    ADD_INT,
    DELETE_ATTR,
    DELETE_CELL,
    DELETE_FREE,
    DELETE_GLOBAL,
    DELETE_ITEM,
    DELETE_NAME,
    GET_ITEM,
    LOAD_ATTR,
    LOAD_UNASSIGNED,
    SET_ITEM,
    SITE_ATTR,
    SITE_BINARY,
    SITE_INDEX,
    SITE_STORE_ATTR,
    SITE_STORE_INDEX,
    STORE_ATTR,
    UNPACK,
    UNPACK_STAR,
)

_Name = ast.Name
_Constant = ast.Constant
_Starred = ast.Starred


def assign(f: Emitter, target: Any, source: int) -> None:
    cls = target.__class__
    if cls is _Name:
        store_name(f, target.id, source, target)
        return
    mark = f.top
    if cls is ast.Attribute:
        base = operand(f, target.value)
        f.top = mark
        f.emit_site(
            STORE_ATTR, base, source, 0, SITE_STORE_ATTR, f.string(target.attr), attribute_position(target, target)
        )
    elif cls is ast.Subscript:
        base = held_operand(f, target.value, target.slice)
        key = operand(f, target.slice)
        f.top = mark
        f.emit_site(SET_ITEM, base, key, source, SITE_STORE_INDEX, NO_NAME, target)
    else:
        _unpack(f, target, source)


def _unpack(f: Emitter, target: Any, source: int) -> None:
    elements = target.elts
    count = len(elements)
    mark = f.top
    star = -1
    for index, element in enumerate(elements):
        if element.__class__ is _Starred:
            star = index
    first = -1
    if star < 0:
        first = _consecutive(f, elements)
        if first >= 0:
            f.emit(UNPACK, first, source, count, target)
            f.state |= (1 << count) - 1 << first
            return
    first = f.run(count)
    if star < 0:
        f.emit(UNPACK, first, source, count, target)
    else:
        after = count - star - 1
        if star > 255 or after > 255:
            f.unit.refusals.append(
                (target.lineno, target.col_offset, "an unpacking of more than 255 names beside a starred one")
            )
            star = after = 0
        f.emit(UNPACK_STAR, first, source, star | after << 8, target)
    for register, element in enumerate(elements, first):
        assign(f, element.value if element.__class__ is _Starred else element, register)
    f.top = mark


def _consecutive(f: Emitter, elements: list[Any]) -> int:
    """The first register if the targets are locals in consecutive registers, else -1. UNPACK writes all or none of
    them."""
    if not elements or elements[0].__class__ is not _Name:
        return -1
    registers = f.registers
    first = registers.get(elements[0].id, -1)
    if first < 0:
        return -1
    for register, element in enumerate(elements, first):
        if element.__class__ is not _Name or registers.get(element.id) != register:
            return -1
    return first


def _assign(f: Emitter, node: ast.Assign) -> None:
    targets = node.targets
    value: Any = node.value
    target: Any = targets[0]
    if len(targets) == 1:
        cls = target.__class__
        if cls is _Name:
            register = f.registers.get(target.id)
            if register is not None:
                INTO[value.__class__](f, value, register)
                f.state |= 1 << register
                return
        elif cls is ast.Tuple or cls is ast.List:
            if (value.__class__ is ast.Tuple or value.__class__ is ast.List) and _parallel(f, target.elts, value.elts):
                return
        mark = f.top
        assign(f, target, held_operand(f, value, target))
        f.top = mark
        return
    mark = f.top
    source = f.temp()
    INTO[value.__class__](f, value, source)
    for target in targets:
        assign(f, target, source)
    f.top = mark


def _parallel(f: Emitter, targets: list[Any], values: list[Any]) -> bool:
    """`a, b = x, y` of equal lengths without stars."""
    count = len(targets)
    if count != len(values) or count > CHUNK:
        return False
    for element in targets:
        if element.__class__ is _Starred:
            return False
    for element in values:
        if element.__class__ is _Starred:
            return False
    mark = f.top
    registers = f.registers
    written: set[str] = set()  # locals that the targets before this value's own have overwritten by then
    sources = []
    simple = True
    for target, value in zip(targets, values):
        if value.__class__ is _Name and value.id in registers and not f.walrus and simple and value.id not in written:
            sources.append(operand(f, value))
        else:
            register = f.temp()
            INTO[value.__class__](f, value, register)
            sources.append(register)
        if target.__class__ is _Name:
            written.add(target.id)
        else:
            simple = simple and target.__class__ in (ast.Attribute, ast.Subscript)
    for target, source in zip(targets, sources):
        assign(f, target, source)
    f.top = mark
    return True


# -- augmented --


def _augmented(f: Emitter, node: ast.AugAssign) -> None:
    target: Any = node.target
    value = node.value
    mark = f.top
    if target.__class__ is _Name:
        name = target.id
        register = f.registers.get(name)
        if register is not None:
            base = held_operand(f, target, value)
            _operate(f, node, register, base)
            f.state |= 1 << register
        else:
            base = f.temp()
            load_name(f, name, base, target)
            _operate(f, node, base, base)
            store_name(f, name, base, node)
    elif target.__class__ is ast.Attribute:
        at = attribute_position(target, target)
        owner = held_operand(f, target.value, value)
        base = f.temp()
        name_index = f.string(target.attr)
        f.emit_site(LOAD_ATTR, base, owner, 0, SITE_ATTR, name_index, at)
        _operate(f, node, base, base)
        f.emit_site(STORE_ATTR, owner, base, 0, SITE_STORE_ATTR, name_index, at)
    else:
        owner = held_operand(f, target.value, target.slice, value)
        key = held_operand(f, target.slice, value)
        base = f.temp()
        f.emit_site(GET_ITEM, base, owner, key, SITE_INDEX, NO_NAME, target)
        _operate(f, node, base, base)
        f.emit_site(SET_ITEM, owner, key, base, SITE_STORE_INDEX, NO_NAME, target)
    f.top = mark


def _operate(f: Emitter, node: ast.AugAssign, dest: int, base: int) -> None:
    right = node.value
    op = node.op.__class__
    mark = f.top
    if right.__class__ is _Constant and right.value.__class__ is int:
        value = right.value
        if op is ast.Add and -0x8000 <= value <= 0x7FFF:
            f.emit_site(ADD_INT, dest, base, value & 0xFFFF, SITE_BINARY, NO_NAME, node, 1)
            return
        if op is ast.Sub and -0x8000 < value <= 0x7FFF and value:
            f.emit_site(ADD_INT, dest, base, -value & 0xFFFF, SITE_BINARY, NO_NAME, node, 0x10001)
            return
    f.emit_site(BINARY[op], dest, base, operand(f, right), SITE_BINARY, NO_NAME, node, 1)
    f.top = mark


# -- annotated --


def _annotated(f: Emitter, node: ast.AnnAssign) -> None:
    target: Any = node.target
    mark = f.top
    if node.value is not None:
        if target.__class__ is _Name and target.id in f.registers:
            register = f.registers[target.id]
            INTO[node.value.__class__](f, node.value, register)
            f.state |= 1 << register
        else:
            assign(f, target, operand(f, node.value))
        f.top = mark
    in_body = f.scope.kind == MODULE or f.scope.kind == CLASS
    future = f.unit.future_annotations
    if target.__class__ is _Name:
        if node.simple and in_body:
            source = f.temp()
            annotation_into(f, node.annotation, source)
            table, key = f.temp(), f.temp()
            load_name(f, "__annotations__", table, node)
            f.load_constant(key, target.id)
            f.emit_site(SET_ITEM, table, key, source, SITE_STORE_INDEX, NO_NAME, node)
    else:
        if node.value is None:
            if target.__class__ is ast.Attribute:
                operand(f, target.value)
            else:
                operand(f, target.value)
                operand(f, target.slice)
    f.top = mark
    if not (target.__class__ is _Name and node.simple) and in_body and not future:
        operand(f, node.annotation)
        f.top = mark


def annotation_into(f: Emitter, node: ast.expr, dest: int) -> None:
    """The annotation's value, or its text under `from __future__ import annotations`."""
    if f.unit.future_annotations:
        f.load_constant(dest, annotation_text(node))
    elif node.__class__ is _Starred:  # *args: *Ts
        value = node.value
        INTO[value.__class__](f, value, dest)
        f.emit(UNPACK, dest, dest, 1, node)
    else:
        INTO[node.__class__](f, node, dest)


def annotation_text(node: ast.expr) -> str:
    """CPython's own text of an expression: it stands among the constants of the compiled annotation."""
    statement = ast.copy_location(
        ast.AnnAssign(ast.copy_location(ast.Name("x", ast.Store()), node), node, None, 1), node
    )
    if node.__class__ is _Starred:
        function = ast.parse("def f(*x): pass").body[0]
        function.args.vararg.annotation = node  # type: ignore[attr-defined]
        code = compile(ast.Module([function], []), "", "exec", _FUTURE_ANNOTATIONS, True)
        text: str = code.co_consts[0][1]
        return text
    code = compile(ast.Module([statement], []), "", "exec", _FUTURE_ANNOTATIONS, True)
    return next(value for value in code.co_consts if isinstance(value, str))


_FUTURE_ANNOTATIONS = 0x1000000


# -- deletion --


def _delete(f: Emitter, node: ast.Delete) -> None:
    for target in node.targets:
        delete(f, target)


def delete(f: Emitter, target: Any) -> None:
    mark = f.top
    cls = target.__class__
    if cls is _Name:
        delete_name(f, target.id, target)
    elif cls is ast.Attribute:
        base = operand(f, target.value)
        f.emit_bc(DELETE_ATTR, base, f.string(target.attr), attribute_position(target, target))
    elif cls is ast.Subscript:
        base = held_operand(f, target.value, target.slice)
        f.emit(DELETE_ITEM, base, operand(f, target.slice), 0, target)
    else:
        for element in target.elts:
            delete(f, element)
    f.top = mark


def delete_name(f: Emitter, name: str, node: Any) -> None:
    register = f.registers.get(name)
    if register is not None:
        if not f.state >> register & 1:
            f.check_local(register, name, node)
        f.plain(LOAD_UNASSIGNED, register)
        f.state &= ~(1 << register)
        return
    index = f.string(name)
    if f.class_body and not f.scope_names.get(name, 0) & GLOBAL and name not in f.frees:
        f.emit_bc(DELETE_NAME, 0, index, node)
    elif name in f.cells and not f.class_body:
        f.emit_bc(DELETE_CELL, f.cells[name], index, node)
    elif name in f.frees:
        f.emit_bc(DELETE_FREE, f.frees[name], index, node)
    else:
        f.emit_bc(DELETE_GLOBAL, 0, index, node)


STATEMENTS.update({ast.Assign: _assign, ast.AugAssign: _augmented, ast.AnnAssign: _annotated, ast.Delete: _delete})

__all__ = ["annotation_into", "assign", "delete_name", "ops"]
