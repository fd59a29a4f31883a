"""Loops, try, with, and leaving them by return, break, continue.

`f.blocks` is the stack of blocks around the code being compiled. A block that guards a range of words keeps it as
segments: the copies of finally bodies and `__exit__` calls that return, break and continue compile inline lie outside
the range that they leave. Exception ranges are added to `f.ranges` when a block is popped, so that inner ones come
first.
"""

from __future__ import annotations

import ast

from .assign import assign
from .conditions import back_edge, can_be_back_edge, constant_truth, jump_if
from .dispatch import INTO, STATEMENTS, body, operand
from .emitter import NO_NAME, Emitter, Label, TooLarge
from .expressions import constant_container, store_name
from .functions import LoopTarget
from .ops import (
    CALL_METHOD,
    DELETE_CELL,
    DELETE_FREE,
    DELETE_GLOBAL,
    DELETE_NAME,
    ENTER_HANDLER,
    EXCEPTION_TRIPLE,
    FOR_PREP,
    JUMP_BACK,
    JUMP_IF_FALSE,
    JUMP_IF_TRUE,
    LEAVE_HANDLER,
    LOAD_NONE,
    LOAD_UNASSIGNED,
    MATCH_EXCEPTION,
    MOVE_MAYBE,
    RERAISE,
    RETURN,
    RETURN_NONE,
    SITE_CALL,
    SITE_LOOP,
    WITH_SETUP,
)


class Block:
    """A loop, or the base of what guards a range."""

    __slots__ = ("break_", "continue_", "start", "segments")

    def __init__(self) -> None:
        self.start = -1
        self.segments: list[tuple[int, int]] = []

    def open(self, f: Emitter) -> None:
        self.start = f.here()

    def close(self, f: Emitter) -> None:
        if self.start >= 0:
            end = f.here()
            if end > self.start:
                self.segments.append((self.start, end))
            self.start = -1

    def add_ranges(self, f: Emitter, handler: int, register: int) -> None:
        for start, end in self.segments:
            f.ranges.append((start, end, handler, register))

    def leave(self, f: Emitter) -> None:
        """Compile what has to happen when control leaves the block. `f.blocks` holds the blocks around it."""


class Loop(Block):
    __slots__ = ()

    def __init__(self) -> None:
        self.break_ = Label()
        self.continue_ = Label()
        self.start = -1
        self.segments = []

    def open(self, f: Emitter) -> None:
        pass


class Guard(Block):
    """The body of a try with handlers: nothing to do on leaving."""

    __slots__ = ()


class Finally(Block):
    """The body of a try with a finally clause, which is compiled again wherever control leaves."""

    __slots__ = ("statements",)

    def __init__(self, statements: list[ast.stmt]) -> None:
        super().__init__()
        self.statements = statements

    def leave(self, f: Emitter) -> None:
        copy(f, self.statements)


def copy(f: Emitter, statements: list[ast.stmt]) -> None:
    """One more copy of a finally clause. Clauses inside clauses multiply: what all copies come to is bounded by the
    size of the source."""
    before = len(f.words)
    body(f, statements)
    unit = f.unit
    unit.copied += len(f.words) - before
    if unit.copied > 20 * len(unit.text) + 200_000:
        raise TooLarge("nesting finally clauses this deeply")


class Handler(Block):
    """Code that handles an exception: on leaving, the one handled before comes back."""

    __slots__ = ("saved",)

    def __init__(self, saved: int) -> None:
        super().__init__()
        self.saved = saved

    def leave(self, f: Emitter) -> None:
        f.plain(LEAVE_HANDLER, self.saved)


class NamedHandler(Block):
    """The body of `except ... as name`, which unbinds the name at its end."""

    __slots__ = ("name", "node")

    def __init__(self, name: str, node: ast.AST) -> None:
        super().__init__()
        self.name = name
        self.node = node

    def leave(self, f: Emitter) -> None:
        unbind(f, self.name, self.node)


