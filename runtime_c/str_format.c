/* str.format and str.format_map: replacement fields with attributes, subscripts, conversions and nested specs.
 *
 * Callers: the method table of str. Looking up fields and formatting values runs Mini code; the format text is
 * immutable and the arguments are copied to a place of their own, so nothing here depends on what that changes. */
#include "format_spec.h"
#include <stdio.h>

enum { MANUAL = 1, AUTOMATIC = 2 };

typedef struct Fields { /* where values come from */
    MvVM *vm;
    const MvValue *args; /* NULL: format_map */
    int64_t arg_count;
    MvValue kwnames;      /* tuple or 0; the values follow the positional ones */
    MvValue mapping;      /* of format_map; else UNASSIGNED */
    int numbering;        /* 0, MANUAL or AUTOMATIC */
    int64_t next_automatic;
} Fields;

typedef struct Field { /* one replacement field; positions in the format text */
    int64_t name_start, name_end, spec_start, spec_end;
    uint32_t conversion; /* 0: none */
    bool nested;         /* the spec has fields of its own */
} Field;

static bool format_error(MvVM *vm, const char *message)
{
    mv_value_error(vm, "%s", message);
    return false;
}

static bool poll_at(MvVM *vm, int64_t at)
{
    return MV_UNLIKELY((at & 0xFFFF) == 0) && mv_poll(vm);
}

/* Reads a field; *at is behind its opening brace, and afterwards behind the closing one. */
static bool read_field(MvVM *vm, const MvStr *s, int64_t *position, int64_t end, Field *field)
{
    int64_t at = *position;
    uint32_t c = 0;
    *field = (Field){.name_start = at};
    for (;;) {
        if (at >= end)
            return format_error(vm, "expected '}' before end of string");
        c = mv_str_char(s, at++);
        if (c == '{')
            return format_error(vm, "unexpected '{' in field name");
        if (c == '}' || c == ':' || c == '!')
            break;
        if (c == '[') { /* up to the closing bracket, which the next round passes */
            while (at < end && mv_str_char(s, at) != ']') {
                at++;
                if (poll_at(vm, at))
                    return false;
            }
        }
        if (poll_at(vm, at))
            return false;
    }
    field->name_end = at - 1;
    field->spec_start = field->spec_end = at;
    if (c == '!') {
        if (at >= end)
            return format_error(vm, "end of string while looking for conversion specifier");
        field->conversion = mv_str_char(s, at++);
        if (at < end) {
            c = mv_str_char(s, at++);
            if (c != '}' && c != ':')
                return format_error(vm, "expected ':' after conversion specifier");
        }
        field->spec_start = field->spec_end = at;
    }
    if (c != '}') {
        for (int64_t depth = 1; depth;) {
            if (at >= end)
                return format_error(vm, "unmatched '{' in format spec");
            c = mv_str_char(s, at++);
            if (c == '{') {
                field->nested = true;
                depth++;
            } else if (c == '}') {
                depth--;
            }
            if (poll_at(vm, at))
                return false;
        }
        field->spec_end = at - 1;
    }
    *position = at;
    return true;
}

/* The number that s[start:end] spells; -1 if it is no number. false: too large (raised). */
static bool read_index(MvVM *vm, const MvStr *s, int64_t start, int64_t end, int64_t *index)
{
    int64_t at = start, count;
    *index = -1;
    if (!mv_format_digits(vm, s, &at, end, index, &count))
        return false;
    if (at != end)
        *index = -1;
    return true;
}

static MvValue keyword_value(Fields *fields, MvValue name)
{
    if (fields->kwnames) {
        const MvTuple *names = MV_CAST(MvTuple, fields->kwnames);
        for (int64_t i = 0; i < names->length; i++)
            if (mv_str_equal(mv_as_str(names->items[i]), mv_as_str(name)))
                return fields->args[fields->arg_count + i];
    }
    return mv_raise_key_error(fields->vm, name);
}

/* The value that the first part of a field's name stands for. */
static MvValue first_value(Fields *fields, const MvStr *s, int64_t start, int64_t end)
{
    MvVM *vm = fields->vm;
    int64_t index;
    if (!read_index(vm, s, start, end, &index))
        return MV_EXC;
    bool empty = start == end;
    if (empty || index >= 0) { /* also of format_map: mixing both kinds is an error before the lack of arguments is */
        static const char manual[] = "manual field specification", automatic[] = "automatic field numbering";
        int wanted = empty ? AUTOMATIC : MANUAL;
        if (!fields->numbering)
            fields->numbering = wanted;
        if (fields->numbering != wanted)
            return mv_value_error(vm, "cannot switch from %s to %s", empty ? manual : automatic,
                                  empty ? automatic : manual);
        if (empty)
            index = fields->next_automatic++;
    }
    if (index >= 0) {
        if (!fields->args)
            return mv_value_error(vm, "Format string contains positional fields");
        if (index >= fields->arg_count)
            return mv_raise(vm, MV_EXC_IndexError, "Replacement index %d out of range for positional args tuple",
                            index);
        return fields->args[index];
    }
    MvValue name = mv_str_substring(vm, s, start, end);
    if (name == MV_EXC)
        return MV_EXC;
    return fields->mapping != MV_UNASSIGNED ? mv_get_item(vm, fields->mapping, name) : keyword_value(fields, name);
}

