/* Dependencies: what compiled units assume about the program, and the byte of each unit that is set when an
 * assumption ends.
 *
 * The native tiers register; the interpreter's writers notify (mv_cell_rewritten here, class.c, module.c, shape.c). A
 * unit is a compiled function with its invalidation byte in writable memory; code tests the byte after calls that may
 * run Mini code and at polls, so setting it is all that an invalidation does. Mutator only, like everything that
 * changes what is depended upon.
 * INV-depend-1: an assumption that has ended is never registered (mv_depend_* says false), and each registration is
 * notified once and then gone.
 * INV-depend-2: registrations hold nothing alive: those whose cell, class or module died are dropped at the end of
 * marking. */
#pragma once
#include "vm.h"

/* What a name cell says: "constant" from its creation to the first rewrite, "mutable" from then on, for good
 * (MV_CELL_MUTABLE). */

/* A unit for this byte, or 0: no memory (nothing raised). The byte stays in place until the unit is dropped. */
uint32_t mv_depend_unit_new(MvVM *vm, volatile uint8_t *invalid);
void mv_depend_unit_drop(MvVM *vm, uint32_t unit); /* with all its registrations */

/* Each registers an assumption for a unit. False: it does not hold, or there is no memory; the unit may not rest on
 * it. */
bool mv_depend_on_cell(MvVM *vm, MvNameCell *cell, uint32_t unit); /* the cell keeps its value */
/* Looking name up on instances of cls (or, with NULL, nothing) finds `cell`; a plain value in it may still change
 * (mv_depend_on_cell). */
bool mv_depend_on_lookup(MvVM *vm, MvClass *cls, MvValue name, const MvNameCell *cell, uint32_t unit);
/* The module has no such global, so that builtins are in reach. */
bool mv_depend_on_absence(MvVM *vm, MvModule *module, MvValue name, uint32_t unit);
/* No object goes on from this shape to another by a new attribute. */
bool mv_depend_on_no_transition(MvVM *vm, MvShape *shape, uint32_t unit);
bool mv_depend_on_no_subclass(MvVM *vm, MvClass *cls, uint32_t unit);

/* ---- for those who change things ---- */
MV_COLD void mv_depend_cell_ended(MvVM *vm, MvNameCell *cell);
void mv_depend_class_changed(MvVM *vm, MvClass *cls, MvValue name); /* not for a plain value in place of another */
void mv_depend_name_appeared(MvVM *vm, MvModule *module, MvValue name);
MV_COLD void mv_depend_transition_made(MvVM *vm, MvShape *shape);
MV_COLD void mv_depend_subclass_made(MvVM *vm, MvClass *cls);
/* To be called wherever the value of an existing cell is replaced or deleted: the first time ends the cell's
 * constancy. */
MV_INLINE void mv_cell_rewritten(MvVM *vm, MvNameCell *cell)
{
    if (cell->h.aux & MV_CELL_MUTABLE)
        return;
    cell->h.aux |= MV_CELL_MUTABLE;
    if (MV_UNLIKELY(cell->dependents))
        mv_depend_cell_ended(vm, cell);
}

void mv_depend_mark_names(MvVM *vm); /* the collector, of a full collection, which takes names that are not marked out of the table */
void mv_depend_sweep(MvVM *vm); /* the collector, after marking */
uint32_t mv_depend_count(const MvVM *vm); /* registrations, for tests and statistics */
void mv_depend_free(MvVM *vm);
