/* Making classes: the linearisation, the base whose layout they have, slots, what the class statement's namespace becomes. Called by
 * build_class.c and type_class.c; class.c keeps what is made. */
#include "calling.h"
#include "class.h"
#include "depend.h"
#include "interp.h"

/* C3 linearisation (Barrett et al. 1996). NULL: raised. */
static MvTuple *linearise(MvVM *vm, MvClass *cls, MvTuple *bases)
{
    int64_t count = bases->length, total = 1;
    for (int64_t i = 0; i < count; i++)
        total += MV_CAST(MvClass, bases->items[i])->mro->length;
    MvTuple *result = mv_tuple_new(vm, total);
    MvTuple *heads = mv_tuple_new(vm, count + 1); /* positions, as ints */
    if (!result || !heads)
        return NULL;
    int64_t length = 0;
    result->items[length++] = mv_value(cls);
    for (;;) {
        MvValue next = 0;
        bool left = false;
        for (int64_t i = 0; i <= count && !next; i++) {
            MvTuple *list = i < count ? MV_CAST(MvClass, bases->items[i])->mro : bases;
            int64_t head = mv_to_fixnum(heads->items[i]);
            if (head == list->length)
                continue;
            left = true;
            MvValue candidate = list->items[head];
            bool in_tail = false;
            for (int64_t j = 0; j <= count && !in_tail; j++) {
                MvTuple *other = j < count ? MV_CAST(MvClass, bases->items[j])->mro : bases;
                for (int64_t k = mv_to_fixnum(heads->items[j]) + 1; k < other->length; k++)
                    in_tail |= other->items[k] == candidate;
            }
            if (!in_tail)
                next = candidate;
        }
        if (!left)
            break;
        if (!next) {
            MvBuilder b;
            mv_builder_begin(vm, &b);
            bool first = true;
            for (int64_t i = 0; i < count; i++) { /* the bases that are still waiting */
                MvTuple *list = bases;
                if (i < mv_to_fixnum(heads->items[count]))
                    continue;
                if (!first)
                    mv_builder_ascii(&b, ", ", 2);
                mv_builder_str(&b, MV_CAST(MvStr, MV_CAST(MvClass, list->items[i])->name));
                first = false;
            }
            MvValue names = mv_builder_end(&b);
            if (names != MV_EXC)
                mv_type_error(vm, "Cannot create a consistent method resolution\norder (MRO) for bases %S", names);
            return NULL;
        }
        result->items[length++] = next;
        for (int64_t i = 0; i <= count; i++) {
            MvTuple *list = i < count ? MV_CAST(MvClass, bases->items[i])->mro : bases;
            int64_t head = mv_to_fixnum(heads->items[i]);
            if (head < list->length && list->items[head] == next)
                heads->items[i] = mv_from_fixnum(head + 1);
        }
    }
    result->length = length;
    mv_barrier(vm, result);
    return result;
}

/* The nearest class that fixes where attributes lie: one with __slots__ of its own; NULL: none below object. */
static MvClass *slotted_base(MvVM *vm, MvClass *cls)
{
    if (mv_class_is_builtin(cls))
        return NULL;
    int64_t position = 0;
    MvValue name, cell;
    while (mv_dict_find_name(cls->names, vm->names->n___slots__) && mv_dict_next(cls->names, &position, &name, &cell))
        if (mv_is_kind(MV_CAST(MvNameCell, cell)->value, MV_KIND_MEMBER))
            return cls;
    MvClass *found = NULL;
    for (int64_t i = 0; i < cls->bases->length; i++) {
        MvClass *base = slotted_base(vm, MV_CAST(MvClass, cls->bases->items[i]));
        if (base && (!found || mv_is_subclass(base, found)))
            found = base;
    }
    return found;
}

/* Two bases may both have __slots__ only if one derives from the other. */
static bool slots_agree(MvVM *vm, const MvTuple *bases)
{
    MvClass *winner = NULL;
    for (int64_t i = 0; i < bases->length && bases->length > 1; i++) {
        MvClass *base = slotted_base(vm, MV_CAST(MvClass, bases->items[i]));
        if (base && winner && !mv_is_subclass(base, winner) && !mv_is_subclass(winner, base)) {
            mv_type_error(vm, "multiple bases have instance lay-out conflict");
            return false;
        }
        winner = base && (!winner || mv_is_subclass(base, winner)) ? base : winner;
    }
    return true;
}

