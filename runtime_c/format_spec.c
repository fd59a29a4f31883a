/* The format mini-language: parsing a spec, and __format__ of int, float and str. Rendering stands in
 * format_render.c.
 *
 * Callers: the format slots of int, bool, float and str, str.format. What a spec may hold and what the errors say
 * follows CPython 3.11. */
#include "format_spec.h"
#include "floatrepr.h"
#include "unicode_tables.h"
#include <stdio.h>

#define PRECISION_CAP 1100 /* no double has more digits than this after the point or in all; further ones are zeros */

static bool is_float_type(uint32_t type)
{
    return type == 'e' || type == 'E' || type == 'f' || type == 'F' || type == 'g' || type == 'G' || type == '%';
}

static bool is_align(uint32_t c)
{
    return c == '<' || c == '>' || c == '=' || c == '^';
}

bool mv_format_digits(MvVM *vm, const MvStr *s, int64_t *at, int64_t end, int64_t *number, int64_t *count)
{
    int64_t value = 0, start = *at;
    for (; *at < end; ++*at) {
        uint32_t c = mv_str_char(s, *at);
        int digit = c < 0x80 ? (c >= '0' && c <= '9' ? (int)c - '0' : -1) : mv_unicode_decimal(c);
        if (digit < 0)
            break;
        if (value > (INT64_MAX - digit) / 10) {
            mv_value_error(vm, "Too many decimal digits in format string");
            return false;
        }
        value = value * 10 + digit;
    }
    *count = *at - start;
    if (*count)
        *number = value;
    return true;
}

/* A format code in an error message: itself, or its number. */
static const char *show_code(uint32_t c, char buffer[16])
{
    if (c > 32 && c < 128)
        snprintf(buffer, 16, "%c", (int)c);
    else
        snprintf(buffer, 16, "\\x%x", (unsigned)c);
    return buffer;
}

MvValue mv_format_unknown_code(MvVM *vm, uint32_t type, MvValue value)
{
    char code[16];
    return mv_value_error(vm, "Unknown format code '%s' for object of type '%T'", show_code(type, code), value);
}

static bool both_separators(MvVM *vm)
{
    mv_value_error(vm, "Cannot specify both ',' and '_'.");
    return false;
}

bool mv_format_parse(MvVM *vm, MvValue text, MvValue value, uint32_t default_type, uint32_t default_align,
                     MvFormatSpec *out)
{
    const MvStr *s = mv_as_str(text);
    int64_t at = 0, end = s->length, count;
    bool fill_given = false, align_given = false;
    *out = (MvFormatSpec){.fill = ' ', .align = default_align, .type = default_type, .group = 3};
    out->width = out->precision = -1;
#define PEEK() (at < end ? mv_str_char(s, at) : 0)
    if (end >= 2 && is_align(mv_str_char(s, 1))) {
        out->fill = mv_str_char(s, 0);
        out->align = mv_str_char(s, 1);
        fill_given = align_given = true;
        at = 2;
    } else if (end >= 1 && is_align(mv_str_char(s, 0))) {
        out->align = mv_str_char(s, 0);
        align_given = true;
        at = 1;
    }
    uint32_t c = PEEK();
    if (c == '+' || c == '-' || c == ' ') {
        out->sign = c;
        at++;
    }
    if (PEEK() == 'z') {
        out->no_negative_zero = true;
        at++;
    }
    if (PEEK() == '#') {
        out->alternate = true;
        at++;
    }
    if (!fill_given && PEEK() == '0') {
        out->fill = '0';
        if (!align_given && default_align == '>')
            out->align = '=';
        at++;
    }
    if (!mv_format_digits(vm, s, &at, end, &out->width, &count))
        return false;
    if (PEEK() == ',') {
        out->thousands = ',';
        at++;
    }
    if (PEEK() == '_') {
        if (out->thousands)
            return both_separators(vm);
        out->thousands = '_';
        at++;
    }
    if (PEEK() == ',' && out->thousands == '_')
        return both_separators(vm);
    if (PEEK() == '.') {
        at++;
        if (!mv_format_digits(vm, s, &at, end, &out->precision, &count))
            return false;
        if (!count) {
            mv_value_error(vm, "Format specifier missing precision");
            return false;
        }
    }
    if (end - at > 1) {
        mv_value_error(vm, "Invalid format specifier '%S' for object of type '%T'", mv_str_exact(vm, text), value);
        return false;
    }
    if (at < end)
        out->type = mv_str_char(s, at);
#undef PEEK
    if (out->thousands) {
        uint32_t type = out->type;
        bool decimal = !type || type == 'd' || is_float_type(type);
        bool binary = type == 'b' || type == 'o' || type == 'x' || type == 'X';
        if (binary && out->thousands == '_') {
            out->group = 4;
        } else if (!decimal) {
            char code[16];
            mv_value_error(vm, "Cannot specify '%c' with '%s'.", out->thousands, show_code(type, code));
            return false;
        }
    }
    return true;
}

