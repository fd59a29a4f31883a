/* The class dict: slots, methods, constructor. The table is dict.c and dict_table.c, the views dict_views.c.
 *
 * Callers: abstract.c and the interpreter through mv_type_DICT, programs through the method table. */
#include "calling.h"
#include "dict.h"

MV_INLINE MvDict *as_dict(MvValue v) { return MV_CAST(MvDict, v); }

/* ---- slots ---- */

static MvValue item_or_missing(MvVM *vm, MvValue self, MvValue key)
{
    MvValue value = mv_dict_get(vm, as_dict(self), key);
    if (MV_LIKELY(value != MV_UNASSIGNED))
        return value;
    if (!mv_is_exactly(vm, self, MV_CLASS_DICT)) {
        MvValue missing = mv_special(vm, mv_class_of(vm, self), MV_SP_MISSING);
        if (missing == MV_EXC)
            return MV_EXC;
        if (missing != MV_UNASSIGNED) {
            return mv_call_special(vm, missing, self, &key, 1);
        }
    }
    return mv_raise_key_error(vm, key);
}

static MvValue dict_get_item(MvVM *vm, MvValue self, MvValue key)
{
    if (mv_is_exactly(vm, self, MV_CLASS_DICT))
        return item_or_missing(vm, self, key);
    if (!mv_enter(vm, MV_WHILE_CALLING)) /* in CPython dict.__getitem__ is a method: a subclass's items are looked up by a call that counts */
        return MV_EXC;
    MvValue value = item_or_missing(vm, self, key);
    mv_leave(vm);
    return value;
}

static bool dict_set_item(MvVM *vm, MvValue self, MvValue key, MvValue value)
{
    if (value != MV_UNASSIGNED)
        return mv_dict_set(vm, as_dict(self), key, value);
    int deleted = mv_dict_delete(vm, as_dict(self), key);
    if (deleted == 0)
        mv_raise_key_error(vm, key);
    return deleted > 0;
}

static int dict_contains(MvVM *vm, MvValue self, MvValue key)
{
    uint64_t hash;
    if (!mv_hash_fast(vm, key, &hash))
        return -1;
    int64_t i = mv_dict_find_hashed(vm, as_dict(self), key, hash);
    return i >= 0 ? 1 : i == -1 ? 0 : -1;
}

static int64_t dict_length(MvVM *vm, MvValue self) { return as_dict(self)->used; }

static MvValue dict_iter(MvVM *vm, MvValue self)
{
    return mv_dict_iter_new(vm, as_dict(self), MV_CLASS_DICT_KEYITERATOR);
}

static bool append_items(MvVM *vm, MvBuilder *b, const MvDict *dict, MvValue live)
{
    int64_t position = 0, count = 0;
    MvValue key, value;
    while (mv_dict_next(dict, &position, &key, &value)) {
        if (count++)
            mv_builder_ascii(b, ", ", 2);
        if (!mv_builder_value(b, key, true))
            return false;
        mv_builder_ascii(b, ": ", 2);
        if (!mv_builder_value(b, value, true))
            return false;
        if (!(count & 255) && mv_poll(vm)) {
            b->failed = true;
            return false;
        }
        if (live && !mv_namespace_content(vm, live)) {
            b->failed = true;
            return false;
        }
    }
    return true;
}

MvValue mv_dict_repr_live(MvVM *vm, MvValue self, MvValue live)
{
    if (as_dict(self)->used == 0)
        return mv_str_from_ascii(vm, "{}", 2);
    MvValue result;
    int entered = mv_repr_enter(vm, self);
    if (entered <= 0) {
        result = entered < 0 ? MV_EXC : mv_str_from_ascii(vm, "{...}", 5);
    } else {
        MvBuilder b;
        mv_builder_begin(vm, &b);
        mv_builder_char(&b, '{');
        if (append_items(vm, &b, as_dict(self), live))
            mv_builder_char(&b, '}');
        result = mv_builder_end(&b);
        mv_repr_leave(vm, self);
    }
    return result;
}

static MvValue dict_repr(MvVM *vm, MvValue self) { return mv_dict_repr_live(vm, self, 0); }

