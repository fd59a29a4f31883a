"""The texts of syntax errors: what CPython prints on stderr for the same source.

Called by `parse.py` with the exceptions of CPython's own parser and compiler. The parser was given the source in UTF-8
without a declared encoding, so that the columns of its errors are bytes (its tokenizer's own errors count characters);
what CPython's file reader makes of that is done here: it shows columns in bytes for a file that declares no encoding,
in characters for one that does, and every line as it stands in the file.
"""

from __future__ import annotations

import re

from minivm.errors import CompileError, SyntaxProblem

from .source import Source


def bare_problem(message: str, filename: str, kind: str = "SyntaxError") -> CompileError:
    """An error that CPython reports without a place."""
    problem = SyntaxProblem(f"{kind}: {message}", filename, 0)
    problem.error = SyntaxError(message)  # type: ignore[attr-defined]
    return problem


# Errors of the tokenizer proper: their columns are characters, and they show the line without its byte order mark.
_TOKENIZER = re.compile(
    r"invalid (?:non-printable )?character|invalid (?:\w+ )+literal|invalid digit|unterminated (?:string|triple)|"
    r"unmatched |closing parenthesis|"
    r"too many nested|leading zeros|unindent does not|inconsistent use"
)

# Errors of an f-string that the parser of the program itself finds: they show the program's line. What the parser of
# one field finds shows the field alone.
_FORMATTED = re.compile(
    r"f-string: (?:expecting '}'|single '}'|empty expression|unmatched|closing parenthesis|too many nested|"
    r"unterminated string|invalid conversion|expressions nested)"
)


def syntax_problem(error: SyntaxError, source: Source, from_parser: bool) -> CompileError:
    """The text that CPython prints for a syntax error (print_error_text in pythonrun.c)."""
    lineno = error.lineno or 0
    offset = error.offset if error.offset is not None else -1
    end_offset = error.end_offset if error.end_offset is not None else -1
    text = error.text
    message = error.msg
    tokenizer = _TOKENIZER.match(message) is not None
    if lineno and (text is None or source.is_file and not _in_field(message)):
        text = source.line(lineno, True) or None
        if lineno == 1 and source.bom and not tokenizer:
            text = f"\ufeff{text or ''}"
    if source.is_file and from_parser:
        if offset > 0 and _at_end(message, end_offset, lineno, source):
            offset = 0
        elif source.declared and text is not None and not tokenizer:
            offset, end_offset = _to_characters(text, offset), _to_characters(text, end_offset)
    out = f'  File "{source.filename}", line {lineno}\n'
    if text is not None:
        if error.end_lineno is not None and error.end_lineno > lineno:
            end_offset = len(text.encode("utf-8", "surrogatepass"))
        out += _lines(text, offset, end_offset, error.__class__ is SyntaxError)
    problem = SyntaxProblem(f"{out}{error.__class__.__name__}: {message}", source.filename, lineno)
    problem.error = error  # type: ignore[attr-defined]
    return problem


def _in_field(message: str) -> bool:
    return message.startswith("f-string: ") and not _FORMATTED.match(message)


def _at_end(message: str, end_offset: int, lineno: int, source: Source) -> bool:
    """Whether the error is at a token that begins at the end of the file, where CPython's file reader has no column."""
    if message == "unexpected EOF while parsing":
        return not source.line(lineno).strip(" \t\f\\")
    if end_offset != -1 or not message.startswith(("expected", "unexpected unindent")):
        return False
    return lineno >= source.text.rstrip().count("\n") + 1


def _to_characters(text: str, offset: int) -> int:
    """A column in bytes, both counted from 1, as a column in characters; past the end is one place."""
    data = text.encode("utf-8", "surrogatepass") + b"\0"
    return len(data[:offset].decode("utf-8", "replace")) if offset > 0 else offset


def _lines(text: str, offset: int, end_offset: int, ranged: bool) -> str:
    """The line and the carets; `offset` and `end_offset` are taken for bytes, whatever they were made as."""
    carets = end_offset - offset if ranged and end_offset > 0 and end_offset > offset else 1
    offset -= 1
    data = text.encode("utf-8", "surrogatepass")
    stripped = data.lstrip(b" \t\f")
    offset -= len(data) - len(stripped)
    data = stripped
    offset = min(offset, len(data) - data.endswith(b"\n"))
    while (newline := data.find(b"\n")) >= 0 and newline < offset:
        data = data[newline + 1 :]
        offset -= newline + 1
    line = data.decode("utf-8", "surrogatepass")
    out = f"    {line}" if line.endswith("\n") else f"    {line}\n"
    return out if offset < 0 else f"{out}    {' ' * offset}{'^' * carets}\n"
