/* builtin_functions.c: the table of the builtin functions, and those about iteration and text.
 *
 * Numbers are in builtin_numbers.c, attributes and classes in builtin_reflect.c, output and input in builtin_print.c,
 * open in file.c, __build_class__ in build_class.c. Each takes Python's arguments as type.h describes; counts are
 * checked by function.c. */
#include "builtin.h"
#include "calling.h"

#include <limits.h>

/* ---- iteration ---- */

static MvValue all_or_any(MvVM *vm, MvValue iterable, bool stop_at)
{
    MvEach each;
    if (!mv_each_begin(vm, &each, iterable))
        return MV_EXC;
    for (uint32_t steps = 0;; steps++) {
        MvValue v = mv_each_next(vm, &each);
        if (v == MV_UNASSIGNED)
            return mv_bool(!stop_at);
        if (v == MV_EXC)
            return MV_EXC;
        int truth = v == MV_TRUE ? 1 : v == MV_FALSE ? 0 : mv_truth(vm, v);
        if (truth < 0)
            return MV_EXC;
        if (truth == stop_at)
            return mv_bool(stop_at);
        if ((steps & 1023) == 1023 && mv_poll(vm))
            return MV_EXC;
    }
}

MV_BUILTIN(all)
{
    return all_or_any(vm, args[0], false);
}

MV_BUILTIN(any)
{
    return all_or_any(vm, args[0], true);
}

MV_BUILTIN(iter)
{
    if (nargs == 1)
        return mv_iter(vm, args[0]);
    if (!mv_is_callable(vm, args[0]))
        return mv_type_error(vm, "iter(v, w): v must be callable");
    return mv_iter_new(vm, MV_CLASS_CALLABLE_ITERATOR, args[0], args[1], MV_NONE);
}

MV_BUILTIN(next)
{
    MvValue iterator = args[0], fallback = nargs == 2 ? args[1] : MV_UNASSIGNED, v;
    if (mv_has_kind(iterator, MV_KIND_GENERATOR)) {
        MvValue more = mv_generator_send(vm, MV_CAST(MvGenerator, iterator), MV_NONE, &v);
        if (more == MV_EXC)
            v = MV_EXC;
        else if (more == MV_FALSE)
            return fallback != MV_UNASSIGNED ? fallback : mv_raise_stop_iteration(vm, v);
    } else {
        MvClass *cls = mv_class_of(vm, iterator);
        MvValue method = cls->flags & MV_CLASSF_BUILTIN ? MV_UNASSIGNED : mv_special(vm, cls, MV_SP_NEXT);
        if (method != MV_UNASSIGNED)
            v = mv_call_special(vm, method, iterator, NULL, 0); /* a StopIteration keeps its value */
        else if (cls->flags & MV_CLASSF_BUILTIN && cls->def->next)
            v = mv_has_stack(vm) ? cls->def->next(vm, iterator) : MV_EXC; /* as does what a function of map()'s raises */
        else
            v = mv_next(vm, iterator);
    }
    if (v == MV_UNASSIGNED)
        return fallback != MV_UNASSIGNED ? fallback : mv_raise_stop_iteration(vm, MV_NONE);
    if (v == MV_EXC && fallback != MV_UNASSIGNED && mv_exception_is(vm, MV_EXC_StopIteration)) {
        mv_exception_take(vm);
        return fallback;
    }
    return v;
}

MV_BUILTIN(len)
{
    int64_t length = mv_length(vm, args[0]);
    return length < 0 ? MV_EXC : mv_int_from_i64(vm, length);
}

/* The largest or smallest; op: MV_COMPARE_GT or MV_COMPARE_LT. */
static MvValue extreme(MvVM *vm, const char *name, int op, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue key = MV_NONE, fallback = MV_UNASSIGNED;
    if (nargs == 0)
        return mv_type_error(vm, "%s expected at least 1 argument, got 0", name);
    const MvTuple *keywords = kwnames ? MV_CAST(MvTuple, kwnames) : NULL;
    for (int64_t i = 0; keywords && i < keywords->length; i++) {
        if (mv_str_is_c(keywords->items[i], "key"))
            key = args[nargs + i];
        else if (mv_str_is_c(keywords->items[i], "default"))
            fallback = args[nargs + i];
        else
            return mv_type_error(vm, "'%S' is an invalid keyword argument for %s()", keywords->items[i], name);
    }
    if (nargs > 1 && fallback != MV_UNASSIGNED)
        return mv_type_error(vm, "Cannot specify a default for %s() with multiple positional arguments", name);
    MvEach each;
    if (nargs == 1 && !mv_each_begin(vm, &each, args[0]))
        return MV_EXC;
    MvValue best = MV_UNASSIGNED, best_key = MV_UNASSIGNED;
    for (int64_t i = 0;; i++) {
        MvValue v = nargs == 1 ? mv_each_next(vm, &each) : i < nargs ? args[i] : MV_UNASSIGNED;
        if (v == MV_UNASSIGNED)
            break;
        if (v == MV_EXC)
            return MV_EXC;
        MvValue v_key = key == MV_NONE ? v : mv_call1(vm, key, v);
        if (v_key == MV_EXC)
            return MV_EXC;
        if (best != MV_UNASSIGNED) {
            int better;
            if (MV_LIKELY(mv_both_int(v_key, best_key) && vm->depth < vm->depth_limit))
                better = op == MV_COMPARE_GT ? (int64_t)v_key > (int64_t)best_key : (int64_t)v_key < (int64_t)best_key;
            else
                better = mv_compare_truth(vm, op, v_key, best_key);
            if (better < 0)
                return MV_EXC;
            if (!better)
                v = MV_UNASSIGNED;
        }
        if (v != MV_UNASSIGNED) {
            best = v;
            best_key = v_key;
        }
        if ((i & 1023) == 1023 && mv_poll(vm))
            return MV_EXC;
    }
    if (best != MV_UNASSIGNED)
        return best;
    return fallback != MV_UNASSIGNED ? fallback : mv_value_error(vm, "%s() arg is an empty sequence", name);
}

