/* BLAKE2b (RFC 7693), with keys. Called by the loader for the digests of images; hashlib.blake2b is its oracle in
 * tests. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct MvBlake2b {
    uint64_t h[8], t[2];
    uint8_t buffer[128];
    size_t used, digest_size;
} MvBlake2b;

/* digest_size 1..64, key_size 0..64. */
void mv_blake2b_begin(MvBlake2b *state, size_t digest_size, const uint8_t *key, size_t key_size);
void mv_blake2b_update(MvBlake2b *state, const uint8_t *data, size_t size);
void mv_blake2b_end(MvBlake2b *state, uint8_t *digest);
void mv_blake2b(uint8_t *digest, size_t digest_size, const uint8_t *data, size_t size);
