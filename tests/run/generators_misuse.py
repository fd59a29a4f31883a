"""Generators that resume, throw into and close themselves; throw() with all kinds of arguments; delegates that go wrong."""


def t(label, f):
    try:
        print(label, f())
    except BaseException as e:
        print(label, type(e).__name__, str(e)[:150], type(e.__context__).__name__, type(e.__cause__).__name__)


# 1. generators that touch themselves
def self_next():
    yield next(g)
g = self_next()
t("next self", lambda: next(g))
t("after", lambda: next(g))
def self_send():
    yield g.send(None)
g = self_send()
t("send self", lambda: next(g))
def self_throw():
    yield g.throw(ValueError)
g = self_throw()
t("throw self", lambda: next(g))
def self_close():
    g.close()
    yield 1
g = self_close()
t("close self", lambda: next(g))
def self_from():
    yield from g
g = self_from()
t("from self", lambda: next(g))
def self_list():
    yield list(g)
g = self_list()
t("list self", lambda: next(g))
def self_for():
    yield 1
    for x in g:
        yield x
g = self_for()
t("for self", lambda: list(g))
def self_unpack():
    a, b = g
    yield a
g = self_unpack()
t("unpack self", lambda: list(g))
def self_star():
    yield print(*g)
g = self_star()
t("star self", lambda: list(g))
def self_zip():
    for a in zip(g, g): yield a
g = self_zip()
t("zip self", lambda: list(g))
def ret():
    try:
        yield 1
    except GeneratorExit:
        return 5
g = ret()
next(g)
t("close returns", lambda: g.close())
def boom():
    try:
        yield 1
    except GeneratorExit:
        raise KeyError(1)
g = boom()
next(g)
t("close raises", lambda: g.close())
def stop():
    raise StopIteration(3)
    yield
t("stop", lambda: next(stop()))
def stop2():
    yield next(iter(()))
t("stop2", lambda: next(stop2()))
for args in ((ValueError,), (ValueError, 1), (ValueError, ValueError(2)), (ValueError(3),), (ValueError(3), 4), (5,), (int,), (ValueError, 1, 2), (ValueError, None, None), ("s",), (None,), (StopIteration, 5), (GeneratorExit,), (KeyError, ValueError(1)), (ValueError, (1, 2))):
    def gen():
        try:
            yield 1
        except ValueError as e:
            yield e.args
    g = gen()
    next(g)
    t(("throw", args), lambda: g.throw(*args))
    t("then", lambda: next(g, "end"))
    g = gen()
    t(("throw0", args), lambda: g.throw(*args))
    t("then", lambda: next(g, "end"))
    g = gen()
    list(g)
    t(("throwend", args), lambda: g.throw(*args))
    def outer():
        r = yield from gen()
        yield r
    g = outer()
    next(g)
    t(("throwfrom", args), lambda: g.throw(*args))
    t("then", lambda: next(g, "end"))
g = gen()
t("send nonnone", lambda: g.send(1))
t("send none", lambda: g.send(None))
class It:
    def __iter__(self):
        return self
    def __next__(self):
        return 1
    def send(self, x):
        return ("sent", x)
    def throw(self, *a):
        return ("thrown", len(a))
    def close(self):
        print("closed")
def d():
    r = yield from It()
g = d()
t("n", lambda: next(g))
t("s", lambda: g.send(5))
t("th", lambda: g.throw(ValueError, 5))
t("th", lambda: g.throw(ValueError(5)))
t("c", lambda: g.close())
class It2:
    def __iter__(self):
        return self
    def __next__(self):
        return 1
    @property
    def throw(self):
        raise KeyError("no throw")
    @property
    def send(self):
        raise KeyError("no send")
def d2():
    yield from It2()
for f in (lambda g: g.send(5), lambda g: g.throw(ValueError)):
    g = d2()
    next(g)
    t("it2", lambda: f(g))
    t("it2 then", lambda: next(g, "end"))
class It3:
    def __iter__(self):
        return self
    def __next__(self):
        g.close()
        return 1
def d3():
    yield from It3()
g = d3()
t("it3", lambda: next(g))
class It4:
    def __iter__(self):
        return self
    n = 0
    def __next__(self):
        self.n += 1
        if self.n == 2:
            raise StopIteration("val")
        return 1
    def throw(self, *a):
        raise StopIteration("thrown")
def d4():
    r = yield from It4()
    yield ("r", r)
g = d4()
t("it4", lambda: (next(g), next(g)))
g = d4()
next(g)
t("it4t", lambda: g.throw(ValueError))
