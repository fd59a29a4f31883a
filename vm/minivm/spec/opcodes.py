"""The bytecode of Mini: every opcode, its operands and its effects, declared once.

Derived from here: the C enum and dispatch table (``runtime_c/gen/opcodes.h``), the verifier's tables, the assembler of
the bytecode compiler, the disassembler and the reference page. A handler that lacks a row, or a row that lacks a
handler, fails the build.

Format
    An instruction is one or two 8-byte words, little-endian.
    word 1: ``{u16 op, u16 a, u16 b, u16 c}``; some rows read b and c together as one 32-bit operand ``bc`` (b is low).
    word 2: ``{u32 site, u16 d, u16 e}``; some rows read d and e together as one signed 32-bit operand ``de`` (d is low).
    ``site`` numbers the inline-cache record of the instruction; its name constant stands in the code object's site table.
    A jump offset counts words, from the first word of the instruction that follows the jump.
    Backward jumps are allowed only to the rows with POLL: they look at the poll word, so no loop can escape a limit.

Registers
    Operands a, b, c are register numbers unless the row says otherwise. Register r of a frame is ``base[r]``; the frame
    header (``FRAME_HEADER_WORDS`` words) lies below ``base``. Parameters come first (positional-only, positional,
    keyword-only, then *args, then **kwargs), in this order from register 0.

Register states (what the verifier proves at each program point)
    VALUE  a Mini value; MAYBE a value or the word UNASSIGNED; CELL a cell object; ITER the three words of a loop.
    No instruction reads a register that is not proven to hold what the row demands.

Call window
    A call at window ``w`` uses registers w .. w+6+n-1:  w+0 the callee, w+1..w+4 reserved for the callee's frame header,
    w+5 the slot for self, w+6.. the arguments. ``CALL`` ignores w+5. The ``CALL_METHOD`` family reads it: UNASSIGNED means
    that the callee takes no self. The callee's frame then starts at w+6 (no self) or w+5 (self is its register 0). Every
    register at or above w is dead after the call.
"""
from __future__ import annotations

FRAME_HEADER_WORDS = 5
WINDOW_SELF = 5
WINDOW_ARGS = 6
NO_REGISTER = 0xFFFF

# Operand kinds. The verifier interprets them; the disassembler prints by them.
OPERAND_KINDS = {
    "-": "unused, zero",
    "w": "register written with a VALUE",
    "r": "register read, VALUE",
    "m": "register read, MAYBE",
    "r?": "register read, VALUE, or NO_REGISTER for none",
    "rw": "register read and written, VALUE",
    "wm": "register written, MAYBE",
    "cell": "register read, CELL",
    "wcell": "register read as MAYBE and written as CELL",
    "witer": "first of three registers written as ITER",
    "iter": "first of three registers read and written, ITER",
    "rr": "first of a run of registers read, VALUE; the count is another operand",
    "ww": "first of a run of registers written, VALUE; the count is another operand",
    "window": "first register of a call window (checked by the row's own rule)",
    "const": "index of a constant",
    "free": "index of a cell in the function's closure",
    "n": "a count",
    "imm": "an immediate: signed 16 bits in a, b, c, d or e, signed 32 bits in bc",
    "flags": "a bit set explained in the row",
    "site": "index of an inline-cache site",
    "jump": "a signed jump offset in words",
}

# Flags of rows
RAISES = "RAISES"        # may raise an exception
CALLS = "CALLS"          # may run Mini code, collect, and invalidate anything that is not in a register
POLL = "POLL"            # looks at the poll word; may jump backward
ENDS = "ENDS"            # control does not fall through
SUSPENDS = "SUSPENDS"    # leaves the frame and may come back


class Op:
    """One row: operand kinds by field, flags, and the meaning in a sentence or two.

    bc and de, where set, read b and c, or d and e, as one 32-bit operand of this kind. site, where set, says that the
    instruction has a second word, and of which kind of IC_SITE_KINDS its site is. (A plain class: dataclasses would cost more
    to import than compiling the first functions of a program does.)
    """

    __slots__ = ("name", "doc", "a", "b", "c", "bc", "site", "d", "e", "de", "flags")

    def __init__(self, name: str, doc: str, a: str = "-", b: str = "-", c: str = "-", bc: str = "", site: str = "", d: str = "-", e: str = "-",
                 de: str = "", flags: tuple[str, ...] = ()) -> None:
        self.name = name
        self.doc = doc
        self.a = a
        self.b = b
        self.c = c
        self.bc = bc
        self.site = site
        self.d = d
        self.e = e
        self.de = de
        self.flags = flags

    @property
    def words(self) -> int:
        return 2 if self.site else 1


