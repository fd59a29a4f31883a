# Towers: the towers of Hanoi. Thirteen disks move from one pile to another in 8191 moves; a bigger disk below them
# stays. Recursion and linked lists of small objects.
#
# Usage: towers.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 600.

import sys
import time

NAME = "Towers"
DEFAULT_INNER = 300

DISKS = 13


class Disk:
    def __init__(self, size):
        self.size = size
        self.below = None


class Towers:
    def __init__(self, disks):
        self.tops = [None] * 3
        self.moves = 0
        for size in range(disks, -1, -1):
            self.push(Disk(size), 0)

    def push(self, disk, pile):
        top = self.tops[pile]
        if top is not None and disk.size >= top.size:
            raise ValueError("a disk cannot lie on a smaller one")
        disk.below = top
        self.tops[pile] = disk

    def pop(self, pile):
        top = self.tops[pile]
        if top is None:
            raise ValueError("there is no disk on this pile")
        self.tops[pile] = top.below
        top.below = None
        return top

    def move_top(self, source, target):
        self.push(self.pop(source), target)
        self.moves += 1

    def move(self, disks, source, target):
        if disks == 1:
            self.move_top(source, target)
        else:
            spare = 3 - source - target
            self.move(disks - 1, source, spare)
            self.move_top(source, target)
            self.move(disks - 1, spare, target)


def run(inner):
    for _ in range(inner):
        towers = Towers(DISKS)
        towers.move(DISKS, 0, 1)
        check(towers.moves, 8191)


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
