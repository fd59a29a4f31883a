/* list.sort: keys, what kind of keys they are, and how to sort them.
 *
 * Callers: list.sort and sorted(). The merge sort is sort_merge.c; many ints, floats or short strs in no order go to
 * sort_radix.c: their order is total, so nobody can tell. While keys are computed and compared the list is empty with
 * capacity -1 (list.c): what the program does to it then is noticed and undone. */
#include "sort.h"

/* ---- what the keys are ---- */

static bool is_immediate_number(MvValue v) { return mv_is_float(v) && mv_word_double(v) == mv_word_double(v); }

static MvSortMode mode_of(MvVM *vm, MvValue v)
{
    if (mv_is_int(v))
        return MV_SORT_INT;
    if (mv_is_float(v))
        return is_immediate_number(v) ? MV_SORT_FLOAT : MV_SORT_ANY;
    if (mv_is_exact_str(vm, v))
        return mv_str_shift(mv_as_str(v)) == 0 ? MV_SORT_BYTES : MV_SORT_STR;
    if (mv_is_exactly(vm, v, MV_CLASS_TUPLE) && MV_CAST(MvTuple, v)->length)
        return MV_SORT_TUPLE;
    return MV_SORT_ANY;
}

static bool is_text(MvSortMode mode) { return mode == MV_SORT_BYTES || mode == MV_SORT_STR; }

static MvValue asked_of(const MvSort *s, int64_t i) { return s->mode == MV_SORT_TUPLE ? MV_CAST(MvTuple, s->keys[i])->items[0] : s->keys[i]; }

/* Does CPython ask the class itself, which saves a level? Numbers and strs call nothing, so that none can tell. */
static bool is_asked(const MvSort *s, const MvClass *cls)
{
    if (!(cls->flags & MV_CLASSF_BUILTIN))
        return true;
    switch (cls->id) {
    case MV_CLASS_INT: case MV_CLASS_BOOL: case MV_CLASS_FLOAT: case MV_CLASS_STR:
        return false;
    case MV_CLASS_TUPLE:
        return s->mode != MV_SORT_TUPLE;
    default:
        return true;
    }
}

static bool classify(MvSort *s)
{
    MvSortMode mode = mode_of(s->vm, s->keys[0]);
    for (int64_t i = 1; i < s->count && mode != MV_SORT_ANY; i++) {
        MvSortMode other = mode_of(s->vm, s->keys[i]);
        if (other != mode)
            mode = is_text(mode) && is_text(other) ? MV_SORT_STR : MV_SORT_ANY;
        if (!(i & 4095) && mv_poll(s->vm))
            return false;
    }
    s->mode = mode;
    /* Where it finds an empty tuple, or none, among tuples CPython compares in full. */
    if (mode == MV_SORT_TUPLE || (mode == MV_SORT_ANY && mode_of(s->vm, s->keys[0]) != MV_SORT_TUPLE)) {
        MvClass *cls = mv_class_of(s->vm, asked_of(s, 0));
        int64_t same = is_asked(s, cls);
        while (same && same < s->count && mv_class_of(s->vm, asked_of(s, same)) == cls)
            same++;
        s->cls = same == s->count ? cls : NULL;
    }
    return true;
}

/* ---- list.sort ---- */

static MvValue *compute_keys(MvVM *vm, const MvValue *items, int64_t count, MvValue key)
{
    MvStore *store = mv_store_new(vm, count);
    if (!store)
        return NULL;
    for (int64_t i = 0; i < count; i++) {
        MvValue v = mv_call1(vm, key, items[i]);
        if (v == MV_EXC || mv_poll(vm))
            return NULL;
        mv_store(vm, store, &store->items[i], v);
    }
    return store->items;
}

static bool sort_items(MvVM *vm, MvValue *items, int64_t count, MvValue key, bool reverse)
{
    MvSort sort = {.vm = vm, .keys = items, .count = count};
    if (key != MV_NONE) {
        sort.keys = compute_keys(vm, items, count, key);
        if (!sort.keys)
            return false;
        sort.values = items;
    }
    if (count < 2)
        return true;
    if (sort.values) { /* while the keys were computed both arrays may have got old, and dirty cards */
        mv_barrier_moved(vm, (char *)sort.keys - offsetof(MvStore, items));
        mv_barrier_moved(vm, (char *)items - offsetof(MvStore, items));
    }
    if (!classify(&sort))
        return false;
    if (reverse) { /* equal items keep their order: reversed before and after */
        mv_values_reverse(items, count);
        if (sort.values)
            mv_values_reverse(sort.keys, count);
    }
    bool done = true;
    int sorted = mv_sort_radix(&sort);
    if (sorted <= 0)
        done = sorted == 0 && mv_sort_merge(&sort);
    if (reverse)
        mv_values_reverse(items, count);
    return done;
}

bool mv_list_sort(MvVM *vm, MvList *list, MvValue key, bool reverse)
{
    MvValue *items = list->items;
    int64_t length = list->length, capacity = list->capacity;
    if (items)
        mv_barrier_moved(vm, mv_list_store(list));
    list->items = NULL;
    list->length = 0;
    list->capacity = -1;
    bool done = length == 0 || sort_items(vm, items, length, key, reverse);
    if (list->capacity != -1 && done) {
        mv_value_error(vm, "list modified during sort");
        done = false;
    }
    list->items = items;
    list->length = length;
    list->capacity = capacity;
    mv_barrier(vm, list);
    return done;
}
