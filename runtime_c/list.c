/* Lists: storage, growth and the operations that other parts of the runtime call. Methods and slots: list_methods.c;
 * sorting: sort.c.
 *
 * A list owns one store; `items` points into it, or is NULL while the capacity is 0. The store is zero beyond the
 * length. While sort() runs, the list is empty with capacity -1: every change gives it a capacity of at least 0, and
 * so is noticed. Functions that run Mini code read items and length again afterwards. */
#include "arena.h"
#include "sequence.h"
#include <sys/mman.h>

#define COPY_BYTES ((size_t)8 << 20) /* some ms, page faults included */
#define MOVE_BYTES ((size_t)4 << 20) /* some huge pages */

static MvStore *allocate_store(MvVM *vm, int64_t length, int gc)
{
    if (MV_UNLIKELY(length > MV_MAX_LENGTH)) {
        mv_too_large(vm);
        return NULL;
    }
    size_t bytes = sizeof(MvStore) + (size_t)length * sizeof(MvValue);
    MvStore *store = mv_allocate(vm, bytes, vm->class_shapes[MV_CLASS_INTERNAL], MV_KIND_STORE, gc, 0);
    if (MV_LIKELY(store != NULL))
        store->length = length;
    return store;
}

MvStore *mv_store_new(MvVM *vm, int64_t length) { return allocate_store(vm, length, MV_GC_HAS_POINTERS); }

static MvValue new_list(MvVM *vm, int64_t capacity, int gc)
{
    MvStore *store = NULL;
    if (capacity > 0) {
        capacity = (capacity + 1) & ~(int64_t)1; /* the store's size is a multiple of two words */
        store = allocate_store(vm, capacity, gc);
        if (MV_UNLIKELY(!store))
            return MV_EXC;
    }
    MvList *list = mv_new(vm, sizeof(MvList), MV_CLASS_LIST, MV_KIND_LIST);
    if (MV_UNLIKELY(!list))
        return MV_EXC;
    if (store) {
        list->items = store->items;
        list->capacity = capacity;
    }
    return mv_value(list);
}

MvValue mv_list_new(MvVM *vm, int64_t capacity) { return new_list(vm, capacity, MV_GC_HAS_POINTERS); }

/* The GC flags for an array of `capacity` values that begins with these items; large ones are looked at. */
static int flags_for(const MvList *list, int64_t capacity)
{
    const int64_t least = MV_NUMBERS_MIN_BYTES / sizeof(MvValue);
    if (capacity <= least || list->length == 0)
        return MV_GC_HAS_POINTERS;
    if (list->capacity > least)
        return mv_list_store(list)->h.gc & MV_GC_HAS_POINTERS ? MV_GC_HAS_POINTERS : MV_GC_NUMBERS;
    for (int64_t i = 0; i < list->length; i++)
        if (mv_is_pointer(list->items[i]))
            return MV_GC_HAS_POINTERS;
    return MV_GC_NUMBERS;
}

/* Copies the items. The pages of a large old store go back to the system as the copy proceeds, before the store itself
 * is collected: what still refers to it reads zeros. */
static void move_items(MvValue *to, MvValue *from, int64_t count)
{
    size_t bytes = (size_t)count * sizeof(MvValue);
    for (size_t at = 0; at < bytes;) {
        uintptr_t start = (uintptr_t)from + at, end = (start & ~(MOVE_BYTES - 1)) + MOVE_BYTES; /* whole huge pages */
        size_t n = bytes - at < end - start ? bytes - at : end - start;
        memcpy((char *)to + at, (char *)from + at, n);
        start = (start + MV_PAGE - 1) & ~(uintptr_t)(MV_PAGE - 1);
        if (bytes >= MOVE_BYTES && n >= MV_PAGE)
            madvise((void *)start, ((uintptr_t)from + at + n - start) & ~(size_t)(MV_PAGE - 1), MADV_DONTNEED);
        at += n;
    }
}

