/* Iterators over builtin containers. All iterators are MvIter objects; what the fields hold, by class:
 *
 *   list_, tuple_, str_, str_ascii_iterator
 *                                a: the sequence, None when exhausted; index: the next position
 *   list_reverseiterator         a: the list, None when exhausted; index: the next position, counting down
 *   reversed                     a: any sequence, None when exhausted; index: the next position, counting down
 *   range_iterator               index: the next value; b: the step, a fixnum; extra: how many values are left
 *   longrange_iterator           a: the next value; b: the step; c: how many values are left: ints of any size
 *   set_iterator                 a: the set, None when exhausted; index: the next slot; extra: `used` of the set, -1
 *                                after an error; b: items left
 *   dict_*iterator               a: the dict, None when exhausted; index: the next entry; extra: `used` of the dict, -1
 *                                after an error; b: items left; over a namespace its mirror is a, itself c, and extra below -1
 *   callable_iterator            a: the callable, None when exhausted; b: the sentinel
 *   iterator                     a: an object with __getitem__, None when exhausted; index: the next position
 *   enumerate, zip, map, filter  see iterators_functional.c
 *
 * An exhausted iterator stays exhausted. Who changes fields directly (loops of the interpreter) keeps these meanings.
 * */
#include "sequence.h"

MV_INLINE MvIter *as_iter(MvValue v) { return MV_CAST(MvIter, v); }

MvValue mv_iter_new(MvVM *vm, int class_id, MvValue a, MvValue b, MvValue c)
{
    MvValue v = mv_iter_make(vm, class_id, a, 0, 0);
    if (v != MV_EXC) {
        as_iter(v)->b = b;
        as_iter(v)->c = c;
    }
    return v;
}

static MvValue iter_self(MvVM *vm, MvValue self) { return self; }

static MvValue exhausted(MvIter *it)
{
    it->a = MV_NONE;
    return MV_UNASSIGNED;
}

/* ---- list, tuple, str ---- */

MvValue mv_list_iter_new(MvVM *vm, MvValue list) { return mv_iter_make(vm, MV_CLASS_LIST_ITERATOR, list, 0, 0); }
MvValue mv_tuple_iter_new(MvVM *vm, MvValue tuple) { return mv_iter_make(vm, MV_CLASS_TUPLE_ITERATOR, tuple, 0, 0); }

static MvValue list_next(MvVM *vm, MvValue self)
{
    MvIter *it = as_iter(self);
    if (it->a == MV_NONE)
        return MV_UNASSIGNED;
    const MvList *list = MV_CAST(MvList, it->a);
    return it->index < list->length ? list->items[it->index++] : exhausted(it);
}

static MvValue list_reverse_next(MvVM *vm, MvValue self)
{
    MvIter *it = as_iter(self);
    if (it->a == MV_NONE)
        return MV_UNASSIGNED;
    const MvList *list = MV_CAST(MvList, it->a);
    return it->index >= 0 && it->index < list->length ? list->items[it->index--] : exhausted(it);
}

static MvValue tuple_next(MvVM *vm, MvValue self)
{
    MvIter *it = as_iter(self);
    if (it->a == MV_NONE)
        return MV_UNASSIGNED;
    const MvTuple *tuple = MV_CAST(MvTuple, it->a);
    return it->index < tuple->length ? tuple->items[it->index++] : exhausted(it);
}

static MvValue str_next(MvVM *vm, MvValue self)
{
    MvIter *it = as_iter(self);
    if (it->a == MV_NONE)
        return MV_UNASSIGNED;
    const MvStr *s = mv_as_str(it->a);
    if (it->index >= s->length)
        return exhausted(it);
    uint32_t c = mv_str_char(s, it->index++);
    return c < 256 ? vm->ascii_chars[c] : mv_str_from_char(vm, c);
}

