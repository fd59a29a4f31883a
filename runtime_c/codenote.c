/* See codenote.h. Notes follow one another from MV_NATIVE_NOTES on; when none waits, the next one goes to the start. */
#include "codenote.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define NOTES_BYTES (MV_NATIVE_GUEST_LIST - MV_NATIVE_NOTES)

MvNote *mv_codenote_new(const MvNotes *notes, uint32_t count)
{
    uint64_t length = sizeof(MvNote) + (uint64_t)count * sizeof(MvNoteUnit);
    uint32_t used = notes->waiting ? notes->used : 0;
    if (length + sizeof(uint32_t) > NOTES_BYTES - used)
        return NULL;
    MvNote *note = calloc(1, length + sizeof(uint32_t)); /* with the end behind it */
    if (note)
        *note = (MvNote){.length = (uint32_t)length, .state = MV_NOTE_WAITING, .count = count};
    return note;
}

uint32_t mv_codenote_leave(MvNotes *notes, MvGuestList *list, MvCodeMemory *memory, const MvNote *note)
{
    uint32_t used = notes->waiting ? notes->used : 0, at = MV_NATIVE_NOTES + used;
    if (!mv_codemem_write(memory, list->file, note, note->length + sizeof(uint32_t), at))
        return MV_NOTE_NONE;
    notes->used = used + note->length;
    notes->waiting++;
    return at;
}

static bool set_state(int file, MvCodeMemory *memory, uint32_t at, uint32_t state)
{
    return mv_codemem_write(memory, file, &state, sizeof state, at + offsetof(MvNote, state));
}

bool mv_codenote_drop(MvNotes *notes, MvGuestList *list, MvCodeMemory *memory, uint32_t at)
{
    notes->waiting--;
    return set_state(list->file, memory, at, MV_NOTE_DROPPED);
}

static const MvNote *find(const char *base, uint32_t offset)
{
    uint32_t at = MV_NATIVE_NOTES;
    while (at <= MV_NATIVE_GUEST_LIST - sizeof(MvNote)) {
        const MvNote *note = mv_codenote_at(base, at);
        if (!note->length)
            break;
        if (note->state == MV_NOTE_WAITING && offset >= note->placed.at && offset - note->placed.at < note->placed.size)
            return note;
        at += note->length;
    }
    return NULL;
}

MvCompletion mv_codenote_complete(char *base, uint32_t offset)
{
    const MvNote *note = mv_frozen_options(base)->lazy_seal ? find(base, offset) : NULL;
    if (!note)
        return MV_COMPLETION_NO_NOTE;
    MvCodeMemory memory = {.has = note->has};
    MvPlaced placed = note->placed;
    MvGuestList list = {.file = note->guests, .base = base};
    if (!mv_codeseal_seal(&memory, base, &placed) || !mv_codeseal_sync(&memory, base, &placed))
        return MV_COMPLETION_FAILED;
    uint32_t at = placed.at, end = at + placed.size;
    for (uint32_t i = 0; i < note->count; i++) {
        uint32_t size = note->units[i].size, next = at + mv_granules(size) * MV_NATIVE_GRANULE;
        if (!mv_codeseal_verify(base, at, size, i + 1 < note->count ? next : end, note->units[i].digest))
            return MV_COMPLETION_TAMPERED;
        at = next;
    }
    uint32_t count = placed.used / MV_NATIVE_GRANULE;
    if (!mv_guestlist_add(&list, &memory, placed.at, count))
        return MV_COMPLETION_FAILED;
    if (!mv_guestlist_agrees(&list, placed.at, count))
        return MV_COMPLETION_TAMPERED;
    bool done = set_state(note->guests, &memory, (uint32_t)((const char *)note - base), MV_NOTE_COMPLETED);
    return done ? MV_COMPLETION_DONE : MV_COMPLETION_FAILED;
}
