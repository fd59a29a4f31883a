"""How programs end: SystemExit with every kind of code, uncaught exceptions, and whose code runs on the way out."""
from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Run

LOUD = "class Loud(Exception):\n    def __str__(self): print('str'); return 'loud'\n"
CUSTOM = "class Custom(SystemExit):\n    def __str__(self): print('str'); return 'text'\n"

PROGRAMS = [
    "import sys; sys.exit()",
    "import sys; sys.exit(0)",
    "import sys; sys.exit(3)",
    "import sys; sys.exit(-1)",
    "import sys; sys.exit(256)",
    "import sys; sys.exit(2 ** 31)",
    "import sys; sys.exit(2 ** 70)",
    "import sys; sys.exit(True)",
    "import sys; sys.exit(False)",
    "import sys; sys.exit('bye')",
    "import sys; sys.exit('')",
    "import sys; sys.exit(2.5)",
    "import sys; sys.exit((1, 2))",
    "import sys; sys.exit([1, 2])",
    "import sys; x = []; x.append(x); sys.exit(x)",
    "raise SystemExit",
    "raise SystemExit('x', 'y')",
    "class Int(int): pass\nraise SystemExit(Int(9))",
    "class Code:\n    def __str__(self): print('str'); return 'text'\nraise SystemExit(Code())",
    "class Code:\n    def __str__(self): 1 / 0\nraise SystemExit(Code())",
    CUSTOM + "raise Custom(5)",
    CUSTOM + "raise Custom('code')",
    "class Exit(SystemExit): pass\ne = Exit(1); e.code = 'changed'; raise e",
    "class Exit(SystemExit):\n    code = property(lambda self: 1 / 0)\nraise Exit(1)",
    "try:\n    raise SystemExit(3)\nfinally:\n    print('finally')",
    LOUD + "try:\n    raise Loud()\nexcept Loud:\n    raise SystemExit(3)",
    LOUD + "try:\n    raise Loud()\nexcept Loud:\n    raise ValueError(3)",
    LOUD + "raise Loud",
    "class Bad(Exception):\n    def __str__(self): 1 / 0\nraise Bad",
    "class Bad(Exception):\n    def __str__(self): return 5\nraise Bad",
    "raise BaseException('b')",
    "e = ValueError('a'); e.add_note('one'); e.add_note('two\\nthree'); raise e",
    "raise SyntaxError('message', ('file.py', 3, 4, 'some text', 3, 6))",
    "import sys; print('out'); print('err', file=sys.stderr); sys.exit('bye')",
    "import sys; sys.stdout.write('no newline'); sys.exit(0)",
    "import sys; sys.stdout.write('no newline'); 1 / 0",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_ends(program: str, minivm: Run, cpython: Run, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(program + "\n")
    path = str(tmp_path / "program.py")
    expected, found = cpython(path), minivm(path)
    assert (found.stdout, found.stderr, found.returncode) == (expected.stdout, expected.stderr, expected.returncode)
