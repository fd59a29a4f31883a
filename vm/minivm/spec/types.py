"""Object kinds (payload layouts), builtin classes, the exception hierarchy and special-method names of the runtime, as data.

``runtime_c/gen/types.h`` is derived from here by ``python -m minivm.spec.generate``.
"""
from __future__ import annotations

from dataclasses import dataclass

# ORDER kinds: the layout of an object's payload. INSTANCE has none (slots only).
KINDS: tuple[str, ...] = (
    "NONE", "BOOL", "ELLIPSIS", "NOTIMPLEMENTED", "INT", "FLOAT", "STR", "LIST", "TUPLE", "DICT", "SET", "FROZENSET",
    "RANGE", "SLICE", "FUNCTION", "BUILTIN", "METHOD", "CELL", "NAMECELL", "CLASS", "MODULE", "CODE", "GENERATOR",
    "EXCEPTION", "TRACEBACK", "PROPERTY", "STATICMETHOD", "CLASSMETHOD", "SUPER", "GETSET", "MEMBER", "INSTANCE",
    "STORE", "RAW", "DICTTABLE", "SETTABLE", "ITER", "DICTVIEW", "NAMESPACE", "FILE", "HANDLE", "HOSTFUNCTION", "FRAMEINFO",
)


@dataclass(frozen=True)
class Class:
    """A builtin class: C enum suffix, name in the language, base, kind of its instances, may user classes derive from it."""

    id: str
    name: str
    base: str
    kind: str
    subclassable: bool = False
    visible: bool = False      # a name in builtins


