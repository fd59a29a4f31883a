/* builtin_print.c: print, input and the display of the REPL.
 *
 * Where sys.stdout is the VM's own stream, text goes straight into its buffer; numbers without making a str first. Any
 * other file object is written to by its write(), piece by piece, as CPython does it. */
#include "builtin.h"
#include "calling.h"
#include "file.h"

#include <poll.h>

typedef struct Target { /* where print writes */
    MvOutput *output; /* not NULL: the stream itself */
    MvOutputErrors errors;
    MvValue write; /* else: a bound write() */
} Target;

/* sys.NAME, UNASSIGNED where sys was not imported or has no such attribute. */
static MvValue sys_attribute(MvVM *vm, MvValue name)
{
    MvDictEntry *entry = mv_dict_find_name(vm->modules, vm->names->n_sys);
    if (!entry || !mv_has_kind(entry->value, MV_KIND_MODULE))
        return MV_UNASSIGNED;
    return mv_module_get(vm, MV_CAST(MvModule, entry->value), name);
}

static bool sys_is_loaded(MvVM *vm)
{
    MvDictEntry *entry = mv_dict_find_name(vm->modules, vm->names->n_sys);
    return entry && mv_has_kind(entry->value, MV_KIND_MODULE);
}

static bool begin_file(MvVM *vm, Target *target, MvValue file)
{
    if (mv_has_kind(file, MV_KIND_FILE)) {
        const MvFileState *state = MV_CAST(MvFile, file)->state;
        if (state && state->output && state->encoding == MV_ENCODING_UTF8 && state->newline <= MV_NEWLINE_LF &&
            state->handler <= MV_HANDLER_BACKSLASH && state->handler != MV_HANDLER_IGNORE &&
                state->handler != MV_HANDLER_REPLACE) {
            bool strict = state->handler == MV_HANDLER_STRICT;
            *target = (Target){state->output, strict ? MV_ERRORS_STRICT : MV_ERRORS_BACKSLASH, 0};
            return true;
        }
    }
    *target = (Target){.write = mv_get_attr(vm, file, vm->names->n_write)};
    return target->write != MV_EXC;
}

/* CPython calls write(). */
static bool may_write(MvVM *vm)
{
    if (MV_LIKELY(vm->depth < vm->depth_limit))
        return true;
    mv_raise_recursion(vm, MV_WHILE_CALLING);
    return false;
}

static bool put_text(MvVM *vm, const Target *target, MvValue text)
{
    if (target->output)
        return may_write(vm) && mv_write_str(vm, target->output, text, target->errors);
    return mv_call1(vm, target->write, text) != MV_EXC;
}

static bool put_int(MvVM *vm, MvOutput *output, int64_t i)
{
    char digits[24];
    int at = sizeof digits;
    uint64_t magnitude = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
    do {
        digits[--at] = (char)('0' + magnitude % 10);
        magnitude /= 10;
    } while (magnitude);
    if (i < 0)
        digits[--at] = '-';
    return mv_write(vm, output, digits + at, (int64_t)sizeof digits - at);
}

static bool put_value(MvVM *vm, const Target *target, MvValue v)
{
    if (mv_is_int(v) && target->output && MV_LIKELY(vm->depth < vm->depth_limit))
        return put_int(vm, target->output, mv_to_fixnum(v));
    MvValue text = mv_has_kind(v, MV_KIND_STR) && mv_is_exact(vm, v, MV_CLASS_STR) ? v : mv_str(vm, v);
    return text != MV_EXC && put_text(vm, target, text);
}

static bool put_separator(MvVM *vm, const Target *target, MvValue text, char otherwise)
{
    if (text != MV_NONE)
        return put_text(vm, target, text);
    if (target->output)
        return may_write(vm) && mv_write(vm, target->output, &otherwise, 1);
    return put_text(vm, target, vm->ascii_chars[(uint8_t)otherwise]);
}

static bool check_separator(MvVM *vm, const char *name, MvValue v)
{
    if (v == MV_NONE || mv_has_kind(v, MV_KIND_STR))
        return true;
    mv_type_error(vm, "%s must be None or a string, not %T", name, v);
    return false;
}

MV_BUILTIN(print)
{
    MvValue separator = MV_NONE, end = MV_NONE, file = MV_NONE, flush = MV_FALSE;
    const MvTuple *keywords = kwnames ? MV_CAST(MvTuple, kwnames) : NULL;
    for (int64_t i = 0; keywords && i < keywords->length; i++) {
        MvValue name = keywords->items[i], v = args[nargs + i];
        if (mv_str_is_c(name, "sep"))
            separator = v;
        else if (mv_str_is_c(name, "end"))
            end = v;
        else if (mv_str_is_c(name, "file"))
            file = v;
        else if (mv_str_is_c(name, "flush"))
            flush = v;
        else
            return mv_type_error(vm, "'%S' is an invalid keyword argument for print()", name);
    }
    int flushes = flush == MV_FALSE ? 0 : mv_truth(vm, flush);
    if (flushes < 0)
        return MV_EXC;
    Target target;
    if (file == MV_NONE) {
        file = sys_attribute(vm, vm->names->n_stdout);
        if (file == MV_NONE)
            return MV_NONE; /* sys.stdout = None: nothing is printed */
        if (file == MV_UNASSIGNED) {
            if (sys_is_loaded(vm))
                return mv_raise(vm, MV_EXC_RuntimeError, "lost sys.stdout");
            target = (Target){&vm->out, MV_ERRORS_STRICT, 0};
        }
    }
    if (!check_separator(vm, "sep", separator) || !check_separator(vm, "end", end))
        return MV_EXC;
    if (file != MV_UNASSIGNED && !begin_file(vm, &target, file))
        return MV_EXC;
    for (int64_t i = 0; i < nargs; i++) {
        if (i && !put_separator(vm, &target, separator, ' '))
            return MV_EXC;
        if (!put_value(vm, &target, args[i]))
            return MV_EXC;
    }
    if (!put_separator(vm, &target, end, '\n'))
        return MV_EXC;
    if (!flushes)
        return MV_NONE;
    if (target.output)
        return mv_flush(vm, target.output) ? MV_NONE : MV_EXC;
    return mv_call_method(vm, file, vm->names->n_flush, NULL, 0) == MV_EXC ? MV_EXC : MV_NONE;
}

