/* Namespaces: views of the attributes of an instance, class, module or exception, or of a dict that the runtime keeps.
 *
 * What CPython has as a dict (`__dict__` of all but classes, vars(), globals(), sys.modules) is a NAMESPACE_DICT: a class
 * of its own for C, as its layout is no MvDict, that programs never see (mv_shown_class, mv_namespace_method). There is
 * one view of each target at a time, so that `x.__dict__ is x.__dict__` (INV-namespace-1). What CPython has as a
 * mappingproxy (`__dict__` of a class, `mapping` of a dict view) is a NAMESPACE, a new one each time, as there.
 *
 * INV-namespace-2: whoever reads a view asks mv_namespace_content first, which brings the view's mirror up to date by the
 * changes that CPython's dict would have seen; so iterators and dict views over it notice them as they would there. A step
 * of an iterator asks mv_namespace_look, which walks the names only when some came or went since (INV-namespace-3: as long as
 * the target's shape, or the version of the dict of its names, is the view's, the mirror has its names in its order; the
 * value of the entry that is given is fetched then).
 * Views change nothing: what would refuses. */
#include "arena.h"
#include "builtin.h"
#include "class.h"
#include "containers.h"
#include "errors.h"
#include "shape.h"
#include <stdlib.h>

MV_INLINE MvNamespace *ns(MvValue v) { return MV_CAST(MvNamespace, v); }
static bool is_proxy(MvValue v) { return mv_object(v)->shape == MV_CLASS_NAMESPACE; }

/* ---- one view of each target ---- */

enum { FIRST_CHAINS = 64 };

static uint32_t chain_of(const MvNamespaces *all, MvValue target)
{
    return (uint32_t)((target >> 4) * 0x9E3779B97F4A7C15u >> 32) & all->mask;
}

static void put(MvNamespaces *all, MvNamespace *view)
{
    MvNamespace **chain = &all->chains[chain_of(all, view->target)];
    view->next = *chain;
    *chain = view;
    all->count++;
}

/* Without memory for more, chains get longer. */
static bool grow(MvVM *vm)
{
    MvNamespaces old = vm->namespaces;
    uint64_t chains = old.chains ? 2 * ((uint64_t)old.mask + 1) : FIRST_CHAINS, added = chains - (old.chains ? old.mask + 1 : 0);
    if (chains > UINT32_MAX || !mv_heap_account_external(vm, (int64_t)(added * sizeof *old.chains)))
        return false;
    MvNamespaces all = {calloc(chains, sizeof *all.chains), (uint32_t)chains - 1, 0};
    if (!all.chains) {
        mv_heap_account_external(vm, -(int64_t)(added * sizeof *old.chains));
        return false;
    }
    for (uint64_t i = 0; old.chains && i <= old.mask; i++)
        for (MvNamespace *view = old.chains[i], *next; view; view = next) {
            next = view->next;
            put(&all, view);
        }
    free(old.chains);
    vm->namespaces = all;
    return true;
}

void mv_namespaces_sweep(MvVM *vm)
{
    MvNamespaces *all = &vm->namespaces;
    for (uint64_t i = 0; all->count && i <= all->mask; i++)
        for (MvNamespace **link = &all->chains[i]; *link;)
            if (mv_is_marked(&(*link)->h)) {
                link = &(*link)->next;
            } else {
                *link = (*link)->next;
                all->count--;
            }
}

MvValue mv_namespace_new(MvVM *vm, MvValue target)
{
    bool proxy = mv_is_kind(target, MV_KIND_CLASS);
    MvNamespaces *all = &vm->namespaces;
    if (!proxy && all->chains)
        for (MvNamespace *view = all->chains[chain_of(all, target)]; view; view = view->next)
            if (view->target == target)
                return mv_value(view);
    MvNamespace *view = mv_new(vm, sizeof(MvNamespace), proxy ? MV_CLASS_NAMESPACE : MV_CLASS_NAMESPACE_DICT, MV_KIND_NAMESPACE);
    if (!view)
        return MV_EXC;
    view->target = target;
    if (proxy)
        return mv_value(view);
    if ((!all->chains || all->count > all->mask) && !grow(vm) && !all->chains)
        return mv_memory_error(vm);
    put(all, view);
    return mv_value(view);
}

