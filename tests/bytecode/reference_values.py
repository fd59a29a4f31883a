"""What instructions of the reference interpreter (reference.py) do with single values: unpacking, matching, method look-up.

Called by reference.py alone; knows nothing of frames and code.
"""

from __future__ import annotations

import types
from typing import Any


class _Unassigned:
    def __repr__(self) -> str:
        return "UNASSIGNED"


UNASSIGNED = _Unassigned()
MARKER = object()


def describe(function: Any) -> str:
    qualname = getattr(function, "__qualname__", None)
    if qualname is None:
        return str(function)
    module = getattr(function, "__module__", None)
    return f"{module}.{qualname}()" if module not in (None, "builtins") else f"{qualname}()"


def load_method(base: Any, name: str) -> tuple[Any, Any]:
    cls = type(base)
    for owner in cls.__mro__:
        if name in owner.__dict__:
            found = owner.__dict__[name]
            if isinstance(found, types.FunctionType) and cls.__getattribute__ is object.__getattribute__:
                if name not in getattr(base, "__dict__", ()):
                    return found, base
            break
    return getattr(base, name), UNASSIGNED


def iter_unpack(value: Any) -> Any:
    try:
        return iter(value)
    except TypeError:
        if hasattr(type(value), "__iter__") or hasattr(type(value), "__getitem__"):
            raise
        raise TypeError(f"cannot unpack non-iterable {type(value).__name__} object") from None


def unpack(value: Any, count: int) -> list[Any]:
    iterator = iter_unpack(value)
    items = []
    for _ in range(count):
        try:
            items.append(next(iterator))
        except StopIteration:
            raise ValueError(f"not enough values to unpack (expected {count}, got {len(items)})") from None
    if next(iterator, MARKER) is not MARKER:
        raise ValueError(f"too many values to unpack (expected {count})")
    return items


def match(error: BaseException, classes: Any) -> bool:
    for cls in classes if isinstance(classes, tuple) else (classes,):
        if not (isinstance(cls, type) and issubclass(cls, BaseException)):
            raise TypeError("catching classes that do not inherit from BaseException is not allowed")
    return isinstance(error, classes)


def raise_value(value: Any) -> None:
    raise value


def raise_from(value: Any, cause: Any) -> None:
    raise value from cause
