/* Ints: construction, conversion to and from C types, order, and the memory that natural.h works in.
 *
 * Called by everything that handles ints. Keeps the invariants of numbers.h: results are fixnums where they fit,
 * magnitudes are normalised. Operators are in int_ops.c, int_bits.c and int_pow.c, text in int_text.c and
 * int_parse.c, the class in int_type.c. */
#include "numbers.h"
#include <math.h>
#include <stdlib.h>

/* More limbs than any memory limit allows; keeps sizes in bytes and bits within 63 bits. */
#define INT_MAX_LIMBS ((int64_t)1 << 50)

/* ---- memory ---- */
static void *try_scratch(MvVM *vm, size_t size)
{
    if (!mv_heap_account_external(vm, (int64_t)size))
        return NULL;
    void *block = malloc(size ? size : 1);
    if (!block)
        mv_heap_account_external(vm, -(int64_t)size);
    return block;
}

static void *scratch_allocate(void *ctx, size_t size)
{
    void *block = try_scratch(ctx, size);
    if (MV_UNLIKELY(!block)) { /* garbage may hold the memory */
        mv_heap_collect(ctx, true);
        block = try_scratch(ctx, size);
    }
    return block;
}

static void scratch_free(void *ctx, void *block, size_t size)
{
    free(block);
    mv_heap_account_external(ctx, -(int64_t)size);
}

static bool scratch_poll(void *ctx) { return mv_poll(ctx); }

MvScratch mv_int_scratch(MvVM *vm) { return (MvScratch){scratch_allocate, scratch_free, scratch_poll, vm}; }

void *mv_int_get_scratch(MvVM *vm, size_t size)
{
    void *block = scratch_allocate(vm, size);
    if (!block)
        mv_memory_error(vm);
    return block;
}

void mv_int_free_scratch(MvVM *vm, void *block, size_t size) { scratch_free(vm, block, size); }

bool mv_int_status(MvVM *vm, MvNaturalStatus status)
{
    if (MV_LIKELY(status == MV_NATURAL_OK))
        return true;
    if (status == MV_NATURAL_NO_MEMORY)
        mv_memory_error(vm);
    return false;
}

MV_INLINE MvInt *allocate(MvVM *vm, int64_t count)
{
    return mv_allocate(vm, sizeof(MvInt) + (size_t)count * 8, MV_CLASS_INT, MV_KIND_INT, 0, 0);
}

MvInt *mv_int_allocate(MvVM *vm, int64_t count)
{
    if (MV_UNLIKELY(count > INT_MAX_LIMBS)) {
        mv_too_large(vm);
        return NULL;
    }
    return allocate(vm, count);
}

/* The fixnum of a magnitude of one limb, if it fits. */
MV_INLINE bool small_value(bool negative, uint64_t magnitude, MvValue *out)
{
    if (magnitude > (uint64_t)MV_FIXNUM_MAX + negative)
        return false;
    *out = mv_from_fixnum(negative ? -(int64_t)magnitude : (int64_t)magnitude);
    return true;
}

MvValue mv_int_finish(MvVM *vm, MvInt *n, bool negative, int64_t count)
{
    int64_t filled = count;
    while (count && !n->limbs[count - 1])
        count--;
    if (count <= 1) {
        MvValue v;
        if (small_value(negative, count ? n->limbs[0] : 0, &v))
            return v;
    }
    if (MV_UNLIKELY(filled - count > 16 && count < filled / 2)) { /* do not let a small number keep a large object */
        MvInt *smaller = mv_int_allocate(vm, count);
        if (!smaller)
            return MV_EXC;
        memcpy(smaller->limbs, n->limbs, (size_t)count * 8);
        n = smaller;
    }
    n->size = negative ? -count : count;
    return mv_value(n);
}

/* ---- construction ---- */
MvValue mv_int_from_u128(MvVM *vm, bool negative, unsigned __int128 magnitude)
{
    uint64_t low = (uint64_t)magnitude, high = (uint64_t)(magnitude >> 64);
    MvValue v;
    if (!high && small_value(negative, low, &v))
        return v;
    MvInt *n = allocate(vm, high ? 2 : 1);
    if (!n)
        return MV_EXC;
    n->limbs[0] = low;
    n->size = 1;
    if (high) {
        n->limbs[1] = high;
        n->size = 2;
    }
    if (negative)
        n->size = -n->size;
    return mv_value(n);
}

