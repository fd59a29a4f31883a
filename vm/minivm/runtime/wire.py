"""The wire encoding in which plain data crosses between Python and the runtime (its definition: runtime_c/mv_api.h).

Owns: encoding of Python values and argument blocks, decoding of what the VM sends. Called by `bridge` alone, on the
path of every call that is not all small ints, so it works on bytes with precompiled formats and imports nothing but
struct. Knows nothing of VMs: what is no plain data goes through the two hooks that the caller passes (`handle_id`,
`make_handle`).
"""
from __future__ import annotations

from struct import Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# ORDER wire-tags: as MV_WIRE_* in mv_api.h; tests/api holds them against each other.
(
    NONE, FALSE, TRUE, INT, BIG_POS, BIG_NEG, FLOAT, STR, LIST, TUPLE, DICT, SET, FROZENSET, HANDLE, INTS, FLOATS, TEXT,
) = range(17)
DEPTH = 200

INT_MIN = -(1 << 63)
INT_MAX = (1 << 63) - 1
BULK = 16  # items; below this the plain list form is as fast

_pack_int = Struct("<Bq").pack
_pack_float = Struct("<Bd").pack
_pack_count = Struct("<BI").pack
_pack_handle = Struct("<BQ").pack
_pack_arguments = Struct("<HH").pack
_unpack_int = Struct("<q").unpack_from
_unpack_float = Struct("<d").unpack_from
_unpack_count = Struct("<I").unpack_from
_unpack_handle = Struct("<Q").unpack_from
_unpack_arguments = Struct("<HH").unpack_from


class WireError(TypeError):
    """A value that cannot cross."""


def encode_arguments(args: tuple[Any, ...], kwargs: dict[str, Any] | None, handle_id: Callable[[Any], int]) -> bytes:
    """An argument block."""
    count = len(kwargs) if kwargs else 0
    if len(args) > 0xFFFF or count > 0xFFFF:
        raise WireError("more than 65535 arguments")
    parts = [_pack_arguments(len(args), count)]
    for value in args:
        kind = type(value)
        if kind is int and INT_MIN <= value <= INT_MAX:
            parts.append(_pack_int(INT, value))
        elif kind is str:
            _encode_str(parts, value, 0, handle_id)
        else:
            _encode(parts, value, 0, handle_id)
    if kwargs:
        for name, value in kwargs.items():
            _encode(parts, name, 0, handle_id)
            _encode(parts, value, 0, handle_id)
    return b"".join(parts)


def encode(value: Any, handle_id: Callable[[Any], int]) -> bytes:
    """One value."""
    parts: list[bytes] = []
    _encode(parts, value, 0, handle_id)
    return b"".join(parts)


def _encode(parts: list[bytes], value: Any, depth: int, handle_id: Callable[[Any], int]) -> None:
    encoder = _ENCODERS.get(type(value))
    if encoder is None:
        encoder = _encoder_of_subclass(value)
    encoder(parts, value, depth, handle_id)


def _encoder_of_subclass(value: Any) -> Callable[..., None]:
    """Named tuples, IntEnum members, OrderedDict and their like cross as their base; the rest must be a handle."""
    for base in (bool, int, float, str, list, tuple, dict, set, frozenset):
        if isinstance(value, base):
            return _ENCODERS[base]
    return _encode_handle


def _encode_handle(parts: list[bytes], value: Any, depth: int, handle_id: Callable[[Any], int]) -> None:
    parts.append(_pack_handle(HANDLE, handle_id(value)))


def _encode_none(parts: list[bytes], value: None, depth: int, handle_id: Callable[[Any], int]) -> None:
    parts.append(b"\x00")


def _encode_bool(parts: list[bytes], value: bool, depth: int, handle_id: Callable[[Any], int]) -> None:
    parts.append(b"\x02" if value else b"\x01")


def _encode_int(parts: list[bytes], value: int, depth: int, handle_id: Callable[[Any], int]) -> None:
    if INT_MIN <= value <= INT_MAX:
        parts.append(_pack_int(INT, value))
        return
    size = (value.bit_length() + 7) >> 3
    parts.append(_pack_count(BIG_POS if value > 0 else BIG_NEG, size))
    parts.append(abs(value).to_bytes(size, "little"))


def _encode_float(parts: list[bytes], value: float, depth: int, handle_id: Callable[[Any], int]) -> None:
    parts.append(_pack_float(FLOAT, value))


def _encode_str(parts: list[bytes], value: str, depth: int, handle_id: Callable[[Any], int]) -> None:
    data = str.encode(value, "utf-8", "surrogatepass")
    parts.append(_pack_count(STR, _checked(len(data))) + data)


def _encode_list(parts: list[bytes], value: list[Any], depth: int, handle_id: Callable[[Any], int]) -> None:
    if len(value) >= BULK and _encode_bulk(parts, value):
        return
    _encode_items(parts, LIST, value, depth, handle_id)


def _encode_bulk(parts: list[bytes], value: list[Any]) -> bool:
    """The packed form of a list of nothing but ints or nothing but floats; False if it is no such list."""
    kinds = set(map(type, value))
    if len(kinds) != 1:
        return False
    kind = kinds.pop()
    if kind is not int and kind is not float:
        return False
    from array import array

    try:
        data = array("q" if kind is int else "d", value).tobytes()
    except OverflowError:
        return False
    parts.append(_pack_count(INTS if kind is int else FLOATS, _checked(len(data) >> 3)))
    parts.append(data)
    return True


