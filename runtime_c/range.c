/* Ranges: four ints of any size, start, stop, step and the length that follows from them.
 *
 * Callers: abstract.c and the interpreter through mv_type_RANGE; loops over ranges of small ints read the fields
 * (mv_range_is_small). */
#include "sequence.h"
#include "siphash.h"

#define ONE mv_from_fixnum(1)
MV_INLINE MvRange *as_range(MvValue v) { return MV_CAST(MvRange, v); }

static MvValue add(MvVM *vm, MvValue a, MvValue b) { return mv_int_binary(vm, MV_BINARY_ADD, a, b); }
static MvValue sub(MvVM *vm, MvValue a, MvValue b) { return mv_int_binary(vm, MV_BINARY_SUB, a, b); }
static MvValue mul(MvVM *vm, MvValue a, MvValue b) { return mv_int_binary(vm, MV_BINARY_MUL, a, b); }

static MvValue range_size(MvVM *vm, MvValue start, MvValue stop, MvValue step)
{
    bool backwards = mv_int_sign(step) < 0;
    MvValue low = backwards ? stop : start, high = backwards ? start : stop;
    if (mv_int_order(low, high) >= 0)
        return mv_from_fixnum(0);
    if (((start | stop | step) & 3) == 0) {
        uint64_t stride = (uint64_t)(backwards ? -mv_to_fixnum(step) : mv_to_fixnum(step));
        return mv_int_from_u64(vm, ((uint64_t)mv_to_fixnum(high) - (uint64_t)mv_to_fixnum(low) - 1) / stride + 1);
    }
    MvValue span = sub(vm, high, low);
    if (span == MV_EXC || (span = sub(vm, span, ONE)) == MV_EXC)
        return MV_EXC;
    if (backwards && (step = sub(vm, mv_from_fixnum(0), step)) == MV_EXC)
        return MV_EXC;
    MvValue count = mv_int_binary(vm, MV_BINARY_FLOORDIV, span, step);
    return count == MV_EXC ? MV_EXC : add(vm, count, ONE);
}

MvValue mv_range_new(MvVM *vm, MvValue start, MvValue stop, MvValue step)
{
    if (mv_int_sign(step) == 0)
        return mv_value_error(vm, "range() arg 3 must not be zero");
    MvValue length = range_size(vm, start, stop, step);
    if (length == MV_EXC)
        return MV_EXC;
    MvRange *range = mv_new(vm, sizeof(MvRange), MV_CLASS_RANGE, MV_KIND_RANGE);
    if (!range)
        return MV_EXC;
    range->start = start;
    range->stop = stop;
    range->step = step;
    range->length = length;
    return mv_value(range);
}

MvValue mv_range_item(MvVM *vm, const MvRange *range, MvValue i)
{
    MvValue offset = mul(vm, i, range->step);
    return offset == MV_EXC ? MV_EXC : add(vm, range->start, offset);
}

static MvValue as_int(MvVM *vm, MvValue v)
{
    if (mv_is_int(v))
        return v;
    v = mv_index(vm, v);
    return v == MV_EXC ? MV_EXC : mv_int_exact(vm, v);
}

static MvValue range_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (!mv_keywords_none(vm, "range", kwnames) || !mv_count_args(vm, "range", nargs, 1, 3))
        return MV_EXC;
    MvValue start = mv_from_fixnum(0), stop, step = ONE;
    if (nargs == 1) {
        stop = as_int(vm, args[0]);
    } else {
        start = as_int(vm, args[0]);
        stop = start == MV_EXC ? MV_EXC : as_int(vm, args[1]);
    }
    if (stop == MV_EXC || (nargs > 2 && (step = as_int(vm, args[2])) == MV_EXC))
        return MV_EXC;
    return mv_range_new(vm, start, stop, step);
}

/* ---- slots ---- */

