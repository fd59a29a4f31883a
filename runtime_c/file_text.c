/* file_text.c: reading text: encodings, error handlers, newlines, positions; writing is file_write.c. Used by the methods in file.c.
 *
 * Input is read in chunks of CHUNK bytes and decoded chunk by chunk, as CPython's TextIOWrapper does it, because
 * positions in the messages of decoding errors count within a chunk. A sequence that a chunk cuts stays in state->in
 * for the next one. */
#include "file.h"

#include "errors.h"
#include "host.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 8192 };

const char *const mv_encoding_names[] = {"utf-8", "ascii", "latin-1"}; /* ORDER MvEncoding */

MvHandler mv_handler_named(const MvStr *name)
{
    static const char *const names[] =
        {"strict", "ignore", "replace", "backslashreplace", "surrogateescape", "surrogatepass",
                                        "xmlcharrefreplace"}; /* ORDER MvHandler */
    for (int i = 0; i < MV_HANDLER_UNKNOWN; i++) {
        if (mv_str_is_c(mv_value(name), names[i]))
            return (MvHandler)i;
    }
    return MV_HANDLER_UNKNOWN;
}

MvValue mv_file_unknown_handler(MvVM *vm, const MvFileState *state)
{
    if (mv_str_is_c(state->owner->errors, "namereplace"))
        return mv_raise_refused(vm, "the error handler 'namereplace'");
    return mv_raise(vm, MV_EXC_LookupError, "unknown error handler name '%S'", state->owner->errors);
}

/* ---- decoding ---- */

typedef struct Decoded { /* one step over the input */
    int64_t length;     /* bytes; 0: the sequence is cut off */
    uint32_t c;         /* the character where reason is NULL */
    const char *reason; /* why the bytes are no character */
} Decoded;

static Decoded bad(int64_t length, const char *reason)
{
    return (Decoded){length, 0, reason};
}

static Decoded step_utf8(const uint8_t *p, int64_t n, bool final)
{
    uint8_t lead = p[0];
    if (lead < 0x80)
        return (Decoded){1, lead, NULL};
    if (lead < 0xC2 || lead > 0xF4)
        return bad(1, "invalid start byte");
    int need = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t c = lead & (0x7F >> need);
    for (int i = 1; i < need; i++) {
        if (i >= n)
            return final ? bad(n, "unexpected end of data") : (Decoded){0, 0, NULL};
        uint8_t low = 0x80, high = 0xBF;
        if (i == 1) {
            low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
            high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        }
        if (p[i] < low || p[i] > high)
            return bad(i, "invalid continuation byte");
        c = c << 6 | (p[i] & 0x3F);
    }
    return (Decoded){need, c, NULL};
}

static Decoded step(const MvFileState *state, const uint8_t *p, int64_t n, bool final)
{
    if (state->encoding == MV_ENCODING_UTF8)
        return step_utf8(p, n, final);
    if (state->encoding == MV_ENCODING_ASCII && p[0] >= 0x80)
        return bad(1, "ordinal not in range(128)");
    return (Decoded){1, p[0], NULL};
}

/* A lone surrogate in UTF-8 form, which surrogatepass lets through. */
static bool is_encoded_surrogate(const uint8_t *p, int64_t n)
{
    return n >= 3 && p[0] == 0xED && p[1] >= 0xA0 && p[1] <= 0xBF && (p[2] & 0xC0) == 0x80;
}

/* What a bad sequence becomes; false: raised. *length may grow. */
static bool handle_bad(MvVM *vm, MvFileState *state, MvBuilder *b, int64_t at, int64_t *length, const char *reason)
{
    const uint8_t *p = state->in + at;
    switch (state->handler) {
    case MV_HANDLER_IGNORE:
        return true;
    case MV_HANDLER_REPLACE:
        mv_builder_char(b, 0xFFFD);
        return true;
    case MV_HANDLER_BACKSLASH:
        for (int64_t i = 0; i < *length; i++) {
            char text[8];
            snprintf(text, sizeof text, "\\x%02x", p[i]);
            mv_builder_ascii(b, text, 4);
        }
        return true;
    case MV_HANDLER_ESCAPE:
        for (int64_t i = 0; i < *length; i++)
            mv_builder_char(b, 0xDC00u + p[i]);
        return true;
    case MV_HANDLER_PASS:
        if (state->encoding == MV_ENCODING_UTF8 && is_encoded_surrogate(p, state->in_length - at)) {
            mv_builder_char(b, 0xD000u | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F));
            *length = 3;
            return true;
        }
        break;
    case MV_HANDLER_XML:
        mv_type_error(vm, "don't know how to handle UnicodeDecodeError in error callback");
        return false;
    case MV_HANDLER_UNKNOWN:
        mv_file_unknown_handler(vm, state);
        return false;
    default:
        break;
    }
    mv_raise_decode_error(vm, mv_encoding_names[state->encoding], state->in, state->in_length, at, at + *length, reason);
    return false;
}