class With(Block):
    """The body of a with item: on leaving, __exit__(None, None, None)."""

    __slots__ = ("exit", "node")

    def __init__(self, exit_: int, node: ast.AST) -> None:
        super().__init__()
        self.exit = exit_
        self.node = node

    def leave(self, f: Emitter) -> None:
        mark = f.top
        window = f.run(9)
        f.move(window, self.exit)
        f.plain(MOVE_MAYBE, window + 5, self.exit + 1)
        for register in (6, 7, 8):
            f.plain(LOAD_NONE, window + register)
        f.emit_site(CALL_METHOD, window, 3, window, SITE_CALL, NO_NAME, self.node)
        f.top = mark


def unbind(f: Emitter, name: str, node: ast.AST) -> None:
    """`name = None; del name`, which cannot fail."""
    register = f.registers.get(name)
    if register is not None:
        f.plain(LOAD_UNASSIGNED, register)
        f.state &= ~(1 << register)
        return
    none = f.top
    if none >= f.high:
        f.high = none + 1
    f.plain(LOAD_NONE, none)
    store_name(f, name, none, node)
    index = f.string(name)
    if f.class_body and not f.scope_names.get(name, 0) & 8 and name not in f.frees:
        f.emit_bc(DELETE_NAME, 0, index, node)
    elif name in f.cells and not f.class_body:
        f.emit_bc(DELETE_CELL, f.cells[name], index, node)
    elif name in f.frees:
        f.emit_bc(DELETE_FREE, f.frees[name], index, node)
    else:
        f.emit_bc(DELETE_GLOBAL, 0, index, node)


def unwind(f: Emitter, keep: int) -> list[Block]:
    """Leave all blocks but the outermost `keep`; afterwards the caller emits the jump and calls `reopen` with the
    result."""
    blocks = f.blocks
    left = []
    for index in range(len(blocks) - 1, keep - 1, -1):
        block = blocks[index]
        if block.start >= 0:
            block.close(f)
            left.append(block)
        f.blocks = blocks[:index]
        block.leave(f)
        if not f.reachable:
            break
    f.blocks = blocks
    return left


def reopen(f: Emitter, left: list[Block]) -> None:
    for block in left:
        block.open(f)


# -- leaving --


def _return(f: Emitter, node: ast.Return) -> None:
    value = node.value
    mark = f.top
    blocks = f.blocks
    guarded = any(block.__class__ is not Loop for block in blocks)
    source = -1
    if value is not None and not (value.__class__ is ast.Constant and value.value is None):
        if guarded:
            source = f.temp()
            INTO[value.__class__](f, value, source)
        else:
            source = operand(f, value)
    left = unwind(f, 0) if guarded else []
    if f.reachable:
        if source >= 0:
            f.end(RETURN, source)
        else:
            f.end(RETURN_NONE)
    reopen(f, left)
    f.top = mark


def _leave_loop(f: Emitter, continue_: bool) -> None:
    index = len(f.blocks) - 1
    while f.blocks[index].__class__ is not Loop:
        index -= 1
    loop = f.blocks[index]
    left = unwind(f, index + 1)
    if f.reachable:
        f.jump(loop.continue_ if continue_ else loop.break_)
    reopen(f, left)


def _break(f: Emitter, node: ast.Break) -> None:
    _leave_loop(f, False)


def _continue(f: Emitter, node: ast.Continue) -> None:
    _leave_loop(f, True)


# -- loops --


def _for(f: Emitter, node: ast.For) -> None:
    mark = f.top
    loop = f.run(3)
    source = operand(f, constant_container(node.iter))
    f.top = loop + 3
    f.emit(FOR_PREP, loop, source, 0, node)
    f.state &= ~f.deleted_mask
    entry = f.state
    block = Loop()
    f.jump(block.continue_)
    target = LoopTarget(f, node.target)
    start = f.here()
    f.reachable = True
    f.state = entry
    target.store(f)
    f.blocks.append(block)
    body(f, node.body)
    f.blocks.pop()
    f.place(block.continue_)
    f.state = entry
    target.next(f, loop, start, node)
    f.top = mark
    body(f, node.orelse)
    f.place(block.break_)


