"""Units made by hand for the tests of the code checker: a skeleton for snippets, and one of templates in all their forms."""
from __future__ import annotations

from collections.abc import Callable

from minivm.asm import Assembler, Hole, Label, Mem, Position, Template
from minivm.codecheck.policy import FIRST, SECOND, ChunkSpec, Hints, HoleSpec, Policy
from minivm.spec.native import CLASS_NUMBER, GRANULES, GUEST_LIST

CODE_CONSTANTS, CODE_RECORDS, VM_BASE = 40, 48, 80
HELPERS = 50
BOUND, RESUME, EXACT_1 = (CLASS_NUMBER[name] for name in ("BOUND", "RESUME", "EXACT_1"))

Entries = list[tuple[int, int]]


def policy() -> Policy:
    return Policy(constants_at=CODE_CONSTANTS, records_at=CODE_RECORDS, base_at=VM_BASE, helper_count=HELPERS).for_unit(registers=20, constants=10, sites=10)


def enter(a: Assembler) -> None:
    a.push("rbp")
    a.mov("rbp", "rsp")


def leave(a: Assembler) -> None:
    a.pop("rbp")
    a.ret()


def checked(a: Assembler, entry_class: int | Hole, refused: Label, branch: str = "call") -> Label:
    """The check template; returns the label of the branch."""
    where = Label("branch")
    a.mov("rdx", "rcx")
    a.sub("rdx", "r15")
    a.ror("rdx", 4)
    a.cmp("rdx", GRANULES)
    a.jcc("ae", refused)
    a.cmp(Mem("r15", GUEST_LIST, "rdx", size=1), entry_class)
    a.jcc("ne", refused)
    a.bind(where)
    a.emit(branch, "rcx")
    return where


def violate(a: Assembler) -> None:
    a.call(Mem("r15", 0))
    a.ud2()


def snippet(write: Callable[[Assembler], None]) -> bytes:
    """A unit whose body is the snippet; `violation` of the assembler is the label of its tail."""
    a = Assembler()
    tail = Label("violation")
    a.violation = tail      # type: ignore[attr-defined]
    enter(a)
    write(a)
    leave(a)
    a.bind(tail)
    violate(a)
    with a.cold_section():
        pass
    template = a.finish()
    assert not template.cold and not template.holes, "snippets stand alone"
    return template.hot_code


# -- templates --


def _enter(a: Assembler) -> None:
    enter(a)
    a.mov("rcx", Mem("rbx", -32))
    a.mov("r13", Mem("rcx", CODE_CONSTANTS))
    a.mov("r14", Mem("rcx", CODE_RECORDS))
    a.mov(Mem("r12", 64), "rbx")


def _add(a: Assembler) -> None:
    slow, done = Label(), Label()
    a.mov("rax", Mem("rbx", Hole("b", scale=8)))
    a.mov("rcx", Mem("rbx", Hole("c", scale=8)))
    a.mov("edx", "eax")
    a.or_("edx", "ecx")
    a.test("dl", 3)
    a.jcc("ne", slow)
    a.add("rax", "rcx")
    a.jcc("o", slow)
    a.mov(Mem("rbx", Hole("a", scale=8)), "rax")
    a.bind(done)
    with a.cold_section():
        a.bind(slow)
        a.mov("edx", Hole("next"))
        a.mov("rdi", "r12")
        a.mov("rsi", "rbx")
        a.call(Mem("r15", 8))
        a.test("eax", "eax")
        a.jcc("e", Hole("error"))
        a.jmp(done)


def _call(a: Assembler) -> None:
    refused = Label()
    a.mov("rcx", Mem("rax", 72))
    a.lea("rbx", Mem("rbx", Hole("a", scale=8, addend=48)))
    branch = checked(a, Hole("class", size=1, signed=False), refused)
    a.lea("rbx", Mem("rbx", Hole("a", scale=-8, addend=-48)))
    a.mov("rcx", Mem("rbx", -32))
    a.mov("r13", Mem("rcx", CODE_CONSTANTS))
    a.mov("r14", Mem("rcx", CODE_RECORDS))
    with a.cold_section():
        a.bind(refused)
        a.mov("esi", Position(branch))
        a.jmp(Hole("violation"))


def _attr(a: Assembler) -> None:
    slow = Label()
    a.mov("rax", Mem("rbx", Hole("b", scale=8)))
    a.mov("ecx", Mem("rax", -2, size=4))
    a.cmp("ecx", Mem("r14", Hole("site", scale=32)))
    a.jcc("ne", slow)
    a.movzx("ecx", Mem("r14", Hole("site", scale=32, addend=6), size=2))
    a.mov("rdx", Mem("rax", -2, "rcx", 1))
    a.mov(Mem("rbx", 0, "rcx", 8), "rdx")
    a.bind(slow)


