/* Inline caches: what a record can say, and the slow paths that fill it. The hit paths are in interp_*.inc.
 *
 * A record's w1 and w2 hold tagged values (cells, callees, classes) or plain numbers that are no pointers; the collector resets records whose
 * referents died. A record of an attribute look-up stays valid because every class change that could alter the answer resets all such records
 * (mv_ic_reset_lookups); see class.c for when that is. */
#pragma once
#include "vm.h"

/* X(KIND, name): the name stands in --trace=ic and --stats. */
#define MV_IC_KINDS(X)                                                                                                       \
    X(NONE, none)           /* nothing known: the slow path decides */                                                       \
    X(FIELD, field)         /* value at byte `offset` of the object */                                                       \
    X(OVERFLOW, overflow)   /* value at index w1 of the STORE at byte `offset` */                                            \
    X(METHOD, method)       /* w2: function or method descriptor found on the class, to be called with self */               \
    X(VALUE, value)         /* w1: name cell of a class attribute that is no descriptor */                                   \
    X(PROPERTY, property)   /* w2: the getter, a Mini function */                                                            \
    X(OWNER, owner)         /* the receiver is exactly w2 (a module or class); w1: the name cell (stores: MUTABLE and plain) */ \
    X(ADD, add)             /* store: w1 = new shape id as a fixnum; slot at `offset` is free */                             \
    X(GLOBAL, global)       /* w1: name cell */                                                                              \
    X(CONSTRUCT, construct) /* call of class w2; w1: its __init__ (a Mini function) or None; shape: root; offset: size */    \
    X(SUPER, super)         /* super().name: w1: __class__; w2: the method; shape: of self */                                \
    X(OPERATE, operate)     /* operators and items: w2: the Mini function that does it; offset: mode of its frame; shape, w1: of both operands */ \
    X(HANDLER, handler)     /* the same for operands of builtin classes: w2: number of a C function (MV_IC_HANDLERS) as a fixnum */ \
    X(BUILTIN, builtin)     /* call of the builtin w2 */                                                                      \
    X(POLY, poly)           /* a few shapes: w1: address of a block of MV_IC_POLY_LIMIT records; shape: none */              \
    X(MEGA, mega)           /* many shapes: go to the shape cache; w1: the name, w2: its number as a fixnum; shape: none */
typedef enum {
#define MV_IC_ENUM(KIND, name) MV_IC_##KIND,
    MV_IC_KINDS(MV_IC_ENUM)
#undef MV_IC_ENUM
    MV_IC_KIND_COUNT
} MvIcKind;
_Static_assert(MV_IC_KIND_COUNT <= 16, "MvStats has 16 of each, ic_targets 16 for each kind of site");
extern const char *const mv_ic_kind_names[];

typedef enum { MV_USE_LOAD, MV_USE_STORE, MV_USE_OPERATE } MvIcUse;
/* So many shapes are told apart at a site before it goes to the shape cache. A chain beats a look-up up to four (measured on random shapes), and the
 * template of native code compares with each entry. */
#define MV_IC_POLY_LIMIT 4
/* The guard of a site's own record tells more than the shape: without this bit the kind is the one that the site does in line (FIELD for loads and
 * stores, METHOD for method look-ups, OPERATE for operators and items), so that a hit is one comparison. Entries and the shape cache, which several kinds of sites ask, hold plain
 * ids. Nothing that is no object's shape equals a guard with or without the bit. */
#define MV_IC_APART (UINT32_C(1) << 31)
#define MV_IC_NO_SHAPE UINT32_MAX /* no object has it */
_Static_assert(MV_SHAPE_LIMIT < MV_IC_APART, "ids of shapes leave the bit free");
_Static_assert(MV_IC_MEGA == MV_IC_KIND_COUNT - 1 && MV_IC_POLY == MV_IC_MEGA - 1, "kinds without an answer of their own are the last");

/* The shape that any record guards. */
MV_INLINE uint32_t mv_ic_guard(const MvIcRecord *record) { return record->shape & ~MV_IC_APART; }

MV_INLINE uint32_t mv_shape_of(const MvValue v)
{
    return MV_LIKELY(mv_is_pointer(v)) ? mv_object(v)->shape : mv_is_int(v) ? (uint32_t)MV_CLASS_INT : (uint32_t)MV_CLASS_FLOAT;
}

