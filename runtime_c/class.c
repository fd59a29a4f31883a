/* Classes: look-up through the MRO, special methods, and changes of class attributes with what they invalidate.
 *
 * Class attributes live in name cells. A look-up that an inline cache remembers marks the name (MV_STR_NAME_CACHED); changing a class under a marked
 * name resets all look-up records, unless the change goes from one plain value to another (records read those through the cell); so does a hook
 * (__getattribute__, ...) or what makes the class's instances descriptors, under any name.
 * INV-class-1: class_epoch changes with every change of any class's names, so the method cache and `specials` are never stale. */
#include "class.h"
#include "depend.h"
#include "ic.h"
#include "interp.h"

/* ---- look-up ---- */

MvNameCell *mv_class_find(MvVM *vm, MvClass *cls, MvValue name, MvClass **holder)
{
    uint64_t hash = ((uint64_t)cls >> 4) * 0x9E3779B97F4A7C15u ^ (name >> 4) * 0xC2B2AE3D27D4EB4Fu;
    MvMethodCacheEntry *entry = &vm->method_cache[hash >> 40 & (MV_METHOD_CACHE_SIZE - 1)];
    if (entry->cls == cls && entry->name == name && entry->epoch == vm->class_epoch) {
        if (holder)
            *holder = entry->holder;
        return entry->cell;
    }
    MvNameCell *cell = NULL;
    MvClass *found = NULL;
    for (int64_t i = 0; i < cls->mro->length; i++) {
        MvClass *candidate = MV_CAST(MvClass, cls->mro->items[i]);
        MvDictEntry *e = mv_dict_find_name(candidate->names, name);
        if (e && MV_CAST(MvNameCell, e->value)->value != MV_UNASSIGNED) {
            cell = MV_CAST(MvNameCell, e->value);
            found = candidate;
            break;
        }
    }
    *entry = (MvMethodCacheEntry){cls, name, cell, found, vm->class_epoch};
    if (holder)
        *holder = found;
    return cell;
}

MvValue mv_class_lookup(MvVM *vm, MvClass *cls, MvValue name)
{
    MvNameCell *cell = mv_class_find(vm, cls, name, NULL);
    return cell ? cell->value : MV_UNASSIGNED;
}

MvValue mv_special(MvVM *vm, MvClass *cls, int special)
{
    if (MV_UNLIKELY(!cls->specials || cls->special_epoch != vm->class_epoch)) {
        if (!cls->specials) {
            bool no_collect = vm->heap.no_collect;
            vm->heap.no_collect = true; /* callers hold operands in registers of theirs */
            MvStore *store = mv_allocate(vm, sizeof(MvStore) + MV_SPECIAL_COUNT * 8, MV_CLASS_INTERNAL, MV_KIND_STORE, MV_GC_HAS_POINTERS, 0);
            vm->heap.no_collect = no_collect;
            if (!store) { /* no memory: answer without the table */
                vm->exception = 0;
                return mv_class_lookup(vm, cls, vm->special_names[special]);
            }
            store->length = MV_SPECIAL_COUNT;
            cls->specials_store = store;
            cls->specials = store->items;
            mv_barrier(vm, cls);
        } else
            memset(cls->specials, 0, MV_SPECIAL_COUNT * sizeof *cls->specials);
        cls->special_epoch = vm->class_epoch;
    }
    MvValue found = cls->specials[special];
    if (MV_UNLIKELY(!found)) {
        found = mv_class_lookup(vm, cls, vm->special_names[special]);
        mv_store(vm, cls->specials_store, &cls->specials[special], found);
    }
    return found;
}

bool mv_is_subclass(const MvClass *cls, const MvClass *base)
{
    if (cls == base)
        return true;
    for (int64_t i = 0; i < cls->mro->length; i++)
        if (MV_CAST(MvClass, cls->mro->items[i]) == base)
            return true;
    return false;
}

