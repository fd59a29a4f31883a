"""The standard modules of Mini and the names that each exports; what stands here can be checked before a program
runs.

`NATIVE` modules are C; the others are written in Mini (vm/minivm/stdlib), and their rows repeat what their files bind
of CPython's public names (tests/frontend/test_modules.py compares them). A module of CPython's standard library that is
not listed is refused, and so is a name of a listed module that is not in its row. Module attributes that every
module has stand in `COMMON`.
"""
from __future__ import annotations

COMMON: frozenset[str] = frozenset(("__name__", "__doc__", "__file__", "__package__", "__dict__", "__class__"))

NATIVE: frozenset[str] = frozenset(("sys", "math", "time"))

MODULES: dict[str, frozenset[str]] = {
    "sys": frozenset((
        "__displayhook__", "__excepthook__", "__stderr__", "__stdin__", "__stdout__", "excepthook", "getfilesystemencoding",
        "argv", "byteorder", "copyright", "displayhook", "exc_info", "executable", "exit", "flags", "float_info",
        "float_repr_style", "get_int_max_str_digits", "getdefaultencoding", "getrecursionlimit", "getsizeof",
        "hash_info", "hexversion", "implementation", "int_info", "intern", "maxsize", "maxunicode", "modules",
        "path", "platform", "set_int_max_str_digits", "setrecursionlimit", "stderr", "stdin", "stdout", "version",
        "version_info",
    )),
    "math": frozenset((
        "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "comb", "copysign", "cos",
        "cosh", "degrees", "dist", "e", "erf", "erfc", "exp", "exp2", "expm1", "fabs", "factorial", "floor", "fmod",
        "frexp", "fsum", "gamma", "gcd", "hypot", "inf", "isclose", "isfinite", "isinf", "isnan", "isqrt", "lcm",
        "ldexp", "lgamma", "log", "log10", "log1p", "log2", "modf", "nan", "nextafter", "perm", "pi", "pow", "prod",
        "radians", "remainder", "sin", "sinh", "sqrt", "tan", "tanh", "tau", "trunc", "ulp",
    )),
    "time": frozenset((
        "altzone", "asctime", "ctime", "daylight", "gmtime", "localtime", "mktime", "strftime", "struct_time",
        "timezone", "tzname",
        "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "process_time_ns", "sleep",
        "thread_time", "thread_time_ns", "time", "time_ns",
    )),
    "abc": frozenset((
        "ABC", "ABCMeta", "abstractclassmethod", "abstractmethod", "abstractproperty", "abstractstaticmethod",
        "get_cache_token", "update_abstractmethods",
    )),
    "typing": frozenset((
        "AbstractSet", "Annotated", "Any", "AnyStr", "Callable", "ChainMap", "ClassVar", "Collection",
        "Concatenate", "Container", "ContextManager", "Counter", "DefaultDict", "Deque", "Dict", "Final",
        "ForwardRef", "FrozenSet", "Generator", "Generic", "Hashable", "IO", "ItemsView", "Iterable",
        "Iterator", "KeysView", "List", "Literal", "LiteralString", "Mapping", "MappingView", "MutableMapping",
        "MutableSequence", "MutableSet", "Never", "NewType", "NoReturn", "NotRequired", "Optional",
        "OrderedDict", "ParamSpec", "Protocol", "Required", "Reversible", "Self", "Sequence", "Set", "Sized",
        "SupportsAbs", "SupportsFloat", "SupportsIndex", "SupportsInt", "SupportsRound", "TYPE_CHECKING",
        "Text", "TextIO", "Tuple", "Type", "TypeAlias", "TypeGuard", "TypeVar", "Union", "ValuesView",
        "assert_never", "assert_type", "cast", "final", "get_args", "get_origin", "no_type_check", "overload",
        "reveal_type", "runtime_checkable",
    )),
    "__future__": frozenset((
        "absolute_import", "annotations", "barry_as_FLUFL", "division", "generator_stop", "generators",
        "nested_scopes", "print_function", "unicode_literals", "with_statement", "all_feature_names",
    )),
    "enum": frozenset((
        "CONFORM", "CONTINUOUS", "EJECT", "Enum", "EnumCheck", "EnumMeta", "EnumType", "Flag", "FlagBoundary",
        "IntEnum", "IntFlag", "KEEP", "NAMED_FLAGS", "ReprEnum", "STRICT", "StrEnum", "UNIQUE", "auto",
        "global_enum", "global_enum_repr", "global_flag_repr", "global_str", "member", "nonmember", "property",
        "show_flag_values", "unique", "verify",
    )),
}

# Metaclasses of these modules; naming one in `metaclass=` is the one use of that keyword that programs may make.
METACLASSES: frozenset[str] = frozenset(("ABCMeta", "EnumMeta", "EnumType"))
