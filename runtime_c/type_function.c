/* The classes of functions: Mini functions, builtin functions and method descriptors, bound methods, cells, code. */
#include "class.h"
#include "errors.h"
#include "function.h"
#include "sequence.h"
#include "interp.h"
#include <stdio.h>

static MvValue with_address(MvVM *vm, const char *format, MvValue name, MvValue self)
{
    char address[24];
    snprintf(address, sizeof address, "0x%012llx", (unsigned long long)(self & ~(MvValue)3));
    return mv_format_message(vm, format, name, address);
}

/* ---- function ---- */

static MvFunction *fn(MvValue v) { return MV_CAST(MvFunction, v); }
static MvValue function_repr(MvVM *vm, MvValue self) { return with_address(vm, "<function %S at %s>", fn(self)->qualname, self); }
static MvValue function_call(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames) { return mv_interpret(vm, self, args, nargs, kwnames); }
static MvValue function_get(MvVM *vm, MvValue self, MvValue instance, MvValue cls)
{
    (void)cls;
    return instance == MV_UNASSIGNED ? self : mv_method_new(vm, self, instance);
}

#define FUNCTION_GET(field) static MvValue get_##field(MvVM *vm, MvValue self) { (void)vm; return fn(self)->field; }
FUNCTION_GET(name) FUNCTION_GET(qualname) FUNCTION_GET(doc) FUNCTION_GET(defaults) FUNCTION_GET(kwdefaults) FUNCTION_GET(module_name)
static bool set_text(MvVM *vm, MvValue self, MvValue value, MvValue *field, const char *name)
{
    if (!mv_is_kind(value, MV_KIND_STR)) {
        mv_type_error(vm, "%s must be set to a string object", name);
        return false;
    }
    mv_store(vm, fn(self), field, value);
    return true;
}
static bool set_name(MvVM *vm, MvValue self, MvValue v) { return set_text(vm, self, v, &fn(self)->name, "__name__"); }
static bool set_qualname(MvVM *vm, MvValue self, MvValue v) { return set_text(vm, self, v, &fn(self)->qualname, "__qualname__"); }
static bool set_doc(MvVM *vm, MvValue self, MvValue v) { mv_store(vm, fn(self), &fn(self)->doc, v == MV_UNASSIGNED ? MV_NONE : v); return true; }
static bool set_module(MvVM *vm, MvValue self, MvValue v) { mv_store(vm, fn(self), &fn(self)->module_name, v == MV_UNASSIGNED ? MV_NONE : v); return true; }
static bool set_defaults(MvVM *vm, MvValue self, MvValue v)
{
    if (v != MV_UNASSIGNED && v != MV_NONE && !mv_is_kind(v, MV_KIND_TUPLE)) {
        mv_type_error(vm, "__defaults__ must be set to a tuple object");
        return false;
    }
    if (v != MV_UNASSIGNED && v != MV_NONE && MV_CAST(MvTuple, v)->length > fn(self)->code->positional) {
        mv_raise_refused(vm, "more defaults than parameters");
        return false;
    }
    mv_store(vm, fn(self), &fn(self)->defaults, v == MV_UNASSIGNED ? MV_NONE : v);
    return true;
}
static bool refuse_namespace(MvVM *vm, MvValue v)
{
    if (v == MV_UNASSIGNED || !mv_is_exactly(vm, v, MV_CLASS_NAMESPACE_DICT))
        return false;
    mv_raise_refused(vm, "a namespace (globals(), __dict__ or vars()) as __kwdefaults__ or __annotations__");
    return true;
}
static bool set_kwdefaults(MvVM *vm, MvValue self, MvValue v)
{
    if (refuse_namespace(vm, v))
        return false;
    if (v != MV_UNASSIGNED && v != MV_NONE && !mv_is_kind(v, MV_KIND_DICT)) {
        mv_type_error(vm, "__kwdefaults__ must be set to a dict object");
        return false;
    }
    mv_store(vm, fn(self), &fn(self)->kwdefaults, v == MV_UNASSIGNED ? MV_NONE : v);
    return true;
}
static MvValue get_annotations(MvVM *vm, MvValue self)
{
    if (fn(self)->annotations == MV_NONE) {
        MvValue dict = mv_dict_new(vm);
        if (dict == MV_EXC)
            return MV_EXC;
        mv_store(vm, fn(self), &fn(self)->annotations, dict);
    }
    return fn(self)->annotations;
}
static bool set_annotations(MvVM *vm, MvValue self, MvValue v)
{
    if (refuse_namespace(vm, v))
        return false;
    if (v != MV_UNASSIGNED && v != MV_NONE && !mv_is_kind(v, MV_KIND_DICT)) {
        mv_type_error(vm, "__annotations__ must be set to a dict object");
        return false;
    }
    mv_store(vm, fn(self), &fn(self)->annotations, v == MV_UNASSIGNED ? MV_NONE : v);
    return true;
}
static MvValue get_code(MvVM *vm, MvValue self) { (void)vm; return mv_value(fn(self)->code); }
static MvValue get_closure(MvVM *vm, MvValue self) { (void)vm; return fn(self)->closure ? mv_value(fn(self)->closure) : MV_NONE; }
static MvValue get_globals(MvVM *vm, MvValue self) { return mv_namespace_new(vm, mv_value(fn(self)->module)); }
static MvValue function_dict(MvVM *vm, MvValue self)
{
    if (fn(self)->attributes == MV_UNASSIGNED) {
        MvValue dict = mv_dict_new(vm);
        if (dict == MV_EXC)
            return MV_EXC;
        mv_store(vm, fn(self), &fn(self)->attributes, dict);
    }
    return fn(self)->attributes;
}
static MvValue get_dict(MvVM *vm, MvValue self)
{
    MvValue dict = function_dict(vm, self);
    return dict == MV_EXC ? MV_EXC : mv_namespace_new(vm, dict);
}
static bool set_dict(MvVM *vm, MvValue self, MvValue v) { (void)self, (void)v; mv_raise_refused(vm, "assignment to __dict__"); return false; }

