"""Carries out the conversations of talks.py, and compares what they print.

    python embedded.py minivm|model FILE     the child: prints the outcomes of the talks in FILE (pickled), marked by number

`run_talks` (called by running.py for the configuration `api`) runs one such process a side. The model is what the README
says of the API, over CPython's `exec`: plain data is copied both ways, the rest are handles, errors have the names of
minivm.errors.

INV-embedded-1  A step sees no more of a value than its copy, its handle's type name and str.
"""
from __future__ import annotations

import builtins
import contextlib
import io
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict, namedtuple
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import Any

MARK = "\x01#"
TIMEOUT = 60.0
MEMORY = 4 << 30
PLAIN = (type(None), bool, int, float, str)
DEPTH = 200
MODEL_FILE = __file__


class Level(IntEnum):
    LOW = 1


class Sorted(OrderedDict):  # type: ignore[type-arg]
    pass


class Text(str):
    pass


class Special(Exception):
    """No builtin one: arrives as a RuntimeError."""


Row = namedtuple("Row", "a b")


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


# ---- the model ----


class Refusal(Exception):
    """What minivm.errors names: `name` with `text`."""

    def __init__(self, name: str, text: str = "", stdout: str = "", stderr: str = "", frames: tuple[Any, ...] = ()) -> None:
        super().__init__(text)
        self.name, self.text, self.stdout, self.stderr, self.frames = name, text, stdout, stderr, frames


class ModelHandle:
    def __init__(self, model: Model, value: Any) -> None:
        self.model, self.value = model, value

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.model.enter(lambda: self.value, args, kwargs)

    def get(self, name: str) -> Any:
        return self.model.enter(lambda: lambda: getattr(self.value, name), (), {})

    @property
    def type_name(self) -> str:
        self.model.check()
        return type(self.value).__name__

    def __str__(self) -> str:
        return self.model.enter(lambda: lambda: str(self.value), (), {})  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        try:
            return f"<minivm.Handle of {self.type_name}>"
        except Refusal:
            return "<minivm.Handle>"


