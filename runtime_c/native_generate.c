/* Generators that loops of native code, and delegations, resume.
 *
 * The generator's frame is made above that of the loop, as the interpreter makes it (interp_control.inc), with the mode GENERATOR, so that the
 * interpreter goes on with both where they are left (native_leave.h); for YIELD_FROM with the mode DELEGATE. The loop's own code then branches to the way in, checked as all its branches are;
 * what the generator yields or returns comes back in rax. So no C function is between the two.
 *
 * Whatever is not a generator that can go on at once is left to FOR_NEXT (mv_loop_next): one that runs or is done, one without a unit, limits that are
 * reached, or lowered because calls are counted. */
#include "generator.h"
#include "native_leave.h"
#include "native_ops.h"
#include "native_service.h"

/* Makes the generator's frame, where it can go on at once and gets `sent`. */
MV_INLINE const char *start(MvVM *vm, MvValue *base, MvValue source, MvValue mode, MvValue sent)
{
    MvGenerator *generator = MV_CAST(MvGenerator, source);
    MvCode *code = generator->code;
    MvValue *frame = base + ((const MvCode *)base[MV_FRAME_CODE])->register_count + MV_FRAME_HEADER_WORDS;
    const MvInstruction *pc = generator->pc;
    uint32_t at = code->unit ? mv_native_resume_at(code->unit, (uint32_t)(pc - code->words)) : 0;
    bool fresh = generator->state == MV_GEN_CREATED;
    if (MV_UNLIKELY(!at || generator->state > MV_GEN_SUSPENDED || frame + code->register_count >= vm->stack_limit || vm->depth >= vm->depth_limit ||
                    (fresh && sent != MV_NONE) || !mv_native_has_room(vm) || (mv_native_is_stressed(vm) && mv_native_stress_due(vm))))
        return NULL;
    vm->depth++;
    frame[MV_FRAME_FUNCTION] = source;
    frame[MV_FRAME_CODE] = (MvValue)code;
    frame[MV_FRAME_CALLER] = (MvValue)base;
    frame[MV_FRAME_MODE] = mode;
    mv_generator_begin(vm, generator, frame);
    if (!fresh)
        mv_generator_take(frame, pc, sent);
    vm->base = frame;
    return vm->native->region + at;
}

const char *mv_native_GENERATE(MvVM *vm, MvValue *base, MvValue source) { return start(vm, base, source, MV_MODE_GENERATOR, MV_NONE); }

const char *mv_native_DELEGATE(MvVM *vm, MvValue *base, MvValue source)
{
    MvGenerator *generator = MV_CAST(MvGenerator, base[MV_FRAME_FUNCTION]);
    const char *target = start(vm, base, source, MV_MODE_DELEGATE, base[(uint16_t)(mv_frame_pc(base)[-1] >> 48)]);
    if (MV_LIKELY(target != NULL)) {
        generator->delegate = source;
        mv_barrier(vm, generator);
    }
    return target;
}

MvValue mv_native_YIELD_THROUGH(MvVM *vm, MvValue *base, uint64_t next, MvValue value)
{
    mv_generator_end(vm, MV_CAST(MvGenerator, base[MV_FRAME_FUNCTION]), base, ((const MvCode *)base[MV_FRAME_CODE])->words + next - 1);
    vm->depth--;
    vm->base = (MvValue *)base[MV_FRAME_CALLER];
    return value;
}
