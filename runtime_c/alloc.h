/* Allocation and the write barrier, in line. */
#pragma once
#include "vm.h"

/* A zeroed object of `size` bytes (header included) with its header set; NULL after raising MemoryError. */
MV_INLINE void *mv_allocate(MvVM *vm, size_t size, uint32_t shape, int kind, int gc, unsigned aux_flags)
{
    size = (size + 15) & ~(size_t)15;
    char *p = vm->cursor;
    MvObject *object;
    if (MV_LIKELY(size <= MV_SMALL_MAX && (size_t)(vm->limit - p) >= size)) {
        vm->cursor = p + size;
        object = (MvObject *)p;
    } else {
        object = mv_heap_allocate_slow(vm, size);
        if (!object)
            return NULL;
    }
    object->shape = shape;
    object->gc = (uint8_t)gc;
    object->kind = (uint8_t)kind;
    object->aux = (uint16_t)((size <= MV_SMALL_MAX ? size >> 4 : 0) | aux_flags);
    return object;
}

/* An instance payload of the builtin class `id` (exact type). */
MV_INLINE void *mv_new(MvVM *vm, size_t size, int id, int kind)
{
    return mv_allocate(vm, size, vm->class_shapes[id], kind, MV_GC_HAS_POINTERS, 0);
}

MV_INLINE void mv_barrier(MvVM *vm, const void *container)
{
    MvObject *object = (MvObject *)container;
    if (MV_UNLIKELY(object->gc & MV_GC_OLD_CLEAN))
        mv_heap_log(vm, object);
}

/* After one store: cheaper for large containers than mv_barrier. */
MV_INLINE void mv_barrier_field(MvVM *vm, const void *container, const MvValue *field)
{
    MvObject *object = (MvObject *)container;
    if (MV_UNLIKELY(object->gc & MV_GC_OLD_CLEAN))
        mv_heap_log_field(vm, object, field);
}

MV_INLINE void mv_barrier_fields(MvVM *vm, const void *container, const MvValue *first, int64_t count)
{
    MvObject *object = (MvObject *)container;
    if (MV_UNLIKELY(object->gc & MV_GC_OLD_CLEAN))
        mv_heap_log_fields(vm, object, first, count);
}

/* Where values change their places within a container: before the next collection, and before the moves where those may collect. */
MV_INLINE void mv_barrier_moved(MvVM *vm, const void *container)
{
    MvObject *object = (MvObject *)container;
    if (MV_UNLIKELY(object->gc & MV_GC_OLD_CLEAN))
        mv_heap_log_moved(vm, object);
}

MV_INLINE void mv_store(MvVM *vm, void *container, MvValue *field, MvValue value)
{
    *field = value;
    if (mv_is_pointer(value))
        mv_barrier_field(vm, container, field);
}
