/* Sets: the table, and the operations on whole tables. Methods, operators and slots: set_methods.c.
 *
 * The table algorithm is CPython 3.11's, because programs see its order: a search looks at up to LINEAR_PROBES
 * neighbours of each slot before it jumps, removed items leave dummies, a new key takes the last dummy that its search
 * passed, and the rules for growing, copying and merging are the same. In the entries the hash 0 is kept as all ones, a
 * value that no hash has, so that an empty entry is the one with hash 0 and key 0 (the int 0 is a key too). A dummy has
 * the key UNASSIGNED and hash 0. An == that changes the table makes the search start again. */
#include "sequence.h"

#define MIN_SIZE 8
#define LINEAR_PROBES 9
#define PERTURB_SHIFT 5

MV_INLINE uint64_t stored(uint64_t hash) { return hash ? hash : UINT64_MAX; }
MV_INLINE uint64_t visible(uint64_t hash) { return hash == UINT64_MAX ? 0 : hash; }
MV_INLINE bool is_empty(const MvSetEntry *e) { return e->hash == 0 && e->key == 0; }
MV_INLINE bool is_used(const MvSetEntry *e) { return e->hash != 0; }

static bool numbers_alone(const MvSetTable *old, size_t bytes)
{
    if (bytes <= MV_NUMBERS_MIN_BYTES)
        return false;
    if ((size_t)old->mask * sizeof(MvSetEntry) > MV_NUMBERS_MIN_BYTES)
        return !(old->h.gc & MV_GC_HAS_POINTERS);
    for (int64_t i = 0; i <= old->mask; i++)
        if (mv_is_pointer(old->entries[i].key))
            return false;
    return true;
}

/* For the entries of `old`, which the caller inserts. */
static MvSetTable *new_table(MvVM *vm, const MvSetTable *old, int64_t size)
{
    if (size > MV_MAX_LENGTH) {
        mv_too_large(vm);
        return NULL;
    }
    size_t bytes = sizeof(MvSetTable) + (size_t)size * sizeof(MvSetEntry);
    int gc = numbers_alone(old, bytes) ? MV_GC_NUMBERS : MV_GC_HAS_POINTERS;
    MvSetTable *table = mv_allocate(vm, bytes, vm->class_shapes[MV_CLASS_INTERNAL], MV_KIND_SETTABLE, gc, 0);
    if (table)
        table->mask = size - 1;
    return table;
}

/* A set without a table is empty, and gets the smallest table when something is added. */
static const struct {
    MvSetTable table;
    MvSetEntry entries[MIN_SIZE];
} empty_table = {.table = {.h = {.kind = MV_KIND_SETTABLE, .gc = MV_GC_STATIC}, .mask = MIN_SIZE - 1}};
#define EMPTY_TABLE ((MvSetTable *)&empty_table.table)

MvValue mv_set_new(MvVM *vm, int class_id)
{
    MvSet *set = mv_new(vm, sizeof(MvSet), class_id, class_id == MV_CLASS_SET ? MV_KIND_SET : MV_KIND_FROZENSET);
    if (MV_UNLIKELY(!set))
        return MV_EXC;
    set->table = EMPTY_TABLE;
    return mv_value(set);
}

MvValue mv_set_new_of(MvVM *vm, MvClass *cls)
{
    if (cls->id == MV_CLASS_SET || cls->id == MV_CLASS_FROZENSET)
        return mv_set_new(vm, (int)cls->id);
    MvValue v = mv_instance_new(vm, cls);
    if (v != MV_EXC)
        MV_CAST(MvSet, v)->table = EMPTY_TABLE;
    return v;
}

/* ---- search ---- */

