/* Modules: their names, importing, and what a frame shows of its variables. */
#include "class.h"
#include "depend.h"
#include "function.h"
#include "ic.h"
#include "interp_ops.h"
#include "loader.h"

MvModule *mv_module_new(MvVM *vm, MvValue name)
{
    MvModule *module = mv_new(vm, sizeof(MvModule), MV_CLASS_MODULE, MV_KIND_MODULE);
    if (!module)
        return NULL;
    module->name = name;
    module->file = module->doc = MV_NONE;
    MvValue names = mv_dict_new(vm);
    if (names == MV_EXC)
        return NULL;
    module->names = MV_CAST(MvDict, names);
    mv_barrier(vm, module);
    return module;
}

MvValue mv_module_get(MvVM *vm, MvModule *module, MvValue name)
{
    (void)vm;
    MvDictEntry *entry = mv_dict_find_name(module->names, name);
    return entry ? MV_CAST(MvNameCell, entry->value)->value : MV_UNASSIGNED;
}

bool mv_module_set(MvVM *vm, MvModule *module, MvValue name, MvValue value)
{
    MvDictEntry *entry = mv_dict_find_name(module->names, name);
    if (!entry) {
        if (value == MV_UNASSIGNED)
            return true;
        MvNameCell *cell = mv_name_cell_new(vm, name, value);
        if (!cell || !mv_dict_set(vm, module->names, name, mv_value(cell)))
            return false;
        /* Records and compiled uses of this name may have gone past this module to the builtins. */
        if (MV_CAST(MvStr, name)->h.aux & MV_STR_NAME_CACHED) {
            if (vm->builtins && mv_dict_find_name(vm->builtins->names, name))
                mv_ic_reset_globals(vm);
            mv_depend_name_appeared(vm, module, name);
        }
        return true;
    }
    MvNameCell *cell = MV_CAST(MvNameCell, entry->value);
    mv_cell_rewritten(vm, cell);
    mv_store(vm, cell, &cell->value, value);
    return value != MV_UNASSIGNED || mv_dict_delete(vm, module->names, name) >= 0;
}

/* ---- importing ---- */

/* What was typed or piped in has a name in angle brackets, and no __file__. */
static bool is_path(MvValue file)
{
    return file != MV_NONE && !(MV_CAST(MvStr, file)->length && mv_str_char(MV_CAST(MvStr, file), 0) == '<');
}

static bool set_fixed(MvVM *vm, MvModule *module, bool package)
{
    MvValue name = module->name, parent = name;
    const MvStr *s = MV_CAST(MvStr, name);
    if (!package) {
        int64_t dot = s->length;
        while (dot > 0 && mv_str_char(s, dot - 1) != '.')
            dot--;
        parent = dot > 0 ? mv_str_substring(vm, s, 0, dot - 1) : vm->empty_str;
        if (parent == MV_EXC)
            return false;
    }
    bool main = name == vm->names->n___main__;
    const MvNames *n = vm->names;
    return mv_module_set(vm, module, n->n___name__, name) && mv_module_set(vm, module, n->n___doc__, module->doc) &&
           mv_module_set(vm, module, n->n___package__, main ? MV_NONE : parent) && mv_module_set(vm, module, n->n___loader__, MV_NONE) &&
           mv_module_set(vm, module, n->n___spec__, MV_NONE) && mv_module_set(vm, module, n->n___builtins__, mv_value(vm->builtins)) &&
           (!is_path(module->file) || mv_module_set(vm, module, n->n___file__, module->file));
}

MvValue mv_module_run(MvVM *vm, MvModule *module)
{
    if (!set_fixed(vm, module, module->pad & MV_MODULE_PACKAGE) || !mv_dict_set(vm, vm->modules, module->name, mv_value(module)))
        return MV_EXC;
    module->state = 1;
    MvValue function = mv_function_new(vm, module->code, module, module->code->qualname);
    MvValue result = function == MV_EXC ? MV_EXC : mv_interpret(vm, function, NULL, 0, 0);
    module->state = result == MV_EXC ? 0 : 2;
    return result;
}

static MvModule *find_image_module(MvVM *vm, MvValue name)
{
    for (uint32_t i = 0; i < vm->image_module_count; i++)
        if (vm->image_modules[i]->name == name || mv_str_equal(MV_CAST(MvStr, vm->image_modules[i]->name), MV_CAST(MvStr, name)))
            return vm->image_modules[i];
    return NULL;
}

bool mv_image_has_module(MvVM *vm, MvValue name) { return find_image_module(vm, name) != NULL; }

static MvModule *make_c_module(MvVM *vm, MvValue name)
{
    for (int i = 0; mv_module_defs[i]; i++) {
        const MvModuleDef *def = mv_module_defs[i];
        if (!mv_str_is_c(name, def->name))
            continue;
        MvModule *module = mv_module_new(vm, name);
        if (!module)
            return NULL;
        mv_barrier(vm, module);
        if (!set_fixed(vm, module, false))
            return NULL;
        for (int f = 0; def->functions && def->functions[f].name; f++) {
            MvValue function = mv_builtin_new(vm, MV_BUILTIN_ID(MV_GROUP_MODULES + i, f), MV_UNASSIGNED);
            if (function == MV_EXC)
                return NULL;
            MV_CAST(MvBuiltin, function)->module_name = name;
            if (!mv_module_set(vm, module, mv_intern_c(vm, def->functions[f].name), function))
                return NULL;
        }
        module->state = 2;
        if (!mv_dict_set(vm, vm->modules, name, mv_value(module)) || (def->init && !def->init(vm, module)))
            return NULL;
        return module;
    }
    return NULL;
}

