/* struct_sequence.c: tuples with named fields (CPython's structseq) and simple namespaces, for the modules sys and
 * time.
 *
 * Each is an ordinary class derived from tuple (or object), made at run time, with getset descriptors over const
 * tables. Their __repr__ are builtin functions that stand in the function table of sys (every builtin needs an id),
 * under names that are no identifiers and that sys removes from itself. */
#include "struct_sequence.h"

#include "class.h"
#include "containers.h"
#include "function.h"

#define GETTER(n) \
    MvValue mv_struct_field_##n(MvVM *vm, MvValue self) { return MV_CAST(MvTuple, self)->items[n]; }
MV_STRUCT_FIELDS(GETTER)
#undef GETTER

bool mv_readonly_attribute(MvVM *vm, MvValue self, MvValue value)
{
    mv_raise(vm, MV_EXC_AttributeError, "readonly attribute");
    return false;
}

/* A builtin function that stands in the table of sys under this name. */
static MvValue hidden_builtin(MvVM *vm, const char *name, int class_id, int owner)
{
    for (int m = 0; mv_module_defs[m]; m++) {
        const MvMethodDef *functions = mv_module_defs[m]->functions;
        for (int f = 0; functions && functions[f].name; f++) {
            if (!strcmp(functions[f].name, name))
                return mv_builtin_make(vm, class_id, MV_BUILTIN_ID(MV_GROUP_MODULES + m, f), (uint32_t)owner,
                                       MV_UNASSIGNED);
        }
    }
    return mv_raise(vm, MV_EXC_SystemError, "no builtin%s", name);
}

static MvValue static_method(MvVM *vm, MvValue function)
{
    MvWrapper *wrapper = function == MV_EXC ? NULL : mv_new(vm, sizeof(MvWrapper), MV_CLASS_STATICMETHOD,
        MV_KIND_STATICMETHOD);
    if (!wrapper)
        return MV_EXC;
    wrapper->function = function;
    wrapper->attributes = MV_UNASSIGNED;
    return mv_value(wrapper);
}

static bool put(MvVM *vm, MvValue names, const char *name, MvValue value)
{
    MvValue key = value == MV_EXC ? MV_EXC : mv_intern_c(vm, name);
    return key != MV_EXC && mv_dict_set(vm, MV_CAST(MvDict, names), key, value);
}

/* constructor: the builtin that is its __new__; NULL: inherited. */
static MvValue make_class(MvVM *vm, const char *module, const char *name, int base, const char *repr,
                          const char *constructor)
{
    MvValue names = mv_dict_new(vm), base_value = mv_value(vm->classes[base]), bases =
        mv_tuple_from(vm, &base_value, 1);
    if (names == MV_EXC || bases == MV_EXC || !put(vm, names, "__module__", mv_intern_c(vm, module)) ||
        !put(vm, names, "__repr__", hidden_builtin(vm, repr, MV_CLASS_METHODDESCRIPTOR, base)))
        return MV_EXC;
    if (constructor &&
        !put(vm, names, "__new__",
             static_method(vm, hidden_builtin(vm, constructor, MV_CLASS_BUILTIN, MV_CLASS_COUNT))))
        return MV_EXC;
    if (constructor && !strcmp(constructor, MV_STRUCT_REFUSE) && !put(vm, names, "__slots__", vm->empty_tuple))
        return MV_EXC;
    MvValue name_value = mv_intern_c(vm, name);
    if (name_value == MV_EXC)
        return MV_EXC;
    return mv_class_new(vm, mv_value(vm->classes[MV_CLASS_TYPE]), name_value, MV_CAST(MvTuple, bases),
                        MV_CAST(MvDict, names), 0);
}

