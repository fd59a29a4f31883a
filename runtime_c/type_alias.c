/* type_alias.c: generic aliases (list[int]) and unions (int | None), the objects that annotations evaluate to.
 *
 * Both are immutable. Their payload is a SLICE's: `start` is an alias's origin (None in a union), `stop` the tuple of
 * arguments, `step` the tuple of type variables once somebody asked (None before). Type variables are recognized as
 * CPython's 3.11 does, by `__typing_subst__`; typing.TypeVar, written in Mini, has it. instance.c asks mv_union_check
 * for isinstance() and issubclass(). */
#include "builtin.h"
#include "class.h"
#include "containers.h"
#include "errors.h"

static MvTuple *arguments(MvValue self) { return MV_CAST(MvTuple, MV_CAST(MvSlice, self)->stop); }

static MvValue alias_new(MvVM *vm, int class_id, MvValue origin, MvValue args)
{
    if (args == MV_EXC)
        return MV_EXC;
    MvSlice *alias = mv_new(vm, sizeof(MvSlice), class_id, MV_KIND_SLICE);
    if (!alias)
        return MV_EXC;
    alias->start = origin;
    alias->stop = args;
    alias->step = MV_NONE;
    return mv_value(alias);
}

MvValue mv_generic_alias(MvVM *vm, MvValue cls, MvValue args)
{
    return alias_new(vm, MV_CLASS_GENERICALIAS, cls, mv_is_kind(args, MV_KIND_TUPLE) ? args : mv_tuple_from(vm, &args, 1));
}

/* An attribute by its C name; UNASSIGNED if there is none. */
static MvValue attribute(MvVM *vm, MvValue v, const char *name)
{
    MvValue key = mv_intern_c(vm, name);
    return key == MV_EXC ? MV_EXC : mv_get_attr_or(vm, v, key);
}

/* What CPython writes for an argument: the qualified name of what has one, the repr of aliases and of all else. */
static void write_item(MvVM *vm, MvBuilder *b, MvValue v, bool in_union)
{
    if (v == MV_ELLIPSIS && !in_union) {
        mv_builder_ascii(b, "...", 3);
        return;
    }
    if (v == mv_value(vm->classes[MV_CLASS_NONE]) && in_union) {
        mv_builder_ascii(b, "None", 4);
        return;
    }
    MvValue origin = attribute(vm, v, "__origin__");
    MvValue args = origin == MV_EXC || origin == MV_UNASSIGNED ? origin : attribute(vm, v, "__args__");
    MvValue name = args == MV_UNASSIGNED ? attribute(vm, v, "__qualname__") : args == MV_EXC ? MV_EXC : MV_UNASSIGNED;
    MvValue module = name == MV_EXC || name == MV_UNASSIGNED ? name : attribute(vm, v, "__module__");
    if (module == MV_EXC) {
        b->failed = true;
    } else if (module == MV_UNASSIGNED || module == MV_NONE) {
        mv_builder_value(b, v, true);
    } else {
        if (module != vm->names->n_builtins) {
            mv_builder_value(b, module, false);
            mv_builder_char(b, '.');
        }
        mv_builder_value(b, name, false);
    }
}

static MvValue readonly(MvVM *vm)
{
    return mv_raise(vm, MV_EXC_AttributeError, "readonly attribute");
}

static bool set_readonly(MvVM *vm, MvValue self, MvValue value)
{
    (void)self, (void)value;
    readonly(vm);
    return false;
}

/* ---- type variables ---- */

static bool add_once(MvVM *vm, MvList *found, MvValue v)
{
    for (int64_t i = 0; i < found->length; i++)
        if (found->items[i] == v)
            return true;
    return mv_list_append(vm, found, v);
}

