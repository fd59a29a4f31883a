/* Builtin functions: ids, calls with their checks, binding of arguments by a params string; function objects and bound methods. */
#include "builtin.h"
#include "calling.h"
#include "class.h"
#include "function.h"
#include "ic.h"
#include "interp.h"
#include <stdio.h>
#include <stdlib.h>

/* ---- ids: group << 12 | index; groups: the classes, then builtin functions, slot wrappers, then one for each module ---- */

static const MvTypeDef *const class_defs[] = {
#define ROW(ID, name, BASE, KIND, subclassable, visible) &mv_type_##ID,
    MV_CLASSES(ROW)
#undef ROW
};

const MvTypeDef *mv_class_def(int class_id) { return class_id < MV_CLASS_FIRST_EXCEPTION ? class_defs[class_id] : &mv_type_EXCEPTION; }

static inline __attribute__((always_inline)) const MvMethodDef *def_of(uint32_t id)
{
    uint32_t group = id >> 12, index = id & 0xFFF;
    if (group < MV_CLASS_FIRST_EXCEPTION)
        return &class_defs[group]->methods[index];
    if (group == MV_GROUP_FUNCTIONS)
        return &mv_builtin_functions[index];
    if (group == MV_GROUP_WRAPPERS)
        return &mv_wrapper_defs[index];
    if (group < MV_CLASS_COUNT)
        return &mv_type_EXCEPTION.methods[index];
    return &mv_module_defs[group - MV_GROUP_MODULES]->functions[index];
}
const MvMethodDef *mv_builtin_def(uint32_t id) { return def_of(id); }

MvValue mv_builtin_make(MvVM *vm, int class_id, uint32_t id, uint32_t owner, MvValue self)
{
    MvBuiltin *builtin = mv_new(vm, sizeof(MvBuiltin), class_id, MV_KIND_BUILTIN);
    if (!builtin)
        return MV_EXC;
    builtin->id = id;
    builtin->owner = owner;
    builtin->self = self;
    builtin->module_name = MV_NONE;
    return mv_value(builtin);
}

MvValue mv_builtin_new(MvVM *vm, uint32_t id, MvValue self) { return mv_builtin_make(vm, MV_CLASS_BUILTIN, id, MV_CLASS_COUNT, self); }

MvValue mv_method_new(MvVM *vm, MvValue function, MvValue self)
{
    MvMethod *method = mv_new(vm, sizeof(MvMethod), MV_CLASS_METHOD, MV_KIND_METHOD);
    if (!method)
        return MV_EXC;
    method->function = function;
    method->self = self;
    return mv_value(method);
}

/* ---- binding by a params string ---- */

typedef struct Param {
    const char *name;
    int length;
    bool optional, positional_only, keyword_only;
} Param;
#define MAX_PARAMS 24

/* A params string, parsed. The strings stand in const tables, so their addresses identify them; each VM parses those that it meets, once. */
typedef struct MvSignature {
    const char *text;
    int count, positional, positional_only, required_positional;
    bool requires_keyword; /* some keyword-only parameter has no default */
    Param params[];
} MvSignature;

#define SIGNATURE_SLOTS 1024 /* several times the number of different strings */

static MvSignature *parse_signature(const char *text)
{
    Param params[MAX_PARAMS];
    MvSignature head = {.text = text};
    bool keyword_only = false;
    for (const char *p = text; *p;) {
        const char *end = strchr(p, ',');
        int length = end ? (int)(end - p) : (int)strlen(p);
        if (length == 1 && *p == '/') {
            for (int i = 0; i < head.count; i++)
                params[i].positional_only = true;
            head.positional_only = head.count;
        } else if (length == 1 && *p == '*')
            keyword_only = true;
        else {
            bool optional = p[length - 1] == '?';
            params[head.count++] = (Param){p, length - optional, optional, false, keyword_only};
            head.positional += !keyword_only;
            head.required_positional += !keyword_only && !optional;
            head.requires_keyword |= keyword_only && !optional;
        }
        p = end ? end + 1 : p + length;
    }
    MvSignature *signature = malloc(sizeof *signature + (size_t)head.count * sizeof *params);
    if (!signature)
        return NULL;
    *signature = head;
    if (head.count)
        memcpy(signature->params, params, (size_t)head.count * sizeof *params);
    return signature;
}

