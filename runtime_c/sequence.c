/* What list, tuple and range have in common: subscripts, bounds, repetition, comparison of arrays, the text of the
 * items.
 *
 * Callers: list.c, list_methods.c, tuple.c, range.c, slice.c, operators.c. Comparison and repr run Mini code that may
 * change the operands: lengths and items are read again after each such call. */
#include "sequence.h"
#include "class.h"

int mv_sequence_subscript(MvVM *vm, const char *name, MvValue key, int64_t *out)
{
    if (MV_LIKELY(mv_is_int(key))) {
        *out = mv_to_fixnum(key);
        return 1;
    }
    if (mv_is_kind(key, MV_KIND_SLICE))
        return 0;
    MvValue index = key;
    if (!mv_is_int_like(key)) {
        if (mv_special(vm, mv_class_of(vm, key), MV_SP_INDEX) == MV_UNASSIGNED) {
            mv_type_error(vm, "%s indices must be integers or slices, not %T", name, key);
            return -1;
        }
        index = mv_index(vm, key);
        if (index == MV_EXC)
            return -1;
    }
    if (!mv_int_to_i64(index, out)) {
        mv_raise(vm, MV_EXC_IndexError, "cannot fit '%T' into an index-sized integer", key);
        return -1;
    }
    return 1;
}

bool mv_sequence_bound(MvVM *vm, MvValue v, int64_t *out)
{
    if (mv_is_int(v)) {
        *out = mv_to_fixnum(v);
        return true;
    }
    if (!mv_is_int_like(v) && mv_special(vm, mv_class_of(vm, v), MV_SP_INDEX) == MV_UNASSIGNED) {
        mv_type_error(vm, "slice indices must be integers or have an __index__ method");
        return false;
    }
    return mv_index_i64(vm, v, out, true);
}

bool mv_sequence_ssize(MvVM *vm, MvValue v, int64_t *out)
{
    if (mv_is_int(v)) {
        *out = mv_to_fixnum(v);
        return true;
    }
    MvValue index = mv_index(vm, v);
    if (index == MV_EXC)
        return false;
    if (!mv_int_to_i64(index, out)) {
        mv_raise(vm, MV_EXC_OverflowError, "Python int too large to convert to C ssize_t");
        return false;
    }
    return true;
}

/* A class with a reflected multiplication of its own goes first, as CPython's number protocol precedes the sequence
   protocol. */
int mv_sequence_count(MvVM *vm, MvValue v, int64_t *count)
{
    if (mv_is_int(v)) {
        *count = mv_to_fixnum(v);
        return 1;
    }
    MvClass *cls = mv_class_of(vm, v);
    if (!mv_is_int_like(v)) {
        if (mv_special(vm, cls, MV_SP_INDEX) == MV_UNASSIGNED || mv_special(vm, cls, MV_SP_RMUL) != MV_UNASSIGNED)
            return 0;
    } else if (!(cls->flags & MV_CLASSF_BUILTIN) && !mv_is_inherited(vm, cls, mv_special(vm, cls, MV_SP_RMUL), MV_SP_RMUL)) {
        return 0;
    }
    return mv_index_i64(vm, v, count, false) ? 1 : -1;
}

const MvTypeDef *mv_sequence_def(MvValue v)
{
    switch (mv_is_pointer(v) ? mv_object(v)->kind : MV_KIND_INSTANCE) {
    case MV_KIND_LIST: return &mv_type_LIST;
    case MV_KIND_TUPLE: return &mv_type_TUPLE;
    case MV_KIND_STR: return &mv_type_STR;
    default: return NULL;
    }
}

MvValue mv_sequence_add(MvVM *vm, const MvTypeDef *def, MvValue a, MvValue b)
{
    MvValue result = def->binary(vm, MV_BINARY_ADD, a, b);
    if (result != MV_NOTIMPLEMENTED)
        return result;
    const char *name = def->kind == MV_KIND_LIST ? "list" : def->kind == MV_KIND_TUPLE ? "tuple" : "str";
    return mv_type_error(vm, "can only concatenate %s (not \"%T\") to %s", name, b, name);
}

