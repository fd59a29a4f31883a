"""Functions, lambdas, generator expressions, comprehensions and classes.

A comprehension none of whose variables is captured runs in the frame around it, in registers of its own, with an
`inlined` entry for tracebacks; another one is a function called once, as in CPython.
"""

from __future__ import annotations

import ast
from typing import Any

from minivm.frontend.scopes import BOUND, CLASS, FUNCTION, GLOBAL, Scope
from minivm.spec.opcodes import CODE_FLAGS, WINDOW_ARGS

from .assign import annotation_into, assign
from .calls import keyword_dict
from .conditions import jump_if
from .dispatch import INTO, STATEMENTS, body, operand
from .emitter import NO_NAME, CodeConstant, Emitter, FrozenConstant, Label
from .expressions import constant_container, sequence_into_list, store_name
from .ops import (
    BUILD_CLASS,
    BUILD_DICT,
    BUILD_LIST,
    BUILD_SET,
    BUILD_TUPLE,
    CALL,
    DICT_SET,
    FOR_NEXT,
    FOR_NEXT_PAIR,
    FOR_PREP,
    GET_ITER,
    LIST_APPEND,
    LIST_TO_TUPLE,
    LOAD_NAME,
    LOAD_NONE,
    MAKE_FUNCTION,
    RETURN,
    RETURN_CELL,
    RETURN_NONE,
    SET_ADD,
    SITE_CALL,
    SITE_GLOBAL,
    SITE_LOOP,
    SITE_NONE,
    STORE_NAME,
)

_VARARGS = CODE_FLAGS["VARARGS"]
_VARKEYWORDS = CODE_FLAGS["VARKEYWORDS"]
_GENERATOR = CODE_FLAGS["GENERATOR"]
_NESTED = CODE_FLAGS["NESTED"]
_METHOD = CODE_FLAGS["METHOD"]
_FUTURE = CODE_FLAGS["FUTURE_ANNOTATIONS"]
_CLASS_BODY = CODE_FLAGS["CLASS_BODY"]
_LOCALS_VISIBLE = CODE_FLAGS["LOCALS_VISIBLE"]
_Name = ast.Name


def enter(f: Emitter, scope: Scope, name: str, node: Any, first_line: int, forced_global: bool = False) -> Emitter:
    """A new emitter for a scope inside `f`."""
    flags = (_GENERATOR if scope.generator else 0) | (_FUTURE if f.unit.future_annotations else 0)
    outer, parent = f.scope, scope.parent
    if parent is not None and parent.kind >= FUNCTION or outer.parent is not None and f.flags & _NESTED:
        flags |= _NESTED
    if outer.kind == CLASS and f.class_body:
        flags |= _METHOD
    if scope.locals_visible:
        flags |= _LOCALS_VISIBLE
    arguments = getattr(node, "args", None)
    if arguments is not None and scope.kind == FUNCTION:
        if arguments.vararg is not None:
            flags |= _VARARGS
        if arguments.kwarg is not None:
            flags |= _VARKEYWORDS
    qualname = name if forced_global else f.prefix + name
    inner = Emitter(f.unit, scope, name, qualname, node, first_line, flags)
    inner.prefix = qualname + (".<locals>." if scope.kind != CLASS else ".")
    inner.module_name = f.module_name
    inner.package = f.package
    for parameter in scope.parameters:
        register = scope.registers.get(parameter)
        if register is not None:
            inner.state |= 1 << register
    for name in scope.deleted:
        register = scope.registers.get(name)
        if register is not None:
            inner.deleted_mask |= 1 << register
    return inner


def leave(f: Emitter, inner: Emitter, node: Any) -> int:
    """The constant of the finished inner code in `f`."""
    index = f.functions[id(node)] = f.add_constant(CodeConstant(inner.finish()))
    return index


def emit_function(f: Emitter, index: int, dest: int, first: int, flags: int, node: Any) -> None:
    f.emit_site(MAKE_FUNCTION, dest, first, flags, SITE_NONE, NO_NAME, node, index)


# -- def and lambda --


