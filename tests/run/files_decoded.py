"""When a file may be given another newline or encoding: not while decoded text is held, which an error may or may not have thrown away."""
NAME = "minivm_files_decoded.txt"
LONG = "x" * 9000


def write(*parts):
    with open(NAME, "w", encoding="latin-1", newline="") as f:
        for part in parts:
            f.write(part)


def attempt(f, name, *arguments):
    try:
        result = getattr(f, name)(*arguments)
        print(name, arguments, repr(result)[:40], end="; ")
    except (ValueError, OSError, StopIteration) as e:
        print(name, arguments, type(e).__name__, str(e)[:60], end="; ")


READS = (("readline",), ("read", 3), ("read",), ("readlines",), ("read", 0), ("read", 9500), ("readline", 2), ("__next__",), ("readlines", 5))
CONTENTS = (("\x82",), ("ab\n\x82",), ("ab\n" * 3,), (LONG, "\n", "\x82", "abc"), (LONG, "\x82"), ("ab\n" * 3000, "\x82"), (LONG, "\n", LONG, "\x82\n"), ())
for parts in CONTENTS:
    write(*parts)
    for first in READS:
        for second in (None, *READS[:4]):
            for seek in (None, 0, 1):
                f = open(NAME, encoding="utf-8")
                if seek is not None:
                    attempt(f, "seek", seek)
                attempt(f, *first)
                if second:
                    attempt(f, *second)
                try:
                    print(f.reconfigure(newline="\n"))
                except ValueError as e:
                    print(e)
                f.close()
