# Sort: sorts `inner` scattered ints by the list's own sort, by a key, and by a quicksort written out. It measures the
# built-in sort, its calls of a function, and a classic loop of comparisons and exchanges.
#
# Usage: sort.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 300000.

import sys
import time

NAME = "sort"
DEFAULT_INNER = 300000


def scattered(count):
    """Ints from 0 to count - 1, each about once, in no order."""
    items = []
    x = 1
    for _ in range(count):
        x = x * 16807 % 2147483647
        items.append(x % count)
    return items


def quicksort(items, low, high):
    """Sort items[low:high + 1] in place; the shorter part by recursion, the longer one by the loop."""
    while low < high:
        pivot = items[(low + high) // 2]
        i = low
        j = high
        while i <= j:
            while items[i] < pivot:
                i += 1
            while items[j] > pivot:
                j -= 1
            if i <= j:
                items[i], items[j] = items[j], items[i]
                i += 1
                j -= 1
        if j - low < high - i:
            quicksort(items, low, j)
            low = i
        else:
            quicksort(items, i, high)
            high = j


def is_sorted(items):
    for i in range(1, len(items)):
        if items[i - 1] > items[i]:
            return False
    return True


def run(inner):
    items = scattered(inner)
    by_builtin = sorted(items)
    check(is_sorted(by_builtin), True)
    check(sum(by_builtin), sum(items))

    by_key = list(items)
    by_key.sort(key=lambda item: -item)
    by_key.reverse()
    check(by_key == by_builtin, True)

    by_hand = list(items)
    quicksort(by_hand, 0, inner - 1)
    check(by_hand == by_builtin, True)


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
