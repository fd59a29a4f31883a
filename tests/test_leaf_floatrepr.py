"""runtime_c/floatrepr.c and float_parse.c against CPython's own conversions.

`python tests/test_leaf_floatrepr.py --full [COUNT]` checks a million (or COUNT) random bit patterns in every
conversion; `--bench` prints times.
"""
from __future__ import annotations

import ctypes
import math
import random
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "c"))
import leaf_build

PLUS, DOT_0, ALT = 1, 2, 4
OK, INVALID, OVERFLOW = 0, 1, 2


class Digits(ctypes.Structure):
    _fields_ = [("count", ctypes.c_int), ("point", ctypes.c_int), ("digits", ctypes.c_char * 767)]


class FloatRepr:
    """The built library; methods take and return Python values and check that buffers are kept to."""

    def __init__(self, directory: Path, flags: list[str]) -> None:
        self.lib = leaf_build.build(directory, "floatrepr", ["runtime_c/floatrepr.c", "runtime_c/float_parse.c"], flags)
        size, pointer, double = ctypes.c_size_t, ctypes.c_void_p, ctypes.c_double
        signatures = {
            "mv_float_digits_shortest": (None, [double, pointer]),
            "mv_float_digits_significant": (None, [double, ctypes.c_int, pointer]),
            "mv_float_digits_fractional": (None, [double, ctypes.c_int, pointer]),
            "mv_float_write_repr": (size, [double, pointer]),
            "mv_float_format_bound": (size, [ctypes.c_char, ctypes.c_int]),
            "mv_float_format": (size, [double, ctypes.c_char, ctypes.c_int, ctypes.c_uint, pointer]),
            "mv_float_parse": (ctypes.c_bool, [ctypes.c_char_p, size, pointer]),
            "mv_float_hex": (size, [double, pointer]),
            "mv_float_from_hex": (ctypes.c_int, [ctypes.c_char_p, size, pointer]),
            "mv_float_round": (ctypes.c_bool, [double, ctypes.c_int64, pointer]),
        }
        for function, (result, arguments) in signatures.items():
            getattr(self.lib, function).restype = result
            getattr(self.lib, function).argtypes = arguments
        self.small = ctypes.create_string_buffer(24)
        self.out = ctypes.c_double()

    def repr(self, x: float) -> str:
        length = self.lib.mv_float_write_repr(x, self.small)
        return self.small.raw[:length].decode()

    def format(self, x: float, kind: str, precision: int, flags: int) -> str:
        bound = self.lib.mv_float_format_bound(kind.encode(), precision)
        buffer = ctypes.create_string_buffer(b"!" * (bound + 1), bound + 1)
        length = self.lib.mv_float_format(x, kind.encode(), precision, flags, buffer)
        assert length <= bound and buffer.raw[length:].count(b"!") == bound + 1 - length
        return buffer.raw[:length].decode()

    def parse(self, text: str) -> float | None:
        data = text.encode()
        return self.out.value if self.lib.mv_float_parse(data, len(data), ctypes.byref(self.out)) else None

    def hex(self, x: float) -> str:
        length = self.lib.mv_float_hex(x, self.small)
        return self.small.raw[:length].decode()

    def from_hex(self, text: str) -> float | int:
        data = text.encode()
        status = self.lib.mv_float_from_hex(data, len(data), ctypes.byref(self.out))
        return self.out.value if status == OK else status

    def round(self, x: float, ndigits: int) -> float | None:
        return self.out.value if self.lib.mv_float_round(x, ndigits, ctypes.byref(self.out)) else None


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> FloatRepr:
    flags = ["-fsanitize=undefined", "-fno-sanitize-recover=all"]
    return FloatRepr(tmp_path_factory.mktemp("floatrepr"), flags)


def same(a: object, b: object) -> bool:
    """Equal, signs of zeros and nans included."""
    if isinstance(a, float) and isinstance(b, float):
        return struct.pack("<d", a) == struct.pack("<d", b) or (a != a and b != b and
                                                               math.copysign(1, a) == math.copysign(1, b))
    return a == b