MvValue mv_namespace_proxy(MvVM *vm, MvValue dict)
{
    MvNamespace *view = mv_new(vm, sizeof(MvNamespace), MV_CLASS_NAMESPACE, MV_KIND_NAMESPACE);
    if (!view)
        return MV_EXC;
    view->target = dict;
    return mv_value(view);
}

/* ---- content ---- */

/* A walk over what the target holds, in order. */
typedef struct Walk {
    MvVM *vm;
    MvDict *dict; /* of name cells, or the attributes of an object that has a dict for them; NULL: slots by shape */
    bool cells;
    MvObject *object;
    const MvShape *shape;
    int64_t position;
} Walk;

static Walk walk_of(MvVM *vm, MvValue target)
{
    if (mv_is_kind(target, MV_KIND_MODULE))
        return (Walk){vm, MV_CAST(MvModule, target)->names, true, NULL, NULL, 0};
    if (mv_is_kind(target, MV_KIND_CLASS))
        return (Walk){vm, MV_CAST(MvClass, target)->names, true, NULL, NULL, 0};
    return (Walk){vm, mv_object_dict(vm, target), false, mv_object(target), vm->shapes[mv_object(target)->shape], 0};
}

static bool walk(Walk *w, MvValue *key, MvValue *value)
{
    for (;;) {
        if (w->dict) {
            if (!mv_dict_next(w->dict, &w->position, key, value))
                return false;
            if (w->cells)
                *value = MV_CAST(MvNameCell, *value)->value;
        } else {
            if (w->position >= w->shape->slot_count)
                return false;
            *key = w->shape->names[w->position];
            *value = *mv_shape_slot(w->vm, w->object, w->shape, (int)w->position++);
        }
        if (*value != MV_UNASSIGNED && (w->cells || !mv_member_is_key(*key))) /* what __slots__ declares is no part of __dict__ */
            return true;
    }
}

/* The dict of a user class's instance shares its keys in CPython: what is deleted leaves no gap, so that iterators stand
 * at another item afterwards. */
static bool is_without_gaps(const Walk *w) { return w->shape && !w->dict && !mv_is_kind(mv_value(w->object), MV_KIND_EXCEPTION); }

/* Names keep their order while they live, and new ones come last: a name of the mirror that is not the target's next
 * one was deleted since, and perhaps made again at the end. */
static bool bring_up_to_date(MvVM *vm, MvDict *mirror, MvValue target)
{
    Walk w = walk_of(vm, target);
    MvValue key, value, old_key, old_value;
    bool more = walk(&w, &key, &value);
    int64_t position = 0;
    while (mv_dict_next(mirror, &position, &old_key, &old_value)) {
        if (!more || old_key != key) {
            if (is_without_gaps(&w)) {
                mv_dict_clear(vm, mirror);
                w.position = 0;
                more = walk(&w, &key, &value);
                break;
            }
            if (mv_dict_delete(vm, mirror, old_key) < 0)
                return false;
            continue;
        }
        if (old_value != value && !mv_dict_set(vm, mirror, key, value))
            return false;
        more = walk(&w, &key, &value);
    }
    for (; more; more = walk(&w, &key, &value))
        if (!mv_dict_set(vm, mirror, key, value))
            return false;
    return true;
}

MvDict *mv_namespace_content(MvVM *vm, MvValue v)
{
    MvNamespace *view = ns(v);
    if (mv_is_kind(view->target, MV_KIND_DICT) && !mv_object_has_slots(vm, view->target))
        return MV_CAST(MvDict, view->target);
    if (is_proxy(v) && mv_is_kind(view->target, MV_KIND_DICT)) /* `mapping` of a view of an instance of a subclass */
        return MV_CAST(MvDict, view->target);
    if (is_proxy(v) && mv_is_kind(view->target, MV_KIND_NAMESPACE))
        return mv_namespace_content(vm, view->target);
    if (!view->mirror) {
        MvValue dict = mv_dict_new(vm);
        if (dict == MV_EXC)
            return NULL;
        mv_store(vm, view, &view->mirror, dict);
    }
    MvDict *mirror = MV_CAST(MvDict, view->mirror);
    view->shape = 0;
    view->names = 0;
    if (!bring_up_to_date(vm, mirror, view->target))
        return NULL;
    Walk w = walk_of(vm, view->target);
    if (!w.dict) {
        view->shape = mv_object(view->target)->shape;
    } else if (w.dict->used == mirror->used) { /* all of its names are the target's */
        mv_store(vm, view, &view->names, mv_value(w.dict));
        view->version = w.dict->version;
    }
    return mirror;
}

