"""Enumerations with the behaviour of CPython 3.11.

How a class is made: its body runs in a _EnumDict, which tells members from other names and resolves auto() as names
are assigned. EnumType.__new__ puts a _Pending in the place of each member's value; the class machinery calls their
__set_name__ in order, and each turns itself into a member. Members stand in the class's _member_map_ (by name,
aliases too), in _value2member_map_ (where the value can be hashed) and as class attributes; _member_names_ lists
those that iteration shows.
"""

__all__ = [
    "EnumType", "EnumMeta", "Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum", "auto", "unique",
    "property", "verify", "member", "nonmember", "FlagBoundary", "STRICT", "CONFORM", "EJECT", "KEEP",
    "global_enum", "global_flag_repr", "global_enum_repr", "global_str", "EnumCheck", "CONTINUOUS", "NAMED_FLAGS", "UNIQUE",
]

from sys import modules as _modules

_builtin_property = property
_builtin_bin = bin

# Until the classes exist.
Enum = Flag = ReprEnum = EJECT = None

_SUNDERS = ("_order_", "_generate_next_value_", "_numeric_repr_", "_missing_", "_ignore_", "_iter_member_",
            "_iter_member_by_value_", "_iter_member_by_def_")
_FLAG_OPERATORS = ("__or__", "__and__", "__xor__", "__ror__", "__rand__", "__rxor__", "__invert__")


class _NoValue:

    def __repr__(self):
        return "_auto_null"


_auto_null = _NoValue()


class auto:
    """Stands for a value that the class chooses: the member's _generate_next_value_()."""

    def __init__(self, value=_auto_null):
        self.value = value

    def __repr__(self):
        return "auto(%r)" % (self.value,)


class nonmember:
    """Keeps a value in the body of an enumeration from becoming a member."""

    def __init__(self, value):
        self.value = value


class member:
    """Makes a value in the body of an enumeration a member, whatever it is."""

    def __init__(self, value):
        self.value = value


class property(_builtin_property):
    """A property of members; through the class, the member of that name if there is one."""

    member = None
    name = None
    clsname = None

    def __get__(self, instance, ownerclass=None):
        if instance is not None:
            if self.fget is None:
                return self.member
            return self.fget(instance)
        if self.member is None:
            raise AttributeError("%r has no attribute %r" % (ownerclass, self.name))
        return self.member

    def __set__(self, instance, value):
        if self.fset is None:
            raise AttributeError("<enum %r> cannot set attribute %r" % (self.clsname, self.name))
        return self.fset(instance, value)

    def __delete__(self, instance):
        if self.fdel is None:
            raise AttributeError("<enum %r> cannot delete attribute %r" % (self.clsname, self.name))
        return self.fdel(instance)

    def __set_name__(self, ownerclass, name):
        self.name = name
        self.clsname = ownerclass.__name__


# -- names and values of a class body --

def _is_descriptor(value):
    return hasattr(value, "__get__") or hasattr(value, "__set__") or hasattr(value, "__delete__")


def _is_dunder(name):
    return len(name) > 4 and name[:2] == name[-2:] == "__" and name[2] != "_" and name[-3] != "_"


def _is_sunder(name):
    return len(name) > 2 and name[0] == name[-1] == "_" and name[1] != "_" and name[-2] != "_"


def _is_private(class_name, name):
    prefix = "_" + class_name + "__"
    if len(name) <= len(prefix) or not name.startswith(prefix) or name[len(prefix)] == "_":
        return False
    return name[-1] != "_" or name[-2] != "_"


def _is_single_bit(value):
    return value != 0 and value & (value - 1) == 0


def _iter_bits_lsb(num):
    value = num.value if isinstance(num, Enum) else num
    if value < 0:
        raise ValueError("%r is not a positive integer" % (value,))
    while value:
        bit = value & -value
        yield bit
        value ^= bit


def _high_bit(value):
    return value.bit_length() - 1


def show_flag_values(value):
    """The single bits of a flag's value, as ints."""
    return list(_iter_bits_lsb(value))


def bin(num, max_bits=None):
    """As the builtin, in two's complement: a digit for the sign, a space, then at least max_bits digits."""
    width = num.bit_length()
    sign = "1" if num < 0 else "0"
    digits = _builtin_bin(num & (1 << width) - 1 | 1 << width)[3:]
    if max_bits is not None:
        digits = digits.rjust(max_bits, sign)
    return "0b%s %s" % (sign, digits)


