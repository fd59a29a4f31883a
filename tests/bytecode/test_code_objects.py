"""What code objects tell of their names and flags, against CPython's code objects: all functions of tests/run, and forms made for it."""
from __future__ import annotations

import types
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from compiling import compile_alone, main_code

from minivm.bytecode.dis import FIELD, codes
from minivm.spec.opcodes import CODE_FLAGS

Facts = tuple[Any, ...]
RUN = Path(__file__).resolve().parents[1] / "run"
FLAGS = {"VARARGS": 4, "VARKEYWORDS": 8, "NESTED": 16, "GENERATOR": 32}
FORMS = '''
def f(a, /, b, *c, d=1, **e):
    x: int
    z, y = 1, [a + q for q in b for w in z]
    def g(u): return y, u
    l = lambda: z + d
    for z in (v := [locals, 5]): pass
    try: 1
    except E as err: del err
    if 0: dead = 1
    return 1
    class K: late = z
def annotated(b):
    x: y = 5
    z: (w, [q for q in v])
    z.a.c: k
    (m): int
    w = 1; y = 2
    u: lambda: y
    t: [b for _ in t]
    return z, m
class A:
    def f(self): return super(), (yield)
    h = [lambda a: a for x in 'a'][0]
    i = [lambda a: x for x in 'a'][0]
    j = [(lambda a: lambda: x for q in x) for x in 'a'][0]
def outer(p):
    def inner(n):
        nonlocal p
        p = n
        return [p + k for k in range(n)] and (p for _ in range(n)) and [[n for _ in k] for k in range(n)]
    return inner
'''


def _theirs(code: types.CodeType, out: dict[tuple[str, int], list[Facts]]) -> None:
    for k in code.co_consts:
        if isinstance(k, types.CodeType):
            out[k.co_name, k.co_firstlineno].append((k.co_varnames, k.co_cellvars, k.co_freevars, k.co_flags & 0x100003F, k.co_argcount,
                                                     k.co_posonlyargcount, k.co_kwonlyargcount))
            _theirs(k, out)


def _ours(code: list[Any]) -> Facts:
    get = {name: code[at] for name, at in FIELD.items()}
    own = get["variables"][0] if get["variables"] else []
    names = (*get["parameter_names"], *own)
    flags = 0 if get["flags"] & CODE_FLAGS["CLASS_BODY"] else 3 + sum(bit for name, bit in FLAGS.items() if get["flags"] & CODE_FLAGS[name])
    if get["flags"] & CODE_FLAGS["FUTURE_ANNOTATIONS"]:
        flags |= 0x1000000
    free = tuple(row[0] for row in get["free_variables"])
    return names, tuple(get["captured"]), free, flags, get["positional"], get["positional_only"], get["keyword_only"]


def differences(source: str) -> tuple[int, list[str]]:
    theirs: dict[tuple[str, int], list[Facts]] = defaultdict(list)
    _theirs(compile(source, "test.py", "exec", dont_inherit=True), theirs)
    count, wrong = 0, []
    for code in codes(main_code(compile_alone(source))):
        if code[FIELD["flags"]] & CODE_FLAGS["MODULE"]:
            continue
        candidates = theirs[code[FIELD["name"]], code[FIELD["first_line"]]]
        found = _ours(code)
        count += 1
        if found not in candidates:
            wrong.append(f"{code[FIELD['qualname']]} line {code[FIELD['first_line']]}: {found} is not in {candidates}")
    return count, wrong


def test_forms() -> None:
    for head in ("", "from __future__ import annotations\n"):
        count, wrong = differences(head + FORMS)
        assert count > 15
        assert not wrong, "\n".join(wrong)


def test_a_difference_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FLAGS, "NESTED", 0)
    assert differences(FORMS)[1]


def test_all_of_run() -> None:
    total, wrong = 0, []
    for path in sorted(RUN.glob("*.py")):
        count, found = differences(path.read_text(encoding="utf-8"))
        total += count
        wrong += [f"{path.name}: {text}" for text in found]
    assert not wrong, "\n".join(wrong)
    assert total > 3000
