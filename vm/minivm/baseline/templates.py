"""The templates of tier 1, one for each opcode: hot code for the common case, cold code for what a helper does.

Each function below writes one template into a `Form`; TEMPLATES maps opcodes to them. What an opcode means is said once, in
spec/opcodes.py, and done once more in interp*.c: the tests run both in lockstep. Arithmetic, calls and items have modules of
their own; where inline caches are concerned the strategy decides (caches.py).
"""
from __future__ import annotations

from collections.abc import Callable

from minivm.asm import Hole, Label, Mem
from minivm.baseline.forms import CALLER, CODE, EXCEPTION, FUNCTION, PC, TAG_MASK, UNASSIGNED, Form
from minivm.spec.native import BASE, CLASS_NUMBER, CONSTANTS, FRAME_POINTER, STEP_JUMP

Writer = Callable[[Form], None]
TEMPLATES: dict[str, Writer] = {}

# Opcodes that a helper does as a whole.
STEPS = {
    **{name: name for name in (
        "MAKE_CELL", "STORE_CELL", "DELETE_CELL", "STORE_FREE", "DELETE_FREE", "DELETE_GLOBAL", "LOAD_NAME", "LOAD_NAME_FREE",
        "STORE_NAME", "DELETE_NAME", "DELETE_ATTR", "DELETE_ITEM", "BUILD_SLICE", "GET_ITER", "FOR_PREP", "BUILD_TUPLE", "BUILD_LIST", "BUILD_SET",
        "BUILD_DICT", "BUILD_STRING", "LIST_APPEND", "LIST_EXTEND", "LIST_TO_TUPLE", "SET_ADD", "SET_UPDATE", "DICT_SET", "DICT_UPDATE", "DICT_MERGE",
        "UNPACK", "UNPACK_STAR", "CONVERT", "FORMAT", "MAKE_FUNCTION", "BUILD_CLASS", "LOAD_BUILD_ERROR", "IMPORT", "IMPORT_TOP", "IMPORT_FROM",
        "IMPORT_STAR", "LOAD_SUPER_METHOD", "LOAD_SUPER_ATTR", "CALL_KW", "CALL_EX", "YIELD_FROM_ITER", "ENTER_HANDLER",
        "LEAVE_HANDLER", "MATCH_EXCEPTION", "WITH_SETUP", "EXCEPTION_TRIPLE")},
    "POS": "UNARY", "INVERT": "UNARY", "POW": "BINARY", "MATMUL": "BINARY", "CONTAINS": "CONTAINS", "NOT_CONTAINS": "CONTAINS",
}


def template(*names: str) -> Callable[[Writer], Writer]:
    """The function writes the template of these opcodes."""
    def register(writer: Writer) -> Writer:
        TEMPLATES.update((name, writer) for name in names)
        return writer

    return register


def _stepping(helper: str) -> Writer:
    return lambda f: f.step(helper)


TEMPLATES.update((name, _stepping(helper)) for name, helper in STEPS.items())


def _raising(helper: str) -> Writer:
    """Nothing falls out of these: behind the last instruction of a unit that would be into some cold part."""
    def write(f: Form) -> None:
        f.helper(helper)
        f.jmp(Hole("error"))

    return write


TEMPLATES.update((name, _raising(name)) for name in ("RAISE", "RAISE_FROM", "RAISE_SUPER_ERROR"))


# -- moves, constants, cells --


@template("MOVE", "MOVE_MAYBE")
def move(f: Form) -> None:
    f.mov("rax", f.reg("b"))
    f.mov(f.reg("a"), "rax")


@template("LOAD_CONST")
def load_const(f: Form) -> None:
    f.mov("rax", Mem(CONSTANTS, Hole("bc", scale=8)))
    f.mov(f.reg("a"), "rax")


@template("LOAD_INT")
def load_int(f: Form) -> None:
    f.mov(f.reg("a"), Hole("imm_bc", scale=4))


@template("LOAD_INT:wide")
def load_int_wide(f: Form) -> None:
    """For ints whose word does not fit a signed immediate."""
    f.mov("rax", Hole("imm_bc"))
    f.shl("rax", 2)
    f.mov(f.reg("a"), "rax")


@template("LOAD_NONE")
def load_none(f: Form) -> None:
    f.mov("rax", f.constant("NONE"))
    f.mov(f.reg("a"), "rax")


@template("LOAD_UNASSIGNED")
def load_unassigned(f: Form) -> None:
    f.mov(f.reg("a"), UNASSIGNED)


