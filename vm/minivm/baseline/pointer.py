"""The strategy `pointer` of inline caches, design.md's literal one: data decides where a site branches.

Every execution of a site loads the target of its record, holds it against the guest list for the class of the site, and
calls. The stubs lie in the unit of stubs, sealed before any function's unit; a site changes by a store into its record.
A stub tests the record's guard and kind itself (the guard tells the kind that sites do in line from the others): under a record of
another kind it misses, and the helper decides.

Between a site and its stub: rax = the object, rsi = the record's address, rdi = the value of a store. Back: rax =
UNASSIGNED for a miss, else the value (method look-ups: rdi = the self slot). Items: rdi = the key and r8 the value of a store; back, rdi = the function
to call with the operands, or 0: done. Stubs keep nothing but pinned registers.
"""
from __future__ import annotations

from minivm.asm import Hole, Label, Mem
from minivm.baseline.caches import STRATEGIES, answer_load, answer_method, answer_store, compare_apart, field, kind_is
from minivm.baseline.forms import MODE_CALLED, MODE_ENTRY, TAG_MASK, TAG_POINTER, UNASSIGNED, Form
from minivm.baseline.items import ask_helper, find_entry, get_item, set_item
from minivm.baseline.templates import Writer
from minivm.spec.native import CLASS_NUMBER, FRAME_POINTER, HELPER_NUMBER, REGION, STACK_POINTER, VM
from minivm.spec.opcodes import WINDOW_SELF

# -- sites --


def _through(f: Form, entry_class: str, slow: Label) -> None:
    f.lea("rsi", f.record("shape"))
    f.mov("rcx", f.record("target"))
    f.checked_call(CLASS_NUMBER[entry_class])
    f.cmp("rax", UNASSIGNED)
    f.jcc("e", slow)


def _missed(f: Form, helper: str, slow: Label, done: Label) -> None:
    with f.cold_section():
        f.bind(slow)
        f.step(helper)
        f.jmp(done)


def _load(helper: str, entry_class: str, of_object: bool) -> Writer:
    def write(f: Form) -> None:
        slow, done = Label("slow"), Label("done")
        if of_object:
            f.mov("rax", f.reg("b"))
        _through(f, entry_class, slow)
        f.mov(f.reg("a"), "rax")
        f.bind(done)
        _missed(f, helper, slow, done)

    return write


def _store(helper: str, entry_class: str, of_object: bool) -> Writer:
    def write(f: Form) -> None:
        slow, done = Label("slow"), Label("done")
        if of_object:
            f.mov("rax", f.reg("a"))
        f.mov("rdi", f.reg("b" if of_object else "a"))
        _through(f, entry_class, slow)
        f.bind(done)
        _missed(f, helper, slow, done)

    return write


def _load_method(f: Form) -> None:
    slow, done = Label("slow"), Label("done")
    f.mov("rax", f.reg("b"))
    _through(f, "IC_METHOD", slow)
    f.mov(f.reg("a"), "rax")
    f.mov(f.reg("a", WINDOW_SELF), "rdi")
    f.bind(done)
    _missed(f, "LOAD_METHOD", slow, done)


STRATEGIES["pointer"] = {
    "LOAD_ATTR": _load("LOAD_ATTR", "IC_ATTR", True), "STORE_ATTR": _store("STORE_ATTR", "IC_STORE", True), "LOAD_METHOD": _load_method,
    "LOAD_GLOBAL": _load("LOAD_GLOBAL", "IC_GLOBAL", False), "STORE_GLOBAL": _store("STORE_GLOBAL", "IC_STORE_GLOBAL", False),
}


STRATEGIES["pointer"].update({"GET_ITEM": get_item(ask_helper), "SET_ITEM": set_item(ask_helper)})

# -- stubs --

MISS = Hole("miss")     # the class's stub that misses


def miss(f: Form) -> None:
    """Where records without a kind lead, and kinds that have no stub."""
    f.mov("eax", UNASSIGNED)
    f.ret()


