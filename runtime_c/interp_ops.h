/* The slow and rare operations of the interpreter loop. Conventions as in protocol.h: MV_EXC, false or -1 after raising. */
#pragma once
#include "ic.h"
#include "interp.h"

/* FRAME_FUNCTION holds the function, or the generator of a generator's frame. */
MV_INLINE MvFunction *mv_frame_function(const MvValue *base)
{
    MvObject *object = mv_object(base[MV_FRAME_FUNCTION]);
    return MV_LIKELY(object->kind == MV_KIND_FUNCTION) ? (MvFunction *)object : ((MvGenerator *)object)->function;
}
MV_INLINE const MvValue *mv_frame_closure(const MvValue *base) { return mv_frame_function(base)->closure->items; }

/* Is the instruction part of an inlined comprehension, to which the function's variables are free ones? */
MV_COLD bool mv_in_comprehension(const MvCode *code, int64_t word);
MV_COLD void mv_raise_unbound(MvVM *vm, MvValue name, bool is_free);
MvValue mv_op_load_name(MvVM *vm, MvValue *base, MvValue names, MvValue name, MvIcRecord *record, MvValue cell);
bool mv_op_store_name(MvVM *vm, MvValue names, MvValue name, MvValue value);
bool mv_op_delete_name(MvVM *vm, MvValue names, MvValue name);
bool mv_op_delete_global(MvVM *vm, MvValue *base, MvValue name);
MvValue mv_op_slice(MvVM *vm, const MvValue *members);
MvValue mv_op_add_int(MvVM *vm, MvValue a, int immediate, bool augmented, bool subtraction);
/* operate.c: the record that says what does the operator `special` (MV_SP_ADD.., MV_SP_IADD.., MV_SP_LT..) on these operands: the Mini function that Python calls
 * first that may do it, or a handler. The site's record fits, or learns; a record that is not the site's is in *found.
 * Valid until something is called. Both tiers call the function in a frame of the record's mode, which starts
 * MV_FRAME_HEADER_WORDS above the registers and has the operands as the mode tells. */
const MvIcRecord *mv_operate_learn(MvVM *vm, MvIcRecord *record, int special, MvValue a, MvValue b, MvIcRecord *found);
MV_INLINE const MvIcRecord *mv_operate_find(MvVM *vm, MvIcRecord *record, int special, MvValue a, MvValue b, MvIcRecord *found)
{
    const MvIcRecord *known = mv_ic_fitting(record, mv_shape_of(a), mv_from_fixnum(mv_shape_of(b)));
    return MV_LIKELY(known != NULL) ? known : mv_operate_learn(vm, record, special, a, b, found);
}
/* The same without learning, of a MEGA record: NULL if the megamorphic cache does not know these operands (`right`: the shape as a fixnum). */
const MvIcRecord *mv_operate_probe(MvVM *vm, int special, uint32_t left, uint64_t right);
/* Strs come before any look at records: are both operands exact ones at a site that knows it, of CONCATENATE or STRINGS? */
MV_INLINE bool mv_operate_on_strs(const MvIcRecord *record, MvIcHandlerNumber handler, MvValue a, MvValue b)
{
    return (record->w2 == mv_from_fixnum(handler) || record->kind == MV_IC_MEGA) && mv_is_pointer(a) && mv_is_pointer(b) &&
           mv_object(a)->shape == MV_CLASS_STR && mv_object(b)->shape == MV_CLASS_STR;
}
/* 1, 0, or -1: raised. */
MV_INLINE int mv_operate_compare_strs(MvVM *vm, int op, MvValue a, MvValue b)
{
    if ((op == MV_COMPARE_EQ || op == MV_COMPARE_NE) && MV_LIKELY(vm->depth < vm->depth_limit)) {
        const MvStr *s = MV_CAST(MvStr, a), *t = MV_CAST(MvStr, b);
        if (s == t)
            return op == MV_COMPARE_EQ;
        if (s->length != t->length || s->h.aux & t->h.aux & MV_STR_INTERNED)
            return op == MV_COMPARE_NE;
        return mv_str_equal(s, t) == (op == MV_COMPARE_EQ);
    }
    return mv_compare_truth(vm, op, a, b);
}
MvValue mv_operator_function(MvVM *vm, MvValue object, int special);
/* For the interpreter: where such a function takes both operands as they are, and its frame and two levels have room, the frame's base with the
 * function and the operands in it; else NULL. */
MvValue *mv_compare_frame(const MvVM *vm, MvValue *base, MvValue function, MvValue a, MvValue b);
/* A frame of this mode is gone and left `value`, vm->base is the caller's: does the rest of the instruction of two words in front of pc. 0: raised; 1: done;
 * 2: the instruction jumps. Of a comparison the level in vm->depth is over in any case. */
