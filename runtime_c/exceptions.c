/* exceptions.c: the one type definition of all exception classes, and what BaseException does.
 *
 * Every exception has the payload MvException, user subclasses too (their attribute slots follow it). What classes keep
 * beyond BaseException's attributes stands in MvException.extra; its use depends on the family of the class (errors.h),
 * and the code for families is in exceptions_extra.c. Raising is error.c, the printed report traceback.c. */
#include "errors.h"

#include "class.h"

/* ---- families ---- */

MvFamily mv_exception_family(const MvClass *cls)
{
    const MvTuple *mro = cls->mro;
    for (int64_t i = 0; mro && i < mro->length; i++) {
        switch (MV_CAST(MvClass, mro->items[i])->id) {
        case MV_EXC_StopIteration: return MV_FAMILY_STOP;
        case MV_EXC_SystemExit: return MV_FAMILY_EXIT;
        case MV_EXC_KeyError: return MV_FAMILY_KEY;
        case MV_EXC_OSError: return MV_FAMILY_OS;
        case MV_EXC_ImportError: return MV_FAMILY_IMPORT;
        case MV_EXC_NameError: return MV_FAMILY_NAME;
        case MV_EXC_AttributeError: return MV_FAMILY_ATTRIBUTE;
        case MV_EXC_SyntaxError: return MV_FAMILY_SYNTAX;
        case MV_EXC_UnicodeDecodeError: return MV_FAMILY_DECODE;
        case MV_EXC_UnicodeEncodeError: return MV_FAMILY_ENCODE;
        case MV_EXC_UnicodeTranslateError: return MV_FAMILY_TRANSLATE;
        default: break;
        }
    }
    return MV_FAMILY_BASE;
}

const MvClass *mv_exception_builtin_class(const MvClass *cls)
{
    const MvTuple *mro = cls->mro;
    for (int64_t i = 0; i < mro->length; i++) {
        const MvClass *entry = MV_CAST(MvClass, mro->items[i]);
        if (entry->id >= MV_CLASS_FIRST_EXCEPTION && entry->id < MV_CLASS_COUNT)
            return entry;
    }
    return cls;
}

/* ---- making ---- */

static MvValue exception_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    bool os = mv_exception_family(mv_exception_builtin_class(cls)) == MV_FAMILY_OS && !mv_os_error_in_init(vm, cls);
    if (os) {
        if (kwnames && !mv_keywords_none(vm, mv_class_c_name(vm, cls), kwnames))
            return MV_EXC;
        int64_t error_number;
        if (cls->id == MV_EXC_OSError && nargs >= 2 && nargs <= 5 && mv_is_int_like(args[0]) &&
            mv_int_to_i64(args[0], &error_number))
            cls = mv_os_error_class(vm, cls, error_number);
    }
    MvValue tuple = nargs ? mv_tuple_from(vm, args, nargs) : vm->empty_tuple;
    if (tuple == MV_EXC)
        return MV_EXC;
    MvValue self = mv_instance_new(vm, cls);
    if (self == MV_EXC)
        return MV_EXC;
    MvException *e = MV_CAST(MvException, self);
    e->args = tuple;
    e->traceback = e->cause = e->context = MV_NONE;
    e->suppress = MV_FALSE;
    e->notes = MV_UNASSIGNED;
    for (int i = 0; i < 5; i++)
        e->extra[i] = MV_UNASSIGNED;
    mv_barrier(vm, e);
    if (os && !mv_os_error_fill(vm, e, args, nargs))
        return MV_EXC;
    return self;
}

static bool same_args(const MvException *e, const MvValue *args, int64_t nargs)
{
    const MvTuple *tuple = MV_CAST(MvTuple, e->args);
    if (tuple->length != nargs)
        return false;
    for (int64_t i = 0; i < nargs; i++) {
        if (tuple->items[i] != args[i])
            return false;
    }
    return true;
}

bool mv_exception_init_as(MvVM *vm, MvValue self, const MvClass *as, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvException *e = MV_CAST(MvException, self);
    MvClass *cls = mv_class_of(vm, self);
    MvFamily family = mv_exception_family(as);
    if (family == MV_FAMILY_OS) {
        if (!mv_os_error_in_init(vm, cls))
            return true; /* __new__ did it all */
        return (!kwnames || mv_keywords_none(vm, mv_class_c_name(vm, cls), kwnames)) &&
            mv_os_error_fill(vm, e, args, nargs);
    }
    bool takes_keywords = family == MV_FAMILY_IMPORT || family == MV_FAMILY_NAME || family == MV_FAMILY_ATTRIBUTE;
    if (kwnames && !takes_keywords && !mv_keywords_none(vm, mv_class_c_name(vm, cls), kwnames))
        return false;
    if (!e->args || !same_args(e, args, nargs)) {
        MvValue tuple = nargs ? mv_tuple_from(vm, args, nargs) : vm->empty_tuple;
        if (tuple == MV_EXC)
            return false;
        mv_store(vm, e, &e->args, tuple);
    }
    return family == MV_FAMILY_BASE || mv_exception_init_extra(vm, e, family, args, nargs, kwnames);
}

