/* The real functions that CPython's math module computes itself: gamma and its logarithm (Lanczos' approximation
 * with the 13 rational coefficients for g = 6.0246800407767296, as in Boost), and the norm of a vector. Their last
 * bits are visible, so the operations and their order are CPython's. Pure; no state. To be built without fused
 * multiply-add, as the x86-64 baseline is. */
#include "math_functions.h"
#include <math.h>

#define LANCZOS_COUNT 13
static const double lanczos_g = 6.024680040776729583740234375;
static const double lanczos_g_minus_half = 5.524680040776729583740234375;
static const double lanczos_numerator[LANCZOS_COUNT] = {
    23531376880.410759688572007674451636754734846804940, 42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843, 17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708, 1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801, 31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768, 186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024, 210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
};
static const double lanczos_denominator[LANCZOS_COUNT] = {
    0.0, 39916800.0, 120543840.0, 150917976.0, 105258076.0, 45995730.0, 13339535.0, 2637558.0, 357423.0, 32670.0,
    1925.0, 66.0, 1.0,
};
#define FACTORIAL_COUNT 23
static const double factorials[FACTORIAL_COUNT] = { /* gamma(1), gamma(2), ...: the exact ones */
    1.0, 1.0, 2.0, 6.0, 24.0, 120.0, 720.0, 5040.0, 40320.0, 362880.0, 3628800.0, 39916800.0, 479001600.0,
    6227020800.0, 87178291200.0, 1307674368000.0, 20922789888000.0, 355687428096000.0, 6402373705728000.0,
    121645100408832000.0, 2432902008176640000.0, 51090942171709440000.0, 1124000727777607680000.0,
};

static double lanczos_sum(double x)
{
    double numerator = 0.0, denominator = 0.0;
    if (x < 5.0) {
        for (int i = LANCZOS_COUNT; --i >= 0;) {
            numerator = numerator * x + lanczos_numerator[i];
            denominator = denominator * x + lanczos_denominator[i];
        }
    } else { /* in 1 / x, so that large x do not overflow */
        for (int i = 0; i < LANCZOS_COUNT; i++) {
            numerator = numerator / x + lanczos_numerator[i];
            denominator = denominator / x + lanczos_denominator[i];
        }
    }
    return numerator / denominator;
}

/* sin(pi * x) for finite x */
static double sin_pi(double x)
{
    double y = fmod(fabs(x), 2.0), r;
    switch ((int)round(2.0 * y)) {
    case 0: r = sin(M_PI * y); break;
    case 1: r = cos(M_PI * (y - 0.5)); break;
    case 2: r = sin(M_PI * (1.0 - y)); break; /* not -sin(pi * (y - 1)): the sign of zero */
    case 3: r = -cos(M_PI * (y - 1.5)); break;
    default: r = sin(M_PI * (y - 2.0)); break;
    }
    return copysign(1.0, x) * r;
}

static MvMathStatus finite_or_range(double r, double *out)
{
    *out = r;
    return isinf(r) ? MV_MATH_RANGE : MV_MATH_OK;
}

MvMathStatus mv_math_gamma(double x, double *out)
{
    *out = x;
    if (!isfinite(x))
        return isinf(x) && x < 0 ? MV_MATH_DOMAIN : MV_MATH_OK;
    if (x == 0.0)
        return MV_MATH_DOMAIN;
    if (x == floor(x)) {
        if (x < 0.0)
            return MV_MATH_DOMAIN;
        if (x <= FACTORIAL_COUNT) {
            *out = factorials[(int)x - 1];
            return MV_MATH_OK;
        }
    }
    double absolute = fabs(x);
    if (absolute < 1e-20) /* gamma(x) ~ 1 / x */
        return finite_or_range(1.0 / x, out);
    if (absolute > 200.0) {
        *out = 0.0 / sin_pi(x);
        return x < 0.0 ? MV_MATH_OK : MV_MATH_RANGE;
    }
    double y = absolute + lanczos_g_minus_half, z; /* z: the rounding error of y */
    if (absolute > lanczos_g_minus_half)
        z = (y - absolute) - lanczos_g_minus_half;
    else
        z = (y - lanczos_g_minus_half) - absolute;
    z = z * lanczos_g / y;
    double r;
    if (x < 0.0) {
        r = -M_PI / sin_pi(absolute) / absolute * exp(y) / lanczos_sum(absolute);
        r -= z * r;
        if (absolute < 140.0) {
            r /= pow(y, absolute - 0.5);
        } else {
            double half = pow(y, absolute / 2.0 - 0.25);
            r /= half;
            r /= half;
        }
    } else {
        r = lanczos_sum(absolute) / exp(y);
        r += z * r;
        if (absolute < 140.0) {
            r *= pow(y, absolute - 0.5);
        } else {
            double half = pow(y, absolute / 2.0 - 0.25);
            r *= half;
            r *= half;
        }
    }
    return finite_or_range(r, out);
}

