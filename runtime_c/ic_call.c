/* Inline caches of call sites: what their records learn of callees, and calls through them.
 *
 * Called by both tiers where a call is none of a Mini function whose arguments need no binding: that needs no record. ic.h has the kinds. A call site
 * has CONSTRUCT (ic.c), BUILTIN, and OPERATE for what ends in a Mini function; by shape and operand (mv_ic_fitting) these guard
 *     an instance with __call__       its shape, no operand          w2: __call__
 *     a bound method                  MV_CLASS_METHOD, its function  w2: the function
 *     a function that needs binding   MV_CLASS_FUNCTION, its code    w2: the code; feedback alone: the call is done without
 * A site that has met too many is MEGA: nothing is looked for then, the class's table of special methods says what to do. */
#include "builtin.h"
#include "class.h"
#include "ic.h"
#include "interp.h"
#include "interp_ops.h"

static void learn(MvVM *vm, MvIcRecord *record, MvIcRecord found)
{
    if (vm->ic_mode == 1 || record->kind == MV_IC_MEGA)
        return;
    mv_ic_note_name(vm, vm->special_names[MV_SP_CALL]);
    mv_ic_learn(vm, record, vm->special_names[MV_SP_CALL], found);
}

void mv_ic_call_learn_code(MvVM *vm, MvIcRecord *record, const MvCode *code)
{
    MvValue word = mv_value(code);
    if (!mv_ic_fitting(record, MV_CLASS_FUNCTION, word))
        learn(vm, record, (MvIcRecord){.kind = MV_IC_OPERATE, .shape = MV_CLASS_FUNCTION, .w1 = word, .w2 = word});
}

MvValue mv_ic_call_function_slow(MvVM *vm, MvIcRecord *record, MvValue callee, MvValue *self)
{
    if (!mv_is_pointer(callee))
        return 0;
    uint32_t shape = mv_object(callee)->shape;
    uint64_t operand = MV_IC_ANY_OPERAND;
    MvValue function = 0;
    *self = callee;
    if (shape == MV_CLASS_METHOD) {
        function = MV_CAST(MvMethod, callee)->function;
        if (!mv_is_kind(function, MV_KIND_FUNCTION))
            return 0;
        operand = function;
        *self = MV_CAST(MvMethod, callee)->self;
    } else if (shape < MV_CLASS_COUNT)
        return 0;
    const MvIcRecord *found = mv_ic_fitting(record, shape, operand);
    if (found)
        return found->w2;
    if (!function && !(function = mv_operator_function(vm, callee, MV_SP_CALL)))
        return 0;
    learn(vm, record, (MvIcRecord){.kind = MV_IC_OPERATE, .shape = shape, .w1 = operand, .w2 = function});
    return function;
}

void mv_ic_call_learn_builtin(MvVM *vm, MvIcRecord *record, MvValue callee, int64_t nargs)
{
    const MvBuiltin *builtin = MV_CAST(MvBuiltin, callee);
    const MvMethodDef *def = mv_builtin_def(builtin->id);
    bool has_self = builtin->owner < MV_CLASS_COUNT;
    int64_t given = nargs - has_self;
    bool checked = builtin->self == MV_UNASSIGNED && !mv_builtin_checks(builtin, def) && !def->params && given >= def->min && given <= (uint16_t)def->max && nargs < MV_IC_CHECKED_ALWAYS;
    learn(vm, record, (MvIcRecord){.kind = MV_IC_BUILTIN, .shape = mv_object(callee)->shape, .offset = checked ? (uint16_t)nargs : MV_IC_CHECKED_ALWAYS,
                                   .w1 = has_self ? mv_from_fixnum(builtin->owner) : MV_IC_ANY_OPERAND, .w2 = callee});
}
