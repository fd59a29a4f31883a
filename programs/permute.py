# Permute: walks through all orders of six elements by exchanging pairs in place. The result is the number of calls of
# the recursive walk, 8660. Recursion, method calls and list stores.
#
# Usage: permute.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 1000.

import sys
import time

NAME = "Permute"
DEFAULT_INNER = 400


class Permuter:
    def __init__(self, size):
        self.calls = 0
        self.items = list(range(size))

    def walk(self, n):
        self.calls += 1
        if n != 0:
            last = n - 1
            self.walk(last)
            for i in range(last, -1, -1):
                self.swap(last, i)
                self.walk(last)
                self.swap(last, i)

    def swap(self, i, j):
        items = self.items
        kept = items[i]
        items[i] = items[j]
        items[j] = kept


def run(inner):
    for _ in range(inner):
        permuter = Permuter(6)
        permuter.walk(6)
        check(permuter.calls, 8660)


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
