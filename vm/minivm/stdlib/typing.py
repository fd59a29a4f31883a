"""The names that annotations use, with the reprs, equalities and checks that CPython 3.11 gives them.

Nothing here checks types. Three kinds of objects stand behind the names: _SpecialForm (Union, ClassVar, ...),
_SpecialGenericAlias (List, Iterable, ...: a generic form of a class) and _GenericAlias (either of them, or a class
derived from Generic, with parameters). The abstract classes behind Iterable and its kin are _Standins: they answer
isinstance() as those of collections.abc do; deriving from most of them is not in Mini, because their mixin methods
are missing.
"""

import sys
from abc import ABCMeta, abstractmethod

__all__ = [
    "AbstractSet", "Annotated", "Any", "AnyStr", "Callable", "ChainMap", "ClassVar", "Collection",
    "Concatenate", "Container", "ContextManager", "Counter", "DefaultDict", "Deque", "Dict", "Final",
    "ForwardRef", "FrozenSet", "Generator", "Generic", "Hashable", "IO", "ItemsView", "Iterable", "Iterator",
    "KeysView", "List", "Literal", "LiteralString", "Mapping", "MappingView", "MutableMapping",
    "MutableSequence", "MutableSet", "Never", "NewType", "NoReturn", "NotRequired", "Optional", "OrderedDict",
    "ParamSpec", "Protocol", "Required", "Reversible", "Self", "Sequence", "Set", "Sized", "SupportsAbs",
    "SupportsFloat", "SupportsIndex", "SupportsInt", "SupportsRound", "TYPE_CHECKING", "Text", "TextIO",
    "Tuple", "Type", "TypeAlias", "TypeGuard", "TypeVar", "Union", "ValuesView", "assert_never", "assert_type",
    "cast", "final", "get_args", "get_origin", "no_type_check", "overload", "reveal_type", "runtime_checkable",
]

TYPE_CHECKING = False
Text = str

_FunctionType = type(lambda: None)
_NoneType = type(None)
_ListAlias = type(list[int])
_UnionType = type(int | str)


# -- helpers --

def _type_repr(obj):
    if isinstance(obj, type):
        if obj.__module__ == "builtins":
            return obj.__qualname__
        return "%s.%s" % (obj.__module__, obj.__qualname__)
    if obj is ...:
        return "..."
    if isinstance(obj, _FunctionType):
        return obj.__name__
    if isinstance(obj, tuple):
        return "[" + ", ".join([_type_repr(item) for item in obj]) + "]"
    return repr(obj)


def _type_convert(arg):
    if arg is None:
        return _NoneType
    if isinstance(arg, str):
        return ForwardRef(arg)
    return arg


def _type_check(arg, message):
    arg = _type_convert(arg)
    forms = (ClassVar, Final, Generic, Protocol)
    if isinstance(arg, _GenericAlias) and any([arg.__origin__ is form for form in forms]):
        raise TypeError("%r is not valid as type argument" % (arg,))
    if arg is Generic or arg is Protocol:
        raise TypeError("Plain %r is not valid as type argument" % (arg,))
    if type(arg) is tuple:
        raise TypeError("%s Got %.100r." % (message, arg))
    return arg


def _as_tuple(params):
    return params if isinstance(params, tuple) else (params,)


def _collect_parameters(args):
    """The type variables in args, in order of appearance."""
    found = []
    for arg in args:
        if isinstance(arg, type) and not isinstance(arg, _GenericAlias):
            continue
        if isinstance(arg, TypeVar):
            if arg not in found:
                found.append(arg)
        elif isinstance(arg, tuple):
            for item in _collect_parameters(arg):
                if item not in found:
                    found.append(item)
        else:
            for item in getattr(arg, "__parameters__", ()):
                if item not in found:
                    found.append(item)
    return tuple(found)


