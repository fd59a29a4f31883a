/* The code space of a VM: the region that native code lives in, and the life of that code from emitted bytes to
 * published entries and back.
 *
 * Called by the native entry (install, unlist, is_listed), by tests and the model checker step by step. Knows no guest
 * types. One thread at a time uses a space (the caller has a lock); mv_codespace_is_listed may be called by any at any
 * time; the fault handler reads what lies in read-only memory alone.
 *
 *     EMITTED -> CHECKED -> SIGNED -> PLACED -> SEALED -> SYNCED -> VERIFIED -> LISTED -> PUBLISHED
 *     UNPUBLISHED -> UNLISTED -> QUIESCENT -> QUARANTINED (-> recycled, only where the strategy can)
 *
 * A batch of units goes forward as a whole, each unit goes back alone. Publishing (a release-store into the function's
 * record) and unpublishing are stores of the caller's; the space counts them.
 *
 * INV-space-1: no page of the region is ever writable and executable.
 * INV-space-2: an entry is listed only while its unit is sealed and the digest over the sealed bytes was right.
 * INV-space-3: a step refuses to run (MV_CODE_ORDER) unless the step before it is done.
 * INV-space-4: addresses are given twice only with the option `recycle`, and only when no frame is inside; unit numbers
 * are never given twice.
 * INV-space-5: options of security are read from the frozen page, which is read-only before the first unit. */
#pragma once
#include "guestlist.h"
#include "native_sign.h"

typedef struct MvCodeSpace MvCodeSpace;
typedef struct MvCodeBatch MvCodeBatch;

#define MV_CODE_PAGE 4096u
#define MV_CODE_GUARD MV_CODE_PAGE /* without access, behind each batch */
#define MV_CODE_TRAP 0xcc          /* int3: what fills the rest of granules and pages */

/* How code memory becomes executable. SEALED: a memory file per batch, sealed against writing, then mapped r-x: no
 * writable mapping ever. FLIP: anonymous rw- pages, then one mprotect r-x per batch. */
enum {
    MV_CODE_MEMORY_SEALED,
    MV_CODE_MEMORY_FLIP,
#ifdef MINIVM_ATTACK_API
    MV_CODE_MEMORY_RWX, /* no protection at all: the control of the attacks on it */
#endif
    MV_CODE_MEMORY_COUNT
};

typedef struct MvCodeSpaceOptions { /* at MV_NATIVE_OPTIONS_AT of the frozen page, once that is sealed */
    uint8_t memory;           /* MV_CODE_MEMORY_* */
    bool permanent;           /* mseal what never changes; such a region is never given back to the system */
    bool verify;              /* compare the digest over the sealed bytes */
    bool guests;              /* consult the guest list where C enters native code */
    bool watch;               /* have the fault handler report violations in the region */
    bool lazy_seal;           /* leave notes, so that the fault handler may complete what is placed; implies watch */
    bool recycle;             /* give addresses of quarantined batches again: what no strategy does by itself */
    uint32_t code_limit;      /* bytes of code pages, all batches together; 0: as many as the region has */
    uint8_t key[MV_SIGN_KEY]; /* of the digests; all zero: made by the space */
} MvCodeSpaceOptions;

typedef struct MvFrozenPart { /* part of the frozen page */
    uint32_t at;              /* in the region, below MV_NATIVE_OPTIONS_AT */
    uint32_t size;
    const void *bytes;
} MvFrozenPart;

typedef struct MvEntry {
    uint32_t at; /* in the unit; a multiple of MV_NATIVE_GRANULE */
    uint8_t entry_class;
} MvEntry;

typedef struct MvUnitPlace {
    const uint8_t *bytes;
    uint32_t size;
    const MvEntry *entries;
    uint32_t entry_count;
    uint8_t digest[MV_SIGN_DIGEST];
    uint32_t at;   /* out: offset in the region */
    uint32_t unit; /* out: its number */
} MvUnitPlace;

typedef enum MvCodeResult {
    MV_CODE_OK,
    MV_CODE_FULL,     /* the code limit or the region: go on without */
    MV_CODE_REFUSED,  /* a unit that cannot be: no bytes, an entry outside or off a granule's start, no class */
    MV_CODE_FAILED,   /* a system call: mv_codespace_why */
    MV_CODE_TAMPERED, /* the sealed bytes or the listed classes are not the signed ones */
    MV_CODE_ORDER,    /* the step before this one is not done */
    MV_CODE_BUSY,     /* a frame is inside */
} MvCodeResult;

#define MV_CODE_STATES(X) \
    X(EMITTED) X(CHECKED) X(SIGNED) X(PLACED) X(SEALED) X(SYNCED) X(VERIFIED) X(LISTED) X(PUBLISHED) \
    X(UNPUBLISHED) X(UNLISTED) X(QUIESCENT) X(QUARANTINED) X(RECYCLED)
