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