static MvValue function_get_attr(MvVM *vm, MvValue self, MvValue name)
{
    bool absent;
    if (fn(self)->attributes != MV_UNASSIGNED) {
        MvDictEntry *entry = mv_dict_find_name(MV_CAST(MvDict, fn(self)->attributes), name);
        MvValue on_class = entry ? mv_class_lookup(vm, vm->classes[MV_CLASS_FUNCTION], name) : MV_UNASSIGNED;
        if (entry && !mv_is_kind(on_class, MV_KIND_GETSET))
            return entry->value;
    }
    MvValue value = mv_generic_get_attr(vm, self, name, &absent);
    return absent ? mv_raise_attribute_error(vm, self, name, "'function' object has no attribute '%S'", name) : value;
}

static bool function_set_attr(MvVM *vm, MvValue self, MvValue name, MvValue value)
{
    MvValue on_class = mv_class_lookup(vm, vm->classes[MV_CLASS_FUNCTION], name);
    if (mv_is_kind(on_class, MV_KIND_GETSET))
        return mv_generic_set_attr(vm, self, name, value);
    if (value == MV_UNASSIGNED) {
        int deleted = fn(self)->attributes == MV_UNASSIGNED ? 0 : mv_dict_delete(vm, MV_CAST(MvDict, fn(self)->attributes), name);
        if (deleted == 0)
            mv_raise(vm, MV_EXC_AttributeError, "'function' object has no attribute '%S'", name);
        return deleted > 0;
    }
    MvValue dict = function_dict(vm, self);
    return dict != MV_EXC && mv_dict_set(vm, MV_CAST(MvDict, dict), name, value);
}

