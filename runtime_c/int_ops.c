/* Arithmetic of ints: + - * // % / divmod, negation aside, and the dispatcher of all binary operators.
 *
 * Called by the interpreter (mv_int_binary), math and format. Operands may be fixnums, heap ints, bools and
 * instances of subclasses of int; results are exact ints. Fixnums come first; then operands of one limb, computed in
 * 128 bits; then natural.h. */
#include "numbers.h"

typedef __int128 MvWideInt;
typedef unsigned __int128 MvWideNatural;

/* The value of an operand of at most one limb. */
MV_INLINE MvWideInt small_wide(const MvIntView *v)
{
    MvWideInt magnitude = v->count ? v->limbs[0] : 0;
    return v->negative ? -magnitude : magnitude;
}

static MvValue add_views(MvVM *vm, const MvIntView *a, const MvIntView *b, bool flip)
{
    bool b_negative = b->negative != flip;
    if (a->count <= 1 && b->count <= 1) {
        MvWideInt y = small_wide(b);
        return mv_int_from_i128(vm, small_wide(a) + (flip ? -y : y));
    }
    bool negative = a->negative;
    int order = a->count != b->count ? (a->count < b->count ? -1 : 1) : 0;
    if (!order && a->negative != b_negative)
        order = mv_natural_compare(a->limbs, (size_t)a->count, b->limbs, (size_t)b->count);
    if (order < 0) {
        const MvIntView *larger = b;
        b = a;
        a = larger;
        negative = b_negative;
        b_negative = b->negative;
    }
    if (negative == b_negative) {
        MvInt *r = mv_int_allocate(vm, a->count + 1);
        if (!r)
            return MV_EXC;
        r->limbs[a->count] = mv_natural_add(r->limbs, a->limbs, (size_t)a->count, b->limbs, (size_t)b->count);
        return mv_int_finish(vm, r, negative, a->count + 1);
    }
    if (!order)
        return mv_from_fixnum(0);
    MvInt *r = mv_int_allocate(vm, a->count);
    if (!r)
        return MV_EXC;
    mv_natural_sub(r->limbs, a->limbs, (size_t)a->count, b->limbs, (size_t)b->count);
    return mv_int_finish(vm, r, negative, a->count);
}

static MvValue add_any(MvVM *vm, MvValue a, MvValue b, bool flip)
{
    MvIntView x, y;
    mv_int_view(a, &x);
    mv_int_view(b, &y);
    MvValue result = add_views(vm, &x, &y, flip);
    MV_KEEP(a);
    MV_KEEP(b);
    return result;
}

MvValue mv_int_add(MvVM *vm, MvValue a, MvValue b)
{
    int64_t sum;
    if (MV_LIKELY(mv_both_int(a, b) && !__builtin_add_overflow((int64_t)a, (int64_t)b, &sum)))
        return (MvValue)sum;
    return add_any(vm, a, b, false);
}

MvValue mv_int_subtract(MvVM *vm, MvValue a, MvValue b)
{
    int64_t difference;
    if (MV_LIKELY(mv_both_int(a, b) && !__builtin_sub_overflow((int64_t)a, (int64_t)b, &difference)))
        return (MvValue)difference;
    return add_any(vm, a, b, true);
}

static MvValue multiply_views(MvVM *vm, const MvIntView *a, const MvIntView *b)
{
    bool negative = a->negative != b->negative;
    if (a->count < b->count) {
        const MvIntView *larger = b;
        b = a;
        a = larger;
    }
    if (b->count == 0)
        return mv_from_fixnum(0);
    if (a->count == 1)
        return mv_int_from_u128(vm, negative, (MvWideNatural)a->limbs[0] * b->limbs[0]);
    MvInt *r = mv_int_allocate(vm, a->count + b->count);
    if (!r)
        return MV_EXC;
    if (b->count == 1) {
        r->limbs[a->count] = mv_natural_mul_limb(r->limbs, a->limbs, (size_t)a->count, b->limbs[0], 0);
    } else {
        MvScratch scratch = mv_int_scratch(vm);
        MvNaturalStatus status = a->limbs == b->limbs && a->count == b->count
            ? mv_natural_square(&scratch, r->limbs, a->limbs, (size_t)a->count)
            : mv_natural_mul(&scratch, r->limbs, a->limbs, (size_t)a->count, b->limbs, (size_t)b->count);
        if (!mv_int_status(vm, status))
            return MV_EXC;
    }
    return mv_int_finish(vm, r, negative, a->count + b->count);
}

