"""x86-64: encodings as data, and templates of machine code with holes. Imports nothing of minivm but spec."""
from __future__ import annotations

from minivm.asm.assembler import COLD, HOT, Assembler, HoleOverflow, Label, Position, Template, TemplateHole
from minivm.asm.encode import AssemblerError, Hole, Mem
from minivm.asm.encodings import nops

__all__ = ["COLD", "HOT", "Assembler", "AssemblerError", "Hole", "HoleOverflow", "Label", "Mem", "Position", "Template", "TemplateHole", "nops"]
