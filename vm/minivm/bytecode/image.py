"""Images: the container of modules, its digest, and reading it back for tools.

The layout stands in spec/codeformat.py. The runtime's own reader and verifier are in C; `load` here serves the
disassembler and tests and trusts nothing but the digest.
"""

from __future__ import annotations

import hashlib
from typing import Any

from minivm.spec.codeformat import FORMAT_VERSION, MAGIC


def pack(modules: list[dict[str, Any]], main: int) -> bytes:
    from msgpack import packb

    body: bytes = packb({"modules": modules, "main": main}, use_bin_type=True, unicode_errors="surrogatepass")
    image: bytes = packb([MAGIC, FORMAT_VERSION, digest(body), body], use_bin_type=True)
    return image


def digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=32).digest()


def load(image: bytes) -> dict[str, Any]:
    """The body of an image. ValueError for one that is damaged or of another version."""
    from msgpack import unpackb

    outer = unpackb(image, use_list=True, raw=False, strict_map_key=False, unicode_errors="surrogatepass")
    if not isinstance(outer, list) or len(outer) != 4 or outer[0] != MAGIC or outer[1] != FORMAT_VERSION:
        raise ValueError("not an image of this version")
    if digest(outer[3]) != outer[2]:
        raise ValueError("the image is damaged: its digest differs")
    body: dict[str, Any] = unpackb(
        outer[3], use_list=True, raw=False, strict_map_key=False, unicode_errors="surrogatepass"
    )
    return body
