/* Strs: construction in canonical width, comparison, substrings, concatenation and repetition.
 *
 * Short strs hold their characters behind the header. Long results of concatenation hold them in a RAW buffer that
 * several strs may share: `s + t` extends the buffer of s if s ends where the used part ends and there is room, so
 * that building by `s += t` is linear; other strs that share the buffer see the same characters as before, because
 * nobody writes below `used`. Characters of a finished str never change.
 * Left to others: growing texts (str_builder.c), searching (str_search.c), hashing (str_hash.c). */
#include "str.h"

#define SHARED_MIN_BYTES 1024          /* a shorter result of concatenation is copied */
#define POLL_BYTES ((int64_t)1 << 22)  /* a copy polls this often: about a quarter of a millisecond */
#define DOUBLING_MAX ((int64_t)1 << 20) /* larger buffers grow by a quarter */

static unsigned flags_for(uint32_t bound)
{
    return bound < 0x80 ? MV_STR_ASCII : (unsigned)mv_char_shift(bound) << MV_STR_WIDTH_SHIFT;
}

MvStr *mv_str_new(MvVM *vm, int64_t length, uint32_t max_char)
{
    int shift = mv_char_shift(max_char);
    if (MV_UNLIKELY(length > (INT64_MAX >> 3))) {
        mv_too_large(vm);
        return NULL;
    }
    MvStr *s = mv_allocate(vm, sizeof(MvStr) + ((size_t)length << shift), MV_CLASS_STR, MV_KIND_STR, 0,
                           flags_for(max_char));
    if (MV_UNLIKELY(!s))
        return NULL;
    s->length = length;
    s->data = s + 1;
    return s;
}

bool mv_str_init(MvVM *vm)
{
    for (uint32_t c = 0; c < 256; c++) {
        MvStr *s = mv_str_new(vm, 1, c);
        if (!s)
            return false;
        *(uint8_t *)s->data = (uint8_t)c;
        MvValue kept = mv_intern(vm, mv_value(s));
        if (kept == MV_EXC)
            return false;
        vm->ascii_chars[c] = kept;
    }
    MvStr *empty = mv_str_new(vm, 0, 0);
    if (!empty)
        return false;
    vm->empty_str = mv_intern(vm, mv_value(empty));
    return vm->empty_str != MV_EXC;
}

uint32_t mv_str_scan(const void *data, int shift, int64_t length)
{
    if (shift == 0) {
        const uint8_t *p = data;
        int64_t i = 0;
        for (; i + 32 <= length; i += 32) {
            uint64_t w[4];
            memcpy(w, p + i, 32);
            if ((w[0] | w[1] | w[2] | w[3]) & 0x8080808080808080ull)
                return 0xFF;
        }
        uint8_t all = 0;
        for (; i < length; i++)
            all |= p[i];
        return all < 0x80 ? 0x7F : 0xFF;
    }
    uint32_t all = 0; /* the bounds are of the form 2^n - 1, so the union of the bits decides */
    if (shift == 1) {
        const uint16_t *p = data;
        uint16_t narrow = 0;
        for (int64_t i = 0; i < length; i++)
            narrow |= p[i];
        all = narrow;
    } else {
        const uint32_t *p = data;
        for (int64_t i = 0; i < length; i++)
            all |= p[i];
    }
    return all < 0x80 ? 0x7F : all < 0x100 ? 0xFF : all < 0x10000 ? 0xFFFF : 0x10FFFF;
}

#define CONVERT(To, From) \
    do { \
        To *restrict t = (To *)to + at; \
        const From *restrict f = (const From *)from + start; \
        for (int64_t i = 0; i < count; i++) \
            t[i] = (To)f[i]; \
    } while (0)

void mv_str_copy_chars(void *to, int to_shift, int64_t at, const void *from, int from_shift, int64_t start,
                       int64_t count)
{
    if (to_shift == from_shift) {
        const char *place = (const char *)from + ((size_t)start << from_shift);
        mv_copy_bytes((char *)to + ((size_t)at << to_shift), place, (size_t)count << to_shift);
        return;
    }
    switch (to_shift * 3 + from_shift) {
    case 1: CONVERT(uint8_t, uint16_t); break;
    case 2: CONVERT(uint8_t, uint32_t); break;
    case 3: CONVERT(uint16_t, uint8_t); break;
    case 5: CONVERT(uint16_t, uint32_t); break;
    case 6: CONVERT(uint32_t, uint8_t); break;
    case 7: CONVERT(uint32_t, uint16_t); break;
    }
}

