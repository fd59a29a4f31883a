/* MvBuilder: a text that grows, and str.join.
 *
 * Callers: repr of containers, formatting, f-strings, replace, case mapping, reading files. The text lives in a RAW
 * object in the width that its largest character so far needs; the builder stands on the C stack, so the collector
 * sees the buffer.
 * Invariants: max_char is the bound (0x7F, 0xFF, 0xFFFF, 0x10FFFF) of what was appended; capacity is in characters
 * of 1 << shift bytes.
 * After a failure (MV_EXC is set) every call does nothing and mv_builder_end returns MV_EXC. */
#include "str.h"

#define FIRST_BYTES 160
#define DOUBLING_MAX ((int64_t)1 << 20) /* larger buffers grow by a quarter */
#define POLL_CHARS ((int64_t)1 << 20)
#define APPENDS_PER_POLL 4096

void mv_builder_begin(MvVM *vm, MvBuilder *b)
{
    *b = (MvBuilder){.vm = vm, .max_char = 0x7F};
}

static uint32_t bound_of(uint32_t c)
{
    return c < 0x80 ? 0x7F : c < 0x100 ? 0xFF : c < 0x10000 ? 0xFFFF : 0x10FFFF;
}

/* Room for `more` characters of width 1 << shift. */
static MV_COLD bool builder_grow(MvBuilder *b, int64_t more, int shift, bool exact)
{
    if (b->failed)
        return false;
    MvVM *vm = b->vm;
    int64_t needed = b->length + more, bytes, old_bytes = b->capacity << b->shift;
    if (needed < 0 || needed > INT64_MAX >> 3) {
        mv_too_large(vm);
        b->failed = true;
        return false;
    }
    bytes = needed << shift;
    if (!exact || b->capacity) {
        int64_t grown = old_bytes + (old_bytes <= DOUBLING_MAX ? old_bytes : old_bytes >> 2);
        if (shift != b->shift)
            grown = (b->length + 16) << shift;
        bytes = bytes > grown ? bytes : grown;
        bytes = bytes > FIRST_BYTES ? bytes : FIRST_BYTES;
    }
    MvRaw *raw = mv_allocate(vm, sizeof(MvRaw) + (size_t)bytes, MV_CLASS_INTERNAL, MV_KIND_RAW, 0, 0);
    if (!raw) {
        b->failed = true;
        return false;
    }
    raw->capacity = bytes;
    for (int64_t at = 0; at < b->length; at += POLL_CHARS) {
        int64_t part = b->length - at < POLL_CHARS ? b->length - at : POLL_CHARS;
        mv_str_copy_chars(raw->data, shift, at, b->raw->data, b->shift, at, part);
        if (part == POLL_CHARS && mv_poll(vm)) {
            b->failed = true;
            return false;
        }
    }
    b->raw = raw;
    b->shift = shift;
    b->capacity = bytes >> shift;
    return true;
}

/* Makes sure that `more` characters up to `bound` can be stored; notes the bound. */
MV_INLINE bool builder_ready(MvBuilder *b, int64_t more, uint32_t bound)
{
    if (bound > b->max_char) {
        int shift = mv_char_shift(bound);
        if ((shift > b->shift && !builder_grow(b, more, shift, false)) || b->failed)
            return false;
        b->max_char = bound;
    }
    return MV_LIKELY(more <= b->capacity - b->length) || builder_grow(b, more, b->shift, false);
}

bool mv_builder_reserve(MvBuilder *b, int64_t more, uint32_t max_char)
{
    int shift = mv_char_shift(max_char);
    shift = shift > b->shift ? shift : b->shift;
    if (b->failed)
        return false;
    return (shift == b->shift && more <= b->capacity - b->length) || builder_grow(b, more, shift, true);
}

void mv_builder_char(MvBuilder *b, uint32_t c)
{
    if (MV_UNLIKELY(!builder_ready(b, 1, bound_of(c))))
        return;
    mv_put_char(b->raw->data, b->shift, b->length++, c);
    if (MV_UNLIKELY((b->length & (APPENDS_PER_POLL - 1)) == 0) && mv_poll(b->vm))
        b->failed = true;
}

static void append(MvBuilder *b, const void *data, int shift, int64_t start, int64_t count, uint32_t bound)
{
    if (count <= 0 || !builder_ready(b, count, bound))
        return;
    while (count > 0) {
        int64_t part = count < POLL_CHARS ? count : POLL_CHARS;
        mv_str_copy_chars(b->raw->data, b->shift, b->length, data, shift, start, part);
        b->length += part;
        start += part;
        count -= part;
        if (part == POLL_CHARS && mv_poll(b->vm)) {
            b->failed = true;
            return;
        }
    }
}

void mv_builder_ascii(MvBuilder *b, const char *text, int64_t length)
{
    append(b, text, 0, 0, length < 0 ? (int64_t)strlen(text) : length, 0x7F);
}

void mv_builder_str(MvBuilder *b, const MvStr *s)
{
    append(b, s->data, mv_str_shift(s), 0, s->length, mv_str_bound(s));
}

void mv_builder_slice(MvBuilder *b, const MvStr *s, int64_t start, int64_t end)
{
    if (start >= end)
        return;
    uint32_t bound = mv_str_bound(s);
    int shift = mv_str_shift(s);
    if (bound > b->max_char && end - start < s->length)
        bound = mv_str_scan((const char *)s->data + ((size_t)start << shift), shift, end - start);
    append(b, s->data, shift, start, end - start, bound);
}

