/* What native code calls: one helper for each instruction, or family of them, whose whole work or slow path is in C.
 *
 * Convention: helper(vm, base, next), next being the index of the word behind the instruction. The helper saves it in the frame, reads the operands
 * from the instruction, writes the registers itself and returns a word of MvStep; helpers that return a value say so. The handlers of interp*.c
 * are the other side of the same semantics: tests run both in lockstep. */
#include "native_ops.h"
#include "api.h"
#include "containers.h"
#include "ic.h"
#include "interp_ops.h"
#include "native_leave.h"

#define A ((uint16_t)(insn >> 16))
#define B ((uint16_t)(insn >> 32))
#define C ((uint16_t)(insn >> 48))
#define BC ((uint32_t)(insn >> 32))
#define IMM_B ((int16_t)(insn >> 32))
#define IMM_C ((int16_t)(insn >> 48))
#define RA base[A]
#define RB base[B]
#define RC base[C]
#define SITE ((uint32_t)ext)
#define FLAG_D ((uint16_t)(ext >> 32))
#define FLAG_E ((uint16_t)(ext >> 48))
#define OPCODE ((uint16_t)insn)
#define CONSTANTS code->constants
#define RECORD (&code->records[SITE])
#define SITE_NAME code->constants[code->sites[SITE].name]

#define HELPER(name, ...)                                                                                                     \
    uint64_t mv_native_##name(MvVM *vm, MvValue *base, uint64_t next)                                                         \
    {                                                                                                                         \
        MvCode *code = (MvCode *)base[MV_FRAME_CODE];                                                                         \
        const MvInstruction *pc = code->words + next;                                                                         \
        base[MV_FRAME_PC] = (MvValue)pc;                                                                                      \
        __VA_ARGS__                                                                                                           \
    }
#define OP(name, ...)                                                                                                         \
    HELPER(name, {                                                                                                            \
        const uint64_t insn = pc[-1];                                                                                         \
        (void)insn;                                                                                                           \
        __VA_ARGS__                                                                                                           \
    })
#define OP2(name, ...)                                                                                                        \
    HELPER(name, {                                                                                                            \
        const uint64_t insn = pc[-2], ext = pc[-1];                                                                           \
        (void)insn, (void)ext;                                                                                                \
        __VA_ARGS__                                                                                                           \
    })
#define SET_A(expression)                                                                                                     \
    do {                                                                                                                      \
        MvValue set_a = (expression);                                                                                         \
        if (MV_UNLIKELY(set_a == MV_EXC))                                                                                     \
            return MV_STEP_RAISED;                                                                                            \
        RA = set_a;                                                                                                           \
        return MV_STEP_DONE;                                                                                                  \
    } while (0)
/* Before what may run Mini code by recursion in C: where the native stack is used up, the interpreter does the instruction, which needs none. */
#define NEEDS_ROOM(words)                                                                                                     \
    if (MV_UNLIKELY(!mv_native_has_room(vm)))                                                                                 \
        return mv_native_leave(vm, base, pc - (words));
#define CHECKED(condition) return (condition) ? MV_STEP_DONE : MV_STEP_RAISED

/* ---- constants, cells ---- */

OP(CHECK_LOCAL, {
    mv_raise_unbound(vm, CONSTANTS[BC], mv_in_comprehension(code, pc - 1 - code->words));
    return MV_STEP_RAISED;
})
OP(MAKE_CELL, {
    MvCell *cell = mv_new(vm, sizeof(MvCell), MV_CLASS_CELL, MV_KIND_CELL);
    if (!cell)
        return MV_STEP_RAISED;
    cell->value = RA;
    RA = mv_value(cell);
    return MV_STEP_DONE;
})
OP(LOAD_CELL, {
    mv_raise_unbound(vm, CONSTANTS[C], mv_in_comprehension(code, pc - 1 - code->words));
    return MV_STEP_RAISED;
})
OP(STORE_CELL, {
    mv_store(vm, mv_object(RA), &MV_CAST(MvCell, RA)->value, RB);
    return MV_STEP_DONE;
})
OP(DELETE_CELL, {
    if (MV_CAST(MvCell, RA)->value == MV_UNASSIGNED) {
        mv_raise_unbound(vm, CONSTANTS[BC], false);
        return MV_STEP_RAISED;
    }
    MV_CAST(MvCell, RA)->value = MV_UNASSIGNED;
    return MV_STEP_DONE;
})
OP(LOAD_FREE, {
    MvValue value = MV_CAST(MvCell, mv_frame_closure(base)[B])->value;
    if (MV_UNLIKELY(value == MV_UNASSIGNED)) {
        mv_raise_unbound(vm, CONSTANTS[C], true);
        return MV_STEP_RAISED;
    }
    RA = value;
    return MV_STEP_DONE;
})
OP(STORE_FREE, {
    MvCell *cell = MV_CAST(MvCell, mv_frame_closure(base)[A]);
    mv_store(vm, cell, &cell->value, RB);
    return MV_STEP_DONE;
})
OP(DELETE_FREE, {
    MvCell *cell = MV_CAST(MvCell, mv_frame_closure(base)[A]);
    if (cell->value == MV_UNASSIGNED) {
        mv_raise_unbound(vm, CONSTANTS[BC], true);
        return MV_STEP_RAISED;
    }
    cell->value = MV_UNASSIGNED;
    return MV_STEP_DONE;
})

