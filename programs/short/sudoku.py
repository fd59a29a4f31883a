"""Solves a Sudoku by trying the cell with the fewest choices first."""

PUZZLE = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
HARD = "..............3.85..1.2.......5.7.....4...1...9.......5......73..2.1........4...9"


def peers(cell: int) -> set[int]:
    row, column = divmod(cell, 9)
    box = row // 3 * 27 + column // 3 * 3
    found = {row * 9 + i for i in range(9)} | {i * 9 + column for i in range(9)}
    found |= {box + i // 3 * 9 + i % 3 for i in range(9)}
    return found - {cell}


PEERS = [sorted(peers(cell)) for cell in range(81)]


class Solver:
    def __init__(self, puzzle: str) -> None:
        self.cells = [0 if c == "." else int(c) for c in puzzle]
        self.tried = 0

    def choices(self, cell: int) -> list[int]:
        used = [False] * 10
        for peer in PEERS[cell]:
            used[self.cells[peer]] = True
        return [value for value in range(1, 10) if not used[value]]

    def solve(self, limit: int) -> bool:
        best, best_choices = -1, list(range(10))
        for cell in range(81):
            if self.cells[cell] == 0:
                choices = self.choices(cell)
                if len(choices) < len(best_choices):
                    best, best_choices = cell, choices
                    if len(choices) <= 1:
                        break
        if best < 0:
            return True
        for value in best_choices:
            self.tried += 1
            if self.tried > limit:
                return False
            self.cells[best] = value
            if self.solve(limit):
                return True
        self.cells[best] = 0
        return False


for puzzle, limit in ((PUZZLE, 10000), (HARD, 18000)):
    solver = Solver(puzzle)
    print(solver.solve(limit), solver.tried)
    for row in range(9):
        print("".join(map(str, solver.cells[row * 9:row * 9 + 9])))
