"""Rare refusals of files and of time that random programs met."""
import time

for text in ("a\0b%Y", "%Y\0", "%Y"):
    try:
        print(time.strftime(text, time.gmtime(-1)))
    except ValueError as e:
        print(e)


f = open(__file__, encoding="utf-8")


def attempt(what):
    try:
        return what()
    except (OSError, ValueError) as e:
        return type(e).__name__, str(e)


def change(**options):
    return attempt(lambda: f.reconfigure(**options))


print(change(newline="\n"), f.read(0) == "", change(newline=None), f.readline() != "", change(errors="strict"))
print(change(), change(line_buffering=True), change(encoding=None), change(newline=None))
print(len(f.read()) > 100, change(newline="\n"), f.seek(0), change(errors="replace"), f.read(1), change(newline=""))
print(f.seek(0), next(f) != "", attempt(lambda: f.seek(0, 1)), attempt(f.tell), f.seek(0), f.tell())
while f.readline():
    pass
print(change(newline=None), f.read(1) == "", change(newline=None))
f.close()
f = open(__file__, encoding="utf-8")
print(repr(f.newlines), f.read(5), repr(f.newlines), f.close(), repr(f.newlines))
f = open(__file__, encoding="utf-8")
for step in ((0, 0), (0, 2), (0, 0), (3, 0), (0, 1)):
    print(len(f.readline()), repr(f.newlines), f.seek(*step) > 3, repr(f.newlines))
f.close()
