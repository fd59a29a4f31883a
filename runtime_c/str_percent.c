/* format % args: the conversions of C's printf with Python's additions (%r, %a, %(name)s).
 *
 * Caller: str's binary slot. Conversions of values may run Mini code; nothing here depends on what that changes.
 * Numbers are rendered by format_render.c. */
#include "format_spec.h"
#include "containers.h"
#include <stdio.h>

typedef struct Percent {
    MvVM *vm;
    const MvStr *s;
    int64_t at;
    MvValue args;      /* the tuple, the only value, or the value of the last %(name) */
    int64_t arg_count; /* of the tuple; -1: args is one value */
    int64_t arg_index; /* next; for one value -2, then -1 */
    MvValue mapping;   /* or UNASSIGNED */
    MvBuilder b;
} Percent;

typedef struct Conversion {
    bool left, plus, blank, alternate, zero;
    int64_t width, precision; /* -1: none */
    uint32_t type;
} Conversion;

static MvValue next_arg(Percent *p)
{
    if (p->arg_index >= p->arg_count)
        return mv_type_error(p->vm, "not enough arguments for format string");
    int64_t i = p->arg_index++;
    return p->arg_count < 0 ? p->args : MV_CAST(MvTuple, p->args)->items[i];
}

/* The next character of the format, which must be there. */
static bool next_char(Percent *p, uint32_t *c)
{
    if (p->at >= p->s->length) {
        mv_value_error(p->vm, "incomplete format");
        return false;
    }
    *c = mv_str_char(p->s, p->at++);
    return true;
}

/* %(name): p->at is behind the parenthesis. The value becomes the only argument. */
static bool take_name(Percent *p)
{
    MvVM *vm = p->vm;
    if (p->mapping == MV_UNASSIGNED) {
        mv_type_error(vm, "format requires a mapping");
        return false;
    }
    int64_t start = p->at, depth = 1;
    while (depth > 0) {
        if (p->at >= p->s->length) {
            mv_value_error(vm, "incomplete format key");
            return false;
        }
        uint32_t c = mv_str_char(p->s, p->at++);
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if ((p->at & 0xFFFF) == 0 && mv_poll(vm))
            return false;
    }
    MvValue key = mv_str_substring(vm, p->s, start, p->at - 1);
    if (key == MV_EXC)
        return false;
    MvValue value = mv_get_item(vm, p->mapping, key);
    if (value == MV_EXC)
        return false;
    p->args = value;
    p->arg_count = -1;
    p->arg_index = -2;
    return true;
}

static bool star_arg(Percent *p, MvValue *v)
{
    *v = next_arg(p);
    if (*v == MV_EXC)
        return false;
    if (mv_is_int_like(*v))
        return true;
    mv_type_error(p->vm, "* wants int");
    return false;
}

/* Decimal digits from *c on, up to `limit`; false after raising. */
static bool take_number(Percent *p, uint32_t *c, int64_t limit, const char *what, int64_t *out)
{
    int64_t number = 0;
    while (*c >= '0' && *c <= '9') {
        int digit = (int)*c - '0';
        if (number > (limit - digit) / 10) {
            mv_value_error(p->vm, "%s too big", what);
            return false;
        }
        number = number * 10 + digit;
        if (!next_char(p, c))
            return false;
    }
    *out = number;
    return true;
}

/* What stands between % and the type; p->at is behind the %. */
static bool parse_conversion(Percent *p, Conversion *conversion)
{
    MvVM *vm = p->vm;
    uint32_t c;
    *conversion = (Conversion){.width = -1, .precision = -1};
    if (!next_char(p, &c))
        return false;
    if (c == '(' && (!take_name(p) || !next_char(p, &c)))
        return false;
    for (;; ) {
        switch (c) {
        case '-': conversion->left = true; break;
        case '+': conversion->plus = true; break;
        case ' ': conversion->blank = true; break;
        case '#': conversion->alternate = true; break;
        case '0': conversion->zero = true; break;
        default: goto width;
        }
        if (!next_char(p, &c))
            return false;
    }
width:
    if (c == '*') {
        MvValue v;
        if (!star_arg(p, &v) || !mv_sequence_ssize(vm, v, &conversion->width))
            return false;
        if (conversion->width < 0) {
            conversion->left = true;
            conversion->width = conversion->width == INT64_MIN ? INT64_MAX : -conversion->width;
        }
        if (!next_char(p, &c))
            return false;
    } else if (c >= '0' && c <= '9') {
        if (!take_number(p, &c, INT64_MAX, "width", &conversion->width))
            return false;
    }
    if (c == '.') {
        conversion->precision = 0;
        if (!next_char(p, &c))
            return false;
        if (c == '*') {
            MvValue v;
            int precision;
            if (!star_arg(p, &v) || !mv_arg_c_int(vm, v, &precision))
                return false;
            conversion->precision = precision < 0 ? 0 : precision;
            if (!next_char(p, &c))
                return false;
        } else if (!take_number(p, &c, INT32_MAX, "precision", &conversion->precision)) {
            return false;
        }
    }
    if ((c == 'h' || c == 'l' || c == 'L') && !next_char(p, &c))
        return false;
    conversion->type = c;
    return true;
}

