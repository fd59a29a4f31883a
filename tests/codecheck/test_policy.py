"""Every rule of the policy: what keeps to it, what breaks it, and which rule says so."""
from __future__ import annotations

from collections.abc import Callable

import hand_units
import pytest
from hand_units import BOUND, EXACT_1, RESUME, checked, enter, leave, snippet, violate

from minivm.asm import Assembler, Hole, Label, Mem
from minivm.codecheck.check import check
from minivm.codecheck.forbidden import census
from minivm.codecheck.policy import Bounds, Catalogue, ChunkSpec, Hints, HoleSpec
from minivm.codecheck.verdict import CodeRefused
from minivm.spec.native import FROZEN_BYTES, GUEST_LIST
from minivm.spec.opcodes import FRAME_HEADER_WORDS

Write = Callable[[Assembler], None]
POLICY = hand_units.policy()


def verdict(code: bytes, entries: hand_units.Entries | None = None) -> str:
    """The rule that refuses the code, or nothing."""
    try:
        check(code, entries or [(0, EXACT_1)], None, POLICY.replace())
    except CodeRefused as refused:
        assert str(refused)
        return refused.rule
    return ""


def call_through(a: Assembler, **changes: str) -> None:
    """The check template and its refusal, with an instruction left out or another put there."""
    refused, branch = Label(), Label()
    lines: dict[str, Write] = {
        "copy": lambda a: a.mov("rdx", "rcx"), "base": lambda a: a.sub("rdx", "r15"), "rotate": lambda a: a.ror("rdx", 4),
        "limit": lambda a: a.cmp("rdx", (1 << 27) // 16), "range": lambda a: a.jcc("ae", refused),
        "class": lambda a: a.cmp(Mem("r15", GUEST_LIST, "rdx", size=1), EXACT_1), "other": lambda a: a.jcc("ne", refused), "branch": lambda a: a.call("rcx"),
    }
    others: dict[str, Write] = {
        "": lambda a: None, "reload": lambda a: a.mov("rcx", Mem("rax", 72)), "rdx": lambda a: a.call("rdx"), "memory": lambda a: a.call(Mem("rax", 72)),
        "none": lambda a: a.cmp(Mem("r15", GUEST_LIST, "rdx", size=1), 0), "bound": lambda a: a.cmp(Mem("r15", GUEST_LIST, "rdx", size=1), BOUND),
        "shift": lambda a: a.shr("rdx", 4), "wide": lambda a: a.cmp("rdx", (1 << 28) // 16), "signed": lambda a: a.jcc("ge", refused),
        "table": lambda a: a.cmp(Mem("r15", GUEST_LIST - 16, "rdx", size=1), EXACT_1), "equal": lambda a: a.jcc("e", refused), "jump": lambda a: a.jmp("rcx"),
        "writable": lambda a: a.cmp(Mem("r14", GUEST_LIST, "rdx", size=1), EXACT_1), "r12": lambda a: a.sub("rdx", "r12"),
        "over": lambda a: a.jcc("ne", branch),
    }
    for name, line in lines.items():
        if name == "branch":
            a.bind(branch)
        others[changes[name]](a) if name in changes else line(a)
    end = Label()
    a.jmp(end)
    a.bind(refused)
    a.mov("esi", 0)
    a.jmp(a.violation)
    a.bind(end)


def with_site(write: Write) -> bytes:
    """The snippet with the offset of its one checked branch filled into `mov esi, 0` of its refusal."""
    code = snippet(write)
    at = code.index(b"\xff\xd1") if b"\xff\xd1" in code else code.index(b"\xff\xe1") if b"\xff\xe1" in code else 0
    return code.replace(b"\xbe\x00\x00\x00\x00", b"\xbe" + at.to_bytes(4, "little"))


def test_the_check_template_is_the_only_indirect_branch() -> None:
    assert verdict(with_site(call_through)) == ""
    for change in ({"copy": ""}, {"base": ""}, {"rotate": ""}, {"limit": ""}, {"range": ""}, {"class": ""}, {"other": ""}, {"branch": "rdx"}, {"branch": "memory"},
                   {"rotate": "shift"}, {"limit": "wide"}, {"range": "signed"}, {"class": "table"}, {"class": "writable"}, {"other": "equal"}, {"base": "r12"},
                   {"copy": "reload"}, {"other": "reload"}, {"other": "over"}):
        assert verdict(with_site(lambda a, change=change: call_through(a, **change))) in ("indirect", "target", "memory"), change
    for change in ({"class": "none"}, {"class": "bound"}):
        assert verdict(with_site(lambda a, change=change: call_through(a, **change))) == "class"
    assert verdict(with_site(lambda a: call_through(a, branch="jump"))) == "stack"      # a tail branch happens outside the frame


def test_a_refused_branch_is_reported_under_its_own_offset() -> None:
    assert verdict(snippet(call_through)) == "refusal"         # esi is 0

    def elsewhere(a: Assembler) -> None:
        out, end = Label(), Label()
        checked(a, EXACT_1, out)
        a.jmp(end)
        a.bind(out)
        a.xor("eax", "eax")
        a.bind(end)

    assert verdict(with_site(elsewhere)) == "refusal"

    def to_another_helper(a: Assembler) -> None:
        out, end, other = Label(), Label(), Label()
        checked(a, EXACT_1, out)
        a.jmp(end)
        a.bind(out)
        a.mov("esi", 0)
        a.jmp(other)
        a.bind(other)
        a.call(Mem("r15", 8))
        a.bind(end)

    assert verdict(with_site(to_another_helper)) == "refusal"


@pytest.mark.parametrize("skip", range(1, 8))
def test_nothing_branches_into_a_check(skip: int) -> None:
    """To each instruction of the template but the first."""
    starts = (0, 3, 6, 10, 17, 23, 32, 38)[skip]       # with long jumps, as a refusal far away needs them

    def write(a: Assembler) -> None:
        before, out, end, into = Label(), Label(), Label(), Label()
        a.jcc("s", into)
        a.bind(before)
        for number, line in enumerate((lambda: a.mov("rdx", "rcx"), lambda: a.sub("rdx", "r15"), lambda: a.ror("rdx", 4), lambda: a.cmp("rdx", (1 << 27) // 16),
                                       lambda: a.jcc("ae", out), lambda: a.cmp(Mem("r15", GUEST_LIST, "rdx", size=1), EXACT_1), lambda: a.jcc("ne", out),
                                       lambda: a.call("rcx"))):
            if number == skip:
                a.bind(into)
            line()
        a.jmp(end)
        a.bind(out)
        a.mov("esi", 0)
        a.jmp(a.violation)
        a.bind(end)

    assert starts and verdict(with_site(write)) == "target"


def test_helper_calls() -> None:
    assert verdict(snippet(lambda a: a.call(Mem("r15", 8)))) == ""
    assert verdict(snippet(lambda a: a.call(Mem("r15", 8 * hand_units.HELPERS - 8)))) == ""
    for address in (Mem("r15", 8 * hand_units.HELPERS), Mem("r15", 12), Mem("r15", -8), Mem("r15", 8, "rax", 8), Mem("r14", 8), Mem("rax", 8), Mem("rbx", 8)):
        assert verdict(snippet(lambda a, address=address: a.call(address))) == "indirect", address
    assert verdict(snippet(lambda a: a.call(Mem("r15", 0)))) == "flow"      # VIOLATION does not return: a trap must stand there
    for register in ("rcx", "rax", "r15"):
        assert verdict(snippet(lambda a, register=register: a.call(register))) == "indirect"
        assert verdict(snippet(lambda a, register=register: a.jmp(register))) == "indirect"


PINNED_WRITES: list[tuple[str, Write]] = [
    ("pinned", lambda a: a.mov("rbx", "rax")), ("pinned", lambda a: a.mov("ebx", 5)), ("pinned", lambda a: a.xor("r15d", "r15d")),
    ("pinned", lambda a: a.mov("r12", Mem("rbx", 0))), ("pinned", lambda a: a.mov("r13", Mem("rax", hand_units.CODE_CONSTANTS))),
    ("pinned", lambda a: a.add("r14", 8)), ("pinned", lambda a: a.inc("r15")), ("pinned", lambda a: a.lea("r15", Mem("rax", 0))),
    ("pinned", lambda a: a.setcc("e", "bl")), ("pinned", lambda a: a.cmovcc("e", "rbx", "rax")), ("pinned", lambda a: a.movq("r12", "xmm0")),
    ("pinned", lambda a: a.movzx("r13d", "al")), ("pinned", lambda a: a.cvttsd2si("r14", "xmm0")), ("pinned", lambda a: a.imul("rbx", "rax")),
    ("pinned", lambda a: a.mov("rsp", "rax")), ("pinned", lambda a: a.sub("rsp", 8)), ("pinned", lambda a: a.mov("rbp", "rsp")),
    ("pinned", lambda a: a.lea("rbx", Mem("rax", 8))), ("pinned", lambda a: a.lea("rbx", Mem("rbx", 8, "rax", 8))), ("pinned", lambda a: a.sub("rbx", "rax")),
    ("pinned", lambda a: a.lea("ebx", Mem("rbx", 8))), ("pinned", lambda a: a.mov("rbx", Mem("rbx", -16))), ("pinned", lambda a: a.lea("rbx", Mem("rbx", 7))),
    ("pinned", lambda a: a.lea("rbx", Mem("rbx", 8 * 20 + 8))), ("pinned", lambda a: a.sub("rbx", 8 * 20 + 8)), ("pinned", lambda a: a.mov("rax", "rsp")),
    ("pinned", lambda a: a.add("rax", "rbp")), ("stack", lambda a: a.push("rax")), ("stack", lambda a: a.pop("rax")), ("stack", lambda a: a.push("rbp")),
    ("memory", lambda a: a.mov(Mem("rsp", 0), "rax")), ("memory", lambda a: a.mov("rax", Mem("rsp", 8))), ("memory", lambda a: a.mov(Mem("rbp", 8), "rax")),
    ("memory", lambda a: a.lea("rax", Mem("rsp", 8))), ("memory", lambda a: a.mov(Mem("rax", 0, "rbp", 8), "rcx")), ("pinned", lambda a: a.cmp("rsp", Mem("rax", 24))),
    ("", lambda a: a.lea("rbx", Mem("rbx", 48))), ("", lambda a: a.lea("rbx", Mem("rbx", 8 * 20))), ("", lambda a: a.lea("rbx", Mem("rbx", -8 * 20))),
    ("", lambda a: a.add("rbx", 16)), ("", lambda a: a.sub("rbx", 16)), ("", lambda a: a.mov("rbx", Mem("rbx", -24))), ("", lambda a: a.mov("rbx", Mem("r12", hand_units.VM_BASE))),
    ("pinned", lambda a: a.mov("rbx", Mem("r12", hand_units.VM_BASE + 8))), ("pinned", lambda a: a.mov("rbx", Mem("r14", hand_units.VM_BASE))),
    ("pinned", lambda a: a.mov("r13", Mem("r12", hand_units.VM_BASE))), ("pinned", lambda a: a.mov("ebx", Mem("r12", hand_units.VM_BASE, size=4))),
    ("", lambda a: a.cmp("rsp", Mem("r12", 24))),
    ("", lambda a: a.mov("rsi", "rbx")), ("", lambda a: a.mov("rdi", "r12")), ("", lambda a: a.add("rax", "r15")),
]


@pytest.mark.parametrize(("rule", "write"), PINNED_WRITES)
def test_pinned_registers(rule: str, write: Write) -> None:
    assert verdict(snippet(write)) == rule


def reload(order: tuple[str, ...], scratch: str = "rcx", **offsets: int) -> Write:
    where = {"r13": hand_units.CODE_CONSTANTS, "r14": hand_units.CODE_RECORDS, **offsets}

    def write(a: Assembler) -> None:
        a.mov(scratch, Mem("rbx", offsets.get("code", -32)))
        for register in order:
            a.mov(register, Mem(scratch, where[register]))

    return write


def test_constants_and_records_are_reloaded_from_the_code_object_only() -> None:
    for write in (reload(("r13", "r14")), reload(("r14", "r13"), "rax"), reload(("r14",), "r11"), reload(())):
        assert verdict(snippet(write)) == ""
    for write in (reload(("r13",), r13=hand_units.CODE_RECORDS), reload(("r14",), r14=0), reload(("r13", "r13")), reload(("r14",), code=-24)):
        assert verdict(snippet(write)) == "pinned"

    def jumped_into(a: Assembler) -> None:
        inside = Label()
        a.jcc("e", inside)
        a.mov("rcx", Mem("rbx", -32))
        a.bind(inside)
        a.mov("r13", Mem("rcx", hand_units.CODE_CONSTANTS))

    assert verdict(snippet(jumped_into)) == "target"


MEMORY: list[tuple[str, Write]] = [
    ("", lambda a: a.mov(Mem("rbx", 8 * 19), "rax")), ("memory", lambda a: a.mov("rax", Mem("rbx", 8 * 20))), ("store", lambda a: a.mov(Mem("rbx", 8 * 20), "rax")),
    ("", lambda a: a.mov(Mem("rbx", -8 * FRAME_HEADER_WORDS), "rax")), ("store", lambda a: a.mov(Mem("rbx", -8 * FRAME_HEADER_WORDS - 8), "rax")),
    ("store", lambda a: a.mov(Mem("rbx", 4), "rax")), ("", lambda a: a.mov(Mem("r12", 64), "rax")), ("store", lambda a: a.mov(Mem("r12", 1 << 16), "rax")),
    ("store", lambda a: a.mov(Mem("r12", -8), "rax")), ("memory", lambda a: a.mov(Mem("r12", 0, "rax", 8), "rcx")),
    ("", lambda a: a.mov("rax", Mem("r13", 72))), ("memory", lambda a: a.mov("rax", Mem("r13", 80))), ("store", lambda a: a.mov(Mem("r13", 8), "rax")),
    ("", lambda a: a.mov(Mem("r14", 316), "eax")), ("store", lambda a: a.mov(Mem("r14", 320), "eax")), ("memory", lambda a: a.mov("eax", Mem("r14", -4))),
    ("", lambda a: a.mov("rax", Mem("r15", FROZEN_BYTES - 8))), ("memory", lambda a: a.mov("rax", Mem("r15", FROZEN_BYTES))), ("memory", lambda a: a.mov("rax", Mem("r15", 0))),
    ("store", lambda a: a.mov(Mem("r15", FROZEN_BYTES - 8), "rax")), ("store", lambda a: a.add(Mem("r15", 8192, size=4), 1)), ("memory", lambda a: a.mov("al", Mem("r15", GUEST_LIST))),
    ("memory", lambda a: a.mov("rax", Mem("r15", 8192, "rax"))), ("", lambda a: a.mov(Mem("rax", 0, "rcx", 8), "rdx")), ("store", lambda a: a.mov(Mem("rax", 0, "rcx", 4), "edx")),
    ("", lambda a: a.mov("edx", Mem("rax", 0, "rcx", 4))), ("memory", lambda a: a.mov("rdx", Mem("rax", 0, "r15", 8))), ("memory", lambda a: a.mov(Mem("rax", 0, "rbx", 8), "rdx")),
    ("store", lambda a: a.mov(Mem("rax", 1 << 20), "rdx")), ("store", lambda a: a.mov(Mem("rax", -(1 << 12) - 1), "rdx")), ("", lambda a: a.mov(Mem("rax", (1 << 20) - 1), "dl")),
    ("", lambda a: a.sub(Mem("r12", 32, size=4), 1)), ("store", lambda a: a.inc(Mem("r13", 8, size=8))), ("store", lambda a: a.movsd(Mem("r15", 8192), "xmm0")),
    ("", lambda a: a.lea("rax", Mem("r15", 123456))),
]


@pytest.mark.parametrize(("rule", "write"), MEMORY)
def test_memory(rule: str, write: Write) -> None:
    assert verdict(snippet(write)) == rule


def test_addresses_without_a_base_are_refused() -> None:
    """Absolute and rip-relative ones; the assembler cannot make them."""
    for code in ("48 8b 05 00 00 00 00", "48 8b 04 25 00 00 00 00", "48 89 05 00 00 00 00", "48 89 04 25 00 10 00 00", "48 89 04 cd 00 10 00 00", "48 8d 05 00 00 00 00"):
        unit = snippet(lambda a: a.nop(1)).replace(b"\x90", bytes.fromhex(code))
        assert verdict(unit) == "absolute", code


def framed(*parts: bytes) -> bytes:
    return b"\x55\x48\x89\xe5" + b"".join(parts)


RETURN, VIOLATE = b"\x5d\xc3", bytes.fromhex("41 ff 17 0f 0b")


def test_the_stack_is_balanced() -> None:
    assert verdict(framed(RETURN)) == ""
    assert verdict(b"\xc3") == ""                           # outside the frame: nothing was pushed
    assert verdict(framed(b"\xc3")) == "stack"
    assert verdict(framed(b"\x5d", RETURN)) == "stack"
    assert verdict(b"\x5d\xc3") == "stack"
    assert verdict(framed(b"\x55\x48\x89\xe5", RETURN)) == "stack"
    assert verdict(b"\x55" + RETURN) == "stack"
    assert verdict(framed(b"\x5d\x90")) == "flow"           # runs over the end
    assert verdict(framed(b"\xc2\x08\x00")) == "decode"     # ret imm16
    assert verdict(framed(b"\xf3\xc3")) == "decode"
    assert verdict(b"\x41\xff\x57\x08" + b"\xc3") == "stack"        # a call before the frame is built
    assert verdict(framed(b"\x74\x01", b"\x5d\xc3")) == "target"    # a jump over `pop rbp`
    assert verdict(framed(b"\x74\xfa", RETURN)) == "target"         # back to the prologue, inside the frame
    assert verdict(b"\x74\x03" + framed(RETURN)) == "target"        # into the middle of the prologue
    assert verdict(b"\x74\x00" + framed(RETURN)) == ""              # a test before the frame is built
    assert verdict(b"\x49\x3b\x64\x24\x18"[:0] + bytes.fromhex("49 3b 64 24 18") + b"\xc3") == ""      # cmp rsp, [r12+24]


def test_entries() -> None:
    unit = framed(RETURN).ljust(16, b"\xcc") + framed(RETURN)
    assert verdict(unit, [(0, EXACT_1), (16, BOUND)]) == ""
    assert verdict(unit.replace(b"\xcc", b"\x90"), [(0, EXACT_1), (16, RESUME)]) == ""
    assert verdict(unit, [(4, BOUND)]) == "entry"           # not at a granule
    assert verdict(unit, [(32, BOUND)]) == "entry"          # beyond the unit
    assert verdict(unit, [(-16, BOUND)]) == "entry"
    for number in (0, 3, 13, 31, 64, 255, 256, -1):
        assert verdict(unit, [(0, number)]) == "entry", number
    with pytest.raises(CodeRefused, match="without entries"):
        check(unit, [], None, POLICY)
    inner = framed(b"\x0f\x1f\x84\x00\x00\x00\x00\x00" * 2, RETURN)
    assert verdict(inner, [(16, BOUND)]) == "entry"         # in the middle of an instruction
    inside = framed(b"\x90" * 12, RETURN)
    assert verdict(inside, [(0, EXACT_1), (16, BOUND)]) == "stack"      # an entry inside a frame
    falls = b"\x31\xc0" + b"\x90" * 14 + framed(RETURN)
    assert verdict(falls, [(0, EXACT_1), (16, BOUND)]) == ""            # outside, falling into the next entry


def test_direct_branches() -> None:
    assert verdict(framed(b"\x74\x00", RETURN)) == ""
    assert verdict(framed(b"\xeb\x7f", RETURN)) == "target"             # beyond the unit
    assert verdict(framed(b"\xe9\x00\x01\x00\x00", RETURN)) == "target"
    assert verdict(framed(b"\x74\x80", RETURN)) == "target"
    assert verdict(framed(b"\x74\x01", b"\xb8\x90\x90\x90\x90", RETURN)) == "target"    # into an immediate
    assert verdict(framed(b"\xe8\xf7\xff\xff\xff", RETURN)) == ""       # a call of the unit's own entry
    assert verdict(framed(b"\xe8\x00\x00\x00\x00", RETURN)) == "target"     # call of what is no entry
    assert verdict(framed(b"\xeb\xfe")) == ""                           # an endless loop is harmless
    assert verdict(framed(b"\x31\xc0")) == "flow"
    assert verdict(framed(b"\x74\x02", RETURN)) == "flow"               # a jump to the end
    assert verdict(framed(RETURN)[:-1] + b"\x48") == "decode"           # the last instruction is cut off


FORBIDDEN = ("0f 05", "0f 34", "cd 80", "0f 01 ef", "0f 07", "0f 35", "cc cd 03", "f4", "fa", "e4 10", "ee", "cf", "cb", "0f 30", "0f 22 d8", "8e d8", "64 48 8b 00",
             "65 48 89 00", "f3 48 0f ae d0", "0f ae 28", "0f 01 d0", "f0 48 0f b1 0b", "ff 20", "ff 24 c5 00 00 00 00", "ff 28", "9a 00 00 00 00 00 00", "c8 00 00 00",
             "c9", "48 cf", "9c", "9d", "60", "62 f1 7c 48 28 c0", "c5 f8 28 c0", "0f 0d 00", "0f a2", "0f 31", "48 a3 00 00 00 00 00 00 00 00", "a4", "f3 a4", "aa", "d7",
             "87 03", "48 87 d8", "0f c7 f0", "e3 00", "e2 fe", "f1", "0f ff", "cd 03", "8f c0", "ff f0", "ff 30", "c4 e2 78 f3 c8", "0f 1f c0", "0f 1e fa", "f3 0f 1e fa")


@pytest.mark.parametrize("code", FORBIDDEN)
def test_everything_else_is_refused(code: str) -> None:
    assert verdict(framed(bytes.fromhex(code), RETURN)) in ("decode", "bytes", "indirect", "absolute")


def test_no_forbidden_bytes_at_any_offset() -> None:
    """Inside immediates and displacements, and across instructions."""
    for sequence in ("0f 05", "0f 34", "cd 80", "0f 01 ef", "0f ae 28"):
        raw = bytes.fromhex(sequence)
        assert verdict(framed(b"\xb8" + raw.ljust(4, b"\0"), RETURN)) == "bytes"
        assert verdict(framed(b"\x48\x8b\x80" + b"\0" + raw[:3].ljust(3, b"\0"), RETURN)) in ("bytes", "memory")
    assert verdict(framed(b"\xb8\x00\x00\x00\x0f", b"\x05\x00\x00\x00\x00", RETURN)) == "bytes"
    assert verdict(framed(bytes.fromhex("0f ae e8"), RETURN)) == ""         # lfence
    assert census(bytes.fromhex("90 0f 05 0f 01 ef cd 80")) == [(1, "syscall"), (3, "wrpkru"), (6, "int 0x80")]


def test_constants_bound_the_unit() -> None:
    code = snippet(lambda a: a.mov("rax", Mem("r13", 72)))
    check(code, [(0, EXACT_1)], None, POLICY)
    with pytest.raises(CodeRefused, match="memory"):
        check(code, [(0, EXACT_1)], None, POLICY.replace(bounds=Bounds(160, 72, 320)))


def test_only_bytes_are_checked() -> None:
    with pytest.raises(TypeError):
        check(bytearray(framed(RETURN)), [(0, EXACT_1)], None, POLICY)  # type: ignore[arg-type]


# -- units of templates, with hints --


@pytest.mark.parametrize("roles", [False, True])
def test_a_unit_of_templates_passes_both_ways(roles: bool) -> None:
    code, entries, hints = hand_units.unit(roles=roles)
    policy = hand_units.policy()
    check(code, entries, None, policy)
    check(code, entries, hints, policy)
    assert policy.memo.rows             # by the hints
    check(code, entries, hints, policy)
    assert len(policy.memo.rows) == len(set(hints.chunks))


def test_hints_are_not_trusted() -> None:
    code, entries, hints = hand_units.unit()
    kind = "add:hot"
    spec = hints.kinds[kind]
    for holes in (spec.holes[1:], (*spec.holes, HoleSpec(0, 1)), (HoleSpec(1, 4), *spec.holes[1:]), (spec.holes[0]._replace(size=1), *spec.holes[1:]),
                  (spec.holes[0], *spec.holes), (spec.holes[0]._replace(scale="8"), *spec.holes[1:]), (*spec.holes[:-1], spec.holes[-1]._replace(addend=1)), (spec.holes[0]._replace(own=True), *spec.holes[1:]),
                  (spec.holes[0]._replace(own=1), *spec.holes[1:]), (spec.holes[0]._replace(signed=False), *spec.holes[1:])):
        check(code, entries, hints._replace(kinds={**hints.kinds, kind: ChunkSpec(spec.length, holes)}), hand_units.policy())      # decoded as a whole instead
    for chunks in (hints.chunks[1:], hints.chunks[:-1], (*hints.chunks, "pad"), ("unheard of", *hints.chunks[1:]), (), hints.chunks[::-1]):
        check(code, entries, hints._replace(chunks=chunks), hand_units.policy())
    hostile = code.replace(b"\x48\x01\xc8", b"\x0f\x0b\xf4", 1)         # add rax, rcx
    assert hostile != code
    for trusting in (hints, hints._replace(kinds={**hints.kinds, kind: ChunkSpec(spec.length, (*spec.holes, HoleSpec(code.index(b"\x48\x01\xc8"), 2)))}), None):
        with pytest.raises(CodeRefused):
            check(hostile, entries, trusting, hand_units.policy())


@pytest.mark.parametrize("roles", [False, True])
def test_what_was_remembered_does_not_help_the_next_unit(roles: bool) -> None:
    code, entries, hints = hand_units.unit(roles=roles)
    policy = hand_units.policy()
    check(code, entries, hints, policy)
    for at in range(len(code)):
        changed = code[:at] + bytes((code[at] ^ 0x80,)) + code[at + 1:]
        verdicts = []
        for given in (hints, None):
            try:
                check(changed, entries, given, policy if given else hand_units.policy())
                verdicts.append("")
            except CodeRefused as refused:
                verdicts.append(refused.rule)
        assert bool(verdicts[0]) == bool(verdicts[1]), (at, verdicts)
    check(code, entries, hints, policy)


@pytest.mark.parametrize("roles", [False, True])
def test_catalogue(roles: bool) -> None:
    """With a catalogue a unit must consist of its chunks: harmless is not enough."""
    code, entries, hints = hand_units.unit(roles=roles)
    catalogue = Catalogue()
    for name, template in hand_units.TEMPLATES.items():
        for chunk, text in (("hot", template.hot_code), ("cold", template.cold_code)):
            catalogue.add(text, hand_units.spec(template, chunk, roles).holes)
        assert name
    catalogue.add(b"\x90", ())
    policy = hand_units.policy().replace(catalogue=catalogue)
    check(code, entries, hints, policy)
    with pytest.raises(CodeRefused, match="hints"):
        check(code, entries, None, policy)
    subtracts = code.replace(b"\x48\x01\xc8", b"\x48\x29\xc8", 1)
    check(subtracts, entries, hints, hand_units.policy())
    with pytest.raises(CodeRefused, match="no template of the compiler"):
        check(subtracts, entries, hints, policy)
    with pytest.raises(CodeRefused):
        check(code.replace(b"\xec\xff\xff\xff", b"\xed\xff\xff\xff", 1), entries, hints, policy)      # -5 * 4: a multiple of the scale


def test_chunks_of_a_template_branch_to_each_other_only() -> None:
    """With a catalogue, that is: to the policy alone a branch from one addition to the other's slow path is as good as to its own."""
    code, entries, hints = hand_units.unit()
    catalogue = Catalogue()
    for template in hand_units.TEMPLATES.values():
        for chunk, text in (("hot", template.hot_code), ("cold", template.cold_code)):
            catalogue.add(text, hand_units.spec(template, chunk).holes)
    catalogue.add(b"\x90", ())
    policy = hand_units.policy().replace(catalogue=catalogue)
    check(code, entries, hints, policy)
    places = {}
    at = 0
    for kind in hints.chunks:
        places.setdefault(kind, []).append(at)
        at += hints.kinds[kind].length
    other = places["add:cold"][1] - places["add:cold"][0]
    for hole in (hole for hole in hints.kinds["add:hot"].holes if hole.own):
        where = places["add:hot"][0] + hole.offset
        distance = int.from_bytes(code[where:where + 4], "little") + other
        changed = code[:where] + distance.to_bytes(4, "little") + code[where + 4:]
        check(changed, entries, hints, hand_units.policy())
        with pytest.raises(CodeRefused, match="misses it"):
            check(changed, entries, hints, policy)
    swapped = list(hints.chunks)
    first, second = swapped.index("add:cold"), swapped.index("call:cold")
    swapped[first], swapped[second] = swapped[second], swapped[first]
    with pytest.raises(CodeRefused):
        check(code, entries, hints._replace(chunks=tuple(swapped)), policy)


def test_holes_have_limits() -> None:
    """Each hole of the unit filled with hostile values. Numbers that are only numbers may be any; so may the frame's own header be named."""
    code, entries, hints = hand_units.unit()
    policy = hand_units.policy()
    at = tried = 0
    for kind in hints.chunks:
        template, _, chunk = str(kind).partition(":")
        for hole in hand_units.TEMPLATES[template].holes if chunk else ():
            if hole.chunk != chunk:
                continue
            where = at + hole.offset
            for value in (1 << 31 - 1, -1 << 31, 1 << 20, 1 << 16, -1 << 20):
                changed = code[:where] + (value & 0xFFFFFFFF).to_bytes(4, "little")[:hole.size] + code[where + hole.size:]
                if hole.name not in ("next", "imm") and hole.size == 4:
                    tried += 1
                    with pytest.raises(CodeRefused):
                        check(changed, entries, hints, policy)
        at += hints.kinds[kind].length
    assert tried > 150


def test_the_skeleton_of_snippets() -> None:
    a = Assembler()
    enter(a)
    leave(a)
    violate(a)
    assert verdict(a.finish().hot_code) == ""
