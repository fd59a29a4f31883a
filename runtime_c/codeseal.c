/* See codeseal.h. */
#include "codeseal.h"
#include <string.h>

typedef struct Strategy {
    bool (*place)(MvCodeMemory *memory, char *base, MvPlaced *placed, const uint8_t *image);
    bool (*seal)(MvCodeMemory *memory, char *base, MvPlaced *placed);
    bool sync; /* the pages were writable at these addresses: cores may hold what they fetched */
} Strategy;

static bool place_sealed(MvCodeMemory *memory, char *base, MvPlaced *placed, const uint8_t *image)
{
    placed->file = mv_codemem_file(memory, "minivm-code", 0);
    return placed->file >= 0 && mv_codemem_write(memory, placed->file, image, placed->size, 0);
}

static bool seal_sealed(MvCodeMemory *memory, char *base, MvPlaced *placed)
{
    bool done = mv_codemem_seal_file(memory, placed->file) &&
                mv_codemem_map_sealed(memory, placed->file, base + placed->at, placed->size, true);
    mv_codemem_close(placed->file);
    placed->file = -1;
    return done;
}

static bool place_flip(MvCodeMemory *memory, char *base, MvPlaced *placed, const uint8_t *image)
{
    if (!mv_codemem_map_writable(memory, base + placed->at, placed->size))
        return false;
    mv_codemem_copy(base + placed->at, image, placed->size);
    return true;
}

static bool seal_flip(MvCodeMemory *memory, char *base, MvPlaced *placed)
{
    return mv_codemem_flip(memory, base + placed->at, placed->size);
}

#ifdef MINIVM_ATTACK_API
static bool place_rwx(MvCodeMemory *memory, char *base, MvPlaced *placed, const uint8_t *image)
{
    if (!mv_codemem_map_unsafe(memory, base + placed->at, placed->size))
        return false;
    mv_codemem_copy(base + placed->at, image, placed->size);
    return true;
}

static bool seal_rwx(MvCodeMemory *memory, char *base, MvPlaced *placed) { return true; }
#endif

static const Strategy strategies[MV_CODE_MEMORY_COUNT] = {
    [MV_CODE_MEMORY_SEALED] = {place_sealed, seal_sealed, false},
    [MV_CODE_MEMORY_FLIP] = {place_flip, seal_flip, true},
#ifdef MINIVM_ATTACK_API
    [MV_CODE_MEMORY_RWX] = {place_rwx, seal_rwx, true},
#endif
};

static const Strategy *strategy(const char *base)
{
    return &strategies[mv_frozen_options(base)->memory % MV_CODE_MEMORY_COUNT];
}

bool mv_codeseal_place(MvCodeMemory *memory, char *base, MvPlaced *placed, const uint8_t *image)
{
    return strategy(base)->place(memory, base, placed, image);
}

bool mv_codeseal_seal(MvCodeMemory *memory, char *base, MvPlaced *placed)
{
    if (!strategy(base)->seal(memory, base, placed))
        return false;
    /* The guard page too: nothing else may ever be mapped behind the code. */
    return !mv_frozen_options(base)->permanent ||
           mv_codemem_make_permanent(memory, base + placed->at, placed->size + MV_CODE_GUARD);
}

bool mv_codeseal_sync(MvCodeMemory *memory, const char *base, const MvPlaced *placed)
{
    return (!strategy(base)->sync && !placed->recycled) || mv_codemem_sync(memory);
}

static bool all_traps(const uint8_t *from, const uint8_t *end)
{
    size_t size = (size_t)(end - from);
    return !size || (*from == MV_CODE_TRAP && memcmp(from, from + 1, size - 1) == 0);
}

bool mv_codeseal_verify(const char *base, uint32_t at, uint32_t size, uint32_t end, const uint8_t *digest)
{
    const MvCodeSpaceOptions *options = mv_frozen_options(base);
    if (!options->verify)
        return true;
    const uint8_t *code = (const uint8_t *)base + at;
    uint8_t found[MV_SIGN_DIGEST];
    mv_native_digest(found, options->key, mv_guestlist_drafted(base, at), mv_granules(size), code, size);
    return mv_native_digest_equal(found, digest) && all_traps(code + size, (const uint8_t *)base + end);
}

bool mv_codeseal_retire(MvCodeMemory *memory, char *base, const MvPlaced *placed)
{
    if (mv_frozen_options(base)->permanent && memory->has.mseal)
        return true;
    return mv_codemem_unmap(memory, base + placed->at, placed->size);
}
