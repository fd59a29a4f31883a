// Naturals to and from digits in radix 2 to 36 (natural.h). Called by the int type for int(), str(), format and
// literals. A radix that is a power of two is bit extraction. The others go through chunks, the largest power of the
// radix that fits a limb: B = radix^e. Long numbers are split at B^(2^j), so that conversion costs a few
// multiplications times the depth; short ones pass over the limbs once for each chunk.
#include "natural.h"

#include "natural_internal.h"

#include <string.h>

enum { MAX_POWERS = 64 };

static const char DIGITS[] = "0123456789abcdefghijklmnopqrstuvwxyz";

typedef struct Chunk {
    uint64_t base;    // radix^digits
    unsigned digits;
} Chunk;

static Chunk chunk_of(unsigned radix)
{
    Chunk chunk = {radix, 1};
    while (chunk.base <= UINT64_MAX / radix) {
        chunk.base *= radix;
        chunk.digits++;
    }
    return chunk;
}

static bool is_power_of_two(unsigned radix)
{
    return (radix & (radix - 1)) == 0;
}

// B^(2^j) for j below count, each in scratch of its own.
typedef struct Powers {
    uint64_t *limbs[MAX_POWERS];
    size_t n[MAX_POWERS];     // normalized length
    size_t size[MAX_POWERS];  // as taken
    unsigned count;
} Powers;

static bool add_power(MvNaturalWork *work, Powers *powers, uint64_t base)
{
    unsigned j = powers->count;
    size_t size = j ? 2 * powers->n[j - 1] : 1;
    uint64_t *limbs = mv_natural_take(work, size);
    if (!limbs)
        return false;
    powers->limbs[j] = limbs;
    powers->size[j] = size;
    powers->count++;
    if (j == 0)
        limbs[0] = base;
    else if (!mv_natural_mul_work(work, limbs, powers->limbs[j - 1], powers->n[j - 1], powers->limbs[j - 1],
                                  powers->n[j - 1]))
        return false;
    powers->n[j] = mv_natural_normalize(limbs, size);
    return true;
}

static void free_powers(MvNaturalWork *work, Powers *powers)
{
    while (powers->count > 0) {
        powers->count--;
        mv_natural_give(work, powers->limbs[powers->count], powers->size[powers->count]);
    }
}

// ---- to digits ----

size_t mv_natural_radix_bound(const uint64_t *a, size_t n, unsigned radix)
{
    size_t bits = mv_natural_bit_length(a, n);
    if (bits == 0)
        return 1;
    if (is_power_of_two(radix)) {
        size_t width = (size_t)__builtin_ctz(radix);
        return (bits + width - 1) / width;
    }
    // With radix^digits > 2^(k - 1) for the k-bit base of a chunk, digits / (k - 1) digits a bit are enough.
    Chunk chunk = chunk_of(radix);
    size_t chunk_bits = 63 - (size_t)__builtin_clzll(chunk.base);
    return bits / chunk_bits * chunk.digits + (bits % chunk_bits * chunk.digits + chunk_bits - 1) / chunk_bits + 1;
}

static bool bits_to_digits(MvNaturalWork *work, char *out, size_t len, const uint64_t *a, size_t n, unsigned radix)
{
    unsigned width = (unsigned)__builtin_ctz(radix);
    MvWide held = 0;
    unsigned held_bits = 0;
    for (size_t i = 0; len > 0; i++) {
        held |= (MvWide)(i < n ? a[i] : 0) << held_bits;
        held_bits += 64;
        for (; held_bits >= width && len > 0; held_bits -= width) {
            out[--len] = DIGITS[(unsigned)held & (radix - 1)];
            held >>= width;
        }
        if (!mv_natural_spend(work, 64))
            return false;
    }
    return true;
}

// Writes exactly width digits of x, which has no more.
static void write_chunk(char *out, unsigned width, uint64_t x, unsigned radix)
{
    if (radix == 10) {
        while (width > 0) {
            out[--width] = (char)('0' + x % 10);
            x /= 10;
        }
        return;
    }
    while (width > 0) {
        out[--width] = DIGITS[x % radix];
        x /= radix;
    }
}

