"""The code space alone: the life of a batch, its limits, and what it refuses; in both strategies of code memory.

Attacks on it stand in test_codespace_attacks.py, the model checker in test_codespace_model.py.
"""
from __future__ import annotations

import ctypes
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "c"))
import codespace_binding as cs
import maps_sampler
from codespace_binding import BOUND, EXACT_0, FULL, GRANULE, OK, ORDER, PAGE, REFUSED, TAMPERED, Space, returning, units

MODES = {"sealed": cs.SEALED, "flip": cs.FLIP}


@pytest.fixture(scope="module")
def lib(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    return cs.load(tmp_path_factory.mktemp("codespace"))


@pytest.fixture(params=MODES)
def space(request: pytest.FixtureRequest, lib: ctypes.CDLL) -> Iterator[Space]:
    made = Space(lib, MODES[request.param])
    yield made
    made.close()


def mappings(start: int, end: int) -> list[tuple[int, int, str, str]]:
    """What the kernel says of [start, end): from, to, permissions, name."""
    found = []
    for line in Path("/proc/self/maps").read_text().splitlines():
        extent, permissions, _, _, _, *name = line.split(maxsplit=5)
        low, high = (int(part, 16) for part in extent.split("-"))
        if low < end and high > start:
            found.append((low, high, permissions, name[0].strip() if name else ""))
    return found


def test_structures_mirror_the_header(tmp_path: Path) -> None:
    names = {"MvCodeSpaceOptions": cs.Options, "MvFrozenPart": cs.FrozenPart,
             "MvEntry": cs.Entry, "MvUnitPlace": cs.Place, "MvCodeStats": cs.Stats, "MvCodeFacilities": cs.Facilities}
    lines = "".join(f'printf("%zu ", sizeof({name}));' for name in names)
    source = tmp_path / "sizes.c"
    source.write_text('#include <stdio.h>\n#include "codespace.h"\nint main(void) {' + lines + '}\n')
    include = str(cs.leaf_build.ROOT / "runtime_c")
    subprocess.run(["gcc", "-I", include, "-o", str(tmp_path / "sizes"), str(source)], check=True)
    printed = subprocess.run([str(tmp_path / "sizes")], check=True, capture_output=True, text=True).stdout
    assert list(map(int, printed.split())) == [ctypes.sizeof(row) for row in names.values()]


def test_state_names(lib: ctypes.CDLL) -> None:
    assert tuple(lib.mv_codespace_state_name(number).decode() for number in range(len(cs.STATES))) == cs.STATES


def test_installed_code_runs_and_is_listed(space: Space) -> None:
    long = returning(3) + b"\x90" * 5000
    two = returning(2) + b"\xcc" * 10 + returning(22)
    places = units((returning(1), {0: EXACT_0}), (two, {0: EXACT_0 + 1, 16: BOUND}), (long, {0: BOUND}))
    assert space.install(places) == OK
    assert [space.call(place.at) for place in places] == [1, 2, 3]
    assert space.call(places[1].at + 16) == 22
    assert space.is_listed(places[0].at, EXACT_0) and not space.is_listed(places[0].at, EXACT_0 + 1)
    assert space.is_listed(places[1].at + 16, BOUND)
    assert not any(space.is_listed(places[1].at + i, BOUND) for i in range(16))
    assert not space.is_listed(places[0].at, 0)
    assert not space.is_listed(cs.REGION + 16, BOUND) and not space.is_listed(-16, BOUND)
    assert [place.unit for place in places] == [0, 1, 2]
    stats = space.stats()
    assert all(stats.state(state) == 3 for state in cs.STATES[:8]) and not stats.state("PUBLISHED")
    assert (stats.batches, stats.page_bytes, stats.tampered, stats.failed) == (1, 2 * PAGE, 0, 0)


def test_each_batch_has_its_pages_and_a_guard(space: Space) -> None:
    first, second = units((returning(1), {0: BOUND})), units((returning(2) * 1000, {0: BOUND}))
    assert space.install(first) == space.install(second) == OK
    assert second[0].at == first[0].at + 2 * PAGE
    rows = mappings(space.base, space.base + cs.REGION)
    assert not any("w" in permissions for _, _, permissions, _ in rows)
    executable = [(low - space.base, high - space.base) for low, high, permissions, _ in rows if "x" in permissions]
    assert executable == [(first[0].at, first[0].at + PAGE), (second[0].at, second[0].at + 2 * PAGE)]
    assert first[0].at >= cs.CODE_START and space.base % cs.REGION == 0


def test_rest_of_pages_traps(space: Space) -> None:
    places = units((returning(1), {0: BOUND}), (returning(2), {0: BOUND}))
    assert space.install(places) == OK
    page = ctypes.string_at(space.base + places[0].at, PAGE)
    assert page == (returning(1) + b"\xcc" * 10 + returning(2)).ljust(PAGE, b"\xcc")


def test_bases_and_first_addresses_are_random(lib: ctypes.CDLL) -> None:
    bases, firsts = set(), set()
    for _ in range(12):
        made = Space(lib)
        places = units((returning(1), {0: BOUND}))
        assert made.install(places) == OK
        bases.add(made.base)
        firsts.add(places[0].at)
        made.close()
    assert len(bases) >= 11 and len(firsts) >= 9


def test_frozen_page(lib: ctypes.CDLL) -> None:
    made = Space(lib, cs.FLIP, freeze=False, code_limit=12345)
    places = units((returning(1), {0: BOUND}))
    assert made.install(places) == cs.FAILED and made.why() == "nothing is frozen yet"
    assert made.freeze(b"abc", b"defg")
    assert not made.freeze(b"again")
    assert ctypes.string_at(made.base, 68) == b"abc".ljust(64, b"\0") + b"defg"
    options = made("options").contents
    assert (options.memory, options.code_limit) == (cs.FLIP, 12345)
    assert bytes(options.key) == cs.KEY
    assert made.install(places) == OK
    made.close()
    for at, size in ((cs.OPTIONS_AT - 2, 3), (0xFFFFFFFF, 3), (3, 0xFFFFFFFF)):
        part = cs.FrozenPart(at, size, b"abc")
        made = Space(lib, freeze=False)
        assert not made("freeze", ctypes.byref(part), 1)
        made.close()


def test_a_key_is_made_where_none_is_given(lib: ctypes.CDLL) -> None:
    keys = set()
    for _ in range(3):
        made = Space(lib, key=bytes(32))
        keys.add(bytes(made("options").contents.key))
        made.close()
    assert len(keys) == 3 and bytes(32) not in keys


def test_digests_agree_with_hashlib(space: Space) -> None:
    chance = random.Random(5)
    for size in (1, 15, 16, 17, 111, 112, 113, 127, 128, 129, 240, 256, 4000, 40000):
        code = chance.randbytes(size)
        entries = {16 * at: chance.randrange(1, 256) for at in range((size + 15) // 16) if chance.random() < 0.5}
        places = units((code, entries))
        expected = bytes(places[0].digest)
        places[0].digest = (ctypes.c_uint8 * 32)()
        space("sign", places, 1)
        assert bytes(places[0].digest) == expected


@pytest.mark.parametrize("what", ["code", "class", "entry", "key"])
def test_digest_covers(space: Space, what: str) -> None:
    code, entries = returning(7) + b"\x90" * 40, {0: BOUND, 16: BOUND}
    places = units((code, entries), key=bytes(31) + b"x" if what == "key" else cs.KEY)
    if what == "code":
        places[0].bytes = code[:-1] + b"\x91"
    elif what == "class":
        places[0].entries[1].entry_class = BOUND + 1
    elif what == "entry":
        places[0].entries[1].at = 32
    result, batch = space.begin(places)
    for step in ("check", "accept", "place", "seal", "sync"):
        result = result or space(step, batch)
    assert (result, space("verify", batch)) == (OK, TAMPERED)
    assert space("list", batch) == ORDER
    space("abandon", batch)
    assert space.stats().tampered == 1 and not space.is_listed(places[0].at, BOUND)


def test_steps_refuse_any_other_order(space: Space) -> None:
    places = units((returning(1), {0: BOUND}))
    _, batch = space.begin(places)
    for done, step in enumerate(cs.STEPS):
        assert all(space(other, batch) == ORDER for other in cs.STEPS if other != step), step
        assert all(space(other, 0) == ORDER for other in ("unpublished", "unlist", "quarantine", "publish"))
        assert space("state", 0) == done
        assert space(step, batch) == OK
    assert all(space(step, batch) == ORDER for step in cs.STEPS)


def test_units_go_back_alone(space: Space) -> None:
    places = units(*((returning(n), {0: BOUND}) for n in range(3)))
    assert space.install(places) == OK
    back = ("publish", "unpublished", "unlist", "quiesce", "quarantine")

    def step(name: str, unit: int) -> int:
        return space.quiesce(unit) if name == "quiesce" else space(name, unit)

    for done, name in enumerate(back):
        wrong = [other for other in back if other != name and (done, other) != (0, "unpublished")]
        assert all(step(other, 1) == ORDER for other in wrong), name
        if name == "quiesce":
            assert space.quiesce(1, space.base + places[1].at + 3) == cs.BUSY
        assert step(name, 1) == OK
        assert space("state", 1) == cs.STATES.index("PUBLISHED") + done
    assert [space.is_listed(place.at, BOUND) for place in places] == [True, False, True]
    assert space.call(places[0].at) == 0 and space.call(places[2].at) == 2
    for unit in (0, 2):
        assert [step(name, unit) for name in back[1:]] == [OK] * 4
    start = space.base + places[0].at
    assert [permissions for *_, permissions, _ in mappings(start, start + PAGE)] == ["---p"]
    assert space("publish", 7) == ORDER


def retire(space: Space, unit: int) -> None:
    assert space("unpublished", unit) == space("unlist", unit) == OK
    assert space.quiesce(unit) == space("quarantine", unit) == OK


def test_addresses_are_not_given_twice_unless_asked(lib: ctypes.CDLL) -> None:
    for mode in MODES.values():
        for options, again in (({}, False), ({"recycle": True}, True), ({"recycle": True, "permanent": True}, False)):
            made = Space(lib, mode, **options)
            if options.get("permanent") and not made("facilities").contents.mseal:
                continue
            for number, pages in ((1, 1), (2, 3)):
                code = returning(number).ljust(pages * PAGE - 100, b"\x90")
                first, second = units((code, {0: BOUND})), units((code[:-900], {0: BOUND}), (returning(7), {0: BOUND}))
                assert made.install(first) == OK
                retire(made, first[0].unit)
                assert made.install(second) == OK
                assert (first[0].at == second[0].at) == again
                assert second[1].unit == first[0].unit + 2
                assert [made.call(place.at) for place in second] == [number, 7]
                assert made("state", first[0].unit) == cs.STATES.index("RECYCLED" if again else "QUARANTINED")
                assert made("unlist", first[0].unit) == ORDER and made.is_listed(second[0].at, BOUND)
            made.close()


def test_the_limit_is_kept(lib: ctypes.CDLL) -> None:
    made = Space(lib, code_limit=3 * PAGE)
    assert made.install(units((returning(1), {0: BOUND}))) == OK
    assert made.install(units((b"\xcc" * 3 * PAGE, {0: BOUND}))) == FULL
    assert made.why() == "the code space is full"
    assert made.install(units((b"\xcc" * 2 * PAGE, {0: BOUND}))) == OK
    assert made.install(units((returning(1), {0: BOUND}))) == FULL
    assert made.stats().full == 2 and made.stats().page_bytes == 3 * PAGE
    made.close()
    made = Space(lib)
    big = b"\xcc" * (60 << 20)
    assert [made.install(units((big, {0: BOUND}))) for _ in range(2)] == [OK, FULL]
    made.close()


@pytest.mark.parametrize("code, entries", [
    (b"", {}), (returning(1), {16: BOUND}), (returning(1) * 9, {8: BOUND}), (returning(1), {0: 0})])
def test_malformed_units_are_refused(space: Space, code: bytes, entries: dict[int, int]) -> None:
    places = units((returning(1), {0: BOUND}), (code, {}))
    places[1].entry_count = len(entries)
    places[1].entries = (cs.Entry * len(entries))(*(cs.Entry(*row) for row in entries.items()))
    assert space.install(places) == REFUSED
    assert not space.is_listed(places[0].at, BOUND)
    assert space.install(units()) == REFUSED
    good = units((returning(5), {0: BOUND}))
    assert space.install(good) == OK and space.call(good[0].at) == 5


def test_system_calls_of_a_batch(lib: ctypes.CDLL) -> None:
    """A batch costs a fixed number of system calls, however many units it has; the counters say which."""
    for mode, expected in ((cs.SEALED, dict(mmap=1, mprotect=0, pwrite=3, memfd=1, fcntl=1)),
                           (cs.FLIP, dict(mmap=1, mprotect=1, pwrite=2, memfd=0, fcntl=0))):
        made = Space(lib, mode)
        for count in (1, 7, 64):
            before = made.stats().calls
            places = units(*((returning(n) * 20, {0: BOUND, 48: EXACT_0}) for n in range(count)))
            assert made.install(places) == OK
            after = made.stats().calls
            assert {name: getattr(after, name) - getattr(before, name) for name in expected} == expected
            assert after.membarrier - before.membarrier == (mode == cs.FLIP and made("facilities").contents.sync_core)
        made.close()


def test_permanent_regions_stay(lib: ctypes.CDLL) -> None:
    made = Space(lib, permanent=True)
    if not made("facilities").contents.mseal:
        pytest.skip("this kernel has no mseal")
    places = units((returning(9), {0: BOUND}))
    assert made.install(places) == OK and made.call(places[0].at) == 9
    base, at = made.base, places[0].at
    made.close()
    assert ctypes.string_at(base + at, 6) == returning(9)
    assert ctypes.string_at(base + (1 << 20) + at // GRANULE, 1) == b"\0"


def test_a_forked_child_installs_nothing(space: Space) -> None:
    child = os.fork()
    if child == 0:
        code = 3
        try:
            places = units((returning(1), {0: BOUND}))
            code = 0 if space.install(places) == cs.FAILED and space.why() == "the process was forked" else 1
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    places = units((returning(4), {0: BOUND}))
    assert space.install(places) == OK and space.call(places[0].at) == 4


REFUSING = """
import ctypes, sys
sys.path.insert(0, {folder!r})
import codespace_binding as cs
from pathlib import Path
lib = ctypes.CDLL({library!r})
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(65, 1, 0, 0, 0) == 0, "PR_SET_MDWE"
lib = cs.declare(lib)
for memory in (cs.SEALED, cs.FLIP):
    try:
        space = cs.Space(lib, memory)
        places = cs.units((cs.returning(6), {{0: 1}}))
        print(space.install(places), space.call(places[0].at))
    except cs.Refused as refused:
        print(refused)
"""


def test_where_writable_memory_may_not_become_executable(lib: ctypes.CDLL) -> None:
    text = REFUSING.format(folder=str(Path(__file__).parent / "c"), library=lib._name)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True)
    if "PR_SET_MDWE" in done.stderr:
        pytest.skip("this kernel has no PR_SET_MDWE")
    sealed, flip = done.stdout.splitlines()
    assert sealed == "0 6"
    assert flip == "--code-memory=flip: no written page can be made executable (mprotect: Permission denied)"


def test_no_mapping_is_writable_and_executable(lib: ctypes.CDLL, tmp_path: Path) -> None:
    """While batches come and go; the control has such mappings on purpose, and the sampler must see them. (Mappings
    that were there before are others': pytest's process may hold closures of libffi.)"""
    unsafe = cs.load(tmp_path, "unsafe", ("-DMINIVM_ATTACK_API",))
    for library, mode, expected in ((lib, cs.SEALED, False), (lib, cs.FLIP, False), (unsafe, cs.RWX, True)):
        made = Space(library, mode, recycle=True)
        with maps_sampler.Sampler() as sampler:
            while sampler.samples < 10:
                for number in range(20):
                    places = units(*((returning(n) * 300, {0: BOUND}) for n in range(9)))
                    assert made.install(places) == OK
                    for place in places:
                        retire(made, place.unit)
                places = units((returning(1), {0: BOUND}))
                assert made.install(places) == OK
        assert bool(sampler.found) == expected, sampler.found
        assert all("rwx" in line for line in sampler.found)
        made.close()
