"""Templates of calls, and what surrounds a unit: entries, ways in for the runtime, ways out for exceptions.

A call of a Mini function whose arguments need no binding writes the callee's frame header and branches to its exact entry
through the check template; a function without a unit has a stub there that runs it in the interpreter, so that the caller
need not know. All other calls are the helper's.
"""
from __future__ import annotations

from collections.abc import Callable

from minivm.asm import Hole, Label, Mem
from minivm.baseline.caches import STRATEGIES, field
from minivm.baseline.forms import CALLER, CODE, EXCEPTION, FUNCTION, MODE, MODE_ENTRY, PC, TAG_POINTER, UNASSIGNED, Form
from minivm.baseline.templates import Writer, template
from minivm.spec.native import BASE, FRAME_POINTER, HELPER_NUMBER, REGION, STACK_POINTER
from minivm.spec.opcodes import WINDOW_ARGS, WINDOW_SELF


def _header(first: int, offset: int) -> Mem:
    """A word of the header of the frame that starts at window word `first`."""
    return Mem(BASE, Hole("a", scale=8, addend=8 * first + offset), size=8)


def _call_function(f: Form, first: int, slow: Label) -> None:
    """Calls the function in rdi, whose frame starts at window word `first`; the result is in rax."""
    _unless_simple(f, first, slow)
    f.mov(_header(first, MODE), MODE_ENTRY)
    _enter(f, first)


def _unless_simple(f: Form, first: int, slow: Label) -> None:
    """rax = the code of the function in rdi; goes away unless it takes just the arguments that there are."""
    f.mov("rax", f.of("rdi", "function.code"))
    f.cmp(f.raw("rax", "code.simple_count", 4), Hole("nargs_self" if first == WINDOW_SELF else "nargs"))
    f.jcc("ne", slow)


def _enter(f: Form, first: int) -> None:
    """The same for a function in rdi whose code is in rax and takes the arguments; the mode is the caller's to write."""
    f.mov("rcx", f.raw("rax", "code.exact"))
    f.mov(Mem(BASE, PC, size=8), Hole("next"))
    f.mov(_header(first, FUNCTION), "rdi")
    f.mov(_header(first, CODE), "rax")
    f.mov(_header(first, CALLER), BASE)
    f.lea(BASE, Mem(BASE, Hole("a", scale=8, addend=8 * first)))
    f.checked_call(Hole("entry_class_self" if first == WINDOW_SELF else "entry_class", size=1, signed=False))
    f.lea(BASE, Mem(BASE, Hole("a", scale=-8, addend=-8 * first)))
    f.reload()
    f.mov(f.vm("base"), BASE)
    f.cmp("rax", EXCEPTION)
    f.jcc("e", Hole("error"))


