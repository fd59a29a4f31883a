"""Overwrites where native callers find the entry of a method that does an operator, an item or a property, as an attacker who writes all data
memory could, and lets the instruction execute. Run by test_entries.py as a process of its own:

    python attack_entries.py INSTRUCTION WHAT [LAYERS]     INSTRUCTION: add, less, jump, item, store, prop

WHAT: none, libc (an address outside), middle (inside the method's code), unlisted (a granule of code that is no entry), class (the entry of a
function that takes another number of arguments). LAYERS is what --code-layers takes. Prints what the program computed.
"""
from __future__ import annotations

import ctypes
import sys

from minivm import compile_program
from minivm.runtime.bridge import Bridge, ffi, hash_settings, jit_layout, jit_settings

LAYOUT = {name: int(value) for name, value in (line.split("=") for line in jit_layout().splitlines())}
METHODS = {"add": "__add__", "less": "__lt__", "jump": "__lt__", "item": "__getitem__", "store": "__setitem__", "prop": "size"}
PROGRAM = """
class Thing:
    def __init__(self, x): self.x = x
    def __add__(self, other): return self.x + other
    def __lt__(self, other): return self.x < other
    def __getitem__(self, i): return self.x * i
    def __setitem__(self, i, value): self.x = value
    @property
    def size(self): return self.x
def four(a, b, c, d): return "four"
def add(o): return o + 1
def less(o): return o < 8
def jump(o): return 1 if o < 8 else 0
def item(o): return o[2]
def store(o):
    o[3] = 6
    return o.x
def prop(o): return o.size
f = {"add": add, "less": less, "jump": jump, "item": item, "store": store, "prop": prop}[chosen()]
for i in range(5):
    f(Thing(7))
    four(1, 2, 3, 4)
attack()
show(f(Thing(7)))
"""


def word(address: int) -> int:
    return ctypes.c_uint64.from_address(address).value


def entry_of(vm: int, function: str) -> int:
    """The address of the word that holds the function's entry."""
    code = word(vm + LAYOUT["vm.codes"])
    while code:
        name = word(code + LAYOUT["code.qualname"]) - 2
        if ctypes.string_at(word(name + LAYOUT["str.data"]), word(name + LAYOUT["str.length"])).decode() == function:
            return code + LAYOUT["code.exact"]
        code = word(code + LAYOUT["code.next"])
    raise LookupError(function)


def main(instruction: str, what: str, layers: str = "digest,guests,checker") -> None:
    settings = {"recursion_limit": 1000, "stdin_fd": -2, "stdout_fd": 1, "stderr_fd": 2, **hash_settings(),
                **jit_settings("eager", "inline", "sealed", 1 << 24, layers.split(","))}
    bridge = Bridge(settings, code_layers=layers.split(","), strategy="data")
    vm = int(ffi.cast("uintptr_t", bridge.native))

    def attack() -> None:
        place = entry_of(vm, "Thing." + METHODS[instruction])
        targets = {"none": word(place), "libc": ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p).value or 0, "middle": word(place) + 5,
                   "unlisted": word(place) + 16, "class": word(entry_of(vm, "four"))}
        ctypes.c_uint64.from_address(place).value = targets[what]

    bridge.expose("attack", attack)
    bridge.expose("chosen", lambda: instruction)
    bridge.expose("show", lambda *values: print(*values, flush=True))
    bridge.load(compile_program(PROGRAM))
    bridge.run_main()
    bridge.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