@template("CHECK_LOCAL")
def check_local(f: Form) -> None:
    missing = Label()
    f.cmp(f.reg("a"), UNASSIGNED)
    f.jcc("e", missing)
    with f.cold_section():
        f.bind(missing)
        f.helper("CHECK_LOCAL")
        f.jmp(Hole("error"))


@template("LOAD_CELL")
def load_cell(f: Form) -> None:
    empty = Label()
    f.mov("rax", f.reg("b"))
    f.mov("rax", f.of("rax", "cell.value"))
    f.cmp("rax", UNASSIGNED)
    f.jcc("e", empty)
    f.mov(f.reg("a"), "rax")
    with f.cold_section():
        f.bind(empty)
        f.helper("LOAD_CELL")
        f.jmp(Hole("error"))


@template("LOAD_FREE")
def load_free(f: Form) -> None:
    empty = Label()
    f.mov("rax", Mem(BASE, FUNCTION))
    f.mov("rax", f.of("rax", "function.closure"))
    f.mov("rax", Mem("rax", Hole("b", scale=8, addend=f.layout["tuple.items"])))
    f.mov("rax", f.of("rax", "cell.value"))
    f.cmp("rax", UNASSIGNED)
    f.jcc("e", empty)
    f.mov(f.reg("a"), "rax")
    with f.cold_section():
        f.bind(empty)
        f.helper("LOAD_FREE")
        f.jmp(Hole("error"))


TEMPLATES["LOAD_FREE:generator"] = _stepping("LOAD_FREE")     # the frame's function word is the generator there


# -- identity and jumps --


def boolean(f: Form, condition: str) -> None:
    """a = the condition of the flags, as a bool; edx is zero."""
    f.setcc(condition, "dl")
    f.shl("edx", 4)             # True lies 16 bytes behind False
    f.add("rdx", f.constant("FALSE"))
    f.mov(f.reg("a"), "rdx")


def _identity(condition: str) -> Writer:
    def write(f: Form) -> None:
        f.mov("rax", f.reg("b"))
        f.xor("edx", "edx")
        f.cmp("rax", f.reg("c"))
        boolean(f, condition)

    return write


TEMPLATES["IS"], TEMPLATES["IS_NOT"] = _identity("e"), _identity("ne")


@template("NOT")
def logical_not(f: Form) -> None:
    true, slow, store, done = Label(), Label(), Label(), Label()
    f.mov("rax", f.reg("b"))
    f.mov("rcx", f.constant("FALSE"))
    f.cmp("rax", f.constant("TRUE"))
    f.jcc("e", store)
    f.cmp("rax", "rcx")
    f.jcc("ne", slow)
    f.bind(true)
    f.add("rcx", 16)
    f.bind(store)
    f.mov(f.reg("a"), "rcx")
    f.bind(done)
    with f.cold_section():
        f.bind(slow)
        f.cmp("rax", f.constant("NONE"))
        f.jcc("e", true)
        f.step("NOT")
        f.jmp(done)


@template("JUMP")
def jump(f: Form) -> None:
    f.jmp(Hole("target"))


@template("JUMP_BACK")
def jump_back(f: Form) -> None:
    f.poll()


def _jump_truth(wanted: bool) -> Writer:
    jumping, staying = ("TRUE", "FALSE") if wanted else ("FALSE", "TRUE")

    def write(f: Form) -> None:
        other, slow, stay = Label(), Label(), Label()
        f.mov("rax", f.reg("a"))
        f.cmp("rax", f.constant(jumping))
        f.jcc("e", Hole("target"))
        f.cmp("rax", f.constant(staying))
        f.jcc("ne", other)
        f.bind(stay)
        with f.cold_section():
            f.bind(other)
            f.test("al", TAG_MASK)
            f.jcc("ne", slow)
            f.test("rax", "rax")
            f.jcc("ne" if wanted else "e", Hole("target"))
            f.jmp(stay)
            f.bind(slow)
            f.cmp("rax", f.constant("NONE"))
            f.jcc("e", stay if wanted else Hole("target"))
            f.branch("JUMP_TRUTH", Hole("target"))
            f.jmp(stay)

    return write


TEMPLATES["JUMP_IF_TRUE"], TEMPLATES["JUMP_IF_FALSE"] = _jump_truth(True), _jump_truth(False)


