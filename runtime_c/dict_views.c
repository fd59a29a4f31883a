/* dict_keys, dict_values and dict_items: views of a dict, with the set operations of the first two kinds that have
 * them.
 *
 * Callers: abstract.c and the interpreter through the class tables. Which operand is walked and which is asked decides
 * the order of the resulting set, so the choices are CPython's. Iterators of views are dict iterators (iterators.c).
 * */
#include "class.h"
#include "sequence.h"

/* The dict now; NULL: raised, which only the view of a namespace can. */
MV_INLINE MvDict *dict_of(MvVM *vm, MvValue view) { return mv_dict_or_content(vm, MV_CAST(MvDictView, view)->dict); }

MvValue mv_dict_view_new(MvVM *vm, int class_id, MvValue dict)
{
    MvDictView *view = mv_new(vm, sizeof(MvDictView), class_id, MV_KIND_DICTVIEW);
    if (MV_UNLIKELY(!view))
        return MV_EXC;
    view->dict = dict;
    return mv_value(view);
}

static bool is_keys(const MvVM *vm, MvValue v) { return mv_is_exactly(vm, v, MV_CLASS_DICT_KEYS); }
static bool is_items(const MvVM *vm, MvValue v) { return mv_is_exactly(vm, v, MV_CLASS_DICT_ITEMS); }
static bool is_set_like(const MvVM *vm, MvValue v) { return is_keys(vm, v) || is_items(vm, v); }

static int64_t view_length(MvVM *vm, MvValue self)
{
    const MvDict *dict = dict_of(vm, self);
    return dict ? dict->used : -1;
}

static MvValue view_iter(MvVM *vm, MvValue self, int class_id)
{
    MvValue dict = MV_CAST(MvDictView, self)->dict;
    return mv_is_kind(dict, MV_KIND_NAMESPACE) ? mv_namespace_iter(vm, dict, class_id) : mv_dict_iter_new(vm, MV_CAST(MvDict, dict), class_id);
}

static MvValue keys_iter(MvVM *vm, MvValue self)
{
    return view_iter(vm, self, MV_CLASS_DICT_KEYITERATOR);
}

static MvValue values_iter(MvVM *vm, MvValue self)
{
    return view_iter(vm, self, MV_CLASS_DICT_VALUEITERATOR);
}

static MvValue items_iter(MvVM *vm, MvValue self)
{
    return view_iter(vm, self, MV_CLASS_DICT_ITEMITERATOR);
}

static MvValue get_mapping(MvVM *vm, MvValue self)
{
    return mv_namespace_proxy(vm, MV_CAST(MvDictView, self)->dict);
}

static MvValue view_repr(MvVM *vm, MvValue self)
{
    MvValue result = MV_EXC;
    int entered = mv_repr_enter(vm, self);
    if (entered == 0) {
        result = mv_str_from_ascii(vm, "...", 3);
    } else if (entered > 0) {
        MvValue list = mv_list_from_iterable(vm, self);
        if (list != MV_EXC) {
            MvBuilder b;
            mv_builder_begin(vm, &b);
            mv_builder_str(&b, mv_as_str(mv_class_of(vm, self)->name));
            mv_builder_char(&b, '(');
            mv_builder_value(&b, list, true);
            mv_builder_char(&b, ')');
            result = mv_builder_end(&b);
        }
        mv_repr_leave(vm, self);
    }
    return result;
}

static int keys_contains(MvVM *vm, MvValue self, MvValue key)
{
    uint64_t hash;
    if (!mv_hash_fast(vm, key, &hash))
        return -1;
    MvDict *dict = dict_of(vm, self);
    if (!dict)
        return -1;
    int64_t i = mv_dict_find_hashed(vm, dict, key, hash);
    return i >= 0 ? 1 : i == -1 ? 0 : -1;
}

static int items_contains(MvVM *vm, MvValue self, MvValue item)
{
    if (!mv_is_kind(item, MV_KIND_TUPLE) || MV_CAST(MvTuple, item)->length != 2)
        return 0;
    MvDict *dict = dict_of(vm, self);
    if (!dict)
        return -1;
    MvValue value = mv_dict_get(vm, dict, MV_CAST(MvTuple, item)->items[0]);
    if (value == MV_EXC)
        return -1;
    return value == MV_UNASSIGNED ? 0 : mv_equal_fast(vm, value, MV_CAST(MvTuple, item)->items[1]);
}

static int view_contains(MvVM *vm, MvValue self, MvValue item)
{
    return is_keys(vm, self) ? keys_contains(vm, self, item) : items_contains(vm, self, item);
}

