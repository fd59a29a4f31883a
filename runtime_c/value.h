/* The value word: one 64-bit word, FST62.
 *
 *   ....00  int, 62 bits signed, shifted left by 2
 *   .....1  float: rotl(bits + (3 << 60), 3); the doubles whose top exponent bits are 000, 011, 100 or 111
 *   ....10  pointer to an object header + 2; heap big ints and the remaining floats are such objects
 *
 * Two reserved words look like pointers and are never dereferenced: MV_EXC, the result that means "an exception is
 * set in the VM", and MV_UNASSIGNED, the state of a variable without value. They never reach a Mini program. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint64_t MvValue;

#define MV_LIKELY(x) __builtin_expect(!!(x), 1)
#define MV_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define MV_COLD __attribute__((cold, noinline))
#define MV_INLINE static inline __attribute__((always_inline))

#define MV_TAG_POINTER 2u
#define MV_EXC ((MvValue)0x02)
#define MV_UNASSIGNED ((MvValue)0x12)
#define MV_FIXNUM_MAX (((int64_t)1 << 61) - 1)
#define MV_FIXNUM_MIN (-((int64_t)1 << 61))

MV_INLINE bool mv_is_int(MvValue v) { return (v & 3) == 0; }
MV_INLINE bool mv_is_float(MvValue v) { return v & 1; }
MV_INLINE bool mv_is_pointer(MvValue v) { return (v & 3) == MV_TAG_POINTER; }
MV_INLINE bool mv_both_int(MvValue a, MvValue b) { return ((a | b) & 3) == 0; }

MV_INLINE MvValue mv_from_fixnum(int64_t i) { return (MvValue)i << 2; }
MV_INLINE int64_t mv_to_fixnum(MvValue v) { return (int64_t)v >> 2; }
MV_INLINE bool mv_fits_fixnum(int64_t i) { return i >= MV_FIXNUM_MIN && i <= MV_FIXNUM_MAX; }

MV_INLINE uint64_t mv_double_bits(double d)
{
    uint64_t bits;
    memcpy(&bits, &d, 8);
    return bits;
}

MV_INLINE double mv_bits_double(uint64_t bits)
{
    double d;
    memcpy(&d, &bits, 8);
    return d;
}

/* The word of an immediate float; has bit 0 clear where d needs a heap float. */
MV_INLINE MvValue mv_float_word(double d)
{
    uint64_t u = mv_double_bits(d) + ((uint64_t)3 << 60);
    return u << 3 | u >> 61;
}

/* The double of an immediate float. */
MV_INLINE double mv_word_double(MvValue v)
{
    return mv_bits_double((v >> 3 | v << 61) - ((uint64_t)3 << 60));
}