def _check_count(what, params, expected):
    if len(params) != expected:
        raise TypeError("Too %s arguments for %s; actual %d, expected %d"
                        % ("many" if len(params) > expected else "few", what, len(params), expected))


def _substitute(arg, values):
    if isinstance(arg, TypeVar):
        return values[arg]
    if isinstance(arg, tuple):
        return tuple([_substitute(item, values) for item in arg])
    parameters = () if isinstance(arg, type) else getattr(arg, "__parameters__", ())
    if parameters:
        return arg[tuple([values[parameter] for parameter in parameters])]
    return arg


def _is_dunder(name):
    return name.startswith("__") and name.endswith("__")


def _unique(args, key=None):
    seen, found = set(), []
    for arg in args:
        mark = arg if key is None else key(arg)
        if mark not in seen:
            seen.add(mark)
            found.append(arg)
    return found


class _Combinable:
    """What `X | Y` makes unions of."""

    def __or__(self, right):
        return Union[self, right]

    def __ror__(self, left):
        return Union[left, self]


# -- special forms --

class _SpecialForm(_Combinable):

    def __init__(self, name, doc, getitem=None):
        self._name = name
        self.__name__ = self.__qualname__ = name
        self.__doc__ = doc
        self._getitem = getitem

    def __repr__(self):
        return "typing." + self._name

    def __call__(self, *args, **kwds):
        raise TypeError("Cannot instantiate %r" % (self,))

    def __getitem__(self, params):
        if self._getitem is None:
            raise TypeError("%r is not subscriptable" % (self,))
        return self._getitem(params)

    def __instancecheck__(self, obj):
        raise TypeError("%r cannot be used with isinstance()" % (self,))

    def __subclasscheck__(self, cls):
        raise TypeError("%r cannot be used with issubclass()" % (self,))

    def __mro_entries__(self, bases):
        raise TypeError("Cannot subclass %r" % (self,))


class _AnyMeta(type):

    def __instancecheck__(self, obj):
        if self is Any:
            raise TypeError("typing.Any cannot be used with isinstance()")
        return super().__instancecheck__(obj)

    def __repr__(self):
        if self is Any:
            return "typing.Any"
        return super().__repr__()


class Any(metaclass=_AnyMeta):
    """A type that is compatible with every type."""

    def __new__(cls, *args, **kwargs):
        if cls is Any:
            raise TypeError("Any cannot be instantiated")
        return super().__new__(cls)


def _union(params):
    if params == ():
        raise TypeError("Cannot take a Union of no types.")
    flat = []
    for param in _as_tuple(params):
        param = _type_check(param, "Union[arg, ...]: each arg must be a type.")
        if isinstance(param, (_UnionGenericAlias, _UnionType)):
            flat += param.__args__
        else:
            flat.append(param)
    flat = _unique(flat)
    if len(flat) == 1:
        return flat[0]
    return _UnionGenericAlias(Union, tuple(flat), name="Optional" if len(flat) == 2 and _NoneType in flat else None)


def _optional(param):
    if isinstance(param, tuple):
        raise TypeError("typing.Optional requires a single type. Got %.100r." % (param,))
    return Union[_type_check(param, "typing.Optional requires a single type."), _NoneType]


def _single(form):
    def getitem(param):
        param = _type_check(param, "typing.%s accepts only single type." % form)
        return _GenericAlias(_forms[form], (param,), name=form)
    return getitem


def _literal(params):
    flat = []
    for param in _as_tuple(params):
        if isinstance(param, _LiteralGenericAlias):
            flat += param.__args__
        else:
            flat.append(param)
    try:
        flat = _unique(flat, lambda value: (value, type(value)))
    except TypeError:
        pass
    return _LiteralGenericAlias(Literal, tuple(flat), name="Literal")


def _concatenate(params):
    if params == ():
        raise TypeError("Cannot take a Concatenate of no types.")
    return _GenericAlias(Concatenate, tuple([_type_convert(param) for param in _as_tuple(params)]), name="Concatenate")


