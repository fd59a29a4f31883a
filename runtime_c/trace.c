/* What each kind of object refers to, and the roots. One case for each kind; a new kind without a case does not compile (-Werror=switch). */
#include "api.h"
#include "arena.h"
#include "protocol.h"
#include "str.h"

static void mark_values(MvVM *vm, const MvValue *values, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        mv_mark_value(vm, values[i]);
}

/* Long arrays are traced in pieces, so that the mark stack does not take as much memory as they. */
enum { PIECE = 256 };

static void mark_items(MvVM *vm, MvObject *object, const MvValue *values, int64_t from, int64_t count)
{
    int64_t end = count - from > PIECE ? from + PIECE : count;
    if (end < count)
        mv_mark_later(vm, object, end);
    mark_values(vm, values + from, end - from);
}

static void mark_entries(MvVM *vm, const MvDictEntry *entries, int64_t from, int64_t end)
{
    for (int64_t i = from; i < end; i++) {
        mv_mark_value(vm, entries[i].key);
        mv_mark_value(vm, entries[i].value);
    }
}

static void mark_set_entries(MvVM *vm, const MvSetEntry *entries, int64_t from, int64_t end)
{
    for (int64_t i = from; i < end; i++)
        mv_mark_value(vm, entries[i].key);
}

void mv_trace_rest(MvVM *vm, MvObject *object, int64_t from)
{
    switch (object->kind) {
    case MV_KIND_STORE:
        mark_items(vm, object, ((MvStore *)object)->items, from, ((MvStore *)object)->length);
        break;
    case MV_KIND_TUPLE:
        mark_items(vm, object, ((MvTuple *)object)->items, from, ((MvTuple *)object)->length);
        break;
    case MV_KIND_DICTTABLE: {
        const MvDictTable *table = (MvDictTable *)object;
        int64_t end = table->fill - from > PIECE ? from + PIECE : table->fill;
        if (end < table->fill)
            mv_mark_later(vm, object, end);
        mark_entries(vm, table->entries, from, end);
        break;
    }
    case MV_KIND_SETTABLE: {
        const MvSetTable *table = (MvSetTable *)object;
        int64_t end = table->mask + 1 - from > PIECE ? from + PIECE : table->mask + 1;
        if (end <= table->mask)
            mv_mark_later(vm, object, end);
        mark_set_entries(vm, table->entries, from, end);
        break;
    }
    default:
        break;
    }
}

/* The numbers of the elements of an array that have bytes in start..end. */
static void elements_in(const void *first, size_t size, int64_t count, const char *start, const char *end, int64_t *from, int64_t *to)
{
    const char *base = first;
    *from = start <= base ? 0 : (int64_t)((size_t)(start - base) / size);
    *to = end <= base ? 0 : (int64_t)(((size_t)(end - base) + size - 1) / size);
    if (*to > count)
        *to = count;
}

void mv_trace_range(MvVM *vm, MvObject *object, const char *start, const char *end)
{
    int64_t from, to;
    switch (object->kind) {
    case MV_KIND_STORE: {
        const MvStore *store = (MvStore *)object;
        elements_in(store->items, sizeof *store->items, store->length, start, end, &from, &to);
        mark_values(vm, store->items + from, to - from);
        break;
    }
    case MV_KIND_DICTTABLE: {
        const MvDictTable *table = (MvDictTable *)object;
        elements_in(table->entries, sizeof *table->entries, table->fill, start, end, &from, &to);
        mark_entries(vm, table->entries, from, to);
        break;
    }
    case MV_KIND_SETTABLE: {
        const MvSetTable *table = (MvSetTable *)object;
        elements_in(table->entries, sizeof *table->entries, table->mask + 1, start, end, &from, &to);
        mark_set_entries(vm, table->entries, from, to);
        break;
    }
    default:
        break;
    }
}

static void mark_pointer(MvVM *vm, const void *object)
{
    if (object)
        mv_mark_object(vm, (MvObject *)object);
}

/* Attribute slots, and the class, of an instance of a user class. */
static void trace_slots(MvVM *vm, MvObject *object)
{
    const MvShape *shape = vm->shapes[object->shape];
    mark_pointer(vm, shape->cls);
    if (shape->flags & MV_SHAPE_TAIL) {
        mv_mark_value(vm, *mv_shape_tail(vm, object));
        return;
    }
    MvValue *slots = (MvValue *)((char *)object + shape->slot_base);
    mark_values(vm, slots, shape->slot_count < shape->capacity ? shape->slot_count : shape->capacity);
}

