/* builtin_numbers.c: the builtin functions about numbers and characters. */
#include "builtin.h"

#include <limits.h>

MV_BUILTIN(abs)
{
    if (mv_is_int(args[0]) && args[0] != mv_from_fixnum(MV_FIXNUM_MIN))
        return (int64_t)args[0] < 0 ? 0 - args[0] : args[0];
    return mv_unary(vm, MV_SP_ABS, args[0]);
}

static MvValue in_base(MvVM *vm, MvValue v, int base)
{
    MvValue index = mv_index(vm, v);
    return index == MV_EXC ? MV_EXC : mv_int_to_str(vm, index, base, true);
}

MV_BUILTIN(bin)
{
    return in_base(vm, args[0], 2);
}

MV_BUILTIN(oct)
{
    return in_base(vm, args[0], 8);
}

MV_BUILTIN(hex)
{
    return in_base(vm, args[0], 16);
}

MV_BUILTIN(chr)
{
    int64_t c;
    MvValue index = mv_index(vm, args[0]);
    if (index == MV_EXC)
        return MV_EXC;
    if (!mv_int_to_i64(index, &c) || c > INT_MAX || c < INT_MIN)
        return mv_raise(vm, MV_EXC_OverflowError, "Python int too large to convert to C int");
    if (c < 0 || c > 0x10FFFF)
        return mv_value_error(vm, "chr() arg not in range(0x110000)");
    return mv_str_from_char(vm, (uint32_t)c);
}

MV_BUILTIN(ord)
{
    if (!mv_has_kind(args[0], MV_KIND_STR))
        return mv_type_error(vm, "ord() expected string of length 1, but %T found", args[0]);
    const MvStr *s = MV_CAST(MvStr, args[0]);
    if (s->length != 1)
        return mv_type_error(vm, "ord() expected a character, but string of length %d found", s->length);
    return mv_from_fixnum(mv_str_char(s, 0));
}

MV_BUILTIN(divmod)
{
    return mv_binary(vm, MV_BINARY_DIVMOD, args[0], args[1]);
}

MV_BUILTIN(pow)
{
    return mv_power(vm, args[0], args[1], args[2] == MV_UNASSIGNED ? MV_NONE : args[2]);
}

MV_BUILTIN(round)
{
    MvClass *cls = mv_class_of(vm, args[0]);
    MvValue method = mv_special(vm, cls, MV_SP_ROUND);
    if (method == MV_UNASSIGNED)
        return mv_type_error(vm, "type %N doesn't define __round__ method", cls);
    bool digits = args[1] != MV_UNASSIGNED && args[1] != MV_NONE;
    return mv_call_special(vm, method, args[0], args + 1, digits);
}

/* ---- sum ---- */

/* The items from here on by `+`. */
static MvValue sum_values(MvVM *vm, MvEach *each, MvValue total, MvValue v)
{
    for (;;) {
        if (v == MV_UNASSIGNED)
            return total;
        if (v == MV_EXC)
            return MV_EXC;
        total = mv_binary(vm, MV_BINARY_ADD, total, v);
        if (total == MV_EXC || mv_poll(vm))
            return MV_EXC;
        v = mv_each_next(vm, each);
    }
}

/* As CPython: plain double addition while the items are exact floats or ints that fit a C long. */
static MvValue sum_floats(MvVM *vm, MvEach *each, double total)
{
    for (uint32_t steps = 0;; steps++) {
        MvValue v = mv_each_next(vm, each);
        int64_t i;
        if (mv_is_float(v))
            total += mv_word_double(v);
        else if (v == MV_UNASSIGNED)
            return mv_float_new(vm, total);
        else if (v == MV_EXC)
            return MV_EXC;
        else if (mv_is_exact(vm, v, MV_CLASS_FLOAT))
            total += mv_float_value(v);
        else if (mv_is_int_like(v) && mv_int_to_i64(v, &i))
            total += (double)i;
        else {
            MvValue so_far = mv_float_new(vm, total);
            return so_far == MV_EXC ? MV_EXC : sum_values(vm, each, so_far, v);
        }
        if ((steps & 1023) == 1023 && mv_poll(vm))
            return MV_EXC;
    }
}

static MvValue sum_ints(MvVM *vm, MvEach *each, int64_t total)
{
    for (uint32_t steps = 0;; steps++) {
        MvValue v = mv_each_next(vm, each);
        int64_t i, sum;
        if (MV_LIKELY(mv_is_int(v)))
            i = mv_to_fixnum(v);
        else if (v == MV_UNASSIGNED)
            return mv_int_from_i64(vm, total);
        else if (v == MV_EXC)
            return MV_EXC;
        else if (v == MV_TRUE || v == MV_FALSE)
            i = v == MV_TRUE;
        else
            goto other;
        if (__builtin_add_overflow(total, i, &sum))
            goto other;
        total = sum;
        if ((steps & 1023) == 1023 && mv_poll(vm))
            return MV_EXC;
        continue;
    other:;
        MvValue so_far = mv_int_from_i64(vm, total);
        so_far = so_far == MV_EXC ? MV_EXC : mv_binary(vm, MV_BINARY_ADD, so_far, v);
        if (so_far == MV_EXC)
            return MV_EXC;
        if (mv_is_exact(vm, so_far, MV_CLASS_FLOAT))
            return sum_floats(vm, each, mv_float_value(so_far));
        return sum_values(vm, each, so_far, mv_each_next(vm, each));
    }
}

MV_BUILTIN(sum)
{
    MvValue start = args[1] == MV_UNASSIGNED ? mv_from_fixnum(0) : args[1];
    MvEach each;
    if (!mv_each_begin(vm, &each, args[0]))
        return MV_EXC;
    if (mv_has_kind(start, MV_KIND_STR))
        return mv_type_error(vm, "sum() can't sum strings [use ''.join(seq) instead]");
    int64_t i;
    if (mv_is_exact(vm, start, MV_CLASS_INT) && mv_int_to_i64(start, &i))
        return sum_ints(vm, &each, i);
    if (mv_is_exact(vm, start, MV_CLASS_FLOAT))
        return sum_floats(vm, &each, mv_float_value(start));
    return sum_values(vm, &each, start, mv_each_next(vm, &each));
}
