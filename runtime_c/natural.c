// Linear operations on naturals and the work record of the longer ones (natural.h, natural_internal.h).
// Called by the int type and by the other natural*.c files. The loops carry through unsigned __int128 or the overflow
// builtins, which gcc turns into adc and sbb; unrolling the multiplying ones by 4 gains a third, which -O2 does not do.
#include "natural.h"

#include "natural_internal.h"

#include <string.h>

bool mv_natural_poll(MvNaturalWork *work)
{
    if (work->status != MV_NATURAL_OK)
        return false;
    work->credit = MV_NATURAL_POLL_STEPS;
    if (work->scratch->poll && work->scratch->poll(work->scratch->ctx)) {
        work->status = MV_NATURAL_INTERRUPTED;
        return false;
    }
    return true;
}

uint64_t *mv_natural_take(MvNaturalWork *work, size_t n)
{
    uint64_t *block = NULL;
    if (n <= SIZE_MAX / 16)
        block = work->scratch->alloc(work->scratch->ctx, (n ? n : 1) * sizeof(uint64_t));
    if (!block)
        work->status = MV_NATURAL_NO_MEMORY;
    return block;
}

void mv_natural_give(MvNaturalWork *work, uint64_t *block, size_t n)
{
    if (block)
        work->scratch->free(work->scratch->ctx, block, (n ? n : 1) * sizeof(uint64_t));
}

size_t mv_natural_normalize(const uint64_t *a, size_t n)
{
    while (n > 0 && a[n - 1] == 0)
        n--;
    return n;
}

size_t mv_natural_bit_length(const uint64_t *a, size_t n)
{
    n = mv_natural_normalize(a, n);
    return n ? n * 64 - (size_t)__builtin_clzll(a[n - 1]) : 0;
}

size_t mv_natural_bit_count(const uint64_t *a, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += (size_t)__builtin_popcountll(a[i]);
    return count;
}

size_t mv_natural_trailing_zeros(const uint64_t *a, size_t n)
{
    size_t i = 0;
    while (i + 1 < n && a[i] == 0)
        i++;
    return i * 64 + (size_t)__builtin_ctzll(a[i]);
}

