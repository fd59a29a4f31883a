"""Images: which modules they hold, names and files, relative imports, digests, what caches are told; the REPL's inputs; reading them back."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from reference import run_image
from structure import check_image

from minivm.bytecode import Session, compile_interactive, compile_source, disassemble_image
from minivm.bytecode.image import load
from minivm.errors import BadImage, Refused, SyntaxProblem


def tree(folder: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(folder)


def modules(image: bytes) -> dict[str, dict[str, Any]]:
    check_image(image)
    return {module["name"]: module for module in load(image)["modules"]}


def test_packages_and_relative_imports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tree(tmp_path, {
        "pack/__init__.py": "from . import one\nfrom .sub import two as t\nX = 1\n",
        "pack/one.py": "from .sub.two import Y\n",
        "pack/sub/__init__.mini": "",
        "pack/sub/two.py": "Y = 5\ndef f():\n    from ..one import Y as Z\n    return Z\n",
        "other.py": "import pack.sub.two as deep\nprint(deep.f())\n",
    })
    source = "import other\nimport pack.sub.two\nprint(pack.t.Y, pack.one.Y, pack.sub.two.f())\n"
    image = compile_source(source, "p.py", search_path=folder)
    found = modules(image)
    assert set(found) == {"__main__", "other", "pack", "pack.one", "pack.sub", "pack.sub.two"}
    assert found["pack"]["package"] and found["pack.sub"]["package"] and not found["pack.one"]["package"]
    assert found["pack.sub"]["file"] == str(tmp_path / "pack" / "sub" / "__init__.mini")
    assert found["other"]["source"] == "import pack.sub.two as deep\nprint(deep.f())\n"
    run_image(image)
    assert capsys.readouterr().out == "5\n5 5 5\n"


def test_import_forms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tree(tmp_path, {"own.py": "__all__ = ['a']\na, b = 1, 2\n", "star.py": "c = 3\n_d = 4\n"})
    source = "from own import *\nfrom star import *\nprint(a, c, 'b' in globals(), '_d' in globals())\nimport own as o\nprint(o.b)\n"
    run_image(compile_source(source, "p.py", search_path=folder))
    assert capsys.readouterr().out == "1 3 False False\n2\n"


def test_a_star_import_brings_the_submodules_that_all_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "pack/__init__.py": "__all__ = ['one', 'value'] + ['two']\n__all__ += ['three']\nvalue = 3\n",
        "pack/one.py": "print('one', __name__)\n",
        "pack/two.py": "from . import one\nx = 1\n",
        "pack/three.py": "y = 2\nprint('three')\n",
        "pack/other.py": "print('not asked for')\n",
        "lost/__init__.py": "__all__ = ['nope', 'here']\n",
        "lost/here.py": "print('here')\n",
    }
    source = """
from pack import *
print(one.__name__, value, two.x, three.y)
try:
    from lost import *
except AttributeError as error:
    print(error)
"""
    folder = tree(tmp_path, files)
    run_image(compile_source(source, "p.py", search_path=folder))
    out = "one pack.one\nthree\npack.one 3 1 2\nhere\nmodule 'lost' has no attribute 'nope'\n"
    assert capsys.readouterr().out == out


def test_missing_and_misplaced(capsys: pytest.CaptureFixture[str]) -> None:
    source = """
def attempt(f):
    try:
        f()
    except ImportError as error:
        print(type(error).__name__, error)
def one(): from . import x
def two(): import nobody_has_this
attempt(one)
attempt(two)
"""
    run_image(compile_source(source, "p.py"))
    assert capsys.readouterr().out == (
        "ImportError attempted relative import with no known parent package\n"
        "ModuleNotFoundError No module named 'nobody_has_this'\n"
    )


def test_a_file_wins_over_ours_and_is_not_ours(tmp_path: Path) -> None:
    folder = tree(tmp_path, {"enum.py": "class Enum: pass\n"})
    found = modules(compile_source("from enum import Enum", "p.py", search_path=folder))
    assert not found["enum"]["builtin"]
    assert modules(compile_source("from enum import Enum", "p.py"))["enum"]["builtin"]


def test_what_caches_are_told(tmp_path: Path) -> None:
    folder = tree(tmp_path, {"own.py": "import sys\n"})
    used: dict[str, bytes] = {}
    absent: list[str] = []
    compile_source("import own, math", "p.py", search_path=folder, used=used, absent=absent)
    assert used == {str(tmp_path / "own.py"): b"import sys\n"}
    assert str(tmp_path / "math.py") in absent and str(tmp_path / "own.mini") in absent
    assert str(tmp_path / "own.py") not in absent


def test_errors_of_imported_modules(tmp_path: Path) -> None:
    folder = tree(tmp_path, {"own.py": "x = (\n"})
    with pytest.raises(SyntaxProblem) as caught:
        compile_source("import own", "p.py", search_path=folder)
    assert caught.value.filename == str(tmp_path / "own.py")


def test_images_are_deterministic_and_checked() -> None:
    source = "def f(x): return [y for y in {1, 'a', x}]\nprint(f(2))\n"
    image = compile_source(source, "p.py")
    assert image == compile_source(source, "p.py")
    damaged = bytearray(image)
    damaged[-3] ^= 1
    with pytest.raises(ValueError):
        load(bytes(damaged))
    with pytest.raises(BadImage):
        disassemble_image(bytes(damaged))
    with pytest.raises(BadImage):
        disassemble_image(b"\x94\xa5minic")
    assert "function f line 1" in disassemble_image(image, "f")
    assert "module __main__" not in disassemble_image(image, "f")


def test_interactive(capsys: pytest.CaptureFixture[str]) -> None:
    session = Session()
    texts = ["x = 1\n", "x\n", "def eval(y):\n    y\n    return y\n", "eval(x)\n", "if x: x; 2\n", "z: int = 3\n"]
    shown = [disassemble_image(compile_interactive(text, "<stdin>", session), "<module>").count("__display__") for text in texts]
    assert shown == [0, 1, 0, 1, 2, 0]
    with pytest.raises(Refused):
        compile_interactive("exec('x')\n", "<stdin>", session)
    with pytest.raises(SyntaxProblem):
        compile_interactive("x = = 1\n", "<stdin>", session)
    compile_interactive("from __future__ import annotations\n", "<stdin>", session)
    image = compile_interactive("def f(a: b): pass\n", "<stdin>", session)
    assert "'b'" in disassemble_image(image)


def test_constants() -> None:
    source = f"x = [1 << 70, -(1 << 65), {2**63 - 1}, {-2**63}, '\\ud800', ..., 1.5, -0.0, 0.0, (1, (True, None)), 1, True, 1.0, 'é']\n"
    space = run_image(compile_source(source, "p.py")).__dict__
    expected = [1 << 70, -(1 << 65), 2**63 - 1, -2**63, "\ud800", ..., 1.5, -0.0, 0.0, (1, (True, None)), 1, True, 1.0, "é"]
    assert repr(space["x"]) == repr(expected)
