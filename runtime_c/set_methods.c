/* The classes set and frozenset: slots, operators, methods, constructors. The table is set.c.
 *
 * Callers: abstract.c and the interpreter through the class tables, programs through the method tables. Results have
 * the exact class by the kind of the left operand. Operators take sets only, methods any iterable. Which operand is
 * walked decides the order of the result: the choices are CPython's. */
#include "sequence.h"
#include "siphash.h"

MV_INLINE MvSet *as_set(MvValue v) { return MV_CAST(MvSet, v); }
MV_INLINE int base_class(MvValue v) { return mv_object(v)->kind == MV_KIND_SET ? MV_CLASS_SET : MV_CLASS_FROZENSET; }

/* ---- membership; a set as the key stands for the frozenset of its items ---- */

/* After a failed hash: the frozenset to look for instead, or MV_EXC with the error as it was. */
static MvValue frozen_key(MvVM *vm, MvValue key)
{
    if (!mv_is_kind(key, MV_KIND_SET) || !mv_exception_is(vm, MV_EXC_TypeError))
        return MV_EXC;
    mv_exception_take(vm);
    return mv_set_from(vm, MV_CLASS_FROZENSET, key);
}

static int set_contains(MvVM *vm, MvValue self, MvValue key)
{
    int found = mv_set_contains(vm, as_set(self), key);
    if (MV_UNLIKELY(found < 0)) {
        key = frozen_key(vm, key);
        return key == MV_EXC ? -1 : mv_set_contains(vm, as_set(self), key);
    }
    return found;
}

static int discard(MvVM *vm, MvValue self, MvValue key)
{
    int gone = mv_set_discard(vm, as_set(self), key);
    if (MV_UNLIKELY(gone < 0)) {
        key = frozen_key(vm, key);
        return key == MV_EXC ? -1 : mv_set_discard(vm, as_set(self), key);
    }
    return gone;
}

/* ---- slots ---- */

static MvValue repr_open(MvVM *vm, MvValue self)
{
    const MvStr *name = mv_as_str(mv_class_of(vm, self)->name);
    bool plain = mv_is_exactly(vm, self, MV_CLASS_SET);
    MvBuilder b;
    mv_builder_begin(vm, &b);
    if (as_set(self)->used == 0) {
        mv_builder_str(&b, name);
        mv_builder_ascii(&b, "()", 2);
        return mv_builder_end(&b);
    }
    MvValue list = mv_list_from_iterable(vm, self);
    if (list == MV_EXC)
        return MV_EXC;
    if (!plain) {
        mv_builder_str(&b, name);
        mv_builder_char(&b, '(');
    }
    mv_builder_char(&b, '{');
    if (mv_sequence_repr(&b, list))
        mv_builder_ascii(&b, plain ? "}" : "})", -1);
    return mv_builder_end(&b);
}

static MvValue set_repr(MvVM *vm, MvValue self)
{
    if (!mv_enter(vm, " while getting the repr of an object"))
        return MV_EXC;
    MvValue result = MV_EXC;
    int entered = mv_repr_enter(vm, self);
    if (entered == 0) {
        result = mv_format_message(vm, "%T(...)", self);
    } else if (entered > 0) {
        result = repr_open(vm, self);
        mv_repr_leave(vm, self);
    }
    mv_leave(vm);
    return result;
}

static bool frozenset_hash(MvVM *vm, MvValue self, uint64_t *hash)
{
    MvSet *set = as_set(self);
    if (!set->hash) {
        uint64_t state = 0, h;
        int64_t position = 0, steps = 0;
        MvValue key;
        while (mv_set_next(set, &position, &key, &h)) {
            state = mv_hash_frozenset_add(state, (int64_t)h);
            if (!(++steps & 4095) && mv_poll(vm))
                return false;
        }
        set->hash = (uint64_t)mv_hash_frozenset_end(state, (size_t)set->used);
    }
    *hash = set->hash;
    return true;
}

static int compare(MvVM *vm, int op, MvSet *a, MvSet *b)
{
    int equal;
    switch (op) {
    case MV_COMPARE_EQ: case MV_COMPARE_NE:
        if (a->used != b->used || (a->hash && b->hash && a->hash != b->hash))
            return op == MV_COMPARE_NE;
        equal = mv_set_is_subset(vm, a, b);
        return equal < 0 ? equal : (op == MV_COMPARE_EQ) == (equal > 0);
    case MV_COMPARE_LT: return a->used < b->used ? mv_set_is_subset(vm, a, b) : 0;
    case MV_COMPARE_LE: return mv_set_is_subset(vm, a, b);
    case MV_COMPARE_GT: return a->used > b->used ? mv_set_is_subset(vm, b, a) : 0;
    default: return mv_set_is_subset(vm, b, a);
    }
}

