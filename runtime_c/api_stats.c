/* mv_vm_stats: the counters of a VM as lines "key=number". A number with a point is a float on the other side; what does
 * not begin with a digit is text. */
#include "api.h"
#include "heap.h"
#include "ic.h"
#include "native.h"

#include <stdio.h>

typedef struct Writer {
    MvVM *vm;
    MvBytes *out;
    bool failed;
} Writer;

static void put_line(Writer *w, const char *text, int n)
{
    w->failed = w->failed || n < 0 || !mv_bytes_put(w->vm, w->out, text, (size_t)n);
}

static void put_count(Writer *w, const char *key, uint64_t number)
{
    char line[128];
    put_line(w, line, snprintf(line, sizeof line, "%s=%llu\n", key, (unsigned long long)number));
}

static void put_real(Writer *w, const char *key, double number)
{
    char line[128];
    put_line(w, line, snprintf(line, sizeof line, "%s=%.3f\n", key, number));
}

bool mv_stats_put(MvVM *vm, MvBytes *out)
{
    Writer w = {vm, out, false};
    const MvHeap *heap = &vm->heap;
    const MvHostState *host = mv_host(vm);
    put_count(&w, "gc.young_count", heap->young_count);
    put_count(&w, "gc.full_count", heap->full_count);
    put_real(&w, "gc.pause_median_us", mv_heap_median_pause_us(vm));
    put_real(&w, "gc.pause_max_us", (double)heap->pause_max_ns / 1e3);
    put_real(&w, "gc.pause_total_us", (double)heap->pause_total_ns / 1e3);
    put_count(&w, "heap.used_bytes", mv_heap_bytes_used(vm));
    put_count(&w, "heap.limit_bytes", heap->bytes_limit);
    put_count(&w, "heap.block_bytes", heap->block_bytes);
    put_count(&w, "heap.large_bytes", heap->large_bytes);
    put_count(&w, "heap.external_bytes", heap->external_bytes);
    put_count(&w, "heap.names", vm->interned.count);
    put_count(&w, "heap.names_freed", vm->stats.names_freed);
    put_count(&w, "heap.allocated_bytes", heap->allocated_total + heap->allocated_since_gc);
    uint64_t misses = 0, transitions = 0;
    for (int i = 0; i < 16; i++) {
        misses += vm->stats.ic_misses[i];
        transitions += vm->stats.ic_transitions[i];
    }
    put_count(&w, "ic.misses", misses);
    put_count(&w, "ic.transitions", transitions);
    for (int i = 0; i < MV_IC_KIND_COUNT; i++) {
        char key[48];
        snprintf(key, sizeof key, "ic.misses.%s", mv_ic_kind_names[i]);
        put_count(&w, key, vm->stats.ic_misses[i]);
        snprintf(key, sizeof key, "ic.transitions.%s", mv_ic_kind_names[i]);
        if (i != MV_IC_NONE)
            put_count(&w, key, vm->stats.ic_transitions[i]);
    }
    put_count(&w, "ic.resets", vm->stats.ic_resets);
    put_count(&w, "depend.invalidations", vm->stats.invalidations);
    put_count(&w, "run.codes", vm->stats.codes);
    put_count(&w, "run.shapes", vm->stats.shapes);
    put_count(&w, "run.exceptions", vm->stats.exceptions);
    put_count(&w, "run.polls", vm->stats.polls);
    put_count(&w, "run.output_bytes", vm->output_bytes);
    put_count(&w, "host.entries", host->entries);
    put_count(&w, "host.callbacks", host->callbacks);
    put_count(&w, "host.handles", host->handle_count);
    char native[2048];
    put_line(&w, native, (int)mv_native_stats(vm, native, sizeof native));
    return !w.failed;
}
