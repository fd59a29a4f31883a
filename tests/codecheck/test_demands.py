"""What the checker demands of a unit, given its bytecode: what was proved at build time is what is proved now, units of other bytecode are
refused, and whatever passes keeps to the policy."""
from __future__ import annotations

import random
import struct
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))

import native_units
from mutate_code import Changed

from minivm.baseline import rows
from minivm.baseline.unit import NOPS
from minivm.codecheck import demands as module
from minivm.codecheck import proofs
from minivm.codecheck.policy import ChunkSpec, HoleSpec
from minivm.codecheck.verdict import CodeRefused
from minivm.runtime.bridge import jit_layout
from minivm.service import judging, proving
from minivm.service.compiler import service_for
from minivm.spec import codepolicy, templates
from minivm.spec.native import GRANULE

PROGRAMS = [path for path in native_units.sources() if path.stem in ("richards", "json", "storage", "havlak")]
PROGRAMS += [path for path in native_units.sources(("tests/run",)) if "generator" in path.stem or "exception" in path.stem][:6]
JUDGE = native_units.make_judge()
STUBS: dict[str, tuple[bytes, list[tuple[int, int]]]] = dict.fromkeys(rows.STRATEGIES, (b"", []))


def compiler(strategy: str = "data") -> native_units.Compiler:
    return service_for(f"ic={strategy} guests=on checker=off\n{jit_layout()}").compiler


def verdict(demands: module.Demands, unit: object, request: object) -> str:
    try:
        demands.check(unit, request)        # type: ignore[arg-type]
    except CodeRefused as refused:
        assert str(refused)
        return refused.rule
    return ""


@pytest.fixture(scope="module")
def found() -> list[native_units.Sample]:
    return [sample for sample in native_units.samples(compiler(), PROGRAMS) if verdict(native_units.make_demands(), sample.unit, sample.request) == ""]


# -- what is built --


def test_the_built_module_is_what_is_proved_now() -> None:
    assert Path(module.__file__).with_name("_proved.py").read_text(encoding="utf-8") == proving.generate(jit_layout())


def test_another_policy_or_layout_is_proved_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    from minivm.codecheck import _proved

    assert judging._module(jit_layout()) is _proved
    with monkeypatch.context() as patch:
        patch.setattr(judging, "_proved", {})
        patch.setitem(codepolicy.WIDEST, "words", 1 << 30)
        made = judging._module(jit_layout())
        assert made is not _proved and made.FINGERPRINT != _proved.FINGERPRINT and made.LAYOUT == _proved.LAYOUT
    with monkeypatch.context() as patch:        # what the templates need is forbidden now: nothing is compiled
        patch.setattr(judging, "_proved", {})
        patch.setattr(codepolicy.OBJECT, "high", 4)
        with pytest.raises(CodeRefused):
            judging.demands_for(jit_layout(), "data")
    with monkeypatch.context() as patch:
        patch.setattr(judging, "_proved", {})
        other = jit_layout().replace("vm.base=", "vm.unheard=1\nvm.base=")
        assert judging._module(other).LAYOUT == other
    assert judging._module(jit_layout()) is _proved


