/* Slow and rare operations of the interpreter: names, displays, unpacking, functions, imports, super, star calls, with, raise. */
#include "interp_ops.h"
#include "containers.h"
#include "ic.h"
#include "class.h"
#include "errors.h"
#include "loader.h"

bool mv_in_comprehension(const MvCode *code, int64_t word)
{
    for (uint32_t i = 0; i < code->inlined_count; i++)
        if (word >= code->inlined[i].start && word < code->inlined[i].end)
            return true;
    return false;
}

void mv_raise_unbound(MvVM *vm, MvValue name, bool is_free)
{
    if (is_free)
        mv_raise(vm, MV_EXC_NameError, "cannot access free variable '%S' where it is not associated with a value in enclosing scope", name);
    else
        mv_raise(vm, MV_EXC_UnboundLocalError, "cannot access local variable '%S' where it is not associated with a value", name);
}

const MvExceptionRange *mv_find_handler(const MvCode *code, uint32_t word)
{
    for (uint32_t i = 0; i < code->exception_count; i++)
        if (word >= code->exceptions[i].start && word < code->exceptions[i].end)
            return &code->exceptions[i];
    return NULL;
}

/* ---- names ---- */

MvValue mv_op_load_name(MvVM *vm, MvValue *base, MvValue names, MvValue name, MvIcRecord *record, MvValue cell)
{
    MvValue value;
    if (mv_object(names)->shape == MV_CLASS_DICT) {
        MvDictEntry *entry = mv_dict_find_name(MV_CAST(MvDict, names), name);
        value = entry ? entry->value : MV_UNASSIGNED;
    } else {
        value = mv_get_item(vm, names, name);
        if (value == MV_EXC) {
            if (!mv_exception_is(vm, MV_EXC_KeyError))
                return MV_EXC;
            mv_exception_take(vm);
            value = MV_UNASSIGNED;
        }
    }
    if (value != MV_UNASSIGNED)
        return value;
    if (cell != MV_UNASSIGNED) {
        value = MV_CAST(MvCell, cell)->value;
        if (value == MV_UNASSIGNED)
            mv_raise_unbound(vm, name, true);
        return value == MV_UNASSIGNED ? MV_EXC : value;
    }
    return mv_ic_load_global(vm, record, mv_frame_function(base)->module, name);
}

bool mv_op_store_name(MvVM *vm, MvValue names, MvValue name, MvValue value)
{
    return mv_object(names)->shape == MV_CLASS_DICT ? mv_dict_set(vm, MV_CAST(MvDict, names), name, value) : mv_set_item(vm, names, name, value);
}

static void raise_name_error(MvVM *vm, MvValue name)
{
    mv_raise(vm, MV_EXC_NameError, "name '%S' is not defined", name);
    if (vm->exception && mv_is_kind(vm->exception, MV_KIND_EXCEPTION))
        mv_store(vm, mv_object(vm->exception), &MV_CAST(MvException, vm->exception)->extra[0], name);
}

bool mv_op_delete_name(MvVM *vm, MvValue names, MvValue name)
{
    if (mv_delete_item(vm, names, name))
        return true;
    if (mv_exception_is(vm, MV_EXC_KeyError)) {
        mv_exception_take(vm);
        raise_name_error(vm, name);
    }
    return false;
}

bool mv_op_delete_global(MvVM *vm, MvValue *base, MvValue name)
{
    MvDictEntry *entry = mv_dict_find_name(mv_frame_function(base)->module->names, name);
    MvNameCell *cell = entry ? MV_CAST(MvNameCell, entry->value) : NULL;
    if (!cell || cell->value == MV_UNASSIGNED) {
        raise_name_error(vm, name);
        return false;
    }
    return mv_module_set(vm, mv_frame_function(base)->module, name, MV_UNASSIGNED);
}

/* ---- operators ---- */

MvValue mv_op_slice(MvVM *vm, const MvValue *members)
{
    MvSlice *slice = mv_new(vm, sizeof(MvSlice), MV_CLASS_SLICE, MV_KIND_SLICE);
    if (!slice)
        return MV_EXC;
    memcpy(&slice->start, members, 3 * sizeof *members);
    return mv_value(slice);
}