static bool put_text(Percent *p, const Conversion *conversion, MvValue text, int64_t precision)
{
    if (text == MV_EXC)
        return false;
    const MvStr *s = mv_as_str(text);
    MvFormatSpec spec = {.fill = ' ', .align = conversion->left ? '<' : '>', .width = conversion->width};
    int64_t length = precision >= 0 && precision < s->length ? precision : s->length;
    return mv_format_text_into(p->vm, &p->b, &spec, s, length) != MV_EXC;
}

static bool put_number(Percent *p, const Conversion *conversion, MvNumberText *text)
{
    if (!text->sign)
        text->sign = conversion->plus ? '+' : conversion->blank ? ' ' : 0;
    MvFormatSpec spec = {.fill = ' ', .align = '>', .width = conversion->width};
    if (conversion->left) {
        spec.align = '<';
    } else if (conversion->zero) {
        spec.align = '=';
        spec.fill = '0';
    }
    return mv_format_number_into(p->vm, &p->b, &spec, text) != MV_EXC;
}

static bool has_special(MvVM *vm, MvValue v, int special)
{
    return mv_special(vm, mv_class_of(vm, v), special) != MV_UNASSIGNED;
}

/* The plain int that an integer conversion shows; MV_EXC. */
static MvValue integer_of(MvVM *vm, uint32_t type, MvValue v)
{
    bool exact = type == 'x' || type == 'X' || type == 'o';
    if (mv_is_int_like(v))
        return mv_int_exact(vm, v);
    MvValue number = MV_EXC;
    bool tried = true;
    if (exact)
        number = mv_index(vm, v);
    else if (mv_is_float_like(v))
        number = mv_int_from_double(vm, mv_float_value(v));
    else if (has_special(vm, v, MV_SP_INT) || has_special(vm, v, MV_SP_INDEX) || has_special(vm, v, MV_SP_FLOAT))
        number = mv_call1(vm, mv_value(vm->classes[MV_CLASS_INT]), v);
    else
        tried = false;
    if (number != MV_EXC)
        return mv_int_exact(vm, number);
    if (tried) {
        if (!mv_exception_is(vm, MV_EXC_TypeError))
            return MV_EXC;
        mv_exception_take(vm);
    }
    return mv_type_error(vm, "%%%c format: %s is required, not %T", type, exact ? "an integer" : "a real number", v);
}

static bool put_integer(Percent *p, const Conversion *conversion, MvValue v)
{
    MvVM *vm = p->vm;
    uint32_t type = conversion->type;
    MvValue number = integer_of(vm, type, v);
    if (number == MV_EXC)
        return false;
    if (conversion->precision > INT32_MAX - 3) {
        mv_raise(vm, MV_EXC_OverflowError, "precision too large");
        return false;
    }
    int base = type == 'o' ? 8 : type == 'x' || type == 'X' ? 16 : 10;
    MvValue digits = mv_int_to_str(vm, number, base, false);
    if (digits != MV_EXC && type == 'X')
        digits = mv_str_method_upper(vm, &digits, 1, 0);
    if (digits == MV_EXC)
        return false;
    const MvStr *s = mv_as_str(digits);
    MvNumberText text = {.prefix = "", .digits = s->data, .digit_count = s->length};
    if (text.digits[0] == '-') {
        text.sign = '-';
        text.digits++;
        text.digit_count--;
    }
    if (conversion->alternate && base != 10)
        text.prefix = type == 'o' ? "0o" : type == 'x' ? "0x" : "0X";
    if (conversion->precision > text.digit_count)
        text.leading_zeros = conversion->precision - text.digit_count;
    return put_number(p, conversion, &text);
}

static bool put_float(Percent *p, const Conversion *conversion, MvValue v)
{
    char buffer[MV_FLOAT_TEXT_MAX];
    MvNumberText text;
    double x;
    if (!mv_to_double(p->vm, v, &x) || !mv_format_float_text(p->vm, x, conversion->type, conversion->precision,
                                                             conversion->alternate, false, &text, buffer))
        return false;
    return put_number(p, conversion, &text);
}

