/* The interpreter loop: one function, one label for each opcode, threaded by computed goto. Its handlers stand by subject in interp_*.inc, which
 * are included in the function's body.
 *
 * State in locals: base (registers), pc (next word), records of the running code. vm->base always equals base; the frame's PC word
 * is written before anything that may look at it (calls, collections that make tracebacks, locals()). Mini calls push a frame and go on in the
 * same loop; C recursion happens only where a C function calls Mini code. Slow paths live in interp_ops.c, ic.c and the type files.
 * INV-interp-1: a handler raises before it has any effect, or after all of them; registers are written last. */
#include "interp.h"
#include "api.h"
#include "calling.h"
#include "containers.h"
#include "ic.h"
#include "interp_ops.h"
#include "native_leave.h"
#include <math.h>

/* Operands are read where they stand: a load of 16 bits costs less than to take them out of a word, which would need a register, too. */
#define OPCODE (((const uint16_t *)at)[0])
#define A (((const uint16_t *)at)[1])
#define B (((const uint16_t *)at)[2])
#define C (((const uint16_t *)at)[3])
#define BC (((const uint32_t *)at)[1])
#define JUMP_BC (((const int32_t *)at)[1])
#define IMM_B (((const int16_t *)at)[2])
#define IMM_C (((const int16_t *)at)[3])
#define RA base[A]
#define RB base[B]
#define RC base[C]
#define EXT pc[-1] /* the second word of two */
#define RESULT base[((const uint16_t *)pc)[-5]] /* of the call in front of pc: its register c */
#define SITE (((const uint32_t *)pc)[-2])
#define FLAG_D (((const uint16_t *)pc)[-2])
#define FLAG_E (((const uint16_t *)pc)[-1])
#define JUMP_DE (((const int32_t *)pc)[-1])
#define RECORD (&records[SITE])
#define SITE_NAME constants[code_of(base)->sites[SITE].name]
/* May a callee that brings its own self put it below the arguments? Not where the window's self slot is taken already: the frame's header would
   lie below the window then. */
#define SELF_SLOT_FREE (newbase == &RA + MV_WINDOW_ARGS)
#define SETTLE(object, use)                                                                                        \
    if (MV_UNLIKELY(record->kind >= MV_IC_POLY))                                                                              \
        record = mv_ic_settle(vm, record, object, use);
#define DISPATCH() goto *table[*(const uint16_t *)pc++]
#define OP(name) op_##name: at = pc - 1;
#define OP2(name) op_##name: at = pc - 1; pc++;
#define constants (code_of(base)->constants) /* a local would be stored and loaded by each call and return */
#define SAVE_PC() (base[MV_FRAME_PC] = (MvValue)pc)
#define ERROR() goto error
#define SET_A(expression) do { MvValue set_a = (expression); if (MV_UNLIKELY(set_a == MV_EXC)) ERROR(); RA = set_a; } while (0)
#define CHECK(condition) do { if (MV_UNLIKELY(!(condition))) ERROR(); } while (0)
/* On the way back to a loop's head, pc being there: is something due? Is it time for native code? */
#define BACK_EDGE()                                                                                                           \
    do {                                                                                                                      \
        if (MV_UNLIKELY(vm->poll))                                                                                            \
            goto poll_jumped;                                                                                                 \
        if (MV_UNLIKELY(--code_of(base)->budget < 0))                                                                         \
            goto hot_loop;                                                                                                    \
    } while (0)
/* The jump back of each item stands in front of the loop's body here, in CPython behind it: code warms up by them (calling.h). */
#define LOOP_BEGINS() (code_of(base)->lent--)
#define LOOP_ENDS() (code_of(base)->lent++)
#define NO_WARMTH() (code_of(base)->lent--) /* what BACK_EDGE takes from the budget does not count */
#define POLL_IF_BACK(offset) do { if ((offset) < 0) { NO_WARMTH(); BACK_EDGE(); } } while (0)

MV_INLINE MvCode *code_of(const MvValue *base) { return (MvCode *)base[MV_FRAME_CODE]; }

bool mv_check_stack(MvVM *vm, MvValue *end, MvValue callee)
{
    /* In this order with the poll word: a request that is not seen below lowers the limit again. */
    __atomic_store_n(&vm->stack_limit, vm->stack_end, __ATOMIC_SEQ_CST);
    if (vm->poll & MV_POLL_KEPT)
        vm->stack_limit = vm->stack; /* every call comes here and is counted */
    if (mv_traces(vm, MV_TRACE_CALL)) {
        vm->stack_limit = vm->stack;
        if (callee)
            mv_trace_call(vm, callee);
    }
    if (mv_poll(vm))
        return false;
    if (end < vm->stack_end)
        return true;
    mv_raise_recursion(vm, "");
    return false;
}

MvValue mv_interpret_frame(MvVM *vm, MvValue *base, const MvInstruction *pc, bool raising)
{
    static const void *const labels[] = {
#define LABEL(name, words) &&op_##name,
        MV_OPCODES(LABEL)
#undef LABEL
    };
    const void *const *table = labels;
    __asm__("" : "+r"(table)); /* gcc would compute the address anew at each dispatch */
    const MvInstruction *at; /* the first word of the instruction that is being done */
    MvIcRecord fresh; /* one for all handlers: each would have its own */
    MvIcRecord *records = code_of(base)->records;
    MvValue *newbase;
    MvValue callee, value, kwnames, returned;
    int64_t nargs;
    vm->base = base;
    if (raising)
        goto error;
    DISPATCH();

#include "interp_values.inc"
#include "interp_attributes.inc"
#include "interp_arithmetic.inc"
#include "interp_control.inc"
#include "interp_build.inc"
#include "interp_calls.inc"
#include "interp_exceptions.inc"
}

MvValue mv_interpret(MvVM *vm, MvValue callee, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvCode *code = MV_CAST(MvFunction, callee)->code;
    int64_t total = nargs + (kwnames ? MV_CAST(MvTuple, kwnames)->length : 0);
    MvValue *caller = vm->base, *base = mv_stack_top(vm) + MV_FRAME_HEADER_WORDS + 1;
    MvValue *end = base + (total > code->register_count ? total : code->register_count);
    if (MV_UNLIKELY(end >= vm->stack_limit) && !mv_check_stack(vm, end, callee))
        return MV_EXC;
    if (total)
        memmove(base, args, (size_t)total * sizeof *args);
    if (kwnames || nargs != code->simple_count) {
        MvValue *top = vm->top;
        vm->top = end; /* binding may allocate and call __eq__ of keyword dicts: keep the arguments in sight */
        bool bound = mv_bind_frame(vm, MV_CAST(MvFunction, callee), base, nargs, kwnames);
        vm->top = top;
        if (!bound)
            return MV_EXC;
        if (code->flags & MV_CODE_GENERATOR)
            return mv_generator_new(vm, callee, code, base);
    }
    if (!mv_enter(vm, ""))
        return MV_EXC;
    base[MV_FRAME_FUNCTION] = callee;
    base[MV_FRAME_CODE] = (MvValue)code;
    base[MV_FRAME_CALLER] = (MvValue)caller;
    base[MV_FRAME_MODE] = MV_MODE_ENTRY;
    if (MV_UNLIKELY(!code->unit && --code->budget < 0))
        mv_native_hot(vm, code);
    const uint32_t depth = vm->depth - 1;
    MvValue value = code->unit ? mv_native_run(vm, base, code->unit->bound) : mv_interpret_frame(vm, base, code->words, false);
    mv_levels_are_back(vm, depth);
    return value;
}
