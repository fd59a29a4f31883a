"""What crosses between Python and a VM: plain data both ways, other values as handles."""
from __future__ import annotations

import gc
import math
from collections import OrderedDict, namedtuple
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minivm import VM, Handle, MemoryLimit, ScriptError, ScriptExit
from minivm.runtime import wire

SHARED = """
def echo(x): return x
def kind(x): return type(x).__name__
def text(x): return repr(x)
def pair(*args, **kwargs): return args, kwargs
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def __str__(self): return f'({self.x}, {self.y})'
    def shift(self, by): return Point(self.x + by, self.y + by)
class Int(int): pass
class Text(str): pass
"""


@pytest.fixture(scope="module")
def vm() -> VM:
    vm = VM(time_limit=60.0)
    vm.run(SHARED)
    return vm


VALUES = [
    None, True, False, 0, 1, -1, 2**31, 2**61, 2**61 - 1, -(2**61), 2**62, -(2**62), 2**63 - 1, -(2**63), 2**63,
    -(2**63) - 1, 2**64, 10**100, -(10**100), 1 << 5000, 0.0, -0.0, 1.5, -1e300, 5e-324, math.inf, -math.inf, "", "a",
    "é", "€", "😀", "\0", "\ud800", "a" * 100000, [], [1], (), (1,), {}, {1: 2}, set(), {1}, frozenset(),
    frozenset({1}),
    [1, [2, (3, {"k": {4, 5}, "f": frozenset("ab")})]], {"a": None, (1, 2): [True], 3.5: "x", frozenset({1}): ()},
    list(range(1000)), [float(i) for i in range(1000)], [2**62] * 20, [2**70] * 20, [1.5] * 19 + [1], [True] * 20,
    ["x"] * 1000, {i: str(i) for i in range(1000)}, [[]] * 50, (1,) * 1000,
]


