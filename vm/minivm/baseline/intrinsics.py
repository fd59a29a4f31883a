"""Templates of calls that are expected to meet a builtin (spec/native.py: INTRINSICS), in line where a few instructions do it.

Each asks whether the callee is the builtin that was guessed, and the operands are what it can do; otherwise the helper CALL does
the whole call. Nothing is written before that is known.
"""
from __future__ import annotations

from minivm.asm import Label, Mem
from minivm.baseline.forms import FLOAT_BIT, TAG_MASK, TAG_POINTER, UNASSIGNED, Form
from minivm.baseline.templates import TEMPLATES, Writer, template
from minivm.spec.native import INTRINSIC_NAMES
from minivm.spec.opcodes import WINDOW_ARGS, WINDOW_SELF


def _step(helper: str) -> Writer:
    return lambda f: f.step(helper)


# Those that a helper does as a whole; it asks what the others ask here.
for _name in ("CALL:BUILTIN", "CALL_METHOD:BUILTIN", "CALL:ISINSTANCE", "CALL:RANGE", "CALL:INT", "CALL:FLOAT", "CALL:STR", "CALL_METHOD:GET", "CALL_METHOD:ADD"):
    TEMPLATES[_name] = _step("CALL_" + _name.partition(":")[2])


def _guard(f: Form, name: str, slow: Label) -> None:
    f.mov("rax", f.reg("a"))
    vm = f.vm("intrinsics")
    assert isinstance(vm.disp, int)
    f.cmp("rax", Mem(vm.base, vm.disp + 8 * INTRINSIC_NAMES.index(name), size=8))
    f.jcc("ne", slow)


def _argument(f: Form, register: str = "rax", number: int = 0) -> None:
    f.mov(register, f.reg("a", WINDOW_ARGS + number))


def _slow(f: Form, slow: Label, done: Label, helper: str = "CALL") -> None:
    f.bind(slow)
    f.step(helper)
    f.jmp(done)


@template("CALL:LEN")
def length(f: Form) -> None:
    """Lists, tuples, dicts and sets have their count in one place and class ids in a row."""
    string, slow, found, done = Label("str"), Label("slow"), Label("found"), Label("done")
    _guard(f, "LEN", slow)
    _argument(f)
    f.unless_pointer("rax", slow)
    f.mov("ecx", f.of("rax", "object.shape", 4))
    f.sub("ecx", f.layout["class.list"])
    f.cmp("ecx", f.layout["class.sets"] - f.layout["class.list"])
    f.jcc("a", string)
    f.mov("rax", f.of("rax", "list.length"))
    f.bind(found)
    f.shl("rax", 2)
    f.mov(f.reg("c"), "rax")
    f.bind(done)
    with f.cold_section():
        f.bind(string)
        f.cmp("ecx", f.layout["class.str"] - f.layout["class.list"])
        f.jcc("ne", slow)
        f.mov("rax", f.of("rax", "str.length"))
        f.jmp(found)
        _slow(f, slow, done)


@template("CALL:ORD")
def ordinal(f: Form) -> None:
    """Of characters below U+0100."""
    slow, done = Label("slow"), Label("done")
    _guard(f, "ORD", slow)
    _argument(f)
    f.unless_pointer("rax", slow)
    f.cmp(f.of("rax", "object.shape", 4), f.layout["class.str"])
    f.jcc("ne", slow)
    f.cmp(f.of("rax", "str.length"), 1)
    f.jcc("ne", slow)
    f.test(f.of("rax", "object.shape_end", 4), f.layout["str.width"] << 16)
    f.jcc("ne", slow)
    f.mov("rax", f.of("rax", "str.data"))
    f.movzx("eax", Mem("rax", 0, size=1))
    f.shl("rax", 2)
    f.mov(f.reg("c"), "rax")
    f.bind(done)
    with f.cold_section():
        _slow(f, slow, done)


@template("CALL:CHR")
def character(f: Form) -> None:
    """Of ints below 256, whose strs the VM has."""
    slow, done = Label("slow"), Label("done")
    _guard(f, "CHR", slow)
    _argument(f)
    f.test("al", TAG_MASK)
    f.jcc("ne", slow)
    f.sar("rax", 2)
    f.cmp("rax", 255)
    f.jcc("a", slow)
    f.lea("rdx", f.vm("ascii_chars"))
    f.mov("rax", Mem("rdx", 0, index="rax", scale=8))
    f.mov(f.reg("c"), "rax")
    f.bind(done)
    with f.cold_section():
        _slow(f, slow, done)


