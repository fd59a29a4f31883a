# Sieve: marks the multiples of all primes below `inner` in one list. It measures a loop of list stores over more
# memory than the caches hold.
#
# Usage: sieve_micro.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 5000000.

import sys
import time

NAME = "sieve_micro"
DEFAULT_INNER = 5000000

# The number of primes below a size.
EXPECTED = {10: 4, 1000: 168, 100000: 9592, 1000000: 78498, 2000000: 148933, 5000000: 348513}


def count_primes(size):
    is_prime = [True] * size
    primes = 0
    for number in range(2, size):
        if is_prime[number]:
            primes += 1
            for multiple in range(number * number, size, number):
                is_prime[multiple] = False
    return primes


def run(inner):
    check_size(inner, count_primes(inner))


def check(actual, expected):
    if actual != expected:
        raise ValueError(NAME + ": expected " + str(expected) + ", got " + str(actual))


def check_size(size, result):
    """Check a result whose expected value is known for some sizes only; for others, show it."""
    if size in EXPECTED:
        check(result, EXPECTED[size])
    else:
        print(NAME + ": size", size, "gives", result)


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