/* Polls within long copies. */
static bool copy_polled(MvVM *vm, void *to, int to_shift, int64_t at, const void *from, int from_shift, int64_t start,
                        int64_t count)
{
    while (MV_UNLIKELY(count > POLL_BYTES)) {
        mv_str_copy_chars(to, to_shift, at, from, from_shift, start, POLL_BYTES);
        at += POLL_BYTES;
        start += POLL_BYTES;
        count -= POLL_BYTES;
        if (mv_poll(vm))
            return false;
    }
    mv_str_copy_chars(to, to_shift, at, from, from_shift, start, count);
    return true;
}

bool mv_str_copy(MvVM *vm, MvStr *to, int64_t at, const MvStr *from, int64_t start, int64_t count)
{
    return copy_polled(vm, to->data, mv_str_shift(to), at, from->data, mv_str_shift(from), start, count);
}

bool mv_str_fill(MvVM *vm, MvStr *to, int64_t at, uint32_t c, int64_t count)
{
    int shift = mv_str_shift(to);
    if (count <= 0)
        return true;
    while (count > 0) {
        int64_t part = count < POLL_BYTES ? count : POLL_BYTES;
        if (shift == 0) {
            memset((uint8_t *)to->data + at, (int)c, (size_t)part);
        } else {
            for (int64_t i = at; i < at + part; i++)
                mv_put_char(to->data, shift, i, c);
        }
        at += part;
        count -= part;
        if (count && mv_poll(vm))
            return false;
    }
    return true;
}

MvValue mv_str_from_ascii(MvVM *vm, const char *text, int64_t length)
{
    if (length <= 1)
        return length ? vm->ascii_chars[(uint8_t)text[0]] : vm->empty_str;
    MvStr *s = mv_str_new(vm, length, 0x7F);
    if (!s)
        return MV_EXC;
    mv_copy_bytes(s->data, text, (size_t)length);
    return mv_value(s);
}

MvValue mv_str_from_c(MvVM *vm, const char *ascii)
{
    return mv_str_from_ascii(vm, ascii, (int64_t)strlen(ascii));
}

/* The canonical str of count characters of another representation. */
static MvValue from_chars(MvVM *vm, const void *data, int shift, int64_t start, int64_t count)
{
    if (count == 0)
        return vm->empty_str;
    if (count == 1)
        return mv_str_from_char(vm, mv_get_char(data, shift, start));
    uint32_t bound = 0x7F;
    for (int64_t at = 0; at < count; at += POLL_BYTES) {
        int64_t step = count - at < POLL_BYTES ? count - at : POLL_BYTES;
        uint32_t part = mv_str_scan((const char *)data + ((size_t)(start + at) << shift), shift, step);
        bound = part > bound ? part : bound;
        if (count > POLL_BYTES && mv_poll(vm))
            return MV_EXC;
    }
    MvStr *s = mv_str_new(vm, count, bound);
    if (!s || !copy_polled(vm, s->data, mv_str_shift(s), 0, data, shift, start, count))
        return MV_EXC;
    return mv_value(s);
}

MvValue mv_str_from_char(MvVM *vm, uint32_t c)
{
    if (c < 0x100)
        return vm->ascii_chars[c];
    MvStr *s = mv_str_new(vm, 1, c);
    if (!s)
        return MV_EXC;
    mv_put_char(s->data, mv_str_shift(s), 0, c);
    return mv_value(s);
}

MvValue mv_str_substring(MvVM *vm, const MvStr *s, int64_t start, int64_t end)
{
    int64_t count = end - start;
    if (count <= 0)
        return vm->empty_str;
    if (count == s->length && s->h.shape == MV_CLASS_STR)
        return mv_value(s);
    if (MV_LIKELY(s->h.aux & MV_STR_ASCII)) {
        const char *text = (const char *)s->data + start;
        if (count == 1)
            return vm->ascii_chars[(uint8_t)*text];
        if (MV_LIKELY(count <= MV_SHORT_STR)) {
            MvStr *part = mv_str_new_bytes(vm, count, MV_STR_ASCII);
            if (!part)
                return MV_EXC;
            mv_copy_bytes(part->data, text, (size_t)count);
            return mv_value(part);
        }
        MvStr *part = mv_str_new(vm, count, 0x7F);
        if (!part || !copy_polled(vm, part->data, 0, 0, text, 0, 0, count))
            return MV_EXC;
        return mv_value(part);
    }
    return from_chars(vm, s->data, mv_str_shift(s), start, count);
}

