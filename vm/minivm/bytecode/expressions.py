"""Expressions other than calls, comprehensions and functions.

Fills `dispatch.INTO`. The order of evaluation is CPython's. An expression writes a local's register only with its
last instruction, so that an exception, or an operand that is the same variable, sees the old value.
"""

from __future__ import annotations

import ast
from typing import Any

from minivm.frontend.scopes import GLOBAL, NONLOCAL

from . import ops
from .conditions import constant_truth, jump_if
from .dispatch import INTO, attribute_position, held_operand, operand
from .emitter import NO_NAME, NO_REGISTER, Emitter, FrozenConstant, Label
from .ops import (
    ADD_INT,
    BUILD_DICT,
    BUILD_LIST,
    BUILD_SET,
    BUILD_SLICE,
    BUILD_STRING,
    BUILD_TUPLE,
    CONTAINS,
    CONVERT,
    DICT_SET,
    DICT_UPDATE,
    FORMAT,
    GET_ITEM,
    IS,
    IS_NOT,
    JUMP_IF_FALSE,
    JUMP_IF_TRUE,
    LIST_APPEND,
    LIST_EXTEND,
    LIST_TO_TUPLE,
    LOAD_ATTR,
    LOAD_CELL,
    LOAD_FREE,
    LOAD_GLOBAL,
    LOAD_NAME,
    LOAD_NAME_FREE,
    LOAD_NONE,
    NOT_CONTAINS,
    SET_ADD,
    SET_UPDATE,
    SITE_ATTR,
    SITE_BINARY,
    SITE_COMPARE,
    SITE_GLOBAL,
    SITE_INDEX,
    SITE_STORE_GLOBAL,
    STORE_CELL,
    STORE_FREE,
    STORE_GLOBAL,
    STORE_NAME,
    YIELD,
    YIELD_FROM,
    YIELD_FROM_ITER,
)

CHUNK = 64  # elements of a display that are held in registers at once
_Name = ast.Name
_Constant = ast.Constant

BINARY = {
    ast.Add: ops.ADD,
    ast.Sub: ops.SUB,
    ast.Mult: ops.MUL,
    ast.Div: ops.TRUEDIV,
    ast.FloorDiv: ops.FLOORDIV,
    ast.Mod: ops.MOD,
    ast.Pow: ops.POW,
    ast.MatMult: ops.MATMUL,
    ast.LShift: ops.LSHIFT,
    ast.RShift: ops.RSHIFT,
    ast.BitAnd: ops.AND,
    ast.BitOr: ops.OR,
    ast.BitXor: ops.XOR,
}
COMPARE = {ast.Lt: ops.LT, ast.LtE: ops.LE, ast.Eq: ops.EQ, ast.NotEq: ops.NE, ast.Gt: ops.GT, ast.GtE: ops.GE}
_UNARY = {ast.USub: ops.NEG, ast.UAdd: ops.POS, ast.Invert: ops.INVERT, ast.Not: ops.NOT}


# -- names --


def _name(f: Emitter, node: ast.Name, dest: int) -> None:
    name = node.id
    register = f.registers.get(name)
    if register is not None:
        if not f.state >> register & 1:
            f.check_local(register, name, node)
        if register != dest:
            f.move(dest, register)
        return
    load_name(f, name, dest, node)


def load_name(f: Emitter, name: str, dest: int, node: Any) -> None:
    """A name that is in no register of its own."""
    if name == "__debug__":
        f.load_constant(dest, True)
    elif f.class_body:
        flags = f.scope_names.get(name, 0)
        if flags & GLOBAL:
            f.emit_site(LOAD_GLOBAL, dest, 0, 0, SITE_GLOBAL, f.string(name), node)
        elif name in f.frees:
            f.emit_site(LOAD_NAME_FREE, dest, 0, f.frees[name], SITE_GLOBAL, f.string(name), node)
        else:
            f.emit_site(LOAD_NAME, dest, 0, 0, SITE_GLOBAL, f.string(name), node)
    elif name in f.cells:
        f.emit(LOAD_CELL, dest, f.cells[name], f.string(name), node)
    elif name in f.frees:
        f.emit(LOAD_FREE, dest, f.frees[name], f.string(name), node)
    else:
        f.emit_site(LOAD_GLOBAL, dest, 0, 0, SITE_GLOBAL, f.string(name), node)


