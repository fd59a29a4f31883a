/* The class list: slots, methods, constructor. Storage is list.c, sorting sort.c.
 *
 * Callers: abstract.c and the interpreter through mv_type_LIST, programs through the method table. Comparisons and
 * __index__ may change the list: lengths are read after them. */
#include "sequence.h"

MV_INLINE MvList *as_list(MvValue v) { return MV_CAST(MvList, v); }

/* ---- subscripts ---- */

static MvValue get_slice(MvVM *vm, MvList *list, MvValue slice)
{
    int64_t start, stop, step;
    if (!mv_slice_unpack(vm, slice, &start, &stop, &step))
        return MV_EXC;
    int64_t count = mv_slice_adjust(list->length, &start, &stop, step);
    if (step == 1)
        return mv_list_slice(vm, list, start, stop);
    MvValue result = mv_list_new(vm, count);
    if (result == MV_EXC)
        return MV_EXC;
    MvList *to = as_list(result);
    for (int64_t i = 0; i < count; i++) {
        to->items[i] = list->items[start + i * step];
        if (!(i & 4095) && mv_poll(vm))
            return MV_EXC;
    }
    if (count)
        mv_barrier(vm, mv_list_store(to));
    to->length = count;
    return result;
}

static MvValue list_get_item(MvVM *vm, MvValue self, MvValue key)
{
    MvList *list = as_list(self);
    int64_t i;
    int kind = mv_sequence_subscript(vm, "list", key, &i);
    if (MV_UNLIKELY(kind <= 0))
        return kind < 0 ? MV_EXC : get_slice(vm, list, key);
    if (i < 0)
        i += list->length;
    if (MV_UNLIKELY((uint64_t)i >= (uint64_t)list->length))
        return mv_raise(vm, MV_EXC_IndexError, "list index out of range");
    return list->items[i];
}

/* An exact list or tuple of the items; TypeError `message` if it is not iterable. A list that is assigned to a part
   of itself is copied. */
static MvValue as_sequence(MvVM *vm, const MvList *target, MvValue v, const char *message)
{
    if (v == mv_value(target))
        return mv_list_slice(vm, target, 0, target->length);
    if (mv_is_exactly(vm, v, MV_CLASS_LIST) || mv_is_exactly(vm, v, MV_CLASS_TUPLE))
        return v;
    MvValue iterator = mv_iter(vm, v);
    if (iterator == MV_EXC) {
        if (!mv_exception_is(vm, MV_EXC_TypeError))
            return MV_EXC;
        mv_exception_take(vm);
        return mv_type_error(vm, "%s", message);
    }
    return mv_list_from_iterable(vm, iterator);
}

static bool set_range(MvVM *vm, MvList *list, int64_t start, int64_t stop, MvValue value)
{
    MvValue sequence = value == MV_UNASSIGNED ? 0 : as_sequence(vm, list, value, "can only assign an iterable");
    if (sequence == MV_EXC)
        return false;
    int64_t length = list->length, count = 0; /* as_sequence may have run Mini code */
    start = start > length ? length : start;
    stop = stop < start ? start : stop > length ? length : stop;
    if (value == MV_UNASSIGNED) {
        mv_list_delete_range(vm, list, start, stop);
        return true;
    }
    MvValue *items = mv_sequence_items(sequence, &count);
    int64_t growth = count - (stop - start);
    if (growth > 0) {
        if (!mv_list_grow(vm, list, length + growth))
            return false;
        memmove(list->items + stop + growth, list->items + stop, (size_t)(length - stop) * sizeof(MvValue));
        list->length = length + growth;
    } else if (growth < 0) {
        mv_list_delete_range(vm, list, stop + growth, stop);
    }
    if (count) {
        memcpy(list->items + start, items, (size_t)count * sizeof(MvValue));
        mv_barrier(vm, mv_list_store(list));
    }
    return true;
}

static bool delete_steps(MvVM *vm, MvList *list, int64_t start, int64_t step, int64_t count)
{
    if (count <= 0)
        return true;
    if (step < 0) {
        start += step * (count - 1);
        step = -step;
    }
    MvValue *items = list->items;
    int64_t to = start;
    for (int64_t i = 0; i < count; i++) { /* moves what lies between two deleted items */
        int64_t from = start + i * step + 1, end = i + 1 < count ? start + (i + 1) * step : list->length;
        memmove(items + to, items + from, (size_t)(end - from) * sizeof(MvValue));
        to += end - from;
    }
    mv_list_delete_range(vm, list, to, list->length);
    return true;
}

