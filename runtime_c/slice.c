/* Slice objects, and slices as numbers.
 *
 * Callers: the sequences (unpack, adjust), abstract.c through mv_type_SLICE. The members of a slice are any values;
 * they become numbers only when the slice is used, which may run __index__. */
#include "sequence.h"

MV_INLINE MvSlice *as_slice(MvValue v) { return MV_CAST(MvSlice, v); }

static bool has_index(MvVM *vm, MvValue v)
{
    if (mv_is_int_like(v) || mv_special(vm, mv_class_of(vm, v), MV_SP_INDEX) != MV_UNASSIGNED)
        return true;
    mv_type_error(vm, "slice indices must be integers or None or have an __index__ method");
    return false;
}

static bool member(MvVM *vm, MvValue v, int64_t otherwise, int64_t *out)
{
    if (mv_is_int(v)) {
        *out = mv_to_fixnum(v);
        return true;
    }
    if (v == MV_NONE) {
        *out = otherwise;
        return true;
    }
    return has_index(vm, v) && mv_index_i64(vm, v, out, true);
}

bool mv_slice_unpack(MvVM *vm, MvValue slice, int64_t *start, int64_t *stop, int64_t *step)
{
    const MvSlice *s = as_slice(slice);
    if (!member(vm, s->step, 1, step))
        return false;
    if (*step == 0) {
        mv_value_error(vm, "slice step cannot be zero");
        return false;
    }
    if (*step < -INT64_MAX)
        *step = -INT64_MAX;
    return member(vm, s->start, *step < 0 ? INT64_MAX : 0, start) &&
           member(vm, s->stop, *step < 0 ? INT64_MIN : INT64_MAX, stop);
}

static int64_t clip(int64_t i, int64_t length, bool backwards)
{
    if (i < 0) {
        i += length;
        return i < 0 ? -(int64_t)backwards : i;
    }
    return i >= length ? length - backwards : i;
}

int64_t mv_slice_adjust(int64_t length, int64_t *start, int64_t *stop, int64_t step)
{
    *start = clip(*start, length, step < 0);
    *stop = clip(*stop, length, step < 0);
    if (step < 0)
        return *stop < *start ? (*start - *stop - 1) / -step + 1 : 0;
    return *start < *stop ? (*stop - *start - 1) / step + 1 : 0;
}

bool mv_slice_indices(MvVM *vm, MvValue slice, int64_t length, int64_t *start, int64_t *stop, int64_t *step,
                      int64_t *count)
{
    if (!mv_slice_unpack(vm, slice, start, stop, step))
        return false;
    *count = mv_slice_adjust(length, start, stop, *step);
    return true;
}

/* ---- the class ---- */

static MvValue slice_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (!mv_keywords_none(vm, "slice", kwnames) || !mv_count_args(vm, "slice", nargs, 1, 3))
        return MV_EXC;
    MvSlice *slice = mv_new(vm, sizeof(MvSlice), MV_CLASS_SLICE, MV_KIND_SLICE);
    if (!slice)
        return MV_EXC;
    slice->start = nargs > 1 ? args[0] : MV_NONE;
    slice->stop = nargs > 1 ? args[1] : args[0];
    slice->step = nargs > 2 ? args[2] : MV_NONE;
    return mv_value(slice);
}

static MvValue slice_repr(MvVM *vm, MvValue self)
{
    const MvSlice *s = as_slice(self);
    MvBuilder b;
    mv_builder_begin(vm, &b);
    mv_builder_ascii(&b, "slice(", 6);
    mv_builder_value(&b, s->start, true);
    mv_builder_ascii(&b, ", ", 2);
    if (!b.failed)
        mv_builder_value(&b, s->stop, true);
    mv_builder_ascii(&b, ", ", 2);
    if (!b.failed)
        mv_builder_value(&b, s->step, true);
    mv_builder_char(&b, ')');
    return mv_builder_end(&b);
}

