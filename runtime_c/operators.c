/* Operators on any values: comparison, arithmetic with its reflected and in-place forms, and conversions to numbers.
 *
 * Called by the interpreter's slow paths and by C code that works on values. The order in which the operands are
 * asked is Python's: the right one first if its class derives from the left one's (and, for arithmetic, provides the
 * reflected method anew). A builtin class's instance goes straight to the slot of its const def, an instance of a
 * user class through mv_special. */
#include "calling.h"
#include "class.h"
#include "containers.h"
#include "interp.h"
#include "numbers.h"

/* ---- comparison ---- */

static const char *const compare_symbols[] = {
#define SYMBOL(NAME, symbol, dunder) symbol,
    MV_COMPARE_ROWS(SYMBOL)
};
static const uint8_t compare_swapped[] = {MV_COMPARE_GT, MV_COMPARE_GE, MV_COMPARE_EQ, MV_COMPARE_NE, MV_COMPARE_LT, MV_COMPARE_LE};

/* a's own opinion: a value or NotImplemented. */
static MvValue compare_one(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvClass *cls = mv_class_of(vm, a);
    if (mv_class_is_builtin(cls)) {
        MvValue (*compare)(MvVM *, int, MvValue, MvValue) = MV_SLOT(cls->def, compare);
        return compare ? compare(vm, op, a, b) : MV_NOTIMPLEMENTED;
    }
    MvValue method = mv_special(vm, cls, MV_SP_LT + op);
    if (method == MV_UNASSIGNED)
        return MV_NOTIMPLEMENTED;
    if (mv_is_objects(vm, method, MV_SP_LT + op)) {
        if (op == MV_COMPARE_NE) { /* object.__ne__: the inverse of __eq__ */
            const uint32_t counted = !mv_is_objects(vm, mv_special(vm, cls, MV_SP_EQ), MV_SP_EQ); /* CPython calls it by its wrapper */
            if (MV_UNLIKELY(vm->depth + counted > vm->depth_limit))
                return mv_raise_recursion(vm, MV_WHILE_CALLING);
            vm->depth += counted;
            MvValue equal = compare_one(vm, MV_COMPARE_EQ, a, b);
            vm->depth -= counted;
            if (equal == MV_EXC || equal == MV_NOTIMPLEMENTED)
                return equal;
            int truth = mv_truth(vm, equal);
            return truth < 0 ? MV_EXC : mv_bool(!truth);
        }
        return op == MV_COMPARE_EQ && a == b ? MV_TRUE : MV_NOTIMPLEMENTED;
    }
    if (mv_is_method_descriptor(vm, method))
        return mv_call_special(vm, method, a, &b, 1);
    MvValue bound = mv_descriptor_bind(vm, method, a, mv_value(cls));
    if (bound == MV_EXC && !vm->ending) { /* as CPython: a method that cannot be had is none */
        mv_exception_take(vm);
        return MV_NOTIMPLEMENTED;
    }
    return bound == MV_EXC ? MV_EXC : mv_call1(vm, bound, b);
}

/* The frequent cases that need no look-up: strs, of which only short ones are ordered here (no poll), and immediate
 * numbers. 1, 0, or -1: not such a case. */