@template("CALL:ABS")
def absolute(f: Form) -> None:
    other, slow, store, done = Label("other"), Label("slow"), Label("store"), Label("done")
    _guard(f, "ABS", slow)
    _argument(f)
    f.test("al", TAG_MASK)
    f.jcc("ne", other)
    f.test("rax", "rax")
    f.jcc("ns", store)
    f.neg("rax")
    f.jcc("o", slow)
    f.bind(store)
    f.mov(f.reg("c"), "rax")
    f.bind(done)
    with f.cold_section():
        f.bind(other)
        f.test("al", FLOAT_BIT)
        f.jcc("e", slow)
        f.decode_float("rax")
        f.btr("rax", 63)
        f.movq("xmm0", "rax")
        f.unless_nan("xmm0", slow)
        f.encode_word("rax", slow)
        f.jmp(store)
        _slow(f, slow, done)


def _extreme(name: str, keep: str) -> Writer:
    """The second argument where it is beyond the first; `keep`: where it is not, as ints."""
    def write(f: Form) -> None:
        other, slow, store, done = Label("other"), Label("slow"), Label("store"), Label("done")
        _guard(f, name, slow)
        _argument(f)
        _argument(f, "rcx", 1)
        f.unless_ints("rax", "rcx", other)
        f.cmp("rcx", "rax")
        f.jcc(keep, store)
        f.mov("rax", "rcx")
        f.bind(store)
        f.mov(f.reg("c"), "rax")
        f.bind(done)
        with f.cold_section():
            f.bind(other)
            f.unless_floats("rax", "rcx", slow)
            f.decode_floats(("rax", "xmm0"), ("rcx", "xmm1"))
            _argument(f)
            f.emit("ucomisd", *(("xmm1", "xmm0") if name == "MAX" else ("xmm0", "xmm1")))
            f.jcc("be", store)              # unordered, too
            _argument(f, "rax", 1)
            f.jmp(store)
            _slow(f, slow, done)

    return write


TEMPLATES["CALL:MAX"], TEMPLATES["CALL:MIN"] = _extreme("MAX", "le"), _extreme("MIN", "ge")


def _list_self(f: Form, slow: Label) -> None:
    """rax = the list in the self slot."""
    f.mov("rax", f.reg("a", WINDOW_SELF))
    f.unless_pointer("rax", slow)
    f.cmp("rax", UNASSIGNED)
    f.jcc("e", slow)
    f.cmp(f.of("rax", "object.shape", 4), f.layout["class.list"])
    f.jcc("ne", slow)


@template("CALL_METHOD:APPEND")
def append(f: Form) -> None:
    """Where there is room (never while the list is sorted: its capacity is -1 then), and no barrier is due."""
    slow, pointer, store, done = Label("slow"), Label("pointer"), Label("store"), Label("done")
    _guard(f, "APPEND", slow)
    _list_self(f, slow)
    f.mov("rcx", f.of("rax", "list.length"))
    f.cmp("rcx", f.of("rax", "list.capacity"))
    f.jcc("ge", slow)
    f.mov("rdx", f.of("rax", "list.items"))
    _argument(f, "rsi")
    f.lea("edi", Mem("rsi", -TAG_POINTER))
    f.test("dil", TAG_MASK)
    f.jcc("e", pointer)
    f.bind(store)
    f.mov(Mem("rdx", 0, index="rcx", scale=8), "rsi")
    f.add(f.of("rax", "list.length"), 1)
    f.mov("rax", f.constant("NONE"))
    f.mov(f.reg("c"), "rax")
    f.bind(done)
    with f.cold_section():
        f.bind(pointer)
        f.test(Mem("rdx", f.layout["object.gc"] - f.layout["store.items"], size=1), f.layout["gc.old_clean"])
        f.jcc("e", store)
        _slow(f, slow, done, "CALL_APPEND")


@template("CALL_METHOD:POP")
def pop(f: Form) -> None:
    """The last item of a list that gives no memory back for it (list.c: shrink)."""
    slow, done, large, take = Label("slow"), Label("done"), Label("large"), Label("take")
    _guard(f, "POP", slow)
    _list_self(f, slow)
    f.mov("rcx", f.of("rax", "list.length"))
    f.sub("rcx", 1)
    f.jcc("b", slow)
    f.cmp(f.of("rax", "list.capacity"), f.layout["list.shrinks"])
    f.jcc("ge", large)
    f.bind(take)
    f.mov("rdx", f.of("rax", "list.items"))
    f.mov("rsi", Mem("rdx", 0, index="rcx", scale=8))
    f.xor("edi", "edi")
    f.mov(Mem("rdx", 0, index="rcx", scale=8), "rdi")
    f.mov(f.of("rax", "list.length"), "rcx")
    f.mov(f.reg("c"), "rsi")
    f.bind(done)
    with f.cold_section():
        f.bind(large)
        f.mov("rdx", f.of("rax", "list.capacity"))
        f.sar("rdx", 2)
        f.cmp("rcx", "rdx")
        f.jcc("ge", take)
        _slow(f, slow, done)
