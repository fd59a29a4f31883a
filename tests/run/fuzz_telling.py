# A loop over a file disables tell(); what flushes the file enables it again.
PATH = "fuzz_telling.txt"


def attempt(what, f):
    try:
        print(what, f())
    except Exception as problem:
        print(what, type(problem).__name__, problem)


for name, act in (
    ("nothing", lambda f: None),
    ("flush", lambda f: f.flush()),
    ("reconfigure", lambda f: f.reconfigure(line_buffering=True)),
    ("newline", lambda f: f.reconfigure(newline="\n")),
    ("encoding", lambda f: f.reconfigure(encoding="latin-1")),
    ("wrong encoding", lambda f: f.reconfigure(encoding=3)),
    ("print", lambda f: print("x", file=f, flush=True)),
    ("print without", lambda f: print("x", file=f)),
    ("write", lambda f: f.write("abc\n")),
    ("seek", lambda f: f.seek(0)),
    ("seek here", lambda f: f.seek(0, 1)),
    ("seek end", lambda f: f.seek(0, 2)),
    ("truncate", lambda f: f.truncate()),
    ("isatty", lambda f: f.isatty()),
    ("readline", lambda f: f.readline()),
):
    for mode in ("w", "a", "w+", "r+"):
        with open(PATH, mode) as f:
            attempt((name, mode, "next"), lambda: next(f, "end"))
            attempt((name, mode, "act"), lambda: act(f))
            attempt((name, mode, "tell"), f.tell)
    with open(PATH, "w") as f:
        print("first\nsecond", file=f)
    with open(PATH) as f:
        attempt((name, "read", "next"), lambda: next(f))
        attempt((name, "read", "act"), lambda: act(f))
        attempt((name, "read", "tell"), f.tell)