class _EnumDict(dict):
    """The namespace of the class body of an enumeration: keeps the members' names in order, and each at most once."""

    def __init__(self, class_name):
        super().__init__()
        self._class_name = class_name
        self._member_names = {}
        self._last_values = []
        self._ignore = []
        self._auto_called = False
        self._generate_next_value = None

    def __setitem__(self, key, value):
        if _is_private(self._class_name, key):
            pass
        elif _is_sunder(key):
            self._set_sunder(key, value)
        elif _is_dunder(key):
            if key == "__order__":
                key = "_order_"
        elif key in self._member_names:
            raise TypeError("%r already defined as %r" % (key, self[key]))
        elif key in self._ignore:
            pass
        elif isinstance(value, nonmember):
            value = value.value
        elif not _is_descriptor(value):
            value = self._add_member(key, value)
        super().__setitem__(key, value)

    def _set_sunder(self, key, value):
        if key not in _SUNDERS:
            raise ValueError("_sunder_ names, such as %r, are reserved for future Enum use" % (key,))
        if key == "_generate_next_value_":
            if self._auto_called:
                raise TypeError("_generate_next_value_ must be defined before members")
            self._generate_next_value = value.__func__ if isinstance(value, staticmethod) else value
        elif key == "_ignore_":
            value = value.replace(",", " ").split() if isinstance(value, str) else list(value)
            self._ignore = value
            already = set(value) & set(self._member_names)
            if already:
                raise ValueError("_ignore_ cannot specify already set names: %r" % (already,))

    def _add_member(self, key, value):
        if key in self:     # a function or another descriptor had this name
            raise TypeError("%r already defined as %r" % (key, self[key]))
        if isinstance(value, member):
            value = value.value
        chosen = False
        if isinstance(value, auto):
            value = self._resolve(key, value)
            chosen = True
        elif type(value) is tuple and any(isinstance(item, auto) for item in value):
            value = tuple([self._resolve(key, item) if isinstance(item, auto) else item for item in value])
            chosen = True
        self._member_names[key] = None
        if not chosen:
            self._last_values.append(value)
        return value

    def _resolve(self, key, item):
        if item.value is _auto_null:
            item.value = self._generate_next_value(key, 1, len(self._member_names), self._last_values[:])
            self._auto_called = True
        self._last_values.append(item.value)
        return item.value

    def update(self, members, **more_members):
        pairs = members.items() if hasattr(members, "keys") else members
        for name, value in pairs:
            self[name] = value
        for name, value in more_members.items():
            self[name] = value


class _Pending:
    """A member-to-be in the namespace of the class that is being made."""

    def __init__(self, value):
        self.value = value

    def __set_name__(self, enum_class, name):
        value = self.value
        made = self._make(enum_class, value)
        value = made._value_
        made._name_ = name
        made.__objclass__ = enum_class
        made.__init__(*self.args)
        made._sort_order_ = len(enum_class._member_names_)
        flag = Flag is not None and issubclass(enum_class, Flag)
        if flag:
            enum_class._flag_mask_ |= value
            if _is_single_bit(value):
                enum_class._singles_mask_ |= value
            enum_class._all_bits_ = 2 ** enum_class._flag_mask_.bit_length() - 1
        known = self._find(enum_class, value)
        if known is not None:
            made = known
        elif not flag or _is_single_bit(value):
            enum_class._member_names_.append(name)
        self._bind(enum_class, name, made)
        enum_class._member_map_[name] = made
        try:
            enum_class._value2member_map_.setdefault(value, made)
        except TypeError:
            enum_class._unhashable_values_.append(value)

    def _make(self, enum_class, value):
        data_type = enum_class._member_type_
        args = value if isinstance(value, tuple) else (value,)
        if data_type is tuple:
            args = (args,)      # for tuple(args)
        self.args = args
        if enum_class._use_args_:
            made = enum_class._new_member_(enum_class, *args)
        else:
            made = enum_class._new_member_(enum_class)
        if not hasattr(made, "_value_"):
            if data_type is object:
                made._value_ = value
            else:
                try:
                    made._value_ = data_type(*args)
                except Exception as exc:
                    raise TypeError("_value_ not set in __new__, unable to create it") from exc
        return made

    def _find(self, enum_class, value):
        """The member that has this value already, of which the new name is an alias."""
        try:
            return enum_class._value2member_map_.get(value)
        except TypeError:
            for known in enum_class._member_map_.values():
                if known._value_ == value:
                    return known
        return None

    def _bind(self, enum_class, name, made):
        """The class attribute; a member called `name` or `value` must not hide the property of members."""
        for base in enum_class.__mro__[1:]:
            found = base.__dict__.get(name)
            if isinstance(found, property) and found.fget is not None:
                redirect = property(found.fget)
                redirect.member = made
                redirect.__set_name__(enum_class, name)
                type.__setattr__(enum_class, name, redirect)
                return
        type.__setattr__(enum_class, name, made)