MvValue mv_op_add_int(MvVM *vm, MvValue a, int immediate, bool augmented, bool subtraction)
{
    MvValue (*apply)(MvVM *, int, MvValue, MvValue) = augmented ? mv_inplace : mv_binary;
    return subtraction ? apply(vm, MV_BINARY_SUB, a, mv_from_fixnum(-immediate)) : apply(vm, MV_BINARY_ADD, a, mv_from_fixnum(immediate));
}

/* ---- displays ---- */

MvValue mv_op_build_set(MvVM *vm, const MvValue *items, int count)
{
    MvValue set = mv_set_new(vm, MV_CLASS_SET);
    for (int i = 0; set != MV_EXC && i < count; i++)
        if (!mv_set_add(vm, MV_CAST(MvSet, set), items[i]))
            return MV_EXC;
    return set;
}

MvValue mv_op_build_dict(MvVM *vm, const MvValue *items, int count)
{
    MvValue dict = mv_dict_new(vm);
    for (int i = 0; dict != MV_EXC && i < count; i += 2)
        if (!mv_dict_set(vm, MV_CAST(MvDict, dict), items[i], items[i + 1]))
            return MV_EXC;
    return dict;
}

MvValue mv_op_build_string(MvVM *vm, const MvValue *items, int count)
{
    int64_t length = 0;
    bool ascii = true;
    for (int i = 0; i < count; i++) {
        const MvStr *s = MV_CAST(MvStr, items[i]);
        ascii &= (s->h.aux & MV_STR_ASCII) != 0 && s->length <= MV_SHORT_STR;
        length += s->length;
    }
    if (MV_LIKELY(ascii && length > 1 && length <= MV_SHORT_STR)) {
        MvStr *result = mv_str_new_bytes(vm, length, MV_STR_ASCII);
        if (!result)
            return MV_EXC;
        char *to = result->data;
        for (int i = 0; i < count; i++) {
            const MvStr *s = MV_CAST(MvStr, items[i]);
            mv_copy_bytes(to, s->data, (size_t)s->length);
            to += s->length;
        }
        return mv_value(result);
    }
    MvBuilder b;
    mv_builder_begin(vm, &b);
    for (int i = 0; i < count; i++)
        mv_builder_str(&b, MV_CAST(MvStr, items[i]));
    return mv_builder_end(&b);
}

bool mv_op_list_extend(MvVM *vm, MvValue list, MvValue iterable)
{
    if (mv_list_extend(vm, MV_CAST(MvList, list), iterable))
        return true;
    if (mv_exception_is(vm, MV_EXC_TypeError) && mv_special(vm, mv_class_of(vm, iterable), MV_SP_ITER) == MV_UNASSIGNED &&
        mv_special(vm, mv_class_of(vm, iterable), MV_SP_GETITEM) == MV_UNASSIGNED) {
        mv_exception_take(vm);
        mv_type_error(vm, "Value after * must be an iterable, not %T", iterable);
    }
    return false;
}

bool mv_op_dict_update(MvVM *vm, MvValue dict, MvValue mapping)
{
    if (!mv_is_kind(mapping, MV_KIND_DICT) && mv_get_attr_or(vm, mapping, vm->names->n_keys) == MV_UNASSIGNED) {
        mv_type_error(vm, "'%T' object is not a mapping", mapping);
        return false;
    }
    return !vm->exception && mv_dict_update(vm, MV_CAST(MvDict, dict), mapping);
}

static MvValue callee_text(MvVM *vm, MvValue callee)
{
    MvValue name = mv_get_attr_or(vm, callee, vm->names->n___qualname__);
    if (name == MV_UNASSIGNED || name == MV_EXC || !mv_is_kind(name, MV_KIND_STR)) {
        if (name == MV_EXC)
            mv_exception_take(vm);
        return mv_str(vm, callee);
    }
    MvValue module = mv_get_attr_or(vm, callee, vm->names->n___module__);
    if (module == MV_EXC)
        mv_exception_take(vm);
    if (mv_is_kind(module, MV_KIND_STR) && !mv_str_is_c(module, "builtins"))
        return mv_format_message(vm, "%S.%S()", module, name);
    return mv_format_message(vm, "%S()", name);
}

/* In CPython a KeyError says so, which format_kwargs_error() knows by its value alone: while an exception is handled, the
 * value is an exception object already, and the KeyError stays. */
static bool raise_repeated(MvVM *vm, MvValue key, MvValue callee)
{
    for (const MvExcState *state = vm->exc_state; state; state = state->previous)
        if (mv_is_kind(state->exception, MV_KIND_EXCEPTION)) {
            mv_raise_key_error(vm, key);
            return false;
        }
    MvValue text = callee_text(vm, callee);
    if (text != MV_EXC)
        mv_type_error(vm, "%S got multiple values for keyword argument '%S'", text, key);
    return false;
}

