/* Inline caches: filling records, the megamorphic cache behind them, and their invalidation. */
#include "ic.h"
#include "api.h"
#include "class.h"
#include "errors.h"
#include "interp.h"
#include <stdlib.h>

const char *const mv_ic_kind_names[] = {
#define NAME(KIND, name) #name,
    MV_IC_KINDS(NAME)
#undef NAME
};

/* From the characters alone, never from an address or a keyed hash: the same in each run. */
static uint32_t name_number(MvValue name)
{
    const MvStr *s = MV_CAST(MvStr, name);
    size_t size = (size_t)s->length << mv_str_shift(s), end = size < 8 ? size : 8;
    uint64_t head = 0, tail = 0;
    memcpy(&head, s->data, end);
    memcpy(&tail, (const char *)s->data + size - end, end);
    uint64_t mixed = (head ^ (tail << 29 | tail >> 35) ^ size) * 0x9E3779B97F4A7C15u;
    return (uint32_t)(mixed >> 32);
}

/* What the instructions of a site do where the guard alone fits (MV_IC_APART); entries, whose site is 0, have no such kind. */
static const uint8_t kinds_in_line[MV_SITE_KIND_COUNT] = {[MV_SITE_ATTR] = MV_IC_FIELD, [MV_SITE_STORE_ATTR] = MV_IC_FIELD, [MV_SITE_METHOD] = MV_IC_METHOD,
                                                             [MV_SITE_BINARY] = MV_IC_OPERATE, [MV_SITE_COMPARE] = MV_IC_OPERATE,
                                                             [MV_SITE_INDEX] = MV_IC_OPERATE, [MV_SITE_STORE_INDEX] = MV_IC_OPERATE};

static void empty_head(MvIcRecord *record)
{
    const MvIcRecord empty = {.shape = MV_IC_NO_SHAPE, .site = record->site, .counter = record->counter};
    __atomic_store_n(&record->head, empty.head, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE); /* before the words that follow; no instruction on x86 */
}

/* A record is complete, or it fits nothing. The head is stored whole: a load of it behind stores of its parts would wait for them. */
static void write_record(MvIcRecord *record, const MvIcRecord *found)
{
    uint8_t in_line = kinds_in_line[record->site], counter = record->counter;
    MvIcRecord next = {.shape = mv_ic_guard(found), .kind = found->kind, .site = record->site, .offset = found->offset};
    next.counter = counter < 15 ? counter + 1 : counter;
    if (in_line && in_line != found->kind)
        next.shape |= MV_IC_APART;
    empty_head(record);
    record->w1 = found->w1;
    record->w2 = found->w2;
    __atomic_store_n(&record->head, next.head, __ATOMIC_RELEASE);
}

void mv_ic_init(const MvVM *vm, MvIcRecord *record, unsigned site)
{
    *record = (MvIcRecord){.shape = MV_IC_NO_SHAPE, .site = site & 15};
    mv_ic_aim(vm, record);
}

void mv_ic_clear(MvVM *vm, MvIcRecord *record)
{
    uint8_t kind = record->kind;
    empty_head(record);
    if (kind == MV_IC_POLY) {
        free(mv_ic_entries(record));
        mv_heap_account_external(vm, -(int64_t)(MV_IC_POLY_LIMIT * sizeof *record));
    }
    record->w1 = record->w2 = 0;
    mv_ic_aim(vm, record);
}

/* A block of entries without shapes; NULL: no memory. */
static MvIcRecord *new_entries(MvVM *vm)
{
    size_t bytes = MV_IC_POLY_LIMIT * sizeof(MvIcRecord);
    if (!mv_heap_account_external(vm, (int64_t)bytes))
        return NULL;
    MvIcRecord *entries = calloc(1, bytes);
    if (!entries) {
        mv_heap_account_external(vm, -(int64_t)bytes);
        return NULL;
    }
    for (int i = 0; i < MV_IC_POLY_LIMIT; i++)
        entries[i].shape = MV_IC_NO_SHAPE;
    return entries;
}

/* Do both answer for the same receivers? */
static bool same_guard(const MvIcRecord *a, const MvIcRecord *b)
{
    if (mv_ic_guard(a) != mv_ic_guard(b))
        return false;
    if ((a->kind == MV_IC_OWNER && b->kind == MV_IC_OWNER) || (a->kind == MV_IC_BUILTIN && b->kind == MV_IC_BUILTIN))
        return a->w2 == b->w2;
    bool operands = a->kind == MV_IC_OPERATE || a->kind == MV_IC_HANDLER;
    return operands != (b->kind == MV_IC_OPERATE || b->kind == MV_IC_HANDLER) ? false : !operands || a->w1 == b->w1;
}