class _Members:
    """The read-only view that __members__ is."""

    def __init__(self, mapping):
        self._mapping = mapping

    def __getitem__(self, key):
        return self._mapping[key]

    def __contains__(self, key):
        return key in self._mapping

    def __iter__(self):
        return iter(self._mapping)

    def __reversed__(self):
        return reversed(self._mapping)

    def __len__(self):
        return len(self._mapping)

    def __eq__(self, other):
        return self._mapping == (other._mapping if isinstance(other, _Members) else other)

    def __or__(self, other):
        return self._mapping | (other._mapping if isinstance(other, _Members) else other)

    def __str__(self):
        return str(self._mapping)

    def __repr__(self):
        return "mappingproxy(%r)" % (self._mapping,)

    def get(self, key, default=None):
        return self._mapping.get(key, default)

    def keys(self):
        return self._mapping.keys()

    def values(self):
        return self._mapping.values()

    def items(self):
        return self._mapping.items()

    def copy(self):
        return self._mapping.copy()


_Members.__name__ = _Members.__qualname__ = "mappingproxy"
_Members.__module__ = "builtins"


# -- the metaclass --

def _check_bases(class_name, bases):
    for base in bases:
        for cls in base.__mro__:
            if isinstance(cls, EnumType) and cls._member_names_:
                raise TypeError("<enum %r> cannot extend %r" % (class_name, cls))


def _find_data_type(class_name, bases):
    """The type of the values that members are: what is mixed in and makes instances of its own."""
    data_types = set()
    for chain in bases:
        candidate = None
        for base in chain.__mro__:
            if base is object:
                continue
            if isinstance(base, EnumType):
                if base._member_type_ is not object:
                    data_types.add(base._member_type_)
                    break
            elif "__new__" in base.__dict__:
                data_types.add(candidate or base)
                break
            else:
                candidate = candidate or base
    if len(data_types) > 1:
        raise TypeError("too many data types for %r: %r" % (class_name, data_types))
    return data_types.pop() if data_types else object


def _find_data_repr(bases):
    for chain in bases:
        for base in chain.__mro__:
            if base is object:
                continue
            if isinstance(base, EnumType):
                return base._value_repr_
            if "__repr__" in base.__dict__:
                return base.__dict__["__repr__"]
    return None


def _mixins(class_name, bases):
    """The data type and the enumeration that a new class derives from."""
    if not bases:
        return object, Enum
    if not isinstance(bases[-1], EnumType):
        raise TypeError("new enumerations should be created as `EnumName([mixin_type, ...] [data_type,] enum_type)`")
    return _find_data_type(class_name, bases), bases[-1]


def _find_new(namespace, data_type, first_enum):
    """The function that makes members, whether the class defines it, and whether it takes the value."""
    own = namespace.get("__new__")
    if isinstance(own, staticmethod):
        own = own.__func__
    if own is not None:
        return own, first_enum is not None, first_enum is not None
    plain = (None, object.__new__) if Enum is None else (None, object.__new__, Enum.__new__)
    for attribute in ("__new_member__", "__new__"):
        for possible in (data_type, first_enum):
            found = getattr(possible, attribute, None)
            if found not in plain:
                return found, False, first_enum is not None
    return object.__new__, False, False


