/* Arenas: the 1 MiB aligned regions that the heap consists of, with their side tables. Used by heap.c, large.c, collect.c. */
#pragma once
#include "vm.h"

#define MV_GRANULES (MV_ARENA_SIZE / 16)
#define MV_LINES (MV_ARENA_SIZE / MV_LINE_SIZE)
#define MV_PAGE 4096u
#define MV_ARENA_META MV_BLOCK_SIZE /* bytes at the start that hold this struct */
#define MV_FIRST_LINE (MV_ARENA_META / MV_LINE_SIZE)

enum { MV_ARENA_SMALL, MV_ARENA_PAGES, MV_ARENA_HUGE };

#define MV_YOUNG_BUDGET ((uint64_t)4 << 20) /* bytes allocated between two collections, at least ... */
#define MV_YOUNG_SHARE 32                   /* ... and this part of what is old, as a young collection looks at all lines */
#define MV_MARK_STACK_MIN 512 /* words; more than a piece of an array needs */

#define MV_POISON 0xDB /* what is freed, under gc_stress */

enum {
    MV_LINE_LIVE = 1,  /* holds a survivor */
    MV_LINE_FRESH = 2, /* handed out since the last collection */
    MV_LINE_WAS_LIVE = 4 /* only while a full collection runs: held a survivor of the one before */
};

/* `starts` has a bit for each object that survived the last collection; while collecting it is the mark set.
 * `valid` has, while collecting, a bit for each object that existed when the collection began; those of a fresh span are set when a first
 * conservative word points into it (mv_heap_walk_span): most spans are never walked. */
/* Cards: a large array that is old and clean keeps OLD_CLEAN when a pointer is stored into it; the barrier notes the part that the field lies in, so
 * that the next young collection looks at that part alone. In PAGES and HUGE arenas `lines` are the cards, of 1 << card_shift bytes from the arena's
 * start; non-zero: stored into. Cards are dirty only while their object is in the heap's log. */
struct MvArena {
    uint64_t starts[MV_GRANULES / 64];
    uint64_t valid[MV_GRANULES / 64];
    uint8_t lines[MV_LINES];  /* SMALL: bits MV_LINE_*; else cards */
    uint32_t kind;
    uint32_t fresh_line;      /* SMALL: lines from here on were never used, so they are zero */
    uint32_t charged_blocks;  /* SMALL: blocks counted in heap.block_bytes */
    uint32_t free_pages;      /* PAGES; HUGE: pages in use */
    uint32_t fresh_page;      /* PAGES: pages from here on were never used, so they are zero */
    uint32_t longest_run;     /* PAGES: no run of free pages is longer (an upper bound) */
    uint32_t card_shift;
    uint64_t huge_bytes;      /* HUGE: bytes mapped */
    uint16_t page_start[MV_ARENA_SIZE / MV_PAGE]; /* PAGES: first page of the object that holds the page, 0: free */
    uint16_t page_count[MV_ARENA_SIZE / MV_PAGE]; /* PAGES: by first page */
    uint8_t logged[MV_ARENA_SIZE / MV_PAGE];      /* PAGES, HUGE (index 0): by first page, the object is in the log for its cards */
};
_Static_assert(sizeof(MvArena) <= MV_ARENA_META, "arena tables fit");

MV_INLINE MvArena *mv_arena_of(const void *object) { return (MvArena *)((uintptr_t)object & ~(MV_ARENA_SIZE - 1)); }
MV_INLINE uint32_t mv_granule_of(const void *object) { return (uint32_t)((uintptr_t)object & (MV_ARENA_SIZE - 1)) >> 4; }
MV_INLINE bool mv_bit(const uint64_t *bits, uint32_t n) { return bits[n >> 6] >> (n & 63) & 1; }
MV_INLINE void mv_bit_set(uint64_t *bits, uint32_t n) { bits[n >> 6] |= (uint64_t)1 << (n & 63); }
MV_INLINE void mv_bit_clear(uint64_t *bits, uint32_t n) { bits[n >> 6] &= ~((uint64_t)1 << (n & 63)); }

MvArena *mv_arena_new(MvVM *vm, int kind, uint64_t bytes); /* NULL: no memory; nothing raised */
void mv_arena_free(MvVM *vm, MvArena *arena);
MvArena *mv_arena_find(const MvHeap *heap, uintptr_t address); /* NULL: not in the heap */
bool mv_heap_within_limit(const MvVM *vm, uint64_t more);
void mv_heap_finish_spans(MvVM *vm);
void mv_heap_keep_reserve(MvVM *vm);
void mv_heap_drop_reserve(MvVM *vm);
void mv_heap_walk_span(MvVM *vm, uintptr_t address); /* makes `valid` true for the fresh span that holds the address */

/* large.c */
MvObject *mv_large_allocate(MvVM *vm, size_t size); /* NULL: no memory; zeroed */
MvObject *mv_large_find(MvArena *arena, uintptr_t address);
size_t mv_large_size(MvArena *arena, const MvObject *object);
void mv_large_sweep(MvVM *vm, bool full);

/* trace.c: marks what the object refers to */
void mv_trace_object(MvVM *vm, MvObject *object);
void mv_trace_rest(MvVM *vm, MvObject *object, int64_t from); /* of a long array */
void mv_trace_range(MvVM *vm, MvObject *object, const char *start, const char *end); /* the fields of a card's array that lie there */
void mv_trace_roots(MvVM *vm);
void mv_dict_drop_dead(MvDict *dict); /* dict.c: entries whose keys, all objects, are not marked */
/* collect.c, for trace.c */
void mv_mark_object(MvVM *vm, MvObject *object);
void mv_mark_untraced(MvVM *vm, MvObject *object); /* weak: kept, but not what it refers to */
void mv_mark_later(MvVM *vm, MvObject *object, int64_t from); /* the rest of a long array */
void mv_mark_words(MvVM *vm, const void *start, const void *end); /* conservatively */
/* Of the arrays that have cards: the flag in `logged`. */
MV_INLINE bool mv_has_cards(const MvObject *object)
{
    return !(object->aux & MV_AUX_SIZE_MASK) && ((object->kind == MV_KIND_STORE && !(object->aux & MV_STORE_RAW)) ||
                                                 object->kind == MV_KIND_DICTTABLE || object->kind == MV_KIND_SETTABLE);
}
MV_INLINE uint8_t *mv_logged_flag(MvArena *arena, const MvObject *object)
{
    return &arena->logged[arena->kind == MV_ARENA_HUGE ? 0 : ((uintptr_t)object & (MV_ARENA_SIZE - 1)) / MV_PAGE];
}
MV_INLINE bool mv_is_marked(const MvObject *object)
{
    return (uintptr_t)object < 4096 || object->gc & MV_GC_STATIC || mv_bit(mv_arena_of(object)->starts, mv_granule_of(object));
}
MV_INLINE void mv_mark_value(MvVM *vm, MvValue v)
{
    if (mv_is_pointer(v) && v > 4096)
        mv_mark_object(vm, mv_object(v));
}
