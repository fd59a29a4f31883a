/* Inline caches of sites of items, `a[i]` and `a[i] = v`: what their records learn, and what a record's C functions do.
 *
 * Called by both tiers for what they do not do in line (small ints as indices of exact lists, tuples and strs). Three kinds of answers, told apart by guards:
 *     OPERATE, the container's shape, no operand          the Mini function __getitem__ or __setitem__
 *     HANDLER, the container's shape, no operand          the subscript of builtin class number `offset`, which the container's class has or inherits
 *     HANDLER, MV_CLASS_DICT, a key that is a str          the entry number `offset` of dicts of strs that have that very key there (KEYED)
 * The containers of SUBSCRIPT are of builtin classes, or of those derived from them that have no subscript of their own.
 * An entry is looked at before it is believed, so that a dict that changed is no more than a miss; as long as the record's counter has room, the record
 * follows. OPERATE and subscripts rest on special methods, whose change resets them; an entry rests on nothing. */
#include "class.h"
#include "containers.h"
#include "ic.h"
#include "interp.h"
#include "interp_ops.h"

static bool may_learn(const MvVM *vm, const MvIcRecord *record) { return vm->ic_mode != 1 && record->kind != MV_IC_MEGA; }

static void learn(MvVM *vm, MvIcRecord *record, int special, MvIcRecord found)
{
    vm->stats.ic_misses[record->kind]++;
    mv_ic_note_name(vm, vm->special_names[special]);
    mv_ic_learn(vm, record, vm->special_names[special], found);
}

const MvIcRecord *mv_item_learn(MvVM *vm, MvIcRecord *record, int special, MvValue container, MvIcRecord *found)
{
    uint32_t shape = mv_object(container)->shape;
    MvClass *cls = mv_class_of(vm, container);
    uint32_t owner = shape;
    *found = (MvIcRecord){.shape = shape, .w1 = MV_IC_ANY_OPERAND};
    if (shape >= MV_CLASS_COUNT) {
        MvValue method = mv_special(vm, cls, special);
        if (mv_is_kind(method, MV_KIND_FUNCTION)) {
            found->kind = MV_IC_OPERATE;
            found->w2 = method;
        } else if (special != MV_SP_GETITEM || record->kind == MV_IC_MEGA || !mv_is_kind(method, MV_KIND_BUILTIN))
            return NULL;
        else {
            owner = MV_CAST(MvBuiltin, method)->owner;
            if (owner >= MV_CLASS_COUNT || mv_class_lookup(vm, vm->classes[owner], vm->special_names[special]) != method)
                return NULL;
        }
    } else if (special != MV_SP_GETITEM || vm->classes[owner]->def != cls->def)
        return NULL;
    if (!found->kind) {
        if (!vm->classes[owner]->def->get_item)
            return NULL;
        found->kind = MV_IC_HANDLER;
        found->offset = (uint16_t)owner;
        found->w2 = mv_from_fixnum(MV_HANDLER_SUBSCRIPT);
    }
    if (may_learn(vm, record))
        learn(vm, record, special, *found);
    return found;
}

/* The entry of this very key among the first ones. Nothing is compared: the keys' methods were called once already, which programs may see. */
enum { ENTRIES_SEEN = 1024 };
static uint16_t find_entry(const MvDictTable *table, MvValue key)
{
    for (int64_t i = 0; i < table->fill && i < ENTRIES_SEEN; i++)
        if (table->entries[i].key == key)
            return (uint16_t)i;
    return MV_IC_NO_ENTRY; /* equal, but another object, or far away: not to be looked for again */
}

void mv_item_learn_entry(MvVM *vm, MvIcRecord *record, int special, MvDict *dict, MvValue key)
{
    const MvIcRecord *known = mv_ic_fitting(record, MV_CLASS_DICT, key);
    if (!may_learn(vm, record) || (known && (known->counter == 15 || known->offset == MV_IC_NO_ENTRY)) || !mv_is_exact_str(vm, key))
        return;
    learn(vm, record, special, (MvIcRecord){.kind = MV_IC_HANDLER, .shape = MV_CLASS_DICT, .offset = find_entry(dict->table, key), .w1 = key,
                                            .w2 = mv_from_fixnum(MV_HANDLER_KEYED)});
}
