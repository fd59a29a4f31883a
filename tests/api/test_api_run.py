"""`VM.run`: results, output, exceptions, images."""
from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

import minivm
from minivm import VM, BadImage, CompileError, Frame, Refused, Result, ScriptError, SyntaxProblem


@pytest.fixture
def vm() -> VM:
    return VM()


def test_output_is_collected(vm: VM) -> None:
    result = vm.run("import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('é€😀')")
    assert isinstance(result, Result)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "out\né€😀\n", "err\n")


def test_output_goes_where_it_is_sent(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = "import sys\nprint('out')\nprint('err', file=sys.stderr)"
    out, err = io.StringIO(), []
    result = VM(stdout=out, stderr=err.append).run(text)
    assert (result.stdout, result.stderr, out.getvalue(), "".join(err)) == ("", "", "out\n", "err\n")
    with open(tmp_path / "out", "w+") as file:
        VM(stdout=file.fileno(), stderr=2).run(text)
        file.seek(0)
        assert file.read() == "out\n"
    assert capfd.readouterr().err == "err\n"


def test_characters_are_never_split() -> None:
    pieces: list[str] = []
    VM(stdout=pieces.append).run("print('€😀' * 20000)")
    assert "".join(pieces) == "€😀" * 20000 + "\n"


def test_errors_of_a_writer_reach_the_program_or_the_caller() -> None:
    def full(text: str) -> None:
        raise OSError(28, "No space left on device")

    def broken(text: str) -> None:
        raise LookupError("broken")

    text = "try:\n    print('x', flush=True)\nexcept OSError as e:\n    r = (e.errno, type(e).__name__)\n"
    vm = VM(stdout=full)
    try:
        vm.run(text)
    except ScriptError as problem:  # what is left in the buffer cannot be written at the end either
        assert problem.type_name == "OSError"
    assert vm.get("r") == (28, "OSError")
    with pytest.raises(LookupError, match="broken"):
        VM(stdout=broken).run("print('x')")


def test_input() -> None:
    text = "print([input('? '), input()])\ntry:\n    input()\nexcept EOFError:\n    print('end')"
    result = VM(stdin=io.StringIO("one\ntwo")).run(text)
    assert result.stdout == "? ['one', 'two']\nend\n"
    with pytest.raises(ScriptError, match="EOFError"):
        VM().run("input()")


@pytest.mark.parametrize("call, code", [
    ("sys.exit()", 0), ("sys.exit(0)", 0), ("sys.exit(3)", 3), ("sys.exit(True)", True), ("sys.exit('why')", "why"),
    ("sys.exit((1, 2))", (1, 2)), ("raise SystemExit(4)", 4),
])
def test_exit_codes(call: str, code: object, vm: VM) -> None:
    result = vm.run(f"import sys\nprint('x')\n{call}\nprint('never')")
    assert (result.exit_code, result.stdout) == (code, "x\n")


PROGRAM = """\
def outer():
    inner(0)

def inner(n):
    return 1 / n

print("before")
outer()
"""


def test_an_uncaught_exception(vm: VM) -> None:
    with pytest.raises(ScriptError) as caught:
        vm.run(PROGRAM, "some/program.py")
    problem = caught.value
    assert (problem.type_name, problem.message) == ("ZeroDivisionError", "division by zero")
    assert str(problem) == "ZeroDivisionError: division by zero"
    assert problem.frames == (
        Frame("some/program.py", 8, "<module>"),
        Frame("some/program.py", 2, "outer"),
        Frame("some/program.py", 5, "inner"),
    )
    assert problem.stdout == "before\n"
    assert problem.traceback == (
        "Traceback (most recent call last):\n"
        '  File "some/program.py", line 8, in <module>\n    outer()\n'
        '  File "some/program.py", line 2, in outer\n    inner(0)\n'
        '  File "some/program.py", line 5, in inner\n    return 1 / n\n           ~~^~~\n'
        "ZeroDivisionError: division by zero\n"
    )


def test_chained_exceptions(vm: VM) -> None:
    with pytest.raises(ScriptError) as caught:
        vm.run("try:\n    1 / 0\nexcept Exception as e:\n    raise KeyError('k') from e")
    assert caught.value.type_name == "KeyError"
    assert caught.value.message == "'k'"
    assert "ZeroDivisionError" in caught.value.traceback
    assert "direct cause" in caught.value.traceback


def test_exceptions_without_text_and_of_own_classes(vm: VM) -> None:
    with pytest.raises(ScriptError) as caught:
        vm.run("class Trouble(Exception): pass\nraise Trouble")
    assert (caught.value.type_name, caught.value.message, str(caught.value)) == ("Trouble", "", "Trouble")


def test_refused(vm: VM) -> None:
    with pytest.raises(Refused) as caught:
        vm.run("print('never')\nx = 1; import socket", "program.py")
    problem = caught.value
    assert isinstance(problem, CompileError)
    assert (problem.filename, problem.lineno, problem.col) == ("program.py", 2, 15)
    assert problem.source_line == "x = 1; import socket"
    assert problem.message.endswith("is not in Mini")
    assert str(problem) == f"program.py:2:15: {problem.message}\n    x = 1; import socket\n                  ^"
    assert vm.take_output() == ""


def test_syntax_errors(vm: VM) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        vm.run("x = (\n", "program.py")
    assert str(caught.value) == (
        "  File \"program.py\", line 1\n    x = (\n        ^\nSyntaxError: '(' was never closed"
    )


def test_local_modules_are_out_of_reach(vm: VM, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.py").write_text("value = 1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises((ScriptError, CompileError)) as caught:
        vm.run("import secret", str(tmp_path / "program.py"))
    assert "secret" in str(caught.value)


def test_each_run_starts_afresh(vm: VM) -> None:
    vm.run("x = 1\ndef f(): return x")
    function = vm.get("f")
    vm.run("try:\n    print(x)\nexcept NameError:\n    print('gone')\ny = 2")
    assert vm.get("y") == 2
    with pytest.raises(ScriptError, match="NameError"):
        vm.get("x")
    assert function() == 1


def test_a_failed_run_leaves_the_vm_usable(vm: VM) -> None:
    for _ in range(3):
        with pytest.raises(ScriptError):
            vm.run("1 / 0")
        with pytest.raises(CompileError):
            vm.run("x = (")
        assert vm.run("print(1)").stdout == "1\n"


def test_what_ran_before_an_exception_stays(vm: VM) -> None:
    with pytest.raises(ScriptError):
        vm.run("x = 5\n1 / 0")
    assert vm.get("x") == 5


def test_images() -> None:
    image = minivm.compile_program("print(__name__)\nx = [1, 2]", "program.py")
    assert isinstance(image, bytes)
    for _ in range(2):
        vm = VM()
        assert vm.run(image).stdout == "__main__\n"
        assert vm.run(image).stdout == "__main__\n"
        assert vm.get("x") == [1, 2]


def test_damaged_images(vm: VM) -> None:
    image = minivm.compile_program("x = 1")
    for data in (b"", b"print(1)", image[:-1], image + b"x", image[:40] + bytes([image[40] ^ 1]) + image[41:]):
        with pytest.raises(BadImage):
            vm.run(data)
    assert vm.run(image).exit_code == 0


def test_files_are_out_of_reach_unless_allowed(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    path.write_text("secret")
    text = f"print(open({str(path)!r}).read())"
    with pytest.raises(ScriptError) as caught:
        VM().run(text)
    assert caught.value.type_name == "PermissionError"
    assert VM(files=True).run(text).stdout == "secret\n"


def test_a_traceback_does_not_read_files(tmp_path: Path) -> None:
    """The lines in a traceback come from the program's text, whatever stands under its name."""
    path = tmp_path / "program.py"
    path.write_text("SECRET\n" * 5)
    with pytest.raises(ScriptError) as caught:
        VM().run("x = 1\n1 / 0\n", str(path))
    assert "SECRET" not in caught.value.traceback
    assert "    1 / 0\n" in caught.value.traceback


@pytest.mark.parametrize("settings, error", [
    ({"memory_limit": 0}, ValueError), ({"memory_limit": -1}, ValueError), ({"memory_limit": "1M"}, TypeError),
    ({"time_limit": 0}, ValueError), ({"time_limit": "1"}, TypeError), ({"time_limit": float("nan")}, ValueError),
    ({"fuel": 0}, ValueError), ({"fuel": 1.5}, TypeError), ({"recursion_limit": 0}, ValueError),
    ({"output_limit": -5}, ValueError), ({"stdout": 3.5}, TypeError), ({"nonsense": 1}, TypeError),
])
def test_settings_are_checked(settings: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        VM(**settings)


def test_hashes_follow_pythonhashseed() -> None:
    """With a fixed seed, sets of strings come out in CPython's order."""
    text = "print({'a', 'b', 'c', 'dd', 'eee'}, hash('text'))"
    code = f"import minivm; print(minivm.VM().run({text!r}).stdout, end='')"
    for seed in ("0", "42"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        ours, theirs = (
            subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
            for script in (code, text)
        )
        assert ours.stdout == theirs.stdout != ""


def test_importing_minivm_loads_no_native_code(tmp_path: Path) -> None:
    text = "import sys, minivm; assert 'minivm._native' not in sys.modules; minivm.VM; print(len(dir(minivm)) > 10)"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("True\n", "")
    assert all(hasattr(minivm, name) for name in minivm.__all__)
    with pytest.raises(AttributeError):
        getattr(minivm, "nonsense")


def test_only_the_bridge_imports_the_native_module() -> None:
    package = Path(minivm.__file__).parent
    users = {
        str(path.relative_to(package)) for path in package.rglob("*.py")
        if "from minivm._native import" in path.read_text() or "import _native" in path.read_text()
    }
    assert users == {"runtime/bridge.py"}