def doubles(seed: int, count: int) -> Iterator[float]:
    """Edges, then random bit patterns, short decimals, integers and neighbours of powers."""
    rng = random.Random(seed)
    edges = [0.0, 5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, sys.float_info.max, math.inf, math.nan,
             1e16, 9999999999999998.0, 1e15, 123456789012345680.0, 1e-4, 1e-5, 0.1, 0.3, 1 / 3, 5e22, 1e23,
             9007199254740993.0, 2.0**-44, 9.5, 0.5, 2.5, 1.5, 1e22, 8.41e21, 2.0**63, 4.35, 2.675, 1e308]
    for k in range(-1074, 1024):
        edges += [2.0**k, math.nextafter(2.0**k, math.inf), math.nextafter(2.0**k, 0)]
    for k in range(-323, 309):
        power = float(f"1e{k}")
        edges += [power, math.nextafter(power, math.inf), math.nextafter(power, 0)]
    for x in edges:
        yield x
        yield -x
    for _ in range(count):
        kind = rng.randrange(8)
        if kind < 4:
            yield struct.unpack("<d", rng.randbytes(8))[0]
        elif kind == 4:
            yield rng.randrange(-10**6, 10**6) / 10 ** rng.randrange(8)
        elif kind == 5:
            yield float(rng.getrandbits(rng.randrange(1, 80)))
        elif kind == 6:
            yield rng.uniform(-1000, 1000)
        else:
            yield rng.randrange(1 << 20) / 2.0 ** rng.randrange(40)


def oracle_format(x: float, kind: str, precision: int, flags: int) -> str:
    api = ctypes.pythonapi
    api.PyOS_double_to_string.restype = ctypes.c_void_p
    api.PyOS_double_to_string.argtypes = [ctypes.c_double, ctypes.c_char, ctypes.c_int, ctypes.c_int, ctypes.c_void_p]
    api.PyMem_Free.argtypes = [ctypes.c_void_p]
    block = api.PyOS_double_to_string(x, kind.encode(), precision, flags, None)
    text = ctypes.string_at(block).decode()
    api.PyMem_Free(block)
    return text


def check_repr(library: FloatRepr, x: float) -> None:
    text = repr(x)
    assert library.repr(x) == text
    assert same(library.parse(text), float(text))
    assert library.hex(x) == x.hex()


def check_formats(library: FloatRepr, rng: random.Random, x: float) -> None:
    for kind in "efg":
        precision = rng.choice((0, 1, 2, 3, 6, 6, 10, 15, 16, 17, 18, 20, 25, rng.randrange(60)))
        for flags in (0, rng.randrange(8)):
            shown = kind.upper() if rng.random() < 0.1 else kind
            assert library.format(x, shown, precision, flags) == oracle_format(x, shown, precision, flags), (x, shown)
    flags = rng.randrange(8)
    assert library.format(x, "r", 0, flags) == oracle_format(x, "r", 0, flags)


def test_generated_table_is_current() -> None:
    command = [sys.executable, "-m", "minivm.spec.pow5", "--check"]
    subprocess.run(command, cwd=leaf_build.ROOT / "vm", check=True)


def test_repr(library: FloatRepr) -> None:
    for x in doubles(1, 1_000_000):
        assert library.repr(x) == repr(x)


def test_repr_neighbours(library: FloatRepr) -> None:
    """Every power of two at full density of significands next to it, subnormals by their first thousands."""
    for bits in range(1, 5000):
        x = struct.unpack("<d", struct.pack("<Q", bits))[0]
        assert library.repr(x) == repr(x)
    for field in range(1, 2047):
        for low in (*range(6), *range(2**52 - 6, 2**52)):
            x = struct.unpack("<d", struct.pack("<Q", field << 52 | low))[0]
            assert library.repr(x) == repr(x)


def test_parse_and_hex(library: FloatRepr) -> None:
    for x in doubles(2, 100_000):
        check_repr(library, x)


def test_formats(library: FloatRepr) -> None:
    rng = random.Random(3)
    for x in doubles(3, 25_000):
        check_formats(library, rng, x)


@pytest.mark.parametrize("precision", [0, 22, 23, 308, 309, 310, 700, 766, 767, 768, 1073, 1074, 1075, 1100, 3000])
def test_long_precision(library: FloatRepr, precision: int) -> None:
    rng = random.Random(precision)
    cases = (0.0, -0.0, 5e-324, 2.2250738585072011e-308, sys.float_info.max, 0.1, 1e22, math.pi * 1e-300)
    for x in (*cases, rng.random()):
        for kind in "efg":
            for flags in (0, ALT, DOT_0):
                assert library.format(x, kind, precision, flags) == oracle_format(x, kind, precision, flags)


def test_ties(library: FloatRepr) -> None:
    """Exact halves at every place, in formats and in round."""
    rng = random.Random(4)
    for _ in range(20_000):
        places = rng.randrange(0, 12)
        x = (2 * rng.randrange(10 ** rng.randrange(1, 6)) + 1) / 2.0 ** (places + 1)
        for shift in (-1, 0, 1):
            precision = max(0, places + shift)
            for kind in "efg":
                assert library.format(x, kind, precision, 0) == oracle_format(x, kind, precision, 0)
            assert same(library.round(x, places + shift), round(x, places + shift))
        n = float(rng.randrange(10**6) * 5)
        for ndigits in range(-8, 1):
            assert same(library.round(n, ndigits), round(n, ndigits))