static void trace_code(MvVM *vm, const MvCode *code)
{
    mv_mark_value(vm, code->name);
    mv_mark_value(vm, code->qualname);
    mark_pointer(vm, code->module);
    mark_values(vm, code->constants, code->constant_count);
    int64_t parameters = code->parameter_count + !!(code->flags & MV_CODE_VARARGS) + !!(code->flags & MV_CODE_VARKEYWORDS);
    mark_values(vm, code->parameter_names, parameters);
    mark_values(vm, code->free_names, code->free_count);
    for (uint32_t i = 0; i < code->local_count; i++)
        mv_mark_value(vm, code->locals[i].name);
    for (uint32_t i = 0; i < code->inlined_count; i++)
        mv_mark_value(vm, code->inlined[i].name);
    if (code->variable_groups)
        mark_values(vm, code->variables, code->variable_ends[code->variable_groups - 1]);
    mark_values(vm, code->captured, code->captured_count);
}

static void trace_class(MvVM *vm, const MvClass *cls)
{
    mv_mark_value(vm, cls->name);
    mv_mark_value(vm, cls->qualname);
    mark_pointer(vm, cls->bases);
    mark_pointer(vm, cls->mro);
    mark_pointer(vm, cls->names);
    mark_pointer(vm, cls->specials_store);
    if (cls->subclasses && vm->heap.collecting_full) { /* weak: sweep_shapes takes the dead ones out */
        mv_mark_untraced(vm, &cls->subclasses->h);
        mv_mark_untraced(vm, &cls->subclasses->table->h);
    } else {
        mark_pointer(vm, cls->subclasses);
    }
    mv_mark_value(vm, cls->metaclass);
}

static void trace_generator(MvVM *vm, const MvGenerator *generator)
{
    mark_pointer(vm, generator->function);
    mark_pointer(vm, generator->code);
    if (generator->registers) /* registers are conservative: they may hold raw or stale words */
        mv_mark_words(vm, generator->registers, generator->registers + 1);
    mark_pointer(vm, generator->registers);
    mv_mark_value(vm, generator->exc.exception);
    mv_mark_value(vm, generator->name);
    mv_mark_value(vm, generator->qualname);
    mv_mark_value(vm, generator->delegate);
}