static bool set_slice(MvVM *vm, MvList *list, MvValue slice, MvValue value)
{
    int64_t start, stop, step;
    if (!mv_slice_unpack(vm, slice, &start, &stop, &step))
        return false;
    int64_t first = start, last = stop, length = list->length, count = mv_slice_adjust(length, &start, &stop, step);
    if (step == 1)
        return set_range(vm, list, start, stop, value);
    if (value == MV_UNASSIGNED)
        return delete_steps(vm, list, start, step, count);
    MvValue sequence = as_sequence(vm, list, value, "must assign iterable to extended slice");
    if (sequence == MV_EXC)
        return false;
    if (list->length != length) {
        start = first;
        stop = last;
        count = mv_slice_adjust(list->length, &start, &stop, step);
    }
    int64_t given;
    MvValue *items = mv_sequence_items(sequence, &given);
    if (given != count) {
        mv_value_error(vm, "attempt to assign sequence of size %d to extended slice of size %d", given, count);
        return false;
    }
    for (int64_t i = 0; i < count; i++)
        list->items[start + i * step] = items[i];
    if (count)
        mv_barrier(vm, mv_list_store(list));
    return true;
}

static bool list_set_item(MvVM *vm, MvValue self, MvValue key, MvValue value)
{
    MvList *list = as_list(self);
    int64_t i;
    int kind = mv_sequence_subscript(vm, "list", key, &i);
    if (MV_UNLIKELY(kind <= 0))
        return kind == 0 && set_slice(vm, list, key, value);
    if (i < 0)
        i += list->length;
    if (MV_UNLIKELY((uint64_t)i >= (uint64_t)list->length)) {
        mv_raise(vm, MV_EXC_IndexError, "list assignment index out of range");
        return false;
    }
    if (value == MV_UNASSIGNED)
        mv_list_delete_range(vm, list, i, i + 1);
    else
        mv_store(vm, mv_list_store(list), &list->items[i], value);
    return true;
}

/* ---- other slots ---- */

static MvValue list_repr(MvVM *vm, MvValue self)
{
    if (as_list(self)->length == 0)
        return mv_str_from_ascii(vm, "[]", 2);
    MvValue result;
    int entered = mv_repr_enter(vm, self);
    if (entered <= 0) {
        result = entered < 0 ? MV_EXC : mv_str_from_ascii(vm, "[...]", 5);
    } else {
        MvBuilder b;
        mv_builder_begin(vm, &b);
        mv_builder_char(&b, '[');
        if (mv_sequence_repr(&b, self))
            mv_builder_char(&b, ']');
        result = mv_builder_end(&b);
        mv_repr_leave(vm, self);
    }
    return result;
}

static MvValue list_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    return mv_is_kind(b, MV_KIND_LIST) ? mv_sequence_compare(vm, op, a, b) : MV_NOTIMPLEMENTED;
}

static MvValue concatenate(MvVM *vm, const MvList *a, const MvList *b)
{
    MvValue result = mv_list_new(vm, a->length + b->length);
    if (result == MV_EXC)
        return MV_EXC;
    MvList *list = as_list(result);
    if (!mv_copy_words(vm, list->items, a->items, (size_t)a->length * sizeof(MvValue)) ||
        !mv_copy_words(vm, list->items + a->length, b->items, (size_t)b->length * sizeof(MvValue)))
        return MV_EXC;
    list->length = a->length + b->length;
    return result;
}

static bool repeat_fits(MvVM *vm, int64_t length, int64_t count)
{
    if (count <= 0 || length <= MV_MAX_LENGTH / count)
        return true;
    mv_too_large(vm);
    return false;
}

static MvValue repeat(MvVM *vm, const MvList *list, int64_t count)
{
    if (count <= 0 || list->length == 0)
        return mv_list_new(vm, 0);
    if (!repeat_fits(vm, list->length, count))
        return MV_EXC;
    MvValue result = mv_list_new(vm, list->length * count);
    if (result == MV_EXC || !mv_values_repeat(vm, as_list(result)->items, list->items, list->length, count))
        return MV_EXC;
    as_list(result)->length = list->length * count;
    mv_barrier(vm, mv_list_store(as_list(result))); /* a poll may have collected */
    return result;
}