bool mv_print_value(MvVM *vm, MvValue file, MvValue v, bool repr)
{
    Target target;
    if (!begin_file(vm, &target, file))
        return false;
    MvValue text = repr ? mv_repr(vm, v) : mv_str(vm, v);
    return text != MV_EXC && put_text(vm, &target, text);
}

/* ---- input ---- */

static bool flush_file(MvVM *vm, MvValue file)
{
    if (mv_has_kind(file, MV_KIND_FILE)) {
        MvFileState *state = MV_CAST(MvFile, file)->state;
        if (state && mv_file_flush(vm, state))
            return state->telling = true;
        return !state;
    }
    return mv_call_method(vm, file, vm->names->n_flush, NULL, 0) != MV_EXC;
}

/* A standard stream for input(); MV_EXC if sys has lost it. */
static MvValue standard(MvVM *vm, int which, MvValue name)
{
    if (!sys_is_loaded(vm))
        return mv_file_standard(vm, which);
    MvValue file = sys_attribute(vm, name);
    if (file == MV_UNASSIGNED || file == MV_NONE)
        return mv_raise(vm, MV_EXC_RuntimeError, "input(): lost sys.%S", name);
    return file;
}

static MvValue input_line(MvVM *vm, MvValue in)
{
    if (mv_has_kind(in, MV_KIND_FILE)) {
        const MvFileState *state = mv_file_state(vm, in);
        if (!state)
            return MV_EXC;
        return state->readable ? mv_file_read_line(vm, MV_CAST(MvFile, in), -1)
            : mv_file_unsupported(vm, "not readable");
    }
    MvValue name = mv_intern_c(vm, "readline");
    MvValue line = name == MV_EXC ? MV_EXC : mv_call_method(vm, in, name, NULL, 0);
    if (line != MV_EXC && !mv_has_kind(line, MV_KIND_STR))
        return mv_type_error(vm, "object.readline() returned non-string");
    return line;
}

MV_BUILTIN(input)
{
    MvValue in = standard(vm, 0, vm->names->n_stdin);
    MvValue out = in == MV_EXC ? MV_EXC : standard(vm, 1, vm->names->n_stdout);
    MvValue err = out == MV_EXC ? MV_EXC : standard(vm, 2, vm->names->n_stderr);
    if (err == MV_EXC)
        return MV_EXC;
    if (!flush_file(vm, err)) {
        if (vm->ending != MV_END_NONE)
            return MV_EXC;
        mv_exception_take(vm);
    }
    if (nargs && !mv_print_value(vm, out, args[0], false))
        return MV_EXC;
    if (!flush_file(vm, out)) {
        if (vm->ending != MV_END_NONE)
            return MV_EXC;
        mv_exception_take(vm);
    }
    MvValue line = input_line(vm, in);
    if (line == MV_EXC)
        return MV_EXC;
    const MvStr *s = MV_CAST(MvStr, line);
    if (s->length == 0)
        return mv_raise(vm, MV_EXC_EOFError, "EOF when reading a line");
    return mv_str_char(s, s->length - 1) == '\n' ? mv_str_substring(vm, s, 0, s->length - 1) : line;
}

/* ---- the REPL ---- */

/* What an expression statement does in the REPL: CPython's sys.displayhook. */
MV_BUILTIN(__display__)
{
    if (args[0] == MV_NONE)
        return MV_NONE;
    if (!mv_module_set(vm, vm->builtins, vm->names->n__, MV_NONE))
        return MV_EXC;
    MvValue text = mv_repr(vm, args[0]), file = sys_attribute(vm, vm->names->n_stdout);
    if (text == MV_EXC)
        return MV_EXC;
    if (file == MV_NONE || (file == MV_UNASSIGNED && sys_is_loaded(vm)))
        return mv_raise(vm, MV_EXC_RuntimeError, "lost sys.stdout");
    Target target = {&vm->out, MV_ERRORS_BACKSLASH, 0};
    if (file != MV_UNASSIGNED && !begin_file(vm, &target, file))
        return MV_EXC;
    target.errors = MV_ERRORS_BACKSLASH; /* a result that cannot be encoded is shown escaped */
    if (!put_text(vm, &target, text) || !put_separator(vm, &target, MV_NONE, '\n'))
        return MV_EXC;
    vm->last_value = args[0];
    return mv_module_set(vm, vm->builtins, vm->names->n__, args[0]) ? MV_NONE : MV_EXC;
}
