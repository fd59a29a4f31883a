# Havlak: finds the loops of a control-flow graph, nested and irreducible ones too, by Paul Havlak's algorithm: a
# depth-first numbering, a union-find forest that collapses each loop into its header, and a tree of loops. Most of
# the work is graphs of small objects.
#
# At size `inner`, loops are found `inner` times in a small graph, then again and again in a graph of 5213 blocks:
# fifty times at the full size, fewer in proportion at smaller ones. The result is the number of loops and of blocks.
#
# Usage: havlak.py [iterations] [inner] [steady]; `steady` shows each iteration's CPU time. Full size: 1500.

import sys
import time

NAME = "Havlak"
DEFAULT_INNER = 300

FULL_INNER = 1500
FULL_SEARCHES = 50

# Loops by size. Each search adds its loops to the same tree, three from the small graph.
EXPECTED = {1: 1605, 15: 1647, 150: 2052, 300: 2502, 1500: 6102, 15000: 46602}
EXPECTED_BLOCKS = 5213

PARALLEL_LOOPS = 10
NESTED_LOOPS = 10
INNERMOST_LOOPS = 5


class Vector:
    """A sequence that grows at its end and is also emptied from its front."""

    def __init__(self, capacity=50):
        self.storage = [None] * capacity
        self.first = 0
        self.last = 0

    def append(self, item):
        if self.last == len(self.storage):
            self.storage = self.storage + [None] * len(self.storage)
        self.storage[self.last] = item
        self.last += 1

    def at(self, index):
        if index >= self.last - self.first:
            return None
        return self.storage[self.first + index]

    def at_put(self, index, item):
        """Store at an index, with None in the places skipped."""
        while self.last - self.first <= index:
            self.append(None)
        self.storage[self.first + index] = item

    def size(self):
        return self.last - self.first

    def is_empty(self):
        return self.first == self.last

    def remove_first(self):
        item = self.storage[self.first]
        self.storage[self.first] = None
        self.first += 1
        return item

    def remove_all(self):
        self.storage = [None] * len(self.storage)
        self.first = 0
        self.last = 0

    def for_each(self, action):
        storage = self.storage
        for i in range(self.first, self.last):
            action(storage[i])

    def any_is(self, test):
        storage = self.storage
        for i in range(self.first, self.last):
            if test(storage[i]):
                return True
        return False


class Set:
    """A set in the order of insertion, searched from the front; meant for few items."""

    def __init__(self):
        self.items = Vector(10)

    def contains(self, item):
        return self.items.any_is(lambda other: other == item)

    def add(self, item):
        if not self.contains(item):
            self.items.append(item)

    def size(self):
        return self.items.size()

    def for_each(self, action):
        self.items.for_each(action)


class IdentitySet(Set):
    """A set of objects, each equal to itself only."""

    def contains(self, item):
        return self.items.any_is(lambda other: other is item)


class Entry:
    def __init__(self, code, key, value, rest):
        self.code = code
        self.key = key
        self.value = value
        self.rest = rest


class IdentityMap:
    """A hash table of chained entries; a key is found by its own hash_code() and is equal to itself only."""

    def __init__(self):
        self.buckets = [None] * 16
        self.count = 0

    def find(self, key):
        code = key.hash_code()
        entry = self.buckets[code & (len(self.buckets) - 1)]
        while entry is not None:
            if entry.code == code and entry.key is key:
                return entry
            entry = entry.rest
        return None

    def at(self, key):
        entry = self.find(key)
        if entry is None:
            return None
        return entry.value

    def at_put(self, key, value):
        entry = self.find(key)
        if entry is not None:
            entry.value = value
            return
        if self.count * 4 >= len(self.buckets) * 3:
            self.grow()
        code = key.hash_code()
        bucket = code & (len(self.buckets) - 1)
        self.buckets[bucket] = Entry(code, key, value, self.buckets[bucket])
        self.count += 1

    def grow(self):
        old = self.buckets
        self.buckets = [None] * (len(old) * 2)
        mask = len(self.buckets) - 1
        for entry in old:
            while entry is not None:
                rest = entry.rest
                entry.rest = self.buckets[entry.code & mask]
                self.buckets[entry.code & mask] = entry
                entry = rest

    def remove_all(self):
        self.buckets = [None] * len(self.buckets)
        self.count = 0


class BasicBlock:
    def __init__(self, name):
        self.name = name
        self.in_edges = Vector(2)
        self.out_edges = Vector(2)

    def hash_code(self):
        return self.name


class Edge:
    def __init__(self, graph, source, target):
        self.source = graph.block(source)
        self.target = graph.block(target)
        self.source.out_edges.append(self.target)
        self.target.in_edges.append(self.source)
        graph.edges.append(self)


