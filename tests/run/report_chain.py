"""The report of an uncaught exception with a cause and a context, through comprehensions and multi-line expressions."""


def divide(values):
    return [1 / v for v in values]


def nested(values):
    return {k: [
        10 % v
        for v in values] for k in values}


class Problem(Exception):
    pass


class Outer:
    class Inner(Problem):
        def __str__(self):
            return "inner problem"


def work():
    try:
        try:
            divide([1, 0])
        except ZeroDivisionError as e:
            nested((0,
                    1))
    except ZeroDivisionError as e:
        raise Outer.Inner from e


def call(f,
         *args):
    print("calling")
    f(
        *args
    )


call(work)