bool mv_copy_words(MvVM *vm, void *to, const void *from, size_t bytes)
{
    while (bytes > COPY_BYTES) {
        memcpy(to, from, COPY_BYTES);
        to = (char *)to + COPY_BYTES;
        from = (const char *)from + COPY_BYTES;
        bytes -= COPY_BYTES;
        if (mv_poll(vm))
            return false;
    }
    if (bytes)
        memcpy(to, from, bytes);
    return true;
}

static bool set_capacity(MvVM *vm, MvList *list, int64_t capacity, int gc)
{
    capacity = (capacity + 1) & ~(int64_t)1;
    MvStore *store = allocate_store(vm, capacity, gc);
    if (MV_UNLIKELY(!store))
        return false;
    move_items(store->items, list->items, list->length);
    list->items = store->items;
    list->capacity = capacity;
    mv_barrier(vm, list);
    return true;
}

bool mv_list_reserve(MvVM *vm, MvList *list, int64_t capacity)
{
    return capacity <= list->capacity || set_capacity(vm, list, capacity, flags_for(list, capacity));
}

/* By half; doubles where that makes few large copies of many (what is reserved and not used of a large store takes no
 * memory of the machine), but by half again where the old store, which stays until a collection, is megabytes. */
bool mv_list_grow(MvVM *vm, MvList *list, int64_t needed)
{
    if (MV_LIKELY(needed <= list->capacity))
        return true;
    int64_t more = needed >= 512 && needed < 1 << 20 ? needed : needed >> 1;
    int64_t capacity = needed + more < 4 ? 4 : needed + more;
    return set_capacity(vm, list, capacity, flags_for(list, capacity));
}

/* Gives memory back to a list that shrank far; keeps the old store where memory is short. */
static void shrink(MvVM *vm, MvList *list)
{
    if (MV_LIKELY(list->capacity < MV_LIST_SHRINKS || list->length >= list->capacity >> 2))
        return;
    int64_t capacity = list->length + (list->length >> 1) + 4;
    if (mv_heap_within_limit(vm, (uint64_t)capacity * sizeof(MvValue) * 2))
        set_capacity(vm, list, capacity, flags_for(list, capacity));
}

bool mv_list_append(MvVM *vm, MvList *list, MvValue v)
{
    int64_t length = list->length;
    if (MV_UNLIKELY(length >= list->capacity) && !mv_list_grow(vm, list, length + 1))
        return false;
    mv_store(vm, mv_list_store(list), &list->items[length], v);
    list->length = length + 1;
    return true;
}

bool mv_list_insert(MvVM *vm, MvList *list, int64_t at, MvValue v)
{
    int64_t length = list->length;
    if (!mv_list_grow(vm, list, length + 1))
        return false;
    memmove(list->items + at + 1, list->items + at, (size_t)(length - at) * sizeof(MvValue));
    mv_barrier_moved(vm, mv_list_store(list));
    mv_store(vm, mv_list_store(list), &list->items[at], v);
    list->length = length + 1;
    return true;
}

void mv_list_delete_range(MvVM *vm, MvList *list, int64_t start, int64_t stop)
{
    int64_t length = list->length, count = stop - start;
    if (count <= 0)
        return;
    memmove(list->items + start, list->items + stop, (size_t)(length - stop) * sizeof(MvValue));
    memset(list->items + length - count, 0, (size_t)count * sizeof(MvValue));
    mv_barrier_moved(vm, mv_list_store(list));
    list->length = length - count;
    shrink(vm, list);
}

void mv_list_clear(MvVM *vm, MvList *list)
{
    if (!list->items)
        return;
    list->items = NULL;
    list->length = list->capacity = 0;
}

MvValue mv_list_pop(MvVM *vm, MvList *list, int64_t at)
{
    MvValue v = list->items[at];
    int64_t last = list->length - 1;
    if (at < last) {
        memmove(list->items + at, list->items + at + 1, (size_t)(last - at) * sizeof(MvValue));
        mv_barrier_moved(vm, mv_list_store(list));
    }
    list->items[last] = 0;
    list->length = last;
    shrink(vm, list);
    return v;
}

