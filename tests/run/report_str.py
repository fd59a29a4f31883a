"""The report where str() of the exception fails, and of an operator at the end of a long line."""


class Broken(Exception):
    def __str__(self):
        raise ValueError


def g(a, b):
    return (a)  +  (b) if a[0] else a[ (0) ] [ b ]


try:
    g([0], "é")
except TypeError as e:
    print(e)
try:
    g([1], "é")
except TypeError:
    raise Broken
