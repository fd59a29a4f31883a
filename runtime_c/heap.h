/* The heap: non-moving, blocks of lines (after Immix, Blackburn and McKinley 2008), sticky mark bits for young collections (Demers et al. 1990). */
#pragma once
#include "object.h"

#define MV_ARENA_SIZE ((uintptr_t)1 << 20)
#define MV_BLOCK_SIZE ((uintptr_t)32 << 10)
#define MV_LINE_SIZE 128u
#define MV_SMALL_MAX 8176 /* larger objects get pages of their own */

#define MV_GC_LOG_SETS_POINTERS /* a logged object is traced from then on: see MV_GC_NUMBERS in containers.h */

typedef struct MvArena MvArena;

typedef struct MvSpan { /* filled with objects since the last collection */
    char *start, *end;
    bool walked; /* `valid` has its objects */
} MvSpan;

typedef struct MvHeap {
    MvArena **arenas;            /* in order of creation */
    uint32_t arena_count, arena_capacity;
    struct MvArenaSlot { uintptr_t number; MvArena *arena; } *index; /* hash table: address / MV_ARENA_SIZE -> arena */
    uint64_t index_mask, index_used;
    uintptr_t lowest, highest;   /* addresses outside are no objects */
    char *span_start;            /* of the span that the VM's cursor/limit bump through */
    char *wide_start, *wide_cursor, *wide_limit; /* the span for objects larger than a line */
    MvSpan *spans;
    uint32_t span_count, span_capacity;
    uint32_t scan_arena, scan_line; /* where the search for free lines goes on */
    uint32_t wide_arena, wide_line; /* the same for wide spans */
    uint32_t page_arena[2];      /* the same for page runs, small and large ones (large.c) */
    MvObject **log;              /* old objects that were stored into */
    uint32_t log_count, log_capacity;
    uintptr_t *mark_stack;       /* objects to trace; two words where part of a long one is left (trace.c) */
    size_t mark_count, mark_capacity;
    bool mark_overflow;          /* no memory for the stack: marked objects are left that were not traced */
    void *reserve;               /* addresses kept for the program's MemoryError, where the system refuses memory */
    uint64_t bytes_limit;        /* 0: none */
    uint64_t block_bytes;        /* of the arenas' blocks that were ever handed out and not given back */
    uint64_t large_bytes;
    uint64_t external_bytes;     /* stacks, IC records, code, shapes, tables, scratch */
    uint64_t allocated_since_gc, young_budget;
    uint32_t shapes_swept;       /* shapes with smaller ids existed at the last collection */
    uint64_t live_lines;         /* marked at the last collection */
    uint64_t old_bytes_after_full, old_bytes;
    bool collecting, collecting_full, full_due, reserve_used, no_collect;
    uint64_t young_count, full_count, allocated_total;
    uint64_t pause_total_ns, pause_max_ns;
    uint32_t *pauses_us;         /* all pauses, for the median */
    uint32_t pause_count, pause_capacity;
} MvHeap;

bool mv_heap_init(MvVM *vm, uint64_t limit);
void mv_heap_free(MvVM *vm);
void *mv_heap_allocate_slow(MvVM *vm, size_t size); /* NULL: MemoryError raised, or the run is ending */
void mv_heap_collect(MvVM *vm, bool full);
void mv_heap_log(MvVM *vm, MvObject *object);
/* The same after one store into `field`; of a large array only the card that holds the field is looked at again. */
void mv_heap_log_field(MvVM *vm, MvObject *object, const MvValue *field);
void mv_heap_log_fields(MvVM *vm, MvObject *object, const MvValue *first, int64_t count); /* after stores into several in a row */
void mv_heap_log_moved(MvVM *vm, MvObject *object); /* values change their places within the object: its cards say nothing any more */
bool mv_heap_account_external(MvVM *vm, int64_t delta); /* false (nothing raised): over the limit */
size_t mv_heap_object_size(MvVM *vm, const MvObject *object);
uint64_t mv_heap_bytes_used(const MvVM *vm);
uint32_t mv_heap_median_pause_us(const MvVM *vm);
/* The object that holds the address (interior allowed), or NULL; for marking stacks. */
MvObject *mv_heap_find(MvVM *vm, uintptr_t address);
MV_COLD MvValue mv_memory_error(MvVM *vm);
/* MemoryError for one request that is too large: others may still be met, so the reserve is not touched. */
MV_COLD MvValue mv_too_large(MvVM *vm);
