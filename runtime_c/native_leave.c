/* Leaving native code: any frame of it can go on in the interpreter at any word, because registers and header are always complete.
 *
 * Native frames are left together, from the one that leaves down to the way in (enter, native.c): each returns EXC, and native->left tells CATCH and the
 * way in that no exception travels. The native stack is free again then, and the frames go on in the interpreter as if they had been called there; the next
 * call or back edge may take them into native code again. So recursion of any depth needs no more native stack than there is. Reasons to leave: the
 * native stack is used up, the function's unit was taken back, the stress mode.
 * INV-leave-1: between mv_native_leave and mv_native_take_left nothing runs but CATCH of the frames in between. */
#include "native_leave.h"
#include "interp_ops.h"
#include "native_ops.h"
#include "native_service.h"

enum { UNITS_STRESS = 17 }; /* of so many occasions one takes the unit back where it is a poll */

uint64_t mv_native_leave(MvVM *vm, MvValue *base, const MvInstruction *pc)
{
    base[MV_FRAME_PC] = (MvValue)pc;
    vm->native->left = base;
    return MV_STEP_RAISED;
}

bool mv_native_is_leaving(const MvVM *vm) { return vm->native->left; }

MvValue *mv_native_take_left(MvVM *vm, MvValue *bottom, MvValue mode)
{
    MvValue *left = vm->native->left;
    if (!left)
        return NULL;
    vm->native->left = NULL;
    vm->native->left_count++;
    for (MvValue *base = left;; base = (MvValue *)base[MV_FRAME_CALLER]) {
        base[MV_FRAME_PC] = (MvValue)mv_frame_pc(base);
        if (base == bottom)
            break;
        if (base[MV_FRAME_MODE] == MV_MODE_ENTRY) /* else the mode is a constructor's instance, or one of an operator's method */
            base[MV_FRAME_MODE] = MV_MODE_CALL;
        vm->depth += MV_MODE_IS_CALLED(base[MV_FRAME_MODE]); /* its native caller has ended the call */
    }
    bottom[MV_FRAME_MODE] = mode;
    vm->base = left;
    return left;
}

/* ---- the stress mode ---- */

bool mv_native_stress_due(MvVM *vm)
{
    MvNative *native = vm->native;
    if (--native->stress_left)
        return false;
    native->stress_left = native->stress;
    native->stress_count++;
    return true;
}

void mv_native_stress_poll(MvVM *vm, MvCode *code)
{
    if (code->unit && vm->native->stress_count % UNITS_STRESS == 0)
        mv_native_take_back(vm, code);
}

MvValue mv_native_stress_call(MvVM *vm, MvValue *base)
{
    MvCode *code = (MvCode *)base[MV_FRAME_CODE];
    if (!mv_native_stress_due(vm))
        return MV_UNASSIGNED;
    vm->depth++;
    if (vm->native->stress_count % 2 || !mv_native_has_room(vm)) {
        mv_native_leave(vm, base, code->words);
        return MV_EXC;
    }
    MvValue *caller = (MvValue *)base[MV_FRAME_CALLER];
    MvValue mode = base[MV_FRAME_MODE];
    base[MV_FRAME_MODE] = MV_MODE_ENTRY;
    MvValue value = mv_interpret_frame(vm, base, code->words, false);
    if (value == MV_EXC)
        return MV_EXC;
    if (mv_is_pointer(mode)) { /* a constructor: the mode is the instance */
        if (value != MV_NONE) {
            mv_raise_init_result(vm, value);
            return MV_EXC;
        }
        value = mode;
    }
    const MvInstruction *pc = mv_frame_pc(caller);
    if (MV_MODE_OPERATES(mode)) {
        int result = mv_operator_result(vm, caller, pc, value, mode);
        if (!result) {
            vm->depth += mode == MV_MODE_COMPARE; /* mv_native_finish ends the level of what raises */
            return MV_EXC;
        }
        if (result == MV_STEP_JUMP)
            pc += (int32_t)(pc[-1] >> 32);
    } else
        caller[(uint16_t)(pc[-2] >> 48)] = value; /* of CALL or CALL_METHOD */
    mv_native_leave(vm, caller, pc);
    return MV_EXC;
}

void *const mv_native_helpers[MV_HELPER_COUNT] = {
#define HELPER(name) (void *)mv_native_##name,
    MV_NATIVE_HELPERS(HELPER)
};

#define IGNORE(name)
/* Called by mv_native_stressed_NAME, too. */
__attribute__((used)) uint64_t mv_native_stress_step(MvVM *vm, MvValue *base, uint64_t next, uint64_t step)
{
    if (step == MV_STEP_DONE && mv_native_stress_due(vm))
        return mv_native_leave(vm, base, ((MvCode *)base[MV_FRAME_CODE])->words + next);
    return step;
}
#define STRESSED(name)                                                                                                        \
    static uint64_t stressed_##name(MvVM *vm, MvValue *base, uint64_t next)                                                   \
    {                                                                                                                         \
        return mv_native_stress_step(vm, base, next, mv_native_##name(vm, base, next));                                       \
    }
MV_NATIVE_HELPERS_BY_END(IGNORE, STRESSED, IGNORE)

void *const mv_native_stress_helpers[MV_HELPER_COUNT] = {
#define STRESSED_HELPER(name) (void *)stressed_##name,
#define STRESSED_BRANCHING(name) (void *)mv_native_stressed_##name, /* not by way of C */
    MV_NATIVE_HELPERS_BY_END(HELPER, STRESSED_HELPER, STRESSED_BRANCHING)
};
