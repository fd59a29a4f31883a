"""Templates of items: a[b], and a[b] = c.

Small ints as indices of exact lists are in the hot part (of tuples and strs in the cold one), which consults no record. What the record of the site says
of all else is the helper's (runtime_c/native_branch_item.c), but for the entry of a dict, which `data` reads here.
"""
from __future__ import annotations

from collections.abc import Callable

from minivm.asm import Hole, Label, Mem
from minivm.baseline.caches import STRATEGIES
from minivm.baseline.forms import TAG_MASK, Form
from minivm.baseline.templates import Writer


def find_entry(f: Form, offset: Mem, other: Label | Hole) -> None:
    """rdx = the table of the dict in rax, rsi*8 = where the entry of this number lies in it, if that has the very key in rcx and the dict has strs alone
    (ic_item.c: KEYED); else goes to `other`."""
    f.mov("rdx", f.of("rax", "dict.table"))
    f.cmp(f.raw("rdx", "table.strs", 1), 0)
    f.jcc("e", other)
    f.movzx("esi", offset)
    f.cmp("rsi", f.raw("rdx", "table.fill"))
    f.jcc("ae", other)
    assert f.layout["entry.words"] == 3
    f.lea("rsi", Mem("rsi", index="rsi", scale=2))
    f.cmp("rcx", Mem("rdx", f.layout["entry.key"], index="rsi", scale=8))
    f.jcc("ne", other)


def _keyed(f: Form, container: str, key: str, step: Label) -> None:
    """In the cold part: find_entry, where the record knows the entry of this very key of an exact dict; else goes to `step`."""
    f.mov("rax", f.reg(container))
    f.mov("rcx", f.reg(key))
    f.unless_pointer("rax", step, "edx")
    f.cmp(f.of("rax", "object.shape", 4), f.layout["class.dict"])
    f.jcc("ne", step)
    f.cmp(f.record("shape", 4), f.layout["class.dict"] + f.layout["ic.apart"] - (1 << 32))      # no other record guards a dict
    f.jcc("ne", step)
    f.cmp("rcx", f.record("w1"))
    f.jcc("ne", step)
    find_entry(f, f.record("offset", 2), step)


def _load_keyed(f: Form, back: Label, step: Label) -> None:
    _keyed(f, "b", "c", step)
    f.mov("rax", Mem("rdx", f.layout["entry.value"], index="rsi", scale=8))
    f.jmp(back)


def _store_keyed(f: Form, done: Label, step: Label) -> None:
    _keyed(f, "a", "b", step)
    f.mov("rdi", f.reg("c"))
    f.mov(Mem("rdx", f.layout["entry.value"], index="rsi", scale=8), "rdi")
    f.barrier("rdi", Mem("rdx"), done)
    f.jmp(done)


def ask_helper(f: Form, back: Label, step: Label) -> None:
    """The record is the helper's to consult, by a strategy that does so out of line."""


ByRecord = Callable[[Form, Label, Label], None]     # with the labels for the value in rax (of stores, for being done) and for the helper


def get_item(by_record: ByRecord) -> Writer:
    def write(f: Form) -> None:
        other, string, slow, back, step, done = Label("tuple"), Label("str"), Label("slow"), Label("back"), Label("step"), Label("done")
        f.mov("rax", f.reg("b"))
        f.mov("rcx", f.reg("c"))
        f.test("cl", TAG_MASK)
        f.jcc("ne", slow)
        f.unless_pointer("rax", slow, "edx")
        f.mov("edx", f.of("rax", "object.shape", 4))
        f.sar("rcx", 2)
        f.cmp("edx", f.layout["class.list"])
        f.jcc("ne", other)
        f.cmp("rcx", f.of("rax", "list.length"))
        f.jcc("ae", slow)
        f.mov("rax", f.of("rax", "list.items"))
        f.mov("rax", Mem("rax", 0, index="rcx", scale=8))
        f.bind(back)
        f.mov(f.reg("a"), "rax")
        f.bind(done)
        with f.cold_section():
            f.bind(other)
            f.cmp("edx", f.layout["class.tuple"])
            f.jcc("ne", string)
            f.cmp("rcx", f.of("rax", "tuple.length"))
            f.jcc("ae", slow)
            f.mov("rax", Mem("rax", f.layout["tuple.items"] - 2, index="rcx", scale=8))
            f.jmp(back)
            f.bind(string)                      # of characters below U+0100, which have one str each
            f.cmp("edx", f.layout["class.str"])
            f.jcc("ne", slow)
            f.cmp("rcx", f.of("rax", "str.length"))
            f.jcc("ae", slow)
            f.test(f.of("rax", "object.shape_end", 4), f.layout["str.width"] << 16)
            f.jcc("ne", slow)
            f.mov("rax", f.of("rax", "str.data"))
            f.movzx("eax", Mem("rax", 0, index="rcx", scale=1, size=1))
            f.lea("rdx", f.vm("ascii_chars"))
            f.mov("rax", Mem("rdx", 0, index="rax", scale=8))
            f.jmp(back)
            f.bind(slow)
            by_record(f, back, step)
            f.bind(step)
            f.step("GET_ITEM")
            f.jmp(done)

    return write


def set_item(by_record: ByRecord) -> Writer:
    def write(f: Form) -> None:
        slow, done, step = Label("slow"), Label("done"), Label("step")
        f.mov("rax", f.reg("a"))
        f.mov("rcx", f.reg("b"))
        f.test("cl", TAG_MASK)
        f.jcc("ne", slow)
        f.unless_pointer("rax", slow, "edx")
        f.cmp(f.of("rax", "object.shape", 4), f.layout["class.list"])
        f.jcc("ne", slow)
        f.sar("rcx", 2)
        f.cmp("rcx", f.of("rax", "list.length"))
        f.jcc("ae", slow)
        f.mov("rax", f.of("rax", "list.items"))
        f.mov("rdx", f.reg("c"))
        f.mov(Mem("rax", 0, index="rcx", scale=8), "rdx")
        f.barrier("rdx", Mem("rax", -f.layout["store.items"]), done)
        f.bind(done)
        with f.cold_section():
            f.bind(slow)
            by_record(f, done, step)
            f.bind(step)
            f.step("SET_ITEM")
            f.jmp(done)

    return write


STRATEGIES["data"].update({"GET_ITEM": get_item(_load_keyed), "SET_ITEM": set_item(_store_keyed)})