def same(a: Any, b: Any) -> bool:
    """Equal, with equal types all the way down, and -0.0 apart from 0.0."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(map(same, a.items(), b.items()))
    if isinstance(a, (set, frozenset)):
        own = {item: item for item in a}
        return len(a) == len(b) and all(item in own and same(own[item], item) for item in b)
    if isinstance(a, float):
        return repr(a) == repr(b)
    return bool(a == b)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{type(value).__name__}-{str(value)[:12]!a}")
def test_values_cross_both_ways(value: Any, vm: VM) -> None:
    assert same(vm.call("echo", value), value)
    assert vm.call("kind", value) == type(value).__name__
    try:
        shown = repr(value)
    except ValueError:  # more than 4300 digits
        return
    assert isinstance(value, (set, frozenset, dict, list)) or vm.call("text", value) == shown


def test_tags_are_those_of_the_header() -> None:
    from minivm.runtime.bridge import lib

    names = [name for name in dir(lib) if name.startswith("MV_WIRE_")]
    assert len(names) == 18
    assert {name: getattr(wire, name.removeprefix("MV_WIRE_")) for name in names} == {
        name: getattr(lib, name) for name in names
    }


def test_nan_crosses(vm: VM) -> None:
    assert math.isnan(vm.call("echo", math.nan))


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
    | st.integers(-(2**64), 2**64)
)
KEYS = st.recursive(SCALARS, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=4), max_leaves=6)
DATA = st.recursive(
    SCALARS | st.sets(KEYS, max_size=4),
    lambda inner: (
        st.lists(inner, max_size=20) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(KEYS, inner, max_size=6)
    ),
    max_leaves=40,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=DATA)
def test_any_plain_data_crosses(value: Any, vm: VM) -> None:
    assert same(vm.call("echo", value), value)


@settings(max_examples=300, deadline=None)
@given(value=DATA, more=st.dictionaries(st.text(max_size=5), SCALARS, max_size=4))
def test_the_encoding_alone(value: Any, more: dict[str, Any]) -> None:
    def no_handle(value: Any) -> int:
        raise AssertionError(value)

    assert same(wire.decode(wire.encode(value, no_handle), no_handle), value)
    args, kwargs = wire.decode_arguments(wire.encode_arguments((value, 1), more, no_handle), no_handle)
    assert same(args, [value, 1]) and same(kwargs, more)


def test_arguments(vm: VM) -> None:
    assert vm.call("pair") == ((), {})
    assert vm.call("pair", 1, 2, 3, 4) == ((1, 2, 3, 4), {})
    assert vm.call("pair", 1, 2, 3, 4, 5) == ((1, 2, 3, 4, 5), {})
    assert vm.call("pair", 1, "x", a=2, b=[3]) == ((1, "x"), {"a": 2, "b": [3]})
    assert vm.call("pair", True, 2**63) == ((True, 2**63), {})
    assert vm.call("pair", *range(300)) == (tuple(range(300)), {})
    with pytest.raises(ScriptError, match=r"TypeError: echo\(\) missing 1 required positional argument: 'x'"):
        vm.call("echo")


def test_subclasses_of_the_hosts_arrive_as_their_base(vm: VM) -> None:
    class Level(IntEnum):
        LOW = 1

    Row = namedtuple("Row", "a b")
    for value, plain in ((Level.LOW, 1), (Row(1, 2), (1, 2)), (OrderedDict(a=1), {"a": 1}), ([Level.LOW], [1])):
        assert same(vm.call("echo", value), plain)


def test_copies_are_independent(vm: VM) -> None:
    vm.run("kept = []\ndef keep(x):\n    kept.append(x)\n    return kept")
    value = [1]
    got = vm.call("keep", value)
    value.append(2)
    got.append(3)
    assert vm.get("kept") == [[1]]
    vm.run(SHARED)


@pytest.mark.parametrize("value", [object(), b"bytes", 1j, print, [object()], {"a": b""}, range(3)])
def test_what_cannot_cross(value: Any, vm: VM) -> None:
    with pytest.raises(TypeError, match="cannot cross into a VM"):
        vm.call("echo", value)


def test_nesting_has_an_end(vm: VM) -> None:
    deep: list[Any] = []
    for _ in range(wire.DEPTH - 1):
        deep = [deep]
    assert same(vm.call("echo", deep), deep)
    with pytest.raises(ValueError, match="nested"):
        vm.call("echo", [deep])
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(ValueError, match="nested"):
        vm.call("echo", circle)
    vm.run(
        "x = []\nx.append(x)\ny = {}\ny[1] = [y]\n"
        "def deep(n):\n    x = []\n    for i in range(n): x = [x]\n    return x\n"
    )
    for name in ("x", "y"):
        with pytest.raises(ScriptError, match="ValueError"):
            vm.get(name)
    assert same(vm.call("deep", wire.DEPTH - 1), deep)
    with pytest.raises(ScriptError, match="ValueError"):
        vm.call("deep", 100000)
    vm.run(SHARED)


def test_sharing_does_not_explode() -> None:
    """Data that doubles at each level is stopped by the memory limit, not by the machine's memory."""
    small = VM(memory_limit=32 << 20)
    with pytest.raises((MemoryLimit, ScriptError)):
        small.run("x = [1]\nfor i in range(60): x = [x, x]\n")
        small.get("x")
    assert small.run("print(1)").stdout == "1\n"


def test_what_programs_see_as_a_dict_crosses_as_one() -> None:
    vm = VM()
    vm.run("class Point: pass\npoint = Point()\npoint.x = [2]\nspace, proxy = vars(point), vars(Point)\n"
           "def holder(): return [space, space]\ndef change(): point.z = 3")
    assert vm.get("space") == {"x": [2]} and type(vm.get("space")) is dict
    assert vm.call("holder") == [{"x": [2]}] * 2
    vm.call("change")
    assert vm.get("space") == {"x": [2], "z": 3}
    assert isinstance(vm.get("proxy"), Handle)


def test_handles(vm: VM) -> None:
    point = vm.call("Point", 1, 2)
    assert isinstance(point, Handle)
    assert point.type_name == "Point"
    assert repr(point) == "<minivm.Handle of Point>"
    assert str(point) == "(1, 2)"
    assert (point.get("x"), point.get("y")) == (1, 2)
    assert point.get("shift")(10).get("y") == 12
    with pytest.raises(ScriptError, match="AttributeError: 'Point' object has no attribute 'z'"):
        point.get("z")
    vm.run(SHARED + "def is_same(a, b): return a is b\n")
    other = vm.call("Point", 5, 6)
    assert vm.call("is_same", other, vm.call("echo", other)) is True
    assert vm.call("is_same", other, vm.call("Point", 5, 6)) is False


