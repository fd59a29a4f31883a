/* Making and destroying a VM: stacks, heap, builtin classes with their methods, builtins, frequently used names.
 *
 * Order matters: raw class objects first (so that shapes and strings have classes), then interned names, then the classes' content. Nothing collects
 * before the end. */
#include "class.h"
#include "arena.h"
#include "depend.h"
#include "errors.h"
#include "function.h"
#include "ic.h"
#include "interp.h"
#include "loader.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define MV_STACK_BYTES ((size_t)32 << 20)
#define MV_STACK_SLACK 4096 /* words above stack_end: binding and operands may be written before the frame is checked */

static const char *const special_texts[] = {
#define TEXT(NAME, text) text,
    MV_SPECIALS(TEXT)
#undef TEXT
};

typedef struct ClassRow { const char *name; int base, kind; bool subclassable, visible; } ClassRow;
static const ClassRow class_rows[] = {
#define ROW(ID, name, BASE, KIND, subclassable, visible) {name, MV_CLASS_##BASE, MV_KIND_##KIND, subclassable, visible},
    MV_CLASSES(ROW)
#undef ROW
};
#define MV_EXC_object MV_CLASS_OBJECT
static const ClassRow exception_rows[] = {
#define ROW(name, base) {#name, MV_EXC_##base, MV_KIND_EXCEPTION, true, true},
    MV_EXCEPTIONS(ROW)
#undef ROW
};

static const ClassRow *row_of(int id) { return id < MV_CLASS_FIRST_EXCEPTION ? &class_rows[id] : &exception_rows[id - MV_CLASS_FIRST_EXCEPTION]; }

static bool make_raw_classes(MvVM *vm)
{
    for (int id = 0; id < MV_CLASS_COUNT; id++) {
        const ClassRow *row = row_of(id);
        /* Exceptions of builtin classes take attributes of their own; nothing else builtin does. */
        bool slots = id >= MV_CLASS_FIRST_EXCEPTION;
        MvShape *shape = mv_shape_new_root(vm, NULL, row->kind, mv_class_def(id)->size, slots, slots ? 0 : MV_SHAPE_BUILTIN);
        if (!shape || shape->id != (uint32_t)id)
            return false;
        vm->class_shapes[id] = (uint32_t)id;
    }
    for (int id = 0; id < MV_CLASS_COUNT; id++) {
        const ClassRow *row = row_of(id);
        MvClass *cls = mv_allocate(vm, sizeof(MvClass), MV_CLASS_TYPE, MV_KIND_CLASS, MV_GC_HAS_POINTERS, 0);
        if (!cls)
            return false;
        vm->classes[id] = cls;
        vm->shapes[id]->cls = cls;
        cls->metaclass = mv_value(vm->classes[MV_CLASS_TYPE]);
        cls->def = mv_class_def(id);
        cls->id = (uint32_t)id;
        cls->root_shape = (uint32_t)id;
        cls->payload_kind = (uint8_t)row->kind;
        cls->flags = MV_CLASSF_BUILTIN | (row->subclassable ? MV_CLASSF_SUBCLASSABLE : 0) | (id >= MV_CLASS_FIRST_EXCEPTION ? MV_CLASSF_EXCEPTION : 0);
        if (id == MV_CLASS_TYPE)
            cls->flags |= MV_CLASSF_METACLASS | MV_CLASSF_SUBCLASSABLE;
        cls->slot_hint = 0;
    }
    vm->classes[MV_CLASS_OBJECT]->metaclass = mv_value(vm->classes[MV_CLASS_TYPE]);
    return true;
}

static bool make_names(MvVM *vm)
{
    vm->names = calloc(1, sizeof(MvNames));
    if (!vm->names)
        return false;
    static const char *const texts[] = {
#define TEXT(name) #name,
        MV_NAMES(TEXT)
#undef TEXT
    };
    MvValue *fields = (MvValue *)vm->names;
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
        fields[i] = mv_intern_c(vm, texts[i]);
    for (int i = 0; i < MV_SPECIAL_COUNT; i++)
        vm->special_names[i] = mv_intern_c(vm, special_texts[i]);
    return !vm->exception;
}

static bool put(MvVM *vm, MvClass *cls, const char *name, MvValue value)
{
    if (value == MV_EXC)
        return false;
    MvValue key = mv_intern_c(vm, name);
    MvNameCell *cell = mv_name_cell_new(vm, key, value);
    return cell && mv_dict_set(vm, cls->names, key, mv_value(cell));
}