/* ---- names ---- */

OP2(LOAD_GLOBAL, { SET_A(mv_ic_load_global(vm, RECORD, mv_frame_function(base)->module, SITE_NAME)); })
OP2(STORE_GLOBAL, {
    MvIcRecord *record = RECORD;
    if (MV_LIKELY(record->kind == MV_IC_GLOBAL)) {
        MvNameCell *cell = MV_CAST(MvNameCell, record->w1);
        if (MV_LIKELY(cell->value != MV_UNASSIGNED && (cell->h.aux & MV_CELL_MUTABLE))) {
            mv_store(vm, cell, &cell->value, RA);
            return MV_STEP_DONE;
        }
    }
    CHECKED(mv_ic_store_global(vm, record, mv_frame_function(base)->module, SITE_NAME, RA));
})
OP(DELETE_GLOBAL, { CHECKED(mv_op_delete_global(vm, base, CONSTANTS[BC])); })
OP2(LOAD_NAME, { SET_A(mv_op_load_name(vm, base, RB, SITE_NAME, RECORD, MV_UNASSIGNED)); })
OP2(LOAD_NAME_FREE, { SET_A(mv_op_load_name(vm, base, RB, SITE_NAME, RECORD, mv_frame_closure(base)[C])); })
OP2(STORE_NAME, { CHECKED(mv_op_store_name(vm, RB, SITE_NAME, RA)); })
OP(DELETE_NAME, { CHECKED(mv_op_delete_name(vm, RA, CONSTANTS[BC])); })

/* ---- attributes and items ---- */