class Model:
    """minivm.VM, as far as the talks use it."""

    def __init__(self, stdout: Callable[[str], object] | None, stdin: io.StringIO, recursion_limit: int = 0) -> None:
        self.exposed: dict[str, Any] = {}
        self.names: dict[str, Any] = {"__name__": "__main__", "__builtins__": self.scope()}
        self.stdout, self.stdin = stdout, stdin
        self.out, self.err = _Strict(), io.StringIO()
        self.depth = 0
        self.closed = False

    def scope(self) -> dict[str, Any]:
        return {**{name: value for name, value in vars(builtins).items()}, **self.exposed}

    # values

    def out_of(self, value: Any, depth: int = 0) -> Any:
        kind = type(value)
        if kind in PLAIN:
            return value
        if kind in (list, tuple, set, frozenset, dict):
            if depth >= DEPTH:
                raise ValueError(f"data nested more than {DEPTH} deep (or containing itself) cannot cross to the host")
            if kind is dict:
                return {self.out_of(key, depth + 1): self.out_of(item, depth + 1) for key, item in value.items()}
            return kind([self.out_of(item, depth + 1) for item in value])
        return ModelHandle(self, value)

    def into(self, value: Any, depth: int = 0) -> Any:
        if isinstance(value, ModelHandle):
            if value.model is not self:
                raise TypeError("a handle belongs to the VM it came from")
            return value.value
        for kind in (bool, int, float, str, list, tuple, dict, set, frozenset):
            if isinstance(value, kind):
                break
        else:
            if value is None:
                return None
            raise TypeError(f"a value of type {type(value).__name__!r} cannot cross into a VM")
        if kind in PLAIN:
            return kind.__new__(kind, value) if kind is not str else str.__str__(value)  # type: ignore[call-overload]
        if depth >= DEPTH:
            raise ValueError(f"data nested more than {DEPTH} deep (or containing itself) cannot cross into a VM")
        if kind is dict:
            return {self.into(key, depth + 1): self.into(item, depth + 1) for key, item in value.items()}
        return kind(self.into(item, depth + 1) for item in value)

    # entries

    def check(self) -> None:
        if self.closed:
            raise Refusal("VMError", "the VM is closed")

    def attach(self, problem: Refusal) -> Refusal:
        problem.stdout, problem.stderr = self.take_output(), self.take_output("stderr")
        return problem

    @contextlib.contextmanager
    def streams(self) -> Any:
        outer = sys.stdout, sys.stderr, sys.stdin
        sink = self.out if self.stdout is None else _Sink(self.stdout)
        sys.stdout, sys.stderr, sys.stdin = sink, self.err, self.stdin  # type: ignore[assignment]
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1
            sys.stdout, sys.stderr, sys.stdin = outer

    def enter(self, target: Callable[[], Any], args: tuple[Any, ...], kwargs: dict[str, Any], attach: bool = False) -> Any:
        self.check()
        given = [self.into(value) for value in args]
        named = {name: self.into(value) for name, value in kwargs.items()}
        with self.streams():
            try:
                return self.out_of(target()(*given, **named))
            except Refusal:
                raise
            except BaseException as problem:
                failed = self.failure(problem)
        raise self.attach(failed) if attach else failed

    def failure(self, problem: BaseException) -> Refusal:
        frames, at = [], problem.__traceback__
        while at is not None:
            if at.tb_frame.f_code.co_filename != MODEL_FILE:
                frames.append((at.tb_frame.f_code.co_filename, at.tb_lineno, at.tb_frame.f_code.co_name))
            at = at.tb_next
        if isinstance(problem, SystemExit):
            return Refusal("ScriptExit", repr(shown(self.out_of(problem.code))), frames=tuple(frames))
        try:
            text = str(problem)
        except Exception:
            text = ""
        name = type(problem).__name__
        found = Refusal("ScriptError", f"{name}: {text}" if text else name, frames=tuple(frames))
        found.type_name, found.message = name, text  # type: ignore[attr-defined]
        return found

    def run(self, text: str, filename: str = "<script>") -> Any:
        try:
            code = compile(text, filename, "exec", dont_inherit=True)
        except SyntaxError:
            raise Refusal("CompileError") from None
        self.check()
        if self.depth:
            raise Refusal("VMError", "run() inside a host function: the program that called it is still running")
        self.names = {"__name__": "__main__", "__builtins__": self.scope()}
        exit_code: Any = 0
        with self.streams():
            failed = None
            try:
                exec(code, self.names)
            except SystemExit as problem:
                exit_code = 0 if problem.code is None else self.out_of(problem.code)
            except BaseException as problem:
                failed = self.failure(problem)
        if failed is not None:
            raise self.attach(failed)
        return Result(exit_code, self.take_output(), self.take_output("stderr"))

    def find(self, name: str, callable_: bool) -> Any:
        if name in self.names:
            return self.names[name]
        if callable_ and name in self.names["__builtins__"]:
            return self.names["__builtins__"][name]
        raise NameError(f"name {name!r} is not defined")

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        return self.enter(lambda: self.find(name, True), args, kwargs, attach=True)

    def get(self, name: str) -> Any:
        return self.enter(lambda: lambda: self.find(name, False), (), {})

    def expose(self, name: str, function: Callable[..., Any]) -> None:
        if not name.isidentifier():
            raise ValueError(f"{name!r} is no name that a program could use")
        if not callable(function):
            raise TypeError(f"expose() needs a function, not {type(function).__name__}")
        self.check()

        def host(*args: Any, **kwargs: Any) -> Any:
            given = [self.out_of(value) for value in args]
            named = {key: self.out_of(value) for key, value in kwargs.items()}
            inner = sys.stdout, sys.stderr, sys.stdin
            sys.stdout, sys.stderr, sys.stdin = sys.__stdout__, sys.__stderr__, sys.__stdin__
            try:
                return self.into(function(*given, **named))
            except Exception as problem:
                raised = self.raised(problem)
            finally:
                sys.stdout, sys.stderr, sys.stdin = inner
            raise raised

        host.__name__ = host.__qualname__ = name
        self.exposed[name] = self.names["__builtins__"][name] = host

    def raised(self, problem: Exception) -> BaseException:
        """What a host function's exception is in the program."""
        if isinstance(problem, Refusal):
            if problem.name == "ScriptError":
                parts: list[Any] = [problem.type_name, problem.message]  # type: ignore[attr-defined]
            elif problem.name == "ScriptExit":
                parts = ["SystemExit", problem.code]  # type: ignore[attr-defined]
            else:
                parts = ["RuntimeError", f"{problem.name}: {problem.text}"]
        elif type(problem).__module__ == "builtins":
            parts = [type(problem).__name__, *problem.args]
        else:
            parts = ["RuntimeError", f"{type(problem).__name__}: {problem}"]
        try:
            parts = [self.into(part, 1) for part in parts]  # of a tuple
        except (TypeError, ValueError):
            parts = [type(problem).__name__, str(problem)]
        kind = getattr(builtins, parts[0], None)
        if isinstance(kind, type) and issubclass(kind, BaseException):
            try:
                return kind(*parts[1:])
            except TypeError:
                pass
        return RuntimeError(f"{parts[0]}: {parts[1]}" if len(parts) == 2 else parts[0])

    def take_output(self, stream: str = "stdout") -> str:
        buffer = {"stdout": self.out, "stderr": self.err}[stream]
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    def interrupt(self) -> None:
        pass

    def stats(self) -> list[int]:
        self.check()
        return [0] * 10

    def close(self) -> None:
        if not self.closed and self.depth:
            raise Refusal("VMError", "the VM is running: it cannot be closed from inside")
        self.closed = True


