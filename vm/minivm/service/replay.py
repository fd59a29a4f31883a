"""Dumped requests: a file with all that the compiler was told and what it answered, so that it can be asked again without a VM.

    [MAGIC, VERSION, settings, request, response, digest]       msgpack

The response is kept without its digest, which rests on the VM's secret key; `digest` is the dump's own (BLAKE2b of what
stands before it). Written by `--dump=request`, read by `minivm replay`.
"""
from __future__ import annotations

from hashlib import blake2b

import msgpack

from minivm.service.compiler import unit_for
from minivm.service.messages import FUNCTION, BadMessage, Response, read_request, read_response, write_response

MAGIC, VERSION = "minivm request", 2


def unsigned(response: Response) -> bytes:
    fields = (1, response.kind, response.number, response.code, response.entries, response.exact, response.bound, response.resumes)
    packed: bytes = msgpack.packb(fields)
    return packed


def write_dump(settings: str, request: bytes, response: bytes) -> bytes:
    body = (MAGIC, VERSION, settings, request, unsigned(read_response(response)))
    packed: bytes = msgpack.packb((*body, _digest(body)))
    return packed


def _digest(body: tuple[object, ...]) -> bytes:
    return blake2b(msgpack.packb(body), digest_size=32).digest()


def read_dump(data: bytes) -> tuple[str, bytes, bytes]:
    """Settings, request, unsigned response. Raises BadMessage."""
    try:
        *body, digest = msgpack.unpackb(data)
        magic, version, settings, request, response = body
        if magic != MAGIC or version != VERSION:
            raise BadMessage("no dumped request of this version")
        if _digest(tuple(body)) != digest:
            raise BadMessage("the dump is damaged: its digest differs")
        return settings, request, response
    except BadMessage:
        raise
    except (ValueError, TypeError, msgpack.UnpackException) as problem:
        raise BadMessage(f"no dumped request: {problem}") from None


def compare(data: bytes) -> tuple[bool, str]:
    """Whether the compiler gives the same response again, and a sentence about it. Raises BadMessage, ValueError for settings
    that are not this version's, CodeRefused."""
    settings, request, before = read_dump(data)
    number, name, task = read_request(request)
    unit = unit_for(settings, request)
    after = unsigned(read_response(write_response(FUNCTION, number, unit, b"")))
    if before == after:
        return True, f"{name}: same ({len(unit.code)} bytes of code for {len(task.words)} words)"
    old, new = msgpack.unpackb(before), msgpack.unpackb(after)
    names = ("version", "kind", "number", "code", "entries", "exact", "bound", "resumes")
    field = next((at for at, pair in enumerate(zip(old, new)) if pair[0] != pair[1]), 0)
    text = f"{name}: {names[field]} differs"
    if names[field] == "code":
        first = next((at for at, (a, b) in enumerate(zip(old[field], new[field])) if a != b), min(len(old[field]), len(new[field])))
        text += f" at 0x{first:x}: was {old[field][first:first + 8].hex(' ')} ({len(old[field])} bytes), is {new[field][first:first + 8].hex(' ')} "
        text += f"({len(new[field])} bytes); {_where(settings, unit, first)}"
    else:
        text += f": was {old[field]!r}, is {new[field]!r}"
    return False, text


def _where(settings: str, unit: object, offset: int) -> str:
    from minivm.service.listing import Piece, pieces

    found = Piece("the end", -1, False, 0, 0)
    for piece in pieces(settings, unit):    # type: ignore[arg-type]
        if piece.at <= offset < piece.at + piece.size:
            found = piece
    return found.title + (f" of word {found.word}" if found.word >= 0 else "")
