/* Methods of Mini that do an instruction of native code: `a + b`, `a[i]`, `a < b`, a property.
 *
 * Called by the instructions' helpers (native_ops.c), which know the function from operate.c. Its frame is made as a native caller makes one and entered
 * where native callers go (code->exact, which may be a stub), checked as their branches are, so that limits, the depth and functions without a unit
 * need nothing here; no other C function is between. The sites, most of which only ever see numbers, have no code for it.
 *
 * The frame has the mode that the record tells, for the case that it goes on in the interpreter (native_leave.c). */
#include "native_ops.h"
#include "ic.h"
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
        if (!mv_native_is_leaving(vm)) {
            vm->depth -= mode == MV_MODE_COMPARE;
            mv_operator_raised(vm, base);
        }
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

/* The operands of the operator or comparison in front of pc; its number within its family. */
static int operands_of(const MvValue *base, const MvInstruction *pc, MvValue *a, MvValue *b)
{
    const uint64_t insn = pc[-2];
    const uint32_t opcode = (uint16_t)insn, row = opcode - MV_OP_JUMP_IF_LT;
    *a = base[(uint16_t)(insn >> 32)];
    if (opcode == MV_OP_ADD_INT)
        return mv_add_int_operator(pc, b);
    *b = base[(uint16_t)(insn >> 48)];
    if (opcode < MV_OP_JUMP_IF_LT)
        return (int)(opcode - (opcode < MV_OP_LT ? MV_OP_ADD : MV_OP_LT));
    *a = base[(uint16_t)(insn >> 16)];
    *b = row & 1 ? mv_from_fixnum((int16_t)(insn >> 32)) : base[(uint16_t)(insn >> 32)];
    return (int)(row / 4); /* four for each comparison: IF, IF_INT, IF_NOT, IF_NOT_INT (spec/opcodes.py) */
}

/* The value is there, or an exception. */
static uint64_t finish(MvVM *vm, MvValue *base, const MvInstruction *pc, MvValue value)
{
    if (MV_UNLIKELY(value == MV_EXC))
        return MV_STEP_RAISED;
    const uint32_t row = (uint16_t)pc[-2] - MV_OP_JUMP_IF_LT;
    if ((uint16_t)pc[-2] < MV_OP_JUMP_IF_LT) {
        base[(uint16_t)(pc[-2] >> 16)] = value;
        return MV_STEP_DONE;
    }
    int truth = value == MV_TRUE ? 1 : value == MV_FALSE ? 0 : mv_truth(vm, value);
    if (truth < 0)
        return MV_STEP_RAISED;
    return truth != !!(row & 2) ? MV_STEP_JUMP : MV_STEP_DONE;
}

uint64_t mv_native_ask_operands(MvVM *vm, MvValue *base)
{
    const MvInstruction *pc = (const MvInstruction *)base[MV_FRAME_PC];
    MvValue a, b;
    int op = operands_of(base, pc, &a, &b);
    if ((uint16_t)pc[-2] >= MV_OP_LT)
        return finish(vm, base, pc, mv_compare(vm, op, a, b));
    return finish(vm, base, pc, ((uint16_t)(pc[-1] >> 32) ? mv_inplace : mv_binary)(vm, op, a, b));
}

const MvIcRecord *mv_native_probe_operands(MvVM *vm, const MvInstruction *pc, uint32_t left, uint64_t right)
{
    const uint32_t opcode = (uint16_t)pc[-2];
    int special;
    if (opcode >= MV_OP_JUMP_IF_LT)
        special = MV_SP_LT + (int)(opcode - MV_OP_JUMP_IF_LT) / 4;
    else if (opcode >= MV_OP_LT)
        special = MV_SP_LT + (int)(opcode - MV_OP_LT);
    else {
        MvValue immediate;
        int op = opcode == MV_OP_ADD_INT ? mv_add_int_operator(pc, &immediate) : (int)(opcode - MV_OP_ADD);
        special = ((uint16_t)(pc[-1] >> 32) ? MV_SP_IADD : MV_SP_ADD) + op;
    }
    if (left == MV_CLASS_STR && right == mv_from_fixnum(MV_CLASS_STR)) {
        static const MvIcRecord sum = {.kind = MV_IC_HANDLER, .w2 = (uint64_t)MV_HANDLER_CONCATENATE << 2},
                                order = {.kind = MV_IC_HANDLER, .w2 = (uint64_t)MV_HANDLER_STRINGS << 2};
        if (special >= MV_SP_LT)
            return &order;
        if (special == MV_SP_ADD || special == MV_SP_IADD)
            return &sum;
    }
    return mv_operate_probe(vm, special, left, right);
}

