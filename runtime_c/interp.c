/* The interpreter loop: one function, one label for each opcode, threaded by computed goto.
 *
 * State in locals: base (registers), pc (next word), constants and records of the running code. vm->base always equals base; the frame's PC word
 * is written before anything that may look at it (calls, collections that make tracebacks, locals()). Mini calls push a frame and go on in the
 * same loop; C recursion happens only where a C function calls Mini code. Slow paths live in interp_ops.c, ic.c and the type files.
 * INV-interp-1: a handler raises before it has any effect, or after all of them; registers are written last. */
#include "interp.h"
#include "api.h"
#include "containers.h"
#include "ic.h"
#include "interp_ops.h"

#define A ((uint16_t)(insn >> 16))
#define B ((uint16_t)(insn >> 32))
#define C ((uint16_t)(insn >> 48))
#define BC ((uint32_t)(insn >> 32))
#define JUMP_BC ((int32_t)(insn >> 32))
#define IMM_B ((int16_t)(insn >> 32))
#define IMM_C ((int16_t)(insn >> 48))
#define RA base[A]
#define RB base[B]
#define RC base[C]
#define EXT pc[-1] /* the second word, after FETCH2 */
#define SITE ((uint32_t)EXT)
#define FLAG_D ((uint16_t)(EXT >> 32))
#define FLAG_E ((uint16_t)(EXT >> 48))
#define JUMP_DE ((int32_t)(EXT >> 32))
#define RECORD (&records[SITE])
#define SITE_NAME constants[code_of(base)->sites[SITE].name]
/* May a callee that brings its own self put it below the arguments? Not where the window's self slot is taken already: the frame's header would
   lie below the window then. */
#define SELF_SLOT_FREE (newbase == &RA + MV_WINDOW_ARGS)
#define PROBE_MEGAMORPHIC(use)                                                                                                \
    if (MV_UNLIKELY(record->kind == MV_IC_MEGA))                                                                              \
        record = mv_ic_probe_site(vm, record, mv_shape_of(value), use);
#define DISPATCH() do { insn = *pc++; goto *labels[(uint16_t)insn]; } while (0)
#define OP(name) op_##name:
#define OP2(name) op_##name: pc++;
#define SAVE_PC() (base[MV_FRAME_PC] = (MvValue)pc)
#define ERROR() goto error
#define SET_A(expression) do { MvValue set_a = (expression); if (MV_UNLIKELY(set_a == MV_EXC)) ERROR(); RA = set_a; } while (0)
#define CHECK(condition) do { if (MV_UNLIKELY(!(condition))) ERROR(); } while (0)
#define POLL_IF_BACK(offset) do { if ((offset) < 0 && MV_UNLIKELY(vm->poll)) goto poll_jumped; } while (0)

MV_INLINE MvCode *code_of(const MvValue *base) { return (MvCode *)base[MV_FRAME_CODE]; }

MvValue *mv_stack_top(const MvVM *vm)
{
    const MvCode *code = (const MvCode *)vm->base[MV_FRAME_CODE];
    MvValue *top = vm->base + (code ? code->register_count : 0);
    return top > vm->top ? top : vm->top;
}