static MvValue get_parameters(MvVM *vm, MvValue self)
{
    MvSlice *alias = MV_CAST(MvSlice, self);
    if (alias->step != MV_NONE)
        return alias->step;
    MvValue list = mv_list_new(vm, 0);
    if (list == MV_EXC)
        return MV_EXC;
    MvList *found = MV_CAST(MvList, list);
    const MvTuple *args = arguments(self);
    for (int64_t i = 0; i < args->length; i++) {
        MvValue arg = args->items[i];
        if (mv_is_kind(arg, MV_KIND_CLASS))
            continue;
        MvValue variable = attribute(vm, arg, "__typing_subst__");
        if (variable == MV_EXC)
            return MV_EXC;
        if (variable != MV_UNASSIGNED) {
            if (!add_once(vm, found, arg))
                return MV_EXC;
            continue;
        }
        MvValue inner = attribute(vm, arg, "__parameters__");
        if (inner == MV_EXC)
            return MV_EXC;
        if (inner != MV_UNASSIGNED && mv_is_kind(inner, MV_KIND_TUPLE))
            for (int64_t k = 0; k < MV_CAST(MvTuple, inner)->length; k++)
                if (!add_once(vm, found, MV_CAST(MvTuple, inner)->items[k]))
                    return MV_EXC;
    }
    MvValue parameters = mv_tuple_from_iterable(vm, list);
    if (parameters != MV_EXC)
        mv_store(vm, alias, &alias->step, parameters);
    return parameters;
}

/* The value for a type variable; the variable itself where it is not among the parameters. */
static MvValue value_for(const MvTuple *parameters, const MvTuple *values, MvValue variable)
{
    for (int64_t i = 0; i < parameters->length; i++)
        if (parameters->items[i] == variable)
            return values->items[i];
    return variable;
}

/* An argument with the values in the place of its type variables. */
static MvValue substituted(MvVM *vm, MvValue arg, const MvTuple *parameters, const MvTuple *values)
{
    if (mv_is_kind(arg, MV_KIND_CLASS))
        return arg;
    MvValue substitute = attribute(vm, arg, "__typing_subst__");
    if (substitute == MV_EXC)
        return MV_EXC;
    if (substitute != MV_UNASSIGNED)
        return mv_call1(vm, substitute, value_for(parameters, values, arg));
    MvValue inner = attribute(vm, arg, "__parameters__");
    if (inner == MV_EXC)
        return MV_EXC;
    if (inner == MV_UNASSIGNED || !mv_is_kind(inner, MV_KIND_TUPLE) || !MV_CAST(MvTuple, inner)->length)
        return arg;
    MvTuple *asked = mv_tuple_new(vm, MV_CAST(MvTuple, inner)->length);
    if (!asked)
        return MV_EXC;
    for (int64_t i = 0; i < asked->length; i++)
        asked->items[i] = value_for(parameters, values, MV_CAST(MvTuple, inner)->items[i]);
    return mv_get_item(vm, arg, mv_value(asked));
}

/* The arguments of alias[key]; NULL: raised. */
static MvTuple *substitute_all(MvVM *vm, MvValue self, MvValue key)
{
    MvValue asked = get_parameters(vm, self);
    if (asked == MV_EXC)
        return NULL;
    const MvTuple *parameters = MV_CAST(MvTuple, asked);
    if (!parameters->length) {
        mv_type_error(vm, "%R is not a generic class", self);
        return NULL;
    }
    MvValue given = mv_is_kind(key, MV_KIND_TUPLE) ? key : mv_tuple_from(vm, &key, 1);
    if (given == MV_EXC)
        return NULL;
    const MvTuple *values = MV_CAST(MvTuple, given);
    if (values->length != parameters->length) {
        mv_type_error(vm, "Too %s arguments for %R; actual %d, expected %d", values->length > parameters->length ? "many" : "few", self, values->length,
                      parameters->length);
        return NULL;
    }
    MvTuple *made = mv_tuple_new(vm, arguments(self)->length);
    for (int64_t i = 0; made && i < made->length; i++) {
        MvValue item = substituted(vm, arguments(self)->items[i], parameters, values);
        if (item == MV_EXC)
            return NULL;
        mv_store(vm, made, &made->items[i], item);
    }
    return made;
}

