/* Powers of ints, with and without a modulus, inverses modulo a number, greatest common divisors and square roots.
 *
 * Called by int_ops.c, operators.c (pow with three arguments) and math. How large a result may get is decided before
 * it is computed: a power whose size is beyond the memory limit raises MemoryError at once. Everything here polls. */
#include "numbers.h"
#include <math.h>

#define LOCAL_LIMBS 64
#define MAX_RESULT_BYTES ((uint64_t)1 << 46) /* where the VM has no memory limit */

/* ---- powers of naturals ---- */
typedef struct MvNumberBuffer {
    uint64_t *limbs;
    size_t count;
    size_t capacity;
    uint64_t local[LOCAL_LIMBS];
} MvNumberBuffer;

static void buffer_begin(MvNumberBuffer *b)
{
    b->limbs = b->local;
    b->count = 0;
    b->capacity = LOCAL_LIMBS;
}

static void buffer_free(MvVM *vm, MvNumberBuffer *b)
{
    if (b->limbs != b->local)
        mv_int_free_scratch(vm, b->limbs, b->capacity * 8);
    b->limbs = b->local;
    b->capacity = LOCAL_LIMBS;
}

/* Room for `capacity` limbs; drops the content. */
static bool buffer_reserve(MvVM *vm, MvNumberBuffer *b, size_t capacity)
{
    if (capacity <= b->capacity)
        return true;
    buffer_free(vm, b);
    uint64_t *limbs = mv_int_get_scratch(vm, capacity * 8);
    if (!limbs)
        return false;
    b->limbs = limbs;
    b->capacity = capacity;
    return true;
}

/* base^e in *result, one of the two buffers; e >= 1. */
static bool natural_power(MvVM *vm, const uint64_t *base, size_t n, uint64_t e, MvNumberBuffer buffers[2],
                          MvNumberBuffer **result)
{
    MvScratch scratch = mv_int_scratch(vm);
    MvNumberBuffer *r = &buffers[0], *t = &buffers[1], *swap;
    if (!buffer_reserve(vm, r, n + 1))
        return false;
    memcpy(r->limbs, base, n * 8);
    r->count = n;
    for (int bit = 62 - __builtin_clzll(e); bit >= 0; bit--) {
        if (!buffer_reserve(vm, t, 2 * r->count + 1) ||
            !mv_int_status(vm, mv_natural_square(&scratch, t->limbs, r->limbs, r->count)))
            return false;
        t->count = mv_natural_normalize(t->limbs, 2 * r->count);
        swap = r, r = t, t = swap;
        if (e >> bit & 1) {
            if (n == 1) {
                uint64_t carry = mv_natural_mul_limb(r->limbs, r->limbs, r->count, base[0], 0);
                if (carry)
                    r->limbs[r->count++] = carry;
            } else {
                if (!buffer_reserve(vm, t, r->count + n) ||
                    !mv_int_status(vm, mv_natural_mul(&scratch, t->limbs, r->limbs, r->count, base, n)))
                    return false;
                t->count = mv_natural_normalize(t->limbs, r->count + n);
                swap = r, r = t, t = swap;
            }
        }
        if (mv_poll(vm))
            return false;
    }
    *result = r;
    return true;
}

static bool fixnum_power(int64_t base, uint64_t e, int64_t *out)
{
    int64_t result = 1;
    for (;;) {
        if (e & 1 && __builtin_mul_overflow(result, base, &result))
            return false;
        e >>= 1;
        if (!e)
            break;
        if (__builtin_mul_overflow(base, base, &base))
            return false;
    }
    *out = result;
    return true;
}

