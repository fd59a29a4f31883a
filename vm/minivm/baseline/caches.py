"""Templates with inline caches, by strategy: how a site consults its record (design: `--ic`).

`data`     compares the record's guard in line and uses its masked offset; all else goes to the helper, which fills the record.
`pointer`  jumps through the record's address at every execution, checked against the guest list.
A strategy is a mapping from opcodes to templates; STRATEGIES is the only seam.
"""
from __future__ import annotations

from minivm.asm import Label, Mem
from minivm.baseline.forms import TAG_POINTER, UNASSIGNED, Form
from minivm.baseline.templates import Writer


def _field_address(f: Form, value: str, kind: str, slow: Label) -> None:
    """rcx = the address of the field in the object of `value`, if the record is of this kind and guards its shape."""
    f.unless_pointer(value, slow)
    f.mov("ecx", f.of(value, "object.shape", 4))
    f.cmp("ecx", f.record("shape", 4))
    f.jcc("ne", slow)
    f.cmp(f.record("kind", 1), f.layout[kind])
    f.jcc("ne", slow)


def load_attr(f: Form) -> None:
    slow, done = Label("slow"), Label("done")
    f.mov("rax", f.reg("b"))
    _field_address(f, "rax", "ic.field", slow)
    f.movzx("ecx", f.record("offset", 2))
    f.mov("rax", Mem("rax", -TAG_POINTER, index="rcx", scale=1))
    f.mov(f.reg("a"), "rax")
    f.bind(done)
    with f.cold_section():
        f.bind(slow)
        f.step("LOAD_ATTR")
        f.jmp(done)


def store_attr(f: Form) -> None:
    """A store to a field, and the store that adds one: the object changes its shape."""
    slow, done, adding = Label("slow"), Label("done"), Label("adding")
    f.mov("rax", f.reg("a"))
    f.unless_pointer("rax", slow)
    f.mov("ecx", f.of("rax", "object.shape", 4))
    f.cmp("ecx", f.record("shape", 4))
    f.jcc("ne", slow)
    f.movzx("ecx", f.record("offset", 2))
    f.mov("rdx", f.reg("b"))
    f.add("rcx", "rax")
    f.cmp(f.record("kind", 1), f.layout["ic.field"])
    f.jcc("ne", adding)
    f.mov(Mem("rcx", -TAG_POINTER), "rdx")
    f.barrier("rdx", Mem("rax", -TAG_POINTER), done)
    f.bind(done)
    with f.cold_section():
        f.bind(adding)
        f.cmp(f.record("kind", 1), f.layout["ic.add"])
        f.jcc("ne", slow)
        f.mov("rsi", f.record("w1"))
        f.shr("rsi", 2)
        f.mov(Mem("rcx", -TAG_POINTER), "rdx")
        f.mov(f.of("rax", "object.shape", 4), "esi")
        f.barrier("rdx", Mem("rax", -TAG_POINTER), done)
        f.jmp(done)
        f.bind(slow)
        f.step("STORE_ATTR")
        f.jmp(done)


def load_method(f: Form) -> None:
    slow, done = Label("slow"), Label("done")
    f.mov("rax", f.reg("b"))
    _field_address(f, "rax", "ic.method", slow)
    f.mov("rcx", f.record("w2"))
    f.mov(f.reg("a"), "rcx")
    f.mov(f.reg("a", 5), "rax")
    f.bind(done)
    with f.cold_section():
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


STRATEGIES: dict[str, dict[str, Writer]] = {
    "data": {"LOAD_ATTR": load_attr, "STORE_ATTR": store_attr, "LOAD_METHOD": load_method, "LOAD_GLOBAL": load_global},
}
