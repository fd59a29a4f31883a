/* What HANDLER records of inline caches stand for (ic.h: MV_IC_HANDLERS): an operator on operands whose classes the record guards.
 *
 * Called by the slow paths of both tiers, with a record that fits. Operands are of builtin classes, but for identity. A handler does what
 * operators.c does for such operands after its questions, or returns NOTIMPLEMENTED with nothing done, and operators.c is asked. */
#include "ic.h"
#include "class.h"
#include "interp.h"

static MvValue concatenate(MvVM *vm, int op, MvValue a, MvValue b)
{
    (void)op;
    return mv_str_concat(vm, a, b);
}

static MvValue identity(MvVM *vm, int op, MvValue a, MvValue b)
{
    return MV_UNLIKELY(vm->depth >= vm->depth_limit) ? MV_NOTIMPLEMENTED : mv_bool((a == b) == (op == MV_COMPARE_EQ));
}

static MvValue arithmetic(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (mv_shape_of(a) == MV_CLASS_INT)
        return mv_int_binary(vm, op, a, b);
    return mv_class_of(vm, a)->def->binary(vm, op, a, b);
}

static MvValue comparison(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (!mv_enter(vm, " in comparison"))
        return MV_EXC;
    MvValue result = mv_class_of(vm, a)->def->compare(vm, op, a, b);
    mv_leave(vm);
    return result;
}

static MvValue subscript(MvVM *vm, int op, MvValue a, MvValue b)
{
    const MvTypeDef *def = op < MV_CLASS_COUNT ? vm->classes[op]->def : NULL; /* records are not trusted with what is called */
    return MV_LIKELY(def && def->get_item && mv_object(a)->kind == def->kind) ? def->get_item(vm, a, b) : mv_get_item(vm, a, b);
}

static MvValue keyed(MvVM *vm, int op, MvValue a, MvValue b)
{
    (void)vm;
    const MvDictTable *table = MV_CAST(MvDict, a)->table;
    return op < table->fill && table->entries[op].key == b && table->pad[0] ? table->entries[op].value : MV_NOTIMPLEMENTED;
}

MvIcHandler *const mv_ic_handlers[] = {
#define HANDLER(NAME, function) function,
    MV_IC_HANDLERS(HANDLER)
#undef HANDLER
};
