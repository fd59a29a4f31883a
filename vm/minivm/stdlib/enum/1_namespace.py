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
