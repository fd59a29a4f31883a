/* Allocation: spans of free lines for small objects, arenas, byte accounting. Collection is collect.c, large objects large.c.
 *
 * Who calls: mv_allocate when its span is full. Invariants: memory between cursor and limit is zero; every object allocated since the last
 * collection lies in a recorded span, back to back, so that the collector can find the starts by walking; a limit is never exceeded except
 * by the reserve that lets a program handle its MemoryError. */
#include "heap.h"
#include "arena.h"
#include "protocol.h"
#include "watch.h"
#include <stdlib.h>
#include <sys/mman.h>

#define MV_SPAN_MAX_LINES (MV_BLOCK_SIZE / MV_LINE_SIZE)
#define MV_WIDE_MIN_LINES (MV_SMALL_MAX / MV_LINE_SIZE + 1)
#define STRESS_LINES_A_YOUNG 512 /* live lines for which gc_stress has one more young collection between two full ones */
#define MV_RESERVE_BYTES ((uint64_t)512 << 10)
#define MV_RESERVE_ADDRESSES ((size_t)4 << 20) /* an arena can be mapped there, and malloc has room */
#define MV_HUGE_PAGES_MIN ((uint64_t)4 << 20)

static uint64_t index_hash(uintptr_t number) { return (uint64_t)number * 0x9E3779B97F4A7C15u >> 32; }

MvArena *mv_arena_find(const MvHeap *heap, uintptr_t address)
{
    if (address < heap->lowest || address >= heap->highest)
        return NULL;
    uintptr_t number = address / MV_ARENA_SIZE;
    for (uint64_t i = index_hash(number) & heap->index_mask;; i = (i + 1) & heap->index_mask) {
        if (heap->index[i].number == number)
            return heap->index[i].arena;
        if (!heap->index[i].number)
            return NULL;
    }
}

static void index_insert(MvHeap *heap, uintptr_t number, MvArena *arena)
{
    uint64_t i = index_hash(number) & heap->index_mask;
    while (heap->index[i].number)
        i = (i + 1) & heap->index_mask;
    heap->index[i].number = number;
    heap->index[i].arena = arena;
    heap->index_used++;
}

/* Moves the slots behind the gap that a search would not find past it, so that no tombstones are needed. */
static void index_remove(MvHeap *heap, uintptr_t number)
{
    uint64_t mask = heap->index_mask, gap = index_hash(number) & mask;
    while (heap->index[gap].number != number)
        gap = (gap + 1) & mask;
    for (uint64_t i = (gap + 1) & mask; heap->index[i].number; i = (i + 1) & mask) {
        uint64_t home = index_hash(heap->index[i].number) & mask;
        if (((i - home) & mask) >= ((i - gap) & mask)) {
            heap->index[gap] = heap->index[i];
            gap = i;
        }
    }
    heap->index[gap] = (struct MvArenaSlot){0};
    heap->index_used--;
}

static bool index_rebuild(MvHeap *heap, uint64_t size)
{
    struct MvArenaSlot *slots = calloc(size, sizeof *slots);
    if (!slots)
        return false;
    free(heap->index);
    heap->index = slots;
    heap->index_mask = size - 1;
    heap->index_used = 0;
    for (uint32_t a = 0; a < heap->arena_count; a++) {
        MvArena *arena = heap->arenas[a];
        uint64_t units = arena->kind == MV_ARENA_HUGE ? arena->huge_bytes / MV_ARENA_SIZE : 1;
        for (uint64_t u = 0; u < units; u++)
            index_insert(heap, (uintptr_t)arena / MV_ARENA_SIZE + u, arena);
    }
    return true;
}

