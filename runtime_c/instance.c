/* Attributes of values: generic look-up and assignment with descriptors; making instances; calling classes; isinstance. */
#include "calling.h"
#include "class.h"
#include "containers.h"
#include "errors.h"
#include "interp.h"

bool mv_is_method_descriptor(MvVM *vm, MvValue v)
{
    (void)vm;
    if (!mv_is_pointer(v))
        return false;
    const MvObject *object = mv_object(v);
    return (object->kind == MV_KIND_FUNCTION) || object->shape == MV_CLASS_METHODDESCRIPTOR || object->shape == MV_CLASS_WRAPPERDESCRIPTOR;
}

MvValue mv_descriptor_bind(MvVM *vm, MvValue v, MvValue instance, MvValue cls)
{
    if (!mv_is_pointer(v))
        return v;
    MvClass *of = mv_class_of(vm, v);
    if (of->flags & MV_CLASSF_BUILTIN)
        return of->def->descriptor_get ? of->def->descriptor_get(vm, v, instance, cls) : v;
    MvValue get = mv_special(vm, of, MV_SP_GET);
    if (get == MV_UNASSIGNED)
        return v;
    MvValue args[3] = {v, instance == MV_UNASSIGNED ? MV_NONE : instance, cls}; /* as in CPython __get__ itself is not bound */
    return mv_call(vm, get, args, 3, 0);
}

/* One that goes before the instance's own attribute: with __get__ and one of the others. */
static bool is_data_descriptor(MvVM *vm, MvValue v)
{
    if (!mv_is_pointer(v))
        return false;
    MvClass *of = mv_class_of(vm, v);
    if (of->flags & MV_CLASSF_BUILTIN)
        return of->def->descriptor_set != NULL;
    if (!of->def->descriptor_get && mv_special(vm, of, MV_SP_GET) == MV_UNASSIGNED)
        return false;
    return of->def->descriptor_set || mv_special(vm, of, MV_SP_SET) != MV_UNASSIGNED || mv_special(vm, of, MV_SP_DELETE) != MV_UNASSIGNED;
}

static MvValue missing(MvVM *vm, MvValue object, MvValue name, bool *absent)
{
    if (absent) {
        *absent = true;
        return MV_UNASSIGNED;
    }
    return mv_raise_attribute_error(vm, object, name, "'%T' object has no attribute '%S'", object, name);
}

/* For assignments and deletions: here CPython leaves the exception's name and obj alone. */
static void raise_missing(MvVM *vm, MvValue object, MvValue name)
{
    mv_raise(vm, MV_EXC_AttributeError, "'%T' object has no attribute '%S'", object, name);
}

MvValue mv_generic_get_attr(MvVM *vm, MvValue object, MvValue name, bool *absent)
{
    MvClass *cls = mv_class_of(vm, object);
    if (absent)
        *absent = false;
    MvValue found = mv_class_lookup(vm, cls, name);
    if (found != MV_UNASSIGNED && is_data_descriptor(vm, found))
        return mv_descriptor_bind(vm, found, object, mv_value(cls));
    if (mv_object_has_slots(vm, object) && !(cls->flags & MV_CLASSF_NO_DICT)) {
        MvValue own = mv_object_get_own(vm, object, name);
        if (own != MV_UNASSIGNED)
            return own;
    }
    if (found != MV_UNASSIGNED)
        return mv_descriptor_bind(vm, found, object, mv_value(cls));
    return missing(vm, object, name, absent);
}

/* With absent != NULL a missing attribute sets it; everything else raises. */
static MvValue get_attr(MvVM *vm, MvValue object, MvValue name, bool *absent)
{
    MvClass *cls = mv_class_of(vm, object);
    if (absent)
        *absent = false;
    if (MV_LIKELY(!(cls->flags & MV_CLASSF_GETATTR))) {
        if (cls->def && cls->def->get_attr) {
            MvValue value = cls->def->get_attr(vm, object, name);
            if (value == MV_EXC && absent && mv_exception_is(vm, MV_EXC_AttributeError)) {
                mv_exception_take(vm);
                *absent = true;
                return MV_UNASSIGNED;
            }
            return value;
        }
        MvValue value = mv_generic_get_attr(vm, object, name, absent);
        if (MV_UNLIKELY(value == MV_EXC) && absent && mv_exception_is(vm, MV_EXC_AttributeError)) {
            mv_exception_take(vm);
            *absent = true;
            return MV_UNASSIGNED;
        }
        return value;
    }
    MvValue hook = mv_special(vm, cls, MV_SP_GETATTRIBUTE), value;
    if (mv_is_inherited(vm, cls, hook, MV_SP_GETATTRIBUTE))
        value = cls->def->get_attr ? cls->def->get_attr(vm, object, name) : mv_generic_get_attr(vm, object, name, NULL);
    else
        value = mv_call_special(vm, hook, object, &name, 1);
    if (value != MV_EXC || !mv_exception_is(vm, MV_EXC_AttributeError))
        return value;
    MvValue fallback = mv_special(vm, cls, MV_SP_GETATTR);
    if (fallback != MV_UNASSIGNED) {
        mv_exception_take(vm);
        value = mv_call_special(vm, fallback, object, &name, 1);
        if (value != MV_EXC)
            return value;
    }
    if (absent && mv_exception_is(vm, MV_EXC_AttributeError)) {
        mv_exception_take(vm);
        *absent = true;
        return MV_UNASSIGNED;
    }
    return MV_EXC;
}

