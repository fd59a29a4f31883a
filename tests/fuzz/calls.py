"""Random calls of the builtin types' methods, of builtin functions and of modules' functions: `Calls`, a part of the
writer.

Called by generator.py. What there is to call is asked of the Python that runs this (CPython 3.11, the oracle), by
`dir`. Which arguments are right is found by trying: `right(text)` calls it here with arguments from ARGUMENTS and keeps
those that raise nothing, so that most calls get past the checks of arguments; a share is made with arguments at
random. INV-gen-1 holds: the tries depend on the text alone. Nothing here may run long or need much memory, whatever
the arguments: large ints are only given to what is named in NO_LARGE's complement.
"""
from __future__ import annotations

import builtins
import enum
import math
import random
import sys
import time
import types
import zlib
from functools import lru_cache

from expressions import Expressions

# Receivers: a class as it is reached, and texts that make values of it.
RECEIVERS: dict[str, tuple[str, ...]] = {
    "int": ("5", "-7", "0", "(1 << 100)", "-(1 << 70)", "255", "(10 ** 40 + 7)"),
    "bool": ("True", "False"),
    "float": ("2.5", "-0.0", "1e300", "float('nan')", "-7.25", "3.0", "float('inf')", "5e-324", "123456789.125"),
    "str": ("'abc'", "''", "'Hello World'", "'äÖü ß'", "'a,b,,c'", "' \\tx\\n'", "'12٣'", "'日本\\U0001f600'", "'ǆ ﬁ'",
            "'aaa' * 9", "'one two\\nthree\\r\\nfour'", "'%s %d'", "'{} {x}'", "'x\\x85y\\u2028z'", "'ΑΣ ΣΑ'"),
    "list": ("[]", "[1, 2, 3]", "['b', 'a', 'c']", "[3, 1.5, True, 2]", "[[1], [2]]", "list(range(40))", "[None, 1]"),
    "tuple": ("()", "(1, 2, 3)", "('a', (1, 2))", "(1, 1.0, True)"),
    "dict": ("{}", "{'a': 1, 'b': 2}", "{1: 'x', 2.5: None, (1, 2): []}", "dict.fromkeys(range(20), 0)"),
    "set": ("set()", "{1, 2, 3}", "{'a', 'b'}", "set(range(30))"),
    "frozenset": ("frozenset()", "frozenset((1, 5, 9))", "frozenset('ab')"),
    "range": ("range(5)", "range(10, 0, -3)", "range(0)", "range(2 ** 70, 2 ** 70 + 3)"),
    "slice": ("slice(3)", "slice(1, None, 2)", "slice(None, None, -1)", "slice('a', 2)"),
    "NoneType": ("None",),
    "ellipsis": ("...",),
    "function": ("(lambda a, b=2, *c, d=3: (a, b, c, d))", "clip"),
    "builtin_function_or_method": ("len", "[3, 1].count", "'a-b'.split", "print"),
    "method_descriptor": ("str.upper", "list.append", "dict.get"),
    "wrapper_descriptor": ("int.__add__", "str.__eq__", "object.__repr__"),
    "method-wrapper": ("(5).__add__", "'a'.__len__", "[].__iter__"),
    "method": ("Note(1).add_note", "Odd('x').with_traceback"),
    "type": ("int", "str", "Note", "type", "object", "Odd"),
    "generator": ("(n * n for n in range(3))", "(n for n in 'ab')"),
    "dict_keys": ("{'a': 1, 'b': 2}.keys()", "{}.keys()", "{1: 2, 3: 4}.keys()"),
    "dict_values": ("{'a': 1}.values()",),
    "dict_items": ("{'a': 1, 'b': 2}.items()", "{1: 2}.items()", "{}.items()"),
    "list_iterator": ("iter([1, 2])",), "tuple_iterator": ("iter((1, 2))",), "str_iterator": ("iter('aé')",),
    "range_iterator": ("iter(range(4))",), "longrange_iterator": ("iter(range(2 ** 65, 2 ** 65 + 3))",),
    "set_iterator": ("iter({1, 2})",), "dict_keyiterator": ("iter({1: 2, 3: 4})",),
    "dict_valueiterator": ("iter({1: 2}.values())",), "dict_itemiterator": ("iter({1: 2}.items())",),
    "list_reverseiterator": ("reversed([1, 2, 3])",), "dict_reversekeyiterator": ("reversed({1: 2, 3: 4})",),
    "enumerate": ("enumerate('ab')", "enumerate([1], 2 ** 70)"), "zip": ("zip([1, 2], 'ab')", "zip()"),
    "map": ("map(str, [1, 2])",), "filter": ("filter(None, [0, 1, 2])",), "reversed": ("reversed('abc')",),
    "callable_iterator": ("iter([1, 2, 0].pop, 0)",), "iterator": ("iter(range(3).__getitem__, 9)",),
    "property": ("property(lambda s: 5)", "Note.__dict__.get('x', property())"),
    "staticmethod": ("staticmethod(abs)",), "classmethod": ("classmethod(len)",),
    "super": ("super(Odd, Odd(1))", "super(Note, Odd)"), "object": ("object()",),
    "mappingproxy": ("vars(Note)", "vars(Odd)"),
    "Note": ("Note(1, 2)", "Odd('a', code=3)"),
    "KeyError": ("KeyError('k')", "KeyError()"), "OSError": ("OSError(2, 'gone')", "OSError(2, 'gone', 'f.txt')",
    "OSError(13, 'no', 'a', None, 'b')", "OSError('x')", "OSError(17, 'there')"),
    "SyntaxError": ("SyntaxError('bad', ('f.py', 3, 4, 'x = = 1'))", "SyntaxError('bad')", "SyntaxError()",
                    "IndentationError('i', ('g', 1, 2, None, 3, 4))"),
    "StopIteration": ("StopIteration(5)", "StopIteration()"), "SystemExit": ("SystemExit(3)", "SystemExit('a', 2)"),
    "ImportError": ("ImportError('no', name='n', path='p')", "ModuleNotFoundError('m', name='x')"),
    "NameError": ("NameError('x', name='y')", "UnboundLocalError()"), "AttributeError": (
    "AttributeError('x', name='n', obj=5)",
    "AttributeError()"),
    "UnicodeEncodeError": ("UnicodeEncodeError('ascii', 'aé', 1, 2, 'why')",),
    "UnicodeTranslateError": ("UnicodeTranslateError('aé', 1, 2, 'why')", "UnicodeTranslateError('abc', 0, 3, 'why')"),
}
ARGUMENTS = (
    "0", "1", "2", "-1", "5", "True", "None", "2.5", "-0.5", "'a'", "'b'", "''", "'abc'", "'xyz '", "' '", "'utf-8'",
    "'é'",
    "[]", "[1, 2, 3]", "['a', 'b']", "()", "(1, 2)", "('a', 'c')", "{}", "{'a': 1}", "{1: 'b', 97: 'Q'}", "set()",
    "{1, 2, 5}",
    "frozenset('ab')", "range(3)", "slice(1, 3)", "slice(None, None, -2)", "abs", "str", "int", "(lambda *a: a)",
    "(lambda v: v)", "iter('ab')", "[(1, 2), ('a', 3)]", "[[1, 2], 'ab']", "{'a': 1}.keys()", "10", "64",
    "float('nan')",
    "'3'", "'_'", "Note", "Note(1)", "'.2f'", "'>6'", "...", "float('inf')", "'real'", "'upper'", "3.0", "1e17",
)
LARGE = ("1 << 63", "-(1 << 63)", "1 << 64", "1 << 47", "-(1 << 47)", "1 << 100", "(1 << 61) - 1", "-(1 << 61)")
# Not called: what Mini refuses or has as its own affair (addresses, sizes, dir), what reads or waits.
NOT_CALLED = frozenset(
    "__reduce__ __reduce_ex__ __sizeof__ __getstate__ __setstate__ __dir__ __doc__ __getnewargs__ "
    "__init_subclass__ __subclasshook__ "
    "__class_getitem__ __getformat__ __setformat__ __new__ encode to_bytes from_bytes __builtins__ __code__ "
    "__globals__ gi_frame gi_code __del__ "
    "__text_signature__ __signature__ __length_hint__ __subclasses__ __weakref__ __abstractmethods__ "
    "__basicsize__ __dictoffset__ __itemsize__ "
    "__weakrefoffset__ __flags__ __closure__ __traceback__ tb_frame __loader__ __spec__ __prepare__ __class__ "
    "__dict__ mro __instancecheck__ "
    "__subclasscheck__ __call__ __annotations__ __self__ __wrapped__ cr_code with_traceback __or__ __ror__ "
    "__kwdefaults__ __type_params__ detach buffer".split()
)
ADDRESS_HASH = frozenset(("int", "float", "bool", "str", "tuple", "frozenset", "range"))
NO_LARGE = ("__pow__", "__rpow__", "__lshift__", "__rlshift__", "__mul__", "__rmul__", "__imul__", "__round__",
    "zfill", "center", "ljust",
            "rjust", "expandtabs", "pow", "round", "factorial", "comb", "perm", "range", "ldexp", "__mod__", "bytes",
            "isqrt", "input")
