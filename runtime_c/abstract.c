/* Python's protocols on any value: what `repr(v)`, `hash(v)`, `v[k]`, `iter(v)`, `v()` do, builtin slots first, special methods of classes else.
 * Operators and the numbers' protocols are in operators.c.
 *
 * A builtin class's instance goes straight to the slot of its const def; an instance of a user class goes through mv_special, which finds either a
 * Mini function or the wrapper of an inherited slot. */
#include "calling.h"
#include "class.h"
#include "containers.h"
#include "interp.h"
#include "numbers.h"
#include "shape.h"
#include <stdio.h>

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
        if (mv_is_kind(function, MV_KIND_BUILTIN) && mv_builtin_def(MV_CAST(MvBuiltin, function)->id)->flags & MV_DEF_WRAPPER) /* a slot, no call */
            return mv_has_stack(vm) ? mv_builtin_call(vm, function, all + 1, nargs + 1, 0) : MV_EXC;
        return mv_call(vm, function, all + 1, nargs + 1, 0);
    }
    MvValue bound = mv_descriptor_bind(vm, function, self, mv_value(mv_class_of(vm, self)));
    return bound == MV_EXC ? MV_EXC : mv_call(vm, bound, args, nargs, 0);
}

/* The same without arguments. UNASSIGNED: a descriptor raised when asked for the method, which iter(), repr() and hash() take for its absence. */
static MvValue call_special_if_any(MvVM *vm, MvValue function, MvValue self)
{
    if (mv_is_method_descriptor(vm, function))
        return mv_call_special(vm, function, self, NULL, 0);
    MvValue bound = mv_descriptor_bind(vm, function, self, mv_value(mv_class_of(vm, self)));
    if (bound == MV_EXC && !vm->ending) {
        mv_exception_take(vm);
        return MV_UNASSIGNED;
    }
    return bound == MV_EXC ? MV_EXC : mv_call(vm, bound, NULL, 0, 0);
}

/* ---- text ---- */

static MvValue checked_text(MvVM *vm, MvValue result, const char *method)
{
    if (result != MV_EXC && !mv_is_kind(result, MV_KIND_STR))
        return mv_type_error(vm, "%s returned non-string (type %T)", method, result);
    return result;
}

static MvValue repr_by_address(MvVM *vm, MvValue v, MvValue name)
{
    char address[24];
    snprintf(address, sizeof address, "0x%012llx", (unsigned long long)(v & ~(MvValue)3));
    return mv_format_message(vm, "<%S object at %s>", name, address);
}

static MvValue default_repr(MvVM *vm, MvValue v)
{
    MvValue name = mv_class_qualified_name(vm, mv_class_of(vm, v));
    return name == MV_EXC ? MV_EXC : repr_by_address(vm, v, name);
}

static MvValue own_repr(MvVM *vm, MvClass *cls, MvValue v)
{
    MvValue result = call_special_if_any(vm, mv_special(vm, cls, MV_SP_REPR), v);
    return result == MV_UNASSIGNED ? repr_by_address(vm, v, cls->name) : result;
}

static MvValue builtin_repr(MvVM *vm, const MvClass *cls, MvValue v)
{
    MvValue (*repr)(MvVM *, MvValue) = MV_SLOT(cls->def, repr);
    return repr ? repr(vm, v) : default_repr(vm, v);
}

MvValue mv_repr(MvVM *vm, MvValue v)
{
    MvClass *cls = mv_class_of(vm, v);
    if (!mv_enter(vm, " while getting the repr of an object"))
        return MV_EXC;
    if (mv_class_is_builtin(cls)) {
        MvValue result = builtin_repr(vm, cls, v);
        mv_leave(vm);
        return result;
    }
    MvValue result = own_repr(vm, cls, v);
    mv_leave(vm);
    return checked_text(vm, result, "__repr__");
}

MvValue mv_object_repr(MvVM *vm, MvValue v) { return default_repr(vm, v); }

