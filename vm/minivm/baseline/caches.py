"""Templates with inline caches, by strategy: how a site consults its record (design: `--ic`).

`data`     compares the record's guard in line and uses its masked offset; all else goes to the helper, which fills the record. A hit's
           hot code loads the record's head once: that it is short counts for more than where the record lies (ADR 21).
`pointer`  jumps through the record's address at every execution, checked against the guest list.
A strategy is a mapping from opcodes to templates; STRATEGIES is the only seam.
"""
from __future__ import annotations

from minivm.asm import Label, Mem
from minivm.baseline.forms import TAG_MASK, TAG_POINTER, UNASSIGNED, Form
from minivm.baseline.templates import Writer
from minivm.spec.native import HELPER_NUMBER, REGION, VM
from minivm.spec.opcodes import WINDOW_SELF


def field(f: Form, name: str, register: str = "rdx", size: int = 8) -> Mem:
    """A field of the record at this address."""
    return f.raw(register, f"record.{name}", size)


def kind_is(f: Form, kind: str) -> None:
    f.cmp(field(f, "kind", size=1), f.layout[kind])


def compare_apart(f: Form, guard: Mem) -> None:
    """Equal if a site's own record guards the shape in ecx with a kind that the site does not do in line (MV_IC_APART in ic.h)."""
    f.lea("edx", Mem("rcx", f.layout["ic.apart"] - (1 << 32)))
    f.cmp("edx", guard)


def _settle(f: Form, apart: Label, own: Label, found: Label, slow: Label, probe: str, value: Mem, numbers: bool = False) -> None:
    """In the cold part, at `apart`: the record does not guard the shape of the object in rax with the kind of the site (with `numbers` the
    shape in ecx). Goes on at `own` where it guards it with another, else at `found`, which has to follow, with rdx = the entry of a
    polymorphic site that does, or the shape cache's record for a megamorphic one."""
    single = Label("single")
    f.bind(apart)
    if not numbers:
        f.mov("ecx", f.of("rax", "object.shape", 4))
    f.cmp(f.record("kind", 1), f.layout["ic.poly"])
    f.jcc("ne", single)
    f.mov("rdx", f.record("w1"))
    for _ in range(f.layout["ic.poly_limit"] - 1):
        f.cmp("ecx", field(f, "shape", size=4))
        f.jcc("e", found)
        f.add("rdx", f.layout["record.size"])
    f.cmp("ecx", field(f, "shape", size=4))
    f.jcc("ne", slow)

    def write() -> None:
        f.bind(single)
        compare_apart(f, f.record("shape", 4))
        f.jcc("e", own)
        f.cmp(f.record("kind", 1), f.layout["ic.mega"])
        f.jcc("ne", slow)
        f.mov("rdi", VM)
        f.lea("rsi", f.record("shape"))
        f.mov("edx", "ecx")
        f.call(Mem(REGION, 8 * HELPER_NUMBER[probe], size=8))
        f.mov("rdx", "rax")
        f.mov("rax", value)
        f.test("rdx", "rdx")
        f.jcc("ne", found)
        f.jmp(slow)

    f.aside(write)
    f.bind(found)


# What the record at rdx, whose guard fits the object in rax, has to say. The pointer strategy's stubs share these.


def answer_load(f: Form, answered: Label, slow: Label) -> None:
    """A load by a record of a kind other than FIELD: rax = the value."""
    value, owner = Label("value"), Label("owner")
    kind_is(f, "ic.owner")
    f.jcc("e", owner)
    kind_is(f, "ic.value")
    f.jcc("e", value)
    kind_is(f, "ic.overflow")
    f.jcc("ne", slow)
    f.movzx("ecx", field(f, "offset", size=2))
    f.mov("rax", Mem("rax", -TAG_POINTER, index="rcx", scale=1))
    f.mov("rcx", field(f, "w1"))                    # the index, times four
    f.mov("rax", Mem("rax", f.layout["store.items"] - TAG_POINTER, index="rcx", scale=2))
    f.jmp(answered)
    f.bind(owner)
    f.cmp("rax", field(f, "w2"))
    f.jcc("ne", slow)
    f.bind(value)
    f.mov("rcx", field(f, "w1"))
    f.mov("rax", f.of("rcx", "namecell.value"))
    f.cmp("rax", UNASSIGNED)
    f.jcc("ne", answered)
    f.jmp(slow)