MvValue mv_int_multiply(MvVM *vm, MvValue a, MvValue b)
{
    int64_t product;
    if (MV_LIKELY(mv_both_int(a, b) && !__builtin_mul_overflow((int64_t)a, mv_to_fixnum(b), &product)))
        return (MvValue)product;
    MvIntView x, y;
    mv_int_view(a, &x);
    mv_int_view(b, &y);
    MvValue result = multiply_views(vm, &x, &y);
    MV_KEEP(a);
    MV_KEEP(b);
    return result;
}

/* ---- division ---- */
/* |a| < |b|: the truncated quotient is 0. */
static bool divmod_smaller(MvVM *vm, MvValue a, MvValue b, bool adjust, MvValue *quotient, MvValue *remainder)
{
    if (quotient)
        *quotient = mv_from_fixnum(adjust ? -1 : 0);
    if (remainder) {
        *remainder = adjust ? mv_int_add(vm, a, b) : mv_int_exact(vm, a);
        return *remainder != MV_EXC;
    }
    return true;
}

static bool divmod_views(MvVM *vm, const MvIntView *a, const MvIntView *b, MvValue *quotient, MvValue *remainder)
{
    bool differ = a->negative != b->negative;
    MvInt *q = NULL, *r = NULL;
    /* One limb more than the truncated quotient has, for the one that flooring may add. */
    int64_t q_count = a->count - b->count + 2;
    if (quotient) {
        q = mv_int_allocate(vm, q_count);
        if (!q)
            return false;
        q->limbs[q_count - 1] = 0;
    }
    bool exact;
    uint64_t small_rest = 0;
    if (b->count == 1) {
        small_rest = mv_natural_divmod_limb(q ? q->limbs : NULL, a->limbs, (size_t)a->count, b->limbs[0]);
        exact = small_rest == 0;
    } else {
        r = mv_int_allocate(vm, b->count);
        if (!r)
            return false;
        MvScratch scratch = mv_int_scratch(vm);
        MvNaturalStatus status = mv_natural_divmod(&scratch, q ? q->limbs : NULL, r->limbs, a->limbs,
                                                   (size_t)a->count, b->limbs, (size_t)b->count);
        if (!mv_int_status(vm, status))
            return false;
        exact = mv_natural_normalize(r->limbs, (size_t)b->count) == 0;
    }
    bool adjust = differ && !exact;
    if (q) {
        if (adjust)
            mv_natural_add_limb(q->limbs, q->limbs, (size_t)q_count, 1);
        *quotient = mv_int_finish(vm, q, differ, q_count);
        if (*quotient == MV_EXC)
            return false;
    }
    if (!remainder)
        return true;
    if (b->count == 1) {
        *remainder = mv_int_from_u128(vm, b->negative, adjust ? b->limbs[0] - small_rest : small_rest);
    } else {
        if (adjust)
            mv_natural_sub(r->limbs, b->limbs, (size_t)b->count, r->limbs, (size_t)b->count);
        *remainder = mv_int_finish(vm, r, b->negative, b->count);
    }
    return *remainder != MV_EXC;
}

bool mv_int_divmod(MvVM *vm, MvValue a, MvValue b, MvValue *quotient, MvValue *remainder)
{
    MvIntView x, y;
    mv_int_view(a, &x);
    mv_int_view(b, &y);
    if (x.count <= 1 && y.count == 1) {
        MvWideInt n = small_wide(&x), d = small_wide(&y);
        uint64_t q = x.count ? x.limbs[0] / y.limbs[0] : 0, r = x.count ? x.limbs[0] % y.limbs[0] : 0;
        bool adjust = r && (n < 0) != (d < 0);
        if (quotient && (*quotient = mv_int_from_u128(vm, (n < 0) != (d < 0), (MvWideNatural)q + adjust)) == MV_EXC)
            return false;
        return !remainder || (*remainder = mv_int_from_u128(vm, d < 0, adjust ? y.limbs[0] - r : r)) != MV_EXC;
    }
    bool ok;
    if (x.count < y.count)
        ok = divmod_smaller(vm, a, b, x.count && x.negative != y.negative, quotient, remainder);
    else
        ok = divmod_views(vm, &x, &y, quotient, remainder);
    MV_KEEP(a);
    MV_KEEP(b);
    return ok;
}

