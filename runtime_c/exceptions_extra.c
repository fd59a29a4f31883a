/* exceptions_extra.c: what exception classes have beyond BaseException, by family: initialisation, text, attributes.
 *
 * Called by exceptions.c (init, str, __new__ of OSError) and by vm_init.c, which gives each class its own attributes
 * through mv_exception_getsets(). MvException.extra is used as errors.h lists it; UNASSIGNED is CPython's NULL and
 * reads as None. */
#include "errors.h"

#include <errno.h>
#include <stdio.h>

/* ---- initialisation ---- */

static bool set_extra(MvVM *vm, MvException *e, int index, MvValue value)
{
    mv_store(vm, e, &e->extra[index], value);
    return true;
}

/* Keyword-only attributes of ImportError, NameError and AttributeError: names[i] goes to extra[first + i]. Wrong keywords
 * leave those that a first initialisation has set. */
static bool take_keywords(MvVM *vm, MvException *e, const char *function, const char *const *names, int count,
                          int first, const MvValue *values, MvValue kwnames)
{
    MvValue taken[2] = {MV_UNASSIGNED, MV_UNASSIGNED};
    const MvTuple *keywords = kwnames ? MV_CAST(MvTuple, kwnames) : NULL;
    if (keywords && keywords->length > count) {
        mv_type_error(vm, "%s() takes at most %d keyword argument%s (%d given)", function, (int64_t)count, count == 1 ? "" : "s", keywords->length);
        return false;
    }
    for (int64_t k = 0; keywords && k < keywords->length; k++) {
        int i = 0;
        while (i < count && !mv_str_is_c(keywords->items[k], names[i]))
            i++;
        if (i == count) {
            mv_type_error(vm, "'%S' is an invalid keyword argument for %s()", keywords->items[k], function);
            return false;
        }
        taken[i] = values[k];
    }
    for (int i = 0; i < count; i++)
        set_extra(vm, e, first + i, taken[i]);
    return true;
}

static bool init_syntax(MvVM *vm, MvException *e, const MvValue *args, int64_t nargs)
{
    if (nargs >= 1)
        set_extra(vm, e, MV_SYNTAX_MSG, args[0]);
    MvValue list = e->extra[MV_SYNTAX_INFO];
    if (!mv_has_kind(list, MV_KIND_LIST)) { /* a second initialisation keeps the fields that it does not name */
        MvValue filler[MV_SYNTAX_INFO_COUNT];
        for (int i = 0; i < MV_SYNTAX_INFO_COUNT; i++)
            filler[i] = MV_NONE;
        list = mv_list_from(vm, filler, MV_SYNTAX_INFO_COUNT);
        if (list == MV_EXC)
            return false;
        set_extra(vm, e, MV_SYNTAX_INFO, list);
    }
    if (nargs != 2)
        return true;
    MvValue info = mv_tuple_from_iterable(vm, args[1]);
    if (info == MV_EXC)
        return false;
    const MvTuple *tuple = MV_CAST(MvTuple, info);
    MvStore *store = mv_list_store(MV_CAST(MvList, list));
    store->items[MV_SYNTAX_END_LINENO] = store->items[MV_SYNTAX_END_OFFSET] = MV_NONE;
    if (tuple->length < 4 || tuple->length > 6) {
        mv_type_error(vm, "function takes at %s arguments (%d given)", tuple->length < 4 ? "least 4" : "most 6",
                      tuple->length);
        return false;
    }
    for (int64_t i = 0; i < tuple->length; i++) /* ORDER: filename, lineno, offset, text, end_lineno, end_offset */
        mv_store(vm, store, &store->items[i], tuple->items[i]);
    if (tuple->length == 5) {
        mv_type_error(vm, "end_offset must be provided when end_lineno is provided");
        return false;
    }
    return true;
}

static bool check_text(MvVM *vm, MvValue v, int position)
{
    if (mv_has_kind(v, MV_KIND_STR))
        return true;
    mv_type_error(vm, "argument %d must be str, not %t", (int64_t)position, v);
    return false;
}

static bool take_index(MvVM *vm, MvValue v, MvValue *out)
{
    MvValue index = mv_index(vm, v);
    if (index == MV_EXC)
        return false;
    int64_t i;
    if (!mv_int_to_i64(index, &i)) {
        mv_raise(vm, MV_EXC_OverflowError, "Python int too large to convert to C ssize_t");
        return false;
    }
    *out = mv_int_from_i64(vm, i); /* True is 1 */
    return true;
}