static bool same_answer(const MvIcRecord *a, const MvIcRecord *b)
{
    return a->kind == b->kind && mv_ic_guard(a) == mv_ic_guard(b) && a->offset == b->offset && a->w1 == b->w1 && a->w2 == b->w2;
}

void mv_ic_learn(MvVM *vm, MvIcRecord *record, MvValue name, MvIcRecord found)
{
    int before = record->kind;
    const MvIcRecord mega = {.kind = MV_IC_MEGA, .shape = MV_IC_NO_SHAPE, .w1 = name, .w2 = mv_from_fixnum(name_number(name))};
    if (before == MV_IC_MEGA)
        return;
    if (vm->ic_mode == 2 && found.kind != MV_IC_OWNER && found.kind != MV_IC_GLOBAL)
        write_record(record, &mega);
    else if (before == MV_IC_POLY) {
        MvIcRecord *entry = mv_ic_entries(record), *end = entry + MV_IC_POLY_LIMIT, *spare = NULL;
        for (; entry < end && !(entry->kind && same_guard(entry, &found)); entry++)
            if (!entry->kind && !spare)
                spare = entry;
        if (entry < end && same_answer(entry, &found))
            return;
        if (entry < end || (entry = spare))
            write_record(entry, &found), record->counter += record->counter < 15;
        else if (found.kind == MV_IC_OWNER)
            return; /* the shape cache cannot answer for single objects */
        else {
            mv_ic_clear(vm, record);
            write_record(record, &mega);
        }
    } else if (before == MV_IC_NONE || before == MV_IC_GLOBAL || same_guard(record, &found)) {
        if (same_answer(record, &found))
            return;
        write_record(record, &found);
    } else {
        MvIcRecord *entries = new_entries(vm);
        if (entries) {
            write_record(&entries[0], record);
            write_record(&entries[1], &found);
            write_record(record, &(MvIcRecord){.kind = MV_IC_POLY, .shape = MV_IC_NO_SHAPE, .w1 = (uint64_t)entries});
        } else
            write_record(record, &mega);
    }
    mv_ic_aim(vm, record);
    vm->stats.ic_transitions[record->kind]++;
    if (mv_traces(vm, MV_TRACE_IC))
        mv_trace_cache(vm, record, before, &found, name);
}

/* Publishes what a look-up found, in the site's record and in the shape cache. */
static void publish(MvVM *vm, MvIcRecord *record, MvValue name, MvIcUse use, MvIcRecord found)
{
    if (vm->ic_mode == 1)
        return;
    mv_ic_note_name(vm, name);
    if (found.kind != MV_IC_OWNER) {
        MvIcRecord *pair = mv_ic_cache_pair(vm, found.shape, name_number(name));
        found.key = mv_ic_cache_key(name, use);
        if (pair->key && (pair->key != found.key || pair->shape != found.shape))
            pair[1] = *pair;
        *pair = found;
    }
    mv_ic_learn(vm, record, name, found);
}

/* The shape cache's record for this use of name; NULL: none, or no caches. */
static MvIcRecord *probe(MvVM *vm, uint32_t shape, MvValue name, MvIcUse use)
{
    return vm->ic_mode == 1 ? NULL : mv_ic_probe(vm, shape, name, name_number(name), use);
}

/* Where attribute `index` lies, as a FIELD or OVERFLOW record; false: not cacheable. */
static bool slot_record(const MvShape *shape, int index, MvIcRecord *found)
{
    if (shape->flags & (MV_SHAPE_DICT | MV_SHAPE_TAIL | MV_SHAPE_BUILTIN))
        return false;
    found->shape = shape->id;
    if (shape->slot_count <= shape->capacity || index < shape->capacity - 1) {
        found->kind = MV_IC_FIELD;
        found->offset = (uint16_t)(shape->slot_base + 8 * index);
    } else {
        found->kind = MV_IC_OVERFLOW;
        found->offset = (uint16_t)(shape->slot_base + 8 * (shape->capacity - 1));
        found->w1 = mv_from_fixnum(index - (shape->capacity - 1));
    }
    return true;
}

/* Is generic look-up what the class does (no __getattribute__, __getattr__ of its own, no get_attr slot)? */
static bool plain_lookup(const MvClass *cls) { return !(cls->flags & MV_CLASSF_GETATTR) && !(cls->def && cls->def->get_attr); }

