/* module_sys.c: the module sys.
 *
 * Constants are made when a program first imports it. sys.modules is a read-only view; sys.stdout and its kin are the
 * FILE objects of file.c, and print looks sys.stdout up here at each call, so that a program may replace it. */
#include "native.h"
#include "builtin.h"
#include "class.h"
#include "errors.h"
#include "file.h"
#include "host.h"
#include "numbers.h"
#include "struct_sequence.h"

#include <float.h>
#include <limits.h>

#define FUNCTION(name) static MvValue sys_##name(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)

/* ---- functions ---- */

FUNCTION(exit)
{
    MvValue exception;
    MvClass *cls = vm->classes[MV_EXC_SystemExit];
    if (nargs == 0 || args[0] == MV_NONE) {
        exception = mv_exception_new(vm, cls, NULL, 0);
    } else if (mv_has_kind(args[0], MV_KIND_TUPLE)) {
        MvTuple *tuple = MV_CAST(MvTuple, args[0]);
        exception = mv_exception_new(vm, cls, tuple->items, tuple->length);
    } else if (mv_is_exception(args[0]) && mv_is_subclass(mv_class_of(vm, args[0]), cls)) {
        exception = args[0];
    } else {
        exception = mv_exception_new(vm, cls, args, 1);
    }
    return exception == MV_EXC ? MV_EXC : mv_raise_object(vm, exception);
}

FUNCTION(getrecursionlimit)
{
    return mv_from_fixnum(vm->depth_limit);
}

static bool to_c_int(MvVM *vm, MvValue v, int64_t *out)
{
    MvValue index = mv_index(vm, v);
    if (index == MV_EXC)
        return false;
    if (mv_int_to_i64(index, out) && *out <= INT_MAX && *out >= INT_MIN)
        return true;
    mv_raise(vm, MV_EXC_OverflowError, "Python int too large to convert to C int");
    return false;
}

/* The inlined comprehensions whose places the frames are at: frames in CPython, which names a depth with them. No limit is held against them. */
static int64_t inlined_around(const MvVM *vm)
{
    int64_t count = 0;
    for (const MvValue *base = vm->base; base && base != vm->stack && base[MV_FRAME_CODE]; base = (const MvValue *)base[MV_FRAME_CALLER]) {
        const MvCode *code = (const MvCode *)base[MV_FRAME_CODE];
        int64_t word = code->inlined_count ? mv_frame_pc(base) - 1 - code->words : 0;
        for (uint32_t k = 0; k < code->inlined_count; k++)
            count += word >= code->inlined[k].start && word < code->inlined[k].end;
    }
    return count;
}

FUNCTION(setrecursionlimit)
{
    int64_t limit;
    if (!to_c_int(vm, args[0], &limit))
        return MV_EXC;
    if (limit < 1)
        return mv_value_error(vm, "recursion limit must be greater or equal than 1");
    int64_t depth = vm->depth + inlined_around(vm); /* with this call */
    if (depth >= limit)
        return mv_raise(vm, MV_EXC_RecursionError,
                        "cannot set the recursion limit to %d at the recursion depth %d: the limit is too low", limit,
                        depth);
    vm->depth_limit = (uint32_t)limit;
    return MV_NONE;
}

FUNCTION(intern)
{
    if (!mv_has_kind(args[0], MV_KIND_STR))
        return mv_type_error(vm, "intern() argument must be str, not %t", args[0]);
    if (!mv_is_exact(vm, args[0], MV_CLASS_STR))
        return mv_type_error(vm, "can't intern %T", args[0]);
    return mv_intern(vm, args[0]);
}

FUNCTION(exc_info)
{
    MvValue items[3] = {MV_NONE, MV_NONE, MV_NONE};
    for (const MvExcState *state = vm->exc_state; state; state = state->previous) {
        if (!mv_is_exception(state->exception))
            continue;
        items[0] = mv_value(mv_class_of(vm, state->exception));
        items[1] = state->exception;
        items[2] = MV_CAST(MvException, state->exception)->traceback;
        break;
    }
    return mv_tuple_from(vm, items, 3);
}

FUNCTION(get_int_max_str_digits)
{
    return mv_from_fixnum(mv_int_max_str_digits(vm));
}