MV_INLINE int quick_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (mv_is_pointer(a) != mv_is_pointer(b) || MV_UNLIKELY(vm->depth >= vm->depth_limit))
        return -1;
    double x, y;
    if (mv_is_pointer(a)) {
        if (mv_object(a)->shape != MV_CLASS_STR || mv_object(b)->shape != MV_CLASS_STR)
            return -1;
        const MvStr *s = MV_CAST(MvStr, a), *t = MV_CAST(MvStr, b);
        if (op == MV_COMPARE_EQ || op == MV_COMPARE_NE)
            return mv_str_equal(s, t) == (op == MV_COMPARE_EQ);
        if (s->length > 1024 && t->length > 1024)
            return -1;
        int order = mv_str_order(s, t);
        switch (op) {
        case MV_COMPARE_LT: return order < 0;
        case MV_COMPARE_LE: return order <= 0;
        case MV_COMPARE_GT: return order > 0;
        default: return order >= 0;
        }
    } else {
        const int64_t exact = 1ll << 53; /* ints up to here are doubles */
        if ((mv_is_int(a) && (mv_to_fixnum(a) > exact || mv_to_fixnum(a) < -exact)) || (mv_is_int(b) && (mv_to_fixnum(b) > exact || mv_to_fixnum(b) < -exact)))
            return -1;
        x = mv_is_int(a) ? (double)mv_to_fixnum(a) : mv_word_double(a);
        y = mv_is_int(b) ? (double)mv_to_fixnum(b) : mv_word_double(b);
    }
    switch (op) {
    case MV_COMPARE_LT: return x < y;
    case MV_COMPARE_LE: return x <= y;
    case MV_COMPARE_EQ: return x == y;
    case MV_COMPARE_NE: return x != y;
    case MV_COMPARE_GT: return x > y;
    default: return x >= y;
    }
}

/* Neither operand has an opinion. */
static MvValue compare_neither(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (op == MV_COMPARE_EQ)
        return mv_bool(a == b);
    if (op == MV_COMPARE_NE)
        return mv_bool(a != b);
    return mv_type_error(vm, "'%s' not supported between instances of '%T' and '%T'", compare_symbols[op], a, b);
}

MvValue mv_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    int quick = quick_compare(vm, op, a, b);
    if (quick >= 0)
        return mv_bool(quick);
    if (!mv_enter(vm, " in comparison"))
        return MV_EXC;
    MvClass *ca = mv_class_of(vm, a), *cb = mv_class_of(vm, b);
    bool reflected_first = ca != cb && !mv_class_is_builtin(cb) && mv_is_subclass(cb, mv_shown_class(vm, a));
    MvValue result = MV_NOTIMPLEMENTED;
    if (reflected_first)
        result = compare_one(vm, compare_swapped[op], b, a);
    if (result == MV_NOTIMPLEMENTED)
        result = compare_one(vm, op, a, b);
    if (result == MV_NOTIMPLEMENTED && !reflected_first)
        result = compare_one(vm, compare_swapped[op], b, a);
    mv_leave(vm);
    return result == MV_NOTIMPLEMENTED ? compare_neither(vm, op, a, b) : result;
}

MvValue mv_compare_own(MvVM *vm, int op, MvValue a, MvValue b) { return compare_one(vm, op, a, b); }

MvValue mv_compare_declined(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvValue result = compare_one(vm, compare_swapped[op], b, a);
    return result == MV_NOTIMPLEMENTED ? compare_neither(vm, op, a, b) : result;
}

int mv_compare_truth(MvVM *vm, int op, MvValue a, MvValue b)
{
    int quick = quick_compare(vm, op, a, b);
    if (quick >= 0)
        return quick;
    MvValue result = mv_compare(vm, op, a, b);
    return result == MV_EXC ? -1 : result == MV_TRUE ? 1 : result == MV_FALSE ? 0 : mv_truth(vm, result);
}

int mv_equal(MvVM *vm, MvValue a, MvValue b) { return a == b ? 1 : mv_compare_truth(vm, MV_COMPARE_EQ, a, b); }

/* ---- arithmetic ---- */

static const char *const binary_symbols[] = {
#define SYMBOL2(NAME, symbol, dunder) symbol,
    MV_BINARY_ROWS(SYMBOL2)
};

static MvValue special_binary(MvVM *vm, MvClass *cls, int special, MvValue self, MvValue other)
{
    MvValue method = mv_special(vm, cls, special);
    return method == MV_UNASSIGNED ? MV_NOTIMPLEMENTED : mv_call_special(vm, method, self, &other, 1);
}

static MvValue left_operand(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvClass *ca = mv_class_of(vm, a);
    if (mv_class_is_builtin(ca))
        return MV_SLOT(ca->def, binary) ? MV_SLOT(ca->def, binary)(vm, op, a, b) : MV_NOTIMPLEMENTED;
    return special_binary(vm, ca, MV_SP_ADD + op, a, b);
}