NoReturn = _SpecialForm("NoReturn", "The return type of functions that never return.")
Never = _SpecialForm("Never", "The type without values.")
Self = _SpecialForm("Self", "The class that a method belongs to.")
LiteralString = _SpecialForm("LiteralString", "A str that comes from literals.")
TypeAlias = _SpecialForm("TypeAlias", "Marks an assignment as the definition of a type alias.")
ClassVar = _SpecialForm("ClassVar", "Marks a class variable.", _single("ClassVar"))
Final = _SpecialForm("Final", "Marks a name that is not to be assigned again.", _single("Final"))
TypeGuard = _SpecialForm("TypeGuard", "The return type of functions that narrow types.", _single("TypeGuard"))
Required = _SpecialForm("Required", "Marks a required key.", _single("Required"))
NotRequired = _SpecialForm("NotRequired", "Marks a key that may be missing.", _single("NotRequired"))
Union = _SpecialForm("Union", "Union[X, Y] means either X or Y.", _union)
Optional = _SpecialForm("Optional", "Optional[X] is Union[X, None].", _optional)
Literal = _SpecialForm("Literal", "A type of given values.", _literal)
Concatenate = _SpecialForm("Concatenate", "Parameters added to those of a ParamSpec.", _concatenate)
_forms = {form._name: form for form in (ClassVar, Final, TypeGuard, Required, NotRequired)}


class ForwardRef:
    """A type that is named by a string."""

    def __init__(self, arg, is_argument=True, module=None, *, is_class=False):
        if not isinstance(arg, str):
            raise TypeError("Forward reference must be a string -- got %r" % (arg,))
        self.__forward_arg__ = arg
        self.__forward_module__ = module

    def __eq__(self, other):
        if not isinstance(other, ForwardRef):
            return NotImplemented
        return self.__forward_arg__ == other.__forward_arg__ and self.__forward_module__ == other.__forward_module__

    def __hash__(self):
        return hash((self.__forward_arg__, self.__forward_module__))

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]

    def __repr__(self):
        if self.__forward_module__ is None:
            return "ForwardRef(%r)" % (self.__forward_arg__,)
        return "ForwardRef(%r, module=%r)" % (self.__forward_arg__, self.__forward_module__)


class TypeVar(_Combinable):
    """A type variable."""

    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False):
        if covariant and contravariant:
            raise ValueError("Bivariant types are not supported.")
        if constraints and bound is not None:
            raise TypeError("Constraints cannot be combined with bound=...")
        if len(constraints) == 1:
            raise TypeError("A single constraint is not allowed")
        self.__name__ = name
        self.__covariant__ = bool(covariant)
        self.__contravariant__ = bool(contravariant)
        self.__bound__ = None if bound is None else _type_check(bound, "Bound must be a type.")
        self.__constraints__ = tuple([_type_check(item, "TypeVar(name, constraint, ...): constraints must be types.")
                                      for item in constraints])
        self.__module__ = "__main__"

    def __repr__(self):
        prefix = "+" if self.__covariant__ else "-" if self.__contravariant__ else "~"
        return prefix + self.__name__

    def __typing_subst__(self, arg):
        return _type_check(arg, "Parameters to generic types must be types.")

    def __mro_entries__(self, bases):
        raise TypeError("Cannot subclass an instance of TypeVar")


class ParamSpec(TypeVar):
    """A variable for the parameters of a function."""

    @property
    def args(self):
        return "%s.args" % self.__name__

    @property
    def kwargs(self):
        return "%s.kwargs" % self.__name__


AnyStr = TypeVar("AnyStr")
AnyStr.__constraints__ = (str,)
AnyStr.__module__ = "typing"


# -- aliases --

