/* A stable adaptive merge sort: natural runs, extended by binary insertion to a minimal length, merged by the
 * powersort rule with galloping.
 *
 * The algorithm is Tim Peters's timsort (2002) with the merge order of Munro and Wild (2018), in the parameters of
 * CPython 3.11: a program whose __lt__ has effects, or is no order at all, sees the same comparisons. Only `<` is
 * asked. Called by sort.c. Elements move between the arrays and the scratch space; at each comparison every element is
 * in one of them or in a local variable, so the collector sees it; and since no new values come in, no write barrier
 * is needed. */
#include "sort.h"
#include "class.h"

#define MIN_GALLOP 7

/* Is a < b? CPython asks s->cls directly, which counts no level, and where it declines compares in full, which asks it again. */
static int less_own(MvSort *s, MvValue a, MvValue b)
{
    if (mv_class_of(s->vm, a) != s->cls)
        return mv_compare_truth(s->vm, MV_COMPARE_LT, a, b);
    MvValue method = mv_special(s->vm, s->cls, MV_SP_LT);
    MvValue result = mv_is_kind(method, MV_KIND_FUNCTION) ? mv_call_special(s->vm, method, a, &b, 1) : mv_compare_own(s->vm, MV_COMPARE_LT, a, b);
    if (result == MV_NOTIMPLEMENTED)
        return mv_compare_truth(s->vm, MV_COMPARE_LT, a, b);
    return result == MV_EXC ? -1 : mv_truth(s->vm, result);
}

/* The same for exact tuples that are not empty: no comparison of theirs has a level either. */
static int less_tuples(MvSort *s, const MvTuple *a, const MvTuple *b)
{
    int64_t length = a->length < b->length ? a->length : b->length;
    for (int64_t i = 0; i < length; i++) {
        int equal = mv_equal_fast(s->vm, a->items[i], b->items[i]);
        if (equal < 0 || (!(i & 1023) && i && mv_poll(s->vm)))
            return -1;
        if (!equal)
            return i || !s->cls ? mv_compare_truth(s->vm, MV_COMPARE_LT, a->items[i], b->items[i]) : less_own(s, a->items[0], b->items[0]);
    }
    return a->length < b->length;
}

/* Of the modes that may run Mini code. false: raised. */
static inline bool step(MvSort *s) { return MV_LIKELY(++s->steps & 255) || !mv_poll(s->vm); }

/* Is a < b? -1: raised. */
static inline int less(MvSort *s, MvValue a, MvValue b)
{
    switch (s->mode) {
    case MV_SORT_INT:
        return (int64_t)a < (int64_t)b;
    case MV_SORT_FLOAT:
        return mv_word_double(a) < mv_word_double(b);
    case MV_SORT_BYTES: {
        const MvStr *x = mv_as_str(a), *y = mv_as_str(b);
        int order = memcmp(x->data, y->data, (size_t)(x->length < y->length ? x->length : y->length));
        return order < 0 || (order == 0 && x->length < y->length);
    }
    case MV_SORT_STR:
        return mv_str_order(mv_as_str(a), mv_as_str(b)) < 0;
    case MV_SORT_TUPLE: {
        MvValue x = MV_CAST(MvTuple, a)->items[0], y = MV_CAST(MvTuple, b)->items[0];
        if (x != y) {
            if (mv_both_int(x, y))
                return (int64_t)x < (int64_t)y;
            if (mv_is_float(x) && mv_is_float(y) && mv_word_double(x) != mv_word_double(y))
                return mv_word_double(x) < mv_word_double(y);
            if (mv_is_exact_str(s->vm, x) && mv_is_exact_str(s->vm, y)) {
                int order = mv_str_order(mv_as_str(x), mv_as_str(y));
                if (order)
                    return order < 0;
            }
        }
        return step(s) ? less_tuples(s, MV_CAST(MvTuple, a), MV_CAST(MvTuple, b)) : -1;
    }
    case MV_SORT_ANY:
        break;
    }
    return !step(s) ? -1 : s->cls ? less_own(s, a, b) : mv_compare_truth(s->vm, MV_COMPARE_LT, a, b);
}

/* The cheap modes do not count their steps: their callers poll after short stretches. */
static bool pause(MvSort *s) { return mv_poll(s->vm); }