static MvValue right_operand(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvClass *cb = mv_class_of(vm, b);
    if (mv_class_is_builtin(cb)) {
        MvClass *ca = mv_class_of(vm, a);
        MvValue (*binary)(MvVM *, int, MvValue, MvValue) = MV_SLOT(cb->def, binary);
        if (!binary || (mv_class_is_builtin(ca) && MV_SLOT(ca->def, binary) == binary))
            return MV_NOTIMPLEMENTED;
        return binary(vm, op, a, b);
    }
    return special_binary(vm, cb, MV_SP_RADD + op, b, a);
}

/* A subclass that provides the reflected method anew goes first. What both classes get is compared, not what they hold: a classmethod gives each its own. */
static bool right_goes_first(MvVM *vm, int op, MvClass *ca, MvClass *cb)
{
    if (ca->id == MV_CLASS_NAMESPACE_DICT)
        ca = vm->classes[MV_CLASS_DICT];
    if (ca == cb || mv_class_is_builtin(cb) || !mv_is_subclass(cb, ca))
        return false;
    MvValue own = mv_special(vm, cb, MV_SP_RADD + op);
    return own != MV_UNASSIGNED && (own != mv_special(vm, ca, MV_SP_RADD + op) || mv_is_kind(own, MV_KIND_CLASSMETHOD));
}

/* ---- + and * where an operand is an instance of str, list, tuple or a class that derives from them ----
 * In CPython these operators of sequences are slots of their own kind, which are asked after the operators of numbers of both operands, and raise
 * where those decline. A class that derives from a sequence has operators of numbers if it defines a method of theirs or once did (class.c), and the sequence's otherwise. */

static bool concerns_sequences(int op, MvValue a, MvValue b)
{
    return (op == MV_BINARY_ADD || op == MV_BINARY_MUL) && (mv_sequence_def(a) || mv_sequence_def(b));
}

/* NULL or a def whose binary slot is the sequence's + or * of v. */
static const MvTypeDef *sequence_slot(MvVM *vm, int op, MvValue v)
{
    const MvTypeDef *def = mv_sequence_def(v);
    MvClass *cls = mv_class_of(vm, v);
    if (!def || mv_class_is_builtin(cls))
        return def;
    bool kept = mv_is_inherited(vm, cls, mv_special(vm, cls, MV_SP_ADD + op), MV_SP_ADD + op) &&
                (op == MV_BINARY_ADD || mv_is_inherited(vm, cls, mv_special(vm, cls, MV_SP_RADD + op), MV_SP_RADD + op));
    return kept ? def : NULL;
}

/* Has v the operator as numbers have it? */
static bool has_number_slot(MvVM *vm, int op, MvValue v)
{
    MvClass *cls = mv_class_of(vm, v);
    if (mv_class_is_builtin(cls) || !mv_sequence_def(v))
        return !mv_sequence_def(v);
    return cls->flags & (op == MV_BINARY_ADD ? MV_CLASSF_NUMBER_ADD : MV_CLASSF_NUMBER_MUL);
}

static MvValue number_operators(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvClass *ca = mv_class_of(vm, a), *cb = mv_class_of(vm, b);
    MvValue result = MV_NOTIMPLEMENTED;
    bool has_right = ca != cb && has_number_slot(vm, op, b), right_first = has_right && right_goes_first(vm, op, ca, cb);
    if (right_first)
        result = right_operand(vm, op, a, b);
    if (result == MV_NOTIMPLEMENTED && has_number_slot(vm, op, a))
        result = left_operand(vm, op, a, b);
    if (result == MV_NOTIMPLEMENTED && has_right && !right_first)
        result = right_operand(vm, op, a, b);
    return result;
}

