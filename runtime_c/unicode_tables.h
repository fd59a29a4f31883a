// What str methods of CPython 3.11 (Unicode 14) know of each code point: classes, case mappings, numeric values.
// Called by the str type. The tables are constant and generated (runtime_c/gen/unicode_tables.c, from
// vm/minivm/spec/unicode.py), the same on every host. All functions take a code point up to 0x10FFFF.
// "Full" mappings give up to three code points and are what str methods use; simple ones give the first of these, like
// CPython's Py_UNICODE_TOLOWER and its kin.
// Left to the caller, because it depends on the neighbours:
// - lower() and the like of U+03A3: it becomes U+03C2 if, skipping CASE_IGNORABLE ones, there is a CASED code point
//   before it and none after it; else U+03C3, which is what the mapping gives.
// - title(): the full title mapping after a code point that is not CASED, else the full lower mapping.
// - capitalize(): the full title mapping of the first, the full lower mapping of the rest.
// - splitlines(): "\r\n" counts once.
#ifndef MV_UNICODE_TABLES_H
#define MV_UNICODE_TABLES_H

#include <stdbool.h>
#include <stdint.h>

// ORDER flags: FLAGS in vm/minivm/spec/unicode.py.
typedef enum MvUnicodeFlag {
    MV_UNICODE_ALPHA = 1 << 0,
    MV_UNICODE_DECIMAL = 1 << 1,
    MV_UNICODE_DIGIT = 1 << 2,
    MV_UNICODE_NUMERIC = 1 << 3,
    MV_UNICODE_LOWER = 1 << 4,
    MV_UNICODE_UPPER = 1 << 5,
    MV_UNICODE_TITLE = 1 << 6,
    MV_UNICODE_SPACE = 1 << 7,
    MV_UNICODE_PRINTABLE = 1 << 8,
    MV_UNICODE_XID_START = 1 << 9,  // or '_'
    MV_UNICODE_XID_CONTINUE = 1 << 10,
    MV_UNICODE_CASED = 1 << 11,
    MV_UNICODE_CASE_IGNORABLE = 1 << 12,
    MV_UNICODE_LINE_BREAK = 1 << 13,
} MvUnicodeFlag;

typedef struct MvUnicodeRecord {
    int32_t lower, upper, title, fold;  // distances to the mapped code point
    uint16_t flags;
    uint8_t full_lower, full_upper, full_title, full_fold;  // rows of MV_UNICODE_FULL; 0 where the simple mapping holds
    uint8_t decimal, digit;  // 255 for none
    uint8_t numeric;         // index into MV_UNICODE_NUMERICS; 0 for none
} MvUnicodeRecord;

enum {
    MV_UNICODE_SHIFT = 7,
    MV_UNICODE_BLOCK_MASK = (1 << MV_UNICODE_SHIFT) - 1,
    MV_UNICODE_NO_DIGIT = 255,
    MV_UNICODE_FULL_MAX = 3,  // code points that one becomes at most
};

extern const MvUnicodeRecord MV_UNICODE_RECORDS[];
extern const uint32_t MV_UNICODE_FULL[][MV_UNICODE_FULL_MAX];  // zeros after the last
extern const double MV_UNICODE_NUMERICS[];
extern const uint16_t MV_UNICODE_BLOCKS[];                           // row of each block
extern const uint16_t MV_UNICODE_ROWS[][MV_UNICODE_BLOCK_MASK + 1];  // record of each code point

static inline const MvUnicodeRecord *mv_unicode_record(uint32_t c)
{
    return &MV_UNICODE_RECORDS[MV_UNICODE_ROWS[MV_UNICODE_BLOCKS[c >> MV_UNICODE_SHIFT]][c & MV_UNICODE_BLOCK_MASK]];
}

// Whether any of the flags holds.
static inline bool mv_unicode_is(uint32_t c, unsigned flags)
{
    return (mv_unicode_record(c)->flags & flags) != 0;
}

static inline bool mv_unicode_is_alpha(uint32_t c)
{
    return mv_unicode_is(c, MV_UNICODE_ALPHA);
}

static inline bool mv_unicode_is_decimal(uint32_t c)
{
    return mv_unicode_is(c, MV_UNICODE_DECIMAL);
}

static inline bool mv_unicode_is_digit(uint32_t c)
{
    return mv_unicode_is(c, MV_UNICODE_DIGIT);
}

static inline bool mv_unicode_is_numeric(uint32_t c)
{
    return mv_unicode_is(c, MV_UNICODE_NUMERIC);
}

static inline bool mv_unicode_is_alnum(uint32_t c)
{
    return mv_unicode_is(c, MV_UNICODE_ALPHA | MV_UNICODE_DECIMAL | MV_UNICODE_DIGIT | MV_UNICODE_NUMERIC);
}

static inline bool mv_unicode_is_lower(uint32_t c)
{
    return mv_unicode_is(c, MV_UNICODE_LOWER);
}