/* Are the names of the mirror still those of the target? */
static bool knows_names(MvVM *vm, const MvNamespace *view)
{
    if (view->shape)
        return view->shape == mv_object(view->target)->shape;
    if (!view->names)
        return false;
    const MvDict *dict = walk_of(vm, view->target).dict;
    return dict && view->names == mv_value(dict) && view->version == dict->version;
}

bool mv_namespace_look(MvVM *vm, MvValue v) { return knows_names(vm, ns(v)) || mv_namespace_content(vm, v); }

const MvDictEntry *mv_namespace_entry(MvVM *vm, MvValue v, const MvDictEntry *entry)
{
    const MvNamespace *view = ns(v);
    MvValue value = entry->value;
    if (view->shape) {
        value = mv_object_get_own(vm, view->target, entry->key);
    } else if (view->names) {
        const MvDictEntry *found = mv_dict_find_name(MV_CAST(MvDict, view->names), entry->key);
        if (found)
            value = mv_is_kind(found->value, MV_KIND_NAMECELL) ? MV_CAST(MvNameCell, found->value)->value : found->value;
    }
    return value == entry->value || mv_dict_set(vm, MV_CAST(MvDict, view->mirror), entry->key, value) ? entry : NULL;
}

MvDict *mv_dict_or_content(MvVM *vm, MvValue v)
{
    return mv_is_kind(v, MV_KIND_NAMESPACE) ? mv_namespace_content(vm, v) : MV_CAST(MvDict, v);
}

MvValue mv_dict_seen(MvVM *vm, MvValue v)
{
    if (v == MV_UNASSIGNED || !mv_is_exactly(vm, v, MV_CLASS_NAMESPACE_DICT))
        return v;
    MvDict *dict = mv_namespace_content(vm, v);
    return dict ? mv_value(dict) : MV_EXC;
}

MvValue mv_namespace_iter(MvVM *vm, MvValue v, int class_id)
{
    MvDict *dict = mv_namespace_content(vm, v);
    MvValue iterator = dict ? mv_dict_iter_new(vm, dict, class_id) : MV_EXC;
    if (iterator != MV_EXC && mv_value(dict) == ns(v)->mirror) {
        MV_CAST(MvIter, iterator)->c = v;
        MV_CAST(MvIter, iterator)->extra = -2 - dict->used;
    }
    return iterator;
}

static MvValue lookup(MvVM *vm, MvValue self, MvValue key)
{
    MvValue target = ns(self)->target;
    if (mv_is_exactly(vm, key, MV_CLASS_STR) && (mv_is_kind(target, MV_KIND_MODULE) || mv_is_kind(target, MV_KIND_CLASS))) {
        MvDict *cells = mv_is_kind(target, MV_KIND_MODULE) ? MV_CAST(MvModule, target)->names : MV_CAST(MvClass, target)->names;
        MvValue name = mv_intern(vm, key);
        MvDictEntry *entry = name == MV_EXC ? NULL : mv_dict_find_name(cells, name);
        return name == MV_EXC ? MV_EXC : entry ? MV_CAST(MvNameCell, entry->value)->value : MV_UNASSIGNED;
    }
    MvDict *dict = mv_namespace_content(vm, self);
    return dict ? mv_dict_get(vm, dict, key) : MV_EXC;
}

/* ---- slots ---- */

static bool refuse_change(MvVM *vm)
{
    mv_raise_refused(vm, "changing a namespace (globals(), __dict__ or vars()) as a dict");
    return false;
}

static MvValue namespace_get(MvVM *vm, MvValue self, MvValue key)
{
    MvValue value = lookup(vm, self, key);
    return value == MV_UNASSIGNED ? mv_raise_key_error(vm, key) : value;
}
static bool namespace_set(MvVM *vm, MvValue self, MvValue key, MvValue value)
{
    (void)self, (void)key, (void)value;
    return refuse_change(vm);
}
static int namespace_contains(MvVM *vm, MvValue self, MvValue key)
{
    MvValue value = lookup(vm, self, key);
    return value == MV_EXC ? -1 : value != MV_UNASSIGNED;
}
static int64_t namespace_length(MvVM *vm, MvValue self)
{
    MvDict *dict = mv_namespace_content(vm, self);
    return dict ? dict->used : -1;
}
static MvValue namespace_iter(MvVM *vm, MvValue self) { return mv_namespace_iter(vm, self, MV_CLASS_DICT_KEYITERATOR); }
/* As the dict prints that CPython has there: it is one and the same each time, and may contain itself. A dict that is the
 * target guards itself under its own word; other targets, which may be containers too, under one that is no value. */