/* NotImplemented: neither operand is a sequence with such an operator. */
static MvValue sequence_operators(MvVM *vm, int op, MvValue a, MvValue b, bool inplace)
{
    const MvTypeDef *def = sequence_slot(vm, op, a);
    if (op == MV_BINARY_ADD)
        return def ? mv_sequence_add(vm, def, a, b) : MV_NOTIMPLEMENTED;
    if (def)
        return mv_sequence_repeat(vm, def, a, b, false);
    MvClass *cls = mv_class_of(vm, a);
    if (inplace && (!mv_class_is_builtin(cls) || cls->def->length || cls->def->contains))
        return MV_NOTIMPLEMENTED; /* a has some part of the protocol of sequences, so that b is not asked */
    def = sequence_slot(vm, op, b);
    return def ? mv_sequence_repeat(vm, def, b, a, false) : MV_NOTIMPLEMENTED;
}

/* ---- all operators ---- */

static MvValue binary_unsupported(MvVM *vm, int op, MvValue a, MvValue b, const char *suffix)
{
    if (op == MV_BINARY_POW && suffix[0])
        return mv_type_error(vm, "unsupported operand type(s) for **=: '%T' and '%T'", a, b);
    return mv_type_error(vm, "unsupported operand type(s) for %s%s: '%T' and '%T'", binary_symbols[op], suffix, a, b);
}

static MvValue binary_or_not(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvClass *ca = mv_class_of(vm, a), *cb = mv_class_of(vm, b);
    MvValue result = MV_NOTIMPLEMENTED;
    if (mv_class_is_builtin(ca) && mv_class_is_builtin(cb)) {
        result = left_operand(vm, op, a, b);
        if (result == MV_NOTIMPLEMENTED && ca != cb)
            result = right_operand(vm, op, a, b);
        return result == MV_NOTIMPLEMENTED && concerns_sequences(op, a, b) ? sequence_operators(vm, op, a, b, false) : result;
    }
    if (concerns_sequences(op, a, b)) {
        result = number_operators(vm, op, a, b);
        return result == MV_NOTIMPLEMENTED ? sequence_operators(vm, op, a, b, false) : result;
    }
    bool right_first = right_goes_first(vm, op, ca, cb);
    if (right_first)
        result = right_operand(vm, op, a, b);
    if (result == MV_NOTIMPLEMENTED)
        result = left_operand(vm, op, a, b);
    if (result == MV_NOTIMPLEMENTED && !right_first && (ca != cb))
        result = right_operand(vm, op, a, b);
    return result;
}

MvValue mv_binary(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvValue result = binary_or_not(vm, op, a, b);
    return result == MV_NOTIMPLEMENTED ? binary_unsupported(vm, op, a, b, "") : result;
}

MvValue mv_reflected_declined(MvVM *vm, int op, MvValue a, MvValue b, bool augmented) { return binary_unsupported(vm, op, a, b, augmented ? "=" : ""); }

MvValue mv_inplace_declined(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvValue result = binary_or_not(vm, op, a, b);
    return result == MV_NOTIMPLEMENTED ? binary_unsupported(vm, op, a, b, "=") : result;
}

MvValue mv_binary_declined(MvVM *vm, int op, MvValue a, MvValue b, bool augmented)
{
    MvValue result = MV_NOTIMPLEMENTED;
    bool sequences = concerns_sequences(op, a, b);
    if (mv_class_of(vm, a) != mv_class_of(vm, b) && (!sequences || has_number_slot(vm, op, b)))
        result = right_operand(vm, op, a, b);
    if (result == MV_NOTIMPLEMENTED && sequences)
        result = sequence_operators(vm, op, a, b, false);
    return result == MV_NOTIMPLEMENTED ? binary_unsupported(vm, op, a, b, augmented ? "=" : "") : result;
}