/* The base whose payload the class inherits; NULL: raised. */
static MvClass *best_base(MvVM *vm, MvTuple *bases)
{
    MvClass *best = NULL;
    for (int64_t i = 0; i < bases->length; i++) {
        if (!mv_is_kind(bases->items[i], MV_KIND_CLASS)) {
            mv_type_error(vm, "bases must be types");
            return NULL;
        }
        MvClass *base = MV_CAST(MvClass, bases->items[i]);
        if (!(base->flags & MV_CLASSF_SUBCLASSABLE)) {
            static const int in_cpython[] = {MV_CLASS_SUPER, MV_CLASS_ENUMERATE, MV_CLASS_ZIP, MV_CLASS_MAP, MV_CLASS_FILTER, MV_CLASS_REVERSED, MV_CLASS_MODULE,
                                             MV_CLASS_FILE};
            for (unsigned k = 0; k < sizeof in_cpython / sizeof *in_cpython; k++)
                if ((int)base->id == in_cpython[k]) {
                    mv_raise_refused(vm, "a subclass of %N", base);
                    return NULL;
                }
            mv_type_error(vm, "type '%N' is not an acceptable base type", base);
            return NULL;
        }
        if (!best || (best->payload_kind == MV_KIND_INSTANCE && base->payload_kind != MV_KIND_INSTANCE))
            best = base;
        else if (base->payload_kind == MV_KIND_INSTANCE)
            continue;
        MvClass *a = best->payload_kind == MV_KIND_EXCEPTION ? mv_class_exception_layout(vm, best) : best;
        MvClass *b = base->payload_kind == MV_KIND_EXCEPTION ? mv_class_exception_layout(vm, base) : base;
        if (base->payload_kind != best->payload_kind || (base->payload_kind == MV_KIND_EXCEPTION && !mv_is_subclass(a, b) && !mv_is_subclass(b, a))) {
            mv_type_error(vm, "multiple bases have instance lay-out conflict");
            return NULL;
        }
        if (base->payload_kind == MV_KIND_EXCEPTION && !mv_is_subclass(a, b))
            best = base;
    }
    if (!slots_agree(vm, bases))
        return NULL;
    for (int64_t i = 0; i < bases->length; i++)
        for (int64_t j = 0; j < i; j++)
            if (bases->items[i] == bases->items[j]) {
                mv_type_error(vm, "duplicate base class %N", MV_CAST(MvClass, bases->items[i]));
                return NULL;
            }
    return best;
}

MvClass *mv_class_allocate(MvVM *vm, MvValue metaclass, MvValue name, MvTuple *bases, MvClass *base)
{
    uint32_t shape = MV_CLASS_TYPE;
    size_t size = sizeof(MvClass);
    if (metaclass && MV_CAST(MvClass, metaclass) != vm->classes[MV_CLASS_TYPE]) {
        shape = MV_CAST(MvClass, metaclass)->root_shape;
        size = vm->shapes[shape]->object_size;
    }
    MvClass *cls = mv_allocate(vm, size, shape, MV_KIND_CLASS, MV_GC_HAS_POINTERS, 0);
    if (!cls)
        return NULL;
    cls->name = cls->qualname = name;
    cls->metaclass = metaclass;
    cls->id = MV_CLASS_COUNT;
    cls->bases = bases;
    if (base) {
        cls->def = base->def;
        cls->payload_kind = base->payload_kind;
        cls->flags = MV_CLASSF_SUBCLASSABLE | (base->flags & (MV_CLASSF_EXCEPTION | MV_CLASSF_METACLASS));
        cls->slot_hint = base->slot_hint;
    }
    return cls;
}

MvValue mv_raise_metaclass_conflict(MvVM *vm)
{
    return mv_type_error(vm, "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases");
}

