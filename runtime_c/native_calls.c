/* What native code calls to prepare calls and to make them, to leave frames, and where exceptions travel; and what templates need beside helpers
 * for instructions. native_step.h has the convention. */
#include "native_ops.h"
#include "api.h"
#include "calling.h"
#include "generator.h"
#include "ic.h"
#include "interp_ops.h"
#include "native_step.h"

/* ---- calls ---- */

OP2(LOAD_METHOD, {
    MvValue value = RB;
    const MvIcRecord *record = mv_ic_settle(vm, RECORD, value, MV_USE_LOAD);
    if (MV_LIKELY(mv_shape_of(value) == mv_ic_guard(record))) {
        switch (record->kind) {
        case MV_IC_METHOD:
            RA = record->w2;
            (&RA)[MV_WINDOW_SELF] = value;
            return MV_STEP_DONE;
        case MV_IC_OWNER:
            if (value == record->w2 && MV_CAST(MvNameCell, record->w1)->value != MV_UNASSIGNED) {
                RA = MV_CAST(MvNameCell, record->w1)->value;
                (&RA)[MV_WINDOW_SELF] = MV_UNASSIGNED;
                return MV_STEP_DONE;
            }
            break;
        case MV_IC_FIELD:
            RA = *(MvValue *)((char *)mv_object(value) + record->offset);
            (&RA)[MV_WINDOW_SELF] = MV_UNASSIGNED;
            return MV_STEP_DONE;
        }
    }
    CHECKED(mv_ic_load_method(vm, RECORD, value, SITE_NAME, &RA));
})
OP2(LOAD_SUPER_METHOD, { CHECKED(mv_op_super_method(vm, RECORD, (&RB)[0], (&RB)[1], SITE_NAME, &RA)); })
OP2(LOAD_SUPER_ATTR, { SET_A(mv_op_super_attr(vm, (&RB)[0], (&RB)[1], SITE_NAME)); })

/* The frame is pushed and has room: counts it and runs it, in the tier that its code has. */
static MvValue start(MvVM *vm, MvValue *base, MvCode *code)
{
    if (!mv_enter(vm, ""))
        return MV_EXC;
    if (MV_UNLIKELY(!code->unit && --code->budget < 0))
        mv_native_hot(vm, code);
    if (MV_LIKELY(code->unit != NULL))
        return mv_native_run(vm, base, code->unit->bound);
    return mv_interpret_frame(vm, base, code->words, false);
}

/* Calls a Mini function in place: its frame begins at newbase, where the positional arguments are, and behind them the values of keywords.
 * mode: where the caller's instruction says what becomes of the result, so that the frames can be left together, as where native code calls: ENTRY,
 * or CALLED, the call's level being there; else MODE_ALONE. */
enum { MODE_ALONE = MV_MODE_CALL };
MV_INLINE MvValue call_function(MvVM *vm, MvValue callee, MvValue *caller, MvValue *newbase, int64_t nargs, MvValue kwnames, MvValue mode)
{
    MvCode *code = MV_CAST(MvFunction, callee)->code;
    MvValue *end = newbase + code->register_count;
    if (MV_UNLIKELY(end >= vm->stack_limit) && !mv_check_stack(vm, end, callee))
        return MV_EXC;
    if (kwnames || nargs != code->simple_count) {
        if (!mv_bind_frame(vm, MV_CAST(MvFunction, callee), newbase, nargs, kwnames))
            return MV_EXC;
        if (code->flags & MV_CODE_GENERATOR)
            return mv_generator_new(vm, callee, code, newbase);
    }
    newbase[MV_FRAME_FUNCTION] = callee;
    newbase[MV_FRAME_CODE] = (MvValue)code;
    newbase[MV_FRAME_CALLER] = (MvValue)caller;
    newbase[MV_FRAME_MODE] = MV_MODE_ENTRY;
    MvValue result;
    if (MV_LIKELY(mode != MODE_ALONE && code->unit && mv_may_enter(vm))) {
        newbase[MV_FRAME_MODE] = mode;
        vm->depth++;
        result = mv_native_call_bound(vm, newbase, code->unit->bound);
    } else
        result = start(vm, newbase, code);
    vm->base = caller;
    return result;
}