def _jump_none(condition: str) -> Writer:
    def write(f: Form) -> None:
        f.mov("rax", f.reg("a"))
        f.cmp("rax", f.constant("NONE"))
        f.jcc(condition, Hole("target"))

    return write


TEMPLATES["JUMP_IF_NONE"], TEMPLATES["JUMP_IF_NOT_NONE"] = _jump_none("e"), _jump_none("ne")


def jump_on(f: Form, condition: str, inverse: str, back: bool) -> None:
    """Jumps to the target if the flags say so; polls on the way where that is backward."""
    if not back:
        f.jcc(condition, Hole("target"))
        return
    stay = Label()
    f.jcc(inverse, stay)
    f.poll()
    f.bind(stay)


def _jump_identity(condition: str, inverse: str, back: bool) -> Writer:
    def write(f: Form) -> None:
        f.mov("rax", f.reg("a"))
        f.cmp("rax", f.reg("b"))
        jump_on(f, condition, inverse, back)

    return write


for _suffix, _back in (("", False), (":back", True)):
    TEMPLATES["JUMP_IF_IS" + _suffix] = _jump_identity("e", "ne", _back)
    TEMPLATES["JUMP_IF_NOT_IS" + _suffix] = _jump_identity("ne", "e", _back)


# -- loops --


def _resume(f: Form, helper: str, slow: Label, ended: Label) -> None:
    """The generator in rax, which b holds too, is resumed in a frame of its own, which the helper makes; what it yields is in rax. Goes to `slow`
    before anything is done, to `ended` with what it returns."""
    f.mov(Mem(BASE, PC, size=8), Hole("next"))
    f.mov("rdx", "rax")
    f.leave(helper)
    f.test("rax", "rax")
    f.jcc("e", slow)
    f.mov("rcx", "rax")
    f.mov(BASE, f.vm("base"))
    f.checked_call(CLASS_NUMBER["GENERATOR"])
    f.mov(BASE, Mem(BASE, CALLER, size=8))
    f.reload()
    f.cmp("rax", EXCEPTION)
    f.jcc("e", Hole("error"))
    f.mov("rcx", f.reg("b"))
    f.cmp(f.of("rcx", "generator.state", 4), f.layout["generator.done"])
    f.jcc("e", ended)


@template("FOR_NEXT")
def for_next(f: Form) -> None:
    other, unlisted, slow, go, done, ended = Label("list"), Label("generator"), Label("slow"), Label("go"), Label("done"), Label("ended")
    f.mov("rax", f.reg("b"))
    f.test("al", TAG_MASK)
    f.jcc("ne", other)
    f.mov("rcx", f.reg("b", 2))         # a range: step, next, count left
    f.test("rcx", "rcx")
    f.jcc("e", done)
    f.sub("rcx", 4)
    f.mov(f.reg("b", 2), "rcx")
    f.mov("rcx", f.reg("b", 1))
    f.mov(f.reg("a"), "rcx")
    f.add("rcx", "rax")
    f.mov(f.reg("b", 1), "rcx")
    f.bind(go)
    f.poll()
    f.bind(done)
    with f.cold_section():
        f.bind(other)
        f.cmp(f.of("rax", "object.kind", 1), f.layout["kind.list"])
        f.jcc("ne", unlisted)
        f.cmp(f.reg("b", 2), f.layout["loop.list"])
        f.jcc("ne", slow)
        f.mov("rcx", f.reg("b", 1))
        f.mov("rdx", "rcx")
        f.sar("rdx", 2)
        f.cmp("rdx", f.of("rax", "list.length"))
        f.jcc("ge", slow)
        f.add("rcx", 4)
        f.mov(f.reg("b", 1), "rcx")
        f.mov("rax", f.of("rax", "list.items"))
        f.mov("rax", Mem("rax", 0, index="rdx", scale=8))
        f.mov(f.reg("a"), "rax")
        f.jmp(go)
        f.bind(unlisted)
        f.cmp(f.of("rax", "object.kind", 1), f.layout["kind.generator"])
        f.jcc("ne", slow)
        f.cmp(f.reg("b", 2), f.layout["loop.generator"])
        f.jcc("ne", slow)
        _resume(f, "GENERATE", slow, ended)
        f.mov(f.reg("a"), "rax")
        f.jmp(go)
        f.bind(ended)
        f.mov(f.reg("b", 2), f.layout["loop.done"])
        f.jmp(done)
        f.bind(slow)
        f.branch("FOR_NEXT", go)
        f.jmp(done)


