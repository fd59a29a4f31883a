// Multiplication of naturals (natural.h): rows of limb products, then Karatsuba, then Toom-3, by length. Called by the
// int type and, through mv_natural_mul_work, by division, roots and radix conversion. The recursive functions take two
// factors of one length n, write r[2 * n] and use scratch of same_scratch(n) limbs that the entry takes in one piece;
// factors of unequal length are cut into pieces of the shorter one's length. Equal pointers mean squaring: every level
// tests a == b, evaluates once, and ends in the square rows.
#include "natural.h"

#include "natural_internal.h"

// Rows of a long factor are done in pieces, so that a piece of the result stays in the cache and polls are not late.
enum { PIECE = 2048 };

static void mul_rows(uint64_t *r, const uint64_t *a, size_t an, const uint64_t *b, size_t bn)
{
    r[an] = mv_natural_mul_limb(r, a, an, b[0], 0);
    for (size_t i = 1; i < bn; i++)
        r[an + i] = mv_natural_addmul_limb(r + i, a, an, b[i]);
}

// The products a[i] * a[j] with i < j once, doubled, plus the squares of the limbs.
static void square_rows(uint64_t *r, const uint64_t *a, size_t n)
{
    r[0] = 0;
    r[2 * n - 1] = 0;
    if (n > 1) {
        r[n] = mv_natural_mul_limb(r + 1, a + 1, n - 1, a[0], 0);
        for (size_t i = 1; i < n - 1; i++)
            r[n + i] = mv_natural_addmul_limb(r + 2 * i + 1, a + i + 1, n - i - 1, a[i]);
    }
    uint64_t carry = 0;
    uint64_t shifted_out = 0;
    for (size_t i = 0; i < n; i++) {
        MvWide square = (MvWide)a[i] * a[i];
        uint64_t low = r[2 * i];
        uint64_t high = r[2 * i + 1];
        MvWide twice = ((MvWide)(high << 1 | low >> 63) << 64) | (low << 1 | shifted_out);
        shifted_out = high >> 63;
        MvWide sum = square + twice;
        uint64_t out = sum < square;
        sum += carry;
        out += sum < carry;
        r[2 * i] = (uint64_t)sum;
        r[2 * i + 1] = (uint64_t)(sum >> 64);
        carry = out;
    }
}

// r[rn] += x[xn]; the sum is known to fit, so limbs of x beyond rn are zero.
static void add_into(uint64_t *r, size_t rn, const uint64_t *x, size_t xn)
{
    xn = mv_natural_normalize(x, xn);
    mv_natural_add(r, r, rn, x, xn);
}

// r[n] = |a - b| for an == n >= bn; returns whether a < b.
static bool sub_magnitude(uint64_t *r, const uint64_t *a, size_t n, const uint64_t *b, size_t bn)
{
    if (mv_natural_compare(a, n, b, bn) >= 0) {
        mv_natural_sub(r, a, n, b, bn);
        return false;
    }
    // a < b, so the limbs of a beyond bn are zero.
    mv_natural_sub_same(r, b, a, bn);
    mv_natural_clear(r + bn, n - bn);
    return true;
}

static size_t same_scratch(size_t n, bool square)
{
    size_t karatsuba = square ? MV_NATURAL_KARATSUBA_SQUARE : MV_NATURAL_KARATSUBA;
    size_t toom3 = square ? MV_NATURAL_TOOM3_SQUARE : MV_NATURAL_TOOM3;
    size_t total = 0;
    while (n >= karatsuba) {
        if (n < toom3) {
            n -= n / 2;
            total += 2 * n + 1;
        }
        else {
            n = (n + 2) / 3 + 1;
            total += 8 * n;
        }
    }
    return total;
}

static bool mul_same(MvNaturalWork *work, uint64_t *r, const uint64_t *a, const uint64_t *b, size_t n, uint64_t *t);