/* 1 equal, 0 not, -1 raised, -2 the table changed. As in CPython a key that is added counts as there once a == said so, whatever that == did. */
static int keys_equal(MvVM *vm, const MvSet *set, const MvSetTable *table, const MvSetEntry *entry, MvValue key, bool adds)
{
    MvValue there = entry->key;
    if (there == key)
        return 1;
    if (mv_both_int(there, key))
        return 0;
    if (mv_is_exact_str(vm, there) && mv_is_exact_str(vm, key))
        return mv_str_equal(mv_as_str(there), mv_as_str(key));
    int equal = mv_equal(vm, there, key);
    if (equal < 0)
        return -1;
    return (adds && equal) || (set->table == table && entry->key == there) ? equal : -2;
}

/* The entry of the key (1 in *found), or the empty entry at which the search ended (0); NULL: raised. In *dummy, if
 * that is asked for, the last dummy on the way, or NULL: that is where a new key goes. */
static MvSetEntry *search(MvVM *vm, const MvSet *set, MvValue key, uint64_t hash, int *found, MvSetEntry **dummy)
{
restart:;
    MvSetEntry *passed = NULL;
    MvSetTable *table = set->table;
    uint64_t mask = (uint64_t)table->mask, i = hash & mask, perturb = hash, mine = stored(hash);
    for (uint32_t rounds = 1;; rounds++) {
        MvSetEntry *entry = &table->entries[i];
        for (int probes = i + LINEAR_PROBES <= mask ? LINEAR_PROBES : 0; probes >= 0; probes--, entry++) {
            if (entry->hash == mine) {
                int equal = keys_equal(vm, set, table, entry, key, dummy != NULL);
                if (equal == -2)
                    goto restart;
                if (equal) {
                    *found = 1;
                    return equal < 0 ? NULL : entry;
                }
            } else if (is_empty(entry)) {
                *found = 0;
                if (dummy)
                    *dummy = passed;
                return entry;
            } else if (entry->hash == 0) {
                passed = entry;
            }
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + 1 + perturb) & mask;
        if (MV_UNLIKELY(!(rounds & 255)) && mv_poll(vm))
            return NULL;
    }
}

static void insert_clean(MvSetTable *table, MvValue key, uint64_t stored_hash)
{
    uint64_t mask = (uint64_t)table->mask, perturb = visible(stored_hash), i = perturb & mask;
    for (;;) {
        MvSetEntry *entry = &table->entries[i];
        for (int probes = i + LINEAR_PROBES <= mask ? LINEAR_PROBES : 0; probes >= 0; probes--, entry++) {
            if (!entry->hash) {
                entry->hash = stored_hash;
                entry->key = key;
                return;
            }
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + 1 + perturb) & mask;
    }
}

static bool insert_all_clean(MvVM *vm, MvSetTable *to, const MvSetTable *from)
{
    bool pointers = false;
    for (int64_t i = 0; i <= from->mask; i++) {
        const MvSetEntry *entry = &from->entries[i];
        if (is_used(entry)) {
            insert_clean(to, entry->key, entry->hash);
            pointers |= mv_is_pointer(entry->key);
        }
        if (!(i & 1023) && mv_poll(vm))
            return false;
    }
    if (pointers)
        mv_barrier(vm, to);
    return true;
}

bool mv_set_resize(MvVM *vm, MvSet *set, int64_t used)
{
    int64_t size = MIN_SIZE;
    while (size <= used)
        size <<= 1;
    if (size == MIN_SIZE && set->table->mask == MIN_SIZE - 1 && set->fill == set->used && set->table != EMPTY_TABLE)
        return true;
    MvSetTable *table = new_table(vm, set->table, size);
    if (!table || !insert_all_clean(vm, table, set->table))
        return false;
    set->table = table;
    set->fill = set->used;
    mv_barrier(vm, set);
    return true;
}

static bool own_table(MvVM *vm, MvSet *set)
{
    if (MV_LIKELY(set->table != EMPTY_TABLE))
        return true;
    MvSetTable *table = new_table(vm, EMPTY_TABLE, MIN_SIZE);
    if (!table)
        return false;
    set->table = table;
    mv_barrier(vm, set);
    return true;
}

