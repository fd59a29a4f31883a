/* A model checker for the life of native code: it steps the real functions of codespace.c, codeseal.c and guestlist.c
 * through all interleavings of an emitter, a caller, an attacker with a stale entry, an unpublisher, a reuser and a
 * tamperer, and checks invariants after each step.
 *
 * Run by tests/test_codespace_model.py: `model_codespace` prints the proper order in each scenario, then every swap of
 * two steps. The real code is compiled with MV_CODE_MODEL and with malloc renamed to an arena here; codemem.c and
 * fault.c are replaced by a model of memory: pages with permissions, files, what the other core has fetched.
 *
 * Actors are coroutines on stacks of their own. Between two of their yields (where a step begins, before each system
 * call, between the bytes that one writes into the guest list, before each load, check and branch of a caller) nothing
 * else runs. A state is the live part of all stacks, the arena, the tables, the code pages and the bookkeeping `world`;
 * exploration is depth first over snapshots of states, and a state that was seen before is not explored again.
 *
 * What a swap of two steps breaks is found with the guards of the real functions off (mv_model_unordered); with them on
 * the swapped chain must be refused, with nothing listed. */
#define _GNU_SOURCE
#include "model_codespace.h"
#include <sys/mman.h>

static const char *const actor_names[] = {"emitter", "caller", "stale caller", "unpublisher", "reuser", "tamperer"};
static const char *const forward_names[] = {"check", "sign", "place", "seal", "sync", "verify", "list", "publish"};
static const char *const backward_names[] = {"unpublish", "unlist", "quiesce", "quarantine", "reuse"};

struct World world;
static _Alignas(4096) uint8_t stacks[ACTORS][STACK];
char *region;
static void *scheduler_sp;
static int running = -1;
bool mv_model_unordered;
static const char *broken; /* the invariant that does not hold */
static const char *failed_step;
static bool order_alone; /* check also what is a rule and no harm by itself */
static int memory_kind;
static int forward[FORWARD], backward[BACKWARD];
static enum { PLAIN, MALFORMED, TAMPER_SOURCE, TAMPER_PAGE, SCENARIOS } scenario;
static const char *const scenario_names[] = {"plain", "malformed unit", "tampered source", "tampered page"};
static bool setting_up;

void breaks(const char *what)
{
    if (!broken)
        broken = what;
}

/* ---- coroutines ---- */

void model_switch(void **save, void *load);
__asm__(".text\n"
        "model_switch:\n"
        "    push %rbp\n    push %rbx\n    push %r12\n    push %r13\n    push %r14\n    push %r15\n"
        "    mov %rsp, (%rdi)\n    mov %rsi, %rsp\n"
        "    pop %r15\n    pop %r14\n    pop %r13\n    pop %r12\n    pop %rbx\n    pop %rbp\n    ret\n");

void yield(void)
{
    if (!setting_up && running >= 0)
        model_switch(&world.stack_pointer[running], scheduler_sp);
}

static void wait_for_scheduler(void) /* until the actor's condition holds: see is_enabled */
{
    world.waiting[running] = true;
    yield();
    world.waiting[running] = false;
}

void mv_model_step(const char *name) { yield(); }

/* ---- the actors ---- */

static MvCodeResult forward_step(int step, Unit *unit, MvCodeBatch *batch)
{
    static MvCodeResult (*const steps[])(MvCodeSpace *, MvCodeBatch *) = {
        mv_codespace_check, mv_codespace_accept, mv_codespace_place, mv_codespace_seal,
        mv_codespace_sync,  mv_codespace_verify, mv_codespace_list,
    };
    MvCodeSpace *space = world.space;
    if (step == F_PUBLISH) {
        yield();
        MvCodeResult result = mv_codespace_publish(space, unit->place.unit);
        if (result == MV_CODE_OK) {
            world.slot = region + unit->place.at;
            world.slot_id = unit->id;
        }
        return result;
    }
    Page *page = page_of(region + unit->place.at);
    bool unmapped = page->permission == NONE;
    MvCodeResult result = steps[step](space, batch);
    if (step == F_VERIFY && unmapped && result != MV_CODE_ORDER)
        breaks("pages without access are read");
    if (result != MV_CODE_OK)
        return result;
    unit->was_checked |= step == F_CHECK;
    unit->was_signed |= step == F_SIGN;
    unit->was_placed |= step == F_PLACE;
    if (step == F_SIGN && !unit->was_checked)
        breaks("a unit is signed that nobody checked");
    if (step == F_PLACE && !(unit->was_checked && unit->was_signed))
        breaks("a unit is placed that nobody checked and signed");
    if (order_alone && step == F_SYNC && page->permission != EXECUTABLE)
        breaks("order alone: cores are synchronised before the page can be executed");
    if (step == F_VERIFY) {
        page->verified = true;
        if (page->fetched && page->fetched != page->version)
            breaks("a digest is right, but a core may execute older bytes");
    }
    return result;
}

