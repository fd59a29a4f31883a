/* repr of strs, and the escapes of ascii(). Quotes and escapes are CPython's: single quotes unless the text has
 * some and no double ones. */
#include "str.h"
#include "unicode_tables.h"

static const char HEX[] = "0123456789abcdef";

/* The characters that an escape of c takes; 1: as it is. */
static int escape_size(uint32_t c, uint32_t quote)
{
    if (MV_LIKELY(c >= ' ' && c < 0x7F))
        return c == quote || c == '\\' ? 2 : 1;
    if (c == '\t' || c == '\n' || c == '\r')
        return 2;
    if (c < ' ' || c == 0x7F)
        return 4;
    if (mv_unicode_is_printable(c))
        return 1;
    return c < 0x100 ? 4 : c < 0x10000 ? 6 : 10;
}

static int write_escape(char *out, uint32_t c)
{
    int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
    out[0] = '\\';
    out[1] = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
    for (int i = 0; i < digits; i++)
        out[2 + i] = HEX[c >> (4 * (digits - 1 - i)) & 15];
    return 2 + digits;
}

static uint32_t choose_quote(const MvStr *s)
{
    if (mv_str_find_char(s, '\'', 0, s->length, false) < 0)
        return '\'';
    return mv_str_find_char(s, '"', 0, s->length, false) < 0 ? '"' : '\'';
}

MvValue mv_str_repr(MvVM *vm, MvValue v)
{
    const MvStr *s = mv_as_str(v);
    int shift = mv_str_shift(s);
    uint32_t quote = choose_quote(s), largest = 0x7F;
    int64_t length = 2;
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = mv_get_char(s->data, shift, i);
        int size = escape_size(c, quote);
        if (size == 1 && c > largest)
            largest = c;
        length += size;
        if (MV_UNLIKELY((i & 0xFFFF) == 0xFFFF) && mv_poll(vm))
            return MV_EXC;
    }
    MvStr *result = mv_str_new(vm, length, largest);
    if (!result)
        return MV_EXC;
    int to_shift = mv_str_shift(result);
    void *out = result->data;
    int64_t at = 0;
    mv_put_char(out, to_shift, at++, quote);
    if (length == s->length + 2) {
        if (!mv_str_copy(vm, result, 1, s, 0, s->length))
            return MV_EXC;
        at += s->length;
    } else {
        for (int64_t i = 0; i < s->length; i++) {
            uint32_t c = mv_get_char(s->data, shift, i);
            int size = escape_size(c, quote);
            if (size == 1) {
                mv_put_char(out, to_shift, at++, c);
            } else if (size == 2) {
                mv_put_char(out, to_shift, at++, '\\');
                mv_put_char(out, to_shift, at++, c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : c);
            } else {
                char text[12];
                write_escape(text, c);
                for (int k = 0; k < size; k++)
                    mv_put_char(out, to_shift, at++, (uint8_t)text[k]);
            }
            if (MV_UNLIKELY((i & 0xFFFF) == 0xFFFF) && mv_poll(vm))
                return MV_EXC;
        }
    }
    mv_put_char(out, to_shift, at, quote);
    return mv_value(result);
}