void mv_trace_object(MvVM *vm, MvObject *object)
{
#define FIELD(Type, name) mv_mark_value(vm, ((Type *)object)->name)
    switch (object->kind) {
    case MV_KIND_NONE: case MV_KIND_BOOL: case MV_KIND_ELLIPSIS: case MV_KIND_NOTIMPLEMENTED: case MV_KIND_RAW: case MV_KIND_INT:
    case MV_KIND_FLOAT: case MV_KIND_INSTANCE:
        break;
    case MV_KIND_STR:
        if (object->aux & MV_STR_SHARED)
            mv_mark_value(vm, *(MvValue *)((MvStr *)object + 1));
        break;
    case MV_KIND_LIST:
        if (((MvList *)object)->items)
            mark_pointer(vm, mv_list_store((MvList *)object));
        break;
    case MV_KIND_TUPLE:
        mv_trace_rest(vm, object, 0);
        break;
    case MV_KIND_STORE:
        if (object->aux & MV_STORE_RAW)
            mv_mark_words(vm, ((MvStore *)object)->items, ((MvStore *)object)->items + ((MvStore *)object)->length);
        else
            mv_trace_rest(vm, object, 0);
        break;
    case MV_KIND_DICT:
        mark_pointer(vm, ((MvDict *)object)->table);
        break;
    case MV_KIND_SET: case MV_KIND_FROZENSET:
        mark_pointer(vm, ((MvSet *)object)->table);
        break;
    case MV_KIND_DICTTABLE: case MV_KIND_SETTABLE:
        mv_trace_rest(vm, object, 0);
        break;
    case MV_KIND_RANGE:
        mark_values(vm, &((MvRange *)object)->start, 4);
        break;
    case MV_KIND_SLICE:
        mark_values(vm, &((MvSlice *)object)->start, 3);
        break;
    case MV_KIND_FUNCTION: {
        const MvFunction *function = (MvFunction *)object;
        mark_pointer(vm, function->code);
        mark_pointer(vm, function->module);
        mark_pointer(vm, function->closure);
        mark_values(vm, &function->defaults, 8);
        break;
    }
    case MV_KIND_BUILTIN:
        FIELD(MvBuiltin, self);
        FIELD(MvBuiltin, module_name);
        break;
    case MV_KIND_METHOD:
        FIELD(MvMethod, function);
        FIELD(MvMethod, self);
        break;
    case MV_KIND_CELL:
        FIELD(MvCell, value);
        break;
    case MV_KIND_NAMECELL:
        FIELD(MvNameCell, value);
        FIELD(MvNameCell, name);
        break;
    case MV_KIND_CLASS:
        trace_class(vm, (MvClass *)object);
        break;
    case MV_KIND_MODULE:
        mark_pointer(vm, ((MvModule *)object)->names);
        mark_values(vm, &((MvModule *)object)->name, 3);
        mark_pointer(vm, ((MvModule *)object)->code);
        break;
    case MV_KIND_CODE:
        trace_code(vm, (MvCode *)object);
        break;
    case MV_KIND_GENERATOR:
        trace_generator(vm, (MvGenerator *)object);
        break;
    case MV_KIND_EXCEPTION:
        mark_values(vm, &((MvException *)object)->args, 11);
        break;
    case MV_KIND_TRACEBACK: case MV_KIND_FRAMEINFO:
        FIELD(MvTraceback, next);
        mark_pointer(vm, ((MvTraceback *)object)->code);
        break;
    case MV_KIND_PROPERTY:
        mark_values(vm, &((MvProperty *)object)->get, 5);
        break;
    case MV_KIND_STATICMETHOD: case MV_KIND_CLASSMETHOD:
        FIELD(MvWrapper, function);
        FIELD(MvWrapper, attributes);
        break;
    case MV_KIND_SUPER:
        mark_values(vm, &((MvSuper *)object)->cls, 3);
        break;
    case MV_KIND_GETSET:
        FIELD(MvGetSet, owner);
        break;
    case MV_KIND_MEMBER:
        FIELD(MvMember, name);
        FIELD(MvMember, owner);
        FIELD(MvMember, key);
        break;
    case MV_KIND_ITER:
        mark_values(vm, &((MvIter *)object)->a, 3);
        break;
    case MV_KIND_DICTVIEW:
        FIELD(MvDictView, dict);
        break;
    case MV_KIND_NAMESPACE:
        FIELD(MvNamespace, target);
        FIELD(MvNamespace, mirror);
        FIELD(MvNamespace, names);
        break;
    case MV_KIND_FILE:
        mv_file_trace(vm, object);
        break;
    case MV_KIND_HANDLE: case MV_KIND_HOSTFUNCTION:
        FIELD(MvHandle, name);
        break;
    }
#undef FIELD
    if (object->shape >= MV_CLASS_COUNT) /* root shapes of builtin classes have no attributes */
        trace_slots(vm, object);
}

void mv_trace_roots(MvVM *vm)
{
    mark_values(vm, vm->ascii_chars, 256);
    mv_mark_value(vm, vm->empty_str);
    mv_mark_value(vm, vm->empty_tuple);
    mv_mark_value(vm, vm->empty_frozenset);
    mark_values(vm, vm->special_names, MV_SPECIAL_COUNT);
    mark_values(vm, vm->intrinsics, MV_INTRINSIC_COUNT);
    for (int i = 0; i < MV_CLASS_COUNT; i++)
        mark_pointer(vm, vm->classes[i]);
    mark_pointer(vm, vm->builtins);
    mark_pointer(vm, vm->modules);
    mv_intern_mark(vm);
    mv_host_mark_names(vm);
    mv_mark_value(vm, vm->argv);
    mark_values(vm, vm->roots, vm->root_count);
    mv_mark_value(vm, vm->repr_stack);
    mv_mark_value(vm, vm->memory_error);
    mv_mark_value(vm, vm->limit_exception);
    mv_mark_value(vm, vm->last_value);
    mv_mark_value(vm, vm->exception);
    mv_mark_value(vm, vm->callee);
    for (MvExcState *state = vm->exc_state; state; state = state->previous)
        mv_mark_value(vm, state->exception);
    mv_mark_value(vm, vm->exc_bottom.exception);
    for (MvModule **module = (MvModule **)vm->image_modules; module && *module; module++)
        mark_pointer(vm, *module);
}