bool mv_set_add_hashed(MvVM *vm, MvSet *set, MvValue key, uint64_t hash)
{
    int found;
    MvSetEntry *dummy, *entry;
    do {
        if (!own_table(vm, set))
            return false;
        entry = search(vm, set, key, hash, &found, &dummy);
        if (!entry || found)
            return entry != NULL;
    } while (set->table == EMPTY_TABLE || (dummy && dummy->hash)); /* an == cleared the set, or filled the dummy, meanwhile */
    MvSetTable *table = set->table;
    if (dummy)
        entry = dummy;
    entry->hash = stored(hash);
    mv_store(vm, table, &entry->key, key);
    set->used++;
    if (dummy)
        return true;
    set->fill++;
    if (MV_LIKELY((uint64_t)set->fill * 5 < (uint64_t)table->mask * 3))
        return true;
    return mv_set_resize(vm, set, set->used > 50000 ? set->used * 2 : set->used * 4);
}

bool mv_set_add(MvVM *vm, MvSet *set, MvValue key)
{
    uint64_t hash;
    return mv_hash_fast(vm, key, &hash) && mv_set_add_hashed(vm, set, key, hash);
}

int mv_set_contains_hashed(MvVM *vm, MvSet *set, MvValue key, uint64_t hash)
{
    int found;
    return search(vm, set, key, hash, &found, NULL) ? found : -1;
}

int mv_set_contains(MvVM *vm, MvSet *set, MvValue key)
{
    uint64_t hash;
    return mv_hash_fast(vm, key, &hash) ? mv_set_contains_hashed(vm, set, key, hash) : -1;
}

int mv_set_discard_hashed(MvVM *vm, MvSet *set, MvValue key, uint64_t hash)
{
    int found;
    MvSetEntry *entry = search(vm, set, key, hash, &found, NULL);
    if (!entry || !found)
        return entry ? 0 : -1;
    entry->key = MV_UNASSIGNED;
    entry->hash = 0;
    set->used--;
    return 1;
}

int mv_set_discard(MvVM *vm, MvSet *set, MvValue key)
{
    uint64_t hash;
    return mv_hash_fast(vm, key, &hash) ? mv_set_discard_hashed(vm, set, key, hash) : -1;
}

bool mv_set_next(const MvSet *set, int64_t *position, MvValue *key, uint64_t *hash)
{
    const MvSetTable *table = set->table;
    int64_t i = *position;
    while (i <= table->mask && !is_used(&table->entries[i]))
        i++;
    *position = i + 1;
    if (i > table->mask)
        return false;
    *key = table->entries[i].key;
    *hash = visible(table->entries[i].hash);
    return true;
}

MvValue mv_set_pop(MvVM *vm, MvSet *set)
{
    if (!set->used)
        return MV_UNASSIGNED;
    MvSetTable *table = set->table;
    int64_t i = set->finger & table->mask;
    while (!is_used(&table->entries[i]))
        i = (i + 1) & table->mask;
    MvValue key = table->entries[i].key;
    table->entries[i] = (MvSetEntry){0, MV_UNASSIGNED};
    set->used--;
    set->finger = i + 1;
    return key;
}

bool mv_set_clear(MvVM *vm, MvSet *set)
{
    set->table = EMPTY_TABLE;
    set->used = set->fill = 0;
    set->hash = 0;
    return true;
}

/* ---- whole sets ---- */