static bool init_unicode(MvVM *vm, MvException *e, MvFamily family, const MvValue *args, int64_t nargs)
{
    int64_t expected = family == MV_FAMILY_TRANSLATE ? 4 : 5;
    int skip = family == MV_FAMILY_TRANSLATE; /* TRANSLATE has no encoding */
    static const int cleared[] = {MV_UNICODE_ENCODING, MV_UNICODE_OBJECT, MV_UNICODE_REASON};
    for (int i = 0; i < 3; i++) /* an exception that is made anew, and wrongly, has lost them */
        set_extra(vm, e, cleared[i], MV_UNASSIGNED);
    if (nargs != expected) {
        mv_type_error(vm, "function takes exactly %d arguments (%d given)", expected, nargs);
        return false;
    }
    MvValue fields[5] = {MV_UNASSIGNED, MV_UNASSIGNED, MV_UNASSIGNED, MV_UNASSIGNED, MV_UNASSIGNED};
    for (int i = skip; i < 5; i++)
        fields[i] = args[i - skip];
    if (!skip && !check_text(vm, fields[MV_UNICODE_ENCODING], 1))
        return false;
    if (family != MV_FAMILY_DECODE && !check_text(vm, fields[MV_UNICODE_OBJECT], 2 - skip))
        return false;
    if (!take_index(vm, fields[MV_UNICODE_START], &fields[MV_UNICODE_START]) ||
        !take_index(vm, fields[MV_UNICODE_END], &fields[MV_UNICODE_END]) || !check_text(vm, fields[MV_UNICODE_REASON],
            5 - skip))
        return false;
    if (family == MV_FAMILY_DECODE) {
        mv_type_error(vm, "a bytes-like object is required, not '%T'", fields[MV_UNICODE_OBJECT]);
        return false;
    }
    for (int i = 0; i < 5; i++)
        set_extra(vm, e, i, fields[i]);
    return true;
}

bool mv_exception_init_extra(MvVM *vm, MvException *e, MvFamily family, MvValue *args, int64_t nargs, MvValue kwnames)
{
    static const char *const import_names[] = {"name", "path"};
    static const char *const attribute_names[] = {"name", "obj"};
    switch (family) {
    case MV_FAMILY_STOP:
        return set_extra(vm, e, 0, nargs ? args[0] : MV_NONE);
    case MV_FAMILY_EXIT:
        return nargs == 0 || set_extra(vm, e, 0, nargs == 1 ? args[0] : e->args);
    case MV_FAMILY_IMPORT:
        if (!take_keywords(vm, e, "ImportError", import_names, 2, 1, args + nargs, kwnames))
            return false;
        return set_extra(vm, e, 0, nargs == 1 ? args[0] : MV_UNASSIGNED);
    case MV_FAMILY_NAME:
        return take_keywords(vm, e, "NameError", attribute_names, 1, 0, args + nargs, kwnames);
    case MV_FAMILY_ATTRIBUTE:
        return take_keywords(vm, e, "AttributeError", attribute_names, 2, 0, args + nargs, kwnames);
    case MV_FAMILY_SYNTAX:
        return init_syntax(vm, e, args, nargs);
    case MV_FAMILY_DECODE: case MV_FAMILY_ENCODE: case MV_FAMILY_TRANSLATE:
        return init_unicode(vm, e, family, args, nargs);
    case MV_FAMILY_BASE: case MV_FAMILY_KEY: case MV_FAMILY_OS:
        break;
    }
    return true;
}

/* ---- OSError ---- */

