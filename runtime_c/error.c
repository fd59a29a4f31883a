/* error.c: raising exceptions from C, message formatting, and the guard of counted C recursion.
 *
 * Called from everywhere. A raised exception is vm->exception while MV_EXC travels; it gets its __context__ here and
 * its traceback from the interpreter as it unwinds. While vm->ending is set nothing is raised over the ending: every
 * raiser returns MV_EXC and leaves vm->exception alone. The classes themselves are in exceptions.c. */
#include "errors.h"

#include <stdio.h>
#include <string.h>

/* ---- messages ---- */

MvValue mv_message_type_name(MvVM *vm, const MvClass *cls)
{
    if (cls->id == MV_CLASS_FILE)
        return mv_str_from_c(vm, "_io.TextIOWrapper");
    if (cls->id == MV_CLASS_GENERICALIAS)
        return mv_str_from_c(vm, "types.GenericAlias");
    if (cls->id == MV_CLASS_UNIONTYPE)
        return mv_str_from_c(vm, "types.UnionType");
    if (cls->payload_kind == MV_KIND_TUPLE && !(cls->flags & MV_CLASSF_BUILTIN)) {
        MvValue key = mv_intern_c(vm, "n_sequence_fields"); /* classes of struct_sequence.c */
        if (key == MV_EXC)
            return MV_EXC;
        if (mv_dict_find_name(cls->names, key))
            return mv_class_qualified_name(vm, (MvClass *)cls);
    }
    return cls->name;
}

static void format_c_string(MvBuilder *b, const char *text)
{
    size_t n = strlen(text);
    bool ascii = true;
    for (size_t i = 0; i < n && ascii; i++)
        ascii = (signed char)text[i] >= 0;
    if (ascii) {
        mv_builder_ascii(b, text, (int64_t)n);
        return;
    }
    MvValue s = mv_str_from_utf8(b->vm, text, (int64_t)n);
    if (s == MV_EXC)
        b->failed = true;
    else
        mv_builder_str(b, MV_CAST(MvStr, s));
}

static void format_i64(MvBuilder *b, int64_t i)
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
    mv_builder_ascii(b, digits + at, (int64_t)sizeof digits - at);
}

static void format_class_name(MvBuilder *b, const MvClass *cls)
{
    MvValue name = mv_message_type_name(b->vm, cls);
    if (name == MV_EXC)
        b->failed = true;
    else
        mv_builder_str(b, MV_CAST(MvStr, name));
}

void mv_format_into(MvBuilder *b, const char *format, va_list *args)
{
    while (*format && !b->failed) {
        const char *percent = strchr(format, '%');
        if (!percent)
            percent = format + strlen(format);
        if (percent > format)
            mv_builder_ascii(b, format, percent - format);
        if (!*percent)
            return;
        format = percent + 2;
        switch (percent[1]) {
        case 's': format_c_string(b, va_arg(*args, const char *)); break;
        case 'd': format_i64(b, va_arg(*args, int64_t)); break;
        case 'S': {
            MvValue v = va_arg(*args, MvValue);
            if (mv_has_kind(v, MV_KIND_STR) && mv_is_exact(b->vm, v, MV_CLASS_STR))
                mv_builder_str(b, MV_CAST(MvStr, v));
            else
                mv_builder_value(b, v, false);
            break;
        }
        case 'R': mv_builder_value(b, va_arg(*args, MvValue), true); break;
        case 'T': format_class_name(b, mv_class_of(b->vm, va_arg(*args, MvValue))); break;
        case 't': {
            MvValue v = va_arg(*args, MvValue);
            if (v == MV_NONE)
                mv_builder_ascii(b, "None", 4);
            else
                format_class_name(b, mv_class_of(b->vm, v));
            break;
        }
        case 'N': format_class_name(b, va_arg(*args, MvClass *)); break;
        case 'c': mv_builder_char(b, va_arg(*args, uint32_t)); break;
        case '%': mv_builder_char(b, '%'); break;
        default: __builtin_trap();
        }
    }
}

static MvValue format_va(MvVM *vm, const char *format, va_list *args)
{
    MvBuilder b;
    mv_builder_begin(vm, &b);
    mv_format_into(&b, format, args);
    return b.failed ? MV_EXC : mv_builder_end(&b);
}

MvValue mv_format_message(MvVM *vm, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    MvValue text = format_va(vm, format, &args);
    va_end(args);
    return text;
}

/* ---- making and raising ---- */

