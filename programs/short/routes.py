"""Shortest routes in a grid of streets by Dijkstra's algorithm, with a heap of its own."""


class Heap:
    def __init__(self) -> None:
        self.items: list[tuple[int, int]] = []

    def push(self, item: tuple[int, int]) -> None:
        items = self.items
        items.append(item)
        at = len(items) - 1
        while at:
            parent = (at - 1) // 2
            if items[parent] <= item:
                break
            items[at] = items[parent]
            at = parent
        items[at] = item

    def pop(self) -> tuple[int, int]:
        items = self.items
        first, last = items[0], items.pop()
        if items:
            at, size = 0, len(items)
            while 2 * at + 1 < size:
                child = 2 * at + 1
                if child + 1 < size and items[child + 1] < items[child]:
                    child += 1
                if last <= items[child]:
                    break
                items[at] = items[child]
                at = child
            items[at] = last
        return first


def routes(size: int, start: int) -> list[int]:
    far = 1 << 30
    distance = [far] * (size * size)
    distance[start] = 0
    heap = Heap()
    heap.push((0, start))
    while heap.items:
        length, at = heap.pop()
        if length > distance[at]:
            continue
        x, y = at % size, at // size
        for nx, ny in ((x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)):
            if 0 <= nx < size and 0 <= ny < size:
                to = ny * size + nx
                longer = length + (at * 31 + to * 17) % 9 + 1
                if longer < distance[to]:
                    distance[to] = longer
                    heap.push((longer, to))
    return distance


found = routes(180, 0)
print(found[-1], max(found), sum(found))