/* How a look-up of name on objects of this shape goes; false: not cacheable. */
static bool resolve(MvVM *vm, uint32_t shape_id, MvValue name, MvIcRecord *found)
{
    MvShape *shape = vm->shapes[shape_id];
    MvClass *cls = shape->cls, *holder;
    if (!cls || !plain_lookup(cls) || (shape->flags & (MV_SHAPE_DICT | MV_SHAPE_TAIL)))
        return false;
    if (shape->kind == MV_KIND_FUNCTION)
        return false; /* functions keep attributes of their own */
    MvNameCell *cell = mv_class_find(vm, cls, name, &holder);
    MvValue value = cell ? cell->value : MV_UNASSIGNED;
    int index = shape->flags & MV_SHAPE_BUILTIN ? -1 : mv_shape_find(vm, shape, name);
    *found = (MvIcRecord){.shape = shape_id};
    if (value != MV_UNASSIGNED) {
        switch (mv_is_pointer(value) ? mv_object(value)->kind : MV_KIND_INT) {
        case MV_KIND_PROPERTY:
            if (mv_object(value)->shape != MV_CLASS_PROPERTY || !mv_is_kind(MV_CAST(MvProperty, value)->get, MV_KIND_FUNCTION))
                return false;
            found->kind = MV_IC_PROPERTY;
            found->w2 = MV_CAST(MvProperty, value)->get;
            return true;
        case MV_KIND_MEMBER:
            if (!mv_is_subclass(cls, MV_CAST(MvClass, MV_CAST(MvMember, value)->owner)))
                return false;
            index = mv_shape_find(vm, shape, MV_CAST(MvMember, value)->key);
            return index >= 0 && slot_record(shape, index, found);
        case MV_KIND_GETSET:
            return false;
        case MV_KIND_FUNCTION:
            break;
        default:
            if (index >= 0 && mv_is_pointer(value) && !mv_class_is_plain(vm, value) && !mv_is_kind(value, MV_KIND_BUILTIN))
                return false;
        }
    }
    if (index >= 0 && (cls->flags & MV_CLASSF_NO_DICT))
        return false; /* a slot whose member the program took away */
    if (index >= 0)
        return slot_record(shape, index, found);
    if (value == MV_UNASSIGNED)
        return false;
    if (mv_is_method_descriptor(vm, value)) {
        found->kind = MV_IC_METHOD;
        found->w2 = value;
        return true;
    }
    if (mv_is_pointer(value)) {
        MvClass *of = mv_class_of(vm, value);
        if ((of->def && of->def->descriptor_get) || mv_special(vm, of, MV_SP_GET) != MV_UNASSIGNED)
            return false;
    }
    found->kind = MV_IC_VALUE;
    found->w1 = mv_value(cell);
    cell->h.aux |= MV_CELL_CACHED;
    return true;
}

/* A module's or class's own attribute that is a plain value to it: through its name cell, guarded by identity. */
static bool resolve_owner(MvVM *vm, MvValue object, MvValue name, MvIcRecord *found)
{
    MvDictEntry *entry;
    if (mv_object(object)->shape == MV_CLASS_MODULE)
        entry = mv_dict_find_name(MV_CAST(MvModule, object)->names, name);
    else if (mv_object(object)->shape == MV_CLASS_TYPE) {
        MvClass *holder;
        MvNameCell *cell = mv_class_find(vm, MV_CAST(MvClass, object), name, &holder);
        if (!cell || mv_class_find(vm, vm->classes[MV_CLASS_TYPE], name, &holder))
            return false;
        MvValue value = cell->value;
        if (mv_is_pointer(value) && !mv_is_kind(value, MV_KIND_FUNCTION)) {
            MvClass *of = mv_class_of(vm, value);
            if ((of->def && of->def->descriptor_get) || mv_special(vm, of, MV_SP_GET) != MV_UNASSIGNED)
                return false;
        }
        *found = (MvIcRecord){.shape = MV_CLASS_TYPE, .kind = MV_IC_OWNER, .w1 = mv_value(cell), .w2 = object};
        return true;
    } else
        return false;
    if (!entry || MV_CAST(MvNameCell, entry->value)->value == MV_UNASSIGNED)
        return false;
    *found = (MvIcRecord){.shape = MV_CLASS_MODULE, .kind = MV_IC_OWNER, .w1 = entry->value, .w2 = object};
    return true;
}

