"""A symbol file for one unit of native code, as GDB's JIT interface wants it: an ELF object whose text lies elsewhere.

One function symbol in a .text section that takes no room in the file. Without unwind tables: units keep frame pointers, by
which GDB finds callers.
"""
from __future__ import annotations

from struct import Struct

_HEADER = Struct("<16sHHIQQQIHHHHHH")
_SECTION = Struct("<IIQQQQIIQQ")
_SYMBOL = Struct("<IBBHQQ")
_REL, _X86_64 = 1, 62
_SYMTAB, _STRTAB, _NOBITS = 2, 3, 8
_ALLOC, _EXEC = 2, 4
_GLOBAL_FUNCTION = 1 << 4 | 2
SECTIONS = b"\0.text\0.symtab\0.strtab\0.shstrtab\0"


def symbol_file(name: str, address: int, size: int) -> bytes:
    names = b"\0" + name.encode("utf-8", "backslashreplace").replace(b"\0", b"?") + b"\0"
    # A relocatable file's symbols count from their section, whose address says where it lies.
    symbols = bytes(_SYMBOL.size) + _SYMBOL.pack(1, _GLOBAL_FUNCTION, 0, 1, 0, size)
    at_symbols = _HEADER.size
    at_names = at_symbols + len(symbols)
    at_sections = at_names + len(names)
    at_headers = -(-(at_sections + len(SECTIONS)) // 8) * 8
    head = _HEADER.pack(b"\x7fELF\x02\x01\x01".ljust(16, b"\0"), _REL, _X86_64, 1, 0, 0, at_headers, 0, _HEADER.size, 0, 0, _SECTION.size, 5, 4)

    def section(title: bytes, kind: int, flags: int, where: int, at: int, length: int, link: int = 0, info: int = 0, align: int = 1,
                entry: int = 0) -> bytes:
        return _SECTION.pack(SECTIONS.index(title + b"\0") if title else 0, kind, flags, where, at, length, link, info, align, entry)

    table = b"".join((
        bytes(_SECTION.size),
        section(b".text", _NOBITS, _ALLOC | _EXEC, address, at_symbols, size, align=16),
        section(b".symtab", _SYMTAB, 0, 0, at_symbols, len(symbols), link=3, info=1, align=8, entry=_SYMBOL.size),
        section(b".strtab", _STRTAB, 0, 0, at_names, len(names)),
        section(b".shstrtab", _STRTAB, 0, 0, at_sections, len(SECTIONS)),
    ))
    body = head + symbols + names + SECTIONS
    return body.ljust(at_headers, b"\0") + table
