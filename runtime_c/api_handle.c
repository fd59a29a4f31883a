/* Handles: values of a VM that the host holds, and names that it calls by.
 *
 * A handle's id is the index of its root and, in the high half, the generation of that root, so that an id that was
 * released stays dead. Ids of names have bit 63 set. */
#include "api.h"
#include "arena.h"
#include "heap.h"

#include <stdlib.h>

enum { FIRST_ROOTS = 64, FIRST_NAMES = 16 };
#define GENERATION_MASK 0x7FFFFFFFu
#define ROOT_BYTES ((int64_t)(sizeof(MvValue) + sizeof(uint32_t)))

static bool grow_roots(MvVM *vm, uint32_t capacity)
{
    MvHostState *host = mv_host(vm);
    int64_t more = (int64_t)(capacity - vm->root_capacity) * ROOT_BYTES;
    if (!mv_heap_account_external(vm, more))
        return false;
    MvValue *roots = realloc(vm->roots, capacity * sizeof *roots);
    if (roots)
        vm->roots = roots;
    uint32_t *generations = realloc(host->generations, capacity * sizeof *generations);
    if (generations)
        host->generations = generations;
    if (!roots || !generations) {
        mv_heap_account_external(vm, -more);
        return false;
    }
    vm->root_capacity = capacity;
    return true;
}

bool mv_handles_init(MvVM *vm)
{
    if (!grow_roots(vm, FIRST_ROOTS))
        return false;
    vm->roots[0] = MV_UNASSIGNED;
    mv_host(vm)->generations[0] = 0;
    vm->root_count = 1;
    return true;
}

uint64_t mv_handle_new(MvVM *vm, MvValue value)
{
    MvHostState *host = mv_host(vm);
    uint32_t index = vm->root_free;
    if (index) {
        vm->root_free = (uint32_t)mv_to_fixnum(vm->roots[index]);
    } else {
        uint32_t capacity = vm->root_capacity;
        if (vm->root_count == capacity && (capacity > UINT32_MAX / 2 || !grow_roots(vm, capacity * 2))) {
            mv_memory_error(vm);
            return 0;
        }
        index = vm->root_count++;
        host->generations[index] = 0;
    }
    host->generations[index] = (host->generations[index] + 1) & GENERATION_MASK;
    vm->roots[index] = value;
    host->handle_count++;
    return (uint64_t)host->generations[index] << 32 | index;
}

static bool is_handle(const MvVM *vm, uint64_t id)
{
    uint32_t index = (uint32_t)id, generation = (uint32_t)(id >> 32);
    return index && index < vm->root_count && generation & 1 && mv_host(vm)->generations[index] == generation;
}

MvValue mv_handle_value(const MvVM *vm, uint64_t id)
{
    return is_handle(vm, id) ? vm->roots[(uint32_t)id] : MV_UNASSIGNED;
}

void mv_handle_release(MvVM *vm, uint64_t id)
{
    if (!is_handle(vm, id))
        return;
    MvHostState *host = mv_host(vm);
    uint32_t index = (uint32_t)id;
    host->generations[index] = (host->generations[index] + 1) & GENERATION_MASK;
    vm->roots[index] = mv_from_fixnum(vm->root_free);
    vm->root_free = index;
    host->handle_count--;
}

/* ---- names ---- */

static uint32_t *find_name(const MvHostState *host, MvValue name)
{
    uint32_t mask = host->name_capacity * 2 - 1;
    uint32_t at = (uint32_t)(name >> 4) * 0x9E3779B1u >> 7 & mask;
    while (host->name_table[at] && host->names[host->name_table[at] - 1] != name)
        at = (at + 1) & mask;
    return &host->name_table[at];
}

static bool grow_names(MvVM *vm)
{
    MvHostState *host = mv_host(vm);
    uint32_t before = host->name_capacity, capacity = before ? before * 2 : FIRST_NAMES;
    int64_t more = (int64_t)(capacity - before) * (int64_t)(sizeof(MvValue) + 2 * sizeof(uint32_t));
    if (capacity > UINT32_MAX / 4 || !mv_heap_account_external(vm, more))
        return false;
    uint32_t *table = calloc((size_t)capacity * 2, sizeof *table);
    MvValue *names = table ? realloc(host->names, capacity * sizeof *names) : NULL;
    if (!names) {
        free(table);
        mv_heap_account_external(vm, -more);
        return false;
    }
    free(host->name_table);
    host->names = names;
    host->name_table = table;
    host->name_capacity = capacity;
    for (uint32_t i = 0; i < host->name_count; i++)
        *find_name(host, names[i]) = i + 1;
    return true;
}

void mv_host_mark_names(MvVM *vm)
{
    const MvHostState *host = mv_host(vm);
    for (uint32_t i = 0; host && i < host->name_count; i++)
        mv_mark_value(vm, host->names[i]);
}

uint64_t mv_target_intern(MvVM *vm, MvValue name)
{
    MvHostState *host = mv_host(vm);
    if (host->name_count == host->name_capacity && !grow_names(vm))
        return 0;
    uint32_t *slot = find_name(host, name);
    if (!*slot) {
        host->names[host->name_count++] = name;
        *slot = host->name_count;
    }
    return MV_TARGET_NAME | (*slot - 1);
}

MvValue mv_target_name(const MvVM *vm, uint64_t target)
{
    uint64_t index = target & ~MV_TARGET_NAME;
    return target & MV_TARGET_NAME && index < mv_host(vm)->name_count ? mv_host(vm)->names[index] : MV_UNASSIGNED;
}