def _while(f: Emitter, node: ast.While) -> None:
    test = node.test
    truth = constant_truth(test)
    if truth is False:
        body(f, node.orelse)
        return
    f.state &= ~f.deleted_mask
    entry = f.state
    block = Loop()
    if truth is None and not f.walrus and can_be_back_edge(test):
        f.jump(block.continue_)
        start = f.here()
        f.reachable = True
        f.state = entry
        f.blocks.append(block)
        body(f, node.body)
        f.blocks.pop()
        f.place(block.continue_)
        f.state = entry
        exit_ = Label()
        back_edge(f, test, start, exit_, node)
        f.place(exit_)
    else:
        start = f.here()
        f.placed_at = start
        exit_ = Label()
        if truth is None:
            jump_if(f, test, exit_, False, node)
        f.blocks.append(block)
        body(f, node.body)
        f.blocks.pop()
        f.place(block.continue_)
        if f.reachable:
            f.emit_site(JUMP_BACK, int(truth is None), 0, 0, SITE_LOOP, NO_NAME, node, f.backward(start))
            f.reachable = False
        f.place(exit_)
    body(f, node.orelse)
    f.place(block.break_)


# -- try --


def _try(f: Emitter, node: ast.Try) -> None:
    if not node.finalbody:
        _try_except(f, node)
        return
    mark = f.top
    exc = f.temp()
    saved = f.temp()
    entry = f.state & ~f.deleted_mask
    block = Finally(node.finalbody)
    f.blocks.append(block)
    block.open(f)
    if node.handlers:
        _try_except(f, node)
    else:
        body(f, node.body)
    f.blocks.pop()
    block.close(f)
    end = Label()
    if f.reachable:
        body(f, node.finalbody)
        if f.reachable:
            f.jump(end)
    if block.segments:
        handler = _enter(f, exc, saved, entry)
        block.add_ranges(f, handler, exc)
        inner = Handler(saved)
        f.blocks.append(inner)
        inner.open(f)
        copy(f, node.finalbody)
        f.blocks.pop()
        _end_handler(f, inner, exc, saved, entry)
    f.place(end)
    f.top = mark


def _enter(f: Emitter, exc: int, saved: int, state: int) -> int:
    """The head of a handler: the word at which it starts."""
    handler = f.here()
    f.placed_at = handler
    f.reachable = True
    f.state = state
    f.plain(ENTER_HANDLER, saved, exc)
    return handler


def _end_handler(f: Emitter, block: Handler, exc: int, saved: int, state: int) -> None:
    """Go on raising: reached at the end of the handler, and by exceptions inside it."""
    block.close(f)
    if f.reachable or block.segments:
        cleanup = f.here()
        f.placed_at = cleanup
        f.plain(LEAVE_HANDLER, saved)
        f.plain(RERAISE, exc)
        block.add_ranges(f, cleanup, exc)
        f.reachable = False


