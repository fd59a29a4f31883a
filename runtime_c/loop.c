/* `for` loops without iterator objects: the three registers of a loop and how they advance.
 *
 * loop[0] an int: a range of small ints: {step, next value, count left}. Else loop[2] is the mode: LIST, TUPLE, STR, DICT (keys): source and
 * position; GENERATOR: resumed by the interpreter itself, or from C for native code; ITERATOR: any iterator object. A loop that ended has mode DONE.
 * INV-loop-1: whatever the words hold, no step touches memory outside the source: positions are compared with lengths each time. */
#include "containers.h"
#include "interp_ops.h"

/* The loop's state where it needs no iterator object. */
static bool begin(MvValue *loop, MvValue iterable)
{
    loop[0] = iterable;
    loop[1] = mv_from_fixnum(0);
    if (!mv_is_pointer(iterable))
        return false;
    switch (mv_object(iterable)->shape) {
    case MV_CLASS_RANGE: {
        const MvRange *range = MV_CAST(MvRange, iterable);
        if (!mv_range_is_small(range))
            return false;
        loop[0] = range->step;
        loop[1] = range->start;
        loop[2] = range->length;
        return true;
    }
    case MV_CLASS_LIST:
        loop[2] = MV_LOOP_LIST;
        return true;
    case MV_CLASS_TUPLE:
        loop[2] = MV_LOOP_TUPLE;
        return true;
    case MV_CLASS_STR:
        loop[2] = MV_LOOP_STR;
        return true;
    case MV_CLASS_GENERATOR:
        loop[2] = MV_LOOP_GENERATOR;
        return true;
    }
    return false;
}

MvValue mv_loop_source(MvVM *vm, MvValue iterable)
{
    MvValue loop[3];
    return begin(loop, iterable) ? iterable : mv_iter(vm, iterable);
}

bool mv_loop_prepare(MvVM *vm, MvValue *loop, MvValue iterable, bool is_iterator)
{
    if (begin(loop, iterable))
        return true;
    MvValue iterator = is_iterator ? iterable : mv_iter(vm, iterable);
    if (iterator == MV_EXC)
        return false;
    loop[0] = iterator;
    if (mv_is_int(iterator) || mv_is_float(iterator)) { /* an __iter__ may return nothing sensible only after mv_iter checked it: it has __next__ */
        mv_type_error(vm, "iter() returned non-iterator of type '%T'", iterator);
        return false;
    }
    loop[2] = mv_object(iterator)->shape == MV_CLASS_GENERATOR ? MV_LOOP_GENERATOR : MV_LOOP_ITERATOR;
    return true;
}

MvValue mv_loop_next(MvVM *vm, MvValue *loop)
{
    MvValue source = loop[0];
    if (loop[2] == MV_LOOP_GENERATOR && !mv_is_int(source)) {
        MvValue value = mv_generator_next(vm, MV_CAST(MvGenerator, source));
        if (value == MV_UNASSIGNED)
            loop[2] = MV_LOOP_DONE;
        return value;
    }
    if (mv_is_int(source)) {
        if (loop[2] == 0)
            return MV_UNASSIGNED;
        MvValue value = loop[1];
        loop[2] -= 4;
        loop[1] += source;
        return value;
    }
    int64_t i = mv_to_fixnum(loop[1]);
    switch (mv_to_fixnum(loop[2])) {
    case MV_LOOPS_LIST:
        if (i < MV_CAST(MvList, source)->length) {
            loop[1] += 4;
            return MV_CAST(MvList, source)->items[i];
        }
        break;
    case MV_LOOPS_TUPLE:
        if (i < MV_CAST(MvTuple, source)->length) {
            loop[1] += 4;
            return MV_CAST(MvTuple, source)->items[i];
        }
        break;
    case MV_LOOPS_STR: {
        const MvStr *s = MV_CAST(MvStr, source);
        if (i < s->length) {
            loop[1] += 4;
            uint32_t c = mv_str_char(s, i);
            return c < 256 ? vm->ascii_chars[c] : mv_str_from_char(vm, c);
        }
        break;
    }
    case MV_LOOPS_ITERATOR: {
        MvValue value = mv_next(vm, source);
        if (value != MV_UNASSIGNED)
            return value;
        break;
    }
    case MV_LOOPS_DONE:
        return MV_UNASSIGNED;
    }
    loop[2] = MV_LOOP_DONE;
    return MV_UNASSIGNED;
}

static MvValue inner_next(MvVM *vm, MvValue iterator)
{
    if (mv_is_pointer(iterator) && mv_object(iterator)->shape == MV_CLASS_LIST_ITERATOR) {
        MvIter *it = MV_CAST(MvIter, iterator);
        if (mv_is_kind(it->a, MV_KIND_LIST) && it->index < MV_CAST(MvList, it->a)->length)
            return MV_CAST(MvList, it->a)->items[it->index++];
    }
    return mv_next(vm, iterator);
}

int mv_loop_next_pair(MvVM *vm, MvValue *loop, MvValue *pair)
{
    if (mv_is_pointer(loop[0]) && loop[2] == MV_LOOP_ITERATOR) {
        MvIter *it = MV_CAST(MvIter, loop[0]);
        switch (it->h.shape) {
        case MV_CLASS_DICT_ITEMITERATOR: {
            bool raised = false;
            const MvDictEntry *entry = mv_dict_iter_step(vm, it, &raised);
            if (!entry) {
                if (!raised)
                    loop[2] = MV_LOOP_DONE;
                return raised ? -2 : 0;
            }
            pair[0] = entry->key;
            pair[1] = entry->value;
            return 1;
        }
        case MV_CLASS_ENUMERATE:
            if (mv_is_int(it->b) && it->b != mv_from_fixnum(MV_FIXNUM_MAX)) {
                MvValue item = inner_next(vm, it->a);
                if (item == MV_EXC)
                    return -2;
                if (item == MV_UNASSIGNED) {
                    loop[2] = MV_LOOP_DONE;
                    return 0;
                }
                pair[0] = it->b;
                pair[1] = item;
                it->b += 4;
                return 1;
            }
            break;
        }
    }
    MvValue item = mv_loop_next(vm, loop);
    if (item == MV_EXC)
        return -2;
    if (item == MV_UNASSIGNED)
        return 0;
    if (mv_is_pointer(item)) {
        if (mv_object(item)->shape == MV_CLASS_TUPLE && MV_CAST(MvTuple, item)->length == 2) {
            memcpy(pair, MV_CAST(MvTuple, item)->items, 2 * sizeof *pair);
            return 1;
        }
        if (mv_object(item)->shape == MV_CLASS_LIST && MV_CAST(MvList, item)->length == 2) {
            memcpy(pair, MV_CAST(MvList, item)->items, 2 * sizeof *pair);
            return 1;
        }
    }
    return mv_op_unpack(vm, pair, item, 2) ? 1 : -1;
}
