/* Modules as values, the read-only views of namespaces (`__dict__`, globals()), tracebacks and frames as programs see them. */
#include "builtin.h"
#include "class.h"
#include "containers.h"
#include "errors.h"
#include "interp.h"

/* ---- module ---- */

static MvModule *mo(MvValue v) { return MV_CAST(MvModule, v); }

static MvValue module_get_attr(MvVM *vm, MvValue self, MvValue name)
{
    MvValue own = mv_module_get(vm, mo(self), name);
    if (own != MV_UNASSIGNED)
        return own;
    bool absent;
    MvValue value = mv_generic_get_attr(vm, self, name, &absent);
    if (!absent)
        return value;
    MvValue hook = mv_module_get(vm, mo(self), vm->special_names[MV_SP_GETATTR]);
    if (hook != MV_UNASSIGNED)
        return mv_call1(vm, hook, name);
    if (mo(self)->state == 1 && mo(self)->name != vm->names->n___main__) /* CPython's __main__ has no __spec__ that says so */
        return mv_raise_attribute_error(vm, self, name, "partially initialized module %R has no attribute '%S' (most likely due to a circular import)", mo(self)->name, name);
    return mv_raise_attribute_error(vm, self, name, "module %R has no attribute '%S'", mo(self)->name, name);
}

static bool module_set_attr(MvVM *vm, MvValue self, MvValue name, MvValue value)
{
    if (name == vm->names->n___dict__) {
        mv_raise(vm, MV_EXC_AttributeError, "readonly attribute");
        return false;
    }
    if (name == vm->names->n___class__) {
        mv_raise_refused(vm, "assignment to __class__");
        return false;
    }
    if (value == MV_UNASSIGNED && mv_module_get(vm, mo(self), name) == MV_UNASSIGNED) {
        mv_raise(vm, MV_EXC_AttributeError, "'module' object has no attribute '%S'", name);
        return false;
    }
    return mv_module_set(vm, mo(self), name, value);
}

