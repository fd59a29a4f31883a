/* The class bool: its two instances are the static objects mv_singletons[0] and [1]. What is not here comes from
 * int. */
#include "numbers.h"

static MvValue bool_repr(MvVM *vm, MvValue self) { return mv_intern_c(vm, self == MV_TRUE ? "True" : "False"); }

static MvValue bool_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if ((kwnames && !mv_keywords_none(vm, "bool", kwnames)) || !mv_count_args(vm, "bool", nargs, 0, 1))
        return MV_EXC;
    int truth = nargs ? mv_truth(vm, args[0]) : 0;
    return truth < 0 ? MV_EXC : mv_bool(truth);
}

static MvValue bool_binary(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (mv_is_kind(a, MV_KIND_BOOL) && mv_is_kind(b, MV_KIND_BOOL)) {
        switch (op) {
        case MV_BINARY_AND: return mv_bool(a == MV_TRUE && b == MV_TRUE);
        case MV_BINARY_OR: return mv_bool(a == MV_TRUE || b == MV_TRUE);
        case MV_BINARY_XOR: return mv_bool(a != b);
        default: break;
        }
    }
    return mv_int_binary(vm, op, a, b);
}

static int bool_truth(MvVM *vm, MvValue self) { return self == MV_TRUE; }

const MvTypeDef mv_type_BOOL = {
    .kind = MV_KIND_BOOL,
    .size = sizeof(MvSingleton),
    .repr = bool_repr,
    .binary = bool_binary,
    .truth = bool_truth,
    .make = bool_make,
};
