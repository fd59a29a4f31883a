// What the natural*.c files share and nobody else includes: tuning thresholds, limb kernels, and the work record that
// carries scratch memory, the polling budget and the reason for stopping through one public call.
// Internal functions return false once work has stopped; work->status then says why, and every caller gives back its
// own scratch and returns false in turn.
#ifndef MV_NATURAL_INTERNAL_H
#define MV_NATURAL_INTERNAL_H

#include "natural.h"

typedef unsigned __int128 MvWide;

// Thresholds in limbs, measured with `python tests/test_leaf_natural.py --bench`; tests override them with -D so that
// small operands reach every path.
#ifndef MV_NATURAL_KARATSUBA
#define MV_NATURAL_KARATSUBA 28
#endif
#ifndef MV_NATURAL_TOOM3
#define MV_NATURAL_TOOM3 160
#endif
#ifndef MV_NATURAL_KARATSUBA_SQUARE
#define MV_NATURAL_KARATSUBA_SQUARE 44
#endif
#ifndef MV_NATURAL_TOOM3_SQUARE
#define MV_NATURAL_TOOM3_SQUARE 220
#endif
#ifndef MV_NATURAL_BURNIKEL
#define MV_NATURAL_BURNIKEL 40
#endif
#ifndef MV_NATURAL_RADIX
#define MV_NATURAL_RADIX 20
#endif
#ifndef MV_NATURAL_STACK
#define MV_NATURAL_STACK 400
#endif
#ifndef MV_NATURAL_POLL_STEPS
#define MV_NATURAL_POLL_STEPS 50000
#endif

_Static_assert(MV_NATURAL_KARATSUBA >= 2 && MV_NATURAL_KARATSUBA_SQUARE >= 2, "Karatsuba needs two limbs");
_Static_assert(MV_NATURAL_TOOM3 >= 5 && MV_NATURAL_TOOM3_SQUARE >= 5, "Toom-3 needs five limbs for three parts");
_Static_assert(MV_NATURAL_BURNIKEL >= 2 && MV_NATURAL_RADIX >= 2, "recursion needs two limbs");

typedef struct MvNaturalWork {
    const MvScratch *scratch;
    size_t credit;  // limb steps left before the next poll
    MvNaturalStatus status;
} MvNaturalWork;

static inline MvNaturalWork mv_natural_begin(const MvScratch *scratch)
{
    return (MvNaturalWork){.scratch = scratch, .credit = MV_NATURAL_POLL_STEPS, .status = MV_NATURAL_OK};
}

// Pays for limb steps that are about to be done; polls when the credit is used up.
bool mv_natural_poll(MvNaturalWork *work);

static inline bool mv_natural_spend(MvNaturalWork *work, size_t steps)
{
    if (__builtin_expect(steps < work->credit, 1)) {
        work->credit -= steps;
        return true;
    }
    return mv_natural_poll(work);
}

// Scratch of n limbs, uninitialized; NULL after setting the status. give accepts NULL.
uint64_t *mv_natural_take(MvNaturalWork *work, size_t n);
void mv_natural_give(MvNaturalWork *work, uint64_t *block, size_t n);

static inline void mv_natural_copy(uint64_t *r, const uint64_t *a, size_t n)
{
    for (size_t i = 0; i < n; i++)
        r[i] = a[i];
}

static inline void mv_natural_clear(uint64_t *r, size_t n)
{
    for (size_t i = 0; i < n; i++)
        r[i] = 0;
}

// r[n] = a + b and a - b, with the carry or borrow returned; r may be a or b.
uint64_t mv_natural_add_same(uint64_t *r, const uint64_t *a, const uint64_t *b, size_t n);
uint64_t mv_natural_sub_same(uint64_t *r, const uint64_t *a, const uint64_t *b, size_t n);
// r[n] += a * b and r[n] -= a * b; the limb that goes beyond is returned.
uint64_t mv_natural_addmul_limb(uint64_t *r, const uint64_t *a, size_t n, uint64_t b);
uint64_t mv_natural_submul_limb(uint64_t *r, const uint64_t *a, size_t n, uint64_t b);
// r[n] = a << bits and a >> bits for 0 < bits < 64; the bits shifted out are returned, at the other end of the word.
uint64_t mv_natural_shl_small(uint64_t *r, const uint64_t *a, size_t n, unsigned bits);
uint64_t mv_natural_shr_small(uint64_t *r, const uint64_t *a, size_t n, unsigned bits);

// floor((2^128 - 1) / d) - 2^64 for a d with its top bit set: the reciprocal of mv_natural_div_2by1.
static inline uint64_t mv_natural_reciprocal(uint64_t d)
{
    return (uint64_t)((((MvWide)~d << 64) | ~(uint64_t)0) / d);
}

// (high:low) / d by two multiplications (Moeller and Granlund 2011); high < d, v is the reciprocal of d.
static inline uint64_t mv_natural_div_2by1(uint64_t *rem, uint64_t high, uint64_t low, uint64_t d, uint64_t v)
{
    MvWide q = (MvWide)v * high + (((MvWide)high << 64) | low);
    uint64_t q1 = (uint64_t)(q >> 64) + 1;
    uint64_t r = low - q1 * d;
    if (r > (uint64_t)q) {
        q1--;
        r += d;
    }
    if (__builtin_expect(r >= d, 0)) {
        q1++;
        r -= d;
    }
    *rem = r;
    return q1;
}

// The public operations for callers that already have a work record. mul: any lengths above 0. divide: a and d as in
// mv_natural_divmod.
bool mv_natural_mul_work(MvNaturalWork *work, uint64_t *r, const uint64_t *a, size_t an, const uint64_t *b, size_t bn);
bool mv_natural_divmod_work(MvNaturalWork *work, uint64_t *q, uint64_t *r, const uint64_t *a, size_t an,
                            const uint64_t *d, size_t dn);

#endif