MvValue mv_list_from(MvVM *vm, const MvValue *items, int64_t count)
{
    MvValue v = new_list(vm, count, MV_GC_HAS_POINTERS);
    if (MV_UNLIKELY(v == MV_EXC))
        return v;
    MvList *list = MV_CAST(MvList, v);
    if (count > 0)
        memcpy(list->items, items, (size_t)count * sizeof(MvValue));
    list->length = count;
    return v;
}

MvValue mv_list_slice(MvVM *vm, const MvList *list, int64_t start, int64_t stop)
{
    if (stop <= start)
        return mv_list_new(vm, 0);
    MvValue v = new_list(vm, stop - start, flags_for(list, stop - start));
    if (MV_UNLIKELY(v == MV_EXC))
        return v;
    MvList *part = MV_CAST(MvList, v);
    if (!mv_copy_words(vm, part->items, list->items + start, (size_t)(stop - start) * sizeof(MvValue)))
        return MV_EXC;
    part->length = stop - start;
    return v;
}

static bool extend_values(MvVM *vm, MvList *list, MvValue source)
{
    int64_t count;
    mv_sequence_items(source, &count);
    if (count == 0)
        return true;
    int gc = mv_object(source)->kind == MV_KIND_LIST ? flags_for(MV_CAST(MvList, source), count) : MV_GC_HAS_POINTERS;
    if (list->length > 0 ? !mv_list_grow(vm, list, list->length + count)
                         : count > list->capacity && !set_capacity(vm, list, count, gc))
        return false;
    MvValue *items = mv_sequence_items(source, &count); /* source may be the list itself */
    memcpy(list->items + list->length, items, (size_t)count * sizeof(MvValue));
    if (gc & MV_GC_HAS_POINTERS)
        mv_barrier_fields(vm, mv_list_store(list), list->items + list->length, count);
    list->length += count;
    return true;
}

static bool extend_range(MvVM *vm, MvList *list, const MvRange *range)
{
    int64_t count = mv_to_fixnum(range->length), start = mv_to_fixnum(range->start), step = mv_to_fixnum(range->step);
    int64_t needed = list->length + count;
    int gc = list->length ? flags_for(list, needed) : MV_GC_NUMBERS;
    if (needed > list->capacity && !set_capacity(vm, list, needed, gc))
        return false;
    for (int64_t i = 0; i < count;) {
        int64_t chunk = count - i < 4096 ? count - i : 4096;
        MvValue *to = list->items + list->length;
        for (int64_t j = 0; j < chunk; j++)
            to[j] = mv_from_fixnum(start + (i + j) * step);
        list->length += chunk;
        i += chunk;
        if (mv_poll(vm))
            return false;
    }
    return true;
}

static bool extend_dict(MvVM *vm, MvList *list, MvDict *dict, int view_class)
{
    if (!mv_list_reserve(vm, list, list->length + dict->used))
        return false;
    int64_t position = 0, steps = 0;
    MvValue key, value;
    while (mv_dict_next(dict, &position, &key, &value)) {
        MvValue v = view_class == MV_CLASS_DICT_KEYS ? key : value;
        if (view_class == MV_CLASS_DICT_ITEMS)
            v = mv_tuple_pair(vm, key, value);
        if (v == MV_EXC || !mv_list_push(vm, list, v) || (!(++steps & 4095) && mv_poll(vm)))
            return false;
    }
    return true;
}

static bool extend_set(MvVM *vm, MvList *list, const MvSet *set)
{
    if (!mv_list_reserve(vm, list, list->length + set->used))
        return false;
    int64_t position = 0;
    MvValue key;
    uint64_t hash;
    while (mv_set_next(set, &position, &key, &hash))
        if (!mv_list_push(vm, list, key) || (!(list->length & 4095) && mv_poll(vm)))
            return false;
    return true;
}