def _defaults(f: Emitter, node: Any, arguments: Any, annotated: bool) -> tuple[int, int]:
    """Defaults and annotations in a run of registers: (first, flags)."""
    first = f.top
    flags = 0
    if arguments.defaults:
        flags = 1
        register = f.temp()
        if all(value.__class__ is ast.Constant for value in arguments.defaults):
            f.load_constant(register, tuple([value.value for value in arguments.defaults]))
        else:
            for value in arguments.defaults:
                INTO[value.__class__](f, value, f.temp())
            f.emit(BUILD_TUPLE, register, register + 1, len(arguments.defaults), node)
        f.top = register + 1
    if arguments.kw_defaults and any(arguments.kw_defaults):
        flags |= 2
        register = f.temp()
        count = 0
        for argument, value in zip(arguments.kwonlyargs, arguments.kw_defaults):
            if value is not None:
                f.load_constant(f.temp(), argument.arg)
                INTO[value.__class__](f, value, f.temp())
                count += 2
        f.emit(BUILD_DICT, register, register + 1, count, node)
        f.top = register + 1
    if annotated:
        register = f.temp()
        count = 0
        for group in (
            arguments.args,
            arguments.posonlyargs,
            (arguments.vararg,),
            arguments.kwonlyargs,
            (arguments.kwarg,),
        ):
            for parameter in group:
                if parameter is not None and parameter.annotation is not None:
                    f.load_constant(f.temp(), parameter.arg)
                    annotation_into(f, parameter.annotation, f.temp())
                    count += 2
        if node.returns is not None:
            f.load_constant(f.temp(), "return")
            annotation_into(f, node.returns, f.temp())
            count += 2
        if count:
            flags |= 4
            f.emit(BUILD_DICT, register, register + 1, count, node)
            f.top = register + 1
        else:
            f.top = register
    return first, flags


def _function_into(f: Emitter, node: Any, dest: int) -> None:
    mark = f.top
    first, flags = _defaults(f, node, node.args, True)
    index = f.functions.get(id(node))
    if index is None:
        scope: Scope = node.scope
        line = node.decorator_list[0].lineno if node.decorator_list else node.lineno
        forced = f.scope_names.get(node.bound, 0) & GLOBAL != 0 and f.scope.parent is not None
        inner = enter(f, scope, node.name, node, line, forced)
        statements = node.body
        doc = docstring(statements)
        inner.constants.append(doc)
        if doc is not None:
            inner.strings[doc] = 0
        body(inner, statements)
        index = leave(f, inner, node)
    f.top = mark
    emit_function(f, index, dest, first, flags, node)


def docstring(statements: list[ast.stmt]) -> str | None:
    if statements:
        first = statements[0]
        if first.__class__ is ast.Expr and first.value.__class__ is ast.Constant and first.value.value.__class__ is str:
            if not getattr(first.value, "folded", False):
                return first.value.value
    return None


def _decorated(f: Emitter, node: Any, make: Any) -> None:
    """Evaluate the decorators, `make` the object, call the decorators from the last to the first, bind the name."""
    decorators = node.decorator_list
    mark = f.top
    windows = []
    for decorator in decorators:
        window = f.temp()
        INTO[decorator.__class__](f, decorator, window)
        f.top = window + WINDOW_ARGS
        windows.append(window)
    if not decorators:
        register = f.registers.get(node.bound)
        if register is not None:
            make(f, node, register)
            f.state |= 1 << register
            return
    result = f.temp()
    make(f, node, result)
    for decorator, window in zip(reversed(decorators), reversed(windows)):
        result = window
        f.emit_site(CALL, window, 1, window, SITE_CALL, NO_NAME, decorator)
    f.top = result + 1
    store_name(f, node.bound, result, node)
    f.top = mark


def _function(f: Emitter, node: ast.FunctionDef) -> None:
    _decorated(f, node, _function_into)


def _lambda(f: Emitter, node: ast.Lambda, dest: int) -> None:
    mark = f.top
    first, flags = _defaults(f, node, node.args, False)
    index = f.functions.get(id(node))
    if index is None:
        inner = enter(f, node.scope, "<lambda>", node, node.lineno)  # type: ignore[attr-defined]
        inner.constants.append(None)
        source = operand(inner, node.body)
        if inner.scope.generator:
            pass
        inner.emit(RETURN, source, 0, 0, node.body)
        inner.reachable = False
        index = leave(f, inner, node)
    f.top = mark
    emit_function(f, index, dest, first, flags, node)


# -- classes --


