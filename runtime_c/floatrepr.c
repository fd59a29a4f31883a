// Digits of doubles and the formats made of them (floatrepr.h).
// Shortest digits: Schubfach (Giulietti 2020), one multiplication by a 128-bit power of ten for the number and for each
// end of its rounding interval. A given number of digits: exact 128-bit arithmetic where the operands allow it, else
// the C library's printf, which is exact for any precision; only digits are taken from its output, never its decimal
// point.
#include "floatrepr.h"

#include "gen/pow5.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned __int128 Wide;

enum {
    SIGNIFICAND_BITS = 52,
    EXPONENT_BIAS = 1075,      // of the exponent field against a power of two times an integer
    MIN_BINARY = -1074,
    MAX_FRACTION = 1074,       // digits after the point that can be nonzero
    MAX_INTEGER = 309,         // digits before the point
    FAST_FRACTION = 22,        // 10^22 times a significand fits 127 bits
};

typedef struct Parts {
    bool negative;
    bool finite;
    int exponent;  // the magnitude is significand * 2^exponent
    uint64_t significand;
} Parts;

static Parts parts_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int field = (int)(bits >> SIGNIFICAND_BITS & 0x7FF);
    Parts parts = {
        .negative = bits >> 63,
        .finite = field != 0x7FF,
        .exponent = field ? field - EXPONENT_BIAS : MIN_BINARY,
        .significand = bits & ((UINT64_C(1) << SIGNIFICAND_BITS) - 1),
    };
    if (field)
        parts.significand |= UINT64_C(1) << SIGNIFICAND_BITS;
    return parts;
}

// ---- writing integers ----

