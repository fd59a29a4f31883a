"""What crosses is not trusted: damaged argument blocks, answers, handles and targets, given to the native functions."""
from __future__ import annotations

import random
import struct
from typing import Any

import pytest
from minivm import VM
from minivm.runtime import wire
from minivm.runtime.bridge import ANSWERED, EXCEPTION, LIMIT, OK, REFUSED, Bridge, ffi, lib

PROGRAM = """
class Key:
    def __hash__(self): return 3
    def __eq__(self, other):
        host(1)
        return True
key, other = Key(), Key()
def take(*args, **kwargs): return args, kwargs
def ask(*args): return host(*args)
"""


@pytest.fixture
def vm() -> VM:
    vm = VM(memory_limit=64 << 20, time_limit=5.0)
    vm.expose("host", lambda *args: 0)
    vm.run(PROGRAM)
    return vm


def bridge_of(vm: VM) -> Bridge:
    return vm._bridge


def raw_call(vm: VM, target: int, block: bytes) -> tuple[int, str]:
    """The status of a call, and the type of the error."""
    bridge = bridge_of(vm)
    status = lib.mv_vm_call(bridge.native, target, block, len(block), bridge.reply)
    bridge.pending = bridge.raised = None
    if status == OK:
        bridge._reply_value()
        return status, ""
    if status == REFUSED:
        return status, str(bridge._reply_value())
    return status, bridge._last_error()[0]


def target_of(vm: VM, name: str) -> int:
    data = name.encode()
    number: int = lib.mv_vm_intern(bridge_of(vm).native, data, len(data))
    return number


def block_of(*values: bytes, keywords: int = 0) -> bytes:
    return struct.pack("<HH", len(values) - 2 * keywords, keywords) + b"".join(values)


def count(tag: int, number: int, rest: bytes = b"") -> bytes:
    return struct.pack("<BI", tag, number) + rest


