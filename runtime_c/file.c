/* file.c: FILE objects: their methods and attributes, the standard streams, and the list of what a VM has open.
 *
 * open() is in file_open.c, the text layer in file_text.c and file_write.c. A file that the program drops without closing it is closed
 * when a sweep finds its object dead: at the latest when the VM ends, and before many files are open. Because CPython
 * would have closed it at once, everything that waits to be written is flushed before a file is opened.
 * INV-file-1: a state is in the list of its VM from mv_file_allocate() until it is closed; a FILE with state NULL is
 * closed. */
#include "file.h"

#include "arena.h"
#include "errors.h"
#include "host.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- errors ---- */

/* The class io.UnsupportedOperation(OSError, ValueError), made when it is first needed and kept among the builtins
 * under no identifier. */
static MvValue unsupported_class(MvVM *vm)
{
    MvValue key = mv_intern_c(vm, " UnsupportedOperation");
    if (key == MV_EXC)
        return MV_EXC;
    MvValue cls = mv_module_get(vm, vm->builtins, key);
    if (cls != MV_UNASSIGNED)
        return cls;
    MvValue bases[2] = {mv_value(vm->classes[MV_EXC_OSError]), mv_value(vm->classes[MV_EXC_ValueError])};
    MvValue tuple = mv_tuple_from(vm, bases, 2), names = mv_dict_new(vm), module = mv_intern_c(vm, "io");
    MvValue name = mv_intern_c(vm, "UnsupportedOperation");
    if (tuple == MV_EXC || names == MV_EXC || module == MV_EXC || name == MV_EXC ||
        !mv_dict_set(vm, MV_CAST(MvDict, names), vm->names->n___module__, module))
        return MV_EXC;
    cls = mv_class_new(vm, mv_value(vm->classes[MV_CLASS_TYPE]), name, MV_CAST(MvTuple, tuple), MV_CAST(MvDict, names),
                       0);
    if (cls == MV_EXC || !mv_module_set(vm, vm->builtins, key, cls))
        return MV_EXC;
    return cls;
}

MvValue mv_file_unsupported(MvVM *vm, const char *message)
{
    MvValue cls = unsupported_class(vm), text = cls == MV_EXC ? MV_EXC : mv_str_from_c(vm, message);
    MvValue exception = text == MV_EXC ? MV_EXC : mv_exception_new(vm, MV_CAST(MvClass, cls), &text, 1);
    return exception == MV_EXC ? MV_EXC : mv_raise_object(vm, exception);
}

MvFileState *mv_file_state(MvVM *vm, MvValue file)
{
    MvFileState *state = MV_CAST(MvFile, file)->state;
    if (!state)
        mv_value_error(vm, "I/O operation on closed file.");
    return state;
}

static MvFileState *readable_state(MvVM *vm, MvValue file)
{
    MvFileState *state = mv_file_state(vm, file);
    if (!state || state->readable)
        return state;
    mv_file_unsupported(vm, "not readable");
    return NULL;
}

/* ---- the list of open files ---- */

MvFile *mv_file_allocate(MvVM *vm, MvFileState *state)
{
    MvWatch *watch = mv_watch(vm);
    MvFile *file = watch ? mv_new(vm, sizeof(MvFile), MV_CLASS_FILE, MV_KIND_FILE) : NULL;
    if (!file) {
        if (!watch)
            mv_memory_error(vm);
        return NULL;
    }
    file->name = file->mode = file->encoding = file->errors = file->chars = MV_NONE;
    file->state = state;
    state->owner = file;
    state->next = watch->files;
    if (watch->files)
        watch->files->previous = state;
    watch->files = state;
    watch->file_count++;
    return file;
}

void mv_file_trace(MvVM *vm, MvObject *object)
{
    const MvFile *file = (MvFile *)object;
    mv_mark_value(vm, file->name);
    mv_mark_value(vm, file->mode);
    mv_mark_value(vm, file->encoding);
    mv_mark_value(vm, file->errors);
    mv_mark_value(vm, file->chars);
}

