/* Methods of str that make an edited copy: center, ljust, rjust, zfill, expandtabs, replace, removeprefix,
 * removesuffix, translate, maketrans; and the conversion of size arguments. */
#include "str.h"
#include "containers.h"

bool mv_arg_c_int(MvVM *vm, MvValue v, int *out)
{
    int64_t number = 0;
    MvValue index = mv_index(vm, v);
    if (index == MV_EXC)
        return false;
    if (!mv_int_to_i64(index, &number) || number != (int32_t)number) {
        mv_raise(vm, MV_EXC_OverflowError, "Python int too large to convert to C int");
        return false;
    }
    *out = (int)number;
    return true;
}

/* ---- padding ---- */

/* left fill characters, s, right fill characters */
static MvValue pad(MvVM *vm, MvValue v, int64_t left, int64_t right, uint32_t fill)
{
    const MvStr *s = mv_as_str(v);
    if (left <= 0 && right <= 0)
        return mv_str_exact(vm, v);
    int64_t length;
    if (__builtin_add_overflow(left, s->length, &length) || __builtin_add_overflow(length, right, &length))
        return mv_raise(vm, MV_EXC_OverflowError, "padded string is too long");
    uint32_t bound = mv_str_bound(s);
    if (MV_LIKELY(length <= MV_SHORT_STR && (fill | bound) < 0x80)) {
        MvStr *result = mv_str_new_bytes(vm, length, MV_STR_ASCII);
        if (!result)
            return MV_EXC;
        char *to = result->data;
        memset(to, (int)fill, (size_t)left);
        mv_copy_bytes(to + left, s->data, (size_t)s->length);
        memset(to + left + s->length, (int)fill, (size_t)right);
        return mv_value(result);
    }
    MvStr *result = mv_str_new(vm, length, fill > bound ? fill : bound);
    if (!result || !mv_str_fill(vm, result, 0, fill, left) || !mv_str_copy(vm, result, left, s, 0, s->length) ||
        !mv_str_fill(vm, result, left + s->length, fill, right))
        return MV_EXC;
    return mv_value(result);
}

static bool pad_arguments(MvVM *vm, MvValue *args, int64_t nargs, int64_t *missing, int64_t *width, uint32_t *fill)
{
    *fill = ' ';
    if (!mv_sequence_ssize(vm, args[1], width))
        return false;
    if (nargs > 2) {
        if (!mv_is_str(args[2])) {
            mv_type_error(vm, "The fill character must be a unicode character, not %T", args[2]);
            return false;
        }
        if (mv_as_str(args[2])->length != 1) {
            mv_type_error(vm, "The fill character must be exactly one character long");
            return false;
        }
        *fill = mv_str_char(mv_as_str(args[2]), 0);
    }
    int64_t length = mv_as_str(args[0])->length;
    *missing = *width > length ? *width - length : 0;
    return true;
}

MV_STR_METHOD(center)
{
    int64_t missing, width;
    uint32_t fill;
    if (!pad_arguments(vm, args, nargs, &missing, &width, &fill))
        return MV_EXC;
    int64_t left = missing / 2 + (missing & width & 1); /* an odd rest goes left if the width is odd */
    return pad(vm, args[0], left, missing - left, fill);
}

MV_STR_METHOD(ljust)
{
    int64_t missing, width;
    uint32_t fill;
    return pad_arguments(vm, args, nargs, &missing, &width, &fill) ? pad(vm, args[0], 0, missing, fill) : MV_EXC;
}

MV_STR_METHOD(rjust)
{
    int64_t missing, width;
    uint32_t fill;
    return pad_arguments(vm, args, nargs, &missing, &width, &fill) ? pad(vm, args[0], missing, 0, fill) : MV_EXC;
}

MV_STR_METHOD(zfill)
{
    int64_t missing, width;
    uint32_t fill;
    if (!pad_arguments(vm, args, nargs, &missing, &width, &fill))
        return MV_EXC;
    MvValue padded = pad(vm, args[0], missing, 0, '0');
    const MvStr *s = mv_as_str(args[0]);
    if (missing <= 0 || padded == MV_EXC || s->length == 0)
        return padded;
    uint32_t sign = mv_str_char(s, 0);
    if (sign == '+' || sign == '-') { /* the sign goes in front of the zeros; padded is fresh and nobody else's */
        MvStr *result = mv_as_str(padded);
        mv_put_char(result->data, mv_str_shift(result), 0, sign);
        mv_put_char(result->data, mv_str_shift(result), missing, '0');
    }
    return padded;
}

