/* Making, growing and copying the tables of dicts; merging dicts.
 *
 * Callers: dict.c when a table is full; dict_methods.c, displays and ** calls for copies and updates. When a table
 * grows and by how much is CPython 3.11's rule. No Mini code runs in the functions above mv_dict_merge. */
#include "dict.h"

/* The number of slots that CPython gives for `size`, as log2, with its peculiarities: small sizes get 16 slots. */
static int log2_for_size(int64_t size)
{
    uint64_t n = ((uint64_t)(size | 8) - 1) | 7;
    return 64 - __builtin_clzll(n);
}

static int log2_for_count(int64_t count) { return log2_for_size((count * 3 + 1) / 2); }

static bool numbers_alone(const MvDictTable *old, size_t bytes)
{
    if (bytes <= MV_NUMBERS_MIN_BYTES || old->fill == 0)
        return false;
    if ((size_t)old->capacity * sizeof(MvDictEntry) > MV_NUMBERS_MIN_BYTES)
        return !(old->h.gc & MV_GC_HAS_POINTERS);
    for (int64_t i = 0; i < old->fill; i++) /* the key of a gap is UNASSIGNED: it counts as a pointer */
        if (mv_is_pointer(old->entries[i].key) || mv_is_pointer(old->entries[i].value))
            return false;
    return true;
}

/* For the entries of `old`, which the caller copies. */
static MvDictTable *new_table(MvVM *vm, const MvDictTable *old, int log2_slots, int64_t capacity)
{
    if (log2_slots > 32) {
        mv_too_large(vm);
        return NULL;
    }
    int width = log2_slots < 8 ? 0 : log2_slots < 16 ? 1 : 2;
    size_t index_bytes = (size_t)1 << (log2_slots + width);
    size_t size = sizeof(MvDictTable) + (size_t)capacity * sizeof(MvDictEntry) + index_bytes;
    int gc = numbers_alone(old, size) ? MV_GC_NUMBERS : MV_GC_HAS_POINTERS;
    MvDictTable *table = mv_allocate(vm, size, vm->class_shapes[MV_CLASS_INTERNAL], MV_KIND_DICTTABLE, gc, 0);
    if (!table)
        return NULL;
    table->capacity = capacity;
    table->log2_slots = (uint8_t)log2_slots;
    table->log2_index_width = (uint8_t)width;
    memset(mv_dict_index_mutable(table), 0xFF, index_bytes);
    return table;
}

uint64_t mv_dict_vacant_slot(const MvDictTable *table, uint64_t hash)
{
    const void *index = mv_dict_index(table);
    uint64_t mask = mv_dict_mask(table), slot = mv_dict_first_slot(hash) & mask;
    while ((mv_dict_index_get(index, table->log2_index_width, slot) & mask) < mask - 1) /* an entry's number */
        slot = (slot + mv_dict_step(mv_dict_scatter(hash))) & mask;
    return slot;
}

MV_INLINE bool fill_index(MvVM *vm, MvDictTable *table, int width)
{
    void *index = mv_dict_index_mutable(table);
    const uint32_t mask = mv_dict_mask(table);
    uint64_t probes = 0;
    for (int64_t i = 0; i < table->fill; i++) {
        uint64_t hash = table->entries[i].hash, slot = mv_dict_first_slot(hash) & mask;
        const uint32_t scattered = mv_dict_scatter(hash);
        while (mv_dict_index_get(index, width, slot) != mv_dict_empty_word(width)) {
            slot = (slot + mv_dict_step(scattered)) & mask;
            if (MV_UNLIKELY(!(++probes & 4095)) && mv_poll(vm))
                return false;
        }
        mv_dict_index_set(index, width, slot, mv_dict_tag(scattered, mask, width) | (uint32_t)i);
        if (!(i & 4095) && mv_poll(vm))
            return false;
    }
    return true;
}

/* A table without gaps. The dict stays as it is if this fails. */
static bool rebuild(MvVM *vm, MvDict *dict, int log2_slots, int64_t capacity, bool str_keys)
{
    const MvDictTable *old = dict->table;
    MvDictTable *table = new_table(vm, old, log2_slots, capacity);
    if (!table)
        return false;
    if (old->fill == dict->used) {
        memcpy(table->entries, old->entries, (size_t)old->fill * sizeof(MvDictEntry));
        table->fill = old->fill;
    } else {
        MvDictEntry *to = table->entries;
        for (int64_t i = 0; i < old->fill; i++)
            if (old->entries[i].key != MV_UNASSIGNED)
                *to++ = old->entries[i];
        table->fill = to - table->entries;
    }
    table->pad[0] = str_keys;
    bool done = table->log2_index_width == 0   ? fill_index(vm, table, 0)
                : table->log2_index_width == 1 ? fill_index(vm, table, 1)
                                               : fill_index(vm, table, 2);
    if (!done)
        return false;
    dict->table = table;
    mv_barrier(vm, dict);
    return true;
}

