"""Templates of operators and comparisons: small ints in the hot part, floats and mixtures of both in the cold one, the rest in helpers.

A small int is its value times four, so that sums need no untagging and the overflow flag is the check for 62 bits.
"""
from __future__ import annotations

from minivm.asm import Hole, Label
from minivm.baseline.forms import FLOAT_BIAS, FLOAT_BIT, LOW, NARROW, TAG_MASK, Form
from minivm.baseline.templates import TEMPLATES, Writer, boolean, jump_on, template


def _operands(f: Form) -> None:
    f.mov("rax", f.reg("b"))
    f.mov("rcx", f.reg("c"))


def _to_double(f: Form, word: str, double: str, on: Label, slow: Label, exact: bool, pointer: Label) -> None:
    """The int in the word as a double, then on; goes to pointer if it is none. exact: to slow if a double does not hold it."""
    narrow = NARROW[word]
    f.test(LOW[narrow], TAG_MASK)
    f.jcc("ne", pointer)
    if exact:
        f.mov("rdx", word)
        f.sar("rdx", 55)                    # 0 or -1 for those of 53 bits
        f.add("edx", 1)
        f.cmp("edx", 1)
        f.jcc("a", slow)
    f.sar(word, 2)
    f.cvtsi2sd(double, word)
    f.jmp(on)


def _doubles(f: Form, slow: Label, exact: bool = False, divisor: bool = False, pointer: Label | None = None) -> None:
    """In a cold part: the numbers in rax and rcx, not both ints, as doubles in xmm0 and xmm1, r11 being the bias; goes to slow if one is none, and to
    pointer, both untouched, if the first one is none. exact: ints only if they are the same as doubles. divisor: no zero in xmm1."""
    left, second, right, both = Label("left"), Label("second"), Label("right"), Label("both")
    f.mov("r11", FLOAT_BIAS)
    f.test("al", FLOAT_BIT)
    f.jcc("e", left)
    f.decode_with_bias("rax", "xmm0")
    f.bind(second)
    f.test("cl", FLOAT_BIT)
    f.jcc("e", right)
    f.decode_with_bias("rcx", "xmm1")
    if divisor:
        f.add("rcx", "rcx")                 # the bits without the sign
        f.jcc("e", slow)
    f.bind(both)

    def convert() -> None:
        f.bind(left)
        _to_double(f, "rax", "xmm0", second, slow, exact, pointer or slow)
        f.bind(right)
        if divisor:
            f.test("rcx", "rcx")
            f.jcc("e", slow)
        _to_double(f, "rcx", "xmm1", both, slow, exact, slow)

    f.aside(convert)


def _float_part(f: Form, instruction: str, other: Label, done: Label, slow: Label) -> None:
    """The cold part of + - *: floats, or a float and an int; else the helper."""
    with f.cold_section():
        f.bind(other)
        _doubles(f, slow)
        f.emit(instruction, "xmm0", "xmm1")
        f.encode_float("xmm0", "rax", slow)
        f.mov(f.reg("a"), "rax")
        f.jmp(done)
        f.bind(slow)
        f.step("BINARY")
        f.jmp(done)


def _additive(integer: str, real: str) -> Writer:
    def write(f: Form) -> None:
        other, slow, done = Label("other"), Label("slow"), Label("done")
        _operands(f)
        f.unless_ints("rax", "rcx", other)
        f.emit(integer, "rax", "rcx")
        f.jcc("o", slow)
        f.mov(f.reg("a"), "rax")
        f.bind(done)
        _float_part(f, real, other, done, slow)

    return write


TEMPLATES["ADD"], TEMPLATES["SUB"] = _additive("add", "addsd"), _additive("sub", "subsd")


@template("MUL")
def multiply(f: Form) -> None:
    other, slow, done = Label("other"), Label("slow"), Label("done")
    _operands(f)
    f.unless_ints("rax", "rcx", other)
    f.sar("rax", 2)
    f.imul("rax", "rcx")
    f.jcc("o", slow)
    f.mov(f.reg("a"), "rax")
    f.bind(done)
    _float_part(f, "mulsd", other, done, slow)


@template("ADD_INT")
def add_int(f: Form) -> None:
    other, slow, store, done = Label("other"), Label("slow"), Label("store"), Label("done")
    f.mov("rax", f.reg("b"))
    f.test("al", TAG_MASK)
    f.jcc("ne", other)
    f.add("rax", Hole("imm_c", scale=4))
    f.jcc("o", slow)
    f.bind(store)
    f.mov(f.reg("a"), "rax")
    f.bind(done)
    with f.cold_section():
        f.bind(other)
        f.test("al", FLOAT_BIT)
        f.jcc("e", slow)
        f.decode_floats(("rax", "xmm0"))
        f.mov("rcx", Hole("imm_c"))
        f.cvtsi2sd("xmm1", "rcx")
        f.addsd("xmm0", "xmm1")
        f.encode_float("xmm0", "rax", slow)
        f.jmp(store)
        f.bind(slow)
        f.step("ADD_INT")
        f.jmp(done)


