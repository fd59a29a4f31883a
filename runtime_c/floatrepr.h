// Doubles to and from text, char for char as CPython 3.11: repr, the e/f/g formats, float(), float.hex and fromhex,
// round. Called by the float type, str formatting and the compiler's constants. No allocation, no state, no dependence
// on the locale; the processor rounds to nearest, as everywhere in the VM. Buffers are the caller's and get no
// terminating NUL. Left to the caller: widths, alignment, grouping, '%' and 'n', whitespace around numerals, error
// messages.
#ifndef MV_FLOATREPR_H
#define MV_FLOATREPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MV_FLOAT_REPR_MAX = 24,    // chars of the longest repr, -1.2345678901234567e-100
    MV_FLOAT_HEX_MAX = 24,     // chars of the longest hex, -0x1.fffffffffffffp-1022
    MV_FLOAT_DIGITS_MAX = 767, // digits that a double has at most
};

// |x| = 0.d1 d2 d3 ... * 10^point. There are no trailing zeros; zero has the one digit 0 and point 1. A nonzero number
// that was rounded to zero has no digits.
typedef struct MvFloatDigits {
    int count;
    int point;
    char digits[MV_FLOAT_DIGITS_MAX];
} MvFloatDigits;

// The three functions take the magnitude of a finite x.
// The fewest digits that read back as x; of several such numbers the one nearest to x. At most 17.
void mv_float_digits_shortest(double x, MvFloatDigits *out);
// x rounded to n significant digits, n > 0; ties to even, on the exact value.
void mv_float_digits_significant(double x, int n, MvFloatDigits *out);
// x rounded to n digits after the point; to a multiple of 10^-n when n is negative.
void mv_float_digits_fractional(double x, int n, MvFloatDigits *out);

// Writes repr(x), returns its length.
size_t mv_float_write_repr(double x, char out[MV_FLOAT_REPR_MAX]);

enum {
    MV_FLOAT_PLUS = 1,   // '+' before what is not negative, nan included
    MV_FLOAT_DOT_0 = 2,  // ".0" after what would look like an int; for 'g' and 'r'
    MV_FLOAT_ALT = 4,    // the point always, and for 'g' trailing zeros
};

// Chars that mv_float_format writes at most; precision >= 0.
size_t mv_float_format_bound(char type, int precision);
// Writes x as CPython's PyOS_double_to_string does, returns the length. type is one of e E f F g G r; precision counts
// as in format(), is not negative, and is ignored for 'r'. format(x, '') is 'r' with MV_FLOAT_DOT_0; format(x, '.3') is
// 'g' with MV_FLOAT_DOT_0.
size_t mv_float_format(double x, char type, int precision, unsigned flags, char *out);

// Reads what float() accepts, apart from whitespace around it: a decimal numeral with underscores between digits, or
// inf, infinity, nan in any case, with a sign or not. n is any length; the result is correctly rounded. Returns false
// otherwise.
bool mv_float_parse(const char *s, size_t n, double *out);

// Writes x.hex(), returns its length.
size_t mv_float_hex(double x, char out[MV_FLOAT_HEX_MAX]);

typedef enum MvFloatHexStatus {
    MV_FLOAT_HEX_OK = 0,
    MV_FLOAT_HEX_INVALID = 1,   // ValueError: invalid hexadecimal floating-point string
    MV_FLOAT_HEX_OVERFLOW = 2,  // OverflowError: hexadecimal value too large to represent as a float
} MvFloatHexStatus;

// float.fromhex of the n bytes of s in UTF-8, ASCII whitespace around it included.
MvFloatHexStatus mv_float_from_hex(const char *s, size_t n, double *out);

// round(x, ndigits) of any x. Returns false when the result would exceed the largest double.
bool mv_float_round(double x, int64_t ndigits, double *out);

#endif
