/* Dicts: the table, and the operations that the rest of the runtime calls. Growth and copying: dict_table.c; methods
 * and slots: dict_methods.c.
 *
 * A table holds the entries in insertion order, deleted ones as gaps, and behind them an open-addressed index: words
 * of 1, 2 or 4 bytes with the number of an entry and some bits of its hash (dict.h). A key starts at a slot that small
 * ints hash to in order and goes on by a step of its own (double hashing), so that dense ints do not collide and
 * clusters do not grow. Invariants:
 * - fill + popped <= mv_dict_usable(log2_slots), two thirds of the slots, so that a search always meets an empty
 *   slot; `popped` counts the entries that popitem took off the end. When that is used up the table is rebuilt, exactly
 *   when CPython 3.11 would do it: a program that changes a dict while iterating sees the same entries.
 * - fill <= capacity; capacity may be less than usable, then the entries move to a larger table with the same index.
 * - A table knows whether it has held other keys than strs: CPython's grows at the first of them.
 * - An == that changes the dict makes the search start again, as in CPython.
 * - `version` changes with the set of keys. */
#include "dict.h"
#include "arena.h"

static const struct {
    MvDictTable table;
    uint8_t index[16];
} empty_table = {{.h = {.kind = MV_KIND_DICTTABLE, .gc = MV_GC_STATIC}}, {0xFF}};
const MvDictTable *const mv_dict_empty_table = &empty_table.table;

MvValue mv_dict_new(MvVM *vm)
{
    MvDict *dict = mv_new(vm, sizeof(MvDict), MV_CLASS_DICT, MV_KIND_DICT);
    if (MV_UNLIKELY(!dict))
        return MV_EXC;
    dict->table = (MvDictTable *)mv_dict_empty_table;
    return mv_value(dict);
}

MvValue mv_dict_new_of(MvVM *vm, MvClass *cls)
{
    MvValue v = cls == vm->classes[MV_CLASS_DICT] ? mv_dict_new(vm) : mv_instance_new(vm, cls);
    if (v != MV_EXC)
        MV_CAST(MvDict, v)->table = (MvDictTable *)mv_dict_empty_table;
    return v;
}

/* ---- search ---- */

typedef struct Found {
    int64_t entry; /* -1 absent, -2 raised */
    uint64_t slot; /* where its index stands; absent: where it would be inserted */
} Found;

/* Compares keys of equal hash that are not the same word. 1, 0, -1 raised, -2 the table changed meanwhile. */
static int keys_equal(MvVM *vm, const MvDict *dict, const MvDictTable *table, const MvDictEntry *entry, MvValue key)
{
    MvValue there = entry->key;
    if (mv_both_int(there, key))
        return 0;
    if (mv_is_exact_str(vm, there) && mv_is_exact_str(vm, key))
        return mv_str_equal(mv_as_str(there), mv_as_str(key));
    int equal = mv_equal(vm, there, key);
    if (equal < 0)
        return -1;
    return dict->table == table && entry->key == there ? equal : -2;
}

/* width: the table's, known to the compiler; -3 in .entry: start again. */
MV_INLINE Found search(MvVM *vm, const MvDict *dict, MvValue key, uint64_t hash, int width)
{
    const MvDictTable *table = dict->table;
    const void *index = mv_dict_index(table);
    const uint32_t mask = mv_dict_mask(table), scattered = mv_dict_scatter(hash);
    const uint32_t tag = mv_dict_tag(scattered, mask, width);
    uint64_t slot = mv_dict_first_slot(hash) & mask, vacant = UINT64_MAX;
    for (uint32_t probes = 1;; probes++) {
        uint32_t word = mv_dict_index_get(index, width, slot);
        if (word == mv_dict_empty_word(width))
            return (Found){-1, vacant == UINT64_MAX ? slot : vacant};
        if ((word & ~mask) == tag && word != mv_dict_deleted_word(width)) {
            const MvDictEntry *entry = &table->entries[word & mask];
            if (entry->key == key)
                return (Found){word & mask, slot};
            if (entry->hash == hash) {
                int equal = keys_equal(vm, dict, table, entry, key);
                if (equal > 0)
                    return (Found){word & mask, slot};
                if (equal < 0)
                    return (Found){equal - 1, 0};
            }
        } else if (word == mv_dict_deleted_word(width) && vacant == UINT64_MAX) {
            vacant = slot;
        }
        slot = (slot + mv_dict_step(scattered)) & mask;
        if (MV_UNLIKELY(!(probes & 1023)) && mv_poll(vm))
            return (Found){-2, 0};
    }
}

