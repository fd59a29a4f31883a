/* list.sort: keys, what kind of keys they are, and how to sort them. The merge sort is sort_merge.c.
 *
 * Callers: list.sort and sorted(). While keys are computed and compared the list is empty with capacity -1 (list.c);
 * what the program does to it then is noticed and undone. Many ints or floats in no order go through a radix sort:
 * their order is total, so nobody can tell. */
#include "sort.h"

#define RADIX_MIN 512            /* fewer are merged faster */
#define RADIX_MAX (INT64_C(1) << 31) /* counts are 32 bits */

/* ---- what the keys are ---- */

static bool is_immediate_number(MvValue v) { return mv_is_float(v) && mv_word_double(v) == mv_word_double(v); }

static MvSortMode mode_of(MvVM *vm, MvValue v)
{
    if (mv_is_int(v))
        return MV_SORT_INT;
    if (mv_is_float(v))
        return is_immediate_number(v) ? MV_SORT_FLOAT : MV_SORT_ANY;
    if (mv_is_exact_str(vm, v))
        return mv_str_shift(mv_as_str(v)) == 0 ? MV_SORT_BYTES : MV_SORT_STR;
    if (mv_is_exactly(vm, v, MV_CLASS_TUPLE) && MV_CAST(MvTuple, v)->length)
        return MV_SORT_TUPLE;
    return MV_SORT_ANY;
}

static bool is_text(MvSortMode mode) { return mode == MV_SORT_BYTES || mode == MV_SORT_STR; }

static bool classify(MvSort *s)
{
    MvSortMode mode = mode_of(s->vm, s->keys[0]);
    for (int64_t i = 1; i < s->count && mode != MV_SORT_ANY; i++) {
        MvSortMode other = mode_of(s->vm, s->keys[i]);
        if (other != mode)
            mode = is_text(mode) && is_text(other) ? MV_SORT_STR : MV_SORT_ANY;
        if (!(i & 4095) && mv_poll(s->vm))
            return false;
    }
    s->mode = mode;
    return true;
}

/* ---- radix sort of numbers ---- */

/* Unsigned words in the order of the numbers; -0.0 and 0.0 are equal. */
static uint64_t ordinal(MvValue v, bool is_float)
{
    const uint64_t sign = (uint64_t)1 << 63;
    if (!is_float)
        return v ^ sign;
    double d = mv_word_double(v);
    uint64_t bits = mv_double_bits(d == 0 ? 0 : d);
    return bits & sign ? ~bits : bits | sign;
}

/* Numbers that are nearly in order already are left to the merge sort, which is linear there. */
static bool is_scattered(const MvSort *s)
{
    bool is_float = s->mode == MV_SORT_FLOAT;
    int64_t breaks = 0, limit = s->count / 32, direction = 0;
    for (int64_t i = 1; i < s->count && breaks <= limit; i++) {
        MvValue v = s->keys[i - 1], w = s->keys[i];
        bool down = is_float ? mv_word_double(w) < mv_word_double(v) : (int64_t)w < (int64_t)v;
        breaks += down != direction;
        direction = down;
    }
    return breaks > limit;
}

/* One stable pass by a byte of the ordinals, from one pair of arrays to the other. */
static bool radix_pass(MvVM *vm, const uint64_t *from, uint64_t *to, const MvValue *values, MvValue *moved,
                       int64_t count, int shift, uint32_t *places)
{
    uint32_t at = 0;
    for (int b = 0; b < 256; b++) {
        uint32_t n = places[b];
        places[b] = at;
        at += n;
    }
    for (int64_t i = 0; i < count;) {
        int64_t stop = i + 4096 < count ? i + 4096 : count;
        if (values) {
            for (; i < stop; i++) {
                uint32_t place = places[from[i] >> shift & 255]++;
                to[place] = from[i];
                moved[place] = values[i];
            }
        } else {
            for (; i < stop; i++)
                to[places[from[i] >> shift & 255]++] = from[i];
        }
        if (mv_poll(vm))
            return false;
    }
    return true;
}

static uint64_t *raw_words(MvVM *vm, int64_t count, size_t more)
{
    size_t size = sizeof(MvRaw) + (size_t)count * 8 + more;
    MvRaw *raw = mv_allocate(vm, size, vm->class_shapes[MV_CLASS_INTERNAL], MV_KIND_RAW, 0, 0);
    if (!raw)
        return NULL;
    raw->capacity = count * 8 + (int64_t)more;
    return (uint64_t *)raw->data;
}

