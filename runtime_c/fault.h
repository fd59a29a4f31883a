/* What happens when a layer of defence refuses something, and the handler of SIGSEGV for the code regions.
 *
 * Called by the code space, the native entry and native code (through the helper VIOLATION). Knows no guest types. All of it is
 * async-signal-safe.
 *
 * INV-fault-1: a violation ends the process with MV_NATIVE_VIOLATION_STATUS after one line of JSON on stderr, without running atexit handlers,
 * destructors or anything else that a corrupted process could steer. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gen/native.h"

/* {"violation":KIND,"layer":LAYER,"address":ADDRESS,"site":SITE}: layer and kind are literals of this program (they are not escaped), address is
 * what was refused, site the code that asked for it, or NULL. */
_Noreturn void mv_violation(const char *layer, const char *kind, const void *address, const void *site);
