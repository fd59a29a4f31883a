"""Calls between the tiers: recursion, argument forms, exceptions through many frames, exits from within."""
import sys


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(20))


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


print(even(900), odd(901), even(501))


def depth(n):
    try:
        return depth(n + 1)
    except RecursionError as e:
        return n, e


def depth_plain(n):
    global reached
    reached = n
    depth_plain(n + 1)


for f in (even, odd):
    try:
        f(2000)
    except RecursionError as e:
        print(e)
n, e = depth(0)
print(n, e)
try:
    depth_plain(0)
except RecursionError as e:
    print(e, reached)


class Node:
    def __init__(self, n):
        self.value = n
        self.next = Node(n - 1) if n else None

    def __len__(self):
        return 1 + (len(self.next) if self.next else 0)

    def __add__(self, other):
        return self.value + (self.next + other if self.next else other)

    def __eq__(self, other):
        return self.value == other.value and (self.next is None or self.next == other.next)

    @property
    def total(self):
        return self.value + (self.next.total if self.next else 0)

    def __getitem__(self, i):
        return self.value if i == 0 else self.next[i - 1]

    def __iter__(self):
        yield self.value
        if self.next:
            yield from self.next

    def __bool__(self):
        return True

    def __call__(self, x):
        return x if self.next is None else self.next(x + 1)

    def __contains__(self, x):
        return x == self.value or (self.next is not None and x in self.next)


chain = Node(200)
print(len(Node(50)), chain + 5, chain == Node(200), chain.total, chain[150], sum(chain), chain(0), 7 in chain, 1000 in chain)
for f in (Node, lambda n: chain + chain):
    try:
        print(f(300) is not None)
    except (RecursionError, TypeError) as e:
        print(type(e).__name__, e)

sys.setrecursionlimit(10**6)


def down(n):
    return 0 if n == 0 else 1 + down(n - 1)


print(down(50000))
print(even(40000), odd(40001))


sys.setrecursionlimit(1000)


def arguments(a, b=2, *args, c, d=4, **rest):
    return a, b, args, c, d, rest


def call_all(n):
    out = None
    for i in range(n):
        out = [arguments(1, c=3), arguments(1, 2, 3, c=4, e=5), arguments(*(1, 2, 3), **{"c": 4}), arguments(a=1, c=2)]
        try:
            arguments(1)
        except TypeError as e:
            out.append(str(e))
        try:
            arguments(1, 2, a=3, c=3)
        except TypeError as e:
            out.append(str(e))
        try:
            fib()
        except TypeError as e:
            out.append(str(e))
        try:
            fib(1, 2)
        except TypeError as e:
            out.append(str(e))
        try:
            n(1)
        except TypeError as e:
            out.append(str(e))
        try:
            chain.nothing(1)
        except AttributeError as e:
            out.append(str(e))
    return out


print(call_all(1), call_all(1000) == call_all(1))


def many(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc, dd, ee, ff, gg, hh):
    return a + hh


class Many:
    def __init__(self, *args):
        self.args = args

    def method(self, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc, dd, ee):
        return a + ee + len(self.args)


def call_many(n):
    total = 0
    for _ in range(n):
        total += many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34)
        total += Many(1, 2).method(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31)
    return total


print(call_many(1), call_many(1000))


def through(n, f):
    return f() if n == 0 else through(n - 1, f)


def fail():
    return 1 // 0




for n in (0, 3, 200):
    try:
        through(n, fail)
    except ZeroDivisionError as e:
        print(e)


def key(x):
    return -x if x != 77 else through(5, fail)


for size in (10, 70, 100):
    try:
        print(sorted(range(size), key=key)[:3], list(map(key, range(size)))[-2:], max(range(size), key=key))
    except ZeroDivisionError as e:
        print("in sort", e)


class Weird:
    def __getattr__(self, name):
        if name == "recursive":
            return self.recursive
        return name * 2

    def __setattr__(self, name, value):
        if name == "bad":
            raise TypeError("bad")
        object.__setattr__(self, name, value)

    def __enter__(self):
        return self

    def __exit__(self, *details):
        return details[0] is KeyError


def weird(n):
    w = Weird()
    out = []
    for i in range(n):
        out = [w.abc]
        w.real = i
        try:
            w.bad = 1
        except TypeError as e:
            out.append(str(e))
        with w:
            raise KeyError
        with w as same:
            out.append(same.real)
    try:
        w.recursive
    except RecursionError as e:
        out.append("recursion")
    return out


print(weird(2), weird(1500))


def cleanup(log, n):
    try:
        try:
            if n:
                return cleanup(log, n - 1)
            sys.exit("from within")
        finally:
            log.append(n)
    except ValueError:
        log.append("never")


log = []
try:
    cleanup(log, 100)
except SystemExit as e:
    print(e.code, len(log), log[:3], log[-1])


def compare_chain(n):
    hits = 0
    for i in range(n):
        if 3 < i <= 900 != i:
            hits += 1
        hits += (i is None) + (i is not None) + (i in (1, 2, 3)) + (i not in {5})
        hits += i if i and i > 5 or not i else -1
    return hits


print(compare_chain(5), compare_chain(2000))


def handlers(n):
    """Handlers within handlers within finally, each of which raises."""
    log = []
    for i in range(n):
        log.clear()
        try:
            try:
                try:
                    raise KeyError("a")
                except KeyError:
                    try:
                        raise ValueError("b")
                    finally:
                        log.append(repr(sys.exc_info()[1]))
                        try:
                            raise OSError("c")
                        except OSError as e:
                            log.append(repr(e.__context__))
            except ValueError as e:
                log.append(repr(e.__context__))
                raise TypeError("d") from e
            finally:
                log.append(repr(sys.exc_info()[1]))
        except TypeError as e:
            log.append((repr(e), repr(e.__cause__), repr(e.__context__)))
        log.append(sys.exc_info())
    return log


print(handlers(1), handlers(1000) == handlers(1))


def reraise(n):
    try:
        for i in range(n):
            try:
                through(3, fail)
            except ZeroDivisionError:
                if i == n - 1:
                    raise
    finally:
        cleanup_done.append(n)


cleanup_done = []
try:
    reraise(1500)
except ZeroDivisionError as e:
    print(e, cleanup_done)
reraise(1600)