/* The class among those of exceptions with fields of their own from which an exception class has its layout: CPython's lay-out conflicts. Here the
   fields share their words, so that each class's fields hold what its own constructor checked. */
MvClass *mv_class_exception_layout(MvVM *vm, const MvClass *cls)
{
    static const int ids[] = {MV_EXC_OSError, MV_EXC_StopIteration, MV_EXC_SystemExit, MV_EXC_ImportError, MV_EXC_SyntaxError, MV_EXC_UnicodeEncodeError,
                              MV_EXC_UnicodeDecodeError, MV_EXC_UnicodeTranslateError, MV_EXC_NameError, MV_EXC_AttributeError};
    for (unsigned i = 0; i < sizeof ids / sizeof *ids; i++)
        if (mv_is_subclass(cls, vm->classes[ids[i]]))
            return vm->classes[ids[i]];
    return vm->classes[MV_EXC_BaseException];
}

MvClass *mv_class_base(MvVM *vm, const MvClass *cls)
{
    for (int64_t i = 0; i < cls->bases->length; i++) {
        MvClass *base = MV_CAST(MvClass, cls->bases->items[i]);
        if (base->payload_kind == cls->payload_kind && (cls->payload_kind != MV_KIND_EXCEPTION || mv_class_exception_layout(vm, base) == mv_class_exception_layout(vm, cls) ||
            (cls->flags & MV_CLASSF_BUILTIN)))
            return base;
    }
    return cls->bases->length ? MV_CAST(MvClass, cls->bases->items[0]) : NULL;
}

MvClass *mv_class_builtin_base(MvVM *vm, MvClass *cls)
{
    while (!(cls->flags & MV_CLASSF_BUILTIN))
        cls = mv_class_base(vm, cls);
    return cls;
}

MvClass *mv_class_of(MvVM *vm, MvValue v)
{
    if (mv_is_pointer(v))
        return vm->shapes[mv_object(v)->shape]->cls;
    return vm->classes[mv_is_int(v) ? MV_CLASS_INT : MV_CLASS_FLOAT];
}

bool mv_is_exact(MvVM *vm, MvValue v, int id) { return mv_class_of(vm, v) == vm->classes[id]; }

MvValue mv_class_qualified_name(MvVM *vm, MvClass *cls)
{
    MvDictEntry *entry = mv_dict_find_name(cls->names, vm->names->n___module__);
    MvValue module = entry ? MV_CAST(MvNameCell, entry->value)->value : MV_UNASSIGNED;
    if (!mv_is_kind(module, MV_KIND_STR) || mv_str_is_c(module, "builtins"))
        return cls->name; /* CPython shows its tp_name */
    return mv_format_message(vm, "%S.%S", module, cls->qualname);
}

const char *mv_class_c_name(MvVM *vm, MvClass *cls)
{
    MvRaw *raw = mv_str_to_utf8(vm, cls->name, 2);
    return raw ? (const char *)raw->data : "?";
}

/* ---- changes ---- */

bool mv_is_inherited(MvVM *vm, const MvClass *cls, MvValue v, int special)
{
    if (!mv_is_kind(v, MV_KIND_BUILTIN))
        return false;
    const MvBuiltin *builtin = MV_CAST(MvBuiltin, v);
    return builtin->owner < MV_CLASS_COUNT && builtin->self == MV_UNASSIGNED && mv_is_subclass(cls, vm->classes[builtin->owner]) &&
           mv_str_is_c(vm->special_names[special], mv_builtin_def(builtin->id)->name);
}

bool mv_is_objects(MvVM *vm, MvValue v, int special)
{
    return mv_is_kind(v, MV_KIND_BUILTIN) && MV_CAST(MvBuiltin, v)->owner == MV_CLASS_OBJECT &&
           mv_is_inherited(vm, vm->classes[MV_CLASS_OBJECT], v, special);
}

