/* MvEach: iteration from C. Exact lists, tuples and ranges of small ints are walked without an iterator object; all
 * else through mv_iter.
 *
 * Callers: whoever consumes an iterable in C. `source` keeps the thing alive (the struct lives on the C stack). */
#include "containers.h"

enum { EACH_ITERATOR, EACH_LIST, EACH_TUPLE, EACH_RANGE }; /* MvEach.mode */

bool mv_each_begin(MvVM *vm, MvEach *each, MvValue iterable)
{
    each->index = 0;
    each->source = iterable;
    if (mv_is_pointer(iterable)) {
        switch (mv_object(iterable)->shape) {
        case MV_CLASS_LIST:
            each->mode = EACH_LIST;
            return true;
        case MV_CLASS_TUPLE:
            each->mode = EACH_TUPLE;
            return true;
        case MV_CLASS_RANGE:
            if (!mv_range_is_small(MV_CAST(MvRange, iterable)))
                break;
            each->mode = EACH_RANGE;
            return true;
        }
    }
    each->mode = EACH_ITERATOR;
    each->source = mv_iter(vm, iterable);
    return each->source != MV_EXC;
}

MvValue mv_each_next(MvVM *vm, MvEach *each)
{
    int64_t i = each->index;
    switch (each->mode) {
    case EACH_LIST: {
        const MvList *list = MV_CAST(MvList, each->source);
        if (i >= list->length) {
            each->index = INT64_MAX; /* an exhausted list iterator stays exhausted */
            return MV_UNASSIGNED;
        }
        each->index = i + 1;
        return list->items[i];
    }
    case EACH_TUPLE: {
        const MvTuple *tuple = MV_CAST(MvTuple, each->source);
        if (i >= tuple->length)
            return MV_UNASSIGNED;
        each->index = i + 1;
        return tuple->items[i];
    }
    case EACH_RANGE: {
        const MvRange *range = MV_CAST(MvRange, each->source);
        if (i >= mv_to_fixnum(range->length))
            return MV_UNASSIGNED;
        each->index = i + 1;
        return mv_from_fixnum(mv_to_fixnum(range->start) + i * mv_to_fixnum(range->step));
    }
    default:
        return mv_next(vm, each->source);
    }
}
