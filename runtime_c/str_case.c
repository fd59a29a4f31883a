/* Methods of str that change case: capitalize, casefold, lower, swapcase, title, upper. ASCII texts keep
 * their length and are mapped byte by byte; others go through the full mappings of the Unicode tables, with the rule
 * for the final sigma. */
#include "str.h"
#include "unicode_tables.h"

#define CHUNK 65536

MV_INLINE uint8_t ascii_lower(uint8_t c)
{
    return (uint8_t)(c + ((uint8_t)(c - 'A') < 26) * 32);
}

MV_INLINE uint8_t ascii_upper(uint8_t c)
{
    return (uint8_t)(c - ((uint8_t)(c - 'a') < 26) * 32);
}

MV_INLINE bool ascii_is_letter(uint8_t c)
{
    return (uint8_t)((c | 32) - 'a') < 26;
}

enum Mapping { LOWER, UPPER, FOLD, SWAP, TITLE, CAPITAL };

static MvValue map_ascii(MvVM *vm, const MvStr *s, enum Mapping mapping)
{
    if (s->length == 0)
        return vm->empty_str;
    MvStr *result = mv_str_new(vm, s->length, 0x7F);
    if (!result)
        return MV_EXC;
    const uint8_t *from = s->data;
    uint8_t *to = result->data;
    bool in_word = false;
    for (int64_t start = 0; start < s->length; start += CHUNK) {
        int64_t end = s->length - start < CHUNK ? s->length : start + CHUNK;
        switch (mapping) {
        case UPPER:
            for (int64_t i = start; i < end; i++)
                to[i] = ascii_upper(from[i]);
            break;
        case SWAP:
            for (int64_t i = start; i < end; i++)
                to[i] = ascii_is_letter(from[i]) ? from[i] ^ 32 : from[i];
            break;
        case TITLE:
            for (int64_t i = start; i < end; i++) {
                to[i] = in_word ? ascii_lower(from[i]) : ascii_upper(from[i]);
                in_word = ascii_is_letter(from[i]);
            }
            break;
        default:
            for (int64_t i = start; i < end; i++)
                to[i] = ascii_lower(from[i]);
            break;
        }
        if (end < s->length && mv_poll(vm))
            return MV_EXC;
    }
    if (mapping == CAPITAL)
        to[0] = ascii_upper(from[0]);
    return mv_value(result);
}

/* Is the capital sigma at i the end of a word: after a cased character and before none, case-ignorable ones not
 * counted? */
static bool is_final_sigma(const MvStr *s, int64_t i)
{
    int64_t j = i - 1;
    while (j >= 0 && mv_unicode_is_case_ignorable(mv_str_char(s, j)))
        j--;
    if (j < 0 || !mv_unicode_is_cased(mv_str_char(s, j)))
        return false;
    j = i + 1;
    while (j < s->length && mv_unicode_is_case_ignorable(mv_str_char(s, j)))
        j++;
    return j == s->length || !mv_unicode_is_cased(mv_str_char(s, j));
}

static int lower_at(const MvStr *s, int64_t i, uint32_t c, uint32_t out[MV_UNICODE_FULL_MAX])
{
    if (MV_UNLIKELY(c == 0x3A3)) {
        out[0] = is_final_sigma(s, i) ? 0x3C2 : 0x3C3;
        return 1;
    }
    return mv_unicode_to_lower_full(c, out);
}

static MvValue map_case(MvVM *vm, MvValue *args, enum Mapping mapping)
{
    const MvStr *s = mv_as_str(args[0]);
    if (mv_str_is_ascii(s))
        return map_ascii(vm, s, mapping);
    MvBuilder b;
    mv_builder_begin(vm, &b);
    mv_builder_reserve(&b, s->length, mv_str_bound(s));
    bool in_word = false;
    int shift = mv_str_shift(s);
    for (int64_t i = 0; i < s->length && !b.failed; i++) {
        uint32_t out[MV_UNICODE_FULL_MAX], c = mv_get_char(s->data, shift, i);
        int count = 0;
        switch (mapping) {
        case LOWER: count = lower_at(s, i, c, out); break;
        case UPPER: count = mv_unicode_to_upper_full(c, out); break;
        case FOLD: count = mv_unicode_to_fold_full(c, out); break;
        case SWAP: count = mv_unicode_is_upper(c) ? lower_at(s, i, c, out) : mv_unicode_to_swapped_full(c, out); break;
        case CAPITAL: count = i ? lower_at(s, i, c, out) : mv_unicode_to_title_full(c, out); break;
        case TITLE:
            count = in_word ? lower_at(s, i, c, out) : mv_unicode_to_title_full(c, out);
            in_word = mv_unicode_is_cased(c);
            break;
        }
        for (int k = 0; k < count; k++)
            mv_builder_char(&b, out[k]);
    }
    return mv_builder_end(&b);
}

MV_STR_METHOD(lower)
{
    return map_case(vm, args, LOWER);
}

MV_STR_METHOD(upper)
{
    return map_case(vm, args, UPPER);
}

MV_STR_METHOD(casefold)
{
    return map_case(vm, args, FOLD);
}

MV_STR_METHOD(swapcase)
{
    return map_case(vm, args, SWAP);
}

MV_STR_METHOD(title)
{
    return map_case(vm, args, TITLE);
}

MV_STR_METHOD(capitalize)
{
    return map_case(vm, args, CAPITAL);
}