def _record(f: Form, name: str, size: int = 8) -> Mem:
    return field(f, name, "rsi", size)


def _guard_in_line(f: Form) -> None:
    """Misses unless the record guards the shape of the object and is of the kind that sites of the stub's class do in line."""
    f.unless_pointer("rax", MISS)
    f.mov("ecx", f.of("rax", "object.shape", 4))
    f.cmp("ecx", _record(f, "shape", 4))
    f.jcc("ne", MISS)


def _guard(f: Form, kind: str) -> None:
    """Misses unless the record is of this other kind and guards the shape of the object."""
    f.unless_pointer("rax", MISS)
    f.mov("ecx", f.of("rax", "object.shape", 4))
    compare_apart(f, _record(f, "shape", 4))
    f.jcc("ne", MISS)
    f.cmp(_record(f, "kind", 1), f.layout[kind])
    f.jcc("ne", MISS)


def _at_offset(f: Form, register: str) -> None:
    """The register = the word at the record's offset in the object."""
    f.movzx("ecx", _record(f, "offset", 2))
    f.mov(register, Mem("rax", -TAG_POINTER, index="rcx", scale=1))


def _of_cell(f: Form) -> None:
    """rax = the content of the record's cell; misses where that is empty."""
    f.mov("rcx", _record(f, "w1"))
    f.mov("rcx", f.of("rcx", "namecell.value"))
    f.cmp("rcx", UNASSIGNED)
    f.jcc("e", MISS)
    f.mov("rax", "rcx")


def attr_field(f: Form) -> None:
    _guard_in_line(f)
    _at_offset(f, "rax")
    f.ret()


def attr_overflow(f: Form) -> None:
    _guard(f, "ic.overflow")
    _at_offset(f, "rax")
    f.mov("rcx", _record(f, "w1"))
    f.mov("rax", Mem("rax", f.layout["store.items"] - TAG_POINTER, index="rcx", scale=2))
    f.ret()


def attr_value(f: Form) -> None:
    _guard(f, "ic.value")
    _of_cell(f)
    f.ret()


def attr_owner(f: Form) -> None:
    _guard(f, "ic.owner")
    f.cmp("rax", _record(f, "w2"))
    f.jcc("ne", MISS)
    _of_cell(f)
    f.ret()


def method_method(f: Form) -> None:
    _guard_in_line(f)
    f.mov("rdi", "rax")
    f.mov("rax", _record(f, "w2"))
    f.ret()


def method_field(f: Form) -> None:
    _guard(f, "ic.field")
    _at_offset(f, "rax")
    f.mov("edi", UNASSIGNED)
    f.ret()


def method_value(f: Form) -> None:
    attr_value_of(f, "ic.value")


def method_owner(f: Form) -> None:
    attr_value_of(f, "ic.owner")


def attr_value_of(f: Form, kind: str) -> None:
    """A cell's content that takes no self."""
    _guard(f, kind)
    if kind == "ic.owner":
        f.cmp("rax", _record(f, "w2"))
        f.jcc("ne", MISS)
    _of_cell(f)
    f.mov("edi", UNASSIGNED)
    f.ret()


def _put(f: Form) -> None:
    """Stores rdi at the place that rcx tells in the object of rax (see answer_store), outside a frame."""
    log, out = Label("log"), Label("out")
    f.mov(Mem("rcx", -TAG_POINTER), "rdi")
    f.lea("ecx", Mem("rdi", -TAG_POINTER))
    f.test("cl", TAG_MASK)
    f.jcc("ne", out)
    f.test(Mem("rax", f.layout["object.gc"] - TAG_POINTER, size=1), f.layout["gc.old_clean"])
    f.jcc("ne", log)
    f.bind(out)
    f.ret()
    f.bind(log)
    _enter(f)
    _log(f)
    _leave(f)


def _enter(f: Form) -> None:
    f.push(FRAME_POINTER)
    f.mov(FRAME_POINTER, STACK_POINTER)


