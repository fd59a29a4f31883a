"""Source text to a tree: size limits, decoding, `ast.parse`, and CPython's own diagnosis of wrong programs.

Called by `check.py` and the REPL. `diagnose` runs CPython's compiler over the source and throws the result away: that costs 3 to 4 us
a line and gives every error (and warning) that its symbol table and code generator report, in CPython's own words; the rest of the
front end may then assume a program that CPython compiles. Every failure leaves here as SyntaxProblem or Refused, never as a
Python exception; a source that is refused for its size has cost no more than a scan of its text.
"""
from __future__ import annotations

import ast
import codecs
import re

from minivm.errors import CompileError, Refused, SyntaxProblem

MAX_SOURCE = 4 << 20          # bytes
MAX_TOKENS = 1_000_000        # estimated; ast.parse costs about 2 us and 500 bytes for each
FEATURE_VERSION = (3, 11)

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:[#\r\n]|$)")


class Source:
    """A source as it was read: the text for messages, and what CPython's parser gets."""

    __slots__ = ("filename", "text", "given", "_lines")

    def __init__(self, filename: str, text: str, given: str | bytes) -> None:
        self.filename = filename
        self.text = text
        self.given = given
        self._lines: list[str] | None = None

    def line(self, number: int) -> str:
        if self._lines is None:
            self._lines = re.split("\r\n|\r|\n", self.text)
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    def refusal(self, what: str, lineno: int, col_bytes: int) -> Refused:
        line = self.line(lineno)
        col = len(line.encode("utf-8", "replace")[:col_bytes].decode("utf-8", "ignore"))
        return Refused(f"{what} is not in Mini", self.filename, lineno, col + 1, line)


def _encoding(data: bytes) -> str:
    """The encoding that the BOM or the coding cookie of the first two lines names."""
    for line in data.split(b"\n", 2)[:2]:
        found = _COOKIE.match(line)
        if found:
            return found.group(1).decode("ascii", "replace")
        if not _BLANK.match(line):
            break
    return "utf-8"


def read(source: str | bytes, filename: str, max_source: int = MAX_SOURCE, max_tokens: int = MAX_TOKENS) -> Source:
    if len(source) > max_source:
        raise Refused(f"a source of {len(source)} bytes is not in Mini (the limit is {max_source}; see max_source)", filename, 1, 1)
    if isinstance(source, str):
        if "\0" in source:
            raise _syntax_error(SyntaxError("source code cannot contain null bytes", (filename, *_null(source))))
        text = source.removeprefix("\ufeff")
    else:
        text = _decode(source, filename)
        if "\0" in text:
            raise _syntax_error(SyntaxError("source code cannot contain null bytes", (filename, *_null(text))))
    if len(text) > max_tokens:          # a token is a byte at least
        count = text.count
        tokens = sum(map(count, ",.=([{\n+-*/<>:"))
        if tokens > max_tokens:
            raise Refused(f"a source of about {tokens} tokens is not in Mini (the limit is {max_tokens}; see max_tokens)", filename, 1, 1)
    return Source(filename, text, text)


def _null(text: str) -> tuple[int, int, str]:
    at = text.index("\0")
    start = text.rfind("\n", 0, at) + 1
    return text.count("\n", 0, at) + 1, 0, text[start:at]


def _decode(data: bytes, filename: str) -> str:
    bom = data.startswith(codecs.BOM_UTF8)
    if bom:
        data = data[3:]
    encoding = _encoding(data)
    normal = encoding[:12].lower().replace("_", "-")
    if normal == "utf-8" or normal.startswith("utf-8-"):
        encoding = "utf-8"
    elif bom:
        raise _syntax_error(SyntaxError(f"encoding problem: {encoding} with BOM", (filename, 1, 0, None)))
    try:
        return str(data, encoding)
    except LookupError:
        raise _syntax_error(SyntaxError(f"unknown encoding: {encoding}", (filename, 0, 0, None))) from None
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            line = data.count(b"\n", 0, error.start) + 1
            raise _syntax_error(SyntaxError(
                f"Non-UTF-8 code starting with '\\x{data[error.start]:02x}' in file {filename} on line {line}, but no encoding declared; "
                "see https://peps.python.org/pep-0263/ for details", (filename, line, 0, None))) from None
        raise _syntax_error(SyntaxError(f"encoding problem: {encoding}", (filename, 0, 0, None))) from None


def _syntax_error(error: SyntaxError, source: Source | None = None) -> CompileError:
    """The text that CPython prints for a syntax error in a file."""
    from traceback import TracebackException

    if source is not None:
        error.filename = source.filename
        if error.text is None and error.lineno:
            error.text = source.line(error.lineno)
    text = "".join(TracebackException(type(error), error, None).format_exception_only()).rstrip("\n")
    problem = SyntaxProblem(text, error.filename or "", error.lineno or 0)
    problem.error = error  # type: ignore[attr-defined]
    return problem


def _too_deep(source: Source) -> Refused:
    return Refused("code nested this deeply is not in Mini", source.filename, 1, 1)


def parse(source: Source, mode: str = "exec", flags: int = 0) -> ast.Module:
    """The tree, once CPython's compiler has nothing to say against the source."""
    try:
        tree = ast.parse(source.given, source.filename, mode, feature_version=FEATURE_VERSION)
        compile(source.given, source.filename, mode, flags, dont_inherit=True)
    except SyntaxError as error:
        raise _syntax_error(error, source) from None
    except (RecursionError, MemoryError):
        raise _too_deep(source) from None
    except ValueError as error:         # null bytes, surrogates, int literals beyond the digit limit
        raise _syntax_error(SyntaxError(str(error), (source.filename, 1, 0, None)), source) from None
    except OverflowError:
        raise _too_deep(source) from None
    return tree  # type: ignore[return-value]