IC_SITE_KINDS = ("none", "binary", "compare", "attr", "store_attr", "method", "global", "store_global", "call",
                 "index", "store_index", "loop", "super")

_RC = (RAISES, CALLS)


def _binary(name: str, symbol: str) -> Op:
    return Op(name, f"a = b {symbol} c; d = 1: as an augmented assignment (b {symbol}= c).", a="w", b="r", c="r",
              site="binary", d="flags", flags=_RC)


def _compare(name: str, symbol: str) -> Op:
    return Op(name, f"a = b {symbol} c.", a="w", b="r", c="r", site="compare", flags=_RC)


def _jump_compare(test: str, symbol: str) -> list[Op]:
    rows = []
    for sense, word in (("", "is true"), ("NOT_", "is false")):
        rows.append(Op(f"JUMP_IF_{sense}{test}", f"Jump by de if the truth of (a {symbol} b) {word}.", a="r", b="r",
                       site="compare", de="jump", flags=_RC + (POLL,)))
        rows.append(Op(f"JUMP_IF_{sense}{test}_INT", f"Jump by de if the truth of (a {symbol} immediate b) {word}.",
                       a="r", b="imm", site="compare", de="jump", flags=_RC + (POLL,)))
    return rows


BINARY_OPERATORS = (("ADD", "+"), ("SUB", "-"), ("MUL", "*"), ("TRUEDIV", "/"), ("FLOORDIV", "//"), ("MOD", "%"), ("POW", "**"),
                    ("MATMUL", "@"), ("LSHIFT", "<<"), ("RSHIFT", ">>"), ("AND", "&"), ("OR", "|"), ("XOR", "^"))
COMPARE_OPERATORS = (("LT", "<"), ("LE", "<="), ("EQ", "=="), ("NE", "!="), ("GT", ">"), ("GE", ">="))  # ORDER compare

