# Lcg: `inner` steps of a linear congruential generator whose products need 46 bits. It measures multiplication and
# remainder in a loop.
#
# Usage: lcg.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 10000000.

import sys
import time

NAME = "lcg"
DEFAULT_INNER = 5000000

# The last number, by the number of steps.
EXPECTED = {10: 522489383, 1000000: 105430510, 5000000: 54497546, 10000000: 465612701}


def lcg(steps):
    x = 1
    for i in range(steps):
        x = (x * 16807 + i) % 2147483647
    return x


def run(inner):
    check_size(inner, lcg(inner))


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
