"""From a checked tree to images of bytecode.

`compile_source` compiles a program and everything that it can import to one image; `compile_interactive` one input of the REPL. Both raise what
`minivm.errors` calls CompileError and nothing else. The rest of the package: dispatch and emitter below, one module a subject above, `modules` the
search for imports, `image` the container, `dis` the text form. Nothing here runs Mini code or knows the runtime.
"""
from __future__ import annotations

import os
from typing import Any

from minivm.errors import Refused
from minivm.frontend import scopes
from minivm.frontend.check import Source, analyse, examine, read
from minivm.frontend.parse import MAX_SOURCE, MAX_TOKENS

from .emitter import TooLarge
from .image import pack
from .modules import Graph
from .statements import compile_module


def compile_source(source: str | bytes, filename: str, *, search_path: list[str] | None = None, options: Any = None) -> bytes:
    """The image of a program. `search_path`: the folders of local modules (the program's own first); None: there are none."""
    graph = _graph(search_path, options)
    text = read(source, filename, graph.max_source, graph.max_tokens)
    unit = analyse(text, graph)
    modules = [_module(unit, "__main__", "", filename, False, False)]
    graph.follow(unit, "")
    _add_imports(graph, modules)
    return pack(modules, 0)


def check_source(source: str | bytes, filename: str, *, search_path: list[str] | None = None, options: Any = None) -> list[Refused]:
    """All refusals of one file, in the order of the source; its imports are found but not examined."""
    graph = _graph(search_path, options)
    text = read(source, filename, graph.max_source, graph.max_tokens)
    unit, refusals = examine(text, graph)
    if not refusals:
        try:
            _module(unit, "__main__", "", filename, False, False)
        except Refused as refusal:
            refusals = [refusal]
    return refusals


class Session:
    """What the inputs of a REPL share: names defined so far, future statements, the number of the input."""

    def __init__(self, search_path: list[str] | None = None, options: Any = None) -> None:
        self.search_path = search_path
        self.options = options
        self.defined: set[str] = set()
        self.loaded: set[str] = set()       # modules that an earlier image holds
        self.flags = 0


def compile_interactive(source: str, filename: str, session: Session) -> bytes:
    """The image of one input: its main module's code prints the values of expression statements through `__display__`. Modules that an earlier
    input's image holds are left out."""
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


def _graph(search_path: list[str] | None, options: Any) -> Graph:
    return Graph(search_path, max_source=getattr(options, "max_source", None) or MAX_SOURCE,
                 max_tokens=getattr(options, "max_tokens", None) or MAX_TOKENS)


def _add_imports(graph: Graph, modules: list[dict[str, Any]], without: set[str] | None = None) -> None:
    while (found := graph.pending()) is not None:
        if without is not None and found.name in without:
            continue
        unit = graph.unit(found)
        package = found.name if found.package else found.name.rpartition(".")[0]
        graph.follow(unit, package)
        modules.append(_module(unit, found.name, package, found.path, found.package, found.builtin))
        found.unit = None


def _module(unit: scopes.Unit, name: str, package: str, filename: str, is_package: bool, builtin: bool) -> dict[str, Any]:
    source = Source(filename, unit.text, unit.text)
    try:
        code = compile_module(unit, name, package)
    except RecursionError:
        raise Refused("code nested this deeply is not in Mini", filename, 1, 1) from None
    except TooLarge as problem:
        raise Refused(f"{problem} is not in Mini", filename, 1, 1) from None
    if unit.refusals:
        line, col, what = min(unit.refusals)
        raise source.refusal(what, line, col)
    if builtin:
        filename = f"<{name}>" if not os.environ.get("MINIVM_LIBRARY_PATHS") else filename
    return {"name": name, "file": filename, "package": is_package, "builtin": builtin, "code": code, "source": unit.text}


__all__ = ["Session", "check_source", "compile_interactive", "compile_source"]
