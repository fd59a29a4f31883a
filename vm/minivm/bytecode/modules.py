"""The modules that a program can reach: found beside it, in the library of ours, or nowhere.

`Graph` implements the questions of the front end (`frontend.check.Modules`) and collects what an image has to hold. A
local file wins over a module of ours. A file is read once; `compile_source` asks `pending` until no module is left to
compile.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Sequence

from minivm.frontend import scopes
from minivm.frontend.check import analyse, read
from minivm.spec.modules import MODULES, NATIVE

from .statements import absolute_name

LIBRARY = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "stdlib")
SUFFIXES = (".mini", ".py")


class Found:
    """A module that exists as a file."""

    __slots__ = ("name", "path", "package", "builtin", "unit")

    def __init__(self, name: str, path: str, package: bool, builtin: bool) -> None:
        self.name = name
        self.path = path
        self.package = package
        self.builtin = builtin
        self.unit: scopes.Unit | None = None


def _parts(found: Found) -> list[str]:
    """The files that make a module up. One of ours may be a folder of parts, joined in the order of their names, which
    are no identifiers: a program can't import a part, nor hide it by a file of its own."""
    if found.builtin and os.path.isdir(found.path):
        return [os.path.join(found.path, name) for name in sorted(os.listdir(found.path)) if name.endswith(SUFFIXES)]
    return [found.path]


class Graph:
    """The files that imports lead to. `search_path`: a folder, or folders in order; nothing: no local modules. `used`
    gets the content of each local file that was read, `absent` the places where a local module would have been found
    but was not: a cache is stale when either changes."""

    def __init__(
        self,
        search_path: str | Sequence[str] | None,
        *,
        max_source: int,
        max_tokens: int,
        used: dict[str, bytes] | None = None,
        absent: list[str] | None = None,
    ) -> None:
        self.search_path = [search_path] if isinstance(search_path, str) else list(search_path or ())
        self.used = used
        self.absent = absent
        self.max_source = max_source
        self.max_tokens = max_tokens
        self.known: dict[str, Found | None] = {}
        self.queue: list[Found] = []
        self.stars: dict[str, frozenset[str] | None] = {}
        self.paths: dict[str, list[str]] = {}  # package -> where its submodules are looked for

    # -- finding --

    def find(self, name: str) -> Found | None:
        found = None
        at = 0
        while at >= 0:  # the packages around it first
            at = name.find(".", at + 1)
            part = name if at < 0 else name[:at]
            if part in self.known:
                found = self.known[part]
            else:
                found = self.known[part] = self._find(part, found)
                if found is not None:
                    self.queue.append(found)
            if found is None:
                return None
        return found

    def _find(self, name: str, package: Found | None) -> Found | None:
        """The module of an absolute name; `package`: the one around it, None for a top-level name."""
        last = name.rpartition(".")[2]
        if package is not None:
            if not package.package:
                return None
            return self._look(name, last, [os.path.dirname(package.path)], package.builtin)
        found = self._look(name, last, self.search_path, False)
        if found is None and name in MODULES and name not in NATIVE:
            parts = os.path.join(LIBRARY, name)
            found = Found(name, parts, False, True) if os.path.isdir(parts) else self._look(name, last, [LIBRARY], True)
        return found

    def _look(self, name: str, last: str, folders: list[str], builtin: bool) -> Found | None:
        if not last.isidentifier():
            return None
        for folder in folders:
            base = os.path.join(folder, last)
            for package, stem in ((True, os.path.join(base, "__init__")), (False, base)):
                for suffix in SUFFIXES:
                    path = stem + suffix
                    if os.path.isfile(path):
                        return Found(name, path, package, builtin)
                    if self.absent is not None and not builtin:
                        self.absent.append(path)
        return None

    # -- what the front end asks --

    def status(self, name: str) -> str:
        top = name.partition(".")[0]
        found = self.find(top)
        if found is not None and not found.builtin:
            return "local"
        if name in MODULES or found is not None and self.find(name) is not None:
            return "ours"
        return "refused" if top in sys.stdlib_module_names or top in MODULES else "missing"

    def exports(self, name: str) -> frozenset[str]:
        """The names of a module of ours: what its file binds, or its row in spec/modules.py."""
        found = self.find(name)
        if found is None or not found.builtin:
            return MODULES.get(name, frozenset())
        return self.star_names(name, 0) or frozenset()

    def star_names(self, name: str, level: int) -> frozenset[str] | None:
        if level:
            return None
        found = self.find(name)
        if found is None:
            return MODULES.get(name, frozenset())
        if name in self.stars:
            return self.stars[name]
        self.stars[name] = None  # a circle of star imports: unknown
        unit = self.unit(found)
        names = {name for name, flags in unit.module.names.items() if flags & scopes.LOCAL}
        for inner, inner_level in unit.module.star_imports:
            more = self.star_names(inner, inner_level)
            if more is None:
                return None
            names |= more
        self.stars[name] = frozenset(names)
        return self.stars[name]

    # -- reading --

    def unit(self, found: Found) -> scopes.Unit:
        if found.unit is None:
            data = b"".join(self._content(path) for path in _parts(found))
            if self.used is not None and not found.builtin:
                self.used[found.path] = data
            source = read(data, found.path, self.max_source, self.max_tokens)
            found.unit = analyse(source, self, private=found.builtin)
        return found.unit

    def _content(self, path: str) -> bytes:
        with open(path, "rb") as file:
            return file.read(self.max_source + 1)

    def follow(self, unit: scopes.Unit, package: str) -> None:
        """Find what the imports of `unit` may reach; `pending` then yields it."""
        for statement, _ in unit.imports:
            if statement.__class__ is ast.Import:
                for alias in statement.names:
                    self.find(alias.name)
            else:
                name = absolute_name(statement.module, statement.level, package)  # type: ignore[union-attr]
                if not name:
                    continue
                found = self.find(name)
                if found is not None and found.package:
                    for alias in statement.names:
                        for part in self._offered(found) if alias.name == "*" else (alias.name,):
                            self.find(f"{name}.{part}")

    def _offered(self, package: Found) -> list[str]:
        """The texts that a package's `__all__` is made of: `import *` imports those that are submodules."""
        unit = self.unit(package)
        if "__all__" not in unit.module.names:
            return []
        return [
            node.value
            for statement in ast.walk(unit.tree)
            if isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr)) and _names_all(statement)
            for node in ast.walk(statement)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]

    def pending(self) -> Found | None:
        return self.queue.pop(0) if self.queue else None


def _names_all(statement: ast.AST) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "__all__" for node in ast.walk(statement))