FUNCTION(set_int_max_str_digits)
{
    int64_t digits;
    return to_c_int(vm, args[0], &digits) && mv_int_set_max_str_digits(vm, digits) ? MV_NONE : MV_EXC;
}

FUNCTION(getdefaultencoding)
{
    return mv_str_from_c(vm, "utf-8");
}

FUNCTION(displayhook)
{
    return mv_builtin___display__(vm, args, nargs, kwnames);
}

FUNCTION(excepthook)
{
    MvValue value = args[1], file = mv_file_standard(vm, 2);
    if (!mv_is_exception(value)) {
        mv_type_error(vm, "print_exception(): Exception expected for value, %T found", value);
        return MV_EXC;
    }
    MvException *e = MV_CAST(MvException, value);
    if (!mv_has_kind(e->traceback, MV_KIND_TRACEBACK) && mv_has_kind(args[2], MV_KIND_TRACEBACK))
        mv_store(vm, e, &e->traceback, args[2]);
    MvValue text = mv_traceback_text(vm, value);
    return text != MV_EXC && file != MV_EXC && mv_flush(vm, &vm->out) && mv_print_value(vm, file, text, false)
        ? MV_NONE : MV_EXC;
}

/* What CPython 3.11 would report for a value of this content, as far as that follows from the content. */
static int64_t cpython_size(MvVM *vm, MvValue v)
{
    if (mv_is_int_like(v)) {
        int64_t i, bits = 0;
        if (mv_int_to_i64(v, &i)) {
            uint64_t magnitude = i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
            bits = magnitude ? 64 - __builtin_clzll(magnitude) : 0;
        } else {
            const MvInt *big = MV_CAST(MvInt, v);
            int64_t limbs = big->size < 0 ? -big->size : big->size;
            bits = limbs * 64 - __builtin_clzll(big->limbs[limbs - 1]);
        }
        int64_t digits = (bits + 29) / 30;
        return 24 + 4 * (digits ? digits : 1);
    }
    if (mv_is_float_like(v))
        return 24;
    switch (mv_object(v)->kind) {
    case MV_KIND_NONE: case MV_KIND_NOTIMPLEMENTED: case MV_KIND_ELLIPSIS:
        return 16;
    case MV_KIND_STR: {
        const MvStr *s = MV_CAST(MvStr, v);
        if (s->h.aux & MV_STR_ASCII)
            return 49 + s->length;
        return 72 + ((s->length + 1) << mv_str_shift(s));
    }
    case MV_KIND_LIST: {
        const MvList *list = MV_CAST(MvList, v);
        return 56 + 8 * list->capacity;
    }
    case MV_KIND_TUPLE:
        return 40 + 8 * MV_CAST(MvTuple, v)->length;
    case MV_KIND_DICT: {
        const MvDict *dict = MV_CAST(MvDict, v);
        if (!dict->used)
            return 64;
        int64_t slots = 8, position = 0;
        bool names = true;
        MvValue key, value;
        while (mv_dict_next(dict, &position, &key, &value))
            names &= mv_has_kind(key, MV_KIND_STR) && mv_is_exact(vm, key, MV_CLASS_STR);
        while (slots * 2 / 3 < dict->used)
            slots *= 2;
        int64_t index = slots <= 128 ? 1 : slots <= 32768 ? 2 : slots <= (int64_t)1 << 31 ? 4 : 8;
        return 96 + slots * index + slots * 2 / 3 * (names ? 16 : 24);
    }
    case MV_KIND_SET: case MV_KIND_FROZENSET: {
        const MvSet *set = MV_CAST(MvSet, v);
        int64_t slots = set->table ? set->table->mask + 1 : 8;
        return slots <= 8 ? 216 : 216 + slots * 16;
    }
    case MV_KIND_RANGE:
        return 48;
    case MV_KIND_FUNCTION:
        return 144;
    case MV_KIND_BUILTIN:
        return 72;
    case MV_KIND_METHOD:
        return 64;
    case MV_KIND_CLASS:
        return 1072;
    case MV_KIND_MODULE:
        return 72;
    case MV_KIND_GENERATOR:
        return 112;
    case MV_KIND_EXCEPTION:
        return 72;
    case MV_KIND_SLICE:
        return 56;
    default:
        return mv_object_has_slots(vm, v) ? 56 : 48;
    }
}

