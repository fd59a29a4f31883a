"""What CPython adds to a NameError, an AttributeError or an ImportError that nobody catches ("Did you mean: ..."), and
the attributes `name` and `obj` that it goes by."""
from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Run

PROGRAMS: dict[str, str] = {
    "local": "def f():\n    counter = 1\n    print(countr)\nf()",
    "global": "counter = 1\ndef f():\n    return countr\nf()",
    "builtin": "pritn(3)",
    "builtin2": "x = lenn([1])",
    "module_name": "maths = 1\nmath.sin(3)",
    "stdlib": "math.sin(3)",
    "stdlib2": "def f(): return sys.argv\nf()",
    "enclosing": "def f():\n    value = 1\n    def g():\n        return valeu\n    return g() + value\nf()",
    "class": "class A:\n    attribute = 1\n    print(atribute)",
    "case": "Counter = 1\ncounter",
    "short": "ab = 1\nax",
    "same_len": "abc = 1\nxyz",
    "self": "class A:\n    def __init__(self): self.blech = 1\n    def f(self): return blech\nA().f()",
    "unbound": "def f():\n    print(counter)\n    counter = 1\nf()",
    "del": "x = 1\ndel x\nx",
    "attr": "class A:\n    def __init__(self): self.blech = 1\nA().bluch",
    "attr_method": "class A:\n    def method(self): pass\nA().metod()",
    "attr_list": "[].apend(1)",
    "attr_str": "''.uper()",
    "attr_dict": "{}.itmes()",
    "attr_mod2": "import sys\ngetattr(sys, 'argvv')",
    "attr_class": "class A:\n    blech = 1\nA.bluch",
    "attr_type": "int.from_byte",
    "attr_none": "None.foo",
    "attr_none2": "None.__clas__",
    "attr_func": "def f(): pass\nf.__nam__",
    "attr_int": "(1).bit_lenght()",
    "attr_slots": "class A:\n    __slots__ = ('blech',)\nA().bluch",
    "attr_slots2": "class A:\n    __slots__ = ('blech',)\na = A()\na.bluch = 3",
    "attr_getattr": "class A:\n    blech = 1\n    def __getattr__(self, n): raise AttributeError\nA().bluch",
    "attr_getattr2": "class A:\n    blech = 1\n    def __getattr__(self, n): raise AttributeError(n)\nA().bluch",
    "attr_getattr3": (
        "class A:\n    blech = 1\n    def __getattr__(self, n): raise AttributeError(n, name=n, obj=self)\n"
        "A().bluch"
    ),
    "attr_dir": "class A:\n    def __dir__(self): return ['blech']\nA().bluch",
    "attr_dir2": "class A:\n    def __dir__(self): raise ValueError\nA().bluch",
    "attr_dir3": "class A:\n    def __dir__(self): return [1, 'blech', 'other']\nA().bluch",
    "attr_private": "class A:\n    def __init__(self): self._blech = 1\nA().blech",
    "attr_del": "class A:\n    blech = 1\ndel A().bluch",
    "attr_super": "class A:\n    def blech(self): pass\nclass B(A):\n    def f(self): super().bluch()\nB().f()",
    "import_local": "from helper import functoin",
    "import_mod": "import helpre",
    "import_mod2": "import helper.sub",
    "import_pkg": "from . import x",
    "importerr": "raise ImportError('x', name='y')",
    "nameerr": "raise NameError('foo', name='prin')",
    "nameerr2": "raise NameError(\"name 'prin' is not defined\")",
    "nameerr3": "raise NameError(\"m\", name=3)",
    "attrerr": "raise AttributeError('text', name='appen', obj=[])",
    "attrerr2": "raise AttributeError('text', name='appen')",
    "caught": "try:\n    pritn\nexcept NameError as e:\n    print(e, e.name)\n    raise",
    "cause": "try:\n    pritn\nexcept NameError as e:\n    raise ValueError('v') from e",
    "context": "try:\n    pritn\nexcept NameError as e:\n    [].apend",
    "comp": "[itm for item in [1]]",
    "genexp": "list(valu for value in range(3))",
    "lambda": "f = lambda argument: argumnt\nf(1)",
    "dunder": "__nam__",
    "long": "a" * 60 + " = 1\n" + "a" * 59 + "b",
    "many": "\n".join(f"name{i} = 1" for i in range(800)) + "\nnaem5",
    "unicode": "größe = 1\ngröse",
    "kwarg": "def f(value): pass\nf(valeu=1)",
    "exc_notes": "e = NameError('x', name='lenn'); e.add_note('n'); raise e",
    "subclass": "class N(NameError): pass\nraise N('x', name='lenn')",
    "global_in_fn": "def f():\n    global zz\n    print(zzz)\nzz = 1\nf()",
    "typeerr": "int.foo()",
    "exhaust": "print(1).foo",
    "property": "class A:\n    @property\n    def p(self): return self.blec\n    blech = 1\nA().p",
    "inst_call": "class A: pass\nA().foo()",
    "set1": "def f(): pass\ntry:\n    del f.foo\nexcept AttributeError as e: print(e, e.name, e.obj)",
    "set2": (
        "class A:\n    __slots__ = ('a',)\ntry:\n    del A().a\n"
        "except AttributeError as e: print(e, e.name, e.obj)"
    ),
    "set3": "try:\n    (1).real = 3\nexcept AttributeError as e: print(e, e.name, e.obj)",
    "set4": "import sys\ntry:\n    del sys.foo\nexcept AttributeError as e: print(e, e.name, e.obj)",
    "set5": "class A: pass\ntry:\n    del A.foo\nexcept AttributeError as e: print(e, e.name, e.obj)",
    "set6": "class A:\n    p = property()\ntry:\n    A().p = 3\nexcept AttributeError as e: print(e, e.name, e.obj)",
    "set7": "try:\n    [].append = 3\nexcept AttributeError as e: print(e, e.name, e.obj)",
    "set8": "class A:\n    p = property()\ntry:\n    A().p\nexcept AttributeError as e: print(e, e.name, type(e.obj))",
    "set9": (
        "class A:\n    def __setattr__(self, n, v): raise AttributeError\ntry:\n    A().p = 3\n"
        "except AttributeError as e: print(e, e.name, e.obj)"
    ),
    "get1": (
        "class A:\n    def __getattribute__(self, n): raise AttributeError(n)\ntry:\n    A().p\n"
        "except AttributeError as e: print(e, e.name, type(e.obj))\ntry:\n    A().m()\n"
        "except AttributeError as e: print(e, e.name, type(e.obj))\ntry:\n    getattr(A(), 'x')\n"
        "except AttributeError as e: print(e, e.name, type(e.obj))"
    ),
    "get2": (
        "class E(AttributeError): pass\nclass A:\n    def __getattr__(self, n): raise E\n"
        "for i in range(3):\n    try:\n        A().p\n"
        "    except AttributeError as e: print(repr(e), e.name, type(e.obj))\n    try:\n        A().p()\n"
        "    except AttributeError as e: print(repr(e), e.name, type(e.obj))"
    ),
    "get3": (
        "class A:\n    def __getattr__(self, n): return self.__dict__['_' + n].foo\na = A()\na._x = 3\n"
        "try:\n    a.x\nexcept AttributeError as e: print(e, e.name, e.obj)"
    ),
    "get4": (
        "def d(self): raise AttributeError('d')\nclass A:\n    p = property(d)\n"
        "try:\n    A().p\nexcept AttributeError as e: print(repr(e), e.name, type(e.obj))"
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_suggestion(name: str, minivm: Run, cpython: Run, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("def function(): pass\n")
    (tmp_path / "program.py").write_text(PROGRAMS[name] + "\n", encoding="utf-8")
    expected, found = cpython("-W", "ignore", "program.py"), minivm("program.py")
    assert (found.stdout, found.stderr, found.returncode) == (expected.stdout, expected.stderr, expected.returncode)


def test_suggestions_are_made(minivm: Run, tmp_path: Path) -> None:
    """The comparison above would hold without any suggestion, too, if CPython made none."""
    for name, suggestion in (("local", "counter"), ("comp", "item"), ("genexp", "value"), ("attr_list", "append")):
        (tmp_path / "program.py").write_text(PROGRAMS[name] + "\n")
        assert minivm("program.py").stderr.endswith(f". Did you mean: '{suggestion}'?\n")