static bool emit(Unit *unit)
{
    MvCodeBatch *batch;
    if (mv_codespace_begin(world.space, &unit->place, 1, &batch) != MV_CODE_OK)
        return false;
    for (int i = 0; i < FORWARD; i++) {
        MvCodeResult result = forward_step(forward[i], unit, batch);
        if (result != MV_CODE_OK) {
            world.refused_in_order |= result == MV_CODE_ORDER;
            if (result == MV_CODE_FAILED || result == MV_CODE_TAMPERED)
                failed_step = result == MV_CODE_FAILED ? "the system refuses" : "the digest refuses";
            if (world.slot == region + unit->place.at) {
                breaks("an entry is published whose installation failed");
                world.slot = NULL;
            }
            mv_codespace_abandon(world.space, batch);
            return false;
        }
    }
    return true;
}

static void run_emitter(void)
{
    world.published = emit(&world.units[0]);
    world.emitter_gave_up = !world.published;
}

/* Runs what lies at a listed address, as the other core fetches it; then stays inside for a step. */
static void execute(const char *target, uint8_t expected)
{
    Page *page = page_of(target);
    if (page->permission != EXECUTABLE)
        breaks("a call reaches code that is not executable");
    uint8_t id = (uint8_t)target[1];
    if (page->fetched && page->fetched != page->version)
        id = page->fetched_id;
    else {
        page->fetched = page->version;
        page->fetched_id = id;
    }
    if (id == ID_EVIL)
        breaks("tampered code runs");
    else if (id != expected)
        breaks("a call reaches other code than it loaded the entry of");
    unsigned version = page->version;
    yield();
    if (page->permission != EXECUTABLE || page->version != version)
        breaks("code goes away under a call");
}

/* The check of native code: the class once, then the branch; a step of others fits in between. What has to run is the
 * unit that the caller loaded the entry of, or (id 0) the one that was listed when it checked. */
static void check_and_branch(Watcher *self, char *target, uint8_t id)
{
    self->target = target;
    yield();
    uint8_t entry_class = mv_guestlist_class(region, target);
    if (!id)
        id = (uint8_t)target[1];
    yield();
    if (entry_class == FIRST_CLASS)
        execute(target, id);
}

static void run_caller(void)
{
    Watcher *self = &world.watchers[0];
    for (int i = 0; i < 3; i++) {
        self->announced = true;
        yield();
        char *target = world.slot;
        uint8_t id = world.slot_id;
        if (target)
            check_and_branch(self, target, id);
        *self = (Watcher){false, NULL};
        yield();
    }
}

/* Kept an entry from earlier, and tries it once, whatever the slot says now: as an attacker would, or a record that was
 * forgotten. A recycled granule of the same class admits it; it must not run what is neither old nor new. */
static void run_stale(void)
{
    wait_for_scheduler();
    char *target = world.slot;
    if (!target)
        return;
    yield();
    Watcher *self = &world.watchers[1];
    self->announced = true;
    check_and_branch(self, target, 0);
    *self = (Watcher){false, NULL};
}

static bool is_inside(void *context, const char *start, const char *end)
{
    for (int i = 0; i < 2; i++) {
        const Watcher *watcher = &world.watchers[i];
        if (watcher->announced && (!watcher->target || (watcher->target >= start && watcher->target < end)))
            return true;
    }
    return false;
}

