// Division of naturals (natural.h): one limb, rows of quotient limbs (Knuth's algorithm D), and recursive division by
// halves (Burnikel and Ziegler) whose cost is a few multiplications.
// Called by the int type and, through mv_natural_divmod_work, by roots and radix conversion.
// The inner functions divide in place. They take a dividend u of qn + dn limbs and a divisor v of dn limbs with its top
// bit set, and rely on the top dn limbs of u being less than v, so that the quotient fits qn limbs; they leave the
// remainder in the low dn limbs of u and zeros above.
#include "natural.h"

#include "natural_internal.h"

// The reciprocal of a two-limb divisor for div_3by2 (Moeller and Granlund 2011); d1 has its top bit set.
static uint64_t reciprocal_2(uint64_t d1, uint64_t d0)
{
    uint64_t v = mv_natural_reciprocal(d1);
    uint64_t p = d1 * v + d0;
    if (p < d0) {
        v--;
        if (p >= d1) {
            v--;
            p -= d1;
        }
        p -= d1;
    }
    MvWide t = (MvWide)v * d0;
    p += (uint64_t)(t >> 64);
    if (p < (uint64_t)(t >> 64)) {
        v--;
        if ((((MvWide)p << 64) | (uint64_t)t) >= (((MvWide)d1 << 64) | d0))
            v--;
    }
    return v;
}

// floor((u2:u1:u0) / (d1:d0)) for (u2:u1) < (d1:d0).
static inline uint64_t div_3by2(uint64_t u2, uint64_t u1, uint64_t u0, uint64_t d1, uint64_t d0, uint64_t v)
{
    MvWide d = ((MvWide)d1 << 64) | d0;
    MvWide q = (MvWide)v * u2 + (((MvWide)u2 << 64) | u1);
    uint64_t q1 = (uint64_t)(q >> 64);
    uint64_t r1 = u1 - q1 * d1;
    MvWide r = (((MvWide)r1 << 64) | u0) - (MvWide)d0 * q1 - d;
    q1++;
    if ((uint64_t)(r >> 64) >= (uint64_t)q) {
        q1--;
        r += d;
    }
    if (__builtin_expect(r >= d, 0))
        q1++;
    return q1;
}

static bool divide_limb(MvNaturalWork *work, uint64_t *q, uint64_t *u, size_t qn, uint64_t d)
{
    uint64_t v = mv_natural_reciprocal(d);
    uint64_t rem = u[qn];
    for (size_t i = qn; i-- > 0;) {
        q[i] = mv_natural_div_2by1(&rem, rem, u[i], d, v);
        u[i + 1] = 0;
        if (i % 4096 == 0 && !mv_natural_spend(work, 4 * 4096))
            return false;
    }
    u[0] = rem;
    return true;
}

static bool divide_rows(MvNaturalWork *work, uint64_t *q, uint64_t *u, size_t qn, const uint64_t *v, size_t dn)
{
    if (dn == 1)
        return divide_limb(work, q, u, qn, v[0]);
    uint64_t d1 = v[dn - 1];
    uint64_t d0 = v[dn - 2];
    uint64_t reciprocal = reciprocal_2(d1, d0);
    for (size_t i = qn; i-- > 0;) {
        uint64_t *top = u + i + dn;
        // Equal leading limbs mean a quotient limb of all ones, because the row is less than v * 2^64.
        uint64_t limb = UINT64_MAX;
        if (top[0] != d1 || top[-1] != d0)
            limb = div_3by2(top[0], top[-1], top[-2], d1, d0, reciprocal);
        uint64_t borrow = mv_natural_submul_limb(u + i, v, dn, limb);
        if (top[0] < borrow) {
            limb--;
            mv_natural_add_same(u + i, u + i, v, dn);
        }
        top[0] = 0;
        q[i] = limb;
        if (!mv_natural_spend(work, dn + 8))
            return false;
    }
    return true;
}