class EnumType(type):
    """The metaclass of enumerations."""

    @classmethod
    def __prepare__(metacls, cls, bases, **kwds):
        _check_bases(cls, bases)
        namespace = _EnumDict(cls)
        first_enum = _mixins(cls, bases)[1]
        if first_enum is not None:
            namespace["_generate_next_value_"] = getattr(first_enum, "_generate_next_value_", None)
        return namespace

    def __new__(metacls, cls, bases, classdict, *, boundary=None, _simple=False, **kwds):
        ignored = classdict.pop("_ignore_", ())
        for key in ignored:
            classdict.pop(key, None)
        names = classdict._member_names
        invalid = {"mro", ""} & set(names)
        if invalid:
            raise ValueError("invalid enum member name(s) %s" % ",".join(repr(name) for name in invalid))
        order = classdict.pop("_order_", None)
        generate = classdict.get("_generate_next_value_")
        if generate is not None and not isinstance(generate, staticmethod):
            dict.__setitem__(classdict, "_generate_next_value_", staticmethod(generate))
        data_type, first_enum = _mixins(cls, bases)
        maker, save_new, use_args = _find_new(classdict, data_type, first_enum)
        own_names = set(classdict)
        for name in names:
            dict.__setitem__(classdict, name, _Pending(classdict[name]))
        for name, value in (
            ("_new_member_", staticmethod(maker)), ("_use_args_", use_args), ("_member_names_", []),
            ("_member_map_", {}), ("_value2member_map_", {}), ("_unhashable_values_", []), ("_member_type_", data_type),
            ("_value_repr_", _static(_find_data_repr(bases))),
            ("_boundary_", boundary or getattr(first_enum, "_boundary_", None)),
            ("_flag_mask_", 0), ("_singles_mask_", 0), ("_all_bits_", 0), ("_inverted_", None),
        ):
            dict.__setitem__(classdict, name, value)
        problem = None
        try:
            enum_class = super().__new__(metacls, cls, bases, classdict, **kwds)
        except RuntimeError as exc:
            problem = exc.__cause__ or exc      # what went wrong in a __set_name__ arrives wrapped
        if problem is not None:
            raise problem
        _inherit_text(enum_class, bases, data_type, first_enum, own_names)
        if Flag is not None and issubclass(enum_class, Flag):
            for name in _FLAG_OPERATORS:
                if name not in own_names:
                    type.__setattr__(enum_class, name, Flag.__dict__[name])
        if Enum is not None:
            if save_new:
                type.__setattr__(enum_class, "__new_member__", staticmethod(maker))
            type.__setattr__(enum_class, "__new__", Enum.__new__)
        if Flag is not None and issubclass(enum_class, Flag):
            values = [enum_class._member_map_[name]._value_ for name in enum_class._member_names_]
            if values != sorted(values):
                type.__setattr__(enum_class, "_iter_member_", enum_class._iter_member_by_def_)
        if order is not None:
            _check_order(enum_class, order)
        return enum_class

    def __init__(cls, *args, **kwds):
        pass

    def __bool__(cls):
        return True

    def __call__(cls, value, names=None, *, module=None, qualname=None, type=None, start=1, boundary=None):
        """The member with this value; with names, a new enumeration."""
        if names is None:
            return cls.__new__(cls, value)
        return _create(cls, value, names, module, qualname, type, start, boundary)

    def __contains__(cls, member):
        if not isinstance(member, Enum):
            raise TypeError("unsupported operand type(s) for 'in': '%s' and '%s'"
                            % (type(member).__qualname__, cls.__class__.__qualname__))
        return isinstance(member, cls) and member._name_ in cls._member_map_

    def __delattr__(cls, attr):
        if attr in cls.__dict__.get("_member_map_", ()):
            raise AttributeError("%r cannot delete member %r." % (cls.__name__, attr))
        super().__delattr__(attr)

    def __dir__(cls):
        names = {"__class__", "__contains__", "__doc__", "__getitem__", "__init_subclass__", "__iter__", "__len__",
                 "__members__", "__module__", "__name__", "__qualname__"} | set(cls._member_names_)
        if cls._new_member_ is not object.__new__:
            names.add("__new__")
        if cls._member_type_ is not object:
            names |= set(dir(cls._member_type_))
        return sorted(names)

    def __getattr__(cls, name):
        raise AttributeError(name) from None

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __iter__(cls):
        return (cls._member_map_[name] for name in cls._member_names_)

    def __len__(cls):
        return len(cls._member_names_)

    @_builtin_property
    def __members__(cls):
        return _Members(cls._member_map_)

    def __repr__(cls):
        if Flag is not None and issubclass(cls, Flag):
            return "<flag %r>" % cls.__name__
        return "<enum %r>" % cls.__name__

    def __reversed__(cls):
        return (cls._member_map_[name] for name in reversed(cls._member_names_))

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get("_member_map_", ()):
            raise AttributeError("cannot reassign member %r" % (name,))
        super().__setattr__(name, value)


