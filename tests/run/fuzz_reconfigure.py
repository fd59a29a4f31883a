# reconfigure(): what a closed file still knows, the order of its checks, and that a new decoder has seen no newline.
def show(f, *args, **keywords):
    try:
        print(f(*args, **keywords))
    except Exception as e:
        print(type(e).__name__, e)


with open("reconfigure.txt", "w") as f:
    f.write("a\nb\n")
for size in (10000, -1, None):
    f = open("reconfigure.txt")
    if size is not None:
        f.read(size)
    f.close()
    show(f.reconfigure, newline="\n")
    show(f.reconfigure, errors="ignore")
    show(f.reconfigure, encoding="utf-8")
    show(f.reconfigure)
    show(f.reconfigure, line_buffering=True)
    show(f.reconfigure, encoding=5)
    show(f.reconfigure, newline="x")
    show(f.reconfigure, line_buffering="x")
f = open("reconfigure.txt", errors="ignore")
f.read()
print(repr(f.newlines))
f.reconfigure(newline="\n")
print(repr(f.newlines))
f.seek(0)
f.read()
print(repr(f.newlines))
f.seek(0)
f.reconfigure(newline=None)
print(repr(f.read()), repr(f.newlines))
for value in ("a", 1.5, None, True, 10**30, []):
    show(f.reconfigure, line_buffering=value)
    show(f.reconfigure, write_through=value)
    print(f.line_buffering)
f.seek(0)
for value in (0, False, 0.0, True, 1.5, 2, -1, -0.5, "a", None, float("nan"), float("inf")):
    show(f.seek, value)
    show(f.seek, value, 1)
    show(f.seek, value, 2)
    show(f.tell)
