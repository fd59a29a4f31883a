/* Calls of builtins from native code: which ones a function is going to meet, and what their templates (baseline/intrinsics.py) call.
 *
 * The table is MV_NATIVE_INTRINSICS (spec/native.py). A guess chooses a call's template, no more: each template and each helper here looks whether the
 * callee is the builtin that was guessed, by identity, and the operands what it can do; all else goes the way of all calls (CALL), which has done nothing
 * yet then. So a name that the program binds anew, instances of derived classes, and errors with their messages, need no thought here. */
#include "api.h"
#include "builtin.h"
#include "calling.h"
#include "containers.h"
#include "native_step.h"

/* ---- guesses ---- */

/* The last known callees by register: those of nested windows. */
enum { PLACES = 64 };
typedef struct Place {
    uint32_t reg;
    MvValue callee; /* UNASSIGNED: not known */
} Place;

static MvValue global_callee(MvVM *vm, const MvCode *code, uint32_t site)
{
    const MvIcRecord *record = &code->records[site];
    if (record->kind == MV_IC_GLOBAL)
        return MV_CAST(MvNameCell, record->w1)->value;
    MvValue name = code->constants[code->sites[site].name];
    MvValue value = code->module ? mv_module_get(vm, code->module, name) : MV_UNASSIGNED;
    return value != MV_UNASSIGNED ? value : mv_module_get(vm, vm->builtins, name);
}

static MvValue callee_of_record(const MvIcRecord *record)
{
    return record->kind == MV_IC_METHOD                                  ? record->w2
           : record->kind == MV_IC_VALUE || record->kind == MV_IC_OWNER ? MV_CAST(MvNameCell, record->w1)->value
                                                                         : MV_UNASSIGNED;
}

static MvValue method_callee(MvVM *vm, const MvCode *code, uint32_t site, bool by_name)
{
    static const struct { int number; const char *name; } methods[] = {
#define ROW(NAME, CLASS, name, least, most) {MV_CLASS_##CLASS == MV_CLASS_COUNT ? 0 : MV_INTRINSIC_##NAME, name},
        MV_NATIVE_INTRINSICS(ROW)
#undef ROW
    };
    const MvIcRecord *record = &code->records[site];
    if (record->kind == MV_IC_POLY) { /* several builtins are a builtin */
        const MvIcRecord *entries = mv_ic_entries(record);
        MvValue callee = callee_of_record(&entries[0]);
        for (int i = 1; i < MV_IC_POLY_LIMIT; i++)
            if (entries[i].kind && !mv_is_kind(callee_of_record(&entries[i]), MV_KIND_BUILTIN))
                callee = MV_UNASSIGNED;
        return callee;
    }
    if (record->kind || !by_name)
        return callee_of_record(record);
    MvValue name = code->constants[code->sites[site].name];
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (methods[i].number && mv_str_is_c(name, methods[i].name))
            return vm->intrinsics[methods[i].number];
    return MV_UNASSIGNED;
}

static uint32_t intrinsic_of(MvVM *vm, MvValue callee, uint32_t nargs, bool of_method)
{
    static const struct { uint8_t number, least, most; bool method; } rows[] = {
#define ROW(NAME, CLASS, name, least, most) {MV_INTRINSIC_##NAME, least, most, MV_CLASS_##CLASS != MV_CLASS_COUNT},
        MV_NATIVE_INTRINSICS(ROW)
#undef ROW
    };
    if (!mv_is_pointer(callee) || callee == MV_UNASSIGNED)
        return MV_INTRINSIC_NONE;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (callee == vm->intrinsics[rows[i].number] && rows[i].method == of_method && nargs >= rows[i].least && nargs <= rows[i].most)
            return rows[i].number;
    bool builtin_class = mv_is_kind(callee, MV_KIND_CLASS) && MV_CAST(MvClass, callee)->flags & MV_CLASSF_BUILTIN;
    return builtin_class || mv_is_kind(callee, MV_KIND_BUILTIN) ? MV_INTRINSIC_BUILTIN : MV_INTRINSIC_NONE;
}

/* Is a class of the program called, and one with a Mini __init__? */
static bool constructs(const MvIcRecord *record, MvValue callee, bool by_name)
{
    if (record->kind || !by_name)
        return record->kind == MV_IC_CONSTRUCT && record->w1 != MV_NONE;
    return callee != MV_UNASSIGNED && mv_is_kind(callee, MV_KIND_CLASS) && !(MV_CAST(MvClass, callee)->flags & MV_CLASSF_BUILTIN);
}

void mv_native_guess(MvVM *vm, const MvCode *code, bool by_name, void *words)
{
    static const uint8_t lengths[MV_OPCODE_COUNT] = {
#define LENGTH(name, count) count,
        MV_OPCODES(LENGTH)
#undef LENGTH
    };
    Place places[PLACES];
    for (int i = 0; i < PLACES; i++)
        places[i] = (Place){.callee = MV_UNASSIGNED};
    for (uint32_t pc = 0; pc < code->word_count;) {
        const uint64_t insn = code->words[pc];
        const uint16_t opcode = (uint16_t)insn;
        const uint32_t reg = A, site = lengths[opcode] == 2 ? (uint32_t)code->words[pc + 1] : 0;
        Place *place = &places[reg % PLACES];
        switch (opcode) {
        case MV_OP_LOAD_GLOBAL:
            *place = (Place){reg, global_callee(vm, code, site)};
            break;
        case MV_OP_LOAD_METHOD:
            *place = (Place){reg, method_callee(vm, code, site, by_name)};
            break;
        case MV_OP_CALL:
        case MV_OP_CALL_METHOD: {
            const MvValue callee = place->reg == reg ? place->callee : MV_UNASSIGNED;
            uint32_t number = constructs(&code->records[site], callee, by_name) && (uint32_t)B + 1 < MV_NATIVE_EXACT_LIMIT
                                  ? MV_INTRINSIC_CONSTRUCT
                                  : intrinsic_of(vm, callee, B, opcode == MV_OP_CALL_METHOD);
            memcpy((char *)words + (pc + 1) * sizeof *code->words + sizeof(uint32_t), &number, sizeof number); /* operands d and e */
            places[C % PLACES].callee = MV_UNASSIGNED;
            place->callee = MV_UNASSIGNED;
            break;
        }
        default: /* it may write its register a */
            place->callee = MV_UNASSIGNED;
        }
        pc += lengths[opcode];
    }
}

