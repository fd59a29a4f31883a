# Queens: places eight queens on a board so that none attacks another, ten times over, by backtracking along the
# columns. Lists of truth values, short methods and early returns.
#
# Usage: queens.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 1000.

import sys
import time

NAME = "Queens"
DEFAULT_INNER = 800


class Board:
    def __init__(self):
        self.free_rows = [True] * 8
        self.free_rising = [True] * 16
        self.free_falling = [True] * 16
        self.columns = [-1] * 8

    def place(self, column):
        """Place a queen in this column and in all after it; false if it cannot be done."""
        for row in range(8):
            if self.is_free(row, column):
                self.columns[row] = column
                self.mark(row, column, False)
                if column == 7 or self.place(column + 1):
                    return True
                self.mark(row, column, True)
        return False

    def is_free(self, row, column):
        return self.free_rows[row] and self.free_rising[column + row] and self.free_falling[column - row + 7]

    def mark(self, row, column, free):
        self.free_rows[row] = free
        self.free_rising[column + row] = free
        self.free_falling[column - row + 7] = free


def queens():
    solved = True
    for _ in range(10):
        solved = solved and Board().place(0)
    return solved


def run(inner):
    for _ in range(inner):
        check(queens(), True)


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
