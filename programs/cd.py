# CD, the collision detector: `inner` aircraft fly for two hundred frames. Each frame, a first pass sorts their
# motions into a grid kept in a red-black tree, and a second pass looks in each cell for pairs that come too near. The
# result is the number of collisions over all frames. Many small vectors, trees with keys that compare themselves, and
# float arithmetic.
#
# The sine and cosine of the simulation are worked out here, once a frame, so that the program needs no other module.
#
# Usage: cd.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 250.

import sys
import time

NAME = "CD"
DEFAULT_INNER = 100

# Collisions by the number of aircraft.
EXPECTED = {10: 390, 100: 4305, 200: 8655, 250: 10830, 500: 14484, 1000: 14484}

FRAMES = 200

MIN_X = 0.0
MIN_Y = 0.0
MIN_Z = 0.0
MAX_X = 1000.0
MAX_Y = 1000.0
MAX_Z = 10.0
PROXIMITY_RADIUS = 1.0
CELL_SIZE = PROXIMITY_RADIUS * 2.0
TWO_PI = 6.283185307179586


def sine(angle):
    """The sine of a moderate angle in radians, by its power series."""
    angle -= TWO_PI * int(angle / TWO_PI)
    term = angle
    total = angle
    for n in range(2, 40, 2):
        term *= -angle * angle / (n * (n + 1))
        total += term
    return total


def cosine(angle):
    return sine(angle + TWO_PI / 4.0)


class Vector:
    """A sequence that grows at its end."""

    def __init__(self, capacity=50):
        self.storage = [None] * capacity
        self.count = 0

    def append(self, item):
        if self.count == len(self.storage):
            self.storage = self.storage + [None] * self.count
        self.storage[self.count] = item
        self.count += 1

    def at(self, index):
        return self.storage[index]

    def size(self):
        return self.count

    def for_each(self, action):
        storage = self.storage
        for i in range(self.count):
            action(storage[i])


RED = 0
BLACK = 1


class Node:
    def __init__(self, key, value):
        self.key = key
        self.value = value
        self.left = None
        self.right = None
        self.parent = None
        self.color = RED


class Insertion:
    """What put() did: whether the key is new, and its node."""

    def __init__(self, is_new, node):
        self.is_new = is_new
        self.node = node


class Entry:
    """A key and its value, as for_each() hands them out."""

    def __init__(self, key, value):
        self.key = key
        self.value = value


def leftmost(node):
    while node.left is not None:
        node = node.left
    return node


def successor(node):
    if node.right is not None:
        return leftmost(node.right)
    parent = node.parent
    while parent is not None and node is parent.right:
        node = parent
        parent = parent.parent
    return parent


