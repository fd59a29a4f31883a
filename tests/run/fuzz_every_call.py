# Every attribute of an object of each kind, called with arguments of many kinds: results and refusals.
class C:
    x = 1
    def m(self): return 1
    @staticmethod
    def s(a): return a
    @classmethod
    def c(cls): return 2
    @property
    def p(self): return 3
class S:
    __slots__ = ("f",)
class K: pass
class L(list): pass
class E(KeyError): pass
def f(a, b=1): pass
def gen():
    yield 1
    yield 2
OBJECTS = {
    "obj": lambda: object(), "C": lambda: C, "c": lambda: C(), "cm": lambda: C().m, "Cm": lambda: C.m,
    "p": lambda: C.__dict__["p"], "s": lambda: C.__dict__["s"], "cl": lambda: C.__dict__["c"], "S": lambda: S,
    "sf": lambda: S.f, "K": lambda: K, "L": lambda: L([1]), "E": lambda: E("a"), "int": lambda: 5,
    "big": lambda: 10**30, "bool": lambda: True, "float": lambda: 2.5, "str": lambda: "ab", "ustr": lambda: "\u1234",
    "list": lambda: [1,2], "tuple": lambda: (1,2), "dict": lambda: {"a":1}, "set": lambda: {1},
    "fs": lambda: frozenset([1]), "range": lambda: range(3), "slice": lambda: slice(1), "None": lambda: None,
    "Ell": lambda: ..., "NI": lambda: NotImplemented, "gen": lambda: gen(), "f": lambda: f,
    "lambda": lambda: lambda: 1, "len": lambda: len, "append": lambda: [].append, "upper": lambda: str.upper,
    "add": lambda: int.__add__, "add1": lambda: (1).__add__, "fromkeys": lambda: dict.fromkeys,
    "dfromkeys": lambda: dict.__dict__["fromkeys"], "args": lambda: BaseException.args,
    "ctx": lambda: BaseException.__suppress_context__, "li": lambda: iter([1]), "ti": lambda: iter((1,)),
    "si": lambda: iter("a"), "di": lambda: iter({1:1}), "dv": lambda: iter({1:1}.values()),
    "dit": lambda: iter({1:1}.items()), "seti": lambda: iter({1}), "ri": lambda: iter(range(2)),
    "lr": lambda: reversed([1]), "dr": lambda: reversed({1:1}), "dk": lambda: {1:1}.keys(),
    "dvs": lambda: {1:1}.values(), "dis": lambda: {1:1}.items(), "mp": lambda: vars(C), "ut": lambda: int|str,
    "ci": lambda: iter(lambda: 1, 1), "enum": lambda: enumerate([1]), "zip": lambda: zip([1]),
    "map": lambda: map(str, [1]), "filter": lambda: filter(None, [1]), "rev": lambda: reversed((1,2)),
    "super": lambda: super(C, C()), "type": lambda: type, "objt": lambda: object, "intt": lambda: int,
    "strt": lambda: str, "listt": lambda: list, "dictt": lambda: dict, "sett": lambda: set,
    "exc": lambda: ValueError("a", 1), "ke": lambda: KeyError(1), "os": lambda: OSError(2, "x", "y"),
    "stop": lambda: StopIteration(3), "syn": lambda: SyntaxError("m", ("f",1,2,"t")),
    "ue": lambda: UnicodeEncodeError("a","b",0,1,"r"), "imp": lambda: ImportError("a", name="n"),
    "ne": lambda: NameError("a", name="q"), "ae": lambda: AttributeError("a", name="q", obj=1),
    "se": lambda: SystemExit(3), "prop": lambda: property(), "sm": lambda: staticmethod(f),
}
ARGUMENTS = [((), {}), ((5,), {}), ((None,), {}), (("a",), {}), ((), {"x": 10}), ((1, 2), {}), ((1, 2, 3), {}),
             ((1, 2, 3, 4), {}), (([],), {}), ((int,), {}), ((1.5,), {}), (((),), {}), (("zz", 1), {}), ((5,), {"key": 1})]
# What Mini refuses, what prints addresses or paths, and what would take without end.
LEFT_OUT = """__class__ __reduce__ __reduce_ex__ __sizeof__ __getstate__ __setstate__ __dir__ __doc__ __subclasses__ __hash__
gi_frame gi_code __text_signature__ __init_subclass__ __subclasshook__ __builtins__ __globals__ __code__ __dict__ __del__
__basicsize__ __dictoffset__ __flags__ __itemsize__ __weakrefoffset__ to_bytes from_bytes encode __weakref__ __getnewargs__
mro __bases__ __closure__ __annotations__ __module__""".split()
# CPython loses count of None in property().getter(None) and the like.
OF = {"p": ["getter", "setter", "deleter"], "prop": ["getter", "setter", "deleter"],
      "big": ["__rpow__", "__pow__", "__rlshift__", "__lshift__"], "ut": ["__module__"], "float": ["__rpow__", "__pow__"],
      "mp": ["__delitem__", "__setitem__", "clear", "pop", "popitem", "setdefault", "update"]}


def clean(text):
    while " at 0x" in text:
        start = text.index(" at 0x")
        end = start + 6
        while end < len(text) and text[end] in "0123456789abcdef":
            end += 1
        text = text[:start] + " at" + text[end:]
    return text


def short(value):
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=repr)
    try:
        text = clean(repr(value))
    except Exception as e:
        return "repr " + type(e).__name__
    return text if len(text) < 150 else (len(text), text[:40])


def call(make, name, args, keywords):
    try:
        attribute = getattr(make(), name)
    except Exception as e:
        return clean(f"{type(e).__name__} {e}")
    if not callable(attribute):
        return short(attribute)
    try:
        return short(attribute(*args, **keywords))
    except Exception as e:
        return clean(f"{type(e).__name__} {e}")


for kind, make in OBJECTS.items():
    for name in dir(make()):
        if name not in LEFT_OUT and name not in OF.get(kind, ()):
            if not callable(getattr(make(), name, None)):
                print(kind, name, call(make, name, (), {}))
                continue
            for args, keywords in ARGUMENTS:
                print(kind, name, args, keywords, call(make, name, args, keywords))