static MvCodeResult backward_step(int step)
{
    MvCodeSpace *space = world.space;
    uint32_t unit = world.units[0].place.unit;
    MvCodeResult result = MV_CODE_OK;
    switch (step) {
    case B_UNPUBLISH:
        yield();
        if (world.slot == region + world.units[0].place.at && world.slot_id == ID_OLD)
            world.slot = NULL;
        return mv_codespace_unpublished(space, unit);
    case B_UNLIST: return mv_codespace_unlist(space, unit);
    case B_QUIESCE:
        while ((result = mv_codespace_quiesce(space, unit, is_inside, NULL)) == MV_CODE_BUSY)
            wait_for_scheduler();
        return result;
    case B_QUARANTINE: return mv_codespace_quarantine(space, unit);
    default: world.reuse_allowed = true; return MV_CODE_OK;
    }
}

static void run_unpublisher(void)
{
    wait_for_scheduler();
    for (int i = 0; i < BACKWARD && world.published; i++)
        if (backward_step(backward[i]) != MV_CODE_OK) {
            world.refused_in_order = true;
            break;
        }
}

static void run_reuser(void)
{
    wait_for_scheduler();
    if (world.reuse_allowed)
        emit(&world.units[1]);
}

static void run_tamperer(void)
{
    wait_for_scheduler();
    if (scenario == TAMPER_SOURCE)
        world.units[0].bytes[1] = ID_EVIL;
    char *page = region + MV_NATIVE_CODE_START;
    if (scenario == TAMPER_PAGE && page_of(page)->permission == WRITABLE) {
        page[1] = (char)ID_EVIL;
        change(page, WRITABLE);
    }
    world.tampered = true;
}

/* Whether an actor that waits may go on. */
static bool is_enabled(int actor)
{
    if (world.done[actor])
        return false;
    if (!world.waiting[actor])
        return true;
    switch (actor) {
    case STALE: return world.slot || world.emitter_gave_up || world.reuse_allowed || world.done[UNPUBLISHER];
    case UNPUBLISHER:
        if (world.published && !world.refused_in_order) {
            const char *start = region + world.units[0].place.at;
            return !is_inside(NULL, start, start + UNIT);
        }
        return world.published || world.emitter_gave_up;
    case REUSER: return world.reuse_allowed || world.done[UNPUBLISHER];
    case TAMPERER:
        if (scenario == TAMPER_SOURCE)
            return true;
        if (scenario == TAMPER_PAGE)
            return page_of(region + MV_NATIVE_CODE_START)->permission == WRITABLE || world.done[EMITTER];
        return true;
    default: return true;
    }
}

static void (*const bodies[ACTORS])(void) = {run_emitter,     run_caller, run_stale,
                                             run_unpublisher, run_reuser, run_tamperer};

static void start_actor(void)
{
    bodies[running]();
    world.done[running] = true;
    for (;;)
        model_switch(&world.stack_pointer[running], scheduler_sp);
}

/* ---- what must hold between any two steps ---- */

static void check_invariants(void)
{
    const uint8_t *list = (const uint8_t *)region + MV_NATIVE_GUEST_LIST + MV_NATIVE_CODE_START / MV_NATIVE_GRANULE;
    for (uint32_t i = 0; i < WINDOW; i++) {
        if (!list[i])
            continue;
        const Page *page = &world.pages[i * MV_NATIVE_GRANULE / MV_CODE_PAGE];
        if (page->permission == WRITABLE)
            breaks("an entry is listed whose page is writable");
        else if (page->permission == NONE)
            breaks("an entry is listed whose page is gone");
        else if (!page->verified)
            breaks("an entry is listed that is not verified");
    }
    if (world.slot && mv_guestlist_class(region, world.slot) != FIRST_CLASS)
        breaks("an entry is published that is not listed");
    for (int i = 0; i < 2; i++)
        if (world.units[i].malformed && (world.units[i].was_signed || world.units[i].was_placed))
            breaks("a malformed unit is signed or placed");
}

/* ---- exploration ---- */