MvValue mv_get_attr(MvVM *vm, MvValue object, MvValue name)
{
    MvValue value = get_attr(vm, object, name, NULL);
    if (MV_UNLIKELY(value == MV_EXC))
        mv_attribute_error_context(vm, object, name); /* what a hook or a descriptor raised */
    return value;
}

/* For `object.name()`: what only object.__getattribute__ came to raises without a context. */
MvValue mv_get_attr_to_call(MvVM *vm, MvValue object, MvValue name)
{
    MvClass *cls = mv_class_of(vm, object);
    MvValue value = get_attr(vm, object, name, NULL);
    if (MV_UNLIKELY(value == MV_EXC) &&
        (cls->def->get_attr || mv_special(vm, cls, MV_SP_GETATTR) != MV_UNASSIGNED ||
         !mv_is_inherited(vm, cls, mv_special(vm, cls, MV_SP_GETATTRIBUTE), MV_SP_GETATTRIBUTE)))
        mv_attribute_error_context(vm, object, name);
    return value;
}

MvValue mv_get_attr_or(MvVM *vm, MvValue object, MvValue name)
{
    bool absent;
    MvValue value = get_attr(vm, object, name, &absent);
    return absent ? MV_UNASSIGNED : value;
}

bool mv_generic_set_attr(MvVM *vm, MvValue object, MvValue name, MvValue value)
{
    MvClass *cls = mv_class_of(vm, object);
    MvValue found = mv_class_lookup(vm, cls, name);
    if (found != MV_UNASSIGNED && mv_is_pointer(found)) {
        MvClass *of = mv_class_of(vm, found);
        if (of->def->descriptor_set && (of->flags & MV_CLASSF_BUILTIN))
            return of->def->descriptor_set(vm, found, object, value);
        if (!(of->flags & MV_CLASSF_BUILTIN)) {
            MvValue set = mv_special(vm, of, value == MV_UNASSIGNED ? MV_SP_DELETE : MV_SP_SET);
            if (set != MV_UNASSIGNED) {
                MvValue args[2] = {object, value};
                return mv_call_special(vm, set, found, args, value == MV_UNASSIGNED ? 1 : 2) != MV_EXC;
            }
            if (of->def->descriptor_set)
                return of->def->descriptor_set(vm, found, object, value);
            if (mv_special(vm, of, value == MV_UNASSIGNED ? MV_SP_SET : MV_SP_DELETE) != MV_UNASSIGNED) {
                mv_raise(vm, MV_EXC_AttributeError, value == MV_UNASSIGNED ? "__delete__" : "__set__");
                return false;
            }
        }
    }
    if (mv_object_has_slots(vm, object) && !(cls->flags & MV_CLASSF_NO_DICT)) {
        if (value != MV_UNASSIGNED)
            return mv_object_set_own(vm, object, name, value);
        bool was_there;
        if (!mv_object_delete_own(vm, object, name, &was_there))
            return false;
        if (!was_there)
            raise_missing(vm, object, name);
        return was_there;
    }
    if (found != MV_UNASSIGNED)
        mv_raise(vm, MV_EXC_AttributeError, "'%N' object attribute '%S' is read-only", cls, name);
    else
        raise_missing(vm, object, name);
    return false;
}

