/* Radix sort of ints, floats and short strs: a word for each key whose unsigned order is the keys' order (of strs, that
 * of their next eight bytes behind what all have in common), moved byte by byte from the lowest.
 *
 * Called by sort.c for keys whose `<` is total and has no effects. Equal words keep their order; strs whose words are
 * equal are merged afterwards. The arrays stay as they are until the end, and keep everything alive meanwhile: the
 * scratch arrays are not traced. */
#include "sort.h"

#define RADIX_MIN 512                /* fewer are merged faster */
#define RADIX_MAX (INT64_C(1) << 31) /* counts are 32 bits */

typedef struct Radix {
    MvSort *s;
    uint64_t *words, *words_to;
    uint64_t *moved, *moved_to; /* goes with the words: what is sorted, or its index where keys and values are two */
    uint32_t (*places)[256];    /* for each byte of the words */
    bool indices;
} Radix;

static uint64_t *scratch(MvVM *vm, int64_t count)
{
    size_t size = sizeof(MvRaw) + (size_t)count * sizeof(uint64_t);
    MvRaw *raw = mv_allocate(vm, size, vm->class_shapes[MV_CLASS_INTERNAL], MV_KIND_RAW, 0, 0);
    if (!raw)
        return NULL;
    raw->capacity = count * 8;
    return (uint64_t *)raw->data;
}

static uint64_t word_of_number(MvValue v, bool is_float)
{
    const uint64_t sign = (uint64_t)1 << 63;
    if (!is_float)
        return v ^ sign;
    double d = mv_word_double(v);
    uint64_t bits = mv_double_bits(d == 0 ? 0 : d); /* -0.0 and 0.0 are equal */
    return bits & sign ? ~bits : bits | sign;
}

/* Of the bytes from `skip` on; zeros where the str ends. */
static uint64_t word_of_str(const MvStr *s, int64_t skip)
{
    const uint8_t *bytes = (const uint8_t *)s->data + skip;
    int64_t left = s->length - skip;
    uint64_t word = 0;
    if (left >= 8) {
        memcpy(&word, bytes, 8);
        return __builtin_bswap64(word);
    }
    for (int64_t i = 0; i < left; i++)
        word |= (uint64_t)bytes[i] << (56 - 8 * i);
    return word;
}

/* How many bytes all strs begin with; -1: stop. */
static int64_t common_prefix(const MvSort *s)
{
    const MvStr *first = mv_as_str(s->keys[0]);
    const uint8_t *bytes = first->data;
    int64_t common = first->length;
    for (int64_t i = 1; i < s->count && common; i++) {
        const MvStr *other = mv_as_str(s->keys[i]);
        int64_t n = 0, most = other->length < common ? other->length : common;
        while (n < most && ((const uint8_t *)other->data)[n] == bytes[n])
            n++;
        common = n;
        if (!(i & 1023) && mv_poll(s->vm))
            return -1;
    }
    return common;
}

/* False: stop. */
static bool make_words(Radix *r)
{
    MvSort *s = r->s;
    bool is_float = s->mode == MV_SORT_FLOAT, is_str = s->mode == MV_SORT_BYTES;
    int64_t skip = is_str ? common_prefix(s) : 0;
    if (skip < 0)
        return false;
    for (int64_t i = 0; i < s->count; i++) {
        r->words[i] = is_str ? word_of_str(mv_as_str(s->keys[i]), skip) : word_of_number(s->keys[i], is_float);
        if (!(i & 4095) && mv_poll(s->vm))
            return false;
    }
    return true;
}

static bool count_bytes(Radix *r)
{
    for (int64_t i = 0; i < r->s->count; i++) {
        uint64_t word = r->words[i];
        for (int b = 0; b < 8; b++)
            r->places[b][word >> (8 * b) & 255]++;
        if (!(i & 4095) && mv_poll(r->s->vm))
            return false;
    }
    return true;
}

/* What is nearly in order is left to the merge sort, which is linear there. words NULL: the keys are numbers. */
static bool is_scattered(const MvSort *s, const uint64_t *words)
{
    bool is_float = s->mode == MV_SORT_FLOAT, was_down = false;
    int64_t breaks = 0, limit = s->count / 32;
    uint64_t previous = 0;
    for (int64_t i = 0; i < s->count && breaks <= limit; i++) {
        uint64_t word = words ? words[i] : word_of_number(s->keys[i], is_float);
        bool down = word < previous;
        breaks += down != was_down;
        was_down = down;
        previous = word;
    }
    return breaks > limit;
}