BUILTINS = (
    "abs all any ascii bin bool callable chr dict divmod enumerate filter float format frozenset getattr hasattr "
    "hex int "
    "isinstance issubclass iter len list map max min next oct ord pow range repr reversed round set slice sorted "
    "str sum "
    "tuple zip property staticmethod classmethod object print".split()
)
MATH = tuple(name for name in dir(math) if name[0] != "_")
MATH_ARGUMENTS = (
    "0", "1", "2", "3", "-1", "0.5", "-2.5", "1e300", "-1e-300", "float('inf')", "float('-inf')", "float('nan')",
    "10", "20", "7.75",
    "True", "0.0", "-0.0", "5e-324", "170", "171.5", "-3.0", "1 << 70", "10 ** 25", "1e16", "[1, 2.5]",
    "[1e308, 1e308, -1e308]", "[3, 4]",
    "(1, 2)", "[0.1] * 10", "[1, 'a']", "[2 ** 80, 1.5]", "'a'", "None", "range(1, 6)", "100", "0.1", "33", "-170.5",
    "1e-5", "30.5", "2 ** 200 + 1",
)
SCOPE: dict[str, object] = {}


def _scope() -> dict[str, object]:
    if not SCOPE:
        from generator import PRELUDE

        exec(PRELUDE, SCOPE)
        SCOPE.update(math=math, time=time, sys=sys, enum=enum, print=lambda *a, **k: None)
    return SCOPE


