// Text to doubles (floatrepr.h): decimal numerals, and hexadecimal ones in both directions.
// A decimal numeral is cut down to at most DIGITS significant digits, of which the last one stands for all that was cut
// (no double and no midpoint of two has more than 767), and rewritten as an integer with an exponent. So any length
// needs constant space, and strtod never sees a decimal point, about which locales differ.
#include "floatrepr.h"

#include "float_round.h"

#include <stdlib.h>

enum {
    DIGITS = 770,
    EXPONENT_LIMIT = 100000,  // far beyond where every numeral of DIGITS digits is zero or infinite
    EXACT_DIGITS = 15,        // integers of so many digits are exact doubles
    EXACT_POWER = 22,         // so is 10 to this power
};

// Case-insensitive; word is in lower case.
static bool is_word(const char *s, size_t n, const char *word)
{
    size_t i = 0;
    for (; i < n && word[i]; i++) {
        if ((s[i] | 32) != word[i])
            return false;
    }
    return i == n && !word[i];
}

static bool parse_word(const char *s, size_t n, bool negative, double *out)
{
    double value;
    if (is_word(s, n, "inf") || is_word(s, n, "infinity"))
        value = __builtin_inf();
    else if (is_word(s, n, "nan"))
        value = __builtin_nan("");
    else
        return false;
    *out = negative ? -value : value;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

typedef struct Numeral {
    char digits[DIGITS + 16];  // without leading zeros, then room for the exponent and a NUL
    int count;
    int64_t exponent;  // of the last digit
} Numeral;

// Consumes digits with single underscores between them, after the point if scale is 1; returns where they end, or NULL
// after a misplaced underscore.
static const char *take_digits(Numeral *numeral, const char *s, const char *end, int scale)
{
    bool after_digit = false;
    for (; s < end; s++) {
        if (*s == '_') {
            if (!after_digit || s + 1 == end || !is_digit(s[1]))
                return NULL;
            continue;
        }
        if (!is_digit(*s))
            break;
        after_digit = true;
        if (numeral->count == 0 && *s == '0')
            numeral->exponent -= scale;
        else if (numeral->count < DIGITS) {
            numeral->digits[numeral->count++] = *s;
            numeral->exponent -= scale;
        }
        else {
            // Only whether anything follows matters.
            if (*s != '0')
                numeral->digits[DIGITS - 1] = '1';
            numeral->exponent += 1 - scale;
        }
    }
    return s;
}

static const char *take_exponent(Numeral *numeral, const char *s, const char *end)
{
    bool negative = false;
    if (s < end && (*s == '+' || *s == '-'))
        negative = *s++ == '-';
    const char *first = s;
    int64_t exponent = 0;
    for (; s < end; s++) {
        if (*s == '_') {
            if (s == first || s + 1 == end || !is_digit(s[1]))
                return NULL;
            continue;
        }
        if (!is_digit(*s))
            break;
        // Saturated where no numeral that fits memory could make up for it.
        if (exponent < INT64_MAX / 100)
            exponent = exponent * 10 + (*s - '0');
    }
    if (s == first)
        return NULL;
    numeral->exponent += negative ? -exponent : exponent;
    return s;
}

static double numeral_value(Numeral *numeral)
{
    static const double POWERS[EXACT_POWER + 1] = {
        1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    };
    int64_t exponent = numeral->exponent;
    if (numeral->count == 0)
        return 0.0;
    // One rounding of exact operands is the correct one.
    if (numeral->count <= EXACT_DIGITS && exponent >= -EXACT_POWER && exponent <= EXACT_POWER) {
        uint64_t value = 0;
        for (int i = 0; i < numeral->count; i++)
            value = value * 10 + (uint64_t)(numeral->digits[i] - '0');
        return exponent < 0 ? (double)value / POWERS[-exponent] : (double)value * POWERS[exponent];
    }
    if (exponent > EXPONENT_LIMIT)
        exponent = EXPONENT_LIMIT;
    if (exponent < -EXPONENT_LIMIT)
        exponent = -EXPONENT_LIMIT;
    char *next = numeral->digits + numeral->count;
    *next++ = 'e';
    if (exponent < 0)
        *next++ = '-';
    uint64_t left = (uint64_t)(exponent < 0 ? -exponent : exponent);
    for (uint64_t unit = EXPONENT_LIMIT; unit > 0; unit /= 10)
        *next++ = (char)('0' + left / unit % 10);
    *next = '\0';
    return strtod(numeral->digits, NULL);
}

bool mv_float_parse(const char *s, size_t n, double *out)
{
    const char *end = s + n;
    bool negative = false;
    if (s < end && (*s == '+' || *s == '-'))
        negative = *s++ == '-';
    if (s < end && !is_digit(*s) && *s != '.')
        return parse_word(s, (size_t)(end - s), negative, out);
    Numeral numeral;
    numeral.count = 0;
    numeral.exponent = 0;
    const char *first = s;
    s = take_digits(&numeral, s, end, 0);
    if (!s)
        return false;
    bool any = s > first;
    if (s < end && *s == '.') {
        first = ++s;
        s = take_digits(&numeral, s, end, 1);
        if (!s)
            return false;
        any |= s > first;
    }
    if (!any)
        return false;
    if (s < end && (*s | 32) == 'e') {
        s = take_exponent(&numeral, s + 1, end);
        if (!s)
            return false;
    }
    if (s != end)
        return false;
    double value = numeral_value(&numeral);
    *out = negative ? -value : value;
    return true;
}

// ---- hexadecimal ----

size_t mv_float_hex(double x, char out[MV_FLOAT_HEX_MAX])
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int field = (int)(bits >> 52 & 0x7FF);
    uint64_t significand = bits & ((UINT64_C(1) << 52) - 1);
    if (field == 0x7FF)
        return mv_float_write_repr(x, out);
    char *next = out;
    if (bits >> 63)
        *next++ = '-';
    *next++ = '0';
    *next++ = 'x';
    *next++ = field ? '1' : '0';
    *next++ = '.';
    int exponent = field ? field - 1023 : MV_DOUBLE_MIN_EXPONENT;
    if (field == 0 && significand == 0) {
        *next++ = '0';
        exponent = 0;
    }
    else {
        for (int shift = 48; shift >= 0; shift -= 4)
            *next++ = "0123456789abcdef"[significand >> shift & 15];
    }
    *next++ = 'p';
    *next++ = exponent < 0 ? '-' : '+';
    unsigned left = (unsigned)(exponent < 0 ? -exponent : exponent);
    for (unsigned unit = 1000; unit > 0; unit /= 10) {
        if (left >= unit || unit == 1)
            *next++ = (char)('0' + left / unit % 10);
    }
    return (size_t)(next - out);
}

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    char lower = (char)(c | 32);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// As C's strtol: saturated.
static int64_t take_binary_exponent(const char **at, const char *end)
{
    const char *s = *at;
    bool negative = false;
    if (*s == '+' || *s == '-')
        negative = *s++ == '-';
    int64_t value = 0;
    for (; s < end && is_digit(*s); s++) {
        if (value > (INT64_MAX - 9) / 10)
            value = INT64_MAX;
        else
            value = value * 10 + (*s - '0');
    }
    *at = s;
    return negative ? -value : value;
}

