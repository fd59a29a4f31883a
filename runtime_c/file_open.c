/* file_open.c: open(), and changing the text layer of an open file.
 *
 * Arguments are checked in CPython's order, because part of the checks happens after the file was created: an unknown
 * encoding leaves an empty file behind. Binary files are not in Mini. */
#include "builtin.h"
#include "errors.h"
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SWEEP_AT = 64 }; /* open files */

typedef struct Mode {
    bool create, read, write, append, update;
} Mode;

/* ---- arguments ---- */

/* One of `type`; UNASSIGNED stays. */
static bool check_text(MvVM *vm, MvValue v, const char *name, bool or_none)
{
    if (v == MV_UNASSIGNED || (or_none && v == MV_NONE))
        return true;
    if (mv_has_kind(v, MV_KIND_STR)) {
        MvRaw *raw = mv_str_to_utf8(vm, v, 0);
        if (raw && memchr(raw->data, 0, (size_t)raw->used))
            mv_value_error(vm, "embedded null character");
        else if (raw)
            return true;
        return false;
    }
    mv_type_error(vm, or_none ? "open() argument '%s' must be str or None, not %t"
                  : "open() argument '%s' must be str, not %t", name, v);
    return false;
}

static bool to_int(MvVM *vm, MvValue v, int otherwise, int *out)
{
    *out = otherwise;
    if (v == MV_UNASSIGNED)
        return true;
    int64_t i;
    MvValue index = mv_index(vm, v);
    if (index == MV_EXC)
        return false;
    if (!mv_int_to_i64(index, &i) || i > INT_MAX || i < INT_MIN) {
        mv_raise(vm, MV_EXC_OverflowError, "Python int too large to convert to C int");
        return false;
    }
    *out = (int)i;
    return true;
}

static bool parse_mode(MvVM *vm, MvValue text, Mode *mode)
{
    *mode = (Mode){0};
    bool has_text = false, has_binary = false;
    const MvStr *s = MV_CAST(MvStr, text);
    for (int64_t i = 0; i < s->length; i++) {
        uint32_t c = mv_str_char(s, i);
        bool *flag = c == 'x' ? &mode->create : c == 'r' ? &mode->read : c == 'w' ? &mode->write : c == 'a'
            ? &mode->append
                     : c == '+' ? &mode->update : c == 't' ? &has_text : c == 'b' ? &has_binary : NULL;
        if (!flag || *flag) {
            mv_value_error(vm, "invalid mode: '%S'", text);
            return false;
        }
        *flag = true;
    }
    if (has_text && has_binary)
        mv_value_error(vm, "can't have text and binary mode at once");
    else if (mode->create + mode->read + mode->write + mode->append > 1)
        mv_value_error(vm, "must have exactly one of create/read/write/append mode");
    else if (has_binary)
        mv_raise_refused(vm, "a binary file (open() with mode '%S')", text);
    else
        return true;
    return false;
}

/* What PyNumber_Check() takes for a number. */
static bool is_number(MvVM *vm, MvValue v)
{
    if (mv_is_int_like(v) || mv_is_float_like(v))
        return true;
    MvClass *cls = mv_class_of(vm, v);
    return mv_special(vm, cls, MV_SP_INDEX) != MV_UNASSIGNED || mv_special(vm, cls, MV_SP_INT) != MV_UNASSIGNED ||
           mv_special(vm, cls, MV_SP_FLOAT) != MV_UNASSIGNED;
}

/* The path of a str or of what __fspath__ returns. */
static MvValue file_system_path(MvVM *vm, MvValue file)
{
    if (mv_has_kind(file, MV_KIND_STR))
        return file;
    MvClass *cls = mv_class_of(vm, file);
    MvValue method = mv_special(vm, cls, MV_SP_FSPATH);
    if (method == MV_UNASSIGNED)
        return mv_type_error(vm, "expected str, bytes or os.PathLike object, not %N", cls);
    MvValue path = mv_call_special(vm, method, file, NULL, 0);
    if (path != MV_EXC && !mv_has_kind(path, MV_KIND_STR))
        return mv_type_error(vm, "expected %N.__fspath__() to return str or bytes, not %T", cls, path);
    return path;
}

/* What is to be opened: a descriptor, or (-1) a path, which *raw has in UTF-8. A number that cannot be a descriptor is
 * taken for a path, and so refused as one. False: raised. */