/* ---- helpers ---- */

/* `window` is that of a call, `args` its arguments without self; a callee or operands that are not meant go the way of all calls, and so do calls
 * that are too deep for the levels that they count. */
#define INTRINSIC(name, levels, ...)                                                                                          \
    OP2(CALL_##name, {                                                                                                        \
        MvValue *window = &RA, *args = window + MV_WINDOW_ARGS;                                                               \
        (void)args;                                                                                                           \
        if (MV_LIKELY(window[0] == vm->intrinsics[MV_INTRINSIC_##name] && vm->depth + (levels) <= vm->depth_limit)) {            \
            __VA_ARGS__                                                                                                       \
        }                                                                                                                     \
        return mv_native_CALL_OTHER(vm, base, next);                                                                                \
    })
#define SET_C(expression)                                                                                                     \
    do {                                                                                                                      \
        MvValue set_c = (expression);                                                                                         \
        if (MV_UNLIKELY(set_c == MV_EXC))                                                                                     \
            return MV_STEP_RAISED;                                                                                            \
        RC = set_c;                                                                                                           \
        return MV_STEP_DONE;                                                                                                  \
    } while (0)
/* The self slot holds an instance of this very class. */
#define SELF_IS(class_id)                                                                                                     \
    (mv_is_pointer(window[MV_WINDOW_SELF]) && window[MV_WINDOW_SELF] != MV_UNASSIGNED && mv_object(window[MV_WINDOW_SELF])->shape == (class_id))

OP2(CALL_BUILTIN, {
    MvValue *window = &RA, *args = window + MV_WINDOW_ARGS;
    MvValue callee = window[0];
    if (MV_UNLIKELY(!mv_is_kind(callee, MV_KIND_BUILTIN)))
        return mv_native_CALL_OTHER(vm, base, next);
    NEEDS_ROOM(2)
    int64_t nargs = B;
    if (OPCODE == MV_OP_CALL_METHOD && window[MV_WINDOW_SELF] != MV_UNASSIGNED) {
        args--;
        nargs++;
    }
    SET_C(mv_ic_call_builtin(vm, RECORD, callee, args, nargs)); /* the self slot, or the frame header below it, is free for a bound self */
})
INTRINSIC(ISINSTANCE, 0, {
    if (MV_LIKELY(mv_is_kind(args[1], MV_KIND_CLASS))) {
        const MvClass *cls = MV_CAST(MvClass, args[1]), *of = mv_shown_class(vm, args[0]);
        if (of == cls || (cls->metaclass == mv_value(vm->classes[MV_CLASS_TYPE]) && mv_is_subclass(of, cls)))
            SET_C(MV_TRUE);
    }
})
INTRINSIC(RANGE, 1, {
    MvValue start = B == 2 ? args[0] : mv_from_fixnum(0), stop = args[B - 1];
    if (MV_LIKELY(mv_both_int(start, stop)))
        SET_C(mv_range_new(vm, start, stop, mv_from_fixnum(1)));
})
INTRINSIC(INT, 1, {
    MvValue value = args[0];
    if (mv_is_int(value))
        SET_C(value);
    if (mv_is_float(value))
        SET_C(mv_int_from_double(vm, mv_word_double(value)));
})
INTRINSIC(FLOAT, 0, {
    MvValue value = args[0];
    if (mv_is_float(value))
        SET_C(value);
    if (mv_is_int(value))
        SET_C(mv_float_new(vm, (double)mv_to_fixnum(value)));
})
INTRINSIC(STR, 1, {
    MvValue value = args[0];
    if (mv_is_int(value) || mv_is_float(value) || mv_object(value)->shape == MV_CLASS_STR)
        SET_C(mv_str(vm, value));
})
INTRINSIC(APPEND, 0, {
    if (MV_LIKELY(SELF_IS(MV_CLASS_LIST)))
        SET_C(mv_list_append(vm, MV_CAST(MvList, window[MV_WINDOW_SELF]), args[0]) ? MV_NONE : MV_EXC);
})
INTRINSIC(GET, 1, {
    if (MV_LIKELY(SELF_IS(MV_CLASS_DICT))) {
        NEEDS_ROOM(2)
        const uint32_t counted = !mv_frame_is_warm(vm);
        vm->depth += counted;
        MvValue value = mv_dict_get(vm, MV_CAST(MvDict, window[MV_WINDOW_SELF]), args[0]);
        vm->depth -= counted;
        SET_C(value != MV_UNASSIGNED ? value : B == 2 ? args[1] : MV_NONE);
    }
})
INTRINSIC(ADD, 1, {
    if (MV_LIKELY(SELF_IS(MV_CLASS_SET))) {
        NEEDS_ROOM(2)
        vm->depth++;
        bool added = mv_set_add(vm, MV_CAST(MvSet, window[MV_WINDOW_SELF]), args[0]);
        vm->depth--;
        SET_C(added ? MV_NONE : MV_EXC);
    }
})
