"""What native code and the C runtime agree on: pinned registers, the code region, CFI classes, helpers, check templates.

Derived from here: ``runtime_c/gen/native.h``, the templates of the compilers, the policy of the code checker, the printer
of ``minivm asm``. Offsets of C structures flow the other way: ``runtime_c/native_layout.c`` states them by ``offsetof``.

The region
    Each VM reserves one range of addresses, aligned to its size, that holds all that native code may name. Register
    r15 points to its start. Nothing in it is ever writable through a mapping.

    [0, FROZEN_BYTES)                 the frozen pages: helper table (8 bytes a helper), values, the options of security
    [NOTES, GUEST_LIST)               notes of batches that are placed and may be sealed by the fault handler
    [GUEST_LIST, + REGION/GRANULE)    the guest list: one byte, a class, for each 16-byte granule of the region
    [DRAFT, CODE_START)               the same for granules of code from their signing on: what the list will say, not trusted by branches
    [CODE_START, REGION_BYTES)        code: stubs first, then batches of units, each followed by a guard page

Check template (the only form of an indirect branch in compiled code; `target` is loaded once, into rcx)
        mov   rdx, rcx
        sub   rdx, r15
        ror   rdx, 4                  ; a misaligned target becomes a huge index
        cmp   rdx, GRANULES
        jae   violation
        cmp   byte [r15 + rdx + GUEST_LIST], CLASS
        jne   violation
        call  rcx                     ; or jmp rcx
    ``violation`` is out of line in the same unit: ``mov esi, <offset of the branch in the unit>`` and a jump to the
    unit's tail, which calls the helper VIOLATION (rcx: the refused target); it does not return.

Helper call (the target lies in read-only memory at a fixed place, so it needs no check)
        call  qword [r15 + 8 * number]

Conventions of compiled code
    A unit is the code of one function. On entry rbx is the frame's base, r12 the VM, r15 the region; the unit itself
    loads r13 (constants) and r14 (IC records) from the frame's code object. All of these and rbp survive calls (they are
    callee-saved in the C convention). rax, rcx, rdx, rsi, rdi, r8..r11 and all of xmm are scratch at every instruction of
    the bytecode. The result is in rax; MV_EXC there means that an exception travels. rsp is 16-byte aligned at calls;
    a unit's frame on it is a return address and the saved rbp, never a value of Mini.
"""
from __future__ import annotations

# -- registers --
BASE, VM, CONSTANTS, RECORDS, REGION = "rbx", "r12", "r13", "r14", "r15"
FRAME_POINTER, STACK_POINTER = "rbp", "rsp"
PINNED = (BASE, VM, CONSTANTS, RECORDS, REGION, FRAME_POINTER, STACK_POINTER)
SCRATCH = ("rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11")

# -- the region --
GRANULE = 16
REGION_BYTES = 1 << 27
GRANULES = REGION_BYTES // GRANULE
FROZEN_BYTES = 1 << 14
VALUES_AT = 1 << 12           # in the frozen page: words of immortal values, see VALUES
OPTIONS_AT = 1 << 13          # in the frozen page: MvCodeSpaceOptions
NOTES = FROZEN_BYTES
VALUES = ("NONE", "FALSE", "TRUE")
GUEST_LIST = 1 << 20
DRAFT = GUEST_LIST + GRANULES
CODE_START = 1 << 24
assert DRAFT + (REGION_BYTES - CODE_START) // GRANULE <= CODE_START


class EntryClass:
    """A class of the guest list: its name, its byte, who may branch there."""

    __slots__ = ("name", "number", "doc")

    def __init__(self, name: str, number: int, doc: str) -> None:
        self.name = name
        self.number = number
        self.doc = doc


EXACT_LIMIT = 32              # calls with fewer positional arguments than this have a class of their own

