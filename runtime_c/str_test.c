/* Methods of str that ask whether all characters are of a kind: the is... family. */
#include "str.h"
#include "unicode_tables.h"

/* All characters have one of the flags, and there is at least one character (or `empty` is the answer). */
static MvValue all_have(MvVM *vm, MvValue v, unsigned flags, bool empty)
{
    const MvStr *s = mv_as_str(v);
    int shift = mv_str_shift(s);
    if (s->length == 0)
        return mv_bool(empty);
    for (int64_t i = 0; i < s->length; i++) {
        if (!mv_unicode_is(mv_get_char(s->data, shift, i), flags))
            return MV_FALSE;
        if (MV_UNLIKELY((i & 0xFFFF) == 0xFFFF) && mv_poll(vm))
            return MV_EXC;
    }
    return MV_TRUE;
}

MV_STR_METHOD(isalnum)
{
    return all_have(vm, args[0], MV_UNICODE_ALPHA | MV_UNICODE_DECIMAL | MV_UNICODE_DIGIT | MV_UNICODE_NUMERIC, false);
}

MV_STR_METHOD(isalpha)
{
    return all_have(vm, args[0], MV_UNICODE_ALPHA, false);
}

MV_STR_METHOD(isascii)
{
    return mv_bool(mv_str_is_ascii(mv_as_str(args[0])));
}

MV_STR_METHOD(isdecimal)
{
    return all_have(vm, args[0], MV_UNICODE_DECIMAL, false);
}

MV_STR_METHOD(isdigit)
{
    return all_have(vm, args[0], MV_UNICODE_DIGIT, false);
}

MV_STR_METHOD(isnumeric)
{
    return all_have(vm, args[0], MV_UNICODE_NUMERIC, false);
}

MV_STR_METHOD(isprintable)
{
    return all_have(vm, args[0], MV_UNICODE_PRINTABLE, true);
}

MV_STR_METHOD(isspace)
{
    return all_have(vm, args[0], MV_UNICODE_SPACE, false);
}

bool mv_char_is_space(uint32_t c)
{
    return mv_unicode_is_space(c);
}

bool mv_str_is_identifier(const MvStr *s)
{
    if (s->length == 0)
        return false;
    uint32_t first = mv_str_char(s, 0);
    if (first != '_' && !mv_unicode_is_xid_start(first))
        return false;
    for (int64_t i = 1; i < s->length; i++)
        if (!mv_unicode_is_xid_continue(mv_str_char(s, i)))
            return false;
    return true;
}

MV_STR_METHOD(isidentifier)
{
    const MvStr *s = mv_as_str(args[0]);
    if (s->length <= 0x10000)
        return mv_bool(mv_str_is_identifier(s));
    if (mv_str_char(s, 0) != '_' && !mv_unicode_is_xid_start(mv_str_char(s, 0)))
        return MV_FALSE;
    return all_have(vm, args[0], MV_UNICODE_XID_CONTINUE, false); /* which whatever starts a name has too */
}

/* At least one of `wanted`, none of `unwanted`. */
static MvValue has_case(MvVM *vm, MvValue v, unsigned wanted, unsigned unwanted)
{
    const MvStr *s = mv_as_str(v);
    int shift = mv_str_shift(s);
    unsigned seen = 0;
    for (int64_t i = 0; i < s->length; i++) {
        unsigned flags = mv_unicode_record(mv_get_char(s->data, shift, i))->flags;
        if (flags & unwanted)
            return MV_FALSE;
        seen |= flags;
        if (MV_UNLIKELY((i & 0xFFFF) == 0xFFFF) && mv_poll(vm))
            return MV_EXC;
    }
    return mv_bool(seen & wanted);
}

MV_STR_METHOD(islower)
{
    return has_case(vm, args[0], MV_UNICODE_LOWER, MV_UNICODE_UPPER | MV_UNICODE_TITLE);
}

MV_STR_METHOD(isupper)
{
    return has_case(vm, args[0], MV_UNICODE_UPPER, MV_UNICODE_LOWER | MV_UNICODE_TITLE);
}

MV_STR_METHOD(istitle)
{
    const MvStr *s = mv_as_str(args[0]);
    int shift = mv_str_shift(s);
    bool in_word = false, any = false;
    for (int64_t i = 0; i < s->length; i++) {
        unsigned flags = mv_unicode_record(mv_get_char(s->data, shift, i))->flags;
        if (flags & (MV_UNICODE_UPPER | MV_UNICODE_TITLE)) {
            if (in_word)
                return MV_FALSE;
            in_word = any = true;
        } else if (flags & MV_UNICODE_LOWER) {
            if (!in_word)
                return MV_FALSE;
            any = true;
        } else {
            in_word = false;
        }
        if (MV_UNLIKELY((i & 0xFFFF) == 0xFFFF) && mv_poll(vm))
            return MV_EXC;
    }
    return mv_bool(any);
}