/* NULL: no memory (raised). */
static const MvSignature *signature_of(MvVM *vm, const char *text)
{
    if (MV_UNLIKELY(!vm->signatures) && !(vm->signatures = calloc(SIGNATURE_SLOTS, sizeof *vm->signatures))) {
        mv_memory_error(vm);
        return NULL;
    }
    uint32_t slot = (uint32_t)((uintptr_t)text * 0x9E3779B97F4A7C15u >> 54);
    for (;; slot = (slot + 1) & (SIGNATURE_SLOTS - 1)) {
        MvSignature *signature = vm->signatures[slot];
        if (MV_LIKELY(signature != NULL)) {
            if (MV_LIKELY(signature->text == text))
                return signature;
            continue;
        }
        vm->signatures[slot] = signature = parse_signature(text);
        if (!signature)
            mv_memory_error(vm);
        return signature;
    }
}

void mv_signatures_free(MvVM *vm)
{
    for (int i = 0; vm->signatures && i < SIGNATURE_SLOTS; i++)
        free(vm->signatures[i]);
    free(vm->signatures);
}

bool mv_count_args(MvVM *vm, const char *function, int64_t nargs, int64_t min, int64_t max)
{
    if (nargs >= min && (max < 0 || nargs <= max))
        return true;
    if (min == max)
        mv_type_error(vm, "%s expected %d argument%s, got %d", function, min, min == 1 ? "" : "s", nargs);
    else if (nargs < min)
        mv_type_error(vm, "%s expected at least %d argument%s, got %d", function, min, min == 1 ? "" : "s", nargs);
    else
        mv_type_error(vm, "%s expected at most %d argument%s, got %d", function, max, max == 1 ? "" : "s", nargs);
    return false;
}

bool mv_keywords_none(MvVM *vm, const char *function, MvValue kwnames)
{
    if (!kwnames || !MV_CAST(MvTuple, kwnames)->length)
        return true;
    mv_type_error(vm, "%s() takes no keyword arguments", function);
    return false;
}

static bool name_is(MvValue name, const Param *param)
{
    const MvStr *s = MV_CAST(MvStr, name);
    return s->length == param->length && !mv_str_shift(s) && !memcmp(s->data, param->name, (size_t)param->length);
}

