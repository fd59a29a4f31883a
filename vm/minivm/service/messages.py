"""Messages between a VM and the compilers, encoded as msgpack arrays. runtime_c/native_service.c is the other end.

request   [version, kind, number, flags, registers, simple_count, constants, sites, words, exceptions, name]
response  [version, kind, number, code, entries, exact, bound, resumes, digest]; several of them one after the other are a batch

Operands d and e of the calls in words are the number of the builtin that they are expected to meet (spec/native.py: INTRINSICS).
words, exceptions, entries and resumes are packed little-endian integers. Everything is named by number, never by address.
"""
from __future__ import annotations

from struct import pack, unpack

from minivm.baseline.unit import Request
from minivm.service.packing import packb, unpackb

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from minivm.baseline.unit import Unit

VERSION = 2
STUBS, FUNCTION = 0, 1


class BadMessage(ValueError):
    """Not a message of this version."""


def _numbers(data: bytes) -> tuple[int, ...]:
    count, rest = divmod(len(data), 4)
    if rest:
        raise ValueError("not a whole number of numbers")
    return unpack(f"<{count}I", data)


def _bytes(numbers: Sequence[int]) -> bytes:
    return pack(f"<{len(numbers)}I", *numbers)


def read_request(message: bytes) -> tuple[int, str, Request]:
    """The number to answer with, the function's qualified name, the request. Raises BadMessage."""
    try:
        fields: list[Any] = unpackb(message)
        version, kind, number, flags, registers, simple_count, constants, sites, words, exceptions, name = fields
        if version != VERSION or kind != FUNCTION:
            raise BadMessage(f"a request of version {version}, kind {kind}")
        ranges = _numbers(exceptions)
        rows = tuple(zip(ranges[0::4], ranges[1::4], ranges[2::4], strict=True))
        return number, name.decode("utf-8", "replace"), Request(memoryview(words).cast("Q"), flags, registers, simple_count, rows, constants, sites)
    except (ValueError, TypeError, AttributeError) as problem:
        raise BadMessage(f"no request: {problem}") from None


def write_request(number: int, name: str, request: Request) -> bytes:
    """What the runtime would ask, for tools that have no VM."""
    exceptions = _bytes([field for row in request.exceptions for field in (*row, 0)])
    message: bytes = packb((VERSION, FUNCTION, number, request.flags, request.registers, request.simple_count, request.constants, request.sites,
                                    request.words.tobytes(), exceptions, name.encode("utf-8", "surrogatepass")))
    return message


class Response:
    """A response as the runtime reads it; entries are (offset, class), resumes (word index, offset)."""

    __slots__ = ("kind", "number", "code", "entries", "exact", "bound", "resumes", "digest")

    def __init__(self, kind: int, number: int, code: bytes, entries: bytes, exact: int, bound: int, resumes: bytes, digest: bytes) -> None:
        self.kind = kind
        self.number = number
        self.code = code
        self.entries = _pairs(entries)
        self.exact = exact
        self.bound = bound
        self.resumes = _pairs(resumes)
        self.digest = digest


def _pairs(packed: bytes) -> list[tuple[int, int]]:
    numbers = _numbers(packed)
    return list(zip(numbers[0::2], numbers[1::2], strict=True))


def read_response(message: bytes) -> Response:
    """Raises BadMessage."""
    try:
        fields: list[Any] = unpackb(message)
        version = fields.pop(0)
        if version != VERSION:
            raise BadMessage(f"a response of version {version}")
        return Response(*fields)
    except (ValueError, TypeError, AttributeError) as problem:
        raise BadMessage(f"no response: {problem}") from None


def write_response(kind: int, number: int, unit: Unit, digest: bytes) -> bytes:
    entries = _bytes([field for entry in unit.entries for field in entry])
    resumes = _bytes([field for resume in unit.resumes for field in resume])
    response: bytes = packb((VERSION, kind, number, unit.code, entries, unit.exact, unit.bound, resumes, digest))
    return response