bool mv_file_flush(MvVM *vm, MvFileState *state)
{
    if (state->output)
        return mv_flush(vm, state->output);
    if (state->buffer)
        return mv_buffer_flush(vm, state);
    if (!state->out_used)
        return true;
    int64_t used = state->out_used;
    state->out_used = 0;
    int64_t written = mv_fd_write(vm, state->fd, state->out, used);
    if (written == -1)
        mv_raise_os_error(vm, errno, MV_UNASSIGNED);
    return written >= 0;
}

bool mv_file_hand_on(MvVM *vm, MvFileState *state)
{
    return state->buffer ? mv_buffer_push(vm, state) : true;
}

static bool is_line_buffered(const MvFileState *state) { return state->output ? state->output->line_buffered : state->line_buffered; }

/* Takes the state out of the list and frees it; the object may be dead. Returns close()'s errno. */
static int discard(MvVM *vm, MvFileState *state)
{
    MvWatch *watch = vm->watch;
    if (state->previous)
        state->previous->next = state->next;
    else
        watch->files = state->next;
    if (state->next)
        state->next->previous = state->previous;
    watch->file_count--;
    int error = state->close_fd && state->fd >= 0 && close(state->fd) ? errno : 0;
    mv_heap_account_external(vm, -state->in_capacity);
    free(state->in);
    free(state->out);
    if (state->buffer)
        mv_buffer_free(vm, state);
    free(state);
    return error;
}

bool mv_files_flush(MvVM *vm)
{
    bool good = true;
    for (MvFileState *state = vm->watch ? vm->watch->files : NULL; state; state = state->next) {
        if (!state->standard && !mv_file_flush(vm, state)) {
            if (vm->ending == MV_END_NONE)
                mv_exception_take(vm);
            good = false;
        }
    }
    return good;
}

void mv_files_free(MvVM *vm)
{
    mv_files_flush(vm);
    while (vm->watch && vm->watch->files)
        discard(vm, vm->watch->files);
}

void mv_files_sweep(MvVM *vm)
{
    uint64_t before = vm->heap.young_count + vm->heap.full_count;
    mv_heap_collect(vm, true);
    if (vm->heap.young_count + vm->heap.full_count == before)
        return; /* collecting is not possible now */
    MvFileState *next;
    for (MvFileState *state = vm->watch->files; state; state = next) {
        next = state->next;
        if (state->standard || (mv_arena_find(&vm->heap, (uintptr_t)state->owner) && mv_is_marked(&state->owner->h)))
            continue;
        if (!mv_file_flush(vm, state) && vm->ending == MV_END_NONE)
            mv_exception_take(vm);
        discard(vm, state);
    }
}

/* ---- standard streams ---- */

MvValue mv_file_standard(MvVM *vm, int which)
{
    static const char *const keys[] = {" stdin", " stdout", " stderr"};
    static const char *const names[] = {"<stdin>", "<stdout>", "<stderr>"};
    MvValue key = mv_intern_c(vm, keys[which]);
    if (key == MV_EXC)
        return MV_EXC;
    MvValue known = mv_module_get(vm, vm->builtins, key);
    if (known != MV_UNASSIGNED)
        return known;
    MvFileState *state = calloc(1, sizeof *state);
    if (!state)
        return mv_memory_error(vm);
    state->standard = state->telling = true;
    state->output = which == 1 ? &vm->out : which == 2 ? &vm->err : NULL;
    state->fd = which ? state->output->fd : mv_host_stdin(vm);
    state->newline = which ? MV_NEWLINE_UNIVERSAL : MV_NEWLINE_LF; /* as CPython opens stdin: a \r stays */
    state->readable = which == 0;
    state->writable = which != 0;
    state->handler = which == 2 ? MV_HANDLER_BACKSLASH : MV_HANDLER_STRICT;
    MvFile *file = mv_file_allocate(vm, state);
    if (!file) {
        free(state);
        return MV_EXC;
    }
    MvValue texts[4] =
        {mv_str_from_c(vm, names[which]), mv_str_from_c(vm, which ? "w" : "r"), mv_str_from_c(vm, "utf-8"),
                        mv_str_from_c(vm, which == 2 ? "backslashreplace" : "strict")};
    for (int i = 0; i < 4; i++) {
        if (texts[i] == MV_EXC)
            return MV_EXC;
    }
    file->name = texts[0];
    file->mode = texts[1];
    file->encoding = texts[2];
    file->errors = texts[3];
    mv_barrier(vm, file);
    return mv_module_set(vm, vm->builtins, key, mv_value(file)) ? mv_value(file) : MV_EXC;
}