static bool bind(MvVM *vm, const char *function, const MvSignature *signature, MvValue *args, int64_t nargs, MvValue kwnames, MvValue *out)
{
    const Param *params = signature->params;
    int count = signature->count, positional = signature->positional, positional_only = signature->positional_only;
    int required_positional = signature->required_positional;
    int64_t keywords = kwnames ? MV_CAST(MvTuple, kwnames)->length : 0;
    for (int i = nargs < count ? (int)nargs : count; i < count; i++)
        out[i] = MV_UNASSIGNED;
    if ((keywords || positional < count) && count > positional_only && nargs + keywords > count) {
        mv_type_error(vm, "%s() takes at most %d %sargument%s (%d given)", function, (int64_t)count, nargs ? "" : "keyword ", count == 1 ? "" : "s",
                      nargs + keywords);
        return false;
    }
    if (nargs > positional) {
        if (positional == 0)
            mv_type_error(vm, "%s() takes no positional arguments", function);
        else if (positional == positional_only && positional == count)
            mv_count_args(vm, function, nargs, required_positional, positional);
        else if (positional < count)
            mv_type_error(vm, "%s() takes %s %d positional argument%s (%d given)", function, required_positional < positional ? "at most" : "exactly",
                          (int64_t)positional, positional == 1 ? "" : "s", nargs);
        else
            mv_type_error(vm, "%s() takes %s %d argument%s (%d given)", function, required_positional < positional ? "at most" : "exactly",
                          (int64_t)positional, positional == 1 ? "" : "s", nargs + keywords);
        return false;
    }
    for (int64_t i = 0; i < nargs; i++)
        out[i] = args[i];
    if (MV_LIKELY(!keywords && nargs >= required_positional && !signature->requires_keyword))
        return true;
    MvValue unknown = MV_UNASSIGNED;
    int repeated = count; /* as CPython, the first by position; reported after what is missing, as what is unknown */
    for (int64_t k = 0; k < keywords; k++) {
        MvValue name = MV_CAST(MvTuple, kwnames)->items[k];
        int i = positional_only;
        while (i < count && !name_is(name, &params[i]))
            i++;
        if (i == count) {
            for (int j = 0; j < positional_only; j++)
                if (name_is(name, &params[j]) && count == positional_only)
                    return mv_keywords_none(vm, function, kwnames);
            if (count == positional_only)
                return mv_keywords_none(vm, function, kwnames);
            if (unknown == MV_UNASSIGNED)
                unknown = name;
            continue;
        }
        if (i < nargs)
            repeated = i < repeated ? i : repeated;
        else
            out[i] = args[nargs + k];
    }
    for (int i = 0; i < count; i++) {
        if (out[i] != MV_UNASSIGNED || params[i].optional)
            continue;
        char name[64];
        snprintf(name, sizeof name, "%.*s", params[i].length, params[i].name);
        if (params[i].positional_only && count == positional_only)
            return mv_count_args(vm, function, nargs, required_positional, positional);
        if (params[i].positional_only)
            mv_type_error(vm, "%s() takes %s %d positional argument%s (%d given)", function, required_positional < positional ? "at least" : "exactly",
                          (int64_t)required_positional, required_positional == 1 ? "" : "s", nargs);
        else if (params[i].keyword_only)
            mv_type_error(vm, "%s() missing required keyword-only argument: '%s'", function, name);
        else
            mv_type_error(vm, "%s() missing required argument '%s' (pos %d)", function, name, (int64_t)i + 1);
        return false;
    }
    if (repeated < count) {
        char name[64];
        snprintf(name, sizeof name, "%.*s", params[repeated].length, params[repeated].name);
        mv_type_error(vm, "argument for %s() given by name ('%s') and position (%d)", function, name, (int64_t)repeated + 1);
        return false;
    }
    if (unknown != MV_UNASSIGNED) {
        mv_type_error(vm, "'%S' is an invalid keyword argument for %s()", unknown, function);
        return false;
    }
    return true;
}

bool mv_bind(MvVM *vm, const char *function, const char *text, MvValue *args, int64_t nargs, MvValue kwnames, MvValue *out)
{
    const MvSignature *signature = signature_of(vm, text);
    return signature && bind(vm, function, signature, args, nargs, kwnames, out);
}

/* ---- calls ---- */

/* `math.sqrt` for functions of modules, the bare name for builtins. */
static void module_function_name(MvVM *vm, const MvBuiltin *builtin, const MvMethodDef *def, char *full, size_t size)
{
    MvRaw *module = NULL;
    if (mv_is_kind(builtin->module_name, MV_KIND_STR) && !mv_str_is_c(builtin->module_name, "builtins") && !(def->flags & MV_DEF_NAME_ONLY))
        module = mv_str_to_utf8(vm, builtin->module_name, 2);
    snprintf(full, size, "%s%s%s", module ? (const char *)module->data : "", module ? "." : "", def->name);
}

/* `list.append`: a bound method is named after the class of what it is bound to, as its __qualname__ is. */
static void method_name(MvVM *vm, const MvBuiltin *builtin, const MvMethodDef *def, char *full, size_t size)
{
    MvClass *cls = vm->classes[builtin->owner];
    if (builtin->self != MV_UNASSIGNED)
        cls = mv_is_kind(builtin->self, MV_KIND_CLASS) ? MV_CAST(MvClass, builtin->self) : mv_class_of(vm, builtin->self);
    MvRaw *name = mv_str_to_utf8(vm, cls->qualname, 2);
    snprintf(full, size, "%s.%s", name ? (const char *)name->data : "?", def->name);
}