/* Is every item of `inner` (walked) in `outer` (asked)? With `none`: is no item? */
static int all_in(MvVM *vm, MvValue inner, MvValue outer, bool none)
{
    MvEach each;
    if (!mv_each_begin(vm, &each, inner))
        return -1;
    for (;;) {
        MvValue item = mv_each_next(vm, &each);
        if (item == MV_UNASSIGNED)
            return 1;
        if (item == MV_EXC || mv_poll(vm))
            return -1;
        int found = mv_contains(vm, outer, item);
        if (found < 0 || found == none)
            return found < 0 ? -1 : 0;
    }
}

static int64_t length_of_set_like(MvVM *vm, MvValue v)
{
    return mv_is_any_set(v) ? MV_CAST(MvSet, v)->used : view_length(vm, v);
}

static MvValue view_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (!mv_is_any_set(b) && !is_set_like(vm, b))
        return MV_NOTIMPLEMENTED;
    int64_t na = view_length(vm, a), nb = length_of_set_like(vm, b);
    if (na < 0 || nb < 0)
        return MV_EXC;
    int holds = 0;
    switch (op) {
    case MV_COMPARE_EQ: case MV_COMPARE_NE:
        holds = na == nb ? all_in(vm, a, b, false) : 0;
        if (holds >= 0 && op == MV_COMPARE_NE)
            holds = !holds;
        break;
    case MV_COMPARE_LT: holds = na < nb ? all_in(vm, a, b, false) : 0; break;
    case MV_COMPARE_LE: holds = na <= nb ? all_in(vm, a, b, false) : 0; break;
    case MV_COMPARE_GT: holds = na > nb ? all_in(vm, b, a, false) : 0; break;
    default: holds = na >= nb ? all_in(vm, b, a, false) : 0; break;
    }
    return holds < 0 ? MV_EXC : mv_bool(holds);
}

/* ---- set operations ---- */

static MvValue to_set(MvVM *vm, MvValue v)
{
    MvValue dict = is_keys(vm, v) ? mv_dict_seen(vm, MV_CAST(MvDictView, v)->dict) : v;
    return dict == MV_EXC ? MV_EXC : mv_set_from(vm, MV_CLASS_SET, mv_is_exactly(vm, dict, MV_CLASS_DICT) ? dict : v);
}

static MvValue intersection(MvVM *vm, MvValue a, MvValue b)
{
    if (!is_set_like(vm, a)) { /* the view stood on the right */
        MvValue swap = a;
        a = b;
        b = swap;
    }
    int64_t length = view_length(vm, a);
    if (length < 0)
        return MV_EXC;
    if (mv_is_exactly(vm, b, MV_CLASS_SET) && length <= MV_CAST(MvSet, b)->used)
        return mv_set_intersection(vm, MV_CAST(MvSet, b), a);
    if (is_set_like(vm, b) && view_length(vm, b) > length) {
        MvValue swap = a;
        a = b;
        b = swap;
    }
    MvValue result = mv_set_new(vm, MV_CLASS_SET);
    MvEach each;
    if (result == MV_EXC || !mv_each_begin(vm, &each, b))
        return MV_EXC;
    for (;;) {
        MvValue item = mv_each_next(vm, &each);
        if (item == MV_UNASSIGNED)
            return result;
        if (item == MV_EXC || mv_poll(vm))
            return MV_EXC;
        int found = view_contains(vm, a, item);
        if (found < 0 || (found && !mv_set_add(vm, MV_CAST(MvSet, result), item)))
            return MV_EXC;
    }
}

/* Pairs of exactly one of the two dicts. Those of the larger one that the smaller lacks come first. */
static MvValue items_xor(MvVM *vm, MvDict *a, MvDict *b)
{
    if (a->used > b->used) {
        MvDict *swap = a;
        a = b;
        b = swap;
    }
    MvValue rest = mv_dict_copy(vm, a), result = rest == MV_EXC ? MV_EXC : mv_set_new(vm, MV_CLASS_SET);
    if (result == MV_EXC)
        return MV_EXC;
    int64_t position = 0;
    MvValue key, value;
    uint64_t hash;
    while (mv_dict_next_hashed(b, &position, &key, &value, &hash)) {
        MvValue other = mv_dict_get_hashed(vm, MV_CAST(MvDict, rest), key, hash);
        if (other == MV_EXC)
            return MV_EXC;
        int equal = other == MV_UNASSIGNED ? 0 : mv_equal_fast(vm, other, value);
        if (equal < 0 || mv_poll(vm))
            return MV_EXC;
        if (equal) {
            if (mv_dict_delete_hashed(vm, MV_CAST(MvDict, rest), key, hash) < 0)
                return MV_EXC;
            continue;
        }
        MvValue pair = mv_tuple_pair(vm, key, value);
        if (pair == MV_EXC || !mv_set_add(vm, MV_CAST(MvSet, result), pair))
            return MV_EXC;
    }
    MvValue remaining = mv_dict_view_new(vm, MV_CLASS_DICT_ITEMS, rest);
    return remaining != MV_EXC && mv_set_update(vm, MV_CAST(MvSet, result), remaining) ? result : MV_EXC;
}

