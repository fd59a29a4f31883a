/* The methods of float, reached through mv_type_FLOAT. Digits, hexadecimal text and decimal rounding come from
 * floatrepr.h. */
#include "floatrepr.h"
#include "numbers.h"
#include "str.h"
#include <math.h>

static MvValue method_self(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_is_exact_float(vm, args[0]) ? args[0] : mv_float_new(vm, mv_float_value(args[0]));
}

static MvValue method_trunc(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_int_from_double(vm, mv_float_value(args[0]));
}

static MvValue method_floor(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_int_from_double(vm, floor(mv_float_value(args[0])));
}

static MvValue method_ceil(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_int_from_double(vm, ceil(mv_float_value(args[0])));
}

static MvValue method_round(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    double x = mv_float_value(args[0]), rounded;
    if (nargs < 2 || args[1] == MV_NONE) {
        rounded = round(x);
        if (fabs(x - rounded) == 0.5) /* halfway: to the even one */
            rounded = 2.0 * round(x / 2.0);
        return mv_int_from_double(vm, rounded);
    }
    int64_t ndigits;
    if (!mv_index_i64(vm, args[1], &ndigits, true))
        return MV_EXC;
    if (!mv_float_round(x, ndigits, &rounded))
        return mv_raise(vm, MV_EXC_OverflowError, "rounded value too large to represent");
    return mv_float_new(vm, rounded);
}

static MvValue method_as_integer_ratio(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    double x = mv_float_value(args[0]);
    if (isinf(x))
        return mv_raise(vm, MV_EXC_OverflowError, "cannot convert Infinity to integer ratio");
    if (isnan(x))
        return mv_value_error(vm, "cannot convert NaN to integer ratio");
    int exponent;
    int64_t numerator = (int64_t)ldexp(frexp(x, &exponent), 53);
    exponent -= 53;
    if (numerator) {
        int zeros = __builtin_ctzll((uint64_t)numerator);
        numerator >>= zeros;
        exponent += zeros;
    } else {
        exponent = 0;
    }
    MvValue items[2] = {mv_from_fixnum(numerator), mv_from_fixnum(1)};
    int scaled = exponent < 0;
    items[scaled] = mv_int_shift_left(vm, items[scaled], mv_from_fixnum(scaled ? -exponent : exponent));
    return items[scaled] == MV_EXC ? MV_EXC : mv_tuple_from(vm, items, 2);
}

static MvValue method_is_integer(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    double x = mv_float_value(args[0]);
    return mv_bool(isfinite(x) && floor(x) == x);
}

static MvValue method_hex(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    char text[MV_FLOAT_HEX_MAX];
    return mv_str_from_ascii(vm, text, (int64_t)mv_float_hex(mv_float_value(args[0]), text));
}

static MvValue method_fromhex(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (!mv_is_kind(args[1], MV_KIND_STR))
        return mv_type_error(vm, "bad argument type for built-in operation");
    MvRaw *utf8 = mv_str_to_utf8(vm, args[1], 0);
    if (!utf8)
        return MV_EXC;
    double x;
    MvFloatHexStatus status = mv_float_from_hex((const char *)utf8->data, (size_t)utf8->used, &x);
    if (status == MV_FLOAT_HEX_INVALID)
        return mv_value_error(vm, "invalid hexadecimal floating-point string");
    if (status == MV_FLOAT_HEX_OVERFLOW)
        return mv_raise(vm, MV_EXC_OverflowError, "hexadecimal value too large to represent as a float");
    MvValue v = mv_float_new(vm, x);
    if (v == MV_EXC || args[0] == mv_value(vm->classes[MV_CLASS_FLOAT]))
        return v;
    return mv_call1(vm, args[0], v);
}

static MvValue method_getformat(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (!mv_is_kind(args[1], MV_KIND_STR))
        return mv_type_error(vm, "__getformat__() argument must be str, not %t", args[1]);
    if (!mv_str_is_c(args[1], "double") && !mv_str_is_c(args[1], "float"))
        return mv_value_error(vm, "__getformat__() argument 1 must be 'double' or 'float'");
    return mv_str_from_c(vm, "IEEE, little-endian");
}

static MvValue method_getnewargs(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue v = mv_float_new(vm, mv_float_value(args[0]));
    return v == MV_EXC ? MV_EXC : mv_tuple_from(vm, &v, 1);
}

const MvMethodDef mv_float_methods[] = {
    {"conjugate", method_self, 0, 0, 0, NULL},
    {"__trunc__", method_trunc, 0, 0, 0, NULL},
    {"__floor__", method_floor, 0, 0, 0, NULL},
    {"__ceil__", method_ceil, 0, 0, 0, NULL},
    {"__round__", method_round, 0, 1, 0, NULL},
    {"as_integer_ratio", method_as_integer_ratio, 0, 0, 0, NULL},
    {"fromhex", method_fromhex, 1, 1, MV_DEF_CLASS, NULL},
    {"hex", method_hex, 0, 0, 0, NULL},
    {"is_integer", method_is_integer, 0, 0, 0, NULL},
    {"__getnewargs__", method_getnewargs, 0, 0, 0, NULL},
    {"__getformat__", method_getformat, 1, 1, MV_DEF_CLASS, NULL},
    {0},
};