/* The megamorphic cache: two ways of records whose `key` is the name and the use, the latest first. A pair is one cache line. It is indexed by the
 * shape and by a number made of the name's characters, so that the same program has the same misses in each run. */
#define MV_SHAPE_CACHE_BITS 11
#define MV_SHAPE_CACHE_MULTIPLIER 0x9E3779B1u
_Static_assert(MV_SHAPE_CACHE_SIZE == 2 << MV_SHAPE_CACHE_BITS, "two ways");
MV_INLINE MvIcRecord *mv_ic_cache_pair(MvVM *vm, uint32_t shape, uint32_t number)
{
    return &vm->shape_cache[((number ^ shape) * MV_SHAPE_CACHE_MULTIPLIER >> (32 - MV_SHAPE_CACHE_BITS)) * 2];
}
MV_INLINE uint64_t mv_ic_cache_key(MvValue name, MvIcUse use) { return name + ((uint64_t)use << 2); } /* names are 16-byte aligned */
MV_INLINE const MvObject *mv_ic_key_name(uint64_t key) { return (const MvObject *)(key & ~(uint64_t)15); }
MV_INLINE MvIcRecord *mv_ic_probe(MvVM *vm, uint32_t shape, MvValue name, uint32_t number, MvIcUse use)
{
    MvIcRecord *pair = mv_ic_cache_pair(vm, shape, number);
    uint64_t key = mv_ic_cache_key(name, use);
    if (MV_LIKELY(pair->key == key && pair->shape == shape))
        return pair;
    return pair[1].key == key && pair[1].shape == shape ? pair + 1 : NULL;
}
/* What a MEGA record's site goes on with, as if it were its own: the cache's record, or itself. */
MV_INLINE MvIcRecord *mv_ic_probe_site(MvVM *vm, MvIcRecord *record, uint32_t shape, MvIcUse use)
{
    MvIcRecord *found = mv_ic_probe(vm, shape, record->w1, (uint32_t)(record->w2 >> 2), use);
    return found ? found : record;
}
/* The block of a POLY record: entries that are in use have a kind, the others no shape. */
MV_INLINE MvIcRecord *mv_ic_entries(const MvIcRecord *record) { return (MvIcRecord *)record->w1; }
/* The entry of a POLY record that fits the value, or the record itself. */
MV_INLINE MvIcRecord *mv_ic_entry_for(MvIcRecord *record, MvValue value, uint32_t shape)
{
    MvIcRecord *entry = mv_ic_entries(record);
    for (int i = 0; i < MV_IC_POLY_LIMIT; i++, entry++)
        if (entry->shape == shape && (entry->kind != MV_IC_OWNER || entry->w2 == value))
            return entry;
    return record;
}
/* The same for any record of a look-up: what the site goes on with, as if it were its own. No pointer to it lives across calls: entries of POLY
 * records are freed when the records are reset. */
MV_INLINE MvIcRecord *mv_ic_settle(MvVM *vm, MvIcRecord *record, MvValue value, MvIcUse use)
{
    if (MV_LIKELY(record->kind < MV_IC_POLY))
        return record;
    uint32_t shape = mv_shape_of(value);
    return record->kind == MV_IC_POLY ? mv_ic_entry_for(record, value, shape) : mv_ic_probe_site(vm, record, shape, use);
}
/* What the second operand's shape is to be: w1 of OPERATE and HANDLER. Where it does not matter, as with the index of an item, MV_IC_ANY_OPERAND. */
#define MV_IC_ANY_OPERAND mv_from_fixnum(MV_IC_NO_SHAPE)
/* The OPERATE or HANDLER record for operands of these shapes: the site's own or an entry of its block; NULL: none. No site of operators has a record
 * of another kind with a shape. */
MV_INLINE const MvIcRecord *mv_ic_fitting(const MvIcRecord *record, uint32_t shape, uint64_t operand)
{
    if (MV_LIKELY(mv_ic_guard(record) == shape && record->w1 == operand))
        return record;
    if (record->kind != MV_IC_POLY)
        return NULL;
    const MvIcRecord *entry = mv_ic_entries(record);
    for (int i = 0; i < MV_IC_POLY_LIMIT; i++, entry++)
        if (entry->shape == shape && entry->w1 == operand)
            return entry;
    return NULL;
}
/* The CONSTRUCT record for calls of this class, or NULL. */
MV_INLINE const MvIcRecord *mv_ic_construct_record(const MvIcRecord *record, MvValue cls)
{
    if (MV_LIKELY(record->kind == MV_IC_CONSTRUCT && record->w2 == cls))
        return record;
    if (record->kind == MV_IC_POLY)
        for (int i = 0; i < MV_IC_POLY_LIMIT; i++)
            if (mv_ic_entries(record)[i].w2 == cls && mv_ic_entries(record)[i].kind == MV_IC_CONSTRUCT)
                return &mv_ic_entries(record)[i];
    return NULL;
}

