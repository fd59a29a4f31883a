/* See codespace.h. Order within the file: the region and its frozen page, batches forward, units backward, questions. */
#include "codespace.h"
#include "fault.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 4096u
#define GUARD PAGE
#define SLIDE_PAGES 1024u /* the first batch lies at a random one of so many pages */
#define TRAP 0xcc         /* int3: what fills the rest of granules and pages */

/* The model checker switches between its actors here. */
#ifndef MV_CODE_STEP
#define MV_CODE_STEP(name) ((void)0)
#endif
/* The model checker and the attacks try what happens without the order. */
#ifndef MV_CODE_ORDERED
#define MV_CODE_ORDERED(condition) (condition)
#endif

struct MvCodeBatch {
    MvCodeBatch *next;
    MvUnitPlace *places; /* the caller's, until the batch is listed */
    uint32_t first, count;
    uint32_t at, size, used; /* size in whole pages; used in whole granules */
    uint32_t live;           /* units that are not quarantined */
    int file;
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
    MvCodeSpaceOptions asked; /* until they are frozen */
    bool frozen;
    int process;
    uint32_t cursor, first_code; /* where the next batch goes; where the first one went */
    CodeUnit *units;
    uint32_t unit_count, unit_room;
    MvCodeBatch *batches;
    MvCodeStats stats;
    const char *problem; /* instead of a failed system call */
    char why[160];
};

static uint32_t granules(uint32_t size) { return (size + MV_NATIVE_GRANULE - 1) / MV_NATIVE_GRANULE; }
static uint8_t *code_at(const MvCodeSpace *space, uint32_t at) { return (uint8_t *)space->base + at; }

const MvNativeOptions *mv_codespace_options(const MvCodeSpace *space)
{
    return (const MvNativeOptions *)(space->base + MV_NATIVE_OPTIONS_AT);
}

static const MvCodeSpaceOptions *options(const MvCodeSpace *space) { return &mv_codespace_options(space)->space; }

/* ---- the region ---- */

static const char *const strategy_names[MV_CODE_MEMORY_COUNT] = {"sealed", "flip"};

static const char *missing(const MvCodeSpace *space)
{
    switch (space->asked.memory) {
    case MV_CODE_MEMORY_SEALED: return space->memory.has.sealing ? NULL : "no sealed memory file can be mapped executable";
    case MV_CODE_MEMORY_FLIP: return space->memory.has.flipping ? NULL : "no written page can be made executable";
    default: return NULL;
    }
}

MvCodeSpace *mv_codespace_new(const MvCodeSpaceOptions *asked, char *why, size_t why_size)
{
    MvCodeSpace *space = calloc(1, sizeof *space);
    if (!space) {
        snprintf(why, why_size, "no memory");
        return NULL;
    }
    space->asked = *asked;
    space->guests.file = -1;
    space->process = mv_codemem_process();
    static const uint8_t none[MV_SIGN_KEY];
    uint32_t slide = 0;
    bool random = memcmp(asked->key, none, sizeof none) || mv_codemem_random(space->asked.key, sizeof none);
    random = random && mv_codemem_random(&slide, sizeof slide);
    const char *refused = NULL;
    if (!random)
        refused = "no random numbers";
    else if (!(space->base = mv_codemem_reserve(&space->memory, MV_NATIVE_REGION_BYTES)))
        refused = "no room for the region of native code";
    else {
        mv_codemem_probe(&space->memory, space->base + MV_NATIVE_CODE_START);
        refused = missing(space);
        if (!refused && !mv_guestlist_open(&space->guests, &space->memory, space->base))
            refused = "the guest list cannot be mapped";
    }
    if (refused) {
        const char *call = space->memory.failed;
        snprintf(why, why_size, "--code-memory=%s: %s%s%s%s%s", strategy_names[asked->memory], refused, call ? " (" : "", call ? call : "",
                 call ? ": " : "", call ? strerror(space->memory.error) : "");
        if (call)
            strncat(why, ")", why_size - strlen(why) - 1);
        mv_codespace_free(space);
        return NULL;
    }
    space->memory.failed = NULL;
    space->first_code = space->cursor = MV_NATIVE_CODE_START + slide % SLIDE_PAGES * PAGE;
    return space;
}

