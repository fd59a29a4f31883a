/* Notes of batches that are placed but not sealed, and their completion by the fault handler.
 *
 * Called by the code space when the option lazy_seal is on, and by fault.c. A note stands in the region's tables, which
 * only pwrite changes: a note that a hostile store wrote anywhere else is no note. Completing a batch seals,
 * synchronises, verifies and lists it as the code space would, from the note and the frozen page alone, with system
 * calls alone: it runs in a signal handler.
 *
 * INV-note-1: a note is written after all that it refers to, and says "completed" only after the batch is listed.
 * INV-note-2: with lazy_seal the thread that installs is the one that executes, so that the completion of a batch and
 * the steps of its installation never overlap. */
#pragma once
#include "codeseal.h"

#define MV_NOTE_NONE UINT32_MAX

typedef struct MvNoteUnit {
    uint32_t size;
    uint8_t digest[MV_SIGN_DIGEST];
} MvNoteUnit;

typedef struct MvNote {
    uint32_t length; /* bytes, with the units; 0 ends the notes */
    uint32_t state;  /* MV_NOTE_* */
    MvPlaced placed;
    MvCodeFacilities has;
    int guests; /* the file of the tables */
    uint32_t count;
    MvNoteUnit units[];
} MvNote;

enum { MV_NOTE_WAITING = 1, MV_NOTE_COMPLETED, MV_NOTE_DROPPED };

typedef struct MvNotes { /* where the next note goes, and how many wait */
    uint32_t used, waiting;
} MvNotes;

/* Room for a note about `count` units, to be filled from `units` on by the caller; NULL without room or memory. */
MvNote *mv_codenote_new(const MvNotes *notes, uint32_t count);
/* Leaves the note; its offset in the region, or MV_NOTE_NONE. */
uint32_t mv_codenote_leave(MvNotes *notes, MvGuestList *list, MvCodeMemory *memory, const MvNote *note);
static inline const MvNote *mv_codenote_at(const char *base, uint32_t at) { return (const MvNote *)(base + at); }
/* Takes a note back, completed or not. */
bool mv_codenote_drop(MvNotes *notes, MvGuestList *list, MvCodeMemory *memory, uint32_t at);

typedef enum MvCompletion {
    MV_COMPLETION_NO_NOTE,
    MV_COMPLETION_DONE,
    MV_COMPLETION_FAILED,
    MV_COMPLETION_TAMPERED
} MvCompletion;
/* Completes the batch that a note puts at this offset of the region. Async-signal-safe. */
MvCompletion mv_codenote_complete(char *base, uint32_t offset);