def find_callee(f: Form, simple: Writer, slow: Label | Hole) -> None:
    """The callee in rdi is an object but no function: where the record at r8, or an entry of it if it is polymorphic, fits, rdi is a function and rcx
    what it takes in front of the arguments, r9 the mode of its frame: a constructor's has the instance as its mode. `simple` goes away
    unless the function in rdi takes so many arguments, before anything is done."""
    compare, following, construct, bound, found = (Label(name) for name in ("compare", "following", "construct", "bound", "found"))
    f.mov("r9d", 1)
    f.mov("edx", f.of("rdi", "object.shape", 4))
    f.cmp(field(f, "kind", "r8", 1), f.layout["ic.poly"])
    f.jcc("ne", compare)
    f.mov("r8", field(f, "w1", "r8"))
    f.mov("r9d", f.layout["ic.poly_limit"])
    f.bind(compare)
    f.cmp(f.of("rdi", "object.kind", 1), f.layout["kind.class"])
    f.jcc("e", construct)
    f.cmp("edx", field(f, "shape", "r8", 4))            # an instance with __call__, or a bound method (ic_call.c)
    f.jcc("ne", following)
    f.cmp(field(f, "kind", "r8", 1), f.layout["ic.operate"])
    f.jcc("ne", following)
    f.mov("rcx", "rdi")
    f.mov("rsi", field(f, "w2", "r8"))
    f.cmp("edx", f.layout["class.method"])
    f.jcc("ne", bound)
    f.cmp("rsi", f.of("rdi", "method.function"))
    f.jcc("ne", following)
    f.mov("rcx", f.of("rdi", "method.self"))
    f.bind(bound)
    f.mov("rdi", "rsi")
    simple(f)
    f.mov("r9d", MODE_ENTRY)
    f.jmp(found)
    f.bind(following)
    f.add("r8", f.layout["record.size"])
    f.sub("r9d", 1)
    f.jcc("ne", compare)
    f.jmp(slow)
    f.bind(construct)
    f.cmp("rdi", field(f, "w2", "r8"))
    f.jcc("ne", following)
    f.cmp(field(f, "kind", "r8", 1), f.layout["ic.construct"])
    f.jcc("ne", slow)
    f.mov("rdi", field(f, "w1", "r8"))
    f.cmp("rdi", f.constant("NONE"))
    f.jcc("e", slow)
    simple(f)
    f.mov("rcx", f.vm("cursor"))                        # alloc.h: mv_allocate
    f.movzx("edx", field(f, "offset", "r8", 2))
    f.lea("rsi", Mem("rcx", index="rdx", scale=1))
    f.cmp("rsi", f.vm("limit"))
    f.jcc("a", slow)
    f.mov(f.vm("cursor"), "rsi")
    f.add("rcx", TAG_POINTER)
    f.mov("esi", field(f, "shape", "r8", 4))
    f.mov(f.of("rcx", "object.shape", 4), "esi")
    f.shl("edx", 12)                                    # the size in granules, in the upper half
    f.or_("edx", f.layout["instance.header"])
    f.mov(f.of("rcx", "object.gc", 4), "edx")
    f.mov("r9", "rcx")
    f.bind(found)


def _call_by_record(f: Form, store: Label, slow: Label) -> None:
    """The callee in rdi is an object but no function, and the self slot is free: does what the site's record says that fits."""
    f.cmp(f.of("rdi", "object.kind", 1), f.layout["kind.builtin"])      # of which no record tells anything that is done here
    f.jcc("e", slow)
    f.lea("r8", f.record("shape"))
    find_callee(f, lambda f: _unless_simple(f, WINDOW_SELF, slow), slow)
    call_found(f, store)


def call_found(f: Form, store: Label) -> None:
    """Calls what find_callee found, the code of the function being in rax."""
    unfit = Label("unfit")
    f.mov(_header(WINDOW_SELF, MODE), "r9")
    f.mov(f.reg("a", WINDOW_SELF), "rcx")
    _enter(f, WINDOW_SELF)
    f.cmp(_header(WINDOW_SELF, MODE), MODE_ENTRY)
    f.jcc("e", store)
    f.cmp("rax", f.constant("NONE"))
    f.jcc("ne", unfit)
    f.mov("rax", _header(WINDOW_SELF, MODE))
    f.jmp(store)
    f.bind(unfit)
    f.mov(f.reg("a", WINDOW_SELF), "rax")
    f.helper("RAISE_INIT_RESULT")
    f.jmp(Hole("error"))


def _unless_function(f: Form, slow: Label, other: Label) -> None:
    """rdi = the callee."""
    f.mov("rdi", f.reg("a"))
    f.unless_pointer("rdi", slow, "eax")
    f.cmp(f.of("rdi", "object.kind", 1), f.layout["kind.function"])
    f.jcc("ne", other)


ByRecord = Callable[[Form, Label, Label], None]     # with the labels for the value in rax and for the helper


def call(by_record: ByRecord) -> Writer:
    def write(f: Form) -> None:
        slow, done, store, other = Label("slow"), Label("done"), Label("store"), Label("other")
        _unless_function(f, slow, other)
        _call_function(f, WINDOW_ARGS, slow)
        f.bind(store)
        f.mov(f.reg("c"), "rax")
        f.bind(done)
        with f.cold_section():
            f.bind(other)
            by_record(f, store, slow)
            f.bind(slow)
            f.step("CALL")
            f.jmp(done)

    return write