typedef struct Snapshot {
    struct World world;
    uint8_t list[WINDOW], draft[WINDOW], pages[2][HEAD + 1];
    uint32_t used; /* of rest: the arena, then the live parts of the stacks */
    uint8_t *rest;
} Snapshot;

static uint8_t *model_page(int i) { return (uint8_t *)region + MV_NATIVE_CODE_START + (size_t)i * 2 * MV_CODE_PAGE; }
static uint8_t *model_list(void)
{
    return (uint8_t *)region + MV_NATIVE_GUEST_LIST + MV_NATIVE_CODE_START / MV_NATIVE_GRANULE;
}
static uint8_t *model_draft(void) { return (uint8_t *)region + MV_NATIVE_DRAFT; }
static uint32_t live(int actor) { return (uint32_t)(stacks[actor] + STACK - (uint8_t *)world.stack_pointer[actor]); }

static void take(Snapshot *to)
{
    to->world = world;
    memcpy(to->list, model_list(), WINDOW);
    memcpy(to->draft, model_draft(), WINDOW);
    for (int i = 0; i < 2; i++)
        memcpy(to->pages[i], model_page(i), HEAD + 1);
    uint32_t size = world.heap_used;
    for (int i = 0; i < ACTORS; i++)
        size += world.done[i] ? 0 : live(i);
    to->rest = malloc(size);
    to->used = size;
    memcpy(to->rest, model_heap, world.heap_used);
    uint8_t *next = to->rest + world.heap_used;
    for (int i = 0; i < ACTORS; i++)
        if (!world.done[i]) {
            memcpy(next, world.stack_pointer[i], live(i));
            next += live(i);
        }
}

static void restore(const Snapshot *from)
{
    world = from->world;
    memcpy(model_list(), from->list, WINDOW);
    memcpy(model_draft(), from->draft, WINDOW);
    for (int i = 0; i < 2; i++) {
        if (model_page(i)[HEAD] != from->pages[i][HEAD])
            memset(model_page(i) + HEAD, from->pages[i][HEAD], MV_CODE_PAGE - HEAD);
        memcpy(model_page(i), from->pages[i], HEAD);
    }
    memcpy(model_heap, from->rest, world.heap_used);
    const uint8_t *next = from->rest + world.heap_used;
    for (int i = 0; i < ACTORS; i++)
        if (!world.done[i]) {
            memcpy(world.stack_pointer[i], next, live(i));
            next += live(i);
        }
}

static void mix(uint64_t hash[2], const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    for (; size >= 8; at += 8, size -= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        hash[0] = (hash[0] ^ word) * 0x9E3779B97F4A7C15u;
        hash[0] ^= hash[0] >> 32;
        hash[1] = (hash[1] + word) * 0xC2B2AE3D27D4EB4Fu;
        hash[1] ^= hash[1] >> 29;
    }
    for (; size; at++, size--)
        hash[0] = (hash[0] ^ *at) * 0x9E3779B97F4A7C15u;
}

typedef struct Seen {
    uint64_t (*table)[2];
    size_t room, count;
} Seen;

static bool is_new(Seen *seen, const uint64_t hash[2])
{
    if (2 * seen->count >= seen->room) {
        Seen grown = {calloc(seen->room ? 2 * seen->room : 1 << 16, 16), seen->room ? 2 * seen->room : 1 << 16, 0};
        for (size_t i = 0; i < seen->room; i++)
            if (seen->table[i][0] || seen->table[i][1])
                is_new(&grown, seen->table[i]);
        free(seen->table);
        *seen = grown;
    }
    for (size_t i = hash[0] & (seen->room - 1);; i = (i + 1) & (seen->room - 1)) {
        if (!seen->table[i][0] && !seen->table[i][1]) {
            memcpy(seen->table[i], hash, 16);
            seen->count++;
            return true;
        }
        if (seen->table[i][0] == hash[0] && seen->table[i][1] == hash[1])
            return false;
    }
}

typedef struct Result {
    size_t states, steps, ends;
    size_t ran_old; /* ends that had published the emitter's unit */
    size_t ran_new; /* ends in which the reuser's unit was published */
    const char *broken;
    bool refused;       /* a guard refused a step */
    const char *failed; /* who refused a step, of all that happened last */
    char trace[400];    /* actors from the start to what broke */
} Result;

