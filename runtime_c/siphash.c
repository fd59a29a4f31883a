// SipHash-1-3 (Aumasson and Bernstein 2012) and the number hashes of siphash.h.
// Numbers are reduced modulo the Mersenne prime 2^61 - 1, where multiplying by a power of two is a rotation of 61 bits;
// a double is its significand rotated by its exponent.
#include "siphash.h"

#define MODULUS ((UINT64_C(1) << 61) - 1)

enum {
    MODULUS_BITS = 61,
    HASH_INFINITY = 314159,
};

MvHashKey mv_hash_key(uint32_t seed)
{
    uint64_t words[2] = {0, 0};
    uint32_t x = seed;
    for (unsigned i = 0; seed != 0 && i < 16; i++) {
        x = x * 214013 + 2531011;
        words[i / 8] |= (uint64_t)(x >> 16 & 0xFF) << (i % 8 * 8);
    }
    return (MvHashKey){words[0], words[1]};
}

// CPython reserves -1 for errors.
static inline int64_t usable(uint64_t hash)
{
    return hash == UINT64_MAX ? -2 : (int64_t)hash;
}

int64_t mv_hash_bytes(MvHashKey key, const void *bytes, size_t size)
{
    if (size == 0)
        return 0;
    size_t whole = size & ~(size_t)7;
    MvSip sip = mv_sip_begin(key);
    mv_sip_words(&sip, bytes, whole);
    return mv_sip_end(&sip, (const unsigned char *)bytes + whole, size);
}

static inline uint64_t reduce(uint64_t x)
{
    x = (x & MODULUS) + (x >> MODULUS_BITS);
    return x >= MODULUS ? x - MODULUS : x;
}

// x * 2^bits for a reduced x and bits from 0 to 60.
static inline uint64_t scale(uint64_t x, unsigned bits)
{
    return (x << bits & MODULUS) | x >> (MODULUS_BITS - bits);
}

static inline int64_t with_sign(uint64_t x, bool negative)
{
    return usable(negative ? 0 - x : x);
}

int64_t mv_hash_int(int64_t x)
{
    return with_sign(reduce(x < 0 ? 0 - (uint64_t)x : (uint64_t)x), x < 0);
}

int64_t mv_hash_natural(const uint64_t *limbs, size_t n, bool negative)
{
    uint64_t x = 0;
    for (size_t i = n; i-- > 0;)
        x = reduce(scale(x, 64 - MODULUS_BITS) + reduce(limbs[i]));
    return with_sign(x, negative);
}

int64_t mv_hash_double(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bool negative = bits >> 63;
    int exponent = (int)(bits >> 52 & 0x7FF);
    uint64_t significand = bits & ((UINT64_C(1) << 52) - 1);
    if (exponent == 0x7FF)
        return negative ? -HASH_INFINITY : HASH_INFINITY;
    if (exponent == 0)
        exponent = 1;
    else
        significand |= UINT64_C(1) << 52;
    // 18 * 61 exceeds the least exponent, -1074.
    return with_sign(scale(significand, (unsigned)(exponent - 1075 + 18 * MODULUS_BITS) % MODULUS_BITS), negative);
}

int64_t mv_hash_tuple(const int64_t *hashes, size_t count)
{
    uint64_t state = MV_HASH_TUPLE_BEGIN;
    for (size_t i = 0; i < count; i++)
        state = mv_hash_tuple_add(state, hashes[i]);
    return mv_hash_tuple_end(state, count);
}

int64_t mv_hash_frozenset(const int64_t *hashes, size_t count)
{
    uint64_t state = 0;
    for (size_t i = 0; i < count; i++)
        state = mv_hash_frozenset_add(state, hashes[i]);
    return mv_hash_frozenset_end(state, count);
}