static void move(MvSort *s, int64_t to, int64_t from, int64_t count)
{
    memmove(s->keys + to, s->keys + from, (size_t)count * sizeof(MvValue));
    if (s->values)
        memmove(s->values + to, s->values + from, (size_t)count * sizeof(MvValue));
}

static void save(MvSort *s, int64_t from, int64_t count)
{
    memcpy(s->spare_keys, s->keys + from, (size_t)count * sizeof(MvValue));
    if (s->values)
        memcpy(s->spare_values, s->values + from, (size_t)count * sizeof(MvValue));
}

static void restore(MvSort *s, int64_t to, int64_t from, int64_t count)
{
    memcpy(s->keys + to, s->spare_keys + from, (size_t)count * sizeof(MvValue));
    if (s->values)
        memcpy(s->values + to, s->spare_values + from, (size_t)count * sizeof(MvValue));
}

static inline void put(MvSort *s, int64_t to, int64_t from)
{
    s->keys[to] = s->keys[from];
    if (s->values)
        s->values[to] = s->values[from];
}

static inline void put_spare(MvSort *s, int64_t to, int64_t from)
{
    s->keys[to] = s->spare_keys[from];
    if (s->values)
        s->values[to] = s->spare_values[from];
}

/* ---- runs ---- */

/* The length of the run at start: not descending, or strictly descending (then reversed in place). -1: raised. */
static int64_t take_run(MvSort *s, int64_t start, int64_t end)
{
    if (start + 1 == end)
        return 1;
    int first = less(s, s->keys[start + 1], s->keys[start]);
    if (first < 0)
        return -1;
    int64_t i = start + 2;
    for (; i < end; i++) {
        int k = less(s, s->keys[i], s->keys[i - 1]);
        if (k < 0)
            return -1;
        if (k != first)
            break;
        if (!(i & 4095) && pause(s))
            return -1;
    }
    if (first) {
        mv_values_reverse(s->keys + start, i - start);
        if (s->values)
            mv_values_reverse(s->values + start, i - start);
    }
    return i - start;
}

/* [start, middle) is sorted; inserts the items up to end. */
static bool insert_rest(MvSort *s, int64_t start, int64_t middle, int64_t end)
{
    for (int64_t i = middle; i < end; i++) {
        MvValue key = s->keys[i];
        int64_t low = start, high = i;
        while (low < high) {
            int64_t probe = low + ((high - low) >> 1);
            int k = less(s, key, s->keys[probe]);
            if (k < 0)
                return false;
            if (k)
                high = probe;
            else
                low = probe + 1;
        }
        MvValue value = s->values ? s->values[i] : 0;
        move(s, low + 1, low, i - low);
        s->keys[low] = key;
        if (s->values)
            s->values[low] = value;
    }
    return true;
}

static int64_t minimal_run(int64_t n)
{
    int64_t dropped = 0;
    for (; n >= 64; n >>= 1)
        dropped |= n & 1;
    return n + dropped;
}

/* ---- merging ---- */

/* Where key goes among the sorted a[0..n): before the equal ones, or with `after` behind them. Starts at hint and
   doubles its steps. -1: raised. */
static int64_t gallop(MvSort *s, MvValue key, const MvValue *a, int64_t n, int64_t hint, bool after)
{
/* Asks about a[i] and key; `after` asks the opposite question. */
#define PRECEDES(i) (after ? less(s, key, a[i]) : less(s, a[i], key))
    int k = PRECEDES(hint);
    if (k < 0)
        return -1;
    bool right = after ? !k : k; /* key belongs to the right of a[hint] */
    int64_t last = 0, step = 1, most = right ? n - hint : hint + 1;
    while (step < most) {
        k = PRECEDES(right ? hint + step : hint - step);
        if (k < 0)
            return -1;
        if ((after ? !k : k) != right)
            break;
        last = step;
        step = step * 2 + 1;
    }
    if (step > most)
        step = most;
    int64_t low = right ? hint + last + 1 : hint - step + 1, high = right ? hint + step : hint - last;
    while (low < high) {
        int64_t probe = low + ((high - low) >> 1);
        k = PRECEDES(probe);
        if (k < 0)
            return -1;
        if (after ? !k : k)
            low = probe + 1;
        else
            high = probe;
    }
    return low;
#undef PRECEDES
}