OP2(LOAD_ATTR, {
    MvValue value = RB;
    const MvIcRecord *record = mv_ic_settle(vm, RECORD, value, MV_USE_LOAD);
    if (MV_LIKELY(mv_is_pointer(value) && mv_object(value)->shape == record->shape)) {
        switch (record->kind) {
        case MV_IC_FIELD:
            RA = *(MvValue *)((char *)mv_object(value) + record->offset);
            return MV_STEP_DONE;
        case MV_IC_OVERFLOW:
            RA = MV_CAST(MvStore, *(MvValue *)((char *)mv_object(value) + record->offset))->items[record->w1 >> 2];
            return MV_STEP_DONE;
        case MV_IC_VALUE:
            RA = MV_CAST(MvNameCell, record->w1)->value;
            return MV_STEP_DONE;
        case MV_IC_OWNER:
            if (value == record->w2 && MV_CAST(MvNameCell, record->w1)->value != MV_UNASSIGNED) {
                RA = MV_CAST(MvNameCell, record->w1)->value;
                return MV_STEP_DONE;
            }
            break;
        case MV_IC_PROPERTY:
            NEEDS_ROOM(2)
            SET_A(mv_call1(vm, record->w2, value));
        }
    }
    SET_A(mv_ic_load_attr(vm, RECORD, value, SITE_NAME));
})
OP2(STORE_ATTR, {
    MvValue value = RA;
    const MvIcRecord *record = mv_ic_settle(vm, RECORD, value, MV_USE_STORE);
    if (MV_LIKELY(mv_is_pointer(value) && mv_object(value)->shape == record->shape)) {
        MvObject *object = mv_object(value);
        switch (record->kind) {
        case MV_IC_ADD:
            mv_store(vm, object, (MvValue *)((char *)object + record->offset), RB);
            object->shape = (uint32_t)(record->w1 >> 2);
            return MV_STEP_DONE;
        case MV_IC_FIELD:
            mv_store(vm, object, (MvValue *)((char *)object + record->offset), RB);
            return MV_STEP_DONE;
        case MV_IC_OVERFLOW: {
            MvStore *store = MV_CAST(MvStore, *(MvValue *)((char *)object + record->offset));
            mv_store(vm, store, &store->items[record->w1 >> 2], RB);
            return MV_STEP_DONE;
        }
        case MV_IC_OWNER:
            if (value == record->w2 && mv_ic_store_owner(vm, record, RB))
                return MV_STEP_DONE;
        }
    }
    CHECKED(mv_ic_store_attr(vm, RECORD, value, SITE_NAME, RB));
})
OP(DELETE_ATTR, { CHECKED(mv_set_attr(vm, RA, CONSTANTS[BC], MV_UNASSIGNED)); })
OP2(GET_ITEM, {
    MvValue container = RB, key = RC;
    if (mv_is_pointer(container)) {
        uint32_t shape = mv_object(container)->shape;
        if (shape == MV_CLASS_LIST && mv_is_int(key)) { /* from the end: native code does the others */
            MvList *list = MV_CAST(MvList, container);
            int64_t i = mv_to_fixnum(key) + list->length;
            if ((uint64_t)i < (uint64_t)list->length && (int64_t)key < 0) {
                RA = list->items[i];
                return MV_STEP_DONE;
            }
        } else if (shape == MV_CLASS_STR && mv_is_int(key)) {
            MvStr *s = MV_CAST(MvStr, container);
            int64_t i = mv_to_fixnum(key);
            i += i < 0 ? s->length : 0;
            if (MV_LIKELY((uint64_t)i < (uint64_t)s->length && !mv_str_shift(s))) {
                RA = vm->ascii_chars[((const uint8_t *)s->data)[i]];
                return MV_STEP_DONE;
            }
        } else if (shape == MV_CLASS_DICT) {
            MvValue value = mv_dict_get(vm, MV_CAST(MvDict, container), key);
            if (MV_UNLIKELY(value == MV_UNASSIGNED)) {
                mv_raise_key_error(vm, key);
                return MV_STEP_RAISED;
            }
            SET_A(value);
        }
    }
    SET_A(mv_get_item(vm, container, key));
})
OP2(SET_ITEM, {
    MvValue container = RA;
    if (mv_is_pointer(container) && mv_object(container)->shape == MV_CLASS_DICT)
        CHECKED(mv_dict_set(vm, MV_CAST(MvDict, container), RB, RC));
    CHECKED(mv_set_item(vm, container, RB, RC));
})
OP(DELETE_ITEM, { CHECKED(mv_delete_item(vm, RA, RB)); })
OP(BUILD_SLICE, { SET_A(mv_op_slice(vm, &RB)); })

/* ---- operators ---- */

OP2(BINARY, {
    int operator = OPCODE - MV_OP_ADD;
    MvValue left = RB, right = RC;
    if (operator == MV_BINARY_ADD && mv_is_pointer(left) && mv_is_pointer(right) && mv_object(left)->shape == MV_CLASS_STR &&
        mv_object(right)->shape == MV_CLASS_STR)
        SET_A(mv_str_concat(vm, left, right));
    NEEDS_ROOM(2)
    SET_A((FLAG_D ? mv_inplace : mv_binary)(vm, operator, left, right));
})
OP2(ADD_INT, { SET_A(mv_op_add_int(vm, RB, IMM_C, FLAG_D, FLAG_E)); })
OP(UNARY, { SET_A(mv_unary(vm, OPCODE == MV_OP_NEG ? MV_SP_NEG : OPCODE == MV_OP_POS ? MV_SP_POS : MV_SP_INVERT, RB)); })
OP(NOT, {
    int truth = mv_truth(vm, RB);
    if (truth < 0)
        return MV_STEP_RAISED;
    RA = mv_bool(!truth);
    return MV_STEP_DONE;
})
/* 1, 0, or -1: not two exact strings. */
static int equal_strings(MvValue a, MvValue b)
{
    if (!mv_is_pointer(a) || !mv_is_pointer(b) || mv_object(a)->shape != MV_CLASS_STR || mv_object(b)->shape != MV_CLASS_STR)
        return -1;
    if (a == b)
        return 1;
    const MvStr *s = MV_CAST(MvStr, a), *t = MV_CAST(MvStr, b);
    if (s->length != t->length || s->h.aux & t->h.aux & MV_STR_INTERNED)
        return 0;
    return s->length < 64 ? mv_str_equal(s, t) : -1; /* long ones poll */
}

