# Large arrays that got old, stored into and moved about: what the collector must find again by cards.


class Box:
    def __init__(self, n):
        self.n = n


def churn(count):
    """Garbage, so that collections happen (all of them by themselves, many under stress)."""
    last = None
    for i in range(count):
        last = [i, (i, str(i))]
    return last


def total(items):
    return sum(box.n for box in items if box is not None)


SIZE = 2500  # a store of 20 KB: pages of its own, some 40 cards

items = [None] * SIZE
churn(40)
for i in range(0, SIZE, 97):
    items[i] = Box(i)
    if i % 388 == 0:
        churn(5)
print(total(items), [box.n for box in items[0:SIZE:970] if box])

# Moves: what lay in one card lies in another. A collection comes between a move and the next store, and then others
# take the place of what it freed.
def put(first, n):
    for i in range(first, first + 100):
        items[i] = Box(n)


def collect():
    large = "x" * 6_000_000
    return [(i, large[:3]) for i in range(400)]


put(160, 10**6)
items.reverse()
collect()
put(1985, 10**7)
items.insert(0, None)
items[0:0] = (None,) * 400
collect()
put(1200, 10**8)
del items[3:170]
collect()
put(900, 10**9)
items[10:300] = (None, None)
collect()
put(1000, 10**10)
for _ in range(130):
    items.pop(0)
collect()
put(600, 10**11)
del items[::7]
collect()
items = items[1:] + items[:1]
put(700, 10**12)
items.sort(key=lambda box: box is not None and -box.n)
collect()
print(len(items), total(items), [box.n for box in items[::50] if box])

# Growing by pieces, shrinking and growing again.
grown = []
for i in range(60):
    grown += [Box(j) for j in range(i * 50, i * 50 + 50)]
    if i % 10 == 0:
        churn(4)
grown.extend(Box(j) for j in range(100))
while len(grown) > 1500:
    grown.pop()
for i in range(1500, 1800):
    grown.append(Box(i))
churn(20)
print(len(grown), total(grown))

# Numbers alone are not traced, until the first pointer.
numbers = list(range(SIZE))
churn(20)
numbers[SIZE // 2] = Box(1)
numbers[5] = [Box(2), Box(3)]
churn(20)
print(numbers[SIZE // 2].n, numbers[5][1].n, sum(n for n in numbers if isinstance(n, int)))
numbers[6] = True
churn(5)
numbers[7] = "a" + str(churn(5)[0])
churn(20)
print(numbers[5:9][1:])


# Sorting moves everything, and keys run the program.
def key(box):
    if box.n % 500 == 0:
        churn(2)
    return -box.n


boxes = [Box(i * 7919 % SIZE) for i in range(SIZE)]
churn(20)
boxes[17] = Box(SIZE + 1)
boxes.sort(key=key)
churn(20)
print(boxes[0].n, boxes[-1].n)
boxes = [(-box.n, i) for i, box in enumerate(boxes)]
churn(20)


def put_pair(i, n):
    boxes[i] = (n, i)


put_pair(1000, 10**6)
boxes.sort()
churn(20)
print(boxes[0], boxes[1100], boxes[-1])
boxes = [Box(-n) for n, i in boxes]
churn(20)
print([box.n for box in boxes[:3]], [box.n for box in boxes[-3:]])

# Dicts and sets.
table = {}
for i in range(1200):
    table[i] = i
churn(20)
for i in range(1200, 1500):
    table[(i, str(i))] = Box(i)
    if i % 60 == 0:
        churn(5)
for i in range(0, 1200, 50):
    table[i] = Box(i)
churn(20)
print(len(table), sum(v.n if isinstance(v, Box) else v for v in table.values()), table[1300, "1300"].n)
for i in range(1199):
    del table[i]
table["new"] = Box(3)
churn(20)
print(len(table), table["new"].n, list(table)[0])

found = set(range(2000))
churn(20)
for i in range(300):
    found.add((i, Box(i)))
    if i % 60 == 0:
        churn(5)
churn(20)
print(len(found), sum(x[1].n for x in found if isinstance(x, tuple)))

# A long tuple, a deep nest, and one list that many long ones share.
long = tuple(Box(i) for i in range(SIZE))
deep = None
for i in range(3000):
    deep = [deep, Box(i)]
shared = [Box(42)]
many = [[shared] * 1100 for _ in range(8)]
churn(20)
print(total(long), many[7][1099][0].n)
depth = 0
while deep is not None:
    depth += deep[1].n
    deep = deep[0]
print(depth)