bool mv_check_stack(MvVM *vm, MvValue *end, MvValue callee)
{
    /* In this order with the poll word: a request that is not seen below lowers the limit again. */
    __atomic_store_n(&vm->stack_limit, vm->stack_end, __ATOMIC_SEQ_CST);
    if (vm->poll & MV_POLL_FUEL)
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
    uint64_t insn;
    const MvValue *constants = code_of(base)->constants;
    MvIcRecord *records = code_of(base)->records;
    MvValue *newbase;
    MvValue callee, value, kwnames;
    int64_t nargs;
    vm->base = base;
    if (raising)
        goto error;
    DISPATCH();

    /* ---- moves, constants, cells ---- */
    OP(NOP) DISPATCH();
    OP(MOVE) RA = RB; DISPATCH();
    OP(MOVE_MAYBE) RA = RB; DISPATCH();
    OP(LOAD_CONST) RA = constants[BC]; DISPATCH();
    OP(LOAD_INT) RA = mv_from_fixnum(JUMP_BC); DISPATCH();
    OP(LOAD_NONE) RA = MV_NONE; DISPATCH();
    OP(LOAD_UNASSIGNED) RA = MV_UNASSIGNED; DISPATCH();
    OP(CHECK_LOCAL)
    if (MV_UNLIKELY(RA == MV_UNASSIGNED)) {
        mv_raise_unbound(vm, constants[BC], mv_in_comprehension(code_of(base), pc - 1 - code_of(base)->words));
        ERROR();
    }
    DISPATCH();
    OP(MAKE_CELL) {
        MvCell *cell = mv_new(vm, sizeof(MvCell), MV_CLASS_CELL, MV_KIND_CELL);
        CHECK(cell);
        cell->value = RA;
        RA = mv_value(cell);
        DISPATCH();
    }
    OP(LOAD_CELL)
    value = MV_CAST(MvCell, RB)->value;
    if (MV_UNLIKELY(value == MV_UNASSIGNED)) {
        mv_raise_unbound(vm, constants[C], false);
        ERROR();
    }
    RA = value;
    DISPATCH();
    OP(STORE_CELL) mv_store(vm, mv_object(RA), &MV_CAST(MvCell, RA)->value, RB); DISPATCH();
    OP(DELETE_CELL)
    if (MV_CAST(MvCell, RA)->value == MV_UNASSIGNED) {
        mv_raise_unbound(vm, constants[BC], false);
        ERROR();
    }
    MV_CAST(MvCell, RA)->value = MV_UNASSIGNED;
    DISPATCH();
    OP(LOAD_FREE)
    value = MV_CAST(MvCell, mv_frame_closure(base)[B])->value;
    if (MV_UNLIKELY(value == MV_UNASSIGNED)) {
        mv_raise_unbound(vm, constants[C], true);
        ERROR();
    }
    RA = value;
    DISPATCH();
    OP(STORE_FREE) {
        MvCell *cell = MV_CAST(MvCell, mv_frame_closure(base)[A]);
        mv_store(vm, cell, &cell->value, RB);
        DISPATCH();
    }
    OP(DELETE_FREE) {
        MvCell *cell = MV_CAST(MvCell, mv_frame_closure(base)[A]);
        if (cell->value == MV_UNASSIGNED) {
            mv_raise_unbound(vm, constants[BC], true);
            ERROR();
        }
        cell->value = MV_UNASSIGNED;
        DISPATCH();
    }

    /* ---- globals, class-body names ---- */
    OP2(LOAD_GLOBAL) {
        MvIcRecord *record = RECORD;
        if (MV_LIKELY(record->kind == MV_IC_GLOBAL)) {
            value = MV_CAST(MvNameCell, record->w1)->value;
            if (MV_LIKELY(value != MV_UNASSIGNED)) {
                RA = value;
                DISPATCH();
            }
        }
        SAVE_PC();
        SET_A(mv_ic_load_global(vm, record, mv_frame_function(base)->module, SITE_NAME));
        DISPATCH();
    }
    OP2(STORE_GLOBAL) {
        MvIcRecord *record = RECORD;
        if (MV_LIKELY(record->kind == MV_IC_GLOBAL)) {
            MvNameCell *cell = MV_CAST(MvNameCell, record->w1);
            if (MV_LIKELY(cell->value != MV_UNASSIGNED && (cell->h.aux & MV_CELL_MUTABLE))) {
                mv_store(vm, cell, &cell->value, RA);
                DISPATCH();
            }
        }
        SAVE_PC();
        CHECK(mv_ic_store_global(vm, record, mv_frame_function(base)->module, SITE_NAME, RA));
        DISPATCH();
    }
    OP(DELETE_GLOBAL) SAVE_PC(); CHECK(mv_op_delete_global(vm, base, constants[BC])); DISPATCH();
    OP2(LOAD_NAME) SAVE_PC(); SET_A(mv_op_load_name(vm, base, RB, SITE_NAME, RECORD, MV_UNASSIGNED)); DISPATCH();
    OP2(LOAD_NAME_FREE) SAVE_PC(); SET_A(mv_op_load_name(vm, base, RB, SITE_NAME, RECORD, mv_frame_closure(base)[C])); DISPATCH();
    OP2(STORE_NAME) SAVE_PC(); CHECK(mv_op_store_name(vm, RB, SITE_NAME, RA)); DISPATCH();
    OP(DELETE_NAME) SAVE_PC(); CHECK(mv_op_delete_name(vm, RA, constants[BC])); DISPATCH();

    /* ---- attributes ---- */
    OP2(LOAD_ATTR) {
        MvIcRecord *record = RECORD;
        value = RB;
        PROBE_MEGAMORPHIC(MV_USE_LOAD);
        if (MV_LIKELY(mv_is_pointer(value) && mv_object(value)->shape == record->shape)) {
            if (MV_LIKELY(record->kind == MV_IC_FIELD)) { /* apart: a switch is one more indirect jump */
                RA = *(MvValue *)((char *)mv_object(value) + record->offset);
                DISPATCH();
            }
            switch (record->kind) {
            case MV_IC_OVERFLOW:
                RA = MV_CAST(MvStore, *(MvValue *)((char *)mv_object(value) + record->offset))->items[record->w1 >> 2];
                DISPATCH();
            case MV_IC_VALUE:
                RA = MV_CAST(MvNameCell, record->w1)->value;
                DISPATCH();
            case MV_IC_OWNER:
                if (value == record->w2 && MV_CAST(MvNameCell, record->w1)->value != MV_UNASSIGNED) {
                    RA = MV_CAST(MvNameCell, record->w1)->value;
                    DISPATCH();
                }
                break;
            case MV_IC_PROPERTY:
                newbase = base + code_of(base)->register_count + MV_FRAME_HEADER_WORDS;
                if (MV_LIKELY(newbase + 1 < vm->stack_limit)) {
                    callee = record->w2;
                    newbase[0] = value;
                    nargs = 1;
                    goto call_operator;
                }
                break;
            }
        }
        SAVE_PC();
        SET_A(mv_ic_load_attr(vm, RECORD, value, SITE_NAME));
        DISPATCH();
    }
    OP2(STORE_ATTR) {
        MvIcRecord *record = RECORD;
        value = RA;
        PROBE_MEGAMORPHIC(MV_USE_STORE);
        if (MV_LIKELY(mv_is_pointer(value) && mv_object(value)->shape == record->shape)) {
            MvObject *object = mv_object(value);
            if (MV_LIKELY(record->kind == MV_IC_FIELD)) {
                mv_store(vm, object, (MvValue *)((char *)object + record->offset), RB);
                DISPATCH();
            }
            if (record->kind == MV_IC_ADD) {
                mv_store(vm, object, (MvValue *)((char *)object + record->offset), RB);
                object->shape = (uint32_t)(record->w1 >> 2);
                DISPATCH();
            }
            if (record->kind == MV_IC_OVERFLOW) {
                MvStore *store = MV_CAST(MvStore, *(MvValue *)((char *)object + record->offset));
                mv_store(vm, store, &store->items[record->w1 >> 2], RB);
                DISPATCH();
            }
            if (record->kind == MV_IC_OWNER && value == record->w2 && mv_ic_store_owner(vm, record, RB))
                DISPATCH();
        }
        SAVE_PC();
        CHECK(mv_ic_store_attr(vm, RECORD, value, SITE_NAME, RB));
        DISPATCH();
    }
    OP(DELETE_ATTR) SAVE_PC(); CHECK(mv_set_attr(vm, RA, constants[BC], MV_UNASSIGNED)); DISPATCH();

    /* ---- items ---- */
    OP2(GET_ITEM) {
        MvValue container = RB, key = RC;
        if (MV_LIKELY(mv_is_pointer(container))) {
            uint32_t shape = mv_object(container)->shape;
            if (mv_is_int(key)) {
                if (shape == MV_CLASS_LIST) {
                    MvList *list = MV_CAST(MvList, container);
                    int64_t i = mv_to_fixnum(key);
                    i += i < 0 ? list->length : 0;
                    if (MV_LIKELY((uint64_t)i < (uint64_t)list->length)) {
                        RA = list->items[i];
                        DISPATCH();
                    }
                } else if (shape == MV_CLASS_TUPLE) {
                    MvTuple *tuple = MV_CAST(MvTuple, container);
                    int64_t i = mv_to_fixnum(key);
                    i += i < 0 ? tuple->length : 0;
                    if (MV_LIKELY((uint64_t)i < (uint64_t)tuple->length)) {
                        RA = tuple->items[i];
                        DISPATCH();
                    }
                } else if (shape == MV_CLASS_STR) {
                    MvStr *s = MV_CAST(MvStr, container);
                    int64_t i = mv_to_fixnum(key);
                    i += i < 0 ? s->length : 0;
                    if (MV_LIKELY((uint64_t)i < (uint64_t)s->length && !mv_str_shift(s))) {
                        RA = vm->ascii_chars[((const uint8_t *)s->data)[i]];
                        DISPATCH();
                    }
                }
            }
            SAVE_PC();
            if (shape == MV_CLASS_DICT) {
                value = mv_dict_get(vm, MV_CAST(MvDict, container), key);
                if (MV_UNLIKELY(value == MV_UNASSIGNED)) {
                    mv_raise_key_error(vm, key);
                    ERROR();
                }
                CHECK(value != MV_EXC);
                RA = value;
                DISPATCH();
            }
            if (shape >= MV_CLASS_COUNT) {
                callee = mv_operator_function(vm, container, MV_SP_GETITEM);
                if (callee) {
                    newbase = base + code_of(base)->register_count + MV_FRAME_HEADER_WORDS;
                    newbase[0] = container;
                    newbase[1] = key;
                    nargs = 2;
                    goto call_operator;
                }
            }
        }
        SAVE_PC();
        SET_A(mv_get_item(vm, container, key));
        DISPATCH();
    }
    OP2(SET_ITEM) {
        MvValue container = RA, key = RB;
        if (MV_LIKELY(mv_is_pointer(container))) {
            uint32_t shape = mv_object(container)->shape;
            if (shape == MV_CLASS_LIST && mv_is_int(key)) {
                MvList *list = MV_CAST(MvList, container);
                int64_t i = mv_to_fixnum(key);
                i += i < 0 ? list->length : 0;
                if (MV_LIKELY((uint64_t)i < (uint64_t)list->length)) {
                    list->items[i] = RC;
                    if (mv_is_pointer(RC))
                        mv_barrier(vm, mv_list_store(list));
                    DISPATCH();
                }
            } else if (shape == MV_CLASS_DICT) {
                SAVE_PC();
                CHECK(mv_dict_set(vm, MV_CAST(MvDict, container), key, RC));
                DISPATCH();
            }
        }
        SAVE_PC();
        CHECK(mv_set_item(vm, container, key, RC));
        DISPATCH();
    }
    OP(DELETE_ITEM) SAVE_PC(); CHECK(mv_delete_item(vm, RA, RB)); DISPATCH();
    OP(BUILD_SLICE) SET_A(mv_op_slice(vm, &RB)); DISPATCH();

    /* ---- arithmetic ---- */
#define BINARY_SLOW(NAME)                                                                                                     \
    binary_slow_##NAME:                                                                                                       \
    SAVE_PC();                                                                                                                \
    value = RB;                                                                                                               \
    if (MV_BINARY_##NAME == MV_BINARY_ADD && mv_is_pointer(value) && mv_is_pointer(RC) && mv_object(value)->shape == MV_CLASS_STR && \
        mv_object(RC)->shape == MV_CLASS_STR) {                                                                               \
        SET_A(mv_str_concat(vm, value, RC));                                                                                  \
        DISPATCH();                                                                                                           \
    }                                                                                                                         \
    if (mv_is_pointer(value) && mv_object(value)->shape >= MV_CLASS_COUNT && !FLAG_D) {                                       \
        callee = mv_binary_function(vm, MV_BINARY_##NAME, value, RC);                                                         \
        if (callee) {                                                                                                         \
            newbase = base + code_of(base)->register_count + MV_FRAME_HEADER_WORDS;                                           \
            newbase[0] = value;                                                                                               \
            newbase[1] = RC;                                                                                                  \
            nargs = 2;                                                                                                        \
            goto call_operator;                                                                                               \
        }                                                                                                                     \
    }                                                                                                                         \
    SET_A((FLAG_D ? mv_inplace : mv_binary)(vm, MV_BINARY_##NAME, value, RC));                                                \
    DISPATCH();
#define FLOAT_RESULT(expression)                                                                                              \
    do {                                                                                                                      \
        double result = (expression);                                                                                         \
        MvValue word = mv_float_word(result);                                                                                 \
        if (MV_UNLIKELY(!mv_is_float(word))) {                                                                                \
            word = mv_float_new(vm, result);                                                                                  \
            CHECK(word != MV_EXC);                                                                                            \
        }                                                                                                                     \
        RA = word;                                                                                                            \
        DISPATCH();                                                                                                           \
    } while (0)
#define FLOAT_CASES(operator)                                                                                                 \
    if (mv_is_float(x)) {                                                                                                     \
        if (mv_is_float(y))                                                                                                   \
            FLOAT_RESULT(mv_word_double(x) operator mv_word_double(y));                                                       \
        if (mv_is_int(y))                                                                                                     \
            FLOAT_RESULT(mv_word_double(x) operator (double)mv_to_fixnum(y));                                                 \
    } else if (mv_is_float(y) && mv_is_int(x)) {                                                                              \
        FLOAT_RESULT((double)mv_to_fixnum(x) operator mv_word_double(y));                                                     \
    }
#define ADDITIVE(NAME, builtin, operator)                                                                                     \
    OP2(NAME) {                                                                                                               \
        MvValue x = RB, y = RC;                                                                                               \
        int64_t sum;                                                                                                          \
        if (MV_LIKELY(mv_both_int(x, y))) {                                                                                   \
            if (MV_LIKELY(!builtin((int64_t)x, (int64_t)y, &sum))) {                                                          \
                RA = (MvValue)sum;                                                                                            \
                DISPATCH();                                                                                                   \
            }                                                                                                                 \
        } else                                                                                                                \
            FLOAT_CASES(operator)                                                                                             \
        goto binary_slow_##NAME;                                                                                              \
    }                                                                                                                         \
    BINARY_SLOW(NAME)
    ADDITIVE(ADD, __builtin_add_overflow, +)
    ADDITIVE(SUB, __builtin_sub_overflow, -)
    OP2(MUL) {
        MvValue x = RB, y = RC;
        int64_t product;
        if (MV_LIKELY(mv_both_int(x, y))) {
            if (MV_LIKELY(!__builtin_mul_overflow((int64_t)x, mv_to_fixnum(y), &product))) {
                RA = (MvValue)product;
                DISPATCH();
            }
        } else
            FLOAT_CASES(*)
        goto binary_slow_MUL;
    }
    BINARY_SLOW(MUL)
    OP2(ADD_INT) {
        MvValue x = RB;
        int64_t sum;
        if (MV_LIKELY(mv_is_int(x))) {
            if (MV_LIKELY(!__builtin_add_overflow((int64_t)x, (int64_t)IMM_C * 4, &sum))) {
                RA = (MvValue)sum;
                DISPATCH();
            }
        } else if (mv_is_float(x))
            FLOAT_RESULT(mv_word_double(x) + IMM_C);
        SAVE_PC();
        SET_A(mv_op_add_int(vm, x, IMM_C, FLAG_D, FLAG_E));
        DISPATCH();
    }
    OP2(TRUEDIV) {
        MvValue x = RB, y = RC;
        if (mv_both_int(x, y)) {
            int64_t n = mv_to_fixnum(x), d = mv_to_fixnum(y);
            /* Both exact as doubles: the quotient is correctly rounded. */
            if (d && n > -(1ll << 53) && n < 1ll << 53 && d > -(1ll << 53) && d < 1ll << 53)
                FLOAT_RESULT((double)n / (double)d);
        } else if (mv_is_float(x)) {
            if (mv_is_float(y)) {
                if (MV_LIKELY(mv_word_double(y) != 0))
                    FLOAT_RESULT(mv_word_double(x) / mv_word_double(y));
            } else if (mv_is_int(y) && y)
                FLOAT_RESULT(mv_word_double(x) / (double)mv_to_fixnum(y));
        } else if (mv_is_float(y) && mv_is_int(x) && mv_word_double(y) != 0)
            FLOAT_RESULT((double)mv_to_fixnum(x) / mv_word_double(y));
        goto binary_slow_TRUEDIV;
    }
    BINARY_SLOW(TRUEDIV)
    OP2(FLOORDIV) {
        MvValue x = RB, y = RC;
        if (MV_LIKELY(mv_both_int(x, y) && (int64_t)y > 0)) {
            int64_t n = mv_to_fixnum(x), d = mv_to_fixnum(y), q = n / d;
            q -= (n % d) < 0;
            RA = mv_from_fixnum(q);
            DISPATCH();
        }
        goto binary_slow_FLOORDIV;
    }
    BINARY_SLOW(FLOORDIV)
    OP2(MOD) {
        MvValue x = RB, y = RC;
        if (MV_LIKELY(mv_both_int(x, y) && (int64_t)y > 0)) {
            int64_t d = mv_to_fixnum(y), r;
            uint64_t n = (uint64_t)mv_to_fixnum(x);
            if (MV_LIKELY(n <= UINT32_MAX && d <= UINT32_MAX))
                r = (uint32_t)n % (uint32_t)d;
            else {
                r = (int64_t)n % d;
                r += r < 0 ? d : 0;
            }
            RA = mv_from_fixnum(r);
            DISPATCH();
        }
        goto binary_slow_MOD;
    }
    BINARY_SLOW(MOD)
#define BITWISE(NAME, operator)                                                                                               \
    OP2(NAME) {                                                                                                               \
        if (MV_LIKELY(mv_both_int(RB, RC))) {                                                                                 \
            RA = RB operator RC;                                                                                              \
            DISPATCH();                                                                                                       \
        }                                                                                                                     \
        goto binary_slow_##NAME;                                                                                              \
    }                                                                                                                         \
    BINARY_SLOW(NAME)
    BITWISE(AND, &)
    BITWISE(OR, |)
    BITWISE(XOR, ^)
    OP2(LSHIFT) {
        MvValue x = RB, y = RC;
        if (MV_LIKELY(mv_both_int(x, y) && y < 62u * 4)) {
            int64_t shifted = (int64_t)((uint64_t)x << (y >> 2));
            if (MV_LIKELY(shifted >> (y >> 2) == (int64_t)x)) {
                RA = (MvValue)shifted;
                DISPATCH();
            }
        }
        goto binary_slow_LSHIFT;
    }
    BINARY_SLOW(LSHIFT)
    OP2(RSHIFT) {
        MvValue x = RB, y = RC;
        if (MV_LIKELY(mv_both_int(x, y) && (int64_t)y >= 0)) {
            uint64_t count = y >> 2;
            RA = (MvValue)((int64_t)x >> (count > 63 ? 63 : count)) & ~(MvValue)3;
            DISPATCH();
        }
        goto binary_slow_RSHIFT;
    }
    BINARY_SLOW(RSHIFT)
    OP2(POW) goto binary_slow_POW;
    BINARY_SLOW(POW)
    OP2(MATMUL) goto binary_slow_MATMUL;
    BINARY_SLOW(MATMUL)
    OP(NEG)
    if (MV_LIKELY(mv_is_int(RB) && RB != (MvValue)1 << 63)) {
        RA = -RB;
        DISPATCH();
    }
    if (mv_is_float(RB))
        FLOAT_RESULT(-mv_word_double(RB));
    SAVE_PC();
    SET_A(mv_unary(vm, MV_SP_NEG, RB));
    DISPATCH();
    OP(POS) SAVE_PC(); SET_A(mv_unary(vm, MV_SP_POS, RB)); DISPATCH();
    OP(INVERT) SAVE_PC(); SET_A(mv_unary(vm, MV_SP_INVERT, RB)); DISPATCH();
    OP(NOT) {
        value = RB;
        int truth = value == MV_TRUE ? 1 : value == MV_FALSE || value == MV_NONE ? 0 : (SAVE_PC(), mv_truth(vm, value));
        CHECK(truth >= 0);
        RA = mv_bool(!truth);
        DISPATCH();
    }

    /* ---- comparison ---- */
#define COMPARE(NAME, operator)                                                                                               \
    OP2(NAME) {                                                                                                               \
        MvValue x = RB, y = RC;                                                                                               \
        if (MV_LIKELY(mv_both_int(x, y))) {                                                                                   \
            RA = mv_bool((int64_t)x operator (int64_t)y);                                                                     \
            DISPATCH();                                                                                                       \
        }                                                                                                                     \
        if (mv_is_float(x) && mv_is_float(y)) {                                                                               \
            RA = mv_bool(mv_word_double(x) operator mv_word_double(y));                                                       \
            DISPATCH();                                                                                                       \
        }                                                                                                                     \
        SAVE_PC();                                                                                                            \
        SET_A(mv_compare(vm, MV_COMPARE_##NAME, x, y));                                                                       \
        DISPATCH();                                                                                                           \
    }
    COMPARE(LT, <)
    COMPARE(LE, <=)
    COMPARE(EQ, ==)
    COMPARE(NE, !=)
    COMPARE(GT, >)
    COMPARE(GE, >=)
    OP(IS) RA = mv_bool(mv_is(RB, RC)); DISPATCH();
    OP(IS_NOT) RA = mv_bool(!mv_is(RB, RC)); DISPATCH();
    OP(CONTAINS) {
        SAVE_PC();
        int found = mv_contains(vm, RC, RB);
        CHECK(found >= 0);
        RA = mv_bool(found);
        DISPATCH();
    }
    OP(NOT_CONTAINS) {
        SAVE_PC();
        int found = mv_contains(vm, RC, RB);
        CHECK(found >= 0);
        RA = mv_bool(!found);
        DISPATCH();
    }

    /* ---- jumps ---- */
    OP(JUMP) pc += JUMP_BC; DISPATCH();
    OP2(JUMP_BACK)
    pc += JUMP_DE;
    if (MV_UNLIKELY(vm->poll))
        goto poll_jumped;
    DISPATCH();
#define JUMP_TRUTH(NAME, wanted)                                                                                              \
    OP(NAME) {                                                                                                                \
        value = RA;                                                                                                           \
        int truth = value == MV_TRUE ? 1 : value == MV_FALSE || value == MV_NONE ? 0 : mv_is_int(value) ? value != 0          \
                                         : (SAVE_PC(), mv_truth(vm, value));                                                  \
        CHECK(truth >= 0);                                                                                                    \
        if (truth == wanted)                                                                                                  \
            pc += JUMP_BC;                                                                                                    \
        DISPATCH();                                                                                                           \
    }
    JUMP_TRUTH(JUMP_IF_TRUE, 1)
    JUMP_TRUTH(JUMP_IF_FALSE, 0)
    OP(JUMP_IF_NONE) if (RA == MV_NONE) pc += JUMP_BC; DISPATCH();
    OP(JUMP_IF_NOT_NONE) if (RA != MV_NONE) pc += JUMP_BC; DISPATCH();
    OP2(JUMP_IF_IS)
    if (mv_is(RA, RB)) {
        int32_t offset = JUMP_DE;
        pc += offset;
        POLL_IF_BACK(offset);
    }
    DISPATCH();
    OP2(JUMP_IF_NOT_IS)
    if (!mv_is(RA, RB)) {
        int32_t offset = JUMP_DE;
        pc += offset;
        POLL_IF_BACK(offset);
    }
    DISPATCH();
#define JUMP_COMPARE(NAME, operand, NEGATE, TEST, operator)                                                                   \
    OP2(NAME) {                                                                                                               \
        MvValue x = RA, y = operand;                                                                                          \
        int32_t offset = JUMP_DE;                                                                                             \
        bool jump;                                                                                                            \
        if (MV_LIKELY(mv_both_int(x, y)))                                                                                     \
            jump = NEGATE((int64_t)x operator (int64_t)y);                                                                    \
        else if (mv_is_float(x) && mv_is_float(y))                                                                            \
            jump = NEGATE(mv_word_double(x) operator mv_word_double(y));                                                      \
        else {                                                                                                                \
            SAVE_PC();                                                                                                        \
            int truth = mv_compare_truth(vm, MV_COMPARE_##TEST, x, y);                                                        \
            CHECK(truth >= 0);                                                                                                \
            jump = NEGATE(truth);                                                                                             \
        }                                                                                                                     \
        if (jump) {                                                                                                           \
            pc += offset;                                                                                                     \
            POLL_IF_BACK(offset);                                                                                             \
        }                                                                                                                     \
        DISPATCH();                                                                                                           \
    }
#define JUMP_COMPARES(TEST, operator)                                                                                         \
    JUMP_COMPARE(JUMP_IF_##TEST, RB, , TEST, operator)                                                                        \
    JUMP_COMPARE(JUMP_IF_##TEST##_INT, mv_from_fixnum(IMM_B), , TEST, operator)                                               \
    JUMP_COMPARE(JUMP_IF_NOT_##TEST, RB, !, TEST, operator)                                                                   \
    JUMP_COMPARE(JUMP_IF_NOT_##TEST##_INT, mv_from_fixnum(IMM_B), !, TEST, operator)
    JUMP_COMPARES(LT, <)
    JUMP_COMPARES(LE, <=)
    JUMP_COMPARES(EQ, ==)
    JUMP_COMPARES(NE, !=)
    JUMP_COMPARES(GT, >)
    JUMP_COMPARES(GE, >=)

    /* ---- loops: state in three registers, see interp_ops.c ---- */
    OP(GET_ITER) SAVE_PC(); SET_A(mv_iter(vm, RB)); DISPATCH();
    OP(FOR_PREP) SAVE_PC(); CHECK(mv_loop_prepare(vm, &RA, RB, C)); DISPATCH();
    OP2(FOR_NEXT) {
        MvValue *loop = &RB;
        MvValue source = loop[0];
        if (mv_is_int(source)) { /* a range: step, next, count left */
            if (loop[2] == 0)
                DISPATCH();
            loop[2] -= 4;
            RA = loop[1];
            loop[1] += source;
        } else if (MV_LIKELY(mv_object(source)->kind == MV_KIND_LIST && loop[2] == MV_LOOP_LIST)) {
            MvList *list = MV_CAST(MvList, source);
            int64_t i = mv_to_fixnum(loop[1]);
            if (i >= list->length) {
                loop[2] = MV_LOOP_DONE;
                DISPATCH();
            }
            loop[1] += 4;
            RA = list->items[i];
        } else if (mv_object(source)->kind == MV_KIND_GENERATOR && loop[2] == MV_LOOP_GENERATOR) {
            MvGenerator *generator = MV_CAST(MvGenerator, source);
            newbase = base + code_of(base)->register_count + MV_FRAME_HEADER_WORDS;
            SAVE_PC();
            if (generator->state == MV_GEN_DONE)
                DISPATCH();
            if (generator->state == MV_GEN_RUNNING) {
                mv_value_error(vm, "generator already executing");
                ERROR();
            }
            if (MV_UNLIKELY(newbase + generator->code->register_count >= vm->stack_limit) &&
                !mv_check_stack(vm, newbase + generator->code->register_count, 0))
                ERROR();
            if (MV_UNLIKELY(vm->depth >= vm->depth_limit)) {
                mv_raise_recursion(vm, "");
                ERROR();
            }
            vm->depth++;
            pc = generator->pc;
            bool fresh = generator->state == MV_GEN_CREATED;
            newbase[MV_FRAME_FUNCTION] = source;
            newbase[MV_FRAME_CODE] = (MvValue)generator->code;
            newbase[MV_FRAME_CALLER] = (MvValue)base;
            newbase[MV_FRAME_MODE] = MV_MODE_GENERATOR;
            mv_generator_enter(vm, generator, newbase);
            base = vm->base = newbase;
            constants = code_of(base)->constants;
            records = code_of(base)->records;
            if (!fresh)
                mv_generator_receive(base, pc, MV_NONE);
            DISPATCH();
        } else {
            SAVE_PC();
            value = mv_loop_next(vm, loop);
            CHECK(value != MV_EXC);
            if (value == MV_UNASSIGNED)
                DISPATCH();
            RA = value;
        }
        pc += JUMP_DE;
        if (MV_UNLIKELY(vm->poll))
            goto poll_jumped;
        DISPATCH();
    }
    OP2(FOR_NEXT_PAIR) {
        SAVE_PC();
        MvValue pair[2];
        int more = mv_loop_next_pair(vm, &RB, pair);
        CHECK(more >= 0);
        if (!more)
            DISPATCH();
        RA = pair[0];
        RC = pair[1];
        pc += JUMP_DE;
        if (MV_UNLIKELY(vm->poll))
            goto poll_jumped;
        DISPATCH();
    }

    /* ---- building ---- */
    OP(BUILD_TUPLE) SAVE_PC(); SET_A(C ? mv_tuple_from(vm, &RB, C) : vm->empty_tuple); DISPATCH();
    OP(BUILD_LIST) SAVE_PC(); SET_A(mv_list_from(vm, &RB, C)); DISPATCH();
    OP(BUILD_SET) SAVE_PC(); SET_A(mv_op_build_set(vm, &RB, C)); DISPATCH();
    OP(BUILD_DICT) SAVE_PC(); SET_A(mv_op_build_dict(vm, &RB, C)); DISPATCH();
    OP(BUILD_STRING) SAVE_PC(); SET_A(mv_op_build_string(vm, &RB, C)); DISPATCH();
    OP(LIST_APPEND)
    SAVE_PC();
    for (int64_t i = 0; i < C; i++)
        CHECK(mv_list_append(vm, MV_CAST(MvList, RA), (&RB)[i]));
    DISPATCH();
    OP(LIST_EXTEND) SAVE_PC(); CHECK(mv_op_list_extend(vm, RA, RB)); DISPATCH();
    OP(LIST_TO_TUPLE) SAVE_PC(); SET_A(mv_tuple_from(vm, MV_CAST(MvList, RB)->items, MV_CAST(MvList, RB)->length)); DISPATCH();
    OP(SET_ADD)
    SAVE_PC();
    for (int64_t i = 0; i < C; i++)
        CHECK(mv_set_add(vm, MV_CAST(MvSet, RA), (&RB)[i]));
    DISPATCH();
    OP(SET_UPDATE) SAVE_PC(); CHECK(mv_set_update(vm, MV_CAST(MvSet, RA), RB)); DISPATCH();
    OP(DICT_SET) SAVE_PC(); CHECK(mv_dict_set(vm, MV_CAST(MvDict, RA), RB, RC)); DISPATCH();
    OP(DICT_UPDATE) SAVE_PC(); CHECK(mv_op_dict_update(vm, RA, RB)); DISPATCH();
    OP(DICT_MERGE) SAVE_PC(); CHECK(mv_op_dict_merge(vm, RA, RB, RC)); DISPATCH();
    OP(UNPACK) {
        value = RB;
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
                DISPATCH();
            }
        }
        SAVE_PC();
        CHECK(mv_op_unpack(vm, &RA, value, C));
        DISPATCH();
    }
    OP(UNPACK_STAR) SAVE_PC(); CHECK(mv_op_unpack_star(vm, &RA, RB, C & 255, C >> 8)); DISPATCH();
    OP(CONVERT) SAVE_PC(); SET_A(C == 0 ? mv_str(vm, RB) : C == 1 ? mv_repr(vm, RB) : mv_ascii(vm, RB)); DISPATCH();
    OP(FORMAT) SAVE_PC(); SET_A(mv_format(vm, RB, C == MV_NO_REGISTER ? vm->empty_str : RC)); DISPATCH();

    /* ---- functions, classes, imports ---- */
    OP2(MAKE_FUNCTION) SAVE_PC(); SET_A(mv_op_make_function(vm, base, constants[(uint32_t)(EXT >> 32)], &RB, C)); DISPATCH();
    OP(BUILD_CLASS) SAVE_PC(); SET_A(mv_build_class(vm, (&RB)[0], (&RB)[1], (&RB)[2], (&RB)[3])); DISPATCH();
    OP(LOAD_BUILD_ERROR) RA = mv_value(vm->classes[MV_EXC_AssertionError]); DISPATCH();
    OP(IMPORT) SAVE_PC(); SET_A(mv_import(vm, constants[BC])); DISPATCH();
    OP(IMPORT_TOP) SAVE_PC(); SET_A(mv_op_import_top(vm, constants[BC])); DISPATCH();
    OP2(IMPORT_FROM) SAVE_PC(); SET_A(mv_op_import_from(vm, RB, SITE_NAME)); DISPATCH();
    OP(IMPORT_STAR) SAVE_PC(); CHECK(mv_op_import_star(vm, base, RA)); DISPATCH();

    /* ---- calls ---- */
    OP2(LOAD_METHOD) {
        MvIcRecord *record = RECORD;
        value = RB;
        PROBE_MEGAMORPHIC(MV_USE_LOAD);
        if (MV_LIKELY(mv_shape_of(value) == record->shape)) {
            if (MV_LIKELY(record->kind == MV_IC_METHOD)) {
                RA = record->w2;
                (&RA)[MV_WINDOW_SELF] = value;
                DISPATCH();
            }
            if (record->kind == MV_IC_OWNER && value == record->w2 && MV_CAST(MvNameCell, record->w1)->value != MV_UNASSIGNED) {
                RA = MV_CAST(MvNameCell, record->w1)->value;
                (&RA)[MV_WINDOW_SELF] = MV_UNASSIGNED;
                DISPATCH();
            }
            if (record->kind == MV_IC_FIELD) {
                RA = *(MvValue *)((char *)mv_object(value) + record->offset);
                (&RA)[MV_WINDOW_SELF] = MV_UNASSIGNED;
                DISPATCH();
            }
        }
        SAVE_PC();
        CHECK(mv_ic_load_method(vm, RECORD, value, SITE_NAME, &RA));
        DISPATCH();
    }
    OP2(LOAD_SUPER_METHOD) SAVE_PC(); CHECK(mv_op_super_method(vm, RECORD, (&RB)[0], (&RB)[1], SITE_NAME, &RA)); DISPATCH();
    OP2(LOAD_SUPER_ATTR) SAVE_PC(); SET_A(mv_op_super_attr(vm, (&RB)[0], (&RB)[1], SITE_NAME)); DISPATCH();
    OP2(CALL) {
        callee = RA;
        nargs = B;
        newbase = &RA + MV_WINDOW_ARGS;
        goto call;
    }
    OP2(CALL_METHOD) {
        MvValue *window = &RA;
        callee = window[0];
        nargs = B;
        newbase = window + MV_WINDOW_ARGS;
        if (MV_LIKELY(window[MV_WINDOW_SELF] != MV_UNASSIGNED)) {
            newbase--;
            nargs++;
        }
    }
call:
    if (MV_LIKELY(mv_is_kind(callee, MV_KIND_FUNCTION))) {
        MvCode *code;
    call_function:
        code = MV_CAST(MvFunction, callee)->code;
        SAVE_PC();
        if (MV_UNLIKELY(newbase + code->register_count >= vm->stack_limit) && !mv_check_stack(vm, newbase + code->register_count, callee))
            ERROR();
        if (MV_UNLIKELY(vm->depth >= vm->depth_limit)) {
            mv_raise_recursion(vm, "");
            ERROR();
        }
        if (MV_UNLIKELY(nargs != code->simple_count)) {
            kwnames = 0;
            CHECK(mv_bind_frame(vm, MV_CAST(MvFunction, callee), newbase, nargs, kwnames));
            if (code->flags & MV_CODE_GENERATOR) {
                value = mv_generator_new(vm, callee, code, newbase);
                CHECK(value != MV_EXC);
                base[(uint16_t)(pc[-2] >> 48)] = value;
                DISPATCH();
            }
        }
        newbase[MV_FRAME_MODE] = MV_MODE_CALL;
    push_frame:
        vm->depth++;
        newbase[MV_FRAME_FUNCTION] = callee;
        newbase[MV_FRAME_CODE] = (MvValue)code;
        newbase[MV_FRAME_CALLER] = (MvValue)base;
        base = vm->base = newbase;
        pc = code->words;
        constants = code->constants;
        records = code->records;
        DISPATCH();

    call_operator: /* newbase[0..nargs) hold the operands; the result goes to register a of this instruction */
        SAVE_PC();
        code = MV_CAST(MvFunction, callee)->code;
        if (MV_UNLIKELY(newbase + code->register_count >= vm->stack_limit) && !mv_check_stack(vm, newbase + code->register_count, callee))
            ERROR();
        if (MV_UNLIKELY(vm->depth >= vm->depth_limit)) {
            mv_raise_recursion(vm, "");
            ERROR();
        }
        if (MV_UNLIKELY(nargs != code->simple_count)) {
            CHECK(mv_bind_frame(vm, MV_CAST(MvFunction, callee), newbase, nargs, 0));
            if (code->flags & MV_CODE_GENERATOR) {
                SET_A(mv_generator_new(vm, callee, code, newbase));
                DISPATCH();
            }
        }
        newbase[MV_FRAME_MODE] = MV_MODE_RESULT_A;
        goto push_frame;

    construct: /* newbase[0] is the new instance, callee its __init__, nargs counts it */
        code = MV_CAST(MvFunction, callee)->code;
        SAVE_PC();
        if (MV_UNLIKELY(newbase + code->register_count >= vm->stack_limit) && !mv_check_stack(vm, newbase + code->register_count, callee))
            ERROR();
        if (MV_UNLIKELY(vm->depth >= vm->depth_limit)) {
            mv_raise_recursion(vm, "");
            ERROR();
        }
        value = newbase[0];
        if (MV_UNLIKELY(nargs != code->simple_count))
            CHECK(mv_bind_frame(vm, MV_CAST(MvFunction, callee), newbase, nargs, 0));
        newbase[MV_FRAME_MODE] = value;
        goto push_frame;
    }
    if (mv_is_kind(callee, MV_KIND_BUILTIN)) {
        SAVE_PC();
        newbase[-1] = MV_UNASSIGNED; /* the self slot, or the frame header below it: free for a bound self */
        value = mv_builtin_call(vm, callee, newbase, nargs, 0);
        CHECK(value != MV_EXC);
        base[(uint16_t)(pc[-2] >> 48)] = value;
        DISPATCH();
    }
    if (mv_is_kind(callee, MV_KIND_CLASS)) {
        MvIcRecord *record = RECORD;
        if (MV_LIKELY(record->kind == MV_IC_CONSTRUCT && record->w2 == callee && SELF_SLOT_FREE)) {
            MvObject *object = mv_allocate(vm, record->offset, record->shape, MV_KIND_INSTANCE, MV_GC_HAS_POINTERS, 0);
            CHECK(object);
            if (MV_LIKELY(record->w1 != MV_NONE)) {
                callee = record->w1;
                newbase--;
                newbase[0] = mv_value(object);
                nargs++;
                if (MV_CAST(MvFunction, callee)->code->flags & MV_CODE_GENERATOR)
                    goto call_generic_constructor;
                goto construct;
            }
            if (nargs == 0) {
                base[(uint16_t)(pc[-2] >> 48)] = mv_value(object);
                DISPATCH();
            }
        } else
            mv_ic_construct(vm, record, MV_CAST(MvClass, callee));
        SAVE_PC();
        value = mv_class_call(vm, MV_CAST(MvClass, callee), newbase, nargs, 0);
        CHECK(value != MV_EXC);
        base[(uint16_t)(pc[-2] >> 48)] = value;
        DISPATCH();
    call_generic_constructor:
        mv_type_error(vm, "__init__() should return None, not 'generator'");
        ERROR();
    }
    if (mv_is_kind(callee, MV_KIND_METHOD) && mv_object(callee)->shape == MV_CLASS_METHOD && SELF_SLOT_FREE) {
        newbase--;
        newbase[0] = MV_CAST(MvMethod, callee)->self;
        nargs++;
        callee = MV_CAST(MvMethod, callee)->function;
        if (mv_is_kind(callee, MV_KIND_FUNCTION))
            goto call_function;
        SAVE_PC();
        value = mv_call(vm, callee, newbase, nargs, 0);
        CHECK(value != MV_EXC);
        base[(uint16_t)(pc[-2] >> 48)] = value;
        DISPATCH();
    }
    SAVE_PC();
    value = mv_call(vm, callee, newbase, nargs, 0);
    CHECK(value != MV_EXC);
    base[(uint16_t)(pc[-2] >> 48)] = value;
    DISPATCH();

    OP2(CALL_KW) {
        MvValue *window = &RA;
        callee = window[0];
        nargs = B;
        newbase = window + MV_WINDOW_ARGS;
        if (FLAG_D && window[MV_WINDOW_SELF] != MV_UNASSIGNED) {
            newbase--;
            nargs++;
        }
        kwnames = SITE_NAME;
        nargs -= MV_CAST(MvTuple, kwnames)->length;
        SAVE_PC();
        if (mv_is_kind(callee, MV_KIND_FUNCTION)) {
            MvCode *code = MV_CAST(MvFunction, callee)->code;
            if (MV_UNLIKELY(newbase + code->register_count >= vm->stack_limit) && !mv_check_stack(vm, newbase + code->register_count, callee))
                ERROR();
            if (MV_UNLIKELY(vm->depth >= vm->depth_limit)) {
                mv_raise_recursion(vm, "");
                ERROR();
            }
            CHECK(mv_bind_frame(vm, MV_CAST(MvFunction, callee), newbase, nargs, kwnames));
            if (code->flags & MV_CODE_GENERATOR) {
                value = mv_generator_new(vm, callee, code, newbase);
                CHECK(value != MV_EXC);
                base[C] = value;
                DISPATCH();
            }
            vm->depth++;
            newbase[MV_FRAME_MODE] = MV_MODE_CALL;
            newbase[MV_FRAME_FUNCTION] = callee;
            newbase[MV_FRAME_CODE] = (MvValue)code;
            newbase[MV_FRAME_CALLER] = (MvValue)base;
            base = vm->base = newbase;
            pc = code->words;
            constants = code->constants;
            records = code->records;
            DISPATCH();
        }
        value = mv_call(vm, callee, newbase, nargs, kwnames);
        CHECK(value != MV_EXC);
        RC = value;
        DISPATCH();
    }
    OP2(CALL_EX) {
        SAVE_PC();
        value = mv_op_call_ex(vm, RA, (&RA)[MV_WINDOW_ARGS], (&RA)[MV_WINDOW_ARGS + 1]);
        CHECK(value != MV_EXC);
        RC = value;
        DISPATCH();
    }
    OP(RETURN)
    value = RA;
    goto return_value;
    OP(RETURN_CELL)
    value = RA;
    goto return_value;
    OP(RETURN_NONE)
    value = MV_NONE;
return_value: {
        MvValue mode = base[MV_FRAME_MODE];
        vm->depth--;
        if (MV_LIKELY(mode == MV_MODE_CALL)) {
            base = vm->base = (MvValue *)base[MV_FRAME_CALLER];
            pc = (const MvInstruction *)base[MV_FRAME_PC];
            MvCode *code = code_of(base);
            constants = code->constants;
            records = code->records;
            base[(uint16_t)(pc[-2] >> 48)] = value;
            DISPATCH();
        }
        MvValue *caller = (MvValue *)base[MV_FRAME_CALLER];
        if (mode == MV_MODE_ENTRY) {
            vm->base = caller;
            return value;
        }
        if (mode == MV_MODE_GENERATOR || mode == MV_MODE_GENERATOR_ENTRY) {
            mv_generator_finish(vm, MV_CAST(MvGenerator, base[MV_FRAME_FUNCTION]));
            base = vm->base = caller;
            if (mode == MV_MODE_GENERATOR_ENTRY)
                return value;
            pc = (const MvInstruction *)base[MV_FRAME_PC]; /* behind FOR_NEXT: the loop is over */
        } else {
            base = vm->base = caller;
            pc = (const MvInstruction *)base[MV_FRAME_PC];
            insn = pc[-2];
            if (mode == MV_MODE_RESULT_A) {
                if (MV_UNLIKELY(value == MV_NOTIMPLEMENTED) && (uint16_t)insn >= MV_OP_ADD && (uint16_t)insn <= MV_OP_XOR) {
                    constants = code_of(base)->constants;
                    records = code_of(base)->records;
                    value = mv_binary_declined(vm, (uint16_t)insn - MV_OP_ADD, RB, RC);
                    CHECK(value != MV_EXC);
                }
                RA = value;
            } else { /* a constructor */
                constants = code_of(base)->constants;
                records = code_of(base)->records;
                if (MV_UNLIKELY(value != MV_NONE)) {
                    mv_type_error(vm, "__init__() should return None, not '%T'", value);
                    ERROR();
                }
                base[(uint16_t)(pc[-2] >> 48)] = mode;
                DISPATCH();
            }
        }
        constants = code_of(base)->constants;
        records = code_of(base)->records;
        DISPATCH();
    }

    /* ---- generators ---- */
    OP(YIELD)
    value = RB;
yield_value: {
        MvGenerator *generator = MV_CAST(MvGenerator, base[MV_FRAME_FUNCTION]);
        MvValue mode = base[MV_FRAME_MODE];
        mv_generator_suspend(vm, generator, base, pc);
        vm->depth--;
        base = vm->base = (MvValue *)base[MV_FRAME_CALLER];
        if (mode == MV_MODE_GENERATOR_ENTRY)
            return value;
        pc = (const MvInstruction *)base[MV_FRAME_PC];
        constants = code_of(base)->constants;
        records = code_of(base)->records;
        insn = pc[-2];
        RA = value;
        pc += JUMP_DE;
        if (MV_UNLIKELY(vm->poll))
            goto poll_jumped;
        DISPATCH();
    }
    OP(YIELD_FROM_ITER) SAVE_PC(); SET_A(mv_is_kind(RB, MV_KIND_GENERATOR) ? RB : mv_iter(vm, RB)); DISPATCH();
    OP(YIELD_FROM) {
        SAVE_PC();
        MV_CAST(MvGenerator, base[MV_FRAME_FUNCTION])->delegate = RB;
        mv_barrier(vm, mv_object(base[MV_FRAME_FUNCTION]));
        int step = mv_yield_from_step(vm, RB, RC, &value);
        if (step > 0) {
            pc--;
            goto yield_value;
        }
        MV_CAST(MvGenerator, base[MV_FRAME_FUNCTION])->delegate = MV_NONE;
        CHECK(step == 0);
        RA = value;
        DISPATCH();
    }

    /* ---- exceptions, with ---- */
    OP(RAISE)
    SAVE_PC();
    value = mv_exception_from(vm, RA);
    if (value != MV_EXC)
        mv_raise_object(vm, value);
    ERROR();
    OP(RAISE_FROM) SAVE_PC(); mv_op_raise_from(vm, RA, RB); ERROR();
    OP(RAISE_CURRENT) {
        SAVE_PC();
        MvExcState *state = vm->exc_state;
        while (state && state->exception == MV_NONE)
            state = state->previous;
        if (!state) {
            mv_raise(vm, MV_EXC_RuntimeError, "No active exception to reraise");
            ERROR();
        }
        vm->exception = state->exception;
        goto unwind;
    }
    OP(RERAISE) vm->exception = RA; goto unwind;
    OP(ENTER_HANDLER)
    value = RB;
    RA = vm->exc_state->exception;
    vm->exc_state->exception = value;
    DISPATCH();
    OP(LEAVE_HANDLER) vm->exc_state->exception = RA; DISPATCH();
    OP(MATCH_EXCEPTION) {
        SAVE_PC();
        int matches = mv_exception_matches(vm, RB, RC);
        CHECK(matches >= 0);
        RA = mv_bool(matches);
        DISPATCH();
    }
    OP(WITH_SETUP) SAVE_PC(); CHECK(mv_op_with_setup(vm, &RA, RB, &RC)); DISPATCH();
    OP(EXCEPTION_TRIPLE) {
        MvValue exception = RB;
        MvValue *to = &RA;
        to[0] = mv_value(mv_class_of(vm, exception));
        to[1] = exception;
        to[2] = MV_CAST(MvException, exception)->traceback;
        DISPATCH();
    }
    OP(RAISE_SUPER_ERROR) SAVE_PC(); mv_raise(vm, MV_EXC_RuntimeError, "super(): %S", constants[BC]); ERROR();
    OP(RAISE_REFUSAL) SAVE_PC(); mv_raise(vm, MV_EXC_NotImplementedError, "%S", constants[BC]); ERROR();

poll_jumped: /* pc is already at the jump's target: the poll may raise there */
    SAVE_PC();
    if (mv_poll_slow(vm)) {
        pc++; /* the first word of the target instruction stands for the place */
        goto error;
    }
    DISPATCH();

error: /* vm->exception is set, or the run is ending; pc is behind the instruction that raised */
    if (MV_LIKELY(!vm->ending))
        mv_traceback_add(vm, vm->exception, code_of(base), pc - 1 - code_of(base)->words);
unwind:
    for (;;) {
        MvCode *code = code_of(base);
        if (MV_LIKELY(!vm->ending)) {
            uint32_t word = (uint32_t)(pc - 1 - code->words);
            const MvExceptionRange *range = mv_find_handler(code, word);
            if (range) {
                base[range->reg] = vm->exception;
                vm->exception = 0;
                pc = code->words + range->handler;
                constants = code->constants;
                records = code->records;
                DISPATCH();
            }
        }
        MvValue mode = base[MV_FRAME_MODE];
        vm->depth--;
        if (mode == MV_MODE_GENERATOR || mode == MV_MODE_GENERATOR_ENTRY) {
            mv_generator_finish(vm, MV_CAST(MvGenerator, base[MV_FRAME_FUNCTION]));
            mv_generator_stop_to_runtime_error(vm);
        }
        base = vm->base = (MvValue *)base[MV_FRAME_CALLER];
        if (mode == MV_MODE_ENTRY || mode == MV_MODE_GENERATOR_ENTRY)
            return MV_EXC;
        pc = (const MvInstruction *)base[MV_FRAME_PC];
        if (MV_LIKELY(!vm->ending))
            mv_traceback_add(vm, vm->exception, code_of(base), pc - 1 - code_of(base)->words);
    }
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
    return mv_interpret_frame(vm, base, code->words, false);
}
