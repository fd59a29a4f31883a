"""try, finally, with and loops in every combination, and what leaving them does."""


def trace(*words):
    print(*words, end="; ")


def leave(how):
    for i in range(3):
        try:
            trace("try", i)
            if how == "return":
                return "returned"
            if how == "break":
                break
            if how == "continue":
                continue
            if how == "raise":
                raise ValueError(i)
        except ValueError as e:
            trace("except", e)
            if i == 1:
                return e.args
        else:
            trace("else")
        finally:
            trace("finally", i)
    else:
        trace("loop else")
    return "end"


for how in ("return", "break", "continue", "raise", "none"):
    print(leave(how))


def nested(how):
    try:
        try:
            if how == 1:
                return 1
            if how == 2:
                raise KeyError("k")
            if how == 3:
                raise ValueError("v")
        except KeyError:
            trace("key")
            if how == 2:
                raise TypeError("t")
        finally:
            trace("inner finally")
            if how == 4:
                return "from finally"
    except TypeError as e:
        trace("type", repr(e.__context__))
        return "handled"
    finally:
        trace("outer finally")
    return "after"


for how in range(5):
    try:
        print(nested(how))
    except ValueError as e:
        print("raised", e)


def finally_wins(how):
    while True:
        try:
            if how == "return":
                return 1
            raise ValueError
        finally:
            if how == "continue":
                how = "return"
                continue
            break
    return "broke"


print(finally_wins("return"), finally_wins("raise"), finally_wins("continue"))


def swallow():
    try:
        raise ValueError
    finally:
        return "swallowed"


print(swallow())


def return_value_is_kept():
    x = 1
    try:
        return x
    finally:
        x = 2


print(return_value_is_kept())


class Manager:
    def __init__(self, name, suppress=False):
        self.name = name
        self.suppress = suppress

    def __enter__(self):
        trace("enter", self.name)
        return self

    def __exit__(self, kind, value, traceback):
        trace("exit", self.name, kind and kind.__name__)
        return self.suppress


def managed(how):
    for i in range(2):
        with Manager("a", True) as a, Manager("b") as b:
            trace(a.name, b.name)
            if how == "return":
                return "r"
            if how == "break":
                break
            if how == "continue":
                continue
            if how == "raise":
                raise KeyError(i)
        trace("after", i)
    return "end"


for how in ("return", "break", "continue", "raise", "none"):
    print(managed(how))


def unbound_after_handler():
    e = "outer"
    try:
        raise ValueError("inner")
    except ValueError as e:
        trace(e)
    try:
        e
    except UnboundLocalError as error:
        return str(error)


print(unbound_after_handler())


def reraise():
    try:
        try:
            raise ValueError("first")
        except ValueError:
            try:
                raise KeyError("second")
            except KeyError:
                pass
            raise
    except ValueError as e:
        return str(e)


print(reraise())


def generator():
    try:
        x = yield 1
        trace("got", x)
        with Manager("g"):
            y = yield 2
            trace("got", y)
            yield from inner()
    except ValueError as e:
        trace("caught", e)
        yield "from except"
    finally:
        trace("closing")


def inner():
    try:
        got = yield "inner"
        trace("inner got", got)
    except KeyError as e:
        trace("inner caught", e)
        yield "again"
    return "result"


g = generator()
print(next(g), g.send("a"), g.send("b"), g.throw(KeyError("k")))
print(g.throw(ValueError("v")), list(g))
g = generator()
next(g)
g.close()
print()


def loops():
    out = []
    for a, b in [(1, 2), (3, 4)]:
        out.append(a * b)
    for a, *b in [(1, 2, 3), "xyz"]:
        out.append((a, b))
    for i, (a, [b]) in enumerate([(1, [2])]):
        out.append((i, a, b))
    n = 3
    while n > 0 and n != 1:
        n -= 1
    else:
        out.append(("else", n))
    while 1:
        n += 1
        if n > 5:
            break
    for self.x in [1]:
        pass
    return out


class self:
    pass


print(loops(), self.x)
try:
    for a, b in [(1, 2), (3,)]:
        trace(a, b)
except ValueError as e:
    print(e, a, b)
