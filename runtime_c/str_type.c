/* mv_type_STR: the slots of str, its constructor, and the table of its methods. The methods themselves stand in
 * str_*.c by subject. */
#include "str.h"
#include "containers.h"
#include "format_spec.h"

static MvValue str_str(MvVM *vm, MvValue self)
{
    return mv_str_exact(vm, self);
}

static bool str_hash(MvVM *vm, MvValue self, uint64_t *hash)
{
    return mv_str_hash(vm, mv_as_str(self), hash);
}

static MvValue str_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (MV_UNLIKELY(!mv_is_str(b)))
        return MV_NOTIMPLEMENTED;
    return mv_str_order_polled(vm, op, mv_as_str(a), mv_as_str(b));
}

static MvValue repeat(MvVM *vm, MvValue s, MvValue times)
{
    int64_t count = 0;
    int usable = mv_sequence_count(vm, times, &count);
    return usable < 0 ? MV_EXC : usable ? mv_str_repeat(vm, s, count) : MV_NOTIMPLEMENTED;
}

static bool has_index(MvVM *vm, MvValue v)
{
    return mv_is_int_like(v) || (mv_is_pointer(v) && mv_special(vm, mv_class_of(vm, v), MV_SP_INDEX) != MV_UNASSIGNED);
}

/* NotImplemented leaves the other operand its turn; the messages of sequences ("can only concatenate str ...") are
 * mv_binary's. */
static MvValue str_binary(MvVM *vm, int op, MvValue a, MvValue b)
{
    switch (op) {
    case MV_BINARY_ADD:
        return mv_is_str(a) && mv_is_str(b) ? mv_str_concat(vm, a, b) : MV_NOTIMPLEMENTED;
    case MV_BINARY_MUL:
        return mv_is_str(a) ? repeat(vm, a, b) : repeat(vm, b, a);
    case MV_BINARY_MOD:
        return mv_is_str(a) ? mv_str_percent(vm, a, b) : MV_NOTIMPLEMENTED;
    default:
        return MV_NOTIMPLEMENTED;
    }
}

static int str_truth(MvVM *vm, MvValue self)
{
    return mv_as_str(self)->length != 0;
}

static int64_t str_length(MvVM *vm, MvValue self)
{
    return mv_as_str(self)->length;
}

/* Past the last character the sum may overflow; nobody looks at it then. */
MV_INLINE int64_t next_index(int64_t at, int64_t step) { return (int64_t)((uint64_t)at + (uint64_t)step); }

/* Every step-th character. */
static MvValue stepped(MvVM *vm, const MvStr *s, int64_t start, int64_t step, int64_t count)
{
    if (count <= 0)
        return vm->empty_str;
    int shift = mv_str_shift(s);
    uint32_t bound = mv_str_bound(s);
    if (bound > 0x7F) {
        uint32_t all = 0;
        for (int64_t i = 0, at = start; i < count; i++, at = next_index(at, step)) {
            all |= mv_get_char(s->data, shift, at);
            if ((i & 0xFFFF) == 0xFFFF && mv_poll(vm))
                return MV_EXC;
        }
        bound = mv_str_scan(&all, 2, 1);
    }
    MvStr *result = mv_str_new(vm, count, bound);
    if (!result)
        return MV_EXC;
    int to_shift = mv_str_shift(result);
    for (int64_t i = 0, at = start; i < count; i++, at = next_index(at, step)) {
        mv_put_char(result->data, to_shift, i, mv_get_char(s->data, shift, at));
        if ((i & 0xFFFF) == 0xFFFF && mv_poll(vm))
            return MV_EXC;
    }
    return mv_value(result);
}

static MvValue str_get_item(MvVM *vm, MvValue self, MvValue key)
{
    const MvStr *s = mv_as_str(self);
    int64_t i, stop, step, count;
    if (MV_LIKELY(mv_is_int(key))) {
        i = mv_to_fixnum(key);
    } else if (mv_is_kind(key, MV_KIND_SLICE)) {
        if (!mv_slice_indices(vm, key, s->length, &i, &stop, &step, &count))
            return MV_EXC;
        return step == 1 ? mv_str_substring(vm, s, i, i + count) : stepped(vm, s, i, step, count);
    } else {
        if (!has_index(vm, key))
            return mv_type_error(vm, "string indices must be integers, not '%T'", key);
        MvValue index = mv_index(vm, key);
        if (index == MV_EXC)
            return MV_EXC;
        if (!mv_int_to_i64(index, &i))
            return mv_raise(vm, MV_EXC_IndexError, "cannot fit '%T' into an index-sized integer", key);
    }
    if (i < 0)
        i += s->length;
    if (MV_UNLIKELY(i < 0 || i >= s->length))
        return mv_raise(vm, MV_EXC_IndexError, "string index out of range");
    return mv_str_from_char(vm, mv_str_char(s, i));
}

static int str_contains(MvVM *vm, MvValue self, MvValue item)
{
    if (!mv_is_str(item)) {
        mv_type_error(vm, "'in <string>' requires string as left operand, not %T", item);
        return -1;
    }
    const MvStr *s = mv_as_str(self);
    int64_t at = mv_str_find(vm, s, mv_as_str(item), 0, s->length, false);
    return at == -2 ? -1 : at >= 0;
}

static MvValue str_iter(MvVM *vm, MvValue self)
{
    int id = mv_str_is_ascii(mv_as_str(self)) ? MV_CLASS_STR_ASCII_ITERATOR : MV_CLASS_STR_ITERATOR;
    return mv_iter_new(vm, id, self, MV_UNASSIGNED, MV_UNASSIGNED);
}

static const char *const text_argument[2] = {"encoding", "errors"};