void mv_codespace_free(MvCodeSpace *space)
{
    if (!space)
        return;
    bool ours = space->process == mv_codemem_process();
    bool permanent = space->frozen && options(space)->permanent && space->memory.has.mseal;
    if (ours && permanent)
        mv_guestlist_remove(&space->guests, &space->memory, MV_NATIVE_CODE_START, granules(space->cursor - MV_NATIVE_CODE_START));
    for (MvCodeBatch *batch = space->batches, *next; batch; batch = next) {
        next = batch->next;
        mv_codemem_close(batch->file);
        free(batch);
    }
    mv_guestlist_close(&space->guests);
    if (space->base && !permanent)
        mv_codemem_release(space->base, MV_NATIVE_REGION_BYTES);
    free(space->units);
    free(space);
}

static bool write_frozen(MvCodeSpace *space, int file, const MvFrozenPart *parts, size_t count, const MvNativeOptions *wanted)
{
    MvNativeOptions frozen = *wanted;
    frozen.space = space->asked;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].size > MV_NATIVE_OPTIONS_AT || parts[i].at > MV_NATIVE_OPTIONS_AT - parts[i].size)
            return false;
        if (!mv_codemem_write(&space->memory, file, parts[i].bytes, parts[i].size, parts[i].at))
            return false;
    }
    return mv_codemem_write(&space->memory, file, &frozen, sizeof frozen, MV_NATIVE_OPTIONS_AT) && mv_codemem_seal_file(&space->memory, file) &&
           mv_codemem_map_sealed(&space->memory, file, space->base, MV_NATIVE_FROZEN_BYTES, false);
}

