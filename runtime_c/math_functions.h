/* What the math*.c files share: the real functions that CPython computes itself instead of asking libm, and the
 * functions of module math that stand outside math.c. */
#pragma once
#include "numbers.h"

/* ---- math_special.c: pure functions ---- */
typedef enum { MV_MATH_OK, MV_MATH_DOMAIN, MV_MATH_RANGE } MvMathStatus;
MvMathStatus mv_math_gamma(double x, double *out);
MvMathStatus mv_math_lgamma(double x, double *out);
/* The Euclidean norm of n magnitudes, whose largest is max; changes the vector. */
double mv_math_norm(int64_t n, double *vector, double max, bool found_nan);
/* |mantissa| in [0.5, 1) and the exponent of a natural number that is not zero; rounded to nearest even. */
double mv_math_natural_frexp(const uint64_t *limbs, int64_t count, int64_t *exponent);

/* ---- math_sum.c, math_int.c: functions of the module ---- */
#define MV_MATH_FUNCTION(name) MvValue mv_math_##name(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
MV_MATH_FUNCTION(fsum);
MV_MATH_FUNCTION(prod);
MV_MATH_FUNCTION(dist);
MV_MATH_FUNCTION(hypot);
MV_MATH_FUNCTION(factorial);
MV_MATH_FUNCTION(comb);
MV_MATH_FUNCTION(perm);
MV_MATH_FUNCTION(gcd);
MV_MATH_FUNCTION(lcm);
MV_MATH_FUNCTION(isqrt);

/* The double of an argument of a math function; false: raised. */
MV_INLINE bool mv_math_argument(MvVM *vm, MvValue v, double *out)
{
    if (MV_LIKELY(mv_is_float(v))) {
        *out = mv_word_double(v);
        return true;
    }
    if (mv_is_int(v)) {
        *out = (double)mv_to_fixnum(v);
        return true;
    }
    return mv_to_double(vm, v, out);
}
