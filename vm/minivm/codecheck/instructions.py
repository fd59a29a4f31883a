"""The instructions that a unit of machine code may contain, declared as data: everything else is refused.

This table is the checker's own. It is not derived from the assembler's, and it does not hold what an instruction can do
but what units need: no other forms, no other prefixes. ``decode.py`` is the only reader.

Encoding
    one of the prefixes 66, F2, F3 where the row names it; `W0` or `W1` where REX.W is fixed; opcode bytes; `/0`..`/7` where the
    reg field of ModRM is part of the opcode; `+r` where the low bits of the opcode are a register.
Operands, in the order in which they are written, each with what is done to it (r, w, rw; a: only its address is taken)
    reg rm      register by the reg field; register or memory by r/m. Width: 8 bytes with REX.W, else 4
    mem, gpr    r/m that must be memory, that must be a register
    op          register in the opcode
    suffix 8, 16, 32, 64: that width whatever REX.W says
    xreg xrm xgpr  the same with xmm registers; memory has 8 bytes
    i8 u8 i16 i32 i64   immediate (u8: zero-extended); cl: that register
    rel8 rel32  distance of a branch
"""
from __future__ import annotations

CONDITIONS = ("o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g")


def _arithmetic(name: str, digit: int, access: str) -> tuple[tuple[str, str, str], ...]:
    base = 8 * digit
    return (
        (f"{base:02X}", name, f"rm8:{access} reg8:r"),
        (f"{base + 1:02X}", name, f"rm:{access} reg:r"),
        (f"{base + 2:02X}", name, f"reg8:{access} rm8:r"),
        (f"{base + 3:02X}", name, f"reg:{access} rm:r"),
        (f"80 /{digit}", name, f"rm8:{access} i8"),
        (f"81 /{digit}", name, f"rm:{access} i32"),
        (f"83 /{digit}", name, f"rm:{access} i8"),
    )


def _conditional() -> tuple[tuple[str, str, str], ...]:
    rows = []
    for number, condition in enumerate(CONDITIONS):
        rows += [
            (f"{0x70 + number:02X}", f"j{condition}", "rel8"),
            (f"0F {0x80 + number:02X}", f"j{condition}", "rel32"),
            (f"0F {0x90 + number:02X} /0", f"set{condition}", "gpr8:w"),
            (f"0F {0x40 + number:02X}", f"cmov{condition}", "reg:rw rm:r"),
        ]
    return tuple(rows)