class ControlFlowGraph:
    """Blocks by number, made when first asked for; the first one made is the start."""

    def __init__(self):
        self.blocks = Vector()
        self.edges = Vector()
        self.start = None

    def block(self, name):
        block = self.blocks.at(name)
        if block is None:
            block = BasicBlock(name)
            self.blocks.at_put(name, block)
            if self.start is None:
                self.start = block
        return block

    def size(self):
        return self.blocks.size()


class Loop:
    """A loop with its header, the blocks directly in it and the loops nested in it."""

    def __init__(self, header, is_reducible):
        self.header = header
        self.is_reducible = is_reducible
        self.is_root = False
        self.parent = None
        self.nesting_level = 0
        self.depth_level = 0
        self.number = 0
        self.children = IdentitySet()
        self.blocks = IdentitySet()
        if header is not None:
            self.blocks.add(header)

    def add_block(self, block):
        self.blocks.add(block)

    def set_parent(self, parent):
        self.parent = parent
        parent.children.add(self)

    def set_nesting_level(self, level):
        self.nesting_level = level
        if level == 0:
            self.is_root = True


class LoopTree:
    """All loops found so far, below a root that stands for the whole graph."""

    def __init__(self):
        self.loops = Vector()
        self.count = 0
        self.root = Loop(None, True)
        self.root.set_nesting_level(0)
        self.register(self.root)

    def register(self, loop):
        loop.number = self.count
        self.count += 1
        self.loops.append(loop)

    def new_loop(self, header, is_reducible):
        loop = Loop(header, is_reducible)
        self.register(loop)
        return loop

    def compute_nesting(self):
        """Hang the outermost loops on the root, then number depths from the top and nesting levels from the bottom."""

        def adopt(loop):
            if not loop.is_root and loop.parent is None:
                loop.set_parent(self.root)

        self.loops.for_each(adopt)
        self.compute_nesting_of(self.root, 0)

    def compute_nesting_of(self, loop, depth):
        loop.depth_level = depth

        def visit(child):
            self.compute_nesting_of(child, depth + 1)
            level = child.nesting_level + 1
            if level > loop.nesting_level:
                loop.set_nesting_level(level)

        loop.children.for_each(visit)


class UnionFindNode:
    """A block, numbered, in the forest that collapses the blocks of a loop; it may head a loop."""

    def __init__(self):
        self.parent = self
        self.block = None
        self.number = 0
        self.loop = None

    def set_up(self, block, number):
        self.parent = self
        self.block = block
        self.number = number
        self.loop = None

    def representative(self):
        """The root of this node's tree; all nodes on the way to it are hung on it directly."""
        passed = Vector()
        node = self
        while node is not node.parent:
            if node.parent is not node.parent.parent:
                passed.append(node)
            node = node.parent
        root = node

        def hang(node):
            node.parent = root

        passed.for_each(hang)
        return root

    def join(self, node):
        self.parent = node


TOP = 0
PLAIN = 1
REDUCIBLE = 2
SELF_LOOP = 3
IRREDUCIBLE = 4
DEAD = 5

UNVISITED = -1
MAX_NON_BACK_PREDECESSORS = 32 * 1024