def store_name(f: Emitter, name: str, source: int, node: Any) -> None:
    register = f.registers.get(name)
    if register is not None:
        f.move(register, source)
        f.state |= 1 << register
    elif f.class_body:
        flags = f.scope_names.get(name, 0)
        if flags & GLOBAL:
            f.emit_site(STORE_GLOBAL, source, 0, 0, SITE_STORE_GLOBAL, f.string(name), node)
        elif flags & NONLOCAL:
            f.emit(STORE_FREE, f.frees[name], source, 0, node)
        else:
            f.emit_site(STORE_NAME, source, 0, 0, SITE_GLOBAL, f.string(name), node)
    elif name in f.cells:
        f.emit(STORE_CELL, f.cells[name], source, 0, node)
    elif name in f.frees:
        f.emit(STORE_FREE, f.frees[name], source, 0, node)
    else:
        f.emit_site(STORE_GLOBAL, source, 0, 0, SITE_STORE_GLOBAL, f.string(name), node)


def _constant(f: Emitter, node: ast.Constant, dest: int) -> None:
    f.load_constant(dest, node.value)


# -- attributes and items --


def _attribute(f: Emitter, node: ast.Attribute, dest: int) -> None:
    value = node.value
    if value.__class__ is ast.Call and is_super_call(f, value):
        super_attribute(f, node, dest)
        return
    mark = f.top
    if dest >= f.first_temp and value.__class__ is not _Name:
        INTO[value.__class__](f, value, dest)
        base = dest
    else:
        base = operand(f, value)
    f.top = mark
    f.emit_site(LOAD_ATTR, dest, base, 0, SITE_ATTR, f.string(node.attr), attribute_position(node, node))


def is_super_call(f: Emitter, node: ast.expr) -> bool:
    raise NotImplementedError  # calls.py replaces it


def super_attribute(f: Emitter, node: ast.Attribute, dest: int) -> None:
    raise NotImplementedError  # calls.py replaces it


def _subscript(f: Emitter, node: ast.Subscript, dest: int) -> None:
    mark = f.top
    base = held_operand(f, node.value, node.slice)
    key = operand(f, node.slice)
    f.top = mark
    f.emit_site(GET_ITEM, dest, base, key, SITE_INDEX, NO_NAME, node)


def _slice(f: Emitter, node: ast.Slice, dest: int) -> None:
    mark = f.top
    first = f.run(3)
    top = f.top
    for register, part in enumerate((node.lower, node.upper, node.step), first):
        if part is None:
            f.plain(LOAD_NONE, register)
        else:
            INTO[part.__class__](f, part, register)
            f.top = top
    f.top = mark
    f.emit(BUILD_SLICE, dest, first, 3, node)


# -- operators --


def _binary(f: Emitter, node: ast.BinOp, dest: int) -> None:
    mark = f.top
    left = node.left
    right = node.right
    if left.__class__ is ast.BinOp:
        spine = [node]
        while left.__class__ is ast.BinOp:
            spine.append(left)
            left = left.left
        early = dest if dest >= f.first_temp else f.temp()
        inner = spine.pop()
        _apply(f, inner, held_operand(f, left, inner.right), early)
        f.top = mark if early == dest else mark + 1
        while spine:
            inner = spine.pop()
            _apply(f, inner, early, early if spine else dest)
            f.top = mark if early == dest else mark + 1
        f.top = mark
        return
    _apply(f, node, held_operand(f, left, right), dest)
    f.top = mark


def _apply(f: Emitter, node: ast.BinOp, base: int, dest: int) -> None:
    right = node.right
    op = node.op.__class__
    if right.__class__ is _Constant and right.value.__class__ is int:
        value = right.value
        if op is ast.Add and -0x8000 <= value <= 0x7FFF:
            f.emit_site(ADD_INT, dest, base, value & 0xFFFF, SITE_BINARY, NO_NAME, node)
            return
        if op is ast.Sub and -0x8000 < value <= 0x7FFF and value:
            f.emit_site(ADD_INT, dest, base, -value & 0xFFFF, SITE_BINARY, NO_NAME, node, 0x10000)
            return
    f.emit_site(BINARY[op], dest, base, operand(f, right), SITE_BINARY, NO_NAME, node)


