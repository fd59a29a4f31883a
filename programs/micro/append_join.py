# Append and join: turns `inner` ints into strings, appends them to a list and joins the list. It measures growing a
# list and making many small strings.
#
# Usage: append_join.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 1000000.

import sys
import time

NAME = "append_join"
DEFAULT_INNER = 1000000


def append_join(count):
    pieces = []
    for i in range(count):
        pieces.append(str(i))
    return "".join(pieces)


def digits_below(count):
    """The digits needed to write all numbers from 0 to count - 1."""
    total = 0
    width = 1
    low = 0
    high = 10
    while low < count:
        total += (min(high, count) - low) * width
        width += 1
        low = high
        high *= 10
    return total


def run(inner):
    text = append_join(inner)
    check(len(text), digits_below(inner))
    check(text[:11], "01234567891"[:len(text)])


def check(actual, expected):
    if actual != expected:
        raise ValueError(NAME + ": expected " + str(expected) + ", got " + str(actual))


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