/* CPython's wordings by kind of function: METH_NOARGS, METH_O, then the general one. */
static bool check_counts(MvVM *vm, const MvMethodDef *def, const MvBuiltin *builtin, int64_t given)
{
    uint32_t owner = builtin->owner;
    if (MV_LIKELY(given >= def->min && (def->max < 0 || given <= def->max)))
        return true;
    char full[128];
    if (owner < MV_CLASS_COUNT && !(def->flags & MV_DEF_NAME_ONLY))
        method_name(vm, builtin, def, full, sizeof full);
    else
        module_function_name(vm, builtin, def, full, sizeof full);
    if (def->flags & MV_DEF_WRAPPER) {
        size_t length = strlen(def->name);
        bool repeat = length >= 5 && !strcmp(def->name + length - 5, "mul__") && (owner == MV_CLASS_LIST || owner == MV_CLASS_TUPLE || owner == MV_CLASS_STR);
        /* CPython reads two arguments, and the count of a repetition, by PyArg_UnpackTuple, without a name. */
        const char *space = def->max == 2 || repeat ? " " : "";
        if (def->min == def->max)
            mv_type_error(vm, "%sexpected %d argument%s, got %d", space, (int64_t)def->min, def->min == 1 ? "" : "s", given);
        else if (given < def->min)
            mv_type_error(vm, "%sexpected at least %d argument%s, got %d", space, (int64_t)def->min, def->min == 1 ? "" : "s", given);
        else
            mv_type_error(vm, "%sexpected at most %d argument%s, got %d", space, (int64_t)def->max, def->max == 1 ? "" : "s", given);
        return false;
    }
    if (def->min == 0 && def->max == 0)
        mv_type_error(vm, "%s() takes no arguments (%d given)", full, given);
    else if (def->min == 1 && def->max == 1)
        mv_type_error(vm, "%s() takes exactly one argument (%d given)", full, given);
    else
        mv_count_args(vm, def->name, given, def->min, def->max);
    return false;
}

static bool check_self(MvVM *vm, const MvMethodDef *def, uint32_t owner, MvValue *args, int64_t nargs)
{
    MvClass *cls = vm->classes[owner];
    if (nargs < 1) {
        if (def->flags & MV_DEF_WRAPPER)
            mv_type_error(vm, "descriptor '%s' of '%N' object needs an argument", def->name, cls);
        else
            mv_type_error(vm, "unbound method %N.%s() needs an argument", cls, def->name);
        return false;
    }
    MvClass *of = mv_class_of(vm, args[0]);
    if (MV_LIKELY(of == cls || mv_is_subclass(of, cls)))
        return true;
    if (def->flags & MV_DEF_WRAPPER)
        mv_type_error(vm, "descriptor '%s' requires a '%N' object but received a '%T'", def->name, cls, args[0]);
    else
        mv_type_error(vm, "descriptor '%s' for '%N' objects doesn't apply to a '%T' object", def->name, cls, args[0]);
    return false;
}

/* Methods that CPython gives a tuple of their arguments (METH_VARARGS): called as a bound method, they refuse keywords under their bare name. */
static bool reads_tuple(uint32_t owner, const char *name)
{
    static const char *const of_str[] = {"count", "endswith", "find", "index", "rfind", "rindex", "startswith", NULL};
    static const char *const of_sets[] = {"difference", "difference_update", "intersection", "intersection_update", "union", "update", NULL};
    static const char *const of_property[] = {"__set_name__", NULL};
    const char *const *names = owner == MV_CLASS_STR ? of_str : owner == MV_CLASS_PROPERTY ? of_property : owner == MV_CLASS_SET || owner == MV_CLASS_FROZENSET ? of_sets : NULL;
    for (; names && *names; names++)
        if (!strcmp(*names, name))
            return true;
    return false;
}

bool mv_class_method_applies(MvVM *vm, MvValue descriptor, MvValue cls)
{
    const char *name = mv_builtin_def(MV_CAST(MvBuiltin, descriptor)->id)->name;
    MvClass *owner = vm->classes[MV_CAST(MvBuiltin, descriptor)->owner];
    if (!mv_is_kind(cls, MV_KIND_CLASS))
        mv_type_error(vm, "descriptor '%s' for type '%N' needs a type, not a '%T' as arg 2", name, owner, cls);
    else if (!mv_is_subclass(MV_CAST(MvClass, cls), owner))
        mv_type_error(vm, "descriptor '%s' requires a subtype of '%N' but received '%N'", name, owner, MV_CAST(MvClass, cls));
    else
        return true;
    return false;
}