static MvValue winning_metaclass(MvVM *vm, MvValue metaclass, MvTuple *bases)
{
    for (int64_t i = 0; i < bases->length; i++) {
        MvValue candidate = MV_CAST(MvClass, bases->items[i])->metaclass;
        if (mv_is_subclass(MV_CAST(MvClass, metaclass), MV_CAST(MvClass, candidate)))
            continue;
        if (!mv_is_subclass(MV_CAST(MvClass, candidate), MV_CAST(MvClass, metaclass)))
            return mv_raise_metaclass_conflict(vm);
        metaclass = candidate;
    }
    return metaclass;
}

MvValue mv_class_winning_metaclass(MvVM *vm, MvValue metaclass, MvTuple *bases) { return winning_metaclass(vm, metaclass, bases); }

MvValue mv_mangle(MvVM *vm, MvValue class_name, MvValue name)
{
    const MvStr *n = MV_CAST(MvStr, name), *c = MV_CAST(MvStr, class_name);
    bool mangled = n->length > 2 && mv_str_char(n, 0) == '_' && mv_str_char(n, 1) == '_' && !(mv_str_char(n, n->length - 1) == '_' && mv_str_char(n, n->length - 2) == '_');
    int64_t start = 0;
    while (start < c->length && mv_str_char(c, start) == '_')
        start++;
    if (!mangled || start == c->length)
        return name;
    MvValue stripped = mv_str_substring(vm, c, start, c->length);
    return stripped == MV_EXC ? MV_EXC : mv_format_message(vm, "_%S%S", stripped, name);
}

static bool has_tail(int kind) { return kind == MV_KIND_STR || kind == MV_KIND_INT || kind == MV_KIND_TUPLE; }

bool mv_class_make_root(MvVM *vm, MvClass *cls)
{
    uint8_t flags = has_tail(cls->payload_kind) ? MV_SHAPE_TAIL : cls->payload_kind == MV_KIND_CLASS ? MV_SHAPE_BUILTIN : 0;
    uint32_t size = cls->payload_kind == MV_KIND_INSTANCE ? sizeof(MvObject) : cls->def->size;
    uint16_t capacity = cls->slot_hint < 1 ? 1 : cls->slot_hint > 60 ? 60 : cls->slot_hint;
    MvShape *root = mv_shape_new_root(vm, cls, cls->payload_kind, size, capacity, flags);
    if (!root)
        return false;
    cls->root_shape = root->id;
    return true;
}