static bool pass(Radix *r, int byte)
{
    const int64_t count = r->s->count;
    const int shift = 8 * byte;
    uint32_t *places = r->places[byte], at = 0;
    for (int b = 0; b < 256; b++) {
        uint32_t n = places[b];
        places[b] = at;
        at += n;
    }
    for (int64_t i = 0; i < count;) {
        int64_t stop = i + 4096 < count ? i + 4096 : count;
        for (; i < stop; i++) {
            uint32_t place = places[r->words[i] >> shift & 255]++;
            r->words_to[place] = r->words[i];
            if (r->moved)
                r->moved_to[place] = r->moved[i];
        }
        if (mv_poll(r->s->vm))
            return false;
    }
    uint64_t *swap = r->words;
    r->words = r->words_to;
    r->words_to = swap;
    swap = r->moved;
    r->moved = r->moved_to;
    r->moved_to = swap;
    return true;
}

/* Puts the result into the arrays. Nothing stops here any more. */
static void finish(Radix *r)
{
    MvSort *s = r->s;
    const size_t bytes = (size_t)s->count * sizeof(MvValue);
    if (!r->moved) {
        for (int64_t i = 0; i < s->count; i++)
            s->keys[i] = r->words[i] ^ (uint64_t)1 << 63;
    } else if (!r->indices) {
        memcpy(s->values ? s->values : s->keys, r->moved, bytes);
    } else {
        for (int64_t i = 0; i < s->count; i++)
            r->moved_to[i] = s->values[r->moved[i]];
        memcpy(s->values, r->moved_to, bytes);
        for (int64_t i = 0; i < s->count; i++)
            r->moved_to[i] = s->keys[r->moved[i]];
        memcpy(s->keys, r->moved_to, bytes);
    }
}

/* Strs whose words are equal, sorted among themselves. */
static bool sort_ties(Radix *r)
{
    MvSort *s = r->s, part = *s;
    for (int64_t i = 0, end; i < s->count; i = end) {
        for (end = i + 1; end < s->count && r->words[end] == r->words[i]; end++) {
        }
        if (end - i == 1)
            continue;
        part.keys = s->keys + i;
        part.values = s->values ? s->values + i : NULL;
        part.count = end - i;
        if (!mv_sort_merge(&part)) /* reuses the scratch arrays */
            return false;
    }
    return true;
}

int mv_sort_radix(MvSort *s)
{
    bool is_str = s->mode == MV_SORT_BYTES, is_number = s->mode == MV_SORT_INT || s->mode == MV_SORT_FLOAT;
    if ((!is_str && !is_number) || s->count < RADIX_MIN || s->count >= RADIX_MAX)
        return 0;
    if (is_number && !is_scattered(s, NULL))
        return 0;
    Radix r = {.s = s, .indices = is_str && s->values};
    uint64_t *counts = scratch(s->vm, 8 * 256 / 2);
    if (!counts || !(r.words = scratch(s->vm, s->count)) || !(r.words_to = scratch(s->vm, s->count)))
        return -1;
    r.places = (uint32_t(*)[256])counts;
    if (!make_words(&r))
        return -1;
    if (is_str && !is_scattered(s, r.words))
        return 0;
    if (!count_bytes(&r))
        return -1;
    if (s->mode != MV_SORT_INT || s->values) {
        if (!(r.moved = scratch(s->vm, s->count)) || !(r.moved_to = scratch(s->vm, s->count)))
            return -1;
        if (r.indices)
            for (int64_t i = 0; i < s->count; i++)
                r.moved[i] = (uint64_t)i;
        else
            memcpy(r.moved, s->values ? s->values : s->keys, (size_t)s->count * sizeof(MvValue));
    }
    for (int b = 0; b < 8; b++)
        if (r.places[b][r.words[0] >> (8 * b) & 255] != (uint32_t)s->count && !pass(&r, b)) /* else all the same */
            return -1;
    finish(&r);
    return !is_str || sort_ties(&r) ? 1 : -1;
}
