/* property, staticmethod, classmethod, super, getset and member descriptors. */
#include <stdio.h>
#include "class.h"
#include "errors.h"
#include "interp.h"
#include "sequence.h"

/* ---- property ---- */

#define GETTER_DOC MV_AUX_FLAG(0) /* the docstring is the getter's */
static MvProperty *pr(MvValue v) { return MV_CAST(MvProperty, v); }

static MvValue property_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    MvValue made;
    if (cls->id == MV_CLASS_PROPERTY) {
        MvProperty *property = mv_new(vm, sizeof(MvProperty), MV_CLASS_PROPERTY, MV_KIND_PROPERTY);
        made = property ? mv_value(property) : MV_EXC;
    } else
        made = mv_instance_new(vm, cls);
    if (made == MV_EXC)
        return MV_EXC;
    pr(made)->get = pr(made)->set = pr(made)->del = pr(made)->doc = MV_NONE;
    pr(made)->name = MV_UNASSIGNED;
    return made;
}

static bool property_init(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames)
{
    MvValue bound[4];
    if (!mv_bind(vm, "property", "fget?,fset?,fdel?,doc?", args, nargs, kwnames, bound))
        return false;
    MvProperty *p = pr(self);
    for (int i = 0; i < 4; i++)
        mv_store(vm, p, &p->get + i, bound[i] == MV_UNASSIGNED ? MV_NONE : bound[i]);
    p->name = MV_UNASSIGNED;
    p->h.aux &= ~GETTER_DOC;
    if (p->doc == MV_NONE && p->get != MV_NONE) {
        MvValue doc = mv_get_attr_or(vm, p->get, vm->names->n___doc__);
        if (doc == MV_EXC)
            return false;
        if (doc != MV_UNASSIGNED && doc != MV_NONE && (mv_class_of(vm, self)->flags & MV_CLASSF_NO_DICT)) { /* CPython keeps it in the instance */
            mv_raise_attribute_error(vm, self, vm->names->n___doc__, "'%T' object attribute '__doc__' is read-only", self);
            return false;
        }
        mv_store(vm, p, &p->doc, doc == MV_UNASSIGNED ? MV_NONE : doc);
        p->h.aux |= GETTER_DOC;
    }
    return true;
}

static MvValue property_error(MvVM *vm, MvValue self, MvValue instance, const char *what)
{
    MvValue qualname = mv_class_of(vm, instance)->qualname;
    if (pr(self)->name != MV_UNASSIGNED)
        return mv_raise(vm, MV_EXC_AttributeError, "property %R of %R object has no %s", pr(self)->name, qualname, what);
    return mv_raise(vm, MV_EXC_AttributeError, "property of %R object has no %s", qualname, what);
}

static MvValue property_get(MvVM *vm, MvValue self, MvValue instance, MvValue cls)
{
    (void)cls;
    if (instance == MV_UNASSIGNED)
        return self;
    if (pr(self)->get == MV_NONE)
        return property_error(vm, self, instance, "getter");
    return mv_call1(vm, pr(self)->get, instance);
}

static bool property_set(MvVM *vm, MvValue self, MvValue instance, MvValue value)
{
    MvValue function = value == MV_UNASSIGNED ? pr(self)->del : pr(self)->set;
    if (function == MV_NONE) {
        property_error(vm, self, instance, value == MV_UNASSIGNED ? "deleter" : "setter");
        return false;
    }
    MvValue args[3] = {MV_UNASSIGNED, instance, value};
    return mv_call(vm, function, args + 1, value == MV_UNASSIGNED ? 1 : 2, 0) != MV_EXC;
}