static MvValue module_repr(MvVM *vm, MvValue self)
{
    MvValue name = mv_module_get(vm, mo(self), vm->names->n___name__);
    if (name == MV_UNASSIGNED)
        name = mo(self)->name;
    if (mo(self)->file != MV_NONE)
        return mv_format_message(vm, "<module %R from %R>", name, mo(self)->file);
    return mv_format_message(vm, mo(self)->code ? "<module %R>" : "<module %R (built-in)>", name);
}
static MvValue module_dict(MvVM *vm, MvValue self) { return mv_namespace_new(vm, self); }
static MvValue module_dir(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return mv_default_dir(vm, args[0]); }
static const MvMethodDef module_methods[] = {{"__dir__", module_dir, 0, 0, 0, NULL}, {NULL, NULL, 0, 0, 0, NULL}};
static const MvGetSetDef module_getsets[] = {{"__dict__", module_dict, NULL}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_MODULE = {.kind = MV_KIND_MODULE, .size = sizeof(MvModule), .repr = module_repr, .get_attr = module_get_attr, .set_attr = module_set_attr,
                                  .methods = module_methods, .getsets = module_getsets};

/* ---- namespaces: views of the attributes of a module, class, instance, or of a plain dict ---- */

MvValue mv_namespace_new(MvVM *vm, MvValue target)
{
    MvNamespace *view = mv_new(vm, sizeof(MvNamespace), MV_CLASS_NAMESPACE, MV_KIND_NAMESPACE);
    if (!view)
        return MV_EXC;
    view->target = target;
    return mv_value(view);
}

/* What is a mappingproxy in CPython: the view of a class, and what the `mapping` of a dict view gives. */
static bool is_proxy(MvValue v)
{
    return mv_is_kind(v, MV_KIND_NAMESPACE) && (mv_object(v)->aux & MV_NAMESPACE_ITEMS || mv_is_kind(MV_CAST(MvNamespace, v)->target, MV_KIND_CLASS));
}

/* The content now, as a fresh dict. */
static MvValue snapshot(MvVM *vm, MvValue self)
{
    MvValue target = MV_CAST(MvNamespace, self)->target;
    if (mv_object(self)->aux & MV_NAMESPACE_ITEMS || mv_is_exactly(vm, target, MV_CLASS_DICT))
        return mv_dict_copy(vm, MV_CAST(MvDict, target));
    MvDict *cells = mv_is_kind(target, MV_KIND_MODULE) ? mo(target)->names : mv_is_kind(target, MV_KIND_CLASS) ? MV_CAST(MvClass, target)->names : NULL;
    MvValue dict;
    if (!cells) {
        dict = mv_object_own_dict(vm, target);
        if (dict == MV_EXC)
            return MV_EXC;
        /* What __slots__ declares is no part of __dict__. */
        MvValue plain = mv_dict_new(vm), key, value;
        int64_t position = 0;
        while (plain != MV_EXC && mv_dict_next(MV_CAST(MvDict, dict), &position, &key, &value))
            if (!mv_member_is_key(key) && !mv_dict_set(vm, MV_CAST(MvDict, plain), key, value))
                return MV_EXC;
        return plain;
    }
    dict = mv_dict_new(vm);
    int64_t position = 0;
    MvValue name, cell;
    while (dict != MV_EXC && mv_dict_next(cells, &position, &name, &cell)) {
        MvValue value = MV_CAST(MvNameCell, cell)->value;
        if (value != MV_UNASSIGNED && !mv_dict_set(vm, MV_CAST(MvDict, dict), name, value))
            return MV_EXC;
    }
    return dict;
}

static MvValue lookup(MvVM *vm, MvValue self, MvValue key)
{
    MvValue target = MV_CAST(MvNamespace, self)->target;
    if (mv_is_exactly(vm, key, MV_CLASS_STR) && (mv_is_kind(target, MV_KIND_MODULE) || mv_is_kind(target, MV_KIND_CLASS))) {
        MvDict *cells = mv_is_kind(target, MV_KIND_MODULE) ? mo(target)->names : MV_CAST(MvClass, target)->names;
        MvDictEntry *entry = mv_dict_find_name(cells, mv_intern(vm, key));
        return entry ? MV_CAST(MvNameCell, entry->value)->value : MV_UNASSIGNED;
    }
    MvValue dict = snapshot(vm, self);
    return dict == MV_EXC ? MV_EXC : mv_dict_get(vm, MV_CAST(MvDict, dict), key);
}

static MvValue namespace_get(MvVM *vm, MvValue self, MvValue key)
{
    MvValue value = lookup(vm, self, key);
    return value == MV_UNASSIGNED ? mv_raise_key_error(vm, key) : value;
}
static bool namespace_set(MvVM *vm, MvValue self, MvValue key, MvValue value)
{
    if (is_proxy(self)) /* in CPython this one is read-only too */
        return mv_refuse_item(vm, mv_class_of(vm, self), key, value);
    mv_raise_refused(vm, "changing a namespace (globals(), __dict__ or vars()) as a dict");
    return false;
}
static int namespace_contains(MvVM *vm, MvValue self, MvValue key)
{
    MvValue value = lookup(vm, self, key);
    return value == MV_EXC ? -1 : value != MV_UNASSIGNED;
}
static int64_t namespace_length(MvVM *vm, MvValue self)
{
    MvValue dict = snapshot(vm, self);
    return dict == MV_EXC ? -1 : MV_CAST(MvDict, dict)->used;
}
static MvValue namespace_iter(MvVM *vm, MvValue self)
{
    MvValue dict = snapshot(vm, self);
    return dict == MV_EXC ? MV_EXC : mv_iter(vm, dict);
}
/* As the dict prints that CPython has there: it is one and the same each time, and may contain itself. A dict that is the
 * target guards itself under its own word; other targets, which may be containers too, under one that is no value. */
static MvValue guarded_repr(MvVM *vm, MvValue target, MvValue self)
{
    MvValue key = mv_is_exactly(vm, target, MV_CLASS_DICT) ? target : MV_REPR_NAMESPACE(target);
    int entered = mv_repr_enter(vm, key);
    if (entered < 0)
        return MV_EXC;
    if (!entered)
        return mv_str_from_c(vm, "{...}");
    MvValue dict = snapshot(vm, self), text = dict == MV_EXC ? MV_EXC : mv_repr(vm, dict);
    mv_repr_leave(vm, key);
    return text;
}
static MvValue namespace_repr(MvVM *vm, MvValue self)
{
    MvValue inner = guarded_repr(vm, MV_CAST(MvNamespace, self)->target, self);
    return inner == MV_EXC || !is_proxy(self) ? inner : mv_format_message(vm, "mappingproxy(%S)", inner);
}
static MvValue plain(MvVM *vm, MvValue v) { return mv_is_kind(v, MV_KIND_NAMESPACE) ? snapshot(vm, v) : v; }
/* A class's namespace, a mappingproxy in CPython, hands the whole operation on to its dict: so do the messages. */
static MvValue namespace_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    bool whole = is_proxy(a);
    a = plain(vm, a);
    b = a == MV_EXC || whole ? b : plain(vm, b);
    return a == MV_EXC || b == MV_EXC ? MV_EXC : whole ? mv_compare(vm, op, a, b) : mv_type_DICT.compare(vm, op, a, b);
}
static MvValue namespace_binary(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (op != MV_BINARY_OR)
        return MV_NOTIMPLEMENTED;
    bool whole = is_proxy(a) || is_proxy(b);
    a = plain(vm, a);
    b = a == MV_EXC ? MV_EXC : plain(vm, b);
    return b == MV_EXC ? MV_EXC : whole ? mv_binary(vm, op, a, b) : mv_type_DICT.binary(vm, op, a, b);
}
static MvValue namespace_inplace(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (op != MV_BINARY_OR)
        return MV_NOTIMPLEMENTED;
    if (is_proxy(a))
        return mv_type_error(vm, "'|=' is not supported by mappingproxy; use '|' instead");
    return mv_raise_refused(vm, "changing a namespace (globals(), __dict__ or vars()) as a dict");
}
static MvValue namespace_str(MvVM *vm, MvValue self) { return guarded_repr(vm, MV_CAST(MvNamespace, self)->target, self); }
/* Methods that read: those of a dict with the content. */
static MvValue forward(MvVM *vm, MvValue *args, int64_t nargs, const char *name)
{
    MvValue dict = snapshot(vm, args[0]);
    return dict == MV_EXC ? MV_EXC : mv_call_method(vm, dict, mv_intern_c(vm, name), args + 1, nargs - 1);
}
static MvValue namespace_keys(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)kwnames; return forward(vm, args, nargs, "keys"); }
static MvValue namespace_values(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)kwnames; return forward(vm, args, nargs, "values"); }
static MvValue namespace_items(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)kwnames; return forward(vm, args, nargs, "items"); }
static MvValue namespace_get_method(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)kwnames; return forward(vm, args, nargs, "get"); }
static MvValue namespace_copy(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return snapshot(vm, args[0]); }
static MvValue namespace_reversed(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)kwnames; return forward(vm, args, nargs, "__reversed__"); }
static MvValue namespace_change(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)kwnames;
    if (is_proxy(args[0]))
        return mv_raise(vm, MV_EXC_AttributeError, "'mappingproxy' object has no attribute '%s'", mv_builtin_def(MV_CAST(MvBuiltin, vm->callee)->id)->name);
    return mv_raise_refused(vm, "changing a namespace (globals(), __dict__ or vars()) as a dict");
}
static MvValue namespace_class_get_item(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return mv_generic_alias(vm, args[0], args[1]); }
/* A mappingproxy has nothing that changes it. */
static MvValue namespace_get_attr(MvVM *vm, MvValue self, MvValue name)
{
    static const char *const changers[] = {"update", "pop", "popitem", "clear", "setdefault", "__setitem__", "__delitem__"};
    for (unsigned i = 0; is_proxy(self) && i < sizeof changers / sizeof *changers; i++)
        if (mv_str_is_c(name, changers[i]))
            return mv_raise_attribute_error(vm, self, name, "'mappingproxy' object has no attribute '%S'", name);
    return mv_generic_get_attr(vm, self, name, NULL);
}
#define CHANGER(name) {name, namespace_change, 0, -1, MV_DEF_RAW_KEYWORDS, NULL}
static const MvMethodDef namespace_methods[] = {
    {"keys", namespace_keys, 0, 0, 0, NULL}, {"values", namespace_values, 0, 0, 0, NULL},
    {"items", namespace_items, 0, 0, 0, NULL}, {"get", namespace_get_method, 1, 2, 0, NULL},
    {"copy", namespace_copy, 0, 0, 0, NULL}, {"__reversed__", namespace_reversed, 0, 0, 0, NULL},
    CHANGER("update"), CHANGER("pop"), CHANGER("popitem"), CHANGER("clear"), CHANGER("setdefault"),
    {"__class_getitem__", namespace_class_get_item, 1, 1, MV_DEF_CLASS, NULL}, {NULL, NULL, 0, 0, 0, NULL}};