CLASSES: tuple[Class, ...] = (  # ORDER classes: a base precedes its subclasses
    Class("OBJECT", "object", "", "INSTANCE", True, True),
    Class("TYPE", "type", "OBJECT", "CLASS", False, True),
    Class("NONE", "NoneType", "OBJECT", "NONE"),
    Class("ELLIPSIS", "ellipsis", "OBJECT", "ELLIPSIS"),
    Class("NOTIMPLEMENTED", "NotImplementedType", "OBJECT", "NOTIMPLEMENTED"),
    Class("INT", "int", "OBJECT", "INT", True, True),
    Class("BOOL", "bool", "INT", "BOOL", False, True),
    Class("FLOAT", "float", "OBJECT", "FLOAT", True, True),
    Class("STR", "str", "OBJECT", "STR", True, True),
    Class("LIST", "list", "OBJECT", "LIST", True, True),
    Class("TUPLE", "tuple", "OBJECT", "TUPLE", True, True),
    Class("DICT", "dict", "OBJECT", "DICT", True, True),
    Class("SET", "set", "OBJECT", "SET", True, True),
    Class("FROZENSET", "frozenset", "OBJECT", "FROZENSET", True, True),
    Class("RANGE", "range", "OBJECT", "RANGE", False, True),
    Class("SLICE", "slice", "OBJECT", "SLICE", False, True),
    Class("FUNCTION", "function", "OBJECT", "FUNCTION"),
    Class("BUILTIN", "builtin_function_or_method", "OBJECT", "BUILTIN"),
    Class("METHODDESCRIPTOR", "method_descriptor", "OBJECT", "BUILTIN"),
    Class("WRAPPERDESCRIPTOR", "wrapper_descriptor", "OBJECT", "BUILTIN"),
    Class("METHODWRAPPER", "method-wrapper", "OBJECT", "BUILTIN"),
    Class("CLASSMETHODDESCRIPTOR", "classmethod_descriptor", "OBJECT", "BUILTIN"),
    Class("METHOD", "method", "OBJECT", "METHOD"),
    Class("CELL", "cell", "OBJECT", "CELL"),
    Class("MODULE", "module", "OBJECT", "MODULE"),
    Class("CODE", "code", "OBJECT", "CODE"),
    Class("GENERATOR", "generator", "OBJECT", "GENERATOR"),
    Class("TRACEBACK", "traceback", "OBJECT", "TRACEBACK"),
    Class("FRAME", "frame", "OBJECT", "FRAMEINFO"),
    Class("PROPERTY", "property", "OBJECT", "PROPERTY", True, True),
    Class("STATICMETHOD", "staticmethod", "OBJECT", "STATICMETHOD", True, True),
    Class("CLASSMETHOD", "classmethod", "OBJECT", "CLASSMETHOD", True, True),
    Class("SUPER", "super", "OBJECT", "SUPER", False, True),
    Class("GETSET", "getset_descriptor", "OBJECT", "GETSET"),
    Class("MEMBER", "member_descriptor", "OBJECT", "MEMBER"),
    Class("ENUMERATE", "enumerate", "OBJECT", "ITER", False, True),
    Class("ZIP", "zip", "OBJECT", "ITER", False, True),
    Class("MAP", "map", "OBJECT", "ITER", False, True),
    Class("FILTER", "filter", "OBJECT", "ITER", False, True),
    Class("REVERSED", "reversed", "OBJECT", "ITER", False, True),
    Class("LIST_ITERATOR", "list_iterator", "OBJECT", "ITER"),
    Class("LIST_REVERSEITERATOR", "list_reverseiterator", "OBJECT", "ITER"),
    Class("TUPLE_ITERATOR", "tuple_iterator", "OBJECT", "ITER"),
    Class("STR_ITERATOR", "str_iterator", "OBJECT", "ITER"),
    Class("STR_ASCII_ITERATOR", "str_ascii_iterator", "OBJECT", "ITER"),
    Class("RANGE_ITERATOR", "range_iterator", "OBJECT", "ITER"),
    Class("LONGRANGE_ITERATOR", "longrange_iterator", "OBJECT", "ITER"),
    Class("SET_ITERATOR", "set_iterator", "OBJECT", "ITER"),
    Class("DICT_KEYITERATOR", "dict_keyiterator", "OBJECT", "ITER"),
    Class("DICT_VALUEITERATOR", "dict_valueiterator", "OBJECT", "ITER"),
    Class("DICT_ITEMITERATOR", "dict_itemiterator", "OBJECT", "ITER"),
    Class("DICT_REVERSEKEYITERATOR", "dict_reversekeyiterator", "OBJECT", "ITER"),
    Class("DICT_REVERSEVALUEITERATOR", "dict_reversevalueiterator", "OBJECT", "ITER"),
    Class("DICT_REVERSEITEMITERATOR", "dict_reverseitemiterator", "OBJECT", "ITER"),
    Class("CALLABLE_ITERATOR", "callable_iterator", "OBJECT", "ITER"),
    Class("ITERATOR", "iterator", "OBJECT", "ITER"),
    Class("DICT_KEYS", "dict_keys", "OBJECT", "DICTVIEW"),
    Class("DICT_VALUES", "dict_values", "OBJECT", "DICTVIEW"),
    Class("DICT_ITEMS", "dict_items", "OBJECT", "DICTVIEW"),
    Class("NAMESPACE", "mappingproxy", "OBJECT", "NAMESPACE"),
    Class("NAMESPACE_DICT", "dict", "OBJECT", "NAMESPACE"),  # a view that is a dict to programs: namespace.c
    Class("FILE", "TextIOWrapper", "OBJECT", "FILE"),
    Class("HANDLE", "host object", "OBJECT", "HANDLE"),
    Class("HOSTFUNCTION", "host function", "OBJECT", "HOSTFUNCTION"),
    # Internal objects that no program sees; they have shapes so that every heap object has one.
    Class("INTERNAL", "internal", "OBJECT", "STORE"),
    Class("GENERICALIAS", "types.GenericAlias", "OBJECT", "SLICE"),
    Class("UNIONTYPE", "types.UnionType", "OBJECT", "SLICE"),
)