MvValue mv_exception_new(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs)
{
    if (!(cls->flags & MV_CLASSF_BUILTIN))
        return mv_call(vm, mv_value(cls), args, nargs, 0);
    MvValue exception = mv_type_EXCEPTION.make(vm, cls, args, nargs, 0);
    if (exception == MV_EXC || !mv_type_EXCEPTION.init(vm, exception, args, nargs, 0))
        return MV_EXC;
    return exception;
}

/* `handled` becomes the context of value. As in CPython a chain never gets a cycle through value. */
static void set_context(MvVM *vm, MvValue value, MvValue handled)
{
    if (!mv_is_exception(handled) || handled == value)
        return;
    MvValue node = handled, slow = handled;
    for (bool advance = false;; advance = !advance) {
        MvValue context = MV_CAST(MvException, node)->context;
        if (!mv_is_exception(context))
            break;
        if (context == value) {
            MV_CAST(MvException, node)->context = MV_NONE;
            break;
        }
        node = context;
        if (node == slow) /* a cycle that the program made, without `value` in it */
            break;
        if (advance)
            slow = MV_CAST(MvException, slow)->context;
    }
    MvException *e = MV_CAST(MvException, value);
    mv_store(vm, e, &e->context, handled);
}

MvValue mv_raise_object(MvVM *vm, MvValue exception)
{
    if (vm->ending != MV_END_NONE || exception == MV_EXC)
        return MV_EXC;
    const MvExcState *state = vm->exc_state;
    while (state && !mv_is_exception(state->exception))
        state = state->previous;
    set_context(vm, exception, state ? state->exception : MV_NONE);
    vm->exception = exception;
    vm->stats.exceptions++;
    return MV_EXC;
}

static MvValue raise_class(MvVM *vm, int class_id, MvValue *args, int64_t nargs)
{
    if (vm->ending != MV_END_NONE)
        return MV_EXC;
    MvValue exception = mv_exception_new(vm, vm->classes[class_id], args, nargs);
    return exception == MV_EXC ? MV_EXC : mv_raise_object(vm, exception);
}

MvValue mv_raise(MvVM *vm, int exception_class_id, const char *format, ...)
{
    if (vm->ending != MV_END_NONE)
        return MV_EXC;
    va_list args;
    va_start(args, format);
    MvValue text = format_va(vm, format, &args);
    va_end(args);
    return text == MV_EXC ? MV_EXC : raise_class(vm, exception_class_id, &text, 1);
}

MvValue mv_raise_key_error(MvVM *vm, MvValue key)
{
    return raise_class(vm, MV_EXC_KeyError, &key, 1);
}

MvValue mv_raise_stop_iteration(MvVM *vm, MvValue value)
{
    return raise_class(vm, MV_EXC_StopIteration, &value, value != MV_NONE && value != MV_UNASSIGNED);
}

MvValue mv_raise_refused(MvVM *vm, const char *what, ...)
{
    if (vm->ending != MV_END_NONE)
        return MV_EXC;
    MvBuilder b;
    mv_builder_begin(vm, &b);
    va_list args;
    va_start(args, what);
    mv_format_into(&b, what, &args);
    va_end(args);
    mv_builder_ascii(&b, " is not in Mini", -1);
    MvValue text = b.failed ? MV_EXC : mv_builder_end(&b);
    return text == MV_EXC ? MV_EXC : raise_class(vm, MV_EXC_NotImplementedError, &text, 1);
}

MvValue mv_raise_os_error(MvVM *vm, int error_number, MvValue filename)
{
    if (vm->ending != MV_END_NONE)
        return MV_EXC;
    char text[128];
    if (strerror_r(error_number, text, sizeof text))
        snprintf(text, sizeof text, "Unknown error %d", error_number);
    MvValue args[3] = {mv_from_fixnum(error_number), mv_str_from_c(vm, text), filename};
    if (args[1] == MV_EXC)
        return MV_EXC;
    return raise_class(vm, MV_EXC_OSError, args, filename == MV_NONE || filename == MV_UNASSIGNED || !filename ? 2 : 3);
}

MvValue mv_raise_recursion(MvVM *vm, const char *where)
{
    return mv_raise(vm, MV_EXC_RecursionError, "maximum recursion depth exceeded%s", where);
}

