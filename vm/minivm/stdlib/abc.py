"""Abstract base classes.

ABCMeta takes part in isinstance() and issubclass() only once something needs it: the first call of register(), or the
first class with a __subclasshook__, installs the two checks. Until then the runtime looks at the MRO alone, which
gives the same answers.
"""


def abstractmethod(funcobj):
    """A decorator: classes that have the method cannot be instantiated until a subclass overrides it."""
    funcobj.__isabstractmethod__ = True
    return funcobj


class abstractclassmethod(classmethod):
    """classmethod() and abstractmethod() in one, as they were before the two could be combined."""

    __isabstractmethod__ = True

    def __init__(self, callable):
        callable.__isabstractmethod__ = True
        super().__init__(callable)


class abstractstaticmethod(staticmethod):
    """staticmethod() and abstractmethod() in one."""

    __isabstractmethod__ = True

    def __init__(self, callable):
        callable.__isabstractmethod__ = True
        super().__init__(callable)


class abstractproperty(property):
    """property() and abstractmethod() in one."""

    __isabstractmethod__ = True


_registered = {}    # class -> the classes that were registered with it
_answers = {}       # class -> {class: whether it is a subclass}, of the counter's present value
_counter = 0        # of changes to _registered


def get_cache_token():
    """A value that changes with every register()."""
    return _counter


def _abstract_names(cls, namespace, bases):
    names = [name for name, value in namespace.items() if getattr(value, "__isabstractmethod__", False)]
    for base in bases:
        for name in getattr(base, "__abstractmethods__", ()):
            if getattr(getattr(cls, name, None), "__isabstractmethod__", False):
                names.append(name)
    return frozenset(names)


def _is_subclass(cls, subclass):
    if not isinstance(subclass, type):
        raise TypeError("issubclass() arg 1 must be a class")
    answers = _answers.get(cls)
    if answers is None:
        answers = _answers[cls] = {}
    answer = answers.get(subclass)
    if answer is None:
        answer = _find_subclass(cls, subclass)
        answers[subclass] = answer
    return answer


def _find_subclass(cls, subclass):
    answer = cls.__subclasshook__(subclass)
    if answer is not NotImplemented:
        if not isinstance(answer, bool):
            raise AssertionError
        return answer
    if cls in subclass.__mro__:
        return True
    for known in _registered.get(cls, ()):
        if issubclass(subclass, known):
            return True
    for known in cls.__subclasses__():
        if issubclass(subclass, known):
            return True
    return False


def _instancecheck(cls, instance):
    """Override for isinstance(instance, cls)."""
    subclass = instance.__class__
    if cls.__subclasscheck__(subclass):
        return True
    subtype = type(instance)
    return subtype is not subclass and cls.__subclasscheck__(subtype)


def _subclasscheck(cls, subclass):
    """Override for issubclass(subclass, cls)."""
    return _is_subclass(cls, subclass)


_instancecheck.__name__ = "__instancecheck__"
_instancecheck.__qualname__ = "ABCMeta.__instancecheck__"
_subclasscheck.__name__ = "__subclasscheck__"
_subclasscheck.__qualname__ = "ABCMeta.__subclasscheck__"


def _install_checks():
    if "__instancecheck__" not in ABCMeta.__dict__:
        ABCMeta.__instancecheck__ = _instancecheck
        ABCMeta.__subclasscheck__ = _subclasscheck


class ABCMeta(type):
    """The metaclass of abstract base classes."""

    def __new__(mcls, name, bases, namespace, /, **kwargs):
        cls = super().__new__(mcls, name, bases, namespace, **kwargs)
        cls.__abstractmethods__ = _abstract_names(cls, namespace, bases)
        if _counter or "__subclasshook__" in namespace:
            _install_checks()
        return cls

    def register(cls, subclass):
        """Makes `subclass` count as a subclass of this class. Returns it, so that this can be a decorator."""
        global _counter
        if not isinstance(subclass, type):
            raise TypeError("Can only register classes")
        if issubclass(subclass, cls):
            return subclass
        if issubclass(cls, subclass):
            raise RuntimeError("Refusing to create an inheritance cycle")
        _install_checks()
        _registered.setdefault(cls, []).append(subclass)
        _answers.clear()
        _counter += 1
        return subclass


def update_abstractmethods(cls):
    """Counts the abstract methods of a class anew, after methods were added to it. Returns the class."""
    if not hasattr(cls, "__abstractmethods__"):
        return cls
    names = set()
    for base in cls.__bases__:
        for name in getattr(base, "__abstractmethods__", ()):
            if getattr(getattr(cls, name, None), "__isabstractmethod__", False):
                names.add(name)
    for name, value in cls.__dict__.items():
        if getattr(value, "__isabstractmethod__", False):
            names.add(name)
    cls.__abstractmethods__ = frozenset(names)
    return cls


class ABC(metaclass=ABCMeta):
    """A class to derive abstract base classes from."""

    __slots__ = ()