/* Where the bytes below 0x80 from `at` on end. */
static int64_t ascii_run(const uint8_t *p, int64_t at, int64_t stop)
{
    uint64_t word;
    while (stop - at >= 8) {
        memcpy(&word, p + at, 8);
        if (word & 0x8080808080808080u)
            break;
        at += 8;
    }
    while (at < stop && p[at] < 0x80)
        at++;
    return at;
}

/* Decodes state->in from the start; sets in_used. */
static MvValue decode_input(MvVM *vm, MvFileState *state, bool final)
{
    state->in_used = state->in_length; /* after an error the input is lost, as in CPython */
    MvBuilder b;
    mv_builder_begin(vm, &b);
    int64_t at = 0;
    while (at < state->in_length && !b.failed) {
        int64_t stop = state->in_length - at < 1 << 20 ? state->in_length : at + (1 << 20);
        int64_t run = ascii_run(state->in, at, stop);
        mv_builder_ascii(&b, (const char *)state->in + at, run - at);
        at = run;
        if (mv_poll(vm))
            return MV_EXC;
        for (uint32_t steps = 0; at < state->in_length && state->in[at] >= 0x80; steps++) {
            Decoded d = step(state, state->in + at, state->in_length - at, final);
            if (!d.length)
                goto done;
            if (!d.reason)
                mv_builder_char(&b, d.c);
            else if (!handle_bad(vm, state, &b, at, &d.length, d.reason))
                return MV_EXC;
            at += d.length;
            if ((steps & 4095) == 4095 && mv_poll(vm))
                return MV_EXC;
        }
    }
done:
    state->in_used = at;
    return b.failed ? MV_EXC : mv_builder_end(&b);
}

static bool holds_char(const MvStr *s, uint32_t c)
{
    if (mv_str_shift(s) == 0)
        return s->length && memchr(s->data, (int)c, (size_t)s->length);
    for (int64_t i = 0; i < s->length; i++) {
        if (mv_str_char(s, i) == c)
            return true;
    }
    return false;
}

/* Newlines of decoded text as the file's mode wants them. */
static MvValue translate_newlines(MvVM *vm, MvFileState *state, MvValue text, bool final)
{
    if (state->newline > MV_NEWLINE_KEEP)
        return text;
    MvStr *s = MV_CAST(MvStr, text);
    if (!state->pending_cr && !holds_char(s, '\r')) {
        if (!(state->seen_newlines & 1) && holds_char(s, '\n'))
            state->seen_newlines |= 1;
        return text;
    }
    MvBuilder b;
    mv_builder_begin(vm, &b);
    bool after_cr = state->pending_cr, keep = state->newline == MV_NEWLINE_KEEP;
    for (int64_t i = 0; i < s->length && !b.failed; i++) {
        uint32_t c = mv_str_char(s, i);
        if (after_cr) { /* the \r is not written yet */
            state->seen_newlines |= c == '\n' ? 4 : 2;
            if (keep)
                mv_builder_char(&b, '\r');
            else
                mv_builder_char(&b, '\n');
            after_cr = false;
            if (c == '\n') {
                if (keep)
                    mv_builder_char(&b, '\n');
                continue;
            }
        }
        if (c == '\r') {
            after_cr = true;
            continue;
        }
        state->seen_newlines |= c == '\n';
        mv_builder_char(&b, c);
    }
    if (after_cr && final) {
        state->seen_newlines |= 2;
        mv_builder_char(&b, keep ? '\r' : '\n');
        after_cr = false;
    }
    state->pending_cr = after_cr;
    return b.failed ? MV_EXC : mv_builder_end(&b);
}

/* ---- input ---- */

static bool reserve_input(MvVM *vm, MvFileState *state, int64_t capacity)
{
    if (capacity <= state->in_capacity)
        return true;
    int64_t more = capacity - state->in_capacity;
    uint8_t *in = mv_heap_account_external(vm, more) ? realloc(state->in, (size_t)capacity) : NULL;
    if (!in) {
        mv_heap_account_external(vm, -more);
        mv_memory_error(vm);
        return false;
    }
    state->in = in;
    state->in_capacity = capacity;
    return true;
}

