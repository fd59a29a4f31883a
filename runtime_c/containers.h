/* What the containers and iterators offer beyond protocol.h: to each other, and to the interpreter's fast paths.
 *
 * The functions that end in _hashed take the program-visible hash of the key, so that a caller that knows it does not
 * compute it again. */
#pragma once
#include "protocol.h"
#include "str.h"

#define MV_MAX_LENGTH (INT64_MAX / 16) /* items in one container: more raises MemoryError before sizes overflow */

/* ---- defined elsewhere ---- */
MvValue mv_generic_alias(MvVM *vm, MvValue cls, MvValue args); /* list[int] */
MvValue mv_union_of(MvVM *vm, MvValue a, MvValue b);           /* int | None; NotImplemented if an operand is no type */
MvValue mv_union_check(MvVM *vm, MvValue subject, MvValue cls, bool instance); /* isinstance or issubclass; cls is an alias or a union */

/* A large array of numbers alone is not traced. It is born as if it were old, without HAS_POINTERS: the first pointer
 * that the barrier sees logs it, and mv_heap_log sets HAS_POINTERS (where heap.h promises that). Growing arrays become
 * such ones; whoever fills an array without the barrier must have made it with HAS_POINTERS. */
#ifdef MV_GC_LOG_SETS_POINTERS
#define MV_GC_NUMBERS MV_GC_OLD_CLEAN
#else
#define MV_GC_NUMBERS MV_GC_HAS_POINTERS
#endif
#define MV_NUMBERS_MIN_BYTES MV_SMALL_MAX /* what is smaller is traced: it is not worth the look */

/* ---- tests and comparisons in line ---- */
MV_INLINE bool mv_is_exactly(const MvVM *vm, MvValue v, int class_id)
{
    return mv_is_pointer(v) && mv_object(v)->shape == (uint32_t)class_id; /* builtin classes: shape id = class id */
}

/* Identity or ==, as mv_equal, without a call for the common cases. */
MV_INLINE int mv_equal_fast(MvVM *vm, MvValue a, MvValue b)
{
    if (a == b)
        return 1;
    if (mv_both_int(a, b))
        return 0;
    if (mv_is_exact_str(vm, a) && mv_is_exact_str(vm, b))
        return mv_str_equal(mv_as_str(a), mv_as_str(b));
    return mv_equal(vm, a, b);
}

#define MV_HASH_MODULUS (((int64_t)1 << 61) - 1)
/* As mv_hash, without a call for small ints and for strings whose hash is known. */
MV_INLINE bool mv_hash_fast(MvVM *vm, MvValue v, uint64_t *hash)
{
    if (mv_is_int(v)) {
        int64_t i = mv_to_fixnum(v);
        if (MV_LIKELY(i != -1 && i < MV_HASH_MODULUS && i > -MV_HASH_MODULUS)) {
            *hash = (uint64_t)i;
            return true;
        }
    } else if (mv_is_exact_str(vm, v) && mv_as_str(v)->hash) {
        *hash = mv_as_str(v)->hash;
        return true;
    }
    return mv_hash(vm, v, hash);
}

/* As memcpy, in parts with polls between. A poll may collect: what the words refer to is kept alive by the source, which
 * nobody changes meanwhile, and so is old then. false: raised. */
bool mv_copy_words(MvVM *vm, void *to, const void *from, size_t bytes);

/* ---- list.c, list_methods.c ---- */
MvStore *mv_store_new(MvVM *vm, int64_t length);
bool mv_list_grow(MvVM *vm, MvList *list, int64_t needed);  /* room for `needed` items, with some in reserve */
bool mv_list_insert(MvVM *vm, MvList *list, int64_t at, MvValue v); /* at: 0..length */
void mv_list_delete_range(MvVM *vm, MvList *list, int64_t start, int64_t stop);
void mv_list_clear(MvVM *vm, MvList *list);
MvValue mv_list_slice(MvVM *vm, const MvList *list, int64_t start, int64_t stop); /* clipped, step 1 */
#define MV_LIST_SHRINKS 4096 /* lists of at least this capacity give memory back as they shrink */
MvValue mv_list_pop(MvVM *vm, MvList *list, int64_t at);    /* at: 0..length-1 */
void mv_values_reverse(MvValue *values, int64_t count);
MV_INLINE bool mv_list_push(MvVM *vm, MvList *list, MvValue v) /* append in line */
{
    if (MV_UNLIKELY(list->length >= list->capacity))
        return mv_list_append(vm, list, v);
    mv_store(vm, mv_list_store(list), &list->items[list->length], v);
    list->length++;
    return true;
}

/* ---- sequence.c: what list, tuple and range share ---- */
/* A subscript: 1 an index in *out, 0 a slice, -1 raised (TypeError "<name> indices must be integers or slices, not
   X"). */