static bool exception_init(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_exception_init_as(vm, self, mv_exception_builtin_class(mv_class_of(vm, self)), args, nargs, kwnames);
}

/* ---- text ---- */

MvValue mv_exception_str_as(MvVM *vm, MvValue self, const MvClass *as)
{
    MvException *e = MV_CAST(MvException, self);
    MvFamily family = mv_exception_family(as);
    if (family != MV_FAMILY_BASE) {
        MvValue text = mv_exception_str_extra(vm, e, family);
        if (text != MV_UNASSIGNED)
            return text;
    }
    const MvTuple *args = MV_CAST(MvTuple, e->args);
    if (args->length == 0)
        return vm->empty_str;
    return mv_str(vm, args->length == 1 ? args->items[0] : e->args);
}

static MvValue exception_str(MvVM *vm, MvValue self)
{
    return mv_exception_str_as(vm, self, mv_class_of(vm, self));
}

/* The args of a decoding error hold bytes, which print as a bytes literal although Mini has no such values. */
static void build_bytes_repr(MvBuilder *b, const MvStr *bytes)
{
    bool apostrophe = false, quote = false;
    for (int64_t i = 0; i < bytes->length; i++) {
        apostrophe |= mv_str_char(bytes, i) == '\'';
        quote |= mv_str_char(bytes, i) == '"';
    }
    char delimiter = apostrophe && !quote ? '"' : '\'';
    mv_builder_char(b, 'b');
    mv_builder_char(b, (uint32_t)delimiter);
    for (int64_t i = 0; i < bytes->length; i++) {
        uint32_t c = mv_str_char(bytes, i);
        const char *hex = "0123456789abcdef";
        if (c == (uint32_t)delimiter || c == '\\') {
            char text[2] = {'\\', (char)c};
            mv_builder_ascii(b, text, 2);
        } else if (c == '\t' || c == '\n' || c == '\r') {
            char text[2] = {'\\', c == '\t' ? 't' : c == '\n' ? 'n' : 'r'};
            mv_builder_ascii(b, text, 2);
        } else if (c < 0x20 || c >= 0x7F) {
            char text[4] = {'\\', 'x', hex[c >> 4 & 15], hex[c & 15]};
            mv_builder_ascii(b, text, 4);
        } else {
            mv_builder_char(b, c);
        }
    }
    mv_builder_char(b, (uint32_t)delimiter);
}

static bool holds_bytes(MvVM *vm, const MvException *e)
{
    return mv_exception_family(mv_class_of(vm, mv_value(e))) == MV_FAMILY_DECODE &&
        e->extra[MV_UNICODE_OBJECT] != MV_UNASSIGNED;
}

static MvValue exception_repr(MvVM *vm, MvValue self)
{
    MvException *e = MV_CAST(MvException, self);
    MvBuilder b;
    mv_builder_begin(vm, &b);
    mv_builder_str(&b, MV_CAST(MvStr, mv_class_of(vm, self)->name));
    const MvTuple *args = MV_CAST(MvTuple, e->args);
    if (args->length != 1 && !holds_bytes(vm, e)) {
        mv_builder_value(&b, e->args, true);
        return b.failed ? MV_EXC : mv_builder_end(&b);
    }
    mv_builder_char(&b, '(');
    for (int64_t i = 0; i < args->length && !b.failed; i++) {
        if (i)
            mv_builder_ascii(&b, ", ", 2);
        if (args->items[i] == e->extra[MV_UNICODE_OBJECT] && holds_bytes(vm, e))
            build_bytes_repr(&b, MV_CAST(MvStr, args->items[i]));
        else
            mv_builder_value(&b, args->items[i], true);
    }
    mv_builder_char(&b, ')');
    return b.failed ? MV_EXC : mv_builder_end(&b);
}

/* ---- attributes ---- */

static MvValue get_args(MvVM *vm, MvValue self)
{
    MvException *e = MV_CAST(MvException, self);
    if (holds_bytes(vm, e))
        return mv_raise_refused(vm, "the bytes object in the args of a UnicodeDecodeError");
    return e->args;
}

static bool set_args(MvVM *vm, MvValue self, MvValue value)
{
    if (value == MV_UNASSIGNED) {
        mv_type_error(vm, "args may not be deleted");
        return false;
    }
    MvValue tuple = mv_tuple_from_iterable(vm, value);
    if (tuple == MV_EXC)
        return false;
    MvException *e = MV_CAST(MvException, self);
    mv_store(vm, e, &e->args, tuple);
    return true;
}