/* |a| >= 2, e >= 1. Factors of two are shifted in at the end. */
static MvValue power_of_view(MvVM *vm, const MvIntView *a, uint64_t e)
{
    size_t n = (size_t)a->count;
    uint64_t limit = MAX_RESULT_BYTES;
    if (vm->heap.bytes_limit && vm->heap.bytes_limit < limit)
        limit = vm->heap.bytes_limit;
    unsigned __int128 least_bits = (unsigned __int128)(mv_natural_bit_length(a->limbs, n) - 1) * e;
    if (least_bits / 8 > limit)
        return mv_too_large(vm);
    size_t zeros = mv_natural_trailing_zeros(a->limbs, n);
    MvNumberBuffer odd, buffers[2], *power = NULL;
    buffer_begin(&odd);
    buffer_begin(&buffers[0]);
    buffer_begin(&buffers[1]);
    MvValue result = MV_EXC;
    if (buffer_reserve(vm, &odd, n)) {
        mv_natural_shift_right(odd.limbs, a->limbs, n, zeros);
        odd.count = mv_natural_normalize(odd.limbs, n - zeros / 64);
        bool ok = true;
        if (odd.count == 1 && odd.limbs[0] == 1)
            power = &odd;
        else
            ok = natural_power(vm, odd.limbs, odd.count, e, buffers, &power);
        if (ok) {
            size_t bits = zeros * e; /* at most least_bits, or 0 */
            int64_t count = (int64_t)(power->count + bits / 64 + 1);
            MvInt *r = mv_int_allocate(vm, count);
            if (r) {
                mv_natural_shift_left(r->limbs, power->limbs, power->count, bits);
                result = mv_int_finish(vm, r, a->negative && (e & 1), count);
            }
        }
    }
    buffer_free(vm, &odd);
    buffer_free(vm, &buffers[0]);
    buffer_free(vm, &buffers[1]);
    return result;
}

MvValue mv_int_power(MvVM *vm, MvValue a, MvValue b)
{
    a = mv_int_plain(a);
    b = mv_int_plain(b);
    if (MV_LIKELY(mv_both_int(a, b) && (int64_t)b >= 0)) {
        int64_t power;
        if (fixnum_power(mv_to_fixnum(a), (uint64_t)mv_to_fixnum(b), &power))
            return mv_int_from_i64(vm, power);
    }
    MvIntView x, y;
    mv_int_view(a, &x);
    mv_int_view(b, &y);
    if (y.count && y.negative) {
        double base, exponent;
        if (!mv_int_as_double(vm, a, &base) || !mv_int_as_double(vm, b, &exponent))
            return MV_EXC;
        return mv_float_power(vm, base, exponent);
    }
    if (y.count == 0)
        return mv_from_fixnum(1);
    if (x.count == 0 || (x.count == 1 && x.limbs[0] == 1))
        return x.count && x.negative && !(y.limbs[0] & 1) ? mv_from_fixnum(1) : a;
    if (y.count > 1)
        return mv_too_large(vm);
    MvValue result = power_of_view(vm, &x, y.limbs[0]);
    MV_KEEP(a);
    return result;
}

/* ---- powers modulo a number ---- */
MV_INLINE bool exponent_bit(const MvIntView *e, int64_t i) { return e->limbs[i / 64] >> (i % 64) & 1; }

static uint64_t multiply_modulo(uint64_t a, uint64_t b, uint64_t m)
{
    if (m >> 32 == 0)
        return a * b % m;
    return (uint64_t)((unsigned __int128)a * b % m);
}

/* base < m, m > 1; base^e % m */
static MvValue power_modulo_small(MvVM *vm, uint64_t base, const MvIntView *e, uint64_t m)
{
    uint64_t result = 1;
    for (int64_t i = (int64_t)mv_natural_bit_length(e->limbs, (size_t)e->count) - 1; i >= 0; i--) {
        result = multiply_modulo(result, result, m);
        if (exponent_bit(e, i))
            result = multiply_modulo(result, base, m);
        if (i % 1024 == 1023 && mv_poll(vm))
            return MV_EXC;
    }
    return mv_int_from_u64(vm, result);
}

typedef struct MvModularWork {
    MvVM *vm;
    MvScratch scratch;
    const uint64_t *modulus;
    size_t n;
    uint64_t *product; /* 2 n limbs */
} MvModularWork;

