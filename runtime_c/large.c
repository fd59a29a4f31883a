/* Large objects: runs of pages in arenas of their own kind, or one mapping of its own for the huge ones. Freed by mv_large_sweep. */
#include "arena.h"
#include <sys/mman.h>

#define FIRST_PAGE (MV_ARENA_META / MV_PAGE)
#define PAGES (MV_ARENA_SIZE / MV_PAGE)

static MvObject *allocate_pages(MvArena *arena, uint32_t pages)
{
    if (arena->free_pages < pages)
        return NULL;
    uint32_t run = 0;
    for (uint32_t p = FIRST_PAGE; p < PAGES; p++) {
        run = arena->page_start[p] ? 0 : run + 1;
        if (run == pages) {
            uint32_t first = p + 1 - pages;
            for (uint32_t q = first; q <= p; q++)
                arena->page_start[q] = (uint16_t)first;
            arena->page_count[first] = (uint16_t)pages;
            arena->free_pages -= pages;
            return (MvObject *)((char *)arena + first * MV_PAGE);
        }
    }
    return NULL;
}

MvObject *mv_large_allocate(MvVM *vm, size_t size)
{
    MvHeap *heap = &vm->heap;
    MvObject *object = NULL;
    uint64_t charge;
    if (size <= (PAGES - FIRST_PAGE) / 2 * MV_PAGE) {
        uint32_t pages = (uint32_t)((size + MV_PAGE - 1) / MV_PAGE);
        charge = (uint64_t)pages * MV_PAGE;
        if (!mv_heap_within_limit(vm, charge))
            return NULL;
        for (uint32_t a = heap->arena_count; a-- > 0 && !object;)
            if (heap->arenas[a]->kind == MV_ARENA_PAGES)
                object = allocate_pages(heap->arenas[a], pages);
        if (!object) {
            MvArena *arena = mv_arena_new(vm, MV_ARENA_PAGES, MV_ARENA_SIZE);
            if (!arena)
                return NULL;
            arena->free_pages = PAGES - FIRST_PAGE;
            object = allocate_pages(arena, pages);
        }
    } else {
        uint64_t bytes = (size + MV_ARENA_META + MV_ARENA_SIZE - 1) & ~(uint64_t)(MV_ARENA_SIZE - 1);
        charge = (size + MV_PAGE - 1) & ~(uint64_t)(MV_PAGE - 1);
        if (!mv_heap_within_limit(vm, charge))
            return NULL;
        MvArena *arena = mv_arena_new(vm, MV_ARENA_HUGE, bytes);
        if (!arena)
            return NULL;
        arena->page_count[0] = 0;
        object = (MvObject *)((char *)arena + MV_ARENA_META);
        arena->free_pages = (uint32_t)(charge / MV_PAGE); /* HUGE: pages in use */
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

/* Frees all large objects that are not marked. */
void mv_large_sweep(MvVM *vm)
{
    MvHeap *heap = &vm->heap;
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
            for (uint32_t p = FIRST_PAGE; p < PAGES;) {
                uint32_t count = arena->page_start[p] == p ? arena->page_count[p] : 0;
                if (!count) {
                    p++;
                    continue;
                }
                char *object = (char *)arena + p * MV_PAGE;
                if (!mv_bit(arena->starts, mv_granule_of(object))) {
                    memset(arena->page_start + p, 0, count * sizeof *arena->page_start);
                    arena->free_pages += count;
                    heap->large_bytes -= (uint64_t)count * MV_PAGE;
                    mv_bit_clear(arena->valid, mv_granule_of(object));
                    if (count > 4)
                        madvise(object, (size_t)count * MV_PAGE, MADV_DONTNEED);
                    else
                        memset(object, 0, (size_t)count * MV_PAGE);
                }
                p += count;
            }
            if (arena->free_pages == PAGES - FIRST_PAGE) {
                mv_arena_free(vm, arena);
                continue;
            }
        }
        a++;
    }
}