FUNCTION(getsizeof)
{
    MvClass *cls = mv_class_of(vm, args[0]);
    MvValue method = cls->flags & MV_CLASSF_BUILTIN ? MV_UNASSIGNED : mv_special(vm, cls, MV_SP_SIZEOF);
    if (method == MV_UNASSIGNED || mv_is_inherited(vm, cls, method, MV_SP_SIZEOF))
        return cls->id == MV_CLASS_OBJECT ? mv_from_fixnum(16) : mv_int_from_i64(vm, cpython_size(vm, args[0]));
    MvValue size = mv_call_special(vm, method, args[0], NULL, 0);
    if (size != MV_EXC && !mv_is_int_like(size))
        size = mv_type_error(vm, "an integer is required");
    if (size == MV_EXC) {
        if (args[1] == MV_UNASSIGNED || !mv_exception_is(vm, MV_EXC_TypeError))
            return MV_EXC;
        mv_exception_take(vm);
        return args[1];
    }
    if (mv_int_sign(size) < 0)
        return mv_value_error(vm, "__sizeof__() should return >= 0");
    return size;
}

#define PLAIN(name, min, max) {#name, sys_##name, min, max, MV_DEF_ANY_SELF, NULL}
static const MvMethodDef functions[] = {
    PLAIN(displayhook, 1, 1),
    PLAIN(exc_info, 0, 0),
    PLAIN(excepthook, 3, 3),
    PLAIN(exit, 0, 1),
    PLAIN(get_int_max_str_digits, 0, 0),
    PLAIN(getdefaultencoding, 0, 0),
    {"getfilesystemencoding", sys_getdefaultencoding, 0, 0, MV_DEF_ANY_SELF, NULL},
    PLAIN(getrecursionlimit, 0, 0),
    {"getsizeof", sys_getsizeof, 0, -1, MV_DEF_ANY_SELF | MV_DEF_COUNTED, "object,default?"},
    PLAIN(intern, 1, 1),
    {"set_int_max_str_digits", sys_set_int_max_str_digits, 0, -1, MV_DEF_ANY_SELF, "maxdigits"},
    PLAIN(setrecursionlimit, 1, 1),
    {MV_STRUCT_REPR, mv_struct_repr, 0, 0, 0, NULL},
    {MV_STRUCT_NEW, mv_struct_make, 0, -1, MV_DEF_ANY_SELF | MV_DEF_RAW_KEYWORDS, NULL},
    {MV_STRUCT_REFUSE, mv_struct_refuse, 0, -1, MV_DEF_ANY_SELF | MV_DEF_RAW_KEYWORDS, NULL},
    {MV_NAMESPACE_REPR, mv_simple_namespace_repr, 0, 0, 0, NULL},
    {0},
};

/* ---- constants ---- */

static const MvGetSetDef version_fields[] = {
    MV_STRUCT_FIELD(0, "major"), MV_STRUCT_FIELD(1, "minor"), MV_STRUCT_FIELD(2, "micro"),
        MV_STRUCT_FIELD(3, "releaselevel"),
    MV_STRUCT_FIELD(4, "serial"), {0}};
static const MvGetSetDef float_fields[] = {
    MV_STRUCT_FIELD(0, "max"), MV_STRUCT_FIELD(1, "max_exp"), MV_STRUCT_FIELD(2, "max_10_exp"),
        MV_STRUCT_FIELD(3, "min"),
    MV_STRUCT_FIELD(4, "min_exp"), MV_STRUCT_FIELD(5, "min_10_exp"), MV_STRUCT_FIELD(6, "dig"),
        MV_STRUCT_FIELD(7, "mant_dig"),
    MV_STRUCT_FIELD(8, "epsilon"), MV_STRUCT_FIELD(9, "radix"), MV_STRUCT_FIELD(10, "rounds"), {0}};
static const MvGetSetDef int_fields[] = {
    MV_STRUCT_FIELD(0, "bits_per_digit"), MV_STRUCT_FIELD(1, "sizeof_digit"),
        MV_STRUCT_FIELD(2, "default_max_str_digits"),
    MV_STRUCT_FIELD(3, "str_digits_check_threshold"), {0}};
