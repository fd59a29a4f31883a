"""Conditional jumps: comparison and jump fused, short circuits without a value, constant tests folded.

`jump_if(f, node, label, sense, at)` jumps to `label` if the truth of `node` equals `sense`, else falls through. `at`
is the node that CPython blames for an exception in a plain truth test.
"""

from __future__ import annotations

import ast
from typing import Any

from . import ops
from .dispatch import held_operand, operand
from .emitter import Emitter, Label
from .ops import (
    CONTAINS,
    JUMP_IF_FALSE,
    JUMP_IF_IS,
    JUMP_IF_NONE,
    JUMP_IF_NOT_IS,
    JUMP_IF_NOT_NONE,
    JUMP_IF_TRUE,
    NOT_CONTAINS,
    SITE_COMPARE,
)

_NAMES = {ast.Lt: "LT", ast.LtE: "LE", ast.Eq: "EQ", ast.NotEq: "NE", ast.Gt: "GT", ast.GtE: "GE"}
# (class of the operator, sense) -> opcode on registers, opcode with an immediate
FUSED = {
    (cls, sense): (
        getattr(ops, f"JUMP_IF_{'' if sense else 'NOT_'}{name}"),
        getattr(ops, f"JUMP_IF_{'' if sense else 'NOT_'}{name}_INT"),
    )
    for cls, name in _NAMES.items()
    for sense in (True, False)
}


def constant_truth(node: ast.expr) -> bool | None:
    """The truth of a constant test; None for what must be evaluated."""
    if node.__class__ is ast.Constant:
        return bool(node.value)
    if node.__class__ is ast.Name and node.id == "__debug__":
        return True
    return None


def jump_if(f: Emitter, node: ast.expr, label: Label, sense: bool, at: Any) -> Any:
    """The result is what CPython blames for what comes next in the same statement: a comparison stays the current
    position."""
    cls = node.__class__
    if cls is ast.Compare:
        _compare(f, node, label, sense)  # type: ignore[arg-type]
        return node
    if cls is ast.BoolOp:
        return _boolean(f, node, label, sense, at)  # type: ignore[arg-type]
    if cls is ast.UnaryOp and node.op.__class__ is ast.Not:  # type: ignore[attr-defined]
        return jump_if(f, node.operand, label, not sense, at)  # type: ignore[attr-defined]
    if cls is ast.IfExp:
        return _if_expression(f, node, label, sense, at)  # type: ignore[arg-type]
    truth = constant_truth(node)
    if truth is not None:
        if truth is sense:
            f.jump(label)
        return at
    mark = f.top
    source = operand(f, node)
    f.top = mark
    f.jump_bc(JUMP_IF_TRUE if sense else JUMP_IF_FALSE, source, label, at)
    return at


def _boolean(f: Emitter, node: ast.BoolOp, label: Label, sense: bool, at: Any) -> Any:
    *first, last = node.values
    if (node.op.__class__ is ast.Or) is sense:
        # any value that decides goes to the label
        for value in first:
            at = jump_if(f, value, label, sense, at)
            if not f.reachable:
                return at
        return jump_if(f, last, label, sense, at)
    end = Label()
    for value in first:
        at = jump_if(f, value, end, not sense, at)
        if not f.reachable:
            break
    else:
        at = jump_if(f, last, label, sense, at)
    f.place(end)
    return at


def _if_expression(f: Emitter, node: ast.IfExp, label: Label, sense: bool, at: Any) -> Any:
    other, end = Label(), Label()
    at = jump_if(f, node.test, other, False, at)
    if f.reachable:
        at = jump_if(f, node.body, label, sense, at)
        if f.reachable:
            f.jump(end)
    f.place(other)
    if f.reachable:
        at = jump_if(f, node.orelse, label, sense, at)
    f.place(end)
    return at


def _compare(f: Emitter, node: ast.Compare, label: Label, sense: bool) -> None:
    operators = node.ops
    mark = f.top
    if len(operators) == 1:
        right = node.comparators[0]
        base = held_operand(f, node.left, right)
        fused(f, operators[0], base, right, label, sense, node, node)
        f.top = mark
        return
    fail = label if not sense else Label()
    base = held_operand(f, node.left, *node.comparators)
    last = len(operators) - 1
    for index, operator in enumerate(operators):
        right = node.comparators[index]
        if index == last:
            fused(f, operator, base, right, label, sense, node, node)
        else:
            other = held_operand(f, right, *node.comparators[index + 1 :]) if f.walrus else operand(f, right)
            _fused_registers(f, operator, base, other, fail, False, node, node)
            base = other
    if sense:
        f.place(fail)
    f.top = mark