static MvValue property_copy(MvVM *vm, MvValue self, int which, MvValue function)
{
    MvValue args[4] = {pr(self)->get, pr(self)->set, pr(self)->del, pr(self)->doc};
    if (function != MV_NONE) /* as CPython: without one, the old one stays */
        args[which] = function;
    if (mv_object(self)->aux & GETTER_DOC && which == 0)
        args[3] = MV_NONE; /* the new getter's docstring */
    MvValue made = mv_call(vm, mv_value(mv_class_of(vm, self)), args, 4, 0);
    if (made != MV_EXC && mv_is_kind(made, MV_KIND_PROPERTY))
        mv_store(vm, pr(made), &pr(made)->name, pr(self)->name);
    return made;
}
static MvValue property_getter(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return property_copy(vm, args[0], 0, args[1]); }
static MvValue property_setter(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return property_copy(vm, args[0], 1, args[1]); }
static MvValue property_deleter(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return property_copy(vm, args[0], 2, args[1]); }
static MvValue property_set_name(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)kwnames;
    if (nargs != 3)
        return mv_type_error(vm, "__set_name__() takes 2 positional arguments but %d were given", nargs - 1);
    mv_store(vm, pr(args[0]), &pr(args[0])->name, args[2]);
    return MV_NONE;
}
static MvValue property_fget(MvVM *vm, MvValue self) { (void)vm; return pr(self)->get; }
static MvValue property_fset(MvVM *vm, MvValue self) { (void)vm; return pr(self)->set; }
static MvValue property_fdel(MvVM *vm, MvValue self) { (void)vm; return pr(self)->del; }
static MvValue property_doc(MvVM *vm, MvValue self) { (void)vm; return pr(self)->doc; }
static bool property_set_doc(MvVM *vm, MvValue self, MvValue v) { mv_store(vm, pr(self), &pr(self)->doc, v == MV_UNASSIGNED ? MV_NONE : v); return true; }
static MvValue get_abstract_of(MvVM *vm, MvValue function)
{
    if (function == MV_NONE)
        return MV_FALSE;
    MvValue flag = mv_get_attr_or(vm, function, vm->names->n___isabstractmethod__);
    if (flag == MV_EXC)
        return MV_EXC;
    int truth = flag == MV_UNASSIGNED ? 0 : mv_truth(vm, flag);
    return truth < 0 ? MV_EXC : mv_bool(truth);
}
static MvValue property_abstract(MvVM *vm, MvValue self)
{
    MvValue result = MV_FALSE;
    for (int i = 0; i < 3 && result == MV_FALSE; i++)
        result = get_abstract_of(vm, (&pr(self)->get)[i]);
    return result;
}
static const MvMethodDef property_methods[] = {
    {"getter", property_getter, 1, 1, 0, NULL},
    {"setter", property_setter, 1, 1, 0, NULL},
    {"deleter", property_deleter, 1, 1, 0, NULL},
    {"__set_name__", property_set_name, 0, -1, 0, NULL}, {NULL, NULL, 0, 0, 0, NULL}};
