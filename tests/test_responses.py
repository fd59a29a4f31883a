"""Responses that are none, or not the signed ones: the runtime refuses them or ends the process as by a violation, whatever
they hold. Each mutant is handed in by a forked child, in the state in which the real response was due.

What has the shape of a response and is not what was signed (another byte of code, entry, class or digest) is a violation: between signing and
handing in nothing may change it. What has no such shape is refused and counted, and its function stays in the interpreter."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import clean_environment

TRY = """
import os, random, sys
import msgpack
import minivm
from minivm.runtime import bridge
from minivm.service.signing import digest_of
COUNT = int(sys.argv[1])
rng = random.Random(int(sys.argv[2]))
PROGRAM = '''
def work(n):
    total = 0
    for i in range(n):
        total += i
    return total
work(1)
work(2)
'''
EDGES = (0, 1, 15, 16, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1 << 32, (1 << 63) - 1, 1 << 63, -1, -2, -(1 << 63))

def pack_pairs(rows):
    return b"".join((number & 0xFFFFFFFF).to_bytes(4, "little") for row in rows for number in row)

def pairs(data):
    numbers = [int.from_bytes(data[at:at + 4], "little") for at in range(0, len(data), 4)]
    return list(zip(numbers[0::2], numbers[1::2]))

def mutate(key, response):
    fields = list(msgpack.unpackb(response))
    kind = rng.randrange(8)
    if kind == 0:       # bytes anywhere
        data = bytearray(response)
        for _ in range(rng.choice((1, 1, 3))):
            data[rng.randrange(len(data)) if rng.random() < .5 else rng.randrange(40)] = rng.randrange(256)
        return bytes(data)
    if kind == 1:
        return response[:rng.randrange(len(response))]
    if kind == 2:       # numbers
        fields[rng.choice((0, 1, 2, 5, 6))] = rng.choice(EDGES)
    elif kind == 3:     # types
        fields[rng.randrange(len(fields))] = rng.choice((None, "text", b"", [], {}, 1.5, True, b"x" * 70000))
    elif kind == 4:     # one field more or less
        fields.insert(rng.randrange(9), 0) if rng.random() < .5 else fields.pop(rng.randrange(9))
    elif kind in (5, 6):  # entries and ways in, signed where that is possible
        at = 4 if kind == 5 else 7
        rows = pairs(fields[at]) or [(0, 0)]
        row = rng.randrange(len(rows))
        number = rng.choice((*EDGES[:7], rng.randrange(1 << 12)))
        rows[row] = (number, rows[row][1]) if rng.random() < .5 else (rows[row][0], number)
        fields[at] = pack_pairs(rows * rng.choice((1, 1, 40)))
        if kind == 5:
            try:
                fields[8] = digest_of(key, fields[3], pairs(fields[4]))
            except (IndexError, ValueError):
                pass
    else:               # several at once, garbage behind
        return response * rng.choice((2, 300)) + bytes(rng.randrange(256) for _ in range(rng.randrange(9)))
    return msgpack.packb(fields)

tally = {}
def giver(native):
    def give(response):
        if len(response) < 700:
            return bridge.lib.mv_jit_done(native, response, len(response))     # the stubs alone
        unpacker = msgpack.Unpacker()
        unpacker.feed(response)
        whole = msgpack.packb(list(unpacker)[-1])
        key = bridge._jit_key(native)
        for _ in range(COUNT):
            mutant = mutate(key, whole)
            child = os.fork()
            if not child:
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, 2)
                os._exit(bridge.lib.mv_jit_done(native, mutant, len(mutant)) and 3)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            tally[status] = tally.get(status, 0) + 1
        sys.stdout.write(str(tally).replace("'", '"') + "\\n")
        sys.stdout.flush()
        os._exit(bridge.lib.mv_jit_done(native, whole, len(whole)))     # the control: the real one is taken
    return give
bridge._giver = giver


vm = minivm.VM(jit="eager", compile="inline", time_limit=None)
vm.run(PROGRAM)
"""


def test_mutants_of_responses_are_refused() -> None:
    words = [sys.executable, "-c", TRY, "600", "7"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, env=clean_environment())
    assert done.returncode == 0 and done.stdout, done.stderr
    tally = json.loads(done.stdout.replace("{", '{"').replace(":", '":').replace(", ", ', "'))
    # 3: refused, 86: a violation, 0: taken. What is taken differs in what nothing rests on (a byte of a count's encoding), or in
    # ways in, which are checked against the guest list when a frame goes there.
    assert set(tally) <= {"0", "3", "86"} and tally["3"] > 400 and 0 < tally["0"] < 100, tally
    assert sum(tally.values()) == 600


ONE = """
import sys
import msgpack
from minivm.cli import entry
from minivm.runtime import bridge

def flip(data, at, bit=1):
    return data[:at] + bytes([data[at] ^ bit]) + data[at + 1:]

CHANGES = {
    "nothing": lambda fields: fields,
    "digest": lambda fields: [*fields[:8], flip(fields[8], 31)],
    "code": lambda fields: [*fields[:3], flip(fields[3], len(fields[3]) - 1), *fields[4:]],
    "class": lambda fields: [*fields[:4], flip(fields[4], 4, 16), *fields[5:]],
    "no class": lambda fields: [*fields[:4], fields[4][:4] + bytes(4) + fields[4][8:], *fields[5:]],
    "short digest": lambda fields: [*fields[:8], fields[8][:31]],
    "field missing": lambda fields: fields[:8],
}
change = CHANGES[sys.argv.pop(1)]
done = []

def giver(native):
    def give(response):
        unpacker = msgpack.Unpacker()
        unpacker.feed(response)
        rows = list(unpacker)
        if not done and rows[-1][1] == 1:   # of a function
            done.append(rows[-1])
            rows[-1] = change(rows[-1])
        data = b"".join(map(msgpack.packb, rows))
        return bridge.lib.mv_jit_done(native, data, len(data))
    return give
bridge._giver = giver
entry()
"""
PROGRAM = "def work(n):\n    return n + 1\nprint(work(41))\n"


@pytest.mark.parametrize("memory", ["sealed", "flip"])
@pytest.mark.parametrize(("change", "status", "rejected"), [
    ("nothing", 0, 0), ("digest", 86, 0), ("code", 86, 0), ("class", 86, 0), ("no class", 0, 2),
    ("short digest", 0, 2), ("field missing", 0, 1),
])
def test_what_was_signed_is_what_is_handed_in(change: str, status: int, rejected: int, memory: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    words = [sys.executable, "-c", ONE, change, f"--code-memory={memory}", "--jit=eager", "--compile=inline", "--stats"]

    def hand_in(layers: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*words, f"--code-layers={layers}", str(program)], capture_output=True, text=True, timeout=60,
                              env=clean_environment())

    done = hand_in("digest,guests,checker")
    assert done.returncode == status, done.stderr
    if status == 86:
        assert done.stdout == ""
        report = json.loads(done.stderr.splitlines()[-1])
        assert (report["layer"], report["violation"]) == ("digest", "tampered")
    else:
        assert done.stdout == "42\n"
        counted = [int(line.split()[1]) for line in done.stderr.splitlines() if line.startswith("code.rejected ")]
        assert counted == [rejected]
    if status == 86:    # the control: where nothing is compared (the guest list would notice the class), it is taken
        done = hand_in("none")
        assert (done.returncode, done.stdout) == (0, "42\n"), done.stderr
