/* What the files about classes share: class.c, class_make.c, instance.c, build_class.c, type_object.c, type_class.c, vm_init.c. */
#pragma once
#include "protocol.h"
#include "str.h"

MvNameCell *mv_name_cell_new(MvVM *vm, MvValue name, MvValue value);
MvClass *mv_class_allocate(MvVM *vm, MvValue metaclass, MvValue name, MvTuple *bases, MvClass *base);
bool mv_class_make_root(MvVM *vm, MvClass *cls);
bool mv_class_put(MvVM *vm, MvClass *cls, MvValue name, MvValue value); /* no check that the class is mutable */
bool mv_frame_is_ours(MvVM *vm); /* does a module of ours run, which may use metaclasses? */
MV_COLD MvValue mv_raise_metaclass_conflict(MvVM *vm);
MvValue mv_class_winning_metaclass(MvVM *vm, MvValue metaclass, MvTuple *bases);
MvValue mv_call_with_dict(MvVM *vm, MvValue callee, MvDict *keywords); /* callee(**keywords); keywords may be NULL */
MvValue mv_call_with_self(MvVM *vm, MvValue function, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames);
/* namespace.c */
MvValue mv_namespace_new(MvVM *vm, MvValue target); /* of an object, module, class (a mappingproxy) or plain dict: the one that there is, or a new one */
MvValue mv_namespace_proxy(MvVM *vm, MvValue dict); /* a mappingproxy of a dict, an instance of a subclass of it or a namespace */
void mv_namespaces_sweep(MvVM *vm); /* after marking */
/* What a call of dict's method `name` does on v, if v is a namespace that programs see as a dict; else UNASSIGNED. */
MvValue mv_namespace_method(MvVM *vm, uint32_t owner, const char *name, MvValue v);
bool mv_image_has_module(MvVM *vm, MvValue name); /* is it part of a loaded image? */
MvValue mv_module_run(MvVM *vm, MvModule *module); /* the body, once; the module is in sys.modules before */
MvValue mv_object_repr(MvVM *vm, MvValue v);                            /* object.__repr__ */
MvValue mv_object_format(MvVM *vm, MvValue v, MvValue spec);
/* mv_special, in line for what was looked up before. */
MV_INLINE MvValue mv_special_known(MvVM *vm, MvClass *cls, int special)
{
    if (MV_LIKELY(cls->specials && cls->special_epoch == vm->class_epoch && cls->specials[special]))
        return cls->specials[special];
    return mv_special(vm, cls, special);
}
MV_INLINE bool mv_class_is_builtin(const MvClass *cls) { return cls->flags & MV_CLASSF_BUILTIN; }
bool mv_class_is_plain(MvVM *vm, MvValue v); /* as a class attribute: no descriptor, no function, and a value */
MvClass *mv_class_exception_layout(MvVM *vm, const MvClass *cls); /* the exception class, of those with fields of their own, whose layout it has */
void mv_class_inherit_slots(MvVM *vm, MvClass *cls); /* of a class that is being made: MV_CLASSF_NUMBER_* that its bases bring */
void mv_class_update_flags(MvVM *vm, MvClass *cls); /* of the class and those that derive from it: what its special methods say */
MvClass *mv_class_builtin_base(MvVM *vm, MvClass *cls); /* itself, or the builtin class from which it has its layout */
bool mv_class_has_object_new(MvVM *vm, MvClass *cls); /* are its instances made as object.__new__ makes them? */
bool mv_is_dunder(MvValue name);
MvClass *mv_class_base(MvVM *vm, const MvClass *cls); /* __base__: the base whose layout it has; NULL: it is object */
/* Is v, what cls has under a special name, the builtin method of that name of a class that cls derives from (so that its C slot does what
   a call of v would)? Not so a builtin of another name or class that the program put there, or a bound one. */
bool mv_is_inherited(MvVM *vm, const MvClass *cls, MvValue v, int special);
bool mv_is_objects(MvVM *vm, MvValue v, int special); /* the same, of object itself */
extern const MvGetSetDef mv_instance_dict_def, mv_instance_weakref_def; /* __dict__ and __weakref__ of user classes */
MvValue mv_mangle(MvVM *vm, MvValue class_name, MvValue name);         /* __x -> _C__x */
/* The slot of a builtin class's def, inherited from the builtin base where the class has none. */
#define MV_SLOT(def, field)                                                                                                   \
    ((def)->field ? (def)->field : (def) == &mv_type_BOOL && mv_type_INT.field ? mv_type_INT.field : mv_type_OBJECT.field)
/* The descriptor of an attribute of owner's instances; field: CPython declares it as a member, even if its table does not say so. EXC: no memory. */
MvValue mv_getset_make(MvVM *vm, MvClass *owner, const MvGetSetDef *def, bool field);
/* The keys of slots (MvMember) begin so. */
#define MV_MEMBER_MARK "\1"
MV_INLINE bool mv_member_is_key(MvValue name)
{
    const MvStr *s = mv_is_kind(name, MV_KIND_STR) ? MV_CAST(MvStr, name) : NULL;
    return s && s->length && mv_str_char(s, 0) == (uint32_t)MV_MEMBER_MARK[0];
}