def _try_except(f: Emitter, node: ast.Try) -> None:
    mark = f.top
    exc = f.temp()
    saved = f.temp()
    entry = f.state & ~f.deleted_mask
    guard = Guard()
    f.blocks.append(guard)
    guard.open(f)
    body(f, node.body)
    f.blocks.pop()
    guard.close(f)
    end = Label()
    body(f, node.orelse)
    if f.reachable:
        f.jump(end)
    if not guard.segments:
        f.place(end)
        f.top = mark
        return
    handler = _enter(f, exc, saved, entry)
    guard.add_ranges(f, handler, exc)
    outer = Handler(saved)
    f.blocks.append(outer)
    outer.open(f)
    named: list[tuple[NamedHandler, int, int]] = []
    for clause in node.handlers:
        following = Label()
        if clause.type is not None:
            top = f.top
            classes = operand(f, clause.type)
            result = f.temp()
            f.emit(MATCH_EXCEPTION, result, exc, classes, clause)
            f.jump_bc(JUMP_IF_FALSE, result, following, clause)
            f.top = top
        state = f.state
        if clause.name is not None:
            store_name(f, clause.name, exc, clause)
            inner = NamedHandler(clause.name, clause)
            f.blocks.append(inner)
            inner.open(f)
            body(f, clause.body)
            f.blocks.pop()
            inner.close(f)
            named.append((inner, state & ~f.deleted_mask, len(f.ranges)))
            inner.add_ranges(f, -1, exc)  # inside the ranges of `outer`; the handler is compiled below
        else:
            body(f, clause.body)
        if f.reachable:
            outer.close(f)
            f.plain(LEAVE_HANDLER, saved)
            if clause.name is not None:
                unbind(f, clause.name, clause)
            f.jump(end)
            outer.open(f)
        f.place(following)
    f.blocks.pop()
    _end_handler(f, outer, exc, saved, entry)
    for block, state, index in named:
        if block.segments:
            cleanup = f.here()
            f.reachable = True
            f.placed_at = cleanup
            f.state = state
            unbind(f, block.name, block.node)
            f.plain(LEAVE_HANDLER, saved)
            f.plain(RERAISE, exc)
            f.reachable = False
            for at in range(index, index + len(block.segments)):
                start, end_, _, register = f.ranges[at]
                f.ranges[at] = (start, end_, cleanup, register)
    f.place(end)
    f.top = mark


# -- with --


def _with(f: Emitter, node: ast.With) -> None:
    _with_item(f, node, 0)


def _with_item(f: Emitter, node: ast.With, index: int) -> None:
    item = node.items[index]
    mark = f.top
    manager = f.temp()
    INTO[item.context_expr.__class__](f, item.context_expr, manager)
    exit_ = f.run(2)
    exc = f.temp()
    saved = f.temp()
    window = f.top
    f.run(6)
    f.emit(WITH_SETUP, window, manager, exit_, node)
    f.emit_site(CALL_METHOD, window, 0, window, SITE_CALL, NO_NAME, node)
    f.top = window + 1
    entry = f.state & ~f.deleted_mask
    block = With(exit_, node)
    f.blocks.append(block)
    block.open(f)
    if item.optional_vars is not None:
        assign(f, item.optional_vars, window)
    f.top = window
    if index + 1 < len(node.items):
        _with_item(f, node, index + 1)
    else:
        body(f, node.body)
    f.blocks.pop()
    block.close(f)
    end = Label()
    if f.reachable:
        block.leave(f)
        f.jump(end)
    if block.segments:
        handler = _enter(f, exc, saved, entry)
        block.add_ranges(f, handler, exc)
        inner = Handler(saved)
        inner.open(f)
        f.run(9)
        f.move(window, exit_)
        f.plain(MOVE_MAYBE, window + 5, exit_ + 1)
        f.emit(EXCEPTION_TRIPLE, window + 6, exc, 3, node)
        f.emit_site(CALL_METHOD, window, 3, window, SITE_CALL, NO_NAME, node)
        suppressed = Label()
        f.jump_bc(JUMP_IF_TRUE, window, suppressed, node)
        _end_handler(f, inner, exc, saved, entry)
        f.place(suppressed)
        f.plain(LEAVE_HANDLER, saved)
    f.place(end)
    f.top = mark


STATEMENTS.update(
    {
        ast.Return: _return,
        ast.Break: _break,
        ast.Continue: _continue,
        ast.For: _for,
        ast.While: _while,
        ast.Try: _try,
        ast.With: _with,
    }
)