OP2(CALL_OTHER, {
    NEEDS_ROOM(2)
    MvValue *window = &RA;
    MvValue *newbase = window + MV_WINDOW_ARGS;
    MvValue callee = window[0];
    int64_t nargs = B;
    MvValue value;
    if (OPCODE == MV_OP_CALL_METHOD && window[MV_WINDOW_SELF] != MV_UNASSIGNED) {
        newbase--;
        nargs++;
    }
    if (mv_is_kind(callee, MV_KIND_FUNCTION)) {
        if (nargs != MV_CAST(MvFunction, callee)->code->simple_count)
            mv_ic_call_feedback(vm, RECORD, MV_CAST(MvFunction, callee)->code);
        value = call_function(vm, callee, base, newbase, nargs, 0, MV_MODE_ENTRY);
    } else if (mv_is_kind(callee, MV_KIND_BUILTIN)) {
        value = mv_ic_call_builtin(vm, RECORD, callee, newbase, nargs); /* the self slot, or the frame header below it, is free for a bound self */
    } else if (mv_is_kind(callee, MV_KIND_CLASS)) {
        const MvIcRecord *record = mv_ic_construct_record(RECORD, callee);
        if (MV_LIKELY(record && newbase == window + MV_WINDOW_ARGS && (record->w1 != MV_NONE || nargs == 0) && vm->depth < vm->depth_limit)) {
            MvValue init = record->w1; /* the record may be gone after the allocation */
            MvObject *object = mv_allocate(vm, record->offset, record->shape, MV_KIND_INSTANCE, MV_GC_HAS_POINTERS, 0);
            if (!object)
                return MV_STEP_RAISED;
            value = mv_value(object);
            if (init != MV_NONE) {
                newbase[-1] = value;
                vm->depth++;
                MvValue result = call_function(vm, init, base, newbase - 1, nargs + 1, 0, MODE_ALONE);
                vm->depth--;
                if (result == MV_EXC)
                    return MV_STEP_RAISED;
                if (result != MV_NONE)
                    return mv_native_raise_init_result(vm, result);
            }
        } else {
            mv_ic_construct(vm, RECORD, MV_CAST(MvClass, callee));
            value = mv_class_call_from(vm, MV_CAST(MvClass, callee), newbase, nargs);
        }
    } else {
        MvValue function = newbase == window + MV_WINDOW_ARGS ? mv_ic_call_function(vm, RECORD, callee, newbase - 1) : 0;
        if (!function)
            value = mv_call(vm, callee, newbase, nargs, 0);
        else if (mv_object(callee)->shape == MV_CLASS_METHOD)
            value = call_function(vm, function, base, newbase - 1, nargs + 1, 0, MV_MODE_ENTRY);
        else {
            if (!mv_enter(vm, MV_WHILE_CALLING))
                return MV_STEP_RAISED;
            value = call_function(vm, function, base, newbase - 1, nargs + 1, 0, MV_MODE_CALLED);
            mv_leave(vm);
        }
    }
    if (MV_UNLIKELY(value == MV_EXC))
        return MV_STEP_RAISED;
    RC = value;
    return MV_STEP_DONE;
})
__attribute__((used)) uint64_t mv_native_raise_init_result(MvVM *vm, MvValue result)
{
    mv_raise_init_result(vm, result);
    return MV_STEP_RAISED;
}
OP2(RAISE_INIT_RESULT, { return mv_native_raise_init_result(vm, (&RA)[MV_WINDOW_SELF]); })
OP2(CALL_KW, {
    NEEDS_ROOM(2)
    MvValue *window = &RA;
    MvValue *newbase = window + MV_WINDOW_ARGS;
    int64_t nargs = B;
    if (FLAG_D && window[MV_WINDOW_SELF] != MV_UNASSIGNED) {
        newbase--;
        nargs++;
    }
    MvValue kwnames = SITE_NAME;
    nargs -= MV_CAST(MvTuple, kwnames)->length;
    if (mv_is_kind(window[0], MV_KIND_FUNCTION))
        mv_ic_call_feedback(vm, RECORD, MV_CAST(MvFunction, window[0])->code);
    MvValue value = mv_is_kind(window[0], MV_KIND_FUNCTION) ? call_function(vm, window[0], base, newbase, nargs, kwnames, MV_MODE_ENTRY)
                                                            : mv_call_with_keywords(vm, window[0], newbase, nargs, kwnames);
    if (MV_UNLIKELY(value == MV_EXC))
        return MV_STEP_RAISED;
    RC = value;
    return MV_STEP_DONE;
})
OP2(CALL_EX, {
    MvValue value = mv_op_call_ex(vm, RA, (&RA)[MV_WINDOW_ARGS], (&RA)[MV_WINDOW_ARGS + 1]);
    if (MV_UNLIKELY(value == MV_EXC))
        return MV_STEP_RAISED;
    RC = value;
    return MV_STEP_DONE;
})