def fused(
    f: Emitter, operator: ast.cmpop, base: int, right: ast.expr, label: Label, sense: bool, node: ast.AST, at: Any
) -> None:
    """Compare register `base` with the expression `right` and jump."""
    cls = operator.__class__
    row = FUSED.get((cls, sense))
    if row is not None:
        if right.__class__ is ast.Constant and right.value.__class__ is int and -0x8000 <= right.value <= 0x7FFF:
            f.jump_de(row[1], base, right.value & 0xFFFF, SITE_COMPARE, label, node)
        else:
            f.jump_de(row[0], base, operand(f, right), SITE_COMPARE, label, node)
        return
    if cls is ast.Is or cls is ast.IsNot:
        same = (cls is ast.Is) is sense
        if right.__class__ is ast.Constant and right.value is None:
            f.jump_bc(JUMP_IF_NONE if same else JUMP_IF_NOT_NONE, base, label, node)
        else:
            f.jump_de(JUMP_IF_IS if same else JUMP_IF_NOT_IS, base, operand(f, right), SITE_COMPARE, label, node)
        return
    from .expressions import constant_container

    other = operand(f, constant_container(right))
    result = f.temp()
    f.emit(CONTAINS if cls is ast.In else NOT_CONTAINS, result, base, other, node)
    f.jump_bc(JUMP_IF_TRUE if sense else JUMP_IF_FALSE, result, label, at)


def _fused_registers(
    f: Emitter, operator: ast.cmpop, base: int, other: int, label: Label, sense: bool, node: ast.AST, at: Any
) -> None:
    cls = operator.__class__
    row = FUSED.get((cls, sense))
    if row is not None:
        f.jump_de(row[0], base, other, SITE_COMPARE, label, node)
    elif cls is ast.Is or cls is ast.IsNot:
        f.jump_de(JUMP_IF_IS if (cls is ast.Is) is sense else JUMP_IF_NOT_IS, base, other, SITE_COMPARE, label, node)
    else:
        result = f.temp()
        f.emit(CONTAINS if cls is ast.In else NOT_CONTAINS, result, base, other, node)
        f.jump_bc(JUMP_IF_TRUE if sense else JUMP_IF_FALSE, result, label, at)


def can_be_back_edge(node: ast.expr) -> bool:
    """Whether `back_edge` can compile the condition: its last test must be an instruction that may jump backward."""
    cls = node.__class__
    if cls is ast.BoolOp:
        return node.op.__class__ is ast.And and can_be_back_edge(node.values[-1])  # type: ignore[attr-defined]
    if cls is not ast.Compare or len(node.ops) != 1:  # type: ignore[attr-defined]
        return False
    operator = node.ops[0].__class__  # type: ignore[attr-defined]
    if operator is ast.Is or operator is ast.IsNot:
        right = node.comparators[0]  # type: ignore[attr-defined]
        return not (right.__class__ is ast.Constant and right.value is None)
    return operator in _NAMES


def back_edge(f: Emitter, node: ast.expr, target: int, exit_: Label, at: Any) -> None:
    """Jump back to word `target` if the condition is true; fall through (or jump to `exit_`) if it is false."""
    if node.__class__ is ast.BoolOp:
        *first, last = node.values
        for value in first:
            at = jump_if(f, value, exit_, False, at)
        back_edge(f, last, target, exit_, at)
        return
    mark = f.top
    label = Label()
    operator, right = node.ops[0], node.comparators[0]  # type: ignore[attr-defined]
    base = held_operand(f, node.left, right)  # type: ignore[attr-defined]
    fused(f, operator, base, right, label, True, node, node)
    at_word = label.refs[0]
    f.words[at_word] |= (target - at_word - 1 & 0xFFFFFFFF) << 32
    f.top = mark


__all__ = ["FUSED", "back_edge", "can_be_back_edge", "constant_truth", "fused", "jump_if"]