/* args[-1] must be a free word: a bound self goes there. */
MvValue mv_builtin_call(MvVM *vm, MvValue callee, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const MvBuiltin *builtin = MV_CAST(MvBuiltin, callee);
    const MvMethodDef *def = def_of(builtin->id);
    uint32_t owner = builtin->owner;
    if (builtin->self != MV_UNASSIGNED) {
        args--;
        args[0] = builtin->self;
        nargs++;
    }
    /* Most calls: a function, or a method on an instance of its very class, with positional arguments that need no binding. */
    if (MV_LIKELY(!kwnames && !mv_builtin_checks(builtin, def) && !def->params)) {
        int64_t given = nargs - (owner < MV_CLASS_COUNT);
        if (MV_LIKELY(given >= def->min && given <= (uint16_t)def->max && (given == nargs || mv_shape_of(args[0]) == owner))) { /* max -1: any */
            vm->callee = callee;
            return def->fn(vm, args, nargs, 0);
        }
    }
    bool has_self = owner < MV_CLASS_COUNT && !(def->flags & MV_DEF_STATIC);
    if (MV_UNLIKELY(owner == MV_CLASS_DICT && has_self && nargs && !(def->flags & MV_DEF_CLASS))) {
        MvValue own = mv_namespace_method(vm, owner, def->name, args[0]);
        if (own != MV_UNASSIGNED)
            return mv_builtin_call(vm, own, args, nargs, kwnames);
    }
    if (has_self && !(def->flags & (MV_DEF_ANY_SELF | MV_DEF_CLASS | MV_DEF_NEW)) && MV_UNLIKELY(!check_self(vm, def, owner, args, nargs)))
        return MV_EXC;
    if (has_self && MV_UNLIKELY(nargs < 1)) {
        if (def->flags & MV_DEF_NEW)
            return mv_type_error(vm, "%N.__new__(): not enough arguments", vm->classes[owner]);
        if (def->flags & MV_DEF_CLASS)
            return mv_type_error(vm, "descriptor '%s' of '%N' object needs an argument", def->name, vm->classes[owner]);
        return mv_type_error(vm, "unbound method %N.%s() needs an argument", vm->classes[owner], def->name);
    }
    if (MV_UNLIKELY(def->flags & MV_DEF_CLASS) && builtin->self == MV_UNASSIGNED && !mv_class_method_applies(vm, callee, args[0]))
        return MV_EXC;
    vm->callee = callee;
    int64_t given = nargs - has_self;
    if (def->params) {
        MvValue bound[MAX_PARAMS + 1];
        const MvSignature *signature = signature_of(vm, def->params);
        if (has_self)
            bound[0] = args[0];
        if (!signature || !bind(vm, def->name, signature, args + has_self, given, kwnames, bound + has_self))
            return MV_EXC;
        return def->fn(vm, bound, signature->count + has_self, 0);
    }
    if (kwnames && !(def->flags & (MV_DEF_RAW_KEYWORDS | MV_DEF_NEW))) {
        if (!MV_CAST(MvTuple, kwnames)->length)
            kwnames = 0;
        else {
            char full[128];
            if (builtin->self != MV_UNASSIGNED && reads_tuple(owner, def->name))
                snprintf(full, sizeof full, "%s", def->name);
            else if (owner < MV_CLASS_COUNT)
                method_name(vm, builtin, def, full, sizeof full);
            else
                module_function_name(vm, builtin, def, full, sizeof full);
            if (def->flags & MV_DEF_WRAPPER)
                return mv_type_error(vm, "wrapper %s() takes no keyword arguments", def->name);
            mv_keywords_none(vm, full, kwnames);
            return MV_EXC;
        }
    }
    if (!(def->flags & (MV_DEF_RAW_KEYWORDS | MV_DEF_NEW)) && MV_UNLIKELY(!check_counts(vm, def, builtin, given)))
        return MV_EXC;
    return def->fn(vm, args, nargs, kwnames);
}

static __attribute__((noinline)) MvValue call_builtin_slow(MvVM *vm, MvIcRecord *record, MvValue callee, MvValue *args, int64_t nargs)
{
    if (record->kind != MV_IC_MEGA && !mv_ic_builtin_record(record, callee))
        mv_ic_call_learn_builtin(vm, record, callee, nargs);
    args[-1] = MV_UNASSIGNED; /* free for a bound self */
    return mv_builtin_call(vm, callee, args, nargs, 0);
}

