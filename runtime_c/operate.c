/* Instructions that a method of Mini does: operators, comparisons, items, properties of instances.
 *
 * Called by the interpreter and by the helpers of native code, which find the function here, call it in a frame without recursion in C, and give its
 * result to mv_operator_result. Whatever is not the plain case (the reflected method goes first, the method is none of Mini's) is 0 here and goes to
 * operators.c and abstract.c, whose order of questions this is the beginning of. What is found stands in the record of the site, under guards of both
 * operands' shapes, and in the megamorphic cache. */
#include "interp_ops.h"
#include "class.h"
#include "containers.h"
#include "errors.h"
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

static bool operate(MvIcRecord *found, MvValue function, MvFrameMode mode)
{
    found->kind = MV_IC_OPERATE;
    found->offset = (uint16_t)mode;
    found->w2 = function;
    return true;
}

/* Has it neither a builtin's slots nor a place among sequences? */
static bool is_plain(const MvClass *cls) { return cls->payload_kind == MV_KIND_INSTANCE && !(cls->flags & MV_CLASSF_BUILTIN); }

/* No reflected method of a subclass that goes first: after it has declined, the left operand would be asked (operators.c does). */
static bool resolve_binary(MvVM *vm, int op, MvClass *ca, MvClass *cb, bool augmented, MvIcRecord *found)
{
    const bool plain = is_plain(ca);
    if (augmented && !plain)
        return false;
    if (augmented) {
        MvValue function = mv_special(vm, ca, MV_SP_IADD + op);
        if (function != MV_UNASSIGNED)
            return mv_is_kind(function, MV_KIND_FUNCTION) && operate(found, function, MV_MODE_INPLACE);
    }
    MvValue function = mv_special(vm, ca, MV_SP_ADD + op);
    if (mv_is_kind(function, MV_KIND_FUNCTION))
        return !derives(ca, cb) && operate(found, function, MV_MODE_OPERATOR);
    if (function != MV_UNASSIGNED || ca == cb || !plain || !is_plain(cb) || derives(ca, cb))
        return false;
    function = mv_special(vm, cb, MV_SP_RADD + op);
    return mv_is_kind(function, MV_KIND_FUNCTION) && operate(found, function, MV_MODE_REFLECTED);
}

/* The same where both are builtin classes, or the left one is a number's and the right one of the program. */
static bool resolve_builtin(MvVM *vm, int op, MvClass *ca, MvClass *cb, bool augmented, MvIcRecord *found)
{
    if (!mv_class_is_builtin(cb)) { /* numbers decline what is no number */
        bool number = ca->root_shape == MV_CLASS_INT || ca->root_shape == MV_CLASS_FLOAT || ca->root_shape == MV_CLASS_BOOL;
        MvValue function = number && is_plain(cb) ? mv_special(vm, cb, MV_SP_RADD + op) : MV_UNASSIGNED;
        return mv_is_kind(function, MV_KIND_FUNCTION) && operate(found, function, MV_MODE_REFLECTED);
    }
    if (!ca->def->binary || (augmented && ca->def->inplace))
        return false;
    handle(found, MV_HANDLER_ARITHMETIC);
    return true;
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
        else if (ca == cb && ca == vm->classes[MV_CLASS_STR])
            handle(found, MV_HANDLER_STRINGS);
        else if (ca->def->compare && ca == cb)
            handle(found, MV_HANDLER_COMPARISON);
        else
            return false;
        return true;
    }
    MvValue function = mv_special(vm, ca, MV_SP_LT + op);
    if (mv_is_kind(function, MV_KIND_FUNCTION))
        return !derives(ca, cb) && operate(found, function, MV_MODE_COMPARE);
    if (!equality || !compares_by_identity(vm, ca) || !(compares_by_identity(vm, cb) || cb == vm->classes[MV_CLASS_NONE]))
        return false;
    handle(found, MV_HANDLER_IDENTITY);
    return true;
}

/* Every special method that the answer for this operator was made of. */
static void note_names(MvVM *vm, int special)
{
    if (special >= MV_SP_LT) {
        bool equality = special == MV_SP_EQ || special == MV_SP_NE;
        mv_ic_note_name(vm, vm->special_names[special]);
        mv_ic_note_name(vm, vm->special_names[equality ? MV_SP_EQ + MV_SP_NE - special : special]);
        return;
    }
    int op = special - (special >= MV_SP_IADD ? MV_SP_IADD : MV_SP_ADD);
    mv_ic_note_name(vm, vm->special_names[special]);
    mv_ic_note_name(vm, vm->special_names[MV_SP_ADD + op]);
    mv_ic_note_name(vm, vm->special_names[MV_SP_RADD + op]);
}