/* ---- unions ---- */

static bool is_alias(const MvVM *vm, MvValue v) { return mv_is_exactly(vm, v, MV_CLASS_GENERICALIAS); }
static bool is_union(const MvVM *vm, MvValue v) { return mv_is_exactly(vm, v, MV_CLASS_UNIONTYPE); }
static bool is_unionable(const MvVM *vm, MvValue v)
{
    return v == MV_NONE || mv_is_kind(v, MV_KIND_CLASS) || is_alias(vm, v) || is_union(vm, v);
}

/* Adds an operand to the members of a union, unless it is there: aliases count as one when they are equal. */
static bool add_member(MvVM *vm, MvList *members, MvValue v)
{
    if (is_union(vm, v)) {
        for (int64_t i = 0; i < arguments(v)->length; i++)
            if (!add_member(vm, members, arguments(v)->items[i]))
                return false;
        return true;
    }
    if (v == MV_NONE)
        v = mv_value(vm->classes[MV_CLASS_NONE]);
    for (int64_t i = 0; i < members->length; i++) {
        MvValue other = members->items[i];
        int same = is_alias(vm, v) && is_alias(vm, other) ? mv_equal(vm, v, other) : v == other;
        if (same)
            return same > 0;
    }
    return mv_list_append(vm, members, v);
}

MvValue mv_union_of(MvVM *vm, MvValue a, MvValue b)
{
    if (!is_unionable(vm, a) || !is_unionable(vm, b))
        return MV_NOTIMPLEMENTED;
    MvValue list = mv_list_new(vm, 2);
    if (list == MV_EXC || !add_member(vm, MV_CAST(MvList, list), a) || !add_member(vm, MV_CAST(MvList, list), b))
        return MV_EXC;
    if (MV_CAST(MvList, list)->length == 1)
        return MV_CAST(MvList, list)->items[0];
    return alias_new(vm, MV_CLASS_UNIONTYPE, MV_NONE, mv_tuple_from_iterable(vm, list));
}

MvValue mv_union_check(MvVM *vm, MvValue subject, MvValue cls, bool instance)
{
    const char *parameterized = instance ? "isinstance() argument 2 cannot be a parameterized generic" : "issubclass() argument 2 cannot be a parameterized generic";
    if (is_alias(vm, cls))
        return mv_type_error(vm, parameterized);
    if (!instance && !mv_is_kind(subject, MV_KIND_CLASS))
        return mv_type_error(vm, "issubclass() arg 1 must be a class");
    MvValue result = MV_FALSE;
    for (int64_t i = 0; i < arguments(cls)->length && result == MV_FALSE; i++) {
        MvValue member = arguments(cls)->items[i];
        result = is_alias(vm, member) ? mv_type_error(vm, parameterized) : instance ? mv_is_instance(vm, subject, member) : mv_is_subclass_value(vm, subject, member);
    }
    return result;
}

static MvValue alias_binary(MvVM *vm, int op, MvValue a, MvValue b) { return op == MV_BINARY_OR ? mv_union_of(vm, a, b) : MV_NOTIMPLEMENTED; }

static MvValue union_repr(MvVM *vm, MvValue self)
{
    MvBuilder b;
    mv_builder_begin(vm, &b);
    for (int64_t i = 0; i < arguments(self)->length; i++) {
        if (i)
            mv_builder_ascii(&b, " | ", 3);
        write_item(vm, &b, arguments(self)->items[i], true);
    }
    return mv_builder_end(&b);
}

/* The members as a frozenset: unions are equal when these are. */
static MvValue members(MvVM *vm, MvValue self) { return mv_set_from(vm, MV_CLASS_FROZENSET, MV_CAST(MvSlice, self)->stop); }

