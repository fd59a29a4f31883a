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

NAMES = {LAYOUT[f"ic.{name}"]: name for name in ("none", "field", "overflow", "value", "owner", "add", "method", "poly", "mega", "construct", "operate", "handler", "builtin")}
SITES = {"field": "attr", "overflow": "attr", "value": "attr", "owner": "attr", "store": "store_attr", "put_over": "store_attr", "H.__init__": "store_attr",
         "method": "method", "held": "method", "two": "attr", "two_methods": "method", "two_kinds": "method", "many": "attr", "never": "attr", "reset": "method",
         **{name: "call" for name in ("calls_none", "calls_builtin", "calls_class", "calls_instance", "calls_bound", "calls_binding", "calls_several", "calls_many",
                                      "calls_reset", "calls_dead")},
         **{name: "index" for name in ("item_list", "item", "item_key", "item_equal", "item_number", "item_slice", "item_missing", "item_several", "item_many", "item_reset")},
         "put": "store_index", "put_key": "store_index", "put_many": "store_index",
         "operate": "binary", "operate_less": "compare", "augmented": "binary", "reflected": "binary", "handler": "binary", "handler_equal": "compare",
         "two_operands": "binary", "right_operands": "binary", "many_operands": "binary", "reset_operator": "binary", "reset_by_subclass": "binary",
         "relearned": "compare", "kept": "binary", "died": "binary"}
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
def calls_none(f): return f(1)
def calls_builtin(f): return f(1)
def calls_class(f): return f(1)
def calls_instance(f): return f(1)
def calls_bound(f): return f(1)
def calls_binding(f): return f(1)
def calls_several(f): return f(1)
def calls_many(f): return f(1)
def calls_reset(f): return f(1)
def calls_dead(f): return f(1)
def item_list(a): return a[1]
def item(a): return a[1]
def item_key(a): return a["key"]
def item_equal(a): return a["key"]
def item_number(a): return a[1]
def item_slice(a): return a[1:]
def item_missing(a): return a[1]
def item_several(a): return a[1]
def item_many(a): return a[1]
def item_reset(a): return a[1]
def put(a): a[1] = 2
def put_key(a): a["key"] = 2
def put_many(a): a[1] = 2
class I:
    def __init__(self, x): pass
    def __call__(self, x): return x
    def m(self, x): return x
    def __getitem__(self, i): return i
    def __setitem__(self, i, v): pass
class J(I): pass
class J2(I): pass
class J3(I): pass
class J4(I): pass
class R(I):
    def __call__(self, x): return -x
    def __getitem__(self, i): return -i
class Missing(dict):
    def __missing__(self, key): return key
def plain(x): return x
def defaults(x, y=1): return x + y
def sites():
    i, r = I(1), R(1)
    for n in range(3):
        calls_none(plain), calls_builtin(abs), calls_class(I), calls_instance(i), calls_bound(i.m), calls_binding(defaults), calls_reset(r)
        item_list([1, 2]), item(i), item_key({"a": 1, "key": n}), item_equal({"".join(["k", "ey"]): 1}), item_number({1: 2}), item_slice([1, 2]), item_missing(Missing())
        item_reset(r), put(i), put_key({"key": 1})
        for f in abs, I, i, i.m:
            calls_several(f)
        for f in I(1), J(1), J2(1), J3(1), J4(1):
            calls_many(f), item_many(f), put_many(f)
        for a in i, J(1), (), [1, 2], {"key": 1}, "abc":
            if a: item_several(a) if not isinstance(a, dict) else item_key(a)
        item_several(Missing()), item_several("\u1234" * 3)
    R.__call__ = lambda self, x: x
    R.__getitem__ = lambda self, x: x
    sites_again()