static void resolve(MvVM *vm, int special, MvValue a, MvValue b, MvIcRecord *found)
{
    const uint32_t left = mv_shape_of(a), right = mv_shape_of(b);
    const bool comparison = special >= MV_SP_LT, augmented = special >= MV_SP_IADD && !comparison;
    const int op = special - (comparison ? MV_SP_LT : augmented ? MV_SP_IADD : MV_SP_ADD);
    MvClass *ca = mv_class_of(vm, a), *cb = mv_class_of(vm, b);
    bool known;
    if (!comparison && op == MV_BINARY_ADD && left == MV_CLASS_STR && right == MV_CLASS_STR) {
        handle(found, MV_HANDLER_CONCATENATE);
        known = true;
    } else if (comparison)
        known = resolve_comparison(vm, op, ca, cb, left < MV_CLASS_COUNT && right < MV_CLASS_COUNT, found);
    else if (augmented && (op == MV_BINARY_ADD || op == MV_BINARY_MUL) && (mv_sequence_def(a) || mv_sequence_def(b)))
        known = false; /* whose order of questions is one of its own */
    else
        known = (left < MV_CLASS_COUNT ? resolve_builtin : resolve_binary)(vm, op, ca, cb, augmented, found);
    if (!known)
        handle(found, comparison ? MV_HANDLER_COMPARE : augmented ? MV_HANDLER_INPLACE : MV_HANDLER_BINARY);
}

/* The place of a pair in the megamorphic cache, and the record in it. */
MV_INLINE MvIcRecord *pair_of(MvVM *vm, int special, uint32_t left, uint64_t right)
{
    return mv_ic_cache_pair(vm, left, (uint32_t)special << 16 ^ (uint32_t)(right >> 2) * 31);
}
MV_INLINE MvIcRecord *entry_in(const MvVM *vm, MvIcRecord *pair, int special, uint32_t left, uint64_t right)
{
    const uint64_t key = mv_ic_cache_key(vm->special_names[special], MV_USE_OPERATE);
    for (int way = 0; way < 2; way++)
        if (pair[way].key == key && pair[way].shape == left && pair[way].w1 == right)
            return &pair[way];
    return NULL;
}

const MvIcRecord *mv_operate_probe(MvVM *vm, int special, uint32_t left, uint64_t right)
{
    return entry_in(vm, pair_of(vm, special, left, right), special, left, right);
}

const MvIcRecord *mv_operate_learn(MvVM *vm, MvIcRecord *record, int special, MvValue a, MvValue b, MvIcRecord *found)
{
    const uint32_t left = mv_shape_of(a);
    const uint64_t right = mv_from_fixnum(mv_shape_of(b));
    const MvValue name = vm->special_names[special];
    MvIcRecord *pair = pair_of(vm, special, left, right), *entry = vm->ic_mode == 1 ? NULL : entry_in(vm, pair, special, left, right);
    if (MV_LIKELY(entry && record->kind == MV_IC_MEGA))
        return entry;
    *found = (MvIcRecord){.shape = left, .w1 = right, .key = mv_ic_cache_key(name, MV_USE_OPERATE)};
    vm->stats.ic_misses[record->kind]++;
    if (entry)
        *found = *entry;
    else
        resolve(vm, special, a, b, found);
    if (vm->ic_mode == 1)
        return found;
    if (!entry) {
        note_names(vm, special);
        if (pair->key)
            pair[1] = *pair;
        *pair = *found;
    }
    if (record->kind != MV_IC_MEGA)
        mv_ic_learn(vm, record, name, *found);
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

void mv_operator_raised(MvVM *vm, MvValue *base)
{
    const MvInstruction *pc = (const MvInstruction *)base[MV_FRAME_PC];
    const uint64_t insn = pc[-2];
    const MvCode *code = (const MvCode *)base[MV_FRAME_CODE];
    if ((uint16_t)insn == MV_OP_LOAD_ATTR) /* a property's getter: the object's register is the instruction's still */
        mv_attribute_error_context(vm, base[(uint16_t)(insn >> 32)], code->constants[code->sites[(uint32_t)pc[-1]].name]);
}

/* The method that the frame's mode tells returned NotImplemented. */
static MvValue declined(MvVM *vm, int op, MvValue a, MvValue b, bool augmented, MvValue mode)
{
    if (mode == MV_MODE_INPLACE)
        return mv_inplace_declined(vm, op, a, b);
    return (mode == MV_MODE_REFLECTED ? mv_reflected_declined : mv_binary_declined)(vm, op, a, b, augmented);
}

int mv_operator_result(MvVM *vm, MvValue *base, const MvInstruction *pc, MvValue value, MvValue mode)
{
    const uint64_t insn = pc[-2];
    const uint32_t opcode = (uint16_t)insn;
    const bool augmented = (uint16_t)(pc[-1] >> 32);
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
        value = declined(vm, (int)(opcode - MV_OP_ADD), b, base[insn >> 48], augmented, mode);
    else if (MV_UNLIKELY(value == MV_NOTIMPLEMENTED) && opcode == MV_OP_ADD_INT) {
        MvValue right;
        int op = mv_add_int_operator(pc, &right);
        value = declined(vm, op, b, right, augmented, mode);
    }
    if (value == MV_EXC)
        return 0;
    *a = value;
    return 1;
}
