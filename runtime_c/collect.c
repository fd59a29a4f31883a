/* Collection: sticky-mark-bit young collections and full ones over the same tables; marking, sweeping of lines, weak parts.
 *
 * A young collection keeps the marks of survivors (`starts`) and traces only what is new, from the roots, the stacks and the log of old objects that
 * were stored into. A full one clears the marks first. Both leave `valid` equal to `starts`. Stacks are scanned conservatively: any word that
 * points into an object that existed when the collection began keeps it. INV-gc-1: a marked object has OLD_CLEAN set once it was traced, so that
 * the barrier logs the next pointer store into it. */
#include "api.h"
#include "arena.h"
#include "class.h"
#include "depend.h"
#include "ic.h"
#include "loader.h"
#include "native.h"
#include "protocol.h"
#include "str.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#define MV_FULL_MIN ((uint64_t)3 << 20) /* growth of what is old until a full collection: a third of it, and at least this */
#define MV_IDLE_MAX ((uint64_t)32 << 20) /* free bytes in blocks that a full collection leaves */
#define MV_MARK_STACK_KEPT ((size_t)64 << 10) /* words */

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Without memory for a larger stack the object is left marked and not traced: trace_left_over finds it. Under gc_stress that is the rule, so that it
 * is tested. */
MV_COLD static bool grow_mark_stack(MvVM *vm)
{
    MvHeap *heap = &vm->heap;
    uintptr_t *stack = vm->gc_stress ? NULL : realloc(heap->mark_stack, heap->mark_capacity * 2 * sizeof *stack);
    if (!stack) {
        heap->mark_overflow = true;
        return false;
    }
    heap->mark_stack = stack;
    heap->mark_capacity *= 2;
    return true;
}

static void push(MvVM *vm, MvObject *object)
{
    MvHeap *heap = &vm->heap;
    if (MV_LIKELY(heap->mark_count < heap->mark_capacity) || grow_mark_stack(vm))
        heap->mark_stack[heap->mark_count++] = (uintptr_t)object;
}

void mv_mark_untraced(MvVM *vm, MvObject *object)
{
    if (object->gc & MV_GC_STATIC)
        return;
    uint8_t pointers = object->gc & MV_GC_HAS_POINTERS;
    object->gc &= (uint8_t)~MV_GC_HAS_POINTERS;
    mv_mark_object(vm, object);
    object->gc |= pointers;
}

void mv_mark_later(MvVM *vm, MvObject *object, int64_t from)
{
    MvHeap *heap = &vm->heap;
    if (MV_LIKELY(heap->mark_count + 2 <= heap->mark_capacity) || grow_mark_stack(vm)) {
        heap->mark_stack[heap->mark_count++] = (uintptr_t)from;
        heap->mark_stack[heap->mark_count++] = (uintptr_t)object | 1;
    }
}

void mv_mark_object(MvVM *vm, MvObject *object)
{
    if (object->gc & MV_GC_STATIC)
        return;
    MvArena *arena = mv_arena_of(object);
    uint32_t granule = mv_granule_of(object);
    uint64_t bit = (uint64_t)1 << (granule & 63);
    uint64_t *word = &arena->starts[granule >> 6];
    if (*word & bit)
        return;
    *word |= bit;
    uint32_t size = object->aux & MV_AUX_SIZE_MASK;
    if (size) {
        uint32_t last = (granule + size - 1) >> 3;
        for (uint32_t line = granule >> 3; line <= last; line++)
            arena->lines[line] |= MV_LINE_LIVE;
    }
    object->gc |= MV_GC_OLD_CLEAN;
    if (object->gc & MV_GC_HAS_POINTERS)
        push(vm, object);
}

static void drain(MvVM *vm)
{
    MvHeap *heap = &vm->heap;
    while (heap->mark_count) {
        uintptr_t entry = heap->mark_stack[--heap->mark_count];
        if (MV_LIKELY(!(entry & 1)))
            mv_trace_object(vm, (MvObject *)entry);
        else
            mv_trace_rest(vm, (MvObject *)(entry - 1), (int64_t)heap->mark_stack[--heap->mark_count]);
    }
}

/* Traces every marked object of an arena again: some of them were not traced. A mark
 * that finds no room again is met later in the same round or in the next, and every round that needs another marked something new. */
