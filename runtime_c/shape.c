/* Shapes: creation, transitions, look-up of names, and the attribute slots of objects by shape.
 *
 * INV-shape-1: an object's shape names exactly the attributes that it has, in the order in which they were set.
 * INV-shape-2: shape ids are never given twice, so that a record that holds the id of a dead shape misses for ever. A full collection frees the
 * shapes of dead classes; 8 bytes for the id stay, and count against the memory limit.
 * Layout: attributes 0..capacity-1 inline; when there are more, the last inline slot holds a STORE with attributes capacity-1 and up. TAIL shapes
 * keep all attributes in the STORE that the object's tail word holds. DICT shapes keep one MvDict in slot 0. */
#include "shape.h"
#include "depend.h"
#include "protocol.h"
#include <stdlib.h>

#define LINEAR_MAX 8

/* What a shape counts for: itself, its names, and its transition in its parent. */
static int64_t shape_bytes(uint32_t slot_count)
{
    return (int64_t)(sizeof(MvShape) + slot_count * sizeof(MvValue) + sizeof(struct MvTransition));
}

static MvShape *shape_allocate(MvVM *vm, uint32_t slot_count)
{
    if (vm->shape_count == vm->shape_capacity) {
        if (vm->shape_capacity >= MV_SHAPE_LIMIT)
            return NULL;
        uint32_t capacity = vm->shape_capacity ? vm->shape_capacity * 2 : 1024;
        if (!mv_heap_account_external(vm, (int64_t)((capacity - vm->shape_capacity) * sizeof(MvShape *))))
            return NULL;
        MvShape **shapes = realloc(vm->shapes, capacity * sizeof *shapes);
        if (!shapes) {
            mv_heap_account_external(vm, -(int64_t)((capacity - vm->shape_capacity) * sizeof *shapes));
            return NULL;
        }
        vm->shapes = shapes;
        vm->shape_capacity = capacity;
    }
    if (!mv_heap_account_external(vm, shape_bytes(slot_count)))
        return NULL;
    MvShape *shape = calloc(1, sizeof *shape);
    if (!shape) {
        mv_heap_account_external(vm, -shape_bytes(slot_count));
        return NULL;
    }
    shape->id = vm->shape_count;
    vm->shapes[vm->shape_count++] = shape;
    vm->stats.shapes++;
    return shape;
}

MvShape *mv_shape_new_root(MvVM *vm, MvClass *cls, int kind, uint32_t payload_size, uint16_t capacity, uint8_t flags)
{
    MvShape *shape = shape_allocate(vm, 0);
    if (!shape) {
        mv_memory_error(vm);
        return NULL;
    }
    shape->parent = shape->id;
    shape->cls = cls;
    shape->kind = (uint8_t)kind;
    shape->flags = flags;
    if (!(flags & (MV_SHAPE_BUILTIN | MV_SHAPE_TAIL))) {
        uint32_t size = (payload_size + 8u * (capacity ? capacity : 1) + 15) & ~15u;
        shape->slot_base = (uint16_t)payload_size;
        shape->capacity = (uint16_t)((size - payload_size) / 8);
        shape->object_size = size;
    } else {
        shape->object_size = payload_size;
    }
    return shape;
}

static uint32_t name_slot(MvValue name, uint32_t mask) { return (uint32_t)((name >> 4) * 0x9E3779B1u >> 7) & mask; }

static bool build_table(MvShape *shape)
{
    uint32_t size = 32;
    while (size < shape->slot_count * 2u)
        size *= 2;
    shape->table = calloc(size, sizeof *shape->table);
    if (!shape->table)
        return false;
    shape->table_mask = size - 1;
    for (uint32_t i = 0; i < shape->slot_count; i++) {
        uint32_t s = name_slot(shape->names[i], shape->table_mask);
        while (shape->table[s])
            s = (s + 1) & shape->table_mask;
        shape->table[s] = i + 1;
    }
    return true;
}

