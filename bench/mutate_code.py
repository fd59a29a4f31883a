"""Mutates units of native code and asks who notices: the code checker alone, with a catalogue of templates, the digest.

Run by hand and by releases; `--count` mutants of what tier 1 makes of programs, chosen at random (the seed is printed). Kinds:
    bit       a bit of a byte flipped
    byte      a byte replaced by another
    swap      two neighbouring instructions exchanged
    uncheck   an instruction of a check template made nops
    remove    another compare, test or conditional jump made nops
    target    a direct branch moved: to another instruction, into one, out of the unit, to an entry
    hole      an operand, immediate or distance of a template filled with a hostile value
    misread   the unit of other bytecode: one operand of an instruction, or the opcode, changed before it was compiled
A mutant counts unless capstone reads the same instructions from it. Columns: `policy` is the checker without more knowledge, `+ catalogue`
also wants every chunk to be a template of the compiler, `+ bytecode` is the checker as the service uses it, which knows the
bytecode; `digest` compares the keyed digest, as is done over the sealed bytes (it says nothing of a misread). What survives the catalogue is
listed by class: it is another valid unit of the same templates, which no policy can tell from the one that was meant. Exit
status 1 if the checker notices less than 99.9 %, or if anything that was changed after the digest survives that.
"""
from __future__ import annotations

import argparse
import hashlib
import random
import struct
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from measure import BenchError, Progress, main_of, table
from native_units import Sample, make_compiler, make_demands, make_judge, samples, sources

if TYPE_CHECKING:
    from minivm.baseline.unit import Compiler, Unit
    from minivm.codecheck.policy import HoleSpec, Policy
    from minivm.service.proving import Judge

KINDS = ("bit", "byte", "swap", "uncheck", "remove", "target", "hole", "misread")
HOSTILE = (0, 1, -1, 3, 7, 8, -8, -24, -32, 0x7F, 0x80, 0xFFF, 1 << 15, 1 << 16, 1 << 20, -1 << 20, (1 << 31) - 1, -1 << 31, 0x050F, 0x80CD, 0x3C909090, 0x041F0F01)
KEY = b"the key of this command"


class Victim(NamedTuple):
    """A unit that passes, and where everything in it is."""

    sample: Sample
    policy: Policy
    places: list[int]                       # of its chunks
    holes: list[tuple[int, HoleSpec]]       # offset in the unit
    starts: list[int]                       # of its instructions, and the end
    rows: list[tuple[int, int, str, str]]   # by capstone: offset, size, mnemonic, operands
    digest: bytes


def decoder() -> object:
    try:
        import capstone
    except ImportError:
        raise BenchError("needs capstone, the independent decoder") from None
    return capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)


def victims(judge: Judge, found: list[Sample], disassembler: object) -> Iterator[Victim]:
    from minivm.codecheck.verdict import CodeRefused

    for sample in found:
        try:
            judge.check(sample.unit, sample.request)
        except CodeRefused:
            continue
        kinds = [judge.kinds[name] for name in sample.unit.chunks]
        places = list(accumulate((kind.length for kind in kinds), initial=0))[:-1]
        holes = [(at + hole.offset, hole) for at, kind in zip(places, kinds, strict=True) for hole in kind.holes]
        rows = list(disassembler.disasm_lite(sample.unit.code, 0))  # type: ignore[attr-defined]
        yield Victim(sample, judge.policy_for(sample.request), places, sorted(holes), [row[0] for row in rows] + [len(sample.unit.code)], rows, digest_of(sample.unit.code))


def digest_of(code: bytes) -> bytes:
    return hashlib.blake2b(code, key=KEY, digest_size=32).digest()


class Changed(NamedTuple):
    """A mutant: a unit in the checker's eyes."""

    code: bytes
    entries: list[tuple[int, int]]
    exact: int
    bound: int
    resumes: list[tuple[int, int]]
    slack: int
    chunks: list[str]

    @classmethod
    def of(cls, unit: Unit) -> Changed:
        return cls(*(getattr(unit, name) for name in cls._fields))


def misread(victim: Victim, compiler: Compiler, choose: random.Random) -> tuple[Changed, int] | None:
    """The unit of bytecode that differs in one of the four fields of a word; None if the compiler knows nothing to do with it."""
    request = victim.sample.request
    words = request.words[:]
    number, field = choose.randrange(len(words)), choose.randrange(4)
    value = words[number] >> 16 * field & 0xFFFF
    other = choose.choice((value + 1, value - 1, value ^ 1 << choose.randrange(16), choose.randrange(1 << 16))) & 0xFFFF
    words[number] ^= (value ^ other) << 16 * field
    changed = type(request)(words, request.flags, request.registers, request.simple_count, request.exceptions, request.constants, request.sites)
    try:
        unit = Changed.of(compiler.compile(changed))
    except (LookupError, struct.error, TypeError, StopIteration):
        return None
    before = victim.sample.unit.code
    return unit, next((at for at, (old, new) in enumerate(zip(before, unit.code, strict=False)) if old != new), min(len(before), len(unit.code)) - 1)


