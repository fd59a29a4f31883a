/* The guest list: a class for each granule of the region, and the draft of it. Read by native code, C's way into it,
 * and the code space.
 *
 * Called by the code space and the fault handler. Both tables lie in one memory file that this process maps read-only,
 * through a read-only reopen, and writes by pwrite: no writable mapping of them exists, so no stray or hostile store
 * changes them, no window opens, no core holds an old translation. One byte is the unit of publication.
 *
 * INV-list-1: what the list says of a granule is what the draft said when the digest over draft and code was compared.
 * INV-list-2: the list is written from the draft itself (pwrite reads the read-only mapping) and from constant zeroes,
 * never from writable memory. */
#pragma once
#include "codemem.h"
#include "gen/native.h"

typedef struct MvGuestList {
    int file;   /* offsets in it are offsets in the region */
    char *base; /* the region */
} MvGuestList;

/* Maps the tables into the region at base. */
bool mv_guestlist_open(MvGuestList *list, MvCodeMemory *memory, char *base);
void mv_guestlist_close(MvGuestList *list);

/* Drafts `granules` classes for code at region offset `at`. */
bool mv_guestlist_draft(MvGuestList *list, MvCodeMemory *memory, uint32_t at, const uint8_t *classes,
                        uint32_t granules);
/* Lists what was drafted, with one system call. */
bool mv_guestlist_add(MvGuestList *list, MvCodeMemory *memory, uint32_t at, uint32_t granules);
/* Whether what is listed is what was drafted. */
bool mv_guestlist_agrees(const MvGuestList *list, uint32_t at, uint32_t granules);
bool mv_guestlist_remove(MvGuestList *list, MvCodeMemory *memory, uint32_t at, uint32_t granules);

static inline const uint8_t *mv_guestlist_drafted(const char *base, uint32_t at)
{
    return (const uint8_t *)base + MV_NATIVE_DRAFT + (at - MV_NATIVE_CODE_START) / MV_NATIVE_GRANULE;
}

/* The class of an address, 0 if it is no entry: what the check templates of native code compute. */
static inline uint8_t mv_guestlist_class(const char *base, const void *target)
{
    uintptr_t offset = (uintptr_t)target - (uintptr_t)base;
    if (offset >= MV_NATIVE_REGION_BYTES || offset % MV_NATIVE_GRANULE)
        return MV_ENTRY_NONE;
    return __atomic_load_n((const uint8_t *)base + MV_NATIVE_GUEST_LIST + offset / MV_NATIVE_GRANULE, __ATOMIC_ACQUIRE);
}
