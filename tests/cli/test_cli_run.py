"""Running programs: where they come from, what they see, how they end. CPython is the oracle where it has an answer."""
from __future__ import annotations

import re
import subprocess
import textwrap
from pathlib import Path

import pytest

from conftest import MINIVM, PYTHON, Run

HELLO = "print('hello, world')\n"

# Each is written to program.py and run under both; output, errors and status must be the same.
SAME = {
    "hello": HELLO,
    "empty": "",
    "only_a_comment": "# nothing\n",
    "no_last_newline": "print(1)",
    "crlf": "x = 1\r\nif x:\r\n    print('crlf')\r\n",
    "bom": "\ufeffprint('bom')\n",
    "latin_1": "# -*- coding: latin-1 -*-\nprint('\u00e4')\n".encode("latin-1"),
    "unicode": "print('\u00e4\u20ac\U0001f600')\n",
    "argv": "import sys\nprint(sys.argv)\n",
    "names": "print(__name__, __doc__)\n",
    "docstring": "'the doc'\nprint(__doc__)\n",
    "file": "print(__file__)\n",
    "path": "import sys\nprint(sys.path[0])\n",
    "stderr": "import sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.stderr.write('more\\n')\n",
    "input": "print(repr(input('name? ')))\nprint(repr(input()))\n",
    "input_eof": "input()\ninput()\ninput()\n",
    "stdin_lines": "import sys\nfor line in sys.stdin:\n    print(repr(line))\n",
    "exit_0": "import sys\nsys.exit(0)\n",
    "exit_7": "import sys\nprint('x')\nsys.exit(7)\n",
    "exit_none": "import sys\nsys.exit()\n",
    "exit_300": "import sys\nsys.exit(300)\n",
    "exit_minus_1": "import sys\nsys.exit(-1)\n",
    "exit_huge": "import sys\nsys.exit(10 ** 30)\n",
    "exit_true": "import sys\nsys.exit(True)\n",
    "exit_text": "import sys\nsys.exit('the reason')\n",
    "exit_float": "import sys\nsys.exit(2.5)\n",
    "exit_list": "import sys\nsys.exit([1, 'a'])\n",
    "exit_object": "class C:\n    def __str__(self):\n        return 'a C'\nraise SystemExit(C())\n",
    "raise_system_exit": "raise SystemExit\n",
    "exit_caught": "import sys\ntry:\n    sys.exit(3)\nexcept SystemExit as e:\n    print('caught', e.code)\n",
    "exit_in_finally": "import sys\ntry:\n    1 / 0\nfinally:\n    sys.exit(4)\n",
    "uncaught": "def f(x):\n    return g(x) + 1\n\ndef g(x):\n    return x / 0\n\nprint('before')\nf(1)\n",
    "uncaught_no_message": "raise ValueError\n",
    "uncaught_lines": "raise ValueError('two\\nlines')\n",
    "uncaught_keyboard": "raise RuntimeError('no')\n",
    "uncaught_own": "class Trouble(Exception):\n    pass\n\nraise Trouble('a', 1)\n",
    "uncaught_cause": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise KeyError('k') from e\n",
    "uncaught_context": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    {}['k']\n",
    "uncaught_recursion": "def f(n):\n    return f(n + 1)\nf(0)\n",
    "uncaught_in_method": "class A:\n    def m(self):\n        return self.gone\n\nA().m()\n",
    "uncaught_wide": "x = ['\u00e4\u20ac', 1]; y = '\U0001f600' + x[1]\n",
    "syntax_error": "x = (\n",
    "syntax_error_word": "if True\n    pass\n",
    "syntax_error_late": "print('never')\ndef f():\n    return 1 +\n",
    "indentation_error": "if True:\nprint(1)\n",
    "tab_error": "if True:\n    x = 1\n\ty = 2\n",
    "break_outside": "break\n",
    "return_outside": "x = 1\nreturn x\n",
    "nonlocal_at_top": "nonlocal x\n",
    "not_utf_8": b"x = 1\ny = '\xff'\n",
    "unknown_encoding": b"# coding: klingon\nx = 1\n",
}


