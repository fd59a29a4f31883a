"""Host functions: arguments, results, exceptions, and entering the VM again from inside."""
from __future__ import annotations

import threading
import warnings
from typing import Any

import pytest

from minivm import VM, Handle, ScriptError, VMError


@pytest.fixture
def vm() -> VM:
    return VM()


def test_a_host_function_is_a_builtin_of_the_program(vm: VM) -> None:
    calls: list[Any] = []
    vm.expose("notify", lambda *args, **kwargs: calls.append((args, kwargs)))
    vm.expose("add", lambda a, b: a + b)
    result = vm.run("notify(1, 'x', [2.5], key=(None,))\nprint(add(1, 2), add('a', 'b'), add([1], [2]), notify())")
    assert result.stdout == "3 ab [1, 2] None\n"
    assert calls == [((1, "x", [2.5]), {"key": (None,)}), ((), {})]


def test_exposing_before_and_after_a_run(vm: VM) -> None:
    vm.run("def f(): return later()")
    with pytest.raises(ScriptError, match="NameError"):
        vm.call("f")
    vm.expose("later", lambda: 1)
    assert vm.call("f") == 1
    vm.expose("later", lambda: 2)
    assert vm.call("f") == 2
    assert vm.call("later") == 2
    assert vm.run("print(later())\ndef later(): return 3\nprint(later())").stdout == "2\n3\n"
    with pytest.raises(ValueError):
        vm.expose("no name", print)
    with pytest.raises(TypeError):
        vm.expose("name", 5)


@pytest.mark.parametrize("value", [
    0, 1, -1, 2**61, 2**62, -(2**63), 2**63 - 1, 2**63, True, False, None, 1.5, "x", [1, 2], {"a": {1}}, (), 10**50,
])
def test_arguments_and_results(value: Any, vm: VM) -> None:
    seen: list[Any] = []

    def echo(*args: Any) -> Any:
        seen.append(args)
        return args[-1]

    vm.expose("echo", echo)
    vm.run("def one(x): return echo(x)\ndef four(x): return echo(1, 2, 3, x)\ndef five(x): return echo(1, 2, 3, 4, x)")
    for name, before in (("one", ()), ("four", (1, 2, 3)), ("five", (1, 2, 3, 4))):
        got = vm.call(name, value)
        assert got == value and type(got) is type(value)
        assert seen.pop() == (*before, value)


def test_values_of_the_programs_own_arrive_as_handles(vm: VM) -> None:
    kept: list[Handle] = []
    vm.expose("keep", kept.append)
    vm.expose("call", lambda function, *args: function(*args))
    result = vm.run(
        "class C:\n    v = 5\nkeep(C())\n"
        "print(call(lambda a, b: a * b, 6, 7), call(C).v, call(call, len, 'abc'))"
    )
    assert result.stdout == "42 5 3\n"
    assert kept[0].get("v") == 5


def test_exceptions_arrive_in_the_program(vm: VM) -> None:
    class Special(Exception):
        pass

    problems: dict[str, BaseException] = {
        "value": ValueError("bad", 1), "key": KeyError("k"), "plain": Exception(), "os": FileNotFoundError(2, "gone"),
        "own": Special("mine"), "stop": StopIteration(5), "odd": ValueError(object()), "assert": AssertionError("a"),
    }

    def fail(name: str) -> None:
        raise problems[name]

    vm.expose("fail", fail)
    vm.run(
        "def f(name):\n    try:\n        fail(name)\n"
        "    except Exception as e:\n        return type(e).__name__, str(e)\n"
    )
    assert vm.call("f", "value") == ("ValueError", "('bad', 1)")
    assert vm.call("f", "key") == ("KeyError", "'k'")
    assert vm.call("f", "plain") == ("Exception", "")
    assert vm.call("f", "os") == ("FileNotFoundError", "[Errno 2] gone")
    assert vm.call("f", "own") == ("RuntimeError", "Special: mine")
    assert vm.call("f", "stop") == ("StopIteration", "5")
    assert vm.call("f", "odd")[0] == "ValueError"
    assert vm.call("f", "assert") == ("AssertionError", "a")


def test_an_uncaught_exception_has_its_cause(vm: VM) -> None:
    problem = ValueError("from the host")

    def fail() -> None:
        raise problem

    vm.expose("fail", fail)
    with pytest.raises(ScriptError, match="ValueError: from the host") as caught:
        vm.run("def f():\n    fail()\nf()", "program.py")
    assert caught.value.__cause__ is problem
    assert [frame.lineno for frame in caught.value.frames] == [3, 2]
    with pytest.raises(ScriptError) as caught:
        vm.run("try:\n    fail()\nexcept ValueError:\n    pass\n{}['k']")
    assert caught.value.__cause__ is None