@template("TRUEDIV")
def divide(f: Form) -> None:
    """Of floats and ints: quotients of ints that are the same as doubles are rounded as CPython rounds them."""
    other, slow, both, done = Label("other"), Label("slow"), Label("both"), Label("done")
    _operands(f)
    f.unless_floats("rax", "rcx", other)
    f.decode_floats(("rax", "xmm0"), ("rcx", "xmm1"))
    f.add("rcx", "rcx")                     # the divisor's bits without the sign
    f.jcc("e", slow)
    f.bind(both)
    f.divsd("xmm0", "xmm1")
    f.encode_float("xmm0", "rax", slow)
    f.mov(f.reg("a"), "rax")
    f.bind(done)
    with f.cold_section():
        f.bind(other)
        _doubles(f, slow, exact=True, divisor=True)
        f.jmp(both)
        f.bind(slow)
        f.step("BINARY")
        f.jmp(done)


def _small_division(remainder: bool) -> Writer:
    """// and % of a non-negative int of 32 bits by a positive one."""
    def write(f: Form) -> None:
        slow, done = Label("slow"), Label("done")
        _operands(f)
        f.unless_ints("rax", "rcx", slow)
        f.sar("rax", 2)
        f.sar("rcx", 2)
        f.jcc("le", slow)
        f.mov("rdx", "rax")
        f.or_("rdx", "rcx")
        f.shr("rdx", 32)
        f.jcc("ne", slow)
        f.div("ecx")                        # edx:eax, edx being zero
        result = "rdx" if remainder else "rax"
        f.shl(result, 2)
        f.mov(f.reg("a"), result)
        f.bind(done)
        with f.cold_section():
            f.bind(slow)
            f.step("BINARY")
            f.jmp(done)

    return write


TEMPLATES["FLOORDIV"], TEMPLATES["MOD"] = _small_division(False), _small_division(True)


def _bitwise(instruction: str) -> Writer:
    def write(f: Form) -> None:
        slow, done = Label("slow"), Label("done")
        _operands(f)
        f.unless_ints("rax", "rcx", slow)
        f.emit(instruction, "rax", "rcx")
        f.mov(f.reg("a"), "rax")
        f.bind(done)
        with f.cold_section():
            f.bind(slow)
            f.step("BINARY")
            f.jmp(done)

    return write


TEMPLATES["AND"], TEMPLATES["OR"], TEMPLATES["XOR"] = _bitwise("and"), _bitwise("or"), _bitwise("xor")


@template("LSHIFT")
def shift_left(f: Form) -> None:
    slow, done = Label("slow"), Label("done")
    _operands(f)
    f.unless_ints("rax", "rcx", slow)
    f.shr("rcx", 2)
    f.cmp("rcx", 61)
    f.jcc("a", slow)
    f.mov("rdx", "rax")
    f.shl("rdx", "cl")
    f.mov("rsi", "rdx")
    f.sar("rsi", "cl")
    f.cmp("rsi", "rax")
    f.jcc("ne", slow)
    f.mov(f.reg("a"), "rdx")
    f.bind(done)
    with f.cold_section():
        f.bind(slow)
        f.step("BINARY")
        f.jmp(done)


@template("RSHIFT")
def shift_right(f: Form) -> None:
    slow, done = Label("slow"), Label("done")
    _operands(f)
    f.unless_ints("rax", "rcx", slow)
    f.shr("rcx", 2)
    f.cmp("rcx", 61)
    f.jcc("a", slow)
    f.sar("rax", "cl")
    f.and_("rax", -4)
    f.mov(f.reg("a"), "rax")
    f.bind(done)
    with f.cold_section():
        f.bind(slow)
        f.step("BINARY")
        f.jmp(done)


@template("NEG")
def negate(f: Form) -> None:
    other, slow, done = Label("other"), Label("slow"), Label("done")
    f.mov("rax", f.reg("b"))
    f.test("al", TAG_MASK)
    f.jcc("ne", other)
    f.neg("rax")
    f.jcc("o", slow)
    f.mov(f.reg("a"), "rax")
    f.bind(done)
    with f.cold_section():
        f.bind(other)
        f.test("al", FLOAT_BIT)
        f.jcc("e", slow)
        f.decode_float("rax")
        f.btc("rax", 63)
        f.movq("xmm0", "rax")
        f.unless_nan("xmm0", slow)
        f.encode_word("rax", slow)
        f.mov(f.reg("a"), "rax")
        f.jmp(done)
        f.bind(slow)
        f.step("UNARY")
        f.jmp(done)


# -- comparisons --

