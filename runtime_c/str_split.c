/* Methods of str that take it apart: split, rsplit, splitlines, partition, rpartition, strip, lstrip, rstrip. */
#include "str.h"
#include "containers.h"
#include "unicode_tables.h"

#define ASCII_SPACES 0x1F0003E00ull /* bit c: U+0009 to U+000D, U+001C to U+0020 */

MV_INLINE bool is_space(uint32_t c)
{
    if (MV_LIKELY(c < 0x80))
        return c <= 32 && (ASCII_SPACES >> c & 1);
    return mv_unicode_is_space(c);
}

static bool append_part(MvVM *vm, MvValue list, const MvStr *s, int64_t start, int64_t end)
{
    MvValue part = mv_str_substring(vm, s, start, end);
    if (part == MV_EXC || mv_poll(vm))
        return false;
    return mv_list_append(vm, MV_CAST(MvList, list), part);
}

static void reverse_list(MvValue list)
{
    MvList *items = MV_CAST(MvList, list);
    for (int64_t i = 0, j = items->length - 1; i < j; i++, j--) {
        MvValue swap = items->items[i];
        items->items[i] = items->items[j];
        items->items[j] = swap;
    }
}

/* Moves *at over characters that are (or are not) white space, towards `end`; false: the run ends. */
static bool skip(MvVM *vm, const MvStr *s, int64_t *at, int64_t end, bool spaces, int step)
{
    int64_t i = *at, before = step < 0 ? -1 : 0;
    int shift = mv_str_shift(s);
    if (MV_LIKELY(mv_str_is_ascii(s) && s->length <= 0xFFFF)) {
        const uint8_t *text = s->data;
        while (i != end && (text[i + before] <= 32 && (ASCII_SPACES >> text[i + before] & 1)) == spaces)
            i += step;
        *at = i;
        return true;
    }
    while (i != end && is_space(mv_get_char(s->data, shift, i + before)) == spaces) {
        i += step;
        if (MV_UNLIKELY((i & 0xFFFF) == 0) && mv_poll(vm))
            return false;
    }
    *at = i;
    return true;
}

static MvValue split_spaces(MvVM *vm, const MvStr *s, int64_t limit)
{
    MvValue list = mv_list_new(vm, 0);
    if (list == MV_EXC)
        return MV_EXC;
    int64_t at = 0;
    for (;;) {
        if (!skip(vm, s, &at, s->length, true, 1))
            return MV_EXC;
        if (at == s->length)
            return list;
        if (limit-- == 0)
            break;
        int64_t start = at;
        if (!skip(vm, s, &at, s->length, false, 1) || !append_part(vm, list, s, start, at))
            return MV_EXC;
    }
    return append_part(vm, list, s, at, s->length) ? list : MV_EXC; /* the rest keeps the white space behind it */
}

static MvValue rsplit_spaces(MvVM *vm, const MvStr *s, int64_t limit)
{
    MvValue list = mv_list_new(vm, 0);
    if (list == MV_EXC)
        return MV_EXC;
    int64_t at = s->length;
    for (;;) {
        if (!skip(vm, s, &at, 0, true, -1))
            return MV_EXC;
        if (at == 0)
            break;
        int64_t end = at;
        if (limit-- == 0) { /* the rest keeps the white space before it */
            if (!append_part(vm, list, s, 0, end))
                return MV_EXC;
            break;
        }
        if (!skip(vm, s, &at, 0, false, -1) || !append_part(vm, list, s, at, end))
            return MV_EXC;
    }
    reverse_list(list);
    return list;
}

static MvValue split_text(MvVM *vm, const MvStr *s, const MvStr *separator, int64_t limit, bool reverse)
{
    if (separator->length == 0)
        return mv_value_error(vm, "empty separator");
    MvValue list = mv_list_new(vm, 0);
    MvFinder finder;
    if (list == MV_EXC || !mv_finder_begin(&finder, vm, s, separator, reverse))
        return MV_EXC;
    int64_t start = 0, end = s->length;
    while (limit-- != 0) {
        int64_t at = mv_finder_next(&finder, start, end);
        if (at == -2)
            return MV_EXC;
        if (at < 0)
            break;
        if (reverse) {
            if (!append_part(vm, list, s, at + separator->length, end))
                return MV_EXC;
            end = at;
        } else {
            if (!append_part(vm, list, s, start, at))
                return MV_EXC;
            start = at + separator->length;
        }
    }
    if (!append_part(vm, list, s, start, end))
        return MV_EXC;
    if (reverse)
        reverse_list(list);
    return list;
}

/* Binds by hand what split and rsplit are called with nearly always. */
static MvValue split(MvVM *vm, const char *name, MvValue *given, int64_t nargs, MvValue kwnames, bool reverse)
{
    int64_t limit = -1;
    MvValue args[3] = {given[0], nargs > 1 ? given[1] : MV_UNASSIGNED, nargs > 2 ? given[2] : MV_UNASSIGNED};
    if (MV_UNLIKELY(kwnames || nargs > 3) &&
        !mv_bind(vm, name, "sep?,maxsplit?", given + 1, nargs - 1, kwnames, args + 1))
        return MV_EXC;
    if (args[2] != MV_UNASSIGNED && !mv_sequence_ssize(vm, args[2], &limit))
        return MV_EXC;
    limit = limit < 0 ? -1 : limit;
    const MvStr *s = mv_as_str(args[0]);
    if (args[1] == MV_UNASSIGNED || args[1] == MV_NONE)
        return reverse ? rsplit_spaces(vm, s, limit) : split_spaces(vm, s, limit);
    if (!mv_is_str(args[1]))
        return mv_type_error(vm, "must be str or None, not %T", args[1]);
    return split_text(vm, s, mv_as_str(args[1]), limit, reverse);
}