static void set_up(void)
{
    memset(&world, 0, sizeof world);
    memset(model_heap, 0, sizeof model_heap);
    memset(model_list(), 0, WINDOW);
    memset(model_draft(), 0, WINDOW);
    for (int i = 0; i < 2; i++)
        memset(model_page(i), 0, MV_CODE_PAGE);
    broken = failed_step = NULL;
    setting_up = true;
    running = -1;
    MvCodeSpaceOptions options = {
        .memory = (uint8_t)memory_kind, .verify = true, .guests = true, .recycle = true, .key = {1}};
    char why[200];
    world.space = mv_codespace_new(&options, why, sizeof why);
    memcpy(region + MV_NATIVE_OPTIONS_AT, &options, sizeof options);
    mv_codespace_freeze(world.space, NULL, 0);
    for (int i = 0; i < 2; i++) {
        Unit *unit = &world.units[i];
        memset(unit->bytes, 0x90, UNIT);
        unit->bytes[0] = OP;
        unit->bytes[1] = unit->id = i ? ID_NEW : ID_OLD;
        unit->entries[0] = (MvEntry){0, FIRST_CLASS};
        unit->entries[1] = (MvEntry){16, FIRST_CLASS + 1};
        unit->place = (MvUnitPlace){.bytes = unit->bytes, .size = UNIT, .entries = unit->entries, .entry_count = 2};
        mv_codespace_sign(world.space, &unit->place, 1);
    }
    if (scenario == MALFORMED) {
        world.units[0].malformed = true;
        world.units[0].entries[1].at = 17;
    }
    setting_up = false;
    for (int i = 0; i < ACTORS; i++) {
        void **top = (void **)(stacks[i] + STACK - 8); /* aligned as behind a call */
        *--top = (void *)start_actor;
        top -= 6;
        memset(top, 0, 6 * sizeof *top);
        world.stack_pointer[i] = top;
        world.done[i] = i == TAMPERER && scenario != TAMPER_SOURCE && scenario != TAMPER_PAGE;
    }
}

static void run_one(int actor)
{
    running = actor;
    model_switch(&scheduler_sp, world.stack_pointer[actor]);
    running = -1;
}

typedef struct Frame {
    Snapshot state;
    int next; /* actor to try */
} Frame;

static Result explore(size_t limit)
{
    enum { DEPTH = 400 };
    static Frame frames[DEPTH];
    Result result = {0};
    Seen seen = {0};
    set_up();
    int depth = 0;
    take(&frames[0].state);
    frames[0].next = 0;
    while (depth >= 0 && !result.broken && seen.count < limit) {
        Frame *frame = &frames[depth];
        bool moved = false;
        restore(&frame->state);
        bool any = false;
        for (int i = 0; i < ACTORS; i++)
            any |= is_enabled(i);
        if (!any && frame->next == 0) {
            result.ends++;
            result.ran_old += world.published;
            result.ran_new += world.slot && world.slot_id == ID_NEW;
            for (int i = 0; i < ACTORS; i++)
                if (!world.done[i])
                    broken = "actors wait for each other for ever";
        }
        while (frame->next < ACTORS && !moved && !broken) {
            int actor = frame->next++;
            if (!is_enabled(actor))
                continue;
            run_one(actor);
            result.steps++;
            check_invariants();
            result.refused |= world.refused_in_order;
            result.failed = failed_step;
            if (broken)
                break;
            if (depth + 1 == DEPTH)
                abort();
            Snapshot *into = &frames[depth + 1].state;
            take(into);
            uint64_t hash[2] = {1, 2};
            mix(hash, into->rest, into->used);
            mix(hash, &into->world, sizeof into->world);
            mix(hash, into->list, sizeof into->list + sizeof into->draft + sizeof into->pages);
            if (is_new(&seen, hash))
                moved = true;
            else {
                free(into->rest);
                restore(&frame->state);
            }
        }
        if (broken) {
            result.broken = broken;
            size_t used = 0;
            for (int i = 0, last = -1; i <= depth; i++) {
                int actor = frames[i].next - 1;
                if (actor != last && used < sizeof result.trace - 20)
                    used += (size_t)snprintf(result.trace + used, sizeof result.trace - used, "%s%s", used ? ", " : "",
                                             actor_names[actor]);
                last = actor;
            }
        } else if (moved)
            frames[++depth].next = 0;
        else
            free(frames[depth--].state.rest);
    }
    for (; depth >= 0; depth--)
        free(frames[depth].state.rest);
    result.states = seen.count;
    free(seen.table);
    return result;
}