def mutant(victim: Victim, kind: str, compiler: Compiler, choose: random.Random) -> tuple[Changed, int] | None:
    """A changed unit and the first byte that changed."""
    if kind == "misread":
        return misread(victim, compiler, choose)
    made = changed_bytes(victim, kind, choose)
    return (Changed.of(victim.sample.unit)._replace(code=made[0]), made[1]) if made else None


def changed_bytes(victim: Victim, kind: str, choose: random.Random) -> tuple[bytes, int] | None:
    code = victim.sample.unit.code
    if kind in ("bit", "byte"):
        at = choose.randrange(len(code))
        value = code[at] ^ 1 << choose.randrange(8) if kind == "bit" else choose.randrange(256)
        return code[:at] + bytes((value,)) + code[at + 1:], at
    if kind == "swap":
        number = choose.randrange(len(victim.starts) - 2)
        first, second, end = victim.starts[number:number + 3]
        return code[:first] + code[second:end] + code[first:second] + code[end:], first
    if kind == "hole":
        at, hole = choose.choice(victim.holes)
        value = choose.choice(HOSTILE) if choose.random() < 0.5 else choose.getrandbits(8 * hole.size)
        return code[:at] + (value & (1 << 8 * hole.size) - 1).to_bytes(hole.size, "little") + code[at + hole.size:], at
    row = choose.choice(victim.rows)
    at, size, name, operands = row
    if kind == "uncheck":
        branches = [number for number, found in enumerate(victim.rows) if found[2:] == ("call", "rcx")]
        if not branches:
            return None
        at, size, _, _ = victim.rows[choose.choice(branches) - choose.randrange(1, 8)]
        return code[:at] + b"\x90" * size + code[at + size:], at
    if kind == "remove":
        return (code[:at] + b"\x90" * size + code[at + size:], at) if name in ("cmp", "test") or (name[0] == "j" and name != "jmp") else None
    if name[0] != "j" or size < 2 or operands.startswith("r"):
        return None
    width = 1 if size == 2 else 4
    goal = choose.choice((choose.choice(victim.starts), choose.randrange(len(code)), len(code) + choose.randrange(1 << 12), -choose.randrange(1, 1 << 12),
                          choose.choice(victim.sample.unit.entries)[0], int(operands, 16) + choose.choice((-1, 1))))
    distance = goal - at - size
    if not -1 << 8 * width - 1 <= distance < 1 << 8 * width - 1:
        return None
    return code[:at + size - width] + distance.to_bytes(width, "little", signed=True) + code[at + size:], at


def same_instructions(disassembler: object, victim: Victim, code: bytes) -> bool:
    rows = list(disassembler.disasm_lite(code, 0))  # type: ignore[attr-defined]
    return rows == victim.rows


def survivor_class(victim: Victim, code: bytes) -> str:
    """Which hole was changed; "" if anything else was."""
    before = victim.sample.unit.code
    if len(before) != len(code):
        return "the unit of other bytecode"
    changed = [at for at in range(len(before)) if before[at] != code[at]]
    starts = [at for at, _ in victim.holes]
    names = set()
    for at in changed:
        number = bisect_right(starts, at) - 1
        where, hole = victim.holes[number]
        if number < 0 or not where <= at < where + hole.size:
            return ""
        instruction = victim.rows[bisect_right(victim.starts, at) - 1]
        text = instruction[3]
        names.add("a branch to another place that may be branched to" if instruction[2][0] == "j" else
                  "the class of a checked call" if "[r15 + rdx" in text else
                  "another window of registers" if text.startswith("rbx,") else
                  "another register of the frame" if "[rbx" in text and where + hole.size <= instruction[0] + instruction[1] and not _immediate(where, hole, instruction)
                  else "another constant" if "[r13" in text else "another inline-cache record" if "[r14" in text else
                  "a field of an object" if "[" in text and not _immediate(where, hole, instruction) else "a number")
    return ", ".join(sorted(names))


def _immediate(where: int, hole: HoleSpec, instruction: tuple[int, int, str, str]) -> bool:
    """Is the hole the instruction's immediate? Then it lies at its end, and no displacement follows."""
    return where + hole.size == instruction[0] + instruction[1] and not instruction[3].rstrip().endswith("]") and instruction[2] not in ("mov", "add", "sub", "cmp") or (
        where + hole.size == instruction[0] + instruction[1] and instruction[3].rpartition(", ")[2].lstrip("-").startswith(("0x", *"0123456789")))


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutants of native code against the code checker.")
    parser.add_argument("--count", type=int, default=20_000, help="mutants (default: 20,000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this kind (may be repeated)")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N survivors of the policy alone")
    parser.add_argument("--no-policy", action="store_true", help="leave out the column of the policy alone, which takes most of the time")
    parser.add_argument("--ic", choices=("data", "pointer"), default="data", help="strategy of inline caches (default: data)")
    parser.add_argument("files", nargs="*", type=Path, help="programs instead of those of programs/")
    options = parser.parse_args()
    status, text = run(options.count, options.seed, options.kind or list(KINDS), options.files or sources(), options.show, not options.no_policy, options.ic)
    print(text)
    return status


