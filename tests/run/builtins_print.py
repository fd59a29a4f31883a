"""print: separators, ends, files, values of all kinds, and objects that stand in for sys.stdout."""
import sys


def attempt(f):
    try:
        return f()
    except BaseException as e:
        print(type(e).__name__, "|", e)


print()
print(1, -1, 2 ** 61, -2 ** 61, 2 ** 62, 2 ** 64, 10 ** 30, 0)
print(1.5, -0.0, 1e300, 1e-7, float("inf"), float("nan"), 3.0)
print("a", "é", "€", "\U0001F600", "", None, True, ..., NotImplemented)
print([1, "x"], (1,), {"k": 2.5}, {3}, range(3), slice(1, 2), int, len)
print(1, 2, 3, sep="")
print(1, 2, 3, sep=", ", end="!\n")
print(1, 2, sep=None, end=None)
print(*range(5), sep="-")
print("no newline", end="")
print(" then one")
print("a\nb", "c\td", sep="|")
print(1, flush=True)
print("x", file=None)
print("x", file=sys.stdout)
attempt(lambda: print(sep=1))
attempt(lambda: print(end=1))
attempt(lambda: print(sep=1, end=2))
attempt(lambda: print(1, foo=2))
attempt(lambda: print(1, file=3))
attempt(lambda: print("\ud800"))
attempt(lambda: print("a", "b\udfff\udc00c"))
attempt(lambda: print("ok", "\ud83d", sep="\n"))
print()


class Text:
    def __str__(self):
        return "text"

    def __repr__(self):
        return "repr"


class Broken:
    def __str__(self):
        raise ValueError("broken")


class Wrong:
    def __str__(self):
        return 3


print(Text(), [Text()], f"{Text()!r}", sep=";")
attempt(lambda: print("before", Broken(), "after"))
print()
attempt(lambda: print(Wrong()))


class Recorder:
    def __init__(self):
        self.pieces = []
        self.flushed = 0

    def write(self, text):
        self.pieces.append(text)

    def flush(self):
        self.flushed += 1


class NoFlush:
    def write(self, text):
        pass


r = Recorder()
print(1, "two", [3], file=r)
print(4, 5, sep="", end="", file=r, flush=True)
print(r.pieces, r.flushed)
attempt(lambda: print(1, file=NoFlush(), flush=True))
attempt(lambda: print(1, file=object()))

saved = sys.stdout
sys.stdout = r
print("redirected")
sys.stdout = saved
print(r.pieces[-2:])
sys.stdout = None
print("nowhere")
sys.stdout = saved
del sys.stdout
problem = None
try:
    print("lost")
except RuntimeError as e:
    problem = e
sys.stdout = saved
print(type(problem).__name__, problem)
print(sys.stdout.write("written\n"), sys.stdout.writelines(["a", "b\n"]))
attempt(lambda: sys.stdout.write(3))
print(sys.stdout.encoding, sys.stdout.name, sys.stdout.mode, sys.stdout.closed)
print("x" * 20000 + "é" * 5000 + "€" * 5000 + "\U0001F600" * 5000)
for i in range(300):
    print(i, i * i, end=" ")
print()
