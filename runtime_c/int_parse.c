/* Text to ints: int(str, base) with prefixes, underscores, white space and digits of any script, and int() of any
 * other value.
 *
 * Called by the int type, float_parse.c (mv_ascii_text), the loader's constants and builtin functions. Error texts
 * are CPython's; they show the repr of the string, cut after 200 characters. */
#include "numbers.h"
#include "class.h"
#include "str.h"
#include "unicode_tables.h"

/* ---- characters ---- */
bool mv_ascii_text(MvVM *vm, const MvStr *s, MvAsciiText *out)
{
    int64_t length = s->length;
    out->text = out->local;
    out->size = 0;
    if (length >= (int64_t)sizeof out->local) {
        out->size = (size_t)length + 1;
        if (!(out->text = mv_int_get_scratch(vm, out->size)))
            return false;
    }
    if (mv_str_is_ascii(s)) {
        memcpy(out->text, s->data, (size_t)length);
    } else {
        for (int64_t i = 0; i < length; i++) {
            uint32_t c = mv_str_char(s, i);
            int digit;
            if (c < 127) {
                out->text[i] = (char)c;
            } else if (mv_char_is_space(c)) {
                out->text[i] = ' ';
            } else if ((digit = mv_unicode_decimal(c)) >= 0) {
                out->text[i] = (char)('0' + digit);
            } else {
                out->text[i] = '?';
                length = i + 1;
            }
            if ((i & 0xFFFF) == 0xFFFF && mv_poll(vm)) {
                mv_ascii_text_free(vm, out);
                return false;
            }
        }
    }
    out->length = length;
    out->text[length] = 0;
    return true;
}