int mv_operator_result(MvVM *vm, MvValue *base, const MvInstruction *pc, MvValue value, MvValue mode);
/* The same for an exception that left such a frame, before it goes on in the frame at base, whose pc is saved: what the instruction adds to it. */
MV_COLD void mv_operator_raised(MvVM *vm, MvValue *base);
/* Of the ADD_INT in front of pc: its operator (MV_BINARY_*) and right operand, as the program has them. */
MV_INLINE int mv_add_int_operator(const MvInstruction *pc, MvValue *right)
{
    int64_t immediate = (int16_t)(pc[-2] >> 48);
    bool subtraction = (uint16_t)(pc[-1] >> 48);
    *right = mv_from_fixnum(subtraction ? -immediate : immediate);
    return subtraction ? MV_BINARY_SUB : MV_BINARY_ADD;
}
/* Does all of that come to register a = value? */
MV_INLINE bool mv_operator_is_plain(uint64_t insn, MvValue value)
{
    return MV_LIKELY((uint16_t)insn < MV_OP_LT && (uint16_t)insn != MV_OP_SET_ITEM && value != MV_NOTIMPLEMENTED);
}

/* Loop state: source, position, mode. source an int: a range {step, next, count left}. */
enum { MV_LOOPS_LIST = 1, MV_LOOPS_TUPLE, MV_LOOPS_STR, MV_LOOPS_GENERATOR, MV_LOOPS_ITERATOR, MV_LOOPS_DONE };
#define MV_LOOP_LIST mv_from_fixnum(MV_LOOPS_LIST) /* the words of the modes */
#define MV_LOOP_TUPLE mv_from_fixnum(MV_LOOPS_TUPLE)
#define MV_LOOP_STR mv_from_fixnum(MV_LOOPS_STR)
#define MV_LOOP_GENERATOR mv_from_fixnum(MV_LOOPS_GENERATOR)
#define MV_LOOP_ITERATOR mv_from_fixnum(MV_LOOPS_ITERATOR)
#define MV_LOOP_DONE mv_from_fixnum(MV_LOOPS_DONE)
bool mv_loop_prepare(MvVM *vm, MvValue *loop, MvValue iterable, bool is_iterator); /* is_iterator: iter() was called on it already */
MvValue mv_loop_source(MvVM *vm, MvValue iterable); /* what GET_ITER gives mv_loop_prepare: an iterator, or an iterable that needs none */
MvValue mv_loop_next(MvVM *vm, MvValue *loop);                          /* UNASSIGNED at the end */
/* 1; 0 at the end; -1 raised by unpacking, whose position is that of the instruction's second word; -2 by the iterator: the first word's. */
int mv_loop_next_pair(MvVM *vm, MvValue *loop, MvValue *pair);
void mv_generator_receive(MvValue *base, const MvInstruction *pc, MvValue value);

MvValue mv_op_build_set(MvVM *vm, const MvValue *items, int count);
MvValue mv_op_build_dict(MvVM *vm, const MvValue *items, int count);
MvValue mv_op_build_string(MvVM *vm, const MvValue *items, int count);
bool mv_op_list_extend(MvVM *vm, MvValue list, MvValue iterable);
bool mv_op_dict_update(MvVM *vm, MvValue dict, MvValue mapping);
bool mv_op_dict_merge(MvVM *vm, MvValue dict, MvValue mapping, MvValue callee);
bool mv_op_unpack(MvVM *vm, MvValue *to, MvValue value, int count);
bool mv_op_unpack_star(MvVM *vm, MvValue *to, MvValue value, int before, int after);
MvValue mv_op_make_function(MvVM *vm, MvValue *base, MvValue code, const MvValue *from, int flags);
MvValue mv_op_import_top(MvVM *vm, MvValue name);
MvValue mv_op_import_from(MvVM *vm, MvValue module, MvValue name);
bool mv_op_import_star(MvVM *vm, MvValue *base, MvValue module);
bool mv_op_super_method(MvVM *vm, MvIcRecord *record, MvValue cls, MvValue self, MvValue name, MvValue *window);
MvValue mv_op_super_attr(MvVM *vm, MvValue cls, MvValue self, MvValue name);
MvValue mv_op_call_ex(MvVM *vm, MvValue callee, MvValue args, MvValue kwargs);
void mv_op_raise_from(MvVM *vm, MvValue exception, MvValue cause);
bool mv_op_with_setup(MvVM *vm, MvValue *window, MvValue manager, MvValue *exit_pair);
const MvExceptionRange *mv_find_handler(const MvCode *code, uint32_t word);