int mv_sequence_subscript(MvVM *vm, const char *name, MvValue key, int64_t *out);
/* Argument `start` or `stop` of index(), saturated. */
bool mv_sequence_bound(MvVM *vm, MvValue v, int64_t *out);
/* An integer argument of a method; OverflowError "Python int too large to convert to C ssize_t". */
bool mv_sequence_ssize(MvVM *vm, MvValue v, int64_t *out);
/* The count of a repetition: 1 in *count, 0 the other operand decides (NotImplemented), -1 raised. */
int mv_sequence_count(MvVM *vm, MvValue v, int64_t *count);
/* Which of two arrays orders first, by op; the owners' items are read again at each step. False/True/EXC. */
MvValue mv_sequence_compare(MvVM *vm, int op, MvValue a, MvValue b);
/* count copies of `length` values, one after another; polls. */
bool mv_values_repeat(MvVM *vm, MvValue *to, const MvValue *from, int64_t length, int64_t count);
bool mv_sequence_repr(MvBuilder *b, MvValue sequence);       /* the items, separated by ", " */
const MvTypeDef *mv_sequence_def(MvValue v); /* str's, list's or tuple's def if v has such a payload, else NULL */
/* What CPython's protocol of sequences does where the operators of numbers declined: the sequence's + or *, or TypeError. */
MvValue mv_sequence_add(MvVM *vm, const MvTypeDef *def, MvValue a, MvValue b);
MvValue mv_sequence_repeat(MvVM *vm, const MvTypeDef *def, MvValue sequence, MvValue times, bool inplace);
/* Of a LIST or TUPLE payload; valid until Mini code runs. */
MV_INLINE MvValue *mv_sequence_items(MvValue v, int64_t *length)
{
    if (mv_object(v)->kind == MV_KIND_TUPLE) {
        *length = MV_CAST(MvTuple, v)->length;
        return MV_CAST(MvTuple, v)->items;
    }
    *length = MV_CAST(MvList, v)->length;
    return MV_CAST(MvList, v)->items;
}

/* ---- tuple.c ---- */
MvValue mv_tuple_slice(MvVM *vm, const MvTuple *tuple, int64_t start, int64_t stop); /* clipped */
MvValue mv_tuple_pair(MvVM *vm, MvValue a, MvValue b);
MvValue mv_tuple_of_list(MvVM *vm, const MvList *list);

/* ---- dict.c ---- */
extern const MvDictTable *const mv_dict_empty_table;
MvValue mv_dict_new_of(MvVM *vm, MvClass *cls);              /* an empty instance of a subclass of dict */
/* Index into table->entries; -1 absent, -2 raised. Valid until Mini code runs or the dict changes. */
int64_t mv_dict_find_hashed(MvVM *vm, MvDict *dict, MvValue key, uint64_t hash);
MvValue mv_dict_get_hashed(MvVM *vm, MvDict *dict, MvValue key, uint64_t hash);
bool mv_dict_set_hashed(MvVM *vm, MvDict *dict, MvValue key, uint64_t hash, MvValue value);
int mv_dict_delete_hashed(MvVM *vm, MvDict *dict, MvValue key, uint64_t hash);
/* The value, and the key is gone; `otherwise` if it was absent (UNASSIGNED allowed). */
MvValue mv_dict_pop(MvVM *vm, MvDict *dict, MvValue key, MvValue otherwise);
MvValue mv_dict_set_default(MvVM *vm, MvDict *dict, MvValue key, MvValue value);
bool mv_dict_pop_item(MvVM *vm, MvDict *dict, MvValue *key, MvValue *value); /* false: empty */
bool mv_dict_presize_keys(MvVM *vm, MvDict *dict, int64_t count, const MvDict *like); /* as fromkeys() does */
bool mv_dict_merge(MvVM *vm, MvDict *dict, MvDict *other);   /* override */
bool mv_dict_next_hashed(const MvDict *dict, int64_t *position, MvValue *key, MvValue *value, uint64_t *hash);
/* What the values' methods change while they are printed or compared is seen: `live` is the namespace whose content the dict is, or 0. */
int mv_dict_equal_live(MvVM *vm, MvDict *a, MvDict *b, MvValue live_a, MvValue live_b);
MvValue mv_dict_repr_live(MvVM *vm, MvValue dict, MvValue live);
/* Is iteration over it plain: an instance of dict whose class does not override __iter__? */
bool mv_dict_is_plain(MvVM *vm, MvValue v);
MvValue mv_mapping_keys(MvVM *vm, MvValue mapping); /* what its keys() gives, as a list of the runtime's own */

/* ---- namespace.c ---- */
MvDict *mv_namespace_content(MvVM *vm, MvValue v); /* of a NAMESPACE kind, up to date now: for reading; NULL: raised */
MvDict *mv_dict_or_content(MvVM *vm, MvValue v);   /* v has kind DICT or NAMESPACE; NULL: raised */
MvValue mv_dict_seen(MvVM *vm, MvValue v);         /* the content of a namespace that programs see as a dict, else v; EXC */
/* For iteration over the mirror: its names are up to date now (false: raised); then an entry with its value now (NULL: raised). */
bool mv_namespace_look(MvVM *vm, MvValue v);
const MvDictEntry *mv_namespace_entry(MvVM *vm, MvValue v, const MvDictEntry *entry);
MvValue mv_namespace_iter(MvVM *vm, MvValue v, int class_id);