const MvTypeDef mv_type_NAMESPACE = {.kind = MV_KIND_NAMESPACE, .size = sizeof(MvNamespace), .repr = namespace_repr, .str = namespace_str, .length = namespace_length, .get_item = namespace_get,
    .set_item = namespace_set, .contains = namespace_contains, .iter = namespace_iter, .compare = namespace_compare, 
    .binary = namespace_binary, .inplace = namespace_inplace, .get_attr = namespace_get_attr, .methods = namespace_methods,
    .unhashable = true};

/* ---- tracebacks and frames: a frame is a traceback entry seen as its place ---- */

static MvTraceback *tb(MvValue v) { return MV_CAST(MvTraceback, v); }
static MvValue traceback_next(MvVM *vm, MvValue self) { (void)vm; return tb(self)->next; }
static MvValue traceback_line(MvVM *vm, MvValue self) { return mv_int_from_i64(vm, mv_code_line(tb(self)->code, tb(self)->word)); }
static MvValue traceback_word(MvVM *vm, MvValue self) { return mv_int_from_i64(vm, tb(self)->word * 8); }
static MvValue traceback_frame(MvVM *vm, MvValue self)
{
    MvTraceback *frame = mv_new(vm, sizeof(MvTraceback), MV_CLASS_FRAME, MV_KIND_FRAMEINFO);
    if (!frame)
        return MV_EXC;
    frame->next = MV_NONE;
    frame->code = tb(self)->code;
    frame->word = tb(self)->word;
    return mv_value(frame);
}
static MvValue frame_code(MvVM *vm, MvValue self) { (void)vm; return mv_value(tb(self)->code); }
static MvValue frame_globals(MvVM *vm, MvValue self) { return tb(self)->code->module ? mv_namespace_new(vm, mv_value(tb(self)->code->module)) : MV_NONE; }
static const MvGetSetDef traceback_getsets[] = {{"tb_next", traceback_next, NULL}, {"tb_lineno", traceback_line, NULL}, {"tb_lasti", traceback_word, NULL},
    {"tb_frame", traceback_frame, NULL}, {NULL, NULL, NULL}};
static const MvGetSetDef frame_getsets[] = {{"f_code", frame_code, NULL}, {"f_lineno", traceback_line, NULL}, {"f_globals", frame_globals, NULL}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_TRACEBACK = {.kind = MV_KIND_TRACEBACK, .size = sizeof(MvTraceback), .getsets = traceback_getsets};
const MvTypeDef mv_type_FRAME = {.kind = MV_KIND_FRAMEINFO, .size = sizeof(MvTraceback), .getsets = frame_getsets};
