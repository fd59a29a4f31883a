/* The digest of a unit: keyed BLAKE2b over its classes and its code.
 *
 * Called by the code space over the sealed bytes, and by whoever signs in C; the compiler's service signs with hashlib:
 *     blake2b(struct.pack("<QQ", len(code), len(classes)) + classes + code, key=key, digest_size=32)
 * where `classes` has one byte for each granule of the unit that begins in it: the class of the entry there, or 0. So
 * the digest also covers which entries a unit has. In one process with its key this is a check of integrity; see
 * docs/security.md. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MV_SIGN_KEY 32
#define MV_SIGN_DIGEST 32

void mv_native_digest(uint8_t digest[MV_SIGN_DIGEST], const uint8_t key[MV_SIGN_KEY], const uint8_t *classes,
                      size_t granules, const uint8_t *code, size_t size);
/* Whether two digests are equal, in a time that does not depend on them. */
bool mv_native_digest_equal(const uint8_t a[MV_SIGN_DIGEST], const uint8_t b[MV_SIGN_DIGEST]);
