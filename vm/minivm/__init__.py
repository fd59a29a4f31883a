"""minivm runs Mini, a strict subset of Python 3.11, on a virtual machine of its own.

Owns: the public names. They are loaded when they are first used: importing `minivm` costs nothing and loads no native
code, which the command line's start-up, the build and the layering of `spec` rely on.
"""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from minivm.errors import (
        BadImage,
        CompileError,
        Frame,
        FuelLimit,
        Interrupted,
        LimitExceeded,
        MemoryLimit,
        MinivmError,
        OutputLimit,
        Refused,
        ScriptError,
        ScriptExit,
        SyntaxProblem,
        TimeLimit,
        UnsupportedPlatform,
        VMError,
    )
    from minivm.runtime.bridge import Handle
    from minivm.runtime.embed import VM, Result, compile_program

__version__ = "0.1.0"

_PLACES = {
    "VM": "minivm.runtime.embed",
    "Result": "minivm.runtime.embed",
    "compile_program": "minivm.runtime.embed",
    "Handle": "minivm.runtime.bridge",
    **dict.fromkeys(
        (
            "BadImage", "CompileError", "Frame", "FuelLimit", "Interrupted", "LimitExceeded", "MemoryLimit",
            "MinivmError", "OutputLimit", "Refused", "ScriptError", "ScriptExit", "SyntaxProblem", "TimeLimit",
            "UnsupportedPlatform", "VMError",
        ),
        "minivm.errors",
    ),
}

__all__ = [
    "VM", "BadImage", "CompileError", "Frame", "FuelLimit", "Handle", "Interrupted", "LimitExceeded", "MemoryLimit",
    "MinivmError", "OutputLimit", "Refused", "Result", "ScriptError", "ScriptExit", "SyntaxProblem",
    "TimeLimit", "UnsupportedPlatform", "VMError", "compile_program",
]


def __getattr__(name: str) -> object:
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module 'minivm' has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(place), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
