"""What Mini lacks is refused before anything runs: the sentence, its place, the line and the caret."""
from __future__ import annotations

from pathlib import Path

import pytest

from minivm.bytecode import check_source, compile_source
from minivm.errors import Refused

# program, line, column (0: CPython's tree does not say), what
REFUSED: tuple[tuple[str, int, int, str], ...] = (
    ("async def f(): pass", 1, 1, "async def"),
    ("def f():\n    async def g(): pass", 2, 5, "async def"),
    ("class A:\n    async def g(self): pass", 2, 5, "async def"),
    ("x = 1\nmatch x:\n    case 1: pass", 2, 1, "the match statement"),
    ("try: pass\nexcept* ValueError: pass", 1, 1, "except*"),
    ("x = b'a'", 1, 5, "a bytes literal"),
    ("x = [1, b'a' + b'b']", 1, 9, "a bytes literal"),
    ("x = 1j", 1, 5, "a complex number"),
    ("x = 2 + 1j", 1, 9, "a complex number"),
    ("exec('a')", 1, 1, "exec()"),
    ("def f():\n    return eval('1')", 2, 12, "eval()"),
    ("f = compile", 1, 5, "compile()"),
    ("x = [bytes(y) for y in z]", 1, 6, "bytes()"),
    ("class A(bytearray): pass", 1, 9, "bytearray()"),
    ("complex(1, 2)", 1, 1, "complex()"),
    ("memoryview", 1, 1, "memoryview()"),
    ("exit(1)", 1, 1, "exit()"),
    ("help", 1, 1, "help()"),
    ("breakpoint()", 1, 1, "breakpoint()"),
    ("__import__('sys')", 1, 1, "__import__"),
    ("print(__builtins__)", 1, 7, "__builtins__"),
    ("try: pass\nexcept ExceptionGroup: pass", 2, 8, "ExceptionGroup"),
    ("type('A', (), {})", 1, 1, "type() with three arguments"),
    ("class M(type): pass", 1, 9, "a metaclass"),
    ("class A(metaclass=M): pass", 1, 9, "metaclass="),
    ("class A:\n    def __del__(self): pass", 2, 5, "a __del__ method"),
    ("import json", 1, 8, "module json"),
    ("import sys, os.path", 1, 13, "module os.path"),
    ("def f():\n    import threading as t", 2, 12, "module threading"),
    ("from collections import deque", 1, 1, "module collections"),
    ("from collections.abc import Iterable", 1, 1, "module collections.abc"),
    ("try:\n    import ssl\nexcept ImportError:\n    ssl = None", 2, 12, "module ssl"),
    ("from math import tau, foo", 1, 23, "math.foo"),
    ("from time import pthread_getcpuclockid as s", 1, 18, "time.pthread_getcpuclockid"),
    ("import math\nprint(math.pi, math.foo)", 2, 16, "math.foo"),
    ("import sys as s\ndef f(): return s._getframe()", 2, 17, "sys._getframe"),
    ("def f():\n    import time\n    return time.tzset()", 3, 12, "time.tzset"),
    ("é = b''", 1, 5, "a bytes literal"),
    ("if 1:\n\tx = é + b''", 2, 10, "a bytes literal"),
    ("f'{b\"x\"}'", 1, 0, "a bytes literal"),
    ("lambda: exec", 1, 9, "exec()"),
    ("class exec_: exec = 1\nexec", 2, 1, "exec()"),
    ("def f():\n    exec = 1\nexec(1)", 3, 1, "exec()"),
)

# What Mini accepts because the program defines the name itself, or only looks as if it were refused.
ACCEPTED = (
    "def exec(x): return x\nexec(1)",
    "exec(1)\ndef exec(x): return x",
    "def f(eval): return eval(1)",
    "def f():\n    compile = 1\n    def g(): return compile\n    return g",
    "class bytes: pass\nx = bytes()",
    "def f():\n    global help\n    help = 1\nhelp",
    "[exit for exit in x]",
    "from math import *\nprint(sqrt(2))",
    "import math\nmath = 1\nmath.foo",
    "import math\ndef f(math): return math.foo",
    "import missing_module_of_nobody",
    "try:\n    import missing_module_of_nobody\nexcept ImportError:\n    pass",
    "x.exec()", "f(exec=1)", "x.__del__", "type(x)", "type", "class A(object, x=1): pass", "x = type\nx('a', (), {})",
    "from abc import ABCMeta\nclass A(metaclass=ABCMeta): pass",
    "import abc\nclass A(metaclass=abc.ABCMeta): pass",
    "class A(metaclass=type): pass",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from collections.abc import Iterable",
    "from __future__ import annotations\ndef f(x: bytes) -> complex: pass",
    "x: int = 1", "print(__name__, __file__, __doc__, __debug__)",
    "match = 1\ncase = 2\ntype = 3", "def __del__(self): pass",
    "import sys\nsys.foo = 1",
)


