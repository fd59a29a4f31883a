/* See blake2b.h. Little-endian machines only, as the rest of the runtime. The last block is kept in the buffer until
 * mv_blake2b_end, because its compression carries the final flag. */
#include "blake2b.h"
#include <string.h>

static const uint64_t IV[8] = {
    0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
    0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
};

static const uint8_t SIGMA[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

static inline uint64_t rotate(uint64_t x, int n) { return x >> n | x << (64 - n); }

#define MIX(a, b, c, d, x, y)                          \
    do {                                               \
        v[a] += v[b] + (x), v[d] = rotate(v[d] ^ v[a], 32); \
        v[c] += v[d], v[b] = rotate(v[b] ^ v[c], 24);       \
        v[a] += v[b] + (y), v[d] = rotate(v[d] ^ v[a], 16); \
        v[c] += v[d], v[b] = rotate(v[b] ^ v[c], 63);       \
    } while (0)

#define ROUND(r)                                                                                                  \
    do {                                                                                                          \
        MIX(0, 4, 8, 12, m[SIGMA[r][0]], m[SIGMA[r][1]]); MIX(1, 5, 9, 13, m[SIGMA[r][2]], m[SIGMA[r][3]]); \
        MIX(2, 6, 10, 14, m[SIGMA[r][4]], m[SIGMA[r][5]]); MIX(3, 7, 11, 15, m[SIGMA[r][6]], m[SIGMA[r][7]]); \
        MIX(0, 5, 10, 15, m[SIGMA[r][8]], m[SIGMA[r][9]]); MIX(1, 6, 11, 12, m[SIGMA[r][10]], m[SIGMA[r][11]]); \
        MIX(2, 7, 8, 13, m[SIGMA[r][12]], m[SIGMA[r][13]]); MIX(3, 4, 9, 14, m[SIGMA[r][14]], m[SIGMA[r][15]]); \
    } while (0)

static void compress(MvBlake2b *state, const uint8_t *block, size_t size, bool last)
{
    uint64_t v[16], m[16];
    state->t[0] += size;
    state->t[1] += state->t[0] < size;
    memcpy(m, block, sizeof m);
    for (int i = 0; i < 8; i++) {
        v[i] = state->h[i];
        v[i + 8] = IV[i];
    }
    v[12] ^= state->t[0];
    v[13] ^= state->t[1];
    if (last)
        v[14] = ~v[14];
    ROUND(0); ROUND(1); ROUND(2); ROUND(3); ROUND(4); ROUND(5);
    ROUND(6); ROUND(7); ROUND(8); ROUND(9); ROUND(0); ROUND(1);
    for (int i = 0; i < 8; i++)
        state->h[i] ^= v[i] ^ v[i + 8];
}

void mv_blake2b_begin(MvBlake2b *state, size_t digest_size, const uint8_t *key, size_t key_size)
{
    memset(state, 0, sizeof *state);
    memcpy(state->h, IV, sizeof IV);
    state->h[0] ^= 0x01010000 ^ key_size << 8 ^ digest_size;
    state->digest_size = digest_size;
    if (key_size) {
        memcpy(state->buffer, key, key_size);
        state->used = sizeof state->buffer;
    }
}

void mv_blake2b_update(MvBlake2b *state, const uint8_t *data, size_t size)
{
    if (!size)
        return;
    size_t room = sizeof state->buffer - state->used;
    if (size > room) {
        memcpy(state->buffer + state->used, data, room);
        compress(state, state->buffer, sizeof state->buffer, false);
        data += room;
        size -= room;
        state->used = 0;
        for (; size > sizeof state->buffer; data += sizeof state->buffer, size -= sizeof state->buffer)
            compress(state, data, sizeof state->buffer, false);
    }
    memcpy(state->buffer + state->used, data, size);
    state->used += size;
}

void mv_blake2b_end(MvBlake2b *state, uint8_t *digest)
{
    memset(state->buffer + state->used, 0, sizeof state->buffer - state->used);
    compress(state, state->buffer, state->used, true);
    memcpy(digest, state->h, state->digest_size);
}

void mv_blake2b(uint8_t *digest, size_t digest_size, const uint8_t *data, size_t size)
{
    MvBlake2b state;
    mv_blake2b_begin(&state, digest_size, NULL, 0);
    mv_blake2b_update(&state, data, size);
    mv_blake2b_end(&state, digest);
}
