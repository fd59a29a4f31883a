/* Methods of Mini that do an instruction of native code: `a + b`, `a[i]`, `a < b`, a property.
 *
 * Called by the instructions' helpers (native_ops.c), which know the function from operate.c. Its frame is made as a native caller makes one and entered
 * where native callers go (code->exact, which may be a stub), checked as their branches are, so that limits, the depth and functions without a unit
 * need nothing here; no other C function is between. The sites, most of which only ever see numbers, have no code for it.
 *
 * The frame has the mode that the record tells, for the case that it goes on in the interpreter (native_leave.c). */
#include "native_ops.h"
#include "interp_ops.h"
#include "native_leave.h"

uint64_t mv_native_operate(MvVM *vm, MvValue *base, MvValue function, MvValue mode, uint32_t count, MvValue first, MvValue second, MvValue third)
{
    MvCode *code = MV_CAST(MvFunction, function)->code;
    MvValue *frame = base + ((const MvCode *)base[MV_FRAME_CODE])->register_count + MV_FRAME_HEADER_WORDS;
    if (MV_UNLIKELY(code->simple_count != count || !code->exact || frame >= vm->stack_end))
        return MV_STEP_OTHER;
    if (mode == MV_MODE_COMPARE) { /* as mv_compare: a level of its own, and that of the call */
        if (MV_UNLIKELY(vm->depth + 1 >= vm->depth_limit))
            return MV_STEP_OTHER;
        vm->depth++;
    }
    frame[0] = first; /* the words behind the operands are the callee's to overwrite: there is slack above the limit */
    frame[1] = second;
    frame[2] = third;
    frame[MV_FRAME_FUNCTION] = function;
    frame[MV_FRAME_CODE] = (MvValue)code;
    frame[MV_FRAME_CALLER] = (MvValue)base;
    frame[MV_FRAME_MODE] = mode;
    MvValue value = mv_native_call(vm, frame, count);
    vm->base = base;
    if (MV_UNLIKELY(value == MV_EXC)) {
        if (mode == MV_MODE_COMPARE && !mv_native_is_leaving(vm))
            vm->depth--;
        return MV_STEP_RAISED;
    }
    const MvInstruction *pc = (const MvInstruction *)base[MV_FRAME_PC]; /* the helper saved it */
    if (mv_operator_is_plain(pc[-2], value)) {
        base[(uint16_t)(pc[-2] >> 16)] = value;
        return MV_STEP_DONE;
    }
    return (uint64_t)mv_operator_result(vm, base, pc, value, mode);
}
_Static_assert(MV_STEP_RAISED == 0 && MV_STEP_DONE == 1 && MV_STEP_JUMP == 2, "what mv_operator_result returns");
