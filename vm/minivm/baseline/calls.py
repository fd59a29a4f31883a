"""Templates of calls, and what surrounds a unit: entries, ways in for the runtime, ways out for exceptions.

A call of a Mini function whose arguments need no binding writes the callee's frame header and branches to its exact entry
through the check template; a function without a unit has a stub there that runs it in the interpreter, so that the caller
need not know. All other calls are the helper's, which consults the site's record (runtime_c/native_branch_call.c).
"""
from __future__ import annotations

from minivm.asm import Hole, Label, Mem
from minivm.baseline.forms import CALLER, CODE, EXCEPTION, FUNCTION, MODE, MODE_ENTRY, PC, TAG_POINTER, UNASSIGNED, Form
from minivm.baseline.templates import template
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


def _enter(f: Form, first: int, called: bool = False) -> None:
    """The same for a function in rdi whose code is in rax and takes the arguments; the mode is the caller's to write.
    called: the call has a level of its own (runtime_c/frame.h, INV-frame-1); the callee's entry looks whether it may be there."""
    f.mov("rcx", f.raw("rax", "code.exact"))
    f.mov(Mem(BASE, PC, size=8), Hole("next"))
    f.mov(_header(first, FUNCTION), "rdi")
    f.mov(_header(first, CODE), "rax")
    f.mov(_header(first, CALLER), BASE)
    f.lea(BASE, Mem(BASE, Hole("a", scale=8, addend=8 * first)))
    if called:
        f.add(f.vm("depth", 4), 1)
    f.checked_call(Hole("entry_class_self" if first == WINDOW_SELF else "entry_class", size=1, signed=False))
    f.lea(BASE, Mem(BASE, Hole("a", scale=-8, addend=-8 * first)))
    f.reload()
    if called:
        f.sub(f.vm("depth", 4), 1)
    f.mov(f.vm("base"), BASE)
    f.cmp("rax", EXCEPTION)
    f.jcc("e", Hole("error"))


def _unless_function(f: Form, slow: Label) -> None:
    """rdi = the callee."""
    f.mov("rdi", f.reg("a"))
    f.unless_pointer("rdi", slow, "eax")
    f.cmp(f.of("rdi", "object.kind", 1), f.layout["kind.function"])
    f.jcc("ne", slow)


@template("CALL")
def call(f: Form) -> None:
    slow, done = Label("slow"), Label("done")
    _unless_function(f, slow)
    _call_function(f, WINDOW_ARGS, slow)
    f.mov(f.reg("c"), "rax")
    f.bind(done)
    with f.cold_section():
        f.bind(slow)
        f.step("CALL")
        f.jmp(done)


@template("CALL_METHOD")
def call_method(f: Form) -> None:
    slow, done, store, plain = Label("slow"), Label("done"), Label("store"), Label("plain")
    _unless_function(f, slow)
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
        f.bind(slow)
        f.step("CALL")
        f.jmp(done)


def _construct(f: Form, method: bool) -> None:
    """A call that has met a class of the program: makes the instance, which is the mode of its __init__'s frame, so that it is found again behind
    the call. Nothing is done before all fits."""
    slow, done, unfit = Label("slow"), Label("done"), Label("unfit")
    f.mov("rdi", f.reg("a"))
    f.cmp("rdi", f.record("w2"))
    f.jcc("ne", slow)
    f.cmp(f.record("kind", 1), f.layout["ic.construct"])
    f.jcc("ne", slow)
    if method:
        f.cmp(f.reg("a", WINDOW_SELF), UNASSIGNED)
        f.jcc("ne", slow)
    f.mov("rdi", f.record("w1"))
    f.cmp("rdi", f.constant("NONE"))
    f.jcc("e", slow)
    _unless_simple(f, WINDOW_SELF, slow)
    f.mov("rcx", f.vm("cursor"))                        # alloc.h: mv_allocate
    f.movzx("edx", f.record("offset", 2))
    f.lea("rsi", Mem("rcx", index="rdx", scale=1))
    f.cmp("rsi", f.vm("limit"))
    f.jcc("a", slow)
    f.mov(f.vm("cursor"), "rsi")
    f.add("rcx", TAG_POINTER)
    f.mov("esi", f.record("shape", 4))
    f.mov(f.of("rcx", "object.shape", 4), "esi")
    f.shl("edx", 12)                                    # the size in granules, in the upper half
    f.or_("edx", f.layout["instance.header"])
    f.mov(f.of("rcx", "object.gc", 4), "edx")
    f.mov(_header(WINDOW_SELF, MODE), "rcx")
    f.mov(f.reg("a", WINDOW_SELF), "rcx")
    _enter(f, WINDOW_SELF, called=True)
    f.cmp("rax", f.constant("NONE"))
    f.jcc("ne", unfit)
    f.mov("rax", _header(WINDOW_SELF, MODE))
    f.mov(f.reg("c"), "rax")
    f.bind(done)
    with f.cold_section():
        f.bind(unfit)
        f.mov(f.reg("a", WINDOW_SELF), "rax")
        f.helper("RAISE_INIT_RESULT")
        f.jmp(Hole("error"))
        f.bind(slow)
        f.step("CALL")
        f.jmp(done)


@template("CALL:CONSTRUCT")
def construct(f: Form) -> None:
    _construct(f, False)


@template("CALL_METHOD:CONSTRUCT")
def construct_attribute(f: Form) -> None:
    _construct(f, True)


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
