"""The bridge to the native runtime and what stands on it: wire encoding, embedding, bytecode cache.

Owns: the check that this machine can run programs at all, made before the native module is imported.
"""
from __future__ import annotations

import os
import sys

from minivm.errors import UnsupportedPlatform

IMAGE_MAGIC = b"\x94\xa5minic"  # how a compiled image begins; no text in UTF-8 does


def require_platform() -> None:
    """Raises UnsupportedPlatform where the runtime does not exist."""
    machine = os.uname().machine if hasattr(os, "uname") else "another machine"
    if sys.platform != "linux" or machine != "x86_64":
        raise UnsupportedPlatform(
            f"minivm runs programs on Linux x86-64 only, and this is {sys.platform} on {machine}; "
            "`minivm check`, `minivm compile` and `minivm dis` work here"
        )
    try:
        import minivm._native  # noqa: F401
    except ImportError as problem:
        raise UnsupportedPlatform(f"minivm's runtime is not built ({problem}); `pip install .` builds it") from None