static void trace_arena(MvVM *vm, MvArena *arena)
{
    for (uint32_t word = 0; word < MV_GRANULES / 64; word++)
        for (uint64_t bits = arena->starts[word]; bits; bits &= bits - 1) {
            MvObject *object = (MvObject *)((char *)arena + ((uintptr_t)word * 64 + (uintptr_t)__builtin_ctzll(bits)) * 16);
            if (object->gc & MV_GC_HAS_POINTERS) {
                mv_trace_object(vm, object);
                drain(vm);
            }
        }
}

static void trace_left_over(MvVM *vm)
{
    MvHeap *heap = &vm->heap;
    while (heap->mark_overflow) {
        heap->mark_overflow = false;
        for (uint32_t a = 0; a < heap->arena_count; a++)
            trace_arena(vm, heap->arenas[a]);
    }
}

/* ---- the log ---- */

/* Traces what was stored into a logged object since the last collection. */
static void trace_logged(MvVM *vm, MvObject *object)
{
    if (!(object->gc & MV_GC_OLD_CLEAN)) {
        object->gc |= MV_GC_OLD_CLEAN;
        mv_trace_object(vm, object);
        return;
    }
    MvArena *arena = mv_arena_of(object); /* it has cards */
    const char *base = (const char *)arena;
    size_t start = (size_t)((const char *)object - base), end = start + mv_large_size(arena, object);
    for (size_t card = start >> arena->card_shift; card <= (end - 1) >> arena->card_shift; card++)
        if (arena->lines[card]) {
            size_t from = card << arena->card_shift, to = from + ((size_t)1 << arena->card_shift);
            mv_trace_range(vm, object, base + (from < start ? start : from), base + (to > end ? end : to));
            drain(vm);
        }
}

static void clean_cards(MvObject *object)
{
    if (!mv_has_cards(object))
        return;
    MvArena *arena = mv_arena_of(object);
    uint8_t *logged = mv_logged_flag(arena, object);
    if (!*logged)
        return;
    *logged = 0;
    size_t start = (size_t)((const char *)object - (const char *)arena), end = start + mv_large_size(arena, object);
    size_t first = start >> arena->card_shift, last = (end - 1) >> arena->card_shift;
    memset(arena->lines + first, 0, last - first + 1);
}

static void take_log(MvVM *vm, bool full)
{
    MvHeap *heap = &vm->heap;
    for (uint32_t l = 0; l < heap->log_count; l++) {
        if (!full)
            trace_logged(vm, heap->log[l]);
        clean_cards(heap->log[l]);
    }
    heap->log_count = 0;
}

__attribute__((no_sanitize("address"))) void mv_mark_words(MvVM *vm, const void *start, const void *end)
{
    const MvHeap *heap = &vm->heap;
    for (const uintptr_t *p = start; p < (const uintptr_t *)end; p++) {
        if (*p < heap->lowest || *p >= heap->highest)
            continue;
        MvObject *object = mv_heap_find(vm, *p);
        if (object)
            mv_mark_object(vm, object);
    }
}

__attribute__((noinline, no_sanitize("address"))) static void mark_native_stack(MvVM *vm)
{
    __builtin_unwind_init(); /* callee-saved registers to the stack */
    void *here = __builtin_frame_address(0);
    uintptr_t low = (uintptr_t)here & ~(uintptr_t)7;
    char *from = (char *)low - 256; /* the spilled registers lie below the frame address */
    if (vm->outer_sp) {
        mv_mark_words(vm, from, vm->own_stack_end);
        from = vm->outer_sp;
    }
    if (vm->native_stack_end)
        mv_mark_words(vm, from, vm->native_stack_end);
}

void mv_heap_walk_span(MvVM *vm, uintptr_t address)
{
    MvHeap *heap = &vm->heap;
    for (uint32_t s = 0; s < heap->span_count; s++) {
        MvSpan *span = &heap->spans[s];
        if (address < (uintptr_t)span->start || address >= (uintptr_t)span->end)
            continue;
        MvArena *arena = mv_arena_of(span->start);
        uint32_t granule = mv_granule_of(span->start);
        for (char *p = span->start; p < span->end && !span->walked;) {
            mv_bit_set(arena->valid, granule);
            uint32_t size = ((MvObject *)p)->aux & MV_AUX_SIZE_MASK;
            granule += size;
            p += size * 16;
        }
        span->walked = true;
        return;
    }
}

