/* What native code calls for instructions that neither call nor leave: one helper for each, or for a family of them, whose whole work or slow path
 * is in C. native_step.h has the convention, native_calls.c the others. */
#include "native_ops.h"
#include "api.h"
#include "containers.h"
#include "ic.h"
#include "interp_ops.h"
#include "native_step.h"

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
    if (MV_LIKELY(mv_is_pointer(value) && mv_object(value)->shape == mv_ic_guard(record))) {
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
            OPERATE(MV_MODE_OPERATOR, record->w2, 1, value, 0, 0);
            MvValue got = mv_call1(vm, record->w2, value);
            if (got == MV_EXC)
                mv_operator_raised(vm, base);
            SET_A(got);
        }
    }
    SET_A(mv_ic_load_attr(vm, RECORD, value, SITE_NAME));
})
OP2(STORE_ATTR, {
    MvValue value = RA;
    const MvIcRecord *record = mv_ic_settle(vm, RECORD, value, MV_USE_STORE);
    if (MV_LIKELY(mv_is_pointer(value) && mv_object(value)->shape == mv_ic_guard(record))) {
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
OP2(GET_ITEM_OTHER, {
    MvValue container = RB, key = RC;
    if (mv_is_pointer(container)) {
        uint32_t shape = mv_object(container)->shape;
        if (shape == MV_CLASS_DICT) {
            MvDict *dict = MV_CAST(MvDict, container);
            const MvValue *entry = mv_item_entry(RECORD, dict, key);
            if (entry) {
                RA = *entry;
                return MV_STEP_DONE;
            }
            MvValue value = mv_dict_get(vm, dict, key);
            if (MV_UNLIKELY(value == MV_UNASSIGNED)) {
                mv_raise_key_error(vm, key);
                return MV_STEP_RAISED;
            }
            if (value != MV_EXC)
                mv_item_learn_key(vm, RECORD, MV_SP_GETITEM, dict, key);
            SET_A(value);
        } else if (shape == MV_CLASS_LIST && mv_is_int(key)) { /* from the end: native code does the others */
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
        } else if (shape == MV_CLASS_TUPLE && mv_is_int(key)) {
            const MvTuple *tuple = MV_CAST(MvTuple, container);
            int64_t i = mv_to_fixnum(key) + tuple->length;
            if ((uint64_t)i < (uint64_t)tuple->length && (int64_t)key < 0) {
                RA = tuple->items[i];
                return MV_STEP_DONE;
            }
        }
        NEEDS_ROOM(2)
        MvIcRecord fresh;
        const MvIcRecord *known = mv_item_find(vm, RECORD, MV_SP_GETITEM, container, &fresh);
        if (known && known->kind == MV_IC_OPERATE)
            OPERATE(MV_MODE_OPERATOR, known->w2, 2, container, key, 0);
        else if (known)
            SET_A(mv_ic_handle(vm, known, known->offset, container, key));
    }
    SET_A(mv_get_item(vm, container, key));
})
OP2(SET_ITEM_OTHER, {
    MvValue container = RA;
    if (mv_is_pointer(container) && mv_object(container)->shape == MV_CLASS_DICT) {
        MvDict *dict = MV_CAST(MvDict, container);
        MvValue key = RB, *entry = mv_item_entry(RECORD, dict, key);
        if (entry) {
            mv_store(vm, dict->table, entry, RC);
            return MV_STEP_DONE;
        }
        if (!mv_dict_set(vm, dict, key, RC))
            return MV_STEP_RAISED;
        mv_item_learn_key(vm, RECORD, MV_SP_SETITEM, dict, key);
        return MV_STEP_DONE;
    }
    if (OF_PROGRAM(container)) {
        NEEDS_ROOM(2)
        MvIcRecord fresh;
        const MvIcRecord *known = mv_item_find(vm, RECORD, MV_SP_SETITEM, container, &fresh);
        if (known)
            OPERATE(MV_MODE_OPERATOR, known->w2, 3, container, RB, RC);
    }
    CHECKED(mv_set_item(vm, container, RB, RC));
})
OP(DELETE_ITEM, { CHECKED(mv_delete_item(vm, RA, RB)); })
OP(BUILD_SLICE, { SET_A(mv_op_slice(vm, &RB)); })

/* ---- operators ---- */

/* By the record, or what it learns. */
#define OPERATOR(special, left, right)                                                                                        \
    NEEDS_ROOM(2)                                                                                                             \
    MvIcRecord fresh;                                                                                                         \
    const MvIcRecord *known = mv_operate_find(vm, RECORD, special, left, right, &fresh);                                      \
    if (known->kind == MV_IC_OPERATE) {                                                                                       \
        bool swapped = known->offset == MV_MODE_REFLECTED;                                                                    \
        OPERATE(known->offset, known->w2, 2, swapped ? right : left, swapped ? left : right, 0);                              \
        return mv_native_ask_operands(vm, base); /* its method does not take the operands as they are */                      \
    }                                                                                                                         \
    return (OPCODE >= MV_OP_JUMP_IF_LT ? mv_native_handle_jump : mv_native_handle_value)(vm, base, pc, known, left, right);
OP2(BINARY_OTHER, {
    MvValue left = RB, right = RC;
    if (OPCODE == MV_OP_POW && mv_is_float(left) && mv_is_float(right))
        SET_A(mv_float_power(vm, mv_word_double(left), mv_word_double(right)));
    OPERATOR((FLAG_D ? MV_SP_IADD : MV_SP_ADD) + (OPCODE - MV_OP_ADD), left, right)
})
OP2(ADD_INT_OTHER, {
    MvValue left = RB, right;
    int operator = mv_add_int_operator(pc, &right);
    OPERATOR((FLAG_D ? MV_SP_IADD : MV_SP_ADD) + operator, left, right)
})
OP(UNARY, { SET_A(mv_unary(vm, OPCODE == MV_OP_NEG ? MV_SP_NEG : OPCODE == MV_OP_POS ? MV_SP_POS : MV_SP_INVERT, RB)); })
OP(NOT, {
    int truth = mv_truth(vm, RB);
    if (truth < 0)
        return MV_STEP_RAISED;
    RA = mv_bool(!truth);
    return MV_STEP_DONE;
})
OP2(COMPARE_OTHER, { OPERATOR(MV_SP_LT + (OPCODE - MV_OP_LT), RB, RC) })
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
OP2(JUMP_COMPARE_OTHER, {
    uint32_t row = OPCODE - MV_OP_JUMP_IF_LT; /* four for each comparison: IF, IF_INT, IF_NOT, IF_NOT_INT (spec/opcodes.py) */
    MvValue left = RA, right = row & 1 ? mv_from_fixnum(IMM_B) : RB;
    OPERATOR(MV_SP_LT + (int)(row / 4), left, right)
})

/* ---- loops: MV_STEP_JUMP if there is an item ---- */

OP(GET_ITER, { SET_A(C ? mv_loop_source(vm, RB) : mv_iter(vm, RB)); })
OP(FOR_PREP, { CHECKED(mv_loop_prepare(vm, &RA, RB, C)); })
OP2(FOR_NEXT, {
    MvValue *loop = &RB;
    if (loop[2] == MV_LOOP_TUPLE && mv_is_kind(loop[0], MV_KIND_TUPLE)) {
        const MvTuple *tuple = MV_CAST(MvTuple, loop[0]);
        int64_t i = mv_to_fixnum(loop[1]);
        if (MV_LIKELY(i < tuple->length)) {
            loop[1] += 4;
            RA = tuple->items[i];
            return MV_STEP_JUMP;
        }
    } else if (loop[2] == MV_LOOP_STR && mv_is_kind(loop[0], MV_KIND_STR)) {
        const MvStr *s = MV_CAST(MvStr, loop[0]);
        int64_t i = mv_to_fixnum(loop[1]);
        uint32_t c = MV_LIKELY(i < s->length) ? mv_str_char(s, i) : 256;
        if (MV_LIKELY(c < 256)) {
            loop[1] += 4;
            RA = vm->ascii_chars[c];
            return MV_STEP_JUMP;
        }
    }
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
    if (more < 0) {
        base[MV_FRAME_PC] = (MvValue)(pc - (more == -2));
        return MV_STEP_RAISED;
    }
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