class _BaseGenericAlias(_Combinable):

    def __init__(self, origin, *, inst=True, name=None):
        self._inst = inst
        self._name = name
        self.__origin__ = origin
        self.__slots__ = None

    def __call__(self, *args, **kwargs):
        if not self._inst:
            raise TypeError("Type %s cannot be instantiated; use %s() instead" % (self._name, self.__origin__.__name__))
        result = self.__origin__(*args, **kwargs)
        try:
            result.__orig_class__ = self
        except (AttributeError, TypeError):
            pass
        return result

    def __mro_entries__(self, bases):
        origin = self.__origin__
        if isinstance(origin, _StandinMeta) and not origin._derivable:
            raise NotImplementedError("deriving from typing.%s is not in Mini" % self._name)
        entries = []
        if origin not in bases:
            entries.append(origin)
        after = bases[bases.index(self) + 1:]
        if not any(isinstance(base, _BaseGenericAlias) or issubclass(base, Generic) for base in after):
            entries.append(Generic)
        return tuple(entries)

    def __getattr__(self, attr):
        if attr == "__name__" or attr == "__qualname__":
            return self._name or self.__origin__.__name__
        if "__origin__" in self.__dict__ and not _is_dunder(attr):
            return getattr(self.__origin__, attr)
        raise AttributeError(attr)

    def __setattr__(self, attr, value):
        if _is_dunder(attr) or attr in ("_name", "_inst", "_nparams"):
            super().__setattr__(attr, value)
        else:
            setattr(self.__origin__, attr, value)

    def __instancecheck__(self, obj):
        return self.__subclasscheck__(type(obj))

    def __subclasscheck__(self, cls):
        raise TypeError("Subscripted generics cannot be used with class and instance checks")


class _GenericAlias(_BaseGenericAlias):

    def __init__(self, origin, args, *, inst=True, name=None):
        super().__init__(origin, inst=inst, name=name)
        self.__args__ = args
        self.__parameters__ = _collect_parameters(args)
        if name is None and isinstance(origin, type):
            self.__module__ = origin.__module__
        else:
            self.__module__ = "typing"

    def copy_with(self, args):
        return self.__class__(self.__origin__, args, inst=self._inst, name=self._name)

    def __getitem__(self, params):
        if self.__origin__ is Generic or self.__origin__ is Protocol:
            raise TypeError("Cannot subscript already-subscripted %r" % (self,))
        if not self.__parameters__:
            raise TypeError("%r is not a generic class" % (self,))
        params = tuple([_type_convert(param) for param in _as_tuple(params)])
        _check_count(self, params, len(self.__parameters__))
        values = dict(zip(self.__parameters__, params))
        return self.copy_with(tuple([_substitute(arg, values) for arg in self.__args__]))

    def __eq__(self, other):
        if not isinstance(other, _GenericAlias):
            return NotImplemented
        return self.__origin__ == other.__origin__ and self.__args__ == other.__args__

    def __hash__(self):
        return hash((self.__origin__, self.__args__))

    def __repr__(self):
        name = "typing." + self._name if self._name else _type_repr(self.__origin__)
        args = ", ".join([_type_repr(arg) for arg in self.__args__]) if self.__args__ else "()"
        return "%s[%s]" % (name, args)

    def __mro_entries__(self, bases):
        if isinstance(self.__origin__, _SpecialForm):
            raise TypeError("Cannot subclass %r" % (self,))
        if self._name:
            return super().__mro_entries__(bases)
        if self.__origin__ is Generic:
            if Protocol in bases:
                return ()
            for base in bases[bases.index(self) + 1:]:
                if isinstance(base, _BaseGenericAlias) and base is not self:
                    return ()
        return (self.__origin__,)

    def __iter__(self):
        raise TypeError("%r object is not iterable" % (type(self).__name__,))


