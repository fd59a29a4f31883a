/* UTF-8 in both directions.
 *
 * Callers: source literals, file input and output, names of files, the host's wire. Decoding accepts surrogates
 * encoded as three bytes (the host writes lone surrogates so); everything else that is not UTF-8 raises
 * UnicodeDecodeError with CPython's reason. Encoding writes into a RAW object that ends in a NUL byte beyond `used`. */
#include "str.h"
#include "errors.h"

#define POLL_STEP ((int64_t)1 << 20)

/* Length of the run of ASCII bytes from p. */
static int64_t ascii_run(const uint8_t *p, const uint8_t *end)
{
    const uint8_t *start = p;
    for (; end - p >= 8; p += 8) {
        uint64_t w;
        memcpy(&w, p, 8);
        w &= 0x8080808080808080ull;
        if (w)
            return p - start + (__builtin_ctzll(w) >> 3);
    }
    while (p < end && *p < 0x80)
        p++;
    return p - start;
}

static bool is_continuation(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Decodes one non-ASCII character; 0 after raising. */
static int decode_one(MvVM *vm, const uint8_t *bytes, int64_t at, int64_t length, uint32_t *c)
{
    const uint8_t *p = bytes + at;
    int64_t left = length - at;
    uint8_t first = p[0];
    int count = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (!count) {
        mv_raise_decode_error(vm, "utf-8", bytes, length, at, at + 1, "invalid start byte");
        return 0;
    }
    /* the second byte's range excludes overlong forms and what lies beyond U+10FFFF */
    uint8_t low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80, high = first == 0xF4 ? 0x8F : 0xBF;
    uint32_t value = first & (0xFF >> (count + 1));
    for (int i = 1; i < count; i++) {
        if (i >= left) {
            mv_raise_decode_error(vm, "utf-8", bytes, length, at, length, "unexpected end of data");
            return 0;
        }
        if (i == 1 ? p[1] < low || p[1] > high : !is_continuation(p[i])) {
            mv_raise_decode_error(vm, "utf-8", bytes, length, at, at + i, "invalid continuation byte");
            return 0;
        }
        value = value << 6 | (p[i] & 0x3F);
    }
    *c = value;
    return count;
}

MvValue mv_str_from_utf8(MvVM *vm, const char *text, int64_t length)
{
    const uint8_t *bytes = (const uint8_t *)text;
    int64_t ascii = ascii_run(bytes, bytes + length);
    if (ascii == length)
        return mv_str_from_ascii(vm, text, length);
    /* first pass: check, count, find the largest character */
    int64_t count = ascii;
    uint32_t largest = 0, c = 0;
    int64_t next_poll = POLL_STEP;
    for (int64_t at = ascii; at < length;) {
        if (bytes[at] < 0x80) {
            int64_t run = ascii_run(bytes + at, bytes + length);
            at += run;
            count += run;
        } else {
            int size = decode_one(vm, bytes, at, length, &c);
            if (!size)
                return MV_EXC;
            largest = c > largest ? c : largest;
            at += size;
            count++;
        }
        if (at >= next_poll) {
            next_poll = at + POLL_STEP;
            if (mv_poll(vm))
                return MV_EXC;
        }
    }
    if (count == 1)
        return mv_str_from_char(vm, largest);
    MvStr *s = mv_str_new(vm, count, largest);
    if (!s)
        return MV_EXC;
    int shift = mv_str_shift(s);
    int64_t to = 0;
    next_poll = POLL_STEP;
    for (int64_t at = 0; at < length;) {
        uint8_t first = bytes[at];
        if (first < 0x80) {
            int64_t run = ascii_run(bytes + at, bytes + length);
            mv_str_copy_chars(s->data, shift, to, bytes, 0, at, run);
            at += run;
            to += run;
        } else {
            int size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
            uint32_t value = first & (0xFF >> (size + 1));
            for (int i = 1; i < size; i++)
                value = value << 6 | (bytes[at + i] & 0x3F);
            mv_put_char(s->data, shift, to++, value);
            at += size;
        }
        if (at >= next_poll) {
            next_poll = at + POLL_STEP;
            if (mv_poll(vm))
                return MV_EXC;
        }
    }
    return mv_value(s);
}

static bool is_surrogate(uint32_t c)
{
    return c >= 0xD800 && c < 0xE000;
}

static void encode_error(MvVM *vm, MvValue text, int64_t at)
{
    const MvStr *s = mv_as_str(text);
    int64_t end = at + 1;
    while (end < s->length && is_surrogate(mv_str_char(s, end)))
        end++;
    mv_raise_encode_error(vm, "utf-8", text, at, end, "surrogates not allowed");
}

MvRaw *mv_str_to_utf8(MvVM *vm, MvValue text, int surrogates)
{
    const MvStr *s = mv_as_str(text);
    int shift = mv_str_shift(s);
    int64_t bytes = 0;
    if (s->h.aux & MV_STR_ASCII) {
        bytes = s->length;
    } else {
        for (int64_t i = 0; i < s->length; i++) {
            uint32_t c = mv_get_char(s->data, shift, i);
            if (MV_UNLIKELY(is_surrogate(c)) && surrogates != 1) {
                if (surrogates == 0) {
                    encode_error(vm, text, i);
                    return NULL;
                }
                bytes += 6;
            } else {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            }
            if ((i & (POLL_STEP - 1)) == POLL_STEP - 1 && mv_poll(vm))
                return NULL;
        }
    }
    MvRaw *raw = mv_allocate(vm, sizeof(MvRaw) + (size_t)bytes + 1, MV_CLASS_INTERNAL, MV_KIND_RAW, 0, 0);
    if (!raw)
        return NULL;
    raw->capacity = bytes + 1;
    raw->used = bytes;
    uint8_t *out = raw->data;
    if (s->h.aux & MV_STR_ASCII) {
        memcpy(out, s->data, (size_t)bytes);
        return raw;
    }
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = mv_get_char(s->data, shift, i);
        if (c < 0x80) {
            *out++ = (uint8_t)c;
        } else if (c < 0x800) {
            *out++ = (uint8_t)(0xC0 | c >> 6);
            *out++ = (uint8_t)(0x80 | (c & 0x3F));
        } else if (MV_UNLIKELY(surrogates == 2 && is_surrogate(c))) {
            const char *hex = "0123456789abcdef";
            *out++ = '\\';
            *out++ = 'u';
            for (int bit = 12; bit >= 0; bit -= 4)
                *out++ = (uint8_t)hex[c >> bit & 15];
        } else {
            if (c < 0x10000) {
                *out++ = (uint8_t)(0xE0 | c >> 12);
            } else {
                *out++ = (uint8_t)(0xF0 | c >> 18);
                *out++ = (uint8_t)(0x80 | (c >> 12 & 0x3F));
            }
            *out++ = (uint8_t)(0x80 | (c >> 6 & 0x3F));
            *out++ = (uint8_t)(0x80 | (c & 0x3F));
        }
        if ((i & (POLL_STEP - 1)) == POLL_STEP - 1 && mv_poll(vm))
            return NULL;
    }
    return raw;
}
