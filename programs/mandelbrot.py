# Mandelbrot: decides for each pixel of an inner x inner picture whether it escapes within fifty rounds, packs eight
# pixels into a byte and folds all bytes together by exclusive or. Nothing but floats and small ints in one nest of
# loops.
#
# Usage: mandelbrot.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 500.

import sys
import time

NAME = "Mandelbrot"
DEFAULT_INNER = 500

# The picture's bytes folded, by its size.
EXPECTED = {1: 128, 500: 191, 750: 50}


def mandelbrot(size):
    folded = 0
    byte = 0
    bits = 0
    for y in range(size):
        ci = 2.0 * y / size - 1.0
        for x in range(size):
            cr = 2.0 * x / size - 1.5
            zi = 0.0
            zr_squared = 0.0
            zi_squared = 0.0
            escaped = 0
            for _ in range(50):
                zr = zr_squared - zi_squared + cr
                zi = 2.0 * zr * zi + ci
                zr_squared = zr * zr
                zi_squared = zi * zi
                if zr_squared + zi_squared > 4.0:
                    escaped = 1
                    break
            byte = (byte << 1) + escaped
            bits += 1
            if bits == 8:
                folded ^= byte
                byte = 0
                bits = 0
            elif x == size - 1:
                folded ^= byte << (8 - bits)
                byte = 0
                bits = 0
    return folded


def run(inner):
    check_size(inner, mandelbrot(inner))


def check(actual, expected):
    if actual != expected:
        raise ValueError(NAME + ": expected " + str(expected) + ", got " + str(actual))


def check_size(size, result):
    """Check a result whose expected value is known for some sizes only; for others, show it."""
    if size in EXPECTED:
        check(result, EXPECTED[size])
    else:
        print(NAME + ": size", size, "gives", result)


def main(argv):
    iterations = int(argv[1]) if len(argv) > 1 else 1
    inner = int(argv[2]) if len(argv) > 2 else DEFAULT_INNER
    steady = len(argv) > 3 and argv[3] == "steady"
    for iteration in range(iterations):
        start = time.process_time_ns() if steady else 0
        run(inner)
        if steady:
            print(NAME + ": iteration", iteration, time.process_time_ns() - start, "ns")
    print(NAME + ": ok")


if __name__ == "__main__":
    main(sys.argv)