/* An exception of a builtin class with the formatted message as its one argument, for callers that add attributes. */
static MvException *make_with_message(MvVM *vm, int class_id, const char *format, va_list *args)
{
    if (vm->ending != MV_END_NONE)
        return NULL;
    MvValue text = format_va(vm, format, args);
    if (text == MV_EXC)
        return NULL;
    MvValue exception = mv_exception_new(vm, vm->classes[class_id], &text, 1);
    return exception == MV_EXC ? NULL : MV_CAST(MvException, exception);
}

MvValue mv_raise_name_error(MvVM *vm, int class_id, MvValue name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    MvException *e = make_with_message(vm, class_id, format, &args);
    va_end(args);
    if (!e)
        return MV_EXC;
    mv_store(vm, e, &e->extra[0], name);
    return mv_raise_object(vm, mv_value(e));
}

MvValue mv_raise_attribute_error(MvVM *vm, MvValue object, MvValue name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    MvException *e = make_with_message(vm, MV_EXC_AttributeError, format, &args);
    va_end(args);
    if (!e)
        return MV_EXC;
    mv_store(vm, e, &e->extra[0], name);
    mv_store(vm, e, &e->extra[1], object);
    return mv_raise_object(vm, mv_value(e));
}

void mv_attribute_error_context(MvVM *vm, MvValue object, MvValue name)
{
    if (!mv_exception_is(vm, MV_EXC_AttributeError))
        return;
    MvException *e = MV_CAST(MvException, vm->exception);
    if (mv_exception_family(mv_class_of(vm, vm->exception)) != MV_FAMILY_ATTRIBUTE || e->extra[0] != MV_UNASSIGNED ||
        e->extra[1] != MV_UNASSIGNED)
        return;
    mv_store(vm, e, &e->extra[0], name);
    mv_store(vm, e, &e->extra[1], object);
}

MvValue mv_raise_encode_error(MvVM *vm, const char *encoding, MvValue object, int64_t start, int64_t end,
                              const char *reason)
{
    MvValue args[5] = {mv_str_from_c(vm, encoding), object, mv_int_from_i64(vm, start), mv_int_from_i64(vm, end),
                       mv_str_from_c(vm, reason)};
    for (int i = 0; i < 5; i++) {
        if (args[i] == MV_EXC)
            return MV_EXC;
    }
    return raise_class(vm, MV_EXC_UnicodeEncodeError, args, 5);
}

MvValue mv_raise_decode_error(MvVM *vm, const char *encoding, const uint8_t *bytes, int64_t count, int64_t start,
                              int64_t end,
                              const char *reason)
{
    if (vm->ending != MV_END_NONE)
        return MV_EXC;
    uint8_t highest = 0;
    for (int64_t i = 0; i < count; i++)
        highest |= bytes[i];
    MvStr *held = mv_str_new(vm, count, highest);
    if (!held)
        return MV_EXC;
    memcpy(held->data, bytes, (size_t)count);
    MvClass *cls = vm->classes[MV_EXC_UnicodeDecodeError];
    MvValue args[5] = {mv_str_from_c(vm, encoding), mv_value(held), mv_int_from_i64(vm, start),
                       mv_int_from_i64(vm, end), mv_str_from_c(vm, reason)};
    for (int i = 0; i < 5; i++) {
        if (args[i] == MV_EXC)
            return MV_EXC;
    }
    MvValue exception = mv_type_EXCEPTION.make(vm, cls, args, 5, 0);
    if (exception == MV_EXC)
        return MV_EXC;
    MvException *e = MV_CAST(MvException, exception);
    for (int i = 0; i < 5; i++)
        mv_store(vm, e, &e->extra[i], args[i]);
    return mv_raise_object(vm, exception);
}

/* ---- looking at the pending exception ---- */

bool mv_exception_is(MvVM *vm, int exception_class_id)
{
    if (vm->ending != MV_END_NONE || !mv_is_exception(vm->exception))
        return false;
    return mv_is_subclass(mv_class_of(vm, vm->exception), vm->classes[exception_class_id]);
}

MvValue mv_exception_take(MvVM *vm)
{
    MvValue exception = vm->exception;
    if (vm->ending == MV_END_NONE)
        vm->exception = 0;
    return exception ? exception : MV_NONE;
}

/* ---- counted recursion ---- */

bool mv_enter(MvVM *vm, const char *where)
{
    if (MV_LIKELY(++vm->depth <= vm->depth_limit && (char *)__builtin_frame_address(0) >= vm->native_limit))
        return true;
    vm->depth--;
    mv_raise_recursion(vm, where);
    return false;
}
