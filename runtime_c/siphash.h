// Hashes that programs can see, bit for bit those of CPython 3.11: str and bytes (SipHash-1-3 under a key made from
// PYTHONHASHSEED), numbers (the value modulo 2^61 - 1), tuples and frozensets.
// Called by the types and by whatever prints or orders by hash. Pure functions of their arguments, no state.
// Hash values are never -1. Left to the caller: caching, the hash of nan (CPython hashes the object's address), element
// hashes, and which bytes stand for a str (its characters at 1, 2 or 4 bytes each, the narrowest that fits all).
#ifndef MV_SIPHASH_H
#define MV_SIPHASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct MvHashKey {
    uint64_t k0;
    uint64_t k1;
} MvHashKey;

// The key that CPython derives from PYTHONHASHSEED=seed; all zero for 0.
MvHashKey mv_hash_key(uint32_t seed);

// Of the characters of a str or the content of bytes; 0 when size is 0.
int64_t mv_hash_bytes(MvHashKey key, const void *bytes, size_t size);

// Numbers that compare equal hash equal. x is not nan.
int64_t mv_hash_int(int64_t x);
int64_t mv_hash_natural(const uint64_t *limbs, size_t n, bool negative);
int64_t mv_hash_double(double x);

// Tuples, element by element: from MV_HASH_TUPLE_BEGIN through add, with each element's hash in order, to end.
#define MV_HASH_TUPLE_BEGIN UINT64_C(2870177450012600261)

static inline uint64_t mv_hash_tuple_add(uint64_t state, int64_t hash)
{
    state += (uint64_t)hash * UINT64_C(14029467366897019727);
    state = state << 31 | state >> 33;
    return state * UINT64_C(11400714785074694791);
}

static inline int64_t mv_hash_tuple_end(uint64_t state, size_t count)
{
    state += count ^ (MV_HASH_TUPLE_BEGIN ^ UINT64_C(3527539));
    return state == UINT64_MAX ? 1546275796 : (int64_t)state;
}

int64_t mv_hash_tuple(const int64_t *hashes, size_t count);

// Frozensets likewise, from 0, in any order.
static inline uint64_t mv_hash_frozenset_add(uint64_t state, int64_t hash)
{
    uint64_t h = (uint64_t)hash;
    return state ^ ((h ^ UINT64_C(89869747)) ^ (h << 16)) * UINT64_C(3644798167);
}

static inline int64_t mv_hash_frozenset_end(uint64_t state, size_t count)
{
    state ^= ((uint64_t)count + 1) * UINT64_C(1927868237);
    state ^= (state >> 11) ^ (state >> 25);
    state = state * 69069 + UINT64_C(907133923);
    return state == UINT64_MAX ? 590923713 : (int64_t)state;
}

int64_t mv_hash_frozenset(const int64_t *hashes, size_t count);

#endif