def _log(f: Form) -> None:
    """Inside a frame; rax is no miss afterwards."""
    f.mov("rdi", VM)
    f.lea("rsi", Mem("rax", -TAG_POINTER))
    f.call(Mem(REGION, 8 * HELPER_NUMBER["LOG"], size=8))
    f.xor("eax", "eax")


def _leave(f: Form) -> None:
    f.pop(FRAME_POINTER)
    f.ret()


def store_field(f: Form) -> None:
    _guard_in_line(f)
    f.movzx("ecx", _record(f, "offset", 2))
    f.add("rcx", "rax")
    _put(f)


def store_add(f: Form) -> None:
    _guard(f, "ic.add")
    f.movzx("ecx", _record(f, "offset", 2))
    f.add("rcx", "rax")
    f.mov("rsi", _record(f, "w1"))
    f.shr("rsi", 2)
    f.mov(f.of("rax", "object.shape", 4), "esi")
    _put(f)


def global_global(f: Form) -> None:
    f.cmp(_record(f, "kind", 1), f.layout["ic.global"])
    f.jcc("ne", MISS)
    _of_cell(f)
    f.ret()


def store_global_global(f: Form) -> None:
    f.cmp(_record(f, "kind", 1), f.layout["ic.global"])
    f.jcc("ne", MISS)
    f.mov("rax", _record(f, "w1"))
    f.cmp(f.of("rax", "namecell.value"), UNASSIGNED)
    f.jcc("e", MISS)
    f.test(Mem("rax", f.layout["cell.flags"] - TAG_POINTER, size=1), f.layout["cell.mutable"])
    f.jcc("e", MISS)
    f.lea("rcx", Mem("rax", f.layout["namecell.value"]))
    _put(f)


def _several(f: Form, many: bool, store: bool, refused: Label) -> None:
    """Inside a frame: rdx = the entry that guards the object's shape, of the block (or, `many`, of the shape cache)."""
    found = Label("found")
    f.unless_pointer("rax", refused)
    f.mov("ecx", f.of("rax", "object.shape", 4))
    f.cmp(_record(f, "kind", 1), f.layout["ic.mega" if many else "ic.poly"])
    f.jcc("ne", refused)
    if not many:
        f.mov("rdx", _record(f, "w1"))
        for number in range(f.layout["ic.poly_limit"]):
            if number:
                f.add("rdx", f.layout["record.size"])
            f.cmp("ecx", field(f, "shape", size=4))
            f.jcc("e", found)
        f.jmp(refused)
    else:
        second = Label("second")
        f.mov("rdx", _record(f, "w2"))                  # ic.h: mv_ic_cache_pair
        f.shr("rdx", 2)
        f.xor("edx", "ecx")
        f.imul("edx", "edx", f.layout["cache.multiplier"])
        f.shr("edx", f.layout["cache.shift"])
        f.shl("edx", 6)                                 # a pair of records
        f.add("rdx", f.vm("shape_cache"))
        f.mov("r8", _record(f, "w1"))
        if store:
            f.add("r8", f.layout["cache.store_key"])
        f.cmp("r8", field(f, "key"))
        f.jcc("ne", second)
        f.cmp("ecx", field(f, "shape", size=4))
        f.jcc("e", found)
        f.bind(second)
        f.add("rdx", f.layout["record.size"])
        f.cmp("r8", field(f, "key"))
        f.jcc("ne", refused)
        f.cmp("ecx", field(f, "shape", size=4))
        f.jcc("ne", refused)
    f.bind(found)


def _end(f: Form, answered: Label, refused: Label) -> None:
    f.bind(refused)
    f.mov("eax", UNASSIGNED)
    f.bind(answered)
    _leave(f)


def _attr_several(many: bool) -> Writer:
    def write(f: Form) -> None:
        other, answered, refused = Label("other"), Label("answered"), Label("refused")
        _enter(f)
        _several(f, many, False, refused)
        kind_is(f, "ic.field")
        f.jcc("ne", other)
        f.movzx("ecx", field(f, "offset", size=2))
        f.mov("rax", Mem("rax", -TAG_POINTER, index="rcx", scale=1))
        f.jmp(answered)
        f.bind(other)
        answer_load(f, answered, refused)
        _end(f, answered, refused)

    return write