// With a = a1 * X + a0 and X = 2^(64 * low): a*b = z2 * X^2 + (z0 + z2 - (a0 - a1)(b0 - b1)) * X + z0.
static bool mul_karatsuba(MvNaturalWork *work, uint64_t *r, const uint64_t *a, const uint64_t *b, size_t n, uint64_t *t)
{
    size_t low = n - n / 2;
    size_t high = n / 2;
    uint64_t *middle = t;  // 2 * low + 1 limbs
    uint64_t *rest = t + 2 * low + 1;
    bool negative = false;
    bool done;
    if (a == b) {
        sub_magnitude(r, a, low, a + low, high);
        done = mul_same(work, middle, r, r, low, rest);
    }
    else {
        negative = sub_magnitude(r, a, low, a + low, high);
        negative ^= sub_magnitude(r + low, b, low, b + low, high);
        done = mul_same(work, middle, r, r + low, low, rest);
    }
    if (!done || !mul_same(work, r, a, b, low, rest) ||
        !mul_same(work, r + 2 * low, a + low, b == a ? a + low : b + low, high, rest))
        return false;
    // The middle term is not negative and below 2^(128 * low + 1), so the top limb ends as 0 or 1 whatever it was
    // between.
    if (negative)
        middle[2 * low] = mv_natural_add_same(middle, middle, r, 2 * low);
    else
        middle[2 * low] = 0 - mv_natural_sub_same(middle, r, middle, 2 * low);
    middle[2 * low] += mv_natural_add(middle, middle, 2 * low, r + 2 * low, 2 * high);
    add_into(r + low, 2 * n - low, middle, 2 * low + 1);
    return mv_natural_spend(work, 8 * n);
}

// plus[k + 1] = a0 + a1 + a2 and minus[k + 1] = |a0 - a1 + a2| for a in parts of k, k and m <= k limbs; returns whether
// the latter was negative.
static bool evaluate_one(uint64_t *plus, uint64_t *minus, const uint64_t *a, size_t k, size_t m)
{
    uint64_t even_top = mv_natural_add(minus, a, k, a + 2 * k, m);
    minus[k] = even_top;
    plus[k] = even_top + mv_natural_add_same(plus, minus, a + k, k);
    return sub_magnitude(minus, minus, k + 1, a + k, k);
}

// out[k + 1] = a0 + 2 * a1 + 4 * a2.
static void evaluate_two(uint64_t *out, const uint64_t *a, size_t k, size_t m)
{
    mv_natural_copy(out, a, k);
    out[k] = mv_natural_addmul_limb(out, a + k, k, 2);
    uint64_t carry = mv_natural_addmul_limb(out, a + 2 * k, m, 4);
    mv_natural_add_limb(out + m, out + m, k + 1 - m, carry);
}

// r[n] /= 3 for a multiple of 3: multiplication by the inverse of 3 modulo 2^64, from the low limb up.
static void divide_by_three(uint64_t *r, size_t n)
{
    const uint64_t inverse = UINT64_C(0xAAAAAAAAAAAAAAAB);
    uint64_t borrow = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t limb = r[i];
        uint64_t q = (limb - borrow) * inverse;
        borrow = (limb < borrow) + (q > UINT64_MAX / 3) + (q > UINT64_MAX / 3 * 2);
        r[i] = q;
    }
}

// The product from its values at 0 and infinity, which are in their places in r[2 * n], and at 1, -1 (a magnitude and
// whether it is negative) and 2, of 2 * (k + 1) limbs each. The coefficients c0..c4 come from Bodrato's sequence, whose
// intermediate values are never negative. Payment is in portions, because one pass over very long factors takes its
// time.
static bool interpolate(MvNaturalWork *work, uint64_t *r, size_t n, uint64_t *at_1, uint64_t *at_minus_1, bool negative,
                        uint64_t *at_2)
{
    size_t k = (n + 2) / 3;
    size_t m = n - 2 * k;
    size_t len = 2 * (k + 1);
    const uint64_t *at_0 = r;
    const uint64_t *at_infinity = r + 4 * k;
    if (negative) {
        mv_natural_add_same(at_2, at_2, at_minus_1, len);
        mv_natural_add_same(at_minus_1, at_1, at_minus_1, len);
    }
    else {
        mv_natural_sub_same(at_2, at_2, at_minus_1, len);
        mv_natural_sub_same(at_minus_1, at_1, at_minus_1, len);
    }
    if (!mv_natural_spend(work, 2 * len))
        return false;
    divide_by_three(at_2, len);  // c1 + c2 + 3 c3 + 5 c4
    if (!mv_natural_spend(work, 2 * len))
        return false;
    mv_natural_shr_small(at_minus_1, at_minus_1, len, 1);  // c1 + c3
    mv_natural_sub(at_1, at_1, len, at_0, 2 * k);          // c1 + c2 + c3 + c4
    if (!mv_natural_spend(work, 2 * len))
        return false;
    mv_natural_sub_same(at_2, at_2, at_1, len);
    mv_natural_shr_small(at_2, at_2, len, 1);  // c3 + 2 c4
    if (!mv_natural_spend(work, 2 * len))
        return false;
    mv_natural_sub_same(at_1, at_1, at_minus_1, len);
    mv_natural_sub(at_1, at_1, len, at_infinity, 2 * m);  // c2
    if (!mv_natural_spend(work, 2 * len))
        return false;
    mv_natural_sub(at_2, at_2, len, at_infinity, 2 * m);
    mv_natural_sub(at_2, at_2, len, at_infinity, 2 * m);     // c3
    mv_natural_sub_same(at_minus_1, at_minus_1, at_2, len);  // c1
    if (!mv_natural_spend(work, 3 * len))
        return false;
    mv_natural_copy(r + 2 * k, at_1, 2 * k);
    add_into(r + 4 * k, 2 * m, at_1 + 2 * k, 2);
    if (!mv_natural_spend(work, 2 * len))
        return false;
    add_into(r + k, 2 * n - k, at_minus_1, len);
    if (!mv_natural_spend(work, len))
        return false;
    add_into(r + 3 * k, 2 * n - 3 * k, at_2, len);
    return mv_natural_spend(work, len);
}

