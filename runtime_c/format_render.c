/* Rendering of formatted numbers and texts: grouping, zeros, alignment; into a builder or as a str of its own.
 *
 * Callers: format_spec.c, str_percent.c. The size of the result is computed first and reserved at once, so that a
 * huge width meets the memory limit before anything is written. Filling polls. */
#include "format_spec.h"

#define STEP ((int64_t)1 << 20)

typedef struct Sink {
    MvVM *vm;
    void *data;
    int shift;
    int64_t at;
    bool failed;
} Sink;

/* A place for `total` characters up to max_char: in the builder, or in *own. */
static bool sink_open(MvVM *vm, Sink *sink, MvBuilder *b, MvStr **own, int64_t total, uint32_t max_char)
{
    *sink = (Sink){.vm = vm};
    if (total < 0) {
        mv_too_large(vm);
        return false;
    }
    if (b) {
        if (!mv_builder_reserve(b, total, max_char))
            return false;
        sink->data = b->raw ? b->raw->data : NULL;
        sink->shift = b->shift;
        sink->at = b->length;
        return true;
    }
    *own = mv_str_new(vm, total, max_char);
    if (!*own)
        return false;
    sink->data = (*own)->data;
    sink->shift = mv_str_shift(*own);
    return true;
}

static MvValue sink_close(Sink *sink, MvBuilder *b, MvStr *own, uint32_t max_char)
{
    if (sink->failed) {
        if (b)
            b->failed = true;
        return MV_EXC;
    }
    if (!b)
        return mv_value(own);
    b->length = sink->at;
    uint32_t bound = max_char < 0x80 ? 0x7F : max_char < 0x100 ? 0xFF : max_char < 0x10000 ? 0xFFFF : 0x10FFFF;
    b->max_char = bound > b->max_char ? bound : b->max_char;
    return MV_NONE;
}

static void put(Sink *sink, const void *data, int shift, int64_t start, int64_t count)
{
    while (count > 0 && !sink->failed) {
        int64_t part = count < STEP ? count : STEP;
        mv_str_copy_chars(sink->data, sink->shift, sink->at, data, shift, start, part);
        sink->at += part;
        start += part;
        count -= part;
        if (part == STEP && mv_poll(sink->vm))
            sink->failed = true;
    }
}

static void fill(Sink *sink, uint32_t c, int64_t count)
{
    while (count > 0 && !sink->failed) {
        int64_t part = count < STEP ? count : STEP;
        if (sink->shift == 0) {
            memset((uint8_t *)sink->data + sink->at, (int)c, (size_t)part);
        } else {
            for (int64_t i = 0; i < part; i++)
                mv_put_char(sink->data, sink->shift, sink->at + i, c);
        }
        sink->at += part;
        count -= part;
        if (part == STEP && mv_poll(sink->vm))
            sink->failed = true;
    }
}

/* `count` digits, the first `zeros` of which are zeros, with a separator before every group but the first. */
static void put_grouped(Sink *sink, const MvNumberText *text, int64_t zeros, int64_t count, uint32_t separator,
                        int group)
{
    int64_t in_group = (count - 1) % group + 1, steps = 0;
    for (int64_t done = 0; done < count && !sink->failed;) {
        if (done) {
            fill(sink, separator, 1);
            in_group = group;
        }
        int64_t blank = zeros - done < 0 ? 0 : zeros - done < in_group ? zeros - done : in_group;
        fill(sink, '0', blank);
        put(sink, text->digits, 0, done + blank - zeros, in_group - blank);
        done += in_group;
        if ((++steps & 4095) == 0 && mv_poll(sink->vm))
            sink->failed = true;
    }
}

MvValue mv_format_number_into(MvVM *vm, MvBuilder *b, const MvFormatSpec *spec, const MvNumberText *text)
{
    int64_t prefix = (int64_t)strlen(text->prefix), width = spec->width < INT64_MAX / 4 ? spec->width : INT64_MAX / 4;
    int64_t fixed = (text->sign != 0) + prefix + text->rest_count + text->zeros;
    int64_t digits = text->digit_count + text->leading_zeros, grouped = digits;
    int group = spec->thousands && digits ? spec->group : 0;
    if (group) {
        grouped += (digits - 1) / group;
        int64_t wanted = spec->fill == '0' && spec->align == '=' ? width - fixed : 0;
        if (wanted > grouped) { /* zeros fill the width, grouped too; one more if a separator would come first */
            int64_t groups = wanted / (group + 1), odd = wanted % (group + 1);
            digits = groups * group + (odd ? odd : 1);
            grouped = digits + (digits - 1) / group;
        }
    }
    int64_t total = fixed + grouped, padding = width > total ? width - total : 0, left = 0, inner = 0, right = 0;
    switch (spec->align) {
    case '<': right = padding; break;
    case '^': left = padding / 2; right = padding - left; break;
    case '=': inner = padding; break;
    default: left = padding; break;
    }
    uint32_t max_char = padding && spec->fill > 0x7F ? spec->fill : 0x7F;
    Sink sink;
    MvStr *own = NULL;
    if (!sink_open(vm, &sink, b, &own, total + padding, max_char))
        return MV_EXC;
    fill(&sink, spec->fill, left);
    if (text->sign)
        fill(&sink, (uint8_t)text->sign, 1);
    put(&sink, text->prefix, 0, 0, prefix);
    fill(&sink, spec->fill, inner);
    if (group) {
        put_grouped(&sink, text, digits - text->digit_count, digits, spec->thousands, group);
    } else {
        fill(&sink, '0', text->leading_zeros);
        put(&sink, text->digits, 0, 0, text->digit_count);
    }
    if (text->zeros) {
        put(&sink, text->rest, 0, 0, text->zeros_at);
        fill(&sink, '0', text->zeros);
        put(&sink, text->rest, 0, text->zeros_at, text->rest_count - text->zeros_at);
    } else {
        put(&sink, text->rest, 0, 0, text->rest_count);
    }
    fill(&sink, spec->fill, right);
    return sink_close(&sink, b, own, max_char);
}

MvValue mv_format_text_into(MvVM *vm, MvBuilder *b, const MvFormatSpec *spec, const MvStr *s, int64_t length)
{
    int64_t width = spec->width < INT64_MAX / 4 ? spec->width : INT64_MAX / 4;
    int64_t padding = width > length ? width - length : 0;
    int64_t left = spec->align == '<' ? 0 : spec->align == '^' ? padding / 2 : padding;
    uint32_t max_char = mv_str_bound(s);
    if (max_char > 0x7F && length < s->length)
        max_char = mv_str_scan(s->data, mv_str_shift(s), length);
    if (padding && spec->fill > max_char)
        max_char = spec->fill;
    Sink sink;
    MvStr *own = NULL;
    if (!sink_open(vm, &sink, b, &own, length + padding, max_char))
        return MV_EXC;
    fill(&sink, spec->fill, left);
    put(&sink, s->data, mv_str_shift(s), 0, length);
    fill(&sink, spec->fill, padding - left);
    return sink_close(&sink, b, own, max_char);
}
