"""minivm's own reading and writing of messages against the msgpack package."""
from __future__ import annotations

import random
import subprocess
import sys

import msgpack
import pytest
from minivm.service.packing import packb, unpackb

EDGES = [sign * (1 << bits) + add for bits in (0, 5, 7, 8, 15, 16, 31, 32, 63) for sign in (1, -1) for add in (-2, -1, 0, 1)]
NUMBERS = sorted({number for number in EDGES if -(1 << 63) <= number < 1 << 64} | {(1 << 64) - 1})
SIZES = (0, 1, 31, 32, 255, 256, 65535, 65536)


def test_the_same_bytes_both_ways() -> None:
    chance = random.Random(3)
    for number in NUMBERS:
        assert packb((number,)) == msgpack.packb((number,)), number
        assert unpackb(packb((number,))) == [number]
    for size in SIZES:
        assert packb((b"x" * size,)) == msgpack.packb((b"x" * size,))
    for _ in range(500):
        fields = tuple(chance.choice((chance.choice(NUMBERS), chance.randbytes(chance.choice(SIZES[:6])))) for _ in range(chance.randrange(16)))
        assert packb(fields) == msgpack.packb(fields)
        assert unpackb(msgpack.packb(fields)) == list(fields)
    wide = bytes((0xDD, 0, 0, 0, 2)) + bytes((0xCF, 0, 0, 0, 0, 0, 0, 0, 5)) + bytes((0xC6, 0, 0, 0, 1, 7))    # as the runtime writes
    assert unpackb(wide) == [5, b"\7"] == msgpack.unpackb(wide)


def test_what_is_no_message_is_refused() -> None:
    message = packb((1, 300, b"abc", -5))
    for at in range(len(message)):
        with pytest.raises(ValueError):
            unpackb(message[:at])
    for wrong in (b"\x90\0", b"\x91\xc0", b"\x91\xa1a", b"\x91\x91\1", b"\x81\1\1", b"\x91\xcb" + bytes(8), b"\xdd\xff\xff\xff\xff\0"):
        with pytest.raises(ValueError):
            unpackb(wrong)
    for fields in ((1 << 64,), (-(1 << 63) - 1,), tuple(range(16))):
        with pytest.raises(ValueError):
            packb(fields)


def test_compilers_load_little() -> None:
    """What the compiler's thread loads first is what a short program pays for it; the controls are the compiler, and the package. The
    program itself waits for the worker alone."""
    text = "import sys; sys.path[:] = {!r}; import {}; print(*sorted({{'datetime', 'msgpack', 're', 'minivm.baseline.unit'}} & {{*sys.modules}}))"
    for module, loaded in (("minivm.service.worker", ""), ("minivm.service.compiler", "minivm.baseline.unit"), ("msgpack", "datetime msgpack")):
        done = subprocess.run([sys.executable, "-S", "-c", text.format(sys.path, module)], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == loaded
