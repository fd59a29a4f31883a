/* The table of interned names: one str object for each text that names an attribute, a global, a keyword or a
 * literal.
 *
 * Callers: the loader, attribute access by computed names, everything that uses vm->names. The table is
 * open-addressed with linear probing by the program-visible hash; it lies outside the heap and counts as external
 * memory. It is weak for full collections: a name that nothing refers to goes (INV-intern-1: whoever compares names by
 * address without the collector tracing it - shapes, the shape cache, dependencies, the names that a host's code sites
 * have - is marked or swept in mv_heap_collect). For young collections it is a root: what is old may refer to a young
 * name without the barrier's knowledge.
 * Invariant: a str has MV_STR_INTERNED exactly if it is in the table; so two interned strs are equal only if they
 * are the same object. */
#include "str.h"
#include "arena.h"
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

/* The same names in a table of `wanted` slots. False: no memory. */
static bool rehash(MvInternTable *table, uint64_t wanted)
{
    MvInternTable other = {calloc(wanted, sizeof(MvValue)), wanted - 1, table->count};
    if (!other.slots)
        return false;
    for (uint64_t i = 0; table->slots && i <= table->mask; i++) {
        if (table->slots[i]) {
            const MvStr *s = mv_as_str(table->slots[i]);
            *find_slot(&other, s->hash, s) = table->slots[i];
        }
    }
    free(table->slots);
    *table = other;
    return true;
}

bool mv_intern_grow(MvVM *vm, uint64_t count)
{
    MvInternTable *table = &vm->interned;
    uint64_t slots = table->slots ? table->mask + 1 : 0, wanted = slots ? slots : FIRST_SLOTS;
    while (wanted / 3 * 2 < count)
        wanted *= 2;
    if (wanted == slots)
        return true;
    const int64_t more = (int64_t)((wanted - slots) * sizeof(MvValue));
    if (!mv_heap_account_external(vm, more)) { /* which may collect, but never makes the table larger */
        mv_memory_error(vm);
        return false;
    }
    if (!rehash(table, wanted)) {
        mv_heap_account_external(vm, -more);
        mv_memory_error(vm);
        return false;
    }
    return true;
}

/* ---- for the collector ---- */

void mv_intern_mark(MvVM *vm)
{
    const MvValue *names = (const MvValue *)vm->names;
    for (size_t i = 0; names && i < sizeof *vm->names / sizeof *names; i++)
        mv_mark_value(vm, names[i]);
    const MvInternTable *table = &vm->interned;
    for (uint64_t i = 0; table->slots && !vm->heap.collecting_full && i <= table->mask; i++)
        mv_mark_value(vm, table->slots[i]);
}

/* Empties slot `hole`: what was pushed behind it moves up. */
static void remove_slot(MvInternTable *table, uint64_t hole)
{
    const uint64_t mask = table->mask;
    for (uint64_t i = (hole + 1) & mask; table->slots[i]; i = (i + 1) & mask) {
        uint64_t home = mv_as_str(table->slots[i])->hash & mask;
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            table->slots[hole] = table->slots[i];
            hole = i;
        }
    }
    table->slots[hole] = 0;
    table->count--;
}

void mv_intern_sweep(MvVM *vm)
{
    MvInternTable *table = &vm->interned;
    const uint64_t mask = table->mask, before = table->count;
    uint64_t empty = 0;
    while (table->slots[empty])
        empty++;
    for (uint64_t i = empty + 1; i <= empty + mask;) { /* no run of slots goes past an empty one */
        MvValue name = table->slots[i & mask];
        if (!name || mv_is_marked(mv_object(name)))
            i++;
        else
            remove_slot(table, i & mask); /* and look at what came there */
    }
    vm->stats.names_freed += before - table->count;
    uint64_t wanted = mask + 1;
    while (wanted > FIRST_SLOTS && wanted / 8 > table->count)
        wanted /= 2;
    if (wanted <= mask && rehash(table, wanted))
        mv_heap_account_external(vm, -(int64_t)((mask + 1 - wanted) * sizeof(MvValue)));
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
    MvValue known = *find_slot(table, hash, s);
    if (known)
        return known;
    MvStr *kept = internable(vm, s);
    if (!kept)
        return MV_EXC;
    kept->hash = hash;
    kept->h.aux |= MV_STR_INTERNED;
    *find_slot(table, hash, kept) = mv_value(kept); /* anew: to allocate may have swept the table */
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