static bool put_char(Percent *p, const Conversion *conversion, MvValue v)
{
    MvVM *vm = p->vm;
    int64_t c = -1;
    if (mv_is_str(v)) {
        if (mv_as_str(v)->length == 1)
            return put_text(p, conversion, v, -1);
        mv_type_error(vm, "%%c requires int or char");
        return false;
    }
    MvValue number = mv_is_int_like(v) ? v : mv_index(vm, v);
    if (number == MV_EXC) {
        if (mv_exception_is(vm, MV_EXC_TypeError)) {
            mv_exception_take(vm);
            mv_type_error(vm, "%%c requires int or char");
        }
        return false;
    }
    if (!mv_int_to_i64(number, &c) || c < 0 || c > 0x10FFFF) {
        mv_raise(vm, MV_EXC_OverflowError, "%%c arg not in range(0x110000)");
        return false;
    }
    return put_text(p, conversion, mv_str_from_char(vm, (uint32_t)c), -1);
}

static bool put_conversion(Percent *p, const Conversion *conversion, MvValue v)
{
    MvVM *vm = p->vm;
    bool plain = conversion->width < 0 && conversion->precision < 0;
    switch (conversion->type) {
    case 's':
        if (plain)
            return mv_builder_value(&p->b, v, false);
        return put_text(p, conversion, mv_str(vm, v), conversion->precision);
    case 'r':
        if (plain)
            return mv_builder_value(&p->b, v, true);
        return put_text(p, conversion, mv_repr(vm, v), conversion->precision);
    case 'a':
        return put_text(p, conversion, mv_ascii(vm, v), conversion->precision);
    case 'c':
        return put_char(p, conversion, v);
    case 'd': case 'i': case 'u':
        if (plain && mv_is_int(v) && !conversion->plus && !conversion->blank)
            return mv_builder_value(&p->b, v, false);
        /* fall through */
    case 'o': case 'x': case 'X':
        return put_integer(p, conversion, v);
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G':
        return put_float(p, conversion, v);
    default: {
        char number[16];
        snprintf(number, sizeof number, "%x", (unsigned)conversion->type);
        uint32_t shown = conversion->type >= 31 && conversion->type < 127 ? conversion->type : '?';
        mv_value_error(vm, "unsupported format character '%c' (0x%s) at index %d", shown, number, p->at - 1);
        return false;
    }
    }
}

/* Can it be subscripted with a name? Lists count too, as in CPython; tuples and strs are told apart before. */
static bool is_mapping(MvVM *vm, MvValue v)
{
    if (!mv_is_pointer(v) || mv_object(v)->kind == MV_KIND_CLASS)
        return false;
    MvClass *cls = mv_class_of(vm, v);
    return (cls->def && cls->def->get_item) || mv_special(vm, cls, MV_SP_GETITEM) != MV_UNASSIGNED;
}

MvValue mv_str_percent(MvVM *vm, MvValue format, MvValue args)
{
    const MvStr *s = mv_as_str(format);
    Percent p = {.vm = vm, .s = s, .args = args, .arg_count = -1, .arg_index = -2, .mapping = MV_UNASSIGNED};
    if (mv_is_kind(args, MV_KIND_TUPLE)) {
        p.arg_count = MV_CAST(MvTuple, args)->length;
        p.arg_index = 0;
    } else if (!mv_is_str(args) && is_mapping(vm, args)) {
        p.mapping = args;
    }
    bool literal = mv_str_find_char(s, '%', 0, s->length, false) < 0;
    mv_builder_begin(vm, &p.b);
    while (!literal && p.at < s->length) {
        int64_t mark = mv_str_find_char(s, '%', p.at, s->length, false);
        if (mark < 0)
            mark = s->length;
        mv_builder_slice(&p.b, s, p.at, mark);
        p.at = mark + 1;
        if (mark == s->length)
            break;
        if (p.at < s->length && mv_str_char(s, p.at) == '%') {
            mv_builder_char(&p.b, '%');
            p.at++;
            continue;
        }
        Conversion conversion;
        if (!parse_conversion(&p, &conversion))
            return MV_EXC;
        MvValue v = next_arg(&p);
        if (v == MV_EXC || !put_conversion(&p, &conversion, v) || mv_poll(vm))
            return MV_EXC;
    }
    if (p.arg_index < p.arg_count && p.mapping == MV_UNASSIGNED)
        return mv_type_error(vm, "not all arguments converted during string formatting");
    return literal && s->length ? format : mv_builder_end(&p.b);
}