/* The number is checked: records are not trusted with what is called. */
#define HANDLED(op)                                                                                                           \
    const uint64_t number = record->w2 >> 2;                                                                                  \
    base[MV_FRAME_PC] = (MvValue)pc;                                                                                          \
    if (MV_UNLIKELY(number >= MV_HANDLER_COUNT || !mv_native_has_room(vm)))                                                   \
        return mv_native_has_room(vm) ? mv_native_ask_operands(vm, base) : mv_native_leave(vm, base, pc - 2);                 \
    MvValue value = mv_ic_handlers[number](vm, (int)(op), a, b);                                                              \
    if (MV_UNLIKELY(value == MV_NOTIMPLEMENTED))                                                                              \
        return mv_native_ask_operands(vm, base);                                                                              \
    pc = (const MvInstruction *)base[MV_FRAME_PC];

static __attribute__((noinline)) uint64_t handle_value(MvVM *vm, MvValue *base, const MvInstruction *pc, const MvIcRecord *record, MvValue a, MvValue b)
{
    const uint32_t opcode = (uint16_t)pc[-2];
    MvValue right;
    HANDLED(opcode >= MV_OP_LT ? opcode - MV_OP_LT : opcode == MV_OP_ADD_INT ? (uint32_t)mv_add_int_operator(pc, &right) : opcode - MV_OP_ADD)
    if (MV_UNLIKELY(value == MV_EXC))
        return MV_STEP_RAISED;
    base[(uint16_t)(pc[-2] >> 16)] = value;
    return MV_STEP_DONE;
}

static __attribute__((noinline)) uint64_t handle_jump(MvVM *vm, MvValue *base, const MvInstruction *pc, const MvIcRecord *record, MvValue a, MvValue b)
{
    HANDLED(((uint16_t)pc[-2] - MV_OP_JUMP_IF_LT) / 4)
    return finish(vm, base, pc, value);
}

/* Two exact strs, at a site that knows them. */
uint64_t mv_native_strs_jump(MvVM *vm, MvValue *base, const MvInstruction *pc, MvValue a, MvValue b)
{
    const uint32_t row = (uint16_t)pc[-2] - MV_OP_JUMP_IF_LT;
    base[MV_FRAME_PC] = (MvValue)pc;
    int truth = mv_operate_compare_strs(vm, (int)(row / 4), a, b);
    return MV_UNLIKELY(truth < 0) ? MV_STEP_RAISED : truth != !!(row & 2) ? MV_STEP_JUMP : MV_STEP_DONE;
}

uint64_t mv_native_strs_value(MvVM *vm, MvValue *base, const MvInstruction *pc, MvValue a, MvValue b)
{
    base[MV_FRAME_PC] = (MvValue)pc;
    int truth = mv_operate_compare_strs(vm, (int)((uint16_t)pc[-2] - MV_OP_LT), a, b);
    if (MV_UNLIKELY(truth < 0))
        return MV_STEP_RAISED;
    base[(uint16_t)(pc[-2] >> 16)] = mv_bool(truth);
    return MV_STEP_DONE;
}

uint64_t mv_native_strs_sum(MvVM *vm, MvValue *base, const MvInstruction *pc, MvValue a, MvValue b)
{
    base[MV_FRAME_PC] = (MvValue)pc;
    MvValue value = mv_str_concat(vm, a, b);
    if (MV_UNLIKELY(value == MV_EXC))
        return MV_STEP_RAISED;
    base[(uint16_t)(pc[-2] >> 16)] = value;
    return MV_STEP_DONE;
}

/* Strs come here only where the megamorphic cache is asked. */
uint64_t mv_native_handle_value(MvVM *vm, MvValue *base, const MvInstruction *pc, const MvIcRecord *record, MvValue a, MvValue b)
{
    if (record->w2 == mv_from_fixnum(MV_HANDLER_CONCATENATE))
        return mv_native_strs_sum(vm, base, pc, a, b);
    return record->w2 == mv_from_fixnum(MV_HANDLER_STRINGS) ? mv_native_strs_value(vm, base, pc, a, b) : handle_value(vm, base, pc, record, a, b);
}

uint64_t mv_native_handle_jump(MvVM *vm, MvValue *base, const MvInstruction *pc, const MvIcRecord *record, MvValue a, MvValue b)
{
    return record->w2 == mv_from_fixnum(MV_HANDLER_STRINGS) ? mv_native_strs_jump(vm, base, pc, a, b) : handle_jump(vm, base, pc, record, a, b);
}
