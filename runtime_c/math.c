/* Module math: the functions of one and two reals, logarithms, rounding, and the table of the module. What CPython
 * asks libm for, this asks libm for; the rest is in math_special.c, math_sum.c and math_int.c.
 *
 * Reached through mv_module_math. Errors follow CPython: a NaN from arguments that are none, or an infinity that is
 * a pole, is a "math domain error"; an infinity from too large a result is a "math range error". */
#include "math_functions.h"
#include "numbers.h"
#include <limits.h>
#include <math.h>

static MV_COLD MvValue domain_error(MvVM *vm) { return mv_value_error(vm, "math domain error"); }
static MV_COLD MvValue range_error(MvVM *vm) { return mv_raise(vm, MV_EXC_OverflowError, "math range error"); }

/* ---- functions of one real ---- */
static MV_COLD MvValue not_finite(MvVM *vm, double x, double r, bool can_overflow)
{
    if (isnan(r))
        return isnan(x) ? mv_float_new(vm, r) : domain_error(vm);
    if (!isfinite(x))
        return mv_float_new(vm, r);
    return can_overflow ? range_error(vm) : domain_error(vm);
}

MV_INLINE MvValue call_real(MvVM *vm, MvValue v, double (*function)(double), bool can_overflow)
{
    double x;
    if (!mv_math_argument(vm, v, &x))
        return MV_EXC;
    double r = function(x);
    if (MV_UNLIKELY(!isfinite(r)))
        return not_finite(vm, x, r, can_overflow);
    return mv_float_new(vm, r);
}

#define REAL_FUNCTIONS(X) /* name, can it overflow */ \
    X(acos, false) X(acosh, false) X(asin, false) X(asinh, false) X(atan, false) X(atanh, false) X(cbrt, false) \
    X(cos, false) X(cosh, true) X(erf, false) X(erfc, false) X(exp, true) X(exp2, true) X(expm1, true) \
    X(fabs, false) X(log1p, false) X(sin, false) X(sinh, true) X(sqrt, false) X(tan, false) X(tanh, false)
#define DEFINE_REAL(name, can_overflow) \
    static MvValue math_##name(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) \
    { \
        return call_real(vm, args[0], name, can_overflow); \
    }
REAL_FUNCTIONS(DEFINE_REAL)

#define FUNCTION(name) static MvValue math_##name(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)

FUNCTION(gamma)
{
    double x, r;
    if (!mv_math_argument(vm, args[0], &x))
        return MV_EXC;
    MvMathStatus status = mv_math_gamma(x, &r);
    return status == MV_MATH_OK ? mv_float_new(vm, r) : status == MV_MATH_DOMAIN ? domain_error(vm) : range_error(vm);
}

FUNCTION(lgamma)
{
    double x, r;
    if (!mv_math_argument(vm, args[0], &x))
        return MV_EXC;
    MvMathStatus status = mv_math_lgamma(x, &r);
    return status == MV_MATH_OK ? mv_float_new(vm, r) : status == MV_MATH_DOMAIN ? domain_error(vm) : range_error(vm);
}

FUNCTION(degrees)
{
    double x;
    return mv_math_argument(vm, args[0], &x) ? mv_float_new(vm, x * (180.0 / M_PI)) : MV_EXC;
}

FUNCTION(radians)
{
    double x;
    return mv_math_argument(vm, args[0], &x) ? mv_float_new(vm, x * (M_PI / 180.0)) : MV_EXC;
}

FUNCTION(isfinite)
{
    double x;
    return mv_math_argument(vm, args[0], &x) ? mv_bool(isfinite(x)) : MV_EXC;
}

FUNCTION(isinf)
{
    double x;
    return mv_math_argument(vm, args[0], &x) ? mv_bool(isinf(x)) : MV_EXC;
}

FUNCTION(isnan)
{
    double x;
    return mv_math_argument(vm, args[0], &x) ? mv_bool(isnan(x)) : MV_EXC;
}

