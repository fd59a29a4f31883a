/* What it costs to make code executable: batches of functions through every step of the code space, in every mode.
 * Compiled and run by bench/code_memory.py, which says what the lines mean. Modes and sizes take turns, so that other
 * load on the machine meets all of them alike.
 *
 *     code_memory ROUNDS BYTES RUNNING      RUNNING 1: a second thread of the process is busy meanwhile */
#define _GNU_SOURCE
#include "codespace.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIZES = 9, LARGEST = 256, STEPS = 10 };
static const char *const step_names[STEPS] = {"sign", "begin", "check",  "accept", "place",
                                              "seal", "sync",  "verify", "list",   "call"};
typedef struct Mode {
    const char *name;
    uint8_t memory;
    bool permanent;
} Mode;
static const Mode modes[] = {
    {"sealed", MV_CODE_MEMORY_SEALED, false},
    {"sealed, permanent", MV_CODE_MEMORY_SEALED, true},
    {"flip", MV_CODE_MEMORY_FLIP, false},
    {"flip, permanent", MV_CODE_MEMORY_FLIP, true},
};
enum { MODES = sizeof modes / sizeof *modes };

static volatile bool running = true;

static double now(void) /* microseconds */
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void *keep_busy(void *counter)
{
    while (running)
        ++*(volatile uint64_t *)counter;
    return NULL;
}

static MvCodeSpace *open_space(const Mode *mode)
{
    char why[200];
    const MvCodeSpaceOptions options = {
        .memory = mode->memory, .permanent = mode->permanent, .verify = true, .guests = true};
    MvCodeSpace *space = mv_codespace_new(&options, why, sizeof why);
    if (!space || !mv_codespace_freeze(space, NULL, 0)) {
        fprintf(stderr, "%s: %s\n", mode->name, space ? "cannot be frozen" : why);
        exit(1);
    }
    return space;
}

static int by_value(const void *a, const void *b) { return *(const double *)a < *(const double *)b ? -1 : 1; }

static void print_times(const char *name, double *times, int count, bool last)
{
    qsort(times, (size_t)count, sizeof *times, by_value);
    printf("\"%s\":[%.4f,%.4f]%s", name, times[0], times[count / 2], last ? "" : ",");
}

static void install(MvCodeSpace *space, MvUnitPlace *places, size_t count, double *spent, int stride)
{
    typedef MvCodeResult Step(MvCodeSpace *, MvCodeBatch *);
    static Step *const steps[] = {mv_codespace_check, mv_codespace_accept, mv_codespace_place, mv_codespace_seal,
                                  mv_codespace_sync,  mv_codespace_verify, mv_codespace_list};
    double t = now(), next;
    mv_codespace_sign(space, places, count);
    next = now(), spent[0] = next - t, t = next;
    MvCodeBatch *batch;
    MvCodeResult result = mv_codespace_begin(space, places, count, &batch);
    next = now(), spent[stride] = next - t, t = next;
    for (int i = 0; i < 7; i++) {
        result = result ? result : steps[i](space, batch);
        next = now(), spent[(i + 2) * stride] = next - t, t = next;
    }
    if (result) {
        fprintf(stderr, "%s\n", mv_codespace_why(space));
        exit(1);
    }
    for (size_t i = 0; i < count; i++)
        ((int (*)(void))(mv_codespace_base(space) + places[i].at))();
    next = now(), spent[9 * stride] = next - t;
}

