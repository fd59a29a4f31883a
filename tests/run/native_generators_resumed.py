"""Loops that resume generators: what goes out of them and into them, by every way of ending, and what is in the frames meanwhile."""
import sys


def count(n):
    i = 0
    while i < n:
        yield i
        i += 1


def lines_of(error):
    found = []
    place = error.__traceback__
    while place is not None:
        found.append((place.tb_frame.f_code.co_name, place.tb_lineno))
        place = place.tb_next
    return found


# -- the end, early and late --
def late(n):
    for i in range(n):
        got = yield i * i
        if got is not None:
            print("got", got)
    return "unseen"


def totals():
    total = 0
    for turn in range(200):
        for x in late(turn % 7):
            if x > 16:
                break
            total += x
        else:
            total += 1000
    return total


print(totals())


def twice():
    g = count(10)
    first = []
    for x in g:
        first.append(x)
        if x == 3:
            break
    rest = [x for x in g]
    again = [x for x in g]
    return first, rest, again


for _ in range(3):
    print(twice())


# -- exceptions out of generators --
def failing(n):
    for i in range(n):
        if i == 5:
            raise ValueError("five", i)
        yield i


def catching(n):
    seen = []
    try:
        for x in failing(n):
            seen.append(x)
    except ValueError as error:
        return seen, error.args, lines_of(error)
    return seen


for n in (3, 5, 6, 60):
    print(n, catching(n))


def stops(n):
    for i in range(n):
        yield i
    raise StopIteration("inside")


def stopping():
    try:
        for x in stops(3):
            pass
    except RuntimeError as error:
        return str(error), type(error.__cause__).__name__, lines_of(error)


for _ in range(3):
    print(stopping())


# -- exceptions into generators, between steps of a loop --
def guarded(log):
    try:
        i = 0
        while True:
            try:
                yield i
            except KeyError as error:
                log.append(("caught", error.args[0]))
            i += 1
    finally:
        log.append("closed")


def throwing():
    log = []
    g = guarded(log)
    for x in g:
        if x == 2:
            log.append(g.throw(KeyError("in")))
        if x == 6:
            g.close()
    log.append(list(g))
    return log


for _ in range(3):
    print(throwing())


def handled():
    """Each generator has its own state of what is being handled."""
    try:
        raise ValueError("outer")
    except ValueError:
        for x in inner_handling():
            print(x, repr(sys.exc_info()[1]))


def inner_handling():
    yield repr(sys.exc_info()[1])
    try:
        raise KeyError("inner")
    except KeyError:
        yield repr(sys.exc_info()[1])
        yield repr(sys.exc_info()[1])
    yield repr(sys.exc_info()[1])


for _ in range(2):
    handled()


# -- one generator within itself --
def selfish(box):
    yield 1
    for x in box[0]:
        yield x


def reentered():
    box = []
    box.append(selfish(box))
    got = []
    try:
        for x in box[0]:
            got.append(x)
    except ValueError as error:
        return got, str(error), lines_of(error), list(box[0])


for _ in range(3):
    print(reentered())


# -- recursion --
class Tree:
    def __init__(self, left, value, right):
        self.left = left
        self.value = value
        self.right = right

    def __iter__(self):
        if self.left:
            for x in self.left:
                yield x
        yield self.value
        if self.right:
            for x in self.right:
                yield x

    def walk(self):
        if self.left:
            yield from self.left.walk()
        got = yield self.value
        if got:
            print("sent", got)
        if self.right:
            yield from self.right.walk()


def tree(low, high):
    if low >= high:
        return None
    middle = (low + high) // 2
    return Tree(tree(low, middle), middle, tree(middle + 1, high))


for _ in range(3):
    print(sum(tree(0, 200)), list(tree(0, 20)), sum(tree(0, 200).walk()))


def endless(depth):
    yield depth
    for x in endless(depth + 1):
        yield x


def too_deep():
    deepest = 0
    try:
        for x in endless(0):
            deepest = x
    except RecursionError as error:
        return str(error), deepest > 500
    return "no end"


print(too_deep())
print(too_deep())


def endless_from(depth):
    yield depth
    yield from endless_from(depth + 1)


def too_deep_from():
    deepest = 0
    try:
        for x in endless_from(0):
            deepest = x
    except RecursionError as error:
        return str(error), deepest > 400
    return "no end"


print(too_deep_from())


# -- pairs --
def pairs(n):
    for i in range(n):
        yield (i, i + 1) if i % 3 else [i, -i] if i % 2 else "ab"


def sums(n):
    total = 0
    letters = ""
    for a, b in pairs(n):
        if isinstance(a, str):
            letters += a + b
        else:
            total += a * b
    return total, len(letters)


