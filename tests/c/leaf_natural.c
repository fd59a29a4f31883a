// Scratch memory for the tests of natural.h: counts what is live, fails the n-th allocation, stops at the n-th poll,
// and measures the longest time between polls. Driven by tests/test_leaf_natural.py through ctypes; blocks come
// straight from malloc so that the address sanitizer sees their ends.
#include "natural.h"

#include <stdlib.h>
#include <time.h>

typedef struct Leaf {
    MvScratch scratch;
    int64_t live;       // bytes
    int64_t allocations;
    int64_t fail_at;    // the allocation, counted from 1, that returns NULL; 0 for none
    int64_t polls;
    int64_t stop_at;    // the poll, counted from 1, that says stop; 0 for none
    int64_t last_poll;  // ns; 0 while time is not taken
    int64_t longest_gap;
} Leaf;

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void *leaf_alloc(void *ctx, size_t size)
{
    Leaf *leaf = ctx;
    if (++leaf->allocations == leaf->fail_at)
        return NULL;
    leaf->live += (int64_t)size;
    return malloc(size);
}

static void leaf_free(void *ctx, void *block, size_t size)
{
    Leaf *leaf = ctx;
    leaf->live -= (int64_t)size;
    free(block);
}

static bool leaf_poll(void *ctx)
{
    Leaf *leaf = ctx;
    if (leaf->last_poll) {
        int64_t time = now();
        if (time - leaf->last_poll > leaf->longest_gap)
            leaf->longest_gap = time - leaf->last_poll;
        leaf->last_poll = time;
    }
    return ++leaf->polls == leaf->stop_at;
}

Leaf *leaf_new(void)
{
    Leaf *leaf = calloc(1, sizeof *leaf);
    leaf->scratch = (MvScratch){leaf_alloc, leaf_free, leaf_poll, leaf};
    return leaf;
}

void leaf_delete(Leaf *leaf)
{
    free(leaf);
}

void leaf_reset(Leaf *leaf, int64_t fail_at, int64_t stop_at, bool timed)
{
    leaf->allocations = leaf->polls = leaf->longest_gap = 0;
    leaf->fail_at = fail_at;
    leaf->stop_at = stop_at;
    leaf->last_poll = timed ? now() : 0;
}

int64_t leaf_live(const Leaf *leaf)
{
    return leaf->live;
}

int64_t leaf_allocations(const Leaf *leaf)
{
    return leaf->allocations;
}

int64_t leaf_polls(const Leaf *leaf)
{
    return leaf->polls;
}

int64_t leaf_longest_gap(const Leaf *leaf)
{
    int64_t gap = leaf->last_poll ? now() - leaf->last_poll : 0;
    return gap > leaf->longest_gap ? gap : leaf->longest_gap;
}
