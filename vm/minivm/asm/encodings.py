"""The x86-64 instructions that minivm's compilers may emit, declared once as data.

A row is written as in the processor manual: mnemonic, operands, encoding. ``encode.py`` is the only reader. Which of these
instructions a unit may contain, and in which form, is not decided here but by the policy of the code checker.

Operands
    r8 r16 r32 r64   general register, in the reg field of ModRM (or in the opcode, `+r`)
    rm8 .. rm64      general register or memory, in the r/m field
    n32 n64          general register in the r/m field, never memory
    m64, m           memory only; m: of no size
    x, xm64, xn      xmm register in the reg field; xmm register or memory in r/m; xmm register in r/m
    ib, ibu          8-bit immediate, sign-extended to the operand; unsigned 8-bit immediate
    iw, id, id32     16-bit; 32-bit sign-extended to 64; 32-bit as the operand is 32 bits wide (either sign)
    iq               64-bit
    cl               that register
    cb, cd           8-bit and 32-bit displacement of a branch
Encoding
    prefix bytes, `W` (REX.W), opcode bytes (`+r`: the register in the low bits), `/r` or `/digit`; the immediate follows from
    the operands.
Of several rows that fit, the first is taken: shorter forms stand before longer ones.
"""
from __future__ import annotations

CONDITIONS = {
    "o": 0, "no": 1, "b": 2, "c": 2, "ae": 3, "nc": 3, "e": 4, "z": 4, "ne": 5, "nz": 5, "be": 6, "a": 7, "s": 8, "ns": 9, "p": 10, "np": 11,
    "l": 12, "ge": 13, "le": 14, "g": 15,
}

REGISTERS_64 = ("rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", *(f"r{n}" for n in range(8, 16)))
REGISTERS_32 = ("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", *(f"r{n}d" for n in range(8, 16)))
REGISTERS_16 = ("ax", "cx", "dx", "bx", "sp", "bp", "si", "di", *(f"r{n}w" for n in range(8, 16)))
REGISTERS_8 = ("al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", *(f"r{n}b" for n in range(8, 16)))
REGISTERS_XMM = tuple(f"xmm{n}" for n in range(16))


def _arithmetic(name: str, digit: int) -> tuple[tuple[str, str, str], ...]:
    """The eight classic two-operand instructions differ in one digit."""
    base = digit * 8
    return (
        (name, "rm64 ib", f"W 83 /{digit}"),
        (name, "rm32 ib", f"83 /{digit}"),
        (name, "rm16 ib", f"66 83 /{digit}"),
        (name, "rm8 ib", f"80 /{digit}"),
        (name, "rm8 ibu", f"80 /{digit}"),
        (name, "rm64 id", f"W 81 /{digit}"),
        (name, "rm32 id32", f"81 /{digit}"),
        (name, "rm16 iw", f"66 81 /{digit}"),
        (name, "rm64 r64", f"W {base + 1:02X} /r"),
        (name, "rm32 r32", f"{base + 1:02X} /r"),
        (name, "rm16 r16", f"66 {base + 1:02X} /r"),
        (name, "rm8 r8", f"{base:02X} /r"),
        (name, "r64 rm64", f"W {base + 3:02X} /r"),
        (name, "r32 rm32", f"{base + 3:02X} /r"),
        (name, "r16 rm16", f"66 {base + 3:02X} /r"),
        (name, "r8 rm8", f"{base + 2:02X} /r"),
    )


def _shift(name: str, digit: int) -> tuple[tuple[str, str, str], ...]:
    return (
        (name, "rm64 ibu", f"W C1 /{digit}"),
        (name, "rm32 ibu", f"C1 /{digit}"),
        (name, "rm64 cl", f"W D3 /{digit}"),
        (name, "rm32 cl", f"D3 /{digit}"),
    )


def _unary(name: str, digit: int, opcode: str) -> tuple[tuple[str, str, str], ...]:
    return (
        (name, "rm64", f"W {opcode} /{digit}"),
        (name, "rm32", f"{opcode} /{digit}"),
    )


def _conditional() -> tuple[tuple[str, str, str], ...]:
    rows: list[tuple[str, str, str]] = []
    for condition, number in CONDITIONS.items():
        rows += [
            (f"j{condition}", "cb", f"{0x70 + number:02X}"),
            (f"j{condition}", "cd", f"0F {0x80 + number:02X}"),
            (f"set{condition}", "rm8", f"0F {0x90 + number:02X} /0"),
            (f"cmov{condition}", "r64 rm64", f"W 0F {0x40 + number:02X} /r"),
            (f"cmov{condition}", "r32 rm32", f"0F {0x40 + number:02X} /r"),
        ]
    return tuple(rows)


