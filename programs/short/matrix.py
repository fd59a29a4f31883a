"""Determinants and products of small matrices, in whole numbers and in floats."""


def product(a: list[list[float]], b: list[list[float]]) -> list[list[float]]:
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


def determinant(matrix: list[list[float]]) -> float:
    rows = [row[:] for row in matrix]
    size, result = len(rows), 1.0
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        if rows[pivot][i] == 0:
            return 0.0
        if pivot != i:
            rows[i], rows[pivot] = rows[pivot], rows[i]
            result = -result
        result *= rows[i][i]
        for r in range(i + 1, size):
            factor = rows[r][i] / rows[i][i]
            for c in range(i, size):
                rows[r][c] -= factor * rows[i][c]
    return result


def made(size: int, seed: int) -> list[list[float]]:
    return [[(i * 7 + j * 13 + seed) % 11 - 5.0 for j in range(size)] for i in range(size)]


a, b = made(110, 1), made(110, 5)
c = product(a, b)
print(sum(map(sum, c)), c[3][4], c[-1][-1])
for size in (2, 5, 9, 90):
    print(size, f"{determinant([[x + (i == j) * 3 for j, x in enumerate(row)] for i, row in enumerate(made(size, 3))]):.6g}")