class RedBlackTree:
    """An ordered map. A key k is ordered by k.compare_to(other): below, equal to or above zero."""

    def __init__(self):
        self.root = None

    def find(self, key):
        node = self.root
        while node is not None:
            order = key.compare_to(node.key)
            if order == 0:
                return node
            node = node.left if order < 0 else node.right
        return None

    def get(self, key):
        node = self.find(key)
        if node is None:
            return None
        return node.value

    def put(self, key, value):
        """Set a key's value; the value it had before, or None."""
        insertion = self.insert(key, value)
        node = insertion.node
        if not insertion.is_new:
            before = node.value
            node.value = value
            return before
        self.repair_insertion(node)
        return None

    def insert(self, key, value):
        """Find a key's node, or hang a red one where it belongs."""
        parent = None
        node = self.root
        order = 0
        while node is not None:
            order = key.compare_to(node.key)
            if order == 0:
                return Insertion(False, node)
            parent = node
            node = node.left if order < 0 else node.right
        fresh = Node(key, value)
        fresh.parent = parent
        if parent is None:
            self.root = fresh
        elif order < 0:
            parent.left = fresh
        else:
            parent.right = fresh
        return Insertion(True, fresh)

    def repair_insertion(self, node):
        """Push a red node with a red parent up the tree until no such pair is left."""
        while node is not self.root and node.parent.color == RED:
            parent = node.parent
            grand = parent.parent
            parent_is_left = parent is grand.left
            uncle = grand.right if parent_is_left else grand.left
            if uncle is not None and uncle.color == RED:
                parent.color = BLACK
                uncle.color = BLACK
                grand.color = RED
                node = grand
            elif parent_is_left:
                if node is parent.right:
                    node = parent
                    self.rotate_left(node)
                node.parent.color = BLACK
                grand.color = RED
                self.rotate_right(grand)
            else:
                if node is parent.left:
                    node = parent
                    self.rotate_right(node)
                node.parent.color = BLACK
                grand.color = RED
                self.rotate_left(grand)
        self.root.color = BLACK

    def remove(self, key):
        """Take a key out; the value it had, or None."""
        node = self.find(key)
        if node is None:
            return None
        spliced = node
        if node.left is not None and node.right is not None:
            spliced = successor(node)
        child = spliced.left if spliced.left is not None else spliced.right
        parent = spliced.parent
        self.replace(spliced, child)
        if spliced.color == BLACK:
            self.repair_removal(child, parent)
        if spliced is not node:
            # The spliced node moves to the place of the one removed, so that nodes held elsewhere keep their key.
            self.replace(node, spliced)
            spliced.color = node.color
            spliced.left = node.left
            spliced.right = node.right
            if spliced.left is not None:
                spliced.left.parent = spliced
            if spliced.right is not None:
                spliced.right.parent = spliced
        return node.value

    def replace(self, node, other):
        """Hang `other` where `node` hangs now."""
        parent = node.parent
        if other is not None:
            other.parent = parent
        if parent is None:
            self.root = other
        elif node is parent.left:
            parent.left = other
        else:
            parent.right = other

    def repair_removal(self, node, parent):
        """Make good for the black node missing on the way to `node`, a child of `parent` that may be None."""
        while node is not self.root and (node is None or node.color == BLACK):
            if node is parent.left:
                sibling = parent.right
                if sibling.color == RED:
                    sibling.color = BLACK
                    parent.color = RED
                    self.rotate_left(parent)
                    sibling = parent.right
                if is_black(sibling.left) and is_black(sibling.right):
                    sibling.color = RED
                    node = parent
                    parent = node.parent
                else:
                    if is_black(sibling.right):
                        sibling.left.color = BLACK
                        sibling.color = RED
                        self.rotate_right(sibling)
                        sibling = parent.right
                    sibling.color = parent.color
                    parent.color = BLACK
                    sibling.right.color = BLACK
                    self.rotate_left(parent)
                    node = self.root
            else:
                sibling = parent.left
                if sibling.color == RED:
                    sibling.color = BLACK
                    parent.color = RED
                    self.rotate_right(parent)
                    sibling = parent.left
                if is_black(sibling.left) and is_black(sibling.right):
                    sibling.color = RED
                    node = parent
                    parent = node.parent
                else:
                    if is_black(sibling.left):
                        sibling.right.color = BLACK
                        sibling.color = RED
                        self.rotate_left(sibling)
                        sibling = parent.left
                    sibling.color = parent.color
                    parent.color = BLACK
                    sibling.left.color = BLACK
                    self.rotate_right(parent)
                    node = self.root
        if node is not None:
            node.color = BLACK

    def rotate_left(self, node):
        riser = node.right
        node.right = riser.left
        if riser.left is not None:
            riser.left.parent = node
        self.replace(node, riser)
        riser.left = node
        node.parent = riser

    def rotate_right(self, node):
        riser = node.left
        node.left = riser.right
        if riser.right is not None:
            riser.right.parent = node
        self.replace(node, riser)
        riser.right = node
        node.parent = riser

    def for_each(self, action):
        """Call action(entry) in the order of the keys."""
        if self.root is None:
            return
        node = leftmost(self.root)
        while node is not None:
            action(Entry(node.key, node.value))
            node = successor(node)


def is_black(node):
    return node is None or node.color == BLACK


def compare_numbers(a, b):
    if a == b:
        return 0
    if a < b:
        return -1
    return 1


class Vector2D:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def plus(self, other):
        return Vector2D(self.x + other.x, self.y + other.y)

    def minus(self, other):
        return Vector2D(self.x - other.x, self.y - other.y)

    def compare_to(self, other):
        order = compare_numbers(self.x, other.x)
        if order != 0:
            return order
        return compare_numbers(self.y, other.y)


