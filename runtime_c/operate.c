/* Instructions that a method of Mini does: operators, comparisons, items, properties of instances.
 *
 * Called by the interpreter and by the helpers of native code, which find the function here, call it in a frame without recursion in C, and give its
 * result to mv_operator_result. Whatever is not the plain case (the reflected method goes first, the method is none of Mini's) is 0 here and goes to
 * operators.c and abstract.c, whose order of questions this is the beginning of. What is found stands in the record of the site, under guards of both
 * operands' shapes; a megamorphic site asks each time: a class has a table of its special methods (mv_special), which ends with any change of a class. */
#include "interp_ops.h"
#include "class.h"
#include "ic.h"

MvValue mv_operator_function(MvVM *vm, MvValue object, int special)
{
    MvValue function = mv_special(vm, vm->shapes[mv_object(object)->shape]->cls, special);
    return mv_is_kind(function, MV_KIND_FUNCTION) ? function : 0;
}

/* Does the right operand's class derive from the left one's, so that it may go first? */
static bool derives(const MvClass *ca, const MvClass *cb) { return ca != cb && mv_is_subclass(cb, ca); }

static void handle(MvIcRecord *found, MvIcHandlerNumber handler)
{
    found->kind = MV_IC_HANDLER;
    found->w2 = mv_from_fixnum(handler);
}

static bool operate(MvIcRecord *found, MvValue function)
{
    found->kind = MV_IC_OPERATE;
    found->w2 = function;
    return true;
}

static bool resolve_binary(MvVM *vm, int op, MvClass *ca, MvClass *cb, bool builtin, MvIcRecord *found)
{
    if (builtin) {
        if (ca->def->binary)
            handle(found, op == MV_BINARY_ADD && ca == cb && ca == vm->classes[MV_CLASS_STR] ? MV_HANDLER_CONCATENATE : MV_HANDLER_ARITHMETIC);
        return ca->def->binary;
    }
    MvValue function = mv_special(vm, ca, MV_SP_ADD + op);
    return mv_is_kind(function, MV_KIND_FUNCTION) && !derives(ca, cb) && operate(found, function);
}

/* Is == of its instances, or !=, that of object? */
static bool compares_by_identity(MvVM *vm, MvClass *cls)
{
    return cls->payload_kind == MV_KIND_INSTANCE && mv_is_objects(vm, mv_special(vm, cls, MV_SP_EQ), MV_SP_EQ) &&
           mv_is_objects(vm, mv_special(vm, cls, MV_SP_NE), MV_SP_NE);
}

/* Builtin classes whose instances of different families are never equal, and no order has an opinion of both. */
static int family(uint32_t shape)
{
    switch (shape) {
    case MV_CLASS_INT: case MV_CLASS_FLOAT: case MV_CLASS_BOOL: return 1;
    case MV_CLASS_STR: case MV_CLASS_LIST: case MV_CLASS_TUPLE: case MV_CLASS_DICT: case MV_CLASS_NONE: return (int)shape + 1;
    }
    return 0;
}

static bool resolve_comparison(MvVM *vm, int op, MvClass *ca, MvClass *cb, bool builtin, MvIcRecord *found)
{
    bool equality = op == MV_COMPARE_EQ || op == MV_COMPARE_NE;
    if (builtin) {
        int of_a = family(ca->root_shape), of_b = family(cb->root_shape);
        if (equality && of_a && of_b && of_a != of_b)
            handle(found, MV_HANDLER_IDENTITY);
        else if (equality && ca == cb && ca == vm->classes[MV_CLASS_STR])
            handle(found, MV_HANDLER_STRINGS);
        else if (ca->def->compare && ca == cb)
            handle(found, MV_HANDLER_COMPARISON);
        else
            return false;
        return true;
    }
    MvValue function = mv_special(vm, ca, MV_SP_LT + op);
    if (mv_is_kind(function, MV_KIND_FUNCTION))
        return !derives(ca, cb) && operate(found, function);
    if (!equality || !compares_by_identity(vm, ca) || !(compares_by_identity(vm, cb) || cb == vm->classes[MV_CLASS_NONE]))
        return false;
    handle(found, MV_HANDLER_IDENTITY);
    return true;
}

/* Every special method that the answer for this operator was made of. */
static void note_names(MvVM *vm, int special)
{
    mv_ic_note_name(vm, vm->special_names[special]);
    if (special < MV_SP_RADD)
        mv_ic_note_name(vm, vm->special_names[MV_SP_RADD + (special - MV_SP_ADD)]);
    else if (special == MV_SP_EQ || special == MV_SP_NE) {
        mv_ic_note_name(vm, vm->special_names[MV_SP_EQ]);
        mv_ic_note_name(vm, vm->special_names[MV_SP_NE]);
    }
}

const MvIcRecord *mv_operate_learn(MvVM *vm, MvIcRecord *record, int special, MvValue a, MvValue b, MvIcRecord *found)
{
    const uint32_t left = mv_shape_of(a), right = mv_shape_of(b);
    const bool arithmetic = special < MV_SP_RADD, builtin = left < MV_CLASS_COUNT && right < MV_CLASS_COUNT;
    MvClass *ca = mv_class_of(vm, a), *cb = mv_class_of(vm, b);
    *found = (MvIcRecord){.shape = left, .w1 = mv_from_fixnum(right)};
    bool known = false;
    if (builtin || left >= MV_CLASS_COUNT)
        known = arithmetic ? resolve_binary(vm, special - MV_SP_ADD, ca, cb, builtin, found)
                           : resolve_comparison(vm, special - MV_SP_LT, ca, cb, builtin, found);
    if (!known)
        handle(found, arithmetic ? MV_HANDLER_BINARY : MV_HANDLER_COMPARE);
    if (record->kind != MV_IC_MEGA) {
        vm->stats.ic_misses[record->kind]++;
        if (vm->ic_mode != 1) {
            note_names(vm, special);
            mv_ic_learn(vm, record, vm->special_names[special], *found);
        }
    }
    return found;
}

MvValue *mv_compare_frame(const MvVM *vm, MvValue *base, MvValue function, MvValue a, MvValue b)
{
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
