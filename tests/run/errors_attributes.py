"""What exception classes keep: arguments, attributes, texts, and the errors of wrong use."""


def show(label, f):
    try:
        print(label, "->", f())
    except BaseException as e:
        print(label, "->", type(e).__name__, "|", e)


show("no keywords", lambda: ValueError(x=1))
show("import keyword", lambda: ImportError("a", foo=1))
show("name keyword", lambda: NameError("a", foo=1))
show("attribute keyword", lambda: AttributeError("a", foo=1))
show("syntax int", lambda: SyntaxError("a", 1))
show("syntax 1", lambda: SyntaxError("a", (1,)))
show("syntax 5", lambda: SyntaxError("a", (1, 2, 3, 4, 5)))
show("syntax 7", lambda: SyntaxError("a", (1, 2, 3, 4, 5, 6, 7)))
show("encode 1", lambda: UnicodeEncodeError(1))
show("encode 5", lambda: UnicodeEncodeError(1, 2, 3, 4, 5))
show("encode float", lambda: UnicodeEncodeError("a", "b", 1.5, 4, 5))
show("encode reason", lambda: UnicodeEncodeError("a", "b", 1, 4, 5))
show("decode str", lambda: UnicodeDecodeError("a", "b", 1, 4, "e"))
show("translate 5", lambda: UnicodeTranslateError("a", "b", 1, 4, "e"))
show("translate int", lambda: UnicodeTranslateError("a", 1, 2, 3))

e = ValueError(1)
for name in ("args", "__traceback__", "__context__", "__cause__", "__suppress_context__", "__notes__", "foo"):
    show(f"set {name}", lambda: setattr(e, name, 3))
    show(f"del {name}", lambda: delattr(e, name))
show("note", lambda: e.add_note(3))
show("note 0", lambda: e.add_note())
show("with_traceback", lambda: e.with_traceback(3))
show("with_traceback 0", lambda: e.with_traceback())
e.args = [1, 2]
print(e.args, e, repr(e))
e.args = "ab"
print(e.args, str(e), repr(e))
e.extra = {"a": 1}
print(e.extra, e.__dict__)
del e.extra
show("gone", lambda: e.extra)

e = StopIteration(3)
print(e.value)
del e.value
print(e.value, StopIteration().value, StopIteration(1, 2).value)
e = SystemExit(1, 2)
print(e.code, SystemExit().code, SystemExit("x").code)

e = OSError(2, "x", "f")
print(e, e.args, type(e).__name__, e.errno, e.strerror, e.filename, e.filename2, repr(e))
del e.errno
print(e.errno, e)
show("written", lambda: e.characters_written)
e = BlockingIOError(11, "x", 5)
print(e.characters_written, e.filename, e.args, e)
print(OSError(2, "x", "f", None, "g"), OSError(2, "x", None).args, OSError(2, "x", None, None).args)
e = OSError(2, "x", 1, 2, 3, 4)
print(e, e.args, e.errno)
for number in (1, 2, 4, 10, 11, 13, 17, 20, 21, 32, 103, 104, 110, 111, 999):
    print(number, type(OSError(number, "t")).__name__, type(PermissionError(number, "t")).__name__)

e = UnicodeEncodeError("utf-8", "abc", 0, 2, "r")
print(e, repr(e), e.start, e.end, e.encoding, e.object, e.reason)
show("start", lambda: setattr(e, "start", "x"))
show("del start", lambda: delattr(e, "start"))
e.start = 1
print(e)
e.end = 10
print(e)
print(UnicodeEncodeError("utf-8", "a\u1234b\U00010000", 1, 2, "r"))
print(UnicodeEncodeError("utf-8", "a\u1234b\U00010000", 3, 4, "r"))
print(UnicodeTranslateError("a\u1234b\U00010000", 3, 4, "r"))
print(UnicodeTranslateError("a\u1234b\U00010000", 1, 4, "r"))

e = SyntaxError("m", ("f/g.py", 3, 4, "text\n"))
print(e, e.args, e.msg, e.filename, e.lineno, e.offset, e.text, e.end_lineno, e.end_offset, e.print_file_and_line)
print(SyntaxError("m", ("f/g.py", "3", 4, "t")), SyntaxError("m", (None, 3, 4, "t")), SyntaxError("m", ("", 3, 4, "t")), SyntaxError())
show("import name", lambda: ImportError(name=3))
print(repr(ImportError("a", name="x", path="y")), ImportError("a", "b").msg, ImportError("a").msg, ImportError(3), ImportError())
i = ModuleNotFoundError("no", name="n", path="p")
print(i, i.name, i.path, i.msg)
n = NameError("x", name="y")
a = AttributeError("x", name="y", obj=3)
print(n.name, a.name, a.obj, NameError().name, AttributeError().obj)
print(KeyError(), KeyError(1), KeyError("a", "b"), KeyError(""), repr(KeyError("k")))


class Extended(OSError):
    def __init__(self, *args, **keywords):
        super().__init__(*args)
        self.keywords = keywords


class Plain(OSError):
    pass


class Own(Exception):
    def __init__(self, a):
        pass


class Many(KeyError, AttributeError):
    value = 5


print(Extended(2, "x", k=3), type(Extended(2, "x")).__name__, Extended(2, "x").errno, Extended(2, "x", k=3).keywords)
print(type(Plain(2, "x")).__name__)
show("plain keyword", lambda: Plain(2, "x", k=1))
print(Own(a=1).args, Own(2).args, Many("k"), Many("k").value, Many("k").name)
show("base new", lambda: BaseException.__new__(int))
show("object new", lambda: object.__new__(ValueError))
show("init other", lambda: ValueError.__init__(3))
show("init none", lambda: BaseException.__init__())
e = ValueError()
e.add_note("x")
e.add_note("y")
print(e.__notes__, e.__dict__, dir(ValueError()) == dir(ValueError(1)))
e.__notes__ = 3
show("bad notes", lambda: e.add_note("z"))
print(KeyError.__mro__)