static MvValue set_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (!mv_is_any_set(b))
        return MV_NOTIMPLEMENTED;
    int holds = compare(vm, op, as_set(a), as_set(b));
    return holds < 0 ? MV_EXC : mv_bool(holds);
}

static MvValue copy_without(MvVM *vm, MvSet *set, MvValue other)
{
    MvValue result = mv_set_copy(vm, set);
    return result != MV_EXC && mv_set_difference_update(vm, as_set(result), other) ? result : MV_EXC;
}

static MvValue difference(MvVM *vm, MvValue self, MvValue other)
{
    MvSet *set = as_set(self);
    other = mv_dict_seen(vm, other);
    if (other == MV_EXC)
        return MV_EXC;
    bool is_dict = mv_is_exactly(vm, other, MV_CLASS_DICT);
    if (!is_dict && !mv_is_any_set(other))
        return copy_without(vm, set, other);
    int64_t size = is_dict ? MV_CAST(MvDict, other)->used : as_set(other)->used;
    if (set->used >> 2 > size)
        return copy_without(vm, set, other);
    MvValue result = mv_set_new(vm, base_class(self));
    if (result == MV_EXC)
        return MV_EXC;
    int64_t position = 0;
    MvValue key;
    uint64_t hash;
    while (mv_set_next(set, &position, &key, &hash)) {
        int found;
        if (is_dict) {
            int64_t i = mv_dict_find_hashed(vm, MV_CAST(MvDict, other), key, hash);
            found = i >= 0 ? 1 : i == -1 ? 0 : -1;
        } else {
            found = mv_set_contains_hashed(vm, as_set(other), key, hash);
        }
        if (found < 0 || (!found && !mv_set_add_hashed(vm, as_set(result), key, hash)) ||
            (!(position & 1023) && mv_poll(vm)))
            return MV_EXC;
    }
    return result;
}

static MvValue symmetric_difference(MvVM *vm, MvValue self, MvValue other)
{
    MvValue result = mv_set_from(vm, base_class(self), other);
    return result != MV_EXC && mv_set_symmetric_update(vm, as_set(result), self) ? result : MV_EXC;
}

static MvValue set_union(MvVM *vm, MvValue self, MvValue other)
{
    MvValue result = mv_set_copy(vm, as_set(self));
    return result != MV_EXC && (self == other || mv_set_update(vm, as_set(result), other)) ? result : MV_EXC;
}

static MvValue set_binary(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (!mv_is_any_set(a) || !mv_is_any_set(b))
        return MV_NOTIMPLEMENTED;
    switch (op) {
    case MV_BINARY_SUB: return difference(vm, a, b);
    case MV_BINARY_AND: return mv_set_intersection(vm, as_set(a), b);
    case MV_BINARY_OR: return set_union(vm, a, b);
    case MV_BINARY_XOR: return symmetric_difference(vm, a, b);
    default: return MV_NOTIMPLEMENTED;
    }
}

static bool intersection_update(MvVM *vm, MvSet *set, MvValue result)
{
    if (result == MV_EXC)
        return false;
    mv_set_swap(vm, set, as_set(result));
    return true;
}

static MvValue set_inplace(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (!mv_is_any_set(b))
        return MV_NOTIMPLEMENTED;
    bool done;
    switch (op) {
    case MV_BINARY_SUB: done = mv_set_difference_update(vm, as_set(a), b); break;
    case MV_BINARY_AND: done = intersection_update(vm, as_set(a), mv_set_intersection(vm, as_set(a), b)); break;
    case MV_BINARY_OR: done = mv_set_update(vm, as_set(a), b); break;
    case MV_BINARY_XOR: done = mv_set_symmetric_update(vm, as_set(a), b); break;
    default: return MV_NOTIMPLEMENTED;
    }
    return done ? a : MV_EXC;
}

static int64_t set_length(MvVM *vm, MvValue self) { return as_set(self)->used; }

static MvValue set_iter(MvVM *vm, MvValue self) { return mv_set_iter_new(vm, as_set(self)); }

static MvValue set_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_set_new_of(vm, cls);
}

