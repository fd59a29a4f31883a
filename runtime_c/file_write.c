/* file_write.c: writing text: encodings, error handlers, newlines. Used by the methods in file.c; reading is file_text.c.
 *
 * A text is written whole or not at all, as far as its characters can tell: the first that has no encoding raises before a byte
 * of the text is handed on. Bytes go to the VM's output, to the file's buffer (file_buffer.c), or are gathered in state->out. */
#include "file.h"

#include "errors.h"
#include "host.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { OUT_SIZE = 8192 };

static bool put_bytes(MvVM *vm, MvFileState *state, const char *bytes, int64_t count)
{
    if (state->output)
        return mv_write(vm, state->output, bytes, count);
    if (state->buffer)
        return mv_buffer_append(vm, state, bytes, count);
    if (!state->out && !(state->out = malloc(OUT_SIZE))) {
        mv_memory_error(vm);
        return false;
    }
    if (state->out_used + count > OUT_SIZE && !mv_file_flush(vm, state))
        return false;
    if (count > OUT_SIZE) {
        int64_t written = mv_fd_write(vm, state->fd, bytes, count);
        if (written == -1)
            mv_raise_os_error(vm, errno, MV_UNASSIGNED);
        return written >= 0;
    }
    memcpy(state->out + state->out_used, bytes, (size_t)count);
    state->out_used += count;
    return true;
}

static bool is_encodable(const MvFileState *state, uint32_t c)
{
    return state->encoding == MV_ENCODING_UTF8 ? c - 0xD800 >= 0x800 : c < (state->encoding == MV_ENCODING_ASCII
        ? 0x80u : 0x100u);
}

static int encode(const MvFileState *state, char *out, uint32_t c)
{
    if (c < 0x80 || state->encoding != MV_ENCODING_UTF8) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    int n = c < 0x10000 ? 3 : 4;
    if (n == 4)
        out[0] = (char)(0xF0 | c >> 18);
    out[n - 3] = (char)((n == 3 ? 0xE0 : 0x80) | (c >> 12 & (n == 3 ? 15 : 63)));
    out[n - 2] = (char)(0x80 | (c >> 6 & 63));
    out[n - 1] = (char)(0x80 | (c & 63));
    return n;
}

/* The bytes that stand for a character that has no encoding; -1: strict, or no replacement. */
static int replacement(const MvFileState *state, char *out, uint32_t c)
{
    switch (state->handler) {
    case MV_HANDLER_IGNORE: return 0;
    case MV_HANDLER_REPLACE: out[0] = '?'; return 1;
    case MV_HANDLER_BACKSLASH: return sprintf(out, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
    case MV_HANDLER_XML: return sprintf(out, "&#%u;", c);
    case MV_HANDLER_ESCAPE:
        if (c < 0xDC80 || c > 0xDCFF)
            return -1;
        out[0] = (char)(c - 0xDC00);
        return 1;
    case MV_HANDLER_PASS:
        return state->encoding == MV_ENCODING_UTF8 ? encode(state, out, c) : -1;
    default: return -1;
    }
}

/* Raises for the run of characters from `at` on that have no encoding. */
static void raise_unencodable(MvVM *vm, const MvFileState *state, MvValue str, int64_t at)
{
    static const char *const reasons[] =
        {"surrogates not allowed", "ordinal not in range(128)", "ordinal not in range(256)"};
    if (state->handler == MV_HANDLER_UNKNOWN) {
        mv_file_unknown_handler(vm, state);
        return;
    }
    const MvStr *s = MV_CAST(MvStr, str);
    int64_t end = at + 1;
    while (at > 0 && !is_encodable(state, mv_str_char(s, at - 1)))
        at--;
    while (end < s->length && !is_encodable(state, mv_str_char(s, end)))
        end++;
    mv_raise_encode_error(vm, mv_encoding_names[state->encoding], str, at, end, reasons[state->encoding]);
}

static int64_t write_text(MvVM *vm, MvFileState *state, MvValue str, bool *flush)
{
    const MvStr *s = MV_CAST(MvStr, str);
    char text[1024 + 16];
    bool newline = false, translate = state->newline >= MV_NEWLINE_CR;
    if (MV_LIKELY(s->h.aux & MV_STR_ASCII && !translate && !state->line_buffered))
        return put_bytes(vm, state, s->data, s->length) ? s->length : -1;
    for (int64_t i = 0; i < s->length; i++) { /* all or nothing */
        uint32_t c = mv_str_char(s, i);
        newline |= c == '\n' || c == '\r';
        if (!is_encodable(state, c) && replacement(state, text, c) < 0) {
            raise_unencodable(vm, state, str, i);
            return -1;
        }
    }
    if (s->h.aux & MV_STR_ASCII && !translate) {
        if (!put_bytes(vm, state, s->data, s->length))
            return -1;
    } else {
        for (int64_t i = 0; i < s->length;) {
            int64_t n = 0;
            for (; i < s->length && n < 1024; i++) {
                uint32_t c = mv_str_char(s, i);
                if (c == '\n' && translate) {
                    text[n++] = '\r';
                    if (state->newline == MV_NEWLINE_CRLF)
                        text[n++] = '\n';
                } else if (is_encodable(state, c)) {
                    n += encode(state, text + n, c);
                } else {
                    n += replacement(state, text + n, c);
                }
            }
            if (!put_bytes(vm, state, text, n) || mv_poll(vm))
                return -1;
        }
    }
    *flush = newline && state->line_buffered;
    return s->length;
}

int64_t mv_file_write_text(MvVM *vm, MvFileState *state, MvValue str)
{
    bool flush = false;
    int64_t before = state->out_used, length = write_text(vm, state, str, &flush);
    if (length < 0 || (state->buffer && !mv_buffer_settle(vm, state, before)) || (flush && !mv_file_flush(vm, state)))
        return -1;
    return length;
}