def _unary(f: Emitter, node: ast.UnaryOp, dest: int) -> None:
    mark = f.top
    value = node.operand
    if node.op.__class__ is ast.Not and value.__class__ is ast.Compare and len(value.ops) == 1:
        swapped = _NEGATED.get(value.ops[0].__class__)
        if swapped is not None:
            left, right = value.left, value.comparators[0]
            base = held_operand(f, left, right)
            other = operand(f, constant_container(right))
            f.top = mark
            f.emit(swapped, dest, base, other, value)
            return
    source = operand(f, value)
    f.top = mark
    f.emit(_UNARY[node.op.__class__], dest, source, 0, node)


_NEGATED = {ast.Is: IS_NOT, ast.IsNot: IS, ast.In: NOT_CONTAINS, ast.NotIn: CONTAINS}


def constant_container(node: ast.expr) -> ast.expr:
    """A list or set display that is only searched or looped over: a tuple, or a constant frozenset."""
    cls = node.__class__
    if cls is not ast.List and cls is not ast.Set:
        return node
    elements = node.elts  # type: ignore[attr-defined]
    if all(value.__class__ is _Constant for value in elements):
        values: Any = [value.value for value in elements]
        values = tuple(values) if cls is ast.List else FrozenConstant(values)
        return ast.copy_location(ast.Constant(values), node)
    if cls is ast.List and not any(value.__class__ is ast.Starred for value in elements):
        return ast.copy_location(ast.Tuple(elements, ast.Load()), node)
    return node


def _compare(f: Emitter, node: ast.Compare, dest: int) -> None:
    mark = f.top
    operators = node.ops
    if len(operators) == 1:
        right = node.comparators[0]
        base = held_operand(f, node.left, right)
        emit_compare(f, operators[0], dest, base, right, node)
        f.top = mark
        return
    result = dest if dest >= f.first_temp else f.temp()
    end = Label()
    base = held_operand(f, node.left, *node.comparators)
    last = len(operators) - 1
    for index, operator in enumerate(operators):
        right = node.comparators[index]
        if index < last:
            other = held_operand(f, right, *node.comparators[index + 1 :]) if f.walrus else operand(f, right)
            emit_compare_registers(f, operator, result, base, other, node)
            f.jump_bc(JUMP_IF_FALSE, result, end, node)
            base = other
        else:
            emit_compare(f, operator, result, base, right, node)
    f.place(end)
    f.move(dest, result)
    if dest < f.first_temp:
        f.state |= 0
    f.top = mark


def emit_compare(f: Emitter, operator: ast.cmpop, dest: int, base: int, right: ast.expr, node: ast.AST) -> None:
    if operator.__class__ is ast.In or operator.__class__ is ast.NotIn:
        right = constant_container(right)
    emit_compare_registers(f, operator, dest, base, operand(f, right), node)


def emit_compare_registers(f: Emitter, operator: ast.cmpop, dest: int, base: int, other: int, node: ast.AST) -> None:
    op = COMPARE.get(operator.__class__)
    if op is not None:
        f.emit_site(op, dest, base, other, SITE_COMPARE, NO_NAME, node)
    else:
        f.emit(_IDENTITY[operator.__class__], dest, base, other, node)


_IDENTITY = {ast.Is: IS, ast.IsNot: IS_NOT, ast.In: CONTAINS, ast.NotIn: NOT_CONTAINS}


def _boolean(f: Emitter, node: ast.BoolOp, dest: int) -> None:
    mark = f.top
    result = dest if dest >= f.first_temp or _early(f, node.values, dest) else f.temp()
    is_and = node.op.__class__ is ast.And
    op = JUMP_IF_FALSE if is_and else JUMP_IF_TRUE
    end = Label()
    *first, last = node.values
    for value in first:
        truth = constant_truth(value)
        if truth is not None:
            if truth is is_and:
                continue
            INTO[value.__class__](f, value, result)
            break
        INTO[value.__class__](f, value, result)
        f.jump_bc(op, result, end, node)
    else:
        INTO[last.__class__](f, last, result)
    f.place(end)
    f.move(dest, result)
    f.top = mark


def _early(f: Emitter, values: list[ast.expr], dest: int) -> bool:
    """Whether nobody can see that the local in `dest` is written after the first value instead of after the last."""
    if f.scope.locals_visible or any(block.start >= 0 for block in f.blocks):
        return False
    for value in values[1:]:
        for part in ast.walk(value):
            if part.__class__ is _Name and f.registers.get(part.id) == dest:
                return False
    return True


