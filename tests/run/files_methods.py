"""Text files: methods, states, and the errors of wrong use. Works in a file of its own in the current folder."""
PATH = "minivm_files_methods.txt"


def show(text, f):
    try:
        print(text, "->", f())
    except BaseException as e:
        print(text, "->", type(e).__module__, type(e).__name__, "|", e)


f = open(PATH, "w")
show("read", lambda: f.read())
show("readline", lambda: f.readline())
show("next", lambda: next(f))
show("readlines", lambda: f.readlines())
show("write int", lambda: f.write(1))
show("write none", lambda: f.write())
show("write two", lambda: f.write("a", "b"))
show("writelines int", lambda: f.writelines(1))
show("writelines ints", lambda: f.writelines([1]))
show("writelines", lambda: f.writelines(["a", "b"]))
show("tell", lambda: f.tell())
show("seek", lambda: f.seek(0))
show("seek 1 1", lambda: f.seek(1, 1))
show("seek 1 2", lambda: f.seek(1, 2))
show("seek -1", lambda: f.seek(-1))
show("seek 0 5", lambda: f.seek(0, 5))
show("seek str", lambda: f.seek("a"))
show("state", lambda: (f.readable(), f.writable(), f.seekable(), f.isatty(), f.closed, f.name, f.mode, f.encoding, f.errors, f.newlines))
show("fileno", lambda: f.fileno() > 2)
show("truncate", lambda: f.truncate())
show("truncate -1", lambda: f.truncate(-1))
show("truncate str", lambda: f.truncate("a"))
show("repr", lambda: repr(f))
show("set encoding", lambda: setattr(f, "encoding", 3))
show("enter", lambda: f.__enter__() is f)
show("flush", lambda: f.flush())
show("close", lambda: (f.close(), f.close(), f.closed))
for name in ("read", "readline", "readlines", "flush", "tell", "fileno", "isatty", "readable", "writable", "seekable", "__enter__", "truncate"):
    show(f"closed {name}", lambda: getattr(f, name)())
show("closed write", lambda: f.write("a"))
show("closed next", lambda: next(f))
show("closed iter", lambda: iter(f))
show("closed seek", lambda: f.seek(0))
show("closed print", lambda: print("a", file=f))

with open(PATH, "w+", newline="") as f:
    print(f.write("ab\ncd\r\nef\rgh é€\U0001F600\n"), f.tell())
with open(PATH) as f:
    print([f.readline() for i in range(6)], f.tell())
    print(f.seek(0), f.read(2), f.tell(), f.read(4), f.tell(), repr(f.read()), f.tell(), repr(f.read()))
    f.seek(0)
    print(next(f), end="")
    show("tell in loop", lambda: f.tell())
    print(list(f), f.tell())
    show("read str", lambda: f.read("a"))
    show("read two", lambda: f.read(1, 2))
    show("readline str", lambda: f.readline("a"))
    print(f.seek(0), f.readlines(3), f.readlines(None), f.readlines(3), f.read(None), f.seek(0, 2), f.seek(0, 1), f.seek(3), f.read(0))
    print(f.readline(1), f.readline(0), f.readline(-1), f.readline(100))
print(f.closed)
for newline in (None, "", "\n", "\r", "\r\n"):
    with open(PATH, newline=newline) as f:
        print(repr(newline), list(f), f.newlines)
    with open(PATH, newline=newline) as f:
        print([f.read(1) for i in range(14)])
    with open(PATH + "2", "w", newline=newline) as f:
        f.write("a\nb\r\nc")
    print(repr(open(PATH + "2", newline="").read()))

with open(PATH, "w") as f:
    print(1, 2, file=f)
    print("x", end="", file=f)
print(open(PATH).read())
with open(PATH, "a+") as f:
    print(f.tell(), f.read(), f.write("more"), f.seek(0), f.read())
with open(PATH, "r+") as f:
    print(f.read(2), f.write("ZZ"), f.seek(0), f.read())
with open(PATH, "r+") as f:
    print(f.write("ZZ"), f.tell(), f.truncate(4), f.seek(0), f.read())
show("x", lambda: open(PATH, "x"))
show("missing", lambda: open("/nonexistent/file"))
show("directory", lambda: open("/tmp"))
for mode in ("q", "rw", "rr", "", "+", "rU", "wx", 1):
    show(f"mode {mode!r}", lambda: open(PATH, mode))
show("encoding int", lambda: open(PATH, encoding=1))
show("encoding unknown", lambda: open(PATH, encoding="foo"))
show("newline x", lambda: open(PATH, newline="x"))
show("newline int", lambda: open(PATH, newline=1))
show("buffering 0", lambda: open(PATH, "r", 0))
show("keyword", lambda: open(PATH, foo=0))
show("null", lambda: open("a\0b"))
show("closefd", lambda: open(PATH, closefd=False))
show("float", lambda: open(1.5))
show("None", lambda: open(None))
show("nothing", lambda: open())
show("negative", lambda: open(-1))
show("line buffering", lambda: open(PATH, buffering=1).line_buffering)


class Place:
    def __fspath__(self):
        return PATH


show("fspath", lambda: open(Place()).name)
