/* See fault.h. */
#define _GNU_SOURCE
#include "fault.h"
#include "codenote.h"
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <ucontext.h>
#include <unistd.h>

/* ---- the report ---- */

typedef struct Line {
    char text[512];
    size_t used;
} Line;

static void put(Line *line, const char *text)
{
    for (; *text && line->used < sizeof line->text - 1; text++)
        line->text[line->used++] = *text;
}

static void put_address(Line *line, const char *name, const void *address)
{
    static const char digits[] = "0123456789abcdef";
    char text[19] = "0x";
    uintptr_t value = (uintptr_t)address;
    int length = 1;
    while (length < 16 && value >> 4 * length)
        length++;
    for (int i = 0; i < length; i++)
        text[2 + i] = digits[value >> 4 * (length - 1 - i) & 15];
    put(line, ",\"");
    put(line, name);
    put(line, "\":\"");
    put(line, text);
    put(line, "\"");
}

_Noreturn void mv_violation(const char *layer, const char *kind, const void *address, const void *site)
{
    Line line = {.used = 0};
    put(&line, "{\"violation\":\"");
    put(&line, kind);
    put(&line, "\",\"layer\":\"");
    put(&line, layer);
    put(&line, "\"");
    put_address(&line, "address", address);
    put_address(&line, "site", site);
    put(&line, "}\n");
    for (size_t done = 0; done < line.used;) {
        ssize_t wrote = write(STDERR_FILENO, line.text + done, line.used - done);
        if (wrote <= 0)
            break;
        done += (size_t)wrote;
    }
    _exit(MV_NATIVE_VIOLATION_STATUS);
}

/* ---- the registry ---- */

#define REGIONS 500 /* regions of a process that are watched at a time */
#define PAGE 4096

typedef struct Registry {
    struct sigaction segv, trap; /* what was there before */
    const char *regions[REGIONS];
} Registry;

_Static_assert(sizeof(Registry) <= 2 * PAGE, "the registry has two pages");

/* Pages of the library's data that the memory file is mapped over: their address is no datum. */
static _Alignas(PAGE) char table[2 * PAGE];
static pthread_mutex_t changing = PTHREAD_MUTEX_INITIALIZER; /* held by mv_fault_watch and mv_fault_unwatch alone */
static int registry_file = -1, registry_process;

static const Registry *registry(void)
{
    const Registry *found = (const Registry *)table;
    __asm__("" : "+r"(found)); /* as nothing here writes to the pages, the compiler would take them for zero */
    return found;
}

static bool write_registry(const void *bytes, size_t size, size_t at)
{
    return pwrite(registry_file, bytes, size, (off_t)at) == (ssize_t)size;
}

static bool is_watched(const char *base)
{
    for (int i = 0; base && i < REGIONS; i++) /* NULL marks what is free */
        if (__atomic_load_n(&registry()->regions[i], __ATOMIC_ACQUIRE) == base)
            return true;
    return false;
}

static bool replace_region(const char *old, const char *new)
{
    for (size_t i = 0; i < REGIONS; i++)
        if (registry()->regions[i] == old)
            return write_registry(&new, sizeof new, offsetof(Registry, regions) + i * sizeof new);
    return false;
}

/* ---- the handler ---- */

enum { FAULT_WRITE = 2, FAULT_FETCH = 16 }; /* bits of the error code of a page fault */

static void pass_on(const struct sigaction *before, int signal, siginfo_t *info, void *context)
{
    if (before->sa_flags & SA_SIGINFO)
        before->sa_sigaction(signal, info, context);
    else if (before->sa_handler != SIG_DFL && before->sa_handler != SIG_IGN)
        before->sa_handler(signal);
    else { /* the instruction faults again and ends the process; a trap is raised again */
        struct sigaction standard = {.sa_handler = SIG_DFL};
        sigaction(signal, &standard, NULL);
        if (signal == SIGTRAP)
            raise(signal);
    }
}