MvValue mv_str(MvVM *vm, MvValue v)
{
    if (mv_is_kind(v, MV_KIND_STR) && mv_object(v)->shape == MV_CLASS_STR)
        return v;
    MvClass *cls = mv_class_of(vm, v);
    if (mv_class_is_builtin(cls)) {
        if (!mv_enter(vm, " while getting the str of an object"))
            return MV_EXC;
        MvValue (*str)(MvVM *, MvValue) = MV_SLOT(cls->def, str);
        MvValue result = str ? str(vm, v) : builtin_repr(vm, cls, v);
        mv_leave(vm);
        return result;
    }
    MvValue method = mv_special(vm, cls, MV_SP_STR);
    if (!mv_enter(vm, " while getting the str of an object"))
        return MV_EXC;
    MvValue result = mv_is_objects(vm, method, MV_SP_STR) ? own_repr(vm, cls, v) : mv_call_special(vm, method, v, NULL, 0);
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
    if (MV_CAST(MvStr, spec)->length == 0) { /* most */
        if (mv_is_int(v) && MV_LIKELY(vm->depth < vm->depth_limit))
            return mv_int_to_str(vm, v, 10, false);
        if (mv_is_pointer(v) && mv_object(v)->shape == MV_CLASS_STR)
            return v;
    }
    MvClass *cls = mv_class_of(vm, v);
    if (MV_CAST(MvStr, spec)->length == 0 && (cls->id == MV_CLASS_STR || cls->id == MV_CLASS_INT))
        return mv_str(vm, v);
    if (mv_class_is_builtin(cls)) {
        if (!mv_enter(vm, MV_WHILE_CALLING)) /* a method does it */
            return MV_EXC;
        MvValue result;
        if (cls->def->format)
            result = cls->def->format(vm, v, spec);
        else if (cls->id == MV_CLASS_BOOL && mv_type_INT.format)
            result = MV_CAST(MvStr, spec)->length ? mv_type_INT.format(vm, v, spec) : mv_str(vm, v);
        else
            result = mv_object_format(vm, v, spec);
        mv_leave(vm);
        return result;
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
    if (!mv_has_stack(vm))
        return false;
    if (mv_class_is_builtin(cls)) {
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
    if (mv_is_objects(vm, method, MV_SP_HASH)) {
        *hash = v >> 4 | v << 60;
        return true;
    }
    MvValue result = call_special_if_any(vm, method, v);
    if (result == MV_EXC)
        return false;
    if (result == MV_UNASSIGNED) {
        mv_type_error(vm, "unhashable type: '%N'", cls);
        return false;
    }
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
    MvClass *cls = vm->shapes[mv_object(v)->shape]->cls;
    if (mv_class_is_builtin(cls)) {
        if (cls->def->truth)
            return cls->def->truth(vm, v);
        if (cls->def->length) {
            int64_t length = cls->def->length(vm, v);
            return length < 0 ? -1 : length != 0;
        }
        return 1;
    }
    MvValue method = mv_special_known(vm, cls, MV_SP_BOOL);
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
    if (mv_special_known(vm, cls, MV_SP_LEN) == MV_UNASSIGNED)
        return 1;
    int64_t length = mv_length(vm, v);
    return length < 0 ? -1 : length != 0;
}

/* ---- containers ---- */

int64_t mv_length(MvVM *vm, MvValue v)
{
    if (mv_is_pointer(v) && mv_object(v)->shape == MV_CLASS_LIST)
        return MV_CAST(MvList, v)->length;
    MvClass *cls = mv_class_of(vm, v);
    if (mv_class_is_builtin(cls) && cls->def->length)
        return cls->def->length(vm, v);
    MvValue method = mv_class_is_builtin(cls) ? MV_UNASSIGNED : mv_special(vm, cls, MV_SP_LEN);
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
    if (mv_class_is_builtin(cls) && cls->def->length)
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
    if (mv_class_is_builtin(cls)) {
        if (cls->def->get_item)
            return cls->def->get_item(vm, container, key);
    } else {
        MvValue method = mv_special(vm, cls, MV_SP_GETITEM);
        if (method != MV_UNASSIGNED)
            return mv_call_special(vm, method, container, &key, 1);
    }
    if (mv_is_kind(container, MV_KIND_CLASS)) {
        MvValue hook = mv_get_attr_or(vm, container, vm->special_names[MV_SP_CLASS_GETITEM]);
        if (hook != MV_UNASSIGNED && hook != MV_NONE)
            return hook == MV_EXC ? MV_EXC : mv_call1(vm, hook, key);
        if (container == mv_value(vm->classes[MV_CLASS_TYPE]))
            return mv_generic_alias(vm, container, key);
        return mv_type_error(vm, "type '%N' is not subscriptable", MV_CAST(MvClass, container));
    }
    return mv_type_error(vm, "'%N' object is not subscriptable", cls);
}

bool mv_refuse_item(MvVM *vm, MvClass *cls, MvValue key, MvValue value)
{
    /* CPython's sequence protocol refuses an index in other words than its object protocol anything, and converts the
       index before. */
    bool sequence = !mv_class_is_builtin(cls) || cls->def->length || cls->def->contains;
    bool index = mv_is_int_like(key) || (!mv_class_is_builtin(mv_class_of(vm, key)) && mv_special(vm, mv_class_of(vm, key), MV_SP_INDEX) != MV_UNASSIGNED);
    int64_t at;
    if (sequence && index && mv_sequence_subscript(vm, "", key, &at) < 0)
        return false;
    if (value != MV_UNASSIGNED)
        mv_type_error(vm, "'%N' object does not support item assignment", cls);
    else
        mv_type_error(vm, sequence && index ? "'%N' object doesn't support item deletion" : "'%N' object does not support item deletion", cls);
    return false;
}

static bool change_item(MvVM *vm, MvValue container, MvValue key, MvValue value)
{
    MvClass *cls = mv_class_of(vm, container);
    if (mv_class_is_builtin(cls)) {
        if (cls->def->set_item)
            return cls->def->set_item(vm, container, key, value);
    } else {
        MvValue method = mv_special(vm, cls, value == MV_UNASSIGNED ? MV_SP_DELITEM : MV_SP_SETITEM);
        if (method != MV_UNASSIGNED) {
            MvValue args[2] = {key, value};
            return mv_call_special(vm, method, container, args, value == MV_UNASSIGNED ? 1 : 2) != MV_EXC;
        }
        /* CPython has one slot for both, which looks for the other method then. */
        if (mv_special(vm, cls, value == MV_UNASSIGNED ? MV_SP_SETITEM : MV_SP_DELITEM) != MV_UNASSIGNED) {
            mv_raise(vm, MV_EXC_AttributeError, value == MV_UNASSIGNED ? "__delitem__" : "__setitem__");
            return false;
        }
    }
    return mv_refuse_item(vm, cls, key, value);
}

bool mv_set_item(MvVM *vm, MvValue container, MvValue key, MvValue value) { return change_item(vm, container, key, value); }
bool mv_delete_item(MvVM *vm, MvValue container, MvValue key) { return change_item(vm, container, key, MV_UNASSIGNED); }

int mv_contains(MvVM *vm, MvValue container, MvValue item)
{
    MvClass *cls = mv_class_of(vm, container);
    if (mv_class_is_builtin(cls)) {
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
        if (mv_exception_is(vm, MV_EXC_TypeError)) { /* any, as CPython */
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
    if (mv_class_is_builtin(cls)) {
        if (cls->def->iter)
            return cls->def->iter(vm, v);
        if (cls->def->next)
            return v;
    } else {
        MvValue method = mv_special(vm, cls, MV_SP_ITER);
        if (method == MV_NONE)
            return mv_type_error(vm, "'%N' object is not iterable", cls);
        MvValue iterator = method == MV_UNASSIGNED ? MV_UNASSIGNED : call_special_if_any(vm, method, v);
        if (iterator == MV_EXC)
            return MV_EXC;
        if (iterator != MV_UNASSIGNED) {
            MvClass *of = mv_class_of(vm, iterator);
            if (mv_class_is_builtin(of) ? !of->def->next : mv_special(vm, of, MV_SP_NEXT) == MV_UNASSIGNED)
                return mv_type_error(vm, "iter() returned non-iterator of type '%T'", iterator);
            return iterator;
        }
        MvValue item = mv_special(vm, cls, MV_SP_GETITEM);
        if (item != MV_UNASSIGNED && method != MV_UNASSIGNED && !mv_is_method_descriptor(vm, item)) { /* after an __iter__ that could not be had */
            item = mv_descriptor_bind(vm, item, v, mv_value(cls));
            if (item == MV_EXC && vm->ending)
                return MV_EXC;
            if (item == MV_EXC)
                mv_exception_take(vm);
        }
        if (item != MV_UNASSIGNED && item != MV_EXC)
            return mv_iter_new(vm, MV_CLASS_ITERATOR, v, mv_from_fixnum(0), MV_NONE);
    }
    return mv_type_error(vm, "'%N' object is not iterable", cls);
}

MvValue mv_next(MvVM *vm, MvValue iterator)
{
    if (!mv_has_stack(vm))
        return MV_EXC;
    if (mv_is_kind(iterator, MV_KIND_GENERATOR))
        return mv_generator_next(vm, MV_CAST(MvGenerator, iterator));
    MvClass *cls = mv_class_of(vm, iterator);
    if (MV_LIKELY(mv_class_is_builtin(cls))) {
        if (!cls->def->next)
            return mv_type_error(vm, "'%N' object is not an iterator", cls);
        MvValue value = cls->def->next(vm, iterator);
        if (MV_UNLIKELY(value == MV_EXC) && mv_exception_is(vm, MV_EXC_StopIteration)) {
            mv_exception_take(vm); /* of a generator that returned a value, or of what map() called: only next() and yield from show it */
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

/* ---- calls ---- */

bool mv_is_callable(MvVM *vm, MvValue v)
{
    MvClass *cls = mv_class_of(vm, v);
    return mv_class_is_builtin(cls) ? cls->def->call != NULL : mv_special(vm, cls, MV_SP_CALL) != MV_UNASSIGNED;
}

MvValue mv_call(MvVM *vm, MvValue callee, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (MV_LIKELY(mv_is_kind(callee, MV_KIND_FUNCTION)))
        return mv_interpret(vm, callee, args, nargs, kwnames);
    if (!mv_has_stack(vm))
        return MV_EXC;
    MvClass *cls = mv_class_of(vm, callee);
    if (mv_class_is_builtin(cls) || mv_is_kind(callee, MV_KIND_CLASS)) {
        if (mv_is_kind(callee, MV_KIND_BUILTIN) && MV_CAST(MvBuiltin, callee)->self == MV_UNASSIGNED)
            return mv_builtin_call_counted(vm, callee, args, nargs, kwnames);
        if (cls->def->call)
            return cls->def->call(vm, callee, args, nargs, kwnames);
    } else {
        MvValue method = mv_special(vm, cls, MV_SP_CALL);
        if (method != MV_UNASSIGNED) {
            if (!mv_enter(vm, MV_WHILE_CALLING))
                return MV_EXC;
            MvValue result;
            if (mv_is_method_descriptor(vm, method))
                result = mv_call_with_self(vm, method, callee, args, nargs, kwnames);
            else {
                result = mv_descriptor_bind(vm, method, callee, mv_value(cls));
                if (result != MV_EXC)
                    result = mv_call(vm, result, args, nargs, kwnames);
            }
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
