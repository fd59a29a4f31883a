/* See guestlist.h. */
#include "guestlist.h"
#include <string.h>

#define TABLES_AT MV_NATIVE_NOTES
#define TABLES_BYTES (MV_NATIVE_CODE_START - MV_NATIVE_NOTES)

static const uint8_t zeroes[1024];

bool mv_guestlist_open(MvGuestList *list, MvCodeMemory *memory, char *base)
{
    list->base = base;
    list->file = mv_codemem_file(memory, "minivm-guests", MV_NATIVE_CODE_START);
    if (list->file < 0)
        return false;
    if (mv_codemem_map_table(memory, list->file, base + TABLES_AT, TABLES_BYTES, TABLES_AT))
        return true;
    mv_guestlist_close(list);
    return false;
}

void mv_guestlist_close(MvGuestList *list)
{
    mv_codemem_close(list->file);
    list->file = -1;
}

bool mv_guestlist_draft(MvGuestList *list, MvCodeMemory *memory, uint32_t at, const uint8_t *classes, uint32_t granules)
{
    uint32_t first = MV_NATIVE_DRAFT + (at - MV_NATIVE_CODE_START) / MV_NATIVE_GRANULE;
    return mv_codemem_write(memory, list->file, classes, granules, first);
}

bool mv_guestlist_add(MvGuestList *list, MvCodeMemory *memory, uint32_t at, uint32_t granules)
{
    const uint8_t *drafted = mv_guestlist_drafted(list->base, at);
    uint32_t first = MV_NATIVE_GUEST_LIST + at / MV_NATIVE_GRANULE;
    return mv_codemem_write(memory, list->file, drafted, granules, first);
}

bool mv_guestlist_agrees(const MvGuestList *list, uint32_t at, uint32_t granules)
{
    return memcmp(list->base + MV_NATIVE_GUEST_LIST + at / MV_NATIVE_GRANULE, mv_guestlist_drafted(list->base, at),
                  granules) == 0;
}

bool mv_guestlist_remove(MvGuestList *list, MvCodeMemory *memory, uint32_t at, uint32_t granules)
{
    uint32_t first = MV_NATIVE_GUEST_LIST + at / MV_NATIVE_GRANULE;
    for (uint32_t done = 0; done < granules; done += sizeof zeroes) {
        uint32_t size = granules - done < sizeof zeroes ? granules - done : sizeof zeroes;
        if (!mv_codemem_write(memory, list->file, zeroes, size, first + done))
            return false;
    }
    return true;
}
