/* How a batch of native code becomes executable, by strategy, and whether what lies there then is what was signed.
 *
 * Called by the code space step by step, and by the completion of a batch in the fault handler (codenote.c), with the
 * same functions; so nothing here uses the heap or a code space. Decisions come from the frozen page alone.
 *
 * INV-seal-1: a strategy never has a page that is writable and executable.
 * INV-seal-2: mv_codeseal_verify reads read-only memory: sealed code, drafted classes, the frozen key. */
#pragma once
#include "codespace.h"

typedef struct MvPlaced {    /* a batch in memory */
    uint32_t at, size, used; /* offset in the region; whole pages; whole granules of units */
    bool recycled;           /* other code was executed at these addresses */
    int file;                /* of the strategy, while the batch is placed and not sealed; else -1 */
} MvPlaced;

static inline uint32_t mv_granules(uint32_t size) { return (size + MV_NATIVE_GRANULE - 1) / MV_NATIVE_GRANULE; }

static inline const MvCodeSpaceOptions *mv_frozen_options(const char *base)
{
    return (const MvCodeSpaceOptions *)(base + MV_NATIVE_OPTIONS_AT);
}

/* image: the bytes of all pages of the batch. */
bool mv_codeseal_place(MvCodeMemory *memory, char *base, MvPlaced *placed, const uint8_t *image);
/* Makes the pages executable, and permanent if that was asked for. */
bool mv_codeseal_seal(MvCodeMemory *memory, char *base, MvPlaced *placed);
/* No core executes what it fetched at these addresses before. */
bool mv_codeseal_sync(MvCodeMemory *memory, const char *base, const MvPlaced *placed);
/* Whether the sealed unit at `at` and its drafted classes have this digest, and whether only traps follow until end. */
bool mv_codeseal_verify(const char *base, uint32_t at, uint32_t size, uint32_t end, const uint8_t *digest);
/* Takes the pages of a batch away, unless they are permanent. */
bool mv_codeseal_retire(MvCodeMemory *memory, char *base, const MvPlaced *placed);