ROWS: tuple[tuple[str, str, str], ...] = (
    ("88", "mov", "rm8:w reg8:r"),
    ("89", "mov", "rm:w reg:r"),
    ("66 W0 89", "mov", "mem16:w reg16:r"),
    ("8A", "mov", "reg8:w rm8:r"),
    ("8B", "mov", "reg:w rm:r"),
    ("W0 B8 +r", "mov", "op:w i32"),
    ("W1 B8 +r", "mov", "op:w i64"),
    ("C6 /0", "mov", "rm8:w i8"),
    ("C7 /0", "mov", "rm:w i32"),
    ("66 W0 C7 /0", "mov", "mem16:w i16"),
    ("0F B6", "movzx", "reg:w rm8:r"),
    ("0F B7", "movzx", "reg:w rm16:r"),
    ("0F BE", "movsx", "reg:w rm8:r"),
    ("0F BF", "movsx", "reg:w rm16:r"),
    ("W1 63", "movsxd", "reg:w rm32:r"),
    ("8D", "lea", "reg:w mem:a"),
    ("50 +r", "push", "op64:r"),
    ("58 +r", "pop", "op64:w"),
    *_arithmetic("add", 0, "rw"), *_arithmetic("or", 1, "rw"), *_arithmetic("adc", 2, "rw"), *_arithmetic("sbb", 3, "rw"),
    *_arithmetic("and", 4, "rw"), *_arithmetic("sub", 5, "rw"), *_arithmetic("xor", 6, "rw"), *_arithmetic("cmp", 7, "r"),
    ("66 W0 83 /7", "cmp", "rm16:r i8"),
    ("66 W0 81 /7", "cmp", "rm16:r i16"),
    ("66 W0 39", "cmp", "rm16:r reg16:r"),
    ("66 W0 3B", "cmp", "reg16:r rm16:r"),
    ("84", "test", "rm8:r reg8:r"),
    ("85", "test", "rm:r reg:r"),
    ("F6 /0", "test", "rm8:r i8"),
    ("F7 /0", "test", "rm:r i32"),
    ("0F AF", "imul", "reg:rw rm:r"),
    ("6B", "imul", "reg:w rm:r i8"),
    ("69", "imul", "reg:w rm:r i32"),
    ("99", "cqo", ""),
    ("F7 /2", "not", "rm:rw"),
    ("F7 /3", "neg", "rm:rw"),
    ("F7 /4", "mul", "rm:r"),
    ("F7 /5", "imul", "rm:r"),
    ("F7 /6", "div", "rm:r"),
    ("F7 /7", "idiv", "rm:r"),
    ("FF /0", "inc", "rm:rw"),
    ("FF /1", "dec", "rm:rw"),
    *((f"C1 /{digit}", name, "rm:rw u8") for name, digit in (("rol", 0), ("ror", 1), ("shl", 4), ("shr", 5), ("sar", 7))),
    *((f"D3 /{digit}", name, "rm:rw cl") for name, digit in (("rol", 0), ("ror", 1), ("shl", 4), ("shr", 5), ("sar", 7))),
    ("0F A3", "bt", "gpr:r reg:r"),
    ("0F BA /4", "bt", "gpr:r u8"),
    ("0F BA /5", "bts", "gpr:rw u8"),
    ("0F BA /6", "btr", "gpr:rw u8"),
    ("0F BA /7", "btc", "gpr:rw u8"),
    ("0F BC", "bsf", "reg:rw rm:r"),
    ("0F BD", "bsr", "reg:rw rm:r"),
    ("EB", "jmp", "rel8"),
    ("E9", "jmp", "rel32"),
    ("E8", "call", "rel32"),
    ("W0 FF /4", "jmp", "gpr64:r"),
    ("W0 FF /2", "call", "rm64:r"),
    ("W0 C3", "ret", ""),
    ("W0 CC", "int3", ""),
    ("W0 0F 0B", "ud2", ""),
    *_conditional(),
    ("66 W1 0F 6E", "movq", "xreg:w gpr64:r"),
    ("66 W1 0F 7E", "movq", "gpr64:w xreg:r"),
    ("F2 W0 0F 10", "movsd", "xreg:w mem64:r"),
    ("F2 W0 0F 11", "movsd", "mem64:w xreg:r"),
    ("66 W0 0F 28", "movapd", "xreg:w xgpr:r"),
    *((f"F2 W0 0F {opcode}", name, "xreg:rw xrm:r") for opcode, name in (
        ("58", "addsd"), ("59", "mulsd"), ("5C", "subsd"), ("5D", "minsd"), ("5E", "divsd"), ("5F", "maxsd"), ("51", "sqrtsd"))),
    ("66 W0 0F 2E", "ucomisd", "xreg:r xrm:r"),
    *((f"66 W0 0F {opcode}", name, "xreg:rw xgpr:r") for opcode, name in (("54", "andpd"), ("55", "andnpd"), ("56", "orpd"), ("57", "xorpd"))),
    ("66 W0 0F 50", "movmskpd", "reg32:w xgpr:r"),
    ("F2 W1 0F 2A", "cvtsi2sd", "xreg:rw rm64:r"),
    ("F2 W1 0F 2C", "cvttsd2si", "reg:w xrm:r"),
    ("F2 W1 0F 2D", "cvtsd2si", "reg:w xrm:r"),
)

# Instructions that are only allowed as these very bytes.
WHOLE: tuple[tuple[bytes, str], ...] = (
    (b"\x90", "nop"), (b"\x66\x90", "nop"), (b"\x0f\x1f\x00", "nop"), (b"\x0f\x1f\x40\x00", "nop"), (b"\x0f\x1f\x44\x00\x00", "nop"),
    (b"\x66\x0f\x1f\x44\x00\x00", "nop"), (b"\x0f\x1f\x80\x00\x00\x00\x00", "nop"), (b"\x0f\x1f\x84\x00\x00\x00\x00\x00", "nop"),
    (b"\x66\x0f\x1f\x84\x00\x00\x00\x00\x00", "nop"), (b"\x0f\xae\xe8", "lfence"),
)

# After these nothing follows: control goes elsewhere or the process traps.
ENDS = frozenset(("jmp", "ret", "int3", "ud2"))