static MvValue hint_forward(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const MvIter *it = as_iter(args[0]);
    if (it->a == MV_NONE)
        return mv_from_fixnum(0);
    int64_t length = mv_object(it->a)->kind == MV_KIND_STR ? mv_as_str(it->a)->length : 0;
    if (mv_object(it->a)->kind != MV_KIND_STR)
        mv_sequence_items(it->a, &length);
    return mv_from_fixnum(length > it->index ? length - it->index : 0);
}

static MvValue hint_list_reverse(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const MvIter *it = as_iter(args[0]);
    int64_t left = it->index + 1;
    return mv_from_fixnum(it->a == MV_NONE || MV_CAST(MvList, it->a)->length < left ? 0 : left);
}

/* ---- reversed over any sequence ---- */

static MvValue reversed_next(MvVM *vm, MvValue self)
{
    MvIter *it = as_iter(self);
    if (it->a == MV_NONE)
        return MV_UNASSIGNED;
    if (it->index >= 0) {
        MvValue item = mv_get_item(vm, it->a, mv_from_fixnum(it->index));
        if (item != MV_EXC) {
            it->index--;
            return item;
        }
        it->a = MV_NONE;
        if (!mv_exception_is(vm, MV_EXC_IndexError) && !mv_exception_is(vm, MV_EXC_StopIteration))
            return MV_EXC;
        mv_exception_take(vm);
    }
    return exhausted(it);
}

static MvValue hint_reversed(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const MvIter *it = as_iter(args[0]);
    if (it->a == MV_NONE)
        return mv_from_fixnum(0);
    int64_t length = mv_length(vm, it->a), left = it->index + 1;
    return length < 0 ? MV_EXC : mv_from_fixnum(length < left ? 0 : left);
}

MvValue mv_reversed(MvVM *vm, MvValue sequence)
{
    MvClass *cls = mv_class_of(vm, sequence);
    if (cls->id == MV_CLASS_LIST)
        return mv_iter_make(vm, MV_CLASS_LIST_REVERSEITERATOR, sequence, MV_CAST(MvList, sequence)->length - 1, 0);
    MvValue method = mv_special(vm, cls, MV_SP_REVERSED);
    if (method == MV_EXC)
        return MV_EXC;
    if (method != MV_UNASSIGNED && method != MV_NONE)
        return mv_call_special(vm, method, sequence, NULL, 0);
    bool is_sequence = cls->flags & MV_CLASSF_BUILTIN ? cls->def->get_item && cls->def->length
                                                      : mv_special(vm, cls, MV_SP_GETITEM) != MV_UNASSIGNED;
    if (method == MV_NONE || !is_sequence)
        return mv_type_error(vm, "'%T' object is not reversible", sequence);
    int64_t length = mv_length(vm, sequence);
    return length < 0 ? MV_EXC : mv_iter_make(vm, MV_CLASS_REVERSED, sequence, length - 1, 0);
}

static MvValue reversed_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (!mv_keywords_none(vm, "reversed", kwnames) || !mv_count_args(vm, "reversed", nargs, 1, 1))
        return MV_EXC;
    return mv_reversed(vm, args[0]);
}

/* ---- ranges ---- */

MvValue mv_range_iter_new(MvVM *vm, const MvRange *range, bool reverse)
{
    MvValue first = range->start, step = range->step;
    if (reverse) {
        step = mv_int_binary(vm, MV_BINARY_SUB, mv_from_fixnum(0), step);
        MvValue last = step == MV_EXC ? MV_EXC : mv_int_binary(vm, MV_BINARY_SUB, range->length, mv_from_fixnum(1));
        first = last == MV_EXC ? MV_EXC : mv_range_item(vm, range, last);
        if (first == MV_EXC)
            return MV_EXC;
    }
    bool is_small = mv_range_is_small(range) && mv_both_int(first, step);
    MvValue v = mv_iter_make(vm, is_small ? MV_CLASS_RANGE_ITERATOR : MV_CLASS_LONGRANGE_ITERATOR, 0, 0, 0);
    if (v == MV_EXC)
        return MV_EXC;
    MvIter *it = as_iter(v);
    it->b = step;
    if (is_small) {
        it->index = mv_to_fixnum(first);
        it->extra = mv_to_fixnum(range->length);
    } else {
        it->a = first;
        it->c = range->length;
    }
    return v;
}

