"""Sizes beyond all memory: each such request raises MemoryError, however many there were before it."""


def ask(f):
    for _ in range(4):
        try:
            print(type(f()))
        except (MemoryError, OverflowError, ValueError) as problem:
            print(type(problem).__name__, problem)


for f in (
    lambda: "a".ljust(1 << 61), lambda: format(3, str(1 << 61)), lambda: "a" * (1 << 61), lambda: [1] * (1 << 61), lambda: (1,) * (1 << 61),
    lambda: "a".center((1 << 63) - 1), lambda: "%*d" % (1 << 62, 3), lambda: "a".zfill(1 << 62), lambda: list(range(1 << 62)),
    lambda: [1, 2] * (1 << 62), lambda: 1 << (1 << 62), lambda: "\u00e9".rjust(1 << 62), lambda: 3 << (1 << 70),
    lambda: format("a", str((1 << 63) - 1)), lambda: f"{2.5:{1 << 62}}", lambda: "ab" * ((1 << 63) - 1), lambda: "a".ljust(1 << 63),
):
    ask(f)