static bool merge_item(MvVM *vm, MvDict *to, MvValue key, MvValue value, MvValue mapping, MvValue callee)
{
    MvValue present = mv_dict_get(vm, to, key);
    if (present == MV_EXC)
        return false;
    if (present != MV_UNASSIGNED)
        return raise_repeated(vm, key, callee);
    if (value == MV_UNASSIGNED)
        value = mv_get_item(vm, mapping, key);
    return value != MV_EXC && mv_dict_set(vm, to, key, value);
}

static bool merge_mapping(MvVM *vm, MvDict *to, MvValue mapping, MvValue callee)
{
    MvValue keys = mv_mapping_keys(vm, mapping);
    if (keys == MV_EXC)
        return false;
    for (int64_t i = 0; i < MV_CAST(MvList, keys)->length; i++)
        if (!merge_item(vm, to, MV_CAST(MvList, keys)->items[i], MV_UNASSIGNED, mapping, callee) || mv_poll(vm))
            return false;
    return true;
}

bool mv_op_dict_merge(MvVM *vm, MvValue dict, MvValue mapping, MvValue callee)
{
    MvDict *to = MV_CAST(MvDict, dict);
    mapping = mv_dict_seen(vm, mapping);
    if (mapping == MV_EXC)
        return false;
    if (mv_dict_is_plain(vm, mapping)) {
        int64_t position = 0;
        MvValue key, value;
        while (mv_dict_next(MV_CAST(MvDict, mapping), &position, &key, &value))
            if (!merge_item(vm, to, key, value, mapping, callee))
                return false;
        return true;
    }
    if (merge_mapping(vm, to, mapping, callee))
        return true;
    if (mv_exception_is(vm, MV_EXC_AttributeError)) {
        mv_exception_take(vm);
        MvValue text = callee_text(vm, callee);
        if (text != MV_EXC)
            mv_type_error(vm, "%S argument after ** must be a mapping, not %T", text, mapping);
    }
    return false;
}

static MvValue unpack_iterator(MvVM *vm, MvValue value)
{
    MvValue iterator = mv_iter(vm, value);
    if (iterator == MV_EXC && mv_exception_is(vm, MV_EXC_TypeError) && mv_special(vm, mv_class_of(vm, value), MV_SP_ITER) == MV_UNASSIGNED) {
        mv_exception_take(vm);
        mv_type_error(vm, "cannot unpack non-iterable %T object", value);
    }
    return iterator;
}

bool mv_op_unpack(MvVM *vm, MvValue *to, MvValue value, int count)
{
    if (mv_is_pointer(value) && (mv_object(value)->shape == MV_CLASS_TUPLE || mv_object(value)->shape == MV_CLASS_LIST)) {
        int64_t length = mv_length(vm, value);
        if (length < count)
            mv_value_error(vm, "not enough values to unpack (expected %d, got %d)", (int64_t)count, length);
        else
            mv_value_error(vm, "too many values to unpack (expected %d)", (int64_t)count);
        return false;
    }
    MvValue iterator = unpack_iterator(vm, value);
    if (iterator == MV_EXC)
        return false;
    MvValue items[256], *at = items;
    MvTuple *many = NULL;
    if (count > 256) {
        many = mv_tuple_new(vm, count);
        if (!many)
            return false;
        at = many->items;
    }
    for (int i = 0; i <= count; i++) {
        MvValue item = mv_next(vm, iterator);
        if (item == MV_EXC)
            return false;
        if (item == MV_UNASSIGNED && i < count) {
            mv_value_error(vm, "not enough values to unpack (expected %d, got %d)", (int64_t)count, (int64_t)i);
            return false;
        }
        if (i == count) {
            if (item != MV_UNASSIGNED) {
                mv_value_error(vm, "too many values to unpack (expected %d)", (int64_t)count);
                return false;
            }
            break;
        }
        if (many)
            mv_store(vm, many, &at[i], item);
        else
            at[i] = item;
    }
    memcpy(to, at, (size_t)count * sizeof *to);
    return true;
}

