/* Entry points of the interpreter loop and what it shares with generators. */
#pragma once
#include "protocol.h"

/* Runs the frame at base from pc until it returns to C. With `raising`, starts by raising vm->exception at pc. The header is set. */
MvValue mv_interpret_frame(MvVM *vm, MvValue *base, const MvInstruction *pc, bool raising);
/* First word above the frame that runs. */
MV_INLINE MvValue *mv_stack_top(const MvVM *vm)
{
    const MvCode *code = (const MvCode *)vm->base[MV_FRAME_CODE];
    MvValue *top = vm->base + (code ? code->register_count : 0);
    return top > vm->top ? top : vm->top;
}
/* bind.c: makes registers 0.. of the callee from nargs positional arguments and the keyword values behind them, in place at base. */
bool mv_bind_frame(MvVM *vm, MvFunction *function, MvValue *base, int64_t nargs, MvValue kwnames);
/* Polls, and tells whether a frame that ends at `end` fits: false after raising. */
bool mv_check_stack(MvVM *vm, MvValue *end, MvValue callee); /* callee 0: not a call that a trace shows */
/* class.c: a call of a class from a window or from C. */
MvValue mv_class_call(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames);
MvValue mv_type_call(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames); /* type.__call__ itself */
MV_COLD MvValue mv_raise_init_result(MvVM *vm, MvValue result);                              /* __init__ returned something */
/* function.c: the call of a BUILTIN; args[-1] must be a free word (it receives a bound self). */
MvValue mv_builtin_call(MvVM *vm, MvValue builtin, MvValue *args, int64_t nargs, MvValue kwnames);
MvValue mv_call_with_keywords(MvVM *vm, MvValue callee, MvValue *args, int64_t nargs, MvValue kwnames); /* mv_call from the code of vm->base's frame */
MvValue mv_class_call_from(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs);                       /* the same for mv_class_call, without keywords */
MvValue mv_builtin_call_counted(MvVM *vm, MvValue builtin, MvValue *args, int64_t nargs, MvValue kwnames); /* as CPython counts general calls (calling.h) */
MvValue mv_function_new(MvVM *vm, MvCode *code, MvModule *module, MvValue qualname);
bool mv_code_ensure_records(MvVM *vm, MvCode *code);
void mv_code_free_records(MvVM *vm, MvCode *code);
/* generator.c */
MvValue mv_generator_new(MvVM *vm, MvValue function, MvCode *code, MvValue *base);
/* Copies the registers to base and enters the generator's handling state; the caller sets the frame header. */
void mv_generator_enter(MvVM *vm, MvGenerator *generator, MvValue *base);
void mv_generator_suspend(MvVM *vm, MvGenerator *generator, MvValue *base, const MvInstruction *pc);
void mv_generator_finish(MvVM *vm, MvGenerator *generator);
bool mv_generator_stop_to_runtime_error(MvVM *vm);
/* 1 yielded *result, 0 returned *result, -1 raised; one step of `yield from`. */
int mv_yield_from_step(MvVM *vm, MvValue iterator, MvValue sent, MvValue *result);
/* exceptions of the interpreter */
void mv_traceback_add(MvVM *vm, MvValue exception, MvCode *code, int64_t word);
MvValue mv_exception_from(MvVM *vm, MvValue value); /* what `raise value` raises: an instance; MV_EXC after TypeError */
int mv_exception_matches(MvVM *vm, MvValue exception, MvValue type);
MvClass *mv_super_class(MvVM *vm, MvClass *cls, MvValue self); /* interp_ops.c */
/* build_class.c */
MvValue mv_build_class(MvVM *vm, MvValue body, MvValue name, MvValue bases, MvValue kwargs);
