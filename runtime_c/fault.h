/* What happens when a layer of defence refuses something, and the handler of faults in code regions.
 *
 * Called by the code space, the native entry and native code (through the helper VIOLATION). Knows no guest types. The
 * handler is off unless a space asks for it. All of it but mv_fault_watch is async-signal-safe.
 *
 * The handler knows the regions of the process by a registry, the one exception to "no globals": handlers have no
 * argument. The registry and the handlers before ours lie in a page of this library that is mapped read-only over a
 * memory file and written by pwrite, so that nobody who writes memory can add a region of his own, with notes of his
 * own, or redirect the chain.
 *
 * INV-fault-1: a violation ends the process with MV_NATIVE_VIOLATION_STATUS after one line of JSON on stderr, without
 * running atexit handlers, destructors or anything else that a corrupted process could steer.
 * INV-fault-2: a fault outside of the regions goes to the handler that was there before. */
#pragma once
#include "gen/native.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* {"violation":KIND,"layer":LAYER,"address":ADDRESS,"site":SITE}: layer and kind are literals of this program (they are
 * not escaped), address is what was refused, site the code that asked for it, or NULL. */
_Noreturn void mv_violation(const char *layer, const char *kind, const void *address, const void *site);

/* Has faults in the region at base handled: a fetch from a batch that a note covers completes the batch; any other
 * fetch, store, load or trap there is a violation. False if there is no room, or no memory file. */
bool mv_fault_watch(const char *base);
void mv_fault_unwatch(const char *base);