bool mv_op_unpack_star(MvVM *vm, MvValue *to, MvValue value, int before, int after)
{
    MvValue iterator = unpack_iterator(vm, value);
    if (iterator == MV_EXC)
        return false;
    MvTuple *first = mv_tuple_new(vm, before); /* `to` may hold the value that is unpacked until all of it is there */
    if (!first)
        return false;
    int64_t found = 0;
    for (MvValue item = MV_UNASSIGNED; found < before; found++) {
        item = mv_next(vm, iterator);
        if (item == MV_EXC)
            return false;
        if (item == MV_UNASSIGNED)
            break;
        mv_store(vm, first, &first->items[found], item);
    }
    MvValue list = found < before ? MV_UNASSIGNED : mv_list_from_iterable(vm, iterator);
    if (list == MV_EXC)
        return false;
    int64_t length = list == MV_UNASSIGNED ? 0 : MV_CAST(MvList, list)->length;
    if (found + length < before + after) {
        mv_value_error(vm, "not enough values to unpack (expected at least %d, got %d)", (int64_t)(before + after), found + length);
        return false;
    }
    MvList *rest = MV_CAST(MvList, list);
    memcpy(to, first->items, (size_t)before * sizeof *to);
    to[before] = list;
    for (int i = 0; i < after; i++) {
        to[before + 1 + i] = rest->items[length - after + i];
        rest->items[length - after + i] = 0;
    }
    rest->length -= after;
    return true;
}

/* ---- functions, imports ---- */

MvValue mv_op_make_function(MvVM *vm, MvValue *base, MvValue code_value, const MvValue *from, int flags)
{
    MvCode *code = MV_CAST(MvCode, code_value);
    MvValue made = mv_function_new(vm, code, mv_frame_function(base)->module, code->qualname);
    if (made == MV_EXC)
        return MV_EXC;
    MvFunction *function = MV_CAST(MvFunction, made);
    if (flags & 1)
        mv_store(vm, function, &function->defaults, *from++);
    if (flags & 2)
        mv_store(vm, function, &function->kwdefaults, *from++);
    if (flags & 4)
        mv_store(vm, function, &function->annotations, *from++);
    if (code->free_count) {
        MvTuple *closure = mv_tuple_new(vm, code->free_count);
        if (!closure)
            return MV_EXC;
        for (int i = 0; i < code->free_count; i++) {
            uint32_t source = code->free_sources[i];
            closure->items[i] = source & 0x8000 ? mv_frame_closure(base)[source & 0x7FFF] : base[source];
        }
        function->closure = closure;
        mv_barrier(vm, function);
    }
    return made;
}

MvValue mv_op_import_top(MvVM *vm, MvValue name)
{
    if (mv_import(vm, name) == MV_EXC)
        return MV_EXC;
    const MvStr *s = MV_CAST(MvStr, name);
    int64_t dot = 0;
    while (dot < s->length && mv_str_char(s, dot) != '.')
        dot++;
    MvValue top = mv_str_substring(vm, s, 0, dot);
    return top == MV_EXC ? MV_EXC : mv_import(vm, mv_intern(vm, top));
}

MvValue mv_op_import_from(MvVM *vm, MvValue module, MvValue name)
{
    MvValue value = mv_get_attr_or(vm, module, name);
    if (value != MV_UNASSIGNED)
        return value;
    MvValue package = mv_get_attr_or(vm, module, vm->names->n___name__);
    if (package == MV_EXC)
        return MV_EXC;
    if (mv_is_kind(package, MV_KIND_STR)) {
        MvValue full = mv_format_message(vm, "%S.%S", package, name);
        if (full == MV_EXC)
            return MV_EXC;
        full = mv_intern(vm, full);
        value = mv_dict_get(vm, vm->modules, full);
        if (value != MV_UNASSIGNED)
            return value;
        if (mv_is_kind(module, MV_KIND_MODULE) && MV_CAST(MvModule, module)->pad & MV_MODULE_PACKAGE && mv_image_has_module(vm, full))
            return mv_import(vm, full);
    } else
        package = mv_str_from_c(vm, "<unknown module name>");
    MvValue file = mv_get_attr_or(vm, module, vm->names->n___file__);
    if (file == MV_EXC)
        return MV_EXC;
    bool running = mv_is_kind(module, MV_KIND_MODULE) && MV_CAST(MvModule, module)->state == 1 &&
                   MV_CAST(MvModule, module)->name != vm->names->n___main__;
    const char *form = !mv_is_kind(file, MV_KIND_STR) ? "cannot import name '%S' from '%S' (unknown location)"
                       : running ? "cannot import name '%S' from partially initialized module '%S' (most likely due to a circular import) (%S)"
                                 : "cannot import name '%S' from '%S' (%S)";
    mv_raise(vm, MV_EXC_ImportError, form, name, package, file);
    return MV_EXC;
}