static const MvGetSetDef property_getsets[] = {{"fget", property_fget, NULL}, {"fset", property_fset, NULL}, {"fdel", property_fdel, NULL},
    {"__doc__", property_doc, property_set_doc}, {"__isabstractmethod__", property_abstract, NULL}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_PROPERTY = {.kind = MV_KIND_PROPERTY, .size = sizeof(MvProperty), .make = property_make, .init = property_init, .descriptor_get = property_get,
                                    .descriptor_set = property_set, .methods = property_methods, .getsets = property_getsets};

/* ---- staticmethod, classmethod ---- */

static MvWrapper *wr(MvValue v) { return MV_CAST(MvWrapper, v); }

static MvValue wrapper_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    MvValue made;
    if (cls->flags & MV_CLASSF_BUILTIN) {
        MvWrapper *wrapper = mv_new(vm, sizeof(MvWrapper), (int)cls->id, cls->payload_kind);
        made = wrapper ? mv_value(wrapper) : MV_EXC;
    } else
        made = mv_instance_new(vm, cls);
    if (made != MV_EXC)
        wr(made)->function = MV_NONE, wr(made)->attributes = MV_UNASSIGNED;
    return made;
}
static MvValue static_get(MvVM *vm, MvValue self, MvValue instance, MvValue cls) { (void)vm, (void)instance, (void)cls; return wr(self)->function; }
static MvValue static_call(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames) { return mv_call(vm, wr(self)->function, args, nargs, kwnames); }
static MvValue class_get(MvVM *vm, MvValue self, MvValue instance, MvValue cls)
{
    if (cls == MV_NONE || cls == MV_UNASSIGNED)
        cls = mv_value(mv_class_of(vm, instance));
    MvValue function = wr(self)->function;
    if (!mv_is_kind(function, MV_KIND_FUNCTION) && mv_is_pointer(function)) {
        MvClass *of = mv_class_of(vm, function);
        if (of->def->descriptor_get || mv_special(vm, of, MV_SP_GET) != MV_UNASSIGNED)
            return mv_has_stack(vm) ? mv_descriptor_bind(vm, function, cls, cls) : MV_EXC; /* it may be a classmethod itself */
    }
    return mv_method_new(vm, function, cls);
}
static MvValue wrapper_function(MvVM *vm, MvValue self) { (void)vm; return wr(self)->function; }
static MvValue wrapper_abstract(MvVM *vm, MvValue self) { return get_abstract_of(vm, wr(self)->function); }
static MvValue wrapper_repr(MvVM *vm, MvValue self)
{
    return mv_format_message(vm, mv_object(self)->kind == MV_KIND_STATICMETHOD ? "<staticmethod(%R)>" : "<classmethod(%R)>", wr(self)->function);
}
static MvValue wrapper_attributes(MvVM *vm, MvValue self)
{
    if (wr(self)->attributes == MV_UNASSIGNED) {
        MvValue dict = mv_dict_new(vm);
        if (dict == MV_EXC)
            return MV_EXC;
        mv_store(vm, wr(self), &wr(self)->attributes, dict);
    }
    return wr(self)->attributes;
}
/* Whether attributes go where those of all instances go: then the class is derived, and has not refused them by __slots__. */
static bool is_instance(MvVM *vm, MvValue self)
{
    return mv_object_has_slots(vm, self) && !(mv_class_of(vm, self)->flags & MV_CLASSF_NO_DICT);
}
static MvValue wrapper_dict(MvVM *vm, MvValue self)
{
    if (is_instance(vm, self))
        return mv_namespace_new(vm, self);
    MvValue dict = wrapper_attributes(vm, self);
    return dict == MV_EXC ? MV_EXC : mv_namespace_new(vm, dict);
}
static bool wrapper_set_dict(MvVM *vm, MvValue self, MvValue v) { (void)self, (void)v; mv_raise_refused(vm, "assignment to __dict__"); return false; }
/* Whether `name` is an attribute that the class computes: those go before the object's own. */
static bool is_computed(MvVM *vm, MvValue self, MvValue name)
{
    MvValue on_class = mv_class_lookup(vm, mv_class_of(vm, self), name);
    return mv_is_kind(on_class, MV_KIND_GETSET);
}
static MvValue wrapper_get_attr(MvVM *vm, MvValue self, MvValue name)
{
    if (wr(self)->attributes != MV_UNASSIGNED && !is_computed(vm, self, name)) {
        MvDictEntry *entry = mv_dict_find_name(MV_CAST(MvDict, wr(self)->attributes), name);
        if (entry)
            return entry->value;
    }
    return mv_generic_get_attr(vm, self, name, NULL);
}
static bool wrapper_set_attr(MvVM *vm, MvValue self, MvValue name, MvValue value)
{
    if (is_instance(vm, self) || is_computed(vm, self, name))
        return mv_generic_set_attr(vm, self, name, value);
    if (value == MV_UNASSIGNED) {
        int deleted = wr(self)->attributes == MV_UNASSIGNED ? 0 : mv_dict_delete(vm, MV_CAST(MvDict, wr(self)->attributes), name);
        if (deleted == 0)
            mv_raise_attribute_error(vm, self, name, "'%T' object has no attribute '%S'", self, name);
        return deleted > 0;
    }
    MvValue dict = wrapper_attributes(vm, self);
    return dict != MV_EXC && mv_dict_set(vm, MV_CAST(MvDict, dict), name, value);
}
static bool wrapper_init(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames)
{
    const char *name = mv_object(self)->kind == MV_KIND_STATICMETHOD ? "staticmethod" : "classmethod";
    if (!mv_keywords_none(vm, name, kwnames) || !mv_count_args(vm, name, nargs, 1, 1))
        return false;
    mv_store(vm, wr(self), &wr(self)->function, args[0]);
    const MvNames *n = vm->names;
    const MvValue copied[] = {n->n___module__, n->n___name__, n->n___qualname__, n->n___doc__, n->n___annotations__};
    for (unsigned i = 0; i < sizeof copied / sizeof *copied; i++) {
        MvValue value = mv_get_attr_or(vm, args[0], copied[i]);
        if (value == MV_EXC || (value != MV_UNASSIGNED && !mv_set_attr(vm, self, copied[i], value)))
            return false;
    }
    return true;
}
static const MvGetSetDef wrapper_getsets[] = {{"__dict__", wrapper_dict, wrapper_set_dict}, {"__func__", wrapper_function, mv_member_read_only}, {"__wrapped__", wrapper_function, mv_member_read_only},
    {"__isabstractmethod__", wrapper_abstract, NULL}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_STATICMETHOD = {.kind = MV_KIND_STATICMETHOD, .size = sizeof(MvWrapper), .repr = wrapper_repr, .make = wrapper_make, .init = wrapper_init,
    .call = static_call, .descriptor_get = static_get, .get_attr = wrapper_get_attr, .set_attr = wrapper_set_attr, .getsets = wrapper_getsets};
const MvTypeDef mv_type_CLASSMETHOD = {.kind = MV_KIND_CLASSMETHOD, .size = sizeof(MvWrapper), .repr = wrapper_repr, .make = wrapper_make, .init = wrapper_init,
    .descriptor_get = class_get, .get_attr = wrapper_get_attr, .set_attr = wrapper_set_attr, .getsets = wrapper_getsets};

/* ---- super ---- */

static MvSuper *su(MvValue v) { return MV_CAST(MvSuper, v); }

static bool bind_super(MvVM *vm, MvSuper *super, MvValue *args, int64_t nargs)
{
    super->cls = args[0];
    super->self = super->self_class = MV_UNASSIGNED;
    if (nargs == 2 && args[1] != MV_NONE) {
        MvClass *base = MV_CAST(MvClass, args[0]);
        if (mv_is_kind(args[1], MV_KIND_CLASS) && mv_is_subclass(MV_CAST(MvClass, args[1]), base))
            super->self_class = args[1];
        else if (mv_super_class(vm, base, args[1]))
            super->self_class = mv_value(mv_super_class(vm, base, args[1]));
        else if (vm->exception)
            return false;
        else {
            mv_type_error(vm, "super(type, obj): obj must be an instance or subtype of type");
            return false;
        }
        super->self = args[1];
    }
    mv_barrier(vm, super);
    return true;
}
static MvValue super_make(MvVM *vm, MvClass *cls, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)cls;
    if (!mv_keywords_none(vm, "super", kwnames))
        return MV_EXC;
    if (nargs == 0) /* the compiler passes both where it can see them */
        return mv_raise(vm, MV_EXC_RuntimeError, "super(): no arguments");
    if (!mv_count_args(vm, "super()", nargs, 0, 2))
        return MV_EXC;
    if (!mv_is_kind(args[0], MV_KIND_CLASS))
        return mv_type_error(vm, "super() argument 1 must be a type, not %T", args[0]);
    MvSuper *super = mv_new(vm, sizeof(MvSuper), MV_CLASS_SUPER, MV_KIND_SUPER);
    if (!super)
        return MV_EXC;
    return bind_super(vm, super, args, nargs) ? mv_value(super) : MV_EXC;
}
/* super.__init__: what super(cls, None).__init__ is, too. Calls of the class go to super_make alone. */
static MvValue super_init(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    if (!mv_keywords_none(vm, "super", kwnames))
        return MV_EXC;
    if (nargs == 1)
        return mv_raise(vm, MV_EXC_RuntimeError, "super(): no arguments");
    if (nargs > 3)
        return mv_type_error(vm, "super() takes at most 2 arguments (%d given)", nargs - 1);
    if (!mv_is_kind(args[1], MV_KIND_CLASS))
        return mv_type_error(vm, "super() argument 1 must be type, not %t", args[1]);
    return bind_super(vm, su(args[0]), args + 1, nargs - 1) ? MV_NONE : MV_EXC;
}
static const MvMethodDef super_methods[] = {{"__init__", super_init, 0, -1, MV_DEF_RAW_KEYWORDS | MV_DEF_WRAPPER, NULL}, {NULL, NULL, 0, 0, 0, NULL}};
/* What CPython does with a name that is no str before it says so: looks it up in each class that is asked. */
bool mv_super_hashes(MvVM *vm, MvValue self, MvValue name)
{
    const MvSuper *super = su(self);
    if (super->self_class == MV_UNASSIGNED)
        return true;
    const MvTuple *mro = MV_CAST(MvClass, super->self_class)->mro;
    int64_t i = 0;
    while (i < mro->length && mro->items[i] != super->cls)
        i++;
    for (uint64_t hash; ++i < mro->length;)
        if (!mv_hash(vm, name, &hash))
            return false;
    return true;
}
static MvValue super_get_attr(MvVM *vm, MvValue self, MvValue name)
{
    MvSuper *super = su(self);
    if (super->self_class != MV_UNASSIGNED && name != vm->names->n___class__) {
        MvTuple *mro = MV_CAST(MvClass, super->self_class)->mro;
        bool behind = false;
        for (int64_t i = 0; i < mro->length; i++) {
            if (behind) {
                MvDictEntry *entry = mv_dict_find_name(MV_CAST(MvClass, mro->items[i])->names, name);
                if (entry && MV_CAST(MvNameCell, entry->value)->value != MV_UNASSIGNED)
                    return mv_descriptor_bind(vm, MV_CAST(MvNameCell, entry->value)->value, super->self == super->self_class ? MV_UNASSIGNED : super->self, super->self_class);
            }
            behind |= mro->items[i] == super->cls;
        }
    }
    return mv_generic_get_attr(vm, self, name, NULL);
}
static MvValue super_repr(MvVM *vm, MvValue self)
{
    if (su(self)->self_class == MV_UNASSIGNED)
        return mv_format_message(vm, "<super: <class '%N'>, NULL>", MV_CAST(MvClass, su(self)->cls));
    return mv_format_message(vm, "<super: <class '%N'>, <%N object>>", MV_CAST(MvClass, su(self)->cls), MV_CAST(MvClass, su(self)->self_class));
}
static MvValue super_bind(MvVM *vm, MvValue self, MvValue instance, MvValue cls)
{
    (void)cls;
    if (instance == MV_UNASSIGNED || su(self)->self != MV_UNASSIGNED)
        return self;
    MvValue args[2] = {su(self)->cls, instance};
    return super_make(vm, NULL, args, 2, 0);
}
static MvValue super_thisclass(MvVM *vm, MvValue self) { (void)vm; return su(self)->cls; }
static MvValue super_self(MvVM *vm, MvValue self) { (void)vm; return su(self)->self == MV_UNASSIGNED ? MV_NONE : su(self)->self; }
static MvValue super_self_class(MvVM *vm, MvValue self) { (void)vm; return su(self)->self_class == MV_UNASSIGNED ? MV_NONE : su(self)->self_class; }
static const MvGetSetDef super_getsets[] = {{"__thisclass__", super_thisclass, mv_member_read_only}, {"__self__", super_self, mv_member_read_only}, {"__self_class__", super_self_class, mv_member_read_only}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_SUPER = {.kind = MV_KIND_SUPER, .size = sizeof(MvSuper), .repr = super_repr, .make = super_make, .methods = super_methods, .get_attr = super_get_attr,
                                 .descriptor_get = super_bind, .getsets = super_getsets};

/* ---- getset and member descriptors ---- */

/* The fields that CPython declares as members: their descriptors are of member_descriptor's class, and say less when they refuse. */
static bool is_member(uint32_t owner, const char *name)
{
    static const struct Members { uint32_t owner; const char *names; } members[] = {
        {MV_CLASS_TYPE, " __base__ __mro__ "}, {MV_CLASS_RANGE, " start stop step "}, {MV_CLASS_SLICE, " start stop step "},
        {MV_CLASS_FUNCTION, " __closure__ __doc__ __globals__ __module__ "}, {MV_CLASS_BUILTIN, " __module__ "},
        {MV_CLASS_METHODDESCRIPTOR, " __name__ __objclass__ "}, {MV_CLASS_WRAPPERDESCRIPTOR, " __name__ __objclass__ "},
        {MV_CLASS_CLASSMETHODDESCRIPTOR, " __name__ __objclass__ "}, {MV_CLASS_GETSET, " __name__ __objclass__ "},
        {MV_CLASS_MEMBER, " __name__ __objclass__ "}, {MV_CLASS_METHODWRAPPER, " __self__ "}, {MV_CLASS_METHOD, " __func__ __self__ "},
        {MV_CLASS_PROPERTY, " fget fset fdel __doc__ "}, {MV_CLASS_STATICMETHOD, " __func__ __wrapped__ "},
        {MV_CLASS_CLASSMETHOD, " __func__ __wrapped__ "}, {MV_CLASS_SUPER, " __self__ __self_class__ __thisclass__ "},
        {MV_CLASS_GENERATOR, " gi_code "}, {MV_CLASS_MODULE, " __dict__ "}, {MV_CLASS_GENERICALIAS, " __args__ __origin__ __unpacked__ "},
        {MV_CLASS_CODE, " co_argcount co_filename co_firstlineno co_flags co_kwonlyargcount co_name co_nlocals co_posonlyargcount co_qualname "},
        {MV_CLASS_TRACEBACK, " tb_frame tb_lasti "}, {MV_CLASS_FIRST_EXCEPTION, " __suppress_context__ "}};
    if (owner > MV_CLASS_FIRST_EXCEPTION && owner < MV_CLASS_COUNT)
        return strcmp(name, "characters_written") != 0;
    for (unsigned i = 0; i < sizeof members / sizeof *members; i++)
        if (members[i].owner == owner) {
            char word[64];
            snprintf(word, sizeof word, " %s ", name);
            return strstr(members[i].names, word);
        }
    return false;
}

MvValue mv_getset_make(MvVM *vm, MvClass *owner, const MvGetSetDef *def, bool field)
{
    bool member = field || (owner->flags & MV_CLASSF_BUILTIN && is_member(owner->id, def->name));
    MvGetSet *getset = mv_new(vm, sizeof(MvGetSet), member ? MV_CLASS_MEMBER : MV_CLASS_GETSET, MV_KIND_GETSET);
    if (!getset)
        return MV_EXC;
    getset->def = def;
    getset->owner = mv_value(owner);
    return mv_value(getset);
}

static bool applies(MvVM *vm, MvValue owner, MvValue instance, const char *name)
{
    if (mv_is_subclass(mv_class_of(vm, instance), MV_CAST(MvClass, owner)))
        return true;
    mv_type_error(vm, "descriptor '%s' for '%N' objects doesn't apply to a '%T' object", name, MV_CAST(MvClass, owner), instance);
    return false;
}
static MvValue getset_get(MvVM *vm, MvValue self, MvValue instance, MvValue cls)
{
    (void)cls;
    const MvGetSet *getset = MV_CAST(MvGetSet, self);
    if (instance == MV_UNASSIGNED)
        return self;
    return applies(vm, getset->owner, instance, getset->def->name) ? getset->def->get(vm, instance) : MV_EXC;
}
static bool getset_set(MvVM *vm, MvValue self, MvValue instance, MvValue value)
{
    const MvGetSet *getset = MV_CAST(MvGetSet, self);
    if (!applies(vm, getset->owner, instance, getset->def->name))
        return false;
    if (getset->def->set)
        return getset->def->set(vm, instance, value);
    if (mv_object(self)->shape == MV_CLASS_MEMBER)
        mv_raise(vm, MV_EXC_AttributeError, "readonly attribute");
    else
        mv_raise(vm, MV_EXC_AttributeError, "attribute '%s' of '%N' objects is not writable", getset->def->name,
                 MV_CAST(MvClass, getset->owner));
    return false;
}
static MvValue getset_repr(MvVM *vm, MvValue self)
{
    return mv_format_message(vm, mv_object(self)->shape == MV_CLASS_MEMBER ? "<member '%s' of '%N' objects>" : "<attribute '%s' of '%N' objects>", MV_CAST(MvGetSet, self)->def->name, MV_CAST(MvClass, MV_CAST(MvGetSet, self)->owner));
}
static MvValue getset_name(MvVM *vm, MvValue self) { return mv_intern_c(vm, MV_CAST(MvGetSet, self)->def->name); }
static MvValue getset_qualname(MvVM *vm, MvValue self)
{
    return mv_format_message(vm, "%S.%s", MV_CAST(MvClass, MV_CAST(MvGetSet, self)->owner)->qualname, MV_CAST(MvGetSet, self)->def->name);
}
static MvValue getset_owner(MvVM *vm, MvValue self) { (void)vm; return MV_CAST(MvGetSet, self)->owner; }
static const MvGetSetDef getset_getsets[] = {{"__name__", getset_name, NULL}, {"__qualname__", getset_qualname, NULL}, {"__objclass__", getset_owner, NULL}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_GETSET = {.kind = MV_KIND_GETSET, .size = sizeof(MvGetSet), .repr = getset_repr, .descriptor_get = getset_get, .descriptor_set = getset_set,
                                  .getsets = getset_getsets};

static MvMember *mb(MvValue v) { return MV_CAST(MvMember, v); }
/* A member is a slot that a program declared (MvMember), or a field of a builtin class (MvGetSet). */
static bool is_field(MvValue self) { return mv_object(self)->kind == MV_KIND_GETSET; }
static MvValue member_get(MvVM *vm, MvValue self, MvValue instance, MvValue cls)
{
    if (is_field(self))
        return getset_get(vm, self, instance, cls);
    if (instance == MV_UNASSIGNED)
        return self;
    if (!mv_is_subclass(mv_class_of(vm, instance), MV_CAST(MvClass, mb(self)->owner)))
        return mv_type_error(vm, "descriptor '%S' for '%N' objects doesn't apply to a '%T' object", mb(self)->name, MV_CAST(MvClass, mb(self)->owner), instance);
    MvValue value = mv_object_get_own(vm, instance, mb(self)->key);
    if (value == MV_UNASSIGNED)
        return mv_raise_attribute_error(vm, instance, mb(self)->name, "'%T' object has no attribute '%S'", instance, mb(self)->name);
    return value;
}
static bool member_set(MvVM *vm, MvValue self, MvValue instance, MvValue value)
{
    if (is_field(self))
        return getset_set(vm, self, instance, value);
    if (!mv_is_subclass(mv_class_of(vm, instance), MV_CAST(MvClass, mb(self)->owner))) {
        mv_type_error(vm, "descriptor '%S' for '%N' objects doesn't apply to a '%T' object", mb(self)->name, MV_CAST(MvClass, mb(self)->owner), instance);
        return false;
    }
    if (value != MV_UNASSIGNED)
        return mv_object_set_own(vm, instance, mb(self)->key, value);
    bool found;
    if (!mv_object_delete_own(vm, instance, mb(self)->key, &found))
        return false;
    if (!found)
        mv_raise(vm, MV_EXC_AttributeError, "%S", mb(self)->name);
    return found;
}
static MvValue member_repr(MvVM *vm, MvValue self)
{
    return is_field(self) ? getset_repr(vm, self) : mv_format_message(vm, "<member '%S' of '%N' objects>", mb(self)->name, MV_CAST(MvClass, mb(self)->owner));
}
static MvValue member_name(MvVM *vm, MvValue self) { return is_field(self) ? getset_name(vm, self) : mb(self)->name; }
static MvValue member_qualname(MvVM *vm, MvValue self)
{
    return is_field(self) ? getset_qualname(vm, self) : mv_format_message(vm, "%S.%S", MV_CAST(MvClass, mb(self)->owner)->qualname, mb(self)->name);
}
static MvValue member_owner(MvVM *vm, MvValue self) { return is_field(self) ? getset_owner(vm, self) : mb(self)->owner; }
static const MvGetSetDef member_getsets[] = {{"__name__", member_name, NULL}, {"__qualname__", member_qualname, NULL}, {"__objclass__", member_owner, NULL}, {NULL, NULL, NULL}};
const MvTypeDef mv_type_MEMBER = {.kind = MV_KIND_MEMBER, .size = sizeof(MvMember), .repr = member_repr, .descriptor_get = member_get, .descriptor_set = member_set,
                                  .getsets = member_getsets};