/* ---- dict_methods.c, dict_views.c ---- */
MvValue mv_dict_view_new(MvVM *vm, int class_id, MvValue dict); /* MV_CLASS_DICT_KEYS, _VALUES, _ITEMS */

/* ---- set.c, set_methods.c ---- */
MV_INLINE bool mv_is_any_set(MvValue v) /* set, frozenset and subclasses */
{
    return mv_is_pointer(v) && (mv_object(v)->kind == MV_KIND_SET || mv_object(v)->kind == MV_KIND_FROZENSET);
}
MvValue mv_set_new_of(MvVM *vm, MvClass *cls);
bool mv_set_next(const MvSet *set, int64_t *position, MvValue *key, uint64_t *hash);
bool mv_set_add_hashed(MvVM *vm, MvSet *set, MvValue key, uint64_t hash);
int mv_set_contains_hashed(MvVM *vm, MvSet *set, MvValue key, uint64_t hash);
int mv_set_discard_hashed(MvVM *vm, MvSet *set, MvValue key, uint64_t hash); /* 1 gone, 0 absent, -1 raised */
int mv_set_discard(MvVM *vm, MvSet *set, MvValue key);
bool mv_set_merge(MvVM *vm, MvSet *set, const MvSet *other);
bool mv_set_resize(MvVM *vm, MvSet *set, int64_t used);      /* a table for more than `used` items, without dummies */
void mv_set_swap(MvVM *vm, MvSet *a, MvSet *b);
bool mv_set_clear(MvVM *vm, MvSet *set);
MvValue mv_set_copy(MvVM *vm, MvSet *set);                   /* exact set or frozenset, by kind */
MvValue mv_set_pop(MvVM *vm, MvSet *set);                    /* UNASSIGNED: empty */
MvValue mv_set_from(MvVM *vm, int class_id, MvValue iterable);
MvValue mv_set_intersection(MvVM *vm, MvSet *set, MvValue other);
bool mv_set_difference_update(MvVM *vm, MvSet *set, MvValue other);
bool mv_set_symmetric_update(MvVM *vm, MvSet *set, MvValue other);
int mv_set_is_subset(MvVM *vm, MvSet *set, MvSet *other);

/* ---- range.c ---- */
/* Are start, step and length small? Then start + i * step for i in 0..length-1 are fixnums too. */
MV_INLINE bool mv_range_is_small(const MvRange *r) { return ((r->start | r->stop | r->step | r->length) & 3) == 0; }
MvValue mv_range_item(MvVM *vm, const MvRange *range, MvValue i); /* start + i * step */

/* ---- iterators.c ---- */
MV_INLINE MvValue mv_iter_make(MvVM *vm, int class_id, MvValue a, int64_t index, int64_t extra)
{
    MvIter *it = mv_new(vm, sizeof(MvIter), class_id, MV_KIND_ITER);
    if (MV_UNLIKELY(!it))
        return MV_EXC;
    it->index = index;
    it->a = a;
    it->extra = extra;
    return mv_value(it);
}
/* As mv_next, without a call for the commonest iterators. */
MV_INLINE MvValue mv_iter_step(MvVM *vm, MvValue iterator)
{
    MvIter *it = MV_CAST(MvIter, iterator);
    switch (it->h.shape) {
    case MV_CLASS_LIST_ITERATOR:
        if (it->a != MV_NONE && it->index < MV_CAST(MvList, it->a)->length)
            return MV_CAST(MvList, it->a)->items[it->index++];
        break;
    case MV_CLASS_TUPLE_ITERATOR:
        if (it->a != MV_NONE && it->index < MV_CAST(MvTuple, it->a)->length)
            return MV_CAST(MvTuple, it->a)->items[it->index++];
        break;
    case MV_CLASS_RANGE_ITERATOR:
        if (it->extra > 0) {
            MvValue v = mv_from_fixnum(it->index);
            it->index += mv_to_fixnum(it->b);
            it->extra--;
            return v;
        }
        break;
    }
    return mv_next(vm, iterator);
}
MvValue mv_dict_iter_new(MvVM *vm, MvDict *dict, int class_id); /* any of the six classes of dict iterators */
MvValue mv_range_iter_new(MvVM *vm, const MvRange *range, bool reverse);
MvValue mv_set_iter_new(MvVM *vm, MvSet *set);
MvValue mv_list_iter_new(MvVM *vm, MvValue list);
MvValue mv_tuple_iter_new(MvVM *vm, MvValue tuple);
/* One step of a dict iterator (any class): the entry, or NULL at the end (*raised false) or after raising (*raised
   true). */
const MvDictEntry *mv_dict_iter_step(MvVM *vm, MvIter *it, bool *raised);
MvValue mv_reversed(MvVM *vm, MvValue sequence);
