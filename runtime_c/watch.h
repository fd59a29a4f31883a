/* watch.h: time, fuel, interrupts (limits.c); waiting that the limits can end. */
#pragma once
#include "protocol.h"

/* Of each VM, made when first needed: its entry in the timer thread's list, and the files that it has open (file.c). */
typedef struct MvWatch {
    MvVM *vm;
    int64_t deadline_ns; /* of the entry in the list */
    struct MvWatch *previous, *next;
    bool armed;
    uint32_t generation; /* of the process that armed it */
    bool no_thread; /* the timer thread could not be started: every poll looks at the clock */
    struct MvFileState *files; /* all that are open */
    uint32_t file_count, file_threshold;
} MvWatch;

MvWatch *mv_watch(MvVM *vm); /* NULL: no memory (nothing raised) */
/* At the start and the end of an entry that is not nested. Arming forgets old requests (not MV_POLL_FUEL) and starts
 * the time limit. */
void mv_limits_arm(MvVM *vm);
void mv_limits_disarm(MvVM *vm);
void mv_limits_interrupt(MvVM *vm); /* from any thread, and from signal handlers */
void mv_limits_free(MvVM *vm);
int64_t mv_clock_ns(void);          /* CLOCK_MONOTONIC */
bool mv_end(MvVM *vm, MvEnd how);   /* ends the run uncatchably; returns true */
/* Waits until the descriptor is ready (POLLIN, POLLOUT), polling the VM meanwhile; false: MV_EXC is set. */
bool mv_wait_fd(MvVM *vm, int fd, int events);
bool mv_wait_until(MvVM *vm, int64_t monotonic_ns); /* sleeps; false: MV_EXC is set */