def answer_store(f: Form, plain: Label, slow: Label) -> None:
    """A store by a record of a kind other than FIELD; rcx = the object's word plus the offset. At `plain`, rcx tells in the same way
    where the value belongs, and rax which object contains it."""
    overflow = Label("overflow")
    kind_is(f, "ic.add")
    f.jcc("ne", overflow)
    f.mov("rsi", field(f, "w1"))
    f.shr("rsi", 2)
    f.mov(f.of("rax", "object.shape", 4), "esi")
    f.jmp(plain)
    f.bind(overflow)
    kind_is(f, "ic.overflow")
    f.jcc("ne", slow)
    f.mov("rax", Mem("rcx", -TAG_POINTER))
    f.mov("rcx", field(f, "w1"))                    # the index, times four
    f.add("rcx", "rcx")
    f.lea("rcx", Mem("rax", f.layout["store.items"], index="rcx", scale=1))
    f.jmp(plain)


def answer_method(f: Form, free: Label, slow: Label) -> None:
    """A method look-up by a record of a kind other than METHOD; at `free`, rcx = what was found, which takes no self."""
    owner, value = Label("owner"), Label("value")
    kind_is(f, "ic.owner")
    f.jcc("e", owner)
    kind_is(f, "ic.value")
    f.jcc("e", value)
    kind_is(f, "ic.field")
    f.jcc("ne", slow)
    f.movzx("ecx", field(f, "offset", size=2))
    f.mov("rcx", Mem("rax", -TAG_POINTER, index="rcx", scale=1))
    f.jmp(free)
    f.bind(owner)
    f.cmp("rax", field(f, "w2"))
    f.jcc("ne", slow)
    f.bind(value)
    f.mov("rcx", field(f, "w1"))
    f.mov("rcx", f.of("rcx", "namecell.value"))
    f.cmp("rcx", UNASSIGNED)
    f.jcc("ne", free)
    f.jmp(slow)


def _guarded_offset(f: Form, apart: Label) -> None:
    """rcx = where the record says that the object in rax has the attribute; `apart` unless its guard fits as it is."""
    f.mov("rcx", f.record("shape"))                 # the head
    f.cmp("ecx", f.of("rax", "object.shape", 4))
    f.jcc("ne", apart)
    f.shr("rcx", 8 * (f.layout["record.offset"] - f.layout["record.shape"]))


def load_attr(f: Form) -> None:
    slow, done, store = Label("slow"), Label("done"), Label("store")
    apart, found, own, other = Label("apart"), Label("found"), Label("own"), Label("other")
    f.mov("rax", f.reg("b"))
    f.unless_pointer("rax", slow)
    _guarded_offset(f, apart)
    f.mov("rax", Mem("rax", -TAG_POINTER, index="rcx", scale=1))
    f.bind(store)
    f.mov(f.reg("a"), "rax")
    f.bind(done)
    with f.cold_section():
        _settle(f, apart, own, found, slow, "PROBE_LOAD", f.reg("b"))
        kind_is(f, "ic.field")
        f.jcc("ne", other)
        f.movzx("ecx", field(f, "offset", size=2))
        f.mov("rax", Mem("rax", -TAG_POINTER, index="rcx", scale=1))
        f.jmp(store)
        f.bind(own)
        f.lea("rdx", f.record("shape"))
        f.bind(other)
        answer_load(f, store, slow)
        f.bind(slow)
        f.step("LOAD_ATTR")
        f.jmp(done)