def call_method(by_record: ByRecord) -> Writer:
    def write(f: Form) -> None:
        slow, done, store, plain, other = Label("slow"), Label("done"), Label("store"), Label("plain"), Label("other")
        _unless_function(f, slow, other)
        f.cmp(f.reg("a", WINDOW_SELF), UNASSIGNED)
        f.jcc("e", plain)
        _call_function(f, WINDOW_SELF, slow)
        f.bind(store)
        f.mov(f.reg("c"), "rax")
        f.bind(done)
        with f.cold_section():
            f.bind(plain)
            _call_function(f, WINDOW_ARGS, slow)
            f.jmp(store)
            f.bind(other)
            f.cmp(f.reg("a", WINDOW_SELF), UNASSIGNED)
            f.jcc("ne", slow)
            by_record(f, store, slow)
            f.bind(slow)
            f.step("CALL")
            f.jmp(done)

    return write


STRATEGIES["data"].update({"CALL": call(_call_by_record), "CALL_METHOD": call_method(_call_by_record)})


@template("CALL:many", "CALL_METHOD:many")
def call_many(f: Form) -> None:
    """More arguments than there are classes of entries."""
    f.step("CALL")


# -- around a unit --


def enter_exactly(f: Form) -> None:
    """Entry of native callers: the header is written, the arguments are there, limits are to be looked at."""
    count, due = Label("count"), Label("due")
    f.lea("rax", Mem(BASE, Hole("registers", scale=8)))
    f.cmp("rax", f.vm("stack_limit"))
    f.jcc("ae", due)
    f.cmp(STACK_POINTER, f.vm("native_limit"))
    f.jcc("b", due)
    f.mov("eax", f.vm("depth", 4))
    f.cmp("eax", f.vm("depth_limit", 4))
    f.jcc("ae", due)
    f.bind(count)
    f.add(f.vm("depth", 4), 1)
    with f.cold_section():
        f.bind(due)
        f.push(FRAME_POINTER)
        f.mov(FRAME_POINTER, STACK_POINTER)
        f.leave("CHECK_CALL")
        f.pop(FRAME_POINTER)
        f.cmp("rax", UNASSIGNED)
        f.jcc("e", count)
        f.ret()


def enter_bound(f: Form) -> None:
    """Entry of the runtime, into which the exact one falls: the frame is complete and counted."""
    f.push(FRAME_POINTER)
    f.mov(FRAME_POINTER, STACK_POINTER)
    f.reload()
    f.mov(f.vm("base"), BASE)


def resume(f: Form) -> None:
    """Way in at some instruction, for the runtime."""
    enter_bound(f)
    f.jmp(Hole("target"))


def catch(f: Form) -> None:
    """Where exceptions of one exception range go: `error`, then `again`."""
    out, found = Label("out"), Label("found")
    f.mark("error")
    f.leave("CATCH")
    f.bind(found)
    f.cmp("rax", UNASSIGNED)
    f.jcc("ne", out)
    f.jmp(Hole("target"))
    f.bind(out)
    f.pop(FRAME_POINTER)
    f.ret()
    f.mark("again")
    f.leave("CATCH_AGAIN")
    f.jmp(found)


def catch_nothing(f: Form) -> None:
    """The same where no range covers the place."""
    out = Label("out")
    f.mark("error")
    f.leave("CATCH")
    f.bind(out)
    f.pop(FRAME_POINTER)
    f.ret()
    f.mark("again")
    f.leave("CATCH_AGAIN")
    f.jmp(out)


def violate(f: Form) -> None:
    """Where refused branches go: esi is the offset of the branch, rcx the target."""
    f.call(Mem(REGION, 8 * HELPER_NUMBER["VIOLATION"], size=8))
    f.ud2()


def interpret(f: Form) -> None:
    """The common part of the stubs for functions without a unit."""
    f.push(FRAME_POINTER)
    f.mov(FRAME_POINTER, STACK_POINTER)
    f.leave("INTERPRET")
    f.pop(FRAME_POINTER)
    f.ret()


def stub(f: Form) -> None:
    """The stub of one number of arguments."""
    f.jmp(Hole("target"))
