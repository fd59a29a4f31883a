/* object, type, and the singletons' classes. */
#include "class.h"
#include "builtin.h"
#include "containers.h"
#include "errors.h"
#include "function.h"
#include "ic.h"
#include "sequence.h"
#include "interp_ops.h"

#define SINGLETON(class_id, kind_id, n) {.h = {.shape = class_id, .gc = MV_GC_STATIC, .kind = kind_id, .aux = 1}, .number = n}
const MvSingleton mv_singletons[5] __attribute__((aligned(16))) = {
    SINGLETON(MV_CLASS_BOOL, MV_KIND_BOOL, 0), SINGLETON(MV_CLASS_BOOL, MV_KIND_BOOL, 1), SINGLETON(MV_CLASS_NONE, MV_KIND_NONE, 0),
    SINGLETON(MV_CLASS_ELLIPSIS, MV_KIND_ELLIPSIS, 0), SINGLETON(MV_CLASS_NOTIMPLEMENTED, MV_KIND_NOTIMPLEMENTED, 0)};

static MvValue none_repr(MvVM *vm, MvValue v) { (void)v; return mv_intern_c(vm, "None"); }
static int none_truth(MvVM *vm, MvValue v) { (void)vm, (void)v; return 0; }
static bool none_hash(MvVM *vm, MvValue v, uint64_t *hash) { (void)vm, (void)v; *hash = 0xfca86420; return true; }
static MvValue singleton_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)args;
    if (nargs || kwnames)
        return cls->id == MV_CLASS_ELLIPSIS ? mv_type_error(vm, "EllipsisType takes no arguments")
                                            : mv_type_error(vm, "%N takes no arguments", cls);
    return cls->id == MV_CLASS_NONE ? MV_NONE : cls->id == MV_CLASS_ELLIPSIS ? MV_ELLIPSIS : MV_NOTIMPLEMENTED;
}
const MvTypeDef mv_type_NONE = {.kind = MV_KIND_NONE, .repr = none_repr, .truth = none_truth, .hash = none_hash, .make = singleton_make};
static MvValue ellipsis_repr(MvVM *vm, MvValue v) { (void)v; return mv_intern_c(vm, "Ellipsis"); }
const MvTypeDef mv_type_ELLIPSIS = {.kind = MV_KIND_ELLIPSIS, .repr = ellipsis_repr, .make = singleton_make};
static MvValue notimplemented_repr(MvVM *vm, MvValue v) { (void)v; return mv_intern_c(vm, "NotImplemented"); }
static int notimplemented_truth(MvVM *vm, MvValue self) { (void)vm, (void)self; return 1; }
const MvTypeDef mv_type_NOTIMPLEMENTED = {.kind = MV_KIND_NOTIMPLEMENTED, .truth = notimplemented_truth, .repr = notimplemented_repr, .make = singleton_make};
const MvTypeDef mv_type_INTERNAL = {.kind = MV_KIND_STORE};

/* ---- object ---- */

static MvValue object_get_class(MvVM *vm, MvValue self) { return mv_value(mv_shown_class(vm, self)); }

static bool object_set_class(MvVM *vm, MvValue self, MvValue value)
{
    if (value == MV_UNASSIGNED)
        mv_type_error(vm, "can't delete __class__ attribute");
    else if (!mv_is_kind(value, MV_KIND_CLASS))
        mv_type_error(vm, "__class__ must be set to a class, not '%T' object", value);
    else if ((MV_CAST(MvClass, value)->flags | mv_class_of(vm, self)->flags) & MV_CLASSF_BUILTIN)
        mv_type_error(vm, "__class__ assignment only supported for mutable types or ModuleType subclasses");
    else
        mv_raise_refused(vm, "assignment to __class__");
    return false;
}

static MvValue object_get_dict(MvVM *vm, MvValue self)
{
    if (!mv_object_has_slots(vm, self) || (mv_class_of(vm, self)->flags & MV_CLASSF_NO_DICT))
        return mv_raise_attribute_error(vm, self, vm->names->n___dict__, "'%T' object has no attribute '__dict__'", self);
    return mv_namespace_new(vm, self);
}

static bool object_set_dict(MvVM *vm, MvValue self, MvValue value)
{
    (void)self, (void)value;
    mv_raise_refused(vm, "assignment to __dict__");
    return false;
}