@pytest.mark.parametrize("name", SAME)
def test_same_as_cpython(name: str, minivm: Run, cpython: Run, tmp_path: Path) -> None:
    text = SAME[name]
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    (tmp_path / "program.py").write_bytes(data)
    words = ("program.py", "one", "-c", "--two=3", "")
    expected = cpython(*words, input="first\nsecond\n")
    for attempt in ("cold", "warm"):
        found = minivm(*words, input="first\nsecond\n")
        assert (found.stdout, found.stderr, found.returncode) == (
            expected.stdout, expected.stderr, expected.returncode,
        ), attempt


@pytest.mark.parametrize("name", ["hello", "argv", "names", "uncaught", "syntax_error", "exit_text", "path"])
def test_code_on_the_command_line(name: str, minivm: Run, cpython: Run) -> None:
    words = ("-c", str(SAME[name]), "one", "-h")
    found, expected = minivm(*words), cpython(*words)
    assert (found.stdout, found.stderr, found.returncode) == (expected.stdout, expected.stderr, expected.returncode)


@pytest.mark.parametrize(
    "name", ["hello", "argv", "names", "uncaught", "syntax_error", "input_eof", "not_utf_8", "path"]
)
@pytest.mark.parametrize("words", [("-", "one"), ()])
def test_program_on_standard_input(
    name: str, words: tuple[str, ...], tmp_path: Path, environment: dict[str, str]
) -> None:
    text = SAME[name]
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    results = [
        subprocess.run([command, *words], input=data, capture_output=True, cwd=tmp_path, env=environment, timeout=60)
        for command in (MINIVM, PYTHON)
    ]
    found, expected = [(done.stdout, done.stderr, done.returncode) for done in results]
    assert found == expected


def test_code_is_attached_to_c(minivm: Run) -> None:
    assert minivm("-cprint(5)").stdout == "5\n"


def test_other_spellings_of_a_path(minivm: Run, cpython: Run, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "program.py").write_text("import sys\nprint(sys.argv, sys.path[0], __file__)\n1 / 0\n")
    (tmp_path / "link.py").symlink_to("sub/program.py")
    for path in ("sub/program.py", "./sub/program.py", "sub/../sub/program.py", "link.py", str(tmp_path / "link.py")):
        found, expected = minivm(path), cpython(path)
        assert (found.stdout, found.stderr, found.returncode) == (expected.stdout, expected.stderr, expected.returncode)


def test_double_dash_ends_the_options(minivm: Run, tmp_path: Path) -> None:
    (tmp_path / "-odd.py").write_text("import sys\nprint(sys.argv)\n")
    (tmp_path / "check").write_text("print('not the subcommand')\n")
    assert minivm("--", "-odd.py", "x").stdout == "['-odd.py', 'x']\n"
    assert minivm("./check").stdout == "not the subcommand\n"


def test_any_suffix_will_do(minivm: Run, tmp_path: Path) -> None:
    for name in ("program.mini", "program", "program.txt"):
        (tmp_path / name).write_text(HELLO)
        assert minivm(name).stdout == "hello, world\n"


def test_a_file_that_is_not_there(minivm: Run, tmp_path: Path) -> None:
    done = minivm("gone.py")
    assert done.returncode == 2
    assert done.stderr == f"minivm: can't open file '{tmp_path}/gone.py': [Errno 2] No such file or directory\n"
    assert minivm(".").returncode == 2
    assert "Traceback" not in minivm(".").stderr