FUNCTION(ulp)
{
    double x;
    if (!mv_math_argument(vm, args[0], &x))
        return MV_EXC;
    if (isnan(x))
        return mv_float_new(vm, x);
    x = fabs(x);
    if (isinf(x))
        return mv_float_new(vm, x);
    double next = nextafter(x, INFINITY);
    return mv_float_new(vm, isinf(next) ? x - nextafter(x, -INFINITY) : next - x);
}

static MvValue pair(MvVM *vm, MvValue first, MvValue second)
{
    MvValue items[2] = {first, second};
    return first == MV_EXC || second == MV_EXC ? MV_EXC : mv_tuple_from(vm, items, 2);
}

FUNCTION(frexp)
{
    double x;
    int exponent = 0;
    if (!mv_math_argument(vm, args[0], &x))
        return MV_EXC;
    if (isfinite(x))
        x = frexp(x, &exponent);
    return pair(vm, mv_float_new(vm, x), mv_from_fixnum(exponent));
}

FUNCTION(modf)
{
    double x, whole;
    if (!mv_math_argument(vm, args[0], &x))
        return MV_EXC;
    double fraction = modf(x, &whole);
    return pair(vm, mv_float_new(vm, fraction), mv_float_new(vm, whole));
}

/* ---- functions of two reals ---- */
static bool two_arguments(MvVM *vm, MvValue *args, double *x, double *y)
{
    return mv_math_argument(vm, args[0], x) && mv_math_argument(vm, args[1], y);
}

/* The result r of a function of x and y whose infinities are overflows. */
static MvValue checked(MvVM *vm, double x, double y, double r)
{
    if (MV_UNLIKELY(isnan(r)) && !isnan(x) && !isnan(y))
        return domain_error(vm);
    if (MV_UNLIKELY(isinf(r)) && isfinite(x) && isfinite(y))
        return range_error(vm);
    return mv_float_new(vm, r);
}

FUNCTION(atan2)
{
    double x, y;
    return two_arguments(vm, args, &x, &y) ? checked(vm, x, y, atan2(x, y)) : MV_EXC;
}

FUNCTION(copysign)
{
    double x, y;
    return two_arguments(vm, args, &x, &y) ? checked(vm, x, y, copysign(x, y)) : MV_EXC;
}

/* IEEE 754's remainder: libm's gives zeros of the wrong sign where y is subnormal. */
static double remainder_nearest(double x, double y)
{
    if (!isfinite(x) || !isfinite(y))
        return isnan(x) ? x : isnan(y) ? y : isinf(x) ? NAN : x;
    if (y == 0.0)
        return NAN;
    double a = fabs(x), b = fabs(y), rest = fmod(a, b), above = b - rest, r;
    if (rest < above)
        r = rest;
    else if (rest > above)
        r = -above;
    else /* a tie: to the even multiple */
        r = rest - 2.0 * fmod(0.5 * (a - rest), b);
    return copysign(1.0, x) * r;
}

FUNCTION(remainder)
{
    double x, y;
    return two_arguments(vm, args, &x, &y) ? checked(vm, x, y, remainder_nearest(x, y)) : MV_EXC;
}

FUNCTION(fmod)
{
    double x, y;
    return two_arguments(vm, args, &x, &y) ? checked(vm, x, y, fmod(x, y)) : MV_EXC;
}

FUNCTION(pow)
{
    double x, y;
    if (!two_arguments(vm, args, &x, &y))
        return MV_EXC;
    double r = pow(x, y);
    if (isinf(r) && x == 0.0 && isfinite(y))
        return domain_error(vm);
    return checked(vm, x, y, r);
}

FUNCTION(nextafter)
{
    double x, y;
    return two_arguments(vm, args, &x, &y) ? mv_float_new(vm, nextafter(x, y)) : MV_EXC;
}

