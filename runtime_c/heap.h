/* The heap: non-moving, blocks of lines (after Immix, Blackburn and McKinley 2008), sticky mark bits for young collections (Demers et al. 1990). */
#pragma once
#include "object.h"

#define MV_ARENA_SIZE ((uintptr_t)1 << 20)
#define MV_BLOCK_SIZE ((uintptr_t)32 << 10)
#define MV_LINE_SIZE 128u
#define MV_SMALL_MAX 8176 /* larger objects get pages of their own */

typedef struct MvArena MvArena;
typedef struct MvLargeRange MvLargeRange;

typedef struct MvHeap {
    MvArena **arenas;            /* sorted by address */
    uint32_t arena_count, arena_capacity;
    MvArena **index;             /* open-addressing hash set over arena addresses */
    uint64_t index_mask;
    MvLargeRange *large;
    char *span_start;            /* of the span that cursor/limit bump through */
    struct MvSpan { char *start, *end; } *spans; /* filled since the last collection */
    uint32_t span_count, span_capacity;
    uint32_t scan_arena, scan_line; /* where the search for free lines goes on */
    MvObject **log;              /* old objects that were stored into */
    uint32_t log_count, log_capacity;
    MvObject **mark_stack;
    size_t mark_count, mark_capacity;
    uint64_t bytes_limit;        /* 0: none */
    uint64_t bytes_used;         /* committed: blocks, large objects, external */
    uint64_t external_bytes;     /* stacks, IC records, code, shapes, tables */
    uint64_t allocated_since_gc, young_budget;
    uint64_t live_after_full, full_threshold;
    uint64_t live_bytes;
    bool collecting, full_due, reserve_used;
    char *reserve;
    uint64_t young_count, full_count;
    uint64_t pause_total_ns, pause_max_ns;
    uint32_t *pauses_us;         /* all pauses, for the median */
    uint32_t pause_count, pause_capacity;
} MvHeap;

bool mv_heap_init(MvVM *vm, uint64_t limit);
void mv_heap_free(MvVM *vm);
void *mv_heap_allocate_slow(MvVM *vm, size_t size); /* NULL: MemoryError raised, or the run is ending */
void mv_heap_collect(MvVM *vm, bool full);
void mv_heap_log(MvVM *vm, MvObject *object);
bool mv_heap_account_external(MvVM *vm, int64_t delta); /* false (nothing raised): over the limit */
size_t mv_heap_object_size(MvVM *vm, const MvObject *object);
/* The object that holds the address (interior allowed), or NULL; for marking stacks. */
MvObject *mv_heap_find(MvVM *vm, uintptr_t address);
MV_COLD MvValue mv_memory_error(MvVM *vm);