/* Declares __slots__: MEMBER descriptors, and no other attributes if no base has a dict. False: raised. */
static bool declare_slots(MvVM *vm, MvClass *cls, MvTuple *bases, MvValue slots)
{
    bool base_has_dict = false;
    for (int64_t i = 0; i < bases->length; i++) {
        MvClass *base = MV_CAST(MvClass, bases->items[i]);
        base_has_dict |= !(base->flags & (MV_CLASSF_NO_DICT | MV_CLASSF_BUILTIN)) || (base->flags & MV_CLASSF_EXCEPTION);
    }
    bool has_dict = base_has_dict;
    bool has_weakref = mv_class_find(vm, cls, vm->names->n___weakref__, NULL) != NULL;
    MvValue list = mv_is_kind(slots, MV_KIND_STR) ? mv_list_from(vm, &slots, 1) : mv_list_from_iterable(vm, slots);
    if (list == MV_EXC)
        return false;
    MvList *names = MV_CAST(MvList, list);
    if (names->length && (cls->payload_kind == MV_KIND_INT || cls->payload_kind == MV_KIND_TUPLE)) {
        mv_type_error(vm, "nonempty __slots__ not supported for subtype of '%N'", MV_CAST(MvClass, bases->items[0]));
        return false;
    }
    for (int64_t i = 0; i < names->length; i++) {
        MvValue name = names->items[i];
        if (!mv_is_kind(name, MV_KIND_STR)) {
            mv_type_error(vm, "__slots__ items must be strings, not '%T'", name);
            return false;
        }
        if (!mv_str_is_identifier(MV_CAST(MvStr, name))) {
            mv_type_error(vm, "__slots__ must be identifiers");
            return false;
        }
        name = mv_intern(vm, mv_mangle(vm, cls->name, name));
        if (name == vm->names->n___dict__) {
            if (has_dict) {
                mv_type_error(vm, "__dict__ slot disallowed: we already got one");
                return false;
            }
            has_dict = true;
            continue;
        }
        if (name == vm->names->n___weakref__) {
            if (has_weakref) {
                mv_type_error(vm, "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0");
                return false;
            }
            has_weakref = true;
            continue;
        }
        MvDictEntry *entry = mv_dict_find_name(cls->names, name);
        if (entry && MV_CAST(MvNameCell, entry->value)->value != MV_UNASSIGNED) {
            if (mv_is_kind(MV_CAST(MvNameCell, entry->value)->value, MV_KIND_MEMBER))
                continue;
            if (name != vm->names->n___qualname__ && name != vm->names->n___classcell__) {
                mv_value_error(vm, "%R in __slots__ conflicts with class variable", name);
                return false;
            }
        }
        MvValue key = mv_format_message(vm, MV_MEMBER_MARK "%d.%S", cls->mro->length, name); /* unlike those of the classes above it */
        if (key == MV_EXC || (key = mv_intern(vm, key)) == MV_EXC)
            return false;
        MvMember *member = mv_new(vm, sizeof(MvMember), MV_CLASS_MEMBER, MV_KIND_MEMBER);
        if (!member)
            return false;
        member->key = key;
        member->name = name;
        member->owner = mv_value(cls);
        if (!mv_class_put(vm, cls, name, mv_value(member)))
            return false;
        cls->slot_hint++;
    }
    if (!has_dict)
        cls->flags |= MV_CLASSF_NO_DICT;
    return true;
}

static bool wrap_implicit(MvVM *vm, MvClass *cls, int special, int class_id, int kind)
{
    MvDictEntry *entry = mv_dict_find_name(cls->names, vm->special_names[special]);
    if (!entry || !mv_is_kind(MV_CAST(MvNameCell, entry->value)->value, MV_KIND_FUNCTION))
        return true;
    MvNameCell *cell = MV_CAST(MvNameCell, entry->value);
    MvWrapper *wrapper = mv_new(vm, sizeof(MvWrapper), class_id, kind);
    if (!wrapper)
        return false;
    wrapper->function = cell->value;
    wrapper->attributes = MV_UNASSIGNED;
    mv_store(vm, cell, &cell->value, mv_value(wrapper));
    return true;
}

/* Fills cls->names from the namespace; finds __classcell__ and __qualname__ on the way. */
static bool copy_names(MvVM *vm, MvClass *cls, MvDict *names, MvValue *class_cell)
{
    int64_t position = 0;
    MvValue name, value;
    while (mv_dict_next(names, &position, &name, &value)) {
        if (!mv_is_kind(name, MV_KIND_STR))
            continue;
        name = mv_intern(vm, name);
        if (name == vm->names->n___classcell__) {
            *class_cell = value;
            continue;
        }
        if (name == vm->names->n___qualname__) {
            if (!mv_is_kind(value, MV_KIND_STR)) {
                mv_type_error(vm, "type __qualname__ must be a str, not %T", value);
                return false;
            }
            mv_store(vm, cls, &cls->qualname, value);
            continue;
        }
        MvNameCell *cell = mv_name_cell_new(vm, name, value);
        if (!cell || !mv_dict_set(vm, cls->names, name, mv_value(cell)))
            return false;
        if (mv_is_kind(value, MV_KIND_FUNCTION) && name == vm->special_names[MV_SP_INIT]) {
            uint32_t hint = cls->slot_hint + MV_CAST(MvFunction, value)->code->slot_hint;
            cls->slot_hint = (uint16_t)(hint > 60 ? 60 : hint);
        }
    }
    return true;
}