static MvValue object_dir(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return mv_default_dir(vm, args[0]); }
static MvValue object_init_subclass(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)vm, (void)args, (void)nargs, (void)kwnames; return MV_NONE; }
static MvValue object_subclasshook(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)vm, (void)args, (void)nargs, (void)kwnames; return MV_NOTIMPLEMENTED; }
static MvValue object_sizeof(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)nargs, (void)kwnames;
    return mv_int_from_i64(vm, mv_is_pointer(args[0]) && !(mv_object(args[0])->gc & MV_GC_STATIC) ? (int64_t)mv_heap_object_size(vm, mv_object(args[0])) : 16);
}
static MvValue object_reduce(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)args, (void)nargs, (void)kwnames; return mv_raise_refused(vm, "pickling"); }

static const MvMethodDef object_methods[] = {
    {"__dir__", object_dir, 0, 0, MV_DEF_ANY_SELF, NULL},
    {"__init_subclass__", object_init_subclass, 0, 0, MV_DEF_CLASS, NULL},
    {"__subclasshook__", object_subclasshook, 0, -1, MV_DEF_CLASS, NULL},
    {"__sizeof__", object_sizeof, 0, 0, MV_DEF_ANY_SELF, NULL},
    {"__reduce__", object_reduce, 0, 0, MV_DEF_ANY_SELF, NULL},
    {"__reduce_ex__", object_reduce, 1, 1, MV_DEF_ANY_SELF, NULL},
    {NULL, NULL, 0, 0, 0, NULL}};
static const MvGetSetDef object_getsets[] = {{"__class__", object_get_class, object_set_class}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_OBJECT = {.kind = MV_KIND_INSTANCE, .size = sizeof(MvObject), .methods = object_methods, .getsets = object_getsets};
static MvValue no_weak_references(MvVM *vm, MvValue self) { (void)vm, (void)self; return MV_NONE; }
const MvGetSetDef mv_instance_weakref_def = {"__weakref__", no_weak_references, NULL};
const MvGetSetDef mv_instance_dict_def = {"__dict__", object_get_dict, object_set_dict};

/* ---- type ---- */

static MvValue type_repr(MvVM *vm, MvValue self)
{
    MvValue name = mv_class_qualified_name(vm, MV_CAST(MvClass, self));
    return name == MV_EXC ? MV_EXC : mv_format_message(vm, "<class '%S'>", name);
}

static MvValue type_call(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_class_call(vm, MV_CAST(MvClass, self), args, nargs, kwnames);
}

/* type.__call__ as a method: what super().__call__() of a metaclass reaches. */
static MvValue type_call_method(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    return mv_type_call(vm, MV_CAST(MvClass, args[0]), args + 1, nargs - 1, kwnames);
}

/* type.__new__(metaclass, name, bases, namespace): reached by internal metaclasses through super(). */
static MvValue type_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (nargs != 3)
        return mv_type_error(vm, "type.__new__() takes exactly 3 arguments (%d given)", nargs);
    if (!mv_frame_is_ours(vm))
        return mv_raise_refused(vm, "type() with three arguments");
    if (!mv_is_kind(args[0], MV_KIND_STR))
        return mv_type_error(vm, "type.__new__() argument 1 must be str, not %t", args[0]);
    if (!mv_is_kind(args[1], MV_KIND_TUPLE))
        return mv_type_error(vm, "type.__new__() argument 2 must be tuple, not %t", args[1]);
    if (!mv_is_kind(args[2], MV_KIND_DICT))
        return mv_type_error(vm, "type.__new__() argument 3 must be dict, not %t", args[2]);
    const MvTuple *bases = MV_CAST(MvTuple, args[1]);
    for (int64_t i = 0; i < bases->length; i++)
        if (mv_is_kind(bases->items[i], MV_KIND_CLASS) && MV_CAST(MvClass, bases->items[i])->payload_kind == MV_KIND_CLASS)
            return mv_raise_refused(vm, "a metaclass");
    MvValue keywords = MV_NONE;
    if (kwnames) {
        keywords = mv_dict_new(vm);
        for (int64_t i = 0; keywords != MV_EXC && i < MV_CAST(MvTuple, kwnames)->length; i++)
            if (!mv_dict_set(vm, MV_CAST(MvDict, keywords), MV_CAST(MvTuple, kwnames)->items[i], args[3 + i]))
                return MV_EXC;
        if (keywords == MV_EXC)
            return MV_EXC;
    }
    MvDict *names = MV_CAST(MvDict, args[2]);
    if (!mv_dict_find_name(names, vm->names->n___module__)) { /* the caller's */
        MvValue copy = mv_dict_copy(vm, names), module = mv_module_get(vm, mv_frame_function(vm->base)->module, vm->names->n___name__);
        names = copy == MV_EXC ? NULL : MV_CAST(MvDict, copy);
        if (!names || (module != MV_UNASSIGNED && !mv_dict_set(vm, names, vm->names->n___module__, module)))
            return MV_EXC;
    }
    return mv_class_new(vm, mv_value(cls), args[0], MV_CAST(MvTuple, args[1]), names, keywords);
}

