/* struct_sequence.c: tuples with named fields (CPython's structseq) and simple namespaces, for the modules sys and time.
 *
 * Each is an ordinary class derived from tuple (or object), made at run time, with getset descriptors over const tables. Their
 * __repr__ are builtin functions that stand in the function table of sys (every builtin needs an id), under names that are no
 * identifiers and that sys removes from itself. */
#include "struct_sequence.h"

#include "class.h"
#include "function.h"

#define GETTER(n) \
    MvValue mv_struct_field_##n(MvVM *vm, MvValue self) { return MV_CAST(MvTuple, self)->items[n]; }
MV_STRUCT_FIELDS(GETTER)
#undef GETTER

/* A method in C of a class made here; name as in the table of sys. */
static MvValue hidden_method(MvVM *vm, const char *name, int owner)
{
    for (int m = 0; mv_module_defs[m]; m++) {
        const MvMethodDef *functions = mv_module_defs[m]->functions;
        for (int f = 0; functions && functions[f].name; f++) {
            if (!strcmp(functions[f].name, name))
                return mv_builtin_make(vm, MV_CLASS_METHODDESCRIPTOR, MV_BUILTIN_ID(MV_GROUP_MODULES + m, f), (uint32_t)owner, MV_UNASSIGNED);
        }
    }
    return mv_raise(vm, MV_EXC_SystemError, "no builtin%s", name);
}

static bool put(MvVM *vm, MvValue names, const char *name, MvValue value)
{
    MvValue key = value == MV_EXC ? MV_EXC : mv_intern_c(vm, name);
    return key != MV_EXC && mv_dict_set(vm, MV_CAST(MvDict, names), key, value);
}

static MvValue make_class(MvVM *vm, const char *module, const char *name, int base, const char *repr)
{
    MvValue names = mv_dict_new(vm), base_value = mv_value(vm->classes[base]), bases = mv_tuple_from(vm, &base_value, 1);
    if (names == MV_EXC || bases == MV_EXC || !put(vm, names, "__module__", mv_intern_c(vm, module)) ||
        !put(vm, names, "__repr__", hidden_method(vm, repr, base)))
        return MV_EXC;
    MvValue name_value = mv_intern_c(vm, name);
    if (name_value == MV_EXC)
        return MV_EXC;
    return mv_class_new(vm, mv_value(vm->classes[MV_CLASS_TYPE]), name_value, MV_CAST(MvTuple, bases), MV_CAST(MvDict, names), 0);
}

MvValue mv_struct_class_new(MvVM *vm, const char *module, const char *name, const MvGetSetDef *fields, int visible)
{
    MvValue value = make_class(vm, module, name, MV_CLASS_TUPLE, MV_STRUCT_REPR);
    if (value == MV_EXC)
        return MV_EXC;
    MvClass *cls = MV_CAST(MvClass, value);
    int count = 0;
    for (; fields[count].name; count++) {
        MvGetSet *getset = mv_new(vm, sizeof(MvGetSet), MV_CLASS_GETSET, MV_KIND_GETSET);
        if (!getset)
            return MV_EXC;
        getset->def = &fields[count];
        getset->owner = value;
        MvValue key = mv_intern_c(vm, fields[count].name);
        if (key == MV_EXC || !mv_class_put(vm, cls, key, mv_value(getset)))
            return MV_EXC;
    }
    const char *const counts[] = {"n_sequence_fields", "n_unnamed_fields", "n_fields"};
    int numbers[] = {visible, 0, count};
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
    return tuple == MV_EXC ? MV_EXC : mv_call1(vm, cls, tuple);
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
        if (!mv_has_kind(field, MV_KIND_GETSET) || MV_CAST(MvGetSet, field)->owner != mv_value(cls) || index >= tuple->length ||
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
    MvValue cls = make_class(vm, "types", "SimpleNamespace", MV_CLASS_OBJECT, MV_NAMESPACE_REPR);
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