static MvValue get_traceback(MvVM *vm, MvValue self)
{
    return MV_CAST(MvException, self)->traceback;
}

static bool set_traceback(MvVM *vm, MvValue self, MvValue value)
{
    if (value == MV_UNASSIGNED) {
        mv_type_error(vm, "__traceback__ may not be deleted");
        return false;
    }
    if (value != MV_NONE && !mv_has_kind(value, MV_KIND_TRACEBACK)) {
        mv_type_error(vm, "__traceback__ must be a traceback or None");
        return false;
    }
    MvException *e = MV_CAST(MvException, self);
    mv_store(vm, e, &e->traceback, value);
    return true;
}

/* cause and context: `attribute` is the name in messages, `what` its description. */
static bool check_link(MvVM *vm, MvValue value, const char *attribute, const char *what)
{
    if (value == MV_UNASSIGNED)
        mv_type_error(vm, "%s may not be deleted", attribute);
    else if (value != MV_NONE && !mv_is_exception(value))
        mv_type_error(vm, "exception %s must be None or derive from BaseException", what);
    else
        return true;
    return false;
}

static MvValue get_cause(MvVM *vm, MvValue self)
{
    return MV_CAST(MvException, self)->cause;
}

static bool set_cause(MvVM *vm, MvValue self, MvValue value)
{
    if (!check_link(vm, value, "__cause__", "cause"))
        return false;
    MvException *e = MV_CAST(MvException, self);
    mv_store(vm, e, &e->cause, value);
    e->suppress = MV_TRUE;
    return true;
}

static MvValue get_context(MvVM *vm, MvValue self)
{
    return MV_CAST(MvException, self)->context;
}

static bool set_context(MvVM *vm, MvValue self, MvValue value)
{
    if (!check_link(vm, value, "__context__", "context"))
        return false;
    MvException *e = MV_CAST(MvException, self);
    mv_store(vm, e, &e->context, value);
    return true;
}

static MvValue get_suppress(MvVM *vm, MvValue self)
{
    return MV_CAST(MvException, self)->suppress;
}

static bool set_suppress(MvVM *vm, MvValue self, MvValue value)
{
    if (value == MV_UNASSIGNED)
        mv_type_error(vm, "can't delete numeric/char attribute");
    else if (value != MV_TRUE && value != MV_FALSE)
        mv_type_error(vm, "attribute value type must be bool");
    else {
        MV_CAST(MvException, self)->suppress = value;
        return true;
    }
    return false;
}

static MvValue get_dict(MvVM *vm, MvValue self)
{
    return mv_namespace_new(vm, self);
}

/* ---- methods ---- */

static MvValue exception_with_traceback(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return set_traceback(vm, args[0], args[1]) ? args[0] : MV_EXC;
}

/* __notes__ is an ordinary attribute, which exists once there is a note. */
static MvValue exception_add_note(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (!mv_has_kind(args[1], MV_KIND_STR))
        return mv_type_error(vm, "note must be a str, not '%T'", args[1]);
    MvValue notes = mv_get_attr_or(vm, args[0], vm->names->n___notes__);
    if (notes == MV_UNASSIGNED) {
        notes = mv_list_new(vm, 1);
        if (notes == MV_EXC || !mv_set_attr(vm, args[0], vm->names->n___notes__, notes))
            return MV_EXC;
    } else if (notes == MV_EXC) {
        return MV_EXC;
    } else if (!mv_has_kind(notes, MV_KIND_LIST)) {
        return mv_type_error(vm, "Cannot add note: __notes__ is not a list");
    }
    return mv_list_append(vm, MV_CAST(MvList, notes), args[1]) ? MV_NONE : MV_EXC;
}

static const MvMethodDef methods[] = {
    {"with_traceback", exception_with_traceback, 1, 1, 0, NULL},
    {"add_note", exception_add_note, 1, 1, 0, NULL},
    {0},
};

static const MvGetSetDef getsets[] = {
    {"args", get_args, set_args},
    {"__traceback__", get_traceback, set_traceback},
    {"__context__", get_context, set_context},
    {"__cause__", get_cause, set_cause},
    {"__suppress_context__", get_suppress, set_suppress},
    {"__dict__", get_dict, NULL},
    {0},
};

const MvTypeDef mv_type_EXCEPTION = {
    .kind = MV_KIND_EXCEPTION,
    .size = sizeof(MvException),
    .repr = exception_repr,
    .str = exception_str,
    .make = exception_make,
    .init = exception_init,
    .methods = methods,
    .getsets = getsets
};