OP2(COMPARE, {
    if (OPCODE == MV_OP_EQ || OPCODE == MV_OP_NE) {
        int equal = equal_strings(RB, RC);
        if (equal >= 0) {
            RA = mv_bool(equal == (OPCODE == MV_OP_EQ));
            return MV_STEP_DONE;
        }
    }
    NEEDS_ROOM(2)
    SET_A(mv_compare(vm, OPCODE - MV_OP_LT, RB, RC));
})
OP(IS, {
    RA = mv_bool(mv_is(RB, RC) == (OPCODE == MV_OP_IS));
    return MV_STEP_DONE;
})
OP(CONTAINS, {
    int found = mv_contains(vm, RC, RB);
    if (found < 0)
        return MV_STEP_RAISED;
    RA = mv_bool(found == (OPCODE == MV_OP_CONTAINS));
    return MV_STEP_DONE;
})

/* ---- jumps: MV_STEP_JUMP if the instruction jumps ---- */

OP(JUMP_TRUTH, {
    int truth = mv_truth(vm, RA);
    if (truth < 0)
        return MV_STEP_RAISED;
    return truth == (OPCODE == MV_OP_JUMP_IF_TRUE) ? MV_STEP_JUMP : MV_STEP_DONE;
})
OP2(JUMP_IS, { return mv_is(RA, RB) == (OPCODE == MV_OP_JUMP_IF_IS) ? MV_STEP_JUMP : MV_STEP_DONE; })
OP2(JUMP_COMPARE, {
    /* Rows of four for each comparison: IF, IF_INT, IF_NOT, IF_NOT_INT (spec/opcodes.py). */
    uint32_t row = OPCODE - MV_OP_JUMP_IF_LT;
    int test = (int)(row / 4), truth = -1;
    if (!(row & 1) && (test == MV_COMPARE_EQ || test == MV_COMPARE_NE)) {
        truth = equal_strings(RA, RB);
        if (truth >= 0)
            truth = truth == (test == MV_COMPARE_EQ);
    }
    if (truth < 0)
        truth = mv_compare_truth(vm, test, RA, row & 1 ? mv_from_fixnum(IMM_B) : RB);
    if (truth < 0)
        return MV_STEP_RAISED;
    return truth != !!(row & 2) ? MV_STEP_JUMP : MV_STEP_DONE;
})

/* ---- loops: MV_STEP_JUMP if there is an item ---- */

OP(GET_ITER, { SET_A(mv_iter(vm, RB)); })
OP(FOR_PREP, { CHECKED(mv_loop_prepare(vm, &RA, RB, C)); })
OP2(FOR_NEXT, {
    NEEDS_ROOM(2)
    MvValue value = mv_loop_next(vm, &RB);
    if (value == MV_EXC)
        return MV_STEP_RAISED;
    if (value == MV_UNASSIGNED)
        return MV_STEP_DONE;
    RA = value;
    return MV_STEP_JUMP;
})
OP2(FOR_NEXT_PAIR, {
    MvValue pair[2];
    int more = mv_loop_next_pair(vm, &RB, pair);
    if (more < 0)
        return MV_STEP_RAISED;
    if (!more)
        return MV_STEP_DONE;
    RA = pair[0];
    RC = pair[1];
    return MV_STEP_JUMP;
})
HELPER(POLL, { /* `next` is behind the first word of the jump's target */
    if (mv_poll_slow(vm))
        return MV_STEP_RAISED;
    if (MV_UNLIKELY(mv_native_is_stressed(vm)) && mv_native_stress_due(vm)) {
        mv_native_stress_poll(vm, code);
        return mv_native_leave(vm, base, pc - 1);
    }
    if (MV_UNLIKELY(!code->unit))
        return mv_native_leave(vm, base, pc - 1);
    return MV_STEP_DONE;
})