static bool extend_iterator(MvVM *vm, MvList *list, MvValue iterable)
{
    MvValue iterator = mv_iter(vm, iterable);
    if (iterator == MV_EXC)
        return false;
    int64_t hint = mv_length_hint(vm, iterable, 8);
    if (hint < 0)
        return false;
    if (hint <= INT64_MAX - list->length && !mv_list_reserve(vm, list, list->length + hint))
        return false;
    const MvClass *cls = mv_class_of(vm, iterator);
    bool direct = cls->flags & MV_CLASSF_BUILTIN && cls->id != MV_CLASS_GENERATOR;
    MvValue (*next)(MvVM *, MvValue) = direct ? cls->def->next : mv_next;
    for (;;) {
        MvValue v = next(vm, iterator);
        if (v == MV_EXC && direct && mv_exception_is(vm, MV_EXC_StopIteration)) { /* as mv_next */
            mv_exception_take(vm);
            v = MV_UNASSIGNED;
        }
        if (v == MV_UNASSIGNED)
            break;
        if (v == MV_EXC || !mv_list_push(vm, list, v))
            return false;
        if (mv_poll(vm))
            return false;
    }
    if (list->capacity >= 64 && list->length < list->capacity >> 1) /* the hint was far too high */
        return set_capacity(vm, list, list->length, flags_for(list, list->length));
    return true;
}

/* An instance of a subclass by itself: what its iteration gives is taken first. */
static bool extend_by_itself(MvVM *vm, MvList *list)
{
    MvValue iterator = mv_iter(vm, mv_value(list));
    if (iterator == MV_EXC) {
        if (mv_exception_is(vm, MV_EXC_TypeError)) {
            mv_exception_take(vm);
            mv_type_error(vm, "argument must be iterable");
        }
        return false;
    }
    MvValue copy = mv_list_from_iterable(vm, iterator);
    return copy != MV_EXC && extend_values(vm, list, copy);
}

/* Iterators of exact builtin classes run no Mini code: they are read without iterator objects. */
bool mv_list_extend(MvVM *vm, MvList *list, MvValue iterable)
{
    iterable = mv_dict_seen(vm, iterable);
    if (iterable == MV_EXC)
        return false;
    if (mv_is_pointer(iterable)) {
        uint32_t shape = mv_object(iterable)->shape;
        const uint32_t *shapes = vm->class_shapes;
        if (shape == shapes[MV_CLASS_LIST] || shape == shapes[MV_CLASS_TUPLE])
            return extend_values(vm, list, iterable);
        if (iterable == mv_value(list))
            return extend_by_itself(vm, list);
        if (shape == shapes[MV_CLASS_RANGE] && mv_range_is_small(MV_CAST(MvRange, iterable)))
            return extend_range(vm, list, MV_CAST(MvRange, iterable));
        if (shape == shapes[MV_CLASS_DICT])
            return extend_dict(vm, list, MV_CAST(MvDict, iterable), MV_CLASS_DICT_KEYS);
        for (int id = MV_CLASS_DICT_KEYS; id <= MV_CLASS_DICT_ITEMS; id++)
            if (shape == shapes[id]) {
                MvDict *dict = mv_dict_or_content(vm, MV_CAST(MvDictView, iterable)->dict);
                return dict && extend_dict(vm, list, dict, id);
            }
        if (shape == shapes[MV_CLASS_SET] || shape == shapes[MV_CLASS_FROZENSET])
            return extend_set(vm, list, MV_CAST(MvSet, iterable));
    }
    return extend_iterator(vm, list, iterable);
}

MvValue mv_list_from_iterable(MvVM *vm, MvValue iterable)
{
    MvValue v = mv_list_new(vm, 0);
    if (v == MV_EXC || !mv_list_extend(vm, MV_CAST(MvList, v), iterable))
        return MV_EXC;
    return v;
}

void mv_values_reverse(MvValue *values, int64_t count)
{
    for (int64_t i = 0, j = count - 1; i < j; i++, j--) {
        MvValue v = values[i];
        values[i] = values[j];
        values[j] = v;
    }
}
