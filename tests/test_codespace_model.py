"""The model checker of the life of native code: the real functions in all interleavings, in the proper order and with
every swap of two steps. `python tests/test_codespace_model.py` prints the table.

tests/c/model_codespace.c says what the actors are and what must hold.
"""
from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from itertools import combinations
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "c"))
import leaf_build

FORWARD = ("check", "sign", "place", "seal", "sync", "verify", "list", "publish")
BACKWARD = ("unpublish", "unlist", "quiesce", "quarantine", "reuse")
SCENARIOS = ("plain", "malformed unit", "tampered source", "tampered page")
MODEL = ("tests/c/model_codespace.c", "tests/c/model_memory.c")
REAL = [f"runtime_c/{name}.c" for name in ("codespace", "codenote", "codeseal", "guestlist", "native_sign", "blake2b")]


def build(directory: Path) -> Path:
    program = directory / "model_codespace"
    arena = [f"-D{name}=model_{name}" for name in ("malloc", "calloc", "realloc", "free")]
    flags = ["-std=gnu11", "-O2", "-g", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", "-DMV_CODE_MODEL"]
    sources = [str(leaf_build.ROOT / source) for source in (*MODEL, *REAL)]
    include = str(leaf_build.ROOT / "runtime_c")
    subprocess.run(["gcc", *flags, *arena, "-I", include, "-o", str(program), *sources], check=True)
    return program


def explore(program: Path) -> list[dict]:
    done = subprocess.run([str(program)], capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    return explore(build(tmp_path_factory.mktemp("model")))


def test_the_proper_order_keeps_every_invariant(rows: list[dict]) -> None:
    proper = {(row["memory"], row["scenario"], row["guards"]): row for row in rows if row["chain"] == "proper"}
    expected = [(scenario, False) for scenario in SCENARIOS] + [("plain", True)]
    assert set(proper) == {(memory, *row) for memory in ("sealed", "flip") for row in expected}
    for (_, scenario, _), row in proper.items():
        assert row["broken"] == "", row
        assert (row["reused"] > 0) == (scenario != "malformed unit"), row
        assert row["states"] > (200 if scenario == "malformed unit" else 4000) and row["ends"] > 0, row


@pytest.mark.parametrize("memory", ["sealed", "flip"])
def test_every_swap_of_two_steps_fails(rows: list[dict], memory: str) -> None:
    swaps = {tuple(row["swap"]): row for row in rows if row["memory"] == memory and row["chain"] != "proper"}
    assert set(swaps) == {*combinations(FORWARD, 2), *combinations(BACKWARD, 2)}
    for pair, row in swaps.items():
        assert row["broken"], f"nothing breaks when {pair} are swapped"
        # With the guards on, a step refuses; or there is nothing to be reused yet, and the new unit lies elsewhere.
        assert row["refused"] or pair == ("quarantine", "reuse"), row
        assert row["guarded"] == "", row
    orders = {pair for pair, row in swaps.items() if row["broken"].startswith("order alone")}
    assert orders == {("seal", "sync")}


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        for row in explore(build(Path(directory))):
            if row["chain"] == "proper":
                guards = "guards on" if row["guards"] else "guards off"
                print(f"{row['memory']:7} proper order, {row['scenario']}, {guards}: {row['states']} states, "
                      f"{row['steps']} steps, {row['broken'] or 'all hold'}")
            else:
                swap, guarded = " <-> ".join(row["swap"]), "refused" if row["refused"] else "nothing reused"
                print(f"{row['memory']:7} {swap:27} {row['broken']:62} ({row['scenario']}, {row['states']} states; "
                      f"with guards: {row['guarded'] or guarded})")


if __name__ == "__main__":
    main()