static bool set_init(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (!mv_keywords_none(vm, "set", kwnames) ||
        !mv_count_args(vm, mv_class_c_name(vm, mv_class_of(vm, self)), nargs, 0, 1))
        return false;
    MvValue iterable = nargs ? args[0] : MV_UNASSIGNED;
    mv_set_clear(vm, as_set(self));
    return iterable == MV_UNASSIGNED || mv_set_update(vm, as_set(self), iterable);
}

static MvValue frozenset_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (!mv_no_keywords_unless(vm, cls, MV_CLASS_FROZENSET, MV_SP_INIT, "frozenset", kwnames) ||
        !mv_count_args(vm, mv_class_c_name(vm, cls), nargs, 0, 1))
        return MV_EXC;
    if (nargs && cls->id == MV_CLASS_FROZENSET && mv_is_exactly(vm, args[0], MV_CLASS_FROZENSET))
        return args[0];
    MvValue set = mv_set_new_of(vm, cls);
    return set != MV_EXC && (!nargs || mv_set_update(vm, as_set(set), args[0])) ? set : MV_EXC;
}

/* ---- methods of both ---- */

static MvValue method_contains(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    int found = set_contains(vm, args[0], args[1]);
    return found < 0 ? MV_EXC : mv_bool(found);
}

static MvValue method_copy(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_is_exactly(vm, args[0], MV_CLASS_FROZENSET) ? args[0] : mv_set_copy(vm, as_set(args[0]));
}

static MvValue method_difference(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (nargs == 1)
        return mv_set_copy(vm, as_set(args[0]));
    MvValue result = difference(vm, args[0], args[1]);
    for (int64_t i = 2; i < nargs && result != MV_EXC; i++)
        if (!mv_set_difference_update(vm, as_set(result), args[i]))
            return MV_EXC;
    return result;
}

static MvValue method_intersection(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (nargs == 1)
        return mv_set_copy(vm, as_set(args[0]));
    MvValue result = args[0];
    for (int64_t i = 1; i < nargs && result != MV_EXC; i++)
        result = mv_set_intersection(vm, as_set(result), args[i]);
    return result;
}

static MvValue method_union(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue result = mv_set_copy(vm, as_set(args[0]));
    for (int64_t i = 1; i < nargs && result != MV_EXC; i++)
        if (args[i] != args[0] && !mv_set_update(vm, as_set(result), args[i]))
            return MV_EXC;
    return result;
}

static MvValue method_symmetric_difference(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return symmetric_difference(vm, args[0], args[1]);
}

/* Is one of the items of the iterable in the set (wanted 1), or missing in it (wanted 0)? */
static int any_item(MvVM *vm, MvSet *set, MvValue iterable, int wanted)
{
    MvEach each;
    if (!mv_each_begin(vm, &each, iterable))
        return -1;
    for (;;) {
        MvValue item = mv_each_next(vm, &each);
        if (item == MV_UNASSIGNED)
            return 0;
        if (item == MV_EXC || mv_poll(vm))
            return -1;
        int found = mv_set_contains(vm, set, item);
        if (found < 0 || found == wanted)
            return found < 0 ? -1 : 1;
    }
}

static MvValue method_is_disjoint(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvSet *set = as_set(args[0]);
    if (args[1] == args[0])
        return mv_bool(set->used == 0);
    if (!mv_is_exactly(vm, args[1], MV_CLASS_SET) && !mv_is_exactly(vm, args[1], MV_CLASS_FROZENSET)) {
        int common = any_item(vm, set, args[1], 1);
        return common < 0 ? MV_EXC : mv_bool(!common);
    }
    MvSet *walked = as_set(args[1]), *asked = set;
    if (walked->used > asked->used) {
        walked = set;
        asked = as_set(args[1]);
    }
    int64_t position = 0;
    MvValue key;
    uint64_t hash;
    while (mv_set_next(walked, &position, &key, &hash)) {
        int found = mv_set_contains_hashed(vm, asked, key, hash);
        if (found < 0 || (!(position & 1023) && mv_poll(vm)))
            return MV_EXC;
        if (found)
            return MV_FALSE;
    }
    return MV_TRUE;
}

static MvValue method_is_subset(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue other = mv_is_any_set(args[1]) ? args[1] : mv_set_from(vm, MV_CLASS_SET, args[1]);
    if (other == MV_EXC)
        return MV_EXC;
    int subset = mv_set_is_subset(vm, as_set(args[0]), as_set(other));
    return subset < 0 ? MV_EXC : mv_bool(subset);
}

