// Naturals to and from doubles (natural.h), correctly rounded whatever the rounding mode of the processor. Called by
// the int and float types for float(int), int / int, int(float), and comparisons and hashes of the two.
#include "natural.h"

#include "float_round.h"
#include "natural_internal.h"

#include <string.h>

// The top 64 bits of a normalized a that is not zero; *sticky is set if a one bit is below them.
static uint64_t top_64(const uint64_t *a, size_t n, bool *sticky)
{
    unsigned shift = (unsigned)__builtin_clzll(a[n - 1]);
    uint64_t top = a[n - 1] << shift;
    size_t below = n - 1;
    if (shift && n > 1) {
        below--;
        top |= a[below] >> (64 - shift);
        if (a[below] << shift)
            *sticky = true;
    }
    while (below > 0 && !*sticky)
        *sticky = a[--below] != 0;
    return top;
}

bool mv_natural_to_double(const uint64_t *a, size_t n, double *out)
{
    n = mv_natural_normalize(a, n);
    if (n == 0) {
        *out = 0.0;
        return true;
    }
    bool sticky = false;
    int64_t e = (int64_t)mv_natural_bit_length(a, n) - 64;
    uint64_t top = top_64(a, n, &sticky);
    return mv_float_round_significand(top, e, sticky, out);
}

// A quotient of 65 or 66 bits decides the rounding together with whether anything was lost on the way to it.
static bool divide_rounded(MvNaturalWork *work, const uint64_t *a, size_t an, const uint64_t *b, size_t bn,
                           int64_t shift, double *out, bool *overflow)
{
    size_t left = shift < 0 ? (size_t)-shift : 0;
    size_t right = shift > 0 ? (size_t)shift : 0;
    size_t size = an - right / 64 + left / 64 + 1 + bn;
    uint64_t *scaled = mv_natural_take(work, size);
    if (!scaled)
        return false;
    bool sticky = false;
    size_t scaled_n;
    if (shift < 0) {
        mv_natural_shift_left(scaled, a, an, left);
        scaled_n = mv_natural_normalize(scaled, an + left / 64 + 1);
    }
    else {
        sticky = mv_natural_shift_right(scaled, a, an, right);
        scaled_n = mv_natural_normalize(scaled, an - right / 64);
    }
    uint64_t *rem = scaled + (size - bn);
    uint64_t q[3] = {0, 0, 0};
    bool ok = mv_natural_divmod_work(work, q, rem, scaled, scaled_n, b, bn);
    if (ok) {
        sticky |= mv_natural_normalize(rem, bn) > 0;
        size_t qn = mv_natural_normalize(q, 3);
        int64_t e = shift + (int64_t)mv_natural_bit_length(q, qn) - 64;
        uint64_t top = top_64(q, qn, &sticky);
        *overflow = !mv_float_round_significand(top, e, sticky, out);
    }
    mv_natural_give(work, scaled, size);
    return ok;
}

MvNaturalStatus mv_natural_true_divide(const MvScratch *scratch, const uint64_t *a, size_t an,
                                       const uint64_t *b, size_t bn, double *out, bool *overflow)
{
    const int64_t small = INT64_C(1) << 53;
    MvNaturalWork work = mv_natural_begin(scratch);
    an = mv_natural_normalize(a, an);
    bn = mv_natural_normalize(b, bn);
    *overflow = false;
    *out = 0.0;
    if (an == 0)
        return MV_NATURAL_OK;
    if (an == 1 && bn == 1 && a[0] <= (uint64_t)small && b[0] <= (uint64_t)small) {
        *out = (double)a[0] / (double)b[0];
        return MV_NATURAL_OK;
    }
    int64_t difference = (int64_t)mv_natural_bit_length(a, an) - (int64_t)mv_natural_bit_length(b, bn);
    // The quotient lies between 2^(difference - 1) and 2^(difference + 1).
    if (difference > MV_DOUBLE_MAX_EXPONENT + 1) {
        *out = __builtin_inf();
        *overflow = true;
    }
    else if (difference >= MV_DOUBLE_MIN_EXPONENT - 54)
        divide_rounded(&work, a, an, b, bn, difference - 65, out, overflow);
    return work.status;
}

size_t mv_natural_from_double(uint64_t r[MV_NATURAL_DOUBLE_LIMBS], double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> 52 & 0x7FF) - 1075;
    uint64_t significand = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;
    mv_natural_clear(r, MV_NATURAL_DOUBLE_LIMBS);
    if (exponent <= -53)
        return 0;
    if (exponent <= 0) {
        r[0] = significand >> -exponent;
        return 1;
    }
    size_t whole = (size_t)exponent / 64;
    unsigned part = (unsigned)exponent % 64;
    r[whole] = significand << part;
    if (part > 11)
        r[whole + 1] = significand >> (64 - part);
    return mv_natural_normalize(r, MV_NATURAL_DOUBLE_LIMBS);
}
