# Bounce: a hundred balls fly through a square box for fifty steps and are turned back at its walls. The result is the
# number of steps at which some ball met a wall. Each of the `inner` rounds starts from the same seed, so each must
# count 1331.
#
# Usage: bounce.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 1500.

import sys
import time

NAME = "Bounce"
DEFAULT_INNER = 600

BOX = 500
BALLS = 100
STEPS = 50


class Random:
    """A 16-bit linear congruential generator: the same numbers in every language."""

    def __init__(self):
        self.seed = 74755

    def next(self):
        self.seed = (self.seed * 1309 + 13849) & 65535
        return self.seed


class Ball:
    def __init__(self, random):
        self.x = random.next() % BOX
        self.y = random.next() % BOX
        self.dx = random.next() % 300 - 150
        self.dy = random.next() % 300 - 150

    def move(self):
        """Take one step; true if a wall was in the way."""
        self.x += self.dx
        self.y += self.dy
        hit = False
        if self.x > BOX:
            self.x = BOX
            self.dx = -abs(self.dx)
            hit = True
        if self.x < 0:
            self.x = 0
            self.dx = abs(self.dx)
            hit = True
        if self.y > BOX:
            self.y = BOX
            self.dy = -abs(self.dy)
            hit = True
        if self.y < 0:
            self.y = 0
            self.dy = abs(self.dy)
            hit = True
        return hit


def count_bounces():
    random = Random()
    balls = [None] * BALLS
    for i in range(BALLS):
        balls[i] = Ball(random)
    bounces = 0
    for _ in range(STEPS):
        for ball in balls:
            if ball.move():
                bounces += 1
    return bounces


def run(inner):
    for _ in range(inner):
        check(count_bounces(), 1331)


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