FUNCTION(ldexp)
{
    double x;
    if (!mv_math_argument(vm, args[0], &x))
        return MV_EXC;
    if (!mv_is_int_like(args[1]))
        return mv_type_error(vm, "Expected an int as second argument to ldexp.");
    int64_t exponent;
    if (!mv_int_to_i64(args[1], &exponent))
        exponent = mv_int_sign(args[1]) < 0 ? INT64_MIN : INT64_MAX;
    if (x == 0.0 || !isfinite(x))
        return mv_float_new(vm, x);
    if (exponent < INT_MIN)
        return mv_float_new(vm, copysign(0.0, x));
    double r = exponent > INT_MAX ? INFINITY : ldexp(x, (int)exponent);
    return isinf(r) ? range_error(vm) : mv_float_new(vm, r);
}

FUNCTION(isclose)
{
    double a, b, relative = 1e-09, absolute = 0.0;
    if (!two_arguments(vm, args, &a, &b) || (args[2] != MV_UNASSIGNED && !mv_math_argument(vm, args[2], &relative)) ||
        (args[3] != MV_UNASSIGNED && !mv_math_argument(vm, args[3], &absolute)))
        return MV_EXC;
    if (relative < 0.0 || absolute < 0.0)
        return mv_value_error(vm, "tolerances must be non-negative");
    if (a == b)
        return MV_TRUE;
    if (isinf(a) || isinf(b))
        return MV_FALSE;
    double difference = fabs(b - a);
    return mv_bool(difference <= fabs(relative * b) || difference <= fabs(relative * a) || difference <= absolute);
}

/* ---- logarithms: ints of any size have one ---- */
static MvValue logarithm(MvVM *vm, MvValue v, double (*function)(double))
{
    if (!mv_is_int_like(v))
        return call_real(vm, v, function, false);
    MvIntView view;
    mv_int_view(v, &view);
    if (view.count == 0 || view.negative)
        return domain_error(vm);
    bool overflow;
    double x = mv_int_to_double(vm, v, &overflow);
    if (!overflow)
        return mv_float_new(vm, function(x));
    int64_t exponent;
    double mantissa = mv_math_natural_frexp(view.limbs, view.count, &exponent);
    MV_KEEP(v);
    return mv_float_new(vm, function(mantissa) + function(2.0) * (double)exponent);
}

FUNCTION(log)
{
    if (nargs < 1 || nargs > 2)
        return mv_type_error(vm, "math.log requires 1 to 2 arguments");
    MvValue numerator = logarithm(vm, args[0], log);
    if (numerator == MV_EXC || nargs == 1)
        return numerator;
    MvValue denominator = logarithm(vm, args[1], log);
    if (denominator == MV_EXC)
        return MV_EXC;
    double divisor = mv_float_value(denominator);
    if (divisor == 0.0)
        return mv_raise(vm, MV_EXC_ZeroDivisionError, "float division by zero");
    return mv_float_new(vm, mv_float_value(numerator) / divisor);
}

FUNCTION(log2) { return logarithm(vm, args[0], log2); }
FUNCTION(log10) { return logarithm(vm, args[0], log10); }

/* ---- rounding, by the special methods of the argument ---- */
static MvValue round_with(MvVM *vm, MvValue v, int special, double (*function)(double))
{
    if (mv_is_int(v))
        return v;
    if (mv_is_float(v))
        return mv_int_from_double(vm, function(mv_word_double(v)));
    if (!mv_is_exact_float(vm, v)) {
        MvValue method = mv_special(vm, mv_class_of(vm, v), special);
        if (method != MV_UNASSIGNED)
            return mv_call_special(vm, method, v, NULL, 0);
    }
    double x;
    return mv_to_double(vm, v, &x) ? mv_int_from_double(vm, function(x)) : MV_EXC;
}

FUNCTION(floor) { return round_with(vm, args[0], MV_SP_FLOOR, floor); }
FUNCTION(ceil) { return round_with(vm, args[0], MV_SP_CEIL, ceil); }

