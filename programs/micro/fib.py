# Fib: the Fibonacci number of `inner` by double recursion. It measures calls, comparisons and additions of small ints.
#
# Usage: fib.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 32.

import sys
import time

NAME = "fib"
DEFAULT_INNER = 32


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def fib_by_loop(n):
    a = 0
    b = 1
    for _ in range(n):
        a, b = b, a + b
    return a


def run(inner):
    check(fib(inner), fib_by_loop(inner))


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