static bool make_spare(MvSort *s, int64_t count)
{
    if (count <= s->spare_capacity)
        return true;
    MvStore *keys = mv_store_new(s->vm, count), *values = NULL;
    if (!keys || (s->values && !(values = mv_store_new(s->vm, count))))
        return false;
    s->spare_keys = keys->items;
    s->spare_values = values ? values->items : NULL;
    s->spare_capacity = count;
    return true;
}

/* Merges [a, a+na) with [b, b+nb), which follows it; the first goes to the scratch space. The first of b precedes all
   of a, the last of a follows b. */
static bool merge_low(MvSort *s, int64_t a, int64_t na, int64_t b, int64_t nb)
{
    if (!make_spare(s, na))
        return false;
    save(s, a, na);
    int64_t to = a, from = 0; /* from: in the scratch space */
    bool done = false;
    int64_t limit = s->gallop;
    put(s, to++, b++);
    if (--nb == 0 || na == 1)
        goto finish;
    for (;;) {
        int64_t wins_a = 0, wins_b = 0;
        do {
            int k = less(s, s->keys[b], s->spare_keys[from]);
            if (k < 0)
                goto failed;
            if (k) {
                put(s, to++, b++);
                wins_b++;
                wins_a = 0;
                if (--nb == 0)
                    goto finish;
            } else {
                put_spare(s, to++, from++);
                wins_a++;
                wins_b = 0;
                if (--na == 1)
                    goto finish;
            }
            if (!(to & 4095) && pause(s))
                goto failed;
        } while ((wins_a | wins_b) < limit);
        limit++;
        do {
            limit -= limit > 1;
            s->gallop = limit;
            wins_a = gallop(s, s->keys[b], s->spare_keys + from, na, 0, true);
            if (wins_a < 0)
                goto failed;
            if (wins_a) {
                restore(s, to, from, wins_a);
                to += wins_a;
                from += wins_a;
                na -= wins_a;
                if (na <= 1) /* 0 only if < is no order */
                    goto finish;
            }
            put(s, to++, b++);
            if (--nb == 0)
                goto finish;
            wins_b = gallop(s, s->spare_keys[from], s->keys + b, nb, 0, false);
            if (wins_b < 0)
                goto failed;
            if (wins_b) {
                move(s, to, b, wins_b);
                to += wins_b;
                b += wins_b;
                nb -= wins_b;
                if (nb == 0)
                    goto finish;
            }
            put_spare(s, to++, from++);
            if (--na == 1)
                goto finish;
            if (pause(s))
                goto failed;
        } while (wins_a >= MIN_GALLOP || wins_b >= MIN_GALLOP);
        s->gallop = ++limit; /* a price for leaving the search */
    }
finish:
    done = true;
    if (na == 1 && nb > 0) { /* what is left of a follows all of b */
        move(s, to, b, nb);
        put_spare(s, to + nb, from);
        return true;
    }
failed:
    restore(s, to, from, na);
    return done;
}

