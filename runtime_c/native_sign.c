/* See native_sign.h. */
#include "native_sign.h"
#include "blake2b.h"

void mv_native_digest(uint8_t digest[MV_SIGN_DIGEST], const uint8_t key[MV_SIGN_KEY], const uint8_t *classes,
                      size_t granules, const uint8_t *code, size_t size)
{
    uint64_t sizes[2] = {size, granules};
    MvBlake2b state;
    mv_blake2b_begin(&state, MV_SIGN_DIGEST, key, MV_SIGN_KEY);
    mv_blake2b_update(&state, (const uint8_t *)sizes, sizeof sizes);
    mv_blake2b_update(&state, classes, granules);
    mv_blake2b_update(&state, code, size);
    mv_blake2b_end(&state, digest);
}

bool mv_native_digest_equal(const uint8_t a[MV_SIGN_DIGEST], const uint8_t b[MV_SIGN_DIGEST])
{
    unsigned difference = 0;
    for (int i = 0; i < MV_SIGN_DIGEST; i++) {
        difference |= (unsigned)(a[i] ^ b[i]);
        __asm__("" : "+r"(difference)); /* keeps the compiler from leaving the loop early */
    }
    return difference == 0;
}