/* Imports the submodules that a package's __all__ names and that it does not have yet. False: raised. */
static bool import_offered(MvVM *vm, MvModule *from, MvValue all)
{
    MvEach each;
    if (!mv_each_begin(vm, &each, all))
        return false;
    for (MvValue name; (name = mv_each_next(vm, &each)) != MV_UNASSIGNED;) {
        if (name == MV_EXC)
            return false;
        if (!mv_is_kind(name, MV_KIND_STR)) {
            mv_type_error(vm, "Item in %S.__all__ must be str, not %T", from->name, name);
            return false;
        }
        MvValue value = mv_get_attr_or(vm, mv_value(from), mv_intern(vm, name));
        if (value == MV_EXC)
            return false;
        MvValue full = value == MV_UNASSIGNED ? mv_format_message(vm, "%S.%S", from->name, name) : MV_UNASSIGNED;
        if (full == MV_EXC || (full != MV_UNASSIGNED && mv_image_has_module(vm, full = mv_intern(vm, full)) && mv_import(vm, full) == MV_EXC))
            return false;
    }
    return true;
}

bool mv_op_import_star(MvVM *vm, MvValue *base, MvValue module)
{
    MvModule *to = mv_frame_function(base)->module;
    if (!mv_is_kind(module, MV_KIND_MODULE)) {
        mv_raise_refused(vm, "from import * of an object that is not a module");
        return false;
    }
    MvModule *from = MV_CAST(MvModule, module);
    MvValue all = mv_get_attr_or(vm, module, vm->names->n___all__); /* a module may make it by __getattr__ */
    if (all == MV_EXC)
        return false;
    if (all != MV_UNASSIGNED && from->pad & MV_MODULE_PACKAGE && !import_offered(vm, from, all))
        return false;
    if (all != MV_UNASSIGNED) {
        MvEach each;
        if (!mv_each_begin(vm, &each, all))
            return false;
        for (MvValue name; (name = mv_each_next(vm, &each)) != MV_UNASSIGNED;) {
            if (name == MV_EXC)
                return false;
            if (!mv_is_kind(name, MV_KIND_STR)) {
                mv_type_error(vm, "Item in %S.__all__ must be str, not %T", from->name, name);
                return false;
            }
            name = mv_intern(vm, name);
            MvValue value = mv_get_attr(vm, module, name);
            if (value == MV_EXC || !mv_module_set(vm, to, name, value))
                return false;
        }
        return true;
    }
    int64_t position = 0;
    MvValue name, cell;
    while (mv_dict_next(from->names, &position, &name, &cell)) {
        const MvStr *s = MV_CAST(MvStr, name);
        MvValue value = MV_CAST(MvNameCell, cell)->value;
        if ((s->length && mv_str_char(s, 0) == '_') || value == MV_UNASSIGNED)
            continue;
        if (!mv_module_set(vm, to, name, value))
            return false;
    }
    return true;
}

/* ---- super, calls ---- */

/* The class whose MRO super(cls, self) searches for an instance self: its class, or what its __class__ claims to be. NULL: neither fits, or raised. */
MvClass *mv_super_class(MvVM *vm, MvClass *cls, MvValue self)
{
    MvClass *of = mv_shown_class(vm, self);
    if (mv_is_subclass(of, cls))
        return of;
    MvValue claimed = mv_get_attr_or(vm, self, vm->names->n___class__);
    if (mv_is_kind(claimed, MV_KIND_CLASS) && mv_is_subclass(MV_CAST(MvClass, claimed), cls))
        return MV_CAST(MvClass, claimed);
    return NULL;
}