def _class_into(f: Emitter, node: Any, dest: int) -> None:
    mark = f.top
    first = f.run(4)
    index = f.functions.get(id(node))
    if index is None:
        scope: Scope = node.scope
        line = node.decorator_list[0].lineno if node.decorator_list else node.lineno
        forced = f.scope_names.get(node.bound, 0) & GLOBAL != 0 and f.scope.parent is not None
        inner = enter(f, scope, node.name, node, line, forced)
        inner.flags |= _CLASS_BODY
        inner.class_body = True
        inner.constants.append(None)
        at = (line, line, 1, 1)
        value = inner.temp()
        inner.emit_site(LOAD_NAME, value, 0, 0, SITE_GLOBAL, inner.string("__name__"), at)
        inner.emit_site(STORE_NAME, value, 0, 0, SITE_GLOBAL, inner.string("__module__"), at)
        inner.load_constant(value, inner.qualname)
        inner.emit_site(STORE_NAME, value, 0, 0, SITE_GLOBAL, inner.string("__qualname__"), at)
        if scope.annotated:
            inner.emit(BUILD_DICT, value, value, 0, at)
            inner.emit_site(STORE_NAME, value, 0, 0, SITE_GLOBAL, inner.string("__annotations__"), at)
        doc = docstring(node.body)
        if doc is not None:
            inner.load_constant(value, doc)
            inner.emit_site(STORE_NAME, value, 0, 0, SITE_GLOBAL, inner.string("__doc__"), node.body[0])
        inner.top = value
        body(inner, node.body)
        if inner.reachable:
            if "__class__" in scope.cells:
                inner.plain(RETURN_CELL, scope.cells["__class__"])
            else:
                inner.plain(RETURN_NONE)
            inner.reachable = False
        index = leave(f, inner, node)
    emit_function(f, index, first, first, 0, node)
    f.load_constant(first + 1, node.name)
    if any(value.__class__ is ast.Starred for value in node.bases):
        built = f.temp()
        sequence_into_list(f, node.bases, built, node)
        f.emit(LIST_TO_TUPLE, first + 2, built, 0, node)
    elif node.bases:
        start = f.top
        for value in node.bases:
            INTO[value.__class__](f, value, f.temp())
        f.emit(BUILD_TUPLE, first + 2, start, len(node.bases), node)
    else:
        f.load_constant(first + 2, ())
    f.top = first + 4
    if node.keywords:
        keyword_dict(f, node.keywords, first + 3, first, node)
    else:
        f.plain(LOAD_NONE, first + 3)
    f.top = mark
    f.emit(BUILD_CLASS, dest, first, 4, node)


def _class(f: Emitter, node: ast.ClassDef) -> None:
    _decorated(f, node, _class_into)


# -- comprehensions --


def _comprehension(f: Emitter, node: Any, dest: int) -> None:
    scope: Scope = node.scope
    if scope.kind == 3 and scope.inline:
        _inline(f, node, scope, dest)
    else:
        _nested(f, node, scope, dest)


def _nested(f: Emitter, node: Any, scope: Scope, dest: int) -> None:
    """A function of one argument, the iterator of the first iterable, called at once."""
    index = f.functions.get(id(node))
    if index is None:
        inner = enter(f, scope, scope.name, node, node.lineno)
        inner.constants.append(None)
        loop = inner.run(3)
        inner.emit(FOR_PREP, loop, 0, 1, node)
        built = -1
        if not scope.generator:
            built = inner.temp()
            _new(inner, node, built)
        _loops(inner, node, 0, loop, built)
        if built >= 0:
            inner.plain(RETURN, built)
            inner.reachable = False
        index = leave(f, inner, node)
    mark = f.top
    window = f.run(WINDOW_ARGS + 1)
    f.top = window + WINDOW_ARGS
    emit_function(f, index, window, window, 0, node)
    source = operand(f, constant_container(node.generators[0].iter))
    f.emit(GET_ITER, window + WINDOW_ARGS, source, 0 if scope.locals_visible else 1, node)
    f.top = mark
    f.emit_site(CALL, window, 1, dest, SITE_CALL, NO_NAME, node)


def _inline(f: Emitter, node: Any, scope: Scope, dest: int) -> None:
    mark = f.top
    built = dest if dest >= f.first_temp else f.temp()
    loop = f.run(3)
    source = operand(f, constant_container(node.generators[0].iter))
    f.top = loop + 3
    f.emit(FOR_PREP, loop, source, 0, node)
    saved = f.registers, f.cells, f.class_body, f.prefix, f.scope_names, f.functions
    start = f.here()
    if f.class_body:
        registers: dict[str, int] = {}
        f.cells = {}
        f.class_body = False
    else:
        registers = dict(f.registers)
    f.prefix = f.prefix + scope.name + ".<locals>."
    inlining, f.inlining = f.inlining, 1
    for name, flags in scope.names.items():
        if flags & BOUND:
            registers[name] = f.temp()
    f.registers = registers
    f.scope_names = scope.names
    _new(f, node, built)
    _loops(f, node, 0, loop, built)
    bound = [".0", *(name for name, flags in scope.names.items() if flags & BOUND and name not in scope.captured)]
    f.inlined.append((start, f.here(), scope.name, node.lineno, bound))
    f.registers, f.cells, f.class_body, f.prefix, f.scope_names, f.functions = saved
    f.inlining = inlining
    f.move(dest, built)
    f.top = mark