class _SpecialGenericAlias(_BaseGenericAlias):

    def __init__(self, origin, nparams, *, inst=True, name=None):
        super().__init__(origin, inst=inst, name=name or origin.__name__)
        self._nparams = nparams
        self.__doc__ = "A generic version of %s." % (origin.__qualname__ if origin.__module__ == "builtins" else
                                                     "%s.%s" % (origin.__module__, origin.__qualname__))

    def __getitem__(self, params):
        message = "Parameters to generic types must be types."
        params = tuple([_type_check(param, message) for param in _as_tuple(params)])
        _check_count(self, params, self._nparams)
        return self._with(params)

    def _with(self, params):
        return _GenericAlias(self.__origin__, params, name=self._name, inst=self._inst)

    def __repr__(self):
        return "typing." + self._name

    def __subclasscheck__(self, cls):
        if isinstance(cls, _SpecialGenericAlias):
            return issubclass(cls.__origin__, self.__origin__)
        if not isinstance(cls, _GenericAlias):
            return issubclass(cls, self.__origin__)
        return super().__subclasscheck__(cls)


class _CallableGenericAlias(_GenericAlias):

    def __repr__(self):
        args = self.__args__
        if len(args) == 2 and args[0] is ...:
            return "typing.Callable[..., %s]" % _type_repr(args[1])
        return "typing.Callable[[%s], %s]" % (", ".join([_type_repr(arg) for arg in args[:-1]]), _type_repr(args[-1]))


class _CallableType(_SpecialGenericAlias):

    def __getitem__(self, params):
        if not isinstance(params, tuple) or len(params) != 2:
            raise TypeError("Callable must be used as Callable[[arg, ...], result].")
        args, result = params
        result = _type_check(result, "Callable[args, result]: result must be a type.")
        if args is ...:
            args = (...,)
        elif isinstance(args, (list, tuple)):
            args = tuple([_type_convert(arg) for arg in args])
        else:
            args = (_type_convert(args),)
        return _CallableGenericAlias(self.__origin__, args + (result,), name="Callable", inst=self._inst)


class _TupleType(_SpecialGenericAlias):

    def __getitem__(self, params):
        params = _as_tuple(params)
        if len(params) >= 2 and params[-1] is ...:
            checked = [_type_check(param, "Tuple[t, ...]: t must be a type.") for param in params[:-1]] + [...]
        else:
            checked = [_type_check(param, "Tuple[t0, t1, ...]: each t must be a type.") for param in params]
        return self._with(tuple(checked))


class _UnionGenericAlias(_GenericAlias):

    def copy_with(self, args):
        return Union[args]

    def __eq__(self, other):
        if not isinstance(other, (_UnionGenericAlias, _UnionType)):
            return NotImplemented
        return set(self.__args__) == set(other.__args__)

    def __hash__(self):
        return hash(frozenset(self.__args__))

    def __repr__(self):
        args = self.__args__
        if len(args) == 2 and _NoneType in args:
            return "typing.Optional[%s]" % _type_repr(args[1] if args[0] is _NoneType else args[0])
        return "typing.Union[%s]" % ", ".join([_type_repr(arg) for arg in args])

    def __instancecheck__(self, obj):
        return self.__subclasscheck__(type(obj))

    def __subclasscheck__(self, cls):
        return any(issubclass(cls, arg) for arg in self.__args__)


class _LiteralGenericAlias(_GenericAlias):

    def __eq__(self, other):
        if not isinstance(other, _LiteralGenericAlias):
            return NotImplemented
        return {(value, type(value)) for value in self.__args__} == {(value, type(value)) for value in other.__args__}

    def __hash__(self):
        return hash(frozenset([(value, type(value)) for value in self.__args__]))

    def __repr__(self):
        return "typing.Literal[%s]" % ", ".join([repr(value) for value in self.__args__])