static const MvGetSetDef function_getsets[] = {
    {"__name__", get_name, set_name}, {"__qualname__", get_qualname, set_qualname}, {"__doc__", get_doc, set_doc}, {"__module__", get_module_name, set_module},
    {"__defaults__", get_defaults, set_defaults}, {"__kwdefaults__", get_kwdefaults, set_kwdefaults}, {"__annotations__", get_annotations, set_annotations},
    {"__code__", get_code, NULL}, {"__closure__", get_closure, mv_member_read_only}, {"__globals__", get_globals, mv_member_read_only}, {"__dict__", get_dict, set_dict}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_FUNCTION = {.kind = MV_KIND_FUNCTION, .size = sizeof(MvFunction), .repr = function_repr, .call = function_call,
                                    .descriptor_get = function_get, .get_attr = function_get_attr, .set_attr = function_set_attr, .getsets = function_getsets};

/* ---- builtin functions and descriptors ---- */

static MvBuiltin *bi(MvValue v) { return MV_CAST(MvBuiltin, v); }

static MvValue builtin_call(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames)
{
    int64_t total = nargs + (kwnames ? MV_CAST(MvTuple, kwnames)->length : 0);
    if (bi(self)->self == MV_UNASSIGNED)
        return mv_builtin_call_counted(vm, self, args, nargs, kwnames);
    MvValue few[16], *all = few; /* room for self in front */
    if (total > 15) {
        MvTuple *tuple = mv_tuple_new(vm, total + 1);
        if (!tuple)
            return MV_EXC;
        all = tuple->items;
    }
    if (total)
        memcpy(all + 1, args, (size_t)total * sizeof *args);
    return mv_builtin_call_counted(vm, self, all + 1, nargs, kwnames);
}

static MvValue owner_name(MvVM *vm, MvValue self) { return vm->classes[bi(self)->owner]->name; }

static MvValue builtin_repr(MvVM *vm, MvValue self)
{
    const MvMethodDef *def = mv_builtin_def(bi(self)->id);
    if (bi(self)->self == MV_UNASSIGNED && !(bi(self)->owner < MV_CLASS_COUNT))
        return mv_format_message(vm, "<built-in function %s>", def->name);
    if (bi(self)->self == MV_UNASSIGNED) {
        MvValue owner = mv_value(vm->classes[bi(self)->owner]);
        char address[24];
        snprintf(address, sizeof address, "0x%012llx", (unsigned long long)(owner & ~(MvValue)3));
        return mv_format_message(vm, "<built-in method %s of type object at %s>", def->name, address);
    }
    if (mv_is_kind(bi(self)->self, MV_KIND_MODULE))
        return mv_format_message(vm, "<built-in function %s>", def->name);
    char address[24];
    snprintf(address, sizeof address, "0x%012llx", (unsigned long long)(bi(self)->self & ~(MvValue)3));
    return mv_format_message(vm, "<built-in method %s of %T object at %s>", def->name, bi(self)->self, address);
}
static MvValue descriptor_repr(MvVM *vm, MvValue self)
{
    const char *kind = mv_object(self)->shape == MV_CLASS_WRAPPERDESCRIPTOR ? "slot wrapper" : "method";
    return mv_format_message(vm, "<%s '%s' of '%N' objects>", kind, mv_builtin_def(bi(self)->id)->name, vm->classes[bi(self)->owner]);
}
static MvValue wrapper_repr(MvVM *vm, MvValue self)
{
    char address[24];
    snprintf(address, sizeof address, "0x%012llx", (unsigned long long)(bi(self)->self & ~(MvValue)3));
    return mv_format_message(vm, "<method-wrapper '%s' of %T object at %s>", mv_builtin_def(bi(self)->id)->name, bi(self)->self, address);
}

static MvValue descriptor_get(MvVM *vm, MvValue self, MvValue instance, MvValue cls)
{
    (void)cls;
    if (instance == MV_UNASSIGNED)
        return self;
    MvClass *owner = vm->classes[bi(self)->owner];
    if (!mv_is_subclass(mv_class_of(vm, instance), owner) && !mv_is_subclass(mv_shown_class(vm, instance), owner))
        return mv_type_error(vm, "descriptor '%s' for '%N' objects doesn't apply to a '%T' object", mv_builtin_def(bi(self)->id)->name, owner, instance);
    int bound = mv_object(self)->shape == MV_CLASS_WRAPPERDESCRIPTOR ? MV_CLASS_METHODWRAPPER : MV_CLASS_BUILTIN;
    return mv_builtin_make(vm, bound, bi(self)->id, bi(self)->owner, instance);
}
static MvValue class_descriptor_get(MvVM *vm, MvValue self, MvValue instance, MvValue cls)
{
    MvValue target = cls == MV_NONE || cls == MV_UNASSIGNED ? mv_value(mv_class_of(vm, instance)) : cls;
    if (!mv_class_method_applies(vm, self, target))
        return MV_EXC;
    return mv_builtin_make(vm, MV_CLASS_BUILTIN, bi(self)->id, bi(self)->owner, target);
}
static MvValue builtin_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    (void)vm;
    if ((op != MV_COMPARE_EQ && op != MV_COMPARE_NE) || !mv_is_kind(b, MV_KIND_BUILTIN))
        return MV_NOTIMPLEMENTED;
    bool same = bi(a)->id == bi(b)->id && bi(a)->owner == bi(b)->owner && bi(a)->self == bi(b)->self;
    return mv_bool(same == (op == MV_COMPARE_EQ));
}
static bool builtin_hash(MvVM *vm, MvValue self, uint64_t *hash)
{
    (void)vm;
    *hash = (bi(self)->id * 0x9E3779B97F4A7C15u ^ bi(self)->self >> 4 ^ (uint64_t)bi(self)->owner << 40) >> 2;
    return true;
}