static MvValue range_repr(MvVM *vm, MvValue self)
{
    const MvRange *r = as_range(self);
    if (r->step == ONE)
        return mv_format_message(vm, "range(%R, %R)", r->start, r->stop);
    return mv_format_message(vm, "range(%R, %R, %R)", r->start, r->stop, r->step);
}

static bool range_hash(MvVM *vm, MvValue self, uint64_t *hash)
{
    const MvRange *r = as_range(self);
    MvValue items[3] = {r->length, MV_NONE, MV_NONE};
    if (mv_int_sign(r->length)) {
        items[1] = r->start;
        if (r->length != ONE)
            items[2] = r->step;
    }
    uint64_t state = MV_HASH_TUPLE_BEGIN;
    for (int i = 0; i < 3; i++) {
        uint64_t h;
        if (!mv_hash_fast(vm, items[i], &h))
            return false;
        state = mv_hash_tuple_add(state, (int64_t)h);
    }
    *hash = (uint64_t)mv_hash_tuple_end(state, 3);
    return true;
}

static bool same(const MvRange *a, const MvRange *b)
{
    if (a == b)
        return true;
    if (mv_int_order(a->length, b->length))
        return false;
    if (mv_int_sign(a->length) == 0)
        return true;
    if (mv_int_order(a->start, b->start))
        return false;
    return a->length == ONE || mv_int_order(a->step, b->step) == 0;
}

static MvValue range_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    if ((op != MV_COMPARE_EQ && op != MV_COMPARE_NE) || !mv_is_kind(b, MV_KIND_RANGE))
        return MV_NOTIMPLEMENTED;
    return mv_bool(same(as_range(a), as_range(b)) == (op == MV_COMPARE_EQ));
}

static int range_truth(MvVM *vm, MvValue self) { return mv_int_sign(as_range(self)->length) != 0; }

static int64_t range_length(MvVM *vm, MvValue self)
{
    int64_t length;
    if (mv_int_to_i64(as_range(self)->length, &length))
        return length;
    mv_raise(vm, MV_EXC_OverflowError, "Python int too large to convert to C ssize_t");
    return -1;
}

static MvValue get_slice(MvVM *vm, const MvRange *r, MvValue slice)
{
    MvValue part[3];
    if (!mv_slice_int_indices(vm, slice, r->length, part))
        return MV_EXC;
    MvValue step = mul(vm, part[2], r->step);
    MvValue start = step == MV_EXC ? MV_EXC : mv_range_item(vm, r, part[0]);
    MvValue stop = start == MV_EXC ? MV_EXC : mv_range_item(vm, r, part[1]);
    return stop == MV_EXC ? MV_EXC : mv_range_new(vm, start, stop, step);
}

static MvValue range_get_item(MvVM *vm, MvValue self, MvValue key)
{
    const MvRange *r = as_range(self);
    if (mv_is_kind(key, MV_KIND_SLICE))
        return get_slice(vm, r, key);
    if (!mv_is_int_like(key) && mv_special(vm, mv_class_of(vm, key), MV_SP_INDEX) == MV_UNASSIGNED)
        return mv_type_error(vm, "range indices must be integers or slices, not %T", key);
    MvValue i = as_int(vm, key);
    if (i == MV_EXC || (mv_int_sign(i) < 0 && (i = add(vm, i, r->length)) == MV_EXC))
        return MV_EXC;
    if (mv_int_sign(i) < 0 || mv_int_order(i, r->length) >= 0)
        return mv_raise(vm, MV_EXC_IndexError, "range object index out of range");
    return mv_range_item(vm, r, i);
}

static bool is_plain_int(MvVM *vm, MvValue v)
{
    return mv_is_int(v) || mv_is_exactly(vm, v, MV_CLASS_INT) || mv_is_kind(v, MV_KIND_BOOL);
}

