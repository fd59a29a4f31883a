"""Runs a program of CPython's with the addresses of its objects moved: `python moved.py SALT FILE [ARGUMENT...]`.

Called by running.py. CPython hashes by address what has no hash of its own (None, Ellipsis, nan, classes, functions,
methods, objects), and the places of such keys in a set follow from it. Heap addresses differ with the allocator
(PYTHONMALLOC), but those of None and of the builtin classes lie fixed within a page: small sets show them in the same
order at each start. So another function is put in the place of the one that hashes addresses, in every class that has
it; SALT chooses which (0: none). What differs between the salts follows from addresses, and nothing else does. The
last digits of addresses are the same at each start, too, as the kernel moves whole pages: SALT moves these as well.
"""
from __future__ import annotations

import ctypes
import sys
from types import ModuleType

SLOT = 120  # of tp_hash in PyTypeObject, 64-bit CPython 3.11
MASK = (1 << 60) - 1
KEPT: list[object] = []  # what C holds a pointer to
HASH = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p)


def move(salt: int) -> None:
    """Replaces the hash by address wherever it is a class's, builtin ones included."""
    @HASH
    def elsewhere(address: int) -> int:
        return (address >> 4) * (0x9E3779B97F4A7C15 + 2 * salt) + salt & MASK

    KEPT.append(elsewhere)

    def slot(cls: type) -> ctypes.c_void_p:
        return ctypes.c_void_p.from_address(id(cls) + SLOT)

    original = slot(object).value
    replacement = ctypes.cast(elsewhere, ctypes.c_void_p).value
    seen, waiting = set(), [object]
    while waiting:
        cls = waiting.pop()
        if id(cls) in seen:
            continue
        seen.add(id(cls))
        waiting += type.__subclasses__(cls)
        if slot(cls).value == original or cls in (type(None), type(len), type(move.__get__(0)), type([].__len__)):
            slot(cls).value = replacement
    of_numbers = HASH(slot(float).value)

    @HASH
    def of_float(address: int) -> int:  # a nan hashes its address, too, in a function of its own
        value = ctypes.c_double.from_address(address + 16).value
        return of_numbers(address) if value == value else elsewhere(address)

    KEPT.append(of_float)
    for cls in (float, *float.__subclasses__()):
        if slot(cls).value == ctypes.cast(of_numbers, ctypes.c_void_p).value:
            slot(cls).value = ctypes.cast(of_float, ctypes.c_void_p).value


def shift(salt: int) -> None:
    """Fills what is free of each size of blocks, and then some: objects made later have other places within their pages."""
    count = 300 + 5 * salt
    for size in range(16, 513, 16):
        KEPT.append([bytes(size - 33) for _ in range(count)] if size > 48 else [object() for _ in range(count)])
    KEPT.append(bytes(1024 + 48 * salt))  # of the larger ones, which malloc gives


def main() -> None:
    salt, path = int(sys.argv[1]), sys.argv[2]
    del sys.argv[:2]
    module = sys.modules["__main__"] = ModuleType("__main__")
    module.__file__ = path
    if salt:
        move(salt)  # before compiling: a frozenset of constants is made there
    with open(path, encoding="utf-8") as file:
        code = compile(file.read(), path, "exec")
    shift(salt)
    exec(code, module.__dict__)


main()