static bool find_target(MvVM *vm, MvValue *file, int *fd, MvRaw **raw)
{
    *fd = -1;
    if (is_number(vm, *file)) {
        int64_t number;
        MvValue index = mv_index(vm, *file);
        if (index == MV_EXC) {
            if (vm->ending != MV_END_NONE)
                return false;
            mv_exception_take(vm);
        } else if (mv_int_to_i64(index, &number) && number <= INT_MAX && number >= INT_MIN) {
            *fd = (int)number;
            if (number < 0)
                mv_value_error(vm, "negative file descriptor");
            return number >= 0;
        }
    }
    *file = file_system_path(vm, *file);
    if (*file == MV_EXC || !(*raw = mv_str_to_utf8(vm, *file, 0)))
        return false;
    if (memchr((*raw)->data, 0, (size_t)(*raw)->used)) {
        mv_value_error(vm, "embedded null byte");
        return false;
    }
    return true;
}

/* ---- encodings, handlers, newlines ---- */

static bool name_in(const char *name, const char *const *names)
{
    for (int i = 0; names[i]; i++) {
        if (!strcmp(name, names[i]))
            return true;
    }
    return false;
}

static bool starts_with(const char *name, const char *const *prefixes)
{
    for (int i = 0; prefixes[i]; i++) {
        if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
            return true;
    }
    return false;
}

static bool find_encoding(MvVM *vm, MvValue name, uint8_t *out)
{
    static const char *const utf8[] = {
        "utf-8", "utf8", "u8", "utf", "utf8-ucs2", "utf8-ucs4", "cp65001", "locale", NULL};
    static const char *const ascii[] = {
        "ascii", "us-ascii", "646", "us", "iso646-us", "ansi-x3.4-1968", "cp367", "csascii", NULL};
    static const char *const latin1[] = {
        "latin-1", "latin1", "latin", "l1", "iso-8859-1", "iso8859-1", "iso8859", "8859", "cp819", NULL};
    static const char *const others[] = {
        "utf-", "utf_", "utf16", "utf32", "utf7", "u16", "u32", "u7", "cp", "iso", "windows-", "koi8",
        "mac", "big5", "gb", "euc", "shift", "sjis", "latin", "hz", "johab", "ptcp", "tis", "hp-", "raw-",
        "unicode-", "idna", "punycode", "mbcs", "oem", NULL};
    const MvStr *s = MV_CAST(MvStr, name);
    char text[40];
    int64_t n = 0;
    for (; n < s->length && n < (int64_t)sizeof text - 1; n++) {
        uint32_t c = mv_str_char(s, n);
        text[n] = (char)(c - 'A' < 26 ? c + 32 : c == '_' || c == ' ' ? '-' : c < 0x80 ? c : '?');
    }
    text[n] = 0;
    if (n == s->length && name_in(text, utf8))
        *out = MV_ENCODING_UTF8;
    else if (n == s->length && name_in(text, ascii))
        *out = MV_ENCODING_ASCII;
    else if (n == s->length && name_in(text, latin1))
        *out = MV_ENCODING_LATIN1;
    else if (starts_with(text, others)) {
        mv_raise_refused(vm, "the encoding %R", name);
        return false;
    } else {
        mv_raise(vm, MV_EXC_LookupError, "unknown encoding: %S", name);
        return false;
    }
    return true;
}

static bool find_newline(MvVM *vm, MvValue text, uint8_t *out)
{
    static const char *const texts[] = {"", "\n", "\r", "\r\n"}; /* ORDER MvNewline, from MV_NEWLINE_KEEP on */
    *out = MV_NEWLINE_UNIVERSAL;
    if (text == MV_UNASSIGNED || text == MV_NONE)
        return true;
    for (int i = 0; i < 4; i++) {
        if (mv_str_is_c(text, texts[i])) {
            *out = (uint8_t)(MV_NEWLINE_KEEP + i);
            return true;
        }
    }
    mv_value_error(vm, "illegal newline value: %S", text);
    return false;
}

/* ---- opening ---- */