#define MV_CODE_STATE_ENUM(name) MV_CODE_STATE_##name,
typedef enum MvCodeState { MV_CODE_STATES(MV_CODE_STATE_ENUM) MV_CODE_STATE_COUNT } MvCodeState;

typedef struct MvCodeStats {
    uint64_t units[MV_CODE_STATE_COUNT]; /* units that entered each state */
    uint64_t batches, code_bytes, page_bytes, full, refused, failed, tampered, lazy_seals;
    MvCodeCalls calls;
} MvCodeStats;

/* Reserves the region and maps its tables. NULL where executable memory is refused, with the reason: the VM goes on in
 * the interpreter. */
MvCodeSpace *mv_codespace_new(const MvCodeSpaceOptions *options, char *why, size_t why_size);
/* No frame may be inside. What is permanent stays mapped for the life of the process, unlisted. */
void mv_codespace_free(MvCodeSpace *space);
/* Writes the frozen page (the parts and the space's options), seals and maps it. Once, before the first batch. */
bool mv_codespace_freeze(MvCodeSpace *space, const MvFrozenPart *parts, size_t count);
/* The start of the region: what r15 holds. */
char *mv_codespace_base(const MvCodeSpace *space);
/* The frozen options; only after mv_codespace_freeze. */
const MvCodeSpaceOptions *mv_codespace_options(const MvCodeSpace *space);

/* Does all from EMITTED to LISTED for units whose digests are set. A violation (MV_CODE_TAMPERED) ends the process.
 * After anything but OK, none of the units is there. */
MvCodeResult mv_codespace_install(MvCodeSpace *space, MvUnitPlace *units, size_t count);
/* Sets the digests of units: for those that sign in C. */
void mv_codespace_sign(const MvCodeSpace *space, MvUnitPlace *units, size_t count);
/* Whether an address is an entry of this class now. Always true when the option `guests` is off. */
bool mv_codespace_is_listed(const MvCodeSpace *space, const void *target, uint8_t entry_class);

/* The steps, in order. `begin` gives addresses and numbers (EMITTED); the units must live as long as the batch is not
 * listed or abandoned. */
MvCodeResult mv_codespace_begin(MvCodeSpace *space, MvUnitPlace *units, size_t count, MvCodeBatch **batch);
MvCodeResult mv_codespace_check(MvCodeSpace *space, MvCodeBatch *batch);
MvCodeResult mv_codespace_accept(MvCodeSpace *space, MvCodeBatch *batch); /* SIGNED: takes the digests over */
MvCodeResult mv_codespace_place(MvCodeSpace *space, MvCodeBatch *batch);
MvCodeResult mv_codespace_seal(MvCodeSpace *space, MvCodeBatch *batch);
MvCodeResult mv_codespace_sync(MvCodeSpace *space, MvCodeBatch *batch);
MvCodeResult mv_codespace_verify(MvCodeSpace *space, MvCodeBatch *batch);
MvCodeResult mv_codespace_list(MvCodeSpace *space, MvCodeBatch *batch);
/* What is left of the steps; also if the fault handler completed the batch meanwhile. As mv_codespace_install. */
MvCodeResult mv_codespace_finish(MvCodeSpace *space, MvCodeBatch *batch);
/* Gives up a batch that is not listed; its addresses are lost. */
void mv_codespace_abandon(MvCodeSpace *space, MvCodeBatch *batch);

/* The caller is about to publish a unit, by a release-store of its entry; has taken it back everywhere. */
MvCodeResult mv_codespace_publish(MvCodeSpace *space, uint32_t unit);
MvCodeResult mv_codespace_unpublished(MvCodeSpace *space, uint32_t unit);
MvCodeResult mv_codespace_unlist(MvCodeSpace *space, uint32_t unit);
/* Whether a frame is inside [start, end), or may be about to branch there. */
typedef bool MvCodeInside(void *context, const char *start, const char *end);
MvCodeResult mv_codespace_quiesce(MvCodeSpace *space, uint32_t unit, MvCodeInside *inside, void *context);
/* The unit will never run again. When all units of its batch are here, the pages lose all access, unless they are
 * permanent. */
MvCodeResult mv_codespace_quarantine(MvCodeSpace *space, uint32_t unit);

MvCodeState mv_codespace_state(const MvCodeSpace *space, uint32_t unit);

MvCodeStats mv_codespace_stats(const MvCodeSpace *space);
const MvCodeFacilities *mv_codespace_facilities(const MvCodeSpace *space);
/* Why the last step failed: one line for people. */
const char *mv_codespace_why(MvCodeSpace *space);
const char *mv_codespace_state_name(MvCodeState state);
