/* builtin_reflect.c: the builtin functions about attributes, classes, namespaces and identity. */
#include "builtin.h"
#include "class.h"
#include "containers.h"

/* ---- attributes ---- */

/* The interned name, or MV_EXC. */
static MvValue attribute_name(MvVM *vm, MvValue name)
{
    if (!mv_has_kind(name, MV_KIND_STR))
        return mv_type_error(vm, "attribute name must be string, not '%T'", name);
    return mv_intern(vm, name);
}

MV_BUILTIN(getattr)
{
    MvValue name = attribute_name(vm, args[1]);
    if (name == MV_EXC)
        return MV_EXC;
    if (nargs == 2)
        return mv_get_attr(vm, args[0], name);
    MvValue v = mv_get_attr_or(vm, args[0], name);
    return v == MV_UNASSIGNED ? args[2] : v;
}

MV_BUILTIN(hasattr)
{
    MvValue name = attribute_name(vm, args[1]);
    MvValue v = name == MV_EXC ? MV_EXC : mv_get_attr_or(vm, args[0], name);
    return v == MV_EXC ? MV_EXC : mv_bool(v != MV_UNASSIGNED);
}

MV_BUILTIN(setattr)
{
    MvValue name = attribute_name(vm, args[1]);
    return name != MV_EXC && mv_set_attr(vm, args[0], name, args[2]) ? MV_NONE : MV_EXC;
}

MV_BUILTIN(delattr)
{
    MvValue name = attribute_name(vm, args[1]);
    return name != MV_EXC && mv_set_attr(vm, args[0], name, MV_UNASSIGNED) ? MV_NONE : MV_EXC;
}

MV_BUILTIN(callable)
{
    return mv_bool(mv_is_callable(vm, args[0]));
}

/* ---- identity, hash ---- */

MvValue mv_id(MvVM *vm, MvValue v)
{
    return mv_int_from_u64(vm, mv_is_pointer(v) ? v - MV_TAG_POINTER : v);
}

MV_BUILTIN(id)
{
    return mv_id(vm, args[0]);
}

MV_BUILTIN(hash)
{
    uint64_t hash;
    return mv_hash(vm, args[0], &hash) ? mv_int_from_i64(vm, (int64_t)hash) : MV_EXC;
}

/* ---- classes ---- */

MV_BUILTIN(isinstance)
{
    return mv_is_instance(vm, args[0], args[1]);
}

static int is_subclass(MvVM *vm, MvValue cls, MvValue target)
{
    if (mv_has_kind(target, MV_KIND_TUPLE)) {
        if (!mv_enter(vm, " in __subclasscheck__"))
            return -1;
        const MvTuple *tuple = MV_CAST(MvTuple, target);
        int result = 0;
        for (int64_t i = 0; i < tuple->length && !result; i++)
            result = is_subclass(vm, cls, tuple->items[i]);
        mv_leave(vm);
        return result;
    }
    if (mv_is_exactly(vm, target, MV_CLASS_UNIONTYPE) || mv_is_exactly(vm, target, MV_CLASS_GENERICALIAS)) {
        MvValue result = mv_union_check(vm, cls, target, false);
        return result == MV_EXC ? -1 : result == MV_TRUE;
    }
    MvClass *of = mv_class_of(vm, target);
    MvValue check = mv_special(vm, of, MV_SP_SUBCLASSCHECK);
    if (check != MV_UNASSIGNED && !mv_has_kind(check, MV_KIND_BUILTIN)) {
        if (!mv_enter(vm, " in __subclasscheck__"))
            return -1;
        MvValue result = mv_call_special(vm, check, target, &cls, 1);
        mv_leave(vm);
        return result == MV_EXC ? -1 : mv_truth(vm, result);
    }
    if (mv_has_kind(target, MV_KIND_CLASS)) {
        if (mv_has_kind(cls, MV_KIND_CLASS))
            return mv_is_subclass(MV_CAST(MvClass, cls), MV_CAST(MvClass, target));
        mv_type_error(vm, "issubclass() arg 1 must be a class");
    } else if (check != MV_UNASSIGNED) {
        MvValue result = mv_call_special(vm, check, target, &cls, 1);
        return result == MV_EXC ? -1 : mv_truth(vm, result);
    } else if (!mv_has_kind(cls, MV_KIND_CLASS)) {
        mv_type_error(vm, "issubclass() arg 1 must be a class");
    } else {
        mv_type_error(vm, "issubclass() arg 2 must be a class, a tuple of classes, or a union");
    }
    return -1;
}