def _if_expression(f: Emitter, node: ast.IfExp, dest: int) -> None:
    other, end = Label(), Label()
    jump_if(f, node.test, other, False, node)
    if f.reachable:
        INTO[node.body.__class__](f, node.body, dest)
        f.jump(end)
    f.place(other)
    if f.reachable:
        INTO[node.orelse.__class__](f, node.orelse, dest)
    f.place(end)


def _named(f: Emitter, node: ast.NamedExpr, dest: int) -> None:
    name = node.target.id
    register = f.registers.get(name)
    value = node.value
    if register is not None:
        INTO[value.__class__](f, value, register)
        f.state |= 1 << register
        f.move(dest, register)
    else:
        mark = f.top
        result = dest if dest >= f.first_temp else f.temp()
        INTO[value.__class__](f, value, result)
        store_name(f, name, result, node.target)
        f.move(dest, result)
        f.top = mark


# -- displays --


def _tuple(f: Emitter, node: ast.Tuple, dest: int) -> None:
    elements = node.elts
    if len(elements) <= CHUNK and not any(value.__class__ is ast.Starred for value in elements):
        mark = f.top
        first = f.run(0)
        for value in elements:
            INTO[value.__class__](f, value, f.temp())
        f.top = mark
        f.emit(BUILD_TUPLE, dest, first, len(elements), node)
        return
    mark = f.top
    built = f.temp()
    sequence_into_list(f, elements, built, node)
    f.emit(LIST_TO_TUPLE, dest, built, 0, node)
    f.top = mark


def _list(f: Emitter, node: ast.List, dest: int) -> None:
    elements = node.elts
    mark = f.top
    if len(elements) <= CHUNK:
        simple = constant = True
        for value in elements:
            cls = value.__class__
            if cls is not _Constant:
                constant = False
                if cls is ast.Starred:
                    simple = False
                    break
        if simple and not (constant and len(elements) > 2):
            first = f.top
            for value in elements:
                INTO[value.__class__](f, value, f.temp())
            f.top = mark
            f.emit(BUILD_LIST, dest, first, len(elements), node)
            return
    built = dest if dest >= f.first_temp else f.temp()
    sequence_into_list(f, elements, built, node)
    f.move(dest, built)
    f.top = mark


def sequence_into_list(f: Emitter, elements: list[ast.expr], built: int, node: ast.AST) -> None:
    """A new list in register `built` of elements of any number, starred ones too, with bounded registers."""
    mark = f.top
    if len(elements) > 2 and all(value.__class__ is _Constant for value in elements):
        f.emit(BUILD_LIST, built, 0, 0, node)
        items = f.temp()
        f.load_constant(items, tuple([value.value for value in elements]))  # type: ignore[attr-defined]
        f.emit(LIST_EXTEND, built, items, 0, node)
        f.top = mark
        return
    started = False
    pending = 0
    first = mark
    for value in elements:
        if value.__class__ is ast.Starred:
            if not started:
                f.emit(BUILD_LIST, built, first, pending, node)
                started = True
            elif pending:
                f.emit(LIST_APPEND, built, first, pending, node)
            pending = 0
            f.top = mark
            source = operand(f, value.value)
            f.emit(LIST_EXTEND, built, source, 0, node)
            f.top = mark
            continue
        if pending == CHUNK:
            f.emit(LIST_APPEND if started else BUILD_LIST, built, first, pending, node)
            started = True
            pending = 0
            f.top = mark
        INTO[value.__class__](f, value, f.temp())
        pending += 1
    if not started:
        f.emit(BUILD_LIST, built, first, pending, node)
    elif pending:
        f.emit(LIST_APPEND, built, first, pending, node)
    f.top = mark