/* Eight lines at a time. */
#define EACH_LINE(bits) ((bits) * UINT64_C(0x0101010101010101)) /* eight lines in a word */

static void live_becomes_was_live(MvArena *arena)
{
    uint64_t *words = (uint64_t *)arena->lines;
    for (uint32_t w = 0; w < MV_LINES / 8; w++)
        words[w] = (words[w] & EACH_LINE(MV_LINE_FRESH)) | (words[w] & EACH_LINE(MV_LINE_LIVE)) << 2;
}
_Static_assert(MV_LINE_LIVE << 2 == MV_LINE_WAS_LIVE, "as shifted");

static void keep_live_lines(MvArena *arena)
{
    uint64_t *words = (uint64_t *)arena->lines;
    for (uint32_t w = 0; w < MV_LINES / 8; w++)
        words[w] &= EACH_LINE(MV_LINE_LIVE);
}

static uint64_t count_live_lines(const MvArena *arena)
{
    const uint64_t *words = (const uint64_t *)arena->lines;
    uint64_t live = 0;
    for (uint32_t w = 0; w < MV_LINES / 8; w++)
        live += EACH_LINE(words[w]) >> 56; /* eight bytes of 0 or 1, added up */
    return live;
}

/* Of the lines that this collection frees; the others that are free were poisoned when they were freed, or never used. */
static void poison_freed_lines(MvArena *arena)
{
    const uint64_t *words = (const uint64_t *)arena->lines;
    for (uint32_t w = MV_FIRST_LINE / 8; w <= (arena->fresh_line - 1) / 8; w++)
        if (words[w] & ~EACH_LINE(MV_LINE_LIVE))
            for (uint32_t line = w * 8; line < w * 8 + 8; line++)
                if (arena->lines[line] && !(arena->lines[line] & MV_LINE_LIVE))
                    memset((char *)arena + line * MV_LINE_SIZE, MV_POISON, MV_LINE_SIZE);
}

static bool refers_to_dead(const MvIcRecord *record)
{
    return (mv_is_pointer(record->w1) && !mv_is_marked(mv_object(record->w1))) || (mv_is_pointer(record->w2) && !mv_is_marked(mv_object(record->w2)));
}

static void sweep_records(MvVM *vm)
{
    for (MvCode *code = vm->codes; code; code = code->next)
        for (uint32_t s = 0; code->records && s < code->site_count; s++) {
            MvIcRecord *record = &code->records[s];
            if (record->kind == MV_IC_POLY)
                for (MvIcRecord *entry = mv_ic_entries(record), *end = entry + MV_IC_POLY_LIMIT; entry < end; entry++) {
                    if (refers_to_dead(entry))
                        *entry = (MvIcRecord){.shape = MV_IC_NO_SHAPE};
                }
            else if (record->kind && refers_to_dead(record))
                mv_ic_clear(vm, record);
        }
}

static void sweep_shape_cache(MvVM *vm)
{
    for (uint32_t i = 0; i < MV_SHAPE_CACHE_SIZE; i++) {
        MvIcRecord *record = &vm->shape_cache[i];
        if (record->key && (refers_to_dead(record) || !mv_is_marked(mv_ic_key_name(record->key))))
            *record = (MvIcRecord){0};
    }
}

/* The names that live shapes have, which lie outside the heap: each its own, as all that it came from belong to the same class. */
static void mark_shape_names(MvVM *vm)
{
    for (uint32_t id = 0; id < vm->shape_count; id++) {
        const MvShape *shape = vm->shapes[id];
        if (shape && shape->name && shape->cls && mv_is_marked(&shape->cls->h))
            mv_mark_value(vm, shape->name);
    }
}

/* The tables of subclasses are weak for full collections. Marked before anything else is, they are traced by nobody: a stale word of a stack that looks
 * like one of them would keep every class that was ever made. Those of dead classes stay until the next full collection, without what is dead. */