static MvValue raise_not_found(MvVM *vm, MvValue name, MvValue parent)
{
    MvValue module = parent == MV_UNASSIGNED ? MV_UNASSIGNED : mv_dict_get(vm, vm->modules, parent);
    if (mv_is_kind(module, MV_KIND_MODULE) && mv_module_get(vm, MV_CAST(MvModule, module), mv_intern_c(vm, "__getattr__")) != MV_UNASSIGNED) {
        MvValue path = mv_get_attr_or(vm, module, mv_intern_c(vm, "__path__")); /* a module that makes attributes may claim to be a package */
        if (path == MV_EXC)
            return MV_EXC;
        if (path != MV_UNASSIGNED)
            parent = MV_UNASSIGNED;
    }
    if (parent != MV_UNASSIGNED)
        mv_raise(vm, MV_EXC_ModuleNotFoundError, "No module named %R; %R is not a package", name, parent);
    else
        mv_raise(vm, MV_EXC_ModuleNotFoundError, "No module named %R", name);
    if (vm->exception && mv_is_kind(vm->exception, MV_KIND_EXCEPTION))
        mv_store(vm, mv_object(vm->exception), &MV_CAST(MvException, vm->exception)->extra[1], name);
    return MV_EXC;
}

/* What CPython's import counts against the recursion limit, which is written in Python: above the module's own frame, and above a package's import. */
enum { IMPORT_FRAMES = 6, IMPORT_NESTED = 4 };

MvValue mv_import(MvVM *vm, MvValue name)
{
    MvValue present = mv_dict_get(vm, vm->modules, name);
    if (present != MV_UNASSIGNED)
        return present;
    const MvStr *s = MV_CAST(MvStr, name);
    int64_t dot = s->length;
    while (dot > 0 && mv_str_char(s, dot - 1) != '.')
        dot--;
    MvValue parent = MV_UNASSIGNED, last = name;
    if (dot > 0) {
        MvValue parent_name = mv_str_substring(vm, s, 0, dot - 1);
        last = mv_str_substring(vm, s, dot, s->length);
        if (parent_name == MV_EXC || last == MV_EXC)
            return MV_EXC;
        vm->depth += IMPORT_NESTED;
        parent = mv_import(vm, mv_intern(vm, parent_name));
        vm->depth -= IMPORT_NESTED;
        if (parent == MV_EXC)
            return MV_EXC;
        present = mv_dict_get(vm, vm->modules, name);
        if (present != MV_UNASSIGNED)
            return present;
    }
    MvModule *module = find_image_module(vm, name);
    if (module) {
        vm->depth += IMPORT_FRAMES;
        MvValue run = mv_module_run(vm, module);
        vm->depth -= IMPORT_FRAMES;
        if (run == MV_EXC) {
            MvValue pending = vm->exception;
            mv_dict_delete(vm, vm->modules, name);
            vm->exception = pending;
            return MV_EXC;
        }
    } else {
        module = make_c_module(vm, name);
        if (!module) {
            if (vm->exception || vm->ending)
                return MV_EXC;
            bool package = parent != MV_UNASSIGNED && mv_is_kind(parent, MV_KIND_MODULE) && (MV_CAST(MvModule, parent)->pad & MV_MODULE_PACKAGE);
            return raise_not_found(vm, name, package || dot == 0 ? MV_UNASSIGNED : MV_CAST(MvModule, parent)->name);
        }
    }
    if (parent != MV_UNASSIGNED && !mv_set_attr(vm, parent, mv_intern(vm, last), mv_value(module)))
        return MV_EXC;
    return mv_value(module);
}

/* ---- locals(), globals() ---- */

static MvValue *caller_frame(MvVM *vm)
{
    MvValue *base = vm->base;
    return base == vm->stack || !base[MV_FRAME_CODE] ? NULL : base;
}

MvValue mv_frame_globals(MvVM *vm)
{
    MvValue *base = caller_frame(vm);
    MvModule *module = base ? mv_frame_function(base)->module : vm->builtins;
    return mv_namespace_new(vm, mv_value(module));
}

MvValue mv_frame_locals(MvVM *vm)
{
    MvValue *base = caller_frame(vm);
    if (!base)
        return mv_dict_new(vm);
    const MvCode *code = (const MvCode *)base[MV_FRAME_CODE];
    if (code->flags & MV_CODE_CLASS_BODY)
        return base[0];
    if (code->flags & MV_CODE_MODULE)
        return mv_frame_globals(vm);
    if (!(code->flags & MV_CODE_LOCALS_VISIBLE)) /* its registers may hold stale words */
        return mv_raise_refused(vm, "locals() called under another name");
    MvValue dict = mv_dict_new(vm);
    for (uint32_t i = 0; dict != MV_EXC && i < code->local_count; i++) {
        const MvLocalName *local = &code->locals[i];
        MvValue value = local->reg & 0x8000 ? mv_frame_closure(base)[local->reg & 0x7FFF] : base[local->reg];
        if (local->is_cell || local->reg & 0x8000) {
            if (!mv_is_kind(value, MV_KIND_CELL))
                continue;
            value = MV_CAST(MvCell, value)->value;
        }
        if (value != MV_UNASSIGNED && !mv_dict_set(vm, MV_CAST(MvDict, dict), local->name, value))
            return MV_EXC;
    }
    return dict;
}