# Comparison: the condition of the int compare, its inverse; of floats: are the operands swapped, the condition of ucomisd.
# An unordered pair sets CF and ZF, so that "above" and "above or equal" are false for it, as they have to be.
COMPARISONS = {"LT": ("l", "ge", True, "a"), "LE": ("le", "g", True, "ae"), "GT": ("g", "le", False, "a"), "GE": ("ge", "l", False, "ae"),
               "EQ": ("e", "ne", False, "e"), "NE": ("ne", "e", False, "ne")}


def _compare_doubles(f: Form, name: str, true: Label | Hole, false: Label) -> None:
    _, _, swapped, condition = COMPARISONS[name]
    f.emit("ucomisd", *(("xmm1", "xmm0") if swapped else ("xmm0", "xmm1")))
    if name == "EQ":
        f.jcc("p", false)
    elif name == "NE":
        f.jcc("p", true)
    f.jcc(condition, true)
    f.jmp(false)


def _compare_strings(f: Form, name: str, true: Label | Hole, false: Label, slow: Label) -> None:
    """Equality of exact strings that are one object, or different because both are interned."""
    if name not in ("EQ", "NE"):
        return
    equal, different = (true, false) if name == "EQ" else (false, true)
    for register in ("rax", "rcx"):
        f.unless_pointer(register, slow, "edx")
        f.cmp(f.of(register, "object.shape", 4), f.layout["class.str"])
        f.jcc("ne", slow)
    f.cmp("rax", "rcx")
    f.jcc("e", equal)
    f.mov("edx", f.of("rax", "object.shape_end", 4))
    f.and_("edx", f.of("rcx", "object.shape_end", 4))
    f.test("edx", f.layout["str.interned"] << 16)
    f.jcc("ne", different)


def _compare(name: str) -> Writer:
    def write(f: Form) -> None:
        other, slow, done = Label("other"), Label("slow"), Label("done")
        true, false, store = Label("true"), Label("false"), Label("store")
        _operands(f)
        f.unless_ints("rax", "rcx", other)
        f.xor("edx", "edx")
        f.cmp("rax", "rcx")
        boolean(f, COMPARISONS[name][0])
        f.bind(done)
        with f.cold_section():
            string = Label("string")
            f.bind(other)
            _doubles(f, slow, exact=True, pointer=string)
            _compare_doubles(f, name, true, false)
            f.bind(string)
            _compare_strings(f, name, true, false, slow)
            f.jmp(slow)
            f.bind(true)
            f.mov("rdx", f.constant("TRUE"))
            f.jmp(store)
            f.bind(false)
            f.mov("rdx", f.constant("FALSE"))
            f.bind(store)
            f.mov(f.reg("a"), "rdx")
            f.jmp(done)
            f.bind(slow)
            f.step("COMPARE")
            f.jmp(done)

    return write


def _jump_compare(name: str, negated: bool, immediate: bool, back: bool) -> Writer:
    condition, inverse = COMPARISONS[name][:2]
    if negated:
        condition, inverse = inverse, condition

    def write(f: Form) -> None:
        other, slow, stay, go = Label("other"), Label("slow"), Label("stay"), Label("go")
        f.mov("rax", f.reg("a"))
        if immediate:
            f.test("al", TAG_MASK)
            f.jcc("ne", other)
            f.cmp("rax", Hole("imm_b", scale=4))
        else:
            f.mov("rcx", f.reg("b"))
            f.unless_ints("rax", "rcx", other)
            f.cmp("rax", "rcx")
        jump_on(f, condition, inverse, back)
        f.bind(stay)
        with f.cold_section():
            if not immediate:
                string = Label("string")
                f.bind(other)
                _doubles(f, slow, exact=True, pointer=string)
                _compare_doubles(f, name, stay if negated else go, go if negated else stay)
                f.bind(string)
                _compare_strings(f, name, stay if negated else go, go if negated else stay, slow)
            else:
                f.bind(other)
                f.test("al", FLOAT_BIT)
                f.jcc("e", slow)
                f.decode_floats(("rax", "xmm0"))
                f.mov("rcx", Hole("imm_b"))
                f.cvtsi2sd("xmm1", "rcx")
                _compare_doubles(f, name, stay if negated else go, go if negated else stay)
            f.bind(slow)
            f.step("JUMP_COMPARE")
            f.cmp("eax", 2)
            f.jcc("ne", stay)
            f.bind(go)
            if back:
                f.poll()
            else:
                f.jmp(Hole("target"))

    return write


for _name in COMPARISONS:
    TEMPLATES[_name] = _compare(_name)
    for _negated in (False, True):
        for _immediate in (False, True):
            for _back in (False, True):
                _opcode = f"JUMP_IF_{'NOT_' if _negated else ''}{_name}{'_INT' if _immediate else ''}{':back' if _back else ''}"
                TEMPLATES[_opcode] = _jump_compare(_name, _negated, _immediate, _back)
