/* Slot wrappers: the special methods of builtin classes as attributes (`int.__add__`, `x.__len__()`), made from the slots of their defs.
 *
 * A wrapper finds the slot through the class that it belongs to (vm->callee's owner), its operator through its place in the table below. */
#include "class.h"
#include "containers.h"
#include "errors.h"
#include "function.h"
#include "numbers.h"

static const MvTypeDef *owner_def(MvVM *vm) { return mv_class_def((int)MV_CAST(MvBuiltin, vm->callee)->owner); }
static uint32_t own_index(MvVM *vm) { return MV_CAST(MvBuiltin, vm->callee)->id & 0xFFF; }
#define WRAPPER(name) static MvValue name(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
#define UNUSED (void)nargs, (void)kwnames

enum { ROW_BINARY = 0, ROW_REFLECTED = ROW_BINARY + MV_BINARY_COUNT, ROW_INPLACE = ROW_REFLECTED + MV_BINARY_COUNT,
       ROW_COMPARE = ROW_INPLACE + MV_BINARY_COUNT, ROW_UNARY = ROW_COMPARE + MV_COMPARE_COUNT, ROW_OTHER = ROW_UNARY + 7 };

/* In CPython + and * of sequences are slots of their own kind, which raise where those of numbers decline. */
static MvValue sequence_raises(MvVM *vm, int op, MvValue self, MvValue other, MvValue result)
{
    int kind = owner_def(vm)->kind;
    if (result != MV_NOTIMPLEMENTED || (kind != MV_KIND_STR && kind != MV_KIND_LIST && kind != MV_KIND_TUPLE))
        return result;
    if (op == MV_BINARY_ADD)
        return mv_type_error(vm, "can only concatenate %s (not \"%T\") to %s", kind == MV_KIND_STR ? "str" : kind == MV_KIND_LIST ? "list" : "tuple", other,
                             kind == MV_KIND_STR ? "str" : kind == MV_KIND_LIST ? "list" : "tuple");
    if (op == MV_BINARY_MUL) {
        int64_t count;
        if (!mv_index_i64(vm, other, &count, false))
            return MV_EXC;
        count = count < 0 ? 0 : count > MV_FIXNUM_MAX ? MV_FIXNUM_MAX : count;
        return owner_def(vm)->binary(vm, op, self, mv_from_fixnum(count));
    }
    return result;
}
WRAPPER(wrap_binary)
{
    UNUSED;
    int op = (int)own_index(vm) - ROW_BINARY;
    return sequence_raises(vm, op, args[0], args[1], MV_SLOT(owner_def(vm), binary)(vm, op, args[0], args[1]));
}
WRAPPER(wrap_reflected)
{
    UNUSED;
    int op = (int)own_index(vm) - ROW_REFLECTED;
    return sequence_raises(vm, op, args[0], args[1], MV_SLOT(owner_def(vm), binary)(vm, op, args[1], args[0]));
}
WRAPPER(wrap_inplace)
{
    UNUSED;
    int op = (int)own_index(vm) - ROW_INPLACE;
    return sequence_raises(vm, op, args[0], args[1], owner_def(vm)->inplace(vm, op, args[0], args[1]));
}
WRAPPER(wrap_pow)
{
    (void)kwnames;
    if (nargs > 2 && args[2] != MV_NONE)
        return owner_def(vm)->kind == MV_KIND_INT ? mv_int_power_modulo(vm, args[0], args[1], args[2])
                                                  : mv_type_error(vm, "pow() 3rd argument not allowed unless all arguments are integers");
    return MV_SLOT(owner_def(vm), binary)(vm, MV_BINARY_POW, args[0], args[1]);
}
WRAPPER(wrap_rpow)
{
    (void)kwnames;
    MvValue swapped[3] = {args[1], args[0], nargs > 2 ? args[2] : MV_NONE};
    return wrap_pow(vm, swapped, 3, 0);
}
WRAPPER(wrap_compare)
{
    UNUSED;
    int op = (int)own_index(vm) - ROW_COMPARE;
    const MvTypeDef *def = owner_def(vm);
    MvValue (*compare)(MvVM *, int, MvValue, MvValue) = MV_SLOT(def, compare);
    if (compare && def != &mv_type_OBJECT)
        return compare(vm, op, args[0], args[1]);
    if (op == MV_COMPARE_NE) {
        MvValue equal = mv_call_special(vm, mv_special(vm, mv_class_of(vm, args[0]), MV_SP_EQ), args[0], args + 1, 1);
        if (equal == MV_EXC || equal == MV_NOTIMPLEMENTED)
            return equal;
        int truth = mv_truth(vm, equal);
        return truth < 0 ? MV_EXC : mv_bool(!truth);
    }
    return op == MV_COMPARE_EQ && args[0] == args[1] ? MV_TRUE : MV_NOTIMPLEMENTED;
}
static const int unary_specials[] = {MV_SP_NEG, MV_SP_POS, MV_SP_INVERT, MV_SP_ABS, MV_SP_INT, MV_SP_FLOAT, MV_SP_INDEX};
WRAPPER(wrap_unary) { UNUSED; return MV_SLOT(owner_def(vm), unary)(vm, unary_specials[own_index(vm) - ROW_UNARY], args[0]); }
WRAPPER(wrap_repr) { UNUSED; return MV_SLOT(owner_def(vm), repr) ? MV_SLOT(owner_def(vm), repr)(vm, args[0]) : mv_object_repr(vm, args[0]); }
WRAPPER(wrap_str)
{
    UNUSED;
    const MvTypeDef *def = owner_def(vm);
    if (def == &mv_type_EXCEPTION)
        return mv_exception_str_as(vm, args[0], vm->classes[MV_CAST(MvBuiltin, vm->callee)->owner]);
    return def->str && def != &mv_type_OBJECT ? def->str(vm, args[0]) : mv_repr(vm, args[0]);
}
WRAPPER(wrap_hash)
{
    UNUSED;
    uint64_t hash;
    bool (*slot)(MvVM *, MvValue, uint64_t *) = args[0] == MV_NONE ? mv_type_NONE.hash : MV_SLOT(owner_def(vm), hash);
    if (!slot)
        hash = args[0] >> 4 | args[0] << 60;
    else if (!slot(vm, args[0], &hash))
        return MV_EXC;
    return mv_int_from_i64(vm, (int64_t)hash);
}
WRAPPER(wrap_bool)
{
    UNUSED;
    int truth = MV_SLOT(owner_def(vm), truth)(vm, args[0]);
    return truth < 0 ? MV_EXC : mv_bool(truth);
}
WRAPPER(wrap_len)
{
    UNUSED;
    int64_t length = owner_def(vm)->length(vm, args[0]);
    return length < 0 ? MV_EXC : mv_int_from_i64(vm, length);
}
WRAPPER(wrap_getitem) { UNUSED; return owner_def(vm)->get_item(vm, args[0], args[1]); }
WRAPPER(wrap_setitem) { UNUSED; return owner_def(vm)->set_item(vm, args[0], args[1], args[2]) ? MV_NONE : MV_EXC; }
WRAPPER(wrap_delitem) { UNUSED; return owner_def(vm)->set_item(vm, args[0], args[1], MV_UNASSIGNED) ? MV_NONE : MV_EXC; }
WRAPPER(wrap_contains)
{
    UNUSED;
    int found = owner_def(vm)->contains(vm, args[0], args[1]);
    return found < 0 ? MV_EXC : mv_bool(found);
}
WRAPPER(wrap_iter) { UNUSED; return owner_def(vm)->iter ? owner_def(vm)->iter(vm, args[0]) : args[0]; }
WRAPPER(wrap_next)
{
    UNUSED;
    MvValue value = owner_def(vm)->next(vm, args[0]);
    return value == MV_UNASSIGNED ? mv_raise_stop_iteration(vm, MV_NONE) : value;
}
WRAPPER(wrap_call) { return owner_def(vm)->call(vm, args[0], args + 1, nargs - 1, kwnames); }
WRAPPER(wrap_init)
{
    const MvTypeDef *def = owner_def(vm);
    if (def == &mv_type_EXCEPTION) {
        const MvClass *owner = vm->classes[MV_CAST(MvBuiltin, vm->callee)->owner];
        return mv_exception_init_as(vm, args[0], owner, args + 1, nargs - 1, kwnames) ? MV_NONE : MV_EXC;
    }
    if (def == &mv_type_TYPE && nargs == 2 && kwnames)
        return mv_type_error(vm, "type.__init__() takes no keyword arguments");
    if (def == &mv_type_TYPE && nargs != 2 && nargs != 4)
        return mv_type_error(vm, "type.__init__() takes 1 or 3 arguments");
    if (def->init)
        return def->init(vm, args[0], args + 1, nargs - 1, kwnames) ? MV_NONE : MV_EXC;
    if (def == &mv_type_OBJECT && (nargs > 1 || kwnames)) {
        MvClass *cls = mv_class_of(vm, args[0]);
        MvValue init = mv_special(vm, cls, MV_SP_INIT);
        if (!mv_is_objects(vm, init, MV_SP_INIT))
            return mv_type_error(vm, "object.__init__() takes exactly one argument (the instance to initialize)");
        if (mv_class_has_object_new(vm, cls))
            return mv_type_error(vm, "%N.__init__() takes exactly one argument (the instance to initialize)", cls);
    }
    return MV_NONE;
}
WRAPPER(wrap_new)
{
    MvClass *owner = vm->classes[MV_CAST(MvBuiltin, vm->callee)->owner];
    if (!mv_is_kind(args[0], MV_KIND_CLASS))
        return mv_type_error(vm, "%N.__new__(X): X is not a type object (%T)", owner, args[0]);
    MvClass *cls = MV_CAST(MvClass, args[0]);
    if (!mv_is_subclass(cls, owner))
        return mv_type_error(vm, "%N.__new__(%N): %N is not a subtype of %N", owner, cls, cls, owner);
    MvClass *base = mv_class_builtin_base(vm, cls);
    bool safe = cls->payload_kind == owner->payload_kind;
    static const int with_own[] = {MV_EXC_OSError, MV_EXC_MemoryError}; /* exceptions whose __new__ is not BaseException's */
    for (unsigned i = 0; i < sizeof with_own / sizeof *with_own; i++)
        safe &= mv_is_subclass(base, vm->classes[with_own[i]]) == mv_is_subclass(owner, vm->classes[with_own[i]]);
    if (!safe)
        return mv_type_error(vm, "%N.__new__(%N) is not safe, use %N.__new__()", owner, cls, base);
    if (owner->id == MV_CLASS_OBJECT)
        return mv_object_new_checked(vm, cls, args + 1, nargs - 1, kwnames);
    if (!owner->def->make)
        return mv_raise_refused(vm, "making a function, a module, a mappingproxy or a code object by its class");
    return owner->def->make(vm, cls, args + 1, nargs - 1, kwnames);
}
WRAPPER(wrap_format)
{
    UNUSED;
    if (!mv_is_kind(args[1], MV_KIND_STR))
        return mv_type_error(vm, "__format__() argument must be str, not %t", args[1]);
    const MvTypeDef *def = owner_def(vm);
    return def->format ? def->format(vm, args[0], args[1]) : mv_object_format(vm, args[0], args[1]);
}
static MvValue attribute_name(MvVM *vm, MvValue name)
{
    if (!mv_is_kind(name, MV_KIND_STR))
        return mv_type_error(vm, "attribute name must be string, not '%T'", name);
    return mv_intern(vm, name);
}
/* Whose get_attr and set_attr do the work: the owner's, but object's methods do all that CPython's general ones do. */
static const MvTypeDef *attribute_def(MvVM *vm, MvValue object)
{
    const MvTypeDef *def = owner_def(vm), *own = mv_class_of(vm, object)->def;
    bool general = own == &mv_type_FUNCTION || own == &mv_type_STATICMETHOD || own == &mv_type_CLASSMETHOD;
    return def == &mv_type_OBJECT && general ? own : def;
}
/* These have attributes in a way of their own, while in CPython they inherit object's wrappers. */
static bool inherits_attributes(int class_id)
{
    return class_id == MV_CLASS_FUNCTION || class_id == MV_CLASS_STATICMETHOD || class_id == MV_CLASS_CLASSMETHOD;
}
WRAPPER(wrap_getattribute)
{
    UNUSED;
    if (!mv_is_kind(args[1], MV_KIND_STR) && owner_def(vm) == &mv_type_SUPER && !mv_super_hashes(vm, args[0], args[1]))
        return MV_EXC;
    MvValue name = attribute_name(vm, args[1]);
    const MvTypeDef *def = attribute_def(vm, args[0]);
    return name == MV_EXC ? MV_EXC : def->get_attr ? def->get_attr(vm, args[0], name) : mv_generic_get_attr(vm, args[0], name, NULL);
}
static MvValue change_attribute(MvVM *vm, MvValue object, MvValue name, MvValue value)
{
    const MvTypeDef *def = owner_def(vm);
    if (mv_is_kind(object, MV_KIND_CLASS) && def == &mv_type_OBJECT)
        return mv_type_error(vm, "can't apply this %s to type object", value == MV_UNASSIGNED ? "__delattr__" : "__setattr__");
    bool fixed = mv_is_kind(object, MV_KIND_CLASS) && MV_CAST(MvClass, object)->flags & MV_CLASSF_BUILTIN; /* which comes before the name's type */
    if (!fixed && (name = attribute_name(vm, name)) == MV_EXC)
        return MV_EXC;
    def = attribute_def(vm, object);
    return (def->set_attr ? def->set_attr : mv_generic_set_attr)(vm, object, name, value) ? MV_NONE : MV_EXC;
}
WRAPPER(wrap_setattr) { UNUSED; return change_attribute(vm, args[0], args[1], args[2]); }
WRAPPER(wrap_delattr) { UNUSED; return change_attribute(vm, args[0], args[1], MV_UNASSIGNED); }
WRAPPER(wrap_get)
{
    (void)kwnames;
    MvValue cls = nargs > 2 ? args[2] : MV_NONE;
    if (args[1] == MV_NONE && cls == MV_NONE)
        return mv_type_error(vm, "__get__(None, None) is invalid");
    return owner_def(vm)->descriptor_get(vm, args[0], args[1] == MV_NONE ? MV_UNASSIGNED : args[1], cls);
}
WRAPPER(wrap_set) { UNUSED; return owner_def(vm)->descriptor_set(vm, args[0], args[1], args[2]) ? MV_NONE : MV_EXC; }
WRAPPER(wrap_delete) { UNUSED; return owner_def(vm)->descriptor_set(vm, args[0], args[1], MV_UNASSIGNED) ? MV_NONE : MV_EXC; }