/* The attribute of the first class behind `cls` in the MRO of self's class (or of self, a class) that has it; *bind: to what. */
static MvValue super_lookup(MvVM *vm, MvValue cls_value, MvValue self, MvValue name, MvClass **self_class, MvClass **holder)
{
    if (!mv_is_kind(cls_value, MV_KIND_CLASS)) {
        mv_raise(vm, MV_EXC_RuntimeError, "super(): __class__ is not a type (%T)", cls_value);
        return MV_EXC;
    }
    MvClass *cls = MV_CAST(MvClass, cls_value), *of = mv_class_of(vm, self);
    if (self == MV_NONE) /* super(cls, None) is bound to nothing: its attributes are its own */
        return MV_UNASSIGNED;
    if (mv_is_kind(self, MV_KIND_CLASS) && mv_is_subclass(MV_CAST(MvClass, self), cls))
        of = MV_CAST(MvClass, self);
    else if (!(of = mv_super_class(vm, cls, self))) {
        if (vm->exception || vm->ending)
            return MV_EXC;
        mv_type_error(vm, "super(type, obj): obj must be an instance or subtype of type");
        return MV_EXC;
    }
    *self_class = of;
    bool behind = false;
    for (int64_t i = 0; i < of->mro->length; i++) {
        MvClass *candidate = MV_CAST(MvClass, of->mro->items[i]);
        if (behind) {
            MvDictEntry *entry = mv_dict_find_name(candidate->names, name);
            if (entry && MV_CAST(MvNameCell, entry->value)->value != MV_UNASSIGNED) {
                *holder = candidate;
                return MV_CAST(MvNameCell, entry->value)->value;
            }
        }
        behind |= candidate == cls;
    }
    return MV_UNASSIGNED;
}

MvValue mv_op_super_attr(MvVM *vm, MvValue cls, MvValue self, MvValue name)
{
    MvClass *self_class, *holder;
    MvValue found = super_lookup(vm, cls, self, name, &self_class, &holder);
    if (found == MV_EXC)
        return MV_EXC;
    MvValue args[2] = {cls, self};
    if (found == MV_UNASSIGNED || name == vm->names->n___class__) {
        MvValue object = mv_call(vm, mv_value(vm->classes[MV_CLASS_SUPER]), args, 2, 0);
        return object == MV_EXC ? MV_EXC : mv_get_attr(vm, object, name);
    }
    MvValue value = mv_descriptor_bind(vm, found, self_class == MV_CAST(MvClass, self) ? MV_UNASSIGNED : self, mv_value(self_class));
    if (MV_UNLIKELY(value == MV_EXC) && mv_exception_is(vm, MV_EXC_AttributeError)) { /* of a property or another descriptor */
        MvValue exception = mv_exception_take(vm), object = mv_call(vm, mv_value(vm->classes[MV_CLASS_SUPER]), args, 2, 0);
        if (object == MV_EXC)
            return MV_EXC;
        vm->exception = exception;
        mv_attribute_error_context(vm, object, name);
    }
    return value;
}

bool mv_op_super_method(MvVM *vm, MvIcRecord *record, MvValue cls, MvValue self, MvValue name, MvValue *window)
{
    const MvIcRecord *own = record->kind == MV_IC_POLY ? mv_ic_entry_for(record, self, mv_shape_of(self)) : record;
    if (own->kind == MV_IC_SUPER && mv_shape_of(self) == own->shape && own->w1 == cls) {
        window[0] = own->w2;
        window[MV_WINDOW_SELF] = self;
        return true;
    }
    vm->stats.ic_misses[record->kind]++;
    MvClass *self_class, *holder;
    MvValue found = super_lookup(vm, cls, self, name, &self_class, &holder);
    if (found == MV_EXC)
        return false;
    if (found != MV_UNASSIGNED && self_class != MV_CAST(MvClass, self) && name != vm->names->n___class__ && mv_is_method_descriptor(vm, found)) {
        window[0] = found;
        window[MV_WINDOW_SELF] = self;
        if (!vm->ic_mode && mv_is_pointer(self)) {
            mv_ic_note_name(vm, name);
            mv_ic_learn(vm, record, name, (MvIcRecord){.shape = mv_shape_of(self), .kind = MV_IC_SUPER, .w1 = cls, .w2 = found});
        }
        return true;
    }
    MvValue value = mv_op_super_attr(vm, cls, self, name);
    if (value == MV_EXC)
        return false;
    window[0] = value;
    window[MV_WINDOW_SELF] = MV_UNASSIGNED;
    return true;
}