MvValue mv_int_true_divide(MvVM *vm, MvValue a, MvValue b)
{
    MvIntView x, y;
    mv_int_view(a, &x);
    mv_int_view(b, &y);
    if (y.count == 0)
        return mv_raise(vm, MV_EXC_ZeroDivisionError, "division by zero");
    const uint64_t exact = (uint64_t)1 << 53;
    if (x.count == 0)
        return mv_float_new(vm, y.negative ? -0.0 : 0.0);
    double quotient;
    if (x.count == 1 && y.count == 1 && x.limbs[0] <= exact && y.limbs[0] <= exact) {
        quotient = (double)x.limbs[0] / (double)y.limbs[0];
    } else {
        bool overflow = false;
        MvScratch scratch = mv_int_scratch(vm);
        MvNaturalStatus status =
            mv_natural_true_divide(&scratch, x.limbs, (size_t)x.count, y.limbs, (size_t)y.count, &quotient, &overflow);
        MV_KEEP(a);
        MV_KEEP(b);
        if (!mv_int_status(vm, status))
            return MV_EXC;
        if (overflow)
            return mv_raise(vm, MV_EXC_OverflowError, "integer division result too large for a float");
    }
    return mv_float_new(vm, x.negative != y.negative ? -quotient : quotient);
}

/* ---- dispatch ---- */
static MvValue pair(MvVM *vm, MvValue first, MvValue second)
{
    MvValue items[2] = {first, second};
    return mv_tuple_from(vm, items, 2);
}

static MvValue divide(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvValue quotient, remainder;
    if (b == mv_from_fixnum(0)) {
        const char *text = op == MV_BINARY_MOD ? "integer modulo by zero" : "integer division or modulo by zero";
        return mv_raise(vm, MV_EXC_ZeroDivisionError, "%s", text);
    }
    switch (op) {
    case MV_BINARY_FLOORDIV: return mv_int_divmod(vm, a, b, &quotient, NULL) ? quotient : MV_EXC;
    case MV_BINARY_MOD: return mv_int_divmod(vm, a, b, NULL, &remainder) ? remainder : MV_EXC;
    default: return mv_int_divmod(vm, a, b, &quotient, &remainder) ? pair(vm, quotient, remainder) : MV_EXC;
    }
}

static MvValue fixnum_divide(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (MV_UNLIKELY(b == mv_from_fixnum(0)))
        return divide(vm, op, a, b);
    int64_t n = mv_to_fixnum(a), d = mv_to_fixnum(b);
    int64_t q, r;
    if (MV_LIKELY(((uint64_t)n | (uint64_t)d) >> 32 == 0)) { /* the 32-bit division is several times faster */
        q = (uint32_t)n / (uint32_t)d;
        r = (uint32_t)n % (uint32_t)d;
    } else {
        q = n / d;
        r = n % d;
        if (r && (r ^ d) < 0) {
            q--;
            r += d;
        }
    }
    switch (op) {
    case MV_BINARY_FLOORDIV: return mv_int_from_i64(vm, q); /* -2^61 // -1 is not a fixnum */
    case MV_BINARY_MOD: return mv_from_fixnum(r);
    default: {
        MvValue quotient = mv_int_from_i64(vm, q);
        return quotient == MV_EXC ? MV_EXC : pair(vm, quotient, mv_from_fixnum(r));
    }
    }
}

static MvValue fixnum_binary(MvVM *vm, int op, MvValue a, MvValue b)
{
    switch (op) {
    case MV_BINARY_ADD: return mv_int_add(vm, a, b);
    case MV_BINARY_SUB: return mv_int_subtract(vm, a, b);
    case MV_BINARY_MUL: return mv_int_multiply(vm, a, b);
    case MV_BINARY_TRUEDIV: {
        int64_t n = mv_to_fixnum(a), d = mv_to_fixnum(b);
        const int64_t exact = (int64_t)1 << 53;
        if (MV_LIKELY(n && d && n <= exact && n >= -exact && d <= exact && d >= -exact))
            return mv_float_new(vm, (double)n / (double)d);
        return mv_int_true_divide(vm, a, b);
    }
    case MV_BINARY_FLOORDIV:
    case MV_BINARY_MOD:
    case MV_BINARY_DIVMOD: return fixnum_divide(vm, op, a, b);
    case MV_BINARY_POW: return mv_int_power(vm, a, b);
    case MV_BINARY_LSHIFT: return mv_int_shift_left(vm, a, b);
    case MV_BINARY_RSHIFT: return mv_int_shift_right(vm, a, b);
    case MV_BINARY_AND: return a & b;
    case MV_BINARY_OR: return a | b;
    case MV_BINARY_XOR: return a ^ b;
    default: return MV_NOTIMPLEMENTED;
    }
}

