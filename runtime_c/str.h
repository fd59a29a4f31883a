/* What the str*.c files share, and what the rest of the runtime needs of strings beyond protocol.h.
 *
 * Invariants of every str: `data` holds `length` characters of 1 << shift bytes; the shift is the smallest that
 * holds the largest character; MV_STR_ASCII is set exactly if all are below 128. So two strs of different shift or
 * ASCII flag are never equal. The empty str and the one-character strs below U+0100 are usually, but need not be,
 * the ones that the VM keeps. */
#pragma once
#include "protocol.h"

MV_INLINE MvStr *mv_as_str(MvValue v) { return MV_CAST(MvStr, v); }
MV_INLINE bool mv_is_str(MvValue v) { return mv_is_kind(v, MV_KIND_STR); }
MV_INLINE bool mv_is_exact_str(MvVM *vm, MvValue v) /* the root shape of a builtin class has the number of the class */
{
    return mv_is_pointer(v) && mv_object(v)->shape == MV_CLASS_STR;
}
MV_INLINE bool mv_str_is_ascii(const MvStr *s) { return s->h.aux & MV_STR_ASCII; }

/* Upper bounds of characters, one for each representation: 0x7F, 0xFF, 0xFFFF, 0x10FFFF. */
MV_INLINE uint32_t mv_str_bound(const MvStr *s)
{
    if (s->h.aux & MV_STR_ASCII)
        return 0x7F;
    int shift = mv_str_shift(s);
    return shift == 0 ? 0xFF : shift == 1 ? 0xFFFF : 0x10FFFF;
}
MV_INLINE int mv_char_shift(uint32_t c) { return c < 0x100 ? 0 : c < 0x10000 ? 1 : 2; }
MV_INLINE void mv_put_char(void *data, int shift, int64_t i, uint32_t c)
{
    if (shift == 0)
        ((uint8_t *)data)[i] = (uint8_t)c;
    else if (shift == 1)
        ((uint16_t *)data)[i] = (uint16_t)c;
    else
        ((uint32_t *)data)[i] = c;
}
MV_INLINE uint32_t mv_get_char(const void *data, int shift, int64_t i)
{
    if (shift == 0)
        return ((const uint8_t *)data)[i];
    return shift == 1 ? ((const uint16_t *)data)[i] : ((const uint32_t *)data)[i];
}

/* memcpy without a call for the short texts that most are. */
MV_INLINE void mv_copy_bytes(void *to, const void *from, size_t count)
{
    char *t = to;
    const char *f = from;
    if (MV_UNLIKELY(count > 32)) {
        memcpy(to, from, count);
    } else if (count >= 16) {
        memcpy(t, f, 16);
        memcpy(t + count - 16, f + count - 16, 16);
    } else if (count >= 8) {
        memcpy(t, f, 8);
        memcpy(t + count - 8, f + count - 8, 8);
    } else if (count >= 4) {
        memcpy(t, f, 4);
        memcpy(t + count - 4, f + count - 4, 4);
    } else {
        for (size_t i = 0; i < count; i++)
            t[i] = f[i];
    }
}

/* As mv_str_new for a short text of one byte a character. */
MV_INLINE MvStr *mv_str_new_bytes(MvVM *vm, int64_t length, unsigned flags)
{
    MvStr *s = mv_allocate(vm, sizeof(MvStr) + (size_t)length, MV_CLASS_STR, MV_KIND_STR, 0, flags);
    if (MV_LIKELY(s != NULL)) {
        s->length = length;
        s->data = s + 1;
    }
    return s;
}
#define MV_SHORT_STR 256 /* characters: what the short ways take */

/* ---- intern.c ---- */
void mv_intern_mark(MvVM *vm);  /* with the roots */
void mv_intern_sweep(MvVM *vm); /* of a full collection, when all is marked: takes the others out */
bool mv_intern_grow(MvVM *vm, uint64_t count); /* room for `count` names; false: MemoryError raised */

/* ---- str.c ---- */
bool mv_str_init(MvVM *vm); /* empty_str and ascii_chars; before any other function on strs */
uint32_t mv_str_scan(const void *data, int shift, int64_t length); /* the bound (as mv_str_bound) of these characters */
/* Copies characters, widening or (if the caller knows that they fit) narrowing. Long copies do not poll. */
void mv_str_copy_chars(void *to, int to_shift, int64_t at, const void *from, int from_shift, int64_t start,
                       int64_t count);
