"""The exceptions that the public API raises.

Owns: their names, attributes and texts. Raised by the compiler (`Refused`, `SyntaxProblem`) and by `minivm.runtime`;
shown by `cli.py` and `repl.py`. Leaf: imports nothing, because every start of the command line loads it. What a Mini
program can catch is never one of these.
"""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class MinivmError(Exception):
    """The base of every exception of minivm's own."""


class CompileError(MinivmError):
    """The program was not started: it is no Python, or not Mini. `str()` is the text to show, with no last newline."""

    exit_status = 2

    def __init__(self, text: str, filename: str = "", lineno: int = 0) -> None:
        super().__init__(text)
        self.filename = filename
        self.lineno = lineno


class Refused(CompileError):
    """Python, but not Mini. `message` is the sentence (`X is not in Mini`); `lineno` and `col` count from 1, `col` in
    characters."""

    def __init__(self, message: str, filename: str, lineno: int, col: int, source_line: str = "") -> None:
        super().__init__(refusal_text(message, filename, lineno, col, source_line), filename, lineno)
        self.message = message
        self.col = col
        self.source_line = source_line


class SyntaxProblem(CompileError):
    """Not Python. The text is what CPython prints on stderr for the same file."""

    exit_status = 1


def refusal_text(message: str, filename: str, lineno: int, col: int, source_line: str) -> str:
    """`FILE:LINE:COL: message`, then the source line and a caret under the column (tabs keep their width)."""
    head = f"{filename}:{lineno}:{col}: {message}"
    line = source_line.rstrip("\r\n\f ")
    body = line.lstrip(" \t\f")
    if not body:
        return head
    offset = max(0, min(col - 1 - (len(line) - len(body)), len(body)))
    pad = "".join("\t" if char == "\t" else " " for char in body[:offset])
    return f"{head}\n    {body}\n    {pad}^"


class Frame:
    """One line of a traceback: where the program was. `lineno` counts from 1."""

    __slots__ = ("filename", "lineno", "function")

    def __init__(self, filename: str, lineno: int, function: str) -> None:
        self.filename = filename
        self.lineno = lineno
        self.function = function

    def __repr__(self) -> str:
        return f"Frame(filename={self.filename!r}, lineno={self.lineno}, function={self.function!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Frame):
            return NotImplemented
        return (self.filename, self.lineno, self.function) == (other.filename, other.lineno, other.function)

    def __hash__(self) -> int:
        return hash((self.filename, self.lineno, self.function))


class StoppedError(MinivmError):
    """A program ended otherwise than by reaching its end. `frames` run from the outermost to the innermost; `stdout`
    and `stderr` hold what it had written where the VM collects output."""

    def __init__(self, text: str, frames: Sequence[Frame] = (), traceback: str = "") -> None:
        super().__init__(text)
        self.frames = tuple(frames)
        self.traceback = traceback
        self.stdout = ""
        self.stderr = ""


class ScriptError(StoppedError):
    """The program raised an exception and did not catch it. `type_name` and `message` are the exception's; `traceback`
    is the text that CPython would print; `__cause__` is the host's own exception where a host function raised it."""

    def __init__(self, type_name: str, message: str, frames: Sequence[Frame] = (), traceback: str = "") -> None:
        super().__init__(f"{type_name}: {message}" if message else type_name, frames, traceback)
        self.type_name = type_name
        self.message = message


class ScriptExit(ScriptError):
    """A function called by `VM.call` raised SystemExit. (`VM.run` returns a Result instead.)"""

    def __init__(self, code: object, message: str, frames: Sequence[Frame] = (), traceback: str = "") -> None:
        super().__init__("SystemExit", message, frames, traceback)
        self.code = code

    @property
    def exit_status(self) -> int:
        """What CPython's process would end with. It prints `message` first if this is 1 and the code is no int."""
        if self.code is None:
            return 0
        if not isinstance(self.code, int):
            return 1
        return self.code & 0xFF if -(1 << 63) <= self.code < 1 << 63 else 255


class LimitExceeded(StoppedError):
    """The VM stopped the program. `kind` is one of the names below; the VM can be used afterwards."""

    kind = "limit"


class TimeLimit(LimitExceeded):
    kind = "time"


class FuelLimit(LimitExceeded):
    kind = "fuel"


class MemoryLimit(LimitExceeded):
    kind = "memory"


class OutputLimit(LimitExceeded):
    kind = "output"


class Interrupted(LimitExceeded):
    """`VM.interrupt()` was called."""

    kind = "interrupted"


class VMError(MinivmError, RuntimeError):
    """The VM cannot do this: it is closed, busy in another thread, belongs to the parent process, or is running."""


class BadImage(VMError):
    """A `.minic` image that the container check or the bytecode verifier refused."""


class UnsupportedPlatform(VMError):
    """The runtime exists for Linux on x86-64 only."""