static MvValue method_is_superset(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    int holds;
    if (mv_is_any_set(args[1])) {
        holds = mv_set_is_subset(vm, as_set(args[1]), as_set(args[0]));
    } else {
        int missing = any_item(vm, as_set(args[0]), args[1], 0);
        holds = missing < 0 ? missing : !missing;
    }
    return holds < 0 ? MV_EXC : mv_bool(holds);
}

static MvValue method_class_get_item(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_generic_alias(vm, args[0], args[1]);
}

/* ---- methods of set ---- */

static MvValue method_add(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_set_add(vm, as_set(args[0]), args[1]) ? MV_NONE : MV_EXC;
}

static MvValue method_clear(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    mv_set_clear(vm, as_set(args[0]));
    return MV_NONE;
}

static MvValue method_discard(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return discard(vm, args[0], args[1]) < 0 ? MV_EXC : MV_NONE;
}

static MvValue method_remove(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    int gone = discard(vm, args[0], args[1]);
    return gone > 0 ? MV_NONE : gone < 0 ? MV_EXC : mv_raise_key_error(vm, args[1]);
}

static MvValue method_pop(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue key = mv_set_pop(vm, as_set(args[0]));
    return key == MV_UNASSIGNED ? mv_raise(vm, MV_EXC_KeyError, "pop from an empty set") : key;
}

static MvValue method_update(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    for (int64_t i = 1; i < nargs; i++)
        if (!mv_set_update(vm, as_set(args[0]), args[i]))
            return MV_EXC;
    return MV_NONE;
}

static MvValue method_difference_update(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    for (int64_t i = 1; i < nargs; i++)
        if (!mv_set_difference_update(vm, as_set(args[0]), args[i]))
            return MV_EXC;
    return MV_NONE;
}

static MvValue method_intersection_update(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return intersection_update(vm, as_set(args[0]), method_intersection(vm, args, nargs, 0)) ? MV_NONE : MV_EXC;
}

static MvValue method_symmetric_difference_update(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_set_symmetric_update(vm, as_set(args[0]), args[1]) ? MV_NONE : MV_EXC;
}

#define COMMON_METHODS \
    {"__contains__", method_contains, 1, 1, 0, NULL}, \
    {"copy", method_copy, 0, 0, 0, NULL}, \
    {"difference", method_difference, 0, -1, 0, NULL}, \
    {"intersection", method_intersection, 0, -1, 0, NULL}, \
    {"isdisjoint", method_is_disjoint, 1, 1, 0, NULL}, \
    {"issubset", method_is_subset, 1, 1, 0, NULL}, \
    {"issuperset", method_is_superset, 1, 1, 0, NULL}, \
    {"symmetric_difference", method_symmetric_difference, 1, 1, 0, NULL}, \
    {"union", method_union, 0, -1, 0, NULL}, \
    {"__class_getitem__", method_class_get_item, 1, 1, MV_DEF_CLASS, NULL}

static const MvMethodDef set_method_defs[] = {
    COMMON_METHODS,
    {"add", method_add, 1, 1, 0, NULL},
    {"clear", method_clear, 0, 0, 0, NULL},
    {"discard", method_discard, 1, 1, 0, NULL},
    {"difference_update", method_difference_update, 0, -1, 0, NULL},
    {"intersection_update", method_intersection_update, 0, -1, 0, NULL},
    {"pop", method_pop, 0, 0, 0, NULL},
    {"remove", method_remove, 1, 1, 0, NULL},
    {"symmetric_difference_update", method_symmetric_difference_update, 1, 1, 0, NULL},
    {"update", method_update, 0, -1, 0, NULL},
    {0},
};
static const MvMethodDef frozenset_method_defs[] = {COMMON_METHODS, {0}};

const MvTypeDef mv_type_SET = {
    .kind = MV_KIND_SET,
    .size = sizeof(MvSet),
    .repr = set_repr,
    .compare = set_compare,
    .binary = set_binary,
    .inplace = set_inplace,
    .length = set_length,
    .contains = set_contains,
    .iter = set_iter,
    .make = set_make,
    .init = set_init,
    .methods = set_method_defs,
    .unhashable = true
};
const MvTypeDef mv_type_FROZENSET = {
    .kind = MV_KIND_FROZENSET,
    .size = sizeof(MvSet),
    .repr = set_repr,
    .hash = frozenset_hash,
    .compare = set_compare,
    .binary = set_binary,
    .length = set_length,
    .contains = set_contains,
    .iter = set_iter,
    .make = frozenset_make,
    .methods = frozenset_method_defs
};
