# Containers: one operation on a large container, `inner` times, by variant: int_in and str_in put keys into a dict,
# int_out and str_out look them up, drop deletes them, append grows a list of ints, grow a list of objects, add a set,
# sort sorts scattered ints and sort_str strings. It measures nothing but that operation, as far as a program can.
#
# Usage: containers.py [iterations] [inner] [steady|whole] [variant]; `steady` shows each iteration's CPU time. Full
# size: 1000000.

import sys
import time

NAME = "containers"
DEFAULT_INNER = 1000000


def scattered(count):
    """Ints below 2 ** 31 in no order, each once."""
    items = []
    x = 1
    for _ in range(count):
        x = x * 16807 % 2147483647
        items.append(x)
    return items


def put(keys):
    table = {}
    for key in keys:
        table[key] = key
    return len(table)


def put_dense(count):
    table = {}
    for key in range(count):
        table[key] = key
    return len(table)


def get(table, keys):
    found = 0
    for key in keys:
        if table[key] is not None:
            found += 1
    return found


def drop(keys):
    table = dict.fromkeys(keys, 0)
    for key in keys:
        del table[key]
    return len(keys) - len(table)


def append(count):
    items = []
    for i in range(count):
        items.append(i)
    return len(items)


def grow(count):
    items = []
    for i in range(count):
        items.append((i,))
    return len(items)


def add(keys):
    found = set()
    for key in keys:
        found.add(key)
    return len(found)


def prepare(variant, count):
    """What the operation takes, made once."""
    if variant in ("append", "grow", "dense"):
        return None
    keys = scattered(count)
    if variant in ("str_in", "str_out", "sort_str"):
        keys = [str(key) for key in keys]
    return dict.fromkeys(keys, 0) if variant.endswith("_out") else keys


def run(variant, inner, prepared):
    if variant in ("int_in", "str_in"):
        done = put(prepared)
    elif variant == "dense":
        done = put_dense(inner)
    elif variant in ("int_out", "str_out"):
        done = get(prepared, prepared)
    elif variant == "drop":
        done = drop(prepared)
    elif variant == "append":
        done = append(inner)
    elif variant == "grow":
        done = grow(inner)
    elif variant == "add":
        done = add(prepared)
    else:
        done = len(sorted(prepared))
    check(done, inner)


def check(actual, expected):
    if actual != expected:
        raise ValueError(NAME + ": expected " + str(expected) + ", got " + str(actual))


def main(argv):
    iterations = int(argv[1]) if len(argv) > 1 else 1
    inner = int(argv[2]) if len(argv) > 2 else DEFAULT_INNER
    steady = len(argv) > 3 and argv[3] == "steady"
    variant = argv[4] if len(argv) > 4 else "int_in"
    prepared = prepare(variant, inner)
    for iteration in range(iterations):
        start = time.process_time_ns() if steady else 0
        run(variant, inner, prepared)
        if steady:
            print(NAME + ": iteration", iteration, time.process_time_ns() - start, "ns")
    print(NAME + ": ok")


if __name__ == "__main__":
    main(sys.argv)