static Found find(MvVM *vm, const MvDict *dict, MvValue key, uint64_t hash)
{
    for (;;) {
        Found found;
        switch (dict->table->log2_index_width) {
        case 0: found = search(vm, dict, key, hash, 0); break;
        case 1: found = search(vm, dict, key, hash, 1); break;
        default: found = search(vm, dict, key, hash, 2); break;
        }
        if (MV_LIKELY(found.entry != -3))
            return found;
    }
}

int64_t mv_dict_find_hashed(MvVM *vm, MvDict *dict, MvValue key, uint64_t hash)
{
    return dict->used ? find(vm, dict, key, hash).entry : -1;
}

MvDictEntry *mv_dict_find_name(const MvDict *dict, MvValue name)
{
    MvDictTable *table = dict->table;
    if (!dict->used)
        return NULL;
    const void *index = mv_dict_index(table);
    const uint64_t hash = mv_as_str(name)->hash;
    const uint32_t mask = mv_dict_mask(table), scattered = mv_dict_scatter(hash);
    const int width = table->log2_index_width;
    const uint32_t tag = mv_dict_tag(scattered, mask, width);
    for (uint64_t slot = mv_dict_first_slot(hash) & mask;; slot = (slot + mv_dict_step(scattered)) & mask) {
        uint32_t word = mv_dict_index_get(index, width, slot);
        if (word == mv_dict_empty_word(width))
            return NULL;
        if ((word & ~mask) == tag && word != mv_dict_deleted_word(width) && table->entries[word & mask].key == name)
            return &table->entries[word & mask];
    }
}

MvValue mv_dict_get_hashed(MvVM *vm, MvDict *dict, MvValue key, uint64_t hash)
{
    if (!dict->used)
        return MV_UNASSIGNED;
    int64_t i = find(vm, dict, key, hash).entry;
    return i >= 0 ? dict->table->entries[i].value : i == -1 ? MV_UNASSIGNED : MV_EXC;
}

MvValue mv_dict_get(MvVM *vm, MvDict *dict, MvValue key)
{
    uint64_t hash;
    return mv_hash_fast(vm, key, &hash) ? mv_dict_get_hashed(vm, dict, key, hash) : MV_EXC;
}

/* ---- insertion ---- */

static bool insert(MvVM *vm, MvDict *dict, MvValue key, uint64_t hash, MvValue value, uint64_t slot)
{
    MvDictTable *table = dict->table;
    bool is_str = mv_is_exact_str(vm, key);
    if (MV_UNLIKELY(table->fill == table->capacity || mv_dict_has_str_keys(table) > is_str ||
                    table->fill + mv_dict_popped(table) >= mv_dict_usable(table->log2_slots))) {
        int room = mv_dict_make_room(vm, dict, is_str);
        if (!room)
            return false;
        table = dict->table;
        if (room == 2)
            slot = mv_dict_vacant_slot(table, hash);
    }
    int64_t i = table->fill;
    MvDictEntry *entry = &table->entries[i];
    entry->hash = hash;
    entry->key = key;
    entry->value = value;
    if (mv_is_pointer(key))
        mv_barrier_field(vm, table, &entry->key);
    if (mv_is_pointer(value))
        mv_barrier_field(vm, table, &entry->value);
    int width = table->log2_index_width;
    uint32_t tag = mv_dict_tag(mv_dict_scatter(hash), mv_dict_mask(table), width);
    mv_dict_index_set(mv_dict_index_mutable(table), width, slot, tag | (uint32_t)i);
    table->fill = i + 1;
    dict->used++;
    dict->version++;
    return true;
}

bool mv_dict_set_hashed(MvVM *vm, MvDict *dict, MvValue key, uint64_t hash, MvValue value)
{
    Found found = find(vm, dict, key, hash);
    if (found.entry >= 0) {
        mv_store(vm, dict->table, &dict->table->entries[found.entry].value, value);
        return true;
    }
    return found.entry == -1 && insert(vm, dict, key, hash, value, found.slot);
}

bool mv_dict_set(MvVM *vm, MvDict *dict, MvValue key, MvValue value)
{
    uint64_t hash;
    return mv_hash_fast(vm, key, &hash) && mv_dict_set_hashed(vm, dict, key, hash, value);
}

MvValue mv_dict_set_default(MvVM *vm, MvDict *dict, MvValue key, MvValue value)
{
    uint64_t hash;
    if (!mv_hash_fast(vm, key, &hash))
        return MV_EXC;
    Found found = find(vm, dict, key, hash);
    if (found.entry >= 0)
        return dict->table->entries[found.entry].value;
    return found.entry == -1 && insert(vm, dict, key, hash, value, found.slot) ? value : MV_EXC;
}

