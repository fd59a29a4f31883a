/* Methods of str that look for text: count, find, index, rfind, rindex, startswith, endswith. */
#include "str.h"

/* The optional start and end of these methods, clipped as slices clip: None, or anything with __index__. */
static bool slice_bound(MvVM *vm, MvValue v, int64_t otherwise, int64_t length, int64_t *out)
{
    int64_t i = otherwise;
    if (mv_is_int(v)) {
        i = mv_to_fixnum(v);
    } else if (v != MV_NONE) {
        if (!mv_is_int_like(v) && mv_special(vm, mv_class_of(vm, v), MV_SP_INDEX) == MV_UNASSIGNED) {
            mv_type_error(vm, "slice indices must be integers or None or have an __index__ method");
            return false;
        }
        if (!mv_index_i64(vm, v, &i, true))
            return false;
    }
    if (i < 0) {
        i += length;
        i = i < 0 ? 0 : i;
    }
    *out = i;
    return true;
}

/* Checks the count of arguments the way these methods word it, and takes start and end. end is clipped to the
 * length, start is not: a start behind the end of the text finds nothing, not even the empty str. */
static bool search_range(MvVM *vm, const char *name, MvValue *args, int64_t nargs, int64_t *start, int64_t *end)
{
    int64_t given = nargs - 1;
    if (given < 1 || given > 3) {
        const char *wanted = given < 1 ? "at least 1 argument" : "at most 3 arguments";
        mv_type_error(vm, "%s() takes %s (%d given)", name, wanted, given);
        return false;
    }
    int64_t length = mv_as_str(args[0])->length;
    *start = 0;
    *end = length;
    if (given >= 2 && !slice_bound(vm, args[2], 0, length, start))
        return false;
    if (given >= 3 && !slice_bound(vm, args[3], length, length, end))
        return false;
    *end = *end > length ? length : *end;
    return true;
}

static bool needle_of(MvVM *vm, MvValue v)
{
    if (mv_is_str(v))
        return true;
    mv_type_error(vm, "must be str, not %T", v);
    return false;
}

/* -1 not found, -2 raised */
static int64_t find(MvVM *vm, const char *name, MvValue *args, int64_t nargs, bool reverse)
{
    int64_t start, end;
    if (!search_range(vm, name, args, nargs, &start, &end) || !needle_of(vm, args[1]))
        return -2;
    return mv_str_find(vm, mv_as_str(args[0]), mv_as_str(args[1]), start, end, reverse);
}

static MvValue find_result(int64_t at)
{
    return at == -2 ? MV_EXC : mv_from_fixnum(at);
}

static MvValue index_result(MvVM *vm, int64_t at)
{
    return at == -1 ? mv_value_error(vm, "substring not found") : find_result(at);
}

MV_STR_METHOD(find)
{
    return find_result(find(vm, "find", args, nargs, false));
}

MV_STR_METHOD(rfind)
{
    return find_result(find(vm, "rfind", args, nargs, true));
}

MV_STR_METHOD(index)
{
    return index_result(vm, find(vm, "index", args, nargs, false));
}

MV_STR_METHOD(rindex)
{
    return index_result(vm, find(vm, "rindex", args, nargs, true));
}

MV_STR_METHOD(count)
{
    int64_t start, end;
    if (!search_range(vm, "count", args, nargs, &start, &end) || !needle_of(vm, args[1]))
        return MV_EXC;
    return find_result(mv_str_count(vm, mv_as_str(args[0]), mv_as_str(args[1]), start, end, -1));
}

/* Is part at the start (or the end) of s[start:end]? 1, 0, -1 stop. */
static int tail_match(MvVM *vm, const MvStr *s, const MvStr *part, int64_t start, int64_t end, bool at_end)
{
    const int64_t step = (int64_t)1 << 22;
    int64_t m = part->length;
    if (end - start < m)
        return 0;
    if (m == 0)
        return 1;
    if (mv_str_bound(part) > mv_str_bound(s))
        return 0;
    int64_t at = at_end ? end - m : start;
    int shift = mv_str_shift(s), part_shift = mv_str_shift(part);
    for (int64_t done = 0; done < m; done += step) {
        int64_t count = m - done < step ? m - done : step;
        if (done && mv_poll(vm))
            return -1;
        if (shift == part_shift) {
            const char *place = (const char *)s->data + ((size_t)(at + done) << shift);
            if (memcmp(place, (const char *)part->data + ((size_t)done << shift), (size_t)count << shift) != 0)
                return 0;
        } else {
            for (int64_t i = done; i < done + count; i++)
                if (mv_get_char(s->data, shift, at + i) != mv_get_char(part->data, part_shift, i))
                    return 0;
        }
    }
    return 1;
}

static MvValue match_result(int match)
{
    return match < 0 ? MV_EXC : mv_bool(match);
}

static MvValue starts_or_ends(MvVM *vm, const char *name, MvValue *args, int64_t nargs, bool at_end)
{
    int64_t start, end;
    if (!search_range(vm, name, args, nargs, &start, &end))
        return MV_EXC;
    const MvStr *s = mv_as_str(args[0]);
    if (MV_LIKELY(mv_is_str(args[1])))
        return match_result(tail_match(vm, s, mv_as_str(args[1]), start, end, at_end));
    if (!mv_is_kind(args[1], MV_KIND_TUPLE))
        return mv_type_error(vm, "%s first arg must be str or a tuple of str, not %T", name, args[1]);
    const MvTuple *parts = MV_CAST(MvTuple, args[1]);
    for (int64_t i = 0; i < parts->length; i++) {
        if (!mv_is_str(parts->items[i]))
            return mv_type_error(vm, "tuple for %s must only contain str, not %T", name, parts->items[i]);
        int match = tail_match(vm, s, mv_as_str(parts->items[i]), start, end, at_end);
        if (match)
            return match_result(match);
        if ((i & 1023) == 1023 && mv_poll(vm))
            return MV_EXC;
    }
    return MV_FALSE;
}

MV_STR_METHOD(startswith)
{
    return starts_or_ends(vm, "startswith", args, nargs, false);
}

MV_STR_METHOD(endswith)
{
    return starts_or_ends(vm, "endswith", args, nargs, true);
}
