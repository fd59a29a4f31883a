/* The queue between the mutator and the compiler, and the messages of both ways (msgpack). */
#pragma once
#include "native.h"
#include "codespace.h"
#include <pthread.h>

typedef struct MvRequest {
    struct MvRequest *next;
    MvCode *code;      /* NULL: died meanwhile */
    uint64_t number;
    uint8_t *bytes;
    size_t size;
} MvRequest;

typedef struct MvNative {
    MvCodeSpace *space;     /* NULL until the first request */
    char *region;           /* its start */
    uint32_t mode, threshold, code_limit;
    int64_t start_ns, start_cpu_ns; /* of CLOCK_MONOTONIC and of the process's CPU time: not before both is the compiler's thread started; 0: no more */
    uint8_t memory;         /* MV_CODE_MEMORY_* */
    uint8_t layers;         /* MV_LAYER_* that are on */
    bool refused;           /* executable memory or the compiler is not to be had: `why` */
    bool full;              /* the code limit or the region: nobody asks any more, because space is never given again */
    bool closing, started;  /* started: the host runs its compiler */
    char why[160];
    pthread_mutex_t lock;
    pthread_cond_t wake;    /* a request is there, or the VM is closing; the compiler has left */
    MvRequest *requests, **end_of_requests, *running;
    uint64_t asked;
    uint32_t inside;        /* compilers between mv_jit_next and its return, or in mv_jit_done */
    MvUnit *ready;          /* listed, to be published */
    MvUnit *units;          /* published */
    uint32_t stubs, new_stubs, stubs_size; /* in the region; 0: none */
    const char **targets;   /* MvVM.ic_targets, once the stubs are published; NULL: this strategy has none */
    uint64_t published, rejected;
    uint64_t code_bytes, word_bytes, meta_bytes; /* of units without the stubs; of their bytecode; what is kept about them */
    uint64_t install_ns;    /* CPU time of the threads that handed in: placing, sealing, verifying, listing */
    MvValue *left;          /* the frame with which native code is being left (native_leave.h) */
    uint64_t left_count, taken_back, leaving; /* times that code was left; units taken back, those of them that frames are inside */
    uint32_t stress, stress_left, stress_count; /* leave at every so many occasions (0: never), occasions until then, times left */
} MvNative;

/* Queues a request for the code and wakes the compiler, or (inline) runs it to its end. */
bool mv_native_ask(MvVM *vm, MvCode *code);
/* No compiler is inside afterwards, and none will come in. */
void mv_native_close(MvNative *native);