MV_BUILTIN(issubclass)
{
    int result = is_subclass(vm, args[0], args[1]);
    return result < 0 ? MV_EXC : mv_bool(result);
}

/* ---- namespaces ---- */

MV_BUILTIN(globals)
{
    return mv_frame_globals(vm);
}

MV_BUILTIN(locals)
{
    return mv_frame_locals(vm);
}

MV_BUILTIN(vars)
{
    if (nargs == 0)
        return mv_frame_locals(vm);
    MvValue dict = mv_get_attr_or(vm, args[0], vm->names->n___dict__);
    return dict == MV_UNASSIGNED ? mv_type_error(vm, "vars() argument must have __dict__ attribute") : dict;
}

/* Adds the names of a namespace of name cells. */
static bool add_cells(MvVM *vm, MvDict *all, const MvDict *names)
{
    int64_t position = 0;
    MvValue name, cell;
    while (mv_dict_next(names, &position, &name, &cell)) {
        if (MV_CAST(MvNameCell, cell)->value != MV_UNASSIGNED && !mv_dict_set(vm, all, name, MV_NONE))
            return false;
    }
    return !mv_poll(vm);
}

static bool add_class(MvVM *vm, MvDict *all, const MvClass *cls)
{
    for (int64_t i = 0; i < cls->mro->length; i++) {
        if (!add_cells(vm, all, MV_CAST(MvClass, cls->mro->items[i])->names))
            return false;
    }
    return true;
}

MvValue mv_default_dir(MvVM *vm, MvValue v)
{
    if (mv_is_exactly(vm, v, MV_CLASS_GENERICALIAS))
        return mv_alias_dir(vm, v);
    MvValue dict = mv_dict_new(vm);
    if (dict == MV_EXC)
        return MV_EXC;
    MvDict *all = MV_CAST(MvDict, dict);
    if (mv_has_kind(v, MV_KIND_CLASS)) {
        if (!add_class(vm, all, MV_CAST(MvClass, v)))
            return MV_EXC;
    } else if (mv_has_kind(v, MV_KIND_MODULE)) {
        if (!add_cells(vm, all, MV_CAST(MvModule, v)->names))
            return MV_EXC;
    } else {
        MvValue own = mv_get_attr_or(vm, v, vm->names->n___dict__);
        if (own == MV_EXC)
            return MV_EXC;
        if (mv_has_kind(own, MV_KIND_DICT) || mv_has_kind(own, MV_KIND_NAMESPACE)) { /* else, as in CPython, none */
            MvValue names = mv_list_from_iterable(vm, own);
            if (names == MV_EXC)
                return MV_EXC;
            for (int64_t i = 0; i < MV_CAST(MvList, names)->length; i++) {
                if (!mv_dict_set(vm, all, MV_CAST(MvList, names)->items[i], MV_NONE))
                    return MV_EXC;
            }
        }
        if (!add_class(vm, all, mv_shown_class(vm, v)))
            return MV_EXC;
    }
    return mv_list_from_iterable(vm, dict);
}

MvValue mv_dir(MvVM *vm, MvValue v)
{
    MvClass *cls = mv_class_of(vm, v);
    MvValue method = mv_special(vm, cls, MV_SP_DIR), names;
    if (method == MV_UNASSIGNED || mv_is_inherited(vm, cls, method, MV_SP_DIR)) {
        names = mv_default_dir(vm, v);
    } else {
        names = mv_call_special(vm, method, v, NULL, 0);
        if (names != MV_EXC)
            names = mv_list_from_iterable(vm, names);
    }
    return names != MV_EXC && mv_list_sort(vm, MV_CAST(MvList, names), MV_NONE, false) ? names : MV_EXC;
}

MV_BUILTIN(dir)
{
    if (nargs == 1)
        return mv_dir(vm, args[0]);
    MvValue names = mv_frame_locals(vm);
    if (names != MV_EXC)
        names = mv_list_from_iterable(vm, names);
    return names != MV_EXC && mv_list_sort(vm, MV_CAST(MvList, names), MV_NONE, false) ? names : MV_EXC;
}
