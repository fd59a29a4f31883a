// Rounding a 64-bit significand to a double, to nearest with ties to even, whatever the rounding mode of the processor.
// Shared by natural_float.c and floatrepr.c; one inline function.
#ifndef MV_FLOAT_ROUND_H
#define MV_FLOAT_ROUND_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
    MV_DOUBLE_MAX_EXPONENT = 1023,   // of the highest bit of a finite double
    MV_DOUBLE_MIN_EXPONENT = -1022,  // of the highest bit of a normal double
};

// m * 2^e, where m has its top bit set and sticky says that the exact value is a little more. Returns false on
// overflow; *out is then infinity.
static inline bool mv_float_round_significand(uint64_t m, int64_t e, bool sticky, double *out)
{
    const uint64_t infinity = UINT64_C(0x7FF) << 52;
    int64_t top = e + 63;
    uint64_t bits = 0;
    if (top > MV_DOUBLE_MAX_EXPONENT)
        bits = infinity;
    else {
        int64_t drop = 11 + (top < MV_DOUBLE_MIN_EXPONENT ? MV_DOUBLE_MIN_EXPONENT - top : 0);
        if (drop <= 64) {
            // The hidden bit of a normal number adds 1 to the exponent field; so does a carry out of the significand.
            uint64_t half = UINT64_C(1) << (drop - 1);
            uint64_t rest = m & (half | (half - 1));
            bits = drop < 64 ? m >> drop : 0;
            bool up = rest > half || (rest == half && (sticky || (bits & 1)));
            if (top >= MV_DOUBLE_MIN_EXPONENT)
                bits += (uint64_t)(top - MV_DOUBLE_MIN_EXPONENT) << 52;
            bits += up;
        }
    }
    memcpy(out, &bits, sizeof bits);
    return bits != infinity;
}

#endif