class LoopFinder:
    """One search in a graph. All tables are indexed by a block's number in depth-first order."""

    def __init__(self, graph, tree):
        self.graph = graph
        self.tree = tree
        self.back_predecessors = Vector()
        self.other_predecessors = Vector()
        self.numbers = IdentityMap()
        self.header = None
        self.kind = None
        self.last = None
        self.nodes = None

    def find_loops(self):
        if self.graph.start is None:
            return
        size = self.graph.size()
        self.prepare(size)
        self.number_blocks(self.graph.start, 0)
        self.sort_edges(size)
        self.header[0] = 0
        for w in range(size - 1, -1, -1):
            self.find_loop_at(w)

    def prepare(self, size):
        self.back_predecessors.remove_all()
        self.other_predecessors.remove_all()
        self.numbers.remove_all()
        self.header = [0] * size
        self.kind = [TOP] * size
        self.last = [0] * size
        self.nodes = [None] * size
        for i in range(size):
            self.back_predecessors.append(Vector())
            self.other_predecessors.append(Set())
            self.nodes[i] = UnionFindNode()

        def mark_unvisited(block):
            self.numbers.at_put(block, UNVISITED)

        self.graph.blocks.for_each(mark_unvisited)

    def number_blocks(self, block, number):
        """Number a block and those reached from it; the last number given, which is kept for is_ancestor()."""
        self.nodes[number].set_up(block, number)
        self.numbers.at_put(block, number)
        last = number
        successors = block.out_edges
        for i in range(successors.size()):
            target = successors.at(i)
            if self.numbers.at(target) == UNVISITED:
                last = self.number_blocks(target, last + 1)
        self.last[number] = last
        return last

    def is_ancestor(self, w, v):
        return w <= v and v <= self.last[w]

    def sort_edges(self, size):
        """Tell the edges into each block that come from a block below it in the depth-first tree from all others."""
        for w in range(size):
            self.header[w] = 0
            self.kind[w] = PLAIN
            block = self.nodes[w].block
            if block is None:
                self.kind[w] = DEAD
            else:
                self.sort_edges_into(block, w)

    def sort_edges_into(self, block, w):
        def sort_edge(source):
            v = self.numbers.at(source)
            if v != UNVISITED:
                if self.is_ancestor(w, v):
                    self.back_predecessors.at(w).append(v)
                else:
                    self.other_predecessors.at(w).add(v)

        if block.in_edges.size() > 0:
            block.in_edges.for_each(sort_edge)

    def find_loop_at(self, w):
        """Find the loop that block w heads, if any. Inner loops have higher numbers and are collapsed already."""
        block = self.nodes[w].block
        if block is None:
            return
        body = Vector()

        def collect(v):
            if v != w:
                body.append(self.nodes[v].representative())
            else:
                self.kind[w] = SELF_LOOP

        self.back_predecessors.at(w).for_each(collect)
        todo = Vector()
        body.for_each(todo.append)
        if body.size() > 0:
            self.kind[w] = REDUCIBLE
        while not todo.is_empty():
            x = todo.remove_first()
            if self.other_predecessors.at(x.number).size() > MAX_NON_BACK_PREDECESSORS:
                return
            self.follow_predecessors(w, x, body, todo)
        if body.size() > 0 or self.kind[w] == SELF_LOOP:
            loop = self.tree.new_loop(block, self.kind[w] != IRREDUCIBLE)
            self.collapse(w, body, loop)

    def follow_predecessors(self, w, x, body, todo):
        """Draw the predecessors of x into the body of the loop at w; one from outside makes the loop irreducible."""

        def follow(v):
            y = self.nodes[v].representative()
            if not self.is_ancestor(w, y.number):
                self.kind[w] = IRREDUCIBLE
                self.other_predecessors.at(w).add(y.number)
            elif y.number != w:
                if not body.any_is(lambda node: node is y):
                    todo.append(y)
                    body.append(y)

        self.other_predecessors.at(x.number).for_each(follow)

    def collapse(self, w, body, loop):
        header = self.nodes[w]
        header.loop = loop

        def absorb(node):
            self.header[node.number] = w
            node.join(header)
            if node.loop is not None:
                node.loop.set_parent(loop)
            else:
                loop.add_block(node.block)

        body.for_each(absorb)


class Application:
    """Builds the graph and searches it."""

    def __init__(self):
        self.graph = ControlFlowGraph()
        self.tree = LoopTree()
        self.graph.block(0)

    def connect(self, source, target):
        Edge(self.graph, source, target)

    def diamond(self, start):
        self.connect(start, start + 1)
        self.connect(start, start + 2)
        self.connect(start + 1, start + 3)
        self.connect(start + 2, start + 3)
        return start + 3

    def straight(self, start, length):
        for i in range(length):
            self.connect(start + i, start + i + 1)
        return start + length

    def base_loop(self, start):
        """Two diamonds, a loop about each and one about both; the last block's number."""
        header = self.straight(start, 1)
        first = self.diamond(header)
        middle = self.straight(first, 1)
        second = self.diamond(middle)
        footer = self.straight(second, 1)
        self.connect(second, middle)
        self.connect(first, header)
        self.connect(footer, start)
        return self.straight(footer, 1)

    def build_small_graph(self):
        self.base_loop(0)
        self.graph.block(1)
        self.connect(0, 2)

    def build_big_graph(self):
        n = 2
        for _ in range(PARALLEL_LOOPS):
            self.graph.block(n + 1)
            self.connect(2, n + 1)
            n += 1
            for _ in range(NESTED_LOOPS):
                top = n
                n = self.straight(n, 1)
                for _ in range(INNERMOST_LOOPS):
                    n = self.base_loop(n)
                bottom = self.straight(n, 1)
                self.connect(n, top)
                n = bottom
            self.connect(n, 1)

    def search(self, tree):
        LoopFinder(self.graph, tree).find_loops()

    def run(self, small_searches, big_searches):
        self.build_small_graph()
        for _ in range(small_searches):
            self.search(self.tree)
        self.build_big_graph()
        self.search(self.tree)
        for _ in range(big_searches):
            self.search(LoopTree())
        self.tree.compute_nesting()


def run(inner):
    application = Application()
    application.run(inner, min(FULL_SEARCHES, max(1, inner * FULL_SEARCHES // FULL_INNER)))
    check(application.graph.size(), EXPECTED_BLOCKS)
    check_size(inner, application.tree.count)


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