static int open_path(MvVM *vm, MvValue path, const MvRaw *raw, const Mode *mode)
{
    int flags = mode->update ? O_RDWR : mode->read ? O_RDONLY : O_WRONLY;
    flags |= mode->create ? O_CREAT | O_EXCL : mode->write ? O_CREAT | O_TRUNC : mode->append ? O_CREAT | O_APPEND : 0;
    bool swept = false;
    for (;;) {
        int fd = open((const char *)raw->data, flags | O_CLOEXEC, 0666);
        struct stat status;
        if (fd >= 0 && (fstat(fd, &status) || !S_ISDIR(status.st_mode)))
            return fd;
        int error = fd >= 0 ? EISDIR : errno;
        if (fd >= 0)
            close(fd);
        if ((error == EMFILE || error == ENFILE) && !swept) {
            swept = true;
            mv_files_sweep(vm);
        } else if (error != EINTR) {
            mv_raise_os_error(vm, error, path);
            return -1;
        } else if (mv_poll(vm)) {
            return -1;
        }
    }
}

static int check_descriptor(MvVM *vm, int fd)
{
    struct stat status;
    if (fstat(fd, &status))
        mv_raise_os_error(vm, errno, MV_UNASSIGNED);
    else if (S_ISDIR(status.st_mode))
        mv_raise_os_error(vm, EISDIR, mv_from_fixnum(fd));
    else
        return fd;
    return -1;
}

/* The file object for an open descriptor; the descriptor is closed after a failure. */
static MvValue wrap(MvVM *vm, int fd, const Mode *mode, MvValue name, MvValue mode_text, int buffering, bool close_fd,
                    MvValue *options)
{
    MvFileState *state = calloc(1, sizeof *state);
    MvValue failure = MV_NONE;
    if (!state)
        failure = mv_memory_error(vm);
    else if (buffering == 0)
        failure = mv_value_error(vm, "can't have unbuffered text I/O");
    else if (!find_newline(vm, options[2], &state->newline))
        failure = MV_EXC;
    else if (options[0] != MV_UNASSIGNED && options[0] != MV_NONE && !find_encoding(vm, options[0], &state->encoding))
        failure = MV_EXC;
    MvFile *file = failure == MV_EXC ? NULL : mv_file_allocate(vm, state);
    if (!file) {
        free(state);
        if (close_fd)
            close(fd);
        return MV_EXC;
    }
    state->fd = fd;
    state->close_fd = close_fd;
    state->readable = mode->read || mode->update;
    state->writable = !mode->read || mode->update;
    state->telling = true;
    state->line_buffered = buffering == 1 || (buffering < 0 && isatty(fd));
    if (options[1] != MV_UNASSIGNED && options[1] != MV_NONE)
        state->handler = (uint8_t)mv_handler_named(MV_CAST(MvStr, options[1]));
    if (mode->append)
        lseek(fd, 0, SEEK_END);
    if (state->readable && state->writable && !mv_buffer_make(vm, state, buffering))
        return MV_EXC;
    file->name = name;
    file->mode = mode_text;
    bool named = options[0] != MV_UNASSIGNED && options[0] != MV_NONE && !mv_str_is_c(options[0], "locale");
    MvValue encoding = named ? options[0] : mv_str_from_c(vm, "UTF-8");
    MvValue errors = options[1] != MV_UNASSIGNED && options[1] != MV_NONE ? options[1] : mv_str_from_c(vm, "strict");
    if (encoding == MV_EXC || errors == MV_EXC)
        return MV_EXC;
    file->encoding = encoding;
    file->errors = errors;
    mv_barrier(vm, file);
    return mv_value(file);
}

MV_BUILTIN(open)
{
    MvValue file = args[0], mode_text = args[1], encoding = args[3], errors = args[4], newline = args[5];
    MvValue opener = args[7];
    int buffering, close_fd;
    if (!check_text(vm, mode_text, "mode", false) || !to_int(vm, args[2], -1, &buffering) ||
        !check_text(vm, encoding, "encoding", true) ||
        !check_text(vm, errors, "errors", true) || !check_text(vm, newline, "newline", true) ||
            !to_int(vm, args[6], 1, &close_fd))
        return MV_EXC;
    if (mode_text == MV_UNASSIGNED)
        mode_text = mv_str_from_c(vm, "r");
    if (!vm->files_allowed)
        return mv_raise(vm, MV_EXC_PermissionError, "files are not allowed");
    if (opener != MV_UNASSIGNED && opener != MV_NONE)
        return mv_raise_refused(vm, "the opener argument of open()");
    Mode mode;
    bool number = is_number(vm, file);
    if (!number)
        file = file_system_path(vm, file);
    if (file == MV_EXC || mode_text == MV_EXC || !parse_mode(vm, mode_text, &mode))
        return MV_EXC;
    MvValue name = file;
    MvRaw *raw = NULL;
    int fd;
    if (!find_target(vm, &name, &fd, &raw))
        return MV_EXC;
    if (!mode.create && !mode.read && !mode.write && !mode.append)
        return mv_value_error(vm, "Must have exactly one of create/read/write/append mode and at most one plus");
    bool by_number = fd >= 0;
    if (!by_number && !close_fd)
        return mv_value_error(vm, "Cannot use closefd=False with file name");
    MvWatch *watch = mv_watch(vm);
    if (!watch)
        return mv_memory_error(vm);
    mv_files_flush(vm);
    if (watch->file_count >= (watch->file_threshold ? watch->file_threshold : SWEEP_AT)) {
        mv_files_sweep(vm);
        watch->file_threshold = watch->file_count < SWEEP_AT / 2 ? SWEEP_AT : watch->file_count * 2;
    }
    fd = by_number ? check_descriptor(vm, fd) : open_path(vm, file, raw, &mode);
    if (fd < 0)
        return MV_EXC;
    MvValue options[3] = {encoding, errors, newline};
    return wrap(vm, fd, &mode, file, mode_text, buffering, !by_number || close_fd, options);
}