bool mv_codespace_freeze(MvCodeSpace *space, const MvFrozenPart *parts, size_t count, const MvNativeOptions *wanted)
{
    _Static_assert(MV_NATIVE_OPTIONS_AT + sizeof *wanted <= MV_NATIVE_FROZEN_BYTES, "the options have their place in the frozen page");
    if (space->frozen)
        return false;
    int file = mv_codemem_file(&space->memory, "minivm-frozen", MV_NATIVE_FROZEN_BYTES);
    if (file < 0)
        return false;
    bool done = write_frozen(space, file, parts, count, wanted);
    mv_codemem_close(file);
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

static void enter(MvCodeSpace *space, MvCodeBatch *batch, MvCodeState state)
{
    batch->state = state;
    space->stats.units[state] += batch->count;
}

static bool grow_units(MvCodeSpace *space, size_t count)
{
    if (space->unit_count + count <= space->unit_room)
        return true;
    size_t room = 2 * (space->unit_count + count);
    CodeUnit *units = room < UINT32_MAX ? realloc(space->units, room * sizeof *units) : NULL;
    if (!units)
        return false;
    space->units = units;
    space->unit_room = (uint32_t)room;
    return true;
}

MvCodeResult mv_codespace_begin(MvCodeSpace *space, MvUnitPlace *places, size_t count, MvCodeBatch **out)
{
    *out = NULL;
    space->problem = NULL;
    if (!space->frozen || space->process != mv_codemem_process()) {
        space->problem = space->frozen ? "the process was forked" : "nothing is frozen yet";
        return failed(space);
    }
    uint64_t used = 0;
    for (size_t i = 0; i < count && used < MV_NATIVE_REGION_BYTES; i++)
        used += (uint64_t)granules(places[i].size) * MV_NATIVE_GRANULE;
    uint64_t size = (used + PAGE - 1) / PAGE * PAGE, limit = options(space)->code_limit;
    if (!size) {
        space->stats.refused++;
        return MV_CODE_REFUSED;
    }
    if (size + GUARD > MV_NATIVE_REGION_BYTES - space->cursor || (limit && space->stats.page_bytes + size > limit)) {
        space->stats.full++;
        space->problem = "the code space is full";
        return MV_CODE_FULL;
    }
    MvCodeBatch *batch = grow_units(space, count) ? calloc(1, sizeof *batch) : NULL;
    if (!batch) {
        space->problem = "no memory";
        return failed(space);
    }
    *batch = (MvCodeBatch){.next = space->batches, .places = places, .first = space->unit_count, .count = (uint32_t)count, .live = (uint32_t)count,
                           .at = space->cursor, .size = (uint32_t)size, .used = (uint32_t)used, .file = -1};
    space->batches = batch;
    space->cursor += batch->size + GUARD;
    space->stats.batches++;
    space->stats.page_bytes += size;
    uint32_t at = batch->at;
    for (size_t i = 0; i < count; i++) {
        places[i].at = at;
        places[i].unit = space->unit_count;
        space->units[space->unit_count++] = (CodeUnit){.batch = batch, .at = at, .size = places[i].size};
        space->stats.code_bytes += places[i].size;
        at += granules(places[i].size) * MV_NATIVE_GRANULE;
    }
    enter(space, batch, MV_CODE_STATE_EMITTED);
    *out = batch;
    return MV_CODE_OK;
}

static bool is_valid(const MvUnitPlace *place)
{
    if (!place->bytes || !place->size)
        return false;
    for (uint32_t i = 0; i < place->entry_count; i++)
        if (place->entries[i].at >= place->size || place->entries[i].at % MV_NATIVE_GRANULE || place->entries[i].entry_class == MV_ENTRY_NONE)
            return false;
    return true;
}

MvCodeResult mv_codespace_check(MvCodeSpace *space, MvCodeBatch *batch)
{
    MV_CODE_STEP("check");
    if (MV_CODE_ORDERED(batch->state != MV_CODE_STATE_EMITTED))
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
    MV_CODE_STEP("accept");
    if (MV_CODE_ORDERED(batch->state != MV_CODE_STATE_CHECKED))
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

/* The batch as it will lie in memory, without entries: traps between and behind the units. */
static void fill_code(const MvCodeBatch *batch, uint8_t *out)
{
    uint32_t done = 0;
    for (uint32_t i = 0; i < batch->count; i++) {
        const MvUnitPlace *place = &batch->places[i];
        uint32_t room = granules(place->size) * MV_NATIVE_GRANULE;
        memcpy(out + done, place->bytes, place->size);
        memset(out + done + place->size, TRAP, room - place->size);
        done += room;
    }
    memset(out + done, TRAP, batch->size - done);
}

static bool place_sealed(MvCodeSpace *space, MvCodeBatch *batch, uint8_t *scratch)
{
    batch->file = mv_codemem_file(&space->memory, "minivm-code", 0);
    if (batch->file < 0)
        return false;
    fill_code(batch, scratch);
    return mv_codemem_write(&space->memory, batch->file, scratch, batch->size, 0);
}

static bool seal_sealed(MvCodeSpace *space, MvCodeBatch *batch)
{
    bool done = mv_codemem_seal_file(&space->memory, batch->file) &&
                mv_codemem_map_sealed(&space->memory, batch->file, space->base + batch->at, batch->size, true);
    mv_codemem_close(batch->file);
    batch->file = -1;
    return done;
}

static bool place_flip(MvCodeSpace *space, MvCodeBatch *batch, uint8_t *scratch)
{
    if (!mv_codemem_map_writable(&space->memory, space->base + batch->at, batch->size))
        return false;
    fill_code(batch, code_at(space, batch->at));
    return true;
}

static bool seal_flip(MvCodeSpace *space, MvCodeBatch *batch)
{
    return mv_codemem_flip(&space->memory, space->base + batch->at, batch->size);
}

#ifdef MINIVM_ATTACK_API
static bool place_rwx(MvCodeSpace *space, MvCodeBatch *batch, uint8_t *scratch)
{
    if (!mv_codemem_map_unsafe(&space->memory, space->base + batch->at, batch->size))
        return false;
    fill_code(batch, code_at(space, batch->at));
    return true;
}

static bool seal_rwx(MvCodeSpace *space, MvCodeBatch *batch) { return true; }
#endif

typedef struct Strategy {
    bool (*place)(MvCodeSpace *, MvCodeBatch *, uint8_t *scratch); /* scratch has the batch's size */
    bool (*seal)(MvCodeSpace *, MvCodeBatch *);
    bool sync; /* the pages were writable at these addresses: other cores may hold what they fetched */
} Strategy;

static const Strategy strategies[MV_CODE_MEMORY_COUNT] = {
    [MV_CODE_MEMORY_SEALED] = {place_sealed, seal_sealed, false},
    [MV_CODE_MEMORY_FLIP] = {place_flip, seal_flip, true},
#ifdef MINIVM_ATTACK_API
    [MV_CODE_MEMORY_RWX] = {place_rwx, seal_rwx, true},
#endif
};

static const Strategy *strategy(const MvCodeSpace *space) { return &strategies[options(space)->memory % MV_CODE_MEMORY_COUNT]; }

MvCodeResult mv_codespace_place(MvCodeSpace *space, MvCodeBatch *batch)
{
    MV_CODE_STEP("place");
    if (MV_CODE_ORDERED(batch->state != MV_CODE_STATE_SIGNED))
        return MV_CODE_ORDER;
    uint32_t count = batch->used / MV_NATIVE_GRANULE;
    uint8_t *scratch = malloc(batch->size);
    if (!scratch) {
        space->problem = "no memory";
        return failed(space);
    }
    memset(scratch, 0, count);
    for (uint32_t i = 0; i < batch->count; i++)
        fill_classes(scratch + (batch->places[i].at - batch->at) / MV_NATIVE_GRANULE, batch->places[i].entries, batch->places[i].entry_count);
    bool done = mv_guestlist_draft(&space->guests, &space->memory, batch->at, scratch, count) && strategy(space)->place(space, batch, scratch);
    free(scratch);
    if (!done)
        return failed(space);
    enter(space, batch, MV_CODE_STATE_PLACED);
    return MV_CODE_OK;
}

MvCodeResult mv_codespace_seal(MvCodeSpace *space, MvCodeBatch *batch)
{
    MV_CODE_STEP("seal");
    if (MV_CODE_ORDERED(batch->state != MV_CODE_STATE_PLACED))
        return MV_CODE_ORDER;
    bool done = strategy(space)->seal(space, batch);
    if (done && options(space)->permanent) /* the guard page too: nothing else may ever be mapped behind the code */
        done = mv_codemem_make_permanent(&space->memory, space->base + batch->at, batch->size + GUARD);
    if (!done)
        return failed(space);
    enter(space, batch, MV_CODE_STATE_SEALED);
    return MV_CODE_OK;
}

MvCodeResult mv_codespace_sync(MvCodeSpace *space, MvCodeBatch *batch)
{
    MV_CODE_STEP("sync");
    if (MV_CODE_ORDERED(batch->state != MV_CODE_STATE_SEALED))
        return MV_CODE_ORDER;
    if (strategy(space)->sync && !mv_codemem_sync(&space->memory))
        return failed(space);
    enter(space, batch, MV_CODE_STATE_SYNCED);
    return MV_CODE_OK;
}

static bool all_traps(const uint8_t *from, const uint8_t *end)
{
    unsigned other = 0;
    for (; from < end; from++)
        other |= *from ^ TRAP;
    return !other;
}

MvCodeResult mv_codespace_verify(MvCodeSpace *space, MvCodeBatch *batch)
{
    MV_CODE_STEP("verify");
    if (MV_CODE_ORDERED(batch->state != MV_CODE_STATE_SYNCED))
        return MV_CODE_ORDER;
    for (uint32_t i = 0; options(space)->verify && i < batch->count; i++) {
        const CodeUnit *unit = &space->units[batch->first + i];
        const uint8_t *code = code_at(space, unit->at), *end = code + granules(unit->size) * MV_NATIVE_GRANULE;
        uint8_t found[MV_SIGN_DIGEST];
        mv_native_digest(found, options(space)->key, mv_guestlist_drafted(space->base, unit->at), granules(unit->size), code, unit->size);
        if (i == batch->count - 1)
            end = code_at(space, batch->at) + batch->size;
        if (!mv_native_digest_equal(found, unit->digest) || !all_traps(code + unit->size, end)) {
            space->stats.tampered++;
            space->problem = "sealed code is not the code that was signed";
            return MV_CODE_TAMPERED;
        }
    }
    enter(space, batch, MV_CODE_STATE_VERIFIED);
    return MV_CODE_OK;
}

MvCodeResult mv_codespace_list(MvCodeSpace *space, MvCodeBatch *batch)
{
    MV_CODE_STEP("list");
    if (MV_CODE_ORDERED(batch->state != MV_CODE_STATE_VERIFIED))
        return MV_CODE_ORDER;
    uint32_t count = batch->used / MV_NATIVE_GRANULE;
    bool written = mv_guestlist_add(&space->guests, &space->memory, batch->at, count);
    if (!written || !mv_guestlist_agrees(&space->guests, batch->at, count)) {
        mv_guestlist_remove(&space->guests, &space->memory, batch->at, count);
        if (!written)
            return failed(space);
        space->stats.tampered++;
        space->problem = "the guest list is not what was signed";
        return MV_CODE_TAMPERED;
    }
    enter(space, batch, MV_CODE_STATE_LISTED);
    for (uint32_t i = 0; i < batch->count; i++)
        space->units[batch->first + i].state = MV_CODE_STATE_LISTED;
    batch->places = NULL;
    return MV_CODE_OK;
}

void mv_codespace_abandon(MvCodeSpace *space, MvCodeBatch *batch)
{
    mv_codemem_close(batch->file);
    batch->file = -1;
    batch->live = 0;
    batch->places = NULL;
    for (uint32_t i = 0; i < batch->count; i++)
        space->units[batch->first + i].state = MV_CODE_STATE_QUARANTINED;
    batch->state = MV_CODE_STATE_QUARANTINED;
    if (!options(space)->permanent || !space->memory.has.mseal)
        mv_codemem_unmap(&space->memory, space->base + batch->at, batch->size);
}

MvCodeResult mv_codespace_install(MvCodeSpace *space, MvUnitPlace *places, size_t count)
{
    static MvCodeResult (*const steps[])(MvCodeSpace *, MvCodeBatch *) = {
        mv_codespace_check, mv_codespace_accept, mv_codespace_place, mv_codespace_seal,
        mv_codespace_sync, mv_codespace_verify, mv_codespace_list,
    };
    MvCodeBatch *batch;
    MvCodeResult result = mv_codespace_begin(space, places, count, &batch);
    for (size_t i = 0; result == MV_CODE_OK && i < sizeof steps / sizeof *steps; i++)
        result = steps[i](space, batch);
    if (result == MV_CODE_TAMPERED)
        mv_violation("digest", "tampered", space->base + batch->at, NULL);
    if (result != MV_CODE_OK && batch)
        mv_codespace_abandon(space, batch);
    return result;
}

void mv_codespace_sign(const MvCodeSpace *space, MvUnitPlace *places, size_t count)
{
    uint8_t small[512];
    for (size_t i = 0; i < count; i++) {
        uint32_t n = granules(places[i].size);
        uint8_t *classes = n <= sizeof small ? small : malloc(n);
        memset(places[i].digest, 0, sizeof places[i].digest);
        if (!classes || !is_valid(&places[i]))
            continue;
        memset(classes, 0, n);
        fill_classes(classes, places[i].entries, places[i].entry_count);
        mv_native_digest(places[i].digest, options(space)->key, classes, n, places[i].bytes, places[i].size);
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

MvCodeResult mv_codespace_published(MvCodeSpace *space, uint32_t unit)
{
    MV_CODE_STEP("publish");
    if (MV_CODE_ORDERED(!is_in(space, unit, MV_CODE_STATE_LISTED)))
        return MV_CODE_ORDER;
    return go(space, unit, MV_CODE_STATE_PUBLISHED);
}

MvCodeResult mv_codespace_unpublished(MvCodeSpace *space, uint32_t unit)
{
    MV_CODE_STEP("unpublish");
    if (MV_CODE_ORDERED(!is_in(space, unit, MV_CODE_STATE_PUBLISHED) && !is_in(space, unit, MV_CODE_STATE_LISTED)))
        return MV_CODE_ORDER;
    return go(space, unit, MV_CODE_STATE_UNPUBLISHED);
}

MvCodeResult mv_codespace_unlist(MvCodeSpace *space, uint32_t unit)
{
    MV_CODE_STEP("unlist");
    if (MV_CODE_ORDERED(!is_in(space, unit, MV_CODE_STATE_UNPUBLISHED)))
        return MV_CODE_ORDER;
    if (!mv_guestlist_remove(&space->guests, &space->memory, space->units[unit].at, granules(space->units[unit].size)))
        return failed(space);
    return go(space, unit, MV_CODE_STATE_UNLISTED);
}

MvCodeResult mv_codespace_quiesce(MvCodeSpace *space, uint32_t unit, MvCodeInside *inside, void *context)
{
    MV_CODE_STEP("quiesce");
    if (MV_CODE_ORDERED(!is_in(space, unit, MV_CODE_STATE_UNLISTED)))
        return MV_CODE_ORDER;
    const char *start = space->base + space->units[unit].at;
    if (inside(context, start, start + space->units[unit].size))
        return MV_CODE_BUSY;
    return go(space, unit, MV_CODE_STATE_QUIESCENT);
}

MvCodeResult mv_codespace_quarantine(MvCodeSpace *space, uint32_t unit)
{
    MV_CODE_STEP("quarantine");
    if (MV_CODE_ORDERED(!is_in(space, unit, MV_CODE_STATE_QUIESCENT)))
        return MV_CODE_ORDER;
    MvCodeBatch *batch = space->units[unit].batch;
    go(space, unit, MV_CODE_STATE_QUARANTINED);
    if (--batch->live == 0) {
        batch->state = MV_CODE_STATE_QUARANTINED;
        if ((!options(space)->permanent || !space->memory.has.mseal) && !mv_codemem_unmap(&space->memory, space->base + batch->at, batch->size))
            return failed(space);
    }
    return MV_CODE_OK;
}

/* ---- questions ---- */

char *mv_codespace_base(const MvCodeSpace *space) { return space->base; }

bool mv_codespace_is_listed(const MvCodeSpace *space, const void *target, uint8_t entry_class)
{
    return !options(space)->guests || (entry_class != MV_ENTRY_NONE && mv_guestlist_class(space->base, target) == entry_class);
}

uint32_t mv_codespace_find(const MvCodeSpace *space, const void *address)
{
    uintptr_t offset = (uintptr_t)address - (uintptr_t)space->base;
    uint32_t low = 0, high = space->unit_count;
    while (low < high) { /* the first unit behind the address */
        uint32_t middle = low + (high - low) / 2;
        if (space->units[middle].at <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low && offset - space->units[low - 1].at < space->units[low - 1].size ? low - 1 : UINT32_MAX;
}

void mv_codespace_extent(const MvCodeSpace *space, uint32_t unit, uint32_t *at, uint32_t *size)
{
    *at = space->units[unit].at;
    *size = space->units[unit].size;
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
    if (space->problem)
        return space->problem;
    if (!space->memory.failed)
        return "";
    snprintf(space->why, sizeof space->why, "%s: %s", space->memory.failed, strerror(space->memory.error));
    return space->why;
}

const char *mv_codespace_state_name(MvCodeState state)
{
    static const char *const names[] = {
#define NAME(name) #name,
        MV_CODE_STATES(NAME)
#undef NAME
    };
    return names[state];
}