static const struct NumberSlot { int special; uint32_t flag; } number_slots[] = {
    {MV_SP_ADD + MV_BINARY_ADD, MV_CLASSF_NUMBER_ADD}, {MV_SP_RADD + MV_BINARY_ADD, MV_CLASSF_NUMBER_ADD}, {MV_SP_ADD + MV_BINARY_MUL, MV_CLASSF_NUMBER_MUL},
    {MV_SP_RADD + MV_BINARY_MUL, MV_CLASSF_NUMBER_MUL}, {MV_SP_IADD + MV_BINARY_MUL, MV_CLASSF_NUMBER_IMUL}};
#define NUMBER_SLOTS (sizeof number_slots / sizeof *number_slots)

/* CPython keeps the sequence's + and * and those of numbers in slots of their own. A method that the sequence does not have fills the number's slot;
 * when it goes, the sequence's own method is found under the same name, and stays in the number's slot, as that one is filled (update_one_slot). */
static void fill_number_slots(MvVM *vm, MvClass *cls)
{
    if (cls->payload_kind != MV_KIND_LIST && cls->payload_kind != MV_KIND_TUPLE && cls->payload_kind != MV_KIND_STR)
        return;
    for (unsigned i = 0; i < NUMBER_SLOTS; i++) {
        MvValue value = mv_class_lookup(vm, cls, vm->special_names[number_slots[i].special]);
        if (value != MV_UNASSIGNED && !mv_is_inherited(vm, cls, value, number_slots[i].special))
            cls->flags |= number_slots[i].flag;
    }
}

void mv_class_inherit_slots(MvVM *vm, MvClass *cls)
{
    for (int64_t i = 1; i < cls->mro->length; i++) {
        const MvClass *base = MV_CAST(MvClass, cls->mro->items[i]);
        cls->flags |= base->flags & (MV_CLASSF_NUMBER_ADD | MV_CLASSF_NUMBER_MUL | MV_CLASSF_NUMBER_IMUL);
        for (unsigned k = 0; k < NUMBER_SLOTS && !mv_class_is_builtin(base); k++)
            if (mv_dict_find_name(base->names, vm->special_names[number_slots[k].special]))
                cls->flags |= number_slots[k].flag; /* even if the sequence's own method comes first */
    }
}

void mv_class_update_flags(MvVM *vm, MvClass *cls)
{
    fill_number_slots(vm, cls);
    static const struct { int special; uint32_t flag; } rows[] = {{MV_SP_GETATTRIBUTE, MV_CLASSF_GETATTR}, {MV_SP_GETATTR, MV_CLASSF_GETATTR},
        {MV_SP_SETATTR, MV_CLASSF_SETATTR}, {MV_SP_DELATTR, MV_CLASSF_SETATTR}};
    cls->flags &= ~(uint32_t)(MV_CLASSF_GETATTR | MV_CLASSF_SETATTR | MV_CLASSF_PLAIN_NEW);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        MvValue value = mv_class_lookup(vm, cls, vm->special_names[rows[i].special]);
        if (value != MV_UNASSIGNED && !mv_is_inherited(vm, cls, value, rows[i].special))
            cls->flags |= rows[i].flag;
    }
    MvValue make = mv_class_lookup(vm, cls, vm->special_names[MV_SP_NEW]);
    if (cls->payload_kind == MV_KIND_INSTANCE && mv_is_objects(vm, make, MV_SP_NEW))
        cls->flags |= MV_CLASSF_PLAIN_NEW;
    int64_t position = 0;
    MvValue sub, unused;
    while (cls->subclasses && mv_dict_next(cls->subclasses, &position, &sub, &unused))
        mv_class_update_flags(vm, MV_CAST(MvClass, sub));
}