MvValue mv_op_call_ex(MvVM *vm, MvValue callee, MvValue args, MvValue kwargs)
{
    MvValue *items;
    int64_t nargs;
    if (!mv_is_pointer(args) || (mv_object(args)->shape != MV_CLASS_TUPLE && mv_object(args)->shape != MV_CLASS_LIST)) {
        MvClass *cls = mv_class_of(vm, args);
        bool iterable = cls->flags & MV_CLASSF_BUILTIN ? cls->def->iter || cls->def->next
                                                       : mv_special(vm, cls, MV_SP_ITER) != MV_UNASSIGNED || mv_special(vm, cls, MV_SP_GETITEM) != MV_UNASSIGNED;
        if (!iterable) {
            MvValue text = callee_text(vm, callee);
            return text == MV_EXC ? MV_EXC : mv_type_error(vm, "%S argument after * must be an iterable, not %T", text, args);
        }
        args = mv_list_from_iterable(vm, args);
        if (args == MV_EXC)
            return MV_EXC;
    }
    if (mv_is_kind(args, MV_KIND_TUPLE)) {
        items = MV_CAST(MvTuple, args)->items;
        nargs = MV_CAST(MvTuple, args)->length;
    } else {
        items = MV_CAST(MvList, args)->items;
        nargs = MV_CAST(MvList, args)->length;
    }
    MvDict *keywords = kwargs == MV_NONE ? NULL : MV_CAST(MvDict, kwargs);
    int64_t count = keywords ? keywords->used : 0;
    /* One free word in front, for callees that need self. */
    MvTuple *all = mv_tuple_new(vm, nargs + count + 1);
    MvTuple *names = count ? mv_tuple_new(vm, count) : NULL;
    if (!all || (count && !names))
        return MV_EXC;
    all->items[0] = MV_NONE;
    if (nargs)
        memcpy(all->items + 1, items, (size_t)nargs * sizeof *items);
    int64_t position = 0, i = 0;
    MvValue key, value;
    while (keywords && i < count && mv_dict_next(keywords, &position, &key, &value)) {
        if (!mv_is_kind(key, MV_KIND_STR))
            return mv_type_error(vm, "keywords must be strings");
        names->items[i] = mv_intern(vm, key);
        all->items[1 + nargs + i++] = value;
    }
    mv_barrier(vm, all);
    if (names)
        mv_barrier(vm, names);
    return mv_call(vm, callee, all->items + 1, nargs, names ? mv_value(names) : 0);
}

/* ---- raise, with ---- */

void mv_op_raise_from(MvVM *vm, MvValue value, MvValue cause)
{
    MvValue exception = mv_exception_from(vm, value);
    if (exception == MV_EXC)
        return;
    if (cause != MV_NONE) {
        if (mv_is_kind(cause, MV_KIND_CLASS) && (MV_CAST(MvClass, cause)->flags & MV_CLASSF_EXCEPTION)) {
            cause = mv_exception_from(vm, cause);
            if (cause == MV_EXC)
                return;
        } else if (!mv_is_kind(cause, MV_KIND_EXCEPTION)) {
            mv_type_error(vm, "exception causes must derive from BaseException");
            return;
        }
    }
    MvException *e = MV_CAST(MvException, exception);
    mv_store(vm, e, &e->cause, cause);
    e->suppress = MV_TRUE;
    mv_raise_object(vm, exception);
}

bool mv_op_with_setup(MvVM *vm, MvValue *window, MvValue manager, MvValue *exit_pair)
{
    MvClass *cls = mv_class_of(vm, manager);
    MvValue enter = mv_class_lookup(vm, cls, vm->special_names[MV_SP_ENTER]);
    if (enter == MV_UNASSIGNED) {
        mv_type_error(vm, "'%N' object does not support the context manager protocol", cls);
        return false;
    }
    MvValue leave = mv_class_lookup(vm, cls, vm->special_names[MV_SP_EXIT]);
    if (leave == MV_UNASSIGNED) {
        mv_type_error(vm, "'%N' object does not support the context manager protocol (missed __exit__ method)", cls);
        return false;
    }
    MvValue *pairs[2][2] = {{window, window + MV_WINDOW_SELF}, {exit_pair, exit_pair + 1}};
    MvValue found[2] = {enter, leave};
    for (int i = 0; i < 2; i++) {
        if (mv_is_method_descriptor(vm, found[i])) {
            *pairs[i][0] = found[i];
            *pairs[i][1] = manager;
        } else {
            MvValue bound = mv_descriptor_bind(vm, found[i], manager, mv_value(cls));
            if (bound == MV_EXC)
                return false;
            *pairs[i][0] = bound;
            *pairs[i][1] = MV_UNASSIGNED;
        }
    }
    return true;
}