bool mv_set_merge(MvVM *vm, MvSet *set, const MvSet *other)
{
    if (other == set || other->used == 0)
        return true;
    if ((set->fill + other->used) * 5 >= set->table->mask * 3 && !mv_set_resize(vm, set, (set->used + other->used) * 2))
        return false;
    if (!own_table(vm, set))
        return false;
    const MvSetTable *from = other->table;
    if (set->fill == 0 && set->table->mask == from->mask && other->fill == other->used) {
        if (!mv_copy_words(vm, set->table->entries, from->entries, (size_t)(from->mask + 1) * sizeof(MvSetEntry))) {
            mv_set_clear(vm, set);
            return false;
        }
        if (from->h.gc & MV_GC_HAS_POINTERS)
            mv_barrier(vm, set->table);
        set->fill = set->used = other->used;
        return true;
    }
    if (set->fill == 0) {
        MvSetTable *to = set->table;
        if (!insert_all_clean(vm, to, from)) {
            mv_set_clear(vm, set);
            return false;
        }
        set->fill = set->used = other->used;
        return true;
    }
    for (int64_t i = 0; i <= other->table->mask; i++) {
        const MvSetEntry *entry = &other->table->entries[i];
        if (is_used(entry) && !mv_set_add_hashed(vm, set, entry->key, visible(entry->hash)))
            return false;
        if (!(i & 1023) && mv_poll(vm))
            return false;
    }
    return true;
}

static bool update_from_dict(MvVM *vm, MvSet *set, MvDict *dict)
{
    int64_t position = 0, steps = 0;
    MvValue key, value;
    uint64_t hash;
    if ((set->fill + dict->used) * 5 >= set->table->mask * 3 && !mv_set_resize(vm, set, (set->used + dict->used) * 2))
        return false;
    while (mv_dict_next_hashed(dict, &position, &key, &value, &hash))
        if (!mv_set_add_hashed(vm, set, key, hash) || (!(++steps & 1023) && mv_poll(vm)))
            return false;
    return true;
}

bool mv_set_update(MvVM *vm, MvSet *set, MvValue iterable)
{
    if (mv_is_any_set(iterable))
        return mv_set_merge(vm, set, MV_CAST(MvSet, iterable));
    iterable = mv_dict_seen(vm, iterable);
    if (iterable == MV_EXC)
        return false;
    if (mv_is_exactly(vm, iterable, MV_CLASS_DICT))
        return update_from_dict(vm, set, MV_CAST(MvDict, iterable));
    MvEach each;
    if (!mv_each_begin(vm, &each, iterable))
        return false;
    for (;;) {
        MvValue item = mv_each_next(vm, &each);
        if (item == MV_UNASSIGNED)
            return true;
        if (item == MV_EXC || !mv_set_add(vm, set, item) || mv_poll(vm))
            return false;
    }
}

MvValue mv_set_from(MvVM *vm, int class_id, MvValue iterable)
{
    MvValue v = mv_set_new(vm, class_id);
    return v != MV_EXC && mv_set_update(vm, MV_CAST(MvSet, v), iterable) ? v : MV_EXC;
}

static int base_class(const MvSet *set) { return set->h.kind == MV_KIND_SET ? MV_CLASS_SET : MV_CLASS_FROZENSET; }

MvValue mv_set_copy(MvVM *vm, MvSet *set) { return mv_set_from(vm, base_class(set), mv_value(set)); }

/* The contents change places; the finger and the objects stay. */
void mv_set_swap(MvVM *vm, MvSet *a, MvSet *b)
{
    MvSet x = *a;
    a->used = b->used;
    a->fill = b->fill;
    a->table = b->table;
    b->used = x.used;
    b->fill = x.fill;
    b->table = x.table;
    a->hash = b->hash = 0;
    mv_barrier(vm, a);
    mv_barrier(vm, b);
}

/* Walks the smaller of two sets, or the other iterable, and keeps what the other set has. A new set of the kind of
   `set`. */
