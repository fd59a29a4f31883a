/* Large objects: runs of pages in arenas of their own kind, or one mapping of its own for the huge ones. Freed by mv_large_sweep.
 *
 * Freed pages keep their content and their memory, and are zeroed when they are handed out again: page faults cost more than zeroing. What lies idle is
 * bounded: MV_FREE_ARENAS wholly free arenas are kept, and a full collection gives back what is free where that is most of it. */
#include "arena.h"
#include <sys/mman.h>

#define FIRST_PAGE (MV_ARENA_META / MV_PAGE)
#define PAGES ((uint32_t)(MV_ARENA_SIZE / MV_PAGE))
#define MV_FREE_ARENAS 8
#define SMALL_RUN 16u /* pages */

static MvObject *allocate_pages(MvArena *arena, uint32_t pages)
{
    if (arena->longest_run < pages)
        return NULL;
    uint32_t run = 0, longest = 0;
    for (uint32_t p = FIRST_PAGE; p < PAGES;) {
        uint32_t first = arena->page_start[p];
        if (first) {
            p = first + arena->page_count[first];
            run = 0;
            continue;
        }
        p++;
        run++;
        longest = run > longest ? run : longest;
        if (run < pages)
            continue;
        first = p - pages;
        for (uint32_t q = first; q < p; q++)
            arena->page_start[q] = (uint16_t)first;
        arena->page_count[first] = (uint16_t)pages;
        arena->free_pages -= pages;
        uint32_t used_to = p < arena->fresh_page ? p : arena->fresh_page;
        if (used_to > first)
            memset((char *)arena + first * MV_PAGE, 0, (size_t)(used_to - first) * MV_PAGE);
        if (p > arena->fresh_page)
            arena->fresh_page = p;
        return (MvObject *)((char *)arena + first * MV_PAGE);
    }
    arena->longest_run = longest;
    return NULL;
}

/* From the first arena that had room for such a run since the last collection. */
static MvObject *allocate_run(MvVM *vm, uint32_t pages)
{
    MvHeap *heap = &vm->heap;
    uint32_t *from = &heap->page_arena[pages > SMALL_RUN];
    for (; *from < heap->arena_count; ++*from)
        if (heap->arenas[*from]->kind == MV_ARENA_PAGES) {
            MvObject *object = allocate_pages(heap->arenas[*from], pages);
            if (object)
                return object;
        }
    MvArena *arena = mv_arena_new(vm, MV_ARENA_PAGES, MV_ARENA_SIZE);
    if (!arena)
        return NULL;
    arena->free_pages = arena->longest_run = PAGES - FIRST_PAGE;
    arena->fresh_page = FIRST_PAGE;
    return allocate_pages(arena, pages);
}

MvObject *mv_large_allocate(MvVM *vm, size_t size)
{
    MvHeap *heap = &vm->heap;
    MvObject *object;
    uint64_t charge = (size + MV_PAGE - 1) & ~(uint64_t)(MV_PAGE - 1);
    if (!mv_heap_within_limit(vm, charge))
        return NULL;
    if (size <= (PAGES - FIRST_PAGE) / 2 * MV_PAGE) {
        object = allocate_run(vm, (uint32_t)(charge / MV_PAGE));
        if (!object)
            return NULL;
    } else {
        uint64_t bytes = (size + MV_ARENA_META + MV_ARENA_SIZE - 1) & ~(uint64_t)(MV_ARENA_SIZE - 1);
        MvArena *arena = mv_arena_new(vm, MV_ARENA_HUGE, bytes);
        if (!arena)
            return NULL;
        object = (MvObject *)((char *)arena + MV_ARENA_META);
        arena->free_pages = (uint32_t)(charge / MV_PAGE);
    }
    heap->large_bytes += charge;
    heap->allocated_since_gc += charge;
    /* Young: known to the collector by the bit in `valid`. */
    mv_bit_set(mv_arena_of(object)->valid, mv_granule_of(object));
    return object;
}