CLASSES: tuple[EntryClass, ...] = (
    EntryClass("NONE", 0, "Not a valid target."),
    EntryClass("BOUND", 1, "Start of a function whose parameters are all bound; called by the runtime's trampoline."),
    EntryClass("RESUME", 2, "A loop head, where the runtime may continue a frame of a function."),
    EntryClass("IC_ATTR", 3, "Stub that loads an attribute."),
    EntryClass("IC_STORE", 4, "Stub that stores an attribute."),
    EntryClass("IC_METHOD", 5, "Stub that prepares a method call."),
    EntryClass("IC_GLOBAL", 6, "Stub that loads a global."),
    EntryClass("IC_STORE_GLOBAL", 7, "Stub that stores a global."),
    EntryClass("IC_CALL", 8, "Stub that calls."),
    EntryClass("IC_BINARY", 9, "Stub of a binary operation or comparison."),
    EntryClass("IC_INDEX", 10, "Stub that reads an item."),
    EntryClass("IC_STORE_INDEX", 11, "Stub that writes an item."),
    EntryClass("IC_LOOP", 12, "Stub that advances a loop."),
    EntryClass("IC_SUPER", 13, "Stub that looks an attribute up behind a class."),
    EntryClass("GENERATOR", 14, "Where the frame of a generator may be continued: its start, loop heads, behind yields."),
    *(EntryClass(f"EXACT_{n}", 32 + n, f"Start of a function that takes exactly {n} positional arguments.") for n in range(EXACT_LIMIT)),
)
CLASS_NUMBER = {row.name: row.number for row in CLASSES}

VIOLATION_STATUS = 86


class Helper:
    """A function of the runtime that native code calls: its name, what it takes (rdi, rsi, ...), what it returns (rax)."""

    __slots__ = ("name", "takes", "returns", "doc")

    def __init__(self, name: str, takes: str, returns: str, doc: str) -> None:
        self.name = name
        self.takes = takes
        self.returns = returns
        self.doc = doc


# Helpers that do an instruction, or its slow path: `next` is the index of the word behind it. native_ops.c, native_calls.c and
# native_intrinsics.c have their functions.
STEPS: tuple[str, ...] = (
    "CHECK_LOCAL", "MAKE_CELL", "LOAD_CELL", "STORE_CELL", "DELETE_CELL", "LOAD_FREE", "STORE_FREE", "DELETE_FREE",
    "LOAD_GLOBAL", "STORE_GLOBAL", "DELETE_GLOBAL", "LOAD_NAME", "LOAD_NAME_FREE", "STORE_NAME", "DELETE_NAME",
    "LOAD_ATTR", "STORE_ATTR", "DELETE_ATTR", "GET_ITEM", "SET_ITEM", "DELETE_ITEM", "BUILD_SLICE", "BINARY",
    "ADD_INT", "UNARY", "NOT", "COMPARE", "IS", "CONTAINS", "JUMP_TRUTH", "JUMP_IS", "JUMP_COMPARE", "GET_ITER",
    "FOR_PREP", "FOR_NEXT", "FOR_NEXT_PAIR", "POLL", "BUILD_TUPLE", "BUILD_LIST", "BUILD_SET", "BUILD_DICT",
    "BUILD_STRING", "LIST_APPEND", "LIST_EXTEND", "LIST_TO_TUPLE", "SET_ADD", "SET_UPDATE", "DICT_SET",
    "DICT_UPDATE", "DICT_MERGE", "UNPACK", "UNPACK_STAR", "CONVERT", "FORMAT", "MAKE_FUNCTION", "BUILD_CLASS",
    "LOAD_BUILD_ERROR", "IMPORT", "IMPORT_TOP", "IMPORT_FROM", "IMPORT_STAR", "LOAD_METHOD", "LOAD_SUPER_METHOD",
    "LOAD_SUPER_ATTR", "CALL", "CALL_BUILTIN", "CALL_ISINSTANCE", "CALL_RANGE", "CALL_INT", "CALL_FLOAT", "CALL_STR", "CALL_APPEND",
    "CALL_GET", "CALL_ADD", "CALL_KW", "CALL_EX", "RETURN_GENERATOR", "YIELD", "YIELD_FROM_ITER", "YIELD_FROM",
    "RAISE", "RAISE_FROM", "RAISE_CURRENT", "RERAISE", "ENTER_HANDLER", "LEAVE_HANDLER", "MATCH_EXCEPTION",
    "WITH_SETUP", "EXCEPTION_TRIPLE", "RAISE_SUPER_ERROR", "RAISE_INIT_RESULT",
)
STEP_RAISED, STEP_DONE, STEP_JUMP = 0, 1, 2
# Those whose DONE does not mean that the word at `next` is next.
ODD_STEPS = frozenset(("POLL", "RETURN_GENERATOR", "YIELD", "YIELD_FROM", "RAISE", "RAISE_FROM", "RAISE_CURRENT", "RERAISE", "RAISE_SUPER_ERROR",
                       "CHECK_LOCAL"))