FUNCTION(trunc)
{
    MvValue v = args[0];
    if (mv_is_int(v))
        return v;
    if (mv_is_exact_float(vm, v))
        return mv_int_from_double(vm, mv_float_value(v));
    MvValue method = mv_special(vm, mv_class_of(vm, v), MV_SP_TRUNC);
    if (method == MV_UNASSIGNED)
        return mv_type_error(vm, "type %T doesn't define __trunc__ method", v);
    return mv_call_special(vm, method, v, NULL, 0);
}

/* ---- the module ---- */
static const MvMethodDef functions[] = {
#define ROW_REAL(name, can_overflow) {#name, math_##name, 1, 1, 0, NULL},
    REAL_FUNCTIONS(ROW_REAL)
    {"atan2", math_atan2, 2, 2, 0, NULL},
    {"ceil", math_ceil, 1, 1, 0, NULL},
    {"comb", mv_math_comb, 2, 2, 0, NULL},
    {"copysign", math_copysign, 2, 2, 0, NULL},
    {"degrees", math_degrees, 1, 1, 0, NULL},
    {"dist", mv_math_dist, 2, 2, 0, NULL},
    {"factorial", mv_math_factorial, 1, 1, 0, NULL},
    {"floor", math_floor, 1, 1, 0, NULL},
    {"fmod", math_fmod, 2, 2, 0, NULL},
    {"frexp", math_frexp, 1, 1, 0, NULL},
    {"fsum", mv_math_fsum, 1, 1, 0, NULL},
    {"gamma", math_gamma, 1, 1, 0, NULL},
    {"gcd", mv_math_gcd, 0, -1, 0, NULL},
    {"hypot", mv_math_hypot, 0, -1, 0, NULL},
    {"isclose", math_isclose, 2, 2, 0, "a,b,*,rel_tol?,abs_tol?"},
    {"isfinite", math_isfinite, 1, 1, 0, NULL},
    {"isinf", math_isinf, 1, 1, 0, NULL},
    {"isnan", math_isnan, 1, 1, 0, NULL},
    {"isqrt", mv_math_isqrt, 1, 1, 0, NULL},
    {"lcm", mv_math_lcm, 0, -1, 0, NULL},
    {"ldexp", math_ldexp, 2, 2, 0, NULL},
    {"lgamma", math_lgamma, 1, 1, 0, NULL},
    {"log", math_log, 0, -1, 0, NULL},
    {"log10", math_log10, 1, 1, 0, NULL},
    {"log2", math_log2, 1, 1, 0, NULL},
    {"modf", math_modf, 1, 1, 0, NULL},
    {"nextafter", math_nextafter, 2, 2, 0, NULL},
    {"perm", mv_math_perm, 1, 2, 0, NULL},
    {"pow", math_pow, 2, 2, 0, NULL},
    {"prod", mv_math_prod, 1, 1, 0, "iterable,/,*,start?"},
    {"radians", math_radians, 1, 1, 0, NULL},
    {"remainder", math_remainder, 2, 2, 0, NULL},
    {"trunc", math_trunc, 1, 1, 0, NULL},
    {"ulp", math_ulp, 1, 1, 0, NULL},
    {0},
};

static bool init(MvVM *vm, MvModule *module)
{
    static const struct {
        const char *name;
        double value;
    } constants[] = {{"pi", M_PI}, {"e", M_E}, {"tau", 2 * M_PI}, {"inf", INFINITY}, {"nan", NAN}};
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
        MvValue name = mv_intern_c(vm, constants[i].name);
        MvValue value = name == MV_EXC ? MV_EXC : mv_float_new(vm, constants[i].value);
        if (value == MV_EXC || !mv_module_set(vm, module, name, value))
            return false;
    }
    return true;
}

const MvModuleDef mv_module_math = {
    .name = "math",
    .functions = functions,
    .init = init
};