// qn <= dn. t is scratch of dn limbs, not live across the recursive calls.
static bool divide_halves(MvNaturalWork *work, uint64_t *q, uint64_t *u, size_t qn, const uint64_t *v, size_t dn,
                          uint64_t *t)
{
    if (qn < MV_NATURAL_BURNIKEL)
        return divide_rows(work, q, u, qn, v, dn);
    if (qn == dn) {
        size_t low = qn / 2;
        return divide_halves(work, q + low, u + low, qn - low, v, dn, t) && divide_halves(work, q, u, low, v, dn, t);
    }
    // Divide by the top qn limbs of v, then take the rest of v into account; at most two corrections are needed.
    size_t rest = dn - qn;
    const uint64_t *v_top = v + rest;
    int above = 0;  // what stands above u[dn - 1]
    if (mv_natural_compare(u + dn, qn, v_top, qn) < 0) {
        if (!divide_halves(work, q, u + rest, qn, v_top, qn, t))
            return false;
    }
    else {
        // Equal: the quotient is taken as all ones, which leaves u + v_top of the limbs concerned.
        for (size_t i = 0; i < qn; i++) {
            q[i] = UINT64_MAX;
            u[dn + i] = 0;
        }
        above = (int)mv_natural_add_same(u + rest, u + rest, v_top, qn);
    }
    if (!mv_natural_mul_work(work, t, q, qn, v, rest) || !mv_natural_spend(work, 4 * dn))
        return false;
    above -= (int)mv_natural_sub_same(u, u, t, dn);
    while (above < 0) {
        mv_natural_sub_limb(q, q, qn, 1);
        above += (int)mv_natural_add_same(u, u, v, dn);
    }
    return true;
}

// Any qn: pieces of dn quotient limbs from the top, the first one shorter.
static bool divide_pieces(MvNaturalWork *work, uint64_t *q, uint64_t *u, size_t qn, const uint64_t *v, size_t dn)
{
    if (qn < MV_NATURAL_BURNIKEL || dn < MV_NATURAL_BURNIKEL)
        return divide_rows(work, q, u, qn, v, dn);
    uint64_t *t = mv_natural_take(work, dn);
    if (!t)
        return false;
    bool ok = true;
    size_t piece = qn % dn;
    for (size_t left = qn; ok && left > 0; piece = dn) {
        left -= piece;
        if (piece)
            ok = divide_halves(work, q + left, u + left, piece, v, dn, t);
    }
    mv_natural_give(work, t, dn);
    return ok;
}

bool mv_natural_divmod_work(MvNaturalWork *work, uint64_t *q, uint64_t *r, const uint64_t *a, size_t an,
                            const uint64_t *d, size_t dn)
{
    size_t qn = an - dn + 1;
    unsigned shift = (unsigned)__builtin_clzll(d[dn - 1]);
    // The dividend with a limb added on top; the divisor, if it needs shifting; the quotient, if the caller has no
    // place.
    size_t size = an + 1 + (shift ? dn : 0) + (q ? 0 : qn);
    uint64_t *u = mv_natural_take(work, size);
    if (!u)
        return false;
    uint64_t *next = u + an + 1;
    const uint64_t *v = d;
    if (shift) {
        u[an] = mv_natural_shl_small(u, a, an, shift);
        mv_natural_shl_small(next, d, dn, shift);
        v = next;
        next += dn;
    }
    else {
        mv_natural_copy(u, a, an);
        u[an] = 0;
    }
    bool ok = mv_natural_spend(work, 2 * an) && divide_pieces(work, q ? q : next, u, qn, v, dn);
    if (ok && r) {
        if (shift)
            mv_natural_shr_small(r, u, dn, shift);
        else
            mv_natural_copy(r, u, dn);
    }
    mv_natural_give(work, u, size);
    return ok;
}

MvNaturalStatus mv_natural_divmod(const MvScratch *scratch, uint64_t *q, uint64_t *r, const uint64_t *a, size_t an,
                                  const uint64_t *d, size_t dn)
{
    MvNaturalWork work = mv_natural_begin(scratch);
    if (dn == 1 && an < MV_NATURAL_POLL_STEPS / 8) {
        uint64_t rem = mv_natural_divmod_limb(q, a, an, d[0]);
        if (r)
            r[0] = rem;
        return MV_NATURAL_OK;
    }
    mv_natural_divmod_work(&work, q, r, a, an, d, dn);
    return work.status;
}