static void mark_subclass_tables(MvVM *vm)
{
    for (uint32_t id = 0; id < vm->shape_count; id++) {
        const MvShape *shape = vm->shapes[id];
        if (!shape || shape->parent != id || !shape->cls || !shape->cls->subclasses)
            continue;
        mv_mark_untraced(vm, &shape->cls->subclasses->h);
        mv_mark_untraced(vm, &shape->cls->subclasses->table->h);
    }
}

/* Frees the shapes of dead classes: no instance is left. Takes dead classes out of their bases' tables. */
static void sweep_shapes(MvVM *vm, bool full)
{
    /* A class that dies in a young collection was made since the last one, its shapes too. */
    for (uint32_t id = full ? 0 : vm->heap.shapes_swept; id < vm->shape_count; id++) {
        MvShape *shape = vm->shapes[id];
        if (!shape || !shape->cls)
            continue;
        if (full && shape->parent == id && shape->cls->subclasses)
            mv_dict_drop_dead(shape->cls->subclasses);
        if (!mv_is_marked(&shape->cls->h))
            mv_shape_free(vm, shape);
    }
    vm->heap.shapes_swept = vm->shape_count;
}

static void sweep_codes(MvVM *vm)
{
    for (MvCode **link = &vm->codes; *link;) {
        MvCode *code = *link;
        if (mv_is_marked(&code->h)) {
            link = &code->next;
            continue;
        }
        *link = code->next;
        mv_native_code_died(vm, code);
        mv_code_free_records(vm, code);
    }
}

/* Gives back the blocks of an arena behind its last survivor. */
static void give_back(MvHeap *heap, MvArena *arena)
{
    uint32_t end = MV_LINES;
    while (end > MV_FIRST_LINE && !arena->lines[end - 1])
        end--;
    uint32_t kept = (uint32_t)((end * MV_LINE_SIZE + MV_BLOCK_SIZE - 1) / MV_BLOCK_SIZE);
    if (kept >= arena->charged_blocks)
        return;
    uint64_t bytes = (uint64_t)(arena->charged_blocks - kept) * MV_BLOCK_SIZE;
    if (madvise((char *)arena + kept * MV_BLOCK_SIZE, bytes, MADV_DONTNEED))
        return;
    heap->block_bytes -= bytes;
    arena->charged_blocks = kept;
    if (arena->fresh_line > kept * (MV_BLOCK_SIZE / MV_LINE_SIZE))
        arena->fresh_line = kept * (uint32_t)(MV_BLOCK_SIZE / MV_LINE_SIZE);
}