MvValue mv_str_exact(MvVM *vm, MvValue v)
{
    MvStr *s = mv_as_str(v);
    if (MV_LIKELY(s->h.shape == MV_CLASS_STR))
        return v;
    if (s->length <= 1)
        return s->length ? mv_str_from_char(vm, mv_str_char(s, 0)) : vm->empty_str;
    MvStr *copy = mv_str_new(vm, s->length, mv_str_bound(s));
    if (!copy || !mv_str_copy(vm, copy, 0, s, 0, s->length))
        return MV_EXC;
    copy->hash = s->hash;
    return mv_value(copy);
}

MvValue mv_str_subclass_new(MvVM *vm, MvClass *cls, const MvStr *from)
{
    /* the characters, filled up to whole words, then the word of the attribute store (mv_shape_tail) */
    size_t bytes = (((size_t)from->length << mv_str_shift(from)) + 7) & ~(size_t)7;
    MvStr *s = mv_allocate(vm, sizeof(MvStr) + bytes + sizeof(MvValue), cls->root_shape, MV_KIND_STR,
                           MV_GC_HAS_POINTERS,
                           flags_for(mv_str_bound(from)));
    if (!s)
        return MV_EXC;
    s->data = s + 1;
    s->length = from->length;
    s->hash = from->hash;
    if (!mv_str_copy(vm, s, 0, from, 0, from->length))
        return MV_EXC;
    return mv_value(s);
}

/* ---- comparison ---- */

/* Most strs are short, and a call of memcmp takes as long as all the rest. */
MV_INLINE bool same_bytes(const char *p, const char *q, size_t count)
{
    if (count > 16)
        return memcmp(p, q, count) == 0;
    uint64_t a = 0, b = 0, c = 0, d = 0;
    if (count >= 8) {
        memcpy(&a, p, 8), memcpy(&b, q, 8);
        memcpy(&c, p + count - 8, 8), memcpy(&d, q + count - 8, 8);
    } else if (count >= 4) {
        memcpy(&a, p, 4), memcpy(&b, q, 4);
        memcpy(&c, p + count - 4, 4), memcpy(&d, q + count - 4, 4);
    } else if (count) {
        a = (uint8_t)p[0] | (uint8_t)p[count / 2] << 8 | (uint8_t)p[count - 1] << 16;
        b = (uint8_t)q[0] | (uint8_t)q[count / 2] << 8 | (uint8_t)q[count - 1] << 16;
    }
    return ((a ^ b) | (c ^ d)) == 0;
}

bool mv_str_equal(const MvStr *a, const MvStr *b)
{
    if (a == b)
        return true;
    const unsigned representation = 3u << MV_STR_WIDTH_SHIFT | MV_STR_ASCII;
    if (a->length != b->length || ((a->h.aux ^ b->h.aux) & representation))
        return false;
    if ((a->h.aux & b->h.aux & MV_STR_INTERNED) || (a->hash && b->hash && a->hash != b->hash))
        return false;
    return same_bytes(a->data, b->data, (size_t)a->length << mv_str_shift(a));
}

/* The first index in [start, end) where they differ, or end. */
static int64_t mismatch(const MvStr *a, const MvStr *b, int64_t start, int64_t end)
{
    int64_t i = start;
    if (mv_str_shift(a) == mv_str_shift(b)) {
        int shift = mv_str_shift(a);
        const char *p = a->data, *q = b->data;
        int64_t at = i << shift, bytes = end << shift;
        for (; at + 8 <= bytes; at += 8) {
            uint64_t x, y;
            memcpy(&x, p + at, 8);
            memcpy(&y, q + at, 8);
            if (x != y)
                return (at + (__builtin_ctzll(x ^ y) >> 3)) >> shift;
        }
        i = at >> shift;
    }
    while (i < end && mv_str_char(a, i) == mv_str_char(b, i))
        i++;
    return i;
}

int mv_str_order(const MvStr *a, const MvStr *b)
{
    int64_t common = a->length < b->length ? a->length : b->length;
    if (MV_LIKELY(common && !((a->h.aux | b->h.aux) & 3u << MV_STR_WIDTH_SHIFT))) { /* most differ in their first character */
        uint8_t x = *(const uint8_t *)a->data, y = *(const uint8_t *)b->data;
        if (x != y)
            return x < y ? -1 : 1;
    }
    int64_t i = mismatch(a, b, 0, common);
    if (i == common)
        return a->length < b->length ? -1 : a->length > b->length;
    return mv_str_char(a, i) < mv_str_char(b, i) ? -1 : 1;
}

