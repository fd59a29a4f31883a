"""The builtin names of Mini: functions, and what CPython has that Mini refuses. Classes and exceptions stand in types.py."""
from __future__ import annotations

from . import types

# ORDER functions: the C runtime has one implementation for each (runtime_c/gen/builtins.h).
FUNCTIONS: tuple[str, ...] = (
    "abs", "all", "any", "ascii", "bin", "callable", "chr", "delattr", "dir", "divmod", "format", "getattr", "globals", "hasattr", "hash",
    "hex", "id", "input", "isinstance", "issubclass", "iter", "len", "locals", "max", "min", "next", "oct", "open", "ord", "pow", "print",
    "repr", "round", "setattr", "sorted", "sum", "vars", "__display__", "__build_class__",
)
CONSTANTS: tuple[str, ...] = ("None", "True", "False", "Ellipsis", "NotImplemented", "__debug__")
CLASSES: tuple[str, ...] = tuple(row.name for row in types.CLASSES if row.visible)
EXCEPTIONS: tuple[str, ...] = tuple(name for name, _ in types.EXCEPTIONS) + ("EnvironmentError", "IOError")

# Builtins of CPython 3.11 that Mini refuses before the program runs, unless the program defines the name itself.
REFUSED: tuple[str, ...] = (
    "aiter", "anext", "breakpoint", "bytearray", "bytes", "compile", "complex", "copyright", "credits", "eval", "exec", "exit", "help",
    "license", "memoryview", "quit", "BaseExceptionGroup", "ExceptionGroup", "__import__", "__loader__", "__spec__",
)