/* ---- changing ---- */

/* *flag: -1 where the argument is not given. */
static bool to_flag(MvVM *vm, MvValue v, int *flag)
{
    if (v == MV_UNASSIGNED || v == MV_NONE)
        return true;
    int64_t number;
    MvValue index = mv_index(vm, v);
    if (index == MV_EXC)
        return false;
    if (!mv_int_to_i64(index, &number)) {
        mv_raise(vm, MV_EXC_OverflowError, "Python int too large to convert to C long");
        return false;
    }
    *flag = number != 0;
    return true;
}

MvValue mv_file_reconfigure(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvFile *file = MV_CAST(MvFile, args[0]);
    MvFileState *state = file->state;
    MvValue encoding = args[1], errors = args[2], newline = args[3];
    static const char *const names[] = {"encoding", "errors", "newline"};
    for (int i = 0; i < 3; i++) {
        MvValue v = args[1 + i];
        if (v != MV_UNASSIGNED && v != MV_NONE && !mv_has_kind(v, MV_KIND_STR))
            return mv_type_error(vm, "reconfigure() argument '%s' must be str or None, not %T", names[i], v);
    }
    bool change = newline != MV_UNASSIGNED || (encoding != MV_UNASSIGNED && encoding != MV_NONE) || (errors != MV_UNASSIGNED && errors != MV_NONE);
    if ((state ? state->decoded : (file->was & MV_FILE_WAS_DECODED) != 0) && change)
        return mv_file_unsupported(vm, "It is not possible to set the encoding or newline of stream after the first read");
    uint8_t ends = state ? state->newline : 0, wanted = state ? state->encoding : 0;
    int line_buffered = -1, write_through = -1;
    if ((newline != MV_UNASSIGNED && !find_newline(vm, newline, &ends)) || !to_flag(vm, args[4], &line_buffered) || !to_flag(vm, args[5], &write_through))
        return MV_EXC;
    state = mv_file_state(vm, args[0]);
    if (!state || !mv_file_flush(vm, state))
        return MV_EXC;
    state->telling = true; /* as after any flush() */
    state->newline = ends;
    state->ratio = 0;
    if (change) { /* a new decoder, which has seen nothing */
        state->seen_newlines = 0;
        state->pending_cr = false;
    }
    if (encoding != MV_UNASSIGNED && encoding != MV_NONE) {
        if (!find_encoding(vm, encoding, &wanted))
            return MV_EXC;
        if (errors == MV_UNASSIGNED || errors == MV_NONE) { /* a new encoding without handler is strict */
            errors = mv_str_from_c(vm, "strict");
            if (errors == MV_EXC)
                return MV_EXC;
        }
        mv_store(vm, file, &file->encoding, encoding);
    }
    state->encoding = wanted;
    if (errors != MV_UNASSIGNED && errors != MV_NONE) {
        state->handler = (uint8_t)mv_handler_named(MV_CAST(MvStr, errors));
        mv_store(vm, file, &file->errors, errors);
    }
    if (line_buffered >= 0 && state->output)
        state->output->line_buffered = line_buffered;
    else if (line_buffered >= 0)
        state->line_buffered = line_buffered;
    if (write_through >= 0)
        state->write_through = write_through;
    return MV_NONE;
}