/* ORDER wrappers: binary, reflected, in-place (14 each), compare (6), unary (7), then the rest. */
const MvMethodDef mv_wrapper_defs[] = {
#define BINARY(NAME, symbol, dunder) {"__" dunder "__", MV_BINARY_##NAME == MV_BINARY_POW ? wrap_pow : wrap_binary, 1, MV_BINARY_##NAME == MV_BINARY_POW ? 2 : 1, MV_DEF_WRAPPER, NULL},
    MV_BINARY_ROWS(BINARY)
#define REFLECTED(NAME, symbol, dunder) {"__r" dunder "__", MV_BINARY_##NAME == MV_BINARY_POW ? wrap_rpow : wrap_reflected, 1, MV_BINARY_##NAME == MV_BINARY_POW ? 2 : 1, MV_DEF_WRAPPER, NULL},
    MV_BINARY_ROWS(REFLECTED)
#define INPLACE(NAME, symbol, dunder) {"__i" dunder "__", wrap_inplace, 1, 1, MV_DEF_WRAPPER, NULL},
    MV_BINARY_ROWS(INPLACE)
#define COMPARE(NAME, symbol, dunder) {"__" dunder "__", wrap_compare, 1, 1, MV_DEF_WRAPPER, NULL},
    MV_COMPARE_ROWS(COMPARE)
#define UNARY(name) {name, wrap_unary, 0, 0, MV_DEF_WRAPPER, NULL},
    UNARY("__neg__") UNARY("__pos__") UNARY("__invert__") UNARY("__abs__") UNARY("__int__")
    UNARY("__float__") UNARY("__index__")
#define OTHER(name, fn, min, max, flags) {name, fn, min, max, MV_DEF_WRAPPER | (flags), NULL},
    OTHER("__repr__", wrap_repr, 0, 0, 0)
    OTHER("__str__", wrap_str, 0, 0, 0)
    OTHER("__hash__", wrap_hash, 0, 0, 0)
    OTHER("__bool__", wrap_bool, 0, 0, 0)
    OTHER("__len__", wrap_len, 0, 0, 0)
    OTHER("__getitem__", wrap_getitem, 1, 1, 0)
    OTHER("__setitem__", wrap_setitem, 2, 2, 0)
    OTHER("__delitem__", wrap_delitem, 1, 1, 0)
    OTHER("__contains__", wrap_contains, 1, 1, 0)
    OTHER("__iter__", wrap_iter, 0, 0, 0)
    OTHER("__next__", wrap_next, 0, 0, 0)
    OTHER("__call__", wrap_call, 0, -1, MV_DEF_RAW_KEYWORDS)
    OTHER("__init__", wrap_init, 0, -1, MV_DEF_RAW_KEYWORDS)
    {"__new__", wrap_new, 0, -1, MV_DEF_NEW, NULL},
    {"__format__", wrap_format, 1, 1, 0, NULL},
    OTHER("__getattribute__", wrap_getattribute, 1, 1, 0)
    OTHER("__setattr__", wrap_setattr, 2, 2, 0)
    OTHER("__delattr__", wrap_delattr, 1, 1, 0)
    OTHER("__get__", wrap_get, 1, 2, 0)
    OTHER("__set__", wrap_set, 2, 2, 0)
    OTHER("__delete__", wrap_delete, 1, 1, 0)
    {NULL, NULL, 0, 0, 0, NULL}};