static inline bool mv_unicode_is_upper(uint32_t c)
{
    return mv_unicode_is(c, MV_UNICODE_UPPER);
}

static inline bool mv_unicode_is_title(uint32_t c)
{
    return mv_unicode_is(c, MV_UNICODE_TITLE);
}

static inline bool mv_unicode_is_space(uint32_t c)
{
    return mv_unicode_is(c, MV_UNICODE_SPACE);
}

static inline bool mv_unicode_is_printable(uint32_t c)
{
    return mv_unicode_is(c, MV_UNICODE_PRINTABLE);
}

static inline bool mv_unicode_is_xid_start(uint32_t c)
{
    return mv_unicode_is(c, MV_UNICODE_XID_START);
}

static inline bool mv_unicode_is_xid_continue(uint32_t c)
{
    return mv_unicode_is(c, MV_UNICODE_XID_CONTINUE);
}

static inline bool mv_unicode_is_cased(uint32_t c)
{
    return mv_unicode_is(c, MV_UNICODE_CASED);
}

static inline bool mv_unicode_is_case_ignorable(uint32_t c)
{
    return mv_unicode_is(c, MV_UNICODE_CASE_IGNORABLE);
}

static inline bool mv_unicode_is_line_break(uint32_t c)
{
    return mv_unicode_is(c, MV_UNICODE_LINE_BREAK);
}

static inline uint32_t mv_unicode_to_lower(uint32_t c)
{
    return c + (uint32_t)mv_unicode_record(c)->lower;
}

static inline uint32_t mv_unicode_to_upper(uint32_t c)
{
    return c + (uint32_t)mv_unicode_record(c)->upper;
}

static inline uint32_t mv_unicode_to_title(uint32_t c)
{
    return c + (uint32_t)mv_unicode_record(c)->title;
}

// Writes the row, or the code point if row is 0; returns how many.
static inline int mv_unicode_expand(unsigned row, uint32_t simple, uint32_t out[MV_UNICODE_FULL_MAX])
{
    if (__builtin_expect(row == 0, 1)) {
        out[0] = simple;
        return 1;
    }
    int count = 0;
    while (count < MV_UNICODE_FULL_MAX && MV_UNICODE_FULL[row][count]) {
        out[count] = MV_UNICODE_FULL[row][count];
        count++;
    }
    return count;
}

// The functions below return the number of code points written, 1 to 3.
static inline int mv_unicode_to_lower_full(uint32_t c, uint32_t out[MV_UNICODE_FULL_MAX])
{
    const MvUnicodeRecord *record = mv_unicode_record(c);
    return mv_unicode_expand(record->full_lower, c + (uint32_t)record->lower, out);
}

static inline int mv_unicode_to_upper_full(uint32_t c, uint32_t out[MV_UNICODE_FULL_MAX])
{
    const MvUnicodeRecord *record = mv_unicode_record(c);
    return mv_unicode_expand(record->full_upper, c + (uint32_t)record->upper, out);
}

static inline int mv_unicode_to_title_full(uint32_t c, uint32_t out[MV_UNICODE_FULL_MAX])
{
    const MvUnicodeRecord *record = mv_unicode_record(c);
    return mv_unicode_expand(record->full_title, c + (uint32_t)record->title, out);
}

// casefold()
static inline int mv_unicode_to_fold_full(uint32_t c, uint32_t out[MV_UNICODE_FULL_MAX])
{
    const MvUnicodeRecord *record = mv_unicode_record(c);
    return mv_unicode_expand(record->full_fold, c + (uint32_t)record->fold, out);
}

// swapcase()
static inline int mv_unicode_to_swapped_full(uint32_t c, uint32_t out[MV_UNICODE_FULL_MAX])
{
    unsigned flags = mv_unicode_record(c)->flags;
    if (flags & MV_UNICODE_UPPER)
        return mv_unicode_to_lower_full(c, out);
    if (flags & MV_UNICODE_LOWER)
        return mv_unicode_to_upper_full(c, out);
    out[0] = c;
    return 1;
}

// The value of a decimal digit, as int() and float() read it, or -1.
static inline int mv_unicode_decimal(uint32_t c)
{
    unsigned value = mv_unicode_record(c)->decimal;
    return value == MV_UNICODE_NO_DIGIT ? -1 : (int)value;
}

// The value of a digit, superscripts and the like included, or -1.
static inline int mv_unicode_digit(uint32_t c)
{
    unsigned value = mv_unicode_record(c)->digit;
    return value == MV_UNICODE_NO_DIGIT ? -1 : (int)value;
}

// Returns false if c has no numeric value.
static inline bool mv_unicode_numeric(uint32_t c, double *out)
{
    unsigned number = mv_unicode_record(c)->numeric;
    *out = MV_UNICODE_NUMERICS[number];
    return number != 0;
}

#endif