int mv_dict_equal_live(MvVM *vm, MvDict *a, MvDict *b, MvValue live_a, MvValue live_b)
{
    int64_t position = 0, steps = 0;
    MvValue key, value;
    uint64_t hash;
    if (a->used != b->used)
        return 0;
    while (mv_dict_next_hashed(a, &position, &key, &value, &hash)) {
        MvValue other = mv_dict_get_hashed(vm, b, key, hash);
        if (other == MV_EXC)
            return -1;
        int equal = other == MV_UNASSIGNED ? 0 : mv_equal_fast(vm, value, other);
        if (equal <= 0)
            return equal;
        if ((live_a && !mv_namespace_content(vm, live_a)) || (live_b && !mv_namespace_content(vm, live_b)))
            return -1;
        if (!(++steps & 1023) && mv_poll(vm))
            return -1;
    }
    return 1;
}

static MvValue dict_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    if ((op != MV_COMPARE_EQ && op != MV_COMPARE_NE) || !mv_is_kind(b, MV_KIND_DICT))
        return MV_NOTIMPLEMENTED;
    int equal = mv_dict_equal_live(vm, as_dict(a), as_dict(b), 0, 0);
    return equal < 0 ? MV_EXC : mv_bool((op == MV_COMPARE_EQ) == (equal > 0));
}

static MvValue dict_binary(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (op != MV_BINARY_OR || !mv_is_kind(a, MV_KIND_DICT) || !mv_is_kind(b, MV_KIND_DICT))
        return MV_NOTIMPLEMENTED;
    MvValue result = mv_dict_copy(vm, as_dict(a));
    return result == MV_EXC || !mv_dict_update(vm, as_dict(result), b) ? MV_EXC : result;
}

static MvValue dict_inplace(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (op != MV_BINARY_OR)
        return MV_NOTIMPLEMENTED;
    return mv_dict_update(vm, as_dict(a), b) ? a : MV_EXC;
}

static MvValue dict_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_dict_new_of(vm, cls);
}

/* args without self: what dict() and update() take. */
static bool update_from_args(MvVM *vm, MvDict *dict, const char *function, MvValue *args, int64_t nargs,
                             MvValue kwnames)
{
    if (!mv_count_args(vm, function, nargs, 0, 1) || (nargs && !mv_dict_update(vm, dict, args[0])))
        return false;
    int64_t count = kwnames ? MV_CAST(MvTuple, kwnames)->length : 0;
    for (int64_t i = 0; i < count; i++)
        if (!mv_dict_set(vm, dict, MV_CAST(MvTuple, kwnames)->items[i], args[nargs + i]))
            return false;
    return true;
}

static bool dict_init(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return update_from_args(vm, as_dict(self), "dict", args, nargs, kwnames);
}

/* ---- methods ---- */

static MvValue method_contains(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    int found = dict_contains(vm, args[0], args[1]);
    return found < 0 ? MV_EXC : mv_bool(found);
}

static MvValue method_get_item(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return item_or_missing(vm, args[0], args[1]);
}

static MvValue method_get(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue value = mv_dict_get(vm, as_dict(args[0]), args[1]);
    return value != MV_UNASSIGNED ? value : nargs > 2 ? args[2] : MV_NONE;
}

static MvValue method_set_default(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_dict_set_default(vm, as_dict(args[0]), args[1], nargs > 2 ? args[2] : MV_NONE);
}

static MvValue method_pop(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue value = mv_dict_pop(vm, as_dict(args[0]), args[1], nargs > 2 ? args[2] : MV_UNASSIGNED);
    return value == MV_UNASSIGNED ? mv_raise_key_error(vm, args[1]) : value;
}

static MvValue method_pop_item(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue key, value;
    if (!mv_dict_pop_item(vm, as_dict(args[0]), &key, &value))
        return mv_raise(vm, MV_EXC_KeyError, "popitem(): dictionary is empty");
    return mv_tuple_pair(vm, key, value);
}

static MvValue method_keys(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_dict_view_new(vm, MV_CLASS_DICT_KEYS, args[0]);
}

static MvValue method_items(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_dict_view_new(vm, MV_CLASS_DICT_ITEMS, args[0]);
}

static MvValue method_values(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_dict_view_new(vm, MV_CLASS_DICT_VALUES, args[0]);
}

static MvValue method_update(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return update_from_args(vm, as_dict(args[0]), "update", args + 1, nargs - 1, kwnames) ? MV_NONE : MV_EXC;
}

static bool fill_from_dict(MvVM *vm, MvDict *dict, const MvDict *source, MvValue value)
{
    int64_t position = 0, steps = 0;
    MvValue key, ignored;
    uint64_t hash;
    if (dict->used == 0 && !mv_dict_presize_keys(vm, dict, source->used, source))
        return false;
    while (mv_dict_next_hashed(source, &position, &key, &ignored, &hash))
        if (!mv_dict_set_hashed(vm, dict, key, hash, value) || (!(++steps & 1023) && mv_poll(vm)))
            return false;
    return true;
}