static char *region_of(uintptr_t address) { return (char *)(address & ~((uintptr_t)MV_NATIVE_REGION_BYTES - 1)); }

static const char *layer_of(uintptr_t offset)
{
    return offset < MV_NATIVE_FROZEN_BYTES ? "frozen-page"
           : offset < MV_NATIVE_CODE_START ? "guest-list"
                                           : "code-memory";
}

static void on_segv(int signal, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    uintptr_t address = (uintptr_t)info->si_addr, site = (uintptr_t)registers[REG_RIP];
    char *base = region_of(address);
    if (info->si_code <= 0 || info->si_code == SI_KERNEL || !is_watched(base)) {
        pass_on(&registry()->segv, signal, info, context);
        return;
    }
    const char *layer = layer_of(address - (uintptr_t)base);
    if (registers[REG_ERR] & FAULT_WRITE)
        mv_violation(layer, "store", (void *)address, (void *)site);
    if (!(registers[REG_ERR] & FAULT_FETCH))
        mv_violation(layer, "load", (void *)address, (void *)site);
    switch (mv_codenote_complete(base, (uint32_t)(address - (uintptr_t)base))) {
    case MV_COMPLETION_NO_NOTE: mv_violation(layer, "fetch", (void *)address, NULL);
    case MV_COMPLETION_FAILED: mv_violation("code-memory", "incomplete", (void *)address, NULL);
    case MV_COMPLETION_TAMPERED: mv_violation("digest", "tampered", (void *)address, NULL);
    case MV_COMPLETION_DONE: break;
    }
    /* Another thread may have changed the frame that we return through. What it does behind this line stays open. */
    if ((uintptr_t)__atomic_load_n(&registers[REG_RIP], __ATOMIC_RELAXED) != site)
        mv_violation("signal-frame", "changed", (void *)registers[REG_RIP], (void *)site);
}

static void on_trap(int signal, siginfo_t *info, void *context)
{
    uintptr_t site = (uintptr_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] - 1;
    if (info->si_code > 0 && is_watched(region_of(site)))
        mv_violation("code-memory", "trap", (void *)site, NULL);
    pass_on(&registry()->trap, signal, info, context);
}

/* A forked child shares its parent's memory file: it gets its own, without the parent's regions. */
static bool open_registry(void)
{
    int process = mv_codemem_process();
    if (registry_file >= 0 && registry_process == process)
        return true;
    bool first = registry_file < 0;
    Registry fresh = {.segv = registry()->segv, .trap = registry()->trap};
    if (first && (sigaction(SIGSEGV, NULL, &fresh.segv) || sigaction(SIGTRAP, NULL, &fresh.trap)))
        return false;
    MvCodeMemory memory = {.failed = NULL};
    int file = mv_codemem_file(&memory, "minivm-faults", sizeof table);
    if (file < 0)
        return false;
    if (!mv_codemem_write(&memory, file, &fresh, sizeof fresh, 0) ||
        !mv_codemem_map_table(&memory, file, table, sizeof table, 0)) {
        mv_codemem_close(file);
        return false;
    }
    mv_codemem_close(registry_file);
    registry_file = file;
    registry_process = process;
    struct sigaction ours = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&ours.sa_mask);
    ours.sa_sigaction = on_segv;
    if (first && sigaction(SIGSEGV, &ours, NULL))
        return false;
    ours.sa_sigaction = on_trap;
    return !first || !sigaction(SIGTRAP, &ours, NULL);
}

bool mv_fault_watch(const char *base)
{
    pthread_mutex_lock(&changing);
    bool done = open_registry() && replace_region(NULL, base);
    pthread_mutex_unlock(&changing);
    return done;
}

void mv_fault_unwatch(const char *base)
{
    pthread_mutex_lock(&changing);
    if (registry_process == mv_codemem_process())
        replace_region(base, NULL);
    pthread_mutex_unlock(&changing);
}