MvValue mv_inplace(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvClass *cls = mv_class_of(vm, a);
    bool sequences = concerns_sequences(op, a, b);
    /* What is a list's own comes last, as in sequence_operators. */
    bool list = sequences && mv_is_kind(a, MV_KIND_LIST) && (op == MV_BINARY_ADD || !(cls->flags & MV_CLASSF_NUMBER_IMUL)) &&
                (mv_class_is_builtin(cls) || mv_is_inherited(vm, cls, mv_special(vm, cls, MV_SP_IADD + op), MV_SP_IADD + op));
    MvValue result = MV_NOTIMPLEMENTED;
    if (list && op == MV_BINARY_ADD && !mv_class_is_builtin(cls))
        result = mv_type_LIST.inplace(vm, op, a, b); /* which CPython takes for an operator of numbers in a subclass */
    else if (!list && mv_class_is_builtin(cls) && cls->def->inplace)
        result = cls->def->inplace(vm, op, a, b);
    else if (!list && !mv_class_is_builtin(cls))
        result = special_binary(vm, cls, MV_SP_IADD + op, a, b);
    if (result == MV_NOTIMPLEMENTED && !sequences)
        result = binary_or_not(vm, op, a, b);
    if (result == MV_NOTIMPLEMENTED && sequences) {
        if (!mv_class_is_builtin(cls) || !mv_class_is_builtin(mv_class_of(vm, b)))
            result = number_operators(vm, op, a, b);
        if (result == MV_NOTIMPLEMENTED && list)
            result = op == MV_BINARY_MUL ? mv_sequence_repeat(vm, &mv_type_LIST, a, b, true) : mv_type_LIST.inplace(vm, op, a, b);
        if (result == MV_NOTIMPLEMENTED)
            result = sequence_operators(vm, op, a, b, true);
    }
    return result == MV_NOTIMPLEMENTED ? binary_unsupported(vm, op, a, b, "=") : result;
}

/* What stands in CPython's nb_power slot of a class. */
typedef enum PowerSlot { POWER_NONE, POWER_INT, POWER_FLOAT, POWER_OWN } PowerSlot;

static PowerSlot power_slot(MvVM *vm, MvValue v)
{
    MvClass *cls = mv_class_of(vm, v);
    if (!mv_class_is_builtin(cls))
        for (int i = 0; i < 2; i++) {
            MvValue method = mv_special(vm, cls, i ? MV_SP_RPOW : MV_SP_POW);
            if (method != MV_UNASSIGNED && !mv_is_kind(method, MV_KIND_BUILTIN))
                return POWER_OWN;
        }
    return mv_is_int_like(v) ? POWER_INT : mv_is_float_like(v) ? POWER_FLOAT : POWER_NONE;
}

static MvValue call_power(MvVM *vm, PowerSlot slot, PowerSlot of_base, MvValue base, MvValue exponent, MvValue modulus)
{
    if (slot == POWER_FLOAT)
        return mv_type_error(vm, "pow() 3rd argument not allowed unless all arguments are integers");
    if (slot == POWER_INT)
        return mv_is_int_like(base) && mv_is_int_like(exponent) && mv_is_int_like(modulus) ? mv_int_power_modulo(vm, base, exponent, modulus)
                                                                                            : MV_NOTIMPLEMENTED;
    if (slot == POWER_NONE || of_base != POWER_OWN) /* __rpow__ has no part in it */
        return MV_NOTIMPLEMENTED;
    MvValue method = mv_special(vm, mv_class_of(vm, base), MV_SP_POW), args[2] = {exponent, modulus};
    return method == MV_UNASSIGNED ? mv_raise(vm, MV_EXC_AttributeError, "__pow__") : mv_call_special(vm, method, base, args, 2);
}

/* The slots of all three are asked, each once, an exponent's of a derived class before the base's. */
MvValue mv_power(MvVM *vm, MvValue a, MvValue b, MvValue modulus)
{
    if (modulus == MV_NONE)
        return mv_binary(vm, MV_BINARY_POW, a, b);
    PowerSlot of_base = power_slot(vm, a), slots[3] = {of_base, power_slot(vm, b), power_slot(vm, modulus)};
    MvClass *base = mv_class_of(vm, a), *exponent = mv_class_of(vm, b);
    if (slots[0] != slots[1] && slots[0] && slots[1] && mv_is_subclass(exponent, base)) {
        slots[0] = slots[1];
        slots[1] = of_base;
    }
    for (int i = 0; i < 3; i++) {
        if ((i > 0 && slots[i] == slots[0]) || (i > 1 && slots[i] == slots[1]))
            continue;
        MvValue result = call_power(vm, slots[i], of_base, a, b, modulus);
        if (result != MV_NOTIMPLEMENTED)
            return result;
    }
    return mv_type_error(vm, "unsupported operand type(s) for ** or pow(): '%T', '%T', '%T'", a, b, modulus);
}