def oracle_round(x: float, ndigits: int) -> float | None:
    try:
        return round(x, ndigits)
    except OverflowError:
        return None


def test_round(library: FloatRepr) -> None:
    rng = random.Random(5)
    for x in doubles(5, 20_000):
        top = math.floor(math.log10(abs(x))) if x and math.isfinite(x) else 0
        for ndigits in (rng.randrange(-330, 345), rng.randrange(-3, 18), rng.randrange(-3, 18) - top, -top - 1):
            assert same(library.round(x, ndigits), oracle_round(x, ndigits)), (x, ndigits)
    for ndigits in (2**31, 2**63 - 1, -(2**31), -(2**63)):
        assert same(library.round(-1.5, ndigits), round(-1.5, ndigits))


def oracle_parse(text: str) -> float | None:
    if text != text.strip():
        return None
    try:
        return float(text)
    except ValueError:
        return None


def test_parse_grammar(library: FloatRepr) -> None:
    rng = random.Random(6)
    texts = ["", "+", "-", ".", "+.", "1.", ".1", "1.e5", ".e5", "1e", "1e+", "1e-", "e5", "1e5.", "1..2", "1.2.3",
             "--1", "+-1", "inf", "INF", "-inf", "+Infinity", "infinit", "infinityy", "nan", "-NaN", "nann", "na",
             "0x10", "1_0", "1__0", "_1", "1_", "1_.0", "1._0", "1.0_0", "1e_5", "1e5_", "1e1_0", "1e1__0", "1e-_5",
             "1_e5", "1 ", " 1", "1\0", "\0", "in_f", "1e5e5", "0e999999999999999999999",
             "0.0e-99999999999999999999", "1e999999999999999999999", "1e-999999999999999999999", "-1e400", "-1e-400",
             "1j", "1f", "1d", "٣", "1٣", "0_0", "00012", "1E5"]
    for _ in range(40_000):
        texts.append("".join(rng.choice("0123459..__ee+-") for _ in range(rng.randrange(1, 9))))
    for text in texts:
        expected = None if "٣" in text else oracle_parse(text)
        assert same(library.parse(text), expected), text


def test_parse_values(library: FloatRepr) -> None:
    rng = random.Random(7)
    for _ in range(30_000):
        digits = "".join(rng.choice("0123456789") for _ in range(rng.choice((1, 5, 16, 17, 18, 20, 25, 40))))
        at = rng.randrange(len(digits) + 1)
        exponent = rng.choice((rng.randrange(-30, 30), rng.randrange(-360, 330)))
        text = f"{digits[:at]}.{digits[at:]}e{exponent}"
        assert same(library.parse(text), float(text)), text


def decimal_of(value: Fraction) -> str:
    """The exact numeral of a fraction whose denominator is a power of two."""
    places = value.denominator.bit_length() - 1
    digits = str(value.numerator * 5**places).rjust(places + 1, "0")
    return f"{digits[:len(digits) - places]}.{digits[len(digits) - places:]}"


def test_parse_midpoints(library: FloatRepr) -> None:
    """Midpoints of neighbouring doubles, exact and with one more digit far behind, up to the longest there are."""
    rng = random.Random(8)
    sys.set_int_max_str_digits(0)
    bits = [0, 1, 2**52 - 1, 2**52, 2**53 - 1, 2**53, 0x7FE << 52, (0x7FE << 52) + 1]
    bits += [rng.randrange(0x7FF << 52) for _ in range(300)]
    for low in bits:
        a, b = (struct.unpack("<d", struct.pack("<Q", low + d))[0] for d in (0, 1))
        exact = decimal_of((Fraction(a) + Fraction(b)) / 2)
        zeros = "0" * 900
        for text in (exact, exact + zeros, exact + zeros + "1", "000" + exact, exact[:-1] + "49999" + "9" * 800):
            assert same(library.parse(text), float(text))
        digits, places = exact.replace(".", ""), len(exact) - exact.index(".") - 1
        assert same(library.parse(f"{digits}e-{places}"), float(exact))
    zeros = "0" * 5000
    for text in (f"1{zeros}e-5000", f"0.{zeros}1e5001", "9" * 400, "1" + "0" * 400, "0." + zeros):
        assert same(library.parse(text), float(text))


def oracle_from_hex(text: str) -> float | int:
    try:
        return float.fromhex(text)
    except ValueError:
        return INVALID
    except OverflowError:
        return OVERFLOW