/* The magnitude of an operand of at most two limbs. */
MV_INLINE MvWideNatural wide_magnitude(const MvIntView *v)
{
    return v->count == 0 ? 0 : v->count == 1 ? v->limbs[0] : (MvWideNatural)v->limbs[1] << 64 | v->limbs[0];
}

/* + - // % & | ^ of operands of at most two limbs, as in hash functions and random generators; UNASSIGNED: not done
 * here. */
static MvValue wide_binary(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvIntView x, y;
    mv_int_view(a, &x);
    mv_int_view(b, &y);
    if (x.count > 2 || y.count > 2)
        return MV_UNASSIGNED;
    MvWideNatural m = wide_magnitude(&x), n = wide_magnitude(&y), r;
    switch (op) {
    case MV_BINARY_ADD:
    case MV_BINARY_SUB:
        if (x.negative == (y.negative != (op == MV_BINARY_SUB))) {
            if (__builtin_add_overflow(m, n, &r))
                return MV_UNASSIGNED;
            return mv_int_from_u128(vm, x.negative, r);
        }
        return m >= n ? mv_int_from_u128(vm, x.negative, m - n) : mv_int_from_u128(vm, !x.negative, n - m);
    case MV_BINARY_FLOORDIV:
        if (!n || x.negative != y.negative)
            return MV_UNASSIGNED;
        return mv_int_from_u128(vm, false, m / n);
    case MV_BINARY_MOD:
        if (!n)
            return MV_UNASSIGNED;
        r = (n & (n - 1)) == 0 ? m & (n - 1) : m % n;
        if (r && x.negative != y.negative)
            r = n - r;
        return mv_int_from_u128(vm, y.negative, r);
    case MV_BINARY_AND:
    case MV_BINARY_OR:
    case MV_BINARY_XOR:
        if ((m | n) >> 127)
            return MV_UNASSIGNED;
        m = x.negative ? -m : m;
        n = y.negative ? -n : n;
        return mv_int_from_i128(vm, (MvWideInt)(op == MV_BINARY_AND ? m & n : op == MV_BINARY_OR ? m | n : m ^ n));
    default: return MV_UNASSIGNED;
    }
}

MvValue mv_int_binary(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (MV_LIKELY(mv_both_int(a, b)))
        return fixnum_binary(vm, op, a, b);
    if (!mv_is_exact_int(vm, a) || !mv_is_exact_int(vm, b)) {
        if (!mv_is_int_like(a) || !mv_is_int_like(b))
            return MV_NOTIMPLEMENTED;
        a = mv_int_plain(a);
        b = mv_int_plain(b);
        if (mv_both_int(a, b))
            return fixnum_binary(vm, op, a, b);
    }
    MvValue result = wide_binary(vm, op, a, b);
    if (result != MV_UNASSIGNED)
        return result;
    switch (op) {
    case MV_BINARY_ADD: return mv_int_add(vm, a, b);
    case MV_BINARY_SUB: return mv_int_subtract(vm, a, b);
    case MV_BINARY_MUL: return mv_int_multiply(vm, a, b);
    case MV_BINARY_TRUEDIV: return mv_int_true_divide(vm, a, b);
    case MV_BINARY_FLOORDIV:
    case MV_BINARY_MOD:
    case MV_BINARY_DIVMOD: return divide(vm, op, a, b);
    case MV_BINARY_POW: return mv_int_power(vm, a, b);
    case MV_BINARY_LSHIFT: return mv_int_shift_left(vm, a, b);
    case MV_BINARY_RSHIFT: return mv_int_shift_right(vm, a, b);
    case MV_BINARY_AND:
    case MV_BINARY_OR:
    case MV_BINARY_XOR: return mv_int_bitwise(vm, op, a, b);
    default: return MV_NOTIMPLEMENTED;
    }
}
