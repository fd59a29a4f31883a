# Iterators: exhaustion, changes underneath, length hints, reversed, enumerate, zip, map, filter, iter(f, x), __getitem__ sequences.


def check(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def name(x):
    return type(x).__name__


for x in ([], (), "", "é", range(3), range(2**70), {}, set(), frozenset(), {}.keys(), {}.values(), {}.items()):
    print(name(iter(x)), end=" ")
for x in ([], (), "", range(3), range(2**70), {}, {}.keys(), {}.values(), {}.items()):
    print(name(reversed(x)), end=" ")
print(name(iter(int, 1)), name(enumerate([])), name(zip()), name(map(int, [])), name(filter(None, [])))

a = [1, 2, 3]
it = iter(a)
print(next(it), it.__length_hint__())
a.append(4)
print(it.__length_hint__(), list(it), it.__length_hint__())
a.append(5)
print(list(it), next(it, "end"))
it = iter(a)
for x in it:
    if x < 4:
        a.append(x * 10)
    elif len(a) > 6:
        a.pop()
print(a)
it = reversed(a)
print(next(it), it.__length_hint__())
a.clear()
print(it.__length_hint__(), list(it), list(it))
for seq in ((1, 2), "ab", "é€", range(4), {1: 2, 3: 4}, {7}, range(2**70, 2**70 + 3)):
    it = iter(seq)
    print(it.__length_hint__(), next(it), it.__length_hint__(), list(it), it.__length_hint__(), iter(it) is it)
    check(lambda: next(it))
for seq in ((1, 2), "ab", range(4), {1: 2, 3: 4}, [5, 6], range(2**70, 2**70 + 3)):
    it = reversed(seq)
    print(it.__length_hint__(), next(it), it.__length_hint__(), list(it), it.__length_hint__())


class Seq:
    def __init__(self, n):
        self.n = n

    def __getitem__(self, i):
        if i >= self.n:
            raise IndexError(i)
        return i * i

    def __len__(self):
        return self.n


class Odd:
    def __getitem__(self, i):
        if i == 3:
            raise StopIteration
        if i == 5:
            raise KeyError(i)
        return i


class Back:
    def __reversed__(self):
        return iter("back")


class NoBack(list):
    __reversed__ = None


print(list(Seq(4)), list(reversed(Seq(4))), 9 in Seq(4), list(Odd()), list(reversed(Back())), iter(Seq(5)).__length_hint__())
it = iter(Seq(2))
print(next(it), it.__length_hint__(), list(it), it.__length_hint__(), list(it), iter(Odd()).__length_hint__())
check(lambda: reversed(Odd()))
check(lambda: reversed(NoBack()))
check(lambda: reversed(5))
check(lambda: reversed({1}))
check(lambda: reversed())
check(lambda: reversed(1, 2))
check(lambda: reversed(sequence=[1]))

print(list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate("a", start=-1)), list(enumerate([1], 2**62)))
print(list(enumerate(iterable="x", start=2**61 - 1)), list(enumerate("abc", 2**61 - 2)), list(enumerate(start=3, iterable="z")), list(enumerate("a", True)))
check(lambda: enumerate())
check(lambda: enumerate(5))
check(lambda: enumerate([], "a"))
check(lambda: enumerate([], 1, 2))
check(lambda: enumerate([], foo=1))
check(lambda: enumerate(start=1))
check(lambda: enumerate(a=1, b=2, c=3))
check(lambda: enumerate([], 1.0))

print(list(zip()), list(zip("ab")), list(zip("ab", [1, 2, 3])), list(zip("abc", range(2), (x for x in "xyz"))), list(zip("ab", "cd", strict=True)))
shared = iter(range(7))
print(list(zip(shared, shared)), list(shared), list(zip(*[iter("abcdef")] * 3)), list(zip(*[(1, 2), (3, 4)])))
rest = iter([1, 2, 3])
print(list(zip("a", rest)), list(rest))
check(lambda: list(zip([1], [], strict=True)))
check(lambda: list(zip([], [1], strict=True)))
check(lambda: list(zip([1], [1], [], strict=True)))
check(lambda: list(zip([], [], [1], strict=True)))
check(lambda: list(zip([1], [1, 2], [1], strict=True)))
check(lambda: zip(5))
check(lambda: zip(a=1))
check(lambda: zip([], strict=True, foo=2))

print(list(map(str, [1, 2])), list(map(lambda a, b: a * b, [1, 2, 3], [4, 5])), list(map(pow, [2, 3], [3, 2], [5, 7])), list(map(max, *["ab"] * 6)))
print(list(filter(None, [0, 1, "", "a", [], [0]])), list(filter(lambda x: x % 2, range(7))), list(filter(bool, [0, 2])), list(filter(str.isupper, "aBcD")))
check(lambda: map())
check(lambda: map(5))
check(lambda: map(5, 6))
check(lambda: map(a=1))
check(lambda: list(map(5, [1])))
check(lambda: list(map(lambda x: 1 // x, [1, 0])))
check(lambda: filter(5))
check(lambda: filter(5, 6))
check(lambda: filter(None, [], a=1))
check(lambda: list(filter(5, [1])))
check(lambda: list(filter(lambda x: 1 // x, [0])))

stack = [3, 2, 1, 0, 5]
print(list(iter(stack.pop, 0)), stack)
it = iter(stack.pop, 99)
print(next(it))
check(lambda: next(it))


def stops():
    raise StopIteration


it = iter(stops, 1)
print(list(it), list(it))
check(lambda: iter(5, 6))
check(lambda: iter(5))
check(lambda: next([]))
check(lambda: next(iter([])))
check(lambda: iter([]).__length_hint__(1))
check(lambda: type(iter([]))())
print([].__iter__().__next__.__class__.__name__)
