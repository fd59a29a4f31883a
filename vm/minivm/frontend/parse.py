"""Source text to a tree: size limits, decoding, `ast.parse`, and CPython's own diagnosis of wrong programs.

Called by `check.py` and the REPL. `diagnose` runs CPython's compiler over the source and throws the result away: that
costs 3 to 4 us a line and gives every error (and warning) that its symbol table and code generator report, in
CPython's own words; the rest of the front end may then assume a program that CPython compiles. Every failure leaves
here as SyntaxProblem or Refused, never as a Python exception; a source that is refused for its size has cost no more
than a scan of its text.
"""

from __future__ import annotations

import ast
import codecs
import re
from typing import Any

from minivm.errors import CompileError, Refused, SyntaxProblem

MAX_SOURCE = 4 << 20  # bytes
MAX_FORMATTED = 10_000  # braces in one f-string: CPython's parser needs time quadratic in them
MAX_FINALLY = 10  # finally clauses inside each other: each is compiled twice, and CPython's compiler does that too
MAX_TOKENS = 1_000_000  # estimated; ast.parse costs about 2 us and 500 bytes for each
FEATURE_VERSION = (3, 11)

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:[#\r\n]|$)")


# What may be an f-string: (also inside other strings, where it does no harm)
_FORMATTED = re.compile(
    r"""(?is)\b(?:f|rf|fr)(?:\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}"""
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
)


class Source:
    """A source as it was read: the text for messages, and what CPython's parser gets. `byte_columns`: it came from a
    file that declares no encoding; CPython's parser then counts the columns of its errors in bytes."""

    __slots__ = ("filename", "text", "given", "byte_columns", "is_file", "_lines")

    def __init__(self, filename: str, text: str, given: str, byte_columns: bool = False, is_file: bool = False) -> None:
        self.filename = filename
        self.text = text
        self.given = given
        self.byte_columns = byte_columns
        self.is_file = is_file
        self._lines: list[str] | None = None

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


def _encoding(data: bytes) -> str:
    """The encoding that the coding cookie of the first two lines names; "" without one."""
    for line in data.split(b"\n", 2)[:2]:
        found = _COOKIE.match(line)
        if found:
            return found.group(1).decode("ascii", "replace")
        if not _BLANK.match(line):
            break
    return ""


def read(source: str | bytes, filename: str, max_source: int = MAX_SOURCE, max_tokens: int = MAX_TOKENS) -> Source:
    """Check the size and decode. Bytes are the content of a file, a str is a program given as such."""
    if len(source) > max_source:
        raise Refused(
            f"a source of {len(source)} bytes is not in Mini (the limit is {max_source}; see max_source)",
            filename,
            1,
            1,
        )
    byte_columns = False
    if isinstance(source, str):
        text = source.removeprefix("\ufeff")
    else:
        text, byte_columns = _decode(source, filename)
    if "\0" in text:
        raise _null_byte(text, filename, not isinstance(source, str))
    if len(text) > max_tokens:  # a token is a character at least
        count = text.count
        tokens = sum(map(count, ",.=([{\n+-*/<>:"))
        if tokens > max_tokens:
            raise Refused(
                f"a source of about {tokens} tokens is not in Mini (the limit is {max_tokens}; see max_tokens)",
                filename,
                1,
                1,
            )
    if text.count("{") > MAX_FORMATTED:
        for found in _FORMATTED.finditer(text):
            if text.count("{", *found.span()) > MAX_FORMATTED:
                line = text.count("\n", 0, found.start()) + 1
                raise Refused("an f-string with this many fields is not in Mini", filename, line, 1)
    return Source(filename, text, text, byte_columns, not isinstance(source, str))


def _null_byte(text: str, filename: str, is_file: bool) -> CompileError:
    if not is_file:
        return _bare_problem("source code string cannot contain null bytes", filename)
    at = text.index("\0")
    line = text[text.rfind("\n", 0, at) + 1 : at].lstrip(" \t\f")
    number = text.count("\n", 0, at) + 1
    return SyntaxProblem(
        f'  File "{filename}", line {number}\n    {line}\nSyntaxError: source code cannot contain null bytes',
        filename,
        number,
    )


def _decode(data: bytes, filename: str) -> tuple[str, bool]:
    """The text, and whether no encoding was declared."""
    bom = data.startswith(codecs.BOM_UTF8)
    if bom:
        data = data[3:]
    named = _encoding(data)
    encoding = _normal(named)
    if bom and encoding != "utf-8" and named:
        raise _bare_problem(f"encoding problem: {encoding} with BOM", filename)
    try:
        return str(data, encoding or "utf-8"), not bom and not named
    except LookupError:
        raise _bare_problem(f"encoding problem: {named}", filename) from None
    except UnicodeDecodeError as error:
        if encoding == "utf-8" or not encoding:
            line = data.count(b"\n", 0, error.start) + 1
            raise _bare_problem(
                f"Non-UTF-8 code starting with '\\x{data[error.start]:02x}' in file {filename} on line {line}, "
                "but no encoding declared; see https://peps.python.org/pep-0263/ for details",
                filename,
            ) from None
        raise _bare_problem(f"encoding problem: {named}", filename) from None


def _normal(name: str) -> str:
    start = name[:12].lower().replace("_", "-")
    if start == "utf-8" or start.startswith("utf-8-"):
        return "utf-8"
    if start in ("latin-1", "iso-8859-1", "iso-latin-1") or start.startswith(
        ("latin-1-", "iso-8859-1-", "iso-latin-1-")
    ):
        return "iso-8859-1"
    return name


# -- errors --


def _bare_problem(message: str, filename: str, kind: str = "SyntaxError") -> CompileError:
    """An error that CPython reports without a place."""
    problem = SyntaxProblem(f"{kind}: {message}", filename, 0)
    problem.error = SyntaxError(message)  # type: ignore[attr-defined]
    return problem


# Errors of the tokenizer proper: their columns are characters in files too.
_TOKENIZER = re.compile(
    r"invalid (?:non-printable )?character|invalid (?:\w+ )+literal|invalid digit|unterminated (?:string|triple)|"
    r"unmatched |closing parenthesis|"
    r"too many nested|leading zeros|unindent does not|inconsistent use"
)


def _syntax_error(error: SyntaxError, source: Source, from_parser: bool) -> CompileError:
    """The text that CPython prints for a syntax error (print_error_text in pythonrun.c)."""
    lineno = error.lineno or 0
    offset = error.offset if error.offset is not None else -1
    end_offset = error.end_offset if error.end_offset is not None else -1
    text = error.text
    message = error.msg
    if lineno and (text is None or source.is_file and not message.startswith("f-string: ")):
        text = source.line(lineno, True) or None
    if source.is_file and from_parser:
        if (
            end_offset == -1
            and message.startswith("expected")
            and offset > 0
            and lineno >= len(source.text.rstrip().split("\n"))
        ):
            offset = 0  # at the end of a file the parser has no column
        elif source.byte_columns and text is not None and not _TOKENIZER.match(message):
            offset, end_offset = _to_bytes(text, offset), _to_bytes(text, end_offset)
    out = f'  File "{source.filename}", line {lineno}\n'
    if text is not None:
        if error.end_lineno is not None and error.end_lineno > lineno:
            end_offset = len(text.encode("utf-8", "surrogatepass"))
        out += _source_lines(text, offset, end_offset, error.__class__ is SyntaxError)
    problem = SyntaxProblem(f"{out}{error.__class__.__name__}: {message}", source.filename, lineno)
    problem.error = error  # type: ignore[attr-defined]
    return problem


def _to_bytes(text: str, offset: int) -> int:
    return (
        len(text[: offset - 1].encode("utf-8", "surrogatepass")) + 1 + max(0, offset - 1 - len(text))
        if offset > 0
        else offset
    )


def _source_lines(text: str, offset: int, end_offset: int, ranged: bool) -> str:
    carets = end_offset - offset if ranged and end_offset > 0 and end_offset > offset else 1
    offset -= 1
    stripped = text.lstrip(" \t\f")
    offset -= len(text) - len(stripped)
    text = stripped
    length = len(text.encode("utf-8", "surrogatepass")) - text.endswith("\n")
    offset = min(offset, length)
    while (newline := text.find("\n")) >= 0 and newline < offset:
        text = text[newline + 1 :]
        offset -= newline + 1
    out = f"    {text}" if text.endswith("\n") else f"    {text}\n"
    return out if offset < 0 else f"{out}    {' ' * offset}{'^' * carets}\n"


def _too_deep(source: Source) -> Refused:
    return Refused("code nested this deeply is not in Mini", source.filename, 1, 1)


def _check_finally(tree: ast.AST, source: Source) -> None:
    stack: list[tuple[Any, int]] = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        if depth > MAX_FINALLY:
            raise source.refusal("nesting finally clauses this deeply", node.lineno, node.col_offset)
        final = set(map(id, getattr(node, "finalbody", ())))
        stack.extend((child, depth + (id(child) in final)) for child in ast.iter_child_nodes(node))


def parse(source: Source, mode: str = "exec", flags: int = 0) -> ast.Module:
    """The tree, once CPython's compiler has nothing to say against the source."""
    from_parser = True
    try:
        tree = ast.parse(source.given, "<source>", mode, feature_version=FEATURE_VERSION)
        from_parser = False
        if source.text.count("finally") > MAX_FINALLY:
            _check_finally(tree, source)
        compile(source.given, source.filename, mode, flags, dont_inherit=True)
    except SyntaxError as error:
        raise _syntax_error(error, source, from_parser) from None
    except (RecursionError, MemoryError, OverflowError):
        raise _too_deep(source) from None
    except ValueError as error:  # surrogates, int literals beyond the digit limit
        raise _bare_problem(str(error), source.filename, error.__class__.__name__) from None
    return tree  # type: ignore[return-value]