/* The same entries, gaps included, and the same index, in a table for `capacity` entries. */
static MvDictTable *clone_table(MvVM *vm, const MvDictTable *old, int64_t capacity)
{
    MvDictTable *table = new_table(vm, old, old->log2_slots, capacity);
    if (!table)
        return NULL;
    if (!mv_copy_words(vm, table->entries, old->entries, (size_t)old->fill * sizeof(MvDictEntry)))
        return NULL;
    table->fill = old->fill;
    table->pad[0] = old->pad[0];
    mv_dict_set_popped(table, mv_dict_popped(old));
    size_t index_bytes = (size_t)1 << (old->log2_slots + old->log2_index_width);
    return mv_copy_words(vm, mv_dict_index_mutable(table), mv_dict_index(old), index_bytes) ? table : NULL;
}

int mv_dict_make_room(MvVM *vm, MvDict *dict, bool is_str)
{
    const MvDictTable *table = dict->table;
    if (table == mv_dict_empty_table)
        return rebuild(vm, dict, MV_DICT_MIN_LOG2, 3, is_str) ? 2 : 0;
    int64_t usable = mv_dict_usable(table->log2_slots);
    bool str_keys = mv_dict_has_str_keys(table) && is_str;
    if (table->fill + mv_dict_popped(table) < usable && str_keys == mv_dict_has_str_keys(table)) {
        MvDictTable *larger = clone_table(vm, table, usable);
        if (!larger)
            return 0;
        dict->table = larger;
        mv_barrier(vm, dict);
        return 1;
    }
    int log2_slots = log2_for_size(dict->used * 3);
    return rebuild(vm, dict, log2_slots, mv_dict_usable(log2_slots), str_keys) ? 2 : 0;
}

bool mv_dict_presize_keys(MvVM *vm, MvDict *dict, int64_t count, const MvDict *like)
{
    int log2_slots = log2_for_count(count);
    return rebuild(vm, dict, log2_slots, mv_dict_usable(log2_slots), like && mv_dict_has_str_keys(like->table));
}

static bool become_clone(MvVM *vm, MvDict *dict, const MvDict *other)
{
    const MvDictTable *table = other->table;
    int64_t capacity = table->fill + (table->fill >> 3);
    MvDictTable *copy = clone_table(vm, table, capacity < table->capacity ? capacity : table->capacity);
    if (!copy)
        return false;
    dict->table = copy;
    dict->used = other->used;
    dict->version++;
    mv_barrier(vm, dict);
    return true;
}

static MvValue copy_of(MvVM *vm, MvDict *dict, bool plain)
{
    MvValue v = mv_dict_new(vm);
    if (v == MV_EXC || dict->used == 0)
        return v;
    MvDict *copy = MV_CAST(MvDict, v);
    bool dense = dict->used >= dict->table->fill * 2 / 3;
    return (plain && dense ? become_clone(vm, copy, dict) : mv_dict_merge(vm, copy, dict)) ? v : MV_EXC;
}

MvValue mv_dict_copy(MvVM *vm, MvDict *dict) { return copy_of(vm, dict, true); }

bool mv_dict_is_plain(MvVM *vm, MvValue v)
{
    if (!mv_is_kind(v, MV_KIND_DICT))
        return false;
    MvClass *cls = mv_class_of(vm, v), *base = vm->classes[MV_CLASS_DICT];
    return cls == base || mv_special(vm, cls, MV_SP_ITER) == mv_special(vm, base, MV_SP_ITER);
}

bool mv_dict_merge(MvVM *vm, MvDict *dict, MvDict *other)
{
    if (dict == other || other->used == 0)
        return true;
    const MvDictTable *from = other->table;
    if (dict->used == 0 && other->used == from->fill &&
        (from->log2_slots == MV_DICT_MIN_LOG2 || mv_dict_usable(from->log2_slots - 1) < other->used))
        return become_clone(vm, dict, other);
    int64_t usable = dict->table == mv_dict_empty_table ? 0 : mv_dict_usable(dict->table->log2_slots);
    if (usable < other->used) {
        int64_t most = dict->used + other->used;
        int log2_slots = log2_for_count(most);
        bool str_keys = mv_dict_has_str_keys(from) && (!dict->used || mv_dict_has_str_keys(dict->table));
        if (!rebuild(vm, dict, log2_slots, mv_dict_usable(log2_slots), str_keys))
            return false;
    }
    int64_t position = 0, fill = other->table->fill, steps = 0;
    MvValue key, value;
    uint64_t hash;
    while (mv_dict_next_hashed(other, &position, &key, &value, &hash)) {
        if (!mv_dict_set_hashed(vm, dict, key, hash, value))
            return false;
        if (other->table->fill != fill) {
            mv_raise(vm, MV_EXC_RuntimeError, "dict mutated during update");
            return false;
        }
        if (!(++steps & 1023) && mv_poll(vm))
            return false;
    }
    return true;
}