MvValue mv_struct_class_new(MvVM *vm, const char *module, const char *name, const MvGetSetDef *fields, int count,
                            bool open)
{
    MvValue value = make_class(vm, module, name, MV_CLASS_TUPLE, MV_STRUCT_REPR, open ? MV_STRUCT_NEW
                               : MV_STRUCT_REFUSE);
    if (value == MV_EXC)
        return MV_EXC;
    MvClass *cls = MV_CAST(MvClass, value);
    for (int i = 0; i < count; i++) {
        MvValue getset = mv_getset_make(vm, cls, &fields[i], true), key = mv_intern_c(vm, fields[i].name);
        if (getset == MV_EXC || key == MV_EXC || !mv_class_put(vm, cls, key, getset))
            return MV_EXC;
    }
    MvTuple *names = mv_tuple_new(vm, count);
    MvValue match_args = mv_intern_c(vm, "__match_args__");
    for (int i = 0; names && i < count; i++) {
        MvValue name = mv_intern_c(vm, fields[i].name);
        if (name == MV_EXC)
            return MV_EXC;
        mv_store(vm, names, &names->items[i], name);
    }
    if (!names || match_args == MV_EXC || !mv_class_put(vm, cls, match_args, mv_value(names)))
        return MV_EXC;
    const char *const counts[] = {"n_sequence_fields", "n_unnamed_fields", "n_fields"};
    int numbers[] = {count, 0, open ? count + 2 : count}; /* struct_time has two fields that are no items */
    for (int i = 0; i < 3; i++) {
        MvValue key = mv_intern_c(vm, counts[i]);
        if (key == MV_EXC || !mv_class_put(vm, cls, key, mv_from_fixnum(numbers[i])))
            return MV_EXC;
    }
    return value;
}

MvValue mv_struct_new(MvVM *vm, MvValue cls, const MvValue *items, int64_t count)
{
    MvValue tuple = mv_tuple_from(vm, items, count);
    return tuple == MV_EXC ? MV_EXC : mv_type_TUPLE.make(vm, MV_CAST(MvClass, cls), &tuple, 1, 0);
}

MvValue mv_struct_refuse(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue name = nargs && mv_has_kind(args[0], MV_KIND_CLASS)
        ? mv_class_qualified_name(vm, MV_CAST(MvClass, args[0])) : vm->empty_str;
    return name == MV_EXC ? MV_EXC : mv_type_error(vm, "cannot create '%S' instances", name);
}

/* A number that the class or its base has: `n_sequence_fields`, `n_fields`. */
static int64_t field_count(MvVM *vm, MvClass *cls, const char *name)
{
    int64_t count = 0;
    MvValue key = mv_intern_c(vm, name);
    MvValue v = key == MV_EXC ? MV_UNASSIGNED : mv_class_lookup(vm, cls, key);
    return mv_is_int(v) && mv_int_to_i64(v, &count) ? count : 0;
}

/* The fields behind those of the tuple, which struct_time alone has: from the sequence, else from the dict, else None. */
static bool set_unshown(MvVM *vm, MvValue result, const MvList *list, int64_t fields, MvValue dict)
{
    static const char *const names[] = {"tm_zone", "tm_gmtoff"};
    for (int64_t i = 0; i < 2; i++) {
        MvValue name = mv_intern_c(vm, names[i]), value = MV_UNASSIGNED;
        if (name == MV_EXC)
            return false;
        if (fields + i < list->length)
            value = list->items[fields + i];
        else if (dict != MV_UNASSIGNED && (value = mv_dict_get(vm, MV_CAST(MvDict, dict), name)) == MV_EXC)
            return false;
        if (!mv_set_attr(vm, result, name, value == MV_UNASSIGNED ? MV_NONE : value))
            return false;
    }
    return true;
}

