/* The counters of native code as lines "code.NAME=NUMBER", for mv_vm_stats: units by the states that they reached,
 * system calls for code memory, what the machine offers for it, and `code.disabled` with the reason why there is none. */
#include "native_service.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

typedef struct Lines {
    char *text;
    size_t used, size;
} Lines;

static void put(Lines *lines, const char *group, const char *name, uint64_t number)
{
    char key[64];
    int n = snprintf(key, sizeof key, "%s%s", group, name);
    for (int i = 0; i < n && i < (int)sizeof key; i++)
        key[i] = (char)tolower((unsigned char)key[i]);
    if (lines->used < lines->size)
        lines->used += (size_t)snprintf(lines->text + lines->used, lines->size - lines->used, "%s=%llu\n", key,
                                        (unsigned long long)number);
}

static void put_space(Lines *lines, const MvCodeSpace *space)
{
    const MvCodeStats stats = mv_codespace_stats(space);
    const MvCodeFacilities *has = mv_codespace_facilities(space);
    for (MvCodeState state = 0; state < MV_CODE_STATE_COUNT; state++)
        put(lines, "code.units.", mv_codespace_state_name(state), stats.units[state]);
#define STAT(name) put(lines, "code.", #name, stats.name)
    STAT(batches), STAT(code_bytes), STAT(page_bytes), STAT(full), STAT(refused), STAT(failed), STAT(lazy_seals);
#define CALL(name) put(lines, "code.calls.", #name, stats.calls.name)
    CALL(mmap), CALL(mprotect), CALL(mseal), CALL(membarrier), CALL(pwrite), CALL(memfd), CALL(fcntl);
#define HAS(name) put(lines, "code.has.", #name, has->name)
    HAS(sealing), HAS(flipping), HAS(direct), HAS(mseal), HAS(sync_core);
}

size_t mv_native_stats(MvVM *vm, char *text, size_t size)
{
    MvNative *native = vm->native;
    Lines lines = {text, 0, size};
    if (!native || native->mode == MV_JIT_MODE_OFF)
        return 0;
    pthread_mutex_lock(&native->lock);
    put(&lines, "code.", "requests", native->asked);
    put(&lines, "code.", "published", native->published);
    put(&lines, "code.", "rejected", native->rejected);
    put(&lines, "code.", "left", native->left_count);
    put(&lines, "code.", "taken_back", native->taken_back);
    put(&lines, "code.", "unit_bytes", native->code_bytes);
    put(&lines, "code.", "meta_bytes", native->meta_bytes);
    put(&lines, "code.", "word_bytes", native->word_bytes);
    put(&lines, "code.", "install_us", native->install_ns / 1000);
    if (native->space)
        put_space(&lines, native->space);
    if (native->refused && lines.used < size)
        lines.used += (size_t)snprintf(text + lines.used, size - lines.used, "code.disabled=%s\n",
                                       native->why[0] ? native->why : "no compiler");
    pthread_mutex_unlock(&native->lock);
    return lines.used < size ? lines.used : size - 1;
}
