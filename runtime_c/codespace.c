/* See codespace.h. Order within the file: the region and its frozen page, batches forward, units backward, questions.
 */
#include "codespace.h"
#include "codenote.h"
#include "fault.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLIDE_PAGES 1024u /* the first batch lies at a random one of so many pages */

/* The model checker switches between its actors where a step begins; and it tries what happens without the order. */
#ifdef MV_CODE_MODEL
void mv_model_step(const char *name);
extern bool mv_model_unordered;
#define STEP(name) mv_model_step(name)
#define IN_ORDER(condition) (mv_model_unordered || (condition))
#else
#define STEP(name) ((void)0)
#ifdef MINIVM_ATTACK_API
#define IN_ORDER(condition) ((mv_attack_weak & MV_WEAK_ORDER) || (condition))
#else
#define IN_ORDER(condition) (condition)
#endif
#endif

struct MvCodeBatch {
    MvUnitPlace *places; /* the caller's; valid until the batch is listed or abandoned */
    uint32_t first, count;
    uint32_t live; /* units that are not quarantined */
    uint32_t note; /* MV_NOTE_NONE: none */
    MvPlaced placed;
    MvCodeState state;
};

typedef struct CodeUnit {
    MvCodeBatch *batch;
    uint32_t at, size;
    MvCodeState state; /* from LISTED on; before that the batch's holds */
    uint8_t digest[MV_SIGN_DIGEST];
} CodeUnit;

struct MvCodeSpace {
    char *base;
    MvCodeMemory memory;
    MvGuestList guests;
    MvNotes notes;
    MvCodeSpaceOptions asked; /* until they are frozen */
    bool frozen, watched;
    int process;
    uint32_t cursor; /* where the next batch goes */
    CodeUnit *units;
    MvCodeBatch **batches, **dead; /* by address; those whose addresses were given again */
    uint32_t unit_count, unit_room, batch_count, batch_room, dead_count, dead_room;
    MvCodeStats stats;
    const char *problem; /* instead of a failed system call */
    char why[160];
};

const MvCodeSpaceOptions *mv_codespace_options(const MvCodeSpace *space) { return mv_frozen_options(space->base); }
static const MvCodeSpaceOptions *options(const MvCodeSpace *space) { return mv_frozen_options(space->base); }
static uint32_t whole(uint32_t size) { return mv_granules(size) * MV_NATIVE_GRANULE; }

/* ---- the region ---- */

static const char *const strategy_names[MV_CODE_MEMORY_COUNT] = {"sealed", "flip"};

static const char *missing(const MvCodeSpace *space)
{
    switch (space->asked.memory) {
    case MV_CODE_MEMORY_SEALED:
        return space->memory.has.sealing ? NULL : "no sealed memory file can be mapped executable";
    case MV_CODE_MEMORY_FLIP: return space->memory.has.flipping ? NULL : "no written page can be made executable";
    default: return NULL;
    }
}

static const char *open_region(MvCodeSpace *space)
{
    static const uint8_t none[MV_SIGN_KEY];
    uint32_t slide = 0;
    if (memcmp(space->asked.key, none, sizeof none) == 0 && !mv_codemem_random(space->asked.key, sizeof none))
        return "no random numbers";
    if (!mv_codemem_random(&slide, sizeof slide))
        return "no random numbers";
    space->base = mv_codemem_reserve(&space->memory, MV_NATIVE_REGION_BYTES);
    if (!space->base)
        return "no room for the region of native code";
    mv_codemem_probe(&space->memory, space->base + MV_NATIVE_CODE_START);
    const char *refused = missing(space);
    if (refused)
        return refused;
    if (!mv_guestlist_open(&space->guests, &space->memory, space->base))
        return "the guest list cannot be mapped";
    space->cursor = MV_NATIVE_CODE_START + slide % SLIDE_PAGES * MV_CODE_PAGE;
    space->memory.failed = NULL;
    return NULL;
}

MvCodeSpace *mv_codespace_new(const MvCodeSpaceOptions *asked, char *why, size_t why_size)
{
    MvCodeSpace *space = calloc(1, sizeof *space);
    if (!space) {
        snprintf(why, why_size, "no memory");
        return NULL;
    }
    space->asked = *asked;
    space->asked.recycle = asked->recycle && !asked->permanent;
    space->guests.file = -1;
    space->process = mv_codemem_process();
    const char *refused = open_region(space);
    if (!refused)
        return space;
    const char *name = strategy_names[asked->memory], *call = space->memory.failed;
    if (call)
        snprintf(why, why_size, "--code-memory=%s: %s (%s: %s)", name, refused, call, strerror(space->memory.error));
    else
        snprintf(why, why_size, "--code-memory=%s: %s", name, refused);
    mv_codespace_free(space);
    return NULL;
}