Result = namedtuple("Result", "exit_code stdout stderr")


class _Strict(io.StringIO):
    """As a stream of UTF-8: no surrogates."""

    def write(self, text: str) -> int:
        text.encode()
        return super().write(text)


class _Sink(io.StringIO):
    """A program's stdout that is a function of the host's: it gets the pieces, joined up to each entry's end."""

    def __init__(self, function: Callable[[str], object]) -> None:
        super().__init__()
        self.function = function

    def write(self, text: str) -> int:
        text.encode()
        self.function(text)
        return len(text)


# ---- both sides ----


def shown(value: Any, depth: int = 0) -> str:
    """A value as text: the same for equal data, whatever the order of sets; handles by their type."""
    if type(value).__name__ in ("Handle", "ModelHandle"):
        return f"<handle {value.type_name}>"
    if type(value).__name__ == "Result":
        return f"Result({shown(value.exit_code)}, {value.stdout!r}, {value.stderr!r})"
    if depth > 300:
        return "..."
    if isinstance(value, (set, frozenset)):
        return type(value).__name__ + "{" + ", ".join(sorted(shown(item, depth + 1) for item in value)) + "}"
    if isinstance(value, dict):
        return type(value).__name__ + "{" + ", ".join(f"{shown(k, depth + 1)}: {shown(v, depth + 1)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return type(value).__name__ + "[" + ", ".join(shown(item, depth + 1) for item in value) + "]"
    if isinstance(value, int) and abs(value) > 1 << 4000:
        return hex(value)
    return type(value).__name__ + " " + ascii(value) if not isinstance(value, (int, str)) or isinstance(value, bool) else ascii(value)


def describe(problem: BaseException) -> str:
    """A failed step: the API's exceptions by name, with their frames and output; others by name and text."""
    from minivm import errors

    if isinstance(problem, Refusal):
        text = f"{problem.name} {problem.text} {problem.frames}" if problem.name != "CompileError" else problem.name
        return f"{text} {problem.stdout!r} {problem.stderr!r}" if problem.frames or problem.stdout or problem.stderr else text
    if isinstance(problem, errors.CompileError):
        return "CompileError"
    if isinstance(problem, errors.StoppedError):
        name = type(problem).__name__
        what = repr(shown(problem.code)) if isinstance(problem, errors.ScriptExit) else str(problem)
        frames = tuple((frame.filename, frame.lineno, frame.function) for frame in problem.frames)
        text = f"{name} {what} {frames}"
        return f"{text} {problem.stdout!r} {problem.stderr!r}" if frames or problem.stdout or problem.stderr else text
    if isinstance(problem, errors.VMError):
        return f"{type(problem).__name__} {problem} ()" if not isinstance(problem, errors.BadImage) else "BadImage"
    return f"{type(problem).__name__}: {problem}"


def converse(talk: Any, real: bool) -> None:
    """Carries out a talk."""
    kept: list[Any] = []
    pieces: list[str] = []
    lines = io.StringIO(talk.lines)

    def broken(text: str) -> None:
        pieces.append(text)

    sink: Any = None if talk.sink == "collected" else pieces.append
    make: Any
    if real:
        from minivm import VM, compile_program

        make = VM
        vm: Any = VM(**talk.settings, stdout=sink if talk.sink != "file" else _File(pieces), stdin=lines, time_limit=30.0)
        other = VM(jit="off")
        image = compile_program("x = [1, 'a', 2.5]\nprint(x)\n")
    else:
        vm, other, image, make = Model(sink, lines), Model(None, lines), b"", None
    other.run("class C: pass\nobject = C()")

    def host_nothing() -> None: ...
    def host_same(value: Any) -> Any: return value
    def host_log(*args: Any, **kwargs: Any) -> None: print("log", shown(args), shown(kwargs))
    def host_value(index: int) -> Any: return (1 << 62, -(1 << 63), 10 ** 50, "é", [1, 2.5, "x"], {"a": {1}}, list(range(50)), [0.5] * 30, None, True,
                                               (1, (2,)), frozenset((5,)), "\ud800", -1.5)[index % 14]
    def host_keep(value: Any) -> int: kept.append(value); return len(kept)  # noqa: E702
    def host_kept(index: int) -> Any: return kept[index]
    def host_call(function: Any, *args: Any) -> Any: return function(*args)
    def host_get(name: str) -> Any: return vm.get(name)
    def host_say(name: str, *args: Any) -> Any: return vm.call(name, *args)
    def host_attribute(value: Any, name: str) -> Any: return value.get(name)
    def host_text(value: Any) -> str: return str(value)
    def host_type(value: Any) -> str: return value.type_name if hasattr(value, "type_name") else type(value).__name__
    def host_key(value: Any) -> str: return shown(value)
    def host_next(value: Any) -> Any: return value.get("__next__")()
    def host_run(text: str) -> Any: return vm.run(text)
    def host_expose(index: int) -> None: vm.expose("host_late", lambda *args: (index, args))
    def host_deep(value: Any, function: Any) -> Any: return function(value)
    def host_close() -> None: vm.close()
    def host_stats() -> int: return len(vm.stats()) > 9
    def host_release() -> None: kept.clear()

    def host_raise(name: str, *args: Any) -> None:
        kind = Special if name == "Special" else getattr(builtins, name)
        raise kind(*args)

    for name, function in list(locals().items()):
        if name.startswith("host_"):
            vm.expose(name, function)

    def keep(value: Any) -> Any:
        kept.append(value)
        return value

    def limited(text: str, late: bool, **settings: Any) -> str:
        """Runs a program that a limit must end, or an interrupt from another thread; then the VM must be as before."""
        settings = {"time_limit": 20.0, "fuel": None, **settings}
        with make(**settings, stdout=None if "output_limit" in settings else len) as own:
            for name in ("host_same", "host_value", "host_call"):
                own.expose(name, {"host_same": host_same, "host_value": host_value, "host_call": host_call}[name])
            timer = threading.Timer(0.03, own.interrupt) if late else None
            if timer:
                timer.start()
            try:
                own.run(text)
                got = "nothing"
            except Exception as problem:
                got = getattr(problem, "type_name", type(problem).__name__)
                str(problem), problem.traceback[:5]  # type: ignore[attr-defined]
            if timer:
                timer.join()
            try:
                if own.run("x = 5\ndef f(v): return [v, x]").exit_code != 0 or own.call("f", 2) != [2, 5]:
                    return f"{got}, then something else"
            except Exception as problem:
                if not ("fuel" in settings and "FuelLimit" in type(problem).__name__ or "interrupt" in str(problem)):
                    return f"{got}, then {problem!r}"
        return got

    scope = {"vm": vm, "kept": kept, "keep": keep, "other": other, "text": talk.text, "image": image, "host_same": host_same, "limited": limited,
             "nested": nested, "Level": Level, "Row": Row, "Sorted": Sorted, "Text": Text}
    for step in ["vm.run(text)", *talk.steps]:
        wanted, mark, own = step.partition("!")
        try:
            if not mark or not wanted.replace(" ", "").isalpha():
                text = shown(eval(step, scope))
            elif not real:
                text = wanted
            else:
                got = eval(own, scope)
                text = wanted if isinstance(got, str) and got in wanted.split(" or ") else f"{wanted}, but got {shown(got)}"
        except Exception as problem:
            text = describe(problem)
        print(f"{step[:300]!a} -> {text}", flush=True)
    if pieces:
        print("output", ascii("".join(pieces)))


class _File:
    def __init__(self, pieces: list[str]) -> None:
        self.write = pieces.append


def main() -> None:
    side, path = sys.argv[1:]
    sys.set_int_max_str_digits(4300)
    for talk in pickle.loads(Path(path).read_bytes()):
        print(MARK, talk.number)
        converse(talk, side == "minivm")


# ---- what the fuzzer calls ----


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, 64 << 20))


def outcome(python: str, side: str, talks: list[Any], timeout: float = TIMEOUT) -> str:
    """What one side prints; the last line says how it ended if not well."""
    with tempfile.TemporaryDirectory() as name:
        path, printed = Path(name, "talks"), Path(name, "printed")
        path.write_bytes(pickle.dumps(talks))
        environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8:backslashreplace", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        with open(printed, "wb") as out:
            line = [python, "-W", "ignore", __file__, side, str(path)]
            try:
                done = subprocess.run(line, stdout=out, stderr=subprocess.PIPE, timeout=timeout, env=environment, preexec_fn=_limit, cwd=name)
                end = "" if done.returncode == 0 else f"\nstatus {done.returncode}\n{done.stderr.decode('utf-8', 'replace')[-600:]}"
            except subprocess.TimeoutExpired:
                end = "\ntimeout"
        return printed.read_text(encoding="utf-8", errors="replace") + end


if __name__ == "__main__":
    main()