static MvValue str_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue text, bound[3] = {MV_UNASSIGNED, MV_UNASSIGNED, MV_UNASSIGNED};
    bool exact = cls == vm->classes[MV_CLASS_STR];
    if (nargs == 1 && !kwnames)
        bound[0] = args[0];
    else if ((nargs || kwnames) && !mv_bind(vm, "str", "object?,encoding?,errors?", args, nargs, kwnames, bound))
        return MV_EXC;
    for (int i = 1; i < 3; i++)
        if (bound[i] != MV_UNASSIGNED && !mv_is_str(bound[i]))
            return mv_type_error(vm, "str() argument '%s' must be str, not %t", text_argument[i - 1], bound[i]);
    if (bound[0] == MV_UNASSIGNED)
        text = vm->empty_str;
    else if (bound[1] == MV_UNASSIGNED && bound[2] == MV_UNASSIGNED)
        text = mv_str(vm, bound[0]);
    else if (mv_is_str(bound[0]))
        return mv_type_error(vm, "decoding str is not supported");
    else
        return mv_type_error(vm, "decoding to str: need a bytes-like object, %T found", bound[0]);
    return text == MV_EXC || exact ? text : mv_str_subclass_new(vm, cls, mv_as_str(text));
}

static MvValue method_getnewargs(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue text = mv_str_exact(vm, args[0]);
    return text == MV_EXC ? MV_EXC : mv_tuple_from(vm, &text, 1);
}

/* What CPython 3.11 answers on a 64-bit machine. */
static MvValue method_sizeof(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const MvStr *s = mv_as_str(args[0]);
    return mv_from_fixnum(mv_str_is_ascii(s) ? 48 + s->length + 1 : 72 + ((s->length + 1) << mv_str_shift(s)));
}

static MvValue method_encode(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    for (int i = 1; i < 3; i++)
        if (args[i] != MV_UNASSIGNED && !mv_is_str(args[i]))
            return mv_type_error(vm, "encode() argument '%s' must be str, not %t", text_argument[i - 1], args[i]);
    return mv_raise_refused(vm, "bytes");
}

static MvValue method_format(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_str_format_method(vm, args[0], args + 1, nargs - 1, kwnames);
}

static MvValue method_format_map(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_str_format_map(vm, args[0], args[1]);
}

static MvValue method_join(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_str_join(vm, args[0], args[1]);
}

#define PLAIN(name, min, max) {#name, mv_str_method_##name, min, max, 0, NULL}
#define BOUND(name, params) {#name, mv_str_method_##name, 0, 0, 0, params}

static const MvMethodDef str_methods[] = {
    PLAIN(capitalize, 0, 0), PLAIN(casefold, 0, 0), PLAIN(lower, 0, 0), PLAIN(swapcase, 0, 0), PLAIN(title, 0, 0),
    PLAIN(upper, 0, 0),
    PLAIN(isalnum, 0, 0), PLAIN(isalpha, 0, 0), PLAIN(isascii, 0, 0), PLAIN(isdecimal, 0, 0), PLAIN(isdigit, 0, 0),
    PLAIN(isidentifier, 0, 0), PLAIN(islower, 0, 0), PLAIN(isnumeric, 0, 0), PLAIN(isprintable, 0, 0),
    PLAIN(isspace, 0, 0), PLAIN(istitle, 0, 0), PLAIN(isupper, 0, 0),
    {"split", mv_str_method_split, 0, -1, MV_DEF_RAW_KEYWORDS, NULL},
    {"rsplit", mv_str_method_rsplit, 0, -1, MV_DEF_RAW_KEYWORDS, NULL},
    BOUND(splitlines, "keepends?"),
    PLAIN(partition, 1, 1), PLAIN(rpartition, 1, 1), PLAIN(strip, 0, 1), PLAIN(lstrip, 0, 1), PLAIN(rstrip, 0, 1),
    PLAIN(center, 1, 2), PLAIN(ljust, 1, 2), PLAIN(rjust, 1, 2), PLAIN(zfill, 1, 1), BOUND(expandtabs, "tabsize?"),
    PLAIN(replace, 2, 3), PLAIN(removeprefix, 1, 1), PLAIN(removesuffix, 1, 1), PLAIN(translate, 1, 1),
    {"maketrans", mv_str_method_maketrans, 1, 3, MV_DEF_STATIC, NULL},
    /* these word the errors about their count themselves */
    PLAIN(count, 0, -1), PLAIN(find, 0, -1), PLAIN(index, 0, -1), PLAIN(rfind, 0, -1), PLAIN(rindex, 0, -1),
    PLAIN(startswith, 0, -1), PLAIN(endswith, 0, -1),
    {"join", method_join, 1, 1, 0, NULL},
    {"format", method_format, 0, -1, MV_DEF_RAW_KEYWORDS | MV_DEF_COUNTED, NULL},
    {"format_map", method_format_map, 1, 1, 0, NULL},
    {"encode", method_encode, 0, 0, 0, "encoding?,errors?"},
    {"__getnewargs__", method_getnewargs, 0, 0, 0, NULL},
    {"__sizeof__", method_sizeof, 0, 0, 0, NULL},
    {NULL, NULL, 0, 0, 0, NULL},
};

const MvTypeDef mv_type_STR = {
    .kind = MV_KIND_STR,
    .size = sizeof(MvStr),
    .repr = mv_str_repr,
    .str = str_str,
    .hash = str_hash,
    .compare = str_compare,
    .binary = str_binary,
    .truth = str_truth,
    .length = str_length,
    .get_item = str_get_item,
    .contains = str_contains,
    .iter = str_iter,
    .make = str_make,
    .format = mv_format_str,
    .methods = str_methods,
};
