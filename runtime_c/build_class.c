/* The class statement: metaclass, namespace, body, and the call that makes the class. */
#include "calling.h"
#include "class.h"
#include "interp_ops.h"
#include "loader.h"

bool mv_frame_is_ours(MvVM *vm)
{
    return vm->base[MV_FRAME_CODE] && mv_frame_function(vm->base)->module->pad & MV_MODULE_BUILTIN;
}

/* abc.ABCMeta and enum.EnumType */
static bool is_our_metaclass(MvVM *vm, MvValue metaclass)
{
    if (!mv_is_kind(metaclass, MV_KIND_CLASS) || metaclass == mv_value(vm->classes[MV_CLASS_TYPE]))
        return mv_is_kind(metaclass, MV_KIND_CLASS);
    MvDictEntry *entry = mv_dict_find_name(MV_CAST(MvClass, metaclass)->names, vm->names->n___module__);
    MvValue module = entry ? MV_CAST(MvNameCell, entry->value)->value : MV_UNASSIGNED;
    return mv_is_kind(module, MV_KIND_STR) && (mv_str_is_c(module, "abc") || mv_str_is_c(module, "enum"));
}

/* What CPython calls as the metaclass where some bases are no classes: the most derived of all bases' classes. NULL: raised. */
static MvClass *metaclass_of_objects(MvVM *vm, const MvTuple *bases)
{
    MvClass *winner = mv_class_of(vm, bases->items[0]);
    for (int64_t i = 1; i < bases->length; i++) {
        MvClass *of = mv_class_of(vm, bases->items[i]);
        if (mv_is_subclass(winner, of))
            continue;
        if (!mv_is_subclass(of, winner)) {
            mv_raise_metaclass_conflict(vm);
            return NULL;
        }
        winner = of;
    }
    return winner;
}