void mv_ascii_text_free(MvVM *vm, MvAsciiText *text)
{
    if (text->size)
        mv_int_free_scratch(vm, text->text, text->size);
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

/* ---- one literal ---- */
typedef enum { PARSE_OK, PARSE_INVALID, PARSE_RAISED } MvParse;

/* The value of the digits in [start, end), which may hold single underscores between digits; `count` digits. `text`
 * is changed. */
static MvParse parse_digits(MvVM *vm, char *start, char *end, int64_t count, unsigned base, bool negative, MvValue *out)
{
    if (count <= 12) { /* 36^12 < 2^63 */
        uint64_t value = 0;
        for (const char *p = start; p < end; p++)
            if (*p != '_')
                value = value * base + (unsigned)digit_value(*p);
        *out = mv_int_from_i64(vm, negative ? -(int64_t)value : (int64_t)value);
        return *out == MV_EXC ? PARSE_RAISED : PARSE_OK;
    }
    int64_t limit = mv_int_max_str_digits(vm);
    if ((base & (base - 1)) && limit && count > limit) {
        mv_value_error(vm, "Exceeds the limit (%d digits) for integer string conversion: value has %d digits; "
                           "use sys.set_int_max_str_digits() to increase the limit", limit, count);
        return PARSE_RAISED;
    }
    if (count < end - start) {
        char *to = start;
        for (const char *p = start; p < end; p++)
            if (*p != '_')
                *to++ = *p;
    }
    int64_t limbs = (int64_t)mv_natural_from_radix_limbs((size_t)count, base);
    MvInt *n = mv_int_allocate(vm, limbs);
    if (!n)
        return PARSE_RAISED;
    MvScratch scratch = mv_int_scratch(vm);
    if (!mv_int_status(vm, mv_natural_from_radix(&scratch, n->limbs, start, (size_t)count, base)))
        return PARSE_RAISED;
    *out = mv_int_finish(vm, n, negative, limbs);
    return *out == MV_EXC ? PARSE_RAISED : PARSE_OK;
}

static bool has_prefix(const char *p, unsigned base)
{
    char letter = (char)(p[1] | 0x20);
    return p[0] == '0' && letter == (base == 16 ? 'x' : base == 8 ? 'o' : base == 2 ? 'b' : 0);
}

/* p is NUL-terminated; a NUL before `end` is an invalid character like others. */
static MvParse parse_literal(MvVM *vm, char *p, char *end, unsigned base, MvValue *out)
{
    while (mv_is_ascii_space(*p))
        p++;
    bool negative = *p == '-', must_be_zero = false;
    if (*p == '-' || *p == '+')
        p++;
    if (base == 0) {
        char letter = p[0] == '0' ? (char)(p[1] | 0x20) : 0;
        base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 10;
        must_be_zero = p[0] == '0' && base == 10; /* 010 was octal once */
    }
    if (has_prefix(p, base)) {
        p += 2;
        if (*p == '_')
            p++;
    }
    char *start = p;
    int64_t count = 0, steps = 0;
    char previous = '_'; /* no underscore in front */
    for (;; p++) {
        if (*p == '_') {
            if (previous == '_')
                return PARSE_INVALID;
        } else if ((unsigned)digit_value(*p) < base) {
            count++;
        } else {
            break;
        }
        previous = *p;
        if ((++steps & 0xFFFF) == 0 && mv_poll(vm))
            return PARSE_RAISED;
    }
    if (previous == '_')
        return PARSE_INVALID;
    char *digits_end = p;
    /* CPython converts, and finds too many digits, before it looks at what follows. */
    MvParse parse = parse_digits(vm, start, digits_end, count, base, negative, out);
    if (parse != PARSE_OK)
        return parse;
    if (must_be_zero && *out != mv_from_fixnum(0))
        return PARSE_INVALID;
    while (mv_is_ascii_space(*p))
        p++;
    return p == end ? PARSE_OK : PARSE_INVALID;
}

MvValue mv_int_from_str(MvVM *vm, MvValue str, int base)
{
    MvAsciiText text;
    MvValue result = MV_EXC;
    if (!mv_ascii_text(vm, MV_CAST(MvStr, str), &text))
        return MV_EXC;
    MvParse parse = parse_literal(vm, text.text, text.text + text.length, (unsigned)base, &result);
    mv_ascii_text_free(vm, &text);
    MV_KEEP(str);
    if (parse == PARSE_OK)
        return result;
    if (parse == PARSE_RAISED)
        return MV_EXC;
    MvValue shown = mv_repr(vm, str);
    if (shown != MV_EXC && MV_CAST(MvStr, shown)->length > 200)
        shown = mv_str_substring(vm, MV_CAST(MvStr, shown), 0, 200);
    if (shown == MV_EXC)
        return MV_EXC;
    return mv_value_error(vm, "invalid literal for int() with base %d: %S", (int64_t)base, shown);
}

/* ---- any value ---- */
MvValue mv_number_override(MvVM *vm, MvValue v, int special, int builtin_id)
{
    MvClass *cls = mv_class_of(vm, v);
    MvValue function = mv_special(vm, cls, special);
    if (mv_is_inherited(vm, cls, function, special) && MV_CAST(MvBuiltin, function)->owner == (uint32_t)builtin_id)
        return MV_UNASSIGNED;
    return function;
}

static MvValue int_from_number(MvVM *vm, MvValue v)
{
    MvClass *cls = mv_class_of(vm, v);
    MvValue function = mv_special(vm, cls, MV_SP_INT);
    if (function != MV_UNASSIGNED) {
        MvValue result = mv_call_special(vm, function, v, NULL, 0);
        if (result == MV_EXC || mv_is_int_like(result))
            return result;
        return mv_type_error(vm, "__int__ returned non-int (type %T)", result);
    }
    if (mv_special(vm, cls, MV_SP_INDEX) != MV_UNASSIGNED)
        return mv_index(vm, v);
    function = mv_special(vm, cls, MV_SP_TRUNC);
    if (function == MV_UNASSIGNED)
        return MV_NOTIMPLEMENTED;
    MvValue result = mv_call_special(vm, function, v, NULL, 0);
    if (result == MV_EXC || mv_is_int_like(result))
        return result;
    if (mv_special(vm, mv_class_of(vm, result), MV_SP_INDEX) == MV_UNASSIGNED)
        return mv_type_error(vm, "__trunc__ returned non-Integral (type %T)", result);
    return mv_index(vm, result);
}

MvValue mv_int_from_any(MvVM *vm, MvValue v)
{
    if (mv_is_int(v))
        return v;
    if (mv_is_float(v))
        return mv_int_from_double(vm, mv_word_double(v));
    if (mv_is_exact_int(vm, v) || mv_is_kind(v, MV_KIND_BOOL))
        return mv_int_plain(v);
    bool is_str = mv_is_kind(v, MV_KIND_STR);
    if (is_str && mv_is_exact_str(vm, v))
        return mv_int_from_str(vm, v, 10);
    if (mv_is_int_like(v) && mv_number_override(vm, v, MV_SP_INT, MV_CLASS_INT) == MV_UNASSIGNED)
        return mv_int_exact(vm, v);
    if (mv_is_float_like(v) && mv_number_override(vm, v, MV_SP_INT, MV_CLASS_FLOAT) == MV_UNASSIGNED)
        return mv_int_from_double(vm, mv_float_value(v));
    MvValue result = int_from_number(vm, v);
    if (result == MV_EXC)
        return MV_EXC;
    if (result != MV_NOTIMPLEMENTED)
        return mv_int_exact(vm, result);
    if (is_str)
        return mv_int_from_str(vm, v, 10);
    return mv_type_error(vm, "int() argument must be a string, a bytes-like object or a real number, not '%T'", v);
}