// The value of hex digits from first to end, a point among them or not, with fraction digits after the point.
static bool hex_digits_value(const char *first, const char *end, int64_t fraction, int64_t exponent, double *out)
{
    uint64_t top = 0;
    bool sticky = false;
    int64_t unread = 0;  // digits that did not fit top
    for (; first < end; first++) {
        if (*first == '.')
            continue;
        unsigned digit = (unsigned)hex_value(*first);
        if (top >> 60 == 0)
            top = top << 4 | digit;
        else {
            sticky |= digit != 0;
            unread++;
        }
    }
    *out = 0.0;
    if (top == 0 || exponent < INT64_MIN / 2)
        return true;
    if (exponent > INT64_MAX / 2)
        return false;
    int shift = __builtin_clzll(top);
    return mv_float_round_significand(top << shift, exponent + 4 * (unread - fraction) - shift, sticky, out);
}

MvFloatHexStatus mv_float_from_hex(const char *s, size_t n, double *out)
{
    const char *end = s + n;
    while (s < end && is_space(*s))
        s++;
    while (end > s && is_space(end[-1]))
        end--;
    bool negative = false;
    if (s < end && (*s == '+' || *s == '-'))
        negative = *s++ == '-';
    if (parse_word(s, (size_t)(end - s), negative, out))
        return MV_FLOAT_HEX_OK;
    if (end - s >= 2 && s[0] == '0' && (s[1] | 32) == 'x')
        s += 2;
    const char *first = s;
    const char *point = NULL;
    while (s < end && (hex_value(*s) >= 0 || (*s == '.' && !point))) {
        if (*s == '.')
            point = s;
        s++;
    }
    const char *last = s;
    if (last - first - (point ? 1 : 0) == 0)
        return MV_FLOAT_HEX_INVALID;
    int64_t exponent = 0;
    if (s < end && (*s | 32) == 'p') {
        s++;
        const char *digit = s < end && (*s == '+' || *s == '-') ? s + 1 : s;
        if (digit >= end || !is_digit(*digit))
            return MV_FLOAT_HEX_INVALID;
        exponent = take_binary_exponent(&s, end);
    }
    double value;
    // CPython notices an overflow before anything that follows the numeral.
    if (!hex_digits_value(first, last, point ? last - point - 1 : 0, exponent, &value))
        return MV_FLOAT_HEX_OVERFLOW;
    if (s != end)
        return MV_FLOAT_HEX_INVALID;
    *out = negative ? -value : value;
    return MV_FLOAT_HEX_OK;
}