static MvValue union_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    if ((op != MV_COMPARE_EQ && op != MV_COMPARE_NE) || !is_union(vm, b))
        return MV_NOTIMPLEMENTED;
    MvValue left = members(vm, a);
    MvValue right = left == MV_EXC ? MV_EXC : members(vm, b);
    return right == MV_EXC ? MV_EXC : mv_compare(vm, op, left, right);
}

static bool union_hash(MvVM *vm, MvValue self, uint64_t *hash)
{
    MvValue set = members(vm, self);
    return set != MV_EXC && mv_hash(vm, set, hash);
}

static MvValue union_get_item(MvVM *vm, MvValue self, MvValue key)
{
    MvTuple *made = substitute_all(vm, self, key);
    if (!made)
        return MV_EXC;
    MvValue result = made->items[0];
    for (int64_t i = 1; i < made->length && result != MV_EXC; i++)
        result = mv_binary(vm, MV_BINARY_OR, result, made->items[i]);
    return result;
}

static MvValue get_args(MvVM *vm, MvValue self) { (void)vm; return MV_CAST(MvSlice, self)->stop; }

static MvValue union_get_attr(MvVM *vm, MvValue self, MvValue name)
{
    if (name == vm->names->n___module__)
        return mv_get_attr(vm, mv_value(vm->classes[MV_CLASS_UNIONTYPE]), name);
    return mv_generic_get_attr(vm, self, name, NULL);
}

static const MvGetSetDef union_getsets[] = {{"__args__", get_args, set_readonly}, {"__parameters__", get_parameters, NULL}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_UNIONTYPE = {.kind = MV_KIND_SLICE, .size = sizeof(MvSlice), .repr = union_repr, .compare = union_compare, .hash = union_hash,
                                     .binary = alias_binary, .get_item = union_get_item, .get_attr = union_get_attr, .getsets = union_getsets};

/* ---- generic aliases ---- */

static MvValue alias_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)cls;
    if (kwnames)
        return mv_type_error(vm, "GenericAlias() takes no keyword arguments");
    if (nargs != 2)
        return mv_type_error(vm, "GenericAlias expected 2 arguments, got %d", nargs);
    return mv_generic_alias(vm, args[0], args[1]);
}

static MvValue alias_repr(MvVM *vm, MvValue self)
{
    MvBuilder b;
    mv_builder_begin(vm, &b);
    write_item(vm, &b, MV_CAST(MvSlice, self)->start, false);
    mv_builder_char(&b, '[');
    const MvTuple *args = arguments(self);
    for (int64_t i = 0; i < args->length; i++) {
        if (i)
            mv_builder_ascii(&b, ", ", 2);
        write_item(vm, &b, args->items[i], false);
    }
    if (!args->length)
        mv_builder_ascii(&b, "()", 2);
    mv_builder_char(&b, ']');
    return mv_builder_end(&b);
}

/* Calls the origin; what it makes remembers the alias where it can. */
static MvValue alias_call(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue made = mv_call(vm, MV_CAST(MvSlice, self)->start, args, nargs, kwnames);
    if (made == MV_EXC)
        return MV_EXC;
    MvValue name = mv_intern_c(vm, "__orig_class__");
    if (name == MV_EXC)
        return MV_EXC;
    if (!mv_set_attr(vm, made, name, self)) {
        if (!mv_exception_is(vm, MV_EXC_AttributeError) && !mv_exception_is(vm, MV_EXC_TypeError))
            return MV_EXC;
        mv_exception_take(vm);
    }
    return made;
}

static MvValue alias_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    if ((op != MV_COMPARE_EQ && op != MV_COMPARE_NE) || !is_alias(vm, b))
        return MV_NOTIMPLEMENTED;
    int equal = mv_equal(vm, MV_CAST(MvSlice, a)->start, MV_CAST(MvSlice, b)->start);
    if (equal > 0)
        equal = mv_equal(vm, MV_CAST(MvSlice, a)->stop, MV_CAST(MvSlice, b)->stop);
    return equal < 0 ? MV_EXC : mv_bool(equal == (op == MV_COMPARE_EQ));
}

