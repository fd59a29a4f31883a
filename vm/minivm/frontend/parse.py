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

from .report import bare_problem, syntax_problem
from .source import Source

MAX_SOURCE = 4 << 20  # bytes
MAX_FORMATTED = 10_000  # braces in one f-string: CPython's parser needs time quadratic in them
MAX_FINALLY = 10  # finally clauses inside each other: each is compiled twice, and CPython's compiler does that too
MAX_KEYWORDS = 20_000  # in one call: CPython compares each with each
MAX_FUNCTIONS = 10_000  # of one name in one scope: CPython hashes alike those that do the same
MAX_DOTS = 5_000  # in an imported name: CPython's parser needs time and memory quadratic in them
MAX_TOKENS = 1_000_000  # estimated; ast.parse costs about 2 us and 500 bytes for each
FEATURE_VERSION = (3, 11)

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_FIRST_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|$)")
_BLANK = re.compile(rb"^[ \t\f]*(?:[#\r\n]|$)")


# What may be an f-string: (also inside other strings, where it does no harm)
_FORMATTED = re.compile(
    r"""(?is)\b(?:f|rf|fr)(?:\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}"""
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
)

_IMPORTED = re.compile(r"\b(?:import|from)\b(?:[ \t\f,.\w]|\\\n)*")
_DOTTED = re.compile(r"\.(?:[ \t\f]|\\\n)*\w")


def _encoding(data: bytes) -> tuple[str, int, int]:
    """The encoding that the coding cookie of the first two lines names, and where its line starts and ends; "" without
    one."""
    start = 0
    for found in _FIRST_LINES.finditer(data, 0):
        cookie = _COOKIE.match(found[0])
        if cookie:
            return cookie[1].decode("ascii", "replace"), start, start + len(found[0].rstrip(b"\r\n"))
        if start or not _BLANK.match(found[0]):
            break
        start = found.end()
    return "", 0, 0


def read(source: str | bytes, filename: str, max_source: int = MAX_SOURCE, max_tokens: int = MAX_TOKENS) -> Source:
    """Check the size and decode. Bytes are the content of a file, a str is a program given as such."""
    if len(source) > max_source:
        raise Refused(
            f"a source of {len(source)} bytes is not in Mini (the limit is {max_source}; see max_source)",
            filename,
            1,
            1,
        )
    if isinstance(source, str):
        if "\0" in source:
            raise bare_problem("source code string cannot contain null bytes", filename)
        result = Source(filename, source.removeprefix("\ufeff"))
    else:
        result = _decode(source, filename)
        if "\0" in result.text:
            raise _null_byte(result)
    text = result.text
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
    if text.count(".") > MAX_DOTS:
        for found in _IMPORTED.finditer(text):
            if text.count(".", *found.span()) > MAX_DOTS and len(_DOTTED.findall(found[0])) > MAX_DOTS:
                line = text.count("\n", 0, found.start()) + 1
                raise Refused("a module name with this many dots is not in Mini", filename, line, 1)
    return result


def _decode(data: bytes, filename: str) -> Source:
    bom = data.startswith(codecs.BOM_UTF8)
    if bom:
        data = data[3:]
    named, start, end = _encoding(data)
    encoding = _normal(named)
    if bom and encoding != "utf-8" and named:
        raise bare_problem(f"encoding problem: {encoding} with BOM", filename)
    if not bom:
        try:
            str(data[:start], "utf-8")
        except UnicodeDecodeError as error:
            raise _no_utf8(data, error.start, filename) from None
    if not named or encoding == "utf-8":
        data = _with_newlines(data)
        declared = bom or bool(named)
        try:
            return Source(filename, str(data, "utf-8"), True, declared, bom)
        except UnicodeDecodeError as error:
            if declared:  # no harm in comments; elsewhere the parser complains
                return Source(filename, str(data, "utf-8", "replace"), True, True, bom, data)
            raise _no_utf8(data, error.start, filename) from None
    try:  # as io.open does it, from the end of the cookie's line on
        if not codecs.lookup(encoding)._is_text_encoding:
            raise LookupError
        rest = codecs.getincrementaldecoder(encoding)().decode(data[end:], True)
    except (LookupError, UnicodeError):
        raise bare_problem(f"encoding problem: {encoding}", filename) from None
    text = str(data[:end], "utf-8", "replace") + rest
    return Source(filename, text.replace("\r\n", "\n").replace("\r", "\n"), True, True)


