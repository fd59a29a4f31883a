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