/* The value of the name s[start:end], its attributes and subscripts followed. */
static MvValue field_value(Fields *fields, const MvStr *s, int64_t start, int64_t end)
{
    MvVM *vm = fields->vm;
    int64_t at = start;
    while (at < end && mv_str_char(s, at) != '.' && mv_str_char(s, at) != '[')
        at++;
    MvValue v = first_value(fields, s, start, at);
    while (v != MV_EXC && at < end) {
        bool subscript = mv_str_char(s, at++) == '[';
        int64_t part = at, index = -1;
        if (subscript) {
            while (at < end && mv_str_char(s, at) != ']')
                at++;
            if (at == end)
                return mv_value_error(vm, "Missing ']' in format string");
            if (!read_index(vm, s, part, at, &index))
                return MV_EXC;
        } else {
            while (at < end && mv_str_char(s, at) != '.' && mv_str_char(s, at) != '[')
                at++;
        }
        if (at == part)
            return mv_value_error(vm, "Empty attribute in format string");
        MvValue name = mv_str_substring(vm, s, part, at);
        if (name == MV_EXC)
            return MV_EXC;
        if (!subscript) {
            name = mv_intern(vm, name);
            v = name == MV_EXC ? MV_EXC : mv_get_attr(vm, v, name);
            continue;
        }
        at++;
        MvValue key = index >= 0 ? mv_int_from_i64(vm, index) : name;
        v = key == MV_EXC ? MV_EXC : mv_get_item(vm, v, key);
        if (v != MV_EXC && at < end && mv_str_char(s, at) != '.' && mv_str_char(s, at) != '[')
            return mv_value_error(vm, "Only '.' or '[' may follow ']' in format field specifier");
    }
    return v;
}

static MvValue converted(MvVM *vm, uint32_t conversion, MvValue v)
{
    switch (conversion) {
    case 'r':
        return mv_repr(vm, v);
    case 's':
        return mv_str(vm, v);
    case 'a':
        return mv_ascii(vm, v);
    default:
        if (conversion > 32 && conversion < 127)
            return mv_value_error(vm, "Unknown conversion specifier %c", conversion);
        char number[16];
        snprintf(number, sizeof number, "%x", (unsigned)conversion);
        return mv_value_error(vm, "Unknown conversion specifier \\x%s", number);
    }
}

static bool format_text(Fields *fields, MvBuilder *b, const MvStr *s, int64_t start, int64_t end, int depth);

static bool put_field(Fields *fields, MvBuilder *b, const MvStr *s, const Field *field, int depth)
{
    MvVM *vm = fields->vm;
    MvValue v = field_value(fields, s, field->name_start, field->name_end), spec;
    if (v != MV_EXC && field->conversion)
        v = converted(vm, field->conversion, v);
    if (v == MV_EXC)
        return false;
    if (field->nested) {
        MvBuilder inner;
        mv_builder_begin(vm, &inner);
        if (!format_text(fields, &inner, s, field->spec_start, field->spec_end, depth - 1))
            return false;
        spec = mv_builder_end(&inner);
    } else {
        spec = mv_str_substring(vm, s, field->spec_start, field->spec_end);
    }
    if (spec == MV_EXC)
        return false;
    if (mv_as_str(spec)->length == 0 && (mv_is_int(v) || mv_is_exact_str(vm, v)))
        return mv_builder_value(b, v, false);
    MvValue text = mv_format(vm, v, spec);
    if (text == MV_EXC)
        return false;
    mv_builder_str(b, mv_as_str(text));
    return !b->failed;
}

static bool format_text(Fields *fields, MvBuilder *b, const MvStr *s, int64_t start, int64_t end, int depth)
{
    MvVM *vm = fields->vm;
    if (depth < 0)
        return format_error(vm, "Max string recursion exceeded");
    for (int64_t at = start; at < end;) {
        int64_t literal = at;
        uint32_t c = 0;
        while (at < end && (c = mv_str_char(s, at)) != '{' && c != '}') {
            at++;
            if (poll_at(vm, at))
                return false;
        }
        if (at == end) {
            mv_builder_slice(b, s, literal, at);
            break;
        }
        at++; /* behind the brace; a doubled one stands for itself */
        if (at < end && mv_str_char(s, at) == c) {
            mv_builder_slice(b, s, literal, at);
            at++;
            continue;
        }
        if (c == '}')
            return format_error(vm, "Single '}' encountered in format string");
        if (at == end)
            return format_error(vm, "Single '{' encountered in format string");
        mv_builder_slice(b, s, literal, at - 1);
        Field field;
        if (!read_field(vm, s, &at, end, &field) || !put_field(fields, b, s, &field, depth) || mv_poll(vm))
            return false;
    }
    return !b->failed;
}

static MvValue run(Fields *fields, MvValue format)
{
    MvBuilder b;
    mv_builder_begin(fields->vm, &b);
    const MvStr *s = mv_as_str(format);
    if (s->length && mv_str_find_char(s, '{', 0, s->length, false) < 0 && mv_str_find_char(s, '}', 0, s->length, false) < 0)
        return format; /* itself, if its class is derived from str */
    return format_text(fields, &b, s, 0, s->length, 1) ? mv_builder_end(&b) : MV_EXC;
}

MvValue mv_str_format_method(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames)
{
    /* the arguments may lie in a window that later calls reuse */
    int64_t total = nargs + (kwnames ? MV_CAST(MvTuple, kwnames)->length : 0);
    MvValue small[8] = {0};
    const MvValue *kept = small;
    MvValue copy = MV_NONE;
    if (total <= 8) {
        for (int64_t i = 0; i < total; i++)
            small[i] = args[i];
    } else {
        copy = mv_tuple_from(vm, args, total);
        if (copy == MV_EXC)
            return MV_EXC;
        kept = MV_CAST(MvTuple, copy)->items;
    }
    Fields fields = {.vm = vm, .args = kept, .arg_count = nargs, .kwnames = kwnames, .mapping = MV_UNASSIGNED};
    return run(&fields, self);
}

MvValue mv_str_format_map(MvVM *vm, MvValue format, MvValue mapping)
{
    Fields fields = {.vm = vm, .mapping = mapping};
    return run(&fields, format);
}