static bool find_slot_names(MvVM *vm, MvValue slots, bool *dict, bool *weakref)
{
    MvValue list = mv_is_kind(slots, MV_KIND_STR) ? mv_list_from(vm, &slots, 1) : mv_list_from_iterable(vm, slots);
    if (list == MV_EXC)
        return false;
    for (int64_t i = 0; i < MV_CAST(MvList, list)->length; i++) {
        *dict |= mv_str_is_c(MV_CAST(MvList, list)->items[i], "__dict__");
        *weakref |= mv_str_is_c(MV_CAST(MvList, list)->items[i], "__weakref__");
    }
    return true;
}

static bool put_getset(MvVM *vm, MvClass *cls, const MvGetSetDef *def)
{
    MvValue getset = mv_getset_make(vm, cls, def, false);
    return getset != MV_EXC && mv_class_put(vm, cls, mv_intern_c(vm, def->name), getset);
}

static bool run_set_names(MvVM *vm, MvClass *cls, MvDict *names)
{
    int64_t position = 0;
    MvValue name, value;
    while (mv_dict_next(names, &position, &name, &value)) {
        if (!mv_is_pointer(value))
            continue;
        MvClass *of = mv_class_of(vm, value);
        MvValue set_name = mv_special(vm, of, MV_SP_SET_NAME);
        if (set_name == MV_UNASSIGNED)
            continue;
        MvValue args[2] = {mv_value(cls), name};
        if (mv_call_special(vm, set_name, value, args, 2) == MV_EXC) {
            if (vm->ending)
                return false;
            MvValue cause = mv_exception_take(vm);
            mv_raise(vm, MV_EXC_RuntimeError, "Error calling __set_name__ on '%N' instance %R in '%N'", of, name, cls);
            if (vm->exception && mv_is_kind(vm->exception, MV_KIND_EXCEPTION)) {
                MvException *e = MV_CAST(MvException, vm->exception);
                mv_store(vm, e, &e->cause, cause);
                mv_store(vm, e, &e->context, cause);
                e->suppress = MV_TRUE;
            }
            return false;
        }
    }
    return true;
}

static bool add_subclass(MvVM *vm, MvClass *base, MvClass *cls)
{
    if (base->flags & MV_CLASSF_BUILTIN && base->id == MV_CLASS_OBJECT && !vm->builtins)
        return true;
    if (!base->subclasses) {
        MvValue dict = mv_dict_new(vm);
        if (dict == MV_EXC)
            return false;
        base->subclasses = MV_CAST(MvDict, dict);
        mv_barrier(vm, base);
    }
    if (MV_UNLIKELY(base->flags & MV_CLASSF_WATCHED))
        mv_depend_subclass_made(vm, base);
    return mv_dict_set(vm, base->subclasses, mv_value(cls), MV_NONE);
}

