/* Tuples: making them, their slots and methods.
 *
 * Callers: everywhere. The empty tuple of exact class is vm->empty_tuple. An instance of a subclass has a word behind
 * its items for its attributes (MV_SHAPE_TAIL). Items never change after the tuple is seen by a program; C code fills
 * a fresh tuple before its next allocation or by mv_store. */
#include "sequence.h"
#include "siphash.h"

MV_INLINE MvTuple *as_tuple(MvValue v) { return MV_CAST(MvTuple, v); }

MvTuple *mv_tuple_new(MvVM *vm, int64_t length)
{
    if (length <= 0 && vm->empty_tuple)
        return as_tuple(vm->empty_tuple);
    if (MV_UNLIKELY(length > MV_MAX_LENGTH)) {
        mv_too_large(vm);
        return NULL;
    }
    MvTuple *tuple = mv_new(vm, sizeof(MvTuple) + (size_t)length * sizeof(MvValue), MV_CLASS_TUPLE, MV_KIND_TUPLE);
    if (MV_LIKELY(tuple != NULL))
        tuple->length = length;
    return tuple;
}

MvValue mv_tuple_from(MvVM *vm, const MvValue *items, int64_t count)
{
    MvTuple *tuple = mv_tuple_new(vm, count);
    if (MV_UNLIKELY(!tuple))
        return MV_EXC;
    if (count > 0)
        memcpy(tuple->items, items, (size_t)count * sizeof(MvValue));
    return mv_value(tuple);
}

MvValue mv_tuple_pair(MvVM *vm, MvValue a, MvValue b)
{
    MvTuple *tuple = mv_new(vm, sizeof(MvTuple) + 2 * sizeof(MvValue), MV_CLASS_TUPLE, MV_KIND_TUPLE);
    if (MV_UNLIKELY(!tuple))
        return MV_EXC;
    tuple->length = 2;
    tuple->items[0] = a;
    tuple->items[1] = b;
    return mv_value(tuple);
}

MvValue mv_tuple_of_list(MvVM *vm, const MvList *list) { return mv_tuple_from(vm, list->items, list->length); }

MvValue mv_tuple_from_iterable(MvVM *vm, MvValue iterable)
{
    if (mv_is_exactly(vm, iterable, MV_CLASS_TUPLE))
        return iterable;
    if (mv_is_exactly(vm, iterable, MV_CLASS_LIST))
        return mv_tuple_of_list(vm, MV_CAST(MvList, iterable));
    MvValue list = mv_list_from_iterable(vm, iterable);
    return list == MV_EXC ? MV_EXC : mv_tuple_of_list(vm, MV_CAST(MvList, list));
}

MvValue mv_tuple_slice(MvVM *vm, const MvTuple *tuple, int64_t start, int64_t stop)
{
    if (start <= 0 && stop >= tuple->length && tuple->h.shape == vm->class_shapes[MV_CLASS_TUPLE])
        return mv_value(tuple);
    return stop <= start ? vm->empty_tuple : mv_tuple_from(vm, tuple->items + start, stop - start);
}

/* ---- slots ---- */

static MvValue get_slice(MvVM *vm, const MvTuple *tuple, MvValue slice)
{
    int64_t start, stop, step;
    if (!mv_slice_unpack(vm, slice, &start, &stop, &step))
        return MV_EXC;
    int64_t count = mv_slice_adjust(tuple->length, &start, &stop, step);
    if (count <= 0)
        return vm->empty_tuple;
    if (step == 1)
        return mv_tuple_slice(vm, tuple, start, stop);
    MvTuple *result = mv_tuple_new(vm, count);
    if (!result)
        return MV_EXC;
    for (int64_t i = 0; i < count; i++) {
        result->items[i] = tuple->items[start + i * step];
        if (!(i & 4095) && mv_poll(vm))
            return MV_EXC;
    }
    mv_barrier(vm, result);
    return mv_value(result);
}

static MvValue tuple_get_item(MvVM *vm, MvValue self, MvValue key)
{
    const MvTuple *tuple = as_tuple(self);
    int64_t i;
    int kind = mv_sequence_subscript(vm, "tuple", key, &i);
    if (MV_UNLIKELY(kind <= 0))
        return kind < 0 ? MV_EXC : get_slice(vm, tuple, key);
    if (i < 0)
        i += tuple->length;
    if (MV_UNLIKELY((uint64_t)i >= (uint64_t)tuple->length))
        return mv_raise(vm, MV_EXC_IndexError, "tuple index out of range");
    return tuple->items[i];
}