static MvValue range_next(MvVM *vm, MvValue self)
{
    MvIter *it = as_iter(self);
    if (it->extra <= 0)
        return MV_UNASSIGNED;
    MvValue v = mv_from_fixnum(it->index);
    it->index += mv_to_fixnum(it->b);
    it->extra--;
    return v;
}

static MvValue long_range_next(MvVM *vm, MvValue self)
{
    MvIter *it = as_iter(self);
    if (mv_int_sign(it->c) <= 0)
        return MV_UNASSIGNED;
    MvValue v = it->a, next = mv_int_binary(vm, MV_BINARY_ADD, v, it->b);
    MvValue left = next == MV_EXC ? MV_EXC : mv_int_binary(vm, MV_BINARY_SUB, it->c, mv_from_fixnum(1));
    if (left == MV_EXC)
        return MV_EXC;
    mv_store(vm, it, &it->a, next);
    mv_store(vm, it, &it->c, left);
    return v;
}

static MvValue hint_range(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_from_fixnum(as_iter(args[0])->extra);
}

static MvValue hint_long_range(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { return as_iter(args[0])->c; }

/* ---- sets ---- */

MvValue mv_set_iter_new(MvVM *vm, MvSet *set)
{
    MvValue v = mv_iter_make(vm, MV_CLASS_SET_ITERATOR, mv_value(set), 0, set->used);
    if (v != MV_EXC)
        as_iter(v)->b = mv_from_fixnum(set->used);
    return v;
}

static MvValue set_next(MvVM *vm, MvValue self)
{
    MvIter *it = as_iter(self);
    if (it->a == MV_NONE)
        return MV_UNASSIGNED;
    const MvSet *set = MV_CAST(MvSet, it->a);
    if (MV_UNLIKELY(it->extra != set->used)) {
        it->extra = -1;
        return mv_raise(vm, MV_EXC_RuntimeError, "Set changed size during iteration");
    }
    MvValue key;
    uint64_t hash;
    if (!mv_set_next(set, &it->index, &key, &hash))
        return exhausted(it);
    it->b -= mv_from_fixnum(1);
    return key;
}

static MvValue hint_set(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const MvIter *it = as_iter(args[0]);
    return it->a != MV_NONE && it->extra == MV_CAST(MvSet, it->a)->used ? it->b : mv_from_fixnum(0);
}

/* ---- dicts ---- */

static bool is_reverse(const MvIter *it) { return it->h.shape >= MV_CLASS_DICT_REVERSEKEYITERATOR; }

MvValue mv_dict_iter_new(MvVM *vm, MvDict *dict, int class_id)
{
    int64_t start = class_id >= MV_CLASS_DICT_REVERSEKEYITERATOR ? dict->table->fill - 1 : 0;
    MvValue v = mv_iter_make(vm, class_id, mv_value(dict), start, dict->used);
    if (v != MV_EXC)
        as_iter(v)->b = mv_from_fixnum(dict->used);
    return v;
}

static inline const MvDictEntry *advance(MvVM *vm, MvIter *it, const MvDict *dict, bool *raised)
{
    const MvDictTable *table = dict->table;
    int64_t i = it->index;
    if (is_reverse(it)) {
        if (i >= table->fill)
            i = table->fill - 1;
        while (i >= 0 && table->entries[i].key == MV_UNASSIGNED)
            i--;
        it->index = i - 1;
    } else {
        while (i < table->fill && table->entries[i].key == MV_UNASSIGNED)
            i++;
        if (i >= table->fill) {
            i = -1;
        } else if (it->b == 0) {
            it->a = MV_NONE;
            *raised = true;
            mv_raise(vm, MV_EXC_RuntimeError, "dictionary keys changed during iteration");
            return NULL;
        }
        it->index = i + 1;
    }
    if (i < 0) {
        it->a = MV_NONE;
        return NULL;
    }
    it->b -= mv_from_fixnum(1);
    return &table->entries[i];
}

/* Iterators over a namespace have no `extra` that a dict's `used` could equal: -2 - used. */
MV_COLD static const MvDictEntry *advance_live(MvVM *vm, MvIter *it, const MvDict *dict, bool *raised)
{
    if (it->extra < -1) {
        *raised = !mv_namespace_look(vm, it->c);
        if (*raised)
            return NULL;
        if (it->extra == -2 - dict->used) {
            const MvDictEntry *entry = advance(vm, it, dict, raised);
            if (entry && !(entry = mv_namespace_entry(vm, it->c, entry)))
                *raised = true;
            return entry;
        }
    }
    it->extra = -1;
    *raised = true;
    mv_raise(vm, MV_EXC_RuntimeError, "dictionary changed size during iteration");
    return NULL;
}

const MvDictEntry *mv_dict_iter_step(MvVM *vm, MvIter *it, bool *raised)
{
    *raised = false;
    if (it->a == MV_NONE)
        return NULL;
    const MvDict *dict = MV_CAST(MvDict, it->a);
    return MV_LIKELY(it->extra == dict->used) ? advance(vm, it, dict, raised) : advance_live(vm, it, dict, raised);
}

static MvValue dict_key_next(MvVM *vm, MvValue self)
{
    bool raised;
    const MvDictEntry *entry = mv_dict_iter_step(vm, as_iter(self), &raised);
    return entry ? entry->key : raised ? MV_EXC : MV_UNASSIGNED;
}

static MvValue dict_value_next(MvVM *vm, MvValue self)
{
    bool raised;
    const MvDictEntry *entry = mv_dict_iter_step(vm, as_iter(self), &raised);
    return entry ? entry->value : raised ? MV_EXC : MV_UNASSIGNED;
}

static MvValue dict_item_next(MvVM *vm, MvValue self)
{
    bool raised;
    const MvDictEntry *entry = mv_dict_iter_step(vm, as_iter(self), &raised);
    return entry ? mv_tuple_pair(vm, entry->key, entry->value) : raised ? MV_EXC : MV_UNASSIGNED;
}

static MvValue hint_dict(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const MvIter *it = as_iter(args[0]);
    if (it->a == MV_NONE)
        return mv_from_fixnum(0);
    bool live = it->extra < -1;
    if (live && !mv_namespace_look(vm, it->c))
        return MV_EXC;
    int64_t used = MV_CAST(MvDict, it->a)->used;
    return it->extra == (live ? -2 - used : used) ? it->b : mv_from_fixnum(0);
}

/* ---- iter(callable, sentinel), and objects with __getitem__ ---- */

static MvValue callable_next(MvVM *vm, MvValue self)
{
    MvIter *it = as_iter(self);
    if (it->a == MV_NONE)
        return MV_UNASSIGNED;
    MvValue none[2], result = mv_call(vm, it->a, none + 1, 0, 0);
    if (result == MV_EXC) {
        if (!mv_exception_is(vm, MV_EXC_StopIteration))
            return MV_EXC;
        mv_exception_take(vm);
        return exhausted(it);
    }
    if (it->a == MV_NONE) /* the call exhausted this very iterator */
        return MV_UNASSIGNED;
    int end = mv_equal_fast(vm, it->b, result);
    return end < 0 ? MV_EXC : end ? exhausted(it) : result;
}

static MvValue sequence_next(MvVM *vm, MvValue self)
{
    MvIter *it = as_iter(self);
    if (it->a == MV_NONE)
        return MV_UNASSIGNED;
    MvValue item = mv_get_item(vm, it->a, mv_from_fixnum(it->index));
    if (item != MV_EXC) {
        it->index++;
        return item;
    }
    if (!mv_exception_is(vm, MV_EXC_IndexError) && !mv_exception_is(vm, MV_EXC_StopIteration))
        return MV_EXC;
    mv_exception_take(vm);
    return exhausted(it);
}

static MvValue hint_sequence(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const MvIter *it = as_iter(args[0]);
    if (it->a == MV_NONE)
        return mv_from_fixnum(0);
    MvClass *cls = mv_class_of(vm, it->a);
    if (!(cls->flags & MV_CLASSF_BUILTIN) && mv_special(vm, cls, MV_SP_LEN) == MV_UNASSIGNED)
        return MV_NOTIMPLEMENTED;
    int64_t length = mv_length(vm, it->a);
    return length < 0 ? MV_EXC : mv_from_fixnum(length > it->index ? length - it->index : 0);
}

static MvValue refuse_state(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    return mv_raise_refused(vm, "setting the state of an iterator");
}

/* ---- the classes ---- */

#define HINTED(name, hint)                                                                                             \
    static const MvMethodDef name[] = {                                                                                \
        {"__length_hint__", hint, 0, 0, 0, NULL},            \
        {"__setstate__", refuse_state, 1, 1, 0, NULL},                        \
        {0},                                                                                                           \
    };
HINTED(forward_methods, hint_forward)
HINTED(list_reverse_methods, hint_list_reverse)
HINTED(reversed_methods, hint_reversed)
HINTED(range_methods, hint_range)
HINTED(long_range_methods, hint_long_range)
HINTED(sequence_methods, hint_sequence)
/* CPython keeps no state of the iterators of sets and dicts that could be set. */
static const MvMethodDef set_methods[] = {{"__length_hint__", hint_set, 0, 0, 0, NULL}, {0}};
static const MvMethodDef dict_methods[] = {{"__length_hint__", hint_dict, 0, 0, 0, NULL}, {0}};

#define ITERATOR(ID, next_fn, method_defs, ...)                                                                        \
    const MvTypeDef mv_type_##ID = {                                                                                   \
        .kind = MV_KIND_ITER,                                                                                         \
        .size = sizeof(MvIter),                                                                                       \
        .iter = iter_self,                                                                                            \
        .next = next_fn,                                                                                              \
        .methods = method_defs,                                                                                       \
        __VA_ARGS__};