/* Large mappings get huge pages, which take a fraction of the page faults. */
static void *map_aligned(uint64_t bytes)
{
    const uint64_t alignment = bytes >= MV_HUGE_PAGES_MIN ? 2 * MV_ARENA_SIZE : MV_ARENA_SIZE;
    char *p = mmap(NULL, bytes + alignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    char *aligned = (char *)(((uintptr_t)p + alignment - 1) & ~(alignment - 1));
    if (aligned > p)
        munmap(p, (size_t)(aligned - p));
    char *end = p + bytes + alignment;
    if (end > aligned + bytes)
        munmap(aligned + bytes, (size_t)(end - aligned - bytes));
    if (bytes >= MV_HUGE_PAGES_MIN)
        madvise(aligned, bytes, MADV_HUGEPAGE);
    return aligned;
}

MvArena *mv_arena_new(MvVM *vm, int kind, uint64_t bytes)
{
    MvHeap *heap = &vm->heap;
    uint64_t units = bytes / MV_ARENA_SIZE;
    if (heap->arena_count == heap->arena_capacity) {
        uint32_t capacity = heap->arena_capacity ? heap->arena_capacity * 2 : 16;
        MvArena **arenas = realloc(heap->arenas, capacity * sizeof *arenas);
        if (!arenas)
            return NULL;
        heap->arenas = arenas;
        heap->arena_capacity = capacity;
    }
    uint64_t size = heap->index_mask + 1;
    while ((heap->index_used + units) * 2 > size)
        size *= 2;
    if (size != heap->index_mask + 1 && !index_rebuild(heap, size))
        return NULL;
    MvArena *arena = map_aligned(bytes);
    if (!arena)
        return NULL;
    arena->kind = (uint32_t)kind;
    arena->fresh_line = MV_FIRST_LINE;
    arena->card_shift = 9;
    if (kind == MV_ARENA_HUGE) {
        arena->huge_bytes = bytes;
        while (bytes >> arena->card_shift > MV_LINES)
            arena->card_shift++;
    }
    heap->arenas[heap->arena_count++] = arena;
    for (uint64_t u = 0; u < units; u++)
        index_insert(heap, (uintptr_t)arena / MV_ARENA_SIZE + u, arena);
    if ((uintptr_t)arena < heap->lowest)
        heap->lowest = (uintptr_t)arena;
    if ((uintptr_t)arena + bytes > heap->highest)
        heap->highest = (uintptr_t)arena + bytes;
    return arena;
}

void mv_arena_free(MvVM *vm, MvArena *arena)
{
    MvHeap *heap = &vm->heap;
    uint32_t a = 0;
    while (heap->arenas[a] != arena)
        a++;
    memmove(heap->arenas + a, heap->arenas + a + 1, (heap->arena_count - a - 1) * sizeof *heap->arenas);
    heap->arena_count--;
    uint64_t bytes = arena->kind == MV_ARENA_HUGE ? arena->huge_bytes : MV_ARENA_SIZE;
    for (uint64_t u = 0; u < bytes / MV_ARENA_SIZE; u++)
        index_remove(heap, (uintptr_t)arena / MV_ARENA_SIZE + u);
    munmap(arena, bytes);
}

uint64_t mv_heap_bytes_used(const MvVM *vm) { return vm->heap.block_bytes + vm->heap.large_bytes + vm->heap.external_bytes; }

bool mv_heap_within_limit(const MvVM *vm, uint64_t more)
{
    const MvHeap *heap = &vm->heap;
    uint64_t limit = heap->bytes_limit + (heap->reserve_used ? MV_RESERVE_BYTES : 0);
    return !heap->bytes_limit || mv_heap_bytes_used(vm) + more <= limit;
}

bool mv_heap_account_external(MvVM *vm, int64_t delta)
{
    if (delta > 0 && !mv_heap_within_limit(vm, (uint64_t)delta))
        return false;
    vm->heap.external_bytes += (uint64_t)delta;
    return true;
}

static bool record_span(MvVM *vm, char *start, char *end)
{
    MvHeap *heap = &vm->heap;
    if (start == end)
        return true;
    if (heap->span_count + 3 > heap->span_capacity) { /* two more fit, so that mv_heap_finish_spans cannot fail */
        uint32_t capacity = heap->span_capacity ? heap->span_capacity * 2 : 256;
        MvSpan *spans = realloc(heap->spans, capacity * sizeof *spans);
        if (!spans)
            return false;
        heap->spans = spans;
        heap->span_capacity = capacity;
    }
    heap->spans[heap->span_count++] = (MvSpan){start, end, false};
    return true;
}

/* Closes both bump spans, so that `spans` covers all young objects. The VM takes a new span at its next allocation. */
void mv_heap_finish_spans(MvVM *vm)
{
    MvHeap *heap = &vm->heap;
    record_span(vm, heap->span_start, vm->cursor);
    record_span(vm, heap->wide_start, heap->wide_cursor);
    heap->span_start = vm->cursor = vm->limit = vm->stress_limit = NULL;
    heap->wide_start = heap->wide_cursor = heap->wide_limit = NULL;
}

/* Charges the blocks of a span that are used for the first time; false: over the limit. */
static bool charge_blocks(MvVM *vm, MvArena *arena, uint32_t end_line)
{
    uint32_t blocks = (end_line * MV_LINE_SIZE + (uint32_t)MV_BLOCK_SIZE - 1) / (uint32_t)MV_BLOCK_SIZE;
    if (blocks <= arena->charged_blocks)
        return true;
    uint64_t more = (uint64_t)(blocks - arena->charged_blocks) * MV_BLOCK_SIZE;
    if (!mv_heap_within_limit(vm, more))
        return false;
    vm->heap.block_bytes += more;
    arena->charged_blocks = blocks;
    return true;
}

/* Finds the next hole of at least min_lines from *arena_index, *line_index on, cut to a block's length. False: none left, or over the limit. */
static bool next_hole(MvVM *vm, uint32_t *arena_index, uint32_t *line_index, uint32_t min_lines, char **start, char **end)
{
    MvHeap *heap = &vm->heap;
    for (; *arena_index < heap->arena_count; ++*arena_index, *line_index = MV_FIRST_LINE) {
        MvArena *arena = heap->arenas[*arena_index];
        if (arena->kind != MV_ARENA_SMALL)
            continue;
        uint32_t line = *line_index;
        while (line < MV_LINES) {
            const uint8_t *free_line = memchr(arena->lines + line, 0, MV_LINES - line);
            if (!free_line)
                break;
            line = (uint32_t)(free_line - arena->lines);
            uint32_t longest = vm->gc_stress ? min_lines : MV_SPAN_MAX_LINES; /* the next collection clears and poisons what is handed out */
            uint32_t bound = line + longest < MV_LINES ? line + longest : (uint32_t)MV_LINES;
            uint32_t stop = line + 1;
            while (stop < bound && !arena->lines[stop])
                stop++;
            if (stop - line < min_lines) {
                line = stop;
                continue;
            }
            if (!charge_blocks(vm, arena, stop))
                return false;
            memset(arena->lines + line, MV_LINE_FRESH, stop - line); /* handed out: neither search finds it again before the next collection */
            *line_index = stop;
            *start = (char *)arena + line * MV_LINE_SIZE;
            *end = (char *)arena + stop * MV_LINE_SIZE;
            uint32_t used_to = stop < arena->fresh_line ? stop : arena->fresh_line;
            if (used_to > line)
                memset(*start, 0, (size_t)(used_to - line) * MV_LINE_SIZE);
            if (stop > arena->fresh_line)
                arena->fresh_line = stop;
            heap->allocated_since_gc += (size_t)(*end - *start);
            return true;
        }
    }
    return false;
}

static bool take_span(MvVM *vm, uint32_t *arena_index, uint32_t *line_index, uint32_t min_lines, char **start, char **end)
{
    if (next_hole(vm, arena_index, line_index, min_lines, start, end))
        return true;
    if (!mv_heap_within_limit(vm, MV_BLOCK_SIZE) || *arena_index < vm->heap.arena_count)
        return false;
    if (!mv_arena_new(vm, MV_ARENA_SMALL, MV_ARENA_SIZE))
        return false;
    return next_hole(vm, arena_index, line_index, min_lines, start, end);
}

static MvObject *allocate_small(MvVM *vm, size_t size)
{
    MvHeap *heap = &vm->heap;
    char *start, *end;
    if (size <= MV_LINE_SIZE || (size_t)(vm->limit - vm->cursor) >= size) {
        if ((size_t)(vm->limit - vm->cursor) < size) {
            if (!record_span(vm, heap->span_start, vm->cursor))
                return NULL;
            heap->span_start = vm->cursor = vm->limit = NULL;
            if (!take_span(vm, &heap->scan_arena, &heap->scan_line, 1, &start, &end))
                return NULL;
            heap->span_start = vm->cursor = start;
            vm->limit = end;
        }
        char *p = vm->cursor;
        vm->cursor += size;
        return (MvObject *)p;
    }
    if ((size_t)(heap->wide_limit - heap->wide_cursor) < size) {
        if (!record_span(vm, heap->wide_start, heap->wide_cursor))
            return NULL;
        heap->wide_start = heap->wide_cursor = heap->wide_limit = NULL;
        if (!take_span(vm, &heap->wide_arena, &heap->wide_line, MV_WIDE_MIN_LINES, &start, &end))
            return NULL;
        heap->wide_start = heap->wide_cursor = start;
        heap->wide_limit = end;
    }
    char *p = heap->wide_cursor;
    heap->wide_cursor += size;
    return (MvObject *)p;
}

static MvObject *try_allocate(MvVM *vm, size_t size)
{
    return size <= MV_SMALL_MAX ? allocate_small(vm, size) : mv_large_allocate(vm, size);
}

/* Addresses, without memory, that are given up when the system refuses more (ulimit -v). */
void mv_heap_keep_reserve(MvVM *vm)
{
    if (vm->heap.reserve)
        return;
    void *p = mmap(NULL, MV_RESERVE_ADDRESSES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    vm->heap.reserve = p == MAP_FAILED ? NULL : p;
}

void mv_heap_drop_reserve(MvVM *vm)
{
    if (vm->heap.reserve)
        munmap(vm->heap.reserve, MV_RESERVE_ADDRESSES);
    vm->heap.reserve = NULL;
}

MV_COLD MvValue mv_too_large(MvVM *vm)
{
    if (vm->ending)
        return MV_EXC;
    MvException *error = MV_CAST(MvException, vm->memory_error);
    error->traceback = error->context = error->cause = MV_NONE;
    vm->exception = vm->memory_error;
    return MV_EXC;
}

MV_COLD MvValue mv_memory_error(MvVM *vm)
{
    MvHeap *heap = &vm->heap;
    if (vm->ending)
        return MV_EXC;
    if (heap->reserve_used || !vm->memory_error) { /* the program was told, and goes on allocating; or there is none yet */
        mv_end(vm, MV_END_MEMORY);
        return MV_EXC;
    }
    heap->reserve_used = true; /* given back when a collection finds room (collect.c) */
    mv_heap_drop_reserve(vm);
    return mv_too_large(vm);
}

/* Young collections find what the barrier missed and what has no root while it is young, full ones what is kept alive by being old alone. A full one
 * takes time with the live heap, so that the larger it is the rarer they are: one in eight or more. */
static bool stress_full(MvVM *vm)
{
    MvHeap *heap = &vm->heap;
    if (++vm->gc_stress_young < 8 + heap->live_lines / STRESS_LINES_A_YOUNG)
        return false;
    vm->gc_stress_young = 0;
    return true;
}

/* INV-heap-1: with gc_stress every allocation comes here, so that it counts: between them the span looks full (limit = cursor). */
void *mv_heap_allocate_slow(MvVM *vm, size_t size)
{
    MvHeap *heap = &vm->heap;
    if (size > (uint64_t)1 << 46) {
        mv_too_large(vm);
        return NULL;
    }
    if (vm->stress_limit) {
        vm->limit = vm->stress_limit;
        vm->stress_limit = NULL;
    }
    if (MV_UNLIKELY(vm->gc_stress) && !heap->no_collect) {
        if (--vm->gc_stress_left == 0) {
            vm->gc_stress_left = vm->gc_stress;
            mv_heap_collect(vm, stress_full(vm));
        }
    } else if (heap->allocated_since_gc + (size > MV_SMALL_MAX ? size : 0) > heap->young_budget && !heap->no_collect)
        mv_heap_collect(vm, false);
    MvObject *object = try_allocate(vm, size);
    if (MV_UNLIKELY(!object) && !heap->no_collect) {
        mv_heap_collect(vm, true);
        object = try_allocate(vm, size);
    }
    if (MV_UNLIKELY(!object)) {
        if (size > MV_RESERVE_BYTES)
            mv_too_large(vm);
        else
            mv_memory_error(vm);
        return NULL;
    }
    if (MV_UNLIKELY(vm->gc_stress)) {
        vm->stress_limit = vm->limit;
        vm->limit = vm->cursor;
    }
    return object;
}

static bool append_to_log(MvHeap *heap, MvObject *object)
{
    if (MV_UNLIKELY(heap->log_count == heap->log_capacity)) {
        uint32_t capacity = heap->log_capacity ? heap->log_capacity * 2 : 1024;
        MvObject **log = realloc(heap->log, capacity * sizeof *log);
        if (!log) { /* without the log a young collection would be wrong: make the next one full */
            heap->full_due = true;
            return false;
        }
        heap->log = log;
        heap->log_capacity = capacity;
    }
    heap->log[heap->log_count++] = object;
    return true;
}

void mv_heap_log(MvVM *vm, MvObject *object)
{
    object->gc |= MV_GC_HAS_POINTERS;
    if (append_to_log(&vm->heap, object))
        object->gc &= (uint8_t)~MV_GC_OLD_CLEAN;
}

void mv_heap_log_field(MvVM *vm, MvObject *object, const MvValue *field)
{
    if (MV_LIKELY(!mv_has_cards(object))) {
        mv_heap_log(vm, object);
        return;
    }
    MvArena *arena = mv_arena_of(object);
    uint8_t *card = &arena->lines[((uintptr_t)field - (uintptr_t)arena) >> arena->card_shift];
    if (*card || *field <= MV_UNASSIGNED || mv_object(*field)->gc & MV_GC_STATIC)
        return;
    object->gc |= MV_GC_HAS_POINTERS;
    uint8_t *logged = mv_logged_flag(arena, object);
    if (*logged || append_to_log(&vm->heap, object))
        *logged = *card = 1;
}

void mv_heap_log_fields(MvVM *vm, MvObject *object, const MvValue *first, int64_t count)
{
    if (count <= 0)
        return;
    if (!mv_has_cards(object)) {
        mv_heap_log(vm, object);
        return;
    }
    MvArena *arena = mv_arena_of(object);
    object->gc |= MV_GC_HAS_POINTERS;
    uint8_t *logged = mv_logged_flag(arena, object);
    if (!*logged && !append_to_log(&vm->heap, object))
        return;
    *logged = 1;
    size_t from = ((uintptr_t)first - (uintptr_t)arena) >> arena->card_shift;
    size_t to = ((uintptr_t)(first + count) - 1 - (uintptr_t)arena) >> arena->card_shift;
    memset(arena->lines + from, 1, to - from + 1);
}

void mv_heap_log_moved(MvVM *vm, MvObject *object)
{
    if (mv_has_cards(object) && *mv_logged_flag(mv_arena_of(object), object))
        mv_heap_log(vm, object);
}

size_t mv_heap_object_size(MvVM *vm, const MvObject *object)
{
    unsigned granules = object->aux & MV_AUX_SIZE_MASK;
    return granules ? granules * 16 : mv_large_size(mv_arena_find(&vm->heap, (uintptr_t)object), object);
}

MvObject *mv_heap_find(MvVM *vm, uintptr_t address)
{
    MvArena *arena = mv_arena_find(&vm->heap, address);
    if (!arena)
        return NULL;
    if (arena->kind != MV_ARENA_SMALL)
        return mv_large_find(arena, address);
    uint32_t granule = mv_granule_of((void *)address);
    if (granule < MV_ARENA_META / 16)
        return NULL;
    if (arena->lines[granule >> 3] & MV_LINE_FRESH)
        mv_heap_walk_span(vm, address);
    uint32_t word = granule >> 6;
    uint32_t lowest = granule > MV_SMALL_MAX / 16 ? (granule - MV_SMALL_MAX / 16) >> 6 : 0;
    uint64_t bits = arena->valid[word] & (~(uint64_t)0 >> (63 - (granule & 63)));
    while (!bits && word > lowest)
        bits = arena->valid[--word];
    if (!bits)
        return NULL;
    granule = word * 64 + 63 - (uint32_t)__builtin_clzll(bits);
    MvObject *object = (MvObject *)((char *)arena + granule * 16);
    return address < (uintptr_t)object + (object->aux & MV_AUX_SIZE_MASK) * 16 ? object : NULL;
}

bool mv_heap_init(MvVM *vm, uint64_t limit)
{
    MvHeap *heap = &vm->heap;
    heap->bytes_limit = limit;
    heap->young_budget = MV_YOUNG_BUDGET;
    heap->lowest = UINTPTR_MAX;
    heap->index_mask = 63;
    heap->scan_line = heap->wide_line = MV_FIRST_LINE;
    heap->index = calloc(64, sizeof *heap->index);
    heap->mark_capacity = MV_MARK_STACK_MIN;
    heap->mark_stack = malloc(heap->mark_capacity * sizeof *heap->mark_stack);
    heap->span_capacity = 256;
    heap->spans = malloc(heap->span_capacity * sizeof *heap->spans);
    mv_heap_keep_reserve(vm);
    return heap->index && heap->mark_stack && heap->spans && mv_arena_new(vm, MV_ARENA_SMALL, MV_ARENA_SIZE);
}

void mv_heap_free(MvVM *vm)
{
    MvHeap *heap = &vm->heap;
    for (uint32_t a = 0; a < heap->arena_count; a++)
        munmap(heap->arenas[a], heap->arenas[a]->kind == MV_ARENA_HUGE ? heap->arenas[a]->huge_bytes : MV_ARENA_SIZE);
    mv_heap_drop_reserve(vm);
    free(heap->arenas);
    free(heap->index);
    free(heap->spans);
    free(heap->log);
    free(heap->mark_stack);
    free(heap->pauses_us);
}