def store_attr(f: Form) -> None:
    """A store to a field, and the store that adds one: the object changes its shape."""
    slow, done, plain, stored = Label("slow"), Label("done"), Label("plain"), Label("stored")
    apart, found, own, other = Label("apart"), Label("found"), Label("own"), Label("other")
    f.mov("rax", f.reg("a"))
    f.unless_pointer("rax", slow)
    _guarded_offset(f, apart)
    f.mov("rdx", f.reg("b"))
    f.mov(Mem("rax", -TAG_POINTER, index="rcx", scale=1), "rdx")
    f.bind(stored)
    f.barrier("rdx", Mem("rax", -TAG_POINTER), done)
    f.bind(done)
    with f.cold_section():
        _settle(f, apart, own, found, slow, "PROBE_STORE", f.reg("a"))
        f.movzx("ecx", field(f, "offset", size=2))
        f.add("rcx", "rax")
        kind_is(f, "ic.field")
        f.jcc("ne", other)
        f.bind(plain)
        f.mov("rdx", f.reg("b"))
        f.mov(Mem("rcx", -TAG_POINTER), "rdx")
        f.jmp(stored)
        f.bind(own)
        f.lea("rdx", f.record("shape"))
        f.movzx("ecx", field(f, "offset", size=2))
        f.add("rcx", "rax")
        f.bind(other)
        answer_store(f, plain, slow)
        f.bind(slow)
        f.step("STORE_ATTR")
        f.jmp(done)


def load_method(f: Form) -> None:
    slow, done, store = Label("slow"), Label("done"), Label("store")
    number, compare, apart, found, own, other = Label("number"), Label("compare"), Label("apart"), Label("found"), Label("own"), Label("other")
    free = Label("free")
    f.mov("rax", f.reg("b"))
    f.unless_pointer("rax", number)
    f.mov("ecx", f.of("rax", "object.shape", 4))
    f.bind(compare)
    f.cmp("ecx", f.record("shape", 4))
    f.jcc("ne", apart)
    f.mov("rcx", f.record("w2"))
    f.bind(store)
    f.mov(f.reg("a"), "rcx")
    f.mov(f.reg("a", WINDOW_SELF), "rax")
    f.bind(done)
    with f.cold_section():
        f.bind(number)
        f.mov("ecx", f.layout["class.int"])
        f.test("al", TAG_MASK)
        f.jcc("e", compare)
        f.mov("ecx", f.layout["class.float"])
        f.jmp(compare)
        _settle(f, apart, own, found, slow, "PROBE_LOAD", f.reg("b"), numbers=True)
        kind_is(f, "ic.method")
        f.jcc("ne", other)
        f.mov("rcx", field(f, "w2"))
        f.jmp(store)
        f.bind(own)
        f.lea("rdx", f.record("shape"))
        f.bind(other)
        answer_method(f, free, slow)
        f.bind(free)
        f.mov(f.reg("a"), "rcx")
        f.mov(f.reg("a", WINDOW_SELF), UNASSIGNED)
        f.jmp(done)
        f.bind(slow)
        f.step("LOAD_METHOD")
        f.jmp(done)


def load_global(f: Form) -> None:
    slow, done = Label("slow"), Label("done")
    f.cmp(f.record("kind", 1), f.layout["ic.global"])
    f.jcc("ne", slow)
    f.mov("rax", f.record("w1"))
    f.mov("rax", f.of("rax", "namecell.value"))
    f.cmp("rax", UNASSIGNED)
    f.jcc("e", slow)
    f.mov(f.reg("a"), "rax")
    f.bind(done)
    with f.cold_section():
        f.bind(slow)
        f.step("LOAD_GLOBAL")
        f.jmp(done)


def store_global(f: Form) -> None:
    """Through a cell that was rewritten before: nothing assumes it to be constant."""
    slow, done = Label("slow"), Label("done")
    f.cmp(f.record("kind", 1), f.layout["ic.global"])
    f.jcc("ne", slow)
    f.mov("rax", f.record("w1"))
    f.cmp(f.of("rax", "namecell.value"), UNASSIGNED)
    f.jcc("e", slow)
    f.test(Mem("rax", f.layout["cell.flags"] - TAG_POINTER, size=1), f.layout["cell.mutable"])
    f.jcc("e", slow)
    f.mov("rdx", f.reg("a"))
    f.mov(f.of("rax", "namecell.value"), "rdx")
    f.barrier("rdx", Mem("rax", -TAG_POINTER), done)
    f.bind(done)
    with f.cold_section():
        f.bind(slow)
        f.step("STORE_GLOBAL")
        f.jmp(done)


STRATEGIES: dict[str, dict[str, Writer]] = {
    "data": {"LOAD_ATTR": load_attr, "STORE_ATTR": store_attr, "LOAD_METHOD": load_method, "LOAD_GLOBAL": load_global,
             "STORE_GLOBAL": store_global},
}
