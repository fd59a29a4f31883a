"""A slow reference interpreter of the bytecode, on CPython's own objects.

It shows what each instruction means, and lets the compiler be tested against CPython without the C runtime:
`run_image(image)` runs a program as `__main__`. Functions are real Python functions that enter the interpreter;
classes are real classes; cells are `Cell`. Not reproduced: tracebacks, all of `__context__`, limits, `locals()`
outside of modules.
"""

from __future__ import annotations

import builtins
import operator
import struct
import sys
import types
from typing import Any

from minivm.bytecode.dis import FIELD, Instruction, decode
from minivm.bytecode.image import load
from minivm.spec.opcodes import CODE_FLAGS, NO_REGISTER
from reference_values import MARKER, UNASSIGNED, describe, iter_unpack, load_method, match, raise_from, raise_value, unpack


class Cell:
    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


class Loop:
    """What the three registers of a loop stand for."""

    __slots__ = ("iterator",)

    def __init__(self, iterator: Any) -> None:
        self.iterator = iterator


def constant(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    tag = value[0]
    if tag == "t":
        return tuple(map(constant, value[1:]))
    if tag == "f":
        return frozenset(list(map(constant, value[1:])))
    if tag == "i":
        return value[1] * int.from_bytes(value[2], "little")
    if tag == "s":
        return value[1].decode("utf-8", "surrogatepass")
    if tag == "...":
        return ...
    return Code(value[1])


class Code:
    def __init__(self, fields: list[Any]) -> None:
        self.fields = fields
        self.name = fields[FIELD["name"]]
        self.qualname = fields[FIELD["qualname"]]
        self.flags = fields[FIELD["flags"]]
        self.count = fields[FIELD["registers"]]
        self.constants = [constant(value) for value in fields[FIELD["constants"]]]
        self.instructions: dict[int, Instruction] = {i.at: i for i in decode(fields[FIELD["instructions"]])}
        self.ranges = list(struct.iter_unpack("<4I", fields[FIELD["exceptions"]]))
        sites = struct.iter_unpack("<2I", fields[FIELD["sites"]])
        self.names = [self.constants[name] if name != 0xFFFFFFFF else None for _, name in sites]
        self.free = fields[FIELD["free_variables"]]
        self.steps: dict[int, tuple[Any, ...]] = {}
        for at, i in self.instructions.items():
            operands = {field: value for field, _, value in i.operands}
            self.steps[at] = (
                i.row.name,
                operands,
                at + i.row.words,
                i.target,
                self.names[i.site] if i.site >= 0 and i.row.site else None,
            )


BINARY = {
    "ADD": (operator.add, operator.iadd),
    "SUB": (operator.sub, operator.isub),
    "MUL": (operator.mul, operator.imul),
    "TRUEDIV": (operator.truediv, operator.itruediv),
    "FLOORDIV": (operator.floordiv, operator.ifloordiv),
    "MOD": (operator.mod, operator.imod),
    "POW": (operator.pow, operator.ipow),
    "MATMUL": (operator.matmul, operator.imatmul),
    "LSHIFT": (operator.lshift, operator.ilshift),
    "RSHIFT": (operator.rshift, operator.irshift),
    "AND": (operator.and_, operator.iand),
    "OR": (operator.or_, operator.ior),
    "XOR": (operator.xor, operator.ixor),
}
COMPARE = {
    "LT": operator.lt,
    "LE": operator.le,
    "EQ": operator.eq,
    "NE": operator.ne,
    "GT": operator.gt,
    "GE": operator.ge,
}
UNARY = {"NEG": operator.neg, "POS": operator.pos, "INVERT": operator.invert, "NOT": operator.not_}
UNBOUND_FREE = "cannot access free variable '{}' where it is not associated with a value in enclosing scope"


class Machine:
    def __init__(self, image: bytes) -> None:
        body = load(image)
        self.images = {module["name"]: module for module in body["modules"]}
        self.main = body["modules"][body["main"]]["name"]
        self.modules: dict[str, types.ModuleType] = {}
        self.current: BaseException | None = None

    def run(self) -> types.ModuleType:
        return self.load_module(self.main)

    def load_module(self, name: str) -> types.ModuleType:
        if name in self.modules:
            return self.modules[name]
        parent = name.rpartition(".")[0]
        if parent:
            self.load_module(parent)
        if name not in self.images:
            return __import__(name, fromlist=["x"])
        entry = self.images[name]
        module = types.ModuleType(name)
        module.__file__ = entry["file"]
        module.__package__ = name if entry["package"] else parent
        sys.modules[name] = self.modules[name] = module
        if parent:
            setattr(self.modules[parent], name.rpartition(".")[2], module)
        space = module.__dict__
        space["globals"] = lambda: space
        space["__builtins__"] = builtins
        Frame(self, Code(entry["code"]), [], [], space).run(None, None)
        return module

    def function(
        self, code: Code, defaults: Any, kwdefaults: Any, annotations: Any, closure: list[Cell], space: dict[str, Any]
    ) -> Any:
        fields = code.fields
        names = fields[FIELD["parameter_names"]]
        only, positional, keywords = (
            fields[FIELD["positional_only"]],
            fields[FIELD["positional"]],
            fields[FIELD["keyword_only"]],
        )
        shown = [f"p{index}" if not name.isidentifier() else name for index, name in enumerate(names)]
        parts = []
        for index in range(positional):
            parts.append(shown[index])
            if index + 1 == only:
                parts.append("/")
        rest = positional + keywords
        if code.flags & CODE_FLAGS["VARARGS"]:
            parts.append("*" + shown[rest])
            rest += 1
        elif keywords:
            parts.append("*")
        parts += shown[positional : positional + keywords]
        if code.flags & CODE_FLAGS["VARKEYWORDS"]:
            parts.append("**" + shown[rest])
        environment: dict[str, Any] = {}
        exec(f"def f({', '.join(parts)}): return __enter__([{', '.join(shown)}])", environment)
        body = environment["f"].__code__

        def enter(arguments: list[Any]) -> Any:
            frame = Frame(self, code, arguments, closure, space)
            if code.flags & CODE_FLAGS["GENERATOR"]:
                generator = generate(frame)
                generator.__name__, generator.__qualname__ = code.name, code.qualname
                return generator
            return frame.run(None, None)[1]

        made = types.FunctionType(
            body.replace(co_name=code.name, co_qualname=code.qualname),
            {"__enter__": enter, "__builtins__": builtins, "__name__": space.get("__name__")},
            code.name,
            defaults,
        )
        made.__qualname__ = code.qualname
        made.__kwdefaults__ = kwdefaults
        if annotations:
            made.__annotations__ = annotations
        made.__doc__ = code.constants[0]
        made.mini = (code, closure, space)  # type: ignore[attr-defined]
        return made

    def build_class(self, body: Any, name: str, bases: tuple[Any, ...], keywords: dict[str, Any] | None) -> Any:
        code, closure, space = body.mini
        resolved = types.resolve_bases(bases)
        metaclass, namespace, rest = types.prepare_class(name, resolved, dict(keywords or {}))
        if resolved is not bases:
            namespace["__orig_bases__"] = bases
        cell = Frame(self, code, [namespace], closure, space).run(None, None)[1]
        real = None
        if cell is not None:
            real = types.CellType()
            namespace["__classcell__"] = real
            cell.real = real
        made = metaclass(name, resolved, namespace, **rest)
        if cell is not None:
            cell.value = made
        return made


class ClassCell(Cell):
    """The __class__ cell: filled by type.__new__ while __init_subclass__ and __set_name__ run."""

    __slots__ = ("real",)


def generate(frame: "Frame") -> Any:
    sent: Any = None
    thrown: BaseException | None = None
    while True:
        kind, value = frame.run(sent, thrown)
        if kind == "return":
            return value
        thrown = None
        try:
            sent = yield value
        except BaseException as error:
            thrown = error


class Frame:
    def __init__(
        self, machine: Machine, code: Code, arguments: list[Any], closure: list[Cell], space: dict[str, Any]
    ) -> None:
        self.machine = machine
        self.code = code
        self.registers: list[Any] = arguments + [MARKER] * (code.count - len(arguments))
        self.closure = closure
        self.space = space
        self.pc = 0
        self.yielded = -1  # the register that the next sent value goes to

    def run(self, sent: Any, thrown: BaseException | None) -> tuple[str, Any]:
        registers = self.registers
        if self.yielded >= 0:
            registers[self.yielded] = sent
        while True:
            try:
                if thrown is not None:
                    error, thrown = thrown, None
                    if self.pending_delegate(error):
                        pass
                    else:
                        raise error
                return self.loop()
            except BaseException as error:
                current = self.machine.current
                if error.__context__ is None and current not in (None, error) and self.code.steps[self.at][0] != "RERAISE":
                    error.__context__ = current
                for start, end, handler, register in self.code.ranges:
                    if start <= self.at < end:
                        registers[register] = error
                        self.pc = handler
                        break
                else:
                    raise

    def pending_delegate(self, error: BaseException) -> bool:
        """Throw into the iterator of a pending YIELD_FROM. True if it went on: its value is delivered by the
        instruction run again."""
        name, operands, _, _, _ = self.code.steps[self.at]
        if name != "YIELD_FROM":
            return False
        delegate = self.registers[operands["b"]]
        if isinstance(error, GeneratorExit):
            if hasattr(delegate, "close"):
                delegate.close()
            raise error
        if not hasattr(delegate, "throw"):
            raise error
        self.injected = lambda: delegate.throw(error)
        return True

    injected: Any = None
    at = 0

    def loop(self) -> tuple[str, Any]:
        r = self.registers
        steps = self.code.steps
        machine = self.machine
        space = self.space
        constants = self.code.constants
        while True:
            self.at = at = self.pc
            name, o, after, target, site = steps[at]
            self.pc = after
            if name == "MOVE" or name == "MOVE_MAYBE":
                r[o["a"]] = r[o["b"]]
            elif name == "LOAD_CONST":
                r[o["a"]] = constants[o["bc"]]
            elif name == "LOAD_INT":
                r[o["a"]] = o["bc"]
            elif name == "LOAD_NONE":
                r[o["a"]] = None
            elif name == "LOAD_UNASSIGNED":
                r[o["a"]] = UNASSIGNED
            elif name == "CHECK_LOCAL":
                if r[o["a"]] is UNASSIGNED:
                    raise UnboundLocalError(
                        f"cannot access local variable '{constants[o['bc']]}' where it is not associated with a value"
                    )
            elif name == "MAKE_CELL":
                r[o["a"]] = ClassCell(r[o["a"]])
            elif name == "LOAD_CELL":
                value = r[o["b"]].value
                if value is UNASSIGNED:
                    raise UnboundLocalError(
                        f"cannot access local variable '{constants[o['c']]}' where it is not associated with a value"
                    )
                r[o["a"]] = value
            elif name == "STORE_CELL":
                r[o["a"]].value = r[o["b"]]
            elif name == "DELETE_CELL":
                if r[o["a"]].value is UNASSIGNED:
                    raise UnboundLocalError(
                        f"cannot access local variable '{constants[o['bc']]}' where it is not associated with a value"
                    )
                r[o["a"]].value = UNASSIGNED
            elif name == "LOAD_FREE":
                value = self.free(o["b"])
                if value is UNASSIGNED:
                    raise NameError(
                        UNBOUND_FREE.format(constants[o["c"]])
                    )
                r[o["a"]] = value
            elif name == "STORE_FREE":
                self.closure[o["a"]].value = r[o["b"]]
            elif name == "DELETE_FREE":
                if self.closure[o["a"]].value is UNASSIGNED:
                    raise NameError(
                        UNBOUND_FREE.format(constants[o["bc"]])
                    )
                self.closure[o["a"]].value = UNASSIGNED
            elif name == "LOAD_GLOBAL":
                r[o["a"]] = self.load_global(site)
            elif name == "STORE_GLOBAL":
                space[site] = r[o["a"]]
            elif name == "DELETE_GLOBAL":
                if constants[o["bc"]] not in space:
                    raise NameError(f"name '{constants[o['bc']]}' is not defined")
                del space[constants[o["bc"]]]
            elif name == "LOAD_NAME":
                try:
                    r[o["a"]] = r[o["b"]][site]
                except KeyError:
                    r[o["a"]] = self.load_global(site)
            elif name == "LOAD_NAME_FREE":
                try:
                    r[o["a"]] = r[o["b"]][site]
                except KeyError:
                    value = self.free(o["c"])
                    if value is UNASSIGNED:
                        raise NameError(
                            UNBOUND_FREE.format(site)
                        ) from None
                    r[o["a"]] = value
            elif name == "STORE_NAME":
                r[o["b"]][site] = r[o["a"]]
            elif name == "DELETE_NAME":
                try:
                    del r[o["a"]][constants[o["bc"]]]
                except KeyError:
                    raise NameError(f"name '{constants[o['bc']]}' is not defined") from None
            elif name == "LOAD_ATTR":
                r[o["a"]] = getattr(r[o["b"]], site)
            elif name == "STORE_ATTR":
                setattr(r[o["a"]], site, r[o["b"]])
            elif name == "DELETE_ATTR":
                delattr(r[o["a"]], constants[o["bc"]])
            elif name == "GET_ITEM":
                r[o["a"]] = r[o["b"]][r[o["c"]]]
            elif name == "SET_ITEM":
                r[o["a"]][r[o["b"]]] = r[o["c"]]
            elif name == "DELETE_ITEM":
                del r[o["a"]][r[o["b"]]]
            elif name == "BUILD_SLICE":
                r[o["a"]] = slice(*r[o["b"] : o["b"] + 3])
            elif name in BINARY:
                r[o["a"]] = BINARY[name][o["d"]](r[o["b"]], r[o["c"]])
            elif name == "ADD_INT":
                kind = BINARY["SUB" if o["e"] else "ADD"][o["d"]]
                r[o["a"]] = kind(r[o["b"]], -o["c"] if o["e"] else o["c"])
            elif name in UNARY:
                r[o["a"]] = UNARY[name](r[o["b"]])
            elif name in COMPARE:
                r[o["a"]] = COMPARE[name](r[o["b"]], r[o["c"]])
            elif name == "IS":
                r[o["a"]] = r[o["b"]] is r[o["c"]]
            elif name == "IS_NOT":
                r[o["a"]] = r[o["b"]] is not r[o["c"]]
            elif name == "CONTAINS":
                r[o["a"]] = r[o["b"]] in r[o["c"]]
            elif name == "NOT_CONTAINS":
                r[o["a"]] = r[o["b"]] not in r[o["c"]]
            elif name.startswith("JUMP"):
                self.jump(name, o, target)
            elif name == "GET_ITER":
                r[o["a"]] = iter(r[o["b"]])
            elif name == "FOR_PREP":
                loop = Loop(r[o["b"]] if o["c"] else iter(r[o["b"]]))
                r[o["a"]] = r[o["a"] + 1] = r[o["a"] + 2] = loop
            elif name == "FOR_NEXT" or name == "FOR_NEXT_PAIR":
                item = next(r[o["b"]].iterator, MARKER)
                if item is not MARKER:
                    if name == "FOR_NEXT":
                        r[o["a"]] = item
                    else:
                        r[o["a"]], r[o["c"]] = item
                    self.pc = target
            elif name == "BUILD_TUPLE":
                r[o["a"]] = tuple(r[o["b"] : o["b"] + o["c"]])
            elif name == "BUILD_LIST":
                r[o["a"]] = r[o["b"] : o["b"] + o["c"]]
            elif name == "BUILD_SET":
                r[o["a"]] = set(r[o["b"] : o["b"] + o["c"]])
            elif name == "BUILD_DICT":
                run = r[o["b"] : o["b"] + o["c"]]
                r[o["a"]] = dict(zip(run[::2], run[1::2]))
            elif name == "BUILD_STRING":
                r[o["a"]] = "".join(r[o["b"] : o["b"] + o["c"]])
            elif name == "LIST_APPEND":
                r[o["a"]].extend(r[o["b"] : o["b"] + o["c"]])
            elif name == "LIST_EXTEND":
                value = r[o["b"]]
                if not hasattr(type(value), "__iter__") and not hasattr(type(value), "__getitem__"):
                    raise TypeError(f"Value after * must be an iterable, not {type(value).__name__}")
                r[o["a"]].extend(value)
            elif name == "LIST_TO_TUPLE":
                r[o["a"]] = tuple(r[o["b"]])
            elif name == "SET_ADD":
                for value in r[o["b"] : o["b"] + o["c"]]:
                    r[o["a"]].add(value)
            elif name == "SET_UPDATE":
                r[o["a"]].update(r[o["b"]])
            elif name == "DICT_SET":
                r[o["a"]][r[o["b"]]] = r[o["c"]]
            elif name == "DICT_UPDATE":
                if not hasattr(r[o["b"]], "keys"):
                    raise TypeError(f"'{type(r[o['b']]).__name__}' object is not a mapping")
                r[o["a"]].update(r[o["b"]])
            elif name == "DICT_MERGE":
                self.merge(r[o["a"]], r[o["b"]], r[o["c"]])
            elif name == "UNPACK":
                r[o["a"] : o["a"] + o["c"]] = unpack(r[o["b"]], o["c"])
            elif name == "UNPACK_STAR":
                before, later = o["c"] & 255, o["c"] >> 8
                items = list(iter_unpack(r[o["b"]]))
                if len(items) < before + later:
                    raise ValueError(
                        f"not enough values to unpack (expected at least {before + later}, got {len(items)})"
                    )
                middle = items[before : len(items) - later]
                r[o["a"] : o["a"] + before + 1 + later] = [*items[:before], middle, *items[len(items) - later :]]
            elif name == "CONVERT":
                r[o["a"]] = (str, repr, ascii)[o["c"]](r[o["b"]])
            elif name == "FORMAT":
                r[o["a"]] = format(r[o["b"]], r[o["c"]] if o["c"] != NO_REGISTER else "")
            elif name == "MAKE_FUNCTION":
                self.make_function(o)
            elif name == "BUILD_CLASS":
                r[o["a"]] = machine.build_class(*r[o["b"] : o["b"] + 4])
            elif name == "LOAD_BUILD_ERROR":
                r[o["a"]] = AssertionError
            elif name == "IMPORT":
                r[o["a"]] = machine.load_module(constants[o["bc"]])
            elif name == "IMPORT_TOP":
                machine.load_module(constants[o["bc"]])
                r[o["a"]] = sys.modules[constants[o["bc"]].partition(".")[0]]
            elif name == "IMPORT_FROM":
                module = r[o["b"]]
                try:
                    r[o["a"]] = getattr(module, site)
                except AttributeError:
                    if f"{module.__name__}.{site}" in machine.images:
                        r[o["a"]] = machine.load_module(f"{module.__name__}.{site}")
                    else:
                        raise ImportError(
                            f"cannot import name {site!r} from {module.__name__!r} ({module.__file__})"
                        ) from None
            elif name == "IMPORT_STAR":
                module = r[o["a"]]
                names = getattr(module, "__all__", None) or [key for key in module.__dict__ if not key.startswith("_")]
                for key in names:
                    if not hasattr(module, key) and f"{module.__name__}.{key}" in machine.images:
                        machine.load_module(f"{module.__name__}.{key}")
                for key in names:
                    if key != "globals" or module.__name__ not in machine.images:
                        space[key] = getattr(module, key)
            elif name == "LOAD_METHOD":
                base = r[o["b"]]
                r[o["a"]], r[o["a"] + 5] = load_method(base, site)
            elif name == "LOAD_SUPER_METHOD":
                r[o["a"]], r[o["a"] + 5] = getattr(super(r[o["b"]], r[o["b"] + 1]), site), UNASSIGNED
            elif name == "LOAD_SUPER_ATTR":
                r[o["a"]] = getattr(super(r[o["b"]], r[o["b"] + 1]), site)
            elif name in ("CALL", "CALL_METHOD", "CALL_KW", "CALL_EX"):
                value = self.call(name, o, site)
                window = o["a"]
                r[window:] = [MARKER] * (len(r) - window)
                r[o["c"]] = value
            elif name == "RETURN" or name == "RETURN_CELL":
                return "return", r[o["a"]]
            elif name == "RETURN_NONE":
                return "return", None
            elif name == "YIELD":
                self.yielded = o["a"]
                return "yield", r[o["b"]]
            elif name == "YIELD_FROM_ITER":
                value = r[o["b"]]
                r[o["a"]] = value if isinstance(value, types.GeneratorType) else iter(value)
            elif name == "YIELD_FROM":
                injected, self.injected = self.injected, None
                delegate = r[o["b"]]
                try:
                    if injected is not None:
                        value = injected()
                    elif r[o["c"]] is None:
                        value = next(delegate)
                    else:
                        value = delegate.send(r[o["c"]])
                except StopIteration as stop:
                    self.yielded = -1
                    r[o["a"]] = stop.value
                    continue
                self.yielded = o["c"]
                self.pc = at
                return "yield", value
            elif name == "RAISE":
                raise_value(r[o["a"]])
            elif name == "RAISE_FROM":
                raise_from(r[o["a"]], r[o["b"]])
            elif name == "RAISE_CURRENT":
                if machine.current is None:
                    raise RuntimeError("No active exception to reraise")
                raise machine.current
            elif name == "RERAISE":
                raise r[o["a"]]
            elif name == "ENTER_HANDLER":
                r[o["a"]] = machine.current
                machine.current = r[o["b"]]
            elif name == "LEAVE_HANDLER":
                machine.current = r[o["a"]]
            elif name == "MATCH_EXCEPTION":
                r[o["a"]] = match(r[o["b"]], r[o["c"]])
            elif name == "WITH_SETUP":
                cls = type(r[o["b"]])
                if not hasattr(cls, "__enter__"):
                    raise TypeError(f"'{cls.__name__}' object does not support the context manager protocol")
                if not hasattr(cls, "__exit__"):
                    raise TypeError(
                        f"'{cls.__name__}' object does not support the context manager protocol"
                        " (missed __exit__ method)"
                    )
                manager = r[o["b"]]
                r[o["a"]], r[o["a"] + 5] = cls.__enter__, manager
                r[o["c"]], r[o["c"] + 1] = cls.__exit__, manager
            elif name == "EXCEPTION_TRIPLE":
                error = r[o["b"]]
                r[o["a"] : o["a"] + 3] = [type(error), error, error.__traceback__]
            elif name == "RAISE_SUPER_ERROR":
                raise RuntimeError("super(): " + constants[o["bc"]])
            else:
                raise AssertionError(name)

    def free(self, index: int) -> Any:
        cell = self.closure[index]
        if cell.value is UNASSIGNED and hasattr(cell, "real"):
            try:
                return cell.real.cell_contents  # type: ignore[attr-defined]
            except ValueError:
                pass
        return cell.value

    def load_global(self, name: str) -> Any:
        if name in self.space:
            return self.space[name]
        try:
            return getattr(builtins, name)
        except AttributeError:
            raise NameError(f"name '{name}' is not defined") from None

    def jump(self, name: str, o: dict[str, int], target: int) -> None:
        r = self.registers
        if name in ("JUMP", "JUMP_BACK"):
            taken = True
        elif name == "JUMP_IF_TRUE":
            taken = bool(r[o["a"]])
        elif name == "JUMP_IF_FALSE":
            taken = not r[o["a"]]
        elif name == "JUMP_IF_NONE":
            taken = r[o["a"]] is None
        elif name == "JUMP_IF_NOT_NONE":
            taken = r[o["a"]] is not None
        elif name == "JUMP_IF_IS":
            taken = r[o["a"]] is r[o["b"]]
        elif name == "JUMP_IF_NOT_IS":
            taken = r[o["a"]] is not r[o["b"]]
        else:
            test = name[8:]
            negated = test.startswith("NOT_")
            if negated:
                test = test[4:]
            other = o["b"]
            if test.endswith("_INT"):
                test = test[:-4]
            else:
                other = r[other]
            taken = bool(COMPARE[test](r[o["a"]], other)) is not negated
        if taken:
            self.pc = target

    def call(self, name: str, o: dict[str, int], names: Any) -> Any:
        r = self.registers
        window = o["a"]
        function = r[window]
        if name == "CALL_EX":
            positional, keywords = r[window + 6], r[window + 7]
            if not hasattr(type(positional), "__iter__") and not hasattr(type(positional), "__getitem__"):
                raise TypeError(
                    f"{describe(function)} argument after * must be an iterable, not {type(positional).__name__}"
                )
            return function(*positional, **(keywords or {}))
        arguments = r[window + 6 : window + 6 + o["b"]]
        if (name == "CALL_METHOD" or name == "CALL_KW" and o["d"]) and r[window + 5] is not UNASSIGNED:
            arguments.insert(0, r[window + 5])
        if name == "CALL_KW":
            keywords = dict(zip(names, arguments[len(arguments) - len(names) :]))
            return function(*arguments[: len(arguments) - len(names)], **keywords)
        return function(*arguments)

    def merge(self, into: dict[str, Any], mapping: Any, function: Any) -> None:
        if not hasattr(mapping, "keys"):
            raise TypeError(f"{describe(function)} argument after ** must be a mapping, not {type(mapping).__name__}")
        for key in mapping.keys():
            if not isinstance(key, str):
                raise TypeError("keywords must be strings")
            if key in into:
                raise TypeError(f"{describe(function)} got multiple values for keyword argument '{key}'")
            into[key] = mapping[key]

    def make_function(self, o: dict[str, int]) -> None:
        r = self.registers
        code = self.code.constants[o["d"] | o["e"] << 16]
        first = o["b"]
        values = []
        for bit in (1, 2, 4):
            if o["c"] & bit:
                values.append(r[first])
                first += 1
            else:
                values.append(None)
        closure = [self.closure[source & 0x7FFF] if source & 0x8000 else r[source] for _, source in code.free]
        assert all(isinstance(cell, Cell) for cell in closure)
        r[o["a"]] = self.machine.function(code, *values, closure, self.space)


def run_image(image: bytes) -> types.ModuleType:
    return Machine(image).run()
