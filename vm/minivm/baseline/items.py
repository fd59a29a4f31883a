"""Templates of items: a[b], and a[b] = c.

Small ints as indices of exact lists are in the hot part (of tuples and strs in the cold one), which consults no record. What the record of the site says
of all else, the strategy of inline caches does or asks a stub for (pointer.py): a function of the program to call, or the entry of a dict.
"""
from __future__ import annotations

from collections.abc import Callable

from minivm.asm import Hole, Label, Mem
from minivm.baseline.caches import STRATEGIES
from minivm.baseline.forms import CALLER, CODE, EXCEPTION, FUNCTION, MODE, MODE_OPERATOR, PC, TAG_MASK, Form
from minivm.baseline.templates import Writer
from minivm.spec.native import BASE, CLASS_NUMBER
from minivm.spec.opcodes import FRAME_HEADER_WORDS

LOAD, STORE = ("b", "c"), ("a", "b", "c")           # operands: the container, the key, what is stored


def call_operator(f: Form, operands: tuple[str, ...], other: Label) -> None:
    """In the cold part: calls the function in rdi with the operands, of which the first is in rax and the second in rcx, in a frame above this one's
    registers (native_operate.c); the result is in rax. Goes to `other` where that takes more than this."""
    f.mov("rsi", f.of("rdi", "function.code"))
    f.cmp(f.raw("rsi", "code.simple_count", 4), len(operands))
    f.jcc("ne", other)
    f.mov("rdx", Mem(BASE, CODE, size=8))
    f.mov("edx", f.raw("rdx", "code.register_count", 4))
    f.lea("r8", Mem(BASE, 8 * FRAME_HEADER_WORDS, index="rdx", scale=8))
    f.cmp("r8", f.vm("stack_end"))
    f.jcc("ae", other)
    f.mov(Mem(BASE, PC, size=8), Hole("next"))
    f.mov(Mem("r8", 0), "rax")                          # there is slack above the limit
    f.mov(Mem("r8", 8), "rcx")
    if len(operands) == 3:
        f.mov("rdx", f.reg(operands[2]))
        f.mov(Mem("r8", 16), "rdx")
    f.mov(Mem("r8", FUNCTION), "rdi")
    f.mov(Mem("r8", CODE), "rsi")
    f.mov(Mem("r8", CALLER), BASE)
    f.mov(Mem("r8", MODE, size=8), MODE_OPERATOR)
    f.mov(f.vm("base"), "r8")
    f.mov(BASE, f.vm("base"))
    f.mov("rcx", f.raw("rsi", "code.exact"))
    f.checked_call(CLASS_NUMBER[f"EXACT_{len(operands)}"])
    f.mov(BASE, Mem(BASE, CALLER, size=8))
    f.reload()
    f.mov(f.vm("base"), BASE)
    f.cmp("rax", EXCEPTION)
    f.jcc("e", Hole("error"))


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


def _operate(f: Form, operands: tuple[str, ...], unfit: Label, other: Label) -> None:
    """In the cold part: where the site's record guards the object in the first operand's register, calls the function that it names. Else goes to `unfit`,
    rax being the first operand, rcx the second, or where nothing else can be in line to `other`."""
    f.mov("rax", f.reg(operands[0]))
    f.mov("rcx", f.reg(operands[1]))
    f.unless_pointer("rax", other, "edx")
    f.mov("edx", f.of("rax", "object.shape", 4))
    f.cmp("edx", f.record("shape", 4))                  # OPERATE, and no other kind (MV_IC_APART)
    f.jcc("ne", unfit)
    f.mov("rdi", f.record("w2"))
    call_operator(f, operands, other)


def _keyed(f: Form, other: Label) -> None:
    """In the cold part: find_entry, where the record knows the entry of this very key of an exact dict. The dict is in rax, the key in rcx."""
    f.cmp(f.of("rax", "object.shape", 4), f.layout["class.dict"])
    f.jcc("ne", other)
    f.cmp(f.record("shape", 4), f.layout["class.dict"] + f.layout["ic.apart"] - (1 << 32))      # no other record guards a dict
    f.jcc("ne", other)
    f.cmp("rcx", f.record("w1"))
    f.jcc("ne", other)
    find_entry(f, f.record("offset", 2), other)


def _load_by_record(f: Form, back: Label, step: Label) -> None:
    unfit = Label("unfit")
    _operate(f, LOAD, unfit, step)
    f.jmp(back)
    f.bind(unfit)
    _keyed(f, step)
    f.mov("rax", Mem("rdx", f.layout["entry.value"], index="rsi", scale=8))
    f.jmp(back)


def _store_by_record(f: Form, done: Label, step: Label) -> None:
    unfit = Label("unfit")
    _operate(f, STORE, unfit, step)
    f.jmp(done)
    f.bind(unfit)
    _keyed(f, step)
    f.mov("rdi", f.reg("c"))
    f.mov(Mem("rdx", f.layout["entry.value"], index="rsi", scale=8), "rdi")
    f.barrier("rdi", Mem("rdx"), done)
    f.jmp(done)


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


STRATEGIES["data"].update({"GET_ITEM": get_item(_load_by_record), "SET_ITEM": set_item(_store_by_record)})