def unfit(what):
    def give():
        yield 1, 2
        yield what

    try:
        for a, b in give():
            pass
    except (ValueError, TypeError) as error:
        return a, b, str(error), lines_of(error)


for _ in range(2):
    print(sums(100))
    for what in ((1,), (1, 2, 3), 5, "abc", iter((7, 8, 9)), None):
        print(unfit(what))
print([(a, b) for a, b in pairs(7)])


# -- delegation --
def chain(*sources):
    results = []
    for source in sources:
        results.append((yield from source))
    return results


def with_result(n, result):
    for i in range(n):
        got = yield i
        if got:
            result += got
    return result


def delegating():
    g = chain(with_result(2, "a"), [7, 8], with_result(3, "b"), count(2))
    out = [next(g), g.send("x"), next(g)]
    for x in g:
        out.append(x)
        if len(out) == 5:
            out.append(g.send("y"))
    try:
        next(g)
    except StopIteration as stop:
        out.append(stop.value)
    return out


def delegate_fails(where):
    def inner():
        yield 1
        if where == "inner":
            raise KeyError("inner")
        yield 2

    def outer():
        try:
            yield from inner()
        except (KeyError, IndexError) as error:
            yield lines_of(error)[1:]
        if where == "outer":
            raise KeyError("outer")

    log = []
    g = outer()
    try:
        for x in g:
            log.append(x)
            if where == "throw" and x == 1:
                log.append(g.throw(IndexError("thrown")))
    except KeyError as error:
        log.append(lines_of(error))
    return log


def result_of(g):
    while True:
        try:
            next(g)
        except StopIteration as stop:
            return stop.value


for _ in range(3):
    print(delegating())
    for where in ("inner", "outer", "throw", "nowhere"):
        print(delegate_fails(where))
    print(result_of(chain(with_result(3, 5), with_result(0, 6), chain(count(2), count(1)))))


def selfish_delegate(box):
    yield 1
    yield from box[0]


def reentered_delegate():
    box = []
    box.append(selfish_delegate(box))
    got = []
    try:
        for x in box[0]:
            got.append(x)
    except ValueError as error:
        return got, str(error), lines_of(error)


print(reentered_delegate())
print(reentered_delegate())


# -- locals, and what the collector sees --
def keeping(n):
    kept = []
    for i in range(n):
        kept.append([i] * 3)
        x = yield kept[-1]
        kept.append((x, sorted(locals())))
    return kept


def kept_alive():
    total = 0
    for turn in range(5):
        for row in keeping(30):
            row.append([turn])
            total += row[0] + row[-1][0]
    return total


print(kept_alive())
g = keeping(3)
for row in g:
    pass
print(row)


def consumers(n):
    def numbers():
        for i in range(n):
            yield i % 17

    return (sum(numbers()), list(numbers()), max(numbers()), min(numbers(), default=-1), sorted(numbers()), set(numbers()) == set(range(17)),
            any(x > 15 for x in numbers()), all(x < 16 for x in numbers()), 5 in numbers(), dict((x, -x) for x in numbers()), tuple(map(str, numbers())),
            list(filter(None, numbers())), list(zip(numbers(), numbers())), "".join(chr(97 + x) for x in numbers()), [*numbers()][-1])


for n in (0, 1, 20):
    try:
        print(consumers(n))
    except (ValueError, IndexError) as error:
        print(error)


# -- what generator expressions walk: shared iterators, containers that change meanwhile, locals() --
def walked():
    shared = iter(range(10))
    first = (x for x in shared)
    out = [next(first), next(shared), next(first), list(x for x in shared)]
    growing = [1, 2]
    g = (growing.append(x) or x for x in growing)
    out += [next(g), next(g), next(g), growing[:]]
    growing.clear()
    out += [list(g), growing]
    growing.append(1)
    out.append(list(g))
    for source in (range(0), range(5, 0, -2), range(10**20, 10**20 + 2), (), (1, 2), "", "añ€😀", [], [[]], {1: 2}, {3}, frozenset([4]), {5: 6}.items(), repeated(3)):
        out.append(list(repr(x) for x in source))
    table = {1: 1}
    g = (table.update({x + 1: 0}) or x for x in table)
    try:
        list(g)
    except RuntimeError as error:
        out.append(str(error))
    for wrong in (5, None, object):
        try:
            (x for x in wrong)
        except TypeError as error:
            out.append(str(error))
    out.append([type(x).__name__ for x in next(locals() for y in [7]).values()])
    return out


def repeated(n):
    return [n] * n


for _ in range(2):
    print(walked())