EnumMeta = EnumType


def _static(function):
    return function if function is None else staticmethod(function)


def _inherit_text(enum_class, bases, data_type, first_enum, own_names):
    """Which __repr__, __str__, __format__ members have: the enumeration's, or the mixed-in type's if asked for."""
    own_names = set(own_names)
    if ReprEnum is not None and ReprEnum in bases:
        if data_type is object:
            raise TypeError("ReprEnum subclasses must be mixed with a data type (i.e. int, str, float, etc.)")
        if "__format__" not in own_names:
            type.__setattr__(enum_class, "__format__", data_type.__format__)
            own_names.add("__format__")
        if "__str__" not in own_names:
            method = data_type.__str__
            if method is object.__str__:
                method = data_type.__repr__
            type.__setattr__(enum_class, "__str__", method)
            own_names.add("__str__")
    if first_enum is None:
        return
    for name in ("__repr__", "__str__", "__format__"):
        if name not in own_names and getattr(enum_class, name) in (getattr(data_type, name), getattr(object, name)):
            type.__setattr__(enum_class, name, getattr(first_enum, name))


def _check_order(enum_class, order):
    if isinstance(order, str):
        order = order.replace(",", " ").split()
    order = [name for name in order if name not in enum_class._member_map_ or name in enum_class._member_names_]
    if order != enum_class._member_names_:
        raise TypeError("member order does not match _order_:\n  %r\n  %r" % (enum_class._member_names_, order))


def _create(cls, class_name, names, module, qualname, data_type, start, boundary):
    """The functional API: Enum('Animal', 'ANT BEE CAT')."""
    metacls = cls.__class__
    bases = (cls,) if data_type is None else (data_type, cls)
    namespace = metacls.__prepare__(class_name, bases)
    if isinstance(names, str):
        names = names.replace(",", " ").split()
    if isinstance(names, (tuple, list)) and names and isinstance(names[0], str):
        last_values = []
        original, names = names, []
        for count, name in enumerate(original):
            value = cls._generate_next_value_(name, start, count, last_values[:])
            last_values.append(value)
            names.append((name, value))
    for item in names:
        if isinstance(item, str):
            name, value = item, names[item]
        else:
            name, value = item
        namespace[name] = value
    namespace["__module__"] = "__main__" if module is None else module
    if qualname is not None:
        namespace["__qualname__"] = qualname
    return metacls.__new__(metacls, class_name, bases, namespace, boundary=boundary)


# -- Enum --