static MvValue tuple_repr(MvVM *vm, MvValue self)
{
    if (as_tuple(self)->length == 0)
        return mv_str_from_ascii(vm, "()", 2);
    MvValue result;
    int entered = mv_repr_enter(vm, self);
    if (entered <= 0) {
        result = entered < 0 ? MV_EXC : mv_str_from_ascii(vm, "(...)", 5);
    } else {
        MvBuilder b;
        mv_builder_begin(vm, &b);
        mv_builder_char(&b, '(');
        if (mv_sequence_repr(&b, self))
            mv_builder_ascii(&b, as_tuple(self)->length == 1 ? ",)" : ")", -1);
        result = mv_builder_end(&b);
        mv_repr_leave(vm, self);
    }
    return result;
}

static bool hash_items(MvVM *vm, const MvTuple *tuple, uint64_t *hash)
{
    uint64_t state = MV_HASH_TUPLE_BEGIN;
    for (int64_t i = 0; i < tuple->length; i++) {
        uint64_t h;
        if (!mv_hash_fast(vm, tuple->items[i], &h) || (!(i & 1023) && mv_poll(vm)))
            return false;
        state = mv_hash_tuple_add(state, (int64_t)h);
    }
    *hash = (uint64_t)mv_hash_tuple_end(state, (size_t)tuple->length);
    return true;
}

static bool tuple_hash(MvVM *vm, MvValue self, uint64_t *hash)
{
    return hash_items(vm, as_tuple(self), hash);
}

static MvValue tuple_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    return mv_is_kind(b, MV_KIND_TUPLE) ? mv_sequence_compare(vm, op, a, b) : MV_NOTIMPLEMENTED;
}

static MvValue concatenate(MvVM *vm, MvValue a, MvValue b)
{
    const MvTuple *x = as_tuple(a), *y = as_tuple(b);
    if (x->length == 0 && mv_is_exactly(vm, b, MV_CLASS_TUPLE))
        return b;
    if (y->length == 0 && mv_is_exactly(vm, a, MV_CLASS_TUPLE))
        return a;
    MvTuple *result = mv_tuple_new(vm, x->length + y->length);
    if (!result)
        return MV_EXC;
    memcpy(result->items, x->items, (size_t)x->length * sizeof(MvValue));
    memcpy(result->items + x->length, y->items, (size_t)y->length * sizeof(MvValue));
    return mv_value(result);
}

static MvValue repeat(MvVM *vm, MvValue self, int64_t count)
{
    const MvTuple *tuple = as_tuple(self);
    if ((count == 1 || tuple->length == 0) && mv_is_exactly(vm, self, MV_CLASS_TUPLE))
        return self;
    if (count <= 0 || tuple->length == 0)
        return vm->empty_tuple;
    if (tuple->length > MV_MAX_LENGTH / count)
        return mv_too_large(vm);
    MvTuple *result = mv_tuple_new(vm, tuple->length * count);
    if (!result || !mv_values_repeat(vm, result->items, tuple->items, tuple->length, count))
        return MV_EXC;
    mv_barrier(vm, result); /* a poll may have collected */
    return mv_value(result);
}

static MvValue tuple_binary(MvVM *vm, int op, MvValue a, MvValue b)
{
    bool left = mv_is_kind(a, MV_KIND_TUPLE);
    if (op == MV_BINARY_ADD && left && mv_is_kind(b, MV_KIND_TUPLE))
        return concatenate(vm, a, b);
    if (op != MV_BINARY_MUL)
        return MV_NOTIMPLEMENTED;
    int64_t count;
    int found = mv_sequence_count(vm, left ? b : a, &count);
    if (found <= 0)
        return found < 0 ? MV_EXC : MV_NOTIMPLEMENTED;
    return repeat(vm, left ? a : b, count);
}

static int64_t tuple_length(MvVM *vm, MvValue self) { return as_tuple(self)->length; }