int mv_natural_compare(const uint64_t *a, size_t an, const uint64_t *b, size_t bn)
{
    an = mv_natural_normalize(a, an);
    bn = mv_natural_normalize(b, bn);
    if (an != bn)
        return an < bn ? -1 : 1;
    for (size_t i = an; i-- > 0;) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

uint64_t mv_natural_add_same(uint64_t *r, const uint64_t *a, const uint64_t *b, size_t n)
{
    uint64_t carry = 0;
#pragma GCC unroll 4
    for (size_t i = 0; i < n; i++) {
        MvWide sum = (MvWide)a[i] + b[i] + carry;
        r[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
    return carry;
}

uint64_t mv_natural_sub_same(uint64_t *r, const uint64_t *a, const uint64_t *b, size_t n)
{
    uint64_t borrow = 0;
#pragma GCC unroll 4
    for (size_t i = 0; i < n; i++) {
        uint64_t difference;
        uint64_t out = __builtin_sub_overflow(a[i], b[i], &difference);
        out += __builtin_sub_overflow(difference, borrow, &r[i]);
        borrow = out;
    }
    return borrow;
}

uint64_t mv_natural_add_limb(uint64_t *r, const uint64_t *a, size_t n, uint64_t b)
{
    size_t i = 0;
    for (; i < n && b; i++) {
        uint64_t sum = a[i] + b;
        b = sum < b;
        r[i] = sum;
    }
    if (r != a && i < n)
        memmove(r + i, a + i, (n - i) * sizeof(uint64_t));
    return b;
}

uint64_t mv_natural_sub_limb(uint64_t *r, const uint64_t *a, size_t n, uint64_t b)
{
    size_t i = 0;
    for (; i < n && b; i++) {
        uint64_t limb = a[i];
        r[i] = limb - b;
        b = limb < b;
    }
    if (r != a && i < n)
        memmove(r + i, a + i, (n - i) * sizeof(uint64_t));
    return b;
}

uint64_t mv_natural_add(uint64_t *r, const uint64_t *a, size_t an, const uint64_t *b, size_t bn)
{
    uint64_t carry = mv_natural_add_same(r, a, b, bn);
    return mv_natural_add_limb(r + bn, a + bn, an - bn, carry);
}

uint64_t mv_natural_sub(uint64_t *r, const uint64_t *a, size_t an, const uint64_t *b, size_t bn)
{
    uint64_t borrow = mv_natural_sub_same(r, a, b, bn);
    return mv_natural_sub_limb(r + bn, a + bn, an - bn, borrow);
}

uint64_t mv_natural_mul_limb(uint64_t *r, const uint64_t *a, size_t n, uint64_t b, uint64_t carry)
{
#pragma GCC unroll 4
    for (size_t i = 0; i < n; i++) {
        MvWide product = (MvWide)a[i] * b + carry;
        r[i] = (uint64_t)product;
        carry = (uint64_t)(product >> 64);
    }
    return carry;
}

uint64_t mv_natural_addmul_limb(uint64_t *r, const uint64_t *a, size_t n, uint64_t b)
{
    uint64_t carry = 0;
#pragma GCC unroll 4
    for (size_t i = 0; i < n; i++) {
        MvWide product = (MvWide)a[i] * b + r[i] + carry;
        r[i] = (uint64_t)product;
        carry = (uint64_t)(product >> 64);
    }
    return carry;
}

// r - a * b is the complement of the complement of r, plus a * b; so the loop is that of addmul.
uint64_t mv_natural_submul_limb(uint64_t *r, const uint64_t *a, size_t n, uint64_t b)
{
    uint64_t carry = 0;
#pragma GCC unroll 4
    for (size_t i = 0; i < n; i++) {
        MvWide product = (MvWide)a[i] * b + ~r[i] + carry;
        r[i] = ~(uint64_t)product;
        carry = (uint64_t)(product >> 64);
    }
    return carry;
}

uint64_t mv_natural_divmod_limb(uint64_t *q, const uint64_t *a, size_t n, uint64_t d)
{
    unsigned shift = (unsigned)__builtin_clzll(d);
    uint64_t divisor = d << shift;
    uint64_t v = mv_natural_reciprocal(divisor);
    if (n == 0)
        return 0;
    // The dividend is shifted along on the fly; rem is kept shifted.
    uint64_t rem = shift ? a[n - 1] >> (64 - shift) : 0;
    for (size_t i = n; i-- > 0;) {
        uint64_t low = a[i] << shift;
        if (shift && i > 0)
            low |= a[i - 1] >> (64 - shift);
        uint64_t quotient = mv_natural_div_2by1(&rem, rem, low, divisor, v);
        if (q)
            q[i] = quotient;
    }
    return rem >> shift;
}

uint64_t mv_natural_shl_small(uint64_t *r, const uint64_t *a, size_t n, unsigned bits)
{
    uint64_t out = n ? a[n - 1] >> (64 - bits) : 0;
    for (size_t i = n; i-- > 1;)
        r[i] = (a[i] << bits) | (a[i - 1] >> (64 - bits));
    if (n)
        r[0] = a[0] << bits;
    return out;
}

uint64_t mv_natural_shr_small(uint64_t *r, const uint64_t *a, size_t n, unsigned bits)
{
    uint64_t out = n ? a[0] << (64 - bits) : 0;
    for (size_t i = 0; i + 1 < n; i++)
        r[i] = (a[i] >> bits) | (a[i + 1] << (64 - bits));
    if (n)
        r[n - 1] = a[n - 1] >> bits;
    return out;
}

void mv_natural_shift_left(uint64_t *r, const uint64_t *a, size_t n, size_t bits)
{
    size_t whole = bits / 64;
    unsigned part = bits % 64;
    if (part)
        r[n + whole] = mv_natural_shl_small(r + whole, a, n, part);
    else {
        if (n)
            memmove(r + whole, a, n * sizeof(uint64_t));
        r[n + whole] = 0;
    }
    mv_natural_clear(r, whole);
}

bool mv_natural_shift_right(uint64_t *r, const uint64_t *a, size_t n, size_t bits)
{
    size_t whole = bits / 64;
    unsigned part = bits % 64;
    if (whole >= n)
        return mv_natural_normalize(a, n) > 0;
    uint64_t lost = 0;
    for (size_t i = 0; i < whole; i++)
        lost |= a[i];
    if (part)
        lost |= mv_natural_shr_small(r, a + whole, n - whole, part);
    else
        memmove(r, a + whole, (n - whole) * sizeof(uint64_t));
    return lost != 0;
}
