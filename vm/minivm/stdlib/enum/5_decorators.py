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