static bool type_init(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames) { (void)vm, (void)self, (void)args, (void)nargs, (void)kwnames; return true; }

static MvValue type_get_attr(MvVM *vm, MvValue self, MvValue name)
{
    MvClass *cls = MV_CAST(MvClass, self), *meta = mv_class_of(vm, self);
    MvValue found = mv_class_lookup(vm, meta, name);
    if (found != MV_UNASSIGNED && mv_is_pointer(found)) {
        MvClass *of = mv_class_of(vm, found);
        if ((of->flags & MV_CLASSF_BUILTIN) ? of->def->descriptor_set != NULL : mv_special(vm, of, MV_SP_SET) != MV_UNASSIGNED)
            return mv_descriptor_bind(vm, found, self, mv_value(meta));
    }
    MvValue own = mv_class_lookup(vm, cls, name);
    if (own != MV_UNASSIGNED)
        return mv_descriptor_bind(vm, own, MV_UNASSIGNED, self);
    if (found != MV_UNASSIGNED)
        return mv_descriptor_bind(vm, found, self, mv_value(meta));
    return mv_raise_attribute_error(vm, self, name, "type object '%N' has no attribute '%S'", cls, name);
}

static bool type_set_attr(MvVM *vm, MvValue self, MvValue name, MvValue value)
{
    MvClass *cls = MV_CAST(MvClass, self), *meta = mv_class_of(vm, self);
    if (cls->flags & MV_CLASSF_BUILTIN)
        return mv_class_set(vm, cls, name, value);
    MvValue found = mv_class_lookup(vm, meta, name);
    if (found != MV_UNASSIGNED && mv_is_pointer(found)) {
        MvClass *of = mv_class_of(vm, found);
        if (of->flags & MV_CLASSF_BUILTIN) {
            if (of->def->descriptor_set)
                return of->def->descriptor_set(vm, found, self, value);
        } else {
            MvValue set = mv_special(vm, of, value == MV_UNASSIGNED ? MV_SP_DELETE : MV_SP_SET);
            if (set != MV_UNASSIGNED) {
                MvValue args[2] = {self, value};
                return mv_call_special(vm, set, found, args, value == MV_UNASSIGNED ? 1 : 2) != MV_EXC;
            }
        }
    }
    return mv_class_set(vm, cls, name, value);
}

static MvValue own_name(MvVM *vm, MvClass *cls, MvValue name)
{
    (void)vm;
    MvDictEntry *entry = mv_dict_find_name(cls->names, name);
    return entry ? MV_CAST(MvNameCell, entry->value)->value : MV_UNASSIGNED;
}

