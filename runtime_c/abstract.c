/* Python's protocols on any value: what `repr(v)`, `a == b`, `a + b`, `v[k]`, `iter(v)` do, builtin slots first, special methods of classes else.
 *
 * A builtin class's instance goes straight to the slot of its const def; an instance of a user class goes through mv_special, which finds either a
 * Mini function or the wrapper of an inherited slot. */
#include "class.h"
#include "containers.h"
#include "interp.h"
#include "numbers.h"
#include <stdio.h>

MV_INLINE bool is_builtin_class(const MvClass *cls) { return cls->flags & MV_CLASSF_BUILTIN; }

bool mv_is(MvValue a, MvValue b)
{
    if (a == b)
        return true;
    /* A heap float or big int has no identity of its own: equal immutable values may be one object. */
    return false;
}

MvValue mv_call_special(MvVM *vm, MvValue function, MvValue self, MvValue *args, int64_t nargs)
{
    MvValue all[6];
    if (mv_is_method_descriptor(vm, function)) {
        all[1] = self;
        for (int64_t i = 0; i < nargs; i++)
            all[2 + i] = args[i];
        return mv_call(vm, function, all + 1, nargs + 1, 0);
    }
    MvValue bound = mv_descriptor_bind(vm, function, self, mv_value(mv_class_of(vm, self)));
    return bound == MV_EXC ? MV_EXC : mv_call(vm, bound, args, nargs, 0);
}

/* ---- text ---- */

static MvValue checked_text(MvVM *vm, MvValue result, const char *method)
{
    if (result != MV_EXC && !mv_is_kind(result, MV_KIND_STR))
        return mv_type_error(vm, "%s returned non-string (type %T)", method, result);
    return result;
}

static MvValue default_repr(MvVM *vm, MvValue v)
{
    MvClass *cls = mv_class_of(vm, v);
    MvValue name = mv_class_qualified_name(vm, cls);
    if (name == MV_EXC)
        return MV_EXC;
    char address[24];
    snprintf(address, sizeof address, "0x%012llx", (unsigned long long)(v & ~(MvValue)3));
    if (is_builtin_class(cls) && cls->id != MV_CLASS_OBJECT)
        return mv_format_message(vm, "<%S object at %s>", name, address);
    return mv_format_message(vm, "<%S object at %s>", name, address);
}

MvValue mv_repr(MvVM *vm, MvValue v)
{
    MvClass *cls = mv_class_of(vm, v);
    if (is_builtin_class(cls)) {
        MvValue (*repr)(MvVM *, MvValue) = MV_SLOT(cls->def, repr);
        return repr ? repr(vm, v) : default_repr(vm, v);
    }
    if (!mv_enter(vm, " while getting the repr of an object"))
        return MV_EXC;
    MvValue result = mv_call_special(vm, mv_special(vm, cls, MV_SP_REPR), v, NULL, 0);
    mv_leave(vm);
    return checked_text(vm, result, "__repr__");
}

MvValue mv_object_repr(MvVM *vm, MvValue v) { return default_repr(vm, v); }

MvValue mv_str(MvVM *vm, MvValue v)
{
    if (mv_is_kind(v, MV_KIND_STR) && mv_object(v)->shape == MV_CLASS_STR)
        return v;
    MvClass *cls = mv_class_of(vm, v);
    if (is_builtin_class(cls)) {
        MvValue (*str)(MvVM *, MvValue) = MV_SLOT(cls->def, str);
        return str ? str(vm, v) : mv_repr(vm, v);
    }
    MvValue method = mv_special(vm, cls, MV_SP_STR);
    if (mv_is_kind(method, MV_KIND_BUILTIN) && MV_CAST(MvBuiltin, method)->owner == MV_CLASS_OBJECT)
        return mv_repr(vm, v);
    if (!mv_enter(vm, " while getting the str of an object"))
        return MV_EXC;
    MvValue result = mv_call_special(vm, method, v, NULL, 0);
    mv_leave(vm);
    return checked_text(vm, result, "__str__");
}

