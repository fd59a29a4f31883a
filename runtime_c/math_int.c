/* The integer functions of module math: factorial, comb, perm, gcd, lcm, isqrt. Products of many factors are made as
 * balanced trees, so that most of the work is in multiplications of operands of like size. All of them poll. */
#include "math_functions.h"
#include <math.h>

/* An argument as an int, small ones as fixnums; MV_EXC: raised. */
static MvValue integer(MvVM *vm, MvValue v)
{
    if (mv_is_int(v))
        return v;
    MvValue index = mv_index(vm, v);
    return index == MV_EXC ? MV_EXC : mv_int_plain(index);
}

static int bit_length(uint64_t i) { return i ? 64 - __builtin_clzll(i) : 0; }

/* Whether a result of at least so many bits is beyond all memory; MemoryError is then raised. */
static bool too_large(MvVM *vm, double bits)
{
    double limit = vm->heap.bytes_limit ? (double)vm->heap.bytes_limit : 0x1p46;
    if (bits / 8 <= limit)
        return false;
    mv_too_large(vm);
    return true;
}

static MvValue multiply_both(MvVM *vm, MvValue a, MvValue b)
{
    if (a == MV_EXC || b == MV_EXC || mv_poll(vm))
        return MV_EXC;
    return mv_int_multiply(vm, a, b);
}

/* first * (first + step) * ... , count factors that fit 64 bits */
static MvValue range_product(MvVM *vm, uint64_t first, uint64_t count, uint64_t step)
{
    uint64_t fit = 64 / (uint64_t)bit_length((first + (count - 1) * step) | 1);
    if (count <= fit) {
        uint64_t product = 1;
        for (uint64_t i = 0; i < count; i++)
            product *= first + i * step;
        return mv_int_from_u64(vm, product);
    }
    uint64_t half = count / 2;
    MvValue low = range_product(vm, first, half, step);
    if (low == MV_EXC)
        return MV_EXC;
    return multiply_both(vm, low, range_product(vm, first + half * step, count - half, step));
}

static MvValue factorial(MvVM *vm, int64_t n)
{
    if (n <= 20) {
        uint64_t product = 1;
        for (uint64_t i = 2; i <= (uint64_t)n; i++)
            product *= i;
        return mv_int_from_u64(vm, product);
    }
    if (too_large(vm, (double)n * (log2((double)n) - 1.4427)))
        return MV_EXC;
    /* n! without its factors of two: for each i, the odd numbers up to n >> i, each power of whose product the
     * larger ones contain. */
    MvValue inner = mv_from_fixnum(1), outer = mv_from_fixnum(1);
    uint64_t upper = 3;
    for (int i = bit_length((uint64_t)n) - 2; i >= 0; i--) {
        uint64_t v = (uint64_t)n >> i, lower = upper;
        if (v <= 2)
            continue;
        upper = (v + 1) | 1;
        MvValue part = upper > lower ? range_product(vm, lower, (upper - lower) / 2, 2) : mv_from_fixnum(1);
        if ((inner = multiply_both(vm, inner, part)) == MV_EXC || (outer = multiply_both(vm, outer, inner)) == MV_EXC)
            return MV_EXC;
    }
    return mv_int_shift_left(vm, outer, mv_from_fixnum(n - __builtin_popcountll((uint64_t)n)));
}

MV_MATH_FUNCTION(factorial)
{
    MvValue v = integer(vm, args[0]);
    if (v == MV_EXC)
        return MV_EXC;
    if (mv_int_sign(v) < 0)
        return mv_value_error(vm, "factorial() not defined for negative values");
    int64_t n;
    if (!mv_int_to_i64(v, &n))
        return mv_raise(vm, MV_EXC_OverflowError, "factorial() argument should not exceed %d", INT64_MAX);
    return factorial(vm, n);
}

/* (n - skip) * (n - skip - 1) * ... , count factors */
static MvValue falling_product_large(MvVM *vm, MvValue n, int64_t skip, int64_t count)
{
    if (count == 1) {
        MvValue offset = mv_int_from_i64(vm, skip);
        return offset == MV_EXC || mv_poll(vm) ? MV_EXC : mv_int_subtract(vm, n, offset);
    }
    MvValue high = falling_product_large(vm, n, skip, count / 2);
    if (high == MV_EXC)
        return MV_EXC;
    return multiply_both(vm, high, falling_product_large(vm, n, skip + count / 2, count - count / 2));
}

/* n * (n - 1) * ... , 0 <= count <= n factors */
static MvValue falling_product(MvVM *vm, MvValue n, int64_t count)
{
    if (count == 0)
        return mv_from_fixnum(1);
    MvValue last = mv_int_from_i64(vm, count - 1);
    if (last == MV_EXC || (last = mv_int_subtract(vm, n, last)) == MV_EXC)
        return MV_EXC;
    if (too_large(vm, (double)count * (double)(mv_int_bit_length(last) - 1)))
        return MV_EXC;
    int64_t first;
    if (mv_int_to_i64(n, &first))
        return range_product(vm, (uint64_t)(first - count + 1), (uint64_t)count, 1);
    return falling_product_large(vm, n, 0, count);
}