static void shrink_input(MvVM *vm, MvFileState *state)
{
    if (state->in_capacity <= 8 * CHUNK || state->in_length > CHUNK)
        return;
    uint8_t *in = realloc(state->in, CHUNK);
    if (!in)
        return;
    mv_heap_account_external(vm, CHUNK - state->in_capacity);
    state->in = in;
    state->in_capacity = CHUNK;
}

/* Bytes from the buffer, else from the descriptor; 0 at the end, -1: raised. */
static int64_t read_bytes(MvVM *vm, MvFileState *state, uint8_t *to, int64_t count)
{
    int64_t buffered = state->buffer ? mv_buffer_take(state, to, count) : 0;
    if (buffered)
        return buffered;
    struct stat status;
    bool may_block = state->standard || fstat(state->fd, &status) || !S_ISREG(status.st_mode);
    for (;;) {
        if (may_block && !mv_wait_fd(vm, state->fd, POLLIN))
            return -1;
        ssize_t n = read(state->fd, to, (size_t)count);
        if (n >= 0)
            return n;
        if (errno != EINTR && errno != EAGAIN) {
            mv_raise_os_error(vm, errno, MV_UNASSIGNED);
            return -1;
        }
        if (mv_poll(vm))
            return -1;
    }
}

/* Puts text behind what is decoded and not yet read. */
static bool add_chars(MvVM *vm, MvFile *file, MvValue text)
{
    MvFileState *state = file->state;
    MvValue rest = vm->empty_str;
    if (mv_has_kind(file->chars, MV_KIND_STR)) {
        const MvStr *chars = MV_CAST(MvStr, file->chars);
        rest = state->chars_used ? mv_str_substring(vm, chars, state->chars_used, chars->length) : file->chars;
        if (rest == MV_EXC)
            return false;
    }
    int64_t before = MV_CAST(MvStr, rest)->length;
    MvValue joined = before ? mv_str_concat(vm, rest, text) : text;
    if (joined == MV_EXC)
        return false;
    state->chars_used = 0;
    state->chars_before = before;
    mv_store(vm, file, &file->chars, joined);
    return true;
}

/* What a regular file has after the present position, and a byte more, so that one read() sees the end; 0: not
 * known. */
static int64_t bytes_left(const MvFileState *state)
{
    struct stat status;
    off_t position = lseek(state->fd, 0, SEEK_CUR);
    if (position < 0 || fstat(state->fd, &status) || !S_ISREG(status.st_mode) || status.st_size <= position)
        return 0;
    return status.st_size - position + 1;
}

/* Everything that the buffer has read ahead; then the descriptor is where the program is. */
static bool take_buffered(MvVM *vm, MvFileState *state)
{
    for (;;) {
        if (!reserve_input(vm, state, state->in_length + CHUNK))
            return false;
        int64_t n = mv_buffer_take(state, state->in + state->in_length, CHUNK);
        if (!n)
            return mv_buffer_flush(vm, state);
        state->in_length += n;
    }
}

/* Reads and decodes one chunk, for `wanted` characters, or (all) everything. 1: there may be more, 0: the end, -1:
 * raised. */
