/* enumerate, zip, map and filter. Use of the fields of MvIter:
 *
 *   enumerate  a: the inner iterator; b: the next index, an int of any size
 *   zip        a: the tuple of iterators; b: True if strict
 *   map        a: the tuple of iterators; b: the function
 *   filter     a: the inner iterator; b: the function, or None
 *
 * These ask their inner iterators each time: they have no state "exhausted" of their own. */
#include "sequence.h"

MV_INLINE MvIter *as_iter(MvValue v) { return MV_CAST(MvIter, v); }

static MvValue iter_self(MvVM *vm, MvValue self) { return self; }

/* A tuple of iterators over the arguments. */
static MvValue iterators_over(MvVM *vm, const MvValue *args, int64_t count)
{
    MvTuple *tuple = mv_tuple_new(vm, count);
    if (!tuple)
        return MV_EXC;
    for (int64_t i = 0; i < count; i++) {
        MvValue iterator = mv_iter(vm, args[i]);
        if (iterator == MV_EXC)
            return MV_EXC;
        mv_store(vm, tuple, &tuple->items[i], iterator);
    }
    return mv_value(tuple);
}

/* ---- enumerate ---- */

static bool is_keyword(MvVM *vm, MvValue name, const char *expected)
{
    if (mv_str_is_c(name, expected))
        return true;
    mv_type_error(vm, "'%S' is an invalid keyword argument for enumerate()", name);
    return false;
}

static MvValue enumerate_new(MvVM *vm, MvValue iterable, MvValue start)
{
    MvValue index = mv_from_fixnum(0);
    if (start != MV_UNASSIGNED) {
        index = mv_index(vm, start);
        if (index == MV_EXC || (index = mv_int_exact(vm, index)) == MV_EXC)
            return MV_EXC;
    }
    MvValue inner = mv_iter(vm, iterable);
    return inner == MV_EXC ? MV_EXC : mv_iter_new(vm, MV_CLASS_ENUMERATE, inner, index, 0);
}

static MvValue enumerate_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    int64_t keywords = kwnames ? MV_CAST(MvTuple, kwnames)->length : 0;
    const MvValue *names = keywords ? MV_CAST(MvTuple, kwnames)->items : NULL;
    if (nargs == 0 && (keywords == 0 || keywords > 2))
        return mv_type_error(vm, "enumerate() missing required argument 'iterable'");
    if (nargs + keywords > 2)
        return mv_type_error(vm, "enumerate() takes at most 2 arguments (%d given)", nargs + keywords);
    if (nargs == 2 || (nargs == 1 && keywords == 0))
        return enumerate_new(vm, args[0], nargs == 2 ? args[1] : MV_UNASSIGNED);
    if (nargs == 1)
        return is_keyword(vm, names[0], "start") ? enumerate_new(vm, args[0], args[1]) : MV_EXC;
    if (keywords == 1)
        return is_keyword(vm, names[0], "iterable") ? enumerate_new(vm, args[0], MV_UNASSIGNED) : MV_EXC;
    if (mv_str_is_c(names[0], "start"))
        return is_keyword(vm, names[1], "iterable") ? enumerate_new(vm, args[1], args[0]) : MV_EXC;
    if (!is_keyword(vm, names[0], "iterable") || !is_keyword(vm, names[1], "start"))
        return MV_EXC;
    return enumerate_new(vm, args[0], args[1]);
}

static MvValue enumerate_next(MvVM *vm, MvValue self)
{
    MvIter *it = as_iter(self);
    MvValue item = mv_iter_step(vm, it->a);
    if (item == MV_EXC || item == MV_UNASSIGNED)
        return item;
    MvValue index = it->b, next = mv_int_binary(vm, MV_BINARY_ADD, index, mv_from_fixnum(1));
    if (next == MV_EXC)
        return MV_EXC;
    mv_store(vm, it, &it->b, next);
    return mv_tuple_pair(vm, index, item);
}

static MvValue enumerate_class_get_item(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_generic_alias(vm, args[0], args[1]);
}

static const MvMethodDef enumerate_methods[] = {
    {"__class_getitem__", enumerate_class_get_item, 1, 1, MV_DEF_CLASS, NULL},
    {0},
};

/* ---- zip ---- */

static MvValue zip_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    int64_t keywords = kwnames ? MV_CAST(MvTuple, kwnames)->length : 0;
    int strict = 0;
    if (keywords > 1)
        return mv_type_error(vm, "zip() takes at most 1 keyword argument (%d given)", keywords);
    if (keywords == 1) {
        MvValue name = MV_CAST(MvTuple, kwnames)->items[0];
        if (!mv_str_is_c(name, "strict"))
            return mv_type_error(vm, "'%S' is an invalid keyword argument for zip()", name);
        strict = mv_truth(vm, args[nargs]);
        if (strict < 0)
            return MV_EXC;
    }
    MvValue iterators = iterators_over(vm, args, nargs);
    return iterators == MV_EXC ? MV_EXC : mv_iter_new(vm, MV_CLASS_ZIP, iterators, mv_bool(strict), 0);
}

static MvValue uneven(MvVM *vm, int64_t i, const char *relation)
{
    return mv_value_error(vm, "zip() argument %d is %s than argument%s%d", i + 1, relation, i == 1 ? " " : "s 1-", i);
}

