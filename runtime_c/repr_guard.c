/* Which containers are being printed: guards repr against those that contain themselves.
 *
 * Callers: the repr slots of containers. vm->repr_stack is a list (0 before the first use); entries leave in the
 * reverse order. */
#include "containers.h"

int mv_repr_enter(MvVM *vm, MvValue container)
{
    if (!mv_is_kind(vm->repr_stack, MV_KIND_LIST)) {
        MvValue list = mv_list_new(vm, 8);
        if (list == MV_EXC)
            return -1;
        vm->repr_stack = list;
    }
    MvList *stack = MV_CAST(MvList, vm->repr_stack);
    for (int64_t i = stack->length; i-- > 0;)
        if (stack->items[i] == container)
            return 0;
    return mv_list_push(vm, stack, container) ? 1 : -1;
}

void mv_repr_leave(MvVM *vm, MvValue container)
{
    MvList *stack = MV_CAST(MvList, vm->repr_stack);
    for (int64_t i = stack->length; i-- > 0;)
        if (stack->items[i] == container) {
            mv_list_delete_range(vm, stack, i, i + 1);
            return;
        }
}
