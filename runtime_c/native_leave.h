/* Leaving native code in the middle of frames, to go on in the interpreter. */
#pragma once
#include "native.h"

#define MV_NATIVE_ROOM 4096 /* bytes of native stack above the limit that a way in takes for granted */

/* The frame at base goes on in the interpreter at pc, and so do its callers up to the way into native code. Helpers return what this returns, or
 * EXC: that leads to the frame's CATCH, which hands it down. */
uint64_t mv_native_leave(MvVM *vm, MvValue *base, const MvInstruction *pc);
bool mv_native_is_leaving(const MvVM *vm);
/* After a run of the frame `bottom` gave EXC: were its frames left? Then `bottom` gets back the mode that it had for the interpreter, and the frame that
 * goes on is returned, vm->base being set and the PC in its header a pointer. NULL: an exception. */
MvValue *mv_native_take_left(MvVM *vm, MvValue *bottom, MvValue mode);

/* Is it worth while to go into native code, or to recur in C, on what is left of the native stack? */
MV_INLINE char *mv_stack_pointer(void) { char *sp; __asm__ volatile("mov %%rsp, %0" : "=r"(sp)); return sp; }
MV_INLINE bool mv_native_has_room(const MvVM *vm)
{
    return mv_stack_pointer() >= vm->native_limit + MV_NATIVE_ROOM;
}

/* The stress mode: every n-th poll, call and step of native code leaves it. */
MV_INLINE bool mv_native_is_stressed(const MvVM *vm) { return vm->poll & MV_POLL_STRESS; }
bool mv_native_stress_due(MvVM *vm);
/* At a poll that leaves: takes the unit back at times. */
void mv_native_stress_poll(MvVM *vm, MvCode *code);
/* As CHECK_CALL, whose checks are done: leaves before the call, or does it in the interpreter and leaves behind it, or goes on. */
MvValue mv_native_stress_call(MvVM *vm, MvValue *base);
/* The table of helpers, by number: those of the stress mode leave behind steps that are done. */
extern void *const mv_native_helpers[MV_HELPER_COUNT], *const mv_native_stress_helpers[MV_HELPER_COUNT];
