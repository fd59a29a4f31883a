# The order in which open() looks at its arguments.
class Index:
    def __index__(self):
        return 99


class Int:
    def __int__(self):
        return 99


class Path:
    def __fspath__(self):
        print("path")
        return 5


class Wrong:
    def __index__(self):
        return "a"


class Both:
    def __index__(self):
        raise KeyError("gone")

    def __fspath__(self):
        return "no/such/file"

    def __repr__(self):
        return "both"


for first in (5.5, -1, 98, True - 3, 10**30, -10**30, "a\0b", "", [], None, Index(), Int(), Path(), Wrong(), Both()):
    for mode in ("rw", "", "q", "r", "r\0", "\ud800", None, "rr", "+"):
        try:
            open(first, mode)
        except Exception as e:
            print(type(first).__name__, repr(mode), type(e).__name__, e)
for keywords in ({"encoding": "a\0"}, {"errors": "\0"}, {"newline": "\0"}, {"encoding": None, "errors": 5}, {"newline": 5}, {"closefd": False},
                 {"closefd": []}, {"buffering": None}):
    try:
        open("no/such/file", **keywords)
    except Exception as e:
        print(keywords, type(e).__name__, e)