// Three parts of k, k and m limbs, evaluated at 0, 1, -1, 2 and infinity.
static bool mul_toom3(MvNaturalWork *work, uint64_t *r, const uint64_t *a, const uint64_t *b, size_t n, uint64_t *t)
{
    size_t k = (n + 2) / 3;
    size_t m = n - 2 * k;
    size_t len = 2 * (k + 1);
    uint64_t *at_1 = t;
    uint64_t *at_minus_1 = at_1 + len;
    uint64_t *at_2 = at_minus_1 + len;
    uint64_t *ea = at_2 + len;
    uint64_t *eb = ea + k + 1;
    uint64_t *rest = eb + k + 1;
    // The evaluations at 1 wait in the place of at_2, which is needed last.
    bool negative = evaluate_one(at_2, ea, a, k, m);
    if (!mv_natural_spend(work, 4 * k))
        return false;
    if (a == b) {
        if (!mul_same(work, at_minus_1, ea, ea, k + 1, rest) || !mul_same(work, at_1, at_2, at_2, k + 1, rest))
            return false;
        negative = false;
        evaluate_two(ea, a, k, m);
        if (!mv_natural_spend(work, 4 * k) || !mul_same(work, at_2, ea, ea, k + 1, rest))
            return false;
    }
    else {
        negative ^= evaluate_one(at_2 + k + 1, eb, b, k, m);
        if (!mv_natural_spend(work, 4 * k) || !mul_same(work, at_minus_1, ea, eb, k + 1, rest) ||
            !mul_same(work, at_1, at_2, at_2 + k + 1, k + 1, rest))
            return false;
        evaluate_two(ea, a, k, m);
        evaluate_two(eb, b, k, m);
        if (!mv_natural_spend(work, 8 * k) || !mul_same(work, at_2, ea, eb, k + 1, rest))
            return false;
    }
    if (!mul_same(work, r, a, b, k, rest) ||
        !mul_same(work, r + 4 * k, a + 2 * k, a == b ? a + 2 * k : b + 2 * k, m, rest))
        return false;
    return interpolate(work, r, n, at_1, at_minus_1, negative, at_2);
}

static bool mul_same(MvNaturalWork *work, uint64_t *r, const uint64_t *a, const uint64_t *b, size_t n, uint64_t *t)
{
    bool square = a == b;
    if (n < (square ? MV_NATURAL_KARATSUBA_SQUARE : MV_NATURAL_KARATSUBA)) {
        if (square)
            square_rows(r, a, n);
        else
            mul_rows(r, a, n, b, n);
        return mv_natural_spend(work, n * n);
    }
    if (n < (square ? MV_NATURAL_TOOM3_SQUARE : MV_NATURAL_TOOM3))
        return mul_karatsuba(work, r, a, b, n, t);
    return mul_toom3(work, r, a, b, n, t);
}

