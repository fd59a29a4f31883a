"""runtime_c/natural*.c against Python's ints, at the real thresholds and at tiny ones that bring
every path to small operands.

`python tests/test_leaf_natural.py --bench` prints times for choosing thresholds and for the record.
"""
from __future__ import annotations

import ctypes
import math
import random
import struct
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "c"))
import leaf_build

SOURCES = [f"runtime_c/natural{part}.c" for part in ("", "_mul", "_div", "_root", "_radix", "_float")]
TINY = [f"-DMV_NATURAL_{name}={value}" for name, value in (
    ("KARATSUBA", 3), ("TOOM3", 9), ("KARATSUBA_SQUARE", 4), ("TOOM3_SQUARE", 11), ("BURNIKEL", 3), ("RADIX", 3),
    ("STACK", 0), ("POLL_STEPS", 16))]
OK, INTERRUPTED, NO_MEMORY = 0, 1, 2
CANARY = 0xC0FFEE1234567890
LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Stopped(Exception):
    """Carries a status other than OK."""


def limbs_of(value: int) -> int:
    return (value.bit_length() + 63) // 64


class Natural:
    """One built variant; methods take and return Python ints and check lengths, canaries and scratch balance."""

    def __init__(self, directory: Path, name: str, flags: list[str]) -> None:
        self.lib = leaf_build.build(directory, name, [*SOURCES, "tests/c/leaf_natural.c"], flags)
        size, pointer, limb = ctypes.c_size_t, ctypes.c_void_p, ctypes.c_uint64
        signatures = {
            "leaf_new": (pointer, []), "leaf_delete": (None, [pointer]),
            "leaf_reset": (None, [pointer, ctypes.c_int64, ctypes.c_int64, ctypes.c_bool]),
            "leaf_live": (ctypes.c_int64, [pointer]), "leaf_allocations": (ctypes.c_int64, [pointer]),
            "leaf_polls": (ctypes.c_int64, [pointer]), "leaf_longest_gap": (ctypes.c_int64, [pointer]),
            "mv_natural_normalize": (size, [pointer, size]), "mv_natural_bit_length": (size, [pointer, size]),
            "mv_natural_bit_count": (size, [pointer, size]), "mv_natural_trailing_zeros": (size, [pointer, size]),
            "mv_natural_compare": (ctypes.c_int, [pointer, size, pointer, size]),
            "mv_natural_add": (limb, [pointer, pointer, size, pointer, size]),
            "mv_natural_sub": (limb, [pointer, pointer, size, pointer, size]),
            "mv_natural_add_limb": (limb, [pointer, pointer, size, limb]),
            "mv_natural_sub_limb": (limb, [pointer, pointer, size, limb]),
            "mv_natural_mul_limb": (limb, [pointer, pointer, size, limb, limb]),
            "mv_natural_divmod_limb": (limb, [pointer, pointer, size, limb]),
            "mv_natural_shift_left": (None, [pointer, pointer, size, size]),
            "mv_natural_shift_right": (ctypes.c_bool, [pointer, pointer, size, size]),
            "mv_natural_mul": (ctypes.c_int, [pointer, pointer, pointer, size, pointer, size]),
            "mv_natural_square": (ctypes.c_int, [pointer, pointer, pointer, size]),
            "mv_natural_divmod": (ctypes.c_int, [pointer, pointer, pointer, pointer, size, pointer, size]),
            "mv_natural_isqrt": (ctypes.c_int, [pointer, pointer, pointer, size]),
            "mv_natural_gcd": (ctypes.c_int, [pointer, pointer, pointer, size, pointer, size]),
            "mv_natural_radix_bound": (size, [pointer, size, ctypes.c_uint]),
            "mv_natural_to_radix": (ctypes.c_int, [pointer, pointer, pointer, pointer, size, ctypes.c_uint]),
            "mv_natural_from_radix_limbs": (size, [size, ctypes.c_uint]),
            "mv_natural_from_radix": (ctypes.c_int, [pointer, pointer, ctypes.c_char_p, size, ctypes.c_uint]),
            "mv_natural_to_double": (ctypes.c_bool, [pointer, size, pointer]),
            "mv_natural_true_divide": (ctypes.c_int, [pointer, pointer, size, pointer, size, pointer, pointer]),
            "mv_natural_from_double": (size, [pointer, ctypes.c_double]),
        }
        for function, (result, arguments) in signatures.items():
            getattr(self.lib, function).restype = result
            getattr(self.lib, function).argtypes = arguments
        self.scratch = self.lib.leaf_new()

    def call(self, function: str, *arguments: object) -> None:
        status = getattr(self.lib, "mv_natural_" + function)(self.scratch, *arguments)
        assert self.lib.leaf_live(self.scratch) == 0
        if status != OK:
            raise Stopped(status)

    @staticmethod
    def put(value: int, n: int | None = None) -> ctypes.Array[ctypes.c_uint64]:
        n = limbs_of(value) if n is None else n
        return (ctypes.c_uint64 * (n + 1)).from_buffer_copy(value.to_bytes(8 * n, "little") + struct.pack("<Q", CANARY))

    @staticmethod
    def room(n: int) -> ctypes.Array[ctypes.c_uint64]:
        out = (ctypes.c_uint64 * (n + 1))()
        ctypes.memset(out, 0xAA, 8 * n)
        out[n] = CANARY
        return out

    @staticmethod
    def get(block: ctypes.Array[ctypes.c_uint64]) -> int:
        assert block[len(block) - 1] == CANARY
        return int.from_bytes(bytes(block)[:-8], "little")

    def add(self, a: int, b: int) -> int:
        a, b = max(a, b), min(a, b)
        n = limbs_of(a)
        r = self.room(n)
        carry = self.lib.mv_natural_add(r, self.put(a), n, self.put(b), limbs_of(b))
        return self.get(r) + (carry << 64 * n)

    def sub(self, a: int, b: int) -> int:
        n = limbs_of(a)
        r = self.put(a)
        borrow = self.lib.mv_natural_sub(r, r, n, self.put(b), limbs_of(b))
        return self.get(r) - (borrow << 64 * n)

    def mul(self, a: int, b: int) -> int:
        r = self.room(limbs_of(a) + limbs_of(b))
        self.call("mul", r, self.put(a), limbs_of(a), self.put(b), limbs_of(b))
        return self.get(r)

    def square(self, a: int) -> int:
        r = self.room(2 * limbs_of(a))
        self.call("square", r, self.put(a), limbs_of(a))
        return self.get(r)

    def divmod(self, a: int, d: int) -> tuple[int, int]:
        an, dn = max(limbs_of(a), limbs_of(d)), limbs_of(d)
        q, r = self.room(an - dn + 1), self.room(dn)
        self.call("divmod", q, r, self.put(a, an), an, self.put(d), dn)
        return self.get(q), self.get(r)

    def remainder(self, a: int, d: int) -> int:
        an, dn = max(limbs_of(a), limbs_of(d)), limbs_of(d)
        r = self.put(d)
        self.call("divmod", None, r, self.put(a, an), an, r, dn)
        return self.get(r)

    def isqrt(self, a: int) -> int:
        r = self.room((limbs_of(a) + 1) // 2)
        self.call("isqrt", r, self.put(a), limbs_of(a))
        return self.get(r)

    def gcd(self, a: int, b: int) -> int:
        r = self.room(max(limbs_of(a), limbs_of(b)))
        self.call("gcd", r, self.put(a), limbs_of(a), self.put(b), limbs_of(b))
        return self.get(r)

    def to_radix(self, a: int, radix: int) -> str:
        block = self.put(a)
        bound = self.lib.mv_natural_radix_bound(block, limbs_of(a), radix)
        out = ctypes.create_string_buffer(b"!" * (bound + 1), bound + 1)
        length = ctypes.c_size_t()
        self.call("to_radix", out, ctypes.byref(length), block, limbs_of(a), radix)
        assert out.raw[bound:] == b"!" and length.value <= bound <= length.value * 1.02 + 3
        return out.raw[:length.value].decode()

    def from_radix(self, digits: str, radix: int) -> int:
        r = self.room(self.lib.mv_natural_from_radix_limbs(len(digits), radix))
        self.call("from_radix", r, digits.encode(), len(digits), radix)
        return self.get(r)

    def to_double(self, a: int) -> float:
        out = ctypes.c_double()
        fine = self.lib.mv_natural_to_double(self.put(a), limbs_of(a), ctypes.byref(out))
        assert fine == (out.value != math.inf)
        return out.value

    def true_divide(self, a: int, b: int) -> float:
        out, overflow = ctypes.c_double(), ctypes.c_bool()
        self.call("true_divide", self.put(a), limbs_of(a), self.put(b), limbs_of(b),
                  ctypes.byref(out), ctypes.byref(overflow))
        assert overflow.value == (out.value == math.inf)
        return out.value

    def from_double(self, x: float) -> int:
        r = self.room(16)
        n = self.lib.mv_natural_from_double(r, x)
        assert n == limbs_of(self.get(r))
        return self.get(r)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Natural:
    return Natural(tmp_path_factory.mktemp("natural"), "natural", ["-fsanitize=undefined", "-fno-sanitize-recover=all"])


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Natural:
    flags = ["-fsanitize=undefined", "-fno-sanitize-recover=all", *TINY]
    return Natural(tmp_path_factory.mktemp("natural"), "natural_tiny", flags)


@pytest.fixture(params=["real", "tiny"])
def natural(request: pytest.FixtureRequest) -> Natural:
    return request.getfixturevalue(request.param)


@pytest.fixture(autouse=True, scope="module")
def no_digit_limit() -> Iterator[None]:
    old = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    yield
    sys.set_int_max_str_digits(old)


def number(rng: random.Random, bits: int) -> int:
    """Of about so many bits: evenly random, or runs of ones and zeros, or next to a power of two."""
    kind = rng.randrange(4)
    if bits == 0 or kind == 0:
        return rng.getrandbits(bits) if bits else 0
    if kind == 1:
        return max(0, (1 << bits) + rng.randint(-2, 2))
    value = 0
    while value.bit_length() < bits:
        run = rng.choice((1, 7, 63, 64, 65, 200))
        value = (value << run) | (((1 << run) - 1) * rng.randrange(2)) or 1
    return value >> max(0, value.bit_length() - bits)


def pairs(seed: int, count: int, bits: int) -> Iterator[tuple[int, int]]:
    rng = random.Random(seed)
    for _ in range(count):
        yield number(rng, rng.randrange(bits)), number(rng, rng.randrange(bits))


def test_linear_operations(natural: Natural) -> None:
    lib = natural.lib
    for a, b in pairs(1, 5000, 900):
        assert natural.add(a, b) == a + b
        assert natural.sub(max(a, b), min(a, b)) == abs(a - b)
        an, bn = limbs_of(a), limbs_of(b)
        assert lib.mv_natural_compare(natural.put(a, an + 2), an + 2, natural.put(b), bn) == (a > b) - (a < b)
        assert lib.mv_natural_compare(natural.put(a), an, natural.put(a, an + 1), an + 1) == 0
        assert lib.mv_natural_bit_length(natural.put(a, an + 1), an + 1) == a.bit_length()
        assert lib.mv_natural_bit_count(natural.put(a), an) == a.bit_count()
        assert lib.mv_natural_normalize(natural.put(a, an + 3), an + 3) == an
        if a:
            assert lib.mv_natural_trailing_zeros(natural.put(a), an) == (a & -a).bit_length() - 1
        shift = b % 300
        r = natural.room(an + shift // 64 + 1)
        lib.mv_natural_shift_left(r, natural.put(a), an, shift)
        assert natural.get(r) == a << shift
        in_place = natural.put(a, an + shift // 64 + 1)
        lib.mv_natural_shift_left(in_place, in_place, an, shift)
        assert natural.get(in_place) == a << shift
        rn = max(0, an - shift // 64)
        r = natural.room(rn)
        lost = lib.mv_natural_shift_right(r, natural.put(a), an, shift)
        assert natural.get(r) == a >> shift and lost == (a >> shift << shift != a)
        limb = b & (2**64 - 1)
        r = natural.room(an)
        carry = lib.mv_natural_add_limb(r, natural.put(a), an, limb)
        assert natural.get(r) + (carry << 64 * an) == a + limb
        borrow = lib.mv_natural_sub_limb(r, natural.put(a), an, limb)
        assert natural.get(r) - (borrow << 64 * an) == a - limb
        carry = lib.mv_natural_mul_limb(r, natural.put(a), an, limb, b % 17)
        assert natural.get(r) + (carry << 64 * an) == a * limb + b % 17
        if limb:
            rem = lib.mv_natural_divmod_limb(r, natural.put(a), an, limb)
            assert (natural.get(r), rem) == divmod(a, limb)


@pytest.mark.parametrize("count, bits", [(6000, 1200), (1000, 8000), (100, 60000)])
def test_multiplication(natural: Natural, count: int, bits: int) -> None:
    for a, b in pairs(bits, count, bits):
        assert natural.mul(a, b) == a * b
        assert natural.square(a) == a * a


def test_multiplication_lengths(tiny: Natural) -> None:
    rng = random.Random(3)
    for an in range(1, 41):
        for bn in range(1, 41):
            a, b = number(rng, 64 * an), number(rng, 64 * bn)
            assert tiny.mul(a, b) == a * b
    for n in range(1, 120):
        a, b, ones = rng.getrandbits(64 * n), number(rng, 64 * n), (1 << 64 * n) - 1
        assert tiny.mul(a, b) == a * b and tiny.mul(ones, a) == ones * a
        assert tiny.square(ones) == ones**2 and tiny.square(b) == b * b


@pytest.mark.parametrize("count, bits", [(8000, 1200), (1000, 8000), (100, 40000)])
def test_division(natural: Natural, count: int, bits: int) -> None:
    for index, (a, b) in enumerate(pairs(bits + 1, count, bits)):
        a, b = max(a, b), min(a, b)
        if b == 0:
            continue
        assert natural.divmod(a, b) == divmod(a, b)
        assert natural.remainder(a, b) == a % b
        # Dividends next to multiples bring the corrections.
        near = a * b + index % 3 - 1
        if near >= b:
            assert natural.divmod(near, b) == divmod(near, b)
            assert natural.divmod(near, a) == divmod(near, a)


def test_division_equal_leading_limbs(natural: Natural) -> None:
    """Quotients of all ones, where the estimate from the leading limbs is not available."""
    rng = random.Random(5)
    for dn in (*range(1, 30), 130, 131):
        for qn in (*range(1, 30), 64, 65, 66, 129, 130, 131):
            d = (1 << 64 * dn) - 1 - number(rng, rng.choice((1, 32 * dn, 64 * (dn - 1) + 1)))
            q = (1 << 64 * qn) - 1 - rng.choice((0, 0, 1, number(rng, 32 * qn)))
            for a in (d * q, d * q + d - 1):
                if limbs_of(d) == dn:
                    assert natural.divmod(a, d) == (q, a - d * q)


@pytest.mark.parametrize("count, bits", [(4000, 1000), (150, 20000)])
def test_roots(natural: Natural, count: int, bits: int) -> None:
    for a, b in pairs(bits + 2, count, bits):
        for value in (a, a * a, a * a + 2 * a, max(0, a * a - 1), b):
            assert natural.isqrt(value) == math.isqrt(value)
    for value in range(1000):
        assert natural.isqrt(value) == math.isqrt(value)
    for k in range(1, 700):
        for value in ((1 << k) - 1, 1 << k, (1 << k) + 1):
            assert natural.isqrt(value) == math.isqrt(value)


@pytest.mark.parametrize("count, bits", [(6000, 800), (300, 14000)])
def test_gcd(natural: Natural, count: int, bits: int) -> None:
    for a, b in pairs(bits + 3, count, bits):
        c = (a ^ b) >> (bits // 2)
        assert natural.gcd(a, b) == math.gcd(a, b)
        assert natural.gcd(a * c, b * c) == math.gcd(a * c, b * c)
    x, y = 1, 1
    while x.bit_length() < bits:
        x, y = x + y, x
    assert natural.gcd(x, y) == 1 and natural.gcd(y * 3, x * 3) == 3


def in_radix(value: int, radix: int) -> str:
    if radix == 10:
        return str(value)
    out = []
    while value:
        value, digit = divmod(value, radix)
        out.append(LETTERS[digit])
    return "".join(reversed(out)) or "0"


@pytest.mark.parametrize("radix", range(2, 37))
def test_radix(natural: Natural, radix: int) -> None:
    rng = random.Random(radix)
    values = [0, 1, radix - 1, radix, *(radix**k + d for k in range(1, 90) for d in (-1, 0, 1))]
    values += [number(rng, rng.randrange(2500)) for _ in range(40)]
    values += [number(rng, 9000), radix**700, radix**700 - 1]
    for value in values:
        digits = in_radix(value, radix)
        assert natural.to_radix(value, radix) == digits
        assert natural.from_radix(digits, radix) == value
        assert natural.from_radix("00" + digits.upper(), radix) == value
    zeros = "0" * 3000
    assert natural.from_radix(zeros, radix) == 0 and natural.from_radix("1" + zeros, radix) == radix**3000


def test_decimal_long(real: Natural) -> None:
    rng = random.Random(9)
    for digits in (20000, 20001, 40003):
        value = rng.randrange(10**digits)
        text = str(value)
        assert real.to_radix(value, 10) == text and real.from_radix(text, 10) == value
        assert real.to_radix(10**digits, 10) == "1" + "0" * digits


def float_of(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def quotient_of(a: int, b: int) -> float:
    try:
        return a / b
    except OverflowError:
        return math.inf


def test_to_double(natural: Natural) -> None:
    rng = random.Random(11)
    edges = [2**k + d for k in range(1030) for d in (-1, 0, 1)]
    edges += [((2**53 + k) << s) + d for k in range(4) for s in (1, 2, 11, 64, 100, 970) for d in range(-2, 3)]
    edges += [(2**54 - 1) * 2**970 + d for d in (-1, 0, 1)]
    for value in edges + [number(rng, rng.randrange(1100)) for _ in range(3000)]:
        assert natural.to_double(value) == float_of(value)


def test_true_divide(natural: Natural) -> None:
    rng = random.Random(12)
    for _ in range(6000):
        a, b = number(rng, rng.randrange(1300)), number(rng, rng.randrange(1, 1300)) or 1
        assert natural.true_divide(a, b) == quotient_of(a, b)
    for _ in range(4000):
        # Halfway cases, among subnormal results too, exact and off by the least.
        m, e = rng.getrandbits(rng.choice((1, 10, 54))) | 1, rng.randrange(-1080, 980)
        scale = rng.getrandbits(100) | 1
        ratio = Fraction(m) * Fraction(2) ** e
        for d in (-1, 0, 1):
            a, b = ratio.numerator * scale + d, ratio.denominator * scale
            if a >= 0:
                assert natural.true_divide(a, b) == quotient_of(a, b)


def test_from_double(natural: Natural) -> None:
    rng = random.Random(13)
    cases = [0.0, 0.5, 1.0, 1.5, 5e-324, 2.0**53, 2.0**64, sys.float_info.max, -3.7]
    for _ in range(3000):
        cases.append(math.ldexp(rng.random(), rng.randrange(-5, 1025)))
    for x in cases:
        assert natural.from_double(x) == int(abs(x))


def long_calls(natural: Natural) -> list[Callable[[], object]]:
    rng = random.Random(17)
    a, b, c = (rng.getrandbits(bits) | 1 for bits in (40000, 21000, 600))
    text = in_radix(a, 10)
    return [lambda: natural.mul(a, b), lambda: natural.square(a), lambda: natural.divmod(a, b),
            lambda: natural.divmod(a, c), lambda: natural.divmod(a, 12345),
            lambda: natural.isqrt(a), lambda: natural.gcd(a, b),
            lambda: natural.to_radix(a, 10), lambda: natural.to_radix(a, 8), lambda: natural.from_radix(text, 10),
            lambda: natural.from_radix(text, 32), lambda: natural.true_divide(a, a >> 300)]


@pytest.mark.parametrize("index", range(12))
def test_stopping(tiny: Natural, index: int) -> None:
    """Every allocation that fails and many polls that say stop: the right status, nothing left allocated."""
    call = long_calls(tiny)[index]
    lib, scratch = tiny.lib, tiny.scratch
    lib.leaf_reset(scratch, 0, 0, False)
    call()
    allocations, polls = lib.leaf_allocations(scratch), lib.leaf_polls(scratch)
    assert polls > 0
    try:
        for at in sorted({*range(1, min(allocations, 60) + 1), *range(1, allocations + 1, max(1, allocations // 60))}):
            lib.leaf_reset(scratch, at, 0, False)
            with pytest.raises(Stopped) as stopped:
                call()
            assert stopped.value.args == (NO_MEMORY,)
        for at in sorted({*range(1, min(polls, 60) + 1), *range(1, polls + 1, max(1, polls // 100)), polls}):
            lib.leaf_reset(scratch, 0, at, False)
            with pytest.raises(Stopped) as stopped:
                call()
            assert stopped.value.args == (INTERRUPTED,)
            # At once: no further poll, hence no work worth mentioning, after the one that said stop.
            assert lib.leaf_polls(scratch) == at
    finally:
        lib.leaf_reset(scratch, 0, 0, False)


def bench(directory: Path) -> None:
    natural = Natural(directory, "natural_bench", sys.argv[2:])
    lib, rng = natural.lib, random.Random(1)

    def timed(name: str, function: str, *arguments: object) -> None:
        runs, best, gap = 0, 1e9, 1e9
        start = time.perf_counter()
        while runs < 3 or (time.perf_counter() - start < 0.2):
            lib.leaf_reset(natural.scratch, 0, 0, True)
            before = time.perf_counter()
            getattr(lib, "mv_natural_" + function)(natural.scratch, *arguments)
            best = min(best, time.perf_counter() - before)
            gap = min(gap, lib.leaf_longest_gap(natural.scratch))
            runs += 1
            if time.perf_counter() - start > 3:
                break
        print(f"{name:28} {best * 1e6:12.1f} us   longest poll gap {gap / 1e3:6.0f} us")

    for n in (8, 16, 24, 32, 40, 48, 64, 96, 128, 160, 200, 256, 400, 1000, 5000):
        a, b = (natural.put(rng.getrandbits(64 * n) | 1, n) for _ in range(2))
        r = natural.room(2 * n)
        timed(f"mul {n} limbs", "mul", r, a, n, b, n)
        timed(f"square {n} limbs", "square", r, a, n)
        u = natural.put(rng.getrandbits(128 * n) | 1 << (128 * n - 1))
        d = natural.put(rng.getrandbits(64 * n) | 1 << (64 * n - 1))
        timed(f"divmod {2 * n} / {n} limbs", "divmod", natural.room(n + 1), natural.room(n), u, 2 * n, d, n)
    for digits in (1000, 10**4, 10**5, 10**6):
        bits = int(digits * math.log2(10))
        a = rng.getrandbits(bits) | 1 << (bits - 1)
        b = rng.getrandbits(bits) | 1 << (bits - 1)
        n = limbs_of(a)
        block, other = natural.put(a), natural.put(b)
        timed(f"mul 10^{len(str(digits)) - 1} digits", "mul", natural.room(2 * n), block, n, other, n)
        timed(f"square 10^{len(str(digits)) - 1} digits", "square", natural.room(2 * n), block, n)
        half = n // 2
        d = natural.put((b >> 64 * half) | 1)
        timed("divmod by half", "divmod", natural.room(half + 2), natural.room(n), block, n, d, len(d) - 1)
        timed("isqrt", "isqrt", natural.room((n + 1) // 2), block, n)
        if digits <= 10**5:
            timed("gcd", "gcd", natural.room(n), block, n, other, n)
        out, length = ctypes.create_string_buffer(digits * 2), ctypes.c_size_t()
        timed("to decimal", "to_radix", out, ctypes.byref(length), block, n, 10)
        text = out.raw[:length.value]
        room = natural.room(lib.mv_natural_from_radix_limbs(len(text), 10))
        timed("from decimal", "from_radix", room, text, len(text), 10)


if __name__ == "__main__" and sys.argv[1:2] == ["--bench"]:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        bench(Path(name))
