/* Shapes: what an object's attribute slots hold. A root shape for each class (and payload kind, inline capacity); a transition adds one name. */
#pragma once
#include "object.h"

#define MV_SHAPE_TRANSITIONS_MAX 128 /* more names than this that objects of one shape get next: they get dicts too */
#define MV_SHAPE_LIMIT (UINT32_C(1) << 30) /* ids stay below */
#define MV_SHAPE_DICT_THRESHOLD 64 /* more attributes than this: the object gets a dict of its own */

typedef struct MvShape {
    uint32_t id;
    uint32_t parent;      /* id; a root is its own parent */
    MvClass *cls;
    MvValue name;         /* interned; the attribute that this shape added (0 for roots) */
    uint16_t slot_count;  /* attributes */
    uint16_t capacity;    /* inline slots; if slot_count exceeds it, the last inline slot holds the overflow STORE */
    uint16_t slot_base;   /* byte offset of the first inline slot; 0: all slots in the tail store (varying payloads) */
    uint8_t kind;         /* payload kind of its objects */
    uint8_t flags;
    uint32_t object_size; /* bytes, for fixed-size payloads */
    uint32_t table_mask;  /* of the look-up table, 0: not built */
    uint32_t *table;      /* open addressing over attribute indices + 1 */
    MvValue *names;       /* slot_count names, shared along a chain where possible */
    uint32_t transition_count, transition_capacity;
    struct MvTransition { MvValue name; uint32_t shape; } *transitions;
} MvShape;
enum { /* MvShape.flags */
    MV_SHAPE_DICT = 1,    /* attributes in a MvDict that slot 0 holds; never cached */
    MV_SHAPE_BUILTIN = 2, /* of a builtin class: no slots at all */
    MV_SHAPE_TAIL = 4,    /* slots live in a STORE that the last word of the object points to */
    MV_SHAPE_WATCHED = 8, /* compiled code assumes that it has no transition */
};

MvShape *mv_shape_new_root(MvVM *vm, MvClass *cls, int kind, uint32_t payload_size, uint16_t capacity, uint8_t flags);
/* Index of the attribute, or -1. name is interned. */
int mv_shape_find(MvVM *vm, const MvShape *shape, MvValue name);
MvShape *mv_shape_add(MvVM *vm, MvShape *shape, MvValue name); /* NULL: out of memory (raised) */

/* The tail word of an instance with a payload of varying size: its slot STORE (value), or 0. */
MvValue *mv_shape_tail(MvVM *vm, MvObject *object);
/* Attribute values of an object, by shape; index from mv_shape_find. */
MvValue *mv_shape_slot(MvVM *vm, MvObject *object, const MvShape *shape, int index);
MvValue mv_object_get_own(MvVM *vm, MvValue object, MvValue name); /* UNASSIGNED if absent */
bool mv_object_set_own(MvVM *vm, MvValue object, MvValue name, MvValue value);
bool mv_object_delete_own(MvVM *vm, MvValue object, MvValue name, bool *found);
MvDict *mv_object_dict(MvVM *vm, MvValue object); /* the one that it has its attributes in, or NULL: in slots */
/* A new dict of the object's own attributes, in order; MV_EXC on failure. */
MvValue mv_object_own_dict(MvVM *vm, MvValue object);
bool mv_object_has_slots(MvVM *vm, MvValue object); /* can it hold attributes at all? */
void mv_shape_free(MvVM *vm, MvShape *shape); /* of a dead class */
void mv_shapes_free(MvVM *vm);