def test_native_code_starts_without_decoder_and_analysis() -> None:
    """In a process of its own, from the bytecode of a function to a response."""
    text = """
import sys
sys.path.append(sys.argv[1])
from minivm.runtime.bridge import jit_layout
from minivm.service.compiler import compile, stubs
from minivm.service.messages import write_request
from minivm.baseline.unit import Request
from minivm.spec.opcodes import OPCODES
from array import array
number = {row.name: number for number, row in enumerate(OPCODES)}
settings = "ic=data guests=on checker=on\\n" + jit_layout()
request = write_request(1, "f", Request(array("Q", [number["LOAD_NONE"], number["RETURN"]]), 0, 1, 0, (), 0, 0))
assert stubs(settings, bytes(32)) and compile(settings, request, bytes(32))
for name in ("decode", "chunk", "instances", "policy", "proofs", "check", "_proved"):
    print(name, f"minivm.codecheck.{name}" in sys.modules)
print(any(name.startswith("capstone") or name == "minivm.asm" or name == "minivm.baseline.rows" for name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", text, str(native_units.ROOT / "vm")], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n") == [*(f"{name} False" for name in ("decode", "chunk", "instances", "policy", "proofs", "check")), "_proved True", "False", ""]


# -- what is proved --


def planted(change: str) -> dict[str, tuple[bytes, ChunkSpec]]:
    """The compiler's templates with a fault."""
    kinds = dict(rows.kinds(jit_layout()))

    def replace(name: str, old: bytes, new: bytes) -> None:
        code, holes = kinds[name]
        assert old in code and len(old) == len(new)
        kinds[name] = code.replace(old, new, 1), holes

    def hole(kind: str, of: str, **fields: object) -> None:
        code, holes = kinds[kind]
        specs = [HoleSpec(*row) for row in holes]
        number = next(number for number, spec in enumerate(specs) if spec.name == of)
        specs[number] = specs[number]._replace(**fields)
        kinds[kind] = code, tuple(tuple(spec) for spec in specs)        # type: ignore[misc]

    if change == "check":
        replace("CALL", b"\x48\x29\xfa" if b"\x48\x29\xfa" in kinds["CALL"][0] else b"\x4c\x29\xfa", b"\x0f\x1f\x00")
    elif change == "class":
        hole("CALL", "entry_class", name="imm_b")
        hole("CALL", "nargs", name="a")
    elif change == "name":
        hole("MOVE", "a", name="registers")
    elif change == "scale":
        hole("MOVE", "a", scale=4)
    elif change == "addend":
        hole("MOVE", "a", addend=4)
    elif change == "negative":
        hole("MOVE", "a", scale=-8)
    elif change == "place":
        hole("JUMP", "target", name="a", scale=1)
    elif change == "beside":
        hole("JUMP", "target", addend=1)
    elif change == "tail":
        code, holes = kinds["CALL cold"]
        specs = [HoleSpec(*row) for row in holes]
        kinds["CALL cold"] = code, tuple(tuple(spec._replace(name="error") if spec.name == "violation" else spec) for spec in specs)  # type: ignore[misc]
    elif change == "falls":
        replace("violate", b"\x0f\x0b", b"\x66\x90")
    elif change == "frame":
        kinds["MOVE"] = b"\x5d" + kinds["MOVE"][0], tuple((row[0] + 1, *row[1:]) for row in kinds["MOVE"][1])     # pop rbp
    elif change == "other":
        hole("ADD", "@cold", name="@hot")
    elif change == "wide":
        hole("MOVE", "a", name="bc", scale=64)
    specs = proving.specs_of(kinds)
    return {name: (kinds[name][0], spec) for name, spec in specs.items()}


REFUSED = ("check", "name", "scale", "addend", "place", "beside", "tail", "falls", "frame", "other")
TESTED = ("", "class", "negative", "wide")      # cannot be proved of all instances, but is tested in each


@pytest.mark.parametrize("change", [*TESTED, *REFUSED])
def test_templates_that_break_a_rule_are_not_built(change: str) -> None:
    policy = proving.judge_for(jit_layout(), strict=False).policy
    try:
        source = proofs.generate(jit_layout(), planted(change), rows.marks(jit_layout()), NOPS, STUBS, policy, "")
    except CodeRefused as refused:
        assert change in REFUSED, refused
    else:
        assert change not in REFUSED
        compile(source, "made", "exec")


def test_marks_and_padding_are_not_trusted() -> None:
    policy, kinds, marks = proving.judge_for(jit_layout(), strict=False).policy, planted(""), rows.marks(jit_layout())
    for changed, pads in (({**marks, "catch": {"error": 1, "again": 0}}, NOPS), (marks, (*NOPS[:-1], b"\xcc" * 15)), (marks, NOPS[:-1]), (marks, (b"\x90", *NOPS[1:]))):
        with pytest.raises(CodeRefused):
            proofs.generate(jit_layout(), kinds, changed, pads, STUBS, policy, "")


# -- what is demanded --


@pytest.mark.parametrize("strategy", ["data", "pointer"])
def test_units_are_what_their_bytecode_demands(strategy: str, found: list[native_units.Sample]) -> None:
    demands, made = judging.demands_for(jit_layout(), strategy), compiler(strategy)
    demands.check_stubs(made.stubs())
    rules = [verdict(demands, made.compile(sample.request, slack), sample.request) for sample in found for slack in (0, 1, 15)]
    assert rules.count("") > 0.97 * len(rules) and set(rules) <= {"", "bytes"}
    other = judging.demands_for(jit_layout(), "pointer" if strategy == "data" else "data")
    with pytest.raises(CodeRefused):
        other.check_stubs(made.stubs())
    assert "bytecode" in {verdict(other, sample.unit if strategy == "data" else made.compile(sample.request), sample.request) for sample in found}