@template("FOR_NEXT_PAIR")
def for_next_pair(f: Form) -> None:
    done = Label()
    f.step("FOR_NEXT_PAIR")
    f.cmp("eax", STEP_JUMP)
    f.jcc("ne", done)
    f.poll()
    f.bind(done)


# -- leaving --


def _epilogue(f: Form) -> None:
    f.pop(FRAME_POINTER)
    f.ret()


@template("RETURN", "RETURN_CELL")
def leave(f: Form) -> None:
    f.mov("rax", f.reg("a"))
    f.sub(f.vm("depth", 4), 1)
    _epilogue(f)


@template("RETURN_NONE")
def leave_none(f: Form) -> None:
    f.mov("rax", f.constant("NONE"))
    f.sub(f.vm("depth", 4), 1)
    _epilogue(f)


@template("RETURN:generator", "RETURN_NONE:generator")
def leave_generator(f: Form) -> None:
    f.helper("RETURN_GENERATOR")
    _epilogue(f)


def _suspend(f: Form, slow: Label, words: int) -> None:
    """Suspends the generator as mv_generator_end does, to go on `words` behind the next instruction, and pops its frame; rax stays. Goes to `slow` before
    anything is done, where a barrier is due."""
    copy = Label("copy")
    f.mov("rdi", Mem(BASE, FUNCTION, size=8))
    f.mov("rsi", f.of("rdi", "generator.registers"))
    f.test(f.of("rdi", "object.gc", 1), f.layout["gc.old_clean"])
    f.jcc("ne", slow)
    f.test(f.raw("rsi", "object.gc", 1), f.layout["gc.old_clean"])
    f.jcc("ne", slow)
    f.mov("rdx", Mem(BASE, CODE, size=8))
    f.mov("ecx", f.raw("rdx", "code.register_count", 4))
    f.bind(copy)
    f.mov("r8", Mem(BASE, -8, index="rcx", scale=8))
    f.mov(Mem("rsi", f.layout["store.items"] - 8, index="rcx", scale=8), "r8")
    f.sub("rcx", 1)
    f.jcc("ne", copy)
    f.mov("rdx", f.raw("rdx", "code.words"))
    f.mov("r8d", Hole("next"))
    f.lea("rdx", Mem("rdx", 8 * words, index="r8", scale=8))
    f.mov(f.of("rdi", "generator.pc"), "rdx")
    f.mov(f.of("rdi", "generator.base"), "rcx")
    f.mov("rdx", f.of("rdi", "generator.previous"))
    f.mov(f.vm("exc_state"), "rdx")
    f.mov(f.of("rdi", "generator.previous"), "rcx")
    f.mov(f.of("rdi", "generator.state", 4), f.layout["generator.suspended"])
    f.mov("rdx", Mem(BASE, CALLER, size=8))
    f.mov(f.vm("base"), "rdx")
    f.sub(f.vm("depth", 4), 1)


@template("YIELD")
def give(f: Form) -> None:
    slow = Label("slow")
    f.mov("rax", f.reg("b"))
    _suspend(f, slow, 0)
    _epilogue(f)
    with f.cold_section():
        f.bind(slow)
        f.helper("YIELD")
        _epilogue(f)


@template("YIELD_FROM")
def delegate(f: Form) -> None:
    slow, logging, ended, done = Label("slow"), Label("logging"), Label("ended"), Label("done")
    f.mov("rax", f.reg("b"))
    f.unless_pointer("rax", slow)
    f.cmp(f.of("rax", "object.kind", 1), f.layout["kind.generator"])
    f.jcc("ne", slow)
    _resume(f, "DELEGATE", slow, ended)
    _suspend(f, logging, -1)
    _epilogue(f)
    f.bind(ended)
    f.mov(f.reg("a"), "rax")
    f.bind(done)
    with f.cold_section():
        f.bind(logging)
        f.mov("rcx", "rax")
        f.helper("YIELD_THROUGH")
        _epilogue(f)
        f.bind(slow)
        f.helper("YIELD_FROM")
        f.cmp("rax", EXCEPTION)
        f.jcc("e", Hole("error"))
        f.cmp("rax", UNASSIGNED)
        f.jcc("e", done)
        _epilogue(f)


@template("RERAISE")
def reraise(f: Form) -> None:
    f.helper("RERAISE")
    f.jmp(Hole("again"))


@template("RAISE_CURRENT")
def raise_current(f: Form) -> None:
    f.step("RAISE_CURRENT")
    f.jmp(Hole("again"))