def test_from_hex(library: FloatRepr) -> None:
    rng = random.Random(9)
    texts = ["", " ", "0x", "0x.", ".", "0x.p1", "0x1p", "0x1p+", "0x1.8p0x1", "inf", " -Infinity\n", "nan", "-nan",
             "0xinf", "0x1p1024", "0x1p1023", "0x1.fffffffffffff8p1023", "0x1.fffffffffffff7ffp1023", "0x1p-1075",
             "0x1.1p-1075", "0x1p-1074", "0x1p5000garbage", "0x1p1garbage", "0x0p99999999999999999999",
             "0x1p99999999999999999999", "0x1p-99999999999999999999", "1", "-1", "+0X1P3", "0x1.", "0x.1", "\t0x1\v",
             "0x 1", "0x1 p1", "0x1\0", "1_0", "0x0.8000000000000800000000001p0", "ab.cdefP-3", "0x1..2", "infx",
             "in", "0x1p9223372036854775807", "0x1p-9223372036854775808", "0" * 500 + "1" + "0" * 500 + "p-2000",
             "." + "0" * 500 + "1p2010", "£", "0x£"]
    for _ in range(40_000):
        kind = rng.randrange(3)
        if kind == 0:
            texts.append("".join(rng.choice("01f.p+-x ") for _ in range(rng.randrange(1, 9))))
        else:
            digits = "".join(rng.choice("0018f7") for _ in range(rng.randrange(1, 22)))
            at = rng.randrange(len(digits) + 1)
            exponent = rng.randrange(-1150, 1100) if kind == 1 else rng.randrange(-1090, -1000)
            texts.append(f"{rng.choice(('', '-', '+'))}0x{digits[:at]}.{digits[at:]}p{exponent}")
    for text in texts:
        assert same(library.from_hex(text), oracle_from_hex(text)), text
    for x in doubles(9, 5000):
        assert same(library.from_hex(x.hex()), float.fromhex(x.hex()))


def full(count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        library, rng = FloatRepr(Path(name), []), random.Random(time.time_ns())
        done = 0
        while done < count:
            for x in struct.unpack("<10000d", rng.randbytes(80000)):
                check_repr(library, x)
                check_formats(library, rng, x)
                ndigits = rng.randrange(-20, 20)
                assert same(library.round(x, ndigits), oracle_round(x, ndigits))
            done += 10000
            if done % 100000 == 0:
                print(f"{done} bit patterns agree", flush=True)


def bench() -> None:
    program = r"""
        #include "floatrepr.h"
        #include <stdio.h>
        #include <time.h>
        static double now(void)
        {
            struct timespec t;
            clock_gettime(CLOCK_MONOTONIC, &t);
            return t.tv_sec + t.tv_nsec * 1e-9;
        }
        int main(void) {
            static double x[1000], y[1000]; char out[400]; double z; uint64_t s = 1; size_t len = 0;
            for (int i = 0; i < 1000; i++) { s = s * 6364136223846793005u + 1442695040888963407u;
                x[i] = (double)(s >> 11) / 9007199254740992.0 * 1000; y[i] = (double)(s >> 45) / 100; }
            const char *names[] = {
                "repr of random", "repr of d.dd", ".2f", ".6e", ".10g", ".3g", "parse 17", "parse d.dd"};
            for (int kind = 0; kind < 8; kind++) {
                double best = 1;
                for (int round = 0; round < 200; round++) {
                    double start = now();
                    for (int i = 0; i < 1000; i++) switch (kind) {
                        case 0: len += mv_float_write_repr(x[i], out); break;
                        case 1: len += mv_float_write_repr(y[i], out); break;
                        case 2: len += mv_float_format(x[i], 'f', 2, 0, out); break;
                        case 3: len += mv_float_format(x[i], 'e', 6, 0, out); break;
                        case 4: len += mv_float_format(x[i], 'g', 10, 0, out); break;
                        case 5: len += mv_float_format(x[i], 'g', 3, 0, out); break;
                        case 6: len += mv_float_parse(out, mv_float_write_repr(x[i], out), &z); break;
                        case 7: len += mv_float_parse(out, mv_float_write_repr(y[i], out), &z); break;
                    }
                    double took = (now() - start) / 1000;
                    if (took < best) best = took;
                }
                printf("%-16s %7.1f ns%s\n", names[kind], best * 1e9, kind > 5 ? " with the repr" : "");
            }
            return len == 0;
        }
    """
    with tempfile.TemporaryDirectory() as name:
        target, runtime = Path(name) / "bench", leaf_build.ROOT / "runtime_c"
        sources = [str(runtime / "floatrepr.c"), str(runtime / "float_parse.c")]
        subprocess.run(["gcc", "-O2", "-I", str(runtime), "-o", str(target), "-x", "c", "-", *sources], input=program,
                       text=True, check=True)
        subprocess.run([str(target)], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--full"]:
        full(int(sys.argv[2]) if len(sys.argv) > 2 else 10**6)
    elif sys.argv[1:] == ["--bench"]:
        bench()