static int fill(MvVM *vm, MvFile *file, bool all, int64_t wanted)
{
    MvFileState *state = file->state;
    if (state->fd == -1) {
        MvValue line = mv_host_line(vm);
        if (line == MV_EXC)
            return -1;
        return line == MV_UNASSIGNED ? 0 : add_chars(vm, file, line) ? 1 : -1;
    }
    if (state->fd < 0)
        return 0;
    const bool had_snapshot = state->snapshot;
    state->decoded = !all;
    state->snapshot = !all && (state->telling || state->snapshot);
    int64_t left = state->in_length - state->in_used;
    if (left)
        memmove(state->in, state->in + state->in_used, (size_t)left);
    state->in_length = left;
    state->in_used = 0;
    bool end = false;
    if (all && state->buffer && !take_buffered(vm, state))
        return -1;
    int64_t expected = all ? bytes_left(state) : 0;
    double hint = (state->ratio > 1.0 ? state->ratio : 1.0) * (double)wanted;
    if (hint > (double)(1 << 30))
        expected = bytes_left(state);
    else if (hint > CHUNK)
        expected = (int64_t)hint;
    do {
        int64_t room = CHUNK;
        if (all && state->in_length >= CHUNK)
            room = state->in_length; /* grows by doubling */
        if (expected > room)
            room = expected;
        expected = 0;
        if (!reserve_input(vm, state, state->in_length + room))
            return -1;
        int64_t n = read_bytes(vm, state, state->in + state->in_length, room);
        if (n < 0)
            return -1;
        state->in_length += n;
        end = n == 0;
        if (mv_poll(vm))
            return -1;
    } while (all && !end);
    if (end && !state->in_length && !state->pending_cr) {
        state->failed = false;
        return 0;
    }
    int64_t count = state->in_length - left;
    MvValue text = decode_input(vm, state, end);
    if (text == MV_EXC) { /* a decoder keeps what it had before, and loses what was new to it */
        state->in_used = 0;
        state->in_length = left;
        state->failed |= had_snapshot;
        return -1;
    }
    state->failed = false;
    text = translate_newlines(vm, state, text, end);
    if (text == MV_EXC || !add_chars(vm, file, text))
        return -1;
    if (!all)
        state->ratio = MV_CAST(MvStr, text)->length ? (double)count / (double)MV_CAST(MvStr, text)->length : 0;
    shrink_input(vm, state);
    return end ? 0 : 1;
}

void mv_file_forget_input(MvFile *file)
{
    MvFileState *state = file->state;
    file->chars = MV_NONE;
    state->chars_used = state->chars_before = 0;
    state->in_used = state->in_length = 0;
    state->pending_cr = state->decoded = state->snapshot = state->failed = false;
}

static int64_t available(const MvFile *file)
{
    return mv_has_kind(file->chars, MV_KIND_STR) ? MV_CAST(MvStr, file->chars)->length - file->state->chars_used : 0;
}

/* The next `count` decoded characters, taken. */
static MvValue take(MvVM *vm, MvFile *file, int64_t count)
{
    MvFileState *state = file->state;
    if (!count)
        return vm->empty_str;
    const MvStr *chars = MV_CAST(MvStr, file->chars);
    MvValue text = count == chars->length ? file->chars : mv_str_substring(vm, chars, state->chars_used,
        state->chars_used + count);
    if (text == MV_EXC)
        return MV_EXC;
    state->chars_used += count;
    if (state->chars_used == chars->length) {
        file->chars = MV_NONE;
        state->chars_used = state->chars_before = 0;
    }
    return text;
}

/* After an error, CPython has taken the text before it out already. */
static MvValue lose_text(MvFile *file)
{
    file->chars = MV_NONE;
    file->state->chars_used = file->state->chars_before = 0;
    return MV_EXC;
}

MvValue mv_file_read(MvVM *vm, MvFile *file, int64_t count)
{
    while (count < 0 || available(file) < count) {
        const bool decoded = file->state->decoded;
        int more = fill(vm, file, count < 0, count - available(file));
        if (more < 0) {
            file->state->decoded = decoded;
            return count < 0 ? MV_EXC : lose_text(file);
        }
        if (!more)
            break;
    }
    int64_t there = available(file);
    return take(vm, file, count < 0 || there < count ? there : count);
}

/* The index behind the line end in the decoded text from `from` on, or -1. *partial: where the search goes on with more
 * text. */
static int64_t find_line_end(MvVM *vm, const MvFileState *state, const MvStr *s, int64_t from, int64_t *partial)
{
    *partial = s->length;
    if (state->newline == MV_NEWLINE_UNIVERSAL || state->newline == MV_NEWLINE_LF) {
        if (mv_str_shift(s) == 0) {
            const char *start = (const char *)s->data + from, *found = memchr(start, '\n', (size_t)(s->length - from));
            return found ? from + (found - start) + 1 : -1;
        }
        int64_t at = mv_str_find(vm, s, MV_CAST(MvStr, vm->ascii_chars['\n']), from, s->length, false);
        return at < 0 ? -1 : at + 1;
    }
    for (int64_t i = from; i < s->length; i++) {
        uint32_t c = mv_str_char(s, i);
        if (c == '\n' && state->newline == MV_NEWLINE_KEEP)
            return i + 1;
        if (c != '\r')
            continue;
        bool last = i + 1 == s->length, crlf = !last && mv_str_char(s, i + 1) == '\n';
        if (state->newline == MV_NEWLINE_CR)
            return i + 1;
        if (state->newline == MV_NEWLINE_KEEP)
            return i + 1 + crlf; /* a \r at the end of a chunk was held back */
        if (crlf)
            return i + 2;
        if (last)
            *partial = i;
    }
    return -1;
}

