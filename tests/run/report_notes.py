"""The report of an exception with notes."""


def f(x):
    e = ValueError("two\nlines")
    e.add_note("first note")
    e.add_note("second\nnote")
    e.add_note("")
    raise e


try:
    [1][5]
except IndexError:
    f  (
        3)