bool mv_class_is_plain(MvVM *vm, MvValue v)
{
    if (v == MV_UNASSIGNED)
        return false;
    if (!mv_is_pointer(v))
        return true;
    MvClass *cls = mv_class_of(vm, v);
    if ((cls->def && (cls->def->descriptor_get || cls->def->descriptor_set)) || mv_is_kind(v, MV_KIND_FUNCTION) || mv_is_kind(v, MV_KIND_BUILTIN))
        return false;
    return mv_special(vm, cls, MV_SP_GET) == MV_UNASSIGNED && mv_special(vm, cls, MV_SP_SET) == MV_UNASSIGNED &&
           mv_special(vm, cls, MV_SP_DELETE) == MV_UNASSIGNED;
}

bool mv_is_dunder(MvValue name)
{
    const MvStr *s = MV_CAST(MvStr, name);
    return s->length > 4 && mv_str_char(s, 0) == '_' && mv_str_char(s, 1) == '_' && mv_str_char(s, s->length - 1) == '_';
}

/* Stores into the cell of name in cls, made if needed; UNASSIGNED deletes. The caller checked that cls may be changed. */
bool mv_class_put(MvVM *vm, MvClass *cls, MvValue name, MvValue value)
{
    MvDictEntry *entry = mv_dict_find_name(cls->names, name);
    MvNameCell *cell = entry ? MV_CAST(MvNameCell, entry->value) : NULL;
    MvValue before = cell ? cell->value : MV_UNASSIGNED;
    if (!cell) {
        cell = mv_name_cell_new(vm, name, MV_UNASSIGNED);
        if (!cell || !mv_dict_set(vm, cls->names, name, mv_value(cell)))
            return false;
    }
    /* Not under special names: `specials` holds what was found under those. */
    bool through_cell = mv_class_is_plain(vm, before) && mv_class_is_plain(vm, value) && !mv_is_dunder(name);
    if (before != MV_UNASSIGNED)
        mv_cell_rewritten(vm, cell);
    mv_store(vm, cell, &cell->value, value);
    if (value == MV_UNASSIGNED && mv_dict_delete(vm, cls->names, name) < 0)
        return false;
    if (through_cell)
        return true;
    vm->class_epoch++;
    /* A class whose instances become descriptors, or whose attributes get a hook, changes what look-ups of any name mean. */
    static const int general[] = {MV_SP_GET, MV_SP_SET, MV_SP_DELETE, MV_SP_GETATTRIBUTE, MV_SP_GETATTR, MV_SP_SETATTR, MV_SP_DELATTR};
    bool descriptor = false;
    for (unsigned i = 0; i < sizeof general / sizeof *general; i++)
        descriptor |= name == vm->special_names[general[i]];
    bool cached = MV_CAST(MvStr, name)->h.aux & MV_STR_NAME_CACHED;
    if (descriptor || cached)
        mv_ic_reset_lookups(vm);
    if (cached)
        mv_depend_class_changed(vm, cls, name);
    if (mv_is_dunder(name))
        mv_class_update_flags(vm, cls);
    return true;
}

bool mv_class_set(MvVM *vm, MvClass *cls, MvValue name, MvValue value)
{
    if (cls->flags & MV_CLASSF_BUILTIN) {
        mv_type_error(vm, "cannot set %R attribute of immutable type '%N'", name, cls); /* deleted, too; whatever the name is */
        return false;
    }
    if (value == MV_UNASSIGNED) {
        MvDictEntry *entry = mv_dict_find_name(cls->names, name);
        if (!entry || MV_CAST(MvNameCell, entry->value)->value == MV_UNASSIGNED) {
            mv_raise(vm, MV_EXC_AttributeError, "type object '%N' has no attribute '%S'", cls, name);
            return false;
        }
    }
    return mv_class_put(vm, cls, name, value);
}

MvNameCell *mv_name_cell_new(MvVM *vm, MvValue name, MvValue value)
{
    MvNameCell *cell = mv_allocate(vm, sizeof(MvNameCell), MV_CLASS_INTERNAL, MV_KIND_NAMECELL, MV_GC_HAS_POINTERS, 0);
    if (cell) {
        cell->name = name;
        cell->value = value;
    }
    return cell;
}
