"""The part of msgpack that messages to and from compilers consist of: an array of whole numbers and bytes.

The msgpack package does the same, but it loads `datetime` and more, which takes longer than compiling ten functions: time
that a program pays which ends soon. Called by messages.
"""
from __future__ import annotations

from struct import Struct
from struct import error as struct_error

NUMBERS = {0xCC: Struct(">B"), 0xCD: Struct(">H"), 0xCE: Struct(">I"), 0xCF: Struct(">Q"),
           0xD0: Struct(">b"), 0xD1: Struct(">h"), 0xD2: Struct(">i"), 0xD3: Struct(">q")}
LENGTHS = {0xC4: Struct(">B"), 0xC5: Struct(">H"), 0xC6: Struct(">I")}     # of bytes
COUNTS = {0xDC: Struct(">H"), 0xDD: Struct(">I")}                          # of an array
_SIGNED = ((0x7F, 0xD0), (0x7FFF, 0xD1), (0x7FFFFFFF, 0xD2), ((1 << 63) - 1, 0xD3))
_UNSIGNED = ((0xFF, 0xCC), (0xFFFF, 0xCD), (0xFFFFFFFF, 0xCE), ((1 << 64) - 1, 0xCF))
_BYTES = ((0xFF, 0xC4), (0xFFFF, 0xC5), (0xFFFFFFFF, 0xC6))


def _head(number: int, codes: tuple[tuple[int, int], ...], forms: dict[int, Struct], magnitude: int) -> bytes:
    for most, code in codes:
        if magnitude <= most:
            return bytes((code,)) + forms[code].pack(number)
    raise ValueError("a number past 64 bits")


def packb(fields: tuple[int | bytes, ...]) -> bytes:
    """In the shortest form, as the msgpack package does."""
    if len(fields) > 15:
        raise ValueError("more fields than any message has")
    parts = [bytes((0x90 | len(fields),))]
    for value in fields:
        if isinstance(value, int):
            if -32 <= value <= 127:
                parts.append(bytes((value & 0xFF,)))
            elif value >= 0:
                parts.append(_head(value, _UNSIGNED, NUMBERS, value))
            else:
                parts.append(_head(value, _SIGNED, NUMBERS, ~value))
        else:
            parts += _head(len(value), _BYTES, LENGTHS, len(value)), value
    return b"".join(parts)


def unpackb(data: bytes) -> list[int | bytes]:
    """The fields, in whichever form their numbers are. Raises ValueError for anything else."""
    try:
        code, at = data[0], 1
        if 0x90 <= code <= 0x9F:
            count = code & 0x0F
        else:
            count, = COUNTS[code].unpack_from(data, at)
            at += COUNTS[code].size
        fields: list[int | bytes] = []
        while count:
            count -= 1
            code = data[at]
            at += 1
            if code < 0x80 or code >= 0xE0:
                fields.append(code if code < 0x80 else code - 0x100)
            elif code in NUMBERS:
                fields += NUMBERS[code].unpack_from(data, at)
                at += NUMBERS[code].size
            else:
                size, = LENGTHS[code].unpack_from(data, at)
                at += LENGTHS[code].size + size
                if at > len(data):
                    raise ValueError("bytes past the end")
                fields.append(data[at - size:at])
    except (LookupError, struct_error) as problem:
        raise ValueError(f"not of the form of a message: {problem!r}") from None
    if at != len(data):
        raise ValueError("bytes behind the end")
    return fields