void mv_codespace_free(MvCodeSpace *space)
{
    if (!space)
        return;
    bool ours = space->process == mv_codemem_process();
    bool permanent = space->frozen && options(space)->permanent && space->memory.has.mseal;
    if (space->watched)
        mv_fault_unwatch(space->base);
    for (uint32_t i = 0; i < space->batch_count; i++) {
        const MvPlaced *placed = &space->batches[i]->placed;
        if (ours && permanent)
            mv_guestlist_remove(&space->guests, &space->memory, placed->at, placed->used / MV_NATIVE_GRANULE);
        mv_codemem_close(placed->file);
        free(space->batches[i]);
    }
    for (uint32_t i = 0; i < space->dead_count; i++)
        free(space->dead[i]);
    mv_guestlist_close(&space->guests);
    if (space->base && !permanent)
        mv_codemem_release(space->base, MV_NATIVE_REGION_BYTES);
    free(space->batches);
    free(space->dead);
    free(space->units);
    free(space);
}

static bool write_frozen(MvCodeSpace *space, int file, const MvFrozenPart *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (parts[i].size > MV_NATIVE_OPTIONS_AT || parts[i].at > MV_NATIVE_OPTIONS_AT - parts[i].size)
            return false;
        if (!mv_codemem_write(&space->memory, file, parts[i].bytes, parts[i].size, parts[i].at))
            return false;
    }
    return mv_codemem_write(&space->memory, file, &space->asked, sizeof space->asked, MV_NATIVE_OPTIONS_AT) &&
           mv_codemem_seal_file(&space->memory, file) &&
           mv_codemem_map_sealed(&space->memory, file, space->base, MV_NATIVE_FROZEN_BYTES, false);
}

bool mv_codespace_freeze(MvCodeSpace *space, const MvFrozenPart *parts, size_t count)
{
    _Static_assert(MV_NATIVE_OPTIONS_AT + sizeof space->asked <= MV_NATIVE_FROZEN_BYTES, "the options have their place");
    if (space->frozen)
        return false;
    int file = mv_codemem_file(&space->memory, "minivm-frozen", MV_NATIVE_FROZEN_BYTES);
    if (file < 0)
        return false;
    bool done = write_frozen(space, file, parts, count);
    mv_codemem_close(file);
    if (done && (options(space)->watch || options(space)->lazy_seal))
        done = space->watched = mv_fault_watch(space->base);
    /* The frozen page and the tables behind it are one range. */
    if (done && options(space)->permanent)
        done = mv_codemem_make_permanent(&space->memory, space->base, MV_NATIVE_CODE_START);
    space->frozen = done;
    return done;
}

/* ---- forward ---- */

static MvCodeResult failed(MvCodeSpace *space)
{
    space->stats.failed++;
    return MV_CODE_FAILED;
}

static MvCodeResult fails(MvCodeSpace *space, const char *problem)
{
    space->problem = problem;
    return failed(space);
}

static MvCodeResult tampered(MvCodeSpace *space, const char *problem)
{
    space->stats.tampered++;
    space->problem = problem;
    return MV_CODE_TAMPERED;
}

static void enter(MvCodeSpace *space, MvCodeBatch *batch, MvCodeState state)
{
    batch->state = state;
    space->stats.units[state] += batch->count;
}

static bool grow(void *array, uint32_t *room, uint32_t needed, size_t each)
{
    if (needed <= *room)
        return true;
    uint32_t wanted = 2 * needed;
    void *grown = wanted > needed ? realloc(*(void **)array, wanted * each) : NULL;
    if (!grown)
        return false;
    *(void **)array = grown;
    *room = wanted;
    return true;
}

/* Gives the addresses of a quarantined batch of the same size to a new one. */
static bool take_over(MvCodeSpace *space, MvCodeBatch *batch)
{
    for (uint32_t i = 0; options(space)->recycle && i < space->batch_count; i++) {
        MvCodeBatch *old = space->batches[i];
        if (!IN_ORDER(old->state == MV_CODE_STATE_QUARANTINED) || old->placed.size != batch->placed.size)
            continue;
        batch->placed.at = old->placed.at;
        batch->placed.recycled = true;
        for (uint32_t j = 0; j < old->count; j++)
            space->units[old->first + j].state = MV_CODE_STATE_RECYCLED;
        enter(space, old, MV_CODE_STATE_RECYCLED);
        space->batches[i] = batch;
        space->dead[space->dead_count++] = old;
        return true;
    }
    return false;
}

