"""What the tests of the compiler share."""

from __future__ import annotations

from typing import Any

from minivm.bytecode import _module
from minivm.bytecode.image import pack
from minivm.frontend.check import analyse, read


class AnyModule:
    """Every import is taken to be a local module that nobody looks for: to compile files on their own."""

    def status(self, name: str) -> str:
        return "local"

    def exports(self, name: str) -> frozenset[str]:
        return frozenset()

    def star_names(self, name: str, level: int) -> frozenset[str] | None:
        return None


def compile_alone(source: str | bytes, filename: str = "test.py", package: str = "") -> bytes:
    unit = analyse(read(source, filename), AnyModule())
    return pack([_module(unit, "__main__", package, filename, False, False)], 0)


def main_code(image: bytes) -> list[Any]:
    from minivm.bytecode.image import load

    return load(image)["modules"][0]["code"]
