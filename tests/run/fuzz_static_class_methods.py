# staticmethod and classmethod have copies of their function's attributes, and attributes of their own.
def function(a: int) -> str:
    "doc"


def other():
    pass


function.extra = 3
for kind in (staticmethod, classmethod):
    made = kind(function)
    print(vars(made), made.__annotations__ is function.__annotations__)
    function.__name__ = "renamed"
    print(made.__name__)
    function.__name__ = "function"
    made.own = 4
    made.__name__ = 5
    print(made.own, made.__name__, made.__dict__)
    del made.__name__
    for name in ("__name__", "own", "own"):
        try:
            delattr(made, name)
        except AttributeError as e:
            print(e)
    try:
        made.__name__
    except AttributeError as e:
        print(e)
    for name in ("__func__", "__wrapped__"):
        try:
            setattr(made, name, 1)
        except AttributeError as e:
            print(e)
    made.__init__(other)
    print(vars(made))
    made.__init__(5)
    made.__doc__ = None
    print(vars(made), made.__func__)
    try:
        made.__init__()
    except TypeError as e:
        print(e)

    class Derived(kind):
        pass

    class Slotted(kind):
        __slots__ = ()

    derived = Derived(function)
    derived.more = 1
    print(vars(derived), derived.__doc__)
    del derived.__doc__
    print(derived.__doc__ is Derived.__doc__, Slotted(function).__name__)


class Implicit:
    def __new__(cls):
        "doc"

    def __init_subclass__(cls):
        pass


for name in ("__new__", "__init_subclass__"):
    print(vars(vars(Implicit)[name]))
    try:
        print(vars(Implicit)[name].__name__)
    except AttributeError as e:
        print(e)


class Raising:
    @property
    def __name__(self):
        raise ValueError("name")


try:
    staticmethod(Raising())
except ValueError as e:
    print(repr(e))