MvValue mv_int_from_i128(MvVM *vm, __int128 i)
{
    return mv_int_from_u128(vm, i < 0, i < 0 ? -(unsigned __int128)i : (unsigned __int128)i);
}

MvValue mv_int_from_i64(MvVM *vm, int64_t i)
{
    if (MV_LIKELY(mv_fits_fixnum(i)))
        return mv_from_fixnum(i);
    return mv_int_from_u128(vm, i < 0, mv_magnitude(i));
}

MvValue mv_int_from_u64(MvVM *vm, uint64_t i) { return mv_int_from_u128(vm, false, i); }

MvValue mv_int_from_limbs(MvVM *vm, bool negative, const uint64_t *limbs, int64_t count)
{
    while (count && !limbs[count - 1])
        count--;
    if (count <= 1)
        return mv_int_from_u128(vm, negative, count ? limbs[0] : 0);
    MvInt *n = mv_int_allocate(vm, count);
    if (!n)
        return MV_EXC;
    memcpy(n->limbs, limbs, (size_t)count * 8);
    n->size = negative ? -count : count;
    return mv_value(n);
}

MvValue mv_int_from_double(MvVM *vm, double d)
{
    if (d > -0x1p61 && d < 0x1p61)
        return mv_from_fixnum((int64_t)d);
    if (isinf(d))
        return mv_raise(vm, MV_EXC_OverflowError, "cannot convert float infinity to integer");
    if (isnan(d))
        return mv_value_error(vm, "cannot convert float NaN to integer");
    uint64_t limbs[MV_NATURAL_DOUBLE_LIMBS];
    size_t count = mv_natural_from_double(limbs, d);
    return mv_int_from_limbs(vm, d < 0, limbs, (int64_t)count);
}

MvValue mv_int_exact(MvVM *vm, MvValue v)
{
    v = mv_int_plain(v);
    if (mv_is_exact_int(vm, v))
        return v;
    MvIntView view;
    mv_int_view(v, &view);
    MvValue result = mv_int_from_limbs(vm, view.negative, view.limbs, view.count);
    MV_KEEP(v);
    return result;
}

MvValue mv_int_subclass_new(MvVM *vm, MvClass *cls, MvValue v)
{
    MvIntView view;
    mv_int_view(v, &view);
    /* The last word of the object points to the store of its attributes. */
    size_t size = sizeof(MvInt) + (size_t)view.count * 8 + 8;
    MvInt *n = mv_allocate(vm, size, cls->root_shape, MV_KIND_INT, MV_GC_HAS_POINTERS, 0);
    if (!n)
        return MV_EXC;
    if (view.count)
        memcpy(n->limbs, view.limbs, (size_t)view.count * 8);
    n->size = view.negative ? -view.count : view.count;
    MV_KEEP(v);
    return mv_value(n);
}

/* ---- inspection ---- */
bool mv_is_int_like(MvValue v)
{
    if (mv_is_int(v))
        return true;
    return mv_is_pointer(v) && (mv_object(v)->kind == MV_KIND_INT || mv_object(v)->kind == MV_KIND_BOOL);
}

bool mv_int_to_i64(MvValue v, int64_t *out)
{
    if (MV_LIKELY(mv_is_int(v))) {
        *out = mv_to_fixnum(v);
        return true;
    }
    MvIntView view;
    mv_int_view(v, &view);
    uint64_t magnitude = view.count ? view.limbs[0] : 0;
    if (view.count > 1 || magnitude > (uint64_t)INT64_MAX + view.negative)
        return false;
    *out = (int64_t)(view.negative ? -magnitude : magnitude);
    return true;
}

int mv_int_sign(MvValue v)
{
    MvIntView view;
    mv_int_view(v, &view);
    return view.count == 0 ? 0 : view.negative ? -1 : 1;
}