def _with_newlines(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _no_utf8(data: bytes, at: int, filename: str) -> CompileError:
    if b"\0" in data[:at]:
        return _null_byte(Source(filename, str(data[:at], "utf-8"), True))
    line = data.count(b"\n", 0, at) + 1
    problem = bare_problem(
        f"Non-UTF-8 code starting with '\\x{data[at]:02x}' in file {filename} on line {line}, "
        "but no encoding declared; see https://peps.python.org/pep-0263/ for details",
        filename,
    )
    start = data.rfind(b"\n", 0, at) + 1
    return _earlier(Source(filename, str(data[:start], "utf-8"), True), problem)


def _null_byte(source: Source) -> CompileError:
    text, filename = source.text, source.filename
    at = text.index("\0")
    start = text.rfind("\n", 0, at) + 1
    number = text.count("\n", 0, at) + 1
    line = text[start:at].lstrip(" \t\f")
    problem = SyntaxProblem(
        f'  File "{filename}", line {number}\n    {line}\nSyntaxError: source code cannot contain null bytes',
        filename,
        number,
    )
    return _earlier(Source(filename, text[:start], True, source.declared, source.bom), problem)


_POISON = "\1"


def _earlier(before: Source, problem: CompileError) -> CompileError:
    """CPython reads a file line by line: `problem`, of a line that cannot be read, comes only if its parser finds
    nothing wrong in the lines before. A character that no token may hold stands for that line. (One difference is
    left: of a null byte in the line that a nested block or clause should begin with, CPython sometimes says that those
    are missing.)
    """
    line = before.text.count("\n") + 1
    before.text += _POISON
    try:
        parse(before)
    except SyntaxProblem as earlier:
        if earlier.lineno < line and not str(earlier).endswith(f"(detected at line {line})"):
            return earlier
    except Refused:
        pass
    return problem


def _normal(name: str) -> str:
    start = name[:12].lower().replace("_", "-")
    if start == "utf-8" or start.startswith("utf-8-"):
        return "utf-8"
    if start in ("latin-1", "iso-8859-1", "iso-latin-1") or start.startswith(
        ("latin-1-", "iso-8859-1-", "iso-latin-1-")
    ):
        return "iso-8859-1"
    return name


def _too_deep(source: Source) -> Refused:
    return Refused("code nested this deeply is not in Mini", source.filename, 1, 1)


def _check_sizes(tree: ast.AST, source: Source) -> None:
    """Refuse what CPython's compiler, or ours, needs quadratic time for. Only called if the text makes it possible."""
    stack: list[tuple[Any, int, dict[str, int]]] = [(tree, 0, {})]
    while stack:
        node, depth, functions = stack.pop()
        final: Any = None
        cls = node.__class__
        if cls is ast.Try:
            final = node.finalbody
            if final and depth == MAX_FINALLY:
                raise source.refusal("nesting finally clauses this deeply", node.lineno, node.col_offset)
        elif cls is ast.Call or cls is ast.ClassDef:
            if len(node.keywords) > MAX_KEYWORDS:
                raise source.refusal("a call with this many keywords", node.lineno, node.col_offset)
        if cls in _FUNCTIONS:
            name = getattr(node, "name", cls.__name__)
            count = functions[name] = functions.get(name, 0) + 1
            if count > MAX_FUNCTIONS:
                raise source.refusal("so many functions of one name in one place", node.lineno, node.col_offset)
            functions = {}
        for field in node._fields:
            value = getattr(node, field, None)
            if value.__class__ is list:
                inner = depth + 1 if value is final else depth
                for child in value:
                    if isinstance(child, ast.AST):
                        stack.append((child, inner, functions))
            elif isinstance(value, ast.AST):
                stack.append((value, depth, functions))


_FUNCTIONS = frozenset(
    (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    + (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
)


def parse(source: Source, mode: str = "exec", flags: int = 0) -> ast.Module:
    """The tree, once CPython's compiler has nothing to say against the source."""
    from_parser = True
    try:
        tree = ast.parse(source.for_parser(), "<source>", mode, feature_version=FEATURE_VERSION)
        from_parser = False
        count = source.text.count
        if (
            count("finally") > MAX_FINALLY
            or count("=") > MAX_KEYWORDS
            or count("def") + count("class") + count("lambda") + count("for") > MAX_FUNCTIONS
        ):
            _check_sizes(tree, source)
        compile(source.text, source.filename, mode, flags, dont_inherit=True)
    except SyntaxError as error:
        raise syntax_problem(error, source, from_parser) from None
    except (RecursionError, MemoryError, OverflowError):
        raise _too_deep(source) from None
    except ValueError as error:  # surrogates, int literals beyond the digit limit
        raise bare_problem(str(error), source.filename, error.__class__.__name__) from None
    return tree  # type: ignore[return-value]
