"""runtime_c/codespace.c and what it stands on, for ctypes: built alone, without the rest of the runtime.

Used by tests/test_codespace*.py and bench/code_memory.py. The structures mirror codespace.h.
"""
from __future__ import annotations

import ctypes
import struct
import sys
from ctypes import POINTER, Structure, byref, c_bool, c_char_p, c_int, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p
from hashlib import blake2b
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import leaf_build

SOURCES = [f"runtime_c/{name}.c" for name in (
    "codespace", "codemem", "codenote", "codeseal", "guestlist", "native_sign", "blake2b", "fault")]
SEALED, FLIP, RWX = 0, 1, 2
OK, FULL, REFUSED, FAILED, TAMPERED, ORDER, BUSY = range(7)
STATES = ("EMITTED", "CHECKED", "SIGNED", "PLACED", "SEALED", "SYNCED", "VERIFIED", "LISTED", "PUBLISHED",
          "UNPUBLISHED", "UNLISTED", "QUIESCENT", "QUARANTINED", "RECYCLED")
GRANULE, PAGE, CODE_START, REGION, OPTIONS_AT = 16, 4096, 1 << 24, 1 << 27, 1 << 13
BOUND, EXACT_0 = 1, 32
KEY = bytes(range(32))


class Options(Structure):
    _fields_ = [("memory", c_uint8), ("permanent", c_bool), ("verify", c_bool), ("guests", c_bool), ("watch", c_bool),
                ("lazy_seal", c_bool), ("recycle", c_bool), ("code_limit", c_uint32), ("key", c_uint8 * 32)]


class FrozenPart(Structure):
    _fields_ = [("at", c_uint32), ("size", c_uint32), ("bytes", c_char_p)]


class Entry(Structure):
    _fields_ = [("at", c_uint32), ("entry_class", c_uint8)]


class Place(Structure):
    _fields_ = [("bytes", c_char_p), ("size", c_uint32), ("entries", POINTER(Entry)), ("entry_count", c_uint32),
                ("digest", c_uint8 * 32), ("at", c_uint32), ("unit", c_uint32)]


class Calls(Structure):
    _fields_ = [(name, c_uint64) for name in ("mmap", "mprotect", "mseal", "membarrier", "pwrite", "memfd", "fcntl")]


class Stats(Structure):
    _fields_ = [("units", c_uint64 * len(STATES)),
                *((name, c_uint64) for name in ("batches", "code_bytes", "page_bytes", "full", "refused", "failed",
                                                "tampered", "lazy_seals")),
                ("calls", Calls)]

    def state(self, name: str) -> int:
        return int(self.units[STATES.index(name)])


class Facilities(Structure):
    _fields_ = [(name, c_bool) for name in ("sealing", "flipping", "direct", "mseal", "sync_core")]


STEPS = ("check", "accept", "place", "seal", "sync", "verify", "list")


def load(directory: Path, name: str = "codespace", flags: tuple[str, ...] = ()) -> ctypes.CDLL:
    return declare(leaf_build.build(directory, name, [*SOURCES, "tests/c/codespace_helpers.c"], ["-Wno-unused-parameter", *flags]))


def declare(lib: ctypes.CDLL) -> ctypes.CDLL:
    space, places, batch = c_void_p, POINTER(Place), c_void_p
    signatures: dict[str, tuple[object, list[object]]] = {
        "new": (space, [POINTER(Options), c_char_p, c_size_t]), "free": (None, [space]),
        "freeze": (c_bool, [space, POINTER(FrozenPart), c_size_t]),
        "base": (c_void_p, [space]), "options": (POINTER(Options), [space]),
        "install": (c_int, [space, places, c_size_t]), "sign": (None, [space, places, c_size_t]),
        "is_listed": (c_bool, [space, c_void_p, c_uint8]),
        "begin": (c_int, [space, places, c_size_t, POINTER(c_void_p)]), "abandon": (None, [space, batch]),
        "finish": (c_int, [space, batch]),
        **{step: (c_int, [space, batch]) for step in STEPS},
        **{step: (c_int, [space, c_uint32]) for step in ("publish", "unpublished", "unlist", "quarantine")},
        "quiesce": (c_int, [space, c_uint32, c_void_p, c_void_p]),
        "state": (c_int, [space, c_uint32]), "stats": (Stats, [space]), "facilities": (POINTER(Facilities), [space]),
        "why": (c_char_p, [space]), "state_name": (c_char_p, [c_int]),
    }
    for function, (result, arguments) in signatures.items():
        found = getattr(lib, "mv_codespace_" + function)
        found.restype, found.argtypes = result, arguments
    return lib