int mv_shape_find(MvVM *vm, const MvShape *shape, MvValue name)
{
    (void)vm;
    if (shape->flags & MV_SHAPE_DICT)
        return -1;
    if (shape->slot_count > LINEAR_MAX && (shape->table || build_table((MvShape *)shape))) {
        for (uint32_t s = name_slot(name, shape->table_mask); shape->table[s]; s = (s + 1) & shape->table_mask)
            if (shape->names[shape->table[s] - 1] == name)
                return (int)shape->table[s] - 1;
        return -1;
    }
    for (int i = 0; i < shape->slot_count; i++)
        if (shape->names[i] == name)
            return i;
    return -1;
}

static MvShape *next_shape(MvVM *vm, const MvShape *shape, MvValue name)
{
    for (uint32_t i = 0; i < shape->transition_count; i++)
        if (shape->transitions[i].name == name)
            return vm->shapes[shape->transitions[i].shape];
    return NULL;
}

MvShape *mv_shape_add(MvVM *vm, MvShape *shape, MvValue name)
{
    MvShape *next = next_shape(vm, shape, name);
    if (next)
        return next;
    next = shape_allocate(vm, shape->slot_count + 1u);
    MvValue *names = next ? malloc((shape->slot_count + 1u) * sizeof *names) : NULL;
    if (names && shape->transition_count == shape->transition_capacity) {
        uint32_t capacity = shape->transition_capacity ? shape->transition_capacity * 2 : 2;
        void *transitions = realloc(shape->transitions, capacity * sizeof *shape->transitions);
        if (!transitions) {
            free(names);
            names = NULL;
        } else {
            shape->transitions = transitions;
            shape->transition_capacity = capacity;
        }
    }
    if (!names) {
        mv_memory_error(vm);
        return NULL;
    }
    uint32_t id = next->id;
    *next = (MvShape){.id = id, .parent = shape->id, .cls = shape->cls, .name = name, .slot_count = (uint16_t)(shape->slot_count + 1),
                      .capacity = shape->capacity, .slot_base = shape->slot_base, .kind = shape->kind, .flags = shape->flags & (uint8_t)~MV_SHAPE_WATCHED,
                      .object_size = shape->object_size, .names = names};
    if (shape->slot_count)
        memcpy(names, shape->names, shape->slot_count * sizeof *names);
    names[shape->slot_count] = name;
    shape->transitions[shape->transition_count].name = name;
    shape->transitions[shape->transition_count++].shape = id;
    if (MV_UNLIKELY(shape->flags & MV_SHAPE_WATCHED))
        mv_depend_transition_made(vm, shape);
    return next;
}

static MvShape *root_of(MvVM *vm, MvShape *shape)
{
    while (shape->parent != shape->id)
        shape = vm->shapes[shape->parent];
    return shape;
}

/* The shape of objects of this family that keep a dict: a transition of the root under the reserved name UNASSIGNED. */
static MvShape *dict_shape(MvVM *vm, MvShape *shape)
{
    MvShape *next = mv_shape_add(vm, root_of(vm, shape), MV_UNASSIGNED);
    if (next)
        next->flags |= MV_SHAPE_DICT;
    return next;
}

MvValue *mv_shape_tail(MvVM *vm, MvObject *object)
{
    (void)vm;
    switch (object->kind) {
    case MV_KIND_STR: { /* never MV_STR_SHARED: the characters stand behind the header (mv_str_subclass_new) */
        const MvStr *s = (MvStr *)object;
        return (MvValue *)((char *)(s + 1) + ((((size_t)s->length << mv_str_shift(s)) + 7) & ~(size_t)7));
    }
    case MV_KIND_TUPLE: return ((MvTuple *)object)->items + ((MvTuple *)object)->length;
    default: {
        MvInt *i = (MvInt *)object;
        return (MvValue *)(i->limbs + (i->size < 0 ? -i->size : i->size));
    }
    }
}

MvValue *mv_shape_slot(MvVM *vm, MvObject *object, const MvShape *shape, int index)
{
    if (shape->flags & MV_SHAPE_TAIL)
        return MV_CAST(MvStore, *mv_shape_tail(vm, object))->items + index;
    MvValue *slots = (MvValue *)((char *)object + shape->slot_base);
    if (shape->slot_count <= shape->capacity || index < shape->capacity - 1)
        return slots + index;
    return MV_CAST(MvStore, slots[shape->capacity - 1])->items + (index - (shape->capacity - 1));
}