static void count_pause(MvHeap *heap, uint64_t ns)
{
    heap->pause_total_ns += ns;
    if (ns > heap->pause_max_ns)
        heap->pause_max_ns = ns;
    if (heap->pause_count == heap->pause_capacity) {
        uint32_t capacity = heap->pause_capacity ? heap->pause_capacity * 2 : 256;
        uint32_t *pauses = capacity <= 1u << 20 ? realloc(heap->pauses_us, capacity * sizeof *pauses) : NULL;
        if (!pauses)
            return;
        heap->pauses_us = pauses;
        heap->pause_capacity = capacity;
    }
    heap->pauses_us[heap->pause_count++] = (uint32_t)(ns / 1000);
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

uint32_t mv_heap_median_pause_us(const MvVM *vm)
{
    const MvHeap *heap = &vm->heap;
    if (!heap->pause_count)
        return 0;
    qsort(heap->pauses_us, heap->pause_count, sizeof *heap->pauses_us, by_value);
    return heap->pauses_us[heap->pause_count / 2];
}

static MvValue *vm_stack_top(const MvVM *vm)
{
    if (vm->base == vm->stack)
        return vm->stack;
    const MvCode *code = (const MvCode *)vm->base[MV_FRAME_CODE];
    MvValue *top = vm->base + (code ? code->register_count : 0);
    return top > vm->top ? top : vm->top;
}

void mv_heap_collect(MvVM *vm, bool full)
{
    MvHeap *heap = &vm->heap;
    if (heap->collecting || heap->no_collect)
        return;
    uint64_t begin = now_ns();
    full |= heap->full_due;
    heap->collecting = true;
    heap->collecting_full = full;
    heap->full_due = false;
    mv_heap_finish_spans(vm);
    for (uint32_t a = 0; full && a < heap->arena_count; a++) {
        MvArena *arena = heap->arenas[a];
        memset(arena->starts, 0, sizeof arena->starts);
        if (arena->kind == MV_ARENA_SMALL)
            live_becomes_was_live(arena);
    }
    take_log(vm, full);
    if (full)
        mark_subclass_tables(vm);
    mv_trace_roots(vm);
    mv_mark_words(vm, vm->stack, vm_stack_top(vm));
    mark_native_stack(vm);
    drain(vm);
    trace_left_over(vm);
    if (full) { /* names are strs that refer to nothing: no tracing is left to do behind this */
        mark_shape_names(vm);
        mv_depend_mark_names(vm);
        mv_intern_sweep(vm);
    }
    if (heap->mark_capacity > MV_MARK_STACK_KEPT) { /* what a large heap needed is given back */
        uintptr_t *stack = realloc(heap->mark_stack, MV_MARK_STACK_KEPT * sizeof *stack);
        heap->mark_stack = stack ? stack : heap->mark_stack;
        heap->mark_capacity = stack ? MV_MARK_STACK_KEPT : heap->mark_capacity;
    }

    sweep_records(vm);
    sweep_shape_cache(vm);
    mv_namespaces_sweep(vm);
    mv_depend_sweep(vm); /* reads the shapes' classes */
    sweep_shapes(vm, full);
    sweep_codes(vm);
    if (full)
        mv_loader_sweep(vm);
    memset(vm->method_cache, 0, MV_METHOD_CACHE_SIZE * sizeof *vm->method_cache);
    mv_large_sweep(vm, full);
    uint64_t live = 0;
    for (uint32_t a = 0; a < heap->arena_count; a++) {
        MvArena *arena = heap->arenas[a];
        if (full)
            memcpy(arena->valid, arena->starts, sizeof arena->valid);
        if (arena->kind != MV_ARENA_SMALL)
            continue;
        if (vm->gc_stress)
            poison_freed_lines(arena);
        keep_live_lines(arena);
        live += count_live_lines(arena);
    }
    if (!full)
        for (uint32_t s = 0; s < heap->span_count; s++) {
            MvArena *arena = mv_arena_of(heap->spans[s].start);
            uint32_t first = mv_granule_of(heap->spans[s].start) >> 6, last = mv_granule_of(heap->spans[s].end - 1) >> 6;
            memcpy(arena->valid + first, arena->starts + first, (last - first + 1) * sizeof *arena->valid);
        }
    heap->span_count = 0;
    heap->scan_arena = heap->wide_arena = 0;
    heap->scan_line = heap->wide_line = MV_FIRST_LINE;
    heap->page_arena[0] = heap->page_arena[1] = 0;
    heap->allocated_total += heap->allocated_since_gc;
    heap->allocated_since_gc = 0;
    heap->live_lines = live;
    heap->old_bytes = live * MV_LINE_SIZE + heap->large_bytes;
    heap->young_budget = MV_YOUNG_BUDGET > heap->old_bytes / MV_YOUNG_SHARE ? MV_YOUNG_BUDGET : heap->old_bytes / MV_YOUNG_SHARE;
    if (full) {
        heap->old_bytes_after_full = heap->old_bytes;
        heap->full_count++;
    } else {
        heap->young_count++;
        uint64_t third = heap->old_bytes_after_full / 3;
        if (heap->old_bytes > heap->old_bytes_after_full + (third > MV_FULL_MIN ? third : MV_FULL_MIN))
            heap->full_due = true;
    }
    uint64_t limit = heap->bytes_limit;
    if (full && (heap->block_bytes > 2 * live * MV_LINE_SIZE + MV_IDLE_MAX || (limit && mv_heap_bytes_used(vm) > limit - limit / 4)))
        for (uint32_t a = 0; a < heap->arena_count; a++)
            if (heap->arenas[a]->kind == MV_ARENA_SMALL)
                give_back(heap, heap->arenas[a]);
    if (heap->reserve_used && mv_heap_bytes_used(vm) < heap->bytes_limit - heap->bytes_limit / 8)
        heap->reserve_used = false;
    if (!heap->reserve_used)
        mv_heap_keep_reserve(vm);
    heap->collecting = false;
    uint64_t pause = now_ns() - begin;
    count_pause(heap, pause);
    if (mv_traces(vm, MV_TRACE_GC))
        mv_trace_collection(vm, full, pause);
}