/* ---- removal ---- */

static MvValue take(MvDict *dict, Found found)
{
    MvDictTable *table = dict->table;
    MvDictEntry *entry = &table->entries[found.entry];
    MvValue value = entry->value;
    int width = table->log2_index_width;
    mv_dict_index_set(mv_dict_index_mutable(table), width, found.slot, mv_dict_deleted_word(width));
    entry->key = MV_UNASSIGNED;
    entry->value = entry->hash = 0;
    dict->used--;
    dict->version++;
    return value;
}

int mv_dict_delete_hashed(MvVM *vm, MvDict *dict, MvValue key, uint64_t hash)
{
    if (!dict->used)
        return 0;
    Found found = find(vm, dict, key, hash);
    if (found.entry < 0)
        return found.entry == -1 ? 0 : -1;
    take(dict, found);
    return 1;
}

int mv_dict_delete(MvVM *vm, MvDict *dict, MvValue key)
{
    uint64_t hash;
    return mv_hash_fast(vm, key, &hash) ? mv_dict_delete_hashed(vm, dict, key, hash) : -1;
}

MvValue mv_dict_pop(MvVM *vm, MvDict *dict, MvValue key, MvValue otherwise)
{
    uint64_t hash;
    if (!dict->used) /* CPython does not hash the key then */
        return otherwise;
    if (!mv_hash_fast(vm, key, &hash))
        return MV_EXC;
    Found found = find(vm, dict, key, hash);
    return found.entry >= 0 ? take(dict, found) : found.entry == -1 ? otherwise : MV_EXC;
}

bool mv_dict_pop_item(MvVM *vm, MvDict *dict, MvValue *key, MvValue *value)
{
    MvDictTable *table = dict->table;
    if (!dict->used)
        return false;
    int64_t i = table->fill - 1;
    while (table->entries[i].key == MV_UNASSIGNED)
        i--;
    *key = table->entries[i].key;
    uint64_t hash = table->entries[i].hash, mask = mv_dict_mask(table), slot = mv_dict_first_slot(hash) & mask;
    while ((mv_dict_index_get(mv_dict_index(table), table->log2_index_width, slot) & mask) != (uint64_t)i)
        slot = (slot + mv_dict_step(mv_dict_scatter(hash))) & mask;
    *value = take(dict, (Found){i, slot});
    mv_dict_set_popped(table, mv_dict_popped(table) + (table->fill - i));
    memset(&table->entries[i], 0, (size_t)(table->fill - i) * sizeof(MvDictEntry));
    table->fill = i;
    return true;
}

void mv_dict_drop_dead(MvDict *dict)
{
    const MvDictTable *table = dict->table;
    uint64_t mask = mv_dict_mask(table);
    for (int64_t i = 0; i < table->fill; i++) {
        MvValue key = table->entries[i].key;
        if (key == MV_UNASSIGNED || mv_is_marked(mv_object(key)))
            continue;
        uint64_t hash = table->entries[i].hash, slot = mv_dict_first_slot(hash) & mask;
        while (mv_dict_index_get(mv_dict_index(table), table->log2_index_width, slot) >= mv_dict_deleted_word(table->log2_index_width) ||
               (mv_dict_index_get(mv_dict_index(table), table->log2_index_width, slot) & mask) != (uint64_t)i)
            slot = (slot + mv_dict_step(mv_dict_scatter(hash))) & mask;
        take(dict, (Found){i, slot});
    }
}

void mv_dict_clear(MvVM *vm, MvDict *dict)
{
    if (dict->table == mv_dict_empty_table)
        return;
    dict->table = (MvDictTable *)mv_dict_empty_table;
    dict->used = 0;
    dict->version++;
}

/* ---- iteration from C ---- */

bool mv_dict_next_hashed(const MvDict *dict, int64_t *position, MvValue *key, MvValue *value, uint64_t *hash)
{
    const MvDictTable *table = dict->table;
    int64_t i = *position;
    while (i < table->fill && table->entries[i].key == MV_UNASSIGNED)
        i++;
    if (i >= table->fill)
        return false;
    *key = table->entries[i].key;
    *value = table->entries[i].value;
    *hash = table->entries[i].hash;
    *position = i + 1;
    return true;
}

bool mv_dict_next(const MvDict *dict, int64_t *position, MvValue *key, MvValue *value)
{
    uint64_t hash;
    return mv_dict_next_hashed(dict, position, key, value, &hash);
}
