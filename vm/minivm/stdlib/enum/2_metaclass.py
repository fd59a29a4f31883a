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
