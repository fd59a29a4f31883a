/* The table of dependencies: entries in one array, chained by what they rest on; see depend.h for the rules.
 *
 * Look-ups and absences are chained by the name, the others by the address of the cell, shape or class. Flags on
 * those (MvNameCell.dependents, MV_STR_NAME_CACHED, MV_SHAPE_WATCHED, MV_CLASSF_WATCHED) tell writers cheaply that
 * nobody depends on them. Objects do not move, so addresses are keys; INV-depend-2 keeps an address from being met
 * again under another object. */
#include "depend.h"
#include "arena.h"
#include "ic.h"
#include "protocol.h"
#include <stdlib.h>

typedef enum { FREE, CELL, LOOKUP, ABSENCE, TRANSITION, SUBCLASS } Kind;

typedef struct Entry {
    void *on;       /* cell, class, module or shape, by kind */
    MvValue name;   /* LOOKUP, ABSENCE */
    uint32_t unit;
    uint32_t next;  /* index + 1 in the chain, or of the next free entry */
    uint32_t kind;
    uint32_t pad;
} Entry;

typedef struct MvDependencies {
    Entry *entries;
    uint32_t *chains; /* as many as entries, a power of two */
    uint32_t capacity, used, count, free;
    volatile uint8_t **units; /* by number - 1; NULL: free */
    uint32_t unit_count, unit_capacity, free_units;
} MvDependencies;

static uint32_t *chain_of(const MvDependencies *d, uint64_t key)
{
    return &d->chains[(key >> 4) * 0x9E3779B97F4A7C15u >> 32 & (d->capacity - 1)];
}

static uint64_t key_of(const Entry *entry) { return entry->name ? entry->name : (uint64_t)(uintptr_t)entry->on; }

static bool grow(MvVM *vm, MvDependencies *d)
{
    uint32_t capacity = d->capacity ? d->capacity * 2 : 64;
    int64_t bytes = (int64_t)(capacity - d->capacity) * (int64_t)(sizeof *d->entries + sizeof *d->chains);
    if (capacity > 1u << 28 || !mv_heap_account_external(vm, bytes))
        return false;
    Entry *entries = realloc(d->entries, capacity * sizeof *entries);
    if (entries)
        d->entries = entries;
    uint32_t *chains = entries ? calloc(capacity, sizeof *chains) : NULL;
    if (!chains) {
        mv_heap_account_external(vm, -bytes);
        return false;
    }
    free(d->chains);
    d->chains = chains;
    d->capacity = capacity;
    for (uint32_t i = 0; i < d->used; i++) {
        if (entries[i].kind == FREE)
            continue;
        uint32_t *chain = chain_of(d, key_of(&entries[i]));
        entries[i].next = *chain;
        *chain = i + 1;
    }
    return true;
}

/* Unit 0 stands for "no memory for a unit". */
static bool add(MvVM *vm, Kind kind, void *on, MvValue name, uint32_t unit)
{
    MvDependencies *d = vm->dependencies;
    if (!unit || !d->units[unit - 1] || (!d->free && d->used == d->capacity && !grow(vm, d)))
        return false;
    uint32_t index = d->free ? d->free - 1 : d->used++;
    Entry *entry = &d->entries[index];
    if (d->free)
        d->free = entry->next;
    *entry = (Entry){.on = on, .name = name, .unit = unit, .kind = kind};
    uint32_t *chain = chain_of(d, key_of(entry));
    entry->next = *chain;
    *chain = index + 1;
    d->count++;
    return true;
}

/* Takes the entry that *link names out of its chain. */
static void take_out(MvDependencies *d, uint32_t *link)
{
    uint32_t number = *link;
    Entry *entry = &d->entries[number - 1];
    *link = entry->next;
    if (entry->kind == CELL)
        ((MvNameCell *)entry->on)->dependents--;
    *entry = (Entry){.next = d->free};
    d->free = number;
    d->count--;
}

static void notify(MvVM *vm, Kind kind, void *on, MvValue name)
{
    MvDependencies *d = vm->dependencies;
    if (!d || !d->count)
        return;
    Entry key = {.on = on, .name = name};
    for (uint32_t *link = chain_of(d, key_of(&key)); *link;) {
        Entry *entry = &d->entries[*link - 1];
        bool hit = entry->kind == kind && entry->name == name &&
                   (kind == LOOKUP ? mv_is_subclass(entry->on, on) : entry->on == on);
        if (!hit) {
            link = &entry->next;
            continue;
        }
        __atomic_store_n(d->units[entry->unit - 1], 1, __ATOMIC_RELEASE);
        vm->stats.invalidations++;
        take_out(d, link);
    }
}

/* ---- units ---- */