static MvValue build_class(MvVM *vm, MvValue body, MvValue name, MvValue bases_value, MvValue kwargs)
{
    MvTuple *bases = MV_CAST(MvTuple, bases_value);
    MvDict *keywords = kwargs == MV_NONE ? NULL : MV_CAST(MvDict, kwargs);
    MvValue metaclass = mv_value(vm->classes[MV_CLASS_TYPE]), original = bases_value;
    /* Bases that are no classes (generic aliases) stand for others. */
    for (int64_t i = 0; i < bases->length; i++) {
        if (mv_is_kind(bases->items[i], MV_KIND_CLASS))
            continue;
        MvValue entries = mv_get_attr_or(vm, bases->items[i], vm->special_names[MV_SP_MRO_ENTRIES]);
        if (entries == MV_EXC)
            return MV_EXC;
        if (entries == MV_UNASSIGNED)
            continue;
        MvValue replaced = mv_call1(vm, entries, original);
        if (replaced == MV_EXC)
            return MV_EXC;
        if (!mv_is_kind(replaced, MV_KIND_TUPLE))
            return mv_type_error(vm, "__mro_entries__ must return a tuple");
        MvTuple *extra = MV_CAST(MvTuple, replaced), *merged = mv_tuple_new(vm, bases->length - 1 + extra->length);
        if (!merged)
            return MV_EXC;
        memcpy(merged->items, bases->items, (size_t)i * 8);
        memcpy(merged->items + i, extra->items, (size_t)extra->length * 8);
        memcpy(merged->items + i + extra->length, bases->items + i + 1, (size_t)(bases->length - i - 1) * 8);
        i += extra->length - 1;
        bases = merged;
    }
    if (keywords) {
        MvDictEntry *entry = mv_dict_find_name(keywords, vm->names->n_metaclass);
        if (entry) {
            if (!mv_frame_is_ours(vm) && !is_our_metaclass(vm, entry->value)) /* what the compiler cannot see: class C(**{'metaclass': M}) */
                return mv_raise_refused(vm, "metaclass=");
            metaclass = entry->value;
            MvValue copy = mv_dict_copy(vm, keywords);
            if (copy == MV_EXC || mv_dict_delete(vm, MV_CAST(MvDict, copy), vm->names->n_metaclass) < 0)
                return MV_EXC;
            keywords = MV_CAST(MvDict, copy);
        }
    }
    for (int64_t i = 0; i < bases->length; i++)
        if (!mv_is_kind(bases->items[i], MV_KIND_CLASS)) {
            MvClass *of = metaclass_of_objects(vm, bases);
            if (!of)
                return MV_EXC;
            if (keywords && keywords->used)
                return mv_raise_refused(vm, "a metaclass");
            /* The base's class is called like a metaclass; most refuse three such arguments. */
            MvValue args[3] = {name, mv_value(bases), mv_dict_new(vm)};
            return args[2] == MV_EXC || mv_call1(vm, body, args[2]) == MV_EXC ? MV_EXC : mv_call(vm, mv_value(of), args, 3, 0);
        }
    for (int64_t i = 0; i < bases->length; i++) /* what the compiler cannot see: a base that is type under another name */
        if (MV_CAST(MvClass, bases->items[i])->payload_kind == MV_KIND_CLASS && !mv_frame_is_ours(vm))
            return mv_raise_refused(vm, "a metaclass");
    metaclass = mv_class_winning_metaclass(vm, metaclass, bases);
    if (metaclass == MV_EXC)
        return MV_EXC;
    bool plain = metaclass == mv_value(vm->classes[MV_CLASS_TYPE]);
    MvValue args[4] = {MV_UNASSIGNED, name, mv_value(bases), MV_UNASSIGNED};
    MvTuple *names = NULL, *call = NULL;
    int64_t count = keywords ? keywords->used : 0;
    if (count && !plain) {
        names = mv_tuple_new(vm, count);
        call = mv_tuple_new(vm, count + 4);
        if (!names || !call)
            return MV_EXC;
        int64_t position = 0;
        MvValue key, value;
        for (int64_t i = 0; mv_dict_next(keywords, &position, &key, &value) && i < count; i++) {
            names->items[i] = key;
            call->items[4 + i] = value;
        }
        mv_barrier(vm, names);
    }
    MvValue namespace;
    MvValue prepare = plain ? MV_UNASSIGNED : mv_get_attr_or(vm, metaclass, vm->special_names[MV_SP_PREPARE]);
    if (prepare == MV_EXC)
        return MV_EXC;
    if (prepare == MV_UNASSIGNED || mv_is_kind(prepare, MV_KIND_BUILTIN))
        namespace = mv_dict_new(vm);
    else if (names) {
        MvTuple *all = mv_tuple_new(vm, 3 + count);
        if (!all)
            return MV_EXC;
        memcpy(all->items + 1, args + 1, 16);
        memcpy(all->items + 3, call->items + 4, (size_t)count * 8);
        namespace = mv_call(vm, prepare, all->items + 1, 2, mv_value(names));
    } else
        namespace = mv_call(vm, prepare, args + 1, 2, 0);
    if (namespace == MV_EXC)
        return MV_EXC;
    if (!mv_is_kind(namespace, MV_KIND_DICT))
        return mv_type_error(vm, "%N.__prepare__() must return a mapping, not %T", MV_CAST(MvClass, metaclass), namespace);
    if (plain && MV_UNLIKELY(vm->depth >= vm->depth_limit)) /* type.__prepare__ */
        return mv_raise_recursion(vm, MV_WHILE_CALLING);
    MvValue cell = mv_call1(vm, body, namespace);
    if (cell == MV_EXC)
        return MV_EXC;
    if (original != mv_value(bases) && !mv_dict_set(vm, MV_CAST(MvDict, namespace), vm->names->n___orig_bases__, original))
        return MV_EXC;
    MvValue cls;
    if (plain) {
        if (mv_is_kind(cell, MV_KIND_CELL) && !mv_dict_set(vm, MV_CAST(MvDict, namespace), vm->names->n___classcell__, cell))
            return MV_EXC;
        if (!mv_enter(vm, MV_WHILE_CALLING)) /* the metaclass */
            return MV_EXC;
        cls = mv_class_new(vm, metaclass, name, bases, MV_CAST(MvDict, namespace), keywords ? mv_value(keywords) : MV_NONE);
        mv_leave(vm);
        return cls;
    }
    if (mv_is_kind(cell, MV_KIND_CELL) && !mv_set_item(vm, namespace, vm->names->n___classcell__, cell))
        return MV_EXC;
    args[3] = namespace;
    if (names) {
        memcpy(call->items + 1, args + 1, 24);
        cls = mv_call(vm, metaclass, call->items + 1, 3, mv_value(names));
    } else
        cls = mv_call(vm, metaclass, args + 1, 3, 0);
    if (cls != MV_EXC && mv_is_kind(cell, MV_KIND_CELL) && MV_CAST(MvCell, cell)->value == MV_UNASSIGNED && mv_is_kind(cls, MV_KIND_CLASS))
        mv_store(vm, mv_object(cell), &MV_CAST(MvCell, cell)->value, cls);
    return cls;
}

/* In CPython `class` calls a function, __build_class__. */
MvValue mv_build_class(MvVM *vm, MvValue body, MvValue name, MvValue bases, MvValue kwargs)
{
    const uint32_t counted = !mv_frame_is_warm(vm);
    if (MV_UNLIKELY(vm->depth + counted > vm->depth_limit))
        return mv_raise_recursion(vm, MV_WHILE_CALLING);
    vm->depth += counted;
    MvValue cls = build_class(vm, body, name, bases, kwargs);
    vm->depth -= counted;
    return cls;
}