static MvValue make_method(MvVM *vm, int id, int index, const MvMethodDef *def)
{
    uint32_t builtin_id = MV_BUILTIN_ID(id, index);
    if (def->flags & MV_DEF_CLASS)
        return mv_builtin_make(vm, MV_CLASS_CLASSMETHODDESCRIPTOR, builtin_id, (uint32_t)id, MV_UNASSIGNED);
    if (def->flags & MV_DEF_STATIC) {
        MvValue function = mv_builtin_make(vm, MV_CLASS_BUILTIN, builtin_id, (uint32_t)id, MV_UNASSIGNED);
        MvWrapper *wrapper = function == MV_EXC ? NULL : mv_new(vm, sizeof(MvWrapper), MV_CLASS_STATICMETHOD, MV_KIND_STATICMETHOD);
        if (!wrapper)
            return MV_EXC;
        wrapper->function = function;
        wrapper->attributes = MV_UNASSIGNED;
        return mv_value(wrapper);
    }
    int class_id = def->flags & MV_DEF_WRAPPER ? MV_CLASS_WRAPPERDESCRIPTOR : def->flags & MV_DEF_NEW ? MV_CLASS_BUILTIN : MV_CLASS_METHODDESCRIPTOR;
    return mv_builtin_make(vm, class_id, builtin_id, (uint32_t)id, MV_UNASSIGNED);
}

static bool add_getsets(MvVM *vm, MvClass *cls, const MvGetSetDef *defs)
{
    for (; defs && defs->name; defs++) {
        MvValue getset = mv_getset_make(vm, cls, defs, false);
        if (getset == MV_EXC || !put(vm, cls, defs->name, getset))
            return false;
    }
    return true;
}

static bool fill_class(MvVM *vm, int id)
{
    const ClassRow *row = row_of(id);
    MvClass *cls = vm->classes[id], *base = id == MV_CLASS_OBJECT ? NULL : vm->classes[row->base];
    const char *dot = strrchr(row->name, '.');
    cls->name = cls->qualname = mv_intern_c(vm, dot ? dot + 1 : row->name);
    MvValue names = mv_dict_new(vm);
    cls->bases = mv_tuple_new(vm, base ? 1 : 0);
    cls->mro = mv_tuple_new(vm, 1 + (base ? base->mro->length : 0));
    if (names == MV_EXC || !cls->bases || !cls->mro)
        return false;
    cls->names = MV_CAST(MvDict, names);
    cls->mro->items[0] = mv_value(cls);
    if (base) {
        cls->bases->items[0] = mv_value(base);
        memcpy(cls->mro->items + 1, base->mro->items, (size_t)base->mro->length * 8);
    }
    if (dot && !put(vm, cls, "__module__", mv_str_from_ascii(vm, row->name, dot - row->name)))
        return false;
    bool exception = id >= MV_CLASS_FIRST_EXCEPTION;
    if (!exception || id == MV_CLASS_FIRST_EXCEPTION) {
        const MvMethodDef *methods = cls->def->methods;
        for (int i = 0; methods && methods[i].name; i++)
            if (!put(vm, cls, methods[i].name, make_method(vm, id, i, &methods[i])))
                return false;
        if (!add_getsets(vm, cls, cls->def->getsets))
            return false;
    }
    if (exception && !add_getsets(vm, cls, mv_exception_getsets(id)))
        return false;
    if (id != MV_CLASS_TYPE && !mv_dict_find_name(cls->names, vm->names->n___doc__) && !put(vm, cls, "__doc__", MV_NONE))
        return false;
    return mv_wrappers_install(vm, cls);
}

static bool set_builtin(MvVM *vm, const char *name, MvValue value)
{
    return value != MV_EXC && mv_module_set(vm, vm->builtins, mv_intern_c(vm, name), value);
}

static bool make_builtins(MvVM *vm)
{
    MvModule *module = mv_module_new(vm, vm->names->n_builtins);
    if (!module)
        return false;
    vm->builtins = module;
    module->state = 2;
    if (!set_builtin(vm, "__name__", module->name) || !set_builtin(vm, "None", MV_NONE) || !set_builtin(vm, "True", MV_TRUE) || !set_builtin(vm, "False", MV_FALSE) ||
        !set_builtin(vm, "Ellipsis", MV_ELLIPSIS) || !set_builtin(vm, "NotImplemented", MV_NOTIMPLEMENTED) || !set_builtin(vm, "__debug__", MV_TRUE))
        return false;
    for (int i = 0; mv_builtin_functions[i].name; i++) {
        MvValue function = mv_builtin_new(vm, MV_BUILTIN_ID(MV_GROUP_FUNCTIONS, i), MV_UNASSIGNED);
        if (function == MV_EXC)
            return false;
        MV_CAST(MvBuiltin, function)->module_name = vm->names->n_builtins;
        if (!set_builtin(vm, mv_builtin_functions[i].name, function))
            return false;
    }
    for (int id = 0; id < MV_CLASS_COUNT; id++)
        if (row_of(id)->visible && !set_builtin(vm, row_of(id)->name, mv_value(vm->classes[id])))
            return false;
    return set_builtin(vm, "EnvironmentError", mv_value(vm->classes[MV_EXC_OSError])) && set_builtin(vm, "IOError", mv_value(vm->classes[MV_EXC_OSError])) &&
           mv_dict_set(vm, vm->modules, vm->names->n_builtins, mv_value(module));
}

