"""Who imports whom in vm/minivm (DESIGN.md): spec <- asm, frontend <- bytecode <- baseline, optimizer, codecheck <- service
<- runtime <- cli, repl, lab; and who may load the native module. Deferred imports count; those for type checkers alone do not."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "vm" / "minivm"

# part -> the parts that it may import from, besides itself
LEAVES = {"errors", "options"}
MAY = {
    "errors": set(),
    "options": set(),
    "spec": set(),
    "frontend": {"spec"} | LEAVES,
    "bytecode": {"spec", "frontend"} | LEAVES,
    "asm": {"spec"} | LEAVES,
    "baseline": {"spec", "asm", "bytecode"} | LEAVES,
    "optimizer": {"spec", "asm", "bytecode"} | LEAVES,
    "codecheck": {"spec"},  # an independent judge: nothing of those who make what it checks
    "service": {"spec", "asm", "bytecode", "baseline", "optimizer", "codecheck"} | LEAVES,
    "runtime": {"spec", "frontend", "bytecode", "service", "_native", ""} | LEAVES,
    "cli": {"runtime", "repl", "bytecode", ""} | LEAVES,
    "repl": {"runtime", "cli", "bytecode", ""} | LEAVES,
    "lab": {"runtime", "service", "spec", ""} | LEAVES,
    "__main__": {"cli"},
    "": {"runtime", "bytecode"} | LEAVES,  # minivm/__init__.py
}
NATIVE = {"runtime/bridge.py", "runtime/__init__.py"}  # the second only asks whether it was built
PURE = ("spec", "asm", "frontend", "bytecode", "baseline", "optimizer", "codecheck")  # no processes, threads, clocks, sockets: a compiler is a function of its input
FORBIDDEN = {"subprocess", "threading", "_thread", "socket", "time", "random", "ctypes", "_cffi_backend", "cffi", "multiprocessing"}


def part_of(module: str) -> str | None:
    """`minivm.spec.types` -> `spec`; `minivm` -> ""; None for modules of others."""
    head, _, rest = module.partition(".")
    return rest.partition(".")[0] if head == "minivm" else None


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those under `if TYPE_CHECKING:`."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        yield node
        for child in ast.iter_child_nodes(node):
            if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING" and child in node.body:
                continue
            stack.append(child)


def imported(path: Path, text: str) -> Iterator[str]:
    """Absolute names of the modules that a file imports; `from a import b` gives `a.b` too where that is a module."""
    package = ["minivm", *path.relative_to(PACKAGE).parent.parts]
    for node in statements(ast.parse(text)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])]) if node.level else node.module or ""
            if base != "minivm":
                yield base
            for alias in node.names:
                if base == "minivm":
                    inner = (PACKAGE / alias.name).is_dir() or (PACKAGE / f"{alias.name}.py").exists() or alias.name == "_native"
                    yield f"minivm.{alias.name}" if inner else "minivm"


def faults(path: Path, text: str) -> list[str]:
    relative = path.relative_to(PACKAGE)
    part = relative.parts[0] if len(relative.parts) > 1 else "" if relative.name == "__init__.py" else relative.stem
    out = []
    for name in imported(path, text):
        other = part_of(name)
        if other is None:
            if part in PURE and name.partition(".")[0] in FORBIDDEN:
                out.append(f"{relative} imports {name}")
        elif other != part and other not in MAY[part]:
            out.append(f"{relative} imports {name}: {part or 'minivm'} may not import {other or 'minivm'}")
        elif other == "_native" and relative.as_posix() not in NATIVE:
            out.append(f"{relative} loads the native module")
    return out


FILES = sorted(path for path in PACKAGE.rglob("*.py") if "stdlib" not in path.parts)


def test_imports_go_one_way() -> None:
    assert len(FILES) > 35
    assert [fault for path in FILES for fault in faults(path, path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("file, text", [
    ("spec/types.py", "from minivm.frontend import parse"),
    ("frontend/parse.py", "def f():\n    from ..bytecode.image import pack"),
    ("frontend/parse.py", "import minivm.runtime.cache"),
    ("bytecode/image.py", "import time"),
    ("bytecode/image.py", "from minivm import VM"),
    ("runtime/cache.py", "from minivm import _native"),
    ("runtime/cache.py", "from .. import repl"),
    ("errors.py", "from . import options"),
    ("codecheck/check.py", "from minivm.asm import nops"),
])
def test_it_notices(file: str, text: str) -> None:
    assert len(faults(PACKAGE / file, text)) == 1


def test_type_checkers_may_see_more() -> None:
    assert faults(PACKAGE / "errors.py", "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    from minivm import VM") == []


def reads_table(text: str) -> bool:
    """Does this module read the table by which the checker makes units anew?"""
    return any(isinstance(node, ast.Import) and any(alias.name == "minivm.spec.templates" for alias in node.names)
               or isinstance(node, ast.ImportFrom) and (node.module == "minivm.spec.templates" or node.module == "minivm.spec" and any(alias.name == "templates" for alias in node.names))
               for node in ast.walk(ast.parse(text)))


def test_the_compiler_does_not_read_the_checkers_table() -> None:
    """Else a fault there would be made twice (ADR 22)."""
    readers = {path.relative_to(PACKAGE).parts[0] for path in FILES if reads_table(path.read_text(encoding="utf-8"))}
    assert readers == {"codecheck"}