/* n over k where intermediate products fit 128 bits; false: they do not. 1 <= k <= n / 2 */
static bool comb_small(uint64_t n, uint64_t k, unsigned __int128 *out)
{
    if (k > 64) /* beyond 2^64 in any case; mostly beyond 2^128 */
        return false;
    unsigned __int128 result = n - k + 1;
    for (uint64_t i = 2; i <= k; i++) { /* result is n - k + i - 1 over i - 1 */
        unsigned __int128 product;
        if (__builtin_mul_overflow(result, (unsigned __int128)(n - k + i), &product))
            return false;
        result = product >> 64 ? product / i : (uint64_t)product / i;
    }
    *out = result;
    return true;
}

/* The arguments n and k of comb and perm; false: raised. */
static bool choice_arguments(MvVM *vm, MvValue *args, MvValue *n, MvValue *k)
{
    if ((*n = integer(vm, args[0])) == MV_EXC || (*k = integer(vm, args[1])) == MV_EXC)
        return false;
    const char *negative = mv_int_sign(*n) < 0 ? "n" : mv_int_sign(*k) < 0 ? "k" : NULL;
    if (!negative)
        return true;
    mv_value_error(vm, "%s must be a non-negative integer", negative);
    return false;
}

MV_MATH_FUNCTION(comb)
{
    MvValue n, k;
    if (!choice_arguments(vm, args, &n, &k))
        return MV_EXC;
    if (mv_int_order(n, k) < 0)
        return mv_from_fixnum(0);
    MvValue rest = mv_int_subtract(vm, n, k);
    if (rest == MV_EXC)
        return MV_EXC;
    if (mv_int_order(rest, k) < 0)
        k = rest;
    int64_t count, small;
    if (!mv_int_to_i64(k, &count))
        return mv_raise(vm, MV_EXC_OverflowError, "min(n - k, k) must not exceed %d", INT64_MAX);
    if (count == 0)
        return mv_from_fixnum(1);
    unsigned __int128 result;
    if (mv_int_to_i64(n, &small) && comb_small((uint64_t)small, (uint64_t)count, &result))
        return mv_int_from_u128(vm, false, result);
    MvValue numerator = falling_product(vm, n, count);
    if (numerator == MV_EXC)
        return MV_EXC;
    MvValue denominator = factorial(vm, count), quotient;
    return denominator != MV_EXC && mv_int_divmod(vm, numerator, denominator, &quotient, NULL) ? quotient : MV_EXC;
}

MV_MATH_FUNCTION(perm)
{
    if (nargs < 2 || args[1] == MV_NONE)
        return mv_math_factorial(vm, args, 1, 0);
    MvValue n, k;
    if (!choice_arguments(vm, args, &n, &k))
        return MV_EXC;
    if (mv_int_order(n, k) < 0)
        return mv_from_fixnum(0);
    int64_t count;
    if (!mv_int_to_i64(k, &count))
        return mv_raise(vm, MV_EXC_OverflowError, "k must not exceed %d", INT64_MAX);
    return falling_product(vm, n, count);
}

MV_MATH_FUNCTION(gcd)
{
    MvValue result = mv_from_fixnum(0);
    for (int64_t i = 0; i < nargs; i++) {
        MvValue v = integer(vm, args[i]);
        if (v == MV_EXC || (result = mv_int_gcd(vm, result, v)) == MV_EXC || mv_poll(vm))
            return MV_EXC;
    }
    return result;
}

MV_MATH_FUNCTION(lcm)
{
    MvValue result = mv_from_fixnum(1);
    for (int64_t i = 0; i < nargs; i++) {
        MvValue v = integer(vm, args[i]), quotient;
        if (v == MV_EXC || mv_poll(vm))
            return MV_EXC;
        if (result == mv_from_fixnum(0) || v == mv_from_fixnum(0)) {
            result = mv_from_fixnum(0);
            continue;
        }
        MvValue common = mv_int_gcd(vm, result, v);
        if (common == MV_EXC || !mv_int_divmod(vm, result, common, &quotient, NULL) ||
            (result = mv_int_multiply(vm, quotient, v)) == MV_EXC)
            return MV_EXC;
        if (mv_int_sign(result) < 0 && (result = mv_int_negate(vm, result)) == MV_EXC)
            return MV_EXC;
    }
    return result;
}

MV_MATH_FUNCTION(isqrt)
{
    MvValue v = integer(vm, args[0]);
    if (v == MV_EXC)
        return MV_EXC;
    if (mv_int_sign(v) < 0)
        return mv_value_error(vm, "isqrt() argument must be nonnegative");
    return mv_int_isqrt(vm, v);
}
