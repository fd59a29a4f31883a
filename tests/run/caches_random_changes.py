"""Random changes of classes and instances under sites that have seen other things: descriptors of every sort, hooks,
slots, classes whose instances become descriptors."""
seed = 1
N = 1500


def rnd(n):
    global seed
    seed = (seed * 6364136223846793005 + 1442695040888963407) % (1 << 64)
    return (seed >> 33) % n


class Data:
    def __init__(self, n):
        self.n = n

    def __get__(self, o, t):
        return ("data", self.n, o is None)

    def __set__(self, o, v):
        log.append(("set", self.n, v))

    def __delete__(self, o):
        log.append(("del", self.n))


class NonData:
    def __init__(self, n):
        self.n = n

    def __get__(self, o, t):
        return ("nondata", self.n, o is None)


class SetOnly:
    def __init__(self, n):
        self.n = n

    def __set__(self, o, v):
        log.append(("setonly", self.n, v))


class Callable:
    def __init__(self, n):
        self.n = n

    def __call__(self, *a):
        return ("called", self.n, len(a))


class Late:
    "becomes a descriptor later"

    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return "Late%d" % self.n


log = []


class A:
    pass


class B:
    x = "Bx"

    def f(self, *a):
        return ("B.f", len(a))


class C(A, B):
    pass


class D(C):
    __slots__ = ("s",)


class E(dict):
    def f(self, *a):
        return ("E.f", len(a))


class F(Exception):
    pass


class G(str):
    pass


class S:
    __slots__ = ("x", "y")


CLASSES = [A, B, C, D, E, F, G, S]
OBJECTS = [A(), B(), C(), D(), E(), F(), G("gg"), S(), C(), D()]
NAMES = ["x", "y", "f", "g"]


def value(n):
    k = rnd(16)
    if k == 0:
        return Data(n)
    if k == 1:
        return NonData(n)
    if k == 2:
        return SetOnly(n)
    if k == 3:
        return Callable(n)
    if k == 4:
        return Late(n)
    if k == 5:
        return property(lambda self: ("prop", n))
    if k == 6:
        return property(lambda self: ("prop", n), lambda self, v: log.append(("pset", n)), lambda self: log.append(("pdel", n)))
    if k == 7:
        return lambda self, *a: ("lambda", n, len(a))
    if k == 8:
        return staticmethod(lambda *a: ("static", n, len(a)))
    if k == 9:
        return classmethod(lambda cls, *a: ("class", cls.__name__, n, len(a)))
    if k == 10:
        return len
    if k == 11:
        return str.upper
    if k == 12:
        return [].append
    if k == 13:
        return None
    return n


def getattr_hook(self, name):
    if name.startswith("__"):
        raise AttributeError(name)
    return ("hook", name)


def getattribute_hook(self, name):
    log.append(("ga", name))
    return object.__getattribute__(self, name)


def setattr_hook(self, name, v):
    log.append(("sa", name))
    object.__setattr__(self, name, v)


def delattr_hook(self, name):
    log.append(("da", name))
    object.__delattr__(self, name)


HOOKS = [("__getattr__", getattr_hook), ("__setattr__", setattr_hook), ("__delattr__", delattr_hook), ("__getattribute__", getattribute_hook)]


def get_x(o):
    return o.x


def get_y(o):
    return o.y


def get_f(o):
    return o.f


def get_g(o):
    return o.g


def set_x(o, v):
    o.x = v


def set_y(o, v):
    o.y = v


def set_f(o, v):
    o.f = v


def set_g(o, v):
    o.g = v


def del_x(o):
    del o.x


def del_y(o):
    del o.y


def del_f(o):
    del o.f


def del_g(o):
    del o.g


def call_x(o):
    return o.x()


def call_y(o):
    return o.y(1)


def call_f(o):
    return o.f(1, 2)


def call_g(o):
    return o.g()


def aug_x(o):
    o.x += 1


GET = {"x": get_x, "y": get_y, "f": get_f, "g": get_g}
SET = {"x": set_x, "y": set_y, "f": set_f, "g": set_g}
DEL = {"x": del_x, "y": del_y, "f": del_f, "g": del_g}
CALL = {"x": call_x, "y": call_y, "f": call_f, "g": call_g}


def show(v):
    if isinstance(v, (int, str, tuple, type(None))):
        return repr(v) if type(v) is not G else "G" + str(v)
    return type(v).__name__


def do(label, f, *a):
    try:
        r = show(f(*a))
    except Exception as e:
        r = type(e).__name__ + ": " + str(e)
    if "0x" in r:
        r = "addr"
    print(label, r, log)
    log.clear()


for i in range(N):
    name = NAMES[rnd(4)]
    k = rnd(40)
    if k < 5:
        c = CLASSES[rnd(8)]
        do(("setc", c.__name__, name), setattr, c, name, value(i))
    elif k < 7:
        c = CLASSES[rnd(8)]
        do(("delc", c.__name__, name), delattr, c, name)
    elif k == 7:
        c = CLASSES[rnd(6)]
        h, f = HOOKS[rnd(4)]
        if h in c.__dict__:
            do(("unhook", c.__name__, h), delattr, c, h)
        else:
            do(("hook", c.__name__, h), setattr, c, h, f)
    elif k == 8 and i % 5 == 0:
        if "__get__" in Late.__dict__: del Late.__get__
        else:
            Late.__get__ = lambda self, o, t: ("late", self.n)
    elif k == 9 and i % 5 == 0:
        if "__set__" in Late.__dict__: del Late.__set__
        else:
            Late.__set__ = lambda self, o, v: log.append(("lateset", self.n))
    elif k == 10:
        j = rnd(10)
        OBJECTS[j] = [A, B, C, D, E, F, lambda: G("g"), S, C, D][j]()
    else:
        o = rnd(10)
        t = (type(OBJECTS[o]).__name__, o)
        for rep in range(1 + rnd(4)):
            if k < 20:
                do(("get", name, t), GET[name], OBJECTS[o])
            elif k < 27:
                do(("set", name, t), SET[name], OBJECTS[o], i)
            elif k < 30:
                do(("del", name, t), DEL[name], OBJECTS[o])
            elif k < 37:
                do(("call", name, t), CALL[name], OBJECTS[o])
            elif k == 37:
                do(("aug", t), aug_x, OBJECTS[o])
            elif k == 38:
                do(("getc", name), GET[name], type(OBJECTS[o]))
            else:
                do(("callc", name), CALL[name], type(OBJECTS[o]))


for o in OBJECTS:
    if not isinstance(o, S):
        print(type(o).__name__, [(k, show(v)) for k, v in vars(o).items()])