static bool make_room(MvCodeSpace *space, size_t count)
{
    return count < MV_NATIVE_GRANULES &&
           grow(&space->units, &space->unit_room, space->unit_count + (uint32_t)count, sizeof *space->units) &&
           grow(&space->batches, &space->batch_room, space->batch_count + 1, sizeof *space->batches) &&
           grow(&space->dead, &space->dead_room, space->dead_count + 1, sizeof *space->dead);
}

MvCodeResult mv_codespace_begin(MvCodeSpace *space, MvUnitPlace *places, size_t count, MvCodeBatch **out)
{
    *out = NULL;
    space->problem = NULL;
    if (!space->frozen || space->process != mv_codemem_process())
        return fails(space, space->frozen ? "the process was forked" : "nothing is frozen yet");
    uint64_t used = 0;
    for (size_t i = 0; i < count && used < MV_NATIVE_REGION_BYTES; i++)
        used += whole(places[i].size);
    uint64_t size = (used + MV_CODE_PAGE - 1) / MV_CODE_PAGE * MV_CODE_PAGE, limit = options(space)->code_limit;
    if (!size) {
        space->stats.refused++;
        return MV_CODE_REFUSED;
    }
    MvCodeBatch *batch = make_room(space, count) ? malloc(sizeof *batch) : NULL;
    if (!batch)
        return fails(space, "no memory");
    uint32_t number = (uint32_t)count;
    *batch = (MvCodeBatch){.places = places,
                           .first = space->unit_count,
                           .count = number,
                           .live = number,
                           .note = MV_NOTE_NONE,
                           .placed = {.size = (uint32_t)size, .used = (uint32_t)used, .file = -1}};
    if (!take_over(space, batch)) {
        if (size + MV_CODE_GUARD > MV_NATIVE_REGION_BYTES - space->cursor ||
            (limit && space->stats.page_bytes + size > limit)) {
            free(batch);
            space->stats.full++;
            space->problem = "the code space is full";
            return MV_CODE_FULL;
        }
        batch->placed.at = space->cursor;
        space->cursor += batch->placed.size + MV_CODE_GUARD;
        space->stats.page_bytes += size;
        space->batches[space->batch_count++] = batch;
    }
    uint32_t at = batch->placed.at;
    for (size_t i = 0; i < count; i++) {
        places[i].at = at;
        places[i].unit = space->unit_count;
        space->units[space->unit_count++] = (CodeUnit){.batch = batch, .at = at, .size = places[i].size};
        space->stats.code_bytes += places[i].size;
        at += whole(places[i].size);
    }
    space->stats.batches++;
    enter(space, batch, MV_CODE_STATE_EMITTED);
    *out = batch;
    return MV_CODE_OK;
}

static bool is_valid(const MvUnitPlace *place)
{
    if (!place->bytes || !place->size)
        return false;
    for (uint32_t i = 0; i < place->entry_count; i++) {
        MvEntry entry = place->entries[i];
        if (entry.at >= place->size || entry.at % MV_NATIVE_GRANULE || entry.entry_class == MV_ENTRY_NONE)
            return false;
    }
    return true;
}

MvCodeResult mv_codespace_check(MvCodeSpace *space, MvCodeBatch *batch)
{
    STEP("check");
    if (!IN_ORDER(batch->state == MV_CODE_STATE_EMITTED))
        return MV_CODE_ORDER;
    for (uint32_t i = 0; i < batch->count; i++)
        if (!is_valid(&batch->places[i])) {
            space->stats.refused++;
            space->problem = "a unit is malformed";
            return MV_CODE_REFUSED;
        }
    enter(space, batch, MV_CODE_STATE_CHECKED);
    return MV_CODE_OK;
}

MvCodeResult mv_codespace_accept(MvCodeSpace *space, MvCodeBatch *batch)
{
    STEP("accept");
    if (!IN_ORDER(batch->state == MV_CODE_STATE_CHECKED))
        return MV_CODE_ORDER;
    for (uint32_t i = 0; i < batch->count; i++)
        memcpy(space->units[batch->first + i].digest, batch->places[i].digest, MV_SIGN_DIGEST);
    enter(space, batch, MV_CODE_STATE_SIGNED);
    return MV_CODE_OK;
}