MvValue mv_class_new(MvVM *vm, MvValue metaclass, MvValue name, MvTuple *bases, MvDict *names, MvValue kwargs)
{
    if (!bases->length) {
        MvValue object = mv_value(vm->classes[MV_CLASS_OBJECT]), tuple = mv_tuple_from(vm, &object, 1);
        if (tuple == MV_EXC)
            return MV_EXC;
        bases = MV_CAST(MvTuple, tuple);
    }
    MvClass *base = best_base(vm, bases);
    if (!base)
        return MV_EXC;
    metaclass = winning_metaclass(vm, metaclass, bases);
    MvClass *cls = metaclass == MV_EXC ? NULL : mv_class_allocate(vm, metaclass, name, bases, base);
    if (!cls)
        return MV_EXC;
    MvValue dict = mv_dict_new(vm);
    if (dict == MV_EXC)
        return MV_EXC;
    cls->names = MV_CAST(MvDict, dict);
    mv_barrier(vm, cls);
    cls->mro = linearise(vm, cls, bases);
    if (!cls->mro)
        return MV_EXC;
    mv_barrier(vm, cls);
    MvValue class_cell = MV_UNASSIGNED;
    if (!copy_names(vm, cls, names, &class_cell))
        return MV_EXC;
    MvDictEntry *slots = mv_dict_find_name(cls->names, vm->names->n___slots__);
    if (slots) {
        if (!declare_slots(vm, cls, bases, MV_CAST(MvNameCell, slots->value)->value))
            return MV_EXC;
    }
    if (cls->payload_kind != MV_KIND_CLASS) {
        bool dict_slot = !slots, weakref_slot = !slots;
        if (slots && !find_slot_names(vm, MV_CAST(MvNameCell, slots->value)->value, &dict_slot, &weakref_slot))
            return MV_EXC;
        if ((dict_slot && !mv_class_find(vm, cls, vm->names->n___dict__, NULL) && !put_getset(vm, cls, &mv_instance_dict_def)) ||
            (weakref_slot && !mv_class_find(vm, cls, vm->names->n___weakref__, NULL) && !put_getset(vm, cls, &mv_instance_weakref_def)))
            return MV_EXC;
    }
    if (!mv_dict_find_name(cls->names, vm->names->n___doc__) && !mv_class_put(vm, cls, vm->names->n___doc__, MV_NONE))
        return MV_EXC;
    if (mv_dict_find_name(cls->names, vm->special_names[MV_SP_EQ]) && !mv_dict_find_name(cls->names, vm->special_names[MV_SP_HASH]) &&
        !mv_class_put(vm, cls, vm->special_names[MV_SP_HASH], MV_NONE))
        return MV_EXC;
    if (!wrap_implicit(vm, cls, MV_SP_NEW, MV_CLASS_STATICMETHOD, MV_KIND_STATICMETHOD) ||
        !wrap_implicit(vm, cls, MV_SP_INIT_SUBCLASS, MV_CLASS_CLASSMETHOD, MV_KIND_CLASSMETHOD) ||
        !wrap_implicit(vm, cls, MV_SP_CLASS_GETITEM, MV_CLASS_CLASSMETHOD, MV_KIND_CLASSMETHOD))
        return MV_EXC;
    if (!mv_class_make_root(vm, cls))
        return MV_EXC;
    vm->class_epoch++;
    if (cls->payload_kind != MV_KIND_INSTANCE)
        mv_class_inherit_slots(vm, cls);
    mv_class_update_flags(vm, cls);
    for (int64_t i = 0; i < bases->length; i++)
        if (!add_subclass(vm, MV_CAST(MvClass, bases->items[i]), cls))
            return MV_EXC;
    if (class_cell != MV_UNASSIGNED && !mv_is_kind(class_cell, MV_KIND_CELL))
        return mv_type_error(vm, "__classcell__ must be a nonlocal cell, not %R", mv_value(mv_shown_class(vm, class_cell)));
    if (class_cell != MV_UNASSIGNED)
        mv_store(vm, mv_object(class_cell), &MV_CAST(MvCell, class_cell)->value, mv_value(cls));
    if (!run_set_names(vm, cls, names))
        return MV_EXC;
    /* super(cls, cls).__init_subclass__(**kwargs) */
    MvValue hook = MV_UNASSIGNED;
    for (int64_t i = 1; i < cls->mro->length && hook == MV_UNASSIGNED; i++) {
        MvDictEntry *entry = mv_dict_find_name(MV_CAST(MvClass, cls->mro->items[i])->names, vm->special_names[MV_SP_INIT_SUBCLASS]);
        if (entry)
            hook = MV_CAST(MvNameCell, entry->value)->value;
    }
    bool has_keywords = kwargs && kwargs != MV_NONE && MV_CAST(MvDict, kwargs)->used;
    if (hook == MV_UNASSIGNED || mv_is_inherited(vm, cls, hook, MV_SP_INIT_SUBCLASS)) {
        if (has_keywords)
            return mv_type_error(vm, "%S.__init_subclass__() takes no keyword arguments", cls->qualname);
        if (MV_UNLIKELY(vm->depth >= vm->depth_limit)) /* object's is called */
            return mv_raise_recursion(vm, MV_WHILE_CALLING);
        return mv_value(cls);
    }
    MvValue bound = mv_descriptor_bind(vm, hook, MV_UNASSIGNED, mv_value(cls));
    if (bound == MV_EXC)
        return MV_EXC;
    MvValue result = mv_call_with_dict(vm, bound, has_keywords ? MV_CAST(MvDict, kwargs) : NULL);
    return result == MV_EXC ? MV_EXC : mv_value(cls);
}
