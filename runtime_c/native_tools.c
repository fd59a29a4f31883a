/* What tools ask of native code: where units lie (--perf-map, --gdb, minivm audit), what a check costs, and GDB's JIT interface.
 *
 * Called by the compiler's thread and by the host, never on the way of a program. GDB finds __jit_debug_descriptor and
 * __jit_debug_register_code by their names: a list for the whole process, under a lock of its own, is what its interface asks for. */
#include "native_service.h"
#include "mv_api.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- places ---- */

static void put_place(MvJitPlace *places, uint64_t room, uint64_t *count, uint64_t request, const char *at, uint64_t size)
{
    if (*count < room)
        places[*count] = (MvJitPlace){request, (uint64_t)(uintptr_t)at, size};
    ++*count;
}

uint64_t mv_jit_places(MvVM *vm, MvJitPlace *places, uint64_t room)
{
    MvNative *native = vm->native;
    uint64_t count = 0;
    if (!native)
        return 0;
    pthread_mutex_lock(&native->lock);
    const char *region = native->space ? mv_codespace_base(native->space) : NULL;
    for (int queue = 0; region && queue < 2; queue++)
        for (const MvUnit *unit = queue ? native->units : native->ready; unit; unit = unit->next)
            if (unit->code)
                put_place(places, room, &count, unit->request, region + unit->at, unit->size);
    uint32_t stubs = native->new_stubs ? native->new_stubs : native->stubs;
    if (region && stubs)
        put_place(places, room, &count, 0, region + stubs, native->stubs_size);
    pthread_mutex_unlock(&native->lock);
    return count;
}

/* ---- what a check costs ---- */

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

/* The loop without its check has the move of the target alone. */
#define LOOP(check)                                                                                                                        \
    __asm__ volatile(".p2align 5\n\t"                                                                                                     \
                     "1: mov %[target], %%rcx\n\t" check "sub $1, %[rounds]\n\t"                                                          \
                     "jnz 1b\n\t"                                                                                                         \
                     "2:\n\t"                                                                                                             \
                     : [rounds] "+r"(rounds)                                                                                              \
                     : [target] "r"(target), [region] "r"(region), [kind] "r"(kind)                                                       \
                     : "rcx", "rdx", "cc", "memory")

#define CHECK                                                                                                                             \
    "mov %%rcx, %%rdx\n\t"                                                                                                                \
    "sub %[region], %%rdx\n\t"                                                                                                            \
    "ror $4, %%rdx\n\t"                                                                                                                   \
    "cmp $" TEXT(MV_NATIVE_GRANULES_S) ", %%rdx\n\t"                                                                                      \
    "jae 2f\n\t"                                                                                                                          \
    "cmp %b[kind], " TEXT(MV_NATIVE_GUEST_LIST_S) "(%[region],%%rdx)\n\t"                                                                 \
    "jne 2f\n\t"

uint64_t mv_jit_measure(MvVM *vm, uint64_t rounds, int checked)
{
    MvNative *native = vm->native;
    if (!native || !native->space || !native->stubs || !rounds)
        return 0;
    const char *region = mv_codespace_base(native->space), *target = region + native->stubs;
    uint64_t kind = MV_ENTRY_EXACT;
    struct timespec before, after;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    if (checked)
        LOOP(CHECK);
    else
        LOOP("");
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    if (rounds)
        return 0; /* a check refused: nothing to measure */
    return (uint64_t)((after.tv_sec - before.tv_sec) * 1000000000ll + after.tv_nsec - before.tv_nsec);
}

/* ---- GDB ---- */

typedef struct GdbEntry { /* jit_code_entry of GDB's manual */
    struct GdbEntry *next, *previous;
    const uint8_t *file;
    uint64_t size;
} GdbEntry;

typedef struct GdbDescriptor { /* jit_descriptor */
    uint32_t version, action;
    GdbEntry *relevant, *first;
} GdbDescriptor;

enum { GDB_NOTHING, GDB_REGISTER, GDB_UNREGISTER };

__attribute__((used)) GdbDescriptor __jit_debug_descriptor = {1, GDB_NOTHING, NULL, NULL};
static pthread_mutex_t gdb_lock = PTHREAD_MUTEX_INITIALIZER;

/* A breakpoint of GDB's is here. */
__attribute__((noinline, used)) void __jit_debug_register_code(void) { __asm__ volatile("" ::: "memory"); }

static void tell(GdbEntry *entry, uint32_t action)
{
    __jit_debug_descriptor.relevant = entry;
    __jit_debug_descriptor.action = action;
    __jit_debug_register_code();
    __jit_debug_descriptor.action = GDB_NOTHING;
    __jit_debug_descriptor.relevant = NULL;
}

void *mv_gdb_add(const uint8_t *file, uint64_t size)
{
    GdbEntry *entry = malloc(sizeof *entry + size);
    if (!entry)
        return NULL;
    memcpy(entry + 1, file, size);
    pthread_mutex_lock(&gdb_lock);
    *entry = (GdbEntry){__jit_debug_descriptor.first, NULL, (const uint8_t *)(entry + 1), size};
    if (entry->next)
        entry->next->previous = entry;
    __jit_debug_descriptor.first = entry;
    tell(entry, GDB_REGISTER);
    pthread_mutex_unlock(&gdb_lock);
    return entry;
}

void mv_gdb_remove(void *removed)
{
    GdbEntry *entry = removed;
    if (!entry)
        return;
    pthread_mutex_lock(&gdb_lock);
    if (entry->previous)
        entry->previous->next = entry->next;
    else
        __jit_debug_descriptor.first = entry->next;
    if (entry->next)
        entry->next->previous = entry->previous;
    tell(entry, GDB_UNREGISTER);
    pthread_mutex_unlock(&gdb_lock);
    free(entry);
}