static bool order_holds(int op, int order)
{
    switch (op) {
    case MV_COMPARE_LT: return order < 0;
    case MV_COMPARE_LE: return order <= 0;
    case MV_COMPARE_EQ: return order == 0;
    case MV_COMPARE_NE: return order != 0;
    case MV_COMPARE_GT: return order > 0;
    default: return order >= 0;
    }
}

MvValue mv_str_order_polled(MvVM *vm, int op, const MvStr *a, const MvStr *b)
{
    int64_t common = a->length < b->length ? a->length : b->length;
    if (MV_LIKELY(common <= POLL_BYTES)) {
        if (op == MV_COMPARE_EQ || op == MV_COMPARE_NE)
            return mv_bool(mv_str_equal(a, b) == (op == MV_COMPARE_EQ));
        return mv_bool(order_holds(op, mv_str_order(a, b)));
    }
    if (a == b)
        return mv_bool(order_holds(op, 0));
    if ((op == MV_COMPARE_EQ || op == MV_COMPARE_NE) && (a->length != b->length || mv_str_shift(a) != mv_str_shift(b)))
        return mv_bool(op == MV_COMPARE_NE);
    for (int64_t at = 0; at < common; at += POLL_BYTES) {
        int64_t end = common - at < POLL_BYTES ? common : at + POLL_BYTES, i = mismatch(a, b, at, end);
        if (i < end)
            return mv_bool(order_holds(op, mv_str_char(a, i) < mv_str_char(b, i) ? -1 : 1));
        if (mv_poll(vm))
            return MV_EXC;
    }
    return mv_bool(order_holds(op, a->length < b->length ? -1 : a->length > b->length));
}

bool mv_str_is_c(MvValue v, const char *ascii)
{
    if (!mv_is_str(v))
        return false;
    const MvStr *s = mv_as_str(v);
    size_t length = (size_t)s->length;
    return (s->h.aux & MV_STR_ASCII) && length == strlen(ascii) && memcmp(s->data, ascii, length) == 0;
}

/* ---- concatenation and repetition ---- */

static MvRaw *raw_of(const MvStr *s)
{
    return MV_CAST(MvRaw, *(const MvValue *)(s + 1));
}

/* A str of the first `length` characters in raw. */
static MvValue shared_new(MvVM *vm, MvRaw *raw, int64_t length, uint32_t bound)
{
    MvStr *s = mv_allocate(vm, sizeof(MvStr) + sizeof(MvValue), MV_CLASS_STR, MV_KIND_STR, MV_GC_HAS_POINTERS,
                           flags_for(bound) | MV_STR_SHARED);
    if (!s)
        return MV_EXC;
    s->length = length;
    s->data = raw->data;
    *(MvValue *)(s + 1) = mv_value(raw);
    return mv_value(s);
}

static MvRaw *raw_new(MvVM *vm, int64_t bytes)
{
    MvRaw *raw = mv_allocate(vm, sizeof(MvRaw) + (size_t)bytes, MV_CLASS_INTERNAL, MV_KIND_RAW, 0, 0);
    if (raw)
        raw->capacity = bytes;
    return raw;
}

MvValue mv_str_from_raw(MvVM *vm, MvRaw *raw, int64_t length, uint32_t bound)
{
    int shift = mv_char_shift(bound);
    int64_t bytes = length << shift;
    if (bytes >= SHARED_MIN_BYTES && raw->capacity - bytes <= bytes >> 2) {
        raw->used = bytes;
        return shared_new(vm, raw, length, bound);
    }
    if (length <= 1)
        return length ? mv_str_from_char(vm, mv_get_char(raw->data, shift, 0)) : vm->empty_str;
    MvStr *s = mv_str_new(vm, length, bound);
    if (!s || !copy_polled(vm, s->data, shift, 0, raw->data, shift, 0, length))
        return MV_EXC;
    return mv_value(s);
}

