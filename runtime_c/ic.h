/* Inline caches: what a record can say, and the slow paths that fill it. The hit paths are in interp.c.
 *
 * A record's w1 and w2 hold tagged values (cells, callees, classes) or plain numbers that are no pointers; the collector resets records whose
 * referents died. A record of an attribute look-up stays valid because every class change that could alter the answer resets all such records
 * (mv_ic_reset_lookups); see class.c for when that is. */
#pragma once
#include "vm.h"

typedef enum {
    MV_IC_NONE = 0,
    MV_IC_FIELD,     /* value at byte `offset` of the object */
    MV_IC_OVERFLOW,  /* value at index w1 of the STORE at byte `offset` */
    MV_IC_METHOD,    /* w2: function or method descriptor found on the class, to be called with self */
    MV_IC_VALUE,     /* w1: name cell of a class attribute that is no descriptor */
    MV_IC_PROPERTY,  /* w2: the getter (or setter), a Mini function */
    MV_IC_GETSET,    /* w2: GETSET descriptor of a builtin class */
    MV_IC_OWNER,     /* the receiver is exactly w2 (a module or class); w1: the name cell */
    MV_IC_ADD,       /* store: w1 = new shape id as a fixnum; slot at `offset` is free */
    MV_IC_GLOBAL,    /* w1: name cell */
    MV_IC_CONSTRUCT, /* call of class w2; w1: its __init__ (a Mini function) or None; shape: root shape; offset: object size */
    MV_IC_MEGA,      /* many shapes: go to the shape cache */
    MV_IC_KIND_COUNT
} MvIcKind;

typedef struct MvShapeCacheEntry {
    MvValue name;
    MvIcRecord record;
    uint32_t use; /* MvIcUse */
} MvShapeCacheEntry;
typedef enum { MV_USE_LOAD, MV_USE_METHOD, MV_USE_STORE } MvIcUse;
#define MV_IC_MEGA_AFTER 8

MV_INLINE uint32_t mv_shape_of(const MvValue v)
{
    return MV_LIKELY(mv_is_pointer(v)) ? mv_object(v)->shape : mv_is_int(v) ? (uint32_t)MV_CLASS_INT : (uint32_t)MV_CLASS_FLOAT;
}

/* The megamorphic cache: the record for (shape, name, use), or NULL. */
MV_INLINE MvShapeCacheEntry *mv_ic_cache_slot(MvVM *vm, uint32_t shape, MvValue name, MvIcUse use)
{
    uint64_t hash = (name >> 4) * 0x9E3779B97F4A7C15u + (uint64_t)shape * 0xC2B2AE3D27D4EB4Fu + (uint64_t)use * 0x165667B19E3779F9u;
    return &vm->shape_cache[hash >> 52 & (MV_SHAPE_CACHE_SIZE - 1)];
}
MV_INLINE MvIcRecord *mv_ic_probe(MvVM *vm, uint32_t shape, MvValue name, MvIcUse use)
{
    MvShapeCacheEntry *entry = mv_ic_cache_slot(vm, shape, name, use);
    return entry->name == name && entry->record.shape == shape && entry->use == use ? &entry->record : NULL;
}

/* The slow paths: look up, answer, and fill the record where that is possible. */
MvValue mv_ic_load_attr(MvVM *vm, MvIcRecord *record, MvValue object, MvValue name);
/* Sets window[0] and window[MV_WINDOW_SELF]; false: raised. */
bool mv_ic_load_method(MvVM *vm, MvIcRecord *record, MvValue object, MvValue name, MvValue *window);
bool mv_ic_store_attr(MvVM *vm, MvIcRecord *record, MvValue object, MvValue name, MvValue value);
MvValue mv_ic_load_global(MvVM *vm, MvIcRecord *record, MvModule *module, MvValue name);
bool mv_ic_store_global(MvVM *vm, MvIcRecord *record, MvModule *module, MvValue name, MvValue value);
/* Fills the record for calls of class `cls` with `nargs` positional arguments if instances can be made in line. */
void mv_ic_construct(MvVM *vm, MvIcRecord *record, MvClass *cls);

/* Some record depends on a look-up of this name from now on. */
MV_INLINE void mv_ic_note_name(MvVM *vm, MvValue name)
{
    (void)vm;
    MV_CAST(MvStr, name)->h.aux |= MV_STR_NAME_CACHED;
}

void mv_ic_reset_lookups(MvVM *vm); /* attribute, method, store and construct records, and the shape cache */
void mv_ic_reset_globals(MvVM *vm);