/* Reads through a record that is known to fit the object. UNASSIGNED: this kind cannot answer a plain load. */
static MvValue answer(MvVM *vm, const MvIcRecord *record, MvValue object)
{
    switch (record->kind) {
    case MV_IC_FIELD:
        return *(MvValue *)((char *)mv_object(object) + record->offset);
    case MV_IC_OVERFLOW:
        return MV_CAST(MvStore, *(MvValue *)((char *)mv_object(object) + record->offset))->items[record->w1 >> 2];
    case MV_IC_VALUE:
    case MV_IC_OWNER:
        return MV_CAST(MvNameCell, record->w1)->value;
    case MV_IC_METHOD:
        return mv_descriptor_bind(vm, record->w2, object, mv_value(mv_class_of(vm, object)));
    case MV_IC_PROPERTY:
        return mv_call1(vm, record->w2, object);
    }
    return MV_UNASSIGNED;
}

static MvValue load_attr(MvVM *vm, MvIcRecord *record, MvValue object, MvValue name)
{
    uint32_t shape = mv_shape_of(object);
    const MvIcRecord *own = mv_ic_settle(vm, record, object, MV_USE_LOAD);
    if (own->kind && mv_ic_guard(own) == shape && own->kind != MV_IC_OWNER && own->kind < MV_IC_POLY) {
        MvValue value = answer(vm, own, object);
        if (value != MV_UNASSIGNED)
            return value;
    }
    MvIcRecord *entry = probe(vm, shape, name, MV_USE_LOAD);
    MvIcRecord found;
    vm->stats.ic_misses[record->kind]++;
    if (entry) {
        found = *entry;
        if (record->kind != MV_IC_MEGA)
            publish(vm, record, name, MV_USE_LOAD, found);
        return answer(vm, &found, object);
    }
    if (resolve(vm, shape, name, &found) || (mv_is_pointer(object) && resolve_owner(vm, object, name, &found)))
        publish(vm, record, name, MV_USE_LOAD, found);
    return mv_get_attr(vm, object, name);
}

MvValue mv_ic_load_attr(MvVM *vm, MvIcRecord *record, MvValue object, MvValue name)
{
    MvValue value = load_attr(vm, record, object, name);
    if (MV_UNLIKELY(value == MV_EXC))
        mv_attribute_error_context(vm, object, name); /* what a property raised */
    return value;
}

bool mv_ic_load_method(MvVM *vm, MvIcRecord *record, MvValue object, MvValue name, MvValue *window)
{
    uint32_t shape = mv_shape_of(object);
    MvIcRecord *entry = probe(vm, shape, name, MV_USE_LOAD);
    MvIcRecord found = {0};
    vm->stats.ic_misses[record->kind]++;
    if (entry) {
        found = *entry;
        if (record->kind != MV_IC_MEGA)
            publish(vm, record, name, MV_USE_LOAD, found);
    } else if (resolve(vm, shape, name, &found) || (mv_is_pointer(object) && resolve_owner(vm, object, name, &found)))
        publish(vm, record, name, MV_USE_LOAD, found);
    else
        found.kind = MV_IC_NONE;
    if (found.kind == MV_IC_METHOD) {
        window[0] = found.w2;
        window[MV_WINDOW_SELF] = object;
        return true;
    }
    MvValue value = found.kind ? answer(vm, &found, object) : MV_UNASSIGNED;
    if (value == MV_UNASSIGNED)
        value = mv_get_attr_to_call(vm, object, name);
    if (value == MV_EXC)
        return false;
    window[0] = value;
    window[MV_WINDOW_SELF] = MV_UNASSIGNED;
    return true;
}

