"""Generators under native code: resumed, thrown into, closed and delegated to, in frames of both tiers."""
# Loops run often enough that functions and loop bodies become hot in every configuration.


def counter(n, log):
    try:
        for i in range(n):
            try:
                got = yield i
                if got is not None:
                    log.append(("got", got))
            except KeyError as e:
                log.append(("key", e.args))
                yield "caught"
            finally:
                if i % 1000 == 0:
                    log.append(("inner", i))
    finally:
        log.append("outer")


for n in (0, 1, 3000):
    log = []
    print(sum(counter(n, log)), log)

log = []
g = counter(5, log)
print(next(g), g.send("a"), g.throw(KeyError("k")), next(g), g.send("b"))
g.close()
print(log)

log = []
g = counter(3, log)
try:
    g.throw(ValueError("before the start"))
except ValueError as e:
    print("early", e, log)
print(list(g))


def outer(n, log):
    result = yield from counter(n, log)
    log.append(("result", result))
    try:
        value = yield from inner_value(n)
    except ValueError as e:
        value = repr(e)
    yield value
    return "end"


def inner_value(n):
    for i in range(n):
        yield -i
    return n * 2


for n in (0, 2, 1500):
    log = []
    print(sum(x for x in outer(n, log) if isinstance(x, int)), log)

g = outer(3, [])
for _ in range(4):
    next(g)
print(g.throw(ValueError("into the delegate")), g.gi_yieldfrom)
try:
    next(g)
except StopIteration as stop:
    print("stop", stop.value)


def ignores_close():
    while True:
        try:
            yield 1
        except GeneratorExit:
            yield 2


g = ignores_close()
next(g)
try:
    g.close()
except RuntimeError as e:
    print(e)


def stops(n):
    for i in range(n):
        yield i
    raise StopIteration("no")


def consume(n):
    total = 0
    try:
        for x in stops(n):
            total += x
    except RuntimeError as e:
        return total, str(e), repr(e.__cause__)


for n in (0, 10, 2500):
    print(consume(n))


def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        for x in tree(depth - 1):
            yield x


print(sum(tree(10)), len(list(tree(11))))


def closures(n):
    made = []
    for i in range(n):
        def get(j=i):
            return i, j
        made.append(get)
        yield get
    yield [f() for f in made[:2]]
    del i
    try:
        made[0]()
    except NameError as e:
        yield str(e)


for n in (3, 1200):
    print([f() if callable(f) else f for f in closures(n)][-3:])


def reentrant():
    g = None

    def body():
        yield 1
        try:
            next(g)
        except ValueError as e:
            yield str(e)
        for _ in g:
            pass

    g = body()
    return g


g = reentrant()
print(next(g), next(g))
try:
    next(g)
except ValueError as e:
    print(e)


def handling():
    try:
        raise KeyError("first")
    except KeyError:
        for i in range(1500):
            yield i
        try:
            raise ValueError("second")
        except ValueError as e:
            yield repr(e.__context__)
        raise


def drive():
    try:
        raise IndexError("outside")
    except IndexError:
        g = handling()
        last = None
        try:
            for last in g:
                pass
        except KeyError as e:
            return last, repr(e), repr(e.__context__)


print(drive())


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


def take(g, n):
    result = []
    for x in g:
        if len(result) >= n:
            break
        result.append(x)
    return result


print(take(fibonacci(), 2000)[-1] % 10**9, take(fibonacci(), 10))


def zipper(n):
    for a, b in zip(counter(n, []), fibonacci()):
        yield a + b
    for a, b in enumerate(counter(n, [])):
        yield a - b


print(sum(zipper(500)) % 10**9)


def sender(n):
    g = averager()
    next(g)
    for i in range(n):
        r = g.send(i)
    try:
        g.send(None)
    except StopIteration as stop:
        return r, stop.value


def averager():
    total = count = 0
    average = None
    while True:
        value = yield average
        if value is None:
            return count
        total += value
        count += 1
        average = total / count


print(sender(1000), sender(3))


def throw_often(n):
    g = catcher()
    next(g)
    return sum(g.throw(ValueError, ValueError(i)) for i in range(n))


def catcher():
    while True:
        try:
            yield
        except ValueError as e:
            while True:
                try:
                    yield e.args[0]
                except ValueError as f:
                    e = f


print(throw_often(1), throw_often(1500))


def with_in_generator(n, log):
    class Manager:
        def __enter__(self):
            log.append("enter")
            return self

        def __exit__(self, kind, value, trace):
            log.append(kind and kind.__name__)
            return kind is KeyError

    with Manager():
        for i in range(n):
            yield i
        raise KeyError
    with Manager():
        yield "second"


for n in (2, 1100):
    log = []
    g = with_in_generator(n, log)
    print(len(list(g)), log)
    log = []
    g = with_in_generator(n, log)
    next(g)
    g.close()
    print(log)

unhandled = counter(10**6, [])
for x in unhandled:
    if x == 1700:
        unhandled.throw(OSError("at the end"))
