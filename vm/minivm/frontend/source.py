"""A source as it was read: its text, its lines, and where it came from."""

from __future__ import annotations

import re

from minivm.errors import Refused


def _masked(line: bytes) -> bytes:
    return line.replace(b"coding", b"c.ding") if line.lstrip(b" \t\f").startswith(b"#") else line


class Source:
    """`is_file`: read from a file, as `python FILE` does (its lines end with \\n), rather than given as a text;
    `declared`: the file names its encoding, by a comment or a byte order mark (`bom`). `data`: what the parser gets
    instead of the text, where a file is not quite the UTF-8 that it says it is."""

    __slots__ = ("filename", "text", "is_file", "declared", "bom", "data", "_lines")

    def __init__(
        self,
        filename: str,
        text: str,
        is_file: bool = False,
        declared: bool = False,
        bom: bool = False,
        data: bytes | None = None,
    ) -> None:
        self.filename = filename
        self.text = text
        self.is_file = is_file
        self.declared = declared
        self.bom = bom
        self.data = data
        self._lines: list[str] | None = None

    def for_parser(self) -> str | bytes:
        """What CPython's parser gets. For a file: UTF-8 in which no comment declares an encoding."""
        if not self.is_file:
            return self.text
        data = self.data or self.text.encode("utf-8", "surrogatepass")
        if self.declared:
            first, second, rest = (data.split(b"\n", 2) + [b"", b""])[:3]
            data = b"\n".join((_masked(first), _masked(second), rest))[: len(data)]
        return data

    def line(self, number: int, newline: bool = False) -> str:
        if self._lines is None:
            self._lines = re.split("\r\n|\r|\n", self.text)
        if not 0 < number <= len(self._lines):
            return ""
        return self._lines[number - 1] + ("\n" if newline and number < len(self._lines) else "")

    def refusal(self, what: str, lineno: int, col_bytes: int) -> Refused:
        line = self.line(lineno)
        col = len(line.encode("utf-8", "replace")[:col_bytes].decode("utf-8", "ignore"))
        return Refused(f"{what} is not in Mini", self.filename, lineno, col + 1, line)
