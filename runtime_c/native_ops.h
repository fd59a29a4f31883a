/* The helpers that native code calls by number (spec/native.py); their C functions. */
#pragma once
#include "gen/native.h"
#include "native_branch.h"
#include "vm.h"

enum { MV_STEP_RAISED = 0, MV_STEP_DONE = 1, MV_STEP_JUMP = 2 }; /* what most helpers return */

enum { MV_STEP_OTHER = 3 }; /* of mv_native_operate alone: nothing is done */
/* native_operate.c: calls the function in a frame of the mode above the one at base, and does the instruction of that with the result. */
uint64_t mv_native_operate(MvVM *vm, MvValue *base, MvValue function, MvValue mode, uint32_t count, MvValue first, MvValue second, MvValue third);
const char *mv_native_GENERATE(MvVM *vm, MvValue *base, MvValue generator); /* native_generate.c */
const char *mv_native_DELEGATE(MvVM *vm, MvValue *base, MvValue generator);
MvValue mv_native_YIELD_THROUGH(MvVM *vm, MvValue *base, uint64_t next, MvValue value);
/* Do the operator or comparison in front of pc on its operands by a HANDLER record that fits: one that has a value, one that jumps. */
uint64_t mv_native_handle_value(MvVM *vm, MvValue *base, const MvInstruction *pc, const MvIcRecord *record, MvValue a, MvValue b);
uint64_t mv_native_handle_jump(MvVM *vm, MvValue *base, const MvInstruction *pc, const MvIcRecord *record, MvValue a, MvValue b);
/* The record of the megamorphic cache that says what the operator in front of pc does with operands of these shapes, the second one as a fixnum; or NULL. */
const MvIcRecord *mv_native_probe_operands(MvVM *vm, const MvInstruction *pc, uint32_t left, uint64_t right);
uint64_t mv_native_raise_init_result(MvVM *vm, MvValue result); /* __init__ returned something */
uint64_t mv_native_ask_operands(MvVM *vm, MvValue *base); /* the same by asking the operands; the frame's PC is saved */
void mv_native_VIOLATION(MvVM *vm, uint64_t branch, uint64_t unused, const char *target);
uint64_t mv_native_host(const MvVM *vm); /* the number of its host */
MvValue mv_native_INTERPRET(MvVM *vm, MvValue *base);
MvValue mv_native_CHECK_CALL(MvVM *vm, MvValue *base);
MvValue mv_native_CATCH(MvVM *vm, MvValue *base);
MvValue mv_native_CATCH_AGAIN(MvVM *vm, MvValue *base);
MvIcRecord *mv_native_PROBE_LOAD(MvVM *vm, MvIcRecord *record, uint32_t shape);
MvIcRecord *mv_native_PROBE_STORE(MvVM *vm, MvIcRecord *record, uint32_t shape);
void mv_native_LOG(MvVM *vm, MvObject *object);
#define MV_NATIVE_STEP(name) uint64_t mv_native_##name(MvVM *vm, MvValue *base, uint64_t next);
MV_NATIVE_STEPS(MV_NATIVE_STEP)
#undef MV_NATIVE_STEP
/* The helpers that branch to native code (native_text.h) rely on registers that it pins: nothing else may
 * call them. OTHER is what they leave to C, stressed what the stress mode has in their place. */
#define MV_NATIVE_STEP(name) uint64_t mv_native_##name##_OTHER(MvVM *vm, MvValue *base, uint64_t next), mv_native_stressed_##name(MvVM *vm, MvValue *base, uint64_t next);
MV_NATIVE_BRANCHING(MV_NATIVE_STEP)
#undef MV_NATIVE_STEP

/* native_intrinsics.c: which builtin each call of the code is going to meet, as the records of inline caches tell; written into operand d of the calls of
 * `words`, a copy of the code's. `by_name`: a method whose record is empty is guessed from its name. */
void mv_native_guess(MvVM *vm, const MvCode *code, bool by_name, void *words);