/* The object that contains the slot, for the barrier. */
static MvObject *slot_container(MvVM *vm, MvObject *object, const MvShape *shape, int index)
{
    if (shape->flags & MV_SHAPE_TAIL)
        return mv_object(*mv_shape_tail(vm, object));
    if (shape->slot_count <= shape->capacity || index < shape->capacity - 1)
        return object;
    return mv_object(*(MvValue *)((char *)object + shape->slot_base + 8 * (shape->capacity - 1)));
}

static MvStore *store_grow(MvVM *vm, MvStore *old, int64_t used)
{
    int64_t length = used < 2 ? 4 : used * 2;
    MvStore *store = mv_allocate(vm, sizeof(MvStore) + (size_t)length * 8, MV_CLASS_INTERNAL, MV_KIND_STORE, MV_GC_HAS_POINTERS, 0);
    if (!store)
        return NULL;
    store->length = length;
    if (old)
        memcpy(store->items, old->items, (size_t)used * 8);
    return store;
}

/* Makes room for attribute number shape->slot_count of the object (whose shape is still `shape`), under the next shape's layout. */
static bool make_room(MvVM *vm, MvObject *object, const MvShape *shape)
{
    int count = shape->slot_count;
    MvValue *holder;
    int64_t in_store;
    if (shape->flags & MV_SHAPE_TAIL) {
        holder = mv_shape_tail(vm, object);
        in_store = count;
    } else {
        if (count < shape->capacity)
            return true;
        holder = (MvValue *)((char *)object + shape->slot_base) + shape->capacity - 1;
        in_store = count - (shape->capacity - 1);
        if (count == shape->capacity) { /* the last inline attribute moves out */
            MvStore *store = store_grow(vm, NULL, 0);
            if (!store)
                return false;
            store->items[0] = *holder;
            mv_store(vm, object, holder, mv_value(store));
            return true;
        }
    }
    MvStore *store = mv_is_pointer(*holder) ? MV_CAST(MvStore, *holder) : NULL;
    if (store && in_store < store->length)
        return true;
    MvStore *grown = store_grow(vm, store, in_store);
    if (!grown)
        return false;
    mv_store(vm, object, holder, mv_value(grown));
    return true;
}

static MvDict *dict_of(MvVM *vm, MvObject *object, const MvShape *shape)
{
    return MV_CAST(MvDict, *mv_shape_slot(vm, object, shape, 0));
}

static bool to_dict(MvVM *vm, MvObject *object)
{
    MvShape *shape = vm->shapes[object->shape];
    MvValue dict = mv_object_own_dict(vm, mv_value(object));
    MvShape *next = dict == MV_EXC ? NULL : dict_shape(vm, shape);
    if (!next)
        return false;
    if (next->flags & MV_SHAPE_TAIL) {
        if (!shape->slot_count && !make_room(vm, object, shape))
            return false;
        MvObject *store = mv_object(*mv_shape_tail(vm, object));
        mv_store(vm, store, &((MvStore *)store)->items[0], dict);
    } else {
        mv_store(vm, object, (MvValue *)((char *)object + next->slot_base), dict);
        memset((char *)object + next->slot_base + 8, 0, (next->capacity - 1u) * 8);
    }
    object->shape = next->id;
    object->gc |= MV_GC_HAS_POINTERS;
    return true;
}

bool mv_object_has_slots(MvVM *vm, MvValue v)
{
    return mv_is_pointer(v) && !(mv_object(v)->gc & MV_GC_STATIC) && !(vm->shapes[mv_object(v)->shape]->flags & MV_SHAPE_BUILTIN);
}

MvValue mv_object_get_own(MvVM *vm, MvValue v, MvValue name)
{
    MvObject *object = mv_object(v);
    const MvShape *shape = vm->shapes[object->shape];
    if (shape->flags & MV_SHAPE_DICT) {
        MvDictEntry *entry = mv_dict_find_name(dict_of(vm, object, shape), name);
        return entry ? entry->value : MV_UNASSIGNED;
    }
    int index = mv_shape_find(vm, shape, name);
    return index < 0 ? MV_UNASSIGNED : *mv_shape_slot(vm, object, shape, index);
}

