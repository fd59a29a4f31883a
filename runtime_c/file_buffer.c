/* file_buffer.c: what lies between the text layer and the descriptor of a file that is both read and written ('+' modes).
 *
 * Such a file shows through its text what CPython's BufferedRandom does: a read after a write does not flush, and begins
 * where the descriptor is. So this is BufferedRandom, step by step, as far as a TextIOWrapper calls it: write(), read1(),
 * read() to the end, flush(), and seek() and truncate() after a flush. Files that are only read or only written need none
 * of it: nothing ever waits in their buffer that the text layer could meet.
 * The text layer collects what it writes in MvFileState.out; mv_buffer_push() hands it on in one piece. */
#include "file.h"

#include "errors.h"
#include "host.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PENDING = 8192 }; /* TextIOWrapper hands on what it has collected from this size on */

struct MvFileBuffer {
    int64_t size;
    int64_t pos;       /* where the program is in bytes[] */
    int64_t raw_pos;   /* where the descriptor is in bytes[]; -1: not known */
    int64_t read_end;  /* bytes[0, read_end) were read; -1: nothing */
    int64_t write_pos, write_end; /* bytes[write_pos, write_end) are to be written; write_end -1: nothing */
    uint8_t bytes[];
};

bool mv_buffer_make(MvVM *vm, MvFileState *state, int64_t size)
{
    struct stat status;
    if (size <= 1)
        size = fstat(state->fd, &status) == 0 && status.st_blksize > 1 ? status.st_blksize : 8192;
    struct MvFileBuffer *b = mv_heap_account_external(vm, size) ? malloc(sizeof *b + (size_t)size) : NULL;
    if (!b) {
        mv_heap_account_external(vm, -size);
        mv_memory_error(vm);
        return false;
    }
    *b = (struct MvFileBuffer){.size = size, .read_end = -1, .write_end = -1};
    state->buffer = b;
    return true;
}

void mv_buffer_free(MvVM *vm, MvFileState *state)
{
    mv_heap_account_external(vm, -(state->buffer->size + state->out_capacity));
    free(state->buffer);
    state->buffer = NULL;
}

/* How far the descriptor is ahead of the program. */
static int64_t raw_offset(const struct MvFileBuffer *b)
{
    return (b->read_end >= 0 || b->write_end >= 0) && b->raw_pos >= 0 ? b->raw_pos - b->pos : 0;
}

static int64_t read_ahead(const struct MvFileBuffer *b)
{
    return b->read_end >= 0 ? b->read_end - b->pos : 0;
}

static bool raise_error(MvVM *vm)
{
    mv_raise_os_error(vm, errno, MV_UNASSIGNED);
    return false;
}

static bool move_raw(MvVM *vm, MvFileState *state, int64_t by)
{
    return lseek(state->fd, by, SEEK_CUR) >= 0 || raise_error(vm);
}

static bool write_raw(MvVM *vm, MvFileState *state, const uint8_t *bytes, int64_t count)
{
    int64_t written = mv_fd_write(vm, state->fd, (const char *)bytes, count);
    return written >= 0 || (written == -1 && raise_error(vm));
}

static bool write_out(MvVM *vm, MvFileState *state)
{
    struct MvFileBuffer *b = state->buffer;
    int64_t from = b->write_pos, to = b->write_end, rewind = raw_offset(b) + b->pos - from;
    b->write_pos = 0;
    b->write_end = -1;
    if (to < 0 || from == to)
        return true;
    if (rewind && !move_raw(vm, state, -rewind))
        return false;
    b->raw_pos = to;
    return write_raw(vm, state, b->bytes + from, to - from);
}

static void go_to(struct MvFileBuffer *b, int64_t pos)
{
    b->pos = pos;
    if (b->read_end >= 0 && b->read_end < pos)
        b->read_end = pos;
}

static bool write_bytes(MvVM *vm, MvFileState *state, const uint8_t *bytes, int64_t count)
{
    struct MvFileBuffer *b = state->buffer;
    if (b->read_end < 0 && b->write_end < 0)
        b->pos = b->raw_pos = 0;
    if (count <= b->size - b->pos) {
        memcpy(b->bytes + b->pos, bytes, (size_t)count);
        if (b->write_end < 0 || b->write_pos > b->pos)
            b->write_pos = b->pos;
        go_to(b, b->pos + count);
        if (b->write_end < b->pos)
            b->write_end = b->pos;
        return true;
    }
    if (!write_out(vm, state))
        return false;
    int64_t offset = raw_offset(b), direct = count > b->size ? count : 0;
    if (offset && !move_raw(vm, state, -offset))
        return false;
    if (direct && !write_raw(vm, state, bytes, count))
        return false;
    b->read_end = -1;
    memcpy(b->bytes, bytes, (size_t)(count - direct));
    b->write_pos = b->raw_pos = 0;
    b->write_end = b->pos = count - direct;
    return true;
}

bool mv_buffer_append(MvVM *vm, MvFileState *state, const char *bytes, int64_t count)
{
    if (!count) /* of an empty text, before there is a buffer: memcpy takes no NULL */
        return true;
    if (state->out_used + count > state->out_capacity) {
        int64_t capacity = state->out_used + count < PENDING ? PENDING : (state->out_used + count) * 2;
        char *out = mv_heap_account_external(vm, capacity - state->out_capacity) ? realloc(state->out, (size_t)capacity) : NULL;
        if (!out) {
            mv_heap_account_external(vm, state->out_capacity - capacity);
            mv_memory_error(vm);
            return false;
        }
        state->out = out;
        state->out_capacity = capacity;
    }
    memcpy(state->out + state->out_used, bytes, (size_t)count);
    state->out_used += count;
    return true;
}

bool mv_buffer_push(MvVM *vm, MvFileState *state)
{
    int64_t used = state->out_used;
    state->out_used = 0;
    bool good = !used || write_bytes(vm, state, (const uint8_t *)state->out, used);
    if (state->out_capacity > 8 * PENDING) {
        free(state->out);
        mv_heap_account_external(vm, -state->out_capacity);
        state->out = NULL;
        state->out_capacity = 0;
    }
    return good;
}

bool mv_buffer_settle(MvVM *vm, MvFileState *state, int64_t before)
{
    if (before && state->out_used > PENDING) { /* CPython puts no more than that together */
        if (!write_bytes(vm, state, (const uint8_t *)state->out, before))
            return false;
        state->out_used -= before;
        memmove(state->out, state->out + before, (size_t)state->out_used);
    }
    return state->out_used < PENDING || mv_buffer_push(vm, state);
}

bool mv_buffer_flush(MvVM *vm, MvFileState *state)
{
    struct MvFileBuffer *b = state->buffer;
    if (!mv_buffer_push(vm, state) || !write_out(vm, state))
        return false;
    int64_t offset = raw_offset(b);
    b->read_end = -1;
    return !offset || move_raw(vm, state, -offset);
}

int64_t mv_buffer_take(MvFileState *state, uint8_t *to, int64_t count)
{
    struct MvFileBuffer *b = state->buffer;
    int64_t have = read_ahead(b);
    if (have <= 0) {
        b->read_end = -1; /* the descriptor is read next, past the buffer */
        return 0;
    }
    count = have < count ? have : count;
    memcpy(to, b->bytes + b->pos, (size_t)count);
    b->pos += count;
    return count;
}

void mv_buffer_moved(MvFileState *state)
{
    state->buffer->raw_pos = state->buffer->read_end = -1;
}