class Enum(metaclass=EnumType):
    """A set of names, each bound to a constant value. Derive from it to define an enumeration."""

    def __new__(cls, value):
        if type(value) is cls:
            return value
        try:
            return cls._value2member_map_[value]
        except KeyError:
            pass
        except TypeError:
            for known in cls._member_map_.values():
                if known._value_ == value:
                    return known
        if not cls._member_map_:
            raise TypeError("%r has no members defined" % cls)
        problem = None
        try:
            result = cls._missing_(value)
        except Exception as exc:
            problem = exc
            result = None
        if isinstance(result, cls):
            return result
        if Flag is not None and issubclass(cls, Flag) and cls._boundary_ is EJECT and isinstance(result, int):
            return result
        invalid = ValueError("%r is not a valid %s" % (value, cls.__qualname__))
        if result is None and problem is None:
            raise invalid
        if problem is None:
            problem = TypeError("error in %s._missing_: returned %r instead of None or a valid member"
                                % (cls.__name__, result))
        if not isinstance(problem, ValueError):
            problem.__context__ = invalid
        raise problem

    def __init__(self, *args, **kwds):
        pass

    def _generate_next_value_(name, start, count, last_values):
        """The value of auto(): one more than the highest so far."""
        try:
            last_values = sorted(last_values)
        except TypeError:
            pass
        for value in reversed(last_values):
            try:
                return value + 1
            except TypeError:
                pass
        return start

    @classmethod
    def _missing_(cls, value):
        return None

    def __repr__(self):
        show = self.__class__._value_repr_ or repr
        return "<%s.%s: %s>" % (self.__class__.__name__, self._name_, show(self._value_))

    def __str__(self):
        return "%s.%s" % (self.__class__.__name__, self._name_)

    def __dir__(self):
        names = set()
        if self.__class__._member_type_ is not object:
            names = set(object.__dir__(self))
        for name in getattr(self, "__dict__", ()):
            if name[0] != "_" and name not in self._member_map_:
                names.add(name)
        for cls in self.__class__.mro():
            for name, value in cls.__dict__.items():
                if name[0] != "_" and name not in self._member_map_:
                    names.add(name)
        return sorted({"__class__", "__doc__", "__eq__", "__hash__", "__module__"} | names)

    def __format__(self, format_spec):
        return str.__format__(str(self), format_spec)

    def __hash__(self):
        return hash(self._name_)

    def __reduce_ex__(self, proto):
        return self.__class__, (self._value_,)

    def __deepcopy__(self, memo):
        return self

    def __copy__(self):
        return self

    @property
    def name(self):
        """The name of the Enum member."""
        return self._name_

    @property
    def value(self):
        """The value of the Enum member."""
        return self._value_


class ReprEnum(Enum):
    """Changes only the repr() of the mixed-in type; str() and format() stay."""


class IntEnum(int, ReprEnum):
    """An enumeration whose members are ints."""


class StrEnum(str, ReprEnum):
    """An enumeration whose members are strings."""

    def __new__(cls, *values):
        if len(values) > 3:
            raise TypeError("too many arguments for str(): %r" % (values,))
        if len(values) == 1 and not isinstance(values[0], str):
            raise TypeError("%r is not a string" % (values[0],))
        if len(values) >= 2 and not isinstance(values[1], str):
            raise TypeError("encoding must be a string, not %r" % (values[1],))
        if len(values) == 3 and not isinstance(values[2], str):
            raise TypeError("errors must be a string, not %r" % (values[2],))
        value = str(*values)
        made = str.__new__(cls, value)
        made._value_ = value
        return made

    def _generate_next_value_(name, start, count, last_values):
        """The value of auto(): the name in lower case."""
        return name.lower()


class FlagBoundary(StrEnum):
    """What a flag does with bits that no member has: refuse, drop, become an int, keep."""

    STRICT = auto()
    CONFORM = auto()
    EJECT = auto()
    KEEP = auto()


STRICT, CONFORM, EJECT, KEEP = FlagBoundary


# -- Flag --