MvValue mv_sequence_repeat(MvVM *vm, const MvTypeDef *def, MvValue sequence, MvValue times, bool inplace)
{
    if (mv_is_int(times) || mv_special(vm, mv_class_of(vm, times), MV_SP_INDEX) != MV_UNASSIGNED) {
        int64_t count;
        if (!mv_index_i64(vm, times, &count, false))
            return MV_EXC;
        count = count < 0 ? 0 : count > MV_FIXNUM_MAX ? MV_FIXNUM_MAX : count;
        return (inplace ? def->inplace : def->binary)(vm, MV_BINARY_MUL, sequence, mv_from_fixnum(count));
    }
    return mv_type_error(vm, "can't multiply sequence by non-int of type '%T'", times);
}

static bool lengths_satisfy(int op, int64_t a, int64_t b)
{
    switch (op) {
    case MV_COMPARE_LT: return a < b;
    case MV_COMPARE_LE: return a <= b;
    case MV_COMPARE_EQ: return a == b;
    case MV_COMPARE_NE: return a != b;
    case MV_COMPARE_GT: return a > b;
    default: return a >= b;
    }
}

/* mv_compare counts the recursion. */
MvValue mv_sequence_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    int64_t na, nb, i = 0;
    MvValue *x = mv_sequence_items(a, &na), *y = mv_sequence_items(b, &nb);
    if (na != nb && (op == MV_COMPARE_EQ || op == MV_COMPARE_NE) && mv_object(a)->kind == MV_KIND_LIST)
        return mv_bool(op == MV_COMPARE_NE);
    for (; i < na && i < nb; i++) {
        MvValue v = x[i], w = y[i];
        if (v != w) {
            int equal = mv_equal_fast(vm, v, w);
            if (equal < 0)
                return MV_EXC;
            x = mv_sequence_items(a, &na);
            y = mv_sequence_items(b, &nb);
            if (!equal)
                break;
        }
        if (!(i & 1023) && mv_poll(vm))
            return MV_EXC;
    }
    if (i >= na || i >= nb)
        return mv_bool(lengths_satisfy(op, na, nb));
    if (op == MV_COMPARE_EQ)
        return MV_FALSE;
    if (op == MV_COMPARE_NE)
        return MV_TRUE;
    if (mv_both_int(x[i], y[i]))
        return mv_bool(lengths_satisfy(op, (int64_t)x[i], (int64_t)y[i]));
    return mv_compare(vm, op, x[i], y[i]);
}

bool mv_values_repeat(MvVM *vm, MvValue *to, const MvValue *from, int64_t length, int64_t count)
{
    if (length == 1) {
        for (int64_t i = 0; i < count; i++) {
            to[i] = from[0];
            if (!(i & 4095) && mv_poll(vm))
                return false;
        }
        return true;
    }
    int64_t total = length * count, done = length < total ? length : total;
    memmove(to, from, (size_t)done * sizeof *to);
    while (done < total) { /* doubles what is there, in steps short enough to poll */
        int64_t step = done < total - done ? done : total - done;
        if (step > 65536)
            step = 65536 / length > 0 ? 65536 / length * length : length;
        if (step > total - done)
            step = total - done;
        memcpy(to + done, to, (size_t)step * sizeof *to);
        done += step;
        if (mv_poll(vm))
            return false;
    }
    return true;
}

bool mv_sequence_repr(MvBuilder *b, MvValue sequence)
{
    int64_t length;
    for (int64_t i = 0;; i++) {
        MvValue *items = mv_sequence_items(sequence, &length);
        if (i >= length)
            return true;
        if (i > 0)
            mv_builder_ascii(b, ", ", 2);
        if (!mv_builder_value(b, items[i], true))
            return false;
        if (!(i & 255) && mv_poll(b->vm)) {
            b->failed = true;
            return false;
        }
    }
}

bool mv_no_keywords_unless(MvVM *vm, MvClass *cls, int base_id, int special, const char *function, MvValue kwnames)
{
    if (!kwnames || MV_CAST(MvTuple, kwnames)->length == 0)
        return true;
    MvClass *base = vm->classes[base_id];
    if (cls != base && mv_special(vm, cls, special) != mv_special(vm, base, special))
        return true;
    return mv_keywords_none(vm, function, kwnames);
}

bool mv_member_read_only(MvVM *vm, MvValue self, MvValue value)
{
    mv_raise(vm, MV_EXC_AttributeError, "readonly attribute");
    return false;
}
