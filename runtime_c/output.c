/* output.c: stdout and stderr of a VM, buffered; used by print, by the FILE objects of sys and by api.c's last flush.
 *
 * A stream goes to a descriptor, to the host (fd -1) or nowhere (fd -2). stderr, and stdout on a terminal, is flushed
 * after each write that holds a newline, as in CPython. All bytes count against vm->output_limit, beyond which the run
 * ends. A reader that went away makes the stream `broken` and raises BrokenPipeError at each flush that has something
 * to write. No character is split between two deliveries. */
#include "output.h"

#include "errors.h"
#include "host.h"
#include "watch.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUFFER_SIZE = 16 << 10,
    PIPE_ATOMIC = 4096,         /* a pipe that is ready takes this much without blocking */
    ENDING_PATIENCE_MS = 50,    /* how long an ended run waits for a reader */
    ENCODE_CHARS = 1024,
};

void mv_output_init(MvOutput *output, int fd, int which)
{
    *output = (MvOutput){.fd = fd, .which = which, .line_buffered = which == 2 || (fd >= 0 && isatty(fd))};
}

void mv_output_free(MvOutput *output)
{
    free(output->buffer);
    output->buffer = NULL;
    output->used = output->capacity = 0;
}

/* ---- to the descriptor ---- */

static bool wait_writable(MvVM *vm, int fd)
{
    if (vm->ending == MV_END_NONE)
        return mv_wait_fd(vm, fd, POLLOUT);
    struct pollfd entry = {.fd = fd, .events = POLLOUT};
    return poll(&entry, 1, ENDING_PATIENCE_MS) > 0;
}

int64_t mv_fd_write(MvVM *vm, int fd, const char *bytes, int64_t count)
{
    struct stat status;
    bool may_block = fstat(fd, &status) || !S_ISREG(status.st_mode);
    int64_t done = 0;
    while (done < count) {
        int64_t part = count - done;
        if (may_block) {
            if (!wait_writable(vm, fd))
                return -2;
            if (part > PIPE_ATOMIC)
                part = PIPE_ATOMIC;
        } else if (part > 1 << 20) {
            part = 1 << 20;
        }
        ssize_t written = write(fd, bytes + done, (size_t)part);
        if (written < 0 && errno != EINTR && errno != EAGAIN)
            return -1;
        if (written > 0)
            done += written;
        if (done < count && vm->ending == MV_END_NONE && mv_poll(vm))
            return -2;
    }
    return done;
}

static bool deliver(MvVM *vm, MvOutput *output, const char *bytes, int64_t count)
{
    int error = 0;
    MvEnd before = vm->ending;
    if (output->fd >= 0) {
        int64_t written = mv_fd_write(vm, output->fd, bytes, count);
        if (written == -2)
            return false;
        error = written < 0 ? errno : 0;
    } else if (output->fd == -1) {
        error = mv_host_deliver(vm, output->which, bytes, count);
    }
    if (!error)
        return vm->ending == before;
    output->broken |= error == EPIPE;
    mv_raise_os_error(vm, error, MV_UNASSIGNED);
    return false;
}

bool mv_flush(MvVM *vm, MvOutput *output)
{
    size_t used = output->used;
    if (!used)
        return true;
    output->used = 0; /* what cannot be written is dropped: a second attempt would fail as well */
    return deliver(vm, output, output->buffer, (int64_t)used);
}

/* ---- bytes ---- */

static bool write_all(MvVM *vm, MvOutput *output, const char *bytes, int64_t count)
{
    if (!output->buffer) {
        output->buffer = malloc(BUFFER_SIZE);
        output->capacity = output->buffer ? BUFFER_SIZE : 0;
    }
    if (output->used + (size_t)count > output->capacity && !mv_flush(vm, output))
        return false;
    if ((size_t)count > output->capacity)
        return deliver(vm, output, bytes, count);
    memcpy(output->buffer + output->used, bytes, (size_t)count);
    output->used += (size_t)count;
    return !output->line_buffered || !memchr(bytes, '\n', (size_t)count) || mv_flush(vm, output);
}

bool mv_write(MvVM *vm, MvOutput *output, const char *bytes, int64_t count)
{
    if (count <= 0)
        return true;
    uint64_t total = vm->output_bytes + (uint64_t)count;
    if (MV_UNLIKELY(vm->output_limit && total > vm->output_limit)) {
        int64_t fits = vm->output_limit > vm->output_bytes ? (int64_t)(vm->output_limit - vm->output_bytes) : 0;
        while (fits > 0 && ((uint8_t)bytes[fits] & 0xC0) == 0x80)
            fits--;
        vm->output_bytes = vm->output_limit;
        if (fits > 0 && !write_all(vm, output, bytes, fits))
            return false;
        mv_end(vm, MV_END_OUTPUT);
        return false;
    }
    vm->output_bytes = total;
    size_t used = output->used + (size_t)count;
    if (MV_LIKELY(used <= output->capacity && !output->line_buffered)) {
        memcpy(output->buffer + output->used, bytes, (size_t)count);
        output->used = used;
        return true;
    }
    return write_all(vm, output, bytes, count);
}

/* ---- text ---- */

static bool is_surrogate(uint32_t c)
{
    return c - 0xD800 < 0x800;
}

int64_t mv_find_surrogates(const MvStr *s, int64_t start, int64_t *end)
{
    if (mv_str_shift(s) == 0)
        return -1;
    for (int64_t i = start; i < s->length; i++) {
        if (!is_surrogate(mv_str_char(s, i)))
            continue;
        int64_t last = i + 1;
        while (last < s->length && is_surrogate(mv_str_char(s, last)))
            last++;
        *end = last;
        return i;
    }
    return -1;
}

static size_t encode_char(char *out, uint32_t c, bool backslash)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (backslash && is_surrogate(c)) {
        const char *hex = "0123456789abcdef";
        char text[6] = {'\\', 'u', 'd', hex[c >> 8 & 15], hex[c >> 4 & 15], hex[c & 15]};
        memcpy(out, text, 6);
        return 6;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 63));
        out[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63));
    out[3] = (char)(0x80 | (c & 63));
    return 4;
}

bool mv_write_str(MvVM *vm, MvOutput *output, MvValue str, MvOutputErrors errors)
{
    const MvStr *s = MV_CAST(MvStr, str);
    if (MV_LIKELY(s->h.aux & MV_STR_ASCII))
        return mv_write(vm, output, s->data, s->length);
    int64_t end, start = errors == MV_ERRORS_STRICT ? mv_find_surrogates(s, 0, &end) : -1;
    if (start >= 0) {
        mv_raise_encode_error(vm, "utf-8", str, start, end, "surrogates not allowed");
        return false;
    }
    char text[ENCODE_CHARS * 6];
    for (int64_t at = 0; at < s->length;) {
        size_t n = 0;
        int64_t stop = at + ENCODE_CHARS < s->length ? at + ENCODE_CHARS : s->length;
        for (; at < stop; at++)
            n += encode_char(text + n, mv_str_char(s, at), errors == MV_ERRORS_BACKSLASH);
        if (!mv_write(vm, output, text, (int64_t)n) || mv_poll(vm))
            return false;
    }
    return true;
}
