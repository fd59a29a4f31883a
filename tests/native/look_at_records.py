"""Runs a program with sites of inline caches in every state, and prints what their records say. Run by test_records.py as a
process of its own:

    python look_at_records.py JIT STRATEGY [take]     JIT: off, eager

A line is FUNCTION SITE KIND GUARD [ENTRY...], for the first site of that kind: a guard is `plain` (a shape's id), `apart` (with
MV_IC_APART, ic.h) or `none` (no object's). `take` takes the bit off the record of `value` first, and calls it once more.
"""
from __future__ import annotations

import ctypes
import sys

from attack_records import LAYOUT, record_of, word

from minivm import compile_program
from minivm.runtime.bridge import Bridge, ffi, hash_settings, jit_settings

NAMES = {LAYOUT[f"ic.{name}"]: name for name in ("none", "field", "overflow", "value", "owner", "add", "method", "poly", "mega")}
SITES = {"field": "attr", "overflow": "attr", "value": "attr", "owner": "attr", "store": "store_attr", "put_over": "store_attr", "H.__init__": "store_attr",
         "method": "method", "held": "method", "two": "attr", "two_methods": "method", "two_kinds": "method", "many": "attr", "never": "attr", "reset": "method"}
PROGRAM = """
class A:
    k = "k"
    def __init__(self): self.x = 1
    def m(self): return 2
class B(A): pass
class C(A): pass
class D(A): pass
class E(A): pass
class Big:
    def __init__(self):
        for i in range(40): setattr(self, "f%d" % i, i)
class H:
    def __init__(self): self.h = int
class M:
    def __init__(self): self.m = int
class Reset:
    def m(self): return 2
def field(o): return o.x
def overflow(o): return o.f39
def value(o): return o.k is K
def owner(o): return o.k
def store(o): o.x = 1
def put_over(o): o.f39 = 39
def method(o): return o.m()
def held(o): return o.h()
def two(o): return o.x
def two_methods(o): return o.m()
def two_kinds(o): return o.m()
def many(o): return o.x
def never(o): return o.x
def reset(o): return o.m()
K = A.k
a, big, r = A(), Big(), Reset()
reset(r)
Reset.m = lambda self: 3        # resets the records of all look-ups
for i in range(4):
    field(a), overflow(big), value(a), owner(A), store(a), put_over(big), method(a), held(H())
    for o in a, B():
        two(o), two_methods(o)
    two_kinds(a), two_kinds(M())
    for cls in A, B, C, D, E:
        many(cls())
look()
show(value(a))
"""


def guard(record: int) -> str:
    shape = ctypes.c_uint32.from_address(record + LAYOUT["record.shape"]).value
    if shape % LAYOUT["ic.apart"] == LAYOUT["ic.apart"] - 1:
        return "none"
    return "apart" if shape & LAYOUT["ic.apart"] else "plain"


def kind(record: int) -> str:
    return NAMES[ctypes.c_uint8.from_address(record + LAYOUT["record.kind"]).value]


def main(jit: str, strategy: str, take: str = "") -> None:
    settings = {"recursion_limit": 1000, "stdin_fd": -2, "stdout_fd": 1, "stderr_fd": 2, **hash_settings(), **jit_settings(jit, "inline", "sealed", 1 << 24)}
    bridge = Bridge(settings, strategy=strategy)
    vm = int(ffi.cast("uintptr_t", bridge.native))

    def look() -> None:
        for name, site in SITES.items():
            record = record_of(vm, name, site)
            words = [name, site, kind(record), guard(record)]
            if words[2] == "poly":
                entries = word(record + LAYOUT["record.w1"])
                for number in range(LAYOUT["ic.poly_limit"]):
                    entry = entries + number * LAYOUT["record.size"]
                    words.append(f"{kind(entry)}:{guard(entry)}")
            print(*words)
        if take:
            ctypes.c_uint32.from_address(record_of(vm, "value", "attr")).value &= LAYOUT["ic.apart"] - 1

    bridge.expose("look", look)
    bridge.expose("show", print)
    bridge.load(compile_program(PROGRAM))
    bridge.run_main()
    print("published", bridge.stats().get("code.published", 0))
    bridge.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
