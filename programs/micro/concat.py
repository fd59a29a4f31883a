# Concat: builds a string by adding `inner` pieces of one to three letters at its end, one after the other. There are
# two variants.
#
# `sole`: the string is a local variable that nothing else refers to. CPython can then lengthen it in place: linear
# time. `shared`: the string is an attribute, and the object keeps a second reference to the latest one. CPython
# copies it each time: quadratic time, 98 s for a million pieces. The default size is small for this reason.
#
# Usage: concat.py [iterations] [inner] [steady|whole] [sole|shared]; both variants unless one is named. `steady`
# shows each iteration's CPU time. Full size: 1000000.

import sys
import time

NAME = "concat"
DEFAULT_INNER = 100000

PIECES = ["a", "bc", "def", "g"]


def concat_sole(count):
    text = ""
    for i in range(count):
        text += PIECES[i & 3]
    return text


class Journal:
    def __init__(self):
        self.text = ""
        self.latest = ""

    def write(self, piece):
        self.text += piece
        self.latest = self.text


def concat_shared(count):
    journal = Journal()
    for i in range(count):
        journal.write(PIECES[i & 3])
    return journal.latest


def run(inner, variant):
    expected = ("abcdefg" * (inner // 4 + 1))[:inner // 4 * 7 + [0, 1, 3, 6][inner % 4]]
    if variant != "shared":
        check(concat_sole(inner) == expected, True)
    if variant != "sole":
        check(concat_shared(inner) == expected, True)


def check(actual, expected):
    if actual != expected:
        raise ValueError(NAME + ": expected " + str(expected) + ", got " + str(actual))


def main(argv):
    iterations = int(argv[1]) if len(argv) > 1 else 1
    inner = int(argv[2]) if len(argv) > 2 else DEFAULT_INNER
    steady = len(argv) > 3 and argv[3] == "steady"
    variant = argv[4] if len(argv) > 4 else ""
    for iteration in range(iterations):
        start = time.process_time_ns() if steady else 0
        run(inner, variant)
        if steady:
            print(NAME + ": iteration", iteration, time.process_time_ns() - start, "ns")
    print(NAME + ": ok")


if __name__ == "__main__":
    main(sys.argv)