def test_everything_that_is_said_of_a_unit_is_held_against_the_bytecode(found: list[native_units.Sample]) -> None:
    demands = native_units.make_demands()
    for sample in found:
        unit = Changed.of(sample.unit)
        assert verdict(demands, unit, sample.request) == ""
        start = unit.entries[0][0]
        for changed in (unit._replace(entries=unit.entries[1:]), unit._replace(entries=[*unit.entries, (start, 2)]), unit._replace(entries=[(start + GRANULE, 1), *unit.entries[1:]]),
                        unit._replace(exact=unit.exact + 16), unit._replace(bound=unit.bound + 16), unit._replace(resumes=[*unit.resumes, (0, 0)]),
                        unit._replace(resumes=[(point + 1, at) for point, at in unit.resumes] or [(0, 16)])):
            assert verdict(demands, changed, sample.request) == "entry", sample.name
        for changed in (unit._replace(slack=1), unit._replace(code=unit.code + b"\x90"), unit._replace(code=unit.code[:-1]), unit._replace(slack=16), unit._replace(slack=-99)):
            assert verdict(demands, changed, sample.request) == "bytecode", sample.name
        with pytest.raises(TypeError):
            demands.check(unit._replace(code=bytearray(unit.code)), sample.request)      # type: ignore[arg-type]


def test_counts_bound_what_a_unit_may_name(found: list[native_units.Sample]) -> None:
    demands = native_units.make_demands()
    fewer = dict.fromkeys(("registers", "constants", "sites"), 0)
    for sample in found:
        known = {name: getattr(sample.request, name) for name in type(sample.request).__slots__}
        for name in fewer:
            count = known[name]
            while count:
                count -= 1
                request = SimpleNamespace(**{**known, name: count})
                unit = compiler().compile(request)
                rule = verdict(demands, unit, request)
                if rule not in ("", "bytes"):
                    assert rule in ("memory", "pinned")
                    fewer[name] += 1
                    break
        for name in ("registers", "constants", "sites"):
            assert verdict(demands, sample.unit, SimpleNamespace(**{**known, name: 1 << 40})) == "bytecode"
    assert min(fewer.values()) > 5


def test_whatever_passes_keeps_to_the_policy(found: list[native_units.Sample]) -> None:
    """Units of bytecode that no verifier has seen: one field of a word is anything. The checker that knows no bytecode is the judge."""
    choose, demands, made = random.Random(5), native_units.make_demands(), compiler()
    passed = refused = 0
    for _ in range(2500):
        sample = choose.choice(found)
        words = sample.request.words[:]
        for _ in range(choose.choice((1, 1, 3))):
            field = 16 * choose.randrange(4)
            number = choose.randrange(len(words))
            words[number] = words[number] & ~(0xFFFF << field) | choose.choice((0, 1, choose.randrange(200), 0xFFFF, choose.randrange(1 << 16))) << field
        known = {name: getattr(sample.request, name) for name in type(sample.request).__slots__}
        ranges = sample.request.exceptions if choose.random() < 0.8 else ((0, choose.randrange(1 << 17), choose.randrange(len(words) + 2)),)
        request = SimpleNamespace(**{**known, "words": words, "exceptions": ranges})
        try:
            unit = Changed.of(made.compile(request))     # type: ignore[arg-type]
        except (LookupError, struct.error, StopIteration, TypeError, ValueError, AssertionError):
            unit = Changed.of(sample.unit)
            assert verdict(demands, unit, request) != ""
            continue
        rule = verdict(demands, unit, request)
        try:
            JUDGE.check(unit, request)      # type: ignore[arg-type]
        except CodeRefused:
            assert rule, (sample.name, list(words))
            refused += 1
        else:
            passed += rule == ""
    assert passed > 300 and refused > 300


def test_the_table_of_holes_is_used() -> None:
    """Every operand and place of the table is some template's, so that none of them stands there untested."""
    names = {hole[6] for _, holes in rows.kinds(jit_layout()).values() for hole in holes}
    assert {*templates.OPERANDS, *templates.INDICES, *templates.PLACES, *templates.OWN} <= names