MvClass *mv_os_error_class(MvVM *vm, MvClass *cls, int64_t error_number)
{
    switch (error_number) {
    case EAGAIN: case EALREADY: case EINPROGRESS: return vm->classes[MV_EXC_BlockingIOError];
    case EPIPE: case ESHUTDOWN: return vm->classes[MV_EXC_BrokenPipeError];
    case ECHILD: return vm->classes[MV_EXC_ChildProcessError];
    case ECONNABORTED: return vm->classes[MV_EXC_ConnectionAbortedError];
    case ECONNREFUSED: return vm->classes[MV_EXC_ConnectionRefusedError];
    case ECONNRESET: return vm->classes[MV_EXC_ConnectionResetError];
    case EEXIST: return vm->classes[MV_EXC_FileExistsError];
    case ENOENT: return vm->classes[MV_EXC_FileNotFoundError];
    case EINTR: return vm->classes[MV_EXC_InterruptedError];
    case EISDIR: return vm->classes[MV_EXC_IsADirectoryError];
    case ENOTDIR: return vm->classes[MV_EXC_NotADirectoryError];
    case EACCES: case EPERM: return vm->classes[MV_EXC_PermissionError];
    case ESRCH: return vm->classes[MV_EXC_ProcessLookupError];
    case ETIMEDOUT: return vm->classes[MV_EXC_TimeoutError];
    default: return cls;
    }
}

static bool is_builtin_special(MvValue function)
{
    if (mv_has_kind(function, MV_KIND_STATICMETHOD))
        function = MV_CAST(MvWrapper, function)->function;
    return function == MV_UNASSIGNED || mv_has_kind(function, MV_KIND_BUILTIN);
}

/* CPython lets OSError.__new__ do the work unless a subclass has its own __init__ and no __new__. */
bool mv_os_error_in_init(MvVM *vm, MvClass *cls)
{
    return !(cls->flags & MV_CLASSF_BUILTIN) && !is_builtin_special(mv_special(vm, cls, MV_SP_INIT)) &&
           is_builtin_special(mv_special(vm, cls, MV_SP_NEW));
}

static bool is_number(MvVM *vm, MvValue v)
{
    return mv_is_int_like(v) || mv_is_float_like(v) || mv_special(vm, mv_class_of(vm, v), MV_SP_INDEX) != MV_UNASSIGNED;
}

/* *out: UNASSIGNED for -1, which is how CPython says that there is none. */
static bool take_written(MvVM *vm, MvValue v, MvValue *out)
{
    MvValue index = mv_index(vm, v);
    int64_t i;
    if (index == MV_EXC)
        return false;
    if (!mv_int_to_i64(index, &i)) {
        mv_value_error(vm, "cannot fit '%T' into an index-sized integer", v);
        return false;
    }
    *out = i == -1 ? MV_UNASSIGNED : mv_int_from_i64(vm, i);
    return true;
}

bool mv_os_error_fill(MvVM *vm, MvException *e, MvValue *args, int64_t nargs)
{
    MvValue tuple = nargs ? mv_tuple_from(vm, args, nargs) : vm->empty_tuple;
    if (tuple == MV_EXC)
        return false;
    if (nargs >= 2 && nargs <= 5) {
        set_extra(vm, e, MV_OS_ERRNO, args[0]);
        set_extra(vm, e, MV_OS_STRERROR, args[1]);
        MvValue filename = nargs > 2 ? args[2] : MV_NONE;
        if (filename != MV_NONE) {
            if (mv_class_of(vm, mv_value(e))->id == MV_EXC_BlockingIOError && is_number(vm, filename)) {
                MvValue written;
                if (!take_written(vm, filename, &written))
                    return false;
                set_extra(vm, e, MV_OS_WRITTEN, written);
            } else {
                set_extra(vm, e, MV_OS_FILENAME, filename);
                if (nargs == 5 && args[4] != MV_NONE)
                    set_extra(vm, e, MV_OS_FILENAME2, args[4]);
                tuple = mv_tuple_from(vm, args, 2);
                if (tuple == MV_EXC)
                    return false;
            }
        }
    }
    mv_store(vm, e, &e->args, tuple);
    return true;
}

/* ---- text ---- */

static MvValue or_none(MvValue v)
{
    return v == MV_UNASSIGNED ? MV_NONE : v;
}

static MvValue str_os(MvVM *vm, const MvException *e)
{
    MvValue number = or_none(e->extra[MV_OS_ERRNO]), text = or_none(e->extra[MV_OS_STRERROR]);
    if (e->extra[MV_OS_FILENAME] != MV_UNASSIGNED) {
        if (e->extra[MV_OS_FILENAME2] != MV_UNASSIGNED)
            return mv_format_message(vm, "[Errno %S] %S: %R -> %R", number, text, e->extra[MV_OS_FILENAME],
                                     e->extra[MV_OS_FILENAME2]);
        return mv_format_message(vm, "[Errno %S] %S: %R", number, text, e->extra[MV_OS_FILENAME]);
    }
    if (e->extra[MV_OS_ERRNO] != MV_UNASSIGNED && e->extra[MV_OS_STRERROR] != MV_UNASSIGNED)
        return mv_format_message(vm, "[Errno %S] %S", number, text);
    return MV_UNASSIGNED;
}