uint32_t mv_depend_unit_new(MvVM *vm, volatile uint8_t *invalid)
{
    MvDependencies *d = vm->dependencies;
    if (!d && !(d = vm->dependencies = calloc(1, sizeof *d)))
        return 0;
    uint32_t index = 0;
    if (d->free_units) {
        while (d->units[index])
            index++;
        d->free_units--;
    } else {
        if (d->unit_count == d->unit_capacity) {
            uint32_t capacity = d->unit_capacity ? d->unit_capacity * 2 : 64;
            volatile uint8_t **units = realloc(d->units, capacity * sizeof *units);
            if (!units)
                return 0;
            d->units = units;
            d->unit_capacity = capacity;
        }
        index = d->unit_count++;
    }
    d->units[index] = invalid;
    return index + 1;
}

static void drop(MvVM *vm, bool (*dead)(const Entry *, const void *), const void *argument)
{
    MvDependencies *d = vm->dependencies;
    for (uint32_t c = 0; d && c < d->capacity; c++)
        for (uint32_t *link = &d->chains[c]; *link;) {
            Entry *entry = &d->entries[*link - 1];
            if (dead(entry, argument))
                take_out(d, link);
            else
                link = &entry->next;
        }
}

static bool is_of_unit(const Entry *entry, const void *unit) { return entry->unit == *(const uint32_t *)unit; }

void mv_depend_unit_drop(MvVM *vm, uint32_t unit)
{
    drop(vm, is_of_unit, &unit);
    vm->dependencies->units[unit - 1] = NULL;
    vm->dependencies->free_units++;
}

/* ---- registering ---- */

bool mv_depend_on_cell(MvVM *vm, MvNameCell *cell, uint32_t unit)
{
    if ((cell->h.aux & MV_CELL_MUTABLE) || cell->value == MV_UNASSIGNED || !add(vm, CELL, cell, 0, unit))
        return false;
    cell->dependents++;
    return true;
}

bool mv_depend_on_lookup(MvVM *vm, MvClass *cls, MvValue name, const MvNameCell *cell, uint32_t unit)
{
    if (mv_class_find(vm, cls, name, NULL) != cell || !add(vm, LOOKUP, cls, name, unit))
        return false;
    mv_ic_note_name(vm, name);
    return true;
}

bool mv_depend_on_absence(MvVM *vm, MvModule *module, MvValue name, uint32_t unit)
{
    if (mv_dict_find_name(module->names, name) || !add(vm, ABSENCE, module, name, unit))
        return false;
    mv_ic_note_name(vm, name);
    return true;
}

bool mv_depend_on_no_transition(MvVM *vm, MvShape *shape, uint32_t unit)
{
    if (shape->transition_count || !add(vm, TRANSITION, shape, 0, unit))
        return false;
    shape->flags |= MV_SHAPE_WATCHED;
    return true;
}

bool mv_depend_on_no_subclass(MvVM *vm, MvClass *cls, uint32_t unit)
{
    if ((cls->subclasses && cls->subclasses->used) || !add(vm, SUBCLASS, cls, 0, unit))
        return false;
    cls->flags |= MV_CLASSF_WATCHED;
    return true;
}

/* ---- notifying ---- */

void mv_depend_cell_ended(MvVM *vm, MvNameCell *cell) { notify(vm, CELL, cell, 0); }
void mv_depend_class_changed(MvVM *vm, MvClass *cls, MvValue name) { notify(vm, LOOKUP, cls, name); }
void mv_depend_name_appeared(MvVM *vm, MvModule *module, MvValue name) { notify(vm, ABSENCE, module, name); }

void mv_depend_transition_made(MvVM *vm, MvShape *shape)
{
    shape->flags &= (uint8_t)~MV_SHAPE_WATCHED;
    notify(vm, TRANSITION, shape, 0);
}

void mv_depend_subclass_made(MvVM *vm, MvClass *cls)
{
    cls->flags &= ~(uint32_t)MV_CLASSF_WATCHED;
    notify(vm, SUBCLASS, cls, 0);
}

/* ---- keeping the table ---- */

static bool rests_on_dead(const Entry *entry, const void *unused)
{
    (void)unused;
    return entry->kind == TRANSITION ? !mv_is_marked(&((MvShape *)entry->on)->cls->h) : !mv_is_marked(entry->on);
}

void mv_depend_mark_names(MvVM *vm)
{
    const MvDependencies *d = vm->dependencies;
    for (uint32_t i = 0; d && i < d->used; i++)
        if (d->entries[i].kind == LOOKUP || d->entries[i].kind == ABSENCE)
            mv_mark_value(vm, d->entries[i].name);
}

void mv_depend_sweep(MvVM *vm)
{
    if (vm->dependencies && vm->dependencies->count)
        drop(vm, rests_on_dead, NULL);
}

uint32_t mv_depend_count(const MvVM *vm) { return vm->dependencies ? vm->dependencies->count : 0; }

void mv_depend_free(MvVM *vm)
{
    MvDependencies *d = vm->dependencies;
    if (!d)
        return;
    free(d->entries);
    free(d->chains);
    free(d->units);
    free(d);
}