def _const(a: Assembler) -> None:
    a.mov("rax", Mem("r13", Hole("bc", scale=8)))
    a.mov(Mem("rbx", Hole("a", scale=8)), "rax")
    a.mov(Mem("rbx", Hole("b", scale=8), size=8), Hole("imm", scale=4))


def _jump(a: Assembler) -> None:
    a.cmp(Mem("r12", 8, size=4), 0)
    a.jcc("e", Hole("target"))


def _floats(a: Assembler) -> None:
    a.mov("r11", 3 << 60)
    a.movq("xmm0", "rax")
    a.addsd("xmm0", "xmm1")
    a.ucomisd("xmm0", Mem("rax", 6))
    a.setcc("a", "dl")
    a.cmovcc("e", "rax", "rdx")
    a.cvttsd2si("rax", "xmm0")
    a.movq("rax", "xmm0")
    a.idiv("rcx")
    a.imul("rax", "rcx", 100)
    a.sar("rax", 2)
    a.shl("rdx", "cl")


def _return(a: Assembler) -> None:
    a.mov("rax", Mem("rbx", Hole("a", scale=8)))
    leave(a)


def _error(a: Assembler) -> None:
    a.mov("eax", 2)
    leave(a)


def _resume(a: Assembler) -> None:
    enter(a)
    a.jmp(Hole("target"))


def _made(write: Callable[[Assembler], None]) -> Template:
    a = Assembler()
    write(a)
    return a.finish()


TEMPLATES = {write.__name__[1:]: _made(write) for write in (_enter, _add, _call, _attr, _const, _jump, _floats, _return, _error, _resume)}
TEMPLATES["violate"] = _made(violate)
TEMPLATES["pad"] = _made(lambda a: a.nop(5))
BODY = ("enter", "attr", "add", "const", "call", "floats", "jump", "add", "call", "return")


def spec(template: Template, chunk: str, roles: bool = True) -> ChunkSpec:
    """`roles`: tell which chunks belong together."""
    holes = tuple(HoleSpec(hole.offset, hole.size, hole.scale, hole.addend, hole.signed, roles and hole.kind == "rel" and hole.name[0] == "@")
                  for hole in template.holes if hole.chunk == chunk)
    role = 0 if not (roles and template.cold) else FIRST if chunk == "hot" else SECOND
    return ChunkSpec(template.hot if chunk == "hot" else template.cold, holes, role)


def unit(body: tuple[str, ...] = BODY, roles: bool = True) -> tuple[bytes, Entries, Hints]:
    """A unit with an exact entry at 0, a resume entry at its end, calls, caches, jumps."""
    names = [*body, "error", "violate"]
    places, at = [], 0
    for name in names:
        places.append(at)
        at += TEMPLATES[name].hot
    colds = []
    for name in names:
        colds.append(at)
        at += TEMPLATES[name].cold
    values = {"error": places[-2], "violation": places[-1], "target": places[1], "a": 1, "b": 2, "c": 3, "next": 7, "class": EXACT_1, "site": 4, "bc": 9, "imm": -5}
    parts, chunks = [], []
    kinds: dict[int | str, ChunkSpec] = {}

    def put(name: str, chunk: str, hot_at: int, cold_at: int) -> None:
        template = TEMPLATES[name]
        order = tuple(sorted({hole.name for hole in template.holes if hole.name[0] != "@"}))
        pack = template.bind(order)[chunk == "cold"]
        parts.append(pack(hot_at, cold_at, *(values[hole] for hole in order)))
        chunks.append(f"{name}:{chunk}")
        kinds[f"{name}:{chunk}"] = spec(template, chunk, roles)

    for name, hot_at, cold_at in zip(names, places, colds, strict=True):
        put(name, "hot", hot_at, cold_at)
    for name, hot_at, cold_at in zip(names, places, colds, strict=True):
        if TEMPLATES[name].cold:
            put(name, "cold", hot_at, cold_at)
    while at % 16:
        parts.append(b"\x90")
        chunks.append("nop")
        kinds["nop"] = ChunkSpec(1)
        at += 1
    put("resume", "hot", at, 0)
    return b"".join(parts), [(0, EXACT_1), (at, RESUME)], Hints(tuple(chunks), kinds)
