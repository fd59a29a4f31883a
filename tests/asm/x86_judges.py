"""Judges of encodings: GNU as says what an instruction's bytes may be, objdump and capstone say what bytes mean.

An instruction of ours is right when both disassemblers give the same text for our bytes and for the bytes that `as` makes of
the instruction's text. Each instruction stands alone in a slot of SLOT bytes, so that one run of a tool judges thousands.
"""
from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import capstone

from minivm.asm import Mem
from minivm.asm.encode import Operand, Row

SLOT = 32
_SIZES = {1: "BYTE PTR ", 2: "WORD PTR ", 4: "DWORD PTR ", 8: "QWORD PTR ", 0: ""}
_MEMORY = {"rm8": 1, "rm16": 2, "rm32": 4, "rm64": 8, "xm64": 8, "m64": 8, "m": 0}


def text_of(row: Row, operands: Sequence[Operand]) -> str:
    """The instruction in the Intel syntax of `as`."""
    parts = []
    for kind, operand in zip(row.operands, operands, strict=True):
        if isinstance(operand, Mem):
            index = f"+{operand.index}*{operand.scale}" if operand.index else ""
            parts.append(f"{_SIZES[_MEMORY[kind]]}[{operand.base}{index}{operand.disp:+d}]")
        else:
            parts.append(str(operand))
    mnemonic = "movabs" if "iq" in row.operands else row.mnemonic
    return f"{mnemonic} {', '.join(parts)}"


def assemble(texts: Sequence[str]) -> list[bytes]:
    """What `as` makes of each instruction, padded with int3 to a slot."""
    with tempfile.TemporaryDirectory() as folder:
        source, object_file, binary = (Path(folder, name) for name in ("a.s", "a.o", "a.bin"))
        source.write_text(".intel_syntax noprefix\n.text\n" + "".join(f"{text}\n.balign {SLOT}, 0xcc\n" for text in texts), encoding="ascii")
        subprocess.run(["as", "-o", object_file, source], check=True)
        subprocess.run(["objcopy", "-O", "binary", "-j", ".text", object_file, binary], check=True)
        code = binary.read_bytes()
    assert len(code) == SLOT * len(texts)
    return [code[at:at + SLOT] for at in range(0, len(code), SLOT)]


def slots(codes: Sequence[bytes]) -> bytes:
    """The instructions, each padded with int3 to a slot."""
    assert all(len(code) < SLOT for code in codes)
    return b"".join(code.ljust(SLOT, b"\xcc") for code in codes)


def objdump(code: bytes) -> list[str]:
    """Text and length of the first instruction of each slot."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(code)
        file.flush()
        out = subprocess.run(["objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel", "--insn-width=16", file.name], check=True,
                             capture_output=True, text=True).stdout
    found = {}
    for line in out.splitlines():
        at, _, rest = line.partition(":\t")
        if rest:
            hexadecimal, _, text = rest.partition("\t")
            found[int(at, 16)] = f"{len(hexadecimal.split())}: {' '.join(text.split())}"
    return [found.get(at, "(none)") for at in range(0, len(code), SLOT)]


def meaning(listed: str) -> str:
    """The text without the length: `as` may pick another encoding of the same instruction."""
    return listed.partition(": ")[2]


def length(listed: str) -> int:
    """The length of the instruction in bytes, 0 if there is none."""
    return int(listed.partition(":")[0]) if listed[:1].isdigit() else 0


_DECODER = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)


def capstone_text(code: bytes) -> list[str]:
    """Text and length of the first instruction of each slot."""
    found = []
    for at in range(0, len(code), SLOT):
        first = next(_DECODER.disasm_lite(code[at:at + SLOT], 0, 1), None)
        found.append(f"{first[1]}: {first[2]} {first[3]}".strip() if first else "(none)")
    return found