static void fill_classes(uint8_t *classes, const MvEntry *entries, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        classes[entries[i].at / MV_NATIVE_GRANULE] = entries[i].entry_class;
}

/* The batch as it will lie in memory: traps between and behind the units. */
static void fill_code(const MvCodeBatch *batch, uint8_t *out)
{
    uint32_t done = 0;
    for (uint32_t i = 0; i < batch->count; i++) {
        const MvUnitPlace *place = &batch->places[i];
        uint32_t room = whole(place->size);
        memcpy(out + done, place->bytes, place->size);
        memset(out + done + place->size, MV_CODE_TRAP, room - place->size);
        done += room;
    }
    memset(out + done, MV_CODE_TRAP, batch->placed.size - done);
}

static bool leave_note(MvCodeSpace *space, MvCodeBatch *batch)
{
    MvNote *note = mv_codenote_new(&space->notes, batch->count);
    if (!note)
        return true; /* the batch has to be sealed by its own steps */
    note->placed = batch->placed;
    note->has = space->memory.has;
    note->guests = space->guests.file;
    for (uint32_t i = 0; i < batch->count; i++) {
        const CodeUnit *unit = &space->units[batch->first + i];
        note->units[i].size = unit->size;
        memcpy(note->units[i].digest, unit->digest, MV_SIGN_DIGEST);
    }
    batch->note = mv_codenote_leave(&space->notes, &space->guests, &space->memory, note);
    free(note);
    return batch->note != MV_NOTE_NONE;
}

MvCodeResult mv_codespace_place(MvCodeSpace *space, MvCodeBatch *batch)
{
    STEP("place");
    if (!IN_ORDER(batch->state == MV_CODE_STATE_SIGNED))
        return MV_CODE_ORDER;
    MvPlaced *placed = &batch->placed;
    uint32_t count = placed->used / MV_NATIVE_GRANULE;
    uint8_t *scratch = malloc(placed->size);
    if (!scratch)
        return fails(space, "no memory");
    memset(scratch, 0, count);
    for (uint32_t i = 0; i < batch->count; i++) {
        const MvUnitPlace *place = &batch->places[i];
        fill_classes(scratch + (place->at - placed->at) / MV_NATIVE_GRANULE, place->entries, place->entry_count);
    }
    bool done = mv_guestlist_draft(&space->guests, &space->memory, placed->at, scratch, count);
    if (done) {
        fill_code(batch, scratch);
        done = mv_codeseal_place(&space->memory, space->base, placed, scratch);
    }
    free(scratch);
    if (!done || (options(space)->lazy_seal && !leave_note(space, batch)))
        return failed(space);
    enter(space, batch, MV_CODE_STATE_PLACED);
    return MV_CODE_OK;
}

MvCodeResult mv_codespace_seal(MvCodeSpace *space, MvCodeBatch *batch)
{
    STEP("seal");
    if (!IN_ORDER(batch->state == MV_CODE_STATE_PLACED))
        return MV_CODE_ORDER;
    if (batch->note != MV_NOTE_NONE) {
        mv_codenote_drop(&space->notes, &space->guests, &space->memory, batch->note);
        batch->note = MV_NOTE_NONE;
    }
    if (!mv_codeseal_seal(&space->memory, space->base, &batch->placed))
        return failed(space);
    enter(space, batch, MV_CODE_STATE_SEALED);
    return MV_CODE_OK;
}

MvCodeResult mv_codespace_sync(MvCodeSpace *space, MvCodeBatch *batch)
{
    STEP("sync");
    if (!IN_ORDER(batch->state == MV_CODE_STATE_SEALED))
        return MV_CODE_ORDER;
    if (!mv_codeseal_sync(&space->memory, space->base, &batch->placed))
        return failed(space);
    enter(space, batch, MV_CODE_STATE_SYNCED);
    return MV_CODE_OK;
}

MvCodeResult mv_codespace_verify(MvCodeSpace *space, MvCodeBatch *batch)
{
    STEP("verify");
    if (!IN_ORDER(batch->state == MV_CODE_STATE_SYNCED))
        return MV_CODE_ORDER;
    for (uint32_t i = 0; i < batch->count; i++) {
        const CodeUnit *unit = &space->units[batch->first + i];
        uint32_t end = i + 1 < batch->count ? unit->at + whole(unit->size) : batch->placed.at + batch->placed.size;
        if (!mv_codeseal_verify(space->base, unit->at, unit->size, end, unit->digest))
            return tampered(space, "sealed code is not the code that was signed");
    }
    enter(space, batch, MV_CODE_STATE_VERIFIED);
    return MV_CODE_OK;
}