static MvValue guarded_repr(MvVM *vm, MvValue self)
{
    MvValue target = ns(self)->target;
    MvDict *dict = mv_namespace_content(vm, self);
    if (!dict)
        return MV_EXC;
    if (mv_value(dict) == target)
        return mv_repr(vm, target);
    MvValue key = MV_REPR_NAMESPACE(target);
    int entered = mv_repr_enter(vm, key);
    if (entered < 0)
        return MV_EXC;
    if (!entered)
        return mv_str_from_c(vm, "{...}");
    MvValue text = mv_dict_repr_live(vm, mv_value(dict), self);
    mv_repr_leave(vm, key);
    return text;
}
static MvValue namespace_repr(MvVM *vm, MvValue self)
{
    MvValue inner = guarded_repr(vm, self);
    return inner == MV_EXC || !is_proxy(self) ? inner : mv_format_message(vm, "mappingproxy(%S)", inner);
}
static MvValue proxy_str(MvVM *vm, MvValue self) { return guarded_repr(vm, self); }

static MvValue plain(MvVM *vm, MvValue v)
{
    if (!mv_is_kind(v, MV_KIND_NAMESPACE))
        return v;
    MvDict *dict = mv_namespace_content(vm, v);
    return dict ? mv_value(dict) : MV_EXC;
}
/* A mappingproxy hands the whole operation on to its dict: so do the messages. */
static MvValue namespace_compare(MvVM *vm, int op, MvValue a, MvValue b)
{
    bool whole = is_proxy(a);
    MvValue left = plain(vm, a), right = left == MV_EXC || whole ? b : mv_dict_seen(vm, b);
    if (left == MV_EXC || right == MV_EXC)
        return MV_EXC;
    if (whole)
        return mv_compare(vm, op, left, right);
    if ((op != MV_COMPARE_EQ && op != MV_COMPARE_NE) || !mv_is_kind(right, MV_KIND_DICT))
        return MV_NOTIMPLEMENTED;
    int equal = mv_dict_equal_live(vm, MV_CAST(MvDict, left), MV_CAST(MvDict, right), a, b == right ? 0 : b);
    return equal < 0 ? MV_EXC : mv_bool((op == MV_COMPARE_EQ) == (equal > 0));
}
static MvValue namespace_binary(MvVM *vm, int op, MvValue a, MvValue b)
{
    if (op != MV_BINARY_OR)
        return MV_NOTIMPLEMENTED;
    bool whole = mv_is_exactly(vm, a, MV_CLASS_NAMESPACE) || mv_is_exactly(vm, b, MV_CLASS_NAMESPACE);
    a = plain(vm, a);
    b = a == MV_EXC ? MV_EXC : plain(vm, b);
    return b == MV_EXC ? MV_EXC : whole ? mv_binary(vm, op, a, b) : mv_type_DICT.binary(vm, op, a, b);
}
static MvValue namespace_inplace(MvVM *vm, int op, MvValue a, MvValue b)
{
    (void)b;
    if (op != MV_BINARY_OR)
        return MV_NOTIMPLEMENTED;
    if (is_proxy(a))
        return mv_type_error(vm, "'|=' is not supported by mappingproxy; use '|' instead");
    refuse_change(vm);
    return MV_EXC;
}

/* ---- methods ---- */