/* X(HANDLER, function): C functions of operate_handlers.c for operands whose classes the record guards. They get the operator within its family
 * (MV_BINARY_*, MV_COMPARE_*) and return NOTIMPLEMENTED, with nothing done, where operators.c is to decide. */
#define MV_IC_HANDLERS(X)                                                                                                     \
    X(BINARY, mv_binary)        /* nothing better is known for these classes: operators.c asks them */                        \
    X(INPLACE, mv_inplace)      /* the same */                                                                                \
    X(COMPARE, mv_compare)      /* the same */                                                                                \
    X(CONCATENATE, concatenate) /* str + str, += too: both tiers do it, and STRINGS, without a call of the handler */ \
    X(STRINGS, mv_compare)      /* comparisons of strs */                                                                     \
    X(IDENTITY, identity)       /* == and != of objects of which none has another opinion */                                  \
    X(ARITHMETIC, arithmetic)   /* by the slot of the left operand's builtin class */                                         \
    X(COMPARISON, comparison)   /* the same */                                                                                \
    X(SUBSCRIPT, subscript)     /* a[b] by the slot of the builtin class whose number is the record's offset (ic_item.c) */   \
    X(KEYED, keyed)             /* d[key] for the very key in w1: entry number `offset` of d's table, if the key is there */
typedef enum {
#define MV_IC_HANDLER_ENUM(HANDLER, function) MV_HANDLER_##HANDLER,
    MV_IC_HANDLERS(MV_IC_HANDLER_ENUM)
#undef MV_IC_HANDLER_ENUM
    MV_HANDLER_COUNT
} MvIcHandlerNumber;
typedef MvValue MvIcHandler(MvVM *vm, int op, MvValue a, MvValue b);
extern MvIcHandler *const mv_ic_handlers[] __attribute__((visibility("hidden")));
MV_INLINE MvValue mv_ic_handle(MvVM *vm, const MvIcRecord *record, int op, MvValue a, MvValue b)
{
    uint64_t number = record->w2 >> 2; /* records are not trusted with what is called */
    return MV_LIKELY(number < MV_HANDLER_COUNT) ? mv_ic_handlers[number](vm, op, a, b) : MV_NOTIMPLEMENTED;
}

/* Sites of items (ic_item.c). The record that says what a[key] does, or `special` of the container, where the site does not do it in line and
 * the container is no exact dict: OPERATE or HANDLER, of a[key] to be called with its offset; NULL: abstract.c decides. Learns. */
const MvIcRecord *mv_item_learn(MvVM *vm, MvIcRecord *record, int special, MvValue container, MvIcRecord *found);
MV_INLINE const MvIcRecord *mv_item_find(MvVM *vm, MvIcRecord *record, int special, MvValue container, MvIcRecord *found)
{
    const MvIcRecord *known = mv_ic_fitting(record, mv_object(container)->shape, MV_IC_ANY_OPERAND);
    return MV_LIKELY(known != NULL) ? known : mv_item_learn(vm, record, special, container, found);
}
/* The place of the value of d[key] as the record tells; NULL: look for it, and where that finds it, learn. In a table of strs alone (pad[0], dict.h): else
 * some other key's __eq__ might be asked first. */