typedef struct ToDigits {
    MvNaturalWork *work;
    unsigned radix;
    Chunk chunk;
    uint64_t reciprocal;  // of the chunk's base with its top bit shifted up
    unsigned shift;
    Powers powers;
} ToDigits;

// Writes width digits of u[un], leading zeros included, and destroys u.
static bool short_to_digits(ToDigits *to, char *out, size_t width, uint64_t *u, size_t un)
{
    if (!mv_natural_spend(to->work, 4 * un * un + 40 * un + 40))
        return false;
    uint64_t divisor = to->chunk.base << to->shift;
    while (un > 0) {
        uint64_t rem = 0;
        // Dividing u << shift, with the limb of bits that it gains on top as the first remainder.
        if (to->shift)
            rem = mv_natural_shl_small(u, u, un, to->shift);
        for (size_t i = un; i-- > 0;)
            u[i] = mv_natural_div_2by1(&rem, rem, u[i], divisor, to->reciprocal);
        un = mv_natural_normalize(u, un);
        unsigned part = width < to->chunk.digits ? (unsigned)width : to->chunk.digits;
        width -= part;
        write_chunk(out + width, part, rem >> to->shift, to->radix);
    }
    memset(out, '0', width);
    return true;
}

// As short_to_digits; u may be long, and is less than the power at level levels.
static bool long_to_digits(ToDigits *to, char *out, size_t width, uint64_t *u, size_t un, unsigned levels)
{
    un = mv_natural_normalize(u, un);
    if (un < MV_NATURAL_RADIX)
        return short_to_digits(to, out, width, u, un);
    Powers *powers = &to->powers;
    unsigned j = levels;
    while (j > 0 && mv_natural_compare(powers->limbs[j - 1], powers->n[j - 1], u, un) > 0)
        j--;
    j--;
    size_t dn = powers->n[j];
    size_t low_width = (size_t)to->chunk.digits << j;
    size_t qn = un - dn + 1;
    uint64_t *q = mv_natural_take(to->work, qn);
    bool ok = q && mv_natural_divmod_work(to->work, q, u, u, un, powers->limbs[j], dn) &&
              long_to_digits(to, out, width - low_width, q, qn, j) &&
              long_to_digits(to, out + (width - low_width), low_width, u, dn, j);
    mv_natural_give(to->work, q, qn);
    return ok;
}

MvNaturalStatus mv_natural_to_radix(const MvScratch *scratch, char *out, size_t *len, const uint64_t *a, size_t n,
                                    unsigned radix)
{
    MvNaturalWork work = mv_natural_begin(scratch);
    n = mv_natural_normalize(a, n);
    size_t width = mv_natural_radix_bound(a, n, radix);
    if (is_power_of_two(radix)) {
        bits_to_digits(&work, out, width, a, n, radix);
        *len = width;
        return work.status;
    }
    ToDigits to = {.work = &work, .radix = radix, .chunk = chunk_of(radix)};
    to.shift = (unsigned)__builtin_clzll(to.chunk.base);
    to.reciprocal = mv_natural_reciprocal(to.chunk.base << to.shift);
    uint64_t local[MV_NATURAL_RADIX];
    uint64_t *copy = local;
    if (n >= MV_NATURAL_RADIX) {
        copy = mv_natural_take(&work, n);
        if (!copy)
            return work.status;
    }
    mv_natural_copy(copy, a, n);
    bool ok = true;
    if (n >= MV_NATURAL_RADIX) {
        // All powers up to the last one that is not longer than a; the square of that one exceeds a.
        do
            ok = add_power(&work, &to.powers, to.chunk.base);
        while (ok && 2 * to.powers.n[to.powers.count - 1] - 1 <= n);
    }
    ok = ok && long_to_digits(&to, out, width, copy, n, to.powers.count);
    free_powers(&work, &to.powers);
    if (copy != local)
        mv_natural_give(&work, copy, n);
    if (!ok)
        return work.status;
    size_t zeros = 0;
    while (zeros + 1 < width && out[zeros] == '0')
        zeros++;
    if (zeros)
        memmove(out, out + zeros, width - zeros);
    *len = width - zeros;
    return MV_NATURAL_OK;
}

// ---- from digits ----

static unsigned digit_value(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a' + 10);
}

