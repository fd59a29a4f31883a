# List: the Tak function, with the lengths of linked lists in the place of its numbers: all pointer chasing, calls and
# recursion. tail() of lists of 15, 10 and 6 elements is a list of 10.
#
# Usage: list.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 1500.

import sys
import time

NAME = "List"
DEFAULT_INNER = 1200


class Element:
    def __init__(self, value, rest):
        self.value = value
        self.rest = rest

    def length(self):
        if self.rest is None:
            return 1
        return 1 + self.rest.length()


def make_list(length):
    if length == 0:
        return None
    return Element(length, make_list(length - 1))


def is_shorter(left, right):
    while right is not None:
        if left is None:
            return True
        left = left.rest
        right = right.rest
    return False


def tail(x, y, z):
    if not is_shorter(y, x):
        return z
    return tail(tail(x.rest, y, z), tail(y.rest, z, x), tail(z.rest, x, y))


def run(inner):
    for _ in range(inner):
        check(tail(make_list(15), make_list(10), make_list(6)).length(), 10)


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
