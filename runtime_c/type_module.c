/* Modules as values, tracebacks and frames as programs see them. */
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