bool mv_set_attr(MvVM *vm, MvValue object, MvValue name, MvValue value)
{
    MvClass *cls = mv_class_of(vm, object);
    if (MV_UNLIKELY(cls->flags & MV_CLASSF_SETATTR)) {
        int special = value == MV_UNASSIGNED ? MV_SP_DELATTR : MV_SP_SETATTR;
        MvValue hook = mv_special(vm, cls, special);
        if (!mv_is_inherited(vm, cls, hook, special)) {
            MvValue args[2] = {name, value};
            return mv_call_special(vm, hook, object, args, value == MV_UNASSIGNED ? 1 : 2) != MV_EXC;
        }
    }
    if (cls->def && cls->def->set_attr)
        return cls->def->set_attr(vm, object, name, value);
    return mv_generic_set_attr(vm, object, name, value);
}

/* ---- instances ---- */

MvValue mv_instance_new(MvVM *vm, MvClass *cls)
{
    const MvShape *shape = vm->shapes[cls->root_shape];
    MvObject *object = mv_allocate(vm, shape->object_size, shape->id, shape->kind, MV_GC_HAS_POINTERS, 0);
    if (!object)
        return MV_EXC;
    if (shape->kind == MV_KIND_EXCEPTION) {
        MvException *e = (MvException *)object;
        e->args = vm->empty_tuple;
        e->traceback = e->cause = e->context = MV_NONE;
        e->suppress = MV_FALSE;
        e->notes = MV_UNASSIGNED;
        for (int i = 0; i < 5; i++)
            e->extra[i] = MV_UNASSIGNED;
    }
    return mv_value(object);
}

static MvValue raise_abstract(MvVM *vm, MvClass *cls)
{
    MvValue names = mv_class_lookup(vm, cls, vm->names->n___abstractmethods__);
    MvValue list = names == MV_UNASSIGNED ? MV_EXC : mv_list_from_iterable(vm, names);
    if (list == MV_EXC || !mv_list_sort(vm, MV_CAST(MvList, list), MV_NONE, false))
        return MV_EXC;
    MvValue text = mv_str_join(vm, mv_str_from_c(vm, ", "), list);
    if (text == MV_EXC)
        return MV_EXC;
    return mv_type_error(vm, "Can't instantiate abstract class %N with abstract method%s %S", cls, MV_CAST(MvList, list)->length > 1 ? "s" : "", text);
}

/* Are instances of cls made by the C function of its builtin base? As in CPython they are if the __new__ that cls finds is a builtin class's,
   whichever, and so for the bases from which cls has its layout. */
static bool has_builtin_new(MvVM *vm, MvClass *cls)
{
    for (; !(cls->flags & MV_CLASSF_BUILTIN); cls = mv_class_base(vm, cls)) {
        MvValue make = mv_special(vm, cls, MV_SP_NEW);
        if (!mv_is_kind(make, MV_KIND_BUILTIN) || !(mv_builtin_def(MV_CAST(MvBuiltin, make)->id)->flags & MV_DEF_NEW))
            return false;
    }
    return true;
}

bool mv_class_has_object_new(MvVM *vm, MvClass *cls) { return cls->payload_kind == MV_KIND_INSTANCE && has_builtin_new(vm, cls); }

MvValue mv_object_new_checked(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)args;
    if (nargs || kwnames) {
        MvValue init = mv_special(vm, cls, MV_SP_INIT);
        if (!mv_class_has_object_new(vm, cls))
            return mv_type_error(vm, "object.__new__() takes exactly one argument (the type to instantiate)");
        if (mv_is_objects(vm, init, MV_SP_INIT))
            return mv_type_error(vm, "%N() takes no arguments", cls);
    }
    if (cls->flags & MV_CLASSF_ABSTRACT)
        return raise_abstract(vm, cls);
    if (cls->payload_kind != MV_KIND_INSTANCE)
        return mv_type_error(vm, "object.__new__(%N) is not safe, use %N.__new__()", cls, mv_class_builtin_base(vm, cls));
    if (cls->id == MV_CLASS_OBJECT) {
        MvObject *object = mv_allocate(vm, 16, MV_CLASS_OBJECT, MV_KIND_INSTANCE, 0, 0);
        return object ? mv_value(object) : MV_EXC;
    }
    return mv_instance_new(vm, cls);
}

