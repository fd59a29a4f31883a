/* What the numeric files (int*.c, bool.c, float*.c, math*.c) share, and what the rest of the runtime needs of
 * numbers beyond protocol.h.
 *
 * Invariants: an exact int that fits a fixnum is one; the limbs of every MvInt are normalised (the top one is not
 * zero), those of instances of subclasses too, which may hold any value. An exact heap int holds no pointers and is
 * never traced. Heap ints are immutable once they have left the function that made them. */
#pragma once
#include "natural.h"
#include "protocol.h"

/* Sign and magnitude of an int-like value. `limbs` may point to `small`, so a view is not copied. It keeps the
 * value's object alive only while it lies on a scanned stack. */
typedef struct MvIntView {
    const uint64_t *limbs;
    int64_t count; /* 0: zero */
    uint64_t small;
    bool negative;
} MvIntView;

MV_INLINE uint64_t mv_magnitude(int64_t i) { return i < 0 ? -(uint64_t)i : (uint64_t)i; }

MV_INLINE void mv_int_view(MvValue v, MvIntView *view)
{
    if (!mv_is_int(v) && mv_object(v)->kind == MV_KIND_INT) {
        const MvInt *n = MV_CAST(MvInt, v);
        view->negative = n->size < 0;
        view->count = n->size < 0 ? -n->size : n->size;
        view->limbs = n->limbs;
        return;
    }
    int64_t i = mv_is_int(v) ? mv_to_fixnum(v) : (int64_t)MV_CAST(MvSingleton, v)->number;
    view->negative = i < 0;
    view->small = mv_magnitude(i);
    view->count = i != 0;
    view->limbs = &view->small;
}

/* The same value as a fixnum where it fits one, else v itself: bools and small instances of subclasses lose their
 * class. No allocation. */
MV_INLINE MvValue mv_int_plain(MvValue v)
{
    if (mv_is_int(v))
        return v;
    if (mv_object(v)->kind == MV_KIND_BOOL)
        return mv_from_fixnum((int64_t)MV_CAST(MvSingleton, v)->number);
    const MvInt *n = MV_CAST(MvInt, v);
    if (n->size == 0)
        return mv_from_fixnum(0);
    if (n->size == 1 && n->limbs[0] <= (uint64_t)MV_FIXNUM_MAX)
        return mv_from_fixnum((int64_t)n->limbs[0]);
    if (n->size == -1 && n->limbs[0] <= (uint64_t)MV_FIXNUM_MAX + 1)
        return mv_from_fixnum(-(int64_t)n->limbs[0]);
    return v;
}

/* The root shapes of builtin classes have the numbers of the classes. */
MV_INLINE bool mv_is_exact_float(const MvVM *vm, MvValue v)
{
    return mv_is_float(v) || (mv_is_pointer(v) && mv_object(v)->shape == MV_CLASS_FLOAT);
}
MV_INLINE bool mv_is_exact_int(const MvVM *vm, MvValue v)
{
    return mv_is_int(v) || (mv_is_pointer(v) && mv_object(v)->shape == MV_CLASS_INT);
}

/* Keeps the object of v alive up to this point, where only pointers into it are in use. */
#define MV_KEEP(v) __asm__ volatile("" : : "r"(v))

/* ---- int.c ---- */
MvInt *mv_int_allocate(MvVM *vm, int64_t count); /* an exact int with limbs to fill; NULL: MemoryError raised */
/* normalises what mv_int_allocate gave; count limbs are filled */
MvValue mv_int_finish(MvVM *vm, MvInt *n, bool negative, int64_t count);
MvValue mv_int_from_i128(MvVM *vm, __int128 i);
MvValue mv_int_from_u128(MvVM *vm, bool negative, unsigned __int128 magnitude);
MvScratch mv_int_scratch(MvVM *vm); /* memory for natural.h, counted against the VM's limit */
bool mv_int_status(MvVM *vm, MvNaturalStatus status);                         /* false: not OK; an exception is set */
void mv_int_free_scratch(MvVM *vm, void *block, size_t size);
void *mv_int_get_scratch(MvVM *vm, size_t size);                              /* NULL: MemoryError raised */
MvValue mv_int_subclass_new(MvVM *vm, MvClass *cls, MvValue v); /* an instance of cls, which derives from int */
MvValue mv_int_negate(MvVM *vm, MvValue v);
int mv_int_compare_double(MvValue v, double d);                               /* exact: -1, 0, 1; d is not nan */
int mv_double_order_truth(int order, int op); /* truth of a comparison whose operands have that order */