int mv_int_order(MvValue a, MvValue b)
{
    if (MV_LIKELY(mv_both_int(a, b)))
        return (int64_t)a < (int64_t)b ? -1 : (int64_t)a > (int64_t)b;
    MvIntView x, y;
    mv_int_view(a, &x);
    mv_int_view(b, &y);
    if (x.negative != y.negative)
        return x.negative ? -1 : 1;
    int order = x.count < y.count ? -1 : x.count > y.count;
    if (!order)
        order = mv_natural_compare(x.limbs, (size_t)x.count, y.limbs, (size_t)y.count);
    return x.negative ? -order : order;
}

MvValue mv_int_negate(MvVM *vm, MvValue v)
{
    v = mv_int_plain(v);
    if (mv_is_int(v))
        return mv_int_from_i64(vm, -mv_to_fixnum(v));
    MvIntView view;
    mv_int_view(v, &view);
    MvValue result = mv_int_from_limbs(vm, !view.negative, view.limbs, view.count);
    MV_KEEP(v);
    return result;
}

/* ---- ints and doubles ---- */
double mv_int_to_double(MvVM *vm, MvValue v, bool *overflow)
{
    if (overflow)
        *overflow = false;
    v = mv_int_plain(v);
    if (MV_LIKELY(mv_is_int(v)))
        return (double)mv_to_fixnum(v);
    MvIntView view;
    mv_int_view(v, &view);
    double d;
    if (!mv_natural_to_double(view.limbs, (size_t)view.count, &d) && overflow)
        *overflow = true;
    return view.negative ? -d : d;
}

bool mv_int_as_double(MvVM *vm, MvValue v, double *out)
{
    bool overflow;
    *out = mv_int_to_double(vm, v, &overflow);
    if (MV_UNLIKELY(overflow)) {
        mv_raise(vm, MV_EXC_OverflowError, "int too large to convert to float");
        return false;
    }
    return true;
}

int mv_int_compare_double(MvValue v, double d)
{
    v = mv_int_plain(v);
    if (mv_is_int(v)) {
        int64_t i = mv_to_fixnum(v);
        if (d >= 0x1p61)
            return -1;
        if (d < -0x1p61)
            return 1;
        int64_t whole = (int64_t)d;
        if (i != whole)
            return i < whole ? -1 : 1;
        double rest = d - (double)whole; /* exact: d has a fraction only below 2^53 */
        return rest > 0 ? -1 : rest < 0;
    }
    MvIntView view;
    mv_int_view(v, &view);
    int sign = view.negative ? -1 : 1;
    if (fabs(d) < 0x1p61 || (d < 0) != view.negative)
        return sign;
    if (isinf(d))
        return -sign;
    uint64_t limbs[MV_NATURAL_DOUBLE_LIMBS];
    size_t count = mv_natural_from_double(limbs, d);
    return sign * mv_natural_compare(view.limbs, (size_t)view.count, limbs, count);
}

int mv_double_order_truth(int order, int op)
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

MV_INLINE int compare_doubles(double x, double y, int op)
{
    switch (op) {
    case MV_COMPARE_LT: return x < y;
    case MV_COMPARE_LE: return x <= y;
    case MV_COMPARE_EQ: return x == y;
    case MV_COMPARE_NE: return x != y;
    case MV_COMPARE_GT: return x > y;
    default: return x >= y;
    }
}

int mv_number_compare(MvValue a, MvValue b, int op)
{
    if (mv_both_int(a, b))
        return mv_double_order_truth((int64_t)a < (int64_t)b ? -1 : (int64_t)a > (int64_t)b, op);
    bool a_float = mv_is_float_like(a), b_float = mv_is_float_like(b);
    if (a_float && b_float)
        return compare_doubles(mv_float_value(a), mv_float_value(b), op);
    if (!a_float && !b_float)
        return mv_double_order_truth(mv_int_order(a, b), op);
    double d = mv_float_value(a_float ? a : b);
    if (isnan(d))
        return op == MV_COMPARE_NE;
    return mv_double_order_truth(a_float ? -mv_int_compare_double(b, d) : mv_int_compare_double(a, d), op);
}