static MvValue get_name(MvVM *vm, MvValue self) { (void)vm; return MV_CAST(MvClass, self)->name; }
static MvValue get_qualname(MvVM *vm, MvValue self) { (void)vm; return MV_CAST(MvClass, self)->qualname; }
static bool immutable(MvVM *vm, MvClass *cls, MvValue value, const char *name)
{
    if (cls->flags & MV_CLASSF_BUILTIN)
        mv_type_error(vm, "cannot set '%s' attribute of immutable type '%N'", name, cls);
    else if (value == MV_UNASSIGNED)
        mv_type_error(vm, "cannot delete '%s' attribute of immutable type '%N'", name, cls);
    else
        return false;
    return true;
}
static bool set_text(MvVM *vm, MvValue self, MvValue value, MvValue *field, const char *name)
{
    MvClass *cls = MV_CAST(MvClass, self);
    if (immutable(vm, cls, value, name))
        return false;
    if (!mv_is_kind(value, MV_KIND_STR)) {
        mv_type_error(vm, "can only assign string to %N.%s, not '%T'", cls, name, value);
        return false;
    }
    mv_store(vm, cls, field, value);
    return true;
}
static bool set_name(MvVM *vm, MvValue self, MvValue v)
{
    const MvStr *s = mv_is_kind(v, MV_KIND_STR) ? MV_CAST(MvStr, v) : NULL;
    for (int64_t i = 0; s && i < s->length && !(MV_CAST(MvClass, self)->flags & MV_CLASSF_BUILTIN); i++)
        if (!mv_str_char(s, i)) {
            mv_value_error(vm, "type name must not contain null characters");
            return false;
        }
    return set_text(vm, self, v, &MV_CAST(MvClass, self)->name, "__name__");
}
static bool set_qualname(MvVM *vm, MvValue self, MvValue v) { return set_text(vm, self, v, &MV_CAST(MvClass, self)->qualname, "__qualname__"); }
static MvValue get_module(MvVM *vm, MvValue self)
{
    MvClass *cls = MV_CAST(MvClass, self);
    MvValue module = own_name(vm, cls, vm->names->n___module__);
    if (module != MV_UNASSIGNED && !(cls->flags & MV_CLASSF_BUILTIN && mv_has_kind(module, MV_KIND_GETSET))) /* not the descriptor of its instances */
        return module;
    return cls->flags & MV_CLASSF_BUILTIN ? vm->names->n_builtins : mv_raise_attribute_error(vm, self, vm->names->n___module__, "__module__");
}
static bool set_module(MvVM *vm, MvValue self, MvValue v)
{
    return !immutable(vm, MV_CAST(MvClass, self), v, "__module__") && mv_class_put(vm, MV_CAST(MvClass, self), vm->names->n___module__, v);
}
static bool set_bases(MvVM *vm, MvValue self, MvValue v)
{
    if (v == MV_UNASSIGNED || !mv_is_kind(v, MV_KIND_TUPLE))
        mv_type_error(vm, v == MV_UNASSIGNED ? "cannot delete '__bases__' attribute of immutable type '%N'" : "can only assign tuple to %N.__bases__, not %T", MV_CAST(MvClass, self), v);
    else if (!MV_CAST(MvTuple, v)->length && !(MV_CAST(MvClass, self)->flags & MV_CLASSF_BUILTIN))
        mv_type_error(vm, "can only assign non-empty tuple to %N.__bases__, not ()", MV_CAST(MvClass, self));
    else
        mv_raise_refused(vm, "assigning __bases__");
    return false;
}
static MvValue get_bases(MvVM *vm, MvValue self) { (void)vm; return mv_value(MV_CAST(MvClass, self)->bases); }
static MvValue get_base(MvVM *vm, MvValue self)
{
    (void)vm;
    MvClass *base = mv_class_base(vm, MV_CAST(MvClass, self));
    return base ? mv_value(base) : MV_NONE;
}
static MvValue get_mro(MvVM *vm, MvValue self) { (void)vm; return mv_value(MV_CAST(MvClass, self)->mro); }
static MvValue get_dict(MvVM *vm, MvValue self) { return mv_namespace_new(vm, self); }
static MvValue get_doc(MvVM *vm, MvValue self)
{
    MvClass *cls = MV_CAST(MvClass, self);
    MvValue doc = own_name(vm, cls, vm->names->n___doc__);
    return doc == MV_UNASSIGNED ? MV_NONE : mv_descriptor_bind(vm, doc, MV_UNASSIGNED, self);
}
static bool set_doc(MvVM *vm, MvValue self, MvValue v)
{
    MvClass *cls = MV_CAST(MvClass, self);
    return !immutable(vm, cls, v, "__doc__") && mv_class_put(vm, cls, vm->names->n___doc__, v);
}
static MvValue get_abstract(MvVM *vm, MvValue self)
{
    MvValue names = own_name(vm, MV_CAST(MvClass, self), vm->names->n___abstractmethods__);
    if (names == MV_UNASSIGNED || (MV_CAST(MvClass, self)->flags & MV_CLASSF_METACLASS))
        return mv_raise_attribute_error(vm, self, vm->names->n___abstractmethods__, "__abstractmethods__");
    return names;
}
static bool set_abstract(MvVM *vm, MvValue self, MvValue v)
{
    MvClass *cls = MV_CAST(MvClass, self);
    if (immutable(vm, cls, MV_NONE, "__abstractmethods__"))
        return false;
    if (v == MV_UNASSIGNED && own_name(vm, cls, vm->names->n___abstractmethods__) == MV_UNASSIGNED)
        return mv_raise_attribute_error(vm, self, vm->names->n___abstractmethods__, "__abstractmethods__") != MV_EXC;
    int some = v == MV_UNASSIGNED ? 0 : mv_truth(vm, v);
    if (some < 0 || !mv_class_set(vm, cls, vm->names->n___abstractmethods__, v))
        return false;
    if (!!(cls->flags & MV_CLASSF_ABSTRACT) != some)
        mv_ic_reset_lookups(vm); /* sites that make instances */
    cls->flags = (cls->flags & ~(uint32_t)MV_CLASSF_ABSTRACT) | (some ? MV_CLASSF_ABSTRACT : 0);
    return true;
}
static MvValue get_annotations(MvVM *vm, MvValue self)
{
    MvClass *cls = MV_CAST(MvClass, self);
    MvValue own = own_name(vm, cls, vm->names->n___annotations__);
    if (own != MV_UNASSIGNED)
        return own;
    if (cls->flags & MV_CLASSF_BUILTIN)
        return mv_raise_attribute_error(vm, self, vm->names->n___annotations__, "type object '%N' has no attribute '__annotations__'", cls);
    MvValue dict = mv_dict_new(vm);
    return dict == MV_EXC || !mv_class_put(vm, cls, vm->names->n___annotations__, dict) ? MV_EXC : dict;
}
static bool set_annotations(MvVM *vm, MvValue self, MvValue v)
{
    MvClass *cls = MV_CAST(MvClass, self);
    if (v == MV_UNASSIGNED && !(cls->flags & MV_CLASSF_BUILTIN) && own_name(vm, cls, vm->names->n___annotations__) == MV_UNASSIGNED)
        return mv_raise_attribute_error(vm, self, vm->names->n___annotations__, "__annotations__") != MV_EXC;
    return mv_class_set(vm, cls, vm->names->n___annotations__, v);
}

