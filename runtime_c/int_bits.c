/* Shifts and bitwise operators of ints. Negative numbers behave as two's complement with endless sign bits: a
 * magnitude m stands for the limbs of ~(m - 1), made limb by limb on the way in and out.
 *
 * Called by int_ops.c, int_type.c and math. Operands as in int_ops.c. */
#include "numbers.h"

/* ---- shifts ---- */
/* A shift count: the bits, or -1 after raising; INT64_MAX: more than any memory holds. `digits` of CPython decide
 * which error that is. */
static int64_t shift_count(MvVM *vm, MvValue b)
{
    if (mv_int_sign(b) < 0) {
        mv_value_error(vm, "negative shift count");
        return -1;
    }
    int64_t count;
    return mv_int_to_i64(b, &count) ? count : INT64_MAX;
}

/* CPython counts digits of 30 bits in a signed 64-bit size; beyond that the error is another one than MemoryError. */
static MvValue shift_too_far(MvVM *vm, MvValue b)
{
    MvIntView view;
    mv_int_view(b, &view);
    const uint64_t digits_max = ((uint64_t)INT64_MAX - 24) / 4;
    bool too_many = view.count > 2;
    if (view.count == 2)
        too_many = ((unsigned __int128)view.limbs[1] << 64 | view.limbs[0]) / 30 >= digits_max;
    if (too_many)
        return mv_raise(vm, MV_EXC_OverflowError, "too many digits in integer");
    return mv_too_large(vm);
}

MvValue mv_int_shift_left(MvVM *vm, MvValue a, MvValue b)
{
    a = mv_int_plain(a);
    b = mv_int_plain(b);
    if (MV_LIKELY(mv_both_int(a, b) && (uint64_t)b <= (uint64_t)mv_from_fixnum(61))) {
        __int128 shifted = (__int128)((unsigned __int128)(__int128)mv_to_fixnum(a) << mv_to_fixnum(b));
        return mv_int_from_i128(vm, shifted);
    }
    int64_t bits = shift_count(vm, b);
    if (bits < 0)
        return MV_EXC;
    MvIntView view;
    mv_int_view(a, &view);
    if (view.count == 0)
        return mv_from_fixnum(0);
    if (bits == INT64_MAX)
        return shift_too_far(vm, b);
    int64_t count = view.count + bits / 64 + 1;
    MvInt *r = mv_int_allocate(vm, count);
    if (!r)
        return MV_EXC;
    mv_natural_shift_left(r->limbs, view.limbs, (size_t)view.count, (size_t)bits);
    MV_KEEP(a);
    return mv_int_finish(vm, r, view.negative, count);
}

MvValue mv_int_shift_right(MvVM *vm, MvValue a, MvValue b)
{
    a = mv_int_plain(a);
    b = mv_int_plain(b);
    if (MV_LIKELY(mv_both_int(a, b) && (int64_t)b >= 0)) {
        int64_t bits = mv_to_fixnum(b), i = mv_to_fixnum(a);
        return mv_from_fixnum(bits > 63 ? i >> 63 : i >> bits);
    }
    int64_t bits = shift_count(vm, b);
    if (bits < 0)
        return MV_EXC;
    MvIntView view;
    mv_int_view(a, &view);
    if (bits / 64 >= view.count)
        return mv_from_fixnum(view.count && view.negative ? -1 : 0);
    int64_t count = view.count - bits / 64;
    MvInt *r = mv_int_allocate(vm, count + 1);
    if (!r)
        return MV_EXC;
    bool lost = mv_natural_shift_right(r->limbs, view.limbs, (size_t)view.count, (size_t)bits);
    MV_KEEP(a);
    r->limbs[count] = 0;
    if (view.negative && lost) /* round towards minus infinity */
        mv_natural_add_limb(r->limbs, r->limbs, (size_t)count + 1, 1);
    return mv_int_finish(vm, r, view.negative, count + 1);
}

/* ---- and, or, xor ---- */
#define BITWISE_CHUNK 16384 /* limbs between two polls */

MV_INLINE uint64_t combine(int op, uint64_t x, uint64_t y)
{
    return op == MV_BINARY_AND ? x & y : op == MV_BINARY_OR ? x | y : x ^ y;
}

MvValue mv_int_bitwise(MvVM *vm, int op, MvValue a, MvValue b)
{
    a = mv_int_plain(a);
    b = mv_int_plain(b);
    if (mv_both_int(a, b))
        return combine(op, a, b);
    MvIntView views[2], *x = &views[0], *y = &views[1];
    mv_int_view(a, x);
    mv_int_view(b, y);
    if (x->count < y->count) {
        x = &views[1];
        y = &views[0];
    }
    if (op == MV_BINARY_AND && y->count <= 1 && !y->negative) /* a mask of one limb */
        return mv_int_from_u64(vm, y->count ? (x->negative ? -x->limbs[0] : x->limbs[0]) & y->limbs[0] : 0);
    bool negative = combine(op, x->negative, y->negative) & 1;
    /* Beyond the shorter operand's limbs its sign bits rule: with AND of a non-negative one the result ends there. */
    int64_t count = op == MV_BINARY_AND && !y->negative ? y->count : x->count;
    MvInt *r = mv_int_allocate(vm, count + 1);
    if (!r)
        return MV_EXC;
    const uint64_t x_mask = -(uint64_t)x->negative, y_mask = -(uint64_t)y->negative, r_mask = -(uint64_t)negative;
    uint64_t x_carry = x->negative, y_carry = y->negative, r_carry = negative;
    for (int64_t i = 0; i < count;) {
        int64_t end = count - i > BITWISE_CHUNK ? i + BITWISE_CHUNK : count;
        for (; i < end; i++) { /* ~m + 1 is the complement of a magnitude */
            uint64_t p = (x->limbs[i] ^ x_mask) + x_carry;
            x_carry = x_carry && p == 0;
            uint64_t q = ((i < y->count ? y->limbs[i] : 0) ^ y_mask) + y_carry;
            y_carry = y_carry && q == 0;
            uint64_t z = (combine(op, p, q) ^ r_mask) + r_carry;
            r_carry = r_carry && z == 0;
            r->limbs[i] = z;
        }
        if (end < count && mv_poll(vm))
            return MV_EXC;
    }
    r->limbs[count] = r_carry;
    MV_KEEP(a);
    MV_KEEP(b);
    return mv_int_finish(vm, r, negative, count + 1);
}

MvValue mv_int_invert(MvVM *vm, MvValue v)
{
    v = mv_int_plain(v);
    if (mv_is_int(v))
        return mv_from_fixnum(~mv_to_fixnum(v));
    MvValue successor = mv_int_add(vm, v, mv_from_fixnum(1));
    return successor == MV_EXC ? MV_EXC : mv_int_negate(vm, successor);
}

/* ---- inspection ---- */
int64_t mv_int_bit_length(MvValue v)
{
    MvIntView view;
    mv_int_view(v, &view);
    return (int64_t)mv_natural_bit_length(view.limbs, (size_t)view.count);
}

int64_t mv_int_bit_count(MvValue v)
{
    MvIntView view;
    mv_int_view(v, &view);
    return (int64_t)mv_natural_bit_count(view.limbs, (size_t)view.count);
}
