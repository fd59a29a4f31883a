"""Scope analysis against CPython's: the same locals, cells and free variables in the same order, for its own library.
"""

from __future__ import annotations

import ast
import glob
import os
import types
import warnings
from collections import defaultdict

import pytest

from minivm.frontend import scopes, walk

LIBRARY = os.path.dirname(os.__file__)


def _codes(code: types.CodeType, out: dict[tuple[str, int], list[types.CodeType]]) -> None:
    out[code.co_name, code.co_firstlineno].append(code)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            _codes(constant, out)


def compare(source: str) -> int:
    tree = ast.parse(source)
    unit = scopes.Unit("test.py", source)
    walk.walk(unit, tree)
    if unit.refusals:
        return 0
    for scope in unit.scopes:
        scope.inline = False  # as CPython 3.11 has it
    scopes.resolve(unit)
    reference: dict[tuple[str, int], list[types.CodeType]] = defaultdict(list)
    _codes(compile(source, "test.py", "exec", dont_inherit=True), reference)
    count = 0
    for scope in unit.scopes:
        if scope.kind == scopes.MODULE:
            continue
        decorators = getattr(scope.node, "decorator_list", ())
        line = decorators[0].lineno if decorators else scope.node.lineno
        candidates = reference.get((scope.name, line), [])
        parameters = [name for name in scope.parameters]
        ours = (
            sorted(scope.cells),
            sorted(scope.frees),
            parameters + [name for name in scope.registers if name not in parameters],
        )
        theirs = [(sorted(code.co_cellvars), sorted(code.co_freevars), list(code.co_varnames)) for code in candidates]
        if not candidates:
            continue  # CPython drops functions in dead code
        assert ours in theirs, f"{scope.name} line {line}: {ours} is not {theirs}"
        count += 1
    return count


@pytest.mark.parametrize("pattern", ("*.py", "test/test_[a-f]*.py", "test/test_[g-z]*.py"))
def test_library(pattern: str) -> None:
    count = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in sorted(glob.glob(os.path.join(LIBRARY, pattern))):
            try:
                with open(name, encoding="utf-8") as file:
                    source = file.read()
            except UnicodeDecodeError:
                continue
            try:
                count += compare(source)
            except AssertionError as problem:
                raise AssertionError(f"{name}: {problem}") from None
    assert count > 1000