static MvCodeResult listed(MvCodeSpace *space, MvCodeBatch *batch)
{
    enter(space, batch, MV_CODE_STATE_LISTED);
    for (uint32_t i = 0; i < batch->count; i++)
        space->units[batch->first + i].state = MV_CODE_STATE_LISTED;
    return MV_CODE_OK;
}

MvCodeResult mv_codespace_list(MvCodeSpace *space, MvCodeBatch *batch)
{
    STEP("list");
    if (!IN_ORDER(batch->state == MV_CODE_STATE_VERIFIED))
        return MV_CODE_ORDER;
    uint32_t count = batch->placed.used / MV_NATIVE_GRANULE;
    bool written = mv_guestlist_add(&space->guests, &space->memory, batch->placed.at, count);
    if (written && mv_guestlist_agrees(&space->guests, batch->placed.at, count))
        return listed(space, batch);
    mv_guestlist_remove(&space->guests, &space->memory, batch->placed.at, count);
    return written ? tampered(space, "the guest list is not what was signed") : failed(space);
}

/* The fault handler sealed, verified and listed the batch. */
static MvCodeResult adopt(MvCodeSpace *space, MvCodeBatch *batch)
{
    mv_codenote_drop(&space->notes, &space->guests, &space->memory, batch->note);
    batch->note = MV_NOTE_NONE;
    batch->placed.file = -1; /* the handler closed it */
    space->stats.lazy_seals++;
    for (MvCodeState state = MV_CODE_STATE_SEALED; state < MV_CODE_STATE_LISTED; state++)
        enter(space, batch, state);
    return listed(space, batch);
}

void mv_codespace_abandon(MvCodeSpace *space, MvCodeBatch *batch)
{
    if (batch->note != MV_NOTE_NONE)
        mv_codenote_drop(&space->notes, &space->guests, &space->memory, batch->note);
    batch->note = MV_NOTE_NONE;
    mv_codemem_close(batch->placed.file);
    batch->placed.file = -1;
    batch->live = 0;
    for (uint32_t i = 0; i < batch->count; i++)
        space->units[batch->first + i].state = MV_CODE_STATE_QUARANTINED;
    if (mv_codeseal_retire(&space->memory, space->base, &batch->placed))
        batch->state = MV_CODE_STATE_QUARANTINED;
}

MvCodeResult mv_codespace_finish(MvCodeSpace *space, MvCodeBatch *batch)
{
    static MvCodeResult (*const steps[])(MvCodeSpace *, MvCodeBatch *) = {
        mv_codespace_check, mv_codespace_accept, mv_codespace_place, mv_codespace_seal,
        mv_codespace_sync,  mv_codespace_verify, mv_codespace_list,
    };
    if (batch->note != MV_NOTE_NONE && mv_codenote_at(space->base, batch->note)->state == MV_NOTE_COMPLETED)
        return adopt(space, batch);
    MvCodeResult result = batch->state < MV_CODE_STATE_LISTED ? MV_CODE_OK : MV_CODE_ORDER;
    while (result == MV_CODE_OK && batch->state < MV_CODE_STATE_LISTED)
        result = steps[batch->state](space, batch);
    if (result == MV_CODE_TAMPERED)
        mv_violation("digest", "tampered", space->base + batch->placed.at, NULL);
    if (result != MV_CODE_OK && result != MV_CODE_ORDER)
        mv_codespace_abandon(space, batch);
    return result;
}

MvCodeResult mv_codespace_install(MvCodeSpace *space, MvUnitPlace *places, size_t count)
{
    MvCodeBatch *batch;
    MvCodeResult result = mv_codespace_begin(space, places, count, &batch);
    return result == MV_CODE_OK ? mv_codespace_finish(space, batch) : result;
}

void mv_codespace_sign(const MvCodeSpace *space, MvUnitPlace *places, size_t count)
{
    uint8_t small[512];
    for (size_t i = 0; i < count; i++) {
        uint32_t n = mv_granules(places[i].size);
        uint8_t *classes = n <= sizeof small ? small : malloc(n);
        memset(places[i].digest, 0, sizeof places[i].digest);
        if (classes && is_valid(&places[i])) {
            memset(classes, 0, n);
            fill_classes(classes, places[i].entries, places[i].entry_count);
            mv_native_digest(places[i].digest, options(space)->key, classes, n, places[i].bytes, places[i].size);
        }
        if (classes != small)
            free(classes);
    }
}