MV_BUILTIN(max)
{
    return extreme(vm, "max", MV_COMPARE_GT, args, nargs, kwnames);
}

MV_BUILTIN(min)
{
    return extreme(vm, "min", MV_COMPARE_LT, args, nargs, kwnames);
}

MV_BUILTIN(sorted)
{
    MvValue key = MV_NONE;
    bool reverse = false;
    if (!mv_count_args(vm, "sorted", nargs, 1, 1))
        return MV_EXC;
    MvValue list = mv_list_from_iterable(vm, args[0]); /* before the keywords, as in CPython */
    if (list == MV_EXC)
        return MV_EXC;
    const MvTuple *keywords = kwnames ? MV_CAST(MvTuple, kwnames) : NULL;
    for (int64_t i = 0; keywords && i < keywords->length; i++) {
        MvValue v = args[nargs + i];
        if (mv_str_is_c(keywords->items[i], "key")) {
            key = v;
        } else if (mv_str_is_c(keywords->items[i], "reverse")) {
            int64_t flag;
            MvValue index = mv_index(vm, v);
            if (index == MV_EXC)
                return MV_EXC;
            if (!mv_int_to_i64(index, &flag) || flag > INT_MAX || flag < INT_MIN)
                return mv_raise(vm, MV_EXC_OverflowError, "Python int too large to convert to C int");
            reverse = flag != 0;
        } else {
            return mv_type_error(vm, "'%S' is an invalid keyword argument for sort()", keywords->items[i]);
        }
    }
    if (!mv_enter(vm, MV_WHILE_CALLING)) /* CPython calls list.sort */
        return MV_EXC;
    bool sorted = mv_list_sort(vm, MV_CAST(MvList, list), key, reverse);
    mv_leave(vm);
    return sorted ? list : MV_EXC;
}

/* ---- text ---- */

MV_BUILTIN(ascii)
{
    return mv_ascii(vm, args[0]);
}

MV_BUILTIN(repr)
{
    return mv_repr(vm, args[0]);
}

MV_BUILTIN(format)
{
    MvValue spec = nargs == 2 ? args[1] : vm->empty_str;
    if (!mv_has_kind(spec, MV_KIND_STR))
        return mv_type_error(vm, "format() argument 2 must be str, not %t", spec);
    return mv_format(vm, args[0], spec);
}

/* ---- the table ---- */

#define COUNTED(name, min, max, flags) {#name, mv_builtin_##name, min, max, MV_DEF_ANY_SELF | MV_DEF_COUNTED | (flags), NULL}
#define EXACT(name, count) {#name, mv_builtin_##name, count, count, MV_DEF_ANY_SELF, NULL}
#define RANGE(name, min, max) {#name, mv_builtin_##name, min, max, MV_DEF_ANY_SELF, NULL}
#define BOUND(name, params) {#name, mv_builtin_##name, 0, -1, MV_DEF_ANY_SELF, params}
#define RAW(name) {#name, mv_builtin_##name, 0, -1, MV_DEF_ANY_SELF | MV_DEF_RAW_KEYWORDS, NULL}

const MvMethodDef mv_builtin_functions[] = {
    EXACT(abs, 1),
    EXACT(all, 1),
    EXACT(any, 1),
    EXACT(ascii, 1),
    EXACT(bin, 1),
    EXACT(callable, 1),
    EXACT(chr, 1),
    EXACT(delattr, 2),
    COUNTED(dir, 0, 1, 0),
    EXACT(divmod, 2),
    RANGE(format, 1, 2),
    RANGE(getattr, 2, 3),
    EXACT(globals, 0),
    EXACT(hasattr, 2),
    EXACT(hash, 1),
    EXACT(hex, 1),
    EXACT(id, 1),
    RANGE(input, 0, 1),
    EXACT(isinstance, 2),
    EXACT(issubclass, 2),
    RANGE(iter, 1, 2),
    {"len", mv_builtin_len, 1, 1, MV_DEF_ANY_SELF | MV_DEF_UNCOUNTED, NULL},
    EXACT(locals, 0),
    COUNTED(max, 0, -1, MV_DEF_RAW_KEYWORDS),
    COUNTED(min, 0, -1, MV_DEF_RAW_KEYWORDS),
    RANGE(next, 1, 2),
    EXACT(oct, 1),
    BOUND(open, "file,mode?,buffering?,encoding?,errors?,newline?,closefd?,opener?"),
    EXACT(ord, 1),
    BOUND(pow, "base,exp,mod?"),
    RAW(print),
    EXACT(repr, 1),
    BOUND(round, "number,ndigits?"),
    EXACT(setattr, 3),
    RAW(sorted),
    BOUND(sum, "iterable,/,start?"),
    COUNTED(vars, 0, 1, 0),
    EXACT(__display__, 1),
    {0},
};