def test_wrong_results_and_arguments(vm: VM) -> None:
    vm.expose("wrong", lambda: object())
    vm.expose("two", lambda a, b: None)
    vm.run(
        "def f(g):\n    try:\n        g()\n    except TypeError as e:\n        return str(e)\n"
        "def h(): return f(wrong)\ndef i(): return f(two)\n"
    )
    assert "cannot cross into a VM" in vm.call("h")
    assert "missing 2 required positional arguments" in vm.call("i")


@pytest.mark.parametrize("problem", [KeyboardInterrupt(), SystemExit(5), GeneratorExit()])
def test_what_is_no_exception_ends_the_run(problem: BaseException, vm: VM) -> None:
    """The program cannot catch it; the caller gets it as it was raised."""

    def fail() -> None:
        raise problem

    vm.expose("fail", fail)
    with pytest.raises(type(problem)) as caught:
        vm.run("try:\n    fail()\nexcept BaseException:\n    print('caught')\nfinally:\n    print('too')\nprint('on')")
    assert caught.value is problem
    assert vm.take_output() == ""
    assert vm.run("print(1)").stdout == "1\n"


def test_output_comes_before_the_host_call() -> None:
    order: list[str] = []
    vm = VM(stdout=lambda text: order.append(text))
    vm.expose("host", lambda: order.append("host"))
    vm.run("print('one')\nhost()\nprint('two')\n")
    assert "".join(order) == "one\nhosttwo\n"


def test_calling_back_into_the_vm(vm: VM) -> None:
    vm.expose("via_host", lambda name, n: vm.call(name, n))
    vm.run("def down(n):\n    return n if n == 0 else 1 + via_host('down', n - 1)\n")
    assert vm.call("down", 20) == 20
    vm.expose("look", lambda name: vm.get(name))
    vm.expose("more", lambda: vm.expose("added", lambda: 7))
    vm.run("x = 5\nprint(look('x'))\nmore()\nprint(added())\n")


def test_exceptions_pass_through_both_sides(vm: VM) -> None:
    vm.expose("via_host", lambda name: vm.call(name))
    vm.run(
        "def fail(): raise LookupError('k')\n"
        "def f():\n    try:\n        via_host('fail')\n    except LookupError as e:\n        return str(e)\n"
    )
    assert vm.call("f") == "k"
    with pytest.raises(ScriptError) as caught:
        vm.call("via_host", "fail")
    assert (caught.value.type_name, caught.value.message) == ("LookupError", "k")


def test_recursion_through_the_host_ends(vm: VM) -> None:
    vm.expose("again", lambda: vm.call("f"))
    vm.run("def f():\n    return again()\n")
    with pytest.raises((ScriptError, RecursionError)) as caught:
        vm.call("f")
    assert "RecursionError" in repr(caught.value) or isinstance(caught.value, RecursionError)
    assert vm.run("print(1)").stdout == "1\n"


def test_what_is_not_possible_from_inside(vm: VM) -> None:
    problems: list[str] = []

    def attempt(action: Any) -> None:
        try:
            action()
        except VMError as problem:
            problems.append(str(problem))

    vm.expose("run", lambda: attempt(lambda: vm.run("x = 1")))
    vm.expose("close", lambda: attempt(vm.close))
    assert vm.run("run()\nclose()\nprint('on')").stdout == "on\n"
    assert len(problems) == 2
    assert "running" in problems[0] and "running" in problems[1]


def test_another_thread_is_kept_out(vm: VM) -> None:
    """A second thread gets a clear error while the VM runs, and may use it afterwards."""
    problems: list[str] = []

    def use() -> None:
        for action in (lambda: vm.call("f"), lambda: vm.get("f"), lambda: vm.run("x = 1"), vm.close, vm.stats):
            try:
                action()
            except VMError as problem:
                problems.append(str(problem))

    def host() -> None:
        thread = threading.Thread(target=use)
        thread.start()
        thread.join()

    vm.expose("host", host)
    vm.run("def f(): return 5\nhost()\n")
    assert problems == ["the VM is running in another thread"] * 5
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.append(vm.call("f")))
    thread.start()
    thread.join()
    assert results == [5]


def test_one_vm_from_the_host_function_of_another(vm: VM) -> None:
    other = VM()
    other.run("def f(x): return x * 2\ndef fail(): raise ValueError('inner')\ndef loop():\n    while True: pass\n")
    vm.expose("other", lambda name, *args: other.call(name, *args))
    assert vm.run("print(other('f', 21))").stdout == "42\n"
    with pytest.raises(ScriptError, match="ValueError: inner"):
        vm.run("other('fail')")


def test_nothing_is_printed_by_the_bridge(vm: VM, capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ValueError("quiet")

    vm.expose("fail", fail)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vm.run("try:\n    fail()\nexcept ValueError:\n    pass\n")
    assert capfd.readouterr() == ("", "")