static MvValue slice_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (!mv_is_kind(b, MV_KIND_SLICE))
        return MV_NOTIMPLEMENTED;
    if (a == b)
        return mv_bool(op == MV_COMPARE_EQ || op == MV_COMPARE_LE || op == MV_COMPARE_GE);
    MvValue x = mv_tuple_from(vm, &as_slice(a)->start, 3), y = mv_tuple_from(vm, &as_slice(b)->start, 3);
    if (x == MV_EXC || y == MV_EXC || !mv_enter(vm, " in comparison"))
        return MV_EXC;
    MvValue result = mv_sequence_compare(vm, op, x, y);
    mv_leave(vm);
    return result;
}

/* v as an int between the bounds, counted from the end if negative; `otherwise` for None. Ints of any size. */
static MvValue bound(MvVM *vm, MvValue v, MvValue length, MvValue lower, MvValue upper, MvValue otherwise)
{
    if (v == MV_NONE)
        return otherwise;
    if (!has_index(vm, v) || (v = mv_index(vm, v)) == MV_EXC)
        return MV_EXC;
    if (mv_int_sign(v) < 0) {
        v = mv_int_binary(vm, MV_BINARY_ADD, v, length);
        return v == MV_EXC || mv_int_order(v, lower) >= 0 ? v : lower;
    }
    return mv_int_order(v, upper) > 0 ? upper : mv_int_exact(vm, v);
}

bool mv_slice_int_indices(MvVM *vm, MvValue slice, MvValue length, MvValue *out)
{
    const MvSlice *s = as_slice(slice);
    MvValue step = mv_from_fixnum(1);
    if (s->step != MV_NONE) {
        if (!has_index(vm, s->step) || (step = mv_index(vm, s->step)) == MV_EXC ||
            (step = mv_int_exact(vm, step)) == MV_EXC)
            return false;
        if (mv_int_sign(step) == 0) {
            mv_value_error(vm, "slice step cannot be zero");
            return false;
        }
    }
    bool backwards = mv_int_sign(step) < 0;
    MvValue lower = mv_from_fixnum(backwards ? -1 : 0);
    MvValue upper = backwards ? mv_int_binary(vm, MV_BINARY_SUB, length, mv_from_fixnum(1)) : length;
    if (upper == MV_EXC)
        return false;
    out[2] = step;
    out[0] = bound(vm, s->start, length, lower, upper, backwards ? upper : lower);
    if (out[0] == MV_EXC)
        return false;
    out[1] = bound(vm, s->stop, length, lower, upper, backwards ? lower : upper);
    return out[1] != MV_EXC;
}

static MvValue method_indices(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue length = mv_index(vm, args[1]), items[3];
    if (length == MV_EXC || (length = mv_int_exact(vm, length)) == MV_EXC)
        return MV_EXC;
    if (mv_int_sign(length) < 0)
        return mv_value_error(vm, "length should not be negative");
    return mv_slice_int_indices(vm, args[0], length, items) ? mv_tuple_from(vm, items, 3) : MV_EXC;
}

static MvValue get_start(MvVM *vm, MvValue self) { return as_slice(self)->start; }
static MvValue get_stop(MvVM *vm, MvValue self) { return as_slice(self)->stop; }
static MvValue get_step(MvVM *vm, MvValue self) { return as_slice(self)->step; }

static const MvMethodDef methods[] = {
    {"indices", method_indices, 1, 1, 0, NULL},
    {0},
};
static const MvGetSetDef getsets[] = {
    {"start", get_start, mv_member_read_only},
    {"stop", get_stop, mv_member_read_only},
    {"step", get_step, mv_member_read_only},
    {0},
};

const MvTypeDef mv_type_SLICE = {
    .kind = MV_KIND_SLICE,
    .size = sizeof(MvSlice),
    .repr = slice_repr,
    .compare = slice_compare,
    .make = slice_make,
    .methods = methods,
    .getsets = getsets,
    .unhashable = true
};
