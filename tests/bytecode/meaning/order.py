"""Order of evaluation, shown by a log."""
log = []


def v(name, value=None):
    log.append(name)
    return value


class Box:
    def __init__(self, name):
        object.__setattr__(self, "name", name)

    def __getattr__(self, key):
        log.append(f"{self.name}.{key}")
        return 1

    def __setattr__(self, key, value):
        log.append(f"{self.name}.{key} = {value if isinstance(value, int) else 'object'}")

    def __getitem__(self, key):
        log.append(f"{self.name}[{key}]")
        return 1

    def __setitem__(self, key, value):
        log.append(f"{self.name}[{key}] = {value}")

    def __delitem__(self, key):
        log.append(f"del {self.name}[{key}]")

    def __delattr__(self, key):
        log.append(f"del {self.name}.{key}")


def show(label):
    print(label, log)
    log.clear()


a, b = Box("a"), Box("b")
v("x", a).y = v("value", 2)
show("assign attribute")
v("x", a)[v("key", 1)] = v("value", 2)
show("assign item")
v("x", a)[v("key", 1)] += v("value", 2)
show("augmented item")
v("x", a).y -= v("value", 2)
show("augmented attribute")
v("t", a).p, v("u", b)[v("k", 3)] = v("l", 1), v("r", 2)
show("parallel")
v("t", a).p = v("u", b).q = v("value", 5)
show("chained assignment")
[v("t", a).p, *v("u", b)[v("k", 3)]] = if_star = v("value", (1, 2, 3))
show("star")
del v("t", a).p, v("u", b)[v("k", 3)]
show("del")
v("a", 1) < v("b", 2) < v("c", 1) < v("d", 4)
show("comparison")
print(v("a", 1) < v("b", 0) < v("c", 1))
show("comparison stops")
{v("k1", 1): v("v1"), **v("m", {5: 6}), v("k2", 2): v("v2")}
show("dict")
{v("k", 1): v("value") for i in v("iter", [1])}
show("dict comprehension")
f = v("f", print)
v("f", lambda *a, **k: None)(v("1"), *v("2", (1,)), v("3"), x=v("4"), **v("5", {}), y=v("6"))
show("call")
v("f", lambda *a, **k: None)(v("1"), x=v("2"))
show("call with keywords")
v("o", a)[v("low", 1):v("high", 2):v("step", 3)]
show("slice")


@v("dec1", lambda f: f)
@v("dec2", lambda f: f)
def function(x=v("default"), *, y=v("kwdefault"), z: v("annotation") = v("zdefault")) -> v("returns"):
    pass


show("def")


@v("dec", lambda c: c)
class C(v("base", object), **v("keywords", {})):
    v("body")
    n: v("annotation") = v("value")
    a.attribute: v("annotation 2")
    a[v("k")]: v("annotation 3") = v("item value")


show("class")
x = v("yes", 1) if v("test", 0) else v("no", 2)
show("conditional")
v("a", 0) or v("b", 0) or v("c", 1) or v("d")
v("a", 1) and v("b", 0) and v("c", 1)
show("or and")
[v("elt") for i in v("outer", [1]) if v("if", 1) for j in v("inner", [1])]
show("comprehension")
print(f"{v('one', 1)!r:>{v('width', 3)}}{v('two', 2)}")
show("f-string")
assert v("test", 1), v("message")
show("assert")


class Manager:
    def __enter__(self):
        log.append("enter")
        return a

    def __exit__(self, *args):
        log.append("exit")
        return True


with v("one", Manager()) as v("target", b).x, v("two", Manager()) as y:
    v("body")
    raise ValueError
show("with")