bool mv_object_set_own(MvVM *vm, MvValue v, MvValue name, MvValue value)
{
    MvObject *object = mv_object(v);
    MvShape *shape = vm->shapes[object->shape];
    if (!(shape->flags & MV_SHAPE_DICT)) {
        int index = mv_shape_find(vm, shape, name);
        if (index >= 0) {
            mv_store(vm, slot_container(vm, object, shape, index), mv_shape_slot(vm, object, shape, index), value);
            return true;
        }
        if (shape->slot_count < MV_SHAPE_DICT_THRESHOLD &&
            (shape->transition_count < MV_SHAPE_TRANSITIONS_MAX || next_shape(vm, shape, name))) {
            MvShape *next = mv_shape_add(vm, shape, name);
            if (!next || !make_room(vm, object, shape))
                return false;
            MvValue *slot = mv_shape_slot(vm, object, next, next->slot_count - 1);
            *slot = value;
            object->shape = next->id;
            object->gc |= MV_GC_HAS_POINTERS;
            mv_barrier(vm, slot_container(vm, object, next, next->slot_count - 1));
            return true;
        }
        if (!to_dict(vm, object))
            return false;
        shape = vm->shapes[object->shape];
    }
    return mv_dict_set(vm, dict_of(vm, object, shape), name, value);
}

bool mv_object_delete_own(MvVM *vm, MvValue v, MvValue name, bool *found)
{
    MvObject *object = mv_object(v);
    MvShape *shape = vm->shapes[object->shape];
    if (shape->flags & MV_SHAPE_DICT) {
        int deleted = mv_dict_delete(vm, dict_of(vm, object, shape), name);
        *found = deleted > 0;
        return deleted >= 0;
    }
    int index = mv_shape_find(vm, shape, name);
    *found = index >= 0;
    if (index < 0)
        return true;
    MvShape *next = root_of(vm, shape);
    MvValue values[MV_SHAPE_DICT_THRESHOLD];
    int count = 0;
    for (int i = 0; i < shape->slot_count; i++) {
        if (i == index)
            continue;
        values[count++] = *mv_shape_slot(vm, object, shape, i);
        next = mv_shape_add(vm, next, shape->names[i]);
        if (!next)
            return false;
    }
    /* Where the attributes overflow under both shapes the store stays; where they fit in line again its content comes back. */
    MvValue *last = (MvValue *)((char *)object + shape->slot_base) + shape->capacity - 1;
    if (!(shape->flags & MV_SHAPE_TAIL) && shape->slot_count > shape->capacity && next->slot_count <= next->capacity)
        *last = mv_from_fixnum(0);
    object->shape = next->id;
    for (int i = 0; i < count; i++)
        mv_store(vm, slot_container(vm, object, next, i), mv_shape_slot(vm, object, next, i), values[i]);
    return true;
}

MvDict *mv_object_dict(MvVM *vm, MvValue v)
{
    MvObject *object = mv_object(v);
    const MvShape *shape = vm->shapes[object->shape];
    return shape->flags & MV_SHAPE_DICT ? dict_of(vm, object, shape) : NULL;
}

MvValue mv_object_own_dict(MvVM *vm, MvValue v)
{
    MvObject *object = mv_object(v);
    const MvShape *shape = vm->shapes[object->shape];
    if (shape->flags & MV_SHAPE_DICT)
        return mv_dict_copy(vm, dict_of(vm, object, shape));
    MvValue dict = mv_dict_new(vm);
    for (int i = 0; dict != MV_EXC && i < shape->slot_count; i++)
        if (!mv_dict_set(vm, MV_CAST(MvDict, dict), shape->names[i], *mv_shape_slot(vm, object, shape, i)))
            return MV_EXC;
    return dict;
}

static void release(MvShape *shape)
{
    free(shape->names);
    free(shape->table);
    free(shape->transitions);
    free(shape);
}

void mv_shape_free(MvVM *vm, MvShape *shape)
{
    vm->shapes[shape->id] = NULL;
    mv_heap_account_external(vm, -shape_bytes(shape->slot_count));
    release(shape);
}

void mv_shapes_free(MvVM *vm)
{
    for (uint32_t i = 0; i < vm->shape_count; i++)
        if (vm->shapes[i])
            release(vm->shapes[i]);
    free(vm->shapes);
}