/* ---- reports ---- */

static void proper_order(void)
{
    for (int i = 0; i < FORWARD; i++)
        forward[i] = i;
    for (int i = 0; i < BACKWARD; i++)
        backward[i] = i;
}

static const char *kind_name(void) { return memory_kind == MV_CODE_MEMORY_FLIP ? "flip" : "sealed"; }

/* Explores the scenarios until something breaks; its name in *where. */
static Result explore_all(const char **where)
{
    Result result = {0};
    const char *failed = NULL;
    for (scenario = PLAIN; scenario < SCENARIOS && !result.broken; scenario++) {
        result = explore(2000000);
        *where = scenario_names[scenario];
        if (scenario == PLAIN && !result.broken && !result.ran_old)
            failed = result.failed;
    }
    result.failed = failed;
    return result;
}

/* The swap with the guards off: what it breaks, or who refuses it by himself. Then with the guards on. */
static void report_swap(const char *chain, const char *a, const char *b)
{
    const char *where = "";
    mv_model_unordered = true;
    Result off = explore_all(&where);
    const char *what = off.broken ? off.broken : off.failed;
    if (!what) {
        order_alone = true;
        off = explore_all(&where);
        order_alone = false;
        what = off.broken ? off.broken : "";
    }
    mv_model_unordered = false;
    scenario = PLAIN;
    Result on = explore(2000000);
    printf("{\"memory\":\"%s\",\"chain\":\"%s\",\"swap\":[\"%s\",\"%s\"],", kind_name(), chain, a, b);
    printf("\"broken\":\"%s\",\"scenario\":\"%s\",\"states\":%zu,", what, where, off.states);
    printf("\"trace\":\"%s\",\"refused\":%s,", off.trace, on.refused ? "true" : "false");
    printf("\"guarded\":\"%s\"}\n", on.broken ? on.broken : "");
    fflush(stdout);
}

int main(int count, char **arguments)
{
    region = mmap((void *)0x300000000000, MV_NATIVE_REGION_BYTES, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (region == MAP_FAILED)
        return 3;
    for (memory_kind = MV_CODE_MEMORY_SEALED; memory_kind <= MV_CODE_MEMORY_FLIP; memory_kind++) {
        proper_order();
        for (int unordered = 0; unordered < 2; unordered++)
            for (scenario = PLAIN; scenario < (unordered ? SCENARIOS : PLAIN + 1); scenario++) {
                mv_model_unordered = unordered;
                Result result = explore(5000000);
                const char *guards = unordered ? "false" : "true", *what = result.broken ? result.broken : "";
                printf("{\"memory\":\"%s\",\"chain\":\"proper\",", kind_name());
                printf("\"scenario\":\"%s\",\"guards\":%s,\"broken\":\"%s\",", scenario_names[scenario], guards, what);
                printf("\"states\":%zu,\"steps\":%zu,\"ends\":%zu,", result.states, result.steps, result.ends);
                printf("\"reused\":%zu,\"trace\":\"%s\"}\n", result.ran_new, result.trace);
                fflush(stdout);
            }
        if (count > 1 && !strcmp(arguments[1], "proper"))
            continue;
        for (int i = 0; i < FORWARD; i++)
            for (int j = i + 1; j < FORWARD; j++) {
                proper_order();
                forward[i] = j, forward[j] = i;
                report_swap("forward", forward_names[i], forward_names[j]);
            }
        for (int i = 0; i < BACKWARD; i++)
            for (int j = i + 1; j < BACKWARD; j++) {
                proper_order();
                backward[i] = j, backward[j] = i;
                report_swap("backward", backward_names[i], backward_names[j]);
            }
    }
    return 0;
}
