"""Constant folding with CPython's limits (ast_opt.c): what it folds, no larger, and never into a type that Mini lacks.

`walk.py` calls it while it leaves a node whose operands are constants, and turns the node itself into a constant.
"""

from __future__ import annotations

import ast
import operator
from typing import Any

_KINDS = frozenset((int, float, str, bool, tuple))
_MAX_BITS = 128
_MAX_STRING = 4096
_MAX_TUPLE = 256


def _multiply(a: Any, b: Any) -> Any:
    if isinstance(a, int) and isinstance(b, int):
        if a and b and a.bit_length() + b.bit_length() > _MAX_BITS:
            raise ValueError
    elif isinstance(a, int) or isinstance(b, int):
        count, items = (a, b) if isinstance(a, int) else (b, a)
        if isinstance(items, tuple):
            if items and not 0 <= count <= _MAX_TUPLE // len(items):
                raise ValueError
            if count and _complexity(items, _MAX_STRING // count) < 0:
                raise ValueError
        elif isinstance(items, str) and items and not 0 <= count <= _MAX_STRING // len(items):
            raise ValueError
    return a * b


def _complexity(items: tuple[Any, ...], limit: int) -> int:
    limit -= len(items)
    for item in items:
        if limit < 0:
            break
        if isinstance(item, tuple):
            limit = _complexity(item, limit)
    return limit


def _power(a: Any, b: Any) -> Any:
    if isinstance(a, int) and isinstance(b, int) and a and b > 0 and a.bit_length() > _MAX_BITS // b:
        raise ValueError
    return a**b


def _shift(a: Any, b: Any) -> Any:
    if isinstance(a, int) and isinstance(b, int) and a and b and (b > _MAX_BITS or a.bit_length() > _MAX_BITS - b):
        raise ValueError
    return a << b


def _modulo(a: Any, b: Any) -> Any:
    if isinstance(a, str):
        raise ValueError
    return a % b


_BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: _multiply,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: _modulo,
    ast.Pow: _power,
    ast.LShift: _shift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.BitAnd: operator.and_,
}
_UNARY = {ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Invert: operator.invert, ast.Not: operator.not_}


def _become(node: ast.AST, value: Any) -> None:
    if value.__class__ in _KINDS:
        node.__class__ = ast.Constant
        node.value = value  # type: ignore[attr-defined]
        node.folded = True  # type: ignore[attr-defined]  # not a docstring


def binary(node: ast.BinOp) -> None:
    """Both operands are constants."""
    left, right = node.left.value, node.right.value  # type: ignore[attr-defined]
    fold = _BINARY.get(node.op.__class__)
    if fold is not None and left.__class__ in _KINDS and right.__class__ in _KINDS:
        try:
            value = fold(left, right)
        except Exception:
            return
        _become(node, value)


def unary(node: ast.UnaryOp) -> None:
    value = node.operand.value  # type: ignore[attr-defined]
    if value.__class__ in _KINDS or node.op.__class__ is ast.Not and value is None:
        try:
            fold: Any = _UNARY[node.op.__class__]
            value = fold(value)
        except Exception:
            return
        _become(node, value)


def tuple_(node: Any) -> None:
    """All elements are constants."""
    node.__class__ = ast.Constant
    node.value = tuple([element.value for element in node.elts])