NONE = b"\x00"
DAMAGED = {
    "nothing": b"",
    "half a head": b"\x01",
    "a missing value": struct.pack("<HH", 1, 0),
    "a missing keyword value": block_of(count(wire.STR, 1, b"a"), keywords=0)[:2] + b"\x01\x00" + count(wire.STR, 1, b"a"),
    "a keyword that is no str": struct.pack("<HH", 0, 1) + NONE + NONE,
    "a keyword twice": struct.pack("<HH", 0, 2) + 2 * (count(wire.STR, 1, b"a") + NONE),
    "bytes behind the end": block_of(NONE) + NONE,
    "an unknown tag": block_of(b"\x63"),
    "the tag of a text": block_of(count(wire.TEXT, 1, b"a")),
    "half an int": block_of(b"\x03\x01\x02"),
    "half a float": block_of(b"\x06\x01"),
    "half a handle": block_of(b"\x0d\x01"),
    "an empty big int": block_of(count(wire.BIG_POS, 0)),
    "a big int with a zero on top": block_of(count(wire.BIG_NEG, 2, b"\x01\x00")),
    "a long str": block_of(count(wire.STR, 100, b"a")),
    "a long list": block_of(count(wire.LIST, 0xFFFFFFFF, NONE * 100)),
    "a long tuple": block_of(count(wire.TUPLE, 0x7FFFFFFF, NONE)),
    "a long dict": block_of(count(wire.DICT, 0x7FFFFFFF, NONE)),
    "a long set": block_of(count(wire.SET, 0x80000000)),
    "many ints": block_of(count(wire.INTS, 0x20000001, b"\x00" * 8)),
    "many floats": block_of(count(wire.FLOATS, 2, b"\x00" * 15)),
    "a deep list": block_of(count(wire.LIST, 1) * 201 + NONE),
    "a handle that never was": block_of(struct.pack("<BQ", wire.HANDLE, 12345)),
    "the root of the module": block_of(struct.pack("<BQ", wire.HANDLE, 1 << 32)),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_damaged_arguments_raise(what: str, vm: VM) -> None:
    assert raw_call(vm, target_of(vm, "take"), DAMAGED[what]) == (EXCEPTION, "ValueError")
    assert vm.call("take", 1) == ((1,), {})


def test_bad_text_and_unhashable_keys(vm: VM) -> None:
    take = target_of(vm, "take")
    assert raw_call(vm, take, block_of(count(wire.STR, 1, b"\xff"))) == (EXCEPTION, "UnicodeDecodeError")
    assert raw_call(vm, take, block_of(count(wire.SET, 1, count(wire.LIST, 0)))) == (EXCEPTION, "TypeError")
    assert raw_call(vm, take, block_of(count(wire.DICT, 1, count(wire.DICT, 0) + NONE))) == (EXCEPTION, "TypeError")


def test_the_deepest_list_passes(vm: VM) -> None:
    assert raw_call(vm, target_of(vm, "take"), block_of(count(wire.LIST, 1) * 198 + NONE)) == (OK, "")


@pytest.mark.parametrize("target", [0, 1, 77, 1 << 32, 1 << 63 | 1000, (1 << 64) - 1])
def test_targets_that_are_none(target: int, vm: VM) -> None:
    status, text = raw_call(vm, target, block_of())
    assert (status, text) == (REFUSED, "there is no such target or handle")
    bridge = bridge_of(vm)
    assert lib.mv_vm_call_ints(bridge.native, target, 0, 0, 0, 0, 0, bridge.reply) == REFUSED


def test_a_released_handle_stays_dead(vm: VM) -> None:
    """Its root is used again, under another id."""
    bridge = bridge_of(vm)
    first = vm.get("key")
    number = first._id
    lib.mv_vm_release(bridge.native, [number, number, 0, (1 << 64) - 1], 4)
    second = vm.get("other")
    assert second._id != number and second._id & 0xFFFFFFFF == number & 0xFFFFFFFF
    lib.mv_vm_release(bridge.native, [number], 1)
    assert second.type_name == "Key"
    assert raw_call(vm, number, block_of())[0] == REFUSED


def test_too_many_ints_are_refused(vm: VM) -> None:
    bridge = bridge_of(vm)
    assert lib.mv_vm_call_ints(bridge.native, target_of(vm, "take"), 5, 1, 2, 3, 4, bridge.reply) == REFUSED


@pytest.mark.parametrize(("what", "data", "status", "name"), [
    (lib.MV_ANSWER_VALUE, b"", EXCEPTION, "ValueError"),
    (lib.MV_ANSWER_VALUE, b"\x63", EXCEPTION, "ValueError"),
    (lib.MV_ANSWER_VALUE, NONE + NONE, EXCEPTION, "ValueError"),
    (lib.MV_ANSWER_RAISE, NONE, EXCEPTION, "RuntimeError"),
    (lib.MV_ANSWER_RAISE, count(wire.TUPLE, 0), EXCEPTION, "RuntimeError"),
    (lib.MV_ANSWER_RAISE, count(wire.TUPLE, 1, NONE), EXCEPTION, "RuntimeError"),
    (lib.MV_ANSWER_RAISE, count(wire.TUPLE, 1, count(wire.STR, 8, b"KeyError")), EXCEPTION, "KeyError"),
    (lib.MV_ANSWER_RAISE, count(wire.TUPLE, 1, count(wire.STR, 3, b"int")), EXCEPTION, "RuntimeError"),
    (lib.MV_ANSWER_RAISE, count(wire.TUPLE, 1, count(wire.STR, 18, b"UnicodeDecodeError")), EXCEPTION, "RuntimeError"),
    (lib.MV_ANSWER_ABORT, b"", LIMIT, "Interrupted"),
    (77, NONE, LIMIT, "Interrupted"),
    (None, b"", LIMIT, "Interrupted"),
])
def test_answers(what: int | None, data: bytes, status: int, name: str, vm: VM, monkeypatch: pytest.MonkeyPatch) -> None:
    bridge = bridge_of(vm)

    def answer(value: Any) -> int:
        if what is not None:
            lib.mv_vm_answer(bridge.native, what, data, len(data))
        return ANSWERED

    monkeypatch.setattr(bridge, "answer", answer)
    assert raw_call(vm, target_of(vm, "ask"), block_of()) == (status, name)
    monkeypatch.undo()
    assert vm.call("ask") == 0


def test_an_answer_without_a_question(vm: VM) -> None:
    bridge = bridge_of(vm)
    lib.mv_vm_answer(bridge.native, lib.MV_ANSWER_ABORT, ffi.NULL, 0)
    assert vm.call("ask", 1) == 0


class Mutants:
    """Random values, their encodings, and encodings with damage."""

    def __init__(self, vm: VM, seed: int) -> None:
        self.random = random.Random(seed)
        self.handles = [vm.get("key"), vm.get("other")]
        self.scalars = [
            None, True, False, 0, -1, 1 << 61, -(1 << 61), (1 << 63) - 1, -(1 << 63), 1 << 63, -(1 << 64), 1 << 200,
            0.0, -0.0, 1.5, float("inf"), 5e-324, "", "a", "\xe9", "\u20ac", "\U0001f600", "\ud800", "x" * 100,
            "\xfc" * 5000, *self.handles,
        ]
        self.bridge = bridge_of(vm)

    def value(self, depth: int = 0) -> Any:
        if depth > 3 or self.random.random() < 0.6:
            return self.random.choice(self.scalars)
        items = [self.value(depth + 1) for _ in range(self.random.choice((0, 1, 3, 20)))]
        make = self.random.choice((list, tuple, set, frozenset, lambda keys: dict(zip(keys, keys))))
        try:
            return make(items)
        except TypeError:
            return items

    def damaged(self, block: bytes) -> bytes:
        data = bytearray(block)
        for _ in range(self.random.randint(1, 3)):
            at = self.random.randrange(len(data) + 1)
            what = self.random.randrange(5)
            if what == 0:
                data[at:at + 1] = bytes((self.random.randrange(256),))
            elif what == 1:
                del data[at:at + self.random.randint(1, 4)]
            elif what == 2:
                data[at:at] = self.random.randbytes(self.random.randint(1, 8))
            elif what == 3:
                data[at:at + 4] = struct.pack("<I", self.random.choice((0, 1, 2, 100, 0x7FFFFFFF, 0xFFFFFFFF)))
            else:
                del data[at:]
        return bytes(data)

    def block(self) -> bytes:
        args = tuple(self.value() for _ in range(self.random.randrange(3)))
        kwargs = {name: self.value() for name in self.random.sample(["a", "b", "\xe9"], self.random.randrange(3))}
        return wire.encode_arguments(args, kwargs, self.bridge.handle_id)


@pytest.mark.parametrize("seed", range(4))
def test_mutants(seed: int, vm: VM, monkeypatch: pytest.MonkeyPatch) -> None:
    mutants = Mutants(vm, seed)
    bridge = mutants.bridge
    targets = [target_of(vm, "take"), target_of(vm, "ask")]

    def answer(value: Any) -> int:
        data = wire.encode(mutants.value(), bridge.handle_id)
        kind = lib.MV_ANSWER_VALUE
        if mutants.random.random() < 0.5:
            data = mutants.damaged(data)
            kind = mutants.random.choice((lib.MV_ANSWER_VALUE, lib.MV_ANSWER_RAISE))
        lib.mv_vm_answer(bridge.native, kind, data, len(data))
        return ANSWERED

    monkeypatch.setattr(bridge, "answer", answer)
    seen = {OK: 0, EXCEPTION: 0}
    for _ in range(1500):
        block = mutants.block()
        if mutants.random.random() < 0.5:
            block = mutants.damaged(block)
        status, _ = raw_call(vm, mutants.random.choice(targets), block)
        seen[status] = seen.get(status, 0) + 1
        if bridge.released:
            bridge._flush_released()
    assert set(seen) == {OK, EXCEPTION} and min(seen.values()) > 100
    del mutants
    bridge._flush_released()
    assert vm.stats()["host.handles"] <= 1
    monkeypatch.undo()
    assert vm.call("take", 1) == ((1,), {})