/* ---- reading ---- */

static MvValue method_read(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    int64_t count = -1;
    if (nargs > 1 && args[1] != MV_NONE) {
        if (!mv_is_int_like(args[1]) && mv_special(vm, mv_class_of(vm, args[1]), MV_SP_INDEX) == MV_UNASSIGNED)
            return mv_type_error(vm, "argument should be integer or None, not '%T'", args[1]);
        if (!mv_index_i64(vm, args[1], &count, false))
            return MV_EXC;
    }
    MvFileState *state = readable_state(vm, args[0]);
    if (!state || !mv_file_hand_on(vm, state))
        return MV_EXC;
    return mv_file_read(vm, MV_CAST(MvFile, args[0]), count);
}

static MvValue read_line(MvVM *vm, MvValue self, int64_t limit)
{
    MvFileState *state = readable_state(vm, self);
    if (!state || !mv_file_hand_on(vm, state))
        return MV_EXC;
    return mv_file_read_line(vm, MV_CAST(MvFile, self), limit);
}

static MvValue method_readline(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    int64_t limit = -1;
    if (nargs > 1 && !mv_index_i64(vm, args[1], &limit, false))
        return MV_EXC;
    return read_line(vm, args[0], limit < 0 ? -1 : limit);
}

static MvValue file_iter(MvVM *vm, MvValue self)
{
    return mv_file_state(vm, self) ? self : MV_EXC;
}

static MvValue file_next(MvVM *vm, MvValue self)
{
    MvFileState *state = mv_file_state(vm, self);
    if (!state)
        return MV_EXC;
    state->telling = false;
    MvValue line = read_line(vm, self, -1);
    if (line == MV_EXC || MV_CAST(MvStr, line)->length)
        return line;
    state->telling = true;
    state->snapshot = false;
    return MV_UNASSIGNED;
}

static MvValue method_readlines(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    int64_t hint = -1, total = 0;
    if (nargs > 1 && args[1] != MV_NONE && !mv_index_i64(vm, args[1], &hint, false))
        return MV_EXC;
    MvValue list = mv_list_new(vm, 0);
    if (list == MV_EXC || file_iter(vm, args[0]) == MV_EXC)
        return MV_EXC;
    for (;;) {
        MvValue line = file_next(vm, args[0]);
        if (line == MV_UNASSIGNED)
            return list;
        if (line == MV_EXC || !mv_list_append(vm, MV_CAST(MvList, list), line) || mv_poll(vm))
            return MV_EXC;
        int64_t length = MV_CAST(MvStr, line)->length;
        if (hint > 0 && length > hint - total)
            return list;
        total += length;
    }
}

/* ---- writing ---- */

static bool is_plain_output(const MvFileState *state)
{
    return state->output && state->encoding == MV_ENCODING_UTF8 && state->newline <= MV_NEWLINE_LF &&
           (state->handler == MV_HANDLER_STRICT || state->handler == MV_HANDLER_BACKSLASH);
}

static int64_t write_text(MvVM *vm, MvValue self, MvValue text)
{
    if (!mv_has_kind(text, MV_KIND_STR)) {
        mv_type_error(vm, "write() argument must be str, not %t", text);
        return -1;
    }
    MvFileState *state = mv_file_state(vm, self);
    if (!state)
        return -1;
    if (!state->writable) {
        mv_file_unsupported(vm, "not writable");
        return -1;
    }
    if (is_plain_output(state)) {
        MvOutputErrors errors = state->handler == MV_HANDLER_STRICT ? MV_ERRORS_STRICT : MV_ERRORS_BACKSLASH;
        return mv_write_str(vm, state->output, text, errors) ? MV_CAST(MvStr, text)->length : -1;
    }
    int64_t length = mv_file_write_text(vm, state, text);
    if (state->readable && length >= 0) { /* CPython resets its decoder then */
        mv_file_forget_input(MV_CAST(MvFile, self));
        state->seen_newlines = 0;
    }
    return length;
}

