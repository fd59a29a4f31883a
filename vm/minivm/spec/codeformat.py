"""The content of code objects and of ``.minic`` images (msgpack), field by field.

An image is ``[MAGIC, FORMAT_VERSION, digest, body]``: ``digest`` is the 32-byte BLAKE2b of ``body``, ``body`` the msgpack bytes of
``{"modules": [module, ...], "main": index}``. A module is a map: ``name`` (absolute dotted name; the program itself is ``__main__``), ``file``
(shown as ``__file__`` and in tracebacks), ``package`` (bool), ``builtin`` (bool: a module of ours written in Mini), ``code`` (a code object),
``source`` (text of the source or nil: traceback lines).

Constants are msgpack values with arrays as ``[tag, ...]``:
    nil, true, false, int (64-bit), float, str: themselves (str is UTF-8; a lone surrogate makes it ``["s", bytes]`` in 'surrogatepass')
    ["i", sign, bytes]      an int beyond 64 bits, little-endian magnitude, sign 1 or -1
    ["t", item...]          tuple        ["f", item...]  frozenset
    ["..."]                 Ellipsis
    ["c", code]             a code object
"""
from __future__ import annotations

MAGIC = "minic"
FORMAT_VERSION = 3
SITE_BYTES = 8          # of a row of a code object's sites

# A code object is a msgpack array with these fields, in this order.
CODE_FIELDS = (
    ("name", "str"),
    ("qualname", "str"),
    ("first_line", "int"),
    ("flags", "int: bits of opcodes.CODE_FLAGS"),
    ("positional_only", "int: count of positional-only parameters"),
    ("positional", "int: count of all positional parameters, positional-only included"),
    ("keyword_only", "int"),
    ("registers", "int: registers that the code uses, call windows included (a window w with n arguments: at least w + 6 + n)"),
    ("parameter_names", "array of str: positional, keyword-only, then the *args name and the **kwargs name where the flags say so"),
    ("local_names", "array of [name, register, is_cell]: what locals() shows, in CPython's order (parameters, locals, cells, then free variables "
                    "with register = 0x8000 | closure index); names of comprehension variables are left out"),
    ("free_variables", "array of [name, source]: the closure, in order; source: for MAKE_FUNCTION in the enclosing function, >= 0x8000: closure index of the enclosing "
                       "function | 0x8000; otherwise the register of the enclosing function that holds the CELL"),
    ("instructions", "bytes: 8-byte words"),
    ("constants", "array of constants; a function's docstring (or nil) is constant 0 of every function code"),
    ("sites", "bytes: 8 bytes a site: u32 IC kind (index in opcodes.IC_SITE_KINDS), u32 name constant (0xFFFFFFFF: none)"),
    ("exceptions", "bytes: 16 bytes a range, innermost first: u32 start, u32 end, u32 handler (word indices, end exclusive), u32 register that receives the exception"),
    ("positions", "bytes: a run-length list, for each run of words: varint word count, then zigzag varints of line delta (to the previous run's line, first to first_line), "
                  "end-line delta to the line, column + 1 and end column + 1 (UTF-8 byte columns; 0: none)"),
    ("inlined", "array of [start, end, name, line]: word ranges of inlined comprehensions, outermost first, for tracebacks"),
    ("variables", "array of arrays of str, for co_varnames and suggestions: the function's locals other than parameters and what CPython has in cells, then "
                  "all of each inlined comprehension in turn; groups at the end may be missing"),
    ("captured", "array of str: co_cellvars, which scopes inside mention: parameters in their order, then the others sorted. Where the scope inside is an inlined "
                 "comprehension a register holds the variable"),
)