/* How a plain store of name into objects of this shape goes: FIELD, OVERFLOW or ADD; false: not cacheable. */
static bool resolve_store(MvVM *vm, uint32_t shape_id, MvValue name, MvIcRecord *found)
{
    MvShape *shape = vm->shapes[shape_id];
    MvClass *cls = shape->cls, *holder;
    if (!cls || (cls->flags & (MV_CLASSF_SETATTR | MV_CLASSF_METACLASS)) || (cls->def && cls->def->set_attr) ||
        (shape->flags & (MV_SHAPE_DICT | MV_SHAPE_TAIL | MV_SHAPE_BUILTIN)))
        return false;
    if (name == vm->names->n___class__ || name == vm->names->n___dict__)
        return false;
    MvNameCell *cell = mv_class_find(vm, cls, name, &holder);
    bool member = cell && mv_is_kind(cell->value, MV_KIND_MEMBER);
    if (member && !mv_is_subclass(cls, MV_CAST(MvClass, MV_CAST(MvMember, cell->value)->owner)))
        return false;
    if (cell && !member && mv_is_pointer(cell->value)) {
        MvClass *of = mv_class_of(vm, cell->value);
        if ((of->def && of->def->descriptor_set) || mv_special(vm, of, MV_SP_SET) != MV_UNASSIGNED || mv_special(vm, of, MV_SP_DELETE) != MV_UNASSIGNED)
            return false;
    }
    if ((cls->flags & MV_CLASSF_NO_DICT) && !member)
        return false;
    *found = (MvIcRecord){.shape = shape_id};
    if (member)
        name = MV_CAST(MvMember, cell->value)->key;
    int index = mv_shape_find(vm, shape, name);
    if (index >= 0)
        return slot_record(shape, index, found);
    if (shape->slot_count >= shape->capacity || shape->slot_count >= MV_SHAPE_DICT_THRESHOLD)
        return false;
    MvShape *next = NULL;
    for (uint32_t i = 0; i < shape->transition_count; i++)
        if (shape->transitions[i].name == name)
            next = vm->shapes[shape->transitions[i].shape];
    if (!next)
        return false;
    found->kind = MV_IC_ADD;
    found->offset = (uint16_t)(shape->slot_base + 8 * shape->slot_count);
    found->w1 = mv_from_fixnum(next->id);
    return true;
}

/* A class's or module's own attribute whose cell was rewritten before: through the cell, guarded by identity. */
static bool resolve_store_owner(MvVM *vm, MvValue object, MvValue name, MvIcRecord *found)
{
    uint32_t shape = mv_object(object)->shape;
    MvDict *names;
    if (shape == MV_CLASS_MODULE)
        names = MV_CAST(MvModule, object)->names;
    else if (shape == MV_CLASS_TYPE && !(MV_CAST(MvClass, object)->flags & MV_CLASSF_BUILTIN) && !mv_is_dunder(name) &&
             !mv_class_find(vm, vm->classes[MV_CLASS_TYPE], name, NULL))
        names = MV_CAST(MvClass, object)->names;
    else
        return false;
    MvDictEntry *entry = mv_dict_find_name(names, name);
    MvNameCell *cell = entry ? MV_CAST(MvNameCell, entry->value) : NULL;
    if (!cell || cell->value == MV_UNASSIGNED || !(cell->h.aux & MV_CELL_MUTABLE) || name == vm->names->n___class__ || name == vm->names->n___dict__ ||
        (shape == MV_CLASS_TYPE && !mv_class_is_plain(vm, cell->value)))
        return false;
    *found = (MvIcRecord){.shape = shape, .kind = MV_IC_OWNER, .w1 = mv_value(cell), .w2 = object};
    return true;
}

bool mv_ic_store_owner(MvVM *vm, const MvIcRecord *record, MvValue value)
{
    MvNameCell *cell = MV_CAST(MvNameCell, record->w1);
    if (cell->value == MV_UNASSIGNED || (mv_ic_guard(record) == MV_CLASS_TYPE && !mv_class_is_plain(vm, value)))
        return false;
    mv_store(vm, cell, &cell->value, value);
    return true;
}

static bool store_through(MvVM *vm, const MvIcRecord *record, MvValue v, MvValue value)
{
    MvObject *object = mv_object(v);
    switch (record->kind) {
    case MV_IC_FIELD:
    case MV_IC_ADD:
        mv_store(vm, object, (MvValue *)((char *)object + record->offset), value);
        if (record->kind == MV_IC_ADD)
            object->shape = (uint32_t)(record->w1 >> 2);
        return true;
    case MV_IC_OVERFLOW: {
        MvStore *store = MV_CAST(MvStore, *(MvValue *)((char *)object + record->offset));
        mv_store(vm, store, &store->items[record->w1 >> 2], value);
        return true;
    }
    }
    return false;
}

bool mv_ic_store_attr(MvVM *vm, MvIcRecord *record, MvValue object, MvValue name, MvValue value)
{
    uint32_t shape = mv_shape_of(object);
    vm->stats.ic_misses[record->kind]++;
    if (mv_is_pointer(object)) {
        MvIcRecord *entry = probe(vm, shape, name, MV_USE_STORE);
        if (entry) {
            MvIcRecord found = *entry;
            if (record->kind != MV_IC_MEGA)
                publish(vm, record, name, MV_USE_STORE, found);
            return store_through(vm, &found, object, value);
        }
    }
    if (!mv_set_attr(vm, object, name, value))
        return false;
    MvIcRecord found; /* resolved for the shape that the object had: the transition exists now */
    if (mv_is_pointer(object) && (resolve_store(vm, shape, name, &found) || resolve_store_owner(vm, object, name, &found)))
        publish(vm, record, name, MV_USE_STORE, found);
    return true;
}