static const MvGetSetDef hash_fields[] = {
    MV_STRUCT_FIELD(0, "width"), MV_STRUCT_FIELD(1, "modulus"), MV_STRUCT_FIELD(2, "inf"), MV_STRUCT_FIELD(3, "nan"),
    MV_STRUCT_FIELD(4, "imag"), MV_STRUCT_FIELD(5, "algorithm"), MV_STRUCT_FIELD(6, "hash_bits"),
        MV_STRUCT_FIELD(7, "seed_bits"),
    MV_STRUCT_FIELD(8, "cutoff"), {0}};
static const MvGetSetDef flag_fields[] = {
    MV_STRUCT_FIELD(0, "debug"), MV_STRUCT_FIELD(1, "inspect"), MV_STRUCT_FIELD(2, "interactive"),
        MV_STRUCT_FIELD(3, "optimize"),
    MV_STRUCT_FIELD(4, "dont_write_bytecode"), MV_STRUCT_FIELD(5, "no_user_site"), MV_STRUCT_FIELD(6, "no_site"),
    MV_STRUCT_FIELD(7, "ignore_environment"), MV_STRUCT_FIELD(8, "verbose"), MV_STRUCT_FIELD(9, "bytes_warning"),
    MV_STRUCT_FIELD(10, "quiet"), MV_STRUCT_FIELD(11, "hash_randomization"), MV_STRUCT_FIELD(12, "isolated"),
    MV_STRUCT_FIELD(13, "dev_mode"), MV_STRUCT_FIELD(14, "utf8_mode"), MV_STRUCT_FIELD(15, "warn_default_encoding"),
    MV_STRUCT_FIELD(16, "safe_path"), MV_STRUCT_FIELD(17, "int_max_str_digits"), {0}};

static bool set(MvVM *vm, MvModule *module, const char *name, MvValue value)
{
    MvValue key = value == MV_EXC ? MV_EXC : mv_intern_c(vm, name);
    return key != MV_EXC && mv_module_set(vm, module, key, value);
}

static MvValue structure(MvVM *vm, const char *name, const MvGetSetDef *fields, const MvValue *items)
{
    int count = 0;
    for (; fields[count].name; count++) {
        if (items[count] == MV_EXC)
            return MV_EXC;
    }
    MvValue cls = mv_struct_class_new(vm, "sys", name, fields, count, false);
    return cls == MV_EXC ? MV_EXC : mv_struct_new(vm, cls, items, count);
}

static bool set_structures(MvVM *vm, MvModule *module)
{
#define N(i) mv_int_from_i64(vm, i)
    MvValue version[] = {N(3), N(11), N(7), mv_str_from_c(vm, "final"), N(0)};
    MvValue floats[] = {mv_float_new(vm, DBL_MAX), N(DBL_MAX_EXP), N(DBL_MAX_10_EXP), mv_float_new(vm, DBL_MIN),
                        N(DBL_MIN_EXP),
                        N(DBL_MIN_10_EXP), N(DBL_DIG), N(DBL_MANT_DIG), mv_float_new(vm, DBL_EPSILON), N(2), N(1)};
    MvValue ints[] = {N(30), N(4), N(4300), N(640)};
    MvValue hashes[] = {N(64), N(((int64_t)1 << 61) - 1), N(314159), N(0), N(1000003), mv_str_from_c(vm, "siphash13"),
                        N(64), N(128), N(0)};
    MvValue flags[] = {N(0), N(0), N(0), N(0), N(0), N(0), N(0), N(0), N(0), N(0), N(0), N(0), N(0), MV_FALSE, N(0),
                       N(0), MV_FALSE, N(-1)};
#undef N
    MvValue version_info = structure(vm, "version_info", version_fields, version);
    if (!set(vm, module, "version_info", version_info) ||
        !set(vm, module, "float_info", structure(vm, "float_info", float_fields, floats)) ||
        !set(vm, module, "int_info", structure(vm, "int_info", int_fields, ints)) ||
        !set(vm, module, "hash_info", structure(vm, "hash_info", hash_fields, hashes)) ||
        !set(vm, module, "flags", structure(vm, "flags", flag_fields, flags)))
        return false;
    MvValue implementation = mv_simple_namespace_new(vm);
    if (implementation == MV_EXC)
        return false;
    const char *const names[] = {"name", "cache_tag", "version", "hexversion"};
    MvValue values[] = {mv_str_from_c(vm, "minivm"), MV_NONE, version_info, mv_from_fixnum(0x030B07F0)};
    for (int i = 0; i < 4; i++) {
        MvValue key = values[i] == MV_EXC ? MV_EXC : mv_intern_c(vm, names[i]);
        if (key == MV_EXC || !mv_set_attr(vm, implementation, key, values[i]))
            return false;
    }
    return set(vm, module, "implementation", implementation);
}