/* Is the plain int v an item? 1, 0, -1 raised. */
static int has_int(MvVM *vm, const MvRange *r, MvValue v)
{
    int direction = mv_int_sign(r->step);
    if (mv_int_order(v, r->start) * direction < 0 || mv_int_order(v, r->stop) * direction >= 0)
        return 0;
    MvValue offset = sub(vm, v, r->start);
    MvValue rest = offset == MV_EXC ? MV_EXC : mv_int_binary(vm, MV_BINARY_MOD, offset, r->step);
    return rest == MV_EXC ? -1 : mv_int_sign(rest) == 0;
}

/* Items equal to v, which is not a plain int: the number of them, with `first` the index of the first alone; MV_EXC. */
static MvValue search(MvVM *vm, const MvRange *r, MvValue v, bool first)
{
    MvValue item = r->start, i = mv_from_fixnum(0), count = mv_from_fixnum(0);
    for (; mv_int_order(i, r->length) < 0; i = add(vm, i, ONE)) {
        int equal = mv_equal(vm, item, v);
        if (equal < 0 || mv_poll(vm))
            return MV_EXC;
        if (equal && first)
            return i;
        if (equal)
            count = add(vm, count, ONE);
        item = add(vm, item, r->step);
        if (item == MV_EXC || count == MV_EXC)
            return MV_EXC;
    }
    return first ? MV_UNASSIGNED : count;
}

static int range_contains(MvVM *vm, MvValue self, MvValue v)
{
    if (is_plain_int(vm, v))
        return has_int(vm, as_range(self), v);
    MvValue i = search(vm, as_range(self), v, true);
    return i == MV_EXC ? -1 : i != MV_UNASSIGNED;
}

static MvValue range_iter(MvVM *vm, MvValue self) { return mv_range_iter_new(vm, as_range(self), false); }

/* ---- methods ---- */

static MvValue method_reversed(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_range_iter_new(vm, as_range(args[0]), true);
}

static MvValue method_count(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (!is_plain_int(vm, args[1]))
        return search(vm, as_range(args[0]), args[1], false);
    int found = has_int(vm, as_range(args[0]), args[1]);
    return found < 0 ? MV_EXC : mv_from_fixnum(found);
}

static MvValue method_index(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const MvRange *r = as_range(args[0]);
    if (!is_plain_int(vm, args[1])) {
        MvValue i = search(vm, r, args[1], true);
        return i == MV_UNASSIGNED ? mv_value_error(vm, "sequence.index(x): x not in sequence") : i;
    }
    int found = has_int(vm, r, args[1]);
    if (found <= 0)
        return found < 0 ? MV_EXC : mv_value_error(vm, "%R is not in range", args[1]);
    MvValue offset = sub(vm, args[1], r->start);
    return offset == MV_EXC ? MV_EXC : mv_int_binary(vm, MV_BINARY_FLOORDIV, offset, r->step);
}

static MvValue get_start(MvVM *vm, MvValue self) { return as_range(self)->start; }
static MvValue get_stop(MvVM *vm, MvValue self) { return as_range(self)->stop; }
static MvValue get_step(MvVM *vm, MvValue self) { return as_range(self)->step; }

static const MvMethodDef methods[] = {
    {"__reversed__", method_reversed, 0, 0, 0, NULL},
    {"count", method_count, 1, 1, 0, NULL},
    {"index", method_index, 1, 1, 0, NULL},
    {0},
};
static const MvGetSetDef getsets[] = {
    {"start", get_start, mv_member_read_only},
    {"stop", get_stop, mv_member_read_only},
    {"step", get_step, mv_member_read_only},
    {0},
};

const MvTypeDef mv_type_RANGE = {
    .kind = MV_KIND_RANGE,
    .size = sizeof(MvRange),
    .repr = range_repr,
    .hash = range_hash,
    .compare = range_compare,
    .truth = range_truth,
    .length = range_length,
    .get_item = range_get_item,
    .contains = range_contains,
    .iter = range_iter,
    .make = range_make,
    .methods = methods,
    .getsets = getsets
};