MV_STR_METHOD(split)
{
    return split(vm, "split", args, nargs, kwnames, false);
}

MV_STR_METHOD(rsplit)
{
    return split(vm, "rsplit", args, nargs, kwnames, true);
}

MV_STR_METHOD(splitlines)
{
    int keep = 0;
    if (args[1] != MV_UNASSIGNED && !mv_arg_c_int(vm, args[1], &keep))
        return MV_EXC;
    const MvStr *s = mv_as_str(args[0]);
    MvValue list = mv_list_new(vm, 0);
    if (list == MV_EXC)
        return MV_EXC;
    for (int64_t at = 0; at < s->length;) {
        int64_t start = at;
        while (at < s->length && !mv_unicode_is_line_break(mv_str_char(s, at))) {
            at++;
            if (MV_UNLIKELY((at & 0xFFFF) == 0) && mv_poll(vm))
                return MV_EXC;
        }
        int64_t end = at;
        if (at < s->length) {
            at += mv_str_char(s, at) == '\r' && at + 1 < s->length && mv_str_char(s, at + 1) == '\n' ? 2 : 1;
            if (keep)
                end = at;
        }
        if (!append_part(vm, list, s, start, end))
            return MV_EXC;
    }
    return list;
}

static MvValue partition(MvVM *vm, MvValue *args, bool reverse)
{
    if (!mv_is_str(args[1]))
        return mv_type_error(vm, "must be str, not %T", args[1]);
    const MvStr *s = mv_as_str(args[0]), *separator = mv_as_str(args[1]);
    if (separator->length == 0)
        return mv_value_error(vm, "empty separator");
    int64_t at = mv_str_find(vm, s, separator, 0, s->length, reverse);
    if (at == -2)
        return MV_EXC;
    MvValue parts[3];
    if (at < 0) {
        parts[0] = parts[1] = parts[2] = vm->empty_str;
        parts[reverse ? 2 : 0] = args[0];
    } else {
        parts[0] = mv_str_substring(vm, s, 0, at);
        parts[1] = args[1];
        parts[2] = mv_str_substring(vm, s, at + separator->length, s->length);
    }
    if (parts[0] == MV_EXC || parts[1] == MV_EXC || parts[2] == MV_EXC)
        return MV_EXC;
    return mv_tuple_from(vm, parts, 3);
}

MV_STR_METHOD(partition)
{
    return partition(vm, args, false);
}

MV_STR_METHOD(rpartition)
{
    return partition(vm, args, true);
}

typedef struct CharSet { /* the argument of strip: a bitmap of the ASCII ones answers first */
    uint64_t ascii[2];
    const MvStr *chars; /* NULL: white space */
} CharSet;

MV_INLINE bool in_set(const CharSet *set, uint32_t c)
{
    if (!set->chars)
        return is_space(c);
    if (c < 0x80)
        return set->ascii[c >> 6] >> (c & 63) & 1;
    return mv_str_find_char(set->chars, c, 0, set->chars->length, false) >= 0;
}

static MvValue strip(MvVM *vm, MvValue *args, int64_t nargs, const char *name, bool left, bool right)
{
    const MvStr *s = mv_as_str(args[0]);
    CharSet set = {{0, 0}, NULL};
    if (nargs > 1 && args[1] != MV_NONE) {
        if (!mv_is_str(args[1]))
            return mv_type_error(vm, "%s arg must be None or str", name);
        set.chars = mv_as_str(args[1]);
        for (int64_t i = 0; i < set.chars->length; i++) {
            uint32_t c = mv_str_char(set.chars, i);
            if (c < 0x80)
                set.ascii[c >> 6] |= (uint64_t)1 << (c & 63);
            if ((i & 0xFFFF) == 0xFFFF && mv_poll(vm))
                return MV_EXC;
        }
    }
    int64_t start = 0, end = s->length, effort = 0;
    int64_t cost = set.chars && !mv_str_is_ascii(set.chars) ? 1 + set.chars->length / 16 : 1;
    for (; left && start < end && in_set(&set, mv_str_char(s, start)); start++) {
        if (MV_UNLIKELY((effort += cost) > 0x8000)) {
            effort = 0;
            if (mv_poll(vm))
                return MV_EXC;
        }
    }
    for (; right && end > start && in_set(&set, mv_str_char(s, end - 1)); end--) {
        if (MV_UNLIKELY((effort += cost) > 0x8000)) {
            effort = 0;
            if (mv_poll(vm))
                return MV_EXC;
        }
    }
    return mv_str_substring(vm, s, start, end);
}

MV_STR_METHOD(strip)
{
    return strip(vm, args, nargs, "strip", true, true);
}

MV_STR_METHOD(lstrip)
{
    return strip(vm, args, nargs, "lstrip", true, false);
}

MV_STR_METHOD(rstrip)
{
    return strip(vm, args, nargs, "rstrip", false, true);
}
