# -- generic classes and protocols --

class Generic:
    """A class to derive generic classes from: class Stack(Generic[T])."""

    __slots__ = ()
    _is_protocol = False

    def __class_getitem__(cls, params):
        params = tuple([_type_convert(param) for param in _as_tuple(params)])
        if cls is Generic or cls is Protocol:
            if not params:
                raise TypeError("Parameter list to %s[...] cannot be empty" % cls.__qualname__)
            if not all([isinstance(param, TypeVar) for param in params]):
                raise TypeError("Parameters to %s[...] must all be type variables or parameter specification variables."
                                % cls.__name__)
            if len(set(params)) != len(params):
                raise TypeError("Parameters to %s[...] must all be unique" % cls.__name__)
            return _GenericAlias(cls, params, name=cls.__name__ if cls is Protocol else None)
        if not getattr(cls, "__parameters__", ()):
            raise TypeError("%r is not a generic class" % (cls,))
        _check_count(cls, params, len(cls.__parameters__))
        return _GenericAlias(cls, params)

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        bases = cls.__dict__.get("__orig_bases__")
        if bases is None:
            if Generic in cls.__bases__ and cls.__name__ != "Protocol":
                raise TypeError("Cannot inherit from plain Generic")
            cls.__parameters__ = ()
            return
        if Generic in bases:
            raise TypeError("Cannot inherit from plain Generic")
        variables = _collect_parameters(bases)
        listed = None
        for base in bases:
            if isinstance(base, _GenericAlias) and (base.__origin__ is Generic or base.__origin__ is Protocol):
                if listed is not None:
                    raise TypeError("Cannot inherit from Generic[...] multiple types.")
                listed = base.__parameters__
        if listed is not None:
            missing = [variable for variable in variables if variable not in listed]
            if missing:
                raise TypeError("Some type variables (%s) are not listed in Generic[%s]"
                                % (", ".join(map(str, missing)), ", ".join(map(str, listed))))
            variables = listed
        cls.__parameters__ = variables


_NOT_MEMBERS = frozenset((
    "__abstractmethods__", "__annotations__", "__dict__", "__doc__", "__init__", "__module__", "__new__",
    "__qualname__", "__slots__", "__subclasshook__", "__weakref__", "__class_getitem__", "__parameters__",
    "__orig_bases__", "__match_args__", "_is_protocol", "_is_runtime_protocol", "__args__", "__origin__",
))


def _protocol_members(cls):
    members = set()
    for base in cls.__mro__[:-1]:
        if base is Protocol or base is Generic:
            continue
        for name in list(base.__dict__) + list(base.__dict__.get("__annotations__", ())):
            if name not in _NOT_MEMBERS:
                members.add(name)
    return members


class _ProtocolMeta(ABCMeta):

    def __instancecheck__(cls, instance):
        subclass = type(instance)
        if cls in subclass.__mro__:
            return True
        if not cls.__dict__.get("_is_protocol", False):
            return False
        if not cls._is_runtime_protocol:
            raise TypeError("Instance and class checks can only be used with @runtime_checkable protocols")
        for name in _protocol_members(cls):
            if not hasattr(instance, name):
                return False
            if callable(getattr(cls, name, None)) and getattr(instance, name) is None:
                return False
        return True

    def __subclasscheck__(cls, other):
        if not isinstance(other, type):
            raise TypeError("issubclass() arg 1 must be a class")
        if cls in other.__mro__ and (cls is Protocol or not cls.__dict__.get("_is_protocol", False)):
            return True
        if cls is Protocol or not cls.__dict__.get("_is_protocol", False):
            return False
        if not cls._is_runtime_protocol:
            raise TypeError("Instance and class checks can only be used with @runtime_checkable protocols")
        members = _protocol_members(cls)
        for name in members:
            if not callable(getattr(cls, name, None)):
                raise TypeError("Protocols with non-method members don't support issubclass()")
        if cls in other.__mro__:
            return True
        for name in members:
            for base in other.__mro__:
                if name in base.__dict__:
                    if base.__dict__[name] is None:
                        return False
                    break
            else:
                return False
        return True


def _no_init(self, *args, **kwargs):
    raise TypeError("Protocols cannot be instantiated")


class Protocol(Generic, metaclass=_ProtocolMeta):
    """A class to derive protocols from: classes that describe what other classes have."""

    __slots__ = ()
    _is_protocol = True
    _is_runtime_protocol = False

    def __init_subclass__(cls, *args, **kwargs):
        super().__init_subclass__(*args, **kwargs)
        if not cls.__dict__.get("_is_protocol", False):
            cls._is_protocol = any([base is Protocol for base in cls.__bases__])
        if "__init__" not in cls.__dict__:
            cls.__init__ = _no_init if cls._is_protocol else _inherited_init(cls)
        if cls._is_protocol:
            for base in cls.__bases__:
                if base is not object and base is not Generic and not getattr(base, "_is_protocol", False) and \
                        not isinstance(base, _StandinMeta):
                    raise TypeError("Protocols can only inherit from other protocols, got %r" % (base,))


def _inherited_init(cls):
    """What the class would inherit if protocols were no bases."""
    for base in cls.__mro__:
        init = base.__dict__.get("__init__", _no_init)
        if init is not _no_init:
            return init
    return object.__init__


def runtime_checkable(cls):
    """A decorator: the protocol can be used with isinstance()."""
    if not isinstance(cls, type) or not issubclass(cls, Generic) or not getattr(cls, "_is_protocol", False):
        raise TypeError("@runtime_checkable can be only applied to protocol classes, got %r" % (cls,))
    cls._is_runtime_protocol = True
    return cls
