/* The class int: constructor, slots, methods and attributes.
 *
 * Reached through mv_type_INT; bool inherits its slots and methods. Methods return exact ints for instances of
 * subclasses. */
#include "format_spec.h"
#include "numbers.h"
#include "siphash.h"

/* ---- construction ---- */
static MvValue convert(MvVM *vm, MvValue x, MvValue base)
{
    if (x == MV_UNASSIGNED) {
        if (base != MV_UNASSIGNED)
            return mv_type_error(vm, "int() missing string argument");
        return mv_from_fixnum(0);
    }
    if (base == MV_UNASSIGNED)
        return mv_int_from_any(vm, x);
    int64_t radix;
    if (!mv_index_i64(vm, base, &radix, true))
        return MV_EXC;
    if ((radix != 0 && radix < 2) || radix > 36)
        return mv_value_error(vm, "int() base must be >= 2 and <= 36, or 0");
    if (!mv_is_kind(x, MV_KIND_STR))
        return mv_type_error(vm, "int() can't convert non-string with explicit base");
    return mv_int_from_str(vm, x, (int)radix);
}

static MvValue int_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue bound[2] = {MV_UNASSIGNED, MV_UNASSIGNED};
    if (MV_LIKELY(!kwnames && nargs <= 2)) {
        for (int64_t i = 0; i < nargs; i++)
            bound[i] = args[i];
    } else if (!mv_bind(vm, "int", "x?,/,base?", args, nargs, kwnames, bound)) {
        return MV_EXC;
    }
    MvValue v = convert(vm, bound[0], bound[1]);
    if (v == MV_EXC || cls == vm->classes[MV_CLASS_INT])
        return v;
    return mv_int_subclass_new(vm, cls, v);
}

/* ---- slots ---- */
static MvValue int_repr(MvVM *vm, MvValue self) { return mv_int_to_str(vm, self, 10, false); }

static bool int_hash(MvVM *vm, MvValue self, uint64_t *hash)
{
    MvValue v = mv_int_plain(self);
    if (mv_is_int(v)) {
        *hash = (uint64_t)mv_hash_int(mv_to_fixnum(v));
    } else {
        MvIntView view;
        mv_int_view(v, &view);
        *hash = (uint64_t)mv_hash_natural(view.limbs, (size_t)view.count, view.negative);
    }
    return true;
}

static MvValue int_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (!mv_is_int_like(b) || !mv_is_int_like(a))
        return MV_NOTIMPLEMENTED;
    return mv_bool(mv_double_order_truth(mv_int_order(a, b), op));
}

static MvValue int_unary(MvVM *vm, int special, MvValue a)
{
    switch (special) {
    case MV_SP_NEG: return mv_int_negate(vm, a);
    case MV_SP_ABS: return mv_int_sign(a) < 0 ? mv_int_negate(vm, a) : mv_int_exact(vm, a);
    case MV_SP_INVERT: return mv_int_invert(vm, a);
    case MV_SP_POS:
    case MV_SP_INT:
    case MV_SP_INDEX: return mv_int_exact(vm, a);
    case MV_SP_FLOAT: {
        double d;
        return mv_int_as_double(vm, a, &d) ? mv_float_new(vm, d) : MV_EXC;
    }
    default: return MV_NOTIMPLEMENTED;
    }
}

static int int_truth(MvVM *vm, MvValue self) { return mv_int_sign(self) != 0; }

/* ---- methods ---- */
#define METHOD(name) static MvValue method_##name(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
METHOD(self) { return mv_int_exact(vm, args[0]); }