def run(count: int, seed: int, kinds: list[str], files: list[Path], show: int = 0, policy_alone: bool = True, strategy: str = "data") -> tuple[int, str]:
    from minivm.codecheck.check import check
    from minivm.codecheck.policy import Hints
    from minivm.codecheck.verdict import CodeRefused

    compiler, demands = make_compiler(strategy), make_demands(strategy)
    found = list(samples(compiler, files))
    disassembler = decoder()
    judge, strict_policy = make_judge(strict=False), make_judge().policy
    chosen = list(victims(judge, found, disassembler))
    if not chosen:
        raise BenchError("no units")
    weights = [len(victim.sample.unit.code) for victim in chosen]
    choose = random.Random(seed)
    total: Counter[str] = Counter()
    equal: Counter[str] = Counter()
    by_policy: Counter[str] = Counter()
    by_catalogue: Counter[str] = Counter()
    by_bytecode: Counter[str] = Counter()
    by_digest: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    survivors: list[str] = []
    progress = Progress()
    done = 0
    while done < count:
        victim = choose.choices(chosen, weights)[0]
        kind = choose.choice(kinds)
        made = mutant(victim, kind, compiler, choose)
        if made is None or made[0].code == victim.sample.unit.code:
            continue
        unit, at = made
        done += 1
        if done % 500 == 0:
            progress.step("mutants", f"{done} of {count}")

        def noticed(policy: Policy | None, unit: Changed = unit, victim: Victim = victim) -> bool:
            try:
                if policy is None:
                    demands.check(unit, victim.sample.request)
                else:
                    check(unit.code, unit.entries, Hints(unit.chunks, judge.kinds), policy)
            except CodeRefused:
                return True
            return False

        by_templates = noticed(victim.policy.replace(catalogue=strict_policy.catalogue, memo=strict_policy.memo))
        by_rules = noticed(victim.policy) if policy_alone else by_templates
        by_demands = noticed(None)
        if not (by_templates and by_rules and by_demands) and same_instructions(disassembler, victim, unit.code):
            equal[kind] += 1
            continue
        total[kind] += 1
        by_policy[kind] += by_rules
        by_catalogue[kind] += by_templates
        by_bytecode[kind] += by_demands
        by_digest[kind] += kind != "misread" and digest_of(unit.code) != victim.digest
        if not by_rules and show > 0:
            show -= 1
            row = victim.rows[bisect_right(victim.starts, at) - 1]
            after = next(disassembler.disasm_lite(unit.code[row[0]:row[0] + 15], row[0]), None)  # type: ignore[attr-defined]
            print(f"{kind}: {victim.sample.name}+{at:#x}: {' '.join(row[2:])} -> {' '.join(after[2:]) if after else '?'}")
        if not by_templates:
            classes["the unit of other bytecode" if kind == "misread" else survivor_class(victim, unit.code) or "another template"] += 1
        if not by_demands:
            survivors.append(f"survives all but the digest: {kind} of {victim.sample.name} at +{at:#x}")
    progress.done()
    columns = (total, equal, by_policy, by_catalogue, by_bytecode, by_digest)
    rows = [_row(kind, *[counter[kind] for counter in columns], policy_alone) for kind in kinds]
    every = [sum(counter[kind] for kind in kinds) for counter in columns]
    digested = total - Counter(misread=total["misread"])
    rows.append([*_row("all", *every, policy_alone)[:-1], f"{100 * every[5] / max(1, digested.total()):.2f} %"])  # type: ignore[arg-type]
    text = [f"seed {seed}, {len(chosen)} units, {sum(weights)} bytes, {len(strict_policy.catalogue or ())} templates in the catalogue",
            table(["mutants", "count", "equal", "policy", "+ catalogue", "+ bytecode", "digest"], rows)]
    text += [f"survives the catalogue: {number:6} {name}" for name, number in classes.most_common()]
    text += survivors[:20]
    good = every[5] == digested.total() and every[4] >= 0.999 * every[0]
    return 0 if good else 1, "\n".join(text)


def _row(name: str, total: int, equal: int, policy: int, catalogue: int, bytecode: int, digest: int, policy_alone: bool) -> list[str]:
    def share(caught: int, of: int) -> str:
        return f"{100 * caught / of:.2f} %" if of else "-"

    return [name, str(total), str(equal), share(policy, total) if policy_alone else "-", share(catalogue, total), share(bytecode, total), share(digest, total) if name != "misread" else "-"]


if __name__ == "__main__":
    main_of(main)
