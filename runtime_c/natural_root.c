// Integer square root and greatest common divisor of naturals (natural.h). Called by the int type for math.isqrt,
// math.gcd and fractions. The root costs about two divisions of its own length; the divisor is Lehmer's quadratic
// method, about 30 bits of both operands per pass over them.
#include "natural.h"

#include "natural_internal.h"

static uint64_t isqrt_limb(uint64_t x)
{
    uint64_t root = 0;
    for (uint64_t bit = UINT64_C(1) << 62; bit; bit >>= 2) {
        if (x >= root + bit) {
            x -= root + bit;
            root = (root >> 1) + bit;
        }
        else
            root >>= 1;
    }
    return root;
}

// r = a >> bits for a result known to have at most rn limbs; returns its normalized length.
static size_t take_top(uint64_t *r, const uint64_t *a, size_t n, size_t bits)
{
    size_t whole = bits / 64;
    mv_natural_shift_right(r, a + whole, n - whole, bits % 64);
    return mv_natural_normalize(r, n - whole);
}

// Newton's iteration with doubling precision, as CPython's math.isqrt: with N of 2c + 1 or 2c + 2 bits, the root held
// at each step is within 1 of the root of N >> 2(c - d), where d runs through the leading bits of c; a last comparison
// settles it.
static bool isqrt_work(MvNaturalWork *work, uint64_t *r, const uint64_t *a, size_t n)
{
    size_t c = (mv_natural_bit_length(a, n) - 1) / 2;
    unsigned s = 0;
    while (c >> s > 31)
        s++;
    size_t d = c >> s;
    size_t root_size = c / 64 + 3;
    size_t size = 3 * root_size + n + 2;
    uint64_t *root = mv_natural_take(work, size);
    if (!root)
        return false;
    uint64_t *quotient = root + root_size;
    uint64_t *top = quotient + 2 * root_size;  // n + 2 limbs
    take_top(top, a, n, 2 * (c - d));
    root[0] = isqrt_limb(top[0]);
    size_t root_n = 1;
    bool ok = true;
    while (ok && s-- > 0) {
        size_t e = d;
        d = c >> s;
        size_t top_n = take_top(top, a, n, 2 * c - e - d + 1);
        ok = mv_natural_divmod_work(work, quotient, NULL, top, top_n, root, root_n);
        size_t quotient_n = mv_natural_normalize(quotient, top_n - root_n + 1);
        size_t shift = d - e - 1;
        mv_natural_shift_left(root, root, root_n, shift);
        root_n = mv_natural_normalize(root, root_n + shift / 64 + 1);
        if (root_n < quotient_n) {
            mv_natural_clear(root + root_n, quotient_n - root_n);
            root_n = quotient_n;
        }
        root[root_n] = mv_natural_add(root, root, root_n, quotient, quotient_n);
        root_n = mv_natural_normalize(root, root_n + 1);
    }
    // root_n <= (n + 1) / 2 or one more limb for a root of exactly a power of 2^64 too much; the square takes
    // quotient's place.
    if (ok)
        ok = mv_natural_mul_work(work, quotient, root, root_n, root, root_n);
    if (ok) {
        if (mv_natural_compare(quotient, 2 * root_n, a, n) > 0)
            mv_natural_sub_limb(root, root, root_n, 1);
        root_n = mv_natural_normalize(root, root_n);
        mv_natural_copy(r, root, root_n);
        mv_natural_clear(r + root_n, (n + 1) / 2 - root_n);
    }
    mv_natural_give(work, root, size);
    return ok;
}

MvNaturalStatus mv_natural_isqrt(const MvScratch *scratch, uint64_t *r, const uint64_t *a, size_t n)
{
    MvNaturalWork work = mv_natural_begin(scratch);
    size_t an = mv_natural_normalize(a, n);
    mv_natural_clear(r + (an + 1) / 2, (n + 1) / 2 - (an + 1) / 2);
    if (an == 1)
        r[0] = isqrt_limb(a[0]);
    else if (an > 1)
        isqrt_work(&work, r, a, an);
    return work.status;
}

static uint64_t gcd_limb(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rem = a % b;
        a = b;
        b = rem;
    }
    return a;
}

// The quotients of Euclid's algorithm that the leading 62 bits of both operands determine, as one matrix (Knuth,
// algorithm L): (u, v) becomes (a*u + b*v, c*u + d*v). b == 0 says that not even one quotient is certain. The entries
// stay below 2^62, because Euclid's cofactors never exceed the first operand.
typedef struct Cofactors {
    int64_t a, b, c, d;
} Cofactors;