def _method_several(many: bool) -> Writer:
    def write(f: Form) -> None:
        other, free, answered, refused = Label("other"), Label("free"), Label("answered"), Label("refused")
        _enter(f)
        _several(f, many, False, refused)
        kind_is(f, "ic.method")
        f.jcc("ne", other)
        f.mov("rdi", "rax")
        f.mov("rax", field(f, "w2"))
        f.jmp(answered)
        f.bind(other)
        answer_method(f, free, refused)
        f.bind(free)
        f.mov("rax", "rcx")
        f.mov("edi", UNASSIGNED)
        f.jmp(answered)
        _end(f, answered, refused)

    return write


def _store_several(many: bool) -> Writer:
    def write(f: Form) -> None:
        other, plain, answered, refused = Label("other"), Label("plain"), Label("answered"), Label("refused")
        _enter(f)
        _several(f, many, True, refused)
        f.movzx("ecx", field(f, "offset", size=2))
        f.add("rcx", "rax")
        kind_is(f, "ic.field")
        f.jcc("ne", other)
        f.bind(plain)
        f.mov(Mem("rcx", -TAG_POINTER), "rdi")
        f.lea("ecx", Mem("rdi", -TAG_POINTER))
        f.test("cl", TAG_MASK)
        f.jcc("ne", answered)
        f.test(Mem("rax", f.layout["object.gc"] - TAG_POINTER, size=1), f.layout["gc.old_clean"])
        f.jcc("e", answered)
        _log(f)
        f.jmp(answered)
        f.bind(other)
        answer_store(f, plain, refused)
        _end(f, answered, refused)

    return write


def store_overflow(f: Form) -> None:
    _guard(f, "ic.overflow")
    _at_offset(f, "rax")
    f.mov("rcx", _record(f, "w1"))
    f.add("rcx", "rcx")
    f.lea("rcx", Mem("rax", f.layout["store.items"], index="rcx", scale=1))
    _put(f)


def call_known(f: Form) -> None:
    """Of constructors, instances and bound methods, whichever the record or an entry of it says: edi = how many arguments there are with self. Back: rax =
    the function, rdi = self, r9 = the mode of its frame: a constructor's has the instance as its mode."""
    compare, following, construct, instance, answered, refused = (Label(name) for name in ("compare", "following", "construct", "instance", "answered", "refused"))

    def simple() -> None:
        f.mov("rdx", f.of("rax", "function.code"))
        f.cmp(f.raw("rdx", "code.simple_count", 4), "edi")
        f.jcc("ne", refused)

    _enter(f)
    f.mov("rcx", "rax")
    f.mov("r9d", 1)
    f.cmp(_record(f, "kind", 1), f.layout["ic.poly"])
    f.jcc("ne", compare)
    f.mov("rsi", _record(f, "w1"))
    f.mov("r9d", f.layout["ic.poly_limit"])
    f.bind(compare)
    f.cmp(f.of("rcx", "object.kind", 1), f.layout["kind.class"])
    f.jcc("e", construct)
    f.mov("edx", f.of("rcx", "object.shape", 4))
    f.cmp("edx", _record(f, "shape", 4))            # an instance with __call__, or a bound method (ic_call.c)
    f.jcc("ne", following)
    f.cmp(_record(f, "kind", 1), f.layout["ic.operate"])
    f.jcc("ne", following)
    f.mov("rax", _record(f, "w2"))
    f.cmp("edx", f.layout["class.method"])
    f.jcc("ne", instance)
    f.cmp("rax", f.of("rcx", "method.function"))
    f.jcc("ne", following)
    f.mov("rcx", f.of("rcx", "method.self"))
    simple()
    f.mov("rdi", "rcx")
    f.mov("r9d", MODE_ENTRY)
    f.jmp(answered)
    f.bind(instance)
    simple()
    f.mov("rdi", "rcx")
    f.mov("r9d", MODE_CALLED)
    f.jmp(answered)
    f.bind(following)
    f.add("rsi", f.layout["record.size"])
    f.sub("r9d", 1)
    f.jcc("ne", compare)
    f.jmp(refused)
    f.bind(construct)
    f.cmp("rcx", _record(f, "w2"))
    f.jcc("ne", following)
    f.cmp(_record(f, "kind", 1), f.layout["ic.construct"])
    f.jcc("ne", refused)
    f.mov("rax", _record(f, "w1"))
    f.cmp("rax", f.constant("NONE"))
    f.jcc("e", refused)
    simple()
    f.mov("rcx", f.vm("cursor"))                    # alloc.h: mv_allocate
    f.movzx("edx", _record(f, "offset", 2))
    f.lea("rdi", Mem("rcx", index="rdx", scale=1))
    f.cmp("rdi", f.vm("limit"))
    f.jcc("a", refused)
    f.mov(f.vm("cursor"), "rdi")
    f.add("rcx", TAG_POINTER)
    f.mov("edi", _record(f, "shape", 4))
    f.mov(f.of("rcx", "object.shape", 4), "edi")
    f.shl("edx", 12)                                # the size in granules, in the upper half
    f.or_("edx", f.layout["instance.header"])
    f.mov(f.of("rcx", "object.gc", 4), "edx")
    f.mov("rdi", "rcx")
    f.mov("r9", "rcx")
    f.jmp(answered)
    _end(f, answered, refused)