static MvValue builtin_name(MvVM *vm, MvValue self) { return mv_intern_c(vm, mv_builtin_def(bi(self)->id)->name); }
static MvValue builtin_qualname(MvVM *vm, MvValue self)
{
    const char *name = mv_builtin_def(bi(self)->id)->name;
    MvValue of = bi(self)->self;
    if (of != MV_UNASSIGNED && mv_object(self)->shape == MV_CLASS_BUILTIN && !mv_is_kind(of, MV_KIND_MODULE))
        return mv_format_message(vm, "%S.%s", (mv_is_kind(of, MV_KIND_CLASS) ? MV_CAST(MvClass, of) : mv_class_of(vm, of))->qualname, name);
    if (bi(self)->owner < MV_CLASS_COUNT)
        return mv_format_message(vm, "%S.%s", owner_name(vm, self), name);
    return mv_intern_c(vm, name);
}
static MvValue builtin_doc(MvVM *vm, MvValue self)
{
    (void)vm, (void)self;
    return MV_NONE; /* docs/language.md */
}
static MvValue builtin_self(MvVM *vm, MvValue self)
{
    if (bi(self)->self == MV_UNASSIGNED)
        return bi(self)->owner < MV_CLASS_COUNT ? mv_value(vm->classes[bi(self)->owner]) : mv_value(vm->builtins);
    return bi(self)->self;
}
static MvValue builtin_module(MvVM *vm, MvValue self) { (void)vm; return bi(self)->module_name; }
static MvValue descriptor_objclass(MvVM *vm, MvValue self) { return mv_value(vm->classes[bi(self)->owner]); }
static MvValue no_signature(MvVM *vm, MvValue self) { (void)vm, (void)self; return MV_NONE; }

static const MvGetSetDef builtin_getsets[] = {{"__name__", builtin_name, NULL}, {"__qualname__", builtin_qualname, NULL}, {"__doc__", builtin_doc, NULL},
    {"__self__", builtin_self, NULL}, {"__module__", builtin_module, NULL}, {"__text_signature__", no_signature, NULL}, {NULL, NULL, NULL}};