/* What native code compares callees with: the builtins themselves, whatever a program binds to their names. */
static bool note_intrinsics(MvVM *vm)
{
    static const struct { int number, cls; const char *name; } rows[] = {
#define ROW(NAME, CLASS, name, least, most) {MV_INTRINSIC_##NAME, MV_CLASS_##CLASS, name},
        MV_NATIVE_INTRINSICS(ROW)
#undef ROW
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        MvValue name = mv_intern_c(vm, rows[i].name);
        if (name == MV_EXC)
            return false;
        vm->intrinsics[rows[i].number] = rows[i].cls == MV_CLASS_COUNT ? mv_module_get(vm, vm->builtins, name) : mv_class_lookup(vm, vm->classes[rows[i].cls], name);
    }
    return true;
}

static bool make_stack(MvVM *vm)
{
    size_t bytes = MV_STACK_BYTES + MV_STACK_SLACK * sizeof(MvValue);
    MvValue *stack = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stack == MAP_FAILED)
        return false;
    vm->stack = stack;
    vm->stack_end = stack + MV_STACK_BYTES / sizeof(MvValue);
    vm->stack_limit = vm->stack_end;
    vm->base = vm->top = stack + 8; /* the bottom frame: CODE is 0 */
    return true;
}

bool mv_vm_init(MvVM *vm)
{
    vm->pid = getpid();
    vm->method_cache = calloc(MV_METHOD_CACHE_SIZE, sizeof *vm->method_cache);
    /* Pages of its own: its pairs are cache lines, and zeroed without being touched. */
    void *cache = mmap(NULL, MV_SHAPE_CACHE_SIZE * sizeof *vm->shape_cache, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    vm->shape_cache = cache == MAP_FAILED ? NULL : cache;
    vm->exc_bottom.exception = MV_NONE;
    vm->exc_state = &vm->exc_bottom;
    if (!vm->depth_limit)
        vm->depth_limit = 1000;
    vm->class_epoch = 1;
    const uint32_t stress = vm->gc_stress;
    vm->gc_stress = 0;
    vm->repr_stack = vm->last_value = vm->argv = vm->limit_exception = MV_NONE;
    if (!vm->method_cache || !vm->shape_cache || !make_stack(vm) || !mv_heap_init(vm, vm->heap.bytes_limit))
        return false;
    vm->heap.no_collect = true;
    vm->native_depth = 0;
    if (!make_raw_classes(vm))
        return false;
    vm->empty_tuple = mv_value(mv_tuple_new(vm, 0));
    if (!mv_str_init(vm) || !make_names(vm))
        return false;
    for (int id = 0; id < MV_CLASS_COUNT; id++)
        if (!fill_class(vm, id))
            return false;
    MvValue modules = mv_dict_new(vm);
    if (modules == MV_EXC)
        return false;
    vm->modules = MV_CAST(MvDict, modules);
    vm->empty_frozenset = mv_set_new(vm, MV_CLASS_FROZENSET);
    vm->memory_error = mv_exception_new(vm, vm->classes[MV_EXC_MemoryError], NULL, 0);
    vm->repr_stack = mv_list_new(vm, 0);
    if (vm->empty_frozenset == MV_EXC || vm->memory_error == MV_EXC || vm->repr_stack == MV_EXC || !make_builtins(vm) ||
        !note_intrinsics(vm))
        return false;
    vm->class_epoch++;
    vm->heap.no_collect = false;
    vm->gc_stress = stress;
    if (stress)
        mv_heap_finish_spans(vm);
    return true;
}

void mv_vm_destroy(MvVM *vm)
{
    for (MvCode *code = vm->codes; code; code = code->next)
        mv_code_free_records(vm, code);
    mv_loader_free(vm);
    free(vm->image_modules);
    mv_heap_free(vm);
    mv_shapes_free(vm);
    free(vm->interned.slots);
    free(vm->namespaces.chains);
    free(vm->method_cache);
    mv_signatures_free(vm);
    mv_depend_free(vm);
    if (vm->shape_cache)
        munmap(vm->shape_cache, MV_SHAPE_CACHE_SIZE * sizeof *vm->shape_cache);
    free(vm->names);
    free(vm->roots);
    if (vm->stack)
        munmap(vm->stack, MV_STACK_BYTES + MV_STACK_SLACK * sizeof(MvValue));
}