static int write_integer(char *out, uint64_t value)
{
    char reversed[20];
    int count = 0;
    do {
        reversed[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    for (int i = 0; i < count; i++)
        out[i] = reversed[count - 1 - i];
    return count;
}

// The digits of value * 10^exponent, value not zero.
static void put_integer(MvFloatDigits *out, uint64_t value, int exponent)
{
    int count = write_integer(out->digits, value);
    out->point = count + exponent;
    while (out->digits[count - 1] == '0')
        count--;
    out->count = count;
}

static void put_zero(MvFloatDigits *out)
{
    out->digits[0] = '0';
    out->count = 1;
    out->point = 1;
}

// ---- shortest digits ----

// Floors of products with logarithms, exact in the range of double exponents (Giulietti 2020, section 9).
static int floor_log10_of_power_of_2(int e)
{
    return (e * 1262611) >> 22;
}

static int floor_log10_of_three_quarters_of_power_of_2(int e)
{
    return (e * 1262611 - 524031) >> 22;
}

static int floor_log2_of_power_of_10(int e)
{
    return (e * 1741647) >> 19;
}

// x * g / 2^128 with the lowest bit set if a fraction was cut off that is more than what g was rounded up by.
static uint64_t multiply_to_odd(const uint64_t g[2], uint64_t x)
{
    Wide low = (Wide)g[1] * x;
    Wide sum = (Wide)g[0] * x + (uint64_t)(low >> 64);
    return (uint64_t)(sum >> 64) | ((uint64_t)sum > 1);
}

// Writes the shortest decimal value * 10^exponent for c * 2^q, c not zero.
static uint64_t shortest(uint64_t c, int q, int *exponent)
{
    // Integers of up to 53 bits are their own shortest digits but for trailing zeros.
    if (q <= 0 && q > -53 && (c & ((UINT64_C(1) << -q) - 1)) == 0) {
        *exponent = 0;
        return c >> -q;
    }
    // The rounding interval of a power of two is half as wide below; its ends belong to it if c is even.
    bool closer_below = c == UINT64_C(1) << SIGNIFICAND_BITS && q > MIN_BINARY;
    uint64_t odd = c & 1;
    int k = closer_below ? floor_log10_of_three_quarters_of_power_of_2(q) : floor_log10_of_power_of_2(q);
    int h = q + floor_log2_of_power_of_10(-k) + 1;
    const uint64_t *g = MV_POW5[-k - MV_POW5_FIRST];
    uint64_t low = multiply_to_odd(g, (4 * c - 2 + closer_below) << h) + odd;
    uint64_t middle = multiply_to_odd(g, (4 * c) << h);
    uint64_t high = multiply_to_odd(g, (4 * c + 2) << h) - odd;
    // low, middle and high are 4 times the interval in units of 10^k. First try multiples of 10^(k + 1).
    uint64_t s = middle / 4;
    if (s >= 10) {
        uint64_t tens = s / 10;
        bool below_inside = low <= 40 * tens;
        bool above_inside = 40 * tens + 40 <= high;
        if (below_inside != above_inside) {
            *exponent = k + 1;
            return tens + above_inside;
        }
    }
    *exponent = k;
    bool below_inside = low <= 4 * s;
    bool above_inside = 4 * s + 4 <= high;
    if (below_inside != above_inside)
        return s + above_inside;
    uint64_t between = 4 * s + 2;
    return s + (middle > between || (middle == between && (s & 1)));
}

void mv_float_digits_shortest(double x, MvFloatDigits *out)
{
    Parts parts = parts_of(x);
    if (parts.significand == 0) {
        put_zero(out);
        return;
    }
    int exponent;
    uint64_t value = shortest(parts.significand, parts.exponent, &exponent);
    put_integer(out, value, exponent);
}

// ---- a given number of digits ----

// floor(|x| * 10^n) rounded to nearest, ties to even, if that can be had from 128-bit arithmetic; 0 <= n <=
// FAST_FRACTION.
static bool scale_exactly(Parts parts, int n, uint64_t *out)
{
    static const uint64_t POWERS[] = {
        UINT64_C(1), UINT64_C(10), UINT64_C(100), UINT64_C(1000), UINT64_C(10000), UINT64_C(100000), UINT64_C(1000000),
        UINT64_C(10000000), UINT64_C(100000000), UINT64_C(1000000000), UINT64_C(10000000000),
        UINT64_C(100000000000), UINT64_C(1000000000000),
    };
    if (parts.exponent > 0)
        return false;
    Wide product = (Wide)parts.significand;
    product = n > 12 ? product * POWERS[12] * POWERS[n - 12] : product * POWERS[n];
    int cut = -parts.exponent;
    if (cut == 0) {
        *out = (uint64_t)product;
        return product >> 64 == 0;
    }
    if (cut >= 128) {
        *out = 0;
        return true;
    }
    Wide quotient = product >> cut;
    Wide rest = product - (quotient << cut);
    Wide half = (Wide)1 << (cut - 1);
    quotient += rest > half || (rest == half && (quotient & 1));
    *out = (uint64_t)quotient;
    return quotient >> 64 == 0;
}

// Takes the digits from the start of printed up to end, without leading and trailing zeros; returns how many leading
// zeros there were.
static int take_digits(MvFloatDigits *out, const char *printed, const char *end)
{
    int zeros = 0;
    int count = 0;
    int last = 0;
    for (; printed < end; printed++) {
        if (*printed < '0' || *printed > '9')
            continue;
        if (count == 0 && *printed == '0') {
            zeros++;
            continue;
        }
        // Digits beyond the maximum are zeros.
        if (count < MV_FLOAT_DIGITS_MAX)
            out->digits[count] = *printed;
        count++;
        if (*printed != '0')
            last = count;
    }
    out->count = last;
    return zeros;
}

// Room for a sign, a decimal point of any locale, an exponent and the NUL beside the digits.
enum { PRINTED = MAX_INTEGER + MAX_FRACTION + 32 };

static void print_significant(double x, int n, MvFloatDigits *out)
{
    char printed[PRINTED];
    snprintf(printed, sizeof printed, "%.*e", n - 1, __builtin_fabs(x));
    const char *end = strchr(printed, 'e');
    take_digits(out, printed, end);
    out->point = atoi(end + 1) + 1;
}

static void print_fractional(double x, int n, MvFloatDigits *out)
{
    char printed[PRINTED];
    int length = snprintf(printed, sizeof printed, "%.*f", n, __builtin_fabs(x));
    int integer = 0;
    while (printed[integer] >= '0' && printed[integer] <= '9')
        integer++;
    int zeros = take_digits(out, printed, printed + length);
    out->point = out->count ? integer - zeros : -n;
}

void mv_float_digits_significant(double x, int n, MvFloatDigits *out)
{
    Parts parts = parts_of(x);
    if (parts.significand == 0) {
        put_zero(out);
        return;
    }
    // The leading digit stands for 10^k or 10^(k + 1); scaling by too much shows in a digit too many.
    int top = parts.exponent + 63 - __builtin_clzll(parts.significand);
    int fraction = n - 1 - floor_log10_of_power_of_2(top);
    if (n <= 17 && fraction <= FAST_FRACTION) {
        for (; fraction >= 0; fraction--) {
            uint64_t value;
            if (!scale_exactly(parts, fraction, &value) || value == 0)
                break;
            char digits[20];
            if (write_integer(digits, value) <= n) {
                put_integer(out, value, -fraction);
                return;
            }
        }
    }
    print_significant(x, n < MV_FLOAT_DIGITS_MAX ? n : MV_FLOAT_DIGITS_MAX, out);
}

// Rounds the exact digits in out to a multiple of 10^-n.
static void round_digits(MvFloatDigits *out, int n)
{
    int keep = out->point + n;
    if (keep >= out->count)
        return;
    bool up = false;
    if (keep >= 0) {
        char next = out->digits[keep];
        bool last_odd = keep > 0 && ((out->digits[keep - 1] - '0') & 1);
        up = next > '5' || (next == '5' && (out->count > keep + 1 || last_odd));
    }
    int count = keep > 0 ? keep : 0;
    if (up) {
        while (count > 0 && out->digits[count - 1] == '9')
            count--;
        if (count > 0)
            out->digits[count - 1]++;
        else {
            out->digits[0] = '1';
            out->point++;
            count = 1;
        }
    }
    while (count > 0 && out->digits[count - 1] == '0')
        count--;
    out->count = count;
    if (count == 0)
        out->point = -n;
}

void mv_float_digits_fractional(double x, int n, MvFloatDigits *out)
{
    Parts parts = parts_of(x);
    if (parts.significand == 0) {
        put_zero(out);
        return;
    }
    uint64_t value;
    if (n < 0) {
        print_significant(x, MV_FLOAT_DIGITS_MAX, out);
        round_digits(out, n);
    }
    else if (n <= FAST_FRACTION && scale_exactly(parts, n, &value)) {
        if (value)
            put_integer(out, value, -n);
        else {
            out->count = 0;
            out->point = -n;
        }
    }
    else {
        print_fractional(x, n < MAX_FRACTION ? n : MAX_FRACTION, out);
        if (out->count == 0)
            out->point = -n;
    }
}

// ---- formats ----

static size_t write_not_finite(Parts parts, bool upper, unsigned flags, char *out)
{
    size_t len = 0;
    bool nan = parts.significand != UINT64_C(1) << SIGNIFICAND_BITS;
    if (parts.negative && !nan)
        out[len++] = '-';
    else if (flags & MV_FLOAT_PLUS)
        out[len++] = '+';
    memcpy(out + len, nan ? (upper ? "NAN" : "nan") : (upper ? "INF" : "inf"), 3);
    return len + 3;
}

static size_t write_exponent(int exponent, char letter, char *out)
{
    size_t len = 0;
    out[len++] = letter;
    out[len++] = exponent < 0 ? '-' : '+';
    exponent = exponent < 0 ? -exponent : exponent;
    if (exponent >= 100)
        out[len++] = (char)('0' + exponent / 100);
    out[len++] = (char)('0' + exponent / 10 % 10);
    out[len++] = (char)('0' + exponent % 10);
    return len;
}

// Writes the digits from position start to end, where position 0 is the first digit and those before and after are
// zeros.
static char *write_span(const MvFloatDigits *digits, int64_t start, int64_t end, char *out)
{
    if (start < 0 && start < end) {
        int64_t zeros = (end < 0 ? end : 0) - start;
        memset(out, '0', (size_t)zeros);
        out += zeros;
        start += zeros;
    }
    if (start < digits->count && start < end) {
        int64_t stop = end < digits->count ? end : digits->count;
        memcpy(out, digits->digits + start, (size_t)(stop - start));
        out += stop - start;
        start = stop;
    }
    if (start < end) {
        memset(out, '0', (size_t)(end - start));
        out += end - start;
    }
    return out;
}

// end is the position after the last digit to be shown. exponent_letter is 0 for the notation without exponent.
static size_t write_digits(const MvFloatDigits *digits, bool negative, int64_t end, char exponent_letter,
                           unsigned flags, char *out)
{
    char *next = out;
    if (negative)
        *next++ = '-';
    else if (flags & MV_FLOAT_PLUS)
        *next++ = '+';
    int64_t point = exponent_letter ? 1 : digits->point;
    // At least one digit before the point, and after it too if asked for.
    int64_t least = !exponent_letter && (flags & MV_FLOAT_DOT_0) ? point + 1 : point;
    if (end < least)
        end = least;
    next = write_span(digits, point <= 0 ? point - 1 : 0, point, next);
    if (end > point || (flags & MV_FLOAT_ALT)) {
        *next++ = '.';
        next = write_span(digits, point, end, next);
    }
    if (exponent_letter)
        next += write_exponent(digits->point - 1, exponent_letter, next);
    return (size_t)(next - out);
}

size_t mv_float_write_repr(double x, char out[MV_FLOAT_REPR_MAX])
{
    return mv_float_format(x, 'r', 0, MV_FLOAT_DOT_0, out);
}

size_t mv_float_format_bound(char type, int precision)
{
    // A sign, the digits before and after the point, a point; "0.000" before the digits of 'g'; an exponent.
    if (type == 'r')
        return MV_FLOAT_REPR_MAX;
    return (size_t)precision + (type == 'f' || type == 'F' ? MAX_INTEGER : 16) + 3;
}

size_t mv_float_format(double x, char type, int precision, unsigned flags, char *out)
{
    bool upper = type == 'E' || type == 'F' || type == 'G';
    Parts parts = parts_of(x);
    if (!parts.finite)
        return write_not_finite(parts, upper, flags, out);
    MvFloatDigits digits;
    char letter = upper ? 'E' : 'e';
    int64_t end;
    switch (type | 32) {
    case 'e':
        mv_float_digits_significant(x, precision < MV_FLOAT_DIGITS_MAX ? precision + 1 : MV_FLOAT_DIGITS_MAX, &digits);
        end = (int64_t)precision + 1;
        break;
    case 'f':
        mv_float_digits_fractional(x, precision, &digits);
        end = (int64_t)digits.point + precision;
        letter = 0;
        break;
    case 'g':
        if (precision == 0)
            precision = 1;
        mv_float_digits_significant(x, precision, &digits);
        end = flags & MV_FLOAT_ALT ? precision : digits.count;
        if (digits.point > -4 && digits.point <= precision - (flags & MV_FLOAT_DOT_0 ? 1 : 0))
            letter = 0;
        break;
    default:
        mv_float_digits_shortest(x, &digits);
        end = digits.count;
        if (digits.point > -4 && digits.point <= 16)
            letter = 0;
        break;
    }
    return write_digits(&digits, parts.negative, end, letter, flags, out);
}

// ---- rounding ----

bool mv_float_round(double x, int64_t ndigits, double *out)
{
    // CPython's bounds: 323 digits leave every double as it is, and below -308 all become zero.
    enum { MOST = 323, LEAST = -308 };
    *out = x;
    if (!parts_of(x).finite || ndigits > MOST)
        return true;
    if (ndigits < LEAST) {
        *out = 0.0 * x;
        return true;
    }
    MvFloatDigits digits;
    mv_float_digits_fractional(x, (int)ndigits, &digits);
    if (digits.count == 0) {
        *out = __builtin_copysign(0.0, x);
        return true;
    }
    char numeral[MV_FLOAT_DIGITS_MAX + 16];
    int len = digits.count;
    memcpy(numeral, digits.digits, (size_t)len);
    numeral[len++] = 'e';
    int exponent = digits.point - digits.count;
    if (exponent < 0)
        numeral[len++] = '-';
    len += write_integer(numeral + len, (uint64_t)(exponent < 0 ? -exponent : exponent));
    double magnitude;
    mv_float_parse(numeral, (size_t)len, &magnitude);
    *out = __builtin_copysign(magnitude, x);
    return parts_of(magnitude).finite;
}
