/* What the parts of the model checker share: the world's bookkeeping and the model of memory. See model_codespace.c. */
#pragma once
#undef malloc /* the real functions get the arena, the checker itself the C library's */
#undef calloc
#undef realloc
#undef free
#include "codeseal.h"
#include "codespace.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EMITTER, CALLER, STALE, UNPUBLISHER, REUSER, TAMPERER, ACTORS };
enum { NONE, WRITABLE, EXECUTABLE };
enum { PAGES = 4, UNIT = 32, FIRST_CLASS = MV_ENTRY_BOUND, FILES = 8, HEAP = 1 << 15, STACK = 1 << 15 };
enum { ID_OLD = 0x11, ID_NEW = 0x22, ID_EVIL = 0xee, OP = 0xb8 };
#define HEAD 64   /* bytes of a page that differ; all others are one byte, 0 or a trap */
#define WINDOW 64 /* bytes of the tables that batches of the model use */

enum { F_CHECK, F_SIGN, F_PLACE, F_SEAL, F_SYNC, F_VERIFY, F_LIST, F_PUBLISH, FORWARD };
enum { B_UNPUBLISH, B_UNLIST, B_QUIESCE, B_QUARANTINE, B_REUSE, BACKWARD };

typedef struct Page {
    int permission;
    unsigned version; /* of its bytes */
    bool verified;    /* the digest was right, and nothing was written since */
    unsigned fetched; /* version that the other core may still execute; 0: none */
    uint8_t fetched_id;
} Page;

typedef struct Unit { /* what an emitter made */
    uint8_t bytes[UNIT];
    MvEntry entries[2];
    MvUnitPlace place;
    uint8_t id;
    bool malformed, was_checked, was_signed, was_placed;
} Unit;

typedef struct Watcher { /* a caller, as quiescence sees it */
    bool announced;
    const char *target; /* NULL: not loaded yet */
} Watcher;

struct World {
    void *stack_pointer[ACTORS];
    bool done[ACTORS], waiting[ACTORS];
    Page pages[PAGES];
    Unit units[2];
    MvCodeSpace *space;
    char *slot; /* where the unit is published */
    uint8_t slot_id;
    Watcher watchers[2];
    bool published, reuse_allowed, emitter_gave_up, tampered, refused_in_order;
    int files; /* open memory files */
    uint8_t file_bytes[FILES][HEAD]; /* traps follow */
    uint32_t heap_used;
};

extern struct World world;
extern uint8_t model_heap[HEAP]; /* the first world.heap_used bytes are alive */
extern char *region;

/* Lets other actors run; called where another thread could come between. Nothing while the world is set up. */
void yield(void);
/* Says that an invariant does not hold. */
void breaks(const char *what);

/* model_memory.c */
Page *page_of(const char *at);
/* The page at an address gets this permission; unless it only becomes executable, its bytes changed. */
void change(char *at, int permission);