MvMathStatus mv_math_lgamma(double x, double *out)
{
    static const double log_pi = 1.144729885849400174143427351353058711647;
    *out = x;
    if (!isfinite(x)) {
        if (isinf(x))
            *out = INFINITY;
        return MV_MATH_OK;
    }
    if (x == floor(x) && x <= 2.0) {
        *out = 0.0;
        return x <= 0.0 ? MV_MATH_DOMAIN : MV_MATH_OK;
    }
    double absolute = fabs(x);
    if (absolute < 1e-20)
        return finite_or_range(-log(absolute), out);
    double r = log(lanczos_sum(absolute)) - lanczos_g;
    r += (absolute - 0.5) * (log(absolute + lanczos_g - 0.5) - 1);
    if (x < 0.0)
        r = log_pi - log(fabs(sin_pi(absolute))) - log(absolute) - r;
    return finite_or_range(r, out);
}

/* ---- norm ---- */
typedef struct MvDoubleLength { /* the exact result of an operation: high + low */
    double high, low;
} MvDoubleLength;

MV_INLINE MvDoubleLength split(double x) /* Veltkamp: halves of at most 26 bits */
{
    double t = x * 134217729.0; /* 2^27 + 1 */
    double high = t - (t - x);
    return (MvDoubleLength){high, x - high};
}

MV_INLINE MvDoubleLength exact_product(double x, double y) /* Dekker */
{
    MvDoubleLength a = split(x), b = split(y);
    double p = a.high * b.high, q = a.high * b.low + a.low * b.high;
    double high = p + q;
    return (MvDoubleLength){high, p - high + q + a.low * b.low};
}

MV_INLINE MvDoubleLength exact_sum(double x, double y) /* |x| >= |y| */
{
    double high = x + y;
    return (MvDoubleLength){high, (x - high) + y};
}

double mv_math_norm(int64_t n, double *vector, double max, bool found_nan)
{
    if (isinf(max))
        return max;
    if (found_nan)
        return NAN;
    if (max == 0.0 || n <= 1)
        return max;
    int exponent;
    frexp(max, &exponent);
    if (exponent < -1023) { /* the scale below would overflow */
        double sum = 1.0, low = 0.0;
        for (int64_t i = 0; i < n; i++) {
            double x = vector[i] / max;
            MvDoubleLength next = exact_sum(sum, x * x);
            sum = next.high;
            low += next.low;
        }
        return max * sqrt(sum - 1.0 + low);
    }
    double scale = ldexp(1.0, -exponent), sum = 1.0, low1 = 0.0, low2 = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double x = vector[i] * scale;
        MvDoubleLength square = exact_product(x, x), next = exact_sum(sum, square.high);
        sum = next.high;
        low1 += square.low;
        low2 += next.low;
    }
    /* The square root, corrected by the exact difference of its square. */
    double root = sqrt(sum - 1.0 + (low1 + low2));
    MvDoubleLength square = exact_product(-root, root), next = exact_sum(sum, square.high);
    sum = next.high;
    low1 += square.low;
    low2 += next.low;
    root += (sum - 1.0 + (low1 + low2)) / (2.0 * root);
    return root / scale;
}

double mv_math_natural_frexp(const uint64_t *limbs, int64_t count, int64_t *exponent)
{
    uint64_t top = limbs[count - 1];
    int shift = __builtin_clzll(top);
    bool lost = false;
    int64_t below = count - 1;
    if (shift && below) {
        below--;
        top = top << shift | limbs[below] >> (64 - shift);
        lost = limbs[below] << shift != 0;
    } else {
        top <<= shift;
    }
    while (!lost && below > 0)
        lost = limbs[--below] != 0;
    /* rounding to 53 bits sees what was lost through the last bit */
    double mantissa = ldexp((double)(top | lost), -64);
    *exponent = count * 64 - shift;
    if (mantissa == 1.0) {
        mantissa = 0.5;
        ++*exponent;
    }
    return mantissa;
}