static MvValue make_instance(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (cls->flags & MV_CLASSF_BUILTIN) {
        MvValue (*make)(MvVM *, MvClass *, MvValue *, int64_t, MvValue) = cls->def->make;
        if (cls->id == MV_CLASS_FUNCTION || cls->id == MV_CLASS_MODULE || cls->id == MV_CLASS_NAMESPACE || cls->id == MV_CLASS_CODE)
            return mv_raise_refused(vm, "making a function, a module, a mappingproxy or a code object by its class");
        if (!make && cls->id != MV_CLASS_OBJECT)
            return mv_type_error(vm, "cannot create '%S' instances", mv_class_qualified_name(vm, cls));
        return make ? make(vm, cls, args, nargs, kwnames) : mv_object_new_checked(vm, cls, args, nargs, kwnames);
    }
    MvValue make = mv_special(vm, cls, MV_SP_NEW);
    /* The first alternative: what most classes have, which needs no look at the bases. */
    if ((mv_is_inherited(vm, cls, make, MV_SP_NEW) && vm->classes[MV_CAST(MvBuiltin, make)->owner]->def == cls->def) || has_builtin_new(vm, cls)) {
        const MvTypeDef *def = cls->def;
        if (def->make && def != &mv_type_OBJECT) {
            /* A class with an __init__ of its own may take keywords that the builtin __new__ does not know. */
            bool fixed = cls->payload_kind == MV_KIND_FLOAT || cls->payload_kind == MV_KIND_TUPLE || cls->payload_kind == MV_KIND_SET ||
                         cls->payload_kind == MV_KIND_FROZENSET;
            if (kwnames && fixed && !mv_is_kind(mv_special(vm, cls, MV_SP_INIT), MV_KIND_BUILTIN))
                kwnames = 0;
            return def->make(vm, cls, args, nargs, kwnames);
        }
        return mv_object_new_checked(vm, cls, args, nargs, kwnames);
    }
    MvValue function = mv_descriptor_bind(vm, make, MV_UNASSIGNED, mv_value(cls));
    return function == MV_EXC ? MV_EXC : mv_call_with_self(vm, function, mv_value(cls), args, nargs, kwnames);
}

static MvValue call_class(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvClass *type = vm->classes[MV_CLASS_TYPE];
    if (MV_UNLIKELY(cls->metaclass != mv_value(type))) {
        MvValue hook = mv_special(vm, MV_CAST(MvClass, cls->metaclass), MV_SP_CALL);
        if (!mv_is_kind(hook, MV_KIND_BUILTIN))
            return mv_call_with_self(vm, hook, mv_value(cls), args, nargs, kwnames);
    }
    return mv_type_call(vm, cls, args, nargs, kwnames);
}

MvValue mv_class_call(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const uint32_t counted = mv_class_counts(cls, nargs);
    if (MV_UNLIKELY(vm->depth + counted > vm->depth_limit))
        return mv_raise_recursion(vm, MV_WHILE_CALLING);
    vm->depth += counted;
    MvValue value = call_class(vm, cls, args, nargs, kwnames);
    vm->depth -= counted;
    return value;
}

MvValue mv_class_call_from(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs)
{
    return cls->id == MV_CLASS_STR && nargs == 1 && mv_frame_is_warm(vm) ? mv_str(vm, args[0]) : mv_class_call(vm, cls, args, nargs, 0);
}

/* type.__call__: __new__, then __init__ if the result is an instance. */
MvValue mv_type_call(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (cls->id == MV_CLASS_TYPE) {
        if (nargs == 1 && !kwnames)
            return mv_value(mv_shown_class(vm, args[0]));
        if (nargs != 3)
            return mv_type_error(vm, "type() takes 1 or 3 arguments");
        return mv_raise_refused(vm, "type() with three arguments");
    }
    MvValue made = make_instance(vm, cls, args, nargs, kwnames);
    if (made == MV_EXC)
        return MV_EXC;
    MvClass *of = mv_class_of(vm, made);
    if (of != cls && !mv_is_subclass(of, cls))
        return made;
    if (of->flags & MV_CLASSF_BUILTIN) {
        if (of->def->init && !of->def->init(vm, made, args, nargs, kwnames))
            return MV_EXC;
        return made;
    }
    MvValue init = mv_special(vm, of, MV_SP_INIT);
    if (mv_is_inherited(vm, of, init, MV_SP_INIT)) {
        MvClass *owner = vm->classes[MV_CAST(MvBuiltin, init)->owner];
        if (owner->def->init && owner->id != MV_CLASS_OBJECT)
            return owner->def->init(vm, made, args, nargs, kwnames) ? made : MV_EXC;
        if (owner->id == MV_CLASS_OBJECT && (nargs || kwnames)) {
            if (mv_class_has_object_new(vm, of))
                return mv_type_error(vm, "%N() takes no arguments", of);
        }
        return made;
    }
    MvValue result;
    if (mv_is_method_descriptor(vm, init))
        result = mv_call_with_self(vm, init, made, args, nargs, kwnames);
    else {
        MvValue bound = mv_descriptor_bind(vm, init, made, mv_value(of));
        result = bound == MV_EXC ? MV_EXC : mv_call(vm, bound, args, nargs, kwnames);
    }
    if (result == MV_EXC)
        return MV_EXC;
    return MV_LIKELY(result == MV_NONE) ? made : mv_raise_init_result(vm, result);
}

