# BlockingIOError.characters_written: -1 is none.
def show(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__, e)


class Index:
    def __index__(self):
        return 5


for value in (-1, 0, 7, True, 2**63, -2**70, "a", 1.5, None, Index()):
    e = BlockingIOError()
    show(e.__setattr__, "characters_written", value)
    show(lambda: e.characters_written)
    show(e.__delattr__, "characters_written")
    show(lambda: e.characters_written)
    show(lambda: BlockingIOError(1, "x", value).characters_written)
    show(lambda: BlockingIOError(1, "x", value).filename)
    show(lambda: BlockingIOError(1, "x", value).args[:2])
    show(lambda: OSError(11, "x", value).filename)
show(lambda: OSError().characters_written)
u = UnicodeEncodeError("a", "b", True, False, "r")
print(u.start, u.end, u.args)
u.end = True
print(u.end)
