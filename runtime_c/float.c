/* The class float: construction, operators and slots. Methods are in float_methods.c, digits in floatrepr.h.
 *
 * Called by the interpreter (mv_float_new, mv_float_power, mv_float_mod), math and formatting. A float is an
 * immediate word where value.h says so, else a heap object; nobody relies on the identity of floats but for NaNs,
 * which containers compare by their words: each NaN that is made, by arithmetic too, has a payload of its own. */
#include "floatrepr.h"
#include "format_spec.h"
#include "numbers.h"
#include "siphash.h"
#include "str.h"
#include <math.h>

#define NAN_BITS ((uint64_t)0x7FF8 << 48)
#define NAN_PAYLOAD_BITS 51

static double fresh_nan(MvVM *vm, bool negative)
{
    uint64_t payload = ++vm->nan_count & (((uint64_t)1 << NAN_PAYLOAD_BITS) - 1);
    return mv_bits_double(NAN_BITS | payload | (uint64_t)negative << 63);
}

MvValue mv_float_new(MvVM *vm, double d)
{
    if (MV_UNLIKELY(isnan(d)))
        d = fresh_nan(vm, signbit(d));
    MvValue word = mv_float_word(d);
    if (MV_LIKELY(word & 1))
        return word;
    MvFloat *f = mv_allocate(vm, sizeof(MvFloat), MV_CLASS_FLOAT, MV_KIND_FLOAT, 0, 0);
    if (!f)
        return MV_EXC;
    f->value = d;
    return mv_value(f);
}

MvValue mv_float_repr(MvVM *vm, double d)
{
    char text[MV_FLOAT_REPR_MAX];
    return mv_str_from_ascii(vm, text, (int64_t)mv_float_format(d, 'r', 0, MV_FLOAT_DOT_0, text));
}

/* ---- conversion ---- */
MvValue mv_float_from_str(MvVM *vm, MvValue str)
{
    MvAsciiText text;
    if (!mv_ascii_text(vm, MV_CAST(MvStr, str), &text))
        return MV_EXC;
    const char *start = text.text, *end = start + text.length;
    while (start < end && mv_is_ascii_space(*start))
        start++;
    while (end > start && mv_is_ascii_space(end[-1]))
        end--;
    double d;
    bool ok = mv_float_parse(start, (size_t)(end - start), &d);
    mv_ascii_text_free(vm, &text);
    if (!ok)
        return mv_value_error(vm, "could not convert string to float: %R", str);
    return mv_float_new(vm, d);
}

static MvValue from_int(MvVM *vm, MvValue v)
{
    double d;
    return mv_int_as_double(vm, v, &d) ? mv_float_new(vm, d) : MV_EXC;
}

MvValue mv_float_from_any(MvVM *vm, MvValue v)
{
    if (mv_is_int(v))
        return mv_float_new(vm, (double)mv_to_fixnum(v));
    if (mv_is_exact_float(vm, v))
        return v;
    bool is_str = mv_is_kind(v, MV_KIND_STR);
    if (is_str && mv_is_exact_str(vm, v))
        return mv_float_from_str(vm, v);
    if (mv_is_exact_int(vm, v) || mv_is_kind(v, MV_KIND_BOOL))
        return from_int(vm, v);
    MvClass *cls = mv_class_of(vm, v);
    MvValue function = mv_special(vm, cls, MV_SP_FLOAT);
    if (function != MV_UNASSIGNED) {
        MvValue result = mv_call_special(vm, function, v, NULL, 0);
        if (result == MV_EXC || mv_is_exact_float(vm, result))
            return result;
        if (mv_is_float_like(result))
            return mv_float_new(vm, mv_float_value(result));
        return mv_type_error(vm, "%T.__float__ returned non-float (type %T)", v, result);
    }
    if (mv_special(vm, cls, MV_SP_INDEX) != MV_UNASSIGNED) {
        MvValue index = mv_index(vm, v);
        return index == MV_EXC ? MV_EXC : from_int(vm, index);
    }
    if (is_str)
        return mv_float_from_str(vm, v);
    return mv_type_error(vm, "float() argument must be a string or a real number, not '%T'", v);
}

static MvValue float_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    /* A subclass with an __init__ of its own may take keywords. */
    bool none = cls == vm->classes[MV_CLASS_FLOAT] || mv_is_kind(mv_special(vm, cls, MV_SP_INIT), MV_KIND_BUILTIN);
    if (kwnames && none && !mv_keywords_none(vm, "float", kwnames))
        return MV_EXC;
    if (MV_UNLIKELY(nargs > 1) && !mv_count_args(vm, "float", nargs, 0, 1))
        return MV_EXC;
    MvValue v = nargs ? mv_float_from_any(vm, args[0]) : mv_float_new(vm, 0.0);
    if (v == MV_EXC || cls == vm->classes[MV_CLASS_FLOAT])
        return v;
    MvValue instance = mv_instance_new(vm, cls);
    if (instance != MV_EXC)
        MV_CAST(MvFloat, instance)->value = mv_float_value(v);
    return instance;
}