static MvValue view_binary(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (op == MV_BINARY_AND)
        return intersection(vm, a, b);
    if (op == MV_BINARY_XOR && is_items(vm, a) && is_items(vm, b)) {
        MvDict *left = dict_of(vm, a), *right = left ? dict_of(vm, b) : NULL;
        return right ? items_xor(vm, left, right) : MV_EXC;
    }
    if (op != MV_BINARY_SUB && op != MV_BINARY_OR && op != MV_BINARY_XOR)
        return MV_NOTIMPLEMENTED;
    MvValue result = to_set(vm, a);
    if (result == MV_EXC)
        return MV_EXC;
    MvSet *set = MV_CAST(MvSet, result);
    bool done = op == MV_BINARY_SUB  ? mv_set_difference_update(vm, set, b)
                : op == MV_BINARY_OR ? mv_set_update(vm, set, b)
                                     : mv_set_symmetric_update(vm, set, b);
    return done ? result : MV_EXC;
}

/* ---- methods ---- */

static MvValue method_is_disjoint(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue self = args[0], other = args[1];
    if (self == other)
        return mv_bool(view_length(vm, self) == 0);
    bool sized = mv_is_exactly(vm, other, MV_CLASS_SET) || mv_is_exactly(vm, other, MV_CLASS_FROZENSET) ||
                 is_set_like(vm, other);
    if (sized && length_of_set_like(vm, other) > view_length(vm, self)) {
        other = self;
        self = args[1];
    }
    int disjoint = all_in(vm, other, self, true);
    return disjoint < 0 ? MV_EXC : mv_bool(disjoint);
}

static MvValue keys_reversed(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return view_iter(vm, args[0], MV_CLASS_DICT_REVERSEKEYITERATOR);
}

static MvValue values_reversed(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return view_iter(vm, args[0], MV_CLASS_DICT_REVERSEVALUEITERATOR);
}

static MvValue items_reversed(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return view_iter(vm, args[0], MV_CLASS_DICT_REVERSEITEMITERATOR);
}

#define ISDISJOINT {"isdisjoint", method_is_disjoint, 1, 1, 0, NULL}
static const MvMethodDef keys_methods[] = {
    ISDISJOINT,
    {"__reversed__", keys_reversed, 0, 0, 0, NULL},
    {0},
};
static const MvMethodDef items_methods[] = {
    ISDISJOINT,
    {"__reversed__", items_reversed, 0, 0, 0, NULL},
    {0},
};
static const MvMethodDef values_methods[] = {
    {"__reversed__", values_reversed, 0, 0, 0, NULL},
    {0},
};
static const MvGetSetDef getsets[] = {{"mapping", get_mapping, NULL}, {0}};

const MvTypeDef mv_type_DICT_KEYS = {
    .kind = MV_KIND_DICTVIEW,
    .size = sizeof(MvDictView),
    .repr = view_repr,
    .compare = view_compare,
    .binary = view_binary,
    .length = view_length,
    .contains = keys_contains,
    .iter = keys_iter,
    .methods = keys_methods,
    .getsets = getsets,
    .unhashable = true,
};
const MvTypeDef mv_type_DICT_ITEMS = {
    .kind = MV_KIND_DICTVIEW,
    .size = sizeof(MvDictView),
    .repr = view_repr,
    .compare = view_compare,
    .binary = view_binary,
    .length = view_length,
    .contains = items_contains,
    .iter = items_iter,
    .methods = items_methods,
    .getsets = getsets,
    .unhashable = true,
};
const MvTypeDef mv_type_DICT_VALUES = {
    .kind = MV_KIND_DICTVIEW,
    .size = sizeof(MvDictView),
    .repr = view_repr,
    .length = view_length,
    .iter = values_iter,
    .methods = values_methods,
    .getsets = getsets,
};