class _AnnotatedAlias(_GenericAlias):

    def __init__(self, origin, metadata):
        if isinstance(origin, _AnnotatedAlias):
            metadata = origin.__metadata__ + metadata
            origin = origin.__origin__
        super().__init__(origin, (origin,), name="Annotated")
        self.__metadata__ = metadata

    def copy_with(self, args):
        return _AnnotatedAlias(args[0], self.__metadata__)

    def __repr__(self):
        metadata = ", ".join([repr(item) for item in self.__metadata__])
        return "typing.Annotated[%s, %s]" % (_type_repr(self.__origin__), metadata)

    def __eq__(self, other):
        if not isinstance(other, _AnnotatedAlias):
            return NotImplemented
        return self.__origin__ == other.__origin__ and self.__metadata__ == other.__metadata__

    def __hash__(self):
        return hash((self.__origin__, self.__metadata__))

    def __getattr__(self, attr):
        if attr in ("__name__", "__qualname__"):
            return "Annotated"
        return super().__getattr__(attr)

    def __mro_entries__(self, bases):
        return (self.__origin__,)


class Annotated:
    """Adds metadata to a type: Annotated[type, ...]."""

    __slots__ = ()

    def __new__(cls, *args, **kwargs):
        raise TypeError("Type Annotated cannot be instantiated.")

    def __class_getitem__(cls, params):
        if not isinstance(params, tuple) or len(params) < 2:
            raise TypeError("Annotated[...] should be used with at least two arguments (a type and an annotation).")
        return _AnnotatedAlias(_type_convert(params[0]), tuple(params[1:]))

    def __init_subclass__(cls, *args, **kwargs):
        raise TypeError("Cannot subclass %s.Annotated" % cls.__module__)


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


# -- the abstract classes behind the aliases --

class _StandinMeta(ABCMeta):
    """Of the classes that stand for those of collections.abc: what has the methods, or is registered, is a subclass."""

    def __instancecheck__(cls, instance):
        return cls.__subclasscheck__(type(instance))

    def __subclasscheck__(cls, subclass):
        if cls in subclass.__mro__:
            return True
        if "_methods" not in cls.__dict__:
            return False
        if cls._known is not None:
            return any(known in subclass.__mro__ for known in cls._known)
        for name in cls._methods:
            for base in subclass.__mro__:
                if name in base.__dict__:
                    if base.__dict__[name] is None:
                        return False
                    break
            else:
                return False
        return True


def _standin(name, methods, known=None, bases=(), abstract=(), derivable=False, module="collections.abc"):
    namespace = {"__module__": module, "__qualname__": name, "__slots__": (),
                 "_methods": methods, "_known": known, "_derivable": derivable}
    for method in abstract or methods:
        namespace[method] = _abstract(method)
    return _StandinMeta(name, bases or (object,), namespace)


def _abstract(name):
    def method(self, *args):
        raise NotImplementedError
    method.__name__ = name
    return abstractmethod(method)


class _IteratorMixin:

    __slots__ = ()

    def __iter__(self):
        return self


class _SequenceMixin:

    __slots__ = ()

    def __iter__(self):
        i = 0
        try:
            while True:
                yield self[i]
                i += 1
        except IndexError:
            return

    def __contains__(self, value):
        for item in self:
            if item is value or item == value:
                return True
        return False

    def __reversed__(self):
        for i in reversed(range(len(self))):
            yield self[i]

    def index(self, value, start=0, stop=None):
        if start is not None and start < 0:
            start = max(len(self) + start, 0)
        if stop is not None and stop < 0:
            stop += len(self)
        i = start
        while stop is None or i < stop:
            try:
                item = self[i]
            except IndexError:
                break
            if item is value or item == value:
                return i
            i += 1
        raise ValueError

    def count(self, value):
        return sum(1 for item in self if item is value or item == value)


_dict_views = (type({}.keys()), type({}.items()), type({}.values()))
_Hashable = _standin("Hashable", ("__hash__",), derivable=True)
_Sized = _standin("Sized", ("__len__",), derivable=True)
_Container = _standin("Container", ("__contains__",), derivable=True)
_Iterable = _standin("Iterable", ("__iter__",), derivable=True)
_Iterator = _standin("Iterator", ("__next__", "__iter__"), bases=(_IteratorMixin, _Iterable),
                     abstract=("__next__",), derivable=True)