enum { OTHER_REPR = ROW_OTHER, OTHER_STR, OTHER_HASH, OTHER_BOOL, OTHER_LEN, OTHER_GETITEM, OTHER_SETITEM, OTHER_DELITEM, OTHER_CONTAINS, OTHER_ITER,
       OTHER_NEXT, OTHER_CALL, OTHER_INIT, OTHER_NEW, OTHER_FORMAT, OTHER_GETATTRIBUTE, OTHER_SETATTR, OTHER_DELATTR, OTHER_GET, OTHER_SET, OTHER_DELETE };

#define BIT(name) (1u << MV_BINARY_##name)
#define ARITHMETIC (BIT(ADD) | BIT(SUB) | BIT(MUL) | BIT(TRUEDIV) | BIT(FLOORDIV) | BIT(MOD) | BIT(POW) | BIT(DIVMOD))
#define SET_OPERATORS (BIT(SUB) | BIT(AND) | BIT(OR) | BIT(XOR))
/* Which operators a class's binary and inplace slots know, and which unary ones: what dir() and hasattr() show. */
static const struct Operators { int class_id; uint32_t binary, reflected, inplace, unary; } operators[] = {
    {MV_CLASS_INT, ARITHMETIC | BIT(LSHIFT) | BIT(RSHIFT) | BIT(AND) | BIT(OR) | BIT(XOR), ARITHMETIC | BIT(LSHIFT) | BIT(RSHIFT) | BIT(AND) | BIT(OR) | BIT(XOR), 0, 0x7F},
    {MV_CLASS_BOOL, BIT(AND) | BIT(OR) | BIT(XOR), BIT(AND) | BIT(OR) | BIT(XOR), 0, 0},
    {MV_CLASS_FLOAT, ARITHMETIC, ARITHMETIC, 0, 0x3B},
    {MV_CLASS_STR, BIT(ADD) | BIT(MUL) | BIT(MOD), BIT(MUL) | BIT(MOD), 0, 0},
    {MV_CLASS_LIST, BIT(ADD) | BIT(MUL), BIT(MUL), BIT(ADD) | BIT(MUL), 0},
    {MV_CLASS_TUPLE, BIT(ADD) | BIT(MUL), BIT(MUL), 0, 0},
    {MV_CLASS_DICT, BIT(OR), BIT(OR), BIT(OR), 0},
    {MV_CLASS_SET, SET_OPERATORS, SET_OPERATORS, SET_OPERATORS, 0},
    {MV_CLASS_FROZENSET, SET_OPERATORS, SET_OPERATORS, 0, 0},
    {MV_CLASS_DICT_KEYS, SET_OPERATORS, SET_OPERATORS, 0, 0},
    {MV_CLASS_DICT_ITEMS, SET_OPERATORS, SET_OPERATORS, 0, 0},
    {MV_CLASS_NAMESPACE, BIT(OR), BIT(OR), BIT(OR), 0},
    {MV_CLASS_NAMESPACE_DICT, BIT(OR), BIT(OR), BIT(OR), 0},
    {MV_CLASS_TYPE, BIT(OR), BIT(OR), 0, 0},
    {MV_CLASS_GENERICALIAS, BIT(OR), BIT(OR), 0, 0},
    {MV_CLASS_UNIONTYPE, BIT(OR), BIT(OR), 0, 0},
};