static MvValue str_syntax(MvVM *vm, const MvException *e)
{
    MvValue msg = or_none(e->extra[MV_SYNTAX_MSG]);
    if (!mv_has_kind(e->extra[MV_SYNTAX_INFO], MV_KIND_LIST))
        return mv_str(vm, msg);
    const MvValue *info = MV_CAST(MvList, e->extra[MV_SYNTAX_INFO])->items;
    MvValue filename = info[MV_SYNTAX_FILENAME], line = info[MV_SYNTAX_LINENO];
    int64_t number;
    bool has_line = mv_is_exact(vm, line, MV_CLASS_INT) && mv_int_to_i64(line, &number);
    if (mv_has_kind(filename, MV_KIND_STR)) {
        const MvStr *s = MV_CAST(MvStr, filename);
        int64_t start = s->length;
        while (start > 0 && mv_str_char(s, start - 1) != '/')
            start--;
        filename = mv_str_substring(vm, s, start, s->length);
        if (filename == MV_EXC)
            return MV_EXC;
        if (has_line)
            return mv_format_message(vm, "%S (%S, line %d)", msg, filename, number);
        return mv_format_message(vm, "%S (%S)", msg, filename);
    }
    return has_line ? mv_format_message(vm, "%S (line %d)", msg, number) : mv_str(vm, msg);
}

static MvValue text_or_null(MvVM *vm, MvValue v)
{
    return v == MV_UNASSIGNED ? mv_str_from_c(vm, "<NULL>") : mv_str(vm, v);
}

static MvValue str_unicode(MvVM *vm, const MvException *e, MvFamily family)
{
    if (e->extra[MV_UNICODE_OBJECT] == MV_UNASSIGNED)
        return vm->empty_str;
    MvValue reason = text_or_null(vm, e->extra[MV_UNICODE_REASON]);
    MvValue encoding = family == MV_FAMILY_TRANSLATE ? MV_NONE : text_or_null(vm, e->extra[MV_UNICODE_ENCODING]);
    if (reason == MV_EXC || encoding == MV_EXC)
        return MV_EXC;
    int64_t start = 0, end = 0;
    mv_int_to_i64(e->extra[MV_UNICODE_START], &start);
    mv_int_to_i64(e->extra[MV_UNICODE_END], &end);
    const MvStr *object = mv_has_kind(e->extra[MV_UNICODE_OBJECT], MV_KIND_STR)
        ? MV_CAST(MvStr, e->extra[MV_UNICODE_OBJECT]) : NULL;
    const char *verb = family == MV_FAMILY_DECODE ? "decode" : family == MV_FAMILY_ENCODE ? "encode" : "translate";
    const char *unit = family == MV_FAMILY_DECODE ? "byte" : "character";
    MvBuilder b;
    mv_builder_begin(vm, &b);
    if (family != MV_FAMILY_TRANSLATE) {
        mv_builder_char(&b, '\'');
        mv_builder_str(&b, MV_CAST(MvStr, encoding));
        mv_builder_ascii(&b, "' codec ", -1);
    }
    char text[96];
    if (object && start >= 0 && start < object->length && end == start + 1) {
        uint32_t c = mv_str_char(object, start);
        const char *format = family == MV_FAMILY_DECODE ? "can't %s %s 0x%02x in position %lld: "
                             : c <= 0xFF ? "can't %s %s '\\x%02x' in position %lld: "
                             : c <= 0xFFFF ? "can't %s %s '\\u%04x' in position %lld: "
                                 : "can't %s %s '\\U%08x' in position %lld: ";
        snprintf(text, sizeof text, format, verb, unit, c, (long long)start);
    } else {
        snprintf(text, sizeof text, "can't %s %ss in position %lld-%lld: ", verb, unit, (long long)start,
                 (long long)end - 1);
    }
    mv_builder_ascii(&b, text, -1);
    mv_builder_str(&b, MV_CAST(MvStr, reason));
    return b.failed ? MV_EXC : mv_builder_end(&b);
}