MV_STR_METHOD(expandtabs)
{
    int size = 8;
    if (args[1] != MV_UNASSIGNED && !mv_arg_c_int(vm, args[1], &size))
        return MV_EXC;
    const MvStr *s = mv_as_str(args[0]);
    int64_t tab = mv_str_find_char(s, '\t', 0, s->length, false);
    if (tab < 0)
        return mv_str_exact(vm, args[0]);
    int64_t column = 0, length = 0;
    for (int64_t i = 0; i < s->length; i++) { /* the size is checked before anything is made */
        uint32_t c = mv_str_char(s, i);
        int64_t step = c != '\t' ? 1 : size > 0 ? size - column % size : 0;
        column = c == '\n' || c == '\r' ? 0 : column + step;
        if (__builtin_add_overflow(length, step, &length))
            return mv_raise(vm, MV_EXC_OverflowError, "new string is too long");
        if ((i & 0xFFFF) == 0xFFFF && mv_poll(vm))
            return MV_EXC;
    }
    if (length == 0)
        return vm->empty_str;
    MvStr *result = mv_str_new(vm, length, mv_str_bound(s));
    if (!result)
        return MV_EXC;
    int shift = mv_str_shift(result);
    int64_t at = 0;
    column = 0;
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = mv_get_char(s->data, shift, i);
        if (c == '\t') {
            int64_t step = size > 0 ? size - column % size : 0;
            if (!mv_str_fill(vm, result, at, ' ', step))
                return MV_EXC;
            column += step;
            at += step;
            if (step > 1024 && mv_poll(vm))
                return MV_EXC;
        } else {
            mv_put_char(result->data, shift, at++, c);
            column = c == '\n' || c == '\r' ? 0 : column + 1;
        }
        if ((i & 0xFFFF) == 0xFFFF && mv_poll(vm))
            return MV_EXC;
    }
    return mv_value(result);
}

/* ---- replace, removeprefix, removesuffix ---- */

/* new between all characters, and at both ends, at most limit times */
static MvValue interleave(MvVM *vm, const MvStr *s, const MvStr *new, int64_t limit)
{
    if (limit > s->length + 1)
        limit = s->length + 1;
    int64_t length;
    if (__builtin_mul_overflow(new->length, limit, &length) || __builtin_add_overflow(length, s->length, &length))
        return mv_raise(vm, MV_EXC_OverflowError, "replace string is too long");
    uint32_t bound = mv_str_bound(s), other = mv_str_bound(new);
    MvStr *result = mv_str_new(vm, length, other > bound ? other : bound);
    if (!result)
        return MV_EXC;
    int64_t at = 0;
    for (int64_t i = 0; i < limit; i++) {
        if (!mv_str_copy(vm, result, at, new, 0, new->length))
            return MV_EXC;
        at += new->length;
        if (i < s->length)
            mv_put_char(result->data, mv_str_shift(result), at++, mv_str_char(s, i));
        if (((i & 1023) == 1023 || new->length > 4096) && mv_poll(vm))
            return MV_EXC;
    }
    if (limit < s->length && !mv_str_copy(vm, result, at, s, limit, s->length - limit))
        return MV_EXC;
    return mv_value(result);
}

#define KEPT_MATCHES 64

/* All texts are ASCII, old is not empty: the length of the result is known before it is made. */
static MvValue replace_ascii(MvVM *vm, MvValue v, const MvStr *old, const MvStr *new, int64_t limit)
{
    const MvStr *s = mv_as_str(v);
    MvFinder finder;
    if (!mv_finder_begin(&finder, vm, s, old, false))
        return MV_EXC;
    int64_t kept[KEPT_MATCHES], count = 0, start = 0, length;
    while (limit < 0 || count < limit) {
        int64_t at = mv_finder_next(&finder, start, s->length);
        if (at == -2)
            return MV_EXC;
        if (at < 0)
            break;
        if (count == KEPT_MATCHES) {
            int64_t more = mv_str_count(vm, s, old, at, s->length, limit < 0 ? -1 : limit - count);
            if (more < 0)
                return MV_EXC;
            count += more;
            break;
        }
        kept[count++] = at;
        start = at + old->length;
    }
    if (count == 0)
        return mv_str_exact(vm, v);
    if (__builtin_mul_overflow(count, new->length - old->length, &length) ||
        __builtin_add_overflow(length, s->length, &length))
        return mv_raise(vm, MV_EXC_OverflowError, "replace string is too long");
    if (length == 0)
        return vm->empty_str;
    MvStr *result = mv_str_new(vm, length, 0x7F);
    if (!result)
        return MV_EXC;
    int64_t to = 0;
    start = 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t at = i < KEPT_MATCHES ? kept[i] : mv_finder_next(&finder, start, s->length);
        if (at < 0 || !mv_str_copy(vm, result, to, s, start, at - start))
            return MV_EXC;
        to += at - start;
        if (!mv_str_copy(vm, result, to, new, 0, new->length))
            return MV_EXC;
        to += new->length;
        start = at + old->length;
        if (((i & 1023) == 1023 || new->length > 4096) && mv_poll(vm))
            return MV_EXC;
    }
    return mv_str_copy(vm, result, to, s, start, s->length - start) ? mv_value(result) : MV_EXC;
}