static MvValue list_binary(MvVM *vm, int op, MvValue a, MvValue b)
{
    bool left = mv_is_kind(a, MV_KIND_LIST);
    if (op == MV_BINARY_ADD && left && mv_is_kind(b, MV_KIND_LIST))
        return concatenate(vm, as_list(a), as_list(b));
    if (op != MV_BINARY_MUL)
        return MV_NOTIMPLEMENTED;
    int64_t count;
    int found = mv_sequence_count(vm, left ? b : a, &count);
    if (found <= 0)
        return found < 0 ? MV_EXC : MV_NOTIMPLEMENTED;
    return repeat(vm, as_list(left ? a : b), count);
}

static MvValue repeat_in_place(MvVM *vm, MvList *list, int64_t count)
{
    int64_t length = list->length;
    if (count <= 0) {
        mv_list_clear(vm, list);
    } else if (length && count > 1) {
        if (!repeat_fits(vm, length, count) || !mv_list_reserve(vm, list, length * count))
            return MV_EXC;
        if (!mv_values_repeat(vm, list->items, list->items, length, count)) {
            memset(list->items + length, 0, (size_t)(list->capacity - length) * sizeof(MvValue));
            return MV_EXC;
        }
        mv_barrier(vm, mv_list_store(list));
        list->length = length * count;
    }
    return mv_value(list);
}

static MvValue list_inplace(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (op == MV_BINARY_ADD)
        return mv_list_extend(vm, as_list(a), b) ? a : MV_EXC;
    if (op != MV_BINARY_MUL)
        return MV_NOTIMPLEMENTED;
    int64_t count;
    int found = mv_sequence_count(vm, b, &count);
    return found > 0 ? repeat_in_place(vm, as_list(a), count) : found < 0 ? MV_EXC : MV_NOTIMPLEMENTED;
}

static int64_t list_length(MvVM *vm, MvValue self) { return as_list(self)->length; }

/* Index of the first item from start on that equals v; -1 none, -2 raised. stop is read against the current length. */
static int64_t find(MvVM *vm, MvList *list, MvValue v, int64_t start, int64_t stop)
{
    for (int64_t i = start; i < stop && i < list->length; i++) {
        int equal = mv_equal_fast(vm, list->items[i], v);
        if (equal)
            return equal < 0 ? -2 : i;
        if (!(i & 4095) && mv_poll(vm))
            return -2;
    }
    return -1;
}

static int list_contains(MvVM *vm, MvValue self, MvValue v)
{
    int64_t i = find(vm, as_list(self), v, 0, INT64_MAX);
    return i >= 0 ? 1 : i == -1 ? 0 : -1;
}

static MvValue list_iter(MvVM *vm, MvValue self) { return mv_list_iter_new(vm, self); }

static MvValue list_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return cls == vm->classes[MV_CLASS_LIST] ? mv_list_new(vm, 0) : mv_instance_new(vm, cls);
}

static bool list_init(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvList *list = as_list(self);
    if (!mv_no_keywords_unless(vm, mv_class_of(vm, self), MV_CLASS_LIST, MV_SP_NEW, "list", kwnames) ||
        !mv_count_args(vm, "list", nargs, 0, 1))
        return false;
    MvValue iterable = nargs ? args[0] : MV_UNASSIGNED;
    mv_list_clear(vm, list);
    return iterable == MV_UNASSIGNED || mv_list_extend(vm, list, iterable);
}

/* ---- methods ---- */

static MvValue method_append(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_list_push(vm, as_list(args[0]), args[1]) ? MV_NONE : MV_EXC;
}

static MvValue method_clear(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    mv_list_clear(vm, as_list(args[0]));
    return MV_NONE;
}

static MvValue method_copy(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_list_slice(vm, as_list(args[0]), 0, as_list(args[0])->length);
}

static MvValue method_count(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvList *list = as_list(args[0]);
    int64_t count = 0;
    for (int64_t i = 0; i < list->length; i++) {
        int equal = mv_equal_fast(vm, list->items[i], args[1]);
        if (equal < 0 || (!(i & 4095) && mv_poll(vm)))
            return MV_EXC;
        count += equal;
    }
    return mv_from_fixnum(count);
}

static MvValue method_extend(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_list_extend(vm, as_list(args[0]), args[1]) ? MV_NONE : MV_EXC;
}

static MvValue method_index(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvList *list = as_list(args[0]);
    int64_t start = 0, stop = INT64_MAX;
    if ((nargs > 2 && !mv_sequence_bound(vm, args[2], &start)) || (nargs > 3 && !mv_sequence_bound(vm, args[3], &stop)))
        return MV_EXC;
    if (start < 0)
        start = start + list->length < 0 ? 0 : start + list->length;
    if (stop < 0)
        stop = stop + list->length < 0 ? 0 : stop + list->length;
    int64_t i = find(vm, list, args[1], start, stop);
    if (i == -1)
        return mv_value_error(vm, "%R is not in list", args[1]);
    return i < 0 ? MV_EXC : mv_from_fixnum(i);
}