/* ---- operators ---- */
/* fmod, which is exact, by divisions of significands where the exponents are near: libm goes bit by bit. */
static double remainder_towards_zero(double a, double b)
{
    const uint64_t sign = (uint64_t)1 << 63, hidden = (uint64_t)1 << 52;
    uint64_t x = mv_double_bits(a) & ~sign, y = mv_double_bits(b) & ~sign;
    int x_exponent = (int)(x >> 52), y_exponent = (int)(y >> 52);
    if (x_exponent == 0x7FF || y_exponent == 0x7FF || y_exponent < 54)
        return fmod(a, b);
    if (x < y)
        return a;
    int distance = x_exponent - y_exponent;
    if (distance > 55)
        return fmod(a, b);
    uint64_t rest = (x & (hidden - 1)) | hidden, divisor = (y & (hidden - 1)) | hidden;
    for (; distance > 11; distance -= 11)
        rest = (rest << 11) % divisor;
    rest = (rest << distance) % divisor;
    double unit = mv_bits_double((uint64_t)(y_exponent - 52) << 52); /* of the last place of b */
    return copysign((double)rest * unit, a);
}

bool mv_float_mod(MvVM *vm, double a, double b, double *quotient, double *remainder)
{
    if (MV_UNLIKELY(b == 0.0)) {
        const char *text = !quotient ? "float modulo" : !remainder ? "float floor division by zero" : "float divmod()";
        mv_raise(vm, MV_EXC_ZeroDivisionError, "%s", text);
        return false;
    }
    double rest = remainder_towards_zero(a, b), whole = (a - rest) / b;
    if (rest == 0.0) {
        rest = copysign(0.0, b); /* the remainder has the sign of the divisor, also where it is zero */
    } else if ((b < 0) != (rest < 0)) {
        rest += b;
        whole -= 1.0;
    }
    if (quotient) {
        if (whole == 0.0) {
            *quotient = copysign(0.0, a / b);
        } else {
            double down = floor(whole);
            *quotient = whole - down > 0.5 ? down + 1.0 : down; /* whole is an integer but for rounding */
        }
    }
    if (remainder)
        *remainder = rest;
    return true;
}

MV_INLINE bool is_odd(double x) { return fabs(x) < 0x1p53 && x == floor(x) && ((int64_t)x & 1); }

/* pow(a, 0.5), where the square root is proven to be the same: pow is within 0.525 ulp of the root (glibc states 0.51 for the exponential, and
 * 1.5 * 2^-68 times up to 512 for the logarithm), so that it can only round to another double where the root lies nearly half way between two: it must not lie
 * within 0.05 ulp of that. */
static bool root_as_pow(double a, double *root)
{
    if (!(a > 0x1p-900 && a < 0x1p900))
        return false;
    double r = sqrt(a), rest = fma(-r, r, a); /* exact; the root is r + rest / 2r */
    uint64_t bits = mv_double_bits(r);
    double ulp = mv_bits_double(bits & (uint64_t)0x7FF << 52) * 0x1p-52;
    if (!(bits << 12))
        ulp /= 2; /* a power of two: doubles below it lie closer */
    *root = r;
    return fabs(rest) < 0.9 * r * ulp;
}

MvValue mv_float_power(MvVM *vm, double a, double b)
{
    if (b == 0.5) {
        double root;
        if (MV_LIKELY(root_as_pow(a, &root)))
            return mv_float_new(vm, root);
    }
    if (b == 0.0)
        return mv_float_new(vm, 1.0);
    if (isnan(a))
        return mv_float_new(vm, a);
    if (isnan(b))
        return mv_float_new(vm, a == 1.0 ? 1.0 : b);
    if (isinf(b)) {
        double magnitude = fabs(a);
        if (magnitude == 1.0)
            return mv_float_new(vm, 1.0);
        return mv_float_new(vm, (b > 0.0) == (magnitude > 1.0) ? fabs(b) : 0.0);
    }
    if (isinf(a)) {
        if (b > 0.0)
            return mv_float_new(vm, is_odd(b) ? a : fabs(a));
        return mv_float_new(vm, is_odd(b) ? copysign(0.0, a) : 0.0);
    }
    if (a == 0.0) {
        if (b < 0.0)
            return mv_raise(vm, MV_EXC_ZeroDivisionError, "0.0 cannot be raised to a negative power");
        return mv_float_new(vm, is_odd(b) ? a : 0.0);
    }
    bool negate = false;
    if (a < 0.0) {
        if (b != floor(b))
            return mv_raise_refused(vm, "complex");
        a = -a;
        negate = is_odd(b);
    }
    if (a == 1.0)
        return mv_float_new(vm, negate ? -1.0 : 1.0);
    double power = pow(a, b);
    if (isinf(power)) {
        MvValue args[2] = {mv_from_fixnum(34), mv_str_from_c(vm, "Numerical result out of range")};
        MvValue e = args[1] == MV_EXC ? MV_EXC : mv_exception_new(vm, vm->classes[MV_EXC_OverflowError], args, 2);
        return e == MV_EXC ? MV_EXC : mv_raise_object(vm, e);
    }
    return mv_float_new(vm, negate ? -power : power);
}