def _operands(f: Form, register: str, found: Label) -> None:
    """Goes to found if the record or entry at this address guards the shapes of both operands."""
    differ = Label("differ")
    f.cmp("eax", field(f, "shape", register, 4))
    f.jcc("ne", differ)
    f.cmp("rdi", field(f, "w1", register))
    f.jcc("e", found)
    f.bind(differ)


def refuse_operands(f: Form) -> None:
    """Stubs of operators are called by the helpers of operators (native_branch.c) with the shape of the left operand in eax, four times that of the
    right one in rdi, the record in rsi. Back: rax = the record or entry that says what to do, or 0."""
    f.xor("eax", "eax")
    f.ret()


def _operator(kind: str) -> Writer:
    def write(f: Form) -> None:
        if kind != "operate":                           # operate is what sites do in line
            f.xor("eax", f.layout["ic.apart"] - (1 << 32))
        f.cmp("eax", _record(f, "shape", 4))
        f.jcc("ne", MISS)
        f.cmp("rdi", _record(f, "w1"))
        f.jcc("ne", MISS)
        f.cmp(_record(f, "kind", 1), f.layout[f"ic.{kind}"])
        f.jcc("ne", MISS)
        f.mov("rax", "rsi")
        f.ret()

    return write


def operator_several(f: Form) -> None:
    found, refused = Label("found"), Label("refused")
    _enter(f)
    f.cmp(_record(f, "kind", 1), f.layout["ic.poly"])
    f.jcc("ne", refused)
    f.mov("rdx", _record(f, "w1"))
    for number in range(f.layout["ic.poly_limit"]):
        if number:
            f.add("rdx", f.layout["record.size"])
        _operands(f, "rdx", found)
    f.bind(refused)
    f.xor("edx", "edx")
    f.bind(found)
    f.mov("rax", "rdx")
    _leave(f)


OPERATORS = {"none": refuse_operands, "operate": _operator("operate"), "handler": _operator("handler"), "poly": operator_several}


def item_operate(f: Form) -> None:
    _guard_in_line(f)
    f.mov("rdi", _record(f, "w2"))
    f.ret()


def _item_handler(store: bool) -> Writer:
    """KEYED; subscripts of builtin classes are the helper's."""
    def write(f: Form) -> None:
        _guard(f, "ic.handler")
        f.cmp("ecx", f.layout["class.dict"])
        f.jcc("ne", MISS)
        f.cmp("rdi", _record(f, "w1"))
        f.jcc("ne", MISS)
        _enter(f)
        _in_entry(f, store, Label("answered"), Label("refused"))

    return write


