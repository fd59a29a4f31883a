# Method calls: `inner` calls of one method at one place, on objects of 1, 2, 4 or 8 classes that take turns. It
# measures how an inline cache fares as its place sees more classes.
#
# Usage: method_calls.py [iterations] [inner] [steady|whole] [1|2|4|8]; all four unless a number of classes is named.
# `steady` shows each iteration's CPU time. Full size: 10000000.

import sys
import time

NAME = "method_calls"
DEFAULT_INNER = 3000000


class A:
    def add(self, n):
        return n + 1


class B:
    def add(self, n):
        return n + 2


class C:
    def add(self, n):
        return n + 3


class D:
    def add(self, n):
        return n + 4


class E:
    def add(self, n):
        return n + 5


class F:
    def add(self, n):
        return n + 6


class G:
    def add(self, n):
        return n + 7


class H:
    def add(self, n):
        return n + 8


def objects(classes):
    """Eight objects, of the first so many of the eight classes by turns."""
    kinds = [A, B, C, D, E, F, G, H]
    result = []
    for i in range(8):
        result.append(kinds[i % classes]())
    return result


# One function for each number of classes, so that each has call sites of its own.
def call_1(receivers, rounds):
    total = 0
    for _ in range(rounds):
        for receiver in receivers:
            total = receiver.add(total)
    return total


def call_2(receivers, rounds):
    total = 0
    for _ in range(rounds):
        for receiver in receivers:
            total = receiver.add(total)
    return total


def call_4(receivers, rounds):
    total = 0
    for _ in range(rounds):
        for receiver in receivers:
            total = receiver.add(total)
    return total


def call_8(receivers, rounds):
    total = 0
    for _ in range(rounds):
        for receiver in receivers:
            total = receiver.add(total)
    return total


def run(inner, variant):
    rounds = inner // 8
    if variant == "" or variant == "1":
        check(call_1(objects(1), rounds), rounds * 8)
    if variant == "" or variant == "2":
        check(call_2(objects(2), rounds), rounds * 12)
    if variant == "" or variant == "4":
        check(call_4(objects(4), rounds), rounds * 20)
    if variant == "" or variant == "8":
        check(call_8(objects(8), rounds), rounds * 36)


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
