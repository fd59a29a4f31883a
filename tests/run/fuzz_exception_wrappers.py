# __str__, __init__ and __new__ of exception classes belong to the class that CPython gives them to, and do what its own do.
def show(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__, e)


classes = [AttributeError, BaseException, BlockingIOError, ConnectionError, Exception, FileNotFoundError, ImportError, IndentationError, KeyError,
           LookupError, MemoryError, ModuleNotFoundError, NameError, OSError, StopIteration, SyntaxError, SystemExit, UnboundLocalError,
           UnicodeDecodeError, UnicodeEncodeError, UnicodeError, UnicodeTranslateError, ValueError]
for cls in classes:
    print(cls.__name__, [name for name in ("__init__", "__new__", "__repr__", "__str__") if name in vars(cls)], cls.__str__, cls.__new__.__self__)
    show(cls.__str__, 5)
    show(cls.__new__, 5)
    show(cls.__str__, LookupError("one"))
    show(cls.__str__, KeyError("key"))

for own in (KeyError("a"), OSError(2, "no"), ImportError("msg", name="m"), SyntaxError("bad", ("f", 3, 4, "t"))):
    print(BaseException.__str__(own), Exception.__str__(own), type(own).__str__(own))


class Missing(KeyError, AttributeError):
    pass


class Other(ValueError, StopIteration):
    pass


print(Missing("x"), str(Missing("x")), Missing.__str__, Other(3).value, Other.__init__)
stop = StopIteration(1)
BaseException.__init__(stop, 5, 6)
print(stop.args, stop.value)
lost = OSError(2, "no")
lost.__init__(3, "x")
print(lost.args, lost.errno)
Exception.__init__(lost, 1)
print(lost.args, lost.errno, lost)

error = SyntaxError("one", ("file", 1, 2, "text", 3, 4))


def fields():
    print(error.args, error.msg, error.filename, error.lineno, error.offset, error.text, error.end_lineno, error.end_offset, error.print_file_and_line)


fields()
error.print_file_and_line = 7
error.__init__("two")
fields()
error.__init__()
fields()
error.__init__("three", ("other", 5, 6, None))
fields()
error.end_lineno = 9
show(error.__init__, "four", (1, 2))
fields()
show(error.__init__, "five", 5)
fields()
show(error.__init__, "six", ("f", 1, 2, "t", 3))
fields()
show(error.__init__, "seven", ("f", 1, 2, "t", 3, 4, 5))
fields()