/* Ordinals are recomputed from nothing that changes: an abandoned sort leaves keys and values as they were. */
static bool radix_sort(MvSort *s)
{
    MvVM *vm = s->vm;
    bool is_float = s->mode == MV_SORT_FLOAT;
    int64_t count = s->count;
    const MvValue *source = s->values ? s->values : is_float ? s->keys : NULL; /* what moves with the ordinals */
    uint64_t *from = raw_words(vm, count, 8 * 256 * sizeof(uint32_t)), *to = from ? raw_words(vm, count, 0) : NULL;
    MvStore *first = NULL, *second = NULL;
    if (!to || (source && (!(first = mv_store_new(vm, count)) || !(second = mv_store_new(vm, count)))))
        return false;
    uint32_t(*places)[256] = (uint32_t(*)[256])(from + count);
    for (int64_t i = 0; i < count; i++) {
        uint64_t word = from[i] = ordinal(s->keys[i], is_float);
        for (int b = 0; b < 8; b++)
            places[b][word >> (8 * b) & 255]++;
        if (!(i & 4095) && mv_poll(vm))
            return false;
    }
    const MvValue *values = source;
    MvValue *moved = first ? first->items : NULL, *spare = second ? second->items : NULL;
    for (int b = 0; b < 8; b++) {
        if (places[b][from[0] >> (8 * b) & 255] == (uint32_t)count) /* all the same */
            continue;
        if (!radix_pass(vm, from, to, values, moved, count, 8 * b, places[b]))
            return false;
        uint64_t *swap = from;
        from = to;
        to = swap;
        values = source ? moved : NULL;
        moved = spare;
        spare = (MvValue *)values;
    }
    if (!source) {
        for (int64_t i = 0; i < count; i++)
            s->keys[i] = from[i] ^ (uint64_t)1 << 63;
    } else if (values != source) {
        memcpy(s->values ? s->values : s->keys, values, (size_t)count * sizeof(MvValue));
    }
    return true;
}

/* ---- list.sort ---- */

static MvValue *compute_keys(MvVM *vm, const MvValue *items, int64_t count, MvValue key)
{
    MvStore *store = mv_store_new(vm, count);
    if (!store)
        return NULL;
    for (int64_t i = 0; i < count; i++) {
        MvValue v = mv_call1(vm, key, items[i]);
        if (v == MV_EXC || mv_poll(vm))
            return NULL;
        mv_store(vm, store, &store->items[i], v);
    }
    return store->items;
}

static bool sort_items(MvVM *vm, MvValue *items, int64_t count, MvValue key, bool reverse)
{
    MvSort sort = {.vm = vm, .keys = items, .count = count};
    if (key != MV_NONE) {
        sort.keys = compute_keys(vm, items, count, key);
        if (!sort.keys)
            return false;
        sort.values = items;
    }
    if (count < 2)
        return true;
    if (!classify(&sort))
        return false;
    if (reverse) { /* equal items keep their order: reversed before and after */
        mv_values_reverse(items, count);
        if (sort.values)
            mv_values_reverse(sort.keys, count);
    }
    bool numbers = sort.mode == MV_SORT_INT || sort.mode == MV_SORT_FLOAT;
    bool many = count >= RADIX_MIN && count < RADIX_MAX;
    bool done = numbers && many && is_scattered(&sort) ? radix_sort(&sort) : mv_sort_merge(&sort);
    if (reverse)
        mv_values_reverse(items, count);
    return done;
}

bool mv_list_sort(MvVM *vm, MvList *list, MvValue key, bool reverse)
{
    MvValue *items = list->items;
    int64_t length = list->length, capacity = list->capacity;
    list->items = NULL;
    list->length = 0;
    list->capacity = -1;
    bool done = length == 0 || sort_items(vm, items, length, key, reverse);
    if (list->capacity != -1 && done) {
        mv_value_error(vm, "list modified during sort");
        done = false;
    }
    list->items = items;
    list->length = length;
    list->capacity = capacity;
    mv_barrier(vm, list);
    return done;
}