/* These two poll; false: stop. */
bool mv_str_copy(MvVM *vm, MvStr *to, int64_t at, const MvStr *from, int64_t start, int64_t count);
bool mv_str_fill(MvVM *vm, MvStr *to, int64_t at, uint32_t c, int64_t count);
MvValue mv_str_exact(MvVM *vm, MvValue s);    /* s, or the plain str of an instance of a subclass */
MvValue mv_str_subclass_new(MvVM *vm, MvClass *cls, const MvStr *s); /* an instance of cls, which derives from str */
MvValue mv_str_repeat(MvVM *vm, MvValue s, int64_t count);
MvValue mv_str_order_polled(MvVM *vm, int op, const MvStr *a, const MvStr *b); /* a bool; MV_EXC if the run ends */
/* Shares the buffer or copies from it; sets raw->used. */
MvValue mv_str_from_raw(MvVM *vm, MvRaw *raw, int64_t length, uint32_t bound);

/* ---- str_builder.c ---- */
bool mv_builder_reserve(MvBuilder *b, int64_t more, uint32_t max_char); /* room for `more` characters up to max_char */

/* ---- str_search.c; mv_str_find (protocol.h) returns -2 when the run is to stop ---- */
typedef struct MvFinder { /* looks for one needle in one haystack, again and again; lives on the C stack */
    MvVM *vm;
    const MvStr *hay;
    const void *needle; /* of the haystack's width */
    int64_t needle_length;
    int shift;
    bool reverse;
    bool impossible;   /* the needle has characters that the haystack cannot have */
    bool prepared;     /* two-way: critical, period, periodic are known */
    bool periodic;
    int64_t critical, period;
    int64_t effort;    /* what the quick search spent beyond its due; past the limit the two-way search takes over */
    MvRaw *widened;
    uint32_t small[16];
} MvFinder;
bool mv_finder_begin(MvFinder *f, MvVM *vm, const MvStr *hay, const MvStr *needle, bool reverse); /* false: raised */
/* The first (reverse: last) match inside [start, end); -1 none, -2 stop. */
int64_t mv_finder_next(MvFinder *f, int64_t start, int64_t end);
/* Non-overlapping occurrences, at most `limit` (-1: all); -2: stop. An empty needle counts end - start + 1. */
int64_t mv_str_count(MvVM *vm, const MvStr *hay, const MvStr *needle, int64_t start, int64_t end, int64_t limit);
int64_t mv_str_find_char(const MvStr *s, uint32_t c, int64_t start, int64_t end, bool reverse); /* -1 */

/* ---- str_repr.c ---- */
MvValue mv_str_repr(MvVM *vm, MvValue s);

/* ---- str_case.c, str_test.c, str_split.c, str_edit.c, str_find.c: what the method table (str_type.c) holds ---- */
#define MV_STR_METHODS(X) \
    X(capitalize) X(casefold) X(lower) X(swapcase) X(title) X(upper) \
    X(isalnum) X(isalpha) X(isascii) X(isdecimal) X(isdigit) X(isidentifier) X(islower) X(isnumeric) X(isprintable) \
    X(isspace) X(istitle) X(isupper) \
    X(split) X(rsplit) X(splitlines) X(partition) X(rpartition) X(strip) X(lstrip) X(rstrip) \
    X(center) X(ljust) X(rjust) X(zfill) X(expandtabs) X(replace) X(removeprefix) X(removesuffix) X(translate) \
    X(maketrans) \
    X(count) X(find) X(index) X(rfind) X(rindex) X(startswith) X(endswith)
#define MV_STR_DECLARE(name) MvValue mv_str_method_##name(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames);
MV_STR_METHODS(MV_STR_DECLARE)
#undef MV_STR_DECLARE
#define MV_STR_METHOD(name) MvValue mv_str_method_##name(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
bool mv_str_is_identifier(const MvStr *s);
bool mv_char_is_space(uint32_t c); /* as str.isspace */

/* Arguments that CPython takes as int: __index__, and OverflowError "Python int too large to convert to C int" */
bool mv_arg_c_int(MvVM *vm, MvValue v, int *out);

/* ---- str_format.c ---- */
MvValue mv_str_format_map(MvVM *vm, MvValue format, MvValue mapping);
