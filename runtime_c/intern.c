/* The table of interned names: one str object for each text that names an attribute, a global, a keyword or a
 * literal.
 *
 * Callers: the loader, attribute access by computed names, everything that uses vm->names. The table is
 * open-addressed with linear probing by the program-visible hash; it lies outside the heap and counts as external
 * memory. Interned strs live as long as the VM (the collector marks the table as a root).
 * Invariant: a str has MV_STR_INTERNED exactly if it is in the table; so two interned strs are equal only if they
 * are the same object. */
#include "str.h"
#include <stdlib.h>

#define FIRST_SLOTS 2048

static MvValue *find_slot(const MvInternTable *table, uint64_t hash, const MvStr *s)
{
    for (uint64_t i = hash & table->mask;; i = (i + 1) & table->mask) {
        MvValue *slot = &table->slots[i];
        if (!*slot)
            return slot;
        const MvStr *other = mv_as_str(*slot);
        if (other->hash == hash && mv_str_equal(other, s))
            return slot;
    }
}

bool mv_intern_grow(MvVM *vm, uint64_t count)
{
    MvInternTable *table = &vm->interned;
    uint64_t slots = table->slots ? table->mask + 1 : 0, wanted = slots ? slots : FIRST_SLOTS;
    while (wanted / 3 * 2 < count)
        wanted *= 2;
    if (wanted == slots)
        return true;
    if (!mv_heap_account_external(vm, (int64_t)((wanted - slots) * sizeof(MvValue)))) {
        mv_memory_error(vm);
        return false;
    }
    MvInternTable larger = {calloc(wanted, sizeof(MvValue)), wanted - 1, table->count};
    if (!larger.slots) {
        mv_heap_account_external(vm, -(int64_t)((wanted - slots) * sizeof(MvValue)));
        mv_memory_error(vm);
        return false;
    }
    for (uint64_t i = 0; i < slots; i++) {
        if (table->slots[i]) {
            const MvStr *s = mv_as_str(table->slots[i]);
            *find_slot(&larger, s->hash, s) = table->slots[i];
        }
    }
    free(table->slots);
    *table = larger;
    return true;
}

/* An exact str with characters of its own that may be marked as interned: s itself, or a copy. */
static MvStr *internable(MvVM *vm, MvStr *s)
{
    if (s->h.shape == MV_CLASS_STR && !(s->h.aux & MV_STR_SHARED) && !(s->h.gc & MV_GC_STATIC))
        return s;
    MvStr *copy = mv_str_new(vm, s->length, mv_str_bound(s));
    if (!copy || !mv_str_copy(vm, copy, 0, s, 0, s->length))
        return NULL;
    copy->hash = s->hash;
    return copy;
}

MvValue mv_intern(MvVM *vm, MvValue v)
{
    MvStr *s = mv_as_str(v);
    if (MV_LIKELY(s->h.aux & MV_STR_INTERNED))
        return v;
    MvInternTable *table = &vm->interned;
    if (MV_UNLIKELY(!table->slots || table->count >= (table->mask + 1) / 3 * 2)) {
        if (!mv_intern_grow(vm, table->count + 1))
            return MV_EXC;
    }
    uint64_t hash;
    if (!mv_str_hash(vm, s, &hash))
        return MV_EXC;
    s->hash = hash;
    MvValue *slot = find_slot(table, hash, s);
    if (*slot)
        return *slot;
    MvStr *kept = internable(vm, s);
    if (!kept)
        return MV_EXC;
    kept->hash = hash;
    kept->h.aux |= MV_STR_INTERNED;
    *slot = mv_value(kept); /* allocation does not touch the table, so the slot is still right */
    table->count++;
    return mv_value(kept);
}

MvValue mv_intern_c(MvVM *vm, const char *ascii)
{
    size_t length = strlen(ascii);
    MvStr probe = {.h = {.gc = MV_GC_STATIC, .kind = MV_KIND_STR, .aux = MV_STR_ASCII}};
    probe.length = (int64_t)length;
    probe.data = (void *)ascii;
    return mv_intern(vm, mv_value(&probe)); /* shape 0 and STATIC: a name that is new gets copied */
}