static MvValue divmod_pair(MvVM *vm, double a, double b)
{
    double quotient, remainder;
    if (!mv_float_mod(vm, a, b, &quotient, &remainder))
        return MV_EXC;
    MvValue items[2] = {mv_float_new(vm, quotient), MV_UNASSIGNED};
    items[1] = items[0] == MV_EXC ? MV_EXC : mv_float_new(vm, remainder);
    return items[1] == MV_EXC ? MV_EXC : mv_tuple_from(vm, items, 2);
}

/* 1: the double of a number; 0: not a number; -1: raised */
MV_INLINE int operand(MvVM *vm, MvValue v, double *out)
{
    if (MV_LIKELY(mv_is_float(v))) {
        *out = mv_word_double(v);
        return 1;
    }
    if (mv_is_int(v)) {
        *out = (double)mv_to_fixnum(v);
        return 1;
    }
    if (mv_object(v)->kind == MV_KIND_FLOAT) {
        *out = MV_CAST(MvFloat, v)->value;
        return 1;
    }
    if (!mv_is_int_like(v))
        return 0;
    return mv_int_as_double(vm, v, out) ? 1 : -1;
}

static MvValue float_binary(MvVM *vm, int op, MvValue a, MvValue b)
{
    double x, y, result;
    int status = operand(vm, a, &x);
    if (status > 0)
        status = operand(vm, b, &y);
    if (status <= 0)
        return status ? MV_EXC : MV_NOTIMPLEMENTED;
    switch (op) {
    case MV_BINARY_ADD: return mv_float_new(vm, x + y);
    case MV_BINARY_SUB: return mv_float_new(vm, x - y);
    case MV_BINARY_MUL: return mv_float_new(vm, x * y);
    case MV_BINARY_TRUEDIV:
        if (MV_UNLIKELY(y == 0.0))
            return mv_raise(vm, MV_EXC_ZeroDivisionError, "float division by zero");
        return mv_float_new(vm, x / y);
    case MV_BINARY_FLOORDIV: return mv_float_mod(vm, x, y, &result, NULL) ? mv_float_new(vm, result) : MV_EXC;
    case MV_BINARY_MOD: return mv_float_mod(vm, x, y, NULL, &result) ? mv_float_new(vm, result) : MV_EXC;
    case MV_BINARY_DIVMOD: return divmod_pair(vm, x, y);
    case MV_BINARY_POW: return mv_float_power(vm, x, y);
    default: return MV_NOTIMPLEMENTED;
    }
}

/* ---- slots ---- */
static MvValue float_repr(MvVM *vm, MvValue self) { return mv_float_repr(vm, mv_float_value(self)); }

static bool float_hash(MvVM *vm, MvValue self, uint64_t *hash)
{
    double x = mv_float_value(self);
    /* NaNs hash by identity, as object does */
    *hash = MV_LIKELY(!isnan(x)) ? (uint64_t)mv_hash_double(x) : self >> 4 | self << 60;
    return true;
}

static MvValue float_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (!mv_is_float_like(b) && !mv_is_int_like(b))
        return MV_NOTIMPLEMENTED;
    return mv_bool(mv_number_compare(a, b, op));
}

static MvValue float_unary(MvVM *vm, int special, MvValue a)
{
    double x = mv_float_value(a);
    switch (special) {
    case MV_SP_NEG: return mv_float_new(vm, -x);
    case MV_SP_ABS: return mv_float_new(vm, fabs(x));
    case MV_SP_POS:
    case MV_SP_FLOAT: return mv_is_exact_float(vm, a) ? a : mv_float_new(vm, x);
    case MV_SP_INT: return mv_int_from_double(vm, x);
    default: return MV_NOTIMPLEMENTED;
    }
}

static int float_truth(MvVM *vm, MvValue self) { return mv_float_value(self) != 0.0; }

static MvValue get_real(MvVM *vm, MvValue self) { return float_unary(vm, MV_SP_POS, self); }
static MvValue get_imag(MvVM *vm, MvValue self) { return mv_float_new(vm, 0.0); }

static const MvGetSetDef getsets[] = {
    {"real", get_real, NULL},
    {"imag", get_imag, NULL},
    {0},
};

const MvTypeDef mv_type_FLOAT = {
    .kind = MV_KIND_FLOAT,
    .size = sizeof(MvFloat),
    .repr = float_repr,
    .hash = float_hash,
    .compare = float_compare,
    .binary = float_binary,
    .unary = float_unary,
    .truth = float_truth,
    .make = float_make,
    .format = mv_format_float_object,
    .methods = mv_float_methods,
    .getsets = getsets
};