MvValue mv_exception_str_extra(MvVM *vm, MvException *e, MvFamily family)
{
    switch (family) {
    case MV_FAMILY_KEY: {
        const MvTuple *args = MV_CAST(MvTuple, e->args);
        return args->length == 1 ? mv_repr(vm, args->items[0]) : MV_UNASSIGNED;
    }
    case MV_FAMILY_OS:
        return str_os(vm, e);
    case MV_FAMILY_IMPORT:
        return e->extra[0] != MV_UNASSIGNED && mv_is_exact(vm, e->extra[0], MV_CLASS_STR) ? e->extra[0] : MV_UNASSIGNED;
    case MV_FAMILY_SYNTAX:
        return str_syntax(vm, e);
    case MV_FAMILY_DECODE: case MV_FAMILY_ENCODE: case MV_FAMILY_TRANSLATE:
        return str_unicode(vm, e, family);
    default:
        return MV_UNASSIGNED;
    }
}

/* ---- attributes ---- */

#define EXTRA_ATTRIBUTE(index)                                                           \
    static MvValue get_extra_##index(MvVM *vm, MvValue self)                             \
    {                                                                                    \
        return or_none(MV_CAST(MvException, self)->extra[index]);                        \
    }                                                                                    \
    static bool set_extra_##index(MvVM *vm, MvValue self, MvValue value)                 \
    {                                                                                    \
        return set_extra(vm, MV_CAST(MvException, self), index, value);                  \
    }
EXTRA_ATTRIBUTE(0)
EXTRA_ATTRIBUTE(1)
EXTRA_ATTRIBUTE(2)
EXTRA_ATTRIBUTE(3)
EXTRA_ATTRIBUTE(4)

#define SYNTAX_ATTRIBUTE(index)                                                                                        \
    static MvValue get_syntax_##index(MvVM *vm, MvValue self)                                                          \
    {                                                                                                                  \
        MvValue info = MV_CAST(MvException, self)->extra[MV_SYNTAX_INFO];                                              \
        return mv_has_kind(info, MV_KIND_LIST) ? MV_CAST(MvList, info)->items[index] : MV_NONE;                        \
    }                                                                                                                  \
    static bool set_syntax_##index(MvVM *vm, MvValue self, MvValue value)                                              \
    {                                                                                                                  \
        MvException *e = MV_CAST(MvException, self);                                                                   \
        if (!mv_has_kind(e->extra[MV_SYNTAX_INFO], MV_KIND_LIST) && !init_syntax(vm, e, NULL, 0))                      \
            return false;                                                                                              \
        MvList *info = MV_CAST(MvList, e->extra[MV_SYNTAX_INFO]);                                                      \
        mv_store(vm, mv_list_store(info), &info->items[index], or_none(value));                                        \
        return true;                                                                                                   \
    }
SYNTAX_ATTRIBUTE(0)
SYNTAX_ATTRIBUTE(1)
SYNTAX_ATTRIBUTE(2)
SYNTAX_ATTRIBUTE(3)
SYNTAX_ATTRIBUTE(4)
SYNTAX_ATTRIBUTE(5)
SYNTAX_ATTRIBUTE(6)

static MvValue get_written(MvVM *vm, MvValue self)
{
    MvValue written = MV_CAST(MvException, self)->extra[MV_OS_WRITTEN];
    return written == MV_UNASSIGNED ? mv_raise(vm, MV_EXC_AttributeError, "characters_written") : written;
}

static bool set_written(MvVM *vm, MvValue self, MvValue value)
{
    MvException *e = MV_CAST(MvException, self);
    if (value == MV_UNASSIGNED)
        return get_written(vm, self) != MV_EXC && set_extra(vm, e, MV_OS_WRITTEN, MV_UNASSIGNED);
    MvValue index;
    return take_written(vm, value, &index) && set_extra(vm, e, MV_OS_WRITTEN, index);
}

static MvValue get_decode_object(MvVM *vm, MvValue self)
{
    MvValue object = MV_CAST(MvException, self)->extra[MV_UNICODE_OBJECT];
    return object == MV_UNASSIGNED ? MV_NONE : mv_raise_refused(vm, "the bytes object of a UnicodeDecodeError");
}