/* The classes whose __new__ refuses, as their objects are not made by their class in Mini. */
static bool has_refusing_new(const MvClass *cls)
{
    return cls->id == MV_CLASS_FUNCTION || cls->id == MV_CLASS_NAMESPACE || cls->id == MV_CLASS_MODULE || cls->id == MV_CLASS_TRACEBACK ||
           cls->id == MV_CLASS_CODE || cls->id == MV_CLASS_CELL;
}

/* The wrappers that a class has a slot for, but in CPython inherits. */
static bool is_inherited_in_cpython(const MvClass *cls, int row)
{
    bool attribute = row == OTHER_GETATTRIBUTE || row == OTHER_SETATTR || row == OTHER_DELATTR;
    if (cls->id >= MV_CLASS_DICT_REVERSEKEYITERATOR && cls->id <= MV_CLASS_DICT_REVERSEITEMITERATOR)
        return row == OTHER_GETATTRIBUTE;
    if (cls->id == MV_CLASS_BOOL || cls->id == MV_CLASS_NONE || cls->id == MV_CLASS_NOTIMPLEMENTED)
        return row == OTHER_GETATTRIBUTE || (cls->id == MV_CLASS_BOOL && row == OTHER_BOOL) ||
               (cls->id == MV_CLASS_NONE && row == OTHER_HASH);
    return attribute && inherits_attributes((int)cls->id);
}