/* File-system bytes: UTF-8, other bytes as lone surrogates. */
static MvValue from_bytes(MvVM *vm, const char *bytes)
{
    if (!bytes)
        return vm->empty_str;
    int64_t count = (int64_t)strlen(bytes);
    MvValue text = mv_str_from_utf8(vm, bytes, count);
    if (text != MV_EXC || vm->ending != MV_END_NONE || mv_exception_is(vm, MV_EXC_MemoryError))
        return text;
    mv_exception_take(vm);
    MvBuilder b;
    mv_builder_begin(vm, &b);
    for (int64_t i = 0; i < count; i++) {
        uint8_t c = (uint8_t)bytes[i];
        mv_builder_char(&b, c < 0x80 ? c : 0xDC00u + c);
    }
    return mv_builder_end(&b);
}

/* What stands under a second name, so that a program finds it again when it has put its own in the place of the first. */
static bool set_doubles(MvVM *vm, MvModule *module)
{
    static const char *const hooks[][2] = {{"excepthook", "__excepthook__"}, {"displayhook", "__displayhook__"}};
    static const char *const names[][2] = {{"stdin", "__stdin__"}, {"stdout", "__stdout__"}, {"stderr", "__stderr__"}};
    for (int i = 0; i < 3; i++) {
        MvValue file = mv_file_standard(vm, i);
        if (!set(vm, module, names[i][0], file) || !set(vm, module, names[i][1], file))
            return false;
    }
    for (int i = 0; i < 2; i++)
        if (!set(vm, module, hooks[i][1], mv_module_get(vm, module, mv_intern_c(vm, hooks[i][0]))))
            return false;
    return true;
}

static MvValue modules_view(MvVM *vm)
{
    return mv_namespace_new(vm, mv_value(vm->modules));
}

static bool init(MvVM *vm, MvModule *module)
{
    MvValue entry = from_bytes(vm, mv_host_path_entry(vm));
    MvValue path = entry == MV_EXC ? MV_EXC : mv_list_from(vm, &entry, 1);
    MvValue argv = mv_has_kind(vm->argv, MV_KIND_LIST) ? vm->argv : mv_list_from(vm, &vm->empty_str, 1);
    return set(vm, module, MV_STRUCT_REPR, MV_UNASSIGNED) && set(vm, module, MV_NAMESPACE_REPR, MV_UNASSIGNED) &&
           set(vm, module, MV_STRUCT_NEW, MV_UNASSIGNED) && set(vm, module, MV_STRUCT_REFUSE, MV_UNASSIGNED) &&
           set_structures(vm, module) && set_doubles(vm, module) && set(vm, module, "path", path) &&
               set(vm, module, "argv", argv) &&
           set(vm, module, "executable", from_bytes(vm, mv_host_executable(vm))) &&
               set(vm, module, "modules", modules_view(vm)) &&
           set(vm, module, "maxsize", mv_int_from_i64(vm, INT64_MAX)) &&
               set(vm, module, "maxunicode", mv_from_fixnum(0x10FFFF)) &&
           set(vm, module, "byteorder", mv_str_from_c(vm, "little")) &&
               set(vm, module, "platform", mv_str_from_c(vm, "linux")) &&
           set(vm, module, "version", mv_str_from_c(vm, "3.11.7 (minivm)")) &&
               set(vm, module, "hexversion", mv_from_fixnum(0x030B07F0)) &&
           set(vm, module, "float_repr_style", mv_str_from_c(vm, "short")) &&
           set(vm, module, "copyright", mv_str_from_c(vm, "minivm runs Mini, a subset of Python 3.11."));
}

const MvModuleDef mv_module_sys = {
    .name = "sys",
    .functions = functions,
    .init = init
};
