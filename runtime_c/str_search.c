/* Searching strs: single characters, substrings forwards and backwards, counting.
 *
 * Callers: find, index, count, replace, split, partition, `in`. A substring is looked for by comparing its first and
 * last character with 16 bytes of the haystack at once; when the candidates that fail cost more than a few steps for
 * each character passed, the two-way algorithm (Crochemore and Perrin 1991: linear time, constant space) takes over.
 * So no input makes a search slower than linear. A needle that is narrower than the haystack is widened once; a
 * wider one cannot occur, because strs are canonical. */
#define _GNU_SOURCE
#include "str.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define POLL_MASK ((int64_t)0xFFFF)
#define SHORT_NEEDLE 32     /* comparing so many characters is not worth counting */
#define EFFORT_LIMIT 4096
#define LONG_NEEDLE 1000000 /* comparing so many needs polls, which only the two-way search has inside */

#define CHAR uint8_t
#define LANE char
#define LANES 16
#define LANE_SHIFT 0
#define EQUAL _mm_cmpeq_epi8
#define SPLAT _mm_set1_epi8
#define BACKWARD 0
#define NAME(x) forward1_##x
#include "str_search_template.h"
#undef BACKWARD
#undef NAME
#define BACKWARD 1
#define NAME(x) backward1_##x
#include "str_search_template.h"
#undef BACKWARD
#undef NAME
#undef CHAR
#undef LANE
#undef LANES
#undef LANE_SHIFT
#undef EQUAL
#undef SPLAT

#define CHAR uint16_t
#define LANE short
#define LANES 8
#define LANE_SHIFT 1
#define EQUAL _mm_cmpeq_epi16
#define SPLAT _mm_set1_epi16
#define BACKWARD 0
#define NAME(x) forward2_##x
#include "str_search_template.h"
#undef BACKWARD
#undef NAME
#define BACKWARD 1
#define NAME(x) backward2_##x
#include "str_search_template.h"
#undef BACKWARD
#undef NAME
#undef CHAR
#undef LANE
#undef LANES
#undef LANE_SHIFT
#undef EQUAL
#undef SPLAT

#define CHAR uint32_t
#define LANE int
#define LANES 4
#define LANE_SHIFT 2
#define EQUAL _mm_cmpeq_epi32
#define SPLAT _mm_set1_epi32
#define BACKWARD 0
#define NAME(x) forward4_##x
#include "str_search_template.h"
#undef BACKWARD
#undef NAME
#define BACKWARD 1
#define NAME(x) backward4_##x
#include "str_search_template.h"

int64_t mv_str_find_char(const MvStr *s, uint32_t c, int64_t start, int64_t end, bool reverse)
{
    int shift = mv_str_shift(s);
    if (start >= end || c > mv_str_bound(s))
        return -1;
    if (shift == 0) {
        const uint8_t *text = s->data;
        size_t count = (size_t)(end - start);
        const uint8_t *p = reverse ? memrchr(text + start, (int)c, count) : memchr(text + start, (int)c, count);
        return p ? p - text : -1;
    }
    if (reverse) {
        while (end > start && mv_get_char(s->data, shift, end - 1) != c)
            end--;
        return end > start ? end - 1 : -1;
    }
    int64_t i = start;
    if (shift == 1) {
        const uint16_t *text = s->data;
#ifdef __SSE2__
        const __m128i wanted = _mm_set1_epi16((short)c);
        for (; i + 8 <= end; i += 8) {
            __m128i found = _mm_cmpeq_epi16(_mm_loadu_si128((const __m128i *)(text + i)), wanted);
            unsigned mask = (unsigned)_mm_movemask_epi8(found);
            if (mask)
                return i + (__builtin_ctz(mask) >> 1);
        }
#endif
        for (; i < end; i++)
            if (text[i] == c)
                return i;
        return -1;
    }
    const uint32_t *text = s->data;
    for (; i < end; i++)
        if (text[i] == c)
            return i;
    return -1;
}

