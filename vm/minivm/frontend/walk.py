"""One visit of the tree: the names that each scope mentions, and what Mini refuses.

Called by `check.py` after `parse.py` has established that CPython would compile the source. Names are visited in the
order in which code is generated, because registers and `locals()` follow it. Private names (``__x`` in a class) are
mangled in the tree itself. The tree's nodes get the attribute ``scope`` where they open one. Recursion is as deep as
the tree; the caller turns RecursionError into a refusal. What can only be known with the names resolved is left to
`check.py` (`Unit.suspects`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from minivm.spec import builtins as builtin_names
from minivm.spec.modules import METACLASSES

from . import fold
from .scopes import (
    BOUND,
    CLASS,
    COMPREHENSION,
    FUNCTION,
    GENERATOR_EXPRESSION,
    GLOBAL,
    IMPORTED,
    MODULE,
    NONLOCAL,
    PARAMETER,
    USED,
    Scope,
    Unit,
    put_back,
    set_aside,
)

_REFUSED = frozenset(builtin_names.REFUSED)
_FRAME_READERS = frozenset(("locals", "vars", "dir"))
_NEED_FRAME = frozenset(("vars", "dir"))
_WATCHED = _REFUSED | _FRAME_READERS | {"super", "__class__", "__builtins__", "__builtin__"}
_Load = ast.Load
_Store = ast.Store
_Name = ast.Name
_Constant = ast.Constant
_REFUSED_CONSTANTS = {bytes: "a bytes literal", complex: "a complex number"}

Visit = Callable[..., None]


_STORES = frozenset((ast.Attribute, ast.Subscript))
_HELD = frozenset((int, str, float, tuple, bool, type(None)))
_IMMEDIATE = frozenset((ast.Add, ast.Sub))


def is_small(n: ast.Constant) -> bool:
    """Whether the constant is an int that instructions hold themselves."""
    return n.value.__class__ is int and -0x8000 < n.value <= 0x7FFF


def constant_key(value: object) -> object:
    """Equal for constants that are the same in type and value. What holds a NaN is the same as itself only."""
    if value.__class__ is int or value.__class__ is str:
        return (value.__class__, value)
    text = repr(value)
    return (value.__class__, id(value) if "nan" in text and holds_nan(value) else text)


def holds_nan(value: object) -> bool:
    """Whether a constant is a NaN or a tuple with one in it."""
    return value != value or (isinstance(value, tuple) and any(map(holds_nan, value)))


def mangle(name: str, private: str) -> str:
    if name.endswith("__") or "." in name:
        return name
    stripped = private.lstrip("_")
    return f"_{stripped}{name}" if stripped else name


def refuse(node: ast.AST, s: Scope, what: str) -> None:
    s.unit.refusals.append((node.lineno, node.col_offset, what))  # type: ignore[attr-defined]


# -- expressions --


def _name(n: ast.Name, s: Scope) -> None:
    name = n.id
    if name in _WATCHED:
        _watched(n, s)
    elif s.private is not None and name[:2] == "__":
        n.id = name = mangle(name, s.private)
    names = s.names
    if n.ctx.__class__ is _Load:
        names[name] = names.get(name, 0) | 1
    else:
        flags = names.get(name, 0)
        if flags & USED and s.kind == COMPREHENSION:
            s.inline = False  # read before its loop binds it: only a frame of its own shows that as CPython does
        names[name] = flags | 2
        if n.ctx.__class__ is not _Store:
            s.deleted.add(name)


def _watched(n: ast.Name, s: Scope) -> None:
    name = n.id
    unit = s.unit
    if n.ctx.__class__ is not _Load:
        return
    if name in _FRAME_READERS:
        s.locals_visible = True
        if s.kind == COMPREHENSION:
            s.inline = False
    elif name == "super" or name == "__class__":
        if s.kind >= FUNCTION:
            s.names["__class__"] = s.names.get("__class__", 0) | 1
            if s.kind == COMPREHENSION:
                s.inline = False
    else:
        unit.suspects.append(
            (s, n, name, name if name.startswith("_") else f"{name}" if name[0].isupper() else f"{name}()")
        )


def _constant(n: ast.Constant, s: Scope) -> None:
    what = _REFUSED_CONSTANTS.get(n.value.__class__)
    if what is not None:
        refuse(n, s, what)


def _in_loop(n: ast.Constant, s: Scope) -> None:
    """An operator or a store inside a loop reads it: it may get a register (see `Emitter.constant_registers`)."""
    value: object = n.value
    if value.__class__ in _HELD:
        key = constant_key(value)
        s.loop_constants[key] = s.loop_constants.get(key, 0) + (1 << 2 * min(s.depth, 8))


def _attribute(n: ast.Attribute, s: Scope) -> None:
    value = n.value
    if value.__class__ is _Name:
        _name(value, s)
        if value.id in s.unit.alias_names:
            s.unit.module_attributes.append((s, n))
    else:
        EXPRESSIONS[value.__class__](value, s)
    if s.private is not None and n.attr[:2] == "__":
        n.attr = mangle(n.attr, s.private)


def _subscript(n: ast.Subscript, s: Scope) -> None:
    value = n.value
    EXPRESSIONS[value.__class__](value, s)
    value = n.slice
    EXPRESSIONS[value.__class__](value, s)
    if value.__class__ is _Constant and s.depth:
        _in_loop(value, s)


def _binary(n: ast.BinOp, s: Scope) -> None:
    spine = [n]
    left = n.left
    while left.__class__ is ast.BinOp:
        spine.append(left)
        left = left.left
    EXPRESSIONS[left.__class__](left, s)
    for part in reversed(spine):
        right = part.right
        EXPRESSIONS[right.__class__](right, s)
        if right.__class__ is _Constant:
            if part.left.__class__ is _Constant:
                fold.binary(part)
            elif s.depth and not (part.op.__class__ in _IMMEDIATE and is_small(right)):
                _in_loop(right, s)
        elif part.left.__class__ is _Constant and s.depth:
            _in_loop(part.left, s)


def _unary(n: ast.UnaryOp, s: Scope) -> None:
    value = n.operand
    EXPRESSIONS[value.__class__](value, s)
    if value.__class__ is _Constant:
        fold.unary(n)


def _values(n: ast.BoolOp, s: Scope) -> None:
    for value in n.values:
        EXPRESSIONS[value.__class__](value, s)


def _elements(n: ast.List, s: Scope) -> None:
    for value in n.elts:
        EXPRESSIONS[value.__class__](value, s)


def _tuple(n: ast.Tuple, s: Scope) -> None:
    constant = n.ctx.__class__ is _Load
    for value in n.elts:
        EXPRESSIONS[value.__class__](value, s)
        if value.__class__ is not _Constant:
            constant = False
    if constant:
        fold.tuple_(n)


def _compare(n: ast.Compare, s: Scope) -> None:
    value = n.left
    EXPRESSIONS[value.__class__](value, s)
    if value.__class__ is _Constant and s.depth:
        _in_loop(value, s)
    for value in n.comparators:
        EXPRESSIONS[value.__class__](value, s)
        if value.__class__ is _Constant and s.depth and not is_small(value):
            _in_loop(value, s)


def _call(n: ast.Call, s: Scope) -> None:
    if s.kind == COMPREHENSION:
        s.inline = False  # what it calls may recurse: the comprehension must count as a frame, as in CPython
    function = n.func
    if function.__class__ is _Name and function.id in _NEED_FRAME and n.args and n.args[0].__class__ is not ast.Starred:
        s.names[function.id] = s.names.get(function.id, 0) | 1  # vars(x), dir(x): nothing of the frame is seen
    else:
        EXPRESSIONS[function.__class__](function, s)
    for value in n.args:
        EXPRESSIONS[value.__class__](value, s)
    if n.keywords:
        for keyword in n.keywords:
            value = keyword.value
            EXPRESSIONS[value.__class__](value, s)
    if function.__class__ is _Name and function.id == "type" and len(n.args) == 3:
        s.unit.suspects.append((s, n, "type", "type() with three arguments"))


def _value(n: ast.Starred, s: Scope) -> None:
    value = n.value
    EXPRESSIONS[value.__class__](value, s)


def _if_expression(n: ast.IfExp, s: Scope) -> None:
    for value in (n.test, n.body, n.orelse):
        EXPRESSIONS[value.__class__](value, s)


def _dict(n: ast.Dict, s: Scope) -> None:
    for key, value in zip(n.keys, n.values):
        if key is not None:
            EXPRESSIONS[key.__class__](key, s)
        EXPRESSIONS[value.__class__](value, s)


def _slice(n: ast.Slice, s: Scope) -> None:
    for value in (n.lower, n.upper, n.step):
        if value is not None:
            EXPRESSIONS[value.__class__](value, s)


def _formatted(n: ast.FormattedValue, s: Scope) -> None:
    value = n.value
    EXPRESSIONS[value.__class__](value, s)
    if n.format_spec is not None:
        _values(n.format_spec, s)  # type: ignore[arg-type]


def _walrus(n: ast.NamedExpr, s: Scope) -> None:
    value = n.value
    EXPRESSIONS[value.__class__](value, s)
    target = n.target
    if s.private is not None:
        target.id = mangle(target.id, s.private) if target.id[:2] == "__" else target.id
    name = target.id
    host = s
    while host.kind == COMPREHENSION or host.kind == GENERATOR_EXPRESSION:
        host.names[name] = host.names.get(name, 0) | 1
        host.walrus = True
        host = host.parent  # type: ignore[assignment]
    host.names[name] = host.names.get(name, 0) | 2
    host.walrus = True


def _yield(n: ast.Yield, s: Scope) -> None:
    s.generator = True
    value = n.value
    if value is not None:
        EXPRESSIONS[value.__class__](value, s)


def _lambda(n: ast.Lambda, s: Scope) -> None:
    _defaults(n.args, s)
    inner = Scope(FUNCTION, n, "<lambda>", s, s.unit, s.private)
    n.scope = inner  # type: ignore[attr-defined]
    _parameters(n.args, inner)
    body = n.body
    EXPRESSIONS[body.__class__](body, inner)


def _comprehension(n: Any, s: Scope) -> None:
    generators: list[ast.comprehension] = n.generators
    first = generators[0].iter
    EXPRESSIONS[first.__class__](first, s)
    cls = n.__class__
    if cls is ast.GeneratorExp:
        inner = Scope(GENERATOR_EXPRESSION, n, "<genexpr>", s, s.unit, s.private)
        inner.generator = True
    else:
        inner = Scope(COMPREHENSION, n, _COMPREHENSION_NAMES[cls], s, s.unit, s.private)
    inner.parameters.append(".0")
    inner.names[".0"] = PARAMETER
    inner.depth = 1
    n.scope = inner
    for generator in generators:
        if generator.is_async:
            refuse(n, s, "an asynchronous comprehension")
        if generator.iter is not first:
            EXPRESSIONS[generator.iter.__class__](generator.iter, inner)
        EXPRESSIONS[generator.target.__class__](generator.target, inner)
        for test in generator.ifs:
            EXPRESSIONS[test.__class__](test, inner)
    if cls is ast.DictComp:
        EXPRESSIONS[n.key.__class__](n.key, inner)
        EXPRESSIONS[n.value.__class__](n.value, inner)
    else:
        EXPRESSIONS[n.elt.__class__](n.elt, inner)


def _refused_expression(n: ast.AST, s: Scope) -> None:
    refuse(n, s, _REFUSED_NODES.get(n.__class__, n.__class__.__name__))


_COMPREHENSION_NAMES = {ast.ListComp: "<listcomp>", ast.SetComp: "<setcomp>", ast.DictComp: "<dictcomp>"}


# -- statements --


def body(statements: list[ast.stmt], s: Scope) -> None:
    for n in statements:
        STATEMENTS[n.__class__](n, s)


def _expression_statement(n: ast.Expr, s: Scope) -> None:
    value = n.value
    EXPRESSIONS[value.__class__](value, s)


def _assign(n: ast.Assign, s: Scope) -> None:
    value = n.value
    EXPRESSIONS[value.__class__](value, s)
    for target in n.targets:
        EXPRESSIONS[target.__class__](target, s)
    if value.__class__ is _Constant and s.depth and target.__class__ in _STORES:
        _in_loop(value, s)


def _augmented(n: ast.AugAssign, s: Scope) -> None:
    target = n.target
    if target.__class__ is _Name:
        _name(target, s)
        s.names[target.id] |= USED
    else:
        EXPRESSIONS[target.__class__](target, s)
    value = n.value
    EXPRESSIONS[value.__class__](value, s)
    if value.__class__ is _Constant and s.depth and not (n.op.__class__ in _IMMEDIATE and is_small(value)):
        _in_loop(value, s)


def _annotated(n: ast.AnnAssign, s: Scope) -> None:
    value = n.value
    if value is not None:
        EXPRESSIONS[value.__class__](value, s)
    target, known = n.target, len(s.names)
    if value is not None or target.__class__ is not ast.Name:
        EXPRESSIONS[target.__class__](target, s)
        known = len(s.names)
    elif n.simple:  # `(x): int` makes no local of x
        EXPRESSIONS[ast.Name](target, s)
    if not s.unit.future_annotations:
        EXPRESSIONS[n.annotation.__class__](n.annotation, s)
    if s.kind >= FUNCTION:
        set_aside(s, known)
    s.annotated = True


def _return(n: ast.Return, s: Scope) -> None:
    value = n.value
    if value is not None:
        EXPRESSIONS[value.__class__](value, s)


def _delete(n: ast.Delete, s: Scope) -> None:
    for target in n.targets:
        EXPRESSIONS[target.__class__](target, s)


def _if(n: ast.If, s: Scope) -> None:
    while True:
        test = n.test
        EXPRESSIONS[test.__class__](test, s)
        if (test.__class__ is _Name and test.id or test.__class__ is ast.Attribute and test.attr) == "TYPE_CHECKING":
            n.body = _without_imports(n.body, s)
        for statement in n.body:
            STATEMENTS[statement.__class__](statement, s)
        orelse = n.orelse
        if len(orelse) == 1 and orelse[0].__class__ is ast.If:
            n = orelse[0]
            continue
        for statement in orelse:
            STATEMENTS[statement.__class__](statement, s)
        return


def _without_imports(statements: list[ast.stmt], s: Scope) -> list[ast.stmt]:
    """The body of `if TYPE_CHECKING:`, whose imports are for type checkers and never run: the names are bound,
    nothing is loaded."""
    kept: list[ast.stmt] = []
    for statement in statements:
        if (
            statement.__class__ is ast.Import
            or statement.__class__ is ast.ImportFrom
            and statement.module != "__future__"
        ):
            for alias in statement.names:
                name = alias.asname or alias.name.partition(".")[0]
                s.names[name] = s.names.get(name, 0) | BOUND
        else:
            kept.append(statement)
    return kept or [ast.copy_location(ast.Pass(), statements[0])]


def _while(n: ast.While, s: Scope) -> None:
    s.depth += 1
    test = n.test
    EXPRESSIONS[test.__class__](test, s)
    body(n.body, s)
    s.depth -= 1
    body(n.orelse, s)


def _for(n: ast.For, s: Scope) -> None:
    EXPRESSIONS[n.iter.__class__](n.iter, s)
    s.depth += 1
    EXPRESSIONS[n.target.__class__](n.target, s)
    body(n.body, s)
    s.depth -= 1
    body(n.orelse, s)


def _with(n: ast.With, s: Scope) -> None:
    for item in n.items:
        EXPRESSIONS[item.context_expr.__class__](item.context_expr, s)
        if item.optional_vars is not None:
            EXPRESSIONS[item.optional_vars.__class__](item.optional_vars, s)
    body(n.body, s)


def _raise(n: ast.Raise, s: Scope) -> None:
    for value in (n.exc, n.cause):
        if value is not None:
            EXPRESSIONS[value.__class__](value, s)


def _try(n: ast.Try, s: Scope) -> None:
    body(n.body, s)
    body(n.orelse, s)
    for handler in n.handlers:
        if handler.type is not None:
            EXPRESSIONS[handler.type.__class__](handler.type, s)
        name = handler.name
        if name is not None:
            if s.private is not None and name[:2] == "__":
                handler.name = name = mangle(name, s.private)
            s.names[name] = s.names.get(name, 0) | BOUND
            s.deleted.add(name)
        body(handler.body, s)
    body(n.finalbody, s)


def _assert(n: ast.Assert, s: Scope) -> None:
    EXPRESSIONS[n.test.__class__](n.test, s)
    if n.msg is not None:
        EXPRESSIONS[n.msg.__class__](n.msg, s)


def _import(n: ast.Import, s: Scope) -> None:
    unit = s.unit
    unit.imports.append((n, s))
    for alias in n.names:
        bound = alias.asname or alias.name.partition(".")[0]
        if s.private is not None and bound[:2] == "__":
            bound = mangle(bound, s.private)
        alias.bound = bound  # type: ignore[attr-defined]
        if "." not in alias.name or alias.asname is not None:
            unit.alias_names.add(bound)
            if s.aliases.setdefault(bound, alias.name) == alias.name:
                s.names[bound] = s.names.get(bound, 0) | IMPORTED
                continue
        s.names[bound] = s.names.get(bound, 0) | BOUND


def _import_from(n: ast.ImportFrom, s: Scope) -> None:
    unit = s.unit
    unit.imports.append((n, s))
    for alias in n.names:
        bound = alias.asname or alias.name
        if bound == "*":
            s.star_imports.append((n.module or "", n.level))
            continue
        if s.private is not None and bound[:2] == "__":
            bound = mangle(bound, s.private)
        alias.bound = bound  # type: ignore[attr-defined]
        s.names[bound] = s.names.get(bound, 0) | BOUND


def _global(n: ast.Global, s: Scope) -> None:
    module = s.unit.module
    for name in n.names:
        if s.private is not None and name[:2] == "__":
            name = mangle(name, s.private)
        s.names[name] = s.names.get(name, 0) | GLOBAL
        module.names[name] = module.names.get(name, 0) | BOUND


def _nonlocal(n: ast.Nonlocal, s: Scope) -> None:
    for name in n.names:
        if s.private is not None and name[:2] == "__":
            name = mangle(name, s.private)
        s.names[name] = s.names.get(name, 0) | NONLOCAL


def _nothing(n: ast.AST, s: Scope) -> None:
    pass


def _defaults(arguments: ast.arguments, s: Scope) -> None:
    for value in arguments.defaults:
        EXPRESSIONS[value.__class__](value, s)
    for default in arguments.kw_defaults:
        if default is not None:
            EXPRESSIONS[default.__class__](default, s)


def _parameters(arguments: ast.arguments, inner: Scope) -> None:
    names = inner.names
    parameters = inner.parameters
    groups = arguments.args
    if arguments.posonlyargs:
        groups = arguments.posonlyargs + groups
    if arguments.kwonlyargs:
        groups = groups + arguments.kwonlyargs
    if arguments.vararg is not None:
        groups = [*groups, arguments.vararg]
    if arguments.kwarg is not None:
        groups = [*groups, arguments.kwarg]
    private = inner.private
    for argument in groups:
        name = argument.arg
        if private is not None and name[:2] == "__":
            argument.arg = name = mangle(name, private)
        names[name] = PARAMETER
        parameters.append(name)


def _annotations(arguments: ast.arguments, s: Scope) -> None:
    for group in (arguments.args, arguments.posonlyargs, (arguments.vararg,), arguments.kwonlyargs, (arguments.kwarg,)):
        for argument in group:
            if argument is not None and argument.annotation is not None:
                EXPRESSIONS[argument.annotation.__class__](argument.annotation, s)


def _function(n: ast.FunctionDef, s: Scope) -> None:
    for value in n.decorator_list:
        EXPRESSIONS[value.__class__](value, s)
    arguments = n.args
    _defaults(arguments, s)
    if not s.unit.future_annotations:
        _annotations(arguments, s)
        if n.returns is not None:
            EXPRESSIONS[n.returns.__class__](n.returns, s)
    name = n.name
    if name == "__del__" and s.kind == CLASS:
        refuse(n, s, "a __del__ method")
    inner = Scope(FUNCTION, n, name, s, s.unit, s.private)
    n.scope = inner  # type: ignore[attr-defined]
    if s.private is not None and name[:2] == "__":
        name = mangle(name, s.private)
    n.bound = name  # type: ignore[attr-defined]
    s.names[name] = s.names.get(name, 0) | BOUND
    _parameters(arguments, inner)
    for statement in n.body:
        STATEMENTS[statement.__class__](statement, inner)


def _class(n: ast.ClassDef, s: Scope) -> None:
    for value in n.decorator_list:
        EXPRESSIONS[value.__class__](value, s)
    for value in n.bases:
        EXPRESSIONS[value.__class__](value, s)
        if value.__class__ is _Name and value.id == "type":
            s.unit.suspects.append((s, value, "type", "a metaclass"))
    for keyword in n.keywords:
        value = keyword.value
        EXPRESSIONS[value.__class__](value, s)
        if keyword.arg == "metaclass" and not s.unit.private and not _is_ours(value):
            refuse(keyword, s, "metaclass=")
    name = n.name
    inner = Scope(CLASS, n, name, s, s.unit, name)
    n.scope = inner  # type: ignore[attr-defined]
    if s.private is not None and name[:2] == "__":
        name = mangle(name, s.private)
    n.bound = name  # type: ignore[attr-defined]
    s.names[name] = s.names.get(name, 0) | BOUND
    for statement in n.body:
        STATEMENTS[statement.__class__](statement, inner)


def _is_ours(value: ast.expr) -> bool:
    name = getattr(value, "id", None) or getattr(value, "attr", None)
    return name in METACLASSES or name == "type"


def _refused_statement(n: ast.AST, s: Scope) -> None:
    refuse(n, s, _REFUSED_NODES.get(n.__class__, n.__class__.__name__))


_REFUSED_NODES: dict[type, str] = {
    ast.AsyncFunctionDef: "async def",
    ast.AsyncFor: "async for",
    ast.AsyncWith: "async with",
    ast.Await: "await",
    ast.Match: "the match statement",
    ast.TryStar: "except*",
}

EXPRESSIONS: dict[type, Visit] = {
    ast.Name: _name,
    ast.Constant: _constant,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _values,
    ast.List: _elements,
    ast.Tuple: _tuple,
    ast.Set: _elements,
    ast.Compare: _compare,
    ast.Call: _call,
    ast.Starred: _value,
    ast.IfExp: _if_expression,
    ast.Dict: _dict,
    ast.Slice: _slice,
    ast.JoinedStr: _values,
    ast.FormattedValue: _formatted,
    ast.NamedExpr: _walrus,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.Lambda: _lambda,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.Await: _refused_expression,
}

STATEMENTS: dict[type, Visit] = {
    ast.Expr: _expression_statement,
    ast.Assign: _assign,
    ast.AugAssign: _augmented,
    ast.AnnAssign: _annotated,
    ast.Return: _return,
    ast.Delete: _delete,
    ast.If: _if,
    ast.While: _while,
    ast.For: _for,
    ast.With: _with,
    ast.Raise: _raise,
    ast.Try: _try,
    ast.Assert: _assert,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Pass: _nothing,
    ast.Break: _nothing,
    ast.Continue: _nothing,
    ast.FunctionDef: _function,
    ast.ClassDef: _class,
    ast.AsyncFunctionDef: _refused_statement,
    ast.AsyncFor: _refused_statement,
    ast.AsyncWith: _refused_statement,
    ast.Match: _refused_statement,
    ast.TryStar: _refused_statement,
}


def walk(unit: Unit, tree: ast.Module) -> None:
    """Fill `unit` from the tree: scopes, names, imports, refusals and suspects."""
    unit.tree = tree
    unit.module = module = Scope(MODULE, tree, "<module>", None, unit, None)
    for statement in tree.body:
        if statement.__class__ is ast.ImportFrom and statement.module == "__future__":
            if any(alias.name == "annotations" for alias in statement.names):
                unit.future_annotations = True
    body(tree.body, module)
    put_back(unit)