static MvValue replace(MvVM *vm, MvValue v, const MvStr *old, const MvStr *new, int64_t limit)
{
    const MvStr *s = mv_as_str(v);
    if (limit == 0 || s->length < old->length)
        return mv_str_exact(vm, v);
    if (old->length == 0)
        return interleave(vm, s, new, limit < 0 ? INT64_MAX : limit);
    if (mv_str_is_ascii(s) && mv_str_is_ascii(new))
        return mv_str_is_ascii(old) ? replace_ascii(vm, v, old, new, limit) : mv_str_exact(vm, v);
    MvFinder finder;
    if (!mv_finder_begin(&finder, vm, s, old, false))
        return MV_EXC;
    int64_t start = 0;
    MvBuilder b;
    mv_builder_begin(vm, &b);
    for (int64_t count = 0; limit < 0 || count < limit; count++) {
        int64_t at = mv_finder_next(&finder, start, s->length);
        if (at == -2)
            return MV_EXC;
        if (at < 0) {
            if (count == 0)
                return mv_str_exact(vm, v);
            break;
        }
        mv_builder_slice(&b, s, start, at);
        mv_builder_str(&b, new);
        start = at + old->length;
        if (b.failed || (((count & 1023) == 1023 || new->length > 4096) && mv_poll(vm)))
            return MV_EXC;
    }
    mv_builder_slice(&b, s, start, s->length);
    return mv_builder_end(&b);
}

MV_STR_METHOD(replace)
{
    int64_t limit = -1;
    for (int64_t i = 1; i <= 2; i++)
        if (!mv_is_str(args[i]))
            return mv_type_error(vm, "replace() argument %d must be str, not %t", i, args[i]);
    if (nargs > 3 && !mv_sequence_ssize(vm, args[3], &limit))
        return MV_EXC;
    return replace(vm, args[0], mv_as_str(args[1]), mv_as_str(args[2]), limit < 0 ? -1 : limit);
}

static MvValue remove_part(MvVM *vm, MvValue *args, const char *name, bool at_end)
{
    if (!mv_is_str(args[1]))
        return mv_type_error(vm, "%s() argument must be str, not %t", name, args[1]);
    const MvStr *s = mv_as_str(args[0]), *part = mv_as_str(args[1]);
    MvValue call[2] = {args[0], args[1]};
    MvValue found = at_end ? mv_str_method_endswith(vm, call, 2, 0) : mv_str_method_startswith(vm, call, 2, 0);
    if (found == MV_EXC)
        return MV_EXC;
    if (found == MV_FALSE)
        return mv_str_exact(vm, args[0]);
    int64_t gone = part->length;
    return at_end ? mv_str_substring(vm, s, 0, s->length - gone) : mv_str_substring(vm, s, gone, s->length);
}

MV_STR_METHOD(removeprefix)
{
    return remove_part(vm, args, "removeprefix", false);
}

MV_STR_METHOD(removesuffix)
{
    return remove_part(vm, args, "removesuffix", true);
}

/* ---- translate, maketrans ---- */

/* What the table has for a character: UNASSIGNED (nothing), None, an int, which is *number, or a str. MV_EXC: raised. */
static MvValue translate_lookup(MvVM *vm, MvValue table, uint32_t c, int64_t *number)
{
    MvValue key = mv_from_fixnum(c), found;
    if (mv_is_pointer(table) && mv_object(table)->shape == MV_CLASS_DICT)
        found = mv_dict_get(vm, MV_CAST(MvDict, table), key);
    else {
        found = mv_get_item(vm, table, key);
        if (found == MV_EXC && mv_exception_is(vm, MV_EXC_LookupError)) {
            mv_exception_take(vm);
            found = MV_UNASSIGNED;
        }
    }
    if (found == MV_EXC || found == MV_UNASSIGNED || found == MV_NONE || mv_is_str(found))
        return found;
    if (!mv_is_int_like(found))
        return mv_type_error(vm, "character mapping must return integer, None or str");
    if (!mv_int_to_i64(found, number) || *number < 0 || *number > 0x10FFFF)
        return mv_value_error(vm, "character mapping must be in range(0x110000)");
    return found;
}

/* An ASCII text, as long as what comes of it is ASCII: what each character becomes is looked up once, as in CPython. 0x80:
 * not known yet, 0xFF: deleted, else the character. */