MvValue mv_file_read_line(MvVM *vm, MvFile *file, int64_t limit)
{
    MvFileState *state = file->state;
    int64_t scanned = 0; /* characters after chars_used that hold no line end */
    for (;;) {
        if (available(file)) {
            int64_t partial, used = state->chars_used;
            const MvStr *s = MV_CAST(MvStr, file->chars);
            int64_t end = find_line_end(vm, state, s, used + scanned, &partial);
            int64_t length = end < 0 ? s->length - used : end - used;
            if (limit >= 0 && length >= limit)
                return take(vm, file, limit);
            if (end >= 0)
                return take(vm, file, length);
            scanned = partial - used;
        } else if (limit == 0) {
            return vm->empty_str;
        }
        int64_t before = available(file);
        int more = fill(vm, file, false, 0);
        if (more < 0) {
            state->decoded = false;
            return lose_text(file);
        }
        if (!more && available(file) == before) {
            state->decoded = state->snapshot = false;
            return take(vm, file, before);
        }
    }
}

/* ---- positions ---- */

static int64_t encoded_length(const MvFileState *state, const MvStr *s, int64_t from)
{
    if (state->encoding != MV_ENCODING_UTF8)
        return s->length - from;
    int64_t bytes = 0;
    for (int64_t i = from; i < s->length; i++) {
        uint32_t c = mv_str_char(s, i);
        bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }
    return bytes;
}

/* Bytes of the last input that make its first `count` characters, newlines and handlers respected. */
static int64_t bytes_of_chars(const MvFileState *state, int64_t count)
{
    int64_t at = 0;
    while (count > 0 && at < state->in_used) {
        Decoded d = step(state, state->in + at, state->in_length - at, true);
        int64_t chars = 1;
        if (d.reason && state->handler == MV_HANDLER_IGNORE)
            chars = 0;
        else if (d.reason && state->handler == MV_HANDLER_BACKSLASH)
            chars = 4 * d.length;
        else if (d.reason && state->handler == MV_HANDLER_ESCAPE)
            chars = d.length;
        else if (!d.reason && d.c == '\r' && state->newline == MV_NEWLINE_UNIVERSAL && at + 1 < state->in_used &&
                 state->in[at + 1] == '\n')
            d.length = 2;
        at += d.length;
        count -= chars;
    }
    return at;
}

/* CPython looks for the place by decoding from the start of the input again. At the file's start it resets the decoder for that, which forgets the
 * newlines that were seen, and those behind the place are not seen again. */
static void see_newlines_again(MvFileState *state, int64_t count)
{
    state->seen_newlines = state->seen_newlines & (2 | 4 | MV_SEEN_CR) ? MV_SEEN_CR : 0;
    for (int64_t i = 0; i < count; i++) {
        uint8_t c = state->in[i];
        if (c == '\r' && i + 1 < state->in_length && state->in[i + 1] == '\n') {
            state->seen_newlines |= 4;
            i++;
        } else
            state->seen_newlines |= c == '\r' ? 2 : c == '\n';
    }
}

int64_t mv_file_tell(MvVM *vm, MvFile *file)
{
    MvFileState *state = file->state;
    if (state->failed) {
        mv_raise_refused(vm, "the position of a file whose text cannot be decoded");
        return -1;
    }
    off_t position = lseek(state->fd, 0, SEEK_CUR);
    if (position < 0) {
        mv_raise_os_error(vm, errno, MV_UNASSIGNED);
        return -1;
    }
    if (!state->snapshot)
        return position;
    int64_t ahead = state->in_length - state->in_used + state->pending_cr, since = state->chars_used - state->chars_before;
    if (position == state->in_length && since > 0 && state->seen_newlines)
        see_newlines_again(state, bytes_of_chars(state, since));
    if (!available(file))
        return position - ahead;
    bool plain = !(state->seen_newlines & (2 | 4 | MV_SEEN_CR)) && state->handler == MV_HANDLER_STRICT;
    if (plain || state->chars_used < state->chars_before)
        return position - ahead - encoded_length(state, MV_CAST(MvStr, file->chars), state->chars_used);
    return position - state->in_length + bytes_of_chars(state, state->chars_used - state->chars_before);
}