/* r = x * y % modulus, all of n limbs; r may be x or y. */
static bool modular_multiply(MvModularWork *w, uint64_t *r, const uint64_t *x, const uint64_t *y)
{
    MvNaturalStatus status = x == y ? mv_natural_square(&w->scratch, w->product, x, w->n)
                                    : mv_natural_mul(&w->scratch, w->product, x, w->n, y, w->n);
    if (status == MV_NATURAL_OK)
        status = mv_natural_divmod(&w->scratch, NULL, r, w->product, 2 * w->n, w->modulus, w->n);
    return mv_int_status(w->vm, status) && !mv_poll(w->vm);
}

/* Sliding windows over the exponent's bits: `table` holds the odd powers base^1, base^3, ... that a window may need. */
static bool modular_windows(MvModularWork *w, uint64_t *acc, uint64_t *table, const MvIntView *base,
                            const MvIntView *e, int64_t bits, int window)
{
    size_t n = w->n;
    memset(table, 0, n * 8);
    memcpy(table, base->limbs, (size_t)base->count * 8);
    if (window > 1) {
        if (!modular_multiply(w, acc, table, table))
            return false;
        for (int64_t i = 1; i < (int64_t)1 << (window - 1); i++)
            if (!modular_multiply(w, table + (size_t)i * n, table + (size_t)(i - 1) * n, acc))
                return false;
    }
    bool started = false;
    for (int64_t i = bits - 1; i >= 0;) {
        if (!exponent_bit(e, i)) { /* started: the highest bit is set */
            if (!modular_multiply(w, acc, acc, acc))
                return false;
            i--;
            continue;
        }
        int64_t low = i - window + 1 > 0 ? i - window + 1 : 0;
        while (!exponent_bit(e, low))
            low++;
        size_t value = 0;
        for (; i >= low; i--) {
            value = value << 1 | exponent_bit(e, i);
            if (started && !modular_multiply(w, acc, acc, acc))
                return false;
        }
        const uint64_t *power = table + (value >> 1) * n;
        if (!started)
            memcpy(acc, power, n * 8);
        else if (!modular_multiply(w, acc, acc, power))
            return false;
        started = true;
    }
    return true;
}

/* 0 <= base < m, e >= 1, m of several limbs */
static MvValue power_modulo_large(MvVM *vm, const MvIntView *base, const MvIntView *e, const MvIntView *m)
{
    size_t n = (size_t)m->count;
    int64_t bits = (int64_t)mv_natural_bit_length(e->limbs, (size_t)e->count);
    int window = bits <= 12 ? 1 : bits <= 40 ? 3 : bits <= 200 ? 4 : bits <= 800 ? 5 : 6;
    size_t table_limbs = n << (window - 1);
    size_t size = (3 * n + table_limbs) * 8;
    uint64_t *block = mv_int_get_scratch(vm, size);
    if (!block)
        return MV_EXC;
    MvModularWork work = {vm, mv_int_scratch(vm), m->limbs, n, block};
    uint64_t *acc = block + 2 * n;
    MvValue result = MV_EXC;
    if (modular_windows(&work, acc, acc + n, base, e, bits, window))
        result = mv_int_from_limbs(vm, false, acc, (int64_t)n);
    mv_int_free_scratch(vm, block, size);
    return result;
}

/* The number b with a * b % m == 1, or a number congruent to it; m > 1. */
static MvValue inverse_modulo(MvVM *vm, MvValue a, MvValue m)
{
    MvValue current = mv_from_fixnum(1), next = mv_from_fixnum(0), quotient, remainder;
    while (mv_int_sign(m)) {
        if (!mv_int_divmod(vm, a, m, &quotient, &remainder))
            return MV_EXC;
        a = m;
        m = remainder;
        MvValue product = mv_int_multiply(vm, quotient, next);
        if (product == MV_EXC)
            return MV_EXC;
        MvValue following = mv_int_subtract(vm, current, product);
        if (following == MV_EXC || mv_poll(vm))
            return MV_EXC;
        current = next;
        next = following;
    }
    if (a != mv_from_fixnum(1))
        return mv_value_error(vm, "base is not invertible for the given modulus");
    return current;
}