_Reversible = _standin("Reversible", ("__reversed__", "__iter__"), bases=(_Iterable,),
                       abstract=("__reversed__",), derivable=True)
_Collection = _standin("Collection", ("__len__", "__iter__", "__contains__"), bases=(_Sized, _Iterable, _Container),
                       abstract=("__len__",), derivable=True)
_Callable = _standin("Callable", ("__call__",), derivable=True)
_Generator = _standin("Generator", ("__iter__", "__next__", "send", "throw", "close"))
_Sequence = _standin("Sequence", ("__getitem__", "__len__"), known=(list, tuple, str, range),
                     bases=(_SequenceMixin, _Collection), abstract=("__getitem__", "__len__"), derivable=True)
_MutableSequence = _standin("MutableSequence", (), known=(list,))
_AbstractSet = _standin("Set", (), known=(set, frozenset, _dict_views[0], _dict_views[1]))
_MutableSet = _standin("MutableSet", (), known=(set,))
_Mapping = _standin("Mapping", (), known=(dict,))
_MutableMapping = _standin("MutableMapping", (), known=(dict,))
_MappingView = _standin("MappingView", (), known=_dict_views)
_KeysView = _standin("KeysView", (), known=(_dict_views[0],))
_ItemsView = _standin("ItemsView", (), known=(_dict_views[1],))
_ValuesView = _standin("ValuesView", (), known=(_dict_views[2],))
_ContextManager = _standin("AbstractContextManager", ("__enter__", "__exit__"), module="contextlib")
_deque = _standin("deque", (), known=(), module="collections")
_defaultdict = _standin("defaultdict", (), known=(), module="collections")

Hashable = _SpecialGenericAlias(_Hashable, 0)
Sized = _SpecialGenericAlias(_Sized, 0)
Iterable = _SpecialGenericAlias(_Iterable, 1)
Iterator = _SpecialGenericAlias(_Iterator, 1)
Reversible = _SpecialGenericAlias(_Reversible, 1)
Container = _SpecialGenericAlias(_Container, 1)
Collection = _SpecialGenericAlias(_Collection, 1)
Callable = _CallableType(_Callable, 2)
AbstractSet = _SpecialGenericAlias(_AbstractSet, 1, name="AbstractSet")
MutableSet = _SpecialGenericAlias(_MutableSet, 1)
Mapping = _SpecialGenericAlias(_Mapping, 2)
MutableMapping = _SpecialGenericAlias(_MutableMapping, 2)
Sequence = _SpecialGenericAlias(_Sequence, 1)
MutableSequence = _SpecialGenericAlias(_MutableSequence, 1)
MappingView = _SpecialGenericAlias(_MappingView, 1)
KeysView = _SpecialGenericAlias(_KeysView, 1)
ItemsView = _SpecialGenericAlias(_ItemsView, 2)
ValuesView = _SpecialGenericAlias(_ValuesView, 1)
Generator = _SpecialGenericAlias(_Generator, 3)
Tuple = _TupleType(tuple, -1, inst=False, name="Tuple")
List = _SpecialGenericAlias(list, 1, inst=False, name="List")
Deque = _SpecialGenericAlias(_deque, 1, name="Deque")
Set = _SpecialGenericAlias(set, 1, inst=False, name="Set")
FrozenSet = _SpecialGenericAlias(frozenset, 1, inst=False, name="FrozenSet")
Dict = _SpecialGenericAlias(dict, 2, inst=False, name="Dict")
DefaultDict = _SpecialGenericAlias(_defaultdict, 2, name="DefaultDict")
OrderedDict = _SpecialGenericAlias(_standin("OrderedDict", (), known=(), module="collections"), 2, name="OrderedDict")
Counter = _SpecialGenericAlias(_standin("Counter", (), known=(), module="collections"), 1, name="Counter")
ChainMap = _SpecialGenericAlias(_standin("ChainMap", (), known=(), module="collections"), 2, name="ChainMap")
ContextManager = _SpecialGenericAlias(_ContextManager, 1, name="ContextManager")
Type = _SpecialGenericAlias(type, 1, inst=False, name="Type")