MvValue mv_ascii(MvVM *vm, MvValue v)
{
    MvValue repr = mv_repr(vm, v);
    if (repr == MV_EXC || MV_CAST(MvStr, repr)->h.aux & MV_STR_ASCII)
        return repr;
    const MvStr *s = MV_CAST(MvStr, repr);
    MvBuilder b;
    mv_builder_begin(vm, &b);
    for (int64_t i = 0; i < s->length && !b.failed; i++) {
        uint32_t c = mv_str_char(s, i);
        char escape[16];
        if (c < 128)
            mv_builder_char(&b, c);
        else
            mv_builder_ascii(&b, escape, snprintf(escape, sizeof escape, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
    }
    return mv_builder_end(&b);
}

MvValue mv_format(MvVM *vm, MvValue v, MvValue spec)
{
    MvClass *cls = mv_class_of(vm, v);
    if (MV_CAST(MvStr, spec)->length == 0 && (cls->id == MV_CLASS_STR || cls->id == MV_CLASS_INT))
        return mv_str(vm, v);
    if (is_builtin_class(cls)) {
        if (cls->def->format)
            return cls->def->format(vm, v, spec);
        if (cls->id == MV_CLASS_BOOL && mv_type_INT.format)
            return MV_CAST(MvStr, spec)->length ? mv_type_INT.format(vm, v, spec) : mv_str(vm, v);
        return mv_object_format(vm, v, spec);
    }
    MvValue result = mv_call_special(vm, mv_special(vm, cls, MV_SP_FORMAT), v, &spec, 1);
    if (result != MV_EXC && !mv_is_kind(result, MV_KIND_STR))
        return mv_type_error(vm, "__format__ must return a str, not %T", result);
    return result;
}

MvValue mv_object_format(MvVM *vm, MvValue v, MvValue spec)
{
    if (MV_CAST(MvStr, spec)->length)
        return mv_type_error(vm, "unsupported format string passed to %T.__format__", v);
    return mv_str(vm, v);
}

/* ---- hash, truth ---- */

bool mv_hash(MvVM *vm, MvValue v, uint64_t *hash)
{
    MvClass *cls = mv_class_of(vm, v);
    if (is_builtin_class(cls)) {
        if (cls->def->unhashable) {
            mv_type_error(vm, "unhashable type: '%N'", cls);
            return false;
        }
        bool (*slot)(MvVM *, MvValue, uint64_t *) = MV_SLOT(cls->def, hash);
        if (slot)
            return slot(vm, v, hash);
        *hash = v >> 4 | v << 60;
        return true;
    }
    MvValue method = mv_special(vm, cls, MV_SP_HASH);
    if (method == MV_NONE || method == MV_UNASSIGNED) {
        mv_type_error(vm, "unhashable type: '%N'", cls);
        return false;
    }
    if (mv_is_kind(method, MV_KIND_BUILTIN) && MV_CAST(MvBuiltin, method)->owner == MV_CLASS_OBJECT) {
        *hash = v >> 4 | v << 60;
        return true;
    }
    MvValue result = mv_call_special(vm, method, v, NULL, 0);
    if (result == MV_EXC)
        return false;
    if (!mv_is_int_like(result)) {
        mv_type_error(vm, "__hash__ method should return an integer");
        return false;
    }
    int64_t i;
    if (!mv_int_to_i64(result, &i))
        return mv_type_INT.hash(vm, result, hash);
    *hash = (uint64_t)(i == -1 ? -2 : i);
    return true;
}

int mv_truth(MvVM *vm, MvValue v)
{
    if (v == MV_TRUE)
        return 1;
    if (v == MV_FALSE || v == MV_NONE)
        return 0;
    if (mv_is_int(v))
        return v != 0;
    if (mv_is_float(v))
        return mv_word_double(v) != 0;
    MvClass *cls = mv_class_of(vm, v);
    if (is_builtin_class(cls)) {
        if (cls->def->truth)
            return cls->def->truth(vm, v);
        if (cls->def->length) {
            int64_t length = cls->def->length(vm, v);
            return length < 0 ? -1 : length != 0;
        }
        return 1;
    }
    MvValue method = mv_special(vm, cls, MV_SP_BOOL);
    if (method != MV_UNASSIGNED) {
        MvValue result = mv_call_special(vm, method, v, NULL, 0);
        if (result == MV_EXC)
            return -1;
        if (result != MV_TRUE && result != MV_FALSE) {
            mv_type_error(vm, "__bool__ should return bool, returned %T", result);
            return -1;
        }
        return result == MV_TRUE;
    }
    if (mv_special(vm, cls, MV_SP_LEN) == MV_UNASSIGNED)
        return 1;
    int64_t length = mv_length(vm, v);
    return length < 0 ? -1 : length != 0;
}

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
    if (is_builtin_class(cls)) {
        MvValue (*compare)(MvVM *, int, MvValue, MvValue) = MV_SLOT(cls->def, compare);
        return compare ? compare(vm, op, a, b) : MV_NOTIMPLEMENTED;
    }
    MvValue method = mv_special(vm, cls, MV_SP_LT + op);
    if (method == MV_UNASSIGNED)
        return MV_NOTIMPLEMENTED;
    if (mv_is_kind(method, MV_KIND_BUILTIN) && MV_CAST(MvBuiltin, method)->owner == MV_CLASS_OBJECT) {
        if (op == MV_COMPARE_NE) { /* object.__ne__: the inverse of __eq__ */
            MvValue equal = compare_one(vm, MV_COMPARE_EQ, a, b);
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

MvValue mv_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (mv_is_pointer(a) && mv_is_pointer(b) && mv_object(a)->shape == MV_CLASS_STR && mv_object(b)->shape == MV_CLASS_STR) {
        const MvStr *x = MV_CAST(MvStr, a), *y = MV_CAST(MvStr, b);
        if (op == MV_COMPARE_EQ)
            return mv_bool(a == b || mv_str_equal(x, y));
        if (op == MV_COMPARE_NE)
            return mv_bool(a != b && !mv_str_equal(x, y));
    }
    if (!mv_enter(vm, " in comparison"))
        return MV_EXC;
    MvClass *ca = mv_class_of(vm, a), *cb = mv_class_of(vm, b);
    bool reflected_first = ca != cb && !is_builtin_class(cb) && mv_is_subclass(cb, ca);
    MvValue result = MV_NOTIMPLEMENTED;
    if (reflected_first)
        result = compare_one(vm, compare_swapped[op], b, a);
    if (result == MV_NOTIMPLEMENTED)
        result = compare_one(vm, op, a, b);
    if (result == MV_NOTIMPLEMENTED && !reflected_first)
        result = compare_one(vm, compare_swapped[op], b, a);
    mv_leave(vm);
    if (result != MV_NOTIMPLEMENTED)
        return result;
    if (op == MV_COMPARE_EQ)
        return mv_bool(a == b);
    if (op == MV_COMPARE_NE)
        return mv_bool(a != b);
    return mv_type_error(vm, "'%s' not supported between instances of '%T' and '%T'", compare_symbols[op], a, b);
}

int mv_compare_truth(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvValue result = mv_compare(vm, op, a, b);
    return result == MV_EXC ? -1 : mv_truth(vm, result);
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
    if (is_builtin_class(ca))
        return MV_SLOT(ca->def, binary) ? MV_SLOT(ca->def, binary)(vm, op, a, b) : MV_NOTIMPLEMENTED;
    return special_binary(vm, ca, MV_SP_ADD + op, a, b);
}

static MvValue right_operand(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvClass *cb = mv_class_of(vm, b);
    if (is_builtin_class(cb)) {
        MvClass *ca = mv_class_of(vm, a);
        MvValue (*binary)(MvVM *, int, MvValue, MvValue) = MV_SLOT(cb->def, binary);
        if (!binary || (is_builtin_class(ca) && MV_SLOT(ca->def, binary) == binary))
            return MV_NOTIMPLEMENTED;
        return binary(vm, op, a, b);
    }
    return special_binary(vm, cb, MV_SP_RADD + op, b, a);
}

static MvValue binary_unsupported(MvVM *vm, int op, MvValue a, MvValue b, const char *suffix)
{
    MvValue result = mv_sequence_operand_error(vm, op, a, b);
    if (result != MV_NOTIMPLEMENTED)
        return result;
    if (op == MV_BINARY_POW && suffix[0])
        return mv_type_error(vm, "unsupported operand type(s) for **=: '%T' and '%T'", a, b);
    return mv_type_error(vm, "unsupported operand type(s) for %s%s: '%T' and '%T'", binary_symbols[op], suffix, a, b);
}

static MvValue binary_or_not(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvClass *ca = mv_class_of(vm, a), *cb = mv_class_of(vm, b);
    MvValue result = MV_NOTIMPLEMENTED;
    bool tried_right = false;
    if (ca != cb && !is_builtin_class(cb) && mv_is_subclass(cb, ca)) {
        /* A subclass that provides the reflected method anew goes first. */
        MvValue own = mv_special(vm, cb, MV_SP_RADD + op);
        if (own != MV_UNASSIGNED && own != mv_special(vm, ca, MV_SP_RADD + op)) {
            tried_right = true;
            result = right_operand(vm, op, a, b);
        }
    }
    if (result == MV_NOTIMPLEMENTED)
        result = left_operand(vm, op, a, b);
    if (result == MV_NOTIMPLEMENTED && !tried_right && (ca != cb))
        result = right_operand(vm, op, a, b);
    return result;
}

MvValue mv_binary(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvValue result = binary_or_not(vm, op, a, b);
    return result == MV_NOTIMPLEMENTED ? binary_unsupported(vm, op, a, b, "") : result;
}

MvValue mv_binary_declined(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvValue result = mv_class_of(vm, a) != mv_class_of(vm, b) ? right_operand(vm, op, a, b) : MV_NOTIMPLEMENTED;
    return result == MV_NOTIMPLEMENTED ? binary_unsupported(vm, op, a, b, "") : result;
}

MvValue mv_inplace(MvVM *vm, int op, MvValue a, MvValue b)
{
    MvClass *cls = mv_class_of(vm, a);
    MvValue result = MV_NOTIMPLEMENTED;
    if (is_builtin_class(cls)) {
        if (cls->def->inplace)
            result = cls->def->inplace(vm, op, a, b);
    } else
        result = special_binary(vm, cls, MV_SP_IADD + op, a, b);
    if (result == MV_NOTIMPLEMENTED)
        result = binary_or_not(vm, op, a, b);
    return result == MV_NOTIMPLEMENTED ? binary_unsupported(vm, op, a, b, "=") : result;
}

MvValue mv_power(MvVM *vm, MvValue a, MvValue b, MvValue modulus)
{
    if (modulus == MV_NONE)
        return mv_binary(vm, MV_BINARY_POW, a, b);
    MvClass *cls = mv_class_of(vm, a);
    if (!is_builtin_class(cls)) {
        MvValue method = mv_special(vm, cls, MV_SP_POW);
        if (method != MV_UNASSIGNED) {
            MvValue args[2] = {b, modulus}, result = mv_call_special(vm, method, a, args, 2);
            if (result != MV_NOTIMPLEMENTED)
                return result;
        }
    } else if (mv_is_int_like(a) && mv_is_int_like(b) && mv_is_int_like(modulus))
        return mv_int_power_modulo(vm, a, b, modulus);
    else if (mv_is_float_like(a) || mv_is_float_like(b) || mv_is_float_like(modulus))
        return mv_type_error(vm, "pow() 3rd argument not allowed unless all arguments are integers");
    return mv_type_error(vm, "unsupported operand type(s) for ** or pow(): '%T', '%T', '%T'", a, b, modulus);
}

MvValue mv_unary(MvVM *vm, int special, MvValue a)
{
    MvClass *cls = mv_class_of(vm, a);
    MvValue result = MV_NOTIMPLEMENTED;
    if (is_builtin_class(cls)) {
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

/* ---- containers ---- */

int64_t mv_length(MvVM *vm, MvValue v)
{
    MvClass *cls = mv_class_of(vm, v);
    if (is_builtin_class(cls) && cls->def->length)
        return cls->def->length(vm, v);
    MvValue method = is_builtin_class(cls) ? MV_UNASSIGNED : mv_special(vm, cls, MV_SP_LEN);
    if (method == MV_UNASSIGNED) {
        mv_type_error(vm, "object of type '%N' has no len()", cls);
        return -1;
    }
    MvValue result = mv_call_special(vm, method, v, NULL, 0);
    if (result == MV_EXC)
        return -1;
    int64_t length;
    if (!mv_is_int_like(result)) {
        result = mv_index(vm, result);
        if (result == MV_EXC)
            return -1;
    }
    if (mv_int_sign(result) < 0) {
        mv_value_error(vm, "__len__() should return >= 0");
        return -1;
    }
    return mv_index_i64(vm, result, &length, false) ? length : -1;
}

int64_t mv_length_hint(MvVM *vm, MvValue v, int64_t otherwise)
{
    MvClass *cls = mv_class_of(vm, v);
    if (is_builtin_class(cls) && cls->def->length)
        return cls->def->length(vm, v);
    if (mv_special(vm, cls, MV_SP_LEN) != MV_UNASSIGNED) {
        int64_t length = mv_length(vm, v);
        if (length >= 0 || !mv_exception_is(vm, MV_EXC_TypeError))
            return length;
        mv_exception_take(vm);
    }
    MvValue method = mv_special(vm, cls, MV_SP_LENGTH_HINT);
    if (method == MV_UNASSIGNED)
        return otherwise;
    MvValue result = mv_call_special(vm, method, v, NULL, 0);
    if (result == MV_EXC) {
        if (!mv_exception_is(vm, MV_EXC_TypeError))
            return -1;
        mv_exception_take(vm);
        return otherwise;
    }
    if (result == MV_NOTIMPLEMENTED)
        return otherwise;
    int64_t hint;
    if (!mv_is_int_like(result)) {
        mv_type_error(vm, "__length_hint__ must be an integer, not %T", result);
        return -1;
    }
    if (!mv_index_i64(vm, result, &hint, false))
        return -1;
    if (hint < 0) {
        mv_value_error(vm, "__length_hint__() should return >= 0");
        return -1;
    }
    return hint;
}

MvValue mv_get_item(MvVM *vm, MvValue container, MvValue key)
{
    MvClass *cls = mv_class_of(vm, container);
    if (is_builtin_class(cls)) {
        if (cls->def->get_item)
            return cls->def->get_item(vm, container, key);
    } else {
        MvValue method = mv_special(vm, cls, MV_SP_GETITEM);
        if (method != MV_UNASSIGNED)
            return mv_call_special(vm, method, container, &key, 1);
    }
    if (mv_is_kind(container, MV_KIND_CLASS)) {
        MvValue hook = mv_get_attr_or(vm, container, vm->special_names[MV_SP_CLASS_GETITEM]);
        if (hook != MV_UNASSIGNED)
            return hook == MV_EXC ? MV_EXC : mv_call1(vm, hook, key);
        if (container == mv_value(vm->classes[MV_CLASS_TYPE]))
            return mv_generic_alias(vm, container, key);
        return mv_type_error(vm, "type '%N' is not subscriptable", MV_CAST(MvClass, container));
    }
    return mv_type_error(vm, "'%N' object is not subscriptable", cls);
}

static bool change_item(MvVM *vm, MvValue container, MvValue key, MvValue value)
{
    MvClass *cls = mv_class_of(vm, container);
    if (is_builtin_class(cls)) {
        if (cls->def->set_item)
            return cls->def->set_item(vm, container, key, value);
    } else {
        MvValue method = mv_special(vm, cls, value == MV_UNASSIGNED ? MV_SP_DELITEM : MV_SP_SETITEM);
        if (method != MV_UNASSIGNED) {
            MvValue args[2] = {key, value};
            return mv_call_special(vm, method, container, args, value == MV_UNASSIGNED ? 1 : 2) != MV_EXC;
        }
    }
    /* CPython's sequence protocol refuses an index in other words than its object protocol anything. */
    bool sequence = !is_builtin_class(cls) || cls->def->length || cls->def->contains;
    bool index = mv_is_int_like(key) || (!is_builtin_class(mv_class_of(vm, key)) && mv_special(vm, mv_class_of(vm, key), MV_SP_INDEX) != MV_UNASSIGNED);
    if (value != MV_UNASSIGNED)
        mv_type_error(vm, "'%N' object does not support item assignment", cls);
    else
        mv_type_error(vm, sequence && index ? "'%N' object doesn't support item deletion" : "'%N' object does not support item deletion", cls);
    return false;
}

bool mv_set_item(MvVM *vm, MvValue container, MvValue key, MvValue value) { return change_item(vm, container, key, value); }
bool mv_delete_item(MvVM *vm, MvValue container, MvValue key) { return change_item(vm, container, key, MV_UNASSIGNED); }

int mv_contains(MvVM *vm, MvValue container, MvValue item)
{
    MvClass *cls = mv_class_of(vm, container);
    if (is_builtin_class(cls)) {
        if (cls->def->contains)
            return cls->def->contains(vm, container, item);
    } else {
        MvValue method = mv_special(vm, cls, MV_SP_CONTAINS);
        if (method == MV_NONE) {
            mv_type_error(vm, "'%N' object is not a container", cls);
            return -1;
        }
        if (method != MV_UNASSIGNED) {
            MvValue result = mv_call_special(vm, method, container, &item, 1);
            return result == MV_EXC ? -1 : mv_truth(vm, result);
        }
    }
    MvValue iterator = mv_iter(vm, container);
    if (iterator == MV_EXC) {
        if (mv_exception_is(vm, MV_EXC_TypeError) && mv_special(vm, cls, MV_SP_ITER) == MV_UNASSIGNED) {
            mv_exception_take(vm);
            mv_type_error(vm, "argument of type '%N' is not iterable", cls);
        }
        return -1;
    }
    for (;;) {
        MvValue candidate = mv_next(vm, iterator);
        if (candidate == MV_EXC || mv_poll(vm))
            return -1;
        if (candidate == MV_UNASSIGNED)
            return 0;
        int equal = mv_equal(vm, candidate, item);
        if (equal)
            return equal;
    }
}

/* ---- iteration ---- */

MvValue mv_iter(MvVM *vm, MvValue v)
{
    MvClass *cls = mv_class_of(vm, v);
    if (is_builtin_class(cls)) {
        if (cls->def->iter)
            return cls->def->iter(vm, v);
        if (cls->def->next)
            return v;
    } else {
        MvValue method = mv_special(vm, cls, MV_SP_ITER);
        if (method == MV_NONE)
            return mv_type_error(vm, "'%N' object is not iterable", cls);
        if (method != MV_UNASSIGNED) {
            MvValue iterator = mv_call_special(vm, method, v, NULL, 0);
            if (iterator == MV_EXC)
                return MV_EXC;
            MvClass *of = mv_class_of(vm, iterator);
            if (is_builtin_class(of) ? !of->def->next : mv_special(vm, of, MV_SP_NEXT) == MV_UNASSIGNED)
                return mv_type_error(vm, "iter() returned non-iterator of type '%T'", iterator);
            return iterator;
        }
        if (mv_special(vm, cls, MV_SP_GETITEM) != MV_UNASSIGNED)
            return mv_iter_new(vm, MV_CLASS_ITERATOR, v, mv_from_fixnum(0), MV_NONE);
    }
    return mv_type_error(vm, "'%N' object is not iterable", cls);
}

MvValue mv_next(MvVM *vm, MvValue iterator)
{
    MvClass *cls = mv_class_of(vm, iterator);
    if (MV_LIKELY(is_builtin_class(cls))) {
        if (!cls->def->next)
            return mv_type_error(vm, "'%N' object is not an iterator", cls);
        MvValue value = cls->def->next(vm, iterator);
        if (MV_UNLIKELY(value == MV_EXC) && cls->id == MV_CLASS_GENERATOR && mv_exception_is(vm, MV_EXC_StopIteration)) {
            mv_exception_take(vm); /* a generator that returned a value, which only next() and yield from show */
            return MV_UNASSIGNED;
        }
        return value;
    }
    MvValue method = mv_special(vm, cls, MV_SP_NEXT);
    if (method == MV_UNASSIGNED)
        return mv_type_error(vm, "'%N' object is not an iterator", cls);
    MvValue value = mv_call_special(vm, method, iterator, NULL, 0);
    if (value == MV_EXC && mv_exception_is(vm, MV_EXC_StopIteration)) {
        mv_exception_take(vm);
        return MV_UNASSIGNED;
    }
    return value;
}

/* ---- numbers ---- */

MvValue mv_index(MvVM *vm, MvValue v)
{
    if (mv_is_int(v) || mv_is_int_like(v))
        return v;
    MvClass *cls = mv_class_of(vm, v);
    MvValue method = is_builtin_class(cls) ? MV_UNASSIGNED : mv_special(vm, cls, MV_SP_INDEX);
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
    if (!is_builtin_class(cls)) {
        MvValue method = mv_special(vm, cls, MV_SP_FLOAT);
        if (method != MV_UNASSIGNED && !mv_is_kind(method, MV_KIND_BUILTIN)) {
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

/* ---- calls ---- */

bool mv_is_callable(MvVM *vm, MvValue v)
{
    MvClass *cls = mv_class_of(vm, v);
    return is_builtin_class(cls) ? cls->def->call != NULL : mv_special(vm, cls, MV_SP_CALL) != MV_UNASSIGNED;
}

MvValue mv_call(MvVM *vm, MvValue callee, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (MV_LIKELY(mv_is_kind(callee, MV_KIND_FUNCTION)))
        return mv_interpret(vm, callee, args, nargs, kwnames);
    MvClass *cls = mv_class_of(vm, callee);
    if (is_builtin_class(cls) || mv_is_kind(callee, MV_KIND_CLASS)) {
        if (mv_is_kind(callee, MV_KIND_BUILTIN) && MV_CAST(MvBuiltin, callee)->self == MV_UNASSIGNED)
            return mv_builtin_call(vm, callee, args, nargs, kwnames);
        if (cls->def->call)
            return cls->def->call(vm, callee, args, nargs, kwnames);
    } else {
        MvValue method = mv_special(vm, cls, MV_SP_CALL);
        if (method != MV_UNASSIGNED) {
            if (mv_is_method_descriptor(vm, method))
                return mv_call_with_self(vm, method, callee, args, nargs, kwnames);
            if (!mv_enter(vm, " while calling a Python object"))
                return MV_EXC;
            MvValue result = mv_descriptor_bind(vm, method, callee, mv_value(cls));
            if (result != MV_EXC)
                result = mv_call(vm, result, args, nargs, kwnames);
            mv_leave(vm);
            return result;
        }
    }
    return mv_type_error(vm, "'%N' object is not callable", cls);
}

MvValue mv_call_with_self(MvVM *vm, MvValue function, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames)
{
    int64_t total = nargs + (kwnames ? MV_CAST(MvTuple, kwnames)->length : 0);
    MvValue few[16], *all = few;
    if (total > 15) {
        MvTuple *tuple = mv_tuple_new(vm, total + 1);
        if (!tuple)
            return MV_EXC;
        all = tuple->items;
    }
    all[0] = self;
    if (total)
        memcpy(all + 1, args, (size_t)total * sizeof *args);
    return mv_call(vm, function, all, nargs + 1, kwnames);
}

MvValue mv_call1(MvVM *vm, MvValue callee, MvValue a)
{
    MvValue args[2] = {MV_UNASSIGNED, a};
    return mv_call(vm, callee, args + 1, 1, 0);
}

MvValue mv_call_method(MvVM *vm, MvValue object, MvValue name, MvValue *args, int64_t nargs)
{
    MvValue method = mv_get_attr(vm, object, name);
    return method == MV_EXC ? MV_EXC : mv_call(vm, method, args, nargs, 0);
}

MvValue mv_call_with_dict(MvVM *vm, MvValue callee, MvDict *keywords)
{
    int64_t count = keywords ? keywords->used : 0;
    if (!count)
        return mv_call(vm, callee, NULL, 0, 0);
    MvTuple *values = mv_tuple_new(vm, count), *names = mv_tuple_new(vm, count);
    if (!values || !names)
        return MV_EXC;
    int64_t position = 0;
    MvValue key, value;
    for (int64_t i = 0; i < count && mv_dict_next(keywords, &position, &key, &value); i++) {
        names->items[i] = key;
        values->items[i] = value;
    }
    mv_barrier(vm, names);
    mv_barrier(vm, values);
    return mv_call(vm, callee, values->items, 0, mv_value(names));
}