MvValue mv_int_power_modulo(MvVM *vm, MvValue a, MvValue b, MvValue modulus)
{
    if (!mv_is_int_like(a) || !mv_is_int_like(b) || !mv_is_int_like(modulus))
        return MV_NOTIMPLEMENTED;
    int sign = mv_int_sign(modulus);
    if (sign == 0)
        return mv_value_error(vm, "pow() 3rd argument cannot be 0");
    MvValue m = sign < 0 ? mv_int_negate(vm, modulus) : mv_int_plain(modulus);
    if (m == MV_EXC)
        return MV_EXC;
    if (m == mv_from_fixnum(1))
        return mv_from_fixnum(0);
    if (mv_int_sign(b) < 0) {
        if ((b = mv_int_negate(vm, b)) == MV_EXC)
            return MV_EXC;
        MvValue reduced;
        if (!mv_int_divmod(vm, a, m, NULL, &reduced) || (a = inverse_modulo(vm, reduced, m)) == MV_EXC)
            return MV_EXC;
    }
    MvValue reduced, result;
    if (!mv_int_divmod(vm, a, m, NULL, &reduced))
        return MV_EXC;
    MvIntView x, e, n;
    mv_int_view(reduced, &x);
    mv_int_view(b, &e);
    mv_int_view(m, &n);
    if (e.count == 0)
        result = mv_from_fixnum(1);
    else if (x.count == 0)
        result = mv_from_fixnum(0);
    else if (n.count == 1)
        result = power_modulo_small(vm, x.limbs[0], &e, n.limbs[0]);
    else
        result = power_modulo_large(vm, &x, &e, &n);
    MV_KEEP(reduced);
    MV_KEEP(b);
    MV_KEEP(m);
    if (result != MV_EXC && sign < 0 && mv_int_sign(result))
        result = mv_int_subtract(vm, result, m);
    return result;
}

/* ---- divisors and roots ---- */
static uint64_t gcd_limbs(uint64_t a, uint64_t b)
{
    if (!a || !b)
        return a | b;
    int shift = __builtin_ctzll(a | b);
    a >>= __builtin_ctzll(a);
    while (b) { /* without branches: a becomes the smaller one, b the difference */
        b >>= __builtin_ctzll(b);
        uint64_t difference = b - a, below = -(uint64_t)(b < a);
        a += difference & below;
        b = (difference ^ below) - below;
    }
    return a << shift;
}

MvValue mv_int_gcd(MvVM *vm, MvValue a, MvValue b)
{
    MvIntView x, y;
    mv_int_view(a, &x);
    mv_int_view(b, &y);
    if (x.count <= 1 && y.count <= 1)
        return mv_int_from_u64(vm, gcd_limbs(x.count ? x.limbs[0] : 0, y.count ? y.limbs[0] : 0));
    int64_t count = x.count > y.count ? x.count : y.count;
    MvInt *r = mv_int_allocate(vm, count);
    if (!r)
        return MV_EXC;
    MvScratch scratch = mv_int_scratch(vm);
    MvNaturalStatus status = mv_natural_gcd(&scratch, r->limbs, x.limbs, (size_t)x.count, y.limbs, (size_t)y.count);
    MV_KEEP(a);
    MV_KEEP(b);
    return mv_int_status(vm, status) ? mv_int_finish(vm, r, false, count) : MV_EXC;
}

MvValue mv_int_isqrt(MvVM *vm, MvValue v)
{
    MvIntView view;
    mv_int_view(v, &view);
    if (view.count <= 1) {
        uint64_t n = view.count ? view.limbs[0] : 0;
        uint64_t root = (uint64_t)sqrt((double)n);
        if (root > UINT32_MAX)
            root = UINT32_MAX;
        while (root * root > n)
            root--;
        while (root < UINT32_MAX && (root + 1) * (root + 1) <= n)
            root++;
        return mv_int_from_u64(vm, root);
    }
    int64_t count = (view.count + 1) / 2;
    MvInt *r = mv_int_allocate(vm, count);
    if (!r)
        return MV_EXC;
    MvScratch scratch = mv_int_scratch(vm);
    MvNaturalStatus status = mv_natural_isqrt(&scratch, r->limbs, view.limbs, (size_t)view.count);
    MV_KEEP(v);
    return mv_int_status(vm, status) ? mv_int_finish(vm, r, false, count) : MV_EXC;
}
