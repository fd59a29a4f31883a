"""The report of a NameError with a suggestion."""
some_value = 3


def f():
    return some_vale + (1)


f()
