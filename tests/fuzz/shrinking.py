"""Makes a program smaller while it goes on differing: delta debugging on the statement tree, then on expressions.

Called by bench/fuzz_programs.py with a test (`keeps`), which says whether a text still shows the difference. A step
removes a run of statements from a block, puts a block in place of the statement that holds it, or puts a smaller
expression in place of a larger one.
"""
from __future__ import annotations

import ast
import copy
import time
from collections.abc import Callable, Iterator

BLOCKS = ("body", "orelse", "finalbody", "handlers")


def _blocks(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree):
        for name in BLOCKS:
            if isinstance(getattr(node, name, None), list):
                yield node, name


def _text(tree: ast.AST) -> str | None:
    try:
        text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
        compile(text, "shrunk", "exec")
    except (SyntaxError, ValueError, AttributeError, TypeError):
        return None
    return text


def _mended(block: list[ast.stmt], name: str) -> list[ast.stmt]:
    return block or ([ast.Pass()] if name == "body" else [])


def _edits(tree: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    """Edits of a tree, large ones first; each is for a fresh copy, in which places are found by number."""
    places = list(_blocks(tree))
    for size in (16, 8, 4, 2, 1):
        for index, (node, name) in enumerate(places):
            length = len(getattr(node, name))
            if length < size:
                continue
            for start in range(length - size, -1, -max(size, 1)):
                def remove(fresh: ast.AST, index: int = index, start: int = start, size: int = size) -> None:
                    where, field = list(_blocks(fresh))[index]
                    block = getattr(where, field)
                    del block[start:start + size]
                    setattr(where, field, _mended(block, field))

                yield remove
    for index, (node, name) in enumerate(places):
        for position, statement in enumerate(getattr(node, name)):
            for inner in ("body", "orelse", "finalbody"):
                if name != "handlers" and isinstance(getattr(statement, inner, None), list) and getattr(
                    statement, inner):
                    def hoist(fresh: ast.AST, index: int = index, position: int = position, inner: str = inner) -> None:
                        where, field = list(_blocks(fresh))[index]
                        block = getattr(where, field)
                        block[position:position + 1] = getattr(block[position], inner)

                    yield hoist


def _expression_edits(tree: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    for index, node in enumerate(ast.walk(tree)):
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                children = [child for child in ast.iter_child_nodes(value) if isinstance(child, ast.expr)]
                for number in range(len(children)):
                    def replace(fresh: ast.AST, index: int = index, name: str = name, number: int = number) -> None:
                        where = _nth(fresh, index)
                        inside = [c for c in ast.iter_child_nodes(getattr(where, name)) if isinstance(c, ast.expr)]
                        setattr(where, name, inside[number])

                    yield replace
            elif isinstance(value, list) and value and name not in BLOCKS and all(
                isinstance(item, ast.expr) for item in value):
                for number in range(len(value)):
                    def drop(fresh: ast.AST, index: int = index, name: str = name, number: int = number) -> None:
                        del getattr(_nth(fresh, index), name)[number]

                    yield drop


def _nth(tree: ast.AST, index: int) -> ast.AST:
    for number, node in enumerate(ast.walk(tree)):
        if number == index:
            return node
    raise IndexError(index)


def shrink(text: str, keeps: Callable[[str], bool], seconds: float = 60.0) -> str:
    """A smaller text for which `keeps` holds; it holds for `text`."""
    end = time.monotonic() + seconds
    tree = ast.parse(text)
    for edits in (_edits, _expression_edits, _edits):
        again = True
        while again and time.monotonic() < end:
            again = False
            for edit in edits(tree):
                if time.monotonic() >= end:
                    break
                fresh = copy.deepcopy(tree)
                try:
                    edit(fresh)
                except (IndexError, AttributeError):
                    continue
                made = _text(fresh)
                if made is not None and len(made) < len(text) and keeps(made):
                    tree, text, again = ast.parse(made), made, True
                    if edits is not _edits:
                        break
    return text
