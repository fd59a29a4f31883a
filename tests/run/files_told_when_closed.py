"""What a file tells about itself once it is closed, and of the flags that reconfigure() sets."""
NAME = "minivm_files_closed.txt"


def tell(f):
    for attribute in ("line_buffering", "write_through", "newlines", "encoding", "errors", "name", "mode", "closed"):
        print(attribute, getattr(f, attribute), end="; ")
    print()


for mode, buffering in (("w", -1), ("w", 1), ("r", 1), ("r", -1), ("a", 1), ("r+", 1), ("w+", 500)):
    f = open(NAME, mode, buffering, encoding="utf-8")
    tell(f)
    f.close()
    tell(f)
for mode in "w", "r", "a+":
    for flags in ({"line_buffering": True}, {"write_through": True}, {"line_buffering": True, "write_through": True, "errors": "replace"}):
        f = open(NAME, mode, encoding="utf-8")
        f.reconfigure(**flags)
        tell(f)
        f.reconfigure(line_buffering=False)
        tell(f)
        f.reconfigure(**flags)
        f.close()
        tell(f)
        try:
            f.reconfigure(write_through=False)
        except ValueError as e:
            print(e)
        tell(f)