def _item_several(store: bool) -> Writer:
    def write(f: Form) -> None:
        compare, following, handler, answered, refused = (Label(name) for name in ("compare", "following", "handler", "answered", "refused"))
        _enter(f)
        f.unless_pointer("rax", refused)
        f.cmp(_record(f, "kind", 1), f.layout["ic.poly"])
        f.jcc("ne", refused)
        f.mov("ecx", f.of("rax", "object.shape", 4))
        f.mov("rsi", _record(f, "w1"))
        f.mov("r9d", f.layout["ic.poly_limit"])
        f.bind(compare)
        f.cmp("ecx", _record(f, "shape", 4))
        f.jcc("ne", following)
        f.cmp(_record(f, "kind", 1), f.layout["ic.operate"])
        f.jcc("ne", handler)
        f.mov("rdi", _record(f, "w2"))
        f.jmp(answered)
        f.bind(following)
        f.add("rsi", f.layout["record.size"])
        f.sub("r9d", 1)
        f.jcc("ne", compare)
        f.jmp(refused)
        f.bind(handler)
        f.cmp("ecx", f.layout["class.dict"])
        f.jcc("ne", refused)
        f.cmp("rdi", _record(f, "w1"))                  # dicts have an entry of the block for each key
        f.jcc("ne", following)
        _in_entry(f, store, answered, refused)

    return write


def _in_entry(f: Form, store: bool, answered: Label, refused: Label) -> None:
    """The end of a stub: inside a frame, loads from the entry that the record at rsi names of the dict in rax, or stores there."""
    f.mov("rcx", "rdi")
    find_entry(f, _record(f, "offset", 2), refused)
    f.xor("edi", "edi")
    place = Mem("rdx", f.layout["entry.value"], index="rsi", scale=8)
    if store:
        f.mov(place, "r8")
        f.lea("ecx", Mem("r8", -TAG_POINTER))
        f.test("cl", TAG_MASK)
        f.jcc("ne", answered)
        f.test(f.raw("rdx", "object.gc", 1), f.layout["gc.old_clean"])
        f.jcc("e", answered)
        f.lea("rax", Mem("rdx", TAG_POINTER))
        _log(f)
        f.xor("edi", "edi")
    else:
        f.mov("rax", place)
    f.jmp(answered)
    _end(f, answered, refused)


INDEX, STORE_INDEX = ({"none": miss, "operate": item_operate, "handler": _item_handler(store), "poly": _item_several(store)} for store in (False, True))

# Stubs by the kind of their sites (spec/opcodes.py) and of records: first the one that misses.
STUBS: dict[str, tuple[str, dict[str, Writer]]] = {
    "attr": ("IC_ATTR", {"none": miss, "field": attr_field, "overflow": attr_overflow, "value": attr_value, "owner": attr_owner,
                         "poly": _attr_several(False), "mega": _attr_several(True)}),
    "store_attr": ("IC_STORE", {"none": miss, "field": store_field, "add": store_add, "overflow": store_overflow,
                                "poly": _store_several(False), "mega": _store_several(True)}),
    "method": ("IC_METHOD", {"none": miss, "method": method_method, "field": method_field, "value": method_value, "owner": method_owner,
                             "poly": _method_several(False), "mega": _method_several(True)}),
    "global": ("IC_GLOBAL", {"none": miss, "global": global_global}),
    "call": ("IC_CALL", {"none": miss, "construct": call_known, "operate": call_known, "poly": call_known}),
    "binary": ("IC_BINARY", OPERATORS), "compare": ("IC_BINARY", OPERATORS),
    "index": ("IC_INDEX", INDEX), "store_index": ("IC_STORE_INDEX", STORE_INDEX),
    "store_global": ("IC_STORE_GLOBAL", {"none": miss, "global": store_global_global}),
}