@lru_cache(maxsize=None)
def names_of(receiver: str) -> tuple[str, ...]:
    """The attributes of a value that are called or read."""
    value = eval(receiver, _scope())
    names = [name for name in dir(value) if name not in NOT_CALLED]
    if type(value).__name__ not in ADDRESS_HASH:
        names = [name for name in names if name != "__hash__"]
    if not isinstance(value, (int, float, str)):
        names = [name for name in names if name != "__format__"]
    if isinstance(value, int) and abs(value) > 300:  # 10 ** value
        names = [name for name in names if name not in ("__rpow__", "__rlshift__")]
    return tuple(names)


@lru_cache(maxsize=None)
def _code(text: str) -> types.CodeType:
    return compile(text, "try", "eval")


@lru_cache(maxsize=None)
def right(text: str, pool: tuple[str, ...] = ARGUMENTS, tries: int = 200) -> tuple[str, ...]:
    """Arguments with which the call `text(...)` raises nothing (each with its commas), found by trying."""
    scope = _scope()
    rng = random.Random(zlib.crc32(text.encode()))
    call = eval(f"lambda *a: {text}(*a)", scope)
    found: dict[int, list[str]] = {}
    candidates = [(), *((word,) for word in pool), *(tuple(rng.choices(pool, k=2)) for _ in range(tries)),
                  *(tuple(rng.choices(pool, k=3)) for _ in range(tries // 3))]
    for words in candidates:
        try:
            call(*[eval(_code(word), scope) for word in words])
        except BaseException:
            continue
        found.setdefault(len(words), []).append(", ".join(words))
    return tuple(words for group in found.values() for words in dict.fromkeys(group[:25]))


class Calls(Expressions):
    """Statements that call what is built in."""

    def wild(self, text: str) -> str:
        """Arguments of any kind."""
        count = self.pick((0, 1, 1, 1, 2, 2, 3, 4))
        large = not any(name in text for name in NO_LARGE)
        return ", ".join(self.pick(LARGE) if large and self.chance(0.12) else self.pick(ARGUMENTS) for _ in range(
            count))

    def arguments(self, text: str, pool: tuple[str, ...] = ARGUMENTS) -> str:
        known = right(text, pool)
        if known and self.chance(0.7):
            return self.pick(known)  # type: ignore[no-any-return]
        if pool is not ARGUMENTS:
            return ", ".join(self.pick(pool) for _ in range(self.pick((0, 1, 1, 2, 2, 3))))
        return self.wild(text)

    def shown(self, text: str) -> None:
        """Prints the value, and what an iterator gives."""
        self.put("try:")
        self.put(f"    r = {text}")
        self.put(
            "    print(r if not hasattr(r, '__next__') else (type(r).__name__, [u for u, _ in zip(r, range(50))]))")
        self.put("except Exception as e:")
        self.put(f"    fail({self.tag()}, e)")

    def call_method(self) -> None:
        """A value, and some of its attributes read or called."""
        kind = self.pick(tuple(RECEIVERS)) if self.chance(0.6) else self.pick(("str", "str", "str", "int", "list",
            "dict", "set", "float", "frozenset"))
        texts = RECEIVERS[kind]
        name = self.fresh("u")
        text = self.pick(texts)
        self.put(f"{name} = {text}")
        attributes = names_of(text)
        for _ in range(self.rng.randint(2, 6)):
            attribute = self.pick(attributes)
            if attribute.startswith("__") and self.chance(0.4):
                attribute = self.pick(attributes)
            roll = self.rng.random()
            if roll < 0.72:
                self.shown(f"{name}.{attribute}({self.arguments(f'({text}).{attribute}')})")
            elif roll < 0.84 and not callable(getattr(type(eval(text, _scope())), attribute, None)):
                self.shown(f"{name}.{attribute}")
            elif roll < 0.80:
                self.shown(f"type({name}).{attribute}({name}{self.comma(self.arguments(f'({text}).{attribute}'))})")
            elif roll < 0.84 and attribute[0] != "_":
                other = self.pick(self.pick(tuple(RECEIVERS.values())))
                self.shown(f"type({name}).{attribute}({other}{self.comma(self.arguments(f'({text}).{attribute}'))})")
            elif roll < 0.88:
                self.shown(f"{name}.{attribute}")
            elif roll < 0.91:
                self.shown(f"getattr({name}, {attribute!r}).__name__")
            elif roll < 0.94:
                self.shown(f"callable(type({name}).{attribute})")
            elif roll < 0.96 and attribute[0] != "_":
                self.shown(f"setattr({name}, {attribute!r}, {self.pick(ARGUMENTS)})")
            elif roll < 0.975 and attribute[0] != "_":
                self.shown(f"delattr({name}, {attribute!r})")
            elif roll < 0.985:
                self.shown(
                    f"{name}.{attribute}({self.pick(('key', 'sep', 'maxsplit', 'default', 'x'))}="
                    f"{self.pick(ARGUMENTS)})")
            else:
                self.shown(
                    f"{name}.{attribute}(*{self.pick(('[1, 2]', '(3,)', repr('ab'), '5'))}, "
                    f"**{self.pick(('{}', repr({'a': 1})))})")
        if "_iter" not in kind and kind not in ("generator", "object", "super"):
            self.put(f"print({name})")

    @staticmethod
    def comma(arguments: str) -> str:
        return f", {arguments}" if arguments else ""

    def call_builtin(self) -> None:
        for _ in range(self.rng.randint(1, 4)):
            name = self.pick(BUILTINS)
            arguments = self.arguments(name)
            if name in ("max", "min", "sorted", "sum", "print", "int", "enumerate", "zip", "dict", "str", "round",
                "pow") and self.chance(0.4):
                extra = self.pick({
                    "max": ("key=len", "default=7", "key=lambda v: -v", "key=None", "default=1, key=str", "foo=1"),
                    "min": ("key=len", "default=7", "key=str", "default=None"),
                    "sorted": ("key=str", "reverse=True", "key=len, reverse=1", "reverse='a'",
                    "key=lambda v: v, reverse=False", "foo=1"),
                    "sum": ("start=5", "start=[]", "start=2.5", "start='a'", "start=()", "start=1 << 70"),
                    "print": ("sep='-'", "end='!\\n'", "sep=None, end=None", "flush=True", "sep=5", "file=None",
                    "sep='', end=''"),
                    "int": ("base=10", "base=2", "base=0", "base=37", "x=5"), "enumerate": ("start=3",
                    "start=1 << 70", "start='a'"),
                    "zip": ("strict=True", "strict=False", "foo=1"), "dict": ("a=1", "a=1, b=[2]", "**{'x y': 3}"),
                    "str": ("object=5", "encoding='x'"), "round": ("ndigits=1", "ndigits=None", "number=2.675"),
                    "pow": ("mod=7", "exp=3, mod=5", "mod=None"),
                }[name])
                arguments = f"{arguments}, {extra}" if arguments else extra
            self.shown(f"{name}({arguments})")

    def call_math(self) -> None:
        self.put("import math")
        for _ in range(self.rng.randint(2, 6)):
            name = self.pick(MATH)
            self.shown(f"math.{name}({self.arguments(f'math.{name}', MATH_ARGUMENTS)})" if self.chance(0.97) else
                f"math.{name}")

    def raise_builtin(self) -> None:
        """An exception class with arguments, its texts and attributes."""
        name, value = self.pick(EXCEPTIONS), self.fresh("x")
        self.put("try:")
        self.put(f"    {value} = {name}({self.arguments(name)})")
        self.put(f"    print(repr({value}), {value}, {value}.args)")
        for _ in range(self.rng.randint(0, 4)):
            attribute = self.pick(("args", "name", "path", "obj", "errno", "strerror", "filename", "filename2", "msg",
                "lineno", "offset", "text",
                                   "print_file_and_line", "value", "code", "start", "end", "reason", "object",
                                   "encoding", "__notes__",
                                   "__cause__", "__context__", "__suppress_context__", "end_lineno",
                                   "characters_written"))
            self.put("    " + self.pick((f"print({value}.{attribute})",
                f"{value}.{attribute} = {self.pick(ARGUMENTS)}", f"del {value}.{attribute}",
                                         f"{value}.add_note({self.pick(ARGUMENTS)})",
                                         f"print(str({value}), {value}.__dict__)")))
        self.put(f"    raise {value}" + self.pick(("", "", " from None", f" from {self.pick(EXCEPTIONS)}('c')",
            f" from {self.pick(ARGUMENTS)}")))
        self.put("except BaseException as e:")
        self.put(
            f"    print({self.tag()}, type(e).__name__, e, repr(e), repr(e.__cause__), e.__suppress_context__, "
            f"getattr(e, '__notes__', None))")


EXCEPTIONS = tuple(
    name for name, value in sorted(vars(builtins).items())
    if isinstance(value, type) and issubclass(value, BaseException) and "Group" not in name
    and name not in ("EnvironmentError", "IOError", "UnicodeDecodeError")
)