class Flag(Enum, boundary=STRICT):
    """An enumeration whose members are bits that can be combined."""

    _numeric_repr_ = repr

    def _generate_next_value_(name, start, count, last_values):
        """The value of auto(): the next power of two."""
        if not last_values:
            return start if start is not None else 1
        last_value = max(last_values)
        try:
            high_bit = _high_bit(last_value)
        except Exception:
            raise TypeError("invalid flag value %r" % last_value) from None
        return 2 ** (high_bit + 1)

    @classmethod
    def _iter_member_by_value_(cls, value):
        for bit in _iter_bits_lsb(value & cls._flag_mask_):
            yield cls._value2member_map_.get(bit)

    _iter_member_ = _iter_member_by_value_

    @classmethod
    def _iter_member_by_def_(cls, value):
        yield from sorted(cls._iter_member_by_value_(value), key=lambda m: m._sort_order_)

    @classmethod
    def _missing_(cls, value):
        """A combination of members, made when it is first asked for."""
        if not isinstance(value, int):
            raise ValueError("%r is not a valid %s" % (value, cls.__qualname__))
        flag_mask, singles_mask, all_bits = cls._flag_mask_, cls._singles_mask_, cls._all_bits_
        if not ~all_bits <= value <= all_bits or value & (all_bits ^ flag_mask):
            if cls._boundary_ is STRICT:
                width = max(value.bit_length(), flag_mask.bit_length())
                raise ValueError("%r invalid value %r\n    given %s\n  allowed %s"
                                 % (cls, value, bin(value, width), bin(flag_mask, width)))
            if cls._boundary_ is CONFORM:
                value = value & flag_mask
            elif cls._boundary_ is EJECT:
                return value
            elif cls._boundary_ is not KEEP:
                raise ValueError("%r unknown flag boundary %r" % (cls, cls._boundary_))
            elif value < 0:
                value = max(all_bits + 1, 2 ** value.bit_length()) + value
        negative = None
        if value < 0:
            negative = value
            value = all_bits + 1 + value if cls._boundary_ in (EJECT, KEEP) else singles_mask & value
        unknown = value & ~flag_mask
        aliases = value & ~singles_mask
        singles = value & singles_mask
        if unknown and cls._boundary_ is not KEEP:
            raise ValueError("%s(%r) -->  unknown values %r [%s]" % (cls.__name__, value, unknown, bin(unknown)))
        if cls._member_type_ is object:
            made = object.__new__(cls)
        else:
            made = cls._member_type_.__new__(cls, value)
        if not hasattr(made, "_value_"):
            made._value_ = value
        made._name_ = None
        if singles or aliases:
            made._name_ = cls._combined_name(value, singles, aliases)
        made = cls._value2member_map_.setdefault(value, made)
        if negative is not None:
            cls._value2member_map_[negative] = made
        return made

    @classmethod
    def _combined_name(cls, value, singles, aliases):
        members = list(cls._iter_member_(singles))
        combined = 0
        for part in members:
            combined |= part._value_
        if aliases:
            value = singles | aliases
            for part in cls._member_map_.values():
                if part not in members and part._value_ and part._value_ & value == part._value_:
                    members.append(part)
                    combined |= part._value_
        unknown = value ^ combined
        if not combined:
            return None
        name = "|".join([part._name_ for part in members])
        if unknown and cls._boundary_ is STRICT:
            raise ValueError("%r: no members with value %r" % (cls, unknown))
        if unknown:
            name += "|%s" % cls._numeric_repr_(unknown)
        return name

    def __contains__(self, other):
        if not isinstance(other, self.__class__):
            raise TypeError("unsupported operand type(s) for 'in': %r and %r"
                            % (type(other).__qualname__, self.__class__.__qualname__))
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        yield from self._iter_member_(self._value_)

    def __len__(self):
        return self._value_.bit_count()

    def __repr__(self):
        show = self.__class__._value_repr_ or repr
        if self._name_ is None:
            return "<%s: %s>" % (self.__class__.__name__, show(self._value_))
        return "<%s.%s: %s>" % (self.__class__.__name__, self._name_, show(self._value_))

    def __str__(self):
        if self._name_ is None:
            return "%s(%r)" % (self.__class__.__name__, self._value_)
        return "%s.%s" % (self.__class__.__name__, self._name_)

    def __bool__(self):
        return bool(self._value_)

    def _get_value(self, flag):
        if isinstance(flag, self.__class__):
            return flag._value_
        if self._member_type_ is not object and isinstance(flag, self._member_type_):
            return flag
        return NotImplemented

    def __or__(self, other):
        other_value = self._get_value(other)
        if other_value is NotImplemented:
            return NotImplemented
        return self.__class__(self._value_ | other_value)

    def __and__(self, other):
        other_value = self._get_value(other)
        if other_value is NotImplemented:
            return NotImplemented
        return self.__class__(self._value_ & other_value)

    def __xor__(self, other):
        other_value = self._get_value(other)
        if other_value is NotImplemented:
            return NotImplemented
        return self.__class__(self._value_ ^ other_value)

    def __invert__(self):
        if self._inverted_ is None:
            if self._boundary_ in (EJECT, KEEP):
                self._inverted_ = self.__class__(~self._value_)
            else:
                self._inverted_ = self.__class__(self._singles_mask_ & ~self._value_)
        return self._inverted_

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__


class IntFlag(int, ReprEnum, Flag, boundary=KEEP):
    """A flag whose members are ints."""


# -- decorators --