static MvValue method_write(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    int64_t count = write_text(vm, args[0], args[1]);
    return count < 0 ? MV_EXC : mv_from_fixnum(count);
}

static MvValue method_writelines(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvEach each;
    if (!mv_file_state(vm, args[0]) || !mv_each_begin(vm, &each, args[1]))
        return MV_EXC;
    for (;;) {
        MvValue line = mv_each_next(vm, &each);
        if (line == MV_UNASSIGNED)
            return MV_NONE;
        if (line == MV_EXC || write_text(vm, args[0], line) < 0 || mv_poll(vm))
            return MV_EXC;
    }
}

static MvValue method_flush(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvFileState *state = mv_file_state(vm, args[0]);
    if (!state || !mv_file_flush(vm, state))
        return MV_EXC;
    state->telling = true;
    return MV_NONE;
}

static MvValue method_close(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvFile *file = MV_CAST(MvFile, args[0]);
    MvFileState *state = file->state;
    if (!state)
        return MV_NONE;
    bool flushed = mv_file_flush(vm, state);
    file->was = (state->readable ? MV_FILE_WAS_READABLE : 0) | (state->writable ? MV_FILE_WAS_WRITABLE : 0) | (state->seen_newlines & 7) * MV_FILE_WAS_NEWLINES |
                (state->decoded ? MV_FILE_WAS_DECODED : 0) | (is_line_buffered(state) ? MV_FILE_WAS_LINE_BUFFERED : 0) |
                (state->write_through ? MV_FILE_WAS_THROUGH : 0);
    file->state = NULL;
    file->chars = MV_NONE;
    int error = discard(vm, state);
    if (!flushed)
        return MV_EXC;
    return error ? mv_raise_os_error(vm, error, MV_UNASSIGNED) : MV_NONE;
}

static MvValue method_enter(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return file_iter(vm, args[0]);
}

/* ---- positions ---- */

static bool check_seekable(MvVM *vm, MvFileState *state)
{
    if (state->fd < 0 || lseek(state->fd, 0, SEEK_CUR) < 0) {
        mv_file_unsupported(vm, "underlying stream is not seekable");
        return false;
    }
    return true;
}

static MvValue raise_not_telling(MvVM *vm)
{
    return mv_raise(vm, MV_EXC_OSError, "telling position disabled by next() call");
}

static MvValue method_tell(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvFileState *state = mv_file_state(vm, args[0]);
    if (!state)
        return MV_EXC;
    if (!check_seekable(vm, state))
        return MV_EXC;
    if (!state->telling)
        return raise_not_telling(vm);
    if (!mv_file_flush(vm, state))
        return MV_EXC;
    int64_t position = mv_file_tell(vm, MV_CAST(MvFile, args[0]));
    return position < 0 ? MV_EXC : mv_int_from_i64(vm, position);
}

static MvValue method_seek(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    int64_t offset, whence = 0;
    MvFile *file = MV_CAST(MvFile, args[0]);
    if (nargs > 2 && !mv_index_i64(vm, args[2], &whence, true))
        return MV_EXC;
    MvFileState *state = mv_file_state(vm, args[0]);
    if (!state || !check_seekable(vm, state))
        return MV_EXC;
    int zero = mv_equal(vm, args[1], mv_from_fixnum(0));
    if (zero < 0)
        return MV_EXC;
    if (whence == 1 && !zero)
        return mv_file_unsupported(vm, "can't do nonzero cur-relative seeks");
    if (whence == 2 && !zero)
        return mv_file_unsupported(vm, "can't do nonzero end-relative seeks");
    if (whence < 0 || whence > 2)
        return mv_value_error(vm, "invalid whence (%d, should be 0, 1 or 2)", whence);
    int negative = whence == 0 ? mv_compare_truth(vm, MV_COMPARE_LT, args[1], mv_from_fixnum(0)) : 0;
    if (negative < 0)
        return MV_EXC;
    if (negative)
        return mv_value_error(vm, "negative seek position %R", args[1]);
    if (whence == 1 && !state->telling)
        return raise_not_telling(vm);
    if (!mv_file_flush(vm, state))
        return MV_EXC;
    if (whence == 1) {
        offset = mv_file_tell(vm, file);
        if (offset < 0)
            return MV_EXC;
    } else {
        MvValue number = zero ? mv_from_fixnum(0) : mv_is_float_like(args[1]) ? mv_int_from_double(vm, mv_float_value(args[1])) : args[1];
        if (number == MV_EXC || !mv_index_i64(vm, number, &offset, false))
            return MV_EXC;
    }
    off_t position = lseek(state->fd, offset, whence == 2 ? SEEK_END : SEEK_SET);
    if (position < 0)
        return mv_raise_os_error(vm, errno, MV_UNASSIGNED);
    if (state->buffer)
        mv_buffer_moved(state);
    mv_file_forget_input(file);
    if (whence == 2 || position == 0) /* there CPython resets its decoder */
        state->seen_newlines = 0;
    state->telling = true;
    return whence == 0 ? args[1] : mv_int_from_i64(vm, position);
}