ROWS: tuple[tuple[str, str, str], ...] = (
    # -- moves --
    ("mov", "rm64 r64", "W 89 /r"),
    ("mov", "rm32 r32", "89 /r"),
    ("mov", "rm16 r16", "66 89 /r"),
    ("mov", "rm8 r8", "88 /r"),
    ("mov", "r64 rm64", "W 8B /r"),
    ("mov", "r32 rm32", "8B /r"),
    ("mov", "r8 rm8", "8A /r"),
    ("mov", "r32 id32", "B8+r"),
    ("mov", "rm64 id", "W C7 /0"),
    ("mov", "r64 iq", "W B8+r"),
    ("mov", "rm32 id32", "C7 /0"),
    ("mov", "rm16 iw", "66 C7 /0"),
    ("mov", "rm8 ib", "C6 /0"),
    ("mov", "rm8 ibu", "C6 /0"),
    ("movzx", "r32 rm8", "0F B6 /r"),
    ("movzx", "r32 rm16", "0F B7 /r"),
    ("movzx", "r64 rm8", "W 0F B6 /r"),
    ("movzx", "r64 rm16", "W 0F B7 /r"),
    ("movsx", "r32 rm8", "0F BE /r"),
    ("movsx", "r32 rm16", "0F BF /r"),
    ("movsx", "r64 rm8", "W 0F BE /r"),
    ("movsx", "r64 rm16", "W 0F BF /r"),
    ("movsxd", "r64 rm32", "W 63 /r"),
    ("lea", "r64 m", "W 8D /r"),
    ("lea", "r32 m", "8D /r"),
    ("push", "r64", "50+r"),
    ("pop", "r64", "58+r"),
    # -- integers --
    *_arithmetic("add", 0), *_arithmetic("or", 1), *_arithmetic("adc", 2), *_arithmetic("sbb", 3),
    *_arithmetic("and", 4), *_arithmetic("sub", 5), *_arithmetic("xor", 6), *_arithmetic("cmp", 7),
    ("test", "rm64 r64", "W 85 /r"),
    ("test", "rm32 r32", "85 /r"),
    ("test", "rm8 r8", "84 /r"),
    ("test", "rm64 id", "W F7 /0"),
    ("test", "rm32 id32", "F7 /0"),
    ("test", "rm8 ib", "F6 /0"),
    ("test", "rm8 ibu", "F6 /0"),
    ("imul", "r64 rm64", "W 0F AF /r"),
    ("imul", "r32 rm32", "0F AF /r"),
    ("imul", "r64 rm64 ib", "W 6B /r"),
    ("imul", "r32 rm32 ib", "6B /r"),
    ("imul", "r64 rm64 id", "W 69 /r"),
    ("imul", "r32 rm32 id32", "69 /r"),
    ("cdq", "", "99"),
    ("cqo", "", "W 99"),
    *_unary("not", 2, "F7"), *_unary("neg", 3, "F7"), *_unary("mul", 4, "F7"), *_unary("imul", 5, "F7"),
    *_unary("div", 6, "F7"), *_unary("idiv", 7, "F7"), *_unary("inc", 0, "FF"), *_unary("dec", 1, "FF"),
    *_shift("rol", 0), *_shift("ror", 1), *_shift("shl", 4), *_shift("shr", 5), *_shift("sar", 7),
    ("bt", "rm64 ibu", "W 0F BA /4"),
    ("bt", "rm32 ibu", "0F BA /4"),
    ("bt", "n64 r64", "W 0F A3 /r"),
    ("bt", "n32 r32", "0F A3 /r"),
    ("bts", "n64 ibu", "W 0F BA /5"),
    ("btr", "n64 ibu", "W 0F BA /6"),
    ("btc", "n64 ibu", "W 0F BA /7"),
    ("bsf", "r64 rm64", "W 0F BC /r"),
    ("bsr", "r64 rm64", "W 0F BD /r"),
    # -- control --
    ("jmp", "cb", "EB"),
    ("jmp", "cd", "E9"),
    ("jmp", "n64", "FF /4"),
    ("call", "cd", "E8"),
    ("call", "n64", "FF /2"),
    ("call", "m64", "FF /2"),
    ("ret", "", "C3"),
    ("int3", "", "CC"),
    ("ud2", "", "0F 0B"),
    ("lfence", "", "0F AE E8"),
    ("pause", "", "F3 90"),
    *_conditional(),
    # -- floats --
    ("movq", "x n64", "66 W 0F 6E /r"),
    ("movq", "n64 x", "66 W 0F 7E /r"),
    ("movsd", "x m64", "F2 0F 10 /r"),
    ("movsd", "m64 x", "F2 0F 11 /r"),
    ("movapd", "x xn", "66 0F 28 /r"),
    ("addsd", "x xm64", "F2 0F 58 /r"),
    ("mulsd", "x xm64", "F2 0F 59 /r"),
    ("subsd", "x xm64", "F2 0F 5C /r"),
    ("divsd", "x xm64", "F2 0F 5E /r"),
    ("minsd", "x xm64", "F2 0F 5D /r"),
    ("maxsd", "x xm64", "F2 0F 5F /r"),
    ("sqrtsd", "x xm64", "F2 0F 51 /r"),
    ("ucomisd", "x xm64", "66 0F 2E /r"),
    ("xorpd", "x xn", "66 0F 57 /r"),
    ("andpd", "x xn", "66 0F 54 /r"),
    ("andnpd", "x xn", "66 0F 55 /r"),
    ("orpd", "x xn", "66 0F 56 /r"),
    ("cvtsi2sd", "x n64", "F2 W 0F 2A /r"),
    ("cvtsi2sd", "x m64", "F2 W 0F 2A /r"),
    ("cvttsd2si", "r64 xm64", "F2 W 0F 2C /r"),
    ("cvtsd2si", "r64 xm64", "F2 W 0F 2D /r"),
    ("movmskpd", "r32 xn", "66 0F 50 /r"),
)

# Padding that costs least: the longest first (recommended by the processor manual).
NOPS = (
    b"", b"\x90", b"\x66\x90", b"\x0f\x1f\x00", b"\x0f\x1f\x40\x00", b"\x0f\x1f\x44\x00\x00", b"\x66\x0f\x1f\x44\x00\x00",
    b"\x0f\x1f\x80\x00\x00\x00\x00", b"\x0f\x1f\x84\x00\x00\x00\x00\x00", b"\x66\x0f\x1f\x84\x00\x00\x00\x00\x00",
)


def nops(count: int) -> bytes:
    """`count` bytes of padding in the fewest instructions."""
    longest = len(NOPS) - 1
    return NOPS[longest] * (count // longest) + NOPS[count % longest]