static MvValue type_mro(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)nargs, (void)kwnames;
    MvTuple *mro = MV_CAST(MvClass, args[0])->mro;
    return mv_list_from(vm, mro->items, mro->length);
}
static MvValue type_subclasses(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)nargs, (void)kwnames;
    MvClass *cls = MV_CAST(MvClass, args[0]);
    return cls->subclasses ? mv_list_from_iterable(vm, mv_value(cls->subclasses)) : mv_list_new(vm, 0);
}
static MvValue type_instancecheck(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)nargs, (void)kwnames;
    return mv_bool(mv_is_subclass(mv_shown_class(vm, args[1]), MV_CAST(MvClass, args[0])));
}
static MvValue type_subclasscheck(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)nargs, (void)kwnames;
    if (!mv_is_kind(args[1], MV_KIND_CLASS))
        return mv_type_error(vm, "issubclass() arg 1 must be a class");
    return mv_bool(mv_is_subclass(MV_CAST(MvClass, args[1]), MV_CAST(MvClass, args[0])));
}
static MvValue type_prepare(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)args, (void)nargs, (void)kwnames; return mv_dict_new(vm); }
static MvValue type_dir(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return mv_default_dir(vm, args[0]); }

static MvValue type_binary(MvVM *vm, int op, MvValue a, MvValue b) { return op == MV_BINARY_OR ? mv_union_of(vm, a, b) : MV_NOTIMPLEMENTED; }

static const MvMethodDef type_methods[] = {
    {"__call__", type_call_method, 0, -1, MV_DEF_RAW_KEYWORDS | MV_DEF_WRAPPER, NULL},
    {"mro", type_mro, 0, 0, 0, NULL},
    {"__subclasses__", type_subclasses, 0, 0, 0, NULL},
    {"__instancecheck__", type_instancecheck, 1, 1, 0, NULL},
    {"__subclasscheck__", type_subclasscheck, 1, 1, 0, NULL},
    {"__prepare__", type_prepare, 0, -1, MV_DEF_CLASS | MV_DEF_RAW_KEYWORDS, NULL},
    {"__dir__", type_dir, 0, 0, 0, NULL},
    {NULL, NULL, 0, 0, 0, NULL}};
static const MvGetSetDef type_getsets[] = {
    {"__name__", get_name, set_name}, {"__qualname__", get_qualname, set_qualname}, {"__module__", get_module, set_module}, {"__bases__", get_bases, set_bases},
    {"__base__", get_base, mv_member_read_only}, {"__mro__", get_mro, mv_member_read_only}, {"__dict__", get_dict, NULL}, {"__doc__", get_doc, set_doc},
    {"__abstractmethods__", get_abstract, set_abstract}, {"__annotations__", get_annotations, set_annotations}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_TYPE = {.kind = MV_KIND_CLASS, .size = sizeof(MvClass), .repr = type_repr, .call = type_call, .make = type_make, .init = type_init,
                                .get_attr = type_get_attr, .set_attr = type_set_attr, .binary = type_binary, .methods = type_methods, .getsets = type_getsets};