static MvValue method_truncate(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvFileState *state = mv_file_state(vm, args[0]);
    if (!state || !mv_file_flush(vm, state))
        return MV_EXC;
    state->telling = true;
    if (!state->writable)
        return mv_file_unsupported(vm, "truncate");
    if (!check_seekable(vm, state))
        return MV_EXC;
    if (nargs > 1 && args[1] != MV_NONE) {
        int64_t size;
        MvValue index = mv_index(vm, args[1]);
        if (index == MV_EXC)
            return MV_EXC;
        if (!mv_int_to_i64(index, &size))
            return mv_raise(vm, MV_EXC_OverflowError, "Python int too large to convert to C long");
        return ftruncate(state->fd, size) ? mv_raise_os_error(vm, errno, MV_UNASSIGNED) : args[1];
    }
    off_t end = lseek(state->fd, 0, SEEK_CUR); /* behind the chunk that was read last, not where the text is */
    if (end < 0 || ftruncate(state->fd, end))
        return mv_raise_os_error(vm, errno, MV_UNASSIGNED);
    return mv_int_from_i64(vm, end);
}

/* ---- what the file is ---- */

static MvFileState *raw_state(MvVM *vm, MvValue file)
{
    MvFileState *state = MV_CAST(MvFile, file)->state;
    if (!state)
        mv_value_error(vm, "I/O operation on closed file");
    return state;
}

static MvValue method_fileno(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvFileState *state = raw_state(vm, args[0]);
    if (!state)
        return MV_EXC;
    return state->fd < 0 ? mv_file_unsupported(vm, "fileno") : mv_from_fixnum(state->fd);
}

static MvValue method_isatty(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvFileState *state = raw_state(vm, args[0]);
    return state ? mv_bool(state->fd >= 0 && isatty(state->fd)) : MV_EXC;
}

/* As in CPython, a closed file still knows that it cannot be read, or written. */
static MvValue method_readable(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const MvFile *file = MV_CAST(MvFile, args[0]);
    if (!file->state && !(file->was & MV_FILE_WAS_READABLE))
        return MV_FALSE;
    MvFileState *state = raw_state(vm, args[0]);
    return state ? mv_bool(state->readable) : MV_EXC;
}

static MvValue method_writable(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const MvFile *file = MV_CAST(MvFile, args[0]);
    if (!file->state && !(file->was & MV_FILE_WAS_WRITABLE))
        return MV_FALSE;
    MvFileState *state = raw_state(vm, args[0]);
    return state ? mv_bool(state->writable) : MV_EXC;
}

static MvValue method_seekable(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvFileState *state = raw_state(vm, args[0]);
    return state ? mv_bool(state->fd >= 0 && lseek(state->fd, 0, SEEK_CUR) >= 0) : MV_EXC;
}

