// The answers of unicode_tables.h for all code points at once, for tests/test_leaf_unicode.py.
#include "unicode_tables.h"

enum { CODE_POINTS = 0x110000 };

// Bit i of out[c] is the answer of the i-th function; ORDER as in FUNCTIONS of the test.
void leaf_classes(uint16_t out[CODE_POINTS])
{
    for (uint32_t c = 0; c < CODE_POINTS; c++) {
        const bool answers[] = {
            mv_unicode_is_alpha(c), mv_unicode_is_decimal(c), mv_unicode_is_digit(c), mv_unicode_is_numeric(c),
            mv_unicode_is_alnum(c), mv_unicode_is_lower(c), mv_unicode_is_upper(c), mv_unicode_is_title(c),
            mv_unicode_is_space(c), mv_unicode_is_printable(c), mv_unicode_is_xid_start(c),
            mv_unicode_is_xid_continue(c), mv_unicode_is_cased(c), mv_unicode_is_case_ignorable(c),
            mv_unicode_is_line_break(c),
        };
        unsigned bits = 0;
        for (unsigned i = 0; i < sizeof answers / sizeof answers[0]; i++)
            bits |= (unsigned)answers[i] << i;
        out[c] = (uint16_t)bits;
    }
}

// UTF-32 of the full mapping of every code point, one after the other; counts[c] of them. Returns the total.
int leaf_full(char kind, uint8_t counts[CODE_POINTS], uint32_t *out)
{
    int total = 0;
    for (uint32_t c = 0; c < CODE_POINTS; c++) {
        int count = 0;
        switch (kind) {
        case 'l': count = mv_unicode_to_lower_full(c, out + total); break;
        case 'u': count = mv_unicode_to_upper_full(c, out + total); break;
        case 't': count = mv_unicode_to_title_full(c, out + total); break;
        case 'f': count = mv_unicode_to_fold_full(c, out + total); break;
        case 's': count = mv_unicode_to_swapped_full(c, out + total); break;
        }
        counts[c] = (uint8_t)count;
        total += count;
    }
    return total;
}

void leaf_simple(char kind, uint32_t out[CODE_POINTS])
{
    for (uint32_t c = 0; c < CODE_POINTS; c++)
        out[c] = kind == 'l' ? mv_unicode_to_lower(c) : kind == 'u' ? mv_unicode_to_upper(c) : mv_unicode_to_title(c);
}

void leaf_values(int8_t decimals[CODE_POINTS], int8_t digits[CODE_POINTS], double numerics[CODE_POINTS], double none)
{
    for (uint32_t c = 0; c < CODE_POINTS; c++) {
        decimals[c] = (int8_t)mv_unicode_decimal(c);
        digits[c] = (int8_t)mv_unicode_digit(c);
        if (!mv_unicode_numeric(c, &numerics[c]))
            numerics[c] = none;
    }
}