/* ---- str ---- */

MvValue mv_format_str(MvVM *vm, MvValue v, MvValue text)
{
    if (mv_as_str(text)->length == 0)
        return mv_is_exact_str(vm, v) ? v : mv_str(vm, v);
    MvFormatSpec spec;
    if (!mv_format_parse(vm, text, v, 's', '<', &spec))
        return MV_EXC;
    if (spec.type != 's')
        return mv_format_unknown_code(vm, spec.type, v);
    if (spec.sign)
        return mv_value_error(vm, "%s not allowed in string format specifier", spec.sign == ' ' ? "Space" : "Sign");
    if (spec.no_negative_zero)
        return mv_value_error(vm, "Negative zero coercion (z) not allowed in string format specifier");
    if (spec.alternate)
        return mv_value_error(vm, "Alternate form (#) not allowed in string format specifier");
    if (spec.align == '=')
        return mv_value_error(vm, "'=' alignment not allowed in string format specifier");
    const MvStr *s = mv_as_str(v);
    int64_t length = spec.precision >= 0 && spec.precision < s->length ? spec.precision : s->length;
    if (spec.width <= length)
        return length == s->length && length ? v : mv_str_substring(vm, s, 0, length);
    return mv_format_text_into(vm, NULL, &spec, s, length);
}

/* ---- float ---- */

bool mv_format_float_text(MvVM *vm, double x, uint32_t type, int64_t precision, bool alternate, bool dot_zero,
                          MvNumberText *out, char buffer[MV_FLOAT_TEXT_MAX])
{
    if (precision > INT32_MAX) {
        mv_value_error(vm, "precision too big");
        return false;
    }
    bool percent = type == '%';
    if (percent) {
        type = 'f';
        x *= 100;
    }
    if (precision < 0)
        precision = 6;
    int64_t beyond = precision > PRECISION_CAP ? precision - PRECISION_CAP : 0;
    unsigned flags = (alternate ? MV_FLOAT_ALT : 0) | (dot_zero ? MV_FLOAT_DOT_0 : 0);
    char *end = buffer + mv_float_format(x, (char)type, (int)(precision - beyond), flags, buffer);
    if (percent)
        *end++ = '%';
    const char *p = buffer;
    *out = (MvNumberText){.prefix = ""};
    if (*p == '-')
        out->sign = *p++;
    out->digits = (const uint8_t *)p;
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    out->digit_count = (const uint8_t *)p - out->digits;
    out->rest = (const uint8_t *)p;
    out->rest_count = end - p;
    if (beyond && out->digit_count && type != 'r' && (alternate || (type != 'g' && type != 'G'))) {
        while (p < end && *p != 'e' && *p != 'E' && *p != '%')
            p++;
        out->zeros_at = (const uint8_t *)p - out->rest;
        out->zeros = beyond;
    }
    return true;
}

static bool is_zero_text(const MvNumberText *text)
{
    if (!text->digit_count)
        return false;
    for (int64_t i = 0; i < text->digit_count; i++)
        if (text->digits[i] != '0')
            return false;
    for (int64_t i = 0; i < text->rest_count; i++) {
        if (text->rest[i] == 'e' || text->rest[i] == 'E' || text->rest[i] == '%')
            break;
        if (text->rest[i] >= '1' && text->rest[i] <= '9')
            return false;
    }
    return true;
}

static char chosen_sign(char sign, uint32_t wanted)
{
    return sign ? sign : wanted == '+' || wanted == ' ' ? (char)wanted : 0;
}

static MvValue format_double(MvVM *vm, double x, const MvFormatSpec *spec)
{
    char buffer[MV_FLOAT_TEXT_MAX];
    MvNumberText text;
    uint32_t type = spec->type;
    bool dot_zero = false;
    if (type == 0) {
        type = spec->precision < 0 ? 'r' : 'g';
        dot_zero = true;
    } else if (type == 'n') {
        type = 'g';
    }
    if (!mv_format_float_text(vm, x, type, spec->precision, spec->alternate, dot_zero, &text, buffer))
        return MV_EXC;
    if (spec->no_negative_zero && text.sign && is_zero_text(&text))
        text.sign = 0;
    text.sign = chosen_sign(text.sign, spec->sign);
    return mv_format_number_into(vm, NULL, spec, &text);
}