/* The native caller of the frame has counted the call, not asking. */
static MV_COLD MvValue too_deep(MvVM *vm, const MvValue *base)
{
    bool at_call = MV_MODE_IS_CALLED(base[MV_FRAME_MODE]) && vm->depth > vm->depth_limit;
    return mv_raise_recursion(vm, at_call ? MV_WHILE_CALLING : "");
}

/* The callee's frame header is written by a native caller; returns the value. */
MvValue mv_native_INTERPRET(MvVM *vm, MvValue *base)
{
    MvCode *code = (MvCode *)base[MV_FRAME_CODE];
    vm->base = (MvValue *)base[MV_FRAME_CALLER];
    if (MV_UNLIKELY(base + code->register_count >= vm->stack_limit) && !mv_check_stack(vm, base + code->register_count, base[MV_FRAME_FUNCTION]))
        return MV_EXC;
    if (MV_UNLIKELY(vm->depth >= vm->depth_limit))
        return too_deep(vm, base);
    vm->depth++;
    if (MV_UNLIKELY((char *)__builtin_frame_address(0) < vm->native_limit)) { /* never in call_function, whose caller has room */
        mv_native_leave(vm, base, code->words);
        return MV_EXC;
    }
    if (MV_UNLIKELY(!code->unit && --code->budget < 0))
        mv_native_hot(vm, code);
    MvValue mode = base[MV_FRAME_MODE]; /* the caller wants it back: it may be the instance under construction */
    base[MV_FRAME_MODE] = MV_MODE_ENTRY;
    MvValue value = code->unit ? mv_native_run(vm, base, code->unit->bound) : mv_interpret_frame(vm, base, code->words, false);
    base[MV_FRAME_MODE] = mode;
    return value;
}

/* A native callee finds that a limit is reached, or that something is due: UNASSIGNED to go on, else the value of the call. */
MvValue mv_native_CHECK_CALL(MvVM *vm, MvValue *base)
{
    MvCode *code = (MvCode *)base[MV_FRAME_CODE];
    vm->base = (MvValue *)base[MV_FRAME_CALLER];
    if (base + code->register_count >= vm->stack_limit && !mv_check_stack(vm, base + code->register_count, base[MV_FRAME_FUNCTION]))
        return MV_EXC;
    if (vm->depth >= vm->depth_limit)
        return too_deep(vm, base);
    if ((char *)__builtin_frame_address(0) < vm->native_limit) {
        vm->depth++;
        mv_native_leave(vm, base, code->words);
        return MV_EXC;
    }
    return mv_native_is_stressed(vm) ? mv_native_stress_call(vm, base) : MV_UNASSIGNED;
}

/* ---- leaving ---- */

HELPER(RETURN_GENERATOR, { /* returns the value */
    const uint64_t insn = pc[-1];
    MvValue value = OPCODE == MV_OP_RETURN_NONE ? MV_NONE : RA;
    vm->depth--;
    mv_generator_finish(vm, MV_CAST(MvGenerator, base[MV_FRAME_FUNCTION]));
    vm->base = (MvValue *)base[MV_FRAME_CALLER];
    if (base[MV_FRAME_MODE] == MV_MODE_DELEGATE)
        MV_CAST(MvGenerator, vm->base[MV_FRAME_FUNCTION])->delegate = MV_NONE;
    return value;
})
HELPER(YIELD, { /* returns the value */
    const uint64_t insn = pc[-1];
    MvValue value = RB;
    mv_generator_end(vm, MV_CAST(MvGenerator, base[MV_FRAME_FUNCTION]), base, pc);
    vm->depth--;
    vm->base = (MvValue *)base[MV_FRAME_CALLER];
    return value;
})
OP(YIELD_FROM_ITER, { SET_A(mv_is_kind(RB, MV_KIND_GENERATOR) ? RB : mv_iter(vm, RB)); })
/* EXC; UNASSIGNED: the delegate returned; else the value to yield, the frame being suspended. */
OP(YIELD_FROM, {
    MvGenerator *generator = MV_CAST(MvGenerator, base[MV_FRAME_FUNCTION]);
    MvValue value;
    generator->delegate = RB;
    mv_barrier(vm, generator);
    int step = mv_yield_from_step(vm, RB, RC, &value);
    if (step > 0) {
        mv_generator_end(vm, generator, base, pc - 1);
        vm->depth--;
        vm->base = (MvValue *)base[MV_FRAME_CALLER];
        return value;
    }
    generator->delegate = MV_NONE;
    if (step < 0)
        return MV_EXC;
    RA = value;
    return MV_UNASSIGNED;
})

/* ---- exceptions ---- */