def _set(f: Emitter, node: ast.Set, dest: int) -> None:
    elements = node.elts
    mark = f.top
    if len(elements) > 2 and all(value.__class__ is _Constant for value in elements):
        built = dest if dest >= f.first_temp else f.temp()
        items = f.temp()
        f.emit(BUILD_SET, built, built, 0, node)
        f.load_constant(items, FrozenConstant([value.value for value in elements]))  # type: ignore[attr-defined]
        f.emit(SET_UPDATE, built, items, 0, node)
        f.move(dest, built)
        f.top = mark
        return
    if len(elements) <= CHUNK and not any(value.__class__ is ast.Starred for value in elements):
        first = f.top
        for value in elements:
            INTO[value.__class__](f, value, f.temp())
        f.top = mark
        f.emit(BUILD_SET, dest, first, len(elements), node)
        return
    built = f.temp()
    start = f.top
    f.emit(BUILD_SET, built, start, 0, node)
    for value in elements:
        if value.__class__ is ast.Starred:
            f.emit(SET_UPDATE, built, operand(f, value.value), 0, node)
        else:
            f.emit(SET_ADD, built, operand(f, value), 1, node)
        f.top = start
    f.move(dest, built)
    f.top = mark


def _dict(f: Emitter, node: ast.Dict, dest: int) -> None:
    keys, values = node.keys, node.values
    mark = f.top
    if len(keys) * 2 <= CHUNK and None not in keys:
        first = f.top
        for key, value in zip(keys, values):
            INTO[key.__class__](f, key, f.temp())
            INTO[value.__class__](f, value, f.temp())
        f.top = mark
        f.emit(BUILD_DICT, dest, first, len(keys) * 2, node)
        return
    built = f.temp()
    start = f.top
    f.emit(BUILD_DICT, built, start, 0, node)
    for key, value in zip(keys, values):
        if key is None:
            f.emit(DICT_UPDATE, built, operand(f, value), 0, node)
        else:
            at = held_operand(f, key, value)
            f.emit(DICT_SET, built, at, operand(f, value), node)
        f.top = start
    f.move(dest, built)
    f.top = mark


# -- f-strings --


def _joined(f: Emitter, node: ast.JoinedStr, dest: int) -> None:
    mark = f.top
    parts = node.values
    if len(parts) == 1:
        INTO[parts[0].__class__](f, parts[0], dest)
        return
    if not parts:
        f.load_constant(dest, "")
        return
    built = f.top
    for value in parts:
        if f.top - built == CHUNK:
            f.top = built + 1
            f.emit(BUILD_STRING, built, built, CHUNK, node)
        INTO[value.__class__](f, value, f.temp())
    count = f.top - built
    f.top = mark
    f.emit(BUILD_STRING, dest, built, count, node)


_CONVERSIONS = {115: 0, 114: 1, 97: 2}


def _formatted(f: Emitter, node: ast.FormattedValue, dest: int) -> None:
    mark = f.top
    source = held_operand(f, node.value, node.format_spec)
    if node.conversion in _CONVERSIONS:
        converted = source if source >= f.first_temp and source == mark else f.temp()
        f.emit(CONVERT, converted, source, _CONVERSIONS[node.conversion], node)
        source = converted
    spec = NO_REGISTER
    if node.format_spec is not None:
        spec = operand(f, node.format_spec)
    f.top = mark
    f.emit(FORMAT, dest, source, spec, node)


# -- generators --


def _yield(f: Emitter, node: ast.Yield, dest: int) -> None:
    mark = f.top
    if node.value is None:
        source = f.temp()
        f.plain(LOAD_NONE, source)
    else:
        source = operand(f, node.value)
    f.top = mark
    f.emit(YIELD, dest, source, 0, node)


def _yield_from(f: Emitter, node: ast.YieldFrom, dest: int) -> None:
    mark = f.top
    source = operand(f, node.value)
    f.top = mark
    delegate = f.run(2)
    f.emit(YIELD_FROM_ITER, delegate, source, 0, node)
    f.plain(LOAD_NONE, delegate + 1)
    f.emit(YIELD_FROM, dest, delegate, delegate + 1, node)
    f.top = mark


INTO.update(
    {
        ast.Name: _name,
        ast.Constant: _constant,
        ast.Attribute: _attribute,
        ast.Subscript: _subscript,
        ast.Slice: _slice,
        ast.BinOp: _binary,
        ast.UnaryOp: _unary,
        ast.Compare: _compare,
        ast.BoolOp: _boolean,
        ast.IfExp: _if_expression,
        ast.NamedExpr: _named,
        ast.Tuple: _tuple,
        ast.List: _list,
        ast.Set: _set,
        ast.Dict: _dict,
        ast.JoinedStr: _joined,
        ast.FormattedValue: _formatted,
        ast.Yield: _yield,
        ast.YieldFrom: _yield_from,
    }
)