static MvValue get_index(MvValue self, int index)
{
    MvValue v = MV_CAST(MvException, self)->extra[index];
    return v == MV_UNASSIGNED ? mv_from_fixnum(0) : v;
}

static bool set_index(MvVM *vm, MvValue self, int index, MvValue value)
{
    if (value == MV_UNASSIGNED)
        mv_type_error(vm, "can't delete numeric/char attribute");
    else if (!mv_is_int_like(value))
        mv_type_error(vm, "an integer is required");
    else {
        MvValue plain;
        if (take_index(vm, value, &plain))
            return set_extra(vm, MV_CAST(MvException, self), index, plain);
    }
    if (value != MV_UNASSIGNED) /* CPython stores what the failed conversion gave */
        set_extra(vm, MV_CAST(MvException, self), index, mv_from_fixnum(-1));
    return false;
}

static MvValue get_start(MvVM *vm, MvValue self) { return get_index(self, MV_UNICODE_START); }
static bool set_start(MvVM *vm, MvValue self, MvValue value) { return set_index(vm, self, MV_UNICODE_START, value); }
static MvValue get_end(MvVM *vm, MvValue self) { return get_index(self, MV_UNICODE_END); }
static bool set_end(MvVM *vm, MvValue self, MvValue value) { return set_index(vm, self, MV_UNICODE_END, value); }

static const MvGetSetDef stop_attributes[] = {{"value", get_extra_0, set_extra_0}, {0}};
static const MvGetSetDef exit_attributes[] = {{"code", get_extra_0, set_extra_0}, {0}};
static const MvGetSetDef os_attributes[] = {
    {"errno", get_extra_0, set_extra_0},
    {"strerror", get_extra_1, set_extra_1},
    {"filename", get_extra_2, set_extra_2},
    {"filename2", get_extra_3, set_extra_3},
    {"characters_written", get_written, set_written},
    {0},
};
static const MvGetSetDef import_attributes[] = {
    {"msg", get_extra_0, set_extra_0}, {"name", get_extra_1, set_extra_1}, {"path", get_extra_2, set_extra_2}, {0}};
static const MvGetSetDef name_attributes[] = {{"name", get_extra_0, set_extra_0}, {0}};
static const MvGetSetDef attribute_attributes[] =
    {{"name", get_extra_0, set_extra_0}, {"obj", get_extra_1, set_extra_1}, {0}};
static const MvGetSetDef syntax_attributes[] = {
    {"msg", get_extra_0, set_extra_0},
    {"filename", get_syntax_0, set_syntax_0},
    {"lineno", get_syntax_1, set_syntax_1},
    {"offset", get_syntax_2, set_syntax_2},
    {"text", get_syntax_3, set_syntax_3},
    {"end_lineno", get_syntax_4, set_syntax_4},
    {"end_offset", get_syntax_5, set_syntax_5},
    {"print_file_and_line", get_syntax_6, set_syntax_6},
    {0},
};
static const MvGetSetDef unicode_attributes[] = {
    {"encoding", get_extra_0, set_extra_0}, {"object", get_extra_1, set_extra_1}, {"start", get_start, set_start},
    {"end", get_end, set_end}, {"reason", get_extra_4, set_extra_4}, {0}};
static const MvGetSetDef decode_attributes[] = {
    {"encoding", get_extra_0, set_extra_0}, {"object", get_decode_object, NULL}, {"start", get_start, set_start},
    {"end", get_end, set_end}, {"reason", get_extra_4, set_extra_4}, {0}};

const MvGetSetDef *mv_exception_getsets(int class_id)
{
    switch (class_id) {
    case MV_EXC_StopIteration: return stop_attributes;
    case MV_EXC_SystemExit: return exit_attributes;
    case MV_EXC_OSError: return os_attributes;
    case MV_EXC_ImportError: return import_attributes;
    case MV_EXC_NameError: return name_attributes;
    case MV_EXC_AttributeError: return attribute_attributes;
    case MV_EXC_SyntaxError: return syntax_attributes;
    case MV_EXC_UnicodeDecodeError: return decode_attributes;
    case MV_EXC_UnicodeEncodeError: case MV_EXC_UnicodeTranslateError: return unicode_attributes;
    default: return NULL;
    }
}