bool mv_finder_begin(MvFinder *f, MvVM *vm, const MvStr *hay, const MvStr *needle, bool reverse)
{
    f->vm = vm;
    f->hay = hay;
    f->needle_length = needle->length;
    f->shift = mv_str_shift(hay);
    f->reverse = reverse;
    f->prepared = false;
    f->widened = NULL;
    f->impossible = mv_str_bound(needle) > mv_str_bound(hay);
    f->needle = needle->data;
    int needle_shift = mv_str_shift(needle);
    if (f->impossible || needle_shift == f->shift)
        return true;
    void *wide = f->small;
    size_t bytes = (size_t)needle->length << f->shift;
    if (bytes > sizeof f->small) {
        f->widened = mv_allocate(vm, sizeof(MvRaw) + bytes, MV_CLASS_INTERNAL, MV_KIND_RAW, 0, 0);
        if (!f->widened)
            return false;
        f->widened->capacity = (int64_t)bytes;
        wide = f->widened->data;
    }
    mv_str_copy_chars(wide, f->shift, 0, needle->data, needle_shift, 0, needle->length);
    f->needle = wide;
    return true;
}

/* One character; long distances in pieces with polls. */
static int64_t find_char_polled(MvFinder *f, uint32_t c, int64_t start, int64_t end)
{
    const int64_t step = (int64_t)1 << 22;
    while (MV_UNLIKELY(end - start > step)) {
        int64_t from = f->reverse ? end - step : start;
        int64_t at = mv_str_find_char(f->hay, c, from, from + step, f->reverse);
        if (at >= 0)
            return at;
        if (f->reverse)
            end -= step;
        else
            start += step;
        if (mv_poll(f->vm))
            return -2;
    }
    return mv_str_find_char(f->hay, c, start, end, f->reverse);
}

int64_t mv_finder_next(MvFinder *f, int64_t start, int64_t end)
{
    int64_t m = f->needle_length, n = end - start;
    if (n < m || n < 0)
        return -1;
    if (m == 0)
        return f->reverse ? end : start;
    if (f->impossible)
        return -1;
    if (m == 1) {
        if (MV_LIKELY(f->shift == 0 && !f->reverse && n <= POLL_MASK)) {
            const uint8_t *text = f->hay->data, *p = memchr(text + start, *(const uint8_t *)f->needle, (size_t)n);
            return p ? p - text : -1;
        }
        return find_char_polled(f, mv_get_char(f->needle, f->shift, 0), start, end);
    }
    const char *data = (const char *)f->hay->data + ((size_t)start << f->shift);
    int64_t at;
    switch (f->shift << 1 | f->reverse) {
    case 0: at = forward1_search(f, (const uint8_t *)data, n); break;
    case 1: at = backward1_search(f, (const uint8_t *)data, n); break;
    case 2: at = forward2_search(f, (const uint16_t *)data, n); break;
    case 3: at = backward2_search(f, (const uint16_t *)data, n); break;
    case 4: at = forward4_search(f, (const uint32_t *)data, n); break;
    default: at = backward4_search(f, (const uint32_t *)data, n); break;
    }
    if (at < 0)
        return at;
    return f->reverse ? end - m - at : start + at;
}

int64_t mv_str_find(MvVM *vm, const MvStr *hay, const MvStr *needle, int64_t start, int64_t end, bool reverse)
{
    if (end - start < needle->length)
        return -1;
    MvFinder finder;
    if (!mv_finder_begin(&finder, vm, hay, needle, reverse))
        return -2;
    return mv_finder_next(&finder, start, end);
}

int64_t mv_str_count(MvVM *vm, const MvStr *hay, const MvStr *needle, int64_t start, int64_t end, int64_t limit)
{
    if (end < start || limit == 0)
        return 0;
    int64_t m = needle->length, count = 0;
    if (m == 0)
        return limit >= 0 && limit < end - start + 1 ? limit : end - start + 1;
    if (m == 1 && limit < 0 && mv_str_shift(hay) == 0) {
        uint32_t c = mv_str_char(needle, 0);
        const uint8_t *text = hay->data;
        if (c > 0xFF)
            return 0;
        while (start < end) {
            int64_t stop = end - start > 65536 ? start + 65536 : end;
            int32_t part = 0;
            for (; start < stop; start++)
                part += text[start] == c;
            count += part;
            if (mv_poll(vm))
                return -2;
        }
        return count;
    }
    MvFinder finder;
    if (!mv_finder_begin(&finder, vm, hay, needle, false))
        return -2;
    while (limit < 0 || count < limit) {
        int64_t at = mv_finder_next(&finder, start, end);
        if (at < 0)
            return at == -2 ? -2 : count;
        count++;
        start = at + m;
        if ((count & 4095) == 0 && mv_poll(vm))
            return -2;
    }
    return count;
}
