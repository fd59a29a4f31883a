# Binary trees: keeps one tree of depth `inner` alive while it makes, walks and drops many smaller ones. It measures
# allocation and the collection of both short-lived and long-lived objects.
#
# Usage: binary_trees.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 16.

import sys
import time

NAME = "binary_trees"
DEFAULT_INNER = 14

MIN_DEPTH = 4


class Tree:
    def __init__(self, left, right):
        self.left = left
        self.right = right

    def count(self):
        if self.left is None:
            return 1
        return 1 + self.left.count() + self.right.count()


def grow(depth):
    if depth == 0:
        return Tree(None, None)
    return Tree(grow(depth - 1), grow(depth - 1))


def run(inner):
    lasting = grow(inner)
    for depth in range(MIN_DEPTH, inner + 1, 2):
        trees = 1 << (inner - depth + MIN_DEPTH)
        nodes = 0
        for _ in range(trees):
            nodes += grow(depth).count()
        check(nodes, trees * ((2 << depth) - 1))
    check(lasting.count(), (2 << inner) - 1)


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
