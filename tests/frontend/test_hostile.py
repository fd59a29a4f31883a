"""Sources that mean harm: each ends in an image or in a CompileError, within ten seconds and without a traceback."""
from __future__ import annotations

import time
import warnings

import pytest

from minivm.bytecode import compile_source
from minivm.errors import CompileError

DEEP, MANY = 100_000, 20_000

# name: (source, words of the complaint, or "" for a program that compiles)
HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "parentheses": ("(" * DEEP, "too many nested parentheses"),
    "signs": ("-" * DEEP + "1", "nested this deeply"),
    "attributes": ("a" + ".b" * DEEP, "nested this deeply"),
    "calls": ("a" + "()" * DEEP, "nested this deeply"),
    "sum": ("x = " + "+".join(["1"] * DEEP), "nested this deeply"),
    "strings joined by +": ("x = " + "+".join(["'a'"] * DEEP), "nested this deeply"),
    "powers": ("x = " + "**".join(["a"] * DEEP), "nested this deeply"),
    "and": ("x = " + " and ".join(["a"] * MANY), ""),
    "comparisons": ("a" + " < b" * DEEP, "registers"),
    "conditional expressions": ("x = " + "a if b else " * DEEP + "c", "nested this deeply"),
    "elif": ("if a: pass\n" + "elif b: pass\n" * DEEP, "nested this deeply"),
    "lambdas": ("x = " + "lambda: " * DEEP + "1", "nested this deeply"),
    "decorators": ("@d\n" * DEEP + "def f(): pass\n", "registers"),
    "4 MB list": ("x = [" + "1," * 2_000_000 + "]", "tokens is not in Mini"),
    "list": ("x = [" + "a," * 50_000 + "]", ""),
    "a million lines": ("x = 1\n" * 1_000_000, "bytes is not in Mini"),
    "many lines": ("x = 1\n" * 60_000, ""),
    "blank lines": ("\n" * 900_000, ""),
    "comment": ("#" * 4_000_000, ""),
    "identifier": ("a" * 1_000_000 + " = 1", ""),
    "wrong identifier": ("a" * 1_000_000 + " b", "invalid syntax"),
    "parameters": ("def f(" + ",".join(f"a{i}" for i in range(70_000)) + "): pass", "registers"),
    "arguments": ("f(" + "a," * MANY + ")", ""),
    "keywords": ("f(" + ",".join(f"a{i}=1" for i in range(DEEP)) + ")", "this many keywords"),
    "f-string fields": ("f'" + "{a}" * DEEP + "'", "this many fields"),
    "nested f-string fields": ("f'" + "{a:" * DEEP + "}" * DEEP + "'", "this many fields"),
    "f-strings": ("f'{a}' " * 10_000, ""),
    "digits": ("x = " + "1" * 1_000_000, "Exceeds the limit (4300 digits)"),
    "targets": ("a = " * MANY + "1", ""),
    "tuple of targets": ("a, " * DEEP + "= b", "registers"),
    "loops in a comprehension": ("[x " + "for x in y " * 1000 + "]", "nested this deeply"),
    "dots of an import": ("import a" + ".b" * DEEP, "this many dots"),
    "levels of an import": ("from " + "." * DEEP + " import a", ""),
    "with items": ("with " + "a," * DEEP + "a: pass", "too many statically nested blocks"),
    "handlers": ("try: pass\n" + "except A as b: pass\n" * 20_000, ""),
    "functions alike": ("def f(): pass\n" * MANY, "functions of one name"),
    "lambdas alike": ("lambda: 1\n" * MANY, "functions of one name"),
    "functions": ("".join(f"def f{i}(): pass\n" for i in range(9_000)), ""),
    "async functions": ("async def f(): pass\n" * MANY, "functions of one name"),
    "nested functions": ("".join(" " * i + "def f():\n" for i in range(99)) + " " * 99 + "pass\n", ""),
    "nested finally": ("".join(" " * i + "try:\n" for i in range(15)) + " " * 15 + "pass\n"
                       + "".join(" " * i + "finally:\n" + "".join(" " * (i + j + 1) + "try: pass\n" + " " * (i + j + 1) + "finally:\n"
                                                                  for j in range(12)) + " " * (i + 13) + "a\n" for i in reversed(range(15))),
                       "nesting finally clauses"),
    "indented lines": ("if a:\n b\n" * MANY, ""),
    "continued lines": ("\\\n" * 500_000 + "x = 1", ""),
    "form feeds": ("\f" * 1_000_000 + "x = 1", ""),
    "brackets not closed": ("{1:" * 60 + "1 2" + "}" * 60, "invalid syntax"),
    "quotes": ("'" * 1_000_001, "unterminated"),
    "null bytes": ("a\0" * DEEP, "null bytes"),
    "no UTF-8": (b"\xff" * 1_000_000, "Non-UTF-8 code"),
    "UTF-16": ("x = 1".encode("utf-16"), "Non-UTF-8 code"),
    "refusals": ("print(b'')\n" * MANY, "bytes literal is not in Mini"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_source(name: str) -> None:
    source, words = HOSTILE[name]
    data = source if isinstance(source, bytes) else source.encode()
    started = time.process_time()
    complaint = ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            assert compile_source(data, "hostile.py")
        except CompileError as problem:
            complaint = str(problem)
    assert time.process_time() - started < 10
    assert words in complaint if words else not complaint