static Cofactors lehmer(int64_t x, int64_t y)
{
    Cofactors m = {1, 0, 0, 1};
    while (y + m.c != 0 && y + m.d != 0) {
        int64_t q = (x + m.a) / (y + m.c);
        if (q != (x + m.b) / (y + m.d))
            break;
        m = (Cofactors){m.c, m.d, m.a - q * m.c, m.b - q * m.d};
        int64_t rem = x - q * y;
        x = y;
        y = rem;
    }
    return m;
}

// (u, v) = (p*u - q*v, t*v - s*u), both known not to be negative.
static void apply(uint64_t *u, uint64_t *v, size_t n, uint64_t p, uint64_t q, uint64_t s, uint64_t t)
{
    uint64_t pu = 0, qv = 0, su = 0, tv = 0, borrow_u = 0, borrow_v = 0;
    for (size_t i = 0; i < n; i++) {
        MvWide p_product = (MvWide)u[i] * p + pu;
        MvWide q_product = (MvWide)v[i] * q + qv;
        MvWide s_product = (MvWide)u[i] * s + su;
        MvWide t_product = (MvWide)v[i] * t + tv;
        pu = (uint64_t)(p_product >> 64);
        qv = (uint64_t)(q_product >> 64);
        su = (uint64_t)(s_product >> 64);
        tv = (uint64_t)(t_product >> 64);
        MvWide new_u = (MvWide)(uint64_t)p_product - (uint64_t)q_product - borrow_u;
        MvWide new_v = (MvWide)(uint64_t)t_product - (uint64_t)s_product - borrow_v;
        u[i] = (uint64_t)new_u;
        v[i] = (uint64_t)new_v;
        borrow_u = (uint64_t)(new_u >> 64) & 1;
        borrow_v = (uint64_t)(new_v >> 64) & 1;
    }
}

static int64_t leading_62(const uint64_t *a, size_t n, unsigned shift)
{
    uint64_t top = shift ? a[n - 1] << shift | a[n - 2] >> (64 - shift) : a[n - 1];
    return (int64_t)(top >> 2);
}

// u and v are scratch of at least un limbs each, u >= v. Writes the result to r and returns its length, or 0 when
// stopped.
static size_t gcd_work(MvNaturalWork *work, uint64_t *r, uint64_t *u, size_t un, uint64_t *v, size_t vn)
{
    while (vn > 1) {
        mv_natural_clear(v + vn, un - vn);
        unsigned shift = (unsigned)__builtin_clzll(u[un - 1]);
        Cofactors m = lehmer(leading_62(u, un, shift), leading_62(v, un, shift));
        bool swap = m.b >= 0;
        if (m.b == 0) {
            if (!mv_natural_divmod_work(work, NULL, u, u, un, v, vn))
                return 0;
            un = vn;
        }
        else {
            // A matrix with b > 0 has a <= 0: the arrays then change roles.
            if (m.b < 0)
                apply(u, v, un, (uint64_t)m.a, (uint64_t)-m.b, (uint64_t)-m.c, (uint64_t)m.d);
            else
                apply(u, v, un, (uint64_t)m.c, (uint64_t)-m.d, (uint64_t)-m.a, (uint64_t)m.b);
            if (!mv_natural_spend(work, 4 * un + 200))
                return 0;
        }
        if (swap) {
            uint64_t *other = u;
            u = v;
            v = other;
        }
        vn = mv_natural_normalize(v, un);
        un = mv_natural_normalize(u, un);
    }
    if (vn == 0) {
        mv_natural_copy(r, u, un);
        return un;
    }
    r[0] = gcd_limb(v[0], mv_natural_divmod_limb(NULL, u, un, v[0]));
    return 1;
}

MvNaturalStatus mv_natural_gcd(const MvScratch *scratch, uint64_t *r, const uint64_t *a, size_t an,
                               const uint64_t *b, size_t bn)
{
    MvNaturalWork work = mv_natural_begin(scratch);
    size_t rn = an > bn ? an : bn;
    if (mv_natural_compare(a, an, b, bn) < 0) {
        const uint64_t *other = a;
        size_t other_n = an;
        a = b;
        an = bn;
        b = other;
        bn = other_n;
    }
    an = mv_natural_normalize(a, an);
    bn = mv_natural_normalize(b, bn);
    size_t len;
    if (bn == 0) {
        mv_natural_copy(r, a, an);
        len = an;
    }
    else {
        uint64_t *u = mv_natural_take(&work, 2 * an);
        if (!u)
            return work.status;
        mv_natural_copy(u, a, an);
        mv_natural_copy(u + an, b, bn);
        len = gcd_work(&work, r, u, an, u + an, bn);
        mv_natural_give(&work, u, 2 * an);
    }
    mv_natural_clear(r + len, rn - len);
    return work.status;
}