def _new(f: Emitter, node: Any, built: int) -> None:
    f.emit(_BUILDERS[node.__class__], built, built, 0, node)


def _loops(f: Emitter, node: Any, index: int, loop: int, built: int) -> None:
    generator = node.generators[index]
    mark = f.top
    step = Label()
    entry = f.state
    f.jump(step)
    target = LoopTarget(f, generator.target)
    start = f.here()
    f.reachable = True
    f.state = entry
    target.store(f)
    for test in generator.ifs:
        jump_if(f, test, step, False, node)
        if not f.reachable:
            break
    if f.reachable:
        if index + 1 < len(node.generators):
            inner = f.run(3)
            source = operand(f, constant_container(node.generators[index + 1].iter))
            f.top = inner + 3
            f.emit(FOR_PREP, inner, source, 0, node)
            _loops(f, node, index + 1, inner, built)
        else:
            top = f.top
            cls = node.__class__
            if cls is ast.GeneratorExp:
                f.emit(YIELD_, f.top, operand(f, node.elt), 0, node)
                f.top = top + 1
                if f.top > f.high:
                    f.high = f.top
            elif cls is ast.DictComp:
                key = operand(f, node.key)
                f.emit(DICT_SET, built, key, operand(f, node.value), node)
            elif cls is ast.ListComp:
                f.emit(LIST_APPEND, built, operand(f, node.elt), 1, node)
            else:
                f.emit(SET_ADD, built, operand(f, node.elt), 1, node)
            f.top = top
    f.place(step)
    f.state = entry
    target.next(f, loop, start, node)
    f.top = mark


class LoopTarget:
    """How a loop's item reaches its target: straight into locals, as a pair, or through temporaries. Takes
    temporaries at once."""

    __slots__ = ("target", "first", "second", "pending", "mask")

    def __init__(self, f: Emitter, target: Any) -> None:
        self.target = target
        self.second = -1
        self.pending: list[tuple[Any, int]] = []
        self.mask = 0
        registers = f.registers
        cls = target.__class__
        if cls is _Name:
            register = registers.get(target.id)
            if register is not None:
                self.first = register
                self.mask = 1 << register
                return
        elif (cls is ast.Tuple or cls is ast.List) and len(target.elts) == 2:
            one, two = target.elts
            if one.__class__ is not ast.Starred and two.__class__ is not ast.Starred:
                self.first = registers.get(one.id, -1) if one.__class__ is _Name else -1
                self.second = registers.get(two.id, -1) if two.__class__ is _Name else -1
                if self.first < 0 or self.first == self.second:
                    self.second = -1  # the first is stored before the second
                    self.first = f.temp()
                    self.pending.append((one, self.first))
                else:
                    self.mask = 1 << self.first
                if self.second < 0:
                    self.second = f.temp()
                    self.pending.append((two, self.second))
                else:
                    self.mask |= 1 << self.second
                return
        self.first = f.temp()
        self.pending.append((target, self.first))

    def store(self, f: Emitter) -> None:
        """At the head of the body: what FOR_NEXT wrote is assigned where it has to be stored."""
        f.state |= self.mask
        for target, register in self.pending:
            assign(f, target, register)

    def next(self, f: Emitter, loop: int, start: int, at: Any) -> None:
        """The instruction at the loop's end, which says whether its turns warm the code up: those of an inlined
        comprehension do not. FOR_NEXT_PAIR has two positions: the second word's is the target, for errors of
        unpacking."""
        if self.second < 0:
            f.emit_site(FOR_NEXT, self.first, loop, f.inlining, SITE_LOOP, NO_NAME, at, f.backward(start))
            return
        offset = f.backward(start)
        f.emit_site(FOR_NEXT_PAIR, self.first, loop, self.second, SITE_LOOP, NO_NAME, at, offset)
        if self.target is not f.at:
            f.runs.append((len(f.words) - 1, self.target))
            f.at = self.target


from .ops import YIELD as YIELD_  # noqa: E402

_BUILDERS = {ast.ListComp: BUILD_LIST, ast.SetComp: BUILD_SET, ast.DictComp: BUILD_DICT}

INTO.update(
    {
        ast.Lambda: _lambda,
        ast.ListComp: _comprehension,
        ast.SetComp: _comprehension,
        ast.DictComp: _comprehension,
        ast.GeneratorExp: _comprehension,
    }
)
STATEMENTS.update({ast.FunctionDef: _function, ast.ClassDef: _class})

__all__ = ["FrozenConstant", "LoopTarget", "docstring", "enter", "leave"]