def refusals(source: str) -> list[Refused]:
    return [problem for problem in check_source(source, "p.py") if isinstance(problem, Refused)]


@pytest.mark.parametrize(("source", "line", "col", "what"), REFUSED)
def test_refused(source: str, line: int, col: int, what: str) -> None:
    with pytest.raises(Refused) as caught:
        compile_source(source, "p.py")
    problem = caught.value
    assert problem.exit_status == 2
    assert problem.message == f"{what} is not in Mini"
    assert problem.lineno == line
    if col:
        assert problem.col == col
        text = source.split("\n")[line - 1].strip()
        head, shown, caret = str(problem).split("\n")
        assert head == f"p.py:{line}:{col}: {what} is not in Mini"
        assert shown == f"    {text}"
        assert caret.strip() == "^"


@pytest.mark.parametrize("source", ACCEPTED)
def test_accepted(source: str) -> None:
    compile_source(source, "p.py")


def test_all_refusals_in_order() -> None:
    source = "import json\nx = b''\ndef f():\n    return eval(1j)\n"
    assert [(problem.lineno, problem.message.split(" is ")[0]) for problem in refusals(source)] == [
        (1, "module json"), (2, "a bytes literal"), (4, "eval()"), (4, "a complex number")
    ]


def test_first_refusal_is_raised() -> None:
    with pytest.raises(Refused, match="p.py:2:1: eval"):
        compile_source("x = 1\neval(b'')\n", "p.py")


def test_star_import_of_a_local_module_defines_names(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("def eval(x): return x\n")
    compile_source("from own import *\neval(1)", str(tmp_path / "p.py"), search_path=str(tmp_path))
    with pytest.raises(Refused, match="exec"):
        compile_source("from own import *\nexec(1)", str(tmp_path / "p.py"), search_path=str(tmp_path))


def test_local_module_wins(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("x = 1\n")
    (tmp_path / "math.py").write_text("foo = 1\n")
    compile_source("import json, math\nmath.foo\nfrom math import foo", str(tmp_path / "p.py"), search_path=str(tmp_path))


def test_refusal_in_an_imported_module_names_that_file(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("x = 1\ny = b''\n")
    with pytest.raises(Refused) as caught:
        compile_source("import own", str(tmp_path / "p.py"), search_path=str(tmp_path))
    assert caught.value.filename == str(tmp_path / "own.py")
    assert caught.value.lineno == 2


# -- hostile sources --

DEEP = {
    "sum": "+".join(["1"] * 100_000),
    "minus": "-" * 100_000 + "1",
    "not": "not " * 100_000 + "x",
    "attributes": "x" + ".a" * 100_000,
    "calls": "x" + "()" * 100_000,
    "items": "x" + "[0]" * 100_000,
    "lambda": "lambda:" * 50_000 + "x",
    "conditional": "a if b else " * 50_000 + "c",
    "elif": "if x:\n pass\n" + "elif x:\n pass\n" * 50_000,
    "power": "x" + "**x" * 50_000,
    "finally": "\n".join(" " * i + "try: x()\n" + " " * i + "finally:" for i in range(18)) + "\n" + " " * 18 + "x()",
    "format": 'f"' + "{a}b" * 50_000 + '"',
    "comparison": "x" + "<x" * 100_000,
    "locals": "def f():\n" + "".join(f" a{i} = 1\n" for i in range(70_000)),
}


@pytest.mark.parametrize("name", DEEP)
def test_hostile_source_is_refused(name: str) -> None:
    with pytest.raises(Refused) as caught:
        compile_source(DEEP[name], "p.py")
    assert "is not in Mini" in caught.value.message


@pytest.mark.parametrize("source", ("(" * 100_000, "[" * 300, "x = " + "(" * 201 + ")" * 201))
def test_parentheses_are_counted_by_the_tokenizer(source: str) -> None:
    (problem,) = check_source(source, "p.py")
    assert str(problem).endswith("SyntaxError: too many nested parentheses")


def test_sizes_are_refused_before_parsing() -> None:
    with pytest.raises(Refused, match="max_source"):
        compile_source("#" + "x" * (5 << 20), "p.py")
    with pytest.raises(Refused, match="max_tokens"):
        compile_source("x = [" + "1," * 1_500_000 + "]", "p.py")
    with pytest.raises(Refused, match="max_source"):
        compile_source(b"\xff" * (5 << 20), "p.py")


def test_what_is_long_but_flat_is_accepted() -> None:
    compile_source("x = " + "+".join(["y"] * 900), "p.py")
    compile_source("if x:\n pass\n" + "elif x:\n pass\n" * 900, "p.py")
    compile_source("x = [" + "y, " * 50_000 + "]", "p.py")
    compile_source("f(" + "y, " * 20_000 + ")", "p.py")
    compile_source("x = {" + ",".join(f"{i}: y" for i in range(20_000)) + "}", "p.py")
    compile_source("x" + ".a" * 250, "p.py")