def unique(enumeration):
    """A class decorator that refuses aliases."""
    duplicates = [(name, found.name) for name, found in enumeration.__members__.items() if name != found.name]
    if duplicates:
        details = ", ".join(["%s -> %s" % pair for pair in duplicates])
        raise ValueError("duplicate values found in %r: %s" % (enumeration, details))
    return enumeration


class EnumCheck(StrEnum):
    """What verify() can check: no gaps between values, a name for each bit, one name for each value."""

    CONTINUOUS = "no skipped integer values"
    NAMED_FLAGS = "multi-flag aliases may not contain unnamed flags"
    UNIQUE = "one name per value"


CONTINUOUS, NAMED_FLAGS, UNIQUE = EnumCheck


class verify:
    """A class decorator that makes the checks it is given."""

    def __init__(self, *checks):
        self.checks = checks

    def __call__(self, enumeration):
        kind = "Flag" if issubclass(enumeration, Flag) else "enum"
        for check in self.checks:
            if check is UNIQUE:
                self._check_unique(enumeration)
            elif check is CONTINUOUS:
                self._check_continuous(enumeration, kind)
            elif check is NAMED_FLAGS:
                self._check_named(enumeration, kind)
        return enumeration

    def _check_unique(self, enumeration):
        duplicates = [(name, found.name) for name, found in enumeration.__members__.items() if name != found.name]
        if duplicates:
            details = ", ".join(["%s -> %s" % pair for pair in duplicates])
            raise ValueError("aliases found in %r: %s" % (enumeration, details))

    def _check_continuous(self, enumeration, kind):
        values = {found.value for found in enumeration}
        if len(values) < 2:
            return
        low, high = min(values), max(values)
        missing = []
        if kind == "Flag":
            for i in range(low.bit_length(), high.bit_length() - 1):
                if 2 ** i not in values:
                    missing.append(2 ** i)
        else:
            missing = [i for i in range(low + 1, high) if i not in values]
        if missing:
            text = "invalid %s %r: missing values %s" % (kind, enumeration.__name__, ", ".join(str(m) for m in missing))
            raise ValueError(text[:256])

    def _check_named(self, enumeration, kind):
        values = [found.value for found in enumeration]
        names, total = [], 0
        for name, alias in enumeration._member_map_.items():
            if name in enumeration._member_names_ or alias.value < 0:
                continue
            missing = [bit for bit in _iter_bits_lsb(alias.value) if bit not in values]
            if missing:
                names.append(name)
                for bit in missing:
                    total |= bit
        if not names:
            return
        if len(names) == 1:
            who = "alias %s is missing" % names[0]
        else:
            who = "aliases %s and %s are missing" % (", ".join(names[:-1]), names[-1])
        what = "value 0x%x" % total if _is_single_bit(total) else "combined values of 0x%x" % total
        raise ValueError("invalid Flag %r: %s %s [use enum.show_flag_values(value) for details]"
                         % (enumeration.__name__, who, what))


# -- members as module constants --

def global_enum_repr(self):
    """A repr() that shows the module in the place of the class."""
    return "%s.%s" % (self.__class__.__module__.split(".")[-1], self._name_)


def global_flag_repr(self):
    """The same for flags, a name for each bit."""
    module = self.__class__.__module__.split(".")[-1]
    if self._name_ is None:
        return "%s.%s(%r)" % (module, self.__class__.__name__, self._value_)
    if _is_single_bit(self):
        return "%s.%s" % (module, self._name_)
    if self._boundary_ is not KEEP:
        return "|".join(["%s.%s" % (module, name) for name in self.name.split("|")])
    names = []
    for name in self._name_.split("|"):
        names.append(name if name[0] in "0123456789" else "%s.%s" % (module, name))
    return "|".join(names)


def global_str(self):
    """A str() that is the bare name."""
    if self._name_ is None:
        return "%s(%r)" % (self.__class__.__name__, self._value_)
    return self._name_


def global_enum(cls, update_str=False):
    """A class decorator: the members become names of the class's module, and are shown as such."""
    cls.__repr__ = global_flag_repr if issubclass(cls, Flag) else global_enum_repr
    if update_str or not issubclass(cls, ReprEnum):
        cls.__str__ = global_str
    module = _modules[cls.__module__]
    for name, member in cls.__members__.items():
        setattr(module, name, member)
    return cls