static MvValue format_float(MvVM *vm, double x, MvValue v, MvValue text)
{
    MvFormatSpec spec;
    if (!mv_format_parse(vm, text, v, 0, '>', &spec))
        return MV_EXC;
    if (!is_float_type(spec.type) && spec.type != 0 && spec.type != 'n')
        return mv_format_unknown_code(vm, spec.type, v);
    return format_double(vm, x, &spec);
}

MvValue mv_format_float_object(MvVM *vm, MvValue v, MvValue text)
{
    if (mv_as_str(text)->length == 0)
        return mv_str(vm, v);
    return format_float(vm, mv_float_value(v), v, text);
}

/* ---- int ---- */

static MvValue format_char(MvVM *vm, MvValue v, const MvFormatSpec *spec)
{
    int64_t c;
    if (spec->sign)
        return mv_value_error(vm, "Sign not allowed with integer format specifier 'c'");
    if (spec->alternate)
        return mv_value_error(vm, "Alternate form (#) not allowed with integer format specifier 'c'");
    if (!mv_int_to_i64(v, &c))
        return mv_raise(vm, MV_EXC_OverflowError, "Python int too large to convert to C long");
    if (c < 0 || c > 0x10FFFF)
        return mv_raise(vm, MV_EXC_OverflowError, "%%c arg not in range(0x110000)");
    MvValue s = mv_str_from_char(vm, (uint32_t)c);
    return s == MV_EXC ? MV_EXC : mv_format_text_into(vm, NULL, spec, mv_as_str(s), 1);
}

static MvValue format_integer(MvVM *vm, MvValue v, const MvFormatSpec *spec)
{
    uint32_t type = spec->type;
    int base = type == 'b' ? 2 : type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10;
    uint8_t buffer[72];
    MvNumberText text = {.prefix = ""};
    if (spec->alternate && base != 10)
        text.prefix = type == 'b' ? "0b" : type == 'o' ? "0o" : type == 'x' ? "0x" : "0X";
    if (MV_LIKELY(mv_is_int(v))) {
        int64_t i = mv_to_fixnum(v);
        uint64_t magnitude = i < 0 ? -(uint64_t)i : (uint64_t)i;
        const char *symbols = type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
        uint8_t *p = buffer + sizeof buffer;
        if (base == 10)
            do
                *--p = (uint8_t)('0' + magnitude % 10);
            while (magnitude /= 10);
        else
            do
                *--p = (uint8_t)symbols[magnitude % (unsigned)base];
            while (magnitude /= (unsigned)base);
        text.sign = i < 0 ? '-' : 0;
        text.digits = p;
        text.digit_count = buffer + sizeof buffer - p;
    } else {
        MvValue digits = mv_int_to_str(vm, v, base, false);
        if (digits == MV_EXC)
            return MV_EXC;
        if (type == 'X') {
            MvValue upper = mv_str_method_upper(vm, &digits, 1, 0);
            if (upper == MV_EXC)
                return MV_EXC;
            digits = upper;
        }
        const MvStr *s = mv_as_str(digits);
        text.digits = s->data;
        text.digit_count = s->length;
        if (text.digits[0] == '-') {
            text.sign = '-';
            text.digits++;
            text.digit_count--;
        }
    }
    text.sign = chosen_sign(text.sign, spec->sign);
    return mv_format_number_into(vm, NULL, spec, &text);
}

MvValue mv_format_int(MvVM *vm, MvValue v, MvValue text)
{
    if (mv_as_str(text)->length == 0)
        return mv_str(vm, v);
    MvFormatSpec spec;
    if (!mv_format_parse(vm, text, v, 'd', '>', &spec))
        return MV_EXC;
    if (is_float_type(spec.type)) {
        bool overflow = false;
        double x = mv_int_to_double(vm, v, &overflow);
        if (overflow)
            return mv_raise(vm, MV_EXC_OverflowError, "int too large to convert to float");
        return format_double(vm, x, &spec);
    }
    switch (spec.type) {
    case 'b': case 'c': case 'd': case 'o': case 'x': case 'X': case 'n':
        break;
    default:
        return mv_format_unknown_code(vm, spec.type, v);
    }
    if (spec.precision >= 0)
        return mv_value_error(vm, "Precision not allowed in integer format specifier");
    if (spec.no_negative_zero)
        return mv_value_error(vm, "Negative zero coercion (z) not allowed in integer format specifier");
    MvValue number = mv_int_exact(vm, v);
    if (number == MV_EXC)
        return MV_EXC;
    return spec.type == 'c' ? format_char(vm, number, &spec) : format_integer(vm, number, &spec);
}
