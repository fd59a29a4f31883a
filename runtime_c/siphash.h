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
#include <string.h>

typedef struct MvHashKey {
    uint64_t k0;
    uint64_t k1;
} MvHashKey;

// The key that CPython derives from PYTHONHASHSEED=seed; all zero for 0.
MvHashKey mv_hash_key(uint32_t seed);

// Of the characters of a str or the content of bytes; 0 when size is 0.
int64_t mv_hash_bytes(MvHashKey key, const void *bytes, size_t size);

// The same in steps, for callers that poll on the way: begin, words for each run of whole words, end.
typedef struct MvSip {
    uint64_t v0, v1, v2, v3;
} MvSip;

static inline void mv_sip_round(MvSip *s)
{
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = (s->v1 << 13 | s->v1 >> 51) ^ s->v0;
    s->v3 = (s->v3 << 16 | s->v3 >> 48) ^ s->v2;
    s->v0 = s->v0 << 32 | s->v0 >> 32;
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = (s->v1 << 17 | s->v1 >> 47) ^ s->v2;
    s->v3 = (s->v3 << 21 | s->v3 >> 43) ^ s->v0;
    s->v2 = s->v2 << 32 | s->v2 >> 32;
}

static inline MvSip mv_sip_begin(MvHashKey key)
{
    return (MvSip){
        key.k0 ^ UINT64_C(0x736f6d6570736575),
        key.k1 ^ UINT64_C(0x646f72616e646f6d),
        key.k0 ^ UINT64_C(0x6c7967656e657261),
        key.k1 ^ UINT64_C(0x7465646279746573),
    };
}

// size is a multiple of 8.
static inline void mv_sip_words(MvSip *s, const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
        s->v3 ^= word;
        mv_sip_round(s);
        s->v0 ^= word;
    }
}

// tail: the last `size` % 8 bytes of all `size`. Never -1, which CPython reserves for errors.
static inline int64_t mv_sip_end(MvSip *s, const unsigned char *tail, size_t size)
{
    uint64_t word = (uint64_t)size << 56;
    for (size_t i = 0; i < (size & 7); i++)
        word |= (uint64_t)tail[i] << (8 * i);
    s->v3 ^= word;
    mv_sip_round(s);
    s->v0 ^= word;
    s->v2 ^= 0xFF;
    mv_sip_round(s);
    mv_sip_round(s);
    mv_sip_round(s);
    uint64_t hash = s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
    return hash == UINT64_MAX ? -2 : (int64_t)hash;
}

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