MvValue mv_unary(MvVM *vm, int special, MvValue a)
{
    MvClass *cls = mv_class_of(vm, a);
    MvValue result = MV_NOTIMPLEMENTED;
    if (mv_class_is_builtin(cls)) {
        if (MV_SLOT(cls->def, unary))
            result = MV_SLOT(cls->def, unary)(vm, special, a);
    } else {
        MvValue method = mv_special(vm, cls, special);
        if (method != MV_UNASSIGNED)
            return mv_call_special(vm, method, a, NULL, 0);
    }
    if (result != MV_NOTIMPLEMENTED)
        return result;
    if (special == MV_SP_ABS)
        return mv_type_error(vm, "bad operand type for abs(): '%T'", a);
    return mv_type_error(vm, "bad operand type for unary %s: '%T'", special == MV_SP_NEG ? "-" : special == MV_SP_POS ? "+" : "~", a);
}

/* ---- numbers ---- */

MvValue mv_index(MvVM *vm, MvValue v)
{
    if (mv_is_int(v) || mv_is_int_like(v))
        return v;
    MvClass *cls = mv_class_of(vm, v);
    MvValue method = mv_class_is_builtin(cls) ? MV_UNASSIGNED : mv_special(vm, cls, MV_SP_INDEX);
    if (method == MV_UNASSIGNED)
        return mv_type_error(vm, "'%N' object cannot be interpreted as an integer", cls);
    MvValue result = mv_call_special(vm, method, v, NULL, 0);
    if (result != MV_EXC && !mv_is_int_like(result))
        return mv_type_error(vm, "__index__ returned non-int (type %T)", result);
    return result;
}

bool mv_index_i64(MvVM *vm, MvValue v, int64_t *out, bool clip)
{
    if (MV_LIKELY(mv_is_int(v))) {
        *out = mv_to_fixnum(v);
        return true;
    }
    MvValue index = mv_index(vm, v);
    if (index == MV_EXC)
        return false;
    if (mv_int_to_i64(index, out))
        return true;
    if (clip) {
        *out = mv_int_sign(index) < 0 ? INT64_MIN : INT64_MAX;
        return true;
    }
    mv_raise(vm, MV_EXC_OverflowError, "cannot fit '%T' into an index-sized integer", v);
    return false;
}

bool mv_to_double(MvVM *vm, MvValue v, double *out)
{
    if (mv_is_float_like(v)) {
        *out = mv_float_value(v);
        return true;
    }
    if (mv_is_int(v)) {
        *out = (double)mv_to_fixnum(v);
        return true;
    }
    MvClass *cls = mv_class_of(vm, v);
    if (!mv_class_is_builtin(cls)) {
        MvValue method = mv_special(vm, cls, MV_SP_FLOAT);
        if (method != MV_UNASSIGNED && !mv_is_inherited(vm, cls, method, MV_SP_FLOAT)) {
            MvValue result = mv_call_special(vm, method, v, NULL, 0);
            if (result == MV_EXC)
                return false;
            if (!mv_is_float_like(result)) {
                mv_type_error(vm, "%N.__float__ returned non-float (type %T)", cls, result);
                return false;
            }
            *out = mv_float_value(result);
            return true;
        }
        if (!mv_is_int_like(v) && mv_special(vm, cls, MV_SP_INDEX) != MV_UNASSIGNED) {
            v = mv_index(vm, v);
            if (v == MV_EXC)
                return false;
        }
    }
    if (!mv_is_int_like(v)) {
        mv_type_error(vm, "must be real number, not %T", v);
        return false;
    }
    bool overflow = false;
    *out = mv_int_to_double(vm, v, &overflow);
    if (overflow)
        mv_raise(vm, MV_EXC_OverflowError, "int too large to convert to float");
    return !overflow;
}