#define MV_IC_NO_ENTRY UINT16_MAX
MV_INLINE MvValue *mv_item_entry(const MvIcRecord *record, MvDict *dict, MvValue key)
{
    if (!dict->table->pad[0])
        return NULL;
    const MvIcRecord *known = mv_ic_fitting(record, MV_CLASS_DICT, key);
    MvDictEntry *entry = known && known->offset < dict->table->fill ? &dict->table->entries[known->offset] : NULL;
    return entry && entry->key == key ? &entry->value : NULL;
}
void mv_item_learn_entry(MvVM *vm, MvIcRecord *record, int special, MvDict *dict, MvValue key);
MV_INLINE void mv_item_learn_key(MvVM *vm, MvIcRecord *record, int special, MvDict *dict, MvValue key)
{
    if (dict->table->pad[0] && record->kind != MV_IC_MEGA)
        mv_item_learn_entry(vm, record, special, dict, key);
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

/* Call sites (ic_call.c). The Mini function that a call of this instance or bound method runs, with *self in front of the arguments; 0: none. Learns. */
MvValue mv_ic_call_function_slow(MvVM *vm, MvIcRecord *record, MvValue callee, MvValue *self);
MV_INLINE MvValue mv_ic_call_function(MvVM *vm, MvIcRecord *record, MvValue callee, MvValue *self)
{
    if (MV_LIKELY(mv_is_pointer(callee) && mv_ic_guard(record) == mv_object(callee)->shape && record->kind == MV_IC_OPERATE)) {
        if (mv_object(callee)->shape != MV_CLASS_METHOD) {
            *self = callee;
            return record->w2;
        }
        if (MV_LIKELY(MV_CAST(MvMethod, callee)->function == record->w1)) {
            *self = MV_CAST(MvMethod, callee)->self;
            return record->w2;
        }
    }
    return mv_ic_call_function_slow(vm, record, callee, self);
}
/* mv_builtin_call without keywords, through the record (function.c). args[-1] is free. Learns. BUILTIN records have as their offset the number of
 * arguments, self counted, for which nothing is to be looked at but the first one's shape (w1 as of OPERATE); or CHECKED_ALWAYS. */
#define MV_IC_CHECKED_ALWAYS UINT16_MAX
MvValue mv_ic_call_builtin(MvVM *vm, MvIcRecord *record, MvValue callee, MvValue *args, int64_t nargs);
MV_INLINE const MvIcRecord *mv_ic_builtin_record(const MvIcRecord *record, MvValue callee)
{
    if (record->kind == MV_IC_BUILTIN && record->w2 == callee)
        return record;
    if (record->kind == MV_IC_POLY)
        for (int i = 0; i < MV_IC_POLY_LIMIT; i++)
            if (mv_ic_entries(record)[i].kind == MV_IC_BUILTIN && mv_ic_entries(record)[i].w2 == callee)
                return &mv_ic_entries(record)[i];
    return NULL;
}
void mv_ic_call_learn_builtin(MvVM *vm, MvIcRecord *record, MvValue callee, int64_t nargs);
/* A function of this code is called whose arguments need binding: for compilers to read. */
void mv_ic_call_learn_code(MvVM *vm, MvIcRecord *record, const MvCode *code);
MV_INLINE void mv_ic_call_feedback(MvVM *vm, MvIcRecord *record, const MvCode *code)
{
    if (MV_UNLIKELY(record->w2 != mv_value(code) && record->kind != MV_IC_MEGA))
        mv_ic_call_learn_code(vm, record, code);
}

/* A record of a site that knows nothing, in fresh memory. */
void mv_ic_init(const MvVM *vm, MvIcRecord *record, unsigned site);
/* The record's site learns what was found: none -> one shape -> POLY -> MEGA. Besides the resets the only writer of records. */
void mv_ic_learn(MvVM *vm, MvIcRecord *record, MvValue name, MvIcRecord found);
/* Native code of the strategy `pointer` branches to where its record says: the site's record gets the target that belongs to its kind. */
MV_INLINE void mv_ic_aim(const MvVM *vm, MvIcRecord *record)
{
    if (MV_UNLIKELY(vm->ic_targets != NULL))
        record->target = vm->ic_targets[record->site << 4 | record->kind];
}
/* Frees what the record holds, leaving it without a kind. */
void mv_ic_clear(MvVM *vm, MvIcRecord *record);
/* The rest of a store through an OWNER record whose receiver fits: false (and nothing done) where the generic path must decide. */
bool mv_ic_store_owner(MvVM *vm, const MvIcRecord *record, MvValue value);

/* Some record depends on a look-up of this name from now on. */
MV_INLINE void mv_ic_note_name(MvVM *vm, MvValue name)
{
    (void)vm;
    MV_CAST(MvStr, name)->h.aux |= MV_STR_NAME_CACHED;
}

void mv_ic_reset_lookups(MvVM *vm); /* all records but those of globals, and the shape cache */
void mv_ic_reset_globals(MvVM *vm);