/* ---- globals ---- */

MvValue mv_ic_load_global(MvVM *vm, MvIcRecord *record, MvModule *module, MvValue name)
{
    vm->stats.ic_misses[record->kind]++;
    MvDictEntry *entry = mv_dict_find_name(module->names, name);
    MvNameCell *cell = entry ? MV_CAST(MvNameCell, entry->value) : NULL;
    if (!cell || cell->value == MV_UNASSIGNED) {
        entry = mv_dict_find_name(vm->builtins->names, name);
        MvNameCell *builtin = entry ? MV_CAST(MvNameCell, entry->value) : NULL;
        if (!builtin || builtin->value == MV_UNASSIGNED) {
            mv_raise(vm, MV_EXC_NameError, "name '%S' is not defined", name);
            if (vm->exception && mv_is_kind(vm->exception, MV_KIND_EXCEPTION))
                mv_store(vm, mv_object(vm->exception), &MV_CAST(MvException, vm->exception)->extra[0], name);
            return MV_EXC;
        }
        cell = builtin;
    }
    if (vm->ic_mode != 1) {
        mv_ic_note_name(vm, name);
        cell->h.aux |= MV_CELL_CACHED;
        mv_ic_learn(vm, record, name, (MvIcRecord){.kind = MV_IC_GLOBAL, .w1 = mv_value(cell)});
    }
    return cell->value;
}

bool mv_ic_store_global(MvVM *vm, MvIcRecord *record, MvModule *module, MvValue name, MvValue value)
{
    vm->stats.ic_misses[record->kind]++;
    if (!mv_module_set(vm, module, name, value))
        return false;
    MvDictEntry *entry = mv_dict_find_name(module->names, name);
    /* A site that stores into a new cell goes to the cell only when it stores again: then the cell is mutable for good. */
    if (entry && vm->ic_mode != 1 && (MV_CAST(MvNameCell, entry->value)->h.aux & MV_CELL_MUTABLE))
        mv_ic_learn(vm, record, name, (MvIcRecord){.kind = MV_IC_GLOBAL, .w1 = entry->value});
    return true;
}

void mv_ic_construct(MvVM *vm, MvIcRecord *record, MvClass *cls)
{
    if (vm->ic_mode || cls->payload_kind != MV_KIND_INSTANCE || !(cls->flags & MV_CLASSF_PLAIN_NEW) || (cls->flags & MV_CLASSF_ABSTRACT) ||
        cls->metaclass != mv_value(vm->classes[MV_CLASS_TYPE]))
        return;
    MvValue init = mv_special(vm, cls, MV_SP_INIT);
    MvShape *root = vm->shapes[cls->root_shape];
    bool object_init = mv_is_objects(vm, init, MV_SP_INIT);
    if ((!object_init && !mv_is_kind(init, MV_KIND_FUNCTION)) || root->object_size > MV_SMALL_MAX)
        return;
    mv_ic_note_name(vm, vm->special_names[MV_SP_INIT]);
    mv_ic_note_name(vm, vm->special_names[MV_SP_NEW]);
    mv_ic_learn(vm, record, cls->name,
                (MvIcRecord){.shape = root->id, .kind = MV_IC_CONSTRUCT, .offset = (uint16_t)((root->object_size + 15) & ~15u), .w1 = object_init ? MV_NONE : init,
                             .w2 = mv_value(cls)});
}

/* ---- invalidation ---- */

static void reset(MvVM *vm, bool globals)
{
    vm->stats.ic_resets++;
    if (mv_traces(vm, MV_TRACE_IC))
        mv_trace_cache_reset(vm, globals);
    for (MvCode *code = vm->codes; code; code = code->next)
        for (uint32_t s = 0; code->records && s < code->site_count; s++)
            if (code->records[s].kind && (code->records[s].kind == MV_IC_GLOBAL) == globals)
                mv_ic_clear(vm, &code->records[s]);
}

void mv_ic_reset_lookups(MvVM *vm)
{
    memset(vm->shape_cache, 0, MV_SHAPE_CACHE_SIZE * sizeof *vm->shape_cache);
    reset(vm, false);
}

void mv_ic_reset_globals(MvVM *vm) { reset(vm, true); }
