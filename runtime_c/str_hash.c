/* The program-visible hash of strs: SipHash-1-3 (Aumasson and Bernstein 2012) of the character bytes, as CPython
 * 3.11 computes it.
 *
 * Callers: mv_hash, dicts, sets, the intern table. The key is vm->hash_k0, hash_k1. The hash is kept in the str; 0
 * means that it is not known, which costs the empty str (whose hash is 0) nothing and others practically never. */
#include "str.h"

typedef struct Sip {
    uint64_t v0, v1, v2, v3;
} Sip;

#define ROTATE(x, n) ((x) << (n) | (x) >> (64 - (n)))

MV_INLINE void sip_round(Sip *s)
{
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = ROTATE(s->v1, 13) ^ s->v0;
    s->v3 = ROTATE(s->v3, 16) ^ s->v2;
    s->v0 = ROTATE(s->v0, 32);
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = ROTATE(s->v1, 17) ^ s->v2;
    s->v3 = ROTATE(s->v3, 21) ^ s->v0;
    s->v2 = ROTATE(s->v2, 32);
}

MV_INLINE void sip_begin(Sip *s, uint64_t k0, uint64_t k1)
{
    s->v0 = k0 ^ 0x736f6d6570736575ull;
    s->v1 = k1 ^ 0x646f72616e646f6dull;
    s->v2 = k0 ^ 0x6c7967656e657261ull;
    s->v3 = k1 ^ 0x7465646279746573ull;
}

/* count is a multiple of 8. */
MV_INLINE void sip_words(Sip *s, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
        s->v3 ^= word;
        sip_round(s);
        s->v0 ^= word;
    }
}

/* tail: the last total % 8 bytes. */
MV_INLINE uint64_t sip_end(Sip *s, const uint8_t *tail, size_t total)
{
    uint64_t word = (uint64_t)total << 56;
    for (size_t i = 0; i < (total & 7); i++)
        word |= (uint64_t)tail[i] << (8 * i);
    s->v3 ^= word;
    sip_round(s);
    s->v0 ^= word;
    s->v2 ^= 0xff;
    sip_round(s);
    sip_round(s);
    sip_round(s);
    uint64_t hash = s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
    return hash == UINT64_MAX ? UINT64_MAX - 1 : hash; /* -1 stands for an error in CPython */
}

uint64_t mv_str_hash(MvVM *vm, MvStr *s)
{
    if (s->hash || s->length == 0)
        return s->hash;
    size_t total = (size_t)s->length << mv_str_shift(s), whole = total & ~(size_t)7;
    const uint8_t *bytes = s->data;
    Sip sip;
    sip_begin(&sip, vm->hash_k0, vm->hash_k1);
    sip_words(&sip, bytes, whole);
    uint64_t hash = sip_end(&sip, bytes + whole, total);
    if (!(s->h.gc & MV_GC_STATIC))
        s->hash = hash;
    return hash;
}

bool mv_str_hash_polled(MvVM *vm, MvStr *s, uint64_t *hash)
{
    const size_t step = (size_t)1 << 22;
    size_t total = (size_t)s->length << mv_str_shift(s), whole = total & ~(size_t)7;
    if (MV_LIKELY(s->hash || total <= step)) {
        *hash = mv_str_hash(vm, s);
        return true;
    }
    const uint8_t *bytes = s->data;
    Sip sip;
    sip_begin(&sip, vm->hash_k0, vm->hash_k1);
    for (size_t at = 0; at < whole; at += step) {
        if (mv_poll(vm))
            return false;
        sip_words(&sip, bytes + at, whole - at < step ? whole - at : step);
    }
    s->hash = *hash = sip_end(&sip, bytes + whole, total);
    return true;
}