static bool alias_hash(MvVM *vm, MvValue self, uint64_t *hash)
{
    uint64_t other;
    if (!mv_hash(vm, MV_CAST(MvSlice, self)->start, hash) || !mv_hash(vm, MV_CAST(MvSlice, self)->stop, &other))
        return false;
    *hash ^= other;
    return true;
}

static MvValue alias_get_item(MvVM *vm, MvValue self, MvValue key)
{
    MvTuple *made = substitute_all(vm, self, key);
    return made ? mv_generic_alias(vm, MV_CAST(MvSlice, self)->start, mv_value(made)) : MV_EXC;
}

static MvValue alias_iter(MvVM *vm, MvValue self) { (void)self; return mv_raise_refused(vm, "unpacking a generic alias"); }
static MvValue alias_get_origin(MvVM *vm, MvValue self) { (void)vm; return MV_CAST(MvSlice, self)->start; }
static MvValue alias_get_unpacked(MvVM *vm, MvValue self) { (void)vm, (void)self; return MV_FALSE; }
static MvValue alias_mro_entries(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)nargs, (void)kwnames;
    return mv_tuple_from(vm, &MV_CAST(MvSlice, args[0])->start, 1);
}

/* Everything but what an alias is for is its origin's. CPython's dir() lists all of them, though it has no __copy__ and __deepcopy__. */
static const char *const own[] = {"__class__", "__origin__", "__args__", "__unpacked__", "__parameters__", "__mro_entries__", "__reduce__", "__reduce_ex__",
                                  "__copy__", "__deepcopy__", "__typing_unpacked_tuple_args__"};

MvValue mv_alias_dir(MvVM *vm, MvValue alias)
{
    MvValue names = mv_dir(vm, MV_CAST(MvSlice, alias)->start);
    for (size_t i = 0; names != MV_EXC && i < sizeof own / sizeof own[0]; i++) {
        MvValue name = mv_intern_c(vm, own[i]);
        int found = name == MV_EXC ? -1 : mv_contains(vm, names, name);
        if (found < 0 || (!found && !mv_list_append(vm, MV_CAST(MvList, names), name)))
            return MV_EXC;
    }
    return names;
}
static MvValue alias_dir(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return mv_alias_dir(vm, args[0]); }
static MvValue alias_get_unpacked_args(MvVM *vm, MvValue self) { (void)vm, (void)self; return MV_NONE; } /* no alias is unpacked here */

static MvValue alias_get_attr(MvVM *vm, MvValue self, MvValue name)
{
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        MvValue key = mv_intern_c(vm, own[i]);
        if (key == MV_EXC)
            return MV_EXC;
        if (key == name)
            return mv_generic_get_attr(vm, self, name, NULL);
    }
    return mv_get_attr(vm, MV_CAST(MvSlice, self)->start, name);
}

static const MvMethodDef alias_methods[] = {{"__mro_entries__", alias_mro_entries, 1, 1, 0, NULL}, {"__dir__", alias_dir, 0, 0, 0, NULL}, {NULL, NULL, 0, 0, 0, NULL}};
static const MvGetSetDef alias_getsets[] = {
    {"__origin__", alias_get_origin, set_readonly}, {"__args__", get_args, set_readonly}, {"__unpacked__", alias_get_unpacked, set_readonly}, {"__typing_unpacked_tuple_args__", alias_get_unpacked_args, NULL},
    {"__parameters__", get_parameters, NULL}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_GENERICALIAS = {.kind = MV_KIND_SLICE, .size = sizeof(MvSlice), .make = alias_make, .repr = alias_repr, .call = alias_call,
                                        .compare = alias_compare, .hash = alias_hash, .binary = alias_binary, .get_item = alias_get_item, .iter = alias_iter,
                                        .get_attr = alias_get_attr, .methods = alias_methods, .getsets = alias_getsets};