/* self to the nearest multiple of 10 ** digits, ties to the even multiple. */
static MvValue round_to_ten(MvVM *vm, MvValue self, int64_t digits)
{
    /* A number of b bits is less than 10 ** (b * 0.302 + 1); below half of the power it rounds to 0. */
    if (digits > mv_int_bit_length(self) / 3 + 2)
        return mv_from_fixnum(0);
    MvValue unit = mv_int_power(vm, mv_from_fixnum(10), mv_from_fixnum(digits)), quotient, rest;
    if (unit == MV_EXC || !mv_int_divmod(vm, self, unit, &quotient, &rest))
        return MV_EXC;
    MvValue doubled = mv_int_add(vm, rest, rest);
    if (doubled == MV_EXC)
        return MV_EXC;
    int order = mv_int_order(doubled, unit);
    MvIntView view;
    mv_int_view(quotient, &view);
    bool odd = view.count && (view.limbs[0] & 1);
    MvValue rounded = mv_int_subtract(vm, mv_int_exact(vm, self), rest);
    if (rounded == MV_EXC || order < 0 || (order == 0 && !odd))
        return rounded;
    return mv_int_add(vm, rounded, unit);
}

METHOD(round)
{
    if (nargs < 2)
        return mv_int_exact(vm, args[0]);
    MvValue ndigits = mv_index(vm, args[1]);
    if (ndigits == MV_EXC)
        return MV_EXC;
    if (mv_int_sign(ndigits) >= 0)
        return mv_int_exact(vm, args[0]);
    int64_t digits;
    if (!mv_int_to_i64(ndigits, &digits) || digits == INT64_MIN)
        return mv_from_fixnum(0);
    return round_to_ten(vm, args[0], -digits);
}

METHOD(getnewargs)
{
    MvValue v = mv_int_exact(vm, args[0]);
    return v == MV_EXC ? MV_EXC : mv_tuple_from(vm, &v, 1);
}

/* CPython's object: a header of 24 bytes and digits of 30 bits, at least one. */
METHOD(sizeof)
{
    int64_t digits = (mv_int_bit_length(args[0]) + 29) / 30;
    return mv_from_fixnum(24 + 4 * (digits ? digits : 1));
}

METHOD(as_integer_ratio)
{
    MvValue items[2] = {mv_int_exact(vm, args[0]), mv_from_fixnum(1)};
    return items[0] == MV_EXC ? MV_EXC : mv_tuple_from(vm, items, 2);
}

METHOD(bit_count) { return mv_from_fixnum(mv_int_bit_count(args[0])); }
METHOD(bit_length) { return mv_from_fixnum(mv_int_bit_length(args[0])); }
METHOD(bytes) { return mv_raise_refused(vm, "bytes"); }

static const MvMethodDef methods[] = {
    {"conjugate", method_self, 0, 0, 0, NULL},
    {"bit_length", method_bit_length, 0, 0, 0, NULL},
    {"bit_count", method_bit_count, 0, 0, 0, NULL},
    {"to_bytes", method_bytes, 0, -1, MV_DEF_RAW_KEYWORDS, NULL},
    {"from_bytes", method_bytes, 0, -1, MV_DEF_CLASS | MV_DEF_RAW_KEYWORDS, NULL},
    {"as_integer_ratio", method_as_integer_ratio, 0, 0, 0, NULL},
    {"__trunc__", method_self, 0, 0, 0, NULL},
    {"__floor__", method_self, 0, 0, 0, NULL},
    {"__ceil__", method_self, 0, 0, 0, NULL},
    {"__round__", method_round, 0, 1, 0, NULL},
    {"__getnewargs__", method_getnewargs, 0, 0, 0, NULL},
    {"__sizeof__", method_sizeof, 0, 0, 0, NULL},
    {0},
};

/* ---- attributes ---- */
static MvValue get_self(MvVM *vm, MvValue self) { return mv_int_exact(vm, self); }
static MvValue get_zero(MvVM *vm, MvValue self) { return mv_from_fixnum(0); }
static MvValue get_one(MvVM *vm, MvValue self) { return mv_from_fixnum(1); }

static const MvGetSetDef getsets[] = {
    {"real", get_self, NULL},
    {"imag", get_zero, NULL},
    {"numerator", get_self, NULL},
    {"denominator", get_one, NULL},
    {0},
};

const MvTypeDef mv_type_INT = {
    .kind = MV_KIND_INT,
    .size = sizeof(MvInt),
    .repr = int_repr,
    .hash = int_hash,
    .compare = int_compare,
    .binary = mv_int_binary,
    .unary = int_unary,
    .truth = int_truth,
    .make = int_make,
    .format = mv_format_int,
    .methods = methods,
    .getsets = getsets,
};