/* ---- building ---- */

OP(BUILD_TUPLE, { SET_A(C ? mv_tuple_from(vm, &RB, C) : vm->empty_tuple); })
OP(BUILD_LIST, { SET_A(mv_list_from(vm, &RB, C)); })
OP(BUILD_SET, { SET_A(mv_op_build_set(vm, &RB, C)); })
OP(BUILD_DICT, { SET_A(mv_op_build_dict(vm, &RB, C)); })
OP(BUILD_STRING, { SET_A(mv_op_build_string(vm, &RB, C)); })
OP(LIST_APPEND, {
    for (int64_t i = 0; i < C; i++)
        if (!mv_list_append(vm, MV_CAST(MvList, RA), (&RB)[i]))
            return MV_STEP_RAISED;
    return MV_STEP_DONE;
})
OP(LIST_EXTEND, { CHECKED(mv_op_list_extend(vm, RA, RB)); })
OP(LIST_TO_TUPLE, { SET_A(mv_tuple_from(vm, MV_CAST(MvList, RB)->items, MV_CAST(MvList, RB)->length)); })
OP(SET_ADD, {
    for (int64_t i = 0; i < C; i++)
        if (!mv_set_add(vm, MV_CAST(MvSet, RA), (&RB)[i]))
            return MV_STEP_RAISED;
    return MV_STEP_DONE;
})
OP(SET_UPDATE, { CHECKED(mv_set_update(vm, MV_CAST(MvSet, RA), RB)); })
OP(DICT_SET, { CHECKED(mv_dict_set(vm, MV_CAST(MvDict, RA), RB, RC)); })
OP(DICT_UPDATE, { CHECKED(mv_op_dict_update(vm, RA, RB)); })
OP(DICT_MERGE, { CHECKED(mv_op_dict_merge(vm, RA, RB, RC)); })
OP(UNPACK, {
    MvValue value = RB;
    if (mv_is_pointer(value)) {
        const MvObject *object = mv_object(value);
        const MvValue *items = NULL;
        if (object->shape == MV_CLASS_TUPLE && ((MvTuple *)object)->length == C)
            items = ((MvTuple *)object)->items;
        else if (object->shape == MV_CLASS_LIST && ((MvList *)object)->length == C)
            items = ((MvList *)object)->items;
        if (MV_LIKELY(items != NULL)) {
            MvValue *to = &RA;
            for (int i = 0, n = C; i < n; i++)
                to[i] = items[i];
            return MV_STEP_DONE;
        }
    }
    CHECKED(mv_op_unpack(vm, &RA, value, C));
})
OP(UNPACK_STAR, { CHECKED(mv_op_unpack_star(vm, &RA, RB, C & 255, C >> 8)); })
OP(CONVERT, { SET_A(C == 0 ? mv_str(vm, RB) : C == 1 ? mv_repr(vm, RB) : mv_ascii(vm, RB)); })
OP(FORMAT, { SET_A(mv_format(vm, RB, C == MV_NO_REGISTER ? vm->empty_str : RC)); })

/* ---- functions, classes, imports ---- */

OP2(MAKE_FUNCTION, { SET_A(mv_op_make_function(vm, base, CONSTANTS[(uint32_t)(ext >> 32)], &RB, C)); })
OP(BUILD_CLASS, { SET_A(mv_build_class(vm, (&RB)[0], (&RB)[1], (&RB)[2], (&RB)[3])); })
OP(LOAD_BUILD_ERROR, {
    RA = mv_value(vm->classes[MV_EXC_AssertionError]);
    return MV_STEP_DONE;
})
OP(IMPORT, { SET_A(mv_import(vm, CONSTANTS[BC])); })
OP(IMPORT_TOP, { SET_A(mv_op_import_top(vm, CONSTANTS[BC])); })
OP2(IMPORT_FROM, { SET_A(mv_op_import_from(vm, RB, SITE_NAME)); })
OP(IMPORT_STAR, { CHECKED(mv_op_import_star(vm, base, RA)); })

/* ---- calls ---- */

