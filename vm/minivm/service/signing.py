"""The digest that a unit carries from the checker to the sealed page: keyed BLAKE2b over its entries and its code.

runtime_c/native_sign.h says what is covered and computes the same over the sealed bytes. The digest is taken first and the
checker then looks at those same bytes, so that nothing can come in between.
"""
from __future__ import annotations

from struct import pack

try:
    from _blake2 import blake2b  # hashlib would load OpenSSL besides
except ImportError:
    from hashlib import blake2b

from minivm.spec.native import GRANULE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

KEY_BYTES = DIGEST_BYTES = 32


def digest_of(key: bytes, code: bytes, entries: Iterable[tuple[int, int]]) -> bytes:
    """Of a unit with these entries (offset, class)."""
    classes = bytearray(-(-len(code) // GRANULE))
    for offset, entry_class in entries:
        classes[offset // GRANULE] = entry_class
    state = blake2b(pack("<QQ", len(code), len(classes)), key=key, digest_size=DIGEST_BYTES)
    state.update(classes)
    state.update(code)
    return state.digest()