def _encode_tuple(parts: list[bytes], value: tuple[Any, ...], depth: int, handle_id: Callable[[Any], int]) -> None:
    _encode_items(parts, TUPLE, value, depth, handle_id)


def _encode_set(parts: list[bytes], value: set[Any], depth: int, handle_id: Callable[[Any], int]) -> None:
    _encode_items(parts, SET, value, depth, handle_id)


def _encode_frozenset(parts: list[bytes], value: frozenset[Any], depth: int, handle_id: Callable[[Any], int]) -> None:
    _encode_items(parts, FROZENSET, value, depth, handle_id)


def _encode_items(parts: list[bytes], tag: int, value: Any, depth: int, handle_id: Callable[[Any], int]) -> None:
    _check_depth(depth)
    parts.append(_pack_count(tag, _checked(len(value))))
    for item in value:
        _encode(parts, item, depth + 1, handle_id)


def _encode_dict(parts: list[bytes], value: dict[Any, Any], depth: int, handle_id: Callable[[Any], int]) -> None:
    _check_depth(depth)
    parts.append(_pack_count(DICT, _checked(len(value))))
    for key, item in value.items():
        _encode(parts, key, depth + 1, handle_id)
        _encode(parts, item, depth + 1, handle_id)


def _check_depth(depth: int) -> None:
    if depth >= DEPTH:
        raise ValueError(f"data nested more than {DEPTH} deep (or containing itself) cannot cross into a VM")


def _checked(count: int) -> int:
    if count > 0xFFFFFFFF:
        raise WireError("data of more than 4294967295 items or bytes cannot cross into a VM")
    return count


_ENCODERS: dict[type, Callable[..., None]] = {
    type(None): _encode_none,
    bool: _encode_bool,
    int: _encode_int,
    float: _encode_float,
    str: _encode_str,
    list: _encode_list,
    tuple: _encode_tuple,
    dict: _encode_dict,
    set: _encode_set,
    frozenset: _encode_frozenset,
}


def decode(data: bytes, make_handle: Callable[[int], Any]) -> Any:
    """The value that `data` encodes."""
    return _DECODERS[data[0]](data, 1, make_handle)[0]


def decode_arguments(data: bytes, make_handle: Callable[[int], Any]) -> tuple[list[Any], dict[str, Any]]:
    """The positional and the keyword arguments of an argument block."""
    positional, keywords = _unpack_arguments(data)
    at = 4
    args = []
    for _ in range(positional):
        value, at = _DECODERS[data[at]](data, at + 1, make_handle)
        args.append(value)
    kwargs = {}
    for _ in range(keywords):
        name, at = _DECODERS[data[at]](data, at + 1, make_handle)
        kwargs[name], at = _DECODERS[data[at]](data, at + 1, make_handle)
    return args, kwargs


# Each decoder takes the data, the offset after the tag and the hook, and returns the value and the offset after it.
def _decode_none(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    return None, at


def _decode_false(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    return False, at


def _decode_true(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    return True, at


def _decode_int(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    return _unpack_int(data, at)[0], at + 8


def _decode_big_pos(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    end = at + 4 + _unpack_count(data, at)[0]
    return int.from_bytes(data[at + 4:end], "little"), end


def _decode_big_neg(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    end = at + 4 + _unpack_count(data, at)[0]
    return -int.from_bytes(data[at + 4:end], "little"), end


def _decode_float(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    return _unpack_float(data, at)[0], at + 8


def _decode_str(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    end = at + 4 + _unpack_count(data, at)[0]
    return data[at + 4:end].decode("utf-8", "surrogatepass"), end


def _decode_list(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    count = _unpack_count(data, at)[0]
    at += 4
    items = []
    decoders = _DECODERS
    for _ in range(count):
        value, at = decoders[data[at]](data, at + 1, make_handle)
        items.append(value)
    return items, at


def _decode_tuple(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    items, at = _decode_list(data, at, make_handle)
    return tuple(items), at


def _decode_dict(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    count = _unpack_count(data, at)[0]
    at += 4
    items = {}
    decoders = _DECODERS
    for _ in range(count):
        key, at = decoders[data[at]](data, at + 1, make_handle)
        items[key], at = decoders[data[at]](data, at + 1, make_handle)
    return items, at


def _decode_set(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    items, at = _decode_list(data, at, make_handle)
    return set(items), at


def _decode_frozenset(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    items, at = _decode_list(data, at, make_handle)
    return frozenset(items), at


def _decode_handle(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    return make_handle(_unpack_handle(data, at)[0]), at + 8


def _decode_ints(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    return _decode_bulk("q", data, at)


def _decode_floats(data: bytes, at: int, make_handle: Callable[[int], Any]) -> tuple[Any, int]:
    return _decode_bulk("d", data, at)


def _decode_bulk(code: str, data: bytes, at: int) -> tuple[Any, int]:
    from array import array

    end = at + 4 + 8 * _unpack_count(data, at)[0]
    items = array(code)
    items.frombytes(data[at + 4:end])
    return items.tolist(), end


_DECODERS = (
    _decode_none, _decode_false, _decode_true, _decode_int, _decode_big_pos, _decode_big_neg, _decode_float,
    _decode_str, _decode_list, _decode_tuple, _decode_dict, _decode_set, _decode_frozenset, _decode_handle,
    _decode_ints, _decode_floats,
)