class Vector3D:
    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def plus(self, other):
        return Vector3D(self.x + other.x, self.y + other.y, self.z + other.z)

    def minus(self, other):
        return Vector3D(self.x - other.x, self.y - other.y, self.z - other.z)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def squared_magnitude(self):
        return self.dot(self)

    def magnitude(self):
        return self.squared_magnitude() ** 0.5

    def times(self, factor):
        return Vector3D(self.x * factor, self.y * factor, self.z * factor)


class CallSign:
    def __init__(self, value):
        self.value = value

    def compare_to(self, other):
        return compare_numbers(self.value, other.value)


class Aircraft:
    def __init__(self, call_sign, position):
        self.call_sign = call_sign
        self.position = position


class Collision:
    def __init__(self, aircraft_a, aircraft_b, position):
        self.aircraft_a = aircraft_a
        self.aircraft_b = aircraft_b
        self.position = position


class Motion:
    """An aircraft's way from one frame's position to the next one's."""

    def __init__(self, call_sign, start, end):
        self.call_sign = call_sign
        self.start = start
        self.end = end

    def delta(self):
        return self.end.minus(self.start)

    def find_intersection(self, other):
        """Where the two aircraft come within the radius of each other during the frame, or None."""
        start_a = self.start
        start_b = other.start
        way_a = self.delta()
        way_b = other.delta()
        radius = PROXIMITY_RADIUS

        # The squared distance is a * t * t + b * t + c + radius * radius, t running from 0 to 1 over the frame.
        a = way_b.minus(way_a).squared_magnitude()
        if a == 0.0:
            # Equal velocities: the distance never changes.
            if start_b.minus(start_a).magnitude() <= radius:
                return start_a.plus(start_b).times(0.5)
            return None

        b = 2.0 * start_a.minus(start_b).dot(way_a.minus(way_b))
        c = start_b.minus(start_a).squared_magnitude() - radius * radius
        discriminant = b * b - 4.0 * a * c
        if discriminant < 0.0:
            return None
        root = discriminant ** 0.5
        enter = (-b - root) / (2.0 * a)
        leave = (-b + root) / (2.0 * a)
        if enter > leave or leave < 0.0 or enter > 1.0:
            return None
        moment = enter if enter > 0.0 else 0.0
        place_a = start_a.plus(way_a.times(moment))
        place_b = start_b.plus(way_b.times(moment))
        place = place_a.plus(place_b).times(0.5)
        if (MIN_X <= place.x and place.x <= MAX_X and MIN_Y <= place.y and place.y <= MAX_Y
                and MIN_Z <= place.z and place.z <= MAX_Z):
            return place
        return None


def is_in_cell(cell, motion):
    """Does the motion, widened by half the radius, pass through the grid's cell?"""
    if cell.x > MAX_X or cell.x < MIN_X or cell.y > MAX_Y or cell.y < MIN_Y:
        return False
    start = motion.start
    end = motion.end
    margin = PROXIMITY_RADIUS / 2.0
    dx = end.x - start.x
    dy = end.y - start.y
    low_x = cell.x - margin - start.x
    high_x = cell.x + CELL_SIZE + margin - start.x
    low_y = cell.y - margin - start.y
    high_y = cell.y + CELL_SIZE + margin - start.y

    # For each direction, the part of the frame's time, 0 to 1, that is spent within the cell's stripe; without
    # motion, all or nothing.
    if dx != 0.0:
        low_x /= dx
        high_x /= dx
    if dx < 0.0:
        low_x, high_x = high_x, low_x
    if dy != 0.0:
        low_y /= dy
        high_y /= dy
    if dy < 0.0:
        low_y, high_y = high_y, low_y

    return (((dx == 0.0 and low_x <= 0.0 and 0.0 <= high_x)
             or (dx != 0.0 and low_x <= 1.0 and 0.0 <= high_x))
            and ((dy == 0.0 and low_y <= 0.0 and 0.0 <= high_y)
                 or (dy != 0.0 and low_y <= 1.0 and 0.0 <= high_y))
            and (dx == 0.0 or dy == 0.0 or (low_y <= high_x and low_x <= high_y)))


HORIZONTAL = Vector2D(CELL_SIZE, 0.0)
VERTICAL = Vector2D(0.0, CELL_SIZE)