MvObject *mv_large_find(MvArena *arena, uintptr_t address)
{
    MvObject *object;
    if (arena->kind == MV_ARENA_HUGE) {
        object = (MvObject *)((char *)arena + MV_ARENA_META);
        return address >= (uintptr_t)object && address < (uintptr_t)object + (uint64_t)arena->free_pages * MV_PAGE ? object : NULL;
    }
    uint32_t page = (uint32_t)((address & (MV_ARENA_SIZE - 1)) / MV_PAGE);
    uint32_t first = arena->page_start[page];
    return first ? (MvObject *)((char *)arena + first * MV_PAGE) : NULL;
}

size_t mv_large_size(MvArena *arena, const MvObject *object)
{
    if (arena->kind == MV_ARENA_HUGE)
        return (size_t)arena->free_pages * MV_PAGE;
    return (size_t)arena->page_count[((uintptr_t)object & (MV_ARENA_SIZE - 1)) / MV_PAGE] * MV_PAGE;
}

static void sweep_pages(MvHeap *heap, MvArena *arena, bool poison)
{
    for (uint32_t p = FIRST_PAGE; p < PAGES;) {
        uint32_t count = arena->page_start[p] == p ? arena->page_count[p] : 0;
        if (!count) {
            p++;
            continue;
        }
        uint32_t granule = p * (MV_PAGE / 16);
        if (!mv_bit(arena->starts, granule)) {
            memset(arena->page_start + p, 0, count * sizeof *arena->page_start);
            arena->free_pages += count;
            heap->large_bytes -= (uint64_t)count * MV_PAGE;
            mv_bit_clear(arena->valid, granule);
            if (poison)
                memset((char *)arena + p * MV_PAGE, MV_POISON, (size_t)count * MV_PAGE);
        }
        p += count;
    }
    arena->longest_run = arena->free_pages;
}

static void give_back_pages(MvArena *arena)
{
    for (uint32_t p = FIRST_PAGE; p < arena->fresh_page;) {
        uint32_t first = p;
        while (p < arena->fresh_page && !arena->page_start[p])
            p++;
        if (p > first)
            madvise((char *)arena + first * MV_PAGE, (size_t)(p - first) * MV_PAGE, MADV_DONTNEED);
        else
            p++;
    }
}

/* Frees all large objects that are not marked. */
void mv_large_sweep(MvVM *vm, bool full)
{
    MvHeap *heap = &vm->heap;
    uint64_t limit = heap->bytes_limit, idle = 0, in_runs = 0;
    uint32_t kept = 0, most = limit && limit >> 25 < MV_FREE_ARENAS ? (uint32_t)(limit >> 25) : MV_FREE_ARENAS;
    for (uint32_t a = 0; a < heap->arena_count;) {
        MvArena *arena = heap->arenas[a];
        if (arena->kind == MV_ARENA_HUGE) {
            MvObject *object = (MvObject *)((char *)arena + MV_ARENA_META);
            if (!mv_bit(arena->starts, mv_granule_of(object))) {
                heap->large_bytes -= (uint64_t)arena->free_pages * MV_PAGE;
                mv_arena_free(vm, arena);
                continue;
            }
        } else if (arena->kind == MV_ARENA_PAGES) {
            sweep_pages(heap, arena, vm->gc_stress);
            if (arena->free_pages == PAGES - FIRST_PAGE && ++kept > most) {
                mv_arena_free(vm, arena);
                continue;
            }
            idle += (uint64_t)arena->free_pages * MV_PAGE;
            in_runs += MV_ARENA_SIZE;
        }
        a++;
    }
    if (full && idle > in_runs / 2 && idle > MV_FREE_ARENAS * MV_ARENA_SIZE)
        for (uint32_t a = 0; a < heap->arena_count; a++)
            if (heap->arenas[a]->kind == MV_ARENA_PAGES)
                give_back_pages(heap->arenas[a]);
}