static int64_t find(MvVM *vm, const MvTuple *tuple, MvValue v, int64_t start, int64_t stop)
{
    for (int64_t i = start; i < stop && i < tuple->length; i++) {
        int equal = mv_equal_fast(vm, tuple->items[i], v);
        if (equal)
            return equal < 0 ? -2 : i;
        if (!(i & 4095) && mv_poll(vm))
            return -2;
    }
    return -1;
}

static int tuple_contains(MvVM *vm, MvValue self, MvValue v)
{
    int64_t i = find(vm, as_tuple(self), v, 0, INT64_MAX);
    return i >= 0 ? 1 : i == -1 ? 0 : -1;
}

static MvValue tuple_iter(MvVM *vm, MvValue self) { return mv_tuple_iter_new(vm, self); }

static MvValue tuple_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (!mv_no_keywords_unless(vm, cls, MV_CLASS_TUPLE, MV_SP_INIT, "tuple", kwnames) ||
        !mv_count_args(vm, "tuple", nargs, 0, 1))
        return MV_EXC;
    MvValue plain = nargs ? mv_tuple_from_iterable(vm, args[0]) : vm->empty_tuple;
    if (plain == MV_EXC || cls == vm->classes[MV_CLASS_TUPLE])
        return plain;
    int64_t length = as_tuple(plain)->length;
    const MvShape *shape = vm->shapes[cls->root_shape];
    size_t tail = shape->flags & MV_SHAPE_TAIL ? sizeof(MvValue) : 0;
    size_t size = sizeof(MvTuple) + (size_t)length * sizeof(MvValue) + tail;
    MvTuple *tuple = mv_allocate(vm, size, cls->root_shape, MV_KIND_TUPLE, MV_GC_HAS_POINTERS, 0);
    if (!tuple)
        return MV_EXC;
    tuple->length = length;
    memcpy(tuple->items, as_tuple(plain)->items, (size_t)length * sizeof(MvValue));
    return mv_value(tuple);
}

/* ---- methods ---- */

static MvValue method_count(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const MvTuple *tuple = as_tuple(args[0]);
    int64_t count = 0;
    for (int64_t i = 0; i < tuple->length; i++) {
        int equal = mv_equal_fast(vm, tuple->items[i], args[1]);
        if (equal < 0 || (!(i & 4095) && mv_poll(vm)))
            return MV_EXC;
        count += equal;
    }
    return mv_from_fixnum(count);
}

static MvValue method_index(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const MvTuple *tuple = as_tuple(args[0]);
    int64_t start = 0, stop = INT64_MAX;
    if ((nargs > 2 && !mv_sequence_bound(vm, args[2], &start)) || (nargs > 3 && !mv_sequence_bound(vm, args[3], &stop)))
        return MV_EXC;
    if (start < 0)
        start = start + tuple->length < 0 ? 0 : start + tuple->length;
    if (stop < 0)
        stop += tuple->length;
    int64_t i = find(vm, tuple, args[1], start, stop);
    if (i == -1)
        return mv_value_error(vm, "tuple.index(x): x not in tuple");
    return i < 0 ? MV_EXC : mv_from_fixnum(i);
}

static MvValue method_get_new_args(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue plain = mv_tuple_from(vm, as_tuple(args[0])->items, as_tuple(args[0])->length);
    return plain == MV_EXC ? MV_EXC : mv_tuple_from(vm, &plain, 1);
}

static MvValue method_class_get_item(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_generic_alias(vm, args[0], args[1]);
}

static const MvMethodDef methods[] = {
    {"__getnewargs__", method_get_new_args, 0, 0, 0, NULL},
    {"index", method_index, 1, 3, 0, NULL},
    {"count", method_count, 1, 1, 0, NULL},
    {"__class_getitem__", method_class_get_item, 1, 1, MV_DEF_CLASS, NULL},
    {0},
};

const MvTypeDef mv_type_TUPLE = {
    .kind = MV_KIND_TUPLE,
    .size = sizeof(MvTuple),
    .repr = tuple_repr,
    .hash = tuple_hash,
    .compare = tuple_compare,
    .binary = tuple_binary,
    .length = tuple_length,
    .get_item = tuple_get_item,
    .contains = tuple_contains,
    .iter = tuple_iter,
    .make = tuple_make,
    .methods = methods
};