/* strict: iterator i is the first to end. */
static MvValue check_end(MvVM *vm, const MvTuple *iterators, int64_t i)
{
    if (i > 0)
        return uneven(vm, i, "shorter");
    for (i = 1; i < iterators->length; i++) {
        MvValue item = mv_iter_step(vm, iterators->items[i]);
        if (item != MV_UNASSIGNED)
            return item == MV_EXC ? MV_EXC : uneven(vm, i, "longer");
    }
    return MV_UNASSIGNED;
}

static MvValue zip_next(MvVM *vm, MvValue self)
{
    const MvIter *it = as_iter(self);
    const MvTuple *iterators = MV_CAST(MvTuple, it->a);
    int64_t count = iterators->length;
    if (count == 2) {
        MvValue first = mv_iter_step(vm, iterators->items[0]);
        if (first == MV_EXC)
            return MV_EXC;
        MvValue second = first == MV_UNASSIGNED ? first : mv_iter_step(vm, iterators->items[1]);
        if (second == MV_EXC)
            return MV_EXC;
        if (second == MV_UNASSIGNED)
            return it->b == MV_TRUE ? check_end(vm, iterators, first != MV_UNASSIGNED) : MV_UNASSIGNED;
        return mv_tuple_pair(vm, first, second);
    }
    if (count == 0)
        return MV_UNASSIGNED;
    MvTuple *result = mv_tuple_new(vm, count);
    if (!result)
        return MV_EXC;
    for (int64_t i = 0; i < count; i++) {
        MvValue item = mv_iter_step(vm, iterators->items[i]);
        if (item == MV_EXC)
            return MV_EXC;
        if (item == MV_UNASSIGNED)
            return it->b == MV_TRUE ? check_end(vm, iterators, i) : MV_UNASSIGNED;
        mv_store(vm, result, &result->items[i], item);
    }
    return mv_value(result);
}

/* ---- map ---- */

static MvValue map_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (!mv_keywords_none(vm, "map", kwnames))
        return MV_EXC;
    if (nargs < 2)
        return mv_type_error(vm, "map() must have at least two arguments.");
    MvValue iterators = iterators_over(vm, args + 1, nargs - 1);
    return iterators == MV_EXC ? MV_EXC : mv_iter_new(vm, MV_CLASS_MAP, iterators, args[0], 0);
}

static MvValue map_next(MvVM *vm, MvValue self)
{
    const MvIter *it = as_iter(self);
    const MvTuple *iterators = MV_CAST(MvTuple, it->a);
    int64_t count = iterators->length;
    MvValue few[5], *args = few + 1; /* a callee may use the word before its arguments */
    MvTuple *many = NULL;
    if (count > 4) {
        many = mv_tuple_new(vm, count + 1);
        if (!many)
            return MV_EXC;
        args = many->items + 1;
    }
    for (int64_t i = 0; i < count; i++) {
        args[i] = mv_iter_step(vm, iterators->items[i]);
        if (args[i] == MV_EXC || args[i] == MV_UNASSIGNED)
            return args[i];
        if (many)
            mv_barrier(vm, many);
    }
    return mv_call(vm, it->b, args, count, 0);
}

/* ---- filter ---- */

static MvValue filter_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (!mv_keywords_none(vm, "filter", kwnames) || !mv_count_args(vm, "filter", nargs, 2, 2))
        return MV_EXC;
    MvValue inner = mv_iter(vm, args[1]);
    return inner == MV_EXC ? MV_EXC : mv_iter_new(vm, MV_CLASS_FILTER, inner, args[0], 0);
}

static MvValue filter_next(MvVM *vm, MvValue self)
{
    const MvIter *it = as_iter(self);
    bool plain = it->b == MV_NONE || it->b == mv_value(vm->classes[MV_CLASS_BOOL]);
    for (;;) {
        MvValue item = mv_iter_step(vm, it->a);
        if (item == MV_EXC || item == MV_UNASSIGNED)
            return item;
        MvValue verdict = plain ? item : mv_call1(vm, it->b, item);
        int keep = verdict == MV_EXC ? -1 : mv_is_int(verdict) ? verdict != 0 : mv_truth(vm, verdict);
        if (keep)
            return keep < 0 ? MV_EXC : item;
        if (mv_poll(vm))
            return MV_EXC;
    }
}

/* ---- the classes ---- */

const MvTypeDef mv_type_ENUMERATE = {
    .kind = MV_KIND_ITER,
    .size = sizeof(MvIter),
    .iter = iter_self,
    .next = enumerate_next,
    .make = enumerate_make,
    .methods = enumerate_methods
};
const MvTypeDef mv_type_ZIP = {
    .kind = MV_KIND_ITER,
    .size = sizeof(MvIter),
    .iter = iter_self,
    .next = zip_next,
    .make = zip_make
};
const MvTypeDef mv_type_MAP = {
    .kind = MV_KIND_ITER,
    .size = sizeof(MvIter),
    .iter = iter_self,
    .next = map_next,
    .make = map_make
};
const MvTypeDef mv_type_FILTER = {
    .kind = MV_KIND_ITER,
    .size = sizeof(MvIter),
    .iter = iter_self,
    .next = filter_next,
    .make = filter_make
};