static bool fill_from_set(MvVM *vm, MvDict *dict, const MvSet *source, MvValue value)
{
    int64_t position = 0, steps = 0;
    MvValue key;
    uint64_t hash;
    if (dict->used == 0 && !mv_dict_presize_keys(vm, dict, source->used, NULL))
        return false;
    while (mv_set_next(source, &position, &key, &hash))
        if (!mv_dict_set_hashed(vm, dict, key, hash, value) || (!(++steps & 1023) && mv_poll(vm)))
            return false;
    return true;
}

static bool fill_from_iterable(MvVM *vm, MvValue target, MvValue iterable, MvValue value)
{
    bool exact = mv_is_exactly(vm, target, MV_CLASS_DICT);
    MvEach each;
    if (!mv_each_begin(vm, &each, iterable))
        return false;
    for (;;) {
        MvValue key = mv_each_next(vm, &each);
        if (key == MV_UNASSIGNED)
            return true;
        if (key == MV_EXC || mv_poll(vm))
            return false;
        if (!(exact ? mv_dict_set(vm, as_dict(target), key, value) : mv_set_item(vm, target, key, value)))
            return false;
    }
}

static MvValue method_from_keys(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue iterable = args[1], value = nargs > 2 ? args[2] : MV_NONE;
    MvValue none[2];
    MvValue result = args[0] == mv_value(vm->classes[MV_CLASS_DICT]) ? mv_dict_new(vm)
                                                                     : mv_call(vm, args[0], none + 1, 0, 0);
    iterable = mv_dict_seen(vm, iterable);
    if (result == MV_EXC || iterable == MV_EXC)
        return MV_EXC;
    bool done;
    if (mv_is_exactly(vm, result, MV_CLASS_DICT) && mv_is_exactly(vm, iterable, MV_CLASS_DICT))
        done = fill_from_dict(vm, as_dict(result), as_dict(iterable), value);
    else if (mv_is_exactly(vm, result, MV_CLASS_DICT) &&
             (mv_is_exactly(vm, iterable, MV_CLASS_SET) || mv_is_exactly(vm, iterable, MV_CLASS_FROZENSET)))
        done = fill_from_set(vm, as_dict(result), MV_CAST(MvSet, iterable), value);
    else
        done = fill_from_iterable(vm, result, iterable, value);
    return done ? result : MV_EXC;
}

static MvValue method_clear(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    mv_dict_clear(vm, as_dict(args[0]));
    return MV_NONE;
}

static MvValue method_copy(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_dict_copy(vm, as_dict(args[0]));
}

static MvValue method_reversed(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_dict_iter_new(vm, as_dict(args[0]), MV_CLASS_DICT_REVERSEKEYITERATOR);
}

static MvValue method_class_get_item(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_generic_alias(vm, args[0], args[1]);
}

static const MvMethodDef methods[] = {
    {"__contains__", method_contains, 1, 1, 0, NULL},
    {"__getitem__", method_get_item, 1, 1, 0, NULL},
    {"get", method_get, 1, 2, 0, NULL},
    {"setdefault", method_set_default, 1, 2, 0, NULL},
    {"pop", method_pop, 1, 2, 0, NULL},
    {"popitem", method_pop_item, 0, 0, 0, NULL},
    {"keys", method_keys, 0, 0, 0, NULL},
    {"items", method_items, 0, 0, 0, NULL},
    {"values", method_values, 0, 0, 0, NULL},
    {"update", method_update, 0, 1, MV_DEF_RAW_KEYWORDS | MV_DEF_COUNTED, NULL},
    {"fromkeys", method_from_keys, 1, 2, MV_DEF_CLASS, NULL},
    {"clear", method_clear, 0, 0, 0, NULL},
    {"copy", method_copy, 0, 0, 0, NULL},
    {"__reversed__", method_reversed, 0, 0, 0, NULL},
    {"__class_getitem__", method_class_get_item, 1, 1, MV_DEF_CLASS, NULL},
    {0},
};

const MvTypeDef mv_type_DICT = {
    .kind = MV_KIND_DICT,
    .size = sizeof(MvDict),
    .repr = dict_repr,
    .compare = dict_compare,
    .binary = dict_binary,
    .inplace = dict_inplace,
    .length = dict_length,
    .get_item = dict_get_item,
    .set_item = dict_set_item,
    .contains = dict_contains,
    .iter = dict_iter,
    .make = dict_make,
    .init = dict_init,
    .methods = methods,
    .unhashable = true
};