MvValue mv_ic_call_builtin(MvVM *vm, MvIcRecord *record, MvValue callee, MvValue *args, int64_t nargs)
{
    const MvMethodDef *def = def_of(MV_CAST(MvBuiltin, callee)->id);
    const uint32_t counted = mv_def_counts(def) || !mv_frame_is_warm(vm);
    if (MV_UNLIKELY(vm->depth + counted > vm->depth_limit))
        return mv_raise_recursion(vm, MV_WHILE_CALLING);
    vm->depth += counted;
    MvValue value;
    if (MV_LIKELY(record->w2 == callee && record->kind == MV_IC_BUILTIN && record->offset == nargs) &&
        MV_LIKELY(record->w1 == MV_IC_ANY_OPERAND || mv_from_fixnum(mv_shape_of(args[0])) == record->w1)) {
        vm->callee = callee;
        value = def->fn(vm, args, nargs, 0);
    } else
        value = call_builtin_slow(vm, record, callee, args, nargs);
    vm->depth -= counted;
    return value;
}

bool mv_code_warms(MvCode *code, const MvInstruction *pc)
{
    uint32_t site = (uint32_t)(pc - code->words);
    if (code->cold_site == site || code->lent == (uint32_t)code->budget)
        code->lent++;
    if (!code->cold_site)
        code->cold_site = site;
    return mv_code_is_warm(code);
}

MvValue mv_call_with_keywords(MvVM *vm, MvValue callee, MvValue *args, int64_t nargs, MvValue kwnames)
{
    /* Functions alone: CPython never calls methods directly if there are keywords. */
    if (!mv_is_kind(callee, MV_KIND_BUILTIN) || MV_CAST(MvBuiltin, callee)->self != MV_UNASSIGNED || MV_CAST(MvBuiltin, callee)->owner < MV_CLASS_COUNT ||
        mv_def_counts(def_of(MV_CAST(MvBuiltin, callee)->id)) || !mv_frame_is_warm(vm))
        return mv_call(vm, callee, args, nargs, kwnames);
    return mv_has_stack(vm) ? mv_builtin_call(vm, callee, args, nargs, kwnames) : MV_EXC;
}

MvValue mv_builtin_call_counted(MvVM *vm, MvValue callee, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (!mv_enter(vm, MV_WHILE_CALLING))
        return MV_EXC;
    MvValue value = mv_builtin_call(vm, callee, args, nargs, kwnames);
    mv_leave(vm);
    return value;
}

/* ---- function objects ---- */

bool mv_code_ensure_records(MvVM *vm, MvCode *code)
{
    if (code->records || !code->site_count)
        return true;
    size_t bytes = code->site_count * sizeof(MvIcRecord);
    if (!mv_heap_account_external(vm, (int64_t)bytes) || !(code->records = aligned_alloc(sizeof(MvIcRecord), bytes))) { /* none in two cache lines */
        mv_memory_error(vm);
        return false;
    }
    for (uint32_t s = 0; s < code->site_count; s++)
        mv_ic_init(vm, &code->records[s], code->sites[s].kind);
    return true;
}

void mv_code_free_records(MvVM *vm, MvCode *code)
{
    if (!code->records)
        return;
    for (uint32_t s = 0; s < code->site_count; s++)
        mv_ic_clear(vm, &code->records[s]);
    mv_heap_account_external(vm, -(int64_t)(code->site_count * sizeof *code->records));
    free(code->records);
    code->records = NULL;
}

MvValue mv_function_new(MvVM *vm, MvCode *code, MvModule *module, MvValue qualname)
{
    if (!mv_code_ensure_records(vm, code))
        return MV_EXC;
    MvFunction *function = mv_new(vm, sizeof(MvFunction), MV_CLASS_FUNCTION, MV_KIND_FUNCTION);
    if (!function)
        return MV_EXC;
    function->code = code;
    function->module = module;
    function->defaults = function->kwdefaults = function->annotations = MV_NONE;
    function->name = code->name;
    function->qualname = qualname;
    function->doc = code->constant_count && mv_is_kind(code->constants[0], MV_KIND_STR) ? code->constants[0] : MV_NONE;
    function->module_name = MV_NONE;
    function->attributes = MV_UNASSIGNED;
    if (module) {
        MvValue name = mv_module_get(vm, module, vm->names->n___name__);
        function->module_name = name == MV_UNASSIGNED ? MV_NONE : name;
    }
    return mv_value(function);
}
