"""From a checked tree to images of bytecode.

`compile_source` compiles a program and everything that it can import to one image; `compile_interactive` one input of
the REPL. Both raise what `minivm.errors` calls CompileError and nothing else. The rest of the package: dispatch and
emitter below, one module a subject above, `modules` the search for imports, `image` the container, `dis` the text
form. Nothing here runs Mini code or knows the runtime.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from minivm.errors import BadImage, CompileError, Refused
from minivm.frontend import scopes
from minivm.frontend.check import Source, analyse, examine, read
from minivm.frontend.parse import MAX_SOURCE, MAX_TOKENS

from .emitter import TooLarge
from .image import pack
from .modules import Graph
from .statements import compile_module


def compile_source(
    source: str | bytes,
    filename: str,
    *,
    search_path: str | Sequence[str] | None = None,
    options: Any = None,
    used: dict[str, bytes] | None = None,
    absent: list[str] | None = None,
) -> bytes:
    """The image of a program. `search_path`: the folder or folders of local modules (the program's own first);
    nothing: there are none. `used` and `absent` are for caches: see `modules.Graph`."""
    graph = _graph(search_path, options, used, absent)
    text = read(source, filename, graph.max_source, graph.max_tokens)
    unit = analyse(text, graph)
    modules = [_module(unit, "__main__", "", filename, False, False)]
    graph.follow(unit, "")
    _add_imports(graph, modules)
    return pack(modules, 0)


def check_source(
    source: str | bytes, filename: str, *, search_path: str | Sequence[str] | None = None, options: Any = None
) -> list[CompileError]:
    """What is wrong with one file: its syntax error, or all refusals in the order of the source. Its imports are
    found but not examined."""
    graph = _graph(search_path, options)
    try:
        unit, refusals = examine(read(source, filename, graph.max_source, graph.max_tokens), graph)
        if not refusals:
            _module(unit, "__main__", "", filename, False, False)
    except CompileError as problem:
        return [problem]
    return list(refusals)


def disassemble_image(image: bytes, function: str = "") -> str:
    """The text of an image, of all its functions or of those with one name or qualified name. BadImage if it is none.
    """
    from .dis import text

    try:
        return text(image, function=function)
    except BadImage:
        raise
    except Exception as problem:  # an image that no compiler made: anything may be wrong with it
        raise BadImage(str(problem) or type(problem).__name__) from None


class Session:
    """What the inputs of a REPL share: names defined so far, future statements, the number of the input."""

    def __init__(self, search_path: str | Sequence[str] | None = None, options: Any = None) -> None:
        self.search_path = search_path
        self.options = options
        self.defined: set[str] = set()
        self.loaded: set[str] = set()  # modules that an earlier image holds
        self.flags = 0


def compile_interactive(source: str, filename: str, session: Session) -> bytes:
    """The image of one input: its main module's code prints the values of expression statements through
    `__display__`. Modules that an earlier input's image holds are left out."""
    graph = _graph(session.search_path, session.options)
    text = read(source, filename, graph.max_source, graph.max_tokens)
    unit = analyse(text, graph, mode="single", defined=frozenset(session.defined), flags=session.flags)
    modules = [_module(unit, "__main__", "", filename, False, False)]
    graph.follow(unit, "")
    _add_imports(graph, modules, session.loaded)
    image = pack(modules, 0)
    session.defined.update(name for name, flags in unit.module.names.items() if flags & scopes.LOCAL)
    session.loaded.update(module["name"] for module in modules[1:])
    if unit.future_annotations:
        session.flags |= 0x1000000
    return image


def _graph(
    search_path: str | Sequence[str] | None,
    options: Any,
    used: dict[str, bytes] | None = None,
    absent: list[str] | None = None,
) -> Graph:
    return Graph(
        search_path,
        max_source=getattr(options, "max_source", None) or MAX_SOURCE,
        max_tokens=getattr(options, "max_tokens", None) or MAX_TOKENS,
        used=used,
        absent=absent,
    )


def _add_imports(graph: Graph, modules: list[dict[str, Any]], without: set[str] | None = None) -> None:
    while (found := graph.pending()) is not None:
        if without is not None and found.name in without:
            continue
        unit = graph.unit(found)
        package = found.name if found.package else found.name.rpartition(".")[0]
        graph.follow(unit, package)
        modules.append(_module(unit, found.name, package, found.path, found.package, found.builtin))
        found.unit = None


def _module(
    unit: scopes.Unit, name: str, package: str, filename: str, is_package: bool, builtin: bool
) -> dict[str, Any]:
    source = Source(filename, unit.text)
    try:
        code = compile_module(unit, name, package)
    except RecursionError:
        raise Refused("code nested this deeply is not in Mini", filename, 1, 1) from None
    except TooLarge as problem:
        node = problem.node
        raise source.refusal(str(problem), getattr(node, "lineno", 1), getattr(node, "col_offset", 0)) from None
    if unit.refusals:
        line, col, what = min(unit.refusals)
        raise source.refusal(what, line, col)
    if builtin:
        filename = f"<{name}>" if not os.environ.get("MINIVM_LIBRARY_PATHS") else filename
    return {
        "name": name,
        "file": filename,
        "package": is_package,
        "builtin": builtin,
        "code": code,
        "source": unit.text,
    }


__all__ = ["Session", "check_source", "compile_interactive", "compile_source", "disassemble_image"]