size_t mv_natural_from_radix_limbs(size_t count, unsigned radix)
{
    if (is_power_of_two(radix)) {
        size_t width = (size_t)__builtin_ctz(radix);
        return count / 64 * width + (count % 64 * width + 63) / 64;
    }
    unsigned digits = chunk_of(radix).digits;
    return count / digits + (count % digits != 0);
}

static bool bits_from_digits(MvNaturalWork *work, uint64_t *r, const char *digits, size_t count, unsigned radix)
{
    unsigned width = (unsigned)__builtin_ctz(radix);
    MvWide held = 0;
    unsigned held_bits = 0;
    size_t rn = 0;
    while (count > 0) {
        held |= (MvWide)digit_value(digits[--count]) << held_bits;
        held_bits += width;
        if (held_bits >= 64 || count == 0) {
            r[rn++] = (uint64_t)held;
            held >>= 64;
            held_bits = held_bits >= 64 ? held_bits - 64 : 0;
            if (!mv_natural_spend(work, 64))
                return false;
        }
    }
    if (held_bits)
        r[rn] = (uint64_t)held;
    return true;
}

// x[n] holds chunks, the lowest first; it becomes the number in limbs, which are no more. t is scratch of n limbs.
static bool join_chunks(MvNaturalWork *work, const Powers *powers, uint64_t base, uint64_t *x, size_t n, uint64_t *t)
{
    if (n <= MV_NATURAL_RADIX) {
        for (size_t i = n - 1; i-- > 0;) {
            uint64_t carry = x[i];
            for (size_t k = i; k + 1 < n; k++) {
                MvWide product = (MvWide)x[k + 1] * base + carry;
                x[k] = (uint64_t)product;
                carry = (uint64_t)(product >> 64);
            }
            x[n - 1] = carry;
        }
        return mv_natural_spend(work, n * n + 8);
    }
    unsigned j = 63 - (unsigned)__builtin_clzll(n - 1);
    size_t half = (size_t)1 << j;
    if (!join_chunks(work, powers, base, x, half, t) || !join_chunks(work, powers, base, x + half, n - half, t))
        return false;
    // B^half has at most half limbs, so that the product fits n.
    size_t high_n = mv_natural_normalize(x + half, n - half);
    size_t power_n = powers->n[j];
    mv_natural_clear(t, n);
    if (high_n && !mv_natural_mul_work(work, t, x + half, high_n, powers->limbs[j], power_n))
        return false;
    mv_natural_add(x, t, n, x, half);
    return mv_natural_spend(work, 2 * n);
}

static bool chunks_from_digits(MvNaturalWork *work, uint64_t *r, size_t n, const char *digits, size_t count,
                               unsigned radix, unsigned chunk_digits)
{
    for (size_t i = 0; i < n; i++) {
        size_t part = count < chunk_digits ? count : chunk_digits;
        uint64_t value = 0;
        for (size_t k = count - part; k < count; k++)
            value = value * radix + digit_value(digits[k]);
        count -= part;
        r[i] = value;
        if (!mv_natural_spend(work, 20))
            return false;
    }
    return true;
}

MvNaturalStatus mv_natural_from_radix(const MvScratch *scratch, uint64_t *r, const char *digits, size_t count,
                                      unsigned radix)
{
    MvNaturalWork work = mv_natural_begin(scratch);
    if (count == 0)
        return MV_NATURAL_OK;
    if (is_power_of_two(radix)) {
        bits_from_digits(&work, r, digits, count, radix);
        return work.status;
    }
    Chunk chunk = chunk_of(radix);
    size_t n = mv_natural_from_radix_limbs(count, radix);
    Powers powers = {.count = 0};
    uint64_t *t = NULL;
    bool ok = chunks_from_digits(&work, r, n, digits, count, radix, chunk.digits);
    if (ok && n > MV_NATURAL_RADIX) {
        t = mv_natural_take(&work, n);
        ok = t != NULL;
        while (ok && (powers.count == 0 || (size_t)1 << powers.count < n))
            ok = add_power(&work, &powers, chunk.base);
    }
    if (ok)
        join_chunks(&work, &powers, chunk.base, r, n, t);
    free_powers(&work, &powers);
    mv_natural_give(&work, t, n);
    return work.status;
}
