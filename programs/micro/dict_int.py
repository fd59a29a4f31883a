# Dict with ints: puts `inner` scattered int keys into a dict, then looks each of them up. It measures insertion,
# growth and lookup.
#
# Usage: dict_int.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 1000000.

import sys
import time

NAME = "dict_int"
DEFAULT_INNER = 1000000


def put_all(count):
    table = {}
    key = 1
    for i in range(count):
        key = key * 16807 % 2147483647
        table[key] = i
    return table


def get_all(table, count):
    total = 0
    key = 1
    for _ in range(count):
        key = key * 16807 % 2147483647
        total += table[key]
    return total


def run(inner):
    # The generator has its full period, so that no key comes twice.
    table = put_all(inner)
    check(len(table), inner)
    check(get_all(table, inner), inner * (inner - 1) // 2)


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