ITERATOR(LIST_ITERATOR, list_next, forward_methods)
ITERATOR(LIST_REVERSEITERATOR, list_reverse_next, list_reverse_methods)
ITERATOR(TUPLE_ITERATOR, tuple_next, forward_methods)
ITERATOR(STR_ITERATOR, str_next, forward_methods)
ITERATOR(STR_ASCII_ITERATOR, str_next, forward_methods)
ITERATOR(RANGE_ITERATOR, range_next, range_methods)
ITERATOR(LONGRANGE_ITERATOR, long_range_next, long_range_methods)
ITERATOR(SET_ITERATOR, set_next, set_methods)
ITERATOR(DICT_KEYITERATOR, dict_key_next, dict_methods)
ITERATOR(DICT_VALUEITERATOR, dict_value_next, dict_methods)
ITERATOR(DICT_ITEMITERATOR, dict_item_next, dict_methods)
ITERATOR(DICT_REVERSEKEYITERATOR, dict_key_next, dict_methods)
ITERATOR(DICT_REVERSEVALUEITERATOR, dict_value_next, dict_methods)
ITERATOR(DICT_REVERSEITEMITERATOR, dict_item_next, dict_methods)
ITERATOR(CALLABLE_ITERATOR, callable_next, NULL)
ITERATOR(ITERATOR, sequence_next, sequence_methods)
ITERATOR(REVERSED, reversed_next, reversed_methods, .make = reversed_make)