class Refused(Exception):
    """A space could not be made."""


def classes_of(size: int, entries: dict[int, int]) -> bytes:
    classes = bytearray(-(-size // GRANULE))
    for at, entry_class in entries.items():
        classes[at // GRANULE] = entry_class
    return bytes(classes)


def digest(code: bytes, entries: dict[int, int], key: bytes = KEY) -> bytes:
    """As the compiler's service signs."""
    classes = classes_of(len(code), entries)
    return blake2b(struct.pack("<QQ", len(code), len(classes)) + classes + code, key=key, digest_size=32).digest()


def units(*codes: tuple[bytes, dict[int, int]], key: bytes = KEY) -> ctypes.Array[Place]:
    out = (Place * len(codes))()
    for place, (code, entries) in zip(out, codes):
        place.bytes, place.size, place.entry_count = code, len(code), len(entries)
        place.entries = (Entry * len(entries))(*(Entry(at, entry_class) for at, entry_class in entries.items()))
        place.digest = (c_uint8 * 32)(*digest(code, entries, key))
    return out


class Space:
    """A frozen code space. Results are numbers (OK, ...)."""

    def __init__(self, lib: ctypes.CDLL, memory: int = SEALED, *, freeze: bool = True, key: bytes = KEY,
                 **options: object) -> None:
        self.lib = lib
        why = ctypes.create_string_buffer(200)
        wanted = Options(memory=memory, verify=True, guests=True, key=(c_uint8 * 32)(*key))
        for name, value in options.items():
            setattr(wanted, name, value)
        self.pointer = lib.mv_codespace_new(byref(wanted), why, len(why))
        if not self.pointer:
            raise Refused(why.value.decode())
        if freeze:
            assert self.freeze(b"helper table")
        self.base = self("base")

    def freeze(self, *parts: bytes) -> bool:
        given = (FrozenPart(64 * number, len(part), part) for number, part in enumerate(parts))
        rows = (FrozenPart * len(parts))(*given)
        return bool(self("freeze", rows, len(parts)))

    def __call__(self, function: str, *arguments: object) -> object:
        return getattr(self.lib, "mv_codespace_" + function)(self.pointer, *arguments)

    def install(self, places: ctypes.Array[Place]) -> int:
        return int(self("install", places, len(places)))

    def begin(self, places: ctypes.Array[Place]) -> tuple[int, c_void_p]:
        batch = c_void_p()
        return self("begin", places, len(places), byref(batch)), batch

    def is_listed(self, at: int, entry_class: int) -> bool:
        return bool(self("is_listed", self.base + at, entry_class))

    def call(self, at: int) -> int:
        return int(ctypes.CFUNCTYPE(c_int)(self.base + at)())

    def quiesce(self, unit: int, frame: int = 0) -> int:
        """With one frame, at this address, or none."""
        where = ctypes.c_void_p(frame)
        return int(self("quiesce", unit, ctypes.cast(self.lib.helper_inside, c_void_p), byref(where)))

    def stats(self) -> Stats:
        return self("stats")

    def why(self) -> str:
        return self("why").decode()

    def close(self) -> None:
        self("free")


def returning(number: int) -> bytes:
    """A function: mov eax, number; ret."""
    return b"\xb8" + struct.pack("<i", number) + b"\xc3"