static MvValue method_insert(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvList *list = as_list(args[0]);
    int64_t at;
    if (!mv_sequence_ssize(vm, args[1], &at))
        return MV_EXC;
    int64_t length = list->length;
    if (at < 0)
        at = at + length < 0 ? 0 : at + length;
    return mv_list_insert(vm, list, at > length ? length : at, args[2]) ? MV_NONE : MV_EXC;
}

static MvValue method_pop(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvList *list = as_list(args[0]);
    int64_t at = -1;
    if (nargs > 1 && !mv_sequence_ssize(vm, args[1], &at))
        return MV_EXC;
    if (list->length == 0)
        return mv_raise(vm, MV_EXC_IndexError, "pop from empty list");
    if (at < 0)
        at += list->length;
    if ((uint64_t)at >= (uint64_t)list->length)
        return mv_raise(vm, MV_EXC_IndexError, "pop index out of range");
    return mv_list_pop(vm, list, at);
}

static MvValue method_remove(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvList *list = as_list(args[0]);
    int64_t i = find(vm, list, args[1], 0, INT64_MAX);
    if (i == -1)
        return mv_value_error(vm, "list.remove(x): x not in list");
    if (i < 0)
        return MV_EXC;
    if (i < list->length) /* == may have shortened the list */
        mv_list_delete_range(vm, list, i, i + 1);
    return MV_NONE;
}

static MvValue method_reverse(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvList *list = as_list(args[0]);
    if (list->items)
        mv_barrier_moved(vm, mv_list_store(list));
    mv_values_reverse(list->items, list->length);
    return MV_NONE;
}

static MvValue method_sort(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue key = args[1] == MV_UNASSIGNED ? MV_NONE : args[1];
    int64_t reverse = 0;
    if (args[2] != MV_UNASSIGNED) { /* as a C int */
        MvValue number = mv_index(vm, args[2]);
        if (number == MV_EXC)
            return MV_EXC;
        if (!mv_int_to_i64(number, &reverse) || reverse != (int32_t)reverse)
            return mv_raise(vm, MV_EXC_OverflowError, "Python int too large to convert to C int");
    }
    return mv_list_sort(vm, as_list(args[0]), key, reverse != 0) ? MV_NONE : MV_EXC;
}

static MvValue method_get_item(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return list_get_item(vm, args[0], args[1]);
}

static MvValue method_reversed(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_iter_make(vm, MV_CLASS_LIST_REVERSEITERATOR, args[0], as_list(args[0])->length - 1, 0);
}

static MvValue method_class_get_item(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_generic_alias(vm, args[0], args[1]);
}

static const MvMethodDef methods[] = {
    {"__getitem__", method_get_item, 1, 1, 0, NULL},
    {"__reversed__", method_reversed, 0, 0, 0, NULL},
    {"clear", method_clear, 0, 0, 0, NULL},
    {"copy", method_copy, 0, 0, 0, NULL},
    {"append", method_append, 1, 1, MV_DEF_UNCOUNTED, NULL},
    {"insert", method_insert, 2, 2, 0, NULL},
    {"extend", method_extend, 1, 1, 0, NULL},
    {"pop", method_pop, 0, 1, 0, NULL},
    {"remove", method_remove, 1, 1, 0, NULL},
    {"index", method_index, 1, 3, 0, NULL},
    {"count", method_count, 1, 1, 0, NULL},
    {"reverse", method_reverse, 0, 0, 0, NULL},
    {"sort", method_sort, 0, 0, 0, "/,*,key?,reverse?"},
    {"__class_getitem__", method_class_get_item, 1, 1, MV_DEF_CLASS, NULL},
    {0},
};

const MvTypeDef mv_type_LIST = {
    .kind = MV_KIND_LIST,
    .size = sizeof(MvList),
    .repr = list_repr,
    .compare = list_compare,
    .binary = list_binary,
    .inplace = list_inplace,
    .length = list_length,
    .get_item = list_get_item,
    .set_item = list_set_item,
    .contains = list_contains,
    .iter = list_iter,
    .make = list_make,
    .init = list_init,
    .methods = methods,
    .unhashable = true
};
