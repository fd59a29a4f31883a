/* A generator's way onto the VM's stack and back to its store, in line: for generator.c and for native code's helpers. The interpreter calls the
 * functions of the same meaning in interp.h (enter, suspend, receive), as its loop is large enough. */
#pragma once
#include "alloc.h"
#include "interp.h"

/* Word by word: wider loads of words just stored would wait for the stores. */
MV_INLINE void mv_generator_copy(MvValue *restrict to, const MvValue *restrict from, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        to[i] = from[i];
        __asm__("" ::: "memory");
    }
}

/* The registers go to base; the generator's handling state is entered. */
MV_INLINE void mv_generator_begin(MvVM *vm, MvGenerator *generator, MvValue *base)
{
    mv_generator_copy(base, generator->registers->items, generator->code->register_count);
    generator->base = base;
    generator->state = MV_GEN_RUNNING;
    generator->exc.previous = vm->exc_state;
    vm->exc_state = &generator->exc;
}

/* The registers go to the store; the generator resumes at pc. */
MV_INLINE void mv_generator_end(MvVM *vm, MvGenerator *generator, const MvValue *base, const MvInstruction *pc)
{
    mv_generator_copy(generator->registers->items, base, generator->code->register_count);
    mv_barrier(vm, generator->registers);
    mv_barrier(vm, generator);
    generator->pc = pc;
    generator->base = NULL;
    generator->state = MV_GEN_SUSPENDED;
    vm->exc_state = generator->exc.previous;
    generator->exc.previous = NULL;
}

/* The value that a resumed YIELD or YIELD_FROM receives. pc is where the generator resumes. */
MV_INLINE void mv_generator_take(MvValue *base, const MvInstruction *pc, MvValue value)
{
    if ((uint16_t)*pc == MV_OP_YIELD_FROM)
        base[(uint16_t)(*pc >> 48)] = value;
    else
        base[(uint16_t)(pc[-1] >> 16)] = value;
}