/* ---- update from anything ---- */

MvValue mv_mapping_keys(MvVM *vm, MvValue mapping)
{
    MvValue keys = mv_call_method(vm, mapping, vm->names->n_keys, NULL, 0);
    if (keys == MV_EXC)
        return MV_EXC;
    MvValue iterator = mv_iter(vm, keys);
    if (iterator == MV_EXC && mv_exception_is(vm, MV_EXC_TypeError)) {
        mv_exception_take(vm);
        return mv_type_error(vm, "%T.keys() returned a non-iterable (type %T)", mapping, keys);
    }
    return iterator == MV_EXC ? MV_EXC : mv_list_from_iterable(vm, iterator);
}

static bool update_from_keys(MvVM *vm, MvDict *dict, MvValue mapping)
{
    MvValue keys = mv_mapping_keys(vm, mapping);
    if (keys == MV_EXC)
        return false;
    for (int64_t i = 0; i < MV_CAST(MvList, keys)->length; i++) { /* a list of the runtime's own, as in CPython */
        MvValue key = MV_CAST(MvList, keys)->items[i];
        MvValue value = mv_get_item(vm, mapping, key);
        if (value == MV_EXC || !mv_dict_set(vm, dict, key, value) || mv_poll(vm))
            return false;
    }
    return true;
}

/* The i-th pair as an exact list or tuple of two. */
static MvValue as_pair(MvVM *vm, MvValue item, int64_t i)
{
    MvValue pair = item;
    if (!mv_is_exactly(vm, item, MV_CLASS_LIST) && !mv_is_exactly(vm, item, MV_CLASS_TUPLE)) {
        MvValue iterator = mv_iter(vm, item);
        if (iterator == MV_EXC) {
            if (!mv_exception_is(vm, MV_EXC_TypeError))
                return MV_EXC;
            mv_exception_take(vm);
            return mv_type_error(vm, "cannot convert dictionary update sequence element #%d to a sequence", i);
        }
        pair = mv_list_from_iterable(vm, iterator);
        if (pair == MV_EXC)
            return MV_EXC;
    }
    int64_t length;
    mv_sequence_items(pair, &length);
    if (length != 2)
        return mv_value_error(vm, "dictionary update sequence element #%d has length %d; 2 is required", i, length);
    return pair;
}

static bool update_from_pairs(MvVM *vm, MvDict *dict, MvValue pairs)
{
    MvEach each;
    if (!mv_each_begin(vm, &each, pairs))
        return false;
    for (int64_t i = 0;; i++) {
        MvValue item = mv_each_next(vm, &each);
        if (item == MV_UNASSIGNED)
            return true;
        if (item == MV_EXC)
            return false;
        MvValue pair = as_pair(vm, item, i);
        if (pair == MV_EXC)
            return false;
        int64_t length;
        const MvValue *two = mv_sequence_items(pair, &length);
        if (!mv_dict_set(vm, dict, two[0], two[1]) || mv_poll(vm))
            return false;
    }
}

bool mv_dict_update(MvVM *vm, MvDict *dict, MvValue v)
{
    v = mv_dict_seen(vm, v);
    if (v == MV_EXC)
        return false;
    if (mv_dict_is_plain(vm, v))
        return mv_dict_merge(vm, dict, MV_CAST(MvDict, v));
    if (!mv_is_kind(v, MV_KIND_DICT)) {
        if (mv_is_exactly(vm, v, MV_CLASS_LIST) || mv_is_exactly(vm, v, MV_CLASS_TUPLE) || mv_is_kind(v, MV_KIND_ITER))
            return update_from_pairs(vm, dict, v);
        MvValue keys = mv_get_attr_or(vm, v, vm->names->n_keys);
        if (keys == MV_EXC)
            return false;
        if (keys == MV_UNASSIGNED)
            return update_from_pairs(vm, dict, v);
    }
    return update_from_keys(vm, dict, v);
}
