# Sieve: the sieve of Eratosthenes up to 5000; there are 669 primes. One list of truth values and two loops.
#
# Usage: sieve.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 3000.

import sys
import time

NAME = "Sieve"
DEFAULT_INNER = 1200

LIMIT = 5000


class Sieve:
    def __init__(self, limit):
        self.limit = limit
        self.flags = [True] * limit

    def count_primes(self):
        flags = self.flags
        limit = self.limit
        primes = 0
        for number in range(2, limit + 1):
            if flags[number - 1]:
                primes += 1
                multiple = number + number
                while multiple <= limit:
                    flags[multiple - 1] = False
                    multiple += number
        return primes


def run(inner):
    for _ in range(inner):
        check(Sieve(LIMIT).count_primes(), 669)


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
