"""Programs that are no Python, for the comparison with CPython's own reports. One entry a program; bytes are files in an encoding of their own."""
from __future__ import annotations

WRONG: tuple[str | bytes, ...] = (
    # parser
    "x = (\n", "x = (1,\n     2", "print 1", "exec 'a'", "x = = 2", "a b", "else: pass", "if x = 1: pass", "if x\n  pass", "for x in y pass",
    "while True print(1)", "def f(:\n pass", "def f()\n pass", "class A\n pass", "x = 1 +", "f(a b)", "f(a, b c)", "[a b]", "{a: b c: d}", "{a: }", "{a b}",
    "x ? y", "a = $", "a ! b", "import", "import a.", "from a import", "from a import (b", "from . import", "from a import b,", "lambda x: = 1",
    "try: x\n", "try:\n    x\nfoo()", "try: x\nexcept A, B: y", "with a as f(): pass", "with a as 1: pass", "for 1 in x: pass", "for f() in x: pass", "del f()", "del 1", "del (a, 1)", "del a + b",
    "f() = 1", "a + 1 = 2", "1 = a", "'a' = 1", "None = 1", "True = 1", "... = 1", "(a, 1) = 2", "[a, b + 1] = 2", "{a} = 1", "{a: b} = 1", "a if b else c = 1",
    "f() += 1", "(a, b) += 1", "[a] += 1", "x: int, y = 1", "(a, b): int", "[a]: int = 1", "f(): int", "a = yield = 1", "(yield) = 1", "lambda: x = 1", "x := 1", "f(x := 1, y = 2, 3)",
    "f(a=1, 2)", "f(**a, *b)", "f(**a, b)", "f(a for a in b, c)", "f(1, a for a in b)", "f(a.b=1)", "f(1=2)", "f(None=1)", "f(a=)", "(a, b for a in c)", "[a, b for a in c]", "{**a for a in b}", "[*a for a in b]",
    "def f(a=1, b): pass", "def f(*): pass", "def f(*, **k): pass", "def f(**k, a): pass", "def f(*a, *b): pass", "def f(a, /, b, /): pass", "def f(/, a): pass", "def f(*, /): pass", "def f(1): pass", "def f(a.b): pass", "def f((a, b)): pass",
    "def None(): pass", "class True: pass", "x.None", "import None", "global None", "lambda *: 1", "lambda a, a=: 1", "a if b", "a if b else", "not", "a not b", "a is is b", "a <> b", "a++", "++", "@", "@a\nx = 1", "x = @", "async x", "return return",
    "raise from x", "assert", "pass pass", "break 1", "a, = ", "print(*)", "f(*)", "f(**)", "[*]", "x = *", "x[", "x[]", "x[1", "x[1 2]", "x[1:2:3:4]", "{1, 2: 3}", "{1: 2, 3}", "{*a: 1}", "{**a, b}", "(,)", "[,]", "()=", "if", "class", "def",
    # tokenizer and indentation
    "'abc", '"abc', "'''abc", "x = '''abc\n\n", "0777", "1__0", "5_", "0x", "0b2", "0o8", "1e", "1.5e+", "1a", "0xg", "1_.0", "é = $", "a = \u20ac", "a = \u00a0", "x = \\ 1", "x = 1 + \\", "(]", "[)", ")", "x)", "{(}", "(\n]", "(" * 250, "x = [" + "(" * 300,
    "if x:\npass", "if x:\n  a\n b", "  x", "x\n  y", "def f():\npass", "class A:\nx = 1", "for a in b:\nc", "while a:\nb", "try:\na", "with a:\nb", "else:\n", "if x:\n\ta\n        b", "if x:\n        a\n\tb", "if a:\n  if b:\n    c\n   d", "for x in y:", "def f():", "if x:\n    # only a comment\n",
    "\x0c  x", "a\x00b", "a = 'x\x00y'", "\\x", "a \\\n b", "'\\N{foo}'", "'\\x1'", "'\\u123'", "'\\U12345678'", "f'{'", "f'}'", "f'{a'", "f'{a!x}'", "f'{a!}'", "f'{}'", "f'{a b}'", "f'{a:{b:{c}}}'", "f'{\\n}'", "f'{#}'", "f'{a=!}'", "f'{lambda x: 1}'", "f'{*a}'", "f'{yield}'", "f'{a:{b}'",
    # symbol table and compiler
    "return 1", "class A:\n return 1", "yield 1", "class A:\n yield", "x = yield", "await x", "[(yield) for x in y]", "[x for x in (yield)]", "break", "continue", "if x: break", "for x in y:\n def f(): break", "while x:\n class A: continue", "def f(): break",
    "def f(a, a): pass", "lambda a, a: 1", "def f(a, *, a): pass", "def f(a, **a): pass", "nonlocal x", "def f(): nonlocal x", "def f():\n x = 1\n def g():\n  x = 2\n  nonlocal x", "def f(x):\n global x", "def f():\n x = 1\n global x", "def f():\n print(x)\n global x", "def f():\n x: int\n global x",
    "def f():\n global x\n x: int = 1", "def f(x):\n nonlocal x", "def f():\n global x\n nonlocal x", "def f():\n def g(): nonlocal y\n", "class A:\n def f(self): nonlocal q", "a, *b, *c = d", "*a = b", "*a", "x = *a", "*a, = 1,; *b", "del *a", "for *a in b: pass", "f(a=1, a=2)", "f(a=1, **b, a=3)", "class A(a=1, a=2): pass",
    "from __future__ import nope", "x = 1\nfrom __future__ import division", "from __future__ import braces", "from __future__ import *", "def f(): from a import *", "class A: from a import *", "def f(): from __future__ import division", "try: a\nexcept: b\nexcept C: d", "__debug__ = 1", "def f(__debug__): pass", "f(__debug__=1)", "import __debug__", "a.__debug__ = 1", "for __debug__ in x: pass", "del __debug__", "(__debug__ := 1)",
    "[x := 1 for x in y]", "[(y := 1) for y in z]", "[[(i := 0) for j in k] for i in l]", "class A: [x := 1 for y in z]", "[y for x in (z := 1)]", "def f(a=(b := 1), c): pass", "x = (y := 1 for y in z)", "async def f(): [(yield) for x in y]", "def f(): async for x in y: pass", "def f(): async with x: pass", "def f(): return [await x for x in y]", "async def f():\n yield 1\n return 2", "async def f(): yield from x",
    "match x:\n case a: b\n case c: d", "match x:\n case a | b: pass", "match x:\n case {**a, 'b': c}: pass", "match x:\n case A(b=c, d): pass", "match x:\n case (a, a): pass", "try: a\nexcept* B: return", "for x in y:\n try: a\n except* B: break", "a, b: int = 1, 2", "super().x: int, y = 1", "x[1]: int, 2",
    "a" + ", a" * 300 + ", *b = c", "\n".join(" " * i + "if a:" for i in range(101)) + "\n" + " " * 101 + "b", "\n".join(" " * i + "for a in b:" for i in range(22)) + "\n" + " " * 22 + "c", "\n".join(" " * i + "try:" for i in range(22)) + "\n" + " " * 22 + "c\n" + "\n".join(" " * i + "except: d" for i in range(21, -1, -1)),
    "def f(x):\n    \"doc\"\n    é = 1\n    return é é", "s = 'ä'; t = 'ö' x", "# ünï\nx = (ü, ö é)", "if True:\n    ä = b c\n",
    # encodings
    b"\xff", b"x = '\xe9'\n", b"# -*- coding: nope -*-\nx = 1\n", b"\xef\xbb\xbf# coding: latin-1\nx = 1\n", b"# coding: latin-1\ns = '\xe9'\nx = (\n", b"# coding: latin-1\ns = '\xe9' b c\n", b"#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\ns = '\xe9' b\n", b"a = 1\r\nb c\r\n", b"a\0",
    # found by bench/fuzz_source.py: lines and columns of files, what a reader of lines sees first, encodings
    b'"""\n"""\xc3\x9f', "é = 'ü' + \"\"\"日本\n語\"\"\"; ß(ñ, 'ö' x)\n", "print(é.balance); é.\nx", "def f():\n  x\n é\n", b"\xef\xbb\xbf:", b"\xef\xbb\xbf e", b")\n\xed", b")\n\x00", b" :\n\xe4", b"x\n\0", b"'''\n\0",
    b"#coding=utf\ndef", b"# coding: latin-1\nl'\xe9' x", b"#coding:l", b"# -*- coding:utf-16\n\n       ", b"\x0c # coding=utf-16\nif 1:\n", b"#\x80\n#coding=utf-8\nx", b"# coding: utf-8\nx = \x80", b"\r#coding:l", b"\r\x00", b"# coding: rot13\nx",
    b"\\", b"x\n\\\n", b"try:\r\n", b"try:\n @r", b"class Hook:\n    @classmethod\n", b'f"""{\n"""', b'(f"{a")', b"x = 1\rb c\r",
)
