# Storage: grows a tree of lists, four children to a node and seven levels deep, with leaves of random length. The
# result is the number of lists made, 5461. It measures allocation and collection.
#
# Usage: storage.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 1000.

import sys
import time

NAME = "Storage"
DEFAULT_INNER = 300


class Random:
    """A 16-bit linear congruential generator: the same numbers in every language."""

    def __init__(self):
        self.seed = 74755

    def next(self):
        self.seed = (self.seed * 1309 + 13849) & 65535
        return self.seed


class Forester:
    def __init__(self):
        self.count = 0
        self.random = Random()

    def grow(self, depth):
        self.count += 1
        if depth == 1:
            return [None] * (self.random.next() % 10 + 1)
        node = [None] * 4
        for i in range(4):
            node[i] = self.grow(depth - 1)
        return node


def run(inner):
    for _ in range(inner):
        forester = Forester()
        forester.grow(7)
        check(forester.count, 5461)


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