/* ---- backward ---- */

static MvCodeResult go(MvCodeSpace *space, uint32_t unit, MvCodeState state)
{
    space->units[unit].state = state;
    space->stats.units[state]++;
    return MV_CODE_OK;
}

static bool is_in(const MvCodeSpace *space, uint32_t unit, MvCodeState state)
{
    return unit < space->unit_count && space->units[unit].state == state;
}

MvCodeResult mv_codespace_publish(MvCodeSpace *space, uint32_t unit)
{
    if (!IN_ORDER(is_in(space, unit, MV_CODE_STATE_LISTED)))
        return MV_CODE_ORDER;
    return go(space, unit, MV_CODE_STATE_PUBLISHED);
}

MvCodeResult mv_codespace_unpublished(MvCodeSpace *space, uint32_t unit)
{
    if (!IN_ORDER(is_in(space, unit, MV_CODE_STATE_PUBLISHED) || is_in(space, unit, MV_CODE_STATE_LISTED)))
        return MV_CODE_ORDER;
    return go(space, unit, MV_CODE_STATE_UNPUBLISHED);
}

MvCodeResult mv_codespace_unlist(MvCodeSpace *space, uint32_t unit)
{
    STEP("unlist");
    if (!IN_ORDER(is_in(space, unit, MV_CODE_STATE_UNPUBLISHED)))
        return MV_CODE_ORDER;
    const CodeUnit *found = &space->units[unit];
    if (!mv_guestlist_remove(&space->guests, &space->memory, found->at, mv_granules(found->size)))
        return failed(space);
    return go(space, unit, MV_CODE_STATE_UNLISTED);
}

MvCodeResult mv_codespace_quiesce(MvCodeSpace *space, uint32_t unit, MvCodeInside *inside, void *context)
{
    STEP("quiesce");
    if (!IN_ORDER(is_in(space, unit, MV_CODE_STATE_UNLISTED)))
        return MV_CODE_ORDER;
    const char *start = space->base + space->units[unit].at;
    if (inside(context, start, start + space->units[unit].size))
        return MV_CODE_BUSY;
    return go(space, unit, MV_CODE_STATE_QUIESCENT);
}

MvCodeResult mv_codespace_quarantine(MvCodeSpace *space, uint32_t unit)
{
    STEP("quarantine");
    if (!IN_ORDER(is_in(space, unit, MV_CODE_STATE_QUIESCENT)))
        return MV_CODE_ORDER;
    MvCodeBatch *batch = space->units[unit].batch;
    go(space, unit, MV_CODE_STATE_QUARANTINED);
    if (--batch->live)
        return MV_CODE_OK;
    if (!mv_codeseal_retire(&space->memory, space->base, &batch->placed))
        return failed(space);
    batch->state = MV_CODE_STATE_QUARANTINED; /* only now may the addresses be given again */
    return MV_CODE_OK;
}

/* ---- questions ---- */

char *mv_codespace_base(const MvCodeSpace *space) { return space->base; }

bool mv_codespace_is_listed(const MvCodeSpace *space, const void *target, uint8_t entry_class)
{
    if (!options(space)->guests)
        return true;
    return entry_class != MV_ENTRY_NONE && mv_guestlist_class(space->base, target) == entry_class;
}

MvCodeState mv_codespace_state(const MvCodeSpace *space, uint32_t unit)
{
    const CodeUnit *found = &space->units[unit];
    return found->state >= MV_CODE_STATE_LISTED ? found->state : found->batch->state;
}

MvCodeStats mv_codespace_stats(const MvCodeSpace *space)
{
    MvCodeStats stats = space->stats;
    stats.calls = space->memory.calls;
    return stats;
}

const MvCodeFacilities *mv_codespace_facilities(const MvCodeSpace *space) { return &space->memory.has; }

const char *mv_codespace_why(MvCodeSpace *space)
{
    if (space->problem || !space->memory.failed)
        return space->problem ? space->problem : "";
    snprintf(space->why, sizeof space->why, "%s: %s", space->memory.failed, strerror(space->memory.error));
    return space->why;
}

const char *mv_codespace_state_name(MvCodeState state)
{
#define NAME(name) #name,
    static const char *const names[] = {MV_CODE_STATES(NAME)};
#undef NAME
    return names[state];
}