OP2(LOAD_METHOD, {
    MvValue value = RB;
    const MvIcRecord *record = mv_ic_settle(vm, RECORD, value, MV_USE_LOAD);
    if (MV_LIKELY(mv_shape_of(value) == record->shape)) {
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

/* Calls a Mini function in place: its frame begins at newbase, where the positional arguments are, and behind them the values of keywords. */
static MvValue call_function(MvVM *vm, MvValue callee, MvValue *caller, MvValue *newbase, int64_t nargs, MvValue kwnames)
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
    MvValue result = start(vm, newbase, code);
    vm->base = caller;
    return result;
}

OP2(CALL, {
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
        value = call_function(vm, callee, base, newbase, nargs, 0);
    } else if (mv_is_kind(callee, MV_KIND_BUILTIN)) {
        newbase[-1] = MV_UNASSIGNED; /* the self slot, or the frame header below it: free for a bound self */
        value = mv_builtin_call(vm, callee, newbase, nargs, 0);
    } else if (mv_is_kind(callee, MV_KIND_CLASS)) {
        const MvIcRecord *record = mv_ic_construct_record(RECORD, callee);
        if (MV_LIKELY(record && newbase == window + MV_WINDOW_ARGS && (record->w1 != MV_NONE || nargs == 0))) {
            MvValue init = record->w1; /* the record may be gone after the allocation */
            MvObject *object = mv_allocate(vm, record->offset, record->shape, MV_KIND_INSTANCE, MV_GC_HAS_POINTERS, 0);
            if (!object)
                return MV_STEP_RAISED;
            value = mv_value(object);
            if (init != MV_NONE) {
                newbase[-1] = value;
                MvValue result = call_function(vm, init, base, newbase - 1, nargs + 1, 0);
                if (result == MV_EXC)
                    return MV_STEP_RAISED;
                if (result != MV_NONE) {
                    mv_type_error(vm, "__init__() should return None, not '%T'", result);
                    return MV_STEP_RAISED;
                }
            }
        } else {
            mv_ic_construct(vm, RECORD, MV_CAST(MvClass, callee));
            value = mv_class_call(vm, MV_CAST(MvClass, callee), newbase, nargs, 0);
        }
    } else
        value = mv_call(vm, callee, newbase, nargs, 0);
    if (MV_UNLIKELY(value == MV_EXC))
        return MV_STEP_RAISED;
    RC = value;
    return MV_STEP_DONE;
})
OP2(RAISE_INIT_RESULT, {
    mv_type_error(vm, "__init__() should return None, not '%T'", (&RA)[MV_WINDOW_SELF]);
    return MV_STEP_RAISED;
})
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
    MvValue value = mv_is_kind(window[0], MV_KIND_FUNCTION) ? call_function(vm, window[0], base, newbase, nargs, kwnames)
                                                            : mv_call(vm, window[0], newbase, nargs, kwnames);
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

/* The callee's frame header is written by a native caller; returns the value. */
MvValue mv_native_INTERPRET(MvVM *vm, MvValue *base)
{
    MvCode *code = (MvCode *)base[MV_FRAME_CODE];
    vm->base = (MvValue *)base[MV_FRAME_CALLER];
    if (MV_UNLIKELY(base + code->register_count >= vm->stack_limit) && !mv_check_stack(vm, base + code->register_count, base[MV_FRAME_FUNCTION]))
        return MV_EXC;
    if (MV_UNLIKELY(vm->depth >= vm->depth_limit)) {
        mv_raise_recursion(vm, "");
        return MV_EXC;
    }
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
    if (vm->depth >= vm->depth_limit) {
        mv_raise_recursion(vm, "");
        return MV_EXC;
    }
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
    return value;
})
HELPER(YIELD, { /* returns the value */
    const uint64_t insn = pc[-1];
    MvValue value = RB;
    mv_generator_suspend(vm, MV_CAST(MvGenerator, base[MV_FRAME_FUNCTION]), base, pc);
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
        mv_generator_suspend(vm, generator, base, pc - 1);
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
OP(RAISE_REFUSAL, {
    mv_raise(vm, MV_EXC_NotImplementedError, "%S", CONSTANTS[BC]);
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
    if (mode == MV_MODE_GENERATOR_ENTRY) {
        mv_generator_finish(vm, MV_CAST(MvGenerator, base[MV_FRAME_FUNCTION]));
        mv_generator_stop_to_runtime_error(vm);
    }
    vm->base = (MvValue *)base[MV_FRAME_CALLER];
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