static MvValue concat_long(MvVM *vm, const MvStr *a, const MvStr *b, int64_t length, uint32_t bound)
{
    int shift = mv_char_shift(bound);
    int64_t bytes = length << shift;
    if (bytes < 0 || bytes >> shift != length)
        return mv_too_large(vm);
    bool at_end = false;
    if (a->h.aux & MV_STR_SHARED) {
        MvRaw *raw = raw_of(a);
        at_end = a->data == raw->data && raw->used == a->length << mv_str_shift(a);
        if (at_end && mv_str_shift(a) == shift && raw->capacity >= bytes) {
            MvValue result = shared_new(vm, raw, length, bound);
            if (MV_LIKELY(result != MV_EXC && !shift && b->length <= MV_SHORT_STR)) {
                mv_copy_bytes(raw->data + a->length, b->data, (size_t)b->length);
                raw->used = bytes;
                return result;
            }
            if (result == MV_EXC)
                return MV_EXC;
            if (!copy_polled(vm, raw->data, shift, a->length, b->data, mv_str_shift(b), 0, b->length))
                return MV_EXC;
            raw->used = bytes;
            return result;
        }
    }
    /* the first extension gets a buffer that just fits: most strs are not built piece by piece */
    int64_t capacity = bytes;
    if (at_end)
        capacity += bytes <= DOUBLING_MAX ? bytes : bytes >> 2;
    MvRaw *raw = raw_new(vm, capacity);
    if (!raw || !copy_polled(vm, raw->data, shift, 0, a->data, mv_str_shift(a), 0, a->length) ||
        !copy_polled(vm, raw->data, shift, a->length, b->data, mv_str_shift(b), 0, b->length))
        return MV_EXC;
    raw->used = bytes;
    return shared_new(vm, raw, length, bound);
}

MvValue mv_str_concat(MvVM *vm, MvValue left, MvValue right)
{
    const MvStr *a = mv_as_str(left), *b = mv_as_str(right);
    if (b->length == 0)
        return mv_str_exact(vm, left);
    if (a->length == 0)
        return mv_str_exact(vm, right);
    int64_t length;
    if (__builtin_add_overflow(a->length, b->length, &length))
        return mv_raise(vm, MV_EXC_OverflowError, "strings are too large to concat");
    if (MV_LIKELY(length <= MV_SHORT_STR && (a->h.aux & b->h.aux & MV_STR_ASCII))) {
        MvStr *s = mv_str_new_bytes(vm, length, MV_STR_ASCII);
        if (!s)
            return MV_EXC;
        mv_copy_bytes(s->data, a->data, (size_t)a->length);
        mv_copy_bytes((char *)s->data + a->length, b->data, (size_t)b->length);
        return mv_value(s);
    }
    uint32_t bound = mv_str_bound(a), other = mv_str_bound(b);
    bound = other > bound ? other : bound;
    if (MV_UNLIKELY(length >= SHARED_MIN_BYTES >> mv_char_shift(bound)))
        return concat_long(vm, a, b, length, bound);
    MvStr *s = mv_str_new(vm, length, bound);
    if (MV_UNLIKELY(!s))
        return MV_EXC;
    int shift = mv_str_shift(s);
    mv_str_copy_chars(s->data, shift, 0, a->data, mv_str_shift(a), 0, a->length);
    mv_str_copy_chars(s->data, shift, a->length, b->data, mv_str_shift(b), 0, b->length);
    return mv_value(s);
}

MvValue mv_str_repeat(MvVM *vm, MvValue v, int64_t count)
{
    const MvStr *s = mv_as_str(v);
    int64_t length;
    if (count <= 0 || s->length == 0)
        return vm->empty_str;
    if (count == 1)
        return mv_str_exact(vm, v);
    if (__builtin_mul_overflow(s->length, count, &length))
        return mv_raise(vm, MV_EXC_OverflowError, "repeated string is too long");
    MvStr *result = mv_str_new(vm, length, mv_str_bound(s));
    if (!result)
        return MV_EXC;
    if (s->length == 1)
        return mv_str_fill(vm, result, 0, mv_str_char(s, 0), count) ? mv_value(result) : MV_EXC;
    /* doubles what is there, up to pieces that the cache holds */
    if (!mv_str_copy(vm, result, 0, s, 0, s->length))
        return MV_EXC;
    for (int64_t done = s->length; done < length;) {
        int64_t piece = done;
        if (piece > 65536 && s->length <= 65536)
            piece = 65536 / s->length * s->length;
        else if (piece > 65536)
            piece = s->length;
        if (piece > length - done)
            piece = length - done;
        if (!mv_str_copy(vm, result, done, result, 0, piece))
            return MV_EXC;
        done += piece;
        if (mv_poll(vm))
            return MV_EXC;
    }
    return mv_value(result);
}