# (name, base): the exception hierarchy of 3.11 without groups; all are visible and subclassable. ORDER exceptions
EXCEPTIONS: tuple[tuple[str, str], ...] = (
    ("BaseException", "object"), ("SystemExit", "BaseException"), ("KeyboardInterrupt", "BaseException"),
    ("GeneratorExit", "BaseException"), ("Exception", "BaseException"), ("StopIteration", "Exception"),
    ("StopAsyncIteration", "Exception"), ("ArithmeticError", "Exception"), ("FloatingPointError", "ArithmeticError"),
    ("OverflowError", "ArithmeticError"), ("ZeroDivisionError", "ArithmeticError"), ("AssertionError", "Exception"),
    ("AttributeError", "Exception"), ("BufferError", "Exception"), ("EOFError", "Exception"),
    ("ImportError", "Exception"), ("ModuleNotFoundError", "ImportError"), ("LookupError", "Exception"),
    ("IndexError", "LookupError"), ("KeyError", "LookupError"), ("MemoryError", "Exception"), ("NameError", "Exception"),
    ("UnboundLocalError", "NameError"), ("OSError", "Exception"), ("BlockingIOError", "OSError"),
    ("ChildProcessError", "OSError"), ("ConnectionError", "OSError"), ("BrokenPipeError", "ConnectionError"),
    ("ConnectionAbortedError", "ConnectionError"), ("ConnectionRefusedError", "ConnectionError"),
    ("ConnectionResetError", "ConnectionError"), ("FileExistsError", "OSError"), ("FileNotFoundError", "OSError"),
    ("InterruptedError", "OSError"), ("IsADirectoryError", "OSError"), ("NotADirectoryError", "OSError"),
    ("PermissionError", "OSError"), ("ProcessLookupError", "OSError"), ("TimeoutError", "OSError"),
    ("ReferenceError", "Exception"), ("RuntimeError", "Exception"), ("NotImplementedError", "RuntimeError"),
    ("RecursionError", "RuntimeError"), ("SyntaxError", "Exception"), ("IndentationError", "SyntaxError"),
    ("TabError", "IndentationError"), ("SystemError", "Exception"), ("TypeError", "Exception"), ("ValueError", "Exception"),
    ("UnicodeError", "ValueError"), ("UnicodeDecodeError", "UnicodeError"), ("UnicodeEncodeError", "UnicodeError"),
    ("UnicodeTranslateError", "UnicodeError"), ("Warning", "Exception"), ("DeprecationWarning", "Warning"),
    ("PendingDeprecationWarning", "Warning"), ("RuntimeWarning", "Warning"), ("SyntaxWarning", "Warning"),
    ("UserWarning", "Warning"), ("FutureWarning", "Warning"), ("ImportWarning", "Warning"), ("UnicodeWarning", "Warning"),
    ("BytesWarning", "Warning"), ("ResourceWarning", "Warning"), ("EncodingWarning", "Warning"),
)

# Binary operators: (enum, symbol, dunder without underscores). ORDER binary: as opcodes.BINARY_OPERATORS
BINARY: tuple[tuple[str, str, str], ...] = (
    ("ADD", "+", "add"), ("SUB", "-", "sub"), ("MUL", "*", "mul"), ("TRUEDIV", "/", "truediv"), ("FLOORDIV", "//", "floordiv"),
    ("MOD", "%", "mod"), ("POW", "** or pow()", "pow"), ("MATMUL", "@", "matmul"), ("LSHIFT", "<<", "lshift"), ("RSHIFT", ">>", "rshift"),
    ("AND", "&", "and"), ("OR", "|", "or"), ("XOR", "^", "xor"), ("DIVMOD", "divmod()", "divmod"),
)
COMPARE: tuple[tuple[str, str, str], ...] = (  # ORDER compare
    ("LT", "<", "lt"), ("LE", "<=", "le"), ("EQ", "==", "eq"), ("NE", "!=", "ne"), ("GT", ">", "gt"), ("GE", ">=", "ge"),
)

# Special methods looked up on the class. ORDER specials: binary (14), reflected (14), in-place (13), compare (6), then these
SPECIALS: tuple[str, ...] = (
    *(f"__{d}__" for _, _, d in BINARY), *(f"__r{d}__" for _, _, d in BINARY), *(f"__i{d}__" for _, _, d in BINARY if d != "divmod"),
    *(f"__{d}__" for _, _, d in COMPARE),
    "__new__", "__init__", "__del__", "__repr__", "__str__", "__format__", "__bool__", "__len__", "__length_hint__", "__hash__", "__call__",
    "__getitem__", "__setitem__", "__delitem__", "__contains__", "__missing__", "__iter__", "__next__", "__reversed__",
    "__getattribute__", "__getattr__", "__setattr__", "__delattr__", "__get__", "__set__", "__delete__", "__set_name__",
    "__init_subclass__", "__class_getitem__", "__enter__", "__exit__", "__neg__", "__pos__", "__invert__", "__abs__", "__int__",
    "__float__", "__complex__", "__index__", "__round__", "__trunc__", "__floor__", "__ceil__", "__instancecheck__", "__subclasscheck__",
    "__prepare__", "__dir__", "__sizeof__", "__fspath__", "__bytes__", "__mro_entries__",
)