static bool translate_quick(MvVM *vm, MvBuilder *b, MvValue table, const MvStr *s, int64_t *at)
{
    uint8_t known[128];
    memset(known, 0x80, sizeof known);
    const uint8_t *text = s->data;
    for (int64_t i = 0; i < s->length; i++) {
        uint8_t c = text[i], result = known[c];
        if (result == 0x80) {
            int64_t number = c;
            MvValue found = translate_lookup(vm, table, c, &number);
            if (found == MV_EXC)
                return false;
            if (mv_is_str(found))
                number = mv_as_str(found)->length == 1 ? mv_str_char(mv_as_str(found), 0) : 0x80;
            if (found != MV_NONE && number >= 0x80) {
                *at = i;
                return true;
            }
            result = found == MV_NONE ? 0xFF : (uint8_t)number;
            known[c] = result;
        }
        if (result != 0xFF)
            mv_builder_char(b, result);
        if (b->failed || ((i & 0xFFFF) == 0xFFFF && mv_poll(vm)))
            return false;
    }
    *at = s->length;
    return true;
}

MV_STR_METHOD(translate)
{
    const MvStr *s = mv_as_str(args[0]);
    MvBuilder b;
    mv_builder_begin(vm, &b);
    int64_t i = 0;
    if (mv_str_is_ascii(s)) {
        mv_builder_reserve(&b, s->length, 0x7F);
        if (!translate_quick(vm, &b, args[1], s, &i))
            return MV_EXC;
    }
    for (bool deleting = false; i < s->length;) {
        int64_t number = mv_str_char(s, i);
        MvValue found = translate_lookup(vm, args[1], (uint32_t)number, &number);
        if (found == MV_EXC || mv_poll(vm))
            return MV_EXC;
        if (deleting && found != MV_NONE) { /* CPython looks for the end of what is deleted first, then at the character again */
            deleting = false;
            continue;
        }
        deleting = found == MV_NONE;
        if (mv_is_str(found))
            mv_builder_str(&b, mv_as_str(found));
        else if (!deleting)
            mv_builder_char(&b, (uint32_t)number);
        if (b.failed)
            return MV_EXC;
        i++;
    }
    return mv_builder_end(&b);
}

static MvValue maketrans_dict(MvVM *vm, MvValue source)
{
    source = mv_dict_seen(vm, source);
    if (source == MV_EXC)
        return MV_EXC;
    if (!mv_is_pointer(source) || mv_object(source)->shape != MV_CLASS_DICT)
        return mv_type_error(vm, "if you give only one argument to maketrans it must be a dict");
    MvValue result = mv_dict_new(vm), key, value;
    if (result == MV_EXC)
        return MV_EXC;
    int64_t position = 0;
    while (mv_dict_next(MV_CAST(MvDict, source), &position, &key, &value)) {
        if (mv_is_str(key)) {
            if (mv_as_str(key)->length != 1)
                return mv_value_error(vm, "string keys in translate table must be of length 1");
            key = mv_from_fixnum(mv_str_char(mv_as_str(key), 0));
        } else if (!mv_is_int_like(key)) {
            return mv_type_error(vm, "keys in translate table must be strings or integers");
        }
        if (!mv_dict_set(vm, MV_CAST(MvDict, result), key, value) || mv_poll(vm))
            return MV_EXC;
    }
    return result;
}

MV_STR_METHOD(maketrans)
{
    if (nargs > 1 && !mv_is_str(args[1]))
        return mv_type_error(vm, "maketrans() argument 2 must be str, not %t", args[1]);
    if (nargs > 2 && !mv_is_str(args[2]))
        return mv_type_error(vm, "maketrans() argument 3 must be str, not %t", args[2]);
    if (nargs == 1)
        return maketrans_dict(vm, args[0]);
    if (!mv_is_str(args[0]))
        return mv_type_error(vm, "first maketrans argument must be a string if there is a second argument");
    const MvStr *from = mv_as_str(args[0]), *to = mv_as_str(args[1]);
    if (from->length != to->length)
        return mv_value_error(vm, "the first two maketrans arguments must have equal length");
    MvValue result = mv_dict_new(vm);
    if (result == MV_EXC)
        return MV_EXC;
    for (int64_t i = 0; i < from->length; i++) {
        MvValue key = mv_from_fixnum(mv_str_char(from, i)), value = mv_from_fixnum(mv_str_char(to, i));
        if (!mv_dict_set(vm, MV_CAST(MvDict, result), key, value) || mv_poll(vm))
            return MV_EXC;
    }
    if (nargs > 2) {
        const MvStr *gone = mv_as_str(args[2]);
        for (int64_t i = 0; i < gone->length; i++)
            if (!mv_dict_set(vm, MV_CAST(MvDict, result), mv_from_fixnum(mv_str_char(gone, i)), MV_NONE) || mv_poll(vm))
                return MV_EXC;
    }
    return result;
}
