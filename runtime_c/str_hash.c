/* The program-visible hash of strs: that of the character bytes, as CPython 3.11 computes it (siphash.h).
 *
 * Callers: mv_hash, dicts, sets, the intern table. The key is vm->hash_k0, hash_k1. The hash is kept in the str; 0
 * means that it is not known, which costs the empty str (whose hash is 0) nothing and others practically never. A long
 * str is hashed in steps with a poll between them, so that limits and interrupts stop it. */
#include "str.h"
#include "siphash.h"

bool mv_str_hash(MvVM *vm, MvStr *s, uint64_t *hash)
{
    const size_t step = (size_t)1 << 22;
    if (MV_LIKELY(s->hash || s->length == 0)) {
        *hash = s->hash;
        return true;
    }
    size_t total = (size_t)s->length << mv_str_shift(s), whole = total & ~(size_t)7;
    const uint8_t *bytes = s->data;
    MvSip sip = mv_sip_begin((MvHashKey){vm->hash_k0, vm->hash_k1});
    for (size_t at = 0; at < whole; at += step) {
        if (at && mv_poll(vm))
            return false;
        mv_sip_words(&sip, bytes + at, whole - at < step ? whole - at : step);
    }
    *hash = (uint64_t)mv_sip_end(&sip, bytes + whole, total);
    if (!(s->h.gc & MV_GC_STATIC))
        s->hash = *hash;
    return true;
}