class Grid:
    """The motions sorted by the cells that they pass through."""

    def __init__(self):
        self.cells = RedBlackTree()

    def cell_of(self, position):
        x = CELL_SIZE * int(position.x / CELL_SIZE)
        y = CELL_SIZE * int(position.y / CELL_SIZE)
        if position.x < 0.0:
            x -= CELL_SIZE
        if position.y < 0.0:
            y -= CELL_SIZE
        return Vector2D(x, y)

    def draw(self, motion):
        self.visit(RedBlackTree(), self.cell_of(motion.start), motion)

    def visit(self, seen, cell, motion):
        if not is_in_cell(cell, motion):
            return
        if seen.put(cell, True):
            return
        motions = self.cells.get(cell)
        if motions is None:
            motions = Vector()
            self.cells.put(cell, motions)
        motions.append(motion)
        self.visit(seen, cell.minus(HORIZONTAL), motion)
        self.visit(seen, cell.plus(HORIZONTAL), motion)
        self.visit(seen, cell.minus(VERTICAL), motion)
        self.visit(seen, cell.plus(VERTICAL), motion)
        self.visit(seen, cell.minus(HORIZONTAL).minus(VERTICAL), motion)
        self.visit(seen, cell.minus(HORIZONTAL).plus(VERTICAL), motion)
        self.visit(seen, cell.plus(HORIZONTAL).minus(VERTICAL), motion)
        self.visit(seen, cell.plus(HORIZONTAL).plus(VERTICAL), motion)

    def crowded(self):
        """The motions of each cell that holds more than one."""
        result = Vector()

        def keep_if_crowded(entry):
            if entry.value.size() > 1:
                result.append(entry.value)

        self.cells.for_each(keep_if_crowded)
        return result


class CollisionDetector:
    def __init__(self):
        self.positions = RedBlackTree()

    def motions_of(self, frame):
        """The motions since the frame before; a new aircraft stands still. Aircraft not in the frame are forgotten."""
        motions = Vector()
        seen = RedBlackTree()

        def observe(aircraft):
            end = aircraft.position
            start = self.positions.put(aircraft.call_sign, end)
            seen.put(aircraft.call_sign, True)
            motions.append(Motion(aircraft.call_sign, end if start is None else start, end))

        frame.for_each(observe)
        gone = Vector()

        def collect_if_gone(entry):
            if not seen.get(entry.key):
                gone.append(entry.key)

        self.positions.for_each(collect_if_gone)
        gone.for_each(self.positions.remove)
        return motions

    def handle_frame(self, frame):
        grid = Grid()
        self.motions_of(frame).for_each(grid.draw)
        collisions = Vector()

        def compare_all(motions):
            count = motions.size()
            for i in range(count - 1):
                first = motions.at(i)
                for j in range(i + 1, count):
                    second = motions.at(j)
                    place = first.find_intersection(second)
                    if place is not None:
                        collisions.append(Collision(first.call_sign, second.call_sign, place))

        grid.crowded().for_each(compare_all)
        return collisions


class Simulator:
    def __init__(self, count):
        self.call_signs = Vector()
        for i in range(count):
            self.call_signs.append(CallSign(i))

    def frame(self, moment):
        """All aircraft at a time: pairs that weave about each other."""
        frame = Vector()
        down = cosine(moment) * 2.0
        up = sine(moment) * 2.0
        for i in range(0, self.call_signs.size(), 2):
            frame.append(Aircraft(self.call_signs.at(i), Vector3D(moment, down + i * 3, 10.0)))
            frame.append(Aircraft(self.call_signs.at(i + 1), Vector3D(moment, up + i * 3, 10.0)))
        return frame


def count_collisions(aircraft):
    simulator = Simulator(aircraft)
    detector = CollisionDetector()
    collisions = 0
    for i in range(FRAMES):
        collisions += detector.handle_frame(simulator.frame(i / 10.0)).size()
    return collisions


def run(inner):
    check_size(inner, count_collisions(inner))


def check(actual, expected):
    if actual != expected:
        raise ValueError(NAME + ": expected " + str(expected) + ", got " + str(actual))


def check_size(size, result):
    """Check a result whose expected value is known for some sizes only; for others, show it."""
    if size in EXPECTED:
        check(result, EXPECTED[size])
    else:
        print(NAME + ": size", size, "gives", result)


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