static MvValue get_name(MvVM *vm, MvValue self) { return MV_CAST(MvFile, self)->name; }
static MvValue get_mode(MvVM *vm, MvValue self) { return MV_CAST(MvFile, self)->mode; }
static MvValue get_encoding(MvVM *vm, MvValue self) { return MV_CAST(MvFile, self)->encoding; }
static MvValue get_errors(MvVM *vm, MvValue self) { return MV_CAST(MvFile, self)->errors; }
static MvValue get_closed(MvVM *vm, MvValue self) { return mv_bool(!MV_CAST(MvFile, self)->state); }
static MvValue get_write_through(MvVM *vm, MvValue self)
{
    const MvFile *file = MV_CAST(MvFile, self);
    return mv_bool(file->state ? file->state->write_through : (file->was & MV_FILE_WAS_THROUGH) != 0);
}
static MvValue get_buffer(MvVM *vm, MvValue self) { return mv_raise_refused(vm, "the binary buffer of a file"); }

static MvValue get_line_buffering(MvVM *vm, MvValue self)
{
    const MvFile *file = MV_CAST(MvFile, self);
    return mv_bool(file->state ? is_line_buffered(file->state) : (file->was & MV_FILE_WAS_LINE_BUFFERED) != 0);
}

static MvValue get_newlines(MvVM *vm, MvValue self)
{
    static const char *const texts[] = {"\r", "\n", "\r\n"};
    static const int bits[] = {2, 1, 4};
    const MvFile *file = MV_CAST(MvFile, self);
    int64_t seen = file->state ? file->state->seen_newlines & 7 : (file->was / MV_FILE_WAS_NEWLINES & 7);
    MvValue found[3];
    int count = 0;
    for (int i = 0; i < 3; i++) {
        if (!(seen & bits[i]))
            continue;
        found[count] = mv_str_from_c(vm, texts[i]);
        if (found[count++] == MV_EXC)
            return MV_EXC;
    }
    return count == 0 ? MV_NONE : count == 1 ? found[0] : mv_tuple_from(vm, found, count);
}

static bool set_readonly(MvVM *vm, MvValue self, MvValue value)
{
    mv_raise(vm, MV_EXC_AttributeError, "readonly attribute");
    return false;
}

static MvValue file_repr(MvVM *vm, MvValue self)
{
    const MvFile *file = MV_CAST(MvFile, self);
    return mv_format_message(vm, "<_io.TextIOWrapper name=%R mode=%R encoding=%R>", file->name, file->mode,
                             file->encoding);
}

static MvValue method_detach(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_raise_refused(vm, "the binary buffer of a file");
}

#define METHOD(name, min, max) {#name, method_##name, min, max, 0, NULL}
static const MvMethodDef methods[] = {
    METHOD(close, 0, 0),
    METHOD(detach, 0, 0),
    METHOD(fileno, 0, 0),
    METHOD(flush, 0, 0),
    METHOD(isatty, 0, 0),
    METHOD(read, 0, 1),
    METHOD(readable, 0, 0),
    METHOD(readline, 0, 1),
    METHOD(readlines, 0, 1),
    {"reconfigure", mv_file_reconfigure, 0, 0, 0, "*,encoding?,errors?,newline?,line_buffering?,write_through?"},
    METHOD(seek, 1, 2),
    METHOD(seekable, 0, 0),
    METHOD(tell, 0, 0),
    METHOD(truncate, 0, 1),
    METHOD(writable, 0, 0),
    METHOD(write, 1, 1),
    METHOD(writelines, 1, 1),
    {"__enter__", method_enter, 0, 0, 0, NULL},
    {"__exit__", method_close, 0, -1, 0, NULL},
    {0},
};

static const MvGetSetDef getsets[] = {
    {"buffer", get_buffer, set_readonly},
    {"closed", get_closed, NULL},
    {"encoding", get_encoding, set_readonly},
    {"errors", get_errors, NULL},
    {"line_buffering", get_line_buffering, set_readonly},
    {"mode", get_mode, NULL},
    {"name", get_name, NULL},
    {"newlines", get_newlines, NULL},
    {"write_through", get_write_through, set_readonly},
    {0},
};

const MvTypeDef mv_type_FILE = {
    .kind = MV_KIND_FILE,
    .size = sizeof(MvFile),
    .repr = file_repr,
    .iter = file_iter,
    .next = file_next,
    .methods = methods,
    .getsets = getsets,
};