static const MvGetSetDef descriptor_getsets[] = {{"__name__", builtin_name, NULL}, {"__qualname__", builtin_qualname, NULL}, {"__doc__", builtin_doc, NULL},
    {"__objclass__", descriptor_objclass, NULL}, {"__text_signature__", no_signature, NULL}, {NULL, NULL, NULL}};
static const MvGetSetDef wrapper_getsets[] = {{"__name__", builtin_name, NULL}, {"__qualname__", builtin_qualname, NULL}, {"__doc__", builtin_doc, NULL},
    {"__self__", builtin_self, NULL}, {"__objclass__", descriptor_objclass, NULL}, {NULL, NULL, NULL}};
/* A class has each descriptor once, so that they compare by identity; what is bound to an object is made anew each time. */
#define BUILTIN_COMMON .kind = MV_KIND_BUILTIN, .size = sizeof(MvBuiltin), .call = builtin_call
#define BOUND_COMMON BUILTIN_COMMON, .compare = builtin_compare, .hash = builtin_hash
const MvTypeDef mv_type_BUILTIN = {BOUND_COMMON, .repr = builtin_repr, .getsets = builtin_getsets};
const MvTypeDef mv_type_METHODDESCRIPTOR = {BUILTIN_COMMON, .repr = descriptor_repr, .descriptor_get = descriptor_get, .getsets = descriptor_getsets};
const MvTypeDef mv_type_WRAPPERDESCRIPTOR = {BUILTIN_COMMON, .repr = descriptor_repr, .descriptor_get = descriptor_get, .getsets = descriptor_getsets};
const MvTypeDef mv_type_CLASSMETHODDESCRIPTOR = {BUILTIN_COMMON, .repr = descriptor_repr, .descriptor_get = class_descriptor_get, .getsets = descriptor_getsets};
const MvTypeDef mv_type_METHODWRAPPER = {BOUND_COMMON, .repr = wrapper_repr, .getsets = wrapper_getsets};

/* ---- bound methods ---- */