static MvValue namespace_keys(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return mv_dict_view_new(vm, MV_CLASS_DICT_KEYS, args[0]); }
static MvValue namespace_values(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return mv_dict_view_new(vm, MV_CLASS_DICT_VALUES, args[0]); }
static MvValue namespace_items(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return mv_dict_view_new(vm, MV_CLASS_DICT_ITEMS, args[0]); }
static MvValue namespace_get_method(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)kwnames;
    MvValue value = lookup(vm, args[0], args[1]);
    return value != MV_UNASSIGNED ? value : nargs > 2 ? args[2] : MV_NONE;
}
static MvValue namespace_copy(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)nargs, (void)kwnames;
    MvDict *dict = mv_namespace_content(vm, args[0]);
    return dict ? mv_dict_copy(vm, dict) : MV_EXC;
}
static MvValue namespace_reversed(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return mv_namespace_iter(vm, args[0], MV_CLASS_DICT_REVERSEKEYITERATOR); }
static MvValue namespace_contains_method(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)nargs, (void)kwnames;
    int found = namespace_contains(vm, args[0], args[1]);
    return found < 0 ? MV_EXC : mv_bool(found);
}
static MvValue namespace_get_item(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return namespace_get(vm, args[0], args[1]); }
static MvValue namespace_change(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    refuse_change(vm);
    return MV_EXC;
}
static MvValue proxy_class_get_item(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return mv_generic_alias(vm, args[0], args[1]); }
/* Class methods of dict, called on a view. */
static MvValue dict_class_get_item(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames) { (void)nargs, (void)kwnames; return mv_generic_alias(vm, mv_value(vm->classes[MV_CLASS_DICT]), args[1]); }
static MvValue dict_from_keys(MvVM *vm, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)kwnames;
    return mv_call_method(vm, mv_value(vm->classes[MV_CLASS_DICT]), mv_intern_c(vm, "fromkeys"), args + 1, nargs - 1);
}
static bool dict_init(MvVM *vm, MvValue self, MvValue *args, int64_t nargs, MvValue kwnames)
{
    (void)self, (void)args;
    return nargs || kwnames ? refuse_change(vm) : true;
}

#define READERS                                                                                                        \
    {"keys", namespace_keys, 0, 0, 0, NULL}, {"values", namespace_values, 0, 0, 0, NULL},                              \
    {"items", namespace_items, 0, 0, 0, NULL}, {"get", namespace_get_method, 1, 2, 0, NULL},                           \
    {"copy", namespace_copy, 0, 0, 0, NULL}, {"__reversed__", namespace_reversed, 0, 0, 0, NULL}
#define CHANGER(name, min, max, flags) {name, namespace_change, min, max, flags, NULL}
static const MvMethodDef proxy_methods[] = {READERS, {"__class_getitem__", proxy_class_get_item, 1, 1, MV_DEF_CLASS, NULL}, {0}};
static const MvMethodDef dict_methods[] = {
    READERS,
    {"__contains__", namespace_contains_method, 1, 1, 0, NULL},
    {"__getitem__", namespace_get_item, 1, 1, 0, NULL},
    CHANGER("setdefault", 1, 2, 0), CHANGER("pop", 1, 2, 0), CHANGER("popitem", 0, 0, 0), CHANGER("clear", 0, 0, 0),
    CHANGER("update", 0, 1, MV_DEF_RAW_KEYWORDS),
    {"fromkeys", dict_from_keys, 1, 2, 0, NULL},
    {"__class_getitem__", dict_class_get_item, 1, 1, 0, NULL},
    {0},
};

#define SLOTS                                                                                                          \
    .kind = MV_KIND_NAMESPACE, .size = sizeof(MvNamespace), .repr = namespace_repr, .length = namespace_length,        \
    .get_item = namespace_get, .contains = namespace_contains, .iter = namespace_iter,      \
    .compare = namespace_compare, .binary = namespace_binary, .inplace = namespace_inplace, .unhashable = true
const MvTypeDef mv_type_NAMESPACE = {SLOTS, .str = proxy_str, .methods = proxy_methods};
const MvTypeDef mv_type_NAMESPACE_DICT = {SLOTS, .set_item = namespace_set, .init = dict_init, .methods = dict_methods};

/* ---- the class that programs see ---- */

MvClass *mv_shown_class(MvVM *vm, MvValue v)
{
    return mv_is_exactly(vm, v, MV_CLASS_NAMESPACE_DICT) ? vm->classes[MV_CLASS_DICT] : mv_class_of(vm, v);
}

MvValue mv_namespace_method(MvVM *vm, uint32_t owner, const char *name, MvValue v)
{
    if (owner != MV_CLASS_DICT || !mv_is_exactly(vm, v, MV_CLASS_NAMESPACE_DICT))
        return MV_UNASSIGNED;
    return mv_class_lookup(vm, vm->classes[MV_CLASS_NAMESPACE_DICT], mv_intern_c(vm, name));
}
