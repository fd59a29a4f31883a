"""Overwrites the target of an inline cache's record while a program runs with `--ic=pointer`, as an attacker who writes all data
memory could, and lets the site execute. Run by test_records.py as a process of its own:

    python attack_records.py SITE WHAT [LAYERS] [STRATEGY]     SITE: attr, store_attr, method, call, global, store_global, binary, compare, index,
    store_index; key, store_key, several, store_several: sites of items that know keys, or do several things

WHAT: libc (an address outside), middle (inside a function's code), unlisted (a granule of code that is no entry), class (an
entry of another class), kind (each stub of the right class in turn). Sites of calls, operators and items besides: exact (the entry of the method is
an address outside); of operators: handler (the record says HANDLER, with numbers that no handler has). LAYERS is what --code-layers takes. Prints what
the program computed: the right answers, unless the process ended before.
"""
from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator

from minivm import compile_program
from minivm.runtime.bridge import Bridge, ffi, hash_settings, jit_layout, jit_settings
from minivm.spec.opcodes import IC_SITE_KINDS

LAYOUT = {name: int(value) for name, value in (line.split("=") for line in jit_layout().splitlines())}
PROGRAM = """
class Thing:
    def __init__(self, x):
        self.x = x
        self.table = {"other": 1, "key": x}
    def twice(self): return 2 * self.x
    def __call__(self, n): return self.x
    def __add__(self, other): return self.x + other.x
    def __lt__(self, other): return self.x < other.x
    def __getitem__(self, i): return self.x
    def __setitem__(self, i, value): self.x = value
count = 0
def attr(o): return o.x
def store_attr(o):
    o.x = 5
    return 7
def method(o): return o.twice()
def global_(o): return count * 0 + 7
def store_global(o):
    global count
    count = 6
    return 7
def call(o): return o(1)
def binary(o): return o + o
def compare(o): return o < o
def index(o): return o[3]
def store_index(o):
    o[3] = 5
    return 7
def key(o): return o.table["key"]
def store_key(o):
    o.table["key"] = o.x
    return o.table["key"]
def several(o):
    total = 0
    for c in (o, o.table): total += c["key"]
    return total
def store_several(o):
    for c in (o.table, o): c["key"] = o.x - 1
    return o.table["key"]
functions = {"call": call, "binary": binary, "compare": compare, "attr": attr, "store_attr": store_attr, "method": method, "global": global_,
             "store_global": store_global, "index": index, "store_index": store_index, "key": key, "store_key": store_key,
             "several": several, "store_several": store_several}
site = chosen()
f = functions[site]
thing = Thing(7)
for i in range(5):
    f(thing)
while attack():
    thing.x = 7
    show(f(thing), thing.x, count)
"""


KINDS = {"key": "index", "several": "index", "store_key": "store_index", "store_several": "store_index"}     # of sites that are called otherwise
METHODS = {"call": "__call__", "binary": "__add__", "compare": "__lt__", "index": "__getitem__", "store_index": "__setitem__"}


def word(address: int) -> int:
    return ctypes.c_uint64.from_address(address).value


def code_of(vm: int, function: str) -> int:
    """The address of the function's code object."""
    code = word(vm + LAYOUT["vm.codes"])
    while code:
        name = word(code + LAYOUT["code.qualname"]) - 2
        size = word(name + LAYOUT["str.length"])
        if ctypes.string_at(word(name + LAYOUT["str.data"]), size).decode() == function:
            return code
        code = word(code + LAYOUT["code.next"])
    raise LookupError(function)


def record_of(vm: int, function: str, site: str) -> int:
    """The address of the function's record of this kind of site."""
    code = code_of(vm, function)
    records = word(code + LAYOUT["code.records"])
    for number in range(ctypes.c_uint32.from_address(code + LAYOUT["code.site_count"]).value):
        record = records + number * LAYOUT["record.size"]
        if ctypes.c_uint8.from_address(record + LAYOUT["record.kind"] + 1).value & 15 == IC_SITE_KINDS.index(site):
            return record
    raise LookupError(function)


def make_handler(record: int, number: int) -> None:
    """The record, which guards what it did, says HANDLER with this number."""
    ctypes.c_uint32.from_address(record + LAYOUT["record.shape"]).value |= LAYOUT["ic.apart"]
    ctypes.c_uint8.from_address(record + LAYOUT["record.kind"]).value = LAYOUT["ic.handler"]
    ctypes.c_uint64.from_address(record + LAYOUT["record.w2"]).value = number * 4


def targets(vm: int, site: str, what: str, own: int) -> Iterator[int]:
    table = word(vm + LAYOUT["vm.ic_targets"])
    number = IC_SITE_KINDS.index(site)
    if what == "libc":
        yield ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p).value or 0
    elif what == "middle":
        yield own + 5
    elif what == "unlisted":
        yield own + 16
    elif what == "class":
        other = "store_attr" if site == "attr" else "attr"      # the one for fields: it would take an attr site's record for its own
        yield word(table + 8 * (16 * IC_SITE_KINDS.index(other) + LAYOUT["ic.field"]))
    else:
        yield from sorted({word(table + 8 * (16 * number + kind)) for kind in range(16)})


def main(site: str, what: str, layers: str = "digest,guests,checker", strategy: str = "pointer") -> None:
    settings = {"recursion_limit": 1000, "stdin_fd": -2, "stdout_fd": 1, "stderr_fd": 2, **hash_settings(),
                **jit_settings("eager", "inline", "sealed", 1 << 24, layers.split(","))}
    bridge = Bridge(settings, code_layers=layers.split(","), strategy=strategy)
    vm = int(ffi.cast("uintptr_t", bridge.native))
    state: dict[str, Iterator[int]] = {}

    def attack() -> bool:
        record = record_of(vm, "global_" if site == "global" else site, KINDS.get(site, site))
        if what == "exact":
            entry = ctypes.c_uint64.from_address(code_of(vm, "Thing." + METHODS[site]) + LAYOUT["code.exact"])
            entry.value = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p).value or 0
            return "planned" not in state and bool(state.setdefault("planned", iter(())))
        if what == "handler":
            number = next(state.setdefault("planned", iter((LAYOUT["ic.handlers"], 1 << 20, 1 << 61))), 0)
            if number:
                make_handler(record, number)
            return bool(number)
        place = ctypes.c_uint64.from_address(record + LAYOUT["record.target"])
        if not place.value:
            raise AssertionError("the site does not branch through its record")
        planned = state.setdefault("planned", targets(vm, KINDS.get(site, site), what, place.value))
        target = next(planned, 0)
        if target:
            place.value = target
        return bool(target)

    bridge.expose("attack", attack)
    bridge.expose("chosen", lambda: site)
    bridge.expose("show", lambda *values: print(*values, flush=True))
    bridge.load(compile_program(PROGRAM))
    bridge.run_main()
    print("published", bridge.stats()["code.published"])
    bridge.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