MvValue mv_set_intersection(MvVM *vm, MvSet *set, MvValue other)
{
    if (other == mv_value(set))
        return mv_set_copy(vm, set);
    MvValue result = mv_set_new(vm, base_class(set));
    if (result == MV_EXC)
        return MV_EXC;
    MvSet *to = MV_CAST(MvSet, result);
    uint64_t hash;
    MvValue key;
    if (mv_is_any_set(other)) {
        MvSet *walked = MV_CAST(MvSet, other), *asked = set;
        if (walked->used > asked->used) {
            walked = set;
            asked = MV_CAST(MvSet, other);
        }
        int64_t position = 0;
        while (mv_set_next(walked, &position, &key, &hash)) {
            int found = mv_set_contains_hashed(vm, asked, key, hash);
            if (found < 0 || (found && !mv_set_add_hashed(vm, to, key, hash)) || (!(position & 1023) && mv_poll(vm)))
                return MV_EXC;
        }
        return result;
    }
    MvEach each;
    if (!mv_each_begin(vm, &each, other))
        return MV_EXC;
    for (;;) {
        key = mv_each_next(vm, &each);
        if (key == MV_UNASSIGNED)
            return result;
        if (key == MV_EXC || !mv_hash_fast(vm, key, &hash) || mv_poll(vm))
            return MV_EXC;
        int found = mv_set_contains_hashed(vm, set, key, hash);
        if (found < 0 || (found && !mv_set_add_hashed(vm, to, key, hash)))
            return MV_EXC;
        if (found && to->used >= set->used) /* all of the set: CPython reads no further */
            return result;
    }
}

static bool discard_all(MvVM *vm, MvSet *set, MvValue other)
{
    if (mv_is_any_set(other)) {
        MvSet *walked = MV_CAST(MvSet, other);
        if (walked->used >> 3 > set->used) { /* far larger: what both have is quicker to walk */
            MvValue common = mv_set_intersection(vm, set, other);
            if (common == MV_EXC)
                return false;
            walked = MV_CAST(MvSet, common);
        }
        int64_t position = 0;
        MvValue key;
        uint64_t hash;
        while (mv_set_next(walked, &position, &key, &hash))
            if (mv_set_discard_hashed(vm, set, key, hash) < 0 || (!(position & 1023) && mv_poll(vm)))
                return false;
        return true;
    }
    MvEach each;
    if (!mv_each_begin(vm, &each, other))
        return false;
    for (;;) {
        MvValue item = mv_each_next(vm, &each);
        if (item == MV_UNASSIGNED)
            return true;
        if (item == MV_EXC || mv_set_discard(vm, set, item) < 0 || mv_poll(vm))
            return false;
    }
}

bool mv_set_difference_update(MvVM *vm, MvSet *set, MvValue other)
{
    if (other == mv_value(set))
        return mv_set_clear(vm, set);
    if (!discard_all(vm, set, other))
        return false;
    if (set->fill - set->used <= set->table->mask / 4) /* else a quarter is dummies */
        return true;
    return mv_set_resize(vm, set, set->used > 50000 ? set->used * 2 : set->used * 4);
}

bool mv_set_symmetric_update(MvVM *vm, MvSet *set, MvValue other)
{
    if (other == mv_value(set))
        return mv_set_clear(vm, set);
    MvValue key, value;
    uint64_t hash;
    int64_t position = 0;
    other = mv_dict_seen(vm, other);
    if (other == MV_EXC)
        return false;
    bool is_dict = mv_is_exactly(vm, other, MV_CLASS_DICT);
    if (!is_dict && !mv_is_any_set(other)) {
        other = mv_set_from(vm, base_class(set), other);
        if (other == MV_EXC)
            return false;
    }
    while (is_dict ? mv_dict_next_hashed(MV_CAST(MvDict, other), &position, &key, &value, &hash)
                   : mv_set_next(MV_CAST(MvSet, other), &position, &key, &hash)) {
        int gone = mv_set_discard_hashed(vm, set, key, hash);
        if (gone < 0 || (!gone && !mv_set_add_hashed(vm, set, key, hash)) || (!(position & 1023) && mv_poll(vm)))
            return false;
    }
    return true;
}

int mv_set_is_subset(MvVM *vm, MvSet *set, MvSet *other)
{
    if (set->used > other->used)
        return 0;
    int64_t position = 0;
    MvValue key;
    uint64_t hash;
    while (mv_set_next(set, &position, &key, &hash)) {
        int found = mv_set_contains_hashed(vm, other, key, hash);
        if (found <= 0)
            return found;
        if (!(position & 1023) && mv_poll(vm))
            return -1;
    }
    return 1;
}
