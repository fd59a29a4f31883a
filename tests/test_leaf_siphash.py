"""runtime_c/siphash.c against hash(): strs in subprocesses with a fixed PYTHONHASHSEED, the rest in this process."""
from __future__ import annotations

import ctypes
import json
import os
import random
import struct
import subprocess
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "c"))
import leaf_build


class Key(ctypes.Structure):
    _fields_ = [("k0", ctypes.c_uint64), ("k1", ctypes.c_uint64)]


@pytest.fixture(scope="module")
def lib(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    flags = ["-fsanitize=undefined", "-fno-sanitize-recover=all"]
    lib = leaf_build.build(tmp_path_factory.mktemp("siphash"), "siphash", ["runtime_c/siphash.c"], flags)
    signatures = {
        "mv_hash_key": (Key, [ctypes.c_uint32]),
        "mv_hash_bytes": (ctypes.c_int64, [Key, ctypes.c_char_p, ctypes.c_size_t]),
        "mv_hash_int": (ctypes.c_int64, [ctypes.c_int64]),
        "mv_hash_natural": (ctypes.c_int64, [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_bool]),
        "mv_hash_double": (ctypes.c_int64, [ctypes.c_double]),
        "mv_hash_tuple": (ctypes.c_int64, [ctypes.c_void_p, ctypes.c_size_t]),
        "mv_hash_frozenset": (ctypes.c_int64, [ctypes.c_void_p, ctypes.c_size_t]),
    }
    for name, (result, arguments) in signatures.items():
        getattr(lib, name).restype = result
        getattr(lib, name).argtypes = arguments
    return lib


def characters(text: str) -> bytes:
    width = max(map(ord, text), default=0)
    if width < 0x100:
        return text.encode("latin-1")
    return text.encode("utf-16-le" if width < 0x10000 else "utf-32-le", "surrogatepass")


@pytest.mark.parametrize("seed", [0, 1, 42, 4294967295])
def test_str(lib: ctypes.CDLL, seed: int) -> None:
    rng = random.Random(seed)
    texts = ["", "a", "\0", "\xff", "\u0100", "\ud800", "\U0010ffff", "name", "__init__"]
    for top in (0x7F, 0xFF, 0x7FF, 0xD7FF, 0x10FFFF):
        for length in range(40):
            texts.append("".join(chr(rng.randint(0, top)) for _ in range(length)))
    program = "import json, sys; print(json.dumps([hash(text) for text in json.load(sys.stdin)]))"
    done = subprocess.run([sys.executable, "-c", program], input=json.dumps(texts), capture_output=True, text=True,
                          check=True, env={**os.environ, "PYTHONHASHSEED": str(seed)})
    key = lib.mv_hash_key(seed)
    for text, expected in zip(texts, json.loads(done.stdout), strict=True):
        data = characters(text)
        assert lib.mv_hash_bytes(key, data, len(data)) == expected, text


def test_int(lib: ctypes.CDLL) -> None:
    rng = random.Random(1)
    modulus = 2**61 - 1
    values = [0, 1, 2, modulus - 1, modulus, modulus + 1, 2 * modulus, modulus**3]
    values += [2**62, 2**63 - 1, 2**63, 2**64 - 1, 2**64]
    values += [k * modulus + d for k in (1, 2, 3, 4, 7, 8) for d in (-2, -1, 0, 1)]
    values += [rng.getrandbits(rng.randrange(1, 2000)) for _ in range(20000)]
    for value in values:
        n = (value.bit_length() + 63) // 64
        for signed in (value, -value):
            limbs = value.to_bytes(8 * n + 8, "little")
            assert lib.mv_hash_natural(limbs, n + rng.randrange(2), signed < 0) == hash(signed)
            if -(2**63) <= signed < 2**63:
                assert lib.mv_hash_int(signed) == hash(signed)


def test_double(lib: ctypes.CDLL) -> None:
    rng = random.Random(2)
    values = [0.0, -0.0, 1.0, -1.0, -2.0, 0.5, 5e-324, 2.0**61, 2.0**61 - 256, sys.float_info.max]
    values += [float("inf"), float("-inf")]
    values += [2.0**k for k in range(-1074, 1024)]
    values += [struct.unpack("<d", rng.randbytes(8))[0] for _ in range(50000)]
    values += [rng.randrange(-10**6, 10**6) / 64 for _ in range(2000)]
    for value in values:
        if value == value:
            assert lib.mv_hash_double(value) == hash(value)
            if abs(value) < 1e300:
                assert hash(value) == hash(Fraction(value))


def array(hashes: Sequence[int]) -> ctypes.Array[ctypes.c_int64]:
    return (ctypes.c_int64 * len(hashes))(*hashes)


def test_tuple(lib: ctypes.CDLL) -> None:
    rng = random.Random(3)
    for _ in range(5000):
        items = tuple(rng.choice((rng.randrange(-5, 5), rng.getrandbits(60), -rng.getrandbits(60), rng.random(), ()))
                      for _ in range(rng.randrange(12)))
        hashes = [hash(item) for item in items]
        assert lib.mv_hash_tuple(array(hashes), len(hashes)) == hash(items)


def test_frozenset(lib: ctypes.CDLL) -> None:
    rng = random.Random(4)
    for _ in range(5000):
        mutable = {rng.choice((rng.randrange(-50, 50), rng.getrandbits(60), rng.random(), (), frozenset()))
                   for _ in range(rng.randrange(40))}
        if mutable and rng.random() < 0.3:
            mutable.remove(next(iter(mutable)))
        items = frozenset(mutable)
        hashes = [hash(item) for item in items]
        rng.shuffle(hashes)
        assert lib.mv_hash_frozenset(array(hashes), len(hashes)) == hash(items)
