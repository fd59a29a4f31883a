/* The functions of module math over many values: fsum, prod, dist, hypot. */
#include "math_functions.h"
#include <math.h>

#define LOCAL_DOUBLES 32

/* An array of doubles on the C stack, in scratch memory when it grows. */
typedef struct MvDoubles {
    double *items;
    int64_t capacity;
    double local[LOCAL_DOUBLES];
} MvDoubles;

static void doubles_begin(MvDoubles *d)
{
    d->items = d->local;
    d->capacity = LOCAL_DOUBLES;
}

static void doubles_free(MvVM *vm, MvDoubles *d)
{
    if (d->items != d->local)
        mv_int_free_scratch(vm, d->items, (size_t)d->capacity * sizeof(double));
    doubles_begin(d);
}

static bool doubles_reserve(MvVM *vm, MvDoubles *d, int64_t count, int64_t used)
{
    if (count <= d->capacity)
        return true;
    int64_t capacity = count > 2 * d->capacity ? count : 2 * d->capacity;
    double *items = mv_int_get_scratch(vm, (size_t)capacity * sizeof(double));
    if (!items)
        return false;
    memcpy(items, d->items, (size_t)used * sizeof(double));
    doubles_free(vm, d);
    d->items = items;
    d->capacity = capacity;
    return true;
}

/* ---- fsum: Shewchuk's partial sums, which do not overlap and whose sum is exact ---- */
typedef struct MvExactSum {
    MvDoubles partials;
    int64_t count;
    double special, infinities; /* sums of what is not finite */
} MvExactSum;

static bool exact_sum_add(MvVM *vm, MvExactSum *s, double x)
{
    double added = x, *p = s->partials.items;
    int64_t kept = 0;
    for (int64_t i = 0; i < s->count; i++) {
        double y = p[i];
        if (fabs(x) < fabs(y)) {
            double swap = x;
            x = y;
            y = swap;
        }
        double high = x + y, low = y - (high - x);
        if (low != 0.0)
            p[kept++] = low;
        x = high;
    }
    s->count = kept;
    if (x == 0.0)
        return true;
    if (!isfinite(x)) {
        if (isfinite(added)) {
            mv_raise(vm, MV_EXC_OverflowError, "intermediate overflow in fsum");
            return false;
        }
        if (isinf(added))
            s->infinities += added;
        s->special += added;
        s->count = 0;
        return true;
    }
    if (!doubles_reserve(vm, &s->partials, s->count + 1, s->count))
        return false;
    s->partials.items[s->count++] = x;
    return true;
}

/* The partials rounded to one double. */
static double exact_sum_round(MvExactSum *s)
{
    const double *p = s->partials.items;
    int64_t n = s->count;
    if (n == 0)
        return 0.0;
    double high = p[--n], low = 0.0;
    while (n > 0) {
        double x = high, y = p[--n];
        high = x + y;
        low = y - (high - x);
        if (low != 0.0)
            break;
    }
    /* A tie that the next partial decides. */
    if (n > 0 && ((low < 0.0 && p[n - 1] < 0.0) || (low > 0.0 && p[n - 1] > 0.0))) {
        double twice = low * 2.0, x = high + twice;
        if (twice == x - high)
            high = x;
    }
    return high;
}

MV_MATH_FUNCTION(fsum)
{
    MvEach each;
    if (!mv_each_begin(vm, &each, args[0]))
        return MV_EXC;
    MvExactSum sum = {.count = 0, .special = 0.0, .infinities = 0.0};
    doubles_begin(&sum.partials);
    MvValue result = MV_EXC;
    for (;;) {
        MvValue item = mv_each_next(vm, &each);
        double x;
        if (item == MV_UNASSIGNED) {
            if (sum.special == 0.0)
                result = mv_float_new(vm, exact_sum_round(&sum));
            else if (isnan(sum.infinities))
                mv_value_error(vm, "-inf + inf in fsum");
            else
                result = mv_float_new(vm, sum.special);
            break;
        }
        if (item == MV_EXC || !mv_math_argument(vm, item, &x) || !exact_sum_add(vm, &sum, x) || mv_poll(vm))
            break;
    }
    doubles_free(vm, &sum.partials);
    return result;
}

/* ---- prod ---- */
MV_MATH_FUNCTION(prod)
{
    MvValue product = args[1] == MV_UNASSIGNED ? mv_from_fixnum(1) : args[1];
    MvEach each;
    if (!mv_each_begin(vm, &each, args[0]))
        return MV_EXC;
    for (;;) {
        MvValue item = mv_each_next(vm, &each);
        if (item == MV_UNASSIGNED)
            return product;
        if (item == MV_EXC)
            return MV_EXC;
        if (mv_both_int(product, item))
            product = mv_int_multiply(vm, product, item);
        else if (mv_is_float(product) && mv_is_float(item))
            product = mv_float_new(vm, mv_word_double(product) * mv_word_double(item));
        else
            product = mv_binary(vm, MV_BINARY_MUL, product, item);
        if (product == MV_EXC || mv_poll(vm))
            return MV_EXC;
    }
}

/* ---- norms ---- */
typedef struct MvNorm {
    MvDoubles vector;
    int64_t count;
    double max;
    bool found_nan;
} MvNorm;

static bool norm_begin(MvVM *vm, MvNorm *norm, int64_t count)
{
    norm->count = 0;
    norm->max = 0.0;
    norm->found_nan = false;
    doubles_begin(&norm->vector);
    return doubles_reserve(vm, &norm->vector, count, 0);
}

static void norm_add(MvNorm *norm, double x)
{
    x = fabs(x);
    norm->vector.items[norm->count++] = x;
    norm->found_nan |= isnan(x) != 0;
    if (x > norm->max)
        norm->max = x;
}

static MvValue norm_end(MvVM *vm, MvNorm *norm, bool ok)
{
    MvValue result = MV_EXC;
    if (ok)
        result = mv_float_new(vm, mv_math_norm(norm->count, norm->vector.items, norm->max, norm->found_nan));
    doubles_free(vm, &norm->vector);
    return result;
}

MV_MATH_FUNCTION(hypot)
{
    MvNorm norm;
    bool ok = norm_begin(vm, &norm, nargs);
    for (int64_t i = 0; ok && i < nargs; i++) {
        double x;
        ok = mv_math_argument(vm, args[i], &x) && !mv_poll(vm);
        if (ok)
            norm_add(&norm, x);
    }
    return norm_end(vm, &norm, ok);
}

MV_MATH_FUNCTION(dist)
{
    MvValue points[2];
    for (int i = 0; i < 2; i++) {
        points[i] = mv_is_kind(args[i], MV_KIND_TUPLE) ? args[i] : mv_tuple_from_iterable(vm, args[i]);
        if (points[i] == MV_EXC)
            return MV_EXC;
    }
    const MvTuple *p = MV_CAST(MvTuple, points[0]), *q = MV_CAST(MvTuple, points[1]);
    if (p->length != q->length)
        return mv_value_error(vm, "both points must have the same number of dimensions");
    MvNorm norm;
    bool ok = norm_begin(vm, &norm, p->length);
    for (int64_t i = 0; ok && i < p->length; i++) {
        double x, y;
        ok = mv_math_argument(vm, p->items[i], &x) && mv_math_argument(vm, q->items[i], &y) && !mv_poll(vm);
        if (ok)
            norm_add(&norm, x - y);
    }
    MV_KEEP(points[0]);
    MV_KEEP(points[1]);
    return norm_end(vm, &norm, ok);
}