def test_local_modules(minivm: Run, cpython: Run, tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (package / "__init__.py").write_text("from .inner import value\nprint('package', __name__)\n")
    (package / "inner.py").write_text("value = 42\nprint('inner', __name__, __package__)\n")
    (tmp_path / "helper.py").write_text("def fail():\n    raise ValueError('helper')\n")
    (tmp_path / "main.py").write_text(
        "import helper\nimport package.inner\nfrom package import value\n"
        "print(value, package.inner.value)\nhelper.fail()\n"
    )
    expected = cpython("main.py")
    for attempt in ("cold", "warm"):
        found = minivm("main.py")
        assert found.stdout == expected.stdout, attempt
        assert found.stderr == expected.stderr, attempt
        assert found.returncode == expected.returncode == 1


REFUSED = {
    "async def f():\n    pass\n": (1, 1),
    "print('never')\nx = 3\nwhile x:\n    x -= 1\n    match x:\n        case 0:\n            pass\n": (5, 5),
    "print('never')\nimport socket\n": (2, 8),
    "print('never')\neval('1')\n": (2, 1),
    "if 1:\n\tx = b'bytes'\n": (2, 6),
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused_before_anything_runs(text: str, minivm: Run, tmp_path: Path) -> None:
    """`FILE:LINE:COL: X is not in Mini`, the source line, a caret under the column; nothing on stdout; status 2."""
    (tmp_path / "refused.py").write_text(text)
    done = minivm("refused.py")
    assert done.returncode == 2
    assert done.stdout == ""
    head, line, caret = done.stderr.splitlines()[:3]
    place = re.fullmatch(r"refused\.py:(\d+):(\d+): .+ is not in Mini", head)
    assert place is not None, head
    lineno, col = int(place[1]), int(place[2])
    source = text.splitlines()[lineno - 1]
    assert lineno == REFUSED[text][0]
    assert line == "    " + source.strip()
    assert caret.strip() == "^"
    assert caret.index("^") - 4 == col - 1 - (len(source) - len(source.lstrip()))


@pytest.mark.parametrize("statement", [
    "own['a'] = 1", "del own['a']", "own.update(a=1)", "own.pop('a')", "own.clear()", "own.setdefault('a')", "own |= {}", "own.popitem()",
    "dict.update(own, a=1)", "dict.pop(own, 'a', None)", "dict.__setitem__(own, 'a', 1)", "dict.__ior__(own, {})", "dict.__init__(own, a=1)",
    "dict.clear(globals())", "f.__dict__['a'] = 1", "f.__kwdefaults__ = own",
    "f.__code__.co_names", "f.__code__.co_code", "f.__code__.co_consts", "f.__code__.replace()", "(i for i in ()).__del__()",
])
def test_refused_at_run_time(statement: str, minivm: Run) -> None:
    done = minivm("-c", f"class C: pass\ndef f(): pass\nown = C().__dict__\n{statement}\n")
    assert done.returncode == 1
    assert "is not in Mini" in done.stderr


def test_the_position_behind_text_that_cannot_be_decoded_is_refused(minivm: Run, cpython: Run, tmp_path: Path) -> None:
    """Not the first chunk: CPython has no older one to go back to there, and after seek() none is left."""
    (tmp_path / "bytes.txt").write_bytes(b"x" * 9000 + b"\xe9x")
    (tmp_path / "tell.py").write_text("""f = open('bytes.txt', encoding='utf-8')
def attempt():
    try: print(f.readline())
    except UnicodeDecodeError as e: print(e)
attempt(); f.seek(9000); attempt(); print(f.tell()); f.seek(0); attempt()
print(f.tell())
""")
    done, wanted = minivm("tell.py"), cpython("tell.py")
    assert wanted.returncode == 0 and wanted.stdout.endswith("\n810\n")
    assert done.returncode == 1 and done.stdout == wanted.stdout.removesuffix("810\n")
    assert "the position of a file whose text cannot be decoded is not in Mini" in done.stderr


def test_files(minivm: Run, cpython: Run, tmp_path: Path) -> None:
    text = textwrap.dedent("""\
        with open('data.txt', 'w') as file:
            print('one', file=file)
        print(open('data.txt').read())
        open('gone.txt')
    """)
    expected, found = cpython("-c", text), minivm("-c", text)
    assert (found.stdout, found.stderr, found.returncode) == (expected.stdout, expected.stderr, expected.returncode)
    denied = minivm("--no-files", "-c", "open('data.txt')")
    assert denied.returncode == 1
    assert denied.stderr.splitlines()[-1].startswith("PermissionError:")


def test_the_module_runs_too(run: Run) -> None:
    assert run(PYTHON, "-m", "minivm", "-c", "print(6 * 7)").stdout == "42\n"


def test_output_is_not_mixed_up_with_a_child(minivm: Run) -> None:
    """What a program prints is in order and complete, however much it is."""
    done = minivm("-c", "for i in range(100000):\n    print(i)\n")
    assert done.stdout == "".join(f"{i}\n" for i in range(100000))


def test_lone_surrogates(minivm: Run, cpython: Run) -> None:
    text = "import sys\nprint('\\udc80', file=sys.stderr)\nprint('\\ud800')\n"
    found, expected = minivm("-c", text), cpython("-c", text)
    assert (found.stdout, found.stderr, found.returncode) == (expected.stdout, expected.stderr, expected.returncode)