static MvMethod *me(MvValue v) { return MV_CAST(MvMethod, v); }
static MvValue method_repr(MvVM *vm, MvValue self)
{
    MvValue name = mv_get_attr_or(vm, me(self)->function, vm->names->n___qualname__);
    if (name == MV_UNASSIGNED)
        name = mv_get_attr_or(vm, me(self)->function, vm->names->n___name__);
    if (name == MV_EXC)
        return MV_EXC;
    return name == MV_UNASSIGNED || !mv_is_kind(name, MV_KIND_STR) ? mv_format_message(vm, "<bound method ? of %R>", me(self)->self)
                                                                    : mv_format_message(vm, "<bound method %S of %R>", name, me(self)->self);
}
static MvValue method_call(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_call_with_self(vm, me(self)->function, me(self)->self, args, nargs, kwnames);
}
static MvValue method_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    if ((op != MV_COMPARE_EQ && op != MV_COMPARE_NE) || !mv_is_kind(b, MV_KIND_METHOD))
        return MV_NOTIMPLEMENTED;
    int equal = me(a)->self == me(b)->self ? mv_equal(vm, me(a)->function, me(b)->function) : 0;
    return equal < 0 ? MV_EXC : mv_bool(equal == (op == MV_COMPARE_EQ));
}
static bool method_hash(MvVM *vm, MvValue self, uint64_t *hash)
{
    if (!mv_hash(vm, me(self)->function, hash))
        return false;
    *hash ^= me(self)->self >> 4;
    return true;
}
static MvValue method_function(MvVM *vm, MvValue self) { (void)vm; return me(self)->function; }
static MvValue method_self(MvVM *vm, MvValue self) { (void)vm; return me(self)->self; }
static MvValue method_get_attr(MvVM *vm, MvValue self, MvValue name)
{
    if (mv_class_lookup(vm, vm->classes[MV_CLASS_METHOD], name) != MV_UNASSIGNED)
        return mv_generic_get_attr(vm, self, name, NULL);
    return mv_get_attr(vm, me(self)->function, name);
}
static MvValue method_doc(MvVM *vm, MvValue self) { return mv_get_attr(vm, me(self)->function, vm->names->n___doc__); }
static MvValue method_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)cls;
    if (!mv_keywords_none(vm, "method", kwnames) || !mv_count_args(vm, "method", nargs, 2, 2))
        return MV_EXC;
    if (!mv_is_callable(vm, args[0]))
        return mv_type_error(vm, "first argument must be callable");
    if (args[1] == MV_NONE)
        return mv_type_error(vm, "instance must not be None");
    return mv_method_new(vm, args[0], args[1]);
}
static const MvGetSetDef method_getsets[] = {{"__func__", method_function, mv_member_read_only}, {"__self__", method_self, mv_member_read_only}, {"__doc__", method_doc, NULL}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_METHOD = {.kind = MV_KIND_METHOD, .size = sizeof(MvMethod), .repr = method_repr, .call = method_call, .compare = method_compare, .make = method_make,
                                  .hash = method_hash, .get_attr = method_get_attr, .set_attr = mv_generic_set_attr, .getsets = method_getsets};

/* ---- cells, code ---- */

static MvValue cell_contents(MvVM *vm, MvValue self)
{
    MvValue value = MV_CAST(MvCell, self)->value;
    return value == MV_UNASSIGNED ? mv_value_error(vm, "Cell is empty") : value;
}
static bool cell_set(MvVM *vm, MvValue self, MvValue value) { mv_store(vm, mv_object(self), &MV_CAST(MvCell, self)->value, value); return true; }
static MvValue cell_repr(MvVM *vm, MvValue self)
{
    char address[24];
    snprintf(address, sizeof address, "0x%012llx", (unsigned long long)(self & ~(MvValue)3));
    MvValue value = MV_CAST(MvCell, self)->value;
    if (value == MV_UNASSIGNED)
        return mv_format_message(vm, "<cell at %s: empty>", address);
    char content[24];
    snprintf(content, sizeof content, "0x%012llx", (unsigned long long)(value & ~(MvValue)3));
    return mv_format_message(vm, "<cell at %s: %T object at %s>", address, value, content);
}
static const MvGetSetDef cell_getsets[] = {{"cell_contents", cell_contents, cell_set}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_CELL = {.kind = MV_KIND_CELL, .size = sizeof(MvCell), .repr = cell_repr, .getsets = cell_getsets};

static MvCode *co(MvValue v) { return MV_CAST(MvCode, v); }
static MvValue code_name(MvVM *vm, MvValue self) { (void)vm; return co(self)->name; }
static MvValue code_qualname(MvVM *vm, MvValue self) { (void)vm; return co(self)->qualname; }
static MvValue code_filename(MvVM *vm, MvValue self) { (void)vm; return co(self)->module ? co(self)->module->file : MV_NONE; }
static MvValue code_first_line(MvVM *vm, MvValue self) { return mv_int_from_i64(vm, co(self)->first_line); }
static MvValue code_argcount(MvVM *vm, MvValue self) { return mv_int_from_i64(vm, co(self)->positional); }
static MvValue code_kwonly(MvVM *vm, MvValue self) { return mv_int_from_i64(vm, co(self)->keyword_only); }
static MvValue code_posonly(MvVM *vm, MvValue self) { return mv_int_from_i64(vm, co(self)->positional_only); }
static int64_t code_parameters(const MvCode *code)
{
    return code->parameter_count + !!(code->flags & MV_CODE_VARARGS) + !!(code->flags & MV_CODE_VARKEYWORDS);
}
static uint32_t code_locals(const MvCode *code) { return code->variable_groups ? code->variable_ends[0] : 0; }
static MvValue code_nlocals(MvVM *vm, MvValue self) { return mv_int_from_i64(vm, code_parameters(co(self)) + code_locals(co(self))); }
/* The names as CPython has them, in its order. */
static MvValue code_varnames(MvVM *vm, MvValue self)
{
    const MvCode *code = co(self);
    int64_t parameters = code_parameters(code);
    uint32_t locals = code_locals(code);
    MvTuple *names = mv_tuple_new(vm, parameters + locals);
    if (!names)
        return MV_EXC;
    for (int64_t i = 0; i < parameters; i++)
        names->items[i] = code->parameter_names[i];
    for (uint32_t i = 0; i < locals; i++)
        names->items[parameters + i] = code->variables[i];
    return mv_value(names);
}
static MvValue code_cellvars(MvVM *vm, MvValue self) { return mv_tuple_from(vm, co(self)->captured, co(self)->captured_count); }
static MvValue code_flags(MvVM *vm, MvValue self)
{
    static const struct Flag { uint32_t ours, bit; } flags[] = {{MV_CODE_VARARGS, 4}, {MV_CODE_VARKEYWORDS, 8}, {MV_CODE_NESTED, 16}, {MV_CODE_GENERATOR, 32},
        {MV_CODE_FUTURE_ANNOTATIONS, 0x1000000}};
    const bool function = !(co(self)->flags & (MV_CODE_MODULE | MV_CODE_CLASS_BODY));
    int64_t all = function ? 1 | 2 : 0; /* CO_OPTIMIZED, CO_NEWLOCALS */
    for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++)
        if (co(self)->flags & flags[i].ours && (function || flags[i].ours == MV_CODE_FUTURE_ANNOTATIONS))
            all |= flags[i].bit;
    return mv_int_from_i64(vm, all);
}
/* What is about CPython's bytecode. */
#define HIDDEN(X) \
    X(co_names) X(co_consts) X(co_stacksize) X(co_code) X(co_lnotab) X(co_linetable) X(co_exceptiontable)
#define HIDDEN_METHODS(X) X(co_lines) X(co_positions) X(replace)
#define REFUSE(name) static MvValue refuse_##name(MvVM *vm, MvValue self) { (void)self; return mv_raise_refused(vm, #name " of a code object"); }
HIDDEN(REFUSE)
#define REFUSE_CALL(name) \
    static MvValue refuse_##name(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)args, (void)nargs, (void)kwnames; return mv_raise_refused(vm, #name "() of a code object"); }
HIDDEN_METHODS(REFUSE_CALL)
#define METHOD_ROW(name) {#name, refuse_##name, 0, -1, MV_DEF_RAW_KEYWORDS, NULL},
static const MvMethodDef code_methods[] = {HIDDEN_METHODS(METHOD_ROW) {0}};
#define GETSET_ROW(name) {#name, refuse_##name, NULL},
static MvValue code_freevars(MvVM *vm, MvValue self) { return mv_tuple_from(vm, co(self)->free_names, co(self)->free_count); }
static MvValue code_repr(MvVM *vm, MvValue self)
{
    char address[24];
    snprintf(address, sizeof address, "0x%012llx", (unsigned long long)(self & ~(MvValue)3));
    return mv_format_message(vm, "<code object %S at %s, file \"%S\", line %d>", co(self)->name, address, code_filename(vm, self), (int64_t)co(self)->first_line);
}
static const MvGetSetDef code_getsets[] = {
    {"co_name", code_name, NULL}, {"co_qualname", code_qualname, NULL}, {"co_filename", code_filename, NULL}, {"co_firstlineno", code_first_line, NULL},
    {"co_argcount", code_argcount, NULL}, {"co_kwonlyargcount", code_kwonly, NULL}, {"co_posonlyargcount", code_posonly, NULL},
    {"co_varnames", code_varnames, NULL}, {"co_nlocals", code_nlocals, NULL}, {"co_cellvars", code_cellvars, NULL}, {"co_flags", code_flags, NULL},
    HIDDEN(GETSET_ROW) {"co_freevars", code_freevars, NULL}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_CODE = {.kind = MV_KIND_CODE, .size = sizeof(MvCode), .repr = code_repr, .methods = code_methods, .getsets = code_getsets};