static bool install(MvVM *vm, MvClass *cls, int row)
{
    if (is_inherited_in_cpython(cls, row))
        return true;
    const MvMethodDef *def = &mv_wrapper_defs[row];
    MvValue name = mv_intern_c(vm, def->name);
    if (name == MV_EXC)
        return false;
    if (mv_dict_find_name(cls->names, name)) /* the type has a method of its own for it */
        return true;
    int class_id = row == OTHER_NEW ? MV_CLASS_BUILTIN : row == OTHER_FORMAT ? MV_CLASS_METHODDESCRIPTOR : MV_CLASS_WRAPPERDESCRIPTOR;
    MvValue wrapper = mv_builtin_make(vm, class_id, MV_BUILTIN_ID(MV_GROUP_WRAPPERS, row), cls->id, MV_UNASSIGNED);
    MvNameCell *cell = wrapper == MV_EXC ? NULL : mv_name_cell_new(vm, name, wrapper);
    return cell && mv_dict_set(vm, cls->names, name, mv_value(cell));
}

/* Exception classes inherit from BaseException; but CPython gives each its own __init__, those without fields of their
 * own a __new__, too, and some a __str__, which may do what BaseException's does. */
static bool install_exception(MvVM *vm, MvClass *cls)
{
    MvFamily family = mv_exception_family(cls);
    bool unicode = family == MV_FAMILY_DECODE || family == MV_FAMILY_ENCODE || family == MV_FAMILY_TRANSLATE;
    bool root = mv_exception_family(MV_CAST(MvClass, cls->mro->items[1])) != family; /* not a subclass within a family */
    bool str = root && family != MV_FAMILY_BASE && family != MV_FAMILY_STOP && family != MV_FAMILY_EXIT;
    return install(vm, cls, OTHER_INIT) && (!str || install(vm, cls, OTHER_STR)) &&
           ((family != MV_FAMILY_BASE && !unicode && cls->id != MV_EXC_OSError) || install(vm, cls, OTHER_NEW));
}