MvValue mv_raise_init_result(MvVM *vm, MvValue result)
{
    return mv_type_error(vm, "__init__() should return None, not '%T'", result);
}

/* ---- isinstance, issubclass ---- */

static MvValue check_class(MvVM *vm, MvValue subject, MvValue cls, bool instance)
{
    if (mv_is_kind(cls, MV_KIND_TUPLE)) {
        if (!mv_enter(vm, instance ? " in __instancecheck__" : " in __subclasscheck__"))
            return MV_EXC;
        MvValue result = MV_FALSE;
        for (int64_t i = 0; i < MV_CAST(MvTuple, cls)->length && result == MV_FALSE; i++)
            result = check_class(vm, subject, MV_CAST(MvTuple, cls)->items[i], instance);
        mv_leave(vm);
        return result;
    }
    if (instance && mv_value(mv_shown_class(vm, subject)) == cls)
        return MV_TRUE;
    MvClass *meta = mv_class_of(vm, cls);
    if (meta->id != MV_CLASS_TYPE) {
        MvValue hook = mv_special(vm, meta, instance ? MV_SP_INSTANCECHECK : MV_SP_SUBCLASSCHECK);
        if (hook != MV_UNASSIGNED && !mv_is_inherited(vm, meta, hook, instance ? MV_SP_INSTANCECHECK : MV_SP_SUBCLASSCHECK)) {
            if (instance && !mv_enter(vm, " in __instancecheck__"))
                return MV_EXC;
            MvValue result = mv_call_special(vm, hook, cls, &subject, 1);
            vm->depth -= instance;
            int truth = result == MV_EXC ? -1 : mv_truth(vm, result);
            return truth < 0 ? MV_EXC : mv_bool(truth);
        }
    }
    if (mv_is_exactly(vm, cls, MV_CLASS_UNIONTYPE) || mv_is_exactly(vm, cls, MV_CLASS_GENERICALIAS))
        return mv_union_check(vm, subject, cls, instance);
    if (!mv_is_kind(cls, MV_KIND_CLASS)) {
        MvValue args = mv_get_attr_or(vm, cls, vm->names->n___bases__);
        if (args == MV_EXC)
            return MV_EXC;
        return mv_type_error(vm, instance ? "isinstance() arg 2 must be a type, a tuple of types, or a union"
                                          : "issubclass() arg 2 must be a class, a tuple of classes, or a union");
    }
    if (!instance) {
        if (!mv_is_kind(subject, MV_KIND_CLASS))
            return mv_type_error(vm, "issubclass() arg 1 must be a class");
        return mv_bool(mv_is_subclass(MV_CAST(MvClass, subject), MV_CAST(MvClass, cls)));
    }
    MvClass *of = mv_shown_class(vm, subject);
    if (mv_is_subclass(of, MV_CAST(MvClass, cls)))
        return MV_TRUE;
    MvValue own = mv_class_lookup(vm, of, vm->names->n___class__);
    if (own == mv_class_lookup(vm, vm->classes[MV_CLASS_OBJECT], vm->names->n___class__) && !(of->flags & MV_CLASSF_GETATTR) && !(of->def && of->def->get_attr))
        return MV_FALSE; /* object's: it tells the class just asked */
    if (own != MV_UNASSIGNED && mv_object_has_slots(vm, subject)) {
        MvValue claimed = mv_get_attr_or(vm, subject, vm->names->n___class__); /* a proxy may claim another class */
        if (claimed == MV_EXC)
            return MV_EXC;
        if (mv_is_kind(claimed, MV_KIND_CLASS))
            return mv_bool(mv_is_subclass(MV_CAST(MvClass, claimed), MV_CAST(MvClass, cls)));
    }
    return MV_FALSE;
}

MvValue mv_is_instance(MvVM *vm, MvValue v, MvValue cls) { return check_class(vm, v, cls, true); }
MvValue mv_is_subclass_value(MvVM *vm, MvValue v, MvValue cls) { return check_class(vm, v, cls, false); }