def test_handles_inside_data(vm: VM) -> None:
    point = vm.call("Point", 1, 2)
    back = vm.call("echo", {"a": [point, (point,)]})
    assert back["a"][0].get("x") == back["a"][1][0].get("x") == 1


@pytest.mark.parametrize("expression, name", [
    ("Point(1, 2)", "Point"), ("Point", "type"), ("echo", "function"), ("len", "builtin_function_or_method"),
    ("range(3)", "range"), ("iter([])", "list_iterator"), ("(i for i in 'a')", "generator"), ("Int(5)", "Int"),
    ("Text('t')", "Text"), ("...", "ellipsis"), ("NotImplemented", "NotImplementedType"), ("{}.keys()", "dict_keys"),
    ("Point(1, 2).shift", "method"), ("slice(1)", "slice"), ("object()", "object"), ("ValueError('x')", "ValueError"),
])
def test_what_is_no_plain_data_becomes_a_handle(expression: str, name: str, vm: VM) -> None:
    vm.run(SHARED + f"value = {expression}\n")
    value = vm.get("value")
    assert isinstance(value, Handle)
    assert value.type_name == name
    assert isinstance(vm.call("echo", value), Handle)


def test_handles_keep_their_values_alive() -> None:
    vm = VM(memory_limit=64 << 20)
    vm.run("class Big:\n    def __init__(self, n): self.data = [n] * 1000\n    def first(self): return self.data[0]\n")
    handles = [vm.call("Big", n) for n in range(100)]
    vm.run("x = [[i] * 10 for i in range(100000)]\nx = None\n")
    assert [handle.get("first")() for handle in handles] == list(range(100))


def test_dropped_handles_free_their_values() -> None:
    vm = VM(memory_limit=64 << 20)
    vm.run("class Big:\n    def __init__(self): self.data = [0] * 100000\ndef make(): return Big()\n")
    for _ in range(1000):
        vm.call("make")


def test_handles_belong_to_their_vm(vm: VM) -> None:
    other = VM()
    other.run(SHARED)
    point = other.call("Point", 1, 2)
    with pytest.raises(TypeError, match="belongs to the VM"):
        vm.call("echo", point)


def test_a_handle_keeps_its_vm_alive() -> None:
    vm = VM()
    vm.run("n = 0\ndef count():\n    global n\n    n += 1\n    return n")
    count = vm.get("count")
    del vm
    gc.collect()
    assert (count(), count()) == (1, 2)


def test_get(vm: VM) -> None:
    vm.run("x = 5\ny = [x, {'k': (1.5, None)}]\nimport math\nclass C: pass")
    assert vm.get("x") == 5
    assert vm.get("y") == [5, {"k": (1.5, None)}]
    assert vm.get("math").get("pi") == math.pi
    assert vm.get("__name__") == "__main__"
    with pytest.raises(ScriptError, match="NameError: name 'nothing' is not defined"):
        vm.get("nothing")
    with pytest.raises(ScriptError, match="NameError"):
        vm.get("")
    vm.run(SHARED)


def test_calls_see_rebound_names(vm: VM) -> None:
    vm.run("def f(): return 1\ndef rebind():\n    global f\n    f = lambda: 2\n")
    assert vm.call("f") == 1
    vm.call("rebind")
    assert vm.call("f") == 2
    assert vm.call("len", [1, 2]) == 2
    with pytest.raises(ScriptError, match="NameError: name 'gone' is not defined"):
        vm.call("gone")
    vm.run("x = 5")
    with pytest.raises(ScriptError, match="TypeError: 'int' object is not callable"):
        vm.call("x")
    vm.run(SHARED)


def test_a_call_that_exits(vm: VM) -> None:
    vm.run("import sys\ndef leave(code): sys.exit(code)\n")
    with pytest.raises(ScriptExit) as caught:
        vm.call("leave", 3)
    assert (caught.value.code, caught.value.exit_status, caught.value.type_name) == (3, 3, "SystemExit")
    with pytest.raises(ScriptExit) as caught:
        vm.call("leave", "words")
    assert (caught.value.code, caught.value.exit_status) == ("words", 1)
    vm.run(SHARED)