/* ---- int_ops.c, int_bits.c, int_pow.c ---- operands are ints of any kind */
MvValue mv_int_add(MvVM *vm, MvValue a, MvValue b);
MvValue mv_int_subtract(MvVM *vm, MvValue a, MvValue b);
MvValue mv_int_multiply(MvVM *vm, MvValue a, MvValue b);
/* floored; b not 0; either may be NULL */
bool mv_int_divmod(MvVM *vm, MvValue a, MvValue b, MvValue *quotient, MvValue *remainder);
MvValue mv_int_true_divide(MvVM *vm, MvValue a, MvValue b);
MvValue mv_int_shift_left(MvVM *vm, MvValue a, MvValue b);
MvValue mv_int_shift_right(MvVM *vm, MvValue a, MvValue b);
MvValue mv_int_bitwise(MvVM *vm, int op, MvValue a, MvValue b);               /* MV_BINARY_AND, OR, XOR */
MvValue mv_int_invert(MvVM *vm, MvValue v);
int64_t mv_int_bit_length(MvValue v);
int64_t mv_int_bit_count(MvValue v);
MvValue mv_int_power(MvVM *vm, MvValue a, MvValue b);                         /* a negative exponent gives a float */
/* pow(a, b, modulus); NotImplemented unless all are ints */
MvValue mv_int_power_modulo(MvVM *vm, MvValue a, MvValue b, MvValue modulus);
MvValue mv_int_gcd(MvVM *vm, MvValue a, MvValue b);
MvValue mv_int_isqrt(MvVM *vm, MvValue v);                                    /* v >= 0 */

/* ---- int_text.c, int_parse.c ---- */
#define MV_INT_DEFAULT_MAX_STR_DIGITS 4300
#define MV_INT_STR_DIGITS_THRESHOLD 640 /* the least limit that can be set */
int64_t mv_int_max_str_digits(const MvVM *vm); /* sys.get_int_max_str_digits; 0: no limit */
bool mv_int_set_max_str_digits(MvVM *vm, int64_t digits);                     /* false: ValueError raised */
/* int(v) for any value: __int__, __index__, __trunc__, strings; an exact int. */
MvValue mv_int_from_any(MvVM *vm, MvValue v);
/* The characters of a str as int() and float() read them: white space and decimal digits of any script made ASCII;
 * any other character beyond ASCII is '?' and the last one. NUL-terminated. */
typedef struct MvAsciiText {
    char *text; /* `local`, or a block of scratch memory that mv_ascii_text_free gives back */
    int64_t length;
    size_t size; /* of the block; 0: local */
    char local[128];
} MvAsciiText;
bool mv_ascii_text(MvVM *vm, const MvStr *s, MvAsciiText *out); /* false: raised */
void mv_ascii_text_free(MvVM *vm, MvAsciiText *text);
MV_INLINE bool mv_is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* ---- float.c, float_methods.c ---- */
MvValue mv_float_from_str(MvVM *vm, MvValue str);                             /* float(str) */
/* float(v) as the constructor converts: an exact float; TypeError "float() argument must be ...". */
MvValue mv_float_from_any(MvVM *vm, MvValue v);
/* The double of an int-like value; OverflowError "int too large to convert to float". */
bool mv_int_as_double(MvVM *vm, MvValue v, double *out);
extern const MvMethodDef mv_float_methods[];

/* The function of class `cls` for a special method when it is not the one that the builtin class `builtin_id` has: a
 * method written in Mini that overrides the builtin behaviour. UNASSIGNED: not overridden. */
MvValue mv_number_override(MvVM *vm, MvValue v, int special, int builtin_id);

/* ---- math*.c ---- */
extern const MvModuleDef mv_module_math;