def _supports(name, method):
    namespace = {"__module__": "typing", "__qualname__": name, "__slots__": (), "_is_runtime_protocol": True,
                 method: _abstract(method)}
    return _ProtocolMeta(name, (Protocol,), namespace)


SupportsInt = _supports("SupportsInt", "__int__")
SupportsFloat = _supports("SupportsFloat", "__float__")
SupportsIndex = _supports("SupportsIndex", "__index__")
SupportsAbs = _supports("SupportsAbs", "__abs__")
SupportsRound = _supports("SupportsRound", "__round__")


class NewType(_Combinable):
    """A type that only type checkers tell from its supertype; calling it gives back its argument."""

    def __init__(self, name, tp):
        self.__qualname__ = name
        if "." in name:
            name = name.rpartition(".")[-1]
        self.__name__ = name
        self.__supertype__ = tp
        self.__module__ = "__main__"

    def __call__(self, x):
        return x

    def __mro_entries__(self, bases):
        name = self.__name__
        raise TypeError("Cannot subclass an instance of NewType. Perhaps you were looking for: `%s = NewType(%r, %s)`"
                        % ("<name>", "<name>", name))

    def __repr__(self):
        return "%s.%s" % (self.__module__, self.__qualname__)


class IO(Generic[AnyStr]):
    """An open file of str or bytes."""

    __slots__ = ()


class TextIO(IO[str]):
    """An open text file."""

    __slots__ = ()


# -- functions --

def cast(typ, val):
    """Gives back val; type checkers take it for a typ."""
    return val


def _overload_dummy(*args, **kwds):
    raise NotImplementedError("You should not call an overloaded function. A series of @overload-decorated functions "
                              "outside a stub module should always be followed by an implementation that is not @overload-ed.")


def overload(func):
    """A decorator for the descriptions of a function that follows."""
    return _overload_dummy


def final(f):
    """A decorator for methods not to be overridden and classes not to be derived from."""
    try:
        f.__final__ = True
    except (AttributeError, TypeError):
        pass
    return f


def no_type_check(arg):
    """A decorator: annotations are no types here."""
    try:
        arg.__no_type_check__ = True
    except (AttributeError, TypeError):
        pass
    return arg


def assert_type(val, typ):
    """Gives back val; type checkers check that it is a typ."""
    return val


def assert_never(arg):
    """Fails: type checkers check that it is not reached."""
    value = repr(arg)
    if len(value) > 100:
        value = value[:100] + "..."
    raise AssertionError("Expected code to be unreachable, but got: %s" % value)


def reveal_type(obj):
    """Writes the type of obj to stderr and gives obj back."""
    print("Runtime type is %r" % type(obj).__name__, file=sys.stderr)
    return obj


def get_origin(tp):
    """The unsubscripted form of a type."""
    if isinstance(tp, _AnnotatedAlias):
        return Annotated
    if isinstance(tp, (_BaseGenericAlias, _ListAlias)):
        return tp.__origin__
    if tp is Generic:
        return Generic
    if isinstance(tp, _UnionType):
        return _UnionType
    return None


def get_args(tp):
    """The parameters of a type."""
    if isinstance(tp, _AnnotatedAlias):
        return (tp.__origin__,) + tp.__metadata__
    if isinstance(tp, _CallableGenericAlias):
        if len(tp.__args__) == 2 and tp.__args__[0] is ...:
            return tp.__args__
        return (list(tp.__args__[:-1]), tp.__args__[-1])
    if isinstance(tp, (_GenericAlias, _ListAlias, _UnionType)):
        return tp.__args__
    return ()