MvValue mv_struct_make(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue bound[2];
    if (nargs < 1 || !mv_has_kind(args[0], MV_KIND_CLASS))
        return mv_type_error(vm, "structseq.__new__(X): X is not a type object");
    if (!mv_bind(vm, "structseq", "sequence,dict?", args + 1, nargs - 1, kwnames, bound))
        return MV_EXC;
    MvClass *cls = MV_CAST(MvClass, args[0]);
    MvValue list = mv_list_from_iterable(vm, bound[0]);
    if (list == MV_EXC) {
        if (!mv_exception_is(vm, MV_EXC_TypeError))
            return MV_EXC;
        mv_exception_take(vm);
        return mv_type_error(vm, "constructor requires a sequence");
    }
    int64_t fields = field_count(vm, cls, "n_sequence_fields"), all = field_count(vm, cls, "n_fields"), length = MV_CAST(MvList, list)->length;
    MvValue name = mv_class_qualified_name(vm, cls);
    if (name == MV_EXC)
        return MV_EXC;
    if (bound[1] != MV_UNASSIGNED && (bound[1] = mv_dict_seen(vm, bound[1])) == MV_EXC)
        return MV_EXC;
    if (bound[1] != MV_UNASSIGNED && !mv_has_kind(bound[1], MV_KIND_DICT))
        return mv_type_error(vm, "%S() takes a dict as second arg, if any", name);
    if (length < fields)
        return mv_type_error(vm, "%S() takes an at least %d-sequence (%d-sequence given)", name, fields, length);
    if (length > all)
        return mv_type_error(vm, "%S() takes an at most %d-sequence (%d-sequence given)", name, all, length);
    MvValue result = mv_struct_new(vm, args[0], MV_CAST(MvList, list)->items, fields);
    return result == MV_EXC || all == fields || set_unshown(vm, result, MV_CAST(MvList, list), fields, bound[1]) ? result : MV_EXC;
}

/* The names of the fields in order: the class's getsets. */
MvValue mv_struct_repr(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvClass *cls = mv_class_of(vm, args[0]);
    MvValue title = mv_class_qualified_name(vm, cls);
    MvBuilder b;
    mv_builder_begin(vm, &b);
    if (title == MV_EXC)
        return MV_EXC;
    mv_builder_str(&b, MV_CAST(MvStr, title));
    mv_builder_char(&b, '(');
    int64_t position = 0, index = 0;
    MvValue name, cell;
    while (mv_dict_next(cls->names, &position, &name, &cell) && !b.failed) {
        const MvTuple *tuple = MV_CAST(MvTuple, args[0]);
        MvValue field = MV_CAST(MvNameCell, cell)->value;
        if (!mv_has_kind(field, MV_KIND_GETSET) || MV_CAST(MvGetSet, field)->owner != mv_value(cls) ||
            index >= tuple->length ||
            mv_str_is_c(name, "__dict__") || mv_str_is_c(name, "__weakref__"))
            continue;
        if (index)
            mv_builder_ascii(&b, ", ", 2);
        mv_builder_str(&b, MV_CAST(MvStr, name));
        mv_builder_char(&b, '=');
        mv_builder_value(&b, tuple->items[index++], true);
    }
    mv_builder_char(&b, ')');
    return b.failed ? MV_EXC : mv_builder_end(&b);
}

MvValue mv_simple_namespace_new(MvVM *vm)
{
    MvValue cls = make_class(vm, "types", "SimpleNamespace", MV_CLASS_OBJECT, MV_NAMESPACE_REPR, NULL);
    return cls == MV_EXC ? MV_EXC : mv_call(vm, cls, NULL, 0, 0);
}

MvValue mv_simple_namespace_repr(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue dict = mv_object_own_dict(vm, args[0]);
    if (dict == MV_EXC)
        return MV_EXC;
    MvBuilder b;
    mv_builder_begin(vm, &b);
    mv_builder_ascii(&b, "namespace(", -1);
    int64_t position = 0;
    bool first = true;
    MvValue name, value;
    while (mv_dict_next(MV_CAST(MvDict, dict), &position, &name, &value) && !b.failed) {
        if (!first)
            mv_builder_ascii(&b, ", ", 2);
        first = false;
        mv_builder_value(&b, name, false);
        mv_builder_char(&b, '=');
        mv_builder_value(&b, value, true);
    }
    mv_builder_char(&b, ')');
    return b.failed ? MV_EXC : mv_builder_end(&b);
}
