/* Instructions that a method of Mini does: operators, comparisons, items, properties of instances.
 *
 * Called by the interpreter and by the helpers of native code, which find the function here, call it in a frame without recursion in C, and give its
 * result to mv_operator_result. Whatever is not the plain case (the reflected method goes first, the method is none of Mini's) is 0 here and goes to
 * operators.c and abstract.c, whose order of questions this is the beginning of. No inline caches: a class has a table of its special methods
 * (mv_special), which is as quick as a record and ends with any change of a class. */
#include "interp_ops.h"
#include "class.h"

MvValue mv_operator_function(MvVM *vm, MvValue object, int special)
{
    MvValue function = mv_special(vm, vm->shapes[mv_object(object)->shape]->cls, special);
    return mv_is_kind(function, MV_KIND_FUNCTION) ? function : 0;
}

MvValue mv_binary_function(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvClass *cls = vm->shapes[mv_object(a)->shape]->cls;
    MvValue function = mv_special(vm, cls, MV_SP_ADD + op);
    if (!mv_is_kind(function, MV_KIND_FUNCTION))
        return 0;
    if (mv_is_pointer(b) && mv_object(b)->shape >= MV_CLASS_COUNT) {
        MvClass *other = vm->shapes[mv_object(b)->shape]->cls;
        if (other != cls && mv_is_subclass(other, cls))
            return 0; /* the reflected method of a subclass goes first */
    }
    return function;
}

MvValue mv_compare_function(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvClass *cls = vm->shapes[mv_object(a)->shape]->cls;
    MvValue function = mv_special(vm, cls, MV_SP_LT + op);
    if (!mv_is_kind(function, MV_KIND_FUNCTION))
        return 0;
    if (mv_is_pointer(b) && mv_object(b)->shape >= MV_CLASS_COUNT) {
        MvClass *other = vm->shapes[mv_object(b)->shape]->cls;
        if (other != cls && mv_is_subclass(other, cls))
            return 0; /* a subclass goes first */
    }
    return function;
}

MvValue *mv_compare_frame(MvVM *vm, MvValue *base, int op, MvValue a, MvValue b)
{
    MvValue function = mv_compare_function(vm, op, a, b);
    if (!function)
        return NULL;
    const MvCode *code = MV_CAST(MvFunction, function)->code;
    MvValue *frame = base + ((const MvCode *)base[MV_FRAME_CODE])->register_count + MV_FRAME_HEADER_WORDS;
    if (code->simple_count != 2 || vm->depth + 1 >= vm->depth_limit || frame + code->register_count >= vm->stack_limit)
        return NULL;
    frame[MV_FRAME_FUNCTION] = function;
    frame[0] = a;
    frame[1] = b;
    return frame;
}

static MvValue compared(MvVM *vm, int op, MvValue a, MvValue b, MvValue value)
{
    if (value == MV_NOTIMPLEMENTED)
        value = mv_compare_declined(vm, op, a, b);
    mv_leave(vm);
    return value;
}

int mv_operator_result(MvVM *vm, MvValue *base, const MvInstruction *pc, MvValue value)
{
    const uint64_t insn = pc[-2];
    const uint32_t opcode = (uint16_t)insn;
    MvValue *a = &base[(uint16_t)(insn >> 16)], b = base[(uint16_t)(insn >> 32)];
    if (opcode >= MV_OP_JUMP_IF_LT && opcode <= MV_OP_JUMP_IF_NOT_GE_INT) {
        uint32_t row = opcode - MV_OP_JUMP_IF_LT; /* four for each comparison: IF, IF_INT, IF_NOT, IF_NOT_INT (spec/opcodes.py) */
        value = compared(vm, (int)(row / 4), *a, row & 1 ? mv_from_fixnum((int16_t)(insn >> 32)) : b, value);
        int truth = value == MV_EXC ? -1 : value == MV_TRUE ? 1 : value == MV_FALSE ? 0 : mv_truth(vm, value);
        return truth < 0 ? 0 : truth != !!(row & 2) ? 2 : 1;
    }
    if (opcode == MV_OP_SET_ITEM)
        return 1;
    if (opcode >= MV_OP_LT && opcode <= MV_OP_GE)
        value = compared(vm, (int)(opcode - MV_OP_LT), b, base[insn >> 48], value);
    else if (MV_UNLIKELY(value == MV_NOTIMPLEMENTED) && opcode >= MV_OP_ADD && opcode <= MV_OP_XOR)
        value = mv_binary_declined(vm, (int)(opcode - MV_OP_ADD), b, base[insn >> 48]);
    else if (MV_UNLIKELY(value == MV_NOTIMPLEMENTED) && opcode == MV_OP_ADD_INT) {
        MvValue right;
        int op = mv_add_int_operator(pc, &right);
        value = mv_binary_declined(vm, op, b, right);
    }
    if (value == MV_EXC)
        return 0;
    *a = value;
    return 1;
}
