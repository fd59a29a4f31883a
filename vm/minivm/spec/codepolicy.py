"""What compiled code may do, as data: the policy that the code checker holds every unit against.

Read by ``codecheck`` only; the compilers keep to it because their units are refused otherwise. Sequences are written in the
text that the checker prints for an instruction: operands in Intel's order, memory as ``size [base+index*scale+disp]``. A
pattern is matched against whole instructions, `{NAME}` stands for a number or a branch target, `{s}` for one scratch register.

Stack
    Every instruction of a unit is either outside its frame (rsp as at the entry) or inside it. Entries are outside; PROLOGUE
    leads inside, `pop rbp` outside. `ret` and tail branches happen outside, calls inside, and all ways to an instruction
    agree. So a unit returns to where it was called from, whatever path it takes.
Memory
    MEMORY says for each base register what may be read and written and in which range of displacements. Stores into the
    region would fault anyway (nothing of it is ever mapped writable): that they may not even name r15 is defence in depth,
    as are the ranges; that rsp and rbp are no operands is what keeps return addresses out of reach.
Bytes
    FORBIDDEN byte sequences may stand nowhere, not even across instructions or in immediates: whoever gets past all checks into the
    middle of an instruction finds no system call and no change of protection keys or segment bases there.
"""
from __future__ import annotations

from minivm.spec.native import CLASSES, EXACT_LIMIT, FROZEN_BYTES, GRANULES, GUEST_LIST, HELPER_NUMBER, HELPERS
from minivm.spec.opcodes import FRAME_HEADER_WORDS

FRAME_HEADER = 8 * FRAME_HEADER_WORDS

# -- the only ways to write pinned registers; {s}: one scratch register --
PROLOGUE = ("push rbp", "mov rbp, rsp")
LEAVE = "pop rbp"
RELOAD_FROM = "mov {s}, qword [rbx-32]"                       # the frame's code object, then one or both of
RELOAD = ("mov r13, qword [{s}{CONSTANTS}]", "mov r14, qword [{s}{RECORDS}]")
BASE_MOVES = ("lea rbx, [rbx{WINDOW}]", "add rbx, {WINDOW}", "sub rbx, {WINDOW}", "mov rbx, qword [rbx-24]",     # the caller's frame
              "mov rbx, qword [r12{VM_BASE}]")                # the frame that a helper made above this one
STACK_TESTS = ("cmp rsp, qword [r12{LIMIT}]",)                # the only operand that rsp may be

# -- indirect branches --
CHECK = ("mov rdx, rcx", "sub rdx, r15", "ror rdx, 4", f"cmp rdx, {GRANULES}", "jae {REFUSED}", f"cmp byte [r15+rdx+{GUEST_LIST}], {{CLASS}}",
         "jne {REFUSED}")
CHECKED_CALL, CHECKED_JUMP = "call rcx", "jmp rcx"
REFUSED = ("mov esi, {SITE}", "jmp {TAIL}")                   # SITE: offset of the branch; TAIL leads to the helper VIOLATION
HELPER_CALL = "call qword [r15{HELPER}]"
NEVER_RETURNS = ("VIOLATION",)                                # helpers behind whose call a trap stands

# -- entries and classes --
ENTRY_CLASSES = frozenset(row.number for row in CLASSES if row.name in ("BOUND", "RESUME", "GENERATOR") or row.name.startswith("EXACT_"))
SITE_CLASSES = frozenset(row.number for row in CLASSES if row.name not in ("NONE", "BOUND", "RESUME"))
STUB_CLASSES = frozenset(row.number for row in CLASSES if row.name.startswith("IC_"))     # entries of the unit of stubs alone
assert len(ENTRY_CLASSES) == 3 + EXACT_LIMIT and HELPER_NUMBER["VIOLATION"] == 0


class MemoryRule:
    """What may be done through a base register; displacements in [low, high), multiples of align. `high` may name a bound of the unit."""

    __slots__ = ("low", "high", "align", "store", "index")

    def __init__(self, low: int, high: int | str, align: int = 1, store: bool = True, index: bool = True) -> None:
        self.low = low
        self.high = high
        self.align = align
        self.store = store
        self.index = index


MEMORY: dict[str, MemoryRule] = {
    "rbx": MemoryRule(-FRAME_HEADER, "frame", 8),
    "r12": MemoryRule(0, 1 << 16, index=False),
    "r13": MemoryRule(0, "constants", 8, store=False, index=False),
    "r14": MemoryRule(0, "records", index=False),
    "r15": MemoryRule(8 * len(HELPERS), FROZEN_BYTES, store=False, index=False),
}
OBJECT = MemoryRule(-(1 << 12), 1 << 20)     # any scratch register: an object of the heap or a structure of the runtime
STORE_SCALES = (1, 8)                        # of an index in a store

# Plain numbers that helpers take for word indices of the bytecode: below this bound of the unit (one past the last word counts).
NUMBERS: tuple[tuple[str, str], ...] = (("mov edx, {N}", "words"), ("mov qword [rbx-16], {N}", "words"))

# Bounds of units for which the caller knows none: what the encoding of instructions allows.
WIDEST = {"frame": 8 * ((1 << 16) + 64), "constants": 1 << 31, "records": 1 << 31, "words": 1 << 31}

FORBIDDEN: tuple[tuple[str, str], ...] = (     # bytes (`..`: any but what follows the slash), name
    ("0f 05", "syscall"), ("0f 34", "sysenter"), ("cd 80", "int 0x80"), ("0f 01 ef", "wrpkru"), ("0f ae ../e8", "xrstor, wrfsbase, wrgsbase"),
)
