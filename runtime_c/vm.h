/* The VM: all state of one virtual machine. Native code reaches its first fields from a pinned register. */
#pragma once
#include "frame.h"
#include "gen/native.h"
#include "heap.h"
#include "shape.h"

typedef enum { /* what ended a run; uncatchable except EXCEPTION */
    MV_END_NONE = 0,
    MV_END_TIME,
    MV_END_FUEL,
    MV_END_MEMORY,
    MV_END_OUTPUT,
    MV_END_INTERRUPTED,
    MV_END_KIND_COUNT
} MvEnd;

enum { /* MvVM.poll bits, set by any thread or by the VM */
    MV_POLL_INTERRUPT = 1,
    MV_POLL_TIME = 2,
    MV_POLL_FUEL = 4,    /* fuel is limited: every poll counts */
    MV_POLL_GC = 8,
    MV_POLL_SIGINT = 16, /* KeyboardInterrupt is due */
    MV_POLL_MEMORY = 32,
    MV_POLL_CODE = 64,   /* native code waits to be published */
    MV_POLL_STRESS = 128, /* native code is left again and again: every poll and call counts */
    MV_POLL_KEPT = MV_POLL_FUEL | MV_POLL_STRESS, /* bits that a poll does not take */
};

typedef struct MvInternTable {
    MvValue *slots; /* 0: empty */
    uint64_t mask, count;
} MvInternTable;

typedef struct MvMethodCacheEntry {
    MvClass *cls;
    MvValue name;
    MvNameCell *cell; /* NULL: known to be absent */
    MvClass *holder;
    uint32_t epoch;
} MvMethodCacheEntry;
#define MV_METHOD_CACHE_SIZE 2048
#define MV_SHAPE_CACHE_SIZE 4096

typedef struct MvOutput { /* one buffered stream */
    int fd; /* -1: the host's callback */
    int which; /* 1 stdout, 2 stderr */
    char *buffer;
    size_t used, capacity;
    bool line_buffered;
    bool broken; /* the reader went away */
} MvOutput;

struct MvVM {
    /* -- hot: fixed displacements for native code -- */
    volatile uint32_t poll;      /* non-zero: something is due at the next poll */
    uint32_t class_epoch;        /* changes whenever a cached class look-up may have changed */
    MvValue *stack_limit;        /* frames must end below it */
    char *cursor, *limit;        /* bump allocation */
    MvShape **shapes;            /* by id */
    uint32_t depth, depth_limit; /* frames and counted C recursions; RecursionError above the limit */
    MvValue *base;               /* base of the frame that runs, kept true at calls out of the interpreter */
    MvValue *top;                /* first free word of the VM stack, true outside the interpreter's own frames */
    MvExcState *exc_state;
    MvValue exception;           /* set while MV_EXC travels; 0: none */
    MvEnd ending;                /* set: uncatchable, MV_EXC travels through all handlers */
    const MvInstruction *pc;     /* of the running frame where known (tracebacks) */
    MvValue callee;              /* the BUILTIN being called */
    char *outer_sp;              /* where the caller's native stack was left for the VM's own; NULL: not on that */
    /* -- stacks -- */
    MvValue *stack, *stack_end;
    char *native_stack_end; /* the outermost entry's frame lies below it, on the caller's native stack */
    char *native_limit;     /* RecursionError below it, on the stack that is in use */
    char *own_stack, *own_stack_end; /* the VM's native stack, made for the first native frame: what native code and all below it runs on */
    uint32_t native_depth;                 /* nested entries */
    MvExcState exc_bottom;
    /* -- heap, shapes, names -- */
    MvHeap heap;
    uint32_t shape_count, shape_capacity;
    MvInternTable interned;
    MvMethodCacheEntry *method_cache;
    MvIcRecord *shape_cache;               /* ic.h: the megamorphic cache */
    const char *const *ic_targets;         /* stubs by site (MV_SITE_*) * 16 + kind; NULL: native code does not branch through records */
    MvNamespaces namespaces;               /* namespace.c: the views that are dicts to programs */
    struct MvDependencies *dependencies;   /* depend.c: what compiled units assume */
    struct MvSignature **signatures;       /* function.c: params strings of builtins, parsed */
    MvValue ascii_chars[256];            /* the one-character strings below U+0100 */
    MvValue intrinsics[MV_INTRINSIC_COUNT]; /* by number: the builtins whose calls native code does itself */
    MvValue empty_str, empty_tuple, empty_frozenset;
    MvValue special_names[MV_SPECIAL_COUNT];
    MvClass *classes[MV_CLASS_COUNT];
    uint32_t class_shapes[MV_CLASS_COUNT]; /* root shape of each builtin class: the exact-type check */
    MvModule *builtins;
    MvDict *modules;                     /* sys.modules: name -> module */
    MvCode *codes;                       /* all code objects, linked by next */
    void *images;                        /* loader blocks */
    struct MvModule **image_modules;     /* of the loaded images, NULL-terminated (module.c) */
    uint32_t image_module_count, image_module_capacity;
    struct MvModule *image_main;         /* of the image loaded last (loader.c) */
    struct MvNames *names;               /* frequently used interned names (names.h) */
    /* -- limits, output, host -- */
    uint64_t hash_k0, hash_k1;
    int64_t deadline_ns, time_limit_ns;  /* CLOCK_MONOTONIC; 0: none */
    int64_t fuel;                        /* polls and calls left where MV_POLL_FUEL is set */
    uint64_t output_limit, output_bytes;
    MvOutput out, err;
    MvValue argv;                        /* list */
    struct MvHostState *host;            /* api.c */
    struct MvNative *native;             /* native.c; NULL: no native code at all */
    MvValue *roots;                      /* handle table of the host: values kept alive */
    uint32_t root_count, root_capacity, root_free;
    uint32_t ic_mode;                    /* 0 normal, 1 off, 2 megamorphic from the start */
    bool files_allowed, in_repr_guard;
    uint32_t gc_stress, gc_stress_left; /* collect at every so many allocations (0: when memory wants it); how many are left till then */
    uint8_t pad0[1];
    MvValue repr_stack;                  /* list of containers being printed */
    MvValue memory_error, limit_exception; /* made at start, so that raising them needs no memory */
    int32_t exit_code;
    uint64_t gc_stress_young;            /* collections since the last full one, with gc_stress */
    char *stress_limit;                  /* the end of the span at `cursor` while gc_stress hides it (INV-heap-1); NULL: not hidden */
    int64_t pid;                         /* a forked child must not run this VM */
    struct MvWatch *watch;               /* limits.c: entry of the timer thread */
    MvValue last_value;                  /* `_` of the REPL */
    uint64_t nan_count;                  /* float.c: payload of the latest NaN */
    int64_t int_str_digits;              /* int_text.c: the limit on digits + 1, 0 being the default */
    struct MvStats {
        uint64_t ic_misses[16], ic_transitions[16], calls, polls, exceptions;
        uint64_t ic_resets, invalidations, shapes, codes, deepest, names_freed;
    } stats;
};

/* Asks the VM to poll soon; from any thread. Calls notice by the lowered stack limit, back edges by the poll word. */
MV_INLINE void mv_request_poll(MvVM *vm, uint32_t bits)
{
    __atomic_or_fetch(&vm->poll, bits, __ATOMIC_SEQ_CST);
    __atomic_store_n(&vm->stack_limit, vm->stack, __ATOMIC_SEQ_CST);
}