void mv_builder_repeat(MvBuilder *b, uint32_t c, int64_t count)
{
    if (count <= 0 || !builder_ready(b, count, bound_of(c)))
        return;
    while (count > 0) {
        int64_t part = count < POLL_CHARS ? count : POLL_CHARS;
        if (b->shift == 0) {
            memset(b->raw->data + b->length, (int)c, (size_t)part);
        } else {
            for (int64_t i = b->length; i < b->length + part; i++)
                mv_put_char(b->raw->data, b->shift, i, c);
        }
        b->length += part;
        count -= part;
        if (part == POLL_CHARS && mv_poll(b->vm)) {
            b->failed = true;
            return;
        }
    }
}

bool mv_builder_value(MvBuilder *b, MvValue v, bool repr)
{
    if (b->failed)
        return false;
    if (mv_is_int(v)) {
        char digits[24], *end = digits + sizeof digits, *p = end;
        int64_t i = mv_to_fixnum(v);
        uint64_t magnitude = i < 0 ? -(uint64_t)i : (uint64_t)i;
        do
            *--p = (char)('0' + magnitude % 10);
        while (magnitude /= 10);
        if (i < 0)
            *--p = '-';
        mv_builder_ascii(b, p, end - p);
        return !b->failed;
    }
    if (repr || !mv_is_exact_str(b->vm, v))
        v = repr ? mv_repr(b->vm, v) : mv_str(b->vm, v);
    if (v == MV_EXC) {
        b->failed = true;
        return false;
    }
    mv_builder_str(b, mv_as_str(v));
    return !b->failed;
}

MvValue mv_builder_end(MvBuilder *b)
{
    if (b->failed)
        return MV_EXC;
    if (b->length == 0)
        return b->vm->empty_str;
    if (mv_char_shift(b->max_char) < b->shift) { /* a reservation for wider characters that did not come */
        MvStr *s = mv_str_new(b->vm, b->length, b->max_char);
        if (!s)
            return MV_EXC;
        mv_str_copy_chars(s->data, mv_str_shift(s), 0, b->raw->data, b->shift, 0, b->length);
        return mv_value(s);
    }
    return mv_str_from_raw(b->vm, b->raw, b->length, b->max_char);
}

/* ---- join ---- */

/* Of an exact list or tuple. Nothing that join does runs Mini code, so they stay where they are. */
MV_INLINE const MvValue *items_of(MvValue source, int64_t *count)
{
    if (mv_object(source)->kind == MV_KIND_TUPLE) {
        *count = MV_CAST(MvTuple, source)->length;
        return MV_CAST(MvTuple, source)->items;
    }
    *count = MV_CAST(MvList, source)->length;
    return MV_CAST(MvList, source)->items;
}

MvValue mv_str_join(MvVM *vm, MvValue separator, MvValue iterable)
{
    MvValue source = iterable;
    if (!mv_is_pointer(source) || (mv_object(source)->shape != MV_CLASS_LIST &&
                                   mv_object(source)->shape != MV_CLASS_TUPLE)) {
        MvValue iterator = mv_iter(vm, iterable);
        if (iterator == MV_EXC) {
            if (!mv_exception_is(vm, MV_EXC_TypeError))
                return MV_EXC;
            mv_exception_take(vm);
            return mv_type_error(vm, "can only join an iterable");
        }
        source = mv_list_from_iterable(vm, iterator);
        if (source == MV_EXC)
            return MV_EXC;
    }
    int64_t count, length = 0;
    const MvValue *items = items_of(source, &count);
    if (count == 0)
        return vm->empty_str;
    if (count == 1 && mv_is_exact_str(vm, items[0]))
        return items[0];
    const MvStr *sep = mv_as_str(separator);
    uint32_t bound = count > 1 ? mv_str_bound(sep) : 0x7F;
    if (sep->length && __builtin_mul_overflow(sep->length, count - 1, &length))
        return mv_raise(vm, MV_EXC_OverflowError, "join() result is too long for a Python string");
    for (int64_t i = 0; i < count; i++) {
        if (MV_UNLIKELY(!mv_is_str(items[i])))
            return mv_type_error(vm, "sequence item %d: expected str instance, %T found", i, items[i]);
        const MvStr *s = mv_as_str(items[i]);
        uint32_t other = mv_str_bound(s);
        bound = other > bound ? other : bound;
        if (__builtin_add_overflow(length, s->length, &length))
            return mv_raise(vm, MV_EXC_OverflowError, "join() result is too long for a Python string");
        if ((i & 4095) == 4095 && mv_poll(vm))
            return MV_EXC;
    }
    if (length == 0)
        return vm->empty_str;
    MvStr *result = mv_str_new(vm, length, bound);
    if (!result)
        return MV_EXC;
    int shift = mv_str_shift(result), sep_shift = mv_str_shift(sep);
    int64_t at = 0, since_poll = 0;
    for (int64_t i = 0; i < count; i++) {
        const MvStr *s = mv_as_str(items[i]);
        if (i && sep->length) {
            if (sep->length == 1) {
                mv_put_char(result->data, shift, at, mv_get_char(sep->data, sep_shift, 0));
            } else {
                if (MV_UNLIKELY(sep->length > POLL_CHARS) && mv_poll(vm))
                    return MV_EXC;
                mv_str_copy_chars(result->data, shift, at, sep->data, sep_shift, 0, sep->length);
            }
            at += sep->length;
        }
        if (MV_UNLIKELY(s->length > POLL_CHARS)) {
            if (!mv_str_copy(vm, result, at, s, 0, s->length))
                return MV_EXC;
        } else {
            mv_str_copy_chars(result->data, shift, at, s->data, mv_str_shift(s), 0, s->length);
        }
        at += s->length;
        since_poll += 16 + s->length + sep->length;
        if (since_poll > POLL_CHARS) {
            since_poll = 0;
            if (mv_poll(vm))
                return MV_EXC;
        }
    }
    return mv_value(result);
}