# Those that branch to native code themselves: they rely on the pinned registers of their caller, and take the site's record in rax instead of the
# first two arguments (runtime_c/native_text.h).
BRANCHING_STEPS = ("BINARY", "ADD_INT", "COMPARE", "JUMP_COMPARE", "CALL", "GET_ITEM", "SET_ITEM")



class Intrinsic:
    """A builtin whose calls have a template of their own: the class that has it ("": a builtin name), its name, and the numbers of
    arguments, self apart, with which it is meant. The runtime guesses from records of inline caches which call means which
    (native_intrinsics.c) and says so in operand d of the call in a request; each template asks for itself whether it has met
    what was guessed, and goes the way of all calls otherwise."""

    __slots__ = ("name", "owner", "attribute", "least", "most")

    def __init__(self, name: str, owner: str, attribute: str, least: int, most: int) -> None:
        self.name = name
        self.owner = owner
        self.attribute = attribute
        self.least = least
        self.most = most


# ORDER intrinsics: numbers from 3 on; 0: a call of anything, 1: of some other builtin (BUILTIN), 2: of a class of the program (CONSTRUCT).
INTRINSICS: tuple[Intrinsic, ...] = (
    Intrinsic("LEN", "", "len", 1, 1), Intrinsic("ISINSTANCE", "", "isinstance", 2, 2), Intrinsic("ORD", "", "ord", 1, 1),
    Intrinsic("CHR", "", "chr", 1, 1), Intrinsic("ABS", "", "abs", 1, 1), Intrinsic("MIN", "", "min", 2, 2), Intrinsic("MAX", "", "max", 2, 2),
    Intrinsic("RANGE", "", "range", 1, 2), Intrinsic("INT", "", "int", 1, 1), Intrinsic("FLOAT", "", "float", 1, 1), Intrinsic("STR", "", "str", 1, 1),
    Intrinsic("APPEND", "LIST", "append", 1, 1), Intrinsic("POP", "LIST", "pop", 0, 0), Intrinsic("GET", "DICT", "get", 1, 2),
    Intrinsic("ADD", "SET", "add", 1, 1),
)
INTRINSIC_NAMES = ("", "BUILTIN", "CONSTRUCT", *(row.name for row in INTRINSICS))

HELPERS: tuple[Helper, ...] = (
    Helper("VIOLATION", "esi offset of the branch, rcx target", "never", "A branch was refused: reports it and ends the process."),
    Helper("INTERPRET", "vm, base", "value", "Runs the frame at base, whose header is written but which is not yet counted: where calls of functions without a unit go."),
    Helper("CHECK_CALL", "vm, base", "value", "A callee found a limit reached or lowered: UNASSIGNED to go on, else what the call returns (EXC: RecursionError, or the frames are left)."),
    Helper("CATCH", "vm, base", "value", "EXC travels; the frame's PC says where: UNASSIGNED with the handler's register set, else what the frame returns: it is popped, or left."),
    Helper("CATCH_AGAIN", "vm, base", "value", "As CATCH for an exception that goes on: its traceback gets no new entry."),
    Helper("PROBE_LOAD", "vm, record, shape", "record", "A megamorphic site looks for its use of the shape in the shape cache; 0: not there."),
    Helper("PROBE_STORE", "vm, record, shape", "record", "The same for stores."),
    Helper("GENERATE", "vm, base, generator", "target", "A loop, whose place is saved, resumes the generator: makes its frame, to which vm->base points then; where its code goes on. 0: FOR_NEXT does it all."),
    Helper("DELEGATE", "vm, base, generator", "target", "The same for YIELD_FROM of a generator."),
    Helper("YIELD_THROUGH", "vm, base, next, value", "value", "A generator yields what its delegate yielded: suspends it at its YIELD_FROM."),
    Helper("LOG", "vm, object", "nothing", "The write barrier's slow part."),
    *(Helper(name, "vm, base, next", "value" if name in ("RETURN_GENERATOR", "YIELD", "YIELD_FROM") else "step", "")
      for name in STEPS),
)
HELPER_NUMBER = {row.name: number for number, row in enumerate(HELPERS)}

assert len(HELPERS) * 8 <= VALUES_AT