OP(RAISE, {
    MvValue value = mv_exception_from(vm, RA);
    if (value != MV_EXC)
        mv_raise_object(vm, value);
    return MV_STEP_RAISED;
})
OP(RAISE_FROM, {
    mv_op_raise_from(vm, RA, RB);
    return MV_STEP_RAISED;
})
OP(RAISE_CURRENT, { /* DONE: raised again, its traceback untouched */
    MvExcState *state = vm->exc_state;
    while (state && state->exception == MV_NONE)
        state = state->previous;
    if (!state) {
        mv_raise(vm, MV_EXC_RuntimeError, "No active exception to reraise");
        return MV_STEP_RAISED;
    }
    vm->exception = state->exception;
    return MV_STEP_DONE;
})
OP(RERAISE, {
    vm->exception = RA;
    return MV_STEP_DONE;
})
OP(ENTER_HANDLER, {
    MvValue value = RB;
    RA = vm->exc_state->exception;
    vm->exc_state->exception = value;
    return MV_STEP_DONE;
})
OP(LEAVE_HANDLER, {
    vm->exc_state->exception = RA;
    return MV_STEP_DONE;
})
OP(MATCH_EXCEPTION, {
    int matches = mv_exception_matches(vm, RB, RC);
    if (matches < 0)
        return MV_STEP_RAISED;
    RA = mv_bool(matches);
    return MV_STEP_DONE;
})
OP(WITH_SETUP, { CHECKED(mv_op_with_setup(vm, &RA, RB, &RC)); })
OP(EXCEPTION_TRIPLE, {
    MvValue exception = RB;
    MvValue *to = &RA;
    to[0] = mv_value(mv_class_of(vm, exception));
    to[1] = exception;
    to[2] = MV_CAST(MvException, exception)->traceback;
    return MV_STEP_DONE;
})
OP(RAISE_SUPER_ERROR, {
    mv_raise(vm, MV_EXC_RuntimeError, "super(): %S", CONSTANTS[BC]);
    return MV_STEP_RAISED;
})

static MvValue catch(MvVM *vm, MvValue *base, bool again)
{
    if (MV_UNLIKELY(mv_native_is_leaving(vm)))
        return MV_EXC; /* to the way in, which takes the frames over */
    MvCode *code = (MvCode *)base[MV_FRAME_CODE];
    const MvInstruction *pc = mv_frame_pc(base);
    int64_t word = pc - 1 - code->words;
    vm->base = base;
    if (MV_LIKELY(!vm->ending)) {
        if (!again)
            mv_traceback_add(vm, vm->exception, code, word);
        const MvExceptionRange *range = vm->ending ? NULL : mv_find_handler(code, (uint32_t)word);
        if (range) {
            base[range->reg] = vm->exception;
            vm->exception = 0;
            return MV_UNASSIGNED;
        }
    }
    MvValue mode = base[MV_FRAME_MODE];
    vm->depth--;
    if (mode == MV_MODE_GENERATOR || mode == MV_MODE_GENERATOR_ENTRY || mode == MV_MODE_DELEGATE) {
        mv_generator_finish(vm, MV_CAST(MvGenerator, base[MV_FRAME_FUNCTION]));
        mv_generator_stop_to_runtime_error(vm);
    }
    vm->base = (MvValue *)base[MV_FRAME_CALLER];
    if (mode == MV_MODE_DELEGATE)
        MV_CAST(MvGenerator, vm->base[MV_FRAME_FUNCTION])->delegate = MV_NONE;
    return MV_EXC;
}

/* EXC travels and the frame's PC tells where: UNASSIGNED where a handler begins, else what the frame returns: it is popped, or left. */
MvValue mv_native_CATCH(MvVM *vm, MvValue *base) { return catch(vm, base, false); }
MvValue mv_native_CATCH_AGAIN(MvVM *vm, MvValue *base) { return catch(vm, base, true); }

uint64_t mv_native_host(const MvVM *vm) { return mv_host(vm)->number; }

MvIcRecord *mv_native_PROBE_LOAD(MvVM *vm, MvIcRecord *record, uint32_t shape)
{
    return mv_ic_probe(vm, shape, record->w1, (uint32_t)(record->w2 >> 2), MV_USE_LOAD);
}

MvIcRecord *mv_native_PROBE_STORE(MvVM *vm, MvIcRecord *record, uint32_t shape)
{
    return mv_ic_probe(vm, shape, record->w1, (uint32_t)(record->w2 >> 2), MV_USE_STORE);
}

/* A pointer was stored into an old object. */
void mv_native_LOG(MvVM *vm, MvObject *object) { mv_heap_log(vm, object); }