OPCODES: tuple[Op, ...] = (
    # -- moves and constants --
    Op("MOVE", "a = b.", a="w", b="r"),
    Op("MOVE_MAYBE", "a = b, where b may be UNASSIGNED (used to copy the self slot of a prepared method).", a="wm", b="m"),
    Op("LOAD_CONST", "a = constant bc.", a="w", bc="const"),
    Op("LOAD_INT", "a = the int bc.", a="w", bc="imm"),
    Op("LOAD_NONE", "a = None.", a="w"),
    Op("LOAD_UNASSIGNED", "a = UNASSIGNED: the state of a local that has no value (and of a self slot without self).", a="wm"),
    Op("CHECK_LOCAL", "Raise UnboundLocalError naming constant bc if a is UNASSIGNED; a is a VALUE afterwards.", a="m", bc="const", flags=(RAISES,)),

    # -- cells: captured variables --
    Op("MAKE_CELL", "a = a new cell that holds what a held (which may be UNASSIGNED).", a="wcell"),
    Op("LOAD_CELL", "a = the content of the cell in b; NameError or UnboundLocalError naming constant c if it has none.", a="w", b="cell", c="const", flags=(RAISES,)),
    Op("STORE_CELL", "Content of the cell in a = b.", a="cell", b="r"),
    Op("DELETE_CELL", "Empty the cell in a; error naming constant bc if it was empty.", a="cell", bc="const", flags=(RAISES,)),
    Op("LOAD_FREE", "a = the content of closure cell b; NameError ('cannot access free variable ...') naming constant c if empty.", a="w", b="free", c="const", flags=(RAISES,)),
    Op("STORE_FREE", "Content of closure cell a = b.", a="free", b="r"),
    Op("DELETE_FREE", "Empty closure cell a; error naming constant bc if it was empty.", a="free", bc="const", flags=(RAISES,)),

    # -- module globals, class-body names --
    Op("LOAD_GLOBAL", "a = the global or builtin named by the site; NameError.", a="w", site="global", flags=(RAISES,)),
    Op("STORE_GLOBAL", "Global named by the site = a.", a="r", site="store_global", flags=_RC),
    Op("DELETE_GLOBAL", "Delete the global named by constant bc; NameError.", bc="const", flags=(RAISES,)),
    Op("LOAD_NAME", "In a class body: a = name of the site, looked up in the namespace b, then globals, then builtins.", a="w", b="r", site="global", flags=_RC),
    Op("LOAD_NAME_FREE", "In a class body: a = name of the site in the namespace b, else the content of closure cell c.", a="w", b="r", c="free", site="global", flags=_RC),
    Op("STORE_NAME", "In a class body: namespace b[name of the site] = a.", a="r", b="r", site="global", flags=_RC),
    Op("DELETE_NAME", "In a class body: del namespace a[constant bc]; NameError.", a="r", bc="const", flags=_RC),

    # -- attributes and items --
    Op("LOAD_ATTR", "a = b.name, the name from the site.", a="w", b="r", site="attr", flags=_RC),
    Op("STORE_ATTR", "a.name = b.", a="r", b="r", site="store_attr", flags=_RC),
    Op("DELETE_ATTR", "del a.name, name = constant bc.", a="r", bc="const", flags=_RC),
    Op("GET_ITEM", "a = b[c].", a="w", b="r", c="r", site="index", flags=_RC),
    Op("SET_ITEM", "a[b] = c.", a="r", b="r", c="r", site="store_index", flags=_RC),
    Op("DELETE_ITEM", "del a[b].", a="r", b="r", flags=_RC),
    Op("BUILD_SLICE", "a = slice(b, b+1, b+2): three registers from b.", a="w", b="rr", c="n", flags=(RAISES,)),

    # -- operators --
    *(_binary(name, symbol) for name, symbol in BINARY_OPERATORS),
    Op("ADD_INT", "a = b + immediate c; d = 1: augmented. Also serves subtraction of a constant only where e = 1 (then errors speak of '-').", a="w", b="r", c="imm", site="binary", d="flags", e="flags", flags=_RC),
    Op("NEG", "a = -b.", a="w", b="r", flags=_RC),
    Op("POS", "a = +b.", a="w", b="r", flags=_RC),
    Op("INVERT", "a = ~b.", a="w", b="r", flags=_RC),
    Op("NOT", "a = not b.", a="w", b="r", flags=_RC),
    *(_compare(name, symbol) for name, symbol in COMPARE_OPERATORS),
    Op("IS", "a = b is c.", a="w", b="r", c="r"),
    Op("IS_NOT", "a = b is not c.", a="w", b="r", c="r"),
    Op("CONTAINS", "a = b in c.", a="w", b="r", c="r", flags=_RC),
    Op("NOT_CONTAINS", "a = b not in c.", a="w", b="r", c="r", flags=_RC),

    # -- jumps --
    Op("JUMP", "Jump forward by bc.", bc="jump", flags=(ENDS,)),
    Op("JUMP_BACK", "Jump by de (the back edge of a loop). a = 1: it does not warm the code up (calling.h).", a="flags", site="loop", de="jump", flags=(ENDS, POLL, RAISES, CALLS)),
    Op("JUMP_IF_TRUE", "Jump forward by bc if a is true.", a="r", bc="jump", flags=_RC),
    Op("JUMP_IF_FALSE", "Jump forward by bc if a is false.", a="r", bc="jump", flags=_RC),
    Op("JUMP_IF_NONE", "Jump forward by bc if a is None.", a="r", bc="jump"),
    Op("JUMP_IF_NOT_NONE", "Jump forward by bc if a is not None.", a="r", bc="jump"),
    Op("JUMP_IF_IS", "Jump by de if a is b.", a="r", b="r", site="compare", de="jump", flags=(POLL, RAISES, CALLS)),
    Op("JUMP_IF_NOT_IS", "Jump by de if a is not b.", a="r", b="r", site="compare", de="jump", flags=(POLL, RAISES, CALLS)),
    *(row for name, symbol in COMPARE_OPERATORS for row in _jump_compare(name, symbol)),

    # -- loops --
    Op("GET_ITER", "a = iter(b), as an ordinary value. c = 1: for a FOR_PREP with c = 1 alone, so that exact builtin iterables need no iterator object.",
       a="w", b="r", c="flags", flags=_RC),
    Op("FOR_PREP", "Loop state a..a+2 = an iteration over b (exact builtin iterables need no iterator object). c = 1: b is an iterator already "
       "(the argument of a generator expression), on which iter() is not called again, or what GET_ITER left as it is.", a="witer", b="r", c="flags", flags=_RC),
    Op("FOR_NEXT", "If the loop b has a next item: a = it and jump by de (to the body, usually backward); else fall through. c = 1: as for JUMP_BACK.", a="w", b="iter", c="flags", site="loop", de="jump", flags=_RC + (POLL,)),
    Op("FOR_NEXT_PAIR", "As FOR_NEXT with the item unpacked into exactly two: a and c (pairs of dict items, enumerate and zip are not built).", a="w", b="iter", c="w", site="loop", de="jump", flags=_RC + (POLL,)),

    # -- building --
    Op("BUILD_TUPLE", "a = tuple of c registers from b.", a="w", b="rr", c="n", flags=(RAISES,)),
    Op("BUILD_LIST", "a = list of c registers from b.", a="w", b="rr", c="n", flags=(RAISES,)),
    Op("BUILD_SET", "a = set of c registers from b.", a="w", b="rr", c="n", flags=_RC),
    Op("BUILD_DICT", "a = dict of c registers from b: key, value, key, value (c is even).", a="w", b="rr", c="n", flags=_RC),
    Op("BUILD_STRING", "a = concatenation of c strings in registers from b.", a="w", b="rr", c="n", flags=(RAISES,)),
    Op("LIST_APPEND", "Append c registers from b to the list in a.", a="r", b="rr", c="n", flags=(RAISES,)),
    Op("LIST_EXTEND", "Extend the list in a by the iterable b (star display: 'Value after * must be an iterable, not X').", a="r", b="r", c="flags", flags=_RC),
    Op("LIST_TO_TUPLE", "a = tuple of the list in b.", a="w", b="r", flags=(RAISES,)),
    Op("SET_ADD", "Add c registers from b to the set in a.", a="r", b="rr", c="n", flags=_RC),
    Op("SET_UPDATE", "Add all of the iterable b to the set in a.", a="r", b="r", flags=_RC),
    Op("DICT_SET", "Dict a[b] = c, for displays and comprehensions.", a="r", b="r", c="r", flags=_RC),
    Op("DICT_UPDATE", "Update the dict in a by the mapping b ({**b}).", a="r", b="r", flags=_RC),
    Op("DICT_MERGE", "Update the keyword dict in a by the mapping b; TypeError for a repeated or non-string key, naming the callee in c.", a="r", b="r", c="r", flags=_RC),
    Op("UNPACK", "c registers from a = the items of b, exactly c.", a="ww", b="r", c="n", flags=_RC),
    Op("UNPACK_STAR", "Registers from a: (c & 255) items, a list of the middle, (c >> 8) items; of b.", a="ww", b="r", c="flags", flags=_RC),
    Op("CONVERT", "a = str (c = 0), repr (1) or ascii (2) of b.", a="w", b="r", c="imm", flags=_RC),
    Op("FORMAT", "a = format(b, spec in c), with an empty spec where c is NO_REGISTER.", a="w", b="r", c="r?", flags=_RC),

    # -- functions, classes, imports --
    Op("MAKE_FUNCTION", "a = function of code constant d (low) | e << 16 with values in registers from b, present as flags c say and in this order: "
       "1 defaults tuple, 2 keyword-defaults dict, 4 annotations dict. The closure's cells come from where the code's free_variables say: a register of "
       "this frame that holds a CELL, or (bit 15 set) this function's closure.", a="w", b="rr", c="flags", site="none", d="imm", e="imm", flags=(RAISES,)),
    Op("BUILD_CLASS", "a = class made from registers b: body function, name, tuple of bases, dict of keywords or None (c is 4). The body runs with the new "
       "namespace in register 0 and ends with RETURN_NONE, or with RETURN_CELL of its __class__ cell, into which the class is then stored.", a="w", b="rr", c="n", flags=_RC),
    Op("LOAD_BUILD_ERROR", "a = the AssertionError class (what assert raises, whatever the name is bound to).", a="w"),
    Op("IMPORT", "a = the module of absolute dotted name constant bc, imported (run) if it is not yet, its parents first.", a="w", bc="const", flags=_RC),
    Op("IMPORT_TOP", "As IMPORT, but a = the module of the first component of the name.", a="w", bc="const", flags=_RC),
    Op("IMPORT_FROM", "a = attribute of module b named by the site, or its submodule; ImportError.", a="w", b="r", site="attr", flags=_RC),
    Op("IMPORT_STAR", "Bind all public names of module a in this module.", a="r", flags=_RC),

    # -- calls --
    Op("LOAD_METHOD", "Prepare window a to call b.name: callee and self slot (UNASSIGNED where the attribute is not a method of b's class).", a="window", b="r", site="method", flags=_RC),
    Op("LOAD_SUPER_METHOD", "Prepare window a to call super(b, b+1).name: two registers from b, class and self.", a="window", b="rr", c="n", site="super", flags=_RC),
    Op("LOAD_SUPER_ATTR", "a = super(b, b+1).name.", a="w", b="rr", c="n", site="super", flags=_RC),
    Op("CALL", "c = call of window a with b positional arguments.", a="window", b="n", c="w", site="call", flags=_RC),
    Op("CALL_METHOD", "c = call of window a, self slot respected, with b positional arguments.", a="window", b="n", c="w", site="call", flags=_RC),
    Op("CALL_KW", "c = call of window a (d = 1: self slot respected; else ignored) with b arguments, the last of them named by the tuple of names in the site's name constant.", a="window", b="n", c="w", site="call", d="flags", flags=_RC),
    Op("CALL_EX", "c = call of window a with positional arguments from the iterable in w+6 (a list of ours, or what `f(*x)` was given: 'argument after * must be an iterable') and "
       "keywords from the dict (ours, keys are strings) or None in w+7.", a="window", c="w", site="call", flags=_RC),
    Op("RETURN", "Return a.", a="r", flags=(ENDS,)),
    Op("RETURN_NONE", "Return None.", flags=(ENDS,)),
    Op("RETURN_CELL", "Return the cell in a. Only in CLASS_BODY code, at the end of a body that some method's __class__ or super() refers to.", a="cell", flags=(ENDS,)),

    # -- generators --
    Op("YIELD", "Yield b; a = what is sent. Only in generator code.", a="w", b="r", flags=(RAISES, CALLS, SUSPENDS)),
    Op("YIELD_FROM_ITER", "a = b itself if it is a generator, else iter(b).", a="w", b="r", flags=_RC),
    Op("YIELD_FROM", "Delegate to the iterator b, sending it c (None at first); c = what is sent each time; a = its return value at the end.", a="w", b="r", c="rw", flags=(RAISES, CALLS, SUSPENDS)),

    # -- exceptions, with --
    Op("RAISE", "raise a.", a="r", flags=(RAISES, CALLS, ENDS)),
    Op("RAISE_FROM", "raise a from b.", a="r", b="r", flags=(RAISES, CALLS, ENDS)),
    Op("RAISE_CURRENT", "raise, of the exception being handled; RuntimeError if none is.", flags=(RAISES, ENDS)),
    Op("RERAISE", "Go on raising the exception object in a, its traceback and context untouched.", a="r", flags=(RAISES, ENDS)),
    Op("ENTER_HANDLER", "a = the exception being handled in this frame before (or None); b is being handled now.", a="w", b="r"),
    Op("LEAVE_HANDLER", "The exception in a (or none) is being handled again.", a="r"),
    Op("MATCH_EXCEPTION", "a = whether exception b matches c (a class or a tuple); TypeError if c is neither.", a="w", b="r", c="r", flags=_RC),
    Op("WITH_SETUP", "Prepare window a to call type(b).__enter__ on b; c and c+1 = its __exit__ callee and self slot (c+1 MAYBE).", a="window", b="r", c="w", flags=_RC),
    Op("EXCEPTION_TRIPLE", "a, a+1, a+2 = type, value, traceback of the exception b.", a="ww", b="r", c="n"),
    Op("RAISE_SUPER_ERROR", "Raise RuntimeError('super(): ' + constant bc).", bc="const", flags=(RAISES, ENDS)),
)

BY_NAME: dict[str, Op] = {row.name: row for row in OPCODES}
NUMBER: dict[str, int] = {row.name: number for number, row in enumerate(OPCODES)}

# Flags of code objects
CODE_FLAGS = {
    "VARARGS": 1,        # has *args
    "VARKEYWORDS": 2,    # has **kwargs
    "GENERATOR": 4,      # calling it makes a generator
    "CLASS_BODY": 8,     # register 0 is the namespace
    "MODULE": 16,        # top level of a module
    "NESTED": 32,        # defined inside a function
    "FUTURE_ANNOTATIONS": 64,
    "METHOD": 128,       # defined directly in a class body
    "LOCALS_VISIBLE": 256,  # mentions locals, vars or dir: local_names is filled and all its registers are readable from the first word on
}

assert len(BY_NAME) == len(OPCODES)
