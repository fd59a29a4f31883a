// Natural numbers of any size: arithmetic on little-endian arrays of 64-bit limbs in buffers that the caller owns. The
// int type is the caller; it owns signs, small ints, pow, bit operations and the decision of how large a result may
// get. Invariants: no global state; a function keeps nothing after it returns; scratch memory is taken and given back
// through MvScratch within one call, also when the call is interrupted. Buffers do not overlap unless a comment allows
// it. "Normalized" means that the top limb is not zero; zero is normalized with length 0. Results have the fixed
// lengths stated here and may have zero limbs at the top; mv_natural_normalize gives the true length.
// Functions without MvScratch are linear, about 0.3 to 3 ns a limb. The others poll at least every
// MV_NATURAL_POLL_STEPS limb products (tens of microseconds) while the operands are short enough for one linear pass to
// fit (200 000 limbs).
#ifndef MV_NATURAL_H
#define MV_NATURAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// alloc returns memory aligned for uint64_t, or NULL; free receives the size that alloc was asked for; poll returns
// true when the work is to stop, and may itself be NULL.
typedef struct MvScratch {
    void *(*alloc)(void *ctx, size_t size);
    void (*free)(void *ctx, void *block, size_t size);
    bool (*poll)(void *ctx);
    void *ctx;
} MvScratch;

// Anything but OK leaves the outputs undefined; all scratch has been freed.
typedef enum MvNaturalStatus {
    MV_NATURAL_OK = 0,
    MV_NATURAL_INTERRUPTED = 1,
    MV_NATURAL_NO_MEMORY = 2,
} MvNaturalStatus;

enum {
    MV_NATURAL_MIN_RADIX = 2,
    MV_NATURAL_MAX_RADIX = 36,
    MV_NATURAL_DOUBLE_LIMBS = 16,  // limbs of the largest finite double
};

// ---- natural.c: linear operations ----

// The length without zero limbs at the top.
size_t mv_natural_normalize(const uint64_t *a, size_t n);
// Bits up to the highest one bit; 0 for zero. a need not be normalized.
size_t mv_natural_bit_length(const uint64_t *a, size_t n);
// Number of one bits.
size_t mv_natural_bit_count(const uint64_t *a, size_t n);
// Number of zero bits below the lowest one bit; a must not be zero.
size_t mv_natural_trailing_zeros(const uint64_t *a, size_t n);
// -1, 0 or 1; neither need be normalized.
int mv_natural_compare(const uint64_t *a, size_t an, const uint64_t *b, size_t bn);

// r[an] = a + b, an >= bn; returns the carry. r may be a or b.
uint64_t mv_natural_add(uint64_t *r, const uint64_t *a, size_t an, const uint64_t *b, size_t bn);
// r[an] = a - b, an >= bn; returns the borrow, 0 if a >= b. r may be a or b.
uint64_t mv_natural_sub(uint64_t *r, const uint64_t *a, size_t an, const uint64_t *b, size_t bn);
// r[n] = a + b; returns the carry. r may be a.
uint64_t mv_natural_add_limb(uint64_t *r, const uint64_t *a, size_t n, uint64_t b);
// r[n] = a - b; returns the borrow. r may be a.
uint64_t mv_natural_sub_limb(uint64_t *r, const uint64_t *a, size_t n, uint64_t b);
// r[n] = a * b + carry; returns the limb above. r may be a.
uint64_t mv_natural_mul_limb(uint64_t *r, const uint64_t *a, size_t n, uint64_t b, uint64_t carry);
// q[n] = a / d, d not zero; returns the remainder. q may be a, or NULL.
uint64_t mv_natural_divmod_limb(uint64_t *q, const uint64_t *a, size_t n, uint64_t d);
// r[n + bits / 64 + 1] = a << bits. r may be a.
void mv_natural_shift_left(uint64_t *r, const uint64_t *a, size_t n, size_t bits);
// r[n - bits / 64] = a >> bits (nothing is written when bits / 64 >= n). Returns whether a one bit was shifted out. r
// may be a.
bool mv_natural_shift_right(uint64_t *r, const uint64_t *a, size_t n, size_t bits);

// ---- natural_mul.c ----

// r[an + bn] = a * b. a and b may be the same array.
MvNaturalStatus mv_natural_mul(const MvScratch *scratch, uint64_t *r, const uint64_t *a, size_t an,
                               const uint64_t *b, size_t bn);
// r[2 * n] = a * a.
MvNaturalStatus mv_natural_square(const MvScratch *scratch, uint64_t *r, const uint64_t *a, size_t n);

// ---- natural_div.c ----

// q[an - dn + 1] = a / d and r[dn] = a % d. d is normalized and not zero, an >= dn. Either output may be NULL; r may be
// a or d.
MvNaturalStatus mv_natural_divmod(const MvScratch *scratch, uint64_t *q, uint64_t *r, const uint64_t *a, size_t an,
                                  const uint64_t *d, size_t dn);

// ---- natural_root.c ----

// r[(n + 1) / 2] = the largest number whose square is at most a.
MvNaturalStatus mv_natural_isqrt(const MvScratch *scratch, uint64_t *r, const uint64_t *a, size_t n);
// r[max(an, bn)] = the greatest common divisor; gcd(a, 0) = a.
MvNaturalStatus mv_natural_gcd(const MvScratch *scratch, uint64_t *r, const uint64_t *a, size_t an,
                               const uint64_t *b, size_t bn);

// ---- natural_radix.c: lower-case digits without prefix or sign; radix 2 to 36 ----

// Chars that mv_natural_to_radix may write, at least 1; at most 2 % and 3 more than the digits of a.
size_t mv_natural_radix_bound(const uint64_t *a, size_t n, unsigned radix);
// Writes the digits of a, "0" for zero, without a terminating NUL; *len is their number. out has mv_natural_radix_bound
// chars.
MvNaturalStatus mv_natural_to_radix(const MvScratch *scratch, char *out, size_t *len, const uint64_t *a, size_t n,
                                    unsigned radix);
// Limbs that mv_natural_from_radix writes for count digits.
size_t mv_natural_from_radix_limbs(size_t count, unsigned radix);
// r[mv_natural_from_radix_limbs(count, radix)] = the number that digits spell. digits are ASCII, either case, already
// validated: no sign, no underscore.
MvNaturalStatus mv_natural_from_radix(const MvScratch *scratch, uint64_t *r, const char *digits, size_t count,
                                      unsigned radix);

// ---- natural_float.c: rounding is to nearest, ties to even ----

// Returns false when a rounds to more than the largest finite double; *out is then infinity.
bool mv_natural_to_double(const uint64_t *a, size_t n, double *out);
// a / b with one rounding, as CPython's int / int. b is not zero. *overflow is set when the quotient rounds to more
// than the largest finite double; *out is then infinity.
MvNaturalStatus mv_natural_true_divide(const MvScratch *scratch, const uint64_t *a, size_t an,
                                       const uint64_t *b, size_t bn, double *out, bool *overflow);
// r[MV_NATURAL_DOUBLE_LIMBS] = the integer part of the magnitude of x, which is finite; returns its normalized length.
size_t mv_natural_from_double(uint64_t r[MV_NATURAL_DOUBLE_LIMBS], double x);

#endif