/* The same from the right end; the second run goes to the scratch space. */
static bool merge_high(MvSort *s, int64_t a, int64_t na, int64_t b, int64_t nb)
{
    if (!make_spare(s, nb))
        return false;
    save(s, b, nb);
    int64_t to = b + nb - 1, last = nb - 1, end = a + na - 1; /* last: in the scratch space; end: of the rest of a */
    bool done = false;
    int64_t limit = s->gallop;
    put(s, to--, end--);
    if (--na == 0 || nb == 1)
        goto finish;
    for (;;) {
        int64_t wins_a = 0, wins_b = 0;
        do {
            int k = less(s, s->spare_keys[last], s->keys[end]);
            if (k < 0)
                goto failed;
            if (k) {
                put(s, to--, end--);
                wins_a++;
                wins_b = 0;
                if (--na == 0)
                    goto finish;
            } else {
                put_spare(s, to--, last--);
                wins_b++;
                wins_a = 0;
                if (--nb == 1)
                    goto finish;
            }
            if (!(to & 4095) && pause(s))
                goto failed;
        } while ((wins_a | wins_b) < limit);
        limit++;
        do {
            limit -= limit > 1;
            s->gallop = limit;
            wins_a = gallop(s, s->spare_keys[last], s->keys + a, na, na - 1, true);
            if (wins_a < 0)
                goto failed;
            wins_a = na - wins_a;
            if (wins_a) {
                to -= wins_a;
                end -= wins_a;
                move(s, to + 1, end + 1, wins_a);
                na -= wins_a;
                if (na == 0)
                    goto finish;
            }
            put_spare(s, to--, last--);
            if (--nb == 1)
                goto finish;
            wins_b = gallop(s, s->keys[end], s->spare_keys, nb, nb - 1, false);
            if (wins_b < 0)
                goto failed;
            wins_b = nb - wins_b;
            if (wins_b) {
                to -= wins_b;
                last -= wins_b;
                restore(s, to + 1, last + 1, wins_b);
                nb -= wins_b;
                if (nb <= 1)
                    goto finish;
            }
            put(s, to--, end--);
            if (--na == 0)
                goto finish;
            if (pause(s))
                goto failed;
        } while (wins_a >= MIN_GALLOP || wins_b >= MIN_GALLOP);
        s->gallop = ++limit;
    }
finish:
    done = true;
    if (nb == 1 && na > 0) { /* what is left of b precedes all of a */
        move(s, to + 1 - na, end + 1 - na, na);
        put_spare(s, to - na, last);
        return true;
    }
failed:
    if (nb > 0)
        restore(s, to - nb + 1, 0, nb);
    return done;
}

static bool merge_at(MvSort *s, int i)
{
    MvSortRun *run = &s->runs[i];
    int64_t a = run->start, na = run->length, b = run[1].start, nb = run[1].length;
    run->length = na + nb;
    if (i == s->run_count - 3)
        run[1] = run[2];
    s->run_count--;
    int64_t skip = gallop(s, s->keys[b], s->keys + a, na, 0, true); /* of a, what already is in place */
    if (skip < 0)
        return false;
    a += skip;
    na -= skip;
    if (na == 0)
        return true;
    nb = gallop(s, s->keys[a + na - 1], s->keys + b, nb, nb - 1, false); /* of b, what has to move */
    if (nb <= 0)
        return nb == 0;
    return na <= nb ? merge_low(s, a, na, b, nb) : merge_high(s, a, na, b, nb);
}

/* The depth of the boundary between two adjacent runs in the ideal tree of merges: the first bit in which the runs'
   midpoints, as fractions of the whole, differ. */
static int boundary_power(int64_t start, int64_t na, int64_t nb, int64_t count)
{
    int64_t a = 2 * start + na, b = a + na + nb;
    for (int power = 1;; power++) {
        if (a >= count) {
            a -= count;
            b -= count;
        } else if (b >= count) {
            return power;
        }
        a <<= 1;
        b <<= 1;
    }
}

static bool push_run(MvSort *s, int64_t start, int64_t length)
{
    if (s->run_count) {
        const MvSortRun *top = &s->runs[s->run_count - 1];
        int power = boundary_power(top->start, top->length, length, s->count);
        while (s->run_count > 1 && s->runs[s->run_count - 2].power > power)
            if (!merge_at(s, s->run_count - 2))
                return false;
        s->runs[s->run_count - 1].power = power;
    }
    s->runs[s->run_count++] = (MvSortRun){start, length, 0};
    return true;
}

bool mv_sort_merge(MvSort *s)
{
    if (s->count < 2)
        return true;
    s->gallop = MIN_GALLOP;
    s->run_count = 0;
    int64_t minimal = minimal_run(s->count);
    for (int64_t start = 0; start < s->count;) {
        int64_t length = take_run(s, start, s->count);
        if (length < 0)
            return false;
        if (length < minimal) {
            int64_t wanted = s->count - start < minimal ? s->count - start : minimal;
            if (!insert_rest(s, start, start + length, start + wanted))
                return false;
            length = wanted;
        }
        if (!push_run(s, start, length))
            return false;
        start += length;
        if (pause(s))
            return false;
    }
    while (s->run_count > 1) {
        int i = s->run_count - 2;
        if (i > 0 && s->runs[i - 1].length < s->runs[i + 1].length)
            i--;
        if (!merge_at(s, i))
            return false;
    }
    return true;
}