bool mv_wrappers_install(MvVM *vm, MvClass *cls)
{
    const MvTypeDef *def = cls->def;
    bool object = cls->id == MV_CLASS_OBJECT, exception = cls->id == MV_CLASS_FIRST_EXCEPTION;
    if (cls->id > MV_CLASS_FIRST_EXCEPTION)
        return install_exception(vm, cls);
    for (unsigned i = 0; i < sizeof operators / sizeof *operators; i++) {
        const struct Operators *o = &operators[i];
        if (o->class_id != (int)cls->id)
            continue;
        for (int op = 0; op < MV_BINARY_COUNT; op++)
            if ((o->binary >> op & 1 && !install(vm, cls, ROW_BINARY + op)) || (o->reflected >> op & 1 && !install(vm, cls, ROW_REFLECTED + op)) ||
                (o->inplace >> op & 1 && !install(vm, cls, ROW_INPLACE + op)))
                return false;
        for (int u = 0; u < 7; u++)
            if (o->unary >> u & 1 && !install(vm, cls, ROW_UNARY + u))
                return false;
    }
    if (def->compare || object)
        for (int op = 0; op < MV_COMPARE_COUNT; op++)
            if (!install(vm, cls, ROW_COMPARE + op))
                return false;
    const struct { bool present; int row; } rows[] = {
        {def->repr || object, OTHER_REPR}, {def->str || object, OTHER_STR}, {(def->hash && !def->unhashable) || object, OTHER_HASH}, {def->truth && (!def->length || cls->id == MV_CLASS_RANGE), OTHER_BOOL}, /* len() decides of most containers */
        {def->length, OTHER_LEN}, {def->get_item, OTHER_GETITEM}, {def->set_item, OTHER_SETITEM}, {def->set_item, OTHER_DELITEM}, {def->contains, OTHER_CONTAINS},
        {def->iter || def->next, OTHER_ITER}, {def->next, OTHER_NEXT}, {def->call, OTHER_CALL}, {def->init || object, OTHER_INIT}, {def->make || object || has_refusing_new(cls), OTHER_NEW},
        {def->format || object, OTHER_FORMAT}, {true, OTHER_GETATTRIBUTE}, {def->set_attr || object || exception, OTHER_SETATTR},
        {def->set_attr || object || exception, OTHER_DELATTR},
        {def->descriptor_get, OTHER_GET}, {def->descriptor_set, OTHER_SET}, {def->descriptor_set, OTHER_DELETE}};
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].present && !install(vm, cls, rows[i].row))
            return false;
    if (def->unhashable) {
        MvNameCell *cell = mv_name_cell_new(vm, vm->special_names[MV_SP_HASH], MV_NONE);
        if (!cell || !mv_dict_set(vm, cls->names, vm->special_names[MV_SP_HASH], mv_value(cell)))
            return false;
    }
    return true;
}
