"""Game of Life on a set of living cells."""


def step(alive: set[tuple[int, int]]) -> set[tuple[int, int]]:
    neighbours: dict[tuple[int, int], int] = {}
    for x, y in alive:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    cell = (x + dx, y + dy)
                    neighbours[cell] = neighbours.get(cell, 0) + 1
    return {cell for cell, count in neighbours.items() if count == 3 or count == 2 and cell in alive}


cells = {(1, 0), (2, 0), (0, 1), (1, 1), (1, 2)}     # the R-pentomino
for generation in range(301):
    if generation % 50 == 0:
        print(generation, len(cells), min(cells), max(cells))
    cells = step(cells)
low, high = min(y for x, y in cells), max(y for x, y in cells)
for y in range(low, high + 1):
    print("".join("#" if (x, y) in cells else "." for x in range(-20, 30)))