// Few rows over a long factor.
static bool mul_short(MvNaturalWork *work, uint64_t *r, const uint64_t *a, size_t an, const uint64_t *b, size_t bn)
{
    uint64_t kept[MV_NATURAL_KARATSUBA];
    size_t done = 0;
    while (done < an) {
        size_t piece = an - done < PIECE ? an - done : PIECE;
        if (done == 0)
            mul_rows(r, a, piece, b, bn);
        else {
            // The low bn limbs of this piece's product fall on the high limbs of what is there.
            mv_natural_copy(kept, r + done, bn);
            if (piece >= bn)
                mul_rows(r + done, a + done, piece, b, bn);
            else
                mul_rows(r + done, b, bn, a + done, piece);
            mv_natural_add(r + done, r + done, piece + bn, kept, bn);
        }
        done += piece;
        if (!mv_natural_spend(work, piece * bn))
            return false;
    }
    return true;
}

// Pieces of bn limbs of the longer factor by all of the shorter one; what is left over is the shorter one then.
static bool mul_pieces(MvNaturalWork *work, uint64_t *r, const uint64_t *a, size_t an, const uint64_t *b, size_t bn)
{
    // b may be one of the pieces, which then is squared.
    size_t scratch_len = same_scratch(bn, false);
    if (scratch_len < same_scratch(bn, true))
        scratch_len = same_scratch(bn, true);
    size_t left = an % bn;
    uint64_t *t = mv_natural_take(work, 2 * bn + scratch_len);
    if (!t)
        return false;
    bool ok = mul_same(work, r, a, b, bn, t + 2 * bn);
    size_t done = bn;
    for (; ok && done + bn <= an; done += bn) {
        ok = mul_same(work, t, a + done, b, bn, t + 2 * bn) && mv_natural_spend(work, 3 * bn);
        mv_natural_copy(r + done + bn, t + bn, bn);
        uint64_t carry = mv_natural_add_same(r + done, r + done, t, bn);
        mv_natural_add_limb(r + done + bn, r + done + bn, bn, carry);
    }
    if (ok && left) {
        ok = mv_natural_mul_work(work, t, b, bn, a + done, left);
        mv_natural_copy(r + done + bn, t + bn, left);
        uint64_t carry = mv_natural_add_same(r + done, r + done, t, bn);
        mv_natural_add_limb(r + done + bn, r + done + bn, left, carry);
    }
    mv_natural_give(work, t, 2 * bn + scratch_len);
    return ok;
}

// Apart from its caller, which recurses, for the sake of the stack.
__attribute__((noinline)) static bool mul_on_stack(MvNaturalWork *work, uint64_t *r, const uint64_t *a,
                                                   const uint64_t *b, size_t n)
{
    uint64_t local[MV_NATURAL_STACK + 1];
    return mul_same(work, r, a, b, n, local);
}

bool mv_natural_mul_work(MvNaturalWork *work, uint64_t *r, const uint64_t *a, size_t an, const uint64_t *b, size_t bn)
{
    if (an < bn)
        return mv_natural_mul_work(work, r, b, bn, a, an);
    if (an != bn) {
        if (bn < MV_NATURAL_KARATSUBA)
            return mul_short(work, r, a, an, b, bn);
        return mul_pieces(work, r, a, an, b, bn);
    }
    size_t scratch_len = same_scratch(an, a == b);
    if (scratch_len == 0)
        return mul_same(work, r, a, b, an, NULL);
    if (scratch_len <= MV_NATURAL_STACK)
        return mul_on_stack(work, r, a, b, an);
    uint64_t *t = mv_natural_take(work, scratch_len);
    bool ok = t && mul_same(work, r, a, b, an, t);
    mv_natural_give(work, t, scratch_len);
    return ok;
}

MvNaturalStatus mv_natural_mul(const MvScratch *scratch, uint64_t *r, const uint64_t *a, size_t an,
                               const uint64_t *b, size_t bn)
{
    MvNaturalWork work = mv_natural_begin(scratch);
    if (an == 0 || bn == 0)
        mv_natural_clear(r, an + bn);
    else
        mv_natural_mul_work(&work, r, a, an, b, bn);
    return work.status;
}

MvNaturalStatus mv_natural_square(const MvScratch *scratch, uint64_t *r, const uint64_t *a, size_t n)
{
    return mv_natural_mul(scratch, r, a, n, a, n);
}