static void measure_batches(int rounds, uint32_t size)
{
    uint8_t *code = malloc(size);
    memset(code, 0x90, size);
    memcpy(code, "\xb8\x2a\0\0\0\xc3", 6);
    const MvEntry entries[] = {{0, MV_ENTRY_BOUND}, {16, MV_ENTRY_EXACT + 1}};
    MvUnitPlace *places = calloc(LARGEST, sizeof *places);
    double *times = calloc((size_t)MODES * SIZES * STEPS * (size_t)rounds, sizeof *times);
    MvCodeSpace *spaces[MODES];
    for (int m = 0; m < MODES; m++)
        spaces[m] = open_space(&modes[m]);
#define TIMES(m, s, step) (times + (((size_t)(m) * SIZES + (size_t)(s)) * STEPS + (size_t)(step)) * (size_t)rounds)
    for (int round = 0; round < rounds; round++) {
        for (int m = 0; round && round % 40 == 0 && m < MODES; m++) { /* before a region is full */
            mv_codespace_free(spaces[m]);
            spaces[m] = open_space(&modes[m]);
        }
        for (int s = 0; s < SIZES; s++)
            for (int m = 0; m < MODES; m++) {
                for (int i = 0; i < 1 << s; i++)
                    places[i] = (MvUnitPlace){.bytes = code, .size = size, .entries = entries, .entry_count = 2};
                install(spaces[m], places, (size_t)1 << s, TIMES(m, s, 0) + round, rounds);
            }
    }
    for (int m = 0; m < MODES; m++)
        for (int s = 0; s < SIZES; s++) {
            printf("{\"mode\":\"%s\",\"functions\":%d,\"bytes\":%u,", modes[m].name, 1 << s, size);
            double *all = calloc((size_t)rounds, sizeof *all);
            for (int round = 0; round < rounds; round++)
                for (int step = 0; step < STEPS; step++)
                    all[round] += TIMES(m, s, step)[round];
            for (int step = 0; step < STEPS; step++)
                print_times(step_names[step], TIMES(m, s, step), rounds, false);
            print_times("all", all, rounds, true);
            printf("}\n");
            free(all);
        }
    for (int m = 0; m < MODES; m++)
        mv_codespace_free(spaces[m]);
    free(places);
    free(times);
    free(code);
}

static bool nobody(void *context, const char *start, const char *end) { return false; }

/* Taking one entry off the list, asking it, and a whole space from opening to freeing. */
static void measure_list(int rounds)
{
    enum { UNITS = 64, ASKS = 1000 };
    uint8_t code[512];
    memset(code, 0x90, sizeof code);
    const MvEntry entry = {0, MV_ENTRY_BOUND};
    double *unlist = calloc((size_t)rounds * UNITS, sizeof *unlist), *retire = calloc((size_t)rounds, sizeof *retire);
    double *ask = calloc((size_t)rounds, sizeof *ask), *open = calloc((size_t)rounds, sizeof *open);
    double *close = calloc((size_t)rounds, sizeof *close);
    for (int round = 0; round < rounds; round++) {
        double t = now();
        MvCodeSpace *space = open_space(&modes[0]);
        open[round] = now() - t;
        MvUnitPlace places[UNITS];
        for (int i = 0; i < UNITS; i++)
            places[i] = (MvUnitPlace){.bytes = code, .size = sizeof code, .entries = &entry, .entry_count = 1};
        mv_codespace_sign(space, places, UNITS);
        if (mv_codespace_install(space, places, UNITS))
            exit(1);
        unsigned listed = 0;
        t = now();
        for (int i = 0; i < ASKS; i++)
            listed += mv_codespace_is_listed(space, mv_codespace_base(space) + places[i % UNITS].at, MV_ENTRY_BOUND);
        ask[round] = (now() - t) / ASKS;
        if (listed != ASKS)
            exit(1);
        for (int i = 0; i < UNITS; i++) {
            mv_codespace_unpublished(space, places[i].unit);
            t = now();
            mv_codespace_unlist(space, places[i].unit);
            unlist[round * UNITS + i] = now() - t;
        }
        for (int i = 0; i < UNITS; i++) {
            mv_codespace_quiesce(space, places[i].unit, nobody, NULL);
            t = now();
            mv_codespace_quarantine(space, places[i].unit);
            retire[round] = now() - t; /* the last one gives the pages back */
        }
        t = now();
        mv_codespace_free(space);
        close[round] = now() - t;
    }
    printf("{\"mode\":\"list\",");
    print_times("unlist", unlist, rounds * UNITS, false);
    print_times("ask", ask, rounds, false);
    print_times("retire", retire, rounds, false);
    print_times("open", open, rounds, false);
    print_times("close", close, rounds, true);
    printf("}\n");
}

int main(int count, char **arguments)
{
    if (count != 4)
        return 2;
    pthread_t thread;
    uint64_t counter = 0;
    bool busy = atoi(arguments[3]) != 0;
    if (busy)
        pthread_create(&thread, NULL, keep_busy, &counter);
    measure_batches(atoi(arguments[1]), (uint32_t)atoi(arguments[2]));
    measure_list(atoi(arguments[1]));
    running = false;
    if (busy)
        pthread_join(thread, NULL);
    return 0;
}