def sites_again():
    i = I(1)
    for n in range(3):
        calls_none(plain), calls_builtin(abs), calls_class(I), calls_instance(i), calls_bound(i.m), calls_binding(defaults)
        item_list([1, 2]), item(i), item_key({"a": 1, "key": n}), item_equal({"".join(["k", "ey"]): 1}), item_number({1: 2}), item_slice([1, 2]), item_missing(Missing())
        put(i), put_key({"key": 1})
        for f in abs, I, i, i.m:
            calls_several(f)
        for f in I(1), J(1), J2(1), J3(1), J4(1):
            calls_many(f), item_many(f), put_many(f)
        for a in i, J(1), Missing(), "\u1234" * 3:
            item_several(a)
def dies():
    class Short:
        def __call__(self, x): return x
    calls_dead(Short())
def later():                    # what the VM remembers of the last class is of this one
    class Other:
        def __call__(self, x): return x
    o = Other()
    for i in range(3): calls_none(plain), o(1), o(2), Other()(3)
def collect():
    kept = []
    for i in range(60):         # grows, so that old objects are collected, too
        kept.append([[j] for j in range(20000)])
class V:
    def __add__(self, o): return 1
    def __iadd__(self, o): return self
    def __rmul__(self, o): return 1
    def __lt__(self, o): return True
    def __eq__(self, o): return True
class W(V): pass
class Changed:
    def __add__(self, o): return 1
    def __eq__(self, o): return 1
class Derived(Changed): pass
def mortal():
    class Mortal:
        def __matmul__(self, o): return 1
    for i in range(4):
        died(Mortal())
def immortal():
    for i in range(4):
        kept(Immortal())
def deep(n, f):     # in frames that those which run later do not overlap: the collector takes what their registers held for alive
    if n: deep(n - 1, f)
    else: f()
def twice(s): return s * 2
class Immortal:
    def __matmul__(self, o): return 1
def operate(a, b): return a + b
def operate_less(a, b): return a < b
def augmented(a, b):
    a += b
    return a
def reflected(a, b): return a * b
def handler(a, b): return a + b
def handler_equal(a, b): return a == b
def two_operands(a, b): return a + b
def right_operands(a, b): return a + b
def many_operands(a, b): return a + b
def reset_operator(a, b): return a - b
def reset_by_subclass(a, b): return a - b
def relearned(a, b): return a == b
def kept(a): return a @ a
def died(a): return a @ a
Changed.__sub__ = lambda self, o: 2
for i in range(3):
    reset_operator(Changed(), 1), reset_by_subclass(Changed(), Derived())
Derived.__rsub__ = lambda self, o: 3      # resets, and goes first from now on
if reset_by_subclass(Changed(), Derived()) != 3: show("wrong")
Changed.__sub__ = lambda self, o: 4
if relearned(Changed(), 1) != 1: show("wrong")
Changed.__eq__ = lambda self, o: 5
if relearned(Changed(), 1) != 5: show("wrong")
K = A.k
a, big, r = A(), Big(), Reset()
reset(r)
Reset.m = lambda self: 3        # resets the records of all look-ups
sites()
for i in range(4):
    field(a), overflow(big), value(a), owner(A), store(a), put_over(big), method(a), held(H())
    for o in a, B():
        two(o), two_methods(o)
    two_kinds(a), two_kinds(M())
    for cls in A, B, C, D, E:
        many(cls())
for i in range(4):
    operate(V(), V()), operate_less(V(), V()), augmented(V(), V()), reflected(2, V()), handler("a", "b"), handler_equal(twice("ab"), twice("ba")), relearned(Changed(), 1)
    two_operands(V(), V()), two_operands("a", "b")
    right_operands(V(), 1), right_operands(V(), V()), right_operands(V(), 1.5)
    for right in 1, 1.5, "a", None, V():
        many_operands(V(), right)
deep(9, mortal), deep(9, immortal)
dies()
look_dead()
later()
collect()
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

    def look_dead() -> None:
        print("calls_dead", kind(record_of(vm, "calls_dead", "call")))

    bridge.expose("look", look)
    bridge.expose("look_dead", look_dead)
    bridge.expose("show", print)
    bridge.load(compile_program(PROGRAM))
    bridge.run_main()
    print("published", bridge.stats().get("code.published", 0))
    bridge.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
